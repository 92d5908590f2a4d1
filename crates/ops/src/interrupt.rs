use fault::Cancel;

use crate::Error;

/// Raises the signal on Ctrl-C, SIGTERM and SIGHUP, so that work can put its things away. Call
/// once per process.
pub fn cancel_on_interrupt(cancel: &Cancel) -> Result<(), Error> {
    let cancel = cancel.clone();
    ctrlc::set_handler(move || cancel.cancel())
        .map_err(|error| Error::Setup("listen for Ctrl-C", error.to_string()))
}
