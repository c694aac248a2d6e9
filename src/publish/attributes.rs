//! What an administrator gave a folder besides its name: owner, group, permissions, and (where the disk has them)
//! extended attributes, which hold access lists and security labels.
//!
//! An exchange puts another folder in the place of the live one and of each folder in it. To whoever set it up, it has to
//! be the same folder: a web server that reads by its group, an application that writes into a folder of its own.

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
pub(super) fn make_alike(to: &Path, from: &Path) -> Lost {
    use std::fs;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    let (Ok(wanted), Ok(found)) = (fs::symlink_metadata(from), fs::symlink_metadata(to)) else {
        return Lost::default();
    };
    if (found.uid(), found.gid()) != (wanted.uid(), wanted.gid()) {
        // Whoever may not give a folder away may still give it to one of their groups.
        let _ = chown(to, Some(wanted.uid()), Some(wanted.gid())).or_else(|_| chown(to, None, Some(wanted.gid())));
    }
    #[cfg(target_os = "linux")]
    extended::make_alike(to, from);
    let mode = |it: &fs::Metadata| it.permissions().mode() & 0o7777;
    // Another owner clears some permissions, and an access list sets some.
    if fs::symlink_metadata(to).is_ok_and(|it| mode(&it) != mode(&wanted)) {
        let _ = fs::set_permissions(to, wanted.permissions());
    }
    fs::symlink_metadata(to).map_or_else(
        |_| Lost::default(),
        |it| Lost { owner: it.uid() != wanted.uid(), access: it.gid() != wanted.gid() || mode(&it) != mode(&wanted) },
    )
}

#[cfg(not(unix))]
pub(super) fn make_alike(to: &Path, from: &Path) -> Lost {
    let _ = std::fs::metadata(from).and_then(|it| std::fs::set_permissions(to, it.permissions()));
    Lost::default()
}

#[cfg(target_os = "linux")]
mod extended {
    use rustix::fs::{XattrFlags, getxattr, listxattr, listxattr_query, removexattr, setxattr};
    use std::collections::BTreeMap;
    use std::path::Path;

    /// As far as the disk and the user's rights go; there is nothing to be said about a disk that has none.
    pub(super) fn make_alike(to: &Path, from: &Path) {
        let (wanted, found) = (read(from), read(to));
        for name in found.keys().filter(|it| !wanted.contains_key(*it)) {
            let _ = removexattr(to, name.as_slice());
        }
        for (name, value) in wanted.iter().filter(|(name, value)| found.get(*name) != Some(*value)) {
            let _ = setxattr(to, name.as_slice(), value, XattrFlags::empty());
        }
    }

    fn read(folder: &Path) -> BTreeMap<Vec<u8>, Vec<u8>> {
        // Most folders have none, and the question is cheaper than the room for an answer.
        if listxattr_query(folder).unwrap_or(0) == 0 {
            return BTreeMap::new();
        }
        // The system's own limit of a value and of a list of names.
        let mut buffer = vec![0; 64 * 1024];
        let Ok(length) = listxattr(folder, &mut buffer[..]) else { return BTreeMap::new() };
        let names: Vec<Vec<u8>> =
            buffer[..length].split(|it| *it == 0).filter(|it| !it.is_empty()).map(Vec::from).collect();
        names
            .into_iter()
            .filter_map(|name| {
                let length = getxattr(folder, name.as_slice(), &mut buffer[..]).ok()?;
                Some((name, buffer[..length].to_vec()))
            })
            .collect()
    }
}
