use std::borrow::Cow;
use std::sync::OnceLock;

use super::hydra::{Hydra, text};
use super::region::{Region, regions};
use super::riff::{self, Chunk};
use super::sample::{Pool, Sample};
use crate::Error;

/// A SoundFont in memory. Cheap to make: samples are decoded when first played, then kept.
#[derive(Debug)]
pub struct Bank {
    bytes: Cow<'static, [u8]>,
    hydra: Hydra,
    pool: Pool,
    info: Vec<([u8; 4], Vec<u8>)>,
    samples: Vec<Sample>,
}

/// A program of a bank.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Preset {
    /// MIDI bank, 128 for percussion.
    pub bank: u16,
    /// MIDI program, 0 to 127.
    pub program: u8,
    /// The name its maker gave it.
    pub name: String,
}

impl Bank {
    /// Reads an SF2 or SF3 file. Every size and index is checked, none is trusted.
    pub fn parse(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self, Error> {
        let bytes = bytes.into();
        let top = riff::chunks(&bytes, 0).map_err(|_| Error::NotABank("no RIFF structure"))?;
        let Some(root) = top.first().filter(|c| &c.id == b"RIFF") else {
            return Err(Error::NotABank("it does not begin with RIFF"));
        };
        let (form, lists) = riff::list(root)?;
        if &form != b"sfbk" {
            return Err(Error::NotABank("its form type is not sfbk"));
        }
        let hydra = Hydra::parse(&section(&lists, b"pdta", "pdta")?)?;
        let pool = pool(&section(&lists, b"sdta", "sdta")?);
        let info = section(&lists, b"INFO", "INFO")?
            .iter()
            .map(|chunk| (chunk.id, chunk.data.to_vec()))
            .collect();
        // The last header is the terminal "EOS".
        let real = hydra.samples.len() - 1;
        let samples = hydra.samples[..real].iter().map(|h| Sample::locate(h, &pool)).collect();
        Ok(Self { hydra, pool, info, samples, bytes })
    }

    /// The bank this program carries: a subset of FluidR3Mono GM. Read at the first call.
    ///
    /// Its provenance and licence are beside the file, in `assets/bank`.
    pub fn embedded() -> &'static Self {
        static BANK: OnceLock<Bank> = OnceLock::new();
        BANK.get_or_init(|| {
            Self::parse(EMBEDDED).expect("the embedded bank was checked when it was made")
        })
    }

    /// The name the maker gave the whole bank; empty if there is none.
    pub fn name(&self) -> String {
        self.info.iter().find(|(id, _)| id == b"INAM").map_or(String::new(), |(_, v)| text(v))
    }

    /// Its programs, by bank and number.
    pub fn presets(&self) -> Vec<Preset> {
        let real = self.hydra.presets.len() - 1;
        let mut found: Vec<Preset> = self.hydra.presets[..real]
            .iter()
            .filter(|header| header.program < 128)
            .map(|header| Preset {
                bank: header.bank,
                program: header.program as u8,
                name: text(&header.name),
            })
            .collect();
        found.sort();
        found
    }

    /// Whether it has a program.
    pub fn has(&self, bank: u16, program: u8) -> bool {
        self.preset_index(bank, program).is_some()
    }

    /// What a program is made of.
    pub(crate) fn regions(&self, bank: u16, program: u8) -> Result<Vec<Region>, Error> {
        let index = self.preset_index(bank, program).ok_or(Error::NoPreset { bank, program })?;
        regions(&self.hydra, index)
    }

    /// A sample and its sound, decoded now if need be.
    pub(crate) fn sample(&self, index: usize) -> Result<(&Sample, &[f32]), Error> {
        let sample = self.samples.get(index).ok_or(Error::BrokenBank {
            chunk: "igen",
            reason: "a zone names a sample that is not there",
        })?;
        Ok((sample, sample.frames(&self.bytes)?))
    }

    pub(crate) fn preset_index(&self, bank: u16, program: u8) -> Option<usize> {
        let real = self.hydra.presets.len() - 1;
        self.hydra.presets[..real]
            .iter()
            .position(|header| header.bank == bank && header.program == u16::from(program))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn hydra(&self) -> &Hydra {
        &self.hydra
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.pool
    }

    pub(crate) fn info(&self) -> &[([u8; 4], Vec<u8>)] {
        &self.info
    }
}

const EMBEDDED: &[u8] =
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/bank/triad-gm.sf3"));

fn section<'a>(
    lists: &[Chunk<'a>],
    form: &[u8; 4],
    name: &'static str,
) -> Result<Vec<Chunk<'a>>, Error> {
    for chunk in lists.iter().filter(|c| &c.id == b"LIST") {
        let (found, inner) = riff::list(chunk)?;
        if &found == form {
            return Ok(inner);
        }
    }
    Err(Error::BrokenBank { chunk: name, reason: "it is missing" })
}

fn pool(chunks: &[Chunk<'_>]) -> Pool {
    let range = |id: &[u8; 4]| {
        let chunk = chunks.iter().find(|c| &c.id == id);
        chunk.map_or(0..0, |c| c.offset..c.offset + c.data.len())
    };
    Pool { smpl: range(b"smpl"), sm24: range(b"sm24") }
}
