//! What cannot be measured is said to be so, and is no error.

use crate::bench::Bench;

#[test]
fn silence_has_no_loudness() {
    let bench = Bench::new();
    bench.wav("silence.wav", 96_000, |_| 0.0);
    let ended = bench.done(&["measure", "silence.wav"]);
    for name in ["Integrated", "True peak"] {
        let line = ended.stdout.lines().find(|line| line.contains(name)).unwrap();
        assert!(line.ends_with("not measurable"), "{line}");
    }
    let figures = &bench.done(&["measure", "silence.wav", "--json"]).json()[0]["figures"];
    assert!(figures["integrated_lufs"].is_null() && figures["true_peak_dbtp"].is_null());
    assert_eq!(figures["frames"], 96_000);
}

#[test]
fn less_than_400_ms_has_a_peak_and_no_loudness() {
    let bench = Bench::new();
    bench.wav("short.wav", 14_400, |n| 0.5 * libm::sin(n as f64 / 10.0));
    let figures = &bench.done(&["--json", "measure", "short.wav"]).json()[0]["figures"];
    assert!(figures["integrated_lufs"].is_null());
    let peak = figures["sample_peak_dbfs"].as_f64().unwrap();
    assert!((peak + 6.02).abs() < 0.05, "{peak}");
}

#[cfg(unix)]
#[test]
fn a_name_that_is_no_unicode_is_no_panic() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let bench = Bench::new();
    let plain = bench.wav("plain.wav", 48_000, |n| 0.5 * libm::sin(n as f64 / 10.0));
    let odd = OsStr::from_bytes(b"odd\xff.wav");
    std::fs::rename(plain, bench.path("x").with_file_name(odd)).unwrap();
    bench.done(&[OsStr::new("measure"), OsStr::new("--json"), odd]);
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_nobody_takes_is_no_panic() {
    use crate::bench::Ended;

    let bench = Bench::new();
    bench.wav("a.wav", 48_000, |n| 0.5 * libm::sin(n as f64 / 10.0));
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = bench.program().args(["measure", "a.wav"]).stdout(full).output().unwrap();
    let ended = Ended::of(output);
    assert_eq!(ended.code, Some(4), "{ended:#?}");
    assert!(ended.error().starts_with("error: cannot write standard output"), "{ended:#?}");
    // A reader that has heard enough, such as `head`, is no error.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = bench.program().args(["measure", "a.wav"]).stdout(writer).output().unwrap();
    let ended = Ended::of(output);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
}
