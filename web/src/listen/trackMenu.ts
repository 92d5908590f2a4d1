import { apiUrl, put } from '../api/client';
import { library } from '../api/library.svelte';
import { marks } from '../api/marks.svelte';
import { playlists } from '../api/playlists.svelte';
import type { Track } from '../api/types';
import { chosen } from '../enhance/chosen';
import { presets } from '../enhance/presets.svelte';
import { references } from '../enhance/references.svelte';
import { withManner } from '../enhance/setting';
import { clockTime } from '../parts/measures';
import { player } from '../player/player.svelte';
import { link, router } from '../shell/router.svelte';
import type { MenuItem } from '../shell/menu.svelte';
import { toasts } from '../shell/toasts.svelte';
import { words } from '../words';
import { dialogs } from './dialogs.svelte';
import { enqueueGathered, playGathered, type Gather } from './playing';
import { tagging } from './tagging.svelte';

/** One track, or several of which the first is known. */
export interface Chosen {
  first: Track;
  count: number;
  gather: Gather;
}

const STARS = [5, 4, 3, 2, 1, 0];

/** What can be done with tracks; `extra` is what the list they are in adds. */
export function trackMenu(chosen: Chosen, extra: MenuItem[] = []): MenuItem[] {
  return [
    ...playItems(chosen.gather),
    { label: words.menu.addTo, icon: 'playlist', items: () => playlistItems(chosen.gather) },
    'line',
    ...markItems(chosen),
    ...(chosen.count === 1 ? [...bookmarkItems(chosen.first), ...placeItems(chosen.first)] : []),
    ...tagItems(chosen),
    ...extra,
  ];
}

export function playItems(gather: Gather): MenuItem[] {
  return [
    { label: words.menu.play, icon: 'play', act: () => void playGathered(gather) },
    { label: words.menu.playNext, icon: 'next', act: () => void enqueueGathered(gather, true) },
    { label: words.menu.enqueue, icon: 'queue', act: () => void enqueueGathered(gather, false) },
  ];
}

export function playlistItems(gather: Gather): MenuItem[] {
  const add = (act: (tracks: Track[]) => void) => () =>
    void toasts.trying(words.tracks.notLoaded, async () => act(await gather()));
  return [
    { label: words.menu.newPlaylist, icon: 'plus', act: add((tracks) => dialogs.newPlaylist(tracks)) },
    ...(playlists.editable.length > 0 ? (['line'] as const) : []),
    ...playlists.editable.map((one) => ({
      label: one.name,
      act: add((tracks) => void playlists.append(one, tracks)),
    })),
  ];
}

/** A mark for each: many are given one after the other, so that the server is not flooded. */
async function each(gather: Gather, give: (track: Track) => Promise<void>): Promise<void> {
  await toasts.trying(words.tracks.notLoaded, async () => {
    for (const track of await gather()) await give(track);
  });
}

function markItems({ first, gather }: Chosen): MenuItem[] {
  const isLoved = marks.isFavourite(first);
  const stars = marks.stars(first);
  return [
    {
      label: isLoved ? words.menu.unlove : words.menu.love,
      icon: isLoved ? 'heartFull' : 'heart',
      act: () => void each(gather, (track) => marks.setFavourite(track, !isLoved)),
    },
    {
      label: words.menu.rate,
      icon: 'star',
      items: () =>
        STARS.map((count) => ({
          label: count === 0 ? words.menu.noStars : words.parts.stars(count),
          checked: count === stars,
          act: () => void each(gather, (track) => marks.setStars(track, count)),
        })),
    },
    'line',
  ];
}

/** Of the track that plays, where it is when the menu is opened. */
function bookmarkItems(track: Track): MenuItem[] {
  if (player.current?.id !== track.id) return [];
  const seconds = player.now();
  return [{ label: words.menu.bookmark, icon: 'bookmark', act: () => void bookmark(track, seconds) }];
}

async function bookmark(track: Track, seconds: number): Promise<void> {
  const keep = () => put(`bookmarks/${track.id}`, { position_ms: Math.round(seconds * 1_000) });
  if (!(await toasts.trying(words.parts.notKept, keep))) return;
  library.changed();
  toasts.say(words.menu.bookmarked(clockTime(seconds)));
}

function placeItems(track: Track): MenuItem[] {
  const artist = track.artists[0];
  const items: MenuItem[] = [
    { label: words.menu.album, icon: 'album', act: () => router.go(link('albums', track.album_id)) },
  ];
  if (artist) items.push({ label: words.menu.artist, icon: 'artist', act: () => router.go(link('artists', artist.id)) });
  items.push(
    { label: words.menu.folder, icon: 'folder', act: () => router.go(link('folders', track.folder_id)) },
    { label: words.menu.enhance, icon: 'enhance', act: () => router.go(link('enhance', track.id)) },
    ...(presets.areThere ? [{ label: words.menu.soundLike, icon: 'wave' as const, act: () => soundLike(track) }] : []),
    { label: words.menu.download, icon: 'download', act: () => download(track) },
  );
  return items;
}

/** From now on all that is heard is made like a song. */
function soundLike(track: Track): void {
  references.know(track);
  player.setEnhance(withManner(chosen(), { reference: track.id }));
  toasts.say(words.menu.soundsLike(track.title));
}

function tagItems({ gather }: Chosen): MenuItem[] {
  if (!tagging.isOn) return [];
  const edit = () =>
    void toasts.trying(words.tracks.notLoaded, async () => dialogs.editTags(await gather()));
  return [{ label: words.menu.editTags, icon: 'tag', act: edit }];
}

function download(track: Track): void {
  const file = document.createElement('a');
  file.href = apiUrl(`tracks/${track.id}/file`);
  file.download = track.path.split('/').at(-1) ?? track.title;
  file.click();
}
