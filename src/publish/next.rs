//! The site that is about to be published: all its files, and what it leaves behind.

use super::content::Hash;
use super::live::{given_twice, is_pending, is_pending_below};
use super::manifest::MANIFEST;
use super::records::Record;
use super::survey::Owns;
use super::trouble::Trouble;

/// One file of the site being built.
pub(super) struct Entry {
    pub(super) record: Record,
    pub(super) state: State,
}

/// Where a file of the site being built is, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// In `back`: not published before.
    New,
    /// In `back`: other content was published.
    Changed,
    /// In `back`: somebody had changed the published file.
    Edited,
    /// Still only in the live folder, with the same content.
    Kept,
}

impl Entry {
    pub(super) fn path(&self) -> &str {
        &self.record.path
    }

    pub(super) fn is_in_back(&self) -> bool {
        self.state != State::Kept
    }
}

/// Everything that is known when the last page has arrived.
pub(super) struct Next {
    /// Sorted by path.
    pub(super) files: Vec<Entry>,
    /// Published paths that are no longer part of the site, sorted.
    pub(super) stale: Vec<Box<str>>,
    /// Files that an interrupted per-file publication had put in place, sorted. They are kohyo's as well.
    pub(super) pending: Vec<String>,
}

impl Next {
    /// Errors: a path was given twice.
    pub(super) fn new(mut files: Vec<Entry>, stale: Vec<Box<str>>, pending: Vec<String>) -> Result<Self, Trouble> {
        files.sort_unstable_by(|a, b| a.record.path.cmp(&b.record.path));
        match files.windows(2).find(|it| it[0].path() == it[1].path()) {
            Some(twice) => Err(given_twice(twice[0].path())),
            None => Ok(Self { files, stale, pending }),
        }
    }

    /// The index of the file with this path.
    pub(super) fn find(&self, path: &str) -> Option<usize> {
        self.files.binary_search_by(|it| it.path().cmp(path)).ok()
    }

    /// The index of the first file somewhere below this folder.
    pub(super) fn find_below(&self, folder: &str) -> Option<usize> {
        let inside = format!("{folder}/");
        let index = self.files.partition_point(|it| it.path() < inside.as_str());
        self.files.get(index).filter(|it| it.path().starts_with(&inside)).map(|_| index)
    }

    /// Path, size and hash of each file: the lines of the manifest.
    pub(super) fn lines(&self) -> impl Iterator<Item = (&str, u64, Hash)> + Clone {
        self.files.iter().map(|it| (it.path(), it.record.identity.size, it.record.identity.sha256))
    }

    /// Whether the live folder has just these files already.
    pub(super) fn changes_no_file(&self) -> bool {
        self.stale.is_empty() && self.pending.is_empty() && !self.files.iter().any(Entry::is_in_back)
    }
}

/// What of the live folder is kohyo's: everything published, whether it stays or goes.
impl Owns for Next {
    fn file(&self, path: &str) -> bool {
        path == MANIFEST
            || self.find(path).is_some_and(|index| self.files[index].state != State::New)
            || self.stale.binary_search_by(|it| (**it).cmp(path)).is_ok()
            || is_pending(&self.pending, path)
    }

    fn something_below(&self, folder: &str) -> bool {
        let inside = format!("{folder}/");
        let below = |path: &str| path.starts_with(&inside);
        let first = self.files.partition_point(|it| it.path() < inside.as_str());
        let stale = self.stale.partition_point(|it| **it < *inside);
        self.files[first..].iter().take_while(|it| below(it.path())).any(|it| it.state != State::New)
            || self.stale.get(stale).is_some_and(|it| below(it))
            || is_pending_below(&self.pending, folder)
    }
}
