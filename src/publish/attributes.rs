//! What an administrator gave a folder besides its name: owner, group, permissions, and (where the disk has them)
//! extended attributes, which hold access lists and security labels.
//!
//! An exchange puts another folder in the place of the live one and of each folder in it. To whoever set it up, it has to
//! be the same folder: a web server that reads by its group, an application that writes into a folder of its own.

use crate::beneath::Beneath;
use std::fs::File;
use std::io;
use std::path::Path;

/// What of a folder's attributes could not be given to the one that takes its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Lost {
    pub(super) owner: bool,
    /// The group or the permissions.
    pub(super) access: bool,
}

/// Makes the folder `to` like `from`, as far as this user may. Changes nothing that is alike already: two people who
/// build by turns may each write into the folders of the other, but not change them.
#[cfg(unix)]
pub(super) fn make_alike(beneath: &Beneath, to: &Path, from: &Path) -> Lost {
    let (Ok(wanted), Ok(found)) = (beneath.look(from), beneath.look(to)) else { return Lost::default() };
    let (owner, group) = wanted.owners();
    if found.owners() != (owner, group) {
        // Whoever may not give a folder away may still give it to one of their groups.
        let _ = beneath.give(to, Some(owner), Some(group)).or_else(|_| beneath.give(to, None, Some(group)));
    }
    #[cfg(target_os = "linux")]
    if let (Ok(to), Ok(from)) = (beneath.open_folder(to), beneath.open_folder(from)) {
        extended::make_alike(&to, &from);
    }
    // Another owner clears some permissions, and an access list sets some.
    if beneath.look(to).is_ok_and(|it| it.mode() != wanted.mode())
        && let Ok(opened) = beneath.open_folder(to)
    {
        use std::os::unix::fs::PermissionsExt;
        let _ = opened.set_permissions(std::fs::Permissions::from_mode(wanted.mode()));
    }
    beneath.look(to).map_or_else(
        |_| Lost::default(),
        |it| Lost { owner: it.owners().0 != owner, access: it.owners().1 != group || it.mode() != wanted.mode() },
    )
}

#[cfg(not(unix))]
pub(super) fn make_alike(beneath: &Beneath, to: &Path, from: &Path) -> Lost {
    let is_real = |it| beneath.look(it).is_ok_and(|it| it.kind() == crate::beneath::Kind::Folder);
    if is_real(to) && is_real(from) {
        let _ = std::fs::metadata(from).and_then(|it| std::fs::set_permissions(to, it.permissions()));
    }
    Lost::default()
}

/// Gives the new file `to` what an administrator gave the file `from`: owner, group, permissions, access list.
/// Whether all of it could be given.
#[cfg(unix)]
pub fn give_alike(to: &File, from: &File) -> io::Result<bool> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let (wanted, found) = (from.metadata()?, to.metadata()?);
    if (found.uid(), found.gid()) != (wanted.uid(), wanted.gid()) {
        let _ = fchown(to, Some(wanted.uid()), Some(wanted.gid())).or_else(|_| fchown(to, None, Some(wanted.gid())));
    }
    #[cfg(target_os = "linux")]
    let is_extended_alike = {
        extended::make_alike(to, from);
        extended::are_alike(to, from)
    };
    #[cfg(not(target_os = "linux"))]
    let is_extended_alike = true;
    if to.metadata()?.mode() != wanted.mode() {
        let _ = to.set_permissions(std::fs::Permissions::from_mode(wanted.mode() & 0o7777));
    }
    let found = to.metadata()?;
    let of = |it: &std::fs::Metadata| (it.uid(), it.gid(), it.mode());
    Ok(of(&found) == of(&wanted) && is_extended_alike)
}

/// Gives the new file `to` what an administrator gave the file under the name `from`, if there is one: whoever builds with
/// other settings (umask) must not take a page away from the web server.
#[cfg(unix)]
pub(crate) fn give_alike_if_there(beneath: &Beneath, to: &File, from: &Path) {
    if let Ok(Some(from)) = beneath.open_plain(from) {
        // What this user may not give is the folder's business, as it is for a new file.
        let _ = give_alike(to, &from);
    }
}

/// Here a new file has what its folder hands down, which is whose it is and who may read it.
#[cfg(not(unix))]
pub(crate) fn give_alike_if_there(_beneath: &Beneath, _to: &File, _from: &Path) {}

/// Gives the new file `to` the permissions of `from`; that is all there is here.
#[cfg(not(unix))]
pub fn give_alike(to: &File, from: &File) -> io::Result<bool> {
    to.set_permissions(from.metadata()?.permissions()).map(|()| true)
}

#[cfg(target_os = "linux")]
mod extended {
    use rustix::fs::{XattrFlags, fgetxattr, flistxattr, flistxattr_query, fremovexattr, fsetxattr};
    use std::collections::BTreeMap;
    use std::fs::File;

    /// As far as the disk and the user's rights go; there is nothing to be said about a disk that has none.
    pub(super) fn make_alike(to: &File, from: &File) {
        let (wanted, found) = (read(from), read(to));
        for name in found.keys().filter(|it| !wanted.contains_key(*it)) {
            let _ = fremovexattr(to, name.as_slice());
        }
        for (name, value) in wanted.iter().filter(|(name, value)| found.get(*name) != Some(*value)) {
            let _ = fsetxattr(to, name.as_slice(), value, XattrFlags::empty());
        }
    }

    pub(super) fn are_alike(one: &File, other: &File) -> bool {
        read(one) == read(other)
    }

    fn read(opened: &File) -> BTreeMap<Vec<u8>, Vec<u8>> {
        // Most folders have none, and the question is cheaper than the room for an answer.
        if flistxattr_query(opened).unwrap_or(0) == 0 {
            return BTreeMap::new();
        }
        // The system's own limit of a value and of a list of names.
        let mut buffer = vec![0; 64 * 1024];
        let Ok(length) = flistxattr(opened, &mut buffer[..]) else { return BTreeMap::new() };
        let names: Vec<Vec<u8>> =
            buffer[..length].split(|it| *it == 0).filter(|it| !it.is_empty()).map(Vec::from).collect();
        names
            .into_iter()
            .filter_map(|name| {
                let length = fgetxattr(opened, name.as_slice(), &mut buffer[..]).ok()?;
                Some((name, buffer[..length].to_vec()))
            })
            .collect()
    }
}
