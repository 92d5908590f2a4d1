/// What risk let through. Only risk makes one: there is no other way to a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Approved<T>(T);

impl<T> Approved<T> {
    pub(super) fn new(what: T) -> Self {
        Self(what)
    }

    /// What was approved.
    pub fn get(&self) -> &T {
        &self.0
    }
}
