use std::ops::RangeInclusive;

use clock::Nanos;

use super::{Code, Failure};

/// The most parameters of a request: playlists are posted as one `songId` a track.
const MOST: usize = 10_000;

/// No parameter of the protocol has a longer name than a third of this.
const LONGEST_NAME: usize = 64;

/// In bytes, decoded. The longest values are comments and a server's own `transcodeParams`.
const LONGEST_VALUE: usize = 8_192;

/// The parameters of a request, in the order they came in: those of the address, then those of the
/// form. A name may stand more than once; where one value is asked for it is the first.
#[derive(Clone, Default)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads the query of an address and the body of a form (`application/x-www-form-urlencoded`);
    /// either may be empty. A `%` without two hexadecimal digits stands for itself.
    ///
    /// # Errors
    /// Code 0 for names or values that are not UTF-8, that are too long or too many.
    pub fn parse(query: &[u8], form: &[u8]) -> Result<Self, Failure> {
        let pairs = [query, form].into_iter().flat_map(|part| part.split(|&byte| byte == b'&'));
        let mut parameters = Vec::new();
        for pair in pairs.filter(|pair| !pair.is_empty()) {
            if parameters.len() == MOST {
                return Err(Failure::saying(Code::Generic, "There are too many parameters"));
            }
            let mut halves = pair.splitn(2, |&byte| byte == b'=');
            let name = decoded(halves.next().unwrap_or_default(), LONGEST_NAME)?;
            let value = decoded(halves.next().unwrap_or_default(), LONGEST_VALUE)?;
            parameters.push((name, value));
        }
        Ok(Self(parameters))
    }

    /// The first value of that name, even an empty one.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The first value of that name if it is not empty: clients send what they have no value for.
    pub fn optional(&self, name: &str) -> Option<&str> {
        self.first(name).filter(|value| !value.is_empty())
    }

    /// The first value of that name.
    ///
    /// # Errors
    /// Code 10, naming the parameter, where there is none or an empty one.
    pub fn required(&self, name: &'static str) -> Result<&str, Failure> {
        self.optional(name).ok_or(Failure::missing(name))
    }

    /// All values of that name in their order, without empty ones.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// A whole number brought into `range`: a client that asks for 10,000 albums gets the most
    /// there are at once, as servers have always done.
    ///
    /// # Errors
    /// Code 0, naming the parameter, for what is no whole number.
    pub fn clamped(
        &self,
        name: &'static str,
        range: RangeInclusive<i64>,
    ) -> Result<Option<i64>, Failure> {
        let clamp = |number: i64| number.clamp(*range.start(), *range.end());
        self.optional(name).map(|text| whole(text, name).map(clamp)).transpose()
    }

    /// A whole number within `range`, for what must not be another number than was meant.
    ///
    /// # Errors
    /// Code 0, naming the parameter, for what is no whole number or not within.
    pub fn within(
        &self,
        name: &'static str,
        range: RangeInclusive<i64>,
    ) -> Result<Option<i64>, Failure> {
        self.optional(name).map(|text| whole_within(text, name, &range)).transpose()
    }

    /// All numbers of that name in their order, each as [`Parameters::within`].
    ///
    /// # Errors
    /// As [`Parameters::within`].
    pub fn all_within(
        &self,
        name: &'static str,
        range: RangeInclusive<i64>,
    ) -> Result<Vec<i64>, Failure> {
        self.all(name).map(|text| whole_within(text, name, &range)).collect()
    }

    /// A finite number within `range`.
    ///
    /// # Errors
    /// Code 0, naming the parameter, for anything else.
    pub fn number(
        &self,
        name: &'static str,
        range: RangeInclusive<f64>,
    ) -> Result<Option<f64>, Failure> {
        let read = |text: &str| {
            text.parse().ok().filter(|number| range.contains(number)).ok_or(Failure::invalid(name))
        };
        self.optional(name).map(read).transpose()
    }

    /// Moments in milliseconds since 1970, in their order.
    ///
    /// # Errors
    /// Code 0, naming the parameter, for what is none.
    pub fn moments(&self, name: &'static str) -> Result<Vec<Nanos>, Failure> {
        self.all(name)
            .map(|text| Nanos::from_millis(whole(text, name)?).ok_or(Failure::invalid(name)))
            .collect()
    }

    /// Yes or no, in the words the first server understood.
    ///
    /// # Errors
    /// Code 0, naming the parameter, for any other word.
    pub fn flag(&self, name: &'static str) -> Result<Option<bool>, Failure> {
        const WORDS: [(&str, bool); 8] = [
            ("true", true),
            ("false", false),
            ("1", true),
            ("0", false),
            ("yes", true),
            ("no", false),
            ("on", true),
            ("off", false),
        ];
        self.choice(name, &WORDS)
    }

    /// One of the words of a table, in any case of letters.
    ///
    /// # Errors
    /// Code 0, naming the parameter, for any other word.
    pub fn choice<T: Copy>(
        &self,
        name: &'static str,
        table: &[(&str, T)],
    ) -> Result<Option<T>, Failure> {
        let find = |text: &str| {
            let row = table.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
            row.map(|(_, meaning)| *meaning).ok_or(Failure::invalid(name))
        };
        self.optional(name).map(find).transpose()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Names alone: among the values are passwords.
impl std::fmt::Debug for Parameters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// A whole number, held at the ends of `i64`.
fn whole(text: &str, name: &'static str) -> Result<i64, Failure> {
    use std::num::IntErrorKind::{NegOverflow, PosOverflow};
    text.parse().or_else(|error: std::num::ParseIntError| match error.kind() {
        PosOverflow => Ok(i64::MAX),
        NegOverflow => Ok(i64::MIN),
        _ => Err(Failure::invalid(name)),
    })
}

fn whole_within(
    text: &str,
    name: &'static str,
    range: &RangeInclusive<i64>,
) -> Result<i64, Failure> {
    whole(text, name).and_then(|number| {
        if range.contains(&number) { Ok(number) } else { Err(Failure::invalid(name)) }
    })
}

fn decoded(text: &[u8], longest: usize) -> Result<String, Failure> {
    let mut bytes = Vec::with_capacity(text.len().min(longest));
    let mut rest = text;
    while let [first, after @ ..] = rest {
        if bytes.len() == longest {
            return Err(Failure::saying(Code::Generic, "A parameter is too long"));
        }
        rest = after;
        bytes.push(match (first, after) {
            (b'+', _) => b' ',
            (b'%', [high, low, later @ ..]) => match (hex_digit(*high), hex_digit(*low)) {
                (Some(high), Some(low)) => {
                    rest = later;
                    16 * high + low
                }
                _ => b'%',
            },
            (byte, _) => *byte,
        });
    }
    String::from_utf8(bytes)
        .map_err(|_| Failure::saying(Code::Generic, "A parameter is not valid UTF-8"))
}

/// The value of a hexadecimal digit of either case.
pub(super) fn hex_digit(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}
