// Figures as people read them: sizes, levels, times.

const LOCALE = 'en';
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const whole = new Intl.NumberFormat(LOCALE);
const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });
const dateTime = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short' });

export const count = (value: number): string => whole.format(value);

/** A size, such as "23.8 MB". */
export function bytes(value: number): string {
  let at = 0;
  let left = Math.max(0, value);
  while (left >= 999.5 && at < UNITS.length - 1) {
    left /= 1000;
    at += 1;
  }
  const maximumFractionDigits = at === 0 || left >= 100 ? 0 : 1;
  const unitDisplay = at === 0 ? 'long' : 'short';
  return new Intl.NumberFormat(LOCALE, { style: 'unit', unit: UNITS[at], unitDisplay, maximumFractionDigits }).format(left);
}

/** A level or another figure to so many places; a true minus, no negative zero. */
export function figure(value: number, places = 1): string {
  const text = Math.abs(value).toFixed(places);
  return value < 0 && Number(text) !== 0 ? `\u2212${text}` : text;
}

/** The same with a plus before what is above zero. */
export function signed(value: number, places = 1): string {
  const text = figure(value, places);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** A length, such as "1:02" or "1:00:05". */
export function clockTime(seconds: number): string {
  const all = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const pad = (part: number): string => String(part).padStart(2, '0');
  const hours = Math.floor(all / 3600);
  const minutes = Math.floor(all / 60) % 60;
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(all % 60)}` : `${minutes}:${pad(all % 60)}`;
}

/** A moment in full. */
export const moment = (ms: number): string => dateTime.format(ms);

/** A moment as seen from now; further back than a week it is told in full. */
export function ago(ms: number, now = Date.now()): string {
  const since = ms - now;
  const far = Math.abs(since);
  if (far < MINUTE_MS) return relative.format(0, 'second');
  if (far < HOUR_MS) return relative.format(Math.round(since / MINUTE_MS), 'minute');
  if (far < DAY_MS) return relative.format(Math.round(since / HOUR_MS), 'hour');
  if (far < 7 * DAY_MS) return relative.format(Math.round(since / DAY_MS), 'day');
  return moment(ms);
}
