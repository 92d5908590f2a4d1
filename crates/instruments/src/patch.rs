use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{DrumMachine, SynthPatch};

/// What plays a stem. A genre file names one in a table with the key `kind`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Patch {
    /// A program of the sample bank.
    Bank {
        /// MIDI bank; 128 holds the percussion kits.
        #[serde(default)]
        bank: u16,
        /// MIDI program, 0 to 127.
        program: u8,
    },
    /// A modelled synthesiser.
    Synth(SynthPatch),
    /// A modelled drum machine.
    Drums(DrumMachine),
}
