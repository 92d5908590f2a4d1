//! Files as the venue's public archive has them: plain, packed, and in zips made by another
//! program.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use backtest::Import;
use clock::Nanos;
use flate2::Compression;
use flate2::write::GzEncoder;
use market::{
    AggregateTrade, Body, Contract, Event, Fixed8, Level, Lots, Notional, Side, SymbolId, Ticks,
    Timeframe,
};

use crate::real::{contracts, minutes};

const KLINES: &str = "open_time,open,high,low,close,volume,close_time,quote_volume,count,\
                      taker_buy_volume,taker_buy_quote_volume,ignore\n";

/// A zip of one member, by the system's own program where there is one.
pub(crate) fn zipped(folder: &Path, name: &str, text: &str) -> PathBuf {
    let (table, archive) = (folder.join(format!("{name}.csv")), folder.join(format!("{name}.zip")));
    fs::write(&table, text).unwrap();
    let by_system = Command::new("zip").arg("-jq").arg(&archive).arg(&table).status();
    if !by_system.is_ok_and(|status| status.success()) {
        let mut writer = zip::ZipWriter::new(fs::File::create(&archive).unwrap());
        writer.start_file(format!("{name}.csv"), zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
        writer.finish().unwrap();
    }
    archive
}

fn bitcoin() -> Contract {
    contracts(&["BTCUSDT"]).iter().next().unwrap().1.clone()
}

/// One table, as file, as gzip, as zip: what it says must not differ.
fn in_every_wrapping(text: &str, read: impl Fn(&Path) -> Import) -> Import {
    let folder = tempfile::tempdir().unwrap();
    let packed = zipped(folder.path(), "table", text);
    let gzip = folder.path().join("table.csv.gz");
    let mut encoder = GzEncoder::new(fs::File::create(&gzip).unwrap(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap();
    let plain = read(&folder.path().join("table.csv"));
    for path in [packed, gzip] {
        let other = read(&path);
        assert_eq!(other.events, plain.events, "{}", path.display());
        assert_eq!(other.quarantine.counts, plain.quarantine.counts);
    }
    plain
}

fn event(exchange: i64, receive: i64, body: Body) -> Event {
    let nanos = |millis| Nanos::from_millis(millis).unwrap();
    Event {
        sequence: market::Sequence(0),
        exchange: nanos(exchange),
        receive: nanos(receive),
        symbol: SymbolId(0),
        flags: market::Flags::NONE,
        body,
    }
}

#[test]
fn real_minutes_as_the_archive_writes_them_are_the_same_minutes_with_their_flow() {
    let Some(path) = minutes("archive klines", "BTCUSDT") else { return };
    let contract = bitcoin();
    let read = |path: &Path| Import::bars(path, SymbolId(0), &contract, Timeframe::M1).unwrap();
    let real = read(&path).events;
    let mut lines = String::new();
    for event in &real[..5_000] {
        let Body::Bar(bar) = event.body else { panic!("{event:?}") };
        let price = |ticks| contract.tick.show_price(ticks).to_string();
        let lots = |lots| contract.lot.show_quantity(lots).to_string();
        let quote = contract.notional(bar.close, bar.volume).unwrap();
        let count = bar.volume.0.min(100);
        lines.push_str(&format!(
            "{},{},{},{},{},{},{},{quote},{count},{},{quote},0\n",
            bar.open_time.millis(),
            price(bar.open),
            price(bar.high),
            price(bar.low),
            price(bar.close),
            lots(bar.volume),
            bar.end().millis() - 1,
            lots(Lots(bar.volume.0 / 2)),
        ));
    }
    let with_header = in_every_wrapping(&format!("{KLINES}{lines}"), read);
    let without = in_every_wrapping(&lines, read);
    assert_eq!(with_header.events, without.events);
    assert_eq!((with_header.quarantine.total(), without.quarantine.total()), (0, 0));
    for (archived, real) in without.events.iter().zip(&real) {
        let (Body::Bar(mut bar), Body::Bar(plain)) = (archived.body, real.body) else { panic!() };
        let flow = bar.flow.take().unwrap();
        assert_eq!(Event { body: Body::Bar(bar), ..*archived }, *real);
        assert_eq!(flow.taker_buy, Lots(plain.volume.0 / 2));
        assert_eq!(flow.quote, contract.notional(plain.close, plain.volume).unwrap());
    }
    assert_eq!(without.events.len(), 5_000);
}

#[test]
fn bars_whose_parts_are_no_parts_are_not_taken() {
    let contract = bitcoin();
    let line = |volume: &str, count: u32, taker: &str| {
        format!("1746372780000,1,2,1,2,{volume},1746372839999,9.5,{count},{taker},1,0\n")
    };
    let read = |text: &str| {
        in_every_wrapping(text, |path| {
            Import::bars(path, SymbolId(0), &contract, Timeframe::M1).unwrap()
        })
    };
    let good = read(&line("2", 3, "1"));
    let Body::Bar(bar) = good.events[0].body else { panic!() };
    assert_eq!(bar.flow.unwrap().quote, Notional(950_000_000));
    for (text, reason) in [
        (line("2", 3, "2.001"), "takers bought more than was traded"),
        (line("0", 3, "0"), "trades without volume, or volume without trades"),
        (line("2", 3, "x"), "the volume is no plain decimal"),
    ] {
        let refused = read(&text).quarantine;
        assert_eq!((refused.held[0].line, refused.held[0].reason), (1, reason));
        assert_eq!(refused.held[0].beginning, text.trim());
    }
}

#[test]
fn aggregate_trades_have_the_trades_in_them() {
    let contract = bitcoin();
    let lines = "2500000000,61000.1,0.250,5000,5003,1723161256310,true\n\
                 2500000001,61000.2,0.001,5004,5004,1723161256310,false\n\
                 2500000001,61000.2,0.001,5004,5004,1723161256311,false\n\
                 2500000002,61000.2,0.001,5005,5006,1723161256309,false\n\
                 2500000003,61000.2,0.001,5009,5007,1723161256312,maybe\n";
    let header = "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,\
                  is_buyer_maker\n";
    let read = |path: &Path| Import::trades(path, SymbolId(0), &contract).unwrap();
    let import = in_every_wrapping(&format!("{header}{lines}"), read);
    assert_eq!(in_every_wrapping(lines, read).events, import.events);
    let trade = |id, first, last, price, quantity, aggressor| {
        let (price, quantity) = (Ticks(price), Lots(quantity));
        Body::AggregateTrade(AggregateTrade { id, first, last, price, quantity, aggressor })
    };
    let (a, b) = (
        trade(2_500_000_000, 5_000, 5_003, 610_001, 250, Side::Sell),
        trade(2_500_000_001, 5_004, 5_004, 610_002, 1, Side::Buy),
    );
    let at = 1_723_161_256_310;
    assert_eq!(import.events, [event(at, at, a), event(at, at, b)]);
    let refused: Vec<_> = import.quarantine.counts.into_iter().collect();
    assert_eq!(
        refused,
        [
            ("the number of a trade again, or an earlier one", 1),
            ("time runs backwards", 1),
            ("whether the buyer was the maker is neither true nor false", 1),
        ]
    );
}

#[test]
fn single_trades_are_told_from_aggregates_by_their_columns() {
    let contract = bitcoin();
    let lines = "5000,61000.1,0.250,15250.025,1723161256310,true\n\
                 5001,61000.15,0.250,15250.025,1723161256310,true\n\
                 5002,61000.1,0,0,1723161256310,true\n";
    let header = "id,price,qty,quote_qty,time,is_buyer_maker\n";
    let read = |path: &Path| Import::trades(path, SymbolId(0), &contract).unwrap();
    let import = in_every_wrapping(&format!("{header}{lines}"), read);
    assert_eq!(in_every_wrapping(lines, read).events, import.events);
    let (price, quantity) = (Ticks(610_001), Lots(250));
    let body = Body::Trade { id: 5_000, price, quantity, aggressor: Side::Sell };
    assert_eq!(import.events, [event(1_723_161_256_310, 1_723_161_256_310, body)]);
    let reasons: Vec<_> = import.quarantine.counts.into_keys().collect();
    assert_eq!(reasons, ["a price is off the contract's grid", "a quantity is zero"]);
}

#[test]
fn tickers_are_received_when_they_were_sent() {
    let contract = bitcoin();
    let lines = "7,61000.1,2.5,61000.2,0,1723161256310,1723161256313\n\
                 8,61000.2,2.5,61000.2,1,1723161256310,1723161256313\n\
                 7,61000.1,2.5,61000.2,1,1723161256310,1723161256314\n";
    let header = "update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,\
                  transaction_time,event_time\n";
    let read = |path: &Path| Import::tickers(path, SymbolId(0), &contract).unwrap();
    let import = in_every_wrapping(&format!("{header}{lines}"), read);
    assert_eq!(in_every_wrapping(lines, read).events, import.events);
    let level = |price, quantity| Level { price: Ticks(price), quantity: Lots(quantity) };
    let body = Body::BookTicker { bid: level(610_001, 2_500), ask: level(610_002, 0) };
    assert_eq!(import.events, [event(1_723_161_256_310, 1_723_161_256_313, body)]);
    assert_eq!(import.quarantine.total(), 2);
}

#[test]
fn funding_of_the_archive_is_funding() {
    let lines = "1704067200000,8,0.00037409\n1704096000001,8,-0.0001\n";
    let header = "calc_time,funding_interval_hours,last_funding_rate\n";
    let read = |path: &Path| Import::funding(path, SymbolId(0)).unwrap();
    let import = in_every_wrapping(&format!("{header}{lines}"), read);
    assert_eq!(in_every_wrapping(lines, read).events, import.events);
    let rates: Vec<_> = import
        .events
        .iter()
        .map(|event| match event.body {
            Body::Funding { rate, mark: None } => (event.receive.millis(), rate),
            _ => panic!("{event:?}"),
        })
        .collect();
    assert_eq!(rates, [(1_704_067_200_000, Fixed8(37_409)), (1_704_096_000_001, Fixed8(-10_000))]);
}

#[test]
fn a_table_without_header_has_the_archives_columns_or_is_refused_by_their_number() {
    let contract = bitcoin();
    let folder = tempfile::tempdir().unwrap();
    let path = zipped(folder.path(), "short", "1746372780000,1,2,1,2,3\n");
    let said = Import::bars(&path, SymbolId(0), &contract, Timeframe::M1).unwrap_err().to_string();
    assert!(said.ends_with("no header, and 6 columns where the archive has 12"), "{said}");
    let said = Import::trades(&path, SymbolId(0), &contract).unwrap().quarantine;
    assert_eq!(said.total(), 1, "six columns could be trades; their line is none");
    let path = zipped(folder.path(), "five", "1,2,3,4,5\n");
    let said = Import::trades(&path, SymbolId(0), &contract).unwrap_err().to_string();
    assert!(said.ends_with("no header, and 5 columns where the archive has 7 or 6"), "{said}");
}
