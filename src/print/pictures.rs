//! Pictures as the typesetter needs them, and what stands in the way of one.
//!
//! Promises: what a browser shows is in the booklet, or is told with its place. Knows no documents.

use super::press::{Press, is_image};
use crate::attachment;
use crate::value::picture::is_huge;
use image::ImageFormat;
use image::codecs::jpeg::JpegEncoder;

/// Endings of pictures that can be set.
const FORMATS: [&str; 6] = ["png", "jpg", "jpeg", "gif", "webp", "svg"];

/// Whether pictures of such a name can be set.
pub fn is_set(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    FORMATS.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// Of a hundred; at this quality nobody sees the difference on paper.
const QUALITY: u8 = 92;

/// The picture in colours of screens where it has those of printers. PDF/A wants a profile for the latter, which the
/// typesetter cannot give; browsers turn them into the same colours. `None` for all others.
pub fn in_screen_colours(bytes: &[u8]) -> Option<Vec<u8>> {
    attachment::with_photos(bytes, |photo| {
        let (width, height) = four_colours(photo)?;
        if is_huge(width, height) {
            return None;
        }
        let pixels = image::load_from_memory_with_format(photo, ImageFormat::Jpeg).ok()?.into_rgb8();
        let mut out = Vec::new();
        JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(&pixels).ok()?;
        Some(out)
    })
}

/// What is wrong with a picture that a booklet cannot be set with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is none, or ends before its end.
    Unreadable,
    /// A text in it has a character that no font has.
    Glyph(char),
}

/// Looks for what the typesetter would stumble over, or would leave out without a word.
pub fn fault(name: &str, bytes: &[u8], press: &Press) -> Option<Fault> {
    if name.ends_with(".svg") {
        let text = std::str::from_utf8(bytes).ok().filter(|text| text.contains("<svg"));
        let Some(text) = text else { return Some(Fault::Unreadable) };
        return words(text).find(|c| !press.covers(*c)).map(Fault::Glyph);
    }
    (is_cut_off(bytes) || !is_image(name, bytes)).then_some(Fault::Unreadable)
}

/// Whether a photo has no end: half of it would be grey. Other formats are not read without theirs.
pub fn is_cut_off(bytes: &[u8]) -> bool {
    if let [b'R', b'I', b'F', b'F', a, b, c, d, rest @ ..] = bytes {
        return (rest.len() as u64) < u64::from(u32::from_le_bytes([*a, *b, *c, *d]));
    }
    let is_photo = bytes.starts_with(&[0xFF, 0xD8, 0xFF]);
    // What programs hang behind the end is no part of it; an end before the pixels is that of a preview.
    is_photo && frame(bytes).is_some_and(|(at, _)| !bytes[at..].windows(2).rev().any(|end| end == [0xFF, 0xD9]))
}

/// Width and height of a JPEG of four colours.
fn four_colours(bytes: &[u8]) -> Option<(u32, u32)> {
    let (at, colours) = frame(bytes)?;
    let side = |from: usize| Some(u32::from(u16::from_be_bytes([*bytes.get(from)?, *bytes.get(from + 1)?])));
    (colours == 4).then_some((side(at + 7)?, side(at + 5)?))
}

/// Where the head of a JPEG's pixels begins, and how many colours they have.
fn frame(bytes: &[u8]) -> Option<(usize, u8)> {
    let mut at = bytes.starts_with(&[0xFF, 0xD8]).then_some(2)?;
    loop {
        match (*bytes.get(at)?, *bytes.get(at + 1)?) {
            (0xFF, 0xFF) => at += 1,
            (0xFF, 0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF) => return Some((at, *bytes.get(at + 9)?)),
            (0xFF, _) => at += 2 + usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?])),
            _ => return None,
        }
    }
}

/// The characters of an SVG's texts; entities stay as they are written, in letters that every font has.
fn words(svg: &str) -> impl Iterator<Item = char> {
    let mut is_inside = false;
    svg.chars().filter(move |c| {
        match c {
            '<' => is_inside = true,
            '>' => is_inside = false,
            _ => return !is_inside,
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_a_photo_tells_its_colours() {
        let photo = |colours: u8| {
            let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xFF, 0xC2, 0, 17, 8, 0, 30, 0, 40, colours];
            bytes.extend([0; 9]);
            bytes
        };
        assert_eq!(four_colours(&photo(4)), Some((40, 30)));
        assert_eq!(four_colours(&photo(3)), None);
        assert!(is_cut_off(&photo(3)));
        assert!(!is_cut_off(&[photo(3), vec![0xFF, 0xD9]].concat()));
        // No head, no bytes, no photo.
        for bytes in [&b"\xFF\xD8\xFF\xE0\0"[..], b"", b"\x89PNG", b"\xFF\xD8\xFF"] {
            assert!(!is_cut_off(bytes) && four_colours(bytes).is_none());
        }
    }

    #[test]
    fn texts_of_a_drawing_are_read_without_its_marks() {
        let text: String = words("<svg a=\"서\"><text x='1'>会場<tspan>A</tspan></text></svg>").collect();
        assert_eq!(text, "会場A");
    }
}
