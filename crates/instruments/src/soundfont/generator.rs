//! The generators of SoundFont 2.04 section 8.1: numbers, units, defaults, ranges.

pub(crate) const START_OFFSET: usize = 0;
pub(crate) const END_OFFSET: usize = 1;
pub(crate) const LOOP_START_OFFSET: usize = 2;
pub(crate) const LOOP_END_OFFSET: usize = 3;
pub(crate) const START_COARSE: usize = 4;
pub(crate) const MOD_LFO_TO_PITCH: usize = 5;
pub(crate) const VIB_LFO_TO_PITCH: usize = 6;
pub(crate) const MOD_ENV_TO_PITCH: usize = 7;
pub(crate) const FILTER_CUTOFF: usize = 8;
pub(crate) const FILTER_Q: usize = 9;
pub(crate) const MOD_LFO_TO_CUTOFF: usize = 10;
pub(crate) const MOD_ENV_TO_CUTOFF: usize = 11;
pub(crate) const END_COARSE: usize = 12;
pub(crate) const MOD_LFO_TO_VOLUME: usize = 13;
pub(crate) const CHORUS_SEND: usize = 15;
pub(crate) const REVERB_SEND: usize = 16;
pub(crate) const PAN: usize = 17;
pub(crate) const MOD_LFO_DELAY: usize = 21;
pub(crate) const MOD_LFO_FREQUENCY: usize = 22;
pub(crate) const VIB_LFO_DELAY: usize = 23;
pub(crate) const VIB_LFO_FREQUENCY: usize = 24;
pub(crate) const MOD_ENV_DELAY: usize = 25;
pub(crate) const MOD_ENV_RELEASE: usize = 30;
pub(crate) const MOD_ENV_HOLD_BY_KEY: usize = 31;
pub(crate) const VOL_ENV_DELAY: usize = 33;
pub(crate) const VOL_ENV_RELEASE: usize = 38;
pub(crate) const VOL_ENV_HOLD_BY_KEY: usize = 39;
pub(crate) const INSTRUMENT: usize = 41;
pub(crate) const KEY_RANGE: usize = 43;
pub(crate) const VELOCITY_RANGE: usize = 44;
pub(crate) const LOOP_START_COARSE: usize = 45;
pub(crate) const FIXED_KEY: usize = 46;
pub(crate) const FIXED_VELOCITY: usize = 47;
pub(crate) const ATTENUATION: usize = 48;
pub(crate) const LOOP_END_COARSE: usize = 50;
pub(crate) const COARSE_TUNE: usize = 51;
pub(crate) const FINE_TUNE: usize = 52;
pub(crate) const SAMPLE: usize = 53;
pub(crate) const SAMPLE_MODES: usize = 54;
pub(crate) const SCALE_TUNING: usize = 56;
pub(crate) const EXCLUSIVE_CLASS: usize = 57;
pub(crate) const ROOT_KEY: usize = 58;
/// The pitch itself, in cents: only modulators aim at it.
pub(crate) const PITCH: usize = 59;
/// How many generator numbers there are.
pub(crate) const COUNT: usize = 61;

/// One value per generator, in the units of the specification.
pub(crate) type Values = [i32; COUNT];

/// What a generator is when no zone sets it (section 8.1.3).
pub(crate) const DEFAULTS: Values = {
    let mut values = [0; COUNT];
    values[FILTER_CUTOFF] = 13_500;
    values[MOD_LFO_DELAY] = -12_000;
    values[VIB_LFO_DELAY] = -12_000;
    let mut stage = 0;
    while stage < 4 {
        values[MOD_ENV_DELAY + stage] = -12_000;
        values[VOL_ENV_DELAY + stage] = -12_000;
        stage += 1;
    }
    values[MOD_ENV_RELEASE] = -12_000;
    values[VOL_ENV_RELEASE] = -12_000;
    values[FIXED_KEY] = -1;
    values[FIXED_VELOCITY] = -1;
    values[SCALE_TUNING] = 100;
    values[ROOT_KEY] = -1;
    values
};

/// Whether a preset zone may offset this generator (section 8.5: the others describe the sample
/// or replace what was played, and belong to instruments only).
pub(crate) fn allowed_in_preset(generator: usize) -> bool {
    !matches!(
        generator,
        START_OFFSET
            | END_OFFSET
            | LOOP_START_OFFSET
            | LOOP_END_OFFSET
            | START_COARSE
            | END_COARSE
            | LOOP_START_COARSE
            | LOOP_END_COARSE
            | FIXED_KEY
            | FIXED_VELOCITY
            | SAMPLE
            | SAMPLE_MODES
            | EXCLUSIVE_CLASS
            | ROOT_KEY
    )
}

/// The range a value is held in before it is used (section 8.1.3).
pub(crate) fn range(generator: usize) -> (f32, f32) {
    match generator {
        MOD_LFO_TO_PITCH | VIB_LFO_TO_PITCH | MOD_ENV_TO_PITCH => (-12_000.0, 12_000.0),
        MOD_LFO_TO_CUTOFF | MOD_ENV_TO_CUTOFF => (-12_000.0, 12_000.0),
        FILTER_CUTOFF => (1_500.0, 13_500.0),
        FILTER_Q => (0.0, 960.0),
        MOD_LFO_TO_VOLUME => (-960.0, 960.0),
        CHORUS_SEND | REVERB_SEND => (0.0, 1_000.0),
        PAN => (-500.0, 500.0),
        MOD_LFO_FREQUENCY | VIB_LFO_FREQUENCY => (-16_000.0, 4_500.0),
        ATTENUATION => (0.0, 1_440.0),
        _ => (-32_768.0, 32_767.0),
    }
}

/// How much one step of an NRPN data entry moves a generator (section 9.6.3).
pub(crate) fn nrpn_step(generator: usize) -> f32 {
    match generator {
        MOD_LFO_FREQUENCY | VIB_LFO_FREQUENCY => 4.0,
        MOD_LFO_TO_PITCH | VIB_LFO_TO_PITCH | MOD_ENV_TO_PITCH | FILTER_CUTOFF
        | MOD_LFO_TO_CUTOFF | MOD_ENV_TO_CUTOFF | MOD_LFO_DELAY | VIB_LFO_DELAY => 2.0,
        // The times of both envelopes; their sustain levels and key followers move by one.
        25..=28 | 30 | 33..=36 | 38 => 2.0,
        _ => 1.0,
    }
}
