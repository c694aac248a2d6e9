//! Telephone numbers and postal codes as people write them: 「0277（76）0000（内線 123）」 is a number and a note.
//!
//! Knows which signs stand between digits, and what can be dialled in Japan. Does not know offices or pages.

/// The fewest digits of a number with its area code, and the most.
const DIGITS: std::ops::RangeInclusive<usize> = 9..=11;

/// Digits after which a number in Japan is whole: a blank or a bracket begins something else, such as hours or an
/// extension. (Those of mobile telephones have one more, but no blank before it.)
const WHOLE: usize = 10;

/// The number of a text, and what is written beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telephone<'t> {
    /// What is dialled: ASCII digits, after a `+` or a `#` where there is one.
    pub dialled: String,
    /// The text up to the end of the number, as written.
    pub number: &'t str,
    /// What follows, such as an extension: for people.
    pub note: &'t str,
}

impl<'t> Telephone<'t> {
    /// The first number of a text. Digits that are no number, such as those of 「24時間」, are passed over if a number
    /// follows; what begins like one is taken for one, so that a slip in it is not hidden by the next.
    pub fn find(text: &'t str) -> Option<Self> {
        let mut other = None;
        let mut from = 0;
        while let Some((start, end, dialled)) = next(text, from) {
            let (number, note) = text.split_at(end);
            let found = Self { dialled, number, note };
            if found.is_japanese() || text[start..].starts_with(['0', '０', '+', '＋', '(', '（']) {
                return Some(found);
            }
            other = other.or(Some(found));
            from = end;
        }
        other
    }

    /// The number for a link; fewer digits than an emergency call has are none.
    pub fn href(&self) -> Option<String> {
        (self.dialled.len() >= 3).then(|| format!("tel:{}", self.dialled.replace('#', "%23")))
    }

    /// Whether it can be a number in Japan, or one of another country with `+` before it.
    pub fn is_japanese(&self) -> bool {
        let length = self.dialled.len();
        match self.dialled.as_bytes() {
            [b'+', b'8', b'1', ..] => matches!(length, 12 | 13),
            [b'+', ..] => (8..=16).contains(&length),
            // #7119, #9110
            [b'#', ..] => length == 5,
            [b'0', ..] => DIGITS.contains(&length),
            // 110, 119, 188
            [b'1', ..] => length == 3,
            _ => false,
        }
    }

    /// A letter that stands right after the digits, as `O` does in `0277-76-000O`.
    pub fn letter(&self) -> Option<char> {
        self.note.chars().next().filter(|c| matches!(c, 'A'..='Z' | 'a'..='z' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '〇'))
    }
}

/// The next run of digits that belong together: where it starts and ends, and what is dialled.
fn next(text: &str, from: usize) -> Option<(usize, usize, String)> {
    let starts = |rest: &str| digit(rest).is_some() || sign(rest).is_some() || group(rest).is_some();
    let (at, _) = text[from..].char_indices().find(|(at, _)| starts(&text[from + at..]))?;
    let mut rest = &text[from + at..];
    let mut dialled = String::new();
    if let Some((c, after)) = sign(rest) {
        dialled.push(c);
        rest = after;
    }
    loop {
        let is_whole = dialled.starts_with('0') && dialled.len() >= WHOLE;
        let ahead = rest.trim_start_matches(|c| is_between(c) && !(is_whole && is_blank(c)));
        if let Some((c, after)) = digit(ahead) {
            dialled.push(c);
            rest = after;
        } else if let Some((inside, after)) = group(ahead).filter(|_| !is_whole) {
            dialled.extend(inside.chars().filter_map(narrow));
            rest = after;
        } else {
            break;
        }
    }
    // 「+81 (0)277」: the zero is for calls from within.
    if let Some(inland) = dialled.strip_prefix("+810") {
        dialled = format!("+81{inland}");
    }
    Some((from + at, text.len() - rest.len(), dialled))
}

/// Digits in brackets with more digits behind, and the text behind the brackets.
fn group(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix(['(', '（'])?;
    let end = inside.find(|c| narrow(c).is_none() && !is_blank(c))?;
    let after = inside[end..].strip_prefix([')', '）'])?;
    digit(after.trim_start_matches(is_between))?;
    (!inside[..end].trim().is_empty()).then_some((&inside[..end], after))
}

/// `+` or `#` before a digit.
fn sign(text: &str) -> Option<(char, &str)> {
    let mut chars = text.chars();
    let sign = match chars.next()? {
        '+' | '＋' => '+',
        '#' | '＃' => '#',
        _ => return None,
    };
    digit(chars.as_str()).map(|_| (sign, chars.as_str()))
}

fn digit(text: &str) -> Option<(char, &str)> {
    let mut chars = text.chars();
    chars.next().and_then(narrow).map(|c| (c, chars.as_str()))
}

/// A digit of either width, in ASCII.
fn narrow(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10),
        _ => None,
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{3000}')
}

/// What people type for a hyphen: several keys and input methods give a sign that looks like one.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' | 'ー' | 'ｰ' | '─')
}

fn is_between(c: char) -> bool {
    is_dash(c) || is_blank(c) || matches!(c, '.' | '．')
}

/// 「〒379-2395」, however it is written, as `379-2395`; `None` if it is no postal code of Japan.
pub fn postal_code(text: &str) -> Option<String> {
    let digits = postal_digits(text)?;
    let written: String = postal_text(text).chars().map(|c| if is_dash(c) { '-' } else { c }).collect();
    let (first, last) = written.split_once('-').unwrap_or((&written, ""));
    (last.is_empty() && !written.contains('-') || first.chars().count() == 3 && !last.contains('-')).then_some(digits)
}

/// The code that seven digits make, wherever the hyphen stands.
pub fn postal_digits(text: &str) -> Option<String> {
    let text = postal_text(text);
    let digits: String = text.chars().filter_map(narrow).collect();
    let is_code = digits.len() == 7 && text.chars().all(|c| narrow(c).is_some() || is_between(c));
    is_code.then(|| format!("{}-{}", &digits[..3], &digits[3..]))
}

/// Without the mark, which the page puts there itself.
fn postal_text(text: &str) -> &str {
    text.trim().trim_start_matches(|c| matches!(c, '〒' | '〶') || is_blank(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is dialled, the number, the note, and whether it is a number.
    fn found(text: &str) -> (String, &str, &str, bool) {
        let Some(it) = Telephone::find(text) else { return (String::new(), "", text, false) };
        let is_right = it.is_japanese() && it.letter().is_none();
        (it.dialled, it.number, it.note, is_right)
    }

    #[test]
    fn a_number_has_brackets_and_dashes_of_every_kind() {
        for text in [
            "0277-76-0000",
            "0277（76）0000",
            "0277(76)0000",
            "（0277）76-0000",
            "(0277) 76 0000",
            "0277 (76) 0000",
            "０２７７（７６）００００",
            "0277ー76ー0000",
            "0277‐76‑0000",
            "0277–76—0000",
            "0277−76―0000",
            "0277－76ｰ0000",
            "0277.76.0000",
            "0277760000",
            "代表 0277-76-0000",
        ] {
            assert_eq!(found(text), ("0277760000".into(), text, "", true), "{text}");
        }
    }

    #[test]
    fn what_is_no_digit_of_the_number_is_a_note() {
        for (number, note) in [
            ("0277（76）0000", "（内線 123、平日 8:30～17:15）"),
            ("0277-76-0000", "（代表）"),
            ("0277-76-0000", "（123）"),
            ("0277-76-0000", " (内線) 123 456"),
            ("0277-76-0000", "、0277-76-0001"),
            ("0277-76-0000", "～0003"),
            ("0277-76-0000", " 0277-76-0001"),
            ("0277 76 0000", "　8:30～17:15"),
            ("0277（76）0000", "（123）4"),
            ("0277-76-0000", " ext. 5"),
            ("24時間受付 0277-76-0000", ""),
        ] {
            assert_eq!(found(&format!("{number}{note}")), ("0277760000".into(), number, note, true), "{number}{note}");
        }
    }

    #[test]
    fn other_numbers_are_dialled_as_they_are() {
        for (text, dialled) in [
            ("110", "110"),
            ("消費者ホットライン188（局番なし）", "188"),
            ("#9110", "#9110"),
            ("090（1234）5678", "09012345678"),
            ("090 1234 5678", "09012345678"),
            ("+44 20 7946 0018", "+442079460018"),
            ("0120(000)000", "0120000000"),
            ("+81-277-76-0000", "+81277760000"),
            ("+81 (0)277 76 0000", "+81277760000"),
            ("＋1 212 555 0100", "+12125550100"),
        ] {
            let it = Telephone::find(text).unwrap();
            assert_eq!((it.dialled.as_str(), it.is_japanese(), it.letter()), (dialled, true, None), "{text}");
        }
        assert_eq!(Telephone::find("#9110").unwrap().href().as_deref(), Some("tel:%239110"));
        assert_eq!(Telephone::find("Call 555-0100").unwrap().href().as_deref(), Some("tel:5550100"));
        assert_eq!(Telephone::find("5").unwrap().href(), None);
    }

    #[test]
    fn slips_are_no_numbers() {
        for text in [
            "0277-76-000O",
            "0277-7l-0000",
            "O277-76-0000",
            "0277-76-000〇",
            "0277-76",
            "277-76-0000",
            "0277（76-0000",
            "0277-76-00、0277-76-0001",
            "0277-76-0000-0001",
            "内線 2345",
            "+81-277",
        ] {
            assert!(!found(text).3, "{text}: {:?}", found(text));
        }
        assert_eq!(Telephone::find("未定"), None);
    }

    #[test]
    fn any_text_is_read_once() {
        let hostile = ["(1", "（", "0-", "+", "#", " ", "1（1）", "ー"].map(|text| text.repeat(50_000));
        for text in &hostile {
            let _ = Telephone::find(text);
            let _ = postal_code(text);
        }
    }

    #[test]
    fn postal_codes_lose_their_mark_and_their_width() {
        for text in ["379-2395", "〒379-2395", "〒 ３７９ー２３９５", "3792395", "379−2395"] {
            assert_eq!(postal_code(text).as_deref(), Some("379-2395"), "{text}");
        }
        assert_eq!((postal_code("37-92395"), postal_digits("37-92395").as_deref()), (None, Some("379-2395")));
        for text in ["379-23-95", "379-239", "94103-1234", "SW1A 1AA", "未定", ""] {
            assert_eq!(postal_code(text), None, "{text}");
        }
    }
}
