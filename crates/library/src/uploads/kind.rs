/// Bytes that tell what a file is: the first page of an Ogg names its codec.
pub(super) const HEAD_BYTES: u64 = 64;

/// A kind of file that is taken, by the ending of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    ending: &'static str,
    family: Family,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Wave,
    Flac,
    Mpeg,
    Ogg,
    Opus,
    Mp4,
    Adts,
    Aiff,
    Au,
}

const KINDS: [Kind; 16] = [
    Kind { ending: "aac", family: Family::Adts },
    Kind { ending: "aif", family: Family::Aiff },
    Kind { ending: "aifc", family: Family::Aiff },
    Kind { ending: "aiff", family: Family::Aiff },
    Kind { ending: "au", family: Family::Au },
    Kind { ending: "flac", family: Family::Flac },
    Kind { ending: "m4a", family: Family::Mp4 },
    Kind { ending: "m4b", family: Family::Mp4 },
    Kind { ending: "mp3", family: Family::Mpeg },
    Kind { ending: "mp4", family: Family::Mp4 },
    Kind { ending: "oga", family: Family::Ogg },
    Kind { ending: "ogg", family: Family::Ogg },
    Kind { ending: "opus", family: Family::Opus },
    Kind { ending: "snd", family: Family::Au },
    Kind { ending: "wav", family: Family::Wave },
    Kind { ending: "wave", family: Family::Wave },
];

impl Kind {
    pub(super) fn of_ending(ending: &str) -> Option<Self> {
        KINDS.into_iter().find(|kind| kind.ending.eq_ignore_ascii_case(ending))
    }

    /// The ending its files get: ours, in small letters.
    pub(super) fn ending(self) -> &'static str {
        self.ending
    }

    /// Whether a file that begins like this may be one.
    pub(super) fn begins(self, head: &[u8]) -> bool {
        let at = |from: usize, text: &[u8]| head.get(from..).is_some_and(|h| h.starts_with(text));
        let has_tag = at(0, b"ID3");
        // A frame of MPEG begins with eleven bits set, and two that name its layer; those of AAC
        // name none.
        let frame = match head {
            [0xff, second, ..] if second & 0xe0 == 0xe0 => Some(second & 0x06),
            _ => None,
        };
        match self.family {
            Family::Wave => (at(0, b"RIFF") || at(0, b"RF64")) && at(8, b"WAVE"),
            Family::Flac => at(0, b"fLaC") || has_tag,
            Family::Mpeg => has_tag || frame.is_some_and(|layer| layer != 0),
            Family::Ogg => at(0, b"OggS"),
            Family::Opus => at(0, b"OggS") && at(28, b"OpusHead"),
            Family::Mp4 => at(4, b"ftyp"),
            Family::Adts => has_tag || frame == Some(0),
            Family::Aiff => at(0, b"FORM") && (at(8, b"AIFF") || at(8, b"AIFC")),
            Family::Au => at(0, b".snd"),
        }
    }

    /// Whether the decoder's name of what it found is one of this kind.
    pub(super) fn is_decoded_as(self, name: &str) -> bool {
        let container = name.split(' ').next().unwrap_or(name);
        let containers: &[&str] = match self.family {
            Family::Wave => &["wave", "wav", "rf64"],
            Family::Flac => &["flac"],
            Family::Mpeg => &["mp3", "mp2", "mp1", "mpa"],
            Family::Ogg | Family::Opus => &["ogg", "opus"],
            Family::Mp4 => &["isomp4"],
            Family::Adts => &["aac", "adts"],
            Family::Aiff => &["aiff"],
            Family::Au => &["au"],
        };
        containers.contains(&container)
    }
}
