//! Views of the protocol, filled with what the library knows.

use audio_file::Part;
use library::model::{Album, Artist, Credit, Genre, Track};

use crate::offered::content_type;
use crate::subsonic::views::{self, ArtistRef, Child, Contributor, Id, ItemDate, Kind};
use crate::subsonic::views::{Bytes, Hertz, Kilobits, Rating, RelativePath, Seconds};

pub(super) fn id(id: impl std::fmt::Display) -> Id {
    Id(id.to_string())
}

/// A count as the protocol has room for.
pub(super) fn count(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The nearest whole seconds; a sound that is there has at least one.
pub(super) fn seconds(milliseconds: u64) -> Seconds {
    let nearest = milliseconds.saturating_add(500) / 1_000;
    Seconds(count(nearest.max(u64::from(milliseconds > 0))))
}

pub(super) fn song(track: &Track) -> Child {
    Child {
        id: id(track.id),
        parent: Some(id(track.folder)),
        kind: Kind::Song,
        title: track.title.clone(),
        album: Some(track.album_title.clone()),
        artist: Some(track.artist_line.clone()),
        track: track.number,
        year: year(track.year),
        genre: track.genres.first().cloned(),
        cover_art: Some(id(track.id)),
        size: Some(Bytes(track.size)),
        content_type: Some(content_type(&track.suffix).to_owned()),
        suffix: Some(track.suffix.clone()),
        transcoded_content_type: None,
        transcoded_suffix: None,
        duration: Some(seconds(track.duration_ms)),
        bit_rate: track.bitrate_kbps.map(Kilobits),
        bit_depth: track.bits.map(u32::from),
        sampling_rate: track.rate_hz.map(Hertz),
        channel_count: track.channels.map(u32::from),
        path: RelativePath::new(&track.path),
        user_rating: track.mark.rating.and_then(Rating::new),
        average_rating: None,
        play_count: Some(count(track.mark.plays)),
        disc_number: track.disc,
        created: Some(track.added),
        starred: track.mark.starred,
        played: track.mark.played,
        album_id: Some(id(track.album)),
        artist_id: track.artists.first().map(|artist| id(artist.id)),
        bpm: track.bpm,
        comment: track.comment.clone().unwrap_or_default(),
        sort_name: track.sort.clone(),
        music_brainz_id: track.mbid.clone().unwrap_or_default(),
        isrc: track.isrcs.clone(),
        genres: track.genres.clone(),
        artists: credits(&track.artists),
        display_artist: track.artist_line.clone(),
        album_artists: credits(&track.album_artists),
        display_album_artist: track.album_artist_line.clone(),
        contributors: track.people.iter().map(contributor).collect(),
        display_composer: composers(track),
        moods: track.moods.clone(),
        replay_gain: views::ReplayGain {
            track_gain: track.gain.track_gain,
            album_gain: track.gain.album_gain,
            track_peak: track.gain.track_peak,
            album_peak: track.gain.album_peak,
            base_gain: None,
            fallback_gain: None,
        },
        ..Child::default()
    }
}

fn composers(track: &Track) -> String {
    let composers = track.people.iter().filter(|(part, _)| *part == Part::Composer);
    composers.map(|(_, credit)| credit.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn contributor((part, credit): &(Part, Credit)) -> Contributor {
    let role = match part {
        Part::Composer => "composer",
        Part::Lyricist => "lyricist",
        Part::Conductor => "conductor",
        Part::Remixer => "remixer",
        Part::Arranger => "arranger",
        Part::Producer => "producer",
        Part::Performer => "performer",
        Part::Engineer => "engineer",
        Part::Mixer => "mixer",
        Part::DjMixer => "djmixer",
        Part::Director => "director",
    };
    Contributor { role: role.to_owned(), sub_role: None, artist: reference(credit) }
}

fn reference(credit: &Credit) -> ArtistRef {
    ArtistRef { id: id(credit.id), name: credit.name.clone() }
}

fn credits(credits: &[Credit]) -> Vec<ArtistRef> {
    credits.iter().map(reference).collect()
}

fn year(year: Option<i64>) -> Option<u32> {
    year.and_then(|year| u32::try_from(year).ok())
}

pub(super) fn album(album: &Album) -> views::Album {
    views::Album {
        id: id(album.id),
        name: album.title.clone(),
        version: String::new(),
        artist: Some(album.artist_line.clone()),
        artist_id: album.artists.first().map(|artist| id(artist.id)),
        cover_art: Some(id(album.id)),
        song_count: count(album.tracks),
        duration: seconds(album.duration_ms),
        play_count: Some(count(album.mark.plays)),
        created: album.added,
        starred: album.mark.starred,
        played: album.mark.played,
        year: year(album.year),
        genre: album.genres.first().cloned(),
        user_rating: album.mark.rating.and_then(Rating::new),
        record_labels: album.label.iter().flat_map(|l| l.split("; ")).map(str::to_owned).collect(),
        music_brainz_id: album.mbid.clone().unwrap_or_default(),
        genres: album.genres.clone(),
        artists: credits(&album.artists),
        display_artist: album.artist_line.clone(),
        release_types: Vec::new(),
        moods: Vec::new(),
        sort_name: album.sort.clone(),
        original_release_date: date(album.original_date.as_deref()),
        release_date: date(album.release_date.as_deref().or(album.date.as_deref())),
        is_compilation: album.compilation,
        explicit: views::Explicit::Unknown,
        disc_titles: discs(album),
    }
}

fn discs(album: &Album) -> Vec<views::DiscTitle> {
    let titles = album.discs.iter();
    titles
        .map(|(disc, title)| views::DiscTitle {
            disc: *disc,
            title: title.clone(),
            cover_art: None,
        })
        .collect()
}

/// "1999", "1999-05" or "1999-05-06", as far as it goes.
fn date(text: Option<&str>) -> ItemDate {
    let mut parts = text.unwrap_or_default().split(['-', 'T']).map(|part| part.parse().ok());
    let mut next = |range: std::ops::RangeInclusive<u32>| {
        parts.next().flatten().filter(|number| range.contains(number))
    };
    let year = next(1..=9_999);
    let month = next(1..=12).filter(|_| year.is_some());
    let day = next(1..=31).filter(|_| month.is_some());
    ItemDate { year, month, day }
}

/// An album as a folder, for clients that browse folders.
pub(super) fn album_folder(album: &Album) -> Child {
    Child {
        id: id(album.id),
        parent: album.artists.first().map(|artist| id(artist.id)),
        kind: Kind::Album,
        title: album.title.clone(),
        song_count: Some(count(album.tracks)),
        album: Some(album.title.clone()),
        artist: Some(album.artist_line.clone()),
        year: year(album.year),
        genre: album.genres.first().cloned(),
        cover_art: Some(id(album.id)),
        duration: Some(seconds(album.duration_ms)),
        play_count: Some(count(album.mark.plays)),
        user_rating: album.mark.rating.and_then(Rating::new),
        created: Some(album.added),
        starred: album.mark.starred,
        played: album.mark.played,
        album_id: Some(id(album.id)),
        artist_id: album.artists.first().map(|artist| id(artist.id)),
        sort_name: album.sort.clone(),
        display_artist: album.artist_line.clone(),
        artists: credits(&album.artists),
        genres: album.genres.clone(),
        ..Child::default()
    }
}

pub(super) fn artist(artist: &Artist) -> views::Artist {
    let mut roles = Vec::new();
    if artist.albums > 0 {
        roles.push("albumartist".to_owned());
    }
    if artist.tracks > 0 {
        roles.push("artist".to_owned());
    }
    views::Artist {
        id: id(artist.id),
        name: artist.name.clone(),
        cover_art: Some(id(artist.id)),
        image_url: None,
        album_count: count(artist.albums),
        starred: artist.mark.starred,
        music_brainz_id: artist.mbid.clone().unwrap_or_default(),
        sort_name: artist.sort.clone(),
        disambiguation: String::new(),
        roles,
    }
}

/// An artist as a folder, for clients that browse folders.
pub(super) fn folder_artist(artist: &Artist) -> views::FolderArtist {
    views::FolderArtist {
        id: id(artist.id),
        name: artist.name.clone(),
        image_url: None,
        starred: artist.mark.starred,
        user_rating: artist.mark.rating.and_then(Rating::new),
        average_rating: None,
    }
}

pub(super) fn genre(genre: &Genre) -> views::Genre {
    views::Genre {
        name: genre.name.clone(),
        song_count: count(genre.tracks),
        album_count: count(genre.albums),
    }
}
