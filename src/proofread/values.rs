//! Markdown and HTML in values of front matter, where nothing is made of them.
//!
//! A value has lines, simple lists and ruby ([`crate::markdown::value`]); all other signs are shown as they were typed, and
//! their author meant something else. Looks only at values that hold signs at all, and never into their comments.

use super::memo::shown_memo;
use crate::diagnostic::{Diagnostic, Rule};
use crate::document::Reading;
use crate::fields::Form;
use crate::markdown::MemoKind;
use crate::markdown::value::{CLOSE, OPEN};
use crate::text::memo::{self, SignKind};
use crate::text::place::{FileId, Place};
use crate::text::span::Span;
use crate::yaml::Shown;
use std::ops::Range;

/// What follows a sign is not read further than this, in bytes.
const LONGEST: usize = 300;

/// Everything in the values of a file that their readers would see as signs.
pub(super) fn markup(file: FileId, source: &str, values: &[Shown]) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for shown in values {
        let (start, end) = (shown.at.start as usize, (shown.at.end as usize).min(source.len()));
        if source.get(start..end).is_none() {
            continue;
        }
        let style = Style::of(source, start);
        let quote = usize::from(style == Style::Quoted);
        Value { file, source, end, style, form: shown.form, out: &mut out }.read(start + quote);
    }
    out
}

/// Hands out the parts of a value that its readers see: what stands between its comments.
pub(super) fn said(source: &str, at: Span, reading: &Reading, mut part: impl FnMut(usize, usize)) {
    let (mut start, end) = (at.start as usize, (at.end as usize).min(source.len()));
    if reading.signs.iter().any(|shown| shown.at == at) {
        while let Some(open) = source.get(start..end).and_then(|rest| rest.find(OPEN)) {
            part(start, start + open);
            let inside = start + open + OPEN.len();
            start = source[inside..end].find(CLOSE).map_or(end, |close| inside + close + CLOSE.len());
        }
    }
    part(start, end);
}

/// How a value is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Quoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

impl Style {
    /// Of the value whose letters begin at `start`.
    fn of(source: &str, start: usize) -> Self {
        if source[start..].starts_with(['"', '\'']) {
            return Self::Quoted;
        }
        // `|` and `>` stand at the end of the line before.
        let before = source[..start].trim_end_matches([' ', '\t']);
        let Some(before) = before.strip_suffix('\n') else { return Self::Plain };
        let line = before.trim_end().lines().next_back().unwrap_or("");
        let line = line.split(" #").next().unwrap_or("").trim_end();
        let head = line.trim_end_matches(|c: char| matches!(c, '-' | '+') || c.is_ascii_digit());
        let is_head = |sign| head.strip_suffix(sign).is_some_and(|key| key.is_empty() || key.ends_with([' ', '\t']));
        match () {
            () if is_head('|') => Self::Literal,
            () if is_head('>') => Self::Folded,
            () => Self::Plain,
        }
    }
}

struct Value<'t, 'o> {
    file: FileId,
    source: &'t str,
    end: usize,
    style: Style,
    form: Form,
    out: &'o mut Vec<Diagnostic>,
}

impl Value<'_, '_> {
    fn place(&self, start: usize, end: usize) -> Place {
        Place::new(self.file, Span::new(start, end))
    }

    /// Reads the value from its first letter on.
    fn read(&mut self, start: usize) {
        let notes = self.notes(start);
        let mut notes = notes.iter().peekable();
        let mut at = start;
        let mut begins_line = true;
        while at < self.end {
            while notes.next_if(|note| note.end <= at).is_some() {}
            if let Some(note) = notes.next_if(|note| note.start <= at) {
                at = note.end;
                begins_line = false;
                continue;
            }
            if begins_line {
                at = self.line(at);
            }
            let Some(c) = self.source[at..self.end].chars().next() else { break };
            begins_line = c == '\n';
            at = match c {
                '<' | '*' | '~' | '_' | '[' | '`' | '&' | '{' | '｛' => self.sign(at, c),
                c => at + c.len_utf8(),
            };
        }
    }

    /// Signs at the start of a line; where its text begins.
    fn line(&mut self, at: usize) -> usize {
        let line = self.source[at..self.end].lines().next().unwrap_or("");
        let text = line.trim_start_matches([' ', '\t']);
        let start = at + line.len() - text.len();
        let text = text.trim_end().trim_end_matches(['"', '\'']);
        let hashes = text.len() - text.trim_start_matches('#').len();
        let bars = text.bytes().filter(|byte| *byte == b'|').count();
        let is_block = matches!(self.style, Style::Literal | Style::Folded);
        let is_line = |sign: char| text.len() >= 3 && text.chars().all(|c| c == sign);
        let what = if (1..=6).contains(&hashes) && text[hashes..].starts_with(' ') {
            Meant::Heading
        } else if text.starts_with('|') && text.ends_with('|') && bars > 2 {
            Meant::Table
        } else if is_block && ['-', '*', '_', '='].into_iter().any(is_line) {
            Meant::Rule
        } else if text.starts_with("> ") {
            Meant::Quote
        } else {
            return start;
        };
        let end = start + text.len();
        self.out.push(literal(self.place(start, end), what, text));
        // Of one mistake nothing more is told.
        end
    }

    /// A sign inside a line; where to go on.
    fn sign(&mut self, at: usize, c: char) -> usize {
        let next = at + c.len_utf8();
        let rest = &self.source[at..self.end];
        // What is meant as one stands in one line.
        let line = rest.lines().next().unwrap_or("");
        let line = &line[..line.floor_char_boundary(LONGEST)];
        let found = match c {
            '<' => return self.tag(at, line).unwrap_or(next),
            '*' => pair(line, "**").map(|length| (Meant::Strong, length)),
            '_' => pair(line, "__").map(|length| (Meant::Strong, length)),
            '~' => pair(line, "~~").map(|length| (Meant::Deleted, length)),
            '`' => line[1..].find('`').filter(|end| *end > 0).map(|end| (Meant::Code, end + 2)),
            '[' => link(line),
            '&' => return self.entity(at, line).unwrap_or(next),
            _ => return self.ruby(at, line).unwrap_or(next),
        };
        let Some((what, length)) = found else {
            return next;
        };
        let is_image = what == Meant::Link && self.source[..at].ends_with('!');
        let start = at - usize::from(is_image);
        let written = &self.source[start..at + length];
        self.out.push(literal(self.place(start, at + length), if is_image { Meant::Image } else { what }, written));
        at + length
    }

    /// The notes to colleagues, each with what is not looked at because of it. Those that would be published are told, and
    /// those that hide more than was meant.
    fn notes(&mut self, start: usize) -> Vec<Range<usize>> {
        let text = &self.source[start..self.end];
        let mut notes: Vec<Range<usize>> = Vec::new();
        for sign in memo::signs(text) {
            if notes.last().is_some_and(|note| sign.at.start < note.end - start) {
                continue;
            }
            let rest = &text[sign.at.end..];
            let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
            let mut tell = |kind, at: Range<usize>| {
                let place = Place::new(self.file, Span::new(start + at.start, start + at.end));
                self.out.push(shown_memo(place, kind, &text[at], false));
            };
            let end = match (sign.kind, rest.find(CLOSE)) {
                (SignKind::Begin, Some(end)) => {
                    if let Some((kind, at)) = MemoKind::of_inside(&rest[..end]) {
                        tell(kind, sign.at.end + at.start..sign.at.end + at.end);
                    }
                    sign.at.end + end + CLOSE.len()
                }
                (SignKind::Begin, None) => {
                    tell(MemoKind::Unclosed, sign.at.clone());
                    text.len()
                }
                // One note is one finding.
                (SignKind::Like, _) => {
                    tell(MemoKind::Like, sign.at.clone());
                    sign.at.end + line.len()
                }
                // Inside of a line it is an arrow.
                (SignKind::End, _) if line.trim_matches([' ', '\u{3000}', '"', '\'', '\r']).is_empty() => {
                    tell(MemoKind::LoneEnd, sign.at.clone());
                    sign.at.end
                }
                (SignKind::End, _) => continue,
            };
            notes.push(start + sign.at.start..start + end);
        }
        notes
    }

    /// HTML, with its end: `<br>` is a line of its own.
    fn tag(&mut self, at: usize, line: &str) -> Option<usize> {
        let inside = line.strip_prefix('<')?;
        let inside = inside.strip_prefix('/').unwrap_or(inside);
        let length = inside.find(|c: char| !c.is_ascii_alphanumeric())?;
        let (name, behind) = inside.split_at(length);
        let end = behind.find(['>', '<']).filter(|end| behind[*end..].starts_with('>'))?;
        if !behind.starts_with(['>', '/', ' ']) {
            return None;
        }
        let lower = name.to_ascii_lowercase();
        if !TAGS.contains(&lower.as_str()) {
            return None;
        }
        let length = line.len() - behind.len() + end + 1;
        let end = at + length;
        let place = self.place(at, end);
        if lower != "br" {
            self.out.push(literal(place, Meant::Html, &line[..length]));
            return Some(end);
        }
        let finding = line_break(place, &line[..length], self.form);
        let before = &self.source[..at];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let tail = self.source[end..self.end].lines().next().unwrap_or("");
        let blanks = tail.len() - tail.trim_start_matches([' ', '\u{3000}']).len();
        self.out.push(match (self.style, self.form, tail.trim().is_empty()) {
            // The line ends here as it is.
            (Style::Literal, Form::Lines, true) => finding.fix(self.place(at, end), ""),
            (Style::Literal, Form::Lines, false) => {
                let indent: String = before[line_start..].chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
                finding.fix(self.place(at, end + blanks), format!("\n{indent}"))
            }
            _ => finding,
        });
        Some(end)
    }

    /// `&nbsp;`
    fn entity(&mut self, at: usize, line: &str) -> Option<usize> {
        let length = line.bytes().take(10).position(|byte| byte == b';')? + 1;
        let written = &line[..length];
        let meant = match written {
            "&nbsp;" | "&emsp;" | "&ensp;" => " ",
            "&amp;" => "&",
            "&lt;" => "<",
            "&gt;" => ">",
            "&quot;" => "\"",
            _ => return None,
        };
        self.out.push(entity(self.place(at, at + length), written, meant));
        Some(at + length)
    }

    /// Ruby where none is shown, or that is none.
    fn ruby(&mut self, at: usize, line: &str) -> Option<usize> {
        let inside = line.strip_prefix(['{', '｛'])?;
        let length = inside.find(['}', '｝', '{', '｛']).filter(|end| *end < 120)?;
        let close = inside[length..].chars().next().filter(|c| matches!(c, '}' | '｝'))?;
        let parts: Vec<&str> =
            inside[..length].split(['|', '｜']).map(|part| part.trim_matches([' ', '\u{3000}'])).collect();
        let is_kana = |part: &&str| part.chars().all(|c| matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '・'));
        let (base, readings) = parts.split_first()?;
        if base.is_empty()
            || readings.is_empty()
            || readings.iter().any(|it| it.is_empty())
            || !readings.iter().all(is_kana)
        {
            return None;
        }
        let end = at + line.len() - inside.len() + length + close.len_utf8();
        let right = format!("{{{}}}", parts.join("|"));
        let written = &self.source[at..end];
        let place = self.place(at, end);
        match self.form {
            Form::Name | Form::Summary => self.out.push(ruby_in_a_name(place, base)),
            _ if written != right => self.out.push(wide_ruby(place, &right)),
            _ => {}
        }
        Some(end)
    }
}

/// The length of `**words**`, where a line begins with one.
fn pair(line: &str, sign: &str) -> Option<usize> {
    let inside = line.strip_prefix(sign)?;
    let length = inside.find(sign)?;
    let words = &inside[..length];
    let is_one = !words.trim().is_empty() && words.trim() == words && !words.starts_with(&sign[..1]);
    is_one.then_some(length + 2 * sign.len())
}

/// `[words](target)` and `[^1]`, and their length.
fn link(line: &str) -> Option<(Meant, usize)> {
    let close = line.find(']')?;
    let label = &line[1..close];
    if label.starts_with('^') && label.len() > 1 && !label.contains(char::is_whitespace) {
        return Some((Meant::Note, close + 1));
    }
    let target = line[close + 1..].strip_prefix('(')?;
    let end = target.find(')')?;
    let is_target = target[..end].contains(['/', '.', '#', ':']) && !target[..end].trim().is_empty();
    is_target.then_some((Meant::Link, close + 2 + end + 1))
}

const TAGS: [&str; 44] = [
    "a",
    "b",
    "big",
    "blockquote",
    "br",
    "center",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "hr",
    "i",
    "img",
    "ins",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "rp",
    "rt",
    "ruby",
    "s",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "td",
    "th",
    "tr",
    "u",
    "ul",
];

/// What an author meant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meant {
    Strong,
    Deleted,
    Code,
    Link,
    Image,
    Note,
    Heading,
    Table,
    Rule,
    Quote,
    Html,
}

/// Signs that a value shows as they are.
fn literal(place: Place, meant: Meant, written: &str) -> Diagnostic {
    let written = &written[..written.floor_char_boundary(60)];
    let finding = Diagnostic::new(
        Rule::ValueMarkup,
        place,
        format!("値は Markdown ではないので、「{written}」は打ったままの形で見えます。"),
        format!("a value is no Markdown: `{written}` is shown as it was typed"),
    );
    let (ja, en) = match meant {
        Meant::Strong | Meant::Deleted => (
            "記号を消します。強調や取り消し線が要るなら、その文を本文（設定の下）に書きます。",
            "remove the signs; for emphasis, write the sentence in the text below the settings",
        ),
        Meant::Code => ("` を消します。", "remove the backticks"),
        Meant::Link | Meant::Image | Meant::Note => (
            "言葉だけにします。リンクや画像、脚注は、本文（設定の下）に書きます。",
            "leave the words alone; links, images and notes are written in the text below the settings",
        ),
        Meant::Heading => (
            "# を消します。見出しは、本文（設定の下）に書きます。",
            "remove the #; headings are written in the text below the settings",
        ),
        Meant::Table => (
            "1行に1つずつ「・会場 300人」のように書きます。表は、本文（設定の下）に書きます。",
            "write line by line; tables are written in the text below the settings",
        ),
        Meant::Rule => {
            ("線を消し、段落の間は空の行にします。", "remove the line; leave an empty line between paragraphs")
        }
        Meant::Quote => ("> を消します。", "remove the >"),
        Meant::Html => ("タグを消します。", "remove the tag"),
    };
    finding.help(ja, en)
}

/// `<br>`
fn line_break(place: Place, written: &str, form: Form) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::ValueMarkup,
        place,
        format!("「{written}」は、打ったままの形で見えます。"),
        format!("`{written}` is shown as it was typed"),
    );
    match form {
        Form::Lines => finding.help(
            "値を | で始め、次の行から1行ずつ書きます。書いたとおりに改行されます。",
            "begin the value with | and write it line by line below; lines are shown as they are written",
        ),
        _ => finding.help("消して、1行で書きます。", "remove it: this is one line"),
    }
}

fn entity(place: Place, written: &str, meant: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::ValueMarkup,
        place,
        format!("「{written}」は、打ったままの形で見えます。"),
        format!("`{written}` is shown as it was typed"),
    )
    .help(format!("「{meant}」と書きます。"), format!("write `{meant}`"))
    .guess(place, meant)
}

fn ruby_in_a_name(place: Place, base: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::ValueMarkup,
        place,
        "名前のふりがなは、どこにも出ません。",
        "the reading of a name is shown nowhere",
    )
    .help(
        format!("「{base}」とだけ書きます。部局の読みは reading（読み）に書きます。"),
        format!("write {base} alone; the reading of a department goes into `reading`"),
    )
    .guess(place, base)
}

fn wide_ruby(place: Place, right: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::ValueMarkup,
        place,
        "ふりがなにならず、打ったままの形で見えます。",
        "this is no ruby; it is shown as it was typed",
    )
    .help(format!("半角の記号で {right} と書きます。"), format!("write {right} with signs of half width"))
    .fix(place, right)
}
