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

    /// An ID3v2.4 tag.
    #[cfg(feature = "mp3")]
    pub(crate) fn id3(&self) -> Result<Vec<u8>, crate::Error> {
        use lofty::config::WriteOptions;
        use lofty::tag::{Accessor, ItemKey, Tag, TagExt, TagType};
        let mut tag = Tag::new(TagType::Id3v2);
        let mut set = |key: ItemKey, value: &str| {
            if !value.is_empty() {
                tag.insert_text(key, value.to_owned());
            }
        };
        set(ItemKey::TrackTitle, &self.title);
        set(ItemKey::TrackArtist, &self.artist);
        set(ItemKey::AlbumTitle, &self.album);
        set(ItemKey::Genre, &self.genre);
        set(ItemKey::InitialKey, &self.key);
        set(ItemKey::EncoderSettings, &self.encoder);
        if let Some(bpm) = self.bpm {
            set(ItemKey::IntegerBpm, &bpm.to_string());
        }
        if !self.comment.is_empty() {
            tag.set_comment(self.comment.clone());
        }
        let mut bytes = Vec::new();
        lofty::id3::v2::Id3v2Tag::from(tag)
            .dump_to(&mut bytes, WriteOptions::default())
            .map_err(|error| crate::Error::Encoder("ID3", error.to_string()))?;
        Ok(bytes)
    }
}
