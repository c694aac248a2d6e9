//! What is wrong with a template, from what the template engine says and from the template itself.
//!
//! The engine names the place where it could not go on. Where a tag was forgotten, that is far from the mistake: so the
//! tags are paired here once more.

use super::findings::{Slip, Thing};
use std::ops::Range;

/// Tags with an end of their own.
const PAIRS: [(&str, &str); 6] = [
    ("if", "endif"),
    ("for", "endfor"),
    ("block", "endblock"),
    ("filter", "endfilter"),
    ("component", "endcomponent"),
    ("set", "endset"),
];

/// All words that a tag can start with.
pub(super) const TAGS: [&str; 17] = [
    "if",
    "elif",
    "else",
    "endif",
    "for",
    "endfor",
    "block",
    "endblock",
    "include",
    "extends",
    "set",
    "endset",
    "filter",
    "endfilter",
    "component",
    "endcomponent",
    "raw",
];

/// The filters that docs/themes.md speaks of.
pub(super) const FILTERS: [&str; 6] = ["fill", "length", "reverse", "safe", "split", "value"];

/// A tag: the word it starts with, and its bytes from `{%` to `%}`.
struct Tag<'t> {
    word: &'t str,
    at: Range<usize>,
}

/// What `message` of the engine, about the bytes `at` of a template, means, where that is known, and where the mistake is.
pub(super) fn of<'t>(message: &'t str, text: &'t str, at: Range<usize>) -> (Option<Slip<'t>>, Range<usize>) {
    let things = [
        ("Unknown filter ", Thing::Filter),
        ("Unknown test ", Thing::Test),
        ("Unknown function ", Thing::Function),
        ("Unknown component ", Thing::Component),
        ("Unknown template ", Thing::Template),
        ("Block ", Thing::Block),
        ("Field ", Thing::Field),
        ("Variable ", Thing::Name),
    ];
    for (start, thing) in things {
        let Some(name) = message.strip_prefix(start).and_then(|rest| rest.strip_prefix('`')?.split('`').next()) else {
            continue;
        };
        let is_undefined = !matches!(thing, Thing::Field | Thing::Name) || message.contains("is not defined");
        if is_undefined {
            let is_word = thing == Thing::Field && text.get(at.clone()).is_some_and(|path| path.starts_with("w."));
            let thing = if is_word { Thing::Word } else { thing };
            return (Some(Slip::Unknown(thing, name)), named(text, at, name));
        }
    }
    if message == "Unknown tag" {
        let word = text.get(at.clone()).unwrap_or("");
        if !TAGS.contains(&word) {
            return (Some(Slip::Unknown(Thing::Tag, word)), at);
        }
    }
    let unpaired = match message {
        "Unknown tag" | "Unexpected end of input" => unpaired(text),
        _ => None,
    };
    unpaired.map_or((None, at), |(slip, at)| (Some(slip), at))
}

/// The bytes of a name that stands at `at`, or in quotes there.
fn named(text: &str, at: Range<usize>, name: &str) -> Range<usize> {
    let line = text.get(at.start..).and_then(|rest| rest.lines().next()).unwrap_or("");
    let end = at.end.max(at.start + 1 + name.len());
    match line.find(name).map(|start| at.start + start) {
        Some(start) if start + name.len() <= end => start..start + name.len(),
        _ => at,
    }
}

/// The first tag that has no end, or no start.
fn unpaired(text: &str) -> Option<(Slip<'_>, Range<usize>)> {
    let mut open: Vec<Tag<'_>> = Vec::new();
    for tag in tags(text) {
        let starts: &[&str] = match (tag.word, PAIRS.iter().find(|(_, end)| *end == tag.word)) {
            (_, Some((start, _))) => std::slice::from_ref(start),
            ("elif", _) => &["if"],
            ("else", _) => &["if", "for"],
            _ => {
                let is_start = PAIRS.iter().any(|(start, _)| *start == tag.word);
                // `{% set a = b %}` has no end.
                if is_start && !(tag.word == "set" && text[tag.at.clone()].contains('=')) {
                    open.push(tag);
                }
                continue;
            }
        };
        let is_innermost = open.last().is_some_and(|last| starts.contains(&last.word));
        if !is_innermost {
            let is_open = open.iter().any(|tag| starts.contains(&tag.word));
            return match open.pop().filter(|_| is_open) {
                Some(last) => Some((Slip::Unclosed(last.word), last.at)),
                None => Some((Slip::Unopened(tag.word), tag.at)),
            };
        }
        if tag.word.starts_with("end") {
            open.pop();
        }
    }
    open.pop().map(|last| (Slip::Unclosed(last.word), last.at))
}

/// The names of a template's blocks.
pub(super) fn blocks(text: &str) -> impl Iterator<Item = &str> {
    let tags = tags(text).filter(|tag| tag.word == "block");
    tags.filter_map(|tag| text[tag.at].trim_matches(['{', '%', '}', '-', ' ']).split_whitespace().nth(1))
}

/// The tags of a template; comments and what is between `raw` and `endraw` have none.
fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + text.get(from..)?.find('{')?;
            let rest = &text[start..];
            let length = |close: &str| rest.find(close).map_or(rest.len(), |at| at + close.len());
            match rest.as_bytes().get(1) {
                Some(b'#') => from = start + length("#}"),
                Some(b'{') => from = start + length("}}"),
                Some(b'%') => {
                    let at = start..start + length("%}");
                    let inside = text[start + 2..at.end].trim_start_matches('-').trim_start();
                    let end = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inside.len());
                    let word = &inside[..end];
                    from = match word {
                        "raw" => text[at.end..].find("endraw").map_or(text.len(), |end| at.end + end),
                        _ => at.end,
                    };
                    return Some(Tag { word, at });
                }
                _ => from = start + 1,
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marked(text: &str) -> Option<(Slip<'_>, &str)> {
        unpaired(text).map(|(slip, at)| (slip, &text[at]))
    }

    #[test]
    fn the_tag_that_lacks_its_other_half_is_found() {
        let cases = [
            ("{% if a %}x{% else %}y{% endif %}{% set a = 1 %}{# {% if %} #}", None),
            ("{% raw %}{% if %}{% endraw %}{{ '{% if' }}", None),
            ("{% block a %}{% for x in y %}{{ x }}{% endblock %}", Some((Slip::Unclosed("for"), "{% for x in y %}"))),
            ("{% if a %}{% if b %}x{% endif %}", Some((Slip::Unclosed("if"), "{% if a %}"))),
            ("市 {%- if a -%}x", Some((Slip::Unclosed("if"), "{%- if a -%}"))),
            ("{% endif %}", Some((Slip::Unopened("endif"), "{% endif %}"))),
            ("{% for x in y %}{% endfor %}{% else %}", Some((Slip::Unopened("else"), "{% else %}"))),
            ("{% for x in y %}{% elif %}{% endfor %}", Some((Slip::Unopened("elif"), "{% elif %}"))),
        ];
        for (text, expected) in cases {
            assert_eq!(marked(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_template_is_looked_through(text in "(\\{%|%\\}|\\{\\{|\\{#|#\\}|if|endif|raw|endraw|for|else|[ -{}%#市\n]){0,30}", at in 0_usize..60) {
            unpaired(&text);
            for message in ["Unknown tag", "Unknown filter `if`", "Field `市` is not defined.", "x"] {
                let (_, found) = of(message, &text, at..at + 3);
                prop_assert!(found.start <= found.end);
            }
        }
    }
}
