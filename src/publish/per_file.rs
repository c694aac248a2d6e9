//! The fallback where the folder cannot be switched as a whole: file by file, in an order that keeps every page whole.
//!
//! First what pages refer to, then pages, index pages last, then stale files go, then the manifest. Each file appears by
//! one rename, so a visitor sees a whole old or a whole new file; two pages may be of different builds for a moment.

use super::manifest::MANIFEST;
use super::next::{Entry, Next};
use super::place::Place;
use super::trouble::{AtPath, Trouble, TroubleKind};
use super::{content, tree::ignore_missing};
use crate::beneath::{Access, Beneath};
use std::collections::{BTreeSet, HashMap};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// Moves what is new (and the manifest) from `back` into the live folder and removes what is stale.
pub(super) fn install(place: &Place, next: &Next) -> Result<(), Trouble> {
    let (beneath, live, back) = (&*place.beneath, &place.live, place.back());
    let mut order: Vec<_> = next.files.iter().filter(|it| it.is_in_back()).map(Entry::path).collect();
    let halves: BTreeSet<String> = order.iter().map(|path| half_of(path)).collect();
    let earlier = next.pending.iter().chain(&halves).map(String::as_str);
    announce(place, order.iter().copied().chain(earlier))?;
    order.sort_by_key(|path| turn(path));
    let mut folders = Folders::new(beneath, live);
    for path in order {
        folders.refuse_link(path)?;
        move_into(beneath, &back.join(path), live, path)?;
    }
    let forgotten = next.pending.iter().map(String::as_str).filter(|it| next.find(it).is_none());
    for path in next.stale.iter().map(|it| &**it).chain(forgotten) {
        // What is behind a link is somebody else's, whatever its name.
        if folders.are_real_above(path) {
            remove(beneath, live, path)?;
        }
    }
    move_into(beneath, &back.join(MANIFEST), live, MANIFEST)?;
    ignore_missing(beneath.remove_file(&place.pending())).removing(&place.pending())
}

/// Removes a file, and the folders that are empty without it.
fn remove(beneath: &Beneath, live: &Path, path: &str) -> Result<(), Trouble> {
    let at = live.join(path);
    match beneath.remove_file(&at) {
        // Somebody made a folder of this name: it is theirs.
        Err(_) if beneath.is_folder(&at) => return Ok(()),
        removed => ignore_missing(removed).removing(&at)?,
    }
    let mut folder = Path::new(path).parent();
    while let Some(parent) = folder.filter(|it| !it.as_os_str().is_empty()) {
        if beneath.remove_folder(&live.join(parent)).is_err() {
            break;
        }
        folder = parent.parent();
    }
    Ok(())
}

/// Knows which folders below the live one are folders, and not links to folders elsewhere.
struct Folders<'a> {
    beneath: &'a Beneath,
    live: &'a Path,
    known: HashMap<String, bool>,
}

impl<'a> Folders<'a> {
    fn new(beneath: &'a Beneath, live: &'a Path) -> Self {
        Self { beneath, live, known: HashMap::new() }
    }

    /// Whether no folder above this path is a symbolic link. Missing ones are none.
    fn are_real_above(&mut self, path: &str) -> bool {
        let Some((folder, _)) = path.rsplit_once('/') else { return true };
        if let Some(known) = self.known.get(folder) {
            return *known;
        }
        let is_real = self.are_real_above(folder) && !self.beneath.is_link(&self.live.join(folder));
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
fn announce<'a>(place: &Place, paths: impl Iterator<Item = &'a str>) -> Result<(), Trouble> {
    let pending = place.pending();
    let saved = place.beneath.replace(&pending, &place.private, Access::Owner, |file| {
        let mut out = io::BufWriter::new(file);
        for path in paths {
            writeln!(out, "{path}")?;
        }
        out.flush()
    });
    saved.writing(&pending)
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

fn move_into(beneath: &Beneath, from: &Path, live: &Path, path: &str) -> Result<(), Trouble> {
    let to = &live.join(path);
    let folder = to.parent().unwrap_or(to);
    match beneath.rename(from, to) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            beneath.create_folders(folder).writing(folder)?;
            match beneath.rename(from, to) {
                Err(error) if error.kind() == ErrorKind::CrossesDevices => copy_into(beneath, from, live, path),
                other => other.writing(to),
            }
        }
        // Prepared on another disk: copy under a hidden name beside it, then rename there.
        Err(error) if error.kind() == ErrorKind::CrossesDevices => copy_into(beneath, from, live, path),
        other => other.writing(to),
    }
}

pub(super) fn copy_into(beneath: &Beneath, from: &Path, live: &Path, path: &str) -> Result<(), Trouble> {
    let (half, to) = (live.join(half_of(path)), live.join(path));
    // Never into what somebody put under this name, such as a link to a file elsewhere.
    ignore_missing(beneath.remove_file(&half)).removing(&half)?;
    let mut file = beneath.create_new(&half, Access::Usual).writing(&half)?;
    let mut source = content::open_beneath(beneath, from)?;
    io::copy(&mut source, &mut file).writing(&half)?;
    beneath.rename(&half, &to).writing(&to)
}
