use score::{Role, Tempo, drum};

use super::{DrumPattern, PartPattern, PartTable, Playing, Tables};

/// What is wrong with the tables, for the author of the file; nothing when all is well.
pub(super) fn check(tables: &Tables) -> Result<(), String> {
    let id = &tables.id;
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    require(!id.is_empty() && id.bytes().all(plain), || {
        "id must be lower-case with dashes".into()
    })?;
    check_tempo(tables)?;
    require(!tables.meters.is_empty(), || "meters: at least one".into())?;
    require(tables.modes.iter().map(|m| m.weight).sum::<f64>() > 0.0, || {
        "modes: weights must sum to more than 0".into()
    })?;
    require((15.0..=900.0).contains(&tables.duration), || "duration: 15 to 900 s".into())?;
    check_harmony(tables)?;
    check_forms(tables)?;
    let groove = &tables.groove;
    require((50.0..=67.0).contains(&groove.swing), || "groove.swing: 50 to 67".into())?;
    require((0.0..=15.0).contains(&groove.drift), || "groove.drift: 0 to 15 ms".into())?;
    require((0.0..=15.0).contains(&groove.touch), || "groove.touch: 0 to 15".into())?;
    check_drums(tables)?;
    check_melody(tables)?;
    tables.parts.iter().try_for_each(check_part)
}

fn require(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}

fn check_tempo(tables: &Tables) -> Result<(), String> {
    let tempo = tables.tempo;
    let ordered = tempo.low < tempo.high
        && (tempo.low..=tempo.high).contains(&tempo.typical)
        && Tempo::from_bpm(tempo.low).is_ok()
        && Tempo::from_bpm(tempo.high).is_ok();
    require(ordered, || "tempo: low < high within 20 to 300, typical between".into())
}

fn check_harmony(tables: &Tables) -> Result<(), String> {
    require((2..=6).contains(&tables.harmony.voices), || "harmony.voices: 2 to 6".into())?;
    for mode in &tables.modes {
        let minor = mode.mode.is_minor();
        let found = tables
            .harmony
            .progressions
            .iter()
            .any(|p| p.minor == minor && p.sections.is_empty() && p.weight > 0.0);
        require(found, || format!("harmony: no progression for any section in {}", mode.mode))?;
    }
    Ok(())
}

fn check_forms(tables: &Tables) -> Result<(), String> {
    require(!tables.forms.is_empty(), || "forms: at least one".into())?;
    for section in tables.forms.iter().flat_map(|form| &form.sections) {
        let sound = section.bars > 0
            && section.bars.is_multiple_of(4)
            && (0.0..=1.0).contains(&section.energy);
        require(sound, || {
            format!("forms: {} needs a multiple of 4 bars, energy 0 to 1", section.kind.name())
        })?;
    }
    let kept = |form: &super::Form| form.sections.iter().any(|section| section.spare == 0);
    require(tables.forms.iter().all(kept), || "forms: one section must have spare 0".into())
}

fn check_drums(tables: &Tables) -> Result<(), String> {
    let Some(drums) = &tables.drums else { return Ok(()) };
    require(!drums.patterns.is_empty(), || "drums.patterns: at least one".into())?;
    let crash = drums.crash.iter().map(String::as_str);
    let lines = drums.patterns.iter().chain(&drums.fills).flat_map(|p| &p.lines);
    for (name, pattern) in lines.clone() {
        let kept = pattern.keeps_to(DrumPattern::ALPHABET);
        require(kept, || format!("drums: {name} may use X x o g ? ~ and ."))?;
    }
    for name in crash.chain(lines.map(|(name, _)| name.as_str())) {
        require(drum::key(name).is_some(), || format!("drums: there is no drum \"{name}\""))?;
    }
    Ok(())
}

fn check_melody(tables: &Tables) -> Result<(), String> {
    let melody = &tables.melody;
    require(!melody.rhythms.is_empty() && !melody.closes.is_empty(), || {
        "melody: rhythms and closes, at least one each".into()
    })?;
    let mut all = melody.rhythms.iter().chain(&melody.busy).chain(&melody.closes);
    require(all.all(|pattern| pattern.keeps_to(b"x")), || "melody: x - and . only".into())?;
    require((0.3..=1.0).contains(&melody.legato), || "melody.legato: 0.3 to 1".into())?;
    require(matches!(melody.phrase, 4 | 8), || "melody.phrase: 4 or 8".into())
}

fn check_part(part: &PartTable) -> Result<(), String> {
    let name = &part.name;
    let drummer = matches!(part.role, Role::Drums | Role::Percussion);
    match part.range {
        Some([low, high]) => require(high <= 127 && low + 12 <= high, || {
            format!("{name}: range must span an octave within 0 to 127")
        })?,
        None => require(drummer, || format!("{name}: range is missing"))?,
    }
    let needs = matches!(part.role, Role::Bass | Role::Chords | Role::Arp)
        && part.playing == Playing::Pattern;
    require(!needs || !part.patterns.is_empty(), || format!("{name}: patterns are missing"))?;
    let alphabet = PartPattern::alphabet(part.role);
    let kept = part.patterns.iter().all(|pattern| pattern.steps.keeps_to(alphabet));
    require(kept, || format!("{name}: a pattern uses a symbol its role does not have"))
}
