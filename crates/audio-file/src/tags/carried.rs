use lofty::picture::{MimeType, PictureType};
use lofty::tag::{ItemKey, Tag};

/// What one file's tags say beyond [`Tags`](super::Tags)' own fields, to be written to another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Carried {
    values: Vec<(Field, String)>,
    cover: Option<Cover>,
}

/// A picture of the front cover, as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cover {
    pub(crate) mime: String,
    pub(crate) bytes: Vec<u8>,
}

/// Longer values are left behind: lyrics and licences have some kilobytes, a chunk of something
/// else has more.
const MAX_VALUE_BYTES: usize = 64 << 10;
/// More values of one field than this are left behind.
const MAX_VALUES: usize = 32;
/// A larger picture is left behind: covers of 3000 pixels have 1 to 5 MB, and a FLAC block ends at
/// 16.
const MAX_COVER_BYTES: usize = 10 << 20;

/// Where a field stands in an ID3v2.4 tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame {
    /// A text frame.
    Text(&'static str),
    /// Behind the number in this frame: "3/12".
    TotalOf(&'static str),
    /// A text frame of this description.
    User(&'static str),
    /// An identity by this owner.
    Owner(&'static str),
    /// The words of the song.
    Lyrics,
}

macro_rules! fields {
    ($($field:ident, $vorbis:literal, $frame:expr, [$($key:ident),+];)+) => {
        /// What is carried.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Field { $($field),+ }

        impl Field {
            const ALL: &'static [Field] = &[$(Field::$field),+];

            /// Its name among Vorbis comments.
            pub(super) fn vorbis(self) -> &'static str {
                match self { $(Field::$field => $vorbis),+ }
            }

            /// Its place in an ID3v2.4 tag.
            pub(super) fn frame(self) -> Frame {
                match self { $(Field::$field => $frame),+ }
            }

            /// Where it is found, the best first.
            fn keys(self) -> &'static [ItemKey] {
                match self { $(Field::$field => &[$(ItemKey::$key),+]),+ }
            }
        }
    };
}

fields! {
    Artist, "ARTIST", Frame::Text("TPE1"), [TrackArtist];
    Genre, "GENRE", Frame::Text("TCON"), [Genre];
    AlbumArtist, "ALBUMARTIST", Frame::Text("TPE2"), [AlbumArtist];
    TrackNumber, "TRACKNUMBER", Frame::Text("TRCK"), [TrackNumber];
    TrackTotal, "TRACKTOTAL", Frame::TotalOf("TRCK"), [TrackTotal];
    DiscNumber, "DISCNUMBER", Frame::Text("TPOS"), [DiscNumber];
    DiscTotal, "DISCTOTAL", Frame::TotalOf("TPOS"), [DiscTotal];
    DiscTitle, "DISCSUBTITLE", Frame::Text("TSST"), [SetSubtitle];
    Date, "DATE", Frame::Text("TDRC"), [RecordingDate, Year];
    ReleaseDate, "RELEASEDATE", Frame::Text("TDRL"), [ReleaseDate];
    OriginalDate, "ORIGINALDATE", Frame::Text("TDOR"), [OriginalReleaseDate];
    Subtitle, "SUBTITLE", Frame::Text("TIT3"), [TrackSubtitle];
    Grouping, "GROUPING", Frame::Text("TIT1"), [ContentGroup];
    Mood, "MOOD", Frame::Text("TMOO"), [Mood];
    Composer, "COMPOSER", Frame::Text("TCOM"), [Composer];
    Lyricist, "LYRICIST", Frame::Text("TEXT"), [Lyricist];
    Conductor, "CONDUCTOR", Frame::Text("TPE3"), [Conductor];
    Remixer, "REMIXER", Frame::Text("TPE4"), [Remixer];
    Label, "LABEL", Frame::Text("TPUB"), [Label, Publisher];
    Compilation, "COMPILATION", Frame::Text("TCMP"), [FlagCompilation];
    TitleSort, "TITLESORT", Frame::Text("TSOT"), [TrackTitleSortOrder];
    ArtistSort, "ARTISTSORT", Frame::Text("TSOP"), [TrackArtistSortOrder];
    AlbumSort, "ALBUMSORT", Frame::Text("TSOA"), [AlbumTitleSortOrder];
    AlbumArtistSort, "ALBUMARTISTSORT", Frame::Text("TSO2"), [AlbumArtistSortOrder];
    ComposerSort, "COMPOSERSORT", Frame::Text("TSOC"), [ComposerSortOrder];
    Copyright, "COPYRIGHT", Frame::Text("TCOP"), [CopyrightMessage];
    License, "LICENSE", Frame::User("LICENSE"), [License];
    Isrc, "ISRC", Frame::Text("TSRC"), [Isrc];
    Barcode, "BARCODE", Frame::User("BARCODE"), [Barcode];
    CatalogNumber, "CATALOGNUMBER", Frame::User("CATALOGNUMBER"), [CatalogNumber];
    Recording, "MUSICBRAINZ_TRACKID", Frame::Owner("http://musicbrainz.org"), [MusicBrainzRecordingId];
    Track, "MUSICBRAINZ_RELEASETRACKID", Frame::User("MusicBrainz Release Track Id"), [MusicBrainzTrackId];
    Release, "MUSICBRAINZ_ALBUMID", Frame::User("MusicBrainz Album Id"), [MusicBrainzReleaseId];
    ReleaseGroup, "MUSICBRAINZ_RELEASEGROUPID", Frame::User("MusicBrainz Release Group Id"), [MusicBrainzReleaseGroupId];
    ArtistId, "MUSICBRAINZ_ARTISTID", Frame::User("MusicBrainz Artist Id"), [MusicBrainzArtistId];
    ReleaseArtist, "MUSICBRAINZ_ALBUMARTISTID", Frame::User("MusicBrainz Album Artist Id"), [MusicBrainzReleaseArtistId];
    Work, "MUSICBRAINZ_WORKID", Frame::User("MusicBrainz Work Id"), [MusicBrainzWorkId];
    Lyrics, "LYRICS", Frame::Lyrics, [UnsyncLyrics, Lyrics];
}

impl Carried {
    pub(super) fn of(tag: &Tag) -> Self {
        let mut values = Vec::new();
        for field in Field::ALL {
            // The first artist and the first genre are fields of their own.
            let own = usize::from(matches!(field, Field::Artist | Field::Genre));
            let said = field.keys().iter().map(|key| tag.get_strings(*key).collect::<Vec<_>>());
            let said = said.into_iter().find(|said| !said.is_empty()).unwrap_or_default();
            let said = said.into_iter().skip(own).take(MAX_VALUES);
            values.extend(said.filter_map(kept).map(|value| (*field, value)));
        }
        Self { values, cover: Cover::of(tag) }
    }

    pub(super) fn values(&self) -> impl Iterator<Item = (Field, &String)> {
        self.values.iter().map(|(field, value)| (*field, value))
    }

    pub(super) fn first(&self, wanted: Field) -> Option<&String> {
        self.values().find(|(field, _)| *field == wanted).map(|(_, value)| value)
    }

    pub(super) fn cover(&self) -> Option<&Cover> {
        self.cover.as_ref()
    }
}

impl Cover {
    /// The picture called the front cover, or the only one.
    fn of(tag: &Tag) -> Option<Self> {
        let picture = tag.get_picture_type(PictureType::CoverFront).or(match tag.pictures() {
            [only] => Some(only),
            _ => None,
        })?;
        let bytes = picture.data();
        if bytes.is_empty() || bytes.len() > MAX_COVER_BYTES {
            return None;
        }
        let mime = picture.mime_type().map_or("image/jpeg", MimeType::as_str);
        Some(Self { mime: mime.to_owned(), bytes: bytes.to_owned() })
    }
}

/// A value as it is carried: without the zeros that end texts in some formats; none if it is empty
/// or longer than any of its kind.
pub(crate) fn kept(value: &str) -> Option<String> {
    let value = value.trim_matches('\0').replace('\0', " ");
    (!value.is_empty() && value.len() <= MAX_VALUE_BYTES).then_some(value)
}
