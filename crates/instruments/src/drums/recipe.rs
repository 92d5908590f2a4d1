//! What a drum sound is made of.

/// A drum sound: its layers, its level and its place.
#[derive(Debug, Clone)]
pub(crate) struct Recipe {
    pub(crate) layers: Vec<Layer>,
    /// Linear level of the whole.
    pub(crate) level: f32,
    /// -1 left to 1 right at full width.
    pub(crate) pan: f32,
    /// Saturation of its own.
    pub(crate) drive: f32,
    /// Sounds of one group cut each other off.
    pub(crate) group: Option<Group>,
}

/// Sounds that one pair of hands cannot make together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    Hats,
}

/// One decaying part of a sound.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layer {
    pub(crate) source: Source,
    pub(crate) level: f32,
    /// Seconds to fall by 60 dB.
    pub(crate) decay: f32,
    /// Seconds to rise.
    pub(crate) attack: f32,
    /// Edges of the band it is filtered to, in Hz; 0 and 20 000 leave it open.
    pub(crate) low_cut: f32,
    pub(crate) high_cut: f32,
    /// Times it is struck, 11 ms apart, before it decays: hands in a clap.
    pub(crate) bursts: u8,
}

/// Where a layer's sound comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Source {
    /// A sine that falls from `hz + sweep` to `hz`; `fall` is the time constant in seconds.
    Sine { hz: f32, sweep: f32, fall: f32 },
    /// Two squares at `hz` and about a fifth above, as in the cowbell.
    Pair { hz: f32 },
    /// Six squares in the inharmonic ratios of the 808's metal, the lowest at `hz`.
    Metal { hz: f32 },
    /// White noise.
    Noise,
}

impl Recipe {
    pub(crate) fn new(level: f32, layers: Vec<Layer>) -> Self {
        Self { layers, level, pan: 0.0, drive: 0.0, group: None }
    }

    pub(crate) fn at(self, pan: f32) -> Self {
        Self { pan, ..self }
    }

    pub(crate) fn driven(self, drive: f32) -> Self {
        Self { drive, ..self }
    }

    pub(crate) fn choking(self, group: Group) -> Self {
        Self { group: Some(group), ..self }
    }
}

impl Layer {
    const fn plain(source: Source, level: f32, decay: f32) -> Self {
        Self { source, level, decay, attack: 0.000_5, low_cut: 0.0, high_cut: 20_000.0, bursts: 1 }
    }

    pub(crate) const fn sine(hz: f32, level: f32, decay: f32) -> Self {
        Self::plain(Source::Sine { hz, sweep: 0.0, fall: 0.01 }, level, decay)
    }

    pub(crate) const fn swept(hz: f32, sweep: f32, fall: f32, level: f32, decay: f32) -> Self {
        Self::plain(Source::Sine { hz, sweep, fall }, level, decay)
    }

    pub(crate) const fn noise(level: f32, decay: f32) -> Self {
        Self::plain(Source::Noise, level, decay)
    }

    pub(crate) const fn metal(hz: f32, level: f32, decay: f32) -> Self {
        Self::plain(Source::Metal { hz }, level, decay)
    }

    pub(crate) const fn pair(hz: f32, level: f32, decay: f32) -> Self {
        Self::plain(Source::Pair { hz }, level, decay)
    }

    pub(crate) const fn band(self, low_cut: f32, high_cut: f32) -> Self {
        Self { low_cut, high_cut, ..self }
    }

    pub(crate) const fn rising(self, attack: f32) -> Self {
        Self { attack, ..self }
    }

    pub(crate) const fn struck(self, bursts: u8) -> Self {
        Self { bursts, ..self }
    }
}
