import { session } from '../api/session.svelte';
import { words } from '../words';
import type { MenuItem } from './menu.svelte';
import { panels } from './panels.svelte';
import { look, type Theme } from './theme.svelte';
import { toasts } from './toasts.svelte';

const themes: readonly Theme[] = ['system', 'dark', 'light'];
const themeIcons = { system: 'screen', dark: 'moon', light: 'sun' } as const;

/** What concerns the page and who uses it. */
export function accountMenu(): MenuItem[] {
  const themeItems = (): MenuItem[] =>
    themes.map((theme) => ({
      label: words.nav.themes[theme],
      icon: themeIcons[theme],
      checked: look.theme === theme,
      act: () => look.choose(theme),
    }));
  return [
    { label: words.nav.theme, icon: look.isDark ? 'moon' : 'sun', items: themeItems },
    { label: words.nav.keyboard, icon: 'keyboard', act: () => (panels.help = true) },
    'line',
    {
      label: words.nav.logout,
      icon: 'logout',
      act: () => void toasts.trying(words.parts.failed, () => session.logout()),
    },
  ];
}
