use crate::genres::{IDS, plan, style};

/// The last bar line lies within one bar of the wish, from 15 seconds to 15 minutes.
#[test]
fn songs_are_as_long_as_was_asked() {
    for id in IDS {
        let style = style(id);
        for seconds in
            [15, 17, 20, 29, 30, 45, 60, 61, 75, 90, 120, 137, 180, 222, 240, 300, 600, 900]
        {
            for extra in ["", " at 100 bpm", " in 6/8", " in 5/4 at 93 bpm", " in 7/8", " in 3/4"] {
                let sentence = format!("a song of {seconds} seconds{extra}");
                let plan = plan(&style, &sentence, 7);
                let bar =
                    plan.meter.bar().quarters() * 60.0 / plan.tempo.at(score::Ticks::ZERO).bpm();
                let off = (plan.seconds() - f64::from(seconds)).abs();
                assert!(off <= bar, "{id}, {sentence}: {:.2} s off by {off:.2}", plan.seconds());
                let bars: u32 = plan.sections.iter().map(|section| section.bars).sum();
                assert_eq!(plan.meter.bar() * u64::from(bars), plan.end, "{id}, {sentence}");
                let chords: score::Ticks = plan.chords.iter().map(|chord| chord.length).sum();
                assert_eq!(chords, plan.end, "{id}, {sentence}");
                if extra.contains("bpm") {
                    let asked = if extra.contains("100") { 100.0 } else { 93.0 };
                    assert!((plan.tempo.at(score::Ticks::ZERO).bpm() - asked).abs() < 0.01);
                }
            }
        }
    }
}
