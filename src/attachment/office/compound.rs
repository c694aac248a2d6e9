//! Word, Excel and PowerPoint before 2007: folders and files in sectors (MS-CFB).

use super::{Action, Hidden, Seen, asks};
use cfb::CompoundFile;
use std::io::{Cursor, Read};

/// One file in it is read up to so many bytes.
const MOST: u64 = 16 * 1024 * 1024;

/// What such a document does and says.
pub fn compound(bytes: &[u8]) -> Seen {
    let mut seen = Seen::default();
    let Ok(mut file) = CompoundFile::open(Cursor::new(bytes)) else {
        // Office programs mend what is damaged; nobody can tell what comes of it.
        seen.actions.insert(Action::Concealed);
        return seen;
    };
    let entries: Vec<_> = file.walk().map(|it| (it.path().to_owned(), it.name().to_lowercase(), it.len())).collect();
    for (path, name, length) in entries {
        let name = name.trim_start_matches(|c: char| c < ' ');
        match name {
            "vba" | "macros" => _ = seen.actions.insert(Action::Macro),
            _ if name.starts_with("_vba_project") => _ = seen.actions.insert(Action::Macro),
            "objectpool" => _ = seen.hidden.insert(Hidden::Embedded),
            "encryptedpackage" => _ = seen.hidden.insert(Hidden::Unseen),
            "workbook" | "book" | "worddocument" | "powerpoint document" | "summaryinformation" => {
                let mut text = Vec::new();
                let read = file.open_stream(&path).and_then(|stream| stream.take(MOST).read_to_end(&mut text));
                if read.is_err() {
                    seen.actions.insert(Action::Concealed);
                }
                if length > MOST {
                    seen.hidden.insert(Hidden::Unseen);
                }
                match name {
                    "workbook" | "book" => workbook(&text, &mut seen),
                    "worddocument" => fields(&text, &mut seen),
                    "summaryinformation" => summary(&text, &mut seen),
                    _ => slides(&text, &mut seen),
                }
            }
            _ => {}
        }
    }
    seen
}

/// The records of a workbook (MS-XLS): sheets of macros, hidden sheets, questions to other programs.
fn workbook(bytes: &[u8], seen: &mut Seen) {
    let mut rest = bytes;
    while let [a, b, c, d, after @ ..] = rest {
        let (number, length) = (u16::from_le_bytes([*a, *b]), usize::from(u16::from_le_bytes([*c, *d])));
        let Some((record, after)) = after.split_at_checked(length) else { return };
        rest = after;
        match (number, record) {
            // BoundSheet: whether it is hidden, and what it holds (1 macros, 6 a module).
            (0x0085, [_, _, _, _, state, holds, ..]) => {
                if matches!(holds, 1 | 6) {
                    seen.actions.insert(Action::Macro);
                }
                if state & 3 != 0 {
                    seen.hidden.insert(Hidden::HiddenParts);
                }
            }
            // SupBook: a server and what it is asked, with a sign between them.
            (0x01AE, path) if path.len() > 4 && path.contains(&3) => _ = seen.actions.insert(Action::Link),
            // FilePass: the rest is locked.
            (0x002F, _) => {
                seen.hidden.insert(Hidden::Unseen);
                return;
            }
            _ => {}
        }
    }
}

/// The fields of a text (MS-DOC): behind their sign, in letters of one byte or two.
fn fields(bytes: &[u8], seen: &mut Seen) {
    const BEGIN: u8 = 0x13;
    /// So long a field's name may stand behind its sign.
    const NEAR: usize = 400;
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == BEGIN) {
        let near = &bytes[at + 1..bytes.len().min(at + 1 + NEAR)];
        let end = near.iter().position(|byte| matches!(byte, 0x13..=0x15)).unwrap_or(near.len());
        let letters: String = near[..end].iter().filter(|byte| **byte != 0).map(|byte| char::from(*byte)).collect();
        if asks(&letters) {
            seen.actions.insert(Action::Link);
            return;
        }
    }
}

/// The atom of slides that says whether there are macros (MS-PPT 2.4.10).
fn slides(bytes: &[u8], seen: &mut Seen) {
    let atom = b"\x02\0\0\x04\x0C\0\0\0";
    let mut rest = bytes;
    while let Some(at) = crate::attachment::find(rest, atom) {
        rest = &rest[at + atom.len()..];
        if rest.get(4..8).is_some_and(|flag| flag != [0; 4]) {
            seen.actions.insert(Action::Macro);
            return;
        }
    }
}

/// The summary (MS-OLEPS): who wrote it, and notes.
fn summary(bytes: &[u8], seen: &mut Seen) {
    let number = |at: usize| bytes.get(at..)?.first_chunk().map(|four| u32::from_le_bytes(*four) as usize);
    // The place of the first set of values stands behind its number.
    let Some(set) = number(44) else { return };
    for index in 0..number(set.saturating_add(4)).unwrap_or(0).min(50) {
        let entry = set.saturating_add(8 + index * 8);
        let (Some(id), Some(place)) = (number(entry), number(entry.saturating_add(4))) else { break };
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
}
