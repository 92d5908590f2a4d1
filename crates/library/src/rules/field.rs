//! What is known of a track by a name, and where it stands in the database.

/// What a field holds, which decides how it can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One text.
    Text,
    /// Several texts: a comparison holds if it does for one of them.
    Texts,
    /// A number that may not be known.
    Number,
    /// A number that is 0 until it is given.
    Count,
    /// True or false.
    Flag,
    /// A moment, compared by the day in UTC.
    Moment,
    /// A date as the file has it, perhaps a year alone; compared as text.
    Date,
}

/// How text is made comparable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fold {
    /// As [`crate::folding::identity`] does.
    Identity,
    /// Small letters of ASCII.
    Ascii,
}

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident, $word:literal, $kind:ident, $sql:expr;)+) => {
        /// A field of a rule. The names are Navidrome's where it has one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Field { $($(#[$doc])* $name),+ }

        impl Field {
            /// All of them.
            pub const ALL: &'static [Field] = &[$(Self::$name),+];
            /// Their names, for refusals.
            pub(super) const NAMES: &'static str = concat!("one of " $(, $word, " ")+);

            /// Its name in rules.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// What it holds.
            pub const fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind),+ }
            }

            /// Where it stands: an expression over `track`, `album`, `mark` and `album_mark`; of
            /// several texts a query that yields each as `value`.
            pub(super) const fn sql(self) -> &'static str {
                match self { $(Self::$name => $sql),+ }
            }
        }
    };
}

macro_rules! part {
    ($role:literal) => {
        concat!(
            "SELECT artist.key AS value FROM credit JOIN artist ON artist.id = credit.artist
             WHERE credit.track = track.id AND credit.role = ",
            $role
        )
    };
}

/// Texts that the scan joined by "; ", taken apart.
macro_rules! joined {
    ($column:literal) => {
        concat!(
            "SELECT lower(value) AS value FROM json_each('[' || replace(json_quote(track.",
            $column,
            "), '; ', '\",\"') || ']') WHERE track.",
            $column,
            " IS NOT NULL"
        )
    };
}

fields! {
    /// The title.
    Title, "title", Text, "track.title";
    /// The title of the album.
    Album, "album", Text, "album.title";
    /// Everybody who plays it.
    Artist, "artist", Texts, part!(0);
    /// Everybody the album is by.
    AlbumArtist, "albumartist", Texts,
        "SELECT artist.key AS value FROM album_artist JOIN artist ON artist.id = album_artist.artist
         WHERE album_artist.album = track.album";
    /// Genres.
    Genre, "genre", Texts,
        "SELECT genre.key AS value FROM track_genre JOIN genre ON genre.id = track_genre.genre
         WHERE track_genre.track = track.id";
    /// Composers.
    Composer, "composer", Texts, part!(1);
    /// Who wrote the words.
    Lyricist, "lyricist", Texts, part!(2);
    /// Conductors.
    Conductor, "conductor", Texts, part!(3);
    /// Remixers.
    Remixer, "remixer", Texts, part!(4);
    /// Arrangers.
    Arranger, "arranger", Texts, part!(5);
    /// Producers.
    Producer, "producer", Texts, part!(6);
    /// Performers.
    Performer, "performer", Texts, part!(7);
    /// Engineers.
    Engineer, "engineer", Texts, part!(8);
    /// Who mixed it.
    Mixer, "mixer", Texts, part!(9);
    /// Who mixed it into a set.
    DjMixer, "djmixer", Texts, part!(10);
    /// Directors.
    Director, "director", Texts, part!(11);
    /// Moods.
    Mood, "mood", Texts, joined!("moods");
    /// Codes of the recording.
    Isrc, "isrc", Texts, joined!("isrcs");
    /// Labels of the album, in one line.
    Label, "recordlabel", Text, "album.label";
    /// Anything else.
    Comment, "comment", Text, "track.comment";
    /// Words that are sung.
    Lyrics, "lyrics", Text, "(SELECT lyrics.text FROM lyrics WHERE lyrics.track = track.id)";
    /// What the disc is called.
    DiscTitle, "discsubtitle", Text, "track.disc_title";
    /// What the title is sorted by.
    SortTitle, "sorttitle", Text, "track.sort";
    /// What the album is sorted by.
    SortAlbum, "sortalbum", Text, "album.sort";
    /// What the artist is sorted by.
    SortArtist, "sortartist", Text, "track.artist_sort";
    /// What the album's artist is sorted by.
    SortAlbumArtist, "sortalbumartist", Text, "album.artist_sort";
    /// The file below its root.
    FilePath, "filepath", Text, "track.path";
    /// The ending of its name.
    FileType, "filetype", Text, "track.suffix";
    /// The codec.
    Codec, "codec", Text, "track.codec";
    /// MusicBrainz: the recording.
    RecordingId, "mbz_recording_id", Text, "track.mbid";
    /// MusicBrainz: the release.
    AlbumId, "mbz_album_id", Text, "album.mbid";
    /// MusicBrainz: the release group.
    GroupId, "mbz_release_group_id", Text, "album.group_mbid";
    /// MusicBrainz: who plays it.
    ArtistId, "mbz_artist_id", Texts,
        "SELECT lower(artist.mbid) AS value FROM credit JOIN artist ON artist.id = credit.artist
         WHERE credit.track = track.id AND credit.role = 0 AND artist.mbid IS NOT NULL";
    /// MusicBrainz: who the album is by.
    AlbumArtistId, "mbz_album_artist_id", Texts,
        "SELECT lower(artist.mbid) AS value FROM album_artist
         JOIN artist ON artist.id = album_artist.artist
         WHERE album_artist.album = track.album AND artist.mbid IS NOT NULL";
    /// The number of its root.
    Root, "library_id", Number, "track.root";
    /// The number on its disc.
    Number, "tracknumber", Number, "track.number";
    /// Its disc.
    Disc, "discnumber", Number, "track.disc";
    /// The year in its date.
    Year, "year", Number, "track.year";
    /// Beats a minute.
    Bpm, "bpm", Number, "track.bpm";
    /// Seconds.
    Duration, "duration", Number, "(track.duration_ms / 1000.0)";
    /// Bytes.
    Size, "size", Number, "track.size";
    /// Kilobits a second.
    BitRate, "bitrate", Number, "track.bitrate_kbps";
    /// Bits a sample.
    BitDepth, "bitdepth", Number, "track.bits";
    /// Samples a second.
    SampleRate, "samplerate", Number, "track.rate_hz";
    /// Channels.
    Channels, "channels", Number, "track.channels";
    /// Gain of the track as tagged, in dB.
    TrackGain, "replaygain_track_gain", Number, "track.track_gain";
    /// Peak of the track as tagged.
    TrackPeak, "replaygain_track_peak", Number, "track.track_peak";
    /// Gain of the album as tagged, in dB.
    AlbumGain, "replaygain_album_gain", Number, "track.album_gain";
    /// Peak of the album as tagged.
    AlbumPeak, "replaygain_album_peak", Number, "track.album_peak";
    /// Stars.
    Rating, "rating", Count, "mark.rating";
    /// Real plays.
    PlayCount, "playcount", Count, "mark.plays";
    /// Times it was left.
    SkipCount, "skipcount", Count, "mark.skips";
    /// Stars of the album.
    AlbumRating, "albumrating", Count, "album_mark.rating";
    /// Plays of the album's tracks.
    AlbumPlayCount, "albumplaycount", Count, "album_mark.plays";
    /// Whether it is a favourite.
    Loved, "loved", Flag, "(mark.starred IS NOT NULL)";
    /// Whether the album is a favourite.
    AlbumLoved, "albumloved", Flag, "(album_mark.starred IS NOT NULL)";
    /// Whether the album gathers many artists.
    Compilation, "compilation", Flag, "album.compilation";
    /// Whether the file is not where it was.
    Missing, "missing", Flag, "(track.missing IS NOT NULL)";
    /// When the library first saw it.
    DateAdded, "dateadded", Moment, "track.added";
    /// When the file was last written.
    DateModified, "datemodified", Moment, "track.modified";
    /// Since when it is a favourite.
    DateLoved, "dateloved", Moment, "mark.starred";
    /// When it was last played.
    LastPlayed, "lastplayed", Moment, "mark.played";
    /// Since when the album is a favourite.
    AlbumDateLoved, "albumdateloved", Moment, "album_mark.starred";
    /// When something of the album was last played.
    AlbumLastPlayed, "albumlastplayed", Moment, "album_mark.played";
    /// The date of the recording.
    Date, "date", Date, "track.date";
    /// When the album first came out.
    OriginalDate, "originaldate", Date, "album.original_date";
    /// When this edition came out.
    ReleaseDate, "releasedate", Date, "album.release_date";
}

/// Other names of fields: Navidrome's own, and those people try.
const ALIASES: [(&str, Field); 9] = [
    ("recordingdate", Field::Date),
    ("label", Field::Label),
    ("mbid", Field::RecordingId),
    ("musicbrainz_recordingid", Field::RecordingId),
    ("musicbrainz_albumid", Field::AlbumId),
    ("disctitle", Field::DiscTitle),
    ("titlesort", Field::SortTitle),
    ("albumsort", Field::SortAlbum),
    ("artistsort", Field::SortArtist),
];

/// Fields that Navidrome has and we do not keep.
const NOT_KEPT: [&str; 46] = [
    "hascoverart",
    "originalyear",
    "releaseyear",
    "albumcomment",
    "albumversion",
    "albumtype",
    "releasetype",
    "releasecountry",
    "releasestatus",
    "catalognumber",
    "daterated",
    "albumdaterated",
    "artistrating",
    "artistloved",
    "artistplaycount",
    "artistlastplayed",
    "artistdateloved",
    "artistdaterated",
    "averagerating",
    "mbz_release_track_id",
    "musicbrainz_discid",
    "musicbrainz_workid",
    "musicbrainz_trackid",
    "asin",
    "barcode",
    "composersort",
    "lyricistsort",
    "copyright",
    "encodedby",
    "encodersettings",
    "explicitstatus",
    "gapless",
    "grouping",
    "key",
    "language",
    "license",
    "media",
    "movement",
    "movementname",
    "movementtotal",
    "script",
    "subtitle",
    "tracktotal",
    "disctotal",
    "website",
    "work",
];

impl Field {
    /// The field of a name, in letters of any case.
    ///
    /// # Errors
    /// [`crate::Error::Asked`], which tells what is unknown from what is only not kept here.
    pub fn named(name: &str) -> Result<Self, crate::Error> {
        let lower = name.to_lowercase();
        let own = Self::ALL.iter().copied().find(|field| field.name() == lower);
        let alias = || ALIASES.iter().find(|(alias, _)| *alias == lower).map(|(_, field)| *field);
        own.or_else(alias).ok_or_else(|| crate::Error::Asked {
            what: if NOT_KEPT.contains(&lower.as_str()) {
                "a field of Navidrome's that is not kept here,"
            } else {
                "the field"
            },
            given: name.chars().take(64).collect(),
            accepted: Self::NAMES,
        })
    }

    pub(super) const fn fold(self) -> Fold {
        match self {
            Self::Mood | Self::Isrc | Self::ArtistId | Self::AlbumArtistId => Fold::Ascii,
            _ if matches!(self.kind(), Kind::Texts) => Fold::Identity,
            _ => Fold::Ascii,
        }
    }

    /// What a list is sorted by for it: names as the catalogue sorts them.
    pub(super) fn order(self) -> String {
        match (self, self.kind()) {
            (Self::Title, _) => "track.sort".to_owned(),
            (Self::Album, _) => "album.sort".to_owned(),
            (Self::Artist, _) => "track.artist_sort".to_owned(),
            (Self::AlbumArtist, _) => "album.artist_sort".to_owned(),
            (_, Kind::Texts) => format!("(SELECT min(value) FROM ({}))", self.sql()),
            (_, Kind::Text) => format!("lower(coalesce({}, ''))", self.sql()),
            (_, Kind::Count) => format!("coalesce({}, 0)", self.sql()),
            (_, Kind::Number | Kind::Flag | Kind::Moment | Kind::Date) => self.sql().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use audio_file::Part;

    use super::{Field, NOT_KEPT};

    #[test]
    fn every_part_is_looked_for_by_the_number_it_is_kept_by() {
        for (field, part) in [
            (Field::Composer, Part::Composer),
            (Field::Lyricist, Part::Lyricist),
            (Field::Conductor, Part::Conductor),
            (Field::Remixer, Part::Remixer),
            (Field::Arranger, Part::Arranger),
            (Field::Producer, Part::Producer),
            (Field::Performer, Part::Performer),
            (Field::Engineer, Part::Engineer),
            (Field::Mixer, Part::Mixer),
            (Field::DjMixer, Part::DjMixer),
            (Field::Director, Part::Director),
        ] {
            assert!(field.sql().ends_with(&format!("role = {}", part.role())), "{field:?}");
        }
    }

    #[test]
    fn every_field_is_found_by_its_name_and_none_is_said_not_to_be_kept() {
        for field in Field::ALL {
            assert_eq!(Field::named(&field.name().to_uppercase()).unwrap(), *field);
            assert!(!NOT_KEPT.contains(&field.name()));
        }
        let refused = Field::named("barcode").unwrap_err().to_string();
        assert!(refused.starts_with("a field of Navidrome's that is not kept here, \"barcode\""));
        assert!(Field::named("titel").unwrap_err().to_string().contains("albumartist"));
    }
}
