use audio::dsp::Dither;
use audio::{Buffer, Frames, Layout, SampleRate};
use clock::Seed;

/// How samples are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// 16-bit integers.
    Sixteen,
    /// 24-bit integers.
    TwentyFour,
}

impl Depth {
    /// Bits a sample.
    pub fn bits(self) -> u32 {
        match self {
            Depth::Sixteen => 16,
            Depth::TwentyFour => 24,
        }
    }

    fn full_scale(self) -> f64 {
        f64::from(1_u32 << (self.bits() - 1))
    }
}

/// Sound in whole numbers, as lossless files hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pcm {
    rate: SampleRate,
    layout: Layout,
    depth: Depth,
    planes: Vec<Vec<i32>>,
    clipped: u64,
}

impl Pcm {
    /// Rounds once, with triangular dither of +-1 step so that what is lost is noise and not
    /// distortion. Digital silence stays silent. Values beyond full scale are clipped and counted.
    pub fn quantise(buffer: &Buffer, depth: Depth, seed: Seed) -> Self {
        Self::round(buffer, &Quantiser::dithered(depth, seed))
    }

    /// Of samples that lie on the steps of this depth already, as dither left them.
    pub fn exact(buffer: &Buffer, depth: Depth) -> Self {
        Self::round(buffer, &Quantiser::exact(depth))
    }

    fn round(buffer: &Buffer, quantiser: &Quantiser) -> Self {
        let mut clipped = 0;
        let planes = buffer.planes().iter().enumerate();
        let planes =
            planes.map(|(channel, plane)| quantiser.plane(plane, channel, 0, &mut clipped));
        let planes = planes.collect();
        let depth = quantiser.depth;
        Self { rate: buffer.rate(), layout: buffer.layout(), depth, planes, clipped }
    }

    /// Samples per second.
    pub fn rate(&self) -> SampleRate {
        self.rate
    }

    /// Speakers.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// How samples are stored.
    pub fn depth(&self) -> Depth {
        self.depth
    }

    /// Length in frames.
    pub fn length(&self) -> Frames {
        Frames(self.planes[0].len() as u64)
    }

    /// How many samples were beyond full scale.
    pub fn clipped(&self) -> u64 {
        self.clipped
    }

    pub(crate) fn planes(&self) -> &[Vec<i32>] {
        &self.planes
    }
}

/// Samples to whole numbers, block by block: what a sample becomes follows from its channel and its
/// place in the sound alone.
#[derive(Debug, Clone)]
pub struct Quantiser {
    depth: Depth,
    /// None where the samples lie on the steps already.
    dither: Option<Dither>,
    /// Whether a sample that lies on a step stays what it is.
    spares: bool,
}

impl Quantiser {
    pub(crate) fn dithered(depth: Depth, seed: Seed) -> Self {
        Self { depth, dither: Some(Dither::new(depth.bits(), seed.0)), spares: false }
    }

    pub(crate) fn exact(depth: Depth) -> Self {
        Self { depth, dither: None, spares: false }
    }

    /// For sound of which nobody knows whether it was computed: what lies on the steps stays what it
    /// is, bit for bit, and all else is dithered. Of computed sound one sample in some hundreds lies
    /// there by chance.
    pub fn sparing(depth: Depth, seed: Seed) -> Self {
        Self { spares: true, ..Self::dithered(depth, seed) }
    }

    pub(crate) fn depth(&self) -> Depth {
        self.depth
    }

    /// A block of one channel that begins at a frame; counts what is beyond full scale.
    pub fn plane(&self, plane: &[f32], channel: usize, from: u64, clipped: &mut u64) -> Vec<i32> {
        let scale = self.depth.full_scale();
        let whole = |(sample, frame): (&f32, u64)| {
            let exact = f64::from(*sample) * scale;
            let value = match &self.dither {
                Some(_) if self.spares && exact.fract() == 0.0 => exact,
                Some(dither) => dither.whole(*sample, channel, frame),
                None => exact.round(),
            };
            if value > scale - 1.0 || value < -scale {
                *clipped += 1;
            }
            value.clamp(-scale, scale - 1.0) as i32
        };
        plane.iter().zip(from..).map(whole).collect()
    }
}
