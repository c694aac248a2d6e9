//! Where folders cannot be held open: each part of a path is looked at before the whole is used.
//!
//! Between looking and doing somebody can put a link there; here the system gives no way to shut that door.

use super::{Access, Beneath, Kind, Listed};
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

/// Nothing is held open.
pub(crate) struct Opened;

impl Opened {
    pub(crate) fn open(at: &Path) -> io::Result<Self> {
        match fs::symlink_metadata(at)?.is_dir() {
            true => Ok(Self),
            false => Err(ErrorKind::NotADirectory.into()),
        }
    }
}

/// How something looks from outside; a link itself.
#[derive(Clone)]
pub(crate) struct Seen(Metadata);

impl Seen {
    pub(crate) fn of(file: &File) -> io::Result<Self> {
        file.metadata().map(Self)
    }

    pub(crate) fn kind(&self) -> Kind {
        kind(self.0.file_type())
    }

    pub(crate) fn size(&self) -> u64 {
        self.0.len()
    }

    pub(crate) fn inode(&self) -> u64 {
        0
    }

    pub(crate) fn device(&self) -> Option<u64> {
        None
    }

    /// Not known.
    pub(crate) fn names(&self) -> u64 {
        1
    }

    /// Nanoseconds since 1970.
    pub(crate) fn modified(&self) -> i64 {
        let since = self.0.modified().ok().and_then(|it| it.duration_since(std::time::UNIX_EPOCH).ok());
        since.map_or(0, |it| i64::try_from(it.as_nanos()).unwrap_or(0))
    }

    /// Not known.
    pub(crate) fn changed(&self) -> i64 {
        0
    }
}

fn kind(it: fs::FileType) -> Kind {
    match it {
        it if it.is_file() => Kind::File,
        it if it.is_dir() => Kind::Folder,
        it if it.is_symlink() => Kind::Link,
        _ => Kind::Other,
    }
}

impl Beneath {
    /// The path itself, if no folder on the way to it is a link.
    fn checked<'p>(&self, path: &'p Path) -> io::Result<&'p Path> {
        let refused = || io::Error::new(ErrorKind::InvalidInput, "a path that leaves its folder");
        let inner = path.strip_prefix(&self.at).map_err(|_| refused())?;
        if !inner.components().all(|it| matches!(it, Component::Normal(_))) {
            return Err(refused());
        }
        let mut folder = self.at.clone();
        for part in inner.parent().into_iter().flat_map(Path::components) {
            folder.push(part);
            if !fs::symlink_metadata(&folder)?.is_dir() {
                return Err(ErrorKind::NotADirectory.into());
            }
        }
        Ok(path)
    }

    pub(crate) fn forget(&self) {}

    /// Nothing can be held here.
    pub(crate) fn pin(&self, path: &Path) -> io::Result<Seen> {
        self.look(path)
    }

    pub(crate) fn look(&self, path: &Path) -> io::Result<Seen> {
        fs::symlink_metadata(self.checked(path)?).map(Seen)
    }

    pub(crate) fn open_any(&self, path: &Path) -> io::Result<Option<File>> {
        match self.is_link(path) {
            true => Ok(None),
            false => File::open(self.checked(path)?).map(Some),
        }
    }

    /// A plain file that is there, open for reading and writing.
    ///
    /// Errors: as the system says; it is something else.
    pub fn open_to_write(&self, path: &Path) -> io::Result<File> {
        match self.look(path)?.kind() {
            Kind::File => File::options().read(true).write(true).open(path),
            _ => Err(ErrorKind::InvalidInput.into()),
        }
    }

    /// A folder itself cannot be opened here; what is told is why it could not be listed either.
    pub(crate) fn open_folder(&self, path: &Path) -> io::Result<File> {
        self.entries(path)?;
        Err(ErrorKind::Unsupported.into())
    }

    pub(crate) fn create_new(&self, path: &Path, _access: Access) -> io::Result<File> {
        File::options().read(true).write(true).create_new(true).open(self.checked(path)?)
    }

    pub(crate) fn create_folder(&self, path: &Path, _access: Access) -> io::Result<()> {
        fs::create_dir(self.checked(path)?)
    }

    /// Removes a name that is no folder's.
    ///
    /// Errors: as the system says.
    pub fn remove_file(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(self.checked(path)?)
    }

    pub(crate) fn remove_folder(&self, path: &Path) -> io::Result<()> {
        match self.is_folder(path) {
            true => fs::remove_dir(path),
            false => Err(ErrorKind::NotADirectory.into()),
        }
    }

    /// Renames, also over what is there.
    ///
    /// Errors: as the system says.
    pub fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(self.checked(from)?, self.checked(to)?)
    }

    /// Whether another file could be put under this name, or the one that is there removed, as far as looking tells: no
    /// program has it open, and it is not marked as one that may only be read.
    ///
    /// Errors: what the system would say.
    pub(crate) fn may_replace(&self, path: &Path) -> io::Result<()> {
        match self.look(path) {
            Ok(seen) if seen.kind() != Kind::File => Ok(()),
            Ok(seen) if seen.0.permissions().readonly() => Err(ErrorKind::PermissionDenied.into()),
            Ok(_) => open_to_remove(path),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn rename_to_free(&self, from: &Path, to: &Path) -> io::Result<()> {
        match self.exists(to) {
            true => Err(ErrorKind::AlreadyExists.into()),
            false => self.rename(from, to),
        }
    }

    pub(crate) fn exchange(&self, _one: &Path, _other: &Path) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    pub(crate) fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(self.checked(from)?, self.checked(to)?)
    }

    pub(crate) fn read_link(&self, path: &Path) -> io::Result<PathBuf> {
        fs::read_link(self.checked(path)?)
    }

    pub(crate) fn make_link(&self, _target: &Path, _path: &Path) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    pub(crate) fn entries(&self, path: &Path) -> io::Result<Vec<Listed>> {
        if !self.is_folder(path) {
            self.look(path)?;
            return Err(ErrorKind::NotADirectory.into());
        }
        let listed = fs::read_dir(path)?.map(|entry| {
            let entry = entry?;
            Ok(Listed { path: entry.path(), kind: kind(entry.file_type()?), inode: 0 })
        });
        listed.collect()
    }

    pub(crate) fn is_mounted(&self, _folder: &Path, _home: Option<u64>) -> bool {
        false
    }

    pub(crate) fn made(&self, path: &Path) -> i128 {
        let made = self.look(path).ok().and_then(|it| it.0.created().ok());
        let made = made.and_then(|it| it.duration_since(std::time::UNIX_EPOCH).ok());
        made.map_or(0, |it| i128::try_from(it.as_nanos()).unwrap_or(0))
    }
}

/// Asks for the right to remove a file, and gives it back: refused while a program has it open that does not share this right
/// (a PDF reader, Excel, a virus scanner).
#[cfg(windows)]
fn open_to_remove(path: &Path) -> io::Result<()> {
    use std::os::windows::fs::OpenOptionsExt;
    /// `DELETE` of the access rights, and all three of the shares, in the words of `CreateFileW`.
    const DELETE: u32 = 0x0001_0000;
    const SHARE_ALL: u32 = 0x0000_0007;
    File::options().access_mode(DELETE).share_mode(SHARE_ALL).open(path).map(drop)
}

#[cfg(not(windows))]
fn open_to_remove(path: &Path) -> io::Result<()> {
    File::options().write(true).open(path).map(drop)
}
