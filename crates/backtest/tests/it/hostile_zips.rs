//! Zips that are not what they claim: each refused by what is wrong with it.

use std::fs;
use std::io::Write;
use std::path::Path;

use backtest::{Error, Import};
use fault::{Class, Fault};
use market::Timeframe;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::archive::zipped;
use crate::real::contracts;

const TABLE: &str = "open_time,open,high,low,close,volume\n\
                     1746372780000,95505.4,95505.5,95502.7,95502.7,16.536\n";

fn import(path: &Path) -> Result<Import, Error> {
    let contracts = contracts(&["BTCUSDT"]);
    let (symbol, contract) = contracts.iter().next().unwrap();
    Import::bars(path, symbol, contract, Timeframe::M1)
}

/// What is said of some bytes.
fn said(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("odd.zip");
    fs::write(&path, bytes).unwrap();
    let error = import(&path).unwrap_err();
    assert_eq!(error.class(), Class::User, "{error}");
    error.to_string()
}

fn good() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = zipped(folder.path(), "good", TABLE);
    assert_eq!(import(&path).unwrap().events.len(), 1);
    fs::read(path).unwrap()
}

/// Where a signature stands in the bytes.
fn find(bytes: &[u8], signature: &[u8; 4]) -> usize {
    bytes.windows(4).position(|window| window == signature).unwrap()
}

#[test]
fn a_zip_has_one_member() {
    let of = |names: &[&str]| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut writer = ZipWriter::new(&mut bytes);
        for name in names {
            if name.ends_with('/') {
                writer.add_directory(*name, SimpleFileOptions::default()).unwrap();
            } else {
                writer.start_file(*name, SimpleFileOptions::default()).unwrap();
                writer.write_all(TABLE.as_bytes()).unwrap();
            }
        }
        writer.finish().unwrap();
        said(bytes.get_ref())
    };
    assert!(of(&["a.csv", "b.csv"]).contains("a zip of 2 members"), "{}", of(&["a.csv", "b.csv"]));
    assert!(of(&[]).contains("a zip of 0 members"), "{}", of(&[]));
    assert!(of(&["a/"]).contains("a zip of a folder"), "{}", of(&["a/"]));
}

#[test]
fn a_zip_that_is_cut_anywhere_is_refused() {
    let whole = good();
    for end in 4..whole.len() {
        let said = said(&whole[..end]);
        assert!(said.contains("zip"), "cut at {end}: {said}");
    }
}

#[test]
fn a_member_whose_checksum_differs_is_refused() {
    let mut bytes = good();
    let central = find(&bytes, b"PK\x01\x02");
    bytes[central + 16] ^= 1;
    bytes[14] ^= 1;
    assert!(said(&bytes).contains("checksum"), "{}", said(&bytes));
}

#[test]
fn an_encrypted_member_is_refused() {
    let mut bytes = good();
    let central = find(&bytes, b"PK\x01\x02");
    bytes[central + 8] |= 1;
    bytes[6] |= 1;
    let said = said(&bytes).to_lowercase();
    assert!(said.contains("password") || said.contains("encrypt"), "{said}");
}

#[test]
fn a_method_nobody_uses_is_refused() {
    let mut bytes = good();
    let central = find(&bytes, b"PK\x01\x02");
    (bytes[central + 10], bytes[8]) = (99, 99);
    assert!(said(&bytes).contains("accepted are deflate and store"), "{}", said(&bytes));
}

#[test]
fn a_bomb_is_refused_while_it_is_unpacked() {
    let folder = tempfile::tempdir().unwrap();
    // 40 MiB of one line: packed to a five-hundredth.
    let line = "1746372780000,95505.4,95505.5,95502.7,95502.7,16.536\n";
    let text = format!("{TABLE}{}", line.repeat((40 << 20) / line.len()));
    let path = zipped(folder.path(), "bomb", &text);
    let error = import(&path).unwrap_err();
    assert!(error.to_string().contains("more than 200 times as large when unpacked"), "{error}");
    assert_eq!(error.class(), Class::User);
}
