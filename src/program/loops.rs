//! Where a template has loops, so that their rounds can be counted.

use super::pieces::{Piece, Tag, Token, pieces};

/// Something that a template does again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loop {
    /// `{% for … %}`: where its body begins, and whether white space before the body is taken away.
    Tag { end: usize, trims: bool },
    /// `[x for x in list]`: the bytes of the list that it goes through.
    List { start: usize, end: usize },
}

/// Every loop of a template, in order; none where it cannot be read on, because then nobody loads it.
pub(crate) fn loops(text: &str) -> Vec<Loop> {
    let mut found = Vec::new();
    for piece in pieces(text).unwrap_or_default() {
        let (tag, is_tag) = match &piece {
            Piece::Text(_) => continue,
            Piece::Write(tag) => (tag, false),
            Piece::Tag(tag) => (tag, true),
        };
        let is_loop = is_tag && is_word(tag, 0, "for");
        for index in usize::from(is_loop)..tag.len() {
            // `it.for` is a field.
            let is_field = index > 0 && tag[index - 1].0 == Token::Sign(".");
            if is_word(tag, index, "for") && !is_field {
                found.extend(list(tag, index));
            }
        }
        if let (true, Some((_, last))) = (is_loop, tag.last()) {
            let rest = &text[last.end..];
            let close = last.end + rest.len() - rest.trim_start().len();
            let trims = text[close..].starts_with('-');
            found.push(Loop::Tag { end: close + 2 + usize::from(trims), trims });
        }
    }
    found.sort_by_key(|it| match *it {
        Loop::Tag { end, .. } => end,
        Loop::List { start, .. } => start,
    });
    found
}

fn is_word(tag: &Tag<'_>, index: usize, word: &str) -> bool {
    matches!(tag.get(index), Some((Token::Word(found), _)) if *found == word)
}

/// The list behind the `in` of a `for` inside brackets: up to their end, or an `if` of their own.
fn list(tag: &Tag<'_>, at: usize) -> Option<Loop> {
    let first = (at + 1..tag.len()).find(|index| is_word(tag, *index, "in"))? + 1;
    let mut depth = 0_usize;
    for index in first..tag.len() {
        match &tag[index].0 {
            Token::Sign("(" | "[" | "{" | "?[") => depth += 1,
            Token::Sign(")" | "]" | "}") if depth > 0 => depth -= 1,
            Token::Sign(")" | "]" | "}") => return ends(tag, first, index),
            Token::Word("if") if depth == 0 => return ends(tag, first, index),
            _ => {}
        }
    }
    None
}

fn ends(tag: &Tag<'_>, first: usize, end: usize) -> Option<Loop> {
    (end > first).then(|| Loop::List { start: tag[first].1.start, end: tag[end - 1].1.end })
}
