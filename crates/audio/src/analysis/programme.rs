use crate::{Frames, Layout, SampleRate, stereo_into};

/// Slabs a second. Ten of them are exactly a second at every rate, and each holds ten whole bins
/// of the loudness meter.
pub(super) const SLABS_PER_SECOND: u64 = 10;
/// Samples beyond +80 dBFS are cut to that where spectra are read: their squares must fit into
/// single precision. Levels and loudness see the samples themselves.
const LIMIT: f32 = 1e4;

/// Cuts what is pushed in blocks of any size into slabs that end at fixed places of the sound, so
/// that what is summed slab by slab does not depend on the blocks.
#[derive(Debug, Clone)]
pub(super) struct Programme {
    rate: SampleRate,
    layout: Layout,
    /// The slab that is being filled, one plane per channel.
    planes: Vec<Vec<f32>>,
    left: Vec<f32>,
    right: Vec<f32>,
    mono: Vec<f32>,
    slabs: u64,
    frames: u64,
}

/// A tenth of a second; the last one of a sound may be shorter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slab<'a> {
    /// The samples as they came.
    pub(super) planes: &'a [Vec<f32>],
    /// Their downmix, and the mean of that.
    pub(super) stereo: Stereo<'a>,
}

/// Two channels and their mean, within +-[`LIMIT`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Stereo<'a> {
    pub(super) left: &'a [f32],
    pub(super) right: &'a [f32],
    pub(super) mono: &'a [f32],
}

impl Programme {
    pub(super) fn new(rate: SampleRate, layout: Layout) -> Self {
        Self {
            rate,
            layout,
            planes: vec![Vec::new(); layout.channels()],
            left: Vec::new(),
            right: Vec::new(),
            mono: Vec::new(),
            slabs: 0,
            frames: 0,
        }
    }

    pub(super) fn length(&self) -> Frames {
        Frames(self.frames)
    }

    /// Hears one block and hands on every slab it completes.
    pub(super) fn push(&mut self, planes: &[&[f32]], mut each: impl FnMut(&Slab<'_>)) {
        assert_eq!(planes.len(), self.planes.len(), "one slice per channel");
        let length = planes[0].len();
        let mut at = 0;
        while at < length {
            let end = (self.slabs + 1) * u64::from(self.rate.hz()) / SLABS_PER_SECOND;
            let count = ((end - self.frames) as usize).min(length - at);
            for (own, plane) in self.planes.iter_mut().zip(planes) {
                own.extend_from_slice(&plane[at..at + count]);
            }
            at += count;
            self.frames += count as u64;
            if self.frames == end {
                self.slabs += 1;
                self.hand_on(&mut each);
            }
        }
    }

    /// Hands on what is left.
    pub(super) fn finish(mut self, mut each: impl FnMut(&Slab<'_>)) {
        if !self.planes[0].is_empty() {
            self.hand_on(&mut each);
        }
    }

    fn hand_on(&mut self, each: &mut impl FnMut(&Slab<'_>)) {
        let length = self.planes[0].len();
        for plane in [&mut self.left, &mut self.right, &mut self.mono] {
            plane.resize(length, 0.0);
        }
        let planes: Vec<&[f32]> = self.planes.iter().map(Vec::as_slice).collect();
        stereo_into(self.layout, &planes, &mut self.left, &mut self.right);
        for ((left, right), mono) in self.left.iter_mut().zip(&mut self.right).zip(&mut self.mono) {
            *left = left.clamp(-LIMIT, LIMIT);
            *right = right.clamp(-LIMIT, LIMIT);
            *mono = 0.5 * (*left + *right);
        }
        let stereo = Stereo { left: &self.left, right: &self.right, mono: &self.mono };
        each(&Slab { planes: &self.planes, stereo });
        for plane in &mut self.planes {
            plane.clear();
        }
    }
}
