use std::hint::black_box;

use anyhow::Result;
use trading::Candle;
use trading::structure::{Structure, StructureSettings};

use super::Ground;
use crate::bench::contest::{Contest, Contestant, Turn, Unit};
use crate::bench::cpu;
use crate::bench::guest::Guest;

pub(super) const TITLE: &str = "Structure";
const PASSES: usize = 10;

pub(super) fn table(ground: &Ground<'_>) -> Result<String> {
    let bars = ground.recorded.candles()?;
    let smc = Guest::invite("smartmoneyconcepts", "structure_smc.py", &[], ground.folder)?;
    let house = StructureSettings::default();
    let every_gap = StructureSettings { gap_min_percent: 0.0, ..house };
    let contest = Contest {
        title: TITLE,
        about: format!(
            "Swings, breaks, gaps, blocks and liquidity in {} minutes of BTCUSDT. Triad takes one \
             closed bar after the other, gives each finding when it is settled and never takes it \
             back, and finds sweeps and institutional candles too; it reads the bars {PASSES} \
             times. smartmoneyconcepts takes all bars at once and knows the future; in brackets, \
             the rows that each of its functions fills. Its gaps have no least size: the second \
             row of Triad has none either.",
            bars.len()
        ),
        unit: Unit::Nanos("a bar"),
        work: (PASSES * bars.len()) as f64,
        contestants: vec![
            Contestant::new("Triad, as it comes", || found(&bars, &house)),
            Contestant::new("Triad, gaps of any size", || found(&bars, &every_gap)),
            smc.row(str::to_owned, "all").work(bars.len() as f64),
        ],
    };
    contest.run(ground.runs)
}

fn found(bars: &[Candle], settings: &StructureSettings) -> Result<Turn> {
    let fresh = Structure::new(settings)?;
    let (seconds, findings) = cpu::of_this(|| {
        let mut findings = 0;
        for _ in 0..PASSES {
            let mut structure = fresh.clone();
            for bar in bars {
                findings += black_box(structure.update(bar)).len();
            }
        }
        Ok(findings / PASSES)
    })?;
    Ok((seconds, format!("{findings} findings")))
}
