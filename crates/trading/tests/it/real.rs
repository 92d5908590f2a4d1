//! The venue's own bars, as its archive has them.

use std::fs::File;
use std::io::{BufRead, BufReader};

use clock::Nanos;
use flate2::read::GzDecoder;
use market::{Bar, Step, Timeframe};
use trading::Candle;

/// BTCUSDT in ticks of 0.10 and lots of 0.001; none where the data folder is not.
pub(crate) fn bars(timeframe: Timeframe, test: &str) -> Option<Vec<Bar>> {
    let name = format!("market/bars/BTCUSDT-{}.csv.gz", timeframe.name());
    let file = File::open(testkit::data(&name, test)?).unwrap();
    let lines = BufReader::new(GzDecoder::new(file)).lines().map(Result::unwrap).skip(1);
    let (tick, lot) = (Step::parse(b"0.10").unwrap(), Step::parse(b"0.001").unwrap());
    let bar = |line: String| {
        let fields: Vec<&str> = line.split(',').collect();
        let price = |at: usize| tick.price(fields[at].as_bytes()).unwrap();
        Bar {
            timeframe,
            open_time: Nanos::from_millis(fields[0].parse().unwrap()).unwrap(),
            open: price(1),
            high: price(2),
            low: price(3),
            close: price(4),
            volume: lot.quantity_or_zero(fields[5].as_bytes()).unwrap(),
            flow: None,
        }
    };
    Some(lines.map(bar).collect())
}

/// The 43,199 minutes of BTCUSDT in ticks.
pub(crate) fn minutes(test: &str) -> Option<Vec<Candle>> {
    let bars = bars(Timeframe::M1, test)?;
    Some(bars.iter().map(|bar| Candle::of(bar).unwrap()).collect())
}

/// The same in dollars, as floats from the text: what other programs read.
pub(crate) fn dollars(test: &str) -> Option<Vec<Candle>> {
    let file = File::open(testkit::data("market/bars/BTCUSDT-1m.csv.gz", test)?).unwrap();
    let lines = BufReader::new(GzDecoder::new(file)).lines().map(Result::unwrap).skip(1);
    let candle = |line: String| {
        let n: Vec<f64> = line.split(',').map(|field| field.parse().unwrap()).collect();
        Candle::new(n[1], n[2], n[3], n[4], n[5]).unwrap()
    };
    Some(lines.map(candle).collect())
}
