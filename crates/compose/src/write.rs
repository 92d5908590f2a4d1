//! From a plan to the notes of every part: quantised lines first, then one performance of them.

mod arp;
mod bass;
mod chords;
mod control;
mod counter;
mod draft;
mod drums;
mod line;
mod melody;
mod perform;
mod scene;
mod theme;

use clock::Seed;
use fault::Cancel;
use score::{ChordSpan, Part, Role, Score};

use crate::{Error, Plan, Style};
use draft::Draft;
use scene::Scene;

/// Writes every part of a plan. The same plan, style and seed give the same score; another seed
/// writes another song to the same plan.
///
/// # Errors
/// [`Error::Mismatch`] when the plan was made for another genre, [`Error::Cancelled`] when the
/// job was stopped.
pub fn compose(plan: &Plan, style: &Style, seed: Seed, cancel: &Cancel) -> Result<Score, Error> {
    if plan.genre != style.id || plan.parts.iter().any(|part| part.table >= style.parts.len()) {
        return Err(Error::Mismatch { plan: plan.genre.clone(), style: style.id.clone() });
    }
    let mut drafts: Vec<Vec<Draft>> = vec![Vec::new(); plan.parts.len()];
    // Counter lines answer the tune, so the tune is written before them.
    for tune in [true, false] {
        for (index, part) in plan.parts.iter().enumerate() {
            if (part.role == Role::Melody) != tune {
                continue;
            }
            cancel.check()?;
            let scene = Scene { plan, style, part, index, seed: seed.child(&part.name) };
            drafts[index] = write_part(&scene, &drafts);
        }
    }
    let mut parts = Vec::with_capacity(plan.parts.len());
    for (index, (part, draft)) in plan.parts.iter().zip(drafts).enumerate() {
        cancel.check()?;
        let scene = Scene { plan, style, part, index, seed: seed.child(&part.name) };
        let notes = perform::perform(&scene, draft);
        // In a short song somebody may have no section to play in: no empty track, no empty stem.
        if notes.is_empty() {
            continue;
        }
        parts.push(Part {
            name: part.name.clone(),
            role: part.role,
            sound: part.sound.clone(),
            channel: part.channel,
            notes,
            controls: control::controls(&scene),
        });
    }
    Ok(Score {
        title: plan.title.clone(),
        tempo: plan.tempo.clone(),
        meter: plan.meter,
        key: plan.key,
        sections: plan.form(),
        parts,
        chords: plan.chords.iter().map(span).collect(),
        end: plan.end,
    })
}

fn write_part(scene: &Scene<'_>, drafts: &[Vec<Draft>]) -> Vec<Draft> {
    match scene.part.role {
        Role::Drums => drums::drums(scene),
        Role::Percussion => drums::percussion(scene),
        Role::Bass => bass::bass(scene),
        Role::Chords | Role::Pad => chords::chords(scene),
        Role::Arp => arp::arp(scene),
        Role::Melody => melody::melody(scene),
        Role::Counter => {
            let tune: Vec<Draft> = scene
                .plan
                .parts
                .iter()
                .zip(drafts)
                .filter(|(part, _)| part.role == Role::Melody)
                .flat_map(|(_, notes)| notes.iter().copied())
                .collect();
            counter::counter(scene, &tune)
        }
    }
}

fn span(chord: &crate::plan::PlannedChord) -> ChordSpan {
    ChordSpan {
        start: chord.start,
        length: chord.length,
        chord: chord.chord,
        roman: chord.roman.clone(),
    }
}
