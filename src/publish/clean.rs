//! Takes a site away again: what kohyo made and nobody changed, and kohyo's own folder beside it.

use super::content::identify;
use super::live::{self, Live, is_pending};
use super::lock::{self, Lock};
use super::manifest::MANIFEST;
use super::place::{self, Place};
use super::records::{Record, look};
use super::tree::{self, ignore_missing};
use super::trouble::{AtPath, Trouble, TroubleKind};
use super::{Options, late, mounts, swap};
use crate::text::language::Message;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// What [`clean`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned {
    /// How many files were removed, without the manifest.
    pub removed: usize,
    /// What was left, sorted: files kohyo did not make, and files of the site that somebody changed since.
    pub kept: Vec<String>,
    /// What the user should know.
    pub notes: Vec<Message>,
    /// What kohyo made and could not remove, and why. The list of the rest stays then, so that `clean` can be run again.
    pub failed: Vec<Message>,
}

/// Removes a published site. What kohyo did not make, and what was changed by hand, stays.
///
/// Errors: there is no manifest that says what is kohyo's; a build is running.
pub fn clean(out: &Path) -> anyhow::Result<Cleaned> {
    clean_with(out, Options::default().patience)
}

pub(super) fn clean_with(out: &Path, patience: Duration) -> anyhow::Result<Cleaned> {
    let place = Place::find(out)?;
    let is_known = place.live.join(MANIFEST).exists() || place.aside().exists() || !live::pending(&place).is_empty();
    if !is_known && (place.live.exists() || !place.private.exists()) {
        return Err(nothing_of_ours(&place.live).into());
    }
    place::refuse_links(&place)?;
    let lock = Lock::take(&place.private, patience)?;
    let notes: Vec<_> = swap::repair(&place)?.into_iter().chain(swap::set_mounted_aside(&place)?).collect();
    let live = Live::open(&place, false)?;
    let notes = notes.into_iter().chain(late::receive(&place)?).collect();
    let mut cleaned = Cleaned { removed: 0, kept: Vec::new(), notes, failed: Vec::new() };
    if live.exists {
        clean_live(&live, &mut cleaned)?;
    }
    // The folder with the site before this one: what was foreign in it has its name in the live folder still.
    if cleaned.failed.is_empty() {
        remove_private(&place, lock)?;
        let _ = fs::remove_dir(&place.live);
    }
    Ok(cleaned)
}

/// Removes kohyo's own folder, the lock last: some disks keep a file that is open under another name, and then its folder
/// cannot be removed. Whoever waits for the lock sees that it has lost its name, and begins anew.
fn remove_private(place: &Place, lock: Lock) -> Result<(), Trouble> {
    let private = &place.private;
    mounts::refuse(private)?;
    for entry in fs::read_dir(private).reading(private)? {
        let entry = entry.reading(private)?;
        let (at, is_folder) = (entry.path(), entry.file_type().reading(private)?.is_dir());
        if is_folder {
            tree::remove_all(&at)?;
        } else if entry.file_name() != lock::NAME {
            ignore_missing(fs::remove_file(&at)).removing(&at)?;
        }
    }
    // Where an open file cannot lose its name, closing it comes first.
    if fs::remove_file(private.join(lock::NAME)).is_err() {
        drop(lock);
        let _ = fs::remove_file(private.join(lock::NAME));
    } else {
        drop(lock);
    }
    let _ = fs::remove_dir(private);
    Ok(())
}

fn clean_live(live: &Live, cleaned: &mut Cleaned) -> Result<(), Trouble> {
    let mut folders = Vec::new();
    // The walk follows no symbolic links, so nothing outside the folder is ever reached.
    for entry in tree::walk(&live.root).collect::<Vec<_>>() {
        let Some(entry) = entry? else { continue };
        let name = tree::relative(&live.root, entry.path());
        if entry.file_type().is_dir() {
            let is_ours = name.is_some_and(|it| live.owns_below(&it));
            if tree::is_closed(entry.path()) {
                cleaned.kept.push(tree::shown(&live.root, entry.path()));
            }
            folders.push((entry.into_path(), is_ours));
        } else if name.as_deref() == Some(MANIFEST) {
            // Last: as long as it is there, a `clean` that was interrupted can be run again.
        } else if name.is_some_and(|it| is_ours(live, &it)) {
            match ignore_missing(fs::remove_file(entry.path())).removing(entry.path()) {
                Ok(()) => cleaned.removed += 1,
                Err(trouble) => cleaned.failed.push(trouble.message),
            }
        } else {
            cleaned.kept.push(tree::shown(&live.root, entry.path()));
        }
    }
    for (folder, is_ours) in folders.into_iter().rev() {
        if is_ours {
            let _ = fs::remove_dir(folder);
        }
    }
    cleaned.kept.sort_unstable();
    if cleaned.failed.is_empty() {
        let manifest = live.root.join(MANIFEST);
        ignore_missing(fs::remove_file(&manifest)).removing(&manifest)?;
    }
    Ok(())
}

/// Published and unchanged, or put there by a per-file publication that was interrupted.
fn is_ours(live: &Live, path: &str) -> bool {
    is_pending(&live.pending, path) || live.record(path).is_some_and(|record| is_as_published(live, record))
}

fn is_as_published(live: &Live, record: &Record) -> bool {
    let at = live.root.join(&*record.path);
    let is_stamped = matches!(look(&at), Ok(Some(found)) if found == (record.identity.size, record.stamp));
    is_stamped || identify(&at).is_ok_and(|it| it.sha256 == record.identity.sha256)
}

fn nothing_of_ours(live: &Path) -> Trouble {
    let live = live.display();
    Trouble::new(
        TroubleKind::NotOurs,
        format!("kohyo が作ったサイトが見つからないので、何も消しませんでした: {live}"),
        format!("there is no site that kohyo made, so nothing was removed: {live}"),
    )
}
