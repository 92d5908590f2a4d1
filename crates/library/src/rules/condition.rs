//! One field compared with a value.

use clock::Date;

use super::field::{Field, Kind};
use crate::Error;

/// A longer text is in no tag.
const MAX_TEXT_CHARS: usize = 1_000;
/// "In the last" so many days: 200 years, beyond which moments end.
const MAX_DAYS: u32 = 73_000;

macro_rules! operators {
    ($($(#[$doc:meta])* $name:ident, $word:literal;)+) => {
        /// How a field is compared. The names are Navidrome's.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Operator { $($(#[$doc])* $name),+ }

        impl Operator {
            /// All of them.
            pub const ALL: &'static [Operator] = &[$(Self::$name),+];
            /// Their names, with those of groups and playlists, for refusals.
            pub(super) const NAMES: &'static str =
                concat!("one of all any inPlaylist notInPlaylist" $(, " ", $word)+);

            /// Its name in rules.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }
        }
    };
}

operators! {
    /// It is just that.
    Is, "is";
    /// It is not.
    IsNot, "isNot";
    /// It is more, or later.
    Gt, "gt";
    /// It is less, or earlier.
    Lt, "lt";
    /// It has these letters somewhere.
    Contains, "contains";
    /// It has not.
    NotContains, "notContains";
    /// It begins with them.
    StartsWith, "startsWith";
    /// It ends with them.
    EndsWith, "endsWith";
    /// It is neither less than the first nor more than the second.
    InTheRange, "inTheRange";
    /// It is earlier than that day.
    Before, "before";
    /// It is that day or later; of a date as the file has it: later.
    After, "after";
    /// It is no more days ago.
    InTheLast, "inTheLast";
    /// It is more days ago, or never was.
    NotInTheLast, "notInTheLast";
    /// Nothing is known of it; with `false` something is.
    IsMissing, "isMissing";
    /// Something is known of it; with `false` nothing is.
    IsPresent, "isPresent";
}

impl Operator {
    /// The operators a kind of field can be compared with.
    pub const fn of(kind: Kind) -> &'static [Operator] {
        use Operator::{
            After, Before, Contains, EndsWith, Gt, InTheLast, InTheRange, Is, IsMissing, IsNot,
            IsPresent, Lt, NotContains, NotInTheLast, StartsWith,
        };
        match kind {
            Kind::Text | Kind::Texts => {
                &[Is, IsNot, Contains, NotContains, StartsWith, EndsWith, IsMissing, IsPresent]
            }
            Kind::Number | Kind::Count => &[Is, IsNot, Gt, Lt, InTheRange, IsMissing, IsPresent],
            Kind::Flag => &[Is, IsNot],
            Kind::Moment | Kind::Date => &[
                Is,
                IsNot,
                Gt,
                Lt,
                Before,
                After,
                InTheRange,
                InTheLast,
                NotInTheLast,
                IsMissing,
                IsPresent,
            ],
        }
    }

    /// The operator of a name, in letters of any case.
    ///
    /// # Errors
    /// [`Error::Asked`] with the names there are.
    pub fn named(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.iter().copied().find(|one| one.name().eq_ignore_ascii_case(name));
        found.ok_or_else(|| Error::Asked {
            what: "the operator",
            given: name.chars().take(64).collect(),
            accepted: Self::NAMES,
        })
    }

    /// What stands on the right of it.
    fn wants(self, kind: Kind) -> Shape {
        match (self, kind) {
            (Self::IsMissing | Self::IsPresent, _) | (_, Kind::Flag) => Shape::Flag,
            (Self::InTheLast | Self::NotInTheLast, _) => Shape::Days,
            (Self::InTheRange, Kind::Number | Kind::Count) => Shape::Numbers,
            (Self::InTheRange, Kind::Moment) => Shape::Days2,
            (Self::InTheRange, _) => Shape::Dates,
            (_, Kind::Number | Kind::Count) => Shape::Number,
            (_, Kind::Moment) => Shape::Day,
            (_, Kind::Date) => Shape::Date,
            (_, Kind::Text | Kind::Texts) => Shape::Text,
        }
    }
}

/// The form a value must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Text,
    Number,
    Numbers,
    Flag,
    Day,
    Days2,
    Date,
    Dates,
    Days,
}

impl Shape {
    const fn accepted(self) -> &'static str {
        match self {
            Self::Text => "a text of at most 1000 signs",
            Self::Number => "a number",
            Self::Numbers => "two numbers, as [1981, 1990]",
            Self::Flag => "true or false",
            Self::Day => "a day, as \"2024-02-29\"",
            Self::Days2 => "two days, as [\"2024-01-01\", \"2024-02-29\"]",
            Self::Date => "a year, a month or a day, as \"2024\", \"2024-02\", \"2024-02-29\"",
            Self::Dates => "two years, months or days, as [\"2023\", \"2024-02\"]",
            Self::Days => "a whole number of days up to 73000",
        }
    }
}

/// What a field is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text; of a [`Kind::Date`] a year, a month or a day.
    Text(String),
    /// A number.
    Number(f64),
    /// True or false.
    Flag(bool),
    /// A day in UTC.
    Day(Date),
    /// So many days ago.
    Days(u32),
    /// From one to another, both of one form.
    Range(Box<[Value; 2]>),
}

/// A field, an operator and a value that go together.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    field: Field,
    operator: Operator,
    value: Value,
}

impl Condition {
    /// A comparison that makes sense.
    ///
    /// # Errors
    /// [`Error::Asked`] with the operators the field takes, or the form of the value.
    pub fn new(field: Field, operator: Operator, value: Value) -> Result<Self, Error> {
        takes(field, operator)?;
        let shape = operator.wants(field.kind());
        if fits(shape, &value) {
            return Ok(Self { field, operator, value });
        }
        refuse(shape, format!("{value:?}"))
    }

    /// From a value as JSON has it.
    pub(super) fn read(
        field: Field,
        operator: Operator,
        value: &serde_json::Value,
    ) -> Result<Self, Error> {
        takes(field, operator)?;
        let shape = operator.wants(field.kind());
        match read(shape, value).filter(|value| fits(shape, value)) {
            Some(value) => Ok(Self { field, operator, value }),
            None => refuse(shape, value.to_string()),
        }
    }

    /// The field.
    pub fn field(&self) -> Field {
        self.field
    }

    /// The operator.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// The value.
    pub fn value(&self) -> &Value {
        &self.value
    }
}

fn takes(field: Field, operator: Operator) -> Result<(), Error> {
    if Operator::of(field.kind()).contains(&operator) {
        return Ok(());
    }
    Err(Error::Asked {
        what: "the operator on that field",
        given: format!("{} {}", operator.name(), field.name()),
        accepted: match field.kind() {
            Kind::Text | Kind::Texts => {
                "is isNot contains notContains startsWith endsWith isMissing isPresent"
            }
            Kind::Number | Kind::Count => "is isNot gt lt inTheRange isMissing isPresent",
            Kind::Flag => "is isNot",
            Kind::Moment | Kind::Date => {
                "is isNot gt lt before after inTheRange inTheLast notInTheLast isMissing isPresent"
            }
        },
    })
}

fn refuse(shape: Shape, given: String) -> Result<Condition, Error> {
    let given = given.chars().take(64).collect();
    Err(Error::Asked { what: "the value", given, accepted: shape.accepted() })
}

fn fits(shape: Shape, value: &Value) -> bool {
    match (shape, value) {
        (Shape::Text, Value::Text(text)) => text.chars().count() <= MAX_TEXT_CHARS,
        (Shape::Date, Value::Text(text)) => is_date(text),
        (Shape::Number, Value::Number(number)) => number.is_finite(),
        (Shape::Flag, Value::Flag(_)) | (Shape::Day, Value::Day(_)) => true,
        (Shape::Days, Value::Days(days)) => *days <= MAX_DAYS,
        (Shape::Numbers, Value::Range(ends)) => ends.iter().all(|end| fits(Shape::Number, end)),
        (Shape::Days2, Value::Range(ends)) => ends.iter().all(|end| fits(Shape::Day, end)),
        (Shape::Dates, Value::Range(ends)) => ends.iter().all(|end| fits(Shape::Date, end)),
        _ => false,
    }
}

/// Numbers and flags are taken as text too: editors write them so.
fn read(shape: Shape, value: &serde_json::Value) -> Option<Value> {
    let text = || value.as_str();
    match shape {
        Shape::Text | Shape::Date => Some(Value::Text(text()?.to_owned())),
        Shape::Number => {
            let number = value.as_f64().or_else(|| text()?.trim().parse().ok());
            number.map(Value::Number)
        }
        Shape::Flag => match (value.as_bool(), text()) {
            (Some(flag), _) => Some(Value::Flag(flag)),
            (None, Some("true")) => Some(Value::Flag(true)),
            (None, Some("false")) => Some(Value::Flag(false)),
            _ => None,
        },
        Shape::Day => Date::parse(text()?).map(Value::Day),
        Shape::Days => {
            let days = value.as_u64().or_else(|| text()?.trim().parse().ok())?;
            u32::try_from(days).ok().map(Value::Days)
        }
        Shape::Numbers => range(Shape::Number, value),
        Shape::Days2 => range(Shape::Day, value),
        Shape::Dates => range(Shape::Date, value),
    }
}

fn range(shape: Shape, value: &serde_json::Value) -> Option<Value> {
    match value.as_array()?.as_slice() {
        [from, to] => Some(Value::Range(Box::new([read(shape, from)?, read(shape, to)?]))),
        _ => None,
    }
}

/// "2024", "2024-02", "2024-02-29".
fn is_date(text: &str) -> bool {
    let whole = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    Date::parse(&whole).is_some()
}
