//! A collection in a folder of its own.

use std::path::{Path, PathBuf};

use audio::{Buffer, SampleRate};
use audio_file::{Depth, Pcm, Tags, write_flac};
use clock::{Nanos, Seed};
use fault::Cancel;
use library::folding::{identity, sort_key};
use library::scan::{Counts, Options};
use library::{Error, Library, SCHEMA, TrackId};
use store::rusqlite::{Connection, params};
use store::{Chapter, Store, UserId};
use tempfile::TempDir;

/// Listeners, as the library needs them.
pub(crate) const LISTENERS: Chapter = Chapter {
    name: "listeners",
    steps: &["CREATE TABLE user(id INTEGER PRIMARY KEY) STRICT;
              INSERT INTO user VALUES(1), (2)"],
};

pub(crate) const ANNA: UserId = UserId(1);
pub(crate) const BERT: UserId = UserId(2);

pub(crate) struct House {
    pub(crate) dir: TempDir,
    pub(crate) library: Library,
}

pub(crate) fn now() -> Nanos {
    Nanos(1_700_000_000_000_000_000)
}

impl House {
    pub(crate) fn new() -> Self {
        Self::at(now)
    }

    /// Where a clock of ours tells the time.
    pub(crate) fn at(now: fn() -> Nanos) -> Self {
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

    /// Tracks without files: rows as a scan would have made them. Their ids count from 1.
    pub(crate) fn fill(&self, songs: &[Song]) -> Vec<TrackId> {
        let songs = songs.to_vec();
        self.library
            .store()
            .write(move |connection| -> Result<Vec<TrackId>, store::Error> {
                songs.iter().map(|song| Ok(row(connection, song)?)).collect()
            })
            .unwrap()
    }

    /// So many tracks named after their numbers from 1, each of another artist.
    pub(crate) fn numbered(&self, count: usize) -> Vec<TrackId> {
        let songs: Vec<Song> = (1..=count).map(|n| Song::named(&n.to_string())).collect();
        self.fill(&songs)
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

/// A track as the database has it, with what Anna gave it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Song {
    pub(crate) title: String,
    pub(crate) path: String,
    pub(crate) artists: Vec<String>,
    pub(crate) album: String,
    pub(crate) compilation: bool,
    pub(crate) genres: Vec<String>,
    pub(crate) moods: Vec<String>,
    pub(crate) comment: Option<String>,
    pub(crate) year: Option<i64>,
    pub(crate) bpm: Option<i64>,
    pub(crate) date: Option<String>,
    pub(crate) duration_ms: i64,
    pub(crate) added: i64,
    pub(crate) missing: bool,
    pub(crate) starred: Option<i64>,
    pub(crate) rating: Option<i64>,
    pub(crate) plays: i64,
    pub(crate) played: Option<i64>,
}

impl Song {
    pub(crate) fn named(name: &str) -> Self {
        Self {
            title: name.to_owned(),
            path: format!("{name}.flac"),
            artists: vec![format!("artist of {name}")],
            album: "Album".to_owned(),
            duration_ms: 1_000,
            ..Self::default()
        }
    }
}

fn row(connection: &Connection, song: &Song) -> store::rusqlite::Result<TrackId> {
    connection.execute(
        "INSERT INTO folder(root, path, name) VALUES(1, '', '') ON CONFLICT DO NOTHING",
        [],
    )?;
    let album: i64 = connection.query_row(
        "INSERT INTO album(key, lead, title, sort, artist_line, artist_sort, compilation, tracks, added)
         VALUES(?1, '', ?2, ?3, '', '', ?4, 1, 0) ON CONFLICT(key) DO UPDATE SET tracks = tracks + 1
         RETURNING id",
        params![format!("{}{}", song.album, song.compilation), song.album, sort_key(&song.album), song.compilation],
        |row| row.get(0),
    )?;
    let joined = |values: &[String]| (!values.is_empty()).then(|| values.join("; "));
    let id: TrackId = connection.query_row(
        "INSERT INTO track(root, folder, path, size, modified, essence, words, album, title, sort,
            artist_line, artist_sort, year, date, comment, moods, bpm, codec, suffix, duration_ms,
            added, missing)
         VALUES(1, 1, ?1, 1, 0, NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'flac', 'flac', ?12,
            ?13, ?14) RETURNING id",
        params![
            song.path,
            album,
            song.title,
            sort_key(&song.title),
            song.artists.join("; "),
            song.artists.first().map(|name| sort_key(name)).unwrap_or_default(),
            song.year,
            song.date,
            song.comment,
            joined(&song.moods),
            song.bpm,
            song.duration_ms,
            song.added,
            song.missing.then_some(5),
        ],
        |row| row.get(0),
    )?;
    for (position, name) in (0_i64..).zip(&song.artists) {
        let artist: i64 = connection.query_row(
            "INSERT INTO artist(key, name, sort, tracks) VALUES(?1, ?2, ?3, 1)
             ON CONFLICT(key) DO UPDATE SET tracks = tracks + 1 RETURNING id",
            params![identity(name), name, sort_key(name)],
            |row| row.get(0),
        )?;
        connection
            .execute("INSERT INTO credit VALUES(?1, 0, ?2, ?3)", params![id, position, artist])?;
    }
    for (position, name) in (0_i64..).zip(&song.genres) {
        let genre: i64 = connection.query_row(
            "INSERT INTO genre(key, name, tracks) VALUES(?1, ?2, 1)
             ON CONFLICT(key) DO UPDATE SET tracks = tracks + 1 RETURNING id",
            params![identity(name), name],
            |row| row.get(0),
        )?;
        connection
            .execute("INSERT INTO track_genre VALUES(?1, ?2, ?3)", params![id, position, genre])?;
    }
    connection.execute(
        "INSERT INTO track_mark(user, track, starred, rating, plays, played) VALUES(1, ?1, ?2, ?3, ?4, ?5)",
        params![id, song.starred, song.rating, song.plays, song.played],
    )?;
    Ok(id)
}
