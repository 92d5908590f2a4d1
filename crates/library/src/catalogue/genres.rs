use crate::model::Genre;
use crate::{Error, Library};

impl Library {
    /// All genres of tracks that are there, by name.
    ///
    /// # Errors
    /// Those of the database.
    pub fn genres(&self) -> Result<Vec<Genre>, Error> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, name, tracks, albums FROM genre WHERE tracks > 0 ORDER BY name, id",
            )?;
            let rows = statement.query_map([], |row| {
                let count = |at| row.get::<_, i64>(at).map(i64::unsigned_abs);
                Ok(Genre {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    tracks: count(2)?,
                    albums: count(3)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}
