//! After the switch: the old folder becomes the new site as well.
//!
//! What was taken out of a site must not lie about beside it. So before a build ends, the folder that was live loses every
//! file that is no longer public, and older versions of pages with them: each gets the new version as one more name of the
//! published file, by one rename. That is work which the next build would have to do: it costs nothing but its moment.
//!
//! Who stands in the old folder sees whole files only, first the old ones, then the new ones; and no withdrawn one once the
//! build has ended. A build that was killed in the middle leaves the rest to the next one, also to one that changes nothing:
//! the manifest follows last, and as long as it has not, the folder is looked through.

use super::journal::{self, Journal, Made};
use super::late::Known;
use super::manifest::MANIFEST;
use super::next::{Entry, Next, State};
use super::notes;
use super::place::Place;
use super::tree::{self, ignore_missing};
use super::trouble::{AtPath, Trouble};
use crate::beneath::{self, Beneath};
use crate::text::language::Message;
use rayon::iter::{IntoParallelRefIterator, ParallelExtend, ParallelIterator};
use std::io;
use std::path::{Path, PathBuf};

/// What the old folder has to become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum As {
    /// The new site, with every new file.
    NewSite,
    /// What it was, without what was kohyo's and is no longer public: it will be kept for the user.
    Kept,
}

/// Takes every file out of the old folder that is no longer public. Says what could not be removed.
pub(super) fn follow(place: &Place, next: &Next, edited: &[String], how: As, may_link: bool) -> Option<Message> {
    let beneath = &place.beneath;
    let gone: Vec<&str> = match how {
        As::NewSite => next.stale.iter().map(|it| &**it).chain(next.pending.iter().map(String::as_str)).collect(),
        // What somebody had changed by hand is theirs.
        As::Kept => next.stale.iter().map(|it| &**it).filter(|it| !edited.iter().any(|edited| edited == it)).collect(),
    };
    let gone = gone.par_iter().filter(|path| next.find(path).is_none());
    let mut left: Vec<PathBuf> = gone.filter(|path| remove(beneath, place, path).is_err()).map(PathBuf::from).collect();
    let replaced = next.files.par_iter().filter(|it| match how {
        As::NewSite => it.is_in_back(),
        As::Kept => it.state == State::Changed,
    });
    left.par_extend(replaced.filter_map(|it| {
        let is_done = match how {
            As::NewSite if may_link => replace(place, it).or_else(|_| remove(beneath, place, it.path())),
            _ => remove(beneath, place, it.path()),
        };
        is_done.is_err().then(|| it.path().into())
    }));
    if how == As::NewSite && left.is_empty() {
        // Last: it says that all is done.
        let _ = replace_with_link(place, MANIFEST).or_else(|_| remove(beneath, place, MANIFEST));
    }
    left.sort_unstable();
    (!left.is_empty()).then(|| notes::still_kept(&place.back(), &left))
}

/// Removes a file of the old folder, and the folders that are empty without it.
fn remove(beneath: &Beneath, place: &Place, path: &str) -> io::Result<()> {
    let back = place.back();
    let at = back.join(path);
    match beneath.remove_file(&at) {
        // Somebody has made a folder of this name, or a file or a link of one above it: nothing of kohyo's is there.
        Err(error) if error.kind() == io::ErrorKind::NotADirectory || beneath.is_folder(&at) => return Ok(()),
        removed => ignore_missing(removed)?,
    }
    let mut above = at.parent();
    while let Some(folder) = above.filter(|it| **it != *back && beneath.remove_folder(it).is_ok()) {
        above = folder.parent();
    }
    Ok(())
}

fn replace(place: &Place, entry: &Entry) -> io::Result<()> {
    let (beneath, path) = (&place.beneath, entry.path());
    if entry.state != State::New {
        return replace_with_link(place, path);
    }
    let (from, to) = (place.live.join(path), place.back().join(path));
    let linked = match beneath.hard_link(&from, &to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            beneath.create_folders(to.parent().unwrap_or(&to))?;
            beneath.hard_link(&from, &to)
        }
        linked => linked,
    };
    match linked {
        // Nothing of kohyo's had this name: what came there meanwhile is looked at by the next build.
        Err(error) if error.kind() != io::ErrorKind::NotFound => Ok(()),
        linked => linked,
    }
}

fn replace_with_link(place: &Place, path: &str) -> io::Result<()> {
    let (beneath, half) = (&place.beneath, place.private.join(beneath::half_name()));
    beneath.hard_link(&place.live.join(path), &half)?;
    let renamed = beneath.rename(&half, &place.back().join(path));
    // It is still there where both were the same file already.
    let _ = beneath.remove_file(&half);
    renamed
}

/// Where nothing was published: the old folder may hold what a killed or a dropped build has left, which is not public.
///
/// Errors: something could not be removed.
pub(super) fn follow_later(place: &Place) -> Result<(), Trouble> {
    let (beneath, live, back) = (&place.beneath, &place.live, place.back());
    let made = journal::made(place);
    let inode = |folder: &Path| tree::inode_at(beneath, &folder.join(MANIFEST));
    let has_followed = inode(&back) == 0 || inode(&back) == inode(live);
    let is_clean = match &made {
        Made::Everything => beneath.entries(&back).is_ok_and(|it| it.is_empty()),
        Made::Some(paths) => paths.is_empty(),
        Made::Unknown => true,
    };
    if has_followed && is_clean {
        return Ok(());
    }
    if made == Made::Everything {
        tree::remove_all(beneath, &back)?;
    } else {
        let known = Known::read(place);
        tree::prune(beneath, &back, |path, inode| {
            let inner = tree::stripped(&back, path);
            (inode != 0 && tree::inode_at(beneath, &live.join(&inner)) == inode) || known.is_stranger(&inner, inode)
        })?;
        drop(Journal::anew(place)?);
    }
    ignore_missing(beneath.remove_file(&place.back_records())).removing(&place.back_records())
}
