//! YAML with places: a text to a tree in which every key and value knows its bytes, and a reader that takes typed
//! fields out of it and reports *everything* that is wrong, not only the first.
//!
//! One strict parser for good and for faulty documents, so that they cannot disagree (measured: a located tree costs
//! less than a typed parse without places, docs/decisions.md). Anchors and aliases are refused: no author of a goal
//! needs them, and they are what alias bombs are made of. Scalars stay text: `3.10` is not a float here, `はい` is not
//! a boolean, `2026-06-25` is not a timestamp until a field says so.

pub mod field_findings;
pub mod findings;

use crate::diagnostic::Diagnostic;
use crate::text::place::{FileId, Place};
use crate::text::span::{Span, Spanned};
use crate::text::{encoding, nearest};
use crate::value::calendar::{Date, FiscalYear, Years, parse_date};
use crate::value::figure::Figure;
use saphyr_parser::{Event, Parser, ScalarStyle};
use std::borrow::Cow;
use std::cell::Cell;

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

    fn is_broken(&self) -> bool {
        self.broken().is_some()
    }
}

/// Findings of one file, while it is being read.
#[derive(Debug)]
pub struct Scribe {
    /// The file.
    pub file: FileId,
    /// What was found so far.
    pub findings: Vec<Diagnostic>,
    /// Values that readers of the site will read as text, as written.
    pub read: Vec<Span>,
    /// Values and the comments behind them that may be their end. Whether they are, the field knows.
    cut: Vec<Cut>,
    /// Whether a part of the file could not be read, so that what seems to be missing may be in it.
    pub is_partial: bool,
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
    pub fn new(file: FileId) -> Self {
        Self { file, findings: Vec::new(), read: Vec::new(), cut: Vec::new(), is_partial: false }
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

/// The text of a file, without any other encoding; a finding says which encoding it is in instead.
pub fn utf8<'b>(bytes: &'b [u8], scribe: &mut Scribe) -> Option<&'b str> {
    // Many bytes at a time; only where that fails it matters where.
    let text = simdutf8::basic::from_utf8(bytes).or_else(|_| std::str::from_utf8(bytes));
    // UTF-16 without a mark and ISO-2022-JP are valid UTF-8 as well, but full of control characters.
    // Without early exit, so that it takes many bytes at a time.
    let is_plain = !bytes.iter().fold(false, |found, byte| found | (*byte == 0) | (*byte == 0x1B));
    let start = match &text {
        Ok(text) if is_plain => return Some(text),
        Ok(text) => text.find(['\0', '\u{1b}']).unwrap_or(0),
        Err(error) => error.valid_up_to(),
    };
    match encoding::recognise(bytes) {
        Some((encoding, decoded)) => {
            scribe.note(findings::other_encoding(scribe.file, encoding, bytes.len(), &decoded));
            None
        }
        None => match text {
            // A single control character in a UTF-8 text: told by the checks of the text.
            Ok(text) if !text.contains('\0') => Some(text),
            _ => {
                let line = 1 + bytes[..start].iter().filter(|byte| **byte == b'\n').count();
                let place = scribe.place(Span::new(start, start));
                scribe.note(findings::not_utf8(place, line, start > 0 && !bytes[..start].is_ascii()));
                None
            }
        },
    }
}

/// Parses `text`, which starts `offset` bytes into the file. What is no YAML is left out, and the scribe knows why: a
/// broken entry of the outermost map does not hide the others. `None` when nothing could be read.
pub fn parse<'t>(text: &'t str, offset: usize, scribe: &mut Scribe) -> Option<Node<'t>> {
    if text.len() > LARGEST {
        scribe.is_partial = true;
        scribe.note(findings::too_large(scribe.place(Span::new(offset, offset)), text.len(), LARGEST));
        return None;
    }
    match tree(text, offset, scribe) {
        Ok(root) => root,
        Err(Refusal::Whole(finding)) => {
            scribe.is_partial = true;
            scribe.note(*finding);
            None
        }
        Err(Refusal::Entry(finding)) => {
            scribe.is_partial = true;
            scribe.cut.clear();
            recover(text, offset, *finding, scribe)
        }
    }
}

/// Why a text gives no tree.
enum Refusal {
    /// A slip in one entry: the others can be read.
    Entry(Box<Diagnostic>),
    /// No text of an author: nothing more is read.
    Whole(Box<Diagnostic>),
}

/// The tree of a text without mistakes of form, or the first mistake.
fn tree<'t>(text: &'t str, offset: usize, scribe: &mut Scribe) -> Result<Option<Node<'t>>, Refusal> {
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
                let (at, cause) = cause(text, bytes.at(error.marker().index()));
                let place = scribe.place(at.shifted(offset));
                let finding = match cause {
                    Cause::ColonInValue => findings::colon_in_value(place, key_before(text, at), at.slice(text)),
                    cause => findings::yaml_syntax(place, cause, at.slice(text), error.info()),
                };
                return Err(Refusal::Entry(finding.into()));
            }
        };
        let node = match event {
            Event::Scalar(value, style, anchor, tag) => {
                // `title: !重要` and `title: &案` would be a label of an empty value: what was written would be lost.
                if anchor != 0 || tag.is_some() {
                    let start = marked_start(text, bytes.at(marks.start.index()));
                    let end = text[start..].lines().next().map_or(start, |line| start + line.trim_end().len());
                    let at = Span::new(start, end);
                    let place = scribe.place(at.shifted(offset));
                    return Err(Refusal::Entry(
                        findings::yaml_syntax(place, Cause::Reserved, at.slice(text), "").into(),
                    ));
                }
                let plain = style == ScalarStyle::Plain;
                let null = plain && matches!(&*value, "" | "~" | "null" | "Null" | "NULL");
                let value = if null { Value::Null } else { Value::Text(value) };
                let mut at = span(marks);
                if !plain {
                    // The parser counts a comment behind a quoted value to the value.
                    let start = at.start as usize - offset;
                    let line = text[start..].lines().next().unwrap_or("");
                    let quote = line.chars().next().filter(|c| matches!(c, '"' | '\''));
                    if let Some(end) = quote.and_then(|quote| quote_end(&line[1..], quote)) {
                        at = Span::new(start, start + 1 + end + 1).shifted(offset);
                    }
                }
                if !null && let Some(comment) = tight_comment(text, at.end as usize - offset) {
                    let comment = comment.shifted(offset);
                    let whole = Span::new(at.start as usize - offset, comment.end as usize - offset);
                    scribe.cut.push(Cut { value: at, comment, written: whole.slice(text).into(), is_plain: plain });
                }
                Node { value, at }
            }
            Event::Alias(_) => {
                return Err(Refusal::Entry(findings::yaml_alias(scribe.place(span(marks))).into()));
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                let start = bytes.at(marks.start.index());
                if stack.len() >= DEEPEST {
                    let place = scribe.place(Span::new(start, start).shifted(offset));
                    return Err(Refusal::Whole(findings::too_deep(place, DEEPEST).into()));
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
                scribe.note(findings::yaml_second_document(scribe.place(span(marks))));
                return Ok(root);
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
    Ok(root)
}

/// Reads the entries of the outermost map one by one, because the whole has a mistake of form, `first`. What may follow
/// from a broken entry is never told: lines that its open quotation mark or bracket takes with it belong to it.
fn recover<'t>(text: &'t str, offset: usize, first: Diagnostic, scribe: &mut Scribe) -> Option<Node<'t>> {
    let starts = entry_starts(text);
    if starts.len() > MOST_ENTRIES {
        scribe.note(first);
        return None;
    }
    let mut entries: Vec<(Node<'t>, Node<'t>)> = Vec::new();
    let mut broken: Vec<(Span, Option<Diagnostic>)> = Vec::new();
    let mut index = 0;
    while index < starts.len() {
        let start = starts[index];
        let end_of = |index: usize| starts.get(index + 1).copied().unwrap_or(text.len());
        let entry = &text[start..end_of(index)];
        let found = tree(entry, offset + start, scribe);
        match found {
            Ok(Some(Node { value: Value::Map(map), .. })) => entries.extend(map),
            // Comments and blank lines before the first entry.
            Ok(None | Some(Node { value: Value::Null, .. })) => {}
            other => {
                let finding = match other {
                    Err(Refusal::Entry(finding) | Refusal::Whole(finding)) => Some(*finding),
                    Ok(_) => line_cause(entry, offset + start, scribe),
                };
                // Lines that close what is open here are its continuation, written at the margin.
                let last = (index + 1..starts.len())
                    .find(|later| closes(entry, &text[starts[*later]..end_of(*later)]))
                    .unwrap_or(index);
                let lines = &text[start..end_of(last)];
                let at = Span::new(start, start + lines.trim_end().len()).shifted(offset);
                let key = entry.split([':', '：']).next().unwrap_or("");
                let key_at = Span::new(start, start + key.len()).shifted(offset);
                let key = Node { value: Value::Text(key.trim_end().into()), at: key_at };
                entries.push((key, Node { value: Value::Broken(lines), at }));
                broken.push((at, finding));
                index = last;
            }
        }
        index += 1;
    }
    // The parser that saw the whole text knows the cause better than one that saw an entry alone.
    let place = first.place.span;
    let seen = broken.iter().position(|(at, _)| at.start <= place.start && place.start <= at.end);
    let none_told = broken.iter().all(|(_, finding)| finding.is_none());
    // What comes before every broken entry does not follow from one.
    let is_own = none_told || broken.iter().all(|(at, _)| place.start < at.start);
    for (index, (_, finding)) in broken.into_iter().enumerate() {
        if seen != Some(index)
            && let Some(finding) = finding
        {
            scribe.note(finding);
        }
    }
    if seen.is_some() || is_own {
        scribe.note(first);
    }
    let start = starts.first().copied().unwrap_or(0);
    let at = Span::new(start, text.trim_end().len()).shifted(offset);
    // The entry with the mistake reads well alone: what it says is not what was meant.
    if seen.is_none() && is_own {
        for (key, value) in &mut entries {
            if key.at.start <= place.start && place.start <= value.at.end {
                value.value = Value::Broken("");
            }
        }
    }
    Some(Node { value: Value::Map(entries), at })
}

/// Where the entries of the outermost map start; what stands before the first one is an entry of its own.
fn entry_starts(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if is_entry(line) || start == 0 {
            starts.push(start);
        }
        start += line.len();
    }
    starts
}

/// Whether a line begins like an entry of the outermost map: `title: …`, `組織目標：…`, `title:…`.
fn is_entry(line: &str) -> bool {
    let Some((key, rest)) = line.split_once([':', '：']) else { return false };
    let key = key.trim_end_matches([' ', '\u{3000}']);
    let is_key = key.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && key.chars().count() <= 24
        && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '・' | '-'));
    is_key && !rest.starts_with("//")
}

/// What is wrong with an entry that is no map, by its first line alone.
fn line_cause(entry: &str, offset: usize, scribe: &Scribe) -> Option<Diagnostic> {
    let (at, cause) = cause(entry, 0);
    let is_certain = matches!(cause, Cause::WideColon | Cause::NoSpaceAfterColon);
    is_certain.then(|| findings::yaml_syntax(scribe.place(at.shifted(offset)), cause, at.slice(entry), ""))
}

/// Whether a later entry ends what a broken one leaves open: a quotation mark or a bracket.
fn closes(broken: &str, later: &str) -> bool {
    let Some((at, cause)) = open_mark(broken, broken.len()) else { return false };
    let mark = broken[at..].chars().next().unwrap_or(' ');
    let line = later.lines().next().unwrap_or("").trim_end();
    let value = line.split_once([':', '：']).map_or("", |(_, value)| value.trim_start());
    let end = match (cause, mark) {
        (Cause::UnclosedQuote, quote) => quote,
        (_, '[') => ']',
        (_, '{') => '}',
        _ => return false,
    };
    let count = |wanted: char| value.chars().filter(|c| *c == wanted).count();
    let is_open = match cause {
        Cause::UnclosedQuote => count(mark) % 2 == 1,
        _ => count(end) > count(mark),
    };
    is_open && !value.starts_with(mark) && line.trim_end_matches(',').ends_with(end)
}

/// A comment without a blank after its `#`, behind a value that ends at `end`: `見学会 #2`, but not `30 # 件数`.
fn tight_comment(text: &str, end: usize) -> Option<Span> {
    let gap = text.as_bytes()[end..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let rest = &text[end + gap..];
    if gap == 0 || !rest.starts_with('#') {
        return None;
    }
    let comment = rest.lines().next().unwrap_or("").trim_end();
    let words = &comment[1..];
    let is_comment = words.is_empty() || words.starts_with([' ', '\t', '\u{3000}', '#', '-', '=', '!']);
    (!is_comment && !words.starts_with("kohyo")).then(|| Span::new(end + gap, end + gap + comment.len()))
}

/// Where the label before a value starts, on the line of the value.
fn marked_start(text: &str, at: usize) -> usize {
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    text[line..].lines().next().and_then(|content| content.find(['!', '&'])).map_or(at, |mark| line + mark)
}

/// Why a text is no YAML, as its author would say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A tab in the indentation.
    Tab,
    /// A full-width blank in the indentation.
    WideIndent,
    /// `：` for `:`.
    WideColon,
    /// `title:目標`
    NoSpaceAfterColon,
    /// A quotation mark that is not closed on its line.
    UnclosedQuote,
    /// Text behind the closing quotation mark.
    AfterQuote,
    /// `[` or `{` that is not closed.
    UnclosedBracket,
    /// `］` or `｝` where the ASCII one was meant.
    WideBracket,
    /// A comment that swallowed the end of a `[` or `{`; the place is the comment.
    HiddenBracket,
    /// A second `: ` in a value without quotes; the place is the value.
    ColonInValue,
    /// A value that starts with a character that means something else in YAML.
    Reserved,
    /// `title = 目標`; the place is the sign and the blanks around it.
    Equals,
    /// `－ text: 開く`
    WideDash,
    /// `[x] text`; the place is the value.
    AfterBracket,
    /// `-text`
    NoSpaceAfterDash,
    /// A key that does not stand under the one above it; the place is the indentation.
    Indent,
    /// A dash that does not stand under the one above it; the place is the indentation.
    DashIndent,
    /// A line at the margin that is no entry; the place is the line.
    LooseLine,
    /// Something else.
    Other,
}

/// Where the cause of a syntax error is, when the parser complains at `at`: a tab in the indentation is noticed a line
/// too early, a full-width colon a line too late, an open quotation mark wherever the next one stands.
fn cause(text: &str, at: usize) -> (Span, Cause) {
    let one = |at: usize, cause: Cause| {
        let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
        (Span::new(at, end), cause)
    };
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let here = line_start(at);
    let mut start = here;
    for line in text[here..].split_inclusive('\n').take(2) {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line[..indent].find('\t') {
            return one(start + tab, Cause::Tab);
        }
        start += line.len();
    }
    // The line before the one where the parser gave up, blank lines not counted.
    let before = line_start(text[..here].trim_end().len());
    for start in [before, here] {
        let line = text[start..].lines().next().unwrap_or("");
        if let Some(colon) = line.find('：').filter(|_| !line.contains(':')) {
            return (colon_and_blanks(line, colon).shifted(start), Cause::WideColon);
        }
        if let Some(colon) = colon_without_space(line) {
            return (colon_and_blanks(line, colon).shifted(start), Cause::NoSpaceAfterColon);
        }
        if let Some(sign) = equals(line) {
            return (sign.shifted(start), Cause::Equals);
        }
        if line.trim_start_matches(' ').starts_with('\u{3000}') && !line.trim().is_empty() {
            return one(start + line.len() - line.trim_start_matches(' ').len(), Cause::WideIndent);
        }
    }
    match open_mark(text, at) {
        Some((at, Cause::HiddenBracket)) => {
            let comment = text[at..].lines().next().unwrap_or("").trim_end();
            return (Span::new(at, at + comment.len()), Cause::HiddenBracket);
        }
        Some((at, cause)) => return one(at, cause),
        None => {}
    }
    let line = text[here..].lines().next().unwrap_or("");
    if let Some(value) = value_start(line) {
        let content = line[value..].trim_end();
        let is_flow = content.starts_with(['[', '{', '"', '\'']);
        if content.starts_with(['@', '`', '%', '&', '*', '!', '|', '>']) {
            let content = content.split(" #").next().unwrap_or(content).trim_end();
            return (Span::new(here + value, here + value + content.len()), Cause::Reserved);
        }
        if let Some(close) = content.rfind(match content.chars().next() {
            Some('[') => ']',
            Some('{') => '}',
            _ => '\0',
        }) && !content[close + 1..].trim_start().is_empty()
            && !content[close + 1..].trim_start().starts_with(['#', ','])
        {
            return (Span::new(here + value, here + value + content.len()), Cause::AfterBracket);
        }
        if !is_flow && content.contains(": ") {
            return (Span::new(here + value, here + value + content.len()), Cause::ColonInValue);
        }
    }
    if let Some(own) = dash_column(line) {
        let above = text[..here].lines().rev().filter_map(dash_column).find(|above| above.abs_diff(own) <= 3);
        if own > 0 && above.is_some_and(|above| above != own) {
            return (Span::new(here, here + own), Cause::DashIndent);
        }
    }
    for start in [before, here] {
        let line = text[start..].lines().next().unwrap_or("").trim_end();
        let is_loose = line.starts_with(|c: char| c.is_alphanumeric()) && !line.contains([':', '：', '\t']);
        if is_loose && start > 0 {
            return (Span::new(start, start + line.len()), Cause::LooseLine);
        }
    }
    let (above, own) = (key_column(text[before..].lines().next().unwrap_or("")), key_column(line));
    if let (Some(above), Some(own)) = (above, own)
        && own > 0
        && own != above
        && own.abs_diff(above) <= 3
        && !line.trim_start().starts_with('-')
    {
        return (Span::new(here, here + own), Cause::Indent);
    }
    let content = line.trim();
    if content.contains('\t') {
        let start = here + line.len() - line.trim_start().len();
        return (Span::new(start, start + content.len()), Cause::Other);
    }
    one(at, Cause::Other)
}

/// The sign of a line such as `title = 目標`, with the blanks around it.
fn equals(line: &str) -> Option<Span> {
    let (key, value) = line.split_once(['=', '＝']).filter(|_| !line.contains([':', '：']))?;
    let (word, value_length) = (key.trim_end(), value.trim_start().len());
    let is_key =
        !word.is_empty() && word.chars().count() <= 24 && word.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_key.then(|| Span::new(word.len(), line.len() - value_length))
}

/// A colon that is none to YAML, with the blanks after it: one stands for all of them.
fn colon_and_blanks(line: &str, colon: usize) -> Span {
    let mut value = line[colon..].chars();
    value.next();
    Span::new(colon, line.len() - value.as_str().trim_start_matches([' ', '\u{3000}']).len())
}

/// Where the key of a line `  key: …` or `  - key: …` starts.
fn key_column(line: &str) -> Option<usize> {
    let content = line.trim_start_matches(' ');
    let content = content.strip_prefix("- ").unwrap_or(content).trim_start_matches(' ');
    content.contains(':').then_some(line.len() - content.len())
}

/// Where the dash of a line `  - …` stands.
fn dash_column(line: &str) -> Option<usize> {
    let content = line.trim_start_matches(' ');
    content.starts_with("- ").then_some(line.len() - content.len())
}

/// The colon of a line such as `title:目標`: a key, a colon, and no blank after it.
pub fn colon_without_space(line: &str) -> Option<usize> {
    let content = line.trim_start();
    let content = content.strip_prefix("- ").unwrap_or(content).trim_start();
    let (key, rest) = content.split_once(':')?;
    let is_key = !key.is_empty()
        && key.chars().count() <= 24
        && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '・'))
        && !key.chars().all(|c| c.is_numeric());
    let tight = !rest.is_empty() && !rest.starts_with([' ', '\t', '\r', '/']);
    (is_key && tight).then_some(line.len() - rest.len() - 1)
}

/// The key on the line of a value.
fn key_before(text: &str, value: Span) -> &str {
    let before = text[..value.start as usize].lines().next_back().unwrap_or("").trim();
    before.strip_prefix("- ").unwrap_or(before).trim_end_matches(':').trim()
}

/// Where the value of a line `key: value` or `- value` starts.
fn value_start(line: &str) -> Option<usize> {
    let content = line.trim_start();
    let from = line.len() - content.len();
    let start = match content.find(": ") {
        Some(colon) => from + colon + 2,
        None => from + content.starts_with("- ").then_some(2)?,
    };
    let value = start + (line[start..].len() - line[start..].trim_start().len());
    (value < line.len()).then_some(value)
}

/// The quotation mark or bracket that is open where the parser gave up.
fn open_mark(text: &str, at: usize) -> Option<(usize, Cause)> {
    let mut brackets: Vec<usize> = Vec::new();
    let mut hidden = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        // What the parser has not seen yet cannot have confused it.
        if start > at {
            break;
        }
        let mut is_start = true;
        let mut rest = line.char_indices().peekable();
        while let Some((offset, c)) = rest.next() {
            let here = start + offset;
            match c {
                '"' | '\'' if is_start => {
                    let Some(end) = quote_end(&line[offset + 1..], c) else {
                        return Some((here, Cause::UnclosedQuote));
                    };
                    let after = offset + 1 + end + 1;
                    while rest.next_if(|(at, _)| *at < after).is_some() {}
                    let behind = line[after..].trim_start();
                    if start + line.len() > at && !behind.is_empty() && !behind.starts_with([',', ']', '}', ':', '#']) {
                        return Some((start + line.len() - behind.len(), Cause::AfterQuote));
                    }
                    is_start = false;
                }
                '[' | '{' if is_start => brackets.push(here),
                ']' | '}' if !brackets.is_empty() => {
                    brackets.pop();
                    is_start = false;
                }
                '］' | '｝' if !brackets.is_empty() && !line[offset..].contains([']', '}']) => {
                    return Some((here, Cause::WideBracket));
                }
                '#' if line[..offset].ends_with(' ') || offset == 0 => {
                    let swallows = !brackets.is_empty() && line[offset..].contains([']', '}']);
                    hidden = hidden.or(swallows.then_some(here));
                    break;
                }
                ' ' => {}
                ',' if !brackets.is_empty() => is_start = true,
                ':' | '-' if rest.peek().is_none_or(|(_, next)| next.is_whitespace()) => is_start = true,
                _ => is_start = false,
            }
        }
        start += line.len();
    }
    let bracket = brackets.first()?;
    Some(hidden.map_or((*bracket, Cause::UnclosedBracket), |comment| (comment, Cause::HiddenBracket)))
}

/// Where the quotation mark is closed on its line.
fn quote_end(rest: &str, quote: char) -> Option<usize> {
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if quote == '"' => drop(chars.next()),
            '\'' if quote == '\'' && chars.peek().is_some_and(|(_, next)| *next == '\'') => drop(chars.next()),
            c if c == quote => return Some(at),
            _ => {}
        }
    }
    None
}

/// A span without the white space that block scalars and collections drag along at their end.
fn trimmed(text: &str, start: usize, end: usize) -> Span {
    let part = text.get(start..end.max(start)).unwrap_or("");
    Span::new(start, start + part.trim_end().len())
}

/// Character index to byte offset: the parser counts characters, Japanese has three bytes each. It asks in nearly rising
/// order, so the way from the last answer is short.
struct ByteOffsets<'t> {
    text: &'t str,
    /// Index and offset of the character that was asked for last.
    last: Cell<(usize, usize)>,
}

impl<'t> ByteOffsets<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, last: Cell::new((0, 0)) }
    }

    fn at(&self, index: usize) -> usize {
        let bytes = self.text.as_bytes();
        let starts = |byte: u8| (byte as i8) >= -0x40;
        let (mut here, mut offset) = self.last.get();
        while here > index {
            offset -= 1;
            here -= usize::from(starts(bytes[offset]));
        }
        while here < index && offset < bytes.len() {
            offset += 1;
            while offset < bytes.len() && !starts(bytes[offset]) {
                offset += 1;
            }
            here += 1;
        }
        self.last.set((here, offset));
        offset
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
            Value::Broken(_) => return None,
            // `text:目標`: the blank after the colon is missing.
            Value::Text(text) if colon_without_space(text).is_some() => {
                let colon = colon_without_space(text).unwrap_or_default();
                let at = colon_and_blanks(text, colon).shifted(node.at.start as usize);
                scribe.note(findings::yaml_syntax(scribe.place(at), Cause::NoSpaceAfterColon, ":", ""));
                return None;
            }
            _ => {
                scribe.note(field_findings::expected_map(scribe.place(node.at)));
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

    /// Where the value of a field stands; the start of the map when it is absent.
    pub fn at_of(&self, key: Key) -> Span {
        let is_it = |name: &Node<'_>| matches!(&name.value, Value::Text(text) if text == key.en || text == key.ja);
        let start = self.at.start as usize;
        self.entries.iter().find(|(name, _)| is_it(name)).map_or(Span::new(start, start), |(_, node)| node.at)
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
                // One of them may have been meant as something else.
                Some((_, first)) if first.is_broken() || node.is_broken() => {}
                Some((first, _)) => {
                    scribe.note(field_findings::duplicate_key(scribe.place(name.at), text, scribe.place(first.at)));
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
        // What is there already, or has been taken for another slip, is not what was meant.
        let is_there = |key: &Key| {
            let mut names = self.entries.iter().map(|(name, _)| &name.value);
            names.any(|name| matches!(name, Value::Text(text) if text == key.en || text == key.ja))
        };
        let mut open: Vec<Key> = self.asked.iter().copied().filter(|key| !is_there(key)).collect();
        let broken: Vec<&str> = self.entries.iter().filter_map(|(_, node)| node.broken()).collect();
        for ((name, node), taken) in self.entries.iter().zip(&self.taken) {
            if *taken || node.is_broken() {
                continue;
            }
            match &name.value {
                Value::Text(text) if text.starts_with('\u{3000}') => {
                    let blanks = text.len() - text.trim_start_matches('\u{3000}').len();
                    let at = Span::new(name.at.start as usize, name.at.start as usize + blanks);
                    scribe.note(findings::yaml_syntax(scribe.place(at), Cause::WideIndent, "", ""));
                }
                Value::Text(text) => {
                    let known = open.iter().flat_map(|key| [key.en, key.ja]).chain(more.iter().copied());
                    let near = nearest::nearest(text, known.clone());
                    scribe.note(field_findings::unknown_key(scribe.place(name.at), text, known));
                    if let Some(near) = near {
                        self.absent.retain(|key| key.en != near && key.ja != near);
                        open.retain(|key| key.en != near && key.ja != near);
                    }
                }
                _ => scribe.note(field_findings::unknown_key(scribe.place(name.at), "", std::iter::empty())),
            }
        }
        let start = Span::new(self.at.start as usize, self.at.start as usize);
        // What is missing may be what the broken entry was meant to be, or stand in its lines.
        let names_something = |lines: &&str| {
            let key = lines.split([':', '：']).next().unwrap_or("").trim_end();
            self.asked.iter().any(|known| known.en == key || known.ja == key)
        };
        let is_clear = broken.iter().all(names_something);
        let may_be_there = |key: &Key| {
            let written = |lines: &&str| lines.contains(key.en) || lines.contains(key.ja);
            !is_clear || broken.iter().any(written)
        };
        for key in self.absent.iter().filter(|key| !may_be_there(key)).copied() {
            scribe.note(field_findings::missing_field(scribe.place(start), key));
        }
    }

    /// A word that names something; nothing written counts as absent.
    pub fn text(&mut self, key: Key, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
        let node = self.take(key, scribe)?;
        text(node, scribe)
    }

    /// Text that pages show as it is written, such as an address; nothing written counts as absent.
    pub fn shown(&mut self, key: Key, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
        let node = self.take(key, scribe)?;
        shown(node, scribe)
    }

    /// Text that readers of the site will read; nothing written counts as absent.
    pub fn prose(&mut self, key: Key, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
        let text = self.shown(key, scribe)?;
        scribe.read.push(text.at);
        Some(text)
    }

    /// Text that readers of the site will read, and that must be there.
    pub fn required_prose(&mut self, key: Key, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
        let text = self.required_text(key, scribe)?;
        scribe.keep_whole(text.at);
        scribe.read.push(text.at);
        Some(text)
    }

    /// Text that must be there.
    pub fn required_text(&mut self, key: Key, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
        match self.take(key, scribe) {
            None => {
                self.missing(key);
                None
            }
            Some(Node { value: Value::Broken(_), .. }) => None,
            Some(Node { value: Value::Null, at }) => {
                scribe.note(field_findings::empty_field(scribe.place(*at), key));
                None
            }
            Some(node) => text(node, scribe),
        }
    }

    /// Whether a field is named although nothing is written in it; where it is.
    pub fn blank(&self, key: Key) -> Option<Span> {
        let is_it = |name: &Node<'_>| matches!(&name.value, Value::Text(text) if text == key.en || text == key.ja);
        let is_blank = |node: &Node<'_>| match &node.value {
            Value::Null => true,
            Value::Text(text) => text.trim().is_empty(),
            _ => false,
        };
        let found = self.entries.iter().find(|(name, node)| is_it(name) && is_blank(node));
        found.map(|(name, node)| if node.at.start < node.at.end { node.at } else { name.at })
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
            Value::Broken(_) => None,
            _ => {
                scribe.note(no_list(node, key, scribe));
                None
            }
        }
    }

    /// A date.
    pub fn date(&mut self, key: Key, scribe: &mut Scribe) -> Option<Spanned<Date>> {
        let text = self.text(key, scribe)?;
        let date = parse_date(&text.value);
        if date.is_none() {
            scribe.note(field_findings::bad_date(scribe.place(text.at), &text.value));
        }
        Some(Spanned::new(date?, text.at))
    }

    /// A decimal figure. Its unit, where it is known, tells which number was meant by 「1億2500万」.
    pub fn figure(&mut self, key: Key, unit: Option<&str>, scribe: &mut Scribe) -> Option<Spanned<Figure>> {
        let text = self.text(key, scribe)?;
        let figure = Figure::parse(&text.value);
        if figure.is_none() {
            scribe.note(field_findings::bad_figure(scribe.place(text.at), &text.value, unit));
        }
        Some(Spanned::new(figure?, text.at))
    }

    /// A whole number in a range.
    pub fn number(&mut self, key: Key, range: std::ops::RangeInclusive<i64>, scribe: &mut Scribe) -> Option<i64> {
        let text = self.text(key, scribe)?;
        let number = text.value.parse::<i64>().ok().filter(|number| range.contains(number));
        if number.is_none() {
            scribe.note(field_findings::bad_number(scribe.place(text.at), &text.value, *range.start(), *range.end()));
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
                scribe.note(field_findings::bad_choice(
                    scribe.place(text.at),
                    other,
                    &["true", "false", "はい", "いいえ"],
                ));
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
        let node = self.take(key, scribe).filter(|node| !node.is_broken())?;
        let texts = texts(node, scribe);
        let mut years = Vec::new();
        for text in &texts {
            match FiscalYear::parse(&text.value) {
                Some(year) => years.push(year),
                None => scribe.note(field_findings::bad_year(scribe.place(text.at), &text.value)),
            }
        }
        if years.len() != texts.len() {
            return None;
        }
        match years[..] {
            [from] => Some(Years { from, to: None }),
            [from, to] if from <= to => Some(Years { from, to: Some(to) }),
            _ => {
                scribe.note(field_findings::bad_years(scribe.place(node.at)));
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
        scribe.note(field_findings::bad_choice(scribe.place(text.at), &text.value, &known));
    }
    found.map(|(_, _, value)| *value)
}

/// What is wrong with a value that should be a list.
pub fn no_list(node: &Node<'_>, key: Key, scribe: &Scribe) -> Diagnostic {
    let first = match &node.value {
        Value::Map(entries) => entries.first().map(|(name, _)| name),
        _ => Some(node),
    };
    match first.map(|first| (&first.value, first.at)) {
        // `-text: 開く`
        Some((Value::Text(text), at)) if text.starts_with('-') && text.len() > 1 => {
            let dash = Span::new(at.start as usize, at.start as usize + 1);
            findings::yaml_syntax(scribe.place(dash), Cause::NoSpaceAfterDash, "-", "")
        }
        // `－ text: 開く`
        Some((Value::Text(text), at)) if let Some(dash) = wide_dash(text) => {
            let end = at.start as usize + dash.len_utf8();
            let place = scribe.place(Span::new(at.start as usize, end));
            findings::yaml_syntax(place, Cause::WideDash, &dash.to_string(), "")
        }
        _ => field_findings::expected_list(scribe.place(node.at), key),
    }
}

/// The dash that a text starts with, of those that an input method offers for `-`, where a word follows it.
fn wide_dash(text: &str) -> Option<char> {
    let dash = text.chars().next().filter(|c| matches!(c, '－' | 'ー' | '―' | '—' | '–' | '‐' | '−' | '─' | 'ｰ'))?;
    (!text[dash.len_utf8()..].trim().is_empty()).then_some(dash)
}

/// The text of a node; a list or map is a finding, nothing written is `None`.
pub fn text(node: &Node<'_>, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
    match &node.value {
        Value::Text(text) if text.trim().is_empty() => None,
        Value::Text(text) => Some(Spanned::new(text.trim().into(), node.at)),
        Value::Null | Value::Broken(_) => None,
        _ => {
            scribe.note(field_findings::expected_text(scribe.place(node.at)));
            None
        }
    }
}

/// The text of a node that pages show as it is written: nothing of it may be taken for a comment.
pub fn shown(node: &Node<'_>, scribe: &mut Scribe) -> Option<Spanned<Box<str>>> {
    let text = text(node, scribe)?;
    scribe.keep_whole(text.at);
    Some(text)
}

/// The texts of a list; a single text is a list of one.
pub fn texts(node: &Node<'_>, scribe: &mut Scribe) -> Vec<Spanned<Box<str>>> {
    match &node.value {
        Value::List(items) => items.iter().filter_map(|item| text(item, scribe)).collect(),
        _ => text(node, scribe).into_iter().collect(),
    }
}

/// The texts of a list that pages show as they are written; a single text is a list of one.
pub fn all_shown(node: &Node<'_>, scribe: &mut Scribe) -> Vec<Spanned<Box<str>>> {
    let texts = texts(node, scribe);
    texts.iter().for_each(|text| scribe.keep_whole(text.at));
    texts
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
