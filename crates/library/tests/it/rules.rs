use clock::Date;
use library::catalogue::Page;
use library::playlists::{Change, Content, NewPlaylist};
use library::rules::{
    Condition, Field, Group, Kind, Operator, Rule, Rules, Smart, Sort, SortBy, Value,
};
use library::{Error, PlaylistId};

use crate::house::{ANNA, BERT, House, Song, now};

const DAY: i64 = 86_400_000_000_000;
fn rules(json: &str) -> Rules {
    Smart::from_nsp(json.as_bytes()).unwrap().rules
}

fn refusal(json: &str) -> String {
    Smart::from_nsp(json.as_bytes()).unwrap_err().to_string()
}

fn found(house: &House, rules: &Rules) -> Vec<String> {
    let tracks = house.library.preview_rules(ANNA, rules, Page::WHOLE).unwrap();
    tracks.into_iter().map(|track| track.title).collect()
}

fn smart(house: &House, json: &str, public: bool) -> Result<PlaylistId, Error> {
    let content = Content::Rules(rules(json));
    let new = NewPlaylist { name: "s".to_owned(), comment: String::new(), public, content };
    house.library.create_playlist(ANNA, new)
}

#[test]
fn a_file_of_navidrome_is_read_and_written() {
    let text = r#"{"name":"Eighties","comment":"good ones","all":[{"any":[{"is":{"loved":true}},
        {"gt":{"rating":3}}]},{"inTheRange":{"year":[1981,1990]}},{"notInTheLast":{"lastPlayed":30}},
        {"before":{"dateAdded":"2024-02-29"}},{"isMissing":{"genre":false}},
        {"notInPlaylist":{"id":"pl-7"}}],"sort":"-year,+title,random","order":"desc","limit":25,"offset":5}"#;
    let smart = Smart::from_nsp(text.as_bytes()).unwrap();
    assert_eq!(smart.name.as_deref(), Some("Eighties"));
    assert_eq!(smart.rules.sort.len(), 3);
    assert_eq!((smart.rules.limit, smart.rules.offset), (Some(25), Some(5)));
    let written = smart.to_nsp();
    let wanted = text.replace("\n        ", "").replace("+title", "title");
    let wanted = wanted.replace("lastPlayed", "lastplayed").replace("dateAdded", "dateadded");
    assert_eq!(written, wanted);
    assert_eq!(Smart::from_nsp(written.as_bytes()).unwrap(), smart);
}

#[test]
fn a_smart_playlist_comes_from_a_file_and_goes_to_one() {
    let house = House::new();
    house.numbered(2);
    let text = r#"{"name":"Two","public":true,"all":[{"is":{"title":"2"}}],"limit":7}"#;
    let id = house.library.import_nsp(ANNA, "file", text.as_bytes()).unwrap();
    assert_eq!(house.library.export_nsp(BERT, id).unwrap(), text);
    assert_eq!(house.library.playlist(BERT, id).unwrap().tracks, 1);
    let nameless = house.library.import_nsp(ANNA, "file", br#"{"any":[{"is":{"loved":true}}]}"#);
    let nameless = house.library.playlist(ANNA, nameless.unwrap()).unwrap();
    assert_eq!((nameless.name.as_str(), nameless.public), ("file", false));
    assert!(matches!(house.library.export_nsp(BERT, nameless.id), Err(Error::Absent(_))));
    let by_hand = NewPlaylist {
        name: "hand".to_owned(),
        comment: String::new(),
        public: false,
        content: Content::Tracks(Vec::new()),
    };
    let by_hand = house.library.create_playlist(ANNA, by_hand).unwrap();
    assert!(matches!(house.library.export_nsp(ANNA, by_hand), Err(Error::Asked { .. })));
}

#[test]
fn the_largest_rules_that_are_taken_are_kept_and_read_again() {
    let house = House::new();
    house.numbered(1);
    let text = Value::Text("\u{1}".repeat(1_000));
    let condition = Condition::new(Field::Title, Operator::IsNot, text).unwrap();
    let group = Group::All(vec![Rule::Condition(condition); 200]);
    let rules = Rules { group, sort: Vec::new(), order: None, limit: None, offset: None };
    let content = Content::Rules(rules.clone());
    let new = NewPlaylist { name: "s".to_owned(), comment: String::new(), public: false, content };
    let id = house.library.create_playlist(ANNA, new).unwrap();
    let kept = house.library.playlist(ANNA, id).unwrap();
    assert_eq!((kept.tracks, kept.rules), (1, Some(rules)));
}

#[test]
fn what_is_not_known_is_refused_by_name_with_what_is() {
    for (json, wanted) in [
        (r#"{"all":[{"is":{"titel":1}}]}"#, "the field \"titel\": accepted is one of title album"),
        (r#"{"all":[{"is":{"barcode":"1"}}]}"#, "not kept here, \"barcode\""),
        (
            r#"{"all":[{"equals":{"title":"x"}}]}"#,
            "the operator \"equals\": accepted is one of all",
        ),
        (r#"{"all":[{"gt":{"title":"x"}}]}"#, "\"gt title\": accepted is is isNot contains"),
        (r#"{"all":[{"is":{"year":"soon"}}]}"#, "accepted is a number"),
        (r#"{"all":[{"is":{"loved":3}}]}"#, "true or false"),
        (r#"{"all":[{"before":{"dateadded":"2023-02-29"}}]}"#, "a day, as"),
        (r#"{"all":[{"inTheRange":{"year":[1]}}]}"#, "two numbers"),
        (r#"{"all":[{"inTheLast":{"lastplayed":-1}}]}"#, "number of days"),
        (r#"{"all":[{"inPlaylist":{"id":"abc"}}]}"#, "a playlist here"),
        (r#"{"all":[{"is":{"title":"x","album":"y"}}]}"#, "an object with one field"),
        (r#"{"all":[],"sort":"title"}"#, "at least one rule"),
        (r#"{"all":[{"is":{"year":1}}],"any":[]}"#, "all and any"),
        (r#"{"sort":"title"}"#, "a list \"all\" or \"any\""),
        (r#"{"all":[{"is":{"year":1}}],"sort":"-nothing"}"#, "the field \"nothing\""),
        (r#"{"all":[{"is":{"year":1}}],"order":"up"}"#, "asc or desc"),
        (r#"{"all":[{"is":{"year":1}}],"limitPercent":5}"#, "unknown field `limitPercent`"),
        (r#"{"all":[{"is":{"year":1}}],"limit":-5}"#, "name comment public all any"),
        ("[]", "the rules"),
        ("{", "the rules"),
    ] {
        let said = refusal(json);
        assert!(said.contains(wanted), "{json}: {said}");
    }
}

#[test]
fn depth_and_number_of_rules_are_limited() {
    let deep = |levels: usize| {
        let inner = r#"{"is":{"year":1}}"#.to_owned();
        let list = (1..levels).fold(inner, |rule, _| format!(r#"{{"all":[{rule}]}}"#));
        format!(r#"{{"all":[{list}]}}"#)
    };
    assert!(Smart::from_nsp(deep(8).as_bytes()).is_ok());
    assert!(refusal(&deep(9)).contains("at most 8 deep"));
    // Deeper than the reader of JSON goes.
    assert!(refusal(&deep(5_000)).contains("the rules"));
    let many = |count| format!(r#"{{"all":[{}]}}"#, vec![r#"{"is":{"year":1}}"#; count].join(","));
    assert!(Smart::from_nsp(many(200).as_bytes()).is_ok());
    assert!(refusal(&many(201)).contains("at most 200"));
    let house = House::new();
    house.numbered(1);
    assert!(found(&house, &rules(&many(200))).is_empty());
    assert!(refusal(&format!("{{\"name\":\"{}\"}}", "x".repeat(2 << 20))).contains("2 MiB"));
}

#[test]
fn every_operator_of_every_field_is_a_statement() {
    let house = House::new();
    house.numbered(2);
    for field in Field::ALL {
        for operator in Operator::of(field.kind()) {
            let value = value_for(*field, *operator);
            let condition = Condition::new(*field, *operator, value).unwrap();
            for descending in [true, false] {
                let list = Rules {
                    group: Group::All(vec![Rule::Condition(condition.clone())]),
                    sort: vec![Sort { by: SortBy::Field(*field), descending }],
                    order: None,
                    limit: None,
                    offset: None,
                };
                let text = format!("{condition:?}");
                let tracks = house.library.preview_rules(ANNA, &list, Page::WHOLE);
                assert!(tracks.is_ok(), "{text}: {tracks:?}");
            }
        }
    }
}

fn value_for(field: Field, operator: Operator) -> Value {
    let date = Date::parse("2024-02-29").unwrap();
    let one = match field.kind() {
        Kind::Text | Kind::Texts => Value::Text("a".to_owned()),
        Kind::Number | Kind::Count => Value::Number(1.0),
        Kind::Flag => Value::Flag(true),
        Kind::Moment => Value::Day(date),
        Kind::Date => Value::Text("2024".to_owned()),
    };
    match operator {
        Operator::IsMissing | Operator::IsPresent => Value::Flag(true),
        Operator::InTheLast | Operator::NotInTheLast => Value::Days(3),
        Operator::InTheRange => Value::Range(Box::new([one.clone(), one])),
        _ => one,
    }
}

#[test]
fn a_list_is_sorted_by_several_fields_and_cut() {
    let house = House::new();
    let song = |title: &str, year, rating| Song { year, rating, ..Song::named(title) };
    house.fill(&[
        song("The Beta", Some(1990), None),
        song("alpha", Some(1990), Some(5)),
        song("Gamma", Some(1980), Some(1)),
        song("delta", None, Some(1)),
    ]);
    let listed = |more: &str| {
        found(&house, &rules(&format!(r#"{{"all":[{{"contains":{{"title":""}}}}]{more}}}"#)))
    };
    assert_eq!(listed(""), ["alpha", "The Beta", "delta", "Gamma"]);
    assert_eq!(listed(r#","order":"desc""#), ["Gamma", "delta", "The Beta", "alpha"]);
    assert_eq!(listed(r#","sort":"-year,title""#), ["alpha", "The Beta", "Gamma", "delta"]);
    assert_eq!(
        listed(r#","sort":"year,-title","order":"desc""#),
        ["alpha", "The Beta", "Gamma", "delta"]
    );
    assert_eq!(listed(r#","sort":"rating,-title""#), ["The Beta", "Gamma", "delta", "alpha"]);
    assert_eq!(listed(r#","limit":2,"offset":1"#), ["The Beta", "delta"]);
    let chance = listed(r#","sort":"random""#);
    assert_eq!(chance.len(), 4);
    assert_eq!(listed(r#","sort":"random""#), chance);
}

#[test]
fn the_page_is_a_part_of_what_the_limit_leaves() {
    let house = House::new();
    house.numbered(9);
    let id = smart(&house, r#"{"all":[{"contains":{"title":""}}],"limit":5,"offset":2}"#, false);
    let id = id.unwrap();
    let part = |offset, limit| {
        let page = Page { offset, limit };
        let contents = house.library.playlist_contents(ANNA, id, page).unwrap();
        assert_eq!((contents.playlist.tracks, contents.playlist.duration_ms), (5, 5_000));
        contents.entries.into_iter().map(|track| track.title).collect::<Vec<_>>().concat()
    };
    assert_eq!(part(0, 99), "34567");
    assert_eq!(part(3, 99), "67");
    assert_eq!(part(1, 2), "45");
    assert_eq!(part(5, 9) + &part(99, 9), "");
}

#[test]
fn rules_ask_for_what_their_owner_gave_and_the_reader_sees_their_own() {
    let house = House::new();
    house.fill(&[Song { rating: Some(5), ..Song::named("1") }, Song::named("2")]);
    let id = smart(&house, r#"{"all":[{"gt":{"rating":4}}]}"#, true).unwrap();
    let contents = house.library.playlist_contents(BERT, id, Page::WHOLE).unwrap();
    assert_eq!(contents.entries.len(), 1);
    assert_eq!(contents.entries[0].mark.rating, None);
    let own = rules(r#"{"all":[{"gt":{"rating":4}}]}"#);
    assert_eq!(house.library.preview_rules(BERT, &own, Page::WHOLE).unwrap(), []);
}

#[test]
fn missing_tracks_are_in_a_list_only_where_it_asks_for_them() {
    let house = House::new();
    house.fill(&[Song { missing: true, ..Song::named("1") }, Song::named("2")]);
    assert_eq!(found(&house, &rules(r#"{"all":[{"contains":{"title":""}}]}"#)), ["2"]);
    assert_eq!(found(&house, &rules(r#"{"all":[{"is":{"missing":true}}]}"#)), ["1"]);
    let both = r#"{"any":[{"is":{"missing":true}},{"is":{"title":"2"}}]}"#;
    assert_eq!(found(&house, &rules(both)), ["1", "2"]);
}

#[test]
fn playlists_within_rules_are_those_the_owner_may_read() {
    let house = House::new();
    let tracks = house.numbered(4);
    let by_hand = |user, picks: &[usize], public| {
        let content = Content::Tracks(picks.iter().map(|n| tracks[*n]).collect());
        let new = NewPlaylist { name: "h".to_owned(), comment: String::new(), public, content };
        house.library.create_playlist(user, new).unwrap()
    };
    let own = by_hand(ANNA, &[0, 1, 1], false);
    let public = by_hand(BERT, &[1, 2], true);
    let secret = by_hand(BERT, &[3], false);
    let is_in = |id: PlaylistId| format!(r#"{{"inPlaylist":{{"id":"{id}"}}}}"#);
    let within = smart(&house, &format!(r#"{{"all":[{},{}]}}"#, is_in(own), is_in(public)), false);
    let within = within.unwrap();
    let titles = |id| {
        let contents = house.library.playlist_contents(ANNA, id, Page::WHOLE).unwrap();
        contents.entries.into_iter().map(|track| track.title).collect::<Vec<_>>().concat()
    };
    assert_eq!(titles(within), "2");
    let not = format!(r#"{{"all":[{{"notInPlaylist":{{"id":"{within}"}}}}]}}"#);
    let not = smart(&house, &not, false).unwrap();
    assert_eq!(titles(not), "134");
    assert!(matches!(
        smart(&house, &format!(r#"{{"all":[{}]}}"#, is_in(secret)), false),
        Err(Error::Absent(_))
    ));
    // What leads back to itself is refused before it is kept.
    let back = Change {
        rules: Some(rules(&format!(r#"{{"all":[{}]}}"#, is_in(not)))),
        ..Change::default()
    };
    assert!(matches!(
        house.library.change_playlist(ANNA, within, back.clone()),
        Err(Error::Asked { .. })
    ));
    assert!(matches!(house.library.change_playlist(ANNA, not, back), Err(Error::Asked { .. })));
    assert_eq!(titles(not), "134");
    house.library.delete_playlist(ANNA, own).unwrap();
    assert_eq!(titles(within), "");
}

#[test]
fn days_begin_and_end_where_they_do() {
    let house = House::new();
    let day = Date::parse("2023-11-01").unwrap();
    let (start, end) = (day.start().0, day.next().start().0);
    let at = |title: &str, added| Song { added, ..Song::named(title) };
    house.fill(&[at("1", start - 1), at("2", start), at("3", end - 1), at("4", end)]);
    let listed = |rule: &str| found(&house, &rules(&format!(r#"{{"all":[{rule}]}}"#))).concat();
    assert_eq!(listed(r#"{"is":{"dateadded":"2023-11-01"}}"#), "23");
    assert_eq!(listed(r#"{"isNot":{"dateadded":"2023-11-01"}}"#), "14");
    assert_eq!(listed(r#"{"before":{"dateadded":"2023-11-01"}}"#), "1");
    assert_eq!(listed(r#"{"after":{"dateadded":"2023-11-01"}}"#), "234");
    assert_eq!(listed(r#"{"inTheRange":{"dateadded":["2023-11-01","2023-11-01"]}}"#), "23");
    assert_eq!(now().since(day.start()) / DAY, 13);
    assert_eq!(listed(r#"{"inTheLast":{"dateadded":13}}"#), "234");
    assert_eq!(listed(r#"{"inTheLast":{"dateadded":12}}"#), "4");
    assert_eq!(listed(r#"{"notInTheLast":{"dateadded":12}}"#), "123");
}
