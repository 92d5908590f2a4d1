use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use clock::Date;
use fault::{Cancel, Class, Fault, Progress, Silent};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use testkit::server::{Asked, Reply, Server};
use venues::Error;
use venues::archive::{Archive, Every, Fetched, Kind, Patience, Place};

const NAME: &str = "BTCUSDT-1m-2024-01.zip";
const FOLDER: &str = "futures/um/monthly/klines/BTCUSDT/1m";

/// The file the servers have: larger than what is read at once.
fn content() -> Vec<u8> {
    (0..300_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect()
}

fn checksum() -> Reply {
    let digest = Sha256::digest(content());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Reply::whole(format!("{hex}  {NAME}\n").as_bytes())
}

/// A server whose checksum is right, and whose file is answered for as a test says.
fn server(answer: impl Fn(&Asked, usize) -> Reply + Send + 'static) -> Server {
    Server::start(move |asked, before| {
        let (path, of) = (format!("/data/{FOLDER}/{NAME}"), asked.path.strip_suffix(".CHECKSUM"));
        if of == Some(&path) {
            checksum()
        } else if asked.path == path {
            answer(asked, before)
        } else {
            Reply::status(404)
        }
    })
}

fn january() -> Place {
    let day = Date::parse("2024-01-15").unwrap();
    Place::all("BTCUSDT", Kind::Klines, "1m", Every::Month, (day, day)).unwrap().remove(0)
}

/// A folder that is fetched into.
struct Here(TempDir);

impl Here {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn whole(&self) -> PathBuf {
        self.0.path().join(FOLDER).join(NAME)
    }

    fn part(&self) -> PathBuf {
        self.0.path().join(FOLDER).join(format!("{NAME}.part"))
    }

    fn fetch(&self, server: &Server) -> Result<Fetched, Error> {
        self.fetch_by(server, &Silent, &Cancel::new(), PATIENCE)
    }

    fn fetch_by(
        &self,
        server: &Server,
        progress: &dyn Progress,
        cancel: &Cancel,
        patience: Patience,
    ) -> Result<Fetched, Error> {
        let archive = Archive::new(&server.base(), None, patience).unwrap();
        archive.fetch(&january(), self.0.path(), progress, cancel)
    }
}

const PATIENCE: Patience =
    Patience { attempts: 3, pause: Duration::from_millis(1), most: 16 << 20 };

/// From which byte on the file was asked for, each time.
fn ranges(server: &Server) -> Vec<Option<usize>> {
    let asked = server.asked().into_iter();
    asked.filter(|asked| asked.path.ends_with(".zip")).map(|asked| asked.after).collect()
}

#[test]
fn a_file_comes_whole_and_a_second_time_not_at_all() {
    let server = server(|asked, _| Reply::file(&content(), asked));
    let here = Here::new();
    let bytes = content().len() as u64;
    assert_eq!(here.fetch(&server).unwrap(), Fetched::Whole { path: here.whole(), bytes });
    assert_eq!(fs::read(here.whole()).unwrap(), content());
    assert!(!here.part().exists());
    assert_eq!(here.fetch(&server).unwrap(), Fetched::Already(here.whole()));
    assert_eq!(ranges(&server), [None]);
    // One that the archive has replaced since is fetched again.
    fs::write(here.whole(), b"of yesterday").unwrap();
    assert!(matches!(here.fetch(&server).unwrap(), Fetched::Whole { .. }));
    assert_eq!(fs::read(here.whole()).unwrap(), content());
}

#[test]
fn what_broke_off_is_gone_on_with_at_its_byte() {
    let server = server(|asked, before| {
        let reply = Reply::file(&content(), asked);
        if before < 4 { reply.cut(200_000) } else { reply }
    });
    let here = Here::new();
    // More breaks than attempts: each brought something new.
    let bytes = content().len() as u64;
    assert_eq!(here.fetch(&server).unwrap(), Fetched::Whole { path: here.whole(), bytes });
    assert_eq!(fs::read(here.whole()).unwrap(), content());
    let exact = [None, Some(200_000), Some(400_000), Some(600_000), Some(800_000)];
    assert_eq!(ranges(&server), exact);
}

#[test]
fn what_an_earlier_process_left_is_gone_on_with() {
    let server = server(|asked, _| Reply::file(&content(), asked));
    let here = Here::new();
    fs::create_dir_all(here.part().parent().unwrap()).unwrap();
    fs::write(here.part(), &content()[..1_000_000]).unwrap();
    let fetched = here.fetch(&server).unwrap();
    assert_eq!(fetched, Fetched::Whole { path: here.whole(), bytes: 200_000 });
    assert_eq!(fs::read(here.whole()).unwrap(), content());
    // All of it was left, but not its name.
    fs::rename(here.whole(), here.part()).unwrap();
    assert_eq!(here.fetch(&server).unwrap(), Fetched::Whole { path: here.whole(), bytes: 0 });
    assert_eq!(ranges(&server), [Some(1_000_000), Some(1_200_000)]);
}

#[test]
fn what_was_left_of_another_file_is_fetched_anew() {
    let server = server(|asked, _| Reply::file(&content(), asked));
    let here = Here::new();
    fs::create_dir_all(here.part().parent().unwrap()).unwrap();
    fs::write(here.part(), vec![7; 500_000]).unwrap();
    assert!(matches!(here.fetch(&server).unwrap(), Fetched::Whole { .. }));
    assert_eq!(fs::read(here.whole()).unwrap(), content());
    assert_eq!(ranges(&server), [Some(500_000), None]);
}

#[test]
fn a_server_that_ignores_ranges_is_taken_at_its_word() {
    let server = server(|_, before| {
        let reply = Reply::whole(&content());
        if before == 0 { reply.cut(500_000) } else { reply }
    });
    let here = Here::new();
    assert!(matches!(here.fetch(&server).unwrap(), Fetched::Whole { .. }));
    assert_eq!(fs::read(here.whole()).unwrap(), content());
    assert_eq!(ranges(&server), [None, Some(500_000)]);
}

#[test]
fn a_server_that_ignores_ranges_and_breaks_off_is_given_up() {
    let server = server(|_, _| Reply::whole(&content()).cut(500_000));
    let error = Here::new().fetch(&server).unwrap_err();
    assert!(matches!(error, Error::Unreachable { attempts: 3, .. }), "{error}");
    // The first brought something new.
    assert_eq!(ranges(&server).len(), 4);
}

#[test]
fn another_range_than_was_asked_for_is_not_put_behind_what_is_there() {
    let server = server(|asked, before| {
        let reply = Reply::file(&content(), asked);
        match before {
            0 => reply.cut(500_000),
            1 => Reply::file(&content(), &Asked { after: Some(400_000), ..asked.clone() }),
            _ => reply,
        }
    });
    let here = Here::new();
    assert!(matches!(here.fetch(&server).unwrap(), Fetched::Whole { .. }));
    assert_eq!(fs::read(here.whole()).unwrap(), content());
}

#[test]
fn other_bytes_than_the_checksums_never_get_the_name() {
    let server = server(|asked, _| Reply::file(&vec![1; 1_000_000], asked));
    let here = Here::new();
    let error = here.fetch(&server).unwrap_err();
    assert!(matches!(error, Error::OtherBytes { .. }), "{error}");
    assert_eq!(error.class(), Class::Permanent);
    assert_eq!(ranges(&server), [None, None]);
    assert!(!here.whole().exists() && !here.part().exists());
}

#[test]
fn what_the_archive_does_not_have_is_absent_and_no_error() {
    let here = Here::new();
    let nothing = Server::start(|_, _| Reply::status(404));
    assert_eq!(here.fetch(&nothing).unwrap(), Fetched::Absent);
    let (file, asked) = (format!("/data/{FOLDER}/{NAME}"), nothing.asked());
    let paths: Vec<&str> = asked.iter().map(|asked| asked.path.as_str()).collect();
    assert_eq!(paths, [&format!("{file}.CHECKSUM"), &file], "each once");
    let checksum_alone = server(|_, _| Reply::status(404));
    assert_eq!(here.fetch(&checksum_alone).unwrap(), Fetched::Absent);
    assert!(!here.part().exists());
}

#[test]
fn a_file_without_its_checksum_is_there_and_is_not_fetched() {
    let file_alone = Server::start(|asked, _| match asked.path.ends_with(".CHECKSUM") {
        true => Reply::status(404),
        false => Reply::file(&content(), asked),
    });
    let here = Here::new();
    assert_eq!(here.fetch(&file_alone).unwrap(), Fetched::Unvouched);
    assert!(!here.whole().exists() && !here.part().exists());
}

#[test]
fn who_is_sent_in_circles_does_not_begin_again() {
    let circle =
        Server::start(|asked, _| Reply::status(302).with(&format!("Location: {}", asked.path)));
    let error = Here::new().fetch(&circle).unwrap_err();
    assert!(matches!(error, Error::Redirected { .. }), "{error}");
    assert_eq!((error.class(), circle.asked().len()), (Class::Permanent, 4));
}

#[test]
fn a_busy_server_is_asked_again_and_a_dead_one_given_up() {
    let busy = server(|asked, before| match before {
        0 => Reply::status(503),
        1 => Reply::status(429).with("Retry-After: 0"),
        _ => Reply::file(&content(), asked),
    });
    let here = Here::new();
    assert!(matches!(here.fetch(&busy).unwrap(), Fetched::Whole { .. }));
    let broken = Server::start(|_, _| Reply::status(500));
    let error = Here::new().fetch(&broken).unwrap_err();
    assert!(error.to_string().contains("not reached in 3 attempts: status 500"), "{error}");
    assert_eq!((error.class(), broken.asked().len()), (Class::Transient, 3));
    let address = Server::start(|_, _| Reply::status(200)).base();
    let archive = Archive::new(&address, None, PATIENCE).unwrap();
    let nobody = archive.fetch(&january(), here.0.path(), &Silent, &Cancel::new()).unwrap_err();
    assert!(matches!(nobody, Error::Unreachable { .. }), "{nobody}");
}

#[test]
fn a_server_that_refuses_is_believed() {
    let error = Here::new().fetch(&server(|_, _| Reply::status(403))).unwrap_err();
    assert!(matches!(error, Error::Refused { status: 403, .. }), "{error}");
    let page = Server::start(|_, _| Reply::whole(b"<html>Please log in</html>"));
    let error = Here::new().fetch(&page).unwrap_err();
    let said = format!("no checksum of {NAME}: \"<html>Please log in</html>\"");
    assert!(error.to_string().ends_with(&said), "{error}");
}

#[test]
fn a_file_that_is_too_large_is_not_kept() {
    let server = server(|asked, _| Reply::file(&content(), asked));
    let here = Here::new();
    let patience = Patience { most: 1_000_000, ..PATIENCE };
    let error = here.fetch_by(&server, &Silent, &Cancel::new(), patience).unwrap_err();
    assert!(matches!(error, Error::TooLarge { most: 1_000_000, .. }), "{error}");
    assert!(!here.whole().exists() && !here.part().exists());
}

/// Stops the work once half of it is there.
struct Halfway(Cancel);

impl Progress for Halfway {
    fn stage(&self, _: &str) {}
    fn advance(&self, share: f64) {
        if share > 0.5 {
            self.0.cancel();
        }
    }
}

#[test]
fn what_is_stopped_stays_to_be_gone_on_with() {
    let server = server(|asked, _| Reply::file(&content(), asked));
    let here = Here::new();
    let cancel = Cancel::new();
    let stopped = here.fetch_by(&server, &Halfway(cancel.clone()), &cancel, PATIENCE).unwrap_err();
    assert!(matches!(stopped, Error::Cancelled(_)), "{stopped}");
    let left = fs::read(here.part()).unwrap();
    assert!(left.len() > 600_000 && content().starts_with(&left) && !here.whole().exists());
    let Fetched::Whole { bytes, .. } = here.fetch(&server).unwrap() else { panic!() };
    assert_eq!(bytes as usize, content().len() - left.len());
    assert_eq!(fs::read(here.whole()).unwrap(), content());
}

#[test]
fn two_processes_do_not_write_one_file() {
    let server = server(|asked, _| Reply::file(&content(), asked));
    let here = Here::new();
    fs::create_dir_all(here.part().parent().unwrap()).unwrap();
    let other = fs::File::create(here.part()).unwrap();
    other.lock().unwrap();
    let error = here.fetch(&server).unwrap_err();
    assert!(matches!(error, Error::Busy(_)), "{error}");
    drop(other);
    assert!(here.fetch(&server).is_ok());
}

#[test]
fn a_server_that_does_not_speak_tls_is_not_believed_under_https() {
    let server = server(|asked, _| Reply::file(&content(), asked));
    let base = server.base().replace("http://", "https://");
    let archive = Archive::new(&base, None, Patience { attempts: 1, ..PATIENCE }).unwrap();
    let here = Here::new();
    let error = archive.fetch(&january(), here.0.path(), &Silent, &Cancel::new()).unwrap_err();
    assert!(matches!(error, Error::Unreachable { attempts: 1, .. }), "{error}");
}

#[test]
fn an_address_that_is_none_is_refused() {
    for base in ["", "ftp://a", "data.binance.vision", "/data"] {
        let error = Archive::new(base, None, PATIENCE).unwrap_err();
        assert_eq!(error.class(), Class::User, "{error}");
    }
    let error = Archive::new("https://a.b", Some("::"), PATIENCE).unwrap_err();
    assert!(error.to_string().starts_with("proxy \"::\""), "{error}");
}
