//! What a listener gives to things: stars, ratings, plays, playlists, queues, bookmarks.

use library::catalogue::Page;
use library::playlists::{Change, Content, Edit, NewPlaylist, Playlist};
use library::queue::{Current, NewQueue};
use library::{PlaylistId, TrackId};

use super::call::{Answered, Call};
use super::filled;
use crate::playing::{Reported, Verdict};
use crate::subsonic::views::{self, Id, Millis, PlayQueue, State};
use crate::subsonic::{Code, Failure, Node, elements};

pub(super) fn answer(method: &str, call: &Call) -> Answered {
    Some(match method {
        "star" => star(call, true),
        "unstar" => star(call, false),
        "setRating" => rate(call),
        "scrobble" => scrobble(call),
        "reportPlayback" => report(call),
        "getNowPlaying" => now_playing(call),
        "getPlaylists" => playlists(call),
        "getPlaylist" => call.id("id").and_then(|id| playlist(call, id)),
        "createPlaylist" => create_playlist(call),
        "updatePlaylist" => update_playlist(call),
        "deletePlaylist" => delete_playlist(call),
        "savePlayQueue" => save_queue(call),
        "savePlayQueueByIndex" => save_queue_by_index(call),
        "getPlayQueue" => queue(call).map(|view| elements::play_queue(&view)),
        "getPlayQueueByIndex" => queue_by_index(call),
        "getBookmarks" => bookmarks(call),
        "createBookmark" => create_bookmark(call),
        "deleteBookmark" => delete_bookmark(call),
        _ => return None,
    })
}

/// A position in a track, in milliseconds.
fn position(call: &Call, name: &'static str) -> Result<Option<u64>, Failure> {
    Ok(call.parameters.within(name, 0..=i64::MAX)?.map(i64::unsigned_abs))
}

fn millis(position_ms: u64) -> Millis {
    Millis(filled::count(position_ms))
}

fn star(call: &Call, starred: bool) -> Result<Node, Failure> {
    call.house.library.star(call.who.user, call.items()?, starred)?;
    Ok(Node::new())
}

fn rate(call: &Call) -> Result<Node, Failure> {
    let stars = call.parameters.within("rating", 0..=5)?.ok_or(Failure::missing("rating"))?;
    let stars = u8::try_from(stars).unwrap_or_default();
    call.house.library.rate(call.who.user, call.id("id")?, stars)?;
    Ok(Node::new())
}

/// Plays that were, each with its moment; or the one that begins.
fn scrobble(call: &Call) -> Result<Node, Failure> {
    let tracks: Vec<TrackId> = call.ids("id")?;
    if tracks.is_empty() {
        return Err(Failure::missing("id"));
    }
    let library = &call.house.library;
    if call.parameters.flag("submission")?.unwrap_or(true) {
        let mut moments = call.parameters.moments("time")?.into_iter();
        for track in tracks {
            let at = moments.next().unwrap_or_else(|| call.now());
            library.played(call.who.user, track, at, &call.player)?;
        }
        return Ok(Node::new());
    }
    let track = library.track(call.who.user, tracks[0])?;
    let who = (call.who.user, call.who.name.as_str(), call.player.as_str());
    call.house.playing.began(who, track.id, call.now());
    Ok(Node::new())
}

fn report(call: &Call) -> Result<Node, Failure> {
    const KINDS: [(&str, bool); 2] = [("song", true), ("podcast", false)];
    let is_song = call.parameters.choice("mediaType", &KINDS)?;
    if !is_song.ok_or(Failure::missing("mediaType"))? {
        return Err(Failure::new(Code::NotFound));
    }
    let track = call.house.library.track(call.who.user, call.id("mediaId")?)?;
    let reported = Reported {
        state: call.parameters.choice("state", &State::WORDS)?.ok_or(Failure::missing("state"))?,
        position_ms: position(call, "positionMs")?.ok_or(Failure::missing("positionMs"))?,
        rate: call.parameters.number("playbackRate", 0.0..=100.0)?.unwrap_or(1.0),
    };
    let who = (call.who.user, call.who.name.as_str(), call.player.as_str());
    let length = (track.id, track.duration_ms);
    let verdict = call.house.playing.reported(who, length, reported, call.now());
    if call.parameters.flag("ignoreScrobble")?.unwrap_or(false) {
        return Ok(Node::new());
    }
    match verdict {
        Verdict::Nothing => {}
        Verdict::Played(track) => {
            call.house.library.played(call.who.user, track, call.now(), &call.player)?;
        }
        Verdict::Skipped(track) => call.house.library.skipped(call.who.user, track)?,
    }
    Ok(Node::new())
}

fn now_playing(call: &Call) -> Result<Node, Failure> {
    let now = call.now();
    let mut entries = Vec::new();
    for (n, player) in (1..).zip(call.house.playing.now(now)) {
        let Ok(track) = call.house.library.track(call.who.user, player.track) else { continue };
        let minutes = now.since(player.heard) / 60_000_000_000;
        entries.push(views::NowPlaying {
            song: filled::song(&track),
            username: player.user_name,
            minutes_ago: u32::try_from(minutes).unwrap_or(0),
            player_id: n,
            player_name: Some(player.client),
            reported: player.reported.map(told),
        });
    }
    Ok(elements::now_playing(&entries))
}

fn told(reported: Reported) -> views::Reported {
    let Reported { state, position_ms, rate } = reported;
    views::Reported { state, position: millis(position_ms), rate }
}

fn view(call: &Call, playlist: &Playlist) -> Result<views::Playlist, Failure> {
    let owner = if playlist.owner == call.who.user {
        Some(call.who.name.clone())
    } else {
        call.house.accounts.user(playlist.owner).ok().map(|user| user.name)
    };
    Ok(views::Playlist {
        id: filled::id(playlist.id),
        name: playlist.name.clone(),
        comment: Some(playlist.comment.clone()).filter(|comment| !comment.is_empty()),
        owner,
        public: playlist.public,
        song_count: filled::count(playlist.tracks),
        duration: filled::seconds(playlist.duration_ms),
        created: playlist.created,
        changed: playlist.changed,
        cover_art: Some(filled::id(playlist.id)),
        allowed_users: Vec::new(),
        readonly: playlist.owner != call.who.user || playlist.rules.is_some(),
        valid_until: None,
    })
}

/// Everybody's own and the public ones. An admin sees those of another user by name, as far as that
/// user made them public.
fn playlists(call: &Call) -> Result<Node, Failure> {
    if let Some(name) = call.parameters.optional("username")
        && name.to_lowercase() != call.who.name.to_lowercase()
    {
        call.admin()?;
        let user =
            call.house.accounts.user_named(name).map_err(|_| Failure::new(Code::NotFound))?;
        let all = call.house.library.playlists(call.who.user)?;
        let theirs = all.iter().filter(|playlist| playlist.owner == user.id);
        let views = theirs.map(|p| view(call, p)).collect::<Result<Vec<_>, _>>()?;
        return Ok(elements::playlists(&views));
    }
    let all = call.house.library.playlists(call.who.user)?;
    let views = all.iter().map(|p| view(call, p)).collect::<Result<Vec<_>, _>>()?;
    Ok(elements::playlists(&views))
}

fn playlist(call: &Call, id: PlaylistId) -> Result<Node, Failure> {
    let contents = call.house.library.playlist_contents(call.who.user, id, Page::WHOLE)?;
    let songs: Vec<_> = contents.there().map(filled::song).collect();
    Ok(elements::playlist(&view(call, &contents.playlist)?, &songs))
}

/// Makes a playlist, or puts other songs into one; answers with it, as servers of the protocol do.
fn create_playlist(call: &Call) -> Result<Node, Failure> {
    let tracks: Vec<TrackId> = call.ids("songId")?;
    let library = &call.house.library;
    let name = call.parameters.optional("name").map(str::to_owned);
    let id = if call.parameters.optional("playlistId").is_some() {
        let id = call.id("playlistId")?;
        let change = Change { name, edits: vec![Edit::Replace(tracks)], ..Change::default() };
        library.change_playlist(call.who.user, id, change)?;
        id
    } else {
        let name = name.ok_or(Failure::missing("name"))?;
        let (comment, public, content) = (String::new(), false, Content::Tracks(tracks));
        library.create_playlist(call.who.user, NewPlaylist { name, comment, public, content })?
    };
    playlist(call, id)
}

fn update_playlist(call: &Call) -> Result<Node, Failure> {
    let places = call.parameters.all_within("songIndexToRemove", 0..=i64::from(u32::MAX))?;
    let places: Vec<usize> = places.into_iter().filter_map(|n| usize::try_from(n).ok()).collect();
    let added: Vec<TrackId> = call.ids("songIdToAdd")?;
    let mut edits = Vec::new();
    if !places.is_empty() {
        edits.push(Edit::Remove(places));
    }
    if !added.is_empty() {
        edits.push(Edit::Append(added));
    }
    let change = Change {
        name: call.parameters.optional("name").map(str::to_owned),
        // An empty comment takes the old one away.
        comment: call.parameters.first("comment").map(str::to_owned),
        public: call.parameters.flag("public")?,
        rules: None,
        edits,
    };
    call.house.library.change_playlist(call.who.user, call.id("playlistId")?, change)?;
    Ok(Node::new())
}

fn delete_playlist(call: &Call) -> Result<Node, Failure> {
    call.house.library.delete_playlist(call.who.user, call.id("id")?)?;
    Ok(Node::new())
}

fn save_queue(call: &Call) -> Result<Node, Failure> {
    let tracks: Vec<TrackId> = call.ids("id")?;
    let current = match call.parameters.optional("current") {
        Some(_) => Current::Track(call.id("current")?),
        None => Current::At(0),
    };
    keep_queue(call, tracks, current)
}

fn save_queue_by_index(call: &Call) -> Result<Node, Failure> {
    let tracks: Vec<TrackId> = call.ids("id")?;
    let last = i64::try_from(tracks.len()).unwrap_or(i64::MAX) - 1;
    let current = match call.parameters.within("currentIndex", 0..=last.max(0))? {
        Some(at) => Current::At(usize::try_from(at).unwrap_or_default()),
        None if tracks.is_empty() => Current::At(0),
        None => return Err(Failure::missing("currentIndex")),
    };
    keep_queue(call, tracks, current)
}

fn keep_queue(call: &Call, tracks: Vec<TrackId>, current: Current) -> Result<Node, Failure> {
    let position_ms = position(call, "position")?.unwrap_or(0);
    let client = call.player.clone();
    let queue = NewQueue { tracks, current, position_ms, client };
    call.house.library.save_queue(call.who.user, queue)?;
    Ok(Node::new())
}

/// The queue with its current place, and the song there. Tracks that are missing are left out.
struct FoundQueue {
    view: PlayQueue<u32>,
    current: Option<Id>,
}

fn found_queue(call: &Call) -> Result<Option<FoundQueue>, Failure> {
    let Some(queue) = call.house.library.queue(call.who.user)? else { return Ok(None) };
    let is_there = |track: &&library::model::Track| track.missing.is_none();
    let before = queue.entries.iter().take(queue.current).filter(is_there).count();
    let songs: Vec<_> = queue.entries.iter().filter(is_there).map(filled::song).collect();
    let current = songs.get(before).map(|song| song.id.clone());
    let view = PlayQueue {
        current: current.is_some().then(|| filled::count(before as u64)),
        position: millis(queue.position_ms),
        username: call.who.name.clone(),
        changed: queue.changed,
        changed_by: queue.client,
        songs,
    };
    Ok(Some(FoundQueue { view, current }))
}

fn queue(call: &Call) -> Result<PlayQueue<Id>, Failure> {
    let Some(FoundQueue { view, current }) = found_queue(call)? else {
        return Ok(PlayQueue { username: call.who.name.clone(), ..PlayQueue::<Id>::default() });
    };
    Ok(PlayQueue {
        current,
        position: view.position,
        username: view.username,
        changed: view.changed,
        changed_by: view.changed_by,
        songs: view.songs,
    })
}

fn queue_by_index(call: &Call) -> Result<Node, Failure> {
    let found = found_queue(call)?.map(|found| found.view);
    let none = PlayQueue { username: call.who.name.clone(), ..PlayQueue::<u32>::default() };
    Ok(elements::play_queue_by_index(&found.unwrap_or(none)))
}

fn bookmarks(call: &Call) -> Result<Node, Failure> {
    let bookmarks = call.house.library.bookmarks(call.who.user)?;
    let view = |bookmark: library::Bookmark| views::Bookmark {
        position: millis(bookmark.position_ms),
        username: call.who.name.clone(),
        comment: Some(bookmark.comment).filter(|comment| !comment.is_empty()),
        created: bookmark.created,
        changed: bookmark.changed,
        song: filled::song(&bookmark.track),
    };
    Ok(elements::bookmarks(&bookmarks.into_iter().map(view).collect::<Vec<_>>()))
}

fn create_bookmark(call: &Call) -> Result<Node, Failure> {
    let at = position(call, "position")?.ok_or(Failure::missing("position"))?;
    let comment = call.parameters.first("comment").unwrap_or_default();
    call.house.library.set_bookmark(call.who.user, call.track()?, at, comment)?;
    Ok(Node::new())
}

fn delete_bookmark(call: &Call) -> Result<Node, Failure> {
    call.house.library.delete_bookmark(call.who.user, call.track()?)?;
    Ok(Node::new())
}
