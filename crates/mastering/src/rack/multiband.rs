use std::f64::consts::SQRT_2;

use audio::dsp::{Pair, settle};
use audio::{Layout, SampleRate};

use super::dynamics::{Follower, TICKS, power};
use super::{Block, QUANTUM, TICK, pairs};
use crate::chain::Multiband;

/// A ladder of Linkwitz-Riley crossovers. Each takes its low band off what is left above; a low
/// band then passes the all-passes of the corners above it, so that all bands turn alike and add
/// up to an all-pass, flat in magnitude.
#[derive(Debug, Clone)]
pub(super) struct Split {
    /// Per pair the corners, the lowest first.
    corners: Vec<Vec<Corner>>,
    /// Per pair and low band, the all-passes of the corners above it.
    turns: Vec<Vec<Vec<Section>>>,
    followers: Vec<Follower>,
    /// Per pair the bands of this quantum.
    bands: Vec<Vec<Block>>,
}

impl Split {
    pub(super) fn new(rate: SampleRate, layout: Layout, settings: &Multiband) -> Self {
        let sections: Vec<Section> =
            settings.crossovers_hz.iter().map(|hz| Section::new(rate, *hz)).collect();
        let corners = sections.iter().map(|s| Corner { first: *s, second: *s }).collect();
        let turns = (1..=sections.len()).map(|above| sections[above..].to_vec()).collect();
        let ticks = rate.hz_f64() / TICK as f64;
        let pairs = pairs(layout);
        Self {
            corners: vec![corners; pairs],
            turns: vec![turns; pairs],
            followers: settings.bands.iter().map(|band| Follower::of(ticks, band)).collect(),
            bands: vec![vec![[[0.0; 2]; QUANTUM]; sections.len() + 1]; pairs],
        }
    }

    #[inline(always)]
    pub(super) fn process(&mut self, sound: &mut [Block]) {
        let pairs = self.corners.iter_mut().zip(&mut self.turns).zip(&mut self.bands);
        for (((corners, turns), bands), block) in pairs.zip(&*sound) {
            match corners.as_mut_slice() {
                [a] => split([a], turns, bands, block),
                [a, b] => split([a, b], turns, bands, block),
                [a, b, c] => split([a, b, c], turns, bands, block),
                _ => {}
            }
        }
        for tick in 0..TICKS {
            self.add_up(sound, tick * TICK..(tick + 1) * TICK);
        }
    }

    #[inline(always)]
    fn add_up(&mut self, sound: &mut [Block], span: std::ops::Range<usize>) {
        for block in sound.iter_mut() {
            block[span.clone()].fill([0.0; 2]);
        }
        for (at, follower) in self.followers.iter_mut().enumerate() {
            let of_pair = |bands: &Vec<Block>| power(&bands[at][span.clone()]);
            let loudest = self.bands.iter().map(of_pair).fold(0.0, f64::max);
            let (from, to) = follower.next(loudest);
            let step = (to - from) / TICK as f64;
            for (block, bands) in sound.iter_mut().zip(&self.bands) {
                let mut gain = from;
                for (sum, band) in block[span.clone()].iter_mut().zip(&bands[at][span.clone()]) {
                    gain += step;
                    for lane in 0..2 {
                        sum[lane] += gain * band[lane];
                    }
                }
            }
        }
    }

    pub(super) fn inherit(&mut self, earlier: &Self) {
        if self.followers.len() != earlier.followers.len() {
            return;
        }
        for (now, before) in self.followers.iter_mut().zip(&earlier.followers) {
            now.inherit(before);
        }
        for (now, before) in self.corners.iter_mut().flatten().zip(earlier.corners.iter().flatten())
        {
            now.first.memory = before.first.memory;
            now.second.memory = before.second.memory;
        }
        let before = earlier.turns.iter().flatten().flatten();
        for (now, before) in self.turns.iter_mut().flatten().flatten().zip(before) {
            now.memory = before.memory;
        }
    }

    pub(super) fn settle(&mut self) {
        for corner in self.corners.iter_mut().flatten() {
            corner.first.settle();
            corner.second.settle();
        }
        self.turns.iter_mut().flatten().flatten().for_each(Section::settle);
        self.followers.iter_mut().for_each(Follower::settle);
    }
}

/// All bands of a frame before the next frame: their recursions do not wait for each other.
#[inline(always)]
fn split<const N: usize>(
    corners: [&mut Corner; N],
    turns: &mut [Vec<Section>],
    bands: &mut [Block],
    block: &Block,
) {
    let mut at_work = corners.each_ref().map(|corner| **corner);
    // Of band n only the all-passes of the corners above it are used.
    let mut turning: [[Section; N]; N] = std::array::from_fn(|n| {
        std::array::from_fn(|m| turns[n].get(m).copied().unwrap_or_default())
    });
    for (n, frame) in block.iter().enumerate() {
        let mut rest = *frame;
        for (low, corner) in at_work.iter_mut().enumerate() {
            let mut band;
            (band, rest) = corner.next(rest);
            for turn in &mut turning[low][..N - 1 - low] {
                let w = turn.push(band);
                band = turn.all_pass(w);
                turn.keep(w);
            }
            bands[low][n] = band;
        }
        bands[N][n] = rest;
    }
    for (corner, done) in corners.into_iter().zip(at_work) {
        *corner = done;
    }
    for (turns, done) in turns.iter_mut().zip(turning) {
        for (turn, done) in turns.iter_mut().zip(done) {
            *turn = done;
        }
    }
}

/// One crossover of fourth order. Low is a Butterworth low-pass twice; low and high add up to the
/// second-order all-pass with the same poles, so high is what low leaves of that.
#[derive(Debug, Clone, Copy)]
struct Corner {
    first: Section,
    second: Section,
}

impl Corner {
    #[inline(always)]
    fn next(&mut self, x: Pair) -> (Pair, Pair) {
        let w = self.first.push(x);
        let turned = self.first.all_pass(w);
        let once = self.first.low_pass(w);
        self.first.keep(w);
        let w = self.second.push(once);
        let low = self.second.low_pass(w);
        self.second.keep(w);
        (low, [turned[0] - low[0], turned[1] - low[1]])
    }
}

/// A Butterworth section in direct form II: one recursion, from which the low-pass and the
/// all-pass are both read.
#[derive(Debug, Clone, Copy, Default)]
struct Section {
    a1: f64,
    a2: f64,
    /// b0 of the low-pass; b1 is twice it, b2 the same.
    low: f64,
    memory: [Pair; 2],
}

/// Above this share of the rate the bilinear transform has no corner to give.
const HIGHEST: f64 = 0.45;

impl Section {
    fn new(rate: SampleRate, hz: f64) -> Self {
        let k = libm::tan(std::f64::consts::PI * hz.min(HIGHEST * rate.hz_f64()) / rate.hz_f64());
        let norm = 1.0 / (1.0 + SQRT_2 * k + k * k);
        Self {
            a1: 2.0 * (k * k - 1.0) * norm,
            a2: (1.0 - SQRT_2 * k + k * k) * norm,
            low: k * k * norm,
            memory: [[0.0; 2]; 2],
        }
    }

    /// The recursion: what the outputs are read from, together with the two before it.
    #[inline(always)]
    fn push(&self, x: Pair) -> Pair {
        let [w1, w2] = self.memory;
        [0, 1].map(|lane| x[lane] - self.a1 * w1[lane] - self.a2 * w2[lane])
    }

    #[inline(always)]
    fn low_pass(&self, w: Pair) -> Pair {
        let [w1, w2] = self.memory;
        [0, 1].map(|lane| self.low * (w[lane] + 2.0 * w1[lane] + w2[lane]))
    }

    #[inline(always)]
    fn all_pass(&self, w: Pair) -> Pair {
        let [w1, w2] = self.memory;
        [0, 1].map(|lane| self.a2 * w[lane] + self.a1 * w1[lane] + w2[lane])
    }

    #[inline(always)]
    fn keep(&mut self, w: Pair) {
        self.memory = [w, self.memory[0]];
    }

    fn settle(&mut self) {
        self.memory = self.memory.map(|pair| pair.map(settle));
    }
}
