//! Changes that mend findings: which of them can be made together, what a file is then, and how that looks.
//!
//! Only bytes that a fix names change: comments, order, line ends and marks of byte order stay; of a picture, what it
//! shows. Knows nothing of disks.

use crate::attachment;
use crate::diagnostic::{ChangeKind, Diagnostic, Fix};
use crate::text::place::FileId;
use crate::text::span::Lines;
use std::fmt::Write;

/// The changes to one file, in order, none overlapping another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The file.
    pub file: FileId,
    /// What is replaced by what.
    pub fixes: Vec<Fix>,
    /// How many fixes wait because they overlap an earlier one; the next run makes them, if they still apply.
    pub waiting: usize,
}

/// Every safe fix of the findings, file by file. Of fixes that overlap the first is made.
pub fn plan(findings: &[Diagnostic]) -> Vec<Change> {
    let mut fixes: Vec<&Fix> = findings.iter().filter_map(Diagnostic::safe_fix).collect();
    fixes.sort();
    fixes.dedup();
    let mut changes: Vec<Change> = Vec::new();
    for group in fixes.chunk_by(|a, b| a.place.file == b.place.file) {
        let mut change = Change { file: group[0].place.file, fixes: Vec::new(), waiting: 0 };
        for fix in group {
            let overlaps = change.fixes.last().is_some_and(|last: &Fix| {
                let (last, next) = (last.place.span, fix.place.span);
                next.start < last.end || (next.start == last.start && next.end == last.end)
            });
            match overlaps {
                true => change.waiting += 1,
                false => change.fixes.push((*fix).clone()),
            }
        }
        changes.push(change);
    }
    changes
}

impl Change {
    /// Whether it is a picture, of which nothing that is seen changes.
    pub fn is_of_a_picture(&self) -> bool {
        self.fixes.iter().any(|fix| fix.change == ChangeKind::Picture)
    }

    /// The file as it is after the change; `None` when a fix names bytes that are not there, or there is nothing to leave
    /// out of a picture.
    pub fn apply(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        if self.is_of_a_picture() {
            return attachment::without_hidden(bytes);
        }
        let mut out = Vec::with_capacity(bytes.len());
        let is_windows = bytes.windows(2).any(|pair| pair == b"\r\n");
        let mut from = 0;
        for fix in &self.fixes {
            let (start, end) = (fix.place.span.start as usize, fix.place.span.end as usize);
            out.extend_from_slice(bytes.get(from..start)?);
            bytes.get(start..end)?;
            out.extend_from_slice(own_line_ends(&fix.text, is_windows).as_bytes());
            from = end;
        }
        out.extend_from_slice(bytes.get(from..)?);
        Some(out)
    }

    /// The lines that change: `   4 - old` and `   4 + new`, without colours.
    pub fn diff(&self, bytes: &[u8]) -> Vec<(char, String)> {
        let Ok(text) = std::str::from_utf8(bytes) else {
            // Nor has a picture lines.
            // The text stays, only its bytes become others; there are no lines to compare.
            return Vec::new();
        };
        let lines = Lines::new(text);
        let mut out = Vec::new();
        let line_of = |offset: u32| lines.place(offset as usize).line;
        let mut fixes = self.fixes.iter().peekable();
        while let Some(fix) = fixes.next() {
            let first = line_of(fix.place.span.start);
            let mut last = line_of(fix.place.span.end);
            let mut group = vec![fix];
            while let Some(next) = fixes.next_if(|next| line_of(next.place.span.start) <= last) {
                last = last.max(line_of(next.place.span.end));
                group.push(next);
            }
            let (_, start) = lines.line(first);
            let (last_line, last_start) = lines.line(last);
            let end = last_start + last_line.len();
            let mut new = String::new();
            let mut from = start;
            for fix in group {
                let (fix_start, fix_end) = (fix.place.span.start as usize, fix.place.span.end as usize);
                new += text.get(from..fix_start).unwrap_or_default();
                new += &fix.text;
                from = fix_end;
            }
            new += text.get(from..end).unwrap_or_default();
            numbered(&mut out, '-', first, text.get(start..end).unwrap_or_default());
            numbered(&mut out, '+', first, &new);
        }
        out
    }
}

fn numbered(out: &mut Vec<(char, String)>, mark: char, first: usize, text: &str) {
    for (index, line) in text.lines().enumerate() {
        let mut shown = String::new();
        // Writing to a String cannot fail.
        let _ = write!(shown, "{:>4} {mark} {}", first + index, crate::text::visible::columns(line));
        out.push((mark, shown));
    }
}

/// A text with the line ends of the file it goes into.
fn own_line_ends(text: &str, is_windows: bool) -> String {
    if is_windows && !text.contains('\r') { text.replace('\n', "\r\n") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Rule;
    use crate::text::place::Place;
    use crate::text::span::Span;

    fn finding(start: usize, end: usize, text: &str) -> Diagnostic {
        let place = Place::new(FileId(0), Span::new(start, end));
        Diagnostic::new(Rule::BadDate, place, "", "").fix(place, text)
    }

    #[test]
    fn of_overlapping_fixes_the_first_is_made() {
        let findings =
            [finding(4, 6, "x"), finding(0, 5, "y"), finding(6, 8, "z"), finding(8, 8, "+"), finding(8, 8, "-")];
        let changes = plan(&findings);
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].waiting, 2);
        assert_eq!(changes[0].apply(b"0123456789").unwrap(), b"y5z+89");
    }

    #[test]
    fn only_the_bytes_named_change() {
        let text = "\u{feff}---\r\ntitle: 題 # 説明\r\nupdated: 令和8年6月25日\r\n";
        let at = text.find("令和").unwrap();
        let change = &plan(&[finding(at, text.len() - 2, "2026-06-25"), finding(3, 3, "---\n")])[0];
        assert_eq!(
            String::from_utf8(change.apply(text.as_bytes()).unwrap()).unwrap(),
            "\u{feff}---\r\n---\r\ntitle: 題 # 説明\r\nupdated: 2026-06-25\r\n"
        );
        let diff: Vec<String> = change.diff(text.as_bytes()).into_iter().map(|(_, line)| line).collect();
        assert_eq!(diff[3..], ["   3 - updated: 令和8年6月25日", "   3 + updated: 2026-06-25"]);
    }

    #[test]
    fn fixes_past_the_end_are_refused() {
        assert_eq!(plan(&[finding(5, 9, "x")])[0].apply(b"0123"), None);
    }
}
