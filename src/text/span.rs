//! Places in a text: bytes to line, column and display width.
//!
//! Does not know files or findings. Offsets are bytes from the start of the whole file, so that a place in the
//! front matter and one in the body are the same kind of thing (positions counted from the fence are the classic
//! off-by-one of this field: hugo#9857, zola#3277).

use std::borrow::Cow;
use unicode_width::UnicodeWidthChar;

/// The first byte from `from` on that is one of those meant. Most stretches of a text have none, so each is tested without
/// early exit, which takes many bytes at a time; `is_meant` should have none either.
pub fn find_byte(bytes: &[u8], from: usize, is_meant: impl Fn(u8) -> bool) -> Option<usize> {
    let mut at = from;
    for stretch in bytes[from..].chunks(32) {
        if stretch.iter().fold(0, |found, byte| found | u8::from(is_meant(*byte))) != 0 {
            return stretch.iter().position(|byte| is_meant(*byte)).map(|found| at + found);
        }
        at += stretch.len();
    }
    None
}

/// A half-open range of bytes in one file, on character boundaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of bytes `start..end`; offsets past 4 GiB are clamped (such files are refused long before).
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The same span, `offset` bytes further on: from a part of a file to the whole file.
    pub fn shifted(self, offset: usize) -> Self {
        Self::new(self.start as usize + offset, self.end as usize + offset)
    }

    /// The text under the span; empty when the span does not lie on character boundaries of `text`.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

/// A value and where it was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub at: Span,
}

impl<T> Spanned<T> {
    /// Pairs a value with its place.
    pub fn new(value: T, at: Span) -> Self {
        Self { value, at }
    }
}

/// A place as people and editors count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// How many bytes lie between two places of a text up to which its characters have been counted.
const STRIDE: usize = 256;

/// The line starts of one text, for turning offsets into lines and columns. Made once for a text, because that reads it
/// to its end; a place then costs the same wherever it is, also at the end of a line of a million characters.
#[derive(Debug)]
pub struct Lines<'a> {
    text: Cow<'a, str>,
    starts: Vec<usize>,
    /// How many characters begin before each multiple of [`STRIDE`].
    counts: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Indexes the lines of `text`; `\n`, `\r\n` and a lone `\r` end a line, as in YAML and Markdown.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        let mut at = 0;
        while let Some(end) = find_byte(bytes, at, |byte| (byte == b'\n') | (byte == b'\r')) {
            at = end + 1;
            if bytes[end] == b'\n' || bytes.get(at) != Some(&b'\n') {
                starts.push(at);
            }
        }
        let counts = bytes.chunks(STRIDE).scan(0, |before, stretch| {
            let here = *before;
            *before += count_characters(stretch);
            Some(here)
        });
        let counts = counts.collect();
        Self { text, starts, counts }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many characters begin before a byte.
    fn characters_before(&self, offset: usize) -> usize {
        let stretch = offset / STRIDE;
        let counted = self.counts.get(stretch).or(self.counts.last()).copied().unwrap_or(0);
        let from = (stretch * STRIDE).min(self.counts.len().saturating_sub(1) * STRIDE);
        counted + count_characters(&self.text.as_bytes()[from..offset])
    }

    /// Line and column of a byte offset; an offset past the end is the end.
    pub fn place(&self, offset: usize) -> LineColumn {
        let offset = self.text.floor_char_boundary(offset);
        let line_index = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let column = self.characters_before(offset) - self.characters_before(self.starts[line_index]) + 1;
        LineColumn { line: line_index + 1, column }
    }

    /// Text of a line (numbered from 1) without its line ending, and the byte offset where it starts.
    pub fn line(&self, line_number: usize) -> (&str, usize) {
        let Some(&start) = self.starts.get(line_number.wrapping_sub(1)) else { return ("", self.text.len()) };
        let end = self.starts.get(line_number).copied().unwrap_or(self.text.len());
        (self.text[start..end].trim_end_matches(['\n', '\r']), start)
    }

    /// How many lines there are.
    pub fn count(&self) -> usize {
        self.starts.len()
    }
}

/// How many characters begin in a part of a UTF-8 text.
fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte as i8) >= -0x40).count()
}

/// Columns a text takes in a terminal: full-width characters take two, tabs are shown as four.
pub fn display_width(text: &str) -> usize {
    text.chars().map(|c| if c == '\t' { 4 } else { c.width().unwrap_or(0) }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_from_one() {
        let lines = Lines::new("題: x\r\n二行目\rthird\n");
        assert_eq!(lines.place(0), LineColumn { line: 1, column: 1 });
        assert_eq!(lines.place(5), LineColumn { line: 1, column: 4 });
        assert_eq!(lines.place(8), LineColumn { line: 2, column: 1 });
        assert_eq!(lines.place(11), LineColumn { line: 2, column: 2 });
        assert_eq!(lines.place(18), LineColumn { line: 3, column: 1 });
        assert_eq!(lines.place(999).line, 4);
        assert_eq!(lines.line(2).0, "二行目");
    }

    #[test]
    fn places_are_the_same_however_long_a_line_is() {
        let text = "令和 8年\r\n\ré".repeat(300) + "\n" + &"目標a".repeat(1000);
        let lines = Lines::new(&text);
        let mut right = LineColumn { line: 1, column: 1 };
        let mut letters = text.char_indices().peekable();
        while let Some((at, c)) = letters.next() {
            assert_eq!(lines.place(at), right, "{at}");
            let ends = c == '\n' || (c == '\r' && letters.peek().is_none_or(|(_, next)| *next != '\n'));
            right = match ends {
                true => LineColumn { line: right.line + 1, column: 1 },
                false => LineColumn { line: right.line, column: right.column + 1 },
            };
        }
        assert_eq!(lines.place(text.len()), right);
        assert_eq!(Lines::new("").place(7), LineColumn { line: 1, column: 1 });
        assert_eq!(Lines::new("a".repeat(STRIDE)).place(STRIDE), LineColumn { line: 1, column: STRIDE + 1 });
    }

    #[test]
    fn full_width_characters_take_two_columns() {
        assert_eq!(display_width("令和8年"), 7);
        assert_eq!(display_width("ｱ"), 1);
    }
}
