//! Marks of letters: what belongs to a letter and says how it looks, and what stands behind one that is set small.
//!
//! What the press, finished lines and templates have to know of a booklet's signs. Which signs those are is decided in
//! [`super::readable`].

use crate::text::signs::compatible;
use std::collections::{BTreeMap, BTreeSet};

/// What the typesetter has to be told about a booklet's texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signs {
    /// Signs that are set as another, small and low (₂) or high (⁶).
    pub small: BTreeMap<char, Small>,
    /// Families, and the letters with their selectors that only they have.
    pub forms: BTreeMap<String, BTreeSet<String>>,
}

impl Signs {
    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.small.is_empty() && self.forms.is_empty()
    }
}

/// Where a small sign stands, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Small {
    /// Under the line: ₂
    Low(char),
    /// Over it: ⁶
    High(char),
}

/// A mark or a selector: it says how the letter before it looks. U+FE0E and U+FE0F ask for colour or none, which paper
/// answers for itself.
pub fn is_part(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}'
        | '\u{3099}' | '\u{309A}' | '\u{FE20}'..='\u{FE2F}')
        || is_selector(c)
}

/// Selects a form of the letter before it.
pub fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0D}' | '\u{E0100}'..='\u{E01EF}')
}

/// Stand behind a letter that is set small and low, or small and high, until the lines are made: then the sign that was
/// written is known by them again. Nobody sees them, and no sentence needs them.
pub const SMALL_MARKS: [char; 2] = ['\u{2063}', '\u{2064}'];

impl Small {
    /// The letter to set, and its mark.
    pub fn marked(self) -> String {
        let [low, high] = SMALL_MARKS;
        match self {
            Self::Low(letter) => format!("{letter}{low}"),
            Self::High(letter) => format!("{letter}{high}"),
        }
    }
}

/// The sign that a letter with a mark is set for: who searches, copies or listens shall have what was written, since 10⁶
/// is no 106.
pub fn written(letter: char, mark: char) -> Option<char> {
    let wanted = match SMALL_MARKS.iter().position(|known| *known == mark)? {
        0 => Small::Low(letter),
        _ => Small::High(letter),
    };
    ('\u{B2}'..='\u{B9}').chain('\u{2070}'..='\u{209C}').find(|sign| small(*sign) == Some(wanted))
}

/// Small digits and letters at the foot or the head of a line.
pub fn small(c: char) -> Option<Small> {
    let letter = compatible(c).chars().next()?;
    match c {
        '\u{2080}'..='\u{209C}' => Some(Small::Low(letter)),
        '\u{B2}' | '\u{B3}' | '\u{B9}' | '\u{2070}'..='\u{207F}' => Some(Small::High(letter)),
        _ => None,
    }
}
