//! Words are changed and nothing else is: not the sound, not the pictures, not the other words.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;

use audio::SampleRate;
use audio_file::edit::{self, Change, Changes, EditField, Fields, TagChange};
use audio_file::{Decoder, Depth, Error, Essence, Pcm, Tags, write_flac};
use clock::Seed;
use proptest::prelude::{Strategy, any};
use proptest::{collection, proptest};

use crate::edges::{files, folder};
use crate::sound_of;

const ID: &str = "8f3471b5-7e6a-48da-86a9-c1c07a0f47ae";
const OTHER_ID: &str = "1ef75f7c-5ac6-4d4d-a4b5-0b5ef8b6a3c6";

fn set(field: EditField, values: &[&str]) -> TagChange {
    TagChange { field, value: Change::Set(values.iter().map(|v| (*v).to_owned()).collect()) }
}

fn clear(field: EditField) -> TagChange {
    TagChange { field, value: Change::Clear }
}

/// A value for every field.
fn everything() -> Vec<TagChange> {
    EditField::ALL.iter().map(|field| set(*field, value(*field))).collect()
}

fn value(field: EditField) -> &'static [&'static str] {
    match field {
        EditField::Title => &["Nächte in Ōsaka"],
        EditField::TitleSort => &["Nachte"],
        EditField::Artists => &["AC/DC", "Jemand; und Söhne"],
        EditField::ArtistSorts => &["ACDC", "Sohne"],
        EditField::ArtistIds | EditField::AlbumArtistIds => &[ID, OTHER_ID],
        EditField::Album => &["An album"],
        EditField::AlbumSort => &["Album, An"],
        EditField::AlbumArtists => &["Various", "Others"],
        EditField::AlbumArtistSorts => &["Var", "Oth"],
        EditField::Genres => &["Jazz", "Drum & Bass"],
        EditField::Composers => &["First Composer", "Second"],
        EditField::Track => &["3"],
        EditField::TrackTotal => &["12"],
        EditField::Disc => &["1"],
        EditField::DiscTotal => &["2"],
        EditField::Date => &["1999-05-06"],
        EditField::Comment => &["A comment\nof two lines"],
        EditField::Lyrics => &["[00:01.00]One line\n[00:02.00]and another"],
        EditField::Compilation => &["1"],
        EditField::Bpm => &["128"],
        EditField::RecordingId => &[ID],
        EditField::ReleaseId => &[OTHER_ID],
        EditField::ReleaseGroupId => &["c6a01bbc-5a06-4f3c-a4f1-0a5ef8b6a3c6"],
    }
}

fn wanted() -> Fields {
    let owned = |field: &EditField| value(*field).iter().map(|v| (*v).to_owned()).collect();
    EditField::ALL.iter().map(|field| (*field, owned(field))).collect()
}

/// The file with other words.
fn edited(bytes: &[u8], changes: Vec<TagChange>) -> Result<Vec<u8>, Error> {
    let changes = Changes::new(changes)?;
    let mut copy = Cursor::new(Vec::new());
    edit::apply(&mut Cursor::new(bytes), &mut copy, &changes)?;
    Ok(copy.into_inner())
}

fn read(bytes: &[u8]) -> Fields {
    edit::read(&mut Cursor::new(bytes)).unwrap()
}

fn essence(bytes: &[u8]) -> Option<Essence> {
    Essence::read(&mut Cursor::new(bytes)).unwrap()
}

fn frames(bytes: &[u8]) -> Option<u64> {
    let mut decoder = Decoder::open(Cursor::new(bytes.to_vec())).ok()?;
    let mut frames = 0;
    while let Some(planes) = decoder.next_block().ok()? {
        frames += planes[0].len() as u64;
    }
    Some(frames)
}

fn flac(tags: &Tags) -> Vec<u8> {
    let pcm = Pcm::quantise(&sound_of(SampleRate::CD, 0.2), Depth::Sixteen, Seed(1));
    let mut bytes = Cursor::new(Vec::new());
    write_flac(&mut bytes, &pcm, tags).unwrap();
    bytes.into_inner()
}

/// A file of a second, with words of ffmpeg's, and a cover where the format has one.
fn made(ffmpeg: &Path, dir: &Path, name: &str, codec: &[&str]) -> PathBuf {
    let path = dir.join(name);
    let mut command = Command::new(ffmpeg);
    command.args(["-v", "error", "-y", "-f", "lavfi", "-i", "sine=440:duration=2"]);
    let has_cover = ["flac", "mp3", "m4a"].contains(&name.rsplit('.').next().unwrap());
    if has_cover {
        command.args(["-f", "lavfi", "-i", "color=red:size=16x16:rate=1:duration=1"]);
        command.args(["-map", "0:a", "-map", "1:v", "-frames:v", "1", "-c:v", "png"]);
        command.args(["-disposition:v", "attached_pic", "-metadata:s:v", "comment=Cover (front)"]);
    }
    command.args(["-metadata", "title=Before", "-metadata", "artist=Nobody"]);
    command.args(["-metadata", "copyright=2024 Nobody", "-metadata", "XYZZY=kept"]);
    testkit::run(command.args(codec).arg(&path));
    path
}

const FORMATS: [(&str, &[&str]); 9] = [
    ("a.flac", &["-c:a", "flac"]),
    ("a.mp3", &["-c:a", "libmp3lame"]),
    ("v1.mp3", &["-c:a", "libmp3lame", "-write_id3v1", "1", "-id3v2_version", "3"]),
    ("a.ogg", &["-c:a", "libvorbis"]),
    ("a.opus", &["-c:a", "libopus"]),
    ("a.m4a", &["-c:a", "aac"]),
    ("lossless.m4a", &["-c:a", "alac", "-movflags", "+faststart"]),
    ("a.wav", &["-c:a", "pcm_s16le"]),
    ("a.aiff", &["-c:a", "pcm_s16be", "-write_id3v2", "1"]),
];

/// The decoded sound, as ffmpeg hears it.
fn md5(ffmpeg: &Path, path: &Path) -> String {
    let mut command = Command::new(ffmpeg);
    command.args(["-v", "error", "-i"]).arg(path).args(["-map", "0:a", "-f", "md5", "-"]);
    testkit::run(&mut command)
}

#[test]
fn every_format_says_what_was_asked_to_us_and_to_ffmpeg_and_sounds_the_same() {
    let test = "every_format_says_what_was_asked_to_us_and_to_ffmpeg_and_sounds_the_same";
    let (Some(ffmpeg), Some(ffprobe)) =
        (testkit::program("ffmpeg", test), testkit::program("ffprobe", test))
    else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    for (name, codec) in FORMATS {
        let path = made(&ffmpeg, dir.path(), name, codec);
        let (before, heard) = (std::fs::read(&path).unwrap(), md5(&ffmpeg, &path));
        let after = edited(&before, everything()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(read(&after), wanted(), "{name}");
        assert_eq!(essence(&after), essence(&before), "{name}");
        assert_eq!(frames(&after), frames(&before), "{name}");
        let path = dir.path().join(format!("edited-{name}"));
        std::fs::write(&path, &after).unwrap();
        assert_eq!(md5(&ffmpeg, &path), heard, "{name}");
        let mut probe = Command::new(&ffprobe);
        probe.args(["-v", "error", "-show_entries"]);
        probe.args(["format_tags:stream_tags:stream=codec_name"]).arg(&path);
        let said = testkit::run(&mut probe).to_lowercase();
        let all = ["title=nächte in ōsaka", "album=an album", "2024 nobody"];
        for text in all.into_iter().chain((!name.ends_with("wav")).then_some("1999-05-06")) {
            assert!(said.contains(text), "{name}: no {text} in\n{said}");
        }
        assert!(!said.contains("nobody") || !said.contains("artist=nobody"), "{name}:\n{said}");
        assert!(said.contains("ac/dc"), "{name}:\n{said}");
        let has_cover = ["flac", "mp3", "m4a"].iter().any(|ending| name.ends_with(ending));
        assert_eq!(said.contains("codec_name=png"), has_cover, "{name}:\n{said}");
        // An MP4 of ffmpeg's and the list of a WAVE have no place for a name they do not know.
        if ["flac", "mp3", "ogg", "opus", "aiff"].iter().any(|ending| name.ends_with(ending)) {
            assert!(said.contains("xyzzy=kept"), "{name}:\n{said}");
        }
        let again = edited(&after, EditField::ALL.iter().map(|field| clear(*field)).collect());
        let again = again.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(read(&again), Fields::new(), "{name}");
        assert_eq!(
            (essence(&again), frames(&again)),
            (essence(&before), frames(&before)),
            "{name}"
        );
    }
}

#[test]
fn what_belongs_to_a_name_goes_with_it_unless_it_is_given_anew() {
    let bytes = edited(&flac(&Tags::default()), everything()).unwrap();
    let said = read(&edited(&bytes, vec![set(EditField::Artists, &["X", "Y"])]).unwrap());
    assert_eq!(said[&EditField::Artists], ["X", "Y"]);
    assert!(
        !said.contains_key(&EditField::ArtistIds) && !said.contains_key(&EditField::ArtistSorts)
    );
    assert!(said.contains_key(&EditField::AlbumArtistIds));
    let both = vec![set(EditField::Artists, &["X"]), set(EditField::ArtistSorts, &["x"])];
    assert_eq!(read(&edited(&bytes, both).unwrap())[&EditField::ArtistSorts], ["x"]);
    // The total outlives another number, not none.
    let said = read(&edited(&bytes, vec![set(EditField::Track, &["4"])]).unwrap());
    assert_eq!(
        (&said[&EditField::Track][0][..], &said[&EditField::TrackTotal][0][..]),
        ("4", "12")
    );
    let said = read(&edited(&bytes, vec![clear(EditField::Track)]).unwrap());
    assert!(!said.contains_key(&EditField::TrackTotal));
    // What is as it is asked already changes nothing, and takes nothing with it.
    assert_eq!(
        edited(&bytes, vec![set(EditField::Artists, value(EditField::Artists))]).unwrap(),
        bytes
    );
}

#[test]
fn artists_keep_their_order_when_other_fields_are_removed_before_them() {
    let names = ["A", "B", "C", "D"];
    let fields = [EditField::Title, EditField::Track, EditField::Genres];
    let mut asked: Vec<TagChange> = fields.iter().map(|f| set(*f, &value(*f)[..1])).collect();
    asked.push(set(EditField::Artists, &names));
    let bytes = edited(&flac(&Tags::default()), asked).unwrap();
    let cleared = edited(&bytes, fields.iter().map(|field| clear(*field)).collect()).unwrap();
    assert_eq!(read(&cleared)[&EditField::Artists], names);
}

#[test]
fn values_that_no_field_takes_are_refused_with_what_would_be() {
    let long = "x".repeat(edit::MAX_FIELD_BYTES + 1);
    let many = ["x"; edit::MAX_VALUES + 1];
    let refused = [
        set(EditField::Title, &["a\0b"]),
        set(EditField::Title, &["two\nlines"]),
        set(EditField::Title, &["one", "two"]),
        set(EditField::Comment, &[&long]),
        set(EditField::Artists, &many),
        set(EditField::Track, &["0"]),
        set(EditField::Track, &["10000"]),
        set(EditField::Track, &["3/12"]),
        set(EditField::Bpm, &["12.5"]),
        set(EditField::Date, &["1999-02-29"]),
        set(EditField::Date, &["99"]),
        set(EditField::Compilation, &["yes"]),
        set(EditField::RecordingId, &["8f3471b5"]),
    ];
    for change in refused {
        let error = Changes::new([change.clone()]).unwrap_err();
        assert!(matches!(error, Error::Value { .. }), "{change:?}: {error}");
    }
    assert!(Changes::new([clear(EditField::Title), set(EditField::Title, &["x"])]).is_err());
    let lone = edited(&flac(&Tags::default()), vec![set(EditField::TrackTotal, &["3"])]);
    assert!(matches!(lone, Err(Error::Value { .. })));
    for field in EditField::ALL {
        assert_eq!(field.name().parse::<EditField>().unwrap(), *field);
    }
    assert!("path".parse::<EditField>().is_err());
}

/// Text that a field may hold.
fn text() -> impl Strategy<Value = String> {
    "[a-zA-Zäößµ日本 /;=,.'\"&()0-9]{1,24}".prop_filter("blank", |text| !text.trim().is_empty())
}

fn change() -> impl Strategy<Value = TagChange> {
    let fields = 0..EditField::ALL.len();
    let values = (collection::vec(text(), 1..4), any::<u16>(), any::<bool>());
    (fields, values).prop_map(|(n, (texts, number, cleared))| {
        let field = EditField::ALL[n];
        if cleared {
            return clear(field);
        }
        let digits = |most: u16| vec![(number % most + 1).to_string()];
        let values = match field {
            EditField::Track | EditField::TrackTotal => digits(9_999),
            EditField::Disc | EditField::DiscTotal => digits(99),
            EditField::Bpm => digits(999),
            EditField::Date => vec![format!("{}-{:02}", 1900 + number % 200, number % 12 + 1)],
            EditField::Compilation => vec!["1".to_owned()],
            EditField::RecordingId | EditField::ReleaseId | EditField::ReleaseGroupId => {
                vec![ID.to_owned()]
            }
            EditField::ArtistIds | EditField::AlbumArtistIds => {
                texts.iter().map(|_| ID.into()).collect()
            }
            field if field.is_many() => texts,
            _ => texts[..1].to_vec(),
        };
        TagChange { field, value: Change::Set(values) }
    })
}

proptest! {
    #[test]
    fn any_changes_of_a_flac_are_read_back_as_they_were_asked(
        first in collection::vec(change(), 0..8),
        second in collection::vec(change(), 0..8),
    ) {
        let start = flac(&Tags { title: "Start".to_owned(), ..Tags::default() });
        let mut bytes = start.clone();
        for mut asked in [first, second] {
            asked.sort_by_key(|change| change.field);
            asked.dedup_by_key(|change| change.field);
            let changes = Changes::new(asked.clone()).unwrap();
            let before = read(&bytes);
            let mut copy = Cursor::new(Vec::new());
            match edit::apply(&mut Cursor::new(&bytes), &mut copy, &changes) {
                Ok(_) => bytes = copy.into_inner(),
                // A total without a number, and nothing else.
                Err(Error::Value { field, .. }) => assert!(field.ends_with("_total"), "{field}"),
                Err(error) => panic!("{error}: {asked:?}"),
            }
            let mut wanted = before.clone();
            if copy_was_made(&before, &changes) {
                for (field, values) in changes.against(&before) {
                    wanted.remove(&field);
                    if !values.is_empty() {
                        wanted.insert(field, values);
                    }
                }
            }
            assert_eq!(read(&bytes), wanted);
            assert_eq!(essence(&bytes), essence(&start));
        }
        assert_eq!(frames(&bytes), frames(&start));
    }
}

/// Whether no total would be left without its number.
fn copy_was_made(before: &Fields, changes: &Changes) -> bool {
    let mut after = before.clone();
    after.extend(changes.against(before));
    let has = |field| after.get(&field).is_some_and(|values| !values.is_empty());
    (has(EditField::Track) || !has(EditField::TrackTotal))
        && (has(EditField::Disc) || !has(EditField::DiscTotal))
}

#[test]
fn edge_files_are_edited_with_the_same_sound_or_refused() {
    let Some(folder) = folder("edge_files_are_edited_with_the_same_sound_or_refused") else {
        return;
    };
    let (mut done, mut refused) = (0, 0);
    for path in files(&folder) {
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        let before = std::fs::read(&path).unwrap();
        let few = vec![set(EditField::Title, &["Edge"]), set(EditField::Artists, &["One", "Two"])];
        for asked in [few, everything()] {
            let mut original = Cursor::new(before.clone());
            let mut copy = Cursor::new(Vec::new());
            let changes = Changes::new(asked).unwrap();
            match edit::apply(&mut original, &mut copy, &changes) {
                Ok(_) => {
                    done += 1;
                    let after = copy.into_inner();
                    assert_eq!(essence(&after), essence(&before), "{name}");
                    assert_eq!(frames(&after), frames(&before), "{name}");
                    assert_eq!(read(&after)[&EditField::Title].len(), 1, "{name}");
                }
                Err(error) => {
                    refused += 1;
                    eprintln!("{name:60} {error}");
                }
            }
            assert!(original.into_inner() == before, "{name}");
        }
    }
    eprintln!("{done} edits of edge files done, {refused} refused");
}
