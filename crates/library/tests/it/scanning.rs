use std::fs;
use std::sync::atomic::{AtomicI64, Ordering};

use clock::Nanos;
use library::Error;
use library::catalogue::Page;
use library::scan::Counts;
use library::search::Wanted;

use crate::house::{ANNA, House, song};

#[test]
fn songs_are_found_with_their_words_and_a_second_scan_reads_nothing() {
    let house = House::new();
    song(&house.music().join("a/1.flac"), 440, "One", "Somebody", "First");
    song(&house.music().join("a/2.flac"), 550, "Two", "Somebody else", "First");
    song(&house.music().join("3.flac"), 660, "", "", "");
    let counts = house.scan();
    assert_eq!((counts.files, counts.folders, counts.added), (3, 2, 3));
    assert_eq!(
        house.tracks(),
        [
            "3.flac|3|Unknown Artist|Unknown Album|Unknown Artist",
            "a/1.flac|One|Somebody|First|Various Artists",
            "a/2.flac|Two|Somebody else|First|Various Artists"
        ]
    );
    assert_eq!(house.scan(), Counts { files: 3, folders: 2, ..Counts::default() });
}

#[test]
fn a_track_that_is_renamed_moved_or_retagged_keeps_what_listeners_gave_it() {
    let house = House::new();
    let at = |name: &str| house.music().join(name);
    song(&at("a/1.flac"), 440, "One", "Somebody", "First");
    song(&at("a/2.flac"), 550, "Two", "Somebody", "First");
    house.scan();
    house.write(
        "INSERT INTO track_mark(user, track, starred, rating, plays)
         SELECT 1, id, 5, 4, 3 FROM track WHERE title = 'One';
         INSERT INTO album_mark(user, album, starred) SELECT 1, id, 5 FROM album;
         INSERT INTO playlist(owner, name, created, changed) VALUES(1, 'p', 0, 0);
         INSERT INTO playlist_entry SELECT 1, 0, id FROM track WHERE title = 'One'",
    );
    let kept = || {
        house.rows(
            "SELECT concat_ws('|', path, title, starred, rating, plays, playlist_entry.position)
             FROM track JOIN track_mark ON track_mark.track = track.id
             JOIN playlist_entry ON playlist_entry.track = track.id WHERE missing IS NULL",
        )
    };
    fs::create_dir(at("b")).unwrap();
    fs::rename(at("a/1.flac"), at("b/renamed.flac")).unwrap();
    assert_eq!(house.scan().moved, 1);
    assert_eq!(kept(), ["b/renamed.flac|One|5|4|3|0"]);

    song(&at("b/renamed.flac"), 440, "One, again", "Somebody", "Second");
    assert_eq!(house.scan().changed, 1);
    assert_eq!(kept(), ["b/renamed.flac|One, again|5|4|3|0"]);

    fs::remove_file(at("b/renamed.flac")).unwrap();
    song(&at("c/d/both.flac"), 440, "Another name", "Somebody new", "Third");
    let counts = house.scan();
    assert_eq!((counts.moved, counts.missing, counts.added), (1, 0, 0));
    assert_eq!(kept(), ["c/d/both.flac|Another name|5|4|3|0"]);

    // Coded anew from another master: another essence under the same words.
    fs::remove_file(at("c/d/both.flac")).unwrap();
    song(&at("c/e/new.flac"), 441, "Another name", "Somebody new", "Third");
    assert_eq!(house.scan().moved, 1);
    assert_eq!(kept(), ["c/e/new.flac|Another name|5|4|3|0"]);
}

#[test]
fn an_album_that_is_renamed_takes_its_star_along() {
    let house = House::new();
    song(&house.music().join("a/1.flac"), 440, "One", "Somebody", "Frist");
    song(&house.music().join("a/2.flac"), 550, "Two", "Somebody", "Frist");
    house.scan();
    house.write("INSERT INTO album_mark(user, album, starred) SELECT 1, id, 5 FROM album");
    song(&house.music().join("a/1.flac"), 440, "One", "Somebody", "First");
    song(&house.music().join("a/2.flac"), 550, "Two", "Somebody", "First");
    house.scan();
    let starred = house.rows("SELECT title FROM album JOIN album_mark ON album = album.id");
    assert_eq!(starred, ["First"]);
    assert_eq!(house.rows("SELECT title FROM album"), ["First"]);
}

#[test]
fn copies_are_tracks_of_their_own() {
    let house = House::new();
    song(&house.music().join("a/1.flac"), 440, "One", "Somebody", "First");
    house.scan();
    fs::create_dir(house.music().join("b")).unwrap();
    fs::copy(house.music().join("a/1.flac"), house.music().join("b/1.flac")).unwrap();
    let counts = house.scan();
    assert_eq!((counts.added, counts.moved), (1, 0));
    assert_eq!(house.tracks().len(), 2);
}

#[test]
fn what_is_deleted_is_missing_and_comes_back_with_its_marks() {
    let house = House::new();
    let (one, away) = (house.music().join("a/1.flac"), house.dir.path().join("away.flac"));
    song(&one, 440, "One", "Somebody", "First");
    song(&house.music().join("b/2.flac"), 550, "Two", "Somebody", "First");
    house.scan();
    house.write("INSERT INTO track_mark(user, track, starred) SELECT 1, id, 5 FROM track");
    fs::rename(&one, &away).unwrap();
    assert_eq!(house.scan().missing, 1);
    assert_eq!(house.tracks().len(), 1);
    assert_eq!(house.rows("SELECT title FROM album WHERE tracks > 0"), ["First"]);
    fs::rename(&away, &one).unwrap();
    let counts = house.scan();
    assert_eq!((counts.returned, counts.added), (1, 0));
    fs::remove_dir_all(house.music().join("a")).unwrap();
    assert_eq!(house.scan().missing, 1);
    song(&one, 440, "One", "Somebody", "First");
    house.scan();
    assert_eq!(house.tracks().len(), 2);
    assert_eq!(house.rows("SELECT cast(count(*) AS TEXT) FROM track_mark"), ["2"]);
}

#[test]
fn a_vanished_mount_changes_nothing() {
    let house = House::new();
    song(&house.music().join("a/1.flac"), 440, "One", "Somebody", "First");
    house.scan();
    let away = house.dir.path().join("away");
    fs::rename(house.music(), &away).unwrap();
    assert!(matches!(house.try_scan(), Err(Error::Vanished { state: "not there", .. })));
    fs::create_dir(house.music()).unwrap();
    assert!(matches!(house.try_scan(), Err(Error::Vanished { state: "empty", tracks: 1, .. })));
    assert_eq!(house.tracks().len(), 1);
}

#[test]
fn composed_and_decomposed_names_are_one_artist_and_a_renamed_file_one_track() {
    let house = House::new();
    song(&house.music().join("a/Bjo\u{308}rk.flac"), 440, "Jo\u{308}ga", "Bj\u{f6}rk", "X");
    song(&house.music().join("a/2.flac"), 550, "Two", "Bjo\u{308}rk", "X");
    house.scan();
    let artists = "SELECT concat(count(*), ' ', name) FROM artist WHERE tracks > 0";
    assert_eq!(house.rows(artists), ["1 Bj\u{f6}rk"]);
    fs::rename(house.music().join("a/Bjo\u{308}rk.flac"), house.music().join("a/Bj\u{f6}rk.flac"))
        .unwrap();
    assert_eq!(house.scan().moved, 1);
}

#[test]
fn a_corrupt_file_is_listed_with_its_reason_until_it_is_mended() {
    let house = House::new();
    let file = house.music().join("a/1.flac");
    song(&file, 440, "One", "Somebody", "First");
    let whole = fs::read(&file).unwrap();
    fs::write(&file, b"fLaC and then nothing that makes sense").unwrap();
    assert_eq!(house.scan().unreadable, 1);
    assert!(house.tracks().is_empty());
    let listed = house.rows("SELECT concat(path, ': ', reason) FROM unreadable");
    assert!(listed.len() == 1 && listed[0].starts_with("a/1.flac: "), "{listed:?}");
    fs::write(&file, whole).unwrap();
    house.scan();
    assert_eq!(house.rows("SELECT path FROM unreadable").len(), 0);
    assert_eq!(house.tracks().len(), 1);
}

#[cfg(unix)]
#[test]
fn links_inside_are_followed_and_links_out_are_not() {
    use std::os::unix::fs::symlink;
    let house = House::new();
    let outside = house.dir.path().join("outside");
    song(&outside.join("secret.flac"), 440, "Secret", "Nobody", "None");
    song(&house.music().join("a/1.flac"), 550, "One", "Somebody", "First");
    symlink(&outside, house.music().join("out")).unwrap();
    symlink(outside.join("secret.flac"), house.music().join("out.flac")).unwrap();
    symlink(house.music().join("a/1.flac"), house.music().join("in.flac")).unwrap();
    symlink(house.music(), house.music().join("a/round")).unwrap();
    house.scan();
    let paths = house.rows("SELECT path FROM track ORDER BY path");
    assert_eq!(paths, ["a/1.flac", "in.flac"]);
}

#[test]
fn roots_are_folders_of_music_and_nothing_else() {
    let house = House::new();
    let home = house.dir.path().join("home");
    fs::create_dir_all(home.join(".ssh")).unwrap();
    fs::create_dir_all(home.join("Music")).unwrap();
    for bad in [home.clone(), home.join(".ssh"), "/etc".into(), "/".into(), home.join("none")] {
        assert!(house.library.add_root(&bad).is_err(), "{}", bad.display());
    }
    let added = house.library.add_root(&home.join("Music")).unwrap();
    assert_eq!(house.library.add_root(&home.join("Music")).unwrap(), added);
    fs::create_dir(home.join("Music/below")).unwrap();
    assert!(house.library.add_root(&home.join("Music/below")).is_err());
    house.library.remove_root(added.id).unwrap();
    assert!(matches!(house.library.remove_root(added.id), Err(Error::Absent(_))));
}

#[test]
fn a_file_that_takes_too_long_is_listed_and_holds_nothing_up() {
    // Every look at this clock is four seconds later than the one before.
    fn hurried() -> Nanos {
        static AT: AtomicI64 = AtomicI64::new(1_700_000_000_000_000_000);
        Nanos(AT.fetch_add(4_000_000_000, Ordering::Relaxed))
    }
    let house = House::at(hurried);
    song(&house.music().join("1.flac"), 440, "One", "Somebody", "First");
    song(&house.music().join("2.flac"), 550, "Two", "Somebody", "First");
    assert_eq!(house.scan().unreadable, 2);
    let listed = house.rows("SELECT reason FROM unreadable");
    assert!(listed.iter().all(|reason| reason.contains("more than 10 s")), "{listed:?}");
    // The disk may be quicker tomorrow: they are tried again, though nothing changed.
    assert_eq!(house.scan().unreadable, 2);
}

#[test]
fn who_is_called_so_comes_before_who_is_found_by_a_word_and_an_article_counts_where_it_is_typed() {
    let house = House::new();
    for (n, (title, artist, album)) in [
        ("Loser", "Beck", "Odelay"),
        ("Let It Be", "The Beatles", "Best"),
        ("Believe", "Cher", "The Be Sides"),
        ("Hey Jude", "The Beatles", "Best"),
    ]
    .into_iter()
    .enumerate()
    {
        song(
            &house.music().join(format!("{album}/{n}.flac")),
            440 + n as u32,
            title,
            artist,
            album,
        );
    }
    house.scan();
    let page = Page { offset: 0, limit: 10 };
    let found = |asked: &str, page: Page| {
        let wanted = Wanted { artists: page, albums: page, tracks: page, within: None };
        let found = house.library.search(ANNA, asked, wanted).unwrap();
        let artists: Vec<_> = found.artists.into_iter().map(|artist| artist.name).collect();
        let albums: Vec<_> = found.albums.into_iter().map(|album| album.title).collect();
        let tracks: Vec<_> = found.tracks.into_iter().map(|track| track.title).collect();
        (artists, albums, tracks)
    };
    let (artists, albums, tracks) = found("be", page);
    assert_eq!(artists, ["The Beatles", "Beck"]);
    // Its name begins so, article or not; the words of the others do.
    assert_eq!(albums, ["The Be Sides", "Best", "Odelay"]);
    // Those whose artist alone is meant come last, as they came to the library.
    assert_eq!((&tracks[..2], tracks.len()), (&["Believe", "Let It Be"].map(str::to_owned)[..], 4));
    let (artists, albums, _) = found("the be", page);
    assert_eq!(
        (artists, albums),
        (vec!["The Beatles".to_owned()], vec!["The Be Sides".to_owned(), "Best".to_owned()])
    );
    // Pages go on where the one before ended, over the ways things are found by.
    for offset in 0..4 {
        assert_eq!(found("be", Page { offset, limit: 1 }).2, tracks[offset as usize..][..1]);
    }
    assert!(found("be", Page { offset: 4, limit: 1 }).2.is_empty());
}
