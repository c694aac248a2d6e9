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
        let ascii: String = text
            .trim()
            .chars()
            .map(|c| match c {
                '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
                '．' => '.',
                '，' | '、' => ',',
                '－' | '−' | 'ー' => '-',
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
        is_certain &= !text.trim().contains(char::is_whitespace);
        Some(GuessedFigure { figure: Self::parse(&ascii.replace(',', ""))?, is_certain })
    }

    /// The digits as written.
    pub fn as_str(&self) -> &str {
        &self.0
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

impl std::fmt::Display for Figure {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("1,5", "15", false),
            ("1 234", "1234", false),
        ] {
            assert_eq!(guess(text), Some((figure.to_owned(), is_certain)), "{text}");
        }
        assert!(Figure::guess("約3").is_none());
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
