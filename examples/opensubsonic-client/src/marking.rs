//! What a listener gives to things: stars, ratings, plays, playlists, queues, bookmarks.

use opensubsonic::data::Child;
use opensubsonic::{AlbumListOptions, AlbumListType, SubsonicErrorCode, UpdatePlaylistOptions};

use crate::checks::{Held, answer};
use crate::{Music, Session};

fn ids(songs: &[Child]) -> Vec<&str> {
    songs.iter().map(|song| &*song.id).collect()
}

pub async fn stars(session: &mut Session, music: &Music) -> Held {
    let Session { client, checks, .. } = session;
    let (song, album, artist) = ([&*music.song.id], [&*music.album.id], [&*music.artist.id]);
    answer("star", client.star(&song, &album, &artist).await)?;
    let found = answer("getStarred2", client.get_starred2(None).await)?;
    checks.equal("getStarred2", "the song", ids(&found.song), song.to_vec())?;
    checks.that("getStarred2", "since when", found.song[0].starred.is_some())?;
    let albums: Vec<&str> = found.album.iter().map(|album| &*album.id).collect();
    checks.equal("getStarred2", "the album", albums, album.to_vec())?;
    let artists: Vec<&str> = found.artist.iter().map(|artist| &*artist.id).collect();
    checks.equal("getStarred2", "the artist", artists, artist.to_vec())?;
    let found = answer("getStarred", client.get_starred(None).await)?;
    checks.equal("getStarred", "the song", ids(&found.song), song.to_vec())?;
    checks.equal("getStarred", "as many albums", found.album.len(), 1)?;
    checks.equal("getStarred", "as many artists", found.artist.len(), 1)?;
    let options = AlbumListOptions::new();
    let listed = client.get_album_list2(AlbumListType::Starred, &options).await;
    let listed = answer("getAlbumList2", listed)?;
    let is_it = listed.len() == 1 && listed[0].id == music.album.id && listed[0].starred.is_some();
    checks.that("getAlbumList2", "starred: the album", is_it)?;
    let told = answer("getAlbum", client.get_album(album[0]).await)?;
    checks.that("getAlbum", "it says that it has a star", told.starred.is_some())?;
    let told = answer("getArtist", client.get_artist(artist[0]).await)?;
    checks.that("getArtist", "they say that they have a star", told.starred.is_some())?;

    answer("unstar", client.unstar(&song, &album, &artist).await)?;
    let found = answer("getStarred2", client.get_starred2(None).await)?;
    let is_empty = found.song.is_empty() && found.album.is_empty() && found.artist.is_empty();
    checks.that("unstar", "nothing has a star", is_empty)
}

pub async fn ratings(session: &mut Session, music: &Music) -> Held {
    let Session { client, checks, .. } = session;
    let (song, album) = (&music.song.id, &music.album.id);
    answer("setRating", client.set_rating(song, 4).await)?;
    let told = answer("getSong", client.get_song(song).await)?;
    checks.equal("setRating", "a song has its stars", told.user_rating, Some(4))?;
    answer("setRating", client.set_rating(album, 5).await)?;
    let told = answer("getAlbum", client.get_album(album).await)?;
    checks.equal("setRating", "an album has its stars", told.user_rating, Some(5))?;
    let options = AlbumListOptions::new();
    let best = client.get_album_list2(AlbumListType::Highest, &options).await;
    let best = answer("getAlbumList2", best)?;
    let is_first = best.first().is_some_and(|first| first.id == *album);
    checks.that("getAlbumList2", "highest: the album comes first", is_first)?;
    let refused = client.set_rating(song, 6).await;
    checks.refused("setRating", "there are five stars", refused, SubsonicErrorCode::Generic)?;
    answer("setRating", client.set_rating(song, 0).await)?;
    answer("setRating", client.set_rating(album, 0).await)?;
    let told = answer("getSong", client.get_song(song).await)?;
    checks.equal("setRating", "stars are taken back", told.user_rating, None)
}

pub async fn plays(session: &mut Session, music: &Music) -> Held {
    let Session { client, user, checks, .. } = session;
    // Other clients play the first ones of the library.
    let Some(song) = music.songs.last() else { return Ok(()) };
    let before = answer("getSong", client.get_song(&song.id).await)?.play_count.unwrap_or(0);
    answer("scrobble", client.scrobble(&song.id, None, Some(false)).await)?;
    let now = answer("getNowPlaying", client.get_now_playing().await)?;
    let entry = now.iter().find(|entry| entry.child.id == song.id);
    checks.that("getNowPlaying", "the song that began", entry.is_some())?;
    let name = entry.and_then(|entry| entry.username.as_ref());
    checks.equal("getNowPlaying", "who hears it", name, Some(&*user))?;
    let player = entry.and_then(|entry| entry.player_name.as_deref());
    checks.equal("getNowPlaying", "with what", player, Some("opensubsonic-rs"))?;
    answer("scrobble", client.scrobble(&song.id, None, None).await)?;
    let told = answer("getSong", client.get_song(&song.id).await)?;
    checks.equal("scrobble", "a play is counted", told.play_count, Some(before + 1))?;
    checks.that("scrobble", "when it was", told.played.is_some())?;
    let options = AlbumListOptions::new();
    let recent = client.get_album_list2(AlbumListType::Recent, &options).await;
    let recent = answer("getAlbumList2", recent)?;
    let first = recent.first().map(|album| &album.id);
    checks.equal(
        "getAlbumList2",
        "recent: its album comes first",
        first,
        song.album_id.as_ref(),
    )?;
    let often = client.get_album_list2(AlbumListType::Frequent, &options).await;
    let often = answer("getAlbumList2", often)?;
    let has = often.iter().any(|album| Some(&album.id) == song.album_id.as_ref());
    checks.that("getAlbumList2", "frequent: its album is in it", has)?;

    let other = &music.song.id;
    let report = |state, at| client.report_playback(other, "song", at, state, None, Some(true));
    answer("reportPlayback", report("starting", 0).await)?;
    answer("reportPlayback", report("playing", 1_500).await)?;
    let now = answer("getNowPlaying", client.get_now_playing().await)?;
    let entry = now.iter().find(|entry| entry.child.id == *other);
    let state = entry.and_then(|entry| entry.state.as_deref());
    checks.equal("reportPlayback", "a song plays", state, Some("playing"))?;
    let at = entry.and_then(|entry| entry.position_ms).unwrap_or_default();
    checks.that("reportPlayback", "where it is", (1_500..5_000).contains(&at))?;
    answer("reportPlayback", report("paused", 1_700).await)?;
    let now = answer("getNowPlaying", client.get_now_playing().await)?;
    let entry = now.iter().find(|entry| entry.child.id == *other);
    let at = entry.and_then(|entry| entry.position_ms);
    checks.equal("reportPlayback", "a pause stands still", at, Some(1_700))?;
    answer("reportPlayback", report("stopped", 1_800).await)?;
    let now = answer("getNowPlaying", client.get_now_playing().await)?;
    let is_gone = now.iter().all(|entry| entry.child.id != *other);
    checks.that("reportPlayback", "what stopped does not play", is_gone)
}

pub async fn playlists(session: &mut Session, music: &Music) -> Held {
    let Session { client, user, checks, .. } = session;
    let wanted = music.ids(4);
    let made = client.create_playlist(None, Some("of the client"), &wanted).await;
    let made = answer("createPlaylist", made)?;
    checks.equal("createPlaylist", "its songs in order", ids(&made.entry), wanted.clone())?;
    let all = answer("getPlaylists", client.get_playlists(None).await)?;
    let listed = all.iter().find(|playlist| playlist.id == made.id);
    let count = listed.and_then(|playlist| playlist.song_count);
    checks.equal("getPlaylists", "it counts its songs", count, Some(wanted.len() as i64))?;
    let owner = listed.and_then(|playlist| playlist.owner.as_ref());
    checks.equal("getPlaylists", "whose it is", owner, Some(&*user))?;
    let own = answer("getPlaylists", client.get_playlists(Some(user)).await)?;
    let has = own.iter().any(|playlist| playlist.id == made.id);
    checks.that("getPlaylists", "it is among one's own", has)?;
    let read = answer("getPlaylist", client.get_playlist(&made.id).await)?;
    checks.equal("getPlaylist", "the one that was made", &read, &made)?;

    let options = UpdatePlaylistOptions::new().name("renamed").comment("a comment").public(true);
    let options = options.add_song(wanted[2]).remove_index(0).remove_index(3);
    answer("updatePlaylist", client.update_playlist(&made.id, &options).await)?;
    let read = answer("getPlaylist", client.get_playlist(&made.id).await)?;
    let expected = vec![wanted[1], wanted[2], wanted[4], wanted[2]];
    checks.equal(
        "updatePlaylist",
        "songs go by place and come at the end",
        ids(&read.entry),
        expected,
    )?;
    checks.equal("updatePlaylist", "another name", &*read.name, "renamed")?;
    checks.equal("updatePlaylist", "a comment", read.comment.as_deref(), Some("a comment"))?;
    checks.equal("updatePlaylist", "for everybody", read.public, Some(true))?;
    let replaced = client.create_playlist(Some(&made.id), None, &wanted[..2]).await;
    let replaced = answer("createPlaylist", replaced)?;
    let expected = wanted[..2].to_vec();
    checks.equal("createPlaylist", "other songs for an old one", ids(&replaced.entry), expected)?;
    answer("deletePlaylist", client.delete_playlist(&made.id).await)?;
    let gone = client.get_playlist(&made.id).await;
    checks.refused("deletePlaylist", "it is gone", gone, SubsonicErrorCode::NotFound)
}

pub async fn queues(session: &mut Session, music: &Music) -> Held {
    let Session { client, user, checks, .. } = session;
    let wanted = music.ids(4);
    let saved = client.save_play_queue(&wanted, Some(wanted[1]), Some(12_345)).await;
    answer("savePlayQueue", saved)?;
    let queue = answer("getPlayQueue", client.get_play_queue().await)?;
    checks.equal("getPlayQueue", "its songs in order", ids(&queue.entry), wanted.clone())?;
    checks.equal("getPlayQueue", "the song it is at", queue.current.as_deref(), Some(wanted[1]))?;
    checks.equal("getPlayQueue", "where in it", queue.position, Some(12_345))?;
    checks.equal("getPlayQueue", "whose it is", &queue.username, user)?;
    checks.equal("getPlayQueue", "who saved it", &*queue.changed_by, "opensubsonic-rs")?;
    // The last one is the first one again: only its place tells them apart.
    let saved = client.save_play_queue_by_index(&wanted, Some(4), Some(99)).await;
    answer("savePlayQueueByIndex", saved)?;
    let queue = answer("getPlayQueueByIndex", client.get_play_queue_by_index().await)?;
    checks.equal("getPlayQueueByIndex", "its songs in order", ids(&queue.entry), wanted.clone())?;
    checks.equal("getPlayQueueByIndex", "the place it is at", queue.current_index, Some(4))?;
    checks.equal("getPlayQueueByIndex", "where in it", queue.position, Some(99))?;
    answer("savePlayQueue", client.save_play_queue(&[], None, None).await)?;
    let queue = answer("getPlayQueue", client.get_play_queue().await)?;
    checks.that("savePlayQueue", "nothing empties it", queue.entry.is_empty())
}

pub async fn bookmarks(session: &mut Session, music: &Music) -> Held {
    let Session { client, user, checks, .. } = session;
    let song = &music.song.id;
    answer("createBookmark", client.create_bookmark(song, 5_000, Some("here")).await)?;
    answer("createBookmark", client.create_bookmark(song, 6_000, Some("further")).await)?;
    let all = answer("getBookmarks", client.get_bookmarks().await)?;
    checks.equal("getBookmarks", "a song has one", all.len(), 1)?;
    checks.equal("getBookmarks", "in the song", &all[0].entry.id, song)?;
    checks.equal("getBookmarks", "where in it", all[0].position, 6_000)?;
    checks.equal("getBookmarks", "what it says", all[0].comment.as_deref(), Some("further"))?;
    checks.equal("getBookmarks", "whose it is", &all[0].username, user)?;
    answer("deleteBookmark", client.delete_bookmark(song).await)?;
    let all = answer("getBookmarks", client.get_bookmarks().await)?;
    checks.that("deleteBookmark", "it is gone", all.is_empty())
}
