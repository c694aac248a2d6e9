//! What others wrote and the program carries: their licences, word for word, as their packages have them.
//!
//! Which licences, versions and known faults are let in is `deny.toml`; `tests/supply/run.sh` holds Cargo.lock against it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// One crate in the program.
struct Crate {
    name: String,
    version: String,
    licence: String,
    authors: String,
    address: String,
    /// File names and texts, sorted.
    texts: Vec<(String, String)>,
}

/// Crates that are linked or write code for what is linked, on any system: no tests, no build scripts.
fn crates(features: &[&str]) -> BTreeMap<(String, String), Crate> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version", "1"])
        .args(features)
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let list = |value: &Value| value.as_array().expect("a list").clone();
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let nodes: BTreeMap<String, Value> =
        list(&metadata["resolve"]["nodes"]).into_iter().map(|node| (text(&node["id"]), node)).collect();
    let own = text(&metadata["resolve"]["root"]);
    let (mut reached, mut open) = (BTreeSet::new(), vec![own.clone()]);
    while let Some(id) = open.pop() {
        if reached.insert(id.clone()) {
            let of_program = |to: &Value| list(&to["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
            open.extend(list(&nodes[&id]["deps"]).iter().filter(|to| of_program(to)).map(|to| text(&to["pkg"])));
        }
    }
    reached.remove(&own);
    let of_package = |package: &Value| {
        let folder = Path::new(package["manifest_path"].as_str().expect("a path")).parent().expect("a folder");
        // Names; what follows in brackets is an address for letters.
        let name = |author: &Value| text(author).split(" <").next().unwrap_or("").to_owned();
        let authors: Vec<String> = list(&package["authors"]).iter().map(name).collect();
        Crate {
            name: text(&package["name"]),
            version: text(&package["version"]),
            // An older way to write OR.
            licence: text(&package["license"]).replace('/', " OR "),
            authors: authors.join(", "),
            address: text(&package["repository"]),
            texts: texts(folder, package["license_file"].as_str()),
        }
    };
    let packages = list(&metadata["packages"]);
    let linked = packages.iter().filter(|package| reached.contains(&text(&package["id"]))).map(of_package);
    linked.map(|it| ((it.name.clone(), it.version.clone()), it)).collect()
}

/// Files of a package that say under which licence it, or a part of it, is: by their names, in every folder but those of
/// tests and benchmarks.
fn texts(folder: &Path, named: Option<&str>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(inner) = open.pop() {
        for entry in fs::read_dir(&inner).expect("a folder of the registry").flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().to_lowercase();
            if path.is_dir() {
                if !matches!(&*name, "tests" | "test" | "benches" | "examples" | "target" | ".git") {
                    open.push(path);
                }
                continue;
            }
            let says =
                ["licen", "unlicen", "copying", "copyright", "notice", "ofl"].iter().any(|it| name.starts_with(it));
            let shown = path.strip_prefix(folder).expect("below").to_string_lossy().replace('\\', "/");
            let code = [".rs", ".py", ".bin", ".json"].iter().any(|it| name.ends_with(it));
            if (says && !code) || named == Some(&*shown) {
                let bytes = fs::read(&path).expect("readable");
                found.push((shown, String::from_utf8_lossy(&bytes).replace('\r', "")));
            }
        }
    }
    found.sort();
    found
}

/// The same words are the same text, however they are broken into lines.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

const INTRODUCTION: &str = "\
kohyo のプログラムに入っている、ほかの人が作ったものと、そのライセンスの全文です。
What others made and the program of kohyo carries, with their licences in full.

書体とデザイントークンについては docs/licences.md に、プログラムの Rust 標準ライブラリー（MIT OR Apache-2.0、
The Rust Project Developers）については https://www.rust-lang.org/policies/licenses にも説明があります。
Fonts and design tokens: see docs/licences.md too. The Rust standard library in the program is under MIT OR Apache-2.0,
(c) The Rust Project Developers: https://www.rust-lang.org/policies/licenses
Grammars that come with two-face: https://github.com/CosmicHorrorDev/two-face/blob/main/generated/acknowledgements_full.md
";

/// Under these a crate is taken whose package has no text; their words stand in the file from other packages, but for two.
const WITHOUT_TEXT: [&str; 4] = ["MIT", "Apache-2.0", "MPL-2.0", "0BSD"];

const ZERO_BSD: &str = "\
Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted.

THE SOFTWARE IS PROVIDED \"AS IS\" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED
WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR
CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT,
NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.
";

/// The file as it has to be: every crate in a line, then every text with those it is of.
fn third_party() -> String {
    let usual = crates(&[]);
    let all = crates(&["--all-features"]);
    let mut out = INTRODUCTION.to_owned();
    let mut by_text: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
    let read = |path: &str| fs::read_to_string(root().join(path)).expect("a text");
    let mut add = |text: &str, of: String| {
        by_text.entry(words(text)).or_insert_with(|| (text.trim().to_owned(), BTreeSet::new())).1.insert(of);
    };
    let _ = writeln!(out, "\n{}\n", "=".repeat(80));
    for (key, it) in &all {
        let only = if usual.contains_key(key) { "" } else { " | 機能 minify だけ / only with the feature minify" };
        let name = format!("{} {}", it.name, it.version);
        let _ = writeln!(out, "{name} | {} | {}{only}", it.licence, it.address);
        for (file, text) in &it.texts {
            add(text, format!("{name} ({file})"));
        }
        if it.texts.is_empty() {
            let taken = WITHOUT_TEXT.iter().find(|one| it.licence.split(" OR ").any(|part| part == **one));
            let taken = taken.unwrap_or_else(|| panic!("{name} has no text, and is under {}", it.licence));
            let authors = if it.authors.is_empty() { "the authors at the address above" } else { &it.authors };
            let _ = writeln!(out, "    (c) {authors}; used under {taken}");
        }
    }
    let mit = read("LICENSE-MIT");
    add(
        &mit[mit.find("Permission is").expect("the words of MIT")..],
        "MIT, of crates without a text of their own".into(),
    );
    add(ZERO_BSD, "0BSD, of crates without a text of their own".into());
    add(&read("themes/default/fonts/OFL.txt"), "Fonts of booklets".into());
    let page = read("docs/licences.md");
    let tokens = page.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the tokens' licence");
    add(tokens, "Design tokens of the Digital Agency of Japan".into());
    let mut texts: Vec<_> =
        by_text.into_values().map(|(text, of)| (of.into_iter().collect::<Vec<_>>(), text)).collect();
    texts.sort();
    for (of, text) in texts {
        let _ = writeln!(out, "\n{}\n{}\n\n{text}", "=".repeat(80), of.join("\n"));
    }
    out
}

#[test]
fn the_licences_of_all_that_the_program_carries_are_in_it_word_for_word() {
    let made = third_party();
    let path = root().join("docs/third-party.txt");
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        fs::write(&path, &made).expect("written");
    }
    let kept = fs::read_to_string(&path).expect("docs/third-party.txt");
    let (lines, new) = (kept.lines().collect::<BTreeSet<_>>(), made.lines().collect::<Vec<_>>());
    let more: Vec<_> = new.iter().filter(|line| !lines.contains(**line)).take(20).collect();
    assert!(
        kept == made,
        "SNAPSHOTS=overwrite cargo test --test it supply:: writes docs/third-party.txt anew; new: {more:#?}"
    );
    for licence in ["Apache License", "Mozilla Public License", "SIL OPEN FONT LICENSE", "UNICODE LICENSE"] {
        assert!(made.contains(licence), "{licence}");
    }
}

#[test]
fn the_program_prints_the_licences_of_what_it_carries() {
    let shown = Command::new(env!("CARGO_BIN_EXE_kohyo")).arg("licences").output().expect("kohyo runs");
    assert_eq!(shown.status.code(), Some(0));
    let kept = fs::read(root().join("docs/third-party.txt")).expect("docs/third-party.txt");
    assert!(shown.stdout == kept, "it is packed word for word");
}
