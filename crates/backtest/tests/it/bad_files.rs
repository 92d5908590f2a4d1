use std::fs;
use std::io::Write;

use backtest::{Error, Import};
use fault::{Class, Fault};
use market::{SymbolId, Timeframe};

use crate::real::contracts;

fn import(bytes: &[u8]) -> Result<Import, Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bars.csv");
    fs::write(&path, bytes).unwrap();
    let contracts = contracts(&["BTCUSDT"]);
    let (symbol, contract) = contracts.iter().next().unwrap();
    Import::bars(&path, symbol, contract, Timeframe::M1)
}

const HEADER: &str = "open_time,open,high,low,close,volume\n";

/// The reason why a line after a good one is not taken.
fn refused(line: &str) -> &'static str {
    let text = format!("{HEADER}1746372780000,95505.4,95505.5,95502.7,95502.7,16.536\n{line}\n");
    let import = import(text.as_bytes()).unwrap();
    assert_eq!((import.events.len(), import.quarantine.total()), (1, 1), "{line}");
    assert_eq!(import.quarantine.held[0].line, 3, "the line's number");
    import.quarantine.held[0].reason
}

#[test]
fn every_bad_line_is_counted_by_its_reason() {
    for (line, reason) in [
        ("1746372840000,0,95505.5,95502.7,95502.7,1", "a price is zero"),
        ("1746372840000,-5,95505.5,95502.7,95502.7,1", "a price is negative"),
        ("1746372840000,NaN,95505.5,95502.7,95502.7,1", "a price is no plain decimal"),
        ("1746372840000,1e18,95505.5,95502.7,95502.7,1", "a price is no plain decimal"),
        ("1746372840000,10000000000000000000000,9,9,9,1", "a price is too large"),
        ("1746372840000,95505.45,95505.5,95502.7,95502.7,1", "a price is off the contract's grid"),
        ("1746372840000,95505.4,95505.3,95502.7,95502.7,1", "high or low is inside open and close"),
        ("1746372840000,95505.4,95505.5,95502.7,95502.7,-1", "the volume is negative"),
        (
            "1746372840000,95505.4,95505.5,95502.7,95502.7,0.0001",
            "the volume is off the contract's grid",
        ),
        ("1746372780000,95505.4,95505.5,95502.7,95502.7,1", "the same open time again"),
        ("1746372720000,95505.4,95505.5,95502.7,95502.7,1", "time runs backwards"),
        ("1746372840,95505.4,95505.5,95502.7,95502.7,1", "the time is in another unit than before"),
        (
            "1746372841000,95505.4,95505.5,95502.7,95502.7,1",
            "the time is no open of a bar of this length",
        ),
        ("yesterday,95505.4,95505.5,95502.7,95502.7,1", "the time is no whole number"),
        ("1746372840000,95505.4,95505.5", "too few columns"),
    ] {
        assert_eq!(refused(line), reason, "{line}");
    }
}

#[test]
fn columns_are_found_by_name_and_missed_by_name() {
    let text = "volume,extra,close,low,high,open,timestamp\n1,x,95502.7,95502.7,95505.5,95505.4,1746372780\n";
    let read = import(text.as_bytes()).unwrap();
    assert_eq!((read.events.len(), read.events[0].symbol), (1, SymbolId(0)));
    let error = import(b"open_time,open,high,low,volume\n1,1,1,1,1\n").unwrap_err();
    assert!(error.to_string().contains("no column \"close\" in the header"), "{error}");
    assert_eq!(error.class(), Class::User);
}

#[test]
fn a_stray_quote_swallows_nothing() {
    let good = |minute: i64| {
        format!("{},\"95505.4\",95505.5,95502.7,95502.7,1\n", 1_746_372_780_000 + minute * 60_000)
    };
    let text = format!("\u{feff}{HEADER}{}\"oops,1,1,1,1,1\n{}{}", good(0), good(1), good(2));
    let read = import(text.as_bytes()).unwrap();
    assert_eq!((read.events.len(), read.quarantine.total()), (3, 1));
}

#[test]
fn what_is_no_table_is_refused_by_name() {
    for bytes in [&b""[..], b"\x00\x01\x02", b"hello"] {
        assert!(import(bytes).unwrap_err().to_string().contains("no column"), "{bytes:?}");
    }
    // A gzip file that ends too soon.
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(HEADER.as_bytes()).unwrap();
    packed
        .write_all(&b"1746372780000,95505.4,95505.5,95502.7,95502.7,16.536\n".repeat(10_000))
        .unwrap();
    let packed = packed.finish().unwrap();
    assert!(import(&packed).is_ok());
    assert!(matches!(import(&packed[..packed.len() / 2]), Err(Error::File { .. })));
}

#[test]
fn a_file_that_is_no_table_is_not_told_at_length() {
    let error = import(&b"no,table ".repeat(1 << 20)).unwrap_err().to_string();
    let said = "no column \"open_time\" (or \"time\", \"timestamp\", \"date\", \"opentime\") in the \
                header: no, table no, ";
    assert!(error.contains(said), "{}", &error[..error.len().min(400)]);
    assert!(error.ends_with(" ...") && error.len() < 400, "{} bytes", error.len());
}

#[test]
fn a_line_without_end_is_one_line_that_is_not_taken() {
    let good = |minute: i64| {
        format!("{},95505.4,95505.5,95502.7,95502.7,1\n", 1_746_372_780_000 + minute * 60_000)
    };
    // As long as it was whole it would be taken: what stands around a field is of no account.
    let space = " ".repeat(4 << 20);
    let long = format!("1746372840000,{space}95505.4,95505.5,95502.7,95502.7,1");
    let text = format!("{HEADER}{}{long}\n{}", good(0), good(2));
    let read = import(text.as_bytes()).unwrap();
    assert_eq!((read.events.len(), read.quarantine.total()), (2, 1));
    assert_eq!(
        (read.quarantine.held[0].line, read.quarantine.held[0].reason),
        (3, "a price is no plain decimal")
    );
}
