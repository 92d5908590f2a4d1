import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Dragging } from './dragging.svelte';

const FRAME_MS = 16;

/** A grip in what scrolls, 400 pixels high. */
class Box extends EventTarget {
  parentElement: Box | null = null;
  isConnected = true;
  scrollTop = 0;
  setPointerCapture(): void {
    // A pointer of its own is not needed here.
  }
  getBoundingClientRect(): { top: number; bottom: number } {
    return { top: 0, bottom: 400 };
  }
}

const at = (type: string, clientY: number, pointerId = 1) => Object.assign(new Event(type), { button: 0, pointerId, clientY });

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('HTMLElement', Box);
  vi.stubGlobal('getComputedStyle', () => ({ overflowY: 'auto' }));
  vi.stubGlobal('requestAnimationFrame', (act: () => void) => setTimeout(act, FRAME_MS));
  vi.stubGlobal('cancelAnimationFrame', clearTimeout);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function taken(clientY: number) {
  const dropped: [number, number][] = [];
  const dragging = new Dragging(() => ({ height: 50, count: 90 }), (from, to) => dropped.push([from, to]));
  const scroller = new Box();
  const grip = Object.assign(new Box(), { parentElement: scroller });
  grip.addEventListener('pointerdown', (event) => dragging.begin(event as PointerEvent, 2));
  grip.dispatchEvent(at('pointerdown', clientY));
  return { dragging, scroller, dropped };
}

describe('a row that is drawn', () => {
  it('is dropped once, where it was drawn to', () => {
    const { dragging, scroller, dropped } = taken(120);
    scroller.dispatchEvent(at('pointermove', 220));
    scroller.dispatchEvent(at('pointerup', 220));
    scroller.dispatchEvent(at('pointerup', 220));
    expect(dropped).toEqual([[2, 4]]);
    expect(dragging.shiftOf(2)).toEqual({ by: 0, isDrawn: false });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not dropped where it is cancelled, or by another finger', () => {
    const { dragging, scroller, dropped } = taken(120);
    scroller.dispatchEvent(at('pointermove', 220));
    scroller.dispatchEvent(at('pointerup', 220, 2));
    expect(dragging.row).toBe(2);
    scroller.dispatchEvent(at('pointercancel', 220));
    expect([dragging.row, dropped]).toEqual([-1, []]);
  });

  it('scrolls what it is in near its edges, and stays with the pointer', () => {
    const { dragging, scroller, dropped } = taken(120);
    scroller.dispatchEvent(at('pointermove', 200));
    vi.advanceTimersByTime(20 * FRAME_MS);
    expect(scroller.scrollTop).toBe(0);
    scroller.dispatchEvent(at('pointermove', 390));
    vi.advanceTimersByTime(20 * FRAME_MS);
    expect(scroller.scrollTop).toBe(200);
    expect(dragging.shiftOf(2)).toEqual({ by: 470, isDrawn: true });
    expect(dragging.shiftOf(11)).toEqual({ by: -50, isDrawn: false });
    scroller.dispatchEvent(at('pointermove', 10));
    vi.advanceTimersByTime(5 * FRAME_MS);
    expect(scroller.scrollTop).toBe(150);
    scroller.dispatchEvent(at('pointermove', 200));
    scroller.dispatchEvent(at('pointerup', 200));
    expect(dropped).toEqual([[2, 7]]);
  });

  it('is let go where its list goes', () => {
    const { dragging, scroller, dropped } = taken(120);
    scroller.dispatchEvent(at('pointermove', 220));
    scroller.isConnected = false;
    vi.advanceTimersByTime(FRAME_MS);
    expect([dragging.row, dropped, vi.getTimerCount()]).toEqual([-1, [], 0]);
  });
});
