//! Why a text is no YAML, as its author would say it.

use crate::text::span::Span;

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
pub(super) fn cause(text: &str, at: usize) -> (Span, Cause) {
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
pub(super) fn colon_and_blanks(line: &str, colon: usize) -> Span {
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
pub(super) fn open_mark(text: &str, at: usize) -> Option<(usize, Cause)> {
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
pub(super) fn quote_end(rest: &str, quote: char) -> Option<usize> {
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
