//! CPU seconds, user and system. Wall clocks say little on a machine that others use too; they are
//! read only where threads wait for each other and where single frames are timed.

use anyhow::Result;
use nix::sys::resource::{UsageWho, getrusage};

/// What work of this process costs.
pub(super) fn of_this<T>(work: impl FnOnce() -> Result<T>) -> Result<(f64, T)> {
    between(UsageWho::RUSAGE_SELF, work)
}

/// What the processes cost that `work` starts and waits for, with all that they start.
pub(super) fn of_children<T>(work: impl FnOnce() -> Result<T>) -> Result<(f64, T)> {
    between(UsageWho::RUSAGE_CHILDREN, work)
}

fn between<T>(who: UsageWho, work: impl FnOnce() -> Result<T>) -> Result<(f64, T)> {
    let before = seconds(who)?;
    let done = work()?;
    Ok((seconds(who)? - before, done))
}

fn seconds(who: UsageWho) -> Result<f64> {
    let usage = getrusage(who)?;
    let spent = usage.user_time() + usage.system_time();
    Ok(spent.tv_sec() as f64 + spent.tv_usec() as f64 * 1e-6)
}
