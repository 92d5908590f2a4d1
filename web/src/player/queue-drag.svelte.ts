// Moves a row of a long list by its grip, with the pointer or a finger.

import { scrollerOf } from '../parts/scroller';

const EDGE_PX = 48;
const SCROLL_PX = 10;

interface Dragging {
  from: number;
  /** Before which row it would be put. */
  to: number;
}

export class QueueDrag {
  now = $state.raw<Dragging | null>(null);
  readonly #list: () => HTMLElement | undefined;
  readonly #count: () => number;
  readonly #rowHeight: number;
  readonly #dropped: (from: number, to: number) => void;
  #pointerY = 0;
  #scrolling = 0;

  constructor(list: () => HTMLElement | undefined, count: () => number, rowHeight: number, dropped: (from: number, to: number) => void) {
    this.#list = list;
    this.#count = count;
    this.#rowHeight = rowHeight;
    this.#dropped = dropped;
  }

  begin(event: PointerEvent & { currentTarget: HTMLElement }, from: number): void {
    if (event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    this.#pointerY = event.clientY;
    this.now = { from, to: from };
    this.#scrolling = requestAnimationFrame(() => this.#scroll());
  }

  move(event: PointerEvent): void {
    if (this.now === null) return;
    this.#pointerY = event.clientY;
    this.#aim();
  }

  end(isDropped: boolean): void {
    cancelAnimationFrame(this.#scrolling);
    const dragging = this.now;
    this.now = null;
    if (!dragging || !isDropped) return;
    const to = dragging.to > dragging.from ? dragging.to - 1 : dragging.to;
    if (to !== dragging.from) this.#dropped(dragging.from, to);
  }

  #aim(): void {
    const list = this.#list();
    if (!list || this.now === null) return;
    const row = Math.round((this.#pointerY - list.getBoundingClientRect().top) / this.#rowHeight);
    const to = Math.min(this.#count(), Math.max(0, row));
    if (to !== this.now.to) this.now = { ...this.now, to };
  }

  /** Near the edge of what is seen, the list moves along. */
  #scroll(): void {
    const list = this.#list();
    if (!list || this.now === null) return;
    const scroller = scrollerOf(list);
    const box = scroller.getBoundingClientRect();
    const above = this.#pointerY < box.top + EDGE_PX;
    const below = this.#pointerY > box.bottom - EDGE_PX;
    if (above || below) {
      scroller.scrollTop += above ? -SCROLL_PX : SCROLL_PX;
      this.#aim();
    }
    this.#scrolling = requestAnimationFrame(() => this.#scroll());
  }
}
