//! Smart playlists: rules instead of tracks, read and written as Navidrome's `.nsp`.
//!
//! Two values of logic only: a `not...` holds exactly where its opposite does not, so that what is not
//! known counts as not being so. Text is compared without regard to case: names of artists and genres
//! as [`crate::folding::identity`] folds them, other text in the letters of ASCII. A text that is not
//! known is an empty one; a rating or a count that was never given is 0; a number, a date or a moment
//! that is not known is neither more nor less than any.

mod condition;
mod field;
mod nsp;
mod statement;

pub use condition::{Condition, Operator, Value};
pub use field::{Field, Kind};
pub use nsp::Smart;

pub(crate) use statement::statement;

use crate::PlaylistId;

/// Groups within groups: deeper is not made by people.
pub const MAX_DEPTH: usize = 8;
/// Conditions in one set of rules: more than any editor shows.
pub const MAX_CONDITIONS: usize = 200;
/// Fields a list is sorted by.
pub const MAX_SORTS: usize = 16;

/// What a smart playlist holds, and in which order.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// What holds of every track in it; at least one rule.
    pub group: Group,
    /// What it is sorted by, the first field first; by title where nothing is said.
    pub sort: Vec<Sort>,
    /// Turns all of the sort round.
    pub order: Option<Order>,
    /// Tracks at most, from 1.
    pub limit: Option<u32>,
    /// Tracks passed over.
    pub offset: Option<u32>,
}

/// Several rules, and whether one of them is enough.
#[derive(Debug, Clone, PartialEq)]
pub enum Group {
    /// All of them hold.
    All(Vec<Rule>),
    /// At least one holds.
    Any(Vec<Rule>),
}

/// Something that holds of a track or does not.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// Several rules as one.
    Group(Group),
    /// One field, compared.
    Condition(Condition),
    /// It is in a playlist of the same owner, or in one that all may read.
    InPlaylist(PlaylistId),
    /// It is not.
    NotInPlaylist(PlaylistId),
}

/// One field of a sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// The largest first.
    pub descending: bool,
}

/// What a list can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortBy {
    /// A field.
    Field(Field),
    /// Chance, another one every day: within a day the list stays as it is.
    Random,
}

/// The direction of a whole sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As its fields say.
    Ascending,
    /// Turned round.
    Descending,
}

impl Group {
    /// The rules of it.
    pub fn rules(&self) -> &[Rule] {
        match self {
            Self::All(rules) | Self::Any(rules) => rules,
        }
    }

    /// Groups within it, itself included.
    fn depth(&self) -> usize {
        let within = self.rules().iter().map(|rule| match rule {
            Rule::Group(group) => group.depth(),
            _ => 0,
        });
        1 + within.max().unwrap_or(0)
    }

    /// Every rule that is no group, at any depth.
    fn leaves(&self) -> Vec<&Rule> {
        let each = self.rules().iter().flat_map(|rule| match rule {
            Rule::Group(group) => group.leaves(),
            leaf => vec![leaf],
        });
        each.collect()
    }

    /// Whether it, or one within it, is empty.
    fn has_nothing(&self) -> bool {
        let within = |rule: &Rule| matches!(rule, Rule::Group(group) if group.has_nothing());
        self.rules().is_empty() || self.rules().iter().any(within)
    }
}

impl Rules {
    /// The playlists that are named.
    pub fn playlists(&self) -> Vec<PlaylistId> {
        let leaves = self.group.leaves();
        let named = leaves.into_iter().filter_map(|rule| match rule {
            Rule::InPlaylist(id) | Rule::NotInPlaylist(id) => Some(*id),
            _ => None,
        });
        named.collect()
    }

    /// Whether they ask for files that are not there: only then these are in the list.
    fn asks_for_missing(&self) -> bool {
        self.group.leaves().iter().any(
            |rule| matches!(rule, Rule::Condition(condition) if condition.field() == Field::Missing),
        )
    }

    /// Refuses what is beyond the limits, however it was made.
    ///
    /// # Errors
    /// [`crate::Error::Asked`].
    pub fn check(&self) -> Result<(), crate::Error> {
        let refuse =
            |what, given: String, accepted| Err(crate::Error::Asked { what, given, accepted });
        if self.group.has_nothing() {
            return refuse("a group of rules", "[]".to_owned(), "at least one rule");
        }
        let depth = self.group.depth();
        if depth > MAX_DEPTH {
            return refuse("groups within groups", depth.to_string(), "at most 8 deep");
        }
        let conditions = self.group.leaves().len();
        if conditions > MAX_CONDITIONS {
            return refuse("a number of conditions", conditions.to_string(), "at most 200");
        }
        if self.limit == Some(0) {
            return refuse("a limit of", "0".to_owned(), "at least 1, or none");
        }
        if self.sort.len() > MAX_SORTS {
            return refuse("fields to sort by", self.sort.len().to_string(), "at most 16");
        }
        Ok(())
    }
}
