//! Which album a track belongs to, and what the album is called.

use audio_file::Description;
use unicode_normalization::UnicodeNormalization;

use crate::RootId;
use crate::folding::identity;

/// Who an album is by when many are on it.
pub(super) const VARIOUS: &str = "Various Artists";

/// What separates artists that a tagger wrote into one value.
const SEPARATORS: [&str; 7] = ["; ", " / ", " feat. ", " feat ", " ft. ", " featuring ", " Feat. "];

/// An album as one of its tracks describes it.
#[derive(Debug)]
pub(super) struct AlbumOf {
    pub(super) key: String,
    pub(super) title: String,
    pub(super) sort: Option<String>,
    /// Who it is by; empty where no track says: then its tracks decide.
    pub(super) artists: Vec<Named>,
    pub(super) line: Option<String>,
}

/// An artist as a file names them.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) sort: Option<String>,
    pub(super) mbid: Option<String>,
}

/// The artists of a track: one by one where the file tells them apart.
pub(super) fn artists(said: &Description) -> Vec<Named> {
    named(&said.artists, said.artist_line.as_deref(), &said.artist_sorts, &said.artist_ids)
}

/// The album of a track. By its identity where the file has one; by album artist, title and date; where
/// no album artist is given, by folder and title, so that a compilation stays one; without a title the
/// folder is the album.
pub(super) fn album(said: &Description, root: RootId, folder: &str) -> AlbumOf {
    let folder = whole(folder);
    let line = said.album_artist_line.clone();
    let mut artists = named(
        &said.album_artists,
        line.as_deref(),
        &said.album_artist_sorts,
        &said.album_artist_ids,
    );
    if artists.is_empty() && said.compilation {
        artists.push(Named { name: VARIOUS.to_owned(), sort: None, mbid: None });
    }
    let names = artists.iter().map(|a| identity(&a.name)).collect::<Vec<_>>().join("|");
    let (key, title) = match (&said.release_id, &said.album) {
        (Some(release), Some(title)) => (format!("mbid|{release}"), title.clone()),
        (_, Some(title)) if artists.is_empty() => {
            (format!("folder|{root}|{folder}|{}", identity(title)), title.clone())
        }
        (_, Some(title)) => {
            let date = said.release_date.as_deref().or(said.date.as_deref()).unwrap_or_default();
            (format!("words|{names}|{}|{date}", identity(title)), title.clone())
        }
        (_, None) => (format!("folder|{root}|{folder}|"), folder_title(folder)),
    };
    AlbumOf { key, title, sort: said.album_sort.clone(), artists, line }
}

/// The folder of the album: the one above where a folder is one of its discs.
fn whole(folder: &str) -> &str {
    let (above, name) = folder.rsplit_once('/').unwrap_or(("", folder));
    let name = name.to_lowercase();
    let disc = ["cd", "disc", "disk"].iter().find_map(|word| name.strip_prefix(word));
    let is_disc = disc.is_some_and(|rest| {
        let number = rest.trim_start_matches([' ', '_', '-', '.']);
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    if is_disc && !above.is_empty() { above } else { folder }
}

fn folder_title(folder: &str) -> String {
    let name = folder.rsplit('/').next().unwrap_or(folder);
    if name.is_empty() { "Unknown Album".to_owned() } else { name.to_owned() }
}

fn named(list: &[String], line: Option<&str>, sorts: &[String], mbids: &[String]) -> Vec<Named> {
    let names: Vec<String> = match (list, line) {
        ([], None) => Vec::new(),
        ([], Some(line)) => split(line),
        ([only], _) => split(only),
        (several, _) => several.to_vec(),
    };
    let beside = |values: &[String], n: usize| {
        // Where the counts differ nobody knows which belongs to whom.
        if values.len() == names.len() { values.get(n).cloned() } else { None }
    };
    let named = names.iter().enumerate().map(|(n, name)| Named {
        name: name.nfc().collect(),
        sort: beside(sorts, n),
        mbid: beside(mbids, n),
    });
    named.collect()
}

fn split(line: &str) -> Vec<String> {
    let mut parts = vec![line.to_owned()];
    for separator in SEPARATORS {
        parts = parts.iter().flat_map(|part| part.split(separator)).map(str::to_owned).collect();
    }
    let mut names: Vec<String> = Vec::new();
    for part in parts {
        let part = part.trim();
        if !part.is_empty() && !names.iter().any(|name| identity(name) == identity(part)) {
            names.push(part.to_owned());
        }
    }
    names
}

/// The year of "1999-05-06", "1999", "06.05.1999".
pub(super) fn year(date: &str) -> Option<i64> {
    let digits = date.split(|letter: char| !letter.is_ascii_digit());
    digits
        .filter(|part| part.len() == 4)
        .find_map(|part| part.parse().ok())
        .filter(|year| *year > 0)
}

#[cfg(test)]
mod tests {
    use super::{split, whole, year};

    #[test]
    fn discs_of_an_album_are_one_folder() {
        assert_eq!(whole("Queen/Live/CD 2"), "Queen/Live");
        assert_eq!(whole("Queen/Discovery"), "Queen/Discovery");
        assert_eq!(whole("disc1"), "disc1");
    }

    #[test]
    fn artists_in_one_value_are_told_apart_and_names_with_slashes_stay_whole() {
        assert_eq!(split("AC/DC"), ["AC/DC"]);
        assert_eq!(split("A feat. B; C"), ["A", "B", "C"]);
        assert_eq!(split("A / a"), ["A"]);
        assert_eq!(year("06.05.1999"), Some(1999));
        assert_eq!(year("99"), None);
    }
}
