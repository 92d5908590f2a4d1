// The report and the recipe of a version, as the server's files have them. A file of another version
// of the server may lack things: what is not there is not shown.

export interface Understood {
  field: string;
  value: string;
  /** The words of the sentence it was read from; empty where it was set beside it. */
  words: string;
}

export interface Section {
  label: string;
  startBar: number;
  bars: number;
  energy: number;
  chords: string[];
}

export interface Part {
  name: string;
  role: string;
  sound: string;
  notes: number;
  gainDb: number;
}

export interface Measured {
  name: string;
  format: string;
  rateHz: number;
  seconds: number;
  integratedLufs: number | null;
  rangeLu: number | null;
  maxShortTermLufs: number | null;
  truePeakDbtp: number | null;
  dynamicRangeDb: number | null;
  correlation: number | null;
}

export interface Check {
  name: string;
  found: string;
  wanted: string;
  passed: boolean;
}

export interface Mastering {
  target: string;
  targetLufs: number | null;
  ceilingDbtp: number | null;
  gainDb: number | null;
  limitingDb: number | null;
  heldBack: boolean;
}

export interface Report {
  passed: boolean;
  title: string;
  genre: string;
  seed: number;
  bpm: number;
  meter: string;
  key: string;
  bars: number;
  seconds: number;
  understood: Understood[];
  notUnderstood: string[];
  unmet: string[];
  genreWasChosen: boolean;
  sections: Section[];
  parts: Part[];
  mastering: Mastering | null;
  files: Measured[];
  checks: Check[];
}

type Fields = Record<string, unknown>;

const fields = (value: unknown): Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {};
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const figure = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
const count = (value: unknown): number => figure(value) ?? 0;
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value.slice(0, 2_000) : []);
const texts = (value: unknown): string[] => list(value).map(said).filter((one) => one !== '');

/** What is not a text is told by its parts: such as what was asked and why it could not be. */
function said(value: unknown): string {
  if (typeof value === 'string') return value;
  return Object.values(fields(value)).map(text).filter(Boolean).join(': ');
}

function section(value: unknown): Section {
  const { label, start_bar, bars, energy, chords } = fields(value);
  return {
    label: text(label),
    startBar: count(start_bar),
    bars: count(bars),
    energy: Math.min(1, Math.max(0, count(energy))),
    chords: texts(chords),
  };
}

function part(value: unknown): Part {
  const { name, role, sound, notes, gain_db } = fields(value);
  return { name: text(name), role: text(role), sound: text(sound), notes: count(notes), gainDb: count(gain_db) };
}

function measured(value: unknown): Measured {
  const { name, measured: found } = fields(value);
  const all = fields(found);
  return {
    name: text(name),
    format: text(all.format),
    rateHz: count(all.rate_hz),
    seconds: count(all.seconds),
    integratedLufs: figure(all.integrated_lufs),
    rangeLu: figure(all.range_lu),
    maxShortTermLufs: figure(all.max_short_term_lufs),
    truePeakDbtp: figure(all.true_peak_dbtp),
    dynamicRangeDb: figure(all.dynamic_range_db),
    correlation: figure(all.correlation),
  };
}

function check(value: unknown): Check {
  const { name, found, wanted, passed } = fields(value);
  return { name: text(name), found: text(found), wanted: text(wanted), passed: passed === true };
}

function mastering(value: unknown): Mastering | null {
  const all = fields(value);
  if (Object.keys(all).length === 0) return null;
  return {
    target: text(all.target),
    targetLufs: figure(all.target_lufs),
    ceilingDbtp: figure(all.ceiling_dbtp),
    gainDb: figure(all.gain_db),
    limitingDb: figure(all.limiting_db),
    heldBack: all.held_back === true,
  };
}

function understood(value: unknown): Understood {
  const { field, value: found, words } = fields(value);
  return { field: text(field), value: text(found), words: text(words) };
}

/** Reads a report; nothing where it is none. */
export function readReport(value: unknown): Report | null {
  const all = fields(value);
  const song = fields(all.song);
  if (text(song.title) === '') return null;
  const reading = fields(all.reading);
  return {
    passed: all.passed === true,
    title: text(song.title),
    genre: text(song.genre),
    seed: count(song.seed),
    bpm: count(song.bpm),
    meter: text(song.meter),
    key: text(song.key),
    bars: count(song.bars),
    seconds: count(song.last_bar_line_seconds),
    understood: list(reading.understood).map(understood),
    notUnderstood: texts(reading.not_understood),
    unmet: texts(reading.unmet),
    genreWasChosen: reading.genre_was_chosen === true,
    sections: list(all.sections).map(section),
    parts: list(all.parts).map(part),
    mastering: mastering(all.mastering),
    files: list(all.files).map(measured),
    checks: list(all.checks).map(check),
  };
}

export interface Recipe {
  /** What made it, name and version. */
  engine: [string, string][];
  /** What was asked, name and value. */
  ask: [string, string][];
}

function pairs(value: unknown): [string, string][] {
  return Object.entries(fields(value))
    .filter(([, one]) => one !== null)
    .map(([name, one]) => [name, Array.isArray(one) ? one.join(', ') : String(one)]);
}

/** Reads a recipe; nothing where it is none. */
export function readRecipe(value: unknown): Recipe | null {
  const { engine, ask } = fields(value);
  const recipe = { engine: pairs(engine), ask: pairs(ask) };
  return recipe.ask.length > 0 ? recipe : null;
}
