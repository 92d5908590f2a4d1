import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { StreamSocket, waitMs, type SocketListener } from './socket';

/** A connection whose other end is the test. */
class Line {
  static opened: Line[] = [];
  onopen?: () => void;
  onmessage?: (message: { data: ArrayBuffer | string }) => void;
  onclose?: (event: { code: number }) => void;
  readonly close = vi.fn();
  readonly said: string[] = [];

  constructor() {
    Line.opened.push(this);
  }

  send(text: string): void {
    this.said.push(text);
  }

  /** Opens, and answers the first message as the server does. */
  welcome(resume: string): void {
    this.onopen?.();
    const { id } = JSON.parse(this.said[0] ?? '') as { id: string };
    this.onmessage?.({ data: JSON.stringify({ event: 'welcome', re: id, resume }) });
  }
}

function listener(lost: SocketListener['lost']): SocketListener {
  return { welcomed: vi.fn(), told: vi.fn(), piece: vi.fn(), lost };
}

beforeEach(() => {
  vi.useFakeTimers();
  Line.opened = [];
  vi.stubGlobal('WebSocket', Line);
  vi.stubGlobal('document', { baseURI: 'http://music.test/' });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('waits a second at first, then up to fifteen, and not all at once', () => {
  expect(waitMs(0, () => 0.999)).toBeCloseTo(1_000, 0);
  expect(waitMs(1, () => 0)).toBe(1_000);
  expect(waitMs(1, () => 1)).toBe(2_000);
  expect(waitMs(20, () => 1)).toBe(15_000);
  expect(waitMs(20, () => 0.5)).toBe(8_000);
});

it('stays closed where it is closed while somebody asks whether to try again', async () => {
  let answer: (again: boolean) => void = () => undefined;
  const socket = new StreamSocket(17, 48_000, 'pcm_f32', listener(() => new Promise((resolve) => (answer = resolve))));
  Line.opened[0]?.onclose?.({ code: 1006 });
  socket.close();
  answer(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(Line.opened).toHaveLength(1);
});

it('hands on no piece that is broken: it connects again and resumes', async () => {
  const hears = listener(() => Promise.resolve(true));
  new StreamSocket(17, 48_000, 'pcm_s16', hears);
  const [line] = Line.opened;
  line?.welcome('where-it-was');
  const piece = new DataView(new ArrayBuffer(36));
  piece.setUint8(0, 1);
  piece.setUint16(2, 32, true);
  piece.setUint32(12, 1, true);
  // What CRC-32 makes of four bytes of zero.
  piece.setUint32(28, 0x2144df1c, true);
  line?.onmessage?.({ data: piece.buffer });
  expect(hears.piece).toHaveBeenCalledOnce();
  piece.setInt16(32, 1, true);
  line?.onmessage?.({ data: piece.buffer });
  expect(hears.piece).toHaveBeenCalledOnce();
  expect(line?.close).toHaveBeenCalledOnce();
  line?.onclose?.({ code: 1005 });
  await vi.advanceTimersByTimeAsync(2_000);
  const [, next] = Line.opened;
  next?.onopen?.();
  expect(JSON.parse(next?.said[0] ?? '')).toMatchObject({ op: 'hello', resume: 'where-it-was' });
});
