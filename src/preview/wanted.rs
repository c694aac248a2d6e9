//! Booklets that somebody who looks at a page would like to know more of.

use super::shared::lock;
use crate::output::Output;
use crate::plan::booklets::Booklet;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Duration;

/// How many wait at most; the oldest are forgotten.
const MOST_WANTED: usize = 64;

/// What waits to be set, the latest last.
#[derive(Default)]
pub struct Wanted {
    queue: Mutex<VecDeque<Want>>,
    more: Condvar,
}

pub(super) struct Want {
    /// The site, which this does not keep alive.
    pub(super) site: Weak<Output>,
    pub(super) generation: u64,
    pub(super) booklet: Booklet,
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
    pub(super) fn next(&self) -> Option<Want> {
        let queue = lock(&self.queue);
        let waited = self.more.wait_timeout_while(queue, Duration::from_secs(1), |queue| queue.is_empty());
        waited.unwrap_or_else(PoisonError::into_inner).0.pop_front()
    }
}
