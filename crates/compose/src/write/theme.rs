//! What a kind of section sings: two motifs and the order in which they are developed.

use clock::Seed;
use score::{SectionKind, Ticks, TimeSignature};

use crate::plan::PlannedSection;
use crate::style::{MelodyTable, Pattern, Step};

/// Bars of a motif.
pub(super) const UNIT: u32 = 2;

/// What is done with a motif.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Develop {
    /// As it was.
    State,
    /// The same shape some scale steps away.
    Sequence(i32),
    /// Upside down.
    Invert,
    /// Its first bar twice.
    Fragment,
    /// Twice as slow: its first bar over two.
    Augment,
    /// Its first bar, then a close.
    Close,
}

/// A motif and what is done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit {
    /// 0 or 1.
    pub(super) motif: usize,
    pub(super) develop: Develop,
}

use Develop::{Augment, Close, Fragment, Invert, Sequence, State};

const fn unit(motif: usize, develop: Develop) -> Unit {
    Unit { motif, develop }
}

/// Eight bars: sentences, periods and their relatives.
const PERIODS: [[Unit; 4]; 6] = [
    [unit(0, State), unit(0, Sequence(-1)), unit(1, State), unit(0, Close)],
    [unit(0, State), unit(1, Close), unit(0, State), unit(1, Close)],
    [unit(0, State), unit(0, Sequence(1)), unit(0, Fragment), unit(1, Close)],
    [unit(0, State), unit(1, State), unit(0, State), unit(0, Close)],
    [unit(0, State), unit(0, Invert), unit(1, State), unit(0, Close)],
    [unit(0, State), unit(1, State), unit(0, Augment), unit(1, Close)],
];

/// Four bars left over.
const PHRASES: [[Unit; 2]; 3] = [
    [unit(0, State), unit(0, Close)],
    [unit(0, State), unit(1, Close)],
    [unit(0, Fragment), unit(0, Close)],
];

/// The shape of the line over eight bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contour {
    Arch,
    Rising,
    Falling,
    Wave,
}

/// The material of one kind of section.
pub(super) struct Theme<'a> {
    /// Rhythms of the two motifs, bar by bar.
    motifs: [[(&'a Pattern, usize); 2]; 2],
    closes: &'a [Pattern],
    schema: usize,
    /// Whether every period brings something new.
    pub(super) lively: bool,
    pub(super) contour: Contour,
    seed: Seed,
}

impl<'a> Theme<'a> {
    /// The theme of a kind of section: always the same for one seed. Solos and climaxes are new
    /// each time and busier.
    pub(super) fn of(table: &'a MelodyTable, section: &PlannedSection, seed: Seed) -> Self {
        let lively = is_lively(section);
        let pool = if lively && !table.busy.is_empty() { &table.busy } else { &table.rhythms };
        let name = label(section);
        let mut chance = seed.child("theme").stream(&name);
        let first = chance.below(pool.len());
        let second = (first + 1 + chance.below(pool.len().max(2) - 1)) % pool.len();
        let schema = chance.below(PERIODS.len());
        let contours = [Contour::Arch, Contour::Rising, Contour::Falling, Contour::Wave];
        let contour = contours[chance.weighted(&[4.0, 2.0, 1.5, 2.5]).unwrap_or(0)];
        let mut bars = |index: usize| -> [(&'a Pattern, usize); 2] {
            let pattern = &pool[index];
            if pattern.bars() > 1 {
                return [(pattern, 0), (pattern, 1)];
            }
            // A rhythm of one bar is answered by itself or by another.
            let other = if chance.happens(0.5) { index } else { chance.below(pool.len()) };
            [(pattern, 0), (&pool[other], 0)]
        };
        let motifs = [bars(first), bars(second)];
        Self { motifs, closes: &table.closes, schema, lively, contour, seed: seed.child(&name) }
    }

    /// The units of a section of so many bars.
    pub(super) fn units(&self, bars: u32) -> Vec<Unit> {
        let mut units = Vec::new();
        let mut left = bars;
        let mut period = self.schema;
        while left >= 8 {
            units.extend(PERIODS[period % PERIODS.len()]);
            period += usize::from(self.lively);
            left -= 8;
        }
        if left >= 3 {
            units.extend(PHRASES[self.schema % PHRASES.len()]);
            left = left.saturating_sub(4);
        }
        if left > 0 {
            units.push(unit(0, Close));
        }
        units
    }

    /// The rhythm of a unit: onsets from its first bar line, with lengths.
    pub(super) fn rhythm(&self, unit: Unit, index: usize, meter: TimeSignature) -> Vec<Step> {
        let motif = self.motifs[unit.motif];
        let plain = |(pattern, bar): (&Pattern, usize)| pattern.bar(bar, meter);
        let close = || {
            let mut chance = self.seed.child("close").stream(&(index % 4).to_string());
            chance.pick(self.closes).map(|pattern| pattern.bar(0, meter)).unwrap_or_default()
        };
        let (first, second) = match unit.develop {
            Fragment => (plain(motif[0]), plain(motif[0])),
            Augment => {
                let (pattern, _) = motif[0];
                (pattern.half_time_bar(0, meter), pattern.half_time_bar(1, meter))
            }
            Close => (plain(motif[0]), close()),
            State | Sequence(_) | Invert => (plain(motif[0]), plain(motif[1])),
        };
        let bar = meter.bar();
        let later = second.into_iter().map(|step| Step { at: step.at + bar, ..step });
        first.into_iter().chain(later).collect()
    }

    /// The stream of taste for a unit: the same wherever the theme comes back.
    pub(super) fn taste(&self, index: usize, variant: u32) -> clock::Chance {
        let place = if self.lively { index } else { index % 4 };
        self.seed.child("taste").stream(&format!("{place}/{variant}"))
    }
}

/// Whether a section calls for busier rhythms.
fn is_lively(section: &PlannedSection) -> bool {
    matches!(section.kind, SectionKind::Solo | SectionKind::Climax | SectionKind::Development)
}

/// What sections share a theme: those of a kind, but every solo is its own; the drop of a dance
/// track is its chorus, and an outro remembers what came before.
pub(super) fn label(section: &PlannedSection) -> String {
    match section.kind {
        SectionKind::Solo => format!("solo/{}", section.occurrence),
        SectionKind::Drop | SectionKind::Chorus | SectionKind::Outro => "chorus".into(),
        SectionKind::Theme | SectionKind::Resolution => "theme".into(),
        SectionKind::Verse | SectionKind::Intro | SectionKind::Groove => "verse".into(),
        other => format!("{other:?}"),
    }
}

impl Contour {
    /// The height at a place of the period, -1 to 1.
    pub(super) fn at(self, place: f64) -> f64 {
        match self {
            Self::Arch => 4.0 * place * (1.0 - place) * 1.6 - 0.7,
            Self::Rising => 1.4 * place - 0.6,
            Self::Falling => 0.7 - 1.2 * place,
            Self::Wave => {
                let half = (place * 2.0).fract();
                4.0 * half * (1.0 - half) * 1.3 - 0.5
            }
        }
    }
}

/// How much a step of the bar wants a chord tone: most on accents and when held, less on other
/// pulses, hardly between them.
pub(super) fn firmness(step: &Step, meter: TimeSignature) -> f64 {
    let within = Ticks(step.at.0 % meter.bar().0);
    match meter.accent(within) {
        2.. => 6.0,
        _ if step.length >= Ticks::QUARTER * 2 => 5.0,
        1 => 2.2,
        _ if step.length >= Ticks::QUARTER => 1.6,
        _ => 0.5,
    }
}
