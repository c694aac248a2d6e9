//! The fallback where the folder cannot be switched as a whole: file by file, in an order that keeps every page whole.
//!
//! First what pages refer to, then pages, index pages last, then stale files go, then the manifest. Each file appears by
//! one rename, so a visitor sees a whole old or a whole new file; two pages may be of different builds for a moment.

use super::content::Content;
use super::manifest::MANIFEST;
use super::next::{Entry, Next};
use super::place::Place;
use super::tree::ignore_missing;
use super::trouble::{AtPath, Trouble};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// Moves what is new (and the manifest) from `back` into the live folder and removes what is stale.
pub(super) fn install(place: &Place, next: &Next) -> Result<(), Trouble> {
    let back = place.back();
    let mut order: Vec<_> = next.files.iter().filter(|it| it.is_in_back()).map(Entry::path).collect();
    announce(&place.pending(), order.iter().copied().chain(next.pending.iter().map(String::as_str)))?;
    order.sort_by_key(|path| turn(path));
    for path in order {
        move_into(&back.join(path), &place.live.join(path))?;
    }
    let forgotten = next.pending.iter().map(String::as_str).filter(|it| next.find(it).is_none());
    for path in next.stale.iter().map(|it| &**it).chain(forgotten) {
        let at = place.live.join(path);
        ignore_missing(fs::remove_file(&at)).removing(&at)?;
        // Only folders that are empty now go; the others refuse.
        let mut folder = Path::new(path).parent();
        while let Some(parent) = folder.filter(|it| !it.as_os_str().is_empty()) {
            if fs::remove_dir(place.live.join(parent)).is_err() {
                break;
            }
            folder = parent.parent();
        }
    }
    move_into(&back.join(MANIFEST), &place.live.join(MANIFEST))?;
    ignore_missing(fs::remove_file(place.pending())).removing(&place.pending())
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

fn move_into(from: &Path, to: &Path) -> Result<(), Trouble> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let folder = to.parent().unwrap_or(to);
            fs::create_dir_all(folder).writing(folder)?;
            fs::rename(from, to).writing(to)
        }
        // Prepared on another disk: copy under a hidden name beside it, then rename there.
        Err(error) if error.kind() == ErrorKind::CrossesDevices => {
            let folder = to.parent().unwrap_or(to);
            fs::create_dir_all(folder).writing(folder)?;
            let hidden = folder.join(".kohyo-new");
            let mut file = File::create(&hidden).writing(&hidden)?;
            Content::File(from).write_to(&mut file, &hidden)?;
            fs::rename(&hidden, to).writing(to)
        }
        other => other.writing(to),
    }
}
