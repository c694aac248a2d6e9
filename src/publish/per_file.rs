//! The fallback where the folder cannot be switched as a whole: file by file, in an order that keeps every page whole.
//!
//! First what pages refer to, then pages, index pages last, then stale files go, then the manifest. Each file appears by
//! one rename, so a visitor sees a whole old or a whole new file; two pages may be of different builds for a moment.
//!
//! Before the first file is replaced every one is looked at ([`look_ahead`]): a page that another program has open, or that
//! may not be written, stops the whole publication while the old site is still whole.

use super::manifest::MANIFEST;
use super::next::{Entry, Next};
use super::place::Place;
use super::spelling::{self, Lists, folded};
use super::trouble::{AtPath, Trouble, TroubleKind};
use super::{attributes, content, notes, tree::ignore_missing};
use crate::beneath::{Access, Beneath, is_held};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a program is left alone that has a file open, before it is asked again.
const PAUSE: Duration = Duration::from_millis(50);

/// Looks at everything that will be replaced, added or removed, and changes nothing. A file that another program has open
/// is waited for, no longer than `patience`: virus scanners and indexers are soon done.
///
/// Errors, with the names: [`TroubleKind::Held`], [`TroubleKind::NotPermitted`], or [`TroubleKind::Collision`] with a link.
pub(super) fn look_ahead(
    place: &Place,
    next: &Next,
    may_replace: fn(&Beneath, &Path) -> io::Result<()>,
    patience: Duration,
) -> Result<(), Trouble> {
    let (beneath, live) = (&*place.beneath, &place.live);
    let mut folders = Folders::new(beneath, live);
    next.files.iter().filter(|it| it.is_in_back()).try_for_each(|it| folders.refuse_link(it.path()))?;
    let came = next.files.iter().filter(|it| it.is_in_back()).map(Entry::path).chain([MANIFEST]);
    // What is behind a link is somebody else's, and is not removed.
    let gone = next.stale.iter().map(|it| &**it).chain(next.pending.iter().map(String::as_str));
    let gone: Vec<&str> = gone.filter(|path| folders.are_real_above(path)).collect();
    let mut waiting: Vec<&str> = came.chain(gone).collect();
    let until = Instant::now() + patience;
    loop {
        let looked =
            |path: &&str| may_replace(beneath, &live.join(path)).err().map(|error| (PathBuf::from(path), error));
        let refused: Vec<(PathBuf, io::Error)> = waiting.par_iter().filter_map(looked).collect();
        let (held, closed): (Vec<_>, Vec<_>) = refused.into_iter().partition(|(_, error)| is_held(error));
        match (&closed[..], &held[..]) {
            ([], []) => return Ok(()),
            ([_, ..], _) => return Err(may_not_be_written(live, &closed)),
            ([], [_, ..]) if Instant::now() >= until => return Err(held_open(live, &held)),
            ([], [_, ..]) => {
                let names: HashSet<PathBuf> = held.into_iter().map(|(path, _)| path).collect();
                waiting.retain(|path| names.contains(Path::new(path)));
                std::thread::sleep(PAUSE);
            }
        }
    }
}

fn held_open(live: &Path, held: &[(PathBuf, io::Error)]) -> Trouble {
    let (count, named, live) = (held.len(), notes::named(&paths(held)), live.display());
    Trouble::new(
        TroubleKind::Held,
        format!(
            "ほかのプログラムが開いている(またはマウントされている)ので、置き換えられないファイルがあります({count} 件): {named}({live})。PDF や表計算のソフトなどで開いていたら閉じてから、もう一度実行してください。1つも置き換えていません。"
        ),
        format!(
            "another program has files open (or something is mounted on them) that must be replaced ({count}): {named} (in {live}); close them (a PDF reader, a spreadsheet) and run again. Not one has been replaced"
        ),
    )
}

fn may_not_be_written(live: &Path, closed: &[(PathBuf, io::Error)]) -> Trouble {
    let (count, named, live) = (closed.len(), notes::named(&paths(closed)), live.display());
    let why = closed.first().map(|(_, error)| format!(" ({error})")).unwrap_or_default();
    Trouble::new(
        TroubleKind::NotPermitted,
        format!(
            "書き込みの権限がないので、置き換えられないファイルがあります({count} 件): {named}({live})。ファイルやフォルダーの読み取り専用を外すか、持ち主に権限を頼むか、別の場所(--out)を指定してください。1つも置き換えていません。{why}"
        ),
        format!(
            "files may not be replaced by this user ({count}): {named} (in {live}); let them and their folders be written, or name another place (--out). Not one has been replaced{why}"
        ),
    )
}

fn paths(refused: &[(PathBuf, io::Error)]) -> Vec<PathBuf> {
    refused.iter().map(|(path, _)| path.clone()).collect()
}

/// Moves what is new (and the manifest) from `back` into the live folder and removes what is stale. A file that a program
/// has opened since it was looked at is waited for.
pub(super) fn install(place: &Place, next: &Next, patience: Duration) -> Result<(), Trouble> {
    let until = Instant::now() + patience;
    let (beneath, live, back) = (&*place.beneath, &place.live, place.back());
    let mut order: Vec<_> = next.files.iter().filter(|it| it.is_in_back()).map(Entry::path).collect();
    let halves: BTreeSet<String> = order.iter().map(|path| half_of(path)).collect();
    let earlier = next.pending.iter().chain(&halves).map(String::as_str);
    announce(place, order.iter().copied().chain(earlier))?;
    order.sort_by_key(|path| turn(path));
    let mut folders = Folders::new(beneath, live);
    for path in order {
        folders.refuse_link(path)?;
        move_into(beneath, &back.join(path), live, path, until)?;
    }
    let gone = without_other_spellings(beneath, live, next);
    let forgotten = next.pending.iter().map(String::as_str).filter(|it| next.find(it).is_none());
    for path in gone.into_iter().chain(forgotten) {
        // What is behind a link is somebody else's, whatever its name.
        if folders.are_real_above(path) {
            remove(beneath, live, path)?;
        }
    }
    move_into(beneath, &back.join(MANIFEST), live, MANIFEST, until)?;
    ignore_missing(beneath.remove_file(&place.pending())).removing(&place.pending())
}

/// What is stale, without what the disk takes for a page of the new site (`Goal.html`, which is `goal.html` now): removing
/// that would remove the page.
fn without_other_spellings<'n>(beneath: &Beneath, live: &Path, next: &'n Next) -> Vec<&'n str> {
    let stale: HashSet<String> = next.stale.iter().map(|it| folded(it)).collect();
    let is_respelt = |path: &&str| !stale.is_empty() && stale.contains(&folded(path));
    let respelt: Vec<&str> = next.files.iter().map(Entry::path).filter(is_respelt).collect();
    if respelt.is_empty() {
        return next.stale.iter().map(|it| &**it).collect();
    }
    spelling::put_right(beneath, live, respelt.iter().copied());
    let alike: HashSet<String> = respelt.iter().map(|it| folded(it)).collect();
    let mut lists = Lists::new(beneath);
    let is_another = |path: &&str| !alike.contains(&folded(path)) || lists.has(live, path);
    next.stale.iter().map(|it| &**it).filter(is_another).collect()
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

fn move_into(beneath: &Beneath, from: &Path, live: &Path, path: &str, until: Instant) -> Result<(), Trouble> {
    let to = &live.join(path);
    let folder = to.parent().unwrap_or(to);
    let renamed = patiently(until, || match beneath.rename(from, to) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            beneath.create_folders(folder)?;
            beneath.rename(from, to)
        }
        renamed => renamed,
    });
    match renamed {
        // Prepared on another disk: copy under a hidden name beside it, then rename there.
        Err(error) if error.kind() == ErrorKind::CrossesDevices => copy_into(beneath, from, live, path, until),
        other => other.writing(to),
    }
}

pub(super) fn copy_into(
    beneath: &Beneath,
    from: &Path,
    live: &Path,
    path: &str,
    until: Instant,
) -> Result<(), Trouble> {
    let (half, to) = (live.join(half_of(path)), live.join(path));
    // Never into what somebody put under this name, such as a link to a file elsewhere.
    ignore_missing(beneath.remove_file(&half)).removing(&half)?;
    let mut file = beneath.create_new(&half, Access::Usual).writing(&half)?;
    let mut source = content::open_beneath(beneath, from)?;
    io::copy(&mut source, &mut file).writing(&half)?;
    // It has been prepared with the permissions of the page that it replaces.
    let _ = attributes::give_alike(&file, &source).writing(&half)?;
    drop(file);
    patiently(until, || beneath.rename(&half, &to)).writing(&to)
}

/// Tries again, no longer than until then, while another program has a file open.
fn patiently(until: Instant, act: impl Fn() -> io::Result<()>) -> io::Result<()> {
    loop {
        match act() {
            Err(error) if is_held(&error) && Instant::now() < until => std::thread::sleep(PAUSE),
            done => return done,
        }
    }
}
