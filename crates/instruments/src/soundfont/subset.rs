use std::collections::BTreeMap;

use super::bank::Bank;
use super::generator::{INSTRUMENT, SAMPLE};
use super::hydra::{SampleHeader, Setting, Zones};
use super::modulator::Modulator;
use super::sample::compressed;
use crate::Error;

/// Writes an SF3 file with only the presets in `keep`, given as (bank, program), their
/// instruments and their samples. Compressed samples are copied byte for byte, shared ones once.
///
/// The maker's name, date, copyright and engineers stay; the comment says that it is a subset.
/// The source must be an SF3: a preset that uses PCM samples is refused.
pub fn subset(bank: &Bank, keep: &[(u16, u8)]) -> Result<Vec<u8>, Error> {
    let mut copy = Copy::new(bank);
    let mut wanted = keep.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    for (number, program) in wanted {
        copy.preset(number, program)?;
    }
    Ok(copy.finish())
}

/// A bank being copied: what has come over so far, and under which new index.
struct Copy<'a> {
    bank: &'a Bank,
    instruments: BTreeMap<usize, u16>,
    samples: BTreeMap<usize, u16>,
    phdr: Vec<u8>,
    preset_level: Level,
    inst: Vec<u8>,
    instrument_level: Level,
    shdr: Vec<SampleHeader>,
    smpl: Vec<u8>,
}

/// The bag, generator and modulator chunks of one level.
#[derive(Default)]
struct Level {
    bags: Vec<u8>,
    generators: Vec<u8>,
    modulators: Vec<u8>,
}

impl Level {
    /// The number of zones so far; files count them in 16 bits and so did the source.
    fn zones(&self) -> u16 {
        (self.bags.len() / 4) as u16
    }

    fn begin_zone(&mut self) {
        let generators = (self.generators.len() / 4) as u16;
        let modulators = (self.modulators.len() / 10) as u16;
        self.bags.extend(generators.to_le_bytes());
        self.bags.extend(modulators.to_le_bytes());
    }

    fn generator(&mut self, number: u16, amount: u16) {
        self.generators.extend(number.to_le_bytes());
        self.generators.extend(amount.to_le_bytes());
    }

    fn modulator(&mut self, modulator: &Modulator) {
        for word in [
            modulator.source.0,
            modulator.destination,
            modulator.amount as u16,
            modulator.amount_source.0,
            modulator.transform,
        ] {
            self.modulators.extend(word.to_le_bytes());
        }
    }

    /// The terminal bag, generator and modulator.
    fn end(&mut self) {
        self.begin_zone();
        self.generators.extend([0; 4]);
        self.modulators.extend([0; 10]);
    }
}

impl<'a> Copy<'a> {
    fn new(bank: &'a Bank) -> Self {
        Self {
            bank,
            instruments: BTreeMap::new(),
            samples: BTreeMap::new(),
            phdr: Vec::new(),
            preset_level: Level::default(),
            inst: Vec::new(),
            instrument_level: Level::default(),
            shdr: Vec::new(),
            smpl: Vec::new(),
        }
    }

    fn preset(&mut self, number: u16, program: u8) -> Result<(), Error> {
        let index = self
            .bank
            .preset_index(number, program)
            .ok_or(Error::NoPreset { bank: number, program })?;
        let hydra = self.bank.hydra();
        let header = &hydra.presets[index];
        self.phdr.extend(header.name);
        self.phdr.extend(header.program.to_le_bytes());
        self.phdr.extend(header.bank.to_le_bytes());
        self.phdr.extend(self.preset_level.zones().to_le_bytes());
        self.phdr.extend(header.reserved);
        for bag in hydra.preset_bags(index) {
            let mut settings = hydra.preset_zones.generators(bag).to_vec();
            if let Some(last) = target(&mut settings, INSTRUMENT) {
                last.amount = self.instrument(usize::from(last.amount))?;
            }
            copy_zone(&mut self.preset_level, &settings, &hydra.preset_zones, bag);
        }
        Ok(())
    }

    /// The new index of an instrument, registered at its first use.
    fn instrument(&mut self, old: usize) -> Result<u16, Error> {
        if let Some(new) = self.instruments.get(&old) {
            return Ok(*new);
        }
        if old + 1 >= self.bank.hydra().instruments.len() {
            return Err(Error::BrokenBank { chunk: "pgen", reason: "no such instrument" });
        }
        let new = self.instruments.len() as u16;
        self.instruments.insert(old, new);
        self.copy_instrument(old)?;
        Ok(new)
    }

    fn copy_instrument(&mut self, old: usize) -> Result<(), Error> {
        let hydra = self.bank.hydra();
        self.inst.extend(hydra.instruments[old].name);
        self.inst.extend(self.instrument_level.zones().to_le_bytes());
        for bag in hydra.instrument_bags(old) {
            let mut settings = hydra.instrument_zones.generators(bag).to_vec();
            if let Some(last) = target(&mut settings, SAMPLE) {
                last.amount = self.sample(usize::from(last.amount))?;
            }
            copy_zone(&mut self.instrument_level, &settings, &hydra.instrument_zones, bag);
        }
        Ok(())
    }

    /// The new index of a sample, its bytes copied at its first use.
    fn sample(&mut self, old: usize) -> Result<u16, Error> {
        if let Some(new) = self.samples.get(&old) {
            return Ok(*new);
        }
        let hydra = self.bank.hydra();
        let broken = |reason| Error::BrokenBank { chunk: "shdr", reason };
        if old + 1 >= hydra.samples.len() {
            return Err(broken("no such sample"));
        }
        let header = &hydra.samples[old];
        let range = compressed(header, self.bank.pool())
            .ok_or_else(|| broken("a sample to keep is not compressed"))?;
        let start = self.smpl.len() as u32;
        self.smpl.extend(&self.bank.bytes()[range]);
        let end = self.smpl.len() as u32;
        let new = self.shdr.len() as u16;
        self.shdr.push(SampleHeader { start, end, ..header.clone() });
        self.samples.insert(old, new);
        Ok(new)
    }

    fn finish(mut self) -> Vec<u8> {
        terminal_name(&mut self.phdr, b"EOP");
        self.phdr.extend([0; 4]);
        self.phdr.extend(self.preset_level.zones().to_le_bytes());
        self.phdr.extend([0; 12]);
        self.preset_level.end();
        terminal_name(&mut self.inst, b"EOI");
        self.inst.extend(self.instrument_level.zones().to_le_bytes());
        self.instrument_level.end();
        let shdr = self.sample_headers();
        let mut tables = b"pdta".to_vec();
        for (id, data) in [
            (b"phdr", &self.phdr),
            (b"pbag", &self.preset_level.bags),
            (b"pmod", &self.preset_level.modulators),
            (b"pgen", &self.preset_level.generators),
            (b"inst", &self.inst),
            (b"ibag", &self.instrument_level.bags),
            (b"imod", &self.instrument_level.modulators),
            (b"igen", &self.instrument_level.generators),
            (b"shdr", &shdr),
        ] {
            chunk(&mut tables, id, data);
        }
        let mut sound = b"sdta".to_vec();
        chunk(&mut sound, b"smpl", &self.smpl);
        let mut file = b"sfbk".to_vec();
        chunk(&mut file, b"LIST", &info(self.bank));
        chunk(&mut file, b"LIST", &sound);
        chunk(&mut file, b"LIST", &tables);
        let mut whole = Vec::with_capacity(file.len() + 8);
        chunk(&mut whole, b"RIFF", &file);
        whole
    }

    /// The sample table with stereo links moved to the new indices; a link to a sample that was
    /// not kept points at the sample itself, as mono ones do.
    fn sample_headers(&self) -> Vec<u8> {
        let mut table = Vec::new();
        for (new, header) in self.shdr.iter().enumerate() {
            let link = self.samples.get(&usize::from(header.link)).copied().unwrap_or(new as u16);
            table.extend(header.name);
            for word in [header.start, header.end, header.loop_start, header.loop_end, header.rate]
            {
                table.extend(word.to_le_bytes());
            }
            table.extend([header.pitch, header.correction as u8]);
            table.extend(link.to_le_bytes());
            table.extend(header.kind.to_le_bytes());
        }
        terminal_name(&mut table, b"EOS");
        table.extend([0; 26]);
        table
    }
}

/// The terminal generator of a zone, if it has one.
fn target(settings: &mut [Setting], terminal: usize) -> Option<&mut Setting> {
    settings.iter_mut().find(|s| usize::from(s.generator) == terminal)
}

fn copy_zone(level: &mut Level, settings: &[Setting], source: &Zones, bag: usize) {
    level.begin_zone();
    for setting in settings {
        level.generator(setting.generator, setting.amount);
    }
    for modulator in source.modulators(bag) {
        level.modulator(modulator);
    }
}

fn terminal_name(table: &mut Vec<u8>, name: &[u8; 3]) {
    table.extend(name);
    table.extend([0; 17]);
}

/// The `INFO` list: the source's own entries, and a comment that this is a subset.
fn info(bank: &Bank) -> Vec<u8> {
    let mut list = b"INFO".to_vec();
    let mut comment = Vec::new();
    for (id, data) in bank.info() {
        if id == b"ICMT" {
            comment = data.iter().copied().take_while(|b| *b != 0).collect();
        } else {
            chunk(&mut list, id, data);
        }
    }
    let note = b"A subset: only some of the programs of the bank named above.";
    let mut text = if comment.starts_with(note) { Vec::new() } else { note.to_vec() };
    if text.is_empty() {
        text = comment;
    } else if !comment.is_empty() {
        text.extend(b" The comment of the whole bank follows.\r\n");
        text.extend(comment);
    }
    text.push(0);
    if text.len() % 2 == 1 {
        text.push(0);
    }
    chunk(&mut list, b"ICMT", &text);
    list
}

fn chunk(out: &mut Vec<u8>, id: &[u8; 4], data: &[u8]) {
    out.extend(id);
    out.extend((data.len() as u32).to_le_bytes());
    out.extend(data);
    if data.len() % 2 == 1 {
        out.push(0);
    }
}
