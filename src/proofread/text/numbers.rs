//! Numbers in a text: dates, amounts, and which of them nobody can be sure of.

use super::safe::Within;
use super::{Scan, findings, japanese};
use crate::value::calendar::{Date, WrittenYear};

/// More bytes than any year of the calendar takes, with its brackets and units.
const LONGEST_YEAR: usize = 64;

impl Scan<'_> {
    /// A run of ASCII digits.
    pub(super) fn number(&mut self, at: usize, from: usize, to: usize) -> usize {
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
        self.digits(at, end, from, to);
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
                        && matches!(bytes[day_end], b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z');
                    let start = letter.map_or(at, |_| at - 1);
                    // 第2026-6-25号 is the number of a paper.
                    let is_number =
                        self.text[from..start].ends_with(['第', '号']) || self.text[day_end..to].starts_with('号');
                    if !continues
                        && !is_number
                        && let Some(written) = japanese::dotted_date(letter, year, month, day)
                    {
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
                } else if end - at >= 4 && bytes[at] != b'0' && japanese::is_money(rest) {
                    self.amount(at, end, from);
                }
                end
            }
            _ => end,
        }
    }

    /// 12000円
    fn amount(&mut self, at: usize, end: usize, from: usize) {
        let head = &self.text[from..at];
        if head.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, ',' | '.' | '，' | '．' | '０'..='９'))
        {
            return;
        }
        let written = japanese::grouped(&self.text[at..end]);
        // A comma would end the value.
        let is_safe = self.within != Within::Flow;
        self.note(findings::plain_amount(self.place(at, end), &self.text[at..end], &written, is_safe));
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
}
