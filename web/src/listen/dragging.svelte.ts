interface Lines {
  height: number;
  count: number;
}

/** One row drawn to another place, by its grip. */
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

  begin(event: PointerEvent, index: number): void {
    const grip = event.currentTarget;
    if (!(grip instanceof HTMLElement) || event.button !== 0) return;
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    const start = event.clientY;
    this.#from = index;
    this.#to = index;
    const moved = (next: PointerEvent) => this.#move(next.clientY - start);
    const over = new AbortController();
    const { signal } = over;
    const end = (isDropped: boolean) => {
      over.abort();
      this.#end(isDropped);
    };
    grip.addEventListener('pointermove', moved, { signal });
    grip.addEventListener('pointerup', () => end(true), { signal });
    grip.addEventListener('pointercancel', () => end(false), { signal });
  }

  /** How far a row is from its place meanwhile, in pixels, and whether it is the one that is drawn. */
  shiftOf(index: number): { by: number; isDrawn: boolean } {
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
