//! Files as sounds that can be heard again and again: decoded anew each time, so that no length of
//! them must fit into memory.

use std::path::{Path, PathBuf};

use audio::analysis::{Analyser, Analysis};
use audio::{Frames, Layout, SampleRate, stereo_into};
use audio_file::Decoder;
use fault::Cancel;
use mastering::{Listener, Sound};

use crate::Error;
use crate::outline::Outline;

/// A file with sound in it.
#[derive(Debug, Clone)]
pub(crate) struct Track {
    path: PathBuf,
    /// Container and codec.
    format: String,
    rate: SampleRate,
    /// As in the file.
    layout: Layout,
    /// Whether it is heard on two speakers, however many the file has.
    mixed: bool,
}

/// What was heard of a whole track.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) format: String,
    pub(crate) analysis: Analysis,
    pub(crate) outline: Outline,
}

impl Track {
    /// Looks at the beginning of a file.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let decoder = decoder(path)?;
        let format = decoder.format();
        Ok(Self {
            path: path.to_owned(),
            format: format.name.clone(),
            rate: format.rate,
            layout: format.layout,
            mixed: false,
        })
    }

    /// The same on two speakers by ITU-R BS.775 if there are more.
    pub(crate) fn on_two_speakers(mut self) -> Self {
        self.mixed = self.layout.channels() > 2;
        self
    }

    /// Whether it has more channels than are heard.
    pub(crate) fn is_mixed(&self) -> bool {
        self.mixed
    }

    pub(crate) fn layout(&self) -> Layout {
        if self.mixed { Layout::Stereo } else { self.layout }
    }

    /// How many channels the file has.
    pub(crate) fn channels(&self) -> usize {
        self.layout.channels()
    }

    /// Plays it from its beginning, block by block. What is no number is refused, and so is a file
    /// with nothing in it.
    pub(crate) fn play(
        &self,
        mut listener: impl FnMut(&[&[f32]]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut decoder = decoder(&self.path)?;
        let mut at = Frames(0);
        let (mut left, mut right) = (Vec::new(), Vec::new());
        while let Some(planes) = decoder.next_block().map_err(Error::file(&self.path))? {
            let block: Vec<&[f32]> = planes.iter().map(Vec::as_slice).collect();
            refuse_foreign(&block, at).map_err(Error::mastering(self.name()))?;
            at = at + Frames(block[0].len() as u64);
            if self.mixed {
                left.resize(block[0].len(), 0.0);
                right.resize(block[0].len(), 0.0);
                stereo_into(self.layout, &block, &mut left, &mut right);
                listener(&[&left, &right])?;
            } else {
                listener(&block)?;
            }
        }
        if at == Frames(0) {
            return Err(Error::file(&self.path)(audio_file::Error::Empty));
        }
        Ok(())
    }

    /// Hears it once and reads all there is to read.
    pub(crate) fn hear(&self, cancel: &Cancel) -> Result<Heard, Error> {
        let mut analyser = Analyser::new(self.rate, self.layout());
        let mut outline = Outline::new();
        self.play(|block| {
            cancel.check()?;
            analyser.push(block);
            outline.push(block);
            Ok(())
        })?;
        Ok(Heard { format: self.format.clone(), analysis: analyser.finish(), outline })
    }

    /// How messages call it.
    pub(crate) fn name(&self) -> String {
        self.path.display().to_string()
    }
}

/// Tracks played one after another as one sound.
#[derive(Debug, Clone)]
pub(crate) struct Programme {
    tracks: Vec<Track>,
}

impl Programme {
    /// At least one track, all of one rate and layout.
    pub(crate) fn new(tracks: Vec<Track>) -> Result<Self, Error> {
        let first = &tracks[0];
        for track in &tracks {
            let unlike = |found: String, with: String, what| Error::Unlike {
                path: track.path.clone(),
                found,
                with: first.path.clone(),
                first: with,
                what,
            };
            if track.rate != first.rate {
                let (found, with) = (track.rate.to_string(), first.rate.to_string());
                return Err(unlike(found, with, "the sample rates of an album"));
            }
            if track.layout() != first.layout() {
                let channels = |track: &Track| format!("{} ch", track.layout().channels());
                let (found, with) = (channels(track), channels(first));
                return Err(unlike(found, with, "the channels of an album"));
            }
        }
        Ok(Self { tracks })
    }

    pub(crate) fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    /// How messages call it.
    pub(crate) fn name(&self) -> String {
        match self.tracks.as_slice() {
            [one] => one.name(),
            [first, ..] => first.path.parent().unwrap_or(&first.path).display().to_string(),
            [] => String::new(),
        }
    }
}

/// Hears all of a sound and reads what there is to read.
pub(crate) fn analyse(
    sound: &mut impl Sound<Error = Error>,
    cancel: &Cancel,
) -> Result<Analysis, Error> {
    let mut analyser = Analyser::new(sound.rate(), sound.layout());
    sound.hear(&mut |block| {
        cancel.check()?;
        analyser.push(block);
        Ok(())
    })?;
    Ok(analyser.finish())
}

impl Sound for Programme {
    type Error = Error;

    fn rate(&self) -> SampleRate {
        self.tracks[0].rate
    }

    fn layout(&self) -> Layout {
        self.tracks[0].layout()
    }

    fn hear(&mut self, listener: &mut Listener<'_>) -> Result<(), Error> {
        self.tracks.iter().try_for_each(|track| {
            track.play(|block| listener(block).map_err(Error::mastering(track.name())))
        })
    }
}

fn decoder(path: &Path) -> Result<Decoder, Error> {
    let file = ops::open(path)?;
    Decoder::open(std::io::BufReader::new(file)).map_err(Error::file(path))
}

fn refuse_foreign(block: &[&[f32]], from: Frames) -> Result<(), mastering::Error> {
    for (channel, plane) in block.iter().enumerate() {
        if let Some(n) = plane.iter().position(|sample| !sample.is_finite()) {
            return Err(mastering::Error::NotFinite { channel, at: from + Frames(n as u64) });
        }
    }
    Ok(())
}
