//! How listeners want tracks mastered: what is asked for, and what is remembered of it for a track, an
//! album or a player.

use audio::Lufs;
use library::model::Track;
use library::{AlbumId, TrackId};
use mastering::Preset;
use serde::{Deserialize, Serialize};
use store::rusqlite::{Connection, OptionalExtension, params};
use store::{Chapter, Store, UserId};
use studio::desk::SoundId;
use studio::plans::{Enhancement, Manner};
use utoipa::ToSchema;

use crate::ids::Id;

/// The part of the database that is the player's. It refers to a table `user` with the key `id`, which
/// stands in a chapter taken before this one.
pub const SCHEMA: Chapter = Chapter { name: "tastes", steps: &[include_str!("tastes/1.sql")] };

/// As many things as a listener has opinions about.
const MAX_OF_USER: i64 = 10_000;

/// A way of mastering that is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Enhancement)]
pub(crate) struct Wanted {
    /// A preset, such as "adaptive" or "warm"; "adaptive" where neither it nor a reference is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) preset: Option<String>,
    /// A track whose balance, density and width others shall have, in the place of a preset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "tr-7")]
    pub(crate) reference: Option<Id<TrackId>>,
    /// How much of it, 0 to 1, in hundredths; all of it without it.
    #[serde(default = "all")]
    pub(crate) intensity: f64,
    /// What tracks are brought to, LUFS, -30 to -6, in tenths; -14 without it.
    #[serde(default = "loudness")]
    pub(crate) loudness: f64,
}

fn all() -> f64 {
    Enhancement::default().share()
}

fn loudness() -> f64 {
    Enhancement::default().loudness().0
}

/// Why it is no way of mastering.
#[derive(Debug, PartialEq, thiserror::Error)]
pub(crate) enum Unclear {
    #[error("a preset and a reference; it must be one of them")]
    TwoManners,
    #[error(transparent)]
    Mastering(#[from] mastering::Error),
}

impl Wanted {
    /// What it means.
    ///
    /// # Errors
    /// An unknown preset, one beside a reference, a figure out of range.
    pub(crate) fn read(&self) -> Result<Enhancement, Unclear> {
        let manner = match (&self.preset, self.reference) {
            (Some(_), Some(_)) => return Err(Unclear::TwoManners),
            (Some(name), None) => Manner::Preset(Preset::named(name)?),
            (None, Some(Id(TrackId(id)))) => Manner::Like(SoundId(id)),
            (None, None) => Enhancement::default().manner,
        };
        Ok(Enhancement::new(manner, self.intensity, Lufs(self.loudness))?)
    }
}

impl From<Enhancement> for Wanted {
    fn from(known: Enhancement) -> Self {
        let (preset, reference) = match known.manner {
            Manner::Preset(preset) => (Some(preset.name().to_owned()), None),
            Manner::Like(SoundId(id)) => (None, Some(Id(TrackId(id)))),
        };
        Self { preset, reference, intensity: known.share(), loudness: known.loudness().0 }
    }
}

/// What a taste is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scope {
    Track(TrackId),
    Album(AlbumId),
    /// Whatever a player plays, by its name.
    Player(String),
}

/// The longest name of a player.
const MAX_PLAYER_CHARS: usize = 64;
const PLAYER: &str = "player:";

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Track(id) => write!(f, "{id}"),
            Self::Album(id) => write!(f, "{id}"),
            Self::Player(name) => write!(f, "{PLAYER}{name}"),
        }
    }
}

impl std::str::FromStr for Scope {
    type Err = library::NotAnId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(name) = text.strip_prefix(PLAYER) {
            let is_name = (1..=MAX_PLAYER_CHARS).contains(&name.chars().count())
                && !name.chars().any(char::is_control);
            return is_name.then(|| Self::Player(name.to_owned())).ok_or(library::NotAnId);
        }
        text.parse().map(Self::Track).or_else(|_| text.parse().map(Self::Album))
    }
}

/// What is remembered: a way, or that nothing is to be done.
pub(crate) type Taste = Option<Enhancement>;

/// Those of all listeners.
#[derive(Debug, Clone)]
pub(crate) struct Tastes(Store);

impl Tastes {
    pub(crate) fn new(store: Store) -> Self {
        Self(store)
    }

    /// All that is remembered for a listener.
    pub(crate) fn all(&self, user: UserId) -> Result<Vec<(String, Taste)>, store::Error> {
        self.0.read(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT scope, wanted FROM taste WHERE user = ?1 ORDER BY scope")?;
            let rows = statement.query_map([user], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?))
            })?;
            let rows: Vec<_> = rows.collect::<Result<_, _>>()?;
            let read = |(scope, text): (String, Option<String>)| Some((scope, taste(text)?));
            Ok(rows.into_iter().filter_map(read).collect())
        })
    }

    /// Remembers a taste; false where a listener has as many as may be.
    pub(crate) fn set(
        &self,
        user: UserId,
        scope: &Scope,
        taste: Taste,
    ) -> Result<bool, store::Error> {
        let (scope, text) = (scope.to_string(), taste.map(written));
        self.0.write(move |connection| -> Result<bool, store::Error> {
            let others: i64 = connection
                .prepare_cached("SELECT count(*) FROM taste WHERE user = ?1 AND scope <> ?2")?
                .query_row(params![user, scope], |row| row.get(0))?;
            if others >= MAX_OF_USER {
                return Ok(false);
            }
            connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO taste(user, scope, wanted) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![user, scope, text])?;
            Ok(true)
        })
    }

    /// Forgets one; whether there was one.
    pub(crate) fn forget(&self, user: UserId, scope: &Scope) -> Result<bool, store::Error> {
        let scope = scope.to_string();
        self.0.write(move |connection| -> Result<bool, store::Error> {
            let sql = "DELETE FROM taste WHERE user = ?1 AND scope = ?2";
            Ok(connection.prepare_cached(sql)?.execute(params![user, scope])? > 0)
        })
    }

    /// What is remembered of a player.
    pub(crate) fn of_player(
        &self,
        user: UserId,
        player: &str,
    ) -> Result<Option<Taste>, store::Error> {
        let scope = Scope::Player(player.to_owned()).to_string();
        self.0.read(|connection| remembered(connection, user, &scope))
    }

    /// How a track is to be mastered by a player that masters: as is remembered of the track, else of its
    /// album, else as the player does. One that does not masters nothing.
    pub(crate) fn of_track(
        &self,
        user: UserId,
        track: &Track,
        player: Taste,
    ) -> Result<Taste, store::Error> {
        if player.is_none() {
            return Ok(None);
        }
        let scopes = [Scope::Track(track.id), Scope::Album(track.album)].map(|s| s.to_string());
        self.0.read(|connection| {
            for scope in scopes {
                if let Some(taste) = remembered(connection, user, &scope)? {
                    return Ok(taste);
                }
            }
            Ok(player)
        })
    }
}

fn remembered(
    connection: &Connection,
    user: UserId,
    scope: &str,
) -> Result<Option<Taste>, store::Error> {
    let text: Option<Option<String>> = connection
        .prepare_cached("SELECT wanted FROM taste WHERE user = ?1 AND scope = ?2")?
        .query_row(params![user, scope], |row| row.get(0))
        .optional()?;
    Ok(text.and_then(taste))
}

fn written(known: Enhancement) -> String {
    let manner = match known.manner {
        Manner::Preset(preset) => preset.name().to_owned(),
        Manner::Like(SoundId(id)) => TrackId(id).to_string(),
    };
    format!("{manner} {} {}", known.share(), known.loudness().0)
}

/// None where a later version of the program wrote it.
fn taste(text: Option<String>) -> Option<Taste> {
    let Some(text) = text else { return Some(None) };
    let mut words = text.split(' ');
    let manner = words.next()?;
    let reference = manner.parse().ok().map(Id);
    let wanted = Wanted {
        preset: reference.is_none().then(|| manner.to_owned()),
        reference,
        intensity: words.next()?.parse().ok()?,
        loudness: words.next()?.parse().ok()?,
    };
    wanted.read().ok().map(Some)
}
