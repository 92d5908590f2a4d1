use super::channel::Channel;
use super::envelope::{Envelope, Stages, seconds, seconds_or_none};
use super::filter::{Coefficients, Lane, Memory};
use super::oscillation::Oscillation;
use super::reader::{BLOCK, Reader, WINDOW};
use crate::exponent::{attenuated, interval};
use crate::soundfont::generator::{self, COUNT};
use crate::soundfont::{Region, Sample};

/// Frames between two points of a voice's gain; between them it moves in a straight line.
const SEGMENT: usize = 16;
/// Gain points of a block, its start included.
const POINTS: usize = BLOCK / SEGMENT + 1;
/// How long a voice that is cut off takes to fade, in seconds: short, and no click.
const FADE_SECONDS: f32 = 0.005;
/// The share of its way a changed level or pan goes in one block: about 5 ms to settle.
const GLIDE: f32 = 0.25;
/// The share of an `initialAttenuation` that the hardware applied and banks are made for.
const ATTENUATION_SHARE: f32 = 0.4;

/// Left and right gain.
type Gain = [f32; 2];

/// One sample sounding: its position, envelopes, oscillators, filter and place.
#[derive(Debug)]
pub(crate) struct Voice<'a> {
    region: &'a Region,
    /// Which note-on began it: voices of one note share it.
    pub(crate) note: u64,
    pub(crate) key: u8,
    played_key: u8,
    played_velocity: u8,
    rate: f32,
    /// Values as the zones set them, and as modulators and NRPNs move them.
    base: [f32; COUNT],
    offsets: [f32; COUNT],
    /// Cents from the sample's own pitch, without modulation.
    cents: f32,
    /// Source samples per output sample at the sample's own pitch.
    ratio: f32,
    reader: Reader<'a>,
    loop_until_release: bool,
    volume: Envelope,
    modulation: Envelope,
    tremolo: Oscillation,
    vibrato: Oscillation,
    filter: Option<Coefficients>,
    memory: Memory,
    attenuation: f32,
    place: Gain,
    points: [Gain; POINTS],
    /// Frames left of the fade, once the voice is cut off.
    fade: Option<f32>,
    pub(crate) pedals: Pedals,
}

/// What keeps a voice sounding.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Pedals {
    /// Its key is up, or it has been released.
    pub(crate) key_up: bool,
    /// Sostenuto holds it.
    pub(crate) sostenuto: bool,
    pub(crate) released: bool,
}

/// What begins a voice.
pub(crate) struct Start<'a, 'c> {
    pub(crate) region: &'a Region,
    pub(crate) sample: &'a Sample,
    pub(crate) frames: &'a [f32],
    pub(crate) channel: &'c Channel,
    pub(crate) key: u8,
    pub(crate) velocity: u8,
    pub(crate) note: u64,
    pub(crate) rate: f32,
}

impl<'a> Voice<'a> {
    pub(crate) fn new(start: &Start<'a, '_>) -> Self {
        let Start { region, sample, frames, .. } = *start;
        let values = &region.values;
        let fixed = |number: usize, played: u8| {
            if (0..128).contains(&values[number]) { values[number] as u8 } else { played }
        };
        let played_key = fixed(generator::FIXED_KEY, start.key);
        let played_velocity = fixed(generator::FIXED_VELOCITY, start.velocity);
        let mut base: [f32; COUNT] = std::array::from_fn(|n| values[n] as f32);
        base[generator::ATTENUATION] *= ATTENUATION_SHARE;
        let (reader, loop_until_release) = reader(region, sample, frames);
        let idle =
            Stages { delay: 0.0, attack: 1.0, hold: 0.0, decay: 1.0, sustain: 0.0, release: 1.0 };
        let mut voice = Self {
            region,
            note: start.note,
            key: start.key,
            played_key,
            played_velocity,
            rate: start.rate,
            base,
            offsets: [0.0; COUNT],
            cents: cents(region, sample, played_key),
            ratio: (sample.rate / f64::from(start.rate)) as f32,
            reader,
            loop_until_release,
            volume: Envelope::new(idle),
            modulation: Envelope::new(idle),
            tremolo: Oscillation::new(0.0),
            vibrato: Oscillation::new(0.0),
            filter: None,
            memory: Memory::default(),
            attenuation: 0.0,
            place: [0.0; 2],
            points: [[0.0; 2]; POINTS],
            fade: None,
            pedals: Pedals::default(),
        };
        voice.listen(start.channel);
        voice.settle();
        voice
    }

    /// Works out what the channel's state does to this voice.
    pub(crate) fn listen(&mut self, channel: &Channel) {
        let heard = channel.heard_by(self.played_key, self.played_velocity);
        self.offsets = channel.offsets;
        for modulator in &self.region.modulators {
            self.offsets[modulator.target()] += modulator.offset(&heard);
        }
        self.offsets[generator::PITCH] += channel.tuning();
    }

    /// Sets up what is fixed when the note begins.
    fn settle(&mut self) {
        let (key, rate) = (f32::from(self.played_key), self.rate);
        let value = |number| self.value(number);
        let (delay, by_key) = (generator::VOL_ENV_DELAY, generator::VOL_ENV_HOLD_BY_KEY);
        let volume = Stages::read(value, delay, by_key, key, 960.0, rate);
        let (delay, by_key) = (generator::MOD_ENV_DELAY, generator::MOD_ENV_HOLD_BY_KEY);
        let modulation = Stages::read(value, delay, by_key, key, 1_000.0, rate);
        let tremolo = seconds_or_none(value(generator::MOD_LFO_DELAY)) * rate;
        let vibrato = seconds_or_none(value(generator::VIB_LFO_DELAY)) * rate;
        self.volume = Envelope::new(volume);
        self.modulation = Envelope::new(modulation);
        self.tremolo = Oscillation::new(tremolo);
        self.vibrato = Oscillation::new(vibrato);
        self.attenuation = self.value(generator::ATTENUATION) * 0.1;
        self.place = place(self.value(generator::PAN));
        self.points[POINTS - 1] = self.gain(0.0);
    }

    /// A generator as it stands now, held in its range.
    fn value(&self, number: usize) -> f32 {
        let (low, high) = generator::range(number);
        (self.base[number] + self.offsets[number]).clamp(low, high)
    }

    /// The key comes up, and no pedal holds it.
    pub(crate) fn release(&mut self) {
        if std::mem::replace(&mut self.pedals.released, true) {
            return;
        }
        let frames = |number| seconds(self.value(number), RELEASE_MAX) * self.rate;
        let (volume, modulation) =
            (frames(generator::VOL_ENV_RELEASE), frames(generator::MOD_ENV_RELEASE));
        self.volume.release(volume);
        self.modulation.release(modulation);
        if self.loop_until_release {
            self.reader.leave_loop();
        }
    }

    /// Cuts the voice off, without a click.
    pub(crate) fn cut(&mut self) {
        self.fade.get_or_insert(FADE_SECONDS * self.rate);
    }

    /// Whether it has been cut off.
    pub(crate) fn is_cut(&self) -> bool {
        self.fade.is_some()
    }

    /// Its exclusive class; 0 is none.
    pub(crate) fn exclusive_class(&self) -> i32 {
        self.region.values[generator::EXCLUSIVE_CLASS]
    }

    /// How loud it is now, for choosing whom to cut.
    pub(crate) fn loudness(&self) -> f32 {
        let [left, right] = self.points[POINTS - 1];
        left.max(right)
    }

    /// Whether nothing more will be heard of it.
    pub(crate) fn is_over(&self) -> bool {
        self.volume.is_done() || self.reader.is_over() || self.fade == Some(0.0)
    }

    /// Reads the next `out.len()` samples and moves everything else along. Returns the voice's
    /// turn at the filter, if it has one.
    pub(crate) fn next(
        &mut self,
        avx2: bool,
        window: &mut [f32; WINDOW],
        out: &mut [f32],
    ) -> Option<Lane> {
        let length = out.len();
        let (tremolo, envelope) = (self.tremolo.value(), self.modulation.share());
        let cents = self.cents
            + self.value(generator::PITCH)
            + self.vibrato.value() * self.value(generator::VIB_LFO_TO_PITCH)
            + tremolo * self.value(generator::MOD_LFO_TO_PITCH)
            + envelope * self.value(generator::MOD_ENV_TO_PITCH);
        // The sample waits for the end of the envelope's delay.
        let wait = (self.volume.waits() as usize).min(length);
        out[..wait].fill(0.0);
        self.reader.read(avx2, self.ratio * interval(cents), window, &mut out[wait..]);
        let lane = self.filter_turn(tremolo, envelope);
        let frames = length as f32;
        self.tremolo.advance(frames, lfo(self.value(generator::MOD_LFO_FREQUENCY), self.rate));
        self.vibrato.advance(frames, lfo(self.value(generator::VIB_LFO_FREQUENCY), self.rate));
        self.modulation.advance(frames);
        self.follow_gain(length, tremolo);
        lane
    }

    fn filter_turn(&mut self, tremolo: f32, envelope: f32) -> Option<Lane> {
        let cutoff = self.value(generator::FILTER_CUTOFF)
            + tremolo * self.value(generator::MOD_LFO_TO_CUTOFF)
            + envelope * self.value(generator::MOD_ENV_TO_CUTOFF);
        let resonance = self.value(generator::FILTER_Q);
        // Fully open and without resonance it is to be flat (section 8.1.2). Once in, it stays
        // in, so that nothing clicks.
        if self.filter.is_none() && cutoff >= OPEN && resonance <= 0.0 {
            return None;
        }
        let hertz = LOWEST_HZ * interval(cutoff.clamp(CLOSED, OPEN));
        let to = Coefficients::new(hertz, resonance, self.rate);
        let from = self.filter.replace(to).unwrap_or(to);
        Some(Lane { voice: 0, memory: self.memory, from, to })
    }

    /// Takes back what the filter remembers.
    pub(crate) fn filtered(&mut self, memory: Memory) {
        self.memory = memory;
    }

    /// Moves the gain through the block, one point each segment.
    fn follow_gain(&mut self, length: usize, tremolo_before: f32) {
        let attenuation = self.value(generator::ATTENUATION) * 0.1;
        self.attenuation += (attenuation - self.attenuation) * GLIDE;
        let target = place(self.value(generator::PAN));
        for (side, target) in self.place.iter_mut().zip(target) {
            *side += (target - *side) * GLIDE;
        }
        let depth = self.value(generator::MOD_LFO_TO_VOLUME) * 0.1;
        let tremolo_after = self.tremolo.value();
        self.points[0] = self.points[POINTS - 1];
        let mut done = 0;
        for point in 1..POINTS {
            let frames = length.saturating_sub(done).min(SEGMENT);
            done += frames;
            self.volume.advance(frames as f32);
            if let Some(left) = &mut self.fade {
                *left = (*left - frames as f32).max(0.0);
            }
            let share = done as f32 / length as f32;
            let tremolo = tremolo_before + (tremolo_after - tremolo_before) * share;
            self.points[point] =
                if frames == 0 { self.points[point - 1] } else { self.gain(tremolo * depth) };
        }
    }

    /// The gain of each side now, `boost` dB included.
    fn gain(&self, boost: f32) -> Gain {
        let (envelope, factor) = self.volume.volume();
        let fade = self.fade.map_or(1.0, |left| left / (FADE_SECONDS * self.rate));
        if factor == 0.0 || fade == 0.0 {
            return [0.0; 2];
        }
        let level = factor * fade * attenuated(self.attenuation + envelope - boost);
        self.place.map(|side| level * side)
    }

    /// Adds a block of this voice to both sides.
    pub(crate) fn mix(&self, wave: &[f32], left: &mut [f32], right: &mut [f32]) {
        let blocks =
            wave.chunks(SEGMENT).zip(left.chunks_mut(SEGMENT)).zip(right.chunks_mut(SEGMENT));
        for (points, ((wave, left), right)) in self.points.windows(2).zip(blocks) {
            let share = 1.0 / wave.len() as f32;
            let [l, r] = points[0];
            let (to_left, to_right) = ((points[1][0] - l) * share, (points[1][1] - r) * share);
            for (n, ((sample, left), right)) in wave.iter().zip(left).zip(right).enumerate() {
                let n = (n as u32) as f32;
                *left += sample * (l + to_left * n);
                *right += sample * (r + to_right * n);
            }
        }
    }
}

/// Longest release in timecents: 101.6 s.
const RELEASE_MAX: f32 = 8_000.0;
/// The frequency of 0 absolute cents.
const LOWEST_HZ: f32 = 8.176;
/// Cutoffs in absolute cents: fully open (20 kHz) and fully closed (19 Hz).
const OPEN: f32 = 13_500.0;
const CLOSED: f32 = 1_500.0;

fn lfo(cents: f32, rate: f32) -> f32 {
    LOWEST_HZ * interval(cents) / rate
}

/// Constant power: both sides' squares sum to one. `pan` is in tenths of a percent.
fn place(pan: f32) -> Gain {
    let angle = (pan * 0.001 + 0.5) * std::f32::consts::FRAC_PI_2;
    // At the far right the cosine would be a rounding error, not silence.
    [if pan >= 500.0 { 0.0 } else { libm::cosf(angle) }, libm::sinf(angle)]
}

/// The interval from the sample's own pitch to the key played.
fn cents(region: &Region, sample: &Sample, key: u8) -> f32 {
    let values = &region.values;
    let root = match values[generator::ROOT_KEY] {
        set @ 0..=127 => set,
        _ => i32::from(sample.root),
    };
    let scale = values[generator::SCALE_TUNING].clamp(0, 1_200);
    let tuning = values[generator::COARSE_TUNE] * 100 + values[generator::FINE_TUNE];
    ((i32::from(key) - root) * scale + tuning + i32::from(sample.correction)) as f32
}

/// Where the sample begins, ends and loops, its offsets applied; and whether the loop ends with
/// the key.
fn reader<'a>(region: &Region, sample: &Sample, frames: &'a [f32]) -> (Reader<'a>, bool) {
    let values = &region.values;
    let moved = |from: i64, fine: usize, coarse: usize| {
        let to = from + i64::from(values[fine]) + i64::from(values[coarse]) * 32_768;
        to.clamp(0, frames.len() as i64) as usize
    };
    let end = moved(frames.len() as i64, generator::END_OFFSET, generator::END_COARSE);
    let start = moved(0, generator::START_OFFSET, generator::START_COARSE).min(end);
    let from = moved(
        i64::from(sample.loop_start),
        generator::LOOP_START_OFFSET,
        generator::LOOP_START_COARSE,
    );
    let to =
        moved(i64::from(sample.loop_end), generator::LOOP_END_OFFSET, generator::LOOP_END_COARSE);
    let mode = values[generator::SAMPLE_MODES] & 3;
    let looped = (mode == 1 || mode == 3).then_some((from, to.min(end)));
    (Reader::new(&frames[..end], start, looped), mode == 3)
}
