//! The words of a file, changed: what is asked, checked; a copy of the file with other words, and the
//! proof that nothing else in it is another.

mod beside;
mod boxes;
mod field;
mod id3;
mod mp4;
mod read;
mod vorbis;
mod write;

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use lofty::file::FileType;
use lofty::io::FileLike;

pub use field::EditField;

use crate::Error;
use crate::coded::is_same;
use boxes::Places;
use read::Said;

/// What a file says, field by field. Fields without a value are not there.
pub type Fields = BTreeMap<EditField, Vec<String>>;

/// One field and what shall become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagChange {
    /// The field.
    pub field: EditField,
    /// What shall become of it.
    pub value: Change,
}

/// What shall become of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It has these values and no others.
    Set(Vec<String>),
    /// It has none.
    Clear,
}

/// Changes that every value of can be written: checked, and one a field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes(BTreeMap<EditField, Vec<String>>);

/// More bytes of one field are no words of a song: the longest lyrics have some kilobytes. The same
/// that is read at most.
pub const MAX_FIELD_BYTES: usize = 64 << 10;
/// More values of one field than are read.
pub const MAX_VALUES: usize = 64;

impl Changes {
    /// Checks what is asked. Values are trimmed; one that is empty is none.
    ///
    /// # Errors
    /// [`Error::Value`]: a field twice, values it does not take, too many or too long ones.
    pub fn new(asked: impl IntoIterator<Item = TagChange>) -> Result<Self, Error> {
        let mut changes = BTreeMap::new();
        for TagChange { field, value } in asked {
            let values = match value {
                Change::Set(values) => field.check(values)?,
                Change::Clear => Vec::new(),
            };
            if changes.insert(field, values).is_some() {
                return Err(Error::Value {
                    field: field.name(),
                    given: "twice".to_owned(),
                    accepted: "one change a field",
                });
            }
        }
        Ok(Self(changes))
    }

    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What becomes of a file that says `before`: the fields that get another value, with it. What
    /// belongs to a value goes with it unless it is given anew: sort names and identities with names,
    /// the total with the number.
    pub fn against(&self, before: &Fields) -> Fields {
        let of = |field: EditField| before.get(&field).cloned().unwrap_or_default();
        let mut changed: Fields =
            self.0.iter().filter(|(f, v)| of(**f) != **v).map(|(f, v)| (*f, v.clone())).collect();
        for (field, values) in changed.clone() {
            for belonging in field.belongings(values.is_empty()) {
                if !self.0.contains_key(belonging) && before.contains_key(belonging) {
                    changed.insert(*belonging, Vec::new());
                }
            }
        }
        changed
    }
}

/// What a file says in the fields that can be changed.
///
/// # Errors
/// [`Error::UnknownFormat`] and [`Error::Damaged`] where the reader of tags finds nothing it can make
/// sense of.
pub fn read(source: &mut (impl Read + Seek)) -> Result<Fields, Error> {
    Ok(Said::read(source, false)?.fields)
}

/// Writes to `copy`, which is empty, what `original` holds with other words; returns whether any word
/// is another. The copy has been read again: it says what was asked, every other word and picture is
/// as it was, and its coded sound is the same to the last byte.
///
/// # Errors
/// [`Error::NotEditable`] where the format, its writer or this proof refuses, and those of reading
/// and writing. The copy is worth nothing then; the original is never written.
pub fn apply(
    original: &mut (impl Read + Seek),
    copy: &mut impl FileLike,
    changes: &Changes,
) -> Result<bool, Error> {
    let before = Said::read(original, true)?;
    let changed = changes.against(&before.fields);
    original.rewind()?;
    copy.rewind()?;
    std::io::copy(original, copy)?;
    if changed.is_empty() {
        copy.flush()?;
        return Ok(false);
    }
    let mut wanted = before.fields.clone();
    for (field, values) in &changed {
        if values.is_empty() {
            wanted.remove(field);
        } else {
            wanted.insert(*field, values.clone());
        }
    }
    refuse_lone_totals(&wanted)?;
    write::write(original, copy, &before, &changed, &wanted)?;
    copy.flush()?;
    let after = Said::read(copy, true)?;
    after.prove(&before, &changed, &wanted)?;
    let is_found = before.kind != FileType::Mp4 || Places::read(copy)? == Places::read(original)?;
    if !is_found || !is_same(original, copy)? {
        return Err(refused("its sound would not stay the same"));
    }
    copy.rewind()?;
    Ok(true)
}

/// Most formats have one place for "3/12" and none for "of 12".
fn refuse_lone_totals(wanted: &Fields) -> Result<(), Error> {
    let pairs =
        [(EditField::TrackTotal, EditField::Track), (EditField::DiscTotal, EditField::Disc)];
    for (total, number) in pairs {
        if let Some(given) = wanted.get(&total)
            && !wanted.contains_key(&number)
        {
            return Err(Error::Value {
                field: total.name(),
                given: given.concat(),
                accepted: "a total beside a number",
            });
        }
    }
    Ok(())
}

fn refused(why: impl Into<String>) -> Error {
    Error::NotEditable(why.into())
}
