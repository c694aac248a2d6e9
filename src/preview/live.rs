//! The site as it is now: suspects in, a joined site out, and everyone told who waits for it.
//!
//! One thread reads what is suspected and joins; another one examines what was joined, because an answer must not wait
//! for checks. Both only ever replace one value by another: whoever renders keeps the site it started with.

use super::Options;
use super::setter::{self, Wanted};
use super::stamps::Stamps;
use super::watch::{self, Watch};
use crate::diagnostic::policy::Asked;
use crate::diagnostic::{self, Diagnostic, Rule};
use crate::output::Output;
use crate::prepared;
use crate::reading::Reading;
use crate::report::human::Tally;
use crate::source::{self, File, Sources};
use crate::text::place::FileId;
use crate::value::calendar::Date;
use crate::{document, pipeline};
use anyhow::{Context as _, Result};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Something that may have happened.
#[derive(Debug)]
pub enum Notice {
    /// These may have changed. Whole: a writer has closed the file or moved it into place.
    Suspects {
        /// Absolute paths.
        paths: Vec<PathBuf>,
        /// Nothing more of it is expected.
        is_whole: bool,
    },
    /// A look at all files found these, by path from the site's root.
    Swept(Vec<Arc<str>>),
    /// Events were lost.
    Lost,
    /// The preview ends.
    Stop,
}

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
/// How long a site must rest before it is examined: pages that are open are shown first, and saves often come together.
const CALM: Duration = Duration::from_millis(30);
/// How long that is put off at most while saves keep coming.
const LONGEST_WITHOUT_FINDINGS: Duration = Duration::from_millis(500);
/// How long a site must rest before the rules are tried on what citizens see, too.
const REST: Duration = Duration::from_millis(150);
/// Changes of images and other files that are remembered for pages that show them.
const REMEMBERED: usize = 200;

/// The site now, for everyone who asks or waits.
pub struct Live {
    options: Options,
    root: PathBuf,
    reading: Mutex<Reading>,
    now: Mutex<Now>,
    changed: Condvar,
    notices: Mutex<Sender<Notice>>,
    has_events: bool,
    on_dates: Mutex<Vec<(Date, u64, Arc<Output>)>>,
    wanted: Wanted,
}

/// One state of the site.
#[derive(Clone)]
pub struct Now {
    /// Counts up with every change that anyone could see: a site, or its findings.
    pub tick: u64,
    /// Counts up with every joined site.
    pub generation: u64,
    /// The site, with drafts and what is published later.
    pub site: Arc<Output>,
    /// The generation that was examined, and what was found in it.
    pub findings: Arc<Findings>,
    /// What was found in setting booklets of this generation.
    pub unset: Vec<Diagnostic>,
    /// Counts up with every booklet that was set: links to it tell more now.
    pub booklets: u64,
    /// Files that are shown as they are and changed, with the generation; latest last.
    pub replaced: VecDeque<(u64, Arc<str>)>,
    /// The preview ends.
    pub is_over: bool,
}

impl Now {
    /// Findings with those about booklets.
    fn with_unset(&self, mut list: Vec<Diagnostic>) -> Vec<Diagnostic> {
        list.extend(self.unset.iter().cloned());
        diagnostic::sort(&mut list);
        list
    }
}

/// What was found in one generation.
#[derive(Default)]
pub struct Findings {
    /// The generation that was examined.
    pub generation: u64,
    /// In canonical order, with places in `sources`.
    pub list: Vec<Diagnostic>,
    /// The files as they were then.
    pub sources: Option<Arc<Sources>>,
}

/// The value, also where a thread that panicked held it: every one is replaced whole.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads the site and starts the threads that keep it up to date.
///
/// # Errors
/// When the folder cannot be read.
pub fn start_threads(options: Options) -> Result<(Arc<Live>, Vec<JoinHandle<()>>)> {
    let root = std::path::absolute(&options.site).with_context(|| options.site.display().to_string())?;
    let (notices, inbox) = channel();
    // Watching starts before the first look, so that nothing falls between them.
    let watch = if options.poll { None } else { Watch::start(&root, notices.clone()).ok() };
    let mut stamps = Stamps::default();
    stamps.sweep(&root);
    let sources = Arc::new(Sources::read(&root)?);
    stamps.share(&sources);
    let mut reading = Reading::default();
    let site = Arc::new(pipeline::join(sources, join_options(&options), &mut reading));
    let now = Now {
        tick: 1,
        generation: 1,
        site,
        findings: Arc::default(),
        unset: Vec::new(),
        booklets: 0,
        replaced: VecDeque::new(),
        is_over: false,
    };
    let live = Arc::new(Live {
        options,
        root: root.clone(),
        reading: Mutex::new(reading),
        now: Mutex::new(now),
        changed: Condvar::new(),
        notices: Mutex::new(notices.clone()),
        has_events: watch.is_some(),
        on_dates: Mutex::default(),
        wanted: Wanted::default(),
    });
    let (wakes, woken) = channel();
    let has_events = watch.is_some();
    let keeper = Keeper::new(live.clone(), watch, wakes);
    let spawn = |name: &str, run: Box<dyn FnOnce() + Send>| std::thread::Builder::new().name(name.into()).spawn(run);
    let (examiner, setting) = (live.clone(), live.clone());
    let threads = vec![
        spawn("keeper", Box::new(move || keeper.run(&inbox)))?,
        spawn("sweeper", Box::new(move || watch::sweep(&root, stamps, has_events, &woken, &notices)))?,
        spawn("examiner", Box::new(move || examiner.examine()))?,
        spawn("setter", Box::new(move || setter::run(&setting)))?,
    ];
    Ok((live, threads))
}

fn join_options(options: &Options) -> prepared::Options {
    prepared::Options {
        as_of: options.day(),
        today: (options.today)(),
        drafts: true,
        base_url: options.base_url.clone(),
        published: None,
        asked: Asked::default(),
    }
}

impl Live {
    /// The state now.
    pub fn now(&self) -> Now {
        lock(&self.now).clone()
    }

    /// Waits until the tick is another than `tick`, or the time is over.
    pub fn wait(&self, tick: u64, longest: Duration) -> Now {
        let now = lock(&self.now);
        let waited = self.changed.wait_timeout_while(now, longest, |now| now.tick == tick && !now.is_over);
        waited.unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    /// Where the site is on disk.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether changes are noticed by events.
    pub fn has_events(&self) -> bool {
        self.has_events
    }

    /// Ends the preview's threads and everyone who waits.
    pub fn stop(&self) {
        let _ = lock(&self.notices).send(Notice::Stop);
        lock(&self.now).is_over = true;
        self.changed.notify_all();
        self.wanted.wake();
    }

    /// Booklets that somebody would like to know more of.
    pub fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// A booklet of a generation was set, or could not be.
    pub fn booklet_is_set(&self, generation: u64, found: Option<Diagnostic>) {
        self.publish(|now| {
            now.booklets += 1;
            let Some(found) = found.filter(|_| now.generation == generation) else { return };
            now.unset.push(found);
            let Findings { generation, list, sources } = &*now.findings;
            let (generation, list, sources) = (*generation, list.clone(), sources.clone());
            now.findings = Arc::new(Findings { generation, list: now.with_unset(list), sources });
        });
    }

    /// Someone met a file that is not what it was: look at these now.
    pub fn suspect(&self, paths: impl IntoIterator<Item = Arc<str>>) {
        let _ = lock(&self.notices).send(Notice::Swept(paths.into_iter().collect()));
    }

    /// The site as citizens see it on a day, joined from the same documents.
    pub fn on_date(&self, date: Date) -> Arc<Output> {
        // Taken first and kept: while it is held, what was read belongs to the sources of the site now.
        let mut reading = lock(&self.reading);
        let now = self.now();
        let mut joined = lock(&self.on_dates);
        // Every one is a whole site: older ones go before the next is made, and a few days are kept at most.
        joined.retain(|(_, at, _)| *at == now.generation);
        if let Some((.., found)) = joined.iter().find(|(of, ..)| *of == date) {
            return found.clone();
        }
        if joined.len() > 3 {
            joined.remove(0);
        }
        let found = Arc::new(self.join_on_date(date, &now.site, &mut reading));
        joined.push((date, now.generation, found.clone()));
        found
    }

    fn join_on_date(&self, date: Date, site: &Output, reading: &mut Reading) -> Output {
        let options = prepared::Options { as_of: date, drafts: false, ..join_options(&self.options) };
        pipeline::join(site.sources.clone(), options, reading)
    }

    fn publish(&self, change: impl FnOnce(&mut Now)) {
        let mut now = lock(&self.now);
        change(&mut now);
        now.tick += 1;
        drop(now);
        self.changed.notify_all();
    }

    /// Finds everything that is wrong in every site that stays long enough.
    fn examine(&self) {
        // In a pool of its own, which is this one thread: in the common one, a page would wait for checks to end.
        let _pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
        let mut now = self.now();
        let mut tally = Tally::default();
        while !now.is_over {
            let began = Instant::now();
            loop {
                let generation = now.generation;
                // A site that others have replaced is a lot of memory to hold on to.
                drop(now);
                now = self.wait_for_site(generation, CALM);
                if now.generation == generation || now.is_over || began.elapsed() > LONGEST_WITHOUT_FINDINGS {
                    break;
                }
            }
            let (site, generation, sources) = (now.site.clone(), now.generation, now.site.sources.clone());
            drop(now);
            let publish = |list: Vec<Diagnostic>| {
                self.publish(|now| {
                    let list = if now.generation == generation { now.with_unset(list) } else { list };
                    now.findings = Arc::new(Findings { generation, list, sources: Some(sources.clone()) });
                });
            };
            // A bug in a rule must not take the preview down.
            let first = catch_unwind(AssertUnwindSafe(|| pipeline::examine(&site))).unwrap_or_default();
            publish(first.clone());
            // Nor is a site held while this waits: letting go of the last hold on it is the keeper's work.
            drop(site);
            now = self.wait_for_site(generation, REST);
            if now.generation == generation && !now.is_over {
                let site = now.site.clone();
                drop(now);
                let all = catch_unwind(AssertUnwindSafe(|| self.examine_public(&site, generation, first.clone())));
                let all = all.unwrap_or_else(|_| first.clone());
                let found = Tally::of(&all);
                if found != tally {
                    (self.options.say)(&found.line(self.options.language));
                    tally = found;
                }
                if all != first {
                    publish(all);
                }
                drop(site);
                now = self.wait_for_site(generation, Duration::MAX);
            }
        }
    }

    /// What else would stop a build today: rules over what citizens see, and faults of the theme that only show on a
    /// page.
    fn examine_public(&self, site: &Output, generation: u64, mut list: Vec<Diagnostic>) -> Vec<Diagnostic> {
        // Not kept: hardly anyone looks at it, and it is a whole site.
        let public = {
            let mut reading = lock(&self.reading);
            let is_now = self.now().generation == generation;
            is_now.then(|| self.join_on_date(site.options.as_of, site, &mut reading))
        };
        if let Some(public) = public {
            let more = pipeline::examine(&public);
            // An exception may be for what is wrong with drafts only, or for citizens only.
            let is_unused = |finding: &Diagnostic| finding.rule == Rule::UnusedException;
            list.retain(|finding| !is_unused(finding) || more.contains(finding));
            // What is announced to citizens is late for them, and counted as they see it.
            list.retain(|finding| finding.rule != Rule::LateResults);
            list.extend(more.into_iter().filter(|finding| !is_unused(finding)));
        }
        // A file that changed meanwhile is examined again anyway.
        list.extend(site.try_templates().unwrap_or_default());
        diagnostic::sort(&mut list);
        list
    }

    /// Waits until there is another site than that of `generation`, or the time is over.
    pub fn wait_for_site(&self, generation: u64, longest: Duration) -> Now {
        let now = lock(&self.now);
        let is_same = |now: &mut Now| now.generation == generation && !now.is_over;
        // The longest wait a clock can hold is not `Duration::MAX`.
        let longest = longest.min(Duration::from_secs(3600));
        let waited = self.changed.wait_timeout_while(now, longest, is_same);
        waited.unwrap_or_else(PoisonError::into_inner).0.clone()
    }
}

/// The thread that looks at suspects and joins.
struct Keeper {
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
    gone: BTreeSet<Arc<str>>,
    come: Vec<File>,
    changed: Vec<(FileId, Arc<str>, Option<u64>)>,
    /// How long to wait before it is believed: something vanished or was emptied that was there before.
    doubt: Duration,
}

impl Look {
    fn is_nothing(&self) -> bool {
        self.gone.is_empty() && self.come.is_empty() && self.changed.is_empty()
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
    fn new(live: Arc<Live>, watch: Option<Watch>, wakes: Sender<()>) -> Self {
        let site = live.now().site;
        Self { live, watch, wakes, site, others: HashMap::new() }
    }

    fn run(mut self, inbox: &Receiver<Notice>) {
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
        if !look.is_nothing() || self.site.options.as_of != live.options.day() {
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
        let mut look = Look::default();
        let mut seen: BTreeMap<Arc<str>, FileId> = BTreeMap::new();
        let mut at: Option<&Arc<str>> = None;
        for suspect in suspects {
            // What lies below another suspect has been looked at with it.
            if at.is_some_and(|at| is_at_or_below(suspect, at)) {
                continue;
            }
            at = Some(suspect);
            let listed = source::list(&self.live.root, suspect);
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
            let (hash, is_empty) = match sources.bytes(id) {
                Ok(bytes) => (Some(document::hash(&bytes)), bytes.is_empty()),
                Err(_) => (None, false),
            };
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
        if !look.gone.is_empty() || !look.come.is_empty() {
            self.others.retain(|path, _| !look.gone.contains(path));
            sources = Arc::new(sources.after(&self.live.root, &look.gone, look.come));
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
        self.site = Arc::new(pipeline::join(sources, join_options(&self.live.options), reading));
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
