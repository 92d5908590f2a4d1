import { describe, expect, it } from 'vitest';
import { secondsAhead, topUp } from './credit';

const rate = 48_000;
const heard = (played: number, hidden = false, epoch = 1) => ({ epoch, played, isHeard: true, rate, hidden });

describe('credit', () => {
  it('is one second at first, and three once any of it is heard', () => {
    const first = topUp({ epoch: 0, until: 0 }, { ...heard(0), isHeard: false });
    expect(first).toEqual({ epoch: 1, until: 48_000 });
    expect(first && topUp(first, heard(0))).toEqual({ epoch: 1, until: 144_000 });
  });

  it('is topped up once half a second was heard', () => {
    const granted = { epoch: 1, until: 144_000 };
    expect(topUp(granted, heard(23_999))).toBeNull();
    expect(topUp(granted, heard(24_000))).toEqual({ epoch: 1, until: 168_000 });
  });

  it('is granted anew to a new epoch, even back in time', () => {
    expect(topUp({ epoch: 1, until: 900_000 }, heard(100, false, 2))).toEqual({ epoch: 2, until: 144_100 });
  });

  it('grows at once when the tab is hidden, and is not taken back when it is seen again', () => {
    const granted = { epoch: 1, until: 144_000 };
    const more = topUp(granted, heard(0, true));
    expect(more).toEqual({ epoch: 1, until: secondsAhead(true) * rate });
    expect(more && topUp(more, heard(24_000))).toBeNull();
  });

  it('stays far below the thirty seconds a server gives', () => {
    expect(secondsAhead(true)).toBeLessThanOrEqual(30);
  });
});
