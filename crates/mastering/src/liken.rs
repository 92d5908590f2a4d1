//! From a track and another that it shall sound like to what is done to it.

use audio::analysis::{Analysis, Band};
use audio::{Decibels, Layout, Lufs};

use crate::balance::level;
use crate::chain::{Ceiling, Chain, Compressor, Loudness, Multiband, Width};
use crate::decide::{CROSSOVERS, band_level, multiband};
use crate::fit::{self, Wish, response};
use crate::{Decision, Error, Reason};

/// No third octave is lifted or cut more to be like a reference.
pub const MAX_MATCH: Decibels = Decibels(12.0);
/// A band so far under a track's level is empty: there is nothing to lift, or nothing to be like.
const EMPTY_DB: f64 = -50.0;
/// The side is scaled within these.
const SIDE: (f64, f64) = (0.5, 2.0);
/// Peaks over loudness may differ by this and the tracks are equally dense, dB.
const DENSER_DB: f64 = 1.0;

/// Decides what makes a track like a reference: its spectrum in third octaves, its loudness, its
/// width, and its density where that is the greater. Where a loudness is named it is that one and not the
/// reference's. The level is still to be found.
///
/// # Errors
/// [`Error::NotMeasurable`] where one of the two is silent or too short.
pub fn liken(
    analysis: &Analysis,
    reference: &Analysis,
    named: Option<Lufs>,
    ceiling: Decibels,
) -> Result<Decision, Error> {
    let own = reference.loudness.integrated.ok_or(Error::NotMeasurable)?;
    let (loudness, whose) = named.map_or((own, "the reference's "), |named| (named, ""));
    let (wishes, spectrum) = wishes(analysis, reference)?;
    let centres: Vec<f64> = wishes.iter().map(|wish| wish.hz).collect();
    let eq = fit::bands(analysis.rate, &centres, &wishes, MAX_MATCH.0);
    let (multiband, dynamics) = density(analysis, reference);
    let (width, image) = width(analysis, reference);
    let drawn = |wish: &Wish| (wish.db - response(analysis.rate, &eq, wish.hz)).abs();
    let left = wishes.iter().map(drawn).sum::<f64>() / wishes.len().max(1) as f64;
    let tone = Reason {
        stage: "tone",
        measured: format!("third octaves {spectrum:.1} dB apart on average"),
        aimed: format!("the reference's balance, no band moved more than {:.0} dB", MAX_MATCH.0),
        done: format!("{} bands, {left:.1} dB from the wanted curve on average", eq.len()),
        why: "the reference was named".to_owned(),
    };
    let gain = Reason {
        stage: "loudness",
        measured: analysis
            .loudness
            .integrated
            .map_or_else(|| "not measurable".to_owned(), |l| format!("{:.1} LUFS", l.0)),
        aimed: format!("{whose}{:.1} LUFS under {:.1} dBTP", loudness.0, ceiling.0),
        done: "one gain for the whole, found by measuring what comes out".to_owned(),
        why: match named {
            Some(_) => "the loudness was named".to_owned(),
            None => "the reference was named".to_owned(),
        },
    };
    let chain = Chain {
        eq,
        multiband,
        width,
        loudness: Some(Loudness::Lufs(loudness.0)),
        limiter: Some(Ceiling::at(ceiling.0)),
        ..Chain::default()
    };
    Ok(Decision { chain, reasons: vec![tone, dynamics, image, gain] })
}

/// The mean distance of two spectra in third octaves, dB, each about its own level: what a match
/// brings down. None where one of them cannot be judged.
pub fn spectral_distance(a: &[Band], b: &[Band]) -> Option<f64> {
    beside(a, b).map(|pairs| apart(&pairs))
}

fn apart(pairs: &[(f64, f64, f64)]) -> f64 {
    pairs.iter().map(|(_, own, other)| (own - other).abs()).sum::<f64>() / pairs.len() as f64
}

/// Bands that both have, in Hz, and their two levels, each about its track's own over what they
/// share.
fn beside(a: &[Band], b: &[Band]) -> Option<Vec<(f64, f64, f64)>> {
    let shared: Vec<(Band, Band)> = a
        .iter()
        .filter_map(|own| {
            let other = b.iter().find(|o| (o.centre_hz / own.centre_hz - 1.0).abs() < 0.05)?;
            Some((*own, *other))
        })
        .collect();
    let (own, other): (Vec<Band>, Vec<Band>) = shared.iter().copied().unzip();
    let (level_a, level_b) = (level(&own)?, level(&other)?);
    let pairs: Vec<(f64, f64, f64)> = shared
        .into_iter()
        .map(|(own, other)| (own.centre_hz, own.level.0 - level_a, other.level.0 - level_b))
        .filter(|(_, own, other)| *own > EMPTY_DB && *other > EMPTY_DB)
        .collect();
    (!pairs.is_empty()).then_some(pairs)
}

fn wishes(analysis: &Analysis, reference: &Analysis) -> Result<(Vec<Wish>, f64), Error> {
    let pairs = beside(&analysis.bands, &reference.bands).ok_or(Error::NotMeasurable)?;
    let distance = apart(&pairs);
    let limit = MAX_MATCH.0;
    let wishes = pairs
        .into_iter()
        .map(|(hz, own, other)| Wish { hz, db: (other - own).clamp(-limit, limit) });
    Ok((wishes.collect(), distance))
}

/// How far peaks stand over loudness, dB: the lower, the denser.
fn peak_to_loudness(analysis: &Analysis) -> Option<f64> {
    Some(analysis.loudness.true_peak?.0 - analysis.loudness.integrated?.0)
}

fn density(analysis: &Analysis, reference: &Analysis) -> (Option<Multiband>, Reason) {
    let (own, other) = (peak_to_loudness(analysis), peak_to_loudness(reference));
    let said = |done: String, why: &str| Reason {
        stage: "dynamics",
        measured: match (own, other) {
            (Some(own), Some(other)) => {
                format!("peaks {own:.1} dB over loudness, the reference's {other:.1} dB")
            }
            _ => "not measurable".to_owned(),
        },
        aimed: "as dense as the reference".to_owned(),
        done,
        why: why.to_owned(),
    };
    let more = match (own, other) {
        (Some(own), Some(other)) => own - other,
        _ => 0.0,
    };
    if more < DENSER_DB {
        let why = "it is as dense as the reference, and what is dense cannot be undone";
        return (None, said("nothing".to_owned(), why));
    }
    // The limiter does the rest where the loudness asks for it.
    let range_db = (more / 2.0).clamp(0.5, 4.0);
    let bands = (0..=CROSSOVERS.len()).map(|n| Compressor {
        threshold_db: (band_level(analysis, n) + 3.0).clamp(-80.0, 0.0),
        ratio: 2.0,
        knee_db: 6.0,
        attack_ms: 15.0,
        release_ms: 140.0,
        range_db,
        makeup_db: 0.0,
    });
    let multiband = multiband(analysis.rate, bands.collect());
    let done = format!("four bands, 2 to 1, at most {range_db:.1} dB; the limiter does the rest");
    (Some(multiband), said(done, "the reference is denser"))
}

fn width(analysis: &Analysis, reference: &Analysis) -> (Option<Width>, Reason) {
    let said = |measured: String, done: String, why: &str| Reason {
        stage: "width",
        measured,
        aimed: "as wide as the reference".to_owned(),
        done,
        why: why.to_owned(),
    };
    let (own, other) = match (&analysis.stereo, &reference.stereo) {
        (Some(own), Some(other)) if analysis.layout == Layout::Stereo => (own.width, other.width),
        _ => {
            let nothing = || "nothing".to_owned();
            return (
                None,
                said("one of them is not stereo".to_owned(), nothing(), "no image to match"),
            );
        }
    };
    let measured = format!("a share of side of {own:.2}, the reference's {other:.2}");
    if !(0.005..=0.995).contains(&own) {
        return (
            None,
            said(measured, "nothing".to_owned(), "there is no side to scale, or no middle"),
        );
    }
    let over_middle = |share: f64| share / (1.0 - share).max(0.005);
    let side = (over_middle(other) / over_middle(own)).clamp(SIDE.0, SIDE.1);
    if (side - 1.0).abs() < 0.02 {
        return (None, said(measured, "nothing".to_owned(), "it is as wide"));
    }
    let done = format!("side x {side:.2}");
    (Some(Width { side, mono_below_hz: None }), said(measured, done, "the reference was named"))
}

#[cfg(test)]
mod tests {
    use audio::analysis::analyse;
    use audio::dsp::{Biquad, BiquadFilter};
    use audio::{Buffer, Decibels, Lufs, SampleRate};
    use clock::Seed;
    use fault::Cancel;

    use super::{liken, spectral_distance};
    use crate::chain::Loudness;
    use crate::master;

    fn noise(seed: u64, width: f64, level: f64, colour: &[Biquad]) -> Buffer {
        let mut chance = Seed(seed).stream("noise");
        let mut planes = vec![Vec::new(); 2];
        for n in 0..48_000 * 15 {
            let swell = level * (1.0 + 0.7 * libm::sin(f64::from(n) / 30_000.0));
            let (common, apart) = (chance.between(-1.0, 1.0), width * chance.between(-1.0, 1.0));
            planes[0].push((swell * (common + apart)) as f32);
            planes[1].push((swell * (common - apart)) as f32);
        }
        for plane in &mut planes {
            for design in colour {
                BiquadFilter::new(*design).process(plane);
            }
        }
        Buffer::from_planes(SampleRate::STUDIO, planes).unwrap()
    }

    #[test]
    fn a_track_takes_on_the_spectrum_loudness_and_width_of_another() {
        let rate = SampleRate::STUDIO;
        let track = noise(1, 0.2, 0.05, &[Biquad::low_shelf(rate, 300.0, Decibels(9.0))]);
        let colour = [
            Biquad::high_shelf(rate, 3_000.0, Decibels(-8.0)),
            Biquad::peak(rate, 500.0, 0.9, Decibels(5.0)),
        ];
        let reference = noise(2, 0.4, 0.12, &colour);
        let (own, wanted) = (analyse(&track), analyse(&reference));
        let before = spectral_distance(&own.bands, &wanted.bands).unwrap();
        assert!(before > 4.0, "{before}");
        let decision = liken(&own, &wanted, None, Decibels(-1.0)).unwrap();
        let (out, plan) = master(&track, &decision.chain, &Cancel::new()).unwrap();
        let made = analyse(&out);
        let after = spectral_distance(&made.bands, &wanted.bands).unwrap();
        assert!(after < 0.5, "{after:.2} dB apart");
        for (own, other) in made.bands.iter().zip(&wanted.bands).filter(|(b, _)| b.centre_hz > 30.0)
        {
            let apart = own.level.0 - other.level.0;
            assert!(apart.abs() < 1.5, "{:.0} Hz: {apart:+.2} dB", own.centre_hz);
        }
        let quiet = liken(&own, &wanted, Some(Lufs(-19.0)), Decibels(-1.0)).unwrap();
        assert_eq!(quiet.chain.loudness, Some(Loudness::Lufs(-19.0)));
        assert_eq!(quiet.chain.eq, decision.chain.eq);
        let loudness = wanted.loudness.integrated.unwrap();
        assert!((plan.loudness - loudness).0.abs() < 0.1 && plan.true_peak.0 <= -1.0);
        let (width, other) = (made.stereo.unwrap().width, wanted.stereo.unwrap().width);
        assert!((width - other).abs() < 0.02, "{width} {other}");
    }

    #[test]
    fn there_must_be_something_to_be_like() {
        let silent =
            Buffer::silent(SampleRate::STUDIO, audio::Layout::Stereo, audio::Frames(96_000));
        let (track, silent) = (analyse(&noise(1, 0.2, 0.1, &[])), analyse(&silent));
        assert!(liken(&track, &silent, None, Decibels(-1.0)).is_err());
        assert!(liken(&silent, &track, None, Decibels(-1.0)).is_err());
        assert_eq!(spectral_distance(&silent.bands, &track.bands), None);
    }
}
