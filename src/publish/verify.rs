//! Proves that a folder is the site its manifest describes: complete, untouched, nothing else in it.

use super::content::{Hash, identify};
use super::live::damaged;
use super::manifest::{MANIFEST, Manifest, ManifestFacts, digest};
use super::records::look;
use super::tree;
use super::trouble::{AtPath, Trouble};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::fs;
use std::path::Path;

/// What [`verify`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// What the manifest says about the build.
    pub facts: ManifestFacts,
    /// The digest of the whole as the manifest's own lines give it. Compare it with the digest of another copy.
    pub digest: Hash,
    /// Whether the manifest states this digest; if not, somebody edited the manifest.
    pub digest_is_stated: bool,
    /// How many files the manifest lists.
    pub files: usize,
    /// The size of all of them.
    pub bytes: u64,
    /// Files that are not there (or not as plain files), sorted.
    pub missing: Vec<String>,
    /// Files with another content, sorted. One that cannot be read counts as changed.
    pub changed: Vec<String>,
    /// Files that the manifest does not list, sorted. They do not make a copy wrong, but nobody vouches for them.
    pub foreign: Vec<String>,
}

impl Verification {
    /// Whether every file of the site is there with its content.
    pub fn is_whole(&self) -> bool {
        self.digest_is_stated && self.missing.is_empty() && self.changed.is_empty()
    }
}

/// Hashes every file of a published folder, or of a copy of one, and compares it with the manifest in it. Writes nothing.
///
/// Errors: there is no manifest, or it cannot be read.
pub fn verify(dir: &Path) -> anyhow::Result<Verification> {
    let at = dir.join(MANIFEST);
    let manifest = Manifest::parse(&fs::read(&at).reading(&at)?).map_err(|reason| damaged(&at, &reason))?;
    let found: Vec<_> = manifest
        .files
        .par_iter()
        .map(|file| {
            let at = dir.join(&*file.path);
            Ok(match look(&at)? {
                None => Found::Missing,
                Some((size, _)) if size != file.size => Found::Changed,
                Some(_) if identify(&at).is_ok_and(|it| it.sha256 == file.sha256) => Found::Whole,
                Some(_) => Found::Changed,
            })
        })
        .collect::<Result<_, Trouble>>()?;
    let those = |which: Found| {
        let paths = manifest.files.iter().zip(&found).filter(|(_, found)| **found == which);
        paths.map(|(file, _)| file.path.to_string()).collect()
    };
    let (missing, changed) = (those(Found::Missing), those(Found::Changed));

    let mut foreign = Vec::new();
    for entry in tree::walk(dir) {
        let Some(entry) = entry? else { continue };
        let is_listed = tree::relative(dir, entry.path()).is_some_and(|path| {
            path == MANIFEST || manifest.files.binary_search_by(|it| (*it.path).cmp(&path)).is_ok()
        });
        let is_folder = entry.file_type().is_dir();
        if (!is_folder && !is_listed) || (is_folder && tree::is_closed(entry.path())) {
            foreign.push(tree::shown(dir, entry.path()));
        }
    }
    foreign.sort_unstable();

    let digest = digest(manifest.files.iter().map(|it| (&*it.path, it.size, it.sha256)));
    Ok(Verification {
        digest_is_stated: digest == manifest.digest,
        digest,
        files: manifest.files.len(),
        bytes: manifest.files.iter().map(|it| it.size).sum(),
        facts: manifest.facts,
        missing,
        changed,
        foreign,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Whole,
    Missing,
    Changed,
}
