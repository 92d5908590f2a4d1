//! The hardened shell around everything that answers over HTTP.
//!
//! Holds: who may come in, what is asked of every request, what is said when something fails.
//! Must never know: music, markets, or what any route does.
//!
//! Contents: [`Shell`], [`Wrapped`], [`RouteRules`], [`Probe`], [`Gauge`] · [`Settings`],
//! [`Limits`], [`Program`], [`Now`] · [`Accounts`], [`SCHEMA`] · [`Principal`], [`Admin`],
//! [`SocketPrincipal`], [`ticket`], [`Client`], [`Correlation`] · [`Json`], [`Query`], [`Path`], [`Problem`] · [`serve`],
//! [`Drain`], [`tls`] · [`wire`], the parsers of strangers' bytes · [`Error`].

mod accounts;
mod drain;
mod error;
mod extract;
mod principal;
mod problem;
mod program;
mod routes;
mod schema;
mod secret;
mod serve;
mod settings;
mod shell;
pub mod tls;
pub mod wire;

pub use accounts::{
    Accounts, Action, Audited, Change, Entry, Key, LegacySecret, Name, Outcome, Role, Session,
    User, forget_legacy_keys,
};
pub use drain::{Drain, Phase, asked_to_stop};
pub use error::Error;
pub use extract::{Json, Path, Query};
pub use principal::{Admin, Principal, SocketPrincipal, Via, check_socket_origin};
pub use problem::{FieldProblem, Problem, ProblemBody};
pub use program::{Now, Program};
pub use schema::SCHEMA;
pub use secret::ticket;
pub use serve::{listen, serve};
pub use settings::{BasePath, Limits, Settings, Tls};
pub use shell::{
    Client, Correlation, Gauge, Peer, Probe, Reading, RouteRules, Shell, Unwell, Wrapped,
};
pub use store::UserId;
