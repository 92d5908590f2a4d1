use std::io::{Read, Seek};

use lofty::config::ParseOptions;
use lofty::file::{FileType, TaggedFileExt};
use lofty::picture::Picture;
use lofty::tag::{ItemKey, ItemValue, Tag};

use super::{EditField, Fields, refused};
use crate::Error;
use crate::description::{all_of, beats, comment_of, first_of, listed, number};
use crate::tags::parse_with;

/// Everything a file says.
pub(super) struct Said {
    pub(super) kind: FileType,
    pub(super) fields: Fields,
    /// The words of the tag that counts, changeable or not.
    tag: Option<Tag>,
    /// Whether they stand where they are written in this format.
    is_primary: bool,
}

impl Said {
    pub(super) fn read(source: &mut (impl Read + Seek), pictures: bool) -> Result<Self, Error> {
        let options = ParseOptions::new().read_properties(false).read_cover_art(pictures);
        let file = parse_with(source, options)?;
        let primary = file.primary_tag();
        let is_primary = primary.is_some();
        let tag = primary.or_else(|| file.first_tag()).cloned();
        let fields = tag.as_ref().map(fields).unwrap_or_default();
        Ok(Self { kind: file.file_type(), fields, tag, is_primary })
    }

    /// The tag that counts where it stands in another place than it is written in.
    pub(super) fn misplaced(&self) -> Option<&Tag> {
        self.tag.as_ref().filter(|_| !self.is_primary)
    }

    /// Refuses a copy that does not say what was asked, or says anything else than before.
    pub(super) fn prove(
        &self,
        before: &Self,
        changed: &Fields,
        wanted: &Fields,
    ) -> Result<(), Error> {
        for field in EditField::ALL {
            if self.fields.get(field) != wanted.get(field) {
                return Err(refused(match changed.contains_key(field) {
                    true => format!("this format cannot hold that {field}"),
                    false => format!("its {field} would not stay as it is"),
                }));
            }
        }
        if !before.is_primary {
            return Ok(());
        }
        let mut changed: Vec<ItemKey> =
            changed.keys().flat_map(|field| keys(*field)).copied().collect();
        // With the last word goes the list, and with it the name of the program that made the file.
        if self.tag.is_none() {
            changed.push(ItemKey::EncoderSoftware);
        }
        if self.others(&changed) != before.others(&changed) {
            return Err(refused("other words in it would not stay as they are"));
        }
        if self.pictures() != before.pictures() {
            return Err(refused("its pictures would not stay as they are"));
        }
        Ok(())
    }

    /// What is said in other fields than these.
    fn others(&self, but: &[ItemKey]) -> Vec<(String, String)> {
        let items = self.tag.iter().flat_map(|tag| tag.items());
        let items = items.filter(|item| !but.contains(&item.key()));
        let mut others: Vec<(String, String)> = items
            .filter(|item| !matches!(item.value(), ItemValue::Text(text) if text.is_empty()))
            .map(|item| (format!("{:?} {}", item.key(), item.description()), said(item.value())))
            .collect();
        others.sort();
        others
    }

    fn pictures(&self) -> Vec<&[u8]> {
        let pictures = self.tag.iter().flat_map(|tag| tag.pictures());
        let mut pictures: Vec<&[u8]> = pictures.map(Picture::data).collect();
        pictures.sort_unstable();
        pictures
    }
}

fn said(value: &ItemValue) -> String {
    match value {
        ItemValue::Text(text) | ItemValue::Locator(text) => text.clone(),
        ItemValue::Binary(bytes) => format!("{bytes:?}"),
    }
}

fn fields(tag: &Tag) -> Fields {
    let fields = EditField::ALL.iter().map(|field| (*field, values(tag, *field)));
    fields.filter(|(_, values)| !values.is_empty()).collect()
}

/// The values of a field, as a description has them.
fn values(tag: &Tag, field: EditField) -> Vec<String> {
    let one = |value: Option<String>| value.into_iter().collect();
    let whole = |key| first_of(tag, key).as_deref().and_then(number).map(|n| n.to_string());
    let total = |total, number| {
        let beside = || first_of(tag, number).and_then(|text| of(&text));
        whole(total).or_else(beside)
    };
    match field {
        EditField::Artists => listed(tag, ItemKey::TrackArtists, ItemKey::TrackArtist),
        EditField::AlbumArtists => listed(tag, ItemKey::AlbumArtists, ItemKey::AlbumArtist),
        EditField::Track => one(whole(ItemKey::TrackNumber)),
        EditField::Disc => one(whole(ItemKey::DiscNumber)),
        EditField::TrackTotal => one(total(ItemKey::TrackTotal, ItemKey::TrackNumber)),
        EditField::DiscTotal => one(total(ItemKey::DiscTotal, ItemKey::DiscNumber)),
        EditField::Compilation => {
            one(first_of(tag, ItemKey::FlagCompilation).filter(|flag| flag == "1"))
        }
        EditField::Bpm => one(beats(tag).map(|beats| beats.to_string())),
        EditField::Comment => one(comment_of(tag)),
        _ if field.is_many() => keys(field).first().map(|k| all_of(tag, *k)).unwrap_or_default(),
        _ => one(keys(field).iter().find_map(|key| first_of(tag, *key))),
    }
}

/// "12" in "3/12".
fn of(text: &str) -> Option<String> {
    text.split_once('/').and_then(|(_, total)| number(total)).map(|total| total.to_string())
}

/// Where a field is read, the best place first.
fn keys(field: EditField) -> &'static [ItemKey] {
    match field {
        EditField::Title => &[ItemKey::TrackTitle],
        EditField::TitleSort => &[ItemKey::TrackTitleSortOrder],
        EditField::Artists => &[ItemKey::TrackArtists, ItemKey::TrackArtist],
        EditField::ArtistSorts => &[ItemKey::TrackArtistSortOrder],
        EditField::ArtistIds => &[ItemKey::MusicBrainzArtistId],
        EditField::Album => &[ItemKey::AlbumTitle],
        EditField::AlbumSort => &[ItemKey::AlbumTitleSortOrder],
        EditField::AlbumArtists => &[ItemKey::AlbumArtists, ItemKey::AlbumArtist],
        EditField::AlbumArtistSorts => &[ItemKey::AlbumArtistSortOrder],
        EditField::AlbumArtistIds => &[ItemKey::MusicBrainzReleaseArtistId],
        EditField::Genres => &[ItemKey::Genre],
        EditField::Composers => &[ItemKey::Composer],
        // "3/12" stands in one place.
        EditField::Track | EditField::TrackTotal => &[ItemKey::TrackNumber, ItemKey::TrackTotal],
        EditField::Disc | EditField::DiscTotal => &[ItemKey::DiscNumber, ItemKey::DiscTotal],
        EditField::Date => &[ItemKey::RecordingDate, ItemKey::Year],
        EditField::Comment => &[ItemKey::Comment, ItemKey::Description],
        EditField::Lyrics => &[ItemKey::Lyrics, ItemKey::UnsyncLyrics],
        EditField::Compilation => &[ItemKey::FlagCompilation],
        EditField::Bpm => &[ItemKey::IntegerBpm, ItemKey::Bpm],
        EditField::RecordingId => &[ItemKey::MusicBrainzRecordingId],
        EditField::ReleaseId => &[ItemKey::MusicBrainzReleaseId],
        EditField::ReleaseGroupId => &[ItemKey::MusicBrainzReleaseGroupId],
    }
}
