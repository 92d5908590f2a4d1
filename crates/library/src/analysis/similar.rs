use std::collections::BTreeSet;

use audio::analysis::Fingerprint;
use store::rusqlite::{Connection, params};

use super::{IS_CURRENT, Prints, REVISION, figures, lock, prints};
use crate::{Error, Library, TrackId};

/// Longest list of similar tracks.
const MAX_SIMILAR: usize = 500;
/// Longest way from one track to another, both counted: half a day of music.
pub const MAX_PATH: usize = 200;
/// Values of a fingerprint that are heard in ratios: half way between 100 and 400 is 200.
const RATIOS: [&str; 4] =
    ["tempo_bpm", "spectral_centroid", "spectral_rolloff", "spectral_flatness"];

/// How much of the collection was compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Tracks that are there and have a fingerprint.
    pub analysed: u64,
    /// Tracks that are there.
    pub all: u64,
}

/// Tracks like one, or between two.
#[derive(Debug, Clone, PartialEq)]
pub struct Similar {
    /// In their order, each with its distance from what it was sought for: 0 is the same, some 6
    /// what two tracks have that have nothing to do with each other.
    pub tracks: Vec<(TrackId, f32)>,
    /// Out of what.
    pub coverage: Coverage,
}

impl Library {
    /// The tracks that sound most like one, the nearest first, among those that were heard. Copies of
    /// the same file are left out.
    ///
    /// # Errors
    /// [`Error::Absent`] before the track itself was heard, and for one too short or too silent to
    /// have a fingerprint.
    pub fn similar(&self, track: TrackId, limit: usize) -> Result<Similar, Error> {
        let print = self.print_of(track)?;
        let mut passed_over = BTreeSet::from([track]);
        let found = self.nearest(&print, track, &mut passed_over, limit.min(MAX_SIMILAR))?;
        Ok(Similar { tracks: found, coverage: self.coverage()? })
    }

    /// A way from one track to another: each next is the nearest, of those not on the way yet, to the
    /// point between the two that it stands for. Both ends are on it.
    ///
    /// # Errors
    /// As [`Library::similar`], for either end.
    pub fn sonic_path(&self, from: TrackId, to: TrackId, limit: usize) -> Result<Similar, Error> {
        let (first, last) = (self.print_of(from)?, self.print_of(to)?);
        let limit = limit.clamp(2, MAX_PATH);
        let mut passed_over = BTreeSet::from([from, to]);
        let mut tracks = vec![(from, 0.0)];
        for step in 1..limit - 1 {
            let print = between(&first, &last, step as f64 / (limit - 1) as f64);
            let Some(next) = self.nearest(&print, from, &mut passed_over, 1)?.pop() else { break };
            passed_over.insert(next.0);
            tracks.push(next);
        }
        if from != to {
            tracks.push((to, 0.0));
        }
        Ok(Similar { tracks, coverage: self.coverage()? })
    }

    fn print_of(&self, track: TrackId) -> Result<Fingerprint, Error> {
        let kept: Option<Option<Vec<u8>>> =
            self.read(|connection| figures(connection, track, "fingerprint", |row| row.get(0)))?;
        let print = kept.flatten().as_deref().and_then(prints::of_bytes);
        print.ok_or(Error::Absent("the track's fingerprint"))
    }

    /// The nearest tracks that are there and none of those passed over. What turns out to be gone, or
    /// a copy of `original`, is passed over from then on.
    fn nearest(
        &self,
        print: &Fingerprint,
        original: TrackId,
        passed_over: &mut BTreeSet<TrackId>,
        count: usize,
    ) -> Result<Vec<(TrackId, f32)>, Error> {
        loop {
            // Twice as many: a second look is seldom needed.
            let wanted = 2 * (count + passed_over.len());
            let mut found = self.with_prints(|prints| prints.nearest(print, wanted))?;
            let is_all = found.len() < wanted;
            found.retain(|(track, _)| !passed_over.contains(track));
            let there = self.read(|connection| present(connection, original, &found))?;
            let is_enough = found.iter().all(|(track, _)| there.contains(track));
            let gone = found.iter().map(|f| f.0).filter(|track| !there.contains(track));
            passed_over.extend(gone);
            if is_enough || is_all {
                found.retain(|(track, _)| there.contains(track));
                found.truncate(count);
                return Ok(found);
            }
        }
    }

    /// The table of fingerprints, read when it is first needed.
    fn with_prints<T>(&self, job: impl FnOnce(&mut Prints) -> T) -> Result<T, Error> {
        let mut prints = lock(&self.desk().prints);
        match &mut *prints {
            Some(prints) => Ok(job(prints)),
            empty => Ok(job(empty.insert(self.read(Prints::load)?))),
        }
    }

    fn coverage(&self) -> Result<Coverage, Error> {
        let analysed = self.with_prints(|prints| prints.len() as u64)?;
        let all: i64 = self.read(|connection| {
            let sql = "SELECT count(*) FROM track WHERE missing IS NULL";
            Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
        })?;
        Ok(Coverage { analysed, all: all.unsigned_abs() })
    }

    /// Reads the fingerprints anew when they are needed next: tracks came, changed or went.
    pub(crate) fn forget_prints(&self) {
        *lock(&self.desk().prints) = None;
    }
}

/// Which of them are there, were heard as they are now, and are no copies of the original.
fn present(
    connection: &Connection,
    original: TrackId,
    found: &[(TrackId, f32)],
) -> Result<BTreeSet<TrackId>, Error> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT track.id FROM track JOIN analysis ON {IS_CURRENT}
         WHERE track.id = ?2 AND missing IS NULL AND fingerprint IS NOT NULL
            AND (essence IS NULL
                OR essence IS NOT (SELECT essence FROM track AS original WHERE original.id = ?3))"
    ))?;
    let mut there = BTreeSet::new();
    for (track, _) in found {
        if statement.exists(params![REVISION, track, original])? {
            there.insert(*track);
        }
    }
    Ok(there)
}

/// The fingerprint a share of the way from one to another.
fn between(from: &Fingerprint, to: &Fingerprint, share: f64) -> Fingerprint {
    let (a, b) = (from.as_array(), to.as_array());
    let mut values = [0.0; Fingerprint::LENGTH];
    for (n, value) in values.iter_mut().enumerate() {
        let in_ratio = RATIOS.contains(&Fingerprint::NAMES[n]) && a[n] > 0.0 && b[n] > 0.0;
        *value = if in_ratio {
            a[n] * libm::pow(b[n] / a[n], share)
        } else {
            a[n] + (b[n] - a[n]) * share
        };
    }
    let mut print = Fingerprint::from_array(values);
    if from.tempo_bpm.is_none() || to.tempo_bpm.is_none() {
        // Between a beat and none there is no slow beat: the nearer end says.
        print.tempo_bpm = if share < 0.5 { from.tempo_bpm } else { to.tempo_bpm };
    }
    print
}

#[cfg(test)]
mod tests {
    use audio::analysis::Fingerprint;

    use super::between;

    #[test]
    fn half_way_is_half_way_as_it_is_heard() {
        let (mut a, mut b) = ([0.2; 25], [0.4; 25]);
        (a[10], b[10], a[14], b[14]) = (0.0, 120.0, 100.0, 400.0);
        let (a, b) = (Fingerprint::from_array(a), Fingerprint::from_array(b));
        let half = between(&a, &b, 0.499);
        assert!((half.spectral_centroid - 200.0).abs() < 1.0);
        assert!((half.lufs - 0.3).abs() < 0.001);
        assert_eq!(half.tempo_bpm, None);
        assert_eq!(between(&a, &b, 0.501).tempo_bpm, Some(120.0));
        assert_eq!(between(&a, &b, 0.0), a);
    }
}
