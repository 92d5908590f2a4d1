use std::path::PathBuf;

/// The folder of foreign MIDI files, or a word on what is not tested without it.
fn folder() -> Option<PathBuf> {
    match std::env::var_os("TRIAD_DATA") {
        Some(data) => Some(PathBuf::from(data).join("midi")),
        None => {
            assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "CI must set TRIAD_DATA");
            eprintln!("not run: foreign MIDI files (TRIAD_DATA is not set)");
            None
        }
    }
}

#[test]
fn foreign_files_are_read_or_refused_but_never_crash() {
    let Some(folder) = folder() else { return };
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "mid"))
        .collect();
    paths.sort();
    assert!(paths.len() >= 70, "only {} files in {}", paths.len(), folder.display());
    let mut read = 0;
    for path in &paths {
        let bytes = std::fs::read(path).unwrap();
        match score::midi::read(&bytes) {
            Ok(_) => read += 1,
            Err(error) => assert!(matches!(error, score::Error::Midi(_)), "{}", path.display()),
        }
    }
    assert!(read >= 60, "only {read} of {} were readable", paths.len());
}

#[test]
fn a_scale_is_read_note_by_note() {
    let Some(folder) = folder() else { return };
    let bytes = std::fs::read(folder.join("test-c-major-scale.mid")).unwrap();
    let file = score::midi::read(&bytes).unwrap();
    let pitches: Vec<u8> = file.tracks.iter().flat_map(|t| &t.notes).map(|n| n.pitch).collect();
    assert!(pitches.starts_with(&[60, 62, 64, 65, 67, 69, 71, 72]), "{pitches:?}");
}

#[test]
fn a_frame_rate_that_cannot_be_negated_is_refused() {
    // A division of 0x8033: -128 film frames a second, which no signed byte holds turned round.
    let header = b"MThd\0\0\0\x06\0\x01\0\x01\x80\x33MTrk\0\0\0\x04\0\xff\x2f\0";
    let error = score::midi::read(header).unwrap_err();
    assert!(matches!(error, score::Error::Midi(_)), "{error}");
}
