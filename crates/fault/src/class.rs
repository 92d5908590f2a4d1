/// What the person or program that meets an error can do about it.
///
/// The edges map a class to an exit code or an HTTP status; nothing else decides them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// The request is wrong: change a word, a flag or a file and ask again.
    User,
    /// The world was busy or interrupted us: the same request may succeed later.
    Transient,
    /// The world refuses: a full disk, a missing permission, a target that cannot be met.
    Permanent,
    /// We are wrong. Nothing the caller does will help.
    Bug,
}

impl Class {
    /// Whether asking again, unchanged, may succeed.
    pub fn retry_helps(self) -> bool {
        self == Class::Transient
    }
}

/// An error that knows its [`Class`]. Each crate's error enum implements it.
pub trait Fault: std::error::Error {
    /// The class of this error.
    fn class(&self) -> Class;
}
