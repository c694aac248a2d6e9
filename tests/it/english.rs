//! A site in English is English: its words, its marks, its dates, its figures, on every page and in every booklet.

use crate::support;

use kohyo::source::Sources;
use std::collections::BTreeMap;
use support::{files, pages};

/// A city with one or more of everything that pages and booklets tell of.
const SITE: &str = r#"
-- site.yaml --
title: Annual goals
base_url: https://www.example.gov/goals/
language: en
organization: { name: City of Springfield }
contact: { office: Budget Office, address: "100 Main Street, Springfield, IL", postal_code: "62701", telephone: 555-010-0100 }
calendar: { year_starts: 10, named_by: end, era: none, results: 1 }
scale:
  - { key: met, label: Met, shape: circle, color: success }
  - { key: missed, label: Not met, shape: cross, color: danger, needs: reason }
columns: [ { key: code, label: Municipal code, on: action, type: articles } ]
-- content/index.md --
What we promise and what came of it.
-- content/pillars/nature.md --
---
number: 1
name: Parks and nature
short: Nature
---
-- content/pillars/money.md --
---
number: 2
name: Sound finances
---
-- content/departments/parks.md --
---
name: Parks
sections: [Forestry, Trails]
years: [2025]
---
-- content/departments/forests.md --
---
name: Forests
years: [2024, 2024]
becomes: [parks]
---
-- content/departments/finance.md --
---
name: Finance
---
-- content/2024/forests/1-01.md --
---
title: Plant trees
pillar: nature
updated: 2024-10-01
actions: [ { text: Plant, indicator: { name: Trees, unit: trees, baseline: 10, target: 12000 } } ]
---
-- content/2024/forests/1-01.result.md --
---
evaluation: missed
reason: A drought.
actions: [ { result: Planted, actual: 11500, evaluation: missed } ]
corrections: [ { date: 2026-02-03, item: Trees, was: "11,400", now: "11,500", why: A miscount } ]
updated: 2025-12-01
---
The account, with a [guide](https://www.example.org/guide).
-- content/2024/forests/1-01.progress-2025-03-31.md --
---
actions: [ { result: Half are planted, actual: 5000 } ]
---
-- content/2025/parks/index.md --
---
head: Director of Parks
---
We plant trees.
-- content/2025/parks/1-01.md --
---
title: Plant trees again
pillar: nature
updated: 2025-10-01
continues: 2024/forests/1-01
actions:
  - { text: Plant, sections: [Forestry], criterion: All of them grow, indicator: { name: Trees, unit: trees, baseline: 1000, target: 1307200 }, code: [5] }
  - { text: Water less, indicator: { name: Water, unit: gallons, baseline: 90, target: 80, direction: down } }
  - { text: Ask, indicator: { name: Satisfied, unit: "%", target: 75.5 } }
---
Why[^1].

- [x] one
- [ ] two

| | Trees |
|---|--:|
| Oaks | 1 |

> [!NOTE]
> Acorns count.

[^1]: Because.
-- content/2025/finance/2-01.md --
---
title: Pay on time
pillar: money
updated: 2025-10-01
actions: []
---
Every bill.
"#;

fn site() -> Sources {
    Sources::from_memory(files(SITE))
}

/// What a page says: without tags, with a blank where one ends.
fn said(html: &str) -> String {
    let body = html.split_once("<body").map_or(html, |(_, body)| body);
    let mut text = String::new();
    for part in body.split('<').skip(1) {
        let (tag, words) = part.split_once('>').unwrap_or(("", part));
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
        let is_inside_a_line = matches!(name, "span" | "a" | "wbr");
        if !is_inside_a_line && !text.ends_with(' ') {
            text.push(' ');
        }
        text.push_str(words);
    }
    text.replace("&#39;", "'").replace("&quot;", "\"").replace("&amp;", "&")
}

/// Signs that only Japanese text has: kana, kanji, full-width letters and marks, the middle dot.
fn is_japanese(letter: char) -> bool {
    matches!(letter, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}')
}

/// What is no English that an agency would publish.
fn complaints(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    for pair in words.windows(2) {
        let (first, second) = (bare(pair[0]), bare(pair[1]));
        let nouns = ["goal", "department", "result", "priority", "page", "target", "action"];
        let is_plural = ["goals", "departments", "results", "priorities", "pages", "targets"].contains(&&*second);
        let ends = pair[0].ends_with(['.', ',', ':']);
        if first == "1" && is_plural && !ends {
            found.push(format!("1 {second}"));
        }
        if first.parse::<u32>().is_ok_and(|n| n != 1 && n < 1000) && nouns.contains(&&*second) && !ends {
            found.push(format!("{first} {second}"));
        }
    }
    found.extend(text.chars().filter(|c| is_japanese(*c)).map(|c| format!("{c:?}")));
    for wrong in [
        "of Fiscal",
        "for Fiscal",
        "Priority1",
        "Priority2",
        "Pillar",
        "pillar",
        "Level",
        "level",
        "valuation",
        "riterion",
        "large type",
        " ,",
        "( ",
        " )",
        "..",
        "::",
        " :",
        "1307200",
        "12000",
        "0trees",
        "0gallons",
        "75.5 %",
        "yet..",
    ] {
        if text.contains(wrong) {
            found.push(format!("{wrong:?}"));
        }
    }
    found
}

fn all_complaints(texts: impl Iterator<Item = (String, String)>) -> Vec<String> {
    texts.flat_map(|(name, text)| complaints(&text).into_iter().map(move |it| format!("{name}: {it}"))).collect()
}

fn said_by_pages() -> BTreeMap<String, String> {
    let said = |path: &str, html: &str| {
        // The ID of a page is made of its address, which has the names of files.
        let id =
            path.trim_end_matches(".large.html").trim_end_matches(".html").trim_end_matches("/index").replace('/', "-");
        said(html).replace(&format!("Page ID {id}"), "Page ID")
    };
    pages(site()).into_iter().map(|(path, html)| (path.clone(), said(&path, &html))).collect()
}

#[test]
fn every_page_is_english_that_an_agency_would_publish() {
    let site = said_by_pages();
    assert_eq!(all_complaints(site.clone().into_iter()), [""; 0]);
    for (path, sentence) in [
        ("2024/index.html", "1 goal promised by 1 department."),
        ("2025/index.html", "2 goals promised by 2 departments."),
        ("2024/results.html", "Results for fiscal year 2025"),
        ("2024/results.html", "Goals for fiscal year 2025: 1. Results reported: 1."),
        ("2024/results.html", "11,500\u{a0}trees (target: 12,000)"),
        ("2025/index.html", "Results are expected in January 2027."),
        ("2025/parks/1-01.html", "Updated October 1, 2025"),
        ("2025/parks/1-01.html", "1,307,200\u{a0}trees"),
        ("2025/parks/1-01.html", "75.5%"),
        ("2025/parks/1-01.html", "Lower is better"),
        ("2025/parks/1-01.large.html", "Baseline: 90\u{a0}gallons"),
        ("2025/parks/1-01.large.html", "Priority 1: Parks and nature"),
        ("2024/forests/1-01.html", "February 3, 2026"),
        ("2024/forests/1-01.html", "100 Main Street, Springfield, IL 62701"),
        ("2025/pillars/nature.html", "Fiscal year 2026: Priority 1"),
        ("pillars/nature.html", "Priority 1"),
        ("index.html", "1\u{a0}department"),
    ] {
        assert!(site[path].contains(sentence), "{path}: {sentence}\n{}", site[path]);
    }
}

#[test]
fn words_of_the_interface_have_no_marks_of_the_other_language() {
    let words = include_str!("../../themes/default/words/en.yaml");
    assert_eq!(words.chars().find(|c| is_japanese(*c)), None);
    // Both languages have the same words, so that no name stands where a word should; other forms of a word are of one.
    let names = |text: &str| {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines
            .filter_map(|line| Some(line.split_once(':')?.0.to_owned()))
            .filter(|name| !name.ends_with("_own"))
            .collect::<Vec<_>>()
    };
    assert_eq!(names(words), names(include_str!("../../themes/default/words/ja.yaml")));
}

#[cfg(feature = "pdf")]
mod booklets {
    use super::*;
    use kohyo::plan::booklets::{Booklet, Subject};
    use kohyo::value::booklet::{Paper, Part, Size};
    use kohyo::value::calendar::FiscalYear;
    use support::pdf::sheets;
    use support::prepare;

    #[test]
    fn every_booklet_is_english_too() {
        let prepared = prepare(site()).value;
        let year = |number| FiscalYear::parse(number).expect("a year");
        let parks = prepared.site.find_department("parks").expect("a department");
        let forests = prepared.site.find_department("forests").expect("a department");
        let goal = prepared.site.find_goal(year("2025"), parks, "1-01").expect("a goal");
        let mut texts = Vec::new();
        for (name, subject) in [
            ("2024", Subject::Year(year("2024"))),
            ("2025", Subject::Year(year("2025"))),
            ("forests", Subject::Department(year("2024"), forests)),
            ("goal", Subject::Goal(goal)),
        ] {
            for points in [12, 22] {
                let size = Size::new(points).expect("a size");
                let booklet = Booklet { subject, part: Part::Both, size, paper: Paper::A4 };
                let pdf = prepared.booklet(&booklet).expect("a booklet");
                let lines = sheets(&pdf.bytes).iter().flat_map(|sheet| sheet.lines()).collect::<Vec<_>>();
                texts.push((format!("{name} at {points}"), lines.join(" ")));
            }
        }
        assert_eq!(all_complaints(texts.clone().into_iter()), [""; 0]);
        // Lines end at blanks and inside long words, wherever the columns are.
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let all: String = texts.iter().map(|(_, text)| plain(text) + "\n").collect();
        for sentence in [
            "1 goal promised by 1 department.",
            "2 goals promised by 2 departments. Results are expected in January 2027.",
            "Priority 1: Parks and nature",
            "Goal 1-1: Plant trees",
            "Baseline: 90 gallons",
            "Satisfied: Target: 75.5%",
            "Lower is better",
        ] {
            assert!(all.contains(sentence), "{sentence}\n{all}");
        }
    }
}
