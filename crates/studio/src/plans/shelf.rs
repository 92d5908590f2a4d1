use audio::analysis::ANALYSIS_REVISION;
use store::Store;
use store::rusqlite::{OptionalExtension, params};

use super::{Known, Manner, Wish};
use crate::Error;
use crate::recipe::sha256;

/// Plans kept of one sound: those that listeners came back to, and not every place of a slider.
const MAX_OF_SOUND: i64 = 16;
/// Raised with every change of what is kept of a plan.
const OWN_REVISION: u32 = 1;
/// Plans made otherwise are made anew.
const REVISION: u32 = OWN_REVISION * 1_000_000 + mastering::REVISION * 1_000 + ANALYSIS_REVISION;

/// Plans that were solved and measured, in the database.
#[derive(Debug)]
pub(super) struct Shelf(pub(super) Store);

impl Shelf {
    pub(super) fn find(&self, wish: &Wish) -> Result<Option<Known>, Error> {
        let Wish { essence, enhancement, .. } = wish;
        let (manner, tenths) = (manner(wish), enhancement.tenths());
        let body: Option<String> = self.0.read(|connection| -> Result<_, Error> {
            let mut statement = connection.prepare_cached(
                "SELECT body FROM plan WHERE essence = ?1 AND preset = ?2 AND tenths = ?3
                 AND percent = ?4 AND revision = ?5",
            )?;
            let key = params![essence, manner, tenths, enhancement.percent(), REVISION];
            Ok(statement.query_row(key, |row| row.get(0)).optional()?)
        })?;
        // What does not read is made anew.
        Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
    }

    pub(super) fn keep(&self, wish: &Wish, known: &Known) -> Result<(), Error> {
        let body = serde_json::to_string(known);
        let body = body.map_err(|error| Error::Unwritable(error.to_string()))?;
        let manner = manner(wish);
        let Wish { essence, enhancement, .. } = wish.clone();
        self.0.write(move |connection| -> Result<(), Error> {
            let tenths = enhancement.tenths();
            connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO plan(essence, preset, tenths, percent, revision, made, body)
                     SELECT ?1, ?2, ?3, ?4, ?5, coalesce(max(made), 0) + 1, ?6 FROM plan
                     WHERE essence = ?1",
                )?
                .execute(params![essence, manner, tenths, enhancement.percent(), REVISION, body])?;
            connection
                .prepare_cached(
                    "DELETE FROM plan WHERE essence = ?1 AND (revision <> ?3 OR made <=
                        (SELECT max(made) - ?2 FROM plan WHERE essence = ?1))",
                )?
                .execute(params![essence, MAX_OF_SOUND, REVISION])?;
            Ok(())
        })
    }
}

/// As it stands in the column of presets: the name of one, or what the sound shall be like.
fn manner(wish: &Wish) -> String {
    match wish.enhancement.manner {
        Manner::Preset(preset) => preset.name().to_owned(),
        Manner::Like(_) => format!("like {}", sha256(&wish.reference)),
    }
}
