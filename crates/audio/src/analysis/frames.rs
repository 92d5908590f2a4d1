use crate::dsp::{Fourier, hann};

/// The power spectra of one channel, a window every hop. Two windows go into one complex
/// transform.
#[derive(Debug, Clone)]
pub(super) struct PowerFrames {
    window: Vec<f32>,
    transform: Fourier,
    /// Bins that are told, from 0.
    bins: usize,
    /// Samples between two windows; windows begin at the whole sample below its multiples.
    hop: f64,
    queue: Vec<f32>,
    /// Where the queue begins, and how many windows were read.
    queue_start: usize,
    read: usize,
    re: Vec<f32>,
    im: Vec<f32>,
    powers: [Vec<f32>; 2],
}

impl PowerFrames {
    /// Windows of `size` samples, a power of two.
    pub(super) fn new(size: usize, hop: f64, bins: usize) -> Self {
        let bins = bins.min(size / 2);
        Self {
            window: hann(size),
            transform: Fourier::new(size),
            bins,
            hop,
            queue: Vec::new(),
            queue_start: 0,
            read: 0,
            re: vec![0.0; size],
            im: vec![0.0; size],
            powers: [vec![0.0; bins], vec![0.0; bins]],
        }
    }

    /// Hears one block and tells |X|^2 of each window that is complete, in order.
    pub(super) fn push(&mut self, block: &[f32], mut each: impl FnMut(&[f32])) {
        self.queue.extend_from_slice(block);
        let size = self.window.len();
        while self.start(self.read + 1) + size <= self.queue.len() {
            let starts = [self.start(self.read), self.start(self.read + 1)];
            for (part, start) in [&mut self.re, &mut self.im].into_iter().zip(starts) {
                fill(part, &self.queue[start..start + size], &self.window);
            }
            self.transform.forward(&mut self.re, &mut self.im);
            self.part();
            each(&self.powers[0]);
            each(&self.powers[1]);
            self.read += 2;
        }
        let spent = self.start(self.read).min(self.queue.len());
        self.queue.drain(..spent);
        self.queue_start += spent;
    }

    /// Tells the last window, if one has no partner.
    pub(super) fn finish(mut self, mut each: impl FnMut(&[f32])) {
        let (start, size) = (self.start(self.read), self.window.len());
        if start + size <= self.queue.len() {
            fill(&mut self.re, &self.queue[start..start + size], &self.window);
            self.im.fill(0.0);
            self.transform.forward(&mut self.re, &mut self.im);
            self.part();
            each(&self.powers[0]);
        }
    }

    /// Where a window begins in the queue.
    fn start(&self, window: usize) -> usize {
        (self.hop * window as f64) as usize - self.queue_start
    }

    /// With Z = X + iY and A, B its bins at k and -k: X = (A + B*) / 2, Y = (A - B*) / 2i.
    fn part(&mut self) {
        let size = self.window.len();
        let [first, second] = &mut self.powers;
        let bins = self.bins;
        let (re, im) = (&self.re[..bins], &self.im[..bins]);
        let mirror_re = &self.re[size - bins + 1..];
        let mirror_im = &self.im[size - bins + 1..];
        (first[0], second[0]) = (re[0] * re[0], im[0] * im[0]);
        for k in 1..bins {
            let (br, bi) = (mirror_re[bins - 1 - k], mirror_im[bins - 1 - k]);
            let sum = [re[k] + br, im[k] - bi];
            let difference = [re[k] - br, im[k] + bi];
            first[k] = 0.25 * (sum[0] * sum[0] + sum[1] * sum[1]);
            second[k] = 0.25 * (difference[0] * difference[0] + difference[1] * difference[1]);
        }
    }
}

fn fill(part: &mut [f32], samples: &[f32], window: &[f32]) {
    for ((slot, sample), window) in part.iter_mut().zip(samples).zip(window) {
        *slot = sample * window;
    }
}
