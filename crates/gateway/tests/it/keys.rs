use gateway::{Error, Now, forget_legacy_keys};

use crate::house::{ADMIN, House, LISTENER, open};

#[test]
fn a_key_is_shown_once_works_and_is_revoked() {
    let house = House::furnished();
    let cookie = house.login(LISTENER).cookie();
    let made = house.as_page(&cookie, "POST", "/api/v1/keys", r#"{"name":"phone"}"#);
    assert_eq!(made.status, 201, "{made:?}");
    let made = made.json();
    let token = made["token"].as_str().unwrap();
    assert!(token.starts_with("tst_") && token.len() == 44, "{token}");
    let bearer = format!("Bearer {token}");
    let by_key = [("authorization", bearer.as_str())];
    assert_eq!(house.get("/api/v1/session", &by_key).json()["via"], "key");
    let listed = house.get("/api/v1/keys", &by_key);
    assert!(!listed.body.contains(token));
    assert!(listed.json()["items"][0]["last_used"].is_i64());
    house.ask("POST", "/api/v1/keys", &by_key, r#"{"name":"more"}"#).problem(403);
    house.ask("POST", "/api/v1/logout", &by_key, "").problem(403);
    let path = format!("/api/v1/keys/{}", made["key"]["id"]);
    assert_eq!(house.ask("DELETE", &path, &by_key, "").status, 204);
    house.get("/api/v1/session", &by_key).problem(401);
    house.as_page(&cookie, "DELETE", &path, "").problem(404);
    let audit = house.audit();
    assert!(audit.contains(&"Ben key.made 1 phone".to_owned()), "{audit:?}");
    assert!(audit.contains(&"Ben key.revoked 1".to_owned()), "{audit:?}");
}

#[test]
fn nobody_sees_or_ends_the_keys_of_others() {
    let house = House::furnished();
    let (anna, ben) = (house.login(ADMIN).cookie(), house.login(LISTENER).cookie());
    house.as_page(&anna, "POST", "/api/v1/keys", r#"{"name":"hers"}"#);
    let listed = house.as_page(&ben, "GET", "/api/v1/keys", "").json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 0);
    house.as_page(&ben, "DELETE", "/api/v1/keys/1", "").problem(404);
    house.as_page(&ben, "DELETE", "/api/v1/keys/abc", "").problem(404);
    assert_eq!(house.as_page(&anna, "DELETE", "/api/v1/keys/1", "").status, 204);
}

#[test]
fn a_wrong_key_is_refused_even_beside_a_right_cookie() {
    let house = House::furnished();
    let cookie = house.login(ADMIN).cookie();
    for wrong in ["Bearer tst_0", "Bearer", "Basic YTpi", "Bearer ", ""] {
        let headers = [("cookie", cookie.as_str()), ("authorization", wrong)];
        house.get("/api/v1/session", &headers).problem(401);
    }
    let key = house.key("Anna");
    let twice = [("authorization", key.as_str()), ("authorization", key.as_str())];
    house.get("/api/v1/session", &twice).problem(401);
}

#[test]
fn who_is_kept_out_has_neither_sessions_nor_keys() {
    let house = House::furnished();
    let (cookie, key) = (house.login(LISTENER).cookie(), house.key("Ben"));
    let admin = house.login(ADMIN).cookie();
    let set = |body: &str| house.as_page(&admin, "PATCH", "/api/v1/users/2", body).status;
    assert_eq!(set(r#"{"disabled":true}"#), 200);
    house.get("/api/v1/session", &[("cookie", &cookie)]).problem(401);
    house.get("/api/v1/session", &[("authorization", &key)]).problem(401);
    house.login(LISTENER).problem(401);
    assert_eq!(set(r#"{"disabled":false}"#), 200);
    house.get("/api/v1/session", &[("cookie", &cookie)]).problem(401);
    assert_eq!(house.get("/api/v1/session", &[("authorization", &key)]).status, 200);
}

#[test]
fn a_legacy_key_is_proved_by_a_digest_and_sealed_where_it_lies() {
    let house = House::furnished();
    let ben = house.accounts.user_named("ben").unwrap();
    let (_, plain) = house.accounts.make_key(ben.id, "modern", false).unwrap();
    let (key, token) = house.accounts.make_key(ben.id, "old player", true).unwrap();
    let secrets = house.accounts.legacy_secrets_of("BEN").unwrap();
    assert_eq!(secrets.len(), 1);
    assert_eq!(secrets[0].token, token);
    assert!(!format!("{secrets:?}").contains(&token));
    let digest = |token: &str| {
        use md5::Digest;
        let digest = md5::Md5::digest(format!("{token}salt"));
        digest.iter().map(|byte| format!("{byte:02X}")).collect::<String>()
    };
    let known = |name: &str, digest: &str| house.accounts.authenticate_salted(name, "salt", digest);
    assert_eq!(known("Ben", &digest(&token)).unwrap().user, ben.id);
    assert!(matches!(known("Ben", &digest(&plain)), Err(Error::Unknown)));
    assert!(matches!(known("Anna", &digest(&token)), Err(Error::Unknown)));
    assert!(matches!(known("nobody", &digest(&token)), Err(Error::Unknown)));
    assert!(matches!(known("", ""), Err(Error::Unknown)));
    let copy = house.folder.path().join("copy.db");
    house.accounts.store().backup(&copy).unwrap();
    let bytes = std::fs::read(copy).unwrap();
    assert!(!bytes.windows(token.len()).any(|window| window == token.as_bytes()));
    house.accounts.revoke_key(ben.id, key.id).unwrap();
    assert!(house.accounts.legacy_secrets_of("ben").unwrap().is_empty());
    assert!(known("Ben", &digest(&token)).is_err());
}

#[test]
fn without_the_key_of_the_server_it_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.key");
    let again = || open(folder.path(), Now::wall());
    {
        let accounts = again().unwrap();
        let user = accounts.create("Ben", "another password", gateway::Role::Listener).unwrap();
        accounts.make_key(user.id, "old", true).unwrap();
    }
    let key = std::fs::read(&path).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |mode| std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        mode(0o640);
        assert!(matches!(again(), Err(Error::ServerKey { .. })));
        mode(0o600);
    }
    std::fs::write(&path, &key[1..]).unwrap();
    assert!(matches!(again(), Err(Error::ServerKey { .. })));
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(again(), Err(Error::ServerKey { .. })));
    assert!(!path.exists());
    let store = store::Store::open(&folder.path().join("a.db"), &[gateway::SCHEMA], 1).unwrap();
    assert_eq!(forget_legacy_keys(&store, clock::Nanos(1)).unwrap(), 1);
    drop(store);
    again().unwrap();
}
