//! One test per promise. Each builds tiny sites into a fresh folder and looks at the folder as a visitor would.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod attributes;
mod basics;
mod fallbacks;
mod file_by_file;
mod folders;
mod hands;
mod late;
mod origins;
mod places;
mod planted;
mod spelling;
mod verifying;

use super::*;
use std::collections::BTreeMap;
use std::fs;
use tempfile::TempDir;

/// A fresh folder with room for an output folder and its neighbours.
struct Bench {
    folder: TempDir,
    options: Options,
    abilities: Abilities,
}

/// Paths and contents.
type Site = BTreeMap<String, String>;

fn site(files: &[(&str, &str)]) -> Site {
    files.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect()
}

fn facts() -> ManifestFacts {
    ManifestFacts { kohyo: "0.1.0".into(), as_of: "2026-11-23".into(), theme: "default".into(), ..Default::default() }
}

impl Bench {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            // Other tests start programs; between its birth and its first instruction such a program holds a copy of
            // every open lock.
            options: Options { patience: Duration::from_secs(30), ..Options::default() },
            abilities: ABLE,
        }
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn beneath(&self) -> Beneath {
        Beneath::open(self.root()).unwrap()
    }

    fn out(&self) -> PathBuf {
        self.root().join("public")
    }

    fn begin(&self) -> anyhow::Result<Publisher> {
        begin_with(&self.out(), &self.options, self.abilities)
    }

    fn try_build(&self, files: &[(&str, &str)]) -> anyhow::Result<Published> {
        let publisher = self.begin()?;
        for (path, text) in files {
            publisher.write(path, text.as_bytes())?;
        }
        publisher.publish(&facts())
    }

    fn build(&self, files: &[(&str, &str)]) -> Published {
        let published = self.try_build(files).unwrap();
        let verification = verify(&self.out()).unwrap();
        assert!(verification.is_whole(), "{verification:?}");
        assert_eq!(verification.digest, published.digest);
        published
    }

    /// What a visitor finds, without the manifest.
    fn visit(&self) -> Site {
        read_tree(&self.out())
    }

    fn inode(&self, path: &str) -> u64 {
        use std::os::unix::fs::MetadataExt;
        fs::symlink_metadata(self.out().join(path)).unwrap().ino()
    }

    /// A bench whose output folder may be written, but not the folder it is in.
    fn locked_parent() -> Self {
        let bench = Self::new();
        fs::create_dir(bench.out()).unwrap();
        bench.set_mode("", 0o555);
        assert!(fs::write(bench.root().join("probe"), "").is_err(), "permissions do not apply to this user");
        bench
    }

    fn set_mode(&self, path: &str, mode: u32) {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(self.root().join(path), fs::Permissions::from_mode(mode)).unwrap();
    }

    fn put(&self, path: &str, text: &str) {
        let at = self.root().join(path);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        fs::write(at, text).unwrap();
    }
}

fn read_tree(root: &Path) -> Site {
    let mut site = Site::new();
    let root = &*fs::canonicalize(root).unwrap();
    for entry in tree::walk(&Beneath::open(root).unwrap(), root) {
        let entry = entry.unwrap();
        let path = tree::shown(root, &entry.path);
        if entry.kind != crate::beneath::Kind::Folder && path != MANIFEST {
            site.insert(path, fs::read_to_string(&entry.path).unwrap());
        }
    }
    site
}

/// The kind of trouble of a build that must fail.
fn kind<T>(result: anyhow::Result<T>) -> TroubleKind {
    match result {
        Ok(_) => panic!("this should have failed"),
        Err(error) => error.downcast_ref::<Trouble>().unwrap_or_else(|| panic!("not a Trouble: {error:?}")).kind,
    }
}

/// Runs the rest of a test in a child process with its own mounts or without the powers of root: `true` in the child.
/// The parent fails if the child fails, or if this machine allows no such child; `tests/apart.sh` decides how it is started.
fn in_child_with(apart: Apart, test: &str) -> bool {
    const INSIDE: &str = "KOHYO_TEST_INSIDE";
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let (_, module) = module_path!().split_once("::").unwrap();
    let child = std::process::Command::new("sh")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/apart.sh"))
        .arg(match apart {
            Apart::Mounts => "mounts",
            Apart::Powerless => "powerless",
        })
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", &format!("{module}::{test}"), "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout).into_owned() + &String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success() && said.contains("1 passed"), "in the child:\n{said}");
    false
}

#[derive(Clone, Copy)]
enum Apart {
    Mounts,
    Powerless,
}

fn run(program: &str, arguments: &[&str]) {
    let status = std::process::Command::new(program).args(arguments).status().unwrap();
    assert!(status.success(), "{program} {arguments:?}: {status}");
}
