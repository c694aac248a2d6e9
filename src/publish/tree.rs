//! Folders of files: what is in them, and the few ways in which kohyo changes a folder that nobody looks at yet.
//!
//! A file is only ever created under a free name, as a new inode or as one more name of a finished one. No inode that
//! exists is written to, so a visitor who opened a file yesterday reads yesterday's file to its end.

use super::manifest::{INNER_FOLDER, MANIFEST};
use super::trouble::{AtPath, Trouble, TroubleKind};
use super::{content, mounts};
use crate::beneath as names;
use crate::beneath::{Access, Beneath, Kind, Listed};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Every entry below `root` except kohyo's own inner folder, and the one that a disk has of its own (`lost+found`); folders
/// come before what is in them. What vanishes while walking is passed over, and what is in a folder that this user may
/// not read. Links are named, never followed.
pub(super) fn walk<'b>(beneath: &'b Beneath, root: &Path) -> impl Iterator<Item = Result<Listed, Trouble>> + use<'b> {
    let inner = root.join(INNER_FOLDER);
    let rescued = root.join("lost+found");
    let has_rescued = is_roots(beneath, &rescued) && is_mount(root);
    let is_own = move |path: &Path| path == inner || (has_rescued && path == rescued);
    Walk::new(beneath, root, Closed::PassedOver, Some(Box::new(is_own)))
}

/// What a walk makes of a folder that this user may not read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Closed {
    PassedOver,
    Refused,
}

type IsOwn = Box<dyn Fn(&Path) -> bool>;

struct Walk<'b> {
    beneath: &'b Beneath,
    closed: Closed,
    /// What is not walked, right below the root.
    is_own: Option<IsOwn>,
    /// A folder that was given out, and is read when more is asked for.
    unread: Option<PathBuf>,
    /// For each folder on the way, what is still to be given out.
    open: Vec<Vec<Listed>>,
}

impl<'b> Walk<'b> {
    fn new(beneath: &'b Beneath, root: &Path, closed: Closed, is_own: Option<IsOwn>) -> Self {
        Self { beneath, closed, is_own, unread: Some(root.to_path_buf()), open: Vec::new() }
    }
}

impl Iterator for Walk<'_> {
    type Item = Result<Listed, Trouble>;

    fn next(&mut self) -> Option<Self::Item> {
        use ErrorKind as E;
        if let Some(folder) = self.unread.take() {
            match self.beneath.entries(&folder) {
                Ok(mut listed) => {
                    if let Some(is_own) = self.is_own.take() {
                        listed.retain(|it| !is_own(&it.path));
                    }
                    self.open.push(listed);
                }
                Err(error) if matches!(error.kind(), E::NotFound | E::NotADirectory) => {}
                Err(error) if error.kind() == E::PermissionDenied && self.closed == Closed::PassedOver => {
                    // The root itself has to be read.
                    if self.open.is_empty() {
                        return Some(Err(error).reading(&folder));
                    }
                }
                Err(error) => return Some(Err(error).reading(&folder)),
            }
        }
        while let Some(listed) = self.open.last_mut() {
            match listed.pop() {
                Some(entry) => {
                    if entry.kind == Kind::Folder {
                        self.unread = Some(entry.path.clone());
                    }
                    return Some(Ok(entry));
                }
                None => drop(self.open.pop()),
            }
        }
        None
    }
}

/// Whether this user may not see what is in a folder.
pub(super) fn is_closed(beneath: &Beneath, folder: &Path) -> bool {
    beneath.open_folder(folder).is_err_and(|it| it.kind() == ErrorKind::PermissionDenied)
}

fn is_mount(root: &Path) -> bool {
    let above = root.parent().and_then(|it| Beneath::open(it).ok().map(|beneath| (beneath, it)));
    above.is_some_and(|(beneath, above)| beneath.is_mounted(root, beneath.look(above).ok().and_then(|it| it.device())))
}

#[cfg(unix)]
fn is_roots(beneath: &Beneath, path: &Path) -> bool {
    beneath.look(path).is_ok_and(|it| it.kind() == Kind::Folder && it.owners().0 == 0)
}

#[cfg(not(unix))]
fn is_roots(_beneath: &Beneath, _path: &Path) -> bool {
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
pub(super) fn folder_id(beneath: &Beneath, folder: &Path) -> String {
    format!("{}-{}", inode_at(beneath, folder), beneath.made(folder))
}

/// The inode number of what is there, a symbolic link itself; 0 where there is none.
pub(super) fn inode_at(beneath: &Beneath, path: &Path) -> u64 {
    beneath.look(path).map_or(0, |it| it.inode())
}

/// Removes a folder with everything in it, if it is there. Refuses where something is mounted in it.
pub(super) fn remove_all(beneath: &Beneath, folder: &Path) -> Result<(), Trouble> {
    mounts::refuse(folder)?;
    let mut folders = vec![folder.to_path_buf()];
    for entry in Walk::new(beneath, folder, Closed::Refused, None) {
        let Listed { path, kind, .. } = entry?;
        match kind {
            Kind::Folder => folders.push(path),
            _ => ignore_missing(beneath.remove_file(&path)).removing(&path)?,
        }
    }
    folders.iter().rev().try_for_each(|it| ignore_missing(beneath.remove_folder(it)).removing(it))
}

/// Removes everything below `root` that `keep` (asked with path and inode) does not want, then empty folders. Refuses
/// where something is mounted in it.
///
/// The manifest goes last: after a kill, what is left of a site would have no other sign of being kohyo's.
pub(super) fn prune(beneath: &Beneath, root: &Path, mut keep: impl FnMut(&Path, u64) -> bool) -> Result<(), Trouble> {
    mounts::refuse(root)?;
    let (mut doomed, mut folders) = (Vec::new(), Vec::new());
    for entry in Walk::new(beneath, root, Closed::Refused, None) {
        let entry = entry?;
        if entry.kind == Kind::Folder {
            folders.push(entry.path);
        } else if !keep(&entry.path, entry.inode) {
            doomed.push(entry.path);
        }
    }
    let manifest = root.join(MANIFEST);
    let (last, first): (Vec<_>, Vec<_>) = doomed.into_iter().partition(|it| *it == manifest);
    first.par_iter().try_for_each(|it| beneath.remove_file(it).removing(it))?;
    last.iter().try_for_each(|it| beneath.remove_file(it).removing(it))?;
    // Folders that are still in use refuse, which is what we want.
    folders.iter().rev().for_each(|it| drop(beneath.remove_folder(it)));
    Ok(())
}

/// Creates a file under a name that is made free first, with the folders above it.
pub(super) fn create(beneath: &Beneath, at: &Path) -> Result<File, Trouble> {
    under_free_name(beneath, at, |at| beneath.create_new(at, Access::Usual)).writing(at)
}

/// A name of earlier versions: a second one of the lock, for as long as it took to see whether that can be.
pub(super) const PROBE: &str = "probe";

/// Whether files in `folder` can have two names.
pub(super) fn has_hard_links(beneath: &Beneath, folder: &Path) -> bool {
    let Ok((one, _)) = beneath.create_random(folder, Access::Owner) else { return false };
    let other = folder.join(names::half_name());
    let linked = beneath.hard_link(&one, &other);
    let _ = beneath.remove_file(&other);
    let _ = beneath.remove_file(&one);
    linked.is_ok()
}

/// Gives the file `from` the additional name `to`, or makes `to` a copy of it where that is refused: not every disk has
/// hard links, files have a limit of names, and some systems protect other people's files from links.
///
/// A symbolic link is linked, or made again, as what it is.
pub(super) fn link_or_copy(beneath: &Beneath, from: &Path, to: &Path, may_link: bool) -> Result<(), Trouble> {
    if may_link && under_free_name(beneath, to, |to| beneath.hard_link(from, to)).is_ok() {
        return Ok(());
    }
    copy(beneath, from, to)
}

/// Like [`link_or_copy`], for what must not take the place of anything: [`TroubleKind::Collision`] if the name is taken.
///
/// That a name is free in a list says little: to some disks `INDEX.HTML` and `index.html` are one name.
pub(super) fn carry(beneath: &Beneath, from: &Path, to: &Path, may_link: bool) -> Result<(), Trouble> {
    if let Some(folder) = to.parent() {
        beneath.create_folders(folder).writing(folder)?;
    }
    if may_link && beneath.hard_link(from, to).is_ok() {
        return Ok(());
    }
    if beneath.exists(to) {
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
    copy(beneath, from, to)
}

fn copy(beneath: &Beneath, from: &Path, to: &Path) -> Result<(), Trouble> {
    if beneath.look(from).reading(from)?.kind() == Kind::Link {
        let target = beneath.read_link(from).reading(from)?;
        return under_free_name(beneath, to, |to| beneath.make_link(&target, to)).writing(to);
    }
    let mut source = content::open_beneath(beneath, from)?;
    let mut file = create(beneath, to)?;
    io::copy(&mut source, &mut file).map(drop).writing(to)?;
    // Times and owner of a page mean nothing, its permissions do.
    let permissions = source.metadata().reading(from)?.permissions();
    file.set_permissions(permissions).writing(to)
}

/// Runs `make`; what stands in the way of it (an old file, a folder, a file where a folder must be, a folder that is
/// missing) is put right, and `make` runs again. Only for folders that nobody looks at.
fn under_free_name<T>(beneath: &Beneath, at: &Path, make: impl Fn(&Path) -> io::Result<T>) -> io::Result<T> {
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
            ErrorKind::NotFound => make_folders(beneath, at)?,
            ErrorKind::AlreadyExists | ErrorKind::IsADirectory => remove_any(beneath, at)?,
            ErrorKind::NotADirectory => {
                // A link counts as what it is, whatever it leads to.
                let is_blocking = |it: &&Path| beneath.look(it).is_ok_and(|it| it.kind() != Kind::Folder);
                match at.ancestors().skip(1).find(is_blocking) {
                    Some(file) => ignore_missing(beneath.remove_file(file))?,
                    // Another thread was quicker.
                    None => make_folders(beneath, at)?,
                }
            }
            _ => return Err(error),
        }
    }
}

fn make_folders(beneath: &Beneath, at: &Path) -> io::Result<()> {
    match at.parent().map(|it| beneath.create_folders(it)) {
        // A file stands where a folder must be: the next attempt removes it.
        Some(Err(error)) if matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotADirectory) => Ok(()),
        Some(made) => made,
        None => Ok(()),
    }
}

fn remove_any(beneath: &Beneath, at: &Path) -> io::Result<()> {
    match beneath.look(at) {
        Ok(seen) if seen.kind() == Kind::Folder => {
            remove_all(beneath, at).map_err(|trouble| io::Error::other(trouble.message.en))
        }
        Ok(_) => ignore_missing(beneath.remove_file(at)),
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
