//! Every rule has a page, and the page is true: its wrong examples raise this rule and no other, its right ones none,
//! and what it says about `--fix` is what the program does.
//!
//! `SNAPSHOTS=overwrite cargo test --test it rules::` writes the index and what authors read (`tests/golden/rules/`); the
//! difference is reviewed like code.

use crate::support;

use kohyo::diagnostic::{Diagnostic, Rule, sort};
use kohyo::fix;
use kohyo::pipeline;
use kohyo::prepared::Options;
use kohyo::report::explain::{self, Block, Page, SECTIONS};
use kohyo::report::human;
use kohyo::site::published_figures::Published;
use kohyo::source::Sources;
use kohyo::text::language::Language;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use support::{CITY, TODAY, describe, files};

/// Bytes that a page shows as letters.
fn base64(text: &[u8]) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let value = |letter: &u8| LETTERS.iter().position(|known| known == letter).map(|value| value as u32);
    let values: Vec<u32> = text.iter().filter_map(value).collect();
    let mut out = Vec::new();
    for four in values.chunks(4) {
        let bits = four.iter().enumerate().fold(0, |bits, (index, value)| bits | value << (18 - 6 * index));
        out.extend(&bits.to_be_bytes()[1..four.len()]);
    }
    out
}

/// The small city with the files of an example laid over it. After `text`, a fence may name another encoding; `base64` is
/// that of files beside the documents.
pub fn site(words: &str, example: &str) -> BTreeMap<String, Vec<u8>> {
    let mut all = files(CITY);
    for (path, bytes) in files(example) {
        let encode = |label: &str| {
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("an encoding");
            encoding.encode(std::str::from_utf8(&bytes).expect("UTF-8")).0.into_owned()
        };
        let bytes = match words.split_once(' ') {
            None => bytes.clone(),
            Some((_, "base64")) if path.ends_with(".md") || path.ends_with(".yaml") => bytes.clone(),
            Some((_, "base64")) => base64(&bytes),
            Some((_, label)) => encode(label),
        };
        all.insert(path, bytes);
    }
    all
}

/// Everything that is found in a site, as `kohyo check` would.
pub fn check(files: &BTreeMap<String, Vec<u8>>) -> (Sources, Vec<Diagnostic>) {
    // What was published before, where an example shows it.
    let published = files.get("public/kohyo-figures.json").and_then(|bytes| Published::parse(bytes)).map(Arc::new);
    let options =
        Options { as_of: TODAY, today: TODAY, drafts: false, base_url: None, asked: Default::default(), published };
    let checked = pipeline::prepare(Arc::new(Sources::from_memory(files.clone())), options);
    let mut findings = checked.diagnostics;
    if findings.is_empty() {
        findings.extend(checked.value.try_templates().expect("readable"));
        sort(&mut findings);
    }
    (Sources::from_memory(files.clone()), findings)
}

fn overwrite() -> bool {
    std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite")
}

#[track_caller]
pub fn same_as_file(path: &Path, text: &str) {
    if overwrite() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(text, expected, "{}: SNAPSHOTS=overwrite writes what is made now", path.display());
}

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn pages() -> impl Iterator<Item = (Rule, Page)> {
    Rule::ALL.iter().map(|rule| (*rule, explain::page(*rule)))
}

#[test]
fn every_rule_has_a_page_and_every_page_a_rule() {
    let mut rules: Vec<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
    rules.sort_unstable();
    assert_eq!(explain::names(), rules, "docs/rules/ and src/diagnostic/rule.rs differ");
    same_as_file(&folder("docs/rules/README.md"), &explain::index());
}

#[test]
fn every_page_has_all_parts_in_both_languages() {
    for (rule, page) in pages() {
        let name = rule.name();
        let title = explain::title(rule);
        assert_eq!(page.heading, format!("{name}: {} / {}", title.ja, title.en), "{name}: the first line");
        assert_ne!(title.ja, title.en, "{name}: the first line");
        let severity = explain::severity(rule);
        let head =
            [Block::Japanese(format!("重さ: {}", severity.ja)), Block::English(format!("Severity: {}", severity.en))];
        assert_eq!(page.head, head, "{name}: the severity");
        let headings: Vec<&str> = page.sections.iter().map(|(heading, _)| heading.as_str()).collect();
        let wanted: Vec<String> = SECTIONS.iter().map(|(ja, en)| format!("{ja} / {en}")).collect();
        assert_eq!(headings, wanted, "{name}: the sections");
        for section in ["What", "Why", "How to mend"] {
            let blocks = page.section(section);
            assert!(blocks.iter().any(|block| matches!(block, Block::Japanese(_))), "{name}: {section}, 日本語");
            assert!(blocks.iter().any(|block| matches!(block, Block::English(_))), "{name}: {section}, English");
        }
        for section in ["Wrong", "Right"] {
            assert!(!page.examples(section).is_empty(), "{name}: {section} needs an example");
        }
    }
}

/// Whether this program finds what a page shows: what is missing from it, and what booklets lack, hangs on its features.
fn is_shown(rule: Rule) -> bool {
    let is_of_booklets = matches!(rule, Rule::Booklet | Rule::BookletPicture | Rule::MissingGlyph);
    (cfg!(feature = "pdf") || !is_of_booklets) && (cfg!(not(feature = "minify")) || rule != Rule::MissingFeature)
}

#[test]
fn wrong_examples_raise_their_rule_and_right_ones_none() {
    let mut failures = Vec::new();
    for (rule, page) in pages() {
        if !is_shown(rule) {
            continue;
        }
        let mut shown = String::new();
        for (words, example) in page.examples("Wrong") {
            let (sources, findings) = check(&site(words, example));
            if findings.is_empty() || findings.iter().any(|finding| finding.rule != rule) {
                failures.push(format!("{}, wrong: {:?}\n{example}", rule.name(), describe(&sources, &findings)));
            }
            for language in [Language::Japanese, Language::English] {
                shown += &human::human(&findings, &sources, human::Style { color: false, language });
            }
        }
        for (words, example) in page.examples("Right") {
            let (sources, findings) = check(&site(words, example));
            if !findings.is_empty() {
                failures.push(format!("{}, right: {:?}\n{example}", rule.name(), describe(&sources, &findings)));
            }
        }
        same_as_file(&folder(&format!("tests/golden/rules/{}.txt", rule.name())), &shown);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The repository's own site, with the departments, goals and levels of the small city that examples speak of.
fn show_house() -> BTreeMap<String, Vec<u8>> {
    let own = support::own_site();
    let mut all: BTreeMap<String, Vec<u8>> =
        own.iter().map(|(id, file)| (file.path.to_string(), own.whole(id).expect("readable").into_owned())).collect();
    let city = files(CITY);
    let text = |all: &BTreeMap<String, Vec<u8>>| String::from_utf8(all["site.yaml"].clone()).expect("UTF-8");
    let small = text(&city);
    let levels = &small[small.find("scale:\n").expect("levels") + 7..small.find("columns:").expect("columns")];
    // The site's own years have none.
    let levels = format!("scale:\n  - years: [2020]\n    levels:\n{}", levels.replace("  - ", "      - "));
    let settings = text(&all).replace("scale: []\n", &levels).replace("years: [2017]", "years: [2030]");
    all.extend(city.into_iter().filter(|(path, _)| path.contains("/20") || path.contains("/departments/")));
    all.insert("site.yaml".into(), settings.into_bytes());
    // Both cities have a 総務部.
    let path = "content/departments/general-affairs.md";
    let general = String::from_utf8(all[path].clone()).expect("UTF-8").replace("name: 総務部", "name: 庶務部");
    all.insert(path.into(), general.into_bytes());
    all
}

#[test]
fn wrong_examples_raise_nothing_else_in_a_large_site() {
    let house = show_house();
    let (sources, findings) = check(&house);
    assert_eq!(describe(&sources, &findings), [""; 0]);
    let mut failures = Vec::new();
    let mut covered = std::collections::BTreeSet::new();
    for (rule, page) in pages() {
        for (words, example) in page.examples("Wrong") {
            // Other settings make another city of it; what was published before was another site.
            let laid: Vec<String> = files(example).into_keys().collect();
            let is_elsewhere = |path: &String| !path.starts_with("content/") || path.starts_with("content/pillars/");
            if laid.iter().any(is_elsewhere) {
                continue;
            }
            let mut all = house.clone();
            let example = site(words, example);
            all.extend(laid.iter().map(|path| (path.clone(), example[path].clone())));
            let (sources, findings) = check(&all);
            let strange = findings.iter().any(|finding| finding.rule != rule);
            if findings.is_empty() || strange {
                failures.push(format!("{}: {:?}", rule.name(), describe(&sources, &findings)));
            }
            covered.insert(rule.name());
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(covered.len() * 3 >= Rule::ALL.len() * 2, "{} of {} rules: {covered:?}", covered.len(), Rule::ALL.len());
}

#[test]
fn what_a_page_says_of_fix_is_what_fix_does() {
    for (rule, page) in pages() {
        let mut has_fix = false;
        for ((words, wrong), (right_words, right)) in page.examples("Wrong").into_iter().zip(page.examples("Right")) {
            let files = site(words, wrong);
            let (sources, findings) = check(&files);
            let changes = fix::plan(&findings);
            if changes.is_empty() {
                continue;
            }
            has_fix = true;
            let mut mended = files;
            for change in changes {
                let bytes = mended.get_mut(sources.path(change.file)).expect("a file");
                *bytes = change.apply(bytes).expect("bytes that are there");
            }
            let text = |files: BTreeMap<String, Vec<u8>>| -> BTreeMap<String, String> {
                files.into_iter().map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned())).collect()
            };
            let right = text(site(right_words, right));
            assert_eq!(text(mended), right, "{}: wrong, mended by --fix, is not right", rule.name());
        }
        let mend = page
            .section("How to mend")
            .iter()
            .any(|block| matches!(block, Block::Japanese(text) | Block::English(text) if text.contains("--fix")));
        assert_eq!(mend, has_fix, "{}: the page names --fix exactly when there is a fix", rule.name());
    }
}

#[test]
fn no_rule_is_named_like_a_group() {
    for rule in Rule::ALL {
        assert!(kohyo::diagnostic::Group::parse(rule.name()).is_none(), "{}", rule.name());
        assert!(rule.name().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", rule.name());
    }
}
