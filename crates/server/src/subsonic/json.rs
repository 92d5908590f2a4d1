use serde::ser::{Serialize, SerializeMap, Serializer};

use super::node::{Member, Node, Scalar, Value};

/// The root object: one key, the name of the root element.
pub(super) struct Document<'a>(pub(super) &'static str, pub(super) &'a Node);

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(self.0, self.1)?;
        map.end()
    }
}

// Written member by member, so that the order is ours whatever map serde_json is built with.
impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, member) in &self.members {
            match member {
                Member::Attribute(scalar) | Member::Element(scalar) => {
                    map.serialize_entry(name, scalar)?;
                }
                Member::Child(node) => map.serialize_entry(name, node)?,
                Member::List(nodes) => map.serialize_entry(name, nodes)?,
                Member::Scalars(scalars) => map.serialize_entry(name, scalars)?,
            }
        }
        if let Some(text) = &self.text {
            map.serialize_entry("value", text)?;
        }
        map.end()
    }
}

impl Serialize for Scalar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Value::Text(text) => serializer.serialize_str(text),
            Value::Whole(number) => serializer.serialize_i64(*number),
            Value::Float(number) => serializer.serialize_f64(*number),
            Value::Flag(flag) => serializer.serialize_bool(*flag),
        }
    }
}
