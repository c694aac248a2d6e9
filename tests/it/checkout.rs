//! A checkout is the same on every system: what is embedded in the program and what tests compare keeps its bytes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use walkdir::WalkDir;

/// The endings that `.gitattributes` calls binary, and whether all else has the line ends of the repository.
fn attributes() -> (BTreeSet<String>, bool) {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".gitattributes")).expect("a file");
    let rules = text.lines().filter(|it| !it.starts_with('#')).map(|it| it.split_whitespace().collect::<Vec<_>>());
    let (mut binary, mut is_plain) = (BTreeSet::new(), false);
    for rule in rules {
        match rule[..] {
            ["*", "text=auto", "eol=lf"] => is_plain = true,
            [ending, "binary"] => drop(binary.insert(ending.trim_start_matches("*.").to_owned())),
            _ => {}
        }
    }
    (binary, is_plain)
}

#[test]
fn every_text_of_a_theme_keeps_its_line_ends_in_a_checkout_on_windows() {
    let (binary, is_plain) = attributes();
    assert!(is_plain, "`.gitattributes` leaves line ends to the machine");
    let mut texts = 0;
    for folder in ["themes", "docs", "content", "src", "tests/golden"] {
        for entry in WalkDir::new(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).into_iter().flatten() {
            let path = entry.path();
            if !entry.file_type().is_file() {
                continue;
            }
            let ending = path.extension().and_then(|it| it.to_str()).unwrap_or_default().to_lowercase();
            let bytes = fs::read(path).expect("a file");
            let shown = path.display();
            if binary.contains(&ending) {
                assert!(std::str::from_utf8(&bytes).is_err(), "{shown} is a text, and called binary");
            } else {
                // Git looks for a zero to tell; what it takes for a text must be one.
                assert!(std::str::from_utf8(&bytes).is_ok(), "{shown} is no text: `.gitattributes` must say so");
                assert!(!bytes.contains(&b'\r') && !bytes.contains(&0), "{shown} has another line end");
                texts += usize::from(folder == "themes");
            }
        }
    }
    assert!(texts > 50, "{texts} texts of themes");
}
