//! JSON Schemas of what we write and read, made from the types themselves.
//!
//! Each carries the version of its structure in its name; a reader that finds another version
//! in a file asks for another schema.

use compose::Brief;
use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::Value;

use crate::analyse::{self, Described};
use crate::batch::{self, Summary};
use crate::compare::{self, Compared};
use crate::genre::{self, Genre};
use crate::master::{self, Mastered};
use crate::recipe::{self, Recipe};
use crate::report::{self, Report};
use crate::similar::{self, Similar};

/// The schemas there are.
pub const NAMES: [&str; 9] =
    ["analysis", "batch", "brief", "comparison", "genre", "master", "recipe", "report", "similar"];

/// The schema of that name. It covers shapes, not every range: what is stated only by a pattern
/// of letters or by several fields together is checked when the file is read.
pub fn named(name: &str) -> Option<Value> {
    let (schema, version) = match name {
        "analysis" => (of::<Described>(), analyse::SCHEMA),
        "batch" => (of::<Summary>(), batch::SCHEMA),
        "brief" => (of::<Brief>(), compose::brief::SCHEMA),
        "comparison" => (of::<Compared>(), compare::SCHEMA),
        "genre" => (of::<Genre>(), genre::SCHEMA),
        "master" => (of::<Mastered>(), master::SCHEMA),
        "recipe" => (of::<Recipe>(), recipe::SCHEMA),
        "similar" => (of::<Similar>(), similar::SCHEMA),
        "report" => (of::<Report>(), report::SCHEMA),
        _ => return None,
    };
    Some(entitled(schema, name, version))
}

/// Everything is described as it is read; what we write is read by us as well.
fn of<T: JsonSchema>() -> Schema {
    SchemaGenerator::new(SchemaSettings::draft2020_12()).into_root_schema_for::<T>()
}

/// Named, and bound to its version: `schema` may be no other number.
fn entitled(schema: Schema, name: &str, version: u32) -> Value {
    let mut schema = schema.to_value();
    // No server answers there: the name only has to be the same everywhere.
    schema["$id"] = format!("https://triad.invalid/schema/{name}-{version}.json").into();
    schema["title"] = format!("Triad {name}, version {version}").into();
    schema["properties"]["schema"]["const"] = version.into();
    schema
}
