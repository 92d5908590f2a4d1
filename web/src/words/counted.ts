export const number = new Intl.NumberFormat('en');

/** A count with its noun, such as "1 song" or "1,799 songs". */
export function counted(count: number, one: string, many: string): string {
  return `${number.format(count)} ${count === 1 ? one : many}`;
}
