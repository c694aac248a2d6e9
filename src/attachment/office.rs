//! What documents of offices do when they are opened, and what they say beside their pages.

use super::hidden::Hidden;
use super::zip::Archive;
use super::{Action, Seen, has, picture};

/// One part is read up to so many bytes, and all of them together.
const MOST_OF_A_PART: usize = 16 * 1024 * 1024;
const MOST_OF_ALL: usize = 64 * 1024 * 1024;

struct Parts<'b> {
    archive: Archive<'b>,
    budget: usize,
    seen: Seen,
}

impl Parts<'_> {
    /// A part, as far as the budget goes.
    fn part(&mut self, name: &str) -> Vec<u8> {
        let most = self.budget.min(MOST_OF_A_PART);
        let part = self.archive.inflated(name, most).unwrap_or_default();
        self.budget -= part.len();
        if part.len() == most {
            self.hide(Hidden::Unseen, true);
        }
        part
    }

    /// A photo in the document, which is kept there as it is.
    fn photo(&mut self, name: &str) {
        let most = self.budget.min(picture::HEAD);
        let start = self.archive.inflated(name, most).unwrap_or_default();
        self.budget -= start.len();
        self.seen.hidden.extend(picture::told_inside(&start));
    }

    fn hide(&mut self, hidden: Hidden, is_there: bool) {
        if is_there {
            self.seen.hidden.insert(hidden);
        }
    }

    fn act(&mut self, action: Action, is_there: bool) {
        if is_there {
            self.seen.actions.insert(action);
        }
    }
}

/// Whether an element of this name has text in it.
fn says(xml: &[u8], element: &str) -> bool {
    let open = format!("<{element}");
    let mut rest = xml;
    while let Some(at) = super::position(rest, &open) {
        rest = &rest[at + open.len()..];
        let Some(end) = rest.iter().position(|byte| *byte == b'>') else { return false };
        let is_it = rest[0] == b'>' || rest[0].is_ascii_whitespace();
        let (inside, is_closed) = (&rest[end + 1..], end > 0 && rest[end - 1] == b'/');
        rest = inside;
        if is_it && !is_closed && inside.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'<') {
            return true;
        }
    }
    false
}

/// Word, Excel and PowerPoint since 2007 (ISO/IEC 29500).
pub fn package(bytes: &[u8]) -> Seen {
    let Some(archive) = Archive::read(bytes) else { return Seen::default() };
    let names: Vec<&str> = archive.names().collect();
    let mut parts = Parts { archive, budget: MOST_OF_ALL, seen: Seen::default() };
    for name in names {
        let lower = name.to_ascii_lowercase();
        let is_in = |folder: &str| lower.contains(folder);
        let is_macro = lower.ends_with("vbaproject.bin") || is_in("/activex/") || is_in("/macrosheets/");
        parts.act(Action::Macro, is_macro);
        parts.hide(Hidden::Embedded, is_in("/embeddings/"));
        parts.hide(Hidden::Paths, is_in("/externallinks/externallink"));
        parts.hide(Hidden::Comments, is_in("/threadedcomments/") || is_in("/notesslides/notesslide"));
        if is_in("/media/") {
            parts.photo(name);
        }
        if lower.ends_with(".rels") {
            let part = parts.part(name);
            let is_outside = has(&part, "Target=\"http") || has(&part, "Target=\"\\\\");
            parts.act(Action::Template, has(&part, "/attachedTemplate\"") && is_outside);
            parts.hide(Hidden::Paths, has(&part, "Target=\"file:") || has(&part, "Target=\"\\\\"));
            continue;
        }
        if !lower.ends_with(".xml") {
            continue;
        }
        if lower == "[content_types].xml" {
            let part = parts.part(name);
            parts.act(Action::Macro, has(&part, "macroEnabled"));
        } else if lower == "docprops/core.xml" {
            let part = parts.part(name);
            parts.hide(Hidden::Author, says(&part, "dc:creator") || says(&part, "cp:lastModifiedBy"));
            parts.hide(Hidden::Comments, says(&part, "dc:description"));
        } else if lower == "docprops/app.xml" {
            let part = parts.part(name);
            parts.hide(Hidden::Author, says(&part, "Manager"));
        } else if lower == "docprops/custom.xml" {
            let part = parts.part(name);
            parts.hide(Hidden::Properties, has(&part, "<property "));
        } else if lower.starts_with("word/") && !lower[5..].contains('/') {
            let part = parts.part(name);
            parts.hide(Hidden::Comments, lower == "word/comments.xml" && has(&part, "<w:comment "));
            let is_changed =
                ["<w:ins ", "<w:del ", "<w:moveFrom ", "<w:moveTo "].iter().any(|change| has(&part, change));
            parts.hide(Hidden::Edits, is_changed);
            // In styles it is not yet text.
            let is_text = !lower.ends_with("styles.xml") && !lower.ends_with("numbering.xml");
            parts.hide(Hidden::HiddenParts, is_text && has(&part, "<w:vanish/>"));
            parts.act(Action::Link, has(&part, "DDEAUTO") || has(&part, "> DDE "));
        } else if lower.starts_with("xl/comments") || lower.starts_with("ppt/comments/") {
            let part = parts.part(name);
            parts.hide(Hidden::Comments, has(&part, "<comment ") || has(&part, ":cm "));
        } else if lower == "xl/workbook.xml" {
            let part = parts.part(name);
            parts.hide(Hidden::HiddenParts, has(&part, "state=\"hidden\"") || has(&part, "state=\"veryHidden\""));
        } else if lower.starts_with("xl/worksheets/sheet") {
            let part = parts.part(name);
            parts.hide(Hidden::HiddenParts, has(&part, " hidden=\"1\"") || has(&part, " hidden=\"true\""));
        } else if lower.starts_with("ppt/slides/slide") {
            let part = parts.part(name);
            parts.hide(Hidden::HiddenParts, has(&part[..part.len().min(2048)], " show=\"0\""));
        }
    }
    parts.seen
}

/// Texts, tables and slides of OpenDocument (ISO/IEC 26300).
pub fn open_document(bytes: &[u8]) -> Seen {
    let Some(archive) = Archive::read(bytes) else { return Seen::default() };
    let is_macro = archive.names().any(|name| {
        let is_list = name.ends_with("script-lc.xml") || name.ends_with("script-lb.xml") || name.ends_with('/');
        (name.starts_with("Basic/") || name.starts_with("Scripts/")) && !is_list
    });
    let is_kept = archive.names().any(|name| name.starts_with("Versions/") || name == "VersionList.xml");
    let photos: Vec<&str> = archive.names().filter(|name| name.starts_with("Pictures/")).collect();
    let mut parts = Parts { archive, budget: MOST_OF_ALL, seen: Seen::default() };
    photos.into_iter().for_each(|name| parts.photo(name));
    parts.act(Action::Macro, is_macro);
    parts.hide(Hidden::Edits, is_kept);
    let meta = parts.part("meta.xml");
    let is_named = ["meta:initial-creator", "dc:creator", "meta:printed-by"].iter().any(|name| says(&meta, name));
    parts.hide(Hidden::Author, is_named);
    parts.hide(Hidden::Properties, has(&meta, "<meta:user-defined "));
    for name in ["content.xml", "styles.xml"] {
        let part = parts.part(name);
        parts.hide(Hidden::Comments, has(&part, "<office:annotation ") || has(&part, "<office:annotation>"));
        parts.hide(Hidden::Edits, has(&part, "<text:changed-region "));
        let is_hidden = ["text:display=\"none\"", "table:visibility=\"collapse\"", "table:display=\"false\""];
        parts.hide(Hidden::HiddenParts, is_hidden.iter().any(|word| has(&part, word)));
    }
    parts.seen
}

/// Word, Excel and PowerPoint before 2007, as far as it stands in one piece: macros by the name of their folder, and the
/// summary by its number (MS-OLEPS).
pub fn compound(bytes: &[u8]) -> Seen {
    let mut seen = Seen::default();
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    if super::find(bytes, &wide("_VBA_PROJECT")).is_some() {
        seen.actions.insert(Action::Macro);
    }
    // F29F85E0-4FF9-1068-AB91-08002B27B3D9
    let summary = b"\xE0\x85\x9F\xF2\xF9\x4F\x68\x10\xAB\x91\x08\x00\x2B\x27\xB3\xD9";
    let Some(at) = super::find(bytes, summary) else { return seen };
    let number = |at: usize| bytes.get(at..)?.first_chunk().map(|four| u32::from_le_bytes(*four) as usize);
    // The set begins 28 bytes before its number, and places in it count from there.
    let set = (|| at.checked_sub(28)?.checked_add(number(at + 16)?))();
    let Some(set) = set else { return seen };
    for index in 0..number(set + 4).unwrap_or(0).min(50) {
        let (Some(id), Some(place)) = (number(set + 8 + index * 8), number(set + 12 + index * 8)) else { break };
        let hidden = match id {
            4 | 8 => Hidden::Author,
            6 => Hidden::Comments,
            _ => continue,
        };
        let value = set.saturating_add(place);
        let length = number(value.saturating_add(4)).unwrap_or(0).min(256);
        let text = bytes.get(value.saturating_add(8)..value.saturating_add(8 + length)).unwrap_or_default();
        if number(value) == Some(30) && text.iter().any(|byte| !matches!(byte, 0 | b' ')) {
            seen.hidden.insert(hidden);
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attachment::tests::{archive, exif, open_document as odf};

    #[track_caller]
    fn check(part: (&str, &str), actions: &[Action], hidden: &[Hidden]) {
        let bytes = archive(&[("[Content_Types].xml", b"<Types/>"), (part.0, part.1.as_bytes())]);
        let seen = package(&bytes);
        assert!(seen.actions.iter().eq(actions) && seen.hidden.iter().eq(hidden), "{part:?}: {seen:?}");
    }

    #[test]
    fn what_an_office_file_does_and_says_is_seen() {
        check(("word/document.xml", "<w:t>vanish DDE &lt;w:ins </w:t><w:webHidden/>"), &[], &[]);
        check(("word/vbaProject.bin", "x"), &[Action::Macro], &[]);
        check(("word/document.xml", "<w:instrText> DDEAUTO c:\\x </w:instrText>"), &[Action::Link], &[]);
        let template = |target: &str| {
            format!("<Relationship Type=\"a/attachedTemplate\" TargetMode=\"External\" Target=\"{target}\"/>")
        };
        check(("word/_rels/settings.xml.rels", &template("https://evil.example/x.dotm")), &[Action::Template], &[]);
        check(("word/_rels/settings.xml.rels", &template("file:///C:\\Users\\suzuki\\x.dotx")), &[], &[Hidden::Paths]);
        check(("docProps/core.xml", "<dc:creator></dc:creator><cp:lastModifiedBy/>"), &[], &[]);
        check(
            ("docProps/core.xml", "<dc:creator/><cp:lastModifiedBy>鈴木</cp:lastModifiedBy>"),
            &[],
            &[Hidden::Author],
        );
        check(
            ("docProps/custom.xml", "<Properties><property name=\"決裁\"/></Properties>"),
            &[],
            &[Hidden::Properties],
        );
        check(("word/comments.xml", "<w:comments/>"), &[], &[]);
        check(("word/comments.xml", "<w:comment w:id=\"0\"/>"), &[], &[Hidden::Comments]);
        check(("word/document.xml", "<w:del w:author=\"鈴木\"/>"), &[], &[Hidden::Edits]);
        check(("word/document.xml", "<w:rPr><w:vanish/></w:rPr>"), &[], &[Hidden::HiddenParts]);
        check(("xl/workbook.xml", "<sheet state=\"veryHidden\"/>"), &[], &[Hidden::HiddenParts]);
        check(("xl/worksheets/sheet1.xml", "<col min=\"1\" hidden=\"1\"/>"), &[], &[Hidden::HiddenParts]);
        check(("ppt/slides/slide2.xml", "<p:sld show=\"0\"/>"), &[], &[Hidden::HiddenParts]);
        check(("ppt/notesSlides/notesSlide1.xml", "x"), &[], &[Hidden::Comments]);
        check(("xl/externalLinks/externalLink1.xml", "x"), &[], &[Hidden::Paths]);
        check(("ppt/embeddings/x.xlsx", "x"), &[], &[Hidden::Embedded]);
        let locked = archive(&[(
            "[Content_Types].xml",
            b"<Override ContentType=\"application/vnd.ms-word.document.macroEnabled.main+xml\"/>",
        )]);
        assert!(package(&locked).actions.contains(&Action::Macro));
    }

    #[test]
    fn what_an_open_document_does_and_says_is_seen() {
        let seen = |part: (&str, &str)| open_document(&odf("text", &[(part.0, part.1.as_bytes())]));
        assert_eq!(seen(("meta.xml", "<dc:creator/>")), Seen::default());
        assert!(seen(("meta.xml", "<dc:creator>鈴木</dc:creator>")).hidden.iter().eq(&[Hidden::Author]));
        assert!(seen(("content.xml", "<office:annotation office:name=\"a\"/>")).hidden.iter().eq(&[Hidden::Comments]));
        assert!(seen(("content.xml", "<text:changed-region text:id=\"a\"/>")).hidden.iter().eq(&[Hidden::Edits]));
        assert!(seen(("Basic/Standard/Module1.xml", "x")).actions.iter().eq(&[Action::Macro]));
    }

    #[test]
    fn what_an_old_office_file_does_and_says_is_seen() {
        let mut old = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        assert_eq!(compound(&old), Seen::default());
        old.extend([0; 28]);
        old.extend(b"\xE0\x85\x9F\xF2\xF9\x4F\x68\x10\xAB\x91\x08\x00\x2B\x27\xB3\xD9");
        old.extend(48_u32.to_le_bytes());
        // One value at place 16 of the list: the author.
        for number in [0_u32, 1, 4, 16, 30, 8] {
            old.extend(number.to_le_bytes());
        }
        old.extend(b"\x97\xE9\x96\xD8\0\0\0\0");
        assert!(compound(&old).hidden.iter().eq(&[Hidden::Author]));
        old.extend("_VBA_PROJECT".encode_utf16().flat_map(u16::to_le_bytes));
        assert!(compound(&old).actions.iter().eq(&[Action::Macro]));
    }

    #[test]
    fn a_photo_in_a_document_tells_as_much_as_beside_it() {
        let notes = exif(false, &[], &[], &[(2, b"\x23\0\0\0\x01\0\0\0")]);
        let length = (notes.len() as u16 + 8).to_be_bytes();
        let photo = [b"\xFF\xD8\xFF\xE1".as_slice(), &length, b"Exif\0\0", &notes, b"\xFF\xD9"].concat();
        let seen = package(&archive(&[("[Content_Types].xml", b"<Types/>"), ("word/media/image1.jpeg", &photo)]));
        assert!(seen.hidden.iter().eq(&[Hidden::Place]));
        assert!(open_document(&odf("text", &[("Pictures/1.jpg", &photo)])).hidden.iter().eq(&[Hidden::Place]));
    }

    #[test]
    fn a_file_that_explodes_is_read_no_further_than_its_budget() {
        let bomb = vec![b' '; MOST_OF_A_PART + 1];
        let seen = package(&archive(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", &bomb)]));
        assert!(seen.hidden.iter().eq(&[Hidden::Unseen]));
    }

    proptest::proptest! {
        #[test]
        fn damaged_files_are_read(cut in 0..400_usize, at in 0..400_usize, byte: u8) {
            let mut bytes = archive(&[("[Content_Types].xml", b"<Types/>"), ("docProps/core.xml", b"<dc:creator>x</dc:creator>")]);
            let at = at % bytes.len();
            bytes[at] = byte;
            bytes.truncate(bytes.len().saturating_sub(cut % 3));
            package(&bytes);
            open_document(&bytes);
            compound(&bytes);
        }
    }
}
