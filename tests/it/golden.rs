//! A whole small site, byte for byte, compared both ways: no file differs, none is missing, none is one too many.
//!
//! `SNAPSHOTS=overwrite cargo test --test it golden::` writes what is made now; the difference is reviewed like code.

use crate::support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use support::{CITY, files, output, prepare};

fn folder(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(case)
}

/// Files below a folder by their path in it.
fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(name) = path.strip_prefix(root) {
                found.insert(name.to_string_lossy().replace('\\', "/"), fs::read(&path).expect("readable"));
            }
        }
    }
    found
}

#[track_caller]
fn check(case: &str, more: &str) {
    let mut all = files(CITY);
    all.extend(files(more));
    let prepared = prepare(kohyo::source::Sources::from_memory(all)).value;
    let mut made = output(&prepared);
    // The theme's files are what they are; only what is made is compared.
    made.retain(|path, _| !path.starts_with("assets/"));
    let root = folder(case);
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        let _ = fs::remove_dir_all(&root);
        for (path, bytes) in &made {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, bytes).expect("written");
        }
    }
    let expected = tree(&root);
    let names = |tree: &BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&made), names(&expected), "{case}: other files than expected");
    for (path, bytes) in &made {
        let text = |bytes: &[u8]| {
            // A changed stylesheet changes its mark on every page, and nothing else.
            let text = String::from_utf8_lossy(bytes).into_owned();
            let mut parts = text.split("?v=");
            let mut out = parts.next().unwrap_or_default().to_owned();
            parts.for_each(|part| out.push_str(part.get(8..).unwrap_or_default()));
            out
        };
        assert_eq!(text(bytes), text(&expected[path]), "{case}/{path}");
    }
}

#[test]
fn a_small_city() {
    check("city", "");
}

#[test]
fn missed_corrected_and_reported_on() {
    check(
        "missed",
        "-- content/2025/planning/1-01.result.md --
---
evaluation: below
reason: 会場が使えなかったため
updated: 2026-06-25
actions:
  - { result: 2回開いた, actual: 2 }
corrections:
  - { date: 2026-09-01, item: 開催回数, was: \"3\", now: \"2\", why: 集計の誤り }
---
## 経過
秋の{検証|けんしょう}委員会[^1]を開けませんでした。

| 回 | 月 |
|---|---|
| 1 | 7月 |

[^1]: 10月の予定でした。
-- content/2025/planning/1-01.progress-2025-09-30.md --
---
actions:
  - { result: 1回開いた, actual: 1 }
---
",
    );
}
