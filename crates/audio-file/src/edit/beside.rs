//! Tags of older kinds that stand in a file beside the one that counts: where they are, they say the
//! same as far as they can, for players that read only them.

use lofty::ape::{ApeItem, ApeTag};
use lofty::id3::v1::{GENRES, Id3v1Tag};
use lofty::iff::aiff::AiffTextChunks;
use lofty::iff::wav::RiffInfoList;
use lofty::tag::ItemValue;

use super::{EditField, Fields};

/// The list of a WAVE. Returns whether it has changed.
pub(super) fn riff_info(tag: &mut RiffInfoList, changed: &Fields) -> bool {
    const NAMES: [(EditField, &str, Option<&str>); 8] = [
        (EditField::Title, "INAM", None),
        (EditField::Artists, "IART", None),
        (EditField::Album, "IPRD", None),
        (EditField::Genres, "IGNR", None),
        (EditField::Comment, "ICMT", None),
        (EditField::Date, "ICRD", None),
        (EditField::Track, "IPRT", Some("ITRK")),
        (EditField::Composers, "IMUS", None),
    ];
    let mut is_changed = false;
    for (field, name, other) in NAMES {
        let Some(values) = changed.get(&field) else { continue };
        is_changed = true;
        for name in [name].into_iter().chain(other) {
            drop(tag.remove(name));
        }
        if !values.is_empty() {
            tag.insert(name.to_owned(), line(values));
        }
    }
    is_changed
}

/// The texts of an AIFF. Returns whether they have changed.
pub(super) fn aiff_text(tag: &mut AiffTextChunks, changed: &Fields) -> bool {
    let before = tag.clone();
    let text = |values: &Vec<String>| (!values.is_empty()).then(|| line(values));
    if let Some(values) = changed.get(&EditField::Title) {
        tag.name = text(values);
    }
    if let Some(values) = changed.get(&EditField::Artists) {
        tag.author = text(values);
    }
    if let Some(values) = changed.get(&EditField::Comment) {
        tag.annotations = text(values).map(|text| vec![text]);
        tag.comments = None;
    }
    *tag != before
}

/// Thirty bytes of each word. Returns whether it has changed.
pub(super) fn id3v1(tag: &mut Id3v1Tag, changed: &Fields) -> bool {
    let before = tag.clone();
    let text = |values: &Vec<String>| (!values.is_empty()).then(|| line(values));
    for (field, values) in changed {
        match field {
            EditField::Title => tag.title = text(values),
            EditField::Artists => tag.artist = text(values),
            EditField::Album => tag.album = text(values),
            EditField::Comment => tag.comment = text(values),
            EditField::Date => {
                tag.year = values.first().and_then(|date| date.get(..4)?.parse().ok());
            }
            EditField::Track => tag.track_number = values.first().and_then(|n| n.parse().ok()),
            EditField::Genres => {
                let known = |genre: &String| {
                    GENRES.iter().position(|known| known.eq_ignore_ascii_case(genre))
                };
                tag.genre = values.iter().find_map(known).and_then(|n| u8::try_from(n).ok());
            }
            _ => {}
        }
    }
    *tag != before
}

/// Only fields it has: most hold gains and nothing else. Returns whether it has changed.
pub(super) fn ape(tag: &mut ApeTag, changed: &Fields, wanted: &Fields) -> bool {
    let mut is_changed = false;
    for field in changed.keys() {
        let Some(name) = ape_name(*field) else { continue };
        if tag.get(name).is_none() {
            continue;
        }
        is_changed = true;
        tag.remove(name);
        let of = |field| wanted.get(&field).map(|values| values.join("\0"));
        let number = |number, total| match (of(number), of(total)) {
            (Some(number), Some(total)) => Some(format!("{number}/{total}")),
            (number, _) => number,
        };
        let value = match field {
            EditField::Track | EditField::TrackTotal => {
                number(EditField::Track, EditField::TrackTotal)
            }
            EditField::Disc | EditField::DiscTotal => number(EditField::Disc, EditField::DiscTotal),
            field => of(*field),
        };
        let item = value.and_then(|v| ApeItem::new(name.to_owned(), ItemValue::Text(v)).ok());
        if let Some(item) = item {
            tag.insert(item);
        }
    }
    is_changed
}

fn ape_name(field: EditField) -> Option<&'static str> {
    Some(match field {
        EditField::Title => "Title",
        EditField::Artists => "Artist",
        EditField::Album => "Album",
        EditField::AlbumArtists => "Album Artist",
        EditField::Genres => "Genre",
        EditField::Composers => "Composer",
        EditField::Track | EditField::TrackTotal => "Track",
        EditField::Disc | EditField::DiscTotal => "Disc",
        EditField::Date => "Year",
        EditField::Comment => "Comment",
        EditField::Lyrics => "Lyrics",
        EditField::Compilation => "Compilation",
        _ => return None,
    })
}

/// All values in one line, for tags that hold but one.
fn line(values: &[String]) -> String {
    values.join(", ")
}
