//! Foreign bytes: whatever is wrong with a bank, the answer is a typed error or sound.

use fault::Cancel;
use instruments::{Bank, Kernel, Patch, subset};
use proptest::prelude::{ProptestConfig, any, proptest};

use crate::play::{chord, setting};

/// A small whole bank: one program of the embedded one.
fn small() -> Vec<u8> {
    subset(Bank::embedded(), &[(0, 16)]).unwrap()
}

/// Reads a bank and plays what it lists.
fn try_out(bytes: Vec<u8>) {
    let Ok(bank) = Bank::parse(bytes) else { return };
    for preset in bank.presets().into_iter().take(3) {
        let patch = Patch::Bank { bank: preset.bank, program: preset.program };
        let performance = chord(&[36, 60, 96], 100, 0.05, 0.1);
        let sound = instruments::render(
            &performance,
            &patch,
            &bank,
            setting(Kernel::Detect),
            &Cancel::new(),
        );
        if let Ok(sound) = sound {
            assert_eq!(sound.first_not_finite(), None);
        }
    }
}

#[test]
fn a_bank_cut_anywhere_is_refused_or_played() {
    let whole = small();
    let step = (whole.len() / 120).max(1);
    for end in (0..whole.len()).step_by(step) {
        try_out(whole[..end].to_vec());
    }
    // The tables lie at the end: cut there more finely.
    for end in whole.len().saturating_sub(900)..whole.len() {
        try_out(whole[..end].to_vec());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_bytes_never_panic(changes in proptest::collection::vec((any::<u32>(), any::<u8>()), 1..12)) {
        let mut bytes = small();
        let length = bytes.len();
        for (at, value) in changes {
            // Half of all changes in the tables, which are small and hold all the indices.
            let at = at as usize;
            let place = if at.is_multiple_of(2) { at % length } else { length - 1 - at % 1_500 };
            bytes[place] = value;
        }
        try_out(bytes);
    }

    #[test]
    fn noise_is_no_bank(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        assert!(Bank::parse(bytes).is_err());
    }
}
