//! Disks to which `Goal.html` and `goal.html` are one name (Windows, macOS, memory cards): they may keep the spelling that
//! they know when a file of another one comes.
//!
//! Nothing here asks what kind of disk it is: a folder's own list tells which spellings it has.

use crate::beneath::Beneath;
use std::collections::{BTreeSet, HashMap};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use unicode_normalization::UnicodeNormalization;

/// What some disk may take for the same name.
pub(super) fn folded(path: &str) -> String {
    path.nfc().collect::<String>().to_lowercase().nfc().collect()
}

/// The names in folders, each folder listed once.
pub(super) struct Lists<'a> {
    beneath: &'a Beneath,
    known: HashMap<PathBuf, BTreeSet<OsString>>,
}

impl<'a> Lists<'a> {
    pub(super) fn new(beneath: &'a Beneath) -> Self {
        Self { beneath, known: HashMap::new() }
    }

    fn names(&mut self, folder: &Path) -> &mut BTreeSet<OsString> {
        let list = || {
            let listed = self.beneath.entries(folder).unwrap_or_default();
            listed.iter().filter_map(|it| it.path.file_name().map(OsStr::to_owned)).collect()
        };
        self.known.entry(folder.to_path_buf()).or_insert_with(list)
    }

    /// Whether something is there in just this spelling, folders included.
    pub(super) fn has(&mut self, root: &Path, path: &str) -> bool {
        let mut folder = root.to_path_buf();
        path.split('/').all(|name| {
            let is_there = self.names(&folder).contains(OsStr::new(name));
            folder.push(name);
            is_there
        })
    }

    /// Gives a file that is there under another spelling its own, and the folders above it theirs. Where a disk refuses,
    /// the file has its name in another spelling, and visitors of that disk find it all the same.
    fn put_right(&mut self, root: &Path, path: &str) {
        let mut folder = root.to_path_buf();
        for name in path.split('/') {
            let names = self.names(&folder);
            if !names.contains(OsStr::new(name)) {
                let wanted = folded(name);
                let other = names.iter().find(|it| it.to_str().is_some_and(|it| folded(it) == wanted)).cloned();
                let Some(other) = other else { return };
                let (from, to) = (folder.join(&other), folder.join(name));
                // To the disk they are one already; if not, this is another file, and stays.
                if self.beneath.exists(&to) && self.beneath.rename(&from, &to).is_ok() {
                    let names = self.names(&folder);
                    names.remove(&other);
                    names.insert(name.into());
                }
            }
            folder.push(name);
        }
    }
}

/// Gives every one of these files below `root`, which are there, the spelling it is meant to have.
pub(super) fn put_right<'p>(beneath: &Beneath, root: &Path, paths: impl Iterator<Item = &'p str>) {
    let mut lists = Lists::new(beneath);
    paths.for_each(|path| lists.put_right(root, path));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_that_a_disk_may_take_for_one_are_alike() {
        for (one, other) in [
            ("Goal.html", "goal.html"),
            ("計画/Ａ.pdf", "計画/ａ.pdf"),
            ("か\u{3099}.pdf", "が.pdf"),
            ("É", "e\u{301}"),
        ] {
            assert_eq!(folded(one), folded(other));
        }
        assert_ne!(folded("は.pdf"), folded("ば.pdf"));
        assert_ne!(folded("1-01.html"), folded("1-1.html"));
    }
}
