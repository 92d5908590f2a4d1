use clock::{Chance, Seed};
use score::{SectionKind, Ticks};

use crate::plan::{PlannedPart, PlannedSection};
use crate::style::PartTable;
use crate::{Plan, Style};

/// What a part is written from.
pub(super) struct Scene<'a> {
    pub(super) plan: &'a Plan,
    pub(super) style: &'a Style,
    pub(super) part: &'a PlannedPart,
    /// The part's place in the plan.
    pub(super) index: usize,
    /// All chance of this part.
    pub(super) seed: Seed,
}

/// A bar in which the part plays.
#[derive(Clone, Copy)]
pub(super) struct Bar<'a> {
    pub(super) section: &'a PlannedSection,
    pub(super) section_index: usize,
    /// From the start of the song.
    pub(super) index: u32,
    /// From the start of the section.
    pub(super) within: u32,
    pub(super) start: Ticks,
}

impl Bar<'_> {
    /// Bars of the section after this one.
    pub(super) fn left(&self) -> u32 {
        self.section.bars - 1 - self.within
    }
}

impl<'a> Scene<'a> {
    pub(super) fn table(&self) -> &'a PartTable {
        &self.style.parts[self.part.table]
    }

    /// Whether the genre has patterns for what the part does. A player who was asked for may sit
    /// at the table of another role.
    pub(super) fn has_patterns(&self) -> bool {
        self.table().role == self.part.role && !self.table().patterns.is_empty()
    }

    pub(super) fn bar_length(&self) -> Ticks {
        self.plan.meter.bar()
    }

    /// Whether the part plays in a section.
    pub(super) fn plays(&self, section: usize) -> bool {
        self.part.active.get(section).copied().unwrap_or(false)
    }

    /// Bars of a layered intro before the part enters, or of an outro after it has left.
    fn waits(&self, section_index: usize) -> u32 {
        let section = &self.plan.sections[section_index];
        if !self.style.layered || section.bars < 8 {
            return 0;
        }
        let active = |part: &&PlannedPart| part.active.get(section_index) == Some(&true);
        let before = self.plan.parts[..self.index].iter().filter(active).count() as u32;
        let all = self.plan.parts.iter().filter(active).count().max(1) as u32;
        // Entries fall on phrases of four bars.
        before * section.bars / all / 4 * 4
    }

    /// The bars in which the part plays, in order.
    pub(super) fn bars(&self) -> impl Iterator<Item = Bar<'a>> + use<'a> {
        let waits: Vec<u32> = (0..self.plan.sections.len()).map(|s| self.waits(s)).collect();
        let (plan, part) = (self.plan, self.part);
        let length = plan.meter.bar();
        let sections = plan.sections.iter().enumerate();
        let playing =
            sections.filter(move |(index, _)| part.active.get(*index).copied().unwrap_or(false));
        playing.flat_map(move |(section_index, section)| {
            let wait = waits.get(section_index).copied().unwrap_or(0);
            let (from, to) = match section.kind {
                SectionKind::Intro => (wait, section.bars),
                // The last to come is the first to go, but everyone ends the song.
                SectionKind::Outro => (0, section.bars - wait),
                _ => (0, section.bars),
            };
            let closing = (to < section.bars).then(|| section.bars - 1);
            (from..to).chain(closing).map(move |within| Bar {
                section,
                section_index,
                index: section.start_bar + within,
                within,
                start: length * u64::from(section.start_bar + within),
            })
        })
    }

    /// Whether a bar is the last of the song.
    pub(super) fn is_last(&self, bar: &Bar<'_>) -> bool {
        bar.index + 1 == self.plan.bars
    }
}

/// Something kept for some energies and sections.
pub(super) trait Suited {
    fn energy(&self) -> [f64; 2];
    fn sections(&self) -> &[SectionKind];
    fn weight(&self) -> f64;
}

macro_rules! suited {
    ($($kind:ty),*) => {$(
        impl Suited for $kind {
            fn energy(&self) -> [f64; 2] {
                self.energy
            }
            fn sections(&self) -> &[SectionKind] {
                &self.sections
            }
            fn weight(&self) -> f64 {
                self.weight
            }
        }
    )*};
}

suited!(crate::style::DrumPattern, crate::style::PartPattern);

/// One of the items that suit a section best: those kept for its kind before those for any, of
/// the nearest energy; drawn by weight among equals. None from an empty list.
pub(super) fn choose<'p, T: Suited>(
    items: &'p [T],
    section: &PlannedSection,
    chance: &mut Chance,
) -> Option<&'p T> {
    let own = items.iter().any(|item| item.sections().contains(&section.kind));
    let of_kind = |item: &&T| {
        if own { item.sections().contains(&section.kind) } else { item.sections().is_empty() }
    };
    let mut pool: Vec<&T> = items.iter().filter(of_kind).collect();
    if pool.is_empty() {
        pool = items.iter().collect();
    }
    let away = |item: &T| {
        let [low, high] = item.energy();
        (low - section.energy).max(section.energy - high).max(0.0)
    };
    let nearest = pool.iter().map(|item| away(item)).fold(f64::INFINITY, f64::min);
    pool.retain(|item| away(item) <= nearest);
    let weights: Vec<f64> = pool.iter().map(|item| item.weight()).collect();
    let drawn = chance.weighted(&weights).unwrap_or(0);
    pool.get(drawn).copied()
}
