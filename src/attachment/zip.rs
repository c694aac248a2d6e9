//! Archives, as far as Office files need it: the list of their parts, and one part at a time, never more than asked for.

use flate2::bufread::DeflateDecoder;
use std::io::Read;

/// The list of parts is looked for in so many bytes at the end: a comment may follow it.
const TAIL: usize = 22 + 65_535;

/// More parts than this no document of an office has.
const MOST_PARTS: usize = 10_000;

/// An archive whose list of parts could be read.
pub struct Archive<'b> {
    bytes: &'b [u8],
    parts: Vec<Part<'b>>,
}

struct Part<'b> {
    name: &'b str,
    is_deflated: bool,
    /// Bytes in the archive.
    size: usize,
    at: usize,
}

impl<'b> Archive<'b> {
    /// Reads the list of parts; `None` where there is none, or one that no office program writes.
    pub fn read(bytes: &'b [u8]) -> Option<Self> {
        if !bytes.starts_with(b"PK") {
            return None;
        }
        let tail = bytes.len().saturating_sub(TAIL);
        let end = tail + bytes[tail..].windows(4).rposition(|window| window == b"PK\x05\x06")?;
        let count = u16_at(bytes, end + 10)?;
        let mut at = u32_at(bytes, end + 16)?;
        if count > MOST_PARTS {
            return None;
        }
        let mut parts = Vec::with_capacity(count);
        for _ in 0..count {
            if bytes.get(at..at + 4)? != b"PK\x01\x02" {
                return None;
            }
            let [name, extra, comment] = [28, 30, 32].map(|offset| u16_at(bytes, at + offset));
            let (name, extra, comment) = (name?, extra?, comment?);
            let text = bytes.get(at + 46..at + 46 + name)?;
            // Names that are not UTF-8 are in no office file; such a part is nobody's.
            let name_text = std::str::from_utf8(text).unwrap_or("");
            let is_deflated = u16_at(bytes, at + 10)? == 8;
            parts.push(Part {
                name: name_text,
                is_deflated,
                size: u32_at(bytes, at + 20)?,
                at: u32_at(bytes, at + 42)?,
            });
            at += 46 + name + extra + comment;
        }
        Some(Self { bytes, parts })
    }

    /// The names of its parts.
    pub fn names(&self) -> impl Iterator<Item = &'b str> {
        self.parts.iter().map(|part| part.name)
    }

    /// Whether there is a part of this name.
    pub fn has(&self, name: &str) -> bool {
        self.parts.iter().any(|part| part.name == name)
    }

    /// At most the first `most` bytes of a part; `None` where there is none or it is damaged from the start.
    pub fn inflated(&self, name: &str, most: usize) -> Option<Vec<u8>> {
        let part = self.parts.iter().find(|part| part.name == name)?;
        if self.bytes.get(part.at..part.at + 4)? != b"PK\x03\x04" {
            return None;
        }
        let start = part.at + 30 + u16_at(self.bytes, part.at + 26)? + u16_at(self.bytes, part.at + 28)?;
        let packed = self.bytes.get(start..start.checked_add(part.size)?)?;
        if part.is_deflated { inflate(packed, most) } else { Some(packed[..packed.len().min(most)].to_vec()) }
    }
}

/// At most the first `most` bytes of what was deflated; what comes before damage counts.
fn inflate(packed: &[u8], most: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let read = DeflateDecoder::new(packed).take(most as u64).read_to_end(&mut out);
    (read.is_ok() || !out.is_empty()).then_some(out)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes(bytes.get(at..)?.first_chunk().copied()?)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(u32::from_le_bytes(bytes.get(at..)?.first_chunk().copied()?) as usize)
}
