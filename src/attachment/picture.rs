//! What a picture of points says beside its points, and the same picture without it: bytes are left out or kept as they
//! are, so no point, turn or colour changes.

use super::avif::{self, Item};
use super::exif;
use super::has;
use super::hidden::Hidden;
use flate2::Crc;
use flate2::bufread::ZlibDecoder;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Read;
use std::ops::Range;

/// A picture, taken apart.
#[derive(Debug, Default)]
struct Parts {
    hidden: BTreeSet<Hidden>,
    kept: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    /// These bytes, as they are.
    Bytes(Range<usize>),
    /// Others in their place.
    Instead(Vec<u8>),
}

/// What a picture says beside its points; nothing for other formats than JPEG, PNG, GIF, WebP and AVIF.
pub fn hidden(bytes: &[u8]) -> BTreeSet<Hidden> {
    parts(bytes).map(|parts| parts.hidden).unwrap_or_default()
}

/// So many bytes at the start of a photo hold all that a camera notes.
pub(super) const HEAD: usize = 256 * 1024;

/// What a photo inside another file says of places and people, as far as it stands at its start; `bytes` may go on behind
/// its end.
pub(super) fn told_inside(bytes: &[u8]) -> BTreeSet<Hidden> {
    let told = hidden(&bytes[..bytes.len().min(HEAD)]);
    let is_told = |hidden: &Hidden| matches!(hidden, Hidden::Place | Hidden::Device | Hidden::Serial | Hidden::Author);
    told.into_iter().filter(is_told).collect()
}

/// The picture without what it says beside its points. `None` where nothing has to go, and for other formats.
pub(super) fn without_hidden(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    for part in parts(bytes)?.kept {
        match part {
            Part::Bytes(range) => out.extend_from_slice(&bytes[range]),
            Part::Instead(instead) => out.extend(instead),
        }
    }
    if bytes.starts_with(b"RIFF") {
        finish_webp(&mut out);
    }
    (out != bytes).then_some(out)
}

fn parts(bytes: &[u8]) -> Option<Parts> {
    let mut parts = Parts::default();
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => jpeg(bytes, &mut parts),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => png(bytes, &mut parts),
        [b'G', b'I', b'F', b'8', _, b'a', ..] => gif(bytes, &mut parts),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp(bytes, &mut parts),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => avif(bytes, &mut parts),
        _ => return None,
    }
    Some(parts)
}

impl Parts {
    fn keep(&mut self, range: Range<usize>) {
        self.kept.push(Part::Bytes(range));
    }

    /// What stands behind the end of a picture: films of telephones, other pictures, what an editor forgot to cut off.
    fn rest(&mut self, rest: &[u8]) {
        if rest.iter().any(|byte| !matches!(byte, 0 | b'\r' | b'\n' | b' ')) {
            self.hidden.insert(Hidden::Rest);
        }
    }

    fn note(&mut self, hidden: Hidden, value: &[u8]) {
        if value.iter().any(|byte| !matches!(byte, 0 | b' ' | b'\r' | b'\n' | b'\t')) {
            self.hidden.insert(hidden);
        }
    }
}

/// XMP: a page of XML on which programs note what EXIF has no place for.
fn xmp(bytes: &[u8]) -> BTreeSet<Hidden> {
    // In UTF-16 these words have a zero before or behind each letter.
    let bytes: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    let words = [
        ("GPSLatitude", Hidden::Place),
        ("GPSLongitude", Hidden::Place),
        ("photoshop:City", Hidden::Place),
        ("Iptc4xmpCore:Location", Hidden::Place),
        ("Iptc4xmpExt:Location", Hidden::Place),
        ("tiff:Make", Hidden::Device),
        ("tiff:Model", Hidden::Device),
        ("SerialNumber", Hidden::Serial),
        ("dc:creator", Hidden::Author),
        ("photoshop:AuthorsPosition", Hidden::Author),
        ("photoshop:CaptionWriter", Hidden::Author),
        ("mwg-rs:Name", Hidden::Author),
        ("MP:PersonDisplayName", Hidden::Author),
        ("dc:description", Hidden::Comments),
        ("exif:UserComment", Hidden::Comments),
        ("xmp:Thumbnails", Hidden::Thumbnail),
        ("xmpMM:History", Hidden::Edits),
        ("photoshop:TextLayers", Hidden::Edits),
        ("photoshop:DocumentAncestors", Hidden::Edits),
        ("GImage:Data", Hidden::Embedded),
        ("GDepth:Data", Hidden::Embedded),
        ("stRef:filePath", Hidden::Paths),
    ];
    words.iter().filter(|(word, _)| has(&bytes, word)).map(|(_, hidden)| *hidden).collect()
}

// ---- JPEG ---------------------------------------------------------------------------------------------------------

/// JPEG (ITU-T T.81): segments, then scans up to the end. What decides about the points and their colours is kept.
fn jpeg(bytes: &[u8], parts: &mut Parts) {
    let mut at = 2;
    parts.keep(0..2);
    loop {
        let Some([0xFF, marker]) = bytes.get(at..at + 2) else { return parts.keep(at.min(bytes.len())..bytes.len()) };
        match marker {
            // Filling.
            0xFF => at += 1,
            0xD9 => {
                parts.keep(at..at + 2);
                return parts.rest(&bytes[at + 2..]);
            }
            0x01 | 0xD0..=0xD8 => {
                parts.keep(at..at + 2);
                at += 2;
            }
            marker => {
                let length =
                    bytes.get(at + 2..at + 4).map_or(0, |pair| usize::from(u16::from_be_bytes([pair[0], pair[1]])));
                let end = at + 2 + length;
                let Some(content) = bytes.get(at + 4..end) else { return parts.keep(at..bytes.len()) };
                match marker {
                    0xDA => {
                        let end = end_of_scan(bytes, end);
                        parts.keep(at..end);
                        at = end;
                        continue;
                    }
                    0xE0..=0xEF | 0xFE => segment(*marker, content, at..end, parts),
                    _ => parts.keep(at..end),
                }
                at = end;
            }
        }
    }
}

/// Where the points of a scan end: at the first mark that is none of its own.
fn end_of_scan(bytes: &[u8], mut at: usize) -> usize {
    while let Some(pair) = bytes.get(at..at + 2) {
        match pair {
            [0xFF, 0x00 | 0xD0..=0xD7] => at += 2,
            [0xFF, 0xFF] => at += 1,
            [0xFF, _] => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// A segment that a program wrote beside the picture. Kept are those that say how large and in which colours.
fn segment(marker: u8, content: &[u8], at: Range<usize>, parts: &mut Parts) {
    match marker {
        0xE0 if content.starts_with(b"JFIF\0") && content.len() >= 14 => {
            if content.len() == 14 {
                return parts.keep(at);
            }
            let mut head = b"\xFF\xE0\0\x10".to_vec();
            head.extend(&content[..12]);
            head.extend([0, 0]);
            parts.kept.push(Part::Instead(head));
            parts.hidden.insert(Hidden::Thumbnail);
        }
        0xE0 if content.starts_with(b"JFXX\0") => drop(parts.hidden.insert(Hidden::Thumbnail)),
        0xE1 if content.starts_with(b"Exif\0") && content.len() > 6 => {
            let notes = exif::read(&content[6..]);
            if let Some(least) = notes.least() {
                let mut segment = b"\xFF\xE1".to_vec();
                segment.extend((least.len() as u16 + 8).to_be_bytes());
                segment.extend(b"Exif\0\0");
                segment.extend(least);
                parts.kept.push(Part::Instead(segment));
            }
            parts.hidden.extend(notes.hidden);
        }
        0xE1 => parts.hidden.extend(xmp(content)),
        0xE2 if content.starts_with(b"ICC_PROFILE\0") => parts.keep(at),
        0xED if content.starts_with(b"Photoshop 3.0\0") => {
            // Captions and names as newspapers write them; small pictures.
            if has(content, "8BIM\u{4}\u{4}") {
                parts.hidden.insert(Hidden::Comments);
            }
            if has(content, "8BIM\u{4}\u{C}") || has(content, "8BIM\u{4}\u{9}") {
                parts.hidden.insert(Hidden::Thumbnail);
            }
        }
        0xEE if content.starts_with(b"Adobe") => parts.keep(at),
        0xFE => {
            // Programs sign there as well, which says nothing of people.
            let signs = ["CREATOR: gd-jpeg", "LEAD Technologies", "File written by Adobe", "Lavc", "Optimized by"];
            if !signs.iter().any(|sign| content.starts_with(sign.as_bytes())) {
                parts.note(Hidden::Comments, content);
            }
        }
        _ => {}
    }
}

// ---- PNG ----------------------------------------------------------------------------------------------------------

/// Chunks of PNG (Third Edition) that say how its points look; a capital first letter is one that no reader may skip.
const PNG_KEPT: &[&[u8; 4]] = &[
    b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"bKGD", b"hIST", b"pHYs",
    b"sPLT", b"acTL", b"fcTL", b"fdAT",
];

fn png(bytes: &[u8], parts: &mut Parts) {
    parts.keep(0..8);
    let mut at = 8;
    while let Some(head) = bytes.get(at..at + 8) {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let (name, end) = (&head[4..8], at.saturating_add(12).saturating_add(length));
        let Some(content) = bytes.get(at + 8..end - 4).filter(|_| end <= bytes.len()) else { break };
        let is_kept = name[0].is_ascii_uppercase() || PNG_KEPT.iter().any(|kept| kept.as_slice() == name);
        match name {
            _ if is_kept => parts.keep(at..end),
            b"eXIf" => {
                let notes = exif::read(content);
                parts.kept.extend(notes.least().map(|least| Part::Instead(chunk(b"eXIf", &least))));
                parts.hidden.extend(notes.hidden);
            }
            b"tEXt" | b"zTXt" | b"iTXt" => png_text(name, content, parts),
            // Fireworks keeps its layers there.
            b"mkBF" | b"mkBS" | b"mkBT" | b"prVW" => drop(parts.hidden.insert(Hidden::Edits)),
            _ => {}
        }
        at = end;
        if name == b"IEND" {
            return parts.rest(&bytes[at..]);
        }
    }
    parts.keep(at..bytes.len());
}

fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut out = (content.len() as u32).to_be_bytes().to_vec();
    out.extend(name);
    out.extend(content);
    let mut crc = Crc::new();
    crc.update(&out[4..]);
    out.extend(crc.sum().to_be_bytes());
    out
}

fn png_text(name: &[u8], content: &[u8], parts: &mut Parts) {
    let end = content.iter().position(|byte| *byte == 0).unwrap_or(content.len());
    let (word, text) = (&content[..end], png_words(name, content.get(end + 1..).unwrap_or_default()));
    match word {
        b"XML:com.adobe.xmp" => parts.hidden.extend(xmp(&text)),
        b"Author" | b"Artist" => parts.note(Hidden::Author, &text),
        b"Description" | b"Comment" | b"Warning" | b"Source" => parts.note(Hidden::Comments, &text),
        b"Make" | b"Model" => parts.note(Hidden::Device, &text),
        // ImageMagick writes what a JPEG had in hexadecimal digits.
        b"Raw profile type exif" | b"Raw profile type APP1" => {
            let digits: Vec<u8> = text.split(|byte| *byte == b'\n').skip(3).flatten().copied().collect();
            let value = |pair: &[u8; 2]| {
                Some((char::from(pair[0]).to_digit(16)? * 16 + char::from(pair[1]).to_digit(16)?) as u8)
            };
            let digits: Vec<u8> = digits.into_iter().filter(u8::is_ascii_hexdigit).collect();
            let profile: Vec<u8> = digits.as_chunks::<2>().0.iter().filter_map(value).collect();
            parts.hidden.extend(exif::read(profile.strip_prefix(b"Exif\0\0").unwrap_or(&profile)).hidden);
        }
        b"Raw profile type iptc" | b"Raw profile type xmp" => parts.note(Hidden::Comments, &text),
        _ => {}
    }
}

/// The words of a text in a PNG (11.3.3), unpacked where they are packed.
fn png_words<'t>(name: &[u8], text: &'t [u8]) -> Cow<'t, [u8]> {
    match (name, text) {
        (b"zTXt", [_, packed @ ..]) => inflated(packed).into(),
        (b"iTXt", [is_packed, _, rest @ ..]) => {
            // Behind the names of a language and of the word in it.
            let words = rest.splitn(3, |byte| *byte == 0).nth(2).unwrap_or_default();
            if *is_packed == 1 { inflated(words).into() } else { words.into() }
        }
        _ => text.into(),
    }
}

/// At most 256 KB of what was packed.
fn inflated(packed: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    // What comes before damage counts.
    let _ = ZlibDecoder::new(packed).take(256 * 1024).read_to_end(&mut out);
    out
}

// ---- GIF ----------------------------------------------------------------------------------------------------------

fn gif(bytes: &[u8], parts: &mut Parts) {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut at = 13 + bytes.get(10).map_or(0, |flags| table(*flags));
    if at > bytes.len() {
        return parts.keep(0..bytes.len());
    }
    parts.keep(0..at);
    loop {
        let start = at;
        match bytes.get(at..) {
            Some([0x3B, rest @ ..]) => {
                parts.keep(at..at + 1);
                return parts.rest(rest);
            }
            Some([0x21, label, rest @ ..]) => {
                at = end_of_blocks(bytes, at + 2);
                match label {
                    0xFE => parts.note(Hidden::Comments, &bytes[(start + 3).min(at)..at]),
                    0xFF if rest.get(1..12) == Some(b"XMP DataXMP".as_slice()) => {
                        parts.hidden.extend(xmp(&bytes[start..at]))
                    }
                    0xFF if !matches!(rest.get(1..12), Some(b"NETSCAPE2.0" | b"ANIMEXTS1.0" | b"ICCRGBG1012")) => {}
                    _ => parts.keep(start..at),
                }
            }
            Some([0x2C, ..]) if bytes.len() > at + 11 => {
                at = end_of_blocks(bytes, at + 11 + table(bytes[at + 9]));
                parts.keep(start..at);
            }
            // Cut off.
            _ => return parts.keep(start.min(bytes.len())..bytes.len()),
        }
    }
}

/// Where a row of blocks ends, each of which begins with its length.
fn end_of_blocks(bytes: &[u8], mut at: usize) -> usize {
    while let Some(length) = bytes.get(at) {
        at += 1 + usize::from(*length);
        if *length == 0 {
            break;
        }
    }
    at.min(bytes.len())
}

// ---- WebP ---------------------------------------------------------------------------------------------------------

fn webp(bytes: &[u8], parts: &mut Parts) {
    let length = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]) as usize;
    let end_of_all = length.saturating_add(8).min(bytes.len());
    parts.keep(0..12);
    let mut at = 12;
    while let Some(head) = bytes.get(at..at + 8) {
        if at >= end_of_all {
            break;
        }
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        let end = at.saturating_add(8).saturating_add(length).saturating_add(length % 2).min(bytes.len());
        let content = &bytes[at + 8..end];
        match &head[..4] {
            b"VP8 " | b"VP8L" | b"VP8X" | b"ALPH" | b"ANIM" | b"ANMF" | b"ICCP" => parts.keep(at..end),
            b"EXIF" => {
                let notes = exif::read(content.strip_prefix(b"Exif\0\0").unwrap_or(content));
                if let Some(least) = notes.least() {
                    let mut chunk = b"EXIF".to_vec();
                    chunk.extend((least.len() as u32).to_le_bytes());
                    // Two entries at least, so an even number of bytes.
                    chunk.extend(least);
                    parts.kept.push(Part::Instead(chunk));
                }
                parts.hidden.extend(notes.hidden);
            }
            b"XMP " => parts.hidden.extend(xmp(content)),
            _ => {}
        }
        at = end;
    }
    parts.rest(&bytes[at.min(bytes.len())..]);
}

/// Says at the head of a WebP what is in it now: its length, and whether there are notes.
fn finish_webp(bytes: &mut [u8]) {
    let length = (bytes.len() as u32).saturating_sub(8);
    bytes[4..8].copy_from_slice(&length.to_le_bytes());
    let mut at = 12;
    let mut has_notes = false;
    while let Some(head) = bytes.get(at..at + 8) {
        has_notes |= &head[..4] == b"EXIF";
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        at = at.saturating_add(8).saturating_add(length).saturating_add(length % 2);
    }
    if bytes.get(12..16) == Some(b"VP8X".as_slice())
        && let Some(flags) = bytes.get_mut(20)
    {
        *flags = *flags & !0x0C | if has_notes { 0x08 } else { 0 };
    }
}

// ---- AVIF ---------------------------------------------------------------------------------------------------------

/// Boxes say where others begin, so nothing may become shorter: notes are written over. Which way up, boxes say as well.
fn avif(bytes: &[u8], parts: &mut Parts) {
    let items = avif::items(bytes);
    // Where the picture shares bytes with notes, somebody plays a trick; the picture stays.
    let is_apart = items.windows(2).all(|pair| pair[0].1.end <= pair[1].1.start);
    let mut at = 0;
    for (item, range) in items {
        let content = &bytes[range.clone()];
        let instead = match item {
            Item::Other => continue,
            Item::Exif => {
                let offset = content.first_chunk().map_or(0, |four| u32::from_be_bytes(*four) as usize);
                let notes = exif::read(content.get(offset.saturating_add(4)..).unwrap_or_default());
                parts.hidden.extend(notes.hidden);
                // A list of no entries.
                b"\0\0\0\0MM\0\x2A\0\0\0\x08\0\0\0\0\0\0"
                    .iter()
                    .copied()
                    .chain(std::iter::repeat(0))
                    .take(range.len())
                    .collect()
            }
            Item::Xmp => {
                parts.hidden.extend(xmp(content));
                vec![b' '; range.len()]
            }
        };
        if is_apart {
            parts.keep(at..range.start);
            parts.kept.push(Part::Instead(instead));
            at = range.end;
        }
    }
    parts.keep(at..bytes.len());
}

#[cfg(test)]
#[path = "tests/picture.rs"]
mod tests;
