import { describe, expect, it, vi } from 'vitest';

vi.mock('../api/library.svelte', () => ({ library: { changed: () => undefined } }));

const { MOST_BYTES, refusedBefore } = await import('./uploads.svelte');

describe('refusedBefore', () => {
  it('takes sound, whatever the letters of its ending', () => {
    expect(refusedBefore('A song.FLAC', 10)).toBeNull();
    expect(refusedBefore('a.b.mp3', MOST_BYTES)).toBeNull();
  });

  it('sends nothing the server refuses', () => {
    expect(refusedBefore('cover.jpg', 10)).toBe('ending');
    expect(refusedBefore('flac', 10)).toBe('ending');
    expect(refusedBefore('a.wav', 0)).toBe('empty');
    expect(refusedBefore('a.wav', MOST_BYTES + 1)).toBe('large');
  });
});
