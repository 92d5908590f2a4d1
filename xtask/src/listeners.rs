//! Many listeners at a server, each over a socket, mastered: how soon sound is there after a click, whether
//! anybody ever runs dry, and what the server holds meanwhile.

mod player;

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::crowd::{House, locked};
use player::{Heard, Player};

const USAGE: &str = "cargo xtask listeners <auralis> <folder of music> [<listeners> [<seconds>]]";
/// Tracks of a listener's list.
const TRACKS: usize = 20;
/// Listeners that are one user: as many streams as one has.
const OF_USER: usize = 8;
/// Players a server has room for.
const PLACES: usize = 32;
/// What was open is closed within so long; a thread that has nothing to do waits ten seconds for more.
const SETTLING: Duration = Duration::from_secs(40);
const WARMING: Duration = Duration::from_secs(10);
const RESTING: Duration = Duration::from_secs(15);
/// Files, sockets and threads more than before: connections of the database, a request going on.
const SPARE: usize = 8;
/// Tracks that are music and no signals, seconds.
const LONG: u64 = 45;
/// What the server holds is read this often.
const READING: Duration = Duration::from_secs(10);

pub(crate) fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(2).collect();
    let [program, music, rest @ ..] = arguments.as_slice() else { anyhow::bail!(USAGE) };
    let number = |at: usize, default: u64| rest.get(at).map_or(Ok(default), |text| text.parse());
    let (listeners, seconds) = (number(0, 20).context(USAGE)?, number(1, 60).context(USAGE)?);
    // So many that all places of the server can be taken at once.
    let users = (listeners as usize).max(PLACES).div_ceil(OF_USER);
    let house = House::furnish(Path::new(program), Path::new(music), users)?;
    let tracks = house.client(0).tracks(LONG)?;
    ensure!(!tracks.is_empty(), "{music} has no track of {LONG} s");
    // What is opened once and kept is not what the listeners leave behind.
    gather(&house, &tracks, (listeners, WARMING.as_secs()))?;
    std::thread::sleep(RESTING);
    let (open, temporary) = (house.open()?, house.temporary()?);
    let before = house.processor_seconds()?;
    let (heard, held) = gather(&house, &tracks, (listeners, seconds))?;
    let spent = house.processor_seconds()? - before;
    tell("first sound after a click on a track", &heard.first);
    tell("sound after a seek", &heard.sought);
    crate::say(&format!(
        "{listeners} listeners for {seconds} s: {} underruns in {:.0} s of sound; {spent:.1} s of processor",
        heard.underruns, heard.seconds
    ));
    let mb: Vec<String> = held.iter().map(|bytes| format!("{:.0}", bytes / 1e6)).collect();
    crate::say(&format!("held every {} s, MB: {}", READING.as_secs(), mb.join(" ")));
    settle(&house, open, temporary)?;
    fill(&house, &tracks)?;
    ensure!(heard.underruns == 0, "somebody ran dry");
    Ok(())
}

/// Waits until everything is closed that was opened for listeners.
#[expect(clippy::disallowed_methods, reason = "what is closed late shows by the clock")]
fn settle(house: &House, before: (usize, usize), temporary: usize) -> Result<()> {
    let begun = Instant::now();
    loop {
        let ((files, threads), kept) = (house.open()?, house.temporary()?);
        let is_settled =
            files <= before.0 + SPARE && threads <= before.1 + SPARE && kept <= temporary;
        if is_settled || begun.elapsed() > SETTLING {
            crate::say(&format!(
                "open files and sockets {} before, {files} after; threads {} and {threads}; \
                 temporary files {temporary} and {kept}",
                before.0, before.1
            ));
            ensure!(is_settled, "something is left");
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(500));
    }
}

/// All places of the server can be taken: nobody who has left has kept one.
fn fill(house: &House, tracks: &[String]) -> Result<()> {
    let own: Vec<&String> = tracks.iter().take(2).collect();
    let players = (0..PLACES).map(|number| Player::open(&house.client(number / OF_USER), &own));
    let players: Vec<Player> =
        players.collect::<Result<_>>().context("a place was not given back")?;
    crate::say(&format!("{} places of {PLACES} taken at once afterwards", players.len()));
    Ok(())
}

/// All of them at once; what they met with, and what the server held.
#[expect(clippy::disallowed_methods, reason = "listeners hear by the clock")]
fn gather(
    house: &House,
    tracks: &[String],
    (listeners, seconds): (u64, u64),
) -> Result<(Heard, Vec<f64>)> {
    let all = Mutex::new(Heard::default());
    let failed = Mutex::new(None);
    let is_over = AtomicBool::new(false);
    let mut held = Vec::new();
    std::thread::scope(|scope| -> Result<()> {
        for number in 0..listeners as usize {
            let (all, failed, is_over) = (&all, &failed, &is_over);
            scope.spawn(move || {
                let own = (0..TRACKS).map(|n| &tracks[(number * TRACKS + n * 7) % tracks.len()]);
                let own: Vec<&String> = own.collect();
                let client = house.client(number / OF_USER);
                let heard = Player::open(&client, &own)
                    .and_then(|it| it.listen(number as u64, || !is_over.load(Ordering::Relaxed)))
                    .and_then(|it| it.leave(&client));
                match heard {
                    Ok(heard) => locked(all).add(heard),
                    Err(error) => *locked(failed) = Some(error),
                }
            });
        }
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(seconds) {
            std::thread::sleep(READING.min(Duration::from_secs(seconds)));
            held.push(house.held("VmRSS")?);
        }
        is_over.store(true, Ordering::Relaxed);
        Ok(())
    })?;
    if let Some(error) = locked(&failed).take() {
        return Err(error);
    }
    Ok((std::mem::take(&mut *locked(&all)), held))
}

fn tell(what: &str, times: &[f64]) {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get((times.len() as f64 * share) as usize).unwrap_or(&0.0) * 1e3;
    crate::say(&format!(
        "{what}: {} times; half within {:.1} ms, 95 of 100 within {:.1} ms, all within {:.1} ms",
        times.len(),
        at(0.5),
        at(0.95),
        times.last().unwrap_or(&0.0) * 1e3
    ));
}
