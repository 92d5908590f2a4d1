use library::catalogue::Page;
use library::m3u::{self, Entry, Line, M3u, Place, Why};
use library::playlists::{Content, NewPlaylist};
use library::{Error, TrackId};
use proptest::prelude::{Strategy, any, prop};
use proptest::{prop_assert, prop_assert_eq, proptest};
use std::collections::BTreeSet;

use crate::house::{ANNA, BERT, House, Song};

fn path(names: &str) -> Place {
    Place::Path(names.split('/').map(str::to_owned).collect())
}

fn places(text: &str) -> Vec<Place> {
    m3u::parse(text.as_bytes()).unwrap().entries.into_iter().map(|entry| entry.place).collect()
}

#[test]
fn files_of_every_system_are_read() {
    let text = "\u{feff}#EXTM3U\r\n#PLAYLIST: Sunday \r\n#EXTINF:123,Somebody - One\r\n\
                Music\\a\\1.mp3\r\n# a comment\r\n\r\n#extinf:-1 logo=\"x\",Two, too\r\n  b/2.mp3  \r\nc.mp3";
    let entry = |line, names, seconds, words: &str| Entry {
        line,
        place: path(names),
        seconds,
        words: words.to_owned(),
    };
    let wanted = M3u {
        name: Some("Sunday".to_owned()),
        entries: vec![
            entry(4, "Music/a/1.mp3", Some(123), "Somebody - One"),
            entry(8, "b/2.mp3", None, "Two, too"),
            entry(9, "c.mp3", None, ""),
        ],
    };
    assert_eq!(m3u::parse(text.as_bytes()).unwrap(), wanted);
    assert_eq!(places("a.mp3\rb.mp3\n"), [path("a.mp3"), path("b.mp3")]);
    assert_eq!(m3u::parse(b"Bj\xf6rk.mp3").unwrap().entries[0].place, path("Bj\u{f6}rk.mp3"));
    assert_eq!(m3u::parse(b"").unwrap(), M3u::default());
}

#[test]
fn paths_and_urls_come_to_their_names() {
    for (line, names) in [
        ("/home/x/Music/a/1.mp3", "home/x/Music/a/1.mp3"),
        ("C:\\Music\\a\\1.mp3", "C:/Music/a/1.mp3"),
        ("\\\\nas\\music\\1.mp3", "nas/music/1.mp3"),
        ("../../b/./x/../1.mp3", "b/1.mp3"),
        ("file:///home/x/a%20b/%C3%96.mp3", "home/x/a b/\u{d6}.mp3"),
        ("FILE://localhost/a/1%2.mp3", "a/1%2.mp3"),
        ("file:/a/1.mp3", "a/1.mp3"),
        ("file:///C:/a/1.mp3", "C:/a/1.mp3"),
        ("100%25 live.mp3", "100%25 live.mp3"),
    ] {
        assert_eq!(places(line), [path(names)], "{line}");
    }
    let radio = "http://radio.example/stream.mp3";
    assert_eq!(places(radio), [Place::Elsewhere(radio.to_owned())]);
    assert_eq!(places("/etc/passwd/../../.."), [Place::Path(Vec::new())]);
}

fn at(path: &str) -> Song {
    Song { path: path.to_owned(), ..Song::named("x") }
}

#[test]
fn the_longest_end_of_a_path_that_is_one_tracks_finds_it() {
    let house = House::new();
    let tracks = house.fill(&[
        at("A/one/01.flac"),
        at("B/one/01.flac"),
        at("B/two/01.flac"),
        at("lone.flac"),
        at("01.flac"),
        at("Bjo\u{308}rk/Jo\u{308}ga.flac"),
        at("Gone/02.flac"),
    ]);
    house.write("UPDATE track SET missing = 5 WHERE path LIKE 'Gone%'");
    let find = |line: &str| {
        let read = m3u::parse(line.as_bytes()).unwrap();
        let matched = house.library.match_m3u(&read).unwrap();
        match matched.tracks.first() {
            Some(track) => Ok(*track),
            None => Err(matched.unmatched[0].why),
        }
    };
    assert_eq!(find("A/one/01.flac"), Ok(tracks[0]));
    assert_eq!(find("/mnt/disk/Music/B/one/01.flac"), Ok(tracks[1]));
    assert_eq!(find("D:\\Musik\\two\\01.flac"), Ok(tracks[2]));
    assert_eq!(find("one/01.flac"), Err(Why::Several));
    assert_eq!(find("elsewhere/lone.flac"), Ok(tracks[3]));
    assert_eq!(find("01.flac"), Ok(tracks[4]));
    assert_eq!(find("Bj\u{f6}rk/J\u{f6}ga.flac"), Ok(tracks[5]));
    assert_eq!(find("Gone/02.flac"), Err(Why::Unknown));
    assert_eq!(find("flac"), Err(Why::Unknown));
    assert_eq!(find("../../../etc/passwd"), Err(Why::Unknown));
    assert_eq!(find("https://a/lone.flac"), Err(Why::Elsewhere));
    assert_eq!(find("/../.."), Err(Why::Unknown));
}

#[test]
fn what_is_not_found_is_told_with_its_line() {
    let house = House::new();
    let tracks = house.numbered(2);
    let text = b"#EXTM3U\n#PLAYLIST:Mine\n1.flac\n\nnone.flac\n2.flac\n";
    let imported = house.library.import_m3u(ANNA, "file", text).unwrap();
    assert_eq!(imported.tracks, 2);
    let told: Vec<(usize, &str)> =
        imported.unmatched.iter().map(|one| (one.line, one.place.as_str())).collect();
    assert_eq!(told, [(5, "none.flac")]);
    assert_eq!(house.library.playlist(ANNA, imported.id).unwrap().name, "Mine");
    assert_eq!(house.library.playlist_ids(ANNA, imported.id).unwrap(), tracks);
    assert!(matches!(house.library.export_m3u(BERT, imported.id), Err(Error::Absent(_))));
    let nameless = house.library.import_m3u(ANNA, "file", b"1.flac").unwrap();
    assert_eq!(house.library.playlist(ANNA, nameless.id).unwrap().name, "file");
}

#[test]
fn names_with_ends_of_lines_write_one_line_each() {
    let line = Line { path: "a\nb/#c.mp3", duration_ms: 1_499, artist: "x\r\ny", title: "z\n#z" };
    let text = m3u::write("my\nlist", [line, Line { path: "#1.mp3", artist: "", ..line }]);
    assert_eq!(
        text,
        "#EXTM3U\n#PLAYLIST:my list\n#EXTINF:1,x  y - z #z\nfile:a%0Ab/%23c.mp3\n\
         #EXTINF:1,z #z\n./#1.mp3\n"
    );
}

#[test]
fn a_file_beyond_the_limits_is_refused() {
    let long = "a\n".repeat(50_001);
    assert!(matches!(m3u::parse(long.as_bytes()), Err(Error::Asked { .. })));
    assert_eq!(m3u::parse("a\n".repeat(50_000).as_bytes()).unwrap().entries.len(), 50_000);
    let large = vec![b'#'; m3u::MAX_BYTES + 1];
    assert!(matches!(m3u::parse(&large), Err(Error::Asked { .. })));
}

/// A name of a file as a disk may have it: anything but "/" and NUL.
fn name() -> impl Strategy<Value = String> {
    let hostile = prop::sample::select(vec![
        "#",
        "%41",
        "file:",
        "\\",
        " ",
        "\n",
        "\r",
        "\t",
        "\u{85}",
        "\u{feff}",
        "e\u{301}",
        "C:",
        "..",
        ":",
        "%",
        "#EXTINF:1,",
        "a",
        "?",
    ]);
    let part = proptest::prop_oneof![
        3 => hostile.prop_map(str::to_owned),
        1 => any::<char>().prop_map(|sign| sign.to_string()),
    ];
    prop::collection::vec(part, 1..5).prop_map(|parts| parts.concat()).prop_filter_map(
        "a name",
        |name| {
            let name: String = name.chars().filter(|sign| !['/', '\0'].contains(sign)).collect();
            (!["", ".", ".."].contains(&name.as_str())).then_some(name)
        },
    )
}

fn paths() -> impl Strategy<Value = Vec<String>> {
    let path = prop::collection::vec(name(), 1..4).prop_map(|names| names.join("/"));
    prop::collection::vec(path, 1..12).prop_map(|paths| {
        use unicode_normalization::UnicodeNormalization;
        let mut seen = BTreeSet::new();
        paths.into_iter().filter(|path| seen.insert(path.nfc().collect::<String>())).collect()
    })
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let read = m3u::parse(&bytes).unwrap();
        for entry in read.entries {
            if let Place::Path(names) = entry.place {
                prop_assert!(names.iter().all(|name| !["", ".", ".."].contains(&name.as_str())));
            }
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(
        lines in prop::collection::vec("(#EXTINF:|#PLAYLIST:|file:|file://|%|C:\\\\|\\.\\./)?.{0,12}", 0..20),
    ) {
        prop_assert!(m3u::parse(lines.join("\n").as_bytes()).is_ok());
    }

    #[test]
    fn what_is_written_is_read_as_it_was(paths in paths(), title in ".{0,9}") {
        let lines = paths.iter().map(|path| Line { path, duration_ms: 2_000, artist: "x", title: &title });
        let read = m3u::parse(m3u::write("name", lines).as_bytes()).unwrap();
        let names: Vec<String> = read.entries.iter().map(|entry| entry.place.shown()).collect();
        prop_assert_eq!(names, paths);
        prop_assert!(read.entries.iter().all(|entry| entry.seconds == Some(2)));
    }
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 48, ..Default::default() })]
    #[test]
    fn a_playlist_that_is_exported_and_imported_is_the_same(paths in paths(), picks in prop::collection::vec(any::<prop::sample::Index>(), 0..12)) {
        let house = House::new();
        let songs: Vec<Song> = paths.iter().map(|path| at(path)).collect();
        let tracks = house.fill(&songs);
        let picked: Vec<TrackId> = picks.iter().map(|pick| *pick.get(&tracks)).collect();
        let content = Content::Tracks(picked.clone());
        let new = NewPlaylist { name: "n".to_owned(), comment: String::new(), public: false, content };
        let id = house.library.create_playlist(ANNA, new).unwrap();
        let text = house.library.export_m3u(ANNA, id).unwrap();
        let imported = house.library.import_m3u(ANNA, "n", text.as_bytes()).unwrap();
        prop_assert_eq!(imported.unmatched, vec![]);
        let back = house.library.playlist_contents(ANNA, imported.id, Page::WHOLE).unwrap();
        let back: Vec<TrackId> = back.entries.into_iter().map(|track| track.id).collect();
        prop_assert_eq!(back, picked);
    }
}
