//! Booklets of pages that are open, set behind the answers: a page says of a booklet what is known, and is told when
//! more is.

use super::live::{Live, lock};
use crate::output::Output;
use crate::plan::booklets::Booklet;
use crate::render::Failure;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Duration;

/// How long a site must rest before a booklet of it is set: saves often come together, and findings come first.
const REST: Duration = Duration::from_millis(400);
/// How many wait at most; the oldest are forgotten.
const MOST_WANTED: usize = 64;

/// What waits to be set, the latest last.
#[derive(Default)]
pub struct Wanted {
    queue: Mutex<VecDeque<Want>>,
    more: Condvar,
}

struct Want {
    /// The site, which this does not keep alive.
    site: Weak<Output>,
    generation: u64,
    booklet: Booklet,
}

impl Wanted {
    /// Somebody sees a page that links to these booklets of a site.
    pub fn add(&self, site: &Arc<Output>, generation: u64, booklets: &[Booklet]) {
        if booklets.is_empty() {
            return;
        }
        let mut queue = lock(&self.queue);
        queue.retain(|want| want.site.strong_count() > 0);
        for booklet in booklets {
            let is_it = |want: &Want| want.booklet == *booklet && std::ptr::eq(want.site.as_ptr(), Arc::as_ptr(site));
            if !queue.iter().any(is_it) {
                queue.push_back(Want { site: Arc::downgrade(site), generation, booklet: *booklet });
            }
        }
        let surplus = queue.len().saturating_sub(MOST_WANTED);
        queue.drain(..surplus);
        drop(queue);
        self.more.notify_one();
    }

    /// Nobody waits any more.
    pub fn wake(&self) {
        self.more.notify_all();
    }

    /// The next to set; `None` after a while, so that who waits can look around.
    fn next(&self) -> Option<Want> {
        let queue = lock(&self.queue);
        let waited = self.more.wait_timeout_while(queue, Duration::from_secs(1), |queue| queue.is_empty());
        waited.unwrap_or_else(PoisonError::into_inner).0.pop_front()
    }
}

/// Sets what is wanted, one after the other, until the preview ends.
pub fn run(live: &Live) {
    // In a pool of its own, which is this one thread, and behind all others: a page must not wait for a booklet.
    let _pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, 15);
    while !live.now().is_over {
        let Some(want) = live.wanted().next() else { continue };
        // A site that is replaced meanwhile asks for its booklets anew.
        let is_now = live.wait_for_site(want.generation, REST).generation == want.generation;
        let Some(site) = want.site.upgrade().filter(|_| is_now) else { continue };
        if site.is_tried(&want.booklet) {
            continue;
        }
        // A bug of the typesetter must not take the preview down.
        let made = catch_unwind(AssertUnwindSafe(|| site.booklet(&want.booklet)));
        let found = match made {
            Ok(Ok(_)) => None,
            Ok(Err(Failure::Finding(finding))) => Some(*finding),
            // A file that changed is read again anyway, and the site with it.
            Ok(Err(Failure::Trouble(_))) => None,
            Err(_) => {
                site.give_up(want.booklet);
                None
            }
        };
        drop(site);
        live.booklet_is_set(want.generation, found);
    }
}
