//! The settings of the server, and the folders it lives in.

use std::path::{Path, PathBuf};
use std::time::Duration;

use gateway::{BasePath, Limits, Tls};
use library::Allowed;
use ops::settings::{Key, Settings, named};

/// Where a home server of this kind is looked for.
const LISTEN: &str = "127.0.0.1:4533";
/// Longest pause between two scans: a week.
const MAX_INTERVAL_MINUTES: u64 = 7 * 24 * 60;
/// More pictures than any collection has albums.
const MAX_COVERS_MB: u64 = 1 << 20;
/// More than this machine answers.
const MAX_RATE: u32 = 100_000;
/// All there are.
const MAX_AT_A_TIME: usize = 512;
/// Nobody hears more songs in a day.
const MAX_SONGS_A_DAY: u32 = 1_000;

pub(super) const KEYS: [Key; 20] = [
    Key {
        name: "covers.cache-mb",
        variable: "AURALIS_COVERS_CACHE_MB",
        default: "256",
        meaning: "megabytes of disk for covers in the sizes clients ask for",
    },
    Key {
        name: "data.folder",
        variable: "AURALIS_DATA_FOLDER",
        default: "",
        meaning: "where the database and composed songs are; empty for the usual place",
    },
    Key {
        name: "library.analysis",
        variable: "AURALIS_LIBRARY_ANALYSIS",
        default: "on",
        meaning: "measure loudness, waveform and sound of each track after a scan: on, off",
    },
    Key {
        name: "library.import-playlists",
        variable: "AURALIS_LIBRARY_IMPORT_PLAYLISTS",
        default: "on",
        meaning: "make playlists of the M3U and .nsp files among the music: on, off",
    },
    Key {
        name: "library.interval-minutes",
        variable: "AURALIS_LIBRARY_INTERVAL_MINUTES",
        default: "60",
        meaning: "minutes between scans, beside those that changes on the disk begin",
    },
    Key {
        name: "library.parents",
        variable: "AURALIS_LIBRARY_PARENTS",
        default: "",
        meaning: "folders in which an admin may choose further roots, separated by commas",
    },
    Key {
        name: "library.roots",
        variable: "AURALIS_LIBRARY_ROOTS",
        default: "",
        meaning: "folders of music, separated by commas; empty for your music folder",
    },
    Key {
        name: "server.allowed-hosts",
        variable: "AURALIS_SERVER_ALLOWED_HOSTS",
        default: "",
        meaning: "names by which the server is called, separated by commas",
    },
    Key {
        name: "server.allowed-origins",
        variable: "AURALIS_SERVER_ALLOWED_ORIGINS",
        default: "",
        meaning: "pages elsewhere that may ask with a key, separated by commas",
    },
    Key {
        name: "server.base-path",
        variable: "AURALIS_SERVER_BASE_PATH",
        default: "",
        meaning: "the path a proxy puts the server under, as /music",
    },
    Key {
        name: "server.listen",
        variable: "AURALIS_SERVER_LISTEN",
        default: LISTEN,
        meaning: "address and port to listen on",
    },
    Key {
        name: "server.requests-at-a-time",
        variable: "AURALIS_SERVER_REQUESTS_AT_A_TIME",
        default: "64",
        meaning: "requests of one client served at a time",
    },
    Key {
        name: "server.requests-per-second",
        variable: "AURALIS_SERVER_REQUESTS_PER_SECOND",
        default: "100",
        meaning: "requests a second of one client in the long run; four times as many at once",
    },
    Key {
        name: "server.tls",
        variable: "AURALIS_SERVER_TLS",
        default: "off",
        meaning: "off, self-signed, or files (server.tls-certificate and server.tls-key)",
    },
    Key {
        name: "server.tls-certificate",
        variable: "AURALIS_SERVER_TLS_CERTIFICATE",
        default: "",
        meaning: "the certificate and those it rests on, as a PEM file",
    },
    Key {
        name: "server.tls-key",
        variable: "AURALIS_SERVER_TLS_KEY",
        default: "",
        meaning: "the key of the certificate, as a PEM file",
    },
    Key {
        name: "server.trusted-proxies",
        variable: "AURALIS_SERVER_TRUSTED_PROXIES",
        default: "",
        meaning: "addresses of proxies whose X-Forwarded-For counts, separated by commas",
    },
    Key {
        name: "songs.per-day",
        variable: "AURALIS_SONGS_PER_DAY",
        default: "50",
        meaning: "songs each listener may have composed in a day",
    },
    Key {
        name: "tags.write-back",
        variable: "AURALIS_TAGS_WRITE_BACK",
        default: "off",
        meaning: "whether the tags of your files may be edited: off, on",
    },
    Key {
        name: "uploads.folder",
        variable: "AURALIS_UPLOADS_FOLDER",
        default: "",
        meaning: "where uploaded files go; empty for no uploads",
    },
];

/// How the server is run.
#[derive(Debug, Clone)]
pub(crate) struct Serving {
    pub(crate) shell: gateway::Settings,
    pub(crate) data: PathBuf,
    home: Option<PathBuf>,
    pub(crate) roots: Vec<PathBuf>,
    pub(crate) parents: Vec<PathBuf>,
    pub(crate) interval: Duration,
    pub(crate) analysis: bool,
    pub(crate) import_playlists: bool,
    pub(crate) covers_bytes: u64,
    pub(crate) songs_per_day: u32,
    pub(crate) write_back: bool,
    pub(crate) uploads: Option<PathBuf>,
}

impl Serving {
    /// Where folders of the configuration may be: anywhere but among secrets.
    pub(crate) fn configured(&self) -> Allowed {
        Allowed { home: self.home.clone(), parents: None }
    }

    /// Where an admin may choose further roots: in the configured folders alone.
    pub(crate) fn allowed(&self) -> Allowed {
        Allowed { home: self.home.clone(), parents: Some(self.parents.clone()) }
    }
}

const SWITCH: [(&str, bool); 2] = [("on", true), ("off", false)];

/// The folders of the person at it, from the environment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Folders {
    home: Option<PathBuf>,
    data: Option<PathBuf>,
    music: Option<PathBuf>,
}

impl Folders {
    /// `$XDG_DATA_HOME` or `~/.local/share`; `$XDG_MUSIC_DIR` or `~/Music` where it is there.
    pub(crate) fn of_environment() -> Self {
        let home = std::env::var_os("HOME").map(PathBuf::from);
        let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
        let data = variable("XDG_DATA_HOME")
            .filter(|path| path.is_absolute())
            .or_else(|| home.as_ref().map(|home| home.join(".local/share")));
        let music = variable("XDG_MUSIC_DIR").or_else(|| home.as_ref().map(|h| h.join("Music")));
        Self {
            data: data.map(|data| data.join("auralis")),
            music: music.filter(|music| music.is_dir()),
            home,
        }
    }
}

pub(super) fn resolve(settings: &Settings, folders: &Folders) -> Result<Serving, ops::Error> {
    let data = settings.read("data.folder", "a folder, or HOME in the environment", |text| {
        path(text).or_else(|| folders.data.clone())
    })?;
    let mut roots = settings.read("library.roots", "folders", |text| Some(paths(text)))?;
    if roots.is_empty() {
        roots.extend(folders.music.clone());
    }
    Ok(Serving {
        shell: shell(settings, &data)?,
        home: folders.home.clone(),
        roots,
        parents: settings.read("library.parents", "folders", |text| Some(paths(text)))?,
        interval: settings.read("library.interval-minutes", "1 to 10080", |text| {
            let minutes = text.parse().ok();
            let minutes = minutes.filter(|n| (1..=MAX_INTERVAL_MINUTES).contains(n));
            minutes.map(|minutes| Duration::from_secs(minutes * 60))
        })?,
        analysis: settings.read("library.analysis", "on or off", |text| named(&SWITCH, text))?,
        import_playlists: settings
            .read("library.import-playlists", "on or off", |text| named(&SWITCH, text))?,
        covers_bytes: settings.read("covers.cache-mb", "1 to 1048576", |text| {
            let megabytes = text.parse().ok().filter(|n| (1..=MAX_COVERS_MB).contains(n));
            megabytes.map(|megabytes| megabytes << 20)
        })?,
        songs_per_day: settings.read("songs.per-day", "0 to 1000", |text| {
            text.parse().ok().filter(|songs| *songs <= MAX_SONGS_A_DAY)
        })?,
        write_back: settings.read("tags.write-back", "on or off", |text| named(&SWITCH, text))?,
        uploads: settings.read("uploads.folder", "a folder", |text| Some(path(text)))?,
        data,
    })
}

fn shell(settings: &Settings, data: &Path) -> Result<gateway::Settings, ops::Error> {
    use gateway::Settings as Shell;
    let listen = settings
        .read("server.listen", "an address and port as 127.0.0.1:4533", |t| t.parse().ok())?;
    let hosts = settings.read("server.allowed-hosts", "names without a path", |text| {
        Shell::parse_hosts(text).ok()
    })?;
    let origins = settings.read(
        "server.allowed-origins",
        "origins as https://example.org; there is no wildcard",
        |text| Shell::parse_origins(text).ok(),
    )?;
    let proxies =
        settings.read("server.trusted-proxies", "addresses or blocks as 10.0.0.0/8", |text| {
            Shell::parse_proxies(text).ok()
        })?;
    let base_path =
        settings.read("server.base-path", "a path as /music", |text| BasePath::parse(text).ok())?;
    Ok(Shell {
        listen,
        base_path,
        hosts,
        origins,
        proxies,
        tls: tls(settings, data)?,
        limits: limits(settings)?,
        ..Shell::default()
    })
}

fn limits(settings: &Settings) -> Result<Limits, ops::Error> {
    let rate = settings.read("server.requests-per-second", "1 to 100000", |text| {
        text.parse().ok().filter(|rate| (1..=MAX_RATE).contains(rate))
    })?;
    let at_a_time = settings.read("server.requests-at-a-time", "1 to 512", |text| {
        text.parse().ok().filter(|n| (1..=MAX_AT_A_TIME).contains(n))
    })?;
    Ok(Limits {
        rate_per_second: rate,
        rate_burst: rate.saturating_mul(4),
        concurrent_per_client: at_a_time,
        ..Limits::default()
    })
}

fn tls(settings: &Settings, data: &Path) -> Result<Tls, ops::Error> {
    let certificate =
        settings.read("server.tls-certificate", "a PEM file", |text| Some(path(text)))?;
    let key = settings.read("server.tls-key", "a PEM file", |text| Some(path(text)))?;
    let accepted = "off, self-signed, or files with server.tls-certificate and server.tls-key";
    settings.read("server.tls", accepted, |text| match (text, certificate, key) {
        ("off", ..) => Some(Tls::Off),
        ("self-signed", ..) => Some(Tls::SelfSigned { folder: data.to_owned() }),
        ("files", Some(certificate), Some(key)) => Some(Tls::Files { certificate, key }),
        _ => None,
    })
}

fn path(text: &str) -> Option<PathBuf> {
    (!text.is_empty()).then(|| PathBuf::from(text))
}

/// A list of folders: separated by commas, or a list of TOML.
fn paths(text: &str) -> Vec<PathBuf> {
    let inner = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
    let names = inner.split(',').map(|name| name.trim().trim_matches('"'));
    names.filter(|name| !name.is_empty()).map(PathBuf::from).collect()
}

#[cfg(test)]
mod tests {
    use super::paths;

    #[test]
    fn folders_are_listed_with_commas_or_as_toml() {
        let expected = ["/a b".into(), "/c".into()] as [std::path::PathBuf; 2];
        assert_eq!(paths("/a b, /c"), expected);
        assert_eq!(paths("[\"/a b\", \"/c\"]"), expected);
        assert!(paths("").is_empty());
    }
}
