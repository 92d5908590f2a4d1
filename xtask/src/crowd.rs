//! A music server with a crowd before it: how soon it is ready, what it holds while nobody asks, and
//! how long others wait while many listen and browse.

mod client;
mod house;

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

pub(crate) use client::Client;
pub(crate) use house::House;

const USAGE: &str = "cargo xtask crowd <auralis> <folder of music> [<clients> [<seconds>]]";
/// A server that is left alone for so long does nothing but stand there.
const REST: Duration = Duration::from_secs(5);
/// What somebody looks at between two pages.
const GLANCE: Duration = Duration::from_millis(250);
/// Between two questions of the one who watches.
const WATCH: Duration = Duration::from_millis(20);
/// A listener takes 1.5 Mbit a second: CD quality, compressed without loss.
const BYTES_A_SECOND: u64 = 190_000;

pub(crate) fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(2).collect();
    let [program, music, rest @ ..] = arguments.as_slice() else { anyhow::bail!(USAGE) };
    let number = |at: usize, default: u64| rest.get(at).map_or(Ok(default), |text| text.parse());
    let (clients, seconds) = (number(0, 100).context(USAGE)?, number(1, 20).context(USAGE)?);
    let house = House::furnish(Path::new(program), Path::new(music), 1)?;
    crate::say(&format!("ready after {:.0} ms", house.ready.as_secs_f64() * 1e3));
    std::thread::sleep(REST);
    crate::say(&format!("idle: {:.1} MB held", house.held("VmRSS")? / 1e6));
    let client = house.client(0);
    let tracks = client.tracks(0)?;
    ensure!(!tracks.is_empty(), "{music} has no track");
    let before = house.processor_seconds()?;
    let seen = Crowd::gather(&client, &tracks, clients, Duration::from_secs(seconds));
    let spent = house.processor_seconds()? - before;
    seen.tell(clients, seconds);
    crate::say(&format!(
        "server: {spent:.1} s of processor, {:.1} MB at most",
        house.held("VmHWM")? / 1e6
    ));
    ensure!(seen.failed == 0, "{} requests failed; the first: {}", seen.failed, seen.first);
    Ok(())
}

/// What a crowd met with.
struct Crowd {
    /// Seconds each, sorted: pages of who browses, and answers of `/healthz`.
    pages: Vec<f64>,
    health: Vec<f64>,
    streamed: u64,
    failed: usize,
    first: String,
}

/// What the threads of a crowd write together.
#[derive(Default)]
struct Notes {
    pages: Mutex<Vec<f64>>,
    failed: Mutex<Vec<String>>,
    streamed: AtomicU64,
    is_over: AtomicBool,
}

impl Notes {
    fn goes_on(&self) -> bool {
        !self.is_over.load(Ordering::Relaxed)
    }

    fn failed(&self, error: &anyhow::Error) {
        locked(&self.failed).push(format!("{error:#}"));
    }
}

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Crowd {
    /// Half of them listen, half browse, and one watches.
    fn gather(client: &Client, tracks: &[String], clients: u64, length: Duration) -> Self {
        let notes = Notes::default();
        let mut health = Vec::new();
        std::thread::scope(|scope| {
            for number in 0..clients {
                let notes = &notes;
                let track = &tracks[number as usize * 7 % tracks.len()];
                if number % 2 == 0 {
                    scope.spawn(move || listen(client, track, notes));
                } else {
                    scope.spawn(move || browse(client, number as usize, tracks, notes));
                }
            }
            health = watch(client, length, &notes);
            notes.is_over.store(true, Ordering::Relaxed);
        });
        let mut pages = std::mem::take(&mut *locked(&notes.pages));
        pages.sort_by(f64::total_cmp);
        let failed = locked(&notes.failed);
        let first = failed.first().cloned().unwrap_or_default();
        let streamed = notes.streamed.load(Ordering::Relaxed);
        Self { pages, health, streamed, failed: failed.len(), first }
    }

    fn tell(&self, clients: u64, seconds: u64) {
        let row = |what: &str, times: &[f64]| {
            let at =
                |share: f64| times.get((times.len() as f64 * share) as usize).unwrap_or(&0.0) * 1e3;
            let most = times.last().unwrap_or(&0.0) * 1e3;
            crate::say(&format!(
                "{what}: {} in {seconds} s; half within {:.1} ms, 99 of 100 within {:.1} ms, all within {most:.1} ms",
                times.len(),
                at(0.5),
                at(0.99)
            ));
        };
        crate::say(&format!(
            "{clients} clients, half of them listening: {:.1} MB streamed, {} failures",
            self.streamed as f64 / 1e6,
            self.failed
        ));
        row("pages", &self.pages);
        row("/healthz", &self.health);
    }
}

/// Hears one track after the other at the pace of a player.
fn listen(client: &Client, track: &str, notes: &Notes) {
    while notes.goes_on() {
        let heard = client.stream(track, BYTES_A_SECOND, || notes.goes_on());
        match heard {
            Ok(bytes) => drop(notes.streamed.fetch_add(bytes, Ordering::Relaxed)),
            Err(error) => return notes.failed(&error),
        }
    }
}

/// Opens one page after the other.
#[expect(clippy::disallowed_methods, reason = "how long somebody waits is told by the clock")]
fn browse(client: &Client, number: usize, tracks: &[String], notes: &Notes) {
    let letters = ["a", "b", "th", "s", "mus", "the", "m", "o"];
    for turn in number.. {
        if !notes.goes_on() {
            return;
        }
        let track = &tracks[turn * 13 % tracks.len()];
        let page = match turn % 5 {
            0 => client.rest("getAlbumList2", "type=newest&size=50"),
            1 => client.rest("search3", &format!("query={}", letters[turn / 5 % letters.len()])),
            2 => client.rest("getArtists", ""),
            3 => client.rest("getSong", &format!("id={track}")),
            _ => client.rest("getRandomSongs", "size=20"),
        };
        let begin = Instant::now();
        match client.get(&page) {
            Ok(_) => locked(&notes.pages).push(begin.elapsed().as_secs_f64()),
            Err(error) => return notes.failed(&error),
        }
        std::thread::sleep(GLANCE);
    }
}

/// Asks how it is, again and again.
#[expect(clippy::disallowed_methods, reason = "how long somebody waits is told by the clock")]
fn watch(client: &Client, length: Duration, notes: &Notes) -> Vec<f64> {
    let mut times = Vec::new();
    let begin = Instant::now();
    while begin.elapsed() < length {
        let asked = Instant::now();
        match client.get("/healthz") {
            Ok(_) => times.push(asked.elapsed().as_secs_f64()),
            Err(error) => notes.failed(&error),
        }
        std::thread::sleep(WATCH);
    }
    times.sort_by(f64::total_cmp);
    times
}
