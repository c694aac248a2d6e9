//! The one door into a project: opens what lies beneath its real root, and nothing else.
//!
//! Many hands write in a shared folder, and whoever builds may read more than they. So a link never leads a build to a
//! file that the site does not hold: a *relative* link to a plain file beneath the root is followed, by reading where it
//! leads and opening that without following any link; whatever else a path meets is refused, with its reason. Nothing is
//! opened by a path that somebody could exchange between looking and opening: the system itself keeps to the root
//! (`openat2` on Linux), or every folder on the way is opened by itself.

use super::{Why, relative};
use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

/// Links that lead to links, at most.
const MOST_LINKS: usize = 8;

/// An open file of the project, and what the system says of it.
#[derive(Debug)]
pub struct Opened {
    /// Open for reading, at its beginning.
    pub file: File,
    /// Taken from the open file, so both are of the same one.
    pub metadata: Metadata,
}

/// What a path names, the path's own last part not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    Link,
    /// A pipe, a socket, a device.
    Other,
}

/// A name in a folder.
pub(super) struct Entry {
    /// The name; one that is no UTF-8, as it can be shown, is the error.
    pub(super) name: Result<String, String>,
    pub(super) kind: Kind,
}

/// How one file looks from outside: where nothing of it changed, nothing was written. Its change time is the kernel's
/// own, which no tool can set. Times are nanoseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Look {
    pub(super) inode: u64,
    pub(super) size: u64,
    pub(super) mode: u32,
    pub(super) modified: i64,
    pub(super) changed: i64,
}

/// The root of a project, held open.
#[derive(Debug)]
pub struct Door(system::Root);

impl Opened {
    /// How the file looks at this moment.
    pub fn look(&self) -> Option<Look> {
        self.file.metadata().ok().and_then(|metadata| system::look_of(&metadata))
    }
}

impl Look {
    /// When it was written, in nanoseconds since 1970.
    pub fn modified(&self) -> i64 {
        self.modified
    }
}

impl Door {
    /// Opens a project's folder; links on the way *to* it are the user's own.
    ///
    /// # Errors
    /// When it is not there, is no folder, or may not be entered.
    pub fn of(root: &Path) -> io::Result<Self> {
        system::Root::of(root).map(Self)
    }

    /// Whether both lead into the same folder; a root can be exchanged for another of its name.
    pub fn is_same(&self, other: &Self) -> bool {
        self.0.is_same(&other.0)
    }

    /// Opens a plain file of the site.
    ///
    /// # Errors
    /// Why not: [`Why::Outside`] where a link leads elsewhere, [`Why::Shared`] and [`Why::Special`] where it is not the
    /// site's own plain file, and whatever the system refuses.
    pub fn open(&self, path: &str) -> Result<Opened, Why> {
        let mut real = path.to_owned();
        for _ in 0..=MOST_LINKS {
            match self.0.open(&real) {
                Ok(file) => {
                    let is_link = real != path;
                    return self.checked(file, &real).map_err(|why| match why {
                        Why::Folder if is_link => Why::Outside,
                        why => why,
                    });
                }
                Err(system::Refused::Link) => real = self.target(&real)?,
                Err(system::Refused::Special) => return Err(Why::Special),
                Err(system::Refused::By(error)) => return Err(Why::from(&error)),
            }
        }
        Err(Why::Loop)
    }

    /// How a file looks; `None` where it is not there or not the site's.
    ///
    /// Only for comparing: a folder on the way that was exchanged for a link a moment ago is not noticed here. Whatever is
    /// then read goes through [`Door::open`].
    pub fn look(&self, path: &str) -> Option<Look> {
        match self.0.look(path)? {
            (Kind::Link, _) => self.open(path).ok().and_then(|opened| system::look_of(&opened.metadata)),
            (_, look) => look,
        }
    }

    /// What lies at a path, the path itself not followed.
    pub(super) fn kind(&self, path: &str) -> Option<Kind> {
        self.0.look(path).map(|(kind, _)| kind)
    }

    /// What is in a folder.
    ///
    /// # Errors
    /// When the folder cannot be opened, or is one no longer.
    pub(super) fn entries(&self, folder: &str) -> Result<Vec<Entry>, Why> {
        self.0.entries(folder).map_err(|refused| match refused {
            system::Refused::Link => Why::Outside,
            system::Refused::Special => Why::Special,
            system::Refused::By(error) => Why::from(&error),
        })
    }

    fn checked(&self, file: File, real: &str) -> Result<Opened, Why> {
        let metadata = file.metadata().map_err(|error| Why::from(&error))?;
        if metadata.is_dir() {
            return Err(Why::Folder);
        }
        if !metadata.is_file() {
            return Err(Why::Special);
        }
        if self.0.is_shared(&metadata, real) {
            return Err(Why::Shared);
        }
        Ok(Opened { file, metadata })
    }

    /// Where a link leads, as a path from the root. Everything before its last part is free of links.
    fn target(&self, link: &str) -> Result<String, Why> {
        let said = self.0.target(link).map_err(|error| match error {
            Some(error) => Why::from(&error),
            None => Why::Outside,
        })?;
        target(link, &said)
    }
}

/// Where a link leads by what it says, as a path from the root.
///
/// # Errors
/// [`Why::Outside`] for what is never listed: it is not reached by another name either. That is what lies above the root,
/// beside the folders of a site (`public/`), or is hidden; and for what the link would publish before its day.
pub(super) fn target(link: &str, said: &str) -> Result<String, Why> {
    if Path::new(said).is_absolute() {
        return Err(Why::Outside);
    }
    let mut parts: Vec<&str> = link.split('/').collect();
    parts.pop();
    for part in said.split(['/', std::path::MAIN_SEPARATOR]) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop().ok_or(Why::Outside)?),
            part => parts.push(part),
        }
    }
    let real = parts.join("/");
    let is_of_the_site = parts.first().is_some_and(|top| super::TOPS.contains(top))
        && relative(Path::new(""), Path::new(&real)).is_some();
    // Nor does a link take something out of what decides when it may be seen: a document is read as one, what lies in a
    // year's folder waits with the documents that show it, and settings are no attachment.
    let is_document = |path: &str| path.ends_with(".md");
    let is_of_a_year = parts.first() == Some(&"content")
        && parts.get(1).is_some_and(|folder| folder.bytes().next().is_some_and(|byte| byte.is_ascii_digit()));
    let is_taken_out = match is_document(link) {
        true => false,
        false => is_document(&real) || is_of_a_year || real == "site.yaml",
    };
    if is_of_the_site && !is_taken_out { Ok(real) } else { Err(Why::Outside) }
}

#[cfg(unix)]
mod system {
    use super::{Entry, Kind, Look};
    use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
    use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, Stat, fstat, openat, readlinkat, statat};
    use rustix::io::Errno;
    use std::fs::{File, Metadata};
    use std::io;
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    /// Why the system did not open something.
    pub(super) enum Refused {
        /// A link is there, or on the way there.
        Link,
        /// A socket, or a device that nothing drives.
        Special,
        By(io::Error),
    }

    impl From<Errno> for Refused {
        fn from(error: Errno) -> Self {
            match error {
                Errno::LOOP => Self::Link,
                Errno::NXIO | Errno::NODEV => Self::Special,
                error => Self::By(error.into()),
            }
        }
    }

    #[derive(Debug)]
    pub(super) struct Root {
        folder: OwnedFd,
        /// Linux since 5.6, where nothing like a container's filter forbids it.
        is_one_step: bool,
    }

    /// Never waits for the other end of a pipe, never takes a terminal.
    const TO_READ: OFlags = OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::NOCTTY);
    const A_FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY);

    impl Root {
        pub(super) fn of(path: &Path) -> io::Result<Self> {
            let folder = openat(CWD, path, A_FOLDER.union(OFlags::CLOEXEC), Mode::empty())?;
            let is_one_step = one_step(folder.as_fd(), ".", A_FOLDER).is_ok();
            Ok(Self { folder, is_one_step })
        }

        pub(super) fn is_same(&self, other: &Self) -> bool {
            let place = |root: &Self| fstat(&root.folder).map(|it| (it.st_dev, it.st_ino));
            place(self).ok().is_some_and(|one| place(other) == Ok(one))
        }

        pub(super) fn open(&self, path: &str) -> Result<File, Refused> {
            self.reach(path, TO_READ).map(File::from).map_err(Refused::from)
        }

        /// Opens without following a link in any part.
        fn reach(&self, path: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
            if self.is_one_step { one_step(self.folder.as_fd(), path, flags) } else { self.step_by_step(path, flags) }
        }

        pub(super) fn step_by_step(&self, path: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
            let no_link = OFlags::NOFOLLOW.union(OFlags::CLOEXEC);
            let mut reached: Option<OwnedFd> = None;
            let mut parts = path.split('/').filter(|part| !part.is_empty() && *part != ".").peekable();
            while let Some(part) = parts.next() {
                if part == ".." {
                    return Err(Errno::XDEV);
                }
                let at = reached.as_ref().map_or(self.folder.as_fd(), AsFd::as_fd);
                let flags = if parts.peek().is_some() { A_FOLDER } else { flags };
                let next = openat(at, part, flags.union(no_link), Mode::empty()).map_err(|error| {
                    // Systems differ in what they call a link where a folder is wanted.
                    let is_link =
                        || statat(at, part, AtFlags::SYMLINK_NOFOLLOW).is_ok_and(|it| kind(it.st_mode) == Kind::Link);
                    if error != Errno::NOENT && is_link() { Errno::LOOP } else { error }
                })?;
                reached = Some(next);
            }
            reached.map_or_else(|| self.folder.try_clone().map_err(|_| Errno::MFILE), Ok)
        }

        pub(super) fn look(&self, path: &str) -> Option<(Kind, Option<Look>)> {
            let stat = statat(&self.folder, path, AtFlags::SYMLINK_NOFOLLOW).ok()?;
            Some((kind(stat.st_mode), Some(look(&stat))))
        }

        pub(super) fn entries(&self, folder: &str) -> Result<Vec<Entry>, Refused> {
            let opened = self.reach(folder, A_FOLDER)?;
            let mut entries = Vec::new();
            for entry in Dir::read_from(&opened)? {
                let entry = entry?;
                let bytes = entry.file_name().to_bytes();
                if bytes == b"." || bytes == b".." {
                    continue;
                }
                let kind = match entry.file_type() {
                    FileType::RegularFile => Kind::File,
                    FileType::Directory => Kind::Folder,
                    FileType::Symlink => Kind::Link,
                    // Not every file system says it in the list.
                    FileType::Unknown => match statat(&opened, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW) {
                        Ok(stat) => kind(stat.st_mode),
                        Err(_) => continue,
                    },
                    _ => Kind::Other,
                };
                let name = String::from_utf8(bytes.to_vec());
                let name = name.map_err(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
                entries.push(Entry { name, kind });
            }
            Ok(entries)
        }

        /// What a link says; `Err(None)` where that is no text, or the link is behind another one.
        pub(super) fn target(&self, link: &str) -> Result<String, Option<io::Error>> {
            let (folder, name) = link.rsplit_once('/').unwrap_or((".", link));
            let folder = self.reach(folder, A_FOLDER).map_err(|error| match error {
                Errno::LOOP => None,
                error => Some(error.into()),
            })?;
            let target = readlinkat(&folder, name, Vec::new()).map_err(|error| match error {
                // No link any more: the next look will tell.
                Errno::INVAL => Some(io::ErrorKind::NotFound.into()),
                error => Some(error.into()),
            })?;
            target.into_string().map_err(|_| None)
        }

        /// Whether a file has other names too and its owner is not that of the folder in which it stands: then somebody may
        /// have put another's file there, which needs no right to read it.
        pub(super) fn is_shared(&self, metadata: &Metadata, path: &str) -> bool {
            let folder = path.rsplit_once('/').map_or(".", |(folder, _)| folder);
            metadata.nlink() > 1
                && self
                    .reach(folder, A_FOLDER)
                    .and_then(|folder| fstat(&folder))
                    .map_or(true, |folder| folder.st_uid != metadata.uid())
        }
    }

    #[cfg(target_os = "linux")]
    fn one_step(root: BorrowedFd<'_>, path: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
        use rustix::fs::{ResolveFlags, openat2};
        let kept = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        openat2(root, path, flags.union(OFlags::CLOEXEC), Mode::empty(), kept)
    }

    #[cfg(not(target_os = "linux"))]
    fn one_step(_root: BorrowedFd<'_>, _path: &str, _flags: OFlags) -> Result<OwnedFd, Errno> {
        Err(Errno::NOSYS)
    }

    fn kind(mode: rustix::fs::RawMode) -> Kind {
        match FileType::from_raw_mode(mode) {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Folder,
            FileType::Symlink => Kind::Link,
            _ => Kind::Other,
        }
    }

    fn nanoseconds(seconds: i64, rest: i64) -> i64 {
        seconds.wrapping_mul(1_000_000_000).wrapping_add(rest)
    }

    #[allow(clippy::unnecessary_cast, clippy::cast_lossless, reason = "the fields' types differ between systems")]
    fn look(stat: &Stat) -> Look {
        Look {
            inode: stat.st_ino as u64,
            size: stat.st_size as u64,
            mode: stat.st_mode as u32,
            modified: nanoseconds(stat.st_mtime as i64, stat.st_mtime_nsec as i64),
            changed: nanoseconds(stat.st_ctime as i64, stat.st_ctime_nsec as i64),
        }
    }

    pub(super) fn look_of(metadata: &Metadata) -> Option<Look> {
        Some(Look {
            inode: metadata.ino(),
            size: metadata.len(),
            mode: metadata.mode(),
            modified: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
            changed: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
        })
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn step_by_step_reaches_what_one_step_does() {
            let folder = tempfile::tempdir().unwrap();
            std::fs::create_dir_all(folder.path().join("a/b")).unwrap();
            std::fs::write(folder.path().join("a/b/c"), "").unwrap();
            for (link, target) in [("a/link", "b/c"), ("folder", "a"), ("a/up", "../.."), ("gone", "nowhere")] {
                std::os::unix::fs::symlink(target, folder.path().join(link)).unwrap();
            }
            let root = Root::of(folder.path()).unwrap();
            let place = |it: Result<OwnedFd, Errno>| it.and_then(fstat).map(|it| it.st_ino);
            for path in
                ["a/b/c", "a/b", "a", ".", "a/link", "folder", "folder/b/c", "a/up/x", "gone", "none", "a/b/c/d"]
            {
                for flags in [TO_READ, A_FOLDER] {
                    let slow = place(root.step_by_step(path, flags));
                    if root.is_one_step {
                        assert_eq!(place(one_step(root.folder.as_fd(), path, flags)), slow, "{path}");
                    }
                    assert_eq!(
                        slow.is_ok(),
                        ["a/b", "a", "."].contains(&path) || path == "a/b/c" && flags == TO_READ,
                        "{path}"
                    );
                }
            }
            assert!(place(root.step_by_step("../x", TO_READ)).is_err());
        }
    }
}

#[cfg(not(unix))]
mod system {
    use super::{Entry, Kind, Look};
    use std::fs::{self, File, Metadata};
    use std::io;
    use std::path::{Path, PathBuf};

    /// Why the system did not open something.
    pub(super) enum Refused {
        /// A link or a junction is there, or on the way there.
        Link,
        By(io::Error),
        #[expect(dead_code, reason = "only other systems say so when opening")]
        Special,
    }

    #[derive(Debug)]
    pub(super) struct Root {
        /// As the system names it in the end.
        real: PathBuf,
    }

    impl Root {
        pub(super) fn of(path: &Path) -> io::Result<Self> {
            let real = fs::canonicalize(path)?;
            if real.is_dir() { Ok(Self { real }) } else { Err(io::ErrorKind::NotADirectory.into()) }
        }

        pub(super) fn is_same(&self, other: &Self) -> bool {
            self.real == other.real
        }

        /// Opens what has this very place in the end, and looks again afterwards: between the two looks nothing else was there.
        pub(super) fn open(&self, path: &str) -> Result<File, Refused> {
            let at = self.without_links(path)?;
            let file = File::open(&at).map_err(Refused::By)?;
            if self.without_links(path)? == at { Ok(file) } else { Err(Refused::Link) }
        }

        fn without_links(&self, path: &str) -> Result<PathBuf, Refused> {
            let mut at = self.real.clone();
            for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
                at.push(part);
                if part == ".." || fs::symlink_metadata(&at).map_err(Refused::By)?.file_type().is_symlink() {
                    return Err(Refused::Link);
                }
            }
            let real = fs::canonicalize(&at).map_err(Refused::By)?;
            if real.starts_with(&self.real) { Ok(real) } else { Err(Refused::Link) }
        }

        pub(super) fn look(&self, path: &str) -> Option<(Kind, Option<Look>)> {
            let metadata = fs::symlink_metadata(self.real.join(path)).ok()?;
            Some((kind(&metadata), look_of(&metadata)))
        }

        pub(super) fn entries(&self, folder: &str) -> Result<Vec<Entry>, Refused> {
            let mut entries = Vec::new();
            for entry in fs::read_dir(self.without_links(folder)?).map_err(Refused::By)? {
                let entry = entry.map_err(Refused::By)?;
                let Ok(metadata) = entry.metadata() else { continue };
                let name = entry.file_name().into_string().map_err(|name| name.to_string_lossy().into_owned());
                entries.push(Entry { name, kind: kind(&metadata) });
            }
            Ok(entries)
        }

        pub(super) fn target(&self, link: &str) -> Result<String, Option<io::Error>> {
            let (folder, name) = link.rsplit_once('/').unwrap_or((".", link));
            let folder = self.without_links(folder).map_err(|refused| match refused {
                Refused::By(error) => Some(error),
                _ => None,
            })?;
            let target = fs::read_link(folder.join(name)).map_err(Some)?;
            target.into_os_string().into_string().map_err(|_| None)
        }

        pub(super) fn is_shared(&self, _metadata: &Metadata, _path: &str) -> bool {
            false
        }
    }

    fn kind(metadata: &Metadata) -> Kind {
        match metadata.file_type() {
            it if it.is_symlink() => Kind::Link,
            it if it.is_dir() => Kind::Folder,
            it if it.is_file() => Kind::File,
            _ => Kind::Other,
        }
    }

    pub(super) fn look_of(metadata: &Metadata) -> Option<Look> {
        use std::time::UNIX_EPOCH;
        let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
        let mode = u32::from(metadata.permissions().readonly());
        Some(Look { inode: 0, size: metadata.len(), mode, modified: i64::try_from(modified).ok()?, changed: 0 })
    }
}
