use library::Likeness;
use library::catalogue::Page;

use crate::house::{ANNA, House, song};

#[test]
fn copies_and_other_codings_are_found_as_what_they_are() {
    let house = House::new();
    let at = |name: &str| house.music().join(name);
    song(&at("a/1.flac"), 440, "One", "Somebody", "First");
    song(&at("b/1.flac"), 440, "One, renamed", "Somebody", "First");
    song(&at("c/1.flac"), 441, "One", "Somebody", "First");
    song(&at("d/2.flac"), 550, "Two", "Somebody", "First");
    house.scan();
    let paths = |likeness, page| {
        let groups = house.library.duplicates(ANNA, likeness, page).unwrap();
        groups
            .into_iter()
            .map(|group| group.into_iter().map(|track| track.path).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    };
    let mut same = paths(Likeness::Essence, Page::WHOLE);
    same.iter_mut().for_each(|group| group.sort());
    assert_eq!(same, [["a/1.flac", "b/1.flac"]]);
    let mut alike = paths(Likeness::Words, Page::WHOLE);
    alike.iter_mut().for_each(|group| group.sort());
    assert_eq!(alike, [["a/1.flac", "c/1.flac"]]);
    let beyond = Page { offset: 1, limit: 9 };
    assert!(
        paths(Likeness::Essence, beyond).is_empty() && paths(Likeness::Words, beyond).is_empty()
    );
    house.write("UPDATE track SET duration_ms = duration_ms + 2001 WHERE path = 'c/1.flac'");
    assert!(paths(Likeness::Words, Page::WHOLE).is_empty());
    house.write("UPDATE track SET missing = 1 WHERE path = 'b/1.flac'");
    assert!(paths(Likeness::Essence, Page::WHOLE).is_empty());
}
