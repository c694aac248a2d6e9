//! What a publication did.

use super::content::Hash;
use crate::text::language::Message;

/// How the new site became public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Nothing had changed, so nothing was touched.
    Untouched,
    /// There was no site: one rename.
    FirstRename,
    /// One exchange of two names.
    Exchange,
    /// Two renames, with a moment in between without a site.
    TwoRenames,
    /// File by file.
    PerFile,
}

/// What a publication changed.
#[derive(Clone, Debug)]
pub struct Published {
    /// How the new site became public.
    pub method: Method,
    /// Paths that were not published before, sorted.
    pub new: Vec<String>,
    /// Paths with new content, sorted.
    pub changed: Vec<String>,
    /// Paths that are no longer part of the site, sorted.
    pub removed: Vec<String>,
    /// Published files that somebody had changed or removed by hand since the last build, sorted. They are as built again,
    /// or gone if they are no longer part of the site: each is in `changed` or `removed`, too.
    pub edited: Vec<String>,
    /// How many files stayed as they were.
    pub unchanged: usize,
    /// Files and folders in the output folder that kohyo did not make, sorted. They stay.
    pub foreign: Vec<String>,
    /// How many files the site has, without the manifest.
    pub files: usize,
    /// The size of all of them.
    pub bytes: u64,
    /// The digest of the whole, as in the manifest.
    pub digest: Hash,
    /// What the user should know: fallbacks, repairs, kept folders.
    pub notes: Vec<Message>,
}
