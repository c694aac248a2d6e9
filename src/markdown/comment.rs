//! Notes of editors: `<!-- … -->` is left out wherever it stands.
//!
//! To the parser a comment ends with its paragraph, its item or its cell, and what comes after an empty line would be
//! published. So a comment that the parser would cut is taken out before it reads the text.

use super::syntax::{SYNTAX, is_comment, is_escaped};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};
use std::borrow::Cow;
use std::ops::Range;

/// How often a text is read again because a comment held what changes how the rest is read. What is left then is shown,
/// and told.
const MOST_ROUNDS: usize = 6;

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
