use std::collections::VecDeque;

use audio::{Layout, SampleRate, ShapeError};
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::errors::Error as Symphonia;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo, Track, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, TimeBase, Timestamp};

use super::codec::{self, Block, Codec};
use super::edits::Span;
use super::front::{self, HEAD_BYTES};
use super::shared::Shared;
use super::{Format, Inner};
use crate::Error;

/// A container and its codec, by symphonia.
///
/// Places are counted in frames of all that the packets hold, encoder delay included; [`Span`] says
/// which of them sound. Where a place lies follows from the lengths of the packets before it and
/// not from the time stamps: these are wrong in files of careless encoders.
pub(super) struct Stream {
    source: Shared,
    reader: Box<dyn FormatReader>,
    params: AudioCodecParameters,
    codec: Codec,
    track: u32,
    span: Span,
    /// Packets read and not yet decoded.
    ahead: VecDeque<Packet>,
    /// The place of the next packet, of `ahead` or of the reader.
    at: u64,
    /// What lies before this place is decoded and dropped.
    from: u64,
    /// The time stamp of the first packet.
    origin: Option<Timestamp>,
    /// Whether time stamps count frames.
    counts_frames: bool,
    /// Whether the header states a length of nothing, which is no length.
    states_nothing: bool,
    heard: Heard,
}

/// What came of the packets until now.
#[derive(Default)]
struct Heard {
    good: bool,
    bad_in_a_row: usize,
}

/// Damaged packets in a row passed over in a lossy stream before the file counts as damaged.
const MAX_BAD_PACKETS: usize = 16;

impl Stream {
    pub(super) fn open(source: Shared, head: &[u8; HEAD_BYTES]) -> Result<(Inner, Format), Error> {
        let reader = probe(&source)?;
        if !front::begins_as(head, reader.format_info().short_name) {
            return Err(Error::UnknownFormat);
        }
        let track = reader
            .default_track(TrackType::Audio)
            .ok_or_else(|| Error::Unsupported("a file without a sound track".to_owned()))?;
        let params = match &track.codec_params {
            Some(CodecParameters::Audio(params)) => params.clone(),
            _ => return Err(Error::Unsupported("a sound track of unknown codec".to_owned())),
        };
        let track = track.clone();
        let codec = Codec::of(&params)?;
        let container = reader.format_info().short_name;
        let mut stream = Self {
            source,
            reader,
            track: track.id,
            span: Span { lead: codec.lead(), until: None },
            ahead: VecDeque::new(),
            at: 0,
            from: 0,
            origin: None,
            counts_frames: false,
            states_nothing: track.num_frames == Some(0),
            heard: Heard::default(),
            codec,
            params,
        };
        let format = stream.describe(container, &track)?;
        stream.from = stream.span.lead;
        Ok((Inner::Stream(Box::new(stream)), format))
    }

    fn describe(&mut self, container: &str, track: &Track) -> Result<Format, Error> {
        let codec = self.codec.name();
        let name =
            if container == codec { codec.to_owned() } else { format!("{container} {codec}") };
        let stated = self.params.sample_rate.zip(self.params.channels.as_ref().map(|c| c.count()));
        let (hz, channels) = match stated {
            Some(stated) => stated,
            None => self.look_at_first_block()?,
        };
        let rate = SampleRate::new(hz)?;
        let layout = Layout::of_channels(channels).ok_or(ShapeError::Channels(channels))?;
        self.counts_frames = TimeBase::try_from_recip(hz) == track.time_base;
        // A length of nothing is one that was not known when the header was written.
        let mut stated_frames = track.num_frames.filter(|frames| *frames > 0);
        if container == MP4 && self.counts_frames {
            self.span = Span::of_mp4(&mut self.source.clone(), self.track, rate, stated_frames);
            self.rewind()?;
            stated_frames = self.span.until.map(|until| until.saturating_sub(self.span.lead));
        }
        Ok(Format { name, rate, layout, stated_frames })
    }

    /// Some containers leave rate and channels to the codec.
    fn look_at_first_block(&mut self) -> Result<(u32, usize), Error> {
        let found = loop {
            let packet = self.next_packet()?.ok_or(Error::Empty)?;
            let decoded = fenced(|| self.codec.decode(&packet))?;
            match decoded {
                Ok(block) => break (block.hz, block.planes.len()),
                Err(error) => self.pass_over(error)?,
            }
        };
        self.rewind()?;
        Ok(found)
    }

    /// Whether the container's frame count is the truth and not an estimate.
    pub(super) fn states_exact_length(&self) -> bool {
        !self.codec.is_lossy()
    }

    pub(super) fn whole_bits(&self) -> Option<u32> {
        codec::whole_bits(&self.params)
    }

    pub(super) fn next_block(&mut self, format: &Format) -> Result<Option<Vec<Vec<f32>>>, Error> {
        while self.span.until.is_none_or(|until| self.at < until) {
            let Some(packet) = self.next_packet()? else { break };
            let mut planes = self.decode(&packet, format)?;
            let (start, end) = (self.at, self.at.saturating_add(planes[0].len() as u64));
            self.at = end;
            let drop_end = end.saturating_sub(self.span.until.unwrap_or(u64::MAX));
            let drop_start = self.from.saturating_sub(start);
            if drop_start.saturating_add(drop_end) >= end - start {
                continue;
            }
            for plane in &mut planes {
                plane.truncate(plane.len() - drop_end as usize);
                plane.drain(..drop_start as usize);
            }
            return Ok(Some(planes));
        }
        if self.heard.bad_in_a_row > 0 && !self.heard.good {
            return Err(damaged("none of its packets can be decoded"));
        }
        Ok(None)
    }

    /// The next block begins at a frame of the sound.
    pub(super) fn seek(&mut self, to: u64) -> Result<(), Error> {
        let target = self.span.lead.saturating_add(to);
        self.heard.bad_in_a_row = 0;
        if self.codec.is_lossy() || !self.seek_by_time_stamp(target)? {
            self.seek_by_reading(target)?;
        }
        self.from = target;
        Ok(())
    }

    /// Lossless packets stand for themselves, and time stamps that count frames say which one to
    /// go to. False where the container cannot go there.
    fn seek_by_time_stamp(&mut self, target: u64) -> Result<bool, Error> {
        if !self.counts_frames {
            return Ok(false);
        }
        let origin = match self.origin {
            Some(origin) => origin,
            None => match self.next_packet()? {
                Some(packet) => {
                    let origin = packet.pts;
                    self.ahead.push_back(packet);
                    origin
                }
                None => return Ok(false),
            },
        };
        let Some(ts) = origin.checked_add(Duration::new(target)) else { return Ok(false) };
        let to = SeekTo::Timestamp { ts, track_id: self.track };
        let sought = fenced(|| self.reader.seek(SeekMode::Accurate, to))?;
        self.ahead.clear();
        // Somewhere in the file, or nowhere: the next packets are no continuation.
        self.at = u64::MAX;
        match sought {
            Ok(sought) if (origin..=ts).contains(&sought.actual_ts) => {
                self.at = sought.actual_ts.abs_delta(origin).get();
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Packets are read, from the first one if need be, and counted; those right before the target
    /// are kept for the decoder to find into the sound again.
    fn seek_by_reading(&mut self, target: u64) -> Result<(), Error> {
        if target < self.at {
            self.rewind()?;
        }
        let mut roll = VecDeque::new();
        let mut end = self.at;
        let mut passed = false;
        while end <= target {
            let Some(packet) = self.next_packet()? else { break };
            end = end.saturating_add(self.codec.frames(&packet));
            roll.push_back(packet);
            if roll.len() > self.codec.pre_roll() + 1 {
                let gone = roll.pop_front();
                self.at += gone.map_or(0, |packet| self.codec.frames(&packet));
                passed = true;
            }
        }
        if passed {
            self.codec = Codec::of(&self.params)?;
        }
        roll.append(&mut self.ahead);
        self.ahead = roll;
        Ok(())
    }

    /// Begins again, as if just opened.
    fn rewind(&mut self) -> Result<(), Error> {
        self.reader = probe(&self.source)?;
        self.codec = Codec::of(&self.params)?;
        self.ahead.clear();
        self.at = 0;
        Ok(())
    }

    fn decode(&mut self, packet: &Packet, format: &Format) -> Result<Vec<Vec<f32>>, Error> {
        let Block { hz, planes } = match fenced(|| self.codec.decode(packet))? {
            Ok(block) => {
                self.heard = Heard { good: true, bad_in_a_row: 0 };
                block
            }
            Err(error) => {
                let frames = self.codec.frames(packet);
                // What is only decoded to find into the sound may lack what came before.
                if self.at.saturating_add(frames) > self.from {
                    self.pass_over(error)?;
                }
                let silence = vec![0.0; frames as usize];
                Block { hz: format.rate.hz(), planes: vec![silence; format.layout.channels()] }
            }
        };
        if hz != format.rate.hz() {
            return Err(Error::Unsupported("a change of sample rate".to_owned()));
        }
        if planes.len() != format.layout.channels() {
            return Err(Error::Unsupported("a change of channels".to_owned()));
        }
        Ok(planes)
    }

    /// A damaged packet of a lossy stream is no reason to end it; many in a row are.
    fn pass_over(&mut self, error: Error) -> Result<(), Error> {
        self.heard.bad_in_a_row += 1;
        match error {
            Error::Damaged(_)
                if self.codec.is_lossy() && self.heard.bad_in_a_row <= MAX_BAD_PACKETS =>
            {
                Ok(())
            }
            error => Err(error),
        }
    }

    fn next_packet(&mut self) -> Result<Option<Packet>, Error> {
        if let Some(packet) = self.ahead.pop_front() {
            return Ok(Some(packet));
        }
        loop {
            match fenced(|| self.reader.next_packet())? {
                Ok(Some(packet)) if packet.track_id != self.track => {}
                Ok(Some(mut packet)) => {
                    self.origin.get_or_insert(packet.pts);
                    if self.states_nothing {
                        packet.trim_end = Duration::ZERO;
                    }
                    return Ok(Some(packet));
                }
                Ok(None) => return Ok(None),
                // The bytes end inside a packet; a lossless file is refused for its length.
                Err(Symphonia::IoError(error))
                    if error.kind() == std::io::ErrorKind::UnexpectedEof =>
                {
                    return Ok(None);
                }
                Err(error) => return Err(failure(error)),
            }
        }
    }
}

/// symphonia's name of the container that states by edit lists what of it sounds.
const MP4: &str = "isomp4";

fn probe(source: &Shared) -> Result<Box<dyn FormatReader>, Error> {
    let mut source = source.clone();
    std::io::Seek::seek(&mut source, std::io::SeekFrom::Start(0))?;
    let bytes = MediaSourceStream::new(Box::new(source), Default::default());
    let options = (FormatOptions::default(), MetadataOptions::default());
    fenced(|| symphonia::default::get_probe().probe(&Hint::new(), bytes, options.0, options.1))?
        .map_err(|error| match error {
            Symphonia::Unsupported(_) | Symphonia::IoError(_) => Error::UnknownFormat,
            other => failure(other),
        })
}

/// A foreign parser that panics has met bytes it did not expect: the file is damaged, and whoever
/// asked goes on. The decoder is not used again after it.
fn fenced<T>(parse: impl FnOnce() -> T) -> Result<T, Error> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(parse))
        .map_err(|_| damaged("its structure defeats the decoder"))
}

fn damaged(what: &str) -> Error {
    Error::Damaged(what.to_owned())
}

pub(super) fn failure(error: Symphonia) -> Error {
    match error {
        Symphonia::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            damaged("it ends in the middle of its headers")
        }
        Symphonia::IoError(error) => Error::Io(error),
        Symphonia::DecodeError(what) | Symphonia::LimitError(what) => {
            Error::Damaged(what.to_owned())
        }
        Symphonia::Unsupported(what) => Error::Unsupported(what.to_owned()),
        Symphonia::SeekError(_) => damaged("it cannot be sought"),
        Symphonia::ResetRequired => Error::Unsupported("a file of chained streams".to_owned()),
        other => Error::Damaged(other.to_string()),
    }
}
