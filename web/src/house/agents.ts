// What a browser says it is, as people call it.

const BROWSERS: readonly [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const SYSTEMS: readonly [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux|X11/, 'Linux'],
];
const MOST_LETTERS = 80;

/** The same in one line; nothing where it said nothing. */
export function agentLine(agent: string, on: (browser: string, system: string) => string): string | null {
  const found = agentName(agent);
  if (!found) return null;
  return found.system ? on(found.browser, found.system) : found.browser;
}

/** Browser and system; what is neither is told as it said it. Nothing where it said nothing. */
export function agentName(agent: string): { browser: string; system: string | null } | null {
  const said = agent.trim();
  if (said === '') return null;
  const find = (all: readonly [RegExp, string][]): string | null => all.find(([sign]) => sign.test(said))?.[1] ?? null;
  const browser = find(BROWSERS);
  return browser ? { browser, system: find(SYSTEMS) } : { browser: said.slice(0, MOST_LETTERS), system: null };
}
