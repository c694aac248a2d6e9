//! Characters that nobody sees, planted wherever a site has text or names: each is an error at its place.

use crate::support;

use kohyo::diagnostic::{Checked, Diagnostic, Severity};
use kohyo::fix;
use kohyo::source::Sources;
use std::collections::BTreeMap;
use support::{CITY, describe, files, prepare};

/// Of each kind some; `text::hidden` tests the ranges.
const HIDDEN: [char; 10] = [
    '\u{061C}',
    '\u{115F}',
    '\u{200D}',
    '\u{200E}',
    '\u{202E}',
    '\u{2066}',
    '\u{3164}',
    '\u{FE0F}',
    '\u{E0041}',
    '\u{E01EF}',
];

/// The small city with a page in every form; behind each 見 something is planted.
const MORE: &str = "\
-- site.yaml --
title: 青葉市の見本
organization: { name: 青葉市見 }
contact: { office: 企画課見, telephone: 000-000-0000, form_url: \"https://www.example.jp/見\" }
scale:
  - { key: on-plan, label: 計画通り見, shape: circle, color: info }
notice: これは見本です。
theme: own
-- themes/own/theme.yaml --
contract: 1
extends: default
-- themes/own/words/ja.yaml --
site_home: 見出し
-- themes/own/assets/extra.css --
/* 見 */
-- content/departments/planning.md --
---
name: 企画部見
years: [2020]
sections: [企画課, 財政課見]
---
-- content/pillars/trust.md --
---
number: 1
name: 信頼される見
---
-- content/2026/planning/1-02.md --
---
title: 見学会を開く
pillar: trust
# 見
actions:
  - text: \"見学会を開く\"
    sections: [企画課]
    criterion: '見学 3回'
---
## 見出し

見学会を`見`開きます[見学の資料](https://www.example.jp/見)。![橋の見取図](見取図.png)

| 見 | 数 |
|---|---|
| 見 | 1 |

```text
見
```

脚注[^見]です。

[^見]: 見。

[見]: https://www.example.jp/ \"見\"

<!-- 見 -->
-- content/2026/planning/見取図.png --
png
";

fn told(all: &BTreeMap<String, Vec<u8>>) -> (Vec<String>, Vec<Diagnostic>) {
    let Checked { diagnostics, .. } = prepare(Sources::from_memory(all.clone()));
    let hidden: Vec<_> = diagnostics.into_iter().filter(|it| it.rule.name() == "bidi-control").collect();
    (describe(&Sources::from_memory(all.clone()), &hidden), hidden)
}

#[test]
fn a_hidden_character_is_an_error_wherever_it_stands() {
    let mut all = files(CITY);
    all.extend(files(MORE));
    assert_eq!(told(&all).0, Vec::<String>::new());
    let places: usize = all.values().map(|bytes| String::from_utf8_lossy(bytes).matches('見').count()).sum();
    assert!(places > 25, "{places} places");
    for c in HIDDEN {
        // Behind kana, which have no forms as kanji do.
        let with = |what: &str| -> BTreeMap<String, Vec<u8>> {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace('見', &format!("見ん{what}")).into_bytes();
            all.iter().map(|(path, bytes)| (path.clone(), text(bytes))).collect()
        };
        let planted = with(&c.to_string());
        let (words, found) = told(&planted);
        let mark = format!("{:?}", c.to_string());
        assert!(words.iter().all(|it| it.ends_with(&mark)), "{words:?}");
        assert!(found.iter().all(|it| it.severity == Severity::Error));
        for (path, bytes) in &all {
            let places = String::from_utf8_lossy(bytes).matches('見').count();
            let here = words.iter().filter(|it| it.starts_with(&format!("{path}:")));
            assert_eq!(here.count(), places, "U+{:04X} in {path}: {words:?}", c as u32);
        }
        // What is mended is a file without it, but for targets; and only what turns nothing is mended.
        let changes = fix::plan(&found);
        assert!(changes.is_empty() || !matches!(c, '\u{202E}' | '\u{061C}'), "U+{:04X}", c as u32);
        let sources = Sources::from_memory(planted.clone());
        for change in changes {
            let path = sources.path(change.file);
            let mended = change.apply(&planted[path]).expect("a place in the file");
            let mended = String::from_utf8(mended).expect("UTF-8");
            let left = mended.matches(c).count();
            // What looks like a blank parts words, and goes only where nothing stands beside it.
            let is_blank = matches!(c, '\u{115F}' | '\u{3164}');
            let targets = if path.ends_with("1-02.md") { 2 } else { 0 };
            assert!(if is_blank { left < mended.matches('見').count() } else { left == targets }, "{mended}");
            assert_eq!(mended.replace(c, "").into_bytes(), with("")[path]);
        }
    }
}

#[test]
fn a_hidden_character_in_a_name_is_an_error() {
    let paths = [
        "content/2026/planning/計画.md",
        "content/2026/planning/計画.pdf",
        "content/2026/planning/計画/1.pdf",
        "content/pages/計画fdp.exe",
        "themes/計画/a.css",
    ];
    let in_names = ['\u{AD}', '\u{200B}', '\u{2060}', '\u{FEFF}'];
    for c in HIDDEN.into_iter().filter(|c| !matches!(c, '\u{FE0F}' | '\u{E01EF}')).chain(in_names) {
        let mut all = files(CITY);
        let paths = paths.map(|path| path.replace('画', &format!("画{c}")));
        all.extend(
            paths.iter().map(|path| (path.clone(), b"---\ntitle: x\npillar: trust\nactions: []\n---\nx\n".to_vec())),
        );
        let (words, found) = told(&all);
        let mut expected: Vec<String> = paths.iter().map(|path| format!("{path}:1:1 bidi-control \"\"")).collect();
        expected.sort();
        assert_eq!(words, expected, "U+{:04X}", c as u32);
        assert!(found.iter().all(|it| it.severity == Severity::Error));
    }
    // As macOS writes them, and with the form of a kanji.
    for name in ["か\u{3099}っこう.pdf", "葛\u{E0100}城.pdf"] {
        let mut all = files(CITY);
        all.insert(format!("content/pages/{name}"), b"pdf".to_vec());
        assert_eq!(told(&all).0, Vec::<String>::new());
    }
}

#[test]
fn an_escape_is_no_way_around() {
    let site = |title: &str, body: &str| {
        let mut all = files(CITY);
        let text = format!("---\ntitle: {title}\npillar: trust\nactions: []\n---\n{body}\n");
        all.insert("content/2026/planning/1-02.md".into(), text.into_bytes());
        told(&all).0
    };
    let at = |place: &str, mark: &str| [format!("content/2026/planning/1-02.md:{place} bidi-control {mark:?}")];
    assert_eq!(site(r#""予算\u202E001""#, "本文"), at("2:11", r"\u202E"));
    assert_eq!(site("予算", "予算&#x202E;001"), at("6:3", "&#x202E;"));
    assert_eq!(site("予算", "## 予算&rlm;001\n\n本文"), at("6:6", "&rlm;"));
    assert_eq!(site("予算", "[資料](https://www.example.jp/a&#x202E;b)").len(), 1);
    let mut all = files(CITY);
    all.extend(files("-- themes/own/words/ja.yaml --\nsite_home: \"見\\u202E出し\"\n"));
    assert_eq!(told(&all).0, [r#"themes/own/words/ja.yaml:1:14 bidi-control "\\u202E""#]);
    assert_eq!(site("予算", "`&#x202E;` と \\&#x202E; と書きます。"), Vec::<String>::new());
    assert_eq!(site(r"'予算\u202E001'", "本文"), Vec::<String>::new());
}
