//! What authors get wrong, and what they are told: place, rule and marked text of every finding.

use crate::support;

use kohyo::diagnostic::{Checked, Diagnostic, Safety, Severity};
use kohyo::report::human;
use kohyo::text::language::Language;
use support::{city_with, findings, prepare};

#[track_caller]
fn check(more: &str, expected: &[&str]) {
    assert_eq!(findings(more), expected);
}

#[test]
fn the_small_city_is_right() {
    check("", &[]);
}

#[test]
fn every_slip_of_one_goal_is_found_at_once() {
    check(
        "-- content/2026/planning/1-02.md --
---
titel: 見学会
pillar: trast
updated: 2026年6月25日
actions:
  - text: 開く
    sections: [企画化]
    indicator: { unit: 回, target: ３ }
    ordinence: [29]
---
",
        &[
            "content/2026/planning/1-02.md:2:1 unknown-key \"titel\"",
            "content/2026/planning/1-02.md:3:9 unknown-pillar \"trast\"",
            "content/2026/planning/1-02.md:4:10 bad-date \"2026年6月25日\"",
            "content/2026/planning/1-02.md:7:16 unknown-section \"企画化\"",
            "content/2026/planning/1-02.md:8:35 bad-figure \"３\"",
            "content/2026/planning/1-02.md:9:5 unknown-key \"ordinence\"",
        ],
    );
}

#[test]
fn keys_may_be_japanese_and_mean_the_same() {
    let japanese = "-- content/2025/planning/1-01.md --
---
組織目標: 条例の検証
柱: trust
更新日: 2025-06-25
取組:
  - 取組内容: 委員会を開く
    課等: [企画課]
    目標達成基準: 開催 3回
    指標: { 名称: 開催回数, 単位: 回, 目標値: 3 }
    条例: [29]
---
市民とともに**「点検」**します。
";
    assert_eq!(support::pages(city_with("")), support::pages(city_with(japanese)));
}

#[test]
fn a_result_must_fit_its_goal() {
    check(
        "-- content/2025/planning/1-01.result.md --
---
evaluation: below
actions:
  - { result: 2回開いた, actual: 2 }
  - { result: 余分 }
---
-- content/2025/planning/1-03.result.md --
---
evaluation: on-plan
actions: []
---
",
        &[
            "content/2025/planning/1-01.result.md:2:13 missing-reason \"below\"",
            "content/2025/planning/1-01.result.md:4:5 count-mismatch \"{ result: 2回開いた, actual: 2 }\"",
            "content/2025/planning/1-03.result.md:1:1 orphan-result \"\"",
        ],
    );
}

#[test]
fn levels_are_those_of_the_city() {
    check(
        "-- content/2025/planning/1-01.result.md --
---
evaluation: on-plam
actions:
  - { result: 3回開いた, actual: 3 }
---
",
        &["content/2025/planning/1-01.result.md:2:13 unknown-level \"on-plam\""],
    );
}

#[test]
fn departments_are_those_of_the_ledger() {
    let goal = "---\ntitle: 目標\npillar: trust\nactions: []\n---\n本文\n";
    check(
        &format!("-- content/2026/plannning/1-01.md --\n{goal}-- content/2026/general/1-01.md --\n{goal}"),
        &[
            "content/2026/general/1-01.md:1:1 department-years \"\"",
            "content/2026/plannning/1-01.md:1:1 unknown-department \"\"",
        ],
    );
}

#[test]
fn a_full_width_colon_is_shown_where_it_is() {
    check(
        "-- content/2026/planning/1-02.md --\n---\ntitle：見学会\npillar: trust\n---\n",
        &["content/2026/planning/1-02.md:2:6 yaml-syntax \"：\""],
    );
}

#[test]
fn what_refers_to_a_faulty_document_is_not_at_fault() {
    check(
        "-- content/pillars/finance.md --
---
name: 財政
number: [
---
-- content/2026/planning/1-02.md --
---
title: 財政
pillar: finance
actions: []
---
-- content/2026/planning/1-01.md --
---
title: 見直し
pillar: 1
actions: []
---
[財政](1-02.md)
",
        &["content/pillars/finance.md:3:9 yaml-syntax \"[\""],
    );
}

#[test]
fn a_result_may_link_to_its_own_headings() {
    check(
        "-- content/2025/planning/1-01.result.md --
---
evaluation: on-plan
actions:
  - { result: 3回開いた, actual: 3 }
---
## 経過
[経過](#経過) と [ない](#経緯)
",
        &["content/2025/planning/1-01.result.md:7:18 broken-anchor \"#経緯\""],
    );
}

#[test]
fn a_pillar_is_told_by_its_number_in_that_year() {
    check(
        "-- content/pillars/trust.md --
---
number: 1
name: 信頼される市役所
years: [2020, 2025]
---
-- content/pillars/new.md --
---
number: 1
name: 新しい柱
years: [2026]
---
",
        &[],
    );
}

#[test]
fn attachments_do_not_take_the_programs_names() {
    check(
        "-- content/robots.txt --\nx\n-- content/assets/site.css --\nx\n",
        &["content/assets/site.css:1:1 duplicate-path \"\"", "content/robots.txt:1:1 duplicate-path \"\""],
    );
}

#[test]
fn what_is_a_file_to_some_is_no_folder_to_others() {
    let about = "-- content/pages/about.md --\n---\ntitle: 案内\n---\n";
    for (attachment, more) in [
        ("assets", ""),
        ("pages/kohyo-manifest.json/x.txt", ""),
        ("pages/robots.txt/x.txt", ""),
        ("pages/about.html/x.txt", about),
        ("pages/about.large.html/x.txt", about),
        ("pages/About.html/a/x.txt", about),
        ("pages/2026", ""),
        (
            "2026/planning/1-01.html/x.pdf",
            "-- content/pages/plan.md --\n---\ntitle: 計画\n---\n[計画](/2026/planning/1-01.html/x.pdf)\n",
        ),
        (
            "pages/x",
            "-- content/x/y.pdf --\ny\n-- content/pages/plan.md --\n---\ntitle: 計画\n---\n[計画](../x/y.pdf)\n",
        ),
    ] {
        let found = all_of(&format!("-- content/{attachment} --\nx\n{more}"));
        let expected = format!("content/{attachment}:1:1 duplicate-path \"\"");
        assert!(found.contains(&expected), "{attachment}: {found:?}");
    }
    check(
        "-- content/pages/forms/about.pdf --\nx\n-- content/pages/forms.md --\n---\ntitle: 様式\n---\n[様式](forms/about.pdf)\n",
        &[],
    );
}

#[test]
fn threads_lead_to_earlier_goals() {
    let goal = |continues: &str| {
        format!(
            "-- content/2026/planning/1-01.md --\n---\ntitle: 見直し\npillar: 1\ncontinues: {continues}\nactions:\n  - {{ text: まとめる }}\n---\n"
        )
    };
    check(&goal("2025/planning/1-1"), &["content/2026/planning/1-01.md:4:12 unknown-goal \"2025/planning/1-1\""]);
    check(&goal("2026/planning/1-01"), &["content/2026/planning/1-01.md:4:12 thread-order \"2026/planning/1-01\""]);
    check(&goal("content/2025/planning/1-01.md"), &[]);
}

#[test]
fn links_are_checked_in_every_body() {
    check(
        "-- content/2026/planning/1-01.md --
---
title: 見直し
pillar: 1
actions: []
---
## 背景
[前の年](../../2025/planning/1-01.md) [実績](../../2025/planning/1-01.result.md#result) [部](/2025/planning/)
[ない](../../2025/planning/1-09.md) [外](https://www.example.jp/) [悪い](javascript:alert(1)) [見出し](#背景)
[ない見出し](#背径) ![](plan.png) [ない部](/2024/planning/)
",
        &[
            "content/2026/planning/1-01.md:8:6 broken-link \"../../2025/planning/1-09.md\"",
            "content/2026/planning/1-01.md:8:69 unsafe-link \"javascript:alert(1)\"",
            "content/2026/planning/1-01.md:9:9 broken-anchor \"#背径\"",
            "content/2026/planning/1-01.md:9:18 broken-link \"plan.png\"",
            "content/2026/planning/1-01.md:9:18 missing-alt \"plan.png\"",
            "content/2026/planning/1-01.md:9:34 broken-link \"/2024/planning/\"",
        ],
    );
}

#[test]
fn a_link_to_what_is_not_published_yet_is_told_apart() {
    let more = "-- content/2026/planning/1-02.md --
---
title: 来年の目標
pillar: 1
publish_at: 2026-12-25
actions: []
---
-- content/2026/planning/1-01.md --
---
title: 見直し
pillar: 1
actions: []
---
[次](1-02.md)
";
    let Checked { diagnostics, .. } = prepare(city_with(more));
    assert_eq!(diagnostics.len(), 1);
    assert!(diagnostics[0].message.ja.contains("まだ公表されていません"), "{:?}", diagnostics[0].message);
}

/// Which of some links by address are broken, in a city with more files.
fn broken_of(more: &str, links: &[&str]) -> Vec<String> {
    let body: String = links.iter().map(|link| format!("[前の計画]({link})\n\n")).collect();
    let all = all_of(&format!("{more}-- content/pages/links.md --\n---\ntitle: 案内\n---\n{body}"));
    let broken = all.iter().filter(|it| it.starts_with("content/pages/links.md:"));
    broken.map(|it| it.split_once(' ').expect("a place").1.to_owned()).collect()
}

#[test]
fn only_a_link_to_the_very_page_that_could_not_be_read_is_excused() {
    let unread = |path: &str| format!("-- content/{path} --\n---\ntitle：見学会\npillar: trust\nactions: []\n---\n");
    let broken = |links: &[&str]| links.iter().map(|it| format!("broken-link {it:?}")).collect::<Vec<_>>();
    // A goal: its page, and those of its department's year, its year and, as its pillar is not known, of any pillar.
    let goal = unread("2024/planning/1-02.md");
    let own = [
        "/2024/planning/1-02.html",
        "/2024/planning/1-02.large.html",
        "/2024/planning/1-02",
        "/2024/planning/1-02/",
        "/2024/planning/1%2D02",
        "/2024/planning/",
        "/2024/planning/index.html",
        "/2024/",
        "/2024.html",
        "/2024/pillars/trust.html",
    ];
    assert_eq!(broken_of(&goal, &own), [""; 0]);
    let others = [
        "/2024/planning/1-03",
        "/2024/planning/1-02/x",
        "/2024/planning/1-02.pdf",
        "/2024/general/1-02",
        "/2024/general/",
        "/2024/results",
        "/2024/pillars/none",
        "/2023/planning/1-02",
        "/2023/",
        "/planning",
        "/departments/none",
        "/trust",
    ];
    assert_eq!(broken_of(&goal, &others), broken(&others));
    assert_eq!(broken_of("", &own), broken(&own));
    // A page, a department and a pillar have one page each; a year's goal of theirs is another page.
    for (file, own, others) in [
        ("pages/policy.md", "/policy.html", ["/pages/policy", "/2026/policy", "/departments/policy"]),
        ("departments/water.md", "/departments/water", ["/water", "/2026/water/", "/2026/water/1-01"]),
        ("pillars/green.md", "/pillars/green/", ["/green", "/2026/pillars/green", "/departments/green"]),
    ] {
        assert_eq!(broken_of(&unread(file), &[own]), [""; 0], "{file}");
        assert_eq!(broken_of(&unread(file), &others), broken(&others), "{file}");
    }
    // A result makes the page of the year's results; a department's statement its page in a year that has goals.
    let result = unread("2026/planning/1-01.result.md");
    assert_eq!(broken_of(&result, &["/2026/results.html"]), [""; 0]);
    assert_eq!(broken_of(&result, &["/2024/results", "/2026/planning/results"]).len(), 2);
    let statement = unread("2026/general/index.md") + &unread("2024/general/index.md");
    assert_eq!(broken_of(&statement, &["/2026/general/", "/2024/general/"]), broken(&["/2024/general/"]));
}

#[test]
fn a_heading_of_a_document_that_could_not_be_read_is_not_missed() {
    let links = ["/2025/planning/1-01#result-点検", "../2025/planning/1-01.md#result-点検", "/2025/planning/1-01#ない"];
    let body = "\n---\nevaluation: on-plan\nactions:\n  - { result: 3回開いた, actual: 3 }\n---\n## 点検\n";
    let result = |line: &str| format!("-- content/2025/planning/1-01.result.md --{}", body.replace("\n---\nev", line));
    assert_eq!(broken_of(&result("\n---\nev"), &links), ["broken-anchor \"/2025/planning/1-01#ない\""]);
    assert_eq!(broken_of(&result("\n---\n㈱：x\nev"), &links), [""; 0]);
    // Another goal's result says nothing about this page.
    let other = "-- content/2026/planning/1-01.result.md --\n---\nevaluation：on-plan\n---\n";
    assert_eq!(broken_of(other, &links[2..]).len(), 1);
    let goal = "-- content/2026/planning/1-02.md --\n---\ntitle：見学会\n---\n";
    let rows = ["/2026/planning/#goal-1-02", "/2026/planning/#goal-1-03", "/2025/planning/#goal-1-02"];
    assert_eq!(broken_of(goal, &rows).len(), 2);
    assert_eq!(broken_of("", &rows).len(), 3);
}

#[test]
fn a_link_by_address_to_what_is_not_published_yet_is_told_apart() {
    let later = "-- content/2027/planning/1-01.md --\n---\ntitle: 見学会\npillar: trust\npublish_at: 2027-06-25\nactions: []\n---\n\
                 [同じ課の目標](/2027/planning/1-02)\n\
                 -- content/2027/planning/1-02.md --\n---\ntitle: 説明会\npillar: trust\ndraft: true\nactions: []\n---\n";
    // What is hidden may point to what is hidden.
    assert_eq!(all_of(later), [""; 0]);
    for (link, is_hidden) in [
        ("/2027/planning/1-01.html", true),
        ("/2027/planning/", true),
        ("/2027/", true),
        ("/2027/pillars/trust", true),
        ("/2027/planning/1-03", false),
        ("/2027/general/1-01", false),
        ("/2027/results", false),
    ] {
        let more = format!("{later}-- content/pages/links.md --\n---\ntitle: 案内\n---\n[次の年]({link})\n");
        let Checked { diagnostics, .. } = prepare(city_with(&more));
        assert_eq!(diagnostics.len(), 1, "{link}");
        let message = &diagnostics[0].message.ja;
        assert_eq!(message.contains("まだ公表されていません"), is_hidden, "{link}: {message}");
    }
}

#[test]
fn a_document_before_its_day_may_link_to_its_own_attachments() {
    for (when, links) in [
        ("publish_at: 2026-12-01", "[計画](houkoku.pdf) [計画](./houkoku.pdf) [計画](/2026/planning/houkoku.pdf)"),
        ("draft: true", "[計画](houkoku.pdf) ![会場の地図](か%E3%82%99いよう.png) ![会場の地図](がいよう.png)"),
    ] {
        let goal = format!("---\ntitle: 見学会\npillar: 1\n{when}\nactions: []\n---\n{links}\n");
        let more = format!(
            "-- content/2026/planning/1-02.md --\n{goal}-- content/2026/planning/houkoku.pdf --\nx\n\
             -- content/2026/planning/か\u{3099}いよう.png --\nx\n"
        );
        let unlinked = |path: &str| path.ends_with(" unused-attachment \"\"");
        let found: Vec<String> = all_of(&more).into_iter().filter(|it| !unlinked(it)).collect();
        assert_eq!(found, [""; 0], "{when}");
        let Checked { value, .. } = prepare(city_with(&more));
        assert!(value.site.attachments.is_empty(), "{when}: {:?}", value.site.attachments);
    }
}

#[test]
fn the_name_that_was_written_is_never_suggested() {
    // It is there, but cannot be a page.
    let goal = "---\ntitle: 見学会\npillar: 1\nactions: []\n---\n";
    let more = format!(
        "-- content/2026/planning/1-02.md --\n{goal}[案](1-03案(2).md)\n-- content/2026/planning/1-03案(2).md --\n{goal}"
    );
    let Checked { diagnostics, .. } = prepare(city_with(&more));
    let broken = diagnostics.iter().find(|it| it.rule.name() == "broken-link").expect("a broken link");
    let help = broken.help.as_ref().map_or("", |help| help.ja.as_str());
    assert!(!help.contains("「1-03案(2).md」のことですか"), "{help}");
}

#[test]
fn addresses_that_differ_in_letter_case_only_are_refused() {
    let goal = |title: &str| format!("---\ntitle: {title}\npillar: trust\nactions: []\n---\n本文\n");
    let (upper, lower) = (goal("大きな目標"), goal("小さな目標"));
    check(
        &format!("-- content/2026/planning/A-1.md --\n{upper}-- content/2026/planning/a-1.md --\n{lower}"),
        &["content/2026/planning/a-1.md:1:1 duplicate-path \"\""],
    );
}

#[test]
fn files_in_no_known_place_are_named() {
    check(
        "-- content/2026/planning/計画 案.md --\n---\ntitle: x\n---\n-- content/notes/x.md --\n---\ntitle: x\n---\n",
        &["content/2026/planning/計画 案.md:1:1 bad-name \"\"", "content/notes/x.md:1:1 misplaced-file \"\""],
    );
}

#[test]
fn one_broken_file_raises_no_phantom_findings() {
    // The goal cannot be read, but its result, the goal that continues it and links to it are not at fault.
    check(
        "-- content/2025/planning/1-01.md --\n---\ntitle: 「条例\n\tpillar: trust\n---\n",
        &["content/2025/planning/1-01.md:3:1 yaml-syntax \"\\t\""],
    );
}

#[test]
fn a_year_with_results_shows_which_are_missing() {
    check(
        "-- content/2025/planning/1-02.md --\n---\ntitle: 別の目標\npillar: 1\nactions: []\n---\n本文\n",
        &["content/2025/planning/1-02.md:1:1 missing-result \"\""],
    );
}

#[test]
fn what_is_no_text_is_named() {
    let mut files = support::files(support::CITY);
    files.insert("content/2026/planning/1-02.md".into(), b"---\ntitle: \x96\xda\x95W\n---\n".to_vec());
    let Checked { value, diagnostics } = prepare(kohyo::source::Sources::from_memory(files));
    assert_eq!(
        support::describe(&value.sources, &diagnostics),
        ["content/2026/planning/1-02.md:1:1 text-encoding \"\""]
    );
    assert_eq!(diagnostics[0].message.ja, "Shift_JIS で保存されています。");
    assert_eq!(diagnostics[0].fix.as_ref().map(|fix| fix.text.as_str()), Some("---\ntitle: 目標\n---\n"));
    // And what is shown is no garbage.
    let style = human::Style { color: false, language: Language::Japanese };
    assert!(!human::human(&diagnostics, &value.sources, style).contains('\u{fffd}'));
}

#[test]
fn one_bad_character_in_a_text_is_pointed_at() {
    let mut files = support::files(support::CITY);
    files.insert("content/2026/planning/1-02.md".into(), b"---\ntitle: \xe7\x9b\xae\x96\xda\n---\n".to_vec());
    let Checked { value, diagnostics } = prepare(kohyo::source::Sources::from_memory(files));
    assert_eq!(
        support::describe(&value.sources, &diagnostics),
        ["content/2026/planning/1-02.md:2:9 text-encoding \"\""]
    );
}

/// What a goal with this front matter (without its fences) is told: `line:column rule "marked" help`.
#[track_caller]
fn check_form(front_matter: &str, expected: &str, help: &str) {
    check_file(&format!("---\n{front_matter}---\n本文です。\n"), expected, help);
}

#[track_caller]
fn check_file(text: &str, expected: &str, help: &str) {
    let mut files = support::files(support::CITY);
    files.insert("content/2026/planning/1-02.md".into(), text.into());
    let Checked { value, diagnostics } = prepare(kohyo::source::Sources::from_memory(files));
    let found = support::describe(&value.sources, &diagnostics);
    assert_eq!(found, [format!("content/2026/planning/1-02.md:{expected}")], "{text}");
    let said = diagnostics[0].help.as_ref().map_or("", |help| help.ja.as_str());
    assert!(said.contains(help), "{said}");
}

#[test]
fn slips_of_yaml_are_told_where_they_are_made() {
    let rest = "pillar: trust\nactions: []\n";
    check_form(&format!("title：見学会\n{rest}"), "2:6 yaml-syntax \"：\"", "半角の「:」");
    check_form(&format!("title:見学会\n{rest}"), "2:6 yaml-syntax \":\"", "半角の空白を1つ");
    check_form("title: 見学会\npillar:　trust\nactions: []\n", "3:7 yaml-syntax \":\\u{3000}\"", "半角の空白を1つ");
    check_form(&format!("title: \"見学会\n{rest}"), "2:8 yaml-syntax \"\\\"\"", "値の終わりに");
    check_form(&format!("title: \"見学会\"です\n{rest}"), "2:13 yaml-syntax \"で\"", "1組の引用符");
    check_form(&format!("title: 見学会: 夏\n{rest}"), "2:8 yaml-syntax \"見学会: 夏\"", "\"見学会: 夏\"");
    check_form(&format!("title: @見学会\n{rest}"), "2:8 yaml-syntax \"@見学会\"", "\"@見学会\"");
    check_form(&format!("title: !見学会\n{rest}"), "2:8 yaml-syntax \"!見学会\"", "\"!見学会\"");
    check_form(&format!("title: &見学会\n{rest}"), "2:8 yaml-syntax \"&見学会\"", "囲みます");
    check_form(&format!("title: 見学会\n組織目標: 夏\n{rest}"), "3:1 duplicate-key \"組織目標\"", "どちらか");
    check_form(&format!("title: 見学会\nevaluation: on-plan\n{rest}"), "3:1 unknown-key \"evaluation\"", ".result.md");
    check_form(&format!("title: 見学会\norder: １０\n{rest}"), "3:8 bad-figure \"１０\"", "10 と書きます");
    check_form(&format!("title: 見学会\nupdated: R8.6.25\n{rest}"), "3:10 bad-date \"R8.6.25\"", "2026-06-25");
    check_form(&format!("title: 見学会\nupdated: 2026-02-30\n{rest}"), "3:10 bad-date \"2026-02-30\"", "2月は28日まで");
    check_form("title: 見学会\npillar: １\nactions: []\n", "3:9 unknown-pillar \"１\"", "「1」と書きます");
    check_form(
        "title: 見学会\npillar: 信頼\nactions: []\n",
        "3:9 unknown-pillar \"信頼\"",
        "「信頼される市役所」の略称です",
    );
    check_form(
        "title: 見学会\npillar: 観光\nactions: []\n",
        "3:9 unknown-pillar \"観光\"",
        "「信頼される市役所」「健全な財政」",
    );
}

#[test]
fn slips_in_the_list_of_actions_are_told_where_they_are_made() {
    let check = |actions: &str, expected: &str, help: &str| {
        check_form(&format!("title: 見学会\npillar: trust\nactions:\n{actions}"), expected, help);
    };
    check("  - text: 開く\n    sections: [企画課\n", "6:15 yaml-syntax \"[\"", "] を足します");
    check("  - text: 開く\n    sections: [企画課］\n", "6:19 yaml-syntax \"］\"", "半角の「]」");
    check("  - text: 開く\n    indicator: { unit: 回, target: 3\n", "6:16 yaml-syntax \"{\"", "} を足します");
    check("  - text: 開く\n\tsections: [企画課]\n", "6:1 yaml-syntax \"\\t\"", "空白2つ");
    check("  - text: 開く\n　　sections: [企画課]\n", "6:1 yaml-syntax \"\\u{3000}\\u{3000}\"", "半角の空白");
    check("  - text: 開く\n   sections: [企画課]\n", "6:1 yaml-syntax \"   \"", "そろえます");
    check("  - text:開く\n", "5:9 yaml-syntax \":\"", "半角の空白を1つ");
    check("  -text: 開く\n", "5:3 yaml-syntax \"-\"", "「-」の後");
    check("  text: 開く\n", "5:3 wrong-type \"text: 開く\"", "「- 」を付け");
    check("  - text: 開く\n    target: 3\n", "6:5 unknown-key \"target\"", "indicator");
}

#[test]
fn fences_that_are_almost_right_are_told_where_they_are() {
    check_file("ーーー\ntitle: x\n---\n", "1:1 front-matter \"ーーー\"", "ハイフン3つ");
    check_file("---\ntitle: x\npillar: trust\n----\n本文\n", "4:1 front-matter \"----\"", "ハイフン3つ");
    check_file("---\ntitle: x\npillar: 1\n本文\n続き\n", "3:1 front-matter \"pillar: 1\"", "この行の次に");
    check_file("\n---\ntitle: x\npillar: 1\n---\n", "2:1 front-matter \"---\"", "空の行");
    check_file("title: x\npillar: 1\n---\n本文\n", "1:1 front-matter \"\"", "この行の上に");
    check_file("本文だけです。\n", "1:1 front-matter \"\"", "1行目に ---");
    check_file("", "1:1 empty-file \"\"", "保存し直します");
    check_file("\u{feff}  \n\n", "1:1 empty-file \"\"", "保存し直します");
}

#[test]
fn marks_of_byte_order_and_windows_line_ends_are_fine() {
    check(
        "-- content/2026/planning/1-02.md --\n\u{feff}---\r\ntitle: 見学会\r\npillar: trust\r\nactions: []\r\n---\r\n本文です。\r\n",
        &[],
    );
}

#[test]
fn the_author_sees_the_place_and_what_to_write() {
    let more = "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会\npillar: trast\nactions: []\n---\n";
    let Checked { value, diagnostics } = prepare(city_with(more));
    let style = human::Style { color: false, language: Language::Japanese };
    assert_eq!(
        human::human(&diagnostics, &value.sources, style),
        "エラー[unknown-pillar]: 「trast」という柱はありません。
  --> content/2026/planning/1-02.md:3:9
   3 | pillar: trast
     |         ^^^^^
  = 直し方: 「trust」のことですか。
   3 + pillar: trust
  = 理由: 柱が分からないと、柱ごとのページと集計から漏れます。

"
    );
    let style = human::Style { color: false, language: Language::English };
    assert!(human::human(&diagnostics, &value.sources, style).contains("= help: did you mean `trust`?"));
}

/// What is found in the small city with more settings, and what helps.
fn set(settings: &str) -> Vec<(String, String)> {
    let city = String::from_utf8(support::files(support::CITY)["site.yaml"].clone()).expect("UTF-8");
    let Checked { value, diagnostics } = prepare(city_with(&format!("-- site.yaml --\n{settings}\n{city}")));
    let helps = diagnostics.iter().map(|finding| finding.help.as_ref().map_or("", |help| &help.en).to_owned());
    support::describe(&value.sources, &diagnostics).into_iter().zip(helps).collect()
}

#[test]
fn a_setting_for_which_a_feature_is_missing_says_how_to_get_it() {
    let told = |settings: &str, place: &str, install: &str| {
        let found = set(settings);
        let [(found, help)] = &found[..] else { panic!("{settings}: {found:?}") };
        assert_eq!(found, &format!("site.yaml:1:{place}"));
        assert!(help.contains(install), "{help}");
    };
    if cfg!(not(feature = "minify")) {
        told("minify: full", "9 missing-feature \"full\"", "`cargo install --path . --features minify`");
        told("圧縮: すべて", "5 missing-feature \"すべて\"", "`cargo install --path . --features minify`");
    }
    if cfg!(not(feature = "pdf")) {
        let install = "`cargo install --path .` in kohyo's repository, without `--no-default-features`";
        told("pdf: { pages: [goal] }", "15 missing-feature \"[goal]\"", install);
        told("印刷用PDF: { ページ: 目標 }", "16 missing-feature \"目標\"", install);
    }
    // What asks for nothing is no mistake anywhere.
    for settings in ["minify: none", "圧縮: なし", "pdf: { sizes: [12] }", "pdf: { pages: [] }"] {
        assert_eq!(set(settings), [], "{settings}");
    }
    assert_eq!(set("minify: ful").len(), 1);
}

#[test]
fn the_repositorys_own_site_is_clean() {
    let Checked { value, diagnostics } = prepare(support::own_site());
    assert_eq!(support::describe(&value.sources, &diagnostics), Vec::<String>::new());
}

/// A goal with a broken link and an unknown section, and what is excused about them.
fn excused(settings: &str, before: &str, after: &str) -> String {
    format!(
        "-- content/2026/planning/1-02.md --
---
title: 見学会を開く
pillar: trust
actions:
  - text: 会場を選ぶ
    sections: [市民課]
{settings}---
{before}[前の計画](policy.md){after}
"
    )
}

const BROKEN: &str = "broken-link \"policy.md\"";
const SECTION: &str = "content/2026/planning/1-02.md:6:16 unknown-section \"市民課\"";

#[test]
fn a_document_may_excuse_a_rule_with_a_reason() {
    let settings = "exceptions:\n  - { rule: broken-link, reason: 7月に公開する }\n  - { 規則: record, 理由: 共管 }\n";
    check(&excused(settings, "", ""), &[]);
    let settings = "例外:\n  - { 規則: broken-link, 文字: policy.md, 理由: 7月に公開する }\n";
    check(&excused(settings, "", ""), &[SECTION]);
    let settings = "exceptions:\n  - { rule: broken-link, text: other.md, reason: 7月に公開する }\n";
    let (at, unused) = (
        format!("content/2026/planning/1-02.md:10:8 {BROKEN}"),
        "content/2026/planning/1-02.md:8:13 unused-exception \"broken-link\"",
    );
    check(&excused(settings, "", ""), &[SECTION, unused, &at]);
    let settings = "exceptions:\n  - { rule: broken-link }\n";
    let missing = "content/2026/planning/1-02.md:8:5 missing-field \"\"";
    check(&excused(settings, "", ""), &[SECTION, missing, &at]);
}

#[test]
fn a_line_may_be_excused_in_a_comment() {
    for (before, after) in [
        ("<!-- kohyo: allow broken-link: 7月に公開する -->\n", ""),
        ("<!-- kohyo：例外　broken-link：7月に公開する -->\n\n", ""),
        ("", " <!-- kohyo: 例外 page: 7月に公開する -->"),
    ] {
        check(&excused("", before, after), &[SECTION]);
    }
    // The comment says nothing about other lines, and code about comments excuses nothing.
    let elsewhere = "<!-- kohyo: 例外 broken-link: 7月に公開する -->\n資料\n\n";
    check(
        &excused("", elsewhere, ""),
        &[
            SECTION,
            "content/2026/planning/1-02.md:8:16 unused-exception \"broken-link\"",
            &format!("content/2026/planning/1-02.md:11:8 {BROKEN}"),
        ],
    );
    let code = "```\n<!-- kohyo: 例外 broken-link: 理由 -->\n```\n";
    check(&excused("", code, ""), &[SECTION, &format!("content/2026/planning/1-02.md:11:8 {BROKEN}")]);
    let settings = "# kohyo: allow bad-exception: ?\n";
    let unused = "content/2026/planning/1-02.md:7:16 unused-exception \"bad-exception\"";
    check(&excused(settings, "", " <!-- kohyo: 例外 page: 後で -->"), &[SECTION, unused]);
    let section = excused("", "", " <!-- kohyo: 例外 page: 後で -->")
        .replace("[市民課]", "[市民課] # kohyo: 例外 unknown-section: 共管");
    check(&section, &[]);
}

#[test]
fn a_site_says_how_bad_findings_are_and_excuses_by_path_and_text() {
    let site = |more: &str| {
        support::CITY
            .lines()
            .skip(2)
            .take_while(|line| !line.starts_with("-- content"))
            .fold("-- site.yaml --\n".to_owned(), |text, line| text + line + "\n")
            + more
    };
    let run = |more: &str| {
        let Checked { value, diagnostics } = prepare(city_with(&(site(more) + &excused("", "", ""))));
        let severities: Vec<&str> = diagnostics.iter().map(|finding| finding.severity.name()).collect();
        (support::describe(&value.sources, &diagnostics), severities.join(" "))
    };
    let link = format!("content/2026/planning/1-02.md:8:8 {BROKEN}");
    assert_eq!(run(""), (vec![SECTION.to_owned(), link.clone()], "warning error".into()));
    assert_eq!(run("checks: { unknown-section: error, page: ヒント }\n").1, "error hint");
    assert_eq!(run("確認: { page: off, broken-link: { level: 警告 }, record: なし }\n").1, "warning");
    let by_path = "exceptions:\n  - { rule: broken-link, file: content/2026/, reason: 7月に公開する }\n  - { rule: unknown-section, text: 市民課, reason: 共管 }\n";
    assert_eq!(run(by_path).0, Vec::<String>::new());
    let elsewhere = "exceptions:\n  - { rule: broken-link, file: content/2025/*.md, reason: 古い }\n";
    let (found, severities) = run(elsewhere);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[2].contains("unused-exception"), "{found:?}");
    assert_eq!(severities, "warning error warning");
    // What makes a page impossible stays an error, and is not excused.
    let (found, _) = run("checks: { bad-date: off, brokn-link: off, form: off }\n");
    assert_eq!(found.iter().filter(|finding| finding.contains("bad-exception")).count(), 2, "{found:?}");
}

#[test]
fn exceptions_of_a_faulty_document_are_not_called_unused() {
    let more = excused("exceptions:\n  - { rule: broken-link, reason: 後で }\n", "", "")
        .replace("pillar: trust", "pillar: trast");
    check(&more, &["content/2026/planning/1-02.md:3:9 unknown-pillar \"trast\"", SECTION]);
}

/// What a document with this body is told: `line:column rule "marked"`, lines counted from the body's first.
#[track_caller]
fn check_body(body: &str, expected: &[&str]) {
    assert_eq!(of_body(body), expected, "{body}");
}

fn of_body(body: &str) -> Vec<String> {
    let mut files = support::files(support::CITY);
    let text = format!("---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n{body}");
    files.insert("content/2026/planning/1-02.md".into(), text.into());
    files.insert("content/2026/planning/図.png".into(), b"\x89PNG\r\n\x1A\n".into());
    files.insert("content/2026/planning/1-03.md".into(), "---\ntitle: 図\npillar: 1\n---\n[図](図.png)\n".into());
    let Checked { value, diagnostics } = prepare(kohyo::source::Sources::from_memory(files));
    let found = support::describe(&value.sources, &diagnostics).into_iter();
    found
        .map(|found| {
            let rest = found.strip_prefix("content/2026/planning/1-02.md:").unwrap_or(&found).to_owned();
            let (line, rest) =
                rest.split_once(':').map(|(line, rest)| (line.to_owned(), rest.to_owned())).expect("a place");
            format!("{}:{rest}", line.parse::<usize>().map_or(0, |line| line.saturating_sub(5)))
        })
        .collect()
}

#[test]
fn characters_that_depend_on_the_machine_are_pointed_at() {
    check_body(
        "表彰は①と②、面積は350㎡、会場はﾎｰﾙ㌔です。\n",
        &[
            "1:4 platform-character \"①\"",
            "1:6 platform-character \"②\"",
            "1:14 platform-character \"㎡\"",
            "1:19 half-width-kana \"ﾎｰﾙ\"",
            "1:22 platform-character \"㌔\"",
        ],
    );
    check_body("`①` と\n\n```\n㈱\n```\n\n[表](https://www.example.jp/①)\n", &[]);
}

#[test]
fn dates_are_read_aloud_as_dates() {
    check_body(
        "2026/6/25、2026.06.25、R8.6.25、2026-06-25に。\n",
        &[
            "1:1 date-notation \"2026/6/25\"",
            "1:11 date-notation \"2026.06.25\"",
            "1:22 date-notation \"R8.6.25\"",
            "1:30 date-notation \"2026-06-25\"",
        ],
    );
    // Telephone numbers, versions, decimals, addresses and file names are none.
    check_body(
        "0566-95-0003、v1.2.3、192.168.1.1、10.8分、1.2.3、https://a.jp/2026/6/25/、2026/13/45\n",
        &["1:45 url-as-text \"https://a.jp/2026/6/25/\""],
    );
    check_body(
        "4月31日、令和8年6月25日（水）、令和8年（2025年）、2026年度（令和7年度）、令和元年2月29日。\n",
        &[
            "1:1 impossible-date \"4月31日\"",
            "1:17 impossible-date \"水\"",
            "1:25 impossible-date \"2025年\"",
            "1:39 impossible-date \"令和7年\"",
            "1:46 impossible-date \"令和元年2月29日\"",
        ],
    );
    check_body("令和8年6月25日（木）、2月29日、平成28年（2016年）、令和元年度（2019年度）、平成32年度までに。\n", &[]);
}

#[test]
fn amounts_have_separators_and_years_have_none() {
    check_body(
        "費用は12000円、予算は12500千円、2026年に1,200円と999円、1万2000円。\n",
        &["1:4 plain-amount \"12000\"", "1:14 plain-amount \"12500\"", "1:42 plain-amount \"2000\""],
    );
}

#[test]
fn blanks_inside_words_are_told_from_blanks_between_them() {
    check_body(
        "日　時　6月25日\n\nお 知 ら せ\n\n担　当　課は市民課\n",
        &[
            "1:1 spaced-word \"日\\u{3000}時\"",
            "3:1 spaced-word \"お 知 ら せ\"",
            "5:1 spaced-word \"担\\u{3000}当\\u{3000}課\"",
        ],
    );
    check_body("刈谷市　総務部\n\n月　火　水\n\n山田　太郎\n\nA と B\n\n委員会 と 部会\n", &[]);
    // Names of one letter, numbers of items, and lists.
    check_body(
        "室長：林　恵\n\n課長　小川　光 等\n\nア　国が持つ資料\n\n一　目　的を\n\n国　県　市の役割\n\n原　理\n",
        &[],
    );
}

#[test]
fn widths_are_mixed_only_where_both_are_there() {
    check_body("見学会を３回開きます。\n", &[]);
    check_body("見学会を３回、ＰＤＦを12部、説明会を2回。\n", &["1:5 mixed-width \"３\""]);
    // A house may write one digit in full width and more in half width, or two.
    check_body("窓口を１つにまとめ、見学会を３回、10件を98.4%、9:30から、A4で、(1)と(2)。\n", &[]);
    check_body("３回、１２回、１０件、２４人、2026年、120件。\n", &[]);
    check_body("Ａ評価とＢ評価、PDFとSNS。\n", &[]);
    check_body("１つ、２つ、３つ、10件、１２件。\n", &["1:14 mixed-width \"１２\""]);
    check_body("１2回と10件。\n", &["1:1 mixed-width \"１\""]);
    check_body("ＰＤＦとPDFです。\n", &["1:1 mixed-width \"ＰＤＦ\""]);
}

#[test]
fn signs_that_are_lost_when_read_aloud_are_told_from_others() {
    check_body(
        "4月～6月、10〜20人、1/2。\n\n| 会場 | 可否 |\n| --- | --- |\n| 市民会館 | ○ |\n",
        &["1:3 spoken-sign \"～\"", "1:9 spoken-sign \"〜\"", "1:14 spoken-sign \"1/2\"", "5:10 spoken-sign \"○\""],
    );
    check_body("○月○日、○○市、～みんなで～、○ 案内\n", &[]);
}

#[test]
fn long_sentences_are_counted_across_markup_and_lines() {
    let long = "長い文を数えます、".repeat(9);
    check_body(
        &format!("短い文です。{long}**まだ**\n続き{long}終わり。短い文です。\n"),
        &["1:7 long-sentence \"長い文を数えます、長い文を数えま\""],
    );
    check_body(&format!("- {long}\n- {long}\n"), &[]);
    // Whatever marks the lines of a list, each is a sentence, and so is each cell and each line of a table or a break.
    let half = "受付と確認及び補正の依頼と通知と台帳への登載、".repeat(3);
    for list in [
        format!("次のとおり\n①{half}\n②{half}\n③{half}\n"),
        format!("次のとおり\na) {half}\nb) {half}\n"),
        format!("　ア　{half}\n　イ　{half}\n"),
        format!("(1) {half}(2) {half}（３）{half}④{half}\n"),
        format!("{half}<br>\n{half}\n"),
        format!("{half}  \n{half}\n"),
        format!("| 欄 | 欄 |\n| --- | --- |\n| {half} | {half} |\n"),
        format!("## {half}\n\n{half}\n"),
    ] {
        // That ① is a sign of its own, and that lines with ア run together, is told by others.
        assert!(!of_body(&list).iter().any(|found| found.contains("long-sentence")), "{list}");
    }
    // A line that only ends is none.
    check_body(&format!("{half}\n{half}\n"), &["1:1 long-sentence \"受付と確認及び補正の依頼と通知と\""]);
}

#[test]
fn the_lines_of_a_value_are_sentences_and_folded_ones_are_not() {
    let half = "受付と確認及び補正の依頼と通知と台帳への登載、".repeat(3);
    let told = |value: &str| -> Vec<String> {
        let found = all_of(&format!(
            "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会\npillar: trust\nactions:\n  - text: {value}\n---\n"
        ));
        found.into_iter().filter(|it| it.contains("long-sentence")).collect()
    };
    for value in [
        format!("|\n      次のとおり\n      {half}\n      {half}\n"),
        format!("|-\n      ・{half}\n      ・{half}"),
        format!(">\n      ・{half}\n      ・{half}\n"),
        format!("{half}\n      (2) {half}"),
    ] {
        assert_eq!(told(&value), [""; 0], "{value}");
    }
    for value in [format!(">\n      {half}\n      {half}\n"), format!("{half}\n      {half}"), half.repeat(2)] {
        assert_eq!(told(&value).len(), 1, "{value}");
    }
}

#[test]
fn signs_and_ranges_in_criteria_and_results_are_read() {
    let told = |criterion: &str, indicator: &str, result: &str, actual: &str| -> Vec<String> {
        let found = all_of(&format!(
            "-- content/2025/planning/1-02.md --\n---\ntitle: 調査\npillar: trust\nactions:\n  - text: 調べる\n    criterion: \"{criterion}\"\n    indicator: {{ {indicator} }}\n---\n\
             -- content/2025/planning/1-02.result.md --\n---\nevaluation: on-plan\nreason: 年度の途中で改めた\nactions: [{{ result: \"{result}\", actual: {actual} }}]\n---\n"
        ));
        let place = |it: String| it.split_once(' ').map(|(_, what)| what.to_owned()).expect("a place");
        found
            .into_iter()
            .map(place)
            .filter(|it| it.starts_with("figure") || it.starts_with("over") || it.starts_with("imp"))
            .collect()
    };
    let down = "name: 増減率, unit: \"%\", target: -5, direction: down";
    for criterion in
        ["前年度比 -5%", "△5％", "▲5%", "−5%", "－５％", "マイナス5％", "minus 5%", "-3～-6%を目安に -5%", "±5%"]
    {
        assert_eq!(told(criterion, down, "△5.2％となった", "-5.2"), [""; 0], "{criterion}");
    }
    assert_eq!(told("前年度比 -6%", down, "", "-5"), ["figure-mismatch \"-6%\""]);
    assert_eq!(told("5%", down, "", "-5"), ["figure-mismatch \"5%\""], "a sign that is missing");
    // What is reduced is written either way.
    assert_eq!(told("ごみを △5%", "name: 削減率, unit: \"%\", target: 5", "▲6%", "6"), [""; 0]);
    for criterion in ["90～95％", "90%以上95%未満", "between 90 and 95 %", "9割以上9割5分未満", "90-95%"] {
        assert_eq!(told(criterion, "name: 受診率, unit: \"%\", target: 92", "91～94%", "93"), [""; 0], "{criterion}");
    }
    assert_eq!(told("90～95％", "name: 受診率, unit: \"%\", target: 80", "", "93"), ["figure-mismatch \"90～95％\""]);
    assert_eq!(told("社会増減 △60人", "name: 社会増減, unit: 人, target: -60", "98人の減", "-98"), [""; 0]);
    assert_eq!(told("5～10回", "name: 開催, unit: 回, target: 8", "", "9"), [""; 0]);
    assert_eq!(told("16k㎡", "name: 面積, unit: 平方キロメートル, target: 16", "", "16"), [""; 0]);
    // More than all may be right.
    assert_eq!(told("接種", "name: 接種率, unit: \"%\", target: 98", "", "101.3"), ["over-hundred \"101.3\""]);
}

#[test]
fn brackets_and_doubled_characters_are_slips() {
    check_body(
        "広報紙の「市役所でお知らせします。。\n\n見学会をを開く」\n\n1）会場、（市民会館)、『「本」』\n",
        &[
            "1:5 unclosed-bracket \"「\"",
            "1:17 doubled-character \"。。\"",
            "3:4 doubled-character \"をを\"",
            "3:8 unclosed-bracket \"」\"",
        ],
    );
}

#[test]
fn characters_nobody_can_see_or_print_are_pointed_at() {
    check_body(
        "見学\u{200b}会\u{a0}を🎉\u{fe0f}開く、\u{e123}、𠮷𠮷、か\u{3099}き\u{3099}。\n",
        &[
            "1:3 invisible-character \"\\u{200b}\"",
            "1:5 invisible-character \"\\u{a0}\"",
            "1:7 unprintable-character \"🎉\\u{fe0f}\"",
            "1:12 unprintable-character \"\\u{e123}\"",
            "1:17 decomposed-text \"か\\u{3099}き\\u{3099}\"",
        ],
    );
}

#[test]
fn links_images_tables_and_headings_say_what_they_are() {
    check_body(
        "## 背景\n#### 会場\n[こちら](1-01.md) [条例](1-01.md) https://a.jp/ ![画像](図.png) ![会場の図](図.png)\n\n|  |  |\n|---|---|\n| a | b |\n\n<b>太い</b>\n",
        &[
            "2:1 skipped-heading \"#### 会場\"",
            "3:1 vague-link \"[こちら](1-01.md)\"",
            "3:30 url-as-text \"https://a.jp/\"",
            "3:44 weak-alt \"![画像](図.png)\"",
            "5:1 headerless-table \"|  |  |\"",
            "9:1 raw-html \"<b>\"",
            "9:6 raw-html \"</b>\"",
        ],
    );
}

#[test]
fn a_city_tunes_what_its_texts_are_checked_against() {
    let site = "-- site.yaml --
title: 青葉市 組織目標
organization: { name: 青葉市 }
scale: [{ key: on-plan, label: 計画通り }]
columns: [{ key: ordinance, label: 条例 }]
checks:
  japanese: { names: [㈱かきつばた, ステージ①] }
  avoided-word: { words: { 障害者: 障がい者, 父兄: 保護者, 住民の方: 住民 } }
  long-sentence: { most: 30 }
-- content/2026/planning/1-02.md --
---
title: ㈱かきつばたと㈱あやめ
pillar: trust
actions: []
---
ステージ①、父兄、障がい者、障害者、住民の方。あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほ。
";
    check(
        site,
        &[
            "content/2026/planning/1-02.md:2:15 platform-character \"㈱\"",
            "content/2026/planning/1-02.md:6:7 avoided-word \"父兄\"",
            "content/2026/planning/1-02.md:6:15 avoided-word \"障害者\"",
            "content/2026/planning/1-02.md:6:19 avoided-word \"住民の方\"",
            "content/2026/planning/1-02.md:6:24 long-sentence \"あいうえおかきくけこさしすせそた\"",
        ],
    );
    // An English site is told nothing about Japanese.
    let english = site.replace("title: 青葉市 組織目標", "title: x\nlanguage: en");
    check(
        &english,
        &[
            "content/2026/planning/1-02.md:6:7 avoided-word \"父兄\"",
            "content/2026/planning/1-02.md:6:15 avoided-word \"障害者\"",
            "content/2026/planning/1-02.md:6:19 avoided-word \"住民の方\"",
        ],
    );
}

/// Findings of the small city with files replaced.
fn all_of(more: &str) -> Vec<String> {
    let Checked { value, diagnostics } = prepare(city_with(more));
    support::describe(&value.sources, &diagnostics)
}

#[test]
fn a_slip_of_yaml_hides_no_other_mistake_and_makes_none() {
    let goal = |front_matter: &str| all_of(&format!("-- content/2026/planning/1-02.md --\n---\n{front_matter}---\n"));
    // Each with its own mistake of form.
    assert_eq!(
        goal("title: 第1期: 見学会\npillar：trust\nupdated: 令和8年6月31日\nactions:\n\t- text: 開く\n"),
        [
            "content/2026/planning/1-02.md:2:8 yaml-syntax \"第1期: 見学会\"",
            "content/2026/planning/1-02.md:3:7 yaml-syntax \"：\"",
            "content/2026/planning/1-02.md:4:10 bad-date \"令和8年6月31日\"",
            "content/2026/planning/1-02.md:6:1 yaml-syntax \"\\t\"",
        ]
    );
    // An open quotation mark that is closed further down takes the lines between with it.
    assert_eq!(
        goal("pillar: trust\ntitle: \"見学会\n第2期: 秋\n第3期: 冬\"\nupdated: 6月\nactions: []\n"),
        [
            "content/2026/planning/1-02.md:3:8 yaml-syntax \"\\\"\"",
            "content/2026/planning/1-02.md:6:10 bad-date \"6月\"",
        ]
    );
    // What is missing may be what could not be read; what nothing can stand for is missing.
    assert_eq!(goal("題：見学会\nactions: []\n"), ["content/2026/planning/1-02.md:2:2 yaml-syntax \"：\""]);
    assert_eq!(
        goal("title：見学会\nactions: []\n"),
        [
            "content/2026/planning/1-02.md:2:1 missing-field \"\"",
            "content/2026/planning/1-02.md:2:6 yaml-syntax \"：\"",
        ]
    );
    // Texts are checked, unless something in the file excuses them.
    let body = |more: &str| {
        all_of(&format!(
            "-- content/2026/planning/1-02.md --\n---\ntitle：見学会\npillar: trust\nactions: []\n{more}---\n㈱青葉と行う。\n"
        ))
    };
    assert_eq!(
        body(""),
        [
            "content/2026/planning/1-02.md:2:6 yaml-syntax \"：\"",
            "content/2026/planning/1-02.md:6:1 platform-character \"㈱\"",
        ]
    );
    let excused = "exceptions: [{ rule: platform-character, reason: 商号 }]\n";
    assert_eq!(body(excused), ["content/2026/planning/1-02.md:2:6 yaml-syntax \"：\""]);
}

#[test]
fn broken_settings_of_the_site_blame_no_document() {
    let mend = |from: &str, to: &str| {
        let city = String::from_utf8(support::files(support::CITY)["site.yaml"].clone()).expect("UTF-8");
        assert!(city.contains(from));
        all_of(&format!("-- site.yaml --\n{}", city.replacen(from, to, 1)))
    };
    assert_eq!(mend("scale:\n", "scale：\n"), ["site.yaml:5:6 yaml-syntax \"：\""]);
    // A second document, no map, and an entry whose lines take the levels with them.
    assert_eq!(mend("scale:\n", "---\nscale:\n").len(), 1);
    assert_eq!(mend("title: 青葉市", "- title: 青葉市").len(), 1);
    assert_eq!(
        mend("title: 青葉市", "title: \"青葉市").len() + mend("scale:\n", "notice: \"見本\n\"scale\":\n").len(),
        2
    );
    let many = format!("scale:\n{}", "# 説明\n".repeat(8000));
    assert_eq!(mend("scale:\n", &many), ["site.yaml:1:1 too-large \"\""]);
    // What a document excuses was not judged either.
    let excused = "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会\npillar: trust\nactions: []\n\
                   exceptions: [{ rule: vague-link, reason: 外のサイトの名前 }]\n---\n[こちら](https://a.jp)\n";
    let city = String::from_utf8(support::files(support::CITY)["site.yaml"].clone()).expect("UTF-8");
    let city = city.replacen("scale:\n", "scale：\n", 1);
    assert_eq!(all_of(&format!("{excused}-- site.yaml --\n{city}")), ["site.yaml:5:6 yaml-syntax \"：\""]);
    assert_eq!(mend("columns:\n  -", "columns:\n\t-"), ["site.yaml:10:1 yaml-syntax \"\\t\""]);
    assert_eq!(mend("title: 青葉市", "title: \"青葉市"), ["site.yaml:1:8 yaml-syntax \"\\\"\""]);
    assert_eq!(
        mend("base_url: https", "base_uri: https").len() + mend("scale:\n", "scale：\nlanguage: 仏語\n").len(),
        1 + 2
    );
}

#[test]
fn a_value_cut_off_by_a_comment_is_told() {
    check_form("title: 見学会 #2\npillar: trust # 柱\nactions: []\n", "2:12 lost-text \"#2\"", "\" \" で囲みます");
    let rest = "pillar: trust\nactions: []\n";
    check_form(&format!("title: 見学会 #要確認\n{rest}"), "2:12 lost-text \"#要確認\"", "\"見学会 #要確認\"");
    check_form(&format!("title: 「夏の\"会\"」 #２\n{rest}"), "2:16 lost-text \"#２\"", "\"「夏の\\\"会\\\"」 #２\"");
    check_form(&format!("title: \"見学会\" #2\n{rest}"), "2:14 lost-text \"#2\"", "引用符を");
    check_form(
        "title: 見学会\npillar: trust\nactions:\n  - { text: 開く #2, sections: [企画課] }\n",
        "5:16 yaml-syntax \"#2, sections: [企画課] }\"",
        "「#」を含む値",
    );
    let site = |line: &str| {
        let mut files = support::files(support::CITY);
        let text = String::from_utf8(files["site.yaml"].clone()).expect("UTF-8") + line + "\n";
        files.insert("site.yaml".into(), text.into_bytes());
        let Checked { value, diagnostics } = prepare(kohyo::source::Sources::from_memory(files));
        support::describe(&value.sources, &diagnostics)
    };
    assert_eq!(site("notice: 見本です #1"), ["site.yaml:11:14 lost-text \"#1\""]);
    assert_eq!(site("notice: 見本です # 案"), [""; 0]);
}

#[test]
fn the_first_of_two_slips_is_told_with_the_second() {
    assert_eq!(
        all_of("-- content/2026/planning/1-02.md --\n---\n  title: 見学会\npillar: trust\nactions: []\nupdated：2026-06-25\n---\n")
            .len(),
        2
    );
    // What the document excuses is not told because another of its entries is broken.
    let excused = "-- content/2026/planning/1-02.md --\n---\ntitle：見学会\npillar: trust\nactions:\n  - text: 開く #2\n\
                   exceptions: [{ rule: lost-text, reason: 番号は公表しない }]\n---\n";
    assert_eq!(all_of(excused), ["content/2026/planning/1-02.md:2:6 yaml-syntax \"：\""]);
}

#[test]
fn only_a_bare_number_is_put_into_a_value_unasked() {
    let is_safe = |title: &str| {
        let text = format!("---\ntitle: {title}\npillar: trust\nactions: []\n---\n本文です。\n");
        let mut files = support::files(support::CITY);
        files.insert("content/2026/planning/1-02.md".into(), text.into());
        let findings = prepare(kohyo::source::Sources::from_memory(files)).diagnostics;
        assert_eq!(findings.iter().map(|it| it.rule.name()).collect::<Vec<_>>(), ["lost-text"], "{title}");
        findings[0].fix.as_ref().is_some_and(|fix| fix.safety == Safety::Safe)
    };
    assert!(is_safe("見学会 #2") && is_safe("見学会 #１２"));
    // What stands behind the number may be a note that nobody meant to publish.
    assert!(!is_safe("見学会 #3月末までに部長確認") && !is_safe("見学会 #2 #要確認") && !is_safe("見学会 #要確認"));
}

#[test]
fn comments_are_no_lost_text() {
    for line in
        ["updated: 2026-06-25 #公表の日", "draft: false #済み", "order: 3 #件数", "#2 は後で書く", "sample: false # 2"]
    {
        let text =
            format!("---\ntitle: 見学会 ## 2\npillar: trust #1\n{line}\nactions: [] #まだない\n---\n本文です。\n");
        let files = support::files(&format!("-- content/2026/planning/1-02.md --\n{text}"));
        let all = support::files(support::CITY).into_iter().chain(files).collect::<std::collections::BTreeMap<_, _>>();
        let findings = prepare(kohyo::source::Sources::from_memory(all)).diagnostics;
        let lost: Vec<_> = findings.iter().filter(|it| it.rule.name() == "lost-text").collect();
        assert!(lost.is_empty(), "{line}: {lost:?}");
    }
}

#[test]
fn what_was_published_changes_only_with_a_correction() {
    use kohyo::pipeline;
    use kohyo::prepared::Options;
    use kohyo::site::published_figures::{Published, PublishedGoal};
    use std::sync::Arc;
    let first = prepare(city_with("")).value;
    let published = Published::parse(&Published::of(&first.site).json()).expect("what was written");
    let check_against = |published: &Published, more: &str| {
        let options = Options {
            as_of: support::TODAY,
            today: support::TODAY,
            drafts: false,
            base_url: None,
            asked: Default::default(),
            published: Some(Arc::new(published.clone())),
        };
        let Checked { value, diagnostics } = pipeline::prepare(Arc::new(city_with(more)), options);
        support::describe(&value.sources, &diagnostics)
    };
    let check = |more: &str| check_against(&published, more);
    assert_eq!(check(""), [""; 0]);
    let result = |corrections: &str| {
        format!(
            "-- content/2025/planning/1-01.result.md --\n---\nevaluation: on-plan\nactions:\n  - {{ result: 4回開いた, actual: 4 }}\n{corrections}---\n"
        )
    };
    assert_eq!(check(&result("")), ["content/2025/planning/1-01.result.md:4:30 changed-figure \"4\""]);
    let correction = "corrections: [{ date: 2026-09-01, was: \"3\", now: \"4\", why: 集計の誤り }]\n";
    assert_eq!(check(&result(correction)), [""; 0]);
    let goal = |indicator: &str| {
        format!(
            "-- content/2025/planning/1-01.md --\n---\ntitle: 条例の検証\npillar: trust\nactions:\n  - text: 委員会を開く\n    indicator: {indicator}\n---\n本文です。\n"
        )
    };
    assert_eq!(check(&goal("{ unit: 回, target: 2 }")), ["content/2025/planning/1-01.md:6:35 changed-figure \"2\""]);
    // A target that was revised keeps the first one.
    assert_eq!(check(&goal("{ unit: 回, target: 3, revised_target: 2 }")), [""; 0]);
    let draft = "-- content/2026/planning/1-01.md --\n---\ntitle: 条例の見直し\npillar: 1\ndraft: true\nactions:\n  - { text: 案をまとめる }\n---\n";
    assert_eq!(check(draft), ["content/2026/planning/1-01.md:1:1 vanished-year \"\""]);
    let mut more = published.clone();
    more.goals.insert("2026/planning/1-02".into(), PublishedGoal::default());
    assert_eq!(check_against(&more, ""), ["content/2026/planning/1-01.md:1:1 vanished-goal \"\""]);
    more.goals.insert("2024/planning/1-01".into(), PublishedGoal::default());
    let found = check_against(&more, draft);
    assert_eq!(
        found,
        ["content/2026/planning/1-01.md:1:1 vanished-year \"\"", "site.yaml:1:1 vanished-year \"\""],
        "one for each year"
    );
}

#[test]
fn file_names_that_are_nearly_right_are_told_the_right_one() {
    let check = |name: &str, help: &str| {
        let more = format!("-- content/2026/planning/{name} --\n---\ntitle: 見学会\npillar: 1\nactions: []\n---\n");
        let Checked { value, diagnostics } = prepare(city_with(&more));
        let found = support::describe(&value.sources, &diagnostics);
        assert_eq!(found, [format!("content/2026/planning/{name}:1:1 bad-name \"\"")]);
        let said = diagnostics[0].help.as_ref().map_or("", |help| help.ja.as_str());
        assert!(said.contains(help), "{name}: {said}");
    };
    check("1-02.md.txt", "「1-02.md」");
    check("1-02.MD", "「1-02.md」");
    check("1-02.results.md", "「1-02.result.md」");
    check("1-02.progress-2026-9-30.md", "1-02.progress-2026-09-30.md");
    check("１-02.md", "「1-02.md」");
    check("1-02 - コピー.md", "写し");
    check("con.md", "ほかの名前");
    check("aux.pdf", "ほかの名前");
    check("con .pdf", "ほかの名前");
    check("lpt².pdf", "ほかの名前");
    check("conout$.pdf", "ほかの名前");
    // Windows takes all of these for another file's name.
    check("plan.pdf.", "「plan.pdf」");
    check("plan.pdf ", "「plan.pdf」");
    check("index.html.", "「index.html」");
    check("drafts./plan.pdf", "「drafts」");
    check("図?.pdf", "空白や括弧は使えません");
}

#[test]
fn documents_in_the_wrong_folder_are_told_the_right_one() {
    let check = |path: &str, help: &str| {
        let more = format!("-- content/{path} --\n---\ntitle: 見学会\npillar: 1\nactions: []\n---\n");
        let Checked { value, diagnostics } = prepare(city_with(&more));
        let found = support::describe(&value.sources, &diagnostics);
        assert_eq!(found, [format!("content/{path}:1:1 misplaced-file \"\"")]);
        let said = diagnostics[0].help.as_ref().map_or("", |help| help.ja.as_str());
        assert!(said.contains(help), "{path}: {said}");
    };
    check("2026/1-02.md", "部局のフォルダー");
    check("令和8年度/planning/1-02.md", "content/2026/planning/1-02.md");
    check("planning/2026/1-02.md", "content/2026/planning/1-02.md");
    check("2026/planning/案/1-02.md", "content/2026/planning/1-02.md");
}

#[test]
fn whoever_leaves_the_day_open_does_not_publish_now() {
    for (line, marked) in [
        ("公表日:", "公表日"),
        ("publish_at: # 未定", "publish_at"),
        ("publish_at: \"\"", "\"\""),
        ("下書き: ' '", "' '"),
        ("draft:", "draft"),
    ] {
        let goal = format!("title: 見学会\npillar: 1\n{line}\nactions: []");
        for (path, matter) in [
            ("2026/planning/1-02.md", goal.as_str()),
            ("pages/plan.md", &format!("title: 計画\nmenu: yes\n{line}")),
            (
                "2025/planning/1-01.result.md",
                &format!("evaluation: on-plan\nactions: [{{ result: 開いた, actual: 3 }}]\n{line}"),
            ),
        ] {
            let found = all_of(&format!("-- content/{path} --\n---\n{matter}\n---\n本文です。\n"));
            let [found] = &found[..] else { panic!("{path} {line}: {found:?}") };
            assert!(found.starts_with(&format!("content/{path}:4:")), "{found}");
            assert!(found.ends_with(&format!(" missing-field {marked:?}")), "{found}");
        }
    }
}

#[test]
fn a_result_says_what_was_done_and_how_it_went() {
    let result = |matter: &str, body: &str| {
        all_of(&format!("-- content/2025/planning/1-01.result.md --\n---\n{matter}---\n{body}"))
    };
    let at = |place: &str| [format!("content/2025/planning/1-01.result.md:{place}")];
    let empty = "evaluation: on-plan\nactions:\n  - result:\n";
    let without =
        |found: Vec<String>| -> Vec<String> { found.into_iter().filter(|it| !it.contains("missing-actual")).collect() };
    assert_eq!(without(result(empty, "")), at("4:5 missing-field \"result:\""));
    assert_eq!(without(result(empty, "委員会を3回開きました。\n")), [""; 0]);
    assert_eq!(result("evaluation: on-plan\nactions: [{ actual: 3 }]\n", ""), [""; 0]);
    assert_eq!(result("actions: [{ result: 開いた, actual: 3 }]\n", ""), at("1:1 missing-evaluation \"\""));
    assert_eq!(result("actions: [{ result: 開いた, actual: 3, evaluation: on-plan }]\n", ""), [""; 0]);
    assert_eq!(
        result("evaluation: よい\nactions: [{ result: 開いた, actual: 3 }]\n", ""),
        at("2:13 unknown-level \"よい\"")
    );
}

#[test]
fn a_mail_address_is_one_that_mail_can_be_sent_to() {
    let department = |email: &str| {
        let more = format!(
            "-- content/departments/planning.md --\n---\nname: 企画部\ncontact: {{ email: \"{email}\" }}\n---\n"
        );
        let Checked { diagnostics, .. } = prepare(city_with(&more));
        diagnostics
            .into_iter()
            .map(|it| (it.rule.name(), it.safe_fix().map(|fix| fix.text.clone())))
            .collect::<Vec<_>>()
    };
    assert_eq!(department("kikaku@example.lg.jp"), []);
    assert_eq!(department("kikaku＠example．lg.jp"), [("bad-value", Some("kikaku@example.lg.jp".to_owned()))]);
    for wrong in ["kikaku", "kikaku@", "a@b@example.jp", "企画課@example.jp", "kikaku@example"] {
        assert_eq!(department(wrong), [("bad-value", None)], "{wrong}");
    }
}

#[test]
fn a_site_without_a_document_is_not_taken_for_an_empty_one() {
    let settings = "-- site.yaml --\ntitle: 目標\norganization: { name: 青葉市 }\n";
    for more in ["", "-- content/plan.pdf --\nx\n", "-- public/index.html --\nx\n"] {
        let files = support::files(&format!("{settings}{more}"));
        let Checked { value, diagnostics } = prepare(kohyo::source::Sources::from_memory(files));
        assert_eq!(support::describe(&value.sources, &diagnostics), ["site.yaml:1:1 unreadable \"\""], "{more}");
        assert!(diagnostics[0].message.ja.contains("文書が1つもありません"), "{}", diagnostics[0].message.ja);
    }
    let files = support::files(&format!("{settings}-- content/index.md --\n目標の記録です。\n"));
    assert_eq!(prepare(kohyo::source::Sources::from_memory(files)).diagnostics, []);
}

#[test]
fn a_folder_of_goals_that_is_no_year_stops_a_build() {
    for folder in ["R8/planning", "205/planning", "2026年/planning", "2026/planning/old", "drafts"] {
        let more = format!("-- content/{folder}/1-02.md --\n---\ntitle: 見学会\npillar: 1\nactions: []\n---\n");
        let Checked { diagnostics, .. } = prepare(city_with(&more));
        let found: Vec<_> = diagnostics.iter().map(|finding| (finding.rule.name(), finding.severity)).collect();
        assert_eq!(found, [("misplaced-file", Severity::Error)], "{folder}");
    }
}

#[test]
fn names_that_macos_wrote_in_parts_are_found_as_people_type_them() {
    check(
        "-- content/2026/planning/か\u{3099}くしゅう.md --\n---\ntitle: 学習\npillar: 1\nactions: []\n---\n[学習の概要](か\u{3099}いよう.png)、[学習の概要](がいよう.png)、[目標](/2026/planning/がくしゅう)\n-- content/2026/planning/か\u{3099}いよう.png --\nx\n",
        &[],
    );
}

#[cfg(feature = "pdf")]
#[test]
fn one_character_is_told_once() {
    let city = String::from_utf8(support::files(support::CITY)["site.yaml"].clone()).expect("UTF-8");
    let goal = "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会\npillar: trust\nactions: []\n---\n祭り🎉と\u{e000}。🎉\n";
    let place = |line: &str| format!("content/2026/planning/1-02.md:{line}");
    let told = [
        place("6:3 unprintable-character \"🎉\""),
        place("6:5 unprintable-character \"\\u{e000}\""),
        place("6:7 unprintable-character \"🎉\""),
    ];
    assert_eq!(all_of(goal), told);
    // Booklets name what their fonts lack, once for each character of a file.
    let told = [place("6:3 missing-glyph \"🎉\""), place("6:5 missing-glyph \"\\u{e000}\"")];
    assert_eq!(all_of(&format!("-- site.yaml --\n{city}pdf: {{ pages: [goal] }}\n{goal}")), told);
}

#[test]
fn texts_of_the_site_itself_are_checked() {
    let city = String::from_utf8(support::files(support::CITY)["site.yaml"].clone()).expect("UTF-8");
    let with = |from: &str, to: &str| all_of(&format!("-- site.yaml --\n{}", city.replacen(from, to, 1)));
    assert_eq!(with("青葉市 組織目標", "青葉市 組織目標①"), ["site.yaml:1:16 platform-character \"①\""]);
    assert_eq!(with("name: 青葉市", "name: 青葉市㈱"), ["site.yaml:3:26 platform-character \"㈱\""]);
    assert_eq!(with("office: 企画課", "office: ｷｶｸ課"), ["site.yaml:4:20 half-width-kana \"ｷｶｸ\""]);
    assert_eq!(with("label: 計画以上", "label: 計 画以上"), [""; 0]);
    assert_eq!(with("label: 条例", "label: 条　例"), ["site.yaml:10:30 spaced-word \"条\\u{3000}例\""]);
    assert_eq!(
        with("scale:", "notice: 2026.6.25 の見本です\ndescription: 目標の記録です。。\nscale:"),
        ["site.yaml:5:9 date-notation \"2026.6.25\"", "site.yaml:6:21 doubled-character \"。。\"",]
    );
    let excused = "checks:\n  japanese: { names: [青葉市㈱] }\nscale:";
    assert_eq!(with("name: 青葉市 }", "name: 青葉市㈱ }").len(), 1);
    let named = city.replacen("name: 青葉市 }", "name: 青葉市㈱ }", 1).replacen("scale:", excused, 1);
    // A group without a level keeps the one it has.
    assert_eq!(all_of(&format!("-- site.yaml --\n{named}")), [""; 0]);
    // English sites are not judged by it.
    assert_eq!(with("title: 青葉市 組織目標", "language: en\ntitle: 青葉市 組織目標①"), [""; 0]);
}

/// What the first finding of a site with these settings says, its advice, and whether `--fix` mends it.
fn said_of_settings(settings: &str) -> (String, String, bool) {
    let Checked { value, diagnostics } = prepare(city_with(&format!("-- site.yaml --\n{settings}\n")));
    let is_of_settings = |finding: &&Diagnostic| value.sources.path(finding.place.file) == "site.yaml";
    let finding = diagnostics.iter().find(is_of_settings).expect("a finding");
    let help = finding.help.as_ref().map(|help| help.ja.clone()).unwrap_or_default();
    (finding.message.ja.clone(), help, finding.safe_fix().is_some())
}

#[test]
fn a_slip_in_the_settings_is_told_in_the_keys_of_the_settings() {
    // Texts of `site.yaml`, some of which no document has.
    for settings in [
        "organization: { name: 市 }\ntitle: 見本: 記録",
        "organization: { name: 市 }\ntitle: 見本\nお知らせ: 注意: 工事中",
        "title: 見本\norganization:\n  name: 青葉: 市",
    ] {
        let (message, help, is_fixed) = said_of_settings(settings);
        assert_eq!(message, "値の中に「: 」があります。", "{settings}");
        assert!(help.starts_with("値の全体を \" \" で囲みます") && is_fixed, "{settings}: {help}");
    }
    // Two keys on one line, both of the settings; `criterion` is one of documents only, and here part of a text.
    let (message, ..) = said_of_settings("organization: { name: 市 }\ntitle: language: ja");
    assert_eq!(message, "1つの行に、項目が2つあります。");
    let (message, ..) = said_of_settings("organization: { name: 市 }\ntitle: criterion: 3");
    assert_eq!(message, "値の中に「: 」があります。");
    // A key of a result does not belong into a result when it stands in the settings.
    let (message, help, _) = said_of_settings("organization: { name: 市 }\ntitle: 見本\nevaluation: on-plan");
    assert_eq!(message, "「evaluation」という項目はありません。");
    assert!(!help.contains(".result.md"), "{help}");
}

#[cfg(unix)]
#[test]
fn why_a_file_cannot_be_read_is_told_by_the_kind_of_error() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, bytes) in support::files(support::CITY) {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }
    // Names with the words of other troubles in them.
    let pages = folder.path().join("content/pages/loop");
    std::fs::create_dir_all(&pages).expect("a folder");
    symlink("nowhere", folder.path().join("content/pages/loop-plan.md")).expect("a link");
    symlink("No such file.md", folder.path().join("content/pages/No such file.md")).expect("a link");
    symlink("..", pages.join("Permission denied")).expect("a link");
    let sources = kohyo::source::Sources::read(folder.path()).expect("a site");
    let Checked { value, diagnostics } = prepare(sources);
    let said: Vec<(String, &str)> = diagnostics
        .iter()
        .filter(|finding| matches!(finding.rule.name(), "unreadable" | "outside-file"))
        .map(|finding| (value.sources.path(finding.place.file).to_owned(), &*finding.message.ja))
        .collect();
    let expected = [
        ("content/pages/No such file.md".to_owned(), "リンクをたどると、元のリンクに戻ります。"),
        ("content/pages/loop-plan.md".to_owned(), "リンク先のファイルがありません。"),
        (
            "content/pages/loop/Permission denied".to_owned(),
            "リンクの先が、このサイトのファイルではありません。読んでいません。",
        ),
    ];
    assert_eq!(said, expected);
}

#[test]
fn what_acts_on_a_server_or_in_a_browser_is_no_attachment() {
    // The case of the review: pages, scripts and settings of hosts in a shared folder.
    let found = all_of(
        "-- content/CNAME --\nevil.example\n-- content/_headers --\n/*\n  X: y\n-- content/_redirects --\n/* https://evil.example 301\n\
         -- content/crossdomain.xml --\n<cross-domain-policy/>\n-- content/pages/cmd.php --\n<?php system($_GET[0]); ?>\n\
         -- content/pages/evil.html --\n<script>fetch(\"/\")</script>\n-- content/pages/fake.pdf --\n<script>alert(1)</script>\n\
         -- content/pages/x.shtml --\n<!--#exec cmd=\"id\" -->\n-- content/staticwebapp.config.json --\n{}\n\
         -- content/sw.js --\nself.x\n-- content/web.config --\n<configuration/>\n",
    );
    let of = |rule: &str| {
        let paths = found.iter().filter_map(|line| line.strip_suffix(&format!(":1:1 {rule} \"\"")));
        paths.map(|path| path.trim_start_matches("content/").to_owned()).collect::<Vec<_>>()
    };
    let host =
        ["CNAME", "_headers", "_redirects", "crossdomain.xml", "staticwebapp.config.json", "sw.js", "web.config"];
    assert_eq!(of("host-file"), host);
    assert_eq!(of("unknown-attachment"), ["pages/cmd.php", "pages/evil.html", "pages/x.shtml"]);
    assert_eq!(of("false-ending"), ["pages/fake.pdf"]);
}

#[test]
fn what_waits_for_its_day_is_looked_into_and_what_is_never_published_is_not() {
    let goal =
        "-- content/2026/planning/1-02.md --\n---\ntitle: 案内\npillar: 1\npublish_at: 2026-12-01\n---\n[図](図.pdf)\n";
    let file = "-- content/2026/planning/図.pdf --\n<p>\n";
    assert_eq!(all_of(&format!("{goal}{file}")), ["content/2026/planning/図.pdf:1:1 false-ending \"\""]);
    assert_eq!(all_of(file), ["content/2026/planning/図.pdf:1:1 unused-attachment \"\""]);
}

#[test]
fn an_allowance_holds_for_its_file_and_is_told_when_nothing_needs_it() {
    let settings = support::files(support::CITY)["site.yaml"].clone();
    let settings = String::from_utf8(settings).expect("UTF-8");
    let with = |allowed: &str, more: &str| {
        all_of(&format!(
            "-- site.yaml --\n{settings}attachments: {{ {allowed}, reason: 検索サイトの確認のため }}\n{more}"
        ))
    };
    let proof = "-- content/google1a.html --\ngoogle-site-verification: google1a.html\n";
    assert_eq!(with("files: [google1a.html]", proof), [""; 0]);
    assert_eq!(with("allow: [html]", proof), [""; 0]);
    let found = with("files: [_redirects, google1a.html], allow: [kml]", proof);
    let unneeded: Vec<_> = found.iter().filter(|line| line.contains("unused-exception")).collect();
    assert_eq!((unneeded.len(), found.len()), (2, 2), "{found:?}");
    // What is allowed by its ending is not allowed under the name of a server's settings.
    let script = "-- content/sw.js --\nx\n-- content/pages/sw.js/x.js --\nx\n";
    let found = with("allow: [js]", script);
    assert!(found.contains(&"content/sw.js:1:1 host-file \"\"".to_owned()), "{found:?}");
}
