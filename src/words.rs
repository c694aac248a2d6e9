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
    let mut text = match n {
        Some(n) => form.replace("{n}", &n.to_string()),
        None => form.to_owned(),
    };
    for (name, value) in values {
        text = text.replace(&format!("{{{name}}}"), value);
    }
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
    }
}
