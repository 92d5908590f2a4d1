use std::fs;

use library::{Error, TrackId};

use crate::house::{House, song};

#[test]
fn words_beside_a_song_are_found_by_its_id_and_by_its_name() {
    let house = House::new();
    song(&house.music().join("a/1.flac"), 440, "Jo\u{308}ga", "Bj\u{f6}rk", "X");
    song(&house.music().join("a/2.flac"), 550, "Silent", "Bj\u{f6}rk", "X");
    fs::write(
        house.music().join("a/1.lrc"),
        "\u{feff}[ar:Bj\u{f6}rk]\r\n[la:en]\r\n[offset:-20]\r\n[00:02.00]Two\r\n[00:01.00]One\r\n",
    )
    .unwrap();
    house.scan();
    let id = |path: &str| {
        let rows = house.rows("SELECT concat(path, '|', id) FROM track");
        let row = rows.iter().find(|row| row.starts_with(path)).unwrap();
        TrackId(row.rsplit('|').next().unwrap().parse().unwrap())
    };
    let lyrics = house.library.lyrics(id("a/1")).unwrap().unwrap();
    assert!(lyrics.synced);
    assert_eq!((lyrics.language.as_deref(), lyrics.offset_ms), (Some("en"), -20));
    let lines: Vec<_> = lyrics.lines.iter().map(|l| (l.start_ms, l.text.as_str())).collect();
    assert_eq!(lines, [(Some(1_000), "One"), (Some(2_000), "Two")]);

    let found = house.library.find_lyrics("BJO\u{308}RK", "j\u{f6}ga").unwrap().unwrap();
    assert_eq!(found, (id("a/1"), lyrics));
    assert_eq!(house.library.find_lyrics("", "J\u{f6}ga").unwrap().unwrap().0, found.0);
    for (artist, title) in
        [("Nobody", "J\u{f6}ga"), ("Bj\u{f6}rk", "J\u{f6}"), ("", ""), ("Bj\u{f6}rk", "Silent")]
    {
        assert_eq!(house.library.find_lyrics(artist, title).unwrap(), None, "{artist} {title}");
    }
    assert_eq!(house.library.lyrics(id("a/2")).unwrap(), None);
    assert!(matches!(house.library.lyrics(TrackId(99)), Err(Error::Absent(_))));
}
