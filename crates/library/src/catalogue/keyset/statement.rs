//! One list as SQL, in the order of an index.

use store::UserId;
use store::rusqlite::types::Value;
use store::rusqlite::{Connection, Row, params_from_iter};

use super::{Part, Place};
use crate::Error;

/// A column a list is sorted by, and what may be in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    name: &'static str,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Whole,
    /// A number, or nothing: the first column alone may be so.
    Perhaps,
}

impl Column {
    pub(super) const fn text(name: &'static str) -> Self {
        Self { name, kind: Kind::Text }
    }

    pub(super) const fn whole(name: &'static str) -> Self {
        Self { name, kind: Kind::Whole }
    }

    pub(super) const fn perhaps(name: &'static str) -> Self {
        Self { name, kind: Kind::Perhaps }
    }

    fn takes(self, part: &Part) -> bool {
        match part {
            Part::Text(_) => self.kind == Kind::Text,
            Part::Whole(_) => self.kind != Kind::Text,
            Part::Nothing => self.kind == Kind::Perhaps,
        }
    }
}

/// A list: a table, its columns to sort by with the number last, and what holds of its rows.
pub(super) struct Statement {
    table: &'static str,
    columns: &'static [Column],
    falls: bool,
    conditions: Vec<&'static str>,
    values: Vec<Value>,
}

impl Statement {
    pub(super) fn new(table: &'static str, columns: &'static [Column], falls: bool) -> Self {
        Self { table, columns, falls, conditions: Vec::new(), values: Vec::new() }
    }

    /// Keeps rows of which this holds.
    pub(super) fn keep_all(&mut self, condition: &'static str) {
        self.conditions.push(condition);
    }

    /// Keeps rows of which this holds with the value in place of its one question mark.
    pub(super) fn keep(&mut self, condition: &'static str, value: impl Into<Value>) {
        self.conditions.push(condition);
        self.values.push(value.into());
    }

    /// Keeps what the listener has starred, or has not.
    pub(super) fn keep_marked(&mut self, kind: &'static str, starred: Option<bool>, user: UserId) {
        let condition = match (kind, starred) {
            (_, None) => return,
            ("track", Some(true)) => {
                "id IN (SELECT track FROM track_mark WHERE user = ? AND starred IS NOT NULL)"
            }
            ("track", Some(false)) => {
                "id NOT IN (SELECT track FROM track_mark WHERE user = ? AND starred IS NOT NULL)"
            }
            ("album", Some(true)) => {
                "id IN (SELECT album FROM album_mark WHERE user = ? AND starred IS NOT NULL)"
            }
            ("album", Some(false)) => {
                "id NOT IN (SELECT album FROM album_mark WHERE user = ? AND starred IS NOT NULL)"
            }
            (_, Some(true)) => {
                "id IN (SELECT artist FROM artist_mark WHERE user = ? AND starred IS NOT NULL)"
            }
            (_, Some(false)) => {
                "id NOT IN (SELECT artist FROM artist_mark WHERE user = ? AND starred IS NOT NULL)"
            }
        };
        self.keep(condition, user.0);
    }

    /// Ids of a page, and where the next one goes on.
    pub(super) fn page(
        &self,
        connection: &Connection,
        after: Option<&Place>,
        limit: usize,
    ) -> Result<(Vec<i64>, Option<Place>), Error> {
        if let Some(after) = after {
            self.check(after)?;
        }
        let mut places = Vec::new();
        for half in self.halves(after) {
            // One more than is shown tells whether there is more.
            let wanted = (limit + 1).saturating_sub(places.len());
            if wanted > 0 {
                places.extend(self.find(connection, half, wanted)?);
            }
        }
        let is_more = places.len() > limit;
        places.truncate(limit);
        let next = places.last().filter(|_| is_more).cloned();
        let id = |place: &Place| match place.0.last() {
            Some(Part::Whole(id)) => *id,
            // The last column is the number.
            _ => 0,
        };
        Ok((places.iter().map(id).collect(), next))
    }

    fn check(&self, place: &Place) -> Result<(), Error> {
        let parts = self.columns.iter().zip(&place.0);
        let mut fits = parts.map(|(column, part)| column.takes(part));
        if place.0.len() == self.columns.len() && fits.all(|fits| fits) {
            return Ok(());
        }
        let accepted = "the place a page of this very list ended at";
        Err(Error::Asked { what: "after", given: format!("{} values", place.0.len()), accepted })
    }

    /// What is left of the list behind a place. Where the first value may be unknown, those of which
    /// it is known come first, and each half has the order of the index.
    fn halves<'a>(&self, after: Option<&'a Place>) -> Vec<Half<'a>> {
        let is_perhaps = self.columns.first().is_some_and(|column| column.kind == Kind::Perhaps);
        if !is_perhaps {
            return vec![Half { is_known: None, after }];
        }
        let rest = Half { is_known: Some(false), after: None };
        match after {
            Some(place) if place.0.first() == Some(&Part::Nothing) => {
                vec![Half { is_known: Some(false), after }]
            }
            _ => vec![Half { is_known: Some(true), after }, rest],
        }
    }

    fn find(
        &self,
        connection: &Connection,
        half: Half<'_>,
        limit: usize,
    ) -> Result<Vec<Place>, Error> {
        let (sql, mut values) = self.sql(half);
        values.push(Value::Integer(i64::try_from(limit).unwrap_or(i64::MAX)));
        let mut statement = connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(values), |row| self.place(row))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn sql(&self, half: Half<'_>) -> (String, Vec<Value>) {
        let names = |columns: &[Column]| columns.iter().map(|c| c.name).collect::<Vec<_>>();
        let (mut conditions, mut values) = (
            self.conditions.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>(),
            self.values.clone(),
        );
        let first = self.columns.first().map_or("id", |column| column.name);
        match half.is_known {
            Some(true) => conditions.push(format!("{first} IS NOT NULL")),
            Some(false) => conditions.push(format!("{first} IS NULL")),
            None => {}
        }
        // A column that is nothing all over sorts nothing.
        let passed = usize::from(half.is_known == Some(false));
        let sorted = names(self.columns.get(passed..).unwrap_or_default());
        if let Some(after) = half.after {
            let marks = vec!["?"; sorted.len()].join(", ");
            let sign = if self.falls { '<' } else { '>' };
            conditions.push(format!("({}) {sign} ({marks})", sorted.join(", ")));
            values.extend(after.0.iter().skip(passed).map(Part::value));
        }
        let direction = if self.falls { " DESC" } else { "" };
        let order: Vec<String> = sorted.iter().map(|n| format!("{n}{direction}")).collect();
        let sql = format!(
            "SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT ?",
            names(self.columns).join(", "),
            self.table,
            conditions.join(" AND "),
            order.join(", ")
        );
        (sql, values)
    }

    fn place(&self, row: &Row<'_>) -> store::rusqlite::Result<Place> {
        let part = |(at, column): (usize, &Column)| match column.kind {
            Kind::Text => row.get(at).map(Part::Text),
            Kind::Whole => row.get(at).map(Part::Whole),
            Kind::Perhaps => {
                row.get(at).map(|value: Option<i64>| value.map_or(Part::Nothing, Part::Whole))
            }
        };
        Ok(Place(self.columns.iter().enumerate().map(part).collect::<Result<_, _>>()?))
    }

    /// How SQLite is going to find it, from the beginning and from the middle on.
    #[cfg(test)]
    pub(super) fn plans(&self, connection: &Connection) -> Vec<String> {
        let middle = self.columns.iter().map(|column| match column.kind {
            Kind::Text => Part::Text("m".to_owned()),
            Kind::Whole | Kind::Perhaps => Part::Whole(5),
        });
        let middle = Place(middle.collect());
        let halves = [self.halves(None), self.halves(Some(&middle))].concat();
        let plan = |half| {
            let (sql, mut values) = self.sql(half);
            values.push(Value::Integer(5));
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let rows = statement.query_map(params_from_iter(values), |row| row.get(3)).unwrap();
            let lines: Vec<String> = rows.collect::<Result<_, _>>().unwrap();
            format!("{sql}: {}", lines.join(" / "))
        };
        halves.into_iter().map(plan).collect()
    }
}

/// A part of a list that one index gives in order.
#[derive(Debug, Clone, Copy)]
struct Half<'a> {
    /// Whether the first value is known, where it may not be.
    is_known: Option<bool>,
    after: Option<&'a Place>,
}

impl Part {
    fn value(&self) -> Value {
        match self {
            Self::Whole(whole) => Value::Integer(*whole),
            Self::Text(text) => Value::Text(text.clone()),
            Self::Nothing => Value::Null,
        }
    }
}
