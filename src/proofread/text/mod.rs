//! What readers of one file will read, character by character: one pass over its texts.
//!
//! Bytes that can begin nothing of interest are stepped over by a table; only what may be a slip is looked at more
//! closely, always with its exact place. Knows nothing of other files.

mod findings;
mod forms;
mod items;
mod japanese;
mod numbers;
mod safe;
mod spread;
mod width;

use super::values;
use crate::config::checks::RuleOptions;
use crate::diagnostic::Diagnostic;
use crate::document::Reading;
use crate::text::language::Language;
use crate::text::place::{FileId, Place};
use crate::text::signs::{meant, unified};
use crate::text::span::Span;
use safe::{Surroundings, Within};
use width::Widths;

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
            b'\r' | b'\t' => Class::Step(1),
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

/// More bytes than stand before the text of a line: its blanks, signs and numbers.
const NEAR_HEAD: usize = 64;

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
        scan.within = safe::form(text, value.start as usize, (value.end as usize).min(text.len()));
        // Notes in a value are nobody's prose.
        values::said(text, *value, reading, |start, end| scan.segment(start, end));
    }
    scan.within = Within::Prose;
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
    /// What the texts that are read now stand in.
    within: Within,
    /// Digits and letters of both widths; judged when the whole file is known.
    widths: Widths,
    /// Numbers pressed into one character, and whether each could stand in brackets where it is; judged when the whole
    /// file is known.
    numbered: Vec<(char, Place, bool)>,
    /// Whether the file has numbers in brackets.
    has_bracketed_number: bool,
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
            within: Within::Prose,
            widths: Widths::default(),
            numbered: Vec::new(),
            has_bracketed_number: false,
            decomposed: None,
        }
    }

    /// What stands beside the bytes from `at` to `end` of the text from `from` to `to`.
    fn surroundings(&self, at: usize, end: usize, from: usize, to: usize) -> Surroundings<'t> {
        // The head of a line is near; a line of a million characters is not gone through for each of its findings.
        let near = self.text.ceil_char_boundary(at.saturating_sub(NEAR_HEAD));
        let line = self.text[near.min(at)..at].rfind('\n').map_or(near.min(at), |end| near + end + 1);
        Surroundings {
            before: &self.text[from..at],
            after: &self.text[end..to],
            line: &self.text[line..at],
            within: self.within,
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
            for (at, is_safe) in std::mem::take(&mut self.widths).odd() {
                let run = at.slice(self.text);
                self.note(findings::mixed_width(Place::new(self.file, at), run, &japanese::narrow(run), is_safe));
            }
            let numbered = std::mem::take(&mut self.numbered);
            // ① below (1) is another level: in one form nobody could tell them apart.
            let kind = |c: char| safe::kind_of_number(c);
            let is_one_kind = numbered.iter().all(|(c, ..)| kind(*c) == kind(numbered[0].0));
            for (c, place, fits) in numbered {
                let is_safe = fits && is_one_kind && !self.has_bracketed_number;
                self.platform(place, c, is_safe);
            }
        }
        self.out
    }

    fn segment(&mut self, from: usize, to: usize) {
        let bytes = self.text.as_bytes();
        // The lines of a paragraph are read one by one; a list that nobody marked up as one is still a list.
        let is_open = self.sentence.is_some_and(|(_, length)| length > 0) && self.last_end <= from;
        if is_open && self.text[self.last_end..from].contains('\n') && items::begins_item(&self.text[from..to]) {
            self.end_sentence(self.last_end);
            self.sentence = None;
        }
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
                Class::Letter => at = self.letters(at, from, to),
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
            (b'\n', _) => self.line_end(at, to),
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
            (0xC2, 0xA0 | 0xAD) | (0xE2, 0x80 | 0x81) | (0..=0x1F | 0x7F, _) => self.invisible(at, from, to),
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

    /// A line of a value ends. Lines stay lines behind `|`; elsewhere a sentence goes on, unless an item begins.
    fn line_end(&mut self, at: usize, to: usize) -> usize {
        let rest = &self.text[at..to];
        let next = to - rest.trim_start_matches([' ', '\t', '\r', '\n', '\u{3000}']).len();
        if self.within == Within::Lines || items::begins_item(&self.text[next..to]) {
            self.end_sentence(at);
            self.sentence = Some((next, 0));
        } else if let Some((_, length)) = &mut self.sentence {
            // The indentation is no part of it.
            *length += self.text.as_bytes().get(self.counted..at).map_or(0, count);
        }
        self.counted = next;
        next
    }

    /// An item of a list inside a line: 「次のとおり、(1) 受付、(2) 審査」.
    fn item_inside(&mut self, start: usize, from: usize) {
        let head = self.text[from..start].trim_end_matches([' ', '\u{3000}']);
        let is_apart = head.len() < start - from || head.ends_with(['、', '，', ',', '；', ';', '：', ':', '。', '.']);
        if is_apart && !head.is_empty() {
            self.end_sentence(start);
        }
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
        if spread::is_enumeration(&letters) {
            return end;
        }
        let word: String = letters.iter().collect();
        let is_certain = spread::is_spread(&word);
        // Two letters may be a name (林　恵), and so may what stands before them (小川　光 等).
        if is_certain || (letters.len() > 2 && !spread::is_number(letters[0])) {
            self.note(findings::spaced_word(self.place(start, end), &word, is_certain));
        }
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
    fn invisible(&mut self, at: usize, from: usize, to: usize) -> usize {
        let Some(c) = self.char_at(at) else { return at + 1 };
        let next = at + c.len_utf8();
        let replacement = match c {
            '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' => " ",
            '\u{AD}' | '\u{200B}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}' => "",
            c if c.is_ascii_control() => "",
            _ => return next,
        };
        let is_safe = self.surroundings(at, next, from, to).may_vanish(c, replacement);
        self.note(findings::invisible_character(self.place(at, next), c, replacement, is_safe));
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
                self.wide(at, end, from, to);
                end
            }
            '\u{FF61}'..='\u{FF9F}' => {
                let end = run_end(|c| matches!(c, '\u{FF61}'..='\u{FF9F}'));
                if self.is_japanese {
                    self.kana(at, end, from, to);
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
            '\u{FEFF}' => {
                let is_safe = self.surroundings(at, next, from, to).may_vanish(c, "");
                self.note(findings::invisible_character(self.place(at, next), c, "", is_safe));
            }
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
            c if self.is_japanese => self.pressed(c, at, from, to),
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
