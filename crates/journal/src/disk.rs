//! The three things a writer does to a file, in one place so that tests can make each of them fail.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// A file being appended to.
#[derive(Debug)]
pub(crate) struct Disk(File);

impl Disk {
    pub(crate) fn new(file: File) -> Self {
        Self(file)
    }

    pub(crate) fn into_file(self) -> File {
        self.0
    }

    /// Writes all of `bytes` at `offset`. After an error any part of them may be there.
    pub(crate) fn write(&mut self, bytes: &[u8], offset: u64) -> io::Result<()> {
        #[cfg(test)]
        faults::before_write(&self.0, bytes, offset)?;
        self.0.write_all_at(bytes, offset)
    }

    /// Returns once what was written is on the disk.
    pub(crate) fn sync(&mut self) -> io::Result<()> {
        #[cfg(test)]
        faults::before(faults::Act::Sync)?;
        self.0.sync_data()
    }

    /// Cuts the file to `length` bytes.
    pub(crate) fn cut(&mut self, length: u64) -> io::Result<()> {
        #[cfg(test)]
        faults::before(faults::Act::Cut)?;
        self.0.set_len(length)
    }
}

/// A disk that fails when a test says so.
#[cfg(test)]
pub(crate) mod faults {
    use std::cell::Cell;
    use std::fs::File;
    use std::io;
    use std::os::unix::fs::FileExt;

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) enum Act {
        Write,
        Sync,
        Cut,
    }

    thread_local! {
        static PLAN: Cell<Option<(Act, u32)>> = const { Cell::new(None) };
        static THEN: Cell<Option<(Act, u32)>> = const { Cell::new(None) };
    }

    /// Makes the act fail once, after `spared` successes of its kind on this thread.
    pub(crate) fn fail(act: Act, spared: u32) {
        PLAN.set(Some((act, spared)));
    }

    /// Makes the first act fail, and the second once that has.
    pub(crate) fn fail_twice(first: Act, second: Act) {
        PLAN.set(Some((first, 0)));
        THEN.set(Some((second, 0)));
    }

    /// Whether the planned failure has not come yet; it will not come any more.
    pub(crate) fn take_back() -> bool {
        PLAN.take().is_some()
    }

    pub(super) fn before(act: Act) -> io::Result<()> {
        match PLAN.get() {
            Some((planned, 0)) if planned == act => {
                PLAN.set(THEN.take());
                Err(io::ErrorKind::StorageFull.into())
            }
            Some((planned, spared)) if planned == act => {
                PLAN.set(Some((act, spared - 1)));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// A disk that fills writes what it has room for: here half.
    pub(super) fn before_write(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        before(Act::Write)
            .inspect_err(|_| drop(file.write_all_at(&bytes[..bytes.len() / 2], offset)))
    }
}
