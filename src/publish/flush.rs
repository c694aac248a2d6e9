//! Waiting until the disk has everything, as `--durable` asks for.

use std::fs::File;
use std::io;
use std::path::Path;

/// Waits until everything written below `folder` is on its disk.
#[cfg(target_os = "linux")]
pub(super) fn disk(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

#[cfg(all(unix, not(target_os = "linux")))]
pub(super) fn disk(_folder: &Path) -> io::Result<()> {
    rustix::fs::sync();
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn disk(folder: &Path) -> io::Result<()> {
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry?;
        if entry.file_type().is_file() {
            File::options().write(true).open(entry.path())?.sync_all()?;
        }
    }
    Ok(())
}

/// Waits until the names in `folder` are on its disk.
#[cfg(unix)]
pub(super) fn folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
pub(super) fn folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
