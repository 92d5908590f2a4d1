import type { IconName } from '../parts/icons';

export interface MenuAction {
  label: string;
  icon?: IconName;
  danger?: boolean;
  checked?: boolean;
  act: () => void;
}

export interface SubMenu {
  label: string;
  icon?: IconName;
  items: () => MenuItem[];
}

/** Something to do, a menu of its own, or a line between two groups. */
export type MenuItem = MenuAction | SubMenu | 'line';

interface Place {
  x: number;
  y: number;
}

interface Open {
  items: MenuItem[];
  place: Place;
  /** What had the focus before. */
  from: HTMLElement | null;
}

/** The one menu that is open, if one is. */
class Menus {
  open = $state.raw<Open | null>(null);

  /** Opens a menu where the pointer is, or below what was pressed or is named. */
  show(event: MouseEvent | KeyboardEvent, items: MenuItem[], below?: Element | null): void {
    event.preventDefault();
    event.stopPropagation();
    const from = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    this.open = { items, place: placeOf(event, below ?? null), from };
  }

  close(): void {
    const from = this.open?.from;
    this.open = null;
    from?.focus();
  }
}

function placeOf(event: MouseEvent | KeyboardEvent, below: Element | null): Place {
  const isAtPointer = !below && event instanceof MouseEvent && event.type === 'contextmenu' && event.clientX > 0;
  if (isAtPointer) return { x: event.clientX, y: event.clientY };
  const target = below ?? (event.currentTarget instanceof Element ? event.currentTarget : event.target);
  if (!(target instanceof Element)) return { x: 0, y: 0 };
  const box = target.getBoundingClientRect();
  return { x: box.left, y: Math.min(box.bottom, window.innerHeight) + 4 };
}

export const menus = new Menus();
