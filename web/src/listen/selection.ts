// Which rows of a list are selected, and what a press or a key makes of it.

export interface Selection {
  /** The row the keyboard is at; -1 before there is one. */
  readonly cursor: number;
  /** Where a range begins. */
  readonly anchor: number;
  readonly chosen: ReadonlySet<number>;
}

export interface Modifiers {
  shift: boolean;
  /** Ctrl, or cmd. */
  toggle: boolean;
}

export const NOTHING: Selection = { cursor: -1, anchor: -1, chosen: new Set() };

function between(one: number, other: number): Set<number> {
  const [from, to] = one < other ? [one, other] : [other, one];
  return new Set(Array.from({ length: to - from + 1 }, (_, at) => from + at));
}

/** A press on a row. */
export function press(before: Selection, row: number, { shift, toggle }: Modifiers): Selection {
  if (shift && before.anchor >= 0) {
    const range = between(before.anchor, row);
    const chosen = toggle ? new Set([...before.chosen, ...range]) : range;
    return { cursor: row, anchor: before.anchor, chosen };
  }
  if (!toggle) return { cursor: row, anchor: row, chosen: new Set([row]) };
  const chosen = new Set(before.chosen);
  if (!chosen.delete(row)) chosen.add(row);
  return { cursor: row, anchor: row, chosen };
}

/** The keyboard goes to another row. */
export function move(before: Selection, row: number, count: number, extend: boolean): Selection {
  if (count <= 0) return NOTHING;
  const to = Math.min(count - 1, Math.max(0, row));
  return press(before, to, { shift: extend, toggle: false });
}

export function selectAll(before: Selection, count: number): Selection {
  if (count <= 0) return NOTHING;
  return { cursor: Math.max(0, before.cursor), anchor: 0, chosen: between(0, count - 1) };
}

/** What stands at the rows that are selected, as far as it is there. */
export function heldBy({ chosen }: Selection, idAt: (row: number) => string | undefined): Map<number, string> {
  const held = new Map<number, string>();
  for (const row of chosen) {
    const id = idAt(row);
    if (id !== undefined) held.set(row, id);
  }
  return held;
}

/** Whether the rows still mean what was selected. */
export function isHeld(held: ReadonlyMap<number, string>, count: number, idAt: (row: number) => string | undefined): boolean {
  for (const [row, id] of held) {
    const now = idAt(row);
    if (now === undefined ? row >= count : now !== id) return false;
  }
  return true;
}

/** Nothing is selected; the keyboard stays where it is. */
export const emptied = ({ cursor, anchor }: Selection): Selection => ({ cursor, anchor, chosen: new Set() });

/** The rows in their order. */
export const inOrder = ({ chosen }: Selection): number[] => [...chosen].sort((one, other) => one - other);
