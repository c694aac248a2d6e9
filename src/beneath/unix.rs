//! Where files have inodes: folders are held open, and what is below them is reached by one name at a time.

use super::{Access, Beneath, Kind, Listed};
use rustix::fs::{
    AtFlags, Dir, FileType, Mode, OFlags, Stat, fchmod, linkat, mkdirat, openat, readlinkat, renameat, statat,
    symlinkat, unlinkat,
};
use rustix::io::Errno;
#[cfg(test)]
use std::borrow::Cow;
use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many folders stay open. A process may have 1,024 files open in most places, 256 in some.
const MOST_OPEN: usize = 64;

/// To look things up in a folder one need not be allowed to list it.
#[cfg(target_os = "linux")]
const LOOK_UP: OFlags = OFlags::PATH;
#[cfg(not(target_os = "linux"))]
const LOOK_UP: OFlags = OFlags::RDONLY;

/// The folder, and those below it that were used last.
pub(crate) struct Opened {
    root: Arc<OwnedFd>,
    /// By their paths below the folder.
    below: Mutex<HashMap<Vec<u8>, Arc<OwnedFd>>>,
    /// One folder that is meant whatever takes its name, and its path.
    pinned: Mutex<Option<(Vec<u8>, Arc<OwnedFd>)>>,
    /// As if the disk took `Goal.html` and `goal.html` for one name, and kept the spelling that it knows.
    #[cfg(test)]
    ignores_capitals: std::sync::atomic::AtomicBool,
}

impl Opened {
    pub(crate) fn open(at: &Path) -> io::Result<Self> {
        let root =
            rustix::fs::open(at, LOOK_UP | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())?;
        Ok(Self {
            root: Arc::new(root),
            below: Mutex::default(),
            pinned: Mutex::default(),
            #[cfg(test)]
            ignores_capitals: Default::default(),
        })
    }
}

/// How something looks from outside; a link itself.
#[derive(Clone, Copy)]
pub(crate) struct Seen(Stat);

#[allow(
    clippy::unnecessary_cast,
    clippy::cast_lossless,
    clippy::useless_conversion,
    reason = "the fields have other types on other systems"
)]
impl Seen {
    pub(crate) fn of(file: &File) -> io::Result<Self> {
        Ok(Self(rustix::fs::fstat(file)?))
    }

    pub(crate) fn kind(&self) -> Kind {
        kind(FileType::from_raw_mode(self.0.st_mode))
    }

    pub(crate) fn size(&self) -> u64 {
        self.0.st_size as u64
    }

    pub(crate) fn inode(&self) -> u64 {
        self.0.st_ino as u64
    }

    pub(crate) fn device(&self) -> Option<u64> {
        Some(self.0.st_dev as u64)
    }

    /// How many names it has.
    pub(crate) fn names(&self) -> u64 {
        self.0.st_nlink as u64
    }

    /// Owner and group.
    pub(crate) fn owners(&self) -> (u32, u32) {
        (self.0.st_uid, self.0.st_gid)
    }

    /// The permissions, with the three bits above them.
    pub(crate) fn mode(&self) -> u32 {
        self.0.st_mode as u32 & 0o7777
    }

    /// Nanoseconds since 1970.
    pub(crate) fn modified(&self) -> i64 {
        (self.0.st_mtime as i64).wrapping_mul(1_000_000_000).wrapping_add(self.0.st_mtime_nsec as i64)
    }

    /// Nanoseconds since 1970; the inode's change time.
    pub(crate) fn changed(&self) -> i64 {
        (self.0.st_ctime as i64).wrapping_mul(1_000_000_000).wrapping_add(self.0.st_ctime_nsec as i64)
    }
}

fn kind(it: FileType) -> Kind {
    match it {
        FileType::RegularFile => Kind::File,
        FileType::Directory => Kind::Folder,
        FileType::Symlink => Kind::Link,
        _ => Kind::Other,
    }
}

impl Beneath {
    /// The parts of a path below the folder. A path that is not below it is refused, and so is one that goes up.
    fn inner<'p>(&self, path: &'p Path) -> io::Result<&'p [u8]> {
        let (path, at) = (path.as_os_str().as_bytes(), self.at.as_os_str().as_bytes());
        let inner = path.strip_prefix(at).filter(|it| it.is_empty() || it[0] == b'/' || at.ends_with(b"/"));
        let inner = inner.map(|it| it.strip_prefix(b"/").unwrap_or(it)).map(|it| it.strip_suffix(b"/").unwrap_or(it));
        match inner {
            Some(inner)
                if inner.is_empty() || !inner.split(|it| *it == b'/').any(|it| matches!(it, b"" | b"." | b"..")) =>
            {
                Ok(inner)
            }
            _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "a path that leaves its folder")),
        }
    }

    fn remembered(&self) -> MutexGuard<'_, HashMap<Vec<u8>, Arc<OwnedFd>>> {
        self.system.below.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pinned(&self, inner: &[u8]) -> Option<Arc<OwnedFd>> {
        let pinned = self.system.pinned.lock().unwrap_or_else(PoisonError::into_inner);
        pinned.as_ref().filter(|(path, _)| path == inner).map(|(_, folder)| folder.clone())
    }

    /// From now on this path means the folder that has it now, also when another takes its name; one that was pinned
    /// before is let go. How the folder looks: nobody can put another in its place any more.
    pub(crate) fn pin(&self, path: &Path) -> io::Result<Seen> {
        *self.system.pinned.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let opened = OwnedFd::from(self.open_folder(path)?);
        let seen = Seen(rustix::fs::fstat(&opened)?);
        self.forget_below(path);
        let inner = self.inner(path)?.to_vec();
        *self.system.pinned.lock().unwrap_or_else(PoisonError::into_inner) = Some((inner, Arc::new(opened)));
        Ok(seen)
    }

    /// A folder below this one, opened name by name.
    fn folder_below(&self, inner: &[u8]) -> Result<Arc<OwnedFd>, Errno> {
        if inner.is_empty() {
            return Ok(self.system.root.clone());
        }
        if let Some(pinned) = self.pinned(inner) {
            return Ok(pinned);
        }
        if let Some(known) = self.remembered().get(inner) {
            return Ok(known.clone());
        }
        let (above, name) = split(inner);
        let above = self.folder_below(above)?;
        let flags = LOOK_UP | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        #[cfg(test)]
        let name = &*self.spelled(above.as_fd(), name);
        let opened = Arc::new(openat(above, name, flags, Mode::empty()).map_err(plain)?);
        let mut below = self.remembered();
        if below.len() >= MOST_OPEN {
            below.clear();
        }
        below.insert(inner.to_vec(), opened.clone());
        Ok(opened)
    }

    /// Does something with a name in the folder that holds it. A folder that is remembered may be gone, with another in
    /// its place: then once more.
    fn in_folder<T>(&self, path: &Path, act: impl Fn(BorrowedFd<'_>, &OsStr) -> Result<T, Errno>) -> io::Result<T> {
        let (folder, name) = split(self.inner(path)?);
        let attempt = || {
            let folder = self.folder_below(folder)?;
            #[cfg(test)]
            let name = &*self.spelled(folder.as_fd(), name);
            act(folder.as_fd(), name)
        };
        match attempt() {
            Err(Errno::NOENT) if self.forget_above(folder) => Ok(attempt()?),
            other => Ok(other?),
        }
    }

    /// The same for two names.
    fn in_folders(
        &self,
        one: &Path,
        other: &Path,
        act: impl Fn(BorrowedFd<'_>, &OsStr, BorrowedFd<'_>, &OsStr) -> Result<(), Errno>,
    ) -> io::Result<()> {
        let ((from, name), (to, new_name)) = (split(self.inner(one)?), split(self.inner(other)?));
        let attempt = || {
            let (here, there) = (self.folder_below(from)?, self.folder_below(to)?);
            #[cfg(test)]
            let (name, new_name) =
                (&*self.spelled(here.as_fd(), name), &*self.spelled_to(&there, new_name, &here, name));
            act(here.as_fd(), name, there.as_fd(), new_name)
        };
        match attempt() {
            // Both, not one or the other.
            Err(Errno::NOENT) if self.forget_above(from) | self.forget_above(to) => Ok(attempt()?),
            other => Ok(other?),
        }
    }

    /// Closes what is remembered of a folder and those above it. Whether there was something.
    fn forget_above(&self, folder: &[u8]) -> bool {
        let mut below = self.remembered();
        let before = below.len();
        below.retain(|it, _| it != folder && !is_below(folder, it));
        below.len() != before
    }

    /// Closes what is remembered of this name and all below it: it will mean something else.
    fn forget_below(&self, path: &Path) {
        if let Ok(inner) = self.inner(path) {
            self.remembered().retain(|it, _| it != inner && !is_below(it, inner));
        }
    }

    /// Closes every folder that is remembered: time has passed, in which people may have put others in their place.
    pub(crate) fn forget(&self) {
        self.remembered().clear();
    }

    pub(crate) fn look(&self, path: &Path) -> io::Result<Seen> {
        self.in_folder(path, |folder, name| statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)).map(Seen)
    }

    /// A file open for reading, without waiting for anybody; `None` if it is a link.
    pub(crate) fn open_any(&self, path: &Path) -> io::Result<Option<File>> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let opened = self.in_folder(path, |folder, name| match openat(folder, name, flags, Mode::empty()) {
            Err(Errno::LOOP | Errno::MLINK) => Ok(None),
            opened => opened.map(Some),
        })?;
        Ok(opened.map(File::from))
    }

    /// A plain file that is there, open for reading and writing; what is written goes into every name that it has.
    ///
    /// Errors: as the system says; it is something else.
    pub fn open_to_write(&self, path: &Path) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        if self.look(path)?.kind() != Kind::File {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let opened = self.in_folder(path, |folder, name| openat(folder, name, flags, Mode::empty()))?;
        let file = File::from(opened);
        if file.metadata()?.is_file() { Ok(file) } else { Err(io::ErrorKind::InvalidInput.into()) }
    }

    /// A folder itself, open: to lock it, to flush it, to change what it is.
    pub(crate) fn open_folder(&self, path: &Path) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        if let Some(pinned) = self.pinned(self.inner(path)?) {
            return Ok(File::from(openat(pinned, ".", flags, Mode::empty())?));
        }
        let opened = self.in_folder(path, |folder, name| openat(folder, name, flags, Mode::empty()).map_err(plain))?;
        Ok(File::from(opened))
    }

    /// A new file; never one that is there, nor what a link of this name leads to.
    pub(crate) fn create_new(&self, path: &Path, access: Access) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = match access {
            Access::Usual => Mode::from_raw_mode(0o666),
            Access::Owner => Mode::from_raw_mode(0o600),
        };
        self.in_folder(path, |folder, name| openat(folder, name, flags, mode)).map(File::from)
    }

    pub(crate) fn create_folder(&self, path: &Path, access: Access) -> io::Result<()> {
        let mode = match access {
            Access::Usual => Mode::from_raw_mode(0o777),
            Access::Owner => Mode::from_raw_mode(0o700),
        };
        self.in_folder(path, |folder, name| mkdirat(folder, name, mode))
    }

    /// Removes a name that is no folder's; a link itself.
    ///
    /// Errors: as the system says.
    pub fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.in_folder(path, |folder, name| unlinkat(folder, name, AtFlags::empty()))
    }

    /// Removes an empty folder.
    pub(crate) fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.forget_below(path);
        self.in_folder(path, |folder, name| unlinkat(folder, name, AtFlags::REMOVEDIR))
    }

    /// Renames, also over what is there.
    ///
    /// Errors: as the system says.
    pub fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let renamed = self.in_folders(from, to, |folder, name, other, new| renameat(folder, name, other, new));
        self.forget_below(from);
        self.forget_below(to);
        renamed
    }

    /// Renames to a name that must be free. Where the system cannot promise that, it is looked up first.
    pub(crate) fn rename_to_free(&self, from: &Path, to: &Path) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::{RenameFlags, renameat_with};
            let renamed = self.in_folders(from, to, |folder, name, other, new| {
                renameat_with(folder, name, other, new, RenameFlags::NOREPLACE)
            });
            self.forget_below(from);
            match renamed {
                Err(error) if is_unknown_call(&error) => {}
                other => return other,
            }
        }
        match self.exists(to) {
            true => Err(io::ErrorKind::AlreadyExists.into()),
            false => self.rename(from, to),
        }
    }

    /// Gives two names to each other's holders, at once.
    #[cfg(target_os = "linux")]
    pub(crate) fn exchange(&self, one: &Path, other: &Path) -> io::Result<()> {
        use rustix::fs::{RenameFlags, renameat_with};
        let exchanged = self.in_folders(one, other, |folder, name, second, new| {
            renameat_with(folder, name, second, new, RenameFlags::EXCHANGE)
        });
        self.forget_below(one);
        self.forget_below(other);
        exchanged
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn exchange(&self, _one: &Path, _other: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Gives a file one more name; a link itself.
    pub(crate) fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.in_folders(from, to, |folder, name, other, new| linkat(folder, name, other, new, AtFlags::empty()))
    }

    pub(crate) fn read_link(&self, path: &Path) -> io::Result<PathBuf> {
        let target = self.in_folder(path, |folder, name| readlinkat(folder, name, Vec::new()))?;
        Ok(OsString::from_vec(target.into_bytes()).into())
    }

    pub(crate) fn make_link(&self, target: &Path, path: &Path) -> io::Result<()> {
        self.in_folder(path, |folder, name| symlinkat(target, folder, name))
    }

    /// What is in a folder, in no order.
    pub(crate) fn entries(&self, path: &Path) -> io::Result<Vec<Listed>> {
        let opened = self.open_folder(path)?;
        let mut listed = Vec::new();
        for entry in Dir::new(OwnedFd::from(opened))? {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if matches!(name, b"." | b"..") {
                continue;
            }
            let path = path.join(OsStr::from_bytes(name));
            let kind = match entry.file_type() {
                // Some disks do not say in their lists.
                FileType::Unknown => match self.look(&path) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    seen => seen?.kind(),
                },
                known => kind(known),
            };
            listed.push(Listed { path, kind, inode: entry.ino() });
        }
        Ok(listed)
    }

    /// Closes a folder to everybody but its owner. The permissions it has then.
    pub(crate) fn close_to_others(&self, folder: &Path) -> io::Result<u32> {
        let opened = self.open_folder(folder)?;
        let mode = |it: &File| Ok::<_, io::Error>(Seen(rustix::fs::fstat(it)?).mode() & 0o777);
        if mode(&opened)? != 0o700 {
            match fchmod(&opened, Mode::from_raw_mode(0o700)) {
                // What the disk does not know it may refuse.
                Err(Errno::PERM | Errno::OPNOTSUPP | Errno::INVAL) | Ok(()) => {}
                Err(error) => return Err(error.into()),
            }
        }
        mode(&opened)
    }

    /// Whether another file could be put under this name, or the one that is there removed, as far as looking tells; nothing
    /// is changed. A folder that is missing can be made where the one above it may be written.
    ///
    /// Errors: what the system would say.
    pub(crate) fn may_replace(&self, path: &Path) -> io::Result<()> {
        let looked = self.in_folder(path, |folder, name| {
            rustix::fs::accessat(
                folder,
                ".",
                rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK,
                AtFlags::EACCESS,
            )?;
            match statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(there) => may_go(folder, name, &there),
                Err(Errno::NOENT) => Ok(()),
                Err(error) => Err(error),
            }
        });
        match (looked, path.parent().filter(|it| it.starts_with(&self.at) && *it != self.at)) {
            (Err(error), Some(above)) if error.kind() == io::ErrorKind::NotFound => self.may_replace(above),
            (looked, _) => looked,
        }
    }

    /// Gives something another owner or group; a link itself.
    pub(crate) fn give(&self, path: &Path, owner: Option<u32>, group: Option<u32>) -> io::Result<()> {
        use rustix::fs::{Gid, Uid, chownat};
        let (owner, group) = (owner.map(Uid::from_raw), group.map(Gid::from_raw));
        self.in_folder(path, |folder, name| chownat(folder, name, owner, group, AtFlags::SYMLINK_NOFOLLOW))
    }

    /// Whether something is mounted on `folder`, which is inside a folder of the device `home`.
    #[cfg(target_os = "linux")]
    pub(crate) fn is_mounted(&self, folder: &Path, home: Option<u64>) -> bool {
        use rustix::fs::{StatxAttributes, StatxFlags, makedev, statx};
        // A bind mount has the device number of its parent, so the kernel's own answer counts as well (Linux 5.8).
        let seen = self
            .in_folder(folder, |above, name| statx(above, name, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::BASIC_STATS));
        seen.is_ok_and(|it| {
            let device = makedev(it.stx_dev_major, it.stx_dev_minor);
            it.stx_attributes.contains(StatxAttributes::MOUNT_ROOT) || home.is_some_and(|home| home != device)
        })
    }

    /// Whether something is mounted on `folder`, which is inside a folder of the device `home`.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn is_mounted(&self, folder: &Path, home: Option<u64>) -> bool {
        self.look(folder).ok().and_then(|it| it.device()) != home
    }

    /// When something was made, in nanoseconds since 1970; 0 where the disk does not know.
    #[cfg(target_os = "linux")]
    pub(crate) fn made(&self, path: &Path) -> i128 {
        use rustix::fs::{StatxFlags, statx};
        let seen = self.in_folder(path, |above, name| statx(above, name, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::BTIME));
        match seen {
            Ok(it) if it.stx_mask & StatxFlags::BTIME.bits() != 0 => {
                i128::from(it.stx_btime.tv_sec) * 1_000_000_000 + i128::from(it.stx_btime.tv_nsec)
            }
            _ => 0,
        }
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn made(&self, path: &Path) -> i128 {
        let made = self.open_folder(path).and_then(|it| it.metadata()).and_then(|it| it.created()).ok();
        let made = made.and_then(|it| it.duration_since(std::time::UNIX_EPOCH).ok());
        made.map_or(0, |it| i128::try_from(it.as_nanos()).unwrap_or(0))
    }
}

/// A disk without capitals, for tests: no disk of a test machine is one.
#[cfg(test)]
impl Beneath {
    pub(crate) fn ignore_capitals(&self) {
        self.system.ignores_capitals.store(true, std::sync::atomic::Ordering::Relaxed);
    }

    /// How the disk spells a name that it has.
    fn spelled<'n>(&self, folder: BorrowedFd<'_>, name: &'n OsStr) -> Cow<'n, OsStr> {
        let is_there = || statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).is_ok();
        if !self.system.ignores_capitals.load(std::sync::atomic::Ordering::Relaxed) || is_there() {
            return name.into();
        }
        let wanted = name.to_string_lossy().to_lowercase();
        let listed = openat(folder, ".", OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty());
        let mut listed = listed.and_then(Dir::new).into_iter().flatten().flatten();
        let found = listed.find(|entry| entry.file_name().to_string_lossy().to_lowercase() == wanted);
        found.map_or(name.into(), |it| OsStr::from_bytes(it.file_name().to_bytes()).to_owned().into())
    }

    /// The new name of a file: another spelling of its own is one.
    fn spelled_to<'n>(&self, to: &OwnedFd, new: &'n OsStr, from: &OwnedFd, name: &OsStr) -> Cow<'n, OsStr> {
        let inode = |it: &OwnedFd| rustix::fs::fstat(it).map(|it| it.st_ino).ok();
        let found = self.spelled(to.as_fd(), new);
        match inode(to) == inode(from) && found == self.spelled(from.as_fd(), name) {
            true => new.into(),
            false => found,
        }
    }
}

/// `EINVAL` and `ENOSYS`: what file systems and kernels answer that know no exchange.
fn is_unknown_call(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported)
}

/// Whether this user may take a file out of a folder that they may write: not from others in a folder like `/tmp`, not what
/// an administrator has made immutable, not what a disk is mounted on.
fn may_go(folder: BorrowedFd<'_>, name: &OsStr, there: &Stat) -> Result<(), Errno> {
    let above = rustix::fs::fstat(folder)?;
    let me = rustix::process::geteuid();
    let is_sticky = Mode::from_raw_mode(above.st_mode).contains(Mode::SVTX);
    if is_sticky && !me.is_root() && ![above.st_uid, there.st_uid].contains(&me.as_raw()) {
        return Err(Errno::PERM);
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{StatxAttributes, StatxFlags, statx};
        // A folder is no page: it is met elsewhere.
        if kind(FileType::from_raw_mode(there.st_mode)) == Kind::File
            && let Ok(it) = statx(folder, name, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::TYPE)
        {
            if it.stx_attributes.intersects(StatxAttributes::IMMUTABLE | StatxAttributes::APPEND) {
                return Err(Errno::PERM);
            }
            if it.stx_attributes.contains(StatxAttributes::MOUNT_ROOT) {
                return Err(Errno::BUSY);
            }
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = name;
    Ok(())
}

/// A link where a folder must be is no folder, in whatever words the system says so.
fn plain(error: Errno) -> Errno {
    if matches!(error, Errno::LOOP | Errno::MLINK) { Errno::NOTDIR } else { error }
}

/// The folder of a path, and its name in there.
fn split(inner: &[u8]) -> (&[u8], &OsStr) {
    let (folder, name): (&[u8], &[u8]) = match inner.iter().rposition(|it| *it == b'/') {
        Some(cut) => (&inner[..cut], &inner[cut + 1..]),
        None if inner.is_empty() => (b"", b"."),
        None => (b"", inner),
    };
    (folder, OsStr::from_bytes(name))
}

fn is_below(path: &[u8], folder: &[u8]) -> bool {
    path.strip_prefix(folder).is_some_and(|it| it.first() == Some(&b'/'))
}
