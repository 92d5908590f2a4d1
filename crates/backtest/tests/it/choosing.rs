//! Sweeps and walks forward: the same on any number of threads, and blind to what comes after.

use std::num::NonZeroUsize;

use backtest::{Aim, Error, Feed, Trial, Walk, Work, deflated_sharpe, sweep, walk};
use clock::Seed;
use fault::{Cancel, Silent};
use market::{Bar, Body, Event, Flags, Side, Ticks, Timeframe};
use trading::strategies::{EmaCross, Random};
use trading::strategy::{Entry, Score, Strategy, View, Wish, Wishes};
use trading::{Exits, Period};

use crate::real::{drive, recordings};

const HOUR: i64 = 3_600_000_000_000;

fn crosses() -> Vec<(i64, i64)> {
    [5, 10, 20].into_iter().flat_map(|fast| [30, 60].map(|slow| (fast, slow))).collect()
}

fn cross((fast, slow): &(i64, i64)) -> Result<EmaCross, Error> {
    let (fast, slow) = (Period::new("fast", *fast)?, Period::new("slow", *slow)?);
    Ok(EmaCross::new(fast, slow, Timeframe::M15, 1)?)
}

fn with(threads: usize, act: impl FnOnce(Work<'_>)) {
    let cancel = Cancel::new();
    let threads = NonZeroUsize::new(threads).unwrap();
    act(Work { threads, progress: &Silent, cancel: &cancel });
}

fn real_feed(test: &str) -> Option<Feed> {
    Some(Feed::merge(recordings(test, &["BTCUSDT"])?))
}

#[test]
fn a_sweep_is_the_same_on_any_number_of_threads_and_each_trial_is_the_run_alone() {
    let Some(feed) = real_feed("a sweep") else { return };
    let drive = drive(&["BTCUSDT"], "regular");
    let swept = |threads| {
        let mut trials = Vec::new();
        with(threads, |work| trials = sweep(&feed, &drive, &crosses(), cross, work).unwrap());
        trials
    };
    let one = swept(1);
    assert_eq!(one, swept(3));
    for (point, trial) in crosses().iter().zip(&one) {
        let outcome =
            backtest::run(&feed, &drive, cross(point).unwrap(), &Silent, &Cancel::new()).unwrap();
        assert_eq!(*trial, Trial::of(&outcome));
    }
    let best = Aim::Profit.best(&one).unwrap();
    assert!(one.iter().all(|trial| trial.figures.profit <= one[best].figures.profit));
}

#[test]
fn a_point_that_cannot_be_is_named() {
    let Some(feed) = real_feed("a sweep") else { return };
    let points = [(5, 30), (40, 30), (50, 30)];
    with(2, |work| {
        let said = sweep(&feed, &drive(&["BTCUSDT"], "regular"), &points, cross, work).unwrap_err();
        assert!(said.to_string().contains("fast = 40"), "{said}");
    });
}

fn plan() -> Walk {
    let (purge, embargo) = (24 * HOUR, HOUR);
    Walk { folds: 3, training: 2, anchored: false, purge, embargo, aim: Aim::Sharpe }
}

#[test]
fn a_walk_chooses_the_same_whatever_comes_after_the_choice() {
    let Some(feed) = real_feed("a walk forward") else { return };
    let drive = drive(&["BTCUSDT"], "regular");
    with(2, |work| {
        let folds = walk(&feed, &drive, &plan(), &crosses(), cross, work).unwrap();
        assert_eq!(folds.len(), 3);
        // Everything told after the first training, purge included, is turned into a flat line.
        let choice = folds[0].train_to_ms;
        let altered: Vec<Event> = feed.events().iter().map(|e| flat_after(e, choice)).collect();
        let other =
            walk(&Feed::merge([altered]), &drive, &plan(), &crosses(), cross, work).unwrap();
        assert_eq!((folds[0].chosen, &folds[0].training), (other[0].chosen, &other[0].training));
        assert_ne!(folds[0].test, other[0].test);
        for fold in &folds {
            assert!(fold.train_to_ms + 24 * 3_600_000 <= fold.test_from_ms - 3_600_000);
            assert_eq!(fold.test.daily.len(), 5, "six days, less an hour, are five whole ones");
        }
    });
}

fn flat_after(event: &Event, moment_ms: i64) -> Event {
    let mut event = *event;
    if let (Body::Bar(bar), true) = (&mut event.body, event.receive.millis() >= moment_ms) {
        let price = Ticks(1_000_000);
        (bar.open, bar.high, bar.low, bar.close) = (price, price, price, price);
    }
    event
}

#[test]
fn what_cannot_be_compared_or_traded_is_refused_before_anything_runs() {
    let Some(feed) = real_feed("a walk forward") else { return };
    let drive = drive(&["BTCUSDT"], "regular");
    let refused = |feed: &Feed, plan: Walk, said: &str| {
        with(1, |work| {
            let never = |_: &u64| -> Result<Random, Error> { panic!("something was run") };
            let error = walk(feed, &drive, &plan, &[1], never, work).unwrap_err();
            assert!(error.to_string().contains(said), "{error}");
        });
    };
    // Nine days of training are no ten.
    refused(&feed, Walk { folds: 4, ..plan() }, "9.00 days are too few");
    refused(&feed, Walk { purge: 12 * 24 * HOUR, ..plan() }, "ask for fewer folds");
    // The second fold has nothing to trade.
    let first = feed.events()[0].receive;
    let hole = first.plus(18 * 24 * HOUR)..first.plus(24 * 24 * HOUR);
    let holed = feed.events().iter().filter(|e| !hole.contains(&e.receive)).copied();
    refused(&Feed::merge([holed.collect()]), plan(), "fold 2 has nothing to trade from 2025-05-");
}

/// A fold that ends with something held pays for getting out, as the next begins with nothing.
#[test]
fn what_is_open_at_the_end_of_a_fold_pays_for_getting_out() {
    let Some(feed) = real_feed("a walk forward") else { return };
    let dear = drive(&["BTCUSDT"], "regular");
    let always = |_: &u64| Ok::<_, Error>(Always);
    with(1, |work| {
        for fold in walk(&feed, &dear, &plan(), &[1], always, work).unwrap() {
            // One position over the whole fold: in and out.
            assert_eq!((fold.test.figures.orders, fold.test.figures.trades), (1, 0));
            let fees = fold.test.figures.fees;
            assert!((0.9..1.1).contains(&fees), "two fees of 0.05 % of about 1,000: {fees}");
            let (_, last) = fold.equity.last().unwrap();
            let deposit = dear.settings.deposit;
            let profit = (last.0 - deposit.0) as f64 / 1e8;
            assert!((profit - fold.test.figures.profit).abs() < 1e-9);
        }
    });
}

/// Long at every bar.
struct Always;

impl Strategy for Always {
    fn name(&self) -> String {
        "always".to_owned()
    }

    fn timeframes(&self) -> &[Timeframe] {
        &[]
    }

    fn on_bar(&mut self, _: &Bar, _: Flags, view: &View<'_>, wishes: &mut Wishes) {
        let (score, exits) = (Score::MIDDLE, Exits::default());
        wishes.push(Wish::Enter(Entry::new(view.symbol, Side::Buy, score, exits, "always")));
    }
}

#[test]
fn nothing_is_opened_before_a_fold_has_begun() {
    let Some(feed) = real_feed("a walk forward") else { return };
    with(1, |work| {
        let chance = |seed: &u64| Ok::<_, Error>(Random::new(Seed(*seed), 1.0));
        let folds =
            walk(&feed, &drive(&["BTCUSDT"], "regular"), &plan(), &[1, 2], chance, work).unwrap();
        for fold in &folds {
            // Chance in and out at every bar: it trades in the fold, and only in it.
            let minutes = (fold.test_to_ms - fold.test_from_ms) / 60_000;
            let orders = fold.test.figures.orders as i64;
            assert!(orders > minutes / 2 && orders <= minutes + 1, "{orders} in {minutes}");
        }
    });
}

/// Of many who trade by chance the best looks skilled alone, and does not when all are counted.
#[test]
fn the_best_of_many_by_chance_is_seen_through() {
    let Some(feed) = real_feed("luck") else { return };
    let mut drive = drive(&["BTCUSDT"], "none");
    drive.rules.slippage = market::Fixed8(0);
    with(2, |work| {
        let seeds: Vec<u64> = (0..60).collect();
        let chance = |seed: &u64| Ok::<_, Error>(Random::new(Seed(*seed), 0.02));
        let trials = sweep(&feed, &drive, &seeds, chance, work).unwrap();
        let best = Aim::Sharpe.best(&trials).unwrap();
        let alone = backtest::probabilistic_sharpe(&trials[best].daily).unwrap();
        let ratios: Vec<f64> = trials.iter().filter_map(Trial::daily_sharpe).collect();
        let deflated = deflated_sharpe(&trials[best].daily, &ratios).unwrap();
        assert!(alone > 0.95 && deflated < 0.9, "{alone} {deflated}");
    });
}
