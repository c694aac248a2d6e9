//! Booklets of pages that are open, set behind the answers: a page says of a booklet what is known, and is told when
//! more is.

use super::live::Live;
use crate::render::Failure;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// How long a site must rest before a booklet of it is set: saves often come together, and findings come first.
const REST: Duration = Duration::from_millis(400);

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
