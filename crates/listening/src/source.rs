use audio::Decibels;
use audio_file::Decoder;
use mastering::Chain;

/// What a track is called on a timeline, by who put it there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot(pub u32);

/// A track to be heard.
pub struct Source {
    /// What it is called.
    pub slot: Slot,
    /// Its sound, from its first frame on.
    pub decoder: Decoder,
    /// What is done to it, and at which level it is played.
    pub treatment: Treatment,
    /// Whether it goes on from the track before it, as on an album: never faded into, and through the
    /// same filters.
    pub goes_on: bool,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("slot", &self.slot).finish_non_exhaustive()
    }
}

/// What is done to a track.
#[derive(Debug, Clone, PartialEq)]
pub struct Treatment {
    /// Its filters, their level found; none for the sound as it came.
    pub chain: Option<Chain>,
    /// The level at which what comes out is played.
    pub gain: Decibels,
    /// The level of the sound as it came, where both are heard side by side.
    pub original_gain: Decibels,
}

impl Treatment {
    /// As it came.
    pub const NONE: Self = Self { chain: None, gain: Decibels(0.0), original_gain: Decibels(0.0) };
}
