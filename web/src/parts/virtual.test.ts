import { describe, expect, it } from 'vitest';
import { columnsThatFit, inSteps, scrollToSee, visibleRows } from './virtual';

describe('a long list', () => {
  it('draws what is seen and a little more', () => {
    expect(visibleRows({ scroll: 0, height: 500, top: 0 }, 100_000, 50, 4)).toEqual({ from: 0, to: 14 });
    expect(visibleRows({ scroll: 5_000, height: 500, top: 0 }, 100_000, 50, 4)).toEqual({ from: 96, to: 114 });
  });

  it('begins where it stands in what scrolls', () => {
    expect(visibleRows({ scroll: 0, height: 500, top: 300 }, 100, 50, 0)).toEqual({ from: 0, to: 4 });
    expect(visibleRows({ scroll: 0, height: 500, top: 900 }, 100, 50, 0)).toEqual({ from: 0, to: 0 });
  });

  it('ends at its end, however far is scrolled', () => {
    expect(visibleRows({ scroll: 4_999_500, height: 500, top: 0 }, 100_000, 50, 4)).toEqual({ from: 99_986, to: 100_000 });
    expect(visibleRows({ scroll: 9e9, height: 500, top: 0 }, 100_000, 50, 4)).toEqual({ from: 100_000, to: 100_000 });
  });

  it('draws as many rows wherever it is scrolled', () => {
    for (let scroll = 1_000; scroll < 2_000; scroll += 7) {
      const { from, to } = visibleRows({ scroll, height: 500, top: 0 }, 100_000, 50, 4);
      expect(to - from).toBeGreaterThanOrEqual(18);
      expect(to - from).toBeLessThanOrEqual(20);
    }
  });

  it('draws nothing of nothing', () => {
    expect(visibleRows({ scroll: 10, height: 500, top: 0 }, 0, 50, 4)).toEqual({ from: 0, to: 0 });
    expect(visibleRows({ scroll: 10, height: 500, top: 0 }, 5, 0, 4)).toEqual({ from: 0, to: 0 });
  });

  it('changes in steps that hold what is seen', () => {
    expect(inSteps({ from: 5, to: 18 }, 4, 100)).toEqual({ from: 4, to: 20 });
    expect(inSteps({ from: 5, to: 18 }, 4, 19)).toEqual({ from: 4, to: 19 });
    expect(inSteps({ from: 0, to: 0 }, 4, 0)).toEqual({ from: 0, to: 0 });
  });

  it('fits columns with gaps between them', () => {
    expect(columnsThatFit(1_000, 160, 20)).toBe(5);
    expect(columnsThatFit(880, 160, 20)).toBe(5);
    expect(columnsThatFit(879, 160, 20)).toBe(4);
    expect(columnsThatFit(10, 160, 20)).toBe(1);
  });

  it('scrolls only where a row is not seen as a whole', () => {
    const view = { scroll: 1_000, height: 500, top: 0 };
    expect(scrollToSee(view, 25, 50, 40)).toBeNull();
    expect(scrollToSee(view, 20, 50, 40)).toBe(960);
    expect(scrollToSee(view, 30, 50, 40)).toBe(1_050);
    expect(scrollToSee({ ...view, scroll: 10 }, 0, 50, 40)).toBe(0);
  });
});
