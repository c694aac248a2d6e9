//! Several indicators of an action, and of a goal as a whole: what is read, told, counted and shown.

use crate::support;

use kohyo::site::Figures;
use kohyo::site::published_figures::Published;
use support::{city_with, describe, findings, output, pages, prepare};

/// A goal with two indicators of its own, an action with two and one with one; with their values.
pub const SEVERAL: &str = r#"
-- content/2025/planning/1-01.md --
---
title: 窓口の待ち時間を減らす
pillar: trust
indicators:
  - { name: 平均の待ち時間, key: waiting, unit: 分, direction: down, baseline: 14.2, target: 11 }
  - { name: 満足した人の割合, unit: "%", target: 85 }
actions:
  - text: 予約の仕組みを広げる
    指標:
      - { 名称: 予約の件数, 単位: 件, 目標値: 1200 }
      - { 名称: 予約できる窓口, 単位: か所, 基準値: 3, 目標値: 8 }
  - text: 職員を研修する
    indicators: { name: 研修を受けた割合, unit: "%", target: 100 }
---
-- content/2025/planning/1-01.result.md --
---
evaluation: on-plan
indicators:
  - { key: waiting, actual: 10.8, note: 4月を除きます }
  - { name: 満足した人の割合, actual: 82.5 }
actions:
  - result: 市民課で予約を始めた
    指標:
      - { 名称: 予約できる窓口, 実績値: 7, 注記: 支所は来年度です }
      - { 名称: 予約の件数, 実績値: 1310 }
  - { result: 研修を開いた, actual: 100 }
---
待ち時間は減りました。
-- content/2026/planning/1-01.md --
---
title: 条例の見直し
pillar: 1
actions:
  - { text: 案をまとめる, criterion: 案の公表 }
---
"#;

fn figures(more: &str) -> Figures {
    let prepared = prepare(city_with(more)).value;
    prepared.site.goals.iter().map(|goal| goal.figures()).fold(Figures::default(), |mut sum, figures| {
        sum += figures;
        sum
    })
}

#[test]
fn every_indicator_with_a_target_is_shown_and_counted() {
    let pages = pages(city_with(SEVERAL));
    for edition in ["", ".large"] {
        let goal = &pages[&format!("2025/planning/1-01{edition}.html")];
        for said in [
            "平均の待ち時間",
            "14.2",
            "10.8",
            "4月を除きます",
            "82.5",
            "1200",
            "1310",
            "支所は来年度です",
            "予約できる窓口",
        ] {
            assert!(goal.contains(said), "{edition}: {said}");
        }
        let department = &pages[&format!("2025/planning/index{edition}.html")];
        for said in ["平均の待ち時間", "10.8", "82.5", "1310", "予約できる窓口"] {
            assert!(department.contains(said), "{edition}: {said}");
        }
    }
    // A bar for each of the five.
    assert_eq!(pages["2025/planning/1-01.html"].matches("class=\"bar\"").count(), 5);
    // Met: waiting, reservations, training; missed: satisfaction, counters.
    assert_eq!(figures(SEVERAL), Figures { met: 3, missed: 2 });
    let results = &pages["2025/results.html"];
    assert!(results.contains("5件の指標のうち、3件が目標値に届き、2件が届きませんでした"), "{results}");
    let missed = results.split("id=\"missed\"").nth(1).expect("goals that fell short");
    assert!(missed.contains("満足した人の割合") && missed.contains("予約できる窓口"), "{missed}");
    assert!(!missed.contains("平均の待ち時間"));
}

#[test]
fn one_indicator_is_a_list_of_one() {
    let one = SEVERAL.replace("indicators: { name: 研修", "indicator: { name: 研修");
    let list = SEVERAL.replace(
        "    indicators: { name: 研修を受けた割合, unit: \"%\", target: 100 }",
        "    indicators:\n      - { name: 研修を受けた割合, unit: \"%\", target: 100 }",
    );
    assert_ne!(one, list);
    assert_eq!(output(&prepare(city_with(&one)).value), output(&prepare(city_with(&list)).value));
    let both = SEVERAL
        .replace("    指標:\n      - { 名称: 予約の件数", "    indicator: {}\n    指標:\n      - { 名称: 予約の件数");
    assert_eq!(findings(&both)[0], "content/2025/planning/1-01.md:10:5 duplicate-key \"指標\"");
}

#[test]
fn a_value_belongs_to_one_indicator_by_its_name_or_key() {
    let at = |old: &str, new: &str| {
        assert!(SEVERAL.contains(old), "{old}");
        findings(&SEVERAL.replacen(old, new, 1))
    };
    let file = "content/2025/planning/1-01.result.md";
    // A slip, the indicator of another row, one name twice.
    let slip = at("名称: 予約できる窓口, 実績値", "名称: 予約できる窓囗, 実績値");
    assert_eq!(slip, [format!("{file}:9:15 unknown-indicator \"予約できる窓囗\"")]);
    let other = at("{ key: waiting, actual: 10.8", "{ key: 予約の件数, actual: 10.8");
    assert!(other.contains(&format!("{file}:4:12 unknown-indicator \"予約の件数\"")), "{other:?}");
    let twice = at("{ name: 満足した人の割合, actual: 82.5 }", "{ name: 平均の待ち時間, actual: 82.5 }");
    assert!(twice.contains(&format!("{file}:5:13 duplicate-key \"平均の待ち時間\"")), "{twice:?}");
    // Nobody knows of which.
    let short = at(
        "    指標:\n      - { 名称: 予約できる窓口, 実績値: 7, 注記: 支所は来年度です }\n      - { 名称: 予約の件数, 実績値: 1310 }",
        "    actual: 1310",
    );
    assert!(short.iter().any(|it| it.contains("unknown-indicator")), "{short:?}");
    // In the goal.
    let goal = "content/2025/planning/1-01.md";
    let unnamed = at("{ 名称: 予約の件数, 単位", "{ 単位");
    assert!(unnamed.contains(&format!("{goal}:10:9 missing-field \"{{ 単位: 件, 目標値: 1200 }}\"")), "{unnamed:?}");
    let same = at("名称: 予約できる窓口, 単位", "名称: 予約の件数, 単位");
    assert!(same.iter().any(|it| it.starts_with(&format!("{goal}:11:9 duplicate-key"))), "{same:?}");
}

#[test]
fn what_is_missing_is_told_for_each_indicator() {
    let left = SEVERAL.replace("  - { name: 満足した人の割合, actual: 82.5 }\n", "");
    assert_eq!(
        findings(&left),
        ["content/2025/planning/1-01.result.md:6:5 missing-actual \"result: 市民課で予約を始めた\""]
    );
}

#[test]
fn a_published_figure_of_any_indicator_does_not_change_in_silence() {
    let before = prepare(city_with(SEVERAL)).value;
    let published = Published::of(&before.site);
    assert_eq!(Published::parse(&published.json()), Some(published.clone()));
    let changes = |old: &str, new: &str| {
        assert!(SEVERAL.contains(old), "{old}");
        let now = prepare(city_with(&SEVERAL.replacen(old, new, 1))).value;
        let found = kohyo::check::changes(&now.site, &now.sources, &published);
        describe(&now.sources, &found)
    };
    assert_eq!(changes("82.5", "82.5"), Vec::<String>::new());
    let result = "content/2025/planning/1-01.result.md";
    assert_eq!(changes("82.5", "88.5"), [format!("{result}:5:31 changed-figure \"88.5\"")]);
    assert_eq!(changes("実績値: 7", "実績値: 8"), [format!("{result}:9:29 changed-figure \"8\"")]);
    assert_eq!(changes("目標値: 8", "目標値: 7"), ["content/2025/planning/1-01.md:11:45 changed-figure \"7\""]);
    // In another order it is the same.
    let first = "      - { 名称: 予約の件数, 単位: 件, 目標値: 1200 }\n";
    let second = "      - { 名称: 予約できる窓口, 単位: か所, 基準値: 3, 目標値: 8 }\n";
    assert_eq!(changes(&format!("{first}{second}"), &format!("{second}{first}")), Vec::<String>::new());
}

/// Kinds, ranges, and what stands where there is no figure.
const STATES: &str = r#"
-- content/2025/planning/1-01.md --
---
title: 窓口の待ち時間を減らす
pillar: trust
indicators:
  - { name: 待ち時間, kind: 成果指標, unit: 分, target: { from: 5, to: 10.0 } }
  - { name: 来た人, kind: activity, unit: 人, target: none }
  - { 名称: 評点, 目標値: 未定 }
actions:
  - text: 予約の仕組みを広げる
    indicator: { name: 件数, unit: 件, target: 1200 }
  - text: 職員を研修する
    indicators:
      - { name: 割合, unit: "%", target: 100 }
      - { name: 回数, unit: 回, target: 3 }
---
-- content/2025/planning/1-01.result.md --
---
evaluation: on-plan
indicators:
  - { name: 待ち時間, actual: 10 }
  - { name: 来た人, actual: 4321 }
actions:
  - { result: 予約を始めた, actual: pending, expected: 2027-09-30 }
  - result: 研修を開いた
    indicators:
      - { name: 割合, 実績値: 測定せず, 注記: 名簿がないため }
      - { name: 回数, actual: 集計中 }
---
-- content/2026/planning/1-01.md --
---
title: 条例の見直し
pillar: 1
actions:
  - { text: 案をまとめる, criterion: 案の公表 }
---
"#;

fn with_kinds(more: &str) -> String {
    let base = support::files(support::CITY);
    let site = String::from_utf8_lossy(&base["site.yaml"]).into_owned();
    let kinds = "indicator_kinds:\n  - { key: activity, label: 活動指標 }\n  - { 記号: outcome, 表示名: 成果指標 }\n";
    format!("-- site.yaml --\n{site}{kinds}{more}")
}

#[test]
fn what_is_no_figure_is_told_in_words_and_never_counted() {
    let states = with_kinds(STATES);
    let pages = pages(city_with(&states));
    for edition in ["", ".large"] {
        for page in ["1-01", "index"] {
            let page = &pages[&format!("2025/planning/{page}{edition}.html")];
            let said = [
                "［成果指標］待ち時間",
                "［活動指標］来た人",
                "5〜10.0",
                "定めない（推移を見る）",
                "未定",
                "4321",
                "集計中（令和9年9月30日に公表の見込み）",
                "測定していません",
            ];
            for said in said {
                assert!(page.contains(said), "{edition}: {said}");
            }
        }
        assert!(pages[&format!("2025/planning/1-01{edition}.html")].contains("名簿がないため"));
    }
    // Only the range is met; its end belongs to it.
    assert_eq!(figures(&states), Figures { met: 1, missed: 0 });
    for (value, met) in [("5", 1), ("4.99", 0), ("10.01", 0), ("7", 1)] {
        let states = states.replace("待ち時間, actual: 10 ", &format!("待ち時間, actual: {value} "));
        assert_eq!(figures(&states), Figures { met, missed: 1 - met }, "{value}");
    }
}

#[test]
fn what_is_no_figure_is_checked() {
    let at = |old: &str, new: &str| {
        assert!(STATES.contains(old), "{old}");
        findings(&with_kinds(&STATES.replacen(old, new, 1)))
    };
    let (goal, result) = ("content/2025/planning/1-01.md", "content/2025/planning/1-01.result.md");
    assert_eq!(at("kind: 成果指標", "kind: 成果目標"), [format!("{goal}:5:25 bad-value \"成果目標\"")]);
    assert_eq!(at(", 注記: 名簿がないため", ""), [format!("{result}:10:26 missing-reason \"測定せず\"")]);
    assert_eq!(
        at("actual: 4321", "actual: 4321, expected: 2027-09-30"),
        [format!("{result}:5:42 bad-value \"2027-09-30\"")]
    );
    assert_eq!(
        at("{ from: 5, to: 10.0 }", "{ from: 15, to: 10.0 }")[0],
        format!("{goal}:5:48 bad-value \"{{ from: 15, to: 10.0 }}\"")
    );
    assert_eq!(at("{ from: 5, to: 10.0 }", "{ from: 5 }")[0], format!("{goal}:5:48 missing-field \"\""));
    assert_eq!(at("actual: pending", "actual: pendng")[0], format!("{result}:7:31 bad-figure \"pendng\""));
    assert_eq!(at("実績値: 測定せず", "実績値: －")[0], format!("{result}:10:26 bad-figure \"－\""));
}
