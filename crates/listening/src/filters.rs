use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};

use audio::{Frames, Layout, SampleRate};
use mastering::{Chain, Stream};

use crate::Error;

/// The mastering stream of a run, and beside it the sound as it came, as late as the master is.
pub(crate) struct Filters {
    /// None after it broke down.
    stream: Option<Stream>,
    chain: Option<Chain>,
    latency: usize,
    waiting: [VecDeque<f32>; 2],
}

/// The filters broke down; what comes out is the sound as it came.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Broken;

impl Filters {
    /// At rest, for a sound that is heard from a frame on.
    pub(crate) fn new(
        rate: SampleRate,
        chain: Option<Chain>,
        start: Frames,
    ) -> Result<Self, Error> {
        let stream = match &chain {
            Some(chain) => Stream::starting_at(rate, Layout::Stereo, chain, start)?,
            None => Stream::provisional(rate, Layout::Stereo)?,
        };
        let latency = stream.latency();
        let waiting = [0, 1].map(|_| VecDeque::from(vec![0.0; latency]));
        Ok(Self { stream: Some(stream), chain, latency, waiting })
    }

    /// Frames by which all comes out late.
    pub(crate) fn latency(&self) -> usize {
        self.latency
    }

    /// Goes over to other filters, or to none, without a click.
    pub(crate) fn change(&mut self, chain: Option<Chain>) -> Result<(), Error> {
        let Some(stream) = self.stream.as_mut().filter(|_| chain != self.chain) else {
            return Ok(());
        };
        if let Some(chain) = &chain {
            stream.change(chain)?;
        }
        stream.bypass(chain.is_none());
        self.chain = chain;
        Ok(())
    }

    /// Nothing follows: [`Stream::end`].
    pub(crate) fn end(&mut self) {
        if let Some(stream) = &mut self.stream {
            stream.end();
        }
    }

    /// Masters a block in place and returns the sound as it came that belongs to it.
    pub(crate) fn process(
        &mut self,
        block: &mut [Vec<f32>],
    ) -> ([Vec<f32>; 2], Result<(), Broken>) {
        self.process_with(block, |stream, planes| stream.process(planes))
    }

    fn process_with(
        &mut self,
        block: &mut [Vec<f32>],
        work: impl FnOnce(&mut Stream, &mut [&mut [f32]]),
    ) -> ([Vec<f32>; 2], Result<(), Broken>) {
        let originals = [0, 1].map(|n| self.delayed(n, &block[n]));
        let Some(stream) = &mut self.stream else {
            block.clone_from_slice(&originals);
            return (originals, Ok(()));
        };
        let mut planes: Vec<&mut [f32]> = block.iter_mut().map(Vec::as_mut_slice).collect();
        // A stream that panicked is never used again.
        if catch_unwind(AssertUnwindSafe(|| work(stream, &mut planes))).is_ok() {
            return (originals, Ok(()));
        }
        self.stream = None;
        block.clone_from_slice(&originals);
        (originals, Err(Broken))
    }

    fn delayed(&mut self, channel: usize, plane: &[f32]) -> Vec<f32> {
        let waiting = &mut self.waiting[channel];
        waiting.extend(plane);
        waiting.drain(..plane.len()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Broken, Filters};
    use audio::{Frames, SampleRate};
    use mastering::Chain;

    fn saw(from: usize) -> Vec<Vec<f32>> {
        let plane: Vec<f32> = (from..from + 500).map(|n| (n % 97) as f32 / 97.0).collect();
        vec![plane.clone(), plane]
    }

    #[test]
    fn after_a_panic_the_sound_goes_on_as_it_came_without_a_hole() {
        let chain = Some(Chain::default());
        let mut whole = Filters::new(SampleRate::CD, None, Frames(0)).unwrap();
        let mut breaks = Filters::new(SampleRate::CD, chain, Frames(0)).unwrap();
        for n in 0..40 {
            let (mut wanted, mut block) = (saw(n * 500), saw(n * 500));
            whole.process(&mut wanted).1.unwrap();
            let (originals, outcome) = breaks.process_with(&mut block, |stream, planes| {
                assert_ne!(n, 20, "a stage that fails");
                stream.process(planes);
            });
            assert_eq!(outcome, if n == 20 { Err(Broken) } else { Ok(()) });
            assert_eq!(&originals[..], &wanted[..], "block {n}");
            if n >= 20 {
                assert_eq!(block, wanted, "block {n}");
            }
        }
        breaks.change(None).unwrap();
        assert_eq!(breaks.latency(), whole.latency());
    }
}
