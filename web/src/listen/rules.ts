// Rules of a smart playlist while they are edited, and as the server takes them.

import {
  fieldNamed,
  operatorNamed,
  operatorsOf,
  shapeOf,
  type FieldName,
  type Operator,
  type Shape,
} from './ruleFields';

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

export interface Condition {
  is: 'condition';
  field: FieldName;
  operator: Operator;
  /** What stands on the right, as it is typed: of a range both ends. */
  value: string;
  end: string;
}

export interface Group {
  is: 'group';
  match: 'all' | 'any';
  rules: Rule[];
}

export type Rule = Condition | Group;

export interface Sort {
  /** A field, or "random". */
  by: string;
  descending: boolean;
}

export interface Draft {
  group: Group;
  sort: Sort[];
  /** Turns the whole order round. */
  turned: boolean;
  limit: string;
  offset: string;
}

/** Groups within groups, and rules in all, that the server takes. */
export const MAX_DEPTH = 8;
export const MAX_RULES = 200;
export const MAX_SORTS = 16;

export const RANDOM = 'random';

export function newCondition(field: FieldName = 'genre'): Condition {
  const operator = operatorsOf(field)[0] ?? 'is';
  return { is: 'condition', field, operator, value: firstValue(shapeOf(field, operator)), end: '' };
}

export const newGroup = (match: 'all' | 'any' = 'any'): Group => ({ is: 'group', match, rules: [newCondition()] });

export const newDraft = (): Draft => ({ group: newGroup('all'), sort: [], turned: false, limit: '', offset: '' });

/** What a value is before anything is typed. */
export const firstValue = (shape: Shape): string => (shape === 'flag' ? 'true' : shape === 'days' ? '30' : '');

/** The same rule about another field: with its operator and value where they fit. */
export function withField(rule: Condition, field: FieldName): Condition {
  const isTaken = operatorsOf(field).includes(rule.operator);
  const operator = isTaken ? rule.operator : (operatorsOf(field)[0] ?? 'is');
  return withOperator({ ...rule, field }, operator, shapeOf(rule.field, rule.operator));
}

/** The same rule with another operator. */
export function withOperator(rule: Condition, operator: Operator, before = shapeOf(rule.field, rule.operator)): Condition {
  const shape = shapeOf(rule.field, operator);
  const isKept = shape === before;
  return { ...rule, operator, value: isKept ? rule.value : firstValue(shape), end: isKept ? rule.end : '' };
}

export const countRules = (group: Group): number =>
  group.rules.reduce((sum, rule) => sum + (rule.is === 'group' ? countRules(rule) : 1), 0);

/** The rules as the server takes them; null while one of them has no value that fits. */
export function writeRules(draft: Draft): Record<string, Json> | null {
  const rules = writeList(draft.group.rules);
  const limit = writeCount(draft.limit);
  const offset = writeCount(draft.offset);
  if (rules === null || limit === undefined || offset === undefined) return null;
  const sort = draft.sort.map(({ by, descending }) => (descending ? `-${by}` : by)).join(',');
  return {
    [draft.group.match]: rules,
    ...(sort === '' ? {} : { sort }),
    ...(draft.turned ? { order: 'desc' } : {}),
    ...(limit === null ? {} : { limit }),
    ...(offset === null ? {} : { offset }),
  };
}

function writeList(rules: readonly Rule[]): Json[] | null {
  const written = rules.map(writeRule);
  return written.length > 0 && written.every((rule) => rule !== null) ? written : null;
}

function writeRule(rule: Rule): Json | null {
  if (rule.is === 'group') {
    const rules = writeList(rule.rules);
    return rules && { [rule.match]: rules };
  }
  const value = writeValue(rule);
  if (value === null) return null;
  if (shapeOf(rule.field, rule.operator) === 'playlist') return { [rule.operator]: { id: value } };
  return { [rule.operator]: { [rule.field]: value } };
}

/** Nothing is null, what is no count undefined. */
function writeCount(text: string): number | null | undefined {
  if (text.trim() === '') return null;
  const count = Number(text);
  return Number.isInteger(count) && count > 0 ? count : undefined;
}

const NUMBER = /^-?\d+(\.\d+)?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DATE = /^\d{4}(-\d{2}(-\d{2})?)?$/;

function writeValue({ field, operator, value, end }: Condition): Json | null {
  const range = (of: (text: string) => Json | null): Json | null => {
    const [from, to] = [of(value), of(end)];
    return from === null || to === null ? null : [from, to];
  };
  const writers: Record<Shape, () => Json | null> = {
    text: () => (value === '' ? null : value),
    playlist: () => value || null,
    flag: () => value !== 'false',
    number: () => asNumber(value),
    numbers: () => range(asNumber),
    days: () => (/^\d+$/.test(value) ? Number(value) : null),
    day: () => matching(DAY, value),
    dayRange: () => range((text) => matching(DAY, text)),
    date: () => matching(DATE, value),
    dates: () => range((text) => matching(DATE, text)),
  };
  return writers[shapeOf(field, operator)]();
}

const asNumber = (text: string): number | null => (NUMBER.test(text.trim()) ? Number(text) : null);
const matching = (form: RegExp, text: string): string | null => (form.test(text.trim()) ? text.trim() : null);

/** Reads rules of the server; null where they have something this page does not know. */
export function readRules(rules: Record<string, unknown>): Draft | null {
  const match = 'all' in rules ? 'all' : 'any';
  const group = readGroup(match, rules[match]);
  if (!group) return null;
  const sort = typeof rules.sort === 'string' ? rules.sort : '';
  return {
    group,
    sort: sort.split(',').map((part) => part.trim()).filter(Boolean).map(readSort),
    turned: rules.order === 'desc',
    limit: typeof rules.limit === 'number' ? String(rules.limit) : '',
    offset: typeof rules.offset === 'number' ? String(rules.offset) : '',
  };
}

function readSort(part: string): Sort {
  return { by: part.replace(/^[+-]/, ''), descending: part.startsWith('-') };
}

function readGroup(match: 'all' | 'any', list: unknown): Group | null {
  if (!Array.isArray(list)) return null;
  const rules: Rule[] = [];
  for (const one of list) {
    const rule = readRule(one);
    if (!rule) return null;
    rules.push(rule);
  }
  return { is: 'group', match, rules };
}

/** The one member of an object. */
function only(of: unknown): [string, unknown] | null {
  if (of === null || typeof of !== 'object') return null;
  const members = Object.entries(of);
  return members.length === 1 ? (members[0] ?? null) : null;
}

function readRule(json: unknown): Rule | null {
  const outer = only(json);
  if (!outer) return null;
  const [name, of] = outer;
  const lower = name.toLowerCase();
  if (lower === 'all' || lower === 'any') return readGroup(lower, of);
  const operator = operatorNamed(name);
  const inner = only(of);
  if (!operator || !inner) return null;
  const isOfPlaylist = operator === 'inPlaylist' || operator === 'notInPlaylist';
  const field = isOfPlaylist ? 'playlist' : fieldNamed(inner[0]);
  if (!field) return null;
  const [value, end] = Array.isArray(inner[1]) ? [inner[1][0], inner[1][1]] : [inner[1], ''];
  return { is: 'condition', field, operator, value: String(value), end: String(end) };
}
