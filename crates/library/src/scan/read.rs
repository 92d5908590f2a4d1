//! One folder's files, read: what is new in them, what is as it was, what is gone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicUsize};

use audio_file::{Decoder, Description, Essence, Sound};
use sha2::{Digest, Sha256};
use store::Store;

use super::identity;
use super::patience::Patience;
use crate::{Error, Library, RootId, TrackId};

/// Longer lyrics beside a file are no lyrics.
const MAX_LYRICS_BYTES: u64 = 256 << 10;

/// A folder in which something changed.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) path: String,
    pub(super) digest: Vec<u8>,
    pub(super) cover: Option<String>,
    /// Stems of files that have lyrics beside them.
    pub(super) lyrics: BTreeSet<String>,
    /// All sound files in it.
    pub(super) names: BTreeSet<String>,
    /// Pieces that are not written yet. With the last one the digest is written: a scan that is cut
    /// off before it looks into the folder again.
    pub(super) left: AtomicUsize,
    /// Whether a file in it had no time to be read: no digest is written then either.
    pub(super) is_unfinished: AtomicBool,
}

/// A sound file as the walk saw it.
#[derive(Debug, Clone)]
pub(super) struct OnDisk {
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) modified: i64,
}

/// Files of one folder, to be read.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) folder: Arc<Folder>,
    pub(super) files: Vec<OnDisk>,
    /// Whether it is the folder's first piece.
    pub(super) first: bool,
}

/// What came of a task.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) folder: Arc<Folder>,
    pub(super) found: Vec<Found>,
    /// Files that came back as they were.
    pub(super) returned: Vec<TrackId>,
    /// Files that are not in the folder any more.
    pub(super) gone: Vec<(TrackId, String)>,
    pub(super) unreadable: Vec<(String, String)>,
    /// Why the task as a whole failed.
    pub(super) failure: Option<Error>,
}

/// A new or changed file.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) path: String,
    pub(super) on_disk: OnDisk,
    pub(super) essence: Option<Vec<u8>>,
    pub(super) words: String,
    pub(super) said: Description,
}

/// A file the library knows in the folder.
struct Before {
    id: TrackId,
    size: u64,
    modified: i64,
    missing: bool,
}

pub(super) fn read(
    library: &Library,
    (root, place): (RootId, &Path),
    task: Task,
    full: bool,
) -> Read {
    let mut read = Read {
        folder: Arc::clone(&task.folder),
        found: Vec::new(),
        returned: Vec::new(),
        gone: Vec::new(),
        unreadable: Vec::new(),
        failure: None,
    };
    let mut before = match known(library.store(), root, &task.folder.path) {
        Ok(before) => before,
        Err(error) => {
            read.failure = Some(error);
            return read;
        }
    };
    for file in task.files {
        let path = below(&task.folder.path, &file.name);
        let stem = file.name.rsplit_once('.').map_or("", |(stem, _)| stem);
        let beside = task.folder.lyrics.contains(stem);
        if let Some(known) = before.remove(&path)
            && !full
            && !beside
            && (known.size, known.modified) == (file.size, file.modified)
        {
            read.returned.extend(known.missing.then_some(known.id));
            continue;
        }
        library.scan_status().file();
        let patience = Patience::new(library.clock());
        match look(place, path.clone(), file, beside, patience) {
            Ok(found) => read.found.push(found),
            Err(error) => {
                task.folder.is_unfinished.fetch_or(patience.check().is_err(), Relaxed);
                read.unreadable.push((path, error.to_string()));
            }
        }
    }
    if task.first {
        before.retain(|path, known| {
            let name = path.rsplit('/').next().unwrap_or(path);
            !known.missing && !task.folder.names.contains(name)
        });
        read.gone = before.into_iter().map(|(path, known)| (known.id, path)).collect();
    }
    read
}

/// A path below a folder of a root.
fn below(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn known(store: &Store, root: RootId, folder: &str) -> Result<BTreeMap<String, Before>, Error> {
    store.read(|connection| {
        let mut statement = connection.prepare_cached(
            "SELECT track.path, track.id, size, modified, track.missing IS NOT NULL FROM track
             JOIN folder ON folder.id = track.folder WHERE folder.root = ?1 AND folder.path = ?2",
        )?;
        let rows = statement.query_map((root, folder), |row| {
            let size: i64 = row.get(2)?;
            let (id, modified, missing) = (row.get(1)?, row.get(3)?, row.get(4)?);
            Ok((row.get(0)?, Before { id, size: size.unsigned_abs(), modified, missing }))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

fn look(
    root: &Path,
    path: String,
    on_disk: OnDisk,
    beside: bool,
    patience: Patience,
) -> Result<Found, audio_file::Error> {
    let place = root.join(&path);
    let mut file = patience.open(&place)?;
    let mut said = match Description::read(&mut file) {
        Ok(said) if said.sound.duration_ms > 0 => said,
        // Where the reader of tags gives up the sound may be whole, and the other way round.
        Ok(said) => Description { sound: heard(&place, patience)?, ..said },
        Err(_) => Description { sound: heard(&place, patience)?, ..Description::default() },
    };
    if beside {
        said.lyrics = lyrics(&place.with_extension("lrc")).or(said.lyrics);
    }
    let essence = Essence::read(&mut file)?;
    let essence = essence.map(|essence| Sha256::digest(essence.bytes())[..16].to_vec());
    let words = identity::words(&said, &path);
    Ok(Found { path, on_disk, essence, words, said })
}

/// The sound as the decoder finds it; the whole file is heard where its length is not stated.
fn heard(place: &Path, patience: Patience) -> Result<Sound, audio_file::Error> {
    let mut decoder = Decoder::open(patience.open(place)?)?;
    let format = decoder.format().clone();
    let frames = match format.stated_frames {
        Some(frames) => frames,
        None => {
            let mut frames = 0;
            while let Some(block) = decoder.next_block()? {
                patience.check()?;
                frames += block.first().map_or(0, |plane| plane.len() as u64);
            }
            frames
        }
    };
    if frames == 0 {
        return Err(audio_file::Error::Empty);
    }
    let rate = format.rate.hz();
    Ok(Sound {
        codec: codec(&format.name),
        duration_ms: frames.saturating_mul(1_000) / u64::from(rate.max(1)),
        bitrate_kbps: None,
        rate_hz: Some(rate),
        bits: None,
        channels: u8::try_from(format.layout.channels()).ok(),
    })
}

/// A codec by the last word of the decoder's name for it.
fn codec(name: &str) -> &'static str {
    let named = name.rsplit(' ').next().unwrap_or(name);
    let known = ["flac", "mp3", "vorbis", "opus", "aac", "alac", "wav", "aiff", "au", "mp2", "mp1"];
    known.into_iter().find(|codec| *codec == named).unwrap_or("pcm")
}

fn lyrics(place: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    // Lyrics that cannot be read are no reason not to play the song.
    File::open(place).and_then(|file| file.take(MAX_LYRICS_BYTES).read_to_end(&mut bytes)).ok()?;
    Some(String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_owned())
        .filter(|text| !text.trim().is_empty())
}
