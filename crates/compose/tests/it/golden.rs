use std::fmt::Write;

use score::midi;

use crate::genres::{IDS, song, style};

/// What every genre writes for one seed: for people first, then a hash of the MIDI file's bytes.
fn table() -> String {
    let mut table = String::new();
    for id in IDS {
        let (plan, score) = song(&style(id), "a song of 90 seconds", 1);
        let notes: usize = score.parts.iter().map(|part| part.notes.len()).sum();
        let hash = midi::write(&score).iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let form: Vec<String> =
            plan.sections.iter().map(|s| format!("{} {}", s.label, s.bars)).collect();
        writeln!(
            table,
            "{id}: {} in {}, {}",
            plan.title,
            plan.key,
            plan.tempo.at(score::Ticks::ZERO)
        )
        .unwrap();
        writeln!(table, "    {}", form.join(", ")).unwrap();
        writeln!(table, "    {} parts, {notes} notes, {hash:016x}", score.parts.len()).unwrap();
    }
    table
}

/// The same on every machine. A change here is a change of what people hear: raise
/// `compose::REVISION` with the table.
#[test]
fn the_same_seed_is_the_same_song_everywhere() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/golden.txt");
    testkit::golden(path.as_ref(), &table());
}
