use gateway::{Action, Entry};

use crate::house::{ADMIN, House, LISTENER};

#[test]
fn the_last_admin_stays() {
    let house = House::furnished();
    let admin = house.login(ADMIN).cookie();
    let on = |method: &str, id: u8, body: &str| {
        house.as_page(&admin, method, &format!("/api/v1/users/{id}"), body)
    };
    on("DELETE", 1, "").problem(409);
    on("PATCH", 1, r#"{"role":"listener"}"#).problem(409);
    on("PATCH", 1, r#"{"disabled":true}"#).problem(409);
    assert_eq!(house.get("/api/v1/session", &[("cookie", &admin)]).json()["role"], "admin");
    assert_eq!(on("PATCH", 2, r#"{"role":"admin"}"#).status, 200);
    assert_eq!(on("PATCH", 1, r#"{"role":"listener"}"#).status, 200);
    on("GET", 2, "").problem(403);
}

#[test]
fn names_are_taken_whatever_their_case_and_changes_are_whole() {
    let house = House::furnished();
    let admin = house.login(ADMIN).cookie();
    let make = |name: &str| {
        let body = serde_json::json!({
            "name": name, "password": "a good password", "role": "listener" });
        house.as_page(&admin, "POST", "/api/v1/users", &body.to_string())
    };
    make("BEN").problem(409);
    assert_eq!(make("Müller").status, 201);
    make("MÜLLER").problem(409);
    assert_eq!(make("mu\u{308}ller").problem(422)["errors"][0]["field"], "name");
    let both = r#"{"name":"anna","role":"admin"}"#;
    house.as_page(&admin, "PATCH", "/api/v1/users/2", both).problem(409);
    let ben = house.as_page(&admin, "GET", "/api/v1/users/2", "").json();
    assert_eq!((ben["name"].as_str(), ben["role"].as_str()), (Some("Ben"), Some("listener")));
    house.as_page(&admin, "GET", "/api/v1/users/99", "").problem(404);
}

#[test]
fn a_deleted_user_leaves_nothing_but_what_was_written_down() {
    let house = House::furnished();
    let admin = house.login(ADMIN).cookie();
    let (cookie, key) = (house.login(LISTENER).cookie(), house.key("Ben"));
    assert_eq!(house.as_page(&admin, "DELETE", "/api/v1/users/2", "").status, 204);
    house.get("/api/v1/session", &[("cookie", &cookie)]).problem(401);
    house.get("/api/v1/session", &[("authorization", &key)]).problem(401);
    assert!(house.audit().contains(&"Ben session.begun ".to_owned()));
    assert!(house.audit().contains(&"Anna user.deleted 2 Ben".to_owned()));
    let again = house.accounts.create("Ben", LISTENER.1, gateway::Role::Listener).unwrap();
    assert_eq!(again.id.0, 3);
}

#[test]
fn what_was_done_is_written_down_and_read_page_by_page() {
    let house = House::furnished();
    let admin = house.login(ADMIN).cookie();
    let change = r#"{"name":"Benno","role":"admin","disabled":true,"password":"a new password"}"#;
    assert_eq!(house.as_page(&admin, "PATCH", "/api/v1/users/2", change).status, 200);
    let new = r#"{"name":"Cleo","password":"a good password","role":"listener"}"#;
    house.as_page(&admin, "POST", "/api/v1/users", new);
    house.as_page(&admin, "PATCH", "/api/v1/users/2", r#"{"disabled":false}"#);
    let by = house.accounts.authenticate_key(&house.key("Anna")["Bearer ".len()..]).unwrap();
    house.accounts.record(Entry::done(&by, Action("root.added"), "music").from("::1")).unwrap();
    let expected = [
        "Anna session.begun ",
        "Anna user.renamed 2 Ben to Benno",
        "Anna user.role 2 Benno listener to admin",
        "Anna user.disabled 2 Benno",
        "Anna user.password 2 Benno",
        "Anna user.made 3 Cleo listener",
        "Anna user.enabled 2 Benno",
        "Anna root.added music",
    ];
    assert_eq!(house.audit(), expected);
    let mut seen = 0;
    let mut path = "/api/v1/audit?limit=3".to_owned();
    loop {
        let page = house.as_page(&admin, "GET", &path, "").json();
        seen += page["items"].as_array().unwrap().len();
        assert!(page["items"][0]["client"].as_str().is_some());
        let Some(next) = page["next"].as_i64() else { break };
        path = format!("/api/v1/audit?limit=3&before={next}");
    }
    assert_eq!(seen, expected.len());
    for (query, field) in [("limit=0", "limit"), ("limit=x", "limit"), ("page=1", "page")] {
        let refused = house.as_page(&admin, "GET", &format!("/api/v1/audit?{query}"), "");
        assert_eq!(refused.problem(422)["errors"][0]["field"], field);
    }
}
