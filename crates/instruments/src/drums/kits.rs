//! The recipes of the machines, by General MIDI percussion key. They follow how the machines are
//! known to work (swept sines, six squares for metal, bursts of noise for a clap); the numbers are
//! chosen for their character and are not fitted to recordings of them.

use super::Kit;
use super::recipe::{Group, Layer, Recipe};

/// What a key sounds like; none if the machine has nothing on it.
pub(crate) fn recipe(kit: Kit, key: u8) -> Option<Recipe> {
    Some(match key {
        35 | 36 => kick(kit),
        37 => rim(kit),
        38 | 40 => snare(kit, key == 40),
        39 => clap(kit),
        41 | 43 | 45 | 47 | 48 | 50 => tom(kit, key),
        42 => hat(kit, 0.075).at(0.25),
        44 => hat(kit, 0.11).at(0.25),
        46 => hat(kit, 0.75).at(0.25),
        49 | 52 | 55 | 57 => crash(kit, key),
        51 | 53 | 59 => ride(kit, key),
        54 => tambourine(),
        56 => cowbell(),
        60..=64 => hand_drum(key),
        69 | 70 => shaker(if key == 70 { 0.09 } else { 0.14 }),
        75 => clave(),
        76 | 77 => block(if key == 76 { 900.0 } else { 640.0 }),
        82 => shaker(0.11),
        _ => return None,
    })
}

fn kick(kit: Kit) -> Recipe {
    let click = |level| Layer::noise(level, 0.012).band(1_000.0, 6_000.0);
    match kit {
        Kit::Eight => {
            Recipe::new(0.95, vec![Layer::swept(47.0, 95.0, 0.012, 1.0, 1.1), click(0.12)])
                .driven(0.1)
        }
        Kit::Nine => Recipe::new(
            0.9,
            vec![
                Layer::swept(50.0, 260.0, 0.024, 1.0, 0.48),
                Layer::swept(110.0, 900.0, 0.004, 0.35, 0.05),
                click(0.3),
            ],
        )
        .driven(0.3),
        Kit::Linn => {
            Recipe::new(0.9, vec![Layer::swept(58.0, 120.0, 0.018, 1.0, 0.3), click(0.35)])
                .driven(0.2)
        }
    }
}

fn rim(kit: Kit) -> Recipe {
    let pitch = if kit == Kit::Eight { 1_667.0 } else { 1_250.0 };
    Recipe::new(
        0.6,
        vec![
            Layer::sine(pitch, 0.8, 0.04),
            Layer::sine(455.0, 0.7, 0.05),
            Layer::noise(0.4, 0.015).band(1_500.0, 9_000.0),
        ],
    )
    .at(0.15)
}

fn snare(kit: Kit, electric: bool) -> Recipe {
    let lift = if electric { 1.18 } else { 1.0 };
    match kit {
        Kit::Eight => Recipe::new(
            0.8,
            vec![
                Layer::swept(178.0 * lift, 40.0, 0.01, 0.7, 0.19),
                Layer::sine(331.0 * lift, 0.4, 0.11),
                Layer::noise(0.75, 0.24).band(1_300.0, 12_000.0),
            ],
        ),
        Kit::Nine => Recipe::new(
            0.85,
            vec![
                Layer::swept(186.0 * lift, 110.0, 0.012, 0.8, 0.17),
                Layer::swept(286.0 * lift, 90.0, 0.01, 0.45, 0.12),
                Layer::noise(0.5, 0.1).band(600.0, 9_000.0),
                Layer::noise(0.7, 0.32).band(2_400.0, 16_000.0),
            ],
        )
        .driven(0.2),
        Kit::Linn => Recipe::new(
            0.85,
            vec![
                Layer::swept(205.0 * lift, 60.0, 0.015, 0.8, 0.2),
                Layer::sine(410.0 * lift, 0.25, 0.1),
                Layer::noise(0.9, 0.22).band(900.0, 8_000.0),
            ],
        )
        .driven(0.3),
    }
}

fn clap(kit: Kit) -> Recipe {
    let (low, high, tail) = match kit {
        Kit::Eight => (750.0, 2_600.0, 0.3),
        Kit::Nine => (850.0, 3_600.0, 0.26),
        Kit::Linn => (900.0, 4_500.0, 0.2),
    };
    Recipe::new(
        1.5,
        vec![
            Layer::noise(1.0, 0.05).band(low, high).struck(3),
            Layer::noise(0.55, tail).band(low, high).rising(0.03),
        ],
    )
    .at(-0.1)
}

fn tom(kit: Kit, key: u8) -> Recipe {
    // From the low floor tom to the high tom, left to right as a drummer's audience sees them.
    let (hz, pan) = match key {
        41 => (78.0, 0.6),
        43 => (95.0, 0.45),
        45 => (112.0, 0.2),
        47 => (132.0, 0.0),
        48 => (152.0, -0.2),
        _ => (178.0, -0.4),
    };
    let (sweep, decay, noise) = match kit {
        Kit::Eight => (0.25, 0.55, 0.06),
        Kit::Nine => (0.7, 0.42, 0.14),
        Kit::Linn => (0.5, 0.36, 0.2),
    };
    Recipe::new(
        0.8,
        vec![
            Layer::swept(hz, hz * sweep, 0.04, 1.0, decay),
            Layer::noise(noise, 0.12).band(300.0, 3_000.0),
        ],
    )
    .at(pan)
    .driven(0.1)
}

fn hat(kit: Kit, decay: f32) -> Recipe {
    let layers = match kit {
        Kit::Eight => vec![Layer::metal(205.3, 1.6, decay).band(7_200.0, 14_000.0)],
        Kit::Nine => vec![
            Layer::metal(263.0, 1.0, decay).band(7_000.0, 18_000.0),
            Layer::noise(0.5, decay * 0.9).band(8_000.0, 18_000.0),
        ],
        Kit::Linn => vec![
            Layer::noise(0.65, decay * 0.85).band(6_500.0, 13_000.0),
            Layer::metal(310.0, 0.5, decay * 0.7).band(5_500.0, 12_000.0),
        ],
    };
    Recipe::new(0.55, layers).choking(Group::Hats)
}

fn crash(kit: Kit, key: u8) -> Recipe {
    let lift = if key == 57 { 1.09 } else { 1.0 };
    let short = if key == 55 { 0.4 } else { 1.0 };
    let metal = if kit == Kit::Eight { 1.1 } else { 0.7 };
    Recipe::new(
        0.5,
        vec![
            Layer::metal(216.0 * lift, metal, 1.5 * short).band(3_200.0 * lift, 15_000.0),
            Layer::noise(0.75, 2.2 * short).band(4_200.0 * lift, 16_000.0).rising(0.002),
            Layer::noise(0.5, 0.25).band(1_800.0, 9_000.0),
        ],
    )
    .at(if key == 57 { 0.5 } else { -0.5 })
}

fn ride(kit: Kit, key: u8) -> Recipe {
    let bell = if key == 53 { 1.0 } else { 0.35 };
    let metal = if kit == Kit::Eight { 0.9 } else { 0.6 };
    Recipe::new(
        0.42,
        vec![
            Layer::metal(287.0, metal, 1.3).band(5_200.0, 14_000.0),
            Layer::noise(0.18, 0.9).band(6_000.0, 14_000.0),
            Layer::sine(3_140.0, 0.12 * bell, 0.5),
            Layer::pair(830.0, 0.5 * bell, 0.6).band(1_800.0, 7_000.0),
        ],
    )
    .at(0.45)
}

fn tambourine() -> Recipe {
    Recipe::new(
        0.55,
        vec![
            Layer::metal(540.0, 0.9, 0.16).band(6_800.0, 15_000.0).struck(2),
            Layer::noise(0.45, 0.2).band(7_500.0, 16_000.0).rising(0.004),
        ],
    )
    .at(-0.35)
}

fn cowbell() -> Recipe {
    Recipe::new(
        0.6,
        vec![
            Layer::pair(540.0, 0.5, 0.38).band(500.0, 4_200.0),
            Layer::pair(540.0, 0.7, 0.05).band(700.0, 5_500.0),
        ],
    )
    .at(0.2)
}

fn hand_drum(key: u8) -> Recipe {
    let (hz, decay, slap) = match key {
        60 => (395.0, 0.16, 0.2),
        61 => (285.0, 0.22, 0.2),
        62 => (370.0, 0.07, 0.3),
        63 => (360.0, 0.26, 0.15),
        _ => (218.0, 0.34, 0.12),
    };
    Recipe::new(
        0.7,
        vec![
            Layer::swept(hz, hz * 0.12, 0.02, 1.0, decay),
            Layer::sine(hz * 1.58, 0.18, decay * 0.5),
            Layer::noise(slap, 0.02).band(700.0, 5_000.0),
        ],
    )
    .at(if key < 62 { 0.35 } else { -0.3 })
}

fn shaker(decay: f32) -> Recipe {
    Recipe::new(0.5, vec![Layer::noise(0.9, decay).band(5_200.0, 14_000.0).rising(0.012)]).at(0.4)
}

fn clave() -> Recipe {
    Recipe::new(0.6, vec![Layer::sine(2_490.0, 1.0, 0.07), Layer::sine(4_600.0, 0.15, 0.02)])
        .at(-0.25)
}

fn block(hz: f32) -> Recipe {
    Recipe::new(0.6, vec![Layer::sine(hz, 1.0, 0.06), Layer::sine(hz * 2.7, 0.2, 0.02)]).at(0.25)
}
