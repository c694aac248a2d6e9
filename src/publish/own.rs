//! Kohyo's own folder beside a site, and that nobody else gets in.
//!
//! What lies there is not public yet, or not any more, and it may lie below a web server's root. So the folder is open to
//! its owner alone. What stands under the names of kohyo's own files and is not what kohyo would have made is put beside,
//! never opened.

use super::owner::{Whose, close, is_ours, is_sound, is_spare, knows_owners, not_ours, others_of, whose};
use super::place::{Place, Way};
use super::trouble::{AtPath, Trouble};
use super::{late, notes, place, tree};
use crate::beneath::{Access, Kind, Listed};
use crate::text::language::Message;
use std::io::ErrorKind;
use std::path::PathBuf;

/// The folders in which other users prepare the same site.
pub(super) fn of_others(place: &Place) -> Vec<PathBuf> {
    let (Way::Whole, Some(parent), Some(name)) = (place.way, place.live.parent(), place.live.file_name()) else {
        return Vec::new();
    };
    let beneath = &place.beneath;
    let is_theirs = |it: &PathBuf| beneath.is_folder(it) && whose(beneath, it) == Whose::Anothers;
    let mut others: Vec<_> = others_of(beneath, parent, name).into_iter().filter(is_theirs).collect();
    others.sort_unstable();
    others
}

/// Makes kohyo's own folder, or closes the one that is there to everybody else. What the user should know the first time.
pub(super) fn make(place: &Place) -> Result<Option<Message>, Trouble> {
    let (beneath, private) = (&place.beneath, &place.private);
    let above = private.parent().unwrap_or(private);
    beneath.create_folders(above).writing(above)?;
    let is_new = match beneath.create_folder(private, Access::Owner) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => false,
        made => made.map(|()| true).writing(private)?,
    };
    // What was looked at is what is used: another folder that takes its name from now on is not entered.
    match beneath.pin(private) {
        Ok(seen) if seen.kind() == Kind::Folder && (is_ours(&seen) || !knows_owners(beneath, private)) => {}
        // `clean` of another build has just removed it.
        Err(error) if error.kind() == ErrorKind::NotFound => return make(place),
        // Somebody was quicker than this build; the next one takes another name.
        _ => return Err(not_ours(private)),
    }
    let is_closed = close(beneath, private)?;
    Ok(match is_new {
        true if !is_closed => Some(notes::no_owners(private)),
        true if !of_others(place).is_empty() => Some(notes::others(&of_others(place))),
        _ => None,
    })
}

/// Puts beside the site what stands under the names of kohyo's own files and folders and is not kohyo's: links, pipes,
/// files of other users, files that have another name elsewhere. Removes what a kill has left half written.
pub(super) fn tidy(place: &Place) -> Result<Option<Message>, Trouble> {
    let (beneath, private) = (&place.beneath, &place.private);
    let mut strangers = Vec::new();
    for Listed { path, kind, .. } in beneath.entries(private).reading(private)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_folder = ["back", "aside"].contains(&&*name);
        if kind == Kind::File && Place::is_half_written(&name) && is_spare(beneath, &path) {
            let _ = beneath.remove_file(&path);
            continue;
        }
        let is_as_made = match is_folder {
            true => beneath.is_folder(&path),
            false => !Place::is_own_file(&name) || is_sound(beneath, &path),
        };
        if !is_as_made {
            strangers.push(name.into());
        }
    }
    late::put_beside(place, private, &strangers)
}

/// Puts beside what stands in the place of the lock, if that is no lock of ours.
pub(super) fn clear_lock(place: &Place) -> Result<Option<Message>, Trouble> {
    let (beneath, at, probe) = (&place.beneath, place.lock(), place.private.join(tree::PROBE));
    let inode = tree::inode_at(beneath, &at);
    if inode != 0 && inode == tree::inode_at(beneath, &probe) {
        // The second name that a killed build of an earlier version has left.
        let _ = beneath.remove_file(&probe);
    }
    match beneath.exists(&at) && !is_sound(beneath, &at) {
        true => late::put_beside(place, &place.private, &[place::LOCK.into()]),
        false => Ok(None),
    }
}
