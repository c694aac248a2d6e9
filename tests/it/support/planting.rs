//! What somebody who may write beside a site can put there, and whether anything outside has felt what kohyo did next.

#![allow(dead_code, clippy::unwrap_used, reason = "used by two test programs")]

use super::dice::Dice;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};

/// No page, list or finding of kohyo's has this in it.
const SECRET: &str = "OUTSIDE-SECRET";

/// Everything about a file that whoever owns it would notice; not the time of the last look, nor how many names it has.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    kind: String,
    mode: u32,
    owner: (u32, u32),
    inode: u64,
    modified: (i64, i64),
    content: Vec<u8>,
}

fn snapshot(at: &Path) -> BTreeMap<PathBuf, Seen> {
    let mut seen = BTreeMap::new();
    let mut paths = vec![at.to_path_buf()];
    while let Some(path) = paths.pop() {
        let it = fs::symlink_metadata(&path).unwrap_or_else(|error| panic!("{} is gone: {error}", path.display()));
        if it.is_dir() {
            paths.extend(fs::read_dir(&path).unwrap().map(|it| it.unwrap().path()));
        }
        let content = match it.file_type() {
            kind if kind.is_file() => fs::read(&path).unwrap(),
            kind if kind.is_symlink() => fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes(),
            _ => Vec::new(),
        };
        let of = Seen {
            kind: format!("{:?}", it.file_type()),
            mode: it.mode(),
            owner: (it.uid(), it.gid()),
            inode: it.ino(),
            modified: (it.mtime(), it.mtime_nsec()),
            content,
        };
        seen.insert(path, of);
    }
    seen
}

/// A folder with a site in it, and one outside that must not notice anything.
pub struct World {
    root: PathBuf,
    outside: PathBuf,
    before: BTreeMap<PathBuf, Seen>,
    /// Folders of another user under the names of kohyo's own, and what was in them.
    foreign: Vec<(PathBuf, BTreeMap<PathBuf, Seen>)>,
    /// How many things were planted.
    pub planted: u64,
    /// What was planted and done, for the message of a failure.
    pub log: Vec<String>,
    may_give: bool,
}

impl World {
    /// `root` holds the output and what is beside it. The files outside have the names of pages and of kohyo's own, so that
    /// who comes to them through a link finds what they look for.
    pub fn new(root: &Path, outside: &Path) -> Self {
        let names = [
            "index.html",
            "2026/1.html",
            "2026/old.html",
            "2026/planning/1-01.html",
            "kohyo-manifest.json",
            "back/index.html",
            "back/2026/1.html",
            "back/kohyo-manifest.json",
            "lock",
            "live.records",
            "secret-name.txt",
        ];
        for name in names {
            let at = outside.join(name);
            fs::create_dir_all(at.parent().unwrap()).unwrap();
            fs::write(&at, format!("{SECRET} {name}")).unwrap();
            fs::set_permissions(&at, fs::Permissions::from_mode(0o640)).unwrap();
        }
        fs::create_dir(outside.join("empty")).unwrap();
        let may_give = rustix::process::geteuid().is_root();
        let before = snapshot(outside);
        Self {
            root: root.into(),
            outside: outside.into(),
            before,
            foreign: Vec::new(),
            planted: 0,
            log: Vec::new(),
            may_give,
        }
    }

    /// Everything in these folders that may be replaced, and names under which kohyo may look for something.
    fn places(&self, within: &[&str], names: &[&str]) -> Vec<PathBuf> {
        let mut places = Vec::new();
        let mut folders = Vec::new();
        for entry in fs::read_dir(&self.root).unwrap().map(Result::unwrap) {
            let name = entry.file_name().into_string().unwrap();
            if within.iter().any(|it| name.starts_with(it)) && entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            }
        }
        while let Some(folder) = folders.pop() {
            if self.foreign.iter().any(|(it, _)| *it == folder) {
                continue;
            }
            places.extend(names.iter().map(|it| folder.join(it)));
            for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
                places.push(entry.path());
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                }
            }
        }
        places.sort();
        places.dedup();
        places
    }

    /// Puts one thing somewhere in the folders whose names begin like `within`, or in the place of one of `own`.
    pub fn plant(&mut self, dice: &mut Dice, within: &[&str], own: &[&str], names: &[&str], may_share: bool) {
        let at = match self.places(within, names) {
            places if !places.is_empty() && dice.below(6) > 0 => dice.one_of(&places).clone(),
            _ => self.root.join(dice.one_of(own)),
        };
        if self.foreign.iter().any(|(it, _)| at.starts_with(it)) {
            return;
        }
        match fs::symlink_metadata(&at) {
            Ok(it) if it.is_dir() => fs::remove_dir_all(&at).unwrap(),
            Ok(_) => fs::remove_file(&at).unwrap(),
            Err(_) => {}
        }
        let kind = dice.below(11);
        let up = at.strip_prefix(&self.root).unwrap().components().count() - 1;
        let upward = "../".repeat(up);
        let files: Vec<PathBuf> = self.before.keys().filter(|it| it.is_file()).cloned().collect();
        let inside = self.root.join(dice.one_of(own));
        let link = |to: &Path| symlink(to, &at);
        let done = match kind {
            0 => link(&self.outside),
            1 => link(dice.one_of(&files).as_path()),
            2 => link(&Path::new(&upward).join("..").join(self.outside.file_name().unwrap())),
            3 => link(&self.outside.join("new-name")),
            4 => link(&at),
            5 => link(&inside),
            6 if may_share => fs::hard_link(dice.one_of(&files), &at),
            6 | 7 => {
                use rustix::fs::{CWD, FileType, Mode, mknodat};
                mknodat(CWD, &at, FileType::Fifo, Mode::from_raw_mode(0o666), 0).map_err(Into::into)
            }
            8 => self.foreign_folder(&at),
            9 => fs::write(&at, "planted").and_then(|()| self.give_away(&at, 0o666)),
            _ => std::os::unix::net::UnixListener::bind(&at).map(drop),
        };
        // A place that is gone, or a name that is too long for a socket, is no planting.
        if done.is_ok() {
            self.planted += 1;
            self.log.push(format!("{kind} at {}", at.strip_prefix(&self.root).unwrap().display()));
        }
    }

    fn give_away(&self, at: &Path, mode: u32) -> std::io::Result<()> {
        if self.may_give {
            chown(at, Some(3001), Some(3001))?;
        }
        fs::set_permissions(at, fs::Permissions::from_mode(mode))
    }

    fn foreign_folder(&mut self, at: &Path) -> std::io::Result<()> {
        fs::create_dir(at)?;
        for name in ["back/2026", "2026"] {
            fs::create_dir_all(at.join(name))?;
        }
        for name in ["index.html", "back/index.html", "2026/1.html", "live.records"] {
            fs::write(at.join(name), "planted")?;
        }
        self.give_away(at, 0o777)?;
        // One of kohyo's own is not entered; in a published folder it is carried along as other people's files are.
        let is_own = at.parent() == Some(self.root.as_path()) && at.extension().is_some_and(|it| it == "kohyo");
        if is_own && self.may_give {
            self.foreign.push((at.into(), snapshot(at)));
        }
        Ok(())
    }

    /// Nothing outside is changed, and nothing of it is anywhere else.
    pub fn check(&self) {
        let log = &self.log;
        let same = |at: &Path, before: &BTreeMap<PathBuf, Seen>, what: &str| {
            let now = snapshot(at);
            let differs = before.iter().chain(&now).find(|(path, _)| before.get(*path) != now.get(*path));
            assert!(differs.is_none(), "{what}: {differs:?} {log:?}");
        };
        same(&self.outside, &self.before, "something outside was changed");
        self.foreign.iter().for_each(|(folder, before)| same(folder, before, "another user's folder was entered"));
        let inodes: Vec<u64> = self.before.values().map(|it| it.inode).collect();
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
                let (path, it) = (entry.path(), entry.metadata().unwrap());
                if it.is_dir() && path != self.outside {
                    folders.push(path);
                } else if it.is_file() && !inodes.contains(&it.ino()) {
                    let text = fs::read(&path).unwrap();
                    let has = |what: &str| text.windows(what.len()).any(|it| it == what.as_bytes());
                    let is_read = has(SECRET) || has("secret-name");
                    assert!(!is_read, "{} tells what is outside: {log:?}", path.display());
                }
            }
        }
    }
}

/// Whether something is a pipe, for callers that do not want to open one.
pub fn is_pipe(at: &Path) -> bool {
    fs::symlink_metadata(at).is_ok_and(|it| it.file_type().is_fifo())
}
