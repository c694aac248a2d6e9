//! Takes a site away again: what kohyo made and nobody changed, and kohyo's own folder beside it.

use super::content::identify;
use super::live::{self, Live, is_pending};
use super::lock::Lock;
use super::manifest::MANIFEST;
use super::place::Place;
use super::records::{Record, look};
use super::tree::{self, ignore_missing};
use super::trouble::{AtPath, Trouble, TroubleKind};
use super::{Options, late, mounts, own, swap};
use crate::beneath::{Beneath, Kind, Listed};
use crate::text::language::Message;
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
    let beneath = &*place.beneath;
    let is_known = [place.live.join(MANIFEST), place.aside()].iter().any(|it| beneath.exists(it))
        || !live::pending(&place).is_empty();
    if !is_known && (beneath.exists(&place.live) || !beneath.exists(&place.private)) {
        return Err(nothing_of_ours(&place.live).into());
    }
    let mut lock = Lock::take(&place, patience)?;
    let mut notes = std::mem::take(&mut lock.notes);
    notes.extend(own::tidy(&place)?);
    notes.extend(swap::repair(&place)?);
    notes.extend(swap::set_mounted_aside(&place)?);
    let live = Live::open(&place, false)?;
    notes.extend(late::receive(&place)?);
    let mut cleaned = Cleaned { removed: 0, kept: Vec::new(), notes, failed: Vec::new() };
    if live.exists {
        clean_live(beneath, &live, &mut cleaned)?;
    }
    // The folder with the site before this one: what was foreign in it has its name in the live folder still.
    if cleaned.failed.is_empty() {
        remove_private(&place, lock)?;
        let _ = beneath.remove_folder(&place.live);
    }
    Ok(cleaned)
}

/// Removes kohyo's own folder, the lock last: some disks keep a file that is open under another name, and then its folder
/// cannot be removed. Whoever waits for the lock sees that it has lost its name, and begins anew.
fn remove_private(place: &Place, lock: Lock) -> Result<(), Trouble> {
    let (beneath, private) = (&place.beneath, &place.private);
    mounts::refuse(private)?;
    for Listed { path, kind, .. } in beneath.entries(private).reading(private)? {
        if kind != Kind::Folder && path != place.lock() {
            ignore_missing(beneath.remove_file(&path)).removing(&path)?;
        } else if kind == Kind::Folder && !swap::is_kept(&path) {
            tree::remove_all(beneath, &path)?;
        }
    }
    // Where an open file cannot lose its name, closing it comes first.
    if beneath.remove_file(&place.lock()).is_err() {
        drop(lock);
        let _ = beneath.remove_file(&place.lock());
    } else {
        drop(lock);
    }
    let _ = beneath.remove_folder(private);
    Ok(())
}

fn clean_live(beneath: &Beneath, live: &Live, cleaned: &mut Cleaned) -> Result<(), Trouble> {
    let mut folders = Vec::new();
    // The walk follows no symbolic links, so nothing outside the folder is ever reached.
    for entry in tree::walk(beneath, &live.root).collect::<Vec<_>>() {
        let Listed { path, kind, .. } = entry?;
        let name = tree::relative(&live.root, &path);
        if kind == Kind::Folder {
            let is_ours = name.is_some_and(|it| live.owns_below(&it));
            if tree::is_closed(beneath, &path) {
                cleaned.kept.push(tree::shown(&live.root, &path));
            }
            folders.push((path, is_ours));
        } else if name.as_deref() == Some(MANIFEST) {
            // Last: as long as it is there, a `clean` that was interrupted can be run again.
        } else if name.is_some_and(|it| is_ours(beneath, live, &it)) {
            match ignore_missing(beneath.remove_file(&path)).removing(&path) {
                Ok(()) => cleaned.removed += 1,
                Err(trouble) => cleaned.failed.push(trouble.message),
            }
        } else {
            cleaned.kept.push(tree::shown(&live.root, &path));
        }
    }
    for (folder, is_ours) in folders.into_iter().rev() {
        if is_ours {
            let _ = beneath.remove_folder(&folder);
        }
    }
    cleaned.kept.sort_unstable();
    if cleaned.failed.is_empty() {
        let manifest = live.root.join(MANIFEST);
        ignore_missing(beneath.remove_file(&manifest)).removing(&manifest)?;
    }
    Ok(())
}

/// Published and unchanged, or put there by a per-file publication that was interrupted.
fn is_ours(beneath: &Beneath, live: &Live, path: &str) -> bool {
    is_pending(&live.pending, path) || live.record(path).is_some_and(|record| is_as_published(beneath, live, record))
}

fn is_as_published(beneath: &Beneath, live: &Live, record: &Record) -> bool {
    let at = live.root.join(&*record.path);
    let is_stamped = matches!(look(beneath, &at), Ok(Some(found)) if found == (record.identity.size, record.stamp));
    is_stamped || identify(beneath, &at).is_ok_and(|it| it.sha256 == record.identity.sha256)
}

fn nothing_of_ours(live: &Path) -> Trouble {
    let live = live.display();
    Trouble::new(
        TroubleKind::NotOurs,
        format!("kohyo が作ったサイトが見つからないので、何も消しませんでした: {live}"),
        format!("there is no site that kohyo made, so nothing was removed: {live}"),
    )
}
