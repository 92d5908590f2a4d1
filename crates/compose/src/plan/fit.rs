use clock::Seed;
use score::{Tempo, TempoMap, Ticks, TimeSignature};

use crate::brief::{Feel, Pace};
use crate::{Brief, Error, Style};

/// Tempo and number of bars that fill the duration.
pub(super) struct Fitted {
    pub(super) tempo: TempoMap,
    pub(super) bars: u32,
}

/// Share of the tempo that is left at the last beat of a ritardando.
const SLOWEST: f64 = 0.7;
/// Songs shorter than this many bars end without slowing.
const LEAST_BARS_TO_SLOW: u32 = 8;
/// Bars over which the song slows.
const SLOWING_BARS: u32 = 2;
/// How far from the wish a whole number of beats a minute may leave the end, in bars.
const WHOLE_TEMPO_ERROR: f64 = 0.4;

/// Bars and tempo. A tempo that was asked for is kept and bars are counted to fit; a free tempo
/// is moved within the genre's range so that whole four-bar phrases fill the time.
pub(super) fn fit(
    brief: &Brief,
    style: &Style,
    meter: TimeSignature,
    seed: Seed,
) -> Result<Fitted, Error> {
    let wanted = desired_bpm(brief, style, seed);
    let seconds = brief.duration.unwrap_or(style.duration);
    let length = Length { meter, slows: style.ritardando };
    let (bpm, bars) = match (brief.bpm, brief.duration) {
        (Some(bpm), Some(_)) => (bpm, length.bars(bpm, seconds)),
        (Some(bpm), None) => (bpm, phrases(length.bars(bpm, seconds))),
        (None, None) => (wanted, phrases(length.bars(wanted, seconds))),
        (None, Some(_)) => free(length, style, wanted, seconds),
    };
    let tempo = tempo_map(length, Tempo::from_bpm(bpm)?, bars)?;
    Ok(Fitted { tempo, bars })
}

/// A number of bars in whole phrases of four.
fn phrases(bars: u32) -> u32 {
    ((bars + 2) / 4 * 4).max(4)
}

#[derive(Clone, Copy)]
struct Length {
    meter: TimeSignature,
    slows: bool,
}

impl Length {
    /// Quarters that `bars` last, those added by slowing included.
    fn quarters(self, bars: u32) -> f64 {
        let plain = self.meter.bar().quarters() * f64::from(bars);
        if self.slows && bars >= LEAST_BARS_TO_SLOW { plain + self.added() } else { plain }
    }

    fn added(self) -> f64 {
        slowing(self.meter).map(|(_, quarters, share)| quarters * (1.0 / share - 1.0)).sum()
    }

    /// The number of bars whose end is nearest, at least 1.
    fn bars(self, bpm: f64, seconds: f64) -> u32 {
        let near = (seconds * bpm / 60.0 / self.meter.bar().quarters()) as u32;
        let off = |bars: u32| (self.quarters(bars) * 60.0 / bpm - seconds).abs();
        (near.saturating_sub(3)..=near + 1)
            .filter(|bars| *bars > 0)
            .min_by(|a, b| off(*a).total_cmp(&off(*b)))
            .unwrap_or(1)
    }
}

/// Pulses of the last bars: ticks from the start of the slowing, quarters, share of the tempo.
fn slowing(meter: TimeSignature) -> impl Iterator<Item = (Ticks, f64, f64)> {
    let pulses = meter.pulses();
    let count = pulses.len() as f64 * f64::from(SLOWING_BARS);
    (0..u64::from(SLOWING_BARS)).flat_map(move |bar| {
        let first = bar as usize * pulses.len();
        let at = |index: usize| (first + index + 1) as f64 / count;
        let of = pulses.iter().enumerate().map(|(index, pulse)| {
            let share = 1.0 - (1.0 - SLOWEST) * at(index);
            (meter.bar() * bar + pulse.at, pulse.length.quarters(), share)
        });
        of.collect::<Vec<_>>()
    })
}

fn tempo_map(length: Length, tempo: Tempo, bars: u32) -> Result<TempoMap, Error> {
    let mut map = TempoMap::constant(tempo);
    if length.slows && bars >= LEAST_BARS_TO_SLOW {
        let from = length.meter.bar() * u64::from(bars - SLOWING_BARS);
        for (at, _, share) in slowing(length.meter) {
            let slower = (tempo.bpm() * share).max(Tempo::SLOWEST);
            map.set(from + at, Tempo::from_bpm(slower)?);
        }
    }
    Ok(map)
}

/// Bars in whole phrases and the tempo that makes them end on time.
fn free(length: Length, style: &Style, wanted: f64, seconds: f64) -> (f64, u32) {
    let range = style.tempo.low..=style.tempo.high;
    let near = length.bars(wanted, seconds);
    for phrase in [8, 4, 2, 1] {
        // Long phrases are worth a small change of tempo only.
        let reach = if phrase == 8 { wanted * 0.05 } else { f64::INFINITY };
        let best = (1..=near / phrase + 2)
            .map(|count| count * phrase)
            .map(|bars| (length.quarters(bars) * 60.0 / seconds, bars))
            .filter(|(bpm, _)| range.contains(bpm) && (bpm - wanted).abs() <= reach)
            .min_by(|a, b| (a.0 - wanted).abs().total_cmp(&(b.0 - wanted).abs()));
        if let Some((bpm, bars)) = best {
            let whole = bpm.round();
            let error = (length.quarters(bars) * 60.0 / whole - seconds).abs();
            let bar = length.meter.bar().quarters() * 60.0 / whole;
            let fits = error <= bar * WHOLE_TEMPO_ERROR && range.contains(&whole);
            return (if fits { whole } else { bpm }, bars);
        }
    }
    (wanted, near)
}

/// The tempo one would choose if the duration were free.
fn desired_bpm(brief: &Brief, style: &Style, seed: Seed) -> f64 {
    let range = style.tempo;
    let mut place = (range.typical - range.low) / (range.high - range.low);
    place += seed.stream("tempo").normal() * 0.08;
    for mood in &brief.moods {
        place += mood.bend().pace * 0.35;
    }
    for mood in &brief.moods_avoided {
        place -= mood.bend().pace * 0.2;
    }
    place += match brief.energy {
        Some(crate::brief::Energy::Low) => -0.2,
        Some(crate::brief::Energy::High) => 0.2,
        Some(crate::brief::Energy::Middle) | None => 0.0,
    };
    let place = match brief.pace {
        Some(Pace::VerySlow) => 0.0,
        Some(Pace::Slow) => 0.12,
        Some(Pace::Medium) => 0.5,
        Some(Pace::Fast) => 0.85,
        Some(Pace::VeryFast) => 1.0,
        None => place,
    };
    // Half time makes a fast pulse feel slow, so the pulse itself may be quicker.
    let place = if brief.feel == Some(Feel::HalfTime) { place + 0.15 } else { place };
    (range.low + (range.high - range.low) * place.clamp(0.0, 1.0)).round()
}
