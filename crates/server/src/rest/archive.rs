//! Many files in one: the zip of an album, an artist, a playlist.

use std::collections::BTreeSet;
use std::io::{Read, Write};

use library::catalogue::{Page, TrackList};
use library::model::Track;
use library::{ItemId, Library};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::call::Call;
use crate::offered::safe;
use crate::subsonic::{Code, Failure};

/// Bytes handed on at a time.
const PIECE_BYTES: usize = 64 << 10;

/// What is wanted, with a name for all of it.
pub(super) fn wanted(call: &Call) -> Result<(String, Vec<Track>), Failure> {
    let (library, user) = (&call.house.library, call.who.user);
    let (name, tracks) = match call.id("id")? {
        ItemId::AlbumId(id) => {
            let name = library.album(user, id)?.title;
            (name, library.list_tracks(user, &TrackList::OfAlbum(id), Page::WHOLE)?)
        }
        ItemId::ArtistId(id) => {
            let name = library.artist(user, id)?.name;
            (name, library.list_tracks(user, &TrackList::OfArtist(id), Page::WHOLE)?)
        }
        ItemId::PlaylistId(id) => {
            let contents = library.playlist_contents(user, id, Page::WHOLE)?;
            let tracks = contents.there().cloned().collect();
            (contents.playlist.name, tracks)
        }
        _ => return Err(Failure::new(Code::NotFound)),
    };
    if tracks.is_empty() {
        return Err(Failure::new(Code::NotFound));
    }
    Ok((safe(&name), tracks))
}

/// Writes the archive. Sound does not get smaller by packing, so it is stored as it is.
pub(super) fn write(
    library: &Library,
    tracks: &[Track],
    send: &mut dyn FnMut(Vec<u8>) -> bool,
) -> std::io::Result<()> {
    let mut zip = ZipWriter::new_stream(Pieces { send, piece: Vec::with_capacity(PIECE_BYTES) });
    let options =
        SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
    let mut names = BTreeSet::new();
    for (n, track) in (1..).zip(tracks) {
        // A file that is gone by now is left out; the others are still wanted.
        let Ok(mut open) = library.open_track(track.id) else { continue };
        zip.start_file(name(n, track, &mut names), options).map_err(std::io::Error::other)?;
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let read = open.file.read(&mut piece)?;
            if read == 0 {
                break;
            }
            zip.write_all(&piece[..read])?;
        }
    }
    let mut out = zip.finish().map_err(std::io::Error::other)?.into_inner();
    out.flush()
}

/// The name of a file in the archive: never the path it has here, and no other file's name.
fn name(n: usize, track: &Track, taken: &mut BTreeSet<String>) -> String {
    let number = track.number.map_or(n, |number| number as usize);
    let disc = track.disc.filter(|disc| *disc > 1).map_or_else(String::new, |d| format!("{d}-"));
    let base = format!("{disc}{number:02} {}", safe(&track.title));
    let mut name = format!("{base}.{}", track.suffix);
    let mut again = 2;
    while !taken.insert(name.to_lowercase()) {
        name = format!("{base} ({again}).{}", track.suffix);
        again += 1;
    }
    name
}

/// Bytes gathered into pieces that are sent.
struct Pieces<'a> {
    send: &'a mut dyn FnMut(Vec<u8>) -> bool,
    piece: Vec<u8>,
}

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE_BYTES));
        if piece.is_empty() || (self.send)(piece) {
            return Ok(());
        }
        Err(std::io::ErrorKind::BrokenPipe.into())
    }
}
