//! Entries that rest: whatever becomes of them, what is held is guarded, and nothing waits for
//! longer than it may.

use std::collections::VecDeque;

use clock::Nanos;
use market::{
    Bar, ClientId, Event, Fill, Fixed8, Flags, Liquidity, Lots, Order, OrderId, OrderKind, Outcome,
    Rejection, Report, Side, Ticks, TimeInForce, Timeframe, TradeId,
};
use proptest::prelude::{Strategy as _, any, prop, prop_assert, prop_assert_eq, proptest};
use trading::risk::{Limits, Refused};
use trading::strategy::{Approach, Entry, Score, Strategy, View, Wish, Wishes};
use trading::{
    Command, Core, Declined, ExitReason, Exits, Input, Note, Outbox, Purpose, Settings, Sizing,
};

use crate::world::{BTC, contracts};

const MINUTE: i64 = 60_000_000_000;
const PATIENCE: i64 = 3 * MINUTE;

/// Wants at each minute what stands in its place.
struct Script(Vec<(i64, Wish)>);

impl Strategy for Script {
    fn name(&self) -> String {
        "script".to_owned()
    }

    fn timeframes(&self) -> &[Timeframe] {
        &[]
    }

    fn on_bar(&mut self, bar: &Bar, _: Flags, _: &View<'_>, wishes: &mut Wishes) {
        let minute = bar.open_time.0 / MINUTE;
        for (_, wish) in self.0.iter().filter(|(at, _)| *at == minute) {
            wishes.push(*wish);
        }
    }
}

fn entry(side: Side, approach: Approach) -> Entry {
    let (stop, target) = match side {
        Side::Buy => (590_000, 610_000),
        Side::Sell => (610_000, 590_000),
    };
    let exits = Exits { stop: Some(Ticks(stop)), target: Some(Ticks(target)), ..Exits::default() };
    Entry { approach, ..Entry::new(BTC, side, Score::MIDDLE, exits, "test") }
}

fn rest(side: Side) -> Wish {
    let price = Ticks(if side == Side::Buy { 599_000 } else { 601_000 });
    let approach = Approach::Rest { price, post_only: true, patience: PATIENCE };
    Wish::Enter(entry(side, approach))
}

/// A core and a venue that does what it is told, when it is told.
struct Scene {
    core: Core<Script>,
    out: Outbox,
    now: Nanos,
    under_way: VecDeque<Command>,
    /// With what is left of each, and since when it stands.
    standing: Vec<(Order, i64, Nanos)>,
    trades: u64,
    rejects: Option<Purpose>,
}

impl Scene {
    fn new(script: Vec<(i64, Wish)>, limits: Limits) -> Self {
        let sizing = Sizing::Worth(market::Notional::whole(1_000));
        let settings = Settings { sizing, limits, ..Settings::DEFAULT };
        let core = Core::new(contracts(), settings, Script(script), Nanos(0), ClientId(0)).unwrap();
        Self {
            core,
            out: Outbox::default(),
            now: Nanos(0),
            under_way: VecDeque::new(),
            standing: Vec::new(),
            trades: 0,
            rejects: None,
        }
    }

    fn step(&mut self, input: Input<'_>) {
        let from = self.out.commands.len();
        self.core.step(self.now, input, &mut self.out).unwrap();
        self.under_way.extend(self.out.commands[from..].iter().copied());
    }

    fn bar(&mut self, minute: i64, price: i64) {
        let open_time = Nanos(minute * MINUTE);
        let price = Ticks(price);
        let (timeframe, volume, flow) = (Timeframe::M1, Lots(1), None);
        let [open, high, low, close] = [price; 4];
        let bar = Bar { timeframe, open_time, open, high, low, close, volume, flow };
        self.now = bar.end();
        self.step(Input::Market(&Event::closed_bar(BTC, bar)));
    }

    fn report(&mut self, client: ClientId, outcome: Outcome) {
        self.step(Input::Report(&Report { client, symbol: BTC, time: self.now, outcome }));
    }

    fn purpose(&self, client: ClientId) -> Purpose {
        let sent = self.out.notes.iter().find_map(|note| match note {
            Note::Sent { order, purpose, .. } if order.client == client => Some(*purpose),
            _ => None,
        });
        sent.unwrap()
    }

    /// The next command arrives, and the account hears of it. Whether there was one.
    fn deliver(&mut self) -> bool {
        match self.under_way.pop_front() {
            None => return false,
            Some(Command::Place(order)) => {
                let order = *order.get();
                let purpose = self.purpose(order.client);
                if self.rejects.take_if(|rejects| *rejects == purpose).is_some() {
                    self.report(order.client, Outcome::Rejected(Rejection::Other));
                } else {
                    self.standing.push((order, order.quantity.0, self.now));
                    self.report(order.client, Outcome::Accepted(OrderId(order.client.0)));
                }
            }
            Some(Command::Cancel { client, .. }) => {
                if let Some(at) = self.standing.iter().position(|(o, ..)| o.client == client) {
                    self.standing.remove(at);
                    self.report(client, Outcome::Cancelled);
                }
            }
        }
        true
    }

    fn settle(&mut self) {
        while self.deliver() {}
    }

    /// Up to so many lots of the first standing order of a purpose are traded.
    fn trade(&mut self, of: fn(Purpose) -> bool, lots: i64) -> i64 {
        let first = self.standing.iter().position(|(order, ..)| of(self.purpose(order.client)));
        let Some(at) = first else { return 0 };
        let (order, left, _) = self.standing[at];
        let net = self.net();
        let room = match order.reduce_only {
            true if net.signum() == -order.side.sign() => net.abs(),
            true => 0,
            false => left,
        };
        let lots = lots.min(left).min(room);
        self.standing[at].1 -= lots;
        if self.standing[at].1 == 0 || (order.reduce_only && lots == room) {
            self.standing.remove(at);
        }
        let price = match order.kind {
            OrderKind::Limit { price, .. } => price,
            OrderKind::Stop { trigger } | OrderKind::TakeProfit { trigger } => trigger,
            OrderKind::Market => Ticks(600_000),
        };
        if lots > 0 {
            self.trades += 1;
            let fill = Fill {
                client: order.client,
                order: OrderId(order.client.0),
                trade: TradeId(self.trades),
                symbol: BTC,
                side: order.side,
                price,
                quantity: Lots(lots),
                fee: Fixed8(0),
                liquidity: Liquidity::Maker,
                time: self.now,
            };
            self.report(order.client, Outcome::Filled(fill));
        }
        if order.reduce_only && lots == room && lots < left {
            self.report(order.client, Outcome::Expired);
        }
        lots
    }

    fn net(&self) -> i64 {
        self.core.portfolio().position(BTC).unwrap().net().0
    }

    /// Whether what is held has a stop for all of it, or is on its way out.
    fn is_safe(&self) -> bool {
        self.net().abs() <= self.stands(is_stop) || self.stands(is_exit) > 0
    }

    /// Lots of standing orders of a purpose.
    fn stands(&self, of: fn(Purpose) -> bool) -> i64 {
        let mine = self.standing.iter().filter(|(order, ..)| of(self.purpose(order.client)));
        mine.map(|(_, left, _)| *left).sum()
    }
}

fn is_entry(purpose: Purpose) -> bool {
    purpose == Purpose::Entry
}

fn is_stop(purpose: Purpose) -> bool {
    purpose == Purpose::Stop
}

fn is_target(purpose: Purpose) -> bool {
    purpose == Purpose::Target
}

fn is_exit(purpose: Purpose) -> bool {
    matches!(purpose, Purpose::Exit(_))
}

fn declined(scene: &Scene) -> Vec<Declined> {
    let notes = scene.out.notes.iter();
    notes
        .filter_map(|n| if let Note::Declined { why, .. } = n { Some(*why) } else { None })
        .collect()
}

#[test]
fn what_is_filled_is_guarded_while_the_rest_waits_and_stays_when_it_is_taken_back() {
    let mut scene = Scene::new(vec![(0, rest(Side::Buy))], Limits::DEFAULT);
    scene.bar(0, 600_000);
    scene.settle();
    let (price, time_in_force) = (Ticks(599_000), TimeInForce::Gtx);
    assert_eq!(scene.standing[0].0.kind, OrderKind::Limit { price, time_in_force });
    // A thousand buys 16 lots at the limit, as at the price.
    assert_eq!(scene.stands(is_entry), 16);
    scene.trade(is_entry, 4);
    scene.settle();
    assert_eq!((scene.stands(is_stop), scene.stands(is_target)), (4, 4));
    scene.trade(is_entry, 5);
    assert_eq!(scene.stands(is_stop), 4, "the small one stands until the large one does");
    scene.settle();
    assert_eq!((scene.stands(is_stop), scene.stands(is_target)), (9, 9));
    for minute in 1..3 {
        scene.bar(minute, 600_000);
        scene.settle();
        assert_eq!(scene.stands(is_entry), 7, "it is waited for");
    }
    scene.bar(3, 600_000);
    scene.settle();
    assert_eq!((scene.stands(is_entry), scene.net()), (0, 9));
    assert_eq!((scene.stands(is_stop), scene.stands(is_target)), (9, 9));
}

#[test]
fn who_is_stopped_out_wants_no_more_of_it() {
    let mut scene = Scene::new(vec![(0, rest(Side::Buy))], Limits::DEFAULT);
    scene.bar(0, 600_000);
    scene.settle();
    scene.trade(is_entry, 4);
    scene.settle();
    scene.trade(is_stop, 4);
    assert_eq!(scene.net(), 0);
    // A part of the rest is filled before it is taken back: it is guarded by the same exits.
    scene.trade(is_entry, 5);
    scene.settle();
    assert_eq!((scene.net(), scene.stands(is_entry), scene.stands(is_stop)), (5, 0, 5));
}

#[test]
fn leaving_and_turning_take_the_rest_back_first() {
    let leave = Wish::Leave { symbol: BTC, why: "no" };
    let mut scene = Scene::new(vec![(0, rest(Side::Buy)), (1, leave)], Limits::DEFAULT);
    scene.bar(0, 600_000);
    scene.settle();
    scene.bar(1, 600_000);
    scene.settle();
    assert_eq!((scene.standing.len(), scene.net()), (0, 0));
    let script = vec![(0, rest(Side::Buy)), (1, rest(Side::Buy)), (2, rest(Side::Sell))];
    let mut scene = Scene::new(script, Limits::DEFAULT);
    scene.bar(0, 600_000);
    scene.settle();
    scene.trade(is_entry, 4);
    scene.settle();
    scene.bar(1, 600_000);
    assert_eq!(declined(&scene), [Declined::Busy]);
    scene.bar(2, 600_000);
    scene.settle();
    assert_eq!((scene.stands(is_entry), scene.stands(is_exit)), (0, 4));
    scene.trade(is_exit, 4);
    scene.settle();
    let [(short, ..)] = scene.standing[..] else { panic!("{:?}", scene.standing) };
    assert_eq!((short.side, short.reduce_only), (Side::Sell, false));
}

#[test]
fn a_halt_takes_back_what_rests_and_slots_count_it() {
    let limits = Limits { daily_loss: market::Notional::whole(5), ..Limits::DEFAULT };
    let mut scene = Scene::new(vec![(0, rest(Side::Buy))], limits);
    scene.bar(0, 600_000);
    scene.settle();
    scene.trade(is_entry, 4);
    scene.settle();
    // Four lots lose ten thousand ticks: 4 dollars; then 20,000 ticks.
    scene.bar(1, 589_000);
    scene.settle();
    assert_eq!(scene.stands(is_entry), 12);
    scene.bar(2, 579_000);
    scene.settle();
    assert!(scene.out.notes.iter().any(|note| matches!(note, Note::Halted { .. })));
    assert_eq!((scene.stands(is_entry), scene.stands(is_stop)), (0, 4));
}

#[test]
fn exits_stand_right_against_the_limit_and_the_collar_holds() {
    let far = Approach::Rest { price: Ticks(500_000), post_only: false, patience: PATIENCE };
    let free = Entry { exits: Exits::default(), ..entry(Side::Buy, far) };
    // A target behind the price and before the limit is met after the entry, not before it.
    let near = Approach::Rest { price: Ticks(599_000), post_only: false, patience: PATIENCE };
    let exits = Exits { target: Some(Ticks(599_500)), ..Exits::default() };
    let back = Entry { exits, ..entry(Side::Buy, near) };
    let beyond = Exits { stop: Some(Ticks(599_500)), ..Exits::default() };
    let beyond = Entry { exits: beyond, ..entry(Side::Buy, near) };
    let script = vec![(0, Wish::Enter(free)), (1, Wish::Enter(beyond)), (2, Wish::Enter(back))];
    let mut scene = Scene::new(script, Limits::DEFAULT);
    for minute in 0..3 {
        scene.bar(minute, 600_000);
        scene.settle();
    }
    assert_eq!(declined(&scene), [Declined::Risk(Refused::Collar), Declined::Exits]);
    assert_eq!(scene.stands(is_entry), 16);
}

#[test]
fn what_takes_and_does_not_rest_is_over_at_once() {
    for (whole, time_in_force) in [(true, TimeInForce::Fok), (false, TimeInForce::Ioc)] {
        let price = Ticks(600_500);
        let wish = Wish::Enter(entry(Side::Buy, Approach::Take { price, whole }));
        let mut scene = Scene::new(vec![(0, wish)], Limits::DEFAULT);
        scene.bar(0, 600_000);
        scene.settle();
        let (order, ..) = scene.standing[0];
        assert_eq!(order.kind, OrderKind::Limit { price, time_in_force });
        scene.trade(is_entry, 3);
        scene.settle();
        assert_eq!(scene.stands(is_stop), 0, "its end comes with it");
        scene.standing.clear();
        scene.report(order.client, Outcome::Expired);
        scene.settle();
        assert_eq!((scene.net(), scene.stands(is_stop)), (3, 3));
    }
}

/// Any exit.
const OUT: Purpose = Purpose::Exit(ExitReason::Turn);

/// What happens next.
#[derive(Debug, Clone, Copy)]
enum Turn {
    /// A minute passes, at a price; perhaps something is wanted in it.
    Minute(i64, Option<Option<Side>>),
    Deliver,
    Trade(Purpose, i64),
    RejectNext(Purpose),
}

fn turns() -> impl proptest::strategy::Strategy<Value = Vec<Turn>> {
    let side = any::<bool>().prop_map(|buy| if buy { Side::Buy } else { Side::Sell });
    let wish = prop::option::weighted(0.5, prop::option::weighted(0.7, side));
    let turn = proptest::prop_oneof![
        4 => (598_000_i64..602_000, wish).prop_map(|(price, wish)| Turn::Minute(price, wish)),
        6 => proptest::strategy::Just(Turn::Deliver),
        5 => (1_i64..20).prop_map(|lots| Turn::Trade(Purpose::Entry, lots)),
        1 => (1_i64..20).prop_map(|lots| Turn::Trade(Purpose::Stop, lots)),
        1 => (1_i64..20).prop_map(|lots| Turn::Trade(Purpose::Target, lots)),
        3 => (1_i64..20).prop_map(|lots| Turn::Trade(OUT, lots)),
        1 => proptest::strategy::Just(Turn::RejectNext(Purpose::Entry)),
        1 => proptest::strategy::Just(Turn::RejectNext(Purpose::Stop)),
        1 => proptest::strategy::Just(Turn::RejectNext(Purpose::Target)),
    ];
    prop::collection::vec(turn, 1..80)
}

proptest! {
    /// Whatever is filled, in parts, too late, refused or taken back: once all has been heard, what
    /// is held has a stop for all of it or is on its way out, and no entry rests beyond its time.
    #[test]
    fn nothing_is_held_unguarded_and_nothing_rests_for_too_long(turns in turns()) {
        let mut script = Vec::new();
        let minutes = turns.iter().filter_map(|turn| match turn {
            Turn::Minute(_, wish) => Some(wish),
            _ => None,
        });
        for (minute, wish) in (0..).zip(minutes) {
            match wish {
                Some(Some(side)) => script.push((minute, rest(*side))),
                Some(None) => script.push((minute, Wish::Leave { symbol: BTC, why: "no" })),
                None => {}
            }
        }
        let mut scene = Scene::new(script, Limits::DEFAULT);
        let (mut minute, mut fell_short) = (0, false);
        for turn in turns {
            match turn {
                Turn::Minute(price, _) => {
                    scene.bar(minute, price);
                    minute += 1;
                }
                Turn::Deliver => drop(scene.deliver()),
                Turn::Trade(purpose, lots) => {
                    let of = match purpose {
                        Purpose::Entry => is_entry,
                        Purpose::Stop => is_stop,
                        Purpose::Target => is_target,
                        Purpose::Exit(_) => is_exit,
                    };
                    scene.trade(of, lots);
                    fell_short |= matches!(purpose, Purpose::Exit(_));
                }
                Turn::RejectNext(purpose) => scene.rejects = Some(purpose),
            }
            if scene.under_way.is_empty() {
                // An exit that fell short is asked for again with the next price.
                if !scene.is_safe() && fell_short {
                    scene.bar(minute, 600_000);
                    minute += 1;
                    scene.settle();
                }
                prop_assert!(scene.is_safe(), "{} held", scene.net());
                fell_short = false;
                for (order, _, since) in &scene.standing {
                    let rests = is_entry(scene.purpose(order.client));
                    prop_assert!(!rests || scene.now.since(*since) < PATIENCE, "{order:?}");
                }
            }
        }
        // In the end nothing is left but what is held.
        for _ in 0..8 {
            scene.settle();
            scene.bar(minute, 600_000);
            minute += 1;
        }
        scene.settle();
        prop_assert_eq!(scene.stands(is_entry), 0);
        prop_assert_eq!(scene.core.orders().open().len(), scene.standing.len());
    }
}
