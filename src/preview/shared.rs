//! Values that threads share.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The value, also where a thread that panicked held it: every one is replaced whole.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
