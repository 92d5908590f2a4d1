use std::path::PathBuf;
use std::time::{Duration, Instant};

use backtest::{Playback, Played, Quarantine, Recorded};
use clap::Args;
use clock::Nanos;
use fault::Cancel;
use journal::Epoch;
use journal::ring::{RingOptions, Writer};
use market::Event;
use ops::console::{self, Failure};

use crate::{inspect, source};

pub(crate) const EXAMPLES: &str = "\
Examples:
  aegis replay market
  aegis replay market --speed 60 --ring /dev/shm/aegis
  aegis tail --ring /dev/shm/aegis --contracts market

Reads every event of a journal, follows its books and bars as the engine would, and prints
counts, the rate, and a hash over all events. At --speed 1 events come as they were received. A
ring is there while the replay runs; whoever reads it holds nobody up, and counts what it
missed.";

/// A nap is never longer, so that Ctrl-C is heard.
const NAP: Duration = Duration::from_millis(100);

#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    /// A journal that aegis import wrote
    #[arg(value_name = "DIR")]
    journal: PathBuf,

    /// How many times faster than it was received; as fast as possible if not given
    #[arg(long, value_name = "TIMES", allow_negative_numbers = true)]
    speed: Option<f64>,

    /// Hand every event to other processes through a ring at this path, best below /dev/shm
    #[arg(long, value_name = "PATH")]
    ring: Option<PathBuf>,

    /// Slots of the ring, a power of two: how far a reader may fall behind
    #[arg(long, default_value_t = 65_536, requires = "ring")]
    slots: u32,

    /// Read a damaged journal up to the damage, where else it is refused
    #[arg(long)]
    up_to_damage: bool,
}

pub(crate) fn run(args: &ReplayArgs, json: bool, cancel: &Cancel) -> Result<(), Failure> {
    let mut pace = Pace::of(args.speed)?;
    let mut recorded = Recorded::open(&args.journal)?;
    let mut ring = ring(args, &recorded)?;
    let mut playback = Playback::new(recorded.listed());
    let mut quarantine = Quarantine::default();
    let begin = now();
    recorded.read_on(source::damage(args.up_to_damage), &mut quarantine, |event| {
        pace.wait_for(event, cancel)?;
        if let Some(ring) = &mut ring {
            ring.publish_event(event);
        }
        Ok::<_, Failure>(playback.push(event)?)
    })?;
    let seconds = begin.elapsed().as_secs_f64();
    print(&playback.finish(), &quarantine, seconds, json)
}

fn ring(args: &ReplayArgs, recorded: &Recorded) -> Result<Option<Writer>, Failure> {
    let Some(path) = &args.ring else { return Ok(None) };
    let slots = u64::from(args.slots);
    if !slots.is_power_of_two() || !(16..=1 << 24).contains(&slots) {
        let said = format!("--slots {slots}: accepted is a power of two from 16 to 16777216");
        return Err(Failure::user(said));
    }
    // Counted and dated as the journal is, so that what the ring lost can be read there.
    let epoch = recorded.epoch().unwrap_or(Epoch(0));
    let options = RingOptions { epoch, first: recorded.next_sequence(), slots };
    Ok(Some(Writer::create(path, options)?))
}

/// When events are due.
struct Pace {
    speed: Option<f64>,
    /// The first event's receipt, and when it was played.
    began: Option<(Nanos, Instant)>,
}

impl Pace {
    fn of(speed: Option<f64>) -> Result<Self, Failure> {
        match speed {
            Some(speed) if !(0.001..=1e9).contains(&speed) => {
                Err(Failure::user(format!("--speed {speed}: accepted is 0.001 to 1000000000")))
            }
            _ => Ok(Self { speed, began: None }),
        }
    }

    fn wait_for(&mut self, event: &Event, cancel: &Cancel) -> Result<(), Failure> {
        cancel.check()?;
        let Some(speed) = self.speed else { return Ok(()) };
        let (first, began) = *self.began.get_or_insert_with(|| (event.receive, now()));
        let after = event.receive.since(first).max(0) as f64 / speed / 1e9;
        let due = Duration::try_from_secs_f64(after).unwrap_or(Duration::MAX);
        while let Some(left) = due.checked_sub(began.elapsed()).filter(|left| !left.is_zero()) {
            std::thread::sleep(left.min(NAP));
            cancel.check()?;
        }
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "whoever plays a recording keeps its time")]
fn now() -> Instant {
    Instant::now()
}

fn print(
    played: &Played,
    quarantine: &Quarantine,
    seconds: f64,
    json: bool,
) -> Result<(), Failure> {
    let Played { events, hash, contracts } = played;
    let rate = *events as f64 / seconds.max(1e-9);
    if json {
        return Ok(console::say_json(&serde_json::json!({
            "events": events,
            "hash": hash,
            "seconds": seconds,
            "events_per_second": rate,
            "contracts": contracts,
            "refused": quarantine.counts,
        }))?);
    }
    let mut lines = vec![
        format!("{events} events in {seconds:.3} s, {:.3} million a second", rate / 1e6),
        format!("  hash {hash}"),
    ];
    lines.extend(contracts.iter().flat_map(inspect::found));
    lines.extend(inspect::refused(quarantine));
    Ok(console::say(&lines)?)
}
