use lofty::ogg::tag::VorbisComments;

use super::{EditField, Fields};

/// Sets the changed fields among Vorbis comments.
pub(super) fn edit(tag: &mut VorbisComments, changed: &Fields) {
    for (field, values) in changed {
        let (name, others) = names(*field);
        keep_total(tag, *field, changed);
        for key in [name].iter().chain(others) {
            drop(tag.remove(key).collect::<Vec<_>>());
        }
        // What stood as the comment for want of one; a description beside a comment is another thing.
        if *field == EditField::Comment && values.is_empty() {
            drop(tag.remove("DESCRIPTION").collect::<Vec<_>>());
        }
        for value in values {
            tag.push(name.to_owned(), value.clone());
        }
    }
}

/// The total in "3/12" gets a field of its own before the number is written anew.
fn keep_total(tag: &mut VorbisComments, field: EditField, changed: &Fields) {
    let (number, total) = match field {
        EditField::Track | EditField::TrackTotal => ("TRACKNUMBER", EditField::TrackTotal),
        EditField::Disc | EditField::DiscTotal => ("DISCNUMBER", EditField::DiscTotal),
        _ => return,
    };
    let Some((first, rest)) = tag.get(number).and_then(|text| text.split_once('/')) else { return };
    let (first, rest) = (first.to_owned(), rest.to_owned());
    tag.insert(number.to_owned(), first);
    let (name, others) = names(total);
    let has_one = [name].iter().chain(others).any(|name| tag.get(name).is_some());
    if !changed.contains_key(&total) && !has_one {
        tag.push(name.to_owned(), rest);
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
