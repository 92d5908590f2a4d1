//! Events, scanner, book and bars against real frames and against themselves.

mod any;
mod codec;
mod contracts;
