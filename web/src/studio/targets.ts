/** What a master can be made for, as the server calls it. */
export const TARGETS = [
  'spotify',
  'youtube',
  'apple',
  'tidal',
  'amazon',
  'broadcast-eu',
  'broadcast-us',
  'club',
  'cd',
] as const;
