use audio::loudness::measure;
use audio::{Buffer, Decibels, Frames};
use audio_file::{Depth, Pcm, Tags, write_wav};
use clock::Seed;

use super::Pair;
use crate::Error;

/// A page holds at most so much of each sound, seconds: some 12 MB of both at 48 kHz. Of longer
/// ones it holds the loudest part of the first.
pub const EMBEDDED_S: f64 = 30.0;

/// What makes the second as loud as the first, dB.
pub(super) fn gain_between(pair: &Pair) -> Option<f64> {
    let loudness = |buffer: &Buffer| measure(buffer).0.integrated;
    Some((loudness(&pair.a)? - loudness(&pair.b)?).0)
}

/// Both sounds as data URIs of 16-bit WAV, the louder one brought down to the other; where the part
/// begins, seconds, and how long it is.
pub(super) struct Clips {
    pub(super) a: String,
    pub(super) b: String,
    pub(super) from_s: f64,
    pub(super) length_s: f64,
}

pub(super) fn clips(pair: &Pair, gain_db: Option<f64>) -> Result<Clips, Error> {
    let rate = pair.a.rate();
    let length = rate.frames(EMBEDDED_S).index().min(pair.a.length().index());
    let from = loudest(&pair.a, length);
    // Neither is lifted: what was under full scale stays there.
    let gain = gain_db.unwrap_or(0.0);
    let clip = |buffer: &Buffer, gain_db: f64| {
        let mut part = buffer.clone();
        part.skip(Frames(from as u64));
        part.resize(Frames(length as u64));
        let factor = Decibels(gain_db.min(0.0)).amplitude() as f32;
        part.planes_mut().flatten().for_each(|sample| *sample *= factor);
        uri(&part)
    };
    Ok(Clips {
        a: clip(&pair.a, -gain)?,
        b: clip(&pair.b, gain)?,
        from_s: Frames(from as u64).seconds(rate),
        length_s: Frames(length as u64).seconds(rate),
    })
}

/// Where a stretch of that length holds most energy, on a grid of seconds.
fn loudest(buffer: &Buffer, length: usize) -> usize {
    let second = buffer.rate().hz() as usize;
    let energy = |from: usize| -> f64 {
        let parts = buffer.planes().iter().map(|plane| &plane[from..from + length]);
        parts.flatten().map(|s| f64::from(*s) * f64::from(*s)).sum()
    };
    let starts = (0..=buffer.length().index() - length).step_by(second);
    starts.map(|from| (energy(from), from)).max_by(|a, b| a.0.total_cmp(&b.0)).map_or(0, |m| m.1)
}

fn uri(buffer: &Buffer) -> Result<String, Error> {
    let mut wav = Vec::new();
    let pcm = Pcm::quantise(buffer, Depth::Sixteen, Seed(mastering::DITHER_SEED));
    write_wav(&mut wav, &pcm, &Tags::default())
        .map_err(Error::file(std::path::Path::new("the clip of the page")))?;
    Ok(format!("data:audio/wav;base64,{}", base64(&wav)))
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |n: usize| u32::from(three.get(n).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for n in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * n)) as usize & 63] as char;
            text.push(if n <= three.len() { letter } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn the_vectors_of_the_standard() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
