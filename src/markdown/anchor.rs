//! Ids of headings: readable, stable, unique in a body.
//!
//! Does not know levels, prefixes or pages. Names that footnotes use are never given to headings.

use super::cjk::is_letter;
use std::collections::{HashMap, HashSet};

/// The id a heading's text gives: letters, digits and `_` of any script stay, ASCII is lowercased, spaces and hyphens
/// become one `-`, everything else is dropped. Never empty, never with a space.
pub fn anchor(text: &str) -> String {
    let mut id = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        // The marks are Alphabetic in no script but part of a letter: か + U+3099.
        if is_letter(c) || c == '_' || matches!(c, '\u{300}'..='\u{36F}' | '\u{3099}' | '\u{309A}') {
            if gap && !id.is_empty() {
                id.push('-');
            }
            gap = false;
            id.push(c.to_ascii_lowercase());
        } else if c.is_whitespace() || c == '-' {
            gap = true;
        }
    }
    if id.is_empty() {
        id.push_str("section");
    }
    id
}

/// Ids that templates use; a heading of such a name gets another one.
const RESERVED: [&str; 18] = [
    "main",
    "printing",
    "result",
    "progress",
    "corrections",
    "thread",
    "departments",
    "pillars",
    "goals",
    "levels",
    "figures",
    "missed",
    "results",
    "years",
    "updates",
    "others",
    "goals-here",
    "search",
];

/// How ids of footnotes, of other bodies on the page and of templates start.
const RESERVED_STARTS: [&str; 6] = ["fn-", "fnref-", "result-", "progress-", "goal-", "pillar-"];

/// The ids given out so far.
#[derive(Default)]
pub(super) struct Anchors {
    taken: HashSet<String>,
    /// The last number tried for a name, so that a thousand equal headings do not count from 2 a thousand times.
    counts: HashMap<String, usize>,
}

impl Anchors {
    /// Gives out `wanted`, or `wanted-2`, `wanted-3` … when it is taken.
    pub(super) fn take(&mut self, mut wanted: String) -> String {
        if RESERVED.contains(&wanted.as_str()) || RESERVED_STARTS.iter().any(|start| wanted.starts_with(start)) {
            wanted.insert_str(0, "section-");
        }
        if self.taken.insert(wanted.clone()) {
            return wanted;
        }
        // The second `fn` must not become `fn-2`, which is a footnote's.
        if RESERVED_STARTS.contains(&format!("{wanted}-").as_str()) {
            wanted.insert_str(0, "section-");
        }
        let count = self.counts.entry(wanted.clone()).or_insert(1);
        loop {
            *count += 1;
            let id = format!("{wanted}-{count}");
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }

    /// Whether an id has been given out.
    pub(super) fn contains(&self, id: &str) -> bool {
        self.taken.contains(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_keep_letters_and_drop_the_rest() {
        for (text, expect) in [
            ("目標の背景", "目標の背景"),
            ("1. 事業（令和8年度）", "1-事業令和8年度"),
            ("Smart City", "smart-city"),
            ("A　-  B", "a-b"),
            ("「々ー〆」・か\u{3099}", "々ー〆か\u{3099}"),
            ("！？", "section"),
            ("", "section"),
        ] {
            assert_eq!(anchor(text), expect);
        }
    }

    #[test]
    fn ids_are_given_once() {
        let mut anchors = Anchors::default();
        let given: Vec<_> =
            ["a-2", "a", "a", "a", "fn-1"].into_iter().map(|name| anchors.take(name.to_owned())).collect();
        assert_eq!(given, ["a-2", "a", "a-3", "a-4", "section-fn-1"]);
        let given: Vec<_> = ["fn", "fn", "goal", "goal"].map(|name| anchors.take(name.to_owned())).into();
        assert_eq!(given, ["fn", "section-fn-2", "goal", "section-goal-2"]);
    }
}
