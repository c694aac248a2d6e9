//! Which width digits and letters have in a file.
//!
//! Houses have rules for this: one digit in full width and more in half width (３回, 12回), two digits too, everything in
//! full width. The habit is learnt from the file; what is not of it is odd. Knows nothing of other files.

use crate::text::span::Span;

/// Runs of more characters than this are counted as one length: no house tells them apart.
const LONGEST: usize = 4;

/// A house of two digits or more is believed after so many of them.
const ENOUGH: usize = 3;

/// One odd run in so many is a slip, more are another habit.
const RARE: usize = 4;

/// How many runs of each length there are, in either width.
#[derive(Default)]
struct Counts {
    narrow: [usize; LONGEST],
    wide: [usize; LONGEST],
}

impl Counts {
    /// Up to which length runs are full-width on purpose; 0 where none are.
    fn habit(&self) -> usize {
        let sum = |counts: &[usize]| counts.iter().sum::<usize>();
        let odd = |length: usize| sum(&self.narrow[..length]) + sum(&self.wide[length..]);
        let is_habit = |length: &usize| {
            let (narrow, wide) = (sum(&self.narrow[..*length]), sum(&self.wide[..*length]));
            let is_known = *length == 1 || *length == LONGEST || self.wide[*length - 1] >= ENOUGH;
            wide > 0 && narrow * RARE <= wide && is_known
        };
        // Of two that explain as much, the one that finds less odd.
        (1..=LONGEST).filter(is_habit).min_by_key(|length| odd(*length)).unwrap_or(0)
    }

    fn is_odd(&self, length: usize, habit: usize) -> bool {
        length > habit && self.narrow.iter().any(|count| *count > 0)
    }
}

/// Full-width digits and letters in a row.
struct Wide {
    at: Span,
    /// How many of its characters are digits, and letters; a part of a longer number counts as two.
    digits: usize,
    letters: usize,
    /// Whether a half-width digit or letter stands right beside it: no house writes １2.
    is_torn: bool,
    is_safe: bool,
}

/// The digits and letters of a file.
#[derive(Default)]
pub(super) struct Widths {
    digits: Counts,
    letters: Counts,
    wide: Vec<Wide>,
}

impl Widths {
    /// Half-width digits in a row.
    pub(super) fn narrow_digits(&mut self, length: usize) {
        self.digits.narrow[length.clamp(1, LONGEST) - 1] += 1;
    }

    /// Half-width letters in a row.
    pub(super) fn narrow_letters(&mut self, length: usize) {
        self.letters.narrow[length.clamp(1, LONGEST) - 1] += 1;
    }

    /// Full-width digits and letters in a row, which neighbours they have, and whether they may be changed.
    pub(super) fn wide(&mut self, at: Span, text: &str, before: &str, after: &str, is_safe: bool) {
        let is_digit = |c: &char| matches!(c, '０'..='９');
        let digits = text.chars().filter(is_digit).count();
        let letters = text.chars().count() - digits;
        let digits = if digits > 0 && is_part(before, after) { digits.max(2) } else { digits };
        let is_torn = before.ends_with(|c: char| c.is_ascii_digit() && text.starts_with(|c| is_digit(&c)))
            || after.starts_with(|c: char| c.is_ascii_digit() && text.ends_with(|c| is_digit(&c)));
        for (counts, length) in [(&mut self.digits, digits), (&mut self.letters, letters)] {
            if length > 0 {
                counts.wide[length.min(LONGEST) - 1] += 1;
            }
        }
        self.wide.push(Wide { at, digits, letters, is_torn, is_safe });
    }

    /// The full-width runs that are not of the file's habit, and whether each may be changed without asking.
    pub(super) fn odd(self) -> impl Iterator<Item = (Span, bool)> {
        let Self { digits, letters, wide } = self;
        let (digit_habit, letter_habit) = (digits.habit(), letters.habit());
        wide.into_iter()
            .filter(move |it| {
                it.is_torn
                    || (it.digits > 0 && digits.is_odd(it.digits.min(LONGEST), digit_habit))
                    || (it.letters > 0 && letters.is_odd(it.letters.min(LONGEST), letter_habit))
            })
            .map(|it| (it.at, it.is_safe))
    }
}

/// Whether digits between two texts are a part of a number, a time or a date: 98.4, 1,200, 9:30, 2026/6.
pub(super) fn is_part(before: &str, after: &str) -> bool {
    let is_mark = |c: char| matches!(c, '.' | ',' | ':' | '-' | '/' | '．' | '，' | '：');
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '０'..='９');
    let joined = |mark: Option<char>, digit: Option<char>| mark.is_some_and(is_mark) && digit.is_some_and(is_digit);
    let (mut back, mut on) = (before.chars().rev(), after.chars());
    joined(back.next(), back.next()) || joined(on.next(), on.next())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The odd ones of runs such as `３ 12 2026`.
    fn odd(runs: &str) -> Vec<&str> {
        let mut widths = Widths::default();
        for run in runs.split(' ') {
            let start = run.as_ptr() as usize - runs.as_ptr() as usize;
            match run.is_ascii() {
                true => widths.narrow_digits(run.len()),
                false => widths.wide(Span::new(start, start + run.len()), run, " ", " ", true),
            }
        }
        widths.odd().map(|(at, _)| at.slice(runs)).collect()
    }

    #[test]
    fn the_habit_of_a_house_is_learnt() {
        for house in ["３ 12", "３ ２ 12 2026", "１０ １２ １１ ３ 2026 120", "３ １２ ２０２６", "3 12 2026"]
        {
            assert_eq!(odd(house), [""; 0], "{house}");
        }
        // One slip does not make another habit.
        assert_eq!(odd("３ ２ １ ４ ５ 2 12 2026"), [""; 0]);
        assert_eq!(odd("３ ２ １２ 10 11 13 2026"), ["１２"]);
        assert_eq!(odd("３ 2"), ["３"]);
        assert_eq!(odd("２０ 5"), ["２０"]);
        assert_eq!(odd("３ ２ 1 4 5 12"), ["３", "２"]);
        assert_eq!(odd("１２ 2026"), ["１２"], "one of two digits is no habit");
    }
}
