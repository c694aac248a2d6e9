//! Disclosed numbers: decimal, with the digits exactly as the department wrote them, never a float.

use std::cmp::Ordering;

/// A decimal number as written: `3`, `-0.5`, `98.40`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Figure(Box<str>);

/// A number that was written in another way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuessedFigure {
    /// The number that was meant.
    pub figure: Figure,
    /// Whether it can mean nothing else.
    pub is_certain: bool,
}

impl Figure {
    /// Reads a decimal: ASCII digits, at most one point with digits on both sides, an optional minus sign.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        (all_digits(whole) && fraction.is_none_or(all_digits) && text.len() <= 40).then(|| Self(text.into()))
    }

    /// Reads what people write (`１，２３４`, `1,234`), to offer the form that is a number.
    pub fn guess(text: &str) -> Option<GuessedFigure> {
        let mut is_certain = true;
        let text = text.trim();
        let (sign, rest) =
            match ["マイナス", "プラス"].into_iter().find_map(|word| Some((word, text.strip_prefix(word)?))) {
                Some(("マイナス", rest)) => ("-", rest),
                Some((_, rest)) => ("", rest),
                None => ("", text.strip_prefix(['+', '＋']).unwrap_or(text)),
            };
        let ascii: String = rest
            .trim()
            .chars()
            .map(|c| match c {
                '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
                '．' => '.',
                '，' => ',',
                // Between two numbers it separates them.
                '、' => {
                    is_certain = false;
                    ','
                }
                '－' | '−' | 'ー' | '‐' | '‑' | '–' | 'ｰ' => '-',
                // Minus in accounts, but a mark of evaluation elsewhere.
                '▲' | '△' => {
                    is_certain = false;
                    '-'
                }
                other => other,
            })
            .filter(|c| !c.is_whitespace())
            .collect();
        // `1,234` has one meaning; `1,5` may be a decimal or two numbers.
        let whole = ascii.split('.').next().unwrap_or("");
        let mut groups = whole.trim_start_matches('-').split(',');
        let first = groups.next().unwrap_or("");
        is_certain &= !whole.contains(',') || ((1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3));
        is_certain &= !rest.contains(char::is_whitespace);
        Some(GuessedFigure { figure: Self::parse(&format!("{sign}{}", ascii.replace(',', "")))?, is_certain })
    }

    /// The exact sum, with as many places as the longest figure has. `None` of nothing.
    pub fn sum<'f>(figures: impl Iterator<Item = &'f Figure> + Clone) -> Option<Self> {
        let fraction = |figure: &Figure| figure.0.split_once('.').map_or(0, |(_, part)| part.len());
        let places = figures.clone().map(fraction).max()?;
        // Place by place, the last one first: figures may be longer than any integer.
        let mut sums = vec![0i64; places + 1];
        for figure in figures {
            let sign = if figure.0.starts_with('-') { -1 } else { 1 };
            let digits = figure.0.bytes().rev().filter(u8::is_ascii_digit);
            for (place, digit) in (places - fraction(figure)..).zip(digits) {
                sums.resize(sums.len().max(place + 1), 0);
                sums[place] += sign * i64::from(digit - b'0');
            }
        }
        let (digits, sign) = match carried(&sums) {
            Some(digits) => (digits, ""),
            None => (carried(&sums.iter().map(|sum| -sum).collect::<Vec<_>>())?, "-"),
        };
        let (whole, part) = digits.split_at(digits.len() - places);
        let whole = whole.trim_start_matches('0');
        let (whole, point) = (if whole.is_empty() { "0" } else { whole }, if places == 0 { "" } else { "." });
        Some(Self(format!("{sign}{whole}{point}{part}").into()))
    }

    /// The same below zero.
    pub fn negative(&self) -> Self {
        match self.0.strip_prefix('-') {
            Some(_) => self.clone(),
            None => Self(format!("-{}", self.0).into()),
        }
    }

    /// The same without its sign.
    pub fn absolute(&self) -> Self {
        self.0.strip_prefix('-').map_or_else(|| self.clone(), |digits| Self(digits.into()))
    }

    /// Ten times as much: 割 in per cent.
    pub fn tenfold(&self) -> Self {
        let (sign, digits) = self.0.strip_prefix('-').map_or(("", &*self.0), |digits| ("-", digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let (first, rest) = fraction.split_at(fraction.len().min(1));
        let whole = format!("{whole}{}", if first.is_empty() { "0" } else { first });
        let whole = match whole.trim_start_matches('0') {
            "" => "0",
            whole => whole,
        };
        match rest.trim_end_matches('0') {
            "" => Self(format!("{sign}{whole}").into()),
            rest => Self(format!("{sign}{whole}.{rest}").into()),
        }
    }

    /// Reads a number at the start of a text, with the words for its zeros in it, and what follows: 「1億2,500万円」 is
    /// 125000000 of 円. Without such words the digits stay as they are written.
    pub fn read(text: &str) -> Option<(Self, &str)> {
        let (first, after) = digits(text)?;
        if zeros_word(after).is_none() {
            return Some((first, after));
        }
        // Each group of four places ends with 兆, 億 or 万; inside it, places may be named too. All get smaller.
        let (mut total, mut group) = (0u128, 0u128);
        let (mut least_group, mut least) = (u32::MAX, GROUP);
        let mut rest = text;
        while let Some((figure, mut after)) = digits(rest.trim_start_matches(is_blank)) {
            let mut part = figure.scaled()?;
            let is_smaller = |zeros: u32| zeros < if zeros < GROUP { least } else { least_group };
            // A number of its own follows: 「3千4千」, 「3万 5回」.
            match zeros_word(after) {
                Some((zeros, _)) if !is_smaller(zeros) => break,
                None if rest.starts_with(is_blank) => break,
                _ => {}
            }
            let named = zeros_word(after).filter(|(zeros, _)| *zeros < GROUP);
            if let Some((zeros, behind)) = named {
                (part, after, least) = (part.checked_mul(10u128.pow(zeros))?, behind, zeros);
            }
            let closing = zeros_word(after).filter(|(zeros, _)| (GROUP..least_group).contains(zeros));
            group = group.checked_add(part)?;
            rest = after;
            if let Some((zeros, behind)) = closing {
                total = total.checked_add(group.checked_mul(10u128.pow(zeros))?)?;
                (group, least, least_group, rest) = (0, GROUP, zeros, behind);
            } else if named.is_none() {
                break;
            }
        }
        Some((Self::from_scaled(total.checked_add(group)?), rest))
    }

    /// This number counted in a unit of so many zeros: 125000000 in 万 is 12500.
    pub fn in_unit(&self, zeros: u32) -> Option<Self> {
        if zeros == 0 {
            return Some(self.clone());
        }
        let (scaled, unit) = (self.scaled()?, 10u128.checked_pow(zeros)?);
        (scaled % unit == 0).then(|| Self::from_scaled(scaled / unit))
    }

    /// Without its point, [`PLACES`] places further left; for numbers that are not negative.
    fn scaled(&self) -> Option<u128> {
        let (is_negative, whole, fraction) = self.parts();
        let is_short = !is_negative && whole.len() <= 18 && fraction.len() <= PLACES;
        is_short.then(|| format!("{whole}{fraction:0<PLACES$}").parse().ok()).flatten()
    }

    fn from_scaled(scaled: u128) -> Self {
        let one = 10u128.pow(PLACES as u32);
        let fraction = format!("{:0PLACES$}", scaled % one);
        match fraction.trim_end_matches('0') {
            "" => Self((scaled / one).to_string().into()),
            fraction => Self(format!("{}.{fraction}", scaled / one).into()),
        }
    }

    /// The digits as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// With commas between thousands, as English has it: `1,307,200.5`. A number of four digits stays as it is unless
    /// something is counted, because alone it may be a year.
    pub fn grouped(&self, is_counted: bool) -> String {
        let (sign, digits) = self.0.strip_prefix('-').map_or(("", &*self.0), |digits| ("-", digits));
        let whole = digits.split('.').next().unwrap_or_default();
        if whole.len() < if is_counted { 4 } else { 5 } || whole.starts_with('0') {
            return self.0.to_string();
        }
        let mut text = sign.to_owned();
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        text + &digits[whole.len()..]
    }

    /// Whether it has no fraction.
    pub fn is_whole(&self) -> bool {
        self.parts().2.is_empty()
    }

    fn parts(&self) -> (bool, &str, &str) {
        let (negative, digits) = self.0.strip_prefix('-').map_or((false, &*self.0), |digits| (true, digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        (negative, whole.trim_start_matches('0'), fraction.trim_end_matches('0'))
    }

    /// Compares by value: `3` equals `3.0`.
    pub fn compare(&self, other: &Self) -> Ordering {
        let ((minus_a, whole_a, part_a), (minus_b, whole_b, part_b)) = (self.parts(), other.parts());
        let zero = |whole: &str, part: &str| whole.is_empty() && part.is_empty();
        let (minus_a, minus_b) = (minus_a && !zero(whole_a, part_a), minus_b && !zero(whole_b, part_b));
        let size = (whole_a.len(), whole_a, part_a).cmp(&(whole_b.len(), whole_b, part_b));
        match (minus_a, minus_b) {
            (false, false) => size,
            (true, true) => size.reverse(),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }

    /// The nearest float, for drawing bars only; never shown as a number.
    pub fn approximate(&self) -> f64 {
        self.0.parse().unwrap_or(0.0)
    }
}

/// Sums of places, the last one first, as digits; `None` where they are less than nothing.
fn carried(sums: &[i64]) -> Option<String> {
    let (mut carry, mut digits) = (0, Vec::with_capacity(sums.len()));
    for sum in sums {
        let sum = sum + carry;
        digits.push(sum.rem_euclid(10).to_string());
        carry = sum.div_euclid(10);
    }
    digits.push(u64::try_from(carry).ok()?.to_string());
    Some(digits.into_iter().rev().collect())
}

/// Places behind the point that are kept while numbers are added.
const PLACES: usize = 12;

/// Zeros of 万, with which the next group of places begins.
const GROUP: u32 = 4;

/// A word for zeros at the start of a text, and what follows.
fn zeros_word(text: &str) -> Option<(u32, &str)> {
    let mut chars = text.trim_start_matches(is_blank).chars();
    let zeros = match chars.next()? {
        '十' => 1,
        '百' => 2,
        '千' => 3,
        '万' => GROUP,
        '億' => 2 * GROUP,
        '兆' => 3 * GROUP,
        _ => return None,
    };
    Some((zeros, chars.as_str()))
}

/// The zeros in a unit, and what is counted: 「百万円」 is six zeros of 円.
pub fn zeros(unit: &str) -> (u32, &str) {
    let (mut zeros, mut rest) = (0, unit);
    while let Some((more, after)) = zeros_word(rest) {
        (zeros, rest) = (zeros + more, after);
    }
    // 万 alone is what is counted.
    if rest.is_empty() { (0, unit) } else { (zeros, rest) }
}

/// Digits at the start of a text, with separators and a point, and what follows.
fn digits(text: &str) -> Option<(Figure, &str)> {
    let is_mark = |c: char| matches!(c, ',' | '.' | '，' | '．');
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '０'..='９');
    let end = text.find(|c| !is_digit(c) && !is_mark(c)).unwrap_or(text.len());
    let written = text[..end].trim_end_matches(is_mark);
    Some((Figure::guess(written)?.figure, &text[written.len()..]))
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{3000}')
}

impl std::fmt::Display for Figure {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped_and_nothing_else_changes() {
        let grouped = |text: &str, is_counted| Figure::parse(text).unwrap().grouped(is_counted);
        for (figure, shown) in [
            ("1307200", "1,307,200"),
            ("-12345.6780", "-12,345.6780"),
            ("999", "999"),
            ("1000", "1,000"),
            ("0012345", "0012345"),
            ("123456.5", "123,456.5"),
        ] {
            assert_eq!(grouped(figure, true), shown);
        }
        assert_eq!(grouped("2027", false), "2027", "a year");
        assert_eq!(grouped("20270", false), "20,270");
    }

    #[test]
    fn digits_stay_as_written() {
        assert_eq!(Figure::parse("98.40").unwrap().to_string(), "98.40");
        for wrong in ["", "1,234", "３", "1.", ".5", "1e3", "--1", "約3"] {
            assert!(Figure::parse(wrong).is_none(), "{wrong}");
        }
        let guess = |text: &str| Figure::guess(text).map(|it| (it.figure.to_string(), it.is_certain));
        for (text, figure, is_certain) in [
            ("１，２３４", "1234", true),
            ("1,234,567.8", "1234567.8", true),
            ("９８．４", "98.4", true),
            ("▲0.5", "-0.5", false),
            ("△12", "-12", false),
            ("−5", "-5", true),
            ("－０．５", "-0.5", true),
            ("マイナス5", "-5", true),
            ("＋５", "5", true),
            ("1、234", "1234", false),
            ("1,5", "15", false),
            ("1 234", "1234", false),
        ] {
            assert_eq!(guess(text), Some((figure.to_owned(), is_certain)), "{text}");
        }
        assert!(Figure::guess("約3").is_none());
    }

    #[test]
    fn words_for_zeros_are_counted_together() {
        let read = |text| Figure::read(text).map(|(figure, rest)| (figure.to_string(), rest));
        for (text, figure, rest) in [
            ("1億2,500万円以上", "125000000", "円以上"),
            ("1億2500万", "125000000", ""),
            ("１億２千５百万円", "125000000", "円"),
            ("1 億 2,500 万円", "125000000", "円"),
            ("1.25億円", "125000000", "円"),
            ("1万2千人", "12000", "人"),
            ("12万3,456人", "123456", "人"),
            ("2千万円", "20000000", "円"),
            ("3兆5億円", "3000500000000", "円"),
            ("3万 5回", "30000", " 5回"),
            ("3千4千", "3000", "4千"),
            ("1億2億", "100000000", "2億"),
            ("98.40%", "98.40", "%"),
            ("3回", "3", "回"),
            ("3、4回", "3", "、4回"),
        ] {
            assert_eq!(read(text), Some((figure.to_owned(), rest)), "{text}");
        }
        assert_eq!(read("万円"), None);
        assert_eq!(read(&format!("{}億円", "9".repeat(39))), None);
        assert_eq!(
            (zeros("万円"), zeros("百万円"), zeros("円"), zeros("万")),
            ((4, "円"), (6, "円"), (0, "円"), (0, "万"))
        );
        let counted = |text, zeros| Figure::parse(text).unwrap().in_unit(zeros).map(|it| it.to_string());
        assert_eq!(counted("125000000", 4).as_deref(), Some("12500"));
        assert_eq!(counted("12000", 4).as_deref(), Some("1.2"));
        assert_eq!(counted("98.40", 0).as_deref(), Some("98.40"));
    }

    #[test]
    fn signs_and_tenths_are_added_to_the_digits() {
        let figure = |text| Figure::parse(text).unwrap();
        assert_eq!((figure("5").negative().as_str(), figure("-5").absolute().as_str()), ("-5", "5"));
        for (text, ten) in
            [("9", "90"), ("9.5", "95"), ("9.55", "95.5"), ("0.5", "5"), ("-1", "-10"), ("0.05", "0.5"), ("0", "0")]
        {
            assert_eq!(figure(text).tenfold().as_str(), ten);
        }
    }

    #[test]
    fn figures_compare_by_value() {
        let compare = |a: &str, b: &str| Figure::parse(a).unwrap().compare(&Figure::parse(b).unwrap());
        assert_eq!(compare("3", "3.0"), Ordering::Equal);
        assert_eq!(compare("10", "9"), Ordering::Greater);
        assert_eq!(compare("0.15", "0.2"), Ordering::Less);
        assert_eq!(compare("-2", "1"), Ordering::Less);
        assert_eq!(compare("-2", "-10"), Ordering::Greater);
        assert_eq!(compare("-0", "0"), Ordering::Equal);
    }
}
