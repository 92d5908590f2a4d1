//! What mastering does to tracks while they are heard: decided at once, proven in the background, kept.
//!
//! A track is analysed and decided about within a second; the level of its chain is estimated until the
//! plan is solved on the whole of it. Then what comes out is measured. Plans are kept by what the sound
//! is and not by its file, and by all that decides about them. An album is one sound of several tracks,
//! with one plan.

mod enhancement;
mod pool;
mod shelf;
mod work;

use std::sync::Arc;

use audio_file::Decoder;
use fault::Cancel;
use mastering::Chain;
use serde::{Deserialize, Serialize};
use store::Store;

use crate::Error;
use crate::desk::SoundId;
use crate::treatment::ReasonLine;

pub use enhancement::{Enhancement, Manner};
pub use pool::{MAX_WAITING, Urgency};

use pool::Pool;
use shelf::Shelf;

/// A sound in a way of mastering it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wish {
    /// What is played one after another: a track, or the tracks of an album.
    pub parts: Vec<SoundId>,
    /// What the whole is: the same bytes for the same sound, wherever it lies.
    pub essence: Vec<u8>,
    /// The same of the track it shall be like; nothing where there is none.
    pub reference: Vec<u8>,
    /// How it is to be mastered.
    pub enhancement: Enhancement,
}

/// Opens a sound anew, as often as it has to be heard.
pub type Opener = Box<dyn Fn(SoundId) -> Result<Decoder, Error> + Send + Sync>;

/// How loud a sound is. A figure that is none is not measurable.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Levels {
    /// Integrated, LUFS.
    pub lufs: Option<f64>,
    /// 4x true peak, dBTP.
    pub true_peak_dbtp: Option<f64>,
    /// Loudness range, LU.
    pub range_lu: Option<f64>,
}

/// One third of an octave of a sound, before and after.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// Its centre.
    pub hz: f64,
    /// Mean power of the original, dB; none where there is nothing.
    pub before_db: Option<f64>,
    /// The same of what comes out, once it was measured.
    pub after_db: Option<f64>,
}

/// What the limiter does for the level that was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Limiting {
    /// The deepest reduction, dB, 0 or less.
    pub deepest_db: f64,
    /// The mean over the sound.
    pub mean_db: f64,
    /// What kept the plan from its target, in words.
    pub held_back: Option<String>,
}

/// What is done to a sound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// The filters, their level found, as much of them as was asked for.
    pub chain: Chain,
    /// The gain before the limiter, dB.
    pub gain_db: f64,
    /// The sound as it came.
    pub before: Levels,
    /// What comes out; none before it was measured.
    pub after: Option<Levels>,
    /// Of the full plan, once it is solved.
    pub limiting: Option<Limiting>,
    /// Why each stage is as it is.
    pub stages: Vec<ReasonLine>,
    /// The spectrum.
    pub bands: Vec<Band>,
}

/// Gains under which original and master are equally loud.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Matched {
    /// For the sound as it came, dB.
    pub original_db: f64,
    /// For the master, dB: below 0 where the original has no room to be lifted.
    pub enhanced_db: f64,
}

/// How far a wish is.
#[derive(Debug, Clone)]
pub enum State {
    /// Nothing is known yet.
    Waiting,
    /// Decided; the level is an estimate.
    Estimated(Arc<Known>),
    /// The level is proven on the whole sound.
    Solved(Arc<Known>),
    /// There is no master: the sound is silent, or cannot be read.
    Failed(Arc<Error>),
}

impl State {
    /// What there is to do so far.
    pub fn known(&self) -> Option<&Arc<Known>> {
        match self {
            State::Estimated(known) | State::Solved(known) => Some(known),
            State::Waiting | State::Failed(_) => None,
        }
    }
}

impl Known {
    /// Whether what comes out was measured.
    pub fn is_measured(&self) -> bool {
        self.after.is_some()
    }

    /// Gains for a fair comparison, from what both measured; none before the outcome was.
    pub fn matched(&self) -> Option<Matched> {
        let (before, after) = (self.before.lufs?, self.after?.lufs?);
        let wanted = after - before;
        // Lifted to full scale at most; what is missing the master gives way.
        let room = self.before.true_peak_dbtp.map_or(0.0, |peak| (-peak).max(0.0));
        let original_db = wanted.min(room);
        Some(Matched { original_db, enhanced_db: original_db - wanted })
    }
}

/// Plans of all tracks. Clones are the same.
#[derive(Debug, Clone)]
pub struct Plans(Arc<Pool>);

impl Plans {
    /// Starts the threads that work on them; they end when `stop` says so.
    ///
    /// # Errors
    /// A machine that has no thread to give.
    pub fn new(store: Store, open: Opener, threads: usize, stop: Cancel) -> Result<Self, Error> {
        Ok(Self(Pool::start(Shelf(store), open, threads, stop)?))
    }

    /// How far a wish is, and has it worked on where that is not done. Looks at the disk the first time.
    ///
    /// # Errors
    /// Those of the database.
    pub fn ask(&self, wish: &Wish, urgency: Urgency) -> Result<State, Error> {
        self.0.ask(wish, urgency)
    }

    /// How far a wish is that was asked for lately. Never waits.
    pub fn look(&self, wish: &Wish) -> Option<State> {
        self.0.look(wish)
    }
}

#[cfg(test)]
mod tests {
    use super::{Known, Levels, Matched};
    use mastering::Chain;

    fn known(before: f64, peak: f64, after: f64) -> Known {
        let levels =
            |lufs, peak| Levels { lufs: Some(lufs), true_peak_dbtp: Some(peak), range_lu: None };
        Known {
            chain: Chain::default(),
            gain_db: 0.0,
            before: levels(before, peak),
            after: Some(levels(after, -1.0)),
            limiting: None,
            stages: Vec::new(),
            bands: Vec::new(),
        }
    }

    #[test]
    fn original_and_master_are_brought_to_one_loudness_without_clipping() {
        let matched = |before, peak, after| known(before, peak, after).matched().unwrap();
        assert_eq!(matched(-20.0, -9.0, -14.0), Matched { original_db: 6.0, enhanced_db: 0.0 });
        assert_eq!(matched(-20.0, -2.0, -14.0), Matched { original_db: 2.0, enhanced_db: -4.0 });
        assert_eq!(matched(-8.0, 1.5, -14.0), Matched { original_db: -6.0, enhanced_db: 0.0 });
        assert_eq!(matched(-15.0, 1.0, -14.0), Matched { original_db: 0.0, enhanced_db: -1.0 });
    }
}
