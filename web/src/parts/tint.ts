// A picture for what has none: two colours and letters, the same for the same name.

function hash(text: string): number {
  let value = 2166136261;
  for (let at = 0; at < text.length; at += 1) {
    value = Math.imul(value ^ text.charCodeAt(at), 16777619);
  }
  return value >>> 0;
}

/** Two colours that go together. */
export function tints(name: string): [string, string] {
  const seed = hash(name);
  const hue = seed % 360;
  const turn = 28 + ((seed >>> 9) % 50);
  return [`oklch(0.56 0.1 ${hue})`, `oklch(0.34 0.08 ${(hue + turn) % 360})`];
}

const WORD = /[\p{L}\p{N}]+/gu;

/** At most two letters that stand for a name. */
export function initials(name: string): string {
  const found = name.match(WORD) ?? [];
  const letters = found.slice(0, 2).map((word) => Array.from(word)[0] ?? '');
  return letters.join('').toLocaleUpperCase();
}
