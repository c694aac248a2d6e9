//! A text of front matter as readers see it: lines, simple lists as people write them on paper, ruby.
//!
//! A value is no Markdown. Its line breaks are line breaks, an empty line begins a paragraph, and lines that begin with one
//! and the same dot (`・`, `-`) or with numbers that count on (`①`, `(1)`, `ア`) are a list whose marks stay as they were
//! written. `{漢字|かんじ}` and `[GDS]{lang=en}` mean what they mean in a body; comments are left out. Everything else is
//! text. Nearly all values are one line without any of this: that is seen at one look, and costs nothing more.
//!
//! Does not know where a value stands, nor what is wrong with it: see `proofread::values`.

use super::cjk::{self, joins};
use super::inline::{Piece, Urls, annotations, pieces};
use super::tree::{Block, Inline, Marked};
use crate::text::html::{self, Html};
use std::borrow::Cow;

/// Lists inside one another, up to this depth; what is deeper stays as lines.
const DEEPEST: usize = 4;

/// A part of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<'t> {
    /// Lines of one paragraph.
    Lines(Vec<&'t str>),
    /// Items with marks as written.
    List {
        /// Whether the marks count.
        is_numbered: bool,
        /// In the order written.
        items: Vec<Item<'t>>,
    },
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item<'t> {
    /// `・`, `(1)`
    pub mark: &'t str,
    /// Whether a blank stands behind the mark.
    pub is_spaced: bool,
    /// Its text, and what is written below it. The first part is always lines.
    pub parts: Vec<Part<'t>>,
}

/// Which part of a value is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// All of it.
    #[default]
    Whole,
    /// What can be a heading: the first paragraph.
    Lead,
    /// What follows below that heading.
    Rest,
}

/// The element that holds a value of one paragraph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Element {
    /// None: whoever shows it has one.
    #[default]
    None,
    /// `span`
    Span,
    /// `p`
    Paragraph,
}

/// How a value is shown: what templates say of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// `part="lead"`
    pub which: Which,
    /// `tag="span"`
    pub element: Element,
}

impl Form {
    /// Sets what a template says by name; whether there is such a thing.
    pub fn set(&mut self, name: &str, value: &str) -> bool {
        match (name, value) {
            ("part", "lead") => self.which = Which::Lead,
            ("part", "rest") => self.which = Which::Rest,
            ("tag", "span") => self.element = Element::Span,
            ("tag", "p") => self.element = Element::Paragraph,
            _ => return false,
        }
        true
    }
}

impl Element {
    fn tags(self) -> (&'static str, &'static str) {
        match self {
            Self::None => ("", ""),
            Self::Span => ("<span>", "</span>"),
            Self::Paragraph => ("<p>", "</p>"),
        }
    }
}

/// Whether a value is one line of nothing but letters. Without early exit, so that it takes many bytes at a time.
pub fn is_plain(text: &str) -> bool {
    text.bytes().fold(0, |found, byte| found | u8::from((byte == b'\n') | (byte == b'{'))) == 0
}

/// Whether a text has signs that may mean something, or more than one line; most have none.
pub fn may_hold_signs(text: &str) -> bool {
    let is_sign = |byte: u8| {
        (byte == b'\n') | (byte == b'<') | (byte == b'>') | (byte == b'*') | (byte == b'~') | (byte == b'`') | (byte == b'[')
            | (byte == b'{') | (byte == b'|') | (byte == b'#') | (byte == b'&') | (byte == b'!') | (byte == b'\\') | (byte == b'_')
            // The first byte of full-width forms, such as ＜！－－.
            | (byte == 0xEF)
    };
    // `%%`, `/*` and `//` begin notes; alone they are in many texts.
    let bytes = text.as_bytes();
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    let is_pair = |(a, b): (&u8, &u8)| ((*a == b'%') | (*a == b'/')) & ((*b == b'%') | (*b == b'/'));
    bytes.iter().fold(0, |found, byte| found | u8::from(is_sign(*byte))) != 0
        || pairs.fold(0, |found, pair| found | u8::from(is_pair(pair))) != 0
}

/// Hands out a value as HTML. One paragraph is text with line breaks, in its `element`; more is blocks in a `div`.
pub fn html(text: &str, form: Form, mut put: impl FnMut(&str)) {
    let which = form.which;
    let (open, close) = form.element.tags();
    if is_plain(text) {
        if which != Which::Rest {
            put(open);
            html::escape(text, &mut put);
            put(close);
        }
        return;
    }
    let parts = parts(text);
    let (lead, rest) = parts.split_at(1.min(parts.len()));
    let mut out = Html::new();
    match (which, lead, rest) {
        (Which::Whole, [Part::Lines(lines)], []) | (Which::Lead, [Part::Lines(lines)], _) => {
            out.push_markup(open);
            push_lines(lines, &mut out);
            out.push_markup(close);
        }
        // A list that begins a heading stays one: its lines are what there is to be said.
        (Which::Lead, [list], _) => {
            out.push_markup(open);
            push_flat(std::slice::from_ref(list), 0, &mut out);
            out.push_markup(close);
        }
        (Which::Whole, ..) => push_block(&parts, &mut out),
        (Which::Rest, _, rest) if !rest.is_empty() => push_block(rest, &mut out),
        _ => {}
    }
    put(out.as_str());
}

fn push_block(parts: &[Part<'_>], out: &mut Html) {
    out.push_markup("<div class=\"value\">");
    parts.iter().for_each(|part| push_part(part, out));
    out.push_markup("</div>");
}

fn push_part(part: &Part<'_>, out: &mut Html) {
    match part {
        Part::Lines(lines) => {
            out.push_markup("<p>");
            push_lines(lines, out);
            out.push_markup("</p>");
        }
        Part::List { is_numbered, items } => {
            let (list, close) =
                if *is_numbered { ("<ol class=\"marked", "</ol>") } else { ("<ul class=\"marked", "</ul>") };
            out.push_markup(list);
            // How far the lines of an item hang under its mark.
            if items.iter().any(|item| item.mark.chars().nth(1).is_some()) {
                out.push_markup(" marked--wide");
            } else if items.iter().any(|item| item.is_spaced) {
                out.push_markup(" marked--spaced");
            }
            out.push_markup("\">");
            for item in items {
                out.push_markup("<li><span class=\"marked__mark\">");
                out.push_text(item.mark);
                out.push_markup(if item.is_spaced { " </span>" } else { "</span>" });
                for (index, part) in item.parts.iter().enumerate() {
                    match part {
                        Part::Lines(lines) if index == 0 => push_lines(lines, out),
                        part => push_part(part, out),
                    }
                }
                out.push_markup("</li>");
            }
            out.push_markup(close);
        }
    }
}

/// Lists as lines, where no blocks can stand; those inside others begin further in.
fn push_flat(parts: &[Part<'_>], depth: usize, out: &mut Html) {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push_markup("<br>");
        }
        match part {
            Part::Lines(lines) => push_lines(lines, out),
            Part::List { items, .. } => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push_markup("<br>");
                    }
                    (0..depth).for_each(|_| out.push_text("\u{3000}"));
                    out.push_text(item.mark);
                    if item.is_spaced {
                        out.push_text(" ");
                    }
                    push_flat(&item.parts, depth + 1, out);
                }
            }
        }
    }
}

fn push_lines(lines: &[&str], out: &mut Html) {
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            out.push_markup("<br>");
        }
        push_line(line, out);
    }
}

fn push_line(line: &str, out: &mut Html) {
    if is_plain(line) {
        return out.push_text(line);
    }
    let prepared = cjk::prepare(line);
    pieces(&prepared.text, Urls::Text, |piece| match piece {
        Piece::Text(text) | Piece::Url(text) => out.push_text(&cjk::clean(text)),
        Piece::Ruby { base, readings } => annotations(base, readings, |base, readings| {
            out.push_markup("<ruby>");
            out.push_text(base);
            out.push_markup("<rp>（</rp><rt>");
            readings.for_each(|reading| out.push_text(reading));
            out.push_markup("</rt><rp>）</rp></ruby>");
        }),
        Piece::Foreign { text, language } => {
            out.push_markup("<span");
            out.push_attribute("lang", language);
            out.push_markup(">");
            out.push_text(&cjk::clean(text));
            out.push_markup("</span>");
        }
    });
}

/// A value in one line of letters alone: for titles of windows, lists of links and search engines.
pub fn plain(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let line = one_line(text);
    let prepared = cjk::prepare(&line);
    let mut plain = String::with_capacity(line.len());
    pieces(&prepared.text, Urls::Text, |piece| match piece {
        Piece::Text(text) | Piece::Url(text) | Piece::Foreign { text, .. } => plain.push_str(&cjk::clean(text)),
        Piece::Ruby { base, .. } => plain.push_str(&cjk::clean(base)),
    });
    Cow::Owned(plain)
}

/// Lines joined: without a blank between two Japanese letters, as where a line of a body is broken.
pub fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains('\n') {
        return Cow::Borrowed(text);
    }
    let mut joined = String::with_capacity(text.len());
    for line in text.split('\n').map(str::trim).filter(|line| !line.is_empty()) {
        if !joined.is_empty() && !is_joined(&joined, line) {
            joined.push(' ');
        }
        joined.push_str(line);
    }
    Cow::Owned(joined)
}

/// Whether a line goes on in the next one without a blank.
pub fn is_joined(line: &str, next: &str) -> bool {
    line.chars().next_back().zip(next.chars().next()).is_some_and(|(before, after)| joins(before, after))
}

/// A value without its comments. A line of nothing but a comment goes with it; what is never closed reaches to the end.
pub fn without_comments(text: &str) -> Cow<'_, str> {
    if !text.contains(OPEN) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(OPEN) {
        out.push_str(&rest[..start]);
        let inside = &rest[start + OPEN.len()..];
        rest = inside.find(CLOSE).map_or("", |end| &inside[end + CLOSE.len()..]);
        let begins_line = out.trim_end_matches([' ', '\u{3000}']).ends_with('\n') || out.trim().is_empty();
        let line_end = rest.trim_start_matches([' ', '\u{3000}']);
        if line_end.is_empty() || line_end.starts_with('\n') {
            out.truncate(out.trim_end_matches([' ', '\u{3000}']).len());
            rest = line_end;
            if begins_line {
                rest = rest.strip_prefix('\n').unwrap_or(rest);
            }
        } else if out.ends_with([' ', '\u{3000}']) && rest.starts_with(' ') {
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// How a comment begins.
pub const OPEN: &str = "<!--";
/// How a comment ends.
pub const CLOSE: &str = "-->";

/// A value as blocks for paper; `None` where it is one line of letters.
pub fn blocks(text: &str) -> Option<Vec<Block>> {
    (!is_plain(text)).then(|| parts(text).iter().map(block).collect())
}

fn block(part: &Part<'_>) -> Block {
    match part {
        Part::Lines(lines) => Block::Paragraph { c: inlines(lines) },
        Part::List { items, .. } => {
            let item =
                |item: &Item<'_>| Marked { mark: item.mark.to_owned(), c: item.parts.iter().map(block).collect() };
            Block::Marked { items: items.iter().map(item).collect() }
        }
    }
}

fn inlines(lines: &[&str]) -> Vec<Inline> {
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            found.push(Inline::Break);
        }
        let prepared = cjk::prepare(line);
        pieces(&prepared.text, Urls::Text, |piece| match piece {
            Piece::Text(text) | Piece::Url(text) => found.push(Inline::Text { s: cjk::clean(text).into_owned() }),
            Piece::Ruby { base, readings } => annotations(base, readings, |base, readings| {
                let (s, reading) = (cjk::clean(base).into_owned(), readings.collect::<String>());
                found.push(Inline::Ruby { s, reading: cjk::clean(&reading).into_owned() });
            }),
            Piece::Foreign { text, language } => {
                let (s, lang) = (cjk::clean(text).into_owned(), cjk::clean(language).into_owned());
                found.push(Inline::Foreign { s, lang });
            }
        });
    }
    found
}

/// The parts of a value, in order.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let lines: Vec<Line<'_>> = text.split('\n').map(Line::new).collect();
    parts_of(&lines, 0)
}

#[derive(Clone, Copy)]
struct Line<'t> {
    /// How far in it begins; a full-width blank is two.
    indent: usize,
    /// Without blanks around it, but for a full-width one at its start: that is how a paragraph begins.
    written: &'t str,
    mark: Option<Mark<'t>>,
}

#[derive(Clone, Copy)]
struct Mark<'t> {
    kind: Kind,
    /// 0 where it does not count.
    number: u32,
    written: &'t str,
    rest: &'t str,
    is_spaced: bool,
}

/// What tells marks of one list from those of another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// ・
    Dot(char),
    /// ①
    Circled,
    /// ⑴
    Ringed,
    /// Ⅰ
    Roman,
    /// (1), （ア）
    Bracketed(Count),
    /// 1. and ア　 with what stands behind the number.
    Plain(Count, char),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Count {
    Digits,
    Kana,
    Letters,
    Kanji,
}

impl<'t> Line<'t> {
    fn new(line: &'t str) -> Self {
        let text = line.trim_matches([' ', '\t', '\r', '\u{3000}']);
        let before = &line[..line.len() - line.trim_start_matches([' ', '\t', '\u{3000}']).len()];
        let indent = before.chars().map(|c| if c == ' ' { 1 } else { 2 }).sum();
        Self { indent, written: line.trim_end().trim_start_matches([' ', '\t']), mark: mark(text) }
    }

    fn is_blank(&self) -> bool {
        self.written.trim().is_empty()
    }
}

impl Mark<'_> {
    fn is_followed_by(&self, next: &Self) -> bool {
        self.kind == next.kind && (self.number == 0 || next.number == self.number + 1)
    }
}

fn parts_of<'t>(lines: &[Line<'t>], depth: usize) -> Vec<Part<'t>> {
    let mut parts = Vec::new();
    let mut at = 0;
    let mut goes_on = false;
    while let Some(line) = lines.get(at) {
        if line.is_blank() {
            goes_on = false;
            at += 1;
        } else if let Some((starts, end)) = (depth < DEEPEST).then(|| list(lines, at)).flatten() {
            parts.push(items(lines, &starts, end, depth));
            goes_on = false;
            at = end;
        } else {
            match parts.last_mut() {
                Some(Part::Lines(before)) if goes_on => before.push(line.written),
                _ => parts.push(Part::Lines(vec![line.written])),
            }
            goes_on = true;
            at += 1;
        }
    }
    parts
}

/// Where the items of a list begin whose first one is the line at `first`, and where the list ends. One item is no list.
fn list(lines: &[Line<'_>], first: usize) -> Option<(Vec<usize>, usize)> {
    let indent = lines[first].indent;
    let mut last = lines[first].mark?;
    let (mut starts, mut end) = (vec![first], first + 1);
    // Lines with other marks that are no further in belong to an item where the list goes on, or where others did.
    let (mut is_apart, mut has_others, mut takes_others) = (false, false, false);
    for (index, line) in lines.iter().enumerate().skip(first + 1) {
        match line.mark {
            _ if line.is_blank() => {
                is_apart = true;
                continue;
            }
            Some(next) if line.indent == indent && last.is_followed_by(&next) => {
                takes_others |= has_others;
                starts.push(index);
                (last, is_apart, has_others) = (next, false, false);
            }
            _ if is_apart || line.indent < indent => break,
            _ if line.indent > indent => {}
            Some(next) if next.kind != last.kind => has_others = true,
            _ => break,
        }
        if !has_others || takes_others {
            end = index + 1;
        }
    }
    (starts.len() > 1).then_some((starts, end))
}

fn items<'t>(lines: &[Line<'t>], starts: &[usize], end: usize, depth: usize) -> Part<'t> {
    let mut is_numbered = false;
    let ends = starts.iter().skip(1).copied().chain([end]);
    let item = |(start, end): (&usize, usize)| {
        let mark = lines[*start].mark?;
        is_numbered |= mark.number > 0;
        let mut parts = parts_of(&lines[*start + 1..end], depth + 1);
        match parts.first_mut() {
            // What goes on below the mark is indented by it already.
            Some(Part::Lines(below)) if !lines[*start + 1].is_blank() => {
                below.iter_mut().for_each(|line| *line = line.trim_start());
                below.insert(0, mark.rest);
            }
            _ => parts.insert(0, Part::Lines(vec![mark.rest])),
        }
        Some(Item { mark: mark.written, is_spaced: mark.is_spaced, parts })
    };
    let items = starts.iter().zip(ends).filter_map(item).collect();
    Part::List { is_numbered, items }
}

/// The mark that a line without blanks around it begins with.
fn mark(text: &str) -> Option<Mark<'_>> {
    let first = text.chars().next()?;
    let behind = &text[first.len_utf8()..];
    let blank = |c: char| matches!(c, ' ' | '\t' | '\u{3000}');
    let whole = |kind, number, length: usize| {
        let rest = text[length..].trim_start_matches(blank);
        let is_spaced = rest.len() < text.len() - length;
        (!rest.is_empty()).then_some(Mark { kind, number, written: &text[..length], rest, is_spaced })
    };
    let width = first.len_utf8();
    match first {
        '・' | '･' | '•' | '▪' | '※' => whole(Kind::Dot(first), 0, width),
        // ○月○日, ■件: a word that is left open.
        '●' | '○' | '◯' | '◆' | '◇' | '■' | '□' => {
            let is_open =
                behind.starts_with(['年', '月', '日', '時', '分', '円', '人', '件', '回', '名', 'か', '%', '％']);
            if is_open { None } else { whole(Kind::Dot(first), 0, width) }
        }
        // -5% is a figure.
        '-' | '*' | '+' | '–' | '—' | '－' | '−' | '＊' if behind.starts_with(blank) => {
            whole(Kind::Dot(first), 0, width)
        }
        '①'..='⑳' => whole(Kind::Circled, u32::from(first) - 0x2460 + 1, width),
        '㉑'..='㉟' => whole(Kind::Circled, u32::from(first) - 0x3251 + 21, width),
        '㊱'..='㊿' => whole(Kind::Circled, u32::from(first) - 0x32B1 + 36, width),
        '⑴'..='⒇' => whole(Kind::Ringed, u32::from(first) - 0x2474 + 1, width),
        'Ⅰ'..='Ⅻ' => whole(Kind::Roman, u32::from(first) - 0x2160 + 1, width),
        '(' | '（' => {
            let (count, number, length) = number(behind)?;
            let close = behind[length..].chars().next().filter(|c| matches!(c, ')' | '）'))?;
            whole(Kind::Bracketed(count), number, width + length + close.len_utf8())
        }
        _ => {
            let (count, number, length) = number(text)?;
            let end = text[length..].chars().next()?;
            let rest = text[length + end.len_utf8()..].trim_start_matches(blank);
            // 1.5倍, 3、4年生, 1 000: figures.
            let is_figure = rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '０'..='９'));
            match end {
                '.' | '．' | ')' | '）' if !is_figure => {
                    whole(Kind::Plain(count, end), number, length + end.len_utf8())
                }
                '、' if !is_figure && count == Count::Digits => {
                    whole(Kind::Plain(count, end), number, length + end.len_utf8())
                }
                ' ' | '\u{3000}' if !is_figure && count != Count::Letters => {
                    whole(Kind::Plain(count, ' '), number, length)
                }
                _ => None,
            }
        }
    }
}

/// In this order they count.
const KANA: &str = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン";
const KANJI: &str = "一二三四五六七八九十";

/// The number that a text begins with: how it counts, from 1 on, and its length.
fn number(text: &str) -> Option<(Count, u32, usize)> {
    let first = text.chars().next()?;
    let in_row = |row: &str| row.chars().position(|c| c == first).map(|position| position as u32 + 1);
    let value = |c: char| c.to_digit(10).or_else(|| matches!(c, '０'..='９').then(|| u32::from(c) - 0xFF10));
    if let Some(mut number) = value(first) {
        let mut length = first.len_utf8();
        if let Some((c, next)) = text[length..].chars().next().and_then(|c| Some((c, value(c)?))) {
            number = number * 10 + next;
            length += c.len_utf8();
        }
        return (number > 0).then_some((Count::Digits, number, length));
    }
    let width = first.len_utf8();
    match first {
        'a'..='z' => Some((Count::Letters, u32::from(first) - 0x60, width)),
        'A'..='Z' => Some((Count::Letters, u32::from(first) - 0x40, width)),
        _ => in_row(KANA)
            .map(|number| (Count::Kana, number, width))
            .or_else(|| in_row(KANJI).map(|number| (Count::Kanji, number, width))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The tree in one line: paragraphs as `lines / of it`, lists as `[mark text; mark text]`, numbered ones with `#`.
    fn shape(text: &str) -> String {
        fn of(parts: &[Part<'_>]) -> String {
            let part = |part: &Part<'_>| match part {
                Part::Lines(lines) => lines.join(" / "),
                Part::List { is_numbered, items } => {
                    let items: Vec<String> = items.iter().map(|it| format!("{} {}", it.mark, of(&it.parts))).collect();
                    format!("{}[{}]", if *is_numbered { "#" } else { "" }, items.join("; "))
                }
            };
            parts.iter().map(part).collect::<Vec<_>>().join(" | ")
        }
        of(&parts(text))
    }

    fn shown(text: &str, form: Form) -> String {
        let mut html = String::new();
        super::html(text, form, |part| html.push_str(part));
        html
    }

    #[test]
    fn lists_are_what_people_write_as_lists() {
        for (text, expect) in [
            ("・苦情 0件\n・遅れ 0件", "[・ 苦情 0件; ・ 遅れ 0件]"),
            (
                "主な仕事は次のとおり。\n・1月 作る\n・2月 送る\n以上です。",
                "主な仕事は次のとおり。 | [・ 1月 作る; ・ 2月 送る] | 以上です。",
            ),
            ("① 会議\n② 研修", "#[① 会議; ② 研修]"),
            ("(1) 会議\n(2) 研修", "#[(1) 会議; (2) 研修]"),
            ("（１）会議\n（２）研修", "#[（１） 会議; （２） 研修]"),
            ("1. 会議\n2. 研修", "#[1. 会議; 2. 研修]"),
            ("９　会議\n１０　研修", "#[９ 会議; １０ 研修]"),
            ("ア　会議\nイ　研修", "#[ア 会議; イ 研修]"),
            ("- 会議\n- 研修", "[- 会議; - 研修]"),
            ("※ 注一\n※ 注二", "[※ 注一; ※ 注二]"),
            // Lists inside lists, indented or not, and what goes on below a mark.
            ("(1) 会議\n  ・月1回\n  ・公開\n(2) 研修", "#[(1) 会議 | [・ 月1回; ・ 公開]; (2) 研修]"),
            (
                "(1) 会議\n・月1回\n・公開\n(2) 研修\n・年1回\n・非公開",
                "#[(1) 会議 | [・ 月1回; ・ 公開]; (2) 研修 | [・ 年1回; ・ 非公開]]",
            ),
            ("・会議を\n　月に1回開く\n・研修", "[・ 会議を / 月に1回開く; ・ 研修]"),
            ("・会議\n\n・研修", "[・ 会議; ・ 研修]"),
            // One item is no list, nor are numbers that do not count on.
            ("目標\n・会議", "目標 / ・会議"),
            ("1. 会議\n3. 研修", "1. 会議 / 3. 研修"),
            ("(1) 会議\n(3) 研修", "(1) 会議 / (3) 研修"),
            // Figures are no marks.
            ("-5% 以下\n-3% 以下", "-5% 以下 / -3% 以下"),
            ("1.5倍\n2.5倍", "1.5倍 / 2.5倍"),
            ("3、4年生\n4、5年生", "3、4年生 / 4、5年生"),
            ("1 000円\n2 000円", "1 000円 / 2 000円"),
            ("○月○日 会議\n○月○日 研修", "○月○日 会議 / ○月○日 研修"),
            ("（株）青葉\n（株）若葉", "（株）青葉 / （株）若葉"),
            ("・\n・", "・ / ・"),
            // Paragraphs.
            ("第一に。\n第二に。\n\n　第三に。", "第一に。 / 第二に。 | 　第三に。"),
            ("一行", "一行"),
        ] {
            assert_eq!(shape(text), expect, "{text}");
        }
    }

    #[test]
    fn what_is_one_line_is_what_it_was() {
        for text in ["委員会の開催 3回", "A & B <3", "", "・会場", "- 会場", "(1) 会場"] {
            assert_eq!(shown(text, Form::default()), Html::text(text).as_str());
            assert!(blocks(text).is_none());
        }
        let span = Form { element: Element::Span, ..Form::default() };
        assert_eq!(shown("会場", span), "<span>会場</span>");
        assert_eq!(shown("会場", Form { which: Which::Rest, ..span }), "");
    }

    #[test]
    fn lines_lists_and_ruby_become_html() {
        let span = Form { element: Element::Span, ..Form::default() };
        assert_eq!(shown("小学校\n中学校 <5>", span), "<span>小学校<br>中学校 &lt;5&gt;</span>");
        assert_eq!(
            shown("{躊躇|ちゅうちょ}の数", span),
            "<span><ruby>躊躇<rp>（</rp><rt>ちゅうちょ</rt><rp>）</rp></ruby>の数</span>"
        );
        let list = "<ul class=\"marked\"><li><span class=\"marked__mark\">・</span>会議</li>\
            <li><span class=\"marked__mark\">・</span>研修</li></ul>";
        assert_eq!(shown("・会議\n・研修", span), format!("<div class=\"value\">{list}</div>"));
        let text = "次のとおり。\n・会議\n・研修";
        let part = |which| shown(text, Form { which, ..Form::default() });
        assert_eq!(part(Which::Lead), "次のとおり。");
        assert_eq!(part(Which::Rest), format!("<div class=\"value\">{list}</div>"));
        assert_eq!(part(Which::Whole), format!("<div class=\"value\"><p>次のとおり。</p>{list}</div>"));
        // A heading holds no blocks.
        let lead = Form { which: Which::Lead, ..Form::default() };
        assert_eq!(
            shown("(1) 会議\n　・公開\n　・月1回\n(2) 研修", lead),
            "(1) 会議<br>\u{3000}・公開<br>\u{3000}・月1回<br>(2) 研修"
        );
    }

    #[test]
    fn comments_leave_nothing_behind() {
        for (text, expect) in [
            ("会議を開く <!-- 課長確認 -->", "会議を開く"),
            ("<!-- 課長確認 -->会議を開く", "会議を開く"),
            ("会議<!-- 月1回？ -->を開く", "会議を開く"),
            ("open <!-- ? --> it", "open it"),
            ("・会議\n<!-- 未確認\n調整中 -->\n・研修", "・会議\n・研修"),
            ("・会議 <!-- 未確認 -->\n・研修", "・会議\n・研修"),
            ("会議 <!-- 未確認\n研修", "会議"),
            ("<!-- a --><!-- b -->", ""),
            ("会議<!-->覚え書き-->を開く", "会議を開く"),
            ("会議", "会議"),
        ] {
            assert_eq!(without_comments(text), expect, "{text}");
        }
    }

    #[test]
    fn a_name_is_one_line_of_letters() {
        for (text, expect) in [
            ("見学会を\n開く", "見学会を開く"),
            ("見学会\nDX 推進", "見学会 DX 推進"),
            ("{躊躇|ちゅう|ちょ}せず", "躊躇せず"),
            ("[GDS]{lang=en}に学ぶ", "GDSに学ぶ"),
            ("案 {A|B}", "案 {A|B}"),
        ] {
            assert_eq!(plain(text), expect);
        }
    }

    proptest! {
        #[test]
        fn every_letter_comes_out_in_its_place(text in "([・①②（）(1)2.アイ -]|[会議a<&\u{3000} \n]){0,40}") {
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            let mut html = String::new();
            super::html(&text, Form::default(), |part| html.push_str(part));
            let mut out = String::new();
            let mut is_tag = false;
            for c in html.chars() {
                match c {
                    '<' => is_tag = true,
                    '>' => is_tag = false,
                    c if !is_tag => out.push(c),
                    _ => {}
                }
            }
            let out = out.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
            prop_assert_eq!(letters(&out), letters(&text));
            prop_assert_eq!(letters(&plain(&text)), letters(&text));
            fn told(block: &Block, out: &mut String) {
                match block {
                    Block::Paragraph { c } => c.iter().for_each(|it| if let Inline::Text { s } = it { out.push_str(s) }),
                    Block::Marked { items } => items.iter().for_each(|item| {
                        out.push_str(&item.mark);
                        item.c.iter().for_each(|block| told(block, out));
                    }),
                    other => panic!("{other:?}"),
                }
            }
            if let Some(blocks) = blocks(&text) {
                let mut out = String::new();
                blocks.iter().for_each(|block| told(block, &mut out));
                prop_assert_eq!(letters(&out), letters(&text));
            }
        }
    }
}
