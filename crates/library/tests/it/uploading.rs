//! Files from outside: what is not what it says leaves nothing behind.

use std::cell::Cell;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use audio_file::Description;
use library::Error;
use library::uploads::{Refused, Taken, Uploads};

use crate::house::{House, song};

thread_local! {
    static COUNT: Cell<u8> = const { Cell::new(0) };
}

/// Numbers that are not random at all: each is another one.
fn numbers() -> [u8; 16] {
    COUNT.set(COUNT.get() + 1);
    [COUNT.get(); 16]
}

struct Door {
    house: House,
    folder: PathBuf,
}

impl Door {
    fn new() -> Self {
        let house = House::new();
        let folder = house.music().join("uploads");
        fs::create_dir(&folder).unwrap();
        Self { house, folder }
    }

    fn open(&self) -> Uploads {
        Uploads::new(self.house.library.clone(), &self.folder, numbers).unwrap()
    }

    fn song(&self, title: &str) -> Vec<u8> {
        let path = self.house.dir.path().join("made.flac");
        song(&path, 440, title, "Somebody", "First");
        fs::read(path).unwrap()
    }

    /// Everything in the folder, staged or not.
    fn left(&self) -> Vec<String> {
        let names = |folder: &Path| -> Vec<String> {
            let entries = fs::read_dir(folder).unwrap();
            entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
        };
        let mut all = names(&self.folder);
        all.retain(|name| name != ".incoming");
        all.extend(names(&self.folder.join(".incoming")));
        all.sort();
        all
    }
}

fn send(uploads: &Uploads, name: &str, bytes: &[u8]) -> Result<Taken, Error> {
    let mut incoming = uploads.begin(name, None)?;
    for piece in bytes.chunks(1_000) {
        incoming.write(piece)?;
    }
    incoming.finish()
}

fn refusal(result: Result<Taken, Error>) -> Refused {
    match result {
        Err(Error::Upload(refused)) => refused,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_song_is_taken_under_a_random_name_and_found_by_the_next_scan() {
    let door = Door::new();
    let uploads = door.open();
    let bytes = door.song("Mine");
    let Taken::New { path, title } = send(&uploads, "My Song.FLAC", &bytes).unwrap() else {
        panic!("it is new");
    };
    assert_eq!((title.as_str(), path.extension().unwrap()), ("Mine", "flac".as_ref()));
    let stem = path.file_stem().unwrap().to_str().unwrap();
    assert!(stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_hexdigit()), "{stem}");
    assert_eq!(fs::read(&path).unwrap(), bytes);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(door.left().len(), 1);
    door.house.scan();
    assert_eq!(door.house.rows("SELECT title FROM track"), ["Mine"]);
    // The same again is there already; the same with other words in another size is not.
    assert!(matches!(send(&uploads, "again.flac", &bytes).unwrap(), Taken::Known(_)));
    assert_eq!(door.left().len(), 1);
    let other = door.song("Mine, with a longer title");
    assert!(matches!(send(&uploads, "other.flac", &other).unwrap(), Taken::New { .. }));
}

#[test]
fn a_song_without_words_is_called_by_its_name() {
    let door = Door::new();
    let bytes = door.song("");
    let long = format!("A_{}\u{7}.flac", "ä".repeat(125));
    for (name, title) in [("My_Song \u{1b}[1m.flac", "My Song [1m"), ("...flac", "Untitled")] {
        let Taken::New { path, title: called } = send(&door.open(), name, &bytes).unwrap() else {
            panic!("it is new");
        };
        assert_eq!(called, title);
        let said = Description::read(&mut fs::File::open(path).unwrap()).unwrap();
        assert_eq!(said.title.as_deref(), Some(title));
    }
    assert!(matches!(door.open().begin(&long, None), Err(Error::Upload(Refused::Name))));
}

#[test]
fn what_is_refused_leaves_nothing() {
    let door = Door::new();
    let uploads = door.open();
    let flac = door.song("Mine");
    for name in
        ["a/b.flac", "..\\b.flac", "a\0.flac", "flac", "", &format!("{}.flac", "x".repeat(256))]
    {
        assert_eq!(refusal(send(&uploads, name, &flac)), Refused::Name, "{name:?}");
    }
    for name in ["a.exe", "a.flac.sh", "a.", "a.html"] {
        assert_eq!(refusal(send(&uploads, name, &flac)), Refused::Ending, "{name}");
    }
    // Another signature, a signature and nothing behind it, one sound behind another's signature.
    let tagged = [&b"ID3\x04\0\0\0\0\0\0"[..], &flac].concat();
    let avi = [&b"RIFF\0\0\0\0AVI LIST"[..], &[0; 4_000]].concat();
    for (name, bytes) in [("a.mp3", &flac), ("a.wav", &avi), ("a.opus", &flac), ("a.mp3", &tagged)]
    {
        assert_eq!(refusal(send(&uploads, name, bytes)), Refused::Signature, "{name}");
    }
    assert_eq!(refusal(send(&uploads, "a.flac", b"")), Refused::Empty);
    for bytes in [&b"fLaC and then nothing"[..], &flac[..60]] {
        assert!(matches!(refusal(send(&uploads, "a.flac", bytes)), Refused::Sound(_)));
    }
    drop(uploads.begin("a.flac", None).unwrap());
    assert_eq!(door.left(), Vec::<String>::new());
}

#[test]
fn one_byte_above_the_limit_is_refused_before_it_is_written() {
    let door = Door::new();
    let bytes = door.song("Mine");
    let most = bytes.len() as u64;
    let uploads = door.open().up_to(most - 1);
    assert_eq!(refusal(send(&uploads, "a.flac", &bytes)), Refused::TooLarge { most: most - 1 });
    assert!(uploads.begin("a.flac", Some(most)).is_err());
    let mut incoming = uploads.begin("a.flac", Some(1)).unwrap();
    incoming.write(&bytes[1..]).unwrap();
    assert!(incoming.write(&bytes[..1]).is_err());
    let staged = door.folder.join(".incoming").join(&door.left()[0]);
    assert_eq!(fs::metadata(staged).unwrap().len(), most - 1);
    assert!(matches!(refusal(incoming.finish()), Refused::TooLarge { .. }));
    assert_eq!(door.left(), Vec::<String>::new());
    assert!(send(&door.open().up_to(most), "a.flac", &bytes).is_ok());
}

#[test]
fn a_path_swapped_on_the_way_changes_nothing_that_is_kept() {
    let door = Door::new();
    let uploads = door.open();
    let secret = door.house.dir.path().join("secret");
    fs::write(&secret, "a key").unwrap();
    for swap in 0..3 {
        let mut incoming = uploads.begin("a.flac", None).unwrap();
        let staged = door.folder.join(".incoming").join(&door.left()[0]);
        let bytes = door.song("Mine");
        incoming.write(&bytes[..1_000]).unwrap();
        fs::remove_file(&staged).unwrap();
        match swap {
            0 => fs::write(&staged, "another file").unwrap(),
            1 => symlink(&secret, &staged).unwrap(),
            _ => {}
        }
        incoming.write(&bytes[1_000..]).unwrap();
        assert_eq!(refusal(incoming.finish()), Refused::Swapped, "{swap}");
        assert_eq!(door.left(), Vec::<String>::new());
        assert_eq!(fs::read_to_string(&secret).unwrap(), "a key");
    }
}

#[test]
fn a_path_that_is_taken_is_never_written_through() {
    let door = Door::new();
    let uploads = door.open();
    let secret = door.house.dir.path().join("secret");
    fs::write(&secret, "a key").unwrap();
    let next = COUNT.get() + 1;
    let name: String = [next; 16].iter().map(|byte| format!("{byte:02x}")).collect();
    symlink(&secret, door.folder.join(".incoming").join(name)).unwrap();
    assert!(matches!(uploads.begin("a.flac", None), Err(Error::Io { .. })));
    assert_eq!(fs::read_to_string(&secret).unwrap(), "a key");
}

#[test]
fn what_an_earlier_run_has_left_is_swept_and_a_link_is_no_folder() {
    let door = Door::new();
    drop(door.open());
    fs::write(door.folder.join(".incoming/old"), "half").unwrap();
    drop(door.open());
    assert_eq!(door.left(), Vec::<String>::new());
    let elsewhere = door.house.dir.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join("mine"), "x").unwrap();
    fs::remove_dir(door.folder.join(".incoming")).unwrap();
    symlink(&elsewhere, door.folder.join(".incoming")).unwrap();
    let opened = Uploads::new(door.house.library.clone(), &door.folder, numbers);
    assert!(matches!(opened, Err(Error::Io { .. })));
    assert!(elsewhere.join("mine").exists());
}

#[test]
fn every_format_is_taken_under_its_own_endings() {
    let test = "every_format_is_taken_under_its_own_endings";
    let Some(ffmpeg) = testkit::program("ffmpeg", test) else { return };
    let door = Door::new();
    let uploads = door.open();
    let made = [
        ("mp3", "a.mp3"),
        ("ogg", "a.ogg"),
        ("ogg", "a.oga"),
        ("opus", "a.opus"),
        ("m4a", "a.m4a"),
        ("m4a", "a.mp4"),
        ("wav", "a.wav"),
        ("aiff", "a.aif"),
        ("au", "a.au"),
        ("aac", "a.aac"),
    ];
    for (n, (format, name)) in made.into_iter().enumerate() {
        let path = door.house.dir.path().join(format!("made.{format}"));
        let mut command = Command::new(&ffmpeg);
        let sine = format!("sine={}:duration=1", 300 + n);
        command.args(["-v", "error", "-y", "-f", "lavfi", "-i", &sine]);
        testkit::run(command.arg(&path));
        let taken = send(&uploads, name, &fs::read(&path).unwrap());
        assert!(matches!(taken, Ok(Taken::New { .. })), "{name}: {taken:?}");
    }
}
