use std::borrow::Cow;
use std::io::Result as Written;

use quick_xml::Writer;
use quick_xml::escape::escape;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::name::QName;

use super::node::{Member, Node, Scalar, Value};

/// The namespace of every element of the protocol.
const NAMESPACE: &str = "http://subsonic.org/restapi";

type Sheet = Writer<Vec<u8>>;

/// The whole document with `root` under `name`.
pub(super) fn document(name: &'static str, root: &Node) -> Written<Vec<u8>> {
    let mut sheet = Writer::new(Vec::new());
    sheet.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let mut start = BytesStart::new(name);
    start.push_attribute(("xmlns", NAMESPACE));
    element(&mut sheet, name, start, root)?;
    Ok(sheet.into_inner())
}

fn element(sheet: &mut Sheet, name: &str, mut start: BytesStart<'_>, node: &Node) -> Written<()> {
    for (key, member) in &node.members {
        if let Member::Attribute(value) = member {
            // Escaped already; a pair of strings would be escaped without its line ends.
            start.push_attribute(Attribute { key: QName(key), value: value_of(value) });
        }
    }
    sheet.write_event(Event::Start(start))?;
    for (key, member) in &node.members {
        match member {
            Member::Attribute(_) => {}
            Member::Element(value) => text_element(sheet, key, value)?,
            Member::Child(child) => element(sheet, key, BytesStart::new(*key), child)?,
            Member::List(children) => {
                for child in children {
                    element(sheet, key, BytesStart::new(*key), child)?;
                }
            }
            Member::Scalars(values) => {
                for value in values {
                    text_element(sheet, key, value)?;
                }
            }
        }
    }
    if let Some(own) = &node.text {
        sheet.write_event(Event::Text(BytesText::from_escaped(escaped(own))))?;
    }
    sheet.write_event(Event::End(BytesEnd::new(name)))
}

fn text_element(sheet: &mut Sheet, name: &str, value: &Scalar) -> Written<()> {
    sheet.write_event(Event::Start(BytesStart::new(name)))?;
    sheet.write_event(Event::Text(BytesText::from_escaped(value_of(value))))?;
    sheet.write_event(Event::End(BytesEnd::new(name)))
}

/// A value as XML writes it, escaped.
fn value_of(scalar: &Scalar) -> Cow<'_, str> {
    match &scalar.0 {
        Value::Text(text) => escaped(text),
        Value::Whole(number) => Cow::Owned(number.to_string()),
        Value::Float(number) => Cow::Owned(number.to_string()),
        Value::Flag(true) => Cow::Borrowed("true"),
        Value::Flag(false) => Cow::Borrowed("false"),
    }
}

/// Escaped for attributes and text alike. Tabs and line ends become references as well: a reader
/// makes spaces of them in attributes and one line end of a carriage return in text.
fn escaped(text: &str) -> Cow<'_, str> {
    let escaped = escape(text);
    if !escaped.contains(['\t', '\n', '\r']) {
        return escaped;
    }
    Cow::Owned(escaped.replace('\t', "&#9;").replace('\n', "&#10;").replace('\r', "&#13;"))
}
