use compose::metrics::Metrics;
use score::{Role, Score};

use crate::genres::{IDS, song, style};

const SENTENCES: [&str; 3] = ["a song", "a song of 45 seconds", "a song of three minutes"];

fn within(value: f64, low: f64, high: f64, what: &str, whose: &str) {
    assert!((low..=high).contains(&value), "{whose}: {what} is {value:.3}, not {low} to {high}");
}

/// Bands from hand-made files and chorales where they exist, from the craft where they do not.
#[test]
fn songs_fall_in_the_bands_of_peoples_music() {
    for id in IDS {
        let style = style(id);
        for seed in 1..=4 {
            for sentence in SENTENCES {
                let (_, score) = song(&style, sentence, seed);
                let whose = format!("{id}, seed {seed}, {sentence}");
                check_texture(&Metrics::of(&score), &whose);
                check_tune(&Metrics::of(&score), id, &whose);
                check_minor_thirds(&score, &whose);
            }
        }
    }
}

fn check_texture(m: &Metrics, whose: &str) {
    // Hand-made multi-track files, 10th to 90th percentile: 2.25 to 3.29 bits.
    within(m.pitch_class_entropy, 2.2, 3.35, "pitch-class entropy", whose);
    // 0.77 to 1.0; jazz borrows most.
    within(m.scale_consistency, 0.77, 1.0, "scale consistency", whose);
    // 31 to 64 semitones.
    within(f64::from(m.pitch_range), 31.0, 67.0, "pitch range", whose);
    // 2.1 to 4.5 there; pads and four-part comping together lie higher.
    within(m.polyphony, 2.0, 11.0, "polyphony", whose);
    // 0 to 0.01 there; a rest before a downbeat is welcome.
    within(m.empty_beats, 0.0, 0.04, "empty beats", whose);
    // 0.99 to 1.0 on quantised files; ours are performed.
    within(m.groove_consistency, 0.86, 1.0, "groove consistency", whose);
    // 0.64 to 1.0.
    within(m.drum_consistency, 0.64, 1.0, "drum consistency", whose);
    // 0 to 0.48 there; swing alone moves a third of all notes.
    within(m.off_grid, 0.002, 0.72, "off-grid share", whose);
    // 0 to 25.
    within(m.velocity_sd, 8.0, 25.0, "velocity deviation", whose);
    // Players keep time within 3 to 12 ms.
    within(m.timing_sd_ms, 2.5, 12.0, "timing deviation", whose);
    assert!(m.most_limbs <= 4, "{whose}: {} strokes at once", m.most_limbs);
}

fn check_tune(m: &Metrics, id: &str, whose: &str) {
    within(m.chord_tones, 0.8, 1.0, "chord tones on pulses", whose);
    // Chorale sopranos: repeats 15 %, steps 71 %, thirds 6 %, fourths and fifths 7 %, wider 0.5 %.
    within(m.intervals.repeats, 0.0, 0.36, "repeated notes", whose);
    within(m.intervals.steps, 0.4, 0.95, "steps", whose);
    within(m.intervals.wide, 0.0, 0.03, "leaps beyond a fifth", whose);
    within(m.melody_rests, 0.1, 0.8, "rests", whose);
    within(m.cadences, 0.9, 1.0, "cadences", whose);
    if id != "rock" {
        within(m.voice_movement, 0.0, 2.5, "voice movement", whose);
        within(m.parallels, 0.0, 0.6, "parallels", whose);
    } else {
        // Power chords are parallel fifths that move with the root: that is the idiom.
        within(m.voice_movement, 0.0, 7.0, "voice movement", whose);
    }
}

/// A minor chord sounds its minor third and never the major one.
fn check_minor_thirds(score: &Score, whose: &str) {
    for span in score.chords.iter().filter(|span| span.chord.quality.is_minor()) {
        let third = span.chord.root.class().above(3);
        let major = span.chord.root.class().above(4);
        let (from, to) = (span.start, span.start + span.length);
        let comped = score.parts.iter().filter(|p| matches!(p.role, Role::Chords | Role::Pad));
        let sounding: Vec<u8> = comped
            .flat_map(|part| &part.notes)
            .filter(|note| note.start.0 + 120 >= from.0 && note.start.0 + 240 < to.0)
            .filter(|note| note.end().0 > from.0 + 240)
            .map(|note| note.pitch.class().number())
            .collect();
        assert!(!sounding.contains(&major.number()), "{whose}: {} at {from}", span.chord);
        let harmonised = sounding.len() >= 3;
        if harmonised && !whose.starts_with("rock") {
            assert!(sounding.contains(&third.number()), "{whose}: {} at {from}", span.chord);
        }
    }
}

#[test]
fn tunes_stay_in_their_players_range_and_drums_on_their_channel() {
    for id in IDS {
        let style = style(id);
        for seed in 1..=3 {
            let (plan, score) = song(&style, "a song", seed);
            for (planned, part) in plan.parts.iter().zip(&score.parts) {
                let drummer = matches!(part.role, Role::Drums | Role::Percussion);
                assert_eq!(part.channel == 9, drummer, "{id}: {}", part.name);
                assert!(part.channel < 16);
                let [low, high] = planned.range;
                for note in part.notes.iter().filter(|_| !drummer) {
                    let key = note.pitch.number();
                    assert!((low..=high).contains(&key), "{id}: {} plays {key}", part.name);
                    assert!(note.end() <= score.end && note.length.0 > 0);
                }
            }
            let mut channels: Vec<u8> = score.parts.iter().map(|part| part.channel).collect();
            channels.sort_unstable();
            channels.dedup();
            assert_eq!(channels.len(), score.parts.len(), "{id}: shared channels");
        }
    }
}
