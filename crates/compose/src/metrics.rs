//! How the result measures up.
