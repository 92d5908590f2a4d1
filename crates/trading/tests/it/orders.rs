use clock::Nanos;
use market::{
    ClientId, Fill, Lots, OrderId, Outcome, Rejection, Report, Side, SymbolId, Ticks, TradeId,
};
use proptest::prelude::{Just, Strategy, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};
use trading::Error;
use trading::orders::{Change, OrderState, Orders};

use crate::world::{BTC, fill, market_order};

fn report(client: u64, outcome: Outcome) -> Report {
    Report { client: ClientId(client), symbol: BTC, time: Nanos(0), outcome }
}

fn traded(client: u64, trade: u64, quantity: i64) -> Report {
    let fill = Fill {
        client: ClientId(client),
        trade: TradeId(trade),
        ..fill(trade, BTC, Side::Buy, 600_000, quantity)
    };
    report(client, Outcome::Filled(fill))
}

fn one_order(quantity: i64) -> Orders {
    let mut orders = Orders::after(ClientId(0), 8);
    let client = orders.next_client();
    orders.sent(market_order(client.0, Side::Buy, quantity), Nanos(5)).unwrap();
    orders
}

#[test]
fn a_fill_may_come_before_the_acceptance_and_twice() {
    let mut orders = one_order(10);
    assert!(matches!(orders.report(&traded(1, 7, 4)), Ok(Change::Fill(..))));
    assert_eq!(orders.open()[0].state, OrderState::PartlyFilled);
    assert_eq!(orders.report(&report(1, Outcome::Accepted(OrderId(3)))), Ok(Change::Stale));
    assert_eq!(orders.report(&traded(1, 7, 4)), Ok(Change::Stale));
    assert_eq!((orders.open()[0].filled, orders.open()[0].left()), (Lots(4), Lots(6)));
    assert!(matches!(orders.report(&traded(1, 8, 6)), Ok(Change::Fill(..))));
    assert!(orders.open().is_empty());
    assert_eq!(orders.find(ClientId(1)).unwrap().state, OrderState::Filled);
}

#[test]
fn a_fill_that_raced_the_cancellation_is_counted() {
    let mut orders = one_order(10);
    assert!(orders.cancelling(ClientId(1)));
    assert!(!orders.cancelling(ClientId(1)), "asked twice");
    orders.report(&report(1, Outcome::Cancelled)).unwrap();
    assert!(matches!(orders.report(&traded(1, 7, 4)), Ok(Change::Fill(..))));
    let ticket = orders.find(ClientId(1)).unwrap();
    assert_eq!(
        (ticket.state, ticket.filled, ticket.left()),
        (OrderState::Cancelled, Lots(4), Lots(0))
    );
}

#[test]
fn an_unknown_outcome_is_not_an_end() {
    let mut orders = one_order(10);
    orders.report(&report(1, Outcome::Unknown)).unwrap();
    assert_eq!(orders.open()[0].state, OrderState::Unknown);
    orders.report(&report(1, Outcome::Accepted(OrderId(3)))).unwrap();
    assert_eq!(orders.open()[0].state, OrderState::Open);
    // What stands cannot have been refused.
    let refused = report(1, Outcome::Rejected(Rejection::Duplicate));
    assert_eq!(orders.report(&refused), Ok(Change::Stale));
}

#[test]
fn what_cannot_be_changes_nothing() {
    let mut orders = one_order(10);
    let before = orders.open().to_vec();
    assert_eq!(
        orders.report(&report(9, Outcome::Cancelled)),
        Err(Error::UnknownOrder(ClientId(9)))
    );
    let foreign = Report { symbol: SymbolId(1), ..report(1, Outcome::Cancelled) };
    let sold = Fill { side: Side::Sell, ..fill(1, BTC, Side::Buy, 1, 1) };
    let of_another = Fill { client: ClientId(2), ..fill(1, BTC, Side::Buy, 1, 1) };
    for odd in [
        foreign,
        traded(1, 1, 11),
        traded(1, 1, 0),
        report(1, Outcome::Filled(sold)),
        report(1, Outcome::Filled(of_another)),
    ] {
        assert!(matches!(orders.report(&odd), Err(Error::Report { .. })), "{odd:?}");
    }
    assert_eq!(orders.open(), before);
    let again = market_order(1, Side::Buy, 1);
    assert_eq!(orders.sent(again, Nanos(0)), Err(Error::Duplicate(ClientId(1))));
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let filled = (1_u64..6, 1_i64..5).prop_map(|(trade, quantity)| {
        Outcome::Filled(Fill { price: Ticks(600_000), ..fill(trade, BTC, Side::Buy, 1, quantity) })
    });
    prop_oneof![
        Just(Outcome::Accepted(OrderId(1))),
        Just(Outcome::Triggered),
        Just(Outcome::Cancelled),
        Just(Outcome::Expired),
        Just(Outcome::ExpiredInMatch),
        Just(Outcome::Rejected(Rejection::Margin)),
        Just(Outcome::Unknown),
        filled,
    ]
}

proptest! {
    /// Whatever comes in whatever order: no trade is counted twice, never more than was ordered,
    /// what has ended never opens again, and only a wholly traded order is called filled.
    #[test]
    fn reports_in_any_order_leave_a_lawful_order(outcomes in prop::collection::vec(outcome(), 0..20)) {
        let mut orders = one_order(10);
        let (mut ended, mut counted, mut seen) = (false, 0, Vec::new());
        for outcome in outcomes {
            let change = orders.report(&report(1, outcome));
            if let (Outcome::Filled(fill), Ok(Change::Fill(..))) = (outcome, change) {
                prop_assert!(!seen.contains(&fill.trade), "trade {:?} twice", fill.trade);
                seen.push(fill.trade);
                counted += fill.quantity.0;
            }
            let ticket = *orders.find(ClientId(1)).unwrap();
            prop_assert_eq!(ticket.filled.0, counted);
            prop_assert!(counted <= 10);
            prop_assert!(!ended || ticket.state.is_final(), "opened again as {:?}", ticket.state);
            prop_assert_eq!(ticket.state == OrderState::Filled, counted == 10);
            prop_assert_eq!(orders.open().is_empty(), ticket.state.is_final());
            ended = ticket.state.is_final();
        }
    }
}
