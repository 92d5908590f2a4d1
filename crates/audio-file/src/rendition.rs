use audio::{Frames, Layout, SampleRate, stereo_into};

use crate::resample::Resampler;
use crate::{Decoder, Error};

/// The sound of a file at the rate and on the speakers wanted, block by block, from any frame of it on;
/// and of the files that follow it without a gap.
pub struct Rendition {
    decoder: Decoder,
    layout: Layout,
    folds: bool,
    resampler: Option<Resampler>,
    /// The first frame given, at the rate it is given.
    first: Frames,
    length: Option<Frames>,
    /// Frames still to be taken of a source that states its length exactly: what lies behind is not
    /// its sound, and what is promised is kept.
    left: Option<u64>,
    /// The place in the whole sound of the next frame that is read, at the rate of the source.
    taken: u64,
    was_heard: bool,
}

/// Samples beyond are cut off: 24 dB over full scale is not meant, and the sums of the filters and
/// of LAME must stay numbers.
pub const LOUDEST: f32 = 16.0;

impl Rendition {
    /// Of what a decoder has from a frame of it on. Two speakers are made of any others by ITU-R
    /// BS.775; other layouts must be the file's own.
    ///
    /// # Errors
    /// Those of [`Decoder::seek`].
    pub fn open(
        mut decoder: Decoder,
        rate: SampleRate,
        layout: Layout,
        from: Frames,
    ) -> Result<Self, Error> {
        let format = decoder.format();
        let folds = format.layout != layout;
        let resampler = (format.rate != rate)
            .then(|| Resampler::new(format.rate, rate, layout.channels(), from))
            .transpose()?;
        let stated = decoder.exact_frames();
        let (begins, first, end) = match &resampler {
            Some(resampler) => {
                let end = stated.map(|frames| resampler.resampled(Frames(frames)).0);
                (resampler.begins(), resampler.first_frame(from), end)
            }
            None => (from, from, stated),
        };
        if begins > Frames(0) {
            decoder.seek(begins)?;
        }
        let length = end.map(|end| Frames(end.saturating_sub(first.0)));
        let left = stated.map(|frames| frames.saturating_sub(begins.0));
        let taken = begins.0;
        Ok(Self { decoder, layout, folds, resampler, first, length, left, taken, was_heard: false })
    }

    /// The place of the first frame in the whole sound, both at the rate given.
    pub fn first(&self) -> Frames {
        self.first
    }

    /// Frames from there to the end, where the source states its length exactly.
    pub fn length(&self) -> Option<Frames> {
        self.length
    }

    /// Whether there was any sound.
    pub fn was_heard(&self) -> bool {
        self.was_heard
    }

    /// The next block, not empty; none at the end. After that and after an error another file may
    /// [follow](Self::follow); where none does there is [`Self::tail`].
    ///
    /// # Errors
    /// Those of reading; a sample that is no number.
    pub fn next_block(&mut self) -> Result<Option<Vec<Vec<f32>>>, Error> {
        while let Some(block) = self.take()? {
            let block = if self.folds { self.fold(&block) } else { block };
            let Some(resampler) = &mut self.resampler else { return Ok(Some(block)) };
            let mut out = vec![Vec::new(); block.len()];
            let planes: Vec<&[f32]> = block.iter().map(Vec::as_slice).collect();
            resampler.push(&planes, &mut out)?;
            if !out[0].is_empty() {
                return Ok(Some(out));
            }
        }
        Ok(None)
    }

    /// Goes on with another file as if it were one with those before: what is resampled has no seam.
    /// Returns the place of its first frame in the whole, at the rate given.
    ///
    /// # Errors
    /// The decoder itself where it has another rate or other speakers; nothing changes then.
    pub fn follow(&mut self, decoder: Decoder) -> Result<Frames, Box<Decoder>> {
        let (now, next) = (self.decoder.format(), decoder.format());
        if (now.rate, now.layout) != (next.rate, next.layout) {
            return Err(Box::new(decoder));
        }
        self.left = decoder.exact_frames();
        self.decoder = decoder;
        let taken = Frames(self.taken);
        Ok(self.resampler.as_ref().map_or(taken, |resampler| resampler.first_frame(taken)))
    }

    /// What the resampler holds of all that came.
    ///
    /// # Errors
    /// Where a transform fails that should take what it is given.
    pub fn tail(&mut self) -> Result<Vec<Vec<f32>>, Error> {
        let mut out = vec![Vec::new(); self.layout.channels()];
        if let Some(resampler) = &mut self.resampler {
            resampler.finish(&mut out)?;
        }
        Ok(out)
    }

    fn take(&mut self) -> Result<Option<Vec<Vec<f32>>>, Error> {
        if self.left == Some(0) {
            return Ok(None);
        }
        let Some(mut block) = self.decoder.next_block()? else { return Ok(None) };
        if let Some(left) = &mut self.left {
            let frames = (block[0].len() as u64).min(*left);
            block.iter_mut().for_each(|plane| plane.truncate(frames as usize));
            *left -= frames;
        }
        for sample in block.iter_mut().flatten() {
            if !sample.is_finite() {
                return Err(Error::Damaged("a sample is not a number".to_owned()));
            }
            *sample = sample.clamp(-LOUDEST, LOUDEST);
        }
        self.taken += block[0].len() as u64;
        self.was_heard = true;
        Ok(Some(block))
    }

    fn fold(&self, block: &[Vec<f32>]) -> Vec<Vec<f32>> {
        let planes: Vec<&[f32]> = block.iter().map(Vec::as_slice).collect();
        let (mut left, mut right) = (vec![0.0; planes[0].len()], vec![0.0; planes[0].len()]);
        stereo_into(self.decoder.format().layout, &planes, &mut left, &mut right);
        vec![left, right]
    }
}
