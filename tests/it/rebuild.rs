//! A build that makes only what changed gives the same site as one that makes everything.

#![allow(clippy::unwrap_used)]

use kohyo::output::Content;
use kohyo::pipeline;
use kohyo::prepared::Options;
use kohyo::render::Keys;
use kohyo::source::Sources;
use kohyo::value::calendar::Date;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

type Files = BTreeMap<String, String>;

/// Everything that goes into a build.
#[derive(Clone, Debug)]
struct World {
    files: Files,
    as_of: Date,
    drafts: bool,
    program: u64,
}

/// Key and bytes of every file of the site; a file that is copied has its source for bytes.
fn built(world: &World) -> BTreeMap<String, (Option<u128>, Vec<u8>)> {
    let sources = Arc::new(Sources::from_memory(world.files.clone()));
    let options = Options {
        as_of: world.as_of,
        today: world.as_of,
        drafts: world.drafts,
        base_url: None,
        asked: Default::default(),
        published: None,
    };
    let prepared = pipeline::prepare(sources, options).value;
    let keys = Keys::new(&prepared, world.program);
    let file = |route| {
        let bytes = match prepared.render(route) {
            Ok(Content::Bytes(bytes)) => bytes,
            Ok(Content::File(file)) => prepared.sources.bytes(file).unwrap().into_owned(),
            Err(failure) => format!("{failure:?}").into_bytes(),
        };
        (prepared.path(route), (keys.of(route), bytes))
    };
    prepared.routes().into_iter().map(file).collect()
}

fn city() -> World {
    let mut files = Files::new();
    let mut put = |path: &str, text: &str| drop(files.insert(path.to_owned(), text.to_owned()));
    put(
        "site.yaml",
        "title: 緑川市\nbase_url: https://www.example.lg.jp/goals/\nlanguage: ja\ntheme: own\norganization: { name: 緑川市 }\n\
         contact: { office: 企画課, telephone: 0000-00-1000 }\ncalendar: { year_starts: 4, named_by: start, era: japanese, results: 7 }\n\
         scale:\n  - { key: good, label: 計画通り, shape: circle, color: info }\n  - { key: bad, label: 計画未満, shape: triangle, color: warning, needs: reason }\n",
    );
    put("themes/own/theme.yaml", "contract: 1\nextends: default\n");
    put("themes/own/words/ja.yaml", "home: ホーム\n");
    put("content/index.md", "---\ntitle: 緑川市\n---\n[はじめに](pages/about.md)\n");
    put(
        "content/pages/about.md",
        "---\ntitle: この記録について\nmenu: true\n---\n[最初の目標](../2024/planning/1-01.md)\n",
    );
    put("content/pillars/trust.md", "---\nnumber: 1\nname: 信頼される市役所\n---\n");
    put("content/pillars/safety.md", "---\nnumber: 2\nname: 安全なまち\n---\n");
    put(
        "content/departments/planning.md",
        "---\nname: 企画部\norder: 1\nyears: [2024, 2024]\nbecomes: [policy]\n---\n",
    );
    put("content/departments/policy.md", "---\nname: 政策部\norder: 2\nyears: [2025]\n---\n");
    put("content/departments/fire.md", "---\nname: 消防本部\norder: 3\nyears: [2024]\n---\n");
    for (year, department) in [(2024, "planning"), (2024, "fire"), (2025, "policy"), (2025, "fire"), (2026, "policy")] {
        for (number, pillar) in [(1, "trust"), (2, "trust"), (3, "safety")] {
            let path = format!("content/{year}/{department}/1-0{number}");
            let continues = match (year, department) {
                (2025, "policy") => format!("continues: 2024/planning/1-0{number}\n"),
                (2026, "policy") => format!("continues: 2025/policy/1-0{number}\n"),
                _ => String::new(),
            };
            put(
                &format!("{path}.md"),
                &format!(
                    "---\ntitle: 目標{number}\npillar: {pillar}\n{continues}updated: {year}-06-01\nactions:\n  - text: 取組\n    sections: [管理課]\n    criterion: 3回\n    indicator: {{ name: 回数, unit: 回, target: 3 }}\n---\n[表](plan.csv)と[隣](1-01.md)を見る。\n"
                ),
            );
            if year < 2026 {
                put(
                    &format!("{path}.result.md"),
                    &format!(
                        "---\nevaluation: good\nupdated: {}-07-01\nactions:\n  - {{ result: 行った, actual: 4 }}\n---\nできた。\n",
                        year + 1
                    ),
                );
            }
        }
        put(&format!("content/{year}/{department}/plan.csv"), "a,b\n");
    }
    World { files, as_of: Date::constant(2026, 6, 10), drafts: false, program: 1 }
}

/// One thing that people do between two builds.
#[derive(Clone, Debug)]
enum Edit {
    /// The words of one document change (`replace` one text with another, if it is there).
    Replace {
        file: usize,
        what: usize,
    },
    Append {
        file: usize,
    },
    Remove {
        file: usize,
    },
    Copy {
        file: usize,
        name: usize,
    },
    Day {
        days: i32,
    },
    Drafts,
    Program,
}

const REPLACEMENTS: [(&str, &str); 20] = [
    ("title: 目標", "title: 改めた目標"),
    ("pillar: trust", "pillar: safety"),
    ("pillar: safety", "pillar: trust"),
    ("evaluation: good", "evaluation: bad\nreason: 遅れた"),
    ("evaluation: bad", "evaluation: good"),
    ("actual: 4", "actual: 2"),
    ("target: 3", "target: 5"),
    ("---\ntitle", "---\ndraft: true\ntitle"),
    ("---\ntitle", "---\npublish_at: 2026-07-02\ntitle"),
    ("draft: true\n", ""),
    ("publish_at: 2026-07-02\n", ""),
    ("updated: 20", "sample: true\nupdated: 20"),
    ("continues: ", "# continues: "),
    ("できた。", "[計画](plan.csv)のとおり[できた](../../2024/fire/1-02.md)。"),
    ("企画部", "企画政策部"),
    ("order: 1", "order: 9"),
    ("menu: true", "menu: false"),
    ("contact: { office: 企画課", "contact: { office: 秘書課"),
    ("home: ホーム", "home: 入口"),
    (
        "evaluation: good\n",
        "evaluation: good\ncorrections: [{ date: 2026-05-01, was: '2', now: '4', why: 集計の誤り }]\n",
    ),
];

const NAMES: [&str; 4] = [
    "content/2026/fire/1-01.md",
    "content/2026/policy/1-01.result.md",
    "content/2025/fire/1-09.md",
    "content/2024/planning/1-01.progress-2024-10-01.md",
];

fn apply(world: &mut World, edit: &Edit) {
    let path = |file: usize| world.files.keys().nth(file % world.files.len()).unwrap().clone();
    match *edit {
        Edit::Replace { file, what } => {
            let (from, to) = REPLACEMENTS[what % REPLACEMENTS.len()];
            // The next file in which there is something to replace, so that few edits do nothing.
            let paths: Vec<String> = world.files.keys().cloned().collect();
            let start = file % paths.len();
            let found = paths[start..].iter().chain(&paths[..start]).find(|path| world.files[*path].contains(from));
            if let Some(path) = found {
                let text = world.files[path].replacen(from, to, 1);
                world.files.insert(path.clone(), text);
            }
        }
        Edit::Append { file } => world.files.get_mut(&path(file)).unwrap().push_str("\n加えた行\n"),
        Edit::Remove { file } => {
            let path = path(file);
            if path != "site.yaml" {
                world.files.remove(&path);
            }
        }
        Edit::Copy { file, name } => {
            let text = world.files[&path(file)].clone();
            world.files.insert(NAMES[name % NAMES.len()].to_owned(), text);
        }
        Edit::Day { days } => world.as_of = world.as_of.checked_add(jiff::Span::new().days(days)).unwrap(),
        Edit::Drafts => world.drafts = !world.drafts,
        Edit::Program => world.program += 1,
    }
}

fn edit() -> impl Strategy<Value = Edit> {
    let any = 0..1000_usize;
    prop_oneof![
        8 => (any.clone(), any.clone()).prop_map(|(file, what)| Edit::Replace { file, what }),
        2 => any.clone().prop_map(|file| Edit::Append { file }),
        1 => any.clone().prop_map(|file| Edit::Remove { file }),
        2 => (any.clone(), any).prop_map(|(file, name)| Edit::Copy { file, name }),
        1 => (-40..40).prop_map(|days| Edit::Day { days }),
        2 => (-600..600).prop_map(|days| Edit::Day { days }),
        1 => Just(Edit::Drafts),
        1 => Just(Edit::Program),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever people change, a file whose number stays the same has the same bytes.
    #[test]
    fn the_same_number_means_the_same_bytes(edits in prop::collection::vec(edit(), 1..8)) {
        let mut world = city();
        let mut before = built(&world);
        for edit in &edits {
            apply(&mut world, edit);
            let now = built(&world);
            for (path, (key, bytes)) in &now {
                let Some((old_key, old_bytes)) = before.get(path) else { continue };
                prop_assert!(key.is_none() || key != old_key || bytes == old_bytes, "{path} after {edit:?} of {edits:?}");
            }
            before = now;
        }
    }
}

fn changed_keys(edit: Edit) -> Vec<String> {
    let mut world = city();
    let before = built(&world);
    apply(&mut world, &edit);
    let now = built(&world);
    now.into_iter().filter(|(path, (key, _))| key.is_some() && before[path].0 != *key).map(|(path, _)| path).collect()
}

#[test]
fn a_goal_that_changes_leaves_other_departments_and_years_alone() {
    let world = city();
    let file = world.files.keys().position(|path| path == "content/2024/fire/1-02.md").unwrap();
    let changed = changed_keys(Edit::Append { file });
    for page in
        ["2024/fire/1-02.html", "2024/fire/index.html", "2024/index.html", "index.html", "2024/pillars/trust.html"]
    {
        assert!(changed.iter().any(|path| path == page), "{page}: {changed:?}");
    }
    for page in ["2025/index.html", "2024/planning/index.html", "2024/fire/1-03.html", "2024/pillars/safety.html"] {
        assert!(!changed.iter().any(|path| path == page), "{page}: {changed:?}");
    }
}

#[test]
fn another_program_makes_every_page_anew() {
    let changed = changed_keys(Edit::Program);
    let pages = built(&city()).values().filter(|(key, _)| key.is_some()).count();
    assert_eq!(changed.len(), pages);
}

#[test]
fn another_day_of_the_same_month_changes_no_page() {
    assert_eq!(changed_keys(Edit::Day { days: 3 }), Vec::<String>::new());
}
