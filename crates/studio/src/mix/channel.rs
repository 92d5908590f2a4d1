use audio::dsp::{Biquad, cascade};
use audio::loudness::Meter;
use audio::{Buffer, Decibels, Lufs};

use crate::mix::{Duck, Strip};

/// No stem is lifted further: what needs more is a stem of silence.
const MAX_LIFT: Decibels = Decibels(40.0);
/// Everything is faded out over this at the very end, so that a tail cut off does not click.
const END_FADE_S: f64 = 0.3;

/// One stem on its way through the desk.
#[derive(Debug)]
pub struct Channel<'a> {
    strip: &'a Strip,
    duck: Option<&'a Duck>,
}

impl<'a> Channel<'a> {
    /// A channel with the settings of its role.
    pub fn new(strip: &'a Strip, duck: Option<&'a Duck>) -> Self {
        Self { strip, duck }
    }

    /// Filters, brings to level, ducks and fades a dry stem, in place: what comes out is the stem
    /// as it is delivered. Returns the gain that brought it to level.
    pub fn process(&self, stem: &mut Buffer) -> Decibels {
        self.filter(stem);
        let gain = match integrated(stem) {
            Some(loudness) => Decibels((self.strip.level_lufs - loudness.0).min(MAX_LIFT.0)),
            None => Decibels(0.0),
        };
        let factor = gain.amplitude() as f32;
        for plane in stem.planes_mut() {
            for sample in plane {
                *sample *= factor;
            }
        }
        if let (Some(duck), Some((left, right))) = (self.duck, stem.stereo_mut())
            && self.strip.duck > 0.0
        {
            duck.apply([left, right], self.strip.duck);
        }
        fade_out(stem);
        gain
    }

    fn filter(&self, stem: &mut Buffer) {
        let rate = stem.rate();
        let q = std::f64::consts::FRAC_1_SQRT_2;
        let strip = self.strip;
        let mut designs = vec![Biquad::high_pass(rate, strip.high_pass_hz, q)];
        designs.extend(strip.low_pass_hz.map(|hz| Biquad::low_pass(rate, hz, q)));
        let bands = [
            (strip.body_db, Biquad::peak(rate, 350.0, 0.8, Decibels(strip.body_db))),
            (strip.presence_db, Biquad::peak(rate, 3_000.0, 0.8, Decibels(strip.presence_db))),
            (strip.air_db, Biquad::high_shelf(rate, 8_000.0, Decibels(strip.air_db))),
        ];
        designs.extend(bands.into_iter().filter(|(db, _)| *db != 0.0).map(|(_, design)| design));
        cascade(stem, &designs);
    }
}

fn integrated(stem: &Buffer) -> Option<Lufs> {
    let mut meter = Meter::with_true_peak(stem.rate(), stem.layout(), None);
    let planes: Vec<&[f32]> = stem.planes().iter().map(Vec::as_slice).collect();
    meter.push(&planes);
    meter.finish().0.integrated
}

/// Also for the returns: every file of a song ends in silence.
pub(crate) fn fade_out(buffer: &mut Buffer) {
    let fade = buffer.rate().frames(END_FADE_S).index();
    for plane in buffer.planes_mut() {
        let from = plane.len().saturating_sub(fade);
        let count = (plane.len() - from) as f32;
        for (n, sample) in plane[from..].iter_mut().enumerate() {
            *sample *= 1.0 - (n as f32 + 1.0) / count;
        }
    }
}
