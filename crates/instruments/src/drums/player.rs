use clock::{Chance, Seed};

use super::hit::Hit;
use super::{DrumMachine, kits};
use crate::exponent::attenuated;
use crate::sampler::Channel;
use crate::strip::Strip;
use crate::{Error, Message};

/// The most hits sounding at once; beyond it the oldest is choked.
const POLYPHONY: usize = 48;
/// Level of a full hit. Leaves room for several at once, and for volume's default.
const HEADROOM: f32 = 0.6;

/// A drum machine being played.
pub(crate) struct Player<'a> {
    machine: &'a DrumMachine,
    rate: f32,
    channel: Channel,
    hits: Vec<Hit>,
    chance: Chance,
    strip: Strip,
}

impl<'a> Player<'a> {
    /// Fails if a parameter of the machine is out of range.
    pub(crate) fn new(machine: &'a DrumMachine, rate: f32, seed: Seed) -> Result<Self, Error> {
        machine.check()?;
        Ok(Self {
            machine,
            rate,
            channel: Channel::default(),
            hits: Vec::with_capacity(POLYPHONY * 2),
            chance: seed.stream("drum hits"),
            strip: Strip::new(HEADROOM * attenuated(-machine.level_db as f32)),
        })
    }

    /// Fails if the machine has no sound on the key. Keys coming up mean nothing to a drum.
    pub(crate) fn take(&mut self, message: Message) -> Result<(), Error> {
        match message {
            Message::NoteOn { velocity: 0, .. } | Message::NoteOff { .. } => {}
            Message::NoteOn { key, velocity } => self.strike(key, velocity.min(127))?,
            other => {
                self.channel.take(other);
                if matches!(other, Message::Control { number: 120, .. }) {
                    self.hits.iter_mut().for_each(|hit| hit.choke(self.rate));
                }
            }
        }
        Ok(())
    }

    fn strike(&mut self, key: u8, velocity: u8) -> Result<(), Error> {
        let recipe = kits::recipe(self.machine.kit, key).ok_or(Error::NoDrum { key })?;
        if recipe.group.is_some() {
            for hit in self.hits.iter_mut().filter(|hit| hit.group() == recipe.group) {
                hit.choke(self.rate);
            }
        }
        if self.hits.len() >= POLYPHONY {
            let oldest = self.hits.len() - POLYPHONY;
            self.hits[oldest].choke(self.rate);
        }
        if self.hits.len() < 2 * POLYPHONY {
            self.hits.push(Hit::new(self.machine, recipe, velocity, self.rate, &mut self.chance));
        }
        Ok(())
    }

    /// Fills the next block. Both sides come in silent.
    pub(crate) fn render(&mut self, left: &mut [f32], right: &mut [f32]) {
        for hit in &mut self.hits {
            hit.add(left, right);
        }
        self.hits.retain(|hit| !hit.is_over());
        self.strip.apply(&self.channel, left, right);
    }
}
