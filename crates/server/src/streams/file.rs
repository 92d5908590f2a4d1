//! A stream as one file without an end, at the pace at which it is heard.

use std::time::{Duration, Instant};

use audio::{Layout, SampleRate};
use audio_file::{StreamEncoder, Target};

use super::render::{Past, Position, Render, Start, Told};
use super::{Progress, Seat, Stream};
use crate::House;

/// How far the sound is ahead of the clock: a player fills its buffer, and what is changed is heard soon.
const LEAD: Duration = Duration::from_secs(10);
/// Frames mixed at a time, a tenth of a second.
const BLOCK: usize = 4_800;

impl Stream {
    /// Sends all of it from where it is, in a format, at the pace at which it is heard. What was sent to the
    /// player before and may not have been heard is sent again. Blocks until all is sent, nobody listens
    /// any more or the player goes on no longer.
    ///
    /// # Errors
    /// Those of the encoder.
    pub(crate) fn play(
        &self,
        house: &House,
        target: Target,
        seat: &Seat,
        send: &mut dyn FnMut(Vec<u8>) -> bool,
    ) -> std::io::Result<()> {
        let Progress { current: place, position, heard, .. } = self.progress();
        let ahead = heard.map_or(Duration::ZERO, Pace::until);
        let position = Position::Time(position.saturating_sub(ahead));
        let rate = target.only_rate();
        let start = Start { place, position, past: Past::default(), frame: 0, rate, pairs: false };
        let goes_on = Box::new(|| seat.goes_on());
        let render = match Render::begin(self, house, goes_on, start) {
            Ok(render) => render,
            Err(told) => {
                self.note(seat, self.revision(), |progress| {
                    write_down(progress, SampleRate::CD, told);
                    progress.is_over = true;
                });
                return Ok(());
            }
        };
        self.note(seat, render.revision, |progress| {
            (progress.is_over, progress.heard, progress.timeline) = (false, None, None);
        });
        let pace = Pace::begin(render.rate);
        self.encode(seat, render, target, Some(pace), send)
    }

    /// Sends all that a sound has, at a pace where there is one.
    pub(super) fn encode(
        &self,
        seat: &Seat,
        mut render: Render<'_>,
        target: Target,
        mut pace: Option<Pace>,
        send: &mut dyn FnMut(Vec<u8>) -> bool,
    ) -> std::io::Result<()> {
        let mut out = Vec::new();
        let mut encoder = StreamEncoder::begin(target, render.rate, Layout::Stereo, &mut out)
            .map_err(std::io::Error::other)?;
        let (mut left, mut right) = (vec![0.0; BLOCK], vec![0.0; BLOCK]);
        while seat.goes_on() {
            let (frames, told) = render.next([&mut left, &mut right]);
            let (rate, frame, revision) = (render.rate, render.frame, render.revision);
            self.note(seat, revision, |progress| {
                write_down(progress, rate, told);
                progress.reach(frame);
                progress.is_over = frames == 0;
            });
            if frames == 0 {
                encoder.finish(&mut out).map_err(std::io::Error::other)?;
                send(out);
                return Ok(());
            }
            let planes = [&left[..frames], &right[..frames]];
            encoder.push(&planes, &mut out).map_err(std::io::Error::other)?;
            if !out.is_empty() && !send(std::mem::take(&mut out)) {
                return Ok(());
            }
            if let Some(pace) = &mut pace {
                let heard = pace.wait(frames);
                self.note(seat, revision, |progress| progress.heard = Some(heard));
            }
        }
        Ok(())
    }
}

fn write_down(progress: &mut Progress, rate: SampleRate, told: Vec<Told>) {
    for told in told {
        match told {
            Told::Began(mark, _) => progress.mark(rate, mark),
            Told::Failed { place, .. } => drop(progress.failed.insert(place)),
            Told::Plan { .. } => {}
        }
    }
}

/// Keeps the sound so far ahead of the clock and no further.
pub(super) struct Pace {
    rate: SampleRate,
    begun: Instant,
    sent: u64,
}

impl Pace {
    #[expect(clippy::disallowed_methods, reason = "a stream goes as fast as it is heard")]
    fn begin(rate: SampleRate) -> Self {
        Self { rate, begun: Instant::now(), sent: 0 }
    }

    /// How long it is until a moment.
    #[expect(clippy::disallowed_methods, reason = "a stream goes as fast as it is heard")]
    fn until(moment: Instant) -> Duration {
        moment.saturating_duration_since(Instant::now())
    }

    /// Waits where it is too far ahead; says when all that was sent can have been heard.
    fn wait(&mut self, frames: usize) -> Instant {
        self.sent += frames as u64;
        let sent = Duration::from_secs_f64(self.sent as f64 / f64::from(self.rate.hz()));
        let heard = self.begun + sent;
        std::thread::sleep(Self::until(heard).saturating_sub(LEAD));
        heard
    }
}
