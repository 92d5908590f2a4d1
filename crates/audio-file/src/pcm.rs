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
        let dither = Dither::new(depth.bits(), seed.0);
        Self::round(buffer, depth, |sample, channel, frame| dither.whole(sample, channel, frame))
    }

    /// Of samples that lie on the steps of this depth already, as dither left them.
    pub fn exact(buffer: &Buffer, depth: Depth) -> Self {
        let scale = depth.full_scale();
        Self::round(buffer, depth, |sample, _, _| (f64::from(sample) * scale).round())
    }

    fn round(buffer: &Buffer, depth: Depth, whole: impl Fn(f32, usize, u64) -> f64) -> Self {
        let scale = depth.full_scale();
        let mut clipped = 0;
        let planes = buffer.planes().iter().enumerate().map(|(channel, plane)| {
            let whole = |(sample, frame): (&f32, u64)| {
                let value = whole(*sample, channel, frame);
                if value > scale - 1.0 || value < -scale {
                    clipped += 1;
                }
                value.clamp(-scale, scale - 1.0) as i32
            };
            plane.iter().zip(0..).map(whole).collect()
        });
        let planes = planes.collect();
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
