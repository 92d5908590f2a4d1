/// Fewer are no beat.
pub(super) const MIN_BEATS: usize = 4;
/// What a gap that is not the period costs, times its squared logarithm (Ellis 2007 takes 400,
/// librosa 100).
const TIGHTNESS: f64 = 100.0;
/// Beats over which the spacing is told: the more, the finer than the grid.
const SPAN: usize = 8;
/// A beat at the start or end with less than this share of the usual strength is none.
const FAINT: f64 = 0.5;

/// The places of the beats in a curve of onsets, given the period, both in values of the curve:
/// D. P. W. Ellis, "Beat tracking by dynamic programming" (J. New Music Research 36, 2007), with
/// each beat then set on the vertex of its onset.
pub(super) fn track(curve: &[f32], period: f64) -> Vec<f64> {
    let energy = curve.iter().map(|v| f64::from(*v) * f64::from(*v)).sum::<f64>();
    let scale = (energy / curve.len().max(1) as f64).sqrt();
    if scale <= 0.0 {
        return Vec::new();
    }
    let (nearest, furthest) = ((period / 2.0) as usize, (2.0 * period) as usize + 1);
    let costs: Vec<f64> = (nearest..=furthest)
        .map(|gap| {
            let away = libm::log((gap.max(1)) as f64 / period);
            TIGHTNESS * away * away
        })
        .collect();
    let mut scores = vec![0.0_f64; curve.len()];
    let mut before: Vec<Option<usize>> = vec![None; curve.len()];
    for n in 0..curve.len() {
        let here = f64::from(curve[n]) / scale;
        let candidates = costs.iter().zip(nearest..).filter_map(|(cost, gap)| {
            let from = n.checked_sub(gap.max(1))?;
            Some((scores[from] - cost, from))
        });
        // Without any before it a beat begins a chain.
        let best =
            candidates.fold(
                (0.0, None),
                |best, (score, from)| {
                    if score > best.0 { (score, Some(from)) } else { best }
                },
            );
        scores[n] = here + best.0;
        before[n] = best.1;
    }
    let last_period = scores.len().saturating_sub(period as usize);
    let last = (last_period..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let mut chain: Vec<usize> = std::iter::successors(last, |n| before[*n]).collect();
    chain.reverse();
    trimmed(curve, &chain).iter().map(|n| vertex(curve, *n)).collect()
}

/// The usual gap between beats: the middle one of the gaps over [`SPAN`] beats.
pub(super) fn spacing(beats: &[f64]) -> f64 {
    let span = SPAN.min(beats.len() - 1);
    let mut gaps: Vec<f64> =
        beats.iter().zip(&beats[span..]).map(|(a, b)| (b - a) / span as f64).collect();
    gaps.sort_by(f64::total_cmp);
    // The mean of the middle half: the median alone would stick to the grid.
    let quarter = gaps.len() / 4;
    let middle = &gaps[quarter..gaps.len() - quarter];
    middle.iter().sum::<f64>() / middle.len() as f64
}

/// Without the faint beats of a silent start or end.
fn trimmed<'a>(curve: &[f32], chain: &'a [usize]) -> &'a [usize] {
    let strength = |n: &usize| f64::from(curve[*n].max(0.0));
    let squares = chain.iter().map(|n| strength(n) * strength(n)).sum::<f64>();
    let gate = FAINT * (squares / chain.len().max(1) as f64).sqrt();
    let first = chain.iter().position(|n| strength(n) >= gate).unwrap_or(0);
    let end = chain.iter().rposition(|n| strength(n) >= gate).map_or(first, |last| last + 1);
    &chain[first..end]
}

/// The vertex of the parabola through a value and its neighbours, where it is a crest.
fn vertex(curve: &[f32], n: usize) -> f64 {
    let (Some(before), Some(after)) = (n.checked_sub(1).map(|b| curve[b]), curve.get(n + 1)) else {
        return n as f64;
    };
    let (slope, bend) = (f64::from(after - before), f64::from(2.0 * curve[n] - after - before));
    n as f64 + if bend > 0.0 { (0.5 * slope / bend).clamp(-0.5, 0.5) } else { 0.0 }
}
