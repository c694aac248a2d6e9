//! Templates as they are loaded: without indentation, and the way back from a place in them to the file.

/// All templates of a theme and those it extends.
#[derive(Debug, Default)]
pub(super) struct Templates {
    all: Vec<Template>,
}

#[derive(Debug)]
struct Template {
    /// Layer and path: `default/screen/goal.html`.
    name: String,
    /// Its text, trimmed.
    text: String,
    /// From a place in the text to one in the file.
    moves: Vec<Move>,
}

/// From `at` in a trimmed text on, its bytes stand `by` further on in the file, in addition to earlier moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Move {
    at: usize,
    by: usize,
}

impl Templates {
    /// Trims templates, given by name and text.
    pub(super) fn new(files: Vec<(String, String)>) -> Self {
        let template = |(name, file): (String, String)| {
            let (text, moves) = condense(&file);
            Template { name, text, moves }
        };
        Self { all: files.into_iter().map(template).collect() }
    }

    /// Names and texts.
    pub(super) fn texts(&self) -> Vec<(String, String)> {
        self.all.iter().map(|template| (template.name.clone(), template.text.clone())).collect()
    }

    /// The text of one.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.all.iter().find(|template| template.name == name).map(|template| template.text.as_str())
    }

    /// The texts of all.
    pub(super) fn all_texts(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|template| template.text.as_str())
    }

    /// What templates can be called in others: with their layer, and without.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().flat_map(|Template { name, .. }| {
            let short = name.split_once('/').map(|(_, short)| short);
            short.into_iter().chain([name.as_str()])
        })
    }

    /// Where the byte `at` of a template stands in its file, and the line there, counted from 1.
    pub(super) fn original(&self, name: &str, at: usize) -> (usize, usize) {
        let Some(template) = self.all.iter().find(|template| template.name == name) else { return (at, 1) };
        let line = 1 + template.text.bytes().take(at).filter(|byte| *byte == b'\n').count();
        (template.moves.iter().take_while(|it| it.at <= at).fold(at, |at, it| at + it.by), line)
    }
}

/// Takes the indentation off every line, except inside `<pre>` and `<textarea>`: no browser shows it.
fn condense(text: &str) -> (String, Vec<Move>) {
    let mut out = String::with_capacity(text.len());
    let mut moves = Vec::new();
    let mut keep = false;
    for line in text.split_inclusive('\n') {
        let trimmed = if keep { line } else { line.trim_start_matches([' ', '\t']) };
        if trimmed.len() < line.len() {
            moves.push(Move { at: out.len(), by: line.len() - trimmed.len() });
        }
        out.push_str(trimmed);
        for (open, close) in [("<pre", "</pre>"), ("<textarea", "</textarea>")] {
            if line.rfind(open) > line.rfind(close) {
                keep = true;
            } else if line.contains(close) {
                keep = false;
            }
        }
    }
    (out, moves)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_lose_their_indentation_but_not_preformatted_text() {
        let file = "<ul>\n  <li>x</li>\n<pre>\n  kept\n</pre>\n  <b>\n";
        let templates = Templates::new(vec![("page".into(), file.into())]);
        let (_, text) = &templates.texts()[0];
        assert_eq!(text, "<ul>\n<li>x</li>\n<pre>\n  kept\n</pre>\n<b>\n");
        for (part, line) in [("<ul>", 1), ("<li>", 2), ("kept", 4), ("<b>", 6)] {
            let there = templates.original("page", text.find(part).unwrap());
            assert_eq!(there, (file.find(part).unwrap(), line), "{part}");
        }
    }
}
