use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use audio::{Frames, Layout, SampleRate};
use flac_codec::encode::{FlacStreamWriter, Options};

use crate::{Depth, Error};

/// FLAC frame by frame, behind a header that states what is known.
pub(super) struct Flac {
    writer: FlacStreamWriter<Sink>,
    sink: Sink,
    rate: SampleRate,
    channels: u8,
    depth: Depth,
    /// Samples that do not fill a frame yet, interleaved.
    waiting: Vec<i32>,
}

/// Frames of a FLAC frame; the last one may be shorter. The reference encoder's choice, and within
/// what streams are allowed.
const FRAMES: usize = 4_096;

impl Flac {
    pub(super) fn begin(
        rate: SampleRate,
        layout: Layout,
        depth: Depth,
        length: Option<Frames>,
        out: &mut Vec<u8>,
    ) -> Self {
        write_header(rate, layout, depth, length, out);
        let sink = Sink::default();
        // Mid and side are chosen by a quick estimate: half the time for a fraction of a percent.
        let options = Options::default().fast_channel_correlation(true);
        let writer = FlacStreamWriter::new(sink.clone(), options);
        let channels = layout.channels() as u8;
        Self { writer, sink, rate, channels, depth, waiting: Vec::new() }
    }

    pub(super) fn encode(&mut self, planes: &[Vec<i32>], out: &mut Vec<u8>) -> Result<(), Error> {
        for frame in 0..planes[0].len() {
            self.waiting.extend(planes.iter().map(|plane| plane[frame]));
        }
        let full = FRAMES * usize::from(self.channels);
        while self.waiting.len() >= full {
            self.write(full, out)?;
        }
        Ok(())
    }

    pub(super) fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), Error> {
        match self.waiting.len() {
            0 => Ok(()),
            rest => self.write(rest, out),
        }
    }

    fn write(&mut self, samples: usize, out: &mut Vec<u8>) -> Result<(), Error> {
        let (rate, bits) = (self.rate.hz(), self.depth.bits());
        self.writer
            .write(rate, self.channels, bits, &self.waiting[..samples])
            .map_err(|error| Error::Encoder("FLAC", error.to_string()))?;
        self.waiting.drain(..samples);
        out.append(&mut self.sink.bytes());
        Ok(())
    }
}

/// The mark and STREAMINFO (RFC 9639, section 8.2). Sizes of frames and the MD5 of the samples are
/// known only at the end: 0 says so, as it does of a length that the source does not state.
fn write_header(
    rate: SampleRate,
    layout: Layout,
    depth: Depth,
    length: Option<Frames>,
    out: &mut Vec<u8>,
) {
    const LAST_BLOCK: u8 = 0x80;
    const STREAMINFO_BYTES: u8 = 34;
    const LENGTH_BITS: u32 = 36;
    let length = length.map_or(0, |length| length.0);
    let length = if length >> LENGTH_BITS == 0 { length } else { 0 };
    out.extend_from_slice(b"fLaC");
    out.extend_from_slice(&[LAST_BLOCK, 0, 0, STREAMINFO_BYTES]);
    for _shortest_and_longest in 0..2 {
        out.extend_from_slice(&(FRAMES as u16).to_be_bytes());
    }
    out.extend_from_slice(&[0; 6]);
    let sound = u64::from(rate.hz()) << 44
        | (layout.channels() as u64 - 1) << 41
        | u64::from(depth.bits() - 1) << LENGTH_BITS
        | length;
    out.extend_from_slice(&sound.to_be_bytes());
    out.extend_from_slice(&[0; 16]);
}

/// Where the encoder, which keeps its writer to itself, puts a frame.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    fn bytes(&self) -> std::sync::MutexGuard<'_, Vec<u8>> {
        // Bytes are whole whatever happened to who wrote them.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.bytes().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
