//! The socket of a player: what it says is read, what is made for it is sent, and neither waits for the
//! other.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use gateway::{Accounts, Principal};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::{Instant, interval, timeout};

use super::diary::keep;
use super::live::{Live, Out};
use super::message::{Code, Event, MAX_BYTES, Op, parse};
use super::{Lost, Seat, Stream};
use crate::House;

/// Pieces and events on their way to a player.
const AHEAD: usize = 4;
/// A player that takes nothing for so long is gone.
const STALLED: Duration = Duration::from_secs(10);
/// A block that takes so long to make waits for a disk that does not answer.
const STUCK: Duration = Duration::from_secs(10);
/// A player is asked whether it is there this often, and gone after twice that.
const PING: Duration = Duration::from_secs(15);
const SILENT: Duration = Duration::from_secs(30);
/// One that says no hello for so long wants nothing.
const GREETING: Duration = Duration::from_secs(10);
/// Whether a player is still somebody who may listen is looked at this often.
const ADMITTED: Duration = Duration::from_secs(5);
/// Messages a second, and how many at once.
const RATE: f64 = 20.0;
const BURST: f64 = 40.0;
/// Closed by us because somebody else plays the stream.
const REPLACED: u16 = 4001;

/// Speaks with a player until one of both leaves.
pub(crate) async fn converse(
    socket: WebSocket,
    house: House,
    (stream, seat): (Stream, Seat),
    by: Principal,
    (listener, voice): (OwnedSemaphorePermit, OwnedSemaphorePermit),
) {
    let live = Arc::new(Live::new(stream, seat, by.name.clone()));
    // However this ends, the thread that makes the sound does too.
    let closes = Closes(Arc::clone(&live));
    let (sink, source) = socket.split();
    let (out, made) = mpsc::channel(AHEAD);
    let writer = tokio::spawn(write(sink, made, Arc::clone(&live)));
    tokio::spawn(keep(Arc::downgrade(&live), house.clone()));
    let worker = work(&live, &house, out.clone(), voice);
    let read = read(source, &live, &out);
    let ousted = ousted(house.accounts.clone(), by);
    tokio::pin!(writer);
    let mut written = None;
    tokio::select! {
        code = read => drop(out.send_timeout(Out::Close(code), STALLED).await),
        () = ousted => {
            drop(out.send_timeout(Out::Close(Some(close_code::POLICY)), STALLED).await);
        }
        done = &mut writer => written = Some(done),
    }
    drop(closes);
    let (owner, player) = (live.stream.owner, live.stream.setup().player);
    house.playing.leave(owner, &player, live.stream.id.0);
    drop((out, worker));
    if written.is_none() {
        // It ends by itself: whatever it waits for has a limit.
        drop(writer.await);
    }
    drop(listener);
}

/// Waits until a player would not be let in any more: whoever has lost their account or their key hears no
/// more.
async fn ousted(accounts: Accounts, by: Principal) {
    let by = Arc::new(by);
    let mut looks = interval(ADMITTED);
    loop {
        looks.tick().await;
        let (accounts, by) = (accounts.clone(), Arc::clone(&by));
        // A database that is busy says nothing of who may listen.
        let admits = tokio::task::spawn_blocking(move || accounts.admits(&by)).await;
        if matches!(admits, Ok(Ok(false))) {
            return;
        }
    }
}

struct Closes(Arc<Live>);

impl Drop for Closes {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Starts the thread that makes the sound.
fn work(
    live: &Arc<Live>,
    house: &House,
    out: mpsc::Sender<Out>,
    voice: OwnedSemaphorePermit,
) -> tokio::task::JoinHandle<()> {
    let (live, house) = (Arc::clone(live), house.clone());
    let span = tracing::Span::current();
    tokio::task::spawn_blocking(move || {
        let _voice = voice;
        span.in_scope(|| {
            let worked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                live.run(&house, &out);
            }));
            if worked.is_err() {
                let lost = Code::Internal.event(None, None);
                // Where nobody listens any more nobody needs to know.
                drop(out.blocking_send(Out::Event(lost)));
                drop(out.blocking_send(Out::Close(Some(close_code::ERROR))));
            }
        });
    })
}

/// Hears a player out; with which code the socket is to be closed, if it is still open.
async fn read(
    mut source: SplitStream<WebSocket>,
    live: &Live,
    out: &mpsc::Sender<Out>,
) -> Option<u16> {
    let mut budget = Budget::new();
    let mut looks = interval(Duration::from_secs(1));
    let begun = Instant::now();
    let mut heard = begun;
    let mut has_met = false;
    loop {
        let message = tokio::select! {
            message = source.next() => message,
            _ = looks.tick() => {
                if live.busy_for() > STUCK {
                    let stalled = Code::Stalled.event(None, Some(live.epoch()));
                    drop(out.send_timeout(Out::Event(stalled), STALLED).await);
                    return Some(close_code::ERROR);
                }
                if heard.elapsed() > SILENT || (!has_met && begun.elapsed() > GREETING) {
                    return Some(close_code::POLICY);
                }
                continue;
            }
        };
        heard = Instant::now();
        let text = match message {
            None | Some(Ok(Message::Close(_))) => return None,
            Some(Err(_)) => return Some(close_code::SIZE),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
            Some(Ok(Message::Binary(_))) => return Some(close_code::UNSUPPORTED),
            Some(Ok(Message::Text(text))) => text,
        };
        if text.len() > MAX_BYTES {
            return Some(close_code::SIZE);
        }
        if !budget.take() {
            return Some(close_code::POLICY);
        }
        let answer = match parse(text.as_str()) {
            Ok(asked) => {
                let greets = matches!(asked.op, Op::Hello { .. });
                let id = asked.id.clone();
                match live.hear(asked.op, asked.id) {
                    Ok(answer) => answer,
                    Err(_) if !has_met && !greets => return Some(close_code::PROTOCOL),
                    Err(refused) => Some(refused.event(id)),
                }
            }
            Err(_) if !has_met => return Some(close_code::PROTOCOL),
            Err((refused, id)) => Some(refused.event(id)),
        };
        has_met |= matches!(answer, Some(Event::Welcome { .. }));
        if let Some(answer) = answer
            && out.send(Out::Event(answer)).await.is_err()
        {
            return None;
        }
    }
}

/// Sends what is made until there is nothing more, or nobody takes it.
async fn write(
    mut sink: SplitSink<WebSocket, Message>,
    mut made: mpsc::Receiver<Out>,
    live: Arc<Live>,
) {
    let mut pings = interval(PING);
    pings.tick().await;
    loop {
        let out = tokio::select! {
            out = made.recv() => out,
            _ = pings.tick() => {
                if !sent(&mut sink, Message::Ping(Vec::new().into())).await {
                    return;
                }
                continue;
            }
        };
        let message = match out {
            None | Some(Out::Close(None)) => break,
            Some(Out::Close(Some(code))) => {
                let frame = CloseFrame { code, reason: "".into() };
                sent(&mut sink, Message::Close(Some(frame))).await;
                break;
            }
            // Of an epoch that is over nothing is sent any more.
            Some(Out::Piece(epoch, _)) if epoch < live.epoch() => continue,
            Some(Out::Piece(_, bytes)) => Message::Binary(bytes.into()),
            Some(Out::Event(event)) => match serde_json::to_string(&event) {
                Ok(text) => Message::Text(text.into()),
                Err(error) => {
                    tracing::error!(%error, "an event cannot be written");
                    continue;
                }
            },
        };
        if !sent(&mut sink, message).await {
            return;
        }
    }
    drop(timeout(STALLED, sink.close()).await);
}

async fn sent(sink: &mut SplitSink<WebSocket, Message>, message: Message) -> bool {
    matches!(timeout(STALLED, sink.send(message)).await, Ok(Ok(())))
}

impl From<Lost> for u16 {
    fn from(lost: Lost) -> Self {
        match lost {
            Lost::Replaced => REPLACED,
            Lost::Forgotten => close_code::NORMAL,
            Lost::Closing => close_code::AWAY,
        }
    }
}

/// How many messages may be said.
struct Budget {
    left: f64,
    at: Instant,
}

impl Budget {
    fn new() -> Self {
        Self { left: BURST, at: Instant::now() }
    }

    fn take(&mut self) -> bool {
        let now = Instant::now();
        self.left = BURST.min(self.left + now.duration_since(self.at).as_secs_f64() * RATE);
        self.at = now;
        let is_enough = self.left >= 1.0;
        if is_enough {
            self.left -= 1.0;
        }
        is_enough
    }
}
