import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ruleWords } from '../words/rules';
import { allFields, fieldNamed, kindOf, operatorNamed, operatorsOf, shapeOf, type Kind, type Shape } from './ruleFields';
import { newCondition, newDraft, readRules, withField, withOperator, writeRules, type Condition } from './rules';

const typed: Record<Shape, [string, string]> = {
  text: ['Bach', ''],
  playlist: ['pl-3', ''],
  flag: ['false', ''],
  number: ['-3.5', ''],
  numbers: ['1981', '1990'],
  days: ['30', ''],
  day: ['2024-02-29', ''],
  dayRange: ['2024-01-01', '2024-02-29'],
  date: ['2024-02', ''],
  dates: ['2023', '2024-02-29'],
};

const draftOf = (rule: Condition) => ({ ...newDraft(), group: { is: 'group' as const, match: 'all' as const, rules: [rule] } });

const serverSource = (name: string): string =>
  readFileSync(new URL(`../../../crates/library/src/rules/${name}`, import.meta.url), 'utf8');

describe('rules of smart playlists', () => {
  it('know the fields and operators of the server, and their kinds', () => {
    const told = serverSource('field.rs').matchAll(/^ {4}\w+, "(\w+)", (\w+),/gm);
    const kinds: Record<string, Kind> = {
      Text: 'text', Texts: 'text', Number: 'number', Count: 'number', Flag: 'flag', Moment: 'moment', Date: 'date',
    };
    const fields = [...told].map(([, name, kind]) => [name ?? '', kinds[kind ?? '']] as const);
    expect(fields.length).toBeGreaterThan(60);
    const known = allFields.filter((field) => field !== 'playlist').map((field) => [field, kindOf(field)] as const);
    expect(new Map(known)).toEqual(new Map(fields));

    const operators = [...serverSource('condition.rs').matchAll(/^ {4}\w+, "(\w+)";/gm)].map(([, name]) => name);
    expect([...operators, 'inPlaylist', 'notInPlaylist'].sort()).toEqual(Object.keys(ruleWords.operators).sort());
  });

  it('come back as they were, with groups, playlists, orders and limits', () => {
    const rules = {
      any: [
        { contains: { genre: 'jazz' } },
        { all: [{ inTheRange: { year: [1959, 1964.5] } }, { any: [{ is: { loved: true } }, { gt: { rating: 3 } }] }] },
        { inTheLast: { lastplayed: 30 } },
        { notInPlaylist: { id: 'pl-7' } },
        { inTheRange: { dateadded: ['2024-01-01', '2024-12-31'] } },
        { isMissing: { mood: true } },
        { before: { originaldate: '1970' } },
      ],
      sort: '-year,random',
      order: 'desc',
      limit: 50,
      offset: 10,
    };
    const draft = readRules(rules);
    expect(draft && writeRules(draft)).toEqual(rules);
  });

  it('come back for every field with every operator it takes', () => {
    for (const field of allFields) {
      for (const operator of operatorsOf(field)) {
        const [value, end] = typed[shapeOf(field, operator)];
        const written = writeRules(draftOf({ is: 'condition', field, operator, value, end }));
        expect(written, `${field} ${operator}`).not.toBeNull();
        const read = written && readRules(written);
        expect(read && writeRules(read)).toEqual(written);
      }
    }
  });

  it('offer every field once, with a kind and a name', () => {
    expect(new Set(allFields).size).toBe(allFields.length);
    expect([...allFields].sort()).toEqual(Object.keys(ruleWords.fields).sort());
    for (const field of allFields) expect(operatorsOf(field).length).toBeGreaterThan(1);
    expect(kindOf('loved')).toBe('flag');
    expect(kindOf('releasedate')).toBe('date');
  });

  it('are read in letters of any case', () => {
    expect(fieldNamed('AlbumArtist')).toBe('albumartist');
    expect(operatorNamed('INTHELAST')).toBe('inTheLast');
    const draft = readRules({ all: [{ IS: { Loved: 'true' } }] });
    expect(draft && writeRules(draft)).toEqual({ all: [{ is: { loved: true } }] });
  });

  it('are not sent before every value is there', () => {
    expect(writeRules(draftOf(newCondition('title')))).toBeNull();
    expect(writeRules(draftOf({ ...newCondition('year'), operator: 'gt', value: 'old' }))).toBeNull();
    expect(writeRules(draftOf({ ...newCondition('year'), operator: 'inTheRange', value: '1980', end: '' }))).toBeNull();
    expect(writeRules(draftOf({ ...newCondition('date'), operator: 'before', value: '19' }))).toBeNull();
    expect(writeRules({ ...draftOf({ ...newCondition('title'), value: 'a' }), limit: '0' })).toBeNull();
  });

  it('keep a value as long as it fits', () => {
    const year = { ...newCondition('year'), operator: 'gt' as const, value: '1980' };
    expect(withOperator(year, 'lt').value).toBe('1980');
    expect(withField(year, 'bpm')).toMatchObject({ operator: 'gt', value: '1980' });
    expect(withField(year, 'loved')).toMatchObject({ operator: 'is', value: 'true' });
    expect(withOperator(year, 'isMissing').value).toBe('true');
  });

  it('that are not known are not read as others', () => {
    expect(readRules({ all: [{ is: { barcode: '1' } }] })).toBeNull();
    expect(readRules({ all: [{ like: { title: '1' } }] })).toBeNull();
    expect(readRules({})).toBeNull();
  });
});
