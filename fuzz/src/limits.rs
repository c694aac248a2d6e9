//! What one execution may take: memory, counted exactly, and time, measured where it seems to take long.
//!
//! LibFuzzer looks at the memory of the process once a second and at the clock in whole seconds. An input of a kilobyte
//! that takes fifty milliseconds or as many megabytes is a mistake as well: the file that a person has may be a thousand
//! times as long.

use mimalloc::MiMalloc;
use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::time::{Duration, Instant};

/// Bytes that may be in use at one time beyond those before: for each byte of the input, and for any input.
const MOST_MEMORY: (usize, usize) = (8 * 1024, 4 * 1024 * 1024);

/// How long an input may take on the processor. They are shorter than the longest file by a factor of a thousand.
const MOST_TIME: Duration = Duration::from_millis(100);

thread_local! {
    static USED: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(isize::MAX) };
}

/// Counts what a thread has in use, and ends the program when an input takes too much.
pub struct Counting;

impl Counting {
    fn add(&self, bytes: isize) {
        let used = USED.get() + bytes;
        USED.set(used);
        if used > MOST.get() && !std::thread::panicking() {
            MOST.set(isize::MAX);
            eprintln!("memory: {used} bytes are in use");
            std::process::abort();
        }
    }
}

// SAFETY: every call is passed on unchanged to an allocator that keeps the contract; only numbers are noted beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.add(layout.size() as isize);
        unsafe { MiMalloc.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        USED.set(USED.get() - layout.size() as isize);
        unsafe { MiMalloc.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        self.add(size as isize - layout.size() as isize);
        unsafe { MiMalloc.realloc(at, layout, size) }
    }
}

/// Runs a target on one input, within the limits.
///
/// # Panics
/// Where it takes too long. Where it takes too much memory, the program ends.
pub fn once(target: fn(&[u8]), bytes: &[u8]) {
    let (for_each, for_any) = MOST_MEMORY;
    let most = bytes.len() * for_each + for_any;
    let started = Instant::now();
    MOST.set(USED.get() + most as isize);
    target(bytes);
    MOST.set(isize::MAX);
    // Another process may have had the processor: only then is it worth asking what was ours.
    if started.elapsed() > MOST_TIME {
        let fastest = (0..3).map(|_| time_of(target, bytes)).min().unwrap_or_default();
        assert!(fastest <= MOST_TIME, "time: {fastest:?} for {} bytes", bytes.len());
    }
}

fn time_of(target: fn(&[u8]), bytes: &[u8]) -> Duration {
    let before = on_processor();
    target(bytes);
    on_processor() - before
}

/// The time that this thread has had a processor.
fn on_processor() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
