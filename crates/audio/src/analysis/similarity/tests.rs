use super::{Distance, Index};
use crate::analysis::Fingerprint;

fn print(seed: usize) -> Fingerprint {
    let mut values = [0.0; 25];
    for (n, value) in values.iter_mut().enumerate() {
        *value = 0.1 + ((seed * 7 + n * 13) % 23) as f64 / 30.0;
    }
    values[7] = -14.0 - seed as f64;
    values[10] = 120.0;
    values[14] = 600.0;
    values[15] = 900.0;
    Fingerprint::from_array(values)
}

#[test]
fn contributions_add_up_and_name_what_differs() {
    let a = print(1);
    assert_eq!(Distance::between(&a, &a).total, 0.0);
    let louder = Fingerprint { lufs: a.lufs + 5.0, ..a };
    let distance = Distance::between(&a, &louder);
    for (n, contribution) in distance.contributions.iter().enumerate() {
        assert_eq!(*contribution > 0.0, n == 7, "{}", Fingerprint::NAMES[n]);
    }
    let (a, b) = (print(2), print(5));
    let distance = Distance::between(&a, &b);
    let sum: f64 = distance.contributions.iter().sum();
    assert!((distance.total * distance.total - sum).abs() < 1e-9);
    assert_eq!(distance, Distance::between(&b, &a));
}

#[test]
fn octaves_of_tempo_are_near_and_no_beat_is_apart() {
    let at = |tempo_bpm: Option<f64>| Fingerprint { tempo_bpm, ..print(3) };
    let between = |a, b| Distance::between(&at(a), &at(b)).total;
    let octave = between(Some(75.0), Some(150.0));
    assert!(octave < between(Some(75.0), Some(100.0)));
    assert!(octave < between(Some(75.0), None));
    assert!(between(Some(75.0), Some(76.0)) < octave);
    assert_eq!(between(None, None), 0.0);
}

#[test]
fn the_index_measures_as_the_distance_does() {
    let prints: Vec<Fingerprint> = (0..100).map(print).collect();
    let found = Index::new(&prints).nearest(&prints[17], 100);
    assert_eq!(found[0].0, 17);
    assert_eq!(found.len(), 100);
    for (index, distance) in found {
        let exact = Distance::between(&prints[17], &prints[index]).total;
        assert!((f64::from(distance) - exact).abs() < 1e-4, "{distance} {exact}");
    }
    assert!(Index::new(&[]).is_empty());
    assert_eq!(Index::new(&[]).nearest(&prints[0], 5), []);
}
