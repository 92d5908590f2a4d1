use crate::sampler::Channel;

/// Volume, expression and pan of a modelled instrument, moved without zipper noise.
#[derive(Debug, Clone)]
pub(crate) struct Strip {
    level: f32,
    gains: Option<[f32; 2]>,
}

impl Strip {
    /// `level` is the linear gain at full volume and expression.
    pub(crate) fn new(level: f32) -> Self {
        Self { level, gains: None }
    }

    /// Brings a block to its level, sliding from that of the block before.
    pub(crate) fn apply(&mut self, channel: &Channel, left: &mut [f32], right: &mut [f32]) {
        let to = self.target(channel);
        let from = self.gains.replace(to).unwrap_or(to);
        for (side, (from, to)) in [left, right].into_iter().zip(from.into_iter().zip(to)) {
            let step = (to - from) / side.len() as f32;
            for (n, sample) in side.iter_mut().enumerate() {
                *sample *= from + step * n as f32;
            }
        }
    }

    /// Volume and expression follow 40 log10(value / 127) dB, as the bank's do; pan has constant
    /// power, and leaves a centred stereo sound as it is.
    fn target(&self, channel: &Channel) -> [f32; 2] {
        let share = |number| f32::from(channel.controller(number)) / 127.0;
        let (volume, expression) = (share(7), share(11));
        let level = self.level * volume * volume * expression * expression;
        let pan = (f32::from(channel.controller(10)) / 64.0).min(127.0 / 64.0);
        let angle = pan * std::f32::consts::FRAC_PI_4;
        [libm::cosf(angle), libm::sinf(angle)].map(|side| level * side * std::f32::consts::SQRT_2)
    }
}
