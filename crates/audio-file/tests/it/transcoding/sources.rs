use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A sound file by ffmpeg.
pub(super) fn encoded(ffmpeg: &Path, source: &Path, to: PathBuf, options: &[&str]) -> PathBuf {
    let mut command = Command::new(ffmpeg);
    command.args(["-v", "error", "-y", "-i"]).arg(source);
    testkit::run(command.args(options).arg(&to));
    to
}

/// A WAVE file of 16 bits and any length that lies nowhere: its samples are made as they are read.
pub(super) struct Tone {
    head: Vec<u8>,
    bytes: u64,
    at: u64,
}

impl Tone {
    pub(super) fn new(hz: u32, channels: u16, frames: u64) -> Self {
        let bytes = frames * u64::from(channels) * 2;
        let size = u32::try_from(bytes).unwrap_or(u32::MAX);
        let mut head = Vec::new();
        if size < u32::MAX {
            head.extend_from_slice(b"RIFF");
            head.extend_from_slice(&(size + 36).to_le_bytes());
            head.extend_from_slice(b"WAVE");
        } else {
            head.extend_from_slice(b"RF64\xff\xff\xff\xffWAVEds64\x1c\0\0\0");
            for size in [bytes + 72, bytes, frames] {
                head.extend_from_slice(&size.to_le_bytes());
            }
            head.extend_from_slice(&[0; 4]);
        }
        head.extend_from_slice(b"fmt \x10\0\0\0\x01\0");
        head.extend_from_slice(&channels.to_le_bytes());
        head.extend_from_slice(&hz.to_le_bytes());
        head.extend_from_slice(&(hz * u32::from(channels) * 2).to_le_bytes());
        head.extend_from_slice(&(channels * 2).to_le_bytes());
        head.extend_from_slice(b"\x10\0data");
        head.extend_from_slice(&size.to_le_bytes());
        Self { head, bytes, at: 0 }
    }

    fn end(&self) -> u64 {
        self.head.len() as u64 + self.bytes
    }
}

impl Read for Tone {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let head = self.head.len() as u64;
        let read = if self.at < head {
            let mut rest = Cursor::new(&self.head);
            rest.set_position(self.at);
            rest.read(buf)?
        } else {
            let count = (buf.len() as u64).min(self.end().saturating_sub(self.at)) as usize;
            for (byte, place) in buf[..count].iter_mut().zip(self.at - head..) {
                // A saw of 187 steps, quiet in its high byte.
                let value = ((place / 2) % 187 * 41) as u16;
                *byte = value.to_le_bytes()[(place % 2) as usize];
            }
            count
        };
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Tone {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
            SeekFrom::End(by) => self.end().saturating_add_signed(by),
        };
        Ok(self.at)
    }
}
