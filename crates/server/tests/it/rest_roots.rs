//! One root alone, as clients of both protocols ask for it.

use serde_json::Value;

use crate::api_flows::track;
use crate::api_house::{Server, With, song};

/// What a method of the protocol answers.
pub(crate) fn rest(server: &Server, who: &str, method: &str, query: &str) -> Value {
    let key = who.trim_start_matches("Bearer ");
    let path = format!("/rest/{method}?apiKey={key}&v=1.16.1&c=test&f=json&{query}");
    server.get("", &path)["subsonic-response"].take()
}

/// A server with a song of Cy on "Gamma" in a second root.
fn furnished() -> (Server, [i64; 2]) {
    let server = Server::furnished(With::Nothing);
    song(&server.folder.path().join("composed/Gamma/1.flac"), 500, "Four", "Cy", "Gamma");
    server.scan();
    let roots = server.library.roots().unwrap();
    let id = |name: &str| roots.iter().find(|root| root.name == name).unwrap().id.0;
    let both = [id("music"), id("composed")];
    (server, both)
}

fn names(items: &Value, name: &str) -> Vec<String> {
    let items = items.as_array().into_iter().flatten();
    let mut names: Vec<String> =
        items.map(|item| item[name].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

fn shelved(shelf: &Value) -> Vec<String> {
    let letters = shelf["index"].as_array().unwrap().iter();
    letters.flat_map(|letter| names(&letter["artist"], "name")).collect()
}

#[test]
fn lists_of_a_music_folder_have_what_is_in_it() {
    let (server, [music, composed]) = furnished();
    let ask = |method: &str, query: &str| rest(&server, &server.anna, method, query);
    for title in ["One", "Four"] {
        ask("star", &format!("id={}", track(&server, title)));
    }
    for (root, artists, albums, songs, starred) in [
        (music, vec!["Ada", "Bo"], vec!["Alpha", "Beta"], vec!["One", "Three", "Two"], "One"),
        (composed, vec!["Cy"], vec!["Gamma"], vec!["Four"], "Four"),
    ] {
        let within = format!("musicFolderId={root}");
        assert_eq!(shelved(&ask("getArtists", &within)["artists"]), artists);
        assert_eq!(shelved(&ask("getIndexes", &within)["indexes"]), artists);
        for kind in ["newest", "random", "alphabeticalByArtist"] {
            let query = format!("type={kind}&{within}");
            let list = ask("getAlbumList2", &query);
            assert_eq!(names(&list["albumList2"]["album"], "name"), albums, "{kind}");
            let list = ask("getAlbumList", &query);
            assert_eq!(names(&list["albumList"]["album"], "title"), albums, "{kind}");
        }
        let all = &ask("search3", &format!("query=&{within}"))["searchResult3"];
        assert_eq!(names(&all["artist"], "name"), artists);
        assert_eq!(names(&all["album"], "name"), albums);
        assert_eq!(names(&all["song"], "title"), songs);
        let found = &ask("search3", &format!("query=f&{within}"))["searchResult3"];
        let four: &[&str] = if root == composed { &["Four"] } else { &[] };
        assert_eq!(names(&found["song"], "title"), four);
        let random = ask("getRandomSongs", &format!("size=500&{within}"));
        assert_eq!(names(&random["randomSongs"]["song"], "title"), songs);
        for (method, element) in [("getStarred", "starred"), ("getStarred2", "starred2")] {
            let found = ask(method, &within);
            assert_eq!(names(&found[element]["song"], "title"), [starred]);
        }
    }
    assert_eq!(shelved(&ask("getArtists", "musicFolderId=")["artists"]), ["Ada", "Bo", "Cy"]);
}

#[test]
fn a_music_folder_that_is_not_there_is_not_found() {
    let (server, _) = furnished();
    for (method, more) in [
        ("getArtists", ""),
        ("getIndexes", ""),
        ("getAlbumList", "type=newest&"),
        ("getAlbumList2", "type=newest&"),
        ("getRandomSongs", ""),
        ("getSongsByGenre", "genre=x&"),
        ("getStarred", ""),
        ("getStarred2", ""),
    ] {
        let code = |id: &str| {
            let query = format!("{more}musicFolderId={id}");
            rest(&server, &server.anna, method, &query)["error"]["code"].clone()
        };
        assert_eq!((code("99"), code("x")), (70.into(), 0.into()), "{method}");
    }
}

#[test]
fn lists_of_the_api_are_of_one_root_where_one_is_named() {
    let (server, [_, composed]) = furnished();
    let seen = |list: &str, name: &str| {
        let found = server.get(&server.anna, &format!("/api/v1/{list}root=ro-{composed}"));
        names(&found["items"], name)
    };
    assert_eq!(seen("tracks?order=added&", "title"), ["Four"]);
    assert_eq!(seen("albums?", "title"), ["Gamma"]);
    assert_eq!(seen("artists?", "name"), ["Cy"]);
    assert_eq!(seen("artists?everybody=true&", "name"), ["Cy"]);
    let none = server.get(&server.anna, "/api/v1/tracks?root=ro-99");
    assert_eq!(none["items"].as_array().unwrap().len(), 0);
    let path = "/api/v1/tracks?root=music";
    assert_eq!(server.ask(&server.anna, "GET", path, None).status, 422);
}
