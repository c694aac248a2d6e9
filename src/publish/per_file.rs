//! The fallback where the folder cannot be switched as a whole: file by file, in an order that keeps every page whole.
//!
//! First what pages refer to, then pages, index pages last, then stale files go, then the manifest. Each file appears by
//! one rename, so a visitor sees a whole old or a whole new file; two pages may be of different builds for a moment.

use super::content::Content;
use super::manifest::MANIFEST;
use super::next::{Entry, Next};
use super::place::Place;
use super::tree::ignore_missing;
use super::trouble::{AtPath, Trouble, TroubleKind};
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// Moves what is new (and the manifest) from `back` into the live folder and removes what is stale.
pub(super) fn install(place: &Place, next: &Next) -> Result<(), Trouble> {
    let (live, back) = (&place.live, place.back());
    let mut order: Vec<_> = next.files.iter().filter(|it| it.is_in_back()).map(Entry::path).collect();
    let halves: BTreeSet<String> = order.iter().map(|path| half_of(path)).collect();
    let earlier = next.pending.iter().chain(&halves).map(String::as_str);
    announce(&place.pending(), order.iter().copied().chain(earlier))?;
    order.sort_by_key(|path| turn(path));
    let mut folders = Folders::new(live);
    for path in order {
        folders.refuse_link(path)?;
        move_into(&back.join(path), live, path)?;
    }
    let forgotten = next.pending.iter().map(String::as_str).filter(|it| next.find(it).is_none());
    for path in next.stale.iter().map(|it| &**it).chain(forgotten) {
        // What is behind a link is somebody else's, whatever its name.
        if folders.are_real_above(path) {
            remove(live, path)?;
        }
    }
    move_into(&back.join(MANIFEST), live, MANIFEST)?;
    ignore_missing(fs::remove_file(place.pending())).removing(&place.pending())
}

/// Removes a file, and the folders that are empty without it.
fn remove(live: &Path, path: &str) -> Result<(), Trouble> {
    let at = live.join(path);
    match fs::remove_file(&at) {
        // Somebody made a folder of this name: it is theirs.
        Err(_) if at.is_dir() => return Ok(()),
        removed => ignore_missing(removed).removing(&at)?,
    }
    let mut folder = Path::new(path).parent();
    while let Some(parent) = folder.filter(|it| !it.as_os_str().is_empty()) {
        if fs::remove_dir(live.join(parent)).is_err() {
            break;
        }
        folder = parent.parent();
    }
    Ok(())
}

/// Knows which folders below the live one are folders, and not links to folders elsewhere.
struct Folders<'a> {
    live: &'a Path,
    known: HashMap<String, bool>,
}

impl<'a> Folders<'a> {
    fn new(live: &'a Path) -> Self {
        Self { live, known: HashMap::new() }
    }

    /// Whether no folder above this path is a symbolic link. Missing ones are none.
    fn are_real_above(&mut self, path: &str) -> bool {
        let Some((folder, _)) = path.rsplit_once('/') else { return true };
        if let Some(known) = self.known.get(folder) {
            return *known;
        }
        let is_link = fs::symlink_metadata(self.live.join(folder)).is_ok_and(|it| it.is_symlink());
        let is_real = !is_link && self.are_real_above(folder);
        self.known.insert(folder.to_owned(), is_real);
        is_real
    }

    fn refuse_link(&mut self, path: &str) -> Result<(), Trouble> {
        if self.are_real_above(path) {
            return Ok(());
        }
        let shown = self.live.join(path);
        let shown = shown.display();
        Err(Trouble::new(
            TroubleKind::Collision,
            format!("途中のフォルダーがシンボリックリンクなので、その先には書き込みません: {shown}"),
            format!("a folder on the way is a symbolic link, so nothing is written behind it: {shown}"),
        ))
    }
}

/// Writes down which files are about to appear: if this build is killed, the next one knows that they are ours.
fn announce<'a>(pending: &Path, paths: impl Iterator<Item = &'a str>) -> Result<(), Trouble> {
    let half_written = pending.with_extension("new");
    let save = || -> io::Result<()> {
        let mut out = io::BufWriter::new(File::create(&half_written)?);
        for path in paths {
            writeln!(out, "{path}")?;
        }
        out.into_inner()?;
        fs::rename(&half_written, pending)
    };
    save().writing(pending)
}

/// Assets, then pages from the deepest up, index pages last: a page appears when what it links to is there.
fn turn(path: &str) -> (u8, std::cmp::Reverse<usize>) {
    let depth = std::cmp::Reverse(path.matches('/').count());
    match path.rsplit('/').next() {
        Some("index.html") => (2, depth),
        Some(name) if name.ends_with(".html") => (1, depth),
        _ => (0, depth),
    }
}

/// The name under which a file is copied from another disk before it takes its own name. It is announced as well, so that
/// one that was left by a kill goes.
fn half_of(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/.kohyo-new"),
        None => ".kohyo-new".into(),
    }
}

fn move_into(from: &Path, live: &Path, path: &str) -> Result<(), Trouble> {
    let to = &live.join(path);
    let folder = to.parent().unwrap_or(to);
    match fs::rename(from, to) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            fs::create_dir_all(folder).writing(folder)?;
            match fs::rename(from, to) {
                Err(error) if error.kind() == ErrorKind::CrossesDevices => copy_into(from, live, path),
                other => other.writing(to),
            }
        }
        // Prepared on another disk: copy under a hidden name beside it, then rename there.
        Err(error) if error.kind() == ErrorKind::CrossesDevices => copy_into(from, live, path),
        other => other.writing(to),
    }
}

pub(super) fn copy_into(from: &Path, live: &Path, path: &str) -> Result<(), Trouble> {
    let (half, to) = (live.join(half_of(path)), live.join(path));
    // Never into what somebody put under this name, such as a link to a file elsewhere.
    ignore_missing(fs::remove_file(&half)).removing(&half)?;
    let mut file = File::create_new(&half).writing(&half)?;
    Content::File(from).write_to(&mut file, &half)?;
    fs::rename(&half, &to).writing(&to)
}
