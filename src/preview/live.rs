//! The site as it is now: suspects in, a joined site out, and everyone told who waits for it.
//!
//! One thread reads what is suspected and joins; another one examines what was joined, because an answer must not wait
//! for checks. Both only ever replace one value by another: whoever renders keeps the site it started with.

use super::Options;
use super::shared::lock;
use super::wanted::Wanted;
use super::watch::Notice;
use crate::diagnostic::policy::Asked;
use crate::diagnostic::{self, Diagnostic, Rule};
use crate::output::Output;
use crate::reading::Reading;
use crate::report::human::Tally;
use crate::source::Sources;
use crate::value::calendar::Date;
use crate::{pipeline, prepared};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a site must rest before it is examined: pages that are open are shown first, and saves often come together.
const CALM: Duration = Duration::from_millis(30);
/// How long that is put off at most while saves keep coming.
const LONGEST_WITHOUT_FINDINGS: Duration = Duration::from_millis(500);
/// How long a site must rest before the rules are tried on what citizens see, too.
const REST: Duration = Duration::from_millis(150);

/// The site now, for everyone who asks or waits.
pub struct Live {
    pub(super) options: Options,
    pub(super) root: PathBuf,
    pub(super) reading: Mutex<Reading>,
    pub(super) now: Mutex<Now>,
    pub(super) changed: Condvar,
    pub(super) notices: Mutex<Sender<Notice>>,
    pub(super) has_events: bool,
    pub(super) on_dates: Mutex<Vec<(Date, u64, Arc<Output>)>>,
    pub(super) wanted: Wanted,
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

pub(super) fn join_options(options: &Options, sources: &Sources, reading: &mut Reading) -> prepared::Options {
    let zone = reading.time_zone(sources, options.base_url.as_deref());
    prepared::Options {
        as_of: options.day(zone.as_ref()),
        today: (options.today)(zone.as_ref()),
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
        let options = join_options(&self.options, &site.sources, reading);
        let options = prepared::Options { as_of: date, drafts: false, ..options };
        pipeline::join(site.sources.clone(), options, reading)
    }

    pub(super) fn publish(&self, change: impl FnOnce(&mut Now)) {
        let mut now = lock(&self.now);
        change(&mut now);
        now.tick += 1;
        drop(now);
        self.changed.notify_all();
    }

    /// Finds everything that is wrong in every site that stays long enough.
    pub(super) fn examine(&self) {
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
