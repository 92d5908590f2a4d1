//! From what a track is to what is done to it: the one function behind every preset, with its
//! reasons.

use audio::analysis::Analysis;
use audio::{Decibels, Layout, Lufs, SampleRate};
use serde::Serialize;

use crate::balance::{Deviation, correction, deviations};
use crate::chain::{
    Ceiling, Chain, Compressor, DcBlock, Exciter, HIGHEST, HIGHEST_EXCITED, Intensity, Loudness,
    Multiband, Width,
};
use crate::fit::{self, Wish, response};
use crate::preset::MAX_COLOUR_DB;
use crate::{Preset, Target};

/// No part of the tonal curve lifts or cuts more.
pub const MAX_TONE: Decibels = Decibels(4.0);
/// An octave apart; the outer ones are shelves.
const CENTRES: [f64; 9] = [62.5, 125.0, 250.0, 500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0, 14_000.0];
/// Where the spectrum is cut for compression.
pub(crate) const CROSSOVERS: [f64; 3] = [120.0, 1_000.0, 6_000.0];
/// The limiter alone may take off so much at the highest peak; what is more is shared.
const LIMITER_ALONE_DB: f64 = 3.0;
/// A track of less dynamic range than this is dense already, dB.
const DENSE_CREST_DB: f64 = 9.0;
/// The share of side in the sound between which the image is left alone: what nine of ten of the
/// tracks behind the tonal curve keep within.
const USUAL_WIDTH: (f64, f64) = (0.16, 0.46);
/// Left and right of the bass may differ so much and stay.
const BASS_CORRELATION: f64 = 0.7;
const BASS_MONO_HZ: f64 = 100.0;
/// A mean further off zero costs headroom and is taken out: -60 dBFS.
const MAX_DC: f64 = 0.001;

/// What is to be done to a track, and why. The level is still to be found: [`solve`](crate::solve)
/// does, for the chain at full intensity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decision {
    /// The stages.
    pub chain: Chain,
    /// One for each thing that was looked at, in the order of the stages.
    pub reasons: Vec<Reason>,
}

/// Why a stage is as it is, in words for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The stage: "tone", "dynamics", "width", "loudness".
    pub stage: &'static str,
    /// What was measured.
    pub measured: String,
    /// What was aimed at.
    pub aimed: String,
    /// What is done.
    pub done: String,
    /// Why.
    pub why: String,
}

/// Decides for a preset and a target.
pub fn decide(analysis: &Analysis, preset: Preset, target: &Target) -> Decision {
    let deviations = deviations(&analysis.bands);
    let (eq, tone) = tone(analysis, preset, &deviations);
    let (multiband, dynamics) = dynamics(analysis, preset, target);
    let (exciter, harmonics) = harmonics(analysis, preset, &deviations);
    let (width, image) = image(analysis, preset);
    let (loudness, level) = loudness(analysis, preset, target);
    let offset = analysis.dc_offset.abs() > MAX_DC;
    let blocked = offset.then(|| Reason {
        stage: "dc_block",
        measured: format!("a mean of {:.4} of full scale", analysis.dc_offset),
        aimed: "none".to_owned(),
        done: "a high-pass at 4 Hz".to_owned(),
        why: "it costs headroom and is not heard".to_owned(),
    });
    let chain = Chain {
        dc_block: offset.then_some(DcBlock { hz: 4.0 }),
        eq,
        multiband,
        compressor: None,
        exciter,
        width,
        loudness: Some(loudness),
        limiter: Some(Ceiling::at(target.ceiling.0)),
        dither: None,
    };
    let reasons =
        blocked.into_iter().chain([tone, dynamics]).chain(harmonics).chain([image, level]);
    Decision { chain, reasons: reasons.collect() }
}

impl Decision {
    /// Part of it: see [`Chain::scaled`].
    #[must_use]
    pub fn at(mut self, intensity: Intensity) -> Self {
        self.chain = self.chain.scaled(intensity);
        self
    }
}

fn tone(
    analysis: &Analysis,
    preset: Preset,
    deviations: &[Deviation],
) -> (Vec<crate::chain::Band>, Reason) {
    let limit = MAX_TONE.0 - MAX_COLOUR_DB;
    let wishes: Vec<Wish> = correction(deviations, preset.strength(), limit)
        .into_iter()
        .map(|wish| Wish { db: wish.db + preset.colour(wish.hz), ..wish })
        .collect();
    let mut bands = fit::bands(analysis.rate, &CENTRES, &wishes, MAX_TONE.0);
    // Neighbours add up between their middles; the curve as a whole keeps the bound.
    let most =
        wishes.iter().map(|w| response(analysis.rate, &bands, w.hz).abs()).fold(0.0, f64::max);
    if most > MAX_TONE.0 {
        for gain in bands.iter_mut().filter_map(|band| band.gain_db.as_mut()) {
            *gain *= MAX_TONE.0 / most;
        }
    }
    let furthest = deviations.iter().max_by(|a, b| a.db.abs().total_cmp(&b.db.abs()));
    let measured = match furthest {
        Some(d) if d.db.abs() >= 0.5 => format!(
            "{} stands {:.1} dB {} the middle half of real music",
            hertz(d.hz),
            d.db.abs(),
            if d.db > 0.0 { "above" } else { "below" }
        ),
        Some(_) => "every third octave is within the middle half of real music".to_owned(),
        None => "the spectrum is too short or too quiet to be judged".to_owned(),
    };
    let aimed = match preset {
        Preset::Adaptive => "half-way back into the middle half, at most 2.5 dB".to_owned(),
        Preset::Gentle => "a quarter of the way back".to_owned(),
        _ => format!("half-way back, at most 2.5 dB, and {}", preset.name()),
    };
    let curve = |hz: f64| response(analysis.rate, &bands, hz);
    let done = if bands.is_empty() {
        "nothing".to_owned()
    } else {
        let shown = [60.0, 250.0, 1_000.0, 4_000.0, 10_000.0].into_iter();
        let shown = shown.filter(|hz| *hz < 0.45 * analysis.rate.hz_f64());
        shown
            .map(|hz| format!("{:+.1} dB at {}", curve(hz), hertz(hz)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let why = if bands.is_empty() {
        "it is balanced"
    } else {
        "a balanced spectrum carries over to other speakers"
    };
    (bands, Reason { stage: "tone", measured, aimed, done, why: why.to_owned() })
}

fn dynamics(analysis: &Analysis, preset: Preset, target: &Target) -> (Option<Multiband>, Reason) {
    let said = |done: &str, why: &str| Reason {
        stage: "dynamics",
        measured: match (analysis.crest, analysis.loudness.range) {
            (Some(crest), Some(range)) => {
                format!("crest factor {crest:.1}, loudness range {:.1} LU", range.0)
            }
            (Some(crest), None) => format!("crest factor {crest:.1}"),
            _ => "not measurable".to_owned(),
        },
        aimed: format!(
            "the target with at most {LIMITER_ALONE_DB:.0} dB at peaks for the limiter alone"
        ),
        done: done.to_owned(),
        why: why.to_owned(),
    };
    let m = &analysis.loudness;
    let (Some(loudness), Some(peak), Some(crest)) = (m.integrated, m.true_peak, analysis.crest)
    else {
        return (None, said("nothing", "there is nothing to compress"));
    };
    // What the highest peak would be over the ceiling after the gain.
    let over = (target.loudness - loudness).0 - preset.reserve_db() + peak.0 - target.ceiling.0;
    if preset == Preset::Gentle {
        return (None, said("nothing", "gentle leaves the dynamics to the music"));
    }
    if crest.0 < DENSE_CREST_DB {
        return (None, said("nothing", "it is dense already: more would flatten it"));
    }
    if over <= LIMITER_ALONE_DB {
        return (None, said("nothing", "the limiter hardly has to work"));
    }
    let range_db = ((over - LIMITER_ALONE_DB) / 2.0).clamp(0.5, 3.0);
    // Attacks pass a slower compressor; it lets go before the next.
    let (attack_ms, release_ms) =
        if preset == Preset::Punchy { (40.0, 90.0) } else { (20.0, 160.0) };
    let bands = (0..=CROSSOVERS.len()).map(|n| Compressor {
        threshold_db: (band_level(analysis, n) + 5.0).clamp(-80.0, 0.0),
        ratio: 1.6,
        knee_db: 6.0,
        attack_ms,
        release_ms,
        range_db,
        makeup_db: 0.0,
    });
    let multiband = multiband(analysis.rate, bands.collect());
    let done =
        format!("four bands, 1.6 to 1 from 5 dB above their own level, at most {range_db:.1} dB");
    let why = format!("peaks would stand {over:.1} dB over the ceiling; shared work is heard less");
    (Some(multiband), said(&done, &why))
}

/// The usual crossovers, as far as the rate has room for them, with as many of the bands.
pub(crate) fn multiband(rate: SampleRate, mut bands: Vec<Compressor>) -> Multiband {
    let reach = HIGHEST * rate.hz_f64();
    let crossovers_hz: Vec<f64> = CROSSOVERS.into_iter().filter(|hz| *hz < reach).collect();
    bands.truncate(crossovers_hz.len() + 1);
    Multiband { crossovers_hz, bands }
}

/// The mean level of a band of the multiband, dB of a full-scale sine.
pub(crate) fn band_level(analysis: &Analysis, band: usize) -> f64 {
    let low = band.checked_sub(1).map_or(0.0, |n| CROSSOVERS[n]);
    let high = CROSSOVERS.get(band).copied().unwrap_or(f64::INFINITY);
    let inside = analysis.bands.iter().filter(|b| b.centre_hz >= low && b.centre_hz < high);
    let power: f64 = inside.map(|b| libm::pow(10.0, b.level.0 / 10.0)).sum();
    10.0 * libm::log10(2.0 * power.max(1e-12))
}

/// Harmonics only for what is to be bright, or dull beyond what an equaliser mends.
/// Below some 20 kHz of sample rate there is no room for them.
fn harmonics(
    analysis: &Analysis,
    preset: Preset,
    deviations: &[Deviation],
) -> (Option<Exciter>, Option<Reason>) {
    const DULL_DB: f64 = -4.0;
    const ABOVE_HZ: f64 = 4_000.0;
    if ABOVE_HZ > HIGHEST_EXCITED * analysis.rate.hz_f64() {
        return (None, None);
    }
    let air: Vec<&Deviation> = deviations.iter().filter(|d| d.hz > 6_000.0).collect();
    let lack = air.iter().map(|d| d.db).sum::<f64>() / air.len().max(1) as f64;
    let dull = lack < DULL_DB && preset == Preset::Adaptive;
    if preset != Preset::Bright && !dull {
        return (None, None);
    }
    let exciter = Exciter { above_hz: ABOVE_HZ, drive_db: 12.0, mix_db: -9.0 };
    let reason = Reason {
        stage: "exciter",
        measured: format!("{lack:+.1} dB above 6 kHz beside the middle half of real music"),
        aimed: "life in what is high".to_owned(),
        done: "third harmonics of what is above 4 kHz".to_owned(),
        why: if dull { "an equaliser lifts only what is there" } else { "bright asks for it" }
            .to_owned(),
    };
    (Some(exciter), Some(reason))
}

fn image(analysis: &Analysis, preset: Preset) -> (Option<Width>, Reason) {
    let said = |measured: String, done: String, why: &str| Reason {
        stage: "width",
        measured,
        aimed: format!(
            "a share of side of {:.2} to {:.2}, and bass that agrees",
            USUAL_WIDTH.0, USUAL_WIDTH.1
        ),
        done,
        why: why.to_owned(),
    };
    let field = match (&analysis.stereo, analysis.layout) {
        (Some(field), Layout::Stereo) => field,
        (_, Layout::Stereo) => {
            return (None, said("nothing".to_owned(), "nothing".to_owned(), "there is no image"));
        }
        _ => {
            let measured = format!("{} channels", analysis.layout.channels());
            return (None, said(measured, "nothing".to_owned(), "only stereo has a width"));
        }
    };
    let measured = format!("a share of side of {:.2}", field.width);
    if field.width < 0.005 {
        return (None, said(measured, "nothing".to_owned(), "it is mono in two channels"));
    }
    let side = if field.width < USUAL_WIDTH.0 {
        // Never more than 1.25, and never past the usual.
        (USUAL_WIDTH.0 / field.width).min(1.0 + 0.25 * preset.strength())
    } else if field.width > USUAL_WIDTH.1 {
        (USUAL_WIDTH.1 / field.width).max(1.0 - 0.2 * preset.strength())
    } else {
        1.0
    };
    let bass = field.bands[0].correlation.filter(|c| *c < BASS_CORRELATION);
    let mono_below_hz = bass.map(|_| BASS_MONO_HZ);
    let mut done = Vec::new();
    if side != 1.0 {
        done.push(format!("side x {side:.2}"));
    }
    if let Some(correlation) = bass {
        done.push(format!(
            "mono below {BASS_MONO_HZ:.0} Hz, where left and right correlate by {correlation:.2}"
        ));
    }
    if done.is_empty() {
        return (None, said(measured, "nothing".to_owned(), "the image is as wide as usual"));
    }
    let why = "a bass that differs is lost in mono, and an image out of the usual tires";
    (Some(Width { side, mono_below_hz }), said(measured, done.join("; "), why))
}

fn loudness(analysis: &Analysis, preset: Preset, target: &Target) -> (Loudness, Reason) {
    let aim = Lufs(target.loudness.0 - preset.reserve_db());
    let measured = analysis.loudness.integrated.map_or_else(
        || "not measurable".to_owned(),
        |l| format!("{:.1} LUFS, true peak {}", l.0, peak(analysis)),
    );
    let reason = Reason {
        stage: "loudness",
        measured,
        aimed: format!("{:.1} LUFS under {:.1} dBTP", aim.0, target.ceiling.0),
        done: "one gain for the whole, found by measuring what comes out".to_owned(),
        why: "the music keeps its own loud and soft".to_owned(),
    };
    (Loudness::Lufs(aim.0), reason)
}

fn peak(analysis: &Analysis) -> String {
    analysis.loudness.true_peak.map_or_else(|| "none".to_owned(), |p| format!("{:.1} dBTP", p.0))
}

fn hertz(hz: f64) -> String {
    if hz < 1_000.0 { format!("{hz:.0} Hz") } else { format!("{:.0} kHz", hz / 1_000.0) }
}

#[cfg(test)]
mod tests;
