//! Speed beside the best peers.

use anyhow::Result;

pub(crate) fn run() -> Result<()> {
    crate::workspace::run("cargo", &["build", "--release"])
}
