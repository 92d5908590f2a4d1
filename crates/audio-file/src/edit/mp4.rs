use lofty::mp4::{Atom, AtomData, AtomIdent, DataType, Ilst};

use super::{EditField, Fields};

/// Sets the changed fields; every other atom stays as it is. Several values are several data of one
/// atom.
pub(super) fn edit(tag: &mut Ilst, changed: &Fields, wanted: &Fields) {
    for (field, values) in changed {
        let (ident, others) = idents(*field);
        // Not by its own way to remove, which would mix the order of the others.
        tag.retain(|atom| *atom.ident() != ident && !others.contains(atom.ident()));
        let text = |values: &[String]| values.iter().cloned().map(AtomData::UTF8).collect();
        let data: Vec<AtomData> = match field {
            EditField::Track | EditField::TrackTotal => {
                pair(wanted, EditField::Track, EditField::TrackTotal)
            }
            EditField::Disc | EditField::DiscTotal => {
                pair(wanted, EditField::Disc, EditField::DiscTotal)
            }
            EditField::Bpm => values.iter().filter_map(|text| number(text)).map(beats).collect(),
            EditField::Compilation => values.iter().map(|_| AtomData::Bool(true)).collect(),
            // What stood as the comment for want of one.
            EditField::Comment if values.is_empty() => {
                tag.retain(|atom| *atom.ident() != AtomIdent::Fourcc(*b"desc"));
                Vec::new()
            }
            _ => text(values),
        };
        if let Some(atom) = Atom::from_collection(ident, data) {
            tag.insert(atom);
        }
    }
}

/// Two bytes each, between two of nothing.
fn pair(wanted: &Fields, first: EditField, second: EditField) -> Vec<AtomData> {
    let of = |field| wanted.get(&field).and_then(|values| number(&values.concat())).unwrap_or(0);
    let (a, b) = (of(first), of(second));
    if (a, b) == (0, 0) {
        return Vec::new();
    }
    let ([a, b], [c, d]) = (a.to_be_bytes(), b.to_be_bytes());
    vec![AtomData::Unknown { code: DataType::Reserved, data: vec![0, 0, a, b, c, d, 0, 0] }]
}

/// Two bytes, as every player expects them.
fn beats(beats: u16) -> AtomData {
    AtomData::Unknown { code: DataType::BeSignedInteger, data: beats.to_be_bytes().to_vec() }
}

fn number(text: &str) -> Option<u16> {
    text.parse().ok()
}

fn own(name: &'static str) -> AtomIdent<'static> {
    AtomIdent::Freeform { mean: "com.apple.iTunes".into(), name: name.into() }
}

/// The atom a field is written as, and others it is found in.
fn idents(field: EditField) -> (AtomIdent<'static>, Vec<AtomIdent<'static>>) {
    let four = |name: &[u8; 4]| AtomIdent::Fourcc(*name);
    let alone = |ident| (ident, Vec::new());
    match field {
        EditField::Title => alone(four(b"\xa9nam")),
        EditField::TitleSort => alone(four(b"sonm")),
        EditField::Artists => (four(b"\xa9ART"), vec![own("ARTISTS")]),
        EditField::ArtistSorts => alone(four(b"soar")),
        EditField::ArtistIds => alone(own("MusicBrainz Artist Id")),
        EditField::Album => alone(four(b"\xa9alb")),
        EditField::AlbumSort => alone(four(b"soal")),
        EditField::AlbumArtists => (four(b"aART"), vec![own("ALBUMARTISTS")]),
        EditField::AlbumArtistSorts => alone(four(b"soaa")),
        EditField::AlbumArtistIds => alone(own("MusicBrainz Album Artist Id")),
        EditField::Genres => (four(b"\xa9gen"), vec![four(b"gnre")]),
        EditField::Composers => alone(four(b"\xa9wrt")),
        EditField::Track | EditField::TrackTotal => alone(four(b"trkn")),
        EditField::Disc | EditField::DiscTotal => alone(four(b"disk")),
        EditField::Date => alone(four(b"\xa9day")),
        EditField::Comment => alone(four(b"\xa9cmt")),
        EditField::Lyrics => alone(four(b"\xa9lyr")),
        EditField::Compilation => alone(four(b"cpil")),
        EditField::Bpm => (four(b"tmpo"), vec![own("BPM")]),
        EditField::RecordingId => alone(own("MusicBrainz Track Id")),
        EditField::ReleaseId => alone(own("MusicBrainz Album Id")),
        EditField::ReleaseGroupId => alone(own("MusicBrainz Release Group Id")),
    }
}
