use std::io::{IsTerminal, Write, stderr};
use std::sync::Mutex;

use fault::Progress;

/// Shows each stage on standard error: a line that fills on a terminal, a line per stage
/// elsewhere.
pub struct Display {
    terminal: bool,
    stage: Mutex<String>,
}

impl Display {
    /// For this process.
    pub fn stderr() -> Self {
        Self { terminal: stderr().is_terminal(), stage: Mutex::new(String::new()) }
    }

    /// A display that cannot be written to is no reason to stop the work.
    fn say(words: &str) {
        let mut out = stderr().lock();
        drop(out.write_all(words.as_bytes()).and_then(|()| out.flush()));
    }

    /// Leaves the line it wrote on.
    pub fn finish(&self) {
        if self.terminal {
            Self::say("\r\x1b[K");
        }
    }

    fn stage_name(&self) -> std::sync::MutexGuard<'_, String> {
        self.stage.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Progress for Display {
    fn stage(&self, name: &str) {
        let mut stage = self.stage_name();
        name.clone_into(&mut stage);
        if self.terminal {
            Self::say(&format!("\r\x1b[K{name}…"));
        } else {
            Self::say(&format!("{name}\n"));
        }
    }

    fn advance(&self, share: f64) {
        if self.terminal {
            let stage = self.stage_name();
            Self::say(&format!("\r\x1b[K{stage}… {:3.0} %", share.clamp(0.0, 1.0) * 100.0));
        }
    }
}
