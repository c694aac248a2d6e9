//! Notes to colleagues that readers would see.

use crate::diagnostic::{Diagnostic, Rule};
use crate::markdown::{Memo, MemoKind};
use crate::text::place::{FileId, Place};

/// Every note of a body that would be published, and every one that hides more than was meant.
pub(super) fn memos(file: FileId, text: &str, memos: &[Memo]) -> Vec<Diagnostic> {
    memos.iter().map(|memo| shown_memo(Place::new(file, memo.at), memo.kind, memo.at.slice(text), true)).collect()
}

/// What is wrong about a note; `sign` is how it is written, and `may_be_code` whether backticks around it would show it.
pub(super) fn shown_memo(place: Place, kind: MemoKind, sign: &str, may_be_code: bool) -> Diagnostic {
    let sign = sign.trim();
    let (ja, en) = match kind {
        MemoKind::Like => (
            format!("「{sign}」で始まるところは、覚え書き（コメント）にならず、そのまま公表されます。"),
            format!("what begins with `{sign}` is no comment: it would be published"),
        ),
        MemoKind::Unclosed => (
            "覚え書き（コメント）の始まり <!-- に、終わりの --> がないので、そのまま公表されます。".to_owned(),
            "the comment that begins with <!-- has no -->: it would be published".to_owned(),
        ),
        MemoKind::Shown => (
            "この覚え書き（コメント）は、コードの枠などの中にあるので、そのまま公表されます。".to_owned(),
            "this comment stands where none can be, such as in code that is not closed: it would be published".to_owned(),
        ),
        MemoKind::LoneEnd => (
            "「-->」に対応する <!-- がないので、この前にある覚え書きが公表されるおそれがあります。".to_owned(),
            "this --> has no <!--: a note before it may be published".to_owned(),
        ),
        MemoKind::Nested => (
            "覚え書き（コメント）の中に、もう1つの <!-- があります。前の覚え書きが閉じていないか、後ろの --> までが公表されます。".to_owned(),
            "there is another <!-- inside of a comment: the first one is not closed, or what follows the first --> is published".to_owned(),
        ),
        MemoKind::AlmostEnd => (
            format!("「{sign}」では覚え書き（コメント）が終わらず、次の --> までの文が、どこにも出ません。"),
            format!("`{sign}` does not end the comment: all text up to the next --> is on no page"),
        ),
    };
    let (help_ja, help_en) = match kind {
        MemoKind::Like | MemoKind::Unclosed | MemoKind::AlmostEnd if !may_be_code => (
            "覚え書きなら、半角の <!-- と --> で囲むか、消します。",
            "put a note between <!-- and --> of half width, or remove it",
        ),
        MemoKind::Like | MemoKind::Unclosed | MemoKind::AlmostEnd => (
            "覚え書きなら、半角の <!-- と --> で囲むか、消します。文字として見せるなら、` ` で囲みます。",
            "put a note between <!-- and --> of half width, or remove it; to show the signs, put them in backticks",
        ),
        MemoKind::Shown => (
            "その前の ``` や ~~~ が閉じているかを確かめます。覚え書きは、枠の外に置くか、消します。",
            "look whether the ``` or ~~~ before it is closed; put the note outside of it, or remove it",
        ),
        MemoKind::LoneEnd => (
            "覚え書きなら、その始まりに <!-- と書くか、消します。矢印なら → と書きます。",
            "write <!-- where the note begins, or remove it; for an arrow, write →",
        ),
        MemoKind::Nested => (
            "覚え書きの中に覚え書きは書けません。それぞれを <!-- と --> で囲みます。",
            "comments cannot hold comments: put each one between <!-- and -->",
        ),
    };
    Diagnostic::new(Rule::ShownMemo, place, ja, en).help(help_ja, help_en)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{self, Edition, LinkKind, Options, Resolved, Words, tree};
    use proptest::prelude::*;

    const SECRET: &str = "課長に確認中";

    const WORDS: Words = Words {
        footnotes: "脚注",
        footnote: "脚注{n}",
        back: "戻る",
        external: "",
        table: "表",
        colon: "：",
        done: "済",
        todo: "未",
        alerts: ["補足", "参考", "重要", "注意", "警告"],
    };

    /// Every spelling of a note, with the secret in it.
    const SPELLINGS: [(&str, &str); 34] = [
        ("<!-- ", " -->"),
        ("<!--", "-->"),
        ("<!-- a\n", "\nb -->"),
        ("<!-- a\n\n", "\n\nb -->"),
        ("<!-- a\n- b\n- ", "\n\n```\n-->"),
        ("<!-- a | ", " | b -->"),
        ("<!-- `a` ", " ~~~ -->"),
        ("<!-- a <!-- b --> ", " -->"),
        ("<!-- 調整 —>", "<!-- b -->"),
        ("<!—", "—>"),
        ("‹!— ", " —>"),
        ("＜！－－ ", " －－＞"),
        ("＜！ーー ", " ーー＞"),
        ("<!- ", " ->"),
        ("<! -- ", " -->"),
        ("<！-- ", " -->"),
        ("<!-- ", ""),
        ("<!-- ", " --＞"),
        ("&lt;!-- ", " --&gt;"),
        ("\\<!-- ", " -->"),
        ("<\\!-- ", " -->"),
        ("<!", ">"),
        ("<-- ", " -->"),
        ("{# ", " #}"),
        ("{% comment %}", "{% endcomment %}"),
        ("{{! ", " }}"),
        ("{{/* ", " */}}"),
        ("{>> ", " <<}"),
        ("%% ", " %%"),
        ("/* ", " */"),
        ("<% ", " %>"),
        ("<? ", " ?>"),
        ("（!-- ", " --）"),
        ("文\n[//]: # (", ")"),
    ];

    /// Every place where a note can stand.
    const PLACES: [(&str, &str); 18] = [
        ("", ""),
        ("本文 ", ""),
        ("本文", "の続き"),
        ("- 項目 ", "\n- 次\n"),
        ("1. 項目\n   ", "\n2. 次\n"),
        ("> 引用 ", "\n> 続き"),
        ("## 見出し ", "\n"),
        ("見出し ", "\n---\n"),
        ("| 表 | 値 |\n|---|---|\n| a ", " | b |\n| c | d |\n"),
        ("本文[^1]\n\n[^1]: 注 ", "\n"),
        ("[計画 ", "](a.md)"),
        ("![図 ", "](a.png)"),
        ("![図](a.png \"題 ", "\")"),
        ("**重要 ", "**です"),
        ("表: 題 ", "\n\n| a |\n|---|\n| b |\n"),
        ("```\n例\n", "\n\n閉じていない枠\n"),
        ("    ", "\n"),
        ("- 項目\n\n      ", "\n"),
    ];

    fn published(body: &str) -> String {
        let resolve = |target: &str, kind: LinkKind| match kind {
            LinkKind::Image => Resolved::Image { src: target.into(), width: None, height: None },
            LinkKind::Link => Resolved::Href { href: target.into(), external: false, attachment: None },
        };
        let html = [Edition::Screen, Edition::Large].map(|edition| {
            let options = Options { heading_base: 2, id_prefix: "", edition, words: &WORDS };
            markdown::render(body, &options, &resolve).into_string()
        });
        let paper = tree::tree(body, &tree::Options { notes_before: 0, words: &WORDS }, &|target, kind| match kind {
            LinkKind::Image => tree::Destination::Image(target.into()),
            LinkKind::Link => tree::Destination::Text,
        });
        format!("{html:?} {} {paper:?}", markdown::plain_text(body))
    }

    /// Nothing of a note is published unless an error stops it.
    #[track_caller]
    fn is_kept(body: &str) {
        let facts = markdown::facts(body, 0);
        let is_told = memos(FileId::NONE, body, &facts.memos).iter().any(|it| it.rule.is_firm())
            || super::super::habits::literal(FileId::NONE, body, &facts.texts).iter().any(|it| it.rule.is_firm());
        assert!(is_told || !published(body).contains(SECRET), "{body}\n{}", published(body));
    }

    #[test]
    fn no_spelling_of_a_note_is_published_anywhere() {
        for (open, close) in SPELLINGS {
            for (before, behind) in PLACES {
                // Below a picture this is a title, and in code it is code.
                if open.contains("[//]") && before.contains(['"', '`']) {
                    continue;
                }
                is_kept(&format!("{before}{open}{SECRET}{close}{behind}"));
                is_kept(&format!("前\n\n{before}{open}{SECRET}{close}{behind}\n\n後 <!-- 別 -->\n"));
            }
        }
    }

    #[test]
    fn no_spelling_of_a_note_is_published_in_a_value() {
        let name = crate::document::GoalName {
            year: crate::value::calendar::FiscalYear::parse("2026").expect("a year"),
            department: "planning".into(),
            slug: "1-01".into(),
        };
        for (open, close) in SPELLINGS {
            // A value is no Markdown: it has no definitions.
            if open.contains("[//]") {
                continue;
            }
            for (before, behind) in [("", ""), ("前 ", " 後"), ("・甲\n・", "\n・丙"), ("前\n\n", "\n\n後")] {
                let note = format!("{before}{open}{SECRET}{close}{behind}").replace('\n', "\n      ");
                for field in [format!("text: |\n      {note}"), format!("text: 会場\n    criterion: >-\n      {note}")]
                {
                    let source = format!("---\ntitle: 見学会を開く\npillar: trust\nactions:\n  - {field}\n---\n");
                    let kind = crate::document::Kind::Goal(name.clone());
                    let read = crate::document::parse(FileId::NONE, kind, source.as_bytes(), &[]).value;
                    let found = super::super::values::markup(FileId::NONE, read.text, &read.reading.signs);
                    let is_told = found.iter().any(|it| it.rule == Rule::ShownMemo);
                    let goal = format!("{:?}", read.document.expect("a goal"));
                    assert!(is_told || !goal.contains(SECRET), "{source}\n{goal}");
                }
            }
        }
    }

    #[test]
    fn a_comment_over_blocks_is_one_and_the_rest_stays() {
        for (body, rest) in [
            ("前 <!-- 課長に確認中\n\n次 --> 後", "<p>前  後</p>"),
            ("- 甲 <!-- 課長に確認中\n- 乙 --> 後\n- 丙", "<li>甲  後</li>\n<li>丙</li>"),
            ("| 甲 | 乙 |\n|---|---|\n| 1 <!-- 課長に確認中 | --> | 2 |\n", "<td>1</td><td>2</td>"),
            ("前 <!-- `課長に確認中\n\n``` --> `後`", "<p>前  <code>後</code></p>"),
        ] {
            let all = published(body).replace("\\n", "\n");
            assert!(all.contains(rest) && !all.contains(SECRET), "{body}\n{all}");
            assert_eq!(markdown::facts(body, 0).memos, [], "{body}");
        }
        // In code it is shown on purpose.
        for body in ["`<!-- 課長に確認中 -->`", "```html\n<!-- 課長に確認中 -->\n```\n", "`` <!-- 課長に確認中 --> ``"]
        {
            assert!(published(body).contains(SECRET));
            assert_eq!(markdown::facts(body, 0).memos, [], "{body}");
        }
    }

    #[test]
    fn arrows_and_sentences_are_no_notes() {
        for body in [
            "申請 --> 審査 --> 公表",
            "申請 → 審査 <!-- 図にする -->\n\n次の A --> B は流れです。",
            "A <-> B、a<b、100%と50%。",
            "[//]: # (見えない覚え書き)\n\n本文",
            "1/2 と https://a.jp//b と **/**",
        ] {
            assert_eq!(markdown::facts(body, 0).memos, [], "{body}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        #[test]
        fn whatever_stands_around_a_note(
            before in "(会議|- |> |\n|\n\n|`|```\n|~~~\n|\\||\\*\\*|<!-- | -->|\\[|    ){0,8}",
            note in prop::sample::select(SPELLINGS.to_vec()),
            behind in "(会議|- |> |\n|\n\n|`|```\n|~~~\n|\\||\\*\\*|<!-- | -->|\\]\\(a\\)){0,8}",
        ) {
            let body = format!("{before}{}{SECRET}{}{behind}", note.0, note.1);
            let facts = markdown::facts(&body, 0);
            // Code is shown on purpose: in a span, or between two fences.
            let shown = published(&body);
            let is_code = shown.contains("<code>") && shown.split("<code>").skip(1).any(|code| code.split("</code>").next().is_some_and(|code| code.contains(SECRET)));
            if !is_code {
                is_kept(&body);
            }
            prop_assert_eq!(&facts, &markdown::facts(&body, 0));
        }
    }
}
