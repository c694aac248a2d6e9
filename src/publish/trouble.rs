//! What can go wrong with the machine or with the folder, in words for the person at the keyboard.

use crate::text::language::Message;
use std::path::Path;
use std::{fmt, io};

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
    /// Another program has a file open that has to be replaced.
    Held,
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

    /// Adds what people want to know first when a build of theirs has failed.
    pub(super) fn with_site_as_before(mut self) -> Self {
        self.message.ja += " 公開中のサイトは前のままです。";
        self.message.en += "; the published site is as it was";
        self
    }

    /// Wraps what the operating system said about `path`.
    fn io(error: io::Error, action: Action, path: &Path) -> Self {
        use io::ErrorKind as E;
        let (kind, why_ja, why_en) = match error.kind() {
            E::StorageFull | E::QuotaExceeded | E::FileTooLarge => (
                TroubleKind::DiskFull,
                "ディスクの空き(または割り当て)が足りません。空きを作ってから、もう一度実行してください",
                "the disk (or the quota, or the largest allowed file) is full; make room and run again",
            ),
            E::PermissionDenied => (TroubleKind::NotPermitted, action.permission(), "permission is missing"),
            E::ReadOnlyFilesystem => (TroubleKind::NotPermitted, "読み取り専用のディスクです", "the disk is read-only"),
            E::NotADirectory => {
                (TroubleKind::NotAFolder, "途中にフォルダーでないものがあります", "a part of the path is not a folder")
            }
            _ => (TroubleKind::Other, "OS のエラーです", "the operating system refused"),
        };
        let (path, (ja, en)) = (path.display(), action.words());
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

/// What was being done when the operating system refused.
#[derive(Clone, Copy)]
enum Action {
    Write,
    Read,
    Remove,
}

impl Action {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Write => ("書き込めませんでした", "could not write"),
            Self::Read => ("読めませんでした", "could not read"),
            Self::Remove => ("消せませんでした", "could not remove"),
        }
    }

    fn permission(self) -> &'static str {
        match self {
            Self::Read => "読み取りの権限がありません。持ち主に権限を頼んでください",
            Self::Write | Self::Remove => {
                "書き込みの権限がありません。持ち主に権限を頼むか、別の場所(--out)を指定してください"
            }
        }
    }
}

/// Names the path and the action where an `io::Result` becomes ours.
pub(super) trait AtPath<T>: Sized {
    fn writing(self, path: &Path) -> Result<T, Trouble>;
    fn reading(self, path: &Path) -> Result<T, Trouble>;
    fn removing(self, path: &Path) -> Result<T, Trouble>;
}

impl<T> AtPath<T> for io::Result<T> {
    fn writing(self, path: &Path) -> Result<T, Trouble> {
        self.map_err(|error| Trouble::io(error, Action::Write, path))
    }

    fn reading(self, path: &Path) -> Result<T, Trouble> {
        self.map_err(|error| Trouble::io(error, Action::Read, path))
    }

    fn removing(self, path: &Path) -> Result<T, Trouble> {
        self.map_err(|error| Trouble::io(error, Action::Remove, path))
    }
}
