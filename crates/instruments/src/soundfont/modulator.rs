use super::curve::{concave, convex};
use super::generator::{
    ATTENUATION, CHORUS_SEND, FILTER_CUTOFF, FINE_TUNE, PAN, PITCH, REVERB_SEND, VIB_LFO_TO_PITCH,
};
use super::riff::u16_at;

/// A modulator record (section 7.4): a controller shaped by a curve moves a generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Modulator {
    pub(crate) source: Source,
    pub(crate) destination: u16,
    pub(crate) amount: i16,
    pub(crate) amount_source: Source,
    /// 0 linear, 2 absolute value.
    pub(crate) transform: u16,
}

/// The packed source of a modulator (section 8.2): controller, direction, polarity, curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Source(pub(crate) u16);

/// What a source reads. Values are those of the moment for controllers, of the note otherwise.
pub(crate) trait Controls {
    /// The value of a general controller and the size of its range; none if there is no such one.
    fn general(&self, index: u8) -> Option<(f32, f32)>;
    /// The value of a MIDI controller, 0 to 127.
    fn midi(&self, number: u8) -> f32;
}

/// General controller: nothing; as the amount source it stands for 1.
const NONE: u16 = 0;
/// General controller: the output of another modulator. Not followed here.
const LINK: u8 = 127;

impl Source {
    /// The shaped value: 0 to 1 if unipolar, -1 to 1 if bipolar; none if nothing is connected.
    fn value(self, controls: &impl Controls) -> Option<f32> {
        let index = (self.0 & 0x7f) as u8;
        let (value, range) = if self.0 & 0x80 != 0 {
            (controls.midi(index), 128.0)
        } else if self.0 & 0x7f == NONE || index == LINK {
            return None;
        } else {
            controls.general(index)?
        };
        let downwards = self.0 & 0x100 != 0;
        Some(if self.0 & 0x200 != 0 {
            // A seven-bit value has its centre at 64 of 128, a pitch wheel at 8,192 of 16,384.
            let x = 2.0 * value / range - 1.0;
            let x = if downwards { -x } else { x };
            if x < 0.0 { -self.curve(-x) } else { self.curve(x) }
        } else {
            let x = (value / (range - 1.0)).min(1.0);
            self.curve(if downwards { 1.0 - x } else { x })
        })
    }

    fn curve(self, x: f32) -> f32 {
        match self.0 >> 10 {
            1 => concave(x),
            2 => convex(x),
            // A bipolar switch sees x = 0 at the centre, so it too flips there.
            3 if self.0 & 0x200 != 0 => 1.0,
            3 => f32::from(u8::from(x >= 0.5)),
            _ => x,
        }
    }
}

impl Modulator {
    /// From the ten bytes of a record.
    pub(crate) fn read(record: &[u8]) -> Self {
        Self {
            source: Source(u16_at(record, 0)),
            destination: u16_at(record, 2),
            amount: u16_at(record, 4) as i16,
            amount_source: Source(u16_at(record, 6)),
            transform: u16_at(record, 8),
        }
    }

    /// Whether two modulators are the same but for their amount, and so replace or add to each
    /// other (section 9.5.1).
    pub(crate) fn same_route(&self, other: &Self) -> bool {
        self.source == other.source
            && self.target() == other.target()
            && self.amount_source == other.amount_source
            && self.transform == other.transform
    }

    /// The generator it moves. The pitch wheel's default aims at "initial pitch", which files
    /// write as fine tuning.
    pub(crate) fn target(&self) -> usize {
        match usize::from(self.destination) {
            FINE_TUNE => PITCH,
            other => other,
        }
    }

    /// The offset it gives its generator, in that generator's units.
    pub(crate) fn offset(&self, controls: &impl Controls) -> f32 {
        let Some(source) = self.source.value(controls) else { return 0.0 };
        let scale = if self.amount_source.0 == NONE {
            1.0
        } else {
            self.amount_source.value(controls).unwrap_or(0.0)
        };
        let offset = f32::from(self.amount) * source * scale;
        if self.transform == 2 { offset.abs() } else { offset }
    }
}

/// The default modulators beneath those of an instrument.
///
/// SoundFont 2.01 gave the default from velocity to the filter a second source that 2.04 took
/// away, so by the letter of 2.04 a bank of the years between no longer reaches it. Whoever names
/// the old one means the default: it gives way, and what the bank wrote stands in its place.
pub(crate) fn defaults_beneath(instrument: &[Modulator]) -> Vec<Modulator> {
    let mut defaults = DEFAULTS.to_vec();
    if instrument.iter().any(|m| m.same_route(&VELOCITY_TO_FILTER_2_01)) {
        defaults.retain(|m| !m.same_route(&VELOCITY_TO_FILTER));
    }
    defaults
}

/// Puts `added` over `list`: a modulator of the same route is replaced.
pub(crate) fn replace(list: &mut Vec<Modulator>, added: &[Modulator]) {
    for modulator in added {
        match list.iter_mut().find(|m| m.same_route(modulator)) {
            Some(found) => *found = *modulator,
            None => list.push(*modulator),
        }
    }
}

/// Adds the preset level to the instrument level: amounts of the same route add up.
pub(crate) fn sum(list: &mut Vec<Modulator>, added: &[Modulator]) {
    for modulator in added {
        match list.iter_mut().find(|m| m.same_route(modulator)) {
            Some(found) => found.amount = found.amount.saturating_add(modulator.amount),
            None => list.push(*modulator),
        }
    }
}

const fn default(source: u16, amount_source: u16, destination: usize, amount: i16) -> Modulator {
    Modulator {
        source: Source(source),
        destination: destination as u16,
        amount,
        amount_source: Source(amount_source),
        transform: 0,
    }
}

const VELOCITY_TO_FILTER: Modulator = default(0x0102, 0, FILTER_CUTOFF, -2_400);
/// The same in SoundFont 2.01, with a switch at velocity 64 as its amount source.
const VELOCITY_TO_FILTER_2_01: Modulator = default(0x0102, 0x0d02, FILTER_CUTOFF, -2_400);

/// The ten default modulators of section 8.4.
///
/// Pan moves by 500 rather than the printed 1000, so that controller 10 spans left to right
/// exactly once, as the hardware does.
pub(crate) const DEFAULTS: [Modulator; 10] = [
    default(0x0502, 0, ATTENUATION, 960),
    VELOCITY_TO_FILTER,
    default(0x000d, 0, VIB_LFO_TO_PITCH, 50),
    default(0x0081, 0, VIB_LFO_TO_PITCH, 50),
    default(0x0587, 0, ATTENUATION, 960),
    default(0x028a, 0, PAN, 500),
    default(0x058b, 0, ATTENUATION, 960),
    default(0x00db, 0, REVERB_SEND, 200),
    default(0x00dd, 0, CHORUS_SEND, 200),
    default(0x020e, 0x0010, FINE_TUNE, 12_700),
];
