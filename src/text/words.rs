//! Words of the interface: one flat file for each language, in the theme.

use std::collections::BTreeMap;

/// The placeholders that a word can have.
pub const FILLED: [&str; 4] = ["n", "a", "b", "c"];

/// Words that name a page or a part of it. Without the value in them many would have one name.
pub const TELLING: [&str; 8] = [
    "year_heading",
    "results_heading",
    "department_year_heading",
    "department_year_heading_goals",
    "goal_number",
    "action_number",
    "large_title",
    "print_large_title",
];

/// The words of one language by name. Placeholders are `{n}`, `{a}`, `{b}`; `one|many` gives both forms.
#[derive(Clone, Debug, Default)]
pub struct Words(BTreeMap<String, String>);

impl Words {
    /// Words from name and text.
    pub fn new(words: BTreeMap<String, String>) -> Self {
        Self(words)
    }

    /// The word; its own name, visibly, where a theme lacks it (which loading reports).
    pub fn get<'w>(&'w self, name: &'w str) -> &'w str {
        self.0.get(name).map_or(name, String::as_str)
    }

    /// The word with a count.
    pub fn count(&self, name: &str, n: usize) -> String {
        fill(self.get(name), Some(n), &[])
    }

    /// The word with its placeholders filled.
    pub fn fill(&self, name: &str, values: &[(&str, &str)]) -> String {
        fill(self.get(name), None, values)
    }

    /// All words, for templates.
    pub fn all(&self) -> &BTreeMap<String, String> {
        &self.0
    }
}

/// Fills the placeholders of a word: `{n}` with a count (and its form), others by name.
pub fn fill(word: &str, n: Option<usize>, values: &[(&str, &str)]) -> String {
    let form = match (n, word.split_once('|')) {
        (Some(1), Some((one, _))) => one,
        (_, Some((_, many))) => many,
        (_, None) => word,
    };
    let mut text = String::with_capacity(form.len() + values.iter().map(|(_, value)| value.len()).sum::<usize>());
    let mut rest = form;
    // In one pass: a title with `{b}` in it is a title.
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        text.push_str(before);
        let name = from[1..].split_once('}').map_or("", |(name, _)| name);
        let value = values.iter().find(|(known, _)| *known == name);
        match (name, n, value) {
            ("n", Some(n), _) => text.push_str(&n.to_string()),
            (_, _, Some((_, value))) => text.push_str(value),
            _ => {
                text.push('{');
                rest = &from[1..];
                continue;
            }
        }
        rest = &from[name.len() + 2..];
    }
    text.push_str(rest);
    text
}

/// Braces in a word, or one that lacks the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap<'w> {
    /// All of it.
    pub written: &'w str,
    /// What is between the braces.
    pub name: &'w str,
}

impl Gap<'_> {
    /// Whether it is a placeholder: ASCII braces around a name.
    pub fn is_well_formed(&self) -> bool {
        self.written.starts_with('{') && self.written.ends_with('}')
    }

    /// Whether it may be nothing but punctuation: no ASCII brace is in it.
    pub fn is_punctuation(&self) -> bool {
        !self.written.contains(['{', '}'])
    }
}

/// All braces of a word, ASCII and full-width, in order.
pub fn gaps(word: &str) -> Vec<Gap<'_>> {
    let mut found = Vec::new();
    let mut rest = word;
    while let Some(start) = rest.find(['{', '}', '｛', '｝']) {
        let from = &rest[start..];
        let mut chars = from.chars();
        let is_open = matches!(chars.next(), Some('{' | '｛'));
        let inside = chars.as_str();
        let end = inside.find(['{', '}', '｛', '｝']).filter(|end| is_open && inside[*end..].starts_with(['}', '｝']));
        let name = end.map_or("", |end| &inside[..end]);
        let close = end.and_then(|end| inside[end..].chars().next()).map_or(0, char::len_utf8);
        let length = from.len() - inside.len() + name.len() + close;
        found.push(Gap { written: &from[..length], name });
        rest = &from[length..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{fill, gaps};

    #[test]
    fn braces_are_found_with_what_is_between_them() {
        let found = |word| gaps(word).into_iter().map(|gap| (gap.written, gap.name)).collect::<Vec<_>>();
        assert_eq!(found("目標{n}件（{ a }）"), [("{n}", "n"), ("{ a }", " a ")]);
        assert_eq!(found("｛ａ｝の{年度}"), [("｛ａ｝", "ａ"), ("{年度}", "年度")]);
        assert_eq!(found("{a の{b}と}"), [("{", ""), ("{b}", "b"), ("}", "")]);
        assert_eq!(found("{}{｝{"), [("{}", ""), ("{｝", ""), ("{", "")]);
    }

    #[test]
    fn counts_take_the_right_form() {
        assert_eq!(fill("{n} goal|{n} goals", Some(1), &[]), "1 goal");
        assert_eq!(fill("{n} goal|{n} goals", Some(0), &[]), "0 goals");
        assert_eq!(fill("{n}目標", Some(78), &[]), "78目標");
        assert_eq!(fill("{a}の{b}", None, &[("a", "x"), ("b", "y")]), "xのy");
        assert_eq!(fill("{a}の{b}{", None, &[("a", "{b}"), ("b", "y")]), "{b}のy{");
        assert_eq!(fill("{n}{c}{{a}}", None, &[("a", "x")]), "{n}{c}{x}");
    }
}
