//! How loud a single note is: by the standard, and beside another player.

use audio::Frames;
use instruments::{Bank, Event, Message, Patch, Performance};

use crate::play::{energy, stem};

/// How far FluidSynth plays every note above the level its sample, its attenuation and constant
/// power pan give it, as measured. `docs/decisions/0005` has the reasons.
const FLUIDSYNTH_ABOVE_DB: f64 = 1.10;
/// Its attenuations are whole tenths of a decibel, its interpolation is duller in the treble, and
/// its blocks move a note by up to 4 ms.
const TOLERANCE_DB: f64 = 0.4;

#[test]
fn single_notes_are_as_loud_as_fluidsynth_but_for_a_constant() {
    for line in include_str!("fluidsynth.csv").lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |n: usize| fields[n].parse::<u8>().unwrap();
        let patch = Patch::Bank { bank: u16::from(number(0)), program: number(1) };
        let (key, velocity) = (number(2), number(3));
        let on = Event { at: Frames(0), message: Message::NoteOn { key, velocity } };
        let performance = Performance::new(vec![on], Frames(43_200));
        let sound = stem(&performance, &patch, Bank::embedded());
        for (theirs, range) in [(fields[4], 4_800..14_400), (fields[5], 28_800..43_200)] {
            if theirs.is_empty() {
                continue;
            }
            let frames = range.len() as f64;
            let ours = 10.0 * libm::log10(energy(&sound.plane(0)[range]) / frames);
            let off = ours - theirs.parse::<f64>().unwrap() + FLUIDSYNTH_ABOVE_DB;
            assert!(off.abs() < TOLERANCE_DB, "{line}: ours is {ours:.2}");
        }
    }
}
