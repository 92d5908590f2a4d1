//! How a score measures up: the figures by which symbolic music is judged, taken from the score
//! alone, so that what is reported is what was delivered.

mod form;
mod harmony;
mod melody;
mod pitch;
mod rhythm;

use score::{Note, Part, Role, Score, Ticks};
use serde::{Deserialize, Serialize};

/// Figures of one score. Shares are 0 to 1; where there is nothing to measure they are 0, but 1
/// where nothing can be wrong. Definitions follow MusPy and MusDr unless said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// Entropy of the twelve pitch classes in bits, at most 3.585.
    pub pitch_class_entropy: f64,
    /// Share of pitched notes in the best of the 24 major and minor scales.
    pub scale_consistency: f64,
    /// Semitones from the lowest to the highest pitched note.
    pub pitch_range: u8,
    /// Pitched notes that sound together, on average, while any does.
    pub polyphony: f64,
    /// Share of beats in which nothing sounds.
    pub empty_beats: f64,
    /// Likeness of the onsets of neighbouring bars: 1 less the share of 24ths of a quarter in
    /// which one has an onset and the other none.
    pub groove_consistency: f64,
    /// Share of drum strokes within a 24th of a quarter of the sixteenth or triplet grid.
    pub drum_consistency: f64,
    /// Share of all onsets more than 15 ticks (1/64 of a quarter) from that grid.
    pub off_grid: f64,
    /// Standard deviation of all velocities.
    pub velocity_sd: f64,
    /// Standard deviation of the timing of onsets about the mean of their place in the bar, in
    /// milliseconds, averaged over parts.
    pub timing_sd_ms: f64,
    /// Most drum strokes at once.
    pub most_limbs: usize,
    /// Share of bass onsets within a 32nd of a kick, of those in bars with kicks.
    pub bass_on_kick: f64,
    /// Share of tune notes on pulses that belong to the chord.
    pub chord_tones: f64,
    /// Sizes of the tune's intervals.
    pub intervals: Intervals,
    /// Share of the tune's time, in sections it plays in, that is silent.
    pub melody_rests: f64,
    /// Share of tune phrases that end on a held or well parted chord tone.
    pub cadences: f64,
    /// Parallel fifths and octaves in a change of comped or sustained chords, on average.
    pub parallels: f64,
    /// Semitones a voice moves from one chord to the next, on average.
    pub voice_movement: f64,
    /// Share of bars that are much like an earlier bar.
    pub repeats: f64,
    /// Notes a bar in the fullest section over those in the emptiest.
    pub contrast: f64,
}

/// Shares of melodic intervals by size in semitones; they sum to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Intervals {
    /// The same note again.
    pub repeats: f64,
    /// 1 or 2.
    pub steps: f64,
    /// 3 or 4.
    pub skips: f64,
    /// 5 to 7.
    pub leaps: f64,
    /// More than 7.
    pub wide: f64,
}

impl Metrics {
    /// Measures a score.
    pub fn of(score: &Score) -> Self {
        Self {
            pitch_class_entropy: pitch::class_entropy(score),
            scale_consistency: pitch::scale_consistency(score),
            pitch_range: pitch::range(score),
            polyphony: pitch::polyphony(score),
            empty_beats: rhythm::empty_beats(score),
            groove_consistency: rhythm::groove_consistency(score),
            drum_consistency: rhythm::drum_consistency(score),
            off_grid: rhythm::off_grid(score),
            velocity_sd: rhythm::velocity_sd(score),
            timing_sd_ms: rhythm::timing_sd_ms(score),
            most_limbs: rhythm::most_limbs(score),
            bass_on_kick: rhythm::bass_on_kick(score),
            chord_tones: melody::chord_tones(score),
            intervals: melody::intervals(score),
            melody_rests: melody::rests(score),
            cadences: melody::cadences(score),
            parallels: harmony::parallels(score),
            voice_movement: harmony::movement(score),
            repeats: form::repeats(score),
            contrast: form::contrast(score),
        }
    }
}

fn is_drums(part: &Part) -> bool {
    matches!(part.role, Role::Drums | Role::Percussion)
}

fn pitched(score: &Score) -> impl Iterator<Item = &Note> {
    score.parts.iter().filter(|part| !is_drums(part)).flat_map(|part| &part.notes)
}

fn all_notes(score: &Score) -> impl Iterator<Item = &Note> {
    score.parts.iter().flat_map(|part| &part.notes)
}

/// The sixteenth a performed onset was written on.
fn written(at: Ticks) -> Ticks {
    let grid = Ticks::SIXTEENTH.0;
    Ticks((at.0 + grid / 2) / grid * grid)
}

fn share(part: usize, whole: usize, nothing: f64) -> f64 {
    if whole == 0 { nothing } else { part as f64 / whole as f64 }
}

fn mean(values: impl IntoIterator<Item = f64>, nothing: f64) -> f64 {
    let (sum, count) = values.into_iter().fold((0.0, 0_usize), |(s, n), v| (s + v, n + 1));
    if count == 0 { nothing } else { sum / count as f64 }
}

fn deviation(values: &[f64]) -> f64 {
    let centre = mean(values.iter().copied(), 0.0);
    libm::sqrt(mean(values.iter().map(|value| (value - centre) * (value - centre)), 0.0))
}
