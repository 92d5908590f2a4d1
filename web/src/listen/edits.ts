// Edits of a playlist made by hand, and those that take them back. Places are counted from 0, as they
// are before each edit.

export type Edit =
  | { op: 'move'; from: number; to: number }
  | { op: 'remove'; places: number[] }
  | { op: 'insert'; at: number; tracks: string[] };

export const edited = {
  move: (from: number, to: number): Edit => ({ op: 'move', from, to }),
  remove: (places: number[]): Edit => ({ op: 'remove', places }),
};

/** Takes a move back. */
export const moved = (from: number, to: number): Edit[] => [edited.move(to, from)];

/** Takes a removal back: the first place first, so that every later one is right again. */
export function removed(entries: readonly { at: number; id: string }[]): Edit[] {
  const inOrder = [...entries].sort((one, other) => one.at - other.at);
  const runs: { op: 'insert'; at: number; tracks: string[] }[] = [];
  for (const { at, id } of inOrder) {
    const last = runs.at(-1);
    if (last && last.at + last.tracks.length === at) last.tracks.push(id);
    else runs.push({ op: 'insert', at, tracks: [id] });
  }
  return runs;
}
