use audio::{Layout, SampleRate};

use crate::BitRate;

/// Rates of MPEG-1, MPEG-2 and MPEG-2.5 layer III.
const FULL: [u32; 3] = [32_000, 44_100, 48_000];
const HALF: [u32; 3] = [16_000, 22_050, 24_000];
const QUARTER: [u32; 3] = [8_000, 11_025, 12_000];
/// The most that frames of MPEG-2 hold, and those of MPEG-2.5 by LAME, kbit/s.
const MOST_OF_HALF: u32 = 160;
const MOST_OF_QUARTER: u32 = 64;
/// At so many kbit/s a channel LAME keeps nothing above 11 kHz, which half the rate holds as well and
/// in fewer bits. MPEG-1 begins at 32 kbit/s.
const FEW_KBIT_S: u32 = 32;

/// The rate of an MP3: the source's own where it has that rate for the bits; else 44.1 kHz for what
/// divides it or is a multiple, and 48 kHz for all else.
pub(super) fn of_mp3(source: SampleRate, layout: Layout, bit_rate: BitRate) -> SampleRate {
    let (hz, kbit_s) = (source.hz(), bit_rate.kbit_s());
    let low = (HALF.contains(&hz) && kbit_s <= MOST_OF_HALF)
        || (QUARTER.contains(&hz) && kbit_s <= MOST_OF_QUARTER);
    if low {
        return source;
    }
    let full = match hz {
        hz if FULL.contains(&hz) => hz,
        hz if hz.is_multiple_of(11_025) => 44_100,
        _ => 48_000,
    };
    let few = kbit_s <= FEW_KBIT_S * layout.channels() as u32;
    known(if few { full / 2 } else { full }, source)
}

/// The rate of a FLAC stream, whose frames state it in hertz to 65 kHz, in tens and in thousands of
/// them: any other loses its last digit.
pub(super) fn of_flac(source: SampleRate) -> SampleRate {
    let hz = source.hz();
    let stated = hz < u32::from(u16::MAX) || hz.is_multiple_of(10);
    if stated { source } else { known(hz - hz % 10, source) }
}

/// All rates here are within [`SampleRate::MIN`] and [`SampleRate::MAX`].
fn known(hz: u32, source: SampleRate) -> SampleRate {
    SampleRate::new(hz).unwrap_or(source)
}
