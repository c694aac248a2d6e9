//! What a run of text holds beyond text: ruby, words of another language, bare URLs.
//!
//! Does not know the events around the run; a mark that other markup cuts in two stays text.

use super::cjk::{BAR, CLOSE, JOINT, LEAD, OPEN, SENTINEL_BYTES, is_language_tag, is_letter};
use std::ops::Range;

/// A part of a run of text. Texts may still hold sentinels: they pass [`crate::markdown::cjk::clean`] on their way out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    /// Text.
    Text(&'t str),
    /// Ruby: the base and its readings, which [`BAR`] separates.
    Ruby { base: &'t str, readings: &'t str },
    /// Text in another language.
    Foreign { text: &'t str, language: &'t str },
    /// A bare http or https URL.
    Url(&'t str),
}

/// Whether bare URLs are links here: not inside a link.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Urls {
    Linked,
    Text,
}

/// Whether a text is a single piece without sentinels. Most are.
pub(super) fn is_plain(text: &str) -> bool {
    // Without early exit, so that it takes many bytes at a time.
    text.bytes().fold(0, |found, byte| found | u8::from(is_special(byte))) == 0
}

/// Whether a byte may belong to a mark or URL.
fn is_special(byte: u8) -> bool {
    (byte == LEAD) | (byte == b':')
}

/// Calls `each` with every piece of `text`, in order and without gaps.
pub(super) fn pieces<'t>(text: &'t str, urls: Urls, mut each: impl FnMut(Piece<'t>)) {
    let bytes = text.as_bytes();
    let mut done = 0;
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|byte| is_special(*byte)) {
        let here = at + found;
        at = here + 1;
        let marked = if bytes[here] == b':' {
            (urls == Urls::Linked).then(|| bare_url(text, done, here)).flatten().map(|url| {
                let piece = Piece::Url(&text[url.clone()]);
                (url, piece)
            })
        } else {
            marked(text, done, here)
        };
        if let Some((range, piece)) = marked {
            if done < range.start {
                each(Piece::Text(&text[done..range.start]));
            }
            each(piece);
            done = range.end;
            at = done;
        }
    }
    if done < text.len() {
        each(Piece::Text(&text[done..]));
    }
}

/// The ruby or language mark that opens at `here`. Nothing before `done` is looked at again, so this stays linear.
fn marked(text: &str, done: usize, here: usize) -> Option<(Range<usize>, Piece<'_>)> {
    let inside = text[here..].strip_prefix(OPEN)?;
    let content = &inside[..inside.find(CLOSE)?];
    let end = here + content.len() + 2 * SENTINEL_BYTES;
    // `{lang=字|じ}` is ruby of a strange word.
    let Some(language) = content.strip_prefix("lang=").filter(|tag| is_language_tag(tag)) else {
        let (base, readings) = content.split_once(BAR)?;
        return Some((here..end, Piece::Ruby { base, readings }));
    };
    let before = text[done..here].strip_suffix(']');
    let word = before.and_then(|before| Some(&before[before.rfind('[')? + 1..])).filter(|word| !word.trim().is_empty());
    Some(match word {
        Some(word) => (here - word.len() - 2..end, Piece::Foreign { text: word, language }),
        None => (done..end, Piece::Text(&text[done..end])),
    })
}

/// How many bytes of letters that are no ASCII belong to an address: those that a `/` or an ending such as `.html` follows.
/// Otherwise it is the sentence that goes on, without a space: `https://a.jp/を見る`.
fn letters_of_path(text: &str) -> usize {
    const ENDINGS: [&str; 8] = [".html", ".htm", ".pdf", ".xlsx", ".docx", ".csv", ".php", ".md"];
    let is_part = |c: char| is_letter(c) || matches!(c, 'ー' | '々' | '〆' | '-' | '_' | '.');
    // No name of a file is longer; and what is looked at stays within bounds.
    let text = &text[..text.floor_char_boundary(255)];
    let length = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let word = &text[..length];
    if text[length..].starts_with(['/', '?', '#', '=', '&']) {
        return length;
    }
    let end = ENDINGS.iter().filter_map(|ending| {
        let at = word.find(ending)? + ending.len();
        (!word[at..].starts_with(|c: char| c.is_ascii_alphanumeric())).then_some(at)
    });
    end.min().unwrap_or(0)
}

/// The URL around the colon at `colon`, not before `floor`. It ends at the first letter that is no ASCII, unless that is a
/// part of its path, and before closing punctuation.
fn bare_url(text: &str, floor: usize, colon: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let host = colon + 3;
    if !bytes[colon..].starts_with(b"://") || !bytes.get(host)?.is_ascii_alphanumeric() {
        return None;
    }
    let ends_with = |scheme: &str| {
        let start = colon.checked_sub(scheme.len()).filter(|start| *start >= floor)?;
        let before = start.checked_sub(1).map(|before| bytes[before]);
        let matches = bytes[start..colon].eq_ignore_ascii_case(scheme.as_bytes());
        (matches && !before.is_some_and(|byte| byte.is_ascii_alphanumeric())).then_some(start)
    };
    let start = ends_with("https").or_else(|| ends_with("http"))?;
    let mut end = host;
    let (mut opened, mut closed) = (0usize, 0usize);
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'(' => opened += 1,
            b')' => closed += 1,
            b'<' | b'>' | b'"' | b'`' | b'{' | b'}' | b'|' | b'\\' | b'^' | b'[' | b']' | 0..=b' ' | 0x7F => break,
            _ => {}
        }
        end += if byte.is_ascii() {
            1
        } else if text[end..].starts_with(JOINT) {
            SENTINEL_BYTES
        } else if text[host..end].contains('/') {
            match letters_of_path(&text[end..]) {
                0 => break,
                length => length,
            }
        } else {
            break;
        };
    }
    let mut url = &text[start..end];
    while let Some(last) = url.chars().next_back() {
        match last {
            ')' if closed > opened => closed -= 1,
            '?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'' | JOINT => {}
            _ => break,
        }
        url = &url[..url.len() - last.len_utf8()];
    }
    (url.len() > host - start).then_some(start..start + url.len())
}

/// The ruby annotations of a base: one per character when there is a reading for each, else one for the whole.
pub(super) fn annotations<'t>(
    base: &'t str,
    readings: &'t str,
    mut each: impl FnMut(&'t str, &mut dyn Iterator<Item = &'t str>),
) {
    let groups = readings.split(BAR);
    // Marks and selectors belong to the letter before them.
    let is_mark = unicode_normalization::char::is_combining_mark;
    let letters = base.chars().filter(|c| !is_mark(*c)).count();
    if letters < 2 || letters != groups.clone().count() || base.starts_with(is_mark) {
        return each(base, &mut groups.into_iter());
    }
    let mut rest = base;
    for group in groups {
        let letter = rest.chars().next().map_or(0, char::len_utf8);
        let marks = rest[letter..].find(|c| !is_mark(c)).unwrap_or(rest.len() - letter);
        let (one, others) = rest.split_at(letter + marks);
        each(one, &mut std::iter::once(group));
        rest = others;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::cjk::prepare;

    fn urls(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        pieces(text, Urls::Linked, |piece| {
            if let Piece::Url(url) = piece {
                found.push(url.to_owned());
            }
        });
        found
    }

    #[test]
    fn bare_urls_end_where_the_sentence_goes_on() {
        for (text, expect) in [
            ("詳細はhttps://a.jp/b?c=1#dを見る", "https://a.jp/b?c=1#d"),
            ("（https://a.jp/）", "https://a.jp/"),
            ("see (https://a.jp/a_(b)).", "https://a.jp/a_(b)"),
            ("HTTP://A.jp, next", "HTTP://A.jp"),
            ("https://a.jp/\"x", "https://a.jp/"),
            ("https://a.jp/市政/計画.htmlをご覧ください。", "https://a.jp/市政/計画.html"),
            ("（https://a.jp/市政/計画.pdf）", "https://a.jp/市政/計画.pdf"),
            ("https://a.jp/市政/、https", "https://a.jp/市政/"),
            ("https://a.jp/検索?語=市&頁=1。", "https://a.jp/検索?語=市&頁=1"),
            ("https://a.jp/plan計画.pdf」", "https://a.jp/plan計画.pdf"),
            ("https://a.jpを見る/読む", "https://a.jp"),
            ("https://a.jp/を見る。/", "https://a.jp/"),
            ("https://a.jp/市政", "https://a.jp/"),
        ] {
            assert_eq!(urls(text), [expect]);
        }
        for text in ["xhttps://a.jp", "https://", "https://。", "ftp://a.jp", "://", "s://a"] {
            assert_eq!(urls(text), [""; 0], "{text}");
        }
        assert_eq!(urls("https://a.jp https://b.jp").len(), 2);
    }

    #[test]
    fn pieces_leave_no_gaps() {
        let body = "前[GDS]{lang=en}と]{lang=en}と{漢字|かん|じ}：https://a.jp/~x。{漢|か}";
        let prepared = prepare(body);
        let mut seen = Vec::new();
        pieces(&prepared.text, Urls::Text, |piece| seen.push(format!("{piece:?}")));
        assert_eq!(seen.len(), 7, "{seen:#?}");
        assert!(seen[1].contains("Foreign") && seen[4].contains("Ruby") && seen[6].contains("Ruby"));
    }

    #[test]
    fn a_letter_keeps_its_marks_under_its_reading() {
        let mut found = Vec::new();
        let readings = ["かつ", "エ", "カ"].join(&BAR.to_string());
        annotations("葛\u{E0100}e\u{301}か\u{309A}", &readings, |base, readings| {
            found.push((base.to_owned(), readings.collect::<String>()));
        });
        let expect = [("葛\u{E0100}", "かつ"), ("e\u{301}", "エ"), ("か\u{309A}", "カ")];
        assert_eq!(found, expect.map(|(base, reading)| (base.to_owned(), reading.to_owned())));
    }

    #[test]
    fn only_a_tag_is_a_language() {
        let prepared = prepare("[GDS]{lang=en字|か|じ}");
        pieces(&prepared.text, Urls::Text, |piece| {
            assert!(!matches!(piece, Piece::Foreign { .. }), "{piece:?}");
        });
    }
}
