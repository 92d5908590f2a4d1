use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use fault::Cancel;
use library::Library;
use library::analysis::Pace;
use ops::console::Failure;

use crate::premises::Premises;

/// The thread that hears new tracks, one after the other, while nothing else needs the machine.
pub(crate) struct Analyst {
    bell: AnalystBell,
    thread: Option<JoinHandle<()>>,
}

/// Wakes the analyst, and knows whether it still works.
#[derive(Clone)]
pub(crate) struct AnalystBell {
    ring: Option<SyncSender<()>>,
    well: Arc<AtomicBool>,
}

impl AnalystBell {
    /// There may be something new.
    pub(crate) fn ring(&self) {
        if let Some(ring) = &self.ring {
            // One ring that is not heard yet is as good as two.
            let _ = ring.try_send(());
        }
    }

    /// Whether the thread is there, where there should be one.
    pub(crate) fn is_well(&self) -> bool {
        self.ring.is_none() || self.well.load(Ordering::Relaxed)
    }
}

impl Analyst {
    /// Starts the thread, unless the analysis is switched off.
    pub(crate) fn start(premises: &Premises, on: bool, stop: &Cancel) -> Result<Self, Failure> {
        let well = Arc::new(AtomicBool::new(true));
        if !on {
            return Ok(Self { bell: AnalystBell { ring: None, well }, thread: None });
        }
        let (ring, rung) = sync_channel(1);
        let (library, stop, alive) = (premises.library.clone(), stop.clone(), Arc::clone(&well));
        let thread = std::thread::Builder::new()
            .name("analyst".to_owned())
            .spawn(move || {
                let _alive = Alive(alive);
                hear(&library, &rung, &stop);
            })
            .map_err(ops::Error::io("start the analysis in", &premises.data))?;
        Ok(Self { bell: AnalystBell { ring: Some(ring), well }, thread: Some(thread) })
    }

    pub(crate) fn bell(&self) -> AnalystBell {
        self.bell.clone()
    }

    /// Waits for the thread, which was told to stop.
    pub(crate) fn end(self) {
        self.bell.ring();
        drop(self.bell);
        // A thread that panicked has said so.
        drop(self.thread.map(JoinHandle::join));
    }
}

/// Says that the thread is gone, however it went.
struct Alive(Arc<AtomicBool>);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

fn hear(library: &Library, rung: &Receiver<()>, stop: &Cancel) {
    while rung.recv().is_ok() && !stop.is_cancelled() {
        match library.analyse(Pace::default(), stop) {
            Ok(0) | Err(library::Error::Stopped(_)) => {}
            Ok(heard) => tracing::info!(heard, "tracks were analysed"),
            Err(error) => tracing::error!(%error, "the analysis ended early"),
        }
    }
}
