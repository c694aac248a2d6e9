//! The one door into a project: opens what lies beneath its real root, and nothing else.
//!
//! Many hands write in a shared folder, and whoever builds may read more than they. So a link never leads a build to a
//! file that the site does not hold: a *relative* link to a plain file beneath the root is followed, by reading where it
//! leads and opening that without following any link; whatever else a path meets is refused, with its reason. Nothing is
//! opened by a path that somebody could exchange between looking and opening ([`Beneath`]).

use super::{Why, relative};
use crate::beneath::{Beneath, Kind, Seen};
use crate::text::encoding;
use std::fs::{self, File, Metadata};
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

/// A name in a folder.
pub(super) struct Entry {
    /// The name; one that is no UTF-8 is the error: as it can be shown, and as it was meant where that can be told.
    pub(super) name: Result<String, (String, Option<String>)>,
    pub(super) kind: Kind,
}

/// How one file looks from outside: where nothing of it changed, nothing was written. Its change time is the kernel's
/// own, which no tool can set. Times are nanoseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Look {
    /// 0 where there are no such numbers.
    pub(super) inode: u64,
    size: u64,
    modified: i64,
    pub(super) changed: i64,
}

impl Look {
    fn of(seen: &Seen) -> Self {
        Self { inode: seen.inode(), size: seen.size(), modified: seen.modified(), changed: seen.changed() }
    }

    /// When it was written, in nanoseconds since 1970.
    pub fn modified(&self) -> i64 {
        self.modified
    }
}

impl Opened {
    /// How the file looks at this moment.
    pub fn look(&self) -> Option<Look> {
        Seen::of(&self.file).ok().map(|seen| Look::of(&seen))
    }
}

/// The root of a project, held open.
#[derive(Debug)]
pub struct Door(Beneath);

impl Door {
    /// Opens a project's folder; links on the way *to* it are the user's own.
    ///
    /// # Errors
    /// When it is not there, is no folder, or may not be entered.
    pub fn of(root: &Path) -> io::Result<Self> {
        Beneath::open(&fs::canonicalize(root)?).map(Self)
    }

    /// Whether both lead into the same folder; a root can be exchanged for another of its name.
    pub fn is_same(&self, other: &Self) -> bool {
        let folder = |door: &Self| door.0.look(door.0.at()).ok().map(|seen| (seen.device(), seen.inode()));
        self.0.at() == other.0.at() && folder(self).is_some_and(|one| folder(other) == Some(one))
    }

    /// Time has passed, in which other folders may have come in the place of those that are remembered.
    pub fn forget(&self) {
        self.0.forget();
    }

    /// Opens a plain file of the site.
    ///
    /// # Errors
    /// Why not: [`Why::Outside`] where a link leads elsewhere, [`Why::Shared`] and [`Why::Special`] where it is not the
    /// site's own plain file, and whatever the system refuses.
    pub fn open(&self, path: &str) -> Result<Opened, Why> {
        let mut real = path.to_owned();
        for _ in 0..=MOST_LINKS {
            match self.0.open_any(&self.0.at().join(&real)) {
                Ok(Some(file)) => {
                    let is_link = real != path;
                    return self.checked(file, &real).map_err(|why| match why {
                        Why::Folder if is_link => Why::Outside,
                        why => why,
                    });
                }
                Ok(None) => real = self.target(&real)?,
                Err(error) => return Err(self.why(&real, &error)),
            }
        }
        Err(Why::Loop)
    }

    /// How a file looks; `None` where it is not there or not the site's.
    pub fn look(&self, path: &str) -> Option<Look> {
        let seen = self.0.look(&self.0.at().join(path)).ok()?;
        match seen.kind() {
            Kind::Link => self.open(path).ok()?.look(),
            _ => Some(Look::of(&seen)),
        }
    }

    /// What lies at a path, the path itself not followed.
    pub(super) fn kind(&self, path: &str) -> Option<Kind> {
        self.0.look(&self.0.at().join(path)).ok().map(|seen| seen.kind())
    }

    /// What is in a folder.
    ///
    /// # Errors
    /// When the folder cannot be opened, or is one no longer.
    pub(super) fn entries(&self, folder: &str) -> Result<Vec<Entry>, Why> {
        let listed = self.0.entries(&self.0.at().join(folder)).map_err(|error| self.why(folder, &error))?;
        let entry = |path: &Path, kind| {
            let name = path.file_name().unwrap_or_default();
            let meant = || encoding::recognise(name.as_encoded_bytes()).map(|(_, name)| name);
            let name = name.to_str().map(str::to_owned).ok_or_else(|| (name.to_string_lossy().into_owned(), meant()));
            Entry { name, kind }
        };
        Ok(listed.iter().map(|it| entry(&it.path, it.kind)).collect())
    }

    /// Why the system refused a path: where a folder was wanted and there is a link, that is the reason.
    fn why(&self, path: &str, error: &io::Error) -> Why {
        let mut above = Path::new(path).ancestors().filter(|it| !it.as_os_str().is_empty());
        match error.kind() == io::ErrorKind::NotADirectory && above.any(|it| self.0.is_link(&self.0.at().join(it))) {
            true => Why::Outside,
            false => Why::from(error),
        }
    }

    fn checked(&self, file: File, real: &str) -> Result<Opened, Why> {
        let metadata = file.metadata().map_err(|error| Why::from(&error))?;
        if metadata.is_dir() {
            return Err(Why::Folder);
        }
        if !metadata.is_file() {
            return Err(Why::Special);
        }
        if self.is_shared(&metadata, real) {
            return Err(Why::Shared);
        }
        Ok(Opened { file, metadata })
    }

    /// Whether a file has other names too and its owner is not that of the folder in which it stands: then somebody may
    /// have put another's file there, which needs no right to read it.
    #[cfg(unix)]
    fn is_shared(&self, metadata: &Metadata, path: &str) -> bool {
        use std::os::unix::fs::MetadataExt;
        let folder = self.0.at().join(path);
        let folder = folder.parent().map(|folder| self.0.look(folder));
        metadata.nlink() > 1 && folder.is_none_or(|seen| !seen.is_ok_and(|seen| seen.owners().0 == metadata.uid()))
    }

    #[cfg(not(unix))]
    fn is_shared(&self, _metadata: &Metadata, _path: &str) -> bool {
        false
    }

    /// Where a link leads, as a path from the root.
    fn target(&self, link: &str) -> Result<String, Why> {
        let said = self.0.read_link(&self.0.at().join(link)).map_err(|error| match error.kind() {
            // No link any more: the next look will tell.
            io::ErrorKind::InvalidInput => Why::Gone,
            _ => self.why(link, &error),
        })?;
        target(link, said.to_str().ok_or(Why::Outside)?)
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
