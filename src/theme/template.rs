//! Templates as they are loaded: without indentation, with words and included templates written out, and the way back
//! from a place in them to the file.
//!
//! What is the same on every page is done once here: indentation and words cost nothing per page, and an include, for
//! which Tera looks up a name and opens a scope, costs no more than the text it brings. Does not know what templates
//! say; where writing out could change what a page says, a template stays as its author wrote it.

use crate::html::Html;
use crate::words::Words;
use std::collections::BTreeSet;

/// All templates of a theme and those it extends.
#[derive(Debug, Default)]
pub(super) struct Templates {
    all: Vec<Template>,
}

#[derive(Debug)]
struct Template {
    /// Layer and path: `default/screen/goal.html`.
    name: String,
    /// Its own text, trimmed.
    text: String,
    /// From a place in the text to one in the file.
    moves: Vec<Move>,
    /// Where the text that was loaded comes from; empty while it is the template's own.
    pieces: Vec<Piece>,
}

/// From `at` in a trimmed text on, its bytes stand `by` further on in the file, in addition to earlier moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Move {
    at: usize,
    by: isize,
}

/// From `at` in a loaded text on, what stands there is the text of another template from `from` on.
#[derive(Clone, Copy, Debug)]
struct Piece {
    at: usize,
    template: usize,
    from: usize,
}

/// Where something in a loaded template was written.
pub(super) struct Origin<'t> {
    /// The template.
    pub(super) template: &'t str,
    /// Bytes into its file.
    pub(super) at: usize,
    /// Line in its trimmed text, which has the lines of the file.
    pub(super) line_number: usize,
}

/// Keeps an included text apart from what stands around it: without it, a `{%-` at its start would take away spaces
/// that are not its own.
const SEAM: &str = "{# #}";

impl Templates {
    /// Trims templates, given by name and text, and writes words out where `w` is sure to be the words.
    pub(super) fn new(files: Vec<(String, String)>, words: &Words) -> Self {
        let words = files.iter().all(|(_, text)| leaves_words_alone(text)).then_some(words);
        let template = |(name, file): (String, String)| {
            let (text, moves) = condense(&file, words);
            Template { name, text, moves, pieces: Vec::new() }
        };
        Self { all: files.into_iter().map(template).collect() }
    }

    /// Names and texts, each as its author wrote it.
    pub(super) fn single(&mut self) -> Vec<(String, String)> {
        self.all.iter_mut().for_each(|template| template.pieces.clear());
        self.all.iter().map(|template| (template.name.clone(), template.text.clone())).collect()
    }

    /// Names and texts, with what they include written out, without those that nothing includes any more; `layers` are
    /// the names of the layers, upper ones first.
    pub(super) fn written_out(&mut self, layers: &[&str]) -> Vec<(String, String)> {
        let find = |name: &str| {
            let position = |name: &str| self.all.iter().position(|template| template.name == name);
            position(name).or_else(|| layers.iter().find_map(|layer| position(&format!("{layer}/{name}"))))
        };
        let stands_alone: Vec<bool> = self.all.iter().map(|template| stands_alone(&template.text)).collect();
        let writer = Writer { all: &self.all, find: &find, stands_alone: &stands_alone };
        let written: Vec<(String, Vec<Piece>)> = (0..self.all.len()).map(|index| writer.written(index)).collect();
        let parts = written.iter().enumerate().flat_map(|(index, (_, pieces))| {
            pieces.iter().map(|piece| piece.template).filter(move |part| *part != index)
        });
        let parts: BTreeSet<usize> = parts.collect();
        let left = written.iter().flat_map(|(text, _)| includes(text)).filter_map(|include| find(include.name));
        let left: BTreeSet<usize> = left.collect();
        let mut loaded = Vec::new();
        for (index, (template, (text, pieces))) in self.all.iter_mut().zip(written).enumerate() {
            template.pieces = pieces;
            if !parts.contains(&index) || left.contains(&index) {
                loaded.push((template.name.clone(), text));
            }
        }
        loaded
    }

    /// Where the byte `at` of a loaded template was written.
    pub(super) fn origin(&self, name: &str, at: usize) -> Option<Origin<'_>> {
        let loaded = self.all.iter().find(|template| template.name == name)?;
        let piece = loaded.pieces.iter().rev().find(|piece| piece.at <= at);
        let (template, at) = match piece {
            Some(piece) => (&self.all[piece.template], piece.from + (at - piece.at)),
            None => (loaded, at),
        };
        let before = template.text.as_bytes().iter().take(at);
        let line_number = 1 + before.filter(|byte| **byte == b'\n').count();
        Some(Origin { template: &template.name, at: original(&template.moves, at), line_number })
    }
}

/// Writes includes out.
struct Writer<'t> {
    all: &'t [Template],
    find: &'t dyn Fn(&str) -> Option<usize>,
    stands_alone: &'t [bool],
}

impl Writer<'_> {
    fn written(&self, index: usize) -> (String, Vec<Piece>) {
        let (mut text, mut pieces) = (String::new(), Vec::new());
        self.write(index, &mut Vec::new(), &mut text, &mut pieces);
        (text, pieces)
    }

    /// `open` are the templates that are being written: one that includes itself stays for Tera to complain about.
    fn write(&self, index: usize, open: &mut Vec<usize>, out: &mut String, pieces: &mut Vec<Piece>) {
        let text = self.all[index].text.as_str();
        open.push(index);
        let mut from = 0;
        let mut copied = 0;
        pieces.push(Piece { at: out.len(), template: index, from: 0 });
        while let Some(include) = (!is_opaque(text)).then(|| next_include(text, from)).flatten() {
            from = include.end;
            let included = (self.find)(include.name).filter(|it| self.stands_alone[*it] && !open.contains(it));
            let Some(included) = included else { continue };
            let before = &text[copied..include.start];
            out.push_str(if include.trims_before { before.trim_end() } else { before });
            out.push_str(SEAM);
            self.write(included, open, out, pieces);
            out.push_str(SEAM);
            if include.trims_after {
                from += text[from..].len() - text[from..].trim_start().len();
            }
            copied = from;
            pieces.push(Piece { at: out.len(), template: index, from });
        }
        out.push_str(&text[copied..]);
        open.pop();
    }
}

/// A tag that includes a template.
struct Include<'t> {
    start: usize,
    end: usize,
    name: &'t str,
    trims_before: bool,
    trims_after: bool,
}

/// The next `{% include "name" %}` from `from` on.
fn next_include(text: &str, from: usize) -> Option<Include<'_>> {
    let mut at = from;
    loop {
        let start = at + text[at..].find("{%")?;
        at = start + 2;
        let (trims_before, tag) = match text[at..].strip_prefix('-') {
            Some(tag) => (true, tag),
            None => (false, &text[at..]),
        };
        let Some(rest) = tag.trim_start().strip_prefix("include") else { continue };
        let Some(rest) = rest.trim_start().strip_prefix('"') else { continue };
        let Some((name, rest)) = rest.split_once('"') else { continue };
        let rest = rest.trim_start();
        let (trims_after, rest) = match rest.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let Some(rest) = rest.strip_prefix("%}") else { continue };
        return Some(Include { start, end: text.len() - rest.len(), name, trims_before, trims_after });
    }
}

fn includes(text: &str) -> impl Iterator<Item = Include<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let include = next_include(text, from)?;
        from = include.end;
        Some(include)
    })
}

/// Whether something in a text may look like a tag and be none.
fn is_opaque(text: &str) -> bool {
    text.contains("{#") || text.contains("raw")
}

/// Whether a template means the same where it is included and where it is written out: it is no page of its own, and
/// what it sets ends with a loop of its own.
fn stands_alone(text: &str) -> bool {
    if is_opaque(text) {
        return false;
    }
    let mut loops = 0_usize;
    text.split("{%").skip(1).all(|tag| {
        let tag = tag.trim_start_matches('-').trim_start();
        let word = tag.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default();
        match word {
            "for" => loops += 1,
            "endfor" => loops = loops.saturating_sub(1),
            "set" => return loops > 0,
            "if" | "elif" | "else" | "endif" | "include" => {}
            _ => return false,
        }
        true
    })
}

/// The place in the file of a place in a trimmed text.
fn original(moves: &[Move], at: usize) -> usize {
    moves.iter().take_while(|it| it.at <= at).fold(at, |at, it| at.saturating_add_signed(it.by))
}

/// Takes the indentation off every line, except inside `<pre>` and `<textarea>`, and writes out the words that stand
/// alone (`{{ w.home }}`): they are the same on every page and half of what a template looks up. Also says how to get
/// from a place in the result to the place in the file.
fn condense(text: &str, words: Option<&Words>) -> (String, Vec<Move>) {
    let mut out = String::with_capacity(text.len());
    let mut moves = Vec::new();
    let mut keep = false;
    for line in text.split_inclusive('\n') {
        let trimmed = if keep { line } else { line.trim_start_matches([' ', '\t']) };
        if trimmed.len() < line.len() {
            moves.push(Move { at: out.len(), by: (line.len() - trimmed.len()) as isize });
        }
        let mut rest = trimmed;
        while let Some(words) = words
            && let Some(start) = rest.find("{{ w.")
            && let Some(length) = rest[start..].find("}}")
        {
            let (before, expression) = (&rest[..start], &rest[start..start + length + 2]);
            let name = expression["{{ w.".len()..].trim_end_matches("}}").trim_end();
            out.push_str(before);
            match words.all().get(name).and_then(|word| escaped(word)) {
                Some(word) => {
                    out.push_str(&word);
                    moves.push(Move { at: out.len(), by: expression.len() as isize - word.len() as isize });
                }
                None => out.push_str(expression),
            }
            rest = &rest[start + expression.len()..];
        }
        out.push_str(rest);
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

/// A word as a template would write it; nothing where it would be read as template code.
fn escaped(word: &str) -> Option<String> {
    let text = Html::text(word).into_string();
    (!text.contains('{') && !text.contains('\n')).then_some(text)
}

/// Whether `{{ w.home }}` in this template is sure to be the word: no other `w`, and no text that is shown as it is.
fn leaves_words_alone(template: &str) -> bool {
    let starts_raw = template.contains("{% raw") || template.contains("{%- raw");
    let renames = ["set w ", "set w=", "set_global w ", "set_global w=", "for w ", "for w,", ", w in "];
    !starts_raw && !renames.iter().any(|it| template.contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_lose_their_indentation_but_not_preformatted_text() {
        let (text, moves) = condense("<ul>\n  <li>x</li>\n<pre>\n  kept\n</pre>\n  <b>\n", None);
        assert_eq!(text, "<ul>\n<li>x</li>\n<pre>\n  kept\n</pre>\n<b>\n");
        assert_eq!(moves, [Move { at: 5, by: 2 }, Move { at: 36, by: 2 }]);
    }

    #[test]
    fn words_that_stand_alone_are_written_out_and_places_still_lead_to_the_file() {
        let words = [("home", "家 & 庭"), ("code", "{{ x }}"), ("n", "{n}件")];
        let words = Words::new(words.map(|(name, word)| (name.to_owned(), word.to_owned())).into());
        let file = "  {{ w.home }}{{ bad }} {{ w.code }}{{ w.n | fill(n=1) }}{{ w.none }} {{w.home}} {{ w.home }}{{ worse }}\n";
        let (text, moves) = condense(file, Some(&words));
        let expected =
            "家 &amp; 庭{{ bad }} {{ w.code }}{{ w.n | fill(n=1) }}{{ w.none }} {{w.home}} 家 &amp; 庭{{ worse }}\n";
        assert_eq!(text, expected);
        for expression in ["{{ bad }}", "{{ w.none }}", "{{ worse }}"] {
            let at = text.find(expression).unwrap();
            assert_eq!(Some(original(&moves, at)), file.find(expression));
        }
    }

    fn written_out(files: &[(&str, &str)]) -> (Templates, Vec<(String, String)>) {
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let mut templates = Templates::new(files, &Words::default());
        let written = templates.written_out(&["city", "default"]);
        (templates, written)
    }

    #[test]
    fn includes_are_written_out_as_the_upper_layer_has_them_and_places_lead_to_their_file() {
        let files = [
            ("default/page.html", "<p>\n  {% include \"row.html\" -%}\n  {{ after }} {% include \"none.html\" %}"),
            ("default/row.html", "<b>default</b>"),
            ("city/row.html", "{%- if x -%}\n  <i>{% include \"cell.html\" %}{{ in_row }}</i>\n{%- endif -%}\n"),
            ("city/cell.html", "{{ in_cell }}"),
        ];
        let (templates, written) = written_out(&files);
        let page = written.iter().find(|(name, _)| name == "default/page.html").map(|(_, text)| text.as_str()).unwrap();
        let row = "{%- if x -%}\n<i>{# #}{{ in_cell }}{# #}{{ in_row }}</i>\n{%- endif -%}\n";
        assert_eq!(page, format!("<p>\n{{# #}}{row}{{# #}}{{{{ after }}}} {{% include \"none.html\" %}}"));
        // What has been written out everywhere need not be loaded; what nothing includes is for its author to see.
        let names: Vec<&str> = written.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["default/page.html", "default/row.html"]);
        for (word, file, line_number) in [("{{ after }}", 0, 3), ("{{ in_row }}", 2, 2), ("{{ in_cell }}", 3, 1)] {
            let (name, text) = files[file];
            let origin = templates.origin("default/page.html", page.find(word).unwrap()).unwrap();
            let expected = (name, text.find(word).unwrap(), line_number);
            assert_eq!((origin.template, origin.at, origin.line_number), expected, "{word}");
        }
    }

    #[test]
    fn what_would_mean_something_else_stays_an_include() {
        let page = "{% include \"part.html\" %}";
        for part in [
            "{% set x = 1 %}",
            "{% for x in y %}{% endfor %}{% set x = 1 %}",
            "{# {% if %} #}",
            "{% raw %}{{ x }}{% endraw %}",
            "{% extends \"base.html\" %}",
            "{% include \"part.html\" %}",
        ] {
            let (_, written) = written_out(&[("default/page.html", page), ("default/part.html", part)]);
            if part == page {
                assert!(written.iter().all(|(_, text)| text.contains("include")), "{written:?}");
            } else {
                assert_eq!(written[0].1, page, "{part}");
                assert_eq!(written[1].1, part);
            }
        }
        let inside_a_loop = "{% for x in y %}{% set z = x %}{{ z }}{% endfor %}";
        let (_, written) = written_out(&[("default/page.html", page), ("default/part.html", inside_a_loop)]);
        assert_eq!(written[0].1, format!("{{# #}}{inside_a_loop}{{# #}}"));
    }

    #[test]
    fn written_out_or_not_a_template_says_the_same() {
        let files = [
            ("default/page.html", "a \n {%- include \"one.html\" %} b\n{% include \"two.html\" -%}\n c"),
            ("default/one.html", " {%- if x -%} one {% else %} {{ x }} {%- endif -%} \n"),
            (
                "default/two.html",
                "\n{% for i in list -%} {% set y = i %}{% include \"one.html\" %}{{ y }}\n{%- endfor %} ",
            ),
        ];
        let (mut templates, written) = written_out(&files);
        let render = |templates: Vec<(String, String)>| {
            let mut tera = tera::Tera::new();
            tera.set_fallback_prefixes(["default/"]).unwrap();
            tera.add_raw_templates(templates).unwrap();
            [true, false].map(|x| {
                let mut context = tera::Context::new();
                context.insert("x", &x);
                context.insert("list", &[1, 2]);
                tera.render("page.html", &context).unwrap()
            })
        };
        assert!(!written[0].1.contains("include"), "{written:?}");
        assert_eq!(render(written), render(templates.single()));
    }

    #[test]
    fn words_are_left_alone_where_they_may_be_something_else() {
        for other in
            ["{% raw %}{{ w.home }}{% endraw %}", "{% set w = page %}{{ w.title }}", "{% for w in words %}{{ w.x }}"]
        {
            assert!(!leaves_words_alone(other), "{other}");
        }
        assert!(leaves_words_alone("{% set word = w.home %}{{ w.home }}"));
    }
}
