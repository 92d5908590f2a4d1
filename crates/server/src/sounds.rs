//! Tracks of the library, as the studio takes them to be mastered.

use std::io::BufReader;

use audio_file::Decoder;
use fault::Fault;
use library::{AlbumId, Library, TrackId};
use sha2::{Digest, Sha256};
use studio::desk::{Sound, SoundId, Sounds};
use studio::plans::{Enhancement, Manner, Opener, Wish};

/// An album is no more than this; what is more is a shelf.
const MAX_ALBUM_TRACKS: usize = 60;
const MAX_ALBUM_MS: u64 = 2 * 3_600_000;

/// Tracks by the number of their ids; everybody of the house may hear them.
pub fn sounds(library: Library) -> Sounds {
    Box::new(move |user, SoundId(id)| {
        let track = library.track(user, TrackId(id)).map_err(unheard)?;
        let open = library.open_track(track.id).map_err(unheard)?;
        Ok(Sound {
            title: track.title,
            suffix: open.suffix,
            seconds: track.duration_ms as f64 / 1_000.0,
            from: Box::new(open.file),
        })
    })
}

/// The same as sound that can be heard.
pub fn opener(library: Library) -> Opener {
    Box::new(move |SoundId(id)| {
        let open = library.open_track(TrackId(id)).map_err(unheard)?;
        Decoder::open(BufReader::new(open.file)).map_err(|error| unheard(error.into()))
    })
}

/// A track in a way of mastering it, as plans are asked for.
///
/// # Errors
/// A track that is not there, be it the one it shall be like.
pub(crate) fn wish(
    library: &Library,
    TrackId(id): TrackId,
    enhancement: Enhancement,
) -> Result<Wish, library::Error> {
    let essence = library.essence(TrackId(id))?;
    let reference = reference(library, enhancement)?;
    Ok(Wish { parts: vec![SoundId(id)], essence, reference, enhancement })
}

/// All of an album as one sound, so that its tracks keep their levels and pass into one another; none where
/// it has one track, or is too long to be heard as a whole before it is over.
///
/// # Errors
/// A track it shall be like that is not there.
pub(crate) fn wish_for_album(
    library: &Library,
    album: AlbumId,
    enhancement: Enhancement,
) -> Result<Option<Wish>, library::Error> {
    let tracks = library.album_essences(album, (MAX_ALBUM_TRACKS, MAX_ALBUM_MS))?;
    if tracks.len() < 2 {
        return Ok(None);
    }
    let mut whole = Sha256::new();
    for (_, essence) in &tracks {
        whole.update((essence.len() as u64).to_le_bytes());
        whole.update(essence);
    }
    let parts = tracks.into_iter().map(|(TrackId(id), _)| SoundId(id)).collect();
    let (essence, reference) = (whole.finalize().to_vec(), reference(library, enhancement)?);
    Ok(Some(Wish { parts, essence, reference, enhancement }))
}

fn reference(library: &Library, enhancement: Enhancement) -> Result<Vec<u8>, library::Error> {
    match enhancement.manner {
        Manner::Like(SoundId(id)) => library.essence(TrackId(id)),
        Manner::Preset(_) => Ok(Vec::new()),
    }
}

fn unheard(error: library::Error) -> studio::Error {
    match error {
        library::Error::Absent(what) => studio::Error::Absent(what),
        library::Error::Store(error) => error.into(),
        other => studio::Error::Unheard { class: other.class(), reason: other.to_string() },
    }
}
