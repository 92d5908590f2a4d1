use super::Contract;
use crate::{Error, SymbolId};

/// From the bytes of a name to its number, asked once for every frame. Open addressing at most
/// half full; never walked through, so no result knows its order.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    /// A number plus one, or 0 for an empty slot. A power of two long, or nothing at all.
    slots: Vec<u32>,
}

impl Names {
    pub(super) fn new(table: &[Contract]) -> Result<Self, Error> {
        let mut names = Self { slots: vec![0; (table.len() * 2).next_power_of_two()] };
        for (at, contract) in table.iter().enumerate() {
            let wrong = |reason| Error::Contract { symbol: contract.name.clone(), reason };
            if names.find(contract.name.as_bytes(), table).is_some() {
                return Err(wrong("listed twice"));
            }
            let number = u32::try_from(at + 1).map_err(|_| wrong("one contract too many"))?;
            let free = names.walk(contract.name.as_bytes()).find(|slot| names.slots[*slot] == 0);
            names.slots[free.ok_or_else(|| wrong("no room"))?] = number;
        }
        Ok(names)
    }

    pub(super) fn find(&self, name: &[u8], table: &[Contract]) -> Option<SymbolId> {
        for slot in self.walk(name) {
            let at = self.slots[slot].checked_sub(1)?;
            if table.get(at as usize)?.name.as_bytes() == name {
                return Some(SymbolId(at));
            }
        }
        None
    }

    /// Every slot once, beginning where the name belongs.
    fn walk(&self, name: &[u8]) -> impl Iterator<Item = usize> + use<> {
        let mask = self.slots.len().wrapping_sub(1);
        let start = hash(name) as usize;
        (0..self.slots.len()).map(move |step| start.wrapping_add(step) & mask)
    }
}

/// Eight bytes at a time through a multiply and a rotation: names are short and not hostile (they
/// come from the venue's list), and a poor hash costs a comparison, never a wrong answer.
fn hash(name: &[u8]) -> u64 {
    let (words, rest) = name.as_chunks::<8>();
    let mut tail = [0; 8];
    tail[..rest.len()].copy_from_slice(rest);
    let mix = |h: u64, word: [u8; 8]| {
        (h ^ u64::from_le_bytes(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
    };
    let mixed = words.iter().fold(name.len() as u64, |h, word| mix(h, *word));
    mix(mixed, tail)
}
