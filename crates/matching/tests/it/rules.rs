use market::{Fixed8, Notional, Ticks};
use matching::{Assumptions, Error};

use crate::scene::FILE;

#[test]
fn the_file_becomes_rules_and_contracts() {
    let read = Assumptions::parse(FILE).unwrap();
    let rules = read.rules().unwrap();
    assert_eq!((rules.fees.maker, rules.fees.taker), (Fixed8(20_000), Fixed8(50_000)));
    assert_eq!((rules.order_latency, rules.report_latency), (1_000, 2_000));
    let contracts = read.contracts(["BTCUSDT"]).unwrap();
    let (_, btc) = contracts.iter().next().unwrap();
    assert_eq!(btc.tick.price(b"60000.1"), Ok(Ticks(600_001)));
    assert_eq!(btc.min_notional, Notional::whole(50));
    assert!(
        matches!(read.contracts(["DOGEUSDT"]), Err(Error::NoContract(name)) if name == "DOGEUSDT")
    );
}

#[test]
fn what_is_wrong_is_named_by_its_key() {
    for (from, to, named) in [
        ("slippage = \"0.0001\"", "slippage = \"1.5\"", "slippage"),
        ("slippage = \"0.0001\"", "slippage = \"-0.1\"", "slippage"),
        ("taker = \"0.0005\"", "taker = \"x\"", "fees.a.taker"),
        ("tier = \"a\"", "tier = \"vip\"", "no tier \"vip\" in [fees]: a"),
        ("tick = \"0.1\"", "tick = \"0\"", "contracts.BTCUSDT.tick"),
        ("min_quantity = \"0.001\"", "min_quantity = \"0.0001\"", "contracts.BTCUSDT.min_quantity"),
        ("schema = 1", "schema = 2", "schema"),
        ("schema = 1", "schema = 1\nspeed = 3", "speed"),
        ("source = \"a test\"\n", "", "source"),
    ] {
        let said = Assumptions::parse(&FILE.replace(from, to)).unwrap_err().to_string();
        assert!(said.contains(named) && !said.contains('\n'), "{said}");
    }
}
