use std::sync::Arc;

use tokio::sync::watch;

use crate::Error;

/// Where the process is in its life. Clones watch the same one.
#[derive(Debug, Clone)]
pub struct Drain(Arc<watch::Sender<Phase>>);

/// Where a process is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Not everything is there yet.
    Starting,
    /// Everything is.
    Ready,
    /// It was told to stop: what is in flight ends, nothing new begins.
    Draining,
}

impl Default for Drain {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Phase::Starting)))
    }
}

impl Drain {
    /// A process that starts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything is there. Does not bring back a process that was told to stop.
    pub fn ready(&self) {
        self.0.send_if_modified(|phase| {
            let starts = *phase == Phase::Starting;
            if starts {
                *phase = Phase::Ready;
            }
            starts
        });
    }

    /// Tells the process to stop.
    pub fn begin(&self) {
        self.0.send_replace(Phase::Draining);
    }

    /// Where it is.
    pub fn phase(&self) -> Phase {
        *self.0.borrow()
    }

    /// Ends when the process was told to stop. What never ends by itself (a socket, a stream of
    /// events) waits for this beside its work.
    pub async fn begun(&self) {
        let mut phases = self.0.subscribe();
        // The sender is held by this very value: it cannot be gone.
        drop(phases.wait_for(|phase| *phase == Phase::Draining).await);
    }
}

/// Ends when the operating system asks the process to stop: SIGTERM, or an interrupt.
///
/// # Errors
/// [`Error::Network`] when the signals cannot be heard.
pub async fn asked_to_stop() -> Result<(), Error> {
    let deaf = "listen for signals";
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).map_err(Error::network(deaf))?;
        tokio::select! {
            _ = terminate.recv() => Ok(()),
            heard = tokio::signal::ctrl_c() => heard.map_err(Error::network(deaf)),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.map_err(Error::network(deaf))
}
