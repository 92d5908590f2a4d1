/** What of a list that is known stands behind its newest part; nothing where the two do not meet. */
export function restBehind<T>(fresh: readonly T[], known: readonly T[], mark: (item: T) => string): readonly T[] | undefined {
  const last = fresh.at(-1);
  if (last === undefined) return undefined;
  const at = known.findIndex((item) => mark(item) === mark(last));
  return at < 0 ? undefined : known.slice(at + 1);
}
