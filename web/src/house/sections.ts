import type { IconName } from '../parts/icons';

export type SectionId = 'overview' | 'music' | 'uploads' | 'jobs' | 'users' | 'audit' | 'log' | 'account' | 'settings';

interface Section {
  id: SectionId;
  icon: IconName;
  /** Whether the server lets nobody else do what is there. */
  forAdmins: boolean;
}

const ALL: readonly Section[] = [
  { id: 'overview', icon: 'server', forAdmins: false },
  { id: 'music', icon: 'folder', forAdmins: false },
  { id: 'uploads', icon: 'upload', forAdmins: true },
  { id: 'jobs', icon: 'clock', forAdmins: false },
  { id: 'users', icon: 'people', forAdmins: true },
  { id: 'audit', icon: 'lyrics', forAdmins: true },
  { id: 'log', icon: 'warning', forAdmins: true },
  { id: 'account', icon: 'key', forAdmins: false },
  { id: 'settings', icon: 'screen', forAdmins: false },
];

export function sectionsFor(isAdmin: boolean): readonly Section[] {
  return ALL.filter((section) => isAdmin || !section.forAdmins);
}

/** The section an address names; the first for one that is none, or not for who asks. */
export function sectionOf(name: string | undefined, isAdmin: boolean): SectionId {
  return sectionsFor(isAdmin).find((section) => section.id === name)?.id ?? 'overview';
}
