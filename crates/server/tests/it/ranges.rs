use proptest::prelude::{Just, Strategy};
use proptest::prelude::{any, prop, prop_oneof, proptest};
use server::range::{Selection, Validators};

/// Headers that look like one, and any bytes.
fn header() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("bytes=".to_owned()),
        Just("-".to_owned()),
        Just(",".to_owned()),
        Just(" ".to_owned()),
        any::<u64>().prop_map(|number| number.to_string()),
        (0_u64..2_000).prop_map(|number| number.to_string()),
    ];
    let alike = prop::collection::vec(piece, 0..8)
        .prop_map(|pieces| format!("bytes={}", pieces.concat()).into_bytes());
    let one = (0_u64..3_000, 0_u64..3_000)
        .prop_map(|(first, more)| format!("bytes={first}-{}", first + more).into_bytes());
    let open = (0_u64..3_000, any::<bool>()).prop_map(|(number, suffix)| {
        if suffix { format!("bytes=-{number}") } else { format!("bytes={number}-") }.into_bytes()
    });
    prop_oneof![one, open, alike, prop::collection::vec(any::<u8>(), 0..40)]
}

proptest! {
    #[test]
    fn a_part_is_never_empty_and_never_ends_beyond_the_end(
        range in header(),
        length in prop_oneof![0_u64..2_000, any::<u64>()],
    ) {
        let selection = Selection::of(Some(&range), None, length, Validators::default());
        match selection {
            Selection::Whole { .. } => assert_eq!(selection.count(), length),
            Selection::Part { start, count, length: told } => {
                assert!(count > 0 && told == length);
                assert!(start.checked_add(count).unwrap() <= length);
                assert!(selection.content_range().unwrap().ends_with(&format!("/{length}")));
            }
            Selection::Unsatisfiable { length: told } => assert_eq!(told, length),
        }
    }

    #[test]
    fn the_bytes_asked_for_are_the_bytes_sent(first in 0_u64..1_000, more in 0_u64..1_000) {
        let header = format!("bytes={first}-{}", first + more);
        let selection =
            Selection::of(Some(header.as_bytes()), None, 2_000, Validators::default());
        assert_eq!(selection, Selection::Part { start: first, count: more + 1, length: 2_000 });
    }
}
