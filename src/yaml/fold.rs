//! Lines that YAML folds: between two Japanese letters a folded line break is no blank.
//!
//! YAML puts a blank where a plain, a quoted or a `>` text goes on in the next line; that is right between the words of
//! English, and a blank inside a sentence of Japanese. The parser tells only what came of it, so the value is laid beside
//! the lines as written. Does not touch `|`, nor a text whose lines cannot be found in it again (escapes).

use crate::markdown::value::is_joined;
use std::borrow::Cow;

/// The value of a folded text, given as the parser made it and as it is written.
pub(super) fn joined<'t>(value: Cow<'t, str>, written: &str) -> Cow<'t, str> {
    if !written.contains('\n') || !value.contains(' ') {
        return value;
    }
    match laid_beside(&value, written) {
        Some(joined) if joined.len() < value.len() => Cow::Owned(joined),
        _ => value,
    }
}

fn laid_beside(value: &str, written: &str) -> Option<String> {
    let blank = [' ', '\t', '\r', '\n'];
    let quote = written.chars().next().filter(|c| matches!(c, '"' | '\''));
    let lines = match quote {
        Some(quote) => written[1..].strip_suffix(quote).unwrap_or(&written[1..]),
        None => written,
    };
    let mut joined = String::with_capacity(value.len());
    let mut rest = value;
    let mut before = "";
    for line in lines.split('\n') {
        let line = line.trim_matches(blank);
        if line.is_empty() {
            continue;
        }
        let unquoted = if quote == Some('\'') { Cow::Owned(line.replace("''", "'")) } else { Cow::Borrowed(line) };
        let gap = &rest[..rest.len() - rest.trim_start_matches(blank).len()];
        rest = &rest[gap.len()..];
        if !(gap == " " && !before.is_empty() && is_joined(before, line)) {
            joined.push_str(gap);
        }
        rest = rest.strip_prefix(&*unquoted)?;
        joined.push_str(&unquoted);
        before = line;
    }
    joined.push_str(rest);
    Some(joined)
}

#[cfg(test)]
mod tests {
    use crate::fields::Vocabulary;
    use crate::text::place::FileId;
    use crate::yaml::{Scribe, Value, parse};

    fn read(text: &str) -> String {
        let mut scribe = Scribe::new(FileId(0), Vocabulary::ANY);
        let Some(Value::Map(entries)) = parse(text, 0, &mut scribe).map(|node| node.value) else { panic!("a map") };
        match &entries[0].1.value {
            Value::Text(text) => text.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn folded_lines_of_japanese_leave_no_blank() {
        for (text, expect) in [
            (
                "a: >-\n  検証委員会を開き、\n  条文ごとに運用を\n  点検する\n",
                "検証委員会を開き、条文ごとに運用を点検する",
            ),
            ("a: >\n  窓口を\n  開く\n", "窓口を開く\n"),
            ("a: 窓口を\n  開く。\n  ※ 見本\n", "窓口を開く。※ 見本"),
            ("a: \"窓口を\n  開く\"\n", "窓口を開く"),
            ("a: '窓口を\n  ''今年''\n  開く'\n", "窓口を '今年' 開く"),
            ("a: \"窓口を\n  \\\"今年\\\" 開く\"\n", "窓口を \"今年\" 開く"),
            // Words of another script keep the blank between them and around them, as in a body.
            ("a: >-\n  open the\n  desk\n", "open the desk"),
            ("a: >-\n  窓口の\n  DX を\n  進める\n", "窓口の DX を進める"),
            // A blank that was typed stays.
            ("a: 窓口 課\n  を開く\n", "窓口 課を開く"),
            ("a: >-\n  第一に\n\n  第二に\n  第三に\n", "第一に\n第二に第三に"),
            ("a: >-\n  一覧\n    ・甲\n    ・乙\n  以上\n  です\n", "一覧\n  ・甲\n  ・乙\n以上です"),
            ("a: |\n  窓口を\n  開く\n", "窓口を\n開く\n"),
            ("a: >-\r\n  窓口を\r\n  開く\r\n", "窓口を開く"),
        ] {
            assert_eq!(read(text), expect, "{text}");
        }
    }
}
