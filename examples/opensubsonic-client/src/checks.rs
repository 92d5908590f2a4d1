//! What an answer must hold, a line for each that does.

use std::error::Error as _;
use std::fmt::{self, Debug, Display, Formatter};

use opensubsonic::{Error, SubsonicErrorCode};

/// Something that did not hold, by the method that was called.
#[derive(Debug)]
pub struct Failure {
    call: &'static str,
    said: String,
}

pub type Held<T = ()> = Result<T, Failure>;

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.call, self.said)
    }
}

/// The answer to a call, or the call's name with why there is none.
pub fn answer<T>(call: &'static str, answer: Result<T, Error>) -> Held<T> {
    answer.map_err(|error| {
        let cause = error.source().map_or_else(String::new, |cause| format!(" ({cause})"));
        Failure { call, said: format!("{error}{cause}") }
    })
}

/// Counts what held.
#[derive(Default)]
pub struct Checks {
    pub passed: u32,
}

impl Checks {
    pub fn that(&mut self, call: &'static str, what: &str, holds: bool) -> Held {
        if !holds {
            return Err(Failure { call, said: format!("this does not hold: {what}") });
        }
        self.passed += 1;
        println!("{call}: {what}");
        Ok(())
    }

    pub fn equal<T: PartialEq + Debug>(
        &mut self,
        call: &'static str,
        what: &str,
        found: T,
        expected: T,
    ) -> Held {
        if found != expected {
            let said = format!("{what}: expected {expected:?}, found {found:?}");
            return Err(Failure { call, said });
        }
        self.that(call, what, true)
    }

    /// An error of the protocol, by its code.
    pub fn refused<T>(
        &mut self,
        call: &'static str,
        what: &str,
        answer: Result<T, Error>,
        code: SubsonicErrorCode,
    ) -> Held {
        let found = match answer {
            Ok(_) => "no error".to_owned(),
            Err(error) if error.api_error_code() == Some(code) => {
                return self.that(call, what, true);
            }
            Err(error) => error.to_string(),
        };
        Err(Failure {
            call,
            said: format!("{what}: expected the error \"{code}\", found: {found}"),
        })
    }

    /// A method that this server has not, and says so by HTTP.
    pub fn gone<T>(&mut self, call: &'static str, answer: Result<T, Error>) -> Held {
        let is_gone = match answer {
            Err(Error::Http(error)) => error.status().is_some_and(|status| status == 410),
            _ => false,
        };
        self.that(call, "is gone, by HTTP's own word", is_gone)
    }
}
