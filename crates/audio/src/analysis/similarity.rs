//! Which programmes are alike, and why.
//!
//! Each value of a [`Fingerprint`] is set on a scale of its own ([`scale`]), so that one is the
//! usual difference between two programmes; the distance is Euclidean over the weighted values.
//! [`Distance`] tells what each value adds, [`Index`] finds the nearest of many by looking at all
//! of them: exact, and quick enough up to some hundred thousand.

mod index;
mod scale;

pub use index::Index;

use crate::analysis::Fingerprint;

/// How far two programmes are apart. 0 is the same; two programmes that have nothing to do with
/// each other are some 6 apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distance {
    /// The square root of the sum of the contributions.
    pub total: f64,
    /// What each value adds, in the order of [`Fingerprint::NAMES`]: the squared difference on its
    /// scale times its weight.
    pub contributions: [f64; Fingerprint::LENGTH],
}

impl Distance {
    /// Between two fingerprints of one [`ANALYSIS_REVISION`](super::ANALYSIS_REVISION).
    pub fn between(a: &Fingerprint, b: &Fingerprint) -> Self {
        let mut contributions = [0.0; Fingerprint::LENGTH];
        let places = scale::place(a).into_iter().zip(scale::place(b));
        for (axis, (a, b)) in places.enumerate() {
            let difference = f64::from(a) - f64::from(b);
            contributions[scale::value_of(axis)] += difference * difference;
        }
        let total = contributions.iter().sum::<f64>().sqrt();
        Self { total, contributions }
    }
}

#[cfg(test)]
mod tests;
