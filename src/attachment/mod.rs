//! Files beside the documents, looked into: is each of a kind that a record has, also by its bytes; can it do anything
//! but be read; does it say more than is meant.
//!
//! Bytes to values. Every reader here is bounded and total: of damaged files, what can be seen is told. Does not know
//! which files are published, nor how anything is worded.

mod avif;
mod exif;
pub mod hidden;
pub mod host;
pub mod kind;
mod office;
mod pdf;
pub mod picture;
pub mod svg;
mod xml;
mod zip;

use aho_corasick::AhoCorasick;
use hidden::Hidden;
pub use kind::{Content, Kind};
use std::collections::BTreeSet;

/// Something that a document does, or could do, when it is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It runs a script.
    Script,
    /// It starts a program, or takes in a file.
    Launch,
    /// It plays what once needed Flash.
    Media,
    /// It has macros or controls of Windows.
    Macro,
    /// It fetches its template from elsewhere, which may have macros.
    Template,
    /// It asks another program for data.
    Link,
    /// It is packed so that nobody can tell.
    Concealed,
}

/// What a document does, and what it says beside its pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// What it does.
    pub actions: BTreeSet<Action>,
    /// What it says.
    pub hidden: BTreeSet<Hidden>,
}

/// What was seen in one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// What its bytes are, where they are not what its ending says.
    pub other: Option<Content>,
    /// What is active in a picture of lines.
    pub faults: Vec<svg::Fault>,
    /// What it does and says.
    pub seen: Seen,
    /// Whether what it says can be left out without touching what it shows.
    pub is_mendable: bool,
    /// Of all bytes that were looked at.
    pub hash: u64,
}

/// So many bytes at the start are enough for kinds that are told by them ([`Kind::is_told_by_its_start`]).
pub const START: usize = 4096;

/// Larger files are not read as a whole (bytes): some are read at the same time.
pub const LARGEST: u64 = 256 * 1024 * 1024;

/// Looks into a file of this kind.
pub fn look(kind: Kind, bytes: &[u8]) -> Facts {
    let mut facts = Facts { hash: xxhash_rust::xxh3::xxh3_64(bytes), ..Facts::default() };
    if !kind.is(bytes) {
        facts.other = Some(Content::of(bytes));
        return facts;
    }
    match kind {
        Kind::Svg => {
            let reading = svg::read(bytes);
            facts.faults = reading.faults;
            facts.seen.hidden.extend(reading.hidden);
            facts.seen.hidden.extend(reading.has_author.then_some(Hidden::Author));
            facts.seen.hidden.extend(reading.has_paths.then_some(Hidden::Paths));
        }
        Kind::Pdf => facts.seen = pdf::read(bytes),
        Kind::Office(_) => facts.seen = office::package(bytes),
        Kind::OpenDocument(_) => facts.seen = office::open_document(bytes),
        Kind::Compound => facts.seen = office::compound(bytes),
        Kind::Png | Kind::Jpeg | Kind::Gif | Kind::Webp | Kind::Avif => {
            facts.seen.hidden = picture::hidden(bytes);
            facts.is_mendable = !facts.seen.hidden.is_empty();
        }
        _ => {}
    }
    facts
}

/// Looks at the start of a file that is too large to be read as a whole.
pub fn look_at_start(kind: Kind, start: &[u8]) -> Facts {
    // An archive is told by its end; what begins like one is taken for it.
    let kind = if matches!(kind, Kind::Office(_) | Kind::OpenDocument(_)) { Kind::Zip } else { kind };
    let mut facts = Facts { other: (!kind.is(start)).then(|| Content::of(start)), ..Facts::default() };
    facts.seen.hidden.insert(Hidden::Unseen);
    facts
}

/// A picture without what it says beside what it shows; of an SVG, the photos in it. `None` where nothing has to go, and for
/// what is no picture.
pub fn without_hidden(bytes: &[u8]) -> Option<Vec<u8>> {
    with_photos(bytes, picture::without_hidden)
}

/// A picture changed; of an SVG, the photos in it. `None` where nothing changes.
pub fn with_photos(bytes: &[u8], change: impl Fn(&[u8]) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    if Kind::Svg.is(bytes) { svg::with_photos(bytes, change) } else { change(bytes) }
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    // One short word: what could be refused is too many or too long ones.
    let words = AhoCorasick::new([word]).ok()?;
    words.find(bytes).map(|found| found.start())
}

fn position(bytes: &[u8], word: &str) -> Option<usize> {
    find(bytes, word.as_bytes())
}

fn has(bytes: &[u8], word: &str) -> bool {
    position(bytes, word).is_some()
}

#[cfg(test)]
pub(crate) mod tests {
    use flate2::Compression;
    use flate2::write::DeflateEncoder;
    use std::io::Write;

    /// Bytes as streams of PDF pack them.
    pub fn deflated(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// The notes of a photo: entries of the main list, of the camera's, and of the list of places. Values are as they lie
    /// in the file; those of one byte order only, in that order.
    pub fn exif(is_big: bool, main: &[(u16, &[u8])], camera: &[(u16, &[u8])], place: &[(u16, &[u8])]) -> Vec<u8> {
        let two = |value: u16| if is_big { value.to_be_bytes() } else { value.to_le_bytes() };
        let four = |value: u32| if is_big { value.to_be_bytes() } else { value.to_le_bytes() };
        let mut out = if is_big { b"MM\0\x2A\0\0\0\x08".to_vec() } else { b"II\x2A\0\x08\0\0\0".to_vec() };
        let main_count = main.len() + 2;
        let length = |count: usize| 2 + count * 12 + 4;
        let camera_at = 8 + length(main_count);
        let place_at = camera_at + length(camera.len());
        let mut values_at = place_at + length(place.len());
        let mut values = Vec::new();
        let pointers = [(0x8769, camera_at), (0x8825, place_at)];
        let mut list = |entries: &[(u16, &[u8])], pointers: &[(u16, usize)]| {
            out.extend(two((entries.len() + pointers.len()) as u16));
            for (tag, value) in entries {
                // Short numbers, fractions, or bytes.
                let (kind, count) = match (tag, value.len()) {
                    (0x0112 | 0x0128, _) => (3, 1),
                    (0x011A | 0x011B, _) => (5, 1),
                    (_, length) => (7, length),
                };
                out.extend(two(*tag));
                out.extend(two(kind));
                out.extend(four(count as u32));
                if value.len() <= 4 {
                    out.extend(value.iter().copied().chain([0; 4]).take(4));
                } else {
                    out.extend(four(values_at as u32));
                    values_at += value.len();
                    values.extend_from_slice(value);
                }
            }
            for (tag, at) in pointers {
                out.extend(two(*tag));
                out.extend(two(4));
                out.extend(four(1));
                out.extend(four(*at as u32));
            }
            out.extend([0; 4]);
        };
        list(main, &pointers);
        list(camera, &[]);
        list(place, &[]);
        out.extend(values);
        out
    }

    /// An archive of these parts; the first is stored, the others deflated.
    pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let (mut out, mut list) = (Vec::new(), Vec::new());
        for (index, (name, bytes)) in parts.iter().enumerate() {
            let packed = match index {
                0 => bytes.to_vec(),
                _ => {
                    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
                    encoder.write_all(bytes).unwrap();
                    encoder.finish().unwrap()
                }
            };
            let mut facts = Vec::new();
            facts.extend([20, 0, 0, 0, if index == 0 { 0 } else { 8 }, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            facts.extend((packed.len() as u32).to_le_bytes());
            facts.extend((bytes.len() as u32).to_le_bytes());
            facts.extend((name.len() as u16).to_le_bytes());
            facts.extend([0, 0]);
            list.extend(b"PK\x01\x02\x14\0");
            list.extend(&facts);
            list.extend([0; 10]);
            list.extend((out.len() as u32).to_le_bytes());
            list.extend(name.as_bytes());
            out.extend(b"PK\x03\x04");
            out.extend(&facts);
            out.extend(name.as_bytes());
            out.extend(packed);
        }
        let at = out.len() as u32;
        out.extend(&list);
        out.extend(b"PK\x05\x06\0\0\0\0");
        out.extend((parts.len() as u16).to_le_bytes());
        out.extend((parts.len() as u16).to_le_bytes());
        out.extend((list.len() as u32).to_le_bytes());
        out.extend(at.to_le_bytes());
        out.extend([0, 0]);
        out
    }

    /// An Office file with this main part and more.
    pub fn office(main: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
        archive(&[&[("[Content_Types].xml", b"<Types/>".as_slice()), (main, b"<x/>")], more].concat())
    }

    /// An OpenDocument file of this type with more parts.
    pub fn open_document(of: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
        let kind = format!("application/vnd.oasis.opendocument.{of}");
        archive(&[&[("mimetype", kind.as_bytes())], more].concat())
    }
}
