//! Habits of paper and of word processors that Markdown does not know: their signs are shown as they were typed.
//!
//! Looks at the texts of a body, so never at code, at links that are links, or at ruby that is ruby.

mod findings;

use crate::diagnostic::Diagnostic;
use crate::markdown::{MemoKind, Text};
use crate::text::place::{FileId, Place};
use crate::text::span::{Span, find_byte};

/// A longer line or mark is not repeated in what its author is told.
const LONGEST: usize = 200;

/// How many items further the next number is looked for.
const SOON: usize = 99;

/// Every sign that its author meant for Markdown and that a reader will see.
pub(super) fn literal(file: FileId, source: &str, texts: &[Text]) -> Vec<Diagnostic> {
    let body = Body { file, source };
    let mut out = Vec::new();
    for runs in texts.chunk_by(|_, next| !next.opens) {
        body.lines(runs, &mut out);
        for run in runs {
            body.marks(run.at, &mut out);
        }
    }
    out
}

struct Body<'t> {
    file: FileId,
    source: &'t str,
}

/// What a line of a paragraph begins with.
struct Item<'t> {
    /// Where the line starts, blanks of full width included.
    at: usize,
    sign: Sign,
    /// What follows the sign.
    rest: &'t str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// ・会場
    Bullet(char),
    /// １．会場 and （１）会場 and ①会場; the character is what tells them apart.
    Number(char, u32),
    /// ア　会場 and （ア）会場, which no list of Markdown counts by.
    Kana(char, u32),
}

impl<'t> Body<'t> {
    fn place(&self, start: usize, end: usize) -> Place {
        Place::new(self.file, Span::new(start, end))
    }

    /// Headings and lists of a paragraph.
    fn lines(&self, runs: &[Text], out: &mut Vec<Diagnostic>) {
        let mut items = Vec::new();
        for (index, run) in runs.iter().enumerate() {
            let (at, end) = (run.at.start as usize, run.at.end as usize);
            let Some(first) =
                self.source.get(at..end).and_then(|text| text.trim_start_matches('\u{3000}').chars().next())
            else {
                continue;
            };
            if !begins(first) || self.is_escaped(at) {
                continue;
            }
            // A margin is short. A line of many runs is not read to its start, nor to its end, from each of them.
            let before = &self.source.as_bytes()[..at];
            let margin = before.iter().rev().take(4).take_while(|byte| matches!(byte, b' ' | b'\t' | b'>')).count();
            let starts_line = margin < 4 && before[..at - margin].last().is_none_or(|byte| *byte == b'\n');
            if !starts_line && index > 0 {
                continue;
            }
            let line = self.source[at..].lines().next().unwrap_or_default().trim_end();
            if starts_line && matches!(first, '#' | '＃') {
                out.extend(heading(line, runs.len() == 1).map(|(right, is_certain)| {
                    findings::literal_heading(self.place(at, at + line.len()), &right, is_certain)
                }));
            } else if starts_line && matches!(first, '[' | '［') {
                out.extend(self.alert(at, line));
            } else if starts_line && line.starts_with("｀｀｀") && line.trim_matches('｀').is_empty() {
                out.push(findings::literal_fence(self.place(at, at + line.len())));
            } else if (index == 0 || starts_line)
                && let Some((sign, rest)) = sign(line.trim_start_matches('\u{3000}'))
            {
                items.push(Item { at, sign, rest });
            }
        }
        if items.len() > 1 {
            out.extend(self.list(runs[0].at.start as usize, &items));
        }
    }

    /// The first line of a list that is none.
    fn list(&self, start: usize, items: &[Item]) -> Option<Diagnostic> {
        let breaks = |from: usize, to: usize| self.source[from..to].bytes().filter(|byte| *byte == b'\n').count();
        let first = items.iter().enumerate().find(|(index, item)| {
            let mut later = items[index + 1..].iter();
            match item.sign {
                // What was meant as one line may be broken where a ・ stands between two words.
                Sign::Bullet(_) => later.next().is_some_and(|next| {
                    matches!(next.sign, Sign::Bullet(_)) && (item.at == start || breaks(item.at, next.at) == 1)
                }),
                // Not to the end of a paragraph of thousands of lines, for each of them.
                Sign::Number(form, value) => later.take(SOON).any(|next| next.sign == Sign::Number(form, value + 1)),
                Sign::Kana(form, value) => later.take(SOON).any(|next| next.sign == Sign::Kana(form, value + 1)),
            }
        });
        let (_, item) = first?;
        let line = self.source[item.at..].lines().next()?.trim_end();
        let right = match item.sign {
            Sign::Bullet(_) => format!("- {}", item.rest),
            Sign::Number(_, value) => format!("{value}. {}", item.rest),
            Sign::Kana(..) => format!("- {}", line.trim_start_matches('\u{3000}')),
        };
        let place = self.place(item.at, item.at + line.len());
        if right == line {
            return Some(findings::list_under_text(place, item.at > start));
        }
        let finding = findings::literal_list(place, &right[..right.floor_char_boundary(LONGEST)]);
        // Nothing but lines with one and the same dot: no other text can have been meant. ○ and ■ may say yes and no.
        let is_plain = |other: &Item| {
            other.sign == items[0].sign
                && matches!(other.sign, Sign::Bullet('・' | '･' | '•' | '●'))
                && (other.at == 0 || self.source[..other.at].ends_with('\n'))
        };
        let last = items.last()?;
        if items[0].at != start || breaks(start, last.at) + 1 != items.len() || !items.iter().all(is_plain) {
            return Some(finding);
        }
        let paragraph = &self.source[start..];
        let lines = paragraph.split_inclusive('\n').zip(items).map(|(line, item)| {
            let end = &line[line.trim_end().len()..];
            (item.rest, end)
        });
        let ends: Vec<(&str, &str)> = lines.collect();
        // What follows the last line, such as the rest of a paragraph, is not touched.
        let end = last.at + self.source[last.at..].lines().next()?.trim_end().len();
        let mended: String = ends.iter().flat_map(|(rest, end)| ["- ", rest, end]).collect();
        let follows = self.source[end..].split_inclusive('\n').nth(1).unwrap_or("");
        match follows.trim().is_empty() {
            true => Some(finding.fix(self.place(start, end), mended.trim_end())),
            false => Some(finding),
        }
    }

    /// Signs within a line: links, ruby and bold type.
    fn marks(&self, run: Span, out: &mut Vec<Diagnostic>) {
        let (start, end) = (run.start as usize, (run.end as usize).min(self.source.len()));
        let bytes = &self.source.as_bytes()[..end];
        let mut at = start;
        while let Some(here) = find_byte(bytes, at, |b| (b == b'*') | (b == b'{') | (b == b']') | (b == 0xEF)) {
            let found = match bytes[here..] {
                [b'*', ..] => self.stars(start, here, end),
                [b'{', ..] | [0xEF, 0xBD, 0x9B, ..] => self.ruby(here, end),
                [b']', ..] | [0xEF, 0xBC, 0xBD, ..] => self.bracket(start, here, end),
                _ => None,
            };
            at = match found {
                Some((finding, next)) => {
                    out.extend(finding.filter(|_| !self.is_escaped(here)));
                    next
                }
                None => here + 1,
            };
        }
    }

    fn is_escaped(&self, at: usize) -> bool {
        self.source.as_bytes()[..at].ends_with(b"\\")
    }

    /// `**` that is shown; the place behind it is where to go on.
    fn stars(&self, start: usize, here: usize, end: usize) -> Option<(Option<Diagnostic>, usize)> {
        let text = &self.source[here..end];
        let length = text.len() - text.trim_start_matches('*').len();
        let next = here + length;
        if length != 2 {
            return Some((None, next));
        }
        let after = &self.source[next..end];
        let pair = after.find("**").filter(|found| !after[found + 2..].starts_with('*'));
        if let Some(inside) = pair.map(|found| &after[..found])
            && inside.trim() != inside
            && !inside.trim().is_empty()
            && inside.len() < LONGEST
        {
            let stop = next + inside.len() + 2;
            let right = format!("**{}**", inside.trim());
            return Some((Some(findings::literal_stars(self.place(here, stop), Some(&right))), stop));
        }
        let before = self.source[start..here].chars().next_back();
        let (before, after) = (before.unwrap_or(' '), after.chars().next().unwrap_or(' '));
        // 2**10, and a mark that stands alone.
        let is_other = (before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric())
            || (before.is_whitespace() && after.is_whitespace());
        Some(((!is_other).then(|| findings::literal_stars(self.place(here, next), None)), next))
    }

    /// Ruby with signs of full width, with blanks, or without its end.
    fn ruby(&self, here: usize, end: usize) -> Option<(Option<Diagnostic>, usize)> {
        let text = &self.source[here..end];
        let inside = text.strip_prefix(['{', '｛'])?;
        // A base is short, and what is no ruby must not be read to its end from each of its brackets.
        let bar = inside[..inside.floor_char_boundary(LONGEST)].find(is_bar)?;
        let base = &inside[..bar];
        let stops = |c: char| is_kana_stop(c) || c == '\n';
        if base.trim().is_empty() || base.len() > 60 || base.contains(stops) {
            return None;
        }
        let behind = &inside[bar..];
        let length = behind.find(|c| !(is_kana(c) || is_bar(c) || matches!(c, ' ' | '\u{3000}')));
        let readings = behind[..length.unwrap_or(behind.len())].trim_end_matches('\n');
        let parts: Vec<&str> = readings.split(is_bar).skip(1).map(str::trim).collect();
        if parts.iter().any(|part| part.is_empty()) {
            return None;
        }
        let stop = here + text.len() - behind.len() + readings.len();
        let Some(close) = self.source[stop..end].chars().next().filter(|c| matches!(c, '}' | '｝')) else {
            return Some((Some(findings::open_ruby(self.place(here, stop), base.trim())), stop));
        };
        let stop = stop + close.len_utf8();
        let right = format!("{{{}|{}}}", base.trim(), parts.join("|"));
        let is_wrong = right != self.source[here..stop];
        Some((is_wrong.then(|| findings::literal_ruby(self.place(here, stop), &right)), stop))
    }

    /// What a bracket closes that was meant for Markdown.
    fn bracket(&self, start: usize, here: usize, end: usize) -> Option<(Option<Diagnostic>, usize)> {
        let noted = self.note(start, here);
        if noted.is_some() {
            return noted;
        }
        let behind = self.source[here..end].strip_prefix([']', '］'])?;
        // What follows tells them apart, and costs less to look at than what stands before.
        match behind.chars().next()? {
            ':' | '：' => self.comment(start, here, end),
            '[' => self.reference(start, here, end),
            _ => self.link(start, here, end).or_else(|| self.noted_link(start, here, end)),
        }
    }

    /// What stands between the last opening bracket and `here`, and where that bracket is.
    fn label(&self, start: usize, here: usize) -> Option<(usize, &'t str)> {
        let from = self.source.ceil_char_boundary(here.saturating_sub(LONGEST)).max(start);
        let before = &self.source[from..here];
        let open = before.rfind(['[', '［'])?;
        Some((from + open, before[open..].strip_prefix(['[', '［'])?))
    }

    /// `[!注意]` at the start of a line, that makes no note.
    fn alert(&self, at: usize, line: &str) -> Option<Diagnostic> {
        let word = line.strip_prefix(['[', '［'])?.strip_prefix(['!', '！'])?;
        let length = word.find(|c: char| !c.is_alphanumeric())?;
        let (word, rest) = word.split_at(length);
        let rest = rest.strip_prefix([']', '］'])?;
        // Not `[!図](a.png)`.
        if word.is_empty() || word.chars().count() > 12 || rest.starts_with(['(', '（', '[']) {
            return None;
        }
        let before = &self.source[self.source.floor_char_boundary(at.saturating_sub(8))..at];
        let is_quoted = before.rsplit('\n').next().is_some_and(|margin| margin.contains('>'));
        let place = self.place(at, at + line.len() - rest.len());
        Some(findings::literal_alert(place, word, is_quoted, !rest.trim().is_empty()))
    }

    /// `[//]: # (…)` in a paragraph: elsewhere editors keep notes that way, and no page shows them.
    fn comment(&self, start: usize, here: usize, end: usize) -> Option<(Option<Diagnostic>, usize)> {
        let (open, label) = self.label(start, here)?;
        let behind = self.source[here..end].strip_prefix([']', '］'])?;
        let is_comment =
            matches!(label, "//" | "／／" | "comment" | "_" | "コメント" | "#") && behind.starts_with([':', '：']);
        let stop = end - behind.len() + behind.chars().next().map_or(0, char::len_utf8);
        is_comment.then(|| {
            let place = self.place(open, stop.min(end));
            (Some(crate::proofread::memo::shown_memo(place, MemoKind::Like, place.span.slice(self.source), true)), stop)
        })
    }

    /// A link or picture whose words hold the mark of a footnote: it becomes none.
    fn noted_link(&self, start: usize, here: usize, end: usize) -> Option<(Option<Diagnostic>, usize)> {
        let inside = self.source[here..end].strip_prefix("](")?;
        let length = inside[..inside.floor_char_boundary(5 * LONGEST)].find(')')?;
        let target = &inside[..length];
        // Only where the words began in an earlier run.
        let from = self.source.ceil_char_boundary(here.saturating_sub(LONGEST));
        if self.source[from.max(start)..here].contains(['[', '［']) || !is_target(target) {
            return None;
        }
        let before = &self.source[from..here];
        let note = before.rfind("[^")?;
        let note_end = note + before[note..].find(']')? + 1;
        let open = before[..note].rfind('[').filter(|open| !before[*open..note].contains(['\n', ']']))?;
        let is_image = before[..open].ends_with('!');
        let at = from + open - usize::from(is_image);
        let stop = end - inside.len() + length + 1;
        let words = format!("{}{}", &before[open + 1..note], &before[note_end..]);
        let right = format!("{}[{words}]({target}){}", if is_image { "!" } else { "" }, &before[note..note_end]);
        Some((Some(findings::noted_link(self.place(at, stop), &right)), stop))
    }

    /// `[計画][plan]` without a line that says where `plan` leads.
    fn reference(&self, start: usize, here: usize, end: usize) -> Option<(Option<Diagnostic>, usize)> {
        let (open, label) = self.label(start, here)?;
        let inside = self.source[here..end].strip_prefix("][")?;
        let length = inside[..inside.floor_char_boundary(60)].find(']')?;
        let name = &inside[..length];
        let is_name = !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/'));
        let stop = end - inside.len() + length + 1;
        (is_name && !label.trim().is_empty())
            .then(|| (Some(findings::literal_reference(self.place(open, stop), label, name)), stop))
    }

    /// A reference to a footnote that has no text, or with signs of full width.
    fn note(&self, start: usize, here: usize) -> Option<(Option<Diagnostic>, usize)> {
        let from = self.source.ceil_char_boundary(here.saturating_sub(LONGEST)).max(start);
        let before = &self.source[from..here];
        let open = before.rfind(['[', '［'])?;
        let label = before[open..].strip_prefix(['[', '［'])?.strip_prefix(['^', '＾'])?;
        if label.is_empty()
            || label.contains(|c: char| c.is_whitespace() || is_bracket(c))
            || self.is_escaped(from + open)
        {
            return None;
        }
        let stop = here + self.source[here..].chars().next().map_or(1, char::len_utf8);
        let (written, right) = (&self.source[from + open..stop], format!("[^{label}]"));
        Some((Some(findings::literal_note(self.place(from + open, stop), written, &right)), stop))
    }

    /// A link with brackets of full width, or with a blank between its two parts.
    fn link(&self, start: usize, here: usize, end: usize) -> Option<(Option<Diagnostic>, usize)> {
        let behind = self.source[here..end].strip_prefix([']', '］'])?;
        let inside = behind.trim_start_matches([' ', '\u{3000}']).strip_prefix(['(', '（'])?;
        let near = &inside[..inside.floor_char_boundary(5 * LONGEST)];
        let length = near.find([')', '）', '(', '（'])?;
        // `plan_(1.pdf` holds a bracket that nothing closes.
        let is_open = near[length..].starts_with(['(', '（']);
        let length = if is_open { near.find([')', '）']).filter(|end| is_target(&near[..*end]))? } else { length };
        let target = inside[..length].trim();
        let closing = inside[length..].chars().next().filter(|c| matches!(c, ')' | '）'))?;
        let start = self.source.ceil_char_boundary(here.saturating_sub(5 * LONGEST)).max(start);
        let before = &self.source[start..here];
        let open = before.rfind(['[', '［'])?;
        let label = before[open..].strip_prefix(['[', '［'])?;
        let has_blank = target.contains([' ', '\t']) && is_target(&target.replace([' ', '\t'], "_"));
        if label.trim().is_empty() || label.contains([']', '］']) || !(has_blank || is_target(target)) {
            return None;
        }
        let from = start + before[..open].strip_suffix('!').map_or(open, str::len);
        let stop = end - inside.len() + length + closing.len_utf8();
        let image = if from < start + open { "!" } else { "" };
        let right = match has_blank || is_open {
            true => format!("{image}[{}](<{target}>)", label.trim()),
            false => format!("{image}[{}]({target})", label.trim()),
        };
        let is_wrong = right != self.source[from..stop];
        Some((is_wrong.then(|| findings::literal_link(self.place(from, stop), &right)), stop))
    }
}

fn is_bracket(c: char) -> bool {
    matches!(c, '[' | ']' | '［' | '］')
}

/// Whether a line that begins with `c` may be a heading or an item to its author.
fn begins(c: char) -> bool {
    matches!(c, '#' | '＃' | '(' | '（' | '0'..='9' | '０'..='９' | 'ア'..='ソ' | '｀' | '[' | '［')
        || is_bullet(c)
        || circled(c).is_some()
}

fn is_bullet(c: char) -> bool {
    matches!(c, '・' | '･' | '•' | '●' | '○' | '◯' | '◆' | '◇' | '■' | '□' | '-' | '－' | '*')
}

/// The heading that a line is meant to be, and whether it can be nothing else.
fn heading(line: &str, is_alone: bool) -> Option<(String, bool)> {
    let text = line.trim_start_matches(['#', '＃']);
    let level = line[..line.len() - text.len()].chars().count();
    let words = text.trim_start().trim_end_matches(['#', '＃']).trim_end();
    let is_apart = text.starts_with(char::is_whitespace);
    let right = format!("{} {words}", "#".repeat(level));
    if level > 6 || words.is_empty() || words.len() > LONGEST || right == line {
        return None;
    }
    // `#青葉市` may be what people look for in social media; `#2` is a number.
    let is_word =
        is_alone && level == 1 && !words.contains(char::is_whitespace) && !words.starts_with(char::is_numeric);
    (level > 1 || is_apart || (is_word && !words.contains(['#', '＃']))).then_some((right, level > 1 || is_apart))
}

/// The sign of a list that a line begins with, and what follows it.
fn sign(line: &str) -> Option<(Sign, &str)> {
    let mut rest = line.chars();
    let first = rest.next()?;
    let text = rest.as_str();
    let next = text.chars().next()?;
    let (sign, rest) = if is_bullet(first) {
        // ○○課, ・・・, -5度; `- 会場` would be an item.
        let is_sign = next != first && !(matches!(first, '-' | '－') && next.is_numeric());
        let is_glued = !matches!(first, '-' | '*') || !next.is_whitespace();
        (is_sign && is_glued).then_some((Sign::Bullet(first), text))?
    } else if let Some((form, value)) = circled(first) {
        // A line of prose may begin with ②は.
        if matches!(next, 'と' | 'は' | 'の' | 'を' | 'が' | 'に' | 'も' | '、' | '・' | '〜' | '～') {
            return None;
        }
        (Sign::Number(form, value), text)
    } else if let Some(found) = kana_item(line) {
        found
    } else {
        let digits = if matches!(first, '(' | '（') { text } else { line };
        let behind = digits.trim_start_matches(|c: char| digit(c).is_some());
        let written = &digits[..digits.len() - behind.len()];
        if written.is_empty() || written.chars().count() > 2 {
            return None;
        }
        let value = written.chars().filter_map(digit).fold(0, |value, digit| value * 10 + digit);
        let mark = behind.chars().next()?;
        let rest = &behind[mark.len_utf8()..];
        let is_mark = match first {
            '(' | '（' => matches!(mark, ')' | '）'),
            // 1.5倍, 1、2か所; `1. 会場` would be an item.
            _ => match mark {
                '.' | '．' | '、' => !rest.starts_with(|c| digit(c).is_some()),
                mark => matches!(mark, ')' | '）'),
            },
        };
        let form = if digits.len() < line.len() { '(' } else { mark };
        is_mark.then_some((Sign::Number(form, value), rest))?
    };
    let rest = rest.trim();
    (!rest.is_empty()).then_some((sign, rest))
}

/// An item that a letter of kana counts: ア　会場, ア．会場, (ア) 会場.
fn kana_item(line: &str) -> Option<(Sign, &str)> {
    let open = line.strip_prefix(['(', '（']);
    let mut rest = open.unwrap_or(line).chars();
    let value = "アイウエオカキクケコサシスセソ".chars().position(|kana| rest.as_str().starts_with(kana));
    let value = value?;
    rest.next();
    let mark = rest.next()?;
    let is_mark = match open {
        Some(_) => matches!(mark, ')' | '）'),
        None => matches!(mark, ')' | '）' | '．' | '.' | '、' | '\u{3000}' | ' '),
    };
    let form = if open.is_some() { '(' } else { mark };
    is_mark.then_some((Sign::Kana(form, value as u32 + 1), rest.as_str()))
}

/// The number in a circle, in brackets or with a full stop that is one character.
fn circled(c: char) -> Option<(char, u32)> {
    ['①', '⑴', '⒈'].into_iter().find_map(|one| {
        let value = u32::from(c).checked_sub(u32::from(one))?;
        (value < 20).then_some((one, value + 1))
    })
}

fn digit(c: char) -> Option<u32> {
    match c {
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        _ => c.to_digit(10),
    }
}

fn is_bar(c: char) -> bool {
    matches!(c, '|' | '｜')
}

fn is_kana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '・')
}

/// What cannot stand in the base of ruby.
fn is_kana_stop(c: char) -> bool {
    matches!(c, '{' | '}' | '｛' | '｝' | '(' | ')' | '（' | '）' | '「' | '」' | '、' | '。')
}

/// Whether brackets behind brackets hold where a link leads, and not a remark.
fn is_target(text: &str) -> bool {
    const ENDINGS: [&str; 17] = [
        "md", "pdf", "xlsx", "xls", "docx", "doc", "pptx", "ppt", "csv", "png", "jpg", "jpeg", "gif", "svg", "webp",
        "zip", "html",
    ];
    let is_file = || {
        let path = text.split('#').next().unwrap_or(text);
        path.rsplit_once('.').is_some_and(|(name, ending)| {
            !name.is_empty() && ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
        })
    };
    let is_address = ["https://", "http://", "mailto:", "./", "../"].iter().any(|start| text.starts_with(start));
    !text.contains(|c: char| c.is_whitespace() || matches!(c, '、' | '。' | '「' | '」' | '<' | '>'))
        && (is_address || is_file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown;

    /// What is marked, and the line that its author is told to write.
    fn found(body: &str) -> Vec<String> {
        let facts = markdown::facts(body, 0);
        literal(FileId::NONE, body, &facts.texts).iter().map(|it| it.place.span.slice(body).to_owned()).collect()
    }

    /// The body as `--fix` leaves it.
    fn mended(body: &str) -> String {
        let facts = markdown::facts(body, 0);
        let findings = literal(FileId::NONE, body, &facts.texts);
        let mut text = body.as_bytes().to_vec();
        for change in crate::fix::plan(&findings) {
            text = change.apply(&text).unwrap();
        }
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn a_line_of_nothing_but_signs_is_read_in_no_time() {
        for sign in ["{", "｛", "](", "］（", "**", "{漢字", "](a)", "1.a\n", "[^", "[^a]", "]"] {
            let body = sign.repeat(200_000);
            literal(FileId::NONE, &body, &[Text { at: Span::new(0, body.len()), opens: true }]);
        }
        let numbers: String = (0..50_000).map(|_| "9）会場\n").collect();
        let runs: Vec<Text> =
            (0..50_000).map(|line| Text { at: Span::new(line * 11, line * 11 + 10), opens: line == 0 }).collect();
        literal(FileId::NONE, &numbers, &runs);
    }

    #[test]
    fn notes_without_text_are_found() {
        for (body, marked) in [
            ("増えました[^1]。\n", "[^1]"),
            ("増えました［^1］。\n\n[^1]: 出典\n", "［^1］"),
            ("増えました[＾1]。\n", "[＾1]"),
            ("増えました[^1]と[^出典]。\n\n[^1]: 出典\n", "[^出典]"),
        ] {
            assert_eq!(found(body), [marked], "{body}");
        }
        for body in ["増えました[^1]。\n\n[^1]: 出典\n", "`[^1]`\n", "\\[^1]\n", "[^ ]と[^]と[1]\n", "[計画](a.pdf)\n"]
        {
            assert_eq!(found(body), [""; 0], "{body}");
        }
    }

    #[test]
    fn headings_of_other_programs_are_found() {
        for (body, right) in [
            ("##背景\n", "## 背景\n"),
            ("＃ 背景\n", "# 背景\n"),
            ("＃＃背景\r\n本文です。\r\n", "## 背景\r\n本文です。\r\n"),
            ("##　背景\n", "## 背景\n"),
            ("本文です。\n＃＃ 背景 ＃＃\n", "本文です。\n## 背景\n"),
            ("> ##背景\n", "> ## 背景\n"),
        ] {
            assert_eq!(found(body).len(), 1, "{body}");
            assert_eq!(mended(body), right);
            assert_eq!(found(right), [""; 0], "{right}");
        }
        assert_eq!(found("#背景\n"), ["#背景"]);
        assert_eq!(mended("#背景\n"), "#背景\n");
    }

    #[test]
    fn lists_of_paper_are_found() {
        for body in [
            "・会場を選ぶ\n・案内を出す\n",
            "次のことをします。\n・会場を選ぶ\n・案内を出す\n",
            "　・会場を選ぶ\n　・案内を出す\n",
            "●会場\n○案内\n",
            "◆ 会場\r\n◆ 案内\r\n",
            "１．会場\n２．案内\n",
            "１）会場\n２）案内\n",
            "（1）会場\n（2）案内\n",
            "(1) 会場\n(2) 案内\n",
            "①会場を選び、\n決める\n②案内を出す\n",
            "1.会場\n2.案内\n",
            "1、会場\n2、案内\n",
            "-会場\n-案内\n",
            "－会場\n－案内\n",
            "> ・会場\n> ・案内\n",
            "- 見学会\n  ・会場\n  ・案内\n",
            "・**会場**を選ぶ\n・`案内`を出す\n",
        ] {
            assert_eq!(found(body).len(), 1, "{body}");
        }
        assert_eq!(mended("・会場\n・案内\n"), "- 会場\n- 案内\n");
        assert_eq!(
            mended("前です。\n\n　・会場\r\n　・**案内**\r\n\r\n後です。"),
            "前です。\n\n- 会場\r\n- **案内**\r\n\r\n後です。"
        );
        for body in ["次です。\n・会場\n・案内\n", "①会場\n②案内\n", "■会場\n■案内\n", "・会場\n・案内\n続きです。\n"]
        {
            assert_eq!(mended(body), body);
        }
    }

    #[test]
    fn signs_of_full_width_are_found() {
        for (body, right) in [
            ("[計画]（keikaku.pdf）を見る。\n", "[計画](keikaku.pdf)を見る。\n"),
            ("前の［計画］(../2025/a.md#b)です。\n", "前の[計画](../2025/a.md#b)です。\n"),
            ("[計画](keikaku.pdf）\n", "[計画](keikaku.pdf)\n"),
            ("[計画] (keikaku.pdf)\n", "[計画](keikaku.pdf)\n"),
            ("![橋]（hashi.png）\n", "![橋](hashi.png)\n"),
            ("[市]（https://a.jp/）\n", "[市](https://a.jp/)\n"),
            ("{避難｜ひなん}する\n", "{避難|ひなん}する\n"),
            ("｛避難|ひ｜なん｝する\n", "{避難|ひ|なん}する\n"),
            ("{ 避難 | ひなん }する\n", "{避難|ひなん}する\n"),
            ("| 語 |\n| --- |\n| {避難｜ひなん} |\n", "| 語 |\n| --- |\n| {避難|ひなん} |\n"),
        ] {
            assert_eq!(found(body).len(), 1, "{body}");
            assert_eq!(mended(body), right);
            assert_eq!(found(right), [""; 0], "{right}");
        }
        assert_eq!(found("{避難|ひなんの場所\n"), ["{避難|ひなんの"]);
        assert_eq!(found("{避難|ひなん"), ["{避難|ひなん"]);
    }

    #[test]
    fn links_notes_and_lists_that_are_none_are_told() {
        for (body, marked) in [
            ("[計画の資料](計画 1.pdf)\n", "[計画の資料](計画 1.pdf)"),
            ("![会場 図](会場 図.png)\n", "![会場 図](会場 図.png)"),
            ("[計画](plan_(1.pdf)を見る。\n", "[計画](plan_(1.pdf)"),
            ("[条例[^1]](https://a.jp/)\n\n[^1]: 注\n", "[条例[^1]](https://a.jp/)"),
            ("![地図[^1]の図](map.png)\n\n[^1]: 注\n", "![地図[^1]の図](map.png)"),
            ("前の[計画][plan-1]です。\n", "[計画][plan-1]"),
            ("> [!NOTE] 補足\n> 文\n", "[!NOTE]"),
            ("> [!危険]\n> 文\n", "[!危険]"),
            ("> ［！注意］\n> 文\n", "［！注意］"),
            ("[!注意]\n文\n", "[!注意]"),
            ("次です。\n2. 会場\n3. 案内\n", "2. 会場"),
            ("ア　国が行う\nイ　市が行う\n", "ア　国が行う"),
            ("次です。\n（ア）国\n（イ）市\n", "（ア）国"),
            ("次です。\n(1)会場\n(2)案内\n", "(1)会場"),
            ("次です。\n①会場\n②案内\n", "①会場"),
            ("｀｀｀\n\n本文\n", "｀｀｀"),
            ("本文 [//]: # (覚え書き)\n", "[//]:"),
        ] {
            assert_eq!(found(body), [marked], "{body}");
        }
        assert_eq!(mended("[計画](計画 1.pdf)\n"), "[計画](<計画 1.pdf>)\n");
        for body in [
            "[計画](<計画 1.pdf>)と[計画][p]\n\n[p]: a.pdf\n",
            "[新規][継続]の別\n",
            "> [!注意]\n> 文\n",
            "アンケートを行い、\nイベントを開く。\n",
            "[注](別紙 1)\n",
            "![!図](a.png)\n",
        ] {
            assert_eq!(found(body), [""; 0], "{body}");
        }
    }

    #[test]
    fn stars_that_stay_are_found() {
        assert_eq!(found("これは**重要です。\n"), ["**"]);
        assert_eq!(found("** 重要 ** です。\n"), ["** 重要 **"]);
        assert_eq!(found("**重要 **です。\n"), ["**重要 **"]);
        assert_eq!(found("**会場\nを選びます。\n"), ["**"]);
    }

    #[test]
    fn markdown_and_prose_are_left_alone() {
        for body in [
            "## 背景\n\n- 会場\n- 案内\n\n1. 会場\n2. 案内\n",
            "#1 の会場と #2 の会場\n",
            "#青葉市 #見学会\n",
            "投稿には\n#青葉市\nを付けます。\n",
            "\\##背景\n",
            "```\n##背景\n・会場\n・案内\n```\n",
            "`{避難｜ひなん}`と`**`と`[a]（b.pdf）`\n",
            "・会場を選びます。\n",
            "会場は、企画課\n・財政課が選びます。\n",
            "・会場  \n・案内\n",
            "・会場\n\n・案内\n",
            "○○課が選び、\n○○課が決めます。\n",
            "1.5倍になり、\n2.3倍になります。\n",
            "2026．\n2027．\n",
            "①と②の会場を選びます。\n②は休みです。\n",
            "-5度から\n-3度まで\n",
            "| 会場 |\n| --- |\n| ・大ホール<br>・小ホール |\n",
            "［新規］（令和7年度から）\n",
            "[新規]（3.5倍）と[注]（別紙1）\n",
            "[計画](keikaku.pdf)（令和7年度）\n",
            "｛平日｜土日祝日｝の別\n",
            "{漢字|かんじ}と{a|b}\n",
            "2**10と***と a ** b\n",
            "\\**重要\n",
            "これは**「重要」**です。**50%**です。\n",
        ] {
            assert_eq!(found(body), [""; 0], "{body}");
        }
    }
}
