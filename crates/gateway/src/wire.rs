//! Bytes of strangers, read: what a request says about where it goes and where it comes from.
//!
//! Everything here is total: any text gives an answer, and what is not understood is not accepted.

mod cidr;
mod cookie;
mod forwarded;
mod host;
mod origin;

pub use cidr::Cidr;
pub use cookie::cookie;
pub use forwarded::{Hops, client_of};
pub use host::Host;
pub use origin::{Origin, Scheme};
