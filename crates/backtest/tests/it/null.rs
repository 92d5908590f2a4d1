//! The null: who trades by chance loses what trading costs, and no more.

use backtest::{Feed, Figures};
use clock::Seed;
use trading::Note;
use trading::strategies::Random;

use crate::real::{drive, play, recordings};

#[test]
fn chance_makes_nothing_before_costs_and_loses_them_after() {
    let Some(recordings) = recordings("the null", &["BTCUSDT"]) else { return };
    let feed = Feed::merge(recordings);
    let free = {
        let mut free = drive(&["BTCUSDT"], "none");
        free.rules.slippage = market::Fixed8(0);
        free
    };
    let paid = drive(&["BTCUSDT"], "regular");
    let mut gross = Vec::new();
    for seed in 1..=40 {
        let strategy = || Random::new(Seed(seed), 0.05);
        let made = Figures::of(&play(&feed, &free, strategy())).profit;
        let paid = play(&feed, &paid, strategy());
        let turned: f64 = paid.notes.iter().map(turned_over).sum();
        let figures = Figures::of(&paid);
        assert!(figures.trades > 900, "{}", figures.trades);
        // The same positions: what they made, less a fee and a slippage on each side.
        let costs = turned * 0.0006;
        let off = figures.profit - (made - costs);
        assert!(off.abs() < 0.01 * costs, "seed {seed}: {off} off, costs {costs}");
        gross.push(made);
    }
    let count = gross.len() as f64;
    let mean = gross.iter().sum::<f64>() / count;
    let squares: f64 = gross.iter().map(|g| (g - mean) * (g - mean)).sum();
    let error = (squares / (count - 1.0) / count).sqrt();
    assert!(mean.abs() < 3.0 * error, "before costs {mean} +- {error}");
}

/// What a closed position was worth going in and coming out.
fn turned_over(note: &Note) -> f64 {
    match note {
        Note::Closed { trip, .. } => (trip.entry.0 + trip.exit.0) as f64 / 1e8,
        _ => 0.0,
    }
}

#[test]
fn an_account_that_is_worth_too_little_is_liquidated_and_loses_all() {
    let Some(recordings) = recordings("liquidation", &["BTCUSDT"]) else { return };
    let feed = Feed::merge(recordings);
    let mut drive = drive(&["BTCUSDT"], "regular");
    // Thirty times the deposit in every position.
    drive.settings.deposit = market::Notional::whole(1_000);
    drive.settings.sizing = trading::Sizing::Worth(market::Notional::whole(30_000));
    let outcome = play(&feed, &drive, Random::new(Seed(1), 0.05));
    let figures = Figures::of(&outcome);
    assert_eq!((figures.profit, figures.drawdown_share), (-1_000.0, 1.0));
    assert_eq!(outcome.liquidated, Some(outcome.to));
    assert!(outcome.events < feed.events().len());
    let books = figures.gross_profit - figures.fees + figures.funding;
    assert!((books + 1_000.0).abs() < 1e-9);
}

#[test]
fn a_market_that_was_made_up_has_nothing_to_win_in_the_mean() {
    use trading::strategies::EmaCross;
    let free = {
        let mut free = drive(&["BTCUSDT"], "none");
        free.rules.slippage = market::Fixed8(0);
        free
    };
    let (symbol, contract) = free.contracts.iter().next().unwrap();
    let made: Vec<f64> = (1..=30)
        .map(|seed| {
            let market = backtest::synthetic(Seed(seed), symbol, contract, 95_000.0, 20_000);
            let period = |bars| trading::Period::new("average", bars).unwrap();
            let frame = market::Timeframe::M15;
            let cross = EmaCross::new(period(5), period(15), frame, 1).unwrap();
            Figures::of(&play(&Feed::merge([market]), &free, cross)).profit
        })
        .collect();
    let count = made.len() as f64;
    let mean = made.iter().sum::<f64>() / count;
    let squares: f64 = made.iter().map(|m| (m - mean) * (m - mean)).sum();
    let error = (squares / (count - 1.0) / count).sqrt();
    assert!(mean.abs() < 3.0 * error, "{mean} +- {error}");
}
