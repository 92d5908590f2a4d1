use serde::{Deserialize, Serialize};

/// Raised whenever a value of a [`Fingerprint`] is read differently. Stored beside it: prints of
/// two revisions are not to be compared.
pub const ANALYSIS_REVISION: u32 = 1;

/// What a whole programme is like, in 25 values.
///
/// Everything is read over the whole length. Spectral and stereo values come from the downmix to
/// two channels; rhythm, pitch and harmony from the mean of those two, levels from the channels as
/// they are. Only [`Self::lufs`] moves with gain.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fingerprint {
    /// Share of the power from 20 Hz to 20 kHz that lies in 20 to 60 Hz. This and the six that
    /// follow are 0 to 1 and add up to 1; mean power spectrum of both channels, Hann windows of
    /// 0.17 s.
    pub sub_bass: f64,
    /// Share in 60 to 250 Hz.
    pub bass: f64,
    /// Share in 250 to 500 Hz.
    pub low_mid: f64,
    /// Share in 500 Hz to 2 kHz.
    pub mid: f64,
    /// Share in 2 to 4 kHz.
    pub upper_mid: f64,
    /// Share in 4 to 8 kHz.
    pub presence: f64,
    /// Share in 8 to 20 kHz, as far as the sample rate reaches.
    pub air: f64,
    /// Integrated loudness, LUFS, ITU-R BS.1770-5; -70 upwards.
    pub lufs: f64,
    /// Sample peak over RMS, dB, over the whole length: the mean over the channels that sound.
    pub crest_db: f64,
    /// Power in 20 to 200 Hz over power in 200 to 2000 Hz, dB, within +-60.
    pub bass_mid_ratio: f64,
    /// Beats a minute as [`Tempo`](super::Tempo) reads them; `None` where there is no beat.
    pub tempo_bpm: Option<f64>,
    /// How evenly the beats follow each other, counted by how clear they are, 0 to 1:
    /// c^2 / (c^2 + 0.15^2) / (1 + (s / 0.1)^2) with the clarity c of the tempo and the relative
    /// standard deviation s of the beat spacing. 0 without a beat.
    pub rhythm_stability: f64,
    /// Onsets a second: peaks of the rise of the spectrum that stand out from twice the mean of
    /// the 0.3 s around them by 8 % of amplitude; they are told against the loudest of the last
    /// seconds, so level is no matter. Noise has 0.5 to 0.7, clicks as many as there are.
    pub transient_density: f64,
    /// Share of tenths of a second more than 40 dB under the loudest, 0 to 1.
    pub silence_ratio: f64,
    /// Mean frequency by power, Hz, 20 to 20,000; the mean power spectrum.
    pub spectral_centroid: f64,
    /// Under this lie 85 % of the power, Hz, 20 to 20,000.
    pub spectral_rolloff: f64,
    /// Geometric over arithmetic mean of the power spectrum from 20 Hz to 20 kHz, 0 to 1.
    pub spectral_flatness: f64,
    /// Share of the power up to 10 kHz that is harmonic, 0 to 1: median filtering in time and
    /// frequency with soft masks (FitzGerald 2010) and a separation factor of 2 (Driedger et al.
    /// 2014), so that noise counts as neither harmonic nor percussive: white noise has 0.21,
    /// pink noise 0.32, a sustained triad 0.92, a sine 1, clicks nothing.
    pub harmonic_ratio: f64,
    /// How steadily one pitch is held, 0 to 1: of the sounding twentieths of a second the mean of
    /// 1 / (1 + (d / 0.25)^2), d the step of the pitch in semitones to the next, read by YIN (de
    /// Cheveigne and Kawahara 2002); 0 where there is no one pitch from 60 to 1000 Hz.
    pub pitch_stability: f64,
    /// How few pitch classes sound at a time, 0 (all twelve alike, or no partial at all) to 1 (one
    /// alone): (12 sum c^2 / (sum c)^2 - 1) / 11 of the chroma of each window, weighted mean.
    pub chroma_energy: f64,
    /// Standard deviation of the crest factor of seconds, dB.
    pub dynamic_range_variation: f64,
    /// Standard deviation of the RMS level of seconds, dB. Seconds 60 dB under the loudest are
    /// left out of this, the one before and the next.
    pub loudness_variation_std: f64,
    /// How alike the peaks of seconds are, 0 to 1: 1 / (1 + standard deviation over mean).
    pub peak_consistency: f64,
    /// RMS of the side over RMS of mid and side together: 0 mono, 0.5 unrelated, 1 opposite.
    pub stereo_width: f64,
    /// Pearson correlation of left and right, -1 to 1. Mono has 1; where one side is silent they
    /// have nothing in common, 0.
    pub phase_correlation: f64,
}

impl Fingerprint {
    /// How many values.
    pub const LENGTH: usize = 25;

    /// Their names, in the order of [`Self::as_array`].
    pub const NAMES: [&'static str; Self::LENGTH] = [
        "sub_bass",
        "bass",
        "low_mid",
        "mid",
        "upper_mid",
        "presence",
        "air",
        "lufs",
        "crest_db",
        "bass_mid_ratio",
        "tempo_bpm",
        "rhythm_stability",
        "transient_density",
        "silence_ratio",
        "spectral_centroid",
        "spectral_rolloff",
        "spectral_flatness",
        "harmonic_ratio",
        "pitch_stability",
        "chroma_energy",
        "dynamic_range_variation",
        "loudness_variation_std",
        "peak_consistency",
        "stereo_width",
        "phase_correlation",
    ];

    /// The values in order; a tempo of `None` is 0, which no tempo is.
    pub fn as_array(&self) -> [f64; Self::LENGTH] {
        [
            self.sub_bass,
            self.bass,
            self.low_mid,
            self.mid,
            self.upper_mid,
            self.presence,
            self.air,
            self.lufs,
            self.crest_db,
            self.bass_mid_ratio,
            self.tempo_bpm.unwrap_or(0.0),
            self.rhythm_stability,
            self.transient_density,
            self.silence_ratio,
            self.spectral_centroid,
            self.spectral_rolloff,
            self.spectral_flatness,
            self.harmonic_ratio,
            self.pitch_stability,
            self.chroma_energy,
            self.dynamic_range_variation,
            self.loudness_variation_std,
            self.peak_consistency,
            self.stereo_width,
            self.phase_correlation,
        ]
    }

    /// The way back from [`Self::as_array`].
    pub fn from_array(values: [f64; Self::LENGTH]) -> Self {
        let [sub_bass, bass, low_mid, mid, upper_mid, presence, air, rest @ ..] = values;
        let [lufs, crest_db, bass_mid_ratio, tempo, rhythm_stability, transient_density, rest @ ..] =
            rest;
        let [silence_ratio, spectral_centroid, spectral_rolloff, spectral_flatness, rest @ ..] =
            rest;
        let [harmonic_ratio, pitch_stability, chroma_energy, rest @ ..] = rest;
        let [dynamic_range_variation, loudness_variation_std, peak_consistency, rest @ ..] = rest;
        let [stereo_width, phase_correlation] = rest;
        Self {
            sub_bass,
            bass,
            low_mid,
            mid,
            upper_mid,
            presence,
            air,
            lufs,
            crest_db,
            bass_mid_ratio,
            tempo_bpm: (tempo > 0.0).then_some(tempo),
            rhythm_stability,
            transient_density,
            silence_ratio,
            spectral_centroid,
            spectral_rolloff,
            spectral_flatness,
            harmonic_ratio,
            pitch_stability,
            chroma_energy,
            dynamic_range_variation,
            loudness_variation_std,
            peak_consistency,
            stereo_width,
            phase_correlation,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Fingerprint;

    #[test]
    fn names_and_values_keep_their_order() {
        let values: [f64; 25] = std::array::from_fn(|n| n as f64);
        let print = Fingerprint::from_array(values);
        assert_eq!(print.as_array(), values);
        let json = format!("{print:?}");
        let places: Vec<usize> = Fingerprint::NAMES
            .iter()
            .map(|name| json.find(&format!(" {name}: ")).unwrap())
            .collect();
        assert!(places.is_sorted());
        for (n, name) in Fingerprint::NAMES.iter().enumerate().filter(|(n, _)| *n != 10) {
            assert!(json.contains(&format!(" {name}: {n}.0")), "{name}");
        }
    }
}
