//! Links and other people's files planted in a project, and the whole program run over it: what is outside stays outside.
//!
//! `KOHYO_ROUNDS=3000 cargo test --test it outside::` runs as many rounds as one likes; a few otherwise.

use crate::support;
use crate::support::dice::Dice;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SECRET: &str = "secret-outside-the-site";

struct Room {
    folder: tempfile::TempDir,
    dice: Dice,
}

impl Room {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn lay(&self) {
        for name in ["site", "outside", "www"] {
            let _ = fs::remove_dir_all(self.path(name));
            fs::create_dir_all(self.path(name)).expect("a folder");
        }
        let write = |path: PathBuf, bytes: &[u8]| {
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, bytes).expect("written");
        };
        for (path, bytes) in support::files(support::CITY) {
            write(self.path("site").join(path), &bytes);
        }
        // Mistakes that `--fix` would mend, so that it has something to write.
        let goal = format!("---\ntitel: {SECRET}\npillar: trust\nactions: []\n---\n{SECRET}\n");
        for name in ["1-02.md", "x.md", "x.pdf", "x.png", "x.txt", "theme.yaml", "plan/x.md", "base.html", "site.css"] {
            write(self.path("outside").join(name), goal.as_bytes());
        }
    }

    /// Puts a link, or another name of a file outside, somewhere into the project; says what.
    fn plant(&mut self) -> String {
        let folders = [
            "content",
            "content/2026/planning",
            "content/pages",
            "content/departments",
            "themes/own",
            "themes/own/templates",
            "fonts",
        ];
        let names =
            ["1-02.md", "x.md", "x.pdf", "x.png", "x.txt", "plan", "theme.yaml", "base.html", "site.css", "site.yaml"];
        let place = match self.dice.below(8) {
            0 => ["site.yaml", "content", "content/2026", "content/2026/planning", "themes"][self.dice.below(5)]
                .to_owned(),
            _ => format!("{}/{}", folders[self.dice.below(folders.len())], names[self.dice.below(names.len())]),
        };
        let target = self.path("outside").join(names[self.dice.below(names.len())]);
        let at = self.path("site").join(&place);
        let up = "../".repeat(place.matches('/').count() + 1);
        let relative = format!("{up}outside/{}", target.file_name().expect("a name").to_string_lossy());
        let _ = fs::create_dir_all(at.parent().expect("a folder"));
        let _ = fs::remove_file(&at);
        let _ = fs::remove_dir_all(&at);
        match self.dice.below(4) {
            0 => drop(symlink(&target, &at)),
            1 | 2 => drop(symlink(&relative, &at)),
            // Only root may give a file away, and then it is another's.
            _ if std::os::unix::fs::chown(&target, Some(4321), None).is_ok() => drop(fs::hard_link(&target, &at)),
            _ => drop(symlink(&target, &at)),
        }
        // A page that shows what was planted beside it.
        if let Some(name) = at.file_name().and_then(|name| name.to_str())
            && place.starts_with("content/pages/")
        {
            let page = format!("---\ntitle: 案内\n---\n[資料のこと]({name})\n\n![図のこと]({name})\n");
            let _ = fs::write(self.path("site/content/pages/shows.md"), page);
        }
        format!("{place} -> {relative}")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut kohyo = Command::new(env!("CARGO_BIN_EXE_kohyo"));
        kohyo.arg(arguments[0]).arg("--site").arg(self.path("site")).args(&arguments[1..]);
        kohyo.current_dir(self.folder.path()).output().expect("runs")
    }

    /// Every file outside, with what tells that it was written or replaced.
    fn outside(&self) -> Vec<(PathBuf, Vec<u8>, u64)> {
        use std::os::unix::fs::MetadataExt;
        let files = walkdir::WalkDir::new(self.path("outside")).sort_by_file_name().into_iter().flatten();
        let files = files.filter(|entry| entry.file_type().is_file());
        files
            .map(|entry| {
                let metadata = entry.metadata().expect("there");
                (entry.path().to_owned(), fs::read(entry.path()).expect("readable"), metadata.ino())
            })
            .collect()
    }
}

#[track_caller]
fn holds_no_secret(folder: &Path, what: &str) {
    for entry in walkdir::WalkDir::new(folder).into_iter().flatten() {
        assert!(!entry.path_is_symlink(), "{what}: {} is a link", entry.path().display());
        if entry.file_type().is_file() {
            let bytes = fs::read(entry.path()).expect("readable");
            let is_there = bytes.windows(SECRET.len()).any(|part| part == SECRET.as_bytes());
            assert!(!is_there, "{what}: {}", entry.path().display());
        }
    }
}

#[test]
fn what_is_outside_stays_outside() {
    let rounds: usize = std::env::var("KOHYO_ROUNDS").map_or(4, |it| it.parse().expect("a number"));
    let mut room = Room { folder: tempfile::tempdir().expect("a folder"), dice: Dice::new(16) };
    let mut refused = 0;
    for round in 0..rounds {
        room.lay();
        let what: Vec<String> = (0..=room.dice.below(3)).map(|_| room.plant()).collect();
        let what = format!("round {round}: {}", what.join(", "));
        let before = room.outside();
        for arguments in [
            &["check", "--format", "json"] as &[&str],
            &["check", "--fix", "--yes"],
            &["build", "--out", "www/public", "--as-of", "2026-11-23"],
        ] {
            let output = room.run(arguments);
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8_lossy(&said);
            assert!(!said.contains(SECRET), "{what}: {arguments:?}\n{said}");
            assert!(output.status.code().is_some_and(|code| code < 3), "{what}: {arguments:?}\n{said}");
            refused += usize::from(output.status.code() != Some(0));
        }
        holds_no_secret(&room.path("www"), &what);
        assert_eq!(room.outside(), before, "{what}");
    }
    assert!(refused > rounds / 2, "links are told: {refused} of {rounds} rounds");
}

/// Somebody exchanges a harmless picture for one with a script again and again while the site is built.
#[test]
fn what_is_published_was_checked() {
    let room = Room { folder: tempfile::tempdir().expect("a folder"), dice: Dice::new(17) };
    room.lay();
    let picture = room.path("site/content/pages/map.svg");
    let shown =
        |inside: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\">{inside}</svg>");
    fs::create_dir_all(room.path("site/content/pages")).expect("a folder");
    fs::write(room.path("site/content/pages/map.md"), "---\ntitle: 案内\n---\n![役所までの道の図](map.svg)\n")
        .expect("a page");
    // As long as the other, so that only the time of change tells them apart.
    let (right, wrong) = (shown("<title>alert(1)</title> "), shown("<script>alert(1)</script>"));
    assert_eq!(right.len() + 1, wrong.len());
    let right = right + " ";
    fs::write(&picture, &right).expect("a picture");
    assert_eq!(room.run(&["build", "--out", "www/public", "--as-of", "2026-11-23"]).status.code(), Some(0));
    let is_over = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
                for text in [&wrong, &right] {
                    fs::write(&picture, text).expect("a picture");
                    std::thread::sleep(std::time::Duration::from_millis(5));
                }
            }
        });
        let mut codes = Vec::new();
        for _ in 0..8 {
            codes.push(room.run(&["build", "--out", "www/public", "--as-of", "2026-11-23"]).status.code());
        }
        is_over.store(true, std::sync::atomic::Ordering::Relaxed);
        let published = fs::read_to_string(room.path("www/public/map.svg"))
            .or_else(|_| fs::read_to_string(room.path("www/public/pages/map.svg")))
            .expect("published");
        assert_eq!(published, right, "{codes:?}");
        assert!(codes.iter().any(|code| *code != Some(0)), "{codes:?}");
    });
}

#[test]
fn hidden_names_are_not_looked_at_whatever_they_are() {
    let room = Room { folder: tempfile::tempdir().expect("a temporary folder"), dice: Dice::new(1) };
    room.lay();
    let site = room.path("site");
    let tops = ["", "content", "content/2026/planning", "content/pages", "content/departments", "themes", "fonts"];
    for top in tops {
        let at = |name: &str| site.join(top).join(name);
        fs::create_dir_all(at(".hidden")).expect("a folder");
        // As Emacs locks a file, vim keeps what is not saved, git and file managers keep their own.
        symlink("kikaku@pc-012.4711:1764489600", at(".#1-01.md")).expect("a link");
        symlink(".", at(".loop")).expect("a link");
        symlink(".loop-2", at(".loop-2")).expect("a link");
        symlink(room.path("outside"), at(".elsewhere")).expect("a link");
        fs::write(at(".1-01.md.swp"), [0, 159, 146, 150]).expect("written");
        fs::write(at(".hidden/1-09.md"), SECRET).expect("written");
        assert!(Command::new("mkfifo").arg(at(".pipe")).status().expect("mkfifo runs").success());
        // One that nobody may enter; it is opened again below.
        fs::set_permissions(at(".hidden"), std::os::unix::fs::PermissionsExt::from_mode(0o000)).expect("closed");
    }
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_kohyo"))
            .args(arguments)
            .args(["--as-of", "2026-11-23"])
            .current_dir(&site)
            .env("LANG", "ja_JP.UTF-8")
            .output()
            .expect("kohyo runs");
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
        said
    };
    assert!(run(&["check"]).contains("指摘はありません"));
    assert!(run(&["check", "--fix", "--yes"]).contains("指摘はありません"));
    run(&["build"]);
    let published = walkdir::WalkDir::new(site.join("public")).min_depth(1).into_iter().flatten();
    for entry in published.filter(|it| it.file_type().is_file()) {
        assert!(!entry.file_name().to_string_lossy().starts_with('.'), "{}", entry.path().display());
        let bytes = fs::read(entry.path()).expect("a file");
        assert!(!bytes.windows(SECRET.len()).any(|it| it == SECRET.as_bytes()), "{}", entry.path().display());
    }
    for top in tops {
        let hidden = site.join(top).join(".hidden");
        fs::set_permissions(hidden, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("opened");
    }
}
