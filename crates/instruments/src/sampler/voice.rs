use super::channel::Channel;
use super::envelope::{Envelope, Stages, seconds, seconds_or_none};
use super::filter::{Coefficients, Lane, Memory};
use super::mix::{Gain, POINTS, SEGMENT};
use super::oscillation::Oscillation;
use super::reader::{Reader, WINDOW};
use crate::exponent::{attenuated, interval};
use crate::soundfont::generator::{self, COUNT};
use crate::soundfont::{Region, Sample};

/// How long a voice that is cut off takes to fade, in seconds: short, and no click.
const FADE_SECONDS: f32 = 0.005;
/// The share of its way a changed level or pan goes in one block: about 5 ms to settle.
const GLIDE: f32 = 0.25;
/// The share of an `initialAttenuation` that the hardware applied and banks are made for.
const ATTENUATION_SHARE: f32 = 0.4;

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
    steady: Steady,
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
    /// Results of the costly functions, by their arguments.
    interval_kept: Kept<f32>,
    level_kept: Kept<f32>,
    filter_kept: Kept<Coefficients>,
    memory: Memory,
    attenuation: f32,
    place: Gain,
    points: [Gain; POINTS],
    /// Frames left of the fade, once the voice is cut off.
    fade: Option<f32>,
    pub(crate) pedals: Pedals,
}

/// What stays as it is until the player touches something.
#[derive(Debug, Clone, Copy, Default)]
struct Steady {
    /// Cents.
    pitch: f32,
    vibrato_to_pitch: f32,
    tremolo_to_pitch: f32,
    envelope_to_pitch: f32,
    /// Absolute cents.
    cutoff: f32,
    tremolo_to_cutoff: f32,
    envelope_to_cutoff: f32,
    /// Centibels.
    resonance: f32,
    /// Decibels.
    attenuation: f32,
    tremolo_to_level: f32,
    place: Gain,
    /// Periods per frame.
    tremolo: f32,
    vibrato: f32,
}

/// A result kept for as long as what it was made from does not change.
#[derive(Debug, Clone, Copy)]
struct Kept<T> {
    from: f32,
    made: T,
}

impl<T: Copy> Kept<T> {
    fn get(&mut self, from: f32, make: impl FnOnce(f32) -> T) -> T {
        if from.to_bits() != self.from.to_bits() {
            *self = Self { from, made: make(from) };
        }
        self.made
    }
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
        let offsets = offsets(region, start.channel, played_key, played_velocity);
        let (reader, loop_until_release) = reader(region, &offsets, sample, frames);
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
            offsets,
            steady: Steady::default(),
            cents: cents(region, sample, played_key),
            ratio: (sample.rate / f64::from(start.rate)) as f32,
            reader,
            loop_until_release,
            volume: Envelope::new(idle),
            modulation: Envelope::new(idle),
            tremolo: Oscillation::new(0.0),
            vibrato: Oscillation::new(0.0),
            filter: None,
            interval_kept: Kept { from: f32::NAN, made: 1.0 },
            level_kept: Kept { from: f32::NAN, made: 0.0 },
            filter_kept: Kept { from: f32::NAN, made: Coefficients::default() },
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
        self.offsets = offsets(self.region, channel, self.played_key, self.played_velocity);
        let value = |number| self.value(number);
        self.steady = Steady {
            pitch: value(generator::PITCH),
            vibrato_to_pitch: value(generator::VIB_LFO_TO_PITCH),
            tremolo_to_pitch: value(generator::MOD_LFO_TO_PITCH),
            envelope_to_pitch: value(generator::MOD_ENV_TO_PITCH),
            cutoff: value(generator::FILTER_CUTOFF),
            tremolo_to_cutoff: value(generator::MOD_LFO_TO_CUTOFF),
            envelope_to_cutoff: value(generator::MOD_ENV_TO_CUTOFF),
            resonance: value(generator::FILTER_Q),
            attenuation: value(generator::ATTENUATION) * 0.1,
            tremolo_to_level: value(generator::MOD_LFO_TO_VOLUME) * 0.1,
            place: place(value(generator::PAN)),
            tremolo: lfo(value(generator::MOD_LFO_FREQUENCY), self.rate),
            vibrato: lfo(value(generator::VIB_LFO_FREQUENCY), self.rate),
        };
        // The resonance may have changed.
        self.filter_kept.from = f32::NAN;
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
        self.attenuation = self.steady.attenuation;
        self.place = self.steady.place;
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
        let steady = self.steady;
        let cents = self.cents
            + steady.pitch
            + self.vibrato.value() * steady.vibrato_to_pitch
            + tremolo * steady.tremolo_to_pitch
            + envelope * steady.envelope_to_pitch;
        let step = self.ratio * self.interval_kept.get(cents, interval);
        // The sample waits for the end of the envelope's delay.
        let wait = (self.volume.waits() as usize).min(length);
        out[..wait].fill(0.0);
        self.reader.read(avx2, step, window, &mut out[wait..]);
        let lane = self.filter_turn(tremolo, envelope);
        let frames = length as f32;
        self.tremolo.advance(frames, steady.tremolo);
        self.vibrato.advance(frames, steady.vibrato);
        self.modulation.advance(frames);
        self.follow_gain(length, tremolo);
        lane.map(|lane| Lane { points: self.points, ..lane })
    }

    fn filter_turn(&mut self, tremolo: f32, envelope: f32) -> Option<Lane> {
        let steady = self.steady;
        let cutoff = steady.cutoff
            + tremolo * steady.tremolo_to_cutoff
            + envelope * steady.envelope_to_cutoff;
        // Fully open and without resonance it is to be flat (section 8.1.2). Once in, it stays
        // in, so that nothing clicks.
        if self.filter.is_none() && cutoff >= OPEN && steady.resonance <= 0.0 {
            return None;
        }
        let rate = self.rate;
        let to = self.filter_kept.get(cutoff, |cutoff| {
            let hertz = LOWEST_HZ * interval(cutoff.clamp(CLOSED, OPEN));
            Coefficients::new(hertz, steady.resonance, rate)
        });
        let from = self.filter.replace(to).unwrap_or(to);
        Some(Lane { memory: self.memory, from, to, ..Lane::default() })
    }

    /// Takes back what the filter remembers.
    pub(crate) fn filtered(&mut self, memory: Memory) {
        self.memory = memory;
    }

    /// Moves the gain through the block, one point each segment.
    fn follow_gain(&mut self, length: usize, tremolo_before: f32) {
        self.attenuation = glide(self.attenuation, self.steady.attenuation);
        for (side, target) in self.place.iter_mut().zip(self.steady.place) {
            *side = glide(*side, target);
        }
        let depth = self.steady.tremolo_to_level;
        let tremolo_after = self.tremolo.value();
        self.points[0] = self.points[POINTS - 1];
        if self.moves_gently(length, (tremolo_after - tremolo_before) * depth) {
            let [from, to] = [self.points[0], self.gain(tremolo_after * depth)];
            for (n, point) in self.points.iter_mut().enumerate().skip(1) {
                let share = ((n * SEGMENT) as f32 / length as f32).min(1.0);
                *point = [0, 1].map(|side| from[side] + (to[side] - from[side]) * share);
            }
            return;
        }
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

    /// Moves the envelope over a whole block if it falls or stays there, by less than a decibel:
    /// then one straight line is within 0.2 % of its curve. Otherwise leaves it where it is.
    fn moves_gently(&mut self, length: usize, boost: f32) -> bool {
        let mut ahead = self.volume.clone();
        ahead.advance(length as f32);
        let ((before, factor_before), (after, factor_after)) =
            (self.volume.volume(), ahead.volume());
        let gently = self.fade.is_none()
            && factor_before == 1.0
            && factor_after == 1.0
            && (after - before - boost).abs() < 1.0;
        if gently {
            self.volume = ahead;
        }
        gently
    }

    /// The gain of each side now, `boost` dB included.
    fn gain(&mut self, boost: f32) -> Gain {
        let (envelope, factor) = self.volume.volume();
        let fade = self.fade.map_or(1.0, |left| left / (FADE_SECONDS * self.rate));
        if factor == 0.0 || fade == 0.0 {
            return [0.0; 2];
        }
        let level =
            factor * fade * self.level_kept.get(self.attenuation + envelope - boost, attenuated);
        self.place.map(|side| level * side)
    }

    /// Its gain at the start of the block and at the end of each segment.
    pub(crate) fn points(&self) -> &[Gain; POINTS] {
        &self.points
    }
}

/// A step towards a goal, and the goal itself once it is near.
fn glide(from: f32, to: f32) -> f32 {
    if (to - from).abs() < 1e-4 { to } else { from + (to - from) * GLIDE }
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

/// How far the player has moved each generator of a note: by NRPNs, modulators and tuning.
fn offsets(region: &Region, channel: &Channel, key: u8, velocity: u8) -> [f32; COUNT] {
    let heard = channel.heard_by(key, velocity);
    let mut offsets = channel.offsets;
    for modulator in &region.modulators {
        offsets[modulator.target()] += modulator.offset(&heard);
    }
    // What zones set of these is fixed when the note begins; the rest goes with the pitch.
    let tuned = offsets[generator::COARSE_TUNE] * 100.0 + offsets[generator::FINE_TUNE];
    offsets[generator::PITCH] += tuned + channel.tuning();
    offsets
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
fn reader<'a>(
    region: &Region,
    offsets: &[f32; COUNT],
    sample: &Sample,
    frames: &'a [f32],
) -> (Reader<'a>, bool) {
    let values = &region.values;
    let value = |number: usize| i64::from(values[number]) + libm::roundf(offsets[number]) as i64;
    let moved = |from: i64, fine: usize, coarse: usize| {
        let to = from + value(fine) + value(coarse) * 32_768;
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
