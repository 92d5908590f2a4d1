use schemars::JsonSchema;
use score::{Ticks, TimeSignature};
use serde::{Deserialize, Serialize};

/// A rhythm with symbols on sixteenths, written for four beats: `"x... x... x... x..."`, bars
/// parted by `|`. Any metre plays it: each of its pulses takes the beat that does the same work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern {
    bars: Vec<[Beat; 4]>,
}

/// Four sixteenths.
type Beat = [u8; 4];

/// A symbol in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// From the bar line.
    pub at: Ticks,
    /// One grid step, and one more for each `-` that follows.
    pub length: Ticks,
    /// As written.
    pub symbol: u8,
}

const REST: u8 = b'.';
const HOLD: u8 = b'-';

impl Pattern {
    /// How many bars it has, at least 1.
    pub fn bars(&self) -> usize {
        self.bars.len()
    }

    /// Whether it uses only these symbols beside holds and rests.
    pub(crate) fn keeps_to(&self, alphabet: &[u8]) -> bool {
        let symbols = self.bars.iter().flatten().flatten();
        symbols.filter(|s| !matches!(**s, REST | HOLD)).all(|symbol| alphabet.contains(symbol))
    }

    /// What a bar of a metre plays; bars beyond the last begin again.
    pub fn bar(&self, index: usize, meter: TimeSignature) -> Vec<Step> {
        let beats = self.bars[index % self.bars.len()];
        let pulses = meter.pulses();
        let mut slots: Vec<(Ticks, u8)> = Vec::with_capacity(32);
        for (pulse, beat) in pulses.iter().zip(work_of(pulses.len())) {
            let cell = beats[*beat];
            if pulse.length == Ticks::QUARTER {
                slots.extend((0..).zip(cell).map(|(i, s)| (pulse.at + Ticks::SIXTEENTH * i, s)));
            } else {
                let cell = in_three(cell);
                slots.extend((0..).zip(cell).map(|(i, s)| (pulse.at + Ticks::SIXTEENTH * i, s)));
            }
        }
        joined(&slots)
    }

    /// The same at half the speed: the backbeat of four beats falls on the third. Metres of
    /// other than four pulses have no half time and play it as written.
    pub fn half_time_bar(&self, index: usize, meter: TimeSignature) -> Vec<Step> {
        if meter.pulses().len() != 4 || meter.is_compound() {
            return self.bar(index, meter);
        }
        let beats = self.bars[index / 2 % self.bars.len()];
        let first = if index.is_multiple_of(2) { 0 } else { 2 };
        let mut slots = Vec::with_capacity(16);
        let symbols: Vec<u8> = beats[first..first + 2].iter().flatten().copied().collect();
        for (number, symbol) in (0_u64..).zip(&symbols) {
            slots.push((Ticks::EIGHTH * number, *symbol));
            // What is held goes on being held between the doubled steps.
            let held = *symbol == HOLD || symbols.get(number as usize + 1) == Some(&HOLD);
            let after = if held && *symbol != REST { HOLD } else { REST };
            slots.push((Ticks::EIGHTH * number + Ticks::SIXTEENTH, after));
        }
        joined(&slots)
    }

    /// The same at twice the speed, its sixteenths dropped: the backbeat falls on every off-beat.
    pub fn double_time_bar(&self, index: usize, meter: TimeSignature) -> Vec<Step> {
        if meter.pulses().len() != 4 || meter.is_compound() {
            return self.bar(index, meter);
        }
        let beats = self.bars[index % self.bars.len()];
        let eighths: Vec<u8> = beats.iter().flat_map(|beat| [beat[0], beat[2]]).collect();
        let twice = eighths.iter().chain(&eighths);
        let slots: Vec<(Ticks, u8)> =
            (0_u64..).zip(twice).map(|(i, s)| (Ticks::SIXTEENTH * i, *s)).collect();
        joined(&slots)
    }
}

/// Which of the four written beats each pulse of a bar plays: the last pulse keeps the backbeat,
/// groups of three have a second strong pulse before it.
fn work_of(pulses: usize) -> &'static [usize] {
    match pulses {
        2 => &[0, 1],
        3 => &[0, 2, 3],
        5 => &[0, 2, 3, 2, 3],
        _ => &[0, 1, 2, 3],
    }
}

/// A beat of four sixteenths as a pulse of six: off-beats move to the third eighth, and steady
/// eighths become three.
fn in_three(beat: Beat) -> [u8; 6] {
    let [on, second, off, last] = beat;
    let steady = second == REST && on == off && on != REST && on != HOLD;
    let middle = if steady { on } else { second };
    let hold_if = |held: bool| if held { HOLD } else { REST };
    let before_off = hold_if(middle == HOLD || off == HOLD);
    [on, hold_if(second == HOLD), middle, before_off, off, last]
}

fn joined(slots: &[(Ticks, u8)]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut open = false;
    for (at, symbol) in slots {
        match (*symbol, steps.last_mut()) {
            (HOLD, Some(last)) if open => last.length += Ticks::SIXTEENTH,
            (REST | HOLD, _) => open = false,
            (symbol, _) => {
                steps.push(Step { at: *at, length: Ticks::SIXTEENTH, symbol });
                open = true;
            }
        }
    }
    steps
}

impl TryFrom<String> for Pattern {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let bars = text.split('|').map(bar_of).collect::<Option<Vec<_>>>();
        let refused = || format!("pattern \"{text}\" must have 4 beats of 4 symbols in each bar");
        bars.map(|bars| Self { bars }).ok_or_else(refused)
    }
}

fn bar_of(text: &str) -> Option<[Beat; 4]> {
    let beats: Vec<Beat> = text
        .split_whitespace()
        .map(|beat| Beat::try_from(beat.as_bytes()).ok())
        .collect::<Option<_>>()?;
    beats.try_into().ok()
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> String {
        let beat = |beat: &Beat| String::from_utf8_lossy(beat).into_owned();
        let bar = |bar: &[Beat; 4]| bar.iter().map(beat).collect::<Vec<_>>().join(" ");
        pattern.bars.iter().map(bar).collect::<Vec<_>>().join(" | ")
    }
}

#[cfg(test)]
mod tests {
    use score::{Ticks, TimeSignature};

    use super::Pattern;

    fn check(pattern: &str, meter: &str, expected: &[(u64, u64)]) {
        let pattern = Pattern::try_from(pattern.to_owned()).unwrap();
        let meter: TimeSignature = meter.parse().unwrap();
        let steps = pattern.bar(0, meter);
        let sixteenth = Ticks::SIXTEENTH.0;
        let found: Vec<(u64, u64)> =
            steps.iter().map(|s| (s.at.0 / sixteenth, s.length.0 / sixteenth)).collect();
        assert_eq!(found, expected, "{meter}");
        assert!(steps.iter().all(|step| step.at + step.length <= meter.bar()));
    }

    #[test]
    fn a_pattern_plays_in_every_metre() {
        let snare = ".... x... .... x...";
        check(snare, "4/4", &[(4, 1), (12, 1)]);
        check(snare, "3/4", &[(8, 1)]);
        check(snare, "2/4", &[(4, 1)]);
        check(snare, "5/4", &[(8, 1), (16, 1)]);
        check(snare, "6/8", &[(6, 1)]);
        check(snare, "7/8", &[(8, 1)]);
        check(snare, "12/8", &[(6, 1), (18, 1)]);
        check("x.x. x.x. x.x. x.x.", "6/8", &[(0, 1), (2, 1), (4, 1), (6, 1), (8, 1), (10, 1)]);
        check("x--- --x- x--- ----", "4/4", &[(0, 6), (6, 2), (8, 8)]);
        check("x--- ---- ---- ----", "12/8", &[(0, 24)]);
    }

    #[test]
    fn half_time_moves_the_backbeat_to_three() {
        let snare = Pattern::try_from(".... x... .... x...".to_owned()).unwrap();
        for bar in 0..2 {
            let steps = snare.half_time_bar(bar, TimeSignature::COMMON);
            assert_eq!(steps.len(), 1);
            assert_eq!(steps[0].at, Ticks::QUARTER * 2);
        }
        assert_eq!(snare.double_time_bar(0, TimeSignature::COMMON).len(), 4);
    }

    #[test]
    fn a_broken_pattern_is_refused() {
        for text in ["", "x...", "x... x... x... x.. ", "x... x... x... x... x...", "\u{e9}... "] {
            assert!(Pattern::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
