//! Structure: what it finds, that it never takes it back, and how it stands to the reference
//! library's files.

mod parity;
mod prefix;
mod rates;
mod reference;
mod shapes;
mod symmetry;

use trading::Candle;
use trading::structure::{Finding, Structure, StructureSettings};

/// Everything a series of bars settles, in order.
fn findings(settings: &StructureSettings, candles: &[Candle]) -> Vec<Finding> {
    let mut structure = Structure::new(settings).unwrap();
    candles.iter().flat_map(|candle| structure.update(candle).to_vec()).collect()
}
