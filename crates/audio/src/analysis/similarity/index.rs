use super::scale::{AXES, place};
use crate::analysis::Fingerprint;

/// Fingerprints looked at together; each has its own sum, so the width changes no bit.
const LANES: usize = 16;

/// Many fingerprints, packed so that the nearest to one are found by looking at all of them.
#[derive(Debug, Clone)]
pub struct Index {
    /// Of each [`LANES`] fingerprints first all coordinates on axis 0, then on axis 1, ...
    blocks: Vec<[[f32; LANES]; AXES]>,
    length: usize,
}

impl Index {
    /// Packs fingerprints, which are then known by their place in the slice.
    pub fn new(prints: &[Fingerprint]) -> Self {
        let block = |prints: &[Fingerprint]| {
            // What fills the last block up is no number, and so never near.
            let mut block = [[f32::NAN; LANES]; AXES];
            for (lane, print) in prints.iter().enumerate() {
                for (axis, coordinate) in block.iter_mut().zip(place(print)) {
                    axis[lane] = coordinate;
                }
            }
            block
        };
        Self { blocks: prints.chunks(LANES).map(block).collect(), length: prints.len() }
    }

    /// How many fingerprints.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The `count` nearest to `query`, the nearest first, each with its distance as
    /// [`Distance::total`](super::Distance::total) to single precision; of equally near ones the
    /// first in the slice comes first. The query itself is found if it is in the index. Fewer
    /// only if the index has fewer.
    pub fn nearest(&self, query: &Fingerprint, count: usize) -> Vec<(usize, f32)> {
        let query = place(query);
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            #[expect(
                unsafe_code,
                reason = "the feature was detected on this processor just above"
            )]
            return unsafe { self.nearest_avx2(&query, count) };
        }
        self.nearest_plain(&query, count)
    }

    /// The plain search, compiled once more for wider registers. No contraction: same bits.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn nearest_avx2(&self, query: &[f32; AXES], count: usize) -> Vec<(usize, f32)> {
        self.nearest_plain(query, count)
    }

    #[inline(always)]
    fn nearest_plain(&self, query: &[f32; AXES], count: usize) -> Vec<(usize, f32)> {
        let count = count.min(self.length);
        // Sorted by distance; one more than wanted while one is put in its place.
        let mut best: Vec<(usize, f32)> = Vec::with_capacity(count + 1);
        let mut worst = if count == 0 { f32::NEG_INFINITY } else { f32::INFINITY };
        for (block, rows) in self.blocks.iter().enumerate() {
            let mut sums = [0.0_f32; LANES];
            for (row, coordinate) in rows.iter().zip(query) {
                for lane in 0..LANES {
                    let difference = row[lane] - coordinate;
                    sums[lane] += difference * difference;
                }
            }
            let least = sums.iter().fold(f32::INFINITY, |a, b| if *b < a { *b } else { a });
            if least >= worst {
                continue;
            }
            for (lane, sum) in sums.into_iter().enumerate() {
                if sum < worst {
                    let at = best.partition_point(|(_, other)| *other <= sum);
                    best.insert(at, (block * LANES + lane, sum));
                    best.truncate(count);
                    if let (true, Some(last)) = (best.len() == count, best.last()) {
                        worst = last.1;
                    }
                }
            }
        }
        best.into_iter().map(|(index, square)| (index, square.sqrt())).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, proptest};

    use super::Index;
    use crate::analysis::Fingerprint;
    use crate::analysis::similarity::scale::place;

    fn prints(bytes: &[u8]) -> Vec<Fingerprint> {
        let print = |chunk: &[u8; 25]| Fingerprint::from_array(chunk.map(|b| f64::from(b) / 9.0));
        bytes.as_chunks::<25>().0.iter().map(print).collect()
    }

    proptest! {
        #[test]
        fn the_nearest_are_those_of_sorting_and_wide_registers_change_no_bit(
            bytes in prop::collection::vec(any::<u8>(), 25..25 * 70),
            twins in 0_usize..40,
            count in 0_usize..50,
        ) {
            let mut prints = prints(&bytes);
            prints.extend_from_within(..twins.min(prints.len()));
            let index = Index::new(&prints);
            let query = prints[prints.len() / 2];
            let found = index.nearest(&query, count);
            assert_eq!(found, index.nearest_plain(&place(&query), count));
            let here = place(&query);
            let mut wanted: Vec<(usize, f32)> = prints
                .iter()
                .enumerate()
                .map(|(n, print)| {
                    let pairs = place(print).into_iter().zip(here);
                    (n, pairs.fold(0.0_f32, |sum, (a, b)| sum + (a - b) * (a - b)))
                })
                .collect();
            wanted.sort_by(|a, b| a.1.total_cmp(&b.1));
            wanted.truncate(count);
            let wanted: Vec<(usize, f32)> =
                wanted.into_iter().map(|(n, square)| (n, square.sqrt())).collect();
            assert_eq!(found, wanted);
        }
    }
}
