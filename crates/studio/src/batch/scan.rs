use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::BatchOrder;
use crate::Error;
use crate::folder;
use crate::master::is_same_file;

/// What was done, beside the masters: a line of JSON for each.
pub const STATE_FILE: &str = "batch.jsonl";

/// One file: where it is, and where its master goes; both below their folders too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) input: PathBuf,
    pub(super) output: PathBuf,
    pub(super) input_name: String,
    pub(super) output_name: String,
}

/// What is worked on at once: a file, or the files of an album.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) jobs: Vec<Job>,
    pub(super) passed_over: usize,
}

/// Every file below the input that holds sound, in the order of names, whatever the names say.
pub(super) fn scan(order: &BatchOrder) -> Result<Found, Error> {
    refuse_inside(&order.input, &order.out)?;
    let (sounds, others): (Vec<PathBuf>, Vec<PathBuf>) =
        folder::files(&order.input)?.into_iter().partition(|file| folder::holds_sound(file));
    let names = names(order, &sounds);
    let originals = sounds
        .iter()
        .map(|sound| sound.canonicalize().map_err(ops::Error::io("read", sound)))
        .collect::<Result<BTreeSet<PathBuf>, _>>()?;
    let mut albums: BTreeMap<PathBuf, Vec<Entry>> = BTreeMap::new();
    let mut outputs: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    for (input, name) in sounds.into_iter().zip(names) {
        let below = input.strip_prefix(&order.input).unwrap_or(&input);
        let output = order.out.join(&name);
        // A link inside the folder of the masters may lead back among the originals.
        refuse_inside(&order.input, output.parent().unwrap_or(&order.out))?;
        if output.exists() {
            let place = output.canonicalize().map_err(ops::Error::io("read", &output))?;
            if originals.contains(&place) || is_same_file(&input, &output)? {
                return Err(Error::SameFile(output));
            }
        }
        if let Some(first) = outputs.insert(output.clone(), input.clone()) {
            return Err(Error::OneOutput { first, second: input, output });
        }
        let folder = below.parent().unwrap_or(Path::new("")).to_owned();
        albums.entry(folder).or_default().push(Entry {
            input_name: below.display().to_string(),
            output_name: name.display().to_string(),
            input,
            output,
        });
    }
    let jobs = albums.into_values().flat_map(|entries| {
        if order.album {
            vec![Job { entries }]
        } else {
            entries.into_iter().map(|entry| Job { entries: vec![entry] }).collect()
        }
    });
    Ok(Found { jobs: jobs.collect(), passed_over: others.len() })
}

/// The names of the masters below their folder: the ending changes. Files that differ by it alone
/// keep it: "song.flac" and "song.ogg" become "song.flac.mp3" and "song.ogg.mp3".
fn names(order: &BatchOrder, sounds: &[PathBuf]) -> Vec<PathBuf> {
    let ending = order.format.ending();
    let below = |input: &PathBuf| input.strip_prefix(&order.input).unwrap_or(input).to_owned();
    let mut twins: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for input in sounds {
        *twins.entry(below(input).with_extension("")).or_default() += 1;
    }
    let name = |input: &PathBuf| {
        let below = below(input);
        if twins[&below.with_extension("")] == 1 {
            return below.with_extension(ending);
        }
        let mut whole = below.into_os_string();
        whole.push(format!(".{ending}"));
        PathBuf::from(whole)
    };
    sounds.iter().map(name).collect()
}

/// Masters among originals would be mastered again, and could take the place of one.
fn refuse_inside(input: &Path, out: &Path) -> Result<(), Error> {
    let real = |path: &Path| path.canonicalize().map_err(ops::Error::io("read", path));
    let originals = real(input)?;
    if !originals.is_dir() {
        return Err(ops::Error::NotAFolder(input.to_owned()).into());
    }
    let absolute = std::path::absolute(out).map_err(ops::Error::io("create", out))?;
    // The nearest folder that is there says where the rest will be.
    let place = absolute.ancestors().find_map(|folder| folder.canonicalize().ok());
    if place.is_some_and(|place| place.starts_with(&originals)) {
        return Err(Error::InsideInput { out: out.to_owned(), input: input.to_owned() });
    }
    Ok(())
}
