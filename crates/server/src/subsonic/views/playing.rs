use clock::Nanos;

use super::{Child, Id, Millis};

/// What someone is listening to.
#[derive(Debug, Clone, PartialEq)]
pub struct NowPlaying {
    /// The song.
    pub song: Child,
    /// Who.
    pub username: String,
    /// Since the last sign of it, in minutes.
    pub minutes_ago: u32,
    /// Names the player: a number in this protocol.
    pub player_id: u32,
    /// As the client calls itself.
    pub player_name: Option<String>,
    /// What the client reported, where it reports.
    pub reported: Option<Reported>,
}

/// What a client reported of its player, carried on to now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reported {
    /// What the player does.
    pub state: State,
    /// How far it is.
    pub position: Millis,
    /// How fast it plays; 1 is as recorded.
    pub rate: f64,
}

/// What a player does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It was told to play.
    Starting,
    /// It sounds.
    Playing,
    /// It waits.
    Paused,
    /// It is done.
    Stopped,
}

impl State {
    /// The states as the protocol calls them, in requests and answers.
    pub const WORDS: [(&'static str, Self); 4] = [
        ("starting", Self::Starting),
        ("playing", Self::Playing),
        ("paused", Self::Paused),
        ("stopped", Self::Stopped),
    ];
}

/// A queue as a user left it, to go on elsewhere. `C` names the current song: its [`Id`], or its
/// place from 0 where a song may stand twice.
#[derive(Debug, Clone, PartialEq)]
pub struct PlayQueue<C> {
    /// The song that was playing; none only for an empty queue.
    pub current: Option<C>,
    /// How far it was.
    pub position: Millis,
    /// Whose queue.
    pub username: String,
    /// When it was left.
    pub changed: Nanos,
    /// In which client.
    pub changed_by: String,
    /// The songs in their order.
    pub songs: Vec<Child>,
}

/// A place in a song to come back to.
#[derive(Debug, Clone, PartialEq)]
pub struct Bookmark {
    /// How far in.
    pub position: Millis,
    /// Whose.
    pub username: String,
    /// What its owner says of it.
    pub comment: Option<String>,
    /// When it was made.
    pub created: Nanos,
    /// When it was last moved.
    pub changed: Nanos,
    /// Of which song.
    pub song: Child,
}

/// A song that sounds like another.
#[derive(Debug, Clone, PartialEq)]
pub struct SonicMatch {
    /// The song.
    pub song: Child,
    /// From 0, most unlike, to 1, the same; none where it was not measured.
    pub similarity: Option<f64>,
}

impl Default for PlayQueue<Id> {
    fn default() -> Self {
        empty()
    }
}

impl Default for PlayQueue<u32> {
    fn default() -> Self {
        empty()
    }
}

const fn empty<C>() -> PlayQueue<C> {
    PlayQueue {
        current: None,
        position: Millis(0),
        username: String::new(),
        changed: Nanos(0),
        changed_by: String::new(),
        songs: Vec::new(),
    }
}
