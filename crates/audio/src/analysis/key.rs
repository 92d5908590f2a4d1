/// Major or minor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// With the major third.
    Major,
    /// With the minor third.
    Minor,
}

/// The key of a whole sound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KeyReading {
    /// Pitch class of the tonic, 0 is C, 1 C sharp, to 11, B.
    pub tonic: u8,
    /// Major or minor.
    pub mode: Mode,
    /// How well the pitch classes fit the key, 0 to 1: Pearson correlation with its profile.
    /// Noise, which fits no key, has none at all.
    pub clarity: f64,
}

/// J. Albrecht and D. Shanahan, "The use of large corpora to train a new type of key-finding
/// algorithm", Music Perception 31 (2013): shares of pitch classes from the tonic up.
const MAJOR: [f64; 12] =
    [0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081];
const MINOR: [f64; 12] =
    [0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052];
/// Classes that differ less than this, standard deviation over mean, are noise.
const MIN_CONTRAST: f64 = 0.12;
/// A worse fit is no key: one note in twelve has 0.6 with the key it is the tonic of, tones without
/// order 0.4, nine tracks in ten more than 0.5.
const MIN_CLARITY: f64 = 0.5;
/// More is less than three classes, and no key: two alike have 0.45, three 0.27.
const MAX_CONCENTRATION: f64 = 0.45;

/// The key that fits twelve pitch classes best; `None` when they are all alike, fewer than three,
/// or fit none.
pub(super) fn of(chroma: &[f64; 12]) -> Option<KeyReading> {
    let (mean, deviation) = moments(chroma);
    if mean <= 0.0 || deviation / mean < MIN_CONTRAST {
        return None;
    }
    // The same measure as tonality's concentration, by the moments.
    if deviation * deviation / (mean * mean) / 11.0 >= MAX_CONCENTRATION {
        return None;
    }
    let keys = (0..12_u8).flat_map(|tonic| {
        [(Mode::Major, &MAJOR), (Mode::Minor, &MINOR)].map(|(mode, profile)| KeyReading {
            tonic,
            mode,
            clarity: likeness(chroma, profile, usize::from(tonic)),
        })
    });
    let best = keys.max_by(|a, b| a.clarity.total_cmp(&b.clarity))?;
    (best.clarity >= MIN_CLARITY).then_some(best)
}

fn likeness(chroma: &[f64; 12], profile: &[f64; 12], tonic: usize) -> f64 {
    let ((chroma_mean, chroma_deviation), (mean, deviation)) = (moments(chroma), moments(profile));
    let products = (0..12).map(|n| (chroma[(n + tonic) % 12] - chroma_mean) * (profile[n] - mean));
    products.sum::<f64>() / 12.0 / (chroma_deviation * deviation)
}

/// Mean and standard deviation.
fn moments(values: &[f64; 12]) -> (f64, f64) {
    let mean = values.iter().sum::<f64>() / 12.0;
    let squares = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>();
    (mean, (squares / 12.0).sqrt())
}
