//! SECURITY.md names a test for each promise; each of them is there.

use std::fs;
use std::path::Path;

#[test]
fn every_promise_has_its_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("SECURITY.md")).expect("SECURITY.md");
    let promises = page.split("## 約束").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("the promises");
    let rows: Vec<&str> = promises.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() >= 12, "{} promises", rows.len());
    for row in rows {
        let tests = row.trim_end_matches(" |").rsplit(" | ").next().expect("tests");
        let mut text = None;
        for name in tests.split('`').skip(1).step_by(2) {
            match (name.contains('/'), &text) {
                (true, _) => text = Some(fs::read_to_string(root.join(name)).unwrap_or_else(|_| panic!("{name}"))),
                (false, Some(text)) => {
                    assert!(text.contains(&format!("fn {name}(")), "{name} is not there: {row}");
                }
                (false, None) => panic!("a test without its file: {row}"),
            }
        }
        assert!(text.is_some(), "no test: {row}");
    }
}
