use super::modulator::Modulator;
use super::riff::{Chunk, u16_at, u32_at};
use crate::Error;

/// The nine tables of the `pdta` list as they stand in the file, indices checked.
#[derive(Debug, Default)]
pub(crate) struct Hydra {
    pub(crate) presets: Vec<PresetHeader>,
    pub(crate) preset_zones: Zones,
    pub(crate) instruments: Vec<InstrumentHeader>,
    pub(crate) instrument_zones: Zones,
    pub(crate) samples: Vec<SampleHeader>,
}

/// The zones of one level: where each begins, and the records they point into.
#[derive(Debug, Default)]
pub(crate) struct Zones {
    /// First generator and first modulator of each zone, terminal included.
    pub(crate) bags: Vec<(u16, u16)>,
    pub(crate) generators: Vec<Setting>,
    pub(crate) modulators: Vec<Modulator>,
}

/// A generator record: its number and its raw amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) generator: u16,
    pub(crate) amount: u16,
}

#[derive(Debug, Clone)]
pub(crate) struct PresetHeader {
    pub(crate) name: [u8; 20],
    pub(crate) program: u16,
    pub(crate) bank: u16,
    pub(crate) first_bag: u16,
    /// Library, genre, morphology: kept for copies.
    pub(crate) reserved: [u8; 12],
}

#[derive(Debug, Clone)]
pub(crate) struct InstrumentHeader {
    pub(crate) name: [u8; 20],
    pub(crate) first_bag: u16,
}

#[derive(Debug, Clone)]
pub(crate) struct SampleHeader {
    pub(crate) name: [u8; 20],
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) loop_start: u32,
    pub(crate) loop_end: u32,
    pub(crate) rate: u32,
    pub(crate) pitch: u8,
    pub(crate) correction: i8,
    pub(crate) link: u16,
    pub(crate) kind: u16,
}

/// Sample type bit of SF3: the bytes are an Ogg Vorbis stream.
pub(crate) const VORBIS: u16 = 0x10;
/// Sample type bit of samples that live in a synthesiser's ROM.
pub(crate) const ROM: u16 = 0x8000;

pub(crate) const PRESET_BYTES: usize = 38;
pub(crate) const INSTRUMENT_BYTES: usize = 22;
pub(crate) const SAMPLE_BYTES: usize = 46;
pub(crate) const BAG_BYTES: usize = 4;
pub(crate) const GENERATOR_BYTES: usize = 4;
pub(crate) const MODULATOR_BYTES: usize = 10;

/// The most modulators of one zone. Each is compared with all the others; real zones have fewer
/// than a hundred.
const MAX_ZONE_MODULATORS: usize = 512;

impl Hydra {
    /// Reads the tables and checks every index, so that later stages may follow them.
    pub(crate) fn parse(chunks: &[Chunk<'_>]) -> Result<Self, Error> {
        let hydra = Self {
            presets: records(chunks, "phdr", PRESET_BYTES, preset)?,
            preset_zones: Zones::parse(chunks, "pbag", "pgen", "pmod")?,
            instruments: records(chunks, "inst", INSTRUMENT_BYTES, instrument)?,
            instrument_zones: Zones::parse(chunks, "ibag", "igen", "imod")?,
            samples: records(chunks, "shdr", SAMPLE_BYTES, sample)?,
        };
        ascending(hydra.presets.iter().map(|p| p.first_bag), &hydra.preset_zones, "phdr")?;
        ascending(hydra.instruments.iter().map(|i| i.first_bag), &hydra.instrument_zones, "inst")?;
        Ok(hydra)
    }

    /// The zones of a preset; none for the terminal record.
    pub(crate) fn preset_bags(&self, index: usize) -> std::ops::Range<usize> {
        match self.presets.get(index..index + 2) {
            Some([this, next]) => usize::from(this.first_bag)..usize::from(next.first_bag),
            _ => 0..0,
        }
    }

    /// The zones of an instrument; none for the terminal record.
    pub(crate) fn instrument_bags(&self, index: usize) -> std::ops::Range<usize> {
        match self.instruments.get(index..index + 2) {
            Some([this, next]) => usize::from(this.first_bag)..usize::from(next.first_bag),
            _ => 0..0,
        }
    }
}

impl Zones {
    fn parse(
        chunks: &[Chunk<'_>],
        bag_chunk: &'static str,
        generator_chunk: &'static str,
        modulator_chunk: &'static str,
    ) -> Result<Self, Error> {
        let zones = Self {
            bags: records(chunks, bag_chunk, BAG_BYTES, |r| (u16_at(r, 0), u16_at(r, 2)))?,
            generators: records(chunks, generator_chunk, GENERATOR_BYTES, |r| Setting {
                generator: u16_at(r, 0),
                amount: u16_at(r, 2),
            })?,
            modulators: records(chunks, modulator_chunk, MODULATOR_BYTES, Modulator::read)?,
        };
        let wrong = |reason| Error::BrokenBank { chunk: bag_chunk, reason };
        for pair in zones.bags.windows(2) {
            if pair[1].0 < pair[0].0 || pair[1].1 < pair[0].1 {
                return Err(wrong("zones run backwards"));
            }
            if usize::from(pair[1].1 - pair[0].1) > MAX_ZONE_MODULATORS {
                return Err(wrong("a zone has more than 512 modulators"));
            }
        }
        if let Some((generator, modulator)) = zones.bags.last()
            && (usize::from(*generator) > zones.generators.len()
                || usize::from(*modulator) > zones.modulators.len())
        {
            return Err(wrong("a zone points outside its table"));
        }
        Ok(zones)
    }

    /// The generators of one zone.
    pub(crate) fn generators(&self, bag: usize) -> &[Setting] {
        match self.bags.get(bag..bag + 2) {
            Some([from, to]) => &self.generators[usize::from(from.0)..usize::from(to.0)],
            _ => &[],
        }
    }

    /// The modulators of one zone.
    pub(crate) fn modulators(&self, bag: usize) -> &[Modulator] {
        match self.bags.get(bag..bag + 2) {
            Some([from, to]) => &self.modulators[usize::from(from.1)..usize::from(to.1)],
            _ => &[],
        }
    }
}

fn records<T>(
    chunks: &[Chunk<'_>],
    name: &'static str,
    size: usize,
    read: impl Fn(&[u8]) -> T,
) -> Result<Vec<T>, Error> {
    let wrong = |reason| Error::BrokenBank { chunk: name, reason };
    let chunk =
        chunks.iter().find(|c| c.id == name.as_bytes()).ok_or_else(|| wrong("it is missing"))?;
    if !chunk.data.len().is_multiple_of(size) {
        return Err(wrong("its length is not a whole number of records"));
    }
    if chunk.data.is_empty() {
        return Err(wrong("the terminal record is missing"));
    }
    // More cannot be pointed at: every index in the format has 16 bits.
    if chunk.data.len() / size > usize::from(u16::MAX) + 1 {
        return Err(wrong("it has more than 65,536 records"));
    }
    Ok(chunk.data.chunks_exact(size).map(read).collect())
}

fn ascending(
    bags: impl Iterator<Item = u16>,
    zones: &Zones,
    chunk: &'static str,
) -> Result<(), Error> {
    let mut last = 0;
    for bag in bags {
        if bag < last {
            return Err(Error::BrokenBank { chunk, reason: "zones run backwards" });
        }
        last = bag;
    }
    if usize::from(last) >= zones.bags.len() {
        return Err(Error::BrokenBank { chunk, reason: "a zone index is outside the table" });
    }
    Ok(())
}

fn preset(record: &[u8]) -> PresetHeader {
    PresetHeader {
        name: letters(record),
        program: u16_at(record, 20),
        bank: u16_at(record, 22),
        first_bag: u16_at(record, 24),
        reserved: std::array::from_fn(|i| record[26 + i]),
    }
}

fn instrument(record: &[u8]) -> InstrumentHeader {
    InstrumentHeader { name: letters(record), first_bag: u16_at(record, 20) }
}

fn sample(record: &[u8]) -> SampleHeader {
    SampleHeader {
        name: letters(record),
        start: u32_at(record, 20),
        end: u32_at(record, 24),
        loop_start: u32_at(record, 28),
        loop_end: u32_at(record, 32),
        rate: u32_at(record, 36),
        pitch: record[40],
        correction: record[41] as i8,
        link: u16_at(record, 42),
        kind: u16_at(record, 44),
    }
}

fn letters(record: &[u8]) -> [u8; 20] {
    std::array::from_fn(|i| record[i])
}

/// A name field as text: up to its first zero, foreign bytes replaced.
pub(crate) fn text(field: &[u8]) -> String {
    let end = field.iter().position(|b| *b == 0).unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).trim().to_owned()
}
