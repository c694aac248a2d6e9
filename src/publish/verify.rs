//! Proves that a folder is the site its manifest describes: complete, untouched, nothing else in it.

use super::content::{Hash, identify};
use super::manifest::{INNER_FOLDER, MANIFEST, Manifest, ManifestFacts, digest};
use super::place::Place;
use super::records::look;
use super::tree;
use super::trouble::{AtPath, Trouble, TroubleKind};
use crate::beneath::{Beneath, Kind};
use crate::text::language::Message;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::path::Path;

/// What [`verify`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// What the manifest says about the build.
    pub facts: ManifestFacts,
    /// The digest of the whole as the manifest's own lines give it. Compare it with the digest of another copy.
    pub digest: Hash,
    /// Whether the manifest states this digest, and the right count and size; if not, somebody edited the manifest.
    pub digest_is_stated: bool,
    /// How many files the manifest lists.
    pub files: usize,
    /// The size of all of them.
    pub bytes: u64,
    /// Files that are not there (or not as plain files), sorted.
    pub missing: Vec<String>,
    /// Files with another content, sorted. One that cannot be read counts as changed.
    pub changed: Vec<String>,
    /// Files that the manifest does not list, sorted: nobody vouches for them.
    pub foreign: Vec<String>,
}

impl Verification {
    /// Whether every file of the site is there with its content.
    pub fn is_whole(&self) -> bool {
        self.digest_is_stated && self.missing.is_empty() && self.changed.is_empty()
    }

    /// Whether it is whole, and there is nothing else.
    pub fn is_as_published(&self) -> bool {
        self.is_whole() && self.foreign.is_empty()
    }
}

/// Hashes every file of a published folder, or of a copy of one, and compares it with the manifest in it. Writes nothing.
///
/// Errors: there is no manifest, or it cannot be read.
pub fn verify(dir: &Path) -> anyhow::Result<Verification> {
    let real = match std::fs::canonicalize(dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(no_site(dir).into()),
        real => real.reading(dir)?,
    };
    let (beneath, dir) = (&Beneath::open(&real).reading(dir)?, &*real);
    let (manifest, _) = match Manifest::read(beneath, dir) {
        Err(trouble) if trouble.kind == TroubleKind::DamagedManifest => return Err(copy_again(&trouble).into()),
        read => read?.ok_or_else(|| no_site(dir))?,
    };
    let found: Vec<_> = manifest
        .files
        .par_iter()
        .map(|file| {
            let at = dir.join(&*file.path);
            Ok(match look(beneath, &at)? {
                None => Found::Missing,
                Some((size, _)) if size != file.size => Found::Changed,
                Some(_) if identify(beneath, &at).is_ok_and(|it| it.sha256 == file.sha256) => Found::Whole,
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
    for entry in tree::walk(beneath, dir) {
        let entry = entry?;
        let is_listed = tree::relative(dir, &entry.path).is_some_and(|path| {
            path == MANIFEST || manifest.files.binary_search_by(|it| (*it.path).cmp(&path)).is_ok()
        });
        let is_folder = entry.kind == Kind::Folder;
        if (!is_folder && !is_listed) || (is_folder && tree::is_closed(beneath, &entry.path)) {
            foreign.push(tree::shown(dir, &entry.path));
        }
    }
    foreign.extend(strangers_among_own(beneath, dir)?);
    foreign.sort_unstable();

    let digest = digest(manifest.files.iter().map(|it| (&*it.path, it.size, it.sha256)));
    let bytes = manifest.files.iter().map(|it| it.size).sum();
    let counts_are_true = (manifest.count, manifest.bytes) == (manifest.files.len() as u64, bytes);
    Ok(Verification {
        digest_is_stated: digest == manifest.digest && counts_are_true,
        digest,
        files: manifest.files.len(),
        bytes,
        facts: manifest.facts,
        missing,
        changed,
        foreign,
    })
}

/// What is in kohyo's own folder inside the site (there is one where the site cannot be exchanged) and is not kohyo's.
fn strangers_among_own(beneath: &Beneath, dir: &Path) -> Result<Vec<String>, Trouble> {
    let inner = dir.join(INNER_FOLDER);
    let is_own = |path: &Path| Place::is_own_file(&tree::shown(&inner, path));
    let mut strangers = Vec::new();
    // The walk passes over a folder of this name.
    if beneath.exists(&inner.join(INNER_FOLDER)) {
        strangers.push(tree::shown(dir, &inner.join(INNER_FOLDER)));
    }
    if beneath.exists(&inner) && !beneath.is_folder(&inner) {
        return Ok(vec![tree::shown(dir, &inner)]);
    }
    for entry in tree::walk(beneath, &inner) {
        let entry = entry?;
        if entry.kind != Kind::Folder && !is_own(&entry.path) {
            strangers.push(tree::shown(dir, &entry.path));
        }
    }
    Ok(strangers)
}

fn no_site(dir: &Path) -> Trouble {
    let shown = dir.display();
    Trouble::new(
        TroubleKind::NotOurs,
        format!(
            "ここには kohyo が公開したサイトがありません({MANIFEST} がありません)。公開したフォルダーを指定してください: {shown}"
        ),
        format!("there is no site that kohyo published here (no {MANIFEST}); name the published folder: {shown}"),
    )
}

fn copy_again(trouble: &Trouble) -> Trouble {
    let Message { ja, en } = &trouble.message;
    Trouble::new(
        trouble.kind,
        format!("確かめられません。公開元からもう一度写してください。{ja}"),
        format!("this cannot be verified; copy it again from where it was published. {en}"),
    )
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Whole,
    Missing,
    Changed,
}
