//! Texts as they are shown to people and programs: nothing in them writes to a terminal, hides, or turns the order of
//! what is read around.
//!
//! Names of files and texts of authors may hold anything. A line break in a name could forge the very sentence that an
//! operator looks for, an escape character colour or erase it. So everything that the program says passes one of these,
//! and what is hidden is either spelled out or, where columns count, a blank.

use super::hidden::{self, Does};
use std::borrow::Cow;
use std::fmt::Write;

/// Whether a character is not seen as one, but does something: controls of every kind, what turns the order of letters or
/// only looks like a blank ([`hidden`]), separators of lines, blanks without width, tags.
///
/// Unicode 17, general categories Cc, Zl, Zp and, of Default_Ignorable_Code_Point, what no text here needs. What chooses the
/// form of a letter (variation selectors, joiners) stays: names have it.
pub fn is_hidden(c: char) -> bool {
    // What nearly all names and texts are written with.
    if matches!(c, ' '..='~' | '\u{3165}'..='\u{FDFF}') {
        return false;
    }
    let is_for_lines =
        matches!(c, '\u{ad}' | '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    let is_of_none = matches!(c, '\u{180e}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    c.is_control() || is_for_lines || is_of_none || matches!(hidden::does(c), Some(Does::Turns | Does::Blank))
}

/// One line of a message: what is hidden is spelled out (`\u{1b}`), a tab is blanks.
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\t' => shown.push_str("    "),
            c if is_hidden(c) => {
                // Writing to a String cannot fail.
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// A part of a line of which the columns count: what is hidden is a blank, a tab is four.
pub fn columns(text: &str) -> String {
    text.replace('\t', "    ").replace(|c| is_hidden(c) || c == '\u{200c}' || c == '\u{200d}', " ")
}

/// A document in JSON that says the same in characters that can be seen; line breaks between its parts stay.
pub fn json(document: &str) -> Cow<'_, str> {
    let is_hidden = |c: char| is_hidden(c) && c != '\n';
    if !document.contains(is_hidden) {
        return Cow::Borrowed(document);
    }
    let mut shown = String::with_capacity(document.len() + 8);
    for c in document.chars() {
        match c {
            c if is_hidden(c) => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    let _ = write!(shown, "\\u{unit:04x}");
                }
            }
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_hidden_is_spelled_out_and_letters_stay() {
        assert_eq!(line("evil\nall 40 files are as published"), "evil\\u{a}all 40 files are as published");
        assert_eq!(line("x\u{1b}[2K\u{9b}1m\u{202e}fdp.exe"), "x\\u{1b}[2K\\u{9b}1m\\u{202e}fdp.exe");
        for letters in ["令和8年度　目標", "葛\u{e0101}飾", "か\u{3099}", "👩\u{200d}🌾", "é"] {
            assert_eq!(line(letters), letters);
        }
    }

    proptest! {
        #[test]
        fn nothing_hidden_is_said(text in "\\PC*|(.|\\n|\u{1b}|\u{9b}|\u{202e}|\u{e0041}|\u{2028}){0,20}") {
            prop_assert!(!line(&text).contains(is_hidden));
            prop_assert!(!columns(&text).contains(is_hidden));
            let document = serde_json::to_string(&text).unwrap();
            let shown = json(&document);
            prop_assert!(!shown.contains(is_hidden));
            prop_assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), text);
        }
    }
}
