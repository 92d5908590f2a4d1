import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Dragging } from './dragging.svelte';

class Grip extends EventTarget {
  setPointerCapture(): void {
    // A pointer of its own is not needed here.
  }
}

const at = (type: string, clientY: number) => Object.assign(new Event(type), { button: 0, pointerId: 1, clientY });

function draw(dragging: Dragging, grip: Grip, last: string): void {
  grip.addEventListener('pointerdown', (event) => dragging.begin(event as PointerEvent, 2), { once: true });
  for (const event of [at('pointerdown', 0), at('pointermove', 100), at(last, 100)]) grip.dispatchEvent(event);
}

describe('a row that is drawn', () => {
  beforeAll(() => vi.stubGlobal('HTMLElement', Grip));
  afterAll(() => vi.unstubAllGlobals());

  it('is dropped once, and not at all when it is cancelled', () => {
    const dropped: [number, number][] = [];
    const dragging = new Dragging(() => ({ height: 50, count: 9 }), (from, to) => dropped.push([from, to]));
    const grip = new Grip();
    draw(dragging, grip, 'pointerup');
    expect(dropped).toEqual([[2, 4]]);
    draw(dragging, grip, 'pointercancel');
    expect(dropped).toEqual([[2, 4]]);
    expect(dragging.shiftOf(2)).toEqual({ by: 0, isDrawn: false });
  });
});
