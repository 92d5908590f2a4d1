use lofty::ogg::tag::VorbisComments;

use super::{EditField, Fields};

type Items = Vec<(String, String)>;

/// Sets the changed fields among Vorbis comments. The others stay in their order, which is that of
/// several artists: the list's own way to remove from it would mix them.
pub(super) fn edit(tag: &mut VorbisComments, changed: &Fields) {
    let mut items: Items = tag.take_items().collect();
    for (field, values) in changed {
        keep_total(&mut items, *field, changed);
        let (name, others) = names(*field);
        for key in [name].iter().chain(others) {
            remove(&mut items, key);
        }
        // What stood as the comment for want of one; a description beside a comment is another thing.
        if *field == EditField::Comment && values.is_empty() {
            remove(&mut items, "DESCRIPTION");
        }
        items.extend(values.iter().map(|value| (name.to_owned(), value.clone())));
    }
    for (key, value) in items {
        tag.push(key, value);
    }
}

fn remove(items: &mut Items, name: &str) {
    items.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
}

/// The total in "3/12" gets a field of its own before the number is written anew.
fn keep_total(items: &mut Items, field: EditField, changed: &Fields) {
    let (number, total) = match field {
        EditField::Track | EditField::TrackTotal => ("TRACKNUMBER", EditField::TrackTotal),
        EditField::Disc | EditField::DiscTotal => ("DISCNUMBER", EditField::DiscTotal),
        _ => return,
    };
    let is = |key: &str, name: &str| key.eq_ignore_ascii_case(name);
    let Some((_, text)) = items.iter_mut().find(|(key, _)| is(key, number)) else { return };
    let Some((first, rest)) = text.split_once('/') else { return };
    let (first, rest) = (first.to_owned(), rest.to_owned());
    *text = first;
    let (name, others) = names(total);
    let has_one =
        items.iter().any(|(key, _)| [name].iter().chain(others).any(|name| is(key, name)));
    if !changed.contains_key(&total) && !has_one {
        items.push((name.to_owned(), rest));
    }
}

/// The name a field is written by, and others it is found by.
fn names(field: EditField) -> (&'static str, &'static [&'static str]) {
    match field {
        EditField::Title => ("TITLE", &[]),
        EditField::TitleSort => ("TITLESORT", &[]),
        EditField::Artists => ("ARTIST", &["ARTISTS"]),
        EditField::ArtistSorts => ("ARTISTSORT", &[]),
        EditField::ArtistIds => ("MUSICBRAINZ_ARTISTID", &[]),
        EditField::Album => ("ALBUM", &[]),
        EditField::AlbumSort => ("ALBUMSORT", &[]),
        EditField::AlbumArtists => {
            ("ALBUMARTIST", &["ALBUM ARTIST", "ALBUMARTISTS", "ALBUM ARTISTS"])
        }
        EditField::AlbumArtistSorts => ("ALBUMARTISTSORT", &[]),
        EditField::AlbumArtistIds => ("MUSICBRAINZ_ALBUMARTISTID", &[]),
        EditField::Genres => ("GENRE", &[]),
        EditField::Composers => ("COMPOSER", &[]),
        EditField::Track => ("TRACKNUMBER", &[]),
        EditField::TrackTotal => ("TRACKTOTAL", &["TOTALTRACKS"]),
        EditField::Disc => ("DISCNUMBER", &[]),
        EditField::DiscTotal => ("DISCTOTAL", &["TOTALDISCS"]),
        EditField::Date => ("DATE", &["YEAR"]),
        EditField::Comment => ("COMMENT", &[]),
        EditField::Lyrics => ("LYRICS", &["UNSYNCEDLYRICS"]),
        EditField::Compilation => ("COMPILATION", &[]),
        EditField::Bpm => ("BPM", &[]),
        EditField::RecordingId => ("MUSICBRAINZ_TRACKID", &[]),
        EditField::ReleaseId => ("MUSICBRAINZ_ALBUMID", &[]),
        EditField::ReleaseGroupId => ("MUSICBRAINZ_RELEASEGROUPID", &[]),
    }
}
