//! Three songs for an empty library.

use crate::desk::SongOrder;

/// The orders: other genres, other tempi, the same three songs for everybody who has this version.
pub fn orders() -> [SongOrder; 3] {
    [
        starter("rainy night lo-fi with a rhodes, warm and slow", "lo-fi-hip-hop", 7, 75.0),
        starter("dark synthwave that builds up, driving at night", "synthwave", 21, 80.0),
        starter("relaxed jazz trio with piano and upright bass", "jazz", 12, 70.0),
    ]
}

fn starter(sentence: &str, genre: &str, seed: u64, seconds: f64) -> SongOrder {
    SongOrder {
        sentence: sentence.to_owned(),
        seed,
        genre: Some(genre.to_owned()),
        duration_seconds: Some(seconds),
        ..SongOrder::default()
    }
}
