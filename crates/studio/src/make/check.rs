use audio::analysis::Onsets;
use audio::loudness::History;
use audio::{Buffer, Decibels, SampleRate};
use compose::Plan;
use mastering::Target;
use score::Score;

use crate::measured::Measured;
use crate::verdict::{Check, of_master};

/// What the delivered files are held against.
pub(super) struct Promise<'a> {
    pub(super) plan: &'a Plan,
    pub(super) score: &'a Score,
    pub(super) target: &'a Target,
    pub(super) frames: u64,
    pub(super) rate: SampleRate,
    /// Seconds that were asked for, if any were.
    pub(super) requested_s: Option<f64>,
    /// How much lower than the master's the ceiling of the MP3 had to be, dB.
    pub(super) mp3_calmed_db: f64,
}

/// The tempo found may be off the plan by this share.
const TEMPO_TOLERANCE: f64 = 0.01;
/// How far around the plan's tempo a pulse is looked for.
const TEMPO_REACH: f64 = 0.06;
/// A song that says nothing for this long has lost a part.
const MAX_SILENCE_S: f64 = 3.0;
/// What the last tenth of a second may still hold.
const MAX_END: f32 = 0.001;

impl Promise<'_> {
    /// Checks of a delivered master: level and peaks, and the length every format shares.
    pub(super) fn of_file(&self, name: &str, lossless: bool, measured: &Measured) -> Vec<Check> {
        let mut checks = of_master(name, measured, self.target);
        if !lossless {
            // What was taken off the ceiling for the codec's sake comes off the loudness too.
            let calmed = Target {
                loudness: self.target.loudness + Decibels(-self.mp3_calmed_db),
                ..*self.target
            };
            checks = of_master(name, measured, &calmed);
            // A lossy codec moves peaks; what matters is that no decoder clips.
            let peak = measured.true_peak_dbtp;
            checks[1] = Check::new(
                format!("{name}: true peak"),
                peak.map_or_else(|| "not measurable".to_owned(), |p| format!("{p:.2} dBTP")),
                "at most 0.0 dBTP after decoding",
                peak.is_some_and(|p| p <= 0.0),
            );
        }
        checks.push(Check::new(
            format!("{name}: length"),
            format!("{} frames", measured.frames),
            format!("{} frames", self.frames),
            measured.frames == self.frames && measured.rate_hz == self.rate.hz(),
        ));
        checks
    }

    /// Checks of what the decoded master sounds like.
    pub(super) fn of_sound(&self, sound: &Buffer, history: &History) -> Vec<Check> {
        vec![self.tempo(sound), self.silence(history), end(sound), clipping(sound)]
    }

    /// The last bar line against the length that was asked for; where none was, the form decides.
    pub(super) fn of_length(&self) -> Option<Check> {
        let requested_s = self.requested_s?;
        let bar_s = self.plan.seconds() / f64::from(self.plan.bars);
        let off = (self.plan.seconds() - requested_s).abs();
        Some(Check::new(
            "last bar line",
            format!("{:.2} s", self.plan.seconds()),
            format!("within one bar ({bar_s:.2} s) of {requested_s:.2} s"),
            off <= bar_s + 1e-6,
        ))
    }

    /// The MIDI file read back: every note of the score, and the end at the last bar line.
    pub(super) fn of_midi(&self, bytes: &[u8]) -> Check {
        let written: usize = self.score.parts.iter().map(|part| part.notes.len()).sum();
        let (found, passed) = match score::midi::read(bytes) {
            Ok(file) => {
                let notes: usize = file.tracks.iter().map(|track| track.notes.len()).sum();
                let open: usize = file.tracks.iter().map(|track| track.unclosed).sum();
                let ends = file.tracks.iter().all(|track| track.end == self.score.end.0);
                (format!("{notes} notes, {open} open"), notes == written && open == 0 && ends)
            }
            Err(error) => (error.to_string(), false),
        };
        Check::new("song.mid", found, format!("{written} notes, 0 open"), passed)
    }

    fn tempo(&self, sound: &Buffer) -> Check {
        let planned = self.plan.tempo.at(score::Ticks::ZERO).bpm();
        let wanted = format!("{planned:.2} bpm +-{:.0} %", TEMPO_TOLERANCE * 100.0);
        match Onsets::of(sound).tempo_near(planned, TEMPO_REACH) {
            Some(reading) => Check::new(
                "tempo in the sound",
                format!("{:.2} bpm", reading.bpm),
                wanted,
                (reading.bpm / planned - 1.0).abs() <= TEMPO_TOLERANCE,
            ),
            None => {
                Check::new("tempo in the sound", "not measurable: no clear pulse", wanted, true)
            }
        }
    }

    /// Momentary loudness below the absolute gate counts as silence, up to the last bar line.
    fn silence(&self, history: &History) -> Check {
        const STEPS_PER_SECOND: f64 = 10.0;
        let until = (self.plan.seconds() * STEPS_PER_SECOND) as usize;
        let (mut run, mut longest) = (0_u32, 0_u32);
        for value in history.momentary.iter().take(until) {
            run = if value.is_none() { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        let seconds = f64::from(longest) / STEPS_PER_SECOND;
        Check::new(
            "longest silence",
            format!("{seconds:.1} s"),
            format!("at most {MAX_SILENCE_S:.1} s"),
            seconds <= MAX_SILENCE_S,
        )
    }
}

fn end(sound: &Buffer) -> Check {
    let last = sound.rate().frames(0.1).index();
    let peak = sound
        .planes()
        .iter()
        .flat_map(|plane| &plane[plane.len().saturating_sub(last)..])
        .fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    Check::new(
        "last 0.1 s",
        format!("peak {peak:.6}"),
        format!("rung out, at most {MAX_END}"),
        peak <= MAX_END,
    )
}

fn clipping(sound: &Buffer) -> Check {
    let clipped = sound.planes().iter().flatten().filter(|s| s.abs() >= 0.9999).count();
    Check::new("clipped samples", clipped.to_string(), "0", clipped == 0)
}
