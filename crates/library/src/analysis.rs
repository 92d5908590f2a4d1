//! What is measured of the sound of every track, in the background: loudness, a waveform to look at,
//! a fingerprint to compare.
//!
//! One thread hears track after track and rests in between. What was measured stays when it is cut
//! off; a track whose sound changed, or that was measured by an older revision, is heard again.

mod hear;
mod prints;
mod similar;
mod waveform;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use audio::analysis::ANALYSIS_REVISION;
use audio::{Decibels, Lufs};
use fault::{Cancel, Cancelled};
use store::rusqlite::{Connection, OptionalExtension, params};

use crate::{Error, Library, TrackId};

pub use similar::{Coverage, MAX_PATH, Similar};
pub use waveform::POINTS;

use hear::Heard;
pub(crate) use prints::Prints;

/// Raised whenever the waveform is made differently, or what is kept of the figures.
const OWN_REVISION: u32 = 1;
/// What figures are kept under: those of another revision are made anew.
pub const REVISION: u32 = OWN_REVISION * 1_000 + ANALYSIS_REVISION;

/// Tracks taken from the list at a time: few enough that new music is heard soon.
const BATCH: i64 = 64;
/// Longest sleep before a stop is noticed.
const NAP: Duration = Duration::from_millis(50);

/// How hard the analysis works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Rest after each track.
    pub between_tracks: Duration,
    /// Rest after each ten seconds of sound.
    pub within: Duration,
}

impl Default for Pace {
    /// Ten seconds of sound take some 50 ms of one processor: about half of it is left to others.
    fn default() -> Self {
        Self { between_tracks: Duration::from_millis(250), within: Duration::from_millis(50) }
    }
}

/// How far the analysis is, over the tracks that are there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Tracks with figures.
    pub done: u64,
    /// Tracks that cannot be heard.
    pub failed: u64,
    /// Tracks that are still to be heard.
    pub waiting: u64,
}

/// How loud a track is. A figure that is none is not measurable: silence, or too short.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loudness {
    /// Integrated, BS.1770-5.
    pub integrated: Option<Lufs>,
    /// 4x true peak, dBTP.
    pub true_peak: Option<Decibels>,
    /// Loudness range, LU.
    pub range: Option<Decibels>,
}

/// A track that cannot be heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unheard {
    /// Which.
    pub track: TrackId,
    /// Why.
    pub reason: String,
}

/// What is waited on and held while tracks are heard.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    hearing: Mutex<()>,
    prints: Mutex<Option<Prints>>,
}

/// A track's figures count while they are of this revision and of the sound it has now.
const IS_CURRENT: &str = "analysis.track = track.id AND revision = ?1
    AND sound = coalesce(track.essence, track.size || '/' || track.modified)";

impl Library {
    /// Hears every track that has no figures yet, one after the other, on the thread that calls. A
    /// track whose file is not there now keeps waiting. Tells how many were heard.
    ///
    /// # Errors
    /// [`Error::Stopped`] when it was asked to stop, [`Error::Analysing`] when it goes on already,
    /// those of the database. What is wrong with a track is kept with it.
    pub fn analyse(&self, pace: Pace, cancel: &Cancel) -> Result<u64, Error> {
        let Ok(_one) = self.desk().hearing.try_lock() else { return Err(Error::Analysing) };
        let (mut last, mut heard) = (TrackId(0), 0);
        loop {
            let waiting = self.waiting_after(last)?;
            let Some((furthest, _)) = waiting.last() else { return Ok(heard) };
            last = *furthest;
            for (track, sound) in waiting {
                cancel.check()?;
                let found = match self.hear(track, pace.within, cancel) {
                    // Not there, or not readable now: it may be later.
                    Err(Error::Absent(_) | Error::Io { .. }) => continue,
                    Err(Error::Sound(audio_file::Error::Io(_))) => continue,
                    Err(error @ (Error::Stopped(_) | Error::Store(_))) => return Err(error),
                    found => found.map_err(|error| error.to_string()),
                };
                self.keep_heard(track, sound, found)?;
                heard += 1;
                rest(pace.between_tracks, cancel)?;
            }
        }
    }

    /// How far the analysis is.
    ///
    /// # Errors
    /// Those of the database.
    pub fn analysis_progress(&self) -> Result<Progress, Error> {
        let sql = format!(
            "SELECT count(*), count(analysis.track), count(failure) FROM track
             LEFT JOIN analysis ON {IS_CURRENT} WHERE missing IS NULL"
        );
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let counts: [i64; 3] = statement
                .query_row([REVISION], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))?;
            let [all, known, failed] = counts.map(i64::unsigned_abs);
            Ok(Progress { done: known - failed, failed, waiting: all - known })
        })
    }

    /// Tracks that cannot be heard, with the reason, by id.
    ///
    /// # Errors
    /// Those of the database.
    pub fn unheard(&self, limit: u64) -> Result<Vec<Unheard>, Error> {
        let sql = format!(
            "SELECT track.id, failure FROM track JOIN analysis ON {IS_CURRENT}
             WHERE missing IS NULL AND failure IS NOT NULL ORDER BY track.id LIMIT ?2"
        );
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let rows = statement.query_map(params![REVISION, limit], |row| {
                Ok(Unheard { track: row.get(0)?, reason: row.get(1)? })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The waveform of a track: [`POINTS`] points of equal time, each the largest sample of all
    /// channels in it, 0 to 255 with 255 at full scale and above. None before it was heard.
    ///
    /// # Errors
    /// Those of the database.
    pub fn waveform(&self, track: TrackId) -> Result<Option<Vec<u8>>, Error> {
        let column = "(SELECT peaks FROM waveform WHERE waveform.track = track.id)";
        self.read(|connection| figures(connection, track, column, |row| row.get(0)))
    }

    /// How loud a track is. None before it was heard.
    ///
    /// # Errors
    /// Those of the database.
    pub fn loudness(&self, track: TrackId) -> Result<Option<Loudness>, Error> {
        let columns = "lufs, true_peak_dbtp, range_lu";
        self.read(|connection| {
            figures(connection, track, columns, |row| {
                Ok(Loudness {
                    integrated: row.get::<_, Option<f64>>(0)?.map(Lufs),
                    true_peak: row.get::<_, Option<f64>>(1)?.map(Decibels),
                    range: row.get::<_, Option<f64>>(2)?.map(Decibels),
                })
            })
        })
    }

    /// Tracks without figures of this revision and their sound, by id.
    fn waiting_after(&self, last: TrackId) -> Result<Vec<(TrackId, Sound)>, Error> {
        let sql = format!(
            "SELECT track.id, essence, size || '/' || modified FROM track
             WHERE track.id > ?2 AND missing IS NULL
                AND NOT EXISTS(SELECT 1 FROM analysis WHERE {IS_CURRENT})
             ORDER BY track.id LIMIT ?3"
        );
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map(params![REVISION, last, BATCH], |row| {
                let sound = match row.get(1)? {
                    Some(essence) => Sound::Essence(essence),
                    None => Sound::File(row.get(2)?),
                };
                Ok((row.get(0)?, sound))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    fn keep_heard(
        &self,
        track: TrackId,
        sound: Sound,
        found: Result<Heard, String>,
    ) -> Result<(), Error> {
        let print = found.as_ref().ok().and_then(|heard| heard.print);
        self.store().write(move |connection| keep(connection, track, &sound, found))?;
        if let Some(prints) = &mut *lock(&self.desk().prints) {
            prints.put(track, print);
        }
        Ok(())
    }
}

/// What was heard: the essence of a file, or its size and time where it has none.
#[derive(Debug)]
enum Sound {
    Essence(Vec<u8>),
    File(String),
}

fn keep(
    connection: &Connection,
    track: TrackId,
    sound: &Sound,
    found: Result<Heard, String>,
) -> Result<(), Error> {
    let sound: &dyn store::rusqlite::ToSql = match sound {
        Sound::Essence(essence) => essence,
        Sound::File(file) => file,
    };
    let (heard, failure) = match found {
        Ok(heard) => (Some(heard), None),
        Err(reason) => (None, Some(reason)),
    };
    let loudness = heard.as_ref().map(|heard| heard.loudness);
    // A track that was removed meanwhile keeps nothing.
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO analysis(track, revision, sound, failure, lufs,
                true_peak_dbtp, range_lu, fingerprint)
             SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8 FROM track WHERE id = ?1",
        )?
        .execute(params![
            track,
            REVISION,
            sound,
            failure,
            loudness.and_then(|l| l.integrated).map(|lufs| lufs.0),
            loudness.and_then(|l| l.true_peak).map(|peak| peak.0),
            loudness.and_then(|l| l.range).map(|range| range.0),
            heard.as_ref().and_then(|heard| heard.print.as_ref()).map(prints::to_bytes),
        ])?;
    connection.prepare_cached("DELETE FROM waveform WHERE track = ?1")?.execute([track])?;
    connection
        .prepare_cached(
            "INSERT INTO waveform SELECT track, ?2 FROM analysis WHERE track = ?1 AND ?2 IS NOT NULL",
        )?
        .execute(params![track, heard.map(|heard| heard.peaks)])?;
    Ok(())
}

/// Columns of a track's figures, if they count.
fn figures<T>(
    connection: &Connection,
    track: TrackId,
    columns: &'static str,
    read: impl FnOnce(&store::rusqlite::Row<'_>) -> store::rusqlite::Result<T>,
) -> Result<Option<T>, Error> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {columns} FROM track JOIN analysis ON {IS_CURRENT}
         WHERE track.id = ?2 AND failure IS NULL"
    ))?;
    Ok(statement.query_row(params![REVISION, track], read).optional()?)
}

/// Sleeps, unless it is asked to stop.
fn rest(time: Duration, cancel: &Cancel) -> Result<(), Cancelled> {
    let mut left = time;
    while !left.is_zero() {
        cancel.check()?;
        let nap = left.min(NAP);
        std::thread::sleep(nap);
        left -= nap;
    }
    cancel.check()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
