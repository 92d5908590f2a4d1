//! Shapes that broke real clients, each with where it did.

use serde_json::json;
use server::subsonic::views::{Child, Genre, MusicFolder, RelativePath, Seconds};
use server::subsonic::{Code, Failure, Format, Node, catalogue, elements, envelope};

use crate::samples::{answers, child, plain_album};
use crate::{json, parameters, xml};

// plyr.fm 1649: without serverVersion clients in Swift stop; hifi 87: "2.0.0" is out of range.
#[test]
fn the_envelope_is_whole_in_success_and_failure() {
    let failed = envelope::failed(&Failure::new(Code::NotFound));
    for (response, status) in [(envelope::ok(Node::new()), "ok"), (failed, "failed")] {
        let body = Format::Json.render(&response).body;
        let parsed: serde_json::Value = serde_json::from_str(&body).unwrap();
        let response = &parsed["subsonic-response"];
        assert_eq!(response["status"], status);
        assert_eq!(response["version"], "1.16.1");
        assert_eq!(response["type"], "auralis");
        assert_eq!(response["serverVersion"], server::VERSION);
        assert_eq!(response["openSubsonic"], true);
    }
}

#[test]
fn a_failure_has_its_code_and_help_and_nothing_of_the_inside() {
    let failure = Failure::new(Code::TokenNotSupported).with_help("https://a.example/?b&c".into());
    assert_eq!(
        Format::Xml.render(&envelope::failed(&failure)).body,
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
             <subsonic-response xmlns=\"http://subsonic.org/restapi\" status=\"failed\" \
             version=\"1.16.1\" type=\"auralis\" serverVersion=\"{}\" openSubsonic=\"true\">\
             <error code=\"41\" message=\"Token authentication is not supported for this account\" \
             helpUrl=\"https://a.example/?b&amp;c\"></error></subsonic-response>",
            server::VERSION
        )
    );
    assert_eq!(Code::ALL.map(Code::number), [0, 10, 20, 30, 40, 41, 42, 43, 44, 50, 60, 70]);
}

// kima-hub 126: without `value` Symfonium reads no genres.
#[test]
fn a_genre_is_a_value_in_json_and_text_in_xml() {
    let genre =
        || elements::genres(&[Genre { name: "R&B".into(), song_count: 28, album_count: 6 }]);
    assert_eq!(
        json(genre())["genres"],
        json!({ "genre": [{ "songCount": 28, "albumCount": 6, "value": "R&B" }] })
    );
    let text = "<genres><genre songCount=\"28\" albumCount=\"6\">R&amp;B</genre></genres>";
    assert!(xml(genre()).contains(text), "{}", xml(genre()));
}

// py-opensonic refuses an object where a list is meant.
#[test]
fn a_list_of_one_is_a_list_and_of_none_an_empty_one() {
    let one = || elements::music_folders(&[MusicFolder { id: 1, name: "Music".into() }]);
    assert_eq!(json(one())["musicFolders"]["musicFolder"], json!([{ "id": 1, "name": "Music" }]));
    assert_eq!(json(elements::music_folders(&[]))["musicFolders"]["musicFolder"], json!([]));
    assert!(xml(one()).contains("<musicFolder id=\"1\" name=\"Music\"></musicFolder>"));
    assert!(xml(elements::music_folders(&[])).contains("<musicFolders></musicFolders>"));
}

#[test]
fn ids_are_text_counts_are_numbers_and_moments_are_iso_8601() {
    let song = json(elements::song(&child()))["song"].take();
    assert_eq!(song["id"], "s1");
    assert_eq!(song["duration"], 247);
    assert_eq!(song["size"], 31_457_280);
    assert_eq!(song["isDir"], false);
    assert_eq!(song["created"], "2025-11-24T15:45:11.222Z");
    assert_eq!(song["replayGain"]["trackGain"], -7.45);
    let album = json(elements::album(&plain_album(), &[]))["album"].take();
    assert_eq!(album["created"], "2025-11-24T15:45:11.222Z");
    assert_eq!(album["song"], json!([]));
    assert_eq!(album["duration"], 0);
}

#[test]
fn no_path_is_absolute_or_leads_up() {
    for path in ["", "/srv/a.flac", "\\\\host\\a.flac", "C:\\a.flac", "..", "a/../../b", "a\\..\\b"]
    {
        assert_eq!(RelativePath::new(path), None, "{path}");
    }
    for path in ["a.flac", "R.E.M./01 ...And.flac", "a/..b/c"] {
        assert!(RelativePath::new(path).is_some(), "{path}");
    }
    assert_eq!(json(elements::song(&child()))["song"]["path"], "R&B/07 Song.flac");
}

// A client learns from an empty field that the server knows it.
#[test]
fn what_opensubsonic_added_is_there_even_when_nothing_is_known() {
    let song = json(elements::song(&Child::default()))["song"].take();
    for (name, empty) in [
        ("genres", json!([])),
        ("artists", json!([])),
        ("albumArtists", json!([])),
        ("contributors", json!([])),
        ("isrc", json!([])),
        ("moods", json!([])),
        ("works", json!([])),
        ("replayGain", json!({})),
        ("displayArtist", json!("")),
        ("sortName", json!("")),
        ("musicBrainzId", json!("")),
        ("explicitStatus", json!("")),
        ("mediaType", json!("song")),
    ] {
        assert_eq!(song[name], empty, "{name}");
    }
    for absent in ["album", "year", "duration", "starred", "userRating", "path"] {
        assert!(song.get(absent).is_none(), "{absent}");
    }
}

#[test]
fn a_length_is_whole_seconds() {
    let song = Child { duration: Some(Seconds(1)), ..Child::default() };
    assert!(xml(elements::song(&song)).contains(" duration=\"1\" "));
}

#[test]
fn texts_of_the_first_protocol_are_elements_in_xml() {
    let (_, full, _) = answers().into_iter().find(|(name, ..)| *name == "getArtistInfo2").unwrap();
    let document = xml(full.clone());
    assert!(document.contains("<artistInfo2><biography>&lt;R&amp;B&gt; "), "{document}");
    assert!(json(full)["artistInfo2"]["biography"].is_string());
}

#[test]
fn extensions_are_a_list_at_the_root_with_lists_of_versions() {
    let extensions = json(catalogue::extensions())["openSubsonicExtensions"].take();
    let find = |name: &str| {
        extensions.as_array().unwrap().iter().find(|row| row["name"] == name).unwrap()["versions"]
            .clone()
    };
    assert_eq!(find("formPost"), json!([1]));
    assert_eq!(find("songLyrics"), json!([1, 2]));
    let text = "<openSubsonicExtensions name=\"songLyrics\"><versions>1</versions>\
                <versions>2</versions></openSubsonicExtensions>";
    assert!(xml(catalogue::extensions()).contains(text));
}

#[test]
fn each_format_has_its_type_and_xml_is_what_is_not_asked_for() {
    let of = |query| Format::of(&parameters(query));
    assert_eq!(of("").unwrap(), Format::Xml);
    assert_eq!(of("f=xml").unwrap(), Format::Xml);
    let types = [
        ("f=xml", "application/xml"),
        ("f=json", "application/json"),
        ("f=jsonp&callback=a", "text/javascript"),
    ];
    for (query, essence) in types {
        let rendered = of(query).unwrap().render(&envelope::ok(Node::new()));
        assert_eq!(rendered.content_type, format!("{essence}; charset=utf-8"));
    }
    assert_eq!(of("f=yaml").unwrap_err().code(), Code::Generic);
}

#[test]
fn a_callback_is_a_name_and_nothing_else() {
    let long = "x".repeat(65);
    for callback in ["", "a(b)", "alert%281%29%2F%2F", "a-b", "a%20b", "%3Cscript%3E", "é", &long]
    {
        let failure = Format::of(&parameters(&format!("f=jsonp&callback={callback}"))).unwrap_err();
        assert_eq!(failure.code(), Code::MissingParameter, "{callback}");
    }
    assert!(Format::of(&parameters("f=jsonp")).is_err());
}
