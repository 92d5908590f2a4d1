import { describe, expect, it } from 'vitest';
import type { Track } from '../api/types';
import { entriesOf } from './order';
import { Timeline } from './timeline';

const list = entriesOf([{ id: 'tr-1' } as Track, { id: 'tr-2' } as Track]);
const [first, second] = list;

function known(): Timeline {
  const timeline = new Timeline();
  timeline.asked(4, list);
  timeline.told({ event: 'started', epoch: 4, frame: 0, place: 0, track: 'tr-1', at: 48_000 });
  timeline.told({ event: 'plan', epoch: 4, frame: 0, place: 0, state: 'solved', enhance: { preset: 'warm', intensity: 1, loudness: -14 } });
  timeline.told({ event: 'boundary', epoch: 4, frame: 48_000, place: 1, track: 'tr-2', at: 0 });
  return timeline;
}

describe('a timeline', () => {
  it('knows the track and its moment to the frame', () => {
    expect(known().at(4, 0)).toMatchObject({ entry: first, at: 48_000 });
    expect(known().at(4, 47_999)).toMatchObject({ entry: first, at: 95_999 });
    expect(known().at(4, 48_000)).toMatchObject({ entry: second, at: 0 });
  });

  it('knows what is done to a track, and not to the next', () => {
    expect(known().at(4, 10)?.plan?.enhance?.preset).toBe('warm');
    expect(known().at(4, 48_001)?.plan).toBeNull();
  });

  it('knows nothing of an epoch that is not its own, or of a place that is not there', () => {
    const timeline = known();
    timeline.told({ event: 'boundary', epoch: 5, frame: 1, place: 1, track: 'tr-2', at: 0 });
    timeline.told({ event: 'boundary', epoch: 4, frame: 50_000, place: 9, track: 'tr-9', at: 0 });
    timeline.told({ event: 'boundary', epoch: 4, frame: 50_000, place: 0, track: 'tr-2', at: 0 });
    expect(timeline.at(5, 1)).toBeNull();
    expect(timeline.at(4, 60_000)?.entry).toBe(second);
  });

  it('keeps a list as it was when its epoch was asked for', () => {
    const timeline = known();
    timeline.asked(5, [...list].reverse());
    timeline.told({ event: 'started', epoch: 5, frame: 48_000, place: 0, track: 'tr-2', at: 0 });
    expect(timeline.at(5, 48_100)).toMatchObject({ entry: second, at: 100 });
    expect(timeline.at(4, 10)?.entry).toBe(first);
  });

  it('forgets what is long over', () => {
    const timeline = known();
    for (let epoch = 5; epoch < 40; epoch += 1) timeline.asked(epoch, list);
    expect(timeline.at(4, 0)).toBeNull();
  });
});
