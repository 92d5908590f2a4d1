import { motion } from '../shell/motion.svelte';

const CALM_MS = 250;

/**
 * Calls for every frame that is seen, until told to stop or answered that nothing moves any more (false); four times a
 * second for who wants less motion.
 */
export function everyFrame(draw: (now: number) => boolean | void): () => void {
  const { isCalm } = motion;
  let asked = 0;
  const ask = (): void => {
    asked = isCalm ? window.setTimeout(() => again(performance.now()), CALM_MS) : requestAnimationFrame(again);
  };
  const again = (now: number): void => {
    if (draw(now) !== false) ask();
  };
  const rest = (): void => (isCalm ? window.clearTimeout(asked) : cancelAnimationFrame(asked));
  const seenOrNot = (): void => {
    rest();
    if (!document.hidden) ask();
  };
  document.addEventListener('visibilitychange', seenOrNot);
  seenOrNot();
  return () => {
    rest();
    document.removeEventListener('visibilitychange', seenOrNot);
  };
}

export interface Sheet {
  pen: CanvasRenderingContext2D;
  width: number;
  height: number;
}

/** Gives a canvas the points its box has on this screen; its pen, and its size in the units of the page. */
export function fitted(canvas: HTMLCanvasElement): Sheet | null {
  const pen = canvas.getContext('2d');
  if (pen === null) return null;
  const scale = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  const across = Math.round(width * scale);
  const down = Math.round(height * scale);
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
  }
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  return { pen, width, height };
}

/** The colours of the theme, as they are now. */
export function colour(element: Element, name: string): string {
  return getComputedStyle(element).getPropertyValue(name).trim();
}
