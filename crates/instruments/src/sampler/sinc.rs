use std::sync::OnceLock;

/// Samples the interpolator looks at: eight before and eight after the position.
pub(crate) const TAPS: usize = 16;
/// Positions between two samples that have their own coefficients; between them they are drawn
/// by straight lines.
pub(crate) const PHASES: usize = 256;
/// Table sets per octave of upward transposition.
const PER_OCTAVE: usize = 4;
/// The sets: one for the sample's own pitch and below, then four an octave up to four octaves.
const SETS: usize = 4 * PER_OCTAVE + 1;
/// Shape of the Kaiser window: side lobes about 90 dB down.
const BETA: f64 = 9.0;

/// Coefficients by phase.
pub(crate) type Table = [Row; PHASES];

/// The coefficients of one phase, and what leads from them to those of the next.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Row {
    pub(crate) here: [f32; TAPS],
    pub(crate) rise: [f32; TAPS],
}

/// The table for a step of `ratio` source samples per output sample. Beyond 1 its cutoff falls
/// with the ratio, so that what would fold back is filtered away.
pub(crate) fn table(ratio: f32) -> &'static Table {
    static TABLES: OnceLock<Vec<Table>> = OnceLock::new();
    let tables = TABLES.get_or_init(|| (0..SETS).map(make).collect());
    let octaves = if ratio <= 1.0 { 0.0 } else { libm::log2f(ratio) };
    // A quarter of a set of slack: a sample a few cents sharp keeps its full bandwidth.
    let set = (octaves * PER_OCTAVE as f32 + 0.25).max(0.0) as usize;
    &tables[set.min(SETS - 1)]
}

fn make(set: usize) -> Table {
    let cutoff = libm::exp2(-(set as f64) / PER_OCTAVE as f64);
    std::array::from_fn(|phase| {
        let (here, next) = (taps(phase, cutoff), taps(phase + 1, cutoff));
        Row {
            here: here.map(|tap| tap as f32),
            rise: std::array::from_fn(|tap| (next[tap] - here[tap]) as f32),
        }
    })
}

fn taps(phase: usize, cutoff: f64) -> [f64; TAPS] {
    let offset = phase as f64 / PHASES as f64;
    let taps: [f64; TAPS] = std::array::from_fn(|tap| {
        // Tap 7 is the sample at or before the position.
        let x = tap as f64 - 7.0 - offset;
        sinc(x * cutoff) * kaiser(x / (TAPS / 2) as f64)
    });
    // Each phase passes a constant unchanged.
    let sum: f64 = taps.iter().sum();
    taps.map(|tap| tap / sum)
}

fn sinc(x: f64) -> f64 {
    let angle = std::f64::consts::PI * x;
    if x.abs() < 1e-9 { 1.0 } else { libm::sin(angle) / angle }
}

fn kaiser(x: f64) -> f64 {
    if x.abs() >= 1.0 { 0.0 } else { bessel(BETA * (1.0 - x * x).sqrt()) / bessel(BETA) }
}

/// The modified Bessel function of order zero, by its series.
fn bessel(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let (mut term, mut sum) = (1.0, 1.0);
    for k in 1..40 {
        term *= quarter / f64::from(k * k);
        sum += term;
    }
    sum
}
