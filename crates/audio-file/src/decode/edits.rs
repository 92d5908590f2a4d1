use std::io::{Read, Seek, SeekFrom};

use audio::SampleRate;

/// Which of the frames that the packets hold sound. The rest is the encoder's: its delay in front,
/// its padding behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    /// Frames before the first that sounds.
    pub(super) lead: u64,
    /// The frame after the last that sounds, counted from the first of the packets.
    pub(super) until: Option<u64>,
}

/// Boxes looked at before a file counts as one without edits; real ones have a few dozen.
const MAX_BOXES: usize = 4_096;
/// iTunSMPB is a line of about 120 characters.
const MAX_SMPB_BYTES: u64 = 1_024;

impl Span {
    /// What an MP4 says: iTunes' line of numbers, which is exact, or else the edit list of the
    /// track. `frames` is the sum of its packets' stated lengths. A file that says neither, or
    /// several edits, sounds whole.
    pub(super) fn of_mp4(
        source: &mut (impl Read + Seek),
        track: u32,
        rate: SampleRate,
        frames: Option<u64>,
    ) -> Self {
        let mut found = Found::default();
        // What ends early or contradicts itself here is judged by whoever reads the sound.
        drop(found.read(source, track));
        // The header of a file in fragments states the length of what stands in it, if any.
        let frames = frames.filter(|_| !found.in_fragments);
        let all = Self { lead: 0, until: frames };
        let span = found.itunes.or_else(|| found.edited(rate, frames)).unwrap_or(all);
        let within = |frame: u64| frames.is_none_or(|frames| frame <= frames);
        match span.until {
            Some(until) if span.lead >= until => all,
            _ if !within(span.lead) => all,
            _ => span,
        }
    }
}

/// What was found in the boxes of a file.
#[derive(Debug, Default)]
struct Found {
    /// Units a second of the movie's times.
    movie_scale: u32,
    /// The one edit that plays: duration in units of the movie, and the first frame.
    edit: Option<(u64, u64)>,
    in_fragments: bool,
    itunes: Option<Span>,
}

impl Found {
    fn edited(&self, rate: SampleRate, frames: Option<u64>) -> Option<Span> {
        let (duration, lead) = self.edit?;
        let scale = u64::from(self.movie_scale);
        let until = u128::from(duration) * u128::from(rate.hz()) / u128::from(scale.max(1));
        let until = lead.saturating_add(u64::try_from(until).unwrap_or(u64::MAX));
        // The movie's clock is often in milliseconds: within a tick of the packets' own end, that
        // is meant.
        let tick = u64::from(rate.hz()) / scale.max(1) + 1;
        let until = match frames {
            _ if self.in_fragments => None,
            Some(frames) if duration == 0 || until.saturating_add(tick) >= frames => Some(frames),
            _ if duration == 0 => None,
            _ => Some(until),
        };
        Some(Span { lead, until })
    }

    fn read(&mut self, source: &mut (impl Read + Seek), wanted: u32) -> std::io::Result<()> {
        let end = source.seek(SeekFrom::End(0))?;
        let mut boxes = Boxes { source, left: MAX_BOXES };
        boxes.each(0, end, &mut |boxes, kind, from, to| match kind {
            b"moov" => boxes.each(from, to, &mut |boxes, kind, from, to| match kind {
                b"mvhd" => {
                    let long = boxes.bytes::<1>(from)?[0] == 1;
                    self.movie_scale = boxes.word(from + if long { 20 } else { 12 })?;
                    Ok(())
                }
                b"trak" => self.read_track(boxes, from, to, wanted),
                b"mvex" => {
                    self.in_fragments = true;
                    Ok(())
                }
                b"udta" => self.read_user_data(boxes, from, to),
                _ => Ok(()),
            }),
            _ => Ok(()),
        })
    }

    fn read_track<S: Read + Seek>(
        &mut self,
        boxes: &mut Boxes<'_, S>,
        from: u64,
        to: u64,
        wanted: u32,
    ) -> std::io::Result<()> {
        let (mut id, mut edit) = (0, None);
        boxes.each(from, to, &mut |boxes, kind, from, to| match kind {
            b"tkhd" => {
                let long = boxes.bytes::<1>(from)?[0] == 1;
                id = boxes.word(from + if long { 20 } else { 12 })?;
                Ok(())
            }
            b"edts" => boxes.each(from, to, &mut |boxes, kind, from, _| {
                if kind == b"elst" {
                    edit = boxes.single_edit(from)?;
                }
                Ok(())
            }),
            _ => Ok(()),
        })?;
        if id == wanted {
            self.edit = edit;
        }
        Ok(())
    }

    /// udta / meta / ilst / ---- / data, where ---- is named iTunSMPB.
    fn read_user_data<S: Read + Seek>(
        &mut self,
        boxes: &mut Boxes<'_, S>,
        from: u64,
        to: u64,
    ) -> std::io::Result<()> {
        boxes.each(from, to, &mut |boxes, kind, from, to| match kind {
            // A version and flags stand before its boxes.
            b"meta" => boxes.each(from + 4, to, &mut |boxes, kind, from, to| match kind {
                b"ilst" => boxes.each(from, to, &mut |boxes, kind, from, to| match kind {
                    b"----" => {
                        let text = boxes.text_named(from, to, b"iTunSMPB")?;
                        self.itunes = self.itunes.or(text.as_deref().and_then(itunes));
                        Ok(())
                    }
                    _ => Ok(()),
                }),
                _ => Ok(()),
            }),
            _ => Ok(()),
        })
    }
}

/// " 00000000 00000840 000001CA 00000000003F31F6 ...": delay, padding and length in hexadecimal.
fn itunes(line: &str) -> Option<Span> {
    let mut numbers = line.split_whitespace().map(|word| u64::from_str_radix(word, 16));
    let (_, lead) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    let (_, frames) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    if frames == 0 {
        return None;
    }
    Some(Span { lead, until: Some(lead.checked_add(frames)?) })
}

/// The boxes of an MP4, passed over unread but for the few that are asked for.
struct Boxes<'a, S> {
    source: &'a mut S,
    left: usize,
}

/// What is done with a box: its kind, and where its body begins and ends.
type Visit<'v, 'a, S> =
    dyn FnMut(&mut Boxes<'a, S>, &[u8; 4], u64, u64) -> std::io::Result<()> + 'v;

impl<'a, S: Read + Seek> Boxes<'a, S> {
    fn each(
        &mut self,
        mut from: u64,
        to: u64,
        visit: &mut Visit<'_, 'a, S>,
    ) -> std::io::Result<()> {
        while to.saturating_sub(from) >= 8 && self.left > 0 {
            self.left -= 1;
            let mut kind = [0; 4];
            kind.copy_from_slice(&self.bytes::<8>(from)?[4..]);
            let (body, size) = match self.word(from)? {
                0 => (from + 8, to - from),
                1 => (from + 16, self.long(from + 8)?),
                size => (from + 8, u64::from(size)),
            };
            let end = from.saturating_add(size).min(to);
            if end < body {
                return Ok(());
            }
            visit(self, &kind, body, end)?;
            from = end;
        }
        Ok(())
    }

    /// Duration and first frame of an edit list with one edit that plays; edits of nothing before
    /// it only delay the track.
    fn single_edit(&mut self, from: u64) -> std::io::Result<Option<(u64, u64)>> {
        /// Real lists have one or two.
        const MAX_EDITS: u32 = 16;
        let long = self.bytes::<1>(from)?[0] == 1;
        let count = self.word(from + 4)?;
        let mut playing = None;
        for n in 0..u64::from(count.min(MAX_EDITS)) {
            let (duration, first) = if long {
                let at = from + 8 + n * 20;
                (self.long(at)?, self.long(at + 8)? as i64)
            } else {
                let at = from + 8 + n * 12;
                (u64::from(self.word(at)?), i64::from(self.word(at + 4)? as i32))
            };
            let Ok(first) = u64::try_from(first) else { continue };
            if playing.replace((duration, first)).is_some() {
                return Ok(None);
            }
        }
        Ok(if count > MAX_EDITS { None } else { playing })
    }

    /// The text of a free-form item, if it has this name.
    fn text_named(&mut self, from: u64, to: u64, name: &[u8]) -> std::io::Result<Option<String>> {
        let (mut named, mut text) = (false, None);
        self.each(from, to, &mut |boxes, kind, from, to| {
            // Behind a version and flags; the data also has a language.
            let skip = if kind == b"data" { 8 } else { 4 };
            if kind != b"name" && kind != b"data" {
                return Ok(());
            }
            boxes.source.seek(SeekFrom::Start(from + skip))?;
            let mut bytes = Vec::new();
            let length = to.saturating_sub(from + skip).min(MAX_SMPB_BYTES);
            (&mut *boxes.source).take(length).read_to_end(&mut bytes)?;
            match kind {
                b"name" => named = bytes == name,
                _ => text = String::from_utf8(bytes).ok(),
            }
            Ok(())
        })?;
        Ok(text.filter(|_| named))
    }

    fn word(&mut self, at: u64) -> std::io::Result<u32> {
        Ok(u32::from_be_bytes(self.bytes(at)?))
    }

    fn long(&mut self, at: u64) -> std::io::Result<u64> {
        Ok(u64::from_be_bytes(self.bytes(at)?))
    }

    fn bytes<const N: usize>(&mut self, at: u64) -> std::io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.source.seek(SeekFrom::Start(at))?;
        self.source.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, Span, itunes};
    use audio::SampleRate;

    #[test]
    fn the_line_of_itunes_is_read() {
        let line = " 00000000 00000840 000001CA 00000000003F31F6 00000000 00000000";
        assert_eq!(itunes(line), Some(Span { lead: 2_112, until: Some(2_112 + 4_141_558) }));
        for none in ["", "0 1 2", "0 1 2 0", "0 x 2 3", "0 1 2 FFFFFFFFFFFFFFFFF"] {
            assert_eq!(itunes(none), None, "{none}");
        }
    }

    #[test]
    fn an_edit_in_milliseconds_does_not_cut_the_end() {
        let edited = |movie_scale, duration, frames| {
            let found = Found { movie_scale, edit: Some((duration, 1_024)), ..Found::default() };
            found.edited(SampleRate::CD, frames)
        };
        let until = |until| Some(Span { lead: 1_024, until });
        // 299 977 ms are 13 228 985.7 frames; the packets end with frame 13 228 976 of the sound.
        assert_eq!(edited(1_000, 299_977, Some(13_230_000)), until(Some(13_230_000)));
        assert_eq!(edited(44_100, 44_100, Some(50_000)), until(Some(45_124)));
        assert_eq!(edited(1_000, 0, None), until(None));
    }
}
