use crate::analysis::{Programme, Stereo};
use crate::dsp::{Fourier, hann};
use crate::{Buffer, Decibels, SampleRate};

/// The level of a sound in one third of an octave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// The nominal centre, 1000 Hz x 2^(k/3).
    pub centre_hz: f64,
    /// Mean power over the whole sound and all channels, a full-scale sine being -3.01 dB.
    pub level: Decibels,
}

/// 20 Hz to 20 kHz: bands k = -17 to 13 around 1 kHz.
const BANDS: std::ops::RangeInclusive<i32> = -17..=13;
/// The window at 44.1 and 48 kHz; other rates have the power of two nearest to its duration.
const WINDOW: f64 = 8_192.0;
/// What counts as spectrum where its shape is described: what is heard.
const HEARD_HZ: (f64, f64) = (20.0, 20_000.0);
/// 20 to 60, 250, 500, 2k, 4k, 8k, 20k Hz.
const SHARE_EDGES_HZ: [f64; 8] = [20.0, 60.0, 250.0, 500.0, 2e3, 4e3, 8e3, 20e3];
/// Share of the power under the rolloff.
const ROLLOFF: f64 = 0.85;
/// Below this share of the mean a bin is empty, as above the cut of a lossy codec.
const EMPTY: f64 = 1e-10;

/// The long-term spectrum in third octaves up to Nyquist: Hann windows of 8192 at 44.1 and
/// 48 kHz, as long at other rates, half overlapped. More than two channels are mixed down first.
/// Empty for sounds shorter than one window.
pub fn third_octaves(buffer: &Buffer) -> Vec<Band> {
    let mut spectrum = LongTerm::new(buffer.rate());
    let mut programme = Programme::new(buffer.rate(), buffer.layout());
    programme.push(&buffer.planes().iter().map(Vec::as_slice).collect::<Vec<_>>(), |slab| {
        spectrum.push(&slab.stereo);
    });
    programme.finish(|slab| spectrum.push(&slab.stereo));
    spectrum.finish().third_octaves()
}

/// Gathers the spectrum of a stereo sound: one complex transform holds both channels.
#[derive(Debug, Clone)]
pub(super) struct LongTerm {
    rate: SampleRate,
    window: Vec<f32>,
    transform: Fourier,
    queue: [Vec<f32>; 2],
    re: Vec<f32>,
    im: Vec<f32>,
    /// Per bin the sum of |L|^2 + |R|^2, of |L|^2 - |R|^2, and of Re(L R*), times 2, 1 and 2.
    sums: [Vec<f64>; 3],
    windows: u64,
}

impl LongTerm {
    pub(super) fn new(rate: SampleRate) -> Self {
        let size = nearest_power_of_two(WINDOW * rate.hz_f64() / SampleRate::STUDIO.hz_f64());
        Self {
            rate,
            window: hann(size),
            transform: Fourier::new(size),
            queue: [Vec::new(), Vec::new()],
            re: vec![0.0; size],
            im: vec![0.0; size],
            sums: [(); 3].map(|()| vec![0.0; size / 2 + 1]),
            windows: 0,
        }
    }

    pub(super) fn push(&mut self, stereo: &Stereo<'_>) {
        self.queue[0].extend_from_slice(stereo.left);
        self.queue[1].extend_from_slice(stereo.right);
        let (size, hop) = (self.window.len(), self.window.len() / 2);
        let mut start = 0;
        while start + size <= self.queue[0].len() {
            let parts = [&mut self.re, &mut self.im];
            for (part, queue) in parts.into_iter().zip(&self.queue) {
                let samples = &queue[start..start + size];
                for ((slot, sample), window) in part.iter_mut().zip(samples).zip(&self.window) {
                    *slot = sample * window;
                }
            }
            self.transform.forward(&mut self.re, &mut self.im);
            self.gather();
            start += hop;
        }
        for queue in &mut self.queue {
            queue.drain(..start);
        }
    }

    /// With Z = L + iR and A, B its bins at k and -k: |L|^2 + |R|^2 = (|A|^2 + |B|^2) / 2,
    /// |L|^2 - |R|^2 = Re(AB), Re(L R*) = Im(AB) / 2.
    fn gather(&mut self) {
        let half = self.window.len() / 2;
        let [both, difference, cross] = &mut self.sums;
        let (re, im) = (&self.re, &self.im);
        // These two are their own mirrors.
        for k in [0, half] {
            both[k] += 2.0 * f64::from(re[k] * re[k] + im[k] * im[k]);
            difference[k] += f64::from(re[k] * re[k] - im[k] * im[k]);
            cross[k] += 2.0 * f64::from(re[k] * im[k]);
        }
        let bins = re[1..half].iter().zip(&im[1..half]);
        let mirrored = re[half + 1..].iter().rev().zip(im[half + 1..].iter().rev());
        let sums = both[1..half].iter_mut().zip(&mut difference[1..half]);
        let sums = sums.zip(&mut cross[1..half]);
        for (((ar, ai), (br, bi)), ((both, difference), cross)) in bins.zip(mirrored).zip(sums) {
            *both += f64::from(ar * ar + ai * ai + (br * br + bi * bi));
            *difference += f64::from(ar * br - ai * bi);
            *cross += f64::from(ar * bi + ai * br);
        }
        self.windows += 1;
    }

    pub(super) fn finish(self) -> Spectrum {
        let size = self.window.len();
        // Two sides of the spectrum, and the energy of the window.
        let energy = self.window.iter().map(|h| f64::from(h * h)).sum::<f64>() * size as f64;
        let scale = 2.0 / energy / self.windows.max(1) as f64;
        let [both, difference, cross] = self.sums;
        let is_empty = self.windows == 0;
        let scaled = |sums: Vec<f64>, by: f64| {
            if is_empty { Vec::new() } else { sums.iter().map(|s| s * scale * by).collect() }
        };
        Spectrum {
            bin_hz: self.rate.hz_f64() / size as f64,
            nyquist_hz: self.rate.hz_f64() / 2.0,
            power: scaled(both, 0.25),
            difference: scaled(difference, 0.5),
            cross: scaled(cross, 0.25),
        }
    }
}

/// The mean power per bin of a whole sound.
#[derive(Debug, Clone)]
pub(super) struct Spectrum {
    bin_hz: f64,
    nyquist_hz: f64,
    /// (|L|^2 + |R|^2) / 2; empty for a sound shorter than one window.
    power: Vec<f64>,
    /// (|L|^2 - |R|^2) / 2.
    difference: Vec<f64>,
    /// Re(L R*) / 2.
    cross: Vec<f64>,
}

/// Left, right and what they share in one band: powers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) cross: f64,
}

impl Spectrum {
    pub(super) fn third_octaves(&self) -> Vec<Band> {
        if self.power.is_empty() {
            return Vec::new();
        }
        let edge = libm::pow(2.0, 1.0 / 6.0);
        BANDS
            .map(|k| 1_000.0 * libm::pow(2.0, f64::from(k) / 3.0))
            .filter(|centre| centre * edge < self.nyquist_hz)
            .map(|centre| {
                let sum = self.within(&self.power, centre / edge, centre * edge);
                Band { centre_hz: centre, level: Decibels(10.0 * libm::log10(sum.max(1e-20))) }
            })
            .collect()
    }

    /// Shares of the power from 20 Hz to 20 kHz; `None` for silence.
    pub(super) fn shares(&self) -> Option<[f64; 7]> {
        let mut shares = [0.0; 7];
        for (share, edges) in shares.iter_mut().zip(SHARE_EDGES_HZ.windows(2)) {
            *share = self.within(&self.power, edges[0], edges[1]);
        }
        let total: f64 = shares.iter().sum();
        (total > 0.0).then(|| shares.map(|share| share / total))
    }

    /// Power from 20 to 200 Hz against 200 to 2000 Hz, dB, no further from 0 than `bound`, which
    /// stands for one of them without the other. `None` if there is neither.
    pub(super) fn bass_to_mid(&self, bound: f64) -> Option<f64> {
        let bass = self.within(&self.power, HEARD_HZ.0, 200.0);
        let mid = self.within(&self.power, 200.0, 2_000.0);
        let ratio = 10.0 * (libm::log10(bass) - libm::log10(mid));
        (bass > 0.0 || mid > 0.0).then(|| ratio.clamp(-bound, bound))
    }

    /// The mean frequency by power, Hz.
    pub(super) fn centroid_hz(&self) -> Option<f64> {
        let (sum, moment) = self
            .heard()
            .fold((0.0, 0.0), |(sum, moment), (hz, power)| (sum + power, moment + power * hz));
        (sum > 0.0).then(|| moment / sum)
    }

    /// Below this lie 85 % of the power, Hz.
    pub(super) fn rolloff_hz(&self) -> Option<f64> {
        let wanted = ROLLOFF * self.heard().map(|(_, power)| power).sum::<f64>();
        let mut below = 0.0;
        self.heard().filter(|_| wanted > 0.0).find_map(|(hz, power)| {
            below += power;
            // Within the bin, so that the answer does not jump from bin to bin.
            (below >= wanted).then(|| hz + self.bin_hz * (0.5 - (below - wanted) / power))
        })
    }

    /// Geometric over arithmetic mean of the bins.
    pub(super) fn flatness(&self) -> Option<f64> {
        let count = self.heard().count() as f64;
        let mean = self.heard().map(|(_, power)| power).sum::<f64>() / count;
        (mean > 0.0).then(|| {
            let logs = self.heard().map(|(_, power)| libm::log((power / mean).max(EMPTY)));
            libm::exp(logs.sum::<f64>() / count).min(1.0)
        })
    }

    /// What left and right have in a band.
    pub(super) fn pair(&self, low_hz: f64, high_hz: f64) -> Pair {
        let [both, difference, cross] = [&self.power, &self.difference, &self.cross]
            .map(|values| self.within(values, low_hz, high_hz));
        Pair { left: both + difference, right: both - difference, cross: 2.0 * cross }
    }

    fn heard(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let with_hz = self.power.iter().enumerate().map(|(k, p)| (k as f64 * self.bin_hz, *p));
        with_hz.filter(|(hz, _)| (HEARD_HZ.0..HEARD_HZ.1).contains(hz))
    }

    /// Bins count by the share of them that lies in the band, so narrow bands have some.
    fn within(&self, values: &[f64], low_hz: f64, high_hz: f64) -> f64 {
        let (low, high) = (low_hz / self.bin_hz, high_hz.min(self.nyquist_hz) / self.bin_hz);
        (low.floor() as usize..=high.ceil() as usize)
            .filter_map(|bin| {
                let (from, to) = (bin as f64 - 0.5, bin as f64 + 0.5);
                Some(values.get(bin)? * (to.min(high) - from.max(low)).max(0.0))
            })
            .sum()
    }
}

pub(super) fn nearest_power_of_two(wanted: f64) -> usize {
    1 << libm::round(libm::log2(wanted)).max(0.0) as u32
}

#[cfg(test)]
mod tests {
    use super::third_octaves;
    use crate::{Buffer, SampleRate};

    #[test]
    fn a_sine_stands_in_its_band() {
        let tone: Vec<f32> = (0..96_000)
            .map(|n| libm::sin(std::f64::consts::TAU * 1_000.0 * f64::from(n) / 48_000.0) as f32)
            .collect();
        let bands = third_octaves(&Buffer::mono(SampleRate::STUDIO, tone));
        assert_eq!(bands.len(), 31);
        for band in &bands {
            let at_tone = (band.centre_hz - 1_000.0).abs() < 1.0;
            if at_tone {
                assert!((band.level.0 + 3.01).abs() < 0.05, "{}", band.level.0);
            } else {
                assert!(band.level.0 < -40.0, "{} Hz {}", band.centre_hz, band.level.0);
            }
        }
        assert!(third_octaves(&Buffer::mono(SampleRate::STUDIO, vec![0.1; 100])).is_empty());
    }
}
