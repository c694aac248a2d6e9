//! Other folders, disks and files that are mounted inside a folder.
//!
//! What is mounted is somebody else's, also when it is a part of the same disk under a second name (a bind mount) or a
//! single file: it does not come along when the folder is exchanged, and nothing in it may be removed.

use super::trouble::{Trouble, TroubleKind};
use std::path::{Path, PathBuf};

/// What is mounted somewhere below `folder` (a real path, without symbolic links), relative to it, sorted.
///
/// The system's own table is read once: to ask about each file of a site would cost a call for each.
#[cfg(target_os = "linux")]
pub(super) fn below(folder: &Path) -> Vec<PathBuf> {
    listed(&std::fs::read("/proc/self/mountinfo").unwrap_or_default(), folder)
}

/// Without such a table only folders are known, as the walk meets them (`Beneath::is_mounted`).
#[cfg(not(target_os = "linux"))]
pub(super) fn below(_folder: &Path) -> Vec<PathBuf> {
    Vec::new()
}

/// The mount points of a table in the format of `/proc/self/mountinfo` (proc(5)) that are below `folder`.
#[cfg(target_os = "linux")]
fn listed(table: &[u8], folder: &Path) -> Vec<PathBuf> {
    let points = table.split(|byte| *byte == b'\n').filter_map(|line| line.split(|byte| *byte == b' ').nth(4));
    let mut below: Vec<_> = points
        .map(unescaped)
        .filter_map(|point| point.strip_prefix(folder).ok().map(Path::to_path_buf))
        .filter(|inside| !inside.as_os_str().is_empty())
        .collect();
    below.sort_unstable();
    below.dedup();
    below
}

/// The table writes blanks, line ends and backslashes as three octal digits.
#[cfg(target_os = "linux")]
fn unescaped(field: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field;
    while let [first, tail @ ..] = rest {
        let octal = tail.get(..3).filter(|_| *first == b'\\').and_then(|it| std::str::from_utf8(it).ok());
        match octal.and_then(|it| u8::from_str_radix(it, 8).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[3..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    std::ffi::OsString::from_vec(bytes).into()
}

/// Refuses to remove anything in a folder that somebody has mounted something in.
pub(super) fn refuse(folder: &Path) -> Result<(), Trouble> {
    let Some(inside) = below(folder).into_iter().next() else { return Ok(()) };
    let shown = folder.join(inside);
    let shown = shown.display();
    Err(Trouble::new(
        TroubleKind::Mounted,
        format!(
            "消すはずのフォルダーの中に、別のフォルダーかディスクがつながれている(マウントされている)ので、消しませんでした。つなぐのをやめて(umount)から、もう一度実行してください: {shown}"
        ),
        format!(
            "something is mounted inside a folder that was to be removed, so it was left alone; unmount it and run again: {shown}"
        ),
    ))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_mounts_is_read() {
        let table = b"22 1 8:1 / / rw - ext4 /dev/sda1 rw\n\
            40 22 8:1 /srv/files /srv/public/files rw,relatime shared:1 - ext4 /dev/sda1 rw\n\
            41 22 0:40 / /srv/public rw - tmpfs none rw\n\
            42 22 8:1 /etc/cfg.js /srv/public/my\\040cfg\\134x.js rw - ext4 /dev/sda1 rw\n\
            43 22 0:41 / /srv/public-other/x rw - tmpfs none rw\n\
            damaged\n";
        let found = listed(table, Path::new("/srv/public"));
        assert_eq!(found, [Path::new("files"), Path::new("my cfg\\x.js")]);
        assert_eq!(listed(b"", Path::new("/srv")), Vec::<PathBuf>::new());
        assert_eq!(listed(b"1 2 3 / /a\\9 x", Path::new("/")), [Path::new("a\\9")]);
    }
}
