//! The city's own columns: what each type holds, and exact sums.

use crate::support;

use kohyo::value::figure::Figure;
use proptest::prelude::*;
use std::fmt::Write as _;
use support::{city_with, findings, pages};

const COLUMNS: &str = "
-- site.yaml --
title: 青葉市 組織目標
organization: { name: 青葉市 }
checks: { missing-result: off }
scale:
  - { key: on-plan, label: 計画通り }
columns:
  - { key: ordinance, label: 条例, on: action, type: articles }
  - { key: budget, label: 当初予算, on: goal, type: amount, unit: 千円, total: true, parts: [国庫支出金, 一般財源] }
  - { key: settled, label: 決算, on: result, type: amount, unit: 千円, total: true }
  - { key: staff, label: 職員, on: action, type: number, unit: 人, total: true }
  - { key: direction, label: 今後の方向性, on: result, type: choice, choices: [拡充, 継続, 廃止] }
  - { key: statutory, label: 法定, on: goal, type: flag }
  - { key: ends, label: 終了予定日, on: goal, type: date }
  - { key: sheet, label: 評価表, on: goal, type: link }
";

fn goal(slug: &str, lines: &str, staff: &str) -> String {
    format!(
        "-- content/2026/planning/{slug}.md --\n---\ntitle: 事業{slug}\npillar: trust\nactions:\n  - {{ text: 進める, 職員: {staff} }}\n{lines}---\n市民とともに進めます。\n"
    )
}

fn result(slug: &str, lines: &str) -> String {
    format!(
        "-- content/2026/planning/{slug}.result.md --\n---\nevaluation: on-plan\nactions:\n  - result: 会議を2回開き、計画をまとめた\n{lines}---\nまとめました。\n"
    )
}

/// The text of a page: tags are gone.
fn text(html: &str) -> String {
    let mut out = String::new();
    let mut is_tag = false;
    for c in html.chars() {
        match c {
            '<' => is_tag = true,
            '>' => is_tag = false,
            '\n' => {}
            c if !is_tag => out.push(c),
            _ => {}
        }
    }
    out
}

#[test]
fn every_type_is_shown_in_both_editions() {
    let lines = "budget: { 国庫支出金: 1234500, 一般財源: 345000.50 }\nstatutory: はい\n終了予定日: 2030-03-31\nsheet: https://www.example.jp/a.pdf\n";
    let site =
        format!("{COLUMNS}{}{}", goal("9-01", lines, "3.5"), result("9-01", "settled: 1500000\n今後の方向性: 継続\n"));
    assert_eq!(findings(&site).iter().filter(|it| it.contains("9-01")).collect::<Vec<_>>(), [""; 0]);
    let pages = pages(city_with(&site));
    for page in ["2026/planning/9-01.html", "2026/planning/9-01.large.html", "2026/planning/index.html"] {
        let (html, text) = (&pages[page], text(&pages[page]));
        for shown in [
            "1,579,500.50千円",
            "国庫支出金 1,234,500千円",
            "一般財源 345,000.50千円",
            "はい",
            "令和12年3月31日",
            "1,500,000千円",
            "継続",
            "3.5人",
        ] {
            assert!(text.contains(shown), "{page}: {shown}");
        }
        assert!(html.contains("<a href=\"https://www.example.jp/a.pdf\">"), "{page}");
    }
}

#[test]
fn what_a_type_does_not_hold_is_told_at_its_place() {
    let told = |lines: &str| {
        let found = findings(&format!("{COLUMNS}{}", goal("9-01", lines, "1")));
        found.into_iter().filter(|it| it.contains("9-01.md")).collect::<Vec<_>>()
    };
    for (lines, rule) in [
        ("budget: 1,500円\n", "bad-figure"),
        ("budget: { 国庫支出金: 1, 一般財限: 2 }\n", "unknown-key"),
        ("budget: { 国庫支出金: 1, 国庫支出金: 2 }\n", "duplicate-key"),
        ("budget: { total: 1, 合計: 1 }\n", "duplicate-key"),
        ("budget: { total: 1500.0, 国庫支出金: 1000, 一般財源: 400 }\n", "sum-mismatch"),
        ("budget: { 国庫支出金: 1,500 }\n", "unknown-key"),
        ("budget: { 国庫支出金: 1, [a]: 2 }\n", "unknown-key"),
        ("statutory: 多分\n", "bad-value"),
        ("ends: 2030-02-30\n", "bad-date"),
        ("sheet: www.example.jp/a.pdf\n", "bad-value"),
        ("settled: 1\n", "unknown-key"),
    ] {
        let found = told(lines);
        assert!(found.len() == 1 && found[0].contains(rule), "{lines}: {found:?}");
    }
    for right in
        ["budget: { total: 1500.0, 国庫支出金: 1000, 一般財源: 500 }\n", "budget: { 合計: 3 }\n", "budget: -3\n"]
    {
        assert_eq!(told(right), [""; 0], "{right}");
    }
}

#[test]
fn settings_of_another_type_are_told() {
    let with = |column: &str| {
        let site = COLUMNS
            .replace("  - { key: sheet,", &format!("  - {{ key: mine, label: 列, {column} }}\n  - {{ key: sheet,"));
        findings(&site).into_iter().filter(|it| it.contains("site.yaml")).collect::<Vec<_>>()
    };
    for wrong in
        ["type: text, total: true", "unit: 円", "type: choice", "type: date, choices: [a]", "type: link, parts: [a]"]
    {
        assert_eq!(with(wrong).len(), 1, "{wrong}: {:?}", with(wrong));
    }
    assert_eq!(with("type: number, unit: 人, total: true"), [""; 0]);
}

/// Thousandths, as they would be written.
fn written(thousandths: i64) -> String {
    let (sign, size) = (if thousandths < 0 { "-" } else { "" }, thousandths.unsigned_abs());
    format!("{sign}{}.{:03}", size / 1000, size % 1000)
}

proptest! {
    #[test]
    fn sums_are_exact(all in prop::collection::vec(-1_000_000_000_000i64..1_000_000_000_000, 1..40)) {
        let figures: Vec<Figure> = all.iter().map(|it| Figure::parse(&written(*it)).expect("a figure")).collect();
        let sum = Figure::sum(figures.iter()).expect("a sum");
        prop_assert_eq!(sum.as_str(), written(all.iter().sum()));
    }
}

#[test]
fn no_figure_is_too_long_and_no_blank_part_takes_the_rest_away() {
    let long = "9".repeat(39);
    let site = format!(
        "{COLUMNS}{}{}",
        goal("9-01", &format!("budget: {{ 国庫支出金: {long}, 一般財源: }}\n"), "1"),
        goal("9-02", "budget: { 国庫支出金: 1.25 }\n", "1")
    );
    let text = text(&pages(city_with(&site))["2026/planning/index.html"]);
    let sum = format!("1{}.25", ",000".repeat(13));
    assert!(text.contains(&format!("{sum}千円")), "{sum} in {text}");
}

#[test]
fn totals_of_a_department_a_pillar_and_a_year_are_what_their_goals_say() {
    // Against sums of whole numbers over what was written here.
    let mut seed: u64 = 7;
    let mut next = |most: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % most
    };
    let mut site = String::from(COLUMNS);
    let (mut budget, mut parts, mut staff, mut settled, mut with_result) = (0u64, [0u64; 2], 0u64, 0u64, 0u64);
    for number in 1..=30 {
        let (own, state, people) = (next(9_000_000), next(9_000_000), next(90));
        budget += own + state;
        (parts[0], parts[1], staff) = (parts[0] + state, parts[1] + own, staff + people);
        let slug = format!("9-{number:02}");
        site += &goal(&slug, &format!("budget: {{ 国庫支出金: {state}, 一般財源: {own} }}\n"), &people.to_string());
        if number % 3 == 0 {
            let amount = next(9_000_000);
            (settled, with_result) = (settled + amount, with_result + 1);
            let _ = write!(site, "{}", result(&slug, &format!("決算: {amount}\n")));
        }
    }
    let pages = pages(city_with(&site));
    let grouped = |number: u64| Figure::parse(&number.to_string()).expect("a figure").grouped(true);
    let own = ["2026/planning/index", "2026/pillars/trust", "2026/index"];
    for page in own.iter().flat_map(|page| [format!("{page}.html"), format!("{page}.large.html")]) {
        let text = text(&pages[&page]);
        // The city of the tests has a goal more in some of these, without any figure.
        for (label, sum) in [("当初予算", budget), ("職員", staff)] {
            let unit = if label == "職員" { "人" } else { "千円" };
            let (all, some) =
                (format!("{label}{}{unit}", grouped(sum)), format!("{}{unit}（記載のある30件の合計）", grouped(sum)));
            assert!(text.contains(&all) || text.contains(&some), "{page}: {all}");
        }
        for (name, sum) in [("国庫支出金", parts[0]), ("一般財源", parts[1])] {
            assert!(text.contains(&format!("{name} {}千円", grouped(sum))), "{page}: {name}");
        }
        assert!(text.contains(&format!("{}千円（記載のある{with_result}件の合計）", grouped(settled))), "{page}: 決算");
    }
}

#[test]
fn a_sum_of_parts_is_shown_only_where_every_figure_has_them() {
    let site =
        format!("{COLUMNS}{}{}", goal("9-01", "budget: { 国庫支出金: 5 }\n", "1"), goal("9-02", "budget: 7\n", "1"));
    let pages = pages(city_with(&site));
    let html = &pages["2026/planning/index.html"];
    let totals = html.split("id=\"totals\"").nth(1).and_then(|rest| rest.split("</section>").next()).expect("totals");
    assert!(totals.contains("12千円") && !totals.contains("国庫支出金"), "{totals}");
}
