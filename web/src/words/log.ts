import { counted } from './counted';

export const log = {
  title: 'Log',
  lead: 'Warnings and errors since the server was started, the newest first.',
  none: 'Nothing has gone wrong since the server was started',
  noneText: 'Warnings and errors of the server are shown here.',
  look: 'Look again',
  error: 'Error',
  warning: 'Warning',
  more: 'Show older',
  under: 'Correlation id',
  copy: 'Copy the id',
  copied: 'The id is copied',
  notCopied: 'The id was not copied',
  errors: (n: number, since: string) => `${counted(n, 'error', 'errors')} since ${since}`,
} as const;
