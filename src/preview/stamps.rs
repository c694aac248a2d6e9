//! What the file system says about every file, to find what no event told.

use crate::source;
use rayon::prelude::*;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

/// Length, times and identity of a file: where none of them changed, nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
    inode: (u64, i64, i64, u32),
}

/// The stamp of a file; `None` when it is not there.
pub fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = std::fs::metadata(path).ok()?;
    #[cfg(unix)]
    let inode = {
        use std::os::unix::fs::MetadataExt;
        (metadata.ino(), metadata.ctime(), metadata.ctime_nsec(), metadata.mode())
    };
    #[cfg(not(unix))]
    let inode = (0, 0, 0, u32::from(metadata.permissions().readonly()));
    Some(Stamp { length: metadata.len(), modified: metadata.modified().ok(), inode })
}

/// The stamps of all files at the last look.
#[derive(Debug, Default)]
pub struct Stamps(HashMap<Arc<str>, Option<Stamp>>);

impl Stamps {
    /// Looks at every file; says which ones came, went, or have another stamp than last time.
    pub fn sweep(&mut self, root: &Path) -> Vec<Arc<str>> {
        let files: Vec<_> = source::TOPS.iter().flat_map(|top| source::list(root, top)).collect();
        let now: HashMap<Arc<str>, Option<Stamp>> =
            files.par_iter().map(|file| (file.path.clone(), stamp(&root.join(&*file.path)))).collect();
        let mut suspects: Vec<Arc<str>> = now
            .iter()
            .filter(|(path, stamp)| self.0.get(*path) != Some(*stamp))
            .map(|(path, _)| path.clone())
            .collect();
        suspects.extend(self.0.keys().filter(|path| !now.contains_key(*path)).cloned());
        self.0 = now;
        suspects
    }
}
