//! Characters that no font has. A PDF with one of them is a riddle on paper and an error to a screen reader, so it is
//! not made: each is found in the document, before anything is set.

use super::findings;
use super::press::Press;
use crate::diagnostic::Diagnostic;
use crate::prepared::Prepared;
use crate::text::place::{FileId, Place};
use crate::text::span::Span;
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

/// Looks through the texts of files; one finding for each character of a file, at the first of its places.
pub fn check(prepared: &Prepared, press: &Press, files: &[FileId]) -> Vec<Diagnostic> {
    let found = files.par_iter().map(|file| {
        let text = prepared.sources.text_lossy(*file);
        let path = prepared.sources.path(*file);
        missing(&text, path.ends_with(".md"), press)
            .into_iter()
            .map(|(c, (span, more))| findings::missing_glyph(Place::new(*file, span), c, more))
            .collect::<Vec<_>>()
    });
    found.flatten_iter().collect()
}

/// Characters of a document that would be shown and cannot be: the first place, and how many more there are.
fn missing(text: &str, is_document: bool, press: &Press) -> BTreeMap<char, (Span, usize)> {
    let mut found: BTreeMap<char, (Span, usize)> = BTreeMap::new();
    // Most documents have none, and need not be looked at closely.
    if text.chars().all(|c| press.covers(c)) {
        return found;
    }
    let body_start = if is_document { body_start(text) } else { text.len() };
    let mut see = |at: usize, c: char| {
        let entry = found.entry(c).or_insert((Span::new(at, at + c.len_utf8()), 0));
        if entry.0.start as usize != at {
            entry.1 += 1;
        }
    };
    let mut at = 0;
    for line in text[..body_start].split_inclusive('\n') {
        for (offset, c) in line[..comment_start(line)].char_indices().filter(|(_, c)| !press.covers(*c)) {
            see(at + offset, c);
        }
        at += line.len();
    }
    let mut rest = &text[body_start..];
    let mut at = body_start;
    while !rest.is_empty() {
        // Editors' notes are not shown.
        let shown = rest.find("<!--").unwrap_or(rest.len());
        for (offset, c) in rest[..shown].char_indices().filter(|(_, c)| !press.covers(*c)) {
            see(at + offset, c);
        }
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

/// The first character among a booklet's own texts that no font has.
pub fn first_missing(values: &Value, press: &Press) -> Option<char> {
    match values {
        Value::String(text) => text.chars().find(|c| !press.covers(*c)),
        Value::Array(values) => values.iter().find_map(|value| first_missing(value, press)),
        Value::Object(fields) => fields
            .iter()
            .filter(|(key, _)| *key != "href" && *key != "words")
            .find_map(|(_, value)| first_missing(value, press)),
        _ => None,
    }
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
