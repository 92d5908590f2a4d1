//! The fingerprints of all tracks in memory, packed so that the nearest are found by looking at all.

use audio::analysis::Fingerprint;
use audio::analysis::similarity::Index;
use store::rusqlite::Connection;

use super::{IS_CURRENT, REVISION};
use crate::{Error, TrackId};

/// Fingerprints of one piece. A new one makes only the last piece anew: some milliseconds.
const PIECE: usize = 4_096;
/// More tracks than this are not compared: with 112 bytes for each they take 56 MB.
const MAX_TRACKS: usize = 500_000;
/// Bytes of a fingerprint as it is kept.
const BYTES: usize = Fingerprint::LENGTH * 8;

/// All fingerprints.
#[derive(Debug, Default)]
pub(crate) struct Prints {
    /// Full ones.
    pieces: Vec<Piece>,
    /// The last one, which grows.
    growing: Vec<(TrackId, Fingerprint)>,
    /// The last one packed; none since it grew.
    packed: Option<Piece>,
}

/// Some fingerprints.
#[derive(Debug)]
struct Piece {
    /// None where a track was heard again, or no more can be.
    ids: Vec<Option<TrackId>>,
    index: Index,
}

impl Piece {
    fn of(prints: &[(TrackId, Fingerprint)]) -> Self {
        let ids = prints.iter().map(|(id, _)| Some(*id)).collect();
        let prints: Vec<Fingerprint> = prints.iter().map(|(_, print)| *print).collect();
        Self { ids, index: Index::new(&prints) }
    }

    fn nearest(&self, print: &Fingerprint, count: usize, into: &mut Vec<(TrackId, f32)>) {
        // Those that count no more are found as well, and take nobody's place.
        let void = self.ids.iter().filter(|id| id.is_none()).count();
        let found = self.index.nearest(print, count + void);
        into.extend(found.into_iter().filter_map(|(at, far)| Some((self.ids[at]?, far))));
    }
}

impl Prints {
    /// Reads what was heard so far.
    pub(super) fn load(connection: &Connection) -> Result<Self, Error> {
        let mut prints = Self::default();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT track.id, fingerprint FROM track JOIN analysis ON {IS_CURRENT}
             WHERE missing IS NULL AND fingerprint IS NOT NULL ORDER BY track.id LIMIT ?2"
        ))?;
        let mut rows = statement.query((REVISION, MAX_TRACKS as i64))?;
        while let Some(row) = rows.next()? {
            let kept = row.get_ref(1)?.as_blob().ok().and_then(of_bytes);
            if let Some(print) = kept {
                prints.add(row.get(0)?, print);
            }
        }
        Ok(prints)
    }

    /// How many tracks have one.
    pub(super) fn len(&self) -> usize {
        let full: usize = self.pieces.iter().map(|piece| piece.ids.iter().flatten().count()).sum();
        full + self.growing.len()
    }

    /// Puts a track's fingerprint in the place of the one it had; none takes it out.
    pub(super) fn put(&mut self, track: TrackId, print: Option<Fingerprint>) {
        for piece in &mut self.pieces {
            for id in piece.ids.iter_mut().filter(|id| **id == Some(track)) {
                *id = None;
            }
        }
        let before = self.growing.len();
        self.growing.retain(|(id, _)| *id != track);
        if self.growing.len() != before {
            self.packed = None;
        }
        if let Some(print) = print
            && self.len() < MAX_TRACKS
        {
            self.add(track, print);
        }
    }

    fn add(&mut self, track: TrackId, print: Fingerprint) {
        self.growing.push((track, print));
        self.packed = None;
        if self.growing.len() == PIECE {
            self.pieces.push(Piece::of(&self.growing));
            self.growing.clear();
        }
    }

    /// The nearest tracks, the nearest first.
    pub(super) fn nearest(&mut self, print: &Fingerprint, count: usize) -> Vec<(TrackId, f32)> {
        let growing = self.packed.get_or_insert_with(|| Piece::of(&self.growing));
        let mut found = Vec::new();
        for piece in self.pieces.iter().chain([&*growing]) {
            piece.nearest(print, count, &mut found);
        }
        found.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        found.truncate(count);
        found
    }
}

/// The values of a fingerprint, each as eight bytes, the lowest first.
pub(super) fn to_bytes(print: &Fingerprint) -> Vec<u8> {
    print.as_array().into_iter().flat_map(f64::to_le_bytes).collect()
}

/// The way back; none of what is no fingerprint.
pub(super) fn of_bytes(bytes: &[u8]) -> Option<Fingerprint> {
    let bytes: &[u8; BYTES] = bytes.try_into().ok()?;
    let mut values = [0.0; Fingerprint::LENGTH];
    for (value, bytes) in values.iter_mut().zip(bytes.as_chunks::<8>().0) {
        *value = f64::from_le_bytes(*bytes);
    }
    values.iter().all(|value| value.is_finite()).then(|| Fingerprint::from_array(values))
}

#[cfg(test)]
mod tests {
    use audio::analysis::Fingerprint;

    use super::{PIECE, Prints, of_bytes, to_bytes};
    use crate::TrackId;

    fn print(lufs: f64) -> Fingerprint {
        let mut values = [0.2; 25];
        values[7] = lufs;
        values[10] = 0.0;
        Fingerprint::from_array(values)
    }

    #[test]
    fn a_fingerprint_is_kept_as_it_is() {
        assert_eq!(of_bytes(&to_bytes(&print(-14.3))), Some(print(-14.3)));
        assert_eq!(of_bytes(&[0; 199]), None);
        assert_eq!(of_bytes(&[0xff; 200]), None);
    }

    #[test]
    fn a_track_that_is_heard_again_has_one_place_whichever_piece_it_was_in() {
        let mut prints = Prints::default();
        let count = 2 * PIECE as i64 + 10;
        for id in 1..=count {
            prints.put(TrackId(id), Some(print(-30.0 + id as f64 * 0.001)));
        }
        assert_eq!(prints.pieces.len(), 2);
        let mut nearest = |lufs| {
            let found = prints.nearest(&print(lufs), 2);
            found.into_iter().map(|(track, _)| track.0).collect::<Vec<_>>()
        };
        assert_eq!(nearest(-29.0)[0], 1_000);
        assert_eq!(nearest(-30.0 + 8.2)[0], 8_200);
        for id in [1_000, 8_200] {
            prints.put(TrackId(id), Some(print(-20.0)));
        }
        let found = prints.nearest(&print(-20.0), 2);
        assert_eq!(found.iter().map(|f| f.0.0).collect::<Vec<_>>(), [1_000, 8_200]);
        assert!([999, 1_001].contains(&prints.nearest(&print(-29.0), 1)[0].0.0));
        prints.put(TrackId(1_000), None);
        assert_eq!(prints.nearest(&print(-20.0), 1)[0].0, TrackId(8_200));
        assert_eq!(prints.nearest(&print(-20.0), usize::MAX >> 1).len() as i64, count - 1);
    }
}
