//! A snapshot of the project's files: the only reader of the project.
//!
//! Lists what is there once, in sorted order (`walk`); texts are read when asked for, because keeping 20,000 documents in
//! memory would cost more than everything else together. Everything is opened through one door (`door`), which stays
//! beneath the project's root. Does not know what any file means.

#![allow(clippy::disallowed_methods, reason = "io: the only reader of the project")]

mod door;
mod names;
#[cfg(test)]
#[cfg(unix)]
mod plantings;
mod walk;

use crate::text::encoding;
use crate::text::guard::guarded;
use crate::text::place::FileId;
use anyhow::{Context, Result};
pub use door::{Door, Look, Opened};
use names::is_visible;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::Hash;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
pub use walk::{each, list};
use xxhash_rust::xxh3::Xxh3;

/// A file of the project.
#[derive(Clone, Debug)]
pub struct File {
    /// Path from the site's root, `/`-separated, as people and messages name it: `content/2026/x/1-01.md`.
    pub path: Arc<str>,
    /// Why it could not be listed or followed, where that is so.
    pub trouble: Option<Why>,
}

/// A file that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Its path from the site's root.
    pub path: Box<str>,
    /// Why.
    pub why: Why,
}

/// Why a file could not be listed, followed or read: what kind of error the system gave, never its words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// Following links leads back to a folder above.
    Loop,
    /// No permission.
    Denied,
    /// It is not there, or what it links to is not.
    Gone,
    /// Its name is not UTF-8; in another encoding it is this, where that can be told.
    NotUtf8(Option<String>),
    /// A folder where a file is meant.
    Folder,
    /// A link that leads to anything but a plain file of the site.
    Outside,
    /// It has other names too, and belongs to somebody else than the folder in which it stands.
    Shared,
    /// A pipe, a socket, a device.
    Special,
    /// It has more bytes than [`LARGEST_TEXT`].
    TooLarge(u64),
    /// Anything else, in the system's words, for people.
    Other(String),
}

impl From<&io::Error> for Why {
    fn from(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied => Self::Denied,
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Gone,
            #[cfg(unix)]
            _ if is(error, rustix::io::Errno::LOOP) => Self::Loop,
            // Nobody is at the other end of a socket, and nothing drives a device.
            #[cfg(unix)]
            _ if is(error, rustix::io::Errno::NXIO) || is(error, rustix::io::Errno::NODEV) => Self::Special,
            _ => Self::Other(error.to_string()),
        }
    }
}

#[cfg(unix)]
fn is(error: &io::Error, number: rustix::io::Errno) -> bool {
    error.raw_os_error() == Some(number.raw_os_error())
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Loop => f.write_str("a loop of links"),
            Self::Denied => f.write_str("permission denied"),
            Self::Gone => f.write_str("no such file"),
            Self::NotUtf8(_) => f.write_str("UTF-8"),
            Self::Folder => f.write_str("a folder"),
            Self::Outside => f.write_str("a link out of the site"),
            Self::Shared => f.write_str("a file of somebody else"),
            Self::Special => f.write_str("not a plain file"),
            Self::TooLarge(size) => write!(f, "{size} bytes"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.why)
    }
}

impl std::error::Error for Unreadable {}

/// The files of one site, from disk or, in tests, from memory.
#[derive(Debug)]
pub struct Sources {
    /// In order of path.
    files: Vec<File>,
    /// The id of each file; they rise with the paths.
    ids: Vec<FileId>,
    content: Content,
    /// What some files will say that is not written yet.
    pending: BTreeMap<FileId, Arc<[u8]>>,
    /// Names that are not composed, as some systems write them: hardly ever any, and looked for once.
    decomposed: OnceLock<Vec<usize>>,
}

#[derive(Clone, Debug)]
enum Content {
    Disk(Arc<Door>),
    Memory(Arc<Vec<Vec<u8>>>),
}

/// Files larger than this are never read as text (bytes). A goal is a few kilobytes.
pub const LARGEST_TEXT: u64 = 4 * 1024 * 1024;

/// Files larger than this are never read into memory (bytes): a font of all kanji has 30 MB, a picture fewer.
const LARGEST_WHOLE: u64 = 256 * 1024 * 1024;

/// What is listed under a site's root.
pub const TOPS: [&str; 4] = ["content", "fonts", "site.yaml", "themes"];

/// Ids of neighbours in a fresh snapshot are this far apart, so that files that come later find room between them.
const GAP: u64 = 1 << 40;

/// How far behind its neighbour a file that comes later is put: people number their files, so the next new one will
/// most likely stand right behind this one.
const STEP: u64 = 1 << 20;

/// A change is told from the one before it once this much time lies between them: the clocks of file systems are
/// coarse, up to two seconds on a USB stick.
const SETTLING: Duration = Duration::from_secs(3);

impl Sources {
    /// Lists `site.yaml`, `content/`, `fonts/` and `themes/` under `root`.
    ///
    /// # Errors
    /// When the root is not a folder. What is wrong with single files becomes findings later.
    pub fn read(root: &Path) -> Result<Self> {
        let door = Door::of(root).with_context(|| format!("{}", root.display()))?;
        let mut files: Vec<File> = TOPS.iter().flat_map(|top| list(&door, top)).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let ids = fresh_ids(files.len());
        Ok(Self {
            files,
            ids,
            content: Content::Disk(Arc::new(door)),
            pending: BTreeMap::new(),
            decomposed: OnceLock::new(),
        })
    }

    /// A site that lives in memory: pairs of path and bytes; a path `link -> target` is a link. A folder called `x.md`
    /// is noticed as on disk.
    pub fn from_memory<P: Into<String>, B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, B)>) -> Self {
        let mut given: BTreeMap<String, Vec<u8>> =
            files.into_iter().map(|(path, bytes)| (path.into(), bytes.into())).collect();
        let links: Vec<(String, Result<Vec<u8>, Why>)> = given
            .keys()
            .filter_map(|path| path.split_once(" -> "))
            .map(|(link, target)| {
                let real = door::target(link, target);
                (link.to_owned(), real.and_then(|real| given.get(&real).cloned().ok_or(Why::Gone)))
            })
            .collect();
        given.retain(|path, _| !path.contains(" -> ") && path.split('/').all(is_visible));
        let mut sorted: BTreeMap<String, (Vec<u8>, Option<Why>)> =
            given.into_iter().map(|(path, bytes)| (path, (bytes, None))).collect();
        sorted.extend(links.into_iter().map(|(link, read)| match read {
            Ok(bytes) => (link, (bytes, None)),
            Err(why) => (link, (Vec::new(), Some(why))),
        }));
        let folders: Vec<String> =
            sorted.keys().filter_map(|path| Some(format!("{}.md", path.split_once(".md/")?.0))).collect();
        sorted.extend(folders.into_iter().map(|path| (path, (Vec::new(), Some(Why::Folder)))));
        let (files, bytes): (Vec<File>, Vec<_>) =
            sorted.into_iter().map(|(path, (bytes, trouble))| (File { path: path.into(), trouble }, bytes)).unzip();
        let ids = fresh_ids(files.len());
        Self {
            files,
            ids,
            content: Content::Memory(Arc::new(bytes)),
            pending: BTreeMap::new(),
            decomposed: OnceLock::new(),
        }
    }

    /// The same snapshot, in which every file that was in the earlier one keeps the id it had there.
    ///
    /// Ids keep rising with the paths: a file that is new gets one between those of its neighbours. Where there is no
    /// room left between two neighbours, all ids are new.
    pub fn following(mut self, earlier: &Sources) -> Self {
        let mut ids: Vec<Option<FileId>> = Vec::with_capacity(self.files.len());
        let mut known = earlier.files.iter().zip(&earlier.ids).peekable();
        for file in &self.files {
            while known.next_if(|(other, _)| other.path < file.path).is_some() {}
            ids.push(known.next_if(|(other, _)| other.path == file.path).map(|(_, id)| *id));
        }
        if let Some(ids) = fill_gaps(&ids) {
            self.ids = ids;
        }
        self
    }

    /// A snapshot of what is on disk behind `door` after some files of this one went and others came. Those that come at
    /// a path that is known take its place; ids stay as in [`following`](Self::following).
    pub fn after(&self, door: Arc<Door>, gone: &BTreeSet<Arc<str>>, come: Vec<File>) -> Self {
        let mut come: BTreeMap<Arc<str>, File> = come.into_iter().map(|file| (file.path.clone(), file)).collect();
        let mut files = Vec::with_capacity(self.files.len() + come.len());
        let mut ids = Vec::with_capacity(self.files.len() + come.len());
        for (id, file) in self.iter() {
            while let Some(new) = come.first_entry().filter(|new| **new.key() < *file.path) {
                files.push(new.remove());
                ids.push(None);
            }
            if let Some(new) = come.remove(&file.path) {
                files.push(new);
                ids.push(Some(id));
            } else if !gone.contains(&file.path) {
                files.push(file.clone());
                ids.push(Some(id));
            }
        }
        ids.extend(come.iter().map(|_| None));
        files.extend(come.into_values());
        let ids = fill_gaps(&ids).unwrap_or_else(|| fresh_ids(files.len()));
        Self { files, ids, content: Content::Disk(door), pending: BTreeMap::new(), decomposed: OnceLock::new() }
    }

    /// The same snapshot, in which some files say something else that nobody has written yet.
    pub fn with(&self, pending: BTreeMap<FileId, Arc<[u8]>>) -> Self {
        let (files, ids, content) = (self.files.clone(), self.ids.clone(), self.content.clone());
        Self { files, ids, content, pending, decomposed: OnceLock::new() }
    }

    /// The file listed under exactly this path.
    pub fn listed(&self, path: &str) -> Option<(FileId, &File)> {
        let index = self.files.binary_search_by(|file| (*file.path).cmp(path)).ok()?;
        Some((self.ids[index], &self.files[index]))
    }

    /// Every file, in order of path.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &File)> {
        self.ids.iter().copied().zip(&self.files)
    }

    /// The files in a folder, given with its `/`.
    pub fn under(&self, folder: &str) -> impl Iterator<Item = (FileId, &File)> {
        let first = self.files.partition_point(|file| *file.path < *folder);
        let files = self.ids[first..].iter().copied().zip(&self.files[first..]);
        files.take_while(move |(_, file)| file.path.starts_with(folder))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file at all.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Position of a file in order of path, from 0.
    pub fn index(&self, file: FileId) -> Option<usize> {
        // Right in every snapshot that follows no other.
        let guess = (file.0 / GAP).wrapping_sub(1) as usize;
        if self.ids.get(guess) == Some(&file) { Some(guess) } else { self.ids.binary_search(&file).ok() }
    }

    /// Path of a file from the site's root.
    pub fn path(&self, file: FileId) -> &str {
        self.index(file).map_or("", |index| &self.files[index].path)
    }

    /// The file at a path. Names that macOS wrote in parts (NFD) are found by the name that people type.
    pub fn find(&self, path: &str) -> Option<FileId> {
        match self.files.binary_search_by(|file| (*file.path).cmp(path)) {
            Ok(index) => Some(self.ids[index]),
            Err(_) if path.is_ascii() => None,
            Err(_) => {
                let all = self.files.iter().enumerate();
                let decomposed = || all.filter(|(_, file)| is_decomposed(&file.path)).map(|(index, _)| index).collect();
                let mut named = self.decomposed.get_or_init(decomposed).iter().copied();
                named.find(|index| self.files[*index].path.nfc().eq(path.nfc())).map(|index| self.ids[index])
            }
        }
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// When it cannot be read, or is larger than [`LARGEST_TEXT`].
    pub fn bytes(&self, file: FileId) -> Result<Cow<'_, [u8]>, Unreadable> {
        self.whole_up_to(file, LARGEST_TEXT)
    }

    /// The bytes of a file that is no text, such as a font or an image.
    ///
    /// # Errors
    /// When it cannot be read, or is larger than anything that is read as a whole.
    pub fn whole(&self, file: FileId) -> Result<Cow<'_, [u8]>, Unreadable> {
        self.whole_up_to(file, LARGEST_WHOLE)
    }

    fn whole_up_to(&self, file: FileId, most: u64) -> Result<Cow<'_, [u8]>, Unreadable> {
        if let Some(bytes) = self.pending.get(&file) {
            return Ok(Cow::Borrowed(bytes));
        }
        match &self.content {
            Content::Memory(all) => Ok(Cow::Borrowed(self.index(file).map_or(&[], |index| all[index].as_slice()))),
            Content::Disk(door) => {
                let path = self.path(file);
                let read = read(door, path, most);
                read.map(Cow::Owned).map_err(|why| Unreadable { path: path.into(), why })
            }
        }
    }

    /// Opens a file for reading it in parts; `None` in memory, where [`Sources::bytes`] costs nothing.
    ///
    /// # Errors
    /// When it cannot be opened, or is no plain file of the site.
    pub fn open(&self, file: FileId) -> Result<Option<Opened>, Unreadable> {
        match &self.content {
            _ if self.pending.contains_key(&file) => Ok(None),
            Content::Memory(_) => Ok(None),
            Content::Disk(door) => {
                let path = self.path(file);
                door.open(path).map(Some).map_err(|why| Unreadable { path: path.into(), why })
            }
        }
    }

    /// The first bytes of a file, at most so many.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn start(&self, file: FileId, most: usize) -> Result<Vec<u8>, Unreadable> {
        let Some(opened) = self.open(file)? else {
            return self.whole(file).map(|bytes| bytes[..bytes.len().min(most)].to_vec());
        };
        let mut bytes = Vec::new();
        match opened.file.take(most as u64).read_to_end(&mut bytes) {
            Ok(_) => Ok(bytes),
            Err(error) => Err(Unreadable { path: self.path(file).into(), why: Why::from(&error) }),
        }
    }

    /// The text of a file for showing a finding: decoded from other encodings, undecodable bytes replaced.
    pub fn text_lossy(&self, file: FileId) -> String {
        self.bytes(file).map(|bytes| encoding::shown(&bytes).into_owned()).unwrap_or_default()
    }

    /// Size of a file in bytes, without reading it.
    ///
    /// # Errors
    /// As for [`Sources::open`].
    pub fn size(&self, file: FileId) -> Result<u64, Unreadable> {
        match self.open(file)? {
            Some(opened) => Ok(opened.metadata.len()),
            None => self.whole(file).map(|bytes| bytes.len() as u64),
        }
    }

    /// Width and height of an image in pixels; nothing where the file is none that browsers show, or is broken.
    pub fn image_size(&self, file: FileId) -> Option<(u32, u32)> {
        let size = guarded(|| match &self.content {
            Content::Disk(door) if !self.pending.contains_key(&file) => {
                imagesize::reader_size(BufReader::new(door.open(self.path(file)).ok()?.file)).ok()
            }
            _ => imagesize::blob_size(&self.whole(file).ok()?).ok(),
        });
        let size = size.ok()??;
        Some((size.width.try_into().ok()?, size.height.try_into().ok()?))
    }

    /// How all files look from outside, as one number: while it stays the same, so does what is in them.
    ///
    /// `None` where that cannot be known: in memory, on a system without inode numbers, where a file cannot be looked at,
    /// and where one changed so shortly before `now` that the next change could look the same.
    pub fn look(&self, now: SystemTime) -> Option<u128> {
        let Content::Disk(door) = &self.content else { return None };
        if !self.pending.is_empty() {
            return None;
        }
        let settled = i64::try_from((now - SETTLING).duration_since(UNIX_EPOCH).ok()?.as_nanos()).ok()?;
        let looks =
            self.files.par_iter().map(|file| door.look(&file.path).filter(|it| it.changed < settled && it.inode != 0));
        let looks = looks.collect::<Option<Vec<Look>>>()?;
        let mut all = Xxh3::new();
        for (file, look) in self.files.iter().zip(looks) {
            (&file.path, &file.trouble, look).hash(&mut all);
        }
        Some(all.digest128())
    }

    /// The door to what is on disk; `None` in memory.
    pub fn door(&self) -> Option<&Arc<Door>> {
        match &self.content {
            Content::Disk(door) => Some(door),
            Content::Memory(_) => None,
        }
    }
}

/// The bytes of a file that has at most `most`.
///
/// # Errors
/// When it cannot be read or has more.
pub fn read(door: &Door, path: &str, most: u64) -> Result<Vec<u8>, Why> {
    let Opened { mut file, metadata } = door.open(path)?;
    let length = metadata.len();
    if length > most {
        return Err(Why::TooLarge(length));
    }
    read_all(&mut file, usize::try_from(length).unwrap_or(0)).map_err(|error| Why::from(&error))
}

/// Reads a file that is `length` bytes long, or has just become something else. Knowing the length and reading one byte
/// more, one call tells that it has ended; the general way takes four.
fn read_all(file: &mut std::fs::File, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length + 1];
    let count = loop {
        match file.read(&mut bytes) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => break read?,
        }
    };
    bytes.truncate(count);
    if count != length {
        file.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// Whether a path has letters and their marks apart.
fn is_decomposed(path: &str) -> bool {
    !path.is_ascii() && is_nfc_quick(path.chars()) != IsNormalized::Yes
}

fn fresh_ids(files: usize) -> Vec<FileId> {
    (1..=files as u64).map(|number| FileId(number * GAP)).collect()
}

/// Gives every file without an id one that lies between its neighbours'; `None` where there is no room.
fn fill_gaps(ids: &[Option<FileId>]) -> Option<Vec<FileId>> {
    let mut filled = Vec::with_capacity(ids.len());
    let mut rest = ids;
    let mut low = 0;
    while let Some((first, after)) = rest.split_first() {
        if let Some(id) = first {
            (low, rest) = (id.0, after);
            filled.push(*id);
            continue;
        }
        let count = rest.iter().take_while(|id| id.is_none()).count();
        let high = rest.get(count).copied().flatten().map_or(u64::MAX, |id| id.0);
        let step = ((high - low) / (count as u64 + 1)).min(STEP);
        if step == 0 {
            return None;
        }
        filled.extend((1..=count as u64).map(|number| FileId(low + number * step)));
        rest = &rest[count..];
    }
    Some(filled)
}

/// `/`-separated path from the root; `None` for names that are not Unicode or hidden, and for paths that are not below the
/// root.
pub fn relative(root: &Path, path: &Path) -> Option<String> {
    let mut text = String::new();
    for part in path.strip_prefix(root).ok()?.components() {
        let part = part.as_os_str().to_str().filter(|part| is_visible(part))?;
        if !text.is_empty() {
            text.push('/');
        }
        text.push_str(part);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(paths: &[&str]) -> Sources {
        Sources::from_memory(paths.iter().map(|path| (*path, *path)))
    }

    #[track_caller]
    fn rises_with_the_paths(sources: &Sources) {
        assert!(sources.ids.is_sorted_by(|a, b| a < b), "{:?}", sources.ids);
        for (id, file) in sources.iter() {
            assert_eq!(sources.find(&file.path), Some(id));
            assert_eq!(sources.path(id), &*file.path);
            assert_eq!(sources.bytes(id).unwrap(), file.path.as_bytes());
        }
    }

    #[test]
    fn a_file_keeps_its_id_while_others_come_and_go() {
        let before = memory(&["content/a.md", "content/b.md", "content/d.md", "site.yaml"]);
        let after =
            memory(&["content/0.md", "content/b.md", "content/c.md", "site.yaml", "themes/x"]).following(&before);
        rises_with_the_paths(&after);
        for path in ["content/b.md", "site.yaml"] {
            assert_eq!(before.find(path), after.find(path));
        }
    }

    #[test]
    fn a_snapshot_after_changes_is_the_one_a_new_look_gives() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str| {
            std::fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
            std::fs::write(folder.path().join(path), "").unwrap();
        };
        ["content/a.md", "content/c.md", "content/e/f.md", "site.yaml"].into_iter().for_each(write);
        let before = Sources::read(folder.path()).unwrap();
        std::fs::remove_file(folder.path().join("content/c.md")).unwrap();
        ["content/0.md", "content/d.md", "themes/x/theme.yaml"].into_iter().for_each(write);
        let come = ["themes/x/theme.yaml", "content/d.md", "content/0.md", "site.yaml"];
        let come = come.map(|path| File { path: path.into(), trouble: None }).into();
        let after = before.after(Door::of(folder.path()).unwrap().into(), &["content/c.md".into()].into(), come);
        let looked = Sources::read(folder.path()).unwrap().following(&before);
        let shown = |sources: &Sources| sources.iter().map(|(id, file)| (id, file.path.clone())).collect::<Vec<_>>();
        assert_eq!(shown(&after), shown(&looked));
        assert_eq!(after.listed("content/d.md").map(|(id, _)| id), after.find("content/d.md"));
        assert!(after.listed("content/c.md").is_none());
    }

    #[test]
    fn ids_rise_with_the_paths_however_many_files_come() {
        let mut paths = vec!["content/1.md".to_owned(), "content/9.md".to_owned()];
        let list = |paths: &[String]| memory(&paths.iter().map(String::as_str).collect::<Vec<_>>());
        let mut sources = list(&paths);
        // Always before the last one that came, until there is no room: the worst order.
        for number in (0..200).rev() {
            paths.push(format!("content/2-{number:03}.md"));
            sources = list(&paths).following(&sources);
            rises_with_the_paths(&sources);
        }
    }
}
