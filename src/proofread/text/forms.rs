//! Characters in another form than most machines and readers know: full-width digits and letters, half-width kana, several
//! characters pressed into one. What is told of them, and whether it may be changed.

use super::safe::{self, Within};
use super::{Scan, findings, japanese, width};
use crate::text::place::Place;
use crate::text::span::Span;

impl Scan<'_> {
    /// Full-width digits and letters.
    pub(super) fn wide(&mut self, at: usize, end: usize, from: usize, to: usize) {
        let (run, beside) = (&self.text[at..end], self.surroundings(at, end, from, to));
        // ｋ㎡ is one unit, and told as such; in （１） it is a number of an item.
        let is_unit = beside
            .next()
            .is_some_and(|unit| safe::is_unit_in_words(unit) && run.ends_with(|c| safe::prefixed(c, unit).is_some()));
        let is_item = run.chars().all(|c| matches!(c, '０'..='９'))
            && matches!((beside.last(), beside.next()), (Some('(' | '（'), Some(')' | '）')));
        if is_item {
            self.has_bracketed_number = true;
            let bracket = beside.last().map_or(0, char::len_utf8);
            self.item_inside(at - bracket, from);
        }
        let end = if is_unit { end - '　'.len_utf8() } else { end };
        if self.is_japanese && end > at {
            let is_safe = beside.may_narrow(&japanese::narrow(run)) && !self.becomes_number(from, to);
            self.widths.wide(Span::new(at, end), &self.text[at..end], beside.before, &self.text[end..to], is_safe);
        }
    }

    /// Whether a value without quotation marks would be read as something else than a text, were all of it in half width.
    fn becomes_number(&self, from: usize, to: usize) -> bool {
        const LONGEST_NUMBER: usize = 64;
        let is_bare = matches!(self.within, Within::Plain | Within::Flow) && to - from <= LONGEST_NUMBER;
        is_bare && {
            let narrow = japanese::narrow(self.text[from..to].trim()).to_ascii_lowercase();
            let is_number = narrow.chars().any(|c| c.is_ascii_digit())
                && narrow.chars().all(|c| c.is_ascii_digit() || "+-._:xobefina".contains(c));
            is_number || ["true", "false", "null", "yes", "no", "on", "off"].contains(&&*narrow)
        }
    }

    /// Half-width kana. Voiced marks belong to the letter before them, whichever width it has.
    pub(super) fn kana(&mut self, at: usize, end: usize, from: usize, to: usize) {
        let beside = self.surroundings(at, end, from, to);
        let voiced = beside.last().filter(|_| self.text[at..end].starts_with(['\u{FF9E}', '\u{FF9F}']));
        let joins = voiced.is_some_and(|c| {
            japanese::full_width(&format!("{c}{}", &self.text[at..end])).chars().count()
                < 1 + japanese::full_width(&self.text[at..end]).chars().count()
        });
        let start = if joins { at - voiced.map_or(0, char::len_utf8) } else { at };
        let run = &self.text[start..end];
        // 0566ｰ00 is no long vowel.
        let is_hyphen = run.chars().all(|c| c == '\u{FF70}')
            && [beside.last(), beside.next()].iter().flatten().any(|c| c.is_numeric());
        let full = if is_hyphen { "-".repeat(run.chars().count()) } else { japanese::full_width(run) };
        self.note(findings::half_width_kana(self.place(start, end), run, &full, !is_hyphen));
    }

    /// Letters in ASCII.
    pub(super) fn letters(&mut self, at: usize, from: usize, to: usize) -> usize {
        let bytes = &self.text.as_bytes()[..to];
        let end = at + bytes[at..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        // 10kg is a unit; A4 is a name of two characters.
        let is_unit = at > from && bytes[at - 1].is_ascii_digit();
        if self.is_japanese && !is_unit {
            let length = end - at + usize::from(bytes.get(end).is_some_and(u8::is_ascii_digit));
            self.widths.narrow_letters(length);
        }
        end
    }

    /// Half-width digits, of which the habit of the file is learnt. Numbers of items and in names say nothing about it.
    pub(super) fn digits(&mut self, at: usize, end: usize, from: usize, to: usize) {
        let beside = self.surroundings(at, end, from, to);
        let (last, next) = (beside.last(), beside.next());
        let is_item = matches!((last, next), (Some('(' | '（'), Some(')' | '）')));
        if is_item {
            self.has_bracketed_number = true;
            self.item_inside(at - last.map_or(0, char::len_utf8), from);
        }
        let is_in_word = last.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '#' | '%'));
        let is_number_of_word = last == Some('.') && beside.before.ends_with(|c: char| c == '.' || c.is_ascii());
        let is_head = beside.is_head() && matches!(next, None | Some('.' | ')' | ' ' | '\u{3000}' | '．' | '-'));
        if !(is_item || is_in_word || is_head) {
            let is_part = is_number_of_word || width::is_part(beside.before, beside.after);
            self.widths.narrow_digits((end - at).max(1 + usize::from(is_part)));
        }
    }

    /// Several characters pressed into one.
    pub(super) fn pressed(&mut self, c: char, at: usize, from: usize, to: usize) {
        let next = at + c.len_utf8();
        let Some(instead) = japanese::replacement(c) else { return };
        let beside = self.surroundings(at, next, from, to);
        let fits = beside.fits(&instead.text);
        if safe::kind_of_number(c) > 0 {
            self.item_inside(at, from);
            self.numbered.push((c, self.place(at, next), fits && instead.is_certain));
            return;
        }
        let prefix = beside.last().filter(|prefix| safe::is_unit_in_words(c) && safe::is_prefix(*prefix));
        match prefix {
            None => self.platform(self.place(at, next), c, fits && instead.is_certain),
            Some(prefix) => {
                let start = at - prefix.len_utf8();
                let is_alone = !self.text[from..start].ends_with(safe::is_prefix);
                let place = self.place(start, next);
                let words = safe::prefixed(prefix, c).filter(|_| is_alone);
                self.note(findings::prefixed_unit(place, &self.text[start..next], words));
            }
        }
    }

    /// Such a character, and whether the program may write it out.
    pub(super) fn platform(&mut self, place: Place, c: char, is_safe: bool) {
        if let Some(instead) = japanese::replacement(c) {
            self.note(findings::platform_character(place, c, &instead.text, is_safe));
        }
    }
}
