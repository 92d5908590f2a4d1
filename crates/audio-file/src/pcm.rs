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
        let scale = depth.full_scale();
        let mut clipped = 0;
        let planes = buffer.planes().iter().enumerate().map(|(channel, plane)| {
            let mut chance = seed.stream(&format!("dither {channel}"));
            let whole = |sample: &f32| {
                // Drawn for silence too, so that a sample's dither depends on its place alone.
                let bits = chance.bits();
                if *sample == 0.0 {
                    return 0;
                }
                let triangle =
                    ((bits >> 32) as f64 + (bits & 0xffff_ffff) as f64) / 4_294_967_296.0 - 1.0;
                let value = (f64::from(*sample) * scale + triangle).round();
                if value > scale - 1.0 || value < -scale {
                    clipped += 1;
                }
                value.clamp(-scale, scale - 1.0) as i32
            };
            plane.iter().map(whole).collect()
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
