//! Waiting until the disk has everything, as `--durable` asks for.

use crate::beneath::Beneath;
use std::io;
use std::path::Path;

/// Waits until everything written below `folder` is on its disk.
#[cfg(target_os = "linux")]
pub(super) fn disk(beneath: &Beneath, folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(beneath.open_folder(folder)?)?)
}

#[cfg(all(unix, not(target_os = "linux")))]
pub(super) fn disk(_beneath: &Beneath, _folder: &Path) -> io::Result<()> {
    rustix::fs::sync();
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn disk(beneath: &Beneath, folder: &Path) -> io::Result<()> {
    use crate::beneath::Kind;
    beneath.entries(folder)?.into_iter().try_for_each(|it| match it.kind {
        Kind::Folder => disk(beneath, &it.path),
        Kind::File => beneath.open_to_write(&it.path)?.sync_all(),
        _ => Ok(()),
    })
}

/// Waits until the names in `folder` are on its disk.
#[cfg(unix)]
pub(super) fn folder(beneath: &Beneath, folder: &Path) -> io::Result<()> {
    beneath.open_folder(folder)?.sync_all()
}

#[cfg(not(unix))]
pub(super) fn folder(_beneath: &Beneath, _folder: &Path) -> io::Result<()> {
    Ok(())
}
