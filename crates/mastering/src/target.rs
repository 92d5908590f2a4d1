use audio::{Decibels, Lufs};

use crate::Error;
use crate::chain::{Ceiling, Chain, Loudness, within};

/// What a platform asks of a master.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// The name on the command line and in recipes.
    pub name: &'static str,
    /// Integrated loudness.
    pub loudness: Lufs,
    /// How far from it a delivered file may be, LU.
    pub tolerance: Decibels,
    /// The highest true peak, dBTP.
    pub ceiling: Decibels,
}

/// Every target there is. Sources: the platforms' published playback levels; EBU R 128 (2020),
/// ATSC A/85 (2013). Club and CD levels follow custom, no standard.
pub const TARGETS: [Target; 9] = [
    target("spotify", -14.0, 0.5, -1.0),
    target("youtube", -14.0, 0.5, -1.0),
    target("amazon", -14.0, 0.5, -1.0),
    target("tidal", -14.0, 0.5, -1.0),
    target("apple", -16.0, 0.5, -1.0),
    target("broadcast-eu", -23.0, 1.0, -1.0),
    target("broadcast-us", -24.0, 2.0, -2.0),
    target("club", -8.0, 0.5, -0.3),
    target("cd", -10.0, 0.5, -0.1),
];

const fn target(name: &'static str, loudness: f64, tolerance: f64, ceiling: f64) -> Target {
    Target {
        name,
        loudness: Lufs(loudness),
        tolerance: Decibels(tolerance),
        ceiling: Decibels(ceiling),
    }
}

/// What people choose for listening at home, LUFS: wide dynamics (ReplayGain 2 plays at -18), quiet
/// rooms, the level of most platforms, loud surroundings.
pub const LISTENING: [Lufs; 4] = [Lufs(-18.0), Lufs(-16.0), Lufs(-14.0), Lufs(-11.0)];
/// The quietest and the loudest that may be asked for by number: below, players run out of gain;
/// above, no music is left that is not limited all the time.
pub const LISTENING_RANGE: (f64, f64) = (-30.0, -6.0);

impl Target {
    /// The target most listeners' players normalise to.
    pub const DEFAULT: Target = TARGETS[0];

    /// A chain with the level and the ceiling of this target.
    pub fn on(&self, chain: Chain) -> Chain {
        Chain {
            loudness: Some(Loudness::Lufs(self.loudness.0)),
            limiter: Some(Ceiling::at(self.ceiling.0)),
            ..chain
        }
    }

    /// A loudness for listening, any in [`LISTENING_RANGE`], under -1 dBTP; [`LISTENING`] are usual.
    pub fn listening(loudness: Lufs) -> Result<Target, Error> {
        within("loudness", loudness.0, LISTENING_RANGE.0, LISTENING_RANGE.1)?;
        Ok(target("listening", loudness.0, 0.5, -1.0))
    }

    /// Finds a target by its name.
    pub fn named(name: &str) -> Result<Target, Error> {
        TARGETS
            .into_iter()
            .find(|t| t.name == name)
            .ok_or_else(|| Error::UnknownTarget(name.to_owned()))
    }
}

/// All names, for a message or a help text.
pub(crate) fn names() -> String {
    TARGETS.map(|t| t.name).join(", ")
}
