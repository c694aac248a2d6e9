//! Phrases of Japanese held together, so that a line of large type ends where a reader would pause.
//!
//! The letters of a phrase are joined by U+2060, which the typesetter does not break at; the press takes it out again
//! after the lines are made, so no joiner is ever in a PDF. Never inside a table: a narrow cell would overflow.

use budoux::models::default_japanese_model;
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use unicode_segmentation::UnicodeSegmentation as _;

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
    // A phrase may end inside a letter, where nothing is put; inside a phrase, letters keep their marks and selectors.
    for phrase in budoux::parse(default_japanese_model(), text) {
        let letters = phrase.trim_end_matches(is_pause);
        let pause = &phrase[letters.len()..];
        let is_short = phrase.len() <= LONGEST || phrase.graphemes(true).count() <= LONGEST;
        let mut letters = letters.graphemes(true).peekable();
        let is_word = |letter: &str| !letter.starts_with(|c: char| c.is_whitespace() || c.is_control());
        while let Some(letter) = letters.next() {
            out.push_str(letter);
            // Inside a Latin word the typesetter knows better.
            let latin =
                |letter: &str| letter.starts_with(|c: char| c.is_ascii_alphanumeric() || c.is_ascii_punctuation());
            if let Some(next) = letters.peek()
                && is_short
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
    "ended",
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
                    // Values stand in tables, unless they stand in cards.
                    Value::Object(_) | Value::Array(_) if key != "words" && (is_large || key != "values") => {
                        walk(value, is_large);
                    }
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

    /// Whatever stands where: between letters, at the ends of phrases, before marks of every kind.
    #[test]
    fn nothing_is_put_inside_a_letter() {
        let letters = [
            "葛\u{E0100}",
            "葛\u{E0101}",
            "神\u{FE00}",
            "か\u{309A}",
            "か\u{3099}",
            "e\u{301}",
            "é",
            "☎\u{FE0F}",
            "1\u{FE0F}\u{20E3}",
            "👩\u{200D}🔬",
            "🇯🇵",
            "한",
            "\u{1112}\u{1161}\u{11AB}",
            "城",
            "の",
            "は",
            "、",
            "A",
        ];
        for first in letters {
            for second in letters {
                for third in letters {
                    let text = format!("市の{first}{second}と{third}を{first}");
                    let joined = join(&text);
                    assert_eq!(joined.replace(JOINER, ""), text);
                    let (mut inside, mut at) = (Vec::new(), 0);
                    for letter in joined.split_inclusive(JOINER) {
                        at += letter.trim_end_matches(JOINER).len();
                        inside.push(at);
                    }
                    let ends: Vec<usize> =
                        text.grapheme_indices(true).map(|(start, letter)| start + letter.len()).collect();
                    assert!(inside.iter().all(|at| ends.contains(at)), "{joined:?}");
                }
            }
        }
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
