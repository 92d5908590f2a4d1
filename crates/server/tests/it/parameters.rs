use clock::Nanos;
use proptest::prelude::{any, prop, proptest};
use server::subsonic::listing::{AlbumOrder, Page};
use server::subsonic::query::{Query, query};
use server::subsonic::request::{client, is_form, method};
use server::subsonic::{Code, Credentials, Format, Parameters, client_info};

use crate::parameters;

fn code(parameters: &str, form: &[u8]) -> Code {
    Parameters::parse(parameters.as_bytes(), form).unwrap_err().code()
}

#[test]
fn the_form_adds_to_the_query_and_order_is_kept() {
    let parameters = Parameters::parse(b"id=1&f=json&id=2", b"id=3&id=&id=4&u=joe").unwrap();
    assert_eq!(parameters.all("id").collect::<Vec<_>>(), ["1", "2", "3", "4"]);
    assert_eq!(parameters.first("u"), Some("joe"));
    assert_eq!(parameters.len(), 7);
}

#[test]
fn values_are_decoded_as_forms_are() {
    let parameters = parameters("a=R%26B+%2B+Soul%c3%a9&b=100%&c=%zz&d&&e==x&%66=g");
    for (name, value) in
        [("a", "R&B + Soulé"), ("b", "100%"), ("c", "%zz"), ("d", ""), ("e", "=x"), ("f", "g")]
    {
        assert_eq!(parameters.first(name), Some(value));
    }
}

#[test]
fn what_is_not_utf_8_too_long_or_too_many_is_refused() {
    assert_eq!(code("a=%ff", b""), Code::Generic);
    assert_eq!(code("", b"a=\xff"), Code::Generic);
    assert_eq!(code(&format!("a={}", "x".repeat(8_193)), b""), Code::Generic);
    assert_eq!(code(&"x".repeat(65), b""), Code::Generic);
    let most = "songId=1&".repeat(10_000);
    assert_eq!(Parameters::parse(b"", most.as_bytes()).unwrap().len(), 10_000);
    assert_eq!(code("u=joe", most.as_bytes()), Code::Generic);
}

#[test]
fn a_missing_parameter_is_named() {
    for query in ["", "id="] {
        let failure = parameters(query).required("id").unwrap_err();
        assert_eq!(failure.code(), Code::MissingParameter);
        assert!(failure.message().ends_with(": id"), "{}", failure.message());
    }
}

#[test]
fn a_value_that_is_refused_is_never_repeated() {
    let parameters = parameters("size=%3Cscript%3E&f=%3Cscript%3E");
    let failure = parameters.clamped("size", 0..=500).unwrap_err();
    assert_eq!(failure.message(), "The parameter size is not valid");
    assert_eq!(Format::of(&parameters).unwrap_err().message(), "The parameter f is not valid");
}

#[test]
fn sizes_are_clamped_and_zero_is_zero() {
    let size = |query| parameters(query).clamped("size", 0..=500);
    assert_eq!(size("").unwrap(), None);
    assert_eq!(size("size=").unwrap(), None);
    assert_eq!(size("size=0").unwrap(), Some(0));
    assert_eq!(size("size=501").unwrap(), Some(500));
    assert_eq!(size("size=-3").unwrap(), Some(0));
    assert_eq!(size("size=99999999999999999999").unwrap(), Some(500));
    assert_eq!(size("size=ten").unwrap_err().code(), Code::Generic);
}

#[test]
fn an_index_is_never_another_than_was_meant() {
    let parameters = parameters("songIndexToRemove=3&songIndexToRemove=0&rating=6");
    assert_eq!(parameters.all_within("songIndexToRemove", 0..=9).unwrap(), [3, 0]);
    assert!(parameters.all_within("songIndexToRemove", 0..=2).is_err());
    assert!(parameters.within("rating", 0..=5).is_err());
}

#[test]
fn words_numbers_and_moments_are_read() {
    let parameters =
        parameters("public=TRUE&submission=0&type=ALPHABETICALBYNAME&time=1&time=2&rate=1.5");
    assert_eq!(parameters.flag("public").unwrap(), Some(true));
    assert_eq!(parameters.flag("submission").unwrap(), Some(false));
    assert!(parameters.flag("type").is_err());
    let table = [("newest", 1), ("alphabeticalByName", 2)];
    assert_eq!(parameters.choice("type", &table).unwrap(), Some(2));
    assert_eq!(parameters.moments("time").unwrap(), [Nanos(1_000_000), Nanos(2_000_000)]);
    assert_eq!(parameters.number("rate", 0.0..=4.0).unwrap(), Some(1.5));
    assert!(crate::parameters("rate=NaN").number("rate", 0.0..=4.0).is_err());
}

#[test]
fn a_method_is_the_same_with_and_without_view() {
    assert_eq!(method("/rest/ping"), Some("ping"));
    assert_eq!(method("/rest/ping.view"), Some("ping"));
    assert_eq!(method("/rest/hls.m3u8.view"), Some("hls.m3u8"));
    for path in ["/rest/", "/rest", "/ping", "/rest/.view", "/rest/a/b", "/api/rest/ping"] {
        assert_eq!(method(path), None, "{path}");
    }
}

#[test]
fn a_client_without_name_or_version_is_served() {
    assert_eq!(client(&parameters("")), "unknown");
    assert_eq!(client(&parameters("c=%00+")), "unknown");
    assert_eq!(client(&parameters("c=Symfonium")), "Symfonium");
    assert_eq!(client(&parameters(&format!("c={}", "é".repeat(80)))).chars().count(), 64);
}

#[test]
fn a_form_is_known_by_its_type() {
    assert!(is_form("application/x-www-form-urlencoded; charset=UTF-8"));
    assert!(!is_form("application/json"));
    assert!(!is_form(""));
}

// Symfonium copies the library with query="", 500 songs a page: gonic 229, koel 2619, ampache 3420.
#[test]
fn two_literal_quotes_ask_for_everything() {
    for text in ["query=%22%22", "query=", "", "query=+", "query=*"] {
        assert_eq!(query(&parameters(text)).unwrap(), Query::Everything, "{text}");
    }
    let text = query(&parameters("query=%22R.E.M.%22")).unwrap();
    assert_eq!(text, Query::Text("R.E.M.".to_owned()));
    assert!(query(&parameters(&format!("query={}", "x".repeat(201)))).is_err());
}

#[test]
fn a_page_has_at_most_500_and_may_have_none() {
    let page = |query| Page::of(&parameters(query), "size", "offset", 10).unwrap();
    assert_eq!(page(""), Page { offset: 0, count: 10 });
    assert_eq!(page("size=0&offset=99500"), Page { offset: 99_500, count: 0 });
    assert_eq!(page("size=5000&offset=-1"), Page { offset: 0, count: 500 });
}

#[test]
fn an_order_of_albums_is_read_with_what_belongs_to_it() {
    let order = |query| AlbumOrder::of(&parameters(query));
    assert_eq!(order("type=newest").unwrap(), AlbumOrder::Newest);
    assert_eq!(
        order("type=byYear&fromYear=1999&toYear=1990").unwrap(),
        AlbumOrder::Years { from: 1_999, to: 1_990 }
    );
    assert_eq!(order("type=byGenre&genre=R%26B").unwrap(), AlbumOrder::Genre("R&B".into()));
    for query in ["", "type=byYear", "type=byYear&fromYear=1990", "type=byGenre"] {
        assert_eq!(order(query).unwrap_err().code(), Code::MissingParameter, "{query}");
    }
    for query in ["type=best", "type=byYear&fromYear=x&toYear=1"] {
        assert_eq!(order(query).unwrap_err().code(), Code::Generic, "{query}");
    }
}

#[test]
fn a_client_s_description_is_read() {
    let body = br#"{"name":"Play","platform":"Pixel","maxAudioBitrate":512000,
        "directPlayProfiles":[{"containers":["flac"],"audioCodecs":[],"protocols":["http"]}],
        "transcodingProfiles":[{"container":"ogg","audioCodec":"opus","protocol":"hls"}],
        "codecProfiles":[{"type":"AudioCodec","name":"mp3","limitations":[{"name":"audioBitrate",
        "comparison":"LessThanEqual","values":["320000"],"required":true}]}]}"#;
    let info = client_info::parse(body).unwrap();
    assert_eq!(info.max_audio_bitrate, Some(512_000));
    assert_eq!(info.codec_profiles[0].limitations[0].values, ["320000"]);
    assert!(client_info::parse(br#"{"name":"Play","platform":"Pixel"}"#).is_ok());
    for wrong in ["", "[]", r#"{"name":"Play"}"#, r#"{"name":1,"platform":"x"}"#] {
        assert_eq!(client_info::parse(wrong.as_bytes()).unwrap_err().code(), Code::Generic);
    }
}

proptest! {
    #[test]
    fn no_bytes_of_a_request_are_too_much(
        address in prop::collection::vec(any::<u8>(), 0..200),
        form in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        client_info::parse(&form).ok();
        method(&String::from_utf8_lossy(&address));
        let Ok(parameters) = Parameters::parse(&address, &form) else { return Ok(()) };
        Format::of(&parameters).ok();
        Credentials::of(&parameters).ok();
        query(&parameters).ok();
        AlbumOrder::of(&parameters).ok();
        Page::of(&parameters, "size", "offset", 10).ok();
        client(&parameters);
    }

    #[test]
    fn what_a_client_encodes_is_what_is_read(text in any::<String>()) {
        let encoded: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let query = format!("a=1&t={encoded}");
        assert_eq!(parameters(&query).first("t"), Some(text.as_str()));
    }
}
