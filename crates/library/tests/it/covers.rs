use std::fs;
use std::io::Cursor;
use std::os::unix::fs::symlink;
use std::path::Path;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use library::covers::{Kind, Picture, SIZES};
use library::{AlbumId, ArtistId, Error, FolderId, ItemId, PlaylistId, TrackId};
use store::UserId;

use crate::house::{House, song};

const RED: [u8; 3] = [200, 20, 20];
const GREEN: [u8; 3] = [20, 200, 20];
const BLUE: [u8; 3] = [20, 20, 200];
const GREY: [u8; 3] = [128, 128, 128];
const ME: UserId = UserId(1);

fn jpeg(width: u32, height: u32, colour: [u8; 3]) -> Vec<u8> {
    file(RgbImage::from_pixel(width, height, Rgb(colour)).into(), ImageFormat::Jpeg)
}

fn file(image: DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Puts a front cover into a FLAC, behind its first block.
fn embed(path: &Path, picture: &[u8]) {
    let flac = fs::read(path).unwrap();
    let text = |text: &str| [&(text.len() as u32).to_be_bytes(), text.as_bytes()].concat();
    let block = [
        &3_u32.to_be_bytes()[..],
        &text("image/jpeg"),
        &text(""),
        &[0; 16],
        &(picture.len() as u32).to_be_bytes(),
        picture,
    ]
    .concat();
    let head = [&[6], &(block.len() as u32).to_be_bytes()[1..]].concat();
    // "fLaC", and STREAMINFO: a head of 4 bytes and 34 more.
    let (first, rest) = flac.split_at(4 + 4 + 34);
    let mut first = first.to_vec();
    let was_last = first[4] & 0x80;
    first[4] &= 0x7f;
    let head = [&[head[0] | was_last], &head[1..]].concat();
    fs::write(path, [&first, &head[..], &block, rest].concat()).unwrap();
}

fn item(text: &str) -> ItemId {
    text.parse().unwrap()
}

fn size(picture: &Picture) -> (u32, u32) {
    let image = image::load_from_memory(&picture.bytes).unwrap();
    (image.width(), image.height())
}

fn colour_at(picture: &Picture, x: u32, y: u32) -> [u8; 3] {
    image::load_from_memory(&picture.bytes).unwrap().into_rgb8().get_pixel(x, y).0
}

fn is_near(a: [u8; 3], b: [u8; 3]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) < 24)
}

impl House {
    fn picture(&self, item: ItemId, size: u32) -> Result<Picture, Error> {
        self.library.picture(ME, item, Some(size))
    }

    #[track_caller]
    fn shows(&self, item: ItemId, colour: [u8; 3]) {
        let shown = colour_at(&self.picture(item, 64).unwrap(), 20, 20);
        assert!(is_near(shown, colour), "{item:?}: {shown:?}, not {colour:?}");
    }

    /// A song with this file as its folder's cover.
    fn with_cover(name: &str, bytes: &[u8]) -> Self {
        let house = House::new();
        song(&house.music().join("a/1.flac"), 440, "One", "Somebody", "First");
        fs::write(house.music().join("a").join(name), bytes).unwrap();
        house.library.keep_pictures_in(&house.dir.path().join("covers"), 1 << 20).unwrap();
        house.scan();
        house
    }

    fn kept(&self) -> Vec<std::path::PathBuf> {
        let Ok(drawers) = fs::read_dir(self.dir.path().join("covers")) else { return Vec::new() };
        let files = drawers.flat_map(|drawer| fs::read_dir(drawer.unwrap().path()).unwrap());
        files.map(|file| file.unwrap().path()).collect()
    }

    #[track_caller]
    fn refuses(&self, why: &str) {
        for size in [Some(64), Some(1_024), None] {
            for _ in 0..2 {
                match self.library.picture(ME, item("al-1"), size) {
                    Err(Error::Picture(reason)) => assert!(reason.contains(why), "{reason}"),
                    other => panic!("{other:?}"),
                }
            }
        }
        // Remembered once a size.
        assert_eq!(self.kept().len(), 3);
    }
}

#[test]
fn an_album_shows_what_lies_beside_it_and_a_track_what_is_in_it() {
    let house = House::new();
    let at = |name: &str| house.music().join(name);
    song(&at("a/b/1.flac"), 440, "One", "Somebody", "First");
    song(&at("a/b/2.flac"), 550, "Two", "Somebody", "First");
    embed(&at("a/b/1.flac"), &jpeg(80, 80, RED));
    fs::write(at("a/b/Cover.jpg"), jpeg(80, 80, BLUE)).unwrap();
    fs::write(at("a/b/album.png"), jpeg(80, 80, GREEN)).unwrap();
    house.scan();
    let folder = house.rows("SELECT concat('fo-', id) FROM folder WHERE path = 'a/b'").remove(0);
    let above = house.rows("SELECT concat('fo-', id) FROM folder WHERE path = 'a'").remove(0);
    house.shows(item("tr-1"), RED);
    for of in ["tr-2", "al-1", "ar-1", &folder, &above] {
        house.shows(item(of), BLUE);
    }
    fs::remove_file(at("a/b/Cover.jpg")).unwrap();
    fs::remove_file(at("a/b/album.png")).unwrap();
    // Before the next scan and after it.
    for _ in 0..2 {
        for of in ["tr-1", "tr-2", "al-1", "ar-1", &folder, &above] {
            house.shows(item(of), RED);
        }
        house.scan();
    }
    for of in [
        ItemId::TrackId(TrackId(9)),
        ItemId::AlbumId(AlbumId(9)),
        ItemId::ArtistId(ArtistId(9)),
        ItemId::FolderId(FolderId(99)),
        ItemId::PlaylistId(PlaylistId(9)),
        item("ro-1"),
    ] {
        assert!(matches!(house.picture(of, 64), Err(Error::Absent(_))), "{of:?}");
    }
}

#[test]
fn an_album_of_several_discs_shows_the_picture_above_them() {
    let house = House::new();
    song(&house.music().join("a/CD1/1.flac"), 440, "One", "Somebody", "First");
    song(&house.music().join("a/live/2.flac"), 550, "Two", "Somebody", "Second");
    fs::write(house.music().join("a/folder.jpg"), jpeg(80, 80, BLUE)).unwrap();
    house.scan();
    let album = |title: &str| {
        let rows = house.rows("SELECT concat(title, '|al-', id) FROM album");
        let row = rows.iter().find(|row| row.starts_with(title)).unwrap();
        item(row.split('|').nth(1).unwrap())
    };
    house.shows(album("First"), BLUE);
    assert!(matches!(house.picture(album("Second"), 64), Err(Error::Absent(_))));
}

#[test]
fn sizes_are_rungs_and_nothing_is_made_larger() {
    let original = jpeg(1_500, 900, BLUE);
    let house = House::with_cover("cover.jpg", &original);
    for (wanted, longer) in
        [(1, 64), (64, 64), (65, 128), (300, 512), (1_024, 1_024), (u32::MAX, 1_024)]
    {
        let picture = house.picture(item("al-1"), wanted).unwrap();
        assert_eq!(size(&picture), (longer, (longer * 3 + 2) / 5), "{wanted}");
        assert_eq!(picture.kind, Kind::Jpeg);
    }
    assert_eq!(house.kept().len(), 4);
    let whole = house.library.picture(ME, item("al-1"), None).unwrap();
    assert_eq!((whole.bytes, whole.kind), (original, Kind::Jpeg));

    let house =
        House::with_cover("cover.png", &file(RgbImage::new(100, 60).into(), ImageFormat::Png));
    for wanted in SIZES.into_iter().filter(|wanted| *wanted > 100) {
        assert_eq!(size(&house.picture(item("al-1"), wanted).unwrap()), (100, 60));
    }
}

#[test]
fn a_picture_that_lies_on_its_side_is_turned() {
    let upright = jpeg(200, 100, BLUE);
    // A TIFF of one entry: orientation 6, a quarter turn.
    let exif = [
        &b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01"[..],
        &[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0],
    ]
    .concat();
    let length = (exif.len() as u16 + 2).to_be_bytes();
    let turned = [&upright[..2], &[0xff, 0xe1], &length, &exif, &upright[2..]].concat();
    let house = House::with_cover("cover.jpg", &turned);
    assert_eq!(size(&house.picture(item("al-1"), 64).unwrap()), (32, 64));
}

#[test]
fn only_what_is_transparent_is_a_png() {
    let clear = RgbaImage::from_pixel(80, 80, Rgba([200, 20, 20, 100]));
    let house = House::with_cover("cover.png", &file(clear.into(), ImageFormat::Png));
    assert_eq!(house.picture(item("al-1"), 64).unwrap().kind, Kind::Png);
    let opaque = RgbaImage::from_pixel(80, 80, Rgba([200, 20, 20, 255]));
    let house = House::with_cover("cover.png", &file(opaque.into(), ImageFormat::Png));
    assert_eq!(house.picture(item("al-1"), 64).unwrap().kind, Kind::Jpeg);
    let webp = RgbImage::from_pixel(80, 80, Rgb(GREEN));
    let house = House::with_cover("front.webp", &file(webp.into(), ImageFormat::WebP));
    house.shows(item("al-1"), GREEN);
    assert_eq!(house.library.picture(ME, item("al-1"), None).unwrap().kind, Kind::WebP);
}

#[test]
fn a_picture_that_claims_a_billion_pixels_is_refused_before_it_is_decoded() {
    let mut png = file(RgbImage::new(8, 8).into(), ImageFormat::Png);
    png[16..20].copy_from_slice(&50_000_u32.to_be_bytes());
    png[20..24].copy_from_slice(&50_000_u32.to_be_bytes());
    let sum = crc(&png[12..29]).to_be_bytes();
    png[29..33].copy_from_slice(&sum);
    House::with_cover("cover.png", &png).refuses("");
    // Sides that are allowed, and too much between them.
    png[16..20].copy_from_slice(&20_000_u32.to_be_bytes());
    png[20..24].copy_from_slice(&2_001_u32.to_be_bytes());
    let sum = crc(&png[12..29]).to_be_bytes();
    png[29..33].copy_from_slice(&sum);
    House::with_cover("cover.png", &png).refuses("20000 x 2001 pixels are more than we take");
}

/// The sum of PNG.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
        })
    })
}

#[test]
fn what_is_too_large_cut_short_or_no_picture_is_refused_and_remembered() {
    let whole = jpeg(300, 300, GREY);
    let mut large = whole.clone();
    large.resize(30 << 20, 0);
    House::with_cover("cover.jpg", &large).refuses("20 MiB");
    for cut in [whole.len() - 2, whole.len() / 2, 40] {
        House::with_cover("cover.jpg", &whole[..cut]).refuses("");
    }
    let png = file(RgbImage::from_pixel(64, 64, Rgb(RED)).into(), ImageFormat::Png);
    House::with_cover("cover.png", &png[..png.len() - 20]).refuses("");
    House::with_cover("cover.jpg", b"<svg onload=alert(1)>").refuses("no JPEG, PNG or WebP");
    House::with_cover("cover.jpg", b"").refuses("");
}

#[test]
fn a_picture_that_cannot_be_taken_gives_way_to_one_that_can() {
    let house = House::with_cover("cover.jpg", b"nothing");
    embed(&house.music().join("a/1.flac"), &jpeg(80, 80, RED));
    house.shows(item("al-1"), RED);
}

#[test]
fn another_file_gives_another_picture_with_another_tag() {
    let house = House::with_cover("cover.jpg", &jpeg(80, 80, RED));
    let before = house.picture(item("al-1"), 64).unwrap();
    assert_eq!(house.picture(item("al-1"), 64).unwrap(), before);
    assert_ne!(house.picture(item("al-1"), 128).unwrap().etag, before.etag);
    fs::write(house.music().join("a/cover.jpg"), jpeg(90, 80, BLUE)).unwrap();
    house.shows(item("al-1"), BLUE);
    assert_ne!(house.picture(item("al-1"), 64).unwrap().etag, before.etag);
}

#[test]
fn what_is_kept_is_bounded_and_may_be_damaged_or_deleted() {
    let house = House::new();
    for n in 0..12 {
        song(
            &house.music().join(format!("{n}/1.flac")),
            440 + n,
            "One",
            "Somebody",
            &n.to_string(),
        );
        let noise = RgbImage::from_fn(120, 120, |x, y| {
            Rgb([(x * 7 + y * n) as u8, (x * y) as u8, y as u8])
        });
        fs::write(
            house.music().join(format!("{n}/cover.jpg")),
            file(noise.into(), ImageFormat::Jpeg),
        )
        .unwrap();
    }
    let most = 48 << 10;
    house.library.keep_pictures_in(&house.dir.path().join("covers"), most).unwrap();
    assert!(house.library.keep_pictures_in(&house.dir.path().join("other"), most).is_err());
    house.scan();
    let all = || -> Vec<Picture> {
        let albums = house.rows("SELECT concat('al-', id) FROM album ORDER BY id");
        albums.iter().map(|album| house.picture(item(album), 128).unwrap()).collect()
    };
    let before = all();
    let bytes = || house.kept().iter().map(|file| file.metadata().unwrap().len()).sum::<u64>();
    assert!(bytes() <= most && bytes() > 0, "{}", bytes());
    for file in house.kept() {
        fs::write(file, b"TRP1jnothing of ours").unwrap();
    }
    assert_eq!(all(), before);
    fs::remove_dir_all(house.dir.path().join("covers")).unwrap();
    assert_eq!(all(), before);
    assert!(bytes() <= most);
}

#[test]
fn many_who_ask_at_once_get_one_picture() {
    let house = House::with_cover("cover.jpg", &jpeg(700, 700, GREEN));
    let pictures: Vec<Picture> = std::thread::scope(|scope| {
        let ask = || house.picture(item("al-1"), 256).unwrap();
        let asked: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        asked.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    assert!(pictures.iter().all(|picture| *picture == pictures[0]));
    assert_eq!(house.kept().len(), 1);
}

#[test]
fn a_picture_outside_the_root_is_not_shown() {
    let house = House::with_cover("cover.jpg", &jpeg(80, 80, BLUE));
    let outside = house.dir.path().join("outside.jpg");
    fs::write(&outside, jpeg(80, 80, RED)).unwrap();
    house.shows(item("al-1"), BLUE);
    fs::remove_file(house.music().join("a/cover.jpg")).unwrap();
    symlink(&outside, house.music().join("a/cover.jpg")).unwrap();
    for size in [Some(64), None] {
        let shown = house.library.picture(ME, item("al-1"), size);
        assert!(matches!(shown, Err(Error::Absent(_))), "{shown:?}");
    }
}

#[test]
fn a_playlist_shows_four_albums_or_the_first_and_only_to_who_may_see_it() {
    let house = House::new();
    for (n, colour) in [RED, GREEN, BLUE, GREY].into_iter().enumerate() {
        let folder = house.music().join(n.to_string());
        song(&folder.join("1.flac"), 440 + n as u32, &format!("{n}"), "Somebody", &n.to_string());
        song(&folder.join("2.flac"), 840 + n as u32, &format!("{n}b"), "Somebody", &n.to_string());
        fs::write(folder.join("cover.jpg"), jpeg(300, 200, colour)).unwrap();
    }
    house.scan();
    house.write(
        "INSERT INTO playlist(id, owner, name, created, changed) VALUES(1, 1, 'p', 0, 0);
         INSERT INTO playlist_entry SELECT 1, row_number() OVER (ORDER BY path) - 1, id FROM track",
    );
    let playlist = ItemId::PlaylistId(PlaylistId(1));
    let mosaic = house.picture(playlist, 256).unwrap();
    assert_eq!(size(&mosaic), (256, 256));
    for (n, colour) in [RED, GREEN, BLUE, GREY].into_iter().enumerate() {
        let (x, y) = (n as u32 % 2 * 128 + 60, n as u32 / 2 * 128 + 60);
        assert!(is_near(colour_at(&mosaic, x, y), colour), "{n}");
    }
    // Two squares of 200 pixels are the most there is.
    assert_eq!(size(&house.picture(playlist, 1_024).unwrap()), (400, 400));
    assert_eq!(size(&house.library.picture(ME, playlist, None).unwrap()), (400, 400));
    let tracks = [TrackId(1), TrackId(2), TrackId(3)];
    assert!(house.library.picture_of_tracks(&tracks, Some(64)).is_ok());

    let other = |user| house.library.picture(user, playlist, Some(64));
    assert!(matches!(other(UserId(2)), Err(Error::Absent(_))));
    house.write("UPDATE playlist SET public = 1");
    assert!(other(UserId(2)).is_ok());
    house.write("DELETE FROM playlist_entry WHERE position > 5");
    house.shows(playlist, RED);
    house.write("DELETE FROM playlist_entry");
    assert!(matches!(house.picture(playlist, 64), Err(Error::Absent(_))));
}

#[test]
fn a_playlist_of_rules_shows_the_first_albums_its_rules_find() {
    let house = House::new();
    for (n, colour) in [RED, GREEN, BLUE, GREY, RED].into_iter().enumerate() {
        let folder = house.music().join(n.to_string());
        song(&folder.join("1.flac"), 440 + n as u32, &format!("t{n}"), "Somebody", &n.to_string());
        fs::write(folder.join("cover.jpg"), jpeg(300, 200, colour)).unwrap();
    }
    house.scan();
    let smart = |rules: &str| {
        let id = house.library.import_nsp(ME, "smart", rules.as_bytes()).unwrap();
        ItemId::PlaylistId(id)
    };
    let playlist = smart(r#"{"all": [{"startsWith": {"title": "t"}}], "sort": "title"}"#);
    let mosaic = house.picture(playlist, 256).unwrap();
    for (n, colour) in [RED, GREEN, BLUE, GREY].into_iter().enumerate() {
        let (x, y) = (n as u32 % 2 * 128 + 60, n as u32 / 2 * 128 + 60);
        assert!(is_near(colour_at(&mosaic, x, y), colour), "{n}");
    }
    house.shows(smart(r#"{"all": [{"is": {"title": "t2"}}]}"#), BLUE);
    let none = smart(r#"{"all": [{"is": {"title": "nothing"}}]}"#);
    assert!(matches!(house.picture(none, 64), Err(Error::Absent(_))));
    let other = house.library.picture(UserId(2), playlist, Some(64));
    assert!(matches!(other, Err(Error::Absent(_))));
}
