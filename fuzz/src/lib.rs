//! Kohyo's readers under arbitrary bytes: what each target feeds them ([`targets`]), what it begins with ([`seeds`],
//! [`words`]), and what one execution may take ([`limits`]).
//!
//! `sh fuzz/run.sh` has libFuzzer drive the targets, guided by coverage. `tests/it/fuzzed.rs` runs the same targets over
//! the seeds and a few thousand changes of them, without any tool: it includes the files of this folder that need none.

#![allow(clippy::disallowed_methods, reason = "seeds are collected from files")]

pub mod begin;
mod html;
pub mod limits;
pub mod mutate;
pub mod seeds;
pub mod targets;
pub mod words;

/// The program of a target: of a function in [`targets`], or of another.
#[macro_export]
macro_rules! program {
    ($target:ident) => {
        $crate::program!($target, $crate::targets::$target);
    };
    ($target:ident, $run:path) => {
        #[global_allocator]
        static ALLOCATOR: $crate::limits::Counting = $crate::limits::Counting;

        libfuzzer_sys::fuzz_target!(
            init: $crate::begin::begin(stringify!($target), $run),
            |bytes: &[u8]| $crate::limits::once($run, bytes)
        );
    };
}
