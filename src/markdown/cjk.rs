//! The pre-pass: a body as the Markdown parser must see it so that Japanese comes out right.
//!
//! CommonMark decides by the neighbours of `**` whether it opens or closes, and calls `「` and `。` punctuation like
//! `(`; so `これは**「重要」**です` stays literal (pulldown-cmark 0.13.6; fixed upstream in PR 1059, unreleased). A
//! private-use character, the joint, between punctuation and delimiter makes the parser see what
//! `markdown-cjk-friendly` specifies: CJK punctuation never blocks, other punctuation does not block next to CJK.
//!
//! Ruby `{漢字|かんじ}` and `{lang=en}` have their brackets and bars replaced by private-use characters of their own:
//! a bar would split a table cell, and brackets at the end of a heading are its attributes. What turns out not to be
//! ruby (in code, in a link target) is restored by [`clean`].
//!
//! Characters of the input that mean something here, and those that HTML forbids (controls, noncharacters), are
//! removed first; so a sentinel in an event is always ours, or from a numeric entity, which is harmless. Positions
//! are mapped back by [`Prepared::original`]. Does not know Markdown structure: sentinels go into code and URLs too,
//! and everything read from an event passes [`clean`].

use super::comment;
use super::syntax::is_escaped;
use crate::text::span::find_byte;
use std::borrow::Cow;
use std::ops::Range;

/// Invisible letter between punctuation and a delimiter run.
pub(super) const JOINT: char = '\u{FFF00}';
/// Stands for the `{` of ruby and `{lang=…}`.
pub(super) const OPEN: char = '\u{FFF01}';
/// Stands for the `|` of ruby.
pub(super) const BAR: char = '\u{FFF02}';
/// Stands for the `}` of ruby and `{lang=…}`.
pub(super) const CLOSE: char = '\u{FFF03}';
/// First byte of every sentinel in UTF-8. No character in use has it, so one look at it tells "nothing of ours here".
pub(super) const LEAD: u8 = 0xF3;
/// Length of every sentinel in bytes.
pub(super) const SENTINEL_BYTES: usize = 4;

/// A body as the parser sees it, and the way back.
pub(super) struct Prepared<'a> {
    /// The text to parse.
    pub(super) text: Cow<'a, str>,
    /// After each change: the position in `text` and the position in the body from which both run in step again.
    steps: Vec<(usize, usize)>,
    /// The comments of the body that are left out of `text`: the parser would not have taken them for comments.
    pub(super) comments: Vec<Range<usize>>,
}

impl Prepared<'_> {
    /// The position in the body that a position in the prepared text came from.
    pub(super) fn original(&self, at: usize) -> usize {
        let next = self.steps.partition_point(|(prepared, _)| *prepared <= at);
        let original = match next.checked_sub(1) {
            Some(last) => self.steps[last].1 + (at - self.steps[last].0),
            None => at,
        };
        // A position inside a replacement belongs to the end of what was replaced.
        self.steps.get(next).map_or(original, |(_, end)| original.min(*end))
    }

    /// The same for the end of something: what was left out right behind it is no part of it.
    pub(super) fn original_end(&self, at: usize) -> usize {
        let next = self.steps.partition_point(|(prepared, _)| *prepared < at);
        let original = match next.checked_sub(1) {
            Some(last) => self.steps[last].1 + (at - self.steps[last].0),
            None => at,
        };
        self.steps.get(next).map_or(original, |(_, end)| original.min(*end))
    }
}

/// Prepares a body; borrows it when nothing needs to change.
pub(super) fn prepare(body: &str) -> Prepared<'_> {
    let comments = comment::broken(body);
    let mut edits = Edits { body, text: String::new(), copied: 0, steps: Vec::new() };
    let bytes = body.as_bytes();
    let mut at = 0;
    let mut left_out = comments.iter().cloned().peekable();
    while let Some(here) = find_byte(bytes, at, is_special) {
        if let Some(comment) = left_out.next_if(|comment| comment.start <= here) {
            edits.replace(comment.start, comment.end, None);
            at = comment.end;
            continue;
        }
        at = match bytes[here] {
            b'*' | b'~' => delimiters(&mut edits, here),
            b'{' => braces(&mut edits, here),
            b'}' => heading_brace(&mut edits, here),
            _ => match unwanted_bytes(&bytes[here..]) {
                0 => here + 1,
                length => {
                    edits.replace(here, here + length, None);
                    here + length
                }
            },
        };
    }
    left_out.for_each(|comment| edits.replace(comment.start, comment.end, None));
    edits.finish(comments)
}

/// The changes made so far, and the text up to the last of them.
struct Edits<'a> {
    body: &'a str,
    text: String,
    copied: usize,
    steps: Vec<(usize, usize)>,
}

impl<'a> Edits<'a> {
    fn replace(&mut self, start: usize, end: usize, with: Option<char>) {
        if self.text.capacity() == 0 {
            self.text.reserve(self.body.len() + self.body.len() / 8 + 64);
        }
        self.text.push_str(&self.body[self.copied..start]);
        self.text.extend(with);
        self.copied = end;
        self.steps.push((self.text.len(), end));
    }

    fn finish(mut self, comments: Vec<Range<usize>>) -> Prepared<'a> {
        if self.steps.is_empty() {
            return Prepared { text: Cow::Borrowed(self.body), steps: self.steps, comments };
        }
        self.text.push_str(&self.body[self.copied..]);
        Prepared { text: Cow::Owned(self.text), steps: self.steps, comments }
    }
}

/// Puts joints around the run of `*` or `~` at `here`; returns where the run ends.
fn delimiters(edits: &mut Edits, here: usize) -> usize {
    let body = edits.body;
    let bytes = body.as_bytes();
    let delimiter = bytes[here];
    let length = bytes[here..].iter().take_while(|byte| **byte == delimiter).count();
    let end = here + length;
    let start = if is_escaped(bytes, here) { here + 1 } else { here };
    if start == end || (delimiter == b'~' && length > 2) {
        return end; // Nothing but an escaped character, or a code fence.
    }
    let before = body[..start].chars().next_back().filter(|c| !c.is_whitespace());
    let after = body[end..].chars().next().filter(|c| !c.is_whitespace());
    if delimiter == b'~' && end - start == 1 {
        // The parser would open strikethrough here: `(~10人、20~)`. After a letter it does not.
        if after.is_some() && !before.is_some_and(is_letter) {
            edits.replace(start, start, Some(JOINT));
        }
        return end;
    }
    // Next to a space or the edge of the text, CommonMark already does the right thing.
    let (Some(before), Some(after)) = (before, after) else { return end };
    // "Not a letter" is wider than the parser's "punctuation"; a joint beside any other character changes nothing.
    if is_cjk(before) || is_cjk(after) {
        if !is_letter(before) {
            edits.replace(start, start, Some(JOINT));
        }
        if !is_letter(after) {
            edits.replace(end, end, Some(JOINT));
        }
    }
    end
}

/// Replaces the brackets and bars of ruby or `{lang=…}` at `here`; returns where to go on.
fn braces(edits: &mut Edits, here: usize) -> usize {
    let bytes = edits.body.as_bytes();
    if is_escaped(bytes, here) {
        return here + 1;
    }
    let inside = here + 1;
    let mut bars = Vec::new();
    let mut end = inside;
    let closed = loop {
        match bytes.get(end) {
            Some(b'}') => break true,
            Some(b'|') => bars.push(end),
            Some(byte) if !(is_plain(*byte) && unwanted_bytes(&bytes[end..]) == 0) => break false,
            None => break false,
            Some(_) => {}
        }
        end += 1;
    };
    let content = &edits.body[inside..end];
    let is_language = here > 0 && bytes[here - 1] == b']' && content.strip_prefix("lang=").is_some_and(is_language_tag);
    let is_ruby = !bars.is_empty() && content.split('|').all(|part| !part.is_empty()) && content.chars().any(is_cjk);
    if !(closed && (is_language || is_ruby)) {
        return end;
    }
    edits.replace(here, inside, Some(OPEN));
    for bar in bars {
        edits.replace(bar, bar + 1, Some(BAR));
    }
    edits.replace(end, end + 1, Some(CLOSE));
    end + 1
}

/// To the parser, brackets at the end of a heading hold attributes, and it leaves them out. Only a name is meant so, as in
/// `## 予算 {#budget}`; all others are a part of what the heading says. Returns where to go on.
fn heading_brace(edits: &mut Edits, here: usize) -> usize {
    let (body, bytes) = (edits.body, edits.body.as_bytes());
    let behind = here + 1;
    let blanks = bytes[behind..].iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'#')).count();
    if bytes.get(behind + blanks).is_some_and(|byte| *byte != b'\n') || is_escaped(bytes, here) {
        return behind;
    }
    let start = bytes[..here].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let line = &body[start..here];
    let next = body[behind + blanks..].get(1..).unwrap_or("").lines().next().unwrap_or("");
    // The line of dashes below a heading; a list item of nothing else is taken for one, which does no harm.
    let underline = next.trim_start_matches([' ', '\t', '>']).trim_end();
    let is_underlined = !underline.is_empty() && ['-', '='].iter().any(|mark| underline.trim_matches(*mark).is_empty());
    let words = line.trim_start_matches(|c: char| c.is_ascii_digit() || " \t>-+*.)".contains(c));
    if !(words.starts_with('#') || is_underlined) {
        return behind;
    }
    let is_name = line.rsplit_once('{').is_some_and(|(before, name)| {
        let is_part = |c: char| !(c.is_whitespace() || "#.=<>\\*~`".contains(c));
        let name = name.strip_prefix('#').unwrap_or("");
        !name.is_empty() && name.chars().all(is_part) && !before.trim_matches(|c: char| " \t#>".contains(c)).is_empty()
    });
    if !is_name {
        edits.replace(here, behind, Some(CLOSE));
    }
    behind
}

/// Bytes that may stand in ruby: no spaces, and nothing that Markdown could read as markup.
fn is_plain(byte: u8) -> bool {
    byte >= 0x80 || byte.is_ascii_alphanumeric() || b"-.,'/()+%=".contains(&byte)
}

/// A tag such as `en`, `zh-Hant` or `pt-BR` (the shape of BCP 47, without its registry).
pub(super) fn is_language_tag(tag: &str) -> bool {
    tag.split('-').enumerate().all(|(index, part)| match index {
        0 => (2..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic()),
        _ => (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()),
    })
}

/// Whether a byte starts a delimiter run, a bracket, or possibly a character that must not reach the page.
fn is_special(byte: u8) -> bool {
    ((byte < 0x20) & (byte != b'\n'))
        | (byte == b'*')
        | (byte == b'~')
        | (byte == b'{')
        | (byte == b'}')
        | (byte == 0x7F)
        | (byte == 0xC2)
        | (byte >= 0xEF)
}

/// Length of the character at the start of `bytes` if it must not reach the page, else 0.
fn unwanted_bytes(bytes: &[u8]) -> usize {
    match *bytes {
        [0..0x20 | 0x7F, ..] if !matches!(bytes[0], b'\t' | b'\n' | b'\r' | 0x0C) => 1,
        [0xC2, 0x80..=0x9F, ..] => 2,
        [0xEF, 0xB7, 0x90..=0xAF, ..] | [0xEF, 0xBF, 0xBE | 0xBF, ..] => 3,
        [0xF0..=0xF4, 0x8F | 0x9F | 0xAF | 0xBF, 0xBF, 0xBE | 0xBF, ..] => 4,
        [LEAD, 0xBF, 0xBC, 0x80..=0x83, ..] => SENTINEL_BYTES,
        _ => 0,
    }
}

/// Whether a character must not reach the page: HTML forbids it, or it is a sentinel.
pub(super) fn is_unwanted(c: char) -> bool {
    unwanted_bytes(c.encode_utf8(&mut [0; 4]).as_bytes()) != 0
}

/// Text of an event as the author wrote it: joints dropped, brackets and bars restored.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if !has_sentinel(text) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| byte == LEAD) {
        cleaned.push_str(&rest[..at]);
        let mut sentinel = rest[at..].chars();
        cleaned.extend(sentinel.next().and_then(restored));
        rest = sentinel.as_str();
    }
    cleaned.push_str(rest);
    Cow::Owned(cleaned)
}

/// Whether there may be sentinels in a text. Without early exit, so that it takes many bytes at a time.
pub(super) fn has_sentinel(text: &str) -> bool {
    text.bytes().fold(0, |found, byte| found | u8::from(byte == LEAD)) != 0
}

fn restored(c: char) -> Option<char> {
    match c {
        JOINT => None,
        OPEN => Some('{'),
        BAR => Some('|'),
        CLOSE => Some('}'),
        _ => Some(c),
    }
}

/// Whether a character is written without spaces around it in Chinese, Japanese or Korean text: letters, syllables,
/// and punctuation of full or half width (East Asian Width W, F or H, without emoji).
pub(super) fn is_cjk(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x11FF | 0x2E80..=0x303E | 0x3041..=0xA4CF | 0xA960..=0xA97F | 0xAC00..=0xD7FF | 0xF900..=0xFAFF
        | 0xFE10..=0xFE1F | 0xFE30..=0xFE6F | 0xFF01..=0xFFEE | 0x1AFF0..=0x1B16F | 0x1F200..=0x1F2FF
        | 0x20000..=0x3FFFD
        // Variation selectors choose the form of an ideograph (葛󠄀), never of anything else.
        | 0xE0100..=0xE01EF)
}

/// Whether a character is a letter or digit. Kana and kanji are told at a glance, others by Unicode's tables.
pub(super) fn is_letter(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '一'..='鿿') || c.is_alphanumeric()
}

/// Whether a line break between two characters is no space in Japanese. Signs such as ※ and ① count when the other
/// side is Japanese; Korean does not: it puts spaces between words.
pub(super) fn joins(before: char, after: char) -> bool {
    let hangul = |c| matches!(u32::from(c), 0x1100..=0x11FF | 0xA960..=0xA97F | 0xAC00..=0xD7FF);
    let japanese = |c| is_cjk(c) && !hangul(c);
    let sign = |c| matches!(u32::from(c), 0x2010..=0x27BF);
    (japanese(before) && (japanese(after) || sign(after))) || (sign(before) && japanese(after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(body: &str) -> String {
        prepare(body).text.replace(JOINT, "^").replace(OPEN, "<").replace(BAR, "!").replace(CLOSE, ">")
    }

    #[test]
    fn joints_stand_where_commonmark_would_refuse() {
        for (body, expect) in [
            ("これは**「重要」**です", "これは**^「重要」^**です"),
            ("**重要：**内容", "**重要：^**内容"),
            ("**50%**です", "**50%^**です"),
            ("**[リンク](u)**です", "**[リンク](u)^**です"),
            ("~~「取消」~~です", "~~「取消」^~~です"),
            ("**「a」**b", "**「a」^**b"),
            ("**bold** (a)**b**", "**bold** (a)**b**"),
            ("**強調** です", "**強調** です"),
            ("* 「項目」", "* 「項目」"),
            (r"\*「a」", r"\*「a」"),
            (r"\\**「a」**", r"\\^**^「a」**"),
            ("10~20人", "10~20人"),
            ("(~10人、~20人)", "(^~10人、^~20人)"),
            ("~~~\n「a」\n~~~", "~~~\n「a」\n~~~"),
        ] {
            assert_eq!(shown(body), expect);
        }
    }

    #[test]
    fn ruby_and_language_marks_are_protected() {
        for (body, expect) in [
            ("{漢字|かんじ}", "<漢字!かんじ>"),
            ("{漢字|かん|じ}", "<漢字!かん!じ>"),
            ("{KPI|ケーピーアイ}", "<KPI!ケーピーアイ>"),
            ("[GDS]{lang=en}", "[GDS]<lang=en>"),
            ("[GDS]{lang=english}", "[GDS]{lang=english}"),
            ("{lang=en}", "{lang=en}"),
            ("{a|b}", "{a|b}"),
            ("{|かな}{漢|}{漢 |か}{漢|か", "{|かな}{漢|}{漢 |か}{漢|か"),
            ("{{漢|か}", "{<漢!か>"),
            (r"\{漢|か} \\{漢|か}", r"\{漢|か} \\<漢!か>"),
            ("# 見出し {#id}", "# 見出し {#id}"),
        ] {
            assert_eq!(shown(body), expect);
        }
    }

    #[test]
    fn sentinels_and_forbidden_characters_of_the_input_are_removed() {
        assert_eq!(prepare("a\u{FFF00}b\u{FFF03}\0\u{1}\u{7F}\u{85}\u{FDD0}\u{FFFE}\u{1FFFF}c\td").text, "abc\td");
        assert!(matches!(prepare("何も変わらない（全角）🎉 \u{A0}").text, Cow::Borrowed(_)));
    }

    #[test]
    fn positions_lead_back() {
        let prepared = prepare("は**「重」**\0で{漢|か}です");
        for word in ["「重」", "で", "漢", "か", "です"] {
            let at = prepared.text.find(word).unwrap();
            let back = prepared.original(at)..prepared.original(at + word.len());
            assert_eq!(&"は**「重」**\0で{漢|か}です"[back], word);
        }
    }

    proptest! {
        #[test]
        fn cleaning_undoes_preparing(body in "[*~{}|\\\\ a漢か「」。%\\n\u{FFF00}\u{FFF01}]{0,40}") {
            let prepared = prepare(&body);
            let wanted: String = body.chars().filter(|c| !is_unwanted(*c)).collect();
            prop_assert_eq!(clean(&prepared.text).into_owned(), wanted);
            for (at, _) in prepared.text.char_indices() {
                prop_assert!(body.is_char_boundary(prepared.original(at)));
            }
            prop_assert_eq!(prepared.original(prepared.text.len()), body.len());
        }
    }
}
