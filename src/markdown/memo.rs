//! Notes of editors that readers would see: in code a comment is shown on purpose; nowhere else is anything shown that looks
//! like one. What is left out of a body before it is read is in [`super::comment`].

use super::parse::Document;
use super::syntax::is_comment;
use super::{Memo, MemoKind, fence};
use crate::text::memo::{Sign, SignKind, almost_end, signs};
use crate::text::span::Span;
use pulldown_cmark::{CodeBlockKind, Event, Tag};
use std::ops::Range;

/// How far behind a comment its second end is looked for, and behind a sign what ends it, in bytes.
const NEAR: usize = 2000;

impl MemoKind {
    /// What is wrong about a comment by what it holds, and where in that.
    pub fn of_inside(inside: &str) -> Option<(Self, Range<usize>)> {
        match inside.find("<!--") {
            Some(at) => Some((Self::Nested, at..at + 4)),
            None => almost_end(inside).map(|at| (Self::AlmostEnd, at)),
        }
    }
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
                if fence::open(&body[range.clone()]).is_none() {
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
        if let Some((kind, at)) = MemoKind::of_inside(inside) {
            tell(kind, start + at.start..start + at.end);
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
