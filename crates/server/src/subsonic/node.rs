use clock::Nanos;

/// An element of an answer, the same for every format it is rendered in.
///
/// Names are part of the program, never of a request, so that no name can carry markup. Members
/// keep the order in which they were added; a name is added once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Node {
    pub(super) members: Vec<(&'static str, Member)>,
    pub(super) text: Option<String>,
}

/// What stands under one name.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Member {
    /// XML: an attribute. JSON: a value.
    Attribute(Scalar),
    /// XML: a child element with text, as some of the first Subsonic's elements are. JSON: a value.
    Element(Scalar),
    /// XML: a child element. JSON: an object.
    Child(Node),
    /// XML: an element an item. JSON: an array, with one item or none as well.
    List(Vec<Node>),
    /// XML: an element with text an item. JSON: an array.
    Scalars(Vec<Scalar>),
}

/// A single value that every format can carry; made from plain values only.
#[derive(Debug, Clone, PartialEq)]
pub struct Scalar(pub(super) Value);

/// What a [`Scalar`] is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// Without the characters XML 1.0 cannot carry.
    Text(String),
    Whole(i64),
    /// Finite.
    Float(f64),
    Flag(bool),
}

impl From<&str> for Scalar {
    /// Drops what XML 1.0 forbids: both formats carry the same text.
    fn from(text: &str) -> Self {
        Self(Value::Text(text.chars().filter(|&char| allowed(char)).collect()))
    }
}

impl From<&String> for Scalar {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<bool> for Scalar {
    fn from(flag: bool) -> Self {
        Self(Value::Flag(flag))
    }
}

impl From<u32> for Scalar {
    fn from(number: u32) -> Self {
        Self(Value::Whole(number.into()))
    }
}

impl From<i64> for Scalar {
    fn from(number: i64) -> Self {
        Self(Value::Whole(number))
    }
}

impl From<u64> for Scalar {
    /// Held at 2^63 - 1: no size or count of ours comes near it.
    fn from(number: u64) -> Self {
        Self(Value::Whole(i64::try_from(number).unwrap_or(i64::MAX)))
    }
}

impl From<Nanos> for Scalar {
    /// A date and time of ISO 8601 in UTC, to the millisecond.
    fn from(moment: Nanos) -> Self {
        let text = moment.to_string();
        let (day, time) = text.split_once(' ').unwrap_or((&text, ""));
        let to_the_millisecond = &time[..time.len().min("00:00:00.000".len())];
        Self(Value::Text(format!("{day}T{to_the_millisecond}Z")))
    }
}

impl Node {
    /// An element without content.
    pub fn new() -> Self {
        Self::default()
    }

    /// With an attribute.
    #[must_use]
    pub fn attribute(self, name: &'static str, value: impl Into<Scalar>) -> Self {
        self.with(name, Member::Attribute(value.into()))
    }

    /// With an attribute where there is a value, without it where there is none.
    #[must_use]
    pub fn maybe<V: Into<Scalar>>(self, name: &'static str, value: Option<V>) -> Self {
        match value {
            Some(value) => self.attribute(name, value),
            None => self,
        }
    }

    /// With an attribute where a finite number was measured: neither format has another.
    #[must_use]
    pub fn float(self, name: &'static str, value: Option<f64>) -> Self {
        match value.filter(|value| value.is_finite()) {
            Some(value) => self.with(name, Member::Attribute(Scalar(Value::Float(value)))),
            None => self,
        }
    }

    /// With a child that is only text, where there is any.
    #[must_use]
    pub fn element<V: Into<Scalar>>(self, name: &'static str, value: Option<V>) -> Self {
        match value {
            Some(value) => self.with(name, Member::Element(value.into())),
            None => self,
        }
    }

    /// With one child.
    #[must_use]
    pub fn child(self, name: &'static str, child: Self) -> Self {
        self.with(name, Member::Child(child))
    }

    /// With one child where there is one.
    #[must_use]
    pub fn maybe_child(self, name: &'static str, child: Option<Self>) -> Self {
        match child {
            Some(child) => self.child(name, child),
            None => self,
        }
    }

    /// With a list of children; an empty list is there and empty.
    #[must_use]
    pub fn list(self, name: &'static str, items: impl IntoIterator<Item = Self>) -> Self {
        self.with(name, Member::List(items.into_iter().collect()))
    }

    /// With a list of single values; an empty list is there and empty.
    #[must_use]
    pub fn scalars<V: Into<Scalar>>(
        self,
        name: &'static str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.with(name, Member::Scalars(values.into_iter().map(Into::into).collect()))
    }

    /// With text of its own: XML's text, the key `value` of JSON.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.text = Some(text.chars().filter(|&char| allowed(char)).collect());
        self
    }

    /// With everything of `other` after what is here.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        for (name, member) in other.members {
            self = self.with(name, member);
        }
        self.text = self.text.or(other.text);
        self
    }

    /// A name that stands twice is a fault of ours; builds with assertions look for it.
    fn with(mut self, name: &'static str, member: Member) -> Self {
        debug_assert!(self.members.iter().all(|(known, _)| *known != name), "{name} stands twice");
        self.members.push((name, member));
        self
    }
}

/// The production `Char` of XML 1.0; a surrogate is no `char` to begin with.
fn allowed(char: char) -> bool {
    matches!(char, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::{Node, Scalar, Value};
    use clock::Nanos;

    fn text(text: &str) -> Scalar {
        Scalar(Value::Text(text.to_owned()))
    }

    #[test]
    fn a_moment_is_iso_8601_in_utc() {
        let moment = Nanos(1_746_372_780_123_456_789);
        assert_eq!(Scalar::from(moment), text("2025-05-04T15:33:00.123Z"));
        assert_eq!(Scalar::from(Nanos(-1)), text("1969-12-31T23:59:59.999Z"));
    }

    #[test]
    fn what_xml_forbids_is_dropped_from_text() {
        assert_eq!(Scalar::from("a\u{0}b\u{8}c\td\u{FFFE}e\u{1F600}"), text("abc\tde\u{1F600}"));
    }

    #[test]
    fn a_number_that_is_none_is_absent() {
        assert_eq!(Node::new().float("gain", Some(f64::NAN)), Node::new());
    }
}
