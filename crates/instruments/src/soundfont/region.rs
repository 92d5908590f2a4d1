use super::generator::{self, Values};
use super::hydra::{Hydra, Setting, Zones};
use super::modulator::{self, Modulator, Route};
use crate::Error;

/// One sample as a preset plays it: where it answers, and everything that shapes it.
#[derive(Debug, Clone)]
pub(crate) struct Region {
    pub(crate) keys: Span,
    pub(crate) velocities: Span,
    /// Instrument values with the preset's offsets added.
    pub(crate) values: Values,
    pub(crate) modulators: Vec<Route>,
    /// Index of the sample in the bank.
    pub(crate) sample: usize,
}

/// An inclusive range of keys or velocities.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    low: u8,
    high: u8,
}

/// The most regions one preset may expand to. The largest drum kits have about 500.
const MAX_REGIONS: usize = 16_384;

impl Span {
    const ALL: Self = Self { low: 0, high: 127 };

    fn from_amount(amount: u16) -> Self {
        let [low, high] = amount.to_le_bytes();
        Self { low, high }
    }

    pub(crate) fn contains(self, value: u8) -> bool {
        (self.low..=self.high).contains(&value)
    }

    fn and(self, other: Self) -> Self {
        Self { low: self.low.max(other.low), high: self.high.min(other.high) }
    }
}

/// A zone as its records say, before levels are joined.
#[derive(Clone)]
struct Zone {
    keys: Span,
    velocities: Span,
    settings: Vec<(usize, i32)>,
    modulators: Vec<Route>,
    /// The instrument or sample it ends in; a zone without one is global.
    target: Option<usize>,
}

/// Expands a preset to its regions.
pub(crate) fn regions(hydra: &Hydra, preset: usize) -> Result<Vec<Region>, Error> {
    let mut found = Vec::new();
    let bags = hydra.preset_bags(preset);
    for outer in zones(&hydra.preset_zones, bags, generator::INSTRUMENT) {
        let Some(instrument) = outer.target else { continue };
        let bags = hydra.instrument_bags(instrument);
        for inner in zones(&hydra.instrument_zones, bags, generator::SAMPLE) {
            if found.len() == MAX_REGIONS {
                return Err(Error::BrokenBank { chunk: "phdr", reason: "a preset is too large" });
            }
            found.extend(join(&outer, &inner));
        }
    }
    Ok(found)
}

/// The zones that sound, each with the global zone's settings beneath its own.
fn zones(level: &Zones, bags: std::ops::Range<usize>, terminal: usize) -> Vec<Zone> {
    let first = bags.start;
    let mut global = None;
    let mut found = Vec::new();
    for bag in bags {
        let zone = read(level.generators(bag), level.modulators(bag), terminal, global.as_ref());
        if zone.target.is_some() {
            found.push(zone);
        } else if bag == first {
            global = Some(zone);
        }
    }
    found
}

fn read(
    generators: &[Setting],
    modulators: &[Modulator],
    terminal: usize,
    global: Option<&Zone>,
) -> Zone {
    let mut zone = global.cloned().unwrap_or(Zone {
        keys: Span::ALL,
        velocities: Span::ALL,
        settings: Vec::new(),
        modulators: Vec::new(),
        target: None,
    });
    for setting in generators {
        match usize::from(setting.generator) {
            generator::KEY_RANGE => zone.keys = Span::from_amount(setting.amount),
            generator::VELOCITY_RANGE => zone.velocities = Span::from_amount(setting.amount),
            number if number == terminal => {
                zone.target = Some(usize::from(setting.amount));
                // What follows the terminal is to be ignored (section 8.1.2).
                break;
            }
            number if number < generator::COUNT => {
                let amount = i32::from(setting.amount as i16);
                match zone.settings.iter_mut().find(|(n, _)| *n == number) {
                    Some(found) => found.1 = amount,
                    None => zone.settings.push((number, amount)),
                }
            }
            _ => {}
        }
    }
    modulator::replace(&mut zone.modulators, &modulator::connect(modulators));
    zone
}

fn join(preset: &Zone, instrument: &Zone) -> Option<Region> {
    let sample = instrument.target?;
    let keys = preset.keys.and(instrument.keys);
    let velocities = preset.velocities.and(instrument.velocities);
    if keys.low > keys.high || velocities.low > velocities.high {
        return None;
    }
    let mut values = generator::DEFAULTS;
    for (number, amount) in &instrument.settings {
        values[*number] = *amount;
    }
    for (number, amount) in &preset.settings {
        if generator::allowed_in_preset(*number) {
            values[*number] += amount;
        }
    }
    let mut modulators = modulator::defaults_beneath(&instrument.modulators);
    modulator::replace(&mut modulators, &instrument.modulators);
    modulator::sum(&mut modulators, &preset.modulators);
    modulators.retain(Route::is_felt);
    Some(Region { keys, velocities, values, modulators, sample })
}
