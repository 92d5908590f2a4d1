// The arithmetic of a blind test: how likely so many right answers are by guessing.

/** The chance of at least so many right answers of so many, if each is the toss of a coin. */
export function chance(right: number, rounds: number): number {
  let ways = 1;
  let sum = 0;
  for (let hits = 0; hits <= rounds; hits += 1) {
    if (hits >= right) sum += ways;
    ways = (ways * (rounds - hits)) / (hits + 1);
  }
  return Math.min(1, sum / 2 ** rounds);
}

/** What passes for proof: one in twenty is still luck. */
export function isProven(right: number, rounds: number): boolean {
  return rounds > 0 && chance(right, rounds) <= 0.05;
}

/** A fair draw that nothing on the page can foretell. */
export function drawn(): boolean {
  const [lot = 0] = crypto.getRandomValues(new Uint8Array(1));
  return (lot & 1) === 1;
}
