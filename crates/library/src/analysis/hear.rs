use std::io::BufReader;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use audio::analysis::{Analyser, Fingerprint};
use audio_file::Decoder;
use fault::Cancel;

use super::waveform::Waveform;
use super::{Loudness, rest};
use crate::{Error, Library, TrackId};

/// A longer sound is no track: a day.
const MAX_SECONDS: u64 = 86_400;
/// Seconds of sound between two rests.
const STRETCH_S: u64 = 10;

/// What is kept of a track.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) loudness: Loudness,
    /// None of less than 3 s, and of silence.
    pub(super) print: Option<Fingerprint>,
    pub(super) peaks: Vec<u8>,
}

impl Library {
    /// Hears a whole track.
    pub(super) fn hear(
        &self,
        track: TrackId,
        rest: Duration,
        cancel: &Cancel,
    ) -> Result<Heard, Error> {
        let file = self.open_track(track)?.file;
        // A decoder that panics has met bytes it did not expect: this file cannot be heard.
        let damaged = || audio_file::Error::Damaged("the decoder gave up".to_owned()).into();
        catch_unwind(AssertUnwindSafe(|| hear(file, rest, cancel)))
            .unwrap_or_else(|_| Err(damaged()))
    }
}

fn hear(file: std::fs::File, pause: Duration, cancel: &Cancel) -> Result<Heard, Error> {
    let mut decoder = Decoder::open(BufReader::new(file))?;
    let (rate, layout) = (decoder.format().rate, decoder.format().layout);
    let stretch = u64::from(rate.hz()) * STRETCH_S;
    let mut analyser = Analyser::new(rate, layout);
    let mut waveform = Waveform::new();
    let (mut frames, mut rested_at) = (0, 0);
    while let Some(planes) = decoder.next_block()? {
        cancel.check()?;
        let block: Vec<&[f32]> = planes.iter().map(Vec::as_slice).collect();
        refuse(&block, frames, rate.hz())?;
        analyser.push(&block);
        waveform.push(&block);
        frames += block[0].len() as u64;
        if frames - rested_at >= stretch {
            rested_at = frames;
            rest(pause, cancel)?;
        }
    }
    if frames == 0 {
        return Err(audio_file::Error::Empty.into());
    }
    let analysis = analyser.finish();
    let measured = &analysis.loudness;
    Ok(Heard {
        loudness: Loudness {
            integrated: measured.integrated,
            true_peak: measured.true_peak,
            range: measured.range,
        },
        print: analysis.fingerprint,
        peaks: waveform.finish(),
    })
}

/// What is no number cannot be measured, and what has no end neither.
fn refuse(block: &[&[f32]], from: u64, rate_hz: u32) -> Result<(), audio_file::Error> {
    if block.iter().any(|plane| plane.iter().any(|sample| !sample.is_finite())) {
        return Err(audio_file::Error::Damaged("it holds samples that are no numbers".to_owned()));
    }
    if from / u64::from(rate_hz.max(1)) > MAX_SECONDS {
        return Err(audio_file::Error::Unsupported("a sound of more than a day".to_owned()));
    }
    Ok(())
}
