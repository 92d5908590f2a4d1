//! Which part of a list a client wants, and in what order.

use super::{Failure, Parameters};

/// The most of a list in one answer, as the first server had it; clients that copy a library ask
/// for as many at once.
const MOST: i64 = 500;

/// Years are read as people write them.
const YEARS: std::ops::RangeInclusive<i64> = 0..=9_999;

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many are before it.
    pub offset: u64,
    /// How many it has at most, up to 500; none at all is a page, too.
    pub count: u32,
}

/// Which albums, and in what order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlbumOrder {
    /// Any, in any order.
    Random,
    /// The last to come first.
    Newest,
    /// The best rated first.
    Highest,
    /// The most played first.
    Frequent,
    /// The last played first.
    Recent,
    /// By title.
    ByName,
    /// By artist, then title.
    ByArtist,
    /// The starred, the last starred first.
    Starred,
    /// Of some years, in the order from the first year to the second; that may be the earlier.
    Years {
        /// The year to begin with.
        from: u32,
        /// The year to end with.
        to: u32,
    },
    /// Of one genre.
    Genre(String),
}

impl Page {
    /// Reads a page under the names it has in a method, with the count it has by default.
    ///
    /// # Errors
    /// Code 0 for what is no whole number.
    pub fn of(
        parameters: &Parameters,
        count: &'static str,
        offset: &'static str,
        default: u32,
    ) -> Result<Self, Failure> {
        let count = parameters.clamped(count, 0..=MOST)?;
        let offset = parameters.clamped(offset, 0..=i64::MAX)?;
        Ok(Self {
            offset: offset.map_or(0, i64::unsigned_abs),
            count: count.and_then(|count| count.try_into().ok()).unwrap_or(default),
        })
    }
}

impl AlbumOrder {
    /// Reads `type` and what belongs to it.
    ///
    /// # Errors
    /// Code 10 where a type, its years or its genre are missing; code 0 for an unknown type and for
    /// what is no year.
    pub fn of(parameters: &Parameters) -> Result<Self, Failure> {
        Ok(match parameters.required("type")?.to_ascii_lowercase().as_str() {
            "random" => Self::Random,
            "newest" => Self::Newest,
            "highest" => Self::Highest,
            "frequent" => Self::Frequent,
            "recent" => Self::Recent,
            "alphabeticalbyname" => Self::ByName,
            "alphabeticalbyartist" => Self::ByArtist,
            "starred" => Self::Starred,
            "byyear" => Self::Years {
                from: year(parameters, "fromYear")?.ok_or(Failure::missing("fromYear"))?,
                to: year(parameters, "toYear")?.ok_or(Failure::missing("toYear"))?,
            },
            "bygenre" => Self::Genre(parameters.required("genre")?.to_owned()),
            _ => return Err(Failure::invalid("type")),
        })
    }
}

/// A year, where there is one.
///
/// # Errors
/// Code 0 for what is no year from 0 to 9999.
pub fn year(parameters: &Parameters, name: &'static str) -> Result<Option<u32>, Failure> {
    Ok(parameters.within(name, YEARS)?.and_then(|year| year.try_into().ok()))
}
