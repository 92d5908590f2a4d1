//! A track as a stream plays it: opened, at its level, joined or not.

use std::io::BufReader;

use audio::Decibels;
use audio_file::Decoder;
use library::Library;
use library::model::Track;
use listening::{Slot, Source};

use super::{Level, Stream};

/// What ReplayGain brings all to, LUFS: where a file states no gain, its measured loudness counts.
const REFERENCE_LUFS: f64 = -18.0;

/// A track of the list, opened; `behind` is the place of the one that is heard before it.
pub(super) fn source(
    stream: &Stream,
    library: &Library,
    at: usize,
    behind: Option<usize>,
) -> Result<Source, library::Error> {
    let (tracks, level) = (&stream.wish.tracks, stream.wish.level);
    let near = |at: usize| -> Result<Option<Track>, library::Error> {
        let ids = tracks.get(at..=at).unwrap_or_default();
        Ok(library.tracks(stream.owner, ids)?.pop())
    };
    let track = near(at)?.ok_or(library::Error::Absent("the track"))?;
    let before = behind.map_or(Ok(None), near)?;
    let after = near(at + 1)?;
    let goes_on = before.is_some_and(|before| follows(&before, &track));
    let in_album = goes_on || after.is_some_and(|after| follows(&track, &after));
    let open = library.open_track(track.id)?;
    Ok(Source {
        slot: Slot(at as u32),
        decoder: Decoder::open(BufReader::new(open.file))?,
        plan: None,
        gain: gain(library, &track, level, in_album)?,
        goes_on,
    })
}

/// Whether a track stands behind another on their album.
fn follows(before: &Track, track: &Track) -> bool {
    let place = |track: &Track| Some((track.disc.unwrap_or(1), track.number?));
    before.album == track.album
        && match (place(before), place(track)) {
            (Some((disc, number)), Some(next)) => {
                let after = |n: u32| n.saturating_add(1);
                next == (disc, after(number)) || next == (after(disc), 1)
            }
            _ => false,
        }
}

/// The level of a track, never so high that its peak is cut off.
fn gain(
    library: &Library,
    track: &Track,
    level: Level,
    in_album: bool,
) -> Result<Decibels, library::Error> {
    let stated = &track.gain;
    let by_album = match level {
        Level::Off => return Ok(Decibels(0.0)),
        Level::Track => false,
        Level::Album => true,
        Level::Auto => in_album,
    };
    let of_album = stated.album_gain.map(|gain| (gain, stated.album_peak)).filter(|_| by_album);
    let of_track = stated.track_gain.map(|gain| (gain, stated.track_peak));
    let heard = library.loudness(track.id)?;
    let heard_peak = heard.as_ref().and_then(|heard| heard.true_peak).map(|peak| peak.0);
    let (gain, peak_db) = match of_album.or(of_track) {
        Some((gain, peak)) => {
            let peak = peak.filter(|peak| *peak > 0.0);
            (gain, peak.map(|peak| Decibels::from_amplitude(peak).0).or(heard_peak))
        }
        None => {
            let lufs = heard.and_then(|heard| heard.integrated);
            (lufs.map_or(0.0, |lufs| REFERENCE_LUFS - lufs.0), heard_peak)
        }
    };
    // Of whose peak nobody knows is lifted by nothing.
    let highest = peak_db.map_or(0.0, |peak| (-peak).max(0.0));
    Ok(Decibels(gain.min(highest)))
}
