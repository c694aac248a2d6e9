//! Where the output folder really is, where the next site is prepared, and how the two can change places.

use super::manifest::MANIFEST;
use super::owner::{self, Whose};
use super::tree;
use super::trouble::{AtPath, Trouble, TroubleKind};
use crate::beneath::{self, Beneath, Kind};
use crate::text::language::Message;
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

/// How the new site takes the place of the old one, as far as the folders tell beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The whole folder at once, prepared in a hidden sibling.
    Whole,
    /// File by file, prepared in a folder inside.
    PerFile,
}

/// The folders of one output.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// What visitors see. No symbolic link: its target.
    pub(super) live: PathBuf,
    /// Lock, records and the folder being prepared.
    pub(super) private: PathBuf,
    pub(super) way: Way,
    pub(super) note: Option<Message>,
    /// All of these, and nothing else, are reached through this.
    pub(super) beneath: Arc<Beneath>,
}

/// The name of the file that is locked.
pub(super) const LOCK: &str = "lock";

impl Place {
    /// Follows the symbolic links of the user's own path, once, and chooses the way. Makes nothing.
    pub(super) fn find(out: &Path) -> Result<Self, Trouble> {
        refuse_links_of_others(out)?;
        let live = resolve(out).writing(out)?;
        let (Some(parent), Some(name)) = (live.parent(), live.file_name()) else {
            return Self::inside(live, mounted);
        };
        let beneath = Beneath::above(&live).writing(&live)?;
        let exists = match beneath.look(&live) {
            Ok(seen) if seen.kind() == Kind::Folder => true,
            Ok(_) => {
                let shown = live.display();
                return Err(Trouble::new(
                    TroubleKind::NotAFolder,
                    format!("出力先がフォルダーではありません: {shown}"),
                    format!("the output is not a folder: {shown}"),
                ));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(error).writing(&live),
        };
        if exists && beneath.is_mounted(&live, beneath.look(parent).ok().and_then(|it| it.device())) {
            return Self::inside(live, mounted);
        }
        if exists && !can_write(parent) {
            return Self::inside(live, parent_locked);
        }
        let private = owner::folder(&beneath, parent, name);
        Ok(Self { live, private, way: Way::Whole, note: None, beneath: Arc::new(beneath) })
    }

    /// The folders of an output that is there already. Makes nothing.
    pub(super) fn of_existing(out: &Path) -> Option<Self> {
        if out.is_dir() { Self::find(out).ok() } else { None }
    }

    fn inside(live: PathBuf, note: impl Fn(&Path) -> Message) -> Result<Self, Trouble> {
        let beneath = Beneath::open(&live).writing(&live)?;
        let private = live.join(super::manifest::INNER_FOLDER);
        // Another name would be one that nobody expects inside a site: who copies the folder would publish it.
        match owner::whose(&beneath, &private) {
            Whose::Anothers => Err(owner::not_ours(&private)),
            _ => Ok(Self { note: Some(note(&live)), live, private, way: Way::PerFile, beneath: Arc::new(beneath) }),
        }
    }

    /// What a build holds so that no other begins.
    pub(super) fn lock(&self) -> PathBuf {
        self.private.join(LOCK)
    }

    /// The folder in which the next site is prepared: after a whole exchange, the site before this one.
    pub(super) fn back(&self) -> PathBuf {
        self.private.join("back")
    }

    /// Where the live folder waits for a moment when two renames stand in for an exchange.
    pub(super) fn aside(&self) -> PathBuf {
        self.private.join("aside")
    }

    pub(super) fn live_records(&self) -> PathBuf {
        self.private.join("live.records")
    }

    pub(super) fn back_records(&self) -> PathBuf {
        self.private.join("back.records")
    }

    /// What was in the live folder just before it became `back`.
    pub(super) fn seen(&self) -> PathBuf {
        self.private.join("back.seen")
    }

    /// What builds have put into `back`.
    pub(super) fn made(&self) -> PathBuf {
        self.private.join("back.made")
    }

    /// Whether kohyo itself keeps a file of this name in [`Self::private`].
    pub(super) fn is_own_file(name: &str) -> bool {
        const LISTS: [&str; 5] = ["live.records", "back.records", "back.seen", "back.made", "pending"];
        [LOCK, tree::PROBE].contains(&name) || LISTS.contains(&name) || Self::is_half_written(name)
    }

    /// Whether a name is one that a file of kohyo's has until it is complete: random now, fixed in earlier versions.
    pub(super) fn is_half_written(name: &str) -> bool {
        const EARLIER: [&str; 5] = ["live.new", "back.new", "back.half", "pending.new", "manifest.new"];
        EARLIER.contains(&name) || beneath::is_half(name)
    }

    /// The files that a per-file publication is about to add, while it runs.
    pub(super) fn pending(&self) -> PathBuf {
        self.private.join("pending")
    }
}

fn mounted(live: &Path) -> Message {
    let live = live.display();
    Message::new(
        format!(
            "出力先はそれ自体がマウントポイントなので、フォルダーごと切り替えられません。一ファイルずつ置き換えます(置き換え中は新旧のページが混ざって見えることがあります): {live}"
        ),
        format!(
            "the output folder is itself a mount point and cannot be switched as a whole; files are replaced one by one (old and new pages may be seen side by side meanwhile): {live}"
        ),
    )
}

fn parent_locked(live: &Path) -> Message {
    let live = live.display();
    Message::new(
        format!(
            "出力先の親フォルダーに書き込めないので、フォルダーごと切り替えられません。一ファイルずつ置き換えます(置き換え中は新旧のページが混ざって見えることがあります): {live}"
        ),
        format!(
            "the parent of the output folder cannot be written, so the folder cannot be switched as a whole; files are replaced one by one (old and new pages may be seen side by side meanwhile): {live}"
        ),
    )
}

/// The folder that `out` names, whether or not it exists, with symbolic links followed. Creates nothing.
fn resolve(out: &Path) -> io::Result<PathBuf> {
    // A slash at the end would ask for what a link names, not for the link.
    let mut path: PathBuf = std::path::absolute(out)?.components().collect();
    // As many links as Linux itself follows.
    for _ in 0..40 {
        match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_symlink() => {
                let target = fs::read_link(&path)?;
                path = path.parent().unwrap_or(Path::new("/")).join(target).components().collect();
            }
            Ok(_) => return fs::canonicalize(&path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => match resolve_missing(&path)? {
                resolved if resolved == path => return Ok(path),
                resolved => path = resolved,
            },
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

/// Refuses a way to the output that leads over somebody else's link: who may write in a shared folder could put one in the
/// place of `public`, and decide where the site is written and what is removed. Links of the user, of root and of the
/// owner of the folder in which they stand are part of the user's own way.
#[cfg(unix)]
fn refuse_links_of_others(out: &Path) -> Result<(), Trouble> {
    use std::os::unix::fs::MetadataExt;
    let path = std::path::absolute(out).writing(out)?;
    let user = rustix::process::geteuid().as_raw();
    for (at, above) in path.ancestors().zip(path.ancestors().skip(1)) {
        let (Ok(link), Ok(folder)) = (fs::symlink_metadata(at), fs::metadata(above)) else { continue };
        if link.is_symlink() && ![user, 0, folder.uid()].contains(&link.uid()) {
            let shown = at.display();
            return Err(Trouble::new(
                TroubleKind::Misplaced,
                format!(
                    "出力先への道に、ほかの利用者が置いたリンクがあります。どこに書くことになるか分からないので、何もしませんでした。置いた人に確かめて、消してください: {shown}"
                ),
                format!(
                    "on the way to the output there is a link that another user has put there; nobody knows where it would lead, so nothing was done. Ask who put it there, and remove it: {shown}"
                ),
            ));
        }
    }
    Ok(())
}

/// Elsewhere links are made by administrators alone.
#[cfg(not(unix))]
fn refuse_links_of_others(_out: &Path) -> Result<(), Trouble> {
    Ok(())
}

/// [`resolve`] for a path of which only the first folders exist.
fn resolve_missing(path: &Path) -> io::Result<PathBuf> {
    let existing = path.ancestors().find_map(|it| Some((it, fs::canonicalize(it).ok()?)));
    let Some((existing, mut resolved)) = existing else { return Err(io::ErrorKind::NotFound.into()) };
    for part in path.strip_prefix(existing).unwrap_or(path).components() {
        match part {
            Component::ParentDir => drop(resolved.pop()),
            part => resolved.push(part),
        }
    }
    Ok(resolved)
}

/// Refuses folders that hold, or are a part of, something else: the site's sources, kohyo's own folders, another site.
///
/// `site` is the folder that the site is made from. Not even `--adopt` allows these: published with the site, sources
/// would be public, drafts too, and the next build would read its own pages.
pub(super) fn refuse_misplaced(live: &Path, site: Option<&Path>) -> Result<(), Trouble> {
    let sources = site.and_then(|it| Some((it, fs::canonicalize(it).ok()?)));
    if let Some((site, real)) = &sources {
        if real.starts_with(live) {
            return Err(misplaced(
                live,
                "サイトのフォルダーそのものか、それを含むフォルダーです",
                "it is the site's folder, or holds it",
            ));
        }
        let inside = ["content", "themes", "fonts"].into_iter().find(|name| {
            live.starts_with(real.join(name)) || fs::canonicalize(site.join(name)).is_ok_and(|it| live.starts_with(it))
        });
        if let Some(name) = inside {
            let (ja, en) = (format!("サイトの {name} フォルダーの中です"), format!("it is inside the site's {name}"));
            return Err(misplaced(live, &ja, &en));
        }
    }
    if live.components().any(|it| is_own_name(it.as_os_str())) {
        return Err(misplaced(live, "kohyo の作業用フォルダーの中です", "it is inside a folder of kohyo's own"));
    }
    match live.ancestors().skip(1).find(|it| it.join(MANIFEST).is_file()) {
        Some(other) => {
            let other = other.display();
            let ja = format!("kohyo が公開した別のサイト({other})の中です");
            Err(misplaced(live, &ja, &format!("it is inside another published site, {other}")))
        }
        None => Ok(()),
    }
}

/// `.kohyo`, `.public.kohyo`: where kohyo prepares sites.
fn is_own_name(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".") && name.ends_with(b".kohyo")
}

pub(super) fn misplaced(live: &Path, ja: &str, en: &str) -> Trouble {
    let live = live.display();
    Trouble::new(
        TroubleKind::Misplaced,
        format!("出力先にできないフォルダーです({ja})。別の --out を指定してください: {live}"),
        format!("this folder cannot be the output: {en}. Choose another --out: {live}"),
    )
}

#[cfg(unix)]
fn can_write(folder: &Path) -> bool {
    rustix::fs::access(folder, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
fn can_write(folder: &Path) -> bool {
    fs::metadata(folder).is_ok_and(|it| !it.permissions().readonly())
}
