use market::Liquidity::{Maker, Taker};
use market::{Fixed8, OrderKind, Rejection, Side, TimeInForce};

use crate::scene::Said::{Accepted, Expired, Filled, Rejected};
use crate::scene::{Scene, limit, stop, target};

/// 1 basis point; 6 ticks of 60,000.0, which are 600,000 ticks, are 60.
const SLIP: Fixed8 = Fixed8(10_000);

/// Long ten lots from 600,000 with minute 0 played.
fn long(slippage: Fixed8) -> Scene {
    let mut scene = Scene::new(slippage);
    scene.bar(0, [600_000; 4]);
    scene.place(1, Side::Buy, 10, OrderKind::Market);
    scene.bar(1, [600_000; 4]);
    scene
}

#[test]
fn a_market_order_meets_the_next_open_and_pays_the_slippage() {
    let mut scene = Scene::new(SLIP);
    scene.bar(0, [600_000, 601_000, 599_000, 600_500]);
    assert_eq!(scene.place(1, Side::Buy, 10, OrderKind::Market), [Accepted]);
    let (open, inside) = scene.bar(1, [600_500, 602_000, 600_000, 601_000]);
    assert_eq!(open, [Filled(600_561, 10, Taker)], "60.05 ticks are 61");
    assert_eq!(inside, []);
    // 0.05 % of 600.561.
    assert_eq!(scene.fills[0].fee, Fixed8(30_028_050));
}

#[test]
fn an_order_does_not_meet_an_open_that_was_before_it() {
    let mut scene = Scene::new(SLIP);
    scene.bar(0, [600_000; 4]);
    scene.place(2, Side::Buy, 10, OrderKind::Market);
    assert_eq!(scene.bar(1, [500_000; 4]), (vec![], vec![]));
    assert_eq!(scene.bar(2, [600_000; 4]).0.len(), 1);
}

#[test]
fn where_nobody_traded_nobody_fills() {
    let mut scene = Scene::new(SLIP);
    scene.bar(0, [600_000; 4]);
    scene.place(1, Side::Buy, 10, OrderKind::Market);
    let empty = market::Bar { volume: market::Lots(0), ..crate::scene::bar(1, [600_000; 4]) };
    let mut out = Vec::new();
    scene.venue.open_bar(crate::scene::BTC, &empty, &mut out).unwrap();
    assert_eq!(out, []);
    assert_eq!(scene.bar(2, [601_000; 4]).0, [Filled(601_061, 10, Taker)]);
}

#[test]
fn stops_are_met_before_targets() {
    let mut scene = long(Fixed8(0));
    scene.reduce(2, Side::Sell, 10, target(610_000));
    scene.reduce(2, Side::Sell, 10, stop(590_000));
    // The bar touches both.
    let (open, inside) = scene.bar(2, [600_000, 611_000, 589_000, 605_000]);
    assert_eq!(open, []);
    assert_eq!(inside, [Filled(590_000, 10, Taker), Expired], "the target finds nothing to reduce");
    assert_eq!(scene.venue.open_orders(), 0);
}

#[test]
fn a_gap_through_a_stop_fills_at_the_open() {
    let mut scene = long(SLIP);
    scene.reduce(2, Side::Sell, 10, stop(590_000));
    let (open, _) = scene.bar(2, [580_000, 600_000, 570_000, 575_000]);
    assert_eq!(open, [Filled(579_942, 10, Taker)], "58 ticks below the open");
}

#[test]
fn a_resting_limit_needs_the_price_to_go_through() {
    let mut scene = Scene::new(SLIP);
    scene.bar(0, [600_000; 4]);
    scene.place(1, Side::Buy, 10, limit(590_000, TimeInForce::Gtc));
    assert_eq!(scene.bar(1, [600_000, 600_000, 590_000, 600_000]), (vec![], vec![]), "touched");
    let (open, inside) = scene.bar(2, [600_000, 600_000, 589_999, 600_000]);
    assert_eq!((open, inside), (vec![], vec![Filled(590_000, 10, Maker)]));
}

#[test]
fn a_gap_over_a_resting_limit_gives_no_better_price() {
    let mut scene = Scene::new(SLIP);
    scene.bar(0, [600_000; 4]);
    scene.place(1, Side::Buy, 10, limit(590_000, TimeInForce::Gtc));
    scene.bar(1, [600_000; 4]);
    assert_eq!(scene.bar(2, [580_000; 4]).0, [Filled(590_000, 10, Maker)]);
}

#[test]
fn times_in_force_at_the_open() {
    let at_open = |price, time_in_force| {
        let mut scene = Scene::new(SLIP);
        scene.bar(0, [600_000; 4]);
        assert_eq!(scene.place(1, Side::Buy, 10, limit(price, time_in_force)), [Accepted]);
        scene.bar(1, [600_000; 4]).0
    };
    use TimeInForce::{Fok, Gtc, Gtx, Ioc};
    for now in [Ioc, Fok, Gtc] {
        assert_eq!(at_open(600_500, now), [Filled(600_000, 10, Taker)], "{now:?}");
    }
    assert_eq!(at_open(600_500, Gtx), [Expired], "it would have taken");
    assert_eq!((at_open(599_000, Ioc), at_open(599_000, Fok)), (vec![Expired], vec![Expired]));
    assert_eq!((at_open(599_000, Gtc), at_open(599_000, Gtx)), (vec![], vec![]));
}

#[test]
fn what_comes_while_a_bar_is_played_may_be_stopped_by_it_and_nothing_else() {
    let mut scene = long(Fixed8(0));
    let bar = crate::scene::bar(2, [600_000, 611_000, 589_000, 605_000]);
    let mut out = Vec::new();
    scene.venue.open_bar(crate::scene::BTC, &bar, &mut out).unwrap();
    scene.venue.run_bar(crate::scene::BTC, &bar, &mut out).unwrap();
    scene.reduce(2, Side::Sell, 10, target(610_000));
    scene.venue.run_bar(crate::scene::BTC, &bar, &mut out).unwrap();
    assert_eq!(scene.hear(&out), [], "nobody knows what was first");
    scene.reduce(2, Side::Sell, 10, stop(590_000));
    scene.venue.run_bar(crate::scene::BTC, &bar, &mut out).unwrap();
    assert_eq!(scene.hear(&out), [Filled(590_000, 10, Taker)]);
}

#[test]
fn a_guard_whose_price_is_past_is_refused() {
    let mut scene = long(Fixed8(0));
    let refused = [Rejected(Rejection::WouldTrigger)];
    assert_eq!(scene.reduce(2, Side::Sell, 10, stop(600_000)), refused);
    assert_eq!(scene.reduce(2, Side::Sell, 10, target(600_000)), refused);
    assert_eq!(scene.reduce(2, Side::Buy, 10, stop(610_000)), [Rejected(Rejection::ReduceOnly)]);
}
