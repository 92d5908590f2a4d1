//! What a sound is like beyond its levels: spectrum, rhythm, key, image, fingerprint, in the words
//! that commands, reports and JSON use.

use std::collections::BTreeMap;

use audio::Decibels;
use audio::analysis::{Analysis, Fingerprint, KeyReading, Mode, StereoField};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a sound is like. `null` is "not measurable", or no such thing in the sound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Character {
    /// The level over the whole length and all channels, dBFS.
    pub rms_db: Option<f64>,
    /// Sample peak over that level, dB.
    pub crest_db: Option<f64>,
    /// Runs of three or more samples at full scale.
    pub clipped_runs: u64,
    /// The beat.
    pub tempo: Option<TempoFigures>,
    /// The key.
    pub key: Option<KeyFigures>,
    /// Share of the power that is harmonic, 0 to 1.
    pub harmonic_share: Option<f64>,
    /// Between the speakers.
    pub stereo: Option<StereoFigures>,
    /// The long-term spectrum.
    pub third_octaves: Vec<ThirdOctave>,
    /// 25 values by their names; see [`MEANINGS`].
    pub fingerprint: Option<BTreeMap<String, Option<f64>>>,
}

/// The beat of a sound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TempoFigures {
    /// Beats a minute.
    pub bpm: f64,
    /// How clearly it stands out, 0 to 1.
    pub clarity: f64,
    /// How many beats were found.
    pub beats: usize,
}

/// The key of a sound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyFigures {
    /// As "A minor".
    pub name: String,
    /// How well the notes fit it, 0 to 1.
    pub clarity: f64,
}

/// How a sound lies between two speakers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StereoFigures {
    /// Likeness of left and right, -1 to 1.
    pub correlation: Option<f64>,
    /// 0 mono, 0.5 unrelated, 1 opposite.
    pub width: f64,
    /// Left over right, dB.
    pub balance_db: Option<f64>,
    /// The same by frequency, the lowest first.
    pub bands: Vec<StereoBandFigures>,
}

/// One part of the spectrum between two speakers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StereoBandFigures {
    /// Where it begins, Hz.
    pub low_hz: f64,
    /// Where it ends, Hz.
    pub high_hz: f64,
    /// Likeness of left and right, -1 to 1.
    pub correlation: Option<f64>,
    /// 0 mono, 0.5 unrelated, 1 opposite.
    pub width: Option<f64>,
}

/// The level of a third of an octave.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThirdOctave {
    /// Its middle, Hz.
    pub centre_hz: f64,
    /// Mean power, dB; `null` where there is none.
    pub level_db: Option<f64>,
}

/// What each value of a fingerprint says, in the order of [`Fingerprint::NAMES`].
pub const MEANINGS: [&str; Fingerprint::LENGTH] = [
    "share of the power in 20 to 60 Hz",
    "share in 60 to 250 Hz",
    "share in 250 to 500 Hz",
    "share in 500 Hz to 2 kHz",
    "share in 2 to 4 kHz",
    "share in 4 to 8 kHz",
    "share in 8 to 20 kHz",
    "integrated loudness, LUFS",
    "peak over RMS, dB",
    "power below over power above 200 Hz, dB",
    "beats a minute",
    "how evenly the beats follow each other, 0 to 1",
    "onsets a second",
    "share of time 40 dB under the loudest",
    "mean frequency by power, Hz",
    "85 % of the power lie below, Hz",
    "0 one tone, 1 white noise",
    "share of the power that is harmonic",
    "how steadily one pitch is held, 0 to 1",
    "how few pitch classes sound at a time, 0 to 1",
    "how much the crest factor of seconds moves, dB",
    "how much the level of seconds moves, dB",
    "how alike the peaks of seconds are, 0 to 1",
    "0 mono, 0.5 unrelated, 1 opposite",
    "likeness of left and right, -1 to 1",
];

impl Character {
    /// What an analysis says.
    pub fn of(analysis: &Analysis) -> Self {
        let db = |value: Option<Decibels>| value.map(|v| v.0);
        let tempo = analysis.tempo.as_ref();
        let band = |band: &audio::analysis::Band| ThirdOctave {
            centre_hz: band.centre_hz,
            level_db: Some(band.level.0).filter(|level| level.is_finite()),
        };
        Self {
            rms_db: db(analysis.rms),
            crest_db: db(analysis.crest),
            clipped_runs: analysis.clipped_runs,
            tempo: tempo.map(|t| TempoFigures {
                bpm: t.bpm,
                clarity: t.clarity,
                beats: t.beats.len(),
            }),
            key: analysis.key.map(|k| KeyFigures { name: key_name(k), clarity: k.clarity }),
            harmonic_share: analysis.harmonic_share,
            stereo: analysis.stereo.as_ref().map(stereo),
            third_octaves: analysis.bands.iter().map(band).collect(),
            fingerprint: analysis.fingerprint.as_ref().map(values),
        }
    }

    /// Title of a group, then name and value of each figure in it, for people.
    pub fn groups(&self) -> Vec<(&'static str, Vec<(String, String)>)> {
        let figure = |name: &str, value: Option<String>| {
            (name.to_owned(), value.unwrap_or_else(|| "not measurable".to_owned()))
        };
        let or_none = |name: &str, value: Option<String>| {
            (name.to_owned(), value.unwrap_or_else(|| "none found".to_owned()))
        };
        let dynamics = vec![
            figure("RMS", self.rms_db.map(|v| format!("{v:.2} dBFS"))),
            figure("Crest factor", self.crest_db.map(|v| format!("{v:.1} dB"))),
            ("Clipped".to_owned(), format!("{} runs", self.clipped_runs)),
        ];
        let tempo = self.tempo.as_ref();
        let music = vec![
            or_none(
                "Tempo",
                tempo.map(|t| {
                    format!("{:.2} bpm, clarity {:.2}, {} beats", t.bpm, t.clarity, t.beats)
                }),
            ),
            or_none(
                "Key",
                self.key.as_ref().map(|k| format!("{}, clarity {:.2}", k.name, k.clarity)),
            ),
            figure("Harmonic", self.harmonic_share.map(|v| format!("{:.0} %", v * 100.0))),
        ];
        let mut groups = vec![("Dynamics", dynamics), ("Music", music)];
        if let Some(stereo) = &self.stereo {
            groups.push(("Stereo", stereo_lines(stereo)));
        }
        if let Some(print) = &self.fingerprint {
            groups.push(("Fingerprint", print_lines(print)));
        }
        groups
    }
}

fn key_name(key: KeyReading) -> String {
    const TONICS: [&str; 12] = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
    let mode = match key.mode {
        Mode::Major => "major",
        Mode::Minor => "minor",
    };
    format!("{} {mode}", TONICS[usize::from(key.tonic) % TONICS.len()])
}

fn stereo(field: &StereoField) -> StereoFigures {
    StereoFigures {
        correlation: field.correlation,
        width: field.width,
        balance_db: field.balance.map(|balance| balance.0),
        bands: field
            .bands
            .iter()
            .map(|band| StereoBandFigures {
                low_hz: band.low_hz,
                high_hz: band.high_hz,
                correlation: band.correlation,
                width: band.width,
            })
            .collect(),
    }
}

fn values(print: &Fingerprint) -> BTreeMap<String, Option<f64>> {
    let named = Fingerprint::NAMES.iter().zip(print.as_array());
    named
        .map(|(name, value)| {
            let is_there = *name != "tempo_bpm" || print.tempo_bpm.is_some();
            ((*name).to_owned(), is_there.then_some(value))
        })
        .collect()
}

fn stereo_lines(stereo: &StereoFigures) -> Vec<(String, String)> {
    let or_none = |value: Option<f64>, unit: &str| {
        value.map_or_else(|| "-".to_owned(), |v| format!("{v:+.2}{unit}"))
    };
    let mut lines = vec![
        ("Width".to_owned(), format!("{:.3}", stereo.width)),
        ("Balance".to_owned(), or_none(stereo.balance_db, " dB left over right")),
    ];
    for band in &stereo.bands {
        lines.push((
            format!("{:.0}-{:.0} Hz", band.low_hz, band.high_hz),
            format!(
                "width {}, correlation {}",
                band.width.map_or_else(|| "-".to_owned(), |v| format!("{v:.3}")),
                or_none(band.correlation, "")
            ),
        ));
    }
    lines
}

fn print_lines(print: &BTreeMap<String, Option<f64>>) -> Vec<(String, String)> {
    Fingerprint::NAMES
        .iter()
        .zip(MEANINGS)
        .map(|(name, meaning)| {
            let value = print.get(*name).copied().flatten();
            let shown = value.map_or_else(|| "none".to_owned(), figure);
            ((*name).to_owned(), format!("{shown:>9}  {meaning}"))
        })
        .collect()
}

/// As many decimals as the size leaves worth.
fn figure(value: f64) -> String {
    if value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.3}") }
}
