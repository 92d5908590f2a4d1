use compose::{Brief, Error, Wishes};

use crate::genres::names;

/// Reads a sentence and compares what was understood, as "field=value", in order.
fn check(sentence: &str, expected: &str) {
    let brief = Brief::read(sentence, &names()).unwrap();
    let understood: Vec<String> =
        brief.understood.iter().map(|u| format!("{}={}", u.field, u.value)).collect();
    assert_eq!(understood.join("; "), expected, "{sentence}");
    for understood in &brief.understood {
        let end = understood.start + understood.words.len();
        assert_eq!(&sentence[understood.start..end], understood.words, "{sentence}");
    }
}

#[test]
fn tempi_are_read() {
    check("80 bpm", "bpm=80");
    check("at 120", "bpm=120");
    check("a song at 92.5 bpm", "bpm=92.5");
    check("128bpm please", "bpm=128");
    check("one hundred and twenty beats per minute", "bpm=120");
    check("tempo of 140", "bpm=140");
    check("slow", "pace=Slow");
    check("very slow song", "pace=VerySlow");
    check("an uptempo track", "pace=Fast");
    check("Allegro", "pace=Fast");
    check("mid-tempo", "pace=Medium");
    check("not too fast", "pace=not fast");
    check("a half-time beat", "feel=HalfTime");
    check("jazz in 5/4 at 170 bpm", "genre=Jazz; meter=5/4; bpm=170");
    check("in double time", "feel=DoubleTime");
}

#[test]
fn metres_are_read() {
    check("in 3/4", "meter=3/4");
    check("a waltz", "meter=3/4");
    check("6/8", "meter=6/8");
    check("in five", "meter=5/4");
    check("something in 7/8 at 140 bpm", "meter=7/8; bpm=140");
}

#[test]
fn keys_are_read() {
    check("in B flat", "key=Bb");
    check("F#m", "key=F# minor");
    check("in A minor", "key=A minor");
    check("D dorian", "key=D dorian");
    check("a sad song in a minor", "mood=sad; key=A minor");
    check("key of E flat major", "key=Eb major");
    check("in C", "key=C");
    check("in Bbm", "key=Bb minor");
    check("in F sharp minor", "key=F# minor");
    check("in a dark mood", "mood=dark");
    check("I am sad", "mood=sad");
    check("in minor", "mode=minor");
    check("lydian", "mode=lydian");
}

#[test]
fn moods_eras_and_energy_are_read() {
    check("a happy tune", "mood=happy");
    check("wistful and hopeful", "mood=melancholic; mood=uplifting");
    check("not sad", "without=sad");
    check("dreamy, nostalgic", "mood=ethereal; mood=nostalgic");
    check("an eighties track", "era=1980s");
    check("70s", "era=1970s");
    check("energetic", "energy=High");
    check("quiet piano", "energy=Low; instrument=piano");
    check("it builds up slowly", "shape=Builds; pace=Slow");
    check("epic and mysterious", "mood=epic; mood=mysterious");
    check("relaxed", "mood=calm");
    check("not too loud", "energy=Low");
}

#[test]
fn genres_and_instruments_are_read() {
    check("lo-fi", "genre=Lo-fi hip-hop");
    check("lofi hip hop beats", "genre=Lo-fi hip-hop");
    check("no beats", "without=drums");
    check("distorted guitars", "instrument=distorted guitar");
    check("bebop with a trumpet solo", "genre=Jazz; instrument=trumpet");
    check("a deep house track", "genre=House");
    check("outrun", "genre=Synthwave");
    check("jazz guitar", "instrument=jazz guitar");
    check("jazz with guitar", "genre=Jazz; instrument=electric guitar");
    check("orchestral trailer music with choir", "genre=Cinematic; instrument=choir");
    check("upright bass and brushes", "instrument=upright bass; instrument=brushes");
    check("solo piano", "only=nobody else; instrument=piano");
    check(
        "rhodes, sax and vibes",
        "instrument=electric piano; instrument=saxophone; instrument=vibraphone",
    );
    check("no drums", "without=drums");
    check("without bass", "without=bass guitar");
    check("without drums or bass", "without=drums; without=bass guitar");
    check("rock without any saxophone", "genre=Rock; without=saxophone");
    check("no drums, with piano", "without=drums; instrument=piano");
    check("instrumental", "without=vocals");
    check("no vocals", "without=vocals");
}

#[test]
fn lengths_are_read() {
    check("two minutes", "duration=120 s");
    check("1:30", "duration=90 s");
    check("ninety seconds", "duration=90 s");
    check("3 min", "duration=180 s");
    check("2m30s", "duration=150 s");
    check("a minute and a half", "duration=90 s");
    check("half a minute", "duration=30 s");
    check("two and a half minutes", "duration=150 s");
    check("a 2-minute jazz song", "duration=120 s; genre=Jazz");
    check("2 minutes 30 seconds", "duration=150 s");
    check("45 sec of house", "duration=45 s; genre=House");
    check("90s house for 90 seconds", "era=1990s; genre=House; duration=90 s");
}

#[test]
fn titles_are_read() {
    check("called \"Foo\"", "title=Foo");
    check("a jazz song called Blue Harbour, slow", "genre=Jazz; title=Blue Harbour; pace=Slow");
    check("\u{201c}Rain in C\u{201d}, lo-fi", "title=Rain in C; genre=Lo-fi hip-hop");
}

#[test]
fn whole_sentences_are_read() {
    check(
        "A melancholic lo-fi track at 72 bpm in F minor with rhodes and no drums, about two minutes",
        "mood=melancholic; genre=Lo-fi hip-hop; bpm=72; key=F minor; instrument=electric piano; \
         without=drums; duration=120 s",
    );
    check(
        "Make me an energetic 80s synthwave song in A minor, 118 bpm, 3:20 long",
        "energy=High; era=1980s; genre=Synthwave; key=A minor; bpm=118; duration=200 s",
    );
}

fn unmet(sentence: &str, words: &str, answer: &str) {
    let brief = Brief::read(sentence, &names()).unwrap();
    let found = brief.unmet.iter().any(|wish| wish.words == words && wish.answer.contains(answer));
    assert!(found, "{sentence}: {:?}", brief.unmet);
}

#[test]
fn what_cannot_be_done_is_said() {
    unmet("house with vocals", "vocals", "no singer");
    unmet("a trap beat", "trap", "no trap yet");
    unmet("drum and bass", "drum and bass", "no drum and bass yet");
    unmet("sounds like Daft Punk", "sounds like Daft Punk", "no artist");
    unmet("rock like Queen", "like Queen", "no artist");
    unmet("jazz with banjo", "banjo", "no banjo");
    unmet("house without kick drum", "kick drum", "single drums");
    unmet("lo-fi with vinyl crackle", "vinyl crackle", "treated as the genre does");
    unmet("in 9/8", "9/8", "not a supported metre");
    unmet("lyrics about rain", "lyrics", "no lyrics");
    let brief = Brief::read("some techno", &names()).unwrap();
    assert_eq!(brief.genre.as_deref(), Some("house"));
}

#[test]
fn a_genre_is_found_when_none_is_named() {
    let check = |sentence: &str, expected: &str| {
        let genres = names();
        let brief = Brief::read(sentence, &genres).unwrap();
        assert_eq!(brief.genre_among(&genres).unwrap().id, expected, "{sentence}");
    };
    check("something epic with choir", "cinematic");
    check("a smoky saxophone in the fifties", "jazz");
    check("angry distorted guitar", "rock");
    check("eighties synths at night", "synthwave");
    check("chill music to study", "lo-fi-hip-hop");
    check("euphoric and fast", "house");
    check("a waltz", "lo-fi-hip-hop");
    check("epic jazz", "jazz");
}

#[test]
fn unknown_words_are_listed_and_fillers_are_not() {
    let brief = Brief::read("a purple jazz song for my cat", &names()).unwrap();
    assert_eq!(brief.not_understood, ["purple", "cat"]);
}

#[test]
fn impossible_wishes_are_errors_that_name_the_range() {
    let refused = |sentence: &str, words: &[&str]| {
        let error = Brief::read(sentence, &names()).unwrap_err().to_string();
        assert!(words.iter().all(|word| error.contains(word)), "{sentence}: {error}");
    };
    refused("", &["empty"]);
    refused("   ", &["empty"]);
    refused("5 seconds", &["duration", "15 seconds to 15 minutes"]);
    refused("two hours of jazz", &["duration", "15 minutes"]);
    refused("house at 900 bpm", &["tempo", "20 to 300"]);
    refused(&"word ".repeat(500), &["2500", "2000"]);
}

#[test]
fn flags_override_the_sentence() {
    let genres = names();
    let wishes = Wishes {
        genre: Some("Jazz".into()),
        bpm: Some(99.0),
        key: Some("Bb minor".parse().unwrap()),
        duration: Some(30.0),
        ..Wishes::default()
    };
    let brief = Brief::read("house at 120 in C, 2 minutes", &genres).unwrap();
    let brief = brief.with(&wishes, &genres).unwrap();
    assert_eq!(brief.genre.as_deref(), Some("jazz"));
    assert_eq!((brief.bpm, brief.duration), (Some(99.0), Some(30.0)));
    assert_eq!(brief.understood.iter().filter(|u| u.field == "bpm").count(), 1);
    let unknown = Wishes { genre: Some("polka".into()), ..Wishes::default() };
    let error = brief.clone().with(&unknown, &genres).unwrap_err();
    assert!(matches!(error, Error::UnknownGenre { .. }), "{error}");
    let short = Wishes { duration: Some(3.0), ..Wishes::default() };
    assert!(brief.with(&short, &genres).is_err());
}

#[test]
fn a_brief_survives_its_file() {
    let brief =
        Brief::read("sad jazz in Bb minor with cello, no drums, 80s, 2m", &names()).unwrap();
    let text = serde_json::to_string(&brief).unwrap();
    assert_eq!(serde_json::from_str::<Brief>(&text).unwrap(), brief);
}
