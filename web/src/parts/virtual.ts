// Which rows of a long list are to be drawn.

export interface View {
  /** How far the scroller is scrolled. */
  scroll: number;
  /** How much of it is seen. */
  height: number;
  /** Where the list begins in it. */
  top: number;
}

export interface Range {
  from: number;
  /** The first one that is not drawn any more. */
  to: number;
}

/** The rows that are seen, and some more on either side. */
export function visibleRows(view: View, count: number, rowHeight: number, extra: number): Range {
  if (count <= 0 || rowHeight <= 0) return { from: 0, to: 0 };
  const above = view.scroll - view.top;
  const from = clamp(Math.floor(above / rowHeight) - extra, 0, count);
  const to = clamp(Math.ceil((above + view.height) / rowHeight) + extra, 0, count);
  return { from, to: Math.max(from, to) };
}

/** The same rows and a few more, so that the range changes less often than it is scrolled. */
export function inSteps({ from, to }: Range, step: number, count: number): Range {
  return { from: Math.floor(from / step) * step, to: Math.min(count, Math.ceil(to / step) * step) };
}

/** How many columns of at least this width fit. */
export function columnsThatFit(width: number, least: number, gap: number): number {
  return Math.max(1, Math.floor((width + gap) / (least + gap)));
}

/** Where to scroll so that a row is seen as a whole; null where it is already. */
export function scrollToSee(view: View, row: number, rowHeight: number, margin: number): number | null {
  const top = view.top + row * rowHeight;
  const bottom = top + rowHeight;
  if (top < view.scroll + margin) return Math.max(0, top - margin);
  if (bottom > view.scroll + view.height) return bottom - view.height;
  return null;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
