//! Playlists that lie among the music as files.

use std::fs;
use std::os::unix::fs::symlink;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use library::TrackId;
use library::playlists::{Change, Edit, Playlist};
use library::scan::Counts;
use proptest::prelude::{Just, Strategy, prop, prop_assert_eq, prop_oneof, proptest};
use proptest::test_runner::Config;
use store::UserId;

use crate::house::{ANNA, House, song};

const RULES: &str = r#"{"name": "Loud", "comment": "rules", "all": [{"is": {"title": "One"}}]}"#;

/// A collection of three songs whose found playlists are Anna's.
fn furnished() -> House {
    let house = empty();
    for (path, hz, title) in
        [("a/01.flac", 440, "One"), ("b/01.flac", 550, "Two"), ("b/02.flac", 660, "Three")]
    {
        song(&house.music().join(path), hz, title, "Somebody", &path[..1]);
    }
    house.scan();
    house
}

fn empty() -> House {
    let house = House::new();
    house.library.import_playlists_for(|| Ok(Some(ANNA))).unwrap();
    house
}

impl House {
    /// Writes a file of another time than it had before.
    fn put(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.music().join(path);
        let before = path.metadata().and_then(|data| data.modified());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        while before.as_ref().is_ok_and(|at| *at == path.metadata().unwrap().modified().unwrap()) {
            fs::File::open(&path).unwrap().set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
        }
    }

    fn lists(&self, user: UserId) -> Vec<Playlist> {
        self.library.playlists(user).unwrap()
    }

    /// Every playlist of Anna's as "name: titles".
    fn told(&self) -> Vec<String> {
        let lists = self.lists(ANNA).into_iter();
        lists.map(|list| format!("{}: {}", list.name, self.titles(&list))).collect()
    }

    fn first(&self) -> String {
        self.library.track(ANNA, TrackId(1)).unwrap().title
    }

    fn titles(&self, list: &Playlist) -> String {
        let page = library::catalogue::Page::WHOLE;
        let contents = self.library.playlist_contents(ANNA, list.id, page).unwrap();
        contents.there().map(|track| track.title.as_str()).collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn files_among_the_music_become_playlists_once_and_follow_their_files() {
    let house = furnished();
    house.put("Sunday.m3u8", "b/02.flac\na/01.flac\n");
    house.put("lists/loud.NSP", RULES);
    house.put("lists/b.m3u", "#PLAYLIST:Both\n../b/01.flac\n../b/02.flac\n");
    let whole = Counts { files: 3, folders: 4, ..Counts::default() };
    assert_eq!(house.scan(), Counts { playlists: 3, ..whole });
    assert_eq!(house.told(), ["Both: Two Three", "Loud: One", "Sunday: Three One"]);
    let before = house.lists(ANNA);
    assert!(before.iter().all(|list| list.owner == ANNA && !list.public));
    assert!(before[0].rules.is_none() && before[1].rules.is_some());
    assert_eq!(before[1].comment, "rules");
    assert_eq!(house.scan(), whole);
    assert_eq!(house.lists(ANNA), before);

    house.put("Sunday.m3u8", "a/01.flac\n");
    house.put("lists/loud.NSP", RULES.replace("Loud", "Quiet").replace("One", "Two"));
    // The same words at another time are no change.
    house.put("lists/b.m3u", "#PLAYLIST:Both\n../b/01.flac\n../b/02.flac\n");
    assert_eq!(house.scan().playlists, 2);
    assert_eq!(house.told(), ["Both: Two Three", "Quiet: Two", "Sunday: One"]);
    let ids = |lists: &[Playlist]| lists.iter().map(|list| list.id).collect::<Vec<_>>();
    assert_eq!(ids(&house.lists(ANNA)), ids(&before));
}

#[test]
fn what_a_listener_changed_or_deleted_is_theirs_from_then_on() {
    let house = furnished();
    for name in ["changed", "deleted", "kept"] {
        house.put(&format!("{name}.m3u"), "a/01.flac\n");
    }
    house.scan();
    let lists = house.lists(ANNA);
    let edits = vec![Edit::Remove(vec![0])];
    let change = Change { edits, ..Change::default() };
    house.library.change_playlist(ANNA, lists[0].id, change).unwrap();
    house.library.delete_playlist(ANNA, lists[1].id).unwrap();
    for name in ["changed", "deleted", "kept"] {
        house.put(&format!("{name}.m3u"), "b/01.flac\n");
    }
    assert_eq!(house.scan().playlists, 1);
    assert_eq!(house.told(), ["changed: ", "kept: Two"]);
    for name in ["changed", "deleted", "kept"] {
        fs::remove_file(house.music().join(format!("{name}.m3u"))).unwrap();
    }
    assert_eq!(house.scan().playlists, 0);
    assert_eq!(house.told(), ["changed: ", "kept: Two"]);
    for name in ["changed", "deleted", "kept"] {
        house.put(&format!("{name}.m3u"), "b/02.flac\n");
    }
    house.scan();
    assert_eq!(house.told(), ["changed: ", "kept: Three"]);
}

#[test]
fn a_file_that_moves_keeps_its_playlist() {
    let house = furnished();
    house.put("x.m3u", "a/01.flac\n");
    house.scan();
    fs::rename(house.music().join("x.m3u"), house.music().join("b/y.m3u")).unwrap();
    assert_eq!(house.scan().playlists, 0);
    house.put("b/y.m3u", "02.flac\n");
    assert_eq!(house.scan().playlists, 1);
    assert_eq!(house.told(), ["y: Three"]);
}

#[test]
fn files_wait_for_an_owner_and_go_to_the_next_one() {
    let house = House::new();
    let who = Arc::new(AtomicI64::new(0));
    let asked = Arc::clone(&who);
    let owner = move || Ok(Some(UserId(asked.load(Ordering::Relaxed))).filter(|id| id.0 > 0));
    house.library.import_playlists_for(owner).unwrap();
    assert!(house.library.import_playlists_for(|| Ok(None)).is_err());
    song(&house.music().join("a/01.flac"), 440, "One", "Somebody", "a");
    house.put("x.m3u", "a/01.flac\n");
    assert_eq!(house.scan().playlists, 0);
    for (id, now, before) in [(1, UserId(1), UserId(2)), (2, UserId(2), UserId(1))] {
        who.store(id, Ordering::Relaxed);
        assert_eq!(house.scan().playlists, 1);
        assert_eq!((house.lists(now).len(), house.lists(before).len()), (1, 0));
        // Who is gone takes their playlists along.
        house.write("DELETE FROM user WHERE id = 1");
    }
}

#[test]
fn nothing_is_made_where_it_is_switched_off() {
    let house = House::new();
    song(&house.music().join("a/01.flac"), 440, "One", "Somebody", "a");
    house.put("x.m3u", "a/01.flac\n");
    assert_eq!(house.scan().playlists, 0);
    assert_eq!(house.lists(ANNA), []);
}

#[test]
fn tracks_that_come_later_find_their_places() {
    let house = furnished();
    house.put("x.m3u", "a/01.flac\nc/03.flac\nb/02.flac\n");
    house.put("later.m3u", "c/03.flac\n");
    house.scan();
    assert_eq!(house.told(), ["x: One Three"]);
    assert_eq!(house.scan().playlists, 0);
    song(&house.music().join("c/03.flac"), 770, "Four", "Somebody", "c");
    assert_eq!(house.scan().playlists, 2);
    assert_eq!(house.told(), ["later: Four", "x: One Four Three"]);
}

#[test]
fn what_is_broken_keeps_no_other_file_from_its_playlist() {
    let house = furnished();
    let huge = "x".repeat(6 << 20);
    let many = "a/01.flac\n".repeat(50_001);
    let broken = [
        ("a.nsp", "{".as_bytes()),
        ("b.nsp", br#"{"all": [{"is": {"nothing": 1}}]}"#),
        ("c.nsp", br#"{"all": [{"inPlaylist": {"id": "pl-99"}}]}"#),
        ("d.nsp", huge.as_bytes()),
        ("e.m3u", huge.as_bytes()),
        ("f.m3u", many.as_bytes()),
        ("g.m3u", b"\x00\xff\xfe\x80\r\r\n"),
        ("h.m3u", b""),
        ("i.m3u8", b"#PLAYLIST:Nothing\nhttp://radio.example/a.flac\n"),
    ];
    for (name, bytes) in broken {
        house.put(name, bytes);
    }
    fs::create_dir(house.music().join("folder.m3u")).unwrap();
    house.put("z.m3u", "a/01.flac\n");
    assert_eq!(house.scan().playlists, 1);
    assert_eq!(house.told(), ["z: One"]);
    assert_eq!(house.scan().playlists, 0);
    house.put("a.nsp", RULES);
    house.put("z.m3u", &huge);
    assert_eq!(house.scan().playlists, 1);
    assert_eq!(house.told(), ["Loud: One", "z: One"]);
}

#[test]
fn a_name_is_first_sought_where_the_file_lies_and_never_outside_the_roots() {
    let house = furnished();
    let outside = house.dir.path().join("outside");
    song(&outside.join("9.flac"), 880, "Nine", "Nobody", "n");
    fs::write(outside.join("list.m3u"), "a/01.flac\n").unwrap();
    symlink(outside.join("list.m3u"), house.music().join("linked.m3u")).unwrap();
    let above = outside.join("9.flac").display().to_string();
    house.put("a/list.m3u", "01.flac\n");
    house.put("b/other.m3u", "./01.flac\n..\\a\\01.flac\n/somewhere/else/b/02.flac\n");
    house.put("out.m3u", format!("../outside/9.flac\n{above}\nfile://{above}\n/etc/passwd\n"));
    assert_eq!(house.scan().playlists, 2);
    assert_eq!(house.told(), ["list: One", "other: Two One Three"]);
}

#[test]
fn a_list_in_each_album_leaves_its_owner_room_for_their_own() {
    let house = furnished();
    house.write(
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1999)
         INSERT INTO playlist(id, owner, name, created, changed) SELECT n, 1, n, 0, 0 FROM n;
         INSERT INTO playlist_file SELECT 1, 'gone/' || id, 0, 0, 1, 1, id, 0 FROM playlist",
    );
    house.put("1.m3u", "a/01.flac\n");
    house.put("2.m3u", "a/01.flac\n");
    assert_eq!((house.scan().playlists, house.scan().playlists), (1, 0));
    house.write("DELETE FROM playlist WHERE id = 1");
    assert_eq!(house.scan().playlists, 1);
    assert_eq!(house.lists(ANNA).len(), 2_000);
}

/// What happens to one file and its playlist.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// The file names this track.
    Put(usize),
    /// It is deleted.
    Remove,
    /// A listener adds the first track to the playlist.
    Edit,
    /// A listener deletes it.
    Delete,
    Scan,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0_usize..3).prop_map(Step::Put),
        1 => Just(Step::Remove),
        1 => Just(Step::Edit),
        1 => Just(Step::Delete),
        4 => Just(Step::Scan),
    ];
    prop::collection::vec(step, 1..14)
}

#[test]
fn whatever_happens_there_is_one_playlist_at_most_and_it_is_the_files_or_the_listeners() {
    const FILES: [&str; 3] = ["a/01.flac", "b/01.flac", "b/02.flac"];
    const TITLES: [&str; 3] = ["One", "Two", "Three"];
    let config = Config { cases: 16, failure_persistence: None, ..Config::default() };
    proptest!(config, |(steps in steps())| {
        let house = furnished();
        let (mut written, mut list, mut is_theirs) = (None, None::<String>, false);
        for step in steps {
            match step {
                Step::Put(n) => {
                    house.put("x.m3u", FILES[n]);
                    written = Some(n);
                }
                Step::Remove => {
                    drop(fs::remove_file(house.music().join("x.m3u")));
                    written = None;
                }
                Step::Edit => {
                    for of in house.lists(ANNA) {
                        let edits = vec![Edit::Append(vec![TrackId(1)])];
                        let change = Change { edits, ..Change::default() };
                        house.library.change_playlist(ANNA, of.id, change).unwrap();
                    }
                    is_theirs |= list.is_some();
                    list = list.map(|titles| format!("{titles} {}", house.first()));
                }
                Step::Delete => {
                    for of in house.lists(ANNA) {
                        house.library.delete_playlist(ANNA, of.id).unwrap();
                    }
                    is_theirs |= list.take().is_some();
                }
                Step::Scan => {
                    house.scan();
                    if let Some(n) = written.filter(|_| !is_theirs) {
                        list = Some(format!("x: {}", TITLES[n]));
                    }
                }
            }
            prop_assert_eq!(house.told(), list.clone().into_iter().collect::<Vec<_>>());
        }
    });
}
