use clock::Nanos;
use market::{Bar, Flags, Ticks, Timeframe};

use crate::agreement::{Agreement, AgreementSettings};
use crate::exits::Exits;
use crate::setting::checked;
use crate::strategy::{Approach, Entry, Score, Seen, Side, Strategy, View, Wish, Wishes};
use crate::structure::{Bias, BreakKind, Structure, StructureSettings, What};
use crate::{Candle, Error};

/// The frame whose structure gives the chances.
const FRAME: Timeframe = Timeframe::M15;
/// All frames that are looked at; the day only where it may forbid.
const FRAMES: [Timeframe; 5] =
    [Timeframe::M1, Timeframe::M5, Timeframe::M15, Timeframe::H1, Timeframe::D1];

/// What the strategy looks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SmcSettings {
    /// Structure of the quarter of an hour.
    pub structure: StructureSettings,
    /// Agreement of the frames.
    pub agreement: AgreementSettings,
    /// How long a chance waits for the frames to agree, in minutes, 0 to 10000.
    pub patience_minutes: i64,
    /// How far beyond what was swept or retested the stop stands, in average true ranges, 0 to 10.
    pub stop_atr: f64,
    /// How far away the target is, in distances of the stop, 0.1 to 100.
    pub reward: f64,
    /// The longest a position may last, in minutes, 1 to 100000.
    pub longest_minutes: i64,
    /// Below what agreement of the frames with a position it ends, looked at every quarter of an hour,
    /// 0 to 1; 0 is never.
    pub least_score: f64,
    /// How the first retest of an order block is entered; what was swept is entered at the market.
    pub retests: Retests,
}

/// How the first retest of an order block is entered once the frames agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retests {
    /// At the market.
    Market,
    /// By an order that rests at the edge of the block, or at the close where that is inside, for
    /// as long as the chance would have waited.
    Limit,
}

impl SmcSettings {
    /// Two hours of patience, a quarter of a range behind, twice as far ahead, eight hours at most.
    pub const DEFAULT: Self = Self {
        structure: StructureSettings::DEFAULT,
        agreement: AgreementSettings::DEFAULT,
        patience_minutes: 120,
        stop_atr: 0.25,
        reward: 2.0,
        longest_minutes: 480,
        least_score: 0.0,
        retests: Retests::Market,
    };
}

impl Default for SmcSettings {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Structure of the quarter of an hour where the longer and shorter frames come to agree with it: a
/// sweep of a swing or the first retest of an order block is a chance, taken at the first minute at
/// which all frames point its way, unless its stop was met before. Leaves when structure turns
/// against the position.
#[derive(Debug, Clone)]
pub struct Smc {
    settings: SmcSettings,
    markets: Vec<Market>,
}

#[derive(Debug, Clone)]
struct Market {
    structure: Structure,
    /// When the bars of the structure opened, by their number.
    opened: Opened,
    agreement: Agreement,
    /// The last chance, and until when it waits.
    chance: Option<(Nanos, Chance)>,
    /// The entry that may rest, until when, and which way it goes.
    resting: Option<(Nanos, Bias)>,
}

#[derive(Debug, Clone, Copy)]
struct Chance {
    bias: Bias,
    /// In ticks.
    stop: f64,
    /// The edge of the block that was retested, on the side the price came from.
    edge: Option<f64>,
    setup: &'static str,
    seen: Option<Seen>,
}

/// When the last bars opened.
#[derive(Debug, Clone)]
struct Opened {
    times: Box<[Nanos]>,
    bars: u64,
}

impl Opened {
    /// Bars that are remembered: six weeks of quarters of an hour. What was seen further back is no
    /// place on a chart any more.
    const BARS: usize = 4_096;

    fn new() -> Self {
        Self { times: vec![Nanos(0); Self::BARS].into(), bars: 0 }
    }

    fn push(&mut self, open_time: Nanos) {
        self.times[self.bars as usize % Self::BARS] = open_time;
        self.bars += 1;
    }

    fn of(&self, index: u64) -> Option<Nanos> {
        let known = index < self.bars && self.bars - index <= Self::BARS as u64;
        known.then(|| self.times[index as usize % Self::BARS])
    }
}

impl Smc {
    /// For so many contracts.
    ///
    /// # Errors
    /// [`Error::Setting`] naming the first setting that is out of its range.
    pub fn new(settings: SmcSettings, contracts: usize) -> Result<Self, Error> {
        checked("smc.patience_minutes", settings.patience_minutes, 0..=10_000)?;
        checked("smc.stop_atr", settings.stop_atr, 0.0..=10.0)?;
        checked("smc.reward", settings.reward, 0.1..=100.0)?;
        checked("smc.least_score", settings.least_score, 0.0..=1.0)?;
        checked("smc.longest_minutes", settings.longest_minutes, 1..=100_000)?;
        // Each is made anew: a copy would have no more room than it needs now.
        let market = |_| {
            Ok(Market {
                structure: Structure::new(&settings.structure)?,
                opened: Opened::new(),
                agreement: Agreement::new(&settings.agreement)?,
                chance: None,
                resting: None,
            })
        };
        Ok(Self { settings, markets: (0..contracts).map(market).collect::<Result<_, Error>>()? })
    }

    fn entry(
        &self,
        view: &View<'_>,
        (until, chance): (Nanos, Chance),
        close: f64,
        composite: f64,
    ) -> Option<Entry> {
        let limit = match (self.settings.retests, chance.edge) {
            (Retests::Limit, Some(edge)) => Some(match chance.bias {
                Bias::Bullish => edge.min(close).floor(),
                Bias::Bearish => edge.max(close).ceil(),
            }),
            _ => None,
        };
        let entered = limit.unwrap_or(close);
        let side = match chance.bias {
            Bias::Bullish => Side::Buy,
            Bias::Bearish => Side::Sell,
        };
        let away = (entered - chance.stop) * self.settings.reward;
        // The stop is rounded away from the price, the target towards it.
        let (stop, target) = match side {
            Side::Buy => (chance.stop.floor(), (entered + away).floor()),
            Side::Sell => (chance.stop.ceil(), (entered + away).ceil()),
        };
        let ticks = |price: f64| (price >= 1.0).then_some(Ticks(price as i64));
        let exits = Exits {
            stop: Some(ticks(stop)?),
            target: Some(ticks(target)?),
            longest: Some(self.settings.longest_minutes * Timeframe::M1.nanos()),
            least: Score::new(self.settings.least_score).filter(|least| least.get() > 0.0),
            ..Exits::default()
        };
        let score = Score::new(composite.abs())?;
        let approach = match limit {
            Some(price) => Approach::Rest {
                price: ticks(price)?,
                post_only: false,
                patience: until.since(view.now).max(Timeframe::M1.nanos()),
            },
            None => Approach::Market,
        };
        let entry = Entry::new(view.symbol, side, score, exits, chance.setup);
        Some(Entry { approach, seen: chance.seen, ..entry })
    }
}

impl Market {
    /// Takes a bar of the structure's frame. A chance it gives, and which way character changed.
    fn read(
        &mut self,
        open_time: Nanos,
        candle: &Candle,
        stop_atr: f64,
    ) -> (Option<Chance>, Option<Bias>) {
        self.opened.push(open_time);
        let mut turned = None;
        let mut seen = None;
        for finding in self.structure.update(candle) {
            match finding.what {
                What::Break { kind: BreakKind::Choch, bias, .. } => turned = Some(bias),
                What::Sweep { bias, level, .. } => {
                    let (behind, setup) = match bias {
                        Bias::Bullish => (candle.low(), "sweep of a low"),
                        Bias::Bearish => (candle.high(), "sweep of a high"),
                    };
                    let place = self.opened.of(finding.pivot_index).map(|at| (at, level, level));
                    seen = Some((bias, behind, None, setup, place));
                }
                What::BlockRetested(block) => {
                    let (behind, edge) = match block.bias {
                        Bias::Bullish => (block.bottom.min(candle.low()), block.top),
                        Bias::Bearish => (block.top.max(candle.high()), block.bottom),
                    };
                    let opened = self.opened.of(block.pivot_index);
                    let place = opened.map(|at| (at, block.bottom, block.top));
                    let setup = "retest of an order block";
                    seen = Some((block.bias, behind, Some(edge), setup, place));
                }
                _ => {}
            }
        }
        let atr = self.structure.atr();
        let chance = seen.zip(atr).map(|((bias, behind, edge, setup, place), atr)| {
            let stop = behind - bias.sign() * stop_atr * atr;
            // Levels are whole ticks: highs, lows and opens of bars.
            let ticks = |price: f64| Ticks(price as i64);
            let seen =
                place.map(|(since, low, high)| Seen { since, low: ticks(low), high: ticks(high) });
            Chance { bias, stop, edge, setup, seen }
        });
        (chance, turned)
    }
}

impl Strategy for Smc {
    fn name(&self) -> String {
        let retests = match self.settings.retests {
            Retests::Market => "",
            Retests::Limit => ", retests by limit",
        };
        format!("SMC, structure of {} where the frames agree{retests}", FRAME.name())
    }

    fn timeframes(&self) -> &[Timeframe] {
        &FRAMES
    }

    fn on_bar(&mut self, bar: &Bar, flags: Flags, view: &View<'_>, wishes: &mut Wishes) {
        let Some(market) = self.markets.get_mut(view.symbol.0 as usize) else { return };
        // What is made of bars with holes is no structure; a bar that cannot be changes nothing.
        let Ok(candle) = Candle::of(bar) else { return };
        if market.agreement.update(bar).is_err() {
            return;
        }
        if bar.timeframe == FRAME && !flags.has(Flags::GAP) {
            let (chance, turned) = market.read(bar.open_time, &candle, self.settings.stop_atr);
            let patience = self.settings.patience_minutes * Timeframe::M1.nanos();
            if let Some(chance) = chance {
                market.chance = Some((bar.end().plus(patience), chance));
            }
            let about = match view.net().side() {
                Some(Side::Buy) => Some(Bias::Bullish),
                Some(Side::Sell) => Some(Bias::Bearish),
                // What rests at its block is about to be held.
                None => market.resting.filter(|(until, _)| view.now < *until).map(|(_, bias)| bias),
            };
            let against = about.zip(turned).is_some_and(|(about, turned)| about != turned);
            if against {
                market.resting = None;
                wishes.push(Wish::Leave { symbol: view.symbol, why: "structure turned" });
            }
        }
        if self.settings.least_score > 0.0
            && FRAME.open_of(view.now) == view.now
            && let Some(side) = view.net().side()
            && let Ok(verdict) = market.agreement.at(view.now)
        {
            // Frames that point against a position are no agreement at all.
            let agreed = (verdict.composite * side.sign() as f64).clamp(0.0, 1.0);
            let symbol = view.symbol;
            wishes.extend(Score::new(agreed).map(|score| Wish::Rescore { symbol, score }));
        }
        let Some((until, chance)) = market.chance else { return };
        let close = candle.close().get();
        let is_stopped = (close - chance.stop) * chance.bias.sign() <= 0.0;
        if view.now > until || is_stopped {
            market.chance = None;
            return;
        }
        // Where bars of several lengths close together the frames can be read with the last.
        let verdict = market.agreement.at(view.now);
        let agreed = verdict.ok().filter(|verdict| verdict.bias == Ok(chance.bias));
        let Some(verdict) = agreed else { return };
        market.chance = None;
        if let Some(entry) = self.entry(view, (until, chance), close, verdict.composite) {
            if let (Some(patience), Some(market)) =
                (entry.approach.patience(), self.markets.get_mut(view.symbol.0 as usize))
            {
                market.resting = Some((view.now.plus(patience), chance.bias));
            }
            wishes.push(Wish::Enter(entry));
        }
    }
}
