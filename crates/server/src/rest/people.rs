//! The server itself, its users, and what sounds alike.

use std::collections::BTreeMap;

use gateway::{Change, Role, User};
use library::TrackId;

use super::call::{Answered, Call};
use super::filled;
use crate::subsonic::views::{self, Line, Millis, SonicMatch, StructuredLyrics};
use crate::subsonic::{Code, Failure, Node, elements};

pub(super) fn answer(method: &str, call: &Call) -> Answered {
    Some(match method {
        "ping" => Ok(Node::new()),
        "getLicense" => Ok(elements::license()),
        "tokenInfo" => Ok(elements::token_info(&call.who.name)),
        "getScanStatus" => Ok(scan_status(call)),
        "startScan" => start_scan(call),
        "getUser" => user(call),
        "getUsers" => users(call),
        "createUser" => create_user(call),
        "updateUser" => update_user(call),
        "deleteUser" => delete_user(call),
        "changePassword" => change_password(call),
        "getLyrics" => lyrics(call),
        "getLyricsBySongId" => lyrics_by_id(call),
        "getSimilarSongs" => similar(call).map(|songs| elements::similar_songs(&songs)),
        "getSimilarSongs2" => similar(call).map(|songs| elements::similar_songs2(&songs)),
        "getSonicSimilarTracks" => sonic_similar(call),
        "findSonicPath" => sonic_path(call),
        _ => return None,
    })
}

fn scan_status(call: &Call) -> Node {
    let status = call.house.library.scan_status();
    elements::scan_status(status.is_running(), status.seen())
}

fn start_scan(call: &Call) -> Result<Node, Failure> {
    call.admin()?;
    let full = call.parameters.flag("fullScan")?.unwrap_or(false);
    call.house.begin_scan(full).map_err(|error| {
        tracing::error!(%error, "a scan could not begin");
        Failure::new(Code::Generic)
    })?;
    Ok(scan_status(call))
}

fn view(call: &Call, user: &User) -> Result<views::User, Failure> {
    let folders = call.house.library.roots()?;
    Ok(views::User {
        username: user.name.clone(),
        scrobbling: true,
        max_bit_rate: None,
        admin: user.role == Role::Admin,
        settings: true,
        download: true,
        upload: false,
        playlist: true,
        cover_art: false,
        comment: false,
        stream: true,
        jukebox: false,
        share: false,
        avatar_changed: None,
        folders: folders.iter().map(|root| filled::count(root.id.0.unsigned_abs())).collect(),
    })
}

/// Somebody by name: oneself, or anybody for an admin.
fn named(call: &Call, name: &str) -> Result<User, Failure> {
    let is_own = name.to_lowercase() == call.who.name.to_lowercase();
    if is_own {
        return call.house.accounts.user(call.who.user).map_err(refused);
    }
    call.admin()?;
    call.house.accounts.user_named(name).map_err(refused)
}

fn user(call: &Call) -> Result<Node, Failure> {
    let name = call.parameters.optional("username").unwrap_or(&call.who.name);
    Ok(elements::user(&view(call, &named(call, name)?)?))
}

fn users(call: &Call) -> Result<Node, Failure> {
    let users = match call.who.role {
        Role::Admin => call.house.accounts.users().map_err(refused)?,
        Role::Listener => vec![named(call, &call.who.name)?],
    };
    let views = users.iter().map(|user| view(call, user)).collect::<Result<Vec<_>, _>>()?;
    Ok(elements::users(&views))
}

/// A password as the protocol sends it: plain, or in hexadecimal behind `enc:`.
fn password(call: &Call) -> Result<String, Failure> {
    let given = call.parameters.required("password")?;
    crate::subsonic::credentials::plain(given)
        .map_err(|_| Failure::saying(Code::Generic, "The password cannot be read"))
}

fn create_user(call: &Call) -> Result<Node, Failure> {
    call.admin()?;
    let name = call.parameters.required("username")?;
    let role = role(call)?.unwrap_or(Role::Listener);
    call.house.accounts.create(name, &password(call)?, role).map_err(refused)?;
    note(call, gateway::Action::USER_MADE, name)?;
    Ok(Node::new())
}

fn role(call: &Call) -> Result<Option<Role>, Failure> {
    let is_admin = call.parameters.flag("adminRole")?;
    Ok(is_admin.map(|is| if is { Role::Admin } else { Role::Listener }))
}

fn update_user(call: &Call) -> Result<Node, Failure> {
    call.admin()?;
    let user = named(call, call.parameters.required("username")?)?;
    let new = call.parameters.optional("password").map(|_| password(call)).transpose()?;
    let change = Change { role: role(call)?, password: new, ..Change::default() };
    call.house.accounts.change(user.id, &change).map_err(refused)?;
    note(call, gateway::Action::ROLE, &user.name)?;
    Ok(Node::new())
}

fn delete_user(call: &Call) -> Result<Node, Failure> {
    call.admin()?;
    let user = named(call, call.parameters.required("username")?)?;
    call.house.accounts.delete(user.id).map_err(refused)?;
    note(call, gateway::Action::USER_DELETED, &user.name)?;
    Ok(Node::new())
}

/// An admin may give anybody another password. Listeners change theirs where the old one is asked
/// for: a key that was stolen must not be worth an account.
fn change_password(call: &Call) -> Result<Node, Failure> {
    call.admin()?;
    let user = named(call, call.parameters.required("username")?)?;
    let change = Change { password: Some(password(call)?), ..Change::default() };
    call.house.accounts.change(user.id, &change).map_err(refused)?;
    note(call, gateway::Action::PASSWORD, &user.name)?;
    Ok(Node::new())
}

fn note(call: &Call, action: gateway::Action, subject: &str) -> Result<(), Failure> {
    let entry = gateway::Entry::done(&call.who, action, subject).from(&call.client);
    call.house.accounts.record(entry).map_err(refused)
}

fn refused(error: gateway::Error) -> Failure {
    match error {
        gateway::Error::Absent => Failure::new(Code::NotFound),
        gateway::Error::Taken => Failure::saying(Code::Generic, "Somebody has this name"),
        gateway::Error::Invalid { .. } => Failure::saying(Code::Generic, "A value is not accepted"),
        gateway::Error::LastAdmin => Failure::saying(Code::Generic, "The last admin stays one"),
        gateway::Error::TooMany { .. } => Failure::saying(Code::Generic, "Too many at once"),
        other => {
            tracing::error!(error = %other, "the accounts did not answer");
            Failure::new(Code::Generic)
        }
    }
}

fn lyrics(call: &Call) -> Result<Node, Failure> {
    let artist = call.parameters.first("artist").unwrap_or_default();
    let title = call.parameters.first("title").unwrap_or_default();
    let Some((track, found)) = call.house.library.find_lyrics(artist, title)? else {
        return Ok(elements::lyrics(&views::Lyrics::default()));
    };
    let track = call.house.library.track(call.who.user, track)?;
    let text = found.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
    let (artist, title) = (Some(track.artist_line), Some(track.title));
    Ok(elements::lyrics(&views::Lyrics { artist, title, text }))
}

fn lyrics_by_id(call: &Call) -> Result<Node, Failure> {
    let track = call.house.library.track(call.who.user, call.track()?)?;
    let found = call.house.library.lyrics(track.id)?;
    let view = |found: library::Lyrics| StructuredLyrics {
        // ISO 639-2 for "undetermined", as the protocol asks.
        lang: found.language.unwrap_or_else(|| "und".to_owned()),
        display_artist: Some(track.artist_line.clone()),
        display_title: Some(track.title.clone()),
        offset_ms: found.offset_ms,
        synced: found.synced,
        lines: found.lines.into_iter().map(line).collect(),
        strand: None,
    };
    Ok(elements::lyrics_list(&found.map(view).into_iter().collect::<Vec<_>>()))
}

fn line(line: library::Line) -> Line {
    let start = line.start_ms.map(|start| Millis(filled::count(start)));
    Line { start, text: line.text }
}

/// Songs that sound like one, like the first of an album or the most played of an artist.
fn similar(call: &Call) -> Result<Vec<views::Child>, Failure> {
    use library::ItemId;
    use library::catalogue::{Page, TrackList};
    let count = call.parameters.clamped("count", 0..=500)?.unwrap_or(50);
    let library = &call.house.library;
    let first = |list| -> Result<TrackId, Failure> {
        let page = Page { offset: 0, limit: 1 };
        let found = library.list_tracks(call.who.user, &list, page)?;
        found.first().map(|track| track.id).ok_or(Failure::new(Code::NotFound))
    };
    let track = match call.id("id")? {
        ItemId::TrackId(id) => library.track(call.who.user, id)?.id,
        ItemId::AlbumId(id) => first(TrackList::OfAlbum(id))?,
        ItemId::ArtistId(id) => first(TrackList::TopOfArtist(id))?,
        _ => return Err(Failure::new(Code::NotFound)),
    };
    let found = match library.similar(track, usize::try_from(count).unwrap_or_default()) {
        // What was not heard yet sounds like nothing yet.
        Err(library::Error::Absent(_)) => return Ok(Vec::new()),
        found => found?,
    };
    let ids: Vec<TrackId> = found.tracks.iter().map(|(id, _)| *id).collect();
    Ok(library.tracks(call.who.user, &ids)?.iter().map(filled::song).collect())
}

fn sonic_similar(call: &Call) -> Result<Node, Failure> {
    let count = call.parameters.clamped("count", 0..=500)?.unwrap_or(10);
    let track = call.house.library.track(call.who.user, call.track()?)?.id;
    let found = call.house.library.similar(track, usize::try_from(count).unwrap_or_default());
    matches(call, found)
}

fn sonic_path(call: &Call) -> Result<Node, Failure> {
    let count = call.parameters.clamped("count", 2..=200)?.unwrap_or(25);
    let (from, to) = (call.id("startSongId")?, call.id("endSongId")?);
    call.house.library.track(call.who.user, from)?;
    call.house.library.track(call.who.user, to)?;
    let limit = usize::try_from(count).unwrap_or_default();
    matches(call, call.house.library.sonic_path(from, to, limit))
}

fn matches(
    call: &Call,
    found: Result<library::analysis::Similar, library::Error>,
) -> Result<Node, Failure> {
    let found = match found {
        Err(library::Error::Absent(_)) => return Ok(elements::sonic_matches(&[])),
        found => found?,
    };
    let ids: Vec<TrackId> = found.tracks.iter().map(|(id, _)| *id).collect();
    let tracks = call.house.library.tracks(call.who.user, &ids)?;
    let distances: BTreeMap<TrackId, f32> = found.tracks.into_iter().collect();
    let matches = tracks.iter().map(|track| SonicMatch {
        song: filled::song(track),
        // 1 is the same sound; at the distance of strangers it is 1/7.
        similarity: distances.get(&track.id).map(|distance| 1.0 / (1.0 + f64::from(*distance))),
    });
    Ok(elements::sonic_matches(&matches.collect::<Vec<_>>()))
}
