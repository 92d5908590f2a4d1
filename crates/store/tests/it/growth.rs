use store::{Chapter, Error, Store};

const FIRST: &str = "CREATE TABLE song(id INTEGER PRIMARY KEY, title TEXT NOT NULL) STRICT";
const SECOND: &str = "ALTER TABLE song ADD COLUMN plays INTEGER NOT NULL DEFAULT 0";
const OTHER: &str = "CREATE TABLE listener(id INTEGER PRIMARY KEY) STRICT";

const OLD: Chapter = Chapter { name: "songs", steps: &[FIRST] };
const NEW: Chapter = Chapter { name: "songs", steps: &[FIRST, SECOND] };
const LISTENERS: Chapter = Chapter { name: "listeners", steps: &[OTHER] };

fn schema(store: &Store) -> Vec<String> {
    store
        .read(|connection| -> Result<_, Error> {
            let mut statement = connection.prepare(
                "SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER BY name",
            )?;
            let rows = statement.query_map([], |row| row.get::<_, Option<String>>(0))?;
            Ok(rows.filter_map(|sql| sql.unwrap()).collect())
        })
        .unwrap()
}

#[test]
fn an_old_schema_grows_to_a_fresh_one_and_keeps_a_copy_of_what_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let (old, fresh) = (dir.path().join("old.db"), dir.path().join("fresh.db"));
    let store = Store::open(&old, &[OLD], 1).unwrap();
    store
        .write(|c| -> Result<_, Error> { Ok(c.execute("INSERT INTO song VALUES(1, 'a')", [])?) })
        .unwrap();
    drop(store);
    let grown = Store::open(&old, &[NEW, LISTENERS], 1).unwrap();
    assert_eq!(schema(&grown), schema(&Store::open(&fresh, &[NEW, LISTENERS], 1).unwrap()));
    let kept = Store::open(&dir.path().join("old.before-1.db"), &[OLD], 1).unwrap();
    let title: String = kept
        .read(|c| -> Result<_, Error> {
            Ok(c.query_row("SELECT title FROM song", [], |row| row.get(0))?)
        })
        .unwrap();
    assert_eq!(title, "a");
}

#[test]
fn a_newer_database_and_a_rewritten_step_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    drop(Store::open(&path, &[NEW], 1).unwrap());
    assert!(matches!(Store::open(&path, &[OLD], 1), Err(Error::Newer { found: 2, known: 1, .. })));
    let rewritten = Chapter { name: "songs", steps: &[OTHER, SECOND] };
    let refused = Store::open(&path, &[rewritten], 1);
    assert!(matches!(refused, Err(Error::Rewritten { step: 1, .. })));
}

#[test]
fn a_step_that_fails_leaves_the_schema_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    drop(Store::open(&path, &[OLD], 1).unwrap());
    let wrong = Chapter { name: "songs", steps: &[FIRST, SECOND, "CREATE TABLE song(id)"] };
    assert!(Store::open(&path, &[wrong], 1).is_err());
    assert_eq!(schema(&Store::open(&path, &[OLD], 1).unwrap()).len(), 2);
}

#[test]
fn what_is_no_database_is_named_as_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    std::fs::write(&path, "words, words, words and no database at all".repeat(100)).unwrap();
    assert!(matches!(Store::open(&path, &[OLD], 1), Err(Error::Damaged(_))));
}
