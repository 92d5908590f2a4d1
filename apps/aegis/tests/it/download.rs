//! The archive on this machine, fetched, imported and run over.

use std::fs;
use std::path::Path;
use std::process::Command;

use sha2::{Digest, Sha256};
use testkit::server::{Reply, Server};

use crate::bench::{Bench, minutes};

/// The files below a folder as the archive serves them, and a checksum for each.
fn archive(folder: &Path) -> Server {
    let folder = folder.to_owned();
    Server::start(move |asked, _| {
        let path = asked.path.strip_prefix("/data/").unwrap_or_default();
        let file = path.strip_suffix(".CHECKSUM");
        let Ok(bytes) = fs::read(folder.join(file.unwrap_or(path))) else {
            return Reply::status(404);
        };
        let Some(file) = file else { return Reply::file(&bytes, asked) };
        let name = file.rsplit('/').next().unwrap_or_default();
        let hex: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        Reply::whole(format!("{hex}  {name}\n").as_bytes())
    })
}

const BARS: &str = "futures/um/monthly/klines/BTCUSDT/1m";
const FUNDING: &str = "futures/um/monthly/fundingRate/BTCUSDT";

/// A bench with a copy of the archive: minutes of a month and its funding.
fn bench() -> Bench {
    let bench = Bench::new();
    for folder in [BARS, FUNDING] {
        fs::create_dir_all(bench.path("there").join(folder)).unwrap();
    }
    let table = bench.path("there").join(BARS).join("BTCUSDT-1m-2025-05.csv");
    let zip = table.with_extension("zip");
    fs::write(&table, minutes(500)).unwrap();
    let zipped = Command::new("zip").arg("-jq").arg(&zip).arg(&table).status();
    if !zipped.is_ok_and(|status| status.success()) {
        // The archive's name on a table as it is: an importer looks at the bytes.
        fs::copy(&table, &zip).unwrap();
    }
    let rates = "calc_time,funding_interval_hours,last_funding_rate\n1746376380000,8,0.0001\n";
    let path = bench.path("there").join(FUNDING).join("BTCUSDT-fundingRate-2025-05.zip");
    fs::write(path, rates).unwrap();
    bench
}

#[test]
fn a_month_is_fetched_imported_and_run_over() {
    let bench = bench();
    let server = archive(&bench.path("there"));
    let base = server.base();
    let download = [
        "download",
        "BTCUSDT",
        "--kind",
        "klines",
        "--kind",
        "funding-rate",
        "--from",
        "2025-04",
        "--to",
        "2025-05",
        "--out",
        "here",
        "--base",
        &base,
    ];
    let ended = bench.run(&download);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let said = "2 files fetched, 0.0 MB; 0 were there; 2 not in the archive";
    assert!(ended.stdout.contains(said), "{}", ended.stdout);
    assert!(ended.stdout.contains("not in the archive: BTCUSDT-1m-2025-04.zip"));
    let again = bench.run(&[&["--json"], &download[..]].concat());
    let json: serde_json::Value = serde_json::from_str(&again.stdout).unwrap();
    assert_eq!((&json["fetched"], &json["already"]), (&0.into(), &2.into()), "{json}");
    let files: Vec<&str> =
        json["files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap()).collect();
    let import = [&["import", "--out", "market"], &files[..]].concat();
    let imported = bench.run(&import);
    assert!(imported.stdout.contains("501 events of BTCUSDT from 2 files"), "{}", imported.stderr);
    let run = ["backtest", "--journal", "market", "--strategy", "buy-and-hold", "--out", "run"];
    assert_eq!(bench.run(&run).code, 0);
}

#[test]
fn what_cannot_be_fetched_is_told_by_name() {
    let bench = bench();
    let server = archive(&bench.path("there"));
    let base = server.base();
    let download = |arguments: &[&str]| {
        let all = [&["download", "--out", "here", "--base", &base], arguments].concat();
        bench.run(&all)
    };
    let none = download(&["BTCUSDT", "--from", "2019-01"]);
    assert_eq!((none.code, none.stderr.contains("the archive has none of it")), (4, true));
    for (arguments, said) in [
        (&["btcusdt", "--from", "2025-05"][..], "contract \"btcusdt\": accepted is capital"),
        (&["BTCUSDT", "--from", "2025-13"], "a day, 2024-01-31, or a month, 2024-01"),
        (&["BTCUSDT", "--from", "2025-05", "--to", "2025-04"], "an end that is not before"),
        (&["BTCUSDT", "--from", "2025-05", "--interval", "../x"], "interval \"../x\""),
        (&["BTCUSDT", "--from", "1700-01", "--every", "day", "--to", "2025-01"], "files: accepted"),
        (&["BTCUSDT", "--from", "2025-05", "--kind", "depth"], "agg-trades"),
        (&["--from", "2025-05"], "CONTRACT"),
    ] {
        let ended = download(arguments);
        assert_eq!(ended.code, 2, "{arguments:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(said), "{said}: {}", ended.stderr);
    }
    let odd = ["download", "BTCUSDT", "--from", "2025-05", "--out", "here", "--base", "ftp://a"];
    assert!(bench.run(&odd).stderr.contains("base \"ftp://a\""));
    assert!(!bench.path("here").exists());
}

#[test]
fn a_file_whose_checksum_alone_is_missing_is_told_apart() {
    let bench = bench();
    let folder = bench.path("there");
    let server = Server::start(move |asked, _| {
        let path = asked.path.strip_prefix("/data/").unwrap_or_default();
        match fs::read(folder.join(path)) {
            Ok(bytes) => Reply::file(&bytes, asked),
            Err(_) => Reply::status(404),
        }
    });
    let base = server.base();
    let download = ["download", "BTCUSDT", "--from", "2025-04", "--to", "2025-05"];
    let ended = bench.run(&[&download[..], &["--out", "here", "--base", &base]].concat());
    assert_eq!(ended.code, 4, "{}", ended.stdout);
    assert!(ended.stdout.contains("1 not in the archive\n"), "{}", ended.stdout);
    assert!(ended.stdout.contains("no checksum for BTCUSDT-1m-2025-05.zip"), "{}", ended.stdout);
    assert!(ended.stderr.contains("no checksum for 1 files"), "{}", ended.stderr);
}
