//! A snapshot of the project's files: the only reader of the project.
//!
//! Lists what is there once, in sorted order; texts are read when asked for, because keeping 20,000 documents in
//! memory would cost more than everything else together. Does not know what any file means.

use crate::diagnostic::FileId;
use anyhow::{Context, Result};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// A file of the project.
#[derive(Clone, Debug)]
pub struct File {
    /// Path from the site's root, `/`-separated, as people and messages name it: `content/2026/x/1-01.md`.
    pub path: Box<str>,
    /// Why it could not be listed or followed, where that is so.
    pub trouble: Option<Box<str>>,
}

/// The files of one site, from disk or, in tests and previews, from memory.
#[derive(Debug)]
pub struct Sources {
    files: Vec<File>,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Disk(PathBuf),
    Memory(Vec<Vec<u8>>),
}

/// Files larger than this are never read as text (bytes). A goal is a few kilobytes.
pub const LARGEST_TEXT: u64 = 4 * 1024 * 1024;

impl Sources {
    /// Lists `site.yaml`, `content/` and `themes/` under `root`.
    ///
    /// # Errors
    /// When the root is not a folder. What is wrong with single files becomes findings later.
    pub fn read(root: &Path) -> Result<Self> {
        let metadata = std::fs::metadata(root).with_context(|| format!("{}", root.display()))?;
        anyhow::ensure!(metadata.is_dir(), "{}: not a folder", root.display());
        let mut files = Vec::new();
        for top in ["content", "site.yaml", "themes"] {
            let start = root.join(top);
            if !start.exists() {
                continue;
            }
            for entry in WalkDir::new(&start).follow_links(true).sort_by_file_name() {
                match entry {
                    Ok(entry) if entry.file_type().is_file() => match relative(root, entry.path()) {
                        Some(path) => files.push(File { path: path.into(), trouble: None }),
                        // A name from an old archive, say: never dropped in silence.
                        None if entry.file_name().to_str().is_none() => {
                            let shown = entry.path().strip_prefix(root).unwrap_or(entry.path()).to_string_lossy();
                            files.push(File { path: (*shown).into(), trouble: Some("UTF-8".into()) });
                        }
                        None => {}
                    },
                    // A folder called `x.md` is a mistake someone must hear about; other folders are just folders.
                    Ok(entry) if entry.file_type().is_dir() && entry.path().extension() == Some("md".as_ref()) => {
                        if let Some(path) = relative(root, entry.path()) {
                            files.push(File { path: path.into(), trouble: Some("folder".into()) });
                        }
                    }
                    Ok(_) => {}
                    Err(error) => {
                        let path = error.path().and_then(|path| relative(root, path)).unwrap_or_else(|| top.into());
                        files.push(File { path: path.into(), trouble: Some(error.to_string().into()) });
                    }
                }
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { files, content: Content::Disk(root.to_path_buf()) })
    }

    /// A site that lives in memory: pairs of path and bytes.
    pub fn from_memory<P: Into<String>, B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, B)>) -> Self {
        let sorted: BTreeMap<String, Vec<u8>> =
            files.into_iter().map(|(path, bytes)| (path.into(), bytes.into())).collect();
        let (paths, bytes): (Vec<_>, Vec<_>) = sorted.into_iter().unzip();
        let files = paths.into_iter().map(|path| File { path: path.into(), trouble: None }).collect();
        Self { files, content: Content::Memory(bytes) }
    }

    /// Every file, in order of path.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &File)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId(index as u32), file))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file at all.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Path of a file from the site's root.
    pub fn path(&self, file: FileId) -> &str {
        self.files.get(file.0 as usize).map_or("", |file| &file.path)
    }

    /// The file at a path.
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.files.binary_search_by(|file| (*file.path).cmp(path)).ok().map(|index| FileId(index as u32))
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// When it cannot be read, or is larger than [`LARGEST_TEXT`].
    pub fn bytes(&self, file: FileId) -> Result<Cow<'_, [u8]>> {
        match &self.content {
            Content::Memory(all) => Ok(Cow::Borrowed(all.get(file.0 as usize).map_or(&[], |bytes| bytes.as_slice()))),
            Content::Disk(root) => {
                let path = root.join(self.path(file));
                let length = std::fs::metadata(&path).with_context(|| self.path(file).to_owned())?.len();
                anyhow::ensure!(length <= LARGEST_TEXT, "{}: {length} bytes", self.path(file));
                Ok(Cow::Owned(std::fs::read(&path).with_context(|| self.path(file).to_owned())?))
            }
        }
    }

    /// The text of a file for showing a finding: undecodable bytes are replaced.
    pub fn text_lossy(&self, file: FileId) -> String {
        self.bytes(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Size of a file in bytes, without reading it.
    pub fn size(&self, file: FileId) -> u64 {
        match &self.content {
            Content::Memory(all) => all.get(file.0 as usize).map_or(0, |bytes| bytes.len() as u64),
            Content::Disk(root) => std::fs::metadata(root.join(self.path(file))).map_or(0, |metadata| metadata.len()),
        }
    }

    /// Where the file is on disk, for copying without reading it into memory; `None` in memory.
    pub fn on_disk(&self, file: FileId) -> Option<PathBuf> {
        match &self.content {
            Content::Disk(root) => Some(root.join(self.path(file))),
            Content::Memory(_) => None,
        }
    }
}

/// `/`-separated path from the root; `None` for names that are not Unicode or hidden (editors' and systems' own).
fn relative(root: &Path, path: &Path) -> Option<String> {
    let mut text = String::new();
    for part in path.strip_prefix(root).ok()?.components() {
        let part = part.as_os_str().to_str()?;
        let of_a_program = part.starts_with('.') || part.starts_with("~$") || part.ends_with('~');
        if of_a_program || part.eq_ignore_ascii_case("Thumbs.db") || part.eq_ignore_ascii_case("desktop.ini") {
            return None;
        }
        if !text.is_empty() {
            text.push('/');
        }
        text.push_str(part);
    }
    Some(text)
}
