//! The engine's parts held to what must always be true of them.

mod accounts;
mod orders;
mod risk;
mod world;
