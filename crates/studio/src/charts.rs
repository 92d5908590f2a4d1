//! The pictures of sounds that several pages show, one or two sounds at a time.

use audio::Lufs;
use figure::{Axis, Chart, Colour, Layer, Scale};

use crate::track::Heard;

/// A sound in a picture, and what it is called there.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    pub(crate) heard: &'a Heard,
    pub(crate) name: &'a str,
}

/// Points of a line over time: finer than any screen shows.
const MOST_POINTS: usize = 1_200;
const FLOOR_LUFS: f64 = -60.0;
const FLOOR_DB: f64 = -90.0;

/// The outline of one sound.
pub(crate) fn waveform(line: &Line<'_>) -> Chart {
    let analysis = &line.heard.analysis;
    Chart {
        description: format!("Waveform, {}", line.name),
        x: Axis::time(analysis.length.seconds(analysis.rate)),
        y: Axis::linear("full scale", -1.0, 1.0, 0.5),
        layers: vec![Layer::Area(Colour::Accent, line.heard.outline.spans(analysis.rate))],
        height: 150,
    }
}

/// Short-term loudness; the last sound is the one the picture is about.
pub(crate) fn loudness(lines: &[Line<'_>], target: Option<f64>) -> Chart {
    let seconds = |line: &Line<'_>| line.heard.analysis.length.seconds(line.heard.analysis.rate);
    let longest = lines.iter().map(seconds).fold(0.0, f64::max);
    let mut layers: Vec<Layer> = lines
        .iter()
        .enumerate()
        .map(|(n, line)| {
            let history = &line.heard.analysis.history.short_term;
            Layer::Line(colour(n, lines.len()), over_time(history))
        })
        .collect();
    if let Some(target) = target {
        let words = format!("target {target:.1} LUFS");
        layers.push(Layer::Rule(Colour::Limit, target, words));
    }
    Chart {
        description: "Short-term loudness over time".to_owned(),
        x: Axis::time(longest),
        y: Axis::linear("LUFS", FLOOR_LUFS, 0.0, 10.0),
        layers,
        height: 240,
    }
}

/// Third octaves; the last sound is the one the picture is about.
pub(crate) fn spectrum(lines: &[Line<'_>]) -> Chart {
    let layers = lines
        .iter()
        .enumerate()
        .map(|(n, line)| {
            let bands = line.heard.analysis.bands.iter();
            let points = bands.map(|b| (b.centre_hz, Some(b.level.0.max(FLOOR_DB))));
            Layer::Line(colour(n, lines.len()), points.collect())
        })
        .collect();
    Chart {
        description: "Spectrum in third octaves".to_owned(),
        x: hertz_axis(),
        y: Axis::linear("dB", FLOOR_DB, 0.0, 15.0),
        layers,
        height: 260,
    }
}

/// The most that [`difference`] shows, dB.
const MOST_DB: f64 = 9.0;

/// How the second sound's spectrum differs from the first's when both are as loud: Hz and dB.
pub(crate) fn differences(first: &Heard, second: &Heard) -> Vec<(f64, f64)> {
    let loudness = |heard: &Heard| heard.analysis.loudness.integrated.map_or(0.0, |l| l.0);
    let louder = loudness(second) - loudness(first);
    let bands = first.analysis.bands.iter().filter_map(|a| {
        let other = second.analysis.bands.iter();
        let b = other.into_iter().find(|b| (b.centre_hz / a.centre_hz - 1.0).abs() < 0.01)?;
        Some((a.centre_hz, a.level.0, b.level.0))
    });
    // What is under the floor is no tone that could be brighter or duller.
    bands.filter(|(_, a, b)| a.min(*b) > FLOOR_DB).map(|(hz, a, b)| (hz, b - a - louder)).collect()
}

/// [`differences`] as a picture.
pub(crate) fn difference(first: &Heard, second: &Heard) -> Chart {
    let points = differences(first, second)
        .into_iter()
        .map(|(hz, db)| (hz, Some(db.clamp(-MOST_DB, MOST_DB))))
        .collect();
    Chart {
        description: "Difference of the spectra at equal loudness".to_owned(),
        x: hertz_axis(),
        y: Axis::linear("dB", -MOST_DB, MOST_DB, 3.0),
        layers: vec![
            Layer::Rule(Colour::Quiet, 0.0, String::new()),
            Layer::Line(Colour::Accent, points),
        ],
        height: 180,
    }
}

/// 17 Hz to 24 kHz with ticks at octaves.
pub(crate) fn hertz_axis() -> Axis {
    let ticks = [(31.5, "31"), (63.0, "63"), (125.0, "125"), (250.0, "250"), (500.0, "500")]
        .into_iter()
        .chain([(1e3, "1k"), (2e3, "2k"), (4e3, "4k"), (8e3, "8k"), (16e3, "16k")]);
    Axis {
        label: "Hz".to_owned(),
        from: 17.0,
        to: 24_000.0,
        scale: Scale::Logarithmic,
        ticks: ticks.map(|(hz, name)| (hz, name.to_owned())).collect(),
    }
}

fn colour(n: usize, count: usize) -> Colour {
    if n + 1 == count { Colour::Accent } else { Colour::Quiet }
}

/// A value every tenth of a second, the first at 3 s, thinned by the loudest of its neighbours.
fn over_time(history: &[Option<Lufs>]) -> Vec<(f64, Option<f64>)> {
    let stride = history.len().div_ceil(MOST_POINTS).max(1);
    history
        .chunks(stride)
        .enumerate()
        .map(|(n, chunk)| {
            let at = 3.0 + (n * stride) as f64 * 0.1;
            let loudest = chunk.iter().flatten().map(|l| l.0).reduce(f64::max);
            (at, loudest.map(|l| l.max(FLOOR_LUFS)))
        })
        .collect()
}
