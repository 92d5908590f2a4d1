//! An HTTP server on this machine that answers as a test says: with ranges or without, cut off,
//! or with any status.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The path, from its slash on.
    pub path: String,
    /// The first byte that is wanted, where only what comes after it is.
    pub after: Option<usize>,
}

/// What is answered.
#[derive(Debug, Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<String>,
    body: Vec<u8>,
    cut: Option<usize>,
}

impl Reply {
    /// A status, and nothing else.
    pub fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), cut: None }
    }

    /// A whole file, whatever part of it is wanted.
    pub fn whole(body: &[u8]) -> Self {
        Self { body: body.to_vec(), ..Self::status(200) }
    }

    /// A file, or the part of it that is wanted.
    pub fn file(body: &[u8], asked: &Asked) -> Self {
        match asked.after {
            None => Self::whole(body),
            Some(after) if after >= body.len() => Self::status(416),
            Some(after) => {
                let (last, all) = (body.len() - 1, body.len());
                let header = format!("Content-Range: bytes {after}-{last}/{all}");
                Self { body: body[after..].to_vec(), ..Self::status(206) }.with(&header)
            }
        }
    }

    /// With a header line.
    #[must_use]
    pub fn with(mut self, header: &str) -> Self {
        self.headers.push(header.to_owned());
        self
    }

    /// Whose connection breaks after so many bytes of the body.
    #[must_use]
    pub fn cut(self, after: usize) -> Self {
        Self { cut: Some(after), ..self }
    }

    fn send(&self, stream: &mut TcpStream) -> std::io::Result<()> {
        let mut head = format!("HTTP/1.1 {} Said\r\nConnection: close\r\n", self.status);
        head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        self.headers.iter().for_each(|header| head.push_str(&format!("{header}\r\n")));
        head.push_str("\r\n");
        stream.write_all(head.as_bytes())?;
        stream.write_all(&self.body[..self.cut.unwrap_or(self.body.len())])?;
        stream.flush()
    }
}

/// A server, until it is dropped.
#[derive(Debug)]
pub struct Server {
    address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts one on a free port. `answer` hears what is asked and how often that path was asked
    /// for before.
    ///
    /// # Panics
    /// Where this machine has no port.
    pub fn start(answer: impl Fn(&Asked, usize) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|error| panic!("{error}"));
        let address = listener.local_addr().unwrap_or_else(|error| panic!("{error}")).to_string();
        let (asked, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (heard, stopped) = (Arc::clone(&asked), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                // A client that went away is no concern of the next.
                drop(stream.and_then(|mut stream| serve(&mut stream, &heard, &answer)));
            }
        });
        Self { address, asked, stop, thread: Some(thread) }
    }

    /// Its address, as the beginning of a URL.
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All that was asked for until now.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // Wakes the thread, which waits for somebody to come.
        drop(TcpStream::connect(&self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn serve(
    stream: &mut TcpStream,
    heard: &Mutex<Vec<Asked>>,
    answer: &dyn Fn(&Asked, usize) -> Reply,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut asked = Asked { path, after: None };
    for line in lines {
        let line = line?.to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(range) = line.strip_prefix("range: bytes=") {
            asked.after = range.trim_end_matches('-').parse().ok();
        }
    }
    let before = {
        let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
        let before = heard.iter().filter(|other| other.path == asked.path).count();
        heard.push(asked.clone());
        before
    };
    answer(&asked, before).send(stream)
}
