use crate::analysis::harmonic::Harmonic;
use crate::analysis::levels::Levels;
use crate::analysis::onset_curve::OnsetCurve;
use crate::analysis::pitch::Pitch;
use crate::analysis::programme::{Programme, Slab};
use crate::analysis::rhythm::Rhythm;
use crate::analysis::spectrum::{LongTerm, Spectrum};
use crate::analysis::tonality::{PitchClasses, Tonality};
use crate::analysis::{Band, Fingerprint, KeyReading, StereoField, Tempo};
use crate::dsp::Halver;
use crate::loudness::{History, Measurement, Meter};
use crate::{Buffer, Decibels, Frames, Layout, SampleRate};

/// Rhythm and harmony are read at 22.05 or 24 kHz where the sound has more, pitch at half of it.
const MIDDLE_HZ: f64 = 25_000.0;
const LOW_HZ: f64 = 12_500.0;
/// A shorter programme has no fingerprint, seconds.
const SHORTEST_S: f64 = 3.0;
/// The bounds of [`Fingerprint::bass_mid_ratio`], dB.
const RATIO_DB: f64 = 60.0;

/// All that is read from a whole sound. `None` is "not measurable": silence, too short, or no such
/// thing in the sound.
///
/// Everything but [`Self::loudness`], [`Self::history`] and the levels is read from the downmix
/// by [`Speaker::stereo_gains`](crate::Speaker::stereo_gains) if there are more than two channels.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// Samples per second.
    pub rate: SampleRate,
    /// Which speakers the channels feed.
    pub layout: Layout,
    /// Length in frames.
    pub length: Frames,
    /// Loudness, its range and peaks, by the one [`Meter`] over all channels.
    pub loudness: Measurement,
    /// Loudness ten times a second.
    pub history: History,
    /// The long-term spectrum, as [`third_octaves`](super::third_octaves) reads it.
    pub bands: Vec<Band>,
    /// The level over the whole length and all channels, as [`rms`](super::rms).
    pub rms: Option<Decibels>,
    /// Sample peak over RMS of the whole length, mean over the channels that sound.
    pub crest: Option<Decibels>,
    /// TT dynamic range, as [`dynamic_range`](super::dynamic_range).
    pub dynamic_range: Option<Decibels>,
    /// The mean of the channel furthest off zero, full scale 1.
    pub dc_offset: f64,
    /// How many runs of at least three samples in a row at full scale (0.9999 and beyond), over
    /// all channels.
    pub clipped_runs: u64,
    /// Tempo and beats; `None` without a beat.
    pub tempo: Option<Tempo>,
    /// Key; `None` without one.
    pub key: Option<KeyReading>,
    /// Share of the power that is harmonic, 0 to 1: see [`Fingerprint::harmonic_ratio`].
    pub harmonic_share: Option<f64>,
    /// Between the speakers; `None` for mono layouts and silence.
    pub stereo: Option<StereoField>,
    /// `None` for less than 3 s, for what the loudness gate takes for silence, and where left and
    /// right cancel each other.
    pub fingerprint: Option<Fingerprint>,
}

/// Analyses a sound fed in blocks of any size; block borders change nothing, bit for bit.
///
/// Samples must be finite: see [`Buffer::first_not_finite`]. Memory grows by some
/// 70 kB for each minute of stereo.
#[derive(Debug, Clone)]
pub struct Analyser {
    rate: SampleRate,
    layout: Layout,
    programme: Programme,
    parts: Parts,
}

#[derive(Debug, Clone)]
struct Parts {
    meter: Meter,
    levels: Levels,
    spectrum: LongTerm,
    to_middle: Vec<Halver>,
    to_low: Vec<Halver>,
    middle: [Vec<f32>; 2],
    low: [Vec<f32>; 2],
    onsets: OnsetCurve,
    harmonic: Harmonic,
    tonality: Tonality,
    pitch: Pitch,
}

/// Analyses a whole buffer.
pub fn analyse(buffer: &Buffer) -> Analysis {
    let mut analyser = Analyser::new(buffer.rate(), buffer.layout());
    let planes: Vec<&[f32]> = buffer.planes().iter().map(Vec::as_slice).collect();
    analyser.push(&planes);
    analyser.finish()
}

impl Analyser {
    /// An analyser that has heard nothing.
    pub fn new(rate: SampleRate, layout: Layout) -> Self {
        let halvings = |from: f64, limit: f64| {
            let hz = std::iter::successors(Some(from), |hz| Some(hz / 2.0));
            let count = hz.take_while(|hz| *hz > limit).count() as i32;
            (vec![Halver::new(); count as usize], from / f64::from(1 << count))
        };
        let (to_middle, middle_hz) = halvings(rate.hz_f64(), MIDDLE_HZ);
        let (to_low, low_hz) = halvings(middle_hz, LOW_HZ);
        let parts = Parts {
            meter: Meter::new(rate, layout),
            levels: Levels::new(rate, layout),
            spectrum: LongTerm::new(rate),
            to_middle,
            to_low,
            middle: [Vec::new(), Vec::new()],
            low: [Vec::new(), Vec::new()],
            onsets: OnsetCurve::new(middle_hz),
            harmonic: Harmonic::new(middle_hz),
            tonality: Tonality::new(low_hz),
            pitch: Pitch::new(low_hz),
        };
        Self { rate, layout, programme: Programme::new(rate, layout), parts }
    }

    /// Hears one block: a slice per channel, all of one length.
    pub fn push(&mut self, planes: &[&[f32]]) {
        let parts = &mut self.parts;
        self.programme.push(planes, |slab| parts.push(slab));
    }

    /// The readings.
    pub fn finish(self) -> Analysis {
        let Self { rate, layout, programme, mut parts } = self;
        let length = programme.length();
        programme.finish(|slab| parts.push(slab));
        let Parts { meter, levels, spectrum, onsets, harmonic, tonality, pitch, .. } = parts;
        let (loudness, history) = meter.finish();
        let spectrum = spectrum.finish();
        let rhythm = Rhythm::of(&onsets.finish());
        let classes = tonality.finish();
        let harmonic_share = harmonic.finish();
        let stereo = StereoField::of(&levels, &spectrum).filter(|_| layout != Layout::Mono);
        let readings = Readings {
            seconds: length.seconds(rate),
            loudness: &loudness,
            crest: levels.crest(length.0),
            levels: &levels,
            spectrum: &spectrum,
            rhythm: &rhythm,
            classes: &classes,
            harmonic_share,
            pitch: pitch.finish(),
            stereo: stereo.as_ref(),
        };
        let fingerprint = readings.fingerprint();
        Analysis {
            rate,
            layout,
            length,
            loudness,
            history,
            bands: spectrum.third_octaves(),
            rms: levels.rms(length.0),
            crest: levels.crest(length.0),
            dynamic_range: levels.dynamic_range(length.0),
            dc_offset: levels.dc_offset(length.0),
            clipped_runs: levels.clipped_runs(),
            tempo: rhythm.tempo,
            key: classes.key,
            harmonic_share,
            stereo,
            fingerprint,
        }
    }
}

impl Parts {
    fn push(&mut self, slab: &Slab<'_>) {
        let planes: Vec<&[f32]> = slab.planes.iter().map(Vec::as_slice).collect();
        self.meter.push(&planes);
        self.levels.push(slab);
        self.spectrum.push(&slab.stereo);
        let middle = halved(&mut self.to_middle, slab.stereo.mono, &mut self.middle);
        self.onsets.push(middle);
        self.harmonic.push(middle);
        let low = halved(&mut self.to_low, middle, &mut self.low);
        self.tonality.push(low);
        self.pitch.push(low);
    }
}

/// The block after all halvers, in one of two spare ones unless there are none.
fn halved<'a>(
    halvers: &mut [Halver],
    block: &'a [f32],
    [spare, other]: &'a mut [Vec<f32>; 2],
) -> &'a [f32] {
    let Some((first, rest)) = halvers.split_first_mut() else { return block };
    spare.clear();
    first.push(block, spare);
    for halver in rest {
        other.clear();
        halver.push(spare, other);
        std::mem::swap(spare, other);
    }
    spare
}

/// What a fingerprint is made of.
struct Readings<'a> {
    seconds: f64,
    loudness: &'a Measurement,
    crest: Option<Decibels>,
    levels: &'a Levels,
    spectrum: &'a Spectrum,
    rhythm: &'a Rhythm,
    classes: &'a PitchClasses,
    harmonic_share: Option<f64>,
    pitch: Option<f64>,
    stereo: Option<&'a StereoField>,
}

impl Readings<'_> {
    fn fingerprint(&self) -> Option<Fingerprint> {
        if self.seconds < SHORTEST_S {
            return None;
        }
        let spectrum = self.spectrum;
        let [sub_bass, bass, low_mid, mid, upper_mid, presence, air] = spectrum.shares()?;
        let seconds = self.levels.seconds();
        let of_seconds = |value: fn(&(f64, f64)) -> f64| {
            moments(&seconds.iter().map(value).collect::<Vec<f64>>())
        };
        let (_, level_deviation) = of_seconds(|(level, _)| *level)?;
        let (_, crest_deviation) = of_seconds(|(level, peak)| 20.0 * libm::log10(*peak) - level)?;
        let (peak, peak_deviation) = of_seconds(|(_, peak)| *peak)?;
        Some(Fingerprint {
            sub_bass,
            bass,
            low_mid,
            mid,
            upper_mid,
            presence,
            air,
            lufs: self.loudness.integrated?.0,
            crest_db: self.crest?.0,
            bass_mid_ratio: spectrum.bass_to_mid(RATIO_DB)?,
            tempo_bpm: self.rhythm.tempo.as_ref().map(|tempo| tempo.bpm),
            rhythm_stability: self.rhythm.stability,
            transient_density: self.rhythm.density,
            silence_ratio: self.levels.silence_share()?,
            spectral_centroid: spectrum.centroid_hz()?,
            spectral_rolloff: spectrum.rolloff_hz()?,
            spectral_flatness: spectrum.flatness()?,
            harmonic_ratio: self.harmonic_share?,
            pitch_stability: self.pitch?,
            // Without any partial no class stands out.
            chroma_energy: self.classes.concentration.unwrap_or(0.0),
            dynamic_range_variation: crest_deviation,
            loudness_variation_std: level_deviation,
            peak_consistency: 1.0 / (1.0 + peak_deviation / peak),
            stereo_width: self.stereo.map_or(0.0, |stereo| stereo.width),
            phase_correlation: self.stereo.map_or(1.0, |s| s.correlation.unwrap_or(0.0)),
        })
    }
}

/// Mean and standard deviation.
fn moments(values: &[f64]) -> Option<(f64, f64)> {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>();
    (!values.is_empty()).then(|| (mean, (squares / count).sqrt()))
}

#[cfg(test)]
mod signals;
#[cfg(test)]
mod tests;
