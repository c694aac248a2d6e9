//! Puts a built site into its output folder, whole or not at all.
//!
//! **Promises.** A visitor, a web server or a copy job sees a whole old site or a whole new one: the new one is prepared
//! in a hidden sibling folder and takes the live folder's name by one exchange. A build that is killed, fails or is
//! dropped leaves the live folder as it was, and the next build needs no help. Files that did not change keep their
//! inode and are not written; files that are no longer part of the site go; what kohyo did not make is never deleted.
//! The cost of a rebuild is one look at each file, a few at each folder, and what changed.
//!
//! **What "whole" means.** Every lookup of a path below the live folder finds a file of one published site, and its
//! content never changes once open. Two lookups may find site N and then N+1, never N+1 and then N. Who opens the
//! *folder* once and looks up inside it stays with that site until the switch; then the old folder follows the new site,
//! file by file, and when the build has ended it has no file any more that is not public (`follow`).
//! Where the folder cannot be exchanged, [`Published::method`] and a note say what holds instead.
//!
//! **How** (`place`, `live`, `tree`, `swap`): `.public.kohyo/` beside `public/` has `lock`, `back/` (the folder being
//! prepared: after an exchange, a second set of names for the files of the site) and two record files that only save
//! reading. `back/` is never trusted: before the exchange it is compared with the live folder by inode numbers, so any
//! leftover will do. But it is not all kohyo's: people who stood in the live folder go on working there, and what they put
//! there is saved (`late`, with `back.seen` and `back.made` to tell theirs from ours).
//!
//! **One door** (`beneath`, `own`): many hands write beside a site. The user's own path is followed once; below it no part
//! of any path is a link that is followed, kohyo's own folder is open to its owner alone and never one that another has
//! made, and its files are new ones that take their names at the end.
//!
//! **Deliberately does not know** what a page is, which files refer to which, or why something changed. It reads no
//! clock and keeps no content in memory.

#![allow(
    clippy::disallowed_methods,
    reason = "io: writes what is published; clocks only measure how long a lock is waited for"
)]

mod attributes;
mod clean;
mod complete;
mod content;
mod flush;
mod follow;
mod journal;
mod late;
mod live;
mod lock;
mod manifest;
mod mounts;
mod next;
mod notes;
mod outcome;
mod own;
mod owner;
mod per_file;
mod place;
mod records;
mod spelling;
mod survey;
mod swap;
#[cfg(test)]
mod tests;
mod tree;
mod trouble;
mod verify;

use crate::beneath::Beneath;
use crate::text::language::Message;
pub use attributes::give_alike;
pub(crate) use attributes::give_alike_if_there;
pub use clean::{Cleaned, clean};
use content::Content;
pub use content::{Hash, published_file};
use journal::Journal;
use live::{Compared, Live};
use lock::Lock;
pub use manifest::{INNER_FOLDER, MANIFEST, Manifest, ManifestFacts, ManifestFile, as_of, digest};
use next::{Entry, State};
pub use outcome::{Method, Published};
use place::{Place, Way};
pub use records::{Origin, Whole, recorded_paths};
use records::{Record, Stamp, look};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;
use trouble::AtPath;
pub use trouble::{Trouble, TroubleKind};
pub use verify::{Verification, verify};

/// What the user chose.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder that the site is made from: never a place to publish into, nor are its sources.
    pub site: Option<PathBuf>,
    /// Wait until everything is on the disk before the switch, and until the switch is: a power cut then leaves a whole
    /// site. Without it a power cut may leave empty files, which the next build notices and writes again.
    pub durable: bool,
    /// Take over a folder that kohyo did not make. Its files stay; where a page takes the name of one, the folder as it
    /// was is kept beside under another name.
    pub adopt: bool,
    /// How long to wait for another build of the same folder.
    pub patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { site: None, durable: false, adopt: false, patience: Duration::from_secs(3) }
    }
}

/// What the disk can do; tests take abilities away.
#[derive(Clone, Copy, Debug)]
struct Abilities {
    hard_links: bool,
    exchange: bool,
    /// Waits until everything below a folder is on its disk.
    flush: fn(&Beneath, &Path) -> std::io::Result<()>,
    /// Whether another file could be put under a name now.
    may_replace: fn(&Beneath, &Path) -> std::io::Result<()>,
    /// Makes another kind of disk of the one that is there.
    become_other: fn(&Beneath),
}

const ABLE: Abilities = Abilities {
    hard_links: true,
    exchange: true,
    flush: flush::disk,
    may_replace: Beneath::may_replace,
    become_other: |_| {},
};

/// One build of one output folder, from taking the lock to the switch. Shared between threads by reference.
///
/// Dropping it without [`Publisher::publish`] leaves the live folder untouched.
pub struct Publisher {
    place: Place,
    options: Options,
    live: Live,
    /// `back` was made by this build, so nothing else can be in it.
    back_is_fresh: bool,
    journal: Option<Journal>,
    /// Files in `back` that an earlier build left there, read when first needed.
    leftovers: OnceLock<Vec<Record>>,
    arrived: Mutex<Vec<Entry>>,
    abilities: Abilities,
    has_links: OnceLock<bool>,
    /// Files that are no longer part of the site, and that somebody had changed by hand.
    edited_stale: Vec<String>,
    is_incomplete: AtomicBool,
    disk_is_full: AtomicBool,
    /// The live folder may be changed already.
    is_switching: AtomicBool,
    notes: Vec<Message>,
    /// What the new site is made from.
    whole: Whole,
    /// Something is worth noting for the next build even if no file changes: live files had to be read, or were made
    /// from something else.
    has_news: bool,
    is_published: bool,
    // Last, so that it is freed when everything else is done.
    lock: Lock,
}

/// Opens the output folder for one build: takes the lock and repairs what a killed build left.
///
/// Errors ([`Trouble`] inside): the folder is not ours and `adopt` was not given; another build is busy with it; it
/// cannot be written. Nothing has changed then.
pub fn begin(out: &Path, options: &Options) -> anyhow::Result<Publisher> {
    begin_with(out, options, ABLE)
}

/// Publishes again what is published, if it was made from the same (`key`) and nobody has touched any of it since: the
/// whole cost is one look at each file. Otherwise `None`, and the site must be built.
///
/// Errors: as [`begin`].
pub fn renew(out: &Path, options: &Options, key: u128) -> anyhow::Result<Option<(Published, Whole)>> {
    let remembered =
        Place::of_existing(out).and_then(|place| records::read_whole(&place.beneath, &place.live_records()));
    if key == 0 || remembered.is_none_or(|whole| whole.key != key) {
        return Ok(None);
    }
    let mut publisher = open(out, options, ABLE)?;
    // Another build may have come between the first look and the lock; one that was killed may have to be finished.
    let is_same = publisher.live.whole.key == key && publisher.live.pending.is_empty();
    if !is_same || !publisher.live.keep_all()? {
        return Ok(None);
    }
    publisher.receive()?;
    let whole = publisher.live.whole.clone();
    let next = publisher.settle()?;
    publisher.finish_untouched()?;
    let survey = publisher.survey(&next)?;
    let whole_digest = digest(next.lines());
    publisher.is_published = true;
    Ok(Some((publisher.report(Method::Untouched, next, survey, whole_digest), whole)))
}

/// A published file that stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its size in bytes.
    pub size: u64,
    /// What was noted about it: [`Origin::fact`].
    pub fact: u32,
}

/// Which publication is live: another value after another publication. To be asked before sources are read: a build that
/// has read older sources must not follow one that has read newer ones.
pub fn generation(out: &Path) -> Option<impl PartialEq + use<>> {
    let place = Place::of_existing(out)?;
    look(&place.beneath, &place.live.join(MANIFEST)).ok().flatten()
}

fn begin_with(out: &Path, options: &Options, abilities: Abilities) -> anyhow::Result<Publisher> {
    let mut publisher = open(out, options, abilities)?;
    publisher.receive()?;
    Ok(publisher)
}

/// Takes the lock, repairs, and reads what is published; nothing of `back` is used before [`Publisher::receive`].
fn open(out: &Path, options: &Options, abilities: Abilities) -> anyhow::Result<Publisher> {
    let place = Place::find(out)?;
    (abilities.become_other)(&place.beneath);
    place::refuse_misplaced(&place.live, options.site.as_deref())?;
    live::refuse_foreign(&place, options.adopt)?;
    let mut lock = Lock::take(&place, options.patience)?;
    let mut notes = std::mem::take(&mut lock.notes);
    notes.extend(own::tidy(&place)?);
    notes.extend(swap::repair(&place)?);
    // Once more, now that nobody else can change it.
    live::refuse_foreign(&place, options.adopt)?;
    let live = Live::open(&place, options.adopt)?;
    Ok(Publisher {
        place,
        options: options.clone(),
        live,
        back_is_fresh: false,
        journal: None,
        leftovers: OnceLock::new(),
        arrived: Mutex::default(),
        abilities,
        has_links: OnceLock::new(),
        edited_stale: Vec::new(),
        is_incomplete: AtomicBool::new(false),
        disk_is_full: AtomicBool::new(false),
        is_switching: AtomicBool::new(false),
        notes,
        whole: Whole::default(),
        has_news: false,
        is_published: false,
        lock,
    })
}

impl Publisher {
    /// Saves what people left in the old folder, and makes the folder ready to prepare the next site in.
    fn receive(&mut self) -> Result<(), Trouble> {
        let (place, beneath) = (&self.place, &self.place.beneath);
        self.notes.extend(swap::set_mounted_aside(place)?);
        self.notes.extend(late::receive(place)?);
        let back = place.back();
        self.back_is_fresh = !beneath.exists(&back);
        beneath.create_folders(&back).writing(&back)?;
        if place.way == Way::Whole && beneath.exists(&place.live) {
            // Before anything is written there: what is made inside gets the folder's group and access list.
            let lost = attributes::make_alike(beneath, &back, &place.live);
            if lost.access && !self.back_is_fresh {
                // It is another user's; a folder of one's own can be made alike.
                late::clear(place)?;
                self.back_is_fresh = !beneath.exists(&back);
                beneath.create_folders(&back).writing(&back)?;
                attributes::make_alike(beneath, &back, &place.live);
            }
        }
        self.journal =
            Some(if self.back_is_fresh { Journal::of_new_folder(place) } else { Journal::of_old_folder(place) }?);
        Ok(())
    }

    /// What the user should know already, whatever becomes of this build.
    pub fn take_notes(&mut self) -> Vec<Message> {
        std::mem::take(&mut self.notes)
    }

    /// Adds a file to the site. From any thread, in any order, each path once; the bytes go to disk at once, if they are
    /// not there already.
    ///
    /// Errors: the path may not be published, or was given before; the disk is full or refuses.
    pub fn write(&self, path: &str, bytes: &[u8]) -> anyhow::Result<()> {
        self.write_from(path, Origin::default(), bytes)
    }

    /// Adds a file as [`Publisher::write`] does, and remembers what it was made from, for [`Publisher::keep`].
    ///
    /// Errors: as [`Publisher::write`].
    pub fn write_from(&self, path: &str, origin: Origin, bytes: &[u8]) -> anyhow::Result<()> {
        Ok(self.add(path, Content::Bytes(bytes), origin).map_err(|trouble| self.notice(trouble))?)
    }

    /// Adds the file that is published under this path as it is, if the last build made it from the same (`key`) and
    /// nobody has touched it since. Otherwise `None`, and it must be written.
    ///
    /// Errors: it cannot be looked at; the path was given before.
    pub fn keep(&self, path: &str, key: u128) -> anyhow::Result<Option<Kept>> {
        let kept = self.live.keep(path, key).map_err(|trouble| self.notice(trouble))?;
        Ok(kept.map(|record| Kept { size: record.identity.size, fact: record.origin.fact }))
    }

    /// Remembers what the new site is made from, for [`renew`].
    pub fn remember_whole(&mut self, whole: Whole) {
        self.has_news |= whole != self.live.whole;
        self.whole = whole;
    }

    /// Adds a copy of an open plain file, however large, to the site; `called` names it in messages. Never a link: editing
    /// the source must not edit what is published. Nothing is opened by name here: which file it is was decided by who
    /// opened it.
    ///
    /// Errors: as [`Publisher::write`]; the source cannot be read.
    pub fn copy(&self, path: &str, from: &std::fs::File, called: &Path) -> anyhow::Result<()> {
        let content = Content::Opened(from, called);
        Ok(self.add(path, content, Origin::default()).map_err(|trouble| self.notice(trouble))?)
    }

    fn add(&self, path: &str, content: Content<'_>, origin: Origin) -> Result<(), Trouble> {
        manifest::check_path(path)?;
        let prepare = |state| {
            let record = Record { origin, ..self.prepare(path, content, state)? };
            Ok::<_, Trouble>(Entry { record, state })
        };
        let entry = match self.live.compare(path, content, origin)? {
            Compared::Kept => return Ok(()),
            Compared::KeptWithNews(record) => Entry { record, state: State::Kept },
            Compared::New => prepare(State::New)?,
            Compared::Changed => prepare(State::Changed)?,
            Compared::Edited => prepare(State::Edited)?,
        };
        self.arrived.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
        Ok(())
    }

    /// Puts a file into `back`, unless an earlier build that was not published has left just this one there.
    fn prepare(&self, path: &str, content: Content<'_>, state: State) -> Result<Record, Trouble> {
        let at = self.place.back().join(path);
        if let Some(leftover) = self.leftover(path)
            && content.look()? == (leftover.identity.size, leftover.identity.fingerprint)
            && look(&self.place.beneath, &at)? == Some((leftover.identity.size, leftover.stamp))
        {
            return Ok(leftover.clone());
        }
        if let Some(journal) = &self.journal {
            journal.note(path, &self.place)?;
        }
        let mut file = tree::create(&self.place.beneath, &at)?;
        let identity = content.write_to(&mut file, &at)?;
        if state != State::New {
            give_alike_if_there(&self.place.beneath, &file, &self.place.live.join(path));
        }
        let metadata = file.metadata().writing(&at)?;
        self.live.note_if_closed(path, records::readers(&metadata));
        let stamp = Stamp::of(&metadata);
        Ok(Record { path: path.into(), identity, stamp, origin: Origin::default() })
    }

    /// A site without one of its files must not be published, whatever the caller makes of the error.
    fn notice(&self, trouble: Trouble) -> Trouble {
        self.is_incomplete.store(true, Ordering::Relaxed);
        if trouble.kind == TroubleKind::DiskFull {
            self.disk_is_full.store(true, Ordering::Relaxed);
        }
        match self.live.exists && !self.is_switching.load(Ordering::Relaxed) {
            true => trouble.with_site_as_before(),
            false => trouble,
        }
    }

    fn leftover(&self, path: &str) -> Option<&Record> {
        let leftovers = self.leftovers.get_or_init(|| {
            let read =
                if self.back_is_fresh { None } else { records::read(&self.place.beneath, &self.place.back_records()) };
            read.map(|memory| memory.records).unwrap_or_default()
        });
        records::find(leftovers, path).map(|index| &leftovers[index])
    }

    /// Makes everything that was added the site, and nothing else: stale files go, foreign ones stay, the manifest is
    /// written, and the folder is switched.
    ///
    /// Errors: a file could not be added before; a page would replace a file that is not ours; the disk is full or
    /// refuses. The live folder is as it was (except in per-file publication, where the next build finishes what this
    /// one began).
    pub fn publish(mut self, facts: &ManifestFacts) -> anyhow::Result<Published> {
        self.place.beneath.forget();
        self.refuse_incomplete()?;
        let mut next = self.settle()?;
        let (survey, (manifest, digest)) = rayon::join(|| self.survey(&next), || manifest::render(facts, next.lines()));
        let (mut survey, manifest_hash) = (survey?, Hash::of(&manifest));
        let collisions = self.resolve_collisions(&next, &mut survey)?;
        let method = match next.changes_no_file() && self.live.manifest == Some(manifest_hash) {
            true => {
                self.finish_untouched()?;
                Method::Untouched
            }
            false => self.switch(&mut next, &survey, &collisions, &manifest).map_err(|trouble| self.notice(trouble))?,
        };
        self.remember(method, &next, manifest_hash);
        if method != Method::Untouched && !collisions.is_empty() {
            self.notes.push(swap::keep_beside(&self.place, &self.place.back())?);
        }
        Ok(self.report(method, next, survey, digest))
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        if self.is_published {
            return;
        }
        // A full disk: others need the space more than the next build needs these files. Inside the live folder, pages that
        // are not published must not lie about.
        if self.disk_is_full.load(Ordering::Relaxed) || self.place.way == Way::PerFile {
            self.clear_back();
        } else {
            self.remember_leftovers();
        }
    }
}
