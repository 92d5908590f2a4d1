use clock::Nanos;
use market::{Fixed8, Lots, Notional, Order, OrderKind, Rejection, Side, Ticks, TimeInForce};
use proptest::prelude::{any, prop_assert, proptest};
use trading::portfolio::Net;
use trading::risk::{Halt, Limits, Refused, Risk, Standing, Window};

use crate::world::{BTC, contracts, market_order};

const SECOND: i64 = 1_000_000_000;
const DAY: i64 = 86_400 * SECOND;
const PRICE: Fixed8 = Fixed8::whole(60_000);
const EQUITY: Notional = Notional::whole(10_000);

fn risk() -> Risk {
    Risk::new(Limits::DEFAULT, Nanos(0), EQUITY)
}

fn check(
    risk: &mut Risk,
    order: Order,
    change: impl FnOnce(&mut Standing<'_>),
) -> Result<(), Refused> {
    let contracts = contracts();
    let mut standing = Standing {
        now: Nanos(SECOND),
        contract: contracts.get(BTC).unwrap(),
        reference: Some((PRICE, Nanos(SECOND))),
        held: false,
        net: Net(0),
        buying: Lots(0),
        selling: Lots(0),
        others_long: Notional::ZERO,
        others_short: Notional::ZERO,
        open_orders: 0,
    };
    change(&mut standing);
    risk.check(order, &standing).map(|approved| assert_eq!(*approved.get(), order))
}

fn limit(price: i64, quantity: i64) -> Order {
    let kind = OrderKind::Limit { price: Ticks(price), time_in_force: TimeInForce::Gtc };
    Order { kind, ..market_order(1, Side::Buy, quantity) }
}

#[test]
fn every_limit_says_no_by_its_own_name() {
    let buy = |lots| market_order(1, Side::Buy, lots);
    // 0.1 BTC are 6,000.
    assert_eq!(check(&mut risk(), buy(100), |_| {}), Ok(()));
    assert_eq!(check(&mut risk(), buy(100), |s| s.reference = None), Err(Refused::NoPrice));
    assert_eq!(check(&mut risk(), buy(100), |s| s.now = Nanos(12 * SECOND)), Err(Refused::Stale));
    assert_eq!(check(&mut risk(), buy(100), |s| s.held = true), Err(Refused::Held));
    assert_eq!(check(&mut risk(), buy(167), |_| {}), Err(Refused::OrderSize));
    assert_eq!(check(&mut risk(), limit(630_000, 100), |_| {}), Ok(()));
    assert_eq!(check(&mut risk(), limit(630_001, 100), |_| {}), Err(Refused::Collar));
    assert_eq!(check(&mut risk(), limit(569_999, 100), |_| {}), Err(Refused::Collar));
    assert_eq!(check(&mut risk(), buy(100), |s| s.net = Net(67)), Err(Refused::Symbol));
    assert_eq!(check(&mut risk(), buy(100), |s| s.buying = Lots(67)), Err(Refused::Symbol));
    let long = Notional::whole(24_001);
    assert_eq!(check(&mut risk(), buy(100), |s| s.others_long = long), Err(Refused::Side));
    assert_eq!(check(&mut risk(), buy(100), |s| s.others_short = long), Err(Refused::Gross));
    assert_eq!(check(&mut risk(), buy(100), |s| s.open_orders = 200), Err(Refused::OpenOrders));
    let dust = Err(Refused::Filter(Rejection::Quantity));
    assert_eq!(check(&mut risk(), buy(0), |_| {}), dust);
}

#[test]
fn order_counters_are_mirrored() {
    let rates = [Window { orders: 2, nanos: SECOND }, Window { orders: 3, nanos: 10 * SECOND }];
    let mut risk = Risk::new(Limits { rates, ..Limits::DEFAULT }, Nanos(0), EQUITY);
    let mut at = |now: i64| {
        check(&mut risk, market_order(1, Side::Buy, 1), |s| {
            (s.now, s.reference) = (Nanos(now), Some((PRICE, Nanos(now))));
        })
    };
    assert_eq!((at(0), at(1)), (Ok(()), Ok(())));
    assert_eq!(at(2), Err(Refused::Rate), "three in a second");
    assert_eq!(at(SECOND), Ok(()));
    assert_eq!(at(3 * SECOND), Err(Refused::Rate), "four in ten seconds");
    assert_eq!(at(10 * SECOND), Ok(()));
}

#[test]
fn losses_stop_the_account_until_it_is_released() {
    let mut risk = risk();
    assert_eq!(risk.observe(Nanos(SECOND), Notional::whole(9_501)), None);
    assert_eq!(risk.observe(Nanos(SECOND), Notional::whole(9_500)), Some(Halt::DailyLoss));
    assert_eq!(risk.observe(Nanos(SECOND), Notional::whole(9_400)), None, "said once");
    // The next day, and a recovery, do not release it.
    assert_eq!(risk.observe(Nanos(DAY), Notional::whole(10_000)), None);
    let buy = market_order(1, Side::Buy, 100);
    assert_eq!(check(&mut risk, buy, |_| {}), Err(Refused::Halted(Halt::DailyLoss)));
    // What reduces may leave.
    assert_eq!(check(&mut risk, buy, |s| s.net = Net(-100)), Ok(()));
    assert_eq!(check(&mut risk, Order { reduce_only: true, ..buy }, |_| {}), Ok(()));
    // Half of it is spoken for by another order: this one could turn the position over.
    let half = |s: &mut Standing<'_>| (s.net, s.buying) = (Net(-100), Lots(50));
    assert_eq!(check(&mut risk, buy, half), Err(Refused::Halted(Halt::DailyLoss)));
    risk.release(Notional::whole(9_000));
    assert_eq!(check(&mut risk, buy, |_| {}), Ok(()));
}

#[test]
fn small_losses_day_after_day_end_at_the_drawdown() {
    let mut risk = risk();
    let equity = |day: i64| Notional::whole(10_000 - 250 * day);
    let stopped = (0..20).find_map(|day| Some((day, risk.observe(Nanos(day * DAY), equity(day))?)));
    assert_eq!(stopped, Some((8, Halt::Drawdown)));
}

proptest! {
    /// Whatever a strategy asks and whatever is open, no approved order can take the position
    /// beyond its limit or past zero while the account only reduces.
    #[test]
    fn no_approval_leads_beyond_the_limits(
        net in -200_i64..200, buying in 0_i64..200, selling in 0_i64..200,
        lots in 1_i64..300, buy in any::<bool>(), halted in any::<bool>(),
    ) {
        let mut risk = risk();
        if halted {
            risk.stop();
        }
        let side = if buy { Side::Buy } else { Side::Sell };
        let approved = check(&mut risk, market_order(1, side, lots), |s| {
            (s.net, s.buying, s.selling) = (Net(net), Lots(buying), Lots(selling));
        });
        if approved.is_ok() {
            let pending = if buy { buying } else { selling };
            let worst = net + side.sign() * (pending + lots);
            let grows = worst.signum() == side.sign();
            let limit = Limits::DEFAULT.symbol.0;
            let value = i128::from(worst.abs()) * 60 * 100_000_000;
            prop_assert!(!grows || value <= limit, "{worst} lots");
            prop_assert!(!halted || !grows, "{worst} lots while stopped");
        }
    }
}
