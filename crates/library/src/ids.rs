//! What things are called: numbers inside, words outside that say what they are.

use std::fmt;
use std::str::FromStr;

use store::rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

/// Text that is no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident, $prefix:literal;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(pub i64);

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, concat!($prefix, "-{}"), self.0)
                }
            }

            impl FromStr for $name {
                type Err = NotAnId;
                fn from_str(text: &str) -> Result<Self, NotAnId> {
                    text.strip_prefix(concat!($prefix, "-")).and_then(number).map(Self).ok_or(NotAnId)
                }
            }

            impl ToSql for $name {
                fn to_sql(&self) -> store::rusqlite::Result<ToSqlOutput<'_>> {
                    self.0.to_sql()
                }
            }

            impl FromSql for $name {
                fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                    value.as_i64().map(Self)
                }
            }
        )+

        /// The id of anything in a collection.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "each is what its name says")]
        pub enum ItemId { $($name($name)),+ }

        impl FromStr for ItemId {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                $(if let Ok(id) = text.parse() { return Ok(Self::$name(id)); })+
                Err(NotAnId)
            }
        }
    };
}

ids! {
    /// A track.
    TrackId, "tr";
    /// An album.
    AlbumId, "al";
    /// An artist.
    ArtistId, "ar";
    /// A genre.
    GenreId, "ge";
    /// A folder.
    FolderId, "fo";
    /// A root.
    RootId, "ro";
    /// A playlist.
    PlaylistId, "pl";
}

/// Digits without sign, space or leading zero: one text per id.
fn number(text: &str) -> Option<i64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    if is_plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::{AlbumId, ItemId, TrackId};

    #[test]
    fn an_id_reads_as_what_it_is_and_nothing_else() {
        assert_eq!("tr-12".parse(), Ok(TrackId(12)));
        assert_eq!(AlbumId(7).to_string(), "al-7");
        assert_eq!("al-7".parse(), Ok(ItemId::AlbumId(AlbumId(7))));
        for text in ["", "tr-", "tr-012", "tr-+1", "tr- 1", "al-1", "tr-99999999999999999999", "1"]
        {
            assert!(text.parse::<TrackId>().is_err(), "{text}");
        }
    }
}
