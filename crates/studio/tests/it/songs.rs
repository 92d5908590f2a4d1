//! What a finished song leaves: files, records, versions, a copy for the library.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;

use studio::desk::{Desk, Kept, Request, SongOrder, State};
use studio::{Error, JobId};

use crate::house::{House, ONE, TWO, files, finished, is_absent, place, short};

fn read(desk: &Desk, job: JobId, name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    desk.open_file(ONE, job, name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn an_order_becomes_a_song_the_library_can_find() {
    let house = House::new();
    let desk = house.desk();
    let order = SongOrder {
        title: Some("Rain / on ../ Glass".to_owned()),
        artist: Some("Me".to_owned()),
        stems: true,
        ..short(3)
    };
    let job = desk.order(ONE, &order).unwrap();
    let job = finished(&desk, &job);
    assert_eq!(job.order, Some(Request::Song(order.clone())));
    assert!(matches!(job.state, State::Finished { version: 1, passed: true, .. }));
    let kept = desk.files(ONE, job.id).unwrap();
    let media: BTreeMap<&str, (&str, &str)> =
        kept.iter().map(|f| (f.name.as_str(), (f.kind.name(), f.media.as_str()))).collect();
    assert_eq!(media["master.flac"], ("master", "audio/flac"));
    assert_eq!(media["master.wav"], ("master", "audio/wav"));
    assert_eq!(media.contains_key("master.mp3"), cfg!(feature = "mp3"));
    assert_eq!(media["song.mid"], ("midi", "audio/midi"));
    assert_eq!(media["report.json"], ("report", "application/json"));
    assert_eq!(media["report.html"].0, "report");
    assert_eq!(media["recipe.json"].0, "recipe");
    assert!(media.values().filter(|(kind, _)| *kind == "stem").count() > 3);

    let shelf = files(&house.composed());
    assert_eq!(shelf, [house.composed().join(format!("Rain on Glass [{}].flac", job.id))]);
    let master = fs::read(&shelf[0]).unwrap();
    assert_eq!(master, read(&desk, job.id, "master.flac"));
    let words = String::from_utf8_lossy(&master[..4_096]).into_owned();
    for word in ["Rain / on ../ Glass", "ARTIST=Me", "ALBUM=Composed here"] {
        assert!(words.contains(word), "{word}");
    }
    let recipe: serde_json::Value =
        serde_json::from_slice(&read(&desk, job.id, "recipe.json")).unwrap();
    assert_eq!(recipe["ask"]["seed"], 3);
    assert!(is_absent(&desk.open_file(ONE, job.id, "../a.db")));
    assert!(is_absent(&desk.open_file(TWO, job.id, "master.flac")));
    assert_eq!(house.artifacts.collect().unwrap(), Default::default());
    // Closed, so that the worker has cleared away.
    drop(desk);
    assert!(files(&house.dir.path().join("files/work")).is_empty());
}

#[test]
fn the_same_order_is_stored_once_and_another_seed_is_another_version() {
    let house = House::new();
    let desk = house.desk();
    let first = desk.order(ONE, &short(1)).unwrap();
    let same = desk.order(TWO, &short(1)).unwrap();
    let first = finished(&desk, &first);
    let objects = house.objects();
    finished(&desk, &same);
    assert_eq!(house.objects(), objects, "the same order and seed give the same bytes");
    assert_eq!(files(&house.composed()).len(), 2);

    let (song, _) = place(&first);
    assert!(is_absent(&desk.remake(TWO, song, 1, &short(2))));
    assert!(is_absent(&desk.remake(ONE, song, 2, &short(2))));
    let second = desk.remake(ONE, song, 1, &short(2)).unwrap();
    assert_eq!(second.remakes, Some((song, 1)));
    let second = finished(&desk, &second);
    assert_eq!(place(&second), (song, 2));
    let told = desk.song(ONE, song).unwrap();
    let lineage: Vec<_> =
        told.versions.iter().map(|v| (v.number, v.parent, v.order.seed, v.kept)).collect();
    assert_eq!(lineage, [(1, None, 1, Kept::Whole), (2, Some(1), 2, Kept::Whole)]);
    let of = |job: JobId| {
        let files = desk.files(ONE, job).unwrap();
        files.into_iter().map(|file| (file.name.clone(), file)).collect::<BTreeMap<_, _>>()
    };
    let (old, new) = (of(first.id), of(second.id));
    for (name, file) in &new {
        assert_eq!(file.parent, old.get(name).map(|old| old.id), "{name}");
    }
    assert_ne!(new["master.flac"].sum, old["master.flac"].sum);
    assert!(is_absent(&desk.song(TWO, song)));
    assert_eq!(desk.songs(ONE, None, 10).unwrap(), [told]);
    assert!(desk.songs(ONE, Some(song), 10).unwrap().is_empty());
    delete_and_take_back(&house, &desk, song);
}

/// Of a song with two versions, the first of which another user has as well.
fn delete_and_take_back(house: &House, desk: &Desk, song: studio::SongId) {
    let shelf = files(&house.composed());
    let kept = |desk: &Desk| -> Vec<Kept> {
        desk.song(ONE, song).unwrap().versions.iter().map(|version| version.kept).collect()
    };
    let job = desk.song(ONE, song).unwrap().versions[0].job;
    assert!(is_absent(&desk.delete_song(TWO, song, None)));
    assert!(is_absent(&desk.delete_song(ONE, song, Some(3))));
    desk.delete_song(ONE, song, Some(1)).unwrap();
    assert_eq!(kept(desk), [Kept::Deleted, Kept::Whole]);
    assert!(is_absent(&desk.open_file(ONE, job, "master.flac")));
    assert_eq!(files(&house.composed()).len(), 2);
    desk.delete_song(ONE, song, None).unwrap();
    assert_eq!(kept(desk), [Kept::Deleted, Kept::Deleted]);
    assert_eq!(files(&house.composed()).len(), 1, "the other user's");
    assert_eq!(house.artifacts.collect().unwrap(), Default::default());
    desk.undelete_song(ONE, song, None).unwrap();
    desk.undelete_song(ONE, song, None).unwrap();
    assert_eq!(kept(desk), [Kept::Whole, Kept::Whole]);
    assert_eq!(files(&house.composed()), shelf);
    desk.open_file(ONE, job, "master.flac").unwrap();

    desk.delete_song(ONE, song, None).unwrap();
    let master = house.artifacts.record(ONE, studio::ArtifactId(1)).unwrap();
    for file in all_of(house) {
        house.artifacts.forget(ONE, file).unwrap();
    }
    assert_eq!(kept(desk), [Kept::Collected, Kept::Collected]);
    assert!(is_absent(&desk.undelete_song(ONE, song, None)));
    assert!(house.artifacts.collect().unwrap().objects > 5);
    let others = house.artifacts.of_version(TWO, studio::SongId(song.0 + 1), 1).unwrap();
    assert_eq!(others[0].sum, master.sum);
    for file in others {
        house.artifacts.open_file(TWO, file.id).unwrap();
    }
    // The orders remain in the history.
    assert_eq!(desk.history(ONE, None, 10).unwrap().len(), 2);
    assert!(matches!(desk.files(ONE, job), Ok(files) if files.is_empty()));
    assert!(!matches!(desk.song(ONE, song), Err(Error::Altered { .. })));
}

fn all_of(house: &House) -> Vec<studio::ArtifactId> {
    let read = house.store.read(|connection| -> Result<Vec<i64>, store::Error> {
        let mut statement = connection.prepare("SELECT id FROM artifact WHERE user = 1")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    });
    read.unwrap().into_iter().map(studio::ArtifactId).collect()
}

#[test]
fn with_its_owner_all_that_is_theirs_goes() {
    let house = House::new();
    let desk = house.desk();
    let job = desk.order(ONE, &short(1)).unwrap();
    finished(&desk, &job);
    let again = desk.order(ONE, &short(2)).unwrap();
    crate::house::wait_for(&desk, &again, crate::house::playing);
    house.sql("DELETE FROM user WHERE id = 1");
    assert!(is_absent(&desk.job(ONE, job.id)));
    // The one being made ends without a trace, and the next is taken.
    let other = desk.order(TWO, &short(1)).unwrap();
    let other = finished(&desk, &other);
    house.artifacts.collect().unwrap();
    assert_eq!(house.objects().len(), desk.files(TWO, other.id).unwrap().len());
}
