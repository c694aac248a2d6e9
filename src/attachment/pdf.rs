//! What a PDF does when it is opened, and what it says beside its pages.
//!
//! Not a reader of PDF, which could be led to another object than a viewer sees: every name that stands anywhere in the
//! file or in its packed objects counts, whether something leads to it or not. One pass, bounded.

use super::hidden::Hidden;
use super::{Action, Seen, picture};
use flate2::bufread::ZlibDecoder;
use std::io::Read;

/// Packed objects of one file are read up to so many bytes.
const MOST_UNPACKED: usize = 64 * 1024 * 1024;

/// Photos of one file that are looked at; of each, some hundred kilobytes.
const MOST_PHOTOS: usize = 500;

/// Reads a file.
pub fn read(bytes: &[u8]) -> Seen {
    let mut reader = Names { budget: MOST_UNPACKED, ..Names::default() };
    reader.read(bytes, true);
    let is_linear = super::has(&bytes[..bytes.len().min(1024)], "/Linearized");
    // Each later state is written behind the one before, which can be had by cutting it off.
    if reader.ends > if is_linear { 2 } else { 1 } {
        reader.seen.hidden.insert(Hidden::Edits);
    }
    if reader.is_locked || reader.is_cut {
        reader.seen.hidden.insert(Hidden::Unseen);
    }
    // In a locked file, packed objects cannot be read by anybody without its key.
    if reader.is_concealed && !reader.is_locked {
        reader.seen.actions.insert(Action::Concealed);
    }
    reader.seen
}

#[derive(Default)]
struct Names {
    seen: Seen,
    /// How often the file says that it ends.
    ends: usize,
    is_locked: bool,
    /// Whether there are packed objects that cannot be unpacked.
    is_concealed: bool,
    /// Whether there is more than is read.
    is_cut: bool,
    budget: usize,
    /// How many photos were looked at.
    photos: usize,
}

impl Names {
    fn read(&mut self, bytes: &[u8], is_file: bool) {
        let mut at = 0;
        // Whether the dictionary that is open now is one of packed objects, and packed in a way that is not read here.
        let (mut is_packed, mut is_odd) = (false, false);
        while let Some(byte) = bytes.get(at) {
            let rest = &bytes[at..];
            at += 1;
            match byte {
                b'/' => {
                    let (name, end) = name(rest);
                    self.name(&name, &rest[end..]);
                    is_packed |= matches!(&*name, b"ObjStm" | b"First");
                    is_odd |= is_other_packing(&name, &rest[end..]);
                    at += end - 1;
                }
                b'%' if rest.starts_with(b"%%EOF") => self.ends += 1,
                b'<' if rest.starts_with(b"<dc:creator>") => {
                    let list = &rest[..rest.len().min(400)];
                    let says = |item: &[u8]| {
                        item.iter().skip_while(|byte| **byte != b'>').nth(1).is_some_and(|byte| *byte != b'<')
                    };
                    if position(list, b"<rdf:li").is_some_and(|at| says(&list[at..])) {
                        self.seen.hidden.insert(Hidden::Author);
                    }
                }
                b'e' if rest.starts_with(b"endobj") => (is_packed, is_odd) = (false, false),
                b's' if is_file && rest.starts_with(b"stream") && !bytes[..at - 1].ends_with(b"end") => {
                    let content = rest[6..].strip_prefix(b"\r").unwrap_or(&rest[6..]);
                    let content = content.strip_prefix(b"\n").unwrap_or(content);
                    match is_packed {
                        true if is_odd => self.is_concealed = true,
                        true => self.unpack(content),
                        false => self.photo(content),
                    }
                    (is_packed, is_odd) = (false, false);
                }
                _ => {}
            }
        }
    }

    fn name(&mut self, name: &[u8], behind: &[u8]) {
        let behind = &behind[..behind.len().min(64)];
        let value = behind.trim_ascii_start();
        match name {
            b"JavaScript" => drop(self.seen.actions.insert(Action::Script)),
            // A script of another action, such as one of a film.
            b"JS" if value.first().is_some_and(|byte| matches!(byte, b'(' | b'<' | b'0'..=b'9')) => {
                self.seen.actions.insert(Action::Script);
            }
            // A form that a program of its own shows, scripts and all; its pages are packed away.
            b"XFA" => drop(self.seen.actions.insert(Action::Concealed)),
            b"Launch" | b"ImportData" => drop(self.seen.actions.insert(Action::Launch)),
            b"RichMedia" | b"Flash" => drop(self.seen.actions.insert(Action::Media)),
            b"EmbeddedFile" | b"EmbeddedFiles" => drop(self.seen.hidden.insert(Hidden::Embedded)),
            b"AIPrivateData1" | b"AIMetaData" => drop(self.seen.hidden.insert(Hidden::Edits)),
            b"Encrypt" => self.is_locked = true,
            b"Author" => {
                let is_empty = [b"()".as_slice(), b"<>", b"<FEFF>", b"<feff>", b"(\xFE\xFF)", b"null"];
                let is_value = value.first().is_some_and(|byte| matches!(byte, b'(' | b'<' | b'0'..=b'9'));
                if is_value && !is_empty.iter().any(|empty| value.starts_with(empty)) {
                    self.seen.hidden.insert(Hidden::Author);
                }
            }
            b"Subtype" if value.starts_with(b"/") => {
                // What is drawn (lines, stamps, texts in frames) is seen; these are notes of readers.
                let notes = ["Text", "Highlight", "Underline", "Squiggly", "StrikeOut", "Caret"];
                let (of, _) = self::name(value);
                if notes.iter().any(|note| *of == *note.as_bytes()) {
                    self.seen.hidden.insert(Hidden::Comments);
                }
                if *of == *b"FileAttachment" {
                    self.seen.hidden.insert(Hidden::Embedded);
                }
            }
            b"OFF" => {
                // A list of layers that are not shown.
                let list = value.strip_prefix(b"[").unwrap_or_default().trim_ascii_start();
                if list.first().is_some_and(u8::is_ascii_digit) {
                    self.seen.hidden.insert(Hidden::HiddenParts);
                }
            }
            _ => {}
        }
    }

    /// Programs put a photo into a PDF as it is.
    fn photo(&mut self, content: &[u8]) {
        if !content.starts_with(b"\xFF\xD8\xFF") {
            return;
        }
        if self.photos >= MOST_PHOTOS {
            self.is_cut = true;
            return;
        }
        self.photos += 1;
        self.seen.hidden.extend(picture::told_inside(content));
    }

    fn unpack(&mut self, packed: &[u8]) {
        if self.budget == 0 {
            self.is_cut = true;
            return;
        }
        let mut out = Vec::new();
        let read = ZlibDecoder::new(packed).take(self.budget as u64).read_to_end(&mut out);
        // Packed objects begin with numbers of objects and places; anything else is packed once more.
        let is_plain = |bytes: &[u8]| bytes.trim_ascii_start().first().is_some_and(u8::is_ascii_digit);
        if read.is_err() && out.is_empty() {
            self.is_concealed |= !is_plain(packed);
            return;
        }
        self.is_concealed |= !out.is_empty() && !is_plain(&out);
        self.budget -= out.len().min(self.budget);
        self.is_cut |= self.budget == 0;
        self.read(&out, false);
    }
}

/// Whether a name in a dictionary says that its stream is packed in another way than plain Flate. Programs pack objects in
/// that way alone; what is hidden under another is not seen here, and is not passed either.
fn is_other_packing(name: &[u8], behind: &[u8]) -> bool {
    const OTHERS: [&[u8]; 10] = [
        b"ASCIIHexDecode",
        b"AHx",
        b"ASCII85Decode",
        b"A85",
        b"LZWDecode",
        b"LZW",
        b"RunLengthDecode",
        b"RL",
        b"Crypt",
        b"JBIG2Decode",
    ];
    let is_predicted = || {
        let value = behind[..behind.len().min(32)].trim_ascii_start();
        !value.starts_with(b"1") || value.get(1).is_some_and(u8::is_ascii_digit)
    };
    OTHERS.contains(&name) || name == b"Predictor" && is_predicted()
}

/// A name that begins with `/`, its written-out bytes resolved, and where it ends.
fn name(bytes: &[u8]) -> (Vec<u8>, usize) {
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0 || b"()<>[]{}/%".contains(byte);
    let most = bytes.len().min(80);
    let end = bytes[1..most].iter().position(is_end).map_or(most, |length| length + 1);
    let mut out = Vec::new();
    let mut rest = &bytes[1..end];
    while let Some((first, after)) = rest.split_first() {
        let digits = after.first_chunk::<2>().filter(|_| *first == b'#');
        let code =
            digits.and_then(|[high, low]| Some(char::from(*high).to_digit(16)? * 16 + char::from(*low).to_digit(16)?));
        out.push(code.map_or(*first, |code| code as u8));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    (out, end)
}

fn position(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|window| window == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attachment::tests::{deflated, exif};

    fn pdf(body: &[u8]) -> Vec<u8> {
        [b"%PDF-1.7\n", body, b"\ntrailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"].concat()
    }

    fn packed(objects: &[u8]) -> Vec<u8> {
        let stream = deflated(&[b"9 0 ", objects].concat());
        let head = b"5 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >>\r\nstream\r\n".as_slice();
        pdf(&[head, &stream, b"\nendstream endobj"].concat())
    }

    #[track_caller]
    fn check(object: &str, actions: &[Action], hidden: &[Hidden]) {
        // In the file and packed; a name with a letter written as its number.
        for bytes in
            [pdf(object.as_bytes()), packed(object.as_bytes()), pdf(object.replace("/JavaS", "/J#61vaS").as_bytes())]
        {
            let seen = read(&bytes);
            assert!(seen.actions.iter().eq(actions) && seen.hidden.iter().eq(hidden), "{object}: {seen:?}");
        }
    }

    #[test]
    fn what_a_pdf_does_and_says_is_seen_wherever_it_stands() {
        check("<< /Type /Catalog /OpenAction << /S /GoTo /D [3 0 R /Fit] >> >>", &[], &[]);
        check("<< /OpenAction << /S /JavaScript /JS (app.alert) >> >>", &[Action::Script], &[]);
        check("<< /A << /S /Launch /F (x.exe) >> >>", &[Action::Launch], &[]);
        check("<< /Subtype /RichMedia >>", &[Action::Media], &[]);
        check("<< /Title (a) /Author () /Creator (Word) >>", &[], &[]);
        check("<< /Author <FEFF9234> >>", &[], &[Hidden::Author]);
        check("<< /ProcSet [/PDF /Text] /Subtype /Link /Subtype /Widget >>", &[], &[]);
        check("<< /Subtype/Highlight /Contents (x) >>", &[], &[Hidden::Comments]);
        check("<< /Names << /EmbeddedFiles 3 0 R >> >>", &[], &[Hidden::Embedded]);
        check("<< /OCProperties << /D << /OFF [] >> >> >>", &[], &[]);
        check("<< /OCProperties << /D << /OFF [ 7 0 R ] >> >> >>", &[], &[Hidden::HiddenParts]);
        // Text that was recognised lies unseen over its picture, so that it can be found.
        check("BT 3 Tr (text) Tj ET", &[], &[]);
    }

    #[test]
    fn a_photo_in_a_pdf_tells_as_much_as_beside_it() {
        let notes = exif(true, &[(0x0110, b"Aoba 12 Pro")], &[], &[(2, b"\0\0\0\x23\0\0\0\x01")]);
        let length = (notes.len() as u16 + 8).to_be_bytes();
        let photo = [b"\xFF\xD8\xFF\xE1".as_slice(), &length, b"Exif\0\0", &notes, b"\xFF\xD9"].concat();
        let object =
            [b"7 0 obj << /Filter /DCTDecode >>\nstream\r\n".as_slice(), &photo, b"\nendstream endobj"].concat();
        assert!(read(&pdf(&object)).hidden.iter().eq(&[Hidden::Place, Hidden::Device]));
    }

    #[test]
    fn earlier_states_locks_and_packing_nobody_can_read_are_told() {
        let twice = [pdf(b"1 0 obj"), b"2 0 obj\n%%EOF\n".to_vec()].concat();
        assert!(read(&twice).hidden.iter().eq(&[Hidden::Edits]));
        assert!(read(&pdf(b"<< /Encrypt 4 0 R >>")).hidden.iter().eq(&[Hidden::Unseen]));
        // Objects that begin as they should, behind whatever comes last: none of these is read here, so none is passed.
        let object = deflated(b"9 0 << /S /JavaScript >>");
        for packing in [
            "/Filter /LZWDecode",
            "/Filter /AHx",
            "/Filter[/ASCII85Decode/FlateDecode]",
            "/Filter /#41SCIIHexDecode",
            "/Filter /FlateDecode /DecodeParms << /Predictor 2 >>",
            "/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 4 >>",
        ] {
            for head in [format!("{packing} /Type /ObjStm"), format!("/Type /ObjStm {packing}")] {
                let head = format!("5 0 obj << {head} /N 1 /First 4 >>\nstream\n");
                let odd = pdf(&[head.as_bytes(), &object, b"\nendstream endobj"].concat());
                assert!(read(&odd).actions.contains(&Action::Concealed), "{packing}");
            }
        }
        // The list of places, and pictures, are packed in these ways by every program.
        let usual = b"6 0 obj << /Type /XRef /Filter /FlateDecode /DecodeParms << /Predictor 12 >> >>\nstream\nx\nendstream endobj \
            7 0 obj << /Subtype /Image /Filter /ASCII85Decode >>\nstream\nx\nendstream endobj 5 0 obj << /Type /ObjStm /First 4 \
            /Filter /FlateDecode /DecodeParms << /Predictor 1 >> >>\nstream\n";
        let usual = pdf(&[usual.as_slice(), &deflated(b"9 0 << /Type /Font >>"), b"\nendstream endobj"].concat());
        assert_eq!(read(&usual), Seen::default());
        check("<< /S /Rendition /JS (app.alert(1)) >>", &[Action::Script], &[]);
        check("<< /AcroForm << /XFA 9 0 R >> >>", &[Action::Concealed], &[]);
    }

    #[test]
    fn a_file_that_explodes_is_read_no_further_than_its_budget() {
        let bomb = deflated(&[b"9 0 ".as_slice(), &vec![b' '; MOST_UNPACKED + 1]].concat());
        let body = [b"5 0 obj << /Type /ObjStm >> stream\n".as_slice(), &bomb, b"\nendstream endobj"].concat();
        assert!(read(&pdf(&[body.clone(), body].concat())).hidden.contains(&Hidden::Unseen));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read(text in "[/%<>()#A-Fa-f0-9 \\n\\[\\]]{0,80}", head in "(/ObjStm stream\n|/Author|/Subtype|)") {
            read(&pdf(format!("{head}{text}").as_bytes()));
        }
    }
}
