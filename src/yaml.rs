//! YAML with places: a text to a tree in which every key and value knows its bytes, and a reader that takes typed
//! fields out of it and reports *everything* that is wrong, not only the first.
//!
//! One strict parser for good and for faulty documents, so that they cannot disagree (measured: a located tree costs
//! less than a typed parse without places, docs/decisions.md). Anchors and aliases are refused: no author of a goal
//! needs them, and they are what alias bombs are made of. Scalars stay text: `3.10` is not a float here, `はい` is not
//! a boolean, `2026-06-25` is not a timestamp until a field says so.

use crate::calendar::{Date, FiscalYear, parse_date};
use crate::diagnostic::{Diagnostic, FileId, Place, catalog};
use crate::figure::Figure;
use crate::span::{Span, Spanned};
use saphyr_parser::{Event, Parser, ScalarStyle};
use std::borrow::Cow;

/// Front matter larger than this (bytes) is refused before parsing.
pub const LARGEST: usize = 64 * 1024;
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
}

/// Findings of one file, while it is being read.
#[derive(Debug)]
pub struct Scribe {
    /// The file.
    pub file: FileId,
    /// What was found so far.
    pub findings: Vec<Diagnostic>,
}

impl Scribe {
    /// Starts with nothing found.
    pub fn new(file: FileId) -> Self {
        Self { file, findings: Vec::new() }
    }

    /// A place in the file.
    pub fn place(&self, at: Span) -> Place {
        Place::new(self.file, at)
    }

    /// Notes a finding.
    pub fn note(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }
}

/// Parses `text`, which starts `offset` bytes into the file. `None` when it is no YAML at all; the scribe knows why.
pub fn parse<'t>(text: &'t str, offset: usize, scribe: &mut Scribe) -> Option<Node<'t>> {
    if text.len() > LARGEST {
        scribe.note(catalog::too_large(scribe.place(Span::new(offset, offset)), text.len(), LARGEST));
        return None;
    }
    let bytes = ByteOffsets::new(text);
    let span = |marks: saphyr_parser::Span| {
        let (start, end) = (bytes.at(marks.start.index()), bytes.at(marks.end.index()));
        trimmed(text, start, end).shifted(offset)
    };
    enum Open<'t> {
        List(Vec<Node<'t>>, usize),
        Map(Vec<(Node<'t>, Node<'t>)>, Option<Node<'t>>, usize),
    }
    let mut stack: Vec<Open<'t>> = Vec::new();
    let mut root = None;
    for event in Parser::new_from_str(text) {
        let (event, marks) = match event {
            Ok(event) => event,
            Err(error) => {
                let at = cause(text, bytes.at(error.marker().index()));
                let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
                let place = scribe.place(Span::new(at, end).shifted(offset));
                scribe.note(catalog::yaml_syntax(place, text, at, error.info()));
                return None;
            }
        };
        let node = match event {
            Event::Scalar(value, style, ..) => {
                let plain = style == ScalarStyle::Plain;
                let null = plain && matches!(&*value, "" | "~" | "null" | "Null" | "NULL");
                let value = if null { Value::Null } else { Value::Text(value) };
                Node { value, at: span(marks) }
            }
            Event::Alias(_) => {
                scribe.note(catalog::yaml_alias(scribe.place(span(marks))));
                return None;
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                let start = bytes.at(marks.start.index());
                if stack.len() >= DEEPEST {
                    scribe.note(catalog::too_deep(scribe.place(Span::new(start, start).shifted(offset)), DEEPEST));
                    return None;
                }
                stack.push(match event {
                    Event::SequenceStart(..) => Open::List(Vec::new(), start),
                    _ => Open::Map(Vec::new(), None, start),
                });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let end = bytes.at(marks.end.index());
                match stack.pop() {
                    Some(Open::List(items, start)) => {
                        Node { value: Value::List(items), at: trimmed(text, start, end).shifted(offset) }
                    }
                    Some(Open::Map(entries, _, start)) => {
                        Node { value: Value::Map(entries), at: trimmed(text, start, end).shifted(offset) }
                    }
                    None => continue,
                }
            }
            Event::DocumentStart(_) if root.is_some() => {
                scribe.note(catalog::yaml_second_document(scribe.place(span(marks))));
                return root;
            }
            _ => continue,
        };
        match stack.last_mut() {
            Some(Open::List(items, _)) => items.push(node),
            Some(Open::Map(entries, key, _)) => match key.take() {
                None => *key = Some(node),
                Some(key) => entries.push((key, node)),
            },
            None => root = Some(node),
        }
    }
    root
}

/// Where the cause of a syntax error is, when the parser complains elsewhere: a tab in the indentation is noticed a line
/// too early, a full-width colon a line too late.
fn cause(text: &str, at: usize) -> usize {
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let here = line_start(at);
    let mut start = here;
    for line in text[here..].split_inclusive('\n').take(2) {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line[..indent].find('\t') {
            return start + tab;
        }
        start += line.len();
    }
    for start in [here, line_start(here.saturating_sub(1))] {
        let line = text[start..].lines().next().unwrap_or("");
        if let Some(colon) = line.find('：').filter(|_| !line.contains(':')) {
            return start + colon;
        }
    }
    at
}

/// A span without the white space that block scalars and collections drag along at their end.
fn trimmed(text: &str, start: usize, end: usize) -> Span {
    let part = text.get(start..end.max(start)).unwrap_or("");
    Span::new(start, start + part.trim_end().len())
}

/// Character index to byte offset: the parser counts characters, Japanese has three bytes each.
struct ByteOffsets<'t> {
    text: &'t str,
    every: Vec<u32>,
}

impl<'t> ByteOffsets<'t> {
    const STEP: usize = 64;

    fn new(text: &'t str) -> Self {
        let every = text.char_indices().step_by(Self::STEP).map(|(at, _)| at as u32).collect();
        Self { text, every }
    }

    fn at(&self, index: usize) -> usize {
        let Some(&near) = self.every.get(index / Self::STEP) else { return self.text.len() };
        let near = near as usize;
        self.text[near..].char_indices().nth(index % Self::STEP).map_or(self.text.len(), |(at, _)| near + at)
    }
}

/// The name of a field: one in English, one in Japanese; both mean the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The name in English.
    pub en: &'static str,
    /// The name in Japanese.
    pub ja: &'static str,
}

impl Key {
    /// A field called `en`, or `ja`.
    pub const fn new(en: &'static str, ja: &'static str) -> Self {
        Self { en, ja }
    }
}

/// The entries of a map, taken out field by field; what is left at the end is unknown.
pub struct Fields<'n, 't> {
    entries: &'n [(Node<'t>, Node<'t>)],
    taken: Vec<bool>,
    asked: Vec<Key>,
    absent: Vec<Key>,
    at: Span,
}

impl<'n, 't> Fields<'n, 't> {
    /// Opens a map. `None`, with a finding, when `node` is something else; nothing at all is an empty map.
    pub fn open(node: &'n Node<'t>, scribe: &mut Scribe) -> Option<Self> {
        let entries: &[(Node<'t>, Node<'t>)] = match &node.value {
            Value::Map(entries) => entries,
            Value::Null => &[],
            _ => {
                scribe.note(catalog::expected_map(scribe.place(node.at)));
                return None;
            }
        };
        Some(Self {
            entries,
            taken: vec![false; entries.len()],
            asked: Vec::with_capacity(12),
            absent: Vec::new(),
            at: node.at,
        })
    }

    /// Where the whole map stands.
    pub fn at(&self) -> Span {
        self.at
    }

    /// Takes a field; a second spelling of the same field is a finding.
    pub fn take(&mut self, key: Key, scribe: &mut Scribe) -> Option<&'n Node<'t>> {
        self.asked.push(key);
        let mut found: Option<(&'n Node<'t>, &'n Node<'t>)> = None;
        for (index, (name, node)) in self.entries.iter().enumerate() {
            let Value::Text(text) = &name.value else { continue };
            if text != key.en && text != key.ja {
                continue;
            }
            self.taken[index] = true;
            match found {
                None => found = Some((name, node)),
                Some((first, _)) => {
                    scribe.note(catalog::duplicate_key(scribe.place(name.at), text, scribe.place(first.at)));
                }
            }
        }
        found.map(|(_, node)| node)
    }

    /// Takes a field whose name the city chose (a column): by its key or its label.
    pub fn take_named(&mut self, names: [&str; 2]) -> Option<&'n Node<'t>> {
        let mut found = None;
        for (index, (name, node)) in self.entries.iter().enumerate() {
            if matches!(&name.value, Value::Text(text) if names.contains(&&**text)) && !self.taken[index] {
                self.taken[index] = true;
                found = found.or(Some(node));
            }
        }
        found
    }

    /// Takes every entry that is left, whatever its name.
    pub fn take_rest(&mut self) -> Vec<(&'n Node<'t>, &'n Node<'t>)> {
        let rest = self.entries.iter().zip(&self.taken).filter(|(_, taken)| !**taken).map(|((k, v), _)| (k, v));
        let rest = rest.collect();
        self.taken.fill(true);
        rest
    }

    /// Notes a field that must be there and is not; reported by [`Fields::finish`], unless a misspelt key explains it.
    pub fn missing(&mut self, key: Key) {
        self.absent.push(key);
    }

    /// Reports every entry nobody asked for, with the nearest known name. `more` are the city's own names.
    pub fn finish(mut self, more: &[&str], scribe: &mut Scribe) {
        for ((name, _), taken) in self.entries.iter().zip(&self.taken) {
            if *taken {
                continue;
            }
            match &name.value {
                Value::Text(text) => {
                    let known = self.asked.iter().flat_map(|key| [key.en, key.ja]).chain(more.iter().copied());
                    if let Some(near) = catalog::nearest(text, known.clone()) {
                        self.absent.retain(|key| key.en != near && key.ja != near);
                    }
                    scribe.note(catalog::unknown_key(scribe.place(name.at), text, known));
                }
                _ => scribe.note(catalog::unknown_key(scribe.place(name.at), "", std::iter::empty())),
            }
        }
        let start = Span::new(self.at.start as usize, self.at.start as usize);
        for key in self.absent {
            scribe.note(catalog::missing_field(scribe.place(start), key));
        }
    }

    /// Text; nothing written counts as absent.
    pub fn text(&mut self, key: Key, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
        let node = self.take(key, scribe)?;
        text(node, scribe)
    }

    /// Text that must be there.
    pub fn required_text(&mut self, key: Key, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
        match self.take(key, scribe) {
            None => {
                self.missing(key);
                None
            }
            Some(Node { value: Value::Null, at }) => {
                scribe.note(catalog::empty_field(scribe.place(*at), key));
                None
            }
            Some(node) => text(node, scribe),
        }
    }

    /// A list of texts; a single text is a list of one.
    pub fn texts(&mut self, key: Key, scribe: &mut Scribe) -> Vec<Spanned<Box<str>>> {
        self.take(key, scribe).map(|node| texts(node, scribe)).unwrap_or_default()
    }

    /// The nodes of a list; a single value is a finding.
    pub fn list(&mut self, key: Key, scribe: &mut Scribe) -> Option<&'n [Node<'t>]> {
        let node = self.take(key, scribe)?;
        match &node.value {
            Value::List(items) => Some(items),
            Value::Null => Some(&[]),
            _ => {
                scribe.note(catalog::expected_list(scribe.place(node.at), key));
                None
            }
        }
    }

    /// A date.
    pub fn date(&mut self, key: Key, scribe: &mut Scribe) -> Option<Date> {
        let text = self.text(key, scribe)?;
        let date = parse_date(&text.value);
        if date.is_none() {
            scribe.note(catalog::bad_date(scribe.place(text.at), &text.value));
        }
        date
    }

    /// A decimal figure.
    pub fn figure(&mut self, key: Key, scribe: &mut Scribe) -> Option<Figure> {
        let text = self.text(key, scribe)?;
        let figure = Figure::parse(&text.value);
        if figure.is_none() {
            scribe.note(catalog::bad_figure(scribe.place(text.at), &text.value));
        }
        figure
    }

    /// A whole number in a range.
    pub fn number(&mut self, key: Key, range: std::ops::RangeInclusive<i64>, scribe: &mut Scribe) -> Option<i64> {
        let text = self.text(key, scribe)?;
        let number = text.value.parse::<i64>().ok().filter(|number| range.contains(number));
        if number.is_none() {
            scribe.note(catalog::bad_number(scribe.place(text.at), &text.value, *range.start(), *range.end()));
        }
        number
    }

    /// Yes or no; absent is no.
    pub fn flag(&mut self, key: Key, scribe: &mut Scribe) -> bool {
        let Some(text) = self.text(key, scribe) else { return false };
        match &*text.value {
            "true" | "yes" | "はい" => true,
            "false" | "no" | "いいえ" => false,
            other => {
                scribe.note(catalog::bad_choice(scribe.place(text.at), other, &["true", "false", "はい", "いいえ"]));
                false
            }
        }
    }

    /// One of several words, each in English and Japanese.
    pub fn choice<T: Copy>(&mut self, key: Key, choices: &[(&str, &str, T)], scribe: &mut Scribe) -> Option<T> {
        let text = self.text(key, scribe)?;
        choose(&text, choices, scribe)
    }

    /// The years in which something holds: `[2013, 2015]`, or `[2016]` for "from 2016 on".
    pub fn years(&mut self, key: Key, scribe: &mut Scribe) -> Option<Years> {
        let node = self.take(key, scribe)?;
        let texts = texts(node, scribe);
        let mut years = Vec::new();
        for text in &texts {
            match FiscalYear::parse(&text.value) {
                Some(year) => years.push(year),
                None => scribe.note(catalog::bad_year(scribe.place(text.at), &text.value)),
            }
        }
        if years.len() != texts.len() {
            return None;
        }
        match years[..] {
            [from] => Some(Years { from, to: None }),
            [from, to] if from <= to => Some(Years { from, to: Some(to) }),
            _ => {
                scribe.note(catalog::bad_years(scribe.place(node.at)));
                None
            }
        }
    }
}

/// The meaning of one of several words, each in English and Japanese.
pub fn choose<T: Copy>(text: &Spanned<Box<str>>, choices: &[(&str, &str, T)], scribe: &mut Scribe) -> Option<T> {
    let found = choices.iter().find(|(en, ja, _)| *text.value == **en || *text.value == **ja);
    if found.is_none() {
        let known: Vec<&str> = choices.iter().flat_map(|(en, ja, _)| [*en, *ja]).collect();
        scribe.note(catalog::bad_choice(scribe.place(text.at), &text.value, &known));
    }
    found.map(|(_, _, value)| *value)
}

/// The text of a node; a list or map is a finding, nothing written is `None`.
pub fn text(node: &Node<'_>, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
    match &node.value {
        Value::Text(text) if text.trim().is_empty() => None,
        Value::Text(text) => Some(Spanned::new(text.trim().into(), node.at)),
        Value::Null => None,
        _ => {
            scribe.note(catalog::expected_text(scribe.place(node.at)));
            None
        }
    }
}

/// The texts of a list; a single text is a list of one.
pub fn texts(node: &Node<'_>, scribe: &mut Scribe) -> Vec<Spanned<Box<str>>> {
    match &node.value {
        Value::List(items) => items.iter().filter_map(|item| text(item, scribe)).collect(),
        _ => text(node, scribe).into_iter().collect(),
    }
}

/// The fiscal years in which something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Years {
    /// The first year.
    pub from: FiscalYear,
    /// The last year; `None` while it still holds.
    pub to: Option<FiscalYear>,
}

impl Years {
    /// Whether it holds in `year`.
    pub fn contains(&self, year: FiscalYear) -> bool {
        self.from <= year && self.to.is_none_or(|to| year <= to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> (Option<Node<'_>>, Vec<Diagnostic>) {
        let mut scribe = Scribe::new(FileId(0));
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
    fn hostile_texts_are_refused_quickly() {
        let nested = "[".repeat(20_000);
        assert_eq!(tree(&nested).1.len(), 1);
        assert_eq!(tree("a: &x [1]\nb: *x\n").1.len(), 1);
        assert_eq!(tree(&"a".repeat(LARGEST + 1)).1.len(), 1);
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
