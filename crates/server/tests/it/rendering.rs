//! One tree, three formats, the same content.

use std::collections::BTreeMap;

use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop, prop_oneof, proptest};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde_json::{Map, Value};
use server::subsonic::{Format, Node, Parameters, Scalar};

/// What a test thinks a tree is, beside what the program makes of it.
#[derive(Debug, Clone, Default)]
struct Model {
    attributes: Vec<Atom>,
    elements: Vec<Atom>,
    child: Option<Box<Model>>,
    lists: Vec<Vec<Model>>,
    scalars: Vec<Vec<Atom>>,
    text: Option<String>,
}

#[derive(Debug, Clone)]
enum Atom {
    Text(String),
    Whole(i64),
    Float(f64),
    Flag(bool),
}

const ATTRIBUTES: [&str; 3] = ["id", "name", "songCount"];
const ELEMENTS: [&str; 2] = ["biography", "notes"];
const LISTS: [&str; 2] = ["song", "genres"];
const SCALARS: [&str; 2] = ["moods", "isrc"];

/// The characters of XML 1.0, as its standard lists them.
fn carried(text: &str) -> String {
    let ranges = [(0x9, 0xA), (0xD, 0xD), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10_FFFF)];
    let within =
        |char: &char| ranges.iter().any(|(from, to)| (*from..=*to).contains(&u32::from(*char)));
    text.chars().filter(within).collect()
}

impl Atom {
    fn json(&self) -> Value {
        match self {
            Self::Text(text) => carried(text).into(),
            Self::Whole(number) => (*number).into(),
            Self::Float(number) => (*number).into(),
            Self::Flag(flag) => (*flag).into(),
        }
    }

    fn xml(&self) -> String {
        match self {
            Self::Text(text) => carried(text),
            Self::Whole(number) => number.to_string(),
            Self::Float(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
        }
    }

    fn scalar(&self) -> Scalar {
        match self {
            Self::Text(text) => text.into(),
            Self::Whole(number) => (*number).into(),
            Self::Flag(flag) => (*flag).into(),
            Self::Float(_) => panic!("only attributes are floating"),
        }
    }
}

impl Model {
    fn node(&self) -> Node {
        let mut node = Node::new();
        for (name, atom) in ATTRIBUTES.into_iter().zip(&self.attributes) {
            node = match atom {
                Atom::Float(number) => node.float(name, Some(*number)),
                _ => node.attribute(name, atom.scalar()),
            };
        }
        for (name, atom) in ELEMENTS.into_iter().zip(&self.elements) {
            node = node.element(name, Some(atom.scalar()));
        }
        node = node.maybe_child("artist", self.child.as_ref().map(|child| child.node()));
        for (name, list) in LISTS.into_iter().zip(&self.lists) {
            node = node.list(name, list.iter().map(Self::node));
        }
        for (name, list) in SCALARS.into_iter().zip(&self.scalars) {
            node = node.scalars(name, list.iter().map(Atom::scalar));
        }
        match &self.text {
            Some(text) => node.text(text),
            None => node,
        }
    }

    fn json(&self) -> Value {
        let mut map = Map::new();
        let singles = ATTRIBUTES.into_iter().zip(&self.attributes);
        for (name, atom) in singles.chain(ELEMENTS.into_iter().zip(&self.elements)) {
            map.insert(name.to_owned(), atom.json());
        }
        if let Some(child) = &self.child {
            map.insert("artist".to_owned(), child.json());
        }
        for (name, list) in LISTS.into_iter().zip(&self.lists) {
            map.insert(name.to_owned(), list.iter().map(Self::json).collect());
        }
        for (name, list) in SCALARS.into_iter().zip(&self.scalars) {
            map.insert(name.to_owned(), list.iter().map(Atom::json).collect());
        }
        if let Some(text) = &self.text {
            map.insert("value".to_owned(), carried(text).into());
        }
        map.into()
    }

    fn xml(&self, name: &str) -> Element {
        let mut element = Element { name: name.to_owned(), ..Element::default() };
        for (name, atom) in ATTRIBUTES.into_iter().zip(&self.attributes) {
            element.attributes.insert(name.to_owned(), atom.xml());
        }
        for (name, atom) in ELEMENTS.into_iter().zip(&self.elements) {
            element.children.push(Element::of_text(name, atom));
        }
        element.children.extend(self.child.iter().map(|child| child.xml("artist")));
        for (name, list) in LISTS.into_iter().zip(&self.lists) {
            element.children.extend(list.iter().map(|item| item.xml(name)));
        }
        for (name, list) in SCALARS.into_iter().zip(&self.scalars) {
            element.children.extend(list.iter().map(|item| Element::of_text(name, item)));
        }
        element.text = carried(self.text.as_deref().unwrap_or_default());
        element
    }
}

/// What a reader of XML sees.
#[derive(Debug, Default, PartialEq)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    children: Vec<Element>,
    text: String,
}

impl Element {
    fn of_text(name: &str, atom: &Atom) -> Self {
        Self { name: name.to_owned(), text: atom.xml(), ..Self::default() }
    }

    fn open(start: &BytesStart<'_>) -> Self {
        let attributes = start
            .attributes()
            .map(|attribute| {
                let attribute = attribute.unwrap();
                let value = attribute.normalized_value(XmlVersion::Explicit1_0).unwrap();
                (attribute.key.0.to_owned(), value.into_owned())
            })
            .collect();
        Self { name: start.name().0.to_owned(), attributes, ..Self::default() }
    }

    /// Reads a whole document with a reader that is not ours.
    fn parse(document: &str) -> Self {
        let mut reader = Reader::from_str(document);
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => open.push(Self::open(&start)),
                Event::Empty(start) => {
                    open.last_mut().unwrap().children.push(Self::open(&start));
                }
                Event::End(_) => {
                    let done = open.pop().unwrap();
                    open.last_mut().unwrap().children.push(done);
                }
                Event::Text(text) => open.last_mut().unwrap().text += &text.xml10_content(),
                Event::GeneralRef(name) => {
                    let text = &mut open.last_mut().unwrap().text;
                    match name.resolve_char_ref().unwrap() {
                        Some(char) => text.push(char),
                        None => {
                            let name = name.xml10_content();
                            *text += quick_xml::escape::resolve_xml_entity(&name).unwrap();
                        }
                    }
                }
                Event::Decl(_) => {}
                Event::Eof => return open.pop().unwrap().children.pop().unwrap(),
                other => panic!("{other:?}"),
            }
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    let char = prop_oneof![
        any::<char>(),
        prop::sample::select(
            "<>&\"'\t\r\n ]\u{0}\u{1F}\u{2028}\u{FFFF}\u{85}".chars().collect::<Vec<_>>()
        ),
    ];
    prop::collection::vec(char, 0..12).prop_map(|chars| chars.into_iter().collect())
}

fn atom() -> impl Strategy<Value = Atom> {
    prop_oneof![
        text().prop_map(Atom::Text),
        any::<i64>().prop_map(Atom::Whole),
        any::<bool>().prop_map(Atom::Flag),
    ]
}

fn attribute() -> impl Strategy<Value = Atom> {
    prop_oneof![atom(), (-1e6..1e6).prop_map(Atom::Float)]
}

fn model(depth: u32) -> BoxedStrategy<Model> {
    let deeper = |most| match depth {
        0 => Just(Vec::new()).boxed(),
        _ => prop::collection::vec(model(depth - 1), 0..most).boxed(),
    };
    (
        prop::collection::vec(attribute(), 0..=ATTRIBUTES.len()),
        prop::collection::vec(atom(), 0..=ELEMENTS.len()),
        deeper(2),
        prop::collection::vec(deeper(3), 0..=LISTS.len()),
        prop::collection::vec(prop::collection::vec(atom(), 0..3), 0..=SCALARS.len()),
        prop::option::of(text()),
    )
        .prop_map(|(attributes, elements, mut children, lists, scalars, text)| Model {
            attributes,
            elements,
            child: children.pop().map(Box::new),
            lists,
            scalars,
            text,
        })
        .boxed()
}

proptest! {
    #[test]
    fn json_and_xml_carry_the_same_content(model in model(2)) {
        let node = model.node();
        let body = Format::Json.render(&node).body;
        let parsed: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(parsed["subsonic-response"], model.json());

        let mut read = Element::parse(&Format::Xml.render(&node).body);
        let namespace = read.attributes.remove("xmlns");
        assert_eq!(namespace.as_deref(), Some("http://subsonic.org/restapi"));
        assert_eq!(read, model.xml("subsonic-response"));

        assert_eq!(body, Format::Json.render(&node).body);
    }

    #[test]
    fn a_script_is_the_json_within_one_call(model in model(1)) {
        let parameters = Parameters::parse(b"f=jsonp&callback=app.on_$1", b"").unwrap();
        let body = Format::of(&parameters).unwrap().render(&model.node()).body;
        let json = body.strip_prefix("app.on_$1(").unwrap().strip_suffix(");").unwrap();
        let parsed: Value = serde_json::from_str(json).unwrap();
        assert_eq!(parsed["subsonic-response"], model.json());
        assert!(!body.contains(['\u{2028}', '\u{2029}']));
    }
}
