use crate::subsonic::Node;
use crate::subsonic::views::User;

/// `getLicense`: free software is always licensed.
pub fn license() -> Node {
    Node::new().child("license", Node::new().attribute("valid", true))
}

/// `getScanStatus` and `startScan`: whether a scan runs, and how many songs were counted.
pub fn scan_status(scanning: bool, count: u64) -> Node {
    let status = Node::new().attribute("scanning", scanning).attribute("count", count);
    Node::new().child("scanStatus", status)
}

/// `tokenInfo`: whose API key it is.
pub fn token_info(username: &str) -> Node {
    Node::new().child("tokenInfo", Node::new().attribute("username", username))
}

/// `getUser`.
pub fn user(view: &User) -> Node {
    Node::new().child("user", account(view))
}

/// `getUsers`.
pub fn users(views: &[User]) -> Node {
    Node::new().child("users", Node::new().list("user", views.iter().map(account)))
}

fn account(view: &User) -> Node {
    Node::new()
        .attribute("username", &view.username)
        .attribute("scrobblingEnabled", view.scrobbling)
        .maybe("maxBitRate", view.max_bit_rate)
        .attribute("adminRole", view.admin)
        .attribute("settingsRole", view.settings)
        .attribute("downloadRole", view.download)
        .attribute("uploadRole", view.upload)
        .attribute("playlistRole", view.playlist)
        .attribute("coverArtRole", view.cover_art)
        .attribute("commentRole", view.comment)
        // There are no podcasts and no videos here to be allowed anything with.
        .attribute("podcastRole", false)
        .attribute("streamRole", view.stream)
        .attribute("jukeboxRole", view.jukebox)
        .attribute("shareRole", view.share)
        .attribute("videoConversionRole", false)
        .maybe("avatarLastChanged", view.avatar_changed)
        .scalars("folder", view.folders.iter().copied())
}
