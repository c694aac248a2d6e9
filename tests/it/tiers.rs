//! Pillars below pillars: 政策, 施策, 基本事業. Each has its page, its goals are those of all below it, and they are counted
//! once.

use crate::support;

use support::{city_with, findings, pages};

const TIERS: &str = "
-- site.yaml --
title: 青葉市 事務事業評価
organization: { name: 青葉市 }
checks: { missing-result: off }
pillars: { tiers: [政策, 施策, 基本事業] }
scale:
  - { key: on-plan, label: 計画通り }
columns:
  - { key: ordinance, label: 条例, on: action, type: articles }
-- content/pillars/care.md --
---
name: 安心できる医療
number: 1
under: trust
---
-- content/pillars/checkups.md --
---
名称: 健診の充実
番号: 2
上位: care
---
-- content/pillars/clinics.md --
---
name: 診療所の整備
number: 1
under: care
---
";

fn goal(slug: &str, pillar: &str) -> String {
    format!(
        "-- content/2026/planning/{slug}.md --\n---\ntitle: 事業{slug}\npillar: {pillar}\nactions: []\n---\n市民とともに進めます。\n"
    )
}

fn site() -> String {
    format!("{TIERS}{}{}{}", goal("9-01", "checkups"), goal("9-02", "\"1-1-1\""), goal("9-03", "安心できる医療"))
}

#[test]
fn each_tier_has_its_page_with_all_that_is_below() {
    assert_eq!(findings(&site()).iter().filter(|it| !it.contains("1-0")).collect::<Vec<_>>(), [""; 0]);
    let pages = pages(city_with(&site()));
    let of = |page: &str| (1..=3).filter(|n| pages[page].contains(&format!("事業9-0{n}"))).collect::<Vec<_>>();
    for (pillar, goals) in
        [("trust", vec![1, 2, 3]), ("care", vec![1, 2, 3]), ("checkups", vec![1]), ("clinics", vec![2])]
    {
        for edition in ["html", "large.html"] {
            assert_eq!(of(&format!("2026/pillars/{pillar}.{edition}")), goals, "{pillar}.{edition}");
        }
    }
    // Names of tiers, numbers along the way, the way itself.
    let page = &pages["2026/pillars/checkups.html"];
    assert!(page.contains("基本事業1-1-2"), "{page}");
    let crumbs = page.split("breadcrumb").nth(1).and_then(|rest| rest.split("</nav>").next()).expect("breadcrumbs");
    let at = |name: &str| crumbs.find(name).unwrap_or_else(|| panic!("{name} in {crumbs}"));
    assert!(at("信頼される市役所") < at("安心できる医療") && at("安心できる医療") < at("健診の充実"));
    let goal = &pages["2026/planning/9-01.html"];
    for (tier, name) in [("政策", "信頼される市役所"), ("施策", "安心できる医療"), ("基本事業", "健診の充実")]
    {
        assert!(goal.contains(&format!("<dt>{tier}</dt>")) && goal.contains(name), "{tier}");
    }
    // Below, in order of their numbers, with their goals.
    let below = pages["2026/pillars/care.html"].split("id=\"below\"").nth(1).expect("what is below");
    assert!(below.find("診療所の整備") < below.find("健診の充実"));
    assert!(pages["pillars/index.html"].contains("pillar-tree__2"));
}

#[test]
fn the_matrix_shows_the_top_and_counts_each_goal_once() {
    let pages = pages(city_with(&site()));
    let matrix =
        pages["2026/index.html"].split("<table").nth(1).and_then(|it| it.split("</table>").next()).expect("a matrix");
    let columns = matrix.matches("scope=\"col\"").count();
    // The department, 信頼, 合計: 健全な財政 has no goal in this year.
    assert!(!matrix.contains("健診の充実") && !matrix.contains("安心できる医療"), "{matrix}");
    assert_eq!(
        columns,
        pages["2025/index.html"].split("<table").nth(1).expect("a matrix").matches("scope=\"col\"").count()
    );
    let own = pages["2026/index.html"].matches("事業9-0").count();
    assert_eq!(own, 3, "each goal stands once in the list of the year");
}

#[test]
fn what_leads_nowhere_back_or_too_deep_is_told() {
    let told = |pillar: &str, under: &str| {
        let more = format!("-- content/pillars/{pillar}.md --\n---\nname: 柱{pillar}\nunder: {under}\n---\n");
        let found = findings(&format!("{TIERS}{}{more}", goal("9-01", "checkups")));
        found.into_iter().filter(|it| it.contains("content/pillars/")).collect::<Vec<_>>()
    };
    for (pillar, under, rule) in [
        ("new", "trast", "unknown-pillar"),
        ("new", "new", "bad-value"),
        ("new", "checkups", "bad-value"),
        ("trust", "checkups", "bad-value"),
    ] {
        let found = told(pillar, under);
        assert!(found.len() == 1 && found[0].contains(rule), "{pillar} under {under}: {found:?}");
    }
    // Nothing follows from what is above being unknown: the number is no other pillar's.
    let astray = site().replace("under: trust", "under: trast");
    let found: Vec<String> = findings(&astray).into_iter().filter(|it| it.contains("content/pillars/")).collect();
    assert!(found.len() == 1 && found[0].contains("unknown-pillar"), "{found:?}");
    assert_eq!(told("new", "care"), [""; 0]);
    // Numbers come again in each branch, and mean one pillar each.
    assert_eq!(findings(&site()).iter().filter(|it| it.contains("ambiguous")).count(), 0);
}
