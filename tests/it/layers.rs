//! The house is built as ARCHITECTURE.md says: every room stands on its floor, and imports run down. The table there is
//! what is read, so that it cannot drift; its places exist.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A room that may read files, the environment and clocks, or may not.
struct Room {
    floor: u32,
    is_io: bool,
}

/// The rooms of the table: `| 3 | `diagnostic` io | … |`.
fn rooms(map: &str) -> BTreeMap<String, Room> {
    let row = |line: &str| {
        let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
        let floor = cells.next()?.parse().ok()?;
        let mut words = cells.next()?.split_whitespace();
        let name = words.next()?.trim_matches('`').to_owned();
        Some((name, Room { floor, is_io: words.next() == Some("io") }))
    };
    map.lines().filter_map(row).collect()
}

/// Rust without what is only compiled for tests, without comments, and without texts.
fn code(text: &str) -> String {
    let mut out = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let is_test = line.trim() == "#[cfg(test)]";
        if is_test && let Some(item) = lines.next() {
            // A block ends at a bracket as far in as it began.
            let end = format!("{}}}", &item[..item.len() - item.trim_start().len()]);
            if item.trim_end().ends_with('{') {
                lines.by_ref().find(|line| *line == end);
            }
            continue;
        }
        let line = line.split("//").next().unwrap_or("");
        // What stands between quotes is no path.
        for (index, part) in line.split('"').enumerate() {
            out.push_str(if index % 2 == 0 { part } else { "\"\"" });
        }
        out.push('\n');
    }
    out
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The rooms that a file names: `crate::x`, `crate::{x, y::z}`, and `super::` where it leaves the file's own room.
fn named(path: &str, text: &str) -> Vec<String> {
    let code = code(text);
    let mut found = Vec::new();
    let mut first_names = |rest: &str| {
        let rest = rest.trim_start();
        match rest.strip_prefix('{') {
            None => found.push(rest.chars().take_while(|c| is_name(*c)).collect::<String>()),
            Some(group) => {
                let (mut depth, mut name) = (0, String::new());
                for c in group.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => found.push(std::mem::take(&mut name)),
                        c => name.push(c),
                    }
                }
                found.push(name);
            }
        }
    };
    for (at, _) in code.match_indices("crate::") {
        if !code[..at].ends_with(is_name) {
            first_names(&code[at + "crate::".len()..]);
        }
    }
    // `src/a/b/c.rs` is three modules deep, `src/a/b/mod.rs` two: so many `super::` lead to the top.
    let module = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    let up = "super::".repeat(module.split('/').count());
    for (at, _) in code.match_indices(&up) {
        if !code[..at].ends_with("super::") {
            first_names(&code[at + up.len()..]);
        }
    }
    let first =
        |name: String| name.trim().split("::").next().unwrap_or("").split_whitespace().next().map(str::to_owned);
    found.into_iter().filter_map(first).filter(|name| !matches!(&**name, "" | "self" | "super")).collect()
}

fn room_of(path: &str) -> &str {
    let path = path.trim_start_matches("src/");
    path.split('/').next().unwrap_or(path).trim_end_matches(".rs")
}

/// Imports that do not run down, and rooms that are not in the table or only there.
fn faults(map: &str, files: &[(String, String)]) -> Vec<String> {
    let rooms = rooms(map);
    let mut faults = Vec::new();
    for (path, text) in files {
        let own = room_of(path);
        let Some(Room { floor, .. }) = rooms.get(own) else {
            faults.push(format!("{path}: the room `{own}` is not in the table of ARCHITECTURE.md"));
            continue;
        };
        // In a module inside a file, one `super::` more leads as far.
        if code(text).lines().any(|line| line.starts_with("    ") && line.contains("super::super::")) {
            faults.push(format!("{path}: `super::super::` inside a module or a function; write `crate::`"));
        }
        for name in named(path, text) {
            match rooms.get(&name) {
                _ if name == own => {}
                Some(other) if other.floor < *floor => {}
                Some(other) => faults.push(format!("{path} ({floor}) names {name} ({})", other.floor)),
                None => faults.push(format!("{path} names {name}, which is in no row of the table")),
            }
        }
    }
    let unused = rooms.keys().filter(|room| !files.iter().any(|(path, _)| room_of(path) == **room));
    faults.extend(unused.map(|room| format!("the table has a room `{room}`, src has none")));
    faults
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn map() -> String {
    fs::read_to_string(root().join("ARCHITECTURE.md")).expect("the map")
}

/// Every file of the program: no tests, and not the two that only name the others.
fn files() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/");
            let is_test = name.ends_with("/tests") || name.ends_with("/tests.rs");
            match (path.is_dir(), is_test) {
                (_, true) => {}
                (true, _) => folders.push(path),
                _ if !name.ends_with(".rs") || matches!(&*name, "src/lib.rs" | "src/main.rs") => {}
                _ => found.push((name, fs::read_to_string(&path).expect("a text"))),
            }
        }
    }
    found.sort();
    found
}

#[test]
fn imports_run_down() {
    assert_eq!(faults(&map(), &files()), Vec::<String>::new());
}

#[test]
fn an_arrow_up_is_seen_however_it_is_written() {
    let planted = [
        "use crate::cli;",
        "use crate::cli::say;",
        "pub use crate::cli::say::note as shout;",
        "use crate::{diagnostic, cli::{self, say}};",
        "use crate::text::{\n    span,\n};\nuse crate::{\n    value,\n    cli,\n};",
        "use super::super::cli;",
        "pub use super::super::{text, cli};",
        "fn f() { crate::cli::say::note(\"\") }",
        "fn f(of: &crate::preview::live::Live) {}",
        "mod inner {\n    use super::super::super::cli;\n}",
        // Of the same floor, and of none.
        "use crate::report::human;",
        "use crate::nowhere;",
    ];
    for line in planted {
        let mut all = files();
        let (_, text) = all.iter_mut().find(|(path, _)| path == "src/yaml/read.rs").unwrap();
        text.insert_str(0, &format!("{line}\n"));
        let faults = faults(&map(), &all);
        assert!(
            !faults.is_empty() && faults.iter().all(|fault| fault.contains("src/yaml/read.rs")),
            "{line}: {faults:?}"
        );
    }
    let fine = [
        "use super::super::text;",
        "use crate::yaml::Key;",
        "// crate::cli is above",
        "const NAME: &str = \"crate::cli\";",
        "#[cfg(test)]\nmod more {\n    use crate::cli;\n}",
    ];
    for line in fine {
        let mut all = files();
        let (_, text) = all.iter_mut().find(|(path, _)| path == "src/yaml/read.rs").unwrap();
        text.insert_str(0, &format!("{line}\n"));
        assert_eq!(faults(&map(), &all), Vec::<String>::new(), "{line}");
    }
}

#[test]
fn rooms_stay_small() {
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for (path, text) in files() {
        let count = code(&text).lines().count();
        // Tables of data have as many lines as there is data.
        let is_table = matches!(&*path, "src/diagnostic/rule.rs" | "src/view/mod.rs");
        assert!(count <= 800 || is_table, "{path} has {count} lines: take it apart");
        *lines.entry(room_of(&path).to_owned()).or_default() += count;
    }
    let all: usize = lines.values().sum();
    for (room, count) in lines {
        // Publishing is one thing, and larger than any other.
        assert!(count * 10 <= all || room == "publish", "`{room}` has {count} of {all} lines: it has become two rooms");
    }
}

#[test]
fn rooms_that_may_look_outside_say_so_and_no_others() {
    let rooms = rooms(&map());
    for (path, text) in files() {
        let allows = code(&text).contains("allow(clippy::disallowed_methods");
        let may = rooms.get(room_of(&path)).is_some_and(|room| room.is_io);
        assert!(!allows || may, "{path} looks at files, the environment or a clock; its room is not marked io");
    }
}

#[test]
fn places_that_the_map_names_are_there() {
    let map = map();
    let mut count = 0;
    for line in map.lines().filter(|line| line.starts_with('|')) {
        let mut rest = line;
        while let Some((_, after)) = rest.split_once('`') {
            let Some((path, after)) = after.split_once('`') else { break };
            rest = after;
            let is_path = ["src/", "tests/", "themes/", "docs/"].iter().any(|top| path.starts_with(top));
            if !is_path {
                continue;
            }
            let file = root().join(path);
            assert!(file.exists(), "{path} is not there");
            let name = after.strip_prefix(" (`").and_then(|after| after.split_once("`)"));
            if let Some((name, _)) = name {
                let text = fs::read_to_string(&file).unwrap();
                let is_there = text
                    .match_indices(name)
                    .any(|(at, _)| !text[..at].ends_with(is_name) && !text[at + name.len()..].starts_with(is_name));
                assert!(is_there, "{path} has no {name}");
                count += 1;
            }
        }
    }
    assert!(count >= 9, "{count}");
}
