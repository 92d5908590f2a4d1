use audio::{Buffer, SampleRate};
use mastering::Target;
use studio::measured::Measured;
use studio::verdict::{of_master, summary};

const RATE: SampleRate = SampleRate::STUDIO;

/// What the verdict says of twelve seconds of a 997 Hz tone after `change`.
fn verdict(peak: f64, change: impl Fn(f32) -> f32) -> Result<(), String> {
    let plane: Vec<f32> = (0..RATE.hz() * 12)
        .map(|n| {
            let turns = 997.0 * f64::from(n) / RATE.hz_f64();
            change((peak * libm::sin(std::f64::consts::TAU * turns)) as f32)
        })
        .collect();
    let sound = Buffer::from_planes(RATE, vec![plane.clone(), plane]).unwrap();
    summary(&of_master("x.wav", &Measured::of(&sound, "wav").0, &Target::DEFAULT))
}

/// -14 LUFS: a sine in two channels reads its peak level.
const ON_TARGET: f64 = 0.1995;

#[test]
fn planted_faults_fail_with_the_right_reason() {
    assert_eq!(verdict(ON_TARGET, |s| s), Ok(()));
    for (name, outcome, words) in [
        ("quiet", verdict(ON_TARGET * 0.8, |s| s), "loudness is -15.9"),
        ("loud", verdict(ON_TARGET * 1.3, |s| s), "loudness is -11.7"),
        ("silent", verdict(0.0, |s| s), "loudness is not measurable"),
        ("offset", verdict(ON_TARGET, |s| s + 0.01), "DC offset is 0.01"),
        ("spiked", verdict(ON_TARGET, |s| if s > 0.1994 { 1.0 } else { s }), "true peak is"),
    ] {
        let said = outcome.unwrap_err();
        assert!(said.contains(words), "{name}: {said}");
    }
}
