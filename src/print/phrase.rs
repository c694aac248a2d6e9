//! Phrases of Japanese held together, so that a line of large type ends where a reader would pause.
//!
//! The letters of a phrase are joined by U+2060, which the typesetter does not break at; the press takes it out again
//! after the lines are made, so no joiner is ever in a PDF. Never inside a table: a narrow cell would overflow.

use budoux::models::default_japanese_model;
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

/// Zero width, no break.
pub const JOINER: char = '\u{2060}';

/// Longer phrases are left alone: at 26 points a line on A4 holds 18 letters.
const LONGEST: usize = 12;

/// The text with the letters of each phrase joined.
pub fn join(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() * 2);
    for phrase in budoux::parse(default_japanese_model(), text) {
        let mut letters = phrase.trim_end_matches(is_pause).chars().peekable();
        let pause = &phrase[phrase.trim_end_matches(is_pause).len()..];
        let length = phrase.chars().count();
        let is_word = |c: char| !c.is_whitespace() && !c.is_control();
        while let Some(letter) = letters.next() {
            out.push(letter);
            let next = letters.peek().copied();
            // Inside a Latin word the typesetter knows better.
            let latin = |c: char| c.is_ascii_alphanumeric() || c.is_ascii_punctuation();
            if let Some(next) = next
                && length <= LONGEST
                && is_word(letter)
                && is_word(next)
                && !(latin(letter) && latin(next))
            {
                out.push(JOINER);
            }
        }
        // Kinsoku keeps 、and 。 with what is before them; a joiner would take away their narrow form at a line's end.
        out.push_str(pause);
    }
    out
}

fn is_pause(c: char) -> bool {
    matches!(c, '、' | '。' | '，' | '．' | '」' | '』' | '）' | '】' | '・' | '：')
}

/// Joins phrases in every text of a booklet that is set in lines: bodies always, values of cards in large type.
pub fn join_all(booklet: &mut Value, is_large: bool) {
    let mut joined = BTreeMap::new();
    if is_large {
        headings(booklet, &mut joined);
    }
    walk(booklet, is_large);
    if let Value::Object(fields) = booklet {
        fields.insert("joined".into(), serde_json::json!(joined));
    }
}

/// Plain headings and what they look like in lines.
fn headings(value: &Value, joined: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            let is_heading = fields.get("t").is_some_and(|kind| kind == "heading");
            for (key, value) in fields {
                match value {
                    Value::String(text) if key == "title" || key == "heading" || (is_heading && key == "s") => {
                        joined.insert(text.clone(), join(text));
                    }
                    Value::String(text) if key == "statement_title" => {
                        joined.insert(text.clone(), join(text));
                    }
                    Value::Object(words) if key == "words" => {
                        for word in ["why", "account", "progress", "corrections", "thread", "contact", "print_notes"] {
                            if let Some(Value::String(text)) = words.get(word) {
                                joined.insert(text.clone(), join(text));
                            }
                        }
                    }
                    value => headings(value, joined),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| headings(value, joined)),
        _ => {}
    }
}

/// Fields whose text is set in lines of its own in large type.
const LINES: &[&str] = &[
    "text",
    "criterion",
    "result",
    "reason",
    "value",
    "pending",
    "was",
    "now",
    "why",
    "item",
    "goal",
    "lede",
    "figures",
    "notice",
    "eyebrow",
    "caption",
    "today",
];

fn walk(value: &mut Value, is_large: bool) {
    match value {
        Value::Object(fields) => {
            let kind = fields.get("t").and_then(Value::as_str).unwrap_or_default().to_owned();
            // In large type a table is a list of records, which are lines like any other.
            if kind == "table" && !is_large {
                return;
            }
            for (key, value) in fields.iter_mut() {
                match value {
                    Value::String(text) if key == "s" && kind == "text" => *text = join(text),
                    Value::String(text) if kind.is_empty() && is_large && LINES.contains(&key.as_str()) => {
                        *text = join(text);
                    }
                    Value::Object(_) | Value::Array(_) if key != "words" => walk(value, is_large),
                    _ => {}
                }
            }
        }
        // Finding phrases takes a tenth of the time of a booklet on one thread.
        Value::Array(values) => values.par_iter_mut().for_each(|value| walk(value, is_large)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_joiners_are_added() {
        for text in
            ["市民の声を市政に生かすため、意見を10件以上聴きます。", "", "abc def", "令和8年度の目標 1-2", "𠮷田"]
        {
            assert_eq!(join(text).replace(JOINER, ""), text);
        }
        assert_eq!(join("これはテストです。").matches(JOINER).count(), 6);
        assert!(!join("Open Data").contains(JOINER));
    }

    #[test]
    fn tables_and_headings_stay_plain() {
        let mut value = serde_json::json!({
            "heading": "市民の声",
            "text": "市民の声",
            "why": [{ "t": "table", "header": [[{ "t": "text", "s": "市民の声" }]] },
                    { "t": "paragraph", "c": [{ "t": "text", "s": "市民の声" }] }],
        });
        join_all(&mut value, false);
        assert_eq!(value["heading"], "市民の声");
        assert_eq!(value["text"], "市民の声");
        assert_eq!(value["why"][0]["header"][0][0]["s"], "市民の声");
        assert_eq!(value["why"][1]["c"][0]["s"], join("市民の声"));
        join_all(&mut value, true);
        assert_eq!(value["joined"]["市民の声"], join("市民の声"));
        assert_eq!(value["text"], join("市民の声"));
    }
}
