//! Bars that are missing are asked for once and exactly; until they are there nothing is opened.

use clock::Nanos;
use market::{Bar, ClientId, Event, Flags, Lots, Side, SymbolId, Ticks, Timeframe};
use trading::risk::Refused;
use trading::strategy::{Approach, Entry, Score, Strategy, View, Wish, Wishes};
use trading::{Ask, Core, Declined, Exits, Input, Note, Outbox, Settings};

use crate::world::{BTC, ETH, contracts};

const MINUTE: i64 = 60_000_000_000;

/// Wants bitcoin at every bar of ether, and remembers every bar of bitcoin.
#[derive(Default)]
struct Eager {
    seen: Vec<(i64, Flags)>,
}

impl Strategy for Eager {
    fn name(&self) -> String {
        "eager".to_owned()
    }

    fn timeframes(&self) -> &[Timeframe] {
        &[]
    }

    fn on_bar(&mut self, bar: &Bar, flags: Flags, view: &View<'_>, wishes: &mut Wishes) {
        if view.symbol == BTC {
            self.seen.push((bar.open_time.0 / MINUTE, flags));
            return;
        }
        wishes.push(Wish::Enter(Entry {
            symbol: BTC,
            side: Side::Buy,
            score: Score::MIDDLE,
            approach: Approach::Market,
            exits: Exits { stop: Some(Ticks(590_000)), ..Exits::default() },
            setup: "eager",
            seen: None,
        }));
    }
}

struct Scene {
    core: Core<Eager>,
    out: Outbox,
}

impl Scene {
    fn new(gap_limit: u64) -> Self {
        let settings = Settings { gap_limit, ..Settings::DEFAULT };
        let core =
            Core::new(contracts(), settings, Eager::default(), Nanos(0), ClientId(0)).unwrap();
        Self { core, out: Outbox::default() }
    }

    /// A bar, told at the end of a minute.
    fn bar(&mut self, symbol: SymbolId, minute: i64, flags: Flags, told: i64) {
        let price = Ticks(600_000);
        let bar = Bar {
            timeframe: Timeframe::M1,
            open_time: Nanos(minute * MINUTE),
            open: price,
            high: price,
            low: price,
            close: price,
            volume: Lots(1),
            flow: None,
        };
        let event = Event { flags, ..Event::closed_bar(symbol, bar) };
        let now = Nanos((told + 1) * MINUTE);
        self.core.step(now, Input::Market(&event), &mut self.out).unwrap();
    }

    fn told(&mut self, symbol: SymbolId, minute: i64) {
        self.bar(symbol, minute, Flags::CLOSED, minute);
    }

    fn repaired(&mut self, minute: i64, told: i64) {
        self.bar(BTC, minute, Flags::CLOSED.with(Flags::REPAIRED), told);
    }

    fn answered(&mut self, ask: &Ask, told: i64) {
        let now = Nanos((told + 1) * MINUTE);
        self.core.step(now, Input::Answered(ask), &mut self.out).unwrap();
    }

    /// The minutes that were seen, with a mark at those that were repaired.
    fn seen(&self) -> Vec<(i64, bool)> {
        let seen = self.core.strategy().seen.iter();
        seen.map(|(minute, flags)| (*minute, flags.has(Flags::REPAIRED))).collect()
    }

    fn declined(&self) -> Vec<Declined> {
        let notes = self.out.notes.iter();
        notes
            .filter_map(|n| if let Note::Declined { why, .. } = n { Some(*why) } else { None })
            .collect()
    }
}

fn ask(from: i64, to: i64) -> Ask {
    let [from, to] = [from, to].map(|minute| Nanos(minute * MINUTE));
    Ask { symbol: BTC, timeframe: Timeframe::M1, from, to }
}

#[test]
fn a_gap_is_asked_for_once_and_nothing_is_opened_until_it_is_closed() {
    let mut scene = Scene::new(100);
    scene.told(BTC, 0);
    assert_eq!(scene.out.asks, []);
    scene.told(BTC, 3);
    scene.told(BTC, 4);
    assert_eq!(scene.out.asks, [ask(1, 3)]);
    scene.bar(ETH, 2, Flags::CLOSED, 4);
    assert_eq!(scene.declined(), [Declined::Risk(Refused::Held)]);
    // It comes in any order, with more than was asked for; half of a gap is no other gap.
    for minute in [2, 3, 0] {
        scene.repaired(minute, 4);
    }
    scene.bar(ETH, 3, Flags::CLOSED, 4);
    assert_eq!(scene.declined(), [Declined::Risk(Refused::Held); 2]);
    assert_eq!((scene.out.asks.len(), scene.out.commands.len()), (1, 0));
    scene.repaired(1, 4);
    let expected = [(0, false), (1, true), (2, true), (3, false), (4, false)];
    assert_eq!(scene.seen(), expected);
    scene.answered(&ask(1, 3), 4);
    assert_eq!(scene.seen(), expected, "nothing was left to give up");
    scene.told(ETH, 4);
    assert_eq!(scene.out.commands.len(), 1, "{:?}", scene.declined());
    scene.told(BTC, 7);
    assert_eq!(scene.out.asks, [ask(1, 3), ask(5, 7)], "another gap");
}

#[test]
fn what_the_source_does_not_have_is_given_up_and_the_next_gap_asked_for() {
    let mut scene = Scene::new(100);
    for minute in [0, 3, 6] {
        scene.told(BTC, minute);
    }
    assert_eq!(scene.out.asks, [ask(1, 3)]);
    scene.repaired(2, 6);
    scene.answered(&ask(4, 6), 6);
    assert_eq!(scene.seen(), [(0, false)], "an answer to something else");
    scene.answered(&ask(1, 3), 6);
    assert_eq!(scene.seen(), [(0, false), (2, true), (3, false)]);
    assert_eq!(scene.out.asks, [ask(1, 3), ask(4, 6)]);
    scene.answered(&ask(4, 6), 6);
    assert_eq!(scene.seen(), [(0, false), (2, true), (3, false), (6, false)]);
    let counts = scene.core.bar_counts(BTC).unwrap();
    assert_eq!((counts.gaps, counts.given_up, counts.repaired), (2, 2, 1));
    scene.told(ETH, 6);
    assert_eq!(scene.out.commands.len(), 1, "it is held no more");
}

#[test]
fn what_is_beyond_the_limit_is_given_up_at_once_and_not_asked_for() {
    let mut scene = Scene::new(2);
    scene.told(BTC, 0);
    scene.told(BTC, 4);
    assert_eq!(scene.out.asks, []);
    assert_eq!(scene.seen(), [(0, false), (4, false)]);
}
