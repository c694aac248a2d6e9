//! Characters that no font has, and nothing readable stands for. A PDF with one of them is a riddle on paper and an error to
//! a screen reader, so it is not made: each is found in the document, before anything is set.

use super::findings;
use super::press::{Press, Shown};
use super::readable::{instead, is_usual, unusual};
use crate::diagnostic::Diagnostic;
use crate::prepared::Prepared;
use crate::text::place::{FileId, Place};
use crate::text::span::Span;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Looks through the texts of files; one finding for each character of a file, at the first of its places.
pub fn check(prepared: &Prepared, press: &Press, files: &[FileId]) -> Vec<Diagnostic> {
    let found = files.par_iter().map(|file| {
        let text = prepared.sources.text_lossy(*file);
        let path = prepared.sources.path(*file);
        missing(&text, path.ends_with(".md"), press)
            .into_iter()
            .map(|(letter, (span, more))| findings::missing_glyph(Place::new(*file, span), letter, more))
            .collect::<Vec<_>>()
    });
    found.flatten_iter().collect()
}

/// Letters of a document, with their marks and selectors, that would be shown and cannot be: the first place, and how
/// many more there are.
fn missing<'t>(text: &'t str, is_document: bool, press: &Press) -> BTreeMap<&'t str, (Span, usize)> {
    let mut found: BTreeMap<&'t str, (Span, usize)> = BTreeMap::new();
    // Most documents need not be looked at closely.
    if is_usual(text, press) {
        return found;
    }
    let mut see = |at: usize, part: &'t str| {
        unusual(part, press, |offset, letter, shown| {
            if matches!(shown, Shown::In(_)) || instead(letter, press).is_some() {
                return;
            }
            let start = at + offset;
            let entry = found.entry(letter).or_insert((Span::new(start, start + letter.len()), 0));
            if entry.0.start as usize != start {
                entry.1 += 1;
            }
        });
    };
    let body_start = if is_document { body_start(text) } else { text.len() };
    let mut at = 0;
    for line in text[..body_start].split_inclusive('\n') {
        see(at, &line[..comment_start(line)]);
        at += line.len();
    }
    let mut rest = &text[body_start..];
    let mut at = body_start;
    while !rest.is_empty() {
        // Editors' notes are not shown.
        let shown = rest.find("<!--").unwrap_or(rest.len());
        see(at, &rest[..shown]);
        let end = rest[shown..].find("-->").map_or(rest.len(), |end| shown + end + 3);
        at += end;
        rest = &rest[end..];
    }
    found
}

/// Where the front matter of a document ends.
fn body_start(text: &str) -> usize {
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    if !text[start..].starts_with("---") {
        return start;
    }
    let mut at = start;
    for (index, line) in text[start..].split_inclusive('\n').enumerate() {
        at += line.len();
        if index > 0 && line.trim_end() == "---" {
            return at;
        }
    }
    text.len()
}

/// Where the comment of a line of YAML starts: at a `#` outside quotes with a space or nothing before it.
fn comment_start(line: &str) -> usize {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') if before.is_whitespace() || "[{,:".contains(before) => quote = Some(c),
            (None, '#') if before.is_whitespace() => return at,
            _ => {}
        }
        before = c;
    }
    line.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_not_shown() {
        assert_eq!(comment_start("a: b # c"), 5);
        assert_eq!(comment_start("a: \"b # c\" # d"), 11);
        assert_eq!(comment_start("a: b#c"), 6);
        assert_eq!(comment_start("# a"), 0);
        assert_eq!(comment_start("a: it's # b"), 8);
    }

    #[test]
    fn front_matter_ends_at_its_fence() {
        assert_eq!(&"---\na: b\n---\nx"[body_start("---\na: b\n---\nx")..], "x");
        assert_eq!(body_start("x"), 0);
    }
}
