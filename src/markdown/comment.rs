//! Notes of editors: `<!-- … -->` is left out wherever it stands, and what would be shown of a note is found.
//!
//! To the parser a comment ends with its paragraph, its item or its cell, and what comes after an empty line would be
//! published. So a comment that the parser would cut is taken out before it reads the text ([`broken`]). In code a
//! comment is shown on purpose; nowhere else is anything shown that looks like one ([`memos`]).

use super::parse::{Document, SYNTAX, is_comment};
use super::{Memo, MemoKind};
use crate::text::memo::{Sign, SignKind, almost_end, signs};
use crate::text::span::Span;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};
use std::borrow::Cow;
use std::ops::Range;

/// How often a text is read again because a comment held what changes how the rest is read. What is left then is shown,
/// and told.
const MOST_ROUNDS: usize = 6;

/// How far behind a comment its second end is looked for, and behind a sign what ends it, in bytes.
const NEAR: usize = 2000;

/// The comments that the parser would not take for one, in order.
pub(super) fn broken(body: &str) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    if !body.contains("<!--") {
        return out;
    }
    let mut text = Cow::Borrowed(body);
    // What was taken out before `from` is this long.
    let (mut from, mut taken) = (0, 0);
    for _ in 0..MOST_ROUNDS {
        let (found, is_last) = round(&text, from);
        out.extend(found.iter().map(|range| range.start + taken..range.end + taken));
        if is_last {
            break;
        }
        let Some(last) = found.last() else { break };
        let length: usize = found.iter().map(Range::len).sum();
        from = last.end - length;
        taken += length;
        let mut rest = String::with_capacity(text.len());
        let mut copied = 0;
        for range in found {
            rest.push_str(&text[copied..range.start]);
            copied = range.end;
        }
        rest.push_str(&text[copied..]);
        text = Cow::Owned(rest);
    }
    out
}

/// The next broken comments behind `from`, and whether there are no more.
fn round(text: &str, from: usize) -> (Vec<Range<usize>>, bool) {
    let events: Vec<(Event, Range<usize>)> = Parser::new_ext(text, SYNTAX).into_offset_iter().collect();
    // Blocks of code and of HTML hold no others that count.
    let mut known = events.iter().filter_map(|(event, range)| match event {
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) | Event::Code(_) => Some((Known::Code, range)),
        Event::InlineHtml(html) if is_comment(html) => Some((Known::Comment, range)),
        Event::Start(Tag::HtmlBlock) => Some((Known::Block, range)),
        _ => None,
    });
    let mut next_known = known.next();
    let mut found = Vec::new();
    let mut at = from;
    while let Some(start) = text[at..].find("<!--").map(|found| at + found) {
        while next_known.as_ref().is_some_and(|(_, range)| range.end <= start) {
            next_known = known.next();
        }
        let here = next_known.as_ref().filter(|(_, range)| range.start <= start);
        // `<!-->` is a comment.
        let end = text[start + 2..].find("-->").map(|end| start + 2 + end + 3);
        match (here, end) {
            (Some((Known::Code | Known::Comment, range)), _) => at = range.end,
            (Some((Known::Block, range)), Some(end)) if end <= range.end => at = end,
            _ if is_escaped(text.as_bytes(), start) => at = start + 4,
            (_, None) => break,
            (_, Some(end)) => {
                found.push(start..end);
                at = end;
                // What the parser saw from here on may have begun inside.
                let inside = &text[start + 1..end];
                if inside.contains(['`', '<']) || inside.contains("~~~") {
                    return (found, false);
                }
            }
        }
    }
    (found, true)
}

enum Known {
    Code,
    Comment,
    Block,
}

fn is_escaped(bytes: &[u8], at: usize) -> bool {
    bytes[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// What a body would show of notes that were not meant to be read. `taken` are the comments that were taken out of it;
/// `place` leads from the text as it was parsed to the body.
pub(super) fn memos(
    body: &str,
    taken: &[Range<usize>],
    document: &Document,
    places: &[Range<usize>],
    place: &dyn Fn(&Range<usize>) -> Range<usize>,
) -> Vec<Memo> {
    let signs = signs(body);
    if signs.is_empty() {
        return Vec::new();
    }
    let mut hidden: Vec<(Range<usize>, bool)> = taken.iter().map(|range| (range.clone(), true)).collect();
    for (event, range) in document.events.iter().zip(places) {
        let is_note = match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => {
                let range = place(range);
                // Without its end a block of code holds what was never meant as code.
                if super::fence::open(&body[range.clone()]).is_none() {
                    hidden.push((range, false));
                }
                continue;
            }
            Event::Code(_) => false,
            Event::InlineHtml(html) => {
                if !is_comment(html) {
                    continue;
                }
                true
            }
            Event::Start(Tag::HtmlBlock) => {
                let range = place(range);
                let mut at = range.start;
                while let Some(start) = body[at..range.end].find("<!--").map(|found| at + found)
                    && let Some(end) = body[start + 2..range.end].find("-->").map(|end| start + 2 + end + 3)
                {
                    hidden.push((start..end, true));
                    at = end;
                }
                continue;
            }
            _ => continue,
        };
        hidden.push((place(range), is_note));
    }
    hidden.sort_by_key(|(range, _)| (range.start, range.end));
    told(body, &signs, &hidden)
}

/// The signs that are neither code nor a comment, and the comments that hold more than was meant.
fn told(body: &str, signs: &[Sign], hidden: &[(Range<usize>, bool)]) -> Vec<Memo> {
    let mut out: Vec<Memo> = Vec::new();
    let mut tell = |kind, at: Range<usize>| out.push(Memo { kind, at: Span::new(at.start, at.end) });
    for (comment, _) in hidden.iter().filter(|(_, is_note)| *is_note) {
        let start = comment.start + 4;
        let Some(inside) = body.get(start..comment.end.saturating_sub(3)) else { continue };
        if let Some(found) = inside.find("<!--") {
            tell(MemoKind::Nested, start + found..start + found + 4);
        } else if let Some(found) = almost_end(inside) {
            tell(MemoKind::AlmostEnd, start + found.start..start + found.end);
        }
    }
    let last_close = body.rfind("-->");
    let mut behind = 0;
    let mut index = 0;
    // The end of the last comment that was no code, for an end that stands behind it.
    let mut last_end: Option<usize> = None;
    for sign in signs {
        while hidden.get(index).is_some_and(|(range, _)| range.end <= sign.at.start) {
            let (range, is_note) = &hidden[index];
            // `<!--` in code, and its end outside: what is between was meant to be neither.
            let opens = |code: &str| code.rfind("<!--").is_some_and(|open| !code[open..].contains("-->"));
            if *is_note || opens(&body[range.clone()]) {
                last_end = Some(range.end);
            }
            index += 1;
        }
        let is_hidden = hidden.get(index).is_some_and(|(range, _)| range.start < sign.at.end);
        if is_hidden || sign.at.start < behind {
            continue;
        }
        let rest = &body[sign.at.end..];
        let near = &rest[..rest.floor_char_boundary(NEAR)];
        let line = sign.at.end + near.find('\n').unwrap_or(near.len());
        match sign.kind {
            SignKind::Begin => {
                let kind = if last_close.is_some_and(|close| close > sign.at.start) {
                    MemoKind::Shown
                } else {
                    MemoKind::Unclosed
                };
                tell(kind, sign.at.clone());
            }
            SignKind::Like => tell(MemoKind::Like, sign.at.clone()),
            // An arrow leads to something.
            SignKind::End => {
                let ends_line =
                    body[sign.at.end..line].trim_matches(|c: char| c.is_whitespace() || c == '|').is_empty();
                let follows = last_end.filter(|end| sign.at.start - end < NEAR).is_some_and(|end| {
                    let between = &body[end..sign.at.start];
                    !between.contains("\n\n") && !between.contains("\n\r\n")
                });
                if !(ends_line || follows) || body[..sign.at.start].ends_with(['-', '<']) {
                    continue;
                }
                tell(MemoKind::LoneEnd, sign.at.clone());
            }
        }
        // One mistake is one finding: the end of it is not told, nor what the note holds.
        behind = match (sign.kind, near.find("-->")) {
            (SignKind::Like | SignKind::Begin, Some(end)) if !rest[..end].contains("\n\n") => sign.at.end + end + 3,
            _ => line,
        };
    }
    out.sort_by_key(|memo| memo.at);
    out
}
