//! Bytes as the segments of a journal: every record or an error, no panic, no endless reading; and
//! what a writer makes of it can be gone on with.

#![no_main]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use clock::Nanos;
use journal::{
    Checksums, Epoch, Error, Kind, Reader, ReaderOptions, Start, Writer, WriterOptions, snapshot,
};
use libfuzzer_sys::fuzz_target;
use market::Sequence;

const EPOCH: Epoch = Epoch(0);
/// No record is shorter, so no more are read than bytes were given.
const SHORTEST: usize = 20;

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = Path::new("/dev/shm");
    let root = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    root.join(format!("triad-fuzz-journal-{}", std::process::id()))
});

/// Reads to the end or to an error; how many records there were.
fn read(options: ReaderOptions, bytes: usize) -> Result<u64, Error> {
    let mut reader = Reader::open(&FOLDER, options)?;
    let begin = reader.next().0;
    while let Some(record) = reader.poll()? {
        assert_eq!(record.sequence.0 + 1 - begin, reader.next().0 - begin);
        assert!((reader.next().0 - begin) as usize * SHORTEST <= bytes);
    }
    Ok(reader.next().0)
}

/// Writes segments: the bytes as they are, or a sound journal with some of its bytes turned.
fn prepare(bytes: &[u8], cut: u8) -> usize {
    let segment = |first: u64| FOLDER.join(format!("{first:020}.journal"));
    if cut.is_multiple_of(2) {
        let (first, second) = bytes.split_at((cut as usize * 4).min(bytes.len()));
        fs::write(segment(0), first).expect("a segment");
        fs::write(segment(u64::from(cut % 5) + 1), second).expect("a segment");
        return bytes.len();
    }
    let options = WriterOptions { segment_bytes: 250, ..WriterOptions::new(EPOCH, Nanos(0)) };
    let mut writer = Writer::open(&FOLDER, options).expect("a new journal");
    let mut firsts = vec![0];
    for number in 0..12_u64 {
        let payload = [number as u8; 40];
        writer.append(Nanos(0), Kind(0), &payload[..number as usize * 3]).expect("room");
        writer.flush().expect("room");
        firsts.extend(segment(number).exists().then_some(number));
    }
    writer.close().expect("room");
    let mut length = 0;
    for first in firsts {
        let path = segment(first);
        let mut segment = fs::read(&path).expect("a segment");
        for turn in bytes.chunks_exact(4).filter(|turn| u64::from(turn[0] % 12) == first) {
            let at = usize::from(u16::from_le_bytes([turn[1], turn[2]])) % segment.len();
            segment[at] ^= turn[3];
        }
        length += segment.len();
        fs::write(&path, segment).expect("a segment");
    }
    length
}

fuzz_target!(|bytes: &[u8]| {
    let Some((cut, bytes)) = bytes.split_first() else { return };
    fs::create_dir_all(&*FOLDER).expect("a folder");
    let length = prepare(bytes, *cut);
    fs::write(FOLDER.join("00000000000000000001.snapshot"), bytes).expect("a snapshot");
    for checksums in [Checksums::Verified, Checksums::Trusted] {
        for start in [Start::Oldest, Start::Latest, Start::At(Sequence(1))] {
            let _ = read(ReaderOptions { epoch: None, start, checksums }, length);
        }
    }
    let _ = snapshot::restore(&FOLDER, EPOCH, 0, Sequence(0));
    let whole = read(ReaderOptions::default(), length);
    let options = WriterOptions { segment_bytes: 200, ..WriterOptions::new(EPOCH, Nanos(0)) };
    if let Ok(mut writer) = Writer::open(&FOLDER, options) {
        let next = writer.next().0;
        assert!(whole.is_err() || whole.is_ok_and(|whole| whole == next));
        writer.append(Nanos(0), Kind(0), b"one more").expect("room");
        writer.close().expect("room");
        let options = ReaderOptions { start: Start::Latest, ..ReaderOptions::default() };
        assert_eq!(read(options, length + 64).expect("a sound end"), next + 1);
    }
    fs::remove_dir_all(&*FOLDER).expect("its own folder");
});
