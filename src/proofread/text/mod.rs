//! What readers of one file will read, character by character: one pass over its texts.
//!
//! Bytes that can begin nothing of interest are stepped over by a table; only what may be a slip is looked at more
//! closely, always with its exact place. Knows nothing of other files.

mod findings;
mod japanese;

use super::values;
use crate::config::checks::RuleOptions;
use crate::diagnostic::Diagnostic;
use crate::document::Reading;
use crate::text::language::Language;
use crate::text::place::{FileId, Place};
use crate::text::signs::{meant, unified};
use crate::text::span::Span;
use crate::value::calendar::{Date, WrittenYear};

/// What a leading byte can begin.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Nothing of interest: step over that many bytes.
    Step(u8),
    /// A letter in ASCII.
    Letter,
    /// A digit in ASCII.
    Digit,
    /// Something to look at.
    Look,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Step(1); 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' => Class::Digit,
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'\n' | b'\r' | b'\t' => Class::Step(1),
            0..=b' ' | 0x7F => Class::Look,
            0xC2 | 0xCC | 0xCD => Class::Look,
            0xC3..=0xDF => Class::Step(2),
            0xE2 | 0xE3 | 0xEE | 0xEF => Class::Look,
            0xE0..=0xEF => Class::Step(3),
            0xF0..=0xFF => Class::Look,
            _ => Class::Step(1),
        };
        byte += 1;
    }
    classes
};

/// More bytes than any year of the calendar takes, with its brackets and units.
const LONGEST_YEAR: usize = 64;

/// Everything that is wrong with the texts of a file.
pub(super) fn texts(
    file: FileId,
    text: &str,
    reading: &Reading,
    language: Language,
    options: &RuleOptions,
) -> Vec<Diagnostic> {
    let mut scan = Scan::new(file, text, language == Language::Japanese, options);
    for value in &reading.values {
        scan.begin();
        // Notes in a value are nobody's prose.
        values::said(text, *value, reading, |start, end| scan.segment(start, end));
    }
    let mut links = reading.links.iter().peekable();
    for run in &reading.facts.texts {
        if run.opens {
            scan.begin();
        }
        let (mut at, end) = (run.at.start as usize, (run.at.end as usize).min(text.len()));
        // Bare URLs stand inside runs of text; they are nobody's prose.
        while let Some(link) = links.peek().filter(|link| (link.at.start as usize) < end) {
            let (start, stop) = (link.at.start as usize, link.at.end as usize);
            if start >= at && stop <= end {
                scan.segment(at, start);
                at = stop;
            }
            links.next();
        }
        scan.segment(at, end);
    }
    // The title of a picture, which is its caption, stands behind its target.
    for link in reading.links.iter() {
        scan.title(link.at.end as usize, link.whole.end as usize);
    }
    scan.finish()
}

fn is_lookalike(c: char) -> bool {
    meant(c).is_some()
}

/// The first letter of a file's name that only looks like another.
pub(super) fn name(file: FileId, path: &str) -> Option<Diagnostic> {
    if path.is_ascii() {
        return None;
    }
    let (c, found) = path.chars().find_map(|c| Some((c, meant(c).filter(|meant| meant.is_same)?)))?;
    Some(findings::lookalike_in_name(Place::start(file), c.encode_utf8(&mut [0; 4]), &found.text))
}

struct Scan<'t> {
    file: FileId,
    text: &'t str,
    is_japanese: bool,
    options: &'t RuleOptions,
    out: Vec<Diagnostic>,
    /// The sentence that is open: where it starts, and its length in bytes and characters without what is not read yet.
    sentence: Option<(usize, usize)>,
    /// Where the part of the sentence starts that has not been counted.
    counted: usize,
    last_end: usize,
    brackets: Vec<(char, usize)>,
    /// How many of each kind are open.
    open: [usize; 4],
    /// The last `)` before a place in the text, and that place: brackets are looked at from the start to the end.
    narrow_close: (Option<usize>, usize),
    has_narrow_digit: bool,
    has_narrow_letter: bool,
    /// Full-width digits and letters; judged when the whole file is known.
    wide: Vec<Span>,
    /// Marks that belong to the letter before them, in a decomposed text: the first and the last.
    decomposed: Option<(usize, usize)>,
}

impl<'t> Scan<'t> {
    fn new(file: FileId, text: &'t str, is_japanese: bool, options: &'t RuleOptions) -> Self {
        Self {
            file,
            text,
            is_japanese,
            options,
            out: Vec::new(),
            sentence: None,
            counted: 0,
            last_end: 0,
            brackets: Vec::new(),
            open: [0; 4],
            narrow_close: (None, 0),
            has_narrow_digit: false,
            has_narrow_letter: false,
            wide: Vec::new(),
            decomposed: None,
        }
    }

    fn place(&self, start: usize, end: usize) -> Place {
        Place::new(self.file, Span::new(start, end))
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text[at..].chars().next()
    }

    fn char_before(&self, at: usize) -> Option<char> {
        self.text[..at].chars().next_back()
    }

    /// Notes a finding unless it lies in a proper name of the city.
    fn note(&mut self, finding: Diagnostic) {
        let at = finding.place.span;
        let is_named = self.options.names.iter().any(|name| {
            let mut from = (at.start as usize).saturating_sub(name.len());
            while !self.text.is_char_boundary(from) {
                from -= 1;
            }
            let mut to = (at.end as usize + name.len()).min(self.text.len());
            while !self.text.is_char_boundary(to) {
                to += 1;
            }
            let found = self.text[from..to].match_indices(&**name).map(|(offset, _)| from + offset);
            found.into_iter().any(|start| start <= at.start as usize && at.end as usize <= start + name.len())
        });
        if !is_named {
            self.out.push(finding);
        }
    }

    /// A paragraph, item, cell or value begins: nothing is left open before it.
    fn begin(&mut self) {
        self.end_sentence(self.last_end);
        self.sentence = None;
        self.open = [0; 4];
        for (bracket, at) in std::mem::take(&mut self.brackets) {
            self.unclosed(bracket, at);
        }
    }

    fn open(&mut self, bracket: char, at: usize) {
        self.brackets.push((bracket, at));
        self.open[japanese::bracket_kind(bracket)] += 1;
    }

    fn finish(mut self) -> Vec<Diagnostic> {
        self.begin();
        if let Some((first, last)) = self.decomposed {
            let place = self.place(first, last);
            self.out.push(findings::decomposed_text(place, &japanese::composed(&self.text[first..last])));
        }
        if self.is_japanese {
            for at in std::mem::take(&mut self.wide) {
                let run = at.slice(self.text);
                let mixes_digits = self.has_narrow_digit && run.contains(|c| matches!(c, '０'..='９'));
                let mixes_letters = self.has_narrow_letter && run.contains(|c| matches!(c, 'Ａ'..='Ｚ' | 'ａ'..='ｚ'));
                if mixes_digits || mixes_letters {
                    self.note(findings::mixed_width(Place::new(self.file, at), run, &japanese::narrow(run)));
                }
            }
        }
        self.out
    }

    fn segment(&mut self, from: usize, to: usize) {
        let bytes = self.text.as_bytes();
        self.counted = from;
        let mut at = from;
        if self.sentence.is_none_or(|(start, length)| length == 0 && start >= self.last_end) {
            // Quotation marks of YAML and blanks are no part of a sentence.
            let start = self.text[from..to].trim_start_matches(['"', '\'', ' ', '\u{3000}', '\n']);
            let start = to - start.len();
            self.sentence = Some((start, 0));
            self.counted = start;
        }
        self.avoided(from, to);
        while at < to {
            match CLASSES[bytes[at] as usize] {
                Class::Step(step) => at += usize::from(step),
                Class::Letter => {
                    self.has_narrow_letter = true;
                    at += 1;
                }
                Class::Digit => at = self.number(at, from, to),
                Class::Look => at = self.look(at, from, to),
            }
        }
        self.last_end = to;
        if let Some((_, length)) = &mut self.sentence {
            *length += count(&bytes[self.counted.min(to)..to]);
        }
        self.counted = to;
    }

    /// Looks at the character at `at`; returns where to go on.
    fn look(&mut self, at: usize, from: usize, to: usize) -> usize {
        let bytes = self.text.as_bytes();
        let second = bytes.get(at + 1).copied().unwrap_or(0);
        match (bytes[at], second) {
            (b' ', _) => self.spaced(at, from, to),
            (0xE3, 0x80) => self.punctuation(at, from, to),
            // を twice; U+3099 and U+309A.
            (0xE3, 0x82) => match bytes.get(at + 2) {
                Some(0x92) if self.is_japanese && self.text[at + 3..to].starts_with('を') => {
                    self.note(findings::doubled_character(self.place(at, at + 6), "を"));
                    at + 6
                }
                Some(0x99 | 0x9A) => self.combining(at, from),
                _ => at + 3,
            },
            (0xE3, 0x81 | 0x83..=0x87 | 0x90..) => at + 3,
            (0xC2, 0xA0 | 0xAD) | (0xE2, 0x80 | 0x81) | (0..=0x1F | 0x7F, _) => self.invisible(at),
            (0xC2, _) => at + 2,
            (0xCC | 0xCD, _) => self.combining(at, from),
            (0xEF, 0xBC..=0xBE) => self.wide_form(at, from, to),
            _ => self.symbol(at, from, to),
        }
    }

    fn punctuation(&mut self, at: usize, from: usize, to: usize) -> usize {
        let next = at + 3;
        match self.char_at(at) {
            Some('\u{3000}') => self.spaced(at, from, to),
            Some('。') => {
                self.end_sentence(next);
                self.doubled(at, to)
            }
            Some('、') => self.doubled(at, to),
            Some(c @ ('「' | '『' | '【')) => {
                self.open(c, at);
                next
            }
            Some(c @ ('」' | '』' | '】')) => {
                self.last_end = at;
                self.close(c, at);
                next
            }
            Some('〜') => self.range(at, from, to),
            _ => next,
        }
    }

    fn unclosed(&mut self, bracket: char, at: usize) {
        // （…) is a matter of width.
        if self.is_japanese && !(bracket == '（' && self.has_narrow_close(at)) {
            let place = self.place(at, at + bracket.len_utf8());
            self.note(findings::unclosed_bracket(place, bracket, japanese::closing(bracket)));
        }
    }

    /// Whether there is a `)` between `at` and what was read last.
    fn has_narrow_close(&mut self, at: usize) -> bool {
        let end = self.last_end.max(at);
        let (last, seen) = &mut self.narrow_close;
        // Values of the front matter need not be read in their order.
        if *seen > end {
            (*last, *seen) = (None, at);
        }
        if let Some(found) = self.text.as_bytes()[*seen..end].iter().rposition(|byte| *byte == b')') {
            *last = Some(*seen + found);
        }
        *seen = end;
        last.is_some_and(|last| last >= at)
    }

    fn close(&mut self, closing: char, at: usize) {
        let kind = japanese::bracket_kind(closing);
        // Where none of the kind is open, nobody goes through all others for it.
        let last =
            |brackets: &[(char, usize)]| brackets.iter().rposition(|(open, _)| japanese::closing(*open) == closing);
        match (self.open[kind] > 0).then(|| last(&self.brackets)).flatten() {
            // What was opened in between stays open, and is told.
            Some(index) => {
                let open: Vec<(char, usize)> = self.brackets.drain(index..).collect();
                open.iter().for_each(|(bracket, _)| self.open[japanese::bracket_kind(*bracket)] -= 1);
                for (bracket, at) in open.into_iter().skip(1) {
                    self.unclosed(bracket, at);
                }
            }
            None if self.is_japanese && closing != '）' => {
                self.note(findings::unopened_bracket(self.place(at, at + closing.len_utf8()), closing));
            }
            None => {}
        }
    }

    /// 。。 and 、、 and 。、
    fn doubled(&mut self, at: usize, to: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut end = at;
        while end < to && matches!(bytes.get(end..end + 3), Some([0xE3, 0x80, 0x81 | 0x82])) {
            end += 3;
        }
        if end > at + 3 && self.is_japanese {
            let mark = if self.text[at..end].contains('。') { "。" } else { "、" };
            self.note(findings::doubled_character(self.place(at, end), mark));
            self.sentence = self.sentence.map(|_| (end, 0));
            self.counted = end;
        }
        end
    }

    /// The sentence ends at `end`, its full stop included.
    fn end_sentence(&mut self, end: usize) {
        let Some((start, length)) = self.sentence.take() else { return };
        let rest = self.text.as_bytes().get(self.counted..end).map_or(0, count);
        let length = length + rest;
        let most = self.options.longest_sentence();
        if self.is_japanese && length > most && end > start {
            let start = self.text[start..end].len() - self.text[start..end].trim_start().len() + start;
            // The first words show which one it is; a mark under a whole paragraph shows nothing.
            let head = self.text[start..end].char_indices().nth(16).map_or(end, |(offset, _)| start + offset);
            self.note(findings::long_sentence(self.place(start, head), length, most));
        }
        self.counted = end;
        self.sentence = (end < self.text.len()).then_some((end, 0));
    }

    /// A range sign that a reader hears as nothing.
    fn range(&mut self, at: usize, from: usize, to: usize) -> usize {
        let next = at + 3;
        let before = if at > from { self.char_before(at) } else { None };
        let after = if next < to { self.char_at(next) } else { None };
        if self.is_japanese && japanese::ends_value(before) && japanese::starts_value(after) {
            self.note(findings::range_sign(self.place(at, next), &self.text[at..next]));
        }
        next
    }

    /// 日　時: single letters with blanks between them.
    fn spaced(&mut self, at: usize, from: usize, to: usize) -> usize {
        let blank = |c: char| matches!(c, ' ' | '\u{3000}');
        let rest = &self.text[at..to];
        let next = to - rest.trim_start_matches(blank).len();
        let Some(first) = (if at > from { self.char_before(at) } else { None }) else { return next };
        if !self.is_japanese || !japanese::is_letter(first) {
            return next;
        }
        let start = at - first.len_utf8();
        if start > from && self.char_before(start).is_some_and(japanese::is_word) {
            return next;
        }
        let mut letters = vec![first];
        let mut end = at;
        loop {
            let blanks = &self.text[end..to];
            let letter = to - blanks.trim_start_matches(blank).len();
            let Some(c) = self.text[letter..to].chars().next().filter(|c| letter > end && japanese::is_letter(*c))
            else {
                break;
            };
            let after = letter + c.len_utf8();
            // 東京　都市部: a blank between words is none of our business. 日　時は: the word ends before は.
            if self.text[after..to]
                .chars()
                .next()
                .is_some_and(|next| japanese::is_word(next) && !japanese::follows(c, next))
            {
                break;
            }
            letters.push(c);
            end = after;
        }
        if letters.len() < 2 {
            return next;
        }
        // What was read is not read again from each of its letters.
        if japanese::is_enumeration(&letters) {
            return end;
        }
        let word: String = letters.into_iter().collect();
        self.note(findings::spaced_word(self.place(start, end), &word));
        end
    }

    fn combining(&mut self, at: usize, from: usize) -> usize {
        let mark = self.char_at(at).map_or(1, char::len_utf8);
        let Some(base) = (if at > from { self.char_before(at) } else { None }) else { return at + mark };
        let start = at - base.len_utf8();
        // Only what has a letter of its own; other marks belong where they are.
        if japanese::composed(&self.text[start..at + mark]).chars().count() == 1 {
            let first = self.decomposed.map_or(start, |(first, _)| first.min(start));
            self.decomposed = Some((first, at + mark));
        }
        at + mark
    }

    /// Characters that nobody sees: they break searching and line ends.
    fn invisible(&mut self, at: usize) -> usize {
        let Some(c) = self.char_at(at) else { return at + 1 };
        let next = at + c.len_utf8();
        let replacement = match c {
            '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' => " ",
            '\u{AD}' | '\u{200B}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}' => "",
            c if c.is_ascii_control() => "",
            _ => return next,
        };
        self.note(findings::invisible_character(self.place(at, next), c, replacement));
        next
    }

    /// Full-width forms and half-width kana.
    fn wide_form(&mut self, at: usize, from: usize, to: usize) -> usize {
        let Some(c) = self.char_at(at) else { return at + 1 };
        let next = at + c.len_utf8();
        let run_end = |is: fn(char) -> bool| to - self.text[at..to].trim_start_matches(is).len();
        match c {
            '！' | '？' => {
                self.end_sentence(next);
                next
            }
            '（' => {
                self.open(c, at);
                next
            }
            '）' => {
                self.last_end = at;
                self.close(c, at);
                next
            }
            '～' => self.range(at, from, to),
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
                let end = run_end(|c| matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ'));
                self.wide.push(Span::new(at, end));
                end
            }
            '\u{FF61}'..='\u{FF9F}' => {
                let end = run_end(|c| matches!(c, '\u{FF61}'..='\u{FF9F}'));
                if self.is_japanese {
                    let run = &self.text[at..end];
                    self.note(findings::half_width_kana(self.place(at, end), run, &japanese::full_width(run)));
                }
                end
            }
            _ => next,
        }
    }

    /// Everything else that is no ordinary letter.
    fn symbol(&mut self, at: usize, from: usize, to: usize) -> usize {
        let Some(c) = self.char_at(at) else { return at + 1 };
        let next = at + c.len_utf8();
        match c {
            '\u{FEFF}' => self.note(findings::invisible_character(self.place(at, next), c, "")),
            '\u{FFFD}' => self.note(findings::garbled_character(self.place(at, next))),
            '\u{E000}'..='\u{F8FF}' | '\u{F0000}'.. => self.note(findings::private_character(self.place(at, next), c)),
            // The form of a letter that an emoji or a name asks for.
            '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => {}
            c if japanese::is_emoji(c) => {
                let rest = &self.text[at..to];
                let end = to
                    - rest.trim_start_matches(|c| japanese::is_emoji(c) || matches!(c, '\u{FE0F}' | '\u{200D}')).len();
                self.note(findings::emoji(self.place(at, end), &self.text[at..end]));
                return end;
            }
            c if is_lookalike(c) => return self.lookalikes(at, to),
            c if self.is_japanese && unified(c).is_some() => {
                let letter = unified(c).unwrap_or(c);
                self.note(findings::other_form(self.place(at, next), c, letter));
            }
            // Whether a rare kanji can be printed only the fonts of a booklet know: `missing-glyph`.
            c if c > '\u{FFFF}' => {}
            '○' | '◯' | '△' | '▲' | '×' | '◎' | '●' | '□' | '■' | '▽' | '▼' | '◇' | '◆' if self.is_japanese =>
            {
                self.shape(c, at, from, to);
            }
            c if self.is_japanese => {
                if let Some(instead) = japanese::replacement(c) {
                    self.note(findings::platform_character(self.place(at, next), c, &instead.text, instead.is_certain));
                }
            }
            _ => {}
        }
        next
    }

    /// What stands between the target of a link and its end: only letters that look like others are looked for.
    fn title(&mut self, from: usize, to: usize) {
        let mut at = from;
        while let Some(found) = self.text.get(at..to).filter(|it| !it.is_ascii()).and_then(|it| it.find(is_lookalike)) {
            at = self.lookalikes(at + found, to);
        }
    }

    /// Letters that only look like others, as long as they follow one another.
    fn lookalikes(&mut self, at: usize, to: usize) -> usize {
        let run = at..to - self.text[at..to].trim_start_matches(is_lookalike).len();
        let mut found = (String::new(), true);
        for meant in self.text[run.clone()].chars().filter_map(meant) {
            found.0.push_str(&meant.text);
            found.1 &= meant.is_same;
        }
        let place = self.place(run.start, run.end);
        self.note(findings::lookalike_character(place, &self.text[run.clone()], &found.0, found.1));
        run.end
    }

    /// A shape that stands alone says nothing aloud. 「○月○日」 and a mark before an item are something else.
    fn shape(&mut self, c: char, at: usize, from: usize, to: usize) {
        let next = at + c.len_utf8();
        let open = |c: Option<char>| {
            c.is_none_or(|c| {
                c.is_whitespace() || matches!(c, '（' | '）' | '(' | ')' | '、' | '。' | '・' | '/' | '／')
            })
        };
        let before = self.text[from..at].chars().next_back();
        let tail = &self.text[next..to];
        let after = tail.chars().next();
        // ○ 案内: what it means stands beside it.
        let is_told = tail.trim_start_matches([' ', '\u{3000}']).chars().next().is_some_and(japanese::is_word);
        let is_bullet = before.is_none() && after.is_some() || before == Some('\n');
        if open(before) && open(after) && !is_bullet && !is_told {
            self.note(findings::spoken_shape(self.place(at, next), c));
        }
    }

    /// A run of ASCII digits.
    fn number(&mut self, at: usize, from: usize, to: usize) -> usize {
        self.has_narrow_digit = true;
        let bytes = self.text.as_bytes();
        let digits = |mut end: usize| {
            while end < to && bytes[end].is_ascii_digit() {
                end += 1;
            }
            end
        };
        let end = digits(at);
        if !self.is_japanese {
            return end;
        }
        let before = if at > from { bytes[at - 1] } else { b' ' };
        match bytes.get(end).copied().filter(|_| end < to) {
            Some(mark @ (b'/' | b'.' | b'-')) => {
                // Words with digits in them, such as file names and versions, are no dates.
                let letter = before.is_ascii_alphabetic().then_some(before);
                let is_inside = letter.is_some_and(|_| at >= from + 2 && bytes[at - 2].is_ascii_alphanumeric());
                if is_inside || matches!(before, b'/' | b'.' | b'-' | b'_' | b'%' | b',') {
                    return end;
                }
                let month_end = digits(end + 1);
                let (month, year) = (&self.text[end + 1..month_end], &self.text[at..end]);
                if month.is_empty() || month.len() > 2 {
                    return month_end;
                }
                if bytes.get(month_end) == Some(&mark) && month_end + 1 < to {
                    let day_end = digits(month_end + 1);
                    let day = &self.text[month_end + 1..day_end];
                    let continues = day_end < to
                        && matches!(bytes[day_end], b'/' | b'.' | b'-' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z');
                    let start = letter.map_or(at, |_| at - 1);
                    if !continues && let Some(written) = japanese::dotted_date(letter, year, month, day) {
                        self.note(findings::date_notation(
                            self.place(start, day_end),
                            &self.text[start..day_end],
                            &written,
                        ));
                    }
                    return day_end;
                }
                let is_short = mark == b'/' && year.len() <= 2 && letter.is_none();
                if is_short && (month_end >= to || !matches!(bytes[month_end], b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'%'))
                {
                    self.note(findings::spoken_fraction(self.place(at, month_end), year, month));
                }
                month_end
            }
            Some(0xE4..=0xE9) => {
                let rest = &self.text[end..to];
                if rest.starts_with('月') {
                    return self.written_date(at, end, from, to);
                }
                if rest.starts_with('年') {
                    self.two_calendars(end, from, to);
                } else if end - at >= 4
                    && japanese::is_money(rest)
                    && !matches!(before, b',' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z')
                {
                    let written = japanese::grouped(&self.text[at..end]);
                    self.note(findings::plain_amount(self.place(at, end), &self.text[at..end], &written));
                }
                end
            }
            _ => end,
        }
    }

    /// 令和8年6月25日（木）, seen at its month: the day must exist, and the weekday be right.
    fn written_date(&mut self, month_at: usize, month_end: usize, from: usize, to: usize) -> usize {
        let day_at = month_end + '月'.len_utf8();
        let rest = &self.text[day_at..to];
        let day_end = day_at + rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if day_end == day_at || !self.text[day_end..to].starts_with('日') {
            return day_at;
        }
        let (Ok(month), Ok(day)) =
            (self.text[month_at..month_end].parse::<i8>(), self.text[day_at..day_end].parse::<i8>())
        else {
            return day_end;
        };
        let end = day_end + '日'.len_utf8();
        let year = WrittenYear::before(&self.text[from..month_at]);
        let start = year.as_ref().map_or(month_at, |year| from + year.start);
        // Without a year, 29 February may be right.
        let date = Date::new(year.as_ref().map_or(2000, |year| year.year), month, day);
        let Ok(date) = date else {
            self.note(findings::impossible_date(self.place(start, end), &self.text[start..end]));
            return end;
        };
        if year.is_none() {
            return end;
        }
        let tail = &self.text[end..to];
        let inside = tail.strip_prefix(['（', '(']);
        let named = inside.and_then(|inside| inside.chars().next()).and_then(|c| Some((c, japanese::weekday(c)?)));
        if let (Some((c, named)), Some(inside)) = (named, inside) {
            let at = to - inside.len();
            let after = inside[c.len_utf8()..].trim_start_matches("曜日").trim_start_matches('曜');
            if named != date.weekday() && after.starts_with(['）', ')', '・', '、']) {
                let right = japanese::weekday_name(date.weekday());
                self.note(findings::wrong_weekday(self.place(at, at + c.len_utf8()), &self.text[start..end], c, right));
            }
        }
        end
    }

    /// 令和8年（2026年）, seen at the second year: both must be the same.
    fn two_calendars(&mut self, end: usize, from: usize, to: usize) {
        let after = self.text[end..to].trim_start_matches('年');
        let unit = if after.starts_with('度') { "年度" } else { "年" };
        let Some(second) = WrittenYear::before(&self.text[from..end + '年'.len_utf8()]) else { return };
        let start = from + second.start;
        // A year is short: all that stands before it is not copied for each of them.
        let near = self.text.ceil_char_boundary(start.saturating_sub(LONGEST_YEAR)).clamp(from, start);
        let Some(head) = self.text[near..start].strip_suffix(['（', '(']) else { return };
        let Some(head) = head.strip_suffix(unit) else { return };
        let Some(first) = WrittenYear::before(&format!("{head}年")) else { return };
        if first.has_era != second.has_era && first.year != second.year {
            let first = &head[first.start..];
            let span = self.place(start, end + '年'.len_utf8());
            self.note(findings::two_calendars(span, &format!("{first}{unit}"), &self.text[start..end], unit));
        }
    }

    /// Words that the city does not use.
    fn avoided(&mut self, from: usize, to: usize) {
        let Some(words) = &self.options.words else { return };
        let found: Vec<(usize, usize, usize)> =
            words.matches(&self.text[from..to]).map(|(word, start, end)| (word, from + start, from + end)).collect();
        for (word, start, end) in found {
            let (bad, good) = words.pair(word);
            self.note(findings::avoided_word(self.place(start, end), bad, good));
        }
    }
}

/// Characters of a part of a UTF-8 text.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte as i8) >= -0x40).count()
}
