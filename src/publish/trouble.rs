//! What can go wrong with the machine or with the folder, in words for the person at the keyboard.

use crate::diagnostic::Message;
use std::fmt;
use std::io;
use std::path::Path;

/// Why the output folder could not be opened, written or switched. Always leaves the live site as it was.
///
/// It travels inside `anyhow::Error`; a caller that wants the kind or the Japanese sentence downcasts to it.
#[derive(Debug)]
pub struct Trouble {
    /// What kind of trouble, for exit codes and tests.
    pub kind: TroubleKind,
    /// What happened, to which path, and what to do about it.
    pub message: Message,
    source: Option<io::Error>,
}

/// The kinds of trouble that a person can do something about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// The output folder holds files that kohyo did not write, and `--adopt` was not given.
    NotOurs,
    /// A page of the new site would replace a file that kohyo did not write.
    Collision,
    /// The list of files inside the output folder cannot be read.
    DamagedManifest,
    /// The output folder holds the site's sources, or is a part of them, of kohyo's own folders or of another site.
    Misplaced,
    /// Something is mounted inside a folder that kohyo would have to remove.
    Mounted,
    /// Another build is writing to the same folder.
    Busy,
    /// The output path is a file, or a part of it is.
    NotAFolder,
    /// A pipe, a device or a folder where a file must be.
    NotAFile,
    /// The disk, or the quota, is full.
    DiskFull,
    /// No permission, or a read-only disk.
    NotPermitted,
    /// A path that may not be published (`..`, absolute, reserved), or one that was given twice: a bug of the caller.
    BadPath,
    /// A file could not be written, and the site was to be published without it.
    Incomplete,
    /// Anything else the operating system said.
    Other,
}

impl Trouble {
    pub(super) fn new(kind: TroubleKind, ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { kind, message: Message::new(ja, en), source: None }
    }

    /// Wraps what the operating system said about `path`: `ja` and `en` say what was being done to it.
    pub(super) fn io(error: io::Error, ja: &str, en: &str, path: &Path) -> Self {
        use io::ErrorKind as E;
        let (kind, why_ja, why_en) = match error.kind() {
            E::StorageFull | E::QuotaExceeded | E::FileTooLarge => (
                TroubleKind::DiskFull,
                "ディスクの空き(または割り当て)が足りません",
                "the disk (or the quota, or the largest allowed file) is full",
            ),
            E::PermissionDenied => (TroubleKind::NotPermitted, "書き込みの権限がありません", "permission is missing"),
            E::ReadOnlyFilesystem => (TroubleKind::NotPermitted, "読み取り専用のディスクです", "the disk is read-only"),
            E::NotADirectory => {
                (TroubleKind::NotAFolder, "途中にフォルダーでないものがあります", "a part of the path is not a folder")
            }
            _ => (TroubleKind::Other, "OS のエラーです", "the operating system refused"),
        };
        let path = path.display();
        Self {
            kind,
            message: Message::new(
                format!("{ja}: {path} — {why_ja}({error})"),
                format!("{en}: {path} — {why_en} ({error})"),
            ),
            source: Some(error),
        }
    }

    /// The operating system's error, where there is one.
    pub fn io_error(&self) -> Option<&io::Error> {
        self.source.as_ref()
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message.en)
    }
}

// The text of the operating system's error is already inside the message, so it is not a `source` as well.
impl std::error::Error for Trouble {}

/// Names the path and the action where an `io::Result` becomes ours.
pub(super) trait At<T> {
    fn at(self, path: &Path, ja: &str, en: &str) -> Result<T, Trouble>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: &Path, ja: &str, en: &str) -> Result<T, Trouble> {
        self.map_err(|error| Trouble::io(error, ja, en, path))
    }
}

const WRITE: (&str, &str) = ("書き込めませんでした", "could not write");
const READ: (&str, &str) = ("読めませんでした", "could not read");
const REMOVE: (&str, &str) = ("消せませんでした", "could not remove");

/// The three actions that most steps are made of.
pub(super) trait AtPath<T>: At<T> + Sized {
    fn writing(self, path: &Path) -> Result<T, Trouble> {
        self.at(path, WRITE.0, WRITE.1)
    }
    fn reading(self, path: &Path) -> Result<T, Trouble> {
        self.at(path, READ.0, READ.1)
    }
    fn removing(self, path: &Path) -> Result<T, Trouble> {
        self.at(path, REMOVE.0, REMOVE.1)
    }
}

impl<T> AtPath<T> for io::Result<T> {}
