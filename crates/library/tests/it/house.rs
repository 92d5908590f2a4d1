//! A collection in a folder of its own.

use std::path::{Path, PathBuf};

use audio::{Buffer, SampleRate};
use audio_file::{Depth, Pcm, Tags, write_flac};
use clock::{Nanos, Seed};
use fault::Cancel;
use library::scan::{Counts, Options};
use library::{Error, Library, SCHEMA};
use store::{Chapter, Store};
use tempfile::TempDir;

/// Listeners, as the library needs them.
pub(crate) const LISTENERS: Chapter = Chapter {
    name: "listeners",
    steps: &["CREATE TABLE user(id INTEGER PRIMARY KEY) STRICT;
              INSERT INTO user VALUES(1), (2)"],
};

pub(crate) struct House {
    pub(crate) dir: TempDir,
    pub(crate) library: Library,
}

pub(crate) fn now() -> Nanos {
    Nanos(1_700_000_000_000_000_000)
}

impl House {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("music")).unwrap();
        let store = Store::open(&dir.path().join("a.db"), &[LISTENERS, SCHEMA], 2).unwrap();
        let library = Library::new(store, now);
        library.add_root(&dir.path().join("music")).unwrap();
        Self { dir, library }
    }

    pub(crate) fn music(&self) -> PathBuf {
        self.dir.path().join("music")
    }

    pub(crate) fn scan(&self) -> Counts {
        self.try_scan().unwrap()
    }

    pub(crate) fn try_scan(&self) -> Result<Counts, Error> {
        let options = Options { full: false, threads: 2 };
        let outcome = self.library.scan(options, &Cancel::new()).unwrap().pop().unwrap();
        outcome.found
    }

    /// The tracks that are there: path, title, artist, album.
    pub(crate) fn tracks(&self) -> Vec<String> {
        self.rows(
            "SELECT concat_ws('|', path, track.title, track.artist_line, album.title, album.artist_line)
             FROM track JOIN album ON album.id = album WHERE missing IS NULL ORDER BY path",
        )
    }

    pub(crate) fn rows(&self, sql: &str) -> Vec<String> {
        self.library
            .store()
            .read(|connection| -> Result<_, store::Error> {
                let mut statement = connection.prepare(sql)?;
                let rows = statement.query_map([], |row| row.get(0))?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .unwrap()
    }

    pub(crate) fn write(&self, sql: &'static str) {
        self.library
            .store()
            .write(move |connection| -> Result<(), store::Error> {
                Ok(connection.execute_batch(sql)?)
            })
            .unwrap();
    }
}

/// A second of a tone as FLAC, with a title, an artist and an album.
pub(crate) fn song(path: &Path, hz: u32, title: &str, artist: &str, album: &str) {
    let tags = Tags {
        title: title.to_owned(),
        artist: artist.to_owned(),
        album: album.to_owned(),
        ..Tags::default()
    };
    tagged(path, hz, &tags);
}

pub(crate) fn tagged(path: &Path, hz: u32, tags: &Tags) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let rate = SampleRate::CD;
    let wave = |n: usize| {
        let turns = f64::from(hz) * n as f64 / f64::from(rate.hz());
        (0.25 * libm::sin(turns * std::f64::consts::TAU)) as f32
    };
    let plane: Vec<f32> = (0..rate.hz() as usize).map(wave).collect();
    let buffer = Buffer::from_planes(rate, vec![plane.clone(), plane]).unwrap();
    let pcm = Pcm::quantise(&buffer, Depth::Sixteen, Seed(1));
    let mut bytes = std::io::Cursor::new(Vec::new());
    write_flac(&mut bytes, &pcm, tags).unwrap();
    std::fs::write(path, bytes.into_inner()).unwrap();
}
