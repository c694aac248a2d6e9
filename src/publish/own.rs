//! Kohyo's own folder beside a site: whose it is, and that nobody else gets in.
//!
//! What lies there is not public yet, or not any more, and it may lie below a web server's root. So the folder is open to
//! its owner alone. One that somebody else has made is never entered, nor is a link in its place: then kohyo makes another,
//! under a name with 64 random bits, and finds that again by its owner. What stands under the names of kohyo's own files
//! and is not what kohyo would have made is put beside, never opened.

use super::beneath::{self, Access, Beneath, Kind, Listed};
use super::place::{Place, Way};
use super::trouble::{AtPath, Trouble, TroubleKind};
use super::{late, lock, notes, tree};
use crate::text::language::Message;
use std::ffi::{OsStr, OsString};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Whose a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// It is not there.
    Nobodys,
    /// Made by this user, as far as the disk can tell.
    Ours,
    /// Another user's; or something else than a folder.
    Anothers,
}

/// Whose the folder at `path` is.
pub(super) fn whose(beneath: &Beneath, path: &Path) -> Whose {
    match beneath.look(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Whose::Nobodys,
        Ok(seen) if seen.kind() == Kind::Folder && (is_ours(&seen) || !knows_owners(beneath, path)) => Whose::Ours,
        _ => Whose::Anothers,
    }
}

#[cfg(unix)]
fn is_ours(seen: &beneath::Seen) -> bool {
    seen.owners().0 == rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
fn is_ours(_seen: &beneath::Seen) -> bool {
    true
}

/// Whether the disk gives what this user makes beside `path` to this user. A disk of Windows (CIFS, FAT) gives everything
/// to one user, whoever made it; then an owner tells nothing.
fn knows_owners(beneath: &Beneath, path: &Path) -> bool {
    let probe = path.with_file_name(OsString::from(format!(".{:016x}.kohyo", beneath::random())));
    if beneath.create_folder(&probe, Access::Owner).is_err() {
        return true;
    }
    let knows = beneath.look(&probe).is_ok_and(|it| is_ours(&it));
    let _ = beneath.remove_folder(&probe);
    knows
}

/// The folder beside `parent/name`, which need not be there yet: the usual one, unless that is another's.
pub(super) fn folder(beneath: &Beneath, parent: &Path, name: &OsStr) -> PathBuf {
    let named = |middle: &str| {
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(middle);
        hidden.push(".kohyo");
        parent.join(hidden)
    };
    let usual = named("");
    let usual_is = whose(beneath, &usual);
    if usual_is == Whose::Ours {
        return usual;
    }
    let others = others_of(beneath, parent, name).into_iter();
    let ours = others.filter(|it| *it != usual && whose(beneath, it) == Whose::Ours).min();
    ours.unwrap_or_else(|| match usual_is {
        Whose::Anothers => named(&format!(".{:016x}", beneath::random())),
        _ => usual,
    })
}

/// Everything beside `parent/name` that is named like a folder of kohyo's own.
fn others_of(beneath: &Beneath, parent: &Path, name: &OsStr) -> Vec<PathBuf> {
    let before = [b".", name.as_encoded_bytes()].concat();
    let is_one = |it: &Listed| {
        let rest = it.path.file_name().and_then(|it| it.as_encoded_bytes().strip_prefix(&*before));
        let middle = rest.and_then(|it| it.strip_suffix(b".kohyo"));
        middle.is_some_and(|it| {
            it.is_empty() || (it.len() == 17 && it[0] == b'.' && it[1..].iter().all(u8::is_ascii_hexdigit))
        })
    };
    beneath.entries(parent).unwrap_or_default().into_iter().filter(is_one).map(|it| it.path).collect()
}

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

/// Closes a folder to everybody but its owner. Whether the disk did so.
#[cfg(unix)]
pub(super) fn close(beneath: &Beneath, folder: &Path) -> Result<bool, Trouble> {
    let mode = beneath.close_to_others(folder).writing(folder)?;
    Ok(mode == 0o700 && beneath.look(folder).is_ok_and(|it| is_ours(&it)))
}

#[cfg(not(unix))]
pub(super) fn close(_beneath: &Beneath, _folder: &Path) -> Result<bool, Trouble> {
    Ok(true)
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
    let (beneath, at, probe) = (&place.beneath, place.private.join(lock::NAME), place.private.join(tree::PROBE));
    let inode = tree::inode_at(beneath, &at);
    if inode != 0 && inode == tree::inode_at(beneath, &probe) {
        // The second name that a killed build of an earlier version has left.
        let _ = beneath.remove_file(&probe);
    }
    match beneath.exists(&at) && !is_sound(beneath, &at) {
        true => late::put_beside(place, &place.private, &[lock::NAME.into()]),
        false => Ok(None),
    }
}

/// Whether a file can go without a loss: it is kohyo's own, or has another name.
fn is_spare(beneath: &Beneath, path: &Path) -> bool {
    is_sound(beneath, path) || beneath.look(path).is_ok_and(|it| it.names() > 1)
}

/// Whether this is what kohyo itself makes: a plain file, this user's, and with no other name.
fn is_sound(beneath: &Beneath, path: &Path) -> bool {
    beneath
        .look(path)
        .is_ok_and(|it| it.kind() == Kind::File && it.names() <= 1 && (is_ours(&it) || !knows_owners(beneath, path)))
}

/// A folder of kohyo's own that is somebody else's, where no other can be used.
pub(super) fn not_ours(private: &Path) -> Trouble {
    let shown = private.display();
    Trouble::new(
        TroubleKind::Misplaced,
        format!(
            "kohyo の作業用フォルダーの名前で、ほかの利用者のフォルダーか、リンクなどが置かれています。公開前の内容を入れられないので、何もしませんでした。持ち主に確かめて、消すか移すかしてください: {shown}"
        ),
        format!(
            "under the name of kohyo's own folder there is a folder of another user, or a link; what is not public yet cannot be put there, so nothing was done. Ask its owner, and remove or move it: {shown}"
        ),
    )
}
