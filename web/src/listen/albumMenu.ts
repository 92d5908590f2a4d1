import { marks } from '../api/marks.svelte';
import type { Album, Artist } from '../api/types';
import { link, router } from '../shell/router.svelte';
import type { MenuItem } from '../shell/menu.svelte';
import { toasts } from '../shell/toasts.svelte';
import { words } from '../words';
import { dialogs } from './dialogs.svelte';
import { playGathered, tracksOfAlbum, tracksOfArtist } from './playing';
import { playItems, playlistItems } from './trackMenu';
import { tagging } from './tagging.svelte';

/** What can be done with an album. */
export function albumMenu(album: Album): MenuItem[] {
  const gather = tracksOfAlbum(album.id);
  const artist = album.artists[0];
  const items: MenuItem[] = [
    ...playItems(gather),
    { label: words.menu.shuffle, icon: 'shuffle', act: () => void playGathered(gather, true) },
    { label: words.menu.addTo, icon: 'playlist', items: () => playlistItems(gather) },
    'line',
    loveItem(album),
  ];
  if (artist) items.push({ label: words.menu.artist, icon: 'artist', act: () => router.go(link('artists', artist.id)) });
  if (tagging.isOn) {
    const edit = () => void toasts.trying(words.tracks.notLoaded, async () => dialogs.editTags(await gather()));
    items.push({ label: words.menu.editTags, icon: 'tag', act: edit });
  }
  return items;
}

/** What can be done with what an artist plays. */
export function artistMenu(artist: Artist): MenuItem[] {
  const gather = tracksOfArtist(artist.id);
  return [
    ...playItems(gather),
    { label: words.menu.shuffle, icon: 'shuffle', act: () => void playGathered(gather, true) },
    { label: words.menu.addTo, icon: 'playlist', items: () => playlistItems(gather) },
    'line',
    loveItem(artist),
  ];
}

function loveItem(of: Album | Artist): MenuItem {
  const isLoved = marks.isFavourite(of);
  return {
    label: isLoved ? words.menu.unlove : words.menu.love,
    icon: isLoved ? 'heartFull' : 'heart',
    act: () => void marks.setFavourite(of, !isLoved),
  };
}
