//! A goal over the years: it joins others, parts, passes years that are not shown yet, and ends.

use crate::support;

use std::collections::{BTreeMap, BTreeSet};
use support::dice::Dice;
use support::{city_with, findings, output, prepare};

const EMPTY: [&str; 0] = [];

fn goal(path: &str, title: &str, more: &str) -> String {
    format!("-- content/{path}.md --\n---\ntitle: {title}\npillar: trust\n{more}actions: []\n---\n本文です。\n")
}

fn pages(site: &str) -> BTreeMap<String, String> {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    output(&prepare(city_with(site)).value).into_iter().map(|(path, bytes)| (path, text(bytes))).collect()
}

/// Titles in the thread of a page, newest first.
fn thread(page: &str) -> Vec<String> {
    let Some((_, part)) = page.split_once("id=\"thread\"") else { return Vec::new() };
    let part = part.split("</section>").next().unwrap_or_default();
    let lines = part.split("<li").skip(1).map(|item| {
        let item = item.split("<p>").nth(1).unwrap_or_default().split("</p>").next().unwrap_or_default();
        let words: String = item.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect();
        words.trim().rsplit(' ').next().unwrap_or_default().to_owned()
    });
    lines.collect()
}

#[test]
fn goals_that_become_one_have_one_thread() {
    let site = [
        goal("2024/planning/1-02", "甲", ""),
        goal("2025/planning/1-02", "乙", "continues: 2024/planning/1-02\n"),
        goal("2025/planning/1-03", "丙", ""),
        goal("2026/planning/1-02", "丁", "継続元: [2025/planning/1-02, 2025/planning/1-03]\n"),
        goal("2025/general/1-02", "戊", "continues: [2024/planning/1-02]\n"),
    ]
    .concat();
    let mut found = findings(&site);
    found.retain(|finding| !finding.contains(" missing-result "));
    assert_eq!(found, EMPTY);
    let pages = pages(&site);
    let all = ["丁", "丙", "乙", "戊", "甲"];
    for page in ["2024/planning/1-02", "2025/planning/1-02", "2025/planning/1-03", "2025/general/1-02"] {
        for edition in ["html", "large.html"] {
            let found: BTreeSet<String> = match edition {
                "html" => thread(&pages[&format!("{page}.html")]).into_iter().collect(),
                _ => {
                    let text = &pages[&format!("{page}.large.html")];
                    all.iter().filter(|title| text.contains(&format!("> {title}</a>"))).map(|it| (*it).into()).collect()
                }
            };
            let wanted = all.iter().map(|it| (*it).to_owned());
            match edition {
                "html" => assert_eq!(found, wanted.collect::<BTreeSet<String>>(), "{page}"),
                _ => assert!(found.len() >= 4, "{page}: {found:?}"),
            }
        }
    }
    let joined = thread(&pages["2026/planning/1-02.html"]);
    assert_eq!((joined.first().map(String::as_str), joined.last().map(String::as_str)), (Some("丁"), Some("甲")));
}

#[test]
fn slips_in_a_list_are_told_where_they_are() {
    let goal = |continues: &str| goal("2026/planning/1-02", "丁", &format!("continues: {continues}\n"));
    let one = |continues: &str| findings(&goal(continues));
    assert_eq!(
        one("[2025/planning/1-01, 2025/planning/1-09]"),
        [
            "content/2026/planning/1-02.md:4:13 shared-origin \"2025/planning/1-01\"",
            "content/2026/planning/1-02.md:4:33 unknown-goal \"2025/planning/1-09\""
        ]
    );
    assert_eq!(
        one("[2025/planning/1-01, 2026/planning/1-01]")[1],
        "content/2026/planning/1-02.md:4:33 thread-order \"2026/planning/1-01\""
    );
    assert_eq!(
        findings(
            "-- content/2026/planning/1-01.md --\n---\ntitle: 丁\npillar: trust\ncontinues: [2025/planning/1-01, 2025/planning/1-01]\nactions: []\n---\n本文です。\n"
        ),
        ["content/2026/planning/1-01.md:4:33 shared-origin \"2025/planning/1-01\""]
    );
}

/// Threads of random records, some goals of which may not be seen yet, against a plain computation: who is connected with
/// whom, when what is hidden is passed through.
#[test]
fn threads_are_who_is_connected() {
    let mut dice = Dice::new(18);
    for _ in 0..12 {
        let mut goals: Vec<(String, String, Vec<usize>, bool)> = Vec::new();
        let mut text = String::new();
        for year in 2021..=2026 {
            let earlier = goals.len();
            for number in 1..=4 {
                let count = if earlier == 0 { 0 } else { [0, 1, 1, 2, 3][dice.below(5)] };
                let continues: BTreeSet<usize> = (0..count).map(|_| dice.below(earlier)).collect();
                let is_hidden = dice.below(4) == 0;
                let name = format!("{year}/planning/9-{number:02}");
                let title = format!("題{year}{number}");
                let list: Vec<&str> = continues.iter().map(|at| &*goals[*at].0).collect();
                let mut more = format!("continues: [{}]\n", list.join(", "));
                if is_hidden {
                    more.push_str("draft: true\n");
                }
                text.push_str(&goal(&name, &title, &more));
                goals.push((name, title, continues.into_iter().collect(), is_hidden));
            }
        }
        let pages = pages(&text);
        // What each goal reaches backwards, seen, through hidden ones only.
        let reach = |from: usize| {
            let (mut open, mut found) = (goals[from].2.clone(), BTreeSet::new());
            while let Some(at) = open.pop() {
                if goals[at].3 {
                    open.extend(&goals[at].2);
                } else {
                    found.insert(at);
                }
            }
            found
        };
        let seen: Vec<usize> = (0..goals.len()).filter(|at| !goals[*at].3).collect();
        let edges: Vec<(usize, usize)> =
            seen.iter().flat_map(|from| reach(*from).into_iter().map(move |to| (*from, to))).collect();
        for start in seen {
            let mut group = BTreeSet::from([start]);
            for _ in 0..goals.len() {
                for (one, other) in &edges {
                    if group.contains(one) || group.contains(other) {
                        group.extend([*one, *other]);
                    }
                }
            }
            let mut wanted: BTreeSet<String> = group.iter().map(|at| goals[*at].1.clone()).collect();
            if wanted.len() == 1 {
                wanted.clear();
            }
            let found = thread(&pages[&format!("{}.html", goals[start].0)]);
            assert_eq!(found.len(), wanted.len(), "{}", goals[start].0);
            let years: Vec<&str> = found.iter().map(|title| &title[3..7]).collect();
            assert!(years.is_sorted_by(|a, b| a >= b), "{years:?}");
            assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), wanted, "{}", goals[start].0);
        }
    }
}

/// A goal with actions, and one in prose, that end: in words of several lines.
const ENDED: &str = "
-- content/2024/planning/1-02.md --
---
title: 甲
pillar: trust
actions: [ { text: 会を開く } ]
---
-- content/2025/planning/1-02.md --
---
title: 乙
pillar: trust
continues: 2024/planning/1-02
actions: [ { text: 会を開く } ]
ended: |
  会の役割を終えたため。
  次の会に移る。
---
本文です。
-- content/2025/planning/1-03.md --
---
title: 丙
pillar: trust
actions: []
終了理由: 国の制度がなくなったため
---
本文です。
";

#[test]
fn why_a_goal_ended_stands_with_it_and_in_its_history() {
    let pages = pages(ENDED);
    for edition in [".html", ".large.html"] {
        let page = |path: &str| &pages[&format!("{path}{edition}")];
        for (path, words, count) in [
            ("2025/planning/1-02", "次の会に移る。", 1),
            ("2024/planning/1-02", "次の会に移る。", 1),
            ("2025/planning/index", "次の会に移る。", 1),
            ("2025/planning/1-03", "国の制度がなくなったため", 1),
            ("2025/planning/index", "国の制度がなくなったため", 1),
            ("2025/planning/1-01", "終わる理由", 0),
        ] {
            assert_eq!(page(path).matches(words).count(), count, "{path}{edition}: {words}");
            assert_eq!(page(path).contains("<dt>終わる理由</dt>"), count > 0, "{path}{edition}");
        }
        assert!(page("2025/planning/1-02").contains("会の役割を終えたため。<br>次の会に移る。"), "{edition}");
    }
}

#[cfg(feature = "pdf")]
#[test]
fn booklets_say_why_a_goal_ended() {
    use kohyo::plan::booklets::{Booklet, Subject};
    use kohyo::value::booklet::{Paper, Part, Size};
    use kohyo::value::calendar::FiscalYear;
    let prepared = prepare(city_with(ENDED)).value;
    let department = prepared.site.find_department("planning").expect("a department");
    for (year, both) in [("2025", true), ("2024", false)] {
        let subject = Subject::Department(FiscalYear::parse(year).expect("a year"), department);
        for size in [12, 22, 26] {
            let size = Size::new(size).expect("a size");
            let booklet = Booklet { subject, part: Part::Both, size, paper: Paper::A4 };
            let pdf = prepared.booklet(&booklet).unwrap_or_else(|failure| panic!("{failure:?}"));
            let text: String = support::pdf::sheets(&pdf.bytes).iter().map(support::pdf::Sheet::text).collect();
            let text = support::pdf::letters(&text);
            assert!(text.contains("終わる理由") && text.contains("次の会に移る。"), "{year}: {text}");
            assert_eq!(text.contains("国の制度がなくなったため"), both, "{year}: {text}");
        }
    }
}
