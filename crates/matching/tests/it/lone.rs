//! Trades without quotes.

use market::Liquidity::{Maker, Taker};
use market::{Fixed8, OrderKind, Side, TimeInForce};

use crate::scene::Said::{Accepted, Expired, Filled};
use crate::scene::{Scene, limit, stop, target};

/// Slippage of 0.01 %.
fn scene() -> Scene {
    Scene::new(Fixed8(10_000))
}

#[test]
fn a_market_order_meets_the_next_trade_and_pays_slippage() {
    let mut scene = scene();
    assert_eq!(scene.place(0, Side::Buy, 10, OrderKind::Market), [Accepted]);
    assert_eq!(scene.trade(600_000, 1, Side::Sell), [Filled(600_060, 10, Taker)]);
    assert_eq!(scene.trade(600_000, 1, Side::Sell), []);
    assert_eq!(scene.reduce(0, Side::Sell, 10, OrderKind::Market), [Accepted]);
    assert_eq!(scene.trade(600_000, 1, Side::Buy), [Filled(599_940, 10, Taker)]);
}

#[test]
fn what_rests_is_filled_by_a_price_beyond_its_own() {
    let mut scene = scene();
    scene.trade(600_000, 1, Side::Sell);
    assert_eq!(scene.place(0, Side::Buy, 10, limit(599_900, TimeInForce::Gtc)), [Accepted]);
    assert_eq!(scene.trade(599_950, 1, Side::Sell), []);
    assert_eq!(scene.trade(599_900, 50, Side::Sell), [], "touched: others stood before it");
    assert_eq!(scene.trade(599_899, 1, Side::Sell), [Filled(599_900, 10, Maker)]);
}

#[test]
fn a_limit_that_would_take_does_so_at_the_next_trade_or_ends() {
    use TimeInForce::{Fok, Gtc, Gtx, Ioc};
    let first = |price, time| {
        let mut scene = scene();
        assert_eq!(scene.place(0, Side::Buy, 10, limit(price, time)), [Accepted]);
        scene.trade(600_000, 1, Side::Sell)
    };
    assert_eq!(first(600_010, Gtc), [Filled(600_000, 10, Taker)]);
    assert_eq!(first(600_010, Gtx), [Expired]);
    assert_eq!(first(599_990, Ioc), [Expired]);
    assert_eq!(first(599_990, Fok), [Expired]);
    assert_eq!(first(599_990, Gtc), []);
}

#[test]
fn stops_and_targets_wake_at_a_trade() {
    let mut scene = scene();
    scene.place(0, Side::Buy, 10, OrderKind::Market);
    scene.trade(600_000, 1, Side::Buy);
    assert_eq!(scene.reduce(0, Side::Sell, 10, stop(599_000)), [Accepted]);
    assert_eq!(scene.reduce(0, Side::Sell, 10, target(601_000)), [Accepted]);
    assert_eq!(scene.trade(600_500, 1, Side::Buy), []);
    // It jumped over the trigger. The other order has nothing left to reduce when it wakes.
    assert_eq!(scene.trade(598_000, 1, Side::Sell), [Filled(597_940, 10, Taker)]);
    assert_eq!(scene.trade(601_500, 1, Side::Buy), [Expired]);
}
