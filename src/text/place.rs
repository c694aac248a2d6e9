//! Files of a project, and bytes in them.

use super::span::Span;

/// One file of the project in a snapshot that [`crate::source`] took. Ids are in order of path; a preview's next
/// snapshot keeps them, so they are no positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u64);

impl FileId {
    /// No file: where one is missing that should be there.
    pub const NONE: Self = Self(u64::MAX);
}

/// Where a finding points: bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The bytes, from the start of the file.
    pub span: Span,
}

impl Place {
    /// The bytes `span` of `file`.
    pub fn new(file: FileId, span: Span) -> Self {
        Self { file, span }
    }

    /// The start of a file, for findings about the file itself.
    pub fn start(file: FileId) -> Self {
        Self { file, span: Span::new(0, 0) }
    }
}
