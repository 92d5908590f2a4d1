// The things of the API under short names.
import type { components } from './schema';

type Schemas = components['schemas'];

export type Track = Schemas['Track'];
export type Band = Schemas['Studio'];
export type Album = Schemas['Album'];
export type Artist = Schemas['Artist'];
export type Genre = Schemas['Genre'];
export type Folder = Schemas['Folder'];
export type FolderContents = Schemas['FolderContents'];
export type Playlist = Schemas['Playlist'];
export type Entries = Schemas['Entries'];
export type Play = Schemas['Play'];
export type Mark = Schemas['Mark'];
export type Me = Schemas['Me'];
export type Root = Schemas['Root'];
export type Scan = Schemas['Scan'];
export type Job = Schemas['Job'];
export type Song = Schemas['Song'];
export type Loudness = Schemas['Loudness'];
export type Queue = Schemas['Queue'];
export type Level = Schemas['Level'];
export type SongOrder = Schemas['SongOrder'];
export type SongVersion = Schemas['Version'];
export type SongFile = Schemas['SongFile'];
export type Statistics = Schemas['Statistics'];
export type User = Schemas['User'];
export type Role = Schemas['Role'];
export type Key = Schemas['Key'];
export type Session = Schemas['SessionView'];
export type AuditLine = Schemas['AuditLine'];
export type Unreadable = Schemas['Unreadable'];
export type DuplicateGroup = Schemas['Group'];
export type Health = Schemas['Report'];
export type Stream = Schemas['Stream'];
export type Uploaded = Schemas['Uploaded'];
