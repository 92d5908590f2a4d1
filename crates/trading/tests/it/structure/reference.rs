//! The reference library's own input and results, as read from the data folder.

use std::fs;

use trading::Candle;

/// Folder of the files below `TRIAD_DATA`.
const FOLDER: &str = "market/smc";

/// Rows of cells; an empty cell is none.
type Rows = Vec<Vec<Option<f64>>>;

fn table(name: &str, test: &str) -> Option<Rows> {
    let path = testkit::data(&format!("{FOLDER}/{name}"), test)?;
    let text = fs::read_to_string(path).unwrap();
    let cells = |line: &str| line.split(',').map(|cell| cell.parse().ok()).collect();
    Some(text.lines().skip(1).map(cells).collect())
}

/// 24,424 quarters of EURUSD in whole units of 1e-5, and `shift` more.
pub(super) fn eurusd(shift: f64, test: &str) -> Option<Vec<Candle>> {
    let rows = table("EURUSD_15M.csv", test)?;
    let candle = |row: &Vec<Option<f64>>| {
        let price = |at: usize| units(row[at].unwrap()) + shift;
        Candle::new(price(1), price(2), price(3), price(4), row[5].unwrap()).unwrap()
    };
    Some(rows.iter().map(candle).collect())
}

/// A price of the files, some of which went through 32 bits, in whole units of 1e-5.
pub(super) fn units(price: f64) -> f64 {
    (price * 1e5).round()
}

/// A row of results: its number and its cells.
pub(super) type Row = (u64, Vec<Option<f64>>);

/// The rows of a file in which something was found.
pub(super) fn results(name: &str, test: &str) -> Option<Vec<Row>> {
    let rows = table(&format!("{name}_result_data.csv"), test)?;
    assert_eq!(rows.len(), 24_424);
    let numbered = (0..).zip(rows);
    Some(numbered.filter(|(_, row)| row.iter().any(Option::is_some)).collect())
}
