//! YAML with places: a text to a tree in which every key and value knows its bytes, and a reader that takes typed
//! fields out of it and reports *everything* that is wrong, not only the first.
//!
//! One strict parser for good and for faulty documents, so that they cannot disagree (measured: a located tree costs
//! less than a typed parse without places, docs/decisions.md). Anchors and aliases are refused: no author of a goal
//! needs them, and they are what alias bombs are made of. Scalars stay text: `3.10` is not a float here, `はい` is not
//! a boolean, `2026-06-25` is not a timestamp until a field says so.

mod cause;
mod conflict;
pub mod field_findings;
mod fields;
pub mod findings;
mod fold;
mod read;

use crate::diagnostic::Diagnostic;
use crate::fields::{Form, Vocabulary};
use crate::text::place::{FileId, Place};
use crate::text::span::Span;
pub use fields::{
    Fields, Given, NameOrFields, all_shown, choose, date, entries, figure, is_blank, name, no_list, text,
};
pub use read::{parse, utf8};
use std::borrow::Cow;

/// Front matter larger than this (bytes) is refused before parsing.
pub const LARGEST: usize = 64 * 1024;

/// A broken text with more entries than an author writes is not read entry by entry: each is compared with the others.
const MOST_ENTRIES: usize = 200;
/// Lists and maps nested deeper than this are refused.
pub const DEEPEST: usize = 16;

/// A value and where it stands in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'t> {
    /// The value.
    pub value: Value<'t>,
    /// Its bytes in the file.
    pub at: Span,
}

/// What a YAML value can be here.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'t> {
    /// Nothing written, `~` or `null`.
    Null,
    /// Text, as written.
    Text(Cow<'t, str>),
    /// `[a, b]` or lines of `- a`.
    List(Vec<Node<'t>>),
    /// `key: value`, in the order written.
    Map(Vec<(Node<'t>, Node<'t>)>),
    /// What could not be read, with the finding that says why: the lines of an entry, its key included.
    Broken(&'t str),
}

impl<'t> Node<'t> {
    /// The lines that could not be read.
    fn broken(&self) -> Option<&'t str> {
        match self.value {
            Value::Broken(lines) => Some(lines),
            _ => None,
        }
    }

    /// The names of the entries of a map that could not be read; no name where one's lines took others with them.
    pub fn broken_keys(&self) -> impl Iterator<Item = &str> {
        let entries = if let Value::Map(entries) = &self.value { &entries[..] } else { &[] };
        let is_inner = |line: &str| line.is_empty() || line.starts_with([' ', '\t', '\r', '#', '-']);
        entries.iter().filter_map(move |(key, node)| match (node.broken()?, &key.value) {
            (lines, Value::Text(name)) if lines.split('\n').skip(1).all(is_inner) => Some(&**name),
            _ => Some(""),
        })
    }

    /// The text, where it is written as it reads: without quotes and in one line. Only in it has a byte of the text a place
    /// in the file.
    fn verbatim(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) if text.len() == (self.at.end - self.at.start) as usize => Some(text),
            _ => None,
        }
    }

    fn is_broken(&self) -> bool {
        self.broken().is_some()
    }
}

/// Findings of one file, while it is being read.
#[derive(Debug)]
pub struct Scribe {
    /// The file.
    pub file: FileId,
    /// The keys that files of this kind have.
    pub vocabulary: Vocabulary,
    /// What was found so far.
    pub findings: Vec<Diagnostic>,
    /// Values that readers of the site will read as text, as written.
    pub read: Vec<Span>,
    /// Values that pages show and that hold signs which may mean more than they are.
    pub signs: Vec<Shown>,
    /// Values and the comments behind them that may be their end. Whether they are, the field knows.
    cut: Vec<Cut>,
    /// Whether a part of the file could not be read, so that what seems to be missing may be in it.
    pub is_partial: bool,
}

/// A value that pages show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// As written, with the marks around it.
    pub at: Span,
    /// Where.
    pub form: Form,
}

/// `見学会 #2`: YAML takes `#2` for a comment.
#[derive(Debug)]
struct Cut {
    value: Span,
    comment: Span,
    /// The value and the comment, as written.
    written: String,
    /// Whether the value has no quotes.
    is_plain: bool,
}

impl Scribe {
    /// Starts with nothing found.
    pub fn new(file: FileId, vocabulary: Vocabulary) -> Self {
        Self {
            file,
            vocabulary,
            findings: Vec::new(),
            read: Vec::new(),
            signs: Vec::new(),
            cut: Vec::new(),
            is_partial: false,
        }
    }

    /// A place in the file.
    pub fn place(&self, at: Span) -> Place {
        Place::new(self.file, at)
    }

    /// Notes a finding.
    pub fn note(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    /// Reports that the end of the text at `at` is taken for a comment.
    pub fn keep_whole(&mut self, at: Span) {
        // Almost always there is nothing to look through.
        if let Some(cut) = self.cut.iter().find(|cut| cut.value == at) {
            let (comment, value) = (self.place(cut.comment), self.place(cut.value));
            let finding = findings::lost_text(comment, value, &cut.written, cut.is_plain);
            self.note(finding);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read::{ByteOffsets, parse};
    use super::*;

    fn tree(text: &str) -> (Option<Node<'_>>, Vec<Diagnostic>) {
        let mut scribe = Scribe::new(FileId(0), Vocabulary::ANY);
        let node = parse(text, 0, &mut scribe);
        (node, scribe.findings)
    }

    #[test]
    fn every_value_knows_its_bytes() {
        let text = "題名: 自治基本条例\nactions:\n  - { text: \"開く\", 目標値: 3.10 }\n";
        let (node, findings) = tree(text);
        assert!(findings.is_empty());
        let Value::Map(entries) = node.unwrap().value else { panic!("a map") };
        assert_eq!(entries[0].0.at.slice(text), "題名");
        assert_eq!(entries[0].1.at.slice(text), "自治基本条例");
        let Value::List(items) = &entries[1].1.value else { panic!("a list") };
        assert_eq!(items[0].at.slice(text), "{ text: \"開く\", 目標値: 3.10 }");
        let Value::Map(action) = &items[0].value else { panic!("a map") };
        assert_eq!(action[0].1.at.slice(text), "\"開く\"");
        assert_eq!(action[1].1.value, Value::Text("3.10".into()));
    }

    #[test]
    fn characters_are_counted_forwards_and_backwards() {
        let text = "題a名: 𠮷\n";
        let offsets = ByteOffsets::new(text);
        let whole: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len(), text.len()]).collect();
        for index in [0, 3, 1, 6, 5, 8, 2, 7, 0, 8, 4] {
            assert_eq!(offsets.at(index), whole[index], "{index}");
        }
    }

    #[test]
    fn hostile_texts_are_refused_quickly() {
        let nested = "[".repeat(20_000);
        assert_eq!(tree(&nested).1.len(), 1);
        assert_eq!(tree("a: &x [1]\nb: *x\n").1.len(), 1);
        assert_eq!(tree(&"a".repeat(LARGEST + 1)).1.len(), 1);
        // Broken in so many places that it is read no further; each entry is compared with those behind it.
        for entry in ["k: \"\n", "k: [\n", "k: {\n"] {
            assert_eq!(tree(&entry.repeat(10_000)).1.len(), 1);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_a_tree_or_a_finding(text in "[-a-z:\\[\\]{}\"'#&*!|> \n\t題１：、]{0,60}") {
            let (node, findings) = tree(&text);
            for finding in findings {
                proptest::prop_assert!(text.is_char_boundary(finding.place.span.start as usize));
                proptest::prop_assert!(text.is_char_boundary(finding.place.span.end as usize));
            }
            fn walk(node: &Node<'_>, text: &str) -> bool {
                let here = text.get(node.at.start as usize..node.at.end as usize).is_some();
                here && match &node.value {
                    Value::List(items) => items.iter().all(|item| walk(item, text)),
                    Value::Map(entries) => entries.iter().all(|(k, v)| walk(k, text) && walk(v, text)),
                    _ => true,
                }
            }
            if let Some(node) = node {
                proptest::prop_assert!(walk(&node, &text));
            }
        }
    }
}
