use fault::{Class, Fault};

/// The error codes of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// 0: whatever has no code of its own.
    Generic,
    /// 10: a required parameter is missing.
    MissingParameter,
    /// 20: the client speaks an older protocol than the server.
    ClientTooOld,
    /// 30: the client speaks a newer protocol than the server.
    ServerTooOld,
    /// 40: wrong name or password.
    WrongCredentials,
    /// 41: token and salt are not accepted for this account.
    TokenNotSupported,
    /// 42: this way of authenticating is not accepted.
    MechanismNotSupported,
    /// 43: more than one way of authenticating at once.
    ConflictingMechanisms,
    /// 44: no such API key.
    InvalidApiKey,
    /// 50: the user may not do this.
    NotAuthorized,
    /// 60: a trial is over. No server of ours has one.
    TrialOver,
    /// 70: not there, or not for this user.
    NotFound,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 12] = [
        Self::Generic,
        Self::MissingParameter,
        Self::ClientTooOld,
        Self::ServerTooOld,
        Self::WrongCredentials,
        Self::TokenNotSupported,
        Self::MechanismNotSupported,
        Self::ConflictingMechanisms,
        Self::InvalidApiKey,
        Self::NotAuthorized,
        Self::TrialOver,
        Self::NotFound,
    ];

    /// As the protocol numbers it.
    pub const fn number(self) -> u32 {
        match self {
            Self::Generic => 0,
            Self::MissingParameter => 10,
            Self::ClientTooOld => 20,
            Self::ServerTooOld => 30,
            Self::WrongCredentials => 40,
            Self::TokenNotSupported => 41,
            Self::MechanismNotSupported => 42,
            Self::ConflictingMechanisms => 43,
            Self::InvalidApiKey => 44,
            Self::NotAuthorized => 50,
            Self::TrialOver => 60,
            Self::NotFound => 70,
        }
    }

    /// What everyone may read.
    const fn message(self) -> &'static str {
        match self {
            Self::Generic => "The request could not be answered",
            Self::MissingParameter => "A required parameter is missing",
            Self::ClientTooOld => "Incompatible protocol version: the client must be upgraded",
            Self::ServerTooOld => "Incompatible protocol version: the server must be upgraded",
            Self::WrongCredentials => "Wrong username or password",
            Self::TokenNotSupported => "Token authentication is not supported for this account",
            Self::MechanismNotSupported => "This authentication mechanism is not supported",
            Self::ConflictingMechanisms => "Multiple conflicting authentication mechanisms",
            Self::InvalidApiKey => "Invalid API key",
            Self::NotAuthorized => "The user is not authorized for this operation",
            Self::TrialOver => "The trial period is over",
            Self::NotFound => "The requested data was not found",
        }
    }
}

/// Why a request was not answered, in words for the outside: a code, the parameter where one is to
/// blame, never its value and nothing of the inside.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub struct Failure {
    code: Code,
    detail: Detail,
    help_url: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    None,
    /// The parameter to blame.
    Parameter(&'static str),
    /// A sentence in place of the code's own.
    Said(&'static str),
}

impl Failure {
    /// With the code's own message.
    pub const fn new(code: Code) -> Self {
        Self { code, detail: Detail::None, help_url: None }
    }

    /// For a parameter that is required and not there.
    pub const fn missing(parameter: &'static str) -> Self {
        Self::naming(Code::MissingParameter, parameter)
    }

    /// For a parameter whose value is not one of those accepted.
    pub const fn invalid(parameter: &'static str) -> Self {
        Self::naming(Code::Generic, parameter)
    }

    /// With a sentence for everyone in place of the code's own.
    pub const fn saying(code: Code, sentence: &'static str) -> Self {
        Self { code, detail: Detail::Said(sentence), help_url: None }
    }

    const fn naming(code: Code, parameter: &'static str) -> Self {
        Self { code, detail: Detail::Parameter(parameter), help_url: None }
    }

    /// With an address where a person finds what to do, as codes 41 and 42 should have.
    #[must_use]
    pub fn with_help(mut self, url: String) -> Self {
        self.help_url = Some(url);
        self
    }

    /// Its code.
    pub const fn code(&self) -> Code {
        self.code
    }

    /// Where a person finds what to do.
    pub fn help_url(&self) -> Option<&str> {
        self.help_url.as_deref()
    }

    /// What everyone may read.
    pub fn message(&self) -> String {
        match (self.detail, self.code) {
            (Detail::Said(sentence), _) => sentence.to_owned(),
            (Detail::Parameter(name), Code::Generic) => {
                format!("The parameter {name} is not valid")
            }
            (Detail::Parameter(name), code) => format!("{}: {name}", code.message()),
            (Detail::None, code) => code.message().to_owned(),
        }
    }
}

impl Fault for Failure {
    /// Code 0 with nothing to blame is how a fault of our own looks from outside.
    fn class(&self) -> Class {
        match (self.code, self.detail) {
            (Code::Generic, Detail::None) => Class::Bug,
            _ => Class::User,
        }
    }
}
