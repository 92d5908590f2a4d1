// A silent element that plays while the worklet does: the system's media keys and its lock screen know elements only.

const RATE = 8_000;
/** Shorter ones are taken for a click, and get no keys. */
const SECONDS = 10;
const HEADER = 44;
/** In the middle of eight unsigned bits. */
const ZERO = 128;

function silentFile(): Blob {
  const length = RATE * SECONDS;
  const bytes = new Uint8Array(HEADER + length).fill(ZERO);
  const view = new DataView(bytes.buffer);
  const word = (at: number, text: string): void => [...text].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  word(0, 'RIFF');
  view.setUint32(4, HEADER - 8 + length, true);
  word(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  word(36, 'data');
  view.setUint32(40, length, true);
  return new Blob([bytes], { type: 'audio/wav' });
}

let element: HTMLAudioElement | null = null;

export function keepKeys(isPlaying: boolean): void {
  if (isPlaying) {
    if (element === null) {
      element = new Audio(URL.createObjectURL(silentFile()));
      element.loop = true;
    }
    // Without it there are no keys; the sound is there all the same.
    void element.play().catch(() => undefined);
  } else {
    element?.pause();
  }
}
