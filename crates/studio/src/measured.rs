//! What a file measures: the one set of figures that commands, reports and verdicts show.

use std::path::Path;

use audio::analysis::Analysis;
use audio::loudness::{History, Measurement, measure};
use audio::{Buffer, Decibels, Layout, Lufs, analysis};
use fault::Cancel;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Error;

/// The figures of one sound. A figure that is `null` is not measurable: silence, or too short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// Container and codec.
    pub format: String,
    /// Samples per second.
    pub rate_hz: u32,
    /// How many channels.
    pub channels: usize,
    /// Length in frames.
    pub frames: u64,
    /// Length in seconds.
    pub seconds: f64,
    /// Integrated loudness, BS.1770-5.
    pub integrated_lufs: Option<f64>,
    /// Loudness range, EBU Tech 3342.
    pub range_lu: Option<f64>,
    /// The loudest 3 s.
    pub max_short_term_lufs: Option<f64>,
    /// The loudest 400 ms.
    pub max_momentary_lufs: Option<f64>,
    /// 4x true peak, BS.1770-5 annex 2.
    pub true_peak_dbtp: Option<f64>,
    /// The largest sample.
    pub sample_peak_dbfs: Option<f64>,
    /// Dynamic range, TT v1.3.
    pub dynamic_range_db: Option<f64>,
    /// Likeness of left and right, -1 to 1.
    pub correlation: Option<f64>,
    /// The mean sample of the channel furthest off zero, full scale 1.
    pub dc_offset: f64,
}

impl Measured {
    /// Measures decoded sound.
    pub fn of(buffer: &Buffer, format: &str) -> (Self, History) {
        let (m, history) = measure(buffer);
        (Self::from_parts(buffer, format, &m), history)
    }

    /// The same figures of a sound that was analysed.
    pub fn of_analysis(analysis: &Analysis, format: &str) -> Self {
        let m = &analysis.loudness;
        let lufs = |value: Option<Lufs>| value.map(|v| v.0);
        let db = |value: Option<Decibels>| value.map(|v| v.0);
        let field = analysis.stereo.as_ref().filter(|_| analysis.layout == Layout::Stereo);
        Self {
            format: format.to_owned(),
            rate_hz: analysis.rate.hz(),
            channels: analysis.layout.channels(),
            frames: analysis.length.0,
            seconds: analysis.length.seconds(analysis.rate),
            integrated_lufs: lufs(m.integrated),
            range_lu: db(m.range),
            max_short_term_lufs: lufs(m.max_short_term),
            max_momentary_lufs: lufs(m.max_momentary),
            true_peak_dbtp: db(m.true_peak),
            sample_peak_dbfs: db(m.sample_peak),
            dynamic_range_db: db(analysis.dynamic_range),
            correlation: field.and_then(|field| field.correlation),
            dc_offset: analysis.dc_offset,
        }
    }

    fn from_parts(buffer: &Buffer, format: &str, m: &Measurement) -> Self {
        let lufs = |value: Option<Lufs>| value.map(|v| v.0);
        let db = |value: Option<Decibels>| value.map(|v| v.0);
        Self {
            format: format.to_owned(),
            rate_hz: buffer.rate().hz(),
            channels: buffer.layout().channels(),
            frames: buffer.length().0,
            seconds: buffer.seconds(),
            integrated_lufs: lufs(m.integrated),
            range_lu: db(m.range),
            max_short_term_lufs: lufs(m.max_short_term),
            max_momentary_lufs: lufs(m.max_momentary),
            true_peak_dbtp: db(m.true_peak),
            sample_peak_dbfs: db(m.sample_peak),
            dynamic_range_db: db(analysis::dynamic_range(buffer)),
            correlation: analysis::correlation(buffer),
            dc_offset: analysis::dc_offset(buffer),
        }
    }

    /// Name, value and unit of each figure, for people.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let figure = |value: Option<f64>, unit: &str, digits: usize| match value {
            Some(value) => format!("{value:.digits$} {unit}").trim_end().to_owned(),
            None => "not measurable".to_owned(),
        };
        vec![
            ("Length", format!("{:.3} s ({} frames)", self.seconds, self.frames)),
            ("Format", format!("{}, {} Hz, {} ch", self.format, self.rate_hz, self.channels)),
            ("Integrated", figure(self.integrated_lufs, "LUFS", 2)),
            ("Range", figure(self.range_lu, "LU", 1)),
            ("Max short-term", figure(self.max_short_term_lufs, "LUFS", 2)),
            ("Max momentary", figure(self.max_momentary_lufs, "LUFS", 2)),
            ("True peak", figure(self.true_peak_dbtp, "dBTP", 2)),
            ("Sample peak", figure(self.sample_peak_dbfs, "dBFS", 2)),
            ("Dynamic range", figure(self.dynamic_range_db, "DR", 1)),
            ("Correlation", figure(self.correlation, "", 2)),
        ]
    }
}

/// Opens and decodes a file of any format.
pub fn open(path: &Path) -> Result<(Buffer, String), Error> {
    let file = ops::open(path)?;
    let (buffer, format) =
        audio_file::decode(std::io::BufReader::new(file)).map_err(Error::file(path))?;
    if let Some((channel, at)) = buffer.first_not_finite() {
        return Err(Error::Mastering {
            what: path.display().to_string(),
            source: mastering::Error::NotFinite { channel, at },
        });
    }
    Ok((buffer, format.name))
}

/// Decodes and measures a file.
pub fn measure_file(path: &Path, cancel: &Cancel) -> Result<Measured, Error> {
    cancel.check()?;
    let (buffer, format) = open(path)?;
    cancel.check()?;
    Ok(Measured::of(&buffer, &format).0)
}
