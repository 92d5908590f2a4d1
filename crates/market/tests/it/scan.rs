use std::collections::BTreeMap;
use std::sync::LazyLock;

use clock::Nanos;
use market::{
    AggregateTrade, Bar, Body, Event, Fixed8, Flags, Flow, FrameKind, Level, Lots, Notional,
    Reason, Scanned, Scanner, Sequence, Side, SymbolId, Ticks, Timeframe,
};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use proptest::sample::Index;

use crate::capture::{Line, contracts, lines};

const BTC: SymbolId = SymbolId(1);
const TIME: Nanos = Nanos(1_723_161_256_313_000_000);

/// One frame of each kind, as captured or as documented today, with times of our century.
const FRAMES: [&str; 13] = [
    r#"{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":5123107839020,"s":"BTCUSDT","b":"61800.20","B":"2.507","a":"61800.30","A":"2.510","T":1723161256313,"E":1723161256313}}"#,
    r#"{"e":"bookTicker","u":400900217,"E":1723161256314,"T":1723161256313,"s":"BTCUSDT","ps":"BTCUSDT","b":"61800.20000000","B":"2.50700000","a":"61800.30000000","A":"2.51000000","st":1}"#,
    r#"{"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1723161256314,"T":1723161256313,"s":"BTCUSDT","U":157,"u":160,"pu":149,"b":[["61800.20","10.001"],["61800.10","0.000"]],"a":[["61800.30","100"]]}}"#,
    r#"{"e":"depthUpdate","E":1723161256314,"T":1723161256313,"s":"BTCUSDT","U":157,"u":160,"pu":149,"b":[],"a":[],"ps":"BTCUSDT","st":1}"#,
    r#"{"e":"trade","E":1723161256322,"T":1723161256313,"s":"BTCUSDT","t":5266583935,"p":"61800.30","q":"0.006","X":"MARKET","m":false}"#,
    r#"{"e":"aggTrade","E":1723161256322,"s":"BTCUSDT","a":5933014,"p":"61800.3","q":"100","nq":"99","f":100,"l":105,"T":1723161256313,"m":true,"st":1}"#,
    r#"{"e":"aggTrade","E":1723161256322,"s":"BTCUSDT","a":5933014,"p":"61800.3","q":"100","f":100,"l":105,"T":1723161256313,"m":true}"#,
    r#"{"e":"kline","E":1723161256313,"s":"BTCUSDT","k":{"t":1723161240000,"T":1723161299999,"s":"BTCUSDT","i":"1m","f":100,"L":200,"o":"61800.0","c":"61800.2","h":"61800.5","l":"61799.5","v":"1000","n":100,"x":true,"q":"1.0000","V":"500","Q":"0.500","B":"123456"}}"#,
    r#"{"e":"markPriceUpdate","E":1723161256313,"s":"BTCUSDT","p":"61794.15000000","i":"61784.62659091","P":"61784.25641265","r":"-0.00038167","T":1723190400000}"#,
    r#"{"e":"markPriceUpdate","E":1723161256313,"s":"BTCUSDT","p":"61794.15000000","i":"61784.62659091","P":"61784.25641265","r":"-0.00038167","ap":"61794.15000000","T":1723190400000,"st":1}"#,
    r#"{"e":"forceOrder","E":1723161256322,"o":{"s":"BTCUSDT","S":"SELL","o":"LIMIT","f":"IOC","q":"0.014","p":"61700","ap":"61710.05","X":"FILLED","l":"0.014","z":"0.014","T":1723161256313}}"#,
    r#"{"lastUpdateId":5123107852948,"E":1723161256501,"T":1723161256313,"bids":[["61800.20","2.909"]],"asks":[["61800.30","1.000"],["61800.40","2"]]}"#,
    r#"{"e":"depthUpdate","E":1723161256314,"T":1723161256313,"s":"BTCUSDT","ps":"BTCUSDT","st":1,"U":157,"u":160,"pu":149,"b":[["61800.20","0.001"]],"a":[]}"#,
];

fn read(frame: &[u8]) -> (Result<Scanned, Reason>, Vec<Event>) {
    let mut events = Vec::new();
    let mut scanner = Scanner::new(contracts());
    let mut result = scanner.scan(frame, Nanos(5), &mut events);
    if result == Err(Reason::NamelessSnapshot) {
        result = scanner.snapshot(BTC, frame, Nanos(5), &mut events);
    }
    (result, events)
}

/// The events of a frame that must be accepted, their headers checked.
fn bodies(frame: &str) -> Vec<Body> {
    let (result, events) = read(frame.as_bytes());
    assert!(result.is_ok(), "{result:?} {frame}");
    for event in &events {
        assert_eq!((event.symbol, event.sequence, event.receive), (BTC, Sequence(0), Nanos(5)));
        assert_eq!(event.exchange, TIME, "{frame}");
    }
    events.into_iter().map(|event| event.body).collect()
}

fn level(price: i64, quantity: i64) -> Level {
    Level { price: Ticks(price), quantity: Lots(quantity) }
}

#[test]
fn each_kind_says_what_it_said() {
    let ticker = Body::BookTicker { bid: level(618_002, 2_507), ask: level(618_003, 2_510) };
    assert_eq!(bodies(FRAMES[0]), [ticker]);
    assert_eq!(bodies(FRAMES[1]), [ticker]);
    assert_eq!(
        bodies(FRAMES[2]),
        [
            Body::DepthStart { first: 157, last: 160, previous: 149, levels: 3 },
            Body::DepthLevel { side: Side::Buy, level: level(618_002, 10_001) },
            Body::DepthLevel { side: Side::Buy, level: level(618_001, 0) },
            Body::DepthLevel { side: Side::Sell, level: level(618_003, 100_000) },
        ]
    );
    assert_eq!(
        bodies(FRAMES[3]),
        [Body::DepthStart { first: 157, last: 160, previous: 149, levels: 0 }]
    );
    let (price, quantity) = (Ticks(618_003), Lots(6));
    let trade = Body::Trade { id: 5_266_583_935, price, quantity, aggressor: Side::Buy };
    assert_eq!(bodies(FRAMES[4]), [trade]);
    let (id, first, last, quantity) = (5_933_014, 100, 105, Lots(100_000));
    let aggregate = AggregateTrade { id, first, last, price, quantity, aggressor: Side::Sell };
    assert_eq!(bodies(FRAMES[5]), [Body::AggregateTrade(aggregate)]);
    assert_eq!(bodies(FRAMES[6]), [Body::AggregateTrade(aggregate)]);
    let flow = Flow { taker_buy: Lots(500_000), quote: Notional(100_000_000), trades: 100 };
    let bar = Bar {
        timeframe: Timeframe::M1,
        open_time: Nanos(1_723_161_240_000_000_000),
        open: Ticks(618_000),
        high: Ticks(618_005),
        low: Ticks(617_995),
        close: Ticks(618_002),
        volume: Lots(1_000_000),
        flow: Some(flow),
    };
    assert_eq!(bodies(FRAMES[7]), [Body::Bar(bar)]);
    let mark = Body::MarkPrice {
        mark: Fixed8(6_179_415_000_000),
        index: Fixed8(6_178_462_659_091),
        rate: Fixed8(-38_167),
        next: Nanos(1_723_190_400_000_000_000),
    };
    assert_eq!(bodies(FRAMES[8]), [mark]);
    assert_eq!(bodies(FRAMES[9]), [mark]);
    let (price, average, quantity) = (Ticks(617_000), Fixed8(6_171_005_000_000), Lots(14));
    let liquidation = Body::Liquidation { side: Side::Sell, price, average, quantity };
    assert_eq!(bodies(FRAMES[10]), [liquidation]);
    assert_eq!(bodies(FRAMES[11])[0], Body::SnapshotStart { last: 5_123_107_852_948, levels: 3 });
}

#[test]
fn every_known_form_is_read_fast_and_every_surprise_generally() {
    for frame in FRAMES {
        let (fast, events) = read(frame.as_bytes());
        assert!(fast.unwrap().fast, "{frame}");
        let surprises = [
            frame.replacen(':', ": ", 1),
            format!("{frame}\n"),
            frame.replacen("\"T\"", "\"new\":{\"a\":[1,null]},\"T\"", 1),
            frame.replacen("BTCUSDT", "\\u0042TCUSDT", 1),
        ];
        for surprise in surprises.iter().filter(|surprise| *surprise != frame) {
            let (general, same) = read(surprise.as_bytes());
            assert!(!general.unwrap().fast, "{surprise}");
            assert_eq!(same, events, "{surprise}");
        }
    }
}

#[test]
fn the_last_level_of_a_change_is_marked() {
    for (frame, count) in [(FRAMES[2], 4), (FRAMES[3], 1), (FRAMES[11], 4)] {
        let (_, events) = read(frame.as_bytes());
        let marked: Vec<bool> = events.iter().map(|e| e.flags.has(Flags::LAST)).collect();
        assert_eq!(marked.len(), count);
        assert_eq!(marked.iter().position(|last| *last), Some(count - 1));
    }
    let (_, closed) = read(FRAMES[7].as_bytes());
    let (_, open) = read(FRAMES[7].replace("true", "false").as_bytes());
    assert_eq!((closed[0].flags, open[0].flags), (Flags::CLOSED, Flags::NONE));
}

#[test]
fn each_wrong_frame_is_refused_by_name() {
    let trade = FRAMES[4];
    let cases = [
        (trade.replace("MARKET", "INSURANCE_FUND"), Reason::InsuranceFund),
        (trade.replace("MARKET", "INSURANCE_FUND").replace("61800.30", "0"), Reason::InsuranceFund),
        (trade.replace("MARKET", "ADL"), Reason::AutoDeleverage),
        (trade.replace("MARKET", "NA"), Reason::NotATrade),
        (trade.replace("MARKET", "GIFT"), Reason::UnknownTradeKind),
        (trade.replace("61800.30", "0.00"), Reason::Zero),
        (trade.replace("61800.30", "-1.0"), Reason::Negative),
        (trade.replace("61800.30", "1e18"), Reason::NotDecimal),
        (trade.replace("61800.30", "NaN"), Reason::NotDecimal),
        (trade.replace("61800.30", "61800.35"), Reason::OffGrid),
        (trade.replace("61800.30", "1000000000000000000"), Reason::Overflow),
        (trade.replace("\"61800.30\"", "61800.30"), Reason::Field),
        (trade.replace("\"p\"", "\"P\""), Reason::Field),
        (trade.replace("BTCUSDT", "DOGEUSDT"), Reason::UnknownSymbol),
        (trade.replace("\"trade\"", "\"24hrTicker\""), Reason::UnknownKind),
        (trade.replace("1723161256313", "1723161256"), Reason::TimeUnit),
        (trade.replace("1723161256313", "1723161256313000"), Reason::TimeUnit),
        (trade[..100].to_string(), Reason::NotJson),
        ("{\"result\":null,\"id\":1}".to_string(), Reason::NoEvent),
        ("[]".to_string(), Reason::NoEvent),
        (String::new(), Reason::NotJson),
        ("[".repeat(100_000), Reason::NotJson),
        (" ".repeat(market::MAX_FRAME_BYTES + 1), Reason::TooLong),
        (FRAMES[7].replacen("BTCUSDT", "ETHUSDT", 1), Reason::TwoSymbols),
        (FRAMES[7].replace("1m", "2w"), Reason::UnknownTimeframe),
    ];
    let mut scanner = Scanner::new(contracts());
    let mut events = Vec::new();
    let mut expected = BTreeMap::new();
    for (frame, reason) in &cases {
        let found = scanner.scan(frame.as_bytes(), Nanos(0), &mut events);
        assert_eq!(found, Err(*reason), "{:.200}", frame);
        *expected.entry(*reason).or_insert(0) += 1;
    }
    assert!(events.is_empty());
    for (reason, count) in scanner.counts().refused() {
        assert_eq!(count, expected.get(&reason).copied().unwrap_or(0), "{reason}");
    }
    assert_eq!(scanner.counts().refused_total(), cases.len() as u64);
}

#[test]
fn a_refused_frame_leaves_the_buffer_as_it_was() {
    let (_, before) = read(FRAMES[2].as_bytes());
    let mut events = before.clone();
    let broken = FRAMES[2].replace("\"100\"", "\"x\"");
    let mut scanner = Scanner::new(contracts());
    assert!(scanner.scan(broken.as_bytes(), Nanos(5), &mut events).is_err());
    assert_eq!(events, before);
}

#[test]
fn the_whole_capture_is_read_fast_and_as_the_general_parser_reads_it() {
    let Some(lines) = lines("scan of the capture") else { return };
    let (mut fast, mut judge) = (Scanner::new(contracts()), Scanner::new(contracts()));
    let mut counts = BTreeMap::new();
    let (mut events, mut expected) = (Vec::new(), Vec::new());
    for (receive, frame) in lines {
        events.clear();
        expected.clear();
        let mut found = fast.scan(&frame, receive, &mut events);
        let mut general = judge.scan_generally(&frame, receive, &mut expected);
        if found == Err(Reason::NamelessSnapshot) {
            assert_eq!(general, found);
            found = fast.snapshot(BTC, &frame, receive, &mut events);
            // A blank makes the general parser read it.
            let spaced = [b" ", frame.as_slice()].concat();
            general = judge.snapshot(BTC, &spaced, receive, &mut expected);
        }
        assert_eq!(found.map(|s| s.kind), general.map(|s| s.kind));
        assert_eq!(events, expected);
        assert!(events.iter().all(|event| event.symbol == BTC && event.receive == receive));
        assert!(found.unwrap().fast);
        *counts.entry(found.unwrap().kind).or_insert(0) += 1;
    }
    let kinds = [
        (FrameKind::BookTicker, 66_089),
        (FrameKind::Depth, 6_551),
        (FrameKind::Snapshot, 1),
        (FrameKind::Trade, 21_313),
    ];
    assert_eq!(counts, BTreeMap::from(kinds));
    assert_eq!((fast.counts().fast, fast.counts().general), (93_954, 0));
    // The one refusal is the snapshot, asked for a name it does not have.
    assert_eq!(fast.counts().refused_total(), 1);
}

/// What the fast reader accepts, the general one must read the same.
fn agree(frame: &[u8]) -> Result<(), proptest::test_runner::TestCaseError> {
    let (mut events, mut expected) = (Vec::new(), Vec::new());
    let mut scanner = Scanner::new(contracts());
    let found = scanner.scan(frame, Nanos(5), &mut events);
    let general = scanner.scan_generally(frame, Nanos(5), &mut expected);
    prop_assert_eq!(found.map(|s| s.kind), general.map(|s| s.kind));
    prop_assert_eq!(&events, &expected);
    events.clear();
    expected.clear();
    let spaced = [b" ", frame].concat();
    let found = scanner.snapshot(BTC, frame, Nanos(5), &mut events);
    let general = scanner.snapshot(BTC, &spaced, Nanos(5), &mut expected);
    prop_assert!(!general.is_ok_and(|scanned| scanned.fast));
    prop_assert_eq!(found.map(|s| s.kind), general.map(|s| s.kind));
    prop_assert_eq!(events, expected);
    Ok(())
}

/// Bytes that mean something to a parser, more often than chance would have them.
const SHARP: &[u8] = b"0123456789.-+eE\"\\{}[]:, \n\tTtfnXx\x00\x7f\x80\xff";

/// Where, how, and with which byte.
type Edit = (Index, u8, Index, u8);

/// A frame with some bytes replaced, put in or taken out.
fn edited(frame: &[u8], edits: Vec<Edit>) -> Vec<u8> {
    let mut frame = frame.to_vec();
    for (at, edit, sharp, byte) in edits {
        let byte = if byte < 200 { SHARP[sharp.index(SHARP.len())] } else { byte };
        let at = at.index(frame.len());
        match edit % 3 {
            0 => frame[at] = byte,
            1 => frame.insert(at, byte),
            _ => drop(frame.remove(at)),
        }
    }
    frame
}

static CAPTURE: LazyLock<Option<Vec<Line>>> =
    LazyLock::new(|| lines("mutated frames of the capture"));

proptest! {
    #[test]
    fn mutated_frames_are_read_alike(
        which in 0..FRAMES.len(),
        edits in proptest::collection::vec(any::<Edit>(), 1..4),
    ) {
        agree(&edited(FRAMES[which].as_bytes(), edits))?;
    }

    #[test]
    fn mutated_frames_of_the_capture_are_read_alike(
        which: Index,
        edits in proptest::collection::vec(any::<Edit>(), 1..4),
    ) {
        if let Some(lines) = &*CAPTURE {
            agree(&edited(&lines[which.index(lines.len())].1, edits))?;
        }
    }

    #[test]
    fn two_frames_spliced_are_read_alike(a in 0..FRAMES.len(), b in 0..FRAMES.len(), i: Index, j: Index) {
        let (a, b) = (FRAMES[a].as_bytes(), FRAMES[b].as_bytes());
        agree(&[&a[..i.index(a.len())], &b[j.index(b.len())..]].concat())?;
    }

    #[test]
    fn numbers_are_read_alike(text in "-?[0-9]{0,20}(\\.[0-9]{0,20})?", id in "-?[0-9]{1,21}") {
        for frame in FRAMES {
            agree(frame.replace("61800.20", &text).replace("2.507", &text).as_bytes())?;
            agree(frame.replace("0.00038167", &text).replace("1.0000", &text).as_bytes())?;
            agree(frame.replace("5123107839020", &id).replace("1723161256313", &id).as_bytes())?;
        }
    }
}
