//! The order of names.

use std::cmp::Ordering;

/// Compares names the way people count: 1-2 before 1-10.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (mut a, mut b) = (a, b);
    loop {
        let (a_digits, b_digits) = (digits(a), digits(b));
        if a_digits > 0 && b_digits > 0 {
            let (a_number, b_number) = (a[..a_digits].trim_start_matches('0'), b[..b_digits].trim_start_matches('0'));
            let order = a_number.len().cmp(&b_number.len()).then_with(|| a_number.cmp(b_number));
            if order.is_ne() {
                return order;
            }
            (a, b) = (&a[a_digits..], &b[b_digits..]);
            continue;
        }
        let (mut a_chars, mut b_chars) = (a.chars(), b.chars());
        match (a_chars.next(), b_chars.next()) {
            (None, None) => return Ordering::Equal,
            (first, second) if first != second => return first.cmp(&second),
            _ => (a, b) = (a_chars.as_str(), b_chars.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::natural;

    #[test]
    fn names_sort_as_people_count() {
        let mut names = ["1-10", "a", "1-2", "10-1", "", "2-1", "1-1", "1-02b", "b10", "b9"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["", "1-1", "1-2", "1-02b", "1-10", "2-1", "10-1", "a", "b9", "b10"]);
    }
}
