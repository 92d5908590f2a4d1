use proptest::prelude::{any, prop, proptest};
use score::{
    Key, Note, PPQ, Part, PatchName, Pitch, Program, Role, Score, Section, SectionKind, Sound,
    Tempo, TempoMap, Ticks, TimeSignature, Velocity, midi,
};

fn song(notes: Vec<Note>, end: Ticks) -> Score {
    let mut tempo = TempoMap::constant(Tempo::from_bpm(97.0).unwrap());
    tempo.set(Ticks(PPQ * 4), Tempo::from_bpm(80.0).unwrap());
    Score {
        title: "Round trip".into(),
        tempo,
        meter: TimeSignature::new(7, 8).unwrap(),
        key: "Bb minor".parse::<Key>().unwrap(),
        sections: vec![Section {
            kind: SectionKind::Verse,
            label: "Verse 1".into(),
            start_bar: 1,
            bars: 3,
            energy: 0.5,
        }],
        parts: vec![Part {
            name: "Piano".into(),
            role: Role::Chords,
            sound: Sound {
                program: Program::new(4).unwrap(),
                patch: Some(PatchName::new("ep").unwrap()),
            },
            channel: 2,
            notes,
            controls: Vec::new(),
        }],
        chords: Vec::new(),
        end,
    }
}

#[test]
fn the_conductor_track_says_what_the_score_says() {
    let bytes = midi::write(&song(Vec::new(), Ticks(PPQ * 14)));
    let file = midi::read(&bytes).unwrap();
    assert_eq!((file.format, file.ticks_per_quarter), (1, Some(960)));
    assert_eq!(file.meters, [(0, 7, 8)]);
    assert_eq!(file.keys, [(0, -5, true)]);
    assert_eq!(file.tempos, [(0, 618_557), (PPQ * 4, 750_000)]);
    assert_eq!(file.markers, [(PPQ * 7 / 2, "Verse 1".to_owned())]);
    assert_eq!(file.tracks[1].name, "Piano");
    assert_eq!(file.tracks[1].programs, [(0, 2, 4)]);
    assert!(
        [0, 32, 7, 10, 11, 91, 93]
            .iter()
            .all(|n| file.tracks[1].controls.iter().any(|c| c.0 == 0 && c.2 == *n))
    );
}

/// Every byte that opens an event is a status byte: running status is never relied on.
#[test]
fn running_status_is_off() {
    let note = |at| Note {
        start: Ticks(at),
        length: Ticks(100),
        pitch: Pitch::MIDDLE_C,
        velocity: Velocity::from(90),
    };
    let bytes = midi::write(&song(vec![note(0), note(200), note(400)], Ticks(PPQ * 14)));
    assert_eq!(bytes.windows(2).filter(|pair| *pair == [0x92, 60]).count(), 3);
    assert_eq!(bytes.windows(2).filter(|pair| *pair == [0x82, 60]).count(), 3);
}

proptest! {
    #[test]
    fn notes_come_back_closed_and_without_overlap(
        raw in prop::collection::vec(
            (0_u64..8_000, 0_u64..3_000, 50_u8..60, any::<u8>()), 0..120),
    ) {
        let notes: Vec<Note> = raw
            .iter()
            .map(|(start, length, pitch, velocity)| Note {
                start: Ticks(*start),
                length: Ticks(*length),
                pitch: Pitch::new(*pitch).unwrap(),
                velocity: Velocity::from(*velocity),
            })
            .collect();
        let end = Ticks(6_720);
        let file = midi::read(&midi::write(&song(notes.clone(), end))).unwrap();
        let track = &file.tracks[1];
        assert_eq!(track.unclosed, 0);
        assert!(file.tracks.iter().all(|track| track.end == end.0));
        for pair in track.notes.iter().flat_map(|a| track.notes.iter().map(move |b| (a, b))) {
            let (a, b) = pair;
            if a.pitch == b.pitch && a.start < b.start {
                assert!(a.start + a.length <= b.start, "{a:?} overlaps {b:?}");
            }
        }
        let mut places: Vec<(u64, u8)> = notes
            .iter()
            .filter(|note| note.start < end)
            .map(|note| (note.start.0, note.pitch.number()))
            .collect();
        places.sort_unstable();
        places.dedup();
        let mut read: Vec<(u64, u8)> = track.notes.iter().map(|n| (n.start, n.pitch)).collect();
        read.sort_unstable();
        assert_eq!(read, places);
    }

    #[test]
    fn arbitrary_bytes_never_crash_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = midi::read(&bytes);
        let mut with_header = b"MThd\0\0\0\x06\0\x01\0\x01\x03\xc0MTrk\0\0\x01\0".to_vec();
        with_header.extend_from_slice(&bytes);
        let _ = midi::read(&with_header);
    }
}
