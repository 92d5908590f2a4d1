//! What a venue asks an account to be worth.

use backtest::{Feed, Report, assumptions};
use market::{Bar, Flags, Notional, Timeframe};
use trading::strategy::{Entry, Score, Side, Strategy, View, Wish, Wishes};
use trading::{Exits, Sizing};

use crate::real::{drive, play, recordings};

/// Sells once, and stays short.
#[derive(Default)]
struct Short {
    sold: bool,
}

impl Strategy for Short {
    fn name(&self) -> String {
        "short".to_owned()
    }

    fn timeframes(&self) -> &[Timeframe] {
        &[]
    }

    fn on_bar(&mut self, _: &Bar, _: Flags, view: &View<'_>, wishes: &mut Wishes) {
        if !std::mem::replace(&mut self.sold, true) {
            let (symbol, score, exits) = (view.symbol, Score::MIDDLE, Exits::default());
            wishes.push(Wish::Enter(Entry::new(symbol, Side::Sell, score, exits, "once")));
        }
    }
}

#[test]
fn a_larger_position_is_liquidated_earlier() {
    let Some(recordings) = recordings("brackets", &["BTCUSDT"]) else { return };
    let feed = Feed::merge(recordings);
    // Twenty times the deposit, in the first bracket and in the fourth; May 2025 rose by a tenth.
    let ends = [10_000, 500_000].map(|deposit| {
        let mut drive = drive(&["BTCUSDT"], "regular");
        drive.settings.deposit = Notional::whole(deposit);
        drive.settings.sizing = Sizing::Worth(Notional::whole(20 * deposit));
        let all = Notional::whole(100_000_000);
        let limits = &mut drive.settings.limits;
        (limits.order, limits.symbol, limits.side, limits.gross) = (all, all, all, all);
        limits.daily_loss = all;
        let outcome = play(&feed, &drive, Short::default());
        let gross = outcome.worth.gross;
        let flat = {
            drive.rules.maintenance = matching::Maintenance::flat(market::Fixed8(0));
            play(&feed, &drive, Short::default())
        };
        // Where nothing is asked the account goes on until nothing is left.
        assert!(flat.liquidated > outcome.liquidated && flat.worth.equity() <= Notional::ZERO);
        assert!(outcome.worth.equity() > Notional::ZERO, "{:?}", outcome.worth);
        (outcome.liquidated.unwrap(), gross)
    });
    assert!(ends[0].1 < Notional::whole(300_000) && ends[1].1 > Notional::whole(3_000_000));
    assert!(ends[1].0 < ends[0].0, "{ends:?}");
}

#[test]
fn every_contract_of_the_file_has_brackets_and_reports_say_them() {
    let assumptions = assumptions().unwrap();
    assert!(assumptions.contracts.keys().eq(assumptions.brackets.keys()));
    let Some(recordings) = recordings("printed brackets", &["BTCUSDT"]) else { return };
    let drive = drive(&["BTCUSDT"], "regular");
    let outcome = play(&Feed::merge(recordings), &drive, Short::default());
    let refused = backtest::Quarantine::default();
    let report = Report::of(&outcome, &drive.contracts, &drive.settings, &assumptions, &refused);
    let said = "maintenance margin of BTCUSDT: 0.004 up to 300000, 0.005 less 300 up to 800000, ";
    assert!(report.assumptions.iter().any(|line| line.starts_with(said)), "{report:?}");
}
