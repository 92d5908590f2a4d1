use crate::Message;
use crate::soundfont::Controls;
use crate::soundfont::generator::{COUNT, PITCH, nrpn_step};

/// What the player of a channel has set: controllers, wheel, pressure, tuning.
#[derive(Debug, Clone)]
pub(crate) struct Channel {
    controllers: [u8; 128],
    bend: u16,
    pressure: u8,
    key_pressure: [u8; 128],
    /// Pitch wheel range in semitones (RPN 0).
    bend_range: f32,
    /// Tuning in cents, fine and coarse (RPN 1 and 2).
    fine: f32,
    coarse: f32,
    parameter: Parameter,
    /// Offsets that NRPNs have given the generators (section 9.6).
    pub(crate) offsets: [f32; COUNT],
}

/// The parameter that data entry moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parameter {
    None,
    Registered(u8, u8),
    Generator(usize),
}

const DATA: usize = 6;
const DATA_FINE: usize = 38;
pub(crate) const SUSTAIN: u8 = 64;
/// Sound controller 5: moves the filter of modelled sounds, 64 is neutral.
pub(crate) const BRIGHTNESS: u8 = 74;
pub(crate) const SOSTENUTO: u8 = 66;

impl Default for Channel {
    fn default() -> Self {
        let mut controllers = [0; 128];
        controllers[7] = 100;
        controllers[10] = 64;
        controllers[11] = 127;
        controllers[usize::from(BRIGHTNESS)] = 64;
        Self {
            controllers,
            bend: 8_192,
            pressure: 0,
            key_pressure: [0; 128],
            bend_range: 2.0,
            fine: 0.0,
            coarse: 0.0,
            parameter: Parameter::None,
            offsets: [0.0; COUNT],
        }
    }
}

impl Channel {
    /// Takes in a message that is not a note.
    pub(crate) fn take(&mut self, message: Message) {
        match message {
            Message::Control { number, value } => self.control(number.min(127), value.min(127)),
            Message::PitchBend(value) => self.bend = value.min(16_383),
            Message::ChannelPressure(value) => self.pressure = value.min(127),
            Message::KeyPressure { key, value } => {
                self.key_pressure[usize::from(key.min(127))] = value.min(127);
            }
            Message::NoteOn { .. } | Message::NoteOff { .. } => {}
        }
    }

    fn control(&mut self, number: u8, value: u8) {
        self.controllers[usize::from(number)] = value;
        if (98..=101).contains(&number) {
            // The fine half of what another parameter was set to says nothing about this one.
            self.controllers[DATA_FINE] = 0;
        }
        match number {
            6 => self.data_entry(),
            38 => {
                if matches!(self.parameter, Parameter::Registered(..)) {
                    self.data_entry();
                }
            }
            98 => self.select_generator(value),
            99 => self.parameter = Parameter::None,
            100 | 101 => {
                self.parameter =
                    Parameter::Registered(self.controllers[101], self.controllers[100]);
            }
            121 => self.reset(),
            _ => {}
        }
    }

    /// NRPN 120 counts to a generator: below 100 by itself, then in hundreds and more.
    fn select_generator(&mut self, value: u8) {
        if self.controllers[99] != 120 {
            self.parameter = Parameter::None;
            return;
        }
        let so_far = match self.parameter {
            Parameter::Generator(number) if number >= 100 => number,
            _ => 0,
        };
        self.parameter = Parameter::Generator(match value {
            100 => so_far + 100,
            101 => so_far + 1_000,
            102 => so_far + 10_000,
            below => so_far + usize::from(below),
        });
    }

    fn data_entry(&mut self) {
        let (coarse, fine) = (self.controllers[DATA], self.controllers[DATA_FINE]);
        let joined = f32::from(u16::from(coarse) * 128 + u16::from(fine)) - 8_192.0;
        match self.parameter {
            Parameter::Registered(0, 0) => {
                self.bend_range = f32::from(coarse) + f32::from(fine) / 100.0;
            }
            Parameter::Registered(0, 1) => self.fine = joined * 100.0 / 8_192.0,
            Parameter::Registered(0, 2) => self.coarse = (f32::from(coarse) - 64.0) * 100.0,
            Parameter::Generator(number) if number < PITCH => {
                self.offsets[number] = joined * nrpn_step(number);
            }
            _ => {}
        }
    }

    /// Reset All Controllers as MMA RP-015 has it: volume, pan and tuning stay.
    fn reset(&mut self) {
        for number in [1, 2, 4, 64, 65, 66, 67] {
            self.controllers[number] = 0;
        }
        self.controllers[11] = 127;
        self.bend = 8_192;
        self.pressure = 0;
        self.key_pressure = [0; 128];
        self.parameter = Parameter::None;
    }

    /// Cents that tuning adds to every note.
    pub(crate) fn tuning(&self) -> f32 {
        self.fine + self.coarse
    }

    /// How far the wheel bends, in cents, tuning included.
    pub(crate) fn bend_cents(&self) -> f32 {
        (f32::from(self.bend) - 8_192.0) / 8_192.0 * self.bend_range * 100.0 + self.tuning()
    }

    /// A controller's value, 0 to 127.
    pub(crate) fn controller(&self, number: u8) -> u8 {
        self.controllers[usize::from(number.min(127))]
    }

    /// Whether a pedal is down.
    pub(crate) fn pedal(&self, number: u8) -> bool {
        self.controller(number) >= 64
    }

    /// The channel as modulators of one note see it.
    pub(crate) fn heard_by(&self, key: u8, velocity: u8) -> Heard<'_> {
        Heard { channel: self, key, velocity }
    }
}

/// The sources of a note's modulators.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heard<'a> {
    channel: &'a Channel,
    key: u8,
    velocity: u8,
}

impl Controls for Heard<'_> {
    fn general(&self, index: u8) -> Option<(f32, f32)> {
        let seven_bits = |value: u8| Some((f32::from(value), 128.0));
        match index {
            2 => seven_bits(self.velocity),
            3 => seven_bits(self.key),
            10 => seven_bits(self.channel.key_pressure[usize::from(self.key)]),
            13 => seven_bits(self.channel.pressure),
            14 => Some((f32::from(self.channel.bend), 16_384.0)),
            16 => Some((self.channel.bend_range, 128.0)),
            _ => None,
        }
    }

    fn midi(&self, number: u8) -> f32 {
        f32::from(self.channel.controller(number))
    }
}
