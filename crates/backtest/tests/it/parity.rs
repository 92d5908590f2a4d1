//! The anchor: averages of 10 and 20 closes over 43,199 real minutes of BTCUSDT.

use backtest::{Feed, Figures};
use market::{Side, Timeframe};
use trading::strategies::EmaCross;
use trading::{Note, Period, Purpose};

use crate::real::{drive, play, recordings};

fn cross(contracts: usize) -> EmaCross {
    let period = |bars| Period::new("average", bars).unwrap();
    EmaCross::new(period(10), period(20), Timeframe::M1, contracts).unwrap()
}

#[test]
fn every_cross_becomes_a_position_and_every_position_but_the_last_is_closed() {
    let Some(recordings) = recordings("the parity anchor", &["BTCUSDT"]) else { return };
    let feed = Feed::merge(recordings);
    assert_eq!(feed.bars(), 43_199);
    let outcome = play(&feed, &drive(&["BTCUSDT"], "regular"), cross(1));
    let entries: Vec<Side> = outcome
        .notes
        .iter()
        .filter_map(|note| match note {
            Note::Sent { order, purpose: Purpose::Entry, .. } => Some(order.side),
            _ => None,
        })
        .collect();
    let ups = entries.iter().filter(|side| **side == Side::Buy).count();
    assert_eq!((entries.len(), ups), (1_977, 989));
    assert!(entries.windows(2).all(|pair| pair[0] != pair[1]), "they take turns");
    let figures = Figures::of(&outcome);
    assert_eq!((figures.trades, figures.orders), (1_976, 3_953));
    let declined = outcome.notes.iter().any(|note| matches!(note, Note::Declined { .. }));
    assert!(!declined);
}

#[test]
fn two_runs_and_two_threads_give_one_number() {
    let symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT"];
    let Some(recordings) = recordings("repeated runs", &symbols) else { return };
    let feed = Feed::merge(recordings.clone());
    let drive = drive(&symbols, "regular");
    let first = play(&feed, &drive, cross(3)).hash;
    let both = std::thread::scope(|scope| {
        let runs = [0, 1].map(|_| scope.spawn(|| play(&feed, &drive, cross(3)).hash));
        runs.map(|run| run.join().unwrap())
    });
    assert_eq!(both, [first.clone(), first.clone()]);
    // The order in which the files were read is of no account.
    let turned = Feed::merge(recordings.into_iter().rev());
    assert_eq!(play(&turned, &drive, cross(3)).hash, first);
}
