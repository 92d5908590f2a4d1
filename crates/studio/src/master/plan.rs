use audio::Decibels;
use fault::Cancel;
use mastering::chain::Loudness;
use mastering::{Chain, HeldBack, Intensity, Plan, solve};

use crate::Error;
use crate::track::Programme;

/// What will be done, its level found.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    /// `None` leaves the sound as it came.
    pub(super) chain: Option<Chain>,
    pub(super) gain: Decibels,
    pub(super) limiting: Decibels,
    pub(super) mean_limiting: Decibels,
    pub(super) held_back: Option<HeldBack>,
    /// The loudness the master is held to, LUFS: what was asked for, or where less than all is
    /// carried out, what the plan says comes of it.
    pub(super) wanted: Option<f64>,
}

impl Planned {
    /// The plan for all of a chain is found first: part of it is part of that.
    pub(super) fn of(
        sound: &mut Programme,
        chain: &Chain,
        intensity: Intensity,
        cancel: &Cancel,
    ) -> Result<Self, Error> {
        if intensity == Intensity::NONE {
            return Ok(Self {
                chain: None,
                gain: Decibels(0.0),
                limiting: Decibels(0.0),
                mean_limiting: Decibels(0.0),
                held_back: None,
                wanted: None,
            });
        }
        let full = solve(sound, chain, cancel)?;
        if intensity == Intensity::FULL {
            let asked = match chain.loudness {
                Some(Loudness::Lufs(lufs)) => lufs,
                _ => full.loudness.0,
            };
            return Ok(Self::from_plan(full, asked));
        }
        let scaled = full.chain.scaled(intensity);
        let held_back = full.held_back;
        let part = solve(sound, &scaled, cancel)?;
        let comes = part.loudness.0;
        Ok(Self { held_back, ..Self::from_plan(part, comes) })
    }

    fn from_plan(plan: Plan, wanted: f64) -> Self {
        Self {
            gain: plan.gain(),
            limiting: plan.limiting,
            mean_limiting: plan.mean_limiting,
            held_back: plan.held_back,
            wanted: Some(wanted),
            chain: Some(plan.chain),
        }
    }
}
