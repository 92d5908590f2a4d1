//! Quotes that end while trades, or bars, go on.

use market::Liquidity::{Maker, Taker};
use market::{Body, Fixed8, Flags, Level, Lots, OrderKind, Side, Ticks, TimeInForce};

use crate::scene::Said::{Accepted, Filled};
use crate::scene::{MINUTE, Scene, limit, stop};

const SECOND: i64 = 1_000_000_000;

/// Slippage of 0.01 %; bid 5 lots at 599,990, ask 30 lots at 600,000, told at the beginning.
fn quoted() -> Scene {
    let mut scene = Scene::new(Fixed8(10_000));
    scene.quote((599_990, 5), (600_000, 30));
    scene
}

#[test]
fn an_order_meets_quotes_that_are_ten_seconds_old_and_none_that_are_older() {
    let mut scene = quoted();
    scene.now = 10 * SECOND;
    scene.trade(600_000, 1, Side::Buy);
    let said = scene.place_at(10 * SECOND, Side::Buy, 10, OrderKind::Market);
    assert_eq!(said, [Accepted, Filled(600_000, 10, Taker)]);
    let said = scene.place_at(10 * SECOND + 1, Side::Buy, 10, OrderKind::Market);
    assert_eq!(said, [Accepted], "it waits");
    scene.now = 20 * SECOND;
    assert_eq!(scene.trade(500_000, 1, Side::Buy), [Filled(500_050, 10, Taker)]);
}

#[test]
fn trades_go_on_alone_where_quotes_have_ended() {
    let mut scene = quoted();
    scene.place(0, Side::Buy, 10, OrderKind::Market);
    assert_eq!(scene.reduce(0, Side::Sell, 10, stop(599_000)), [Accepted]);
    scene.now = 60 * MINUTE;
    assert_eq!(scene.trade(598_000, 1, Side::Sell), [Filled(597_940, 10, Taker)]);
}

#[test]
fn an_order_waits_for_the_next_quote_as_well() {
    let mut scene = quoted();
    assert_eq!(scene.place(1, Side::Buy, 10, OrderKind::Market), [Accepted]);
    scene.now = MINUTE + SECOND;
    assert_eq!(scene.quote((610_000, 5), (610_010, 30)), [Filled(610_010, 10, Taker)]);
}

/// Nobody knows how much stands before an order that came to rest while no quotes were known.
#[test]
fn what_came_to_rest_without_quotes_stands_behind_all_that_are_seen_then() {
    let mut scene = quoted();
    scene.now = MINUTE;
    scene.trade(600_000, 1, Side::Buy);
    assert_eq!(scene.place(1, Side::Buy, 4, limit(599_900, TimeInForce::Gtc)), [Accepted]);
    assert_eq!(scene.trade(600_000, 1, Side::Buy), []);
    assert_eq!(scene.quote((599_900, 7), (600_000, 30)), []);
    assert_eq!(scene.trade(599_900, 7, Side::Sell), []);
    assert_eq!(scene.trade(599_900, 3, Side::Sell), [Filled(599_900, 3, Maker)]);
}

#[test]
fn a_bar_that_is_played_says_that_no_quotes_are_known() {
    let mut scene = quoted();
    assert_eq!(scene.bar(0, [610_000; 4]), (vec![], vec![]));
    assert_eq!(scene.place(0, Side::Buy, 10, OrderKind::Market), [Accepted]);
}

/// A book of one bid and one ask, told whole.
fn book(scene: &mut Scene, (bid, ask): (i64, i64)) {
    let level = |price| Level { price: Ticks(price), quantity: Lots(50) };
    let change = |first, last, previous| Body::DepthStart { first, last, previous, levels: 0 };
    scene.flagged(change(1, 2, 0), Flags::LAST);
    scene.flagged(Body::SnapshotStart { last: 2, levels: 2 }, Flags::NONE);
    scene.flagged(Body::DepthLevel { side: Side::Buy, level: level(bid) }, Flags::NONE);
    scene.flagged(Body::DepthLevel { side: Side::Sell, level: level(ask) }, Flags::LAST);
    scene.flagged(change(2, 3, 2), Flags::LAST);
}

#[test]
fn a_book_says_the_best_where_tickers_have_ended() {
    let mut scene = quoted();
    scene.now = MINUTE;
    book(&mut scene, (590_000, 590_010));
    let said = scene.place(1, Side::Buy, 40, OrderKind::Market);
    assert_eq!(said, [Accepted, Filled(590_010, 40, Taker)]);
}

#[test]
fn a_book_that_has_ended_offers_nothing_behind_the_quotes() {
    let mut scene = Scene::new(Fixed8(10_000));
    book(&mut scene, (599_990, 600_010));
    scene.quote((599_990, 5), (600_000, 3));
    let said = scene.place(0, Side::Buy, 10, OrderKind::Market);
    assert_eq!(said, [Accepted, Filled(600_000, 3, Taker), Filled(600_010, 7, Taker)]);
    scene.now = MINUTE;
    scene.quote((599_990, 5), (600_000, 3));
    let said = scene.place(1, Side::Buy, 10, OrderKind::Market);
    assert_eq!(said, [Accepted, Filled(600_000, 3, Taker), Filled(600_060, 7, Taker)]);
}
