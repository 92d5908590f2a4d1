use std::sync::OnceLock;

/// Samples per period. Four times the most harmonics, so that straight lines between them are
/// good to about -90 dB.
const LENGTH: usize = 4_096;
/// Harmonic counts with a table of their own: three to an octave, so that at most the top third
/// of an octave below half the sample rate is left out.
const COUNTS: [usize; 27] = [
    1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25, 32, 40, 50, 64, 80, 101, 128, 161, 203, 256, 322, 406,
    512, 645, 1_024,
];

/// One period, and its first sample again.
pub(crate) type Table = [f32; LENGTH + 1];

struct Shapes {
    saw: Vec<Table>,
    triangle: Vec<Table>,
}

/// The saw with as many harmonics as fit below half the sample rate; `step` is its frequency as a
/// share of the sample rate.
pub(crate) fn saw(step: f32) -> &'static Table {
    &shapes().saw[fitting(step)]
}

/// The triangle, band-limited like [`saw`].
pub(crate) fn triangle(step: f32) -> &'static Table {
    &shapes().triangle[fitting(step)]
}

/// One period of a sine.
pub(crate) fn sine() -> &'static Table {
    &shapes().triangle[0]
}

/// A phase: the whole range of the number is one period.
pub(crate) type Phase = u32;

/// Any number of periods as a phase.
pub(crate) fn phase(periods: f32) -> Phase {
    (f64::from(periods) * 4_294_967_296.0) as i64 as u32
}

/// The table at a phase.
pub(crate) fn read(table: &Table, phase: Phase) -> f32 {
    const REST_BITS: u32 = 32 - LENGTH.trailing_zeros();
    let whole = (phase >> REST_BITS) as usize;
    let between = (phase & ((1 << REST_BITS) - 1)) as f32 * (1.0 / (1_u32 << REST_BITS) as f32);
    table[whole] + between * (table[whole + 1] - table[whole])
}

fn fitting(step: f32) -> usize {
    let room = if step > 0.0 { 0.5 / step } else { COUNTS[COUNTS.len() - 1] as f32 };
    COUNTS.partition_point(|count| *count as f32 <= room).max(1) - 1
}

fn shapes() -> &'static Shapes {
    static SHAPES: OnceLock<Shapes> = OnceLock::new();
    SHAPES.get_or_init(|| {
        let pi = std::f64::consts::PI;
        Shapes {
            // Falls from 1 to -1 over the period.
            saw: build(|n| 2.0 / (pi * n as f64)),
            // In phase with a sine and with its fundamental, so that the first table is one.
            triangle: build(|n| match n % 4 {
                1 => 1.0 / (n * n) as f64,
                3 => -1.0 / (n * n) as f64,
                _ => 0.0,
            }),
        }
    })
}

/// Adds up the harmonics once, keeping a copy at every count.
fn build(amplitude: impl Fn(usize) -> f64) -> Vec<Table> {
    let sine: Vec<f64> =
        (0..LENGTH).map(|n| libm::sin(std::f64::consts::TAU * n as f64 / LENGTH as f64)).collect();
    let mut sum = vec![0.0; LENGTH];
    let mut tables = Vec::with_capacity(COUNTS.len());
    let mut harmonic = 0;
    for count in COUNTS {
        while harmonic < count {
            harmonic += 1;
            let level = amplitude(harmonic);
            if level != 0.0 {
                for (n, value) in sum.iter_mut().enumerate() {
                    *value += level * sine[n * harmonic % LENGTH];
                }
            }
        }
        tables.push(std::array::from_fn(|n| sum[n % LENGTH] as f32));
    }
    tables
}
