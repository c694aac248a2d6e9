//! What is in the live folder besides our files, and when each of its folders was last changed.
//!
//! After an exchange the folder that was surveyed is `back`, and whoever stood in it (a shell, an editor, a file
//! transfer) stands in it still. So the survey is kept: what comes into a folder later changes the folder's time, and
//! one look at each folder tells whether anything did.

use super::content::read_list;
use super::mounts;
use super::tree::{is_closed, relative, stripped, walk};
use super::trouble::{AtPath, Trouble};
use crate::beneath::{Access, Beneath, Kind};
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Something in the live folder that kohyo did not put there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Foreign {
    /// Relative to the live folder.
    pub(super) path: PathBuf,
    pub(super) inode: u64,
    pub(super) is_folder: bool,
}

/// What is in the live folder besides our files.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Survey {
    /// Folders come before what is in them.
    pub(super) foreign: Vec<Foreign>,
    /// Every folder with its modification time.
    folders: Vec<(PathBuf, Time)>,
    /// What cannot come along into another folder, relative to the live one: what is mounted there, and foreign folders
    /// that this user may not read.
    pub(super) fixed: Vec<PathBuf>,
}

/// Nanoseconds since 1970; `None` where the disk's clock is too coarse to tell two changes apart.
type Time = Option<i64>;

/// Walks the folder `root`, in which kohyo owns the paths that `owns` knows, and folders that hold such paths. Never
/// follows symbolic links.
pub(super) fn survey(beneath: &Beneath, root: &Path, owns: &impl Owns) -> Result<Survey, Trouble> {
    let mut survey = Survey { fixed: mounts::below(root), ..Survey::default() };
    survey.folders.push((PathBuf::new(), modified(beneath, root)));
    let home = beneath.look(root).ok().and_then(|it| it.device());
    for entry in walk(beneath, root) {
        let entry = entry?;
        let name = relative(root, &entry.path);
        let is_folder = entry.kind == Kind::Folder;
        if is_folder {
            let folder = stripped(root, &entry.path);
            if beneath.is_mounted(&entry.path, home) && !survey.fixed.contains(&folder) {
                survey.fixed.push(folder.clone());
            }
            survey.folders.push((folder, modified(beneath, &entry.path)));
        }
        let is_ours = name.is_some_and(|it| match is_folder {
            true => owns.something_below(&it),
            false => owns.file(&it),
        });
        if !is_ours {
            if is_folder && is_closed(beneath, &entry.path) {
                survey.fixed.push(stripped(root, &entry.path));
            }
            survey.foreign.push(Foreign { path: stripped(root, &entry.path), inode: entry.inode, is_folder });
        }
    }
    Ok(survey)
}

/// Knows which paths of a folder are kohyo's.
pub(super) trait Owns {
    /// Whether kohyo put a file there.
    fn file(&self, path: &str) -> bool;
    /// Whether kohyo put a file somewhere below this folder.
    fn something_below(&self, folder: &str) -> bool;
}

fn modified(beneath: &Beneath, folder: &Path) -> Time {
    let seen = beneath.look(folder).ok().filter(|it| it.kind() == Kind::Folder)?;
    Some(seen.modified()).filter(|it| it % 1_000_000_000 != 0)
}

const FIRST_WORD: &str = "kohyo-seen/1";

impl Survey {
    /// Every folder below the surveyed one, relative to it; outer ones first.
    pub(super) fn folders(&self) -> impl Iterator<Item = &Path> {
        self.folders.iter().map(|(folder, _)| folder.as_path()).filter(|it| !it.as_os_str().is_empty())
    }

    /// The folders in which something may have come or gone since the survey; `root` is where the folder is now.
    pub(super) fn changed_folders(&self, beneath: &Beneath, root: &Path) -> Vec<PathBuf> {
        let is_changed =
            |(folder, time): &&(PathBuf, Time)| time.is_none() || modified(beneath, &root.join(folder)) != *time;
        self.folders.iter().filter(is_changed).map(|(folder, _)| folder.clone()).collect()
    }

    /// Whether this very file was seen under this path.
    pub(super) fn saw(&self, path: &Path, inode: u64) -> bool {
        inode != 0 && self.foreign.iter().any(|it| it.inode == inode && it.path == path)
    }

    /// Whether this is one of the folders that the survey saw.
    pub(super) fn saw_folder(&self, folder: &Path) -> bool {
        self.folders.iter().any(|(it, _)| it == folder)
    }

    /// Keeps the survey of the folder `of` ([`crate::publish::tree::folder_id`]), under a name that it takes at the end.
    pub(super) fn save(&self, beneath: &Beneath, path: &Path, of: &str) -> Result<(), Trouble> {
        // Paths are bytes that may hold anything but a zero.
        let mut out = format!("{FIRST_WORD} {of}\0").into_bytes();
        let mut add = |kind: &str, number: i128, path: &Path| {
            out.extend(format!("{kind} {number} ").into_bytes());
            out.extend(path.as_os_str().as_encoded_bytes());
            out.push(0);
        };
        self.folders.iter().for_each(|(path, time)| add("d", time.map_or(-1, i128::from), path));
        let files = self.foreign.iter().filter(|it| !it.is_folder);
        files.for_each(|it| add("f", i128::from(it.inode), &it.path));
        let folder = path.parent().unwrap_or(path);
        beneath.replace(path, folder, Access::Owner, |mut file| file.write_all(&out)).writing(path)
    }

    /// The survey of the folder `of`, if that is the one that was kept.
    pub(super) fn read(beneath: &Beneath, path: &Path, of: &str) -> Option<Self> {
        let bytes = read_list(beneath, path).ok()??;
        let mut entries = bytes.strip_suffix(b"\0")?.split(|it| *it == 0);
        if entries.next()? != format!("{FIRST_WORD} {of}").as_bytes() {
            return None;
        }
        let mut survey = Self::default();
        for entry in entries {
            let mut words = entry.splitn(3, |it| *it == b' ');
            let (kind, number) = (words.next()?, std::str::from_utf8(words.next()?).ok()?);
            let path = path_of(words.next()?).ok()?;
            match kind {
                b"d" => survey.folders.push((path, number.parse().ok().filter(|it| *it >= 0))),
                b"f" => survey.foreign.push(Foreign { path, inode: number.parse().ok()?, is_folder: false }),
                _ => return None,
            }
        }
        Some(survey)
    }
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> io::Result<PathBuf> {
    Ok(<OsString as std::os::unix::ffi::OsStringExt>::from_vec(bytes.to_vec()).into())
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> io::Result<PathBuf> {
    let text = std::str::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    Ok(OsString::from(text).into())
}
