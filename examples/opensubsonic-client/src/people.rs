//! The server itself, who may enter, and its users.

use opensubsonic::{Auth, Client, CreateUserOptions, SubsonicErrorCode, UpdateUserOptions};

use crate::checks::{Held, answer};
use crate::{Music, Session};

pub async fn enter(session: &mut Session) -> Held {
    let Session { client, url, user, key, checks } = session;
    answer("ping", client.ping().await)?;
    checks.that("ping", "a salted token opens", true)?;
    let with = |auth| answer("ping", Client::new(url, auth));
    answer("ping", with(Auth::plain(&*user, &*key))?.ping().await)?;
    checks.that("ping", "a key in place of a password opens", true)?;
    let by_key = with(Auth::api_key(&*key))?;
    answer("ping", by_key.ping().await)?;
    checks.that("ping", "an API key opens", true)?;
    let told = answer("tokenInfo", by_key.token_info().await)?;
    checks.equal("tokenInfo", "a key says whose it is", &told.username, user)?;
    let wrong = with(Auth::token(&*user, "wrong"))?.ping().await;
    let code = SubsonicErrorCode::WrongCredentials;
    checks.refused("ping", "a wrong token does not open", wrong, code)?;
    let wrong = with(Auth::api_key("wrong"))?.ping().await;
    checks.refused("ping", "a wrong key does not open", wrong, SubsonicErrorCode::InvalidApiKey)?;

    let info = answer("server_info", client.server_info().await)?;
    checks.that("server_info", "it speaks OpenSubsonic", info.open_subsonic)?;
    checks.equal(
        "server_info",
        "a version of the protocol",
        info.version,
        Some("1.16.1".into()),
    )?;
    checks.equal("server_info", "its name", info.server_type, Some("auralis".into()))?;
    checks.that("server_info", "its own version", info.server_version.is_some())?;
    let license = answer("getLicense", client.get_license().await)?;
    checks.that("getLicense", "the license is valid", license.valid)?;
    let extensions = client.get_open_subsonic_extensions().await;
    let extensions = answer("getOpenSubsonicExtensions", extensions)?;
    for name in [
        "apiKeyAuthentication",
        "formPost",
        "indexBasedQueue",
        "playbackReport",
        "songLyrics",
        "sonicSimilarity",
        "transcodeOffset",
        "transcoding",
    ] {
        let is_there = extensions.iter().any(|e| e.name == name && e.versions.contains(&1));
        checks.that("getOpenSubsonicExtensions", name, is_there)?;
    }
    Ok(())
}

pub async fn users(session: &mut Session) -> Held {
    const NAME: &str = "dora";
    let Session { client, user, checks, .. } = session;
    let own = answer("getUser", client.get_user(user).await)?;
    checks.equal("getUser", "oneself", &own.username, user)?;
    checks.that("getUser", "is an admin", own.admin_role == Some(true))?;
    let folders = answer("getMusicFolders", client.get_music_folders().await)?;
    let folders: Vec<i64> = folders.iter().map(|folder| folder.id).collect();
    checks.equal("getUser", "sees every folder", own.folder, folders)?;

    let options = CreateUserOptions::new().admin_role(true);
    let made = client.create_user(NAME, "a password for dora", "dora@example.org", &options).await;
    answer("createUser", made)?;
    let all = answer("getUsers", client.get_users().await)?;
    let is_there = all.iter().any(|user| user.username == NAME && user.admin_role == Some(true));
    checks.that("getUsers", "the new admin is among them", is_there)?;
    let again = client.create_user(NAME, "a password for dora", "", &options).await;
    checks.refused("createUser", "a name is given once", again, SubsonicErrorCode::Generic)?;
    let options = UpdateUserOptions::new().admin_role(false);
    answer("updateUser", client.update_user(NAME, &options).await)?;
    let changed = answer("getUser", client.get_user(NAME).await)?;
    checks.equal("updateUser", "an admin no more", changed.admin_role, Some(false))?;
    answer("changePassword", client.change_password(NAME, "another one for dora").await)?;
    checks.that("changePassword", "is done", true)?;
    answer("deleteUser", client.delete_user(NAME).await)?;
    let gone = client.get_user(NAME).await;
    checks.refused("deleteUser", "nobody is left", gone, SubsonicErrorCode::NotFound)
}

pub async fn scans(session: &mut Session, music: &Music) -> Held {
    let Session { client, checks, .. } = session;
    answer("startScan", client.start_scan().await)?;
    let mut status = answer("getScanStatus", client.get_scan_status().await)?;
    // A scan of a few files takes a moment; each question is one, too.
    for _ in 0..1_000 {
        if !status.scanning {
            break;
        }
        status = answer("getScanStatus", client.get_scan_status().await)?;
    }
    checks.that("startScan", "a scan ends", !status.scanning)?;
    let songs = music.songs.len() as i64;
    checks.equal("getScanStatus", "every file was seen", status.count, Some(songs))
}
