use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// Nobody waits longer for an answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// How an answer begins that has what was asked for.
const FINE: &[u8] = b"HTTP/1.1 200 ";
/// What a player takes at a time.
const SIP: usize = 16 << 10;

/// Speaks to a server as a player does, one connection a request.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    at: SocketAddr,
    key: String,
}

impl Client {
    pub(crate) fn new(at: SocketAddr, key: String) -> Self {
        Self { at, key }
    }

    pub(crate) fn at(&self) -> SocketAddr {
        self.at
    }

    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// What comes of a body of JSON.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Result<Vec<u8>> {
        whole(self.send("POST", path, &body.to_string())?, path, b"HTTP/1.1 201 ")
    }

    /// Takes something away.
    pub(crate) fn delete(&self, path: &str) -> Result<()> {
        whole(self.send("DELETE", path, "")?, path, b"HTTP/1.1 204 ").map(drop)
    }

    fn send(&self, method: &str, path: &str, body: &str) -> Result<TcpStream> {
        let mut stream = TcpStream::connect_timeout(&self.at, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let (host, key) = (self.at, &self.key);
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {key}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )?;
        Ok(stream)
    }

    /// The path of a method of OpenSubsonic.
    pub(crate) fn rest(&self, method: &str, query: &str) -> String {
        format!("/rest/{method}?f=json&v=1.16.1&c=crowd&apiKey={}&{query}", self.key)
    }

    /// The body of a page.
    pub(crate) fn get(&self, path: &str) -> Result<Vec<u8>> {
        whole(self.ask(path)?, path, FINE)
    }

    /// Reads a track at a pace of so many bytes a second, for as long as it goes on.
    pub(crate) fn stream(&self, track: &str, pace: u64, goes_on: impl Fn() -> bool) -> Result<u64> {
        let mut stream = self.ask(&self.rest("stream", &format!("id={track}&format=raw")))?;
        let (mut bytes, mut sip) = (0, vec![0; SIP]);
        while goes_on() {
            let read = stream.read(&mut sip).context("the stream broke off")?;
            ensure!(
                bytes > 0 || is_fine(&sip),
                "{}",
                String::from_utf8_lossy(&sip[..read.min(200)])
            );
            if read == 0 {
                break;
            }
            bytes += read as u64;
            std::thread::sleep(Duration::from_secs_f64(read as f64 / pace as f64));
        }
        Ok(bytes)
    }

    /// Ids of some tracks that are at least so long.
    pub(crate) fn tracks(&self, seconds: u64) -> Result<Vec<String>> {
        let answer = self.get(&self.rest("getRandomSongs", "size=500"))?;
        let answer: Value = serde_json::from_slice(&answer)?;
        let songs = &answer["subsonic-response"]["randomSongs"]["song"];
        let songs = songs.as_array().context("no songs")?.iter();
        let long = songs.filter(|song| song["duration"].as_u64().is_some_and(|s| s >= seconds));
        Ok(long.filter_map(|song| song["id"].as_str()).map(str::to_owned).collect())
    }

    fn ask(&self, path: &str) -> Result<TcpStream> {
        let mut stream = TcpStream::connect_timeout(&self.at, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let host = self.at;
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")?;
        Ok(stream)
    }
}

/// The body of an answer that begins as it should.
fn whole(mut stream: TcpStream, path: &str, begins: &[u8]) -> Result<Vec<u8>> {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).context("the answer broke off")?;
    let end = end_of_head(&answer).context("the answer has no head")?;
    ensure!(answer.starts_with(begins), "{path}: {}", String::from_utf8_lossy(&answer[..end]));
    Ok(answer.split_off(end))
}

fn is_fine(answer: &[u8]) -> bool {
    answer.starts_with(FINE)
}

fn end_of_head(answer: &[u8]) -> Option<usize> {
    answer.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4)
}
