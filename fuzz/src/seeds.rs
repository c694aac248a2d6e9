//! What the targets begin with: made from the examples of the rules, the documents and themes of this repository, and the
//! texts in its tests.

use super::targets::{self, NEXT_FILE};
use kohyo::document::{self, Kind};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Inputs by the name of their target; sorted, and no two the same.
pub type Seeds = BTreeMap<&'static str, BTreeSet<Vec<u8>>>;

/// Collects the seeds from the repository at `root`.
pub fn collect(root: &Path) -> Seeds {
    let mut seeds = Seeds::new();
    for path in files(root, &["content", "themes", "tests/browser/sites", "tests/golden/rules"]) {
        let Ok(bytes) = fs::read(&path) else { continue };
        let path = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        let inside = path.strip_prefix("tests/browser/sites/").and_then(|rest| rest.split_once('/'));
        file(inside.map_or(&*path, |(_, inside)| inside), &bytes, &mut seeds);
    }
    file("site.yaml", &fs::read(root.join("site.yaml")).unwrap_or_default(), &mut seeds);
    for path in files(root, &["docs/rules"]) {
        for example in fenced(&fs::read_to_string(path).unwrap_or_default()) {
            sections(example, &mut seeds);
        }
    }
    for path in files(root, &["tests/it", "src"]).filter(|path| path.extension().is_some_and(|end| end == "rs")) {
        let source = fs::read_to_string(&path).unwrap_or_default();
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        literals(&source).iter().for_each(|text| literal(&name, text, &mut seeds));
    }
    for picture in files(root, &["docs/pictures"]).filter_map(|path| fs::read(path).ok()) {
        add(&mut seeds, "image", &picture[..picture.len().min(256)]);
    }
    written_here(&mut seeds);
    seeds
}

fn add(seeds: &mut Seeds, name: &'static str, bytes: &[u8]) {
    let bytes = &bytes[..bytes.len().min(targets::longest(name))];
    // Cut between characters, where it is a text.
    let whole = match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => &bytes[..error.valid_up_to()],
        _ => bytes,
    };
    seeds.entry(name).or_default().insert(whole.to_vec());
}

fn add_chosen(seeds: &mut Seeds, name: &'static str, choice: usize, bytes: &[u8]) {
    add(seeds, name, &[&[b'a' + choice as u8], bytes].concat());
}

/// A file of a site, as seeds of the targets that read such files.
fn file(path: &str, bytes: &[u8], seeds: &mut Seeds) {
    if path == "site.yaml" {
        // Longer than an input may be: its parts, too.
        add(seeds, "settings", bytes);
        parts(bytes).for_each(|part| add(seeds, "settings", part.as_bytes()));
        return;
    }
    if let Some((_, inside)) = path.strip_prefix("themes/").and_then(|rest| rest.split_once('/')) {
        let kind = ["theme.yaml", "words/", "assets/"].iter().position(|start| inside.starts_with(start));
        if inside.starts_with("templates/") {
            add(seeds, "template", bytes);
            String::from_utf8_lossy(bytes).lines().for_each(|line| add(seeds, "template", line.trim().as_bytes()));
        } else if let Some(choice) = kind.filter(|_| !inside.ends_with(".js") && !inside.ends_with(".svg")) {
            add_chosen(seeds, "theme", choice, bytes);
            parts(bytes).for_each(|part| add_chosen(seeds, "theme", choice, part.as_bytes()));
        }
        return;
    }
    let Some(kind) = document::kind(path) else { return };
    let is_same = |known: &Kind| std::mem::discriminant(known) == std::mem::discriminant(&kind);
    let Some(choice) = targets::kinds().iter().position(is_same) else { return };
    add_chosen(seeds, "front_matter", choice, bytes);
    if std::str::from_utf8(bytes).is_err() {
        add(seeds, "front_matter", &[&[b'A' + choice as u8], bytes].concat());
    }
    let text = String::from_utf8_lossy(bytes);
    let body = text.splitn(3, "---\n").last().unwrap_or("");
    add_chosen(seeds, "markdown", choice % 8, body.as_bytes());
    body.split("\n\n").for_each(|part| add_chosen(seeds, "markdown", choice % 8, part.as_bytes()));
}

/// Every three entries of a text of many.
fn parts(bytes: &[u8]) -> impl Iterator<Item = String> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut entries: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        match entries.last_mut() {
            Some(entry) if line.starts_with([' ', '-', '#', '}', '\n']) => entry.push_str(line),
            _ => entries.push(line.to_owned()),
        }
    }
    entries.chunks(3).map(<[String]>::concat).collect::<Vec<_>>().into_iter()
}

/// The files of a text in which `-- path --` starts one.
fn sections(text: &str, seeds: &mut Seeds) {
    let mut open: Option<(&str, String)> = None;
    for line in text.split_inclusive('\n') {
        let name = line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
        match (name, &mut open) {
            (Some(name), _) => {
                if let Some((path, text)) = open.replace((name, String::new())) {
                    file(path, text.as_bytes(), seeds);
                }
            }
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => {}
        }
    }
    if let Some((path, text)) = open {
        file(path, text.as_bytes(), seeds);
    }
}

/// The blocks between fences of a page.
fn fenced(page: &str) -> impl Iterator<Item = &str> {
    page.split("\n```").skip(1).step_by(2).filter_map(|block| block.split_once('\n')).map(|(_, block)| block)
}

/// A text in the source of a test, or of the program.
fn literal(source: &str, text: &str, seeds: &mut Seeds) {
    if text.contains("\n-- ") || text.starts_with("-- ") {
        sections(text, seeds);
    } else if text.contains("HTTP/1.") {
        add(seeds, "request", text.as_bytes());
    } else if text.starts_with("---\n") || text.starts_with("\u{feff}---") {
        add_chosen(seeds, "front_matter", 0, text.as_bytes());
        add_chosen(seeds, "front_matter", 1, text.as_bytes());
    } else if source.contains("/markdown/") || source.contains("/proofread/") {
        add_chosen(seeds, "markdown", 2, text.as_bytes());
    } else if source.contains("/theme/") || source.contains("/program/") {
        add(seeds, "template", text.as_bytes());
        let next = format!("{{% include \"partials/a.html\" %}}{NEXT_FILE}{text}");
        add(seeds, "template", next.as_bytes());
        add_chosen(seeds, "theme", 1, text.as_bytes());
        add_chosen(seeds, "theme", 2, text.as_bytes());
    } else if source.contains("/value/") || source.contains("/text/") || source.contains("/document/") {
        add(seeds, "value", text.as_bytes());
    } else if source.contains("/config/") || source.contains("/yaml/") {
        add(seeds, "settings", text.as_bytes());
    }
}

/// The texts between quotes in the source of a program, with their signs read.
fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find('"') {
        let before = &rest[..at];
        let hashes = before.len() - before.trim_end_matches('#').len();
        rest = &rest[at + 1..];
        if before.trim_end_matches('#').ends_with('r') && (hashes > 0 || !before.ends_with(char::is_alphanumeric)) {
            let end = format!("\"{}", "#".repeat(hashes));
            let Some((text, after)) = rest.split_once(&end) else { break };
            found.push(text.to_owned());
            rest = after;
            continue;
        }
        let mut text = String::new();
        let mut signs = rest.char_indices();
        let mut end = rest.len();
        while let Some((at, sign)) = signs.next() {
            match sign {
                '"' => {
                    end = at + 1;
                    break;
                }
                '\\' => match signs.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 'r')) => text.push('\r'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, '0')) => text.push('\0'),
                    Some((at, 'u')) => {
                        let number = rest[at..].split(['{', '}']).nth(1).unwrap_or("");
                        text.extend(u32::from_str_radix(number, 16).ok().and_then(char::from_u32));
                        signs.by_ref().find(|(_, sign)| *sign == '}');
                    }
                    Some((_, other)) => text.push(other),
                    None => {}
                },
                sign => text.push(sign),
            }
        }
        found.push(text);
        rest = &rest[end..];
    }
    found
}

/// What stands nowhere else.
fn written_here(seeds: &mut Seeds) {
    let hash = "0".repeat(64);
    let manifest = format!(
        "{{\n  \"format\": \"kohyo-manifest/1\",\n  \"kohyo\": \"0.1.0\",\n  \"as_of\": \"2026-11-23\",\n  \"theme\": \"default\",\n  \
         \"others\": {{ \"a\": \"b\" }},\n  \"count\": 1,\n  \"bytes\": 3,\n  \"digest\": \"{hash}\",\n  \"files\": [\n    \
         {{\"sha256\": \"{hash}\", \"size\": 3, \"path\": \"2026/index.html\"}}\n  ]\n}}\n"
    );
    add_chosen(seeds, "published", 0, manifest.as_bytes());
    let records = format!("kohyo-records/2 {hash} unknown 1 ff a note\n12 34 56 78 9a 1 {hash} 3 2026/index.html\n");
    add_chosen(seeds, "published", 1, records.as_bytes());
    let figures = "{\n  \"format\": \"kohyo-figures/1\",\n  \"goals\": {\n    \"2025/planning/1-01\": {\"level\":\"on-plan\",\
        \"corrections\":1,\"actions\":[{\"target\":\"3\",\"revised_target\":\"4\",\"actual\":\"98.40\",\"level\":\"a\"}]}\n  }\n}\n";
    add_chosen(seeds, "published", 2, figures.as_bytes());
    let pictures: [&[u8]; 8] = [
        b"GIF89a\x04\x00\x03\x00\x00\x00\x00",
        b"\xFF\xD8\xFF\xE0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xFF\xC0\x00\x11\x08\x00\x03\x00\x04\x03\x01\x22\x00",
        b"\xFF\xD8\xFF\xE1\x00\x1AExif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\xFF\xC2\x00\x0B\x08\x00\x03\x00\x04\x01\x01\x11\x00",
        b"RIFF\x1A\x00\x00\x00WEBPVP8 \x0E\x00\x00\x00\x30\x01\x00\x9D\x01\x2A\x04\x00\x03\x00\x00\x00",
        b"RIFF\x1A\x00\x00\x00WEBPVP8L\x0D\x00\x00\x00\x2F\x03\x80\x00\x00\x00",
        b"RIFF\x1E\x00\x00\x00WEBPVP8X\x0A\x00\x00\x00\x10\x00\x00\x00\x03\x00\x00\x02\x00\x00",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0DIHDR\x00\x00\x00\x04\x00\x00\x00\x03\x08\x06\x00\x00\x00",
        b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"3\"/>",
    ];
    pictures.iter().for_each(|picture| add(seeds, "image", picture));
    add(seeds, "template", b"{% extends \"screen/base.html\" %}{% block main %}{{ super() }}{{ goal.title | safe }}{% endblock %}\n@@\n{{ w.skip }}\n@@\n<main>{% block main %}{% include \"partials/a.html\" %}{% endblock %}\n@@\nskip: \"{n}\"\n");
}

/// The files below some folders, in order; not those of booklets, which are large.
fn files(root: &Path, folders: &[&str]) -> impl Iterator<Item = PathBuf> {
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(entry.path()),
                Ok(kind) if kind.is_file() => found.push(entry.path()),
                _ => {}
            }
        }
    }
    found.sort();
    found.into_iter()
}
