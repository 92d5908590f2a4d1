use std::io::{Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};

use lofty::aac::AacFile;
use lofty::ape::ApeTag;
use lofty::config::{ParseOptions, WriteOptions};
use lofty::file::{AudioFile, FileType};
use lofty::flac::FlacFile;
use lofty::id3::v1::Id3v1Tag;
use lofty::id3::v2::Id3v2Tag;
use lofty::iff::aiff::AiffFile;
use lofty::iff::wav::WavFile;
use lofty::io::FileLike;
use lofty::mp4::{Ilst, Mp4File};
use lofty::mpeg::MpegFile;
use lofty::ogg::tag::VorbisComments;
use lofty::ogg::{OpusFile, VorbisFile};
use lofty::tag::{ItemKey, Tag, TagExt, TagType};

use super::read::Said;
use super::{Fields, beside, id3, mp4, refused, vorbis};
use crate::Error;
use crate::coded::ogg_streams;

/// Formats that their writer holds in memory as a whole have at most so many bytes: three hours of a
/// WAVE in CD quality have twice as many, and are not edited.
const MAX_HELD_BYTES: u64 = 1 << 30;

/// Writes the changed fields into the copy.
pub(super) fn write(
    original: &mut (impl Read + Seek),
    copy: &mut impl FileLike,
    before: &Said,
    changed: &Fields,
    wanted: &Fields,
) -> Result<(), Error> {
    let kind = before.kind;
    match kind {
        FileType::Flac | FileType::Mpeg | FileType::Aac => {}
        FileType::Vorbis | FileType::Opus | FileType::Mp4 | FileType::Wav | FileType::Aiff => {
            if copy.len()? > MAX_HELD_BYTES {
                return Err(refused("it has more than 1 GiB"));
            }
        }
        _ => return Err(refused("its format is not written")),
    }
    // The writer numbers the pages as if they were all of one stream.
    if matches!(kind, FileType::Vorbis | FileType::Opus) && ogg_streams(original)? > 1 {
        return Err(refused("it holds several streams"));
    }
    let edit = Edit { misplaced: before.misplaced(), changed, wanted };
    // A foreign writer that panics has met bytes it did not expect.
    let written = catch_unwind(AssertUnwindSafe(|| edit.write(kind, copy)));
    written.unwrap_or_else(|_| Err(refused("the writer of tags gave up")))
}

/// What is to be written.
struct Edit<'a> {
    misplaced: Option<&'a Tag>,
    changed: &'a Fields,
    wanted: &'a Fields,
}

impl Edit<'_> {
    fn write(&self, kind: FileType, copy: &mut impl FileLike) -> Result<(), Error> {
        copy.rewind()?;
        let options = ParseOptions::new().read_properties(false);
        match kind {
            FileType::Flac => self.flac(copy, options),
            FileType::Vorbis => {
                let mut file = VorbisFile::read_from(copy, options).map_err(foreign)?;
                self.ogg(file.vorbis_comments_mut(), copy)
            }
            FileType::Opus => {
                let mut file = OpusFile::read_from(copy, options).map_err(foreign)?;
                self.ogg(file.vorbis_comments_mut(), copy)
            }
            FileType::Mp4 => {
                let mut file = Mp4File::read_from(copy, options).map_err(foreign)?;
                let mut tag = file.remove_ilst().unwrap_or_else(Ilst::new);
                mp4::edit(&mut tag, self.changed, self.wanted);
                save(&tag, copy)
            }
            FileType::Mpeg => {
                let mut file = MpegFile::read_from(copy, options).map_err(foreign)?;
                self.id3v2(file.remove_id3v2(), copy)?;
                self.ape(file.remove_ape(), copy)?;
                self.id3v1(file.remove_id3v1(), copy)
            }
            FileType::Aac => {
                let mut file = AacFile::read_from(copy, options).map_err(foreign)?;
                self.id3v2(file.remove_id3v2(), copy)?;
                self.id3v1(file.remove_id3v1(), copy)
            }
            FileType::Wav => {
                let mut file = WavFile::read_from(copy, options).map_err(foreign)?;
                self.id3v2(file.remove_id3v2(), copy)?;
                let Some(mut tag) = file.remove_riff_info() else { return Ok(()) };
                if beside::riff_info(&mut tag, self.changed) { save(&tag, copy) } else { Ok(()) }
            }
            FileType::Aiff => {
                let mut file = AiffFile::read_from(copy, options).map_err(foreign)?;
                self.id3v2(file.remove_id3v2(), copy)?;
                let Some(mut tag) = file.remove_text_chunks() else { return Ok(()) };
                if beside::aiff_text(&mut tag, self.changed) { save(&tag, copy) } else { Ok(()) }
            }
            _ => Err(refused("its format is not written")),
        }
    }

    /// The file is saved as one: pictures have blocks of their own.
    fn flac(&self, copy: &mut impl FileLike, options: ParseOptions) -> Result<(), Error> {
        let mut file = FlacFile::read_from(copy, options).map_err(foreign)?;
        // A tag that does not belong there stays as it is.
        drop(file.remove_id3v2());
        let moved = || self.misplaced.cloned().map(VorbisComments::from).unwrap_or_default();
        let mut tag = file.remove_vorbis_comments().unwrap_or_else(moved);
        vorbis::edit(&mut tag, self.changed);
        drop(file.set_vorbis_comments(tag));
        copy.rewind()?;
        file.save_to(copy, WriteOptions::new()).map_err(foreign)
    }

    /// Without padding: it would fill a page of 64 KiB.
    fn ogg(&self, tag: &mut VorbisComments, copy: &mut impl FileLike) -> Result<(), Error> {
        vorbis::edit(tag, self.changed);
        copy.rewind()?;
        tag.save_to(copy, WriteOptions::new().preferred_padding(0)).map_err(foreign)
    }

    /// The tag that counts in files of frames and chunks; one that is missing begins with what the
    /// other tag of the file said.
    fn id3v2(&self, tag: Option<Id3v2Tag>, copy: &mut impl FileLike) -> Result<(), Error> {
        let moved = || {
            self.misplaced.cloned().map_or_else(Id3v2Tag::new, |mut tag| {
                let year = tag.take_strings(ItemKey::Year).next();
                tag.re_map(TagType::Id3v2);
                if let Some(year) = year {
                    tag.insert_text(ItemKey::RecordingDate, year);
                }
                Id3v2Tag::from(tag)
            })
        };
        let mut tag = tag.unwrap_or_else(moved);
        id3::edit(&mut tag, self.changed, self.wanted);
        save(&tag, copy)
    }

    fn ape(&self, tag: Option<ApeTag>, copy: &mut impl FileLike) -> Result<(), Error> {
        let Some(mut tag) = tag else { return Ok(()) };
        if beside::ape(&mut tag, self.changed, self.wanted) { save(&tag, copy) } else { Ok(()) }
    }

    fn id3v1(&self, tag: Option<Id3v1Tag>, copy: &mut impl FileLike) -> Result<(), Error> {
        let Some(mut tag) = tag else { return Ok(()) };
        if beside::id3v1(&mut tag, self.changed) { save(&tag, copy) } else { Ok(()) }
    }
}

fn save(tag: &impl TagExt, copy: &mut impl FileLike) -> Result<(), Error> {
    copy.rewind()?;
    tag.save_to(copy, WriteOptions::new()).map_err(foreign)
}

/// With what is behind it: the outermost error says no more than the format.
fn foreign(error: impl std::error::Error) -> Error {
    let mut said = error.to_string();
    let mut behind = error.source();
    while let Some(error) = behind {
        said = format!("{said}: {error}");
        behind = error.source();
    }
    refused(said)
}
