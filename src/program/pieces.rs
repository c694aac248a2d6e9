//! The text of a template to pieces: texts, and the tokens of tags, by Tera's rules of white space.

use super::At;
use std::borrow::Cow;

/// Where a template cannot be read on; Tera does not load such a one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unread(pub(super) usize);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'t> {
    Word(&'t str),
    Text(Cow<'t, str>),
    Number(i64),
    /// With a decimal point.
    Decimal,
    Sign(&'static str),
}

/// Signs, longer ones first.
const SIGNS: [&str; 31] = [
    "...", "//", "**", "==", "!=", ">=", "<=", "</", "?.", "?[", "+", "-", "*", "/", "%", "!", ".", ",", ":", "~", "|",
    "=", ">", "<", "(", ")", "[", "]", "{", "}", "@",
];

/// A piece of a template: text, or what stands between the marks of a tag.
#[derive(Debug)]
pub(super) enum Piece<'t> {
    Text(&'t str),
    Write(Tag<'t>),
    Tag(Tag<'t>),
}

/// What stands in a tag, each token with its bytes in the template.
pub(super) type Tag<'t> = Vec<(Token<'t>, At)>;

/// Takes a template apart.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece<'_>>, Unread> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let (mut at, mut trims_start) = (0, false);
    loop {
        let opened = text[at..].match_indices('{').find_map(|(index, _)| {
            let mark = text.as_bytes().get(at + index + 1)?;
            matches!(mark, b'{' | b'%' | b'#').then_some((at + index, *mark))
        });
        let (end, mark) = opened.unwrap_or((text.len(), 0));
        let trims_end = mark != 0 && trims_before(text, end);
        push(&mut pieces, &text[at..end], trims_start, trims_end);
        if end > at {
            trims_start = false;
        }
        if mark == 0 {
            return Ok(pieces);
        }
        let inside = end + 2 + usize::from(trims_end);
        if mark == b'#' {
            let length = text.get(inside..).and_then(|rest| rest.find("#}")).ok_or(Unread(end))?;
            // A comment right after `-%}` does not keep it from what follows.
            trims_start |= text[inside..inside + length].ends_with('-');
            at = inside + length + 2;
            continue;
        }
        if let Some(raw) = (mark == b'%').then(|| mark_of("raw", text, inside)).flatten() {
            let (close, closed) = end_of_raw(text, raw.end).ok_or(Unread(end))?;
            let mut inside = &text[raw.end..close];
            if raw.trims_after {
                inside = inside.trim_start();
            }
            if text[close + 2..].starts_with('-') {
                inside = inside.trim_end();
            }
            at = closed.end;
            // As with any text, what stands on either side may take its spaces away.
            push(&mut pieces, inside, trims_start, is_mark(text, at) && trims_before(text, at));
            trims_start = closed.trims_after;
            continue;
        }
        let close = if mark == b'{' { "}}" } else { "%}" };
        let tag;
        (tag, trims_start, at) = tokens(text, inside, close)?;
        pieces.push(if mark == b'{' { Piece::Write(tag) } else { Piece::Tag(tag) });
    }
}

fn push<'t>(pieces: &mut Vec<Piece<'t>>, mut text: &'t str, trims_start: bool, trims_end: bool) {
    if trims_start {
        text = text.trim_start();
    }
    if trims_end {
        text = text.trim_end();
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
}

/// Whether a tag, a value or a comment starts here.
fn is_mark(text: &str, at: usize) -> bool {
    ["{{", "{%", "{#"].iter().any(|mark| text[at..].starts_with(mark))
}

/// Whether what starts here takes away the spaces before it.
fn trims_before(text: &str, at: usize) -> bool {
    text.as_bytes().get(at + 2) == Some(&b'-')
}

/// The rest of `{% raw %}` or `{% endraw %}`.
struct Mark {
    end: usize,
    trims_after: bool,
}

/// Whether the tag whose inside starts here is nothing but this word.
fn mark_of(word: &str, text: &str, inside: usize) -> Option<Mark> {
    let rest = &text[inside..];
    let rest = rest.strip_prefix('-').unwrap_or(rest).trim_ascii_start().strip_prefix(word)?.trim_ascii_start();
    let (rest, trims_after) = rest.strip_prefix('-').map_or((rest, false), |rest| (rest, true));
    let rest = rest.strip_prefix("%}")?;
    Some(Mark { end: text.len() - rest.len(), trims_after })
}

/// Where `{% endraw %}` starts, and the rest of it.
fn end_of_raw(text: &str, from: usize) -> Option<(usize, Mark)> {
    let mut starts = text[from..].match_indices("{%").map(|(index, _)| from + index);
    starts.find_map(|start| Some((start, mark_of("endraw", text, start + 2)?)))
}

/// The tokens up to `close`, whether it takes away the spaces after it, and where it ends.
fn tokens<'t>(text: &'t str, from: usize, close: &str) -> Result<(Tag<'t>, bool, usize), Unread> {
    let mut tokens = Vec::new();
    let mut at = from;
    loop {
        let rest = text.get(at..).ok_or(Unread(at))?;
        let trimmed = rest.trim_ascii_start();
        at += rest.len() - trimmed.len();
        let first = trimmed.bytes().next().ok_or(Unread(at))?;
        if trimmed.starts_with(close) {
            return Ok((tokens, false, at + close.len()));
        }
        if trimmed.strip_prefix('-').is_some_and(|rest| rest.starts_with(close)) {
            return Ok((tokens, true, at + 1 + close.len()));
        }
        let (token, length) = match first {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                let is_end = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
                let length = trimmed.find(is_end).unwrap_or(trimmed.len());
                (Token::Word(&trimmed[..length]), length)
            }
            b'0'..=b'9' => number(trimmed).ok_or(Unread(at))?,
            b'"' | b'\'' | b'`' => quoted(trimmed, first).ok_or(Unread(at))?,
            _ => {
                let sign = SIGNS.iter().find(|sign| trimmed.starts_with(**sign)).ok_or(Unread(at))?;
                (Token::Sign(sign), sign.len())
            }
        };
        tokens.push((token, at..at + length));
        at += length;
    }
}

fn number(text: &str) -> Option<(Token<'_>, usize)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(text);
    if text[whole..].starts_with('.') {
        return Some((Token::Decimal, whole + 1 + digits(&text[whole + 1..])));
    }
    Some((Token::Number(text[..whole].parse().ok()?), whole))
}

/// A text in quotes, what is escaped in it restored.
fn quoted(text: &str, quote: u8) -> Option<(Token<'_>, usize)> {
    let (mut is_escaped, mut has_escapes) = (false, false);
    let length = 1 + text.bytes().skip(1).position(|byte| {
        let is_end = byte == quote && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        has_escapes |= is_escaped;
        is_end
    })?;
    let inside = &text[1..length];
    if !has_escapes {
        return Some((Token::Text(inside.into()), length + 1));
    }
    let mut out = String::with_capacity(inside.len());
    let mut chars = inside.chars();
    while let Some(char) = chars.next() {
        out.push(match char {
            '\\' => match chars.next()? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                char @ ('"' | '\'' | '/' | '\\') => char,
                _ => return None,
            },
            char => char,
        });
    }
    Some((Token::Text(out.into()), length + 1))
}
