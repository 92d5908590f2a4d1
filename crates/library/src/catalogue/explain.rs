//! Every list's statement is asked how it is going to be found: by an index, in the order of the index.

use store::rusqlite::{Connection, params_from_iter};

use super::{albums, artists, tracks};
use crate::search::{self, Kind};

/// Statements, each with its name.
type Listed = [(&'static str, &'static str)];

/// Lists that are sorted once they are found, and why that is well.
const SORTED: [(&str, &str); 8] = [
    ("albums OF_GENRE", "they are gathered from the genre's tracks"),
    ("albums OF_ARTIST", "an artist has a few dozen"),
    ("albums WITH_ARTIST", "an artist is on a few dozen"),
    ("albums RANDOM", "chance is the order of no index"),
    ("tracks OF_ARTIST", "an artist has a few hundred, and their order is that of the albums"),
    ("tracks TOP_OF_ARTIST", "an artist has a few hundred, and everybody's plays are summed"),
    ("tracks OF_GENRE", "they are gathered from the genre"),
    ("tracks RANDOM", "chance is the order of no index"),
];

const ALBUMS: &Listed = &[
    ("albums BY_NAME", albums::sql::BY_NAME),
    ("albums BY_ARTIST", albums::sql::BY_ARTIST),
    ("albums NEWEST", albums::sql::NEWEST),
    ("albums BY_YEAR", albums::sql::BY_YEAR),
    ("albums BY_YEAR_BACKWARDS", albums::sql::BY_YEAR_BACKWARDS),
    ("albums OF_GENRE", albums::sql::OF_GENRE),
    ("albums OF_ARTIST", albums::sql::OF_ARTIST),
    ("albums WITH_ARTIST", albums::sql::WITH_ARTIST),
    ("albums RANDOM", albums::sql::RANDOM),
    ("albums STARRED", albums::sql::STARRED),
    ("albums RECENT", albums::sql::RECENT),
    ("albums FREQUENT", albums::sql::FREQUENT),
    ("albums HIGHEST", albums::sql::HIGHEST),
];
const ARTISTS: &Listed = &[
    ("artists WITH_ALBUMS", artists::sql::WITH_ALBUMS),
    ("artists ALL", artists::sql::ALL),
    ("artists STARRED", artists::sql::STARRED),
];
const TRACKS: &Listed = &[
    ("tracks ALL", tracks::sql::ALL),
    ("tracks OF_ALBUM", tracks::sql::OF_ALBUM),
    ("tracks OF_ARTIST", tracks::sql::OF_ARTIST),
    ("tracks TOP_OF_ARTIST", tracks::sql::TOP_OF_ARTIST),
    ("tracks IN_FOLDER", tracks::sql::IN_FOLDER),
    ("tracks OF_GENRE", tracks::sql::OF_GENRE),
    ("tracks STARRED", tracks::sql::STARRED),
    ("tracks RECENT", tracks::sql::RECENT),
    ("tracks FREQUENT", tracks::sql::FREQUENT),
    ("tracks NEWEST", tracks::sql::NEWEST),
    ("tracks RANDOM", tracks::sql::RANDOM),
];
const SEARCH: [(&str, &Kind); 3] = [
    ("search ARTISTS", &search::sql::ARTISTS),
    ("search ALBUMS", &search::sql::ALBUMS),
    ("search TRACKS", &search::sql::TRACKS),
];

/// How SQLite is going to find it, line by line.
fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let values = vec![None::<i64>; statement.parameter_count()];
    let rows = statement.query_map(params_from_iter(values), |row| row.get(3)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

fn database() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch("CREATE TABLE user(id INTEGER PRIMARY KEY) STRICT").unwrap();
    crate::SCHEMA.steps.iter().for_each(|step| connection.execute_batch(step).unwrap());
    connection
}

#[test]
fn every_list_is_found_by_an_index_in_its_order() {
    let connection = database();
    let ways = SEARCH.iter().flat_map(|(name, kind)| {
        kind.ways.iter().map(|way| way.sql()).chain([kind.lies_in]).map(move |sql| (*name, sql))
    });
    for (name, sql) in [ALBUMS, ARTISTS, TRACKS].concat().into_iter().chain(ways) {
        let plan = plan(&connection, sql);
        let by_index = |step: &String| step.contains(" USING ") || step.contains(" VIRTUAL TABLE ");
        let mut looked =
            plan.iter().filter(|step| step.contains("SCAN") || step.contains("SEARCH"));
        assert!(looked.all(by_index), "{name} looks at every row: {plan:#?}");
        let of_root = plan.iter().any(|step| step.contains("(root="));
        assert!(!of_root, "{name} goes through all of a root: {plan:#?}");
        let sorts = plan.iter().any(|step| step.contains("TEMP B-TREE"));
        let may_sort = SORTED.iter().any(|(listed, _)| *listed == name);
        assert_eq!(sorts, may_sort, "{name}: {plan:#?}");
    }
}

#[test]
fn no_statement_is_left_out() {
    for (listed, source) in [
        (ALBUMS, include_str!("albums.rs")),
        (ARTISTS, include_str!("artists.rs")),
        (TRACKS, include_str!("tracks.rs")),
    ] {
        assert_eq!(listed.len(), source.matches("pub(crate) const ").count(), "{listed:?}");
    }
    assert_eq!(SEARCH.len(), include_str!("../search.rs").matches("pub(crate) const ").count());
}
