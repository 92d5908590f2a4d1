use market::Liquidity::{Maker, Taker};
use market::{Fixed8, OrderKind, Rejection, Side, TimeInForce};
use proptest::prelude::{any, prop, prop_assert, proptest};

use crate::scene::Said::{Accepted, Cancelled, Expired, Filled, Rejected, Triggered};
use crate::scene::{Said, Scene, limit, stop, target};

/// Bid 5 lots at 599,990, ask 3 lots at 600,000.
fn quoted() -> Scene {
    let mut scene = Scene::new(Fixed8(10_000));
    scene.quote((599_990, 5), (600_000, 3));
    scene
}

#[test]
fn a_market_order_takes_what_is_quoted_and_pays_for_the_rest() {
    let mut scene = quoted();
    let said = scene.place(0, Side::Buy, 10, OrderKind::Market);
    assert_eq!(said, [Accepted, Filled(600_000, 3, Taker), Filled(600_060, 7, Taker)]);
    let said = scene.reduce(0, Side::Sell, 20, OrderKind::Market);
    assert_eq!(said, [Accepted, Filled(599_990, 5, Taker), Filled(599_930, 5, Taker), Expired]);
}

#[test]
fn times_in_force_at_a_quote() {
    use TimeInForce::{Fok, Gtc, Gtx, Ioc};
    let buys = |lots, price, time| quoted().place(0, Side::Buy, lots, limit(price, time));
    assert_eq!(buys(2, 600_000, Ioc), [Accepted, Filled(600_000, 2, Taker)]);
    assert_eq!(buys(5, 600_000, Ioc), [Accepted, Filled(600_000, 3, Taker), Expired]);
    assert_eq!(buys(5, 600_000, Fok), [Accepted, Expired], "all or nothing");
    assert_eq!(buys(3, 600_000, Fok), [Accepted, Filled(600_000, 3, Taker)]);
    assert_eq!(buys(5, 600_000, Gtc), [Accepted, Filled(600_000, 3, Taker)], "the rest stands");
    assert_eq!(buys(5, 600_000, Gtx), [Rejected(Rejection::WouldTake)]);
    assert_eq!(buys(5, 599_999, Gtx), [Accepted]);
    assert_eq!(buys(5, 599_999, Ioc), [Accepted, Expired]);
}

#[test]
fn a_resting_order_waits_behind_all_that_stood_there() {
    let mut scene = quoted();
    assert_eq!(scene.place(0, Side::Buy, 4, limit(599_990, TimeInForce::Gtc)), [Accepted]);
    // Five lots stand before it. A smaller quote is no trade: they may have been behind it.
    assert_eq!(scene.quote((599_990, 1), (600_000, 3)), []);
    assert_eq!(scene.trade(599_990, 4, Side::Sell), []);
    assert_eq!(scene.trade(599_990, 9, Side::Buy), [], "buyers do not sell to it");
    assert_eq!(scene.trade(599_990, 3, Side::Sell), [Filled(599_990, 2, Maker)]);
    assert_eq!(scene.trade(599_980, 1, Side::Sell), [Filled(599_990, 2, Maker)], "through it");
    assert_eq!(scene.venue.open_orders(), 0);
}

#[test]
fn a_quote_through_a_resting_order_fills_it_at_its_own_price() {
    let mut scene = quoted();
    scene.place(0, Side::Buy, 4, limit(599_990, TimeInForce::Gtc));
    assert_eq!(scene.quote((599_900, 1), (599_950, 1)), [Filled(599_990, 4, Maker)]);
}

#[test]
fn stops_and_targets_wake_at_trades() {
    let mut scene = quoted();
    scene.place(0, Side::Buy, 3, OrderKind::Market);
    scene.trade(600_000, 1, Side::Buy);
    assert_eq!(scene.reduce(0, Side::Sell, 3, target(601_000)), [Accepted]);
    assert_eq!(scene.reduce(0, Side::Sell, 3, stop(599_500)), [Accepted]);
    assert_eq!(scene.quote((599_400, 9), (599_450, 9)), [], "quotes are no trades");
    assert_eq!(scene.trade(599_500, 1, Side::Sell), [Triggered, Filled(599_400, 3, Taker)]);
    assert_eq!(scene.cancel_last(), [], "it is gone");
    assert_eq!(scene.venue.open_orders(), 1, "the target waits until it is taken back");
}

#[test]
fn an_order_is_taken_back_once() {
    let mut scene = quoted();
    scene.place(0, Side::Buy, 4, limit(599_000, TimeInForce::Gtc));
    assert_eq!(scene.cancel_last(), [Cancelled]);
    assert_eq!(scene.cancel_last(), []);
}

proptest! {
    /// Whatever is quoted and traded, no order gets more than it asked, and no limit order a
    /// worse price than it named.
    #[test]
    fn no_fill_is_beyond_its_order(
        orders in prop::collection::vec((any::<bool>(), 1_i64..20, -30_i64..30, 0_usize..4), 1..20),
        moves in prop::collection::vec((-30_i64..30, 1_i64..20, any::<bool>(), any::<bool>()), 1..40),
    ) {
        use TimeInForce::{Fok, Gtc, Gtx, Ioc};
        let mut scene = quoted();
        let mut asked = Vec::new();
        let mut moves = moves.into_iter();
        for (buy, lots, offset, time) in orders {
            let side = if buy { Side::Buy } else { Side::Sell };
            let price = 600_000 + offset;
            scene.place(0, side, lots, limit(price, [Gtc, Ioc, Fok, Gtx][time]));
            asked.push((side, lots, price));
            for (offset, lots, is_trade, up) in moves.by_ref().take(3) {
                let price = 600_000 + offset;
                if is_trade {
                    scene.trade(price, lots, if up { Side::Buy } else { Side::Sell });
                } else {
                    scene.quote((price, lots), (price + 1, lots));
                }
            }
        }
        let mut filled = vec![0; asked.len()];
        for fill in &scene.fills {
            let at = fill.client.0 as usize - 1;
            let (side, lots, price) = asked[at];
            filled[at] += fill.quantity.0;
            prop_assert!(fill.quantity.0 > 0 && filled[at] <= lots);
            let worse = if side == Side::Buy { fill.price.0 > price } else { fill.price.0 < price };
            prop_assert!(!worse, "{fill:?} for {price}");
        }
    }
}

#[test]
fn an_empty_scene_says_nothing() {
    assert_eq!(quoted().trade(600_000, 1, Side::Buy), Vec::<Said>::new());
}
