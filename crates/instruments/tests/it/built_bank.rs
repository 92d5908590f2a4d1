//! Small banks made byte by byte, for what no bank at hand does.

use instruments::Bank;

/// One preset (0, 0) of one instrument zone that loops one sample, 48 kHz, root key 60.
#[derive(Default)]
pub(crate) struct BuiltBank<'a> {
    /// Generators of the zone: number and amount.
    pub(crate) generators: &'a [(u16, i16)],
    /// Modulators of the zone as the five words of their records.
    pub(crate) modulators: &'a [[u16; 5]],
    /// The sample; all of it is the loop.
    pub(crate) sound: Vec<i16>,
    /// The lowest bytes of a 24-bit sample, if there are any.
    pub(crate) low: Option<Vec<u8>>,
}

/// Ten periods of a sine of 375 Hz with its peak at half of full scale.
pub(crate) fn tone() -> Vec<i16> {
    let at = |n: usize| 16_384.0 * libm::sin(n as f64 * std::f64::consts::TAU / 128.0);
    (0..1_280).map(|n| libm::round(at(n)) as i16).collect()
}

impl BuiltBank<'_> {
    pub(crate) fn read(&self) -> Bank {
        Bank::parse(self.bytes()).unwrap()
    }

    /// The file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let words = |words: &[u16]| words.iter().flat_map(|w| w.to_le_bytes()).collect::<Vec<u8>>();
        let mut sdta = b"sdta".to_vec();
        let sound: Vec<u8> = self.sound.iter().flat_map(|s| s.to_le_bytes()).collect();
        chunk(&mut sdta, b"smpl", &sound);
        if let Some(low) = &self.low {
            chunk(&mut sdta, b"sm24", low);
        }
        let mut zone: Vec<u16> = Vec::new();
        for (number, amount) in self.generators.iter().chain(&[(54, 1), (53, 0)]) {
            zone.extend([*number, *amount as u16]);
        }
        let generators = (zone.len() / 2) as u16;
        zone.extend([0, 0]);
        let mut modulators: Vec<u16> = self.modulators.concat();
        modulators.extend([0; 5]);
        let frames = self.sound.len() as u32;
        let mut shdr = name("tone");
        for word in [0, frames, 0, frames, 48_000_u32] {
            shdr.extend(word.to_le_bytes());
        }
        shdr.extend([60, 0, 0, 0, 1, 0]);
        shdr.extend([name("EOS"), vec![0; 26]].concat());
        let phdr = [name("tone"), vec![0; 18], name("EOP"), words(&[0, 0, 1]), vec![0; 12]];
        let inst = [name("tone"), words(&[0]), name("EOI"), words(&[1])];
        let mut pdta = b"pdta".to_vec();
        for (id, data) in [
            (b"phdr", phdr.concat()),
            (b"pbag", words(&[0, 0, 1, 0])),
            (b"pmod", words(&[0; 5])),
            (b"pgen", words(&[41, 0, 0, 0])),
            (b"inst", inst.concat()),
            (b"ibag", words(&[0, 0, generators, self.modulators.len() as u16])),
            (b"imod", words(&modulators)),
            (b"igen", words(&zone)),
            (b"shdr", shdr),
        ] {
            chunk(&mut pdta, id, &data);
        }
        let mut file = b"sfbk".to_vec();
        chunk(&mut file, b"LIST", b"INFO");
        chunk(&mut file, b"LIST", &sdta);
        chunk(&mut file, b"LIST", &pdta);
        let mut whole = Vec::new();
        chunk(&mut whole, b"RIFF", &file);
        whole
    }
}

fn name(text: &str) -> Vec<u8> {
    let mut field = text.as_bytes().to_vec();
    field.resize(20, 0);
    field
}

fn chunk(out: &mut Vec<u8>, id: &[u8; 4], data: &[u8]) {
    out.extend(id);
    out.extend((data.len() as u32).to_le_bytes());
    out.extend(data);
    out.extend(vec![0; data.len() % 2]);
}
