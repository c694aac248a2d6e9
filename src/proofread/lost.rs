//! What Markdown makes of signs that were not meant for it: marks that vanish, numbers that change, lines that become
//! something else.

use crate::diagnostic::{Diagnostic, Rule};
use crate::markdown::{Facts, LostMark, Miscount, MiscountKind};
use crate::text::place::{FileId, Place};
use crate::text::span::Span;

/// Everything of this kind in a body.
pub(super) fn changed(file: FileId, text: &str, facts: &Facts) -> Vec<Diagnostic> {
    let mut out: Vec<Diagnostic> = Vec::new();
    out.extend(facts.lost_marks.iter().map(|mark| lost_mark(file, text, *mark)));
    out.extend(facts.open_fences.iter().map(|sign| {
        let close = wrong_close(text, *sign);
        open_fence(Place::new(file, *sign), sign.slice(text), close)
    }));
    out.extend(facts.swallowed.iter().map(|lines| swallowed_line(file, text, *lines)));
    out.extend(facts.miscounted.iter().map(|item| miscounted(file, text, *item)));
    out.extend(facts.texts.iter().filter_map(|run| lone_sign(file, text, run.at, run.opens)));
    out
}

/// A sign before a run of text that became something else: a `+` or `>` before a figure, a `\` before a sign that needs none.
fn lone_sign(file: FileId, text: &str, run: Span, opens: bool) -> Option<Diagnostic> {
    let start = run.start as usize;
    let before = text.as_bytes().get(..start)?;
    let mut behind = text.get(start..run.end as usize)?.chars();
    let first = behind.next()?;
    let place = |length: usize| Place::new(file, Span::new(start - length, start));
    if before.ends_with(b"\\") {
        let is_path = first == '\\' && behind.next().is_some_and(char::is_alphanumeric);
        return (is_path || matches!(first, ',' | ';' | '/' | '%' | '=' | '?' | '@' | '^' | '\''))
            .then(|| vanishing(place(1), "\\", "\\\\"));
    }
    let is_figure = first.is_ascii_digit() || matches!(first, '０'..='９');
    if !opens || !(is_figure || first == '=') {
        return None;
    }
    match before {
        [.., b'+', b' '] if is_figure => Some(vanishing(place(2), "+", "\\+")),
        [.., b'>'] => Some(vanishing(place(1), ">", "\\>")),
        _ => None,
    }
}

/// A sign that is not shown; `right` is how it is.
fn vanishing(place: Place, sign: &str, right: &str) -> Diagnostic {
    let (ja, en) = match sign {
        "+" => ("この + は一覧の印と見なされて消えます。", "this + is taken for the mark of a list, and vanishes"),
        ">" => ("この > は引用の印と見なされて消えます。", "this > is taken for the mark of a quotation, and vanishes"),
        _ => ("この \\ は消えて見えません。", "this \\ vanishes"),
    };
    Diagnostic::new(Rule::LostSign, place, ja, en)
        .help(format!("見せるなら {right} と書きます。"), format!("to show it, write {right}"))
}

/// The first line of a place, without blanks at its end.
fn first_line(file: FileId, text: &str, at: Span) -> Place {
    let line = at.slice(text).lines().next().unwrap_or_default().trim_end();
    Place::new(file, Span::new(at.start as usize, at.start as usize + line.len()))
}

fn short(text: &str) -> &str {
    &text[..text.floor_char_boundary(60)]
}

/// Marks that are not shown and are more likely to be signs of the sentence.
fn lost_mark(file: FileId, text: &str, found: LostMark) -> Diagnostic {
    let written = found.at.slice(text);
    let place = Place::new(file, found.at);
    let mark = written.get(..found.length).unwrap_or("*");
    let inside = written.get(found.length..written.len().saturating_sub(found.length)).unwrap_or("");
    let escaped: String = mark.chars().flat_map(|c| ['\\', c]).collect();
    let is_short = written.len() < 200 && !written.contains('\n');
    let right = if is_short { format!("{escaped}{inside}{escaped}") } else { String::new() };
    let is_struck = mark.starts_with('~');
    let (ja, en) = match is_struck {
        true => (
            format!("2つの {mark} が消え、間の「{}」が取消線で消されて見えます。", short(inside)),
            format!("both {mark} vanish, and `{}` between them is shown as struck out", short(inside)),
        ),
        false => (
            format!("2つの {mark} が強調の印と見なされて消え、「{}」が前後とつながって見えます。", short(inside)),
            format!("both {mark} are taken for emphasis and vanish: `{}` is shown without them", short(inside)),
        ),
    };
    let (help_ja, help_en) = match is_struck {
        true => (
            format!("範囲なら「から」と書きます。印を見せるなら {right} と書きます。"),
            format!("for a range, write `to`; to show the signs, write {right}"),
        ),
        false => (
            format!("掛け算なら ×、注の印なら ※ と書きます。印を見せるなら {right} と書きます。"),
            format!("for a product, write ×; to show the signs, write {right}"),
        ),
    };
    let finding = Diagnostic::new(Rule::LostSign, place, ja, en);
    match is_short {
        true => finding.help(help_ja, help_en).guess(place, right),
        false => finding.help(
            format!("印を見せるなら、どちらも {escaped} と書きます。掛け算なら ×、範囲なら「から」と書きます。"),
            format!("to show both signs, write {escaped}; for a product ×, for a range `to`"),
        ),
    }
}

/// A line below an opening fence that was meant to close it: its number, and its text.
fn wrong_close(text: &str, sign: Span) -> Option<(usize, &str)> {
    let start = sign.end as usize;
    let rest = text.get(start..)?;
    let before = text[..start].bytes().filter(|byte| *byte == b'\n').count();
    rest.lines().enumerate().skip(1).find_map(|(index, line)| {
        let line = line.trim_matches([' ', '\t', '>']);
        let is_like = line.chars().count() > 1
            && line.chars().all(|c| matches!(c, '`' | '~' | '\'' | '｀' | '´' | '‘' | '’' | '～'));
        is_like.then_some((before + index + 1, line))
    })
}

/// A block of code that nothing closes.
pub fn open_fence(place: Place, sign: &str, close: Option<(usize, &str)>) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::NotMarkdown,
        place,
        format!("{sign} を閉じる行がないので、ここから後ろがすべてコードの枠になります。"),
        format!("nothing closes this {sign}: all that follows becomes a block of code"),
    );
    match close {
        Some((line, written)) => finding.help(
            format!("{line}行目の「{}」では閉じません。始まりと同じ {sign} だけの行にします。", short(written)),
            format!("`{}` in line {line} does not close it: write a line with only {sign}", short(written)),
        ),
        None => finding.help(
            format!("コードの終わりの次に、{sign} だけの行を書きます。コードでなければ、この {sign} を消します。"),
            format!("write a line with only {sign} below the code; where it is no code, remove {sign}"),
        ),
    }
}

/// Lines right below a table, which are rows of it.
fn swallowed_line(file: FileId, text: &str, lines: Span) -> Diagnostic {
    let start = lines.start as usize;
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let finding = Diagnostic::new(
        Rule::BrokenTable,
        first_line(file, text, lines),
        "この行は表のすぐ下にあるので、表の行になり、1列目に入ります。",
        "this line is right below a table: it becomes a row of it, in the first column",
    )
    .help(
        "表とこの行の間に、空の行を1つ入れます。表の行なら、| で区切ります。",
        "leave an empty line between the table and this line; for a row, put | between its cells",
    );
    // In a quotation the empty line needs its mark.
    let lead = text[line_start..start].trim_end();
    let end = if text[..line_start].ends_with("\r\n") { "\r\n" } else { "\n" };
    let at = Place::new(file, Span::new(line_start, line_start));
    match lead.chars().all(|c| matches!(c, '>' | ' ')) {
        true => finding.fix(at, format!("{lead}{end}")),
        false => finding,
    }
}

/// An item that is not shown as it is written.
fn miscounted(file: FileId, text: &str, item: Miscount) -> Diagnostic {
    let blanks = item.at.slice(text).len() - item.at.slice(text).trim_start_matches([' ', '\t']).len();
    let place = first_line(file, text, Span::new(item.at.start as usize + blanks, item.at.end as usize));
    let line = place.span.slice(text);
    match item.kind {
        MiscountKind::Unnested => {
            let is_numbered = line.starts_with(|c: char| c.is_ascii_digit());
            let blanks = if is_numbered { 3 } else { 2 };
            Diagnostic::new(
                Rule::NotMarkdown,
                place,
                "字下げが足りないので、前の項目の中に入らず、同じ段の項目になります。",
                "this item is not moved in far enough: it stands beside the one before, not below it",
            )
            .help(
                format!("前の項目の文字の始まりに合わせて、行の始めに半角の空白を{blanks}つ以上入れます。"),
                format!("begin the line with {blanks} spaces or more, so that it starts where the text above does"),
            )
        }
        MiscountKind::Counted { written, shown } => Diagnostic::new(
            Rule::NotMarkdown,
            place,
            format!("「{written}」と書いた項目が、「{shown}」と表示されます。番号は、始めの番号から順に付きます。"),
            format!("the item written as {written} is shown as {shown}: lists count on from their first number"),
        )
        .help(
            format!("順に並べ直すか、番号をそのまま見せるなら、{written}\\. のように \\ を付け、項目の間に空の行を置きます。"),
            format!("put them in order; to show the number as it is, write {written}\\. with empty lines between"),
        ),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "who tries more sentences says so in the environment")]

    use super::*;
    use crate::markdown::{self, LinkKind, tree};
    use proptest::prelude::*;

    fn told(body: &str) -> Vec<Diagnostic> {
        changed(FileId::NONE, body, &markdown::facts(body, 0))
    }

    fn at(body: &str) -> Vec<&str> {
        told(body).iter().map(|it| it.place.span.slice(body)).collect()
    }

    /// What readers see, without what is between.
    fn shown(body: &str) -> String {
        fn push(value: &serde_json::Value, out: &mut String) {
            match value {
                serde_json::Value::Object(map) => map.iter().for_each(|(key, value)| match value.as_str() {
                    Some(text) if key == "s" => out.push_str(text),
                    _ => push(value, out),
                }),
                serde_json::Value::Array(all) => all.iter().for_each(|value| push(value, out)),
                _ => {}
            }
        }
        const WORDS: markdown::Words = markdown::Words {
            footnotes: "",
            footnote: "",
            back: "",
            external: "",
            table: "",
            colon: "",
            done: "",
            todo: "",
            alerts: ["", "", "", "", ""],
        };
        let (blocks, _) =
            tree::tree(body, &tree::Options { notes_before: 0, words: &WORDS }, &|_: &str, _: LinkKind| {
                tree::Destination::Text
            });
        let mut out = String::new();
        push(&serde_json::to_value(blocks).unwrap(), &mut out);
        out
    }

    #[test]
    fn lines_right_below_a_table_are_found_once_and_mended() {
        for (body, line, mended) in [
            ("| a | b |\n|---|---|\n| 1 | 2 |\n※ 見込み\n続き\n", "※ 見込み", "| 1 | 2 |\n\n※ 見込み\n続き\n"),
            ("| a | b |\r\n|---|---|\r\n| 1 | 2 |\r\n※ 見込み\r\n", "※ 見込み", "| 1 | 2 |\r\n\r\n※ 見込み\r\n"),
            (
                "> | a | b |\n> |---|---|\n> | 1 | 2 |\n> （注）見込み\n",
                "（注）見込み",
                "> | 1 | 2 |\n>\n> （注）見込み\n",
            ),
            ("- | a | b |\n  |---|---|\n  | 1 | 2 |\n  出典\n", "出典", "| 1 | 2 |\n\n  出典\n"),
        ] {
            assert_eq!(at(body), [line], "{body}");
            let [change] = &crate::fix::plan(&told(body))[..] else { panic!("one change of {body}") };
            let text = String::from_utf8(change.apply(body.as_bytes()).unwrap()).unwrap();
            assert!(text.ends_with(mended), "{text}");
            assert_eq!(at(&text), [""; 0], "{text}");
        }
        for body in
            ["| a | b |\n|---|---|\n| 1 | 2 |\n\n※ 見込み\n", "a | b\n---|---\n1\n", "| a | b |\n|---|---|\n| 1 |\n"]
        {
            assert_eq!(at(body), [""; 0], "{body}");
        }
    }

    #[test]
    fn code_that_nothing_closes_is_found_where_it_opens() {
        for (body, sign) in [
            ("本文\n\n```\n例\n\n## 見出し\n", "```"),
            ("````\n例\n```\n", "````"),
            ("- 甲\n  ~~~\n  例\n\n本文\n", "~~~"),
        ] {
            assert_eq!(at(body), [sign], "{body}");
        }
        let help = |body: &str| told(body)[0].help.as_ref().map(|help| help.ja.clone()).unwrap();
        assert!(help("本文\n\n```\n例\n~~~\n").starts_with("5行目の「~~~」では閉じません"));
        assert_eq!(at("```\n例\n```\n\n~~~~\n例\n~~~~~\n> ```\n> 例\n> ```\n"), [""; 0]);
    }

    #[test]
    fn numbers_are_shown_as_written_or_told() {
        for (body, items) in [
            ("1. 甲\n  1. 乙\n2. 丙\n", vec!["1. 乙"]),
            ("1. 甲\n3. 乙\n2. 丙\n", vec!["3. 乙"]),
            ("1. 甲\n2. 乙\n2. 丙\n", vec!["2. 丙"]),
            ("- 甲\n - 乙\n- 丙\n", vec!["- 乙"]),
            ("3. 甲\n5. 乙\n9. 丙\n", vec![]),
            ("1. 甲\n1. 乙\n1. 丙\n", vec![]),
            ("1. 甲\n   1. 乙\n   2. 丙\n2. 丁\n", vec![]),
            ("- 甲\n  - 乙\n- 丙\n", vec![]),
        ] {
            assert_eq!(at(body), items, "{body}");
        }
    }

    #[test]
    fn a_sign_before_a_figure_is_found() {
        for (body, sign) in
            [("+ 5人増\n", "+ "), (">100人\n", ">"), (">= 5\n", ">"), ("\\\\fs01\\a\n", "\\"), ("50\\%\n", "\\")]
        {
            assert_eq!(at(body), [sign], "{body}");
        }
        for body in ["+ 会場\n", "> 100人\n", "5 > 3\n", "\\* と \\# と 1\\. と \\|\n", "`50\\%`\n", "- 5人\n"] {
            assert_eq!(at(body), [""; 0], "{body}");
        }
    }

    /// The signs of Markdown that may vanish in pairs where they are markup.
    const MARKS: &str = "*~`_";

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(std::env::var("KOHYO_SENTENCES").ok().and_then(|n| n.parse().ok()).unwrap_or(1500)))]
        #[test]
        fn every_character_of_a_sentence_is_shown_or_told(
            sentence in "(延べ|件|人|月|[0-9０-９]{1,3}|a|b|\\*|\\*\\*|~|~~|_|\\^|<|>|&|&copy|\\$|%|\\+|-|--|=|/|、|。|（|）|「|」|\\(|\\)|:|!|\\.\\.\\.| ){1,24}"
        ) {
            let body = format!("本文{sentence}");
            let shown: Vec<char> = shown(&body).chars().filter(|c| !c.is_whitespace()).collect();
            let mut rest = shown.iter().peekable();
            let mut lost = String::new();
            for c in body.chars().filter(|c| !c.is_whitespace()) {
                if rest.next_if(|shown| **shown == c).is_none() {
                    lost.push(c);
                }
            }
            prop_assert!(rest.peek().is_none(), "more than was written: {body:?} {shown:?}");
            prop_assert!(lost.chars().all(|c| MARKS.contains(c)), "{lost:?} of {body:?}");
            // Between digits nothing vanishes in silence.
            let signs: Vec<char> = body.chars().collect();
            let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
            let between = |run: usize| {
                let mark = signs[run];
                let start = signs[..run].iter().rposition(|c| *c != mark).map(|at| signs[at]);
                let end = signs[run..].iter().find(|c| **c != mark);
                start.is_some_and(is_digit) && end.is_some_and(|c| is_digit(*c))
            };
            let has_run = (0..signs.len()).filter(|at| MARKS.contains(signs[*at]) && between(*at)).count();
            let outside = body.chars().filter(|c| MARKS.contains(*c)).count();
            if has_run > 0 && lost.chars().count() == outside {
                prop_assert!(!told(&body).is_empty(), "{lost:?} of {body:?}");
            }
        }
    }
}
