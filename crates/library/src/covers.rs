//! Pictures of tracks, albums, artists, folders and playlists, in a few sizes.
//!
//! Which picture: of an album and a folder the file beside the music (`cover.jpg` and its like), else
//! what is embedded in the first track; of a track what is embedded in it, else what its album shows:
//! singles gathered in one folder have their own. Of an artist that of their first album, of a
//! playlist, one of rules too, those of the first four albums in it. Files are opened below their
//! root and no other way.
//!
//! What a foreign file claims is not believed: it is checked before memory is given to it, and what
//! does not decode whole is refused, and remembered as such. Sizes are the rungs of a short ladder,
//! so that nobody can fill the disk with sizes; what was made is kept in a bounded folder that may be
//! deleted at any time.

mod cache;
mod decode;
mod gate;
mod sources;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

use sha2::{Digest, Sha256};
use store::UserId;

use crate::catalogue::Page;
use crate::{Error, ItemId, Library};

use cache::{Cache, Kept};
use decode::Canvas;
use gate::{Gate, Once};
use sources::{Candidate, Source};

/// Raised whenever pictures are made differently: those made before are not used.
const REVISION: u32 = 1;
/// Bytes of made pictures kept where nothing else is set.
pub const DEFAULT_CACHE_BYTES: u64 = 256 << 20;
/// The longer side of the pictures that are made, in pixels.
pub const SIZES: [u32; 5] = [64, 128, 256, 512, 1_024];
/// The side of a mosaic where no size is asked.
const WHOLE_MOSAIC: u32 = 1_024;
/// Files without a picture that are remembered, with 60 bytes for each; then they are looked into anew.
const MAX_BARE: usize = 100_000;
/// Tracks of a list that are looked through for a picture.
const MAX_LIST_TRACKS: u64 = 1_000;
/// Covers that make a mosaic.
const MOSAIC: usize = 4;

/// A picture, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The file.
    pub bytes: Vec<u8>,
    /// What kind of file.
    pub kind: Kind,
    /// A strong tag: another picture, or another size of it, has another one. No quotes around it.
    pub etag: String,
}

/// The kinds of pictures that are taken and given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum Kind {
    Jpeg,
    Png,
    WebP,
}

impl Kind {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }
}

/// Decodes a whole file within the limits, to say what it is.
///
/// # Errors
/// [`Error::Picture`] with what is wrong with it.
pub fn check(bytes: &[u8]) -> Result<Kind, Error> {
    decode::sound(bytes, Size::Original, &Gate::default())?;
    decode::kind(bytes)
}

/// How large a picture is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Size {
    /// As it is in its file.
    Original,
    /// Its longer side, of [`SIZES`], unless it is smaller.
    Rung(u32),
}

impl Size {
    /// The rung at or above what is wanted; the largest for more.
    fn of(wanted: Option<u32>) -> Self {
        let Some(wanted) = wanted else { return Self::Original };
        let [.., largest] = SIZES;
        Self::Rung(SIZES.into_iter().find(|size| *size >= wanted).unwrap_or(largest))
    }
}

/// What pictures are made with: a gate so that few are decoded at a time, and where they are kept.
#[derive(Debug, Default)]
pub(crate) struct Easel {
    gate: Gate,
    once: Once,
    cache: OnceLock<Cache>,
    /// Keys of files without a picture in them.
    bare: Mutex<BTreeSet<String>>,
}

impl Easel {
    fn is_bare(&self, key: &str) -> bool {
        self.bare.lock().unwrap_or_else(PoisonError::into_inner).contains(key)
    }

    fn note_bare(&self, key: String) {
        let mut bare = self.bare.lock().unwrap_or_else(PoisonError::into_inner);
        if bare.len() >= MAX_BARE {
            bare.clear();
        }
        bare.insert(key);
    }
}

impl Library {
    /// Keeps pictures that were made in a folder of their own, of at most so many bytes in all; those
    /// not used for the longest go first. Set once, before the first picture; without it every
    /// picture is made anew.
    ///
    /// # Errors
    /// A folder that cannot be made or read, or a second call.
    pub fn keep_pictures_in(&self, folder: &Path, most_bytes: u64) -> Result<(), Error> {
        let cache = Cache::open(folder, most_bytes).map_err(Error::io("use", folder))?;
        self.easel().cache.set(cache).map_err(|_| Error::Asked {
            what: "a folder of pictures",
            given: folder.display().to_string(),
            accepted: "one, set once",
        })
    }

    /// The picture of a track, an album, an artist, a folder or a playlist. A wanted size goes up to
    /// the next of [`SIZES`], and nothing is made larger than it is; no size gives the file as it is.
    ///
    /// # Errors
    /// [`Error::Absent`] where there is none, or the playlist is somebody else's; [`Error::Picture`]
    /// where there is one that cannot be taken.
    pub fn picture(
        &self,
        user: UserId,
        item: ItemId,
        wanted: Option<u32>,
    ) -> Result<Picture, Error> {
        if let ItemId::PlaylistId(playlist) = item {
            let first = Page { offset: 0, limit: MAX_LIST_TRACKS };
            return self.picture_of_tracks(&self.playlist_part(user, playlist, first)?, wanted);
        }
        self.first_of(&self.candidates(item)?, Size::of(wanted))
    }

    /// The picture of the first of several tracks together, as that of a playlist: for lists that are
    /// not kept.
    ///
    /// # Errors
    /// As [`Library::picture`].
    pub fn picture_of_tracks(
        &self,
        tracks: &[crate::TrackId],
        wanted: Option<u32>,
    ) -> Result<Picture, Error> {
        let albums = self.albums_of_tracks(tracks)?;
        self.mosaic(albums.into_iter().map(|album| self.of_album(album)), Size::of(wanted))
    }

    /// The first of the candidates that is a picture.
    fn first_of(&self, candidates: &[Candidate], size: Size) -> Result<Picture, Error> {
        let mut refused = Error::Absent("the picture");
        for candidate in candidates {
            let made = self.source(candidate).and_then(|source| self.made(&source, size));
            match made {
                Err(Error::Absent(_)) => {}
                Err(error @ (Error::Picture(_) | Error::Io { .. })) => refused = error,
                made => return made,
            }
        }
        Err(refused)
    }

    /// One source at one size: as it was kept, or made and kept.
    fn made(&self, source: &Source, size: Size) -> Result<Picture, Error> {
        const NONE: Error = Error::Absent("the picture");
        let own_key = key(&[&source.identity], Size::Original);
        if self.easel().is_bare(&own_key) {
            return Err(NONE);
        }
        let key = key(&[&source.identity], size);
        let make = || {
            let _gate = self.easel().gate.enter();
            let bytes = match source.read() {
                Ok(Some(bytes)) => bytes,
                Ok(None) => return Ok(Kept::Nothing),
                Err(Error::Picture(reason)) => return Ok(Kept::Refused(reason)),
                Err(error) => return Err(error),
            };
            Ok(match (decode::sound(&bytes, size, &self.easel().gate), size) {
                // The file itself stays where it is; that it is sound is what is kept.
                (Ok(_), Size::Original) => Kept::Sound,
                (Ok(canvas), Size::Rung(_)) => match canvas.encode() {
                    Ok((kind, bytes)) => Kept::Picture(kind, bytes),
                    Err(Error::Picture(reason)) => Kept::Refused(reason),
                    Err(error) => return Err(error),
                },
                (Err(Error::Picture(reason)), _) => Kept::Refused(reason),
                (Err(error), _) => return Err(error),
            })
        };
        match self.kept(&key, make)? {
            Kept::Picture(kind, bytes) => Ok(Picture { bytes, kind, etag: key }),
            Kept::Sound => {
                let bytes = source.read()?.ok_or(NONE)?;
                let kind = decode::kind(&bytes)?;
                Ok(Picture { bytes, kind, etag: key })
            }
            Kept::Refused(reason) => Err(Error::Picture(reason)),
            Kept::Nothing => {
                self.easel().note_bare(own_key);
                Err(NONE)
            }
        }
    }

    /// Four pictures as one, or the first where there are fewer.
    fn mosaic(
        &self,
        albums: impl Iterator<Item = Result<Vec<Candidate>, Error>>,
        size: Size,
    ) -> Result<Picture, Error> {
        let side = match size {
            Size::Original => WHOLE_MOSAIC,
            Size::Rung(rung) => rung,
        };
        let mut tiles = Vec::new();
        for candidates in albums {
            // Twice the size of a tile: one that is wide is cut to a square and still large enough.
            match self.first_of(&candidates?, Size::Rung(side)) {
                Ok(picture) => tiles.push(picture),
                Err(Error::Absent(_) | Error::Picture(_) | Error::Io { .. }) => continue,
                Err(error) => return Err(error),
            }
            if tiles.len() == MOSAIC {
                break;
            }
        }
        let [a, b, c, d] = match <[Picture; MOSAIC]>::try_from(tiles) {
            Ok(tiles) => tiles,
            Err(tiles) => {
                let first = tiles.into_iter().next().ok_or(Error::Absent("the picture"))?;
                return Ok(first);
            }
        };
        let tiles = [a, b, c, d];
        let tags: Vec<&[u8]> = tiles.iter().map(|tile| tile.etag.as_bytes()).collect();
        let key = key(&tags, Size::Rung(side));
        let made = self.kept(&key, || {
            let _gate = self.easel().gate.enter();
            let canvases: Result<Vec<Canvas>, Error> = tiles
                .iter()
                .map(|tile| decode::sound(&tile.bytes, Size::Rung(side), &self.easel().gate))
                .collect();
            let (kind, bytes) = decode::mosaic(&canvases?, side)?.encode()?;
            Ok(Kept::Picture(kind, bytes))
        })?;
        match made {
            Kept::Picture(kind, bytes) => Ok(Picture { bytes, kind, etag: key }),
            Kept::Refused(reason) => Err(Error::Picture(reason)),
            Kept::Sound | Kept::Nothing => Err(Error::Absent("the picture")),
        }
    }

    /// What is kept under a key, made by one caller while the others wait for it.
    fn kept(&self, key: &str, make: impl FnOnce() -> Result<Kept, Error>) -> Result<Kept, Error> {
        let Some(cache) = self.easel().cache.get() else { return make() };
        if let Some(kept) = cache.get(key, self.now()) {
            return Ok(kept);
        }
        let _mine = self.easel().once.enter(key);
        if let Some(kept) = cache.get(key, self.now()) {
            return Ok(kept);
        }
        let made = make()?;
        if let Err(error) = cache.put(key, &made) {
            // The picture is there all the same.
            tracing::warn!(%error, "a picture was made and could not be kept");
        }
        Ok(made)
    }
}

/// What a picture is kept under, and its tag.
fn key(of: &[&[u8]], size: Size) -> String {
    let mut digest = Sha256::new();
    let size = match size {
        Size::Original => 0,
        Size::Rung(rung) => rung,
    };
    digest.update(REVISION.to_le_bytes());
    digest.update(size.to_le_bytes());
    for part in of {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    digest.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{ImageFormat, RgbImage};
    use proptest::prelude::{any, prop, proptest};

    use super::{Kind, Size, check};
    use crate::Error;

    proptest! {
        #[test]
        fn damaged_pictures_are_taken_or_refused_and_nothing_else(
            which in 0_usize..3,
            damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
            cut in any::<prop::sample::Index>(),
        ) {
            let format = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP][which];
            let image = RgbImage::from_fn(24, 17, |x, y| image::Rgb([x as u8 * 9, y as u8 * 7, 3]));
            let mut bytes = Cursor::new(Vec::new());
            image.write_to(&mut bytes, format).unwrap();
            let mut bytes = bytes.into_inner();
            assert_eq!(check(&bytes).unwrap(), [Kind::Jpeg, Kind::Png, Kind::WebP][which]);
            let whole = cut.index(bytes.len());
            assert!(check(&bytes[..whole]).is_err() || format == ImageFormat::Png);
            for (at, value) in damage {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
            assert!(matches!(check(&bytes), Ok(_) | Err(Error::Picture(_))));
        }
    }

    #[test]
    fn a_wanted_size_goes_up_to_the_next_rung() {
        let wanted = [0, 1, 64, 65, 300, 1_024, 1_025, u32::MAX];
        let rungs = wanted.map(|size| Size::of(Some(size)));
        assert_eq!(rungs, [64, 64, 64, 128, 512, 1_024, 1_024, 1_024].map(Size::Rung));
        assert_eq!(Size::of(None), Size::Original);
    }
}
