use compose::Plan;
use score::{Role, Score, Ticks};

use crate::genres::{IDS, song, style};

/// What a phrase of the sentence does to the song, in every genre.
fn check(phrase: &str, holds: impl Fn(&Plan, &Score) -> bool) {
    for id in IDS {
        for seed in 1..=3 {
            let (plan, score) = song(&style(id), &format!("a song {phrase}"), seed);
            assert!(holds(&plan, &score), "{id}, seed {seed}: \"{phrase}\" is not heard");
        }
    }
}

fn plays(score: &Score, program: u8) -> bool {
    score.parts.iter().any(|part| part.sound.program.number() == program && !part.notes.is_empty())
}

#[test]
fn tempo_key_and_metre_are_as_asked() {
    check("at 97 bpm", |plan, _| (plan.tempo.at(Ticks::ZERO).bpm() - 97.0).abs() < 0.01);
    check("in Bb minor", |_, score| score.key.to_string() == "Bb minor");
    check("in D dorian", |_, score| score.key.to_string() == "D dorian");
    check("in E flat", |_, score| score.key.tonic.to_string() == "Eb");
    check("in 7/8", |_, score| score.meter.to_string() == "7/8");
    check("as a waltz", |_, score| score.meter.to_string() == "3/4");
    check("called \"Low Tide\"", |_, score| score.title == "Low Tide");
}

#[test]
fn instruments_come_and_go_as_asked() {
    check("with cello", |_, score| plays(score, 42));
    check("with a flute and a harp", |_, score| plays(score, 73) && plays(score, 46));
    check("with saxophone", |_, score| plays(score, 66));
    check("with strings", |_, score| plays(score, 48));
    check("without drums", |_, score| score.parts.iter().all(|part| part.channel != 9));
    check("no synths, no drum machine", |plan, score| {
        let plain = |part: &score::Part| part.sound.patch.is_none();
        score.parts.iter().all(|part| part.role == Role::Bass || plain(part))
            && !plan.parts.is_empty()
    });
    check("no bass", |_, score| score.parts.iter().all(|part| part.role != Role::Bass));
    check("with congas", |_, score| {
        score.parts.iter().any(|part| part.role == Role::Percussion && !part.notes.is_empty())
    });
    check("with a synth pad and a flute", |plan, score| {
        let pad = score.parts.iter().any(|part| part.role == Role::Pad && !part.notes.is_empty());
        let said = plan.unmet.iter().any(|wish| wish.words == "pad");
        pad && plays(score, 73) && (said || plan.genre != "jazz")
    });
    check("for solo piano", |_, score| {
        score.parts.iter().all(|part| part.sound.program.number() == 0 && part.channel != 9)
    });
}

#[test]
fn mood_energy_era_and_feel_change_the_song() {
    let energy = |plan: &Plan| plan.sections.iter().map(|s| s.energy).fold(0.0, f64::max);
    check("that is sad", |plan, _| plan.key.mode.is_minor());
    check("that is happy", |plan, _| !plan.key.mode.is_minor());
    for id in IDS {
        let style = style(id);
        let plan = |sentence: &str| song(&style, sentence, 4).0;
        assert!(energy(&plan("calm")) < energy(&plan("a song")), "{id}");
        assert!(energy(&plan("energetic")) > energy(&plan("a song")), "{id}");
        let bpm = |sentence: &str| plan(sentence).tempo.at(Ticks::ZERO).bpm();
        assert!(bpm("a slow song") < bpm("a fast song"), "{id}");
        let builds = plan("it builds up");
        let (first, last) = (&builds.sections[0], builds.sections.iter().rev().nth(1));
        assert!(last.is_none_or(|last| last.energy > first.energy), "{id}");
        let (loose, tight) = (plan("a 60s song"), plan("an 80s song"));
        assert!(loose.looseness > tight.looseness, "{id}");
        let backbeats = |sentence: &str| {
            let (plan, score) = song(&style, sentence, 4);
            let kit = score.parts.iter().find(|part| part.role == Role::Drums).unwrap();
            let snares = kit.notes.iter().filter(|note| matches!(note.pitch.number(), 37..=40));
            snares.count() as f64 / f64::from(plan.bars)
        };
        if id != "jazz" && id != "cinematic" {
            assert!(backbeats("at 100 bpm, half time") < backbeats("at 100 bpm"), "{id}");
        }
    }
}

/// The mean pitch of the tune in a section.
fn height(score: &Score, section: &score::Section) -> Option<f64> {
    let bar = score.meter.bar();
    let from = bar * u64::from(section.start_bar);
    let to = from + bar * u64::from(section.bars);
    let tunes = score.parts.iter().filter(|part| part.role == Role::Melody);
    let pitches: Vec<f64> = tunes
        .flat_map(|part| &part.notes)
        .filter(|note| (from..to).contains(&note.start))
        .map(|note| f64::from(note.pitch.number()))
        .collect();
    (!pitches.is_empty()).then(|| pitches.iter().sum::<f64>() / pitches.len() as f64)
}

#[test]
fn the_last_chorus_lifts_and_the_second_verse_varies() {
    for id in ["rock", "synthwave"] {
        let (mut first_sum, mut last_sum, mut songs) = (0.0, 0.0, 0);
        for seed in 1..=8 {
            let (_, score) = song(&style(id), "a song of four minutes", seed);
            let kinds = [score::SectionKind::Chorus, score::SectionKind::Drop];
            let high: Vec<f64> = score
                .sections
                .iter()
                .filter(|section| kinds.contains(&section.kind))
                .filter_map(|section| height(&score, section))
                .collect();
            if let ([first, .., last], true) = (high.as_slice(), high.len() > 1) {
                (first_sum, last_sum, songs) = (first_sum + first, last_sum + last, songs + 1);
            }
        }
        assert!(songs >= 4, "{id}: {songs} songs with two choruses");
        let gain = (last_sum - first_sum) / f64::from(songs);
        assert!(gain >= 0.8, "{id}: the last chorus lies {gain:.2} semitones higher");
    }
}
