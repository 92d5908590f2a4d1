use super::curve::{concave, convex};
use super::generator::{
    ATTENUATION, CHORUS_SEND, COUNT, FILTER_CUTOFF, FINE_TUNE, PAN, PITCH, REVERB_SEND,
    VIB_LFO_TO_PITCH,
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

/// General controller: none. It stands for 1, so it is no way to turn a modulator off.
const NONE: u8 = 0;
/// General controller: what other modulators put out.
const LINK: u8 = 127;
/// The range of a seven-bit controller.
const SEVEN_BITS: f32 = 128.0;

impl Source {
    fn index(self) -> u8 {
        (self.0 & 0x7f) as u8
    }

    fn is_midi(self) -> bool {
        self.0 & 0x80 != 0
    }

    fn is_link(self) -> bool {
        !self.is_midi() && self.index() == LINK
    }

    /// Whether controller and curve are among those the standard knows. MIDI controllers that
    /// have a meaning of their own (bank, data entry, parameter numbers, modes) are not.
    fn is_known(self) -> bool {
        let controller = if self.is_midi() {
            !matches!(self.index(), 0 | 6 | 32 | 38 | 98..=101 | 120..=127)
        } else {
            matches!(self.index(), NONE | 2 | 3 | 10 | 13 | 14 | 16 | LINK)
        };
        controller && self.0 >> 10 <= 3
    }

    /// The shaped value: 0 to 1 if unipolar, -1 to 1 if bipolar. `linked` is what other
    /// modulators put out towards it.
    fn value(self, controls: &impl Controls, linked: f32) -> f32 {
        let (value, range) = if self.is_midi() {
            (controls.midi(self.index()), SEVEN_BITS)
        } else if self.index() == NONE {
            return 1.0;
        } else if self.is_link() {
            // The standard leaves the scale open: here an output counts as a controller's value.
            (linked.clamp(0.0, SEVEN_BITS - 1.0), SEVEN_BITS)
        } else {
            match controls.general(self.index()) {
                Some(found) => found,
                None => return 0.0,
            }
        };
        let downwards = self.0 & 0x100 != 0;
        if self.0 & 0x200 != 0 {
            // A seven-bit value has its centre at 64 of 128, a pitch wheel at 8,192 of 16,384.
            let x = 2.0 * value / range - 1.0;
            let x = if downwards { -x } else { x };
            if x < 0.0 { -self.curve(-x) } else { self.curve(x) }
        } else {
            let x = (value / (range - 1.0)).min(1.0);
            self.curve(if downwards { 1.0 - x } else { x })
        }
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
    fn same_route(&self, other: &Self) -> bool {
        self.source == other.source
            && self.target() == other.target()
            && self.amount_source == other.amount_source
            && self.transform == other.transform
    }

    /// The generator it moves. The pitch wheel's default aims at "initial pitch", which files
    /// write as fine tuning.
    fn target(&self) -> usize {
        match usize::from(self.destination) {
            FINE_TUNE => PITCH,
            other => other,
        }
    }

    /// The modulator of its zone that it feeds, if it feeds one instead of a generator.
    fn link(&self) -> Option<usize> {
        (self.destination & LINK_BIT != 0).then_some(usize::from(self.destination & !LINK_BIT))
    }

    /// Whether every part of it is one the standard knows; otherwise it is to be ignored whole
    /// (sections 8.2 and 8.3). An amount cannot come from a link.
    fn is_known(&self) -> bool {
        self.source.is_known()
            && self.amount_source.is_known()
            && !self.amount_source.is_link()
            && matches!(self.transform, LINEAR | ABSOLUTE)
    }
}

/// The bit of a destination that makes it the number of a modulator.
const LINK_BIT: u16 = 0x8000;
/// The two transforms.
const LINEAR: u16 = 0;
const ABSOLUTE: u16 = 2;
/// The longest chain of links followed: no one draws longer ones, and a walk must end.
const MAX_CHAIN: usize = 16;

/// A modulator with those that feed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    modulator: Modulator,
    inputs: Vec<Route>,
}

impl Route {
    /// The generator it moves.
    pub(crate) fn target(&self) -> usize {
        self.modulator.target()
    }

    /// Whether it can ever move something.
    pub(crate) fn is_felt(&self) -> bool {
        self.modulator.amount != 0 && self.target() < COUNT
    }

    /// The offset it gives its generator, in that generator's units.
    pub(crate) fn offset(&self, controls: &impl Controls) -> f32 {
        let linked = self.inputs.iter().map(|input| input.offset(controls)).sum();
        let Modulator { source, amount, amount_source, transform, .. } = self.modulator;
        let source = source.value(controls, linked);
        let offset = f32::from(amount) * source * amount_source.value(controls, 0.0);
        if transform == ABSOLUTE { offset.abs() } else { offset }
    }

    fn same_route(&self, other: &Self) -> bool {
        self.modulator.same_route(&other.modulator) && self.inputs == other.inputs
    }
}

/// The modulators of one zone that move generators, each with those that feed it. What the
/// standard does not know, what waits for a link that nothing feeds, and what feeds anything but
/// a link is left out. So is a ring of links: every modulator has one destination, so from a
/// generator no way leads into a ring.
pub(crate) fn connect(zone: &[Modulator]) -> Vec<Route> {
    let mut feeders = vec![Vec::new(); zone.len()];
    for (index, modulator) in zone.iter().enumerate() {
        if let Some(fed) = modulator.link().and_then(|target| feeders.get_mut(target)) {
            fed.push(index);
        }
    }
    let ends = (0..zone.len()).filter(|index| zone[*index].link().is_none());
    ends.filter_map(|index| route(zone, &feeders, index, MAX_CHAIN)).collect()
}

fn route(
    zone: &[Modulator],
    feeders: &[Vec<usize>],
    index: usize,
    links_left: usize,
) -> Option<Route> {
    let modulator = zone[index];
    if !modulator.is_known() {
        return None;
    }
    let mut inputs = Vec::new();
    if modulator.source.is_link() {
        let deeper = links_left.checked_sub(1)?;
        inputs.extend(feeders[index].iter().filter_map(|i| route(zone, feeders, *i, deeper)));
        if inputs.is_empty() {
            return None;
        }
    }
    Some(Route { modulator, inputs })
}

/// The default modulators beneath those of an instrument.
///
/// SoundFont 2.01 gave the default from velocity to the filter a second source that 2.04 took
/// away, so by the letter of 2.04 a bank of the years between no longer reaches it. Whoever names
/// the old one means the default: it gives way, and what the bank wrote stands in its place.
pub(crate) fn defaults_beneath(instrument: &[Route]) -> Vec<Route> {
    let renamed = instrument.iter().any(|r| r.modulator.same_route(&VELOCITY_TO_FILTER_2_01));
    let mut defaults = connect(&DEFAULTS);
    defaults.retain(|r| !(renamed && r.modulator.same_route(&VELOCITY_TO_FILTER)));
    defaults
}

/// Puts `added` over `list`: a modulator of the same route is replaced.
pub(crate) fn replace(list: &mut Vec<Route>, added: &[Route]) {
    for route in added {
        match list.iter_mut().find(|r| r.same_route(route)) {
            Some(found) => *found = route.clone(),
            None => list.push(route.clone()),
        }
    }
}

/// Adds the preset level to the instrument level: amounts of the same route add up.
pub(crate) fn sum(list: &mut Vec<Route>, added: &[Route]) {
    for route in added {
        match list.iter_mut().find(|r| r.same_route(route)) {
            Some(found) => {
                let amount = &mut found.modulator.amount;
                *amount = amount.saturating_add(route.modulator.amount);
            }
            None => list.push(route.clone()),
        }
    }
}

const fn default(source: u16, amount_source: u16, destination: usize, amount: i16) -> Modulator {
    Modulator {
        source: Source(source),
        destination: destination as u16,
        amount,
        amount_source: Source(amount_source),
        transform: LINEAR,
    }
}

const VELOCITY_TO_FILTER: Modulator = default(0x0102, 0, FILTER_CUTOFF, -2_400);
/// The same in SoundFont 2.01, with a switch at velocity 64 as its amount source.
const VELOCITY_TO_FILTER_2_01: Modulator = default(0x0102, 0x0d02, FILTER_CUTOFF, -2_400);

/// The ten default modulators of section 8.4.
///
/// Pan moves by 500 rather than the printed 1000, so that controller 10 spans left to right
/// exactly once, as the hardware does.
const DEFAULTS: [Modulator; 10] = [
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
