use audio::{Buffer, Layout, SampleRate};

use crate::chain::Chain;
use crate::limiter::Reach;
use crate::{Error, Stream};

/// A sound mastered from its beginning to its end: what comes out is as long as what came, without
/// delay.
#[derive(Debug, Clone)]
pub struct Whole {
    stream: Stream,
    /// Frames that still come out before the sound begins.
    early: usize,
    planes: Vec<Vec<f32>>,
}

impl Whole {
    /// Through a chain whose level is known.
    pub fn new(rate: SampleRate, layout: Layout, chain: &Chain) -> Result<Self, Error> {
        let stream = Stream::new(rate, layout, chain)?;
        let planes = vec![Vec::new(); layout.channels()];
        Ok(Self { early: stream.latency(), stream, planes })
    }

    /// Takes a block, one slice a channel, and gives what comes out by it: less at first.
    pub fn push(&mut self, block: &[&[f32]]) -> Vec<&[f32]> {
        for (plane, block) in self.planes.iter_mut().zip(block) {
            plane.clear();
            plane.extend_from_slice(block);
        }
        self.turn()
    }

    /// The sound has ended; gives the rest of it. Nothing may be pushed afterwards.
    pub fn end(&mut self) -> Vec<&[f32]> {
        self.stream.end();
        let latency = self.stream.latency();
        for plane in &mut self.planes {
            plane.clear();
            plane.resize(latency, 0.0);
        }
        self.turn()
    }

    fn turn(&mut self) -> Vec<&[f32]> {
        self.stream.process(&mut self.planes.iter_mut().map(Vec::as_mut_slice).collect::<Vec<_>>());
        let passed = self.early.min(self.planes[0].len());
        self.early -= passed;
        self.planes.iter().map(|plane| &plane[passed..]).collect()
    }

    /// How far the limiter reached so far.
    pub fn reach(&self) -> Reach {
        self.stream.reach()
    }
}

/// Masters a whole sound: as long as it was, without delay.
pub fn render(buffer: &Buffer, chain: &Chain) -> Result<Buffer, Error> {
    let mut whole = Whole::new(buffer.rate(), buffer.layout(), chain)?;
    let mut out = buffer.clone();
    let mut at = 0;
    let mut keep = |block: &[&[f32]]| {
        for (plane, block) in out.planes_mut().zip(block) {
            plane[at..at + block.len()].copy_from_slice(block);
        }
        at += block[0].len();
    };
    keep(&whole.push(&buffer.planes().iter().map(Vec::as_slice).collect::<Vec<_>>()));
    keep(&whole.end());
    Ok(out)
}

#[cfg(test)]
mod tests {
    use audio::loudness::{Meter, Oversampling};
    use audio::{Buffer, Layout, SampleRate};

    use super::{Whole, render};
    use crate::chain::{Band, Ceiling, Chain, Loudness, Shape};

    /// A low tone that a low-pass rings on with, cut at its crest.
    fn cut_off() -> (Buffer, Chain) {
        let plane = (0..24_050).map(|n| libm::sin(f64::from(n) * 0.006_545) as f32).collect();
        let low_pass =
            Band { gain_db: None, ..Band { shape: Shape::LowPass, ..Band::bell(60.0, 0.7, 0.0) } };
        let chain = Chain {
            eq: vec![low_pass],
            loudness: Some(Loudness::GainDb(12.0)),
            limiter: Some(Ceiling::at(-1.0)),
            ..Chain::default()
        };
        (Buffer::mono(SampleRate::STUDIO, plane), chain)
    }

    #[test]
    fn a_sound_that_ends_loud_keeps_its_ceiling_at_its_end() {
        let (sound, mut chain) = cut_off();
        for centred in [false, true] {
            chain.limiter = Some(Ceiling { centred, ..Ceiling::at(-1.0) });
            let out = render(&sound, &chain).unwrap();
            let last = out.plane(0).last().unwrap().abs();
            assert!(last > 0.5, "the end is cut at {last}");
            let mut meter =
                Meter::with_true_peak(out.rate(), Layout::Mono, Some(Oversampling::Sixteen));
            meter.push(&[out.plane(0)]);
            let peak = meter.finish().0.true_peak.unwrap().0;
            assert!((-1.5..-0.95).contains(&peak), "centred {centred}: {peak} dBTP");
        }
    }

    #[test]
    fn no_cut_of_what_is_pushed_changes_a_bit() {
        let (sound, chain) = cut_off();
        let once = render(&sound, &chain).unwrap();
        let mut whole = Whole::new(sound.rate(), Layout::Mono, &chain).unwrap();
        let mut pieces = Vec::new();
        for piece in sound.plane(0).chunks(777) {
            pieces.extend_from_slice(whole.push(&[piece])[0]);
        }
        pieces.extend_from_slice(whole.end()[0]);
        assert_eq!(pieces, once.plane(0));
    }
}
