//! The first page: setting up, logging in, what is here, a player, keys for others, songs to order.
//!
//! One document, one style, one script, no dependency and no build. Nothing in the document is made of
//! what somebody else wrote; the script puts texts into it as texts.

use axum::Router;
use axum::extract::OriginalUri;
use axum::http::{HeaderName, header};
use axum::response::IntoResponse;
use axum::routing::get;

const PAGE: &str = include_str!("page/index.html");
const STYLE: &str = include_str!("page/app.css");
const SCRIPT: &str = include_str!("page/app.js");
const ICON: &str = include_str!("page/icon.svg");

/// In [`PAGE`], where everything is under.
const BASE: &str = "{base}";
/// Files of ours and nothing else; no script and no style within the document.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

/// The page and its files.
pub(crate) fn router() -> Router {
    Router::new()
        .route("/", get(page))
        .route("/app.css", get(|| async { file("text/css; charset=utf-8", STYLE) }))
        .route("/app.js", get(|| async { file("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/icon.svg", get(|| async { file("image/svg+xml", ICON) }))
}

async fn page(OriginalUri(asked): OriginalUri) -> impl IntoResponse {
    // What led here is the path everything is under: plain words with slashes, as it was configured.
    let base = asked.path().trim_end_matches('/');
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    (headers, PAGE.replace(BASE, base))
}

/// Asked for again with every visit: a new version of the server has new ones.
fn file(kind: &'static str, text: &'static str) -> ([(HeaderName, &'static str); 2], &'static str) {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], text)
}

#[cfg(test)]
mod tests {
    use super::{BASE, ICON, PAGE, SCRIPT, STYLE};

    #[test]
    fn the_page_is_small_and_everything_in_it_is_ours() {
        assert!(PAGE.len() + STYLE.len() + SCRIPT.len() + ICON.len() < 40 << 10);
        for text in [PAGE, STYLE, SCRIPT] {
            assert!(!text.contains("http://") && !text.contains("https://"));
        }
    }

    #[test]
    fn nothing_in_it_goes_around_the_policy() {
        for word in
            ["innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", ".style"]
        {
            assert!(!SCRIPT.contains(word), "{word}");
        }
        for word in [" style=", "<style", " onclick", " onload", " onsubmit", "javascript:"] {
            assert!(!PAGE.contains(word), "{word}");
        }
        assert_eq!(PAGE.matches("<script").count(), PAGE.matches("<script src=").count());
        assert_eq!(PAGE.matches(BASE).count(), 3, "icon, style, script");
    }
}
