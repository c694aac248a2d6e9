//! Words of the interface: one flat file for each language, in the theme.

use std::collections::BTreeMap;

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

#[cfg(test)]
mod tests {
    use super::fill;

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
