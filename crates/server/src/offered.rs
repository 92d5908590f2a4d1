//! Under which name and type a file is offered.

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Response, StatusCode, header};
use library::covers::Picture;

use crate::served::matches_none;

/// Names are cut here: file systems take 255 bytes.
const MAX_NAME_CHARS: usize = 100;

/// What a file of this ending is served as.
pub(crate) fn content_type(suffix: &str) -> &'static str {
    match suffix {
        "mp3" | "mp2" | "mp1" => "audio/mpeg",
        "flac" => "audio/flac",
        "ogg" | "oga" => "audio/ogg",
        "opus" => "audio/opus",
        "m4a" | "m4b" | "mp4" | "alac" => "audio/mp4",
        "aac" => "audio/aac",
        "wav" | "wave" | "rf64" => "audio/wav",
        "aif" | "aiff" | "aifc" => "audio/aiff",
        "au" | "snd" => "audio/basic",
        _ => "application/octet-stream",
    }
}

/// A name that is no path and no command on any system.
pub(crate) fn safe(name: &str) -> String {
    let is_plain = |c: char| !c.is_control() && !"/\\:*?\"<>|".contains(c);
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let cut: String = plain.trim_matches(['.', ' ']).chars().take(MAX_NAME_CHARS).collect();
    if cut.is_empty() { "untitled".to_owned() } else { cut }
}

/// The header that offers a file under a name (RFC 6266, RFC 8187).
pub(crate) fn attachment(name: &str) -> HeaderValue {
    let name = safe(name);
    let ascii: String =
        name.chars().map(|c| if c.is_ascii() && c != '%' { c } else { '_' }).collect();
    if ascii == name {
        let text = format!("attachment; filename=\"{ascii}\"");
        return HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("attachment"));
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encoded: String = name
        .bytes()
        .map(|b| if is_plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect();
    let text = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("attachment"))
}

/// A picture, kept by who asked for an hour.
pub(crate) fn picture(picture: Picture, asked: &Parts) -> Response<Body> {
    let etag = format!("\"{}\"", picture.etag);
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    if matches_none(&asked.headers, &etag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(picture.kind.media_type()));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(picture.bytes.len()));
    if asked.method != Method::HEAD {
        *response.body_mut() = Body::from(picture.bytes);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::{attachment, safe};

    #[test]
    fn names_are_no_paths() {
        assert_eq!(safe("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(safe("a\"b\r\nc"), "a_b__c");
        assert_eq!(safe(" . "), "untitled");
        let header = attachment("Björk \"x\".flac");
        assert_eq!(
            header.to_str().unwrap(),
            "attachment; filename=\"Bj_rk _x_.flac\"; filename*=UTF-8''Bj%C3%B6rk%20_x_.flac"
        );
    }
}
