//! The returns among the stems are what the desk gives back of the other stems.

use audio::Buffer;
use score::Role;
use studio::genre::Genres;
use studio::measured::open;
use studio::mix::Console;

use crate::song;

fn role(name: &str) -> Role {
    serde_json::from_value(name.into()).unwrap()
}

#[test]
fn the_delivered_returns_are_those_of_the_delivered_stems() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("song");
    let made = song("uplifting house", 3, &out);
    let stem = |name: &str| {
        let file = name.to_lowercase().replace(' ', "-");
        open(&out.join(format!("stems/{file}.wav"))).unwrap().0
    };
    let genres = Genres::embedded().unwrap();
    let genre = genres.get(&made.report.song.genre).unwrap();
    let stems: Vec<Buffer> = made.report.parts.iter().map(|part| stem(&part.name)).collect();
    let (rate, length) = (stems[0].rate(), stems[0].length());
    let mut desk = Console::new(&genre.mix, 60.0 / made.report.song.bpm, rate, length);
    for (part, stem) in made.report.parts.iter().zip(&stems) {
        desk.add(stem, genre.mix.strip(role(&part.role)));
    }
    let (_, returns) = desk.finish();
    assert!(stem("return room") == returns.room, "the room is not what the desk gives back");
    assert!(stem("return echo") == returns.echo, "the echo is not what the desk gives back");
}
