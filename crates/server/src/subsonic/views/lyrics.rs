use super::Millis;

/// Lyrics as one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lyrics {
    /// The artist of the song.
    pub artist: Option<String>,
    /// The title of the song.
    pub title: Option<String>,
    /// The words, one line a line; empty where none are known.
    pub text: String,
}

/// Lyrics in one language, line by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StructuredLyrics {
    /// ISO 639, or "und".
    pub lang: String,
    /// The artist of the song.
    pub display_artist: Option<String>,
    /// The title of the song.
    pub display_title: Option<String>,
    /// What all times are to be moved by, in milliseconds; positive is sooner.
    pub offset_ms: i64,
    /// In order of their times, or of the text.
    pub lines: Vec<Line>,
    /// Whether every line has its time.
    pub synced: bool,
    /// What a client gets that asked for more than lines; version 2 of the extension.
    pub strand: Option<Strand>,
}

/// A line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// When it begins; none in lyrics without times.
    pub start: Option<Millis>,
    /// Its words.
    pub text: String,
}

/// Which strand of the words, sung by whom, word by word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strand {
    /// What it is to the song.
    pub role: Role,
    /// Who sings: none, or everyone the lines name.
    pub agents: Vec<Agent>,
    /// Lines with the times of their words.
    pub cue_lines: Vec<CueLine>,
}

/// What a strand is to the song.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The words as sung.
    Main,
    /// In another language.
    Translation,
    /// In another script.
    Pronunciation,
}

/// As what someone sings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// The lead.
    Main,
    /// One of several.
    Single,
    /// Behind the lead.
    Background,
    /// All together.
    Group,
}

/// Someone who sings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Names them within the lyrics.
    pub id: String,
    /// As what they sing.
    pub role: Voice,
    /// Their name.
    pub name: Option<String>,
}

/// A line with the times of its words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CueLine {
    /// Which line it is, from 0.
    pub index: u32,
    /// When it begins.
    pub start: Option<Millis>,
    /// When it ends.
    pub end: Option<Millis>,
    /// The words of this singer.
    pub text: String,
    /// Who sings them.
    pub agent: Option<String>,
    /// Word by word.
    pub cues: Vec<Cue>,
}

/// A word or syllable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cue {
    /// When it begins.
    pub start: Millis,
    /// When it ends: for all of a line or for none.
    pub end: Option<Millis>,
    /// Its first byte in the line's text.
    pub byte_start: u32,
    /// Its last byte in the line's text.
    pub byte_end: u32,
    /// Itself.
    pub text: String,
}
