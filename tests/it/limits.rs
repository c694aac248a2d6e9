//! Nothing explodes: what has no end ends, what has no bottom is not gone into.

use crate::support::{city_with, findings, output, prepare};

const THEME: &str = "-- site.yaml --
title: 青葉市 組織目標
base_url: https://www.example.jp/goals/
organization: { name: 青葉市 }
contact: { office: 企画課, telephone: 000-000-0000 }
theme: own
scale:
  - { key: on-plan, label: 計画通り }
columns:
  - { key: ordinance, label: 条例, on: action, type: articles }
-- themes/own/theme.yaml --
contract: 1
extends: default
-- themes/own/templates/screen/404.html --
";

/// What is said of pages of a theme whose 404 page is this.
fn tried(template: &str) -> Vec<String> {
    let made = prepare(city_with(&format!("{THEME}{template}\n"))).value;
    let found = made.try_templates().expect("readable");
    crate::support::describe(&made.sources, &found)
}

#[test]
fn loops_without_end_are_told_where_they_are() {
    let list = "[1,2,3,4,5,6,7,8,9,10]";
    let endless = |body: &str| {
        let open: String = (0..8).map(|index| format!("{{% for x{index} in {list} %}}")).collect();
        format!("{open}{body}{}", "{% endfor %}".repeat(8))
    };
    for template in [endless("x"), endless(""), endless("{% set y = 1 %}")] {
        let said = tried(&template);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with("themes/own/templates/screen/404.html:1:"), "{said:?}");
    }
    let nested = "{% set r = range(end=100000) %}{{ [[1 for a in r] for b in r] | length }}";
    let said = tried(nested);
    assert_eq!(said, ["themes/own/templates/screen/404.html:1:48 theme-template \"r\""], "the list within");
    assert_eq!(tried(&format!("{{% for a in {list} %}}{{{{ a }}}}{{% endfor %}}")), [""; 0]);
}

#[test]
fn a_page_without_end_is_told() {
    let text = "十".repeat(100);
    let said = tried(&format!("{{% for a in range(end=100000) %}}{text}{{% if a %}}{text}{{% endif %}}{{% endfor %}}"));
    assert_eq!(said, ["themes/own/templates/screen/404.html:1:1 theme-template \"\""]);
}

#[test]
fn a_hundred_thousand_of_anything_inside_one_another_end() {
    const DEEP: usize = 100_000;
    let page = |body: String| format!("-- content/pages/a.md --\n---\ntitle: 見本\nmenu: false\n---\n{body}\n");
    for body in [
        ">".repeat(DEEP),
        "- ".repeat(DEEP) + "a",
        "[".repeat(DEEP) + "a" + &"](b)".repeat(DEEP),
        "*a ".repeat(DEEP) + &"b* ".repeat(DEEP),
    ] {
        let made = prepare(city_with(&page(body))).value;
        assert!(output(&made).contains_key("a.html"));
    }
    for front in ["[".repeat(60_000), "{a: ".repeat(15_000), "- ".repeat(30_000)] {
        let found = findings(&format!("-- content/pages/a.md --\n---\ntitle: {front}\n---\n"));
        assert!(!found.is_empty());
    }
}
