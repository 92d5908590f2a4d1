//! The core, led by a strategy that says what it is told to, at a venue played by hand.

use clock::Nanos;
use market::{
    Bar, ClientId, Event, Fill, Fixed8, Flags, Liquidity, Lots, Order, OrderId, OrderKind, Outcome,
    Rejection, Report, Side, SymbolId, Ticks, Timeframe, TradeId,
};
use trading::orders::OrderState;
use trading::portfolio::Net;
use trading::strategy::{Entry, Score, Strategy, View, Wish, Wishes};
use trading::{
    Command, Core, Declined, ExitReason, Exits, Input, Note, Outbox, Purpose, Settings, Sizing,
};

use crate::world::{BTC, ETH, contracts};

const MINUTE: i64 = 60_000_000_000;

/// Wants at each bar what stands next on its list for that contract.
#[derive(Debug, Default)]
struct Script(Vec<(SymbolId, i64, Wish)>);

impl Strategy for Script {
    fn name(&self) -> String {
        "script".to_owned()
    }

    fn timeframes(&self) -> &[Timeframe] {
        &[]
    }

    fn on_bar(&mut self, bar: &Bar, _: Flags, view: &View<'_>, wishes: &mut Wishes) {
        let minute = bar.open_time.0 / MINUTE;
        for (symbol, at, wish) in &self.0 {
            if (*symbol, *at) == (view.symbol, minute) {
                wishes.push(*wish);
            }
        }
    }
}

/// A core and everything it gave out.
struct Scene {
    core: Core<Script>,
    out: Outbox,
    trades: u64,
}

impl Scene {
    fn new(settings: Settings, script: Vec<(SymbolId, i64, Wish)>) -> Self {
        let core = Core::new(contracts(), settings, Script(script), Nanos(0), ClientId(0)).unwrap();
        Self { core, out: Outbox::default(), trades: 0 }
    }

    /// A flat bar of a minute; the orders it made leave.
    fn bar(&mut self, symbol: SymbolId, minute: i64, price: i64) -> Vec<Order> {
        let open_time = Nanos(minute * MINUTE);
        let price = Ticks(price);
        let bar = Bar {
            timeframe: Timeframe::M1,
            open_time,
            open: price,
            high: price,
            low: price,
            close: price,
            volume: Lots(1),
            flow: None,
        };
        let event = Event::closed_bar(symbol, bar);
        self.step(bar.end(), Input::Market(&event))
    }

    fn step(&mut self, now: Nanos, input: Input<'_>) -> Vec<Order> {
        let from = self.out.commands.len();
        self.core.step(now, input, &mut self.out).unwrap();
        let placed = self.out.commands[from..].iter().filter_map(|command| match command {
            Command::Place(order) => Some(*order.get()),
            Command::Cancel { .. } => None,
        });
        placed.collect()
    }

    fn report(&mut self, order: &Order, outcome: Outcome) -> Vec<Order> {
        let report = Report { client: order.client, symbol: order.symbol, time: Nanos(0), outcome };
        self.step(Nanos(0), Input::Report(&report))
    }

    fn fill(&mut self, order: &Order, price: i64, lots: i64) -> Vec<Order> {
        self.trades += 1;
        let fill = Fill {
            client: order.client,
            order: OrderId(order.client.0),
            trade: TradeId(self.trades),
            symbol: order.symbol,
            side: order.side,
            price: Ticks(price),
            quantity: Lots(lots),
            fee: Fixed8(0),
            liquidity: Liquidity::Taker,
            time: Nanos(0),
        };
        self.report(order, Outcome::Filled(fill))
    }

    fn net(&self, symbol: SymbolId) -> i64 {
        self.core.portfolio().position(symbol).unwrap().net().0
    }

    /// What each order that left was for.
    fn purposes(&self) -> Vec<Purpose> {
        let sent = self.out.notes.iter();
        let purpose =
            |n: &Note| if let Note::Sent { purpose, .. } = n { Some(*purpose) } else { None };
        sent.filter_map(purpose).collect()
    }

    fn declined(&self) -> Vec<Declined> {
        let notes = self.out.notes.iter();
        notes
            .filter_map(|n| if let Note::Declined { why, .. } = n { Some(*why) } else { None })
            .collect()
    }
}

fn enter(symbol: SymbolId, side: Side, score: f64, exits: Exits) -> Wish {
    let score = Score::new(score).unwrap();
    Wish::Enter(Entry::new(symbol, side, score, exits, "test"))
}

fn plain(symbol: SymbolId, side: Side, score: f64) -> Wish {
    enter(symbol, side, score, Exits::default())
}

/// 1,000 a position: 16 lots of BTC at 60,000.0.
fn settings() -> Settings {
    Settings { sizing: Sizing::Worth(market::Notional::whole(1_000)), ..Settings::DEFAULT }
}

#[test]
fn an_entry_is_guarded_as_soon_as_it_is_in_and_only_then() {
    let exits =
        Exits { stop: Some(Ticks(590_000)), target: Some(Ticks(620_000)), ..Exits::default() };
    let mut scene = Scene::new(settings(), vec![(BTC, 0, enter(BTC, Side::Buy, 0.5, exits))]);
    let orders = scene.bar(BTC, 0, 600_000);
    let [entry] = orders[..] else { panic!("{orders:?}") };
    assert_eq!((entry.side, entry.quantity, entry.kind), (Side::Buy, Lots(16), OrderKind::Market));
    assert_eq!(scene.fill(&entry, 600_010, 10), [], "a part of it is in");
    let guards = scene.fill(&entry, 600_020, 6);
    let [stop, target] = guards[..] else { panic!("{guards:?}") };
    assert_eq!(stop.kind, OrderKind::Stop { trigger: Ticks(590_000) });
    assert_eq!(target.kind, OrderKind::TakeProfit { trigger: Ticks(620_000) });
    assert!(
        [stop, target]
            .iter()
            .all(|o| o.reduce_only && o.side == Side::Sell && o.quantity == Lots(16))
    );
    // The stop is met: the target is taken back.
    scene.fill(&stop, 589_000, 16);
    assert_eq!(scene.net(BTC), 0);
    let last = scene.out.commands.last();
    assert_eq!(last, Some(&Command::Cancel { symbol: BTC, client: target.client }));
    assert!(matches!(scene.out.notes.last(), Some(Note::Closed { entry: Some(_), .. })));
}

#[test]
fn turning_over_closes_first_and_opens_when_it_is_closed() {
    let script = vec![(BTC, 0, plain(BTC, Side::Buy, 0.5)), (BTC, 1, plain(BTC, Side::Sell, 0.5))];
    let mut scene = Scene::new(settings(), script);
    let entry = scene.bar(BTC, 0, 600_000)[0];
    scene.fill(&entry, 600_000, 16);
    let orders = scene.bar(BTC, 1, 601_000);
    let [exit] = orders[..] else { panic!("{orders:?}") };
    assert!(exit.reduce_only && exit.side == Side::Sell);
    assert_eq!(scene.fill(&exit, 601_000, 10), [], "a part of it is closed");
    let orders = scene.fill(&exit, 601_000, 6);
    let [short] = orders[..] else { panic!("{orders:?}") };
    assert!(!short.reduce_only && short.side == Side::Sell);
    scene.fill(&short, 601_000, 16);
    assert_eq!(scene.net(BTC), -16);
}

#[test]
fn an_exit_that_was_refused_is_asked_for_again() {
    let leave = Wish::Leave { symbol: BTC, why: "enough" };
    let script = vec![(BTC, 0, plain(BTC, Side::Buy, 0.5)), (BTC, 1, leave)];
    let mut scene = Scene::new(settings(), script);
    let entry = scene.bar(BTC, 0, 600_000)[0];
    scene.fill(&entry, 600_000, 16);
    let exit = scene.bar(BTC, 1, 600_000)[0];
    assert_eq!(scene.bar(BTC, 2, 600_000), [], "one is under way");
    scene.report(&exit, Outcome::Rejected(Rejection::Other));
    let again = scene.bar(BTC, 3, 600_000)[0];
    assert_eq!((again.quantity, again.reduce_only), (Lots(16), true));
    assert_eq!(scene.core.orders().find(exit.client).unwrap().state, OrderState::Rejected);
    let exit = Purpose::Exit(ExitReason::Signal("enough"));
    assert_eq!(scene.purposes(), [Purpose::Entry, exit, exit]);
}

#[test]
fn a_position_whose_stop_is_refused_is_ended() {
    let exits = Exits { stop: Some(Ticks(590_000)), ..Exits::default() };
    let mut scene = Scene::new(settings(), vec![(BTC, 0, enter(BTC, Side::Buy, 0.5, exits))]);
    let entry = scene.bar(BTC, 0, 600_000)[0];
    let stop = scene.fill(&entry, 589_000, 16)[0];
    let orders = scene.report(&stop, Outcome::Rejected(Rejection::WouldTrigger));
    let [exit] = orders[..] else { panic!("{orders:?}") };
    assert!(exit.reduce_only && exit.kind == OrderKind::Market);
}

/// One slot, held by a position of score 0.65; a chance of `score` comes when the price is `price`.
fn rotation(price: i64, score: f64) -> (Scene, Vec<Order>) {
    let script =
        vec![(BTC, 0, plain(BTC, Side::Buy, 0.65)), (ETH, 1, plain(ETH, Side::Buy, score))];
    let mut scene = Scene::new(Settings { slots: 1, ..settings() }, script);
    let entry = scene.bar(BTC, 0, 600_000)[0];
    scene.fill(&entry, 600_000, 16);
    scene.bar(BTC, 1, price);
    let orders = scene.bar(ETH, 1, 250_000);
    (scene, orders)
}

#[test]
fn a_better_chance_takes_the_place_of_the_weakest_position_that_has_a_profit() {
    // Acceptance N12: A rotates, net of fees; B loses, C is no better: both hold.
    let (mut scene, orders) = rotation(601_000, 0.90);
    let [exit] = orders[..] else { panic!("{orders:?}") };
    assert_eq!((exit.symbol, exit.reduce_only), (BTC, true));
    // D: a part is closed; nothing is opened yet.
    assert_eq!(scene.fill(&exit, 601_000, 6), []);
    let orders = scene.fill(&exit, 601_000, 10);
    assert_eq!((orders.len(), orders[0].symbol, scene.net(BTC)), (1, ETH, 0));
    for (price, score, case) in [(599_000, 0.90, "B"), (601_000, 0.65, "C")] {
        let (scene, orders) = rotation(price, score);
        assert_eq!((orders.len(), scene.net(BTC)), (0, 16), "{case}");
        assert_eq!(scene.declined(), [Declined::NoSlot], "{case}");
    }
    // A profit that the fee eats is none: 0.05 % of 60,030 is 30.015.
    assert_eq!(rotation(600_300, 0.90).1, []);
    assert_eq!(rotation(600_301, 0.90).1.len(), 1);
}

/// What was seen fades: a position ends when its score falls below the least, and not before; by its
/// score of now it is compared with a better chance.
#[test]
fn a_signal_that_decays_ends_its_position_and_gives_way_before() {
    let rescore = |score| Wish::Rescore { symbol: BTC, score: Score::new(score).unwrap() };
    let least = Score::new(0.4);
    let script = vec![
        (BTC, 0, enter(BTC, Side::Buy, 0.8, Exits { least, ..Exits::default() })),
        (BTC, 2, rescore(0.4)),
        (BTC, 3, rescore(0.39)),
    ];
    let mut scene = Scene::new(settings(), script);
    let [entry] = scene.bar(BTC, 0, 600_000)[..] else { panic!("no entry") };
    scene.fill(&entry, 600_000, entry.quantity.0);
    assert_eq!((scene.bar(BTC, 1, 600_000), scene.bar(BTC, 2, 600_000)), (vec![], vec![]));
    let [exit] = scene.bar(BTC, 3, 600_000)[..] else { panic!("no exit") };
    assert!(exit.reduce_only);
    assert_eq!(scene.purposes(), [Purpose::Entry, Purpose::Exit(ExitReason::Decay)]);
    scene.fill(&exit, 600_000, exit.quantity.0);
    assert_eq!(scene.bar(BTC, 4, 600_000), [], "nothing is scored that is not held");
}

#[test]
fn what_cannot_become_an_order_says_why() {
    let wrong = Exits { stop: Some(Ticks(600_000)), ..Exits::default() };
    let script = vec![
        (BTC, 0, enter(BTC, Side::Buy, 0.5, wrong)),
        (BTC, 1, plain(ETH, Side::Buy, 0.5)),
        (BTC, 2, Wish::Leave { symbol: BTC, why: "nothing" }),
        (BTC, 3, plain(BTC, Side::Buy, 0.5)),
        (BTC, 4, plain(BTC, Side::Buy, 0.5)),
    ];
    let mut scene = Scene::new(settings(), script);
    for minute in 0..=3 {
        scene.bar(BTC, minute, 600_000);
    }
    scene.bar(BTC, 4, 600_000);
    let expected = [Declined::Exits, Declined::NoPrice, Declined::Already, Declined::Busy];
    assert_eq!(scene.declined(), expected);
    let tiny = Settings { sizing: Sizing::Worth(market::Notional::whole(1)), ..settings() };
    let mut scene = Scene::new(tiny, vec![(BTC, 0, plain(BTC, Side::Buy, 0.5))]);
    scene.bar(BTC, 0, 600_000);
    assert_eq!(scene.declined(), [Declined::TooSmall]);
}

#[test]
fn while_bars_are_missing_nothing_is_opened() {
    let script = vec![(BTC, 0, plain(BTC, Side::Buy, 0.5))];
    let mut scene = Scene::new(settings(), script.clone());
    assert_eq!(scene.bar(BTC, 0, 600_000).len(), 1);
    let later = vec![(BTC, 2, plain(BTC, Side::Buy, 0.5))];
    let mut scene = Scene::new(settings(), later);
    scene.bar(BTC, 0, 600_000);
    assert_eq!(scene.bar(BTC, 2, 600_000), [], "minute 1 is missing, and minute 2 waits for it");
    assert_eq!(scene.bar(BTC, 1, 600_000).len(), 1, "it came, and minute 2 with it");
    assert_eq!(scene.core.portfolio().position(BTC).unwrap().net(), Net(0));
}

#[test]
fn a_stop_that_trails_stands_before_the_old_one_is_taken_back() {
    let exits = Exits { trail: Some(Ticks(1_000)), ..Exits::default() };
    let mut scene = Scene::new(settings(), vec![(BTC, 0, enter(BTC, Side::Buy, 0.5, exits))]);
    let entry = scene.bar(BTC, 0, 600_000)[0];
    let first = scene.fill(&entry, 600_000, 16)[0];
    assert_eq!(first.kind, OrderKind::Stop { trigger: Ticks(599_000) });
    scene.report(&first, Outcome::Accepted(OrderId(1)));
    assert_eq!(scene.bar(BTC, 1, 599_500), [], "it never goes back");
    let second = scene.bar(BTC, 2, 602_000)[0];
    assert_eq!(second.kind, OrderKind::Stop { trigger: Ticks(601_000) });
    let cancels = |scene: &Scene| {
        let commands = scene.out.commands.iter();
        commands.filter(|command| matches!(command, Command::Cancel { .. })).count()
    };
    assert_eq!(cancels(&scene), 0, "the new one is only on its way");
    assert_eq!(scene.bar(BTC, 3, 603_000), [], "one replacement at a time");
    let third = scene.report(&second, Outcome::Accepted(OrderId(2)))[0];
    let cancel = Command::Cancel { symbol: BTC, client: first.client };
    assert!(scene.out.commands.contains(&cancel));
    assert_eq!(third.kind, OrderKind::Stop { trigger: Ticks(602_000) }, "and on it goes");
}

const STOPPED: Exits = Exits {
    stop: Some(Ticks(590_000)),
    target: None,
    trail: None,
    longest: None,
    stagnation: None,
    least: None,
};

#[test]
fn an_entry_that_fills_in_parts_is_guarded_whole() {
    let mut scene = Scene::new(settings(), vec![(BTC, 0, enter(BTC, Side::Buy, 0.5, STOPPED))]);
    let entry = scene.bar(BTC, 0, 600_000)[0];
    scene.fill(&entry, 600_000, 4);
    assert_eq!(scene.bar(BTC, 1, 600_000), [], "it is still coming in");
    let stop = scene.fill(&entry, 600_000, 12)[0];
    assert_eq!((stop.quantity, stop.kind), (Lots(16), OrderKind::Stop { trigger: Ticks(590_000) }));
}

#[test]
fn a_fill_after_the_end_of_its_order_is_guarded_too() {
    let mut scene = Scene::new(settings(), vec![(BTC, 0, enter(BTC, Side::Buy, 0.5, STOPPED))]);
    let entry = scene.bar(BTC, 0, 600_000)[0];
    assert_eq!(scene.report(&entry, Outcome::Expired), []);
    let small = scene.fill(&entry, 600_000, 4)[0];
    assert_eq!(
        (small.quantity, small.kind),
        (Lots(4), OrderKind::Stop { trigger: Ticks(590_000) })
    );
    scene.report(&small, Outcome::Accepted(OrderId(1)));
    // More comes late: the guard is replaced by one for all of it.
    let whole = scene.fill(&entry, 600_000, 6)[0];
    assert_eq!(whole.quantity, Lots(10));
    scene.report(&whole, Outcome::Accepted(OrderId(2)));
    let cancel = Command::Cancel { symbol: BTC, client: small.client };
    assert_eq!(scene.out.commands.last(), Some(&cancel));
}

#[test]
fn who_wants_nothing_held_wants_nothing_opened_after_it() {
    let script = vec![
        (BTC, 0, plain(BTC, Side::Buy, 0.5)),
        (BTC, 1, plain(BTC, Side::Sell, 0.5)),
        (BTC, 2, Wish::Leave { symbol: BTC, why: "no" }),
    ];
    let mut scene = Scene::new(settings(), script);
    let entry = scene.bar(BTC, 0, 600_000)[0];
    scene.fill(&entry, 600_000, 16);
    let exit = scene.bar(BTC, 1, 600_000)[0];
    scene.bar(BTC, 2, 600_000);
    assert_eq!(scene.fill(&exit, 600_000, 16), [], "the short is not opened");
}

#[test]
fn a_winner_does_not_give_way_to_what_would_not_be_opened() {
    let wrong = Exits { stop: Some(Ticks(250_000)), ..Exits::default() };
    let script =
        vec![(BTC, 0, plain(BTC, Side::Buy, 0.65)), (ETH, 1, enter(ETH, Side::Buy, 0.9, wrong))];
    let mut scene = Scene::new(Settings { slots: 1, ..settings() }, script);
    let entry = scene.bar(BTC, 0, 600_000)[0];
    scene.fill(&entry, 600_000, 16);
    scene.bar(BTC, 1, 610_000);
    assert_eq!(scene.bar(ETH, 1, 250_000), []);
    assert_eq!(scene.declined(), [Declined::Exits]);
}

#[test]
fn losses_of_positions_that_are_closed_count_too() {
    let limits = trading::risk::Limits {
        daily_loss: market::Notional::whole(5),
        ..Settings::DEFAULT.limits
    };
    // Opened and lost before any event of the market: 16 lots, 10 dollars down.
    let stop = Exits { stop: Some(Ticks(599_000)), ..Exits::default() };
    let mut guarded = Scene::new(
        Settings { limits, ..settings() },
        vec![(BTC, 0, enter(BTC, Side::Buy, 0.5, stop)), (BTC, 1, plain(BTC, Side::Buy, 0.5))],
    );
    let entry = guarded.bar(BTC, 0, 600_000)[0];
    let stop = guarded.fill(&entry, 600_000, 16)[0];
    guarded.fill(&stop, 595_000, 16);
    assert!(guarded.out.notes.iter().any(|note| matches!(note, Note::Halted { .. })));
    assert_eq!(guarded.bar(BTC, 1, 600_000), [], "it only reduces now");
}

#[test]
fn what_an_account_is_worth_follows_every_price_and_no_quote() {
    use market::{AggregateTrade, Body, Level, Sequence};
    let mut scene = Scene::new(settings(), vec![(BTC, 0, plain(BTC, Side::Buy, 0.5))]);
    let entry = scene.bar(BTC, 0, 600_000)[0];
    scene.fill(&entry, 600_000, 16);
    let mut worth = |body| {
        let now = Nanos(MINUTE);
        let (sequence, flags) = (Sequence(0), Flags::NONE);
        let event = Event { sequence, exchange: now, receive: now, symbol: BTC, flags, body };
        scene.step(now, Input::Market(&event));
        // As counted anew from the books, at the price that is known.
        let (worth, held) = (*scene.core.worth(), scene.core.portfolio().position(BTC).unwrap());
        let value = scene.core.value(BTC).unwrap();
        assert_eq!(worth.gross, value);
        assert_eq!(worth.unrealised.0, value.0 - held.entry().0);
        assert_eq!(worth.funding, held.funding());
        worth.equity()
    };
    let (price, quantity, aggressor) = (Ticks(601_000), Lots(1), Side::Buy);
    // 16 lots gain 1.6 for every thousand ticks.
    let up = |tenths: i64| market::Notional(market::Notional::whole(100_000 + tenths).0 / 10);
    assert_eq!(worth(Body::Trade { id: 1, price, quantity, aggressor }), up(16));
    let [bid, ask] = [602_000, 602_001].map(|price| Level { price: Ticks(price), quantity });
    assert_eq!(worth(Body::BookTicker { bid, ask }), up(16));
    let trade =
        AggregateTrade { id: 1, first: 1, last: 1, price: Ticks(602_000), quantity, aggressor };
    assert_eq!(worth(Body::AggregateTrade(trade)), up(32));
    let (mark, index) = (Fixed8::whole(60_300), Fixed8::whole(60_300));
    let marked = Body::MarkPrice { mark, index, rate: Fixed8(0), next: Nanos(0) };
    assert_eq!(worth(marked), up(48));
    // Longs pay 1 % of 964.8.
    let paid = market::Notional(up(48).0 - 964_800_000);
    assert_eq!(worth(Body::Funding { rate: Fixed8(1_000_000), mark: Some(mark) }), paid);
}
