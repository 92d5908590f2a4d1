import { MediaQuery } from 'svelte/reactivity';

/** Phones: tabs at the foot instead of a list at the side. */
export const narrow = new MediaQuery('max-width: 51.99rem');
/** Fingers need larger targets. */
export const coarse = new MediaQuery('pointer: coarse');

const ROW = 52;
const COARSE_ROW = 60;
/** Without pictures, and mostly of one line. */
const SLIM_ROW = 46;

/** The height of a row of a list, as `--row` has it. */
export const rowHeight = (slim = false): number => (coarse.current ? COARSE_ROW : slim ? SLIM_ROW : ROW);
