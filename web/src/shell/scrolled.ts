// Where each screen was scrolled to, so that going back ends where one was.

const places = new Map<string, number>();
const MOST = 60;
const PATIENCE_MS = 1_500;

export function remember(address: string, top: number): void {
  places.delete(address);
  places.set(address, top);
  const oldest = places.keys().next();
  if (places.size > MOST && !oldest.done) places.delete(oldest.value);
}

/** Scrolls there as soon as the screen is long enough; gives up when somebody else scrolls. */
export function restore(scroller: HTMLElement, address: string): () => void {
  const to = places.get(address) ?? 0;
  const until = performance.now() + PATIENCE_MS;
  let asked = 0;
  const attempt = () => {
    scroller.scrollTop = to;
    const isThere = Math.abs(scroller.scrollTop - to) < 2;
    if (!isThere && performance.now() < until) asked = requestAnimationFrame(attempt);
  };
  const stop = () => cancelAnimationFrame(asked);
  scroller.addEventListener('wheel', stop, { once: true, passive: true });
  scroller.addEventListener('touchstart', stop, { once: true, passive: true });
  attempt();
  return stop;
}
