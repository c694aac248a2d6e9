//! The second sample, `tests/sites/programmes`: a small city that evaluates its programmes, with three tiers, several
//! indicators, costs by source and its own words. Counts and sums are held against a plain computation over its documents.

use crate::fields::judged;
use crate::support;

use kohyo::pipeline;
use kohyo::prepared::Options;
use kohyo::source::Sources;
use kohyo::value::calendar::Date;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use support::describe;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites/programmes")
}

/// The pages of the sample, and what is found in it.
fn built() -> (BTreeMap<String, String>, Vec<String>) {
    let sources = Arc::new(Sources::read(&folder()).expect("the sample"));
    let day = Date::constant(2026, 11, 30);
    let options =
        Options { as_of: day, today: day, drafts: false, base_url: None, asked: Default::default(), published: None };
    let checked = pipeline::prepare(sources.clone(), options);
    let found = describe(&sources, &checked.diagnostics);
    let files = support::output(&checked.value);
    let pages = files.into_iter().filter(|(path, _)| path.ends_with(".html"));
    (pages.map(|(path, bytes)| (path, String::from_utf8(bytes).expect("UTF-8"))).collect(), found)
}

/// Front matter of the documents below `content/`, by path.
fn documents() -> BTreeMap<String, Value> {
    let sources = Sources::read(&folder()).expect("the sample");
    let read = |(id, file): (_, &kohyo::source::File)| {
        let path = file.path.strip_prefix("content/")?.strip_suffix(".md")?;
        let text = String::from_utf8(sources.whole(id).expect("readable").into_owned()).expect("UTF-8");
        let yaml = text.strip_prefix("---\n")?.split("\n---").next()?.to_owned();
        Some((path.to_owned(), serde_yaml::from_str(&yaml).expect("YAML")))
    };
    sources.iter().filter_map(read).collect()
}

/// Thousandths of what is written.
fn thousandths(value: &Value) -> i64 {
    (value.as_f64().expect("a number") * 1000.0).round() as i64
}

/// As amounts are shown: `1,234.5`.
fn shown(thousandths: i64) -> String {
    let whole = (thousandths / 1000).to_string();
    let mut out = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    let part = format!("{:03}", thousandths % 1000);
    match part.trim_end_matches('0') {
        "" => out,
        part => format!("{out}.{part}"),
    }
}

fn text(html: &str) -> String {
    let parts = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    parts.collect::<String>().replace('\n', "")
}

#[test]
fn nothing_is_found_in_it_and_every_document_agrees_with_its_schema() {
    let (_, found) = built();
    assert_eq!(found, [""; 0]);
    assert_eq!(judged(&Sources::read(&folder()).expect("the sample")), [""; 0]);
}

#[test]
fn totals_are_what_a_plain_computation_gives() {
    let documents = documents();
    let (pages, _) = built();
    let above = |pillar: &str| {
        let mut path = vec![pillar.to_owned()];
        while let Some(under) = documents[&format!("pillars/{}", path[path.len() - 1])]["under"].as_str() {
            path.push(under.to_owned());
        }
        path
    };
    // Of each page that adds up: label, part ("" is the whole), sum.
    let mut sums: BTreeMap<(String, &str, String), i64> = BTreeMap::new();
    let mut goals: BTreeMap<String, usize> = BTreeMap::new();
    for (path, goal) in &documents {
        let parts: Vec<&str> = path.split('/').collect();
        let [year, department, slug] = parts[..] else { continue };
        if slug.contains('.') || !year.starts_with("20") {
            continue;
        }
        let pillars = above(goal["pillar"].as_str().expect("a pillar"));
        let mut own = vec![format!("{year}/index"), format!("{year}/{department}/index")];
        own.extend(pillars.iter().map(|pillar| format!("{year}/pillars/{pillar}")));
        let result = documents.get(&format!("{path}.result"));
        let values = [
            ("当初予算", Some(&goal["budget"])),
            ("従事する職員", Some(&goal["staff"])),
            ("決算", result.map(|it| &it["settled"])),
        ];
        for page in own {
            *goals.entry(page.clone()).or_default() += 1;
            for (label, value) in &values {
                match value {
                    Some(Value::Object(sources)) => {
                        for (source, value) in sources {
                            *sums.entry((page.clone(), label, source.clone())).or_default() += thousandths(value);
                            *sums.entry((page.clone(), label, String::new())).or_default() += thousandths(value);
                        }
                    }
                    Some(value) if value.is_number() => {
                        *sums.entry((page.clone(), label, String::new())).or_default() += thousandths(value);
                    }
                    _ => {}
                }
            }
        }
    }
    assert!(sums.len() > 100, "{} sums", sums.len());
    for ((page, label, part), sum) in &sums {
        for edition in ["html", "large.html"] {
            let text = text(&pages[&format!("{page}.{edition}")]);
            let (_, totals) = text.split_once("合計").unwrap_or_else(|| panic!("{page}.{edition} has totals"));
            let (_, own) = totals.split_once(label).unwrap_or_else(|| panic!("{page}.{edition}: {label}"));
            let unit = if *label == "従事する職員" { "人" } else { "千円" };
            let wanted = if part.is_empty() { shown(*sum) } else { format!("{part} {}", shown(*sum)) };
            let at = own.find(&format!("{wanted}{unit}"));
            // The whole stands right behind its label.
            let is_right = if part.is_empty() { at == Some(0) } else { at.is_some_and(|at| at < 200) };
            assert!(
                is_right,
                "{page}.{edition}: {label} {wanted}{unit} in {}",
                own.chars().take(120).collect::<String>()
            );
        }
    }
    for (page, count) in goals.iter().filter(|(page, _)| page.contains("/pillars/")) {
        assert!(text(&pages[&format!("{page}.html")]).contains(&format!("{count}件")), "{page}: {count}");
    }
}

#[test]
fn figures_are_counted_as_a_plain_computation_counts_them() {
    let documents = documents();
    let (pages, _) = built();
    let (mut met, mut missed) = (0, 0);
    for (path, goal) in documents.iter().filter(|(path, _)| path.starts_with("2025/") && !path.contains('.')) {
        let result = &documents[&format!("{path}.result")];
        let rows = |document: &Value| document["actions"].as_array().cloned().unwrap_or_default();
        for (action, outcome) in rows(goal).iter().zip(rows(result)) {
            let several = action["indicators"].as_array().cloned().unwrap_or_else(|| vec![action["indicator"].clone()]);
            for indicator in several {
                let is_it = |it: &&Value| {
                    it["name"].is_string() && it["name"] == indicator["name"]
                        || it["key"].is_string() && it["key"] == indicator["key"]
                };
                let measured = outcome["indicators"].as_array().and_then(|all| all.iter().find(is_it).cloned());
                let actual = measured.map_or_else(|| outcome["actual"].clone(), |it| it["actual"].clone());
                let (Some(actual), Some(target)) = (actual.as_f64(), indicator["target"].as_f64()) else { continue };
                let is_met = if indicator["direction"] == "down" { actual <= target } else { actual >= target };
                if is_met { met += 1 } else { missed += 1 }
            }
        }
    }
    assert!(met > 0 && missed > 0);
    let text = text(&pages["2025/results.html"]);
    let all = met + missed;
    assert!(
        text.contains(&format!("{all}件の指標のうち、{met}件が目標値に届き、{missed}件が届きませんでした")),
        "{met}, {missed}"
    );
}

#[test]
fn it_speaks_in_its_own_words() {
    let (pages, _) = built();
    for (page, html) in &pages {
        let text = text(html);
        for word in ["組織重点目標", "部局", "取組", "柱"] {
            assert!(!text.contains(word), "{page}: {word}");
        }
    }
    let titles: BTreeSet<&str> = pages.keys().map(String::as_str).collect();
    assert!(titles.contains("2025/pillars/checkup.html") && titles.contains("2025/pillars/life.large.html"));
}
