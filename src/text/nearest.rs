//! The name that was probably meant.

use unicode_normalization::UnicodeNormalization;

/// The longest name that can be a slip of the keyboard, in letters, and how many names are compared with one. Comparing two
/// takes as long as both lengths multiplied, and a thousand names that nobody knows have a thousand others each.
const LONGEST_NAME: usize = 127;
const MOST_NAMES: usize = 2000;

/// The known name closest to `name`, if it is close enough to be a slip of the keyboard; of several as close, the first.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // `ｔｉｔｌｅ` and `１` are right but for their width.
    let name = name.trim().nfkc().take(2 * LONGEST_NAME).collect::<String>().to_lowercase();
    let own: Vec<char> = name.chars().take(LONGEST_NAME + 1).collect();
    if own.len() > LONGEST_NAME {
        return None;
    }
    let mut letters = Letters::of(&own);
    let mut other: Vec<char> = Vec::new();
    let (mut best, mut found) = (usize::MAX, None);
    for candidate in known.into_iter().take(MOST_NAMES) {
        let length = candidate.chars().count().max(own.len());
        // What is not nearer than the nearest so far need not be measured.
        let most = (length / 3).max(1).min(length.saturating_sub(1)).min(best.saturating_sub(1));
        if best == 0 || length == 0 {
            continue;
        }
        other.clear();
        match candidate.is_ascii() {
            true => other.extend(candidate.chars().map(|c| c.to_ascii_lowercase())),
            false => other.extend(candidate.to_lowercase().chars()),
        }
        // Measuring is quadratic, and nearly every name of a long list is out of the question.
        if letters.at_least(&own, &other) > most {
            continue;
        }
        let distance = strsim::generic_damerau_levenshtein(&own, &other);
        if distance <= most {
            (best, found) = (distance, Some(candidate));
        }
    }
    found
}

/// How often each letter is in a word, whatever their order. Letters that share a place count as one: this makes words
/// more alike, never less.
struct Letters([u8; 128]);

impl Letters {
    fn of(word: &[char]) -> Self {
        let mut letters = Self([0; 128]);
        word.iter().for_each(|c| letters.count(*c, 1));
        letters
    }

    fn count(&mut self, letter: char, by: u8) {
        // Of words of more than 127 letters this may wrap; see below.
        let place = &mut self.0[letter as usize % 128];
        *place = place.wrapping_add(by);
    }

    /// The least that two words can be apart: so many letters have to come or go. One change of a letter for another
    /// takes one from each side, a swap of neighbours none. `own` is the word that was counted.
    fn at_least(&mut self, own: &[char], other: &[char]) -> usize {
        other.iter().for_each(|c| self.count(*c, u8::MAX));
        let (mut more, mut less) = (0, 0);
        for left in &self.0 {
            match *left as i8 {
                left @ 1.. => more += usize::from(left.unsigned_abs()),
                left => less += usize::from(left.unsigned_abs()),
            }
        }
        other.iter().for_each(|c| self.count(*c, 1));
        // So long that a count may have wrapped: their lengths alone are sure. (The other may be longer than this one.)
        if own.len().max(other.len()) > 127 { own.len().abs_diff(other.len()) } else { more.max(less) }
    }
}

/// A word without what the machine may have changed: width, letter case, spaces around it, letters in parts.
pub(crate) fn fold(text: &str) -> String {
    let narrow = |c: char| match c {
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    };
    text.nfc().map(narrow).collect::<String>().trim().to_lowercase()
}

#[cfg(test)]
mod tests {

    use crate::text::nearest::nearest;
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    /// What [`nearest`] answers, said plainly: every name is measured.
    fn nearest_of_all<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        let name = name.trim().nfkc().collect::<String>().to_lowercase();
        known
            .into_iter()
            .map(|candidate| (strsim::damerau_levenshtein(&name, &candidate.to_lowercase()), candidate))
            .filter(|(distance, candidate)| {
                let length = candidate.chars().count().max(name.chars().count());
                *distance <= (length / 3).max(1) && *distance < length
            })
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, candidate)| candidate)
    }

    /// Few letters, so that many words are alike; among them letters that share a place, and those whose case is special.
    const WORDS: &str = "[ab1A１aァ。課\u{e1}\u{161}ΣσİK -]{0,9}";

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn names_that_are_not_measured_are_not_nearest(
            name in WORDS,
            known in prop::collection::vec(WORDS, 0..12),
            (kept, swapped, added) in (any::<prop::sample::Index>(), any::<prop::sample::Index>(), "[a課1]{0,2}"),
        ) {
            // A slip of the keyboard in one of them, too.
            let mut slip: Vec<char> = known.get(kept.index(known.len().max(1))).map_or("", String::as_str).chars().collect();
            if slip.len() > 1 {
                let at = swapped.index(slip.len() - 1);
                slip.swap(at, at + 1);
            }
            slip.extend(added.chars());
            let slip: String = slip.into_iter().collect();
            // As long as a slip can be, and names that are longer still.
            for name in [&name, &slip, &slip.repeat(5)] {
                let [long, longer] = [5, 16].map(|times| known.iter().map(|word| word.repeat(times)).collect::<Vec<_>>());
                for known in [&known, &long, &longer] {
                    let known = || known.iter().map(String::as_str);
                    prop_assert_eq!(nearest(name, known()), nearest_of_all(name, known()));
                }
            }
        }
    }

    #[test]
    fn nobody_waits_for_names_of_any_length_or_number() {
        let (long, other) = ("あ".repeat(100_000), "あ".repeat(99_999));
        assert_eq!(nearest(&long, [other.as_str()]), None);
        let names: Vec<String> = (0..100_000).map(|index| format!("goal-{index:06}")).collect();
        assert_eq!(nearest("goal-00001", names.iter().map(String::as_str)), Some("goal-000001"));
    }

    #[test]
    fn a_slip_is_taken_for_the_name_that_was_meant() {
        let keys = ["title", "pillar", "actions", "updated", "update"];
        for (written, meant) in [
            ("updatd", Some("updated")),
            ("ｔｉｔｌｅ", Some("title")),
            ("PILLAR", Some("pillar")),
            ("actoins", Some("actions")),
            ("budget", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, keys), meant, "{written}");
        }
    }
}
