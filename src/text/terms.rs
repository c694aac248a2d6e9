//! The terms of a record: what a goal, a pillar, a department is called, on pages and in booklets.
//!
//! Words of the interface have gaps for them (`{goal}`, `{Goals}`), which are filled once, when a theme is loaded. What
//! findings and keys call things is not changed by them.

use super::words::{Gap, gaps};
use std::collections::{BTreeMap, BTreeSet};

/// How many of it a term is said of: one, or several.
type Forms = (String, String);

/// The ending of a word that stands for another one where a term in it is the city's own: `pillars_heading_own`.
const OWN: &str = "_own";

/// What has a name of its own in each city.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// The whole of a year's goals: 組織重点目標
    Record,
    /// What came of them.
    Results,
    /// One of them.
    Goal,
    /// A row of a goal.
    Action,
    /// What goals are set under.
    Pillar,
    /// Who sets them.
    Department,
    /// A part of a department.
    Section,
}

impl Term {
    /// All of them, each with its gaps, of one and of several, and the word that says it where the city does not.
    const ALL: [(Self, &'static str, &'static str, &'static str); 7] = [
        (Self::Record, "record", "records", "term_record"),
        (Self::Results, "result", "results", "term_results"),
        (Self::Goal, "goal", "goals", "term_goal"),
        (Self::Action, "action", "actions", "term_action"),
        (Self::Pillar, "pillar", "pillars", "term_pillar"),
        (Self::Department, "department", "departments", "term_department"),
        (Self::Section, "section", "sections", "term_section"),
    ];

    /// The term that a gap is for.
    fn of(gap: &str) -> Option<Self> {
        let is_it = |name: &str| gap.eq_ignore_ascii_case(name) && gap[1..] == name[1..];
        Self::ALL.iter().find(|(_, one, many, _)| is_it(one) || is_it(many)).map(|(term, ..)| *term)
    }
}

/// A term in the city's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// Of one.
    pub one: Box<str>,
    /// Of several.
    pub many: Box<str>,
}

/// Whether a gap of a word is one for a term: `{goal}`, `{goals}`, `{Goal}`, `{Goals}`.
pub fn is_term(gap: &str) -> bool {
    Term::of(gap).is_some()
}

/// Whether a word of the interface is a term itself.
pub fn is_word_of_term(name: &str) -> bool {
    Term::ALL.iter().any(|(_, _, _, word)| *word == name)
}

/// The word that this one is another form of; itself where it is none.
pub fn base(name: &str) -> &str {
    name.strip_suffix(OWN).unwrap_or(name)
}

/// Lays the words of an upper layer over `words`. A word that it replaces has none of its other forms any more.
pub fn lay_over(words: &mut BTreeMap<String, String>, upper: impl IntoIterator<Item = (String, String)>) {
    let upper: BTreeMap<String, String> = upper.into_iter().collect();
    for (name, text) in &upper {
        if words.get(name).is_some_and(|below| below != text) {
            words.remove(&format!("{name}{OWN}"));
        }
    }
    words.extend(upper);
}

/// Fills the gaps for terms in `words`, with the city's terms, or with those of the words themselves. A term that is
/// another one in `words` than in `original` is a theme's, and wins.
pub fn fill(words: &mut BTreeMap<String, String>, original: &BTreeMap<String, String>, own: &BTreeMap<Term, Own>) {
    let mut set: BTreeSet<Term> = BTreeSet::new();
    let mut terms: BTreeMap<Term, Forms> = BTreeMap::new();
    for (term, _, _, word) in Term::ALL {
        let text = words.get(word).map_or("", String::as_str);
        let is_of_theme = original.get(word).is_some_and(|original| original != text);
        let said = own.get(&term).filter(|_| !is_of_theme);
        if is_of_theme || said.is_some() {
            set.insert(term);
        }
        let (one, many) = text.split_once('|').unwrap_or((text, text));
        let forms = said.map_or((one, many), |own| (&own.one, &own.many));
        terms.insert(term, (forms.0.to_owned(), forms.1.to_owned()));
    }
    // A term may be said with others, as the record is by its goals.
    let filled = |text: &str| filled(text, &terms);
    let terms: BTreeMap<Term, Forms> =
        terms.iter().map(|(term, (one, many))| (*term, (filled(one), filled(many)))).collect();
    let others: Vec<String> = words.keys().filter(|name| name.ends_with(OWN)).cloned().collect();
    for name in others {
        let Some(text) = words.remove(&name) else { continue };
        if terms_in(&text).any(|term| set.contains(&term)) {
            words.insert(base(&name).to_owned(), text);
        }
    }
    for text in words.values_mut().filter(|text| text.contains('{')) {
        *text = self::filled(text, &terms);
    }
    for (term, _, _, word) in Term::ALL {
        if let Some((one, many)) = terms.get(&term) {
            words.insert(word.to_owned(), if one == many { one.clone() } else { format!("{one}|{many}") });
        }
    }
}

fn terms_in(word: &str) -> impl Iterator<Item = Term> {
    gaps(word).into_iter().filter(Gap::is_well_formed).filter_map(|gap| Term::of(gap.name))
}

fn filled(word: &str, terms: &BTreeMap<Term, Forms>) -> String {
    let mut text = String::with_capacity(word.len());
    let mut rest = word;
    for gap in gaps(word) {
        let Some((before, after)) = rest.split_once(gap.written) else { continue };
        text.push_str(before);
        rest = after;
        match Term::of(gap.name).filter(|_| gap.is_well_formed()).and_then(|term| terms.get(&term)) {
            Some((one, many)) => {
                let said = if gap.name.ends_with('s') { many } else { one };
                let is_capital = gap.name.starts_with(|first: char| first.is_ascii_uppercase());
                match said.chars().next().filter(|_| is_capital) {
                    Some(first) => {
                        text.extend(first.to_uppercase());
                        text.push_str(&said[first.len_utf8()..]);
                    }
                    None => text.push_str(said),
                }
            }
            None => text.push_str(gap.written),
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [(&str, &str); 6] = [
        ("term_record", "{goals}"),
        ("term_goal", "goal|goals"),
        ("term_pillar", "priority|priorities"),
        ("heading", "{Record} of {a} under {n} {pillar}|{Records} of {a} under {n} {pillars}{"),
        ("choose", "Choose a {pillar}"),
        ("choose_own", "By {pillar}"),
    ];

    fn words(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    fn made(theme: &[(&str, &str)], own: &[(Term, &str, &str)]) -> [String; 3] {
        let original = words(&WORDS);
        let mut all = original.clone();
        lay_over(&mut all, words(theme));
        let own = own.iter().map(|(term, one, many)| (*term, Own { one: (*one).into(), many: (*many).into() }));
        fill(&mut all, &original, &own.collect());
        assert!(all.keys().all(|name| !name.ends_with(OWN)));
        ["heading", "choose", "term_goal"].map(|name| all[name].clone())
    }

    #[test]
    fn a_term_is_said_everywhere() {
        let plain =
            ["Goals of {a} under {n} priority|Goals of {a} under {n} priorities{", "Choose a priority", "goal|goals"];
        assert_eq!(made(&[], &[]), plain);
        let own = made(&[], &[(Term::Goal, "étape", "étapes"), (Term::Pillar, "policy area", "policies")]);
        let said = "Étapes of {a} under {n} policy area|Étapes of {a} under {n} policies{";
        assert_eq!(own, [said, "By policy area", "étape|étapes"]);
        let record = made(&[], &[(Term::Record, "the review", "the review")]);
        assert_eq!(record[0], "The review of {a} under {n} priority|The review of {a} under {n} priorities{");
    }

    #[test]
    fn the_words_of_a_theme_win() {
        let own = [(Term::Goal, "plan", "plans"), (Term::Pillar, "area", "areas")];
        assert_eq!(made(&[("choose", "Pick")], &own)[1], "Pick");
        assert_eq!(made(&[("choose", "Pick"), ("choose_own", "Pick by {pillar}")], &own)[1], "Pick by area");
        assert_eq!(made(&[("choose", "Choose a {pillar}")], &own)[1], "By area", "a copy of the original words");
        assert_eq!(made(&[("term_goal", "vow|vows"), ("term_pillar", "x")], &own)[1..], ["By x", "vow|vows"]);
        assert_eq!(made(&[("term_goal", "goal|goals")], &own)[2], "plan|plans", "a copy of the original words");
    }

    #[test]
    fn gaps_are_named_like_terms() {
        for (gap, is_one) in [
            ("goal", true),
            ("Goals", true),
            ("result", true),
            ("Records", true),
            ("GOAL", false),
            ("goalss", false),
            ("", false),
            ("n", false),
            ("目標", false),
        ] {
            assert_eq!(is_term(gap), is_one, "{gap}");
        }
    }
}
