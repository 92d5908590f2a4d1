use crate::dsp::convolve;

/// Readings a second.
const READINGS_HZ: f64 = 20.0;
/// The pitches that are looked for, Hz.
const LOW_HZ: f64 = 60.0;
const TOP_HZ: f64 = 1_000.0;
/// What is compared with itself, seconds.
const WINDOW_S: f64 = 0.046;
/// The least cumulative mean normalised difference of a pitch; YIN takes 0.1 to 0.15.
const THRESHOLD: f64 = 0.15;
/// A step between two readings at which half the stability is gone, semitones.
const HALF_STEP: f64 = 0.25;
/// Readings this far under the loudest are silence, as power.
const SILENCE: f64 = 1e-4;

/// How steadily a pitch is held: YIN (de Cheveigne and Kawahara, JASA 111, 2002) on the mono sum,
/// 20 times a second.
#[derive(Debug, Clone)]
pub(super) struct Pitch {
    rate_hz: f64,
    window: usize,
    longest: usize,
    queue: Vec<f32>,
    queue_start: usize,
    readings: Vec<Reading>,
    products: Vec<f32>,
    normalised: Vec<f64>,
}

#[derive(Debug, Clone, Copy)]
struct Reading {
    power: f32,
    /// Semitones around 440 Hz; none where there is no one pitch.
    semitones: Option<f32>,
}

impl Pitch {
    pub(super) fn new(rate_hz: f64) -> Self {
        let longest = (rate_hz / LOW_HZ).ceil() as usize;
        Self {
            rate_hz,
            window: (WINDOW_S * rate_hz) as usize,
            longest,
            queue: Vec::new(),
            queue_start: 0,
            readings: Vec::new(),
            products: vec![0.0; longest + 2],
            normalised: vec![0.0; longest + 2],
        }
    }

    pub(super) fn push(&mut self, mono: &[f32]) {
        self.queue.extend_from_slice(mono);
        let needed = self.window + self.longest + 2;
        loop {
            let start = self.next_start();
            if start + needed > self.queue.len() {
                break;
            }
            let reading = self.read(start);
            self.readings.push(reading);
        }
        let spent = self.next_start().min(self.queue.len());
        self.queue.drain(..spent);
        self.queue_start += spent;
    }

    /// Of the readings that sound, the share whose pitch is held until the next one: each counts
    /// 1 / (1 + (step / 0.25 semitones)^2). `None` for silence and sounds of one reading.
    pub(super) fn finish(self) -> Option<f64> {
        let loudest = self.readings.iter().fold(0.0_f64, |a, r| a.max(f64::from(r.power)));
        let sounds = |r: &Reading| loudest > 0.0 && f64::from(r.power) >= SILENCE * loudest;
        let (mut held, mut count) = (0.0, 0_u64);
        for pair in self.readings.windows(2).filter(|pair| sounds(&pair[0])) {
            count += 1;
            if let (Some(a), Some(b), true) =
                (pair[0].semitones, pair[1].semitones, sounds(&pair[1]))
            {
                let step = f64::from(b - a) / HALF_STEP;
                held += 1.0 / (1.0 + step * step);
            }
        }
        (count > 0).then(|| held / count as f64)
    }

    fn next_start(&self) -> usize {
        (self.rate_hz / READINGS_HZ * self.readings.len() as f64) as usize - self.queue_start
    }

    fn read(&mut self, start: usize) -> Reading {
        let sound = &self.queue[start..start + self.window + self.longest + 2];
        correlate(&sound[..self.window], sound, &mut self.products);
        let square = |s: f32| f64::from(s) * f64::from(s);
        let own: f64 = sound[..self.window].iter().map(|s| square(*s)).sum();
        let power = (own / self.window as f64) as f32;
        if own <= 0.0 {
            return Reading { power, semitones: None };
        }
        // Difference, d(lag) = sum of (x - x delayed)^2, over its mean at shorter lags.
        let (mut delayed, mut sum) = (own, 0.0);
        self.normalised[0] = 1.0;
        for lag in 1..self.products.len() {
            delayed += square(sound[lag + self.window - 1]) - square(sound[lag - 1]);
            let difference = (own + delayed - 2.0 * f64::from(self.products[lag])).max(0.0);
            sum += difference;
            self.normalised[lag] = if sum > 0.0 { difference * lag as f64 / sum } else { 1.0 };
        }
        let semitones =
            self.lag().map(|lag| (12.0 * libm::log2(self.rate_hz / lag / 440.0)) as f32);
        Reading { power, semitones }
    }

    /// The first dip under the threshold, followed to its bottom, between samples.
    fn lag(&self) -> Option<f64> {
        let d = &self.normalised;
        let shortest = ((self.rate_hz / TOP_HZ) as usize).max(2);
        let mut lag = (shortest..=self.longest).find(|lag| d[*lag] < THRESHOLD)?;
        while lag < self.longest && d[lag + 1] < d[lag] {
            lag += 1;
        }
        let (slope, bend) = (d[lag + 1] - d[lag - 1], d[lag + 1] + d[lag - 1] - 2.0 * d[lag]);
        let offset = if bend > 0.0 { (-0.5 * slope / bend).clamp(-0.5, 0.5) } else { 0.0 };
        Some(lag as f64 + offset)
    }
}

fn correlate(taps: &[f32], sound: &[f32], out: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        #[expect(unsafe_code, reason = "the feature was detected on this processor just above")]
        unsafe {
            correlate_avx2(taps, sound, out);
        }
        return;
    }
    convolve(taps, sound, out);
}

/// The plain kernel, compiled once more for wider registers. No contraction: same bits.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn correlate_avx2(taps: &[f32], sound: &[f32], out: &mut [f32]) {
    convolve(taps, sound, out);
}
