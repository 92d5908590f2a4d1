//! When a sound falls silent by itself.

use audio::SampleRate;

use super::message::Refused;

/// A sound falls silent over this, seconds.
const FADE_S: f64 = 5.0;
/// Timers of a player: from a fade to a day.
const AFTER_S: std::ops::RangeInclusive<f64> = FADE_S..=86_400.0;

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) enum Sleep {
    #[default]
    Never,
    /// From this frame of the timeline on.
    From(u64),
    EndOfTrack,
}

impl Sleep {
    /// As a player asks, who hears a frame of its timeline now and was sent it up to another: what was sent
    /// fades no more.
    pub(super) fn asked(
        (after_s, end_of_track): (Option<f64>, bool),
        rate: SampleRate,
        (played, sent): (u64, u64),
    ) -> Result<Self, Refused> {
        match (after_s, end_of_track) {
            (None, true) => Ok(Self::EndOfTrack),
            (None, false) => Ok(Self::Never),
            (Some(after), false) if AFTER_S.contains(&after) => {
                let from = played.saturating_add(rate.frames(after - FADE_S).0);
                Ok(Self::From(from.max(sent)))
            }
            (Some(_), _) => Err(Refused::Invalid),
        }
    }

    /// The same on a timeline that begins anew where this one is heard; a timer that has ended one is over.
    pub(super) fn anew(self, played: u64, has_ended: bool) -> Self {
        match self {
            _ if has_ended => Self::Never,
            Self::From(at) => Self::From(at.saturating_sub(played)),
            other => other,
        }
    }

    /// Seconds until it is silent, where they are known.
    pub(super) fn left_s(self, rate: SampleRate, played: u64) -> Option<f64> {
        match self {
            Self::From(at) => {
                Some(at.saturating_sub(played) as f64 / f64::from(rate.hz()) + FADE_S)
            }
            Self::Never | Self::EndOfTrack => None,
        }
    }

    /// Fades a block where it is time to; how much of it is heard, and whether it is the last. `next` is
    /// where the next track begins in it.
    pub(super) fn fade(
        self,
        rate: SampleRate,
        from: u64,
        planes: &mut [Vec<f32>],
        next: Option<u64>,
    ) -> (usize, bool) {
        let made = planes[0].len();
        match self {
            Self::Never => (made, false),
            Self::EndOfTrack => match next {
                Some(frame) => ((frame - from) as usize, true),
                None => (made, false),
            },
            Self::From(at) => {
                let length = rate.frames(FADE_S).0;
                for plane in planes.iter_mut() {
                    for (n, sample) in plane.iter_mut().enumerate() {
                        let done = (from + n as u64).saturating_sub(at).min(length);
                        *sample *= 1.0 - done as f32 / length as f32;
                    }
                }
                let left = at.saturating_add(length).saturating_sub(from);
                (made.min(usize::try_from(left).unwrap_or(made)), left <= made as u64)
            }
        }
    }
}
