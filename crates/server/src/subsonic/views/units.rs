use crate::subsonic::Scalar;

/// Names a thing to clients, which give it back as they got it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id(pub String);

/// A length of time in whole seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seconds(pub u32);

/// A position in milliseconds, up to 49 days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Millis(pub u32);

/// A size in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub u64);

/// A bit rate in thousands of bits a second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kilobits(pub u32);

/// A sampling rate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hertz(pub u32);

/// Where a file is below the library's folder: never absolute and never above it, so that no
/// client learns how the server's disk is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelativePath(String);

/// One to five stars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rating(u8);

impl Rating {
    /// Of that many stars; none for another number, and none for no stars at all.
    pub fn new(stars: u8) -> Option<Self> {
        (1..=5).contains(&stars).then_some(Self(stars))
    }
}

impl RelativePath {
    /// A path with `/` between its parts; none where it is absolute on any system, or leads up.
    pub fn new(path: &str) -> Option<Self> {
        let absolute = path.starts_with(['/', '\\']) || path.as_bytes().get(1) == Some(&b':');
        let leads_up = path.split(['/', '\\']).any(|part| part == "..");
        (!path.is_empty() && !absolute && !leads_up).then(|| Self(path.to_owned()))
    }
}

impl From<&RelativePath> for Scalar {
    fn from(path: &RelativePath) -> Self {
        Self::from(path.0.as_str())
    }
}

impl From<&Id> for Scalar {
    fn from(id: &Id) -> Self {
        Self::from(id.0.as_str())
    }
}

impl From<Seconds> for Scalar {
    fn from(length: Seconds) -> Self {
        Self::from(length.0)
    }
}

impl From<Millis> for Scalar {
    fn from(position: Millis) -> Self {
        Self::from(position.0)
    }
}

impl From<Bytes> for Scalar {
    fn from(size: Bytes) -> Self {
        Self::from(size.0)
    }
}

impl From<Kilobits> for Scalar {
    fn from(rate: Kilobits) -> Self {
        Self::from(rate.0)
    }
}

impl From<Hertz> for Scalar {
    fn from(rate: Hertz) -> Self {
        Self::from(rate.0)
    }
}

impl From<Rating> for Scalar {
    fn from(rating: Rating) -> Self {
        Self::from(u32::from(rating.0))
    }
}
