//! Everything that is tested from outside, as one program: so the typesetter is linked once.
//!
//! `cargo test --test it rules::` runs one file of it. The tests share a process, so none may change what belongs to a
//! process (its folder, its environment, its limits): one that has to starts the program, or this one again.

#![allow(clippy::disallowed_methods, reason = "tests and benchmarks look at files and clocks")]

mod support;

mod busy_folder;
mod checkout;
mod cli;
mod columns;
mod embargo;
mod english;
mod fields;
mod findings;
mod fix;
mod fuzzed;
mod golden;
mod habits;
mod hidden;
mod indicators;
mod layers;
mod limits;
mod lookalikes;
mod mistakes;
#[cfg(unix)]
mod outside;
#[cfg(feature = "pdf")]
mod paper;
mod places;
mod planted;
mod preview;
#[cfg(feature = "pdf")]
mod print;
mod programmes;
mod publish_faults;
mod reading;
mod rebuild;
mod report;
mod rules;
mod scaling;
mod security;
mod sheets;
#[cfg(feature = "pdf")]
mod signs;
mod site;
mod slips;
mod supply;
mod terms;
mod threads;
mod tiers;
mod today;
#[cfg(feature = "pdf")]
mod values;
