//! What people put into the *old* folder after an exchange.
//!
//! Whoever stood in the live folder when it was exchanged (a shell, an editor, a file transfer, a file manager) goes on
//! working in `back`, under the name that they know: there the pages become those of the new site (`follow`). What they put
//! there is theirs: it is brought to the live folder, or beside it where its name is taken, before `back` is used again.
//!
//! A file of `back` is a stranger if it is neither in the lists of what kohyo published or prepared there, nor one that
//! the survey before the exchange saw, nor one that the live folder has as well.

use super::content::identify;
use super::journal::{self, Made};
use super::manifest::{INNER_FOLDER, MANIFEST, Manifest};
use super::place::Place;
use super::records::{self, Record};
use super::survey::Survey;
use super::trouble::{AtPath, Trouble};
use super::{notes, swap, tree};
use crate::beneath::{Access, Beneath, Kind, Listed};
use crate::text::language::Message;
use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is known about the folder `back`.
pub(super) struct Known {
    beneath: Arc<Beneath>,
    live: PathBuf,
    back: PathBuf,
    made: Made,
    seen: Option<Survey>,
    /// What kohyo published there.
    ours: BTreeSet<Box<str>>,
}

impl Known {
    pub(super) fn read(place: &Place) -> Self {
        let (beneath, back) = (&place.beneath, place.back());
        let records = records::read(beneath, &place.back_records()).map(|memory| memory.records).unwrap_or_default();
        let listed = Manifest::read(beneath, &back).ok().flatten().map(|(manifest, _)| manifest);
        let listed = listed.into_iter().flat_map(|it| it.files).map(|it| it.path);
        Self {
            beneath: beneath.clone(),
            live: place.live.clone(),
            made: journal::made(place),
            seen: Survey::read(beneath, &place.seen(), &tree::folder_id(beneath, &back)),
            ours: records.into_iter().map(|Record { path, .. }| path).chain(listed).collect(),
            back,
        }
    }

    /// Whether a file of `back`, by its path relative to it, is somebody else's and nowhere else.
    pub(super) fn is_stranger(&self, path: &Path, inode: u64) -> bool {
        let is_ours = || path.to_str().map(tree::slashed).is_some_and(|it| self.owns(&it));
        let is_seen = || self.seen.as_ref().is_some_and(|seen| seen.saw(path, inode));
        self.made != Made::Everything
            && !is_ours()
            && !is_seen()
            && !is_in_live(&self.beneath, &self.back.join(path), &self.live.join(path), inode)
    }

    fn owns(&self, path: &str) -> bool {
        let is_made = || matches!(&self.made, Made::Some(paths) if paths.contains(path));
        path == MANIFEST || self.ours.contains(path) || is_made()
    }

    /// A folder that the exchange or a build brought there; what is in it is looked at piece by piece.
    fn is_known_folder(&self, path: &Path) -> bool {
        let Some(text) = path.to_str().map(tree::slashed) else {
            return self.beneath.is_folder(&self.live.join(path));
        };
        let inside = format!("{text}/");
        let is_made = || match &self.made {
            Made::Some(paths) => paths.range(inside.clone()..).next().is_some_and(|it| it.starts_with(&inside)),
            _ => false,
        };
        let is_published = || {
            let next = self.ours.range(Box::from(&*inside)..).next();
            next.is_some_and(|it| it.starts_with(&inside))
        };
        is_made() || is_published() || self.beneath.is_folder(&self.live.join(path))
    }
}

/// The live folder has it too (`there`, beside `here` in the old one): as one more name, or where there are no such names
/// as a copy.
fn is_in_live(beneath: &Beneath, here: &Path, there: &Path, inode: u64) -> bool {
    let Ok(seen) = beneath.look(there) else { return false };
    if inode != 0 && seen.inode() == inode {
        return true;
    }
    if seen.kind() == Kind::Link {
        return beneath.read_link(here).is_ok_and(|it| beneath.read_link(there).is_ok_and(|other| it == other));
    }
    let is_file = beneath.look(here).is_ok_and(|it| it.kind() == Kind::File);
    let same = |it| identify(beneath, there).is_ok_and(|other| it == other);
    is_file && seen.kind() == Kind::File && identify(beneath, here).is_ok_and(same)
}

/// Brings everything that people put into the old folder to where they meant it to be. Says so.
pub(super) fn receive(place: &Place) -> Result<Vec<Message>, Trouble> {
    let strangers = strangers(place)?;
    if strangers.is_empty() {
        return Ok(Vec::new());
    }
    // Where nothing tells what this folder was, a stranger may be a page that was never published: not into the site.
    let (beneath, back) = (&place.beneath, place.back());
    let was_seen = || Survey::read(beneath, &place.seen(), &tree::folder_id(beneath, &back)).is_some();
    let was_public = beneath.is_folder(&place.live) && (was_seen() || journal::made(place) != Made::Unknown);
    let (mut brought, mut taken) = (Vec::new(), Vec::new());
    for path in strangers {
        match was_public && move_to_free(beneath, &back.join(&path), &place.live.join(&path)).is_ok() {
            true => brought.push(path),
            false => taken.push(path),
        }
    }
    let mut said = Vec::new();
    if !brought.is_empty() {
        said.push(notes::brought(&place.live, &brought));
    }
    said.extend(put_beside(place, &back, &taken)?);
    Ok(said)
}

/// Moves these from the folder `from` into a new folder beside the live one.
pub(super) fn put_beside(place: &Place, from: &Path, paths: &[PathBuf]) -> Result<Option<Message>, Trouble> {
    if paths.is_empty() {
        return Ok(None);
    }
    let (beneath, beside) = (&place.beneath, swap::free_name(place));
    // It may lie where a web server looks.
    beneath.create_folder(&beside, Access::Owner).writing(&beside)?;
    for path in paths {
        let to = beside.join(path);
        move_to_free(beneath, &from.join(path), &to).writing(&to)?;
    }
    Ok(Some(notes::put_beside(&beside, paths)))
}

fn move_to_free(beneath: &Beneath, from: &Path, to: &Path) -> std::io::Result<()> {
    beneath.create_folders(to.parent().unwrap_or(to))?;
    beneath.rename_to_free(from, to)
}

/// Removes `back`; strangers stay in it for the next build.
pub(super) fn clear(place: &Place) -> Result<(), Trouble> {
    let back = place.back();
    if journal::made(place) == Made::Everything {
        return tree::remove_all(&place.beneath, &back);
    }
    if !place.beneath.exists(&back) {
        return Ok(());
    }
    let known = Known::read(place);
    tree::prune(&place.beneath, &back, |path, inode| known.is_stranger(&tree::stripped(&back, path), inode))?;
    let _ = place.beneath.remove_folder(&back);
    Ok(())
}

/// Files and whole folders in `back` that are somebody else's, relative to it.
fn strangers(place: &Place) -> Result<Vec<PathBuf>, Trouble> {
    let (beneath, live, back) = (&place.beneath, &place.live, place.back());
    if !beneath.is_folder(&back) || journal::made(place) == Made::Everything {
        return Ok(Vec::new());
    }
    let seen = Survey::read(beneath, &place.seen(), &tree::folder_id(beneath, &back));
    let mut folders = seen.as_ref().map_or_else(|| vec![PathBuf::new()], |it| it.changed_folders(beneath, &back));
    // Most folders that changed were changed by the build that tidied them, and have nothing but what the live ones have:
    // then the long lists need not be read.
    let known = LazyCell::new(|| Known::read(place));
    let mut strangers = Vec::new();
    while let Some(folder) = folders.pop() {
        let at = back.join(&folder);
        let entries = match beneath.entries(&at) {
            // Removed since, or something else stands there: it is met in the folder above.
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => continue,
            entries => entries.reading(&at)?,
        };
        for Listed { path: entry, kind, inode } in entries {
            let path = tree::stripped(&back, &entry);
            if kind != Kind::Folder {
                let has_same = inode != 0 && tree::inode_at(beneath, &live.join(&path)) == inode;
                if !has_same && known.is_stranger(&path, inode) {
                    strangers.push(path);
                }
            } else if path == Path::new(INNER_FOLDER) || seen.as_ref().is_some_and(|it| it.saw_folder(&path)) {
                // Kohyo's own from another time; or a folder that is looked at in its own turn.
            } else if known.is_known_folder(&path) {
                folders.push(path);
            } else {
                strangers.push(path);
            }
        }
    }
    strangers.sort_unstable();
    Ok(strangers)
}
