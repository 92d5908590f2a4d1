//! Windows of fixed length whose sums never drift.
//!
//! A running sum that adds the new value and subtracts the old one keeps the rounding error of
//! every value it ever held: after a price of 1e9 a price of 1e-3 is lost in it. Here nothing is
//! subtracted. The window is the end of one round of the storage and the beginning of the next;
//! when a round is complete its values are replaced, in one backward pass, by the sums from each
//! place to its end, and the sum of the window is such a sum plus the sum of the new values. One
//! pass in `n` updates over `n` places: the cost of an update does not depend on the length.

use crate::Period;

/// The value of some bars ago.
#[derive(Debug, Clone)]
pub(crate) struct Delay {
    cells: Box<[f64]>,
    at: usize,
    full: bool,
}

impl Delay {
    pub(crate) fn new(period: Period) -> Self {
        Self { cells: vec![0.0; period.bars()].into(), at: 0, full: false }
    }

    /// Keeps a value and gives the one of `period` calls ago.
    #[inline]
    pub(crate) fn push(&mut self, value: f64) -> Option<f64> {
        let old = std::mem::replace(&mut self.cells[self.at], value);
        let before = self.full.then_some(old);
        self.at += 1;
        if self.at == self.cells.len() {
            self.at = 0;
            self.full = true;
        }
        before
    }
}

/// The sum of the last values.
#[derive(Debug, Clone)]
pub(crate) struct RollingSum {
    /// Before `at` the values of this round, from `at` on the sums to the end of the last one.
    cells: Box<[f64]>,
    at: usize,
    head: f64,
    full: bool,
}

impl RollingSum {
    pub(crate) fn new(period: Period) -> Self {
        Self { cells: vec![0.0; period.bars()].into(), at: 0, head: 0.0, full: false }
    }

    #[inline]
    pub(crate) fn push(&mut self, value: f64) -> Option<f64> {
        self.cells[self.at] = value;
        self.at += 1;
        self.head += value;
        if self.at == self.cells.len() {
            let sum = self.head;
            self.turn();
            return Some(sum);
        }
        self.full.then(|| self.head + self.cells[self.at])
    }

    /// Ends a round: every value becomes the sum from its place to the end.
    fn turn(&mut self) {
        let mut tail = 0.0;
        for cell in self.cells.iter_mut().rev() {
            tail += *cell;
            *cell = tail;
        }
        self.at = 0;
        self.head = 0.0;
        self.full = true;
    }
}

/// Mean and sum of squared deviations of some values.
#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    mean: f64,
    squares: f64,
}

impl Moments {
    /// With one value more (Welford 1962); `share` is one over the new count.
    #[inline]
    fn with(self, value: f64, share: f64) -> Self {
        let apart = value - self.mean;
        let mean = self.mean + apart * share;
        Self { mean, squares: self.squares + apart * (value - mean) }
    }
}

/// Mean and population variance of the last values, without the cancellation of the mean of
/// squares less the square of the mean: two parts are joined as in Chan, Golub and LeVeque 1979.
#[derive(Debug, Clone)]
pub(crate) struct RollingMoments {
    /// Before `at` the values of this round as means; from `at` on the moments to the end.
    cells: Box<[Moments]>,
    /// One over 1, 2, ... bars.
    shares: Box<[f64]>,
    at: usize,
    head: Moments,
    full: bool,
}

impl RollingMoments {
    pub(crate) fn new(period: Period) -> Self {
        let shares = (1..=period.bars()).map(|bars| 1.0 / bars as f64).collect();
        let cells = vec![Moments::default(); period.bars()].into();
        Self { cells, shares, at: 0, head: Moments::default(), full: false }
    }

    /// Mean and population variance, in the unit of the values and its square.
    #[inline]
    pub(crate) fn push(&mut self, value: f64) -> Option<(f64, f64)> {
        let share = self.shares[self.at];
        self.cells[self.at].mean = value;
        self.head = self.head.with(value, share);
        self.at += 1;
        let count = self.cells.len();
        let whole = self.shares[count - 1];
        if self.at == count {
            let Moments { mean, squares } = self.head;
            self.turn();
            return Some((mean, squares * whole));
        }
        if !self.full {
            return None;
        }
        let (new, old) = (self.head, self.cells[self.at]);
        let apart = old.mean - new.mean;
        let weight = (count - self.at) as f64 * whole;
        let squares = new.squares + old.squares + apart * apart * (self.at as f64 * weight);
        Some((new.mean + apart * weight, squares * whole))
    }

    fn turn(&mut self) {
        let mut tail = Moments::default();
        for (cell, share) in self.cells.iter_mut().rev().zip(&self.shares) {
            tail = tail.with(cell.mean, *share);
            *cell = tail;
        }
        self.at = 0;
        self.head = Moments::default();
        self.full = true;
    }
}
