import { colourOf, readableOn, toCss, type Rgb } from '../parts/accent';

export type Theme = 'system' | 'dark' | 'light';
const KEY = 'auralis.theme';
const THEMES: readonly Theme[] = ['system', 'dark', 'light'];

/** The brightest ground text stands on in the dark, and the darkest in the light. */
const GROUND: Record<'dark' | 'light', Rgb> = {
  dark: { r: 0x2a, g: 0x2c, b: 0x35 },
  light: { r: 0xf0, g: 0xf0, b: 0xf2 },
};

function kept(): Theme {
  const value = localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === value) ?? 'system';
}

/** Dark or light, and the colour taken from what plays. */
class Look {
  theme = $state<Theme>(kept());
  isDark = $state(true);
  readonly #system = window.matchMedia('(prefers-color-scheme: light)');
  #cover: string | null = null;
  #colour: Rgb | null = null;

  constructor() {
    this.#system.addEventListener('change', () => this.#apply());
    this.#apply();
  }

  choose(theme: Theme): void {
    this.theme = theme;
    localStorage.setItem(KEY, theme);
    this.#apply();
  }

  /** Takes the accent from a cover; without one it is the house's own. */
  async accentFrom(cover: string | null): Promise<void> {
    if (cover === this.#cover) return;
    this.#cover = cover;
    const colour = cover === null ? null : await colourOf(cover);
    if (cover !== this.#cover) return;
    this.#colour = colour;
    this.#paint();
  }

  #apply(): void {
    this.isDark = this.theme === 'system' ? !this.#system.matches : this.theme === 'dark';
    document.documentElement.dataset.theme = this.isDark ? 'dark' : 'light';
    this.#paint();
  }

  #paint(): void {
    const { style } = document.documentElement;
    if (!this.#colour) {
      style.removeProperty('--accent');
      return;
    }
    style.setProperty('--accent', toCss(readableOn(this.#colour, this.isDark ? GROUND.dark : GROUND.light)));
  }
}

export const look = new Look();
