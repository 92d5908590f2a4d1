//! Rules as one statement of SQL. Its text is made of fixed pieces alone; every value is bound.

use clock::{Date, Nanos};
use store::UserId;
use store::rusqlite::types::Value as Bound;
use store::rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::field::{Fold, Kind};
use super::{Condition, Group, MAX_DEPTH, Operator, Order, Rule, Rules, SortBy, Value};
use crate::catalogue::Page;
use crate::playlists::MAX_ENTRIES;
use crate::{Error, PlaylistId, TrackId, folding};

/// Conditions of a smart playlist and of all those it names.
const MAX_ALL_CONDITIONS: usize = 1_000;
const DAY_NANOS: i64 = 86_400_000_000_000;

/// A statement that finds the ids of tracks, with its values.
#[derive(Debug)]
pub(crate) struct Statement {
    text: String,
    values: Vec<Bound>,
}

/// The rules of a playlist of `owner` as a statement, for a part of the list. `id` is the playlist's
/// own, where it has one already.
///
/// # Errors
/// [`Error::Asked`] for playlists that name one another in a circle.
pub(crate) fn statement(
    connection: &Connection,
    (owner, id): (UserId, Option<PlaylistId>),
    rules: &Rules,
    now: Nanos,
    page: Page,
) -> Result<Statement, Error> {
    let made = Statement { text: String::new(), values: Vec::new() };
    let mut maker =
        Maker { connection, now, within: id.into_iter().collect(), left: MAX_ALL_CONDITIONS, made };
    maker.select(owner, rules, page)?;
    Ok(maker.made)
}

impl Statement {
    /// The tracks it finds, in order.
    pub(crate) fn ids(&self, connection: &Connection) -> Result<Vec<TrackId>, Error> {
        let mut statement = connection.prepare(&self.text)?;
        let rows = statement.query_map(params_from_iter(&self.values), |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many there are, how many of them are missing, and the milliseconds of those that are not.
    pub(crate) fn sums(&self, connection: &Connection) -> Result<(i64, i64, i64), Error> {
        let sums = format!(
            "SELECT count(*), count(missing),
                coalesce(sum(duration_ms) FILTER (WHERE missing IS NULL), 0)
             FROM track WHERE id IN ({})",
            self.text
        );
        let mut statement = connection.prepare(&sums)?;
        let sums = statement.query_row(params_from_iter(&self.values), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        Ok(sums)
    }
}

struct Maker<'a> {
    connection: &'a Connection,
    now: Nanos,
    /// The playlists whose rules are being written, the outermost first.
    within: Vec<PlaylistId>,
    left: usize,
    made: Statement,
}

impl Maker<'_> {
    fn write(&mut self, text: &str) {
        self.made.text.push_str(text);
    }

    fn bind(&mut self, value: impl Into<Bound>) {
        self.made.values.push(value.into());
        self.made.text.push_str(&format!("?{}", self.made.values.len()));
    }

    fn select(&mut self, owner: UserId, rules: &Rules, page: Page) -> Result<(), Error> {
        self.write(
            "SELECT track.id FROM track JOIN album ON album.id = track.album
             LEFT JOIN track_mark AS mark ON mark.track = track.id AND mark.user = ",
        );
        self.bind(owner.0);
        self.write(" LEFT JOIN album_mark ON album_mark.album = album.id AND album_mark.user = ");
        self.bind(owner.0);
        self.write(" WHERE ");
        if !rules.asks_for_missing() {
            self.write("track.missing IS NULL AND ");
        }
        self.group(owner, &rules.group)?;
        self.order(rules);
        // What is wanted of what the rules leave.
        let most =
            rules.limit.map_or(MAX_ENTRIES as u64, |limit| (limit as u64).min(MAX_ENTRIES as u64));
        let limit = most.saturating_sub(page.offset).min(page.limit);
        let offset = page.offset.saturating_add(rules.offset.unwrap_or(0).into());
        let (limit, offset) = Page { offset, limit }.values();
        self.write(" LIMIT ");
        self.bind(limit);
        self.write(" OFFSET ");
        self.bind(offset);
        Ok(())
    }

    fn order(&mut self, rules: &Rules) {
        self.write(" ORDER BY ");
        for sort in &rules.sort {
            match sort.by {
                SortBy::Field(field) => self.write(&field.order()),
                SortBy::Random => {
                    let day = Date::of(self.now).start().0 / DAY_NANOS;
                    self.write("((track.id * 2654435761 * ");
                    self.bind((day.wrapping_mul(0x5bd1_e995) & 0x7fff_ffff) | 1);
                    self.write(" / 4096) & 2147483647)");
                }
            }
            let is_turned = rules.order == Some(Order::Descending);
            self.write(if sort.descending == is_turned { ", " } else { " DESC, " });
        }
        let by_title = match rules.order {
            Some(Order::Descending) if rules.sort.is_empty() => "track.sort DESC, track.id DESC",
            _ if rules.sort.is_empty() => "track.sort, track.id",
            _ => "track.id",
        };
        self.write(by_title);
    }

    fn group(&mut self, owner: UserId, group: &Group) -> Result<(), Error> {
        let between = match group {
            Group::All(_) => " AND ",
            Group::Any(_) => " OR ",
        };
        self.write("(");
        for (n, rule) in group.rules().iter().enumerate() {
            if n > 0 {
                self.write(between);
            }
            self.rule(owner, rule)?;
        }
        self.write(")");
        Ok(())
    }

    fn rule(&mut self, owner: UserId, rule: &Rule) -> Result<(), Error> {
        if !matches!(rule, Rule::Group(_)) {
            self.left = self.left.checked_sub(1).ok_or_else(|| Error::Asked {
                what: "a number of conditions, with those of the playlists they name,",
                given: format!("more than {MAX_ALL_CONDITIONS}"),
                accepted: "at most 1000",
            })?;
        }
        match rule {
            Rule::Group(group) => self.group(owner, group),
            Rule::Condition(condition) => {
                self.condition(condition);
                Ok(())
            }
            Rule::InPlaylist(id) => self.playlist(owner, *id, ""),
            Rule::NotInPlaylist(id) => self.playlist(owner, *id, "NOT "),
        }
    }

    /// A playlist that is gone since, or not for the owner to see, holds nothing.
    fn playlist(&mut self, owner: UserId, id: PlaylistId, not: &str) -> Result<(), Error> {
        let known: Option<(UserId, Option<String>)> = self
            .connection
            .prepare_cached(
                "SELECT owner, rules FROM playlist WHERE id = ?1 AND (owner = ?2 OR public = 1)",
            )?
            .query_row((id, owner), |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        self.write(not);
        let Some((other, rules)) = known else {
            self.write("0");
            return Ok(());
        };
        self.write("track.id IN (");
        match rules {
            None => {
                self.write("SELECT playlist_entry.track FROM playlist_entry WHERE playlist = ");
                self.bind(id.0);
            }
            Some(rules) => {
                if self.within.contains(&id) || self.within.len() > MAX_DEPTH {
                    return Err(Error::Asked {
                        what: "the smart playlist",
                        given: id.to_string(),
                        accepted: "one that does not lead back to the one that names it",
                    });
                }
                self.within.push(id);
                self.select(other, &Rules::from_json(&rules)?, Page::WHOLE)?;
                self.within.pop();
            }
        }
        self.write(")");
        Ok(())
    }

    fn condition(&mut self, condition: &Condition) {
        let (holds, operator) = positive(condition.operator());
        let sql = condition.field().sql();
        if operator == Operator::IsPresent {
            let wanted = (condition.value() == &Value::Flag(true)) == holds;
            self.write(if wanted { "(" } else { "NOT (" });
            self.presence(condition.field().kind(), sql);
            self.write(")");
            return;
        }
        self.write("((");
        match condition.field().kind() {
            Kind::Texts => {
                self.write(&format!("EXISTS(SELECT 1 FROM ({sql}) WHERE "));
                self.text("value", operator, condition);
                self.write(")");
            }
            Kind::Text => self.text(&format!("lower(coalesce({sql}, ''))"), operator, condition),
            Kind::Count => self.ordered(&format!("coalesce({sql}, 0)"), operator, condition),
            Kind::Number | Kind::Flag | Kind::Moment | Kind::Date => {
                self.ordered(sql, operator, condition);
            }
        }
        self.write(if holds { ") IS TRUE)" } else { ") IS NOT TRUE)" });
    }

    fn presence(&mut self, kind: Kind, sql: &str) {
        let text = match kind {
            Kind::Text | Kind::Date => format!("coalesce({sql}, '') <> ''"),
            Kind::Texts => format!("EXISTS({sql})"),
            Kind::Count => format!("coalesce({sql}, 0) <> 0"),
            Kind::Number | Kind::Flag | Kind::Moment => format!("{sql} IS NOT NULL"),
        };
        self.write(&text);
    }

    fn text(&mut self, sql: &str, operator: Operator, condition: &Condition) {
        let Value::Text(text) = condition.value() else { return self.write("0") };
        let text = match condition.field().fold() {
            Fold::Identity => folding::identity(text),
            Fold::Ascii => text.to_ascii_lowercase(),
        };
        match operator {
            Operator::Contains | Operator::StartsWith => {
                self.write(&format!("instr({sql}, "));
                self.bind(text);
                self.write(if operator == Operator::Contains { ") > 0" } else { ") = 1" });
            }
            // From its end by bytes; LIKE would take % and _ for more than they are.
            Operator::EndsWith if !text.is_empty() => {
                let bytes = text.into_bytes();
                self.write(&format!("substr(CAST({sql} AS BLOB), "));
                self.bind(-i64::try_from(bytes.len()).unwrap_or(i64::MAX));
                self.write(") = ");
                self.bind(bytes);
            }
            Operator::EndsWith => self.write(&format!("{sql} IS NOT NULL")),
            _ => {
                self.write(&format!("{sql} = "));
                self.bind(text);
            }
        }
    }

    /// Numbers, moments, dates, flags.
    fn ordered(&mut self, sql: &str, operator: Operator, condition: &Condition) {
        let is_date = condition.field().kind() == Kind::Date;
        match (operator, condition.value()) {
            (Operator::InTheRange, Value::Range(ends)) => {
                self.from(sql, &ends[0]);
                self.write(" AND ");
                self.to(sql, &ends[1]);
            }
            (Operator::InTheLast, Value::Days(days)) => {
                let since = Date::of(self.now.plus(-DAY_NANOS.saturating_mul((*days).into())));
                self.write(&format!("{sql} >= "));
                if is_date { self.bind(since.to_string()) } else { self.bind(since.start().0) }
            }
            (Operator::Is, Value::Day(_)) => {
                self.from(sql, condition.value());
                self.write(" AND ");
                self.to(sql, condition.value());
            }
            (Operator::Lt | Operator::Before, Value::Day(day)) => {
                self.write(&format!("{sql} < "));
                self.bind(day.start().0);
            }
            (_, Value::Day(_)) => self.from(sql, condition.value()),
            (operator, value) => {
                self.write(sql);
                self.write(match operator {
                    Operator::Gt | Operator::After => " > ",
                    Operator::Lt | Operator::Before => " < ",
                    _ => " = ",
                });
                self.plain(value);
            }
        }
    }

    fn from(&mut self, sql: &str, value: &Value) {
        self.write(&format!("{sql} >= "));
        self.plain(value);
    }

    /// Up to the end of a day.
    fn to(&mut self, sql: &str, value: &Value) {
        let day_after = match value {
            Value::Day(day) => Some(day.next().start().0),
            _ => None,
        };
        match day_after {
            Some(after) => {
                self.write(&format!("{sql} < "));
                self.bind(after);
            }
            None => {
                self.write(&format!("{sql} <= "));
                self.plain(value);
            }
        }
    }

    fn plain(&mut self, value: &Value) {
        match value {
            Value::Text(text) => self.bind(text.clone()),
            Value::Number(number) => self.bind(*number),
            Value::Flag(flag) => self.bind(i64::from(*flag)),
            Value::Day(day) => self.bind(day.start().0),
            Value::Days(days) => self.bind(i64::from(*days)),
            // A range is written by its ends.
            Value::Range(_) => self.write("NULL"),
        }
    }
}

/// What an operator denies, with whether it affirms.
fn positive(operator: Operator) -> (bool, Operator) {
    match operator {
        Operator::IsNot => (false, Operator::Is),
        Operator::NotContains => (false, Operator::Contains),
        Operator::NotInTheLast => (false, Operator::InTheLast),
        Operator::IsMissing => (false, Operator::IsPresent),
        other => (true, other),
    }
}
