use std::collections::BTreeMap;

use clock::Seed;
use score::SectionKind;

use super::{PlannedSection, energy_shift, shaped};
use crate::style::{Form, FormSection};
use crate::{Brief, Style};

/// Bars of the phrases that forms are counted in.
const PHRASE: u32 = 4;
/// How much the last chorus, drop or climax gains.
const LIFT: f64 = 0.06;

/// The sections, their bars summing to `bars`.
pub(super) fn sections(brief: &Brief, style: &Style, bars: u32, seed: Seed) -> Vec<PlannedSection> {
    let weights: Vec<f64> = style.forms.iter().map(|form| form.weight).collect();
    let chosen = seed.stream("form").weighted(&weights).unwrap_or(0);
    let fitted = stretched(&style.forms[chosen], bars);
    let mut start_bar = 0;
    let mut counts: BTreeMap<SectionKind, u32> = BTreeMap::new();
    let totals = fitted.iter().fold(BTreeMap::new(), |mut totals, section| {
        *totals.entry(section.kind).or_insert(0) += 1;
        totals
    });
    let mut planned = Vec::with_capacity(fitted.len());
    for section in &fitted {
        let total: u32 = totals.get(&section.kind).copied().unwrap_or(1);
        let occurrence = counts.entry(section.kind).or_insert(0);
        let name = section.kind.name();
        let last = total > 1 && *occurrence + 1 == total;
        let place = f64::from(start_bar) / f64::from(bars.max(1));
        let lift = if last && section.energy >= 0.6 { LIFT } else { 0.0 };
        let energy = shaped(section.energy, brief.shape, place) + energy_shift(brief) + lift;
        planned.push(PlannedSection {
            kind: section.kind,
            label: if total > 1 { format!("{name} {}", *occurrence + 1) } else { name.to_owned() },
            start_bar,
            bars: section.bars,
            energy: energy.clamp(0.05, 1.0),
            occurrence: *occurrence,
            last,
        });
        *occurrence += 1;
        start_bar += section.bars;
    }
    planned
}

/// The form's sections with bars that sum to `bars`: long songs repeat the stretch marked
/// `again`, short ones leave out what is spare, and bars that fill no phrase go to the end.
fn stretched(form: &Form, bars: u32) -> Vec<FormSection> {
    let wanted = bars / PHRASE;
    let mut sections = form.sections.clone();
    if wanted == 0 {
        sections.retain(|section| section.spare == 0);
        sections.truncate(1);
    } else {
        repeat(&mut sections, wanted);
        shorten(&mut sections, wanted);
        lengthen(&mut sections, wanted);
    }
    let sum: u32 = sections.iter().map(|section| section.bars).sum();
    if let Some(last) = sections.last_mut() {
        last.bars = (last.bars + bars).saturating_sub(sum).max(1);
    }
    sections
}

fn phrases(sections: &[FormSection]) -> u32 {
    sections.iter().map(|section| section.bars / PHRASE).sum()
}

/// Inserts copies of the stretch marked `again` while they fit.
fn repeat(sections: &mut Vec<FormSection>, wanted: u32) {
    let stretch: Vec<FormSection> = sections.iter().copied().filter(|s| s.again).collect();
    let length = phrases(&stretch);
    let Some(after) = sections.iter().rposition(|section| section.again) else { return };
    while length > 0 && phrases(sections) + length <= wanted {
        for section in stretch.iter().rev() {
            sections.insert(after + 1, *section);
        }
    }
}

/// Leaves out spare sections and shortens long ones until the form fits.
fn shorten(sections: &mut Vec<FormSection>, wanted: u32) {
    while phrases(sections) > wanted {
        let over = phrases(sections) - wanted;
        let longest = sections.iter().map(|section| section.bars / PHRASE).max().unwrap_or(1);
        let sparest = sections.iter().map(|section| section.spare).max().unwrap_or(0);
        let fits = |s: &FormSection| s.spare == sparest && s.bars / PHRASE <= over;
        let drop = sections.iter().rposition(|section| sparest > 0 && fits(section));
        let one = sections.len() == 1;
        match drop {
            Some(index) if longest < 4 || sparest == 3 => {
                sections.remove(index);
            }
            _ if longest > 1 => {
                let of_longest = sections.iter_mut().filter(|s| s.bars / PHRASE == longest);
                // The quieter gives way first, and sixteen bars become eight rather than twelve.
                if let Some(section) = of_longest.min_by(|a, b| a.energy.total_cmp(&b.energy)) {
                    section.bars -= if longest >= 4 && over >= 2 { 2 * PHRASE } else { PHRASE };
                }
            }
            _ if !one => {
                let at = sections.iter().rposition(|s| s.spare == sparest).unwrap_or(0);
                sections.remove(at);
            }
            _ => return,
        }
    }
}

/// Adds phrases to the sections that carry the song, the shortest first.
fn lengthen(sections: &mut [FormSection], wanted: u32) {
    while phrases(sections) < wanted {
        let room = |s: &&mut FormSection| {
            let frame = matches!(
                s.kind,
                SectionKind::Intro
                    | SectionKind::Outro
                    | SectionKind::Build
                    | SectionKind::PreChorus
                    | SectionKind::Resolution
            );
            (if frame { s.bars * 4 } else { s.bars }, u32::from(!s.again))
        };
        let left = wanted - phrases(sections);
        let Some(shortest) = sections.iter_mut().min_by_key(room) else { return };
        // Sections like to be counted in eights: a single phrase left over goes to the end.
        if left >= 2 || shortest.bars % (2 * PHRASE) != 0 {
            shortest.bars += if shortest.bars % (2 * PHRASE) == 0 { 2 * PHRASE } else { PHRASE };
        } else if let Some(last) = sections.last_mut() {
            last.bars += PHRASE;
        }
    }
}

#[cfg(test)]
mod tests {
    use score::SectionKind::{Chorus, Intro, Outro, Verse};

    use super::stretched;
    use crate::style::{Form, FormSection};

    fn section(kind: score::SectionKind, bars: u32, again: bool, spare: u8) -> FormSection {
        FormSection { kind, bars, energy: 0.5, again, spare }
    }

    #[test]
    fn every_length_is_filled_to_the_bar() {
        let form = Form {
            weight: 1.0,
            sections: vec![
                section(Intro, 4, false, 2),
                section(Verse, 8, true, 0),
                section(Chorus, 8, true, 0),
                section(Outro, 4, false, 1),
            ],
        };
        for bars in 1..600 {
            let sections = stretched(&form, bars);
            assert_eq!(sections.iter().map(|s| s.bars).sum::<u32>(), bars, "{bars}");
            assert!(sections.iter().all(|s| s.bars > 0), "{bars}");
        }
        let kinds: Vec<_> = stretched(&form, 40).iter().map(|s| s.kind).collect();
        assert_eq!(kinds, [Intro, Verse, Chorus, Verse, Chorus, Outro]);
        let kinds: Vec<_> = stretched(&form, 8).iter().map(|s| s.kind).collect();
        assert_eq!(kinds, [Verse, Chorus]);
    }
}
