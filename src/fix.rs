//! Changes that mend findings: which of them can be made together, what a file is then, and how that looks.
//!
//! What one change leaves may be mended by another, and fixes that overlap wait: who mends goes on until there is nothing
//! left ([`plan`] is empty), and shows what has become of the file at the end ([`diff`]).
//!
//! Only bytes that a fix names change: comments, order, line ends and marks of byte order stay; of a picture, what it
//! shows. Knows nothing of disks.

use crate::attachment;
use crate::diagnostic::{ChangeKind, Diagnostic, Fix};
use crate::text::encoding;
use crate::text::place::FileId;
use crate::text::visible;

/// The changes to one file, in order, none overlapping another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The file.
    pub file: FileId,
    /// What is replaced by what.
    pub fixes: Vec<Fix>,
}

/// Every safe fix of the findings, file by file. Of fixes that overlap the first is made; the others wait for the next
/// round, if they still apply.
pub fn plan(findings: &[Diagnostic]) -> Vec<Change> {
    let mut fixes: Vec<&Fix> = findings.iter().filter_map(Diagnostic::safe_fix).collect();
    fixes.sort();
    fixes.dedup();
    let mut changes: Vec<Change> = Vec::new();
    for group in fixes.chunk_by(|a, b| a.place.file == b.place.file) {
        let mut change = Change { file: group[0].place.file, fixes: Vec::new() };
        for fix in group {
            let overlaps = change.fixes.last().is_some_and(|last: &Fix| {
                let (last, next) = (last.place.span, fix.place.span);
                next.start < last.end || (next.start == last.start && next.end == last.end)
            });
            if !overlaps {
                change.fixes.push((*fix).clone());
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
}

/// The lines that differ: `   4 - old` and `   4 + new`, without colours, each with its number in its own text.
pub fn diff(before: &[u8], after: &[u8]) -> Vec<(char, String)> {
    // In another encoding the text stays, and only its bytes become others.
    let (before, after) = (encoding::shown(before), encoding::shown(after));
    let [old, new] = [&before, &after].map(|text| text.lines().collect::<Vec<&str>>());
    let mut out = Vec::new();
    let (mut old_from, mut new_from) = (0, 0);
    let ends = (old.len(), new.len());
    for (old_at, new_at) in common(&old, &new).into_iter().chain([ends]) {
        let (removed, added) = (&old[old_from..old_at], &new[new_from..new_at]);
        let is_line_by_line = removed.len() == added.len();
        for index in 0..removed.len().max(added.len()) {
            let mut number = |mark, from: usize, lines: &[&str]| {
                let line = lines.get(index).map(|line| numbered(mark, from + index + 1, line));
                out.extend(line.map(|line| (mark, line)));
            };
            number('-', old_from, removed);
            if is_line_by_line {
                number('+', new_from, added);
            }
        }
        if !is_line_by_line {
            let lines = added.iter().enumerate();
            out.extend(lines.map(|(index, line)| ('+', numbered('+', new_from + index + 1, line))));
        }
        (old_from, new_from) = (old_at + 1, new_at + 1);
    }
    out
}

/// More comparisons than any mended document needs, where lines have come or gone.
const MOST_COMPARED: usize = 4_000_000;

/// Which lines of two texts are the same, in order.
fn common(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let same = |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| pairs.take_while(|(a, b)| a == b).count();
    if old.len() == new.len() {
        // Hardly any change adds a line, and then each is compared with its own.
        return (0..old.len()).filter(|index| old[*index] == new[*index]).map(|index| (index, index)).collect();
    }
    let head = same(&mut old.iter().zip(new));
    let tail = same(&mut old[head..].iter().rev().zip(new[head..].iter().rev()));
    let (a, b) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let mut pairs: Vec<(usize, usize)> = (0..head).map(|index| (index, index)).collect();
    if a.len().saturating_mul(b.len()) <= MOST_COMPARED {
        let width = b.len() + 1;
        let mut longest = vec![0_u32; (a.len() + 1) * width];
        for (row, column) in (0..a.len()).rev().flat_map(|row| (0..b.len()).rev().map(move |column| (row, column))) {
            let below = longest[(row + 1) * width + column].max(longest[row * width + column + 1]);
            let both = longest[(row + 1) * width + column + 1] + 1;
            longest[row * width + column] = if a[row] == b[column] { both } else { below };
        }
        let (mut row, mut column) = (0, 0);
        while row < a.len() && column < b.len() {
            if a[row] == b[column] {
                pairs.push((head + row, head + column));
                (row, column) = (row + 1, column + 1);
            } else if longest[(row + 1) * width + column] >= longest[row * width + column + 1] {
                row += 1;
            } else {
                column += 1;
            }
        }
    }
    pairs.extend((0..tail).rev().map(|index| (old.len() - 1 - index, new.len() - 1 - index)));
    pairs
}

fn numbered(mark: char, number: usize, line: &str) -> String {
    format!("{number:>4} {mark} {}", visible::columns(line))
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
        assert_eq!(changes[0].fixes.len(), 3);
        assert_eq!(changes[0].apply(b"0123456789").unwrap(), b"y5z+89");
    }

    #[test]
    fn only_the_bytes_named_change() {
        let text = "\u{feff}---\r\ntitle: 題 # 説明\r\nupdated: 令和8年6月25日\r\n";
        let at = text.find("令和").unwrap();
        let change = &plan(&[finding(at, text.len() - 2, "2026-06-25"), finding(3, 3, "---\n")])[0];
        let mended = change.apply(text.as_bytes()).unwrap();
        assert_eq!(
            String::from_utf8(mended.clone()).unwrap(),
            "\u{feff}---\r\n---\r\ntitle: 題 # 説明\r\nupdated: 2026-06-25\r\n"
        );
        assert_eq!(
            lines(text.as_bytes(), &mended),
            ["   2 + ---", "   3 - updated: 令和8年6月25日", "   4 + updated: 2026-06-25"]
        );
    }

    fn lines(before: &[u8], after: &[u8]) -> Vec<String> {
        diff(before, after).into_iter().map(|(_, line)| line).collect()
    }

    #[test]
    fn lines_that_differ_are_shown_with_their_numbers() {
        assert_eq!(lines(b"a\nb\nc\n", b"a\nB\nC\n"), ["   2 - b", "   2 + B", "   3 - c", "   3 + C"]);
        assert_eq!(lines(b"a\nb\nc\nd\n", b"a\nx\ny\nc\nd\n"), ["   2 - b", "   2 + x", "   3 + y"]);
        assert_eq!(lines(b"a\n", b"a\n"), [""; 0]);
        let (sjis, utf8) = (encoding_rs::SHIFT_JIS.encode("表の題\n").0, "表の題\n");
        assert_eq!(lines(&sjis, utf8.as_bytes()), [""; 0], "the text is the same");
    }

    #[test]
    fn fixes_past_the_end_are_refused() {
        assert_eq!(plan(&[finding(5, 9, "x")])[0].apply(b"0123"), None);
    }
}
