//! Promises about values of front matter: lines, lists and ruby as they were written, in every edition and on paper; notes
//! nowhere; what is no part of a value is told; nothing is claimed that was not measured.

use crate::support;

use kohyo::fix;
use kohyo::plan::booklets::{Booklet, Subject};
use kohyo::value::booklet::{Paper, Part, Size};
use kohyo::value::calendar::FiscalYear;
use std::collections::BTreeMap;
use support::pdf::{Run, letters, sheets};
use support::{city_with, describe, findings, output, prepare};

/// A goal with something in every value, and a note for colleagues in each of them.
const GOAL: &str = "
-- site.yaml --
title: 青葉市 組織目標 <!-- ひみつ -->
base_url: https://www.example.jp/goals/
organization: { name: 青葉市 }
contact:
  office: 企画課
  address: |
    中央1丁目
    市役所2階 <!-- ひみつ -->
notice: >-
  このサイトは、
  見本です。 <!-- ひみつ -->
scale:
  - { key: above, label: 計画以上 }
  - { key: on-plan, label: 計画通り }
  - { key: below, label: 計画未満, needs: reason }
columns:
  - { key: ordinance, label: 条例, on: action, type: articles }
  - { key: law, label: 根拠, on: action }
  - { key: remark, label: 備考, on: goal }
-- content/2025/planning/1-01.md --
---
title: '{躊躇|ちゅうちょ}せず税を課する <!-- ひみつ -->'
pillar: trust
remark: |
  ※ 国の補助があります。
  ※ 今年度までです。
actions:
  - text: |
      税を正しく課する。仕事は次のとおり。
      ・1月 用紙を作る
      ・2月 申告を受け付ける <!-- ひみつ -->
    sections: [企画課]
    criterion: |
      (1) 苦情をなくす
        ・窓口で聞く
        ・手紙で聞く
      (2) 遅れをなくす

      どれも年度内とする。
    law: |
      地方税法
      <!-- ひみつ
      ひみつ -->
      （昭和25年法律第226号）
    indicator: { name: '{通知|つうち}の数', unit: 件, target: 4500 }
  - text: >-
      検証委員会を開き、
      条文ごとに運用を
      DX の面から点検する
    sections: [企画課]
    indicator: { name: 開催回数, unit: 回, target: 3 }
---
本文です。
-- content/2025/planning/1-01.result.md --
---
evaluation: below
reason: |
  次の二つによります。
  ① 台風のため中止した
  ② 会場がとれなかった <!-- ひみつ -->
actions:
  - { result: \"用紙を作った\\n申告を受け付けた\", actual: 4410 }
  - { actual: 4 }
corrections:
  - date: 2026-07-01
    item: 実績値
    was: |
      - 4,400件
      - 4,390件
    now: 4,410件
    why: |
      集計の誤り
      二重に数えた
---
説明です。
-- content/2025/planning/1-01.progress-2025-09-30.md --
---
actions:
  - result: |
      ア　用紙を作った
      イ　受付を始めた
  - { actual: 2 }
---
";

/// What readers read of each value, in its lines.
const VALUES: &[&[&str]] = &[
    &["税を正しく課する。仕事は次のとおり。", "・1月 用紙を作る", "・2月 申告を受け付ける"],
    &["(1) 苦情をなくす", "・窓口で聞く", "・手紙で聞く", "(2) 遅れをなくす", "どれも年度内とする。"],
    &["地方税法", "（昭和25年法律第226号）"],
    &["検証委員会を開き、条文ごとに運用を DX の面から点検する"],
    &["次の二つによります。", "① 台風のため中止した", "② 会場がとれなかった"],
    &["用紙を作った", "申告を受け付けた"],
    &["※ 国の補助があります。", "※ 今年度までです。"],
];

const OF_GOAL: &[&[&str]] = &[
    &["- 4,400件", "- 4,390件"],
    &["集計の誤り", "二重に数えた"],
    &["ア　用紙を作った", "イ　受付を始めた"],
    &["中央1丁目", "市役所2階"],
    &["このサイトは、見本です。"],
];

/// The lines that a browser shows of a page: blocks, items and `<br>` end one.
fn lines(html: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut readings = 0;
    for part in html.split('<') {
        let (tag, text) = part.split_once('>').unwrap_or(("", part));
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
        match (name, tag.starts_with('/')) {
            ("rt" | "rp", false) => readings += 1,
            ("rt" | "rp", true) => readings -= 1,
            ("br" | "p" | "div" | "li" | "ul" | "ol" | "dd" | "dt" | "td" | "th" | "h1" | "h2" | "h3" | "h4", _) => {
                lines.push(String::new());
            }
            _ => {}
        }
        if readings == 0
            && let Some(line) = lines.last_mut()
        {
            line.push_str(text);
        }
    }
    let unescaped = |line: String| line.replace("&lt;", "<").replace("&amp;", "&");
    lines.into_iter().map(|line| letters(&unescaped(line))).filter(|line| !line.is_empty()).collect()
}

fn site() -> BTreeMap<String, String> {
    let made = prepare(city_with(GOAL));
    let mut found = describe(&made.value.sources, &made.diagnostics);
    found.retain(|finding| !finding.contains(" platform-character "));
    assert_eq!(found, [""; 0]);
    output(&made.value).into_iter().map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned())).collect()
}

#[test]
fn lines_and_lists_are_shown_as_written_in_every_edition() {
    let site = site();
    for path in ["2025/planning/1-01", "2025/planning/index"] {
        for edition in [".html", ".large.html"] {
            let page = &site[&format!("{path}{edition}")];
            let lines = lines(page);
            let own = if path.ends_with("1-01") { OF_GOAL } else { &OF_GOAL[3..] };
            for value in VALUES.iter().chain(own) {
                let value: Vec<String> = value.iter().map(|line| letters(line)).collect();
                // A label may stand before it on its line, and a figure behind it.
                let last = value.len() - 1;
                let found = lines.windows(value.len()).any(|window| {
                    let is_there = |(index, (line, told)): (usize, (&String, &String))| match index {
                        _ if index == 0 && index == last => line.contains(told),
                        0 => line.ends_with(told),
                        _ if index == last => line.starts_with(told),
                        _ => line == told,
                    };
                    window.iter().zip(&value).enumerate().all(is_there)
                });
                assert!(found, "{path}{edition}: {value:?} in {lines:#?}");
            }
        }
    }
    let goal = &site["2025/planning/1-01.html"];
    // The first paragraph is the heading of an action, the list stands below it.
    assert!(goal.contains("仕事は次のとおり。</h3><div class=\"value\"><ul class=\"marked\"><li>"), "{goal}");
    let criterion = "<ol class=\"marked marked--wide\"><li><span class=\"marked__mark\">(1) </span>苦情をなくす<ul class=\"marked\">";
    assert!(goal.contains(criterion), "{goal}");
    assert!(goal.contains("<h1><ruby>躊躇<rp>（</rp><rt>ちゅうちょ</rt><rp>）</rp></ruby>せず税を課する</h1>"));
}

#[test]
fn one_line_places_have_one_line_of_letters() {
    let site = site();
    let goal = &site["2025/planning/1-01.html"];
    assert!(goal.contains("<title>躊躇せず税を課する｜企画部｜令和7年度｜青葉市 組織目標</title>"), "{goal}");
    for part in [
        "<meta name=\"description\" content=\"令和7年度 企画部の組織重点目標「躊躇せず税を課する」の内容と実績。\">",
        "<meta property=\"og:title\" content=\"躊躇せず税を課する\">",
    ] {
        assert!(goal.contains(part), "{part}");
    }
    for page in
        ["2025/index.html", "2025/results.html", "2026/planning/1-01.html", "sitemap.html", "pillars/trust.html"]
    {
        assert!(!site[page].contains("{躊躇"), "{page}");
    }
}

#[test]
fn a_note_for_colleagues_is_in_no_file() {
    for (path, text) in site() {
        assert!(!text.contains("ひみつ"), "{path}");
        assert!(!text.contains("<!--") && !text.contains("&lt;!--"), "{path}");
    }
}

#[test]
#[cfg(feature = "pdf")]
fn lines_and_lists_are_set_as_written_on_paper() {
    let made = prepare(city_with(GOAL)).value;
    let year = FiscalYear::parse("2025").expect("a year");
    let planning = made.site.find_department("planning").expect("a department");
    let goal = made.site.find_goal(year, planning, "1-01").expect("a goal");
    for points in [12, 22] {
        let size = Size::new(points).expect("a size");
        let booklet = Booklet { subject: Subject::Goal(goal), part: Part::Both, size, paper: Paper::A4 };
        let pdf = made.booklet(&booklet).unwrap_or_else(|fault| panic!("{fault:?}"));
        let sheets = sheets(&pdf.bytes);
        let all = letters(&sheets.iter().map(support::pdf::Sheet::text).collect::<String>());
        assert!(!all.contains("ひみつ") && !all.contains("<!--") && !all.contains("{通知"), "{all}");
        let runs: Vec<(usize, &Run)> =
            sheets.iter().enumerate().flat_map(|(page, sheet)| sheet.runs.iter().map(move |run| (page, run))).collect();
        for value in VALUES.iter().chain(OF_GOAL) {
            let told = letters(&value.concat());
            assert!(all.contains(&told), "{points}: {told} in {all}");
            // Each line begins a line.
            for pair in value.windows(2) {
                let place = |line: &str| {
                    // Marks are runs of their own.
                    let words = line.trim_start_matches(['・', '※', '-', '①', '②', 'ア', 'イ', ' ', '\u{3000}']);
                    let words = words.strip_prefix("(1)").or(words.strip_prefix("(2)")).unwrap_or(words);
                    let word: String = letters(words).chars().take(3).collect();
                    let found = runs.iter().filter(|(_, run)| letters(&run.text).contains(&word));
                    found.map(|(page, run)| (*page, run.y as i32)).collect::<Vec<_>>()
                };
                let (one, other) = (place(pair[0]), place(pair[1]));
                assert!(one.iter().any(|place| !other.contains(place)), "{points}: {pair:?} at {one:?} and {other:?}");
            }
        }
    }
}

#[test]
fn a_target_without_a_criterion_is_the_criterion() {
    let site = site();
    for (path, page) in site.iter().filter(|(path, _)| path.starts_with("2025/planning/")) {
        assert!(!page.contains("定めていません") && !page.contains("記載がありません"), "{path}");
    }
    let unset = city_with(
        "-- content/2026/planning/1-02.md --\n---\ntitle: 窓口を開く\npillar: trust\nactions:\n  - { text: 窓口を開く, sections: [企画課], indicator: { unit: 件, baseline: 12 } }\n---\n",
    );
    let pages = output(&prepare(unset).value);
    for page in ["2026/planning/1-02.html", "2026/planning/1-02.large.html", "2026/planning/index.html"] {
        assert!(String::from_utf8_lossy(&pages[page]).contains("定めていません"), "{page}");
    }
}

#[test]
fn nothing_is_said_to_be_reached_that_was_not_measured() {
    let results = |scale: &str, indicator: &str, evaluation: &str| {
        let site = format!(
            "-- site.yaml --\ntitle: 青葉市\norganization: {{ name: 青葉市 }}\ncontact: {{ office: 企画課 }}\nscale: [{scale}]\ncolumns: [{{ key: ordinance, label: 条例, type: articles }}]\n\
             -- content/2025/planning/1-01.md --\n---\ntitle: 条例の検証\npillar: trust\nactions:\n  - {{ text: 証明書を出す, sections: [企画課], indicator: {{ unit: 件, {indicator} }} }}\n---\n\
             -- content/2025/planning/1-01.result.md --\n---\nevaluation: {evaluation}\nactions:\n  - {{ result: 出した, actual: 3100 }}\n---\n説明です。\n"
        );
        let pages = output(&prepare(city_with(&site)).value);
        let all: String = pages
            .iter()
            .filter(|(path, _)| path.ends_with(".html"))
            .map(|(_, page)| String::from_utf8_lossy(page))
            .collect();
        (all.matches("基準に届かなかった目標はありません。").count(), all.matches("目標値に届きました。").count())
    };
    let (no_reason, reason) = (
        "{ key: keep, label: 現状維持 }, { key: change, label: 見直し }",
        "{ key: keep, label: 計画通り }, { key: late, label: 計画未満, needs: reason }",
    );
    // A scale on which nothing can be missed, and no target.
    assert_eq!(results(no_reason, "baseline: 5200", "keep"), (0, 0));
    assert_eq!(results(reason, "baseline: 5200", "keep").0, 2);
    let (none, reached) = results(no_reason, "target: 3000", "keep");
    assert!(none == 2 && reached > 0, "{none} {reached}");
}

#[test]
fn what_is_no_part_of_a_value_is_told() {
    let goal = |title: &str, text: &str, name: &str| {
        format!(
            "-- content/2026/planning/1-01.md --\n---\ntitle: {title}\npillar: 1\ncontinues: 2025/planning/1-01\nactions:\n  - text: {text}\n    sections: [企画課]\n    criterion: 案の公表\n    indicator: {{ name: {name}, unit: 件, target: 3 }}\n---\n"
        )
    };
    let told = |text: &str| {
        let found = findings(&goal("条例の見直し", text, "件数"));
        let ours = found
            .iter()
            .filter_map(|it| it.split_once(" value-markup "))
            .map(|(_, marked)| marked.trim_matches('"').to_owned());
        ours.collect::<Vec<_>>()
    };
    for (text, marked) in [
        ("会議を**必ず**開く", "**必ず**"),
        ("会議を__必ず__開く", "__必ず__"),
        ("会議を~~2回~~3回開く", "~~2回~~"),
        ("会議を開く<br>研修を開く", "<br>"),
        ("<b>会議</b>を開く", "<b>"),
        ("\"[計画](../2025/a.md)を作る\"", "[計画](../2025/a.md)"),
        ("\"![図](map.png)を見せる\"", "![図](map.png)"),
        ("会議を開く[^1]", "[^1]"),
        ("会議を`必ず`開く", "`必ず`"),
        ("会議&nbsp;研修", "&nbsp;"),
        ("\"# 会議を開く\"", "# 会議を開く"),
        ("|\n      | 会場 | 定員 |\n      |---|---|", "| 会場 | 定員 |"),
        ("|\n      会議\n      ---\n      研修", "---"),
        ("\"{会議｜かいぎ}を開く\"", "{会議｜かいぎ}"),
    ] {
        assert_eq!(told(text).first().map(String::as_str), Some(marked), "{text}");
    }
    for text in [
        "A<Bの場合、<目標>を見直す",
        "2*3*4と10~20人と3_4_5",
        "|\n      ・会議\n      - 研修\n      ① 報告",
        "\"[新規]会議（3.5倍）\"",
        "|\n      #1 の会場\n      A & B",
        "\"{躊躇|ちゅうちょ}せず[GDS]{lang=en}に学ぶ <!-- **メモ** -->\"",
        "|\n      会議 <!-- <br>\n      **メモ** --> を開く",
    ] {
        assert_eq!(told(text), [""; 0], "{text}");
    }
    // What looks like a note to colleagues, and is none.
    for (text, marked) in [
        ("会議を開く <!— 課長確認 —>", "<!—"),
        ("会議を開く ＜！－－ 課長確認 －－＞", "＜！－－"),
        ("会議を開く ‹!— 課長確認 —›", "‹!—"),
        ("会議を開く <! -- 課長確認 -->", "<! --"),
        ("会議を開く <!-- 課長確認", "<!--"),
        ("|\n      会議を開く\n      課長確認 -->\n      研修を開く", "-->"),
    ] {
        let found = findings(&goal("条例の見直し", text, "件数"));
        let found: Vec<&str> = found.iter().filter_map(|it| it.split_once(" shown-memo ")).map(|it| it.1).collect();
        assert_eq!(found, [format!("{marked:?}")], "{text}");
    }
    // Names and titles have one line, names no ruby.
    let found = findings(&goal("|\n  条例を\n  見直す", "案をまとめる", "\"{躊躇|ちゅうちょ}の数\""));
    assert_eq!(found, ["content/2026/planning/1-01.md:3:3 value-markup \"条例を\""]);
    let pillar = "-- content/pillars/finance.md --\n---\nnumber: 2\nname: '{健全|けんぜん}な財政'\n---\n";
    assert_eq!(findings(pillar), ["content/pillars/finance.md:3:8 value-markup \"{健全|けんぜん}\""]);
}

#[test]
fn a_line_break_in_lines_is_mended() {
    let text = "-- content/2026/planning/1-01.md --\n---\ntitle: 条例の見直し\npillar: 1\ncontinues: 2025/planning/1-01\nactions:\n  - text: |\n      会議を開く。<br>\n      研修を開く。<br/> 報告する。\n    sections: [企画課]\n    criterion: 案の公表\n---\n";
    let found = prepare(city_with(text));
    let changes = fix::plan(&found.diagnostics);
    assert_eq!(changes.len(), 1);
    let source = found.value.sources.bytes(changes[0].file).expect("readable").into_owned();
    let mended = String::from_utf8(changes[0].apply(&source).expect("bytes that are there")).expect("UTF-8");
    assert!(mended.contains("      会議を開く。\n      研修を開く。\n      報告する。\n"), "{mended}");
}
