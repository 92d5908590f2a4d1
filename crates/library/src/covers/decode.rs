//! A foreign picture becomes one of ours. Everything a file claims is checked before memory is given
//! to it, and what fails is refused: nothing is shown that was not decoded whole.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage, RgbaImage};

use super::gate::{Gate, LARGE_PIXELS};
use super::{Kind, Size};
use crate::Error;

/// Larger files are no covers: scans at 600 dpi have some 10 MB.
pub(super) const MAX_FILE_BYTES: u64 = 20 << 20;
/// More pixels are no cover: 6,300 x 6,300.
const MAX_PIXELS: u64 = 40_000_000;
/// A longer side is no cover's.
const MAX_SIDE: u32 = 30_000;
/// Memory of a decoded picture: the most pixels with four bytes each.
const MAX_ALLOC_BYTES: u64 = 192 << 20;
/// Of JPEGs that are made: no difference is seen at these sizes.
const QUALITY: u8 = 85;

/// A decoded picture: three bytes a pixel, or four where some of it is transparent.
#[derive(Debug)]
pub(super) struct Canvas(DynamicImage);

/// The kind of a file by its first bytes.
pub(super) fn kind(bytes: &[u8]) -> Result<Kind, Error> {
    match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg) => Ok(Kind::Jpeg),
        Ok(ImageFormat::Png) => Ok(Kind::Png),
        Ok(ImageFormat::WebP) => Ok(Kind::WebP),
        _ => Err(refused("it is no JPEG, PNG or WebP")),
    }
}

/// Decodes a whole file, turned upright and brought down to a size.
pub(super) fn sound(bytes: &[u8], size: Size, gate: &Gate) -> Result<Canvas, Error> {
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(refused("it has more than 20 MiB"));
    }
    // A decoder that panics has met bytes it did not expect.
    catch_unwind(AssertUnwindSafe(|| decoded(bytes, size, gate)))
        .unwrap_or_else(|_| Err(refused("the decoder gave up")))
}

fn decoded(bytes: &[u8], size: Size, gate: &Gate) -> Result<Canvas, Error> {
    let format = match kind(bytes)? {
        // The decoder fills up with grey what is missing.
        Kind::Jpeg if !ends(bytes) => return Err(refused("it is cut short")),
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Png => ImageFormat::Png,
        Kind::WebP => ImageFormat::WebP,
    };
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(MAX_SIDE), Some(MAX_SIDE));
    limits.max_alloc = Some(MAX_ALLOC_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels > MAX_PIXELS || decoder.total_bytes() > MAX_ALLOC_BYTES {
        return Err(refused(format!("{width} x {height} pixels are more than we take")));
    }
    let _alone = (pixels > LARGE_PIXELS).then(|| gate.enter_large());
    let orientation = decoder.orientation().map_err(refused)?;
    let image = DynamicImage::from_decoder(decoder).map_err(refused)?;
    // A square box is the same one for a picture that lies on its side.
    let mut image = match size {
        Size::Original => image,
        Size::Rung(rung) => {
            let (width, height) = within(width, height, rung);
            resized(image, width, height, &ResizeOptions::new())?
        }
    };
    image.apply_orientation(orientation);
    Ok(Canvas(image))
}

/// The size of a picture in a square box; never more than it has.
fn within(width: u32, height: u32, side: u32) -> (u32, u32) {
    let longer = width.max(height);
    if longer <= side {
        return (width, height);
    }
    let scaled = |length: u32| {
        let scaled =
            (u64::from(length) * u64::from(side) + u64::from(longer) / 2) / u64::from(longer);
        scaled.clamp(1, u64::from(side)) as u32
    };
    (scaled(width), scaled(height))
}

/// Eight bits a channel, at another size.
fn resized(
    image: DynamicImage,
    width: u32,
    height: u32,
    options: &ResizeOptions,
) -> Result<DynamicImage, Error> {
    let (from_width, from_height, has_alpha) = (image.width(), image.height(), image.has_alpha());
    let (pixels, kind) = if has_alpha {
        (image.into_rgba8().into_raw(), PixelType::U8x4)
    } else {
        (image.into_rgb8().into_raw(), PixelType::U8x3)
    };
    let pixels = if (width, height) == (from_width, from_height) {
        pixels
    } else {
        let from = ImageRef::new(from_width, from_height, &pixels, kind).map_err(refused)?;
        let mut to = Image::new(width, height, kind);
        Resizer::new().resize(&from, &mut to, options).map_err(refused)?;
        to.into_vec()
    };
    let image = if has_alpha {
        RgbaImage::from_raw(width, height, pixels).map(DynamicImage::from)
    } else {
        RgbImage::from_raw(width, height, pixels).map(DynamicImage::from)
    };
    image.ok_or_else(|| refused("its pixels do not fit its size"))
}

/// Four pictures in a square, each cut to a square from its middle; the square is smaller than asked
/// where one of them would have to be made larger.
pub(super) fn mosaic(tiles: &[Canvas], side: u32) -> Result<Canvas, Error> {
    let shortest = tiles.iter().map(|Canvas(tile)| tile.width().min(tile.height())).min();
    let half = (side / 2).min(shortest.unwrap_or(1)).max(1);
    let mut whole = RgbaImage::new(2 * half, 2 * half);
    let options = ResizeOptions::new().fit_into_destination(None);
    for (n, Canvas(tile)) in (0_u32..).zip(tiles) {
        let tile = resized(tile.clone(), half, half, &options)?.into_rgba8();
        let (x, y) = (n % 2 * half, n / 2 * half);
        image::imageops::replace(&mut whole, &tile, i64::from(x), i64::from(y));
    }
    Ok(Canvas(whole.into()))
}

impl Canvas {
    /// As a file: JPEG, or PNG where some of it is transparent.
    pub(super) fn encode(self) -> Result<(Kind, Vec<u8>), Error> {
        let mut bytes = Vec::new();
        let is_clear = self.0.has_alpha()
            && self.0.as_rgba8().is_some_and(|image| image.pixels().any(|pixel| pixel.0[3] < 255));
        if is_clear {
            self.0.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).map_err(refused)?;
            return Ok((Kind::Png, bytes));
        }
        let image = self.0.into_rgb8();
        JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&image).map_err(refused)?;
        Ok((Kind::Jpeg, bytes))
    }
}

/// Whether a JPEG's last scan ends with its mark: within coded pixels it cannot stand.
fn ends(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let [mark, rest @ ..] = bytes.get(at..).unwrap_or_default() {
        let (code, length) = match (mark, rest) {
            (0xff, [code, high, low, ..]) => (*code, usize::from(*high) << 8 | usize::from(*low)),
            _ => (0, 0),
        };
        match code {
            // The first scan.
            0xda => return rest.windows(2).any(|pair| pair == [0xff, 0xd9]),
            // Filling, marks without content, and what stands between segments.
            0 | 0xff | 0x01 | 0xd0..=0xd8 => at += 1,
            _ => at += 2 + length.max(2),
        }
    }
    false
}

fn refused(reason: impl ToString) -> Error {
    Error::Picture(reason.to_string())
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn a_picture_fits_its_box_and_is_never_made_larger() {
        assert_eq!(within(1_000, 1_000, 256), (256, 256));
        assert_eq!(within(1_000, 500, 256), (256, 128));
        assert_eq!(within(30_000, 1, 64), (64, 1));
        assert_eq!(within(100, 60, 256), (100, 60));
        assert_eq!(within(3, 1_000, 64), (1, 64));
    }
}
