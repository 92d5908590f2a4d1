use super::Tags;
use super::carried::Frame;

/// In front of each text: UTF-8.
const UTF_8: u8 = 3;
/// Comments and lyrics name a language; which one is not known.
const LANGUAGE: &[u8; 3] = b"eng";
/// The kind of an attached picture: front cover.
const FRONT_COVER: u8 = 3;

impl Tags {
    /// An ID3v2.4 tag of UTF-8 text frames, always in this order.
    pub(crate) fn id3(&self) -> Vec<u8> {
        let bpm = self.bpm.map_or_else(String::new, |bpm| bpm.to_string());
        let mut frames = Vec::new();
        for (id, value) in [
            ("TIT2", &self.title),
            ("TPE1", &self.artist),
            ("TALB", &self.album),
            ("TCON", &self.genre),
            ("TBPM", &bpm),
            ("TKEY", &self.key),
            ("COMM", &self.comment),
            ("TSSE", &self.encoder),
        ] {
            let own = Some(value.as_str()).filter(|value| !value.is_empty());
            let texts: Vec<&str> = own.into_iter().chain(self.carried_texts(id)).collect();
            if id == "COMM" && own.is_some() {
                // A comment also has a description, here empty.
                frame(&mut frames, id, &[&[UTF_8], &LANGUAGE[..], b"\0", value.as_bytes()]);
            } else if !texts.is_empty() {
                frame(&mut frames, id, &[&[UTF_8], texts.join("\0").as_bytes()]);
            }
        }
        self.carried_frames(&mut frames);
        let mut tag = b"ID3\x04\x00\x00".to_vec();
        tag.extend_from_slice(&synchsafe(frames.len()));
        tag.extend_from_slice(&frames);
        tag
    }

    fn carried_texts<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a str> {
        self.carried
            .values()
            .filter(move |(field, _)| matches!(field.frame(), Frame::Text(frame) if frame == id))
            .map(|(_, value)| value.as_str())
    }

    fn carried_frames(&self, frames: &mut Vec<u8>) {
        let mut written = vec!["TPE1", "TCON"];
        for (field, value) in self.carried.values() {
            match field.frame() {
                Frame::Text(id) if !written.contains(&id) => {
                    written.push(id);
                    let mut text = self.carried_texts(id).collect::<Vec<_>>().join("\0");
                    let total = self
                        .carried
                        .values()
                        .find(|(field, _)| field.frame() == Frame::TotalOf(id));
                    if let Some((_, total)) = total {
                        text = format!("{text}/{total}");
                    }
                    frame(frames, id, &[&[UTF_8], text.as_bytes()]);
                }
                Frame::Text(_) | Frame::TotalOf(_) => {}
                Frame::User(name) => {
                    frame(frames, "TXXX", &[&[UTF_8], name.as_bytes(), b"\0", value.as_bytes()]);
                }
                Frame::Owner(name) => {
                    frame(frames, "UFID", &[name.as_bytes(), b"\0", value.as_bytes()]);
                }
                Frame::Lyrics => {
                    frame(frames, "USLT", &[&[UTF_8], LANGUAGE, b"\0", value.as_bytes()]);
                }
            }
        }
        if let Some(cover) = self.cover() {
            let kind = [b"\0".as_slice(), &[FRONT_COVER], b"\0"].concat();
            frame(frames, "APIC", &[&[UTF_8], cover.mime.as_bytes(), &kind, &cover.bytes]);
        }
    }
}

fn frame(frames: &mut Vec<u8>, id: &str, parts: &[&[u8]]) {
    frames.extend_from_slice(id.as_bytes());
    frames.extend_from_slice(&synchsafe(parts.iter().map(|part| part.len()).sum()));
    frames.extend_from_slice(&[0, 0]);
    parts.iter().for_each(|part| frames.extend_from_slice(part));
}

/// A size in four bytes of seven bits (ID3v2.4 section 6.2).
fn synchsafe(size: usize) -> [u8; 4] {
    [21, 14, 7, 0].map(|shift| ((size >> shift) & 0x7f) as u8)
}
