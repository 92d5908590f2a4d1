use audio::Decibels;
use audio_file::Decoder;
use mastering::Plan;
use mastering::chain::Intensity;

/// What a track is called on a timeline, by who put it there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot(pub u32);

/// A track to be heard.
pub struct Source {
    /// What it is called.
    pub slot: Slot,
    /// Its sound, from its first frame on.
    pub decoder: Decoder,
    /// What mastering does to it, and how much of that; none for the sound as it came.
    pub plan: Option<(Plan, Intensity)>,
    /// The level at which it is played, after all else.
    pub gain: Decibels,
    /// Whether it goes on from the track before it, as on an album: never faded into, and through the
    /// same filters.
    pub goes_on: bool,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("slot", &self.slot).finish_non_exhaustive()
    }
}
