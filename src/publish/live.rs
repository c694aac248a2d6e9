//! The site as it is now: whether the folder is ours, what is in it, and what of it the new build keeps.

use super::content::{Content, Hash, Identity, identify, read_list, read_memory};
use super::manifest::{INNER_FOLDER, MANIFEST, Manifest, check_path};
use super::place::Place;
use super::records::{self, Memory, OTHERS, Origin, Readers, Record, Stamp, Whole, look, look_closely};
use super::tree;
use super::trouble::{Trouble, TroubleKind};
use crate::beneath::{Beneath, Kind};
use crate::text::language::Message;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What became of a live file in this build. Atomic, as pages arrive from many threads.
const NOT_SEEN: u8 = 0;
/// The same content came again: the record holds for the new site.
const KEPT: u8 = 1;
/// The build has a newer record for this path.
const SUPERSEDED: u8 = 2;

/// The live folder at the beginning of a build.
pub(super) struct Live {
    beneath: Arc<Beneath>,
    pub(super) root: PathBuf,
    pub(super) exists: bool,
    /// The hash of the manifest file; `None` for the first build, or when an unreadable one is adopted.
    pub(super) manifest: Option<Hash>,
    /// What the site was made from, where that is known.
    pub(super) whole: Whole,
    /// Every file that kohyo published, sorted by path.
    records: Vec<Record>,
    marks: Vec<AtomicU8>,
    /// Files that an interrupted per-file publication had already put in place, sorted.
    pub(super) pending: Vec<String>,
    /// Who may enter the folder, and so is meant to read what is in it.
    guests: Readers,
    /// Files of the site that not all of these may read.
    closed: Mutex<Vec<Box<str>>>,
}

/// How an output compares with the live file of the same path.
pub(super) enum Compared {
    /// No such file is published.
    New,
    /// Another content is published.
    Changed,
    /// Somebody changed or removed the published file since the last build.
    Edited,
    /// The same content is published.
    Kept,
    /// The same content is published, and there is news about it: reading showed it, or it was made from something else.
    KeptWithNews(Record),
}

/// Refuses a folder with content but without a manifest, unless the user adopts it, or all of it was put there by a
/// first per-file publication that did not come to its end. Reads only.
pub(super) fn refuse_foreign(place: &Place, adopt: bool) -> Result<(), Trouble> {
    let (beneath, root) = (&place.beneath, &place.live);
    let is_ours = || beneath.exists(&root.join(MANIFEST));
    if adopt || !beneath.exists(root) || is_ours() || holds_only(beneath, root, &pending(place))? {
        return Ok(());
    }
    let shown = root.display();
    Err(Trouble::new(
        TroubleKind::NotOurs,
        format!(
            "出力先に kohyo が作ったものではないファイルがあります。別の --out を指定するか、このフォルダーを kohyo に任せる場合は --adopt を付けてください(元のファイルは消しません): {shown}"
        ),
        format!(
            "the output folder holds files that kohyo did not make. Choose another --out, or let kohyo take the folder over with --adopt (nothing of yours is deleted): {shown}"
        ),
    ))
}

/// Whether there is nothing in a folder but (some of) these files, in folders that hold them.
fn holds_only(beneath: &Beneath, root: &Path, files: &[String]) -> Result<bool, Trouble> {
    for entry in tree::walk(beneath, root) {
        let entry = entry?;
        let path = tree::relative(root, &entry.path);
        let is_known = path.is_some_and(|path| match entry.kind == Kind::Folder {
            true => is_pending_below(files, &path),
            false => is_pending(files, &path),
        });
        if !is_known {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The files that a per-file publication was about to add when it was interrupted, sorted.
pub(super) fn pending(place: &Place) -> Vec<String> {
    // Inside the live folder it is where the way was another one then.
    let lists = BTreeSet::from([place.pending(), place.live.join(INNER_FOLDER).join("pending")]);
    let text: String = lists.iter().map(|it| read_memory(&place.beneath, it)).collect();
    let mut pending: Vec<_> = text.lines().filter(|it| check_path(it).is_ok()).map(String::from).collect();
    pending.sort_unstable();
    pending
}

/// Whether a path is among these, which are sorted.
pub(super) fn is_pending(pending: &[String], path: &str) -> bool {
    pending.binary_search_by(|it| it.as_str().cmp(path)).is_ok()
}

/// Whether one of these, which are sorted, is somewhere below a folder.
pub(super) fn is_pending_below(pending: &[String], folder: &str) -> bool {
    let inside = format!("{folder}/");
    let first = pending.partition_point(|it| *it < inside);
    pending.get(first).is_some_and(|it| it.starts_with(&inside))
}

impl Live {
    /// Reads what is known about the live folder.
    pub(super) fn open(place: &Place, adopt: bool) -> Result<Self, Trouble> {
        let root = place.live.clone();
        let exists = place.beneath.exists(&root);
        let remembered = match remembered(place) {
            Err(_) if adopt => None,
            Err(trouble) if is_beyond_use(trouble.kind) => return Err(damaged(&trouble)),
            other => other?,
        };
        let (manifest, whole, records) = match remembered {
            Some(Memory { manifest, whole, records }) => (Some(manifest), whole, records),
            None => Default::default(),
        };
        let marks = records.iter().map(|_| AtomicU8::new(NOT_SEEN)).collect();
        let beneath = place.beneath.clone();
        let (guests, pending) = (records::guests(&beneath, &root), pending(place));
        let closed = Mutex::default();
        Ok(Self { beneath, root, exists, manifest, whole, records, marks, pending, guests, closed })
    }

    /// Compares an output with what is published, and remembers that the path is still part of the site.
    ///
    /// Errors: the source cannot be read; the path was given before.
    pub(super) fn compare(&self, path: &str, content: Content<'_>, origin: Origin) -> Result<Compared, Trouble> {
        let Some(index) = records::find(&self.records, path) else { return Ok(Compared::New) };
        let record = &self.records[index];
        let compared = match self.compare_with(record, content)? {
            Compared::Kept if record.origin != origin => Compared::KeptWithNews(Record { origin, ..record.clone() }),
            Compared::KeptWithNews(record) => Compared::KeptWithNews(Record { origin, ..record }),
            compared => compared,
        };
        let mark = if matches!(compared, Compared::Kept) { KEPT } else { SUPERSEDED };
        self.mark(index, mark)?;
        Ok(compared)
    }

    fn mark(&self, index: usize, mark: u8) -> Result<(), Trouble> {
        match self.marks[index].swap(mark, Ordering::Relaxed) {
            NOT_SEEN => Ok(()),
            _ => Err(given_twice(&self.records[index].path)),
        }
    }

    /// Keeps the published file of this path if it was made from the same and nobody has touched it since.
    pub(super) fn keep(&self, path: &str, key: u128) -> Result<Option<&Record>, Trouble> {
        let Some(index) = records::find(&self.records, path) else { return Ok(None) };
        let record = &self.records[index];
        if key == 0 || record.origin.key != key || !self.is_untouched(record)? {
            return Ok(None);
        }
        self.mark(index, KEPT)?;
        Ok(Some(record))
    }

    /// Keeps every published file, if all of them are as they were left.
    pub(super) fn keep_all(&self) -> Result<bool, Trouble> {
        let untouched = self.records.par_iter().map(|record| self.is_untouched(record));
        let all = untouched.try_reduce(|| true, |one, other| Ok(one && other))?;
        if all {
            (0..self.records.len()).try_for_each(|index| self.mark(index, KEPT))?;
        }
        Ok(all)
    }

    fn is_untouched(&self, record: &Record) -> Result<bool, Trouble> {
        let Some((size, stamp, readers)) = look_closely(&self.beneath, &self.root.join(&*record.path))? else {
            return Ok(false);
        };
        let is_untouched = record.stamp.is_known() && (size, stamp) == (record.identity.size, record.stamp);
        if is_untouched {
            self.note_if_closed(&record.path, readers);
        }
        Ok(is_untouched)
    }

    fn compare_with(&self, record: &Record, content: Content<'_>) -> Result<Compared, Trouble> {
        let at = self.root.join(&*record.path);
        let Some((size, stamp, readers)) = look_closely(&self.beneath, &at)? else { return Ok(Compared::Edited) };
        let known = &record.identity;
        if stamp.is_known() && stamp == record.stamp && size == known.size {
            let same = content.look()? == (known.size, known.fingerprint);
            if same {
                self.note_if_closed(&record.path, readers);
            }
            return Ok(if same { Compared::Kept } else { Compared::Changed });
        }
        // Not as we left it, or we never saw it in this place (a copy, a fresh checkout): its bytes decide. A file that
        // cannot be read is written anew.
        let Ok(found) = identify(&self.beneath, &at) else { return Ok(Compared::Edited) };
        if found.sha256 == content.sha256()? {
            self.note_if_closed(&record.path, readers);
            return Ok(Compared::KeptWithNews(Record { identity: found, stamp, ..record.clone() }));
        }
        let as_published = (found.size, found.sha256) == (known.size, known.sha256);
        Ok(if as_published { Compared::Changed } else { Compared::Edited })
    }

    /// Notes a file of the new site that somebody cannot read who may enter the folder.
    pub(super) fn note_if_closed(&self, path: &str, readers: Readers) {
        if readers & self.guests != self.guests {
            self.closed.lock().unwrap_or_else(PoisonError::into_inner).push(path.into());
        }
    }

    /// Whether the folder is open to everybody (else to its group), and what in it is not; sorted.
    pub(super) fn take_closed(&mut self) -> (bool, Vec<PathBuf>) {
        let closed = std::mem::take(self.closed.get_mut().unwrap_or_else(PoisonError::into_inner));
        let mut closed: Vec<PathBuf> = closed.iter().map(|it| PathBuf::from(&**it)).collect();
        closed.sort_unstable();
        closed.dedup();
        (self.guests & OTHERS != 0, closed)
    }

    /// Whether kohyo put a file somewhere below this folder.
    pub(super) fn owns_below(&self, folder: &str) -> bool {
        let inside = format!("{folder}/");
        let first = self.records.partition_point(|it| *it.path < *inside);
        self.records.get(first).is_some_and(|it| it.path.starts_with(&inside))
            || is_pending_below(&self.pending, folder)
    }

    /// Ends the comparison: the records that stay, and those of files that are no longer part of the site (both sorted).
    pub(super) fn settle(&mut self) -> (Vec<Record>, Vec<Record>) {
        let (mut kept, mut stale) = (Vec::new(), Vec::new());
        for (record, mark) in std::mem::take(&mut self.records).into_iter().zip(std::mem::take(&mut self.marks)) {
            match mark.into_inner() {
                KEPT => kept.push(record),
                NOT_SEEN => stale.push(record),
                _ => {}
            }
        }
        (kept, stale)
    }

    /// Whether somebody has changed the published file of this record, which is still there.
    pub(super) fn is_edited(&self, record: &Record) -> bool {
        let at = self.root.join(&*record.path);
        match look(&self.beneath, &at) {
            Ok(Some((size, stamp))) => {
                let as_left = stamp.is_known() && (size, stamp) == (record.identity.size, record.stamp);
                !as_left && identify(&self.beneath, &at).map_or(true, |it| it.sha256 != record.identity.sha256)
            }
            _ => false,
        }
    }

    /// What is known about the file that kohyo published under this path.
    pub(super) fn record(&self, path: &str) -> Option<&Record> {
        records::find(&self.records, path).map(|index| &self.records[index])
    }
}

/// The memory of the last build if it belongs to the very manifest that is there; else what the manifest says,
/// unverified. `None` if there is no manifest.
fn remembered(place: &Place) -> Result<Option<Memory>, Trouble> {
    let Some(bytes) = read_list(&place.beneath, &place.live.join(MANIFEST))? else { return Ok(None) };
    let hash = Hash::of(&bytes);
    if let Some(memory) = records::read(&place.beneath, &place.live_records()).filter(|memory| memory.manifest == hash)
    {
        return Ok(Some(memory));
    }
    let Some((Manifest { files, .. }, manifest)) = Manifest::read(&place.beneath, &place.live)? else {
        return Ok(None);
    };
    let unverified = files.into_iter().map(|file| Record {
        path: file.path,
        identity: Identity { size: file.size, sha256: file.sha256, fingerprint: 0 },
        stamp: Stamp::UNKNOWN,
        origin: Origin::default(),
    });
    Ok(Some(Memory { manifest, whole: Whole::default(), records: unverified.collect() }))
}

fn is_beyond_use(kind: TroubleKind) -> bool {
    matches!(kind, TroubleKind::DamagedManifest | TroubleKind::NotAFile)
}

fn damaged(trouble: &Trouble) -> Trouble {
    let Message { ja, en } = &trouble.message;
    Trouble::new(
        TroubleKind::DamagedManifest,
        format!(
            "どれが kohyo の作ったファイルか分かりません。このフォルダーを kohyo に任せてよければ --adopt を付けてください(元のファイルは消しません)。{ja}"
        ),
        format!(
            "kohyo cannot tell which files are its own; if it may take the folder over, add --adopt (nothing of yours is deleted). {en}"
        ),
    )
}

pub(super) fn given_twice(path: &str) -> Trouble {
    Trouble::new(
        TroubleKind::BadPath,
        format!("同じパスに二度書き込もうとしました(kohyo の不具合です): {path}"),
        format!("the same path was published twice (a bug in kohyo): {path}"),
    )
}
