// What rules can ask of a track, as the server takes it.

import { ruleWords } from '../words/rules';

/** What a field holds, which decides how it can be compared. */
export type Kind = 'text' | 'number' | 'flag' | 'moment' | 'date' | 'playlist';
export type FieldName = keyof typeof ruleWords.fields;
export type Operator = keyof typeof ruleWords.operators;
/** The form of what stands on the right. */
export type Shape = 'text' | 'number' | 'numbers' | 'flag' | 'day' | 'days' | 'date' | 'dates' | 'dayRange' | 'playlist';
export type FieldGroup = keyof typeof ruleWords.groups;

const TEXT = ['contains', 'notContains', 'is', 'isNot', 'startsWith', 'endsWith', 'isMissing', 'isPresent'] as const;
const NUMBER = ['is', 'isNot', 'gt', 'lt', 'inTheRange', 'isMissing', 'isPresent'] as const;
const TIME = [
  'inTheLast',
  'notInTheLast',
  'before',
  'after',
  'is',
  'isNot',
  'gt',
  'lt',
  'inTheRange',
  'isMissing',
  'isPresent',
] as const;

const OPERATORS: Record<Kind, readonly Operator[]> = {
  text: TEXT,
  number: NUMBER,
  flag: ['is', 'isNot'],
  moment: TIME,
  date: TIME,
  playlist: ['inPlaylist', 'notInPlaylist'],
};

type Listed = Readonly<Record<FieldGroup, Partial<Record<Kind, readonly FieldName[]>>>>;

const FIELDS: Listed = {
  words: {
    text: ['title', 'album', 'artist', 'albumartist', 'genre', 'mood', 'comment', 'lyrics', 'recordlabel', 'discsubtitle'],
    flag: ['compilation'],
  },
  yours: {
    flag: ['loved', 'albumloved'],
    number: ['rating', 'playcount', 'skipcount', 'albumrating', 'albumplaycount'],
    moment: ['lastplayed', 'dateloved', 'albumlastplayed', 'albumdateloved'],
    playlist: ['playlist'],
  },
  times: {
    number: ['year'],
    moment: ['dateadded', 'datemodified'],
    date: ['date', 'originaldate', 'releasedate'],
  },
  figures: {
    number: [
      'duration',
      'bpm',
      'tracknumber',
      'discnumber',
      'replaygain_track_gain',
      'replaygain_track_peak',
      'replaygain_album_gain',
      'replaygain_album_peak',
    ],
  },
  credits: {
    text: [
      'composer',
      'lyricist',
      'conductor',
      'remixer',
      'arranger',
      'producer',
      'performer',
      'engineer',
      'mixer',
      'djmixer',
      'director',
    ],
  },
  file: {
    flag: ['missing'],
    text: [
      'filepath',
      'filetype',
      'codec',
      'isrc',
      'sorttitle',
      'sortalbum',
      'sortartist',
      'sortalbumartist',
      'mbz_recording_id',
      'mbz_album_id',
      'mbz_release_group_id',
      'mbz_artist_id',
      'mbz_album_artist_id',
    ],
    number: ['size', 'bitrate', 'bitdepth', 'samplerate', 'channels', 'library_id'],
  },
};

export interface FieldsOfGroup {
  group: FieldGroup;
  fields: FieldName[];
}

/** The fields as they are offered. */
export const fieldGroups: readonly FieldsOfGroup[] = (Object.keys(FIELDS) as FieldGroup[]).map((group) => ({
  group,
  fields: Object.values(FIELDS[group]).flat(),
}));

const kinds = new Map<string, Kind>(
  Object.values(FIELDS).flatMap((byKind) =>
    (Object.entries(byKind) as [Kind, readonly FieldName[]][]).flatMap(([kind, names]) =>
      names.map((name): [string, Kind] => [name, kind]),
    ),
  ),
);

export const allFields: readonly FieldName[] = fieldGroups.flatMap(({ fields }) => fields);

/** The field of a name as files have it, in letters of any case. */
export function fieldNamed(name: string): FieldName | null {
  const lower = name.toLowerCase();
  return allFields.find((field) => field === lower) ?? null;
}

export function operatorNamed(name: string): Operator | null {
  const lower = name.toLowerCase();
  const all = Object.keys(ruleWords.operators) as Operator[];
  return all.find((operator) => operator.toLowerCase() === lower) ?? null;
}

export const kindOf = (field: FieldName): Kind => kinds.get(field) ?? 'text';
export const operatorsOf = (field: FieldName): readonly Operator[] => OPERATORS[kindOf(field)];

/** What an operator wants of a field. */
export function shapeOf(field: FieldName, operator: Operator): Shape {
  const kind = kindOf(field);
  if (operator === 'inPlaylist' || operator === 'notInPlaylist') return 'playlist';
  if (operator === 'isMissing' || operator === 'isPresent' || kind === 'flag') return 'flag';
  if (operator === 'inTheLast' || operator === 'notInTheLast') return 'days';
  if (operator === 'inTheRange') return kind === 'number' ? 'numbers' : kind === 'moment' ? 'dayRange' : 'dates';
  if (kind === 'number') return 'number';
  if (kind === 'moment') return 'day';
  return kind === 'date' ? 'date' : 'text';
}
