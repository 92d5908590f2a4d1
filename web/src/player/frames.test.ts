import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const motion = vi.hoisted(() => ({ isCalm: false }));
vi.mock('../shell/motion.svelte', () => ({ motion }));

const { everyFrame } = await import('./frames');

const FRAME_MS = 20;
let page: EventTarget & { hidden: boolean };

beforeEach(() => {
  vi.useFakeTimers();
  page = Object.assign(new EventTarget(), { hidden: false });
  vi.stubGlobal('document', page);
  vi.stubGlobal('window', { setTimeout, clearTimeout });
  vi.stubGlobal('requestAnimationFrame', (act: (now: number) => void) => setTimeout(() => act(performance.now()), FRAME_MS));
  vi.stubGlobal('cancelAnimationFrame', clearTimeout);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function hide(hidden: boolean): void {
  page.hidden = hidden;
  page.dispatchEvent(new Event('visibilitychange'));
}

describe.each([
  [false, FRAME_MS],
  [true, 250],
])('frames where motion is calm: %s', (isCalm, everyMs) => {
  beforeEach(() => (motion.isCalm = isCalm));

  it('come until told to stop', () => {
    const draw = vi.fn();
    const stop = everyFrame(draw);
    vi.advanceTimersByTime(4 * everyMs);
    expect(draw).toHaveBeenCalledTimes(4);
    stop();
    vi.advanceTimersByTime(4 * everyMs);
    hide(false);
    expect(draw).toHaveBeenCalledTimes(4);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are asked for no more once nothing moves', () => {
    const draw = vi.fn(() => draw.mock.calls.length < 3);
    everyFrame(draw);
    vi.advanceTimersByTime(10 * everyMs);
    expect(draw).toHaveBeenCalledTimes(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are not asked for while the page is hidden', () => {
    const draw = vi.fn();
    everyFrame(draw);
    hide(true);
    expect(vi.getTimerCount()).toBe(0);
    hide(false);
    vi.advanceTimersByTime(everyMs);
    expect(draw).toHaveBeenCalledOnce();
  });
});
