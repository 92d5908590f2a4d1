use market::{Contracts, Error, Fixed8, Lots, Notional, PriceBand, Status, SymbolId, Ticks};

/// Two entries in the venue's shape, with fields nobody told us of, and one that lacks its tick.
const LISTING: &str = r#"{"timezone":"UTC","serverTime":1,"futureField":[1],"symbols":[
{"symbol":"ETHUSDT","contractType":"PERPETUAL","status":"TRADING","quoteAsset":"USDT","pricePrecision":7,
 "filters":[{"filterType":"PRICE_FILTER","minPrice":"39.86","maxPrice":"306177","tickSize":"0.01"},
 {"filterType":"LOT_SIZE","minQty":"0.001","maxQty":"10000","stepSize":"0.001"},
 {"filterType":"MARKET_LOT_SIZE","minQty":"0.001","maxQty":"2000","stepSize":"0.002"},
 {"filterType":"MIN_NOTIONAL","notional":"20"},{"filterType":"NEW_ONE","limit":3},
 {"filterType":"PERCENT_PRICE","multiplierUp":"1.0500","multiplierDown":"0.9500","multiplierDecimal":"4"}]},
{"symbol":"BROKEN","filters":[{"filterType":"PRICE_FILTER","minPrice":"1","maxPrice":"2"},
 {"filterType":"LOT_SIZE","minQty":"1","maxQty":"2","stepSize":"1"}]},
{"symbol":"币安人生USDT","contractType":"PERPETUAL","status":"SETTLING","quoteAsset":"USDT",
 "filters":[{"filterType":"PRICE_FILTER","minPrice":"0.01","maxPrice":"200.04","tickSize":"0.05"},
 {"filterType":"LOT_SIZE","minQty":"5","maxQty":"1000","stepSize":"5"},
 {"filterType":"MARKET_LOT_SIZE","minQty":"0","maxQty":"1000","stepSize":"5"},
 {"filterType":"MIN_NOTIONAL","notional":"5"}]}]}"#;

#[test]
fn the_grid_comes_from_the_filters_and_not_from_the_precision() {
    let listing = market::read_listing(LISTING.as_bytes()).unwrap();
    assert_eq!(
        listing.refused,
        [Error::Missing { symbol: "BROKEN".to_string(), field: "tickSize" }]
    );
    let contracts = Contracts::new(listing.contracts).unwrap();
    let eth = contracts.get(contracts.find(b"ETHUSDT").unwrap()).unwrap();
    assert_eq!((eth.tick.to_string(), eth.lot.to_string()), ("0.01".into(), "0.001".into()));
    assert_eq!((eth.min_price, eth.max_price), (Ticks(3_986), Ticks(30_617_700)));
    assert_eq!((eth.market.max, eth.market.step), (Lots(2_000_000), Lots(2)));
    assert_eq!(eth.min_notional, Notional(2_000_000_000));
    assert_eq!(eth.band, Some(PriceBand { up: Fixed8(105_000_000), down: Fixed8(95_000_000) }));
    // 2,500.01 times 1.5 is 3,750.015.
    assert_eq!(eth.notional(Ticks(250_001), Lots(1_500)), Some(Notional(375_001_500_000)));
    assert_eq!(eth.fine(Ticks(250_001)), Some(Fixed8(250_001_000_000)));
    assert_eq!(eth.notional(Ticks(i64::MAX), Lots(i64::MAX)), None);

    let id = contracts.find("币安人生USDT".as_bytes()).unwrap();
    let other = contracts.get(id).unwrap();
    assert_eq!((id, other.status, other.band), (SymbolId(1), Status::Closed, None));
    assert_eq!((other.min_price, other.max_price), (Ticks(1), Ticks(4_000)));
    assert_eq!((other.limit.min, other.market.min), (Lots(1), Lots(1)));
    assert_eq!(other.notional(Ticks(1), Lots(1)), Some(Notional(25_000_000)));
}

#[test]
fn a_table_finds_every_name_it_holds_and_no_other() {
    let template = market::read_listing(LISTING.as_bytes()).unwrap().contracts.remove(0);
    let names = (0..700).map(|n| format!("{}COIN{n}USDT", "A".repeat(n % 11)));
    let contracts =
        Contracts::new(names.clone().map(|name| market::Contract { name, ..template.clone() }))
            .unwrap();
    for (number, name) in names.enumerate() {
        assert_eq!(contracts.find(name.as_bytes()), Some(SymbolId(number as u32)));
        assert_eq!(contracts.find(format!("{name}X").as_bytes()), None);
    }
    assert_eq!(contracts.find(b""), None);
    assert_eq!(Contracts::default().find(b"BTCUSDT"), None);
    let twice = Contracts::new([template.clone(), template]).unwrap_err();
    assert_eq!(twice.to_string(), "ETHUSDT: listed twice");
}

#[test]
fn what_is_no_list_is_refused() {
    assert!(matches!(market::read_listing(b"<html>"), Err(Error::Listing(_))));
    assert!(matches!(market::read_listing(b"{}"), Err(Error::Listing(_))));
}
