use std::io::{Write, stderr};
use std::process::ExitCode;

use fault::{Class, Fault};

use crate::answer;

/// The end of a run that did not do what was asked: one line for people, a class for programs.
#[derive(Debug)]
pub(crate) struct Failure {
    class: Class,
    message: String,
    /// Whether the answer is out already: standard output holds one JSON document.
    answered: bool,
}

impl Failure {
    /// A delivery that is there, and reported, but not what was asked.
    pub(crate) fn verdict(message: String) -> Self {
        Self { class: Class::Permanent, message: one_line(&message), answered: true }
    }

    /// Says it, and gives the exit code.
    pub(crate) fn report(&self, json: bool) -> ExitCode {
        if json && !self.answered {
            let error = serde_json::json!({
                "error": { "class": class_name(self.class), "message": self.message }
            });
            // Nothing better can be done where the answer cannot be written: the class stands.
            drop(answer::say_json(&error));
        }
        drop(writeln!(stderr(), "error: {}", self.message));
        ExitCode::from(ops::exit_code(self.class))
    }
}

fn class_name(class: Class) -> &'static str {
    match class {
        Class::User => "user",
        Class::Transient => "transient",
        Class::Permanent => "permanent",
        Class::Bug => "bug",
    }
}

/// A message quotes what people typed and files hold, line ends and all; it stays one line.
fn one_line(message: &str) -> String {
    message.split(char::is_control).filter(|piece| !piece.is_empty()).collect::<Vec<_>>().join(" ")
}

impl<E: Fault> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { class: error.class(), message: one_line(&error.to_string()), answered: false }
    }
}
