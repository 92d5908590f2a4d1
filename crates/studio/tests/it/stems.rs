//! The stems are the song: put on the desk again they give its mix, and its mix its master.

use audio::{Buffer, Frames};
use fault::Cancel;
use mastering::Target;
use score::Role;
use studio::genre::Genres;
use studio::measured::open;
use studio::mix::Console;

use crate::song;

fn role(name: &str) -> Role {
    serde_json::from_value(name.into()).unwrap()
}

/// Sample by sample, in the order given.
fn sum(stems: &[Buffer], length: Frames) -> Buffer {
    let mut sum = Buffer::silent(stems[0].rate(), stems[0].layout(), length);
    for stem in stems {
        for (into, from) in sum.planes_mut().zip(stem.planes()) {
            into.iter_mut().zip(from).for_each(|(into, from)| *into += from);
        }
    }
    sum
}

fn furthest_apart(a: &Buffer, b: &Buffer) -> f32 {
    let (a, b) = (a.planes().iter().flatten(), b.planes().iter().flatten());
    a.zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn the_stems_with_their_returns_sum_to_the_mix_behind_the_master() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("song");
    let made = song("uplifting house", &out);
    let stem = |name: &str| {
        let file = name.to_lowercase().replace(' ', "-");
        open(&out.join(format!("stems/{file}.wav"))).unwrap().0
    };
    let genres = Genres::embedded().unwrap();
    let genre = genres.get(&made.report.song.genre).unwrap();
    let mut stems: Vec<Buffer> = made.report.parts.iter().map(|part| stem(&part.name)).collect();
    let (rate, length) = (stems[0].rate(), stems[0].length());
    assert!(stems.iter().all(|stem| stem.length() == length && stem.rate() == rate));

    let mut desk = Console::new(&genre.mix, 60.0 / made.report.song.bpm, rate, length);
    for (part, stem) in made.report.parts.iter().zip(&stems) {
        desk.add(stem, genre.mix.strip(role(&part.role)));
    }
    let (mix, returns) = desk.finish();
    assert!(stem("return room") == returns.room, "the room is not what the desk gives back");
    assert!(stem("return echo") == returns.echo, "the echo is not what the desk gives back");
    stems.extend([returns.echo, returns.room]);
    assert!(sum(&stems, length) == mix, "the stems do not sum to the mix");

    let target = Target::named("spotify").unwrap();
    let plan = mastering::plan(&mix, &target, genre.master, &Cancel::new()).unwrap();
    let mut master = mix;
    mastering::apply(&mut master, &plan);
    let (delivered, _) = open(&out.join("master.wav")).unwrap();
    // Dither of two steps and rounding of one, at 24 bits.
    let apart = furthest_apart(&master, &delivered);
    assert!(delivered.length() == length && apart <= 2.0 / 8_388_608.0, "{apart}");
}
