use clock::Seed;
use compose::{Brief, Plan, compose};
use fault::Cancel;
use proptest::prelude::{any, proptest};
use score::{Role, Score, midi};

use crate::genres::{IDS, names, song, style};

fn tune(score: &Score) -> Vec<(u64, u8)> {
    let part = score.parts.iter().find(|part| part.role == Role::Melody).unwrap();
    part.notes.iter().map(|note| (note.start.0, note.pitch.number())).collect()
}

#[test]
fn the_same_seed_writes_the_same_bytes_and_another_seed_another_tune() {
    for id in IDS {
        let style = style(id);
        let sentence = "a song in A minor at 100 bpm, 60 seconds";
        let (plan, score) = song(&style, sentence, 5);
        let (plan_again, again) = song(&style, sentence, 5);
        assert_eq!(plan, plan_again);
        assert_eq!(midi::write(&score), midi::write(&again), "{id}");
        let (_, other) = song(&style, sentence, 6);
        assert_ne!(tune(&score), tune(&other), "{id}");
        // The same plan, written anew.
        let rewritten = compose(&plan, &style, Seed(99), &Cancel::new()).unwrap();
        assert_eq!(rewritten.chords, score.chords);
        assert_ne!(tune(&score), tune(&rewritten), "{id}");
    }
}

#[test]
fn a_plan_survives_its_file_and_gives_the_same_score() {
    for id in IDS {
        let style = style(id);
        let (plan, score) = song(&style, "a song", 3);
        let text = serde_json::to_string(&plan).unwrap();
        let read: Plan = serde_json::from_str(&text).unwrap();
        assert_eq!(read, plan);
        assert_eq!(compose(&read, &style, Seed(3), &Cancel::new()).unwrap(), score);
    }
}

#[test]
fn a_plan_of_another_genre_is_refused_and_a_stopped_job_stops() {
    let (plan, _) = song(&style("jazz"), "a song", 1);
    let error = compose(&plan, &style("rock"), Seed(1), &Cancel::new()).unwrap_err();
    assert!(error.to_string().contains("jazz"), "{error}");
    let cancel = Cancel::new();
    cancel.cancel();
    assert!(compose(&plan, &style("jazz"), Seed(1), &cancel).is_err());
}

#[test]
fn what_is_written_is_read_back_note_for_note() {
    for id in IDS {
        let (_, score) = song(&style(id), "a song of 30 seconds", 2);
        let file = midi::read(&midi::write(&score)).unwrap();
        let written: usize = score.parts.iter().map(|part| part.notes.len()).sum();
        let read: usize = file.tracks.iter().map(|track| track.notes.len()).sum();
        assert_eq!(read, written, "{id}");
        assert!(file.tracks.iter().all(|track| track.unclosed == 0 && track.end == score.end.0));
    }
}

proptest! {
    #[test]
    fn no_sentence_crashes_the_reader(text in any::<String>()) {
        let _ = Brief::read(&text, &names());
    }

    #[test]
    fn no_heap_of_words_crashes_the_band(
        text in "((no|without|in|a|flat|minor|Bb|7/8|3/4|two|minutes|90|bpm|solo|piano|bass|drums|only|sad|slow|half|time|strings|and|,) ){1,12}",
        seed in any::<u64>(),
    ) {
        let genres = names();
        if let Ok(brief) = Brief::read(&text, &genres) {
            let style = style(IDS[(seed % 6) as usize]);
            if let Ok(plan) = Plan::new(&brief, &style, Seed(seed))
                && plan.bars < 200
            {
                compose(&plan, &style, Seed(seed), &Cancel::new()).unwrap();
            }
        }
    }
}
