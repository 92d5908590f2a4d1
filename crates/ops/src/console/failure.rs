use std::io::{Write, stderr};
use std::process::ExitCode;

use fault::{Class, Fault};

use super::answer;
use super::clean::one_line;
use crate::exit_code;

/// The end of a run that did not do what was asked: one line for people, a class for programs.
#[derive(Debug)]
pub struct Failure {
    class: Class,
    message: String,
    /// Whether the answer is out already: standard output holds one JSON document.
    answered: bool,
}

impl Failure {
    /// Something the user asked for that cannot be: the message says what can.
    pub fn user(message: String) -> Self {
        Self { class: Class::User, message: one_line(&message), answered: false }
    }

    /// Something that cannot happen, and did.
    pub fn bug(message: String) -> Self {
        Self { class: Class::Bug, message: one_line(&message), answered: false }
    }

    /// A delivery that is there, and reported, but not what was asked.
    pub fn verdict(message: String) -> Self {
        Self { class: Class::Permanent, message: one_line(&message), answered: true }
    }

    /// Says it, and gives the exit code.
    pub fn report(&self, json: bool) -> ExitCode {
        if json && !self.answered {
            let error = serde_json::json!({
                "error": { "class": class_name(self.class), "message": self.message }
            });
            // Nothing better can be done where the answer cannot be written: the class stands.
            drop(answer::say_json(&error));
        }
        drop(writeln!(stderr(), "error: {}", self.message));
        ExitCode::from(exit_code(self.class))
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
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

impl<E: Fault> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { class: error.class(), message: one_line(&error.to_string()), answered: false }
    }
}
