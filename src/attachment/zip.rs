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
    parts: Vec<Listed<'b>>,
}

/// As much of a part as was asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    /// There is none of this name.
    None,
    /// All of it.
    Whole(Vec<u8>),
    /// Its beginning: there is more.
    Cut(Vec<u8>),
    /// What stands before the damage.
    Damaged(Vec<u8>),
}

impl Part {
    /// What there is of it.
    pub fn bytes(self) -> Vec<u8> {
        match self {
            Self::None => Vec::new(),
            Self::Whole(bytes) | Self::Cut(bytes) | Self::Damaged(bytes) => bytes,
        }
    }
}

struct Listed<'b> {
    name: &'b str,
    /// How it is packed: 0 not at all, 8 deflated.
    packing: usize,
    is_locked: bool,
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
            parts.push(Listed {
                name: name_text,
                packing: u16_at(bytes, at + 10)?,
                is_locked: u16_at(bytes, at + 8)? & 1 != 0,
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

    /// Whether programs may read it in another way: a part of no name or of two, one that is locked or packed as no
    /// office program packs, or whose own head says another name than the list.
    pub fn is_odd(&self) -> bool {
        let mut names: Vec<String> = self.parts.iter().map(|part| part.name.to_ascii_lowercase()).collect();
        names.sort_unstable();
        let is_twice = names.windows(2).any(|pair| pair[0] == pair[1]);
        let is_odd = |part: &Listed<'_>| {
            let head = self.bytes.get(part.at + 30..).and_then(|rest| rest.get(..part.name.len()));
            part.name.is_empty()
                || part.is_locked
                || !matches!(part.packing, 0 | 8)
                || head != Some(part.name.as_bytes())
        };
        is_twice || self.parts.iter().any(is_odd)
    }

    /// At most the first `most` bytes of a part.
    pub fn inflated(&self, name: &str, most: usize) -> Part {
        let Some(part) = self.parts.iter().find(|part| part.name == name) else { return Part::None };
        let packed = (|| {
            if self.bytes.get(part.at..part.at + 4)? != b"PK\x03\x04" {
                return None;
            }
            let start = part.at + 30 + u16_at(self.bytes, part.at + 26)? + u16_at(self.bytes, part.at + 28)?;
            self.bytes.get(start..start.checked_add(part.size)?)
        })();
        match (packed, part.packing) {
            (Some(packed), 0) if packed.len() > most => Part::Cut(packed[..most].to_vec()),
            (Some(packed), 0) => Part::Whole(packed.to_vec()),
            (Some(packed), 8) => inflate(packed, most),
            _ => Part::Damaged(Vec::new()),
        }
    }
}

/// At most the first `most` bytes of what was deflated; what comes before damage counts.
fn inflate(packed: &[u8], most: usize) -> Part {
    let mut out = Vec::new();
    let read = DeflateDecoder::new(packed).take(most as u64 + 1).read_to_end(&mut out);
    let is_more = out.len() > most;
    out.truncate(most);
    match read {
        _ if is_more => Part::Cut(out),
        Ok(_) => Part::Whole(out),
        Err(_) => Part::Damaged(out),
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes(bytes.get(at..)?.first_chunk().copied()?)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(u32::from_le_bytes(bytes.get(at..)?.first_chunk().copied()?) as usize)
}
