//! The hardened shell around everything that answers over HTTP.
//!
//! Holds: who may come in, what is asked of every request, what is said when something fails.
//! Must never know: music, markets, or what any route does.
