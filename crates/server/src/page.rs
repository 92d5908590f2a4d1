//! The pages of the browser, built from `web` and part of the program.
//!
//! One document that finds everything else beside itself, under whatever path it is served. Nothing in it is
//! made of what somebody else wrote; scripts put texts into it as texts.

use axum::Router;
use axum::extract::OriginalUri;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use crate::served::matches_none;

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// A file of the pages.
struct File {
    name: &'static str,
    /// CRC-32 of what is in it.
    sum: u32,
    plain: &'static [u8],
    /// The same, by gzip.
    small: &'static [u8],
}

/// The document itself.
const PAGE: &str = "index.html";
/// Files of ours and nothing else; no script and no style within the document. Pictures may be made on the
/// spot, of covers.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; \
    manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The page and its files.
pub(crate) fn router() -> Router {
    let document = Router::new().route("/", get(document));
    FILES.iter().filter(|file| file.name != PAGE).fold(document, |router, file| {
        let answer = move |asked: HeaderMap| async move { file.answer(&asked) };
        router.route(&format!("/{}", file.name), get(answer))
    })
}

async fn document(OriginalUri(asked): OriginalUri, headers: HeaderMap) -> Response {
    if !asked.path().ends_with('/') {
        // Files are beside it only if it is in a folder.
        return Redirect::permanent(&folder(&asked)).into_response();
    }
    match FILES.iter().find(|file| file.name == PAGE) {
        Some(file) => file.answer(&headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn folder(asked: &Uri) -> String {
    let query = asked.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}/{query}", asked.path())
}

impl File {
    /// Asked about with every visit: a new version of the server has new ones.
    fn answer(&self, asked: &HeaderMap) -> Response {
        let takes_gzip = asked.get_all(header::ACCEPT_ENCODING).iter().any(|value| {
            value.to_str().is_ok_and(|value| value.split(',').any(|word| word.trim() == "gzip"))
        });
        let etag = format!("\"{:x}{}\"", self.sum, if takes_gzip { "-gz" } else { "" });
        let is_known = matches_none(asked, &etag);
        let bytes = if takes_gzip { self.small } else { self.plain };
        let status = if is_known { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
        let body: &'static [u8] = if is_known { &[] } else { bytes };
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        let mut put = |name, value: &'static str| {
            headers.insert(name, HeaderValue::from_static(value));
        };
        put(header::CONTENT_TYPE, kind(self.name));
        put(header::CACHE_CONTROL, "no-cache");
        put(header::VARY, "accept-encoding");
        if takes_gzip {
            put(header::CONTENT_ENCODING, "gzip");
        }
        if self.name == PAGE {
            put(header::CONTENT_SECURITY_POLICY, POLICY);
        }
        if let Ok(etag) = HeaderValue::from_str(&etag) {
            headers.insert(header::ETAG, etag);
        }
        response
    }
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::{FILES, PAGE, kind};

    /// What a first visit loads, as it travels; and all screens together.
    const MAX_FIRST: usize = 80 << 10;
    const MAX_ALL: usize = 160 << 10;

    #[test]
    fn the_pages_are_small_and_everything_in_them_is_ours() {
        let page = FILES.iter().find(|file| file.name == PAGE).unwrap();
        let page = std::str::from_utf8(page.plain).unwrap();
        let scripts = || FILES.iter().filter(|file| file.name.ends_with(".js"));
        let first = scripts().filter(|file| page.contains(&format!("\"./{}\"", file.name)));
        let first: usize = first.map(|file| file.small.len()).sum();
        let all: usize = scripts().map(|file| file.small.len()).sum();
        assert!((1..=MAX_FIRST).contains(&first), "{first} bytes of script at first");
        assert!(all <= MAX_ALL, "{all} bytes of script");
        for file in FILES {
            assert_ne!(kind(file.name), "application/octet-stream", "{}", file.name);
        }
    }

    #[test]
    fn nothing_in_the_document_goes_around_the_policy() {
        let page = FILES.iter().find(|file| file.name == PAGE).unwrap();
        let page = std::str::from_utf8(page.plain).unwrap();
        for word in [" style=", "<style", " onclick", " onload", " onsubmit", "javascript:", "//"] {
            assert!(!page.contains(word), "{word}");
        }
        let scripts = page.matches("<script").count();
        assert_eq!(scripts, page.matches("src=\"./").count());
    }
}
