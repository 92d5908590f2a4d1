// A row of a long list drawn to another place by its grip, with the pointer or a finger.

import { scrollerOf } from './scroller';

/** So near to an edge of what is seen, the list scrolls along. */
const EDGE_PX = 48;
const SCROLL_PX = 10;

interface Lines {
  height: number;
  count: number;
}

/** How far a row is from its place, in pixels, and whether it is the one that is drawn. */
export interface Shift {
  by: number;
  isDrawn: boolean;
}

/** How far to scroll for a pointer that is there. */
function alongBy(scroller: Element, y: number): number {
  const { top, bottom } = scroller.getBoundingClientRect();
  if (y < top + EDGE_PX) return -SCROLL_PX;
  return y > bottom - EDGE_PX ? SCROLL_PX : 0;
}

export class Dragging {
  #from = $state(-1);
  #to = $state(-1);
  #travel = $state(0);

  readonly #lines: () => Lines;
  readonly #drop: (from: number, to: number) => void;

  constructor(lines: () => Lines, drop: (from: number, to: number) => void) {
    this.#lines = lines;
    this.#drop = drop;
  }

  /** The row that is drawn; -1 for none. */
  get row(): number {
    return this.#from;
  }

  begin(event: PointerEvent, index: number): void {
    const grip = event.currentTarget;
    if (!(grip instanceof HTMLElement) || event.button !== 0) return;
    event.preventDefault();
    // Rows come and go where a list scrolls: what it scrolls in stays.
    const scroller = scrollerOf(grip);
    scroller.setPointerCapture(event.pointerId);
    let y = event.clientY;
    const start = y + scroller.scrollTop;
    this.#from = index;
    this.#to = index;

    const over = new AbortController();
    let asked = 0;
    const follow = (): void => this.#move(y + scroller.scrollTop - start);
    const end = (isDropped: boolean): void => {
      over.abort();
      cancelAnimationFrame(asked);
      follow();
      this.#end(isDropped);
    };
    const again = (): void => {
      if (!scroller.isConnected) return end(false);
      scroller.scrollTop += alongBy(scroller, y);
      follow();
      asked = requestAnimationFrame(again);
    };
    const on = (name: 'pointermove' | 'pointerup' | 'pointercancel', act: (next: PointerEvent) => void): void =>
      scroller.addEventListener(name, (next) => next.pointerId === event.pointerId && act(next), { signal: over.signal });
    on('pointermove', (next) => (y = next.clientY));
    on('pointerup', () => end(true));
    on('pointercancel', () => end(false));
    again();
  }

  shiftOf(index: number): Shift {
    if (this.#from < 0) return { by: 0, isDrawn: false };
    if (index === this.#from) return { by: this.#travel, isDrawn: true };
    const { height } = this.#lines();
    if (index > this.#from && index <= this.#to) return { by: -height, isDrawn: false };
    if (index < this.#from && index >= this.#to) return { by: height, isDrawn: false };
    return { by: 0, isDrawn: false };
  }

  #move(travel: number): void {
    const { height, count } = this.#lines();
    this.#travel = travel;
    this.#to = Math.min(count - 1, Math.max(0, this.#from + Math.round(travel / height)));
  }

  #end(isDropped: boolean): void {
    const [from, to] = [this.#from, this.#to];
    this.#from = -1;
    this.#travel = 0;
    if (isDropped && from !== to) this.#drop(from, to);
  }
}
