//! Work that libraries of others do on one file, so that a panic in there ends this work and nothing else.
//!
//! A panic of our own is a bug and ends the program with a report. One in a library, over a file that somebody wrote, is
//! told of that file, and all other files go on.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// How much guarded work is under way on this thread, one inside another.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    /// What the last panic of it said, and where in which source.
    static SAID: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Does the work.
///
/// # Errors
/// What a panic said. What it left half made is dropped with the work; nothing of it may be used again.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static QUIET: Once = Once::new();
    // Its words are told with the file, and not twice.
    QUIET.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |info| match DEPTH.get() {
            0 => loud(info),
            _ => SAID.set(Some(said(info))),
        }));
    });
    DEPTH.set(DEPTH.get() + 1);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    DEPTH.set(DEPTH.get() - 1);
    // On another thread of a library nobody listened.
    done.map_err(|_| SAID.take().unwrap_or_else(|| "panic".to_owned()))
}

fn said(info: &panic::PanicHookInfo<'_>) -> String {
    let words = info.payload_as_str().unwrap_or("panic").lines().next().unwrap_or_default();
    let words: String = words.chars().take(200).collect();
    // Of the source only its name: the folders are those of the machine that compiled it.
    let place = info.location().map(|it| {
        let name = it.file().rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        format!(" ({name}:{})", it.line())
    });
    words + &place.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_its_own_work_and_is_told() {
        assert_eq!(guarded(|| 1), Ok(1));
        let line = line!() + 1;
        let said = guarded(|| -> u8 { panic!("index {} out of\nrange", 7) }).unwrap_err();
        assert_eq!(said, format!("index 7 out of (guard.rs:{line})"));
        // One inside another: the outer goes on.
        let outer = guarded(|| guarded(|| -> u8 { panic!("inner") }).is_err());
        assert_eq!(outer, Ok(true));
        assert_eq!(DEPTH.get(), 0);
    }

    #[test]
    fn a_panic_can_be_caught_in_every_profile() {
        const { assert!(cfg!(panic = "unwind")) };
        let manifest = include_str!("../../Cargo.toml");
        assert!(!manifest.lines().any(|line| line.trim_start().starts_with("panic")), "a panic must not abort");
    }
}
