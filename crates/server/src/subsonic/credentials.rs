//! Who a request says it comes from. Nothing is verified here.

use std::fmt::{Debug, Formatter, Result as Printed};

use super::parameters::hex_digit;
use super::{Code, Failure, Parameters};

/// What a client proves itself with: exactly one of the three ways.
pub enum Credentials {
    /// `apiKey`, which names its owner by itself.
    ApiKey(Secret),
    /// `u` and `p`, in clear or as `enc:` and hexadecimal digits.
    Password {
        /// The account's name.
        user: String,
        /// Decoded.
        password: Secret,
    },
    /// `u`, `t` and `s`: the MD5 of password and salt, and the salt.
    Token {
        /// The account's name.
        user: String,
        /// The MD5, to be compared in constant time.
        token: Token,
        /// What was hashed after the password.
        salt: String,
    },
}

/// Text that is neither printed nor logged.
pub struct Secret(String);

/// An MD5 that lets in whoever repeats it, so neither printed nor logged.
pub struct Token([u8; 16]);

impl Credentials {
    /// Reads the credentials of a request. Empty parameters count as absent.
    ///
    /// # Errors
    /// * Code 43 for more than one mechanism, for an API key with a user name, for one parameter
    ///   with two different values.
    /// * Code 10, naming the parameter, where a mechanism is incomplete or there is none.
    /// * Code 40 for what is encoded as no client encodes it, like any wrong password.
    pub fn of(parameters: &Parameters) -> Result<Self, Failure> {
        let key = sole(parameters, "apiKey")?;
        let user = sole(parameters, "u")?;
        let password = sole(parameters, "p")?;
        let token = sole(parameters, "t")?;
        let salt = sole(parameters, "s")?;
        let hashed = token.is_some() || salt.is_some();
        if let Some(key) = key {
            if user.is_some() || password.is_some() || hashed {
                return Err(Failure::new(Code::ConflictingMechanisms));
            }
            return Ok(Self::ApiKey(Secret(key.to_owned())));
        }
        if password.is_some() && hashed {
            return Err(Failure::new(Code::ConflictingMechanisms));
        }
        let user = user.ok_or(Failure::missing("u"))?.to_owned();
        if let Some(password) = password {
            return Ok(Self::Password { user, password: Secret(plain(password)?) });
        }
        if !hashed {
            return Err(Failure::saying(
                Code::MissingParameter,
                "Credentials are missing: apiKey, or u with p, or u with t and s",
            ));
        }
        let token = token.ok_or(Failure::missing("t"))?;
        let salt = salt.ok_or(Failure::missing("s"))?.to_owned();
        let token = hexadecimal(token).and_then(|bytes| bytes.try_into().ok()).map(Token);
        Ok(Self::Token { user, token: token.ok_or(wrong())?, salt })
    }
}

impl Secret {
    /// The text itself, for whoever compares it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Token {
    /// The bytes themselves, for whoever compares them.
    pub const fn reveal(&self) -> &[u8; 16] {
        &self.0
    }
}

impl Debug for Secret {
    fn fmt(&self, f: &mut Formatter<'_>) -> Printed {
        f.write_str("[redacted]")
    }
}

impl Debug for Token {
    fn fmt(&self, f: &mut Formatter<'_>) -> Printed {
        f.write_str("[redacted]")
    }
}

impl Debug for Credentials {
    fn fmt(&self, f: &mut Formatter<'_>) -> Printed {
        match self {
            Self::ApiKey(_) => f.write_str("API key"),
            Self::Password { user, .. } => write!(f, "password of {user:?}"),
            Self::Token { user, .. } => write!(f, "token of {user:?}"),
        }
    }
}

/// The one value of a parameter. A name in the address and another in the form would let one part
/// of the program check the first and another trust the second.
fn sole<'a>(parameters: &'a Parameters, name: &'a str) -> Result<Option<&'a str>, Failure> {
    let mut values = parameters.all(name);
    let first = values.next();
    if values.any(|other| Some(other) != first) {
        return Err(Failure::new(Code::ConflictingMechanisms));
    }
    Ok(first)
}

pub(crate) fn plain(password: &str) -> Result<String, Failure> {
    match password.strip_prefix("enc:") {
        None => Ok(password.to_owned()),
        Some(digits) => {
            let bytes = hexadecimal(digits).ok_or(wrong())?;
            String::from_utf8(bytes).map_err(|_| wrong())
        }
    }
}

fn hexadecimal(digits: &str) -> Option<Vec<u8>> {
    let (pairs, odd) = digits.as_bytes().as_chunks::<2>();
    if !odd.is_empty() {
        return None;
    }
    pairs.iter().map(|&[high, low]| Some(16 * hex_digit(high)? + hex_digit(low)?)).collect()
}

const fn wrong() -> Failure {
    Failure::new(Code::WrongCredentials)
}
