//! A site joined again after any change is the site a fresh build makes: every page, every finding.

use crate::support;

use kohyo::diagnostic::Diagnostic;
use kohyo::output::{Content, Output};
use kohyo::pipeline;
use kohyo::prepared::Options;
use kohyo::reading::Reading;
use kohyo::render;
use kohyo::source::Sources;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use support::{CITY, TODAY, describe, files};

type Files = BTreeMap<String, Vec<u8>>;

/// What one editor does in one save.
#[derive(Clone, Debug)]
enum Change {
    /// Writes one of the texts below to one of the paths below.
    Write(usize, usize),
    /// Repeats a part of a text that is there, or cuts it off: any breakage.
    Break(usize, usize),
    Delete(usize),
    Move(usize, usize),
    /// A whole folder gets another name.
    MoveFolder(usize, usize),
    /// As a checkout does: many files at once.
    DeleteFolder(usize),
}

const PATHS: [&str; 26] = [
    "content/2024/planning/1-01.md",
    "content/2024/planning/1-01.result.md",
    "content/2025/planning/1-01.md",
    "content/2025/planning/1-01.result.md",
    "content/2025/planning/1-02.md",
    "content/2025/planning/1-02.result.md",
    "content/2025/planning/index.md",
    "content/2025/general/1-01.md",
    "content/2025/planning/1-01.progress-2025-09-30.md",
    "content/2026/planning/1-01.md",
    "content/2026/planning/1-10.md",
    "content/2026/planning/2-1.md",
    "content/2026/index.md",
    "content/index.md",
    "content/pages/policy.md",
    "content/pages/2026.md",
    "content/pillars/trust.md",
    "content/pillars/finance.md",
    "content/departments/planning.md",
    "content/departments/general.md",
    "content/2026/planning/plan.pdf",
    "content/pages/policy.pdf",
    "site.yaml",
    "themes/own/theme.yaml",
    "themes/own/words/ja.yaml",
    "themes/own/templates/screen/404.html",
];

const TEXTS: [&str; 20] = [
    "---\ntitle: 目標A\npillar: trust\nactions:\n  - { text: 取組, sections: [企画課], indicator: { target: 3 } }\n---\n本文\n",
    "---\ntitle: 目標B\npillar: 2\ncontinues: 2025/planning/1-01\nactions: []\n---\n## 見出し\n[前年](../../2025/planning/1-01.md#見出し)\n",
    "---\ntitle: 目標C\npillar: finance\norder: 1\ndraft: true\nactions: []\n---\n[計画](plan.pdf)\n",
    "---\ntitle: 目標D\npillar: nowhere\nactions: []\n---\n[方針](/policy/#ない)\n",
    "---\ntitle: 目標E\npillar: 1\npublish_at: 2027-01-01\ncontinues: 2024/planning/1-01\nactions: [{ text: 取組 }]\n---\n",
    "---\nevaluation: on-plan\nactions: [{ result: した, actual: 3 }]\n---\n## 見出し\n実績\n",
    "---\nevaluation: below\nactions: []\n---\n[目標](1-01.md)\n",
    "---\nevaluation: above\ncorrections: [{ date: 2026-09-01, was: 1, now: 2, why: 誤り }]\nactions: [{ result: した, actual: 2 }]\n---\n",
    "---\nname: 企画部\norder: 3\nsections: [企画課]\n---\n",
    "---\nname: 総務部\nyears: [2020, 2025]\nbecomes: [planning]\n---\n",
    "---\nname: 信頼\nnumber: 7\n---\n[資料](plan.pdf)\n",
    "---\ntitle: 方針\nmenu: true\n---\n[資料](policy.pdf) [計画](../2026/planning/plan.pdf)\n",
    "---\ntitle: [\n",
    "ただの文章\n",
    "title: 青葉市\ntheme: own\norganization: { name: 青葉市 }\nscale:\n  - { key: on-plan, label: 計画通り, shape: circle, color: info }\n",
    "title: 青葉市\nbase_url: https://www.example.jp/x/\norganization: { name: 青葉市 }\ncolumns:\n  - { key: reform, label: 改革, on: goal, type: text }\n",
    "contract: 1\n",
    "home: うち\n",
    "{% extends \"screen/base.html\" %}{% block main %}<h1>{{ page.heading }}</h1>なし{% endblock %}\n",
    "",
];

fn change() -> impl Strategy<Value = Change> {
    let any = 0..1_000_usize;
    prop_oneof![
        6 => (0..PATHS.len(), 0..TEXTS.len()).prop_map(|(path, text)| Change::Write(path, text)),
        2 => (any.clone(), any.clone()).prop_map(|(file, at)| Change::Break(file, at)),
        2 => any.clone().prop_map(Change::Delete),
        2 => (any.clone(), 0..PATHS.len()).prop_map(|(file, path)| Change::Move(file, path)),
        1 => (any.clone(), any.clone()).prop_map(|(from, to)| Change::MoveFolder(from, to)),
        1 => any.prop_map(Change::DeleteFolder),
    ]
}

fn nth(files: &Files, index: usize) -> Option<String> {
    let paths: Vec<&String> = files.keys().collect();
    (!paths.is_empty()).then(|| paths[index % paths.len()].clone())
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("content", |(folder, _)| folder)
}

fn apply(files: &mut Files, change: &Change) {
    match change {
        Change::Write(path, text) => drop(files.insert(PATHS[*path].into(), TEXTS[*text].into())),
        Change::Break(file, at) => {
            let Some(bytes) = nth(files, *file).and_then(|path| files.get_mut(&path)) else { return };
            let at = at % (bytes.len() + 1);
            match at % 3 {
                0 => bytes.truncate(at),
                1 => bytes.extend_from_within(at..),
                _ => bytes.insert(at, 0xff),
            }
        }
        Change::Delete(file) => drop(nth(files, *file).map(|path| files.remove(&path))),
        Change::Move(file, to) => {
            if let Some((path, bytes)) = nth(files, *file).and_then(|path| Some((path.clone(), files.remove(&path)?))) {
                drop(path);
                files.insert(PATHS[*to].into(), bytes);
            }
        }
        Change::MoveFolder(from, to) => {
            let (Some(from), to) = (nth(files, *from), PATHS[*to % PATHS.len()]) else { return };
            let moved: Vec<String> =
                files.keys().filter(|path| path.starts_with(&format!("{}/", folder(&from)))).cloned().collect();
            for path in moved {
                let name = path.rsplit('/').next().unwrap_or_default();
                let bytes = files.remove(&path).unwrap_or_default();
                files.insert(format!("{}/{name}", folder(to)), bytes);
            }
        }
        Change::DeleteFolder(file) => {
            let Some(path) = nth(files, *file) else { return };
            files.retain(|other, _| !other.starts_with(&format!("{}/", folder(&path))));
        }
    }
}

/// Every file of the site, or why it cannot be made.
fn output(prepared: &Output) -> BTreeMap<String, Result<Vec<u8>, String>> {
    let bytes = |route| match prepared.render(route) {
        Ok(Content::Bytes(bytes)) => Ok(bytes),
        Ok(Content::File(file)) => Ok(prepared.sources.bytes(file).expect("readable").into_owned()),
        Err(render::Failure::Finding(finding)) => Err(describe(&prepared.sources, &[*finding]).join("\n")),
        Err(render::Failure::Trouble(error)) => Err(format!("{error:#}")),
    };
    prepared.routes().into_iter().map(|route| (prepared.path(route), bytes(route))).collect()
}

fn shown(prepared: &Output, findings: &[Diagnostic]) -> Vec<String> {
    let lines = describe(&prepared.sources, findings);
    let more = |finding: &Diagnostic| {
        let related: Vec<&str> = finding.related.iter().map(|(place, _)| prepared.sources.path(place.file)).collect();
        format!("{} {:?} {related:?}", finding.message.en, finding.help.as_ref().map(|help| &help.en))
    };
    lines.into_iter().zip(findings).map(|(line, finding)| format!("{line} {}", more(finding))).collect()
}

fn options(drafts: bool) -> Options {
    Options { as_of: TODAY, today: TODAY, drafts, base_url: None, asked: Default::default(), published: None }
}

/// The files after a change; what was read of those that are another is forgotten.
fn follow(sources: &Sources, before: &Files, now: &Files, reading: &mut Reading) -> Arc<Sources> {
    let next = Sources::from_memory(now.clone()).following(sources);
    let changed = now.iter().filter(|(path, bytes)| before.get(*path) != Some(*bytes));
    changed.for_each(|(path, _)| reading.forget(next.find(path).expect("listed")));
    Arc::new(next)
}

/// Names of goals that are nearly the same, also as neighbours in the order of paths.
const NEAR: [&str; 10] = [
    "2024/planning/1-01",
    "2025/general/1-01",
    "2025/planning/1",
    "2025/planning/1-0",
    "2025/planning/1-01",
    "2025/planning/1-010",
    "2025/planning/1-01a",
    "2025/planning/1-1",
    "2025/planning/11",
    "2026/planning/1-01",
];

/// What can lie beside each other under such a name: a goal, its result, a report during the year.
const BESIDE: [(&str, &str); 3] = [
    (".md", "---\ntitle: 目標\npillar: trust\nactions: []\n---\n"),
    (".result.md", "---\nevaluation: on-plan\nactions: []\n---\n実績\n"),
    (".progress-2025-09-30.md", "---\nactions: []\n---\n途中\n"),
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_changes_gives_what_a_clean_build_gives(
        saves in prop::collection::vec(prop::collection::vec(change(), 1..4), 1..12),
        drafts in any::<bool>(),
    ) {
        let mut now = files(CITY);
        let mut reading = Reading::default();
        let mut sources = Arc::new(Sources::from_memory(now.clone()));
        pipeline::join(sources.clone(), options(drafts), &mut reading);
        for save in &saves {
            let before = now.clone();
            save.iter().for_each(|change| apply(&mut now, change));
            sources = follow(&sources, &before, &now, &mut reading);
            let again = pipeline::join(sources.clone(), options(drafts), &mut reading);
            let findings = pipeline::examine(&again);
            let fresh = pipeline::prepare(Arc::new(Sources::from_memory(now.clone())), options(drafts));
            prop_assert_eq!(shown(&again, &findings), shown(&fresh.value, &fresh.diagnostics));
            prop_assert_eq!(output(&again), output(&fresh.value));
        }
    }

    /// Held against the names of the files alone: the comparison above would not see a mistake that both sides make.
    #[test]
    fn a_result_belongs_to_the_goal_of_its_very_name_or_to_none(
        saves in prop::collection::vec(prop::collection::vec((0..NEAR.len(), 0..BESIDE.len()), 1..8), 1..8),
    ) {
        let mut now = files(CITY);
        now.retain(|path, _| !path.starts_with("content/20"));
        let mut reading = Reading::default();
        let mut sources = Arc::new(Sources::from_memory(now.clone()));
        pipeline::join(sources.clone(), options(true), &mut reading);
        for save in saves {
            let before = now.clone();
            for (name, (ending, text)) in save.iter().map(|(name, kind)| (NEAR[*name], BESIDE[*kind])) {
                let path = format!("content/{name}{ending}");
                if now.remove(&path).is_none() {
                    now.insert(path, text.into());
                }
            }
            sources = follow(&sources, &before, &now, &mut reading);
            let site = pipeline::join(sources.clone(), options(true), &mut reading);
            let path = |file| sources.path(file).to_owned();
            let mut joined: Vec<[Option<String>; 3]> = Vec::new();
            for goal in &site.site.goals {
                let outcome = goal.outcome.iter().map(|it| path(it.matter.body.file)).next();
                let progress = goal.progress.iter().map(|(_, it)| path(it.matter.body.file)).next();
                joined.push([Some(path(goal.matter.body.file)), outcome, progress]);
            }
            joined.sort();
            let named = |name: &&str| BESIDE.map(|(ending, _)| Some(format!("content/{name}{ending}")));
            let there = |it: [Option<String>; 3]| it.map(|path| path.filter(|path| now.contains_key(path)));
            let mut meant: Vec<_> = NEAR.iter().map(named).map(there).filter(|it| it[0].is_some()).collect();
            meant.sort();
            prop_assert_eq!(joined, meant);
        }
    }
}

#[test]
fn an_attachment_is_looked_into_once_until_it_changes() {
    let goal = "-- content/pages/plan.md --\n---\ntitle: 計画\n---\n[計画](plan.pdf)、[表](table.csv)\n";
    let before = files(&format!("{CITY}{goal}-- content/pages/plan.pdf --\nx\n-- content/pages/table.csv --\na\n"));
    let mut reading = Reading::default();
    let joined = |sources: Arc<Sources>, reading: &mut Reading| {
        let output = pipeline::join(sources, options(false), reading);
        let facts = |path: &str| {
            let mut all = output.site.attachments.iter();
            all.find(|attachment| &*attachment.path == path).expect("published").facts.clone()
        };
        let facts = ["plan.pdf", "table.csv"].map(facts);
        let looked = facts.each_ref().map(|facts| facts.get().is_some());
        let found = pipeline::examine(&output);
        (looked, describe(&output.sources, &found), facts)
    };
    let sources = Arc::new(Sources::from_memory(before.clone()));
    let (looked, found, first) = joined(sources.clone(), &mut reading);
    assert_eq!((looked, found.len()), ([false, false], 0), "{found:?}");
    // Another document is saved, then one of the two files.
    let mut now = before.clone();
    now.insert("content/index.md".into(), "別の文です。".into());
    let sources_now = follow(&sources, &before, &now, &mut reading);
    let (looked, _, second) = joined(sources_now.clone(), &mut reading);
    assert!(looked == [true, true] && first.iter().zip(&second).all(|(first, second)| Arc::ptr_eq(first, second)));
    let before = now.clone();
    now.insert("content/pages/plan.pdf".into(), b"<p>".into());
    let (looked, found, _) = joined(follow(&sources_now, &before, &now, &mut reading), &mut reading);
    assert_eq!((looked, found), ([false, true], vec!["content/pages/plan.pdf:1:1 false-ending \"\"".to_owned()]));
}
