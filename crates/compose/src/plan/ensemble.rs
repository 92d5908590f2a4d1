use clock::Seed;
use score::{Program, Role, Sound, midi};

use super::{PlannedPart, PlannedSection, bank_sound};
use crate::brief::{Absent, Instrument, Wish};
use crate::style::PartTable;
use crate::{Brief, Error, Style};

/// The drum channel, counted from 0.
const DRUM_CHANNEL: u8 = 9;

/// A player before channels are given out.
struct Candidate {
    name: String,
    role: Role,
    sound: Sound,
    range: [u8; 2],
    table: usize,
    asked: bool,
}

/// The band: the genre's, with the instruments that were asked for in the roles that suit them
/// and without those that were not wanted.
pub(super) fn parts(
    brief: &Brief,
    style: &Style,
    sections: &[PlannedSection],
    seed: Seed,
) -> Result<(Vec<PlannedPart>, Vec<Wish>), Error> {
    let mut unmet = Vec::new();
    let mut band = house_band(brief, style, seed);
    for instrument in &brief.instruments {
        unmet.extend(place(*instrument, &mut band, style));
    }
    if brief.only && band.iter().any(|player| player.asked) {
        play_alone(brief, &mut band);
    }
    unplug(&mut band, &brief.absent);
    band.retain(|player| !is_absent(player, &brief.absent));
    if band.is_empty() {
        return Err(Error::OutOfRange {
            field: "the band",
            value: "without anyone".into(),
            range: "at least one player",
        });
    }
    Ok((seated(band, brief, style, sections), unmet))
}

fn house_band(brief: &Brief, style: &Style, seed: Seed) -> Vec<Candidate> {
    let mut band = Vec::new();
    for (table, part) in style.parts.iter().enumerate() {
        let mut chance = seed.child("ensemble").stream(&part.name);
        let comes = chance.happens(part.chance);
        let drawn = chance.below(part.alternatives.len() + 1);
        let swapped = drawn.checked_sub(1).and_then(|index| part.alternatives.get(index));
        let era = brief.era.filter(|_| part.role == Role::Chords && part.patch.is_none());
        let suits = |number: &&u8| {
            let program = Program::new(**number).ok();
            program == Some(part.program) || program.is_some_and(|p| part.alternatives.contains(&p))
        };
        let of_era = era.and_then(|era| era.keyboards().iter().find(suits));
        let of_era = of_era.and_then(|number| Program::new(*number).ok());
        let sound = match of_era.or(swapped.copied()) {
            Some(program) if program != part.program => bank_sound(program),
            _ => Sound { program: part.program, patch: part.patch.clone() },
        };
        let keeps_name =
            sound.program == part.program || matches!(part.role, Role::Drums | Role::Percussion);
        let name = if keeps_name { part.name.clone() } else { sound.program.name().to_owned() };
        if comes {
            let range = part.range.unwrap_or([0, 127]);
            band.push(Candidate { name, role: part.role, sound, range, table, asked: false });
        }
    }
    band
}

/// Gives an instrument that was asked for its place: the player of its role who may play it, the
/// player who has it already, the one whose alternative it is, the one in its role, or a chair of
/// its own. Says when somebody else
/// has to play.
fn place(instrument: Instrument, band: &mut Vec<Candidate>, style: &Style) -> Option<Wish> {
    let program = Program::new(instrument.program()).ok()?;
    let role = instrument.role();
    let drummer = |role: Role| matches!(role, Role::Drums | Role::Percussion);
    let same_kind = |player: &&mut Candidate| drummer(player.role) == drummer(role);
    let free = |player: &Candidate| !player.asked;
    let alternative = |player: &Candidate| {
        let part = style.parts.get(player.table);
        part.is_some_and(|part| part.program == program || part.alternatives.contains(&program))
    };
    let at_home = |player: &Candidate| player.role == role && alternative(player);
    // Who has it in another role keeps it only if nobody in its own role could take it.
    let taken = |player: &Candidate| player.sound.program == program && player.role == role;
    if !band.iter().any(taken)
        && !drummer(role)
        && let Some(index) = band.iter().position(|player| free(player) && at_home(player))
    {
        seat(&mut band[index], instrument, program, style);
        return None;
    }
    if let Some(player) = band
        .iter_mut()
        .filter(same_kind)
        .find(|player| player.sound.program == program && !drummer(role))
    {
        player.asked = true;
        return None;
    }
    let chair = band
        .iter()
        .position(|player| free(player) && !drummer(role) && alternative(player))
        .or_else(|| band.iter().position(|player| free(player) && player.role == role));
    if let Some(index) = chair {
        seat(&mut band[index], instrument, program, style);
        return None;
    }
    let words = instrument.name().to_owned();
    let genre = &style.name;
    let Some(player) = newcomer(instrument, program, style) else {
        return Some(Wish { words, answer: format!("{genre} has no place for it") });
    };
    let answer = format!("{genre} has no sound of that name: the {} plays", program.name());
    band.push(player);
    (instrument.is_generic() && !drummer(role)).then_some(Wish { words, answer })
}

fn seat(player: &mut Candidate, instrument: Instrument, program: Program, style: &Style) {
    player.asked = true;
    if instrument.is_generic() {
        return;
    }
    player.sound = bank_sound(program);
    player.name = name_of(instrument);
    if let Some(part) = style.parts.get(player.table) {
        player.range = range_for(program, part);
    }
}

/// A player who was not in the band: by the table of the same role, or of the nearest.
fn newcomer(instrument: Instrument, program: Program, style: &Style) -> Option<Candidate> {
    let role = instrument.role();
    let near: &[Role] = match role {
        Role::Drums => &[Role::Drums],
        Role::Percussion => &[Role::Percussion, Role::Drums],
        Role::Bass => &[Role::Bass],
        Role::Chords => &[Role::Chords, Role::Pad, Role::Arp],
        Role::Pad => &[Role::Pad, Role::Chords],
        Role::Arp => &[Role::Arp, Role::Chords],
        Role::Melody | Role::Counter => &[Role::Melody, Role::Counter],
    };
    let table = near.iter().find_map(|role| style.parts.iter().position(|p| p.role == *role))?;
    let part = &style.parts[table];
    // A second tune would fight the first, so whoever comes to it plays the answer.
    let role = match (role, part.role) {
        (Role::Percussion | Role::Pad | Role::Arp, _) => role,
        (_, Role::Melody) => Role::Counter,
        (_, other) => other,
    };
    let range = range_for(program, part);
    Some(Candidate {
        name: name_of(instrument),
        role,
        sound: bank_sound(program),
        range,
        table,
        asked: true,
    })
}

fn name_of(instrument: Instrument) -> String {
    let mut letters = instrument.name().chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Sounding ranges in which programs sit well: lowest and highest program, lowest and highest
/// key.
const RANGES: [(u8, u8, u8, u8); 16] = [
    (0, 5, 36, 96),
    (8, 9, 72, 103),
    (11, 14, 53, 89),
    (16, 18, 36, 96),
    (24, 30, 40, 83),
    (32, 36, 28, 55),
    (40, 40, 55, 96),
    (42, 43, 36, 69),
    (44, 49, 40, 91),
    (52, 52, 48, 79),
    (56, 56, 54, 82),
    (57, 57, 40, 70),
    (60, 61, 41, 77),
    (65, 66, 44, 76),
    (68, 71, 50, 86),
    (73, 73, 60, 93),
];

/// The part's range moved by octaves and cut to what the instrument can play.
fn range_for(program: Program, part: &PartTable) -> [u8; 2] {
    let [mut low, mut high] = part.range.unwrap_or([36, 84]);
    let number = program.number();
    let Some(row) = RANGES.iter().find(|row| (row.0..=row.1).contains(&number)) else {
        return [low, high];
    };
    while u32::from(low) + u32::from(high) + 12 < u32::from(row.2) + u32::from(row.3)
        && high + 12 <= 120
        && low < row.2
    {
        (low, high) = (low + 12, high + 12);
    }
    while low >= 12 && high > row.3 + 5 {
        (low, high) = (low - 12, high - 12);
    }
    let cut = [low.max(row.2), high.min(row.3)];
    if cut[0] + 12 <= cut[1] { cut } else { [row.2, row.3.max(row.2 + 12)] }
}

/// Only those asked for play; one who is alone takes bass, chords and tune in two hands.
fn play_alone(brief: &Brief, band: &mut Vec<Candidate>) {
    let soloist = brief
        .instruments
        .iter()
        .find(|i| !matches!(i.role(), Role::Drums | Role::Percussion | Role::Bass));
    let program = soloist.and_then(|i| Program::new(i.program()).ok());
    for player in band.iter_mut().filter(|player| !player.asked) {
        let hands = matches!(player.role, Role::Bass | Role::Chords | Role::Melody);
        if let (true, Some(program), Some(soloist)) = (hands, program, soloist) {
            player.sound = bank_sound(program);
            player.name = format!("{} ({})", name_of(*soloist), hand(player.role));
            player.asked = true;
        }
    }
    band.retain(|player| player.asked);
}

fn hand(role: Role) -> &'static str {
    match role {
        Role::Bass => "low",
        Role::Melody => "tune",
        _ => "chords",
    }
}

/// "No synths" leaves the players and takes their modelled sounds: the bank plays instead.
fn unplug(band: &mut [Candidate], absent: &[Absent]) {
    let electronic = absent.iter().filter_map(|who| match who {
        Absent::Instrument(instrument) if instrument.is_electronic() => Some(*instrument),
        _ => None,
    });
    for instrument in electronic {
        for player in band.iter_mut() {
            let drummer = matches!(player.role, Role::Drums | Role::Percussion);
            let at_large = instrument.name() == "synth" && !drummer;
            if at_large || player.role == instrument.role() {
                player.sound.patch = None;
            }
        }
    }
}

fn is_absent(player: &Candidate, absent: &[Absent]) -> bool {
    absent.iter().any(|who| match who {
        Absent::Role(role) => {
            player.role == *role || (*role == Role::Drums && player.role == Role::Percussion)
        }
        Absent::Instrument(instrument) if instrument.is_electronic() => false,
        Absent::Instrument(instrument) => {
            !matches!(player.role, Role::Drums | Role::Percussion)
                && player.sound.program.number() == instrument.program()
                && player.sound.patch.is_none()
        }
    })
}

/// Channels, unique names, and who plays in which section. Beyond fifteen players the last stay
/// out: MIDI has no more channels.
fn seated(
    band: Vec<Candidate>,
    brief: &Brief,
    style: &Style,
    sections: &[PlannedSection],
) -> Vec<PlannedPart> {
    let mut melodic = 0;
    let mut seated: Vec<PlannedPart> = Vec::new();
    for player in band {
        let drummer = matches!(player.role, Role::Drums | Role::Percussion);
        let channel = if drummer { Some(DRUM_CHANNEL) } else { midi::melodic_channel(melodic) };
        let Some(channel) = channel else { continue };
        melodic += usize::from(!drummer);
        let twins = seated.iter().filter(|other| other.name == player.name).count();
        let name =
            if twins > 0 { format!("{} {}", player.name, twins + 1) } else { player.name.clone() };
        let part = &style.parts[player.table];
        let keen = if player.asked || brief.only { 0.25 } else { 0.0 };
        let plays = |section: &PlannedSection| {
            let listed = part.sections.is_empty() || part.sections.contains(&section.kind);
            let alone = brief.only && player.role != Role::Melody;
            (listed && section.energy + keen >= part.from_energy) || alone
        };
        let mut active: Vec<bool> = sections.iter().map(plays).collect();
        if player.asked && !active.contains(&true) {
            active = vec![true; sections.len()];
        }
        seated.push(PlannedPart {
            name,
            role: player.role,
            sound: player.sound,
            channel,
            range: player.range,
            table: player.table,
            active,
        });
    }
    seated
}
