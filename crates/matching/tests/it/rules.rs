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

/// 0.4 % up to 300,000, 0.5 % up to 800,000, 1 % beyond.
const BRACKETS: &str = r#"
[[brackets.BTCUSDT]]
up_to = "300000"
rate = "0.004"
deduct = "0"
[[brackets.BTCUSDT]]
up_to = "800000"
rate = "0.005"
deduct = "300"
[[brackets.BTCUSDT]]
rate = "0.01"
deduct = "4300"
"#;

#[test]
fn a_larger_position_asks_for_more_and_nothing_jumps_at_an_edge() {
    let read = Assumptions::parse(&format!("{FILE}{BRACKETS}")).unwrap();
    let maintenance = read.rules().unwrap().maintenance;
    let margin = |value| maintenance.of("BTCUSDT").margin(value).unwrap();
    for (value, asked) in
        [(0, 0), (100_000, 400), (300_000, 1_200), (800_000, 3_700), (1_000_000, 5_700)]
    {
        assert_eq!(margin(Notional::whole(value)), Notional::whole(asked), "{value}");
    }
    // A thousandth beyond an edge asks for a thousandth at the rate beyond it, and no more.
    for (edge, rate) in [(300_000, 5), (800_000, 10)] {
        let edge = Notional::whole(edge);
        let beyond = margin(edge.plus(Notional(100_000)).unwrap());
        assert_eq!(beyond.minus(margin(edge)), Some(Notional(rate * 100)));
    }
    // What has no brackets has the one rate, whatever its size.
    let other = maintenance.of("ETHUSDT");
    assert_eq!(other.margin(Notional::whole(1_000_000)), Some(Notional::whole(10_000)));
    assert_eq!(maintenance.of("BTCUSDT").highest(), Fixed8(1_000_000));
    let said = maintenance.of("BTCUSDT").to_string();
    assert_eq!(said, "0.004 up to 300000, 0.005 less 300 up to 800000, 0.01 less 4300 beyond");
    assert_eq!(other.to_string(), "0.01");
}

#[test]
fn brackets_that_cannot_be_are_named() {
    for (from, to, named) in [
        ("deduct = \"300\"", "deduct = \"299\"", "brackets.BTCUSDT[1].deduct"),
        ("deduct = \"0\"", "deduct = \"1\"", "brackets.BTCUSDT[0].deduct"),
        ("up_to = \"800000\"", "up_to = \"300000\"", "brackets.BTCUSDT[1].up_to"),
        ("up_to = \"800000\"\n", "", "brackets.BTCUSDT[1].up_to"),
        ("rate = \"0.01\"", "up_to = \"900000\"\nrate = \"0.01\"", "brackets.BTCUSDT[2].up_to"),
        ("rate = \"0.005\"", "rate = \"0.004\"", "brackets.BTCUSDT[1].rate"),
        ("rate = \"0.01\"", "rate = \"1.01\"", "brackets.BTCUSDT[2].rate"),
        ("rate = \"0.01\"", "speed = 1\nrate = \"0.01\"", "speed"),
    ] {
        let file = format!("{FILE}{}", BRACKETS.replace(from, to));
        let said = Assumptions::parse(&file).unwrap_err().to_string();
        assert!(said.contains(named), "{said}");
    }
    let stray = format!("{FILE}{}", BRACKETS.replace("BTCUSDT", "DOGEUSDT"));
    assert!(
        matches!(Assumptions::parse(&stray), Err(Error::NoContract(name)) if name == "DOGEUSDT")
    );
    let none = Assumptions::parse(&format!("{FILE}[brackets]\nBTCUSDT = []\n")).unwrap_err();
    assert!(none.to_string().contains("brackets.BTCUSDT is empty"));
}
