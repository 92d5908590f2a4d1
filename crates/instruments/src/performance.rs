use audio::Frames;

/// What one instrument plays, in frames: the events of one channel and how long to listen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Performance {
    /// Events in order of time; those of one frame act in the order they stand here.
    pub events: Vec<Event>,
    /// Frames to render, tails included. Events at or after it are not played.
    pub length: Frames,
}

impl Performance {
    /// A performance with its events brought into order of time; the order of simultaneous
    /// events is kept.
    pub fn new(mut events: Vec<Event>, length: Frames) -> Self {
        events.sort_by_key(|event| event.at);
        Self { events, length }
    }
}

/// Something that happens at one frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// When, counted from the start of the stem.
    pub at: Frames,
    /// What.
    pub message: Message,
}

/// What can happen to an instrument: the channel messages of MIDI 1.0 without their channel.
/// Seven-bit values above 127 are taken as 127.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// A key goes down. Velocity 0 is a [`Message::NoteOff`], as in MIDI.
    NoteOn {
        /// MIDI key, 60 is middle C.
        key: u8,
        /// 1 to 127.
        velocity: u8,
    },
    /// A key comes up.
    NoteOff {
        /// MIDI key.
        key: u8,
    },
    /// A controller moves; 120 to 127 are the channel mode messages.
    Control {
        /// Controller number, 0 to 127.
        number: u8,
        /// 0 to 127.
        value: u8,
    },
    /// The pitch wheel moves: 0 to 16,383, 8,192 is the centre.
    PitchBend(u16),
    /// Pressure on all keys, 0 to 127.
    ChannelPressure(u8),
    /// Pressure on one key.
    KeyPressure {
        /// MIDI key.
        key: u8,
        /// 0 to 127.
        value: u8,
    },
}
