//! A track as a stream plays it: opened, mastered, at its level, joined or not.

use std::io::BufReader;

use audio::{Decibels, SampleRate};
use audio_file::Decoder;
use library::model::Track;
use library::{Library, TrackId};
use listening::{Slot, Source};
use store::UserId;

use super::mastered::{Mastered, Way, prepare};
use super::{Level, Setup};
use crate::House;

/// What ReplayGain brings all to, LUFS: where a file states no gain, its measured loudness counts.
const REFERENCE_LUFS: f64 = -18.0;

/// A track of a list that is heard, or is about to be.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) slot: Slot,
    pub(super) place: usize,
    pub(super) track: TrackId,
    pub(super) mastered: Mastered,
    /// The rate of its file, and how many frames of it are stated.
    rate: SampleRate,
    stated: Option<u64>,
}

impl Opened {
    /// How many frames it has at a rate, where its file says so.
    pub(super) fn length(&self, rate: SampleRate) -> Option<u64> {
        let scaled = |frames: u64| u128::from(frames) * u128::from(rate.hz());
        let length = self.stated.map(|frames| scaled(frames).div_ceil(u128::from(self.rate.hz())));
        length.and_then(|length| u64::try_from(length).ok())
    }
}

/// For whom tracks are opened, from which list.
#[derive(Debug, Clone, Copy)]
pub(super) struct List<'a> {
    pub(super) house: &'a House,
    pub(super) owner: UserId,
    pub(super) setup: &'a Setup,
    /// Whether original and master are heard side by side.
    pub(super) pairs: bool,
}

impl List<'_> {
    /// Opens the track at a place; `behind` is the place of the one that is heard before it.
    pub(super) fn open(
        self,
        slot: Slot,
        place: usize,
        behind: Option<usize>,
    ) -> Result<(Source, Opened), library::Error> {
        let around = self.around(place)?;
        let track = around.track.as_ref().ok_or(library::Error::Absent("the track"))?;
        let goes_on = match behind {
            Some(behind) if behind + 1 == place => {
                around.before.as_ref().is_some_and(|before| follows(before, track))
            }
            // What lies between could not be opened.
            Some(behind) => {
                self.around(behind)?.track.is_some_and(|before| follows(&before, track))
            }
            None => false,
        };
        let (mastered, treatment) = self.master(track, &around)?;
        let open = self.house.library.open_track(track.id)?;
        let decoder = Decoder::open(BufReader::new(open.file))?;
        let format = decoder.format();
        let (rate, stated) = (format.rate, format.stated_frames);
        let opened = Opened { slot, place, track: track.id, mastered, rate, stated };
        Ok((Source { slot, decoder, treatment, goes_on }, opened))
    }

    /// What is to be done to a track that is open already, as the list is now.
    pub(super) fn again(
        self,
        opened: &Opened,
    ) -> Result<(Mastered, listening::Treatment), library::Error> {
        let track = self.house.library.track(self.owner, opened.track)?;
        self.master(&track, &self.around(opened.place)?)
    }

    /// Has the track at a place worked on, which is heard soon.
    pub(super) fn prepare(self, place: usize) -> Result<(), library::Error> {
        let around = self.around(place)?;
        let Some(track) = &around.track else { return Ok(()) };
        let House { library, plans, .. } = self.house;
        match self.wanted(track, around.is_in_album(track))? {
            Some(wanted) => prepare((plans, library), track, wanted),
            None => Ok(()),
        }
    }

    fn master(
        self,
        track: &Track,
        around: &Around,
    ) -> Result<(Mastered, listening::Treatment), library::Error> {
        let in_album = around.is_in_album(track);
        let House { library, plans, .. } = self.house;
        let plain = gain(library, track, self.setup.level, in_album)?;
        let wanted = self.wanted(track, in_album)?;
        Ok(Mastered::open((plans, library), track, wanted, plain, self.pairs))
    }

    /// How a track is to be mastered: its album as one, where levels are the album's or the album is heard.
    fn wanted(self, track: &Track, in_album: bool) -> Result<Option<Way>, library::Error> {
        let in_album = match self.setup.level {
            Level::Track => false,
            Level::Album => true,
            Level::Auto | Level::Off => in_album,
        };
        let known = self.house.tastes.of_track(self.owner, track, self.setup.enhancement)?;
        Ok(known.map(|enhancement| Way { enhancement, in_album }))
    }

    fn around(self, place: usize) -> Result<Around, library::Error> {
        let tracks = &self.setup.tracks;
        let span = place.saturating_sub(1).min(tracks.len())..(place + 2).min(tracks.len());
        let known = self.house.library.tracks(self.owner, &tracks[span])?;
        let at = |place: usize| {
            let id = tracks.get(place)?;
            known.iter().find(|track| track.id == *id).cloned()
        };
        Ok(Around {
            before: place.checked_sub(1).and_then(at),
            track: at(place),
            after: at(place + 1),
        })
    }
}

/// The track at a place of a list and its neighbours, as far as they are there.
struct Around {
    before: Option<Track>,
    track: Option<Track>,
    after: Option<Track>,
}

impl Around {
    /// By its neighbours in the list, wherever one begins to listen: what is done stays what it is.
    fn is_in_album(&self, track: &Track) -> bool {
        self.before.as_ref().is_some_and(|before| follows(before, track))
            || self.after.as_ref().is_some_and(|after| follows(track, after))
    }
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
