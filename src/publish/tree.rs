//! Folders of files: what is in them, and the few ways in which kohyo changes a folder that nobody looks at yet.
//!
//! A file is only ever created under a free name, as a new inode or as one more name of a finished one. No inode that
//! exists is written to, so a visitor who opened a file yesterday reads yesterday's file to its end.

use super::manifest::{INNER_FOLDER, MANIFEST};
use super::records::Stamp;
use super::trouble::{AtPath, Trouble, TroubleKind};
use super::{content, lock, mounts};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use walkdir::{DirEntry, WalkDir};

/// Every entry below `root` except kohyo's own inner folder, and the one that a disk has of its own (`lost+found`).
/// Entries that vanish while walking are `None`; what is in a folder that this user may not read is passed over.
pub(super) fn walk(root: &Path) -> impl Iterator<Item = Result<Option<DirEntry>, Trouble>> {
    let inner = root.join(INNER_FOLDER);
    let rescued = root.join("lost+found");
    let has_rescued =
        is_roots(&rescued) && root.parent().is_some_and(|it| mounts::is_mounted(root, mounts::device(it)));
    let is_own = move |path: &Path| path == inner || (has_rescued && path == rescued);
    WalkDir::new(root).min_depth(1).into_iter().filter_entry(move |it| it.depth() > 1 || !is_own(it.path())).map(
        |entry| {
            let Err(error) = entry else { return Ok(entry.ok()) };
            let (path, depth) = (error.path().unwrap_or(root).to_path_buf(), error.depth());
            match error.into_io_error() {
                Some(error) if error.kind() == ErrorKind::PermissionDenied && depth > 0 => Ok(None),
                Some(error) if error.kind() != ErrorKind::NotFound => Err(error).reading(&path),
                _ => Ok(None),
            }
        },
    )
}

/// Whether this user may not see what is in a folder.
pub(super) fn is_closed(folder: &Path) -> bool {
    fs::read_dir(folder).is_err_and(|it| it.kind() == ErrorKind::PermissionDenied)
}

#[cfg(unix)]
fn is_roots(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|it| it.is_dir() && std::os::unix::fs::MetadataExt::uid(&it) == 0)
}

#[cfg(not(unix))]
fn is_roots(_path: &Path) -> bool {
    false
}

/// The path of something below `root`, relative to it, with `/` between its parts; `None` if it is not Unicode.
pub(super) fn relative<'a>(root: &Path, path: &'a Path) -> Option<Cow<'a, str>> {
    // `strip_prefix` compares part by part; this is asked for every file of a site, so it cuts instead.
    let text = path.to_str()?.get(root.to_str()?.len()..)?.trim_start_matches(std::path::is_separator);
    Some(slashed(text))
}

/// A relative path with `/` between its parts.
pub(super) fn slashed(text: &str) -> Cow<'_, str> {
    match std::path::MAIN_SEPARATOR {
        '/' => Cow::Borrowed(text),
        separator => Cow::Owned(text.replace(separator, "/")),
    }
}

/// The path of something below `root` for people.
pub(super) fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned()
}

pub(super) fn stripped(root: &Path, path: &Path) -> PathBuf {
    path.strip_prefix(root).unwrap_or(path).to_path_buf()
}

/// Tells a folder from every other that ever has its name: the number of its inode and, as numbers are given again, when
/// it was made, where the disk knows that.
pub(super) fn folder_id(folder: &Path) -> String {
    let metadata = fs::symlink_metadata(folder);
    let made = metadata.as_ref().ok().and_then(|it| it.created().ok()?.duration_since(UNIX_EPOCH).ok());
    let inode = metadata.map_or(0, |it| Stamp::of(&it).inode);
    format!("{inode}-{}", made.map_or(0, |it| it.as_nanos()))
}

/// The inode number of what is there, a symbolic link itself; 0 where there is none.
pub(super) fn inode_at(path: &Path) -> u64 {
    fs::symlink_metadata(path).map_or(0, |it| Stamp::of(&it).inode)
}

#[cfg(unix)]
pub(super) fn inode(entry: &DirEntry) -> u64 {
    walkdir::DirEntryExt::ino(entry)
}

#[cfg(not(unix))]
pub(super) fn inode(_entry: &DirEntry) -> u64 {
    0
}

/// Removes a folder with everything in it, if it is there. Refuses where something is mounted in it.
pub(super) fn remove_all(folder: &Path) -> Result<(), Trouble> {
    mounts::refuse(folder)?;
    ignore_missing(fs::remove_dir_all(folder)).removing(folder)
}

/// Removes everything below `root` that `keep` (asked with path and inode) does not want, then empty folders. Refuses
/// where something is mounted in it.
///
/// The manifest goes last: after a kill, what is left of a site would have no other sign of being kohyo's.
pub(super) fn prune(root: &Path, mut keep: impl FnMut(&Path, u64) -> bool) -> Result<(), Trouble> {
    mounts::refuse(root)?;
    let (mut doomed, mut folders) = (Vec::new(), Vec::new());
    for entry in WalkDir::new(root).min_depth(1) {
        let entry = entry.map_err(io::Error::from).reading(root)?;
        if entry.file_type().is_dir() {
            folders.push(entry.into_path());
        } else if !keep(entry.path(), inode(&entry)) {
            doomed.push(entry.into_path());
        }
    }
    let manifest = root.join(MANIFEST);
    let (last, first): (Vec<_>, Vec<_>) = doomed.into_iter().partition(|it| *it == manifest);
    first.par_iter().try_for_each(|it| fs::remove_file(it).removing(it))?;
    last.iter().try_for_each(|it| fs::remove_file(it).removing(it))?;
    // Folders that are still in use refuse, which is what we want.
    folders.iter().rev().for_each(|it| drop(fs::remove_dir(it)));
    Ok(())
}

/// Creates a file under a name that is made free first, with the folders above it.
pub(super) fn create(at: &Path) -> Result<File, Trouble> {
    under_free_name(at, |at| File::create_new(at)).writing(at)
}

/// The second name with which that is tried.
pub(super) const PROBE: &str = "probe";

/// Whether files in `folder` can have two names. Tried with the lock file, which is always there.
pub(super) fn has_hard_links(folder: &Path) -> bool {
    let probe = folder.join(PROBE);
    let _ = fs::remove_file(&probe);
    fs::hard_link(folder.join(lock::NAME), &probe).and_then(|()| fs::remove_file(&probe)).is_ok()
}

/// Gives the file `from` the additional name `to`, or makes `to` a copy of it where that is refused: not every disk has
/// hard links, files have a limit of names, and some systems protect other people's files from links.
///
/// A symbolic link is linked, or made again, as what it is.
pub(super) fn link_or_copy(from: &Path, to: &Path, may_link: bool) -> Result<(), Trouble> {
    if may_link && under_free_name(to, |to| fs::hard_link(from, to)).is_ok() {
        return Ok(());
    }
    copy(from, to)
}

/// Like [`link_or_copy`], for what must not take the place of anything: [`TroubleKind::Collision`] if the name is taken.
///
/// That a name is free in a list says little: to some disks `INDEX.HTML` and `index.html` are one name.
pub(super) fn carry(from: &Path, to: &Path, may_link: bool) -> Result<(), Trouble> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).writing(folder)?;
    }
    if may_link && fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    if fs::symlink_metadata(to).is_ok() {
        let shown = from.display();
        return Err(Trouble::new(
            TroubleKind::Collision,
            format!(
                "kohyo が作ったものではないファイルの名前が、このディスクではページと同じ名前になります(大文字と小文字など)。移動するか、名前を変えてください: {shown}"
            ),
            format!(
                "to this disk, a file that kohyo did not make has the name of a page (such as with other capitals); move or rename it: {shown}"
            ),
        ));
    }
    copy(from, to)
}

fn copy(from: &Path, to: &Path) -> Result<(), Trouble> {
    let metadata = fs::symlink_metadata(from).reading(from)?;
    if metadata.is_symlink() {
        let target = fs::read_link(from).reading(from)?;
        return under_free_name(to, |to| make_symlink(&target, to)).writing(to);
    }
    let mut source = content::open(from)?;
    let mut file = create(to)?;
    io::copy(&mut source, &mut file).map(drop).writing(to)?;
    // Times and owner of a page mean nothing, its permissions do.
    fs::set_permissions(to, metadata.permissions()).writing(to)
}

#[cfg(unix)]
fn make_symlink(target: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, to)
}

#[cfg(not(unix))]
fn make_symlink(_target: &Path, _to: &Path) -> io::Result<()> {
    Err(io::Error::from(ErrorKind::Unsupported))
}

/// Runs `make`; what stands in the way of it (an old file, a folder, a file where a folder must be, a folder that is
/// missing) is put right, and `make` runs again. Only for folders that nobody looks at.
fn under_free_name<T>(at: &Path, make: impl Fn(&Path) -> io::Result<T>) -> io::Result<T> {
    // Another thread may be busy with the same folders, so once more is not always enough.
    let mut attempts = 0;
    loop {
        let error = match make(at) {
            Ok(made) => return Ok(made),
            Err(error) => error,
        };
        attempts += 1;
        if attempts > 8 {
            return Err(error);
        }
        match error.kind() {
            ErrorKind::NotFound => make_folders(at)?,
            ErrorKind::AlreadyExists | ErrorKind::IsADirectory => remove_any(at)?,
            ErrorKind::NotADirectory => {
                let blocking = at.ancestors().skip(1).find(|it| fs::symlink_metadata(it).is_ok_and(|it| !it.is_dir()));
                match blocking {
                    Some(file) => ignore_missing(fs::remove_file(file))?,
                    // Another thread was quicker.
                    None => make_folders(at)?,
                }
            }
            _ => return Err(error),
        }
    }
}

fn make_folders(at: &Path) -> io::Result<()> {
    match at.parent().map(fs::create_dir_all) {
        // A file stands where a folder must be: the next attempt removes it.
        Some(Err(error)) if matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotADirectory) => Ok(()),
        Some(made) => made,
        None => Ok(()),
    }
}

fn remove_any(at: &Path) -> io::Result<()> {
    match fs::symlink_metadata(at) {
        Ok(metadata) if metadata.is_dir() => ignore_missing(fs::remove_dir_all(at)),
        Ok(_) => ignore_missing(fs::remove_file(at)),
        Err(error) => ignore_missing(Err(error)),
    }
}

/// Removing what is already gone is no trouble.
pub(super) fn ignore_missing(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
