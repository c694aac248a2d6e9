//! Notices that something may have changed, by events of the system or by looking now and then.
//!
//! Never says *what* changed: it names suspects. Whoever gets them looks at the content.

use super::stamps::Stamps;
use crate::source::TOPS;
use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind, RenameMode};
use notify::{Config, Event, RecommendedWatcher, RecursiveMode, Watcher};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// Events of the system for one site.
pub struct Watch {
    watcher: RecommendedWatcher,
    root: PathBuf,
    watched: Vec<&'static str>,
}

impl Watch {
    /// Asks the system for events; they arrive in `notices`.
    ///
    /// # Errors
    /// When the system has none, or none left.
    pub fn start(root: &Path, notices: Sender<Notice>) -> notify::Result<Self> {
        let inside = root.to_path_buf();
        // As the snapshot does not follow links into folders, so nobody watches a disk because of one.
        let settings = Config::default().with_follow_symlinks(false);
        let watcher = RecommendedWatcher::new(
            move |event: notify::Result<Event>| {
                // A closed channel means that the preview has ended.
                let _ = notices.send(match event {
                    Ok(event) if event.need_rescan() => Notice::Lost,
                    Ok(event) => match suspects(event, &inside) {
                        Some(notice) => notice,
                        None => return,
                    },
                    Err(_) => Notice::Lost,
                });
            },
            settings,
        )?;
        let mut watch = Self { watcher, root: root.to_path_buf(), watched: Vec::new() };
        // Not deeper: `public/` and what else lies there is of no concern.
        watch.watcher.watch(root, RecursiveMode::NonRecursive)?;
        watch.follow()?;
        Ok(watch)
    }

    /// Watches the folders that are there now; they may come after the start, or be replaced by others.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn follow(&mut self) -> notify::Result<()> {
        for top in TOPS {
            let path = self.root.join(top);
            let is_folder = path.symlink_metadata().is_ok_and(|it| it.is_dir());
            let is_watched = self.watched.contains(&top);
            if is_folder && !is_watched {
                self.watcher.watch(&path, RecursiveMode::Recursive)?;
                self.watched.push(top);
            } else if !is_folder && is_watched {
                // It went away by itself with the folder where the system noticed; either way it is gone.
                let _ = self.watcher.unwatch(&path);
                self.watched.retain(|other| *other != top);
            }
        }
        Ok(())
    }

    /// Watches a top folder again that was removed and came back.
    pub fn renew(&mut self, top: &str) {
        if let Some(top) = TOPS.into_iter().find(|other| *other == top) {
            let _ = self.watcher.unwatch(&self.root.join(top));
            self.watched.retain(|other| *other != top);
        }
    }
}

/// What an event suspects; `None` where it tells nothing.
fn suspects(event: Event, root: &Path) -> Option<Notice> {
    let is_whole = match event.kind {
        // Someone read a file: we do, all the time.
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => return None,
        EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both)) => true,
        // What may still follow is waited for before it is believed.
        EventKind::Remove(_) => true,
        _ => false,
    };
    let paths: Vec<PathBuf> = event.paths.into_iter().filter(|path| path.as_path() != root).collect();
    (!paths.is_empty()).then_some(Notice::Suspects { paths, is_whole })
}

/// How long after the last notice the sweep waits, so that it does not disturb the answer.
const CALM: Duration = Duration::from_millis(250);
/// How long a sweep is put off while notices keep coming.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often a sweep runs when nothing happens at all.
const ROUND: Duration = Duration::from_secs(20);
/// The shortest time between two looks of a preview without events.
const POLL: Duration = Duration::from_millis(400);

/// Looks at all files after every change and now and then, and names those that events missed. Ends when `wakes` is
/// closed.
pub fn sweep(root: &Path, mut stamps: Stamps, has_events: bool, wakes: &Receiver<()>, notices: &Sender<Notice>) {
    let mut took = Duration::ZERO;
    loop {
        // A large site on a slow drive must not be looked at without end.
        let round = if has_events { ROUND } else { POLL.max(took * 5) };
        match wakes.recv_timeout(round) {
            Ok(()) => {
                let began = Instant::now();
                while began.elapsed() < PATIENCE {
                    match wakes.recv_timeout(CALM) {
                        Ok(()) => {}
                        Err(RecvTimeoutError::Timeout) => break,
                        Err(RecvTimeoutError::Disconnected) => return,
                    }
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        let began = Instant::now();
        let suspects = stamps.sweep(root);
        took = began.elapsed();
        let notice = Notice::Swept(suspects);
        if notices.send(notice).is_err() {
            return;
        }
    }
}

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
