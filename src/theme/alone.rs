//! Files of a theme held against nothing but each other: what a stranger's theme can do to the program that reads it,
//! without the program's own theme beneath it.

use super::layers::{Layer, read_manifest};
use super::template::Templates;
use super::{Theme, style, wordbook};
use crate::diagnostic::Diagnostic;
use crate::text::place::FileId;
use crate::text::words::Words;
use std::borrow::Cow;

/// Reads the files of a theme, by their paths inside it, as [`super::compile`] reads those of a layer, and says what is
/// wrong with them. The files have the ids 0, 1, 2 … in the order given. Templates see each other and no others.
pub fn alone<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> Vec<Diagnostic> {
    const WORDS: &str = "words/ja.yaml";
    let mut out = Vec::new();
    let mut layer = Layer { name: "own".into(), files: Default::default() };
    let mut theme = Theme::default();
    let mut templates = Vec::new();
    for (index, (path, bytes)) in files.into_iter().enumerate() {
        let file = FileId(index as u64);
        layer.files.insert(path.to_owned(), (Cow::Owned(bytes.to_owned()), Some(file)));
        if path == "theme.yaml" {
            out.extend(read_manifest(bytes, file).err().map(|finding| *finding));
        } else if path == WORDS {
            let words = wordbook::read(bytes, file, &mut out);
            theme.words = Words::new(words.into_iter().map(|word| (word.name.value, word.text.value)).collect());
        } else if let Some(name) = path.strip_prefix("templates/").filter(|name| name.ends_with(".html")) {
            let name = format!("{}/{name}", layer.name);
            theme.places.insert(name.clone(), file);
            templates.push((name, String::from_utf8_lossy(bytes).into_owned()));
        }
    }
    theme.templates = Templates::new(templates);
    let layers = [layer];
    theme.load(&layers, &mut out);
    wordbook::check(&layers, &layers[0], WORDS, &mut out);
    style::check(&layers, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Rule;

    #[test]
    fn files_are_read_as_those_of_a_layer() {
        let rules = |path: &str, text: &str| -> Vec<Rule> {
            alone([(path, text.as_bytes())]).into_iter().map(|finding| finding.rule).collect()
        };
        assert_eq!(rules("templates/screen/goal.html", "{% if goal.title %}"), [Rule::ThemeTemplate]);
        assert_eq!(rules("templates/screen/goal.html", "<p>{{ goal.titel }}"), [Rule::ThemeTemplate]);
        assert_eq!(rules("templates/screen/goal.html", "<p>{{ goal.title }}"), []);
        assert_eq!(rules("words/ja.yaml", "skip:\n"), [Rule::ThemeWords]);
        assert_eq!(rules("theme.yaml", "contract: one\n"), [Rule::ThemeContract]);
        assert_eq!(rules("assets/city.css", "a { color: red\n"), [Rule::ThemeStyle]);
    }

    #[test]
    fn a_place_over_several_lines_ends_where_it_ends_in_the_file() {
        let text = "{% extends \"screen/base.html\" %}\nx\n    <h1>目標</h1>\n{% block main %}{% endblock %}";
        let path = "templates/screen/goal.html";
        let findings = alone([(path, text.as_bytes())]);
        assert!(!findings.is_empty());
        for finding in findings {
            let marked = finding.place.span.slice(text);
            assert!(marked.trim().starts_with('x') && marked.trim().ends_with("</h1>"), "{marked:?} of {finding:?}");
        }
    }
}
