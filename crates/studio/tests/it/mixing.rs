use audio::{Buffer, Frames, SampleRate};
use clock::Seed;
use studio::genre::{Genre, Genres};
use studio::mix::{Channel, Console, Duck, DuckTable, MixTable, Strip};

const RATE: SampleRate = SampleRate::STUDIO;

fn noise(frames: usize) -> Buffer {
    let mut chance = Seed(1).stream("noise");
    let mut plane = || (0..frames).map(|_| chance.between(-0.3, 0.3) as f32).collect::<Vec<f32>>();
    let (left, right) = (plane(), plane());
    Buffer::from_planes(RATE, vec![left, right]).unwrap()
}

fn table() -> MixTable {
    Genres::embedded().unwrap().get("house").unwrap().mix.clone()
}

/// One stem through the whole desk.
fn desk(table: &MixTable) -> Buffer {
    let duck = table.duck.map(|duck| Duck::new(duck, vec![Frames(10_000)], RATE));
    let mut stem = noise(48_000);
    Channel::new(&table.chords, duck.as_ref()).process(&mut stem);
    let mut console = Console::new(table, 0.5, RATE, stem.length());
    console.add(&stem, &table.chords);
    console.finish().0
}

#[test]
fn every_field_of_the_mix_is_heard() {
    let plain = desk(&table());
    let strip = |change: fn(&mut Strip)| {
        let mut table = table();
        change(&mut table.chords);
        table
    };
    let whole = |change: fn(&mut MixTable)| {
        let mut table = table();
        change(&mut table);
        table
    };
    for (name, table) in [
        ("level_lufs", strip(|s| s.level_lufs -= 1.0)),
        ("high_pass_hz", strip(|s| s.high_pass_hz += 50.0)),
        ("low_pass_hz", strip(|s| s.low_pass_hz = Some(3_000.0))),
        ("body_db", strip(|s| s.body_db += 2.0)),
        ("presence_db", strip(|s| s.presence_db += 2.0)),
        ("air_db", strip(|s| s.air_db += 2.0)),
        ("room_db", strip(|s| s.room_db = None)),
        ("echo_db", strip(|s| s.echo_db = None)),
        ("duck", strip(|s| s.duck = 0.0)),
        ("room.decay_s", whole(|t| t.room.decay_s += 0.5)),
        ("room.pre_delay_ms", whole(|t| t.room.pre_delay_ms += 10.0)),
        ("room.damping_hz", whole(|t| t.room.damping_hz += 1_000.0)),
        ("room.low_cut_hz", whole(|t| t.room.low_cut_hz += 100.0)),
        ("echo.beats", whole(|t| t.echo.beats = 0.5)),
        ("echo.feedback", whole(|t| t.echo.feedback = 0.1)),
        ("echo.low_pass_hz", whole(|t| t.echo.low_pass_hz = 2_000.0)),
        ("echo.high_pass_hz", whole(|t| t.echo.high_pass_hz = 800.0)),
        ("duck.depth_db", whole(|t| t.duck = t.duck.map(|d| DuckTable { depth_db: 1.0, ..d }))),
        (
            "duck.recovery_ms",
            whole(|t| t.duck = t.duck.map(|d| DuckTable { recovery_ms: 90.0, ..d })),
        ),
    ] {
        assert!(desk(&table) != plain, "{name} is not heard");
    }
}

#[test]
fn a_stem_comes_out_at_the_level_of_its_strip() {
    let table = MixTable { duck: None, ..table() };
    let mut stem = noise(480_000);
    Channel::new(&table.chords, None).process(&mut stem);
    let (m, _) = audio::loudness::measure(&stem);
    // The fade at the very end takes a little away.
    assert!((m.integrated.unwrap().0 - table.chords.level_lufs).abs() < 0.1);
}

#[test]
fn a_broken_genre_file_is_refused_by_name() {
    let text = include_str!("../../../../assets/genres/house.toml");
    for (from, to, words) in [
        ("decay_s = 1.6", "decay_s = 99", "mix.room.decay_s is 99; it must be 0.2 to 10"),
        ("decay_s = 1.6", "speed = 1", "unknown field `speed`"),
        ("schema = 1", "schema = 9", "schema is 9; this build reads 1"),
        ("[patches.pluck]", "[patches.plock]", "wants patch \"pluck\""),
        ("width = 1.1", "width = 5", "width is 5; it must be 0.5 to 1.5"),
    ] {
        assert!(text.contains(from), "{from}");
        let said = Genre::parse("house.toml", &text.replace(from, to)).unwrap_err().to_string();
        assert!(said.contains(words) && said.contains("house.toml"), "{said}");
    }
}
