//! Holds a running server against the crate `opensubsonic`: every method of it that the server has,
//! by what its answers hold.
//!
//! `opensubsonic-client URL USER KEY`, for a key of an admin and a library of four songs or more, one of
//! them in FLAC. What it changes it puts back, but for plays.

mod browsing;
mod checks;
mod lists;
mod marking;
mod people;
mod refusals;
mod sound;

use std::process::ExitCode;

use opensubsonic::data::{AlbumWithSongsId3, ArtistWithAlbumsId3, Child};
use opensubsonic::{Auth, Client};

use checks::{Checks, Held};

/// Who asks, and what held so far.
pub struct Session {
    pub client: Client,
    pub url: String,
    pub user: String,
    pub key: String,
    pub checks: Checks,
}

/// What the library was found to hold.
pub struct Music {
    pub artist: ArtistWithAlbumsId3,
    pub album: AlbumWithSongsId3,
    /// The first of that album.
    pub song: Child,
    pub songs: Vec<Child>,
}

impl Music {
    /// The ids of so many songs, the first of them twice: a list may hold a song again.
    pub fn ids(&self, count: usize) -> Vec<&str> {
        let mut ids: Vec<&str> = self.songs.iter().take(count).map(|song| &*song.id).collect();
        ids.push(&self.songs[0].id);
        ids
    }
}

async fn run(session: &mut Session) -> Held {
    people::enter(session).await?;
    let music = browsing::browse(session).await?;
    lists::albums(session, &music).await?;
    lists::songs(session, &music).await?;
    lists::search(session, &music).await?;
    marking::stars(session, &music).await?;
    marking::ratings(session, &music).await?;
    marking::plays(session, &music).await?;
    marking::playlists(session, &music).await?;
    marking::queues(session, &music).await?;
    marking::bookmarks(session, &music).await?;
    sound::files(session, &music).await?;
    sound::transcoded(session, &music).await?;
    sound::pictures(session, &music).await?;
    sound::lyrics(session, &music).await?;
    people::users(session).await?;
    people::scans(session, &music).await?;
    refusals::all(session, &music).await
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, user, key] = &arguments[..] else {
        eprintln!("usage: opensubsonic-client URL USER KEY");
        return ExitCode::FAILURE;
    };
    let client = match Client::new(url, Auth::token(user, key)) {
        Ok(client) => client,
        Err(error) => {
            eprintln!("opensubsonic: {url}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("opensubsonic: {error}");
            return ExitCode::FAILURE;
        }
    };
    let (url, user, key) = (url.clone(), user.clone(), key.clone());
    let mut session = Session { client, url, user, key, checks: Checks::default() };
    let outcome = runtime.block_on(run(&mut session));
    let passed = session.checks.passed;
    match outcome {
        Ok(()) => {
            println!("opensubsonic: {passed} passed, 0 failed");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("opensubsonic: {failure}, after {passed} that passed");
            ExitCode::FAILURE
        }
    }
}
