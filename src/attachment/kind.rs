//! Which kinds of files a record has beside its documents, by ending; and whether the bytes are of that kind.

use super::zip::Archive;
use std::fmt;

/// A kind of file that a record has, told by its ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `.pdf`
    Pdf,
    /// Word, Excel and PowerPoint since 2007: an archive with a part of this name.
    Office(&'static str),
    /// OpenDocument: an archive that says this type first.
    OpenDocument(&'static str),
    /// Word, Excel and PowerPoint before 2007, and Ichitaro.
    Compound,
    /// Texts and tables that are shown as they are.
    Text,
    /// `.json`
    Json,
    /// Captions of films.
    Captions,
    /// A picture of lines, which is a document and can be a program.
    Svg,
    /// `.png`
    Png,
    /// `.jpg`
    Jpeg,
    /// `.gif`
    Gif,
    /// `.webp`
    Webp,
    /// `.avif`
    Avif,
    /// The sign of a site in the bar of a browser.
    Icon,
    /// `.mp3`
    Mp3,
    /// `.mp4`, `.m4a`
    Mp4,
    /// `.ogg`
    Ogg,
    /// `.wav`
    Wave,
    /// `.webm`
    Webm,
    /// `.zip`
    Zip,
}

/// Every ending that is known, in the order in which people are told.
pub const KNOWN: &[(&str, Kind)] = &[
    ("pdf", Kind::Pdf),
    ("docx", Kind::Office("word/")),
    ("xlsx", Kind::Office("xl/")),
    ("pptx", Kind::Office("ppt/")),
    ("odt", Kind::OpenDocument("application/vnd.oasis.opendocument.text")),
    ("ods", Kind::OpenDocument("application/vnd.oasis.opendocument.spreadsheet")),
    ("odp", Kind::OpenDocument("application/vnd.oasis.opendocument.presentation")),
    ("doc", Kind::Compound),
    ("xls", Kind::Compound),
    ("ppt", Kind::Compound),
    ("jtd", Kind::Compound),
    ("txt", Kind::Text),
    ("csv", Kind::Text),
    ("tsv", Kind::Text),
    ("json", Kind::Json),
    ("png", Kind::Png),
    ("jpg", Kind::Jpeg),
    ("jpeg", Kind::Jpeg),
    ("gif", Kind::Gif),
    ("webp", Kind::Webp),
    ("avif", Kind::Avif),
    ("svg", Kind::Svg),
    ("ico", Kind::Icon),
    ("mp3", Kind::Mp3),
    ("m4a", Kind::Mp4),
    ("ogg", Kind::Ogg),
    ("wav", Kind::Wave),
    ("mp4", Kind::Mp4),
    ("webm", Kind::Webm),
    ("vtt", Kind::Captions),
    ("zip", Kind::Zip),
];

/// The ending of a name in small letters, without its dot; nothing where there is none.
pub fn ending(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or(name);
    name.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_lowercase())
}

impl Kind {
    /// What a file of this name should be; `None` for kinds that a record does not have.
    pub fn of(name: &str) -> Option<Self> {
        let ending = ending(name);
        KNOWN.iter().find(|(known, _)| *known == ending).map(|(_, kind)| *kind)
    }

    /// Whether every browser shows it where a page shows a picture.
    pub fn is_picture(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg | Self::Gif | Self::Webp | Self::Avif | Self::Svg)
    }

    /// Whether the first bytes tell all that is looked for: sound and films are large, and only played.
    pub fn is_told_by_its_start(self) -> bool {
        matches!(self, Self::Mp3 | Self::Mp4 | Self::Ogg | Self::Wave | Self::Webm | Self::Zip | Self::Icon)
    }

    /// Whether the bytes are of this kind.
    pub fn is(self, bytes: &[u8]) -> bool {
        match self {
            Self::Pdf => is_pdf(bytes),
            Self::Office(part) => Archive::read(bytes).is_some_and(|archive| {
                archive.has("[Content_Types].xml") && archive.names().any(|name| name.starts_with(part))
            }),
            Self::OpenDocument(kind) => Archive::read(bytes)
                .is_some_and(|archive| archive.inflated("mimetype", 100).bytes().trim_ascii() == kind.as_bytes()),
            Self::Compound => bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
            Self::Text => is_text(bytes) && !is_markup(bytes) && !bytes.starts_with(b"%PDF-"),
            Self::Json => is_text(bytes) && matches!(without_mark(bytes).trim_ascii_start().first(), Some(b'{' | b'[')),
            Self::Captions => is_text(bytes) && without_mark(bytes).starts_with(b"WEBVTT"),
            // Whether it is a picture, and nothing else, is read by `svg`.
            Self::Svg => is_text(bytes) && is_markup(bytes),
            Self::Png => bytes.starts_with(b"\x89PNG\r\n\x1A\n"),
            Self::Jpeg => bytes.starts_with(b"\xFF\xD8\xFF"),
            Self::Gif => bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a"),
            Self::Webp => is_riff(bytes, b"WEBP"),
            Self::Avif => brands(bytes).any(|brand| matches!(brand, b"avif" | b"avis")),
            Self::Icon => bytes.starts_with(b"\0\0\x01\0"),
            Self::Mp3 => {
                let is_frame = matches!(bytes, [0xFF, second, ..] if second & 0xE0 == 0xE0 && second & 0x06 == 0x02);
                bytes.starts_with(b"ID3") || is_frame
            }
            Self::Mp4 => brands(bytes).next().is_some(),
            Self::Ogg => bytes.starts_with(b"OggS"),
            Self::Wave => is_riff(bytes, b"WAVE"),
            Self::Webm => bytes.starts_with(b"\x1A\x45\xDF\xA3"),
            Self::Zip => bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06"),
        }
    }
}

/// What bytes are, as far as it helps to say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing at all.
    Empty,
    /// A web page or another text with tags.
    Markup,
    /// Text of any other kind.
    Text,
    /// Of the kind of this ending.
    Known(&'static str),
    /// A program for Windows.
    Program,
    /// Anything else.
    Other,
}

impl Content {
    /// What the bytes are.
    pub fn of(bytes: &[u8]) -> Self {
        if bytes.is_empty() {
            return Self::Empty;
        }
        if is_text(bytes) && !is_pdf(bytes) {
            return if is_markup(bytes) { Self::Markup } else { Self::Text };
        }
        if bytes.starts_with(b"MZ") {
            return Self::Program;
        }
        // A picture that says so is one; of archives the most exact kind is told.
        let known = KNOWN.iter().find(|(_, kind)| *kind != Kind::Mp3 && kind.is(bytes));
        known.map_or(Self::Other, |(ending, _)| Self::Known(ending))
    }
}

impl fmt::Display for Content {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(ending) => out.write_str(&ending.to_uppercase()),
            other => write!(out, "{other:?}"),
        }
    }
}

/// Some programs write a line of their own before a PDF; readers look for its head in the first kilobyte. A web page
/// before it would be one as well.
fn is_pdf(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1024)];
    let at = head.windows(5).position(|window| window == b"%PDF-");
    at.is_some_and(|at| !head[..at].contains(&b'<'))
}

fn is_riff(bytes: &[u8], of: &[u8; 4]) -> bool {
    bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(of.as_slice())
}

/// The brands that a file of boxes (ISO 14496-12) says it follows.
fn brands(bytes: &[u8]) -> impl Iterator<Item = &[u8; 4]> {
    let length = bytes.first_chunk::<4>().map_or(0, |length| u32::from_be_bytes(*length) as usize);
    let is_it = bytes.get(4..8) == Some(b"ftyp".as_slice()) && (16..=1024).contains(&length);
    let list = if is_it { bytes.get(8..length.min(bytes.len())).unwrap_or_default() } else { &[] };
    // Behind the first one stands a number.
    list.as_chunks::<4>().0.iter().enumerate().filter(|(index, _)| *index != 1).map(|(_, brand)| brand)
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// Whether bytes are text in any encoding that offices use: no control characters but those of lines and of the
/// changes between letters (ISO-2022-JP).
fn is_text(bytes: &[u8]) -> bool {
    let is_wide = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
    let is_fine = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | 0x0B | 0x0C | 0x1A | 0x1B | 0x20..);
    is_wide || bytes.iter().all(is_fine)
}

/// Whether a browser that guesses (WHATWG MIME Sniffing, 7.1) could take it for a page: the first sign is `<`, and a tag
/// follows.
fn is_markup(bytes: &[u8]) -> bool {
    // In two bytes a sign, every other one is zero.
    let mut signs = bytes.iter().copied().filter(|byte| !matches!(byte, 0 | 0xEF | 0xBB | 0xBF | 0xFE | 0xFF));
    let first = signs.find(|byte| !byte.is_ascii_whitespace());
    first == Some(b'<')
        && signs.next().is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'!' | b'?' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{office, open_document};
    use super::*;

    /// The smallest file of every kind.
    fn samples() -> Vec<(&'static str, Vec<u8>)> {
        let compound = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0".to_vec();
        vec![
            ("pdf", b"%PDF-1.7\n%\xE2\xE3\n".to_vec()),
            ("docx", office("word/document.xml", &[])),
            ("xlsx", office("xl/workbook.xml", &[])),
            ("pptx", office("ppt/presentation.xml", &[])),
            ("odt", open_document("text", &[])),
            ("ods", open_document("spreadsheet", &[])),
            ("odp", open_document("presentation", &[])),
            ("doc", compound.clone()),
            ("csv", "\u{feff}年度,件数\n2026,3\n".as_bytes().to_vec()),
            ("txt", b"\x8C\x8F\x90\x94\r\n".to_vec()),
            ("tsv", b"\xFF\xFEa\0\t\0".to_vec()),
            ("json", b" {\"a\": 1}".to_vec()),
            ("png", b"\x89PNG\r\n\x1A\n\0\0\0\0".to_vec()),
            ("jpg", b"\xFF\xD8\xFF\xE0\0\x10".to_vec()),
            ("gif", b"GIF89a\x01\0".to_vec()),
            ("webp", b"RIFF\x04\0\0\0WEBPVP8 ".to_vec()),
            ("avif", b"\0\0\0\x18ftypavif\0\0\0\0mif1miaf".to_vec()),
            ("svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec()),
            ("ico", b"\0\0\x01\0\x01\0".to_vec()),
            ("mp3", b"ID3\x04\0\0".to_vec()),
            ("m4a", b"\0\0\0\x18ftypM4A \0\0\0\0isommp42".to_vec()),
            ("ogg", b"OggS\0\x02".to_vec()),
            ("wav", b"RIFF\x04\0\0\0WAVEfmt ".to_vec()),
            ("webm", b"\x1A\x45\xDF\xA3\x01\0\0".to_vec()),
            ("vtt", b"WEBVTT\n\n".to_vec()),
            ("zip", b"PK\x05\x06".iter().copied().chain([0; 18]).collect()),
        ]
    }

    /// Kinds that are one to a reader of bytes: any text is a text, and any archive is an archive.
    fn may_be(sample: &str, ending: &str) -> bool {
        let texts = ["csv", "txt", "tsv", "json", "vtt"];
        let is_archive = |name: &str| ["docx", "xlsx", "pptx", "odt", "ods", "odp", "zip"].contains(&name);
        let is_compound = |name: &str| ["doc", "xls", "ppt", "jtd"].contains(&name);
        sample == ending
            || (texts.contains(&sample) && ["csv", "txt", "tsv"].contains(&ending))
            || (is_archive(sample) && ending == "zip")
            || (is_compound(sample) && is_compound(ending))
            || (["jpg", "jpeg"].contains(&ending) && sample == "jpg")
            // A film with sound only has another ending; a picture of boxes is told apart by its brand.
            || (["m4a", "mp4"].contains(&ending) && ["m4a", "avif"].contains(&sample))
    }

    #[test]
    fn every_kind_is_itself_and_no_other() {
        let samples = samples();
        for (sample, bytes) in &samples {
            for (ending, kind) in KNOWN {
                assert_eq!(kind.is(bytes), may_be(sample, ending), "{sample} as .{ending}");
            }
        }
        for (ending, _) in KNOWN {
            let is_there = samples.iter().any(|(sample, _)| may_be(sample, ending));
            assert!(is_there, "no sample of .{ending}");
        }
    }

    #[test]
    fn what_a_browser_could_run_is_of_no_kind() {
        let pages = [
            "<script>alert(1)</script>",
            "\u{feff}  <!DOCTYPE html><p>",
            "\n<html xmlns=\"http://www.w3.org/1999/xhtml\"/>",
            "<?xml version=\"1.0\"?><x/>",
            "<?php system($_GET[0]); ?>",
            "<!--#exec cmd=\"id\" -->",
            "</p><img src=x onerror=alert(1)>",
        ];
        let mut all: Vec<Vec<u8>> = pages.iter().map(|page| page.as_bytes().to_vec()).collect();
        all.push(
            [b"\xFF\xFE".as_slice(), &"<script>".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()]
                .concat(),
        );
        all.push(b"<script>%PDF-1.7".to_vec());
        all.push(b"MZ\x90\0\x03\0".to_vec());
        all.push(b"#!/bin/sh\n\x7FELF\x02".to_vec());
        all.push(Vec::new());
        for bytes in all {
            for (ending, kind) in KNOWN {
                let is_text = !bytes.starts_with(b"<") && matches!(kind, Kind::Text);
                if *kind != Kind::Svg && !is_text {
                    assert!(!kind.is(&bytes), ".{ending}: {}", String::from_utf8_lossy(&bytes));
                }
            }
        }
        assert_eq!(Content::of(b"<script>%PDF-1.7"), Content::Markup);
        assert_eq!(Content::of(b"\x89PNG\r\n\x1A\n\0"), Content::Known("png"));
        assert_eq!(Content::of(b"MZ\x90\0"), Content::Program);
    }

    #[test]
    fn endings_are_read_as_servers_read_them() {
        assert_eq!(Kind::of("2026/planning/計画.PDF"), Some(Kind::Pdf));
        for name in ["sw.js", "a.pdf.html", "a.xhtml", "a.docm", "a.xlsm", "CNAME", "a.pdf.", ".pdf/x", "a", "a.md"] {
            assert_eq!(Kind::of(name), None, "{name}");
        }
    }
}
