import { describe, expect, it } from 'vitest';
import { readRecipe, readReport } from './release';

const REPORT = {
  passed: true,
  song: { title: 'Quiet Winter', genre: 'jazz', seed: 7, bpm: 80, meter: '4/4', key: 'D# minor', bars: 20, last_bar_line_seconds: 60 },
  reading: {
    understood: [{ field: 'mood', value: 'romantic', words: 'warm' }],
    not_understood: ['blorp'],
    unmet: [{ words: 'a choir', answer: 'jazz has none' }],
    genre_was_chosen: false,
  },
  sections: [{ label: 'Verse', start_bar: 0, bars: 8, energy: 0.34, chords: ['D#m9'] }],
  parts: [{ name: 'Drums', role: 'drums', sound: 'Kit 0', notes: 235, gain_db: 7.8 }],
  mastering: { target: 'spotify', target_lufs: -14, ceiling_dbtp: -1, gain_db: 3.6, limiting_db: -7.6, held_back: false },
  files: [{ name: 'master.flac', measured: { format: 'flac', rate_hz: 48000, seconds: 62.1, integrated_lufs: -14.004 } }],
  checks: [{ name: 'clipped samples', found: '0', wanted: '0', passed: true }],
};

describe('readReport', () => {
  it('reads what the server writes', () => {
    const report = readReport(REPORT);
    expect(report).toMatchObject({ passed: true, title: 'Quiet Winter', bpm: 80, bars: 20, seconds: 60 });
    expect(report?.unmet).toEqual(['a choir: jazz has none']);
    expect(report?.sections[0]).toEqual({ label: 'Verse', startBar: 0, bars: 8, energy: 0.34, chords: ['D#m9'] });
    expect(report?.files[0]).toMatchObject({ integratedLufs: -14.004, truePeakDbtp: null });
  });

  it('takes a report that lacks most of it', () => {
    const report = readReport({ song: { title: 'Bare' } });
    expect(report).toMatchObject({ passed: false, sections: [], parts: [], mastering: null, checks: [] });
  });

  it.each([null, 3, 'x', [], {}, { song: null }, { song: { title: 5 } }])('finds none in %j', (value) => {
    expect(readReport(value)).toBeNull();
  });

  it('survives values of other kinds', () => {
    const report = readReport({ ...REPORT, sections: { a: 1 }, parts: [null, 1, 'x'], files: 'none', checks: [[]] });
    expect(report?.sections).toEqual([]);
    expect(report?.parts).toHaveLength(3);
  });
});

describe('readRecipe', () => {
  it('lists what was asked and leaves out what was not', () => {
    const recipe = readRecipe({ engine: { version: '0.1.0' }, ask: { seed: 7, bpm: null, formats: ['flac', 'mp3'] } });
    expect(recipe).toEqual({ engine: [['version', '0.1.0']], ask: [['seed', '7'], ['formats', 'flac, mp3']] });
  });

  it('finds none in something else', () => {
    expect(readRecipe('x')).toBeNull();
  });
});
