//! The published description of the API, read file by file as its references name them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jsonschema::{Draft, Retrieve, Uri, Validator};
use serde_json::Value;

/// A made-up address under which the folder's files are known to each other.
const BASE: &str = "openapi:///";

pub(crate) struct Published {
    root: PathBuf,
}

/// A schema and the file its references are relative to.
#[derive(Clone)]
pub(crate) struct Schema {
    file: PathBuf,
    value: Value,
}

/// Which fields of which file were seen, and which are described.
#[derive(Default)]
pub(crate) struct Fields {
    pub(crate) unknown: Vec<String>,
    pub(crate) described: BTreeSet<(String, String)>,
    pub(crate) seen: BTreeSet<(String, String)>,
}

impl Published {
    pub(crate) fn find(test: &str) -> Option<Self> {
        let path = testkit::data("opensubsonic/openapi/openapi.json", test)?;
        Some(Self { root: path.parent()?.to_owned() })
    }

    fn read(&self, file: &Path) -> Value {
        let bytes = std::fs::read(self.root.join(file))
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        serde_json::from_slice(&bytes).unwrap()
    }

    /// The schema of a method's answer.
    pub(crate) fn answer(&self, method: &str) -> Schema {
        let file = PathBuf::from(format!("endpoints/{method}.json"));
        let endpoint = self.read(&file);
        let operation = endpoint.get("get").or(endpoint.get("post")).unwrap();
        let value = operation["responses"]["200"].clone();
        let response = self.resolved(&Schema { file, value });
        let value = response.value["content"]["application/json"]["schema"].clone();
        Schema { file: response.file, value }
    }

    fn resolved(&self, schema: &Schema) -> Schema {
        let Some(reference) = schema.value.get("$ref") else { return schema.clone() };
        let file = joined(&schema.file, reference.as_str().unwrap());
        let value = self.read(&file);
        self.resolved(&Schema { file, value })
    }

    fn validator(&self, schema: &Schema) -> Validator {
        jsonschema::options()
            .with_draft(Draft::Draft4)
            .with_base_uri(format!("{BASE}{}", schema.file.display()))
            .with_retriever(Self { root: self.root.clone() })
            .should_validate_formats(true)
            .build(&schema.value)
            .unwrap()
    }

    /// Fails with every way in which `document` is not what the schema says.
    pub(crate) fn check(&self, schema: &Schema, document: &Value, what: &str) {
        let validator = self.validator(schema);
        let errors: Vec<String> = validator
            .iter_errors(document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{what}: {errors:#?}\n{document:#}");
    }

    pub(crate) fn accepts(&self, schema: &Schema, document: &Value) -> bool {
        self.validator(schema).is_valid(document)
    }

    /// Compares the fields of `document` with those the schema describes.
    pub(crate) fn fields(&self, schema: &Schema, document: &Value, fields: &mut Fields) {
        match document {
            Value::Array(items) => {
                let schema = self.resolved(schema);
                let value = schema.value["items"].clone();
                let schema = Schema { file: schema.file, value };
                items.iter().for_each(|item| self.fields(&schema, item, fields));
            }
            Value::Object(members) => {
                let mut known = BTreeMap::new();
                self.properties(schema, &mut known);
                for (name, schema) in &known {
                    fields.described.insert((file_name(schema), name.clone()));
                }
                for (name, value) in members {
                    let Some(schema) = known.get(name) else {
                        fields.unknown.push(format!("{} has no {name}", schema.file.display()));
                        continue;
                    };
                    fields.seen.insert((file_name(schema), name.clone()));
                    self.fields(schema, value, fields);
                }
            }
            _ => {}
        }
    }

    fn properties(&self, schema: &Schema, known: &mut BTreeMap<String, Schema>) {
        let Schema { file, value } = self.resolved(schema);
        let within = |value: &Value| Schema { file: file.clone(), value: value.clone() };
        for combined in ["allOf", "oneOf"] {
            let parts = value.get(combined).and_then(Value::as_array).into_iter().flatten();
            parts.for_each(|part| self.properties(&within(part), known));
        }
        let properties = value.get("properties").and_then(Value::as_object).into_iter().flatten();
        for (name, property) in properties {
            known.insert(name.clone(), within(property));
        }
    }
}

/// Where a field is described.
fn file_name(schema: &Schema) -> String {
    schema.file.file_stem().unwrap().to_string_lossy().into_owned()
}

/// `reference` as seen from `file`, below the root.
fn joined(file: &Path, reference: &str) -> PathBuf {
    let mut path = file.parent().unwrap().to_owned();
    for part in Path::new(reference).components() {
        match part {
            std::path::Component::Normal(name) => path.push(name),
            std::path::Component::ParentDir => assert!(path.pop(), "{reference}"),
            _ => {}
        }
    }
    path
}

impl Retrieve for Published {
    fn retrieve(
        &self,
        uri: &Uri<String>,
    ) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let file = uri.as_str().strip_prefix(BASE).ok_or("a reference leaves the folder")?;
        Ok(self.read(Path::new(file)))
    }
}
