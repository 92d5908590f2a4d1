import { afterEach, expect, it, vi } from 'vitest';
import { StreamSocket, waitMs } from './socket';

afterEach(() => vi.unstubAllGlobals());

it('waits a second at first, then up to fifteen, and not all at once', () => {
  expect(waitMs(0, () => 0.999)).toBeCloseTo(1_000, 0);
  expect(waitMs(1, () => 0)).toBe(1_000);
  expect(waitMs(1, () => 1)).toBe(2_000);
  expect(waitMs(20, () => 1)).toBe(15_000);
  expect(waitMs(20, () => 0.5)).toBe(8_000);
});

it('stays closed where it is closed while somebody asks whether to try again', async () => {
  vi.useFakeTimers();
  const opened: { onclose?: (event: { code: number }) => void }[] = [];
  class Line {
    onclose?: (event: { code: number }) => void;
    constructor() {
      opened.push(this);
    }
    close(): void {
      // It is closed already.
    }
  }
  vi.stubGlobal('WebSocket', Line);
  vi.stubGlobal('document', { baseURI: 'http://music.test/' });
  let answer: (again: boolean) => void = () => undefined;
  const lost = () => new Promise<boolean>((resolve) => (answer = resolve));
  const nothing = () => undefined;
  const socket = new StreamSocket(17, 48_000, 'pcm_f32', { welcomed: nothing, told: nothing, piece: nothing, lost });
  opened[0]?.onclose?.({ code: 1006 });
  socket.close();
  answer(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(opened).toHaveLength(1);
  vi.useRealTimers();
});
