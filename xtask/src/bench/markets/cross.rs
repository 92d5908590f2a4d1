use anyhow::{Result, ensure};
use backtest::{Drive, Feed, Outcome, assumptions, run};
use fault::{Cancel, Silent};
use market::{Fixed8, Notional, Side, Timeframe};
use trading::risk::Limits;
use trading::strategies::EmaCross;
use trading::{Note, Period, Purpose, Settings, Sizing};

use super::Ground;
use super::recorded::Recorded;
use crate::bench::contest::{Contest, Contestant, Turn, Unit};
use crate::bench::cpu;
use crate::bench::guest::Guest;

pub(super) const TITLE: &str = "Backtest of an EMA cross";
const PASSES: usize = 5;
/// Crosses of the two averages after the first: up, down.
const CROSSES: (usize, usize) = (989, 988);

pub(super) fn table(ground: &Ground<'_>) -> Result<String> {
    let feed = Feed::merge([ground.recorded.minutes()?]);
    let drive = drive()?;
    let vectorbt = Guest::invite("vectorbt", "ema_cross_vectorbt.py", &[], ground.folder)?;
    let nautilus = Guest::invite("nautilus_trader", "ema_cross_nautilus.py", &[], ground.folder)?;
    let compiled = vectorbt.said("warm").map_or(String::new(), |seconds| {
        format!(
            " vectorbt's first run, for which numba compiles what it did not keep from before, \
             took {seconds:.1} s."
        )
    });
    let bars = feed.bars() as f64;
    let contest = Contest {
        title: TITLE,
        about: format!(
            "Averages over 10 and 20 closes of {bars} minutes of BTCUSDT, long above and short \
             below; the bars are in memory, in the form each of them reads. Triad runs the core \
             that also trades live, with risk, orders, books, fees and slippage, {PASSES} times. \
             vectorbt computes its averages, their crosses and the portfolio as arrays. \
             NautilusTrader runs its engine with a strategy in Python over its compiled averages, \
             without logs. Triad's averages begin with the mean of the first closes, as TA-Lib's, \
             theirs with the first close; the crosses are the same. vectorbt turns a position \
             round by one order, the others close it by one and open the next by another.{compiled}"
        ),
        unit: Unit::Thousands("bars"),
        work: bars,
        contestants: vec![
            Contestant::new("Triad, core and venue", || ours(&feed, &drive))
                .work(bars * PASSES as f64),
            vectorbt.row(|name| format!("{name}, numba"), "numba"),
            vectorbt.row(|name| format!("{name}, its compiled engine"), "rust"),
            nautilus.row(str::to_owned, "cross"),
        ],
    };
    contest.run(ground.runs)
}

/// Positions worth 1,000 and limits that stop nothing: every cross becomes an order.
pub(super) fn drive() -> Result<Drive> {
    let all = Notional::whole(1_000_000);
    let limits = Limits {
        order: all,
        symbol: all,
        side: all,
        gross: all,
        daily_loss: all,
        drawdown: Fixed8::ONE,
        ..Limits::DEFAULT
    };
    let sizing = Sizing::Worth(Notional::whole(1_000));
    let settings = Settings { sizing, limits, ..Settings::DEFAULT };
    Ok(Drive {
        contracts: Recorded::contracts()?,
        settings,
        rules: assumptions()?.rules()?,
        repairs: None,
    })
}

fn ours(feed: &Feed, drive: &Drive) -> Result<Turn> {
    let [fast, slow] = [("fast", 10), ("slow", 20)].map(|(key, bars)| Period::new(key, bars));
    let fresh = EmaCross::new(fast?, slow?, Timeframe::M1, 1)?;
    let (seconds, outcomes) = cpu::of_this(|| {
        let play = |_| run(feed, drive, fresh.clone(), &Silent, &Cancel::new());
        Ok((0..PASSES).map(play).collect::<Result<Vec<Outcome>, _>>()?)
    })?;
    let sides: Vec<(Purpose, Side)> = outcomes[0].notes.iter().filter_map(sent).collect();
    let entered = |side| sides.iter().filter(|sent| **sent == (Purpose::Entry, side)).count();
    let (up, down) = (entered(Side::Buy), entered(Side::Sell));
    ensure!((up, down) == CROSSES, "{up} crosses up, {down} down");
    Ok((seconds, format!("{up} crosses up, {down} down, {} orders", sides.len())))
}

fn sent(note: &Note) -> Option<(Purpose, Side)> {
    match note {
        Note::Sent { order, purpose, .. } => Some((*purpose, order.side)),
        _ => None,
    }
}
