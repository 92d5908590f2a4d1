//! The protocol of OpenSubsonic, without anything behind it: from bytes to typed requests, from
//! plain views to XML, JSON and JSONP.
//!
//! A request: [`request::method`], [`Parameters`], [`Credentials`]. An answer: a view of [`views`],
//! its [`Node`] by [`elements`], an [`envelope`] around it, a [`Format`] to render it in.
//! What is answered at all stands in [`catalogue`].

pub mod catalogue;
pub mod client_info;
pub mod credentials;
pub mod elements;
pub mod envelope;
mod failure;
mod format;
mod json;
pub mod listing;
mod node;
mod parameters;
pub mod query;
pub mod request;
pub mod views;
mod xml;

pub use credentials::Credentials;
pub use failure::{Code, Failure};
pub use format::{Format, Rendered};
pub use node::{Node, Scalar};
pub use parameters::Parameters;
