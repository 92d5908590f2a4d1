//! What rules mean, said a second time in the plainest way, and held against what the database finds.

use clock::{Date, Nanos, Seed};
use library::catalogue::Page;
use library::folding::identity;
use library::rules::{
    Condition, Field, Group, Kind, Operator, Order, Rule, Rules, Smart, Sort, SortBy, Value,
};
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop, prop_oneof};
use proptest::{prop_assert_eq, proptest};

use crate::house::{ANNA, House, Song, now};

const DAY: i64 = 86_400_000_000_000;
/// Words that a careless statement would take for more than words.
const HOSTILE: [&str; 16] = [
    "",
    "a",
    "A",
    "'",
    "''",
    "\"",
    "%",
    "_",
    "a%b",
    "\\",
    "O'Brien",
    "\0",
    "a\0b",
    "\u{c4}",
    "\u{e4}",
    "'); DROP TABLE track; --",
];

/// The collection of the property: the same every time, of hostile words.
fn collection() -> Vec<Song> {
    let mut chance = Seed(11).stream("songs");
    let songs = (0..70).map(|n| {
        let mut word = || HOSTILE[chance.below(HOSTILE.len())];
        let words = format!("{}{}", word(), word());
        let artist = format!("x{}", word());
        let genres = [word(), word()];
        let (comment, mood) = (word().to_owned(), word().replace(['\0', ';'], ""));
        let mut maybe = |below: usize| (chance.below(3) > 0).then(|| chance.below(below) as i64);
        Song {
            title: words,
            path: format!("{n}"),
            artists: vec![artist],
            album: format!("album {}", maybe(4).unwrap_or(0)),
            compilation: maybe(2) == Some(1),
            genres: genres
                .iter()
                .filter(|g| !identity(g).is_empty())
                .map(|g| (*g).to_owned())
                .collect(),
            moods: if mood.is_empty() { Vec::new() } else { vec![mood, "Calm".to_owned()] },
            comment: maybe(2).map(|_| comment),
            year: maybe(4).map(|year| 1990 + year),
            bpm: maybe(3).map(|bpm| 100 + bpm),
            date: maybe(3).map(|day| format!("2020-01-0{}", day + 1)),
            duration_ms: maybe(5).unwrap_or(0) * 500,
            added: now().0 - maybe(6).unwrap_or(0) * DAY,
            missing: maybe(8) == Some(0),
            starred: maybe(6).map(|days| now().0 - days * DAY),
            rating: maybe(5).map(|stars| stars + 1),
            plays: maybe(4).unwrap_or(0),
            played: maybe(6).map(|days| now().0 - days * DAY),
        }
    });
    songs.collect()
}

fn text_value() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(HOSTILE.to_vec());
    let word = prop_oneof![4 => word.prop_map(str::to_owned), 1 => ".{0,3}".prop_map(|text| text)];
    word.prop_map(Value::Text)
}

fn condition() -> BoxedStrategy<Condition> {
    let fields = vec![
        Field::Title,
        Field::Artist,
        Field::Genre,
        Field::Mood,
        Field::Comment,
        Field::Album,
        Field::Year,
        Field::Bpm,
        Field::Duration,
        Field::Rating,
        Field::PlayCount,
        Field::Loved,
        Field::Compilation,
        Field::Missing,
        Field::DateAdded,
        Field::DateLoved,
        Field::LastPlayed,
        Field::Date,
    ];
    let pair = prop::sample::select(fields).prop_flat_map(|field| {
        (Just(field), prop::sample::select(Operator::of(field.kind()).to_vec()))
    });
    pair.prop_flat_map(|(field, operator)| {
        value(field, operator)
            .prop_map(move |value| Condition::new(field, operator, value).unwrap())
    })
    .boxed()
}

fn value(field: Field, operator: Operator) -> BoxedStrategy<Value> {
    let one = match field.kind() {
        Kind::Text | Kind::Texts => text_value().boxed(),
        Kind::Number | Kind::Count => prop_oneof![(-1..6_i64), (1989..1995_i64), (99..103_i64)]
            .prop_flat_map(|whole| prop_oneof![Just(whole as f64), Just(whole as f64 + 0.5)])
            .prop_map(Value::Number)
            .boxed(),
        Kind::Flag => any::<bool>().prop_map(Value::Flag).boxed(),
        Kind::Moment => {
            (0..7_i64).prop_map(|days| Value::Day(Date::of(now().plus(-days * DAY)))).boxed()
        }
        Kind::Date => prop::sample::select(vec!["2019", "2020", "2020-01", "2020-01-02", "2021"])
            .prop_map(|date| Value::Text(date.to_owned()))
            .boxed(),
    };
    match operator {
        Operator::IsMissing | Operator::IsPresent => any::<bool>().prop_map(Value::Flag).boxed(),
        Operator::InTheLast | Operator::NotInTheLast => (0..8_u32).prop_map(Value::Days).boxed(),
        Operator::InTheRange => {
            (one.clone(), one).prop_map(|(from, to)| Value::Range(Box::new([from, to]))).boxed()
        }
        _ => one,
    }
}

fn group() -> impl Strategy<Value = Group> {
    let leaf = condition().prop_map(Rule::Condition);
    let rule = leaf.prop_recursive(3, 12, 4, |inner| {
        let rules = prop::collection::vec(inner, 1..4);
        (any::<bool>(), rules).prop_map(|(all, rules)| {
            Rule::Group(if all { Group::All(rules) } else { Group::Any(rules) })
        })
    });
    (any::<bool>(), prop::collection::vec(rule, 1..4))
        .prop_map(|(all, rules)| if all { Group::All(rules) } else { Group::Any(rules) })
}

fn list() -> impl Strategy<Value = Rules> {
    let sort = (prop::sample::select(Field::ALL.to_vec()), any::<bool>())
        .prop_map(|(field, descending)| Sort { by: SortBy::Field(field), descending });
    let order = prop::sample::select(vec![None, Some(Order::Ascending), Some(Order::Descending)]);
    let number = || prop::option::of(1..80_u32);
    (group(), prop::collection::vec(sort, 0..3), order, number(), number())
        .prop_map(|(group, sort, order, limit, offset)| Rules { group, sort, order, limit, offset })
}

/// What the rules mean, said in the plainest way.
fn holds(song: &Song, group: &Group) -> bool {
    let one = |rule: &Rule| match rule {
        Rule::Group(group) => holds(song, group),
        Rule::Condition(condition) => meets(song, condition),
        Rule::InPlaylist(_) | Rule::NotInPlaylist(_) => false,
    };
    match group {
        Group::All(rules) => rules.iter().all(one),
        Group::Any(rules) => rules.iter().any(one),
    }
}

fn meets(song: &Song, condition: &Condition) -> bool {
    use Operator::{InTheLast, Is, IsMissing, IsNot, IsPresent, NotContains, NotInTheLast};
    let (field, value) = (condition.field(), condition.value());
    match condition.operator() {
        IsNot => !affirms(song, field, Is, value),
        NotContains => !affirms(song, field, Operator::Contains, value),
        NotInTheLast => !affirms(song, field, InTheLast, value),
        IsMissing => present(song, field) != (value == &Value::Flag(true)),
        IsPresent => present(song, field) == (value == &Value::Flag(true)),
        operator => affirms(song, field, operator, value),
    }
}

fn texts(song: &Song, field: Field) -> Vec<String> {
    let small = |text: &str| text.to_ascii_lowercase();
    match field {
        Field::Title => vec![small(&song.title)],
        Field::Album => vec![small(&song.album)],
        Field::Comment => vec![small(song.comment.as_deref().unwrap_or(""))],
        Field::Artist => song.artists.iter().map(|name| identity(name)).collect(),
        Field::Genre => song.genres.iter().map(|name| identity(name)).collect(),
        Field::Mood => song.moods.iter().map(|name| small(name)).collect(),
        other => panic!("{other:?}"),
    }
}

fn number(song: &Song, field: Field) -> Option<f64> {
    match field {
        Field::Year => song.year.map(|year| year as f64),
        Field::Bpm => song.bpm.map(|bpm| bpm as f64),
        Field::Duration => Some(song.duration_ms as f64 / 1_000.0),
        Field::Rating => Some(song.rating.unwrap_or(0) as f64),
        Field::PlayCount => Some(song.plays as f64),
        other => panic!("{other:?}"),
    }
}

fn moment(song: &Song, field: Field) -> Option<Nanos> {
    match field {
        Field::DateAdded => Some(Nanos(song.added)),
        Field::DateLoved => song.starred.map(Nanos),
        Field::LastPlayed => song.played.map(Nanos),
        other => panic!("{other:?}"),
    }
}

fn flag(song: &Song, field: Field) -> bool {
    match field {
        Field::Loved => song.starred.is_some(),
        Field::Compilation => song.compilation,
        Field::Missing => song.missing,
        other => panic!("{other:?}"),
    }
}

fn present(song: &Song, field: Field) -> bool {
    match field.kind() {
        Kind::Text | Kind::Texts => texts(song, field).iter().any(|text| !text.is_empty()),
        Kind::Number => number(song, field).is_some(),
        Kind::Count => number(song, field).unwrap() != 0.0,
        Kind::Moment => moment(song, field).is_some(),
        Kind::Date => song.date.is_some(),
        Kind::Flag => panic!("a flag is always there"),
    }
}

fn affirms(song: &Song, field: Field, operator: Operator, value: &Value) -> bool {
    match (field.kind(), value) {
        (Kind::Text | Kind::Texts, Value::Text(text)) => {
            let by_identity = matches!(field, Field::Artist | Field::Genre);
            let text = if by_identity { identity(text) } else { text.to_ascii_lowercase() };
            texts(song, field).iter().any(|one| match operator {
                Operator::Is => *one == text,
                Operator::Contains => one.contains(&text),
                Operator::StartsWith => one.starts_with(&text),
                Operator::EndsWith => one.ends_with(&text),
                other => panic!("{other:?}"),
            })
        }
        (Kind::Number | Kind::Count, value) => {
            let Some(one) = number(song, field) else { return false };
            match (operator, value) {
                (Operator::Is, Value::Number(other)) => one == *other,
                (Operator::Gt, Value::Number(other)) => one > *other,
                (Operator::Lt, Value::Number(other)) => one < *other,
                (Operator::InTheRange, Value::Range(ends)) => match &**ends {
                    [Value::Number(from), Value::Number(to)] => *from <= one && one <= *to,
                    other => panic!("{other:?}"),
                },
                other => panic!("{other:?}"),
            }
        }
        (Kind::Flag, Value::Flag(wanted)) => flag(song, field) == *wanted,
        (Kind::Moment, value) => {
            let day = moment(song, field).map(Date::of);
            day.is_some_and(|day| {
                in_order(
                    operator,
                    value,
                    &day,
                    &|value| match value {
                        Value::Day(day) => *day,
                        other => panic!("{other:?}"),
                    },
                    &|days| Date::of(now().plus(-DAY * days)),
                    true,
                )
            })
        }
        (Kind::Date, value) => song.date.as_ref().is_some_and(|date| {
            in_order(
                operator,
                value,
                date,
                &|value| match value {
                    Value::Text(text) => text.clone(),
                    other => panic!("{other:?}"),
                },
                &|days| Date::of(now().plus(-DAY * days)).to_string(),
                false,
            )
        }),
        other => panic!("{other:?}"),
    }
}

/// Of moments "after" begins with the day itself.
fn in_order<T: Ord>(
    operator: Operator,
    value: &Value,
    one: &T,
    read: &dyn Fn(&Value) -> T,
    ago: &dyn Fn(i64) -> T,
    after_is_since: bool,
) -> bool {
    match (operator, value) {
        (Operator::InTheLast, Value::Days(days)) => *one >= ago((*days).into()),
        (Operator::InTheRange, Value::Range(ends)) => {
            read(&ends[0]) <= *one && *one <= read(&ends[1])
        }
        (Operator::Is, value) => *one == read(value),
        (Operator::Lt | Operator::Before, value) => *one < read(value),
        (Operator::Gt | Operator::After, value) if after_is_since => *one >= read(value),
        (Operator::Gt | Operator::After, value) => *one > read(value),
        other => panic!("{other:?}"),
    }
}

fn asks_for_missing(group: &Group) -> bool {
    group.rules().iter().any(|rule| match rule {
        Rule::Group(group) => asks_for_missing(group),
        Rule::Condition(condition) => condition.field() == Field::Missing,
        _ => false,
    })
}

#[test]
fn the_statement_finds_what_the_rules_mean() {
    let house = House::new();
    let songs = collection();
    let ids = house.fill(&songs);
    proptest!(|(list in list())| {
        let all = Rules { limit: None, offset: None, ..list.clone() };
        let found = house.library.preview_rules(ANNA, &all, Page::WHOLE).unwrap();
        let found: Vec<_> = found.into_iter().map(|track| track.id).collect();
        let mut sorted = found.clone();
        sorted.sort();
        let missing_too = asks_for_missing(&list.group);
        let meant = songs.iter().zip(&ids).filter(|(song, _)| {
            (missing_too || !song.missing) && holds(song, &list.group)
        });
        prop_assert_eq!(sorted, meant.map(|(_, id)| *id).collect::<Vec<_>>());
        let part = house.library.preview_rules(ANNA, &list, Page::WHOLE).unwrap();
        let part: Vec<_> = part.into_iter().map(|track| track.id).collect();
        let (offset, limit) = (list.offset.unwrap_or(0), list.limit.unwrap_or(u32::MAX));
        let cut = found.into_iter().skip(offset as usize).take(limit as usize);
        prop_assert_eq!(part, cut.collect::<Vec<_>>());
    });
}

proptest! {
    #[test]
    fn rules_come_back_from_json_as_they_were(list in list(), name in prop::option::of(".{0,5}")) {
        let smart = Smart { name, comment: None, public: Some(true), rules: list };
        prop_assert_eq!(Smart::from_nsp(smart.to_nsp().as_bytes()).unwrap(), smart);
    }

    #[test]
    fn no_bytes_make_the_reader_of_rules_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        field in ".{0,8}",
        value in ".{0,8}",
    ) {
        drop(Smart::from_nsp(&bytes));
        let json = serde_json::json!({ "all": [{ "is": { (field): value } }] });
        drop(Smart::from_nsp(json.to_string().as_bytes()));
    }
}
