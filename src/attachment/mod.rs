//! Files beside the documents, looked into: is each of a kind that a record has, also by its bytes; can it do anything
//! but be read; does it say more than is meant.
//!
//! Bytes to values. Every reader here is bounded and total: of damaged files, what can be seen is told. Does not know
//! which files are published, nor how anything is worded.

pub mod host;
pub mod kind;
pub mod svg;
mod xml;
mod zip;

pub use kind::{Content, Kind};

/// What was seen in one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// What its bytes are, where they are not what its ending says.
    pub other: Option<Content>,
    /// What is active in a picture of lines.
    pub faults: Vec<svg::Fault>,
}

/// So many bytes at the start are enough for kinds that are told by them ([`Kind::is_told_by_its_start`]).
pub const START: usize = 4096;

/// Looks into a file of this kind.
pub fn look(kind: Kind, bytes: &[u8]) -> Facts {
    if !kind.is(bytes) {
        return Facts { other: Some(Content::of(bytes)), ..Facts::default() };
    }
    let mut facts = Facts::default();
    if kind == Kind::Svg {
        facts.faults = svg::read(bytes).faults;
    }
    facts
}

#[cfg(test)]
pub(crate) mod tests {
    use flate2::Compression;
    use flate2::write::DeflateEncoder;
    use std::io::Write;

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
