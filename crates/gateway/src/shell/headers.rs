use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// Of an id that a client gives a request of its own.
const MAX_CORRELATION: usize = 64;
pub(super) const CORRELATION: HeaderName = HeaderName::from_static("x-correlation-id");

/// What browsers are told with every answer. No script, style or frame but from files of ours.
const ALWAYS: [(&str, &str); 7] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=()"),
];

/// What they are told where the route says nothing else.
const UNLESS_SAID: [(HeaderName, &str); 2] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'; media-src 'self' blob:",
    ),
    (header::CACHE_CONTROL, "no-store"),
];

pub(super) fn harden(headers: &mut HeaderMap) {
    for (name, value) in ALWAYS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    for (name, value) in UNLESS_SAID {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

/// The id a client gave its request, where it is letters, digits and dashes.
pub(super) fn correlation_of(headers: &HeaderMap) -> Option<&str> {
    let id = headers.get(&CORRELATION)?.to_str().ok()?;
    let is_plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (is_plain && (1..=MAX_CORRELATION).contains(&id.len())).then_some(id)
}
