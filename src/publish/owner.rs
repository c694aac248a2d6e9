//! Whose a folder or a file is, and which folder is kohyo's own.
//!
//! One that somebody else has made is never entered, nor is a link in its place: then kohyo makes another, under a name with
//! 64 random bits, and finds that again by its owner.

use super::trouble::{AtPath, Trouble, TroubleKind};
use crate::beneath::{self, Access, Beneath, Kind, Listed};
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
pub(super) fn is_ours(seen: &beneath::Seen) -> bool {
    seen.owners().0 == rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
pub(super) fn is_ours(_seen: &beneath::Seen) -> bool {
    true
}

/// Whether the disk gives what this user makes beside `path` to this user. A disk of Windows (CIFS, FAT) gives everything
/// to one user, whoever made it; then an owner tells nothing.
pub(super) fn knows_owners(beneath: &Beneath, path: &Path) -> bool {
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
pub(super) fn others_of(beneath: &Beneath, parent: &Path, name: &OsStr) -> Vec<PathBuf> {
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

/// Whether a file can go without a loss: it is kohyo's own, or has another name.
pub(super) fn is_spare(beneath: &Beneath, path: &Path) -> bool {
    is_sound(beneath, path) || beneath.look(path).is_ok_and(|it| it.names() > 1)
}

/// Whether this is what kohyo itself makes: a plain file, this user's, and with no other name.
pub(super) fn is_sound(beneath: &Beneath, path: &Path) -> bool {
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
