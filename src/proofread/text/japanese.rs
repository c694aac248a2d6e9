//! What Japanese texts are made of: which characters depend on the machine, what is written instead, how values end.

use crate::text::signs::{self, number};
use jiff::civil::Weekday;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// What is written instead of a character.
pub(super) struct Instead {
    /// The replacement.
    pub(super) text: Cow<'static, str>,
    /// Whether it is right everywhere.
    pub(super) is_certain: bool,
}

/// The plain form of a character that is missing or looks different on some machines, and that readers speak badly:
/// circled and Roman numbers, squared words and units, abbreviations in a single character.
pub(super) fn replacement(c: char) -> Option<Instead> {
    let certain = |text: &'static str| Some(Instead { text: text.into(), is_certain: true });
    let guess = |text: &'static str| Some(Instead { text: text.into(), is_certain: false });
    match c {
        '㎡' => certain("平方メートル"),
        '㎥' => certain("立方メートル"),
        '㎢' => certain("平方キロメートル"),
        '㎠' => certain("平方センチメートル"),
        '㎟' => certain("平方ミリメートル"),
        '㎤' => certain("立方センチメートル"),
        '㎣' => certain("立方ミリメートル"),
        '㎦' => certain("立方キロメートル"),
        '㈱' => certain("（株）"),
        '㈲' => certain("（有）"),
        '㈹' => certain("（代）"),
        '℡' => guess("電話"),
        '№' => certain("No."),
        '㏍' => certain("（株）"),
        // Circled and bracketed numbers are marks before items.
        '\u{2460}'..='\u{2487}'
        | '\u{24EA}'..='\u{24FF}'
        | '\u{2776}'..='\u{2793}'
        | '\u{3251}'..='\u{325F}'
        | '\u{32B1}'..='\u{32BF}' => number(c).map(numbered),
        // ㈠ ㈪ ㉄ Ⓐ ⒜: what stands inside, in brackets.
        '\u{3220}'..='\u{3247}' | '\u{249C}'..='\u{24E9}' => Some(Instead { text: bracketed(c), is_certain: false }),
        // Letters for Roman numbers may be read as letters.
        '\u{2160}'..='\u{217F}' => Some(Instead { text: compatible(c), is_certain: false }),
        // ㊤㊙ and the like: what stands inside, in brackets.
        '\u{3280}'..='\u{32B0}' => Some(Instead { text: bracketed(c), is_certain: false }),
        // ㋐国 is an item; ア国 would be a word.
        '\u{32D0}'..='\u{32FE}' => Some(Instead { text: bracketed(c), is_certain: false }),
        // ㍻ ㌔ ㎏ ㋀ ㏄
        '\u{32C0}'..='\u{33FF}' => Some(Instead { text: compatible(c), is_certain: true }),
        // ⒈ at the head of a line would be an item of a list, and before a digit a fraction.
        '\u{2488}'..='\u{249B}' => Some(Instead { text: compatible(c), is_certain: false }),
        _ => None,
    }
}

fn numbered(number: u32) -> Instead {
    Instead { text: format!("({number})").into(), is_certain: true }
}

fn compatible(c: char) -> Cow<'static, str> {
    signs::compatible(c).into()
}

fn bracketed(c: char) -> Cow<'static, str> {
    let inside = signs::compatible(c);
    format!("（{}）", inside.trim_start_matches('(').trim_end_matches(')')).into()
}

/// Letters with their marks as one character each; nothing else is changed.
pub(super) fn composed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let last = out.chars().next_back();
        match last.and_then(|last| unicode_normalization::char::compose(last, c)) {
            Some(whole) => {
                out.pop();
                out.push(whole);
            }
            None => out.push(c),
        }
    }
    out
}

/// Half-width kana in full width, voiced marks joined to their letters; alone, they stay marks of their own.
pub(super) fn full_width(text: &str) -> String {
    let alone = |c| match c {
        '\u{3099}' => '゛',
        '\u{309A}' => '゜',
        c => c,
    };
    text.nfkc().map(alone).collect()
}

/// Full-width digits and letters in ASCII.
pub(super) fn narrow(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// Digits with a comma before every three.
pub(super) fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Whether an amount of money goes on like this.
pub(super) fn is_money(rest: &str) -> bool {
    let rest = rest.trim_start_matches(['十', '百', '千', '万', '億', '兆']);
    rest.starts_with('円') && !rest.starts_with("円形")
}

/// A date with dots, slashes or hyphens, as it is written for people; `None` when it is none.
pub(super) fn dotted_date(era: Option<u8>, year: &str, month: &str, day: &str) -> Option<String> {
    let (year, month, day): (i16, i8, i8) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let (first, name) = match era {
        Some(b'R') => (2019, "令和"),
        Some(b'H') => (1989, "平成"),
        Some(b'S') => (1926, "昭和"),
        Some(_) => return None,
        None => (1, ""),
    };
    let western = first + year - 1;
    if !(1868..2100).contains(&western) || (era.is_some() && !(1..=64).contains(&year)) {
        return None;
    }
    crate::value::calendar::Date::new(western, month, day).ok()?;
    let year = if era.is_some() && year == 1 { "元".to_owned() } else { year.to_string() };
    Some(format!("{name}{year}年{month}月{day}日"))
}

/// 木
pub(super) fn weekday(c: char) -> Option<Weekday> {
    Some(match c {
        '月' => Weekday::Monday,
        '火' => Weekday::Tuesday,
        '水' => Weekday::Wednesday,
        '木' => Weekday::Thursday,
        '金' => Weekday::Friday,
        '土' => Weekday::Saturday,
        '日' => Weekday::Sunday,
        _ => return None,
    })
}

pub(super) fn weekday_name(day: Weekday) -> char {
    ['月', '火', '水', '木', '金', '土', '日'][day.to_monday_zero_offset() as usize]
}

/// The bracket that closes another.
pub(super) fn closing(open: char) -> char {
    match open {
        '「' => '」',
        '『' => '』',
        '【' => '】',
        _ => '）',
    }
}

/// Which of the four kinds of brackets one belongs to, from 0.
pub(super) fn bracket_kind(bracket: char) -> usize {
    match bracket {
        '「' | '」' => 0,
        '『' | '』' => 1,
        '【' | '】' => 2,
        _ => 3,
    }
}

/// Kanji and kana.
pub(super) fn is_letter(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '々' | 'ー' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
}

/// Whether a particle follows a word in kanji.
pub(super) fn follows(letter: char, next: char) -> bool {
    matches!(letter, '\u{4E00}'..='\u{9FFF}') && "はがをにのでともやへ".contains(next)
}

/// Whether a character goes on with a word.
pub(super) fn is_word(c: char) -> bool {
    is_letter(c) || c.is_alphanumeric()
}

/// Whether a value can end before a range sign.
pub(super) fn ends_value(c: Option<char>) -> bool {
    c.is_some_and(|c| {
        c.is_ascii_digit()
            || matches!(c, '０'..='９' | '%' | '％')
            || "年月日時分秒人回件歳階号円度条火水木金土".contains(c)
    })
}

/// Whether a value can start after a range sign.
pub(super) fn starts_value(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_ascii_digit() || matches!(c, '０'..='９') || "令平昭翌月火水木金土日第".contains(c))
}

/// Pictures in a text.
pub(super) fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{1F000}'..='\u{1FAFF}' | '\u{231A}' | '\u{231B}' | '\u{23E9}'..='\u{23F3}' | '\u{2614}' | '\u{2615}'
        | '\u{2648}'..='\u{2653}' | '\u{267F}' | '\u{26A0}' | '\u{26A1}' | '\u{26BD}' | '\u{26BE}' | '\u{26D4}' | '\u{2705}'
        | '\u{270A}' | '\u{270B}' | '\u{2728}' | '\u{274C}' | '\u{274E}' | '\u{2753}'..='\u{2757}' | '\u{2795}'..='\u{2797}'
        | '\u{2B50}' | '\u{2B55}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_have_a_plain_form() {
        let plain = |c| replacement(c).map(|instead| instead.text.into_owned());
        for (c, text) in [
            ('①', "(1)"),
            ('⑳', "(20)"),
            ('㉑', "(21)"),
            ('㈱', "（株）"),
            ('㎡', "平方メートル"),
            ('㍻', "平成"),
            ('㌔', "キロ"),
            ('㎏', "kg"),
            ('Ⅲ', "III"),
            ('№', "No."),
            ('㊤', "（上）"),
            ('➁', "(2)"),
            ('㊿', "(50)"),
            ('㈪', "（月）"),
            ('㉄', "（問）"),
            ('ⓐ', "（a）"),
            ('㋿', "令和"),
        ] {
            assert_eq!(plain(c).as_deref(), Some(text), "{c}");
        }
        for c in ['々', '〆', 'ヶ', '髙', '﨑', '※', '→', '…', '・', 'ー'] {
            assert_eq!(plain(c), None, "{c}");
        }
    }

    #[test]
    fn letters_are_composed_and_nothing_else() {
        assert_eq!(composed("か\u{3099}き\u{3099}は\u{309A}"), "がぎぱ");
        assert_eq!(composed("e\u{301}"), "é");
        // A name keeps the form of its letter.
        assert_eq!(composed("神\u{FA19}"), "神\u{FA19}");
    }

    #[test]
    fn amounts_and_dates_are_written_for_people() {
        assert_eq!(grouped("12000"), "12,000");
        assert_eq!(grouped("1234567"), "1,234,567");
        assert_eq!(grouped("999"), "999");
        assert_eq!(dotted_date(None, "2026", "06", "25").as_deref(), Some("2026年6月25日"));
        assert_eq!(dotted_date(Some(b'R'), "1", "5", "1").as_deref(), Some("令和元年5月1日"));
        assert_eq!(dotted_date(None, "2026", "2", "30"), None);
        assert_eq!(dotted_date(None, "192", "1", "1"), None);
    }
}
