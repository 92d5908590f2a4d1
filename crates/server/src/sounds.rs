//! Tracks of the library, as the studio takes them to be mastered.

use std::io::BufReader;

use audio_file::Decoder;
use fault::Fault;
use library::{Library, TrackId};
use studio::desk::{Sound, SoundId, Sounds};
use studio::plans::{Enhancement, Opener, Wish};

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
pub(crate) fn wish(
    library: &Library,
    TrackId(id): TrackId,
    enhancement: Enhancement,
) -> Result<(SoundId, Wish), library::Error> {
    let essence = library.essence(TrackId(id))?;
    Ok((SoundId(id), Wish { essence, enhancement }))
}

fn unheard(error: library::Error) -> studio::Error {
    match error {
        library::Error::Absent(what) => studio::Error::Absent(what),
        library::Error::Store(error) => error.into(),
        other => studio::Error::Unheard { class: other.class(), reason: other.to_string() },
    }
}
