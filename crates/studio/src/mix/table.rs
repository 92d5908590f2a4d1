use schemars::JsonSchema;
use score::Role;
use serde::{Deserialize, Serialize};

/// How a genre mixes: the `[mix]` table of its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MixTable {
    /// The room all sends share.
    pub room: RoomTable,
    /// The echo all sends share.
    pub echo: EchoTable,
    /// How far the kick pushes others down; none where the genre does not pump.
    #[serde(default)]
    pub duck: Option<DuckTable>,
    /// The drum kit.
    pub drums: Strip,
    /// Hand percussion.
    pub percussion: Strip,
    /// The bass.
    pub bass: Strip,
    /// The comping instrument.
    pub chords: Strip,
    /// Sustained harmony.
    pub pad: Strip,
    /// Broken chords.
    pub arp: Strip,
    /// The tune.
    pub melody: Strip,
    /// The second line.
    pub counter: Strip,
}

/// The reverb.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoomTable {
    /// Seconds to fall by 60 dB, 0.2 to 10.
    pub decay_s: f64,
    /// Milliseconds to the first reflection, 0 to 200.
    pub pre_delay_ms: f64,
    /// Above this, in Hz, tones fall faster, 500 to 20000.
    pub damping_hz: f64,
    /// What the room does not give back below this, in Hz, 20 to 1000.
    pub low_cut_hz: f64,
}

/// The echo.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EchoTable {
    /// Quarter notes from one echo to the next, 0.125 to 4.
    pub beats: f64,
    /// Level of each echo to the one before, 0 to 0.9.
    pub feedback: f64,
    /// Each echo loses what is above this, Hz, 500 to 20000.
    pub low_pass_hz: f64,
    /// Each echo loses what is below this, Hz, 20 to 2000.
    pub high_pass_hz: f64,
}

/// The pump of the kick.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DuckTable {
    /// How far down at full share, dB, 0 to 24.
    pub depth_db: f64,
    /// Milliseconds to come back, 20 to 1000.
    pub recovery_ms: f64,
}

/// What one role gets at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Strip {
    /// Integrated loudness of the stem where it plays, LUFS, -50 to -6.
    pub level_lufs: f64,
    /// High-pass corner, Hz, 10 to 1000.
    pub high_pass_hz: f64,
    /// Low-pass corner, Hz, 500 to 24000; none leaves the top open.
    #[serde(default)]
    pub low_pass_hz: Option<f64>,
    /// Lift or cut around 350 Hz, dB, +-9.
    #[serde(default)]
    pub body_db: f64,
    /// Lift or cut around 3 kHz, dB, +-9.
    #[serde(default)]
    pub presence_db: f64,
    /// Lift or cut above 8 kHz, dB, +-9.
    #[serde(default)]
    pub air_db: f64,
    /// Send to the room, dB, -60 to 6; none sends nothing.
    #[serde(default)]
    pub room_db: Option<f64>,
    /// Send to the echo, dB, -60 to 6; none sends nothing.
    #[serde(default)]
    pub echo_db: Option<f64>,
    /// Share of the kick's push, 0 to 1.
    #[serde(default)]
    pub duck: f64,
}

impl MixTable {
    /// The strip of a role.
    pub fn strip(&self, role: Role) -> &Strip {
        match role {
            Role::Drums => &self.drums,
            Role::Percussion => &self.percussion,
            Role::Bass => &self.bass,
            Role::Chords => &self.chords,
            Role::Pad => &self.pad,
            Role::Arp => &self.arp,
            Role::Melody => &self.melody,
            Role::Counter => &self.counter,
        }
    }

    /// Refuses what is outside the ranges the fields state, by name.
    pub fn validate(&self) -> Result<(), String> {
        let mut values = vec![
            ("mix.room.decay_s", self.room.decay_s, 0.2, 10.0),
            ("mix.room.pre_delay_ms", self.room.pre_delay_ms, 0.0, 200.0),
            ("mix.room.damping_hz", self.room.damping_hz, 500.0, 20_000.0),
            ("mix.room.low_cut_hz", self.room.low_cut_hz, 20.0, 1_000.0),
            ("mix.echo.beats", self.echo.beats, 0.125, 4.0),
            ("mix.echo.feedback", self.echo.feedback, 0.0, 0.9),
            ("mix.echo.low_pass_hz", self.echo.low_pass_hz, 500.0, 20_000.0),
            ("mix.echo.high_pass_hz", self.echo.high_pass_hz, 20.0, 2_000.0),
        ];
        if let Some(duck) = self.duck {
            values.push(("mix.duck.depth_db", duck.depth_db, 0.0, 24.0));
            values.push(("mix.duck.recovery_ms", duck.recovery_ms, 20.0, 1_000.0));
        }
        for strip in [
            &self.drums,
            &self.percussion,
            &self.bass,
            &self.chords,
            &self.pad,
            &self.arp,
            &self.melody,
            &self.counter,
        ] {
            values.extend([
                ("level_lufs", strip.level_lufs, -50.0, -6.0),
                ("high_pass_hz", strip.high_pass_hz, 10.0, 1_000.0),
                ("low_pass_hz", strip.low_pass_hz.unwrap_or(24_000.0), 500.0, 24_000.0),
                ("body_db", strip.body_db, -9.0, 9.0),
                ("presence_db", strip.presence_db, -9.0, 9.0),
                ("air_db", strip.air_db, -9.0, 9.0),
                ("room_db", strip.room_db.unwrap_or(0.0), -60.0, 6.0),
                ("echo_db", strip.echo_db.unwrap_or(0.0), -60.0, 6.0),
                ("duck", strip.duck, 0.0, 1.0),
            ]);
        }
        match values.into_iter().find(|(_, value, low, high)| !(low..=high).contains(&value)) {
            Some((name, value, low, high)) => {
                Err(format!("{name} is {value}; it must be {low} to {high}"))
            }
            None => Ok(()),
        }
    }
}
