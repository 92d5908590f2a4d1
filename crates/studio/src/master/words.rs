use mastering::Chain;
use mastering::chain::{Band, Compressor, Loudness, Shape};

use super::Mastered;

impl Mastered {
    /// What was decided and done, a line each, for people.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!(
            "Treatment {}, intensity {:.0} %, target {}: {:.1} LUFS under {:.1} dBTP",
            self.treatment,
            self.intensity * 100.0,
            self.target,
            self.target_lufs,
            self.ceiling_dbtp
        )];
        for reason in &self.reasons {
            lines.push(format!("  {:<10} {}", reason.stage, reason.measured));
            lines.push(format!("  {:<10} -> {}: {}", "", reason.done, reason.why));
        }
        if let Some(channels) = self.mixed_down_from {
            lines.push(format!("{channels} channels were mixed to two by ITU-R BS.775"));
        }
        lines.push(match &self.chain {
            None => "The sound was left as it came".to_owned(),
            Some(_) => format!(
                "Gain {:+.2} dB, limiter at most {:.2} dB{}",
                self.gain_db,
                self.limiting_db,
                self.held_back
                    .as_ref()
                    .map_or_else(String::new, |why| format!("; held back: {why}"))
            ),
        });
        lines
    }
}

/// Each stage there is with its settings; those that are not in are bypassed.
pub(super) fn path(chain: &Chain) -> Vec<(&'static str, String)> {
    let bypassed = || "bypassed".to_owned();
    let bands = |bands: &[Band]| bands.iter().map(band).collect::<Vec<_>>().join(", ");
    vec![
        ("DC block", chain.dc_block.map_or_else(bypassed, |d| format!("high-pass {:.0} Hz", d.hz))),
        ("Equaliser", if chain.eq.is_empty() { bypassed() } else { bands(&chain.eq) }),
        (
            "Multiband",
            chain.multiband.as_ref().map_or_else(bypassed, |m| {
                let corners = m.crossovers_hz.iter().map(|hz| hertz(*hz)).collect::<Vec<_>>();
                let bands = m.bands.iter().map(compressor).collect::<Vec<_>>();
                format!("cut at {}; {}", corners.join(", "), bands.join("; "))
            }),
        ),
        ("Compressor", chain.compressor.as_ref().map_or_else(bypassed, compressor)),
        (
            "Exciter",
            chain.exciter.map_or_else(bypassed, |e| {
                format!(
                    "above {}, drive {:.1} dB, mixed in at {:.1} dB",
                    hertz(e.above_hz),
                    e.drive_db,
                    e.mix_db
                )
            }),
        ),
        (
            "Width",
            chain.width.map_or_else(bypassed, |w| {
                let mono = w.mono_below_hz.map(|hz| format!(", mono below {}", hertz(hz)));
                format!("side x {:.2}{}", w.side, mono.unwrap_or_default())
            }),
        ),
        (
            "Loudness",
            chain.loudness.map_or_else(bypassed, |l| match l {
                Loudness::GainDb(gain) => format!("{gain:+.2} dB"),
                Loudness::Lufs(lufs) => format!("to {lufs:.1} LUFS"),
            }),
        ),
        (
            "Limiter",
            chain
                .limiter
                .map_or_else(bypassed, |l| format!("true peak under {:.2} dBTP", l.ceiling_dbtp)),
        ),
        (
            "Dither",
            chain.dither.map_or_else(
                || "at the output, to its depth".to_owned(),
                |d| format!("triangular, to {} bits", d.bits),
            ),
        ),
    ]
}

fn band(band: &Band) -> String {
    let shape = match band.shape {
        Shape::HighPass => "high-pass",
        Shape::LowPass => "low-pass",
        Shape::LowShelf => "low shelf",
        Shape::HighShelf => "high shelf",
        Shape::Bell => "bell",
    };
    let gain = band.gain_db.map(|gain| format!(" {gain:+.1} dB")).unwrap_or_default();
    let dynamic = if band.dynamic.is_some() { " (dynamic)" } else { "" };
    format!("{shape} {}{gain}{dynamic}", hertz(band.hz))
}

fn compressor(c: &Compressor) -> String {
    if c.is_idle() {
        return "passes".to_owned();
    }
    format!(
        "{:.2}:1 from {:.0} dB, {:.0}/{:.0} ms, at most {:.1} dB",
        c.ratio, c.threshold_db, c.attack_ms, c.release_ms, c.range_db
    )
}

fn hertz(hz: f64) -> String {
    if hz < 1_000.0 { format!("{hz:.0} Hz") } else { format!("{:.1} kHz", hz / 1_000.0) }
}
