//! Everything below one folder, and nothing else: no call here follows a symbolic link in any part of a path.
//!
//! A city's shared folder, and the one in which a site is published, are written by many hands. A name that was a folder a moment ago may be a link to somebody's home
//! now, so a path is never given to the system as a whole: each folder on the way is opened in the one above it and
//! refuses to be a link, and what is done is done in the folder that is open. Between looking and doing nothing can be
//! put in the place of a folder. Folders that are open are remembered for a while, as a build asks for most of them often.
//!
//! The folder itself is where the user's own path leads, links included: that is resolved once, before.
//!
//! **Deliberately does not know** what a project or a site is, nor what is kohyo's and what is not.

#![allow(clippy::disallowed_methods, reason = "io: the only way to files below a folder of somebody's")]

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
use other as system;
use std::fs::File;
use std::hash::{BuildHasher, Hasher};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
pub(crate) use system::Seen;
#[cfg(unix)]
use unix as system;

/// A folder and everything below it. Paths are given in full and begin with the folder's own.
pub struct Beneath {
    at: PathBuf,
    system: system::Opened,
}

/// What stands under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A plain file.
    File,
    Folder,
    /// A symbolic link, whatever it leads to.
    Link,
    /// A pipe, a socket, a device.
    Other,
}

/// One name in a folder.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    /// In full.
    pub(crate) path: PathBuf,
    pub(crate) kind: Kind,
    /// 0 where there are no such numbers.
    pub(crate) inode: u64,
}

/// Who may open what is made new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// As the user's own settings say (umask).
    Usual,
    /// Its owner alone.
    Owner,
}

impl std::fmt::Debug for Beneath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "beneath {}", self.at.display())
    }
}

impl Beneath {
    /// Opens a folder; `at` is its real path, in which no link is left.
    ///
    /// Errors: it is not there, or no folder.
    pub fn open(at: &Path) -> io::Result<Self> {
        Ok(Self { at: at.to_path_buf(), system: system::Opened::open(at)? })
    }

    /// The folder's own real path.
    pub(crate) fn at(&self) -> &Path {
        &self.at
    }

    /// Opens the first folder on the way up from `path`, a real path, that is there.
    pub(crate) fn above(path: &Path) -> io::Result<Self> {
        for folder in path.ancestors().skip(1) {
            match Self::open(folder) {
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                opened => return opened,
            }
        }
        Err(ErrorKind::NotFound.into())
    }

    /// Something stands under this name, be it a link that leads nowhere.
    pub(crate) fn exists(&self, path: &Path) -> bool {
        self.look(path).is_ok()
    }

    pub(crate) fn is_folder(&self, path: &Path) -> bool {
        self.look(path).is_ok_and(|it| it.kind() == Kind::Folder)
    }

    pub(crate) fn is_link(&self, path: &Path) -> bool {
        self.look(path).is_ok_and(|it| it.kind() == Kind::Link)
    }

    /// Makes a folder, with those above it, unless it is there.
    ///
    /// Errors: as the system says; something else than a folder stands in the way, [`ErrorKind::NotADirectory`].
    pub fn create_folders(&self, path: &Path) -> io::Result<()> {
        if path == self.at {
            return Ok(());
        }
        match self.create_folder(path, Access::Usual) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let above = path.parent().filter(|it| it.starts_with(&self.at)).ok_or(error)?;
                self.create_folders(above)?;
                // Another thread may have been quicker.
                match self.create_folder(path, Access::Usual) {
                    Err(error) if error.kind() == ErrorKind::AlreadyExists && self.is_folder(path) => Ok(()),
                    other => other,
                }
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => match self.look(path)?.kind() {
                Kind::Folder => Ok(()),
                _ => Err(ErrorKind::NotADirectory.into()),
            },
            other => other,
        }
    }

    /// Puts a new file in the place of whatever has the name `path`: it is made under a name that nobody can know, in the
    /// folder `in_folder`, and takes its own at the end.
    ///
    /// Errors: as the system or `write` says; nothing is left then.
    pub fn replace(
        &self,
        path: &Path,
        in_folder: &Path,
        access: Access,
        write: impl FnOnce(&File) -> io::Result<()>,
    ) -> io::Result<()> {
        let (half, file) = self.create_random(in_folder, access)?;
        let written = write(&file).and_then(|()| self.rename(&half, path));
        if written.is_err() {
            let _ = self.remove_file(&half);
        }
        written
    }

    /// A new file under a random name, and that name.
    ///
    /// Errors: as the system says.
    pub fn create_random(&self, folder: &Path, access: Access) -> io::Result<(PathBuf, File)> {
        // A name of 64 random bits that is taken is no accident; a second one surely is free.
        let mut attempts = 0;
        loop {
            let path = folder.join(half_name());
            match self.create_new(&path, access) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists && attempts < 8 => attempts += 1,
                made => return made.map(|file| (path, file)),
            }
        }
    }

    /// A plain file, open for reading; `None` if it is something else. A pipe would keep the build waiting, a device may
    /// never end, and a link is somebody's word for what is elsewhere.
    pub(crate) fn open_plain(&self, path: &Path) -> io::Result<Option<File>> {
        if self.look(path)?.kind() != Kind::File {
            return Ok(None);
        }
        let Some(file) = self.open_any(path)? else { return Ok(None) };
        // It may have become another since.
        Ok(file.metadata()?.is_file().then_some(file))
    }
}

/// Whether a system refuses because another program has the file open, or a disk is mounted on it.
pub(crate) fn is_held(error: &io::Error) -> bool {
    // What Windows calls a sharing and a lock violation has no kind of its own.
    let is_shared = cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33));
    is_shared || matches!(error.kind(), ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy)
}

/// How names begin under which kohyo makes a file before it takes its own.
const HALF: &str = ".kohyo-new-";

/// A new name that nobody can know.
pub(crate) fn half_name() -> String {
    format!("{HALF}{:016x}", random())
}

/// Whether a name is one that [`half_name`] gives.
pub(crate) fn is_half(name: &str) -> bool {
    let digits = name.strip_prefix(HALF).unwrap_or_default();
    digits.len() == 16 && digits.bytes().all(|it| it.is_ascii_hexdigit())
}

/// A number that nobody else can know beforehand: the standard library's keys come from the system's random source.
pub(crate) fn random() -> u64 {
    std::hash::RandomState::new().build_hasher().finish()
}
