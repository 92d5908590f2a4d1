use std::borrow::Cow;
use std::str::FromStr;

use lofty::TextEncoding;
use lofty::id3::v2::{
    CommentFrame, ExtendedTextFrame, Frame, FrameId, Id3v2Tag, TextInformationFrame,
    TimestampFrame, UniqueFileIdentifierFrame, UnsynchronizedTextFrame,
};
use lofty::tag::items::{ENGLISH, Timestamp, UNKNOWN_LANGUAGE};

use super::{EditField, Fields};

/// Between the values of one frame: ID3v2.4, 4.2.
const BETWEEN: &str = "\0";
/// Who gives the identity of a recording.
const MUSICBRAINZ: &str = "http://musicbrainz.org";

/// Where a field stands in an ID3v2.4 tag.
enum Place {
    /// A text frame, and descriptions of frames that say the same.
    Text(&'static str, &'static [&'static str]),
    /// A text frame of this description.
    User(&'static str),
    /// "3/12".
    Pair(&'static str, EditField, EditField),
    Time,
    Comment,
    Lyrics,
    Owner,
}

/// Sets the changed fields; every other frame stays as it is, but for languages that are none: many
/// taggers left zeros or blanks there, which our writer refuses. Theirs becomes the unknown one.
pub(super) fn edit(tag: &mut Id3v2Tag, changed: &Fields, wanted: &Fields) {
    tag.retain_mut(|frame| {
        let language = match frame {
            Frame::Comment(comment) => &mut comment.language,
            Frame::UnsynchronizedText(text) => &mut text.language,
            _ => return true,
        };
        if !language.iter().all(u8::is_ascii_alphabetic) {
            *language = UNKNOWN_LANGUAGE;
        }
        true
    });
    for (field, values) in changed {
        let place = place(*field);
        tag.retain(|frame| !place.holds(frame));
        if let Some(frame) = place.frame(values, wanted) {
            drop(tag.insert(frame));
        }
    }
}

impl Place {
    fn holds(&self, frame: &Frame<'_>) -> bool {
        let is_user = |names: &[&str]| match frame {
            Frame::UserText(user) => {
                names.iter().any(|name| user.description.eq_ignore_ascii_case(name))
            }
            _ => false,
        };
        match self {
            Self::Text(id, others) => frame.id().as_str() == *id || is_user(others),
            Self::User(name) => is_user(&[name]),
            Self::Pair(id, _, _) => frame.id().as_str() == *id,
            Self::Time => frame.id().as_str() == "TDRC",
            Self::Comment => match frame {
                Frame::Comment(comment) => !comment.description.starts_with("iTun"),
                _ => false,
            },
            Self::Lyrics => matches!(frame, Frame::UnsynchronizedText(_)),
            Self::Owner => match frame {
                Frame::UniqueFileIdentifier(identifier) => identifier.owner == MUSICBRAINZ,
                _ => false,
            },
        }
    }

    /// The frame that says these values; none for none.
    fn frame(&self, values: &[String], wanted: &Fields) -> Option<Frame<'static>> {
        let joined = values.join(BETWEEN);
        if let Self::Pair(id, number, total) = self {
            let of = |field| wanted.get(field).map(|values| values.concat());
            let text = match (of(number)?, of(total)) {
                (number, Some(total)) => format!("{number}/{total}"),
                (number, None) => number,
            };
            return text_frame(id, text);
        }
        if values.is_empty() {
            return None;
        }
        Some(match self {
            Self::Text(id, _) => text_frame(id, joined)?,
            Self::User(name) => {
                Frame::UserText(ExtendedTextFrame::new(TextEncoding::UTF8, *name, joined))
            }
            Self::Time => match Timestamp::from_str(&joined) {
                Ok(time) => Frame::Timestamp(TimestampFrame::new(
                    FrameId::Valid(Cow::Borrowed("TDRC")),
                    TextEncoding::UTF8,
                    time,
                )),
                Err(_) => text_frame("TDRC", joined)?,
            },
            Self::Comment => {
                Frame::Comment(CommentFrame::new(TextEncoding::UTF8, ENGLISH, "", joined))
            }
            Self::Lyrics => Frame::UnsynchronizedText(UnsynchronizedTextFrame::new(
                TextEncoding::UTF8,
                ENGLISH,
                "",
                joined,
            )),
            Self::Owner => Frame::UniqueFileIdentifier(UniqueFileIdentifierFrame::new(
                MUSICBRAINZ,
                joined.into_bytes(),
            )),
            Self::Pair(..) => return None,
        })
    }
}

fn text_frame(id: &'static str, text: String) -> Option<Frame<'static>> {
    let id = FrameId::new(id).ok()?;
    Some(Frame::Text(TextInformationFrame::new(id, TextEncoding::UTF8, text)))
}

fn place(field: EditField) -> Place {
    match field {
        EditField::Title => Place::Text("TIT2", &[]),
        EditField::TitleSort => Place::Text("TSOT", &[]),
        EditField::Artists => Place::Text("TPE1", &["ARTISTS"]),
        EditField::ArtistSorts => Place::Text("TSOP", &[]),
        EditField::ArtistIds => Place::User("MusicBrainz Artist Id"),
        EditField::Album => Place::Text("TALB", &[]),
        EditField::AlbumSort => Place::Text("TSOA", &[]),
        EditField::AlbumArtists => {
            Place::Text("TPE2", &["ALBUMARTIST", "ALBUM ARTIST", "ALBUMARTISTS", "ALBUM ARTISTS"])
        }
        EditField::AlbumArtistSorts => Place::Text("TSO2", &[]),
        EditField::AlbumArtistIds => Place::User("MusicBrainz Album Artist Id"),
        EditField::Genres => Place::Text("TCON", &[]),
        EditField::Composers => Place::Text("TCOM", &[]),
        EditField::Track | EditField::TrackTotal => {
            Place::Pair("TRCK", EditField::Track, EditField::TrackTotal)
        }
        EditField::Disc | EditField::DiscTotal => {
            Place::Pair("TPOS", EditField::Disc, EditField::DiscTotal)
        }
        EditField::Date => Place::Time,
        EditField::Comment => Place::Comment,
        EditField::Lyrics => Place::Lyrics,
        EditField::Compilation => Place::Text("TCMP", &[]),
        EditField::Bpm => Place::Text("TBPM", &["BPM"]),
        EditField::RecordingId => Place::Owner,
        EditField::ReleaseId => Place::User("MusicBrainz Album Id"),
        EditField::ReleaseGroupId => Place::User("MusicBrainz Release Group Id"),
    }
}
