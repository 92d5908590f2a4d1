import { apiUrl, del } from '../api/client';
import { playlists } from '../api/playlists.svelte';
import type { Playlist } from '../api/types';
import { confirm } from '../shell/confirm.svelte';
import type { MenuItem } from '../shell/menu.svelte';
import { link, router } from '../shell/router.svelte';
import { toasts } from '../shell/toasts.svelte';
import { words } from '../words';
import { dialogs } from './dialogs.svelte';
import { tracksOfPlaylist } from './entries';
import { playGathered } from './playing';
import { playItems, playlistItems } from './trackMenu';

/** What can be done with a playlist. */
export function playlistMenu(playlist: Playlist): MenuItem[] {
  const gather = tracksOfPlaylist(playlist.id);
  const items: MenuItem[] = [
    ...playItems(gather),
    { label: words.menu.shuffle, icon: 'shuffle', act: () => void playGathered(gather, true) },
    { label: words.menu.addTo, icon: 'playlist', items: () => playlistItems(gather) },
    'line',
    { label: words.menu.exportM3u, icon: 'download', act: () => exported(playlist, 'm3u') },
  ];
  if (playlist.rules) items.push({ label: words.menu.exportNsp, icon: 'download', act: () => exported(playlist, 'nsp') });
  if (playlist.own) items.push('line', ...ownItems(playlist));
  return items;
}

function ownItems(playlist: Playlist): MenuItem[] {
  const items: MenuItem[] = [{ label: words.menu.edit, icon: 'edit', act: () => dialogs.editPlaylist(playlist) }];
  if (playlist.rules) {
    items.push({ label: words.playlist.editRules, icon: 'smart', act: () => router.go(link('rules', playlist.id)) });
  }
  items.push({ label: words.menu.delete, icon: 'trash', danger: true, act: () => void remove(playlist) });
  return items;
}

function exported(playlist: Playlist, format: 'm3u' | 'nsp'): void {
  const file = document.createElement('a');
  file.href = apiUrl(`playlists/${playlist.id}/export`, { format });
  file.download = `${playlist.name}.${format}`;
  file.click();
}

async function remove(playlist: Playlist): Promise<void> {
  const isSure = await confirm.ask({
    title: words.playlist.deleteTitle,
    text: words.playlist.deleteText(playlist.name),
    yes: words.playlist.delete,
    danger: true,
  });
  if (!isSure) return;
  const isGone = await toasts.trying(words.playlist.notChanged, () => del(`playlists/${playlist.id}`));
  if (!isGone) return;
  await playlists.load();
  toasts.say(words.playlist.deleted(playlist.name));
  if (router.current.rest[0] === playlist.id) router.go(link('playlists'));
}
