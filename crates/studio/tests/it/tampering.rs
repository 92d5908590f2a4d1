//! Records altered in the database, bytes altered on the disk: noticed, and nothing is served.

use std::fs;
use std::io::Read;

use studio::Error;
use studio::desk::State;

use crate::house::{
    House, ONE, TWO, ended, finished, is_absent, new, place, playing, short, wait_for,
};

fn is_altered<T>(outcome: &Result<T, Error>) -> bool {
    matches!(outcome, Err(Error::Altered { .. }))
}

#[test]
fn a_record_of_a_file_altered_anywhere_serves_nothing() {
    let house = House::new();
    let secret = house.artifacts.put(&new(TWO, "secret"), &mut b"secret".as_slice()).unwrap();
    let own = house.artifacts.put(&new(ONE, "own"), &mut b"public".as_slice()).unwrap();
    let alter = |change: &str, back: &str| {
        house.sql(&format!("UPDATE artifact SET {change} WHERE id = {}", own.id));
        for user in [ONE, TWO] {
            assert!(is_altered(&house.artifacts.open_file(user, own.id)), "{change}");
            assert!(is_altered(&house.artifacts.undelete(user, own.id)), "{change}");
            assert!(is_altered(&house.artifacts.forget(user, own.id)), "{change}");
        }
        let collected = house.artifacts.collect().unwrap();
        assert_eq!((collected.altered, collected.objects), (1, 0), "{change}");
        house.sql(&format!("UPDATE artifact SET {back} WHERE id = {}", own.id));
        house.artifacts.open_file(ONE, own.id).unwrap();
    };
    alter(&format!("sha256 = x'{}'", secret.sum), &format!("sha256 = x'{}'", own.sum));
    alter("user = 2", "user = 1");
    alter("bytes = 5", "bytes = 6");
    alter("name = 'other'", "name = 'own'");
    alter("kind = 'master'", "kind = 'other'");
    alter("kind = '?'", "kind = 'other'");
    alter("media = 'text/html'", "media = 'application/octet-stream'");
    alter("parent = 1", "parent = NULL");
    alter("deleted = 1", "deleted = NULL");
    alter("created = created + 1", "created = created - 1");
    house.sql("UPDATE artifact SET sha256 = (SELECT sha256 FROM artifact WHERE id = 1), seal = (SELECT seal FROM artifact WHERE id = 1) WHERE id = 2");
    assert!(is_altered(&house.artifacts.open_file(ONE, own.id)), "the seal of another record");
}

#[test]
fn bytes_altered_on_the_disk_are_noticed_and_healed_by_the_same_file() {
    let house = House::new();
    let bytes = vec![7_u8; 300_000];
    let put = || house.artifacts.put(&new(ONE, "a"), &mut bytes.as_slice()).unwrap();
    let id = put().id;
    let read = || {
        let mut found = Vec::new();
        house.artifacts.open_file(ONE, id).map(|mut file| file.read_to_end(&mut found).unwrap())?;
        Ok::<_, Error>(found)
    };
    assert_eq!(read().unwrap(), bytes);
    let path = house.objects().remove(0);
    let mut flipped = bytes.clone();
    flipped[299_999] ^= 1;
    for (what, harm) in
        [("a flipped bit", flipped.as_slice()), ("half", &bytes[..150_000]), ("all", &[])]
    {
        fs::write(&path, harm).unwrap();
        assert!(matches!(read(), Err(Error::Damaged(_))), "{what}");
        put();
        assert_eq!(read().unwrap(), bytes, "{what}");
    }
    fs::remove_file(&path).unwrap();
    assert!(matches!(read(), Err(Error::Damaged(_))));
    put();
    assert_eq!(read().unwrap(), bytes);
    assert_eq!(house.objects().len(), 1);
}

#[test]
fn a_job_pointed_elsewhere_serves_nothing() {
    let house = House::new();
    let desk = house.desk();
    let (own, theirs) = (desk.order(ONE, &short(1)).unwrap(), desk.order(TWO, &short(2)).unwrap());
    let (own, theirs) = (finished(&desk, &own), finished(&desk, &theirs));
    let (song, other) = (place(&own).0, place(&theirs).0);
    let file = format!("{} [{}].flac", own.title.as_ref().unwrap(), own.id);
    for (change, back) in [
        (format!("song = {other}, version = 2"), format!("song = {song}, version = 1")),
        ("version = 2".to_owned(), "version = 1".to_owned()),
        ("user = 2".to_owned(), "user = 1".to_owned()),
        ("file = '../a.db'".to_owned(), format!("file = '{}'", file.replace('\'', "''"))),
        ("passed = 1 - passed".to_owned(), "passed = 1 - passed".to_owned()),
        ("state = 'failed'".to_owned(), "state = 'finished'".to_owned()),
    ] {
        house.sql(&format!("UPDATE job SET {change} WHERE id = {}", own.id));
        let owner = if change.starts_with("user") { TWO } else { ONE };
        assert!(is_altered(&desk.files(owner, own.id)), "{change}");
        assert!(is_altered(&desk.open_file(owner, own.id, "master.flac")), "{change}");
        assert_eq!(desk.job(owner, own.id).unwrap().state, State::Altered, "{change}");
        assert!(desk.delete_song(owner, song, None).is_err(), "{change}");
        house.sql(&format!("UPDATE job SET {back} WHERE id = {}", own.id));
        assert_eq!(desk.job(ONE, own.id).unwrap(), own, "{change}");
    }
    assert!(house.dir.path().join("a.db").exists());
    desk.open_file(ONE, own.id, "master.flac").unwrap();
    // One file of it altered: the others are in doubt as well.
    house.sql(&format!("UPDATE artifact SET user = 2 WHERE song = {song} AND name = 'song.mid'"));
    assert!(is_altered(&desk.open_file(ONE, own.id, "master.flac")));
    assert!(is_altered(&desk.song(ONE, song)));
    desk.open_file(TWO, theirs.id, "master.flac").unwrap();
}

#[test]
fn only_finished_jobs_serve_and_an_altered_order_is_never_made() {
    let house = House::new();
    let desk = house.desk();
    let first = desk.order(ONE, &short(1)).unwrap();
    wait_for(&desk, &first, playing);
    let second = desk.order(ONE, &short(2)).unwrap();
    let third = desk.order(ONE, &short(3)).unwrap();
    for job in [first.id, second.id] {
        assert!(matches!(desk.files(ONE, job), Err(Error::Unfinished)));
    }
    house.sql(&format!(
        "UPDATE job SET request = replace(request, 'rainy', 'sunny') WHERE id = {}",
        second.id
    ));
    assert!(is_altered(&desk.cancel(ONE, second.id)));
    desk.cancel(ONE, first.id).unwrap();
    wait_for(&desk, &third, |state| !matches!(state, State::Queued));
    let altered = desk.job(ONE, second.id).unwrap();
    assert_eq!((altered.state, altered.order), (State::Altered, None));
    // Called finished while it is being made: still nothing, and its song is none.
    house.sql(&format!(
        "UPDATE job SET state = 'finished', song = NULL, version = NULL, passed = 1 WHERE id = {}",
        third.id
    ));
    assert!(is_altered(&desk.files(ONE, third.id)));
    let last = desk.order(ONE, &short(1)).unwrap();
    finished(&desk, &last);
    assert_eq!(desk.job(ONE, third.id).unwrap().state, State::Altered);
    assert_eq!(house.count("SELECT count(*) FROM song"), 1);
    assert!(is_absent(&desk.files(TWO, last.id)));
    assert!(ended(&desk.job(ONE, first.id).unwrap().state));
}
