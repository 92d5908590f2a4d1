use std::process::ExitCode;

use fault::{Class, Fault};

/// The end of a run that did not do what was asked: one line for people, a class for programs.
#[derive(Debug)]
pub(crate) struct Failure {
    class: Class,
    message: String,
}

impl Failure {
    /// A delivery that is there but not what was asked.
    pub(crate) fn verdict(message: String) -> Self {
        Self { class: Class::Permanent, message }
    }

    /// Says it, and gives the exit code.
    #[expect(clippy::print_stderr, clippy::print_stdout, reason = "the last words of the program")]
    pub(crate) fn report(&self, json: bool) -> ExitCode {
        if json {
            let error = serde_json::json!({
                "error": { "class": class_name(self.class), "message": self.message }
            });
            println!("{error}");
        }
        eprintln!("error: {}", self.message);
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

impl<E: Fault> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { class: error.class(), message: error.to_string() }
    }
}
