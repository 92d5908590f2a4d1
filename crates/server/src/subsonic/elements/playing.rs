use super::media;
use crate::subsonic::views::{Bookmark, Id, NowPlaying, PlayQueue, Reported, SonicMatch, State};
use crate::subsonic::{Node, Scalar};

/// What the protocol says instead of a similarity that was not measured.
const NOT_MEASURED: f64 = -1.0;

/// `getNowPlaying`.
pub fn now_playing(entries: &[NowPlaying]) -> Node {
    let entry = |view: &NowPlaying| {
        media::child(&view.song)
            .attribute("username", &view.username)
            .attribute("minutesAgo", view.minutes_ago)
            .attribute("playerId", view.player_id)
            .maybe("playerName", view.player_name.as_ref())
            .and(view.reported.map(reported).unwrap_or_default())
    };
    Node::new().child("nowPlaying", Node::new().list("entry", entries.iter().map(entry)))
}

/// `getPlayQueue`.
pub fn play_queue(view: &PlayQueue<Id>) -> Node {
    Node::new().child("playQueue", queue(view, "current", view.current.as_ref()))
}

/// `getPlayQueueByIndex`.
pub fn play_queue_by_index(view: &PlayQueue<u32>) -> Node {
    Node::new().child("playQueueByIndex", queue(view, "currentIndex", view.current))
}

/// `getBookmarks`.
pub fn bookmarks(bookmarks: &[Bookmark]) -> Node {
    let bookmark = |view: &Bookmark| {
        Node::new()
            .attribute("position", view.position)
            .attribute("username", &view.username)
            .maybe("comment", view.comment.as_ref())
            .attribute("created", view.created)
            .attribute("changed", view.changed)
            .child("entry", media::child(&view.song))
    };
    Node::new().child("bookmarks", Node::new().list("bookmark", bookmarks.iter().map(bookmark)))
}

/// `getSonicSimilarTracks` and `findSonicPath`.
pub fn sonic_matches(matches: &[SonicMatch]) -> Node {
    let sonic_match = |view: &SonicMatch| {
        Node::new()
            .child("entry", media::child(&view.song))
            .float("similarity", Some(similarity(view)))
    };
    Node::new().list("sonicMatch", matches.iter().map(sonic_match))
}

fn similarity(view: &SonicMatch) -> f64 {
    view.similarity.filter(|value| value.is_finite()).unwrap_or(NOT_MEASURED)
}

fn reported(view: Reported) -> Node {
    let word = State::WORDS.iter().find(|(_, state)| *state == view.state).map(|(word, _)| *word);
    Node::new()
        .maybe("state", word)
        .attribute("positionMs", view.position)
        .float("playbackRate", Some(view.rate))
}

fn queue<C, V: Into<Scalar>>(
    view: &PlayQueue<C>,
    current_name: &'static str,
    current: Option<V>,
) -> Node {
    Node::new()
        .maybe(current_name, current)
        .attribute("position", view.position)
        .attribute("username", &view.username)
        .attribute("changed", view.changed)
        .attribute("changedBy", &view.changed_by)
        .list("entry", media::children(&view.songs))
}
