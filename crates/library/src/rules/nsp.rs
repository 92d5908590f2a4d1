//! Rules as JSON: the files Navidrome reads and writes.

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use store::UserId;

use super::{Condition, Field, Group, Operator, Order, Rule, Rules, Sort, SortBy, Value};
use crate::playlists::{Content, NewPlaylist};
use crate::{Error, Library, PlaylistId};

/// A larger file holds no rules: 200 conditions of 1000 signs, each written as `\u....`, fit in less.
const MAX_BYTES: usize = 2 << 20;

/// A smart playlist as a file has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Smart {
    /// What it is called.
    pub name: Option<String>,
    /// What is said of it.
    pub comment: Option<String>,
    /// Whether all may read it.
    pub public: Option<bool>,
    /// What it holds.
    pub rules: Rules,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Option<String>,
    comment: Option<String>,
    public: Option<bool>,
    all: Option<Vec<Json>>,
    any: Option<Vec<Json>>,
    sort: Option<String>,
    order: Option<String>,
    limit: Option<u32>,
    offset: Option<u32>,
}

impl Smart {
    /// Reads a `.nsp` file.
    ///
    /// # Errors
    /// [`Error::Asked`] names what is not known or not taken, and what would be.
    pub fn from_nsp(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > MAX_BYTES {
            let given = format!("{} bytes", bytes.len());
            return Err(asked("rules of", given, "at most 2 MiB"));
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let file: File = serde_json::from_slice(bytes).map_err(|error| {
            let accepted = "name comment public all any sort order limit offset, as JSON";
            asked("the rules", error.to_string(), accepted)
        })?;
        let rules = Rules {
            group: match (file.all, file.any) {
                (Some(all), None) => Group::All(each(&all)?),
                (None, Some(any)) => Group::Any(each(&any)?),
                (Some(_), Some(_)) => {
                    return Err(asked("the rules", "all and any".to_owned(), "one of them"));
                }
                (None, None) => {
                    return Err(asked("the rules", String::new(), "a list \"all\" or \"any\""));
                }
            },
            sort: sorts(file.sort.as_deref().unwrap_or_default())?,
            order: order(file.order.as_deref().unwrap_or_default())?,
            // Navidrome writes 0 where there is none.
            limit: file.limit.filter(|limit| *limit > 0),
            offset: file.offset.filter(|offset| *offset > 0),
        };
        rules.check()?;
        Ok(Self { name: file.name, comment: file.comment, public: file.public, rules })
    }

    /// The playlist it is; `name` is for a file that does not call itself anything.
    pub(crate) fn into_playlist(self, name: &str) -> NewPlaylist {
        NewPlaylist {
            name: self.name.unwrap_or_else(|| name.to_owned()),
            comment: self.comment.unwrap_or_default(),
            public: self.public.unwrap_or(false),
            content: Content::Rules(self.rules),
        }
    }

    /// Writes a `.nsp` file.
    pub fn to_nsp(&self) -> String {
        let rules = &self.rules;
        let (kind, group) = match &rules.group {
            Group::All(all) => ("all", listed(all)),
            Group::Any(any) => ("any", listed(any)),
        };
        let sort = rules.sort.iter().map(|sort| {
            let name = match sort.by {
                SortBy::Random => "random",
                SortBy::Field(field) => field.name(),
            };
            if sort.descending { format!("-{name}") } else { name.to_owned() }
        });
        let sort = sort.collect::<Vec<_>>().join(",");
        let order = rules.order.map(|order| match order {
            Order::Ascending => "asc",
            Order::Descending => "desc",
        });
        // In the order people write them, which a map would not keep.
        let members = [
            ("name", self.name.as_ref().map(|name| json!(name))),
            ("comment", self.comment.as_ref().map(|comment| json!(comment))),
            ("public", self.public.map(|public| json!(public))),
            (kind, Some(json!(group))),
            ("sort", (!sort.is_empty()).then(|| json!(sort))),
            ("order", order.map(|order| json!(order))),
            ("limit", rules.limit.map(|limit| json!(limit))),
            ("offset", rules.offset.map(|offset| json!(offset))),
        ];
        let members = members.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let members: Vec<String> =
            members.map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", members.join(","))
    }
}

impl Library {
    /// Makes a smart playlist of a `.nsp` file. `name` is for a file that does not call itself anything.
    ///
    /// # Errors
    /// [`Error::Asked`] for what is not taken, [`Error::Absent`] for playlists it names.
    pub fn import_nsp(&self, user: UserId, name: &str, bytes: &[u8]) -> Result<PlaylistId, Error> {
        self.create_playlist(user, Smart::from_nsp(bytes)?.into_playlist(name))
    }

    /// A smart playlist as a `.nsp` file.
    ///
    /// # Errors
    /// [`Error::Absent`], and [`Error::Asked`] for a playlist that is made by hand.
    pub fn export_nsp(&self, user: UserId, id: PlaylistId) -> Result<String, Error> {
        let playlist = self.playlist(user, id)?;
        let Some(rules) = playlist.rules else {
            return Err(asked("rules of", playlist.name, "a smart playlist"));
        };
        let comment = Some(playlist.comment).filter(|comment| !comment.is_empty());
        let (name, public) = (Some(playlist.name), Some(playlist.public));
        Ok(Smart { name, comment, public, rules }.to_nsp())
    }
}

impl Rules {
    /// As they are kept in the database.
    pub(crate) fn to_json(&self) -> String {
        let rules = self.clone();
        Smart { name: None, comment: None, public: None, rules }.to_nsp()
    }

    /// As [`Self::to_json`] wrote them.
    pub(crate) fn from_json(text: &str) -> Result<Self, Error> {
        Ok(Smart::from_nsp(text.as_bytes())?.rules)
    }
}

fn asked(what: &'static str, given: String, accepted: &'static str) -> Error {
    Error::Asked { what, given, accepted }
}

fn each(rules: &[Json]) -> Result<Vec<Rule>, Error> {
    rules.iter().map(rule).collect()
}

/// `{"is": {"loved": true}}`, `{"any": [...]}`, `{"inPlaylist": {"id": "pl-1"}}`.
fn rule(json: &Json) -> Result<Rule, Error> {
    let (name, of) = only(json, "a rule", "an object with one operator, as {\"is\": ...}")?;
    let rules = || {
        let list = of.as_array().map(Vec::as_slice);
        each(list.ok_or_else(|| asked("a group", short(of), "a list of rules"))?)
    };
    match name.to_lowercase().as_str() {
        "all" => Ok(Rule::Group(Group::All(rules()?))),
        "any" => Ok(Rule::Group(Group::Any(rules()?))),
        "inplaylist" => Ok(Rule::InPlaylist(playlist(of)?)),
        "notinplaylist" => Ok(Rule::NotInPlaylist(playlist(of)?)),
        _ => {
            let operator = Operator::named(name)?;
            let (field, value) = only(of, "a condition", "an object with one field")?;
            Condition::read(Field::named(field)?, operator, value).map(Rule::Condition)
        }
    }
}

fn playlist(of: &Json) -> Result<PlaylistId, Error> {
    let accepted = "{\"id\": ...} with the id of a playlist here, as \"pl-12\"";
    let (key, id) = only(of, "a playlist", accepted)?;
    let id = id.as_str().filter(|_| key == "id").and_then(|id| id.parse().ok());
    id.ok_or_else(|| asked("a playlist", short(of), accepted))
}

/// The one member of an object.
fn only<'a>(
    json: &'a Json,
    what: &'static str,
    accepted: &'static str,
) -> Result<(&'a str, &'a Json), Error> {
    let mut members = json.as_object().into_iter().flat_map(Map::iter);
    match (members.next(), members.next()) {
        (Some((key, value)), None) => Ok((key, value)),
        _ => Err(asked(what, short(json), accepted)),
    }
}

fn short(json: &Json) -> String {
    json.to_string().chars().take(64).collect()
}

fn sorts(text: &str) -> Result<Vec<Sort>, Error> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let each = parts.map(|part| {
        let descending = part.starts_with('-');
        let name = part.strip_prefix(['+', '-']).unwrap_or(part).trim();
        let by = match name.to_lowercase().as_str() {
            "random" => SortBy::Random,
            _ => SortBy::Field(Field::named(name)?),
        };
        Ok(Sort { by, descending })
    });
    each.collect()
}

fn order(text: &str) -> Result<Option<Order>, Error> {
    match text.trim().to_lowercase().as_str() {
        "" => Ok(None),
        "asc" => Ok(Some(Order::Ascending)),
        "desc" => Ok(Some(Order::Descending)),
        _ => Err(asked("the order", text.chars().take(64).collect(), "asc or desc")),
    }
}

fn listed(rules: &[Rule]) -> Vec<Json> {
    rules.iter().map(written).collect()
}

fn written(rule: &Rule) -> Json {
    match rule {
        Rule::Group(Group::All(rules)) => json!({ "all": listed(rules) }),
        Rule::Group(Group::Any(rules)) => json!({ "any": listed(rules) }),
        Rule::InPlaylist(id) => json!({ "inPlaylist": { "id": id.to_string() } }),
        Rule::NotInPlaylist(id) => json!({ "notInPlaylist": { "id": id.to_string() } }),
        Rule::Condition(condition) => {
            let (field, operator) = (condition.field().name(), condition.operator().name());
            json!({ operator: { field: value(condition.value()) } })
        }
    }
}

/// Whole numbers without a point: so they came. Beyond 2^53 a double is not every whole number.
fn value(value: &Value) -> Json {
    const WHOLE: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Text(text) => json!(text),
        Value::Number(number) if number.fract() == 0.0 && number.abs() < WHOLE => {
            json!(*number as i64)
        }
        Value::Number(number) => json!(number),
        Value::Flag(flag) => json!(flag),
        Value::Day(day) => json!(day.to_string()),
        Value::Days(days) => json!(days),
        Value::Range(ends) => json!([self::value(&ends[0]), self::value(&ends[1])]),
    }
}
