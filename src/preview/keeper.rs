//! The thread that looks at suspects and joins the site again.

use super::live::{Live, join_options};
use super::shared::lock;
use super::watch::{Notice, Watch};
use crate::output::Output;
use crate::reading::Reading;
use crate::source::{self, Door, File};
use crate::text::place::FileId;
use crate::{document, pipeline};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// How long the notices of one save are waited for, from one to the next.
const QUIET: Duration = Duration::from_millis(5);
/// The same, once a file was closed or moved into place.
const QUIET_WHEN_WHOLE: Duration = Duration::from_millis(1);
/// How long notices are collected at most while they keep coming.
const LONGEST_BATCH: Duration = Duration::from_millis(20);
/// How long a file that vanished is given to come back: some editors take the old one away before the new one is there.
const GRACE: Duration = Duration::from_millis(10);
/// How long a file that was emptied is given to be filled: most editors write that way, and hardly anyone empties one.
const GRACE_WHEN_EMPTY: Duration = Duration::from_millis(40);

/// Changes of images and other files that are remembered for pages that show them.
const REMEMBERED: usize = 200;

/// The thread that looks at suspects and joins.
pub(super) struct Keeper {
    live: Arc<Live>,
    watch: Option<Watch>,
    wakes: Sender<()>,
    /// What was joined last. It is the site that is shown, unless something in it is still doubted.
    site: Arc<Output>,
    /// Content of files that are no documents, by hash.
    others: HashMap<Arc<str>, u64>,
}

/// Suspects that are looked at together.
#[derive(Default)]
struct Batch {
    paths: BTreeSet<Arc<str>>,
    is_whole: bool,
    is_lost: bool,
    from_events: bool,
    is_over: bool,
}

/// What looking at suspects showed.
#[derive(Default)]
struct Look {
    /// To the root as it is now, unless it is gone; the site's own while it is the same folder.
    door: Option<Arc<Door>>,
    /// The root was exchanged for another folder.
    is_elsewhere: bool,
    gone: BTreeSet<Arc<str>>,
    come: Vec<File>,
    changed: Vec<(FileId, Arc<str>, Option<u64>)>,
    /// How long to wait before it is believed: something vanished or was emptied that was there before.
    doubt: Duration,
}

impl Look {
    fn is_nothing(&self) -> bool {
        !self.is_elsewhere && self.gone.is_empty() && self.come.is_empty() && self.changed.is_empty()
    }
}

/// What joining gave that is not shown yet.
#[derive(Default)]
struct Ahead {
    is_joined: bool,
    replaced: Vec<Arc<str>>,
    again: BTreeSet<Arc<str>>,
}

impl Keeper {
    pub(super) fn new(live: Arc<Live>, watch: Option<Watch>, wakes: Sender<()>) -> Self {
        let site = live.now().site;
        Self { live, watch, wakes, site, others: HashMap::new() }
    }

    pub(super) fn run(mut self, inbox: &Receiver<Notice>) {
        let mut again = BTreeSet::new();
        loop {
            let mut batch = Batch { paths: std::mem::take(&mut again), ..Batch::default() };
            let first = match batch.paths.is_empty() {
                // A minute: the day may have changed.
                true => inbox.recv_timeout(Duration::from_secs(60)),
                false => inbox.recv_timeout(QUIET),
            };
            match first {
                Ok(notice) => self.collect(&mut batch, notice, inbox),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if batch.is_over {
                return;
            }
            match catch_unwind(AssertUnwindSafe(|| self.take(batch, inbox))) {
                Ok(more) => again = more,
                Err(_) => {
                    // A bug of ours: what was remembered may be half-done. The next change starts from nothing.
                    *lock(&self.live.reading) = Reading::default();
                    let sentence = self.live.options.language.pick(
                        "内部エラーのため、この変更を反映できませんでした。",
                        "internal error: this change could not be shown",
                    );
                    (self.live.options.say)(sentence);
                }
            }
        }
    }

    /// Adds a notice, and those that follow at once.
    fn collect(&self, batch: &mut Batch, first: Notice, inbox: &Receiver<Notice>) {
        let began = Instant::now();
        self.add(batch, first);
        while began.elapsed() < LONGEST_BATCH && !batch.is_over {
            let quiet = if batch.is_whole { QUIET_WHEN_WHOLE } else { QUIET };
            let Ok(notice) = inbox.recv_timeout(quiet) else { return };
            self.add(batch, notice);
        }
    }

    fn add(&self, batch: &mut Batch, notice: Notice) {
        match notice {
            Notice::Suspects { paths, is_whole } => {
                batch.is_whole = is_whole;
                batch.from_events = true;
                let inside = paths.iter().filter_map(|path| source::relative(&self.live.root, path));
                batch.paths.extend(inside.filter(|path| is_of_the_site(path)).map(Arc::from));
            }
            Notice::Swept(paths) => batch.paths.extend(paths),
            Notice::Lost => batch.is_lost = true,
            Notice::Stop => batch.is_over = true,
        }
    }

    /// Looks at suspects, joins again if anything changed. Gives back what must be looked at once more.
    fn take(&mut self, mut batch: Batch, inbox: &Receiver<Notice>) -> BTreeSet<Arc<str>> {
        if batch.is_lost {
            batch.paths.extend(source::TOPS.map(Arc::from));
        }
        let live = self.live.clone();
        // Kept to the end: while it is held, nobody else joins from what was read for a site that is not shown yet.
        let mut reading = lock(&live.reading);
        let mut ahead = Ahead::default();
        let mut look = self.look(&batch.paths, &reading);
        if !look.doubt.is_zero() {
            let until = Instant::now() + look.doubt;
            let left = || until.saturating_duration_since(Instant::now());
            if look.gone.is_empty() {
                while let Ok(notice) = inbox.recv_timeout(left()) {
                    self.collect(&mut batch, notice, inbox);
                    look = self.look(&batch.paths, &reading);
                    if batch.is_over || look.doubt.is_zero() {
                        break;
                    }
                }
            } else {
                // Most files that are gone stay gone, so the site without them is joined meanwhile; nobody sees it yet.
                self.join(look, &mut reading, &mut ahead);
                while let Ok(notice) = inbox.recv_timeout(left()) {
                    self.add(&mut batch, notice);
                    if batch.is_over {
                        break;
                    }
                }
            }
            if batch.is_over {
                return BTreeSet::new();
            }
            look = self.look(&batch.paths, &reading);
        }
        if ahead.is_joined || !look.is_nothing() {
            self.follow(&batch.paths);
        }
        if batch.from_events || batch.is_lost {
            let _ = self.wakes.send(());
        }
        if !look.is_nothing() || self.site.options.as_of != live.options.day(self.site.site.config.time_zone.as_ref()) {
            self.join(look, &mut reading, &mut ahead);
        }
        if !ahead.is_joined {
            return BTreeSet::new();
        }
        let before = self.show(ahead.replaced);
        // Not before: while it is held, what was read belongs to the site that is shown.
        drop(reading);
        // A whole site: it goes when nobody waits for it to go.
        drop(before);
        ahead.again
    }

    /// Compares what is on disk at these paths, and below them, with what is known.
    fn look(&self, suspects: &BTreeSet<Arc<str>>, reading: &Reading) -> Look {
        let sources = &self.site.sources;
        let mut look = Look { door: Door::of(&self.live.root).ok().map(Arc::new), ..Look::default() };
        if let (Some(now), Some(known)) = (&look.door, sources.door()) {
            match now.is_same(known) {
                true => {
                    known.forget();
                    look.door = Some(known.clone());
                }
                false => look.is_elsewhere = true,
            }
        }
        let mut seen: BTreeMap<Arc<str>, FileId> = BTreeMap::new();
        let mut at: Option<&Arc<str>> = None;
        for suspect in suspects {
            // What lies below another suspect has been looked at with it.
            if at.is_some_and(|at| is_at_or_below(suspect, at)) {
                continue;
            }
            at = Some(suspect);
            let listed = look.door.as_ref().map_or_else(Vec::new, |door| source::list(door, suspect));
            let folder = format!("{suspect}/");
            let before = sources.listed(suspect).into_iter().chain(sources.under(&folder));
            let still: BTreeSet<&str> = listed.iter().map(|file| &*file.path).collect();
            look.gone
                .extend(before.filter(|(_, file)| !still.contains(&*file.path)).map(|(_, file)| file.path.clone()));
            for file in listed {
                match sources.listed(&file.path) {
                    Some((id, known)) if known.trouble == file.trouble => drop(seen.insert(known.path.clone(), id)),
                    Some((id, _)) => {
                        // It was there, but could not be read, or the other way round.
                        look.changed.push((id, file.path.clone(), None));
                        look.come.push(file);
                    }
                    None => look.come.push(file),
                }
            }
        }
        if !look.gone.is_empty() {
            look.doubt = GRACE;
        }
        for (path, id) in seen {
            let known = reading.hash(id).or_else(|| self.others.get(&path).copied());
            let bytes = look.door.as_ref().and_then(|door| source::read(door, &path, source::LARGEST_TEXT).ok());
            let (hash, is_empty) =
                bytes.map_or((None, false), |bytes| (Some(document::hash(&bytes)), bytes.is_empty()));
            if hash.is_none() || hash != known {
                if is_empty && known.is_some() {
                    look.doubt = GRACE_WHEN_EMPTY;
                }
                look.changed.push((id, path, hash));
            }
        }
        look
    }

    /// Joins the site again. Nobody is told yet.
    fn join(&mut self, look: Look, reading: &mut Reading, ahead: &mut Ahead) {
        let mut sources = self.site.sources.clone();
        if look.is_elsewhere || !look.gone.is_empty() || !look.come.is_empty() {
            self.others.retain(|path, _| !look.gone.contains(path));
            if let Some(door) = look.door.or_else(|| sources.door().cloned()) {
                sources = Arc::new(sources.after(door, &look.gone, look.come));
            }
        }
        for (id, path, hash) in &look.changed {
            reading.forget(*id);
            if reading.hash(*id).is_none() {
                ahead.replaced.push(path.clone());
                match hash {
                    Some(hash) => drop(self.others.insert(path.clone(), *hash)),
                    None => drop(self.others.remove(path)),
                }
            }
        }
        let options = join_options(&self.live.options, &sources, reading);
        self.site = Arc::new(pipeline::join(sources, options, reading));
        ahead.is_joined = true;
        // Where a file changed between the look and the join, it is looked at again.
        let moved = look.changed.into_iter().filter(|(id, _, hash)| {
            let read = reading.hash(*id);
            hash.is_some() && read.is_some() && read != *hash
        });
        ahead.again.extend(moved.map(|(_, path, _)| path));
    }

    /// Shows what was joined last. Gives back the site before.
    fn show(&self, replaced: Vec<Arc<str>>) -> Arc<Output> {
        let mut site = self.site.clone();
        let mut generation = 0;
        self.live.publish(|now| {
            now.generation += 1;
            now.unset.clear();
            generation = now.generation;
            std::mem::swap(&mut now.site, &mut site);
            now.replaced.extend(replaced.into_iter().map(|path| (generation, path)));
            let surplus = now.replaced.len().saturating_sub(REMEMBERED);
            now.replaced.drain(..surplus);
        });
        lock(&self.live.on_dates).retain(|(_, at, _)| *at == generation);
        site
    }

    /// Keeps watching where a top folder came, went, or was replaced by another.
    fn follow(&mut self, suspects: &BTreeSet<Arc<str>>) {
        let Some(watch) = &mut self.watch else { return };
        for top in source::TOPS.iter().filter(|top| suspects.contains(**top)) {
            watch.renew(top);
        }
        // Where the system refuses, the sweep still sees everything.
        let _ = watch.follow();
    }
}

fn is_of_the_site(path: &str) -> bool {
    source::TOPS.iter().any(|top| is_at_or_below(path, top))
}

fn is_at_or_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
