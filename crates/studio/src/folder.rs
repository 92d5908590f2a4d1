//! Folders of sound files, known by what is in them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Error;

/// Folders in folders, at most so many: deeper is a loop of mounts.
const MAX_DEPTH: usize = 64;

/// Every file below a folder, in the order of names; hidden ones are left out.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    walk(folder, 0, &mut files)?;
    files.sort();
    Ok(files)
}

/// Links to folders are not followed: they may lead back. Hidden files are nobody's music.
fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    let refused = || ops::Error::io("read", folder);
    for entry in fs::read_dir(folder).map_err(refused())? {
        let entry = entry.map_err(refused())?;
        let kind = entry.file_type().map_err(refused())?;
        let path = entry.path();
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if kind.is_dir() {
            if depth < MAX_DEPTH {
                walk(&path, depth + 1, files)?;
            }
        } else if path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

/// Whether a file begins as sound does. One that does and then cannot be decoded is a failure that
/// is told; a cover or a playlist is none.
pub(crate) fn holds_sound(path: &Path) -> bool {
    let Ok(file) = ops::open(path) else { return true };
    match audio_file::Decoder::open(std::io::BufReader::new(file)) {
        Ok(_) => true,
        Err(audio_file::Error::UnknownFormat) => is_named_as_sound(path),
        Err(_) => true,
    }
}

/// A broken file that calls itself sound is to be told of.
fn is_named_as_sound(path: &Path) -> bool {
    const ENDINGS: [&str; 13] = [
        "wav", "flac", "mp3", "ogg", "oga", "opus", "m4a", "aac", "aif", "aiff", "au", "mp4",
        "rf64",
    ];
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}
