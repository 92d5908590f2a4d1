use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use fault::{Cancel, Progress};
use ureq::http::{Response, StatusCode};
use ureq::{Agent, Body, Proxy};

use super::checksum::Checksum;
use super::part::{self, Part};
use super::place::Place;
use crate::Error;

/// How long anybody is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Attempts without anything new before it is given up.
    pub attempts: u32,
    /// Before the second attempt; twice as long before each further one.
    pub pause: Duration,
    /// The most bytes a file may have.
    pub most: u64,
}

impl Default for Patience {
    /// Five attempts over fifteen seconds; the archive's largest month is below 16 GiB.
    fn default() -> Self {
        Self { attempts: 5, pause: Duration::from_secs(1), most: 16 << 30 }
    }
}

/// To find the other side, and to hear its first word.
const ANSWER: Duration = Duration::from_secs(15);
/// For the bytes of one answer: what is not there by then is asked for anew, from where it broke
/// off. So a connection that has died is noticed, and Ctrl-C is heard.
const BYTES: Duration = Duration::from_secs(30);
/// Who is asked by this is not left for anybody who is not.
const HTTPS: &str = "https://";
/// No checksum is longer.
const CHECKSUM: u64 = 1_024;
/// A nap is never longer, so that Ctrl-C is heard.
const NAP: Duration = Duration::from_millis(50);
/// What a server asks us to wait is waited, up to so many seconds.
const MOST_ASKED: u64 = 60;

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// It was there, with the archive's checksum.
    Already(PathBuf),
    /// It came, and is what its checksum says.
    Whole {
        /// Where it is.
        path: PathBuf,
        /// Its bytes that came now; those of an earlier attempt are not among them.
        bytes: u64,
    },
    /// The archive does not have it.
    Absent,
    /// The archive has it and does not say what it should be, so that it was not fetched.
    Unvouched,
}

/// The archive, or a copy of it.
#[derive(Debug)]
pub struct Archive {
    agent: Agent,
    base: String,
    patience: Patience,
}

/// One answer to a request, or why it must be asked again.
enum Answer {
    Here(Box<Response<Body>>),
    Absent,
    /// The part that is there is no shorter than the whole.
    BeyondTheEnd,
    Again(Again),
}

/// Why a request is made again, and when at the earliest.
struct Again {
    reason: String,
    after: Option<Duration>,
}

impl Archive {
    /// The archive at `base`, http or https, by way of a proxy if there is one.
    ///
    /// # Errors
    /// [`Error::Asked`].
    pub fn new(base: &str, proxy: Option<&str>, patience: Patience) -> Result<Self, Error> {
        let asked =
            |what, given: &str, accepted| Error::Asked { what, given: given.to_owned(), accepted };
        if !["http://", HTTPS].iter().any(|scheme| base.starts_with(scheme)) {
            return Err(asked("base", base, "an address that begins with https:// or http://"));
        }
        let proxy = proxy
            .map(|proxy| {
                Proxy::new(proxy)
                    .map_err(|_| asked("proxy", proxy, "an address such as http://host:3128"))
            })
            .transpose()?;
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(3)
            .proxy(proxy)
            .user_agent(concat!("triad-aegis/", env!("CARGO_PKG_VERSION")))
            .https_only(base.starts_with(HTTPS))
            .timeout_resolve(Some(ANSWER))
            .timeout_connect(Some(ANSWER))
            .timeout_recv_response(Some(ANSWER))
            .timeout_recv_body(Some(BYTES));
        Ok(Self { agent: config.build().into(), base: base.to_owned(), patience })
    }

    /// Brings a file into its folder below `below`, and gives it its name once it is what its
    /// checksum says. What an earlier attempt left of it is gone on with.
    ///
    /// # Errors
    /// [`Error::Unreachable`], and the same call later goes on; [`Error::Refused`],
    /// [`Error::Redirected`], [`Error::NotAChecksum`], [`Error::OtherBytes`], [`Error::TooLarge`], [`Error::Busy`],
    /// [`Error::Disk`], [`Error::Cancelled`].
    pub fn fetch(
        &self,
        place: &Place,
        below: &Path,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<Fetched, Error> {
        let url = place.url(&self.base);
        let Some(expected) = self.checksum(&url, &place.name(), cancel)? else {
            let is_there = self.has(&url, cancel)?;
            return Ok(if is_there { Fetched::Unvouched } else { Fetched::Absent });
        };
        let target = below.join(place.folder()).join(place.name());
        if part::exists(&target)? && Checksum::of(&target, cancel)? == expected {
            return Ok(Fetched::Already(target));
        }
        let mut part = Part::open(&target)?;
        let (mut came, mut is_second) = (0, false);
        loop {
            let Some(bytes) = self.complete(&url, &mut part, progress, cancel)? else {
                return Ok(Fetched::Absent);
            };
            came += bytes;
            let found = Checksum::of(part.path(), cancel)?;
            if found == expected {
                part.finish()?;
                return Ok(Fetched::Whole { path: target, bytes: came });
            }
            part.clear()?;
            if is_second {
                return Err(Error::OtherBytes { url, found: found.0, expected: expected.0 });
            }
            // What was left may be of a file that the archive has replaced since: all of it is
            // fetched once more before anybody is blamed.
            is_second = true;
        }
    }

    /// What the archive says the file is; none where it does not.
    fn checksum(&self, url: &str, file: &str, cancel: &Cancel) -> Result<Option<Checksum>, Error> {
        let url = format!("{url}.CHECKSUM");
        let mut text = Vec::new();
        let found = self.persist(&url, cancel, |_| {
            text.clear();
            let response = match self.ask(&url, 0)? {
                Answer::Here(response) => response,
                Answer::Absent => return Ok(Step::Done(false)),
                Answer::Again(again) => return Ok(Step::Again(again)),
                Answer::BeyondTheEnd => {
                    return Err(Error::Refused { url: url.clone(), status: 416 });
                }
            };
            let read = response.into_body().into_reader().take(CHECKSUM).read_to_end(&mut text);
            Ok(match read {
                Ok(_) => Step::Done(true),
                Err(error) => Step::broken(error.to_string(), false),
            })
        })?;
        if !found {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&text);
        let checksum = Checksum::parse(&text, file).ok_or_else(|| Error::NotAChecksum {
            file: file.to_owned(),
            text: text.chars().take(80).collect(),
            url,
        })?;
        Ok(Some(checksum))
    }

    /// Whether there is a file. Nothing of it is read.
    fn has(&self, url: &str, cancel: &Cancel) -> Result<bool, Error> {
        self.persist(url, cancel, |_| {
            Ok(match self.ask(url, 0)? {
                Answer::Here(_) => Step::Done(true),
                Answer::Absent | Answer::BeyondTheEnd => Step::Done(false),
                Answer::Again(again) => Step::Again(again),
            })
        })
    }

    /// Fetches what is missing of a file; how many bytes came, or none where it is not there.
    fn complete(
        &self,
        url: &str,
        part: &mut Part,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<Option<u64>, Error> {
        let (mut came, mut furthest) = (0, part.length());
        let is_there = self.persist(url, cancel, |cancel| {
            let response = match self.ask(url, part.length())? {
                Answer::Here(response) => response,
                Answer::Absent => return Ok(Step::Done(false)),
                Answer::BeyondTheEnd => return Ok(Step::Done(true)),
                Answer::Again(again) => return Ok(Step::Again(again)),
            };
            let is_rest = continues(&response, part.length());
            if !is_rest {
                part.clear()?;
            }
            if !is_rest && response.status() == StatusCode::PARTIAL_CONTENT {
                return Ok(Step::broken("another range came than was asked for".to_owned(), false));
            }
            let whole = length(&response).map(|rest| part.length() + rest);
            let before = part.length();
            let read = self.receive(url, *response, part, whole, progress, cancel);
            came += part.length() - before;
            let is_news = part.length() > furthest;
            furthest = furthest.max(part.length());
            Ok(match read? {
                Some(reason) => Step::broken(reason, is_news),
                None => Step::Done(true),
            })
        })?;
        Ok(is_there.then_some(came))
    }

    /// Appends what comes; why it broke off, if it did.
    fn receive(
        &self,
        url: &str,
        response: Response<Body>,
        part: &mut Part,
        whole: Option<u64>,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<Option<String>, Error> {
        let most = self.patience.most;
        let too_large = || Error::TooLarge { url: url.to_owned(), most };
        let mut reader = response.into_body().into_reader();
        let mut bytes = vec![0; 1 << 16];
        loop {
            cancel.check()?;
            let read = match reader.read(&mut bytes) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) => return Ok(Some(error.to_string())),
            };
            if part.length() + read as u64 > most || whole.is_some_and(|whole| whole > most) {
                part.clear()?;
                return Err(too_large());
            }
            part.append(&bytes[..read])?;
            if let Some(whole) = whole.filter(|whole| *whole > 0) {
                progress.advance(part.length() as f64 / whole as f64);
            }
        }
        let missing = whole.filter(|whole| part.length() < *whole);
        Ok(missing.map(|whole| format!("{} of {whole} bytes came", part.length())))
    }

    /// One request, for what comes after so many bytes.
    fn ask(&self, url: &str, after: u64) -> Result<Answer, Error> {
        let mut request = self.agent.get(url);
        if after > 0 {
            request = request.header("range", format!("bytes={after}-"));
        }
        let response = match request.call() {
            Ok(response) => response,
            Err(ureq::Error::RequireHttpsOnly(_)) => {
                let reason = "to an address that is not https";
                return Err(Error::Redirected { url: url.to_owned(), reason });
            }
            Err(ureq::Error::TooManyRedirects | ureq::Error::RedirectFailed) => {
                let reason = "too often, or to nowhere";
                return Err(Error::Redirected { url: url.to_owned(), reason });
            }
            Err(error) => {
                return Ok(Answer::Again(Again { reason: error.to_string(), after: None }));
            }
        };
        let status = response.status();
        Ok(match status {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT => Answer::Here(Box::new(response)),
            StatusCode::NOT_FOUND => Answer::Absent,
            StatusCode::RANGE_NOT_SATISFIABLE if after > 0 => Answer::BeyondTheEnd,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => again(&response),
            status if status.is_server_error() => again(&response),
            status => {
                return Err(Error::Refused { url: url.to_owned(), status: status.as_u16() });
            }
        })
    }

    /// Tries until it is done, or until so many attempts in a row brought nothing new.
    fn persist(
        &self,
        url: &str,
        cancel: &Cancel,
        mut attempt: impl FnMut(&Cancel) -> Result<Step, Error>,
    ) -> Result<bool, Error> {
        let (mut failed, mut pause) = (0, self.patience.pause);
        loop {
            cancel.check()?;
            let again = match attempt(cancel)? {
                Step::Done(is_there) => return Ok(is_there),
                Step::Again(again) => again,
                Step::Further => {
                    (failed, pause) = (0, self.patience.pause);
                    continue;
                }
            };
            failed += 1;
            if failed >= self.patience.attempts {
                let (url, reason) = (url.to_owned(), again.reason);
                return Err(Error::Unreachable { url, attempts: failed, reason });
            }
            wait(again.after.unwrap_or(pause).max(pause), cancel)?;
            pause *= 2;
        }
    }
}

/// What an attempt came to.
enum Step {
    /// All is here, or nothing is there.
    Done(bool),
    /// It broke off and brought something: it is gone on with at once.
    Further,
    Again(Again),
}

impl Step {
    fn broken(reason: String, is_news: bool) -> Self {
        if is_news { Self::Further } else { Self::Again(Again { reason, after: None }) }
    }
}

fn again(response: &Response<Body>) -> Answer {
    let asked = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
    let after = asked.and_then(|text| text.trim().parse::<u64>().ok());
    let after = after.map(|seconds| Duration::from_secs(seconds.min(MOST_ASKED)));
    Answer::Again(Again { reason: format!("status {}", response.status().as_u16()), after })
}

/// Whether the answer goes on after so many bytes: a server may ignore that it was asked to.
fn continues(response: &Response<Body>, after: u64) -> bool {
    let range = response.headers().get("content-range").and_then(|value| value.to_str().ok());
    response.status() == StatusCode::PARTIAL_CONTENT
        && range.is_some_and(|range| range.starts_with(&format!("bytes {after}-")))
}

fn length(response: &Response<Body>) -> Option<u64> {
    response.headers().get("content-length")?.to_str().ok()?.parse().ok()
}

fn wait(mut left: Duration, cancel: &Cancel) -> Result<(), Error> {
    while !left.is_zero() {
        cancel.check()?;
        let nap = left.min(NAP);
        std::thread::sleep(nap);
        left -= nap;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use testkit::server::{Reply, Server};

    use super::{Archive, Patience};
    use crate::Error;

    #[test]
    fn who_is_asked_by_https_is_not_left_for_another() {
        let server = Server::start(|_, _| Reply::whole(b"anything"));
        let elsewhere = format!("{}/a.zip", server.base());
        let ask = |base: &str| {
            let archive = Archive::new(base, None, Patience::default());
            archive.and_then(|archive| archive.ask(&elsewhere, 0))
        };
        // As after a redirect: every address is looked at before anybody is asked there.
        let refused = ask("https://a.b").err();
        assert!(matches!(refused, Some(Error::Redirected { .. })), "{refused:?}");
        assert_eq!(server.asked(), []);
        assert!(ask("http://a.b").is_ok());
        assert_eq!(server.asked().len(), 1);
    }
}
