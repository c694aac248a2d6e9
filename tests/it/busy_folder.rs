//! Builds of a folder in which people go on working: whatever is saved, moved or gone in the middle of a build, what is
//! published is whole, and once the folder rests a build equals one that starts from nothing.

#![cfg(unix)]
#![allow(clippy::unwrap_used)]

#[path = "../../benches/support/corpus.rs"]
mod corpus;

use kohyo::publish::verify;
use kohyo::source::Sources;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const GOALS: usize = 120;
/// Builds while someone works; each takes about as long as 50 saves.
const BUILDS: usize = 15;

fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in corpus::files(GOALS) {
        let at = folder.path().join(path);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        fs::write(at, text).unwrap();
    }
    folder
}

fn build(root: &Path, out: &Path) -> Output {
    let mut kohyo = Command::new(env!("CARGO_BIN_EXE_kohyo"));
    kohyo.args(["build", "--as-of", "2026-11-23", "--lang", "en", "--site"]).arg(root).arg("--out").arg(out);
    kohyo.output().unwrap()
}

fn documents(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root.join("content")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap().is_dir() {
                true => open.push(entry.path()),
                false => found.push(entry.path()),
            }
        }
    }
    found.sort();
    found
}

/// One document after another is written over, replaced, emptied for a moment, away for a moment, and a folder with it.
fn work(documents: &[PathBuf], is_over: &AtomicBool) {
    for (turn, at) in documents.iter().cycle().step_by(7).enumerate() {
        if is_over.load(Ordering::Relaxed) {
            return;
        }
        let text = fs::read(at).unwrap();
        let beside = at.with_extension("tmp~");
        match turn % 5 {
            0 => fs::write(at, [&text[..], b"\n"].concat()).unwrap(),
            1 => {
                fs::write(&beside, &text).unwrap();
                fs::rename(&beside, at).unwrap();
            }
            2 => {
                fs::write(at, b"").unwrap();
                std::thread::yield_now();
                fs::write(at, &text).unwrap();
            }
            3 => {
                fs::rename(at, &beside).unwrap();
                std::thread::yield_now();
                fs::rename(&beside, at).unwrap();
            }
            _ => {
                let folder = at.parent().unwrap();
                let away = folder.with_extension("away");
                fs::rename(folder, &away).unwrap();
                std::thread::yield_now();
                fs::rename(&away, folder).unwrap();
            }
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_folder_that_changes_during_builds_never_gives_half_a_site() {
    let folder = site();
    let root = folder.path();
    let out = root.join("public");
    let first = build(root, &out);
    let said = String::from_utf8_lossy(&first.stderr);
    assert!(first.status.success() && !said.contains("warning"), "{said}");
    let documents = documents(root);
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| work(&documents, &is_over));
        for _ in 0..BUILDS {
            let output = build(root, &out);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            // 1: findings in what was half there; 2: a document changed after it had been checked.
            assert!(matches!(output.status.code(), Some(0..=2)), "{:?}: {said}", output.status);
            assert!(!said.contains("panicked"), "{said}");
            assert!(verify(&out).unwrap().is_whole(), "after: {said}");
        }
        is_over.store(true, Ordering::Relaxed);
    });
    let output = build(root, &out);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let anew = root.join("anew");
    assert!(build(root, &anew).status.success());
    assert_eq!(verify(&out).unwrap().digest, verify(&anew).unwrap().digest);
}

#[test]
fn a_document_that_vanishes_after_the_checks_is_named() {
    use kohyo::pipeline;
    use kohyo::prepared::Options;
    use kohyo::render::Failure;
    let folder = site();
    let sources = std::sync::Arc::new(Sources::read(folder.path()).unwrap());
    let as_of = kohyo::value::calendar::parse_date("2026-11-23").unwrap();
    let options =
        Options { as_of, today: as_of, drafts: false, base_url: None, asked: Default::default(), published: None };
    let prepared = pipeline::prepare(sources, options).value;
    let vanishing = documents(folder.path()).into_iter().rfind(|at| !at.ends_with("index.md")).unwrap();
    fs::remove_file(&vanishing).unwrap();
    let name = vanishing.strip_prefix(folder.path()).unwrap().to_str().unwrap();
    let failures: Vec<String> = prepared
        .routes()
        .into_iter()
        .filter_map(|route| match prepared.render(route) {
            Err(Failure::Trouble(error)) => Some(format!("{error:#}")),
            _ => None,
        })
        .collect();
    assert!(!failures.is_empty());
    assert!(failures.iter().all(|failure| failure.contains(name)), "{name}: {failures:?}");
}

#[test]
fn the_clock_may_jump() {
    let folder = site();
    let sources = Sources::read(folder.path()).unwrap();
    let now = SystemTime::now();
    let hour = Duration::from_secs(3600);
    // Files from the future, as after a clock was put back, may change again at the very moment that is noted of them:
    // they are read, not trusted.
    for early in [UNIX_EPOCH, UNIX_EPOCH + hour, now - 1000 * hour, now - hour] {
        assert_eq!(sources.look(early), None, "{early:?}");
    }
    // After a jump forward nothing is lost: what files say of themselves is the same, and tells them apart.
    let later = sources.look(now + hour).unwrap();
    assert_eq!(sources.look(now + 100_000 * hour), Some(later));
    let one = &documents(folder.path())[0];
    fs::write(one, fs::read(one).unwrap()).unwrap();
    assert_ne!(Sources::read(folder.path()).unwrap().look(now + hour), Some(later));
}
