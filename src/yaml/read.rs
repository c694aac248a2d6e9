//! Bytes to a located tree; where that is not YAML, as much of it as can be read.

use super::cause::{Cause, cause, open_mark, quote_end};
use super::conflict::{conflicts, merge_conflict};
use super::{Cut, DEEPEST, LARGEST, MOST_ENTRIES, Node, Scribe, Value, findings, fold};
use crate::diagnostic::Diagnostic;
use crate::text::encoding;
use crate::text::span::Span;
use saphyr_parser::{Event, Parser, ScalarStyle};
use std::cell::Cell;

/// The text of a file, without any other encoding; a finding says which encoding it is in instead, or that it holds two
/// versions that git could not merge: then nothing in it is what anybody wrote.
pub fn utf8<'b>(bytes: &'b [u8], scribe: &mut Scribe) -> Option<&'b str> {
    let text = decoded(bytes, scribe)?;
    let conflicts = conflicts(text);
    for line in &conflicts {
        scribe.note(merge_conflict(scribe.place(*line), line.slice(text)));
    }
    conflicts.is_empty().then_some(text)
}

fn decoded<'b>(bytes: &'b [u8], scribe: &mut Scribe) -> Option<&'b str> {
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

/// The mistake of form that the parser met at a byte, and called so.
fn mistake(text: &str, offset: usize, met: usize, called: &str, scribe: &Scribe) -> Diagnostic {
    let (at, cause) = cause(text, met);
    let place = scribe.place(at.shifted(offset));
    match cause {
        Cause::ColonInValue => findings::colon_in_value(place, key_before(text, at), at.slice(text), scribe.vocabulary),
        cause => findings::yaml_syntax(place, cause, at.slice(text), called),
    }
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
                let at = bytes.at(error.marker().index());
                return Err(Refusal::Entry(mistake(text, offset, at, error.info(), scribe).into()));
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
                let value = match style {
                    ScalarStyle::Literal => value,
                    // What of the file the text takes, without a comment behind it.
                    _ if marks.start.line() == marks.end.line() => value,
                    _ => {
                        let (start, end) = (bytes.at(marks.start.index()), bytes.at(marks.end.index()));
                        fold::joined(value, trimmed(text, start, end).slice(text))
                    }
                };
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

/// The key on the line of a value.
fn key_before(text: &str, value: Span) -> &str {
    let before = text[..value.start as usize].lines().next_back().unwrap_or("").trim();
    before.strip_prefix("- ").unwrap_or(before).trim_end_matches(':').trim()
}

/// A span without the white space that block scalars and collections drag along at their end. What is white space to YAML:
/// a full-width blank belongs to the text, also at the end of a key.
fn trimmed(text: &str, start: usize, end: usize) -> Span {
    let part = text.get(start..end.max(start)).unwrap_or("");
    Span::new(start, start + part.trim_end_matches([' ', '\t', '\n', '\r']).len())
}

/// Character index to byte offset: the parser counts characters, Japanese has three bytes each. It asks in nearly rising
/// order, so the way from the last answer is short.
pub(super) struct ByteOffsets<'t> {
    text: &'t str,
    /// Index and offset of the character that was asked for last.
    last: Cell<(usize, usize)>,
}

impl<'t> ByteOffsets<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, last: Cell::new((0, 0)) }
    }

    pub(super) fn at(&self, index: usize) -> usize {
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
