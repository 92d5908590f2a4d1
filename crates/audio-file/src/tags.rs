/// What a file says about its song. Empty fields are not written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags {
    /// The song.
    pub title: String,
    /// Who plays it.
    pub artist: String,
    /// Where it belongs.
    pub album: String,
    /// Its genre.
    pub genre: String,
    /// Beats a minute, whole.
    pub bpm: Option<u32>,
    /// Its key, as "F#m" or "Bb".
    pub key: String,
    /// Anything else.
    pub comment: String,
    /// The program that made the file.
    pub encoder: String,
}

impl Tags {
    /// What a file says of itself; empty where it says nothing or in a format without tags.
    pub fn read(source: &mut (impl std::io::Read + std::io::Seek)) -> Self {
        use lofty::file::TaggedFileExt;
        use lofty::tag::{Accessor, ItemKey};
        let file = lofty::probe::Probe::new(std::io::BufReader::new(source))
            .guess_file_type()
            .ok()
            .and_then(|probe| probe.read().ok());
        // A file without readable tags simply has none to carry over.
        let Some(tag) = file.as_ref().and_then(|f| f.primary_tag().or_else(|| f.first_tag()))
        else {
            return Self::default();
        };
        let text =
            |value: Option<std::borrow::Cow<'_, str>>| value.unwrap_or_default().into_owned();
        Self {
            title: text(tag.title()),
            artist: text(tag.artist()),
            album: text(tag.album()),
            genre: text(tag.genre()),
            bpm: tag.get_string(ItemKey::IntegerBpm).and_then(|bpm| bpm.parse().ok()),
            key: tag.get_string(ItemKey::InitialKey).unwrap_or_default().to_owned(),
            comment: text(tag.comment()),
            encoder: String::new(),
        }
    }

    /// Vorbis comment fields and their values.
    pub(crate) fn vorbis(&self) -> Vec<(&'static str, String)> {
        let bpm = self.bpm.map_or_else(String::new, |bpm| bpm.to_string());
        [
            ("TITLE", &self.title),
            ("ARTIST", &self.artist),
            ("ALBUM", &self.album),
            ("GENRE", &self.genre),
            ("BPM", &bpm),
            ("INITIALKEY", &self.key),
            ("COMMENT", &self.comment),
            ("ENCODER", &self.encoder),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(field, value)| (field, value.clone()))
        .collect()
    }

    /// The body of a RIFF `LIST` chunk of type `INFO`; empty without tags.
    pub(crate) fn riff_info(&self) -> Vec<u8> {
        let fields = [
            (b"INAM", &self.title),
            (b"IART", &self.artist),
            (b"IPRD", &self.album),
            (b"IGNR", &self.genre),
            (b"IKEY", &self.key),
            (b"ICMT", &self.comment),
            (b"ISFT", &self.encoder),
        ];
        let mut body = Vec::new();
        for (id, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
            let text: Vec<u8> = value.bytes().filter(|b| *b != 0).chain([0]).collect();
            body.extend_from_slice(id);
            body.extend_from_slice(&(text.len() as u32).to_le_bytes());
            body.extend_from_slice(&text);
            if text.len() % 2 == 1 {
                body.push(0);
            }
        }
        if !body.is_empty() {
            body.splice(0..0, *b"INFO");
        }
        body
    }

    /// An ID3v2.4 tag of UTF-8 text frames, always in this order.
    #[cfg(feature = "mp3")]
    pub(crate) fn id3(&self) -> Vec<u8> {
        /// In front of each text: UTF-8.
        const UTF_8: u8 = 3;
        let bpm = self.bpm.map_or_else(String::new, |bpm| bpm.to_string());
        let text = |value: &String| [&[UTF_8], value.as_bytes()].concat();
        // A comment also names its language and has a description, here empty.
        let comment = [&[UTF_8], b"eng\0".as_slice(), self.comment.as_bytes()].concat();
        let mut frames = Vec::new();
        for (id, value, body) in [
            (b"TIT2", &self.title, text(&self.title)),
            (b"TPE1", &self.artist, text(&self.artist)),
            (b"TALB", &self.album, text(&self.album)),
            (b"TCON", &self.genre, text(&self.genre)),
            (b"TBPM", &bpm, text(&bpm)),
            (b"TKEY", &self.key, text(&self.key)),
            (b"COMM", &self.comment, comment),
            (b"TSSE", &self.encoder, text(&self.encoder)),
        ] {
            if !value.is_empty() {
                frames.extend_from_slice(id);
                frames.extend_from_slice(&synchsafe(body.len()));
                frames.extend_from_slice(&[0, 0]);
                frames.extend_from_slice(&body);
            }
        }
        let mut tag = b"ID3\x04\x00\x00".to_vec();
        tag.extend_from_slice(&synchsafe(frames.len()));
        tag.extend_from_slice(&frames);
        tag
    }
}

/// A size in four bytes of seven bits (ID3v2.4 section 6.2).
#[cfg(feature = "mp3")]
fn synchsafe(size: usize) -> [u8; 4] {
    [21, 14, 7, 0].map(|shift| ((size >> shift) & 0x7f) as u8)
}
