//! kohyo (公表): Markdown goal and result documents to a fast, accessible, printable public record.
//!
//! The whole program in one line: [`source`] takes a snapshot of the files, [`pipeline::prepare`] makes a checked,
//! planned site of it, [`render::render`] turns any route of that site into bytes. Commands in [`cli`] are thin readers
//! of these. `ARCHITECTURE.md` is the map.

// What is said goes through `cli::say`, which makes hidden characters visible.
#![warn(clippy::print_stderr, clippy::print_stdout)]

pub mod attachment;
pub mod beneath;
pub mod check;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod document;
pub mod fields;
pub mod fix;
pub mod markdown;
pub mod output;
pub mod pipeline;
pub mod plan;
pub mod prepared;
pub mod preview;
pub mod print;
pub mod program;
pub mod proofread;
pub mod publish;
pub mod reading;
pub mod render;
pub mod report;
pub mod schema;
pub mod site;
pub mod source;
pub mod text;
pub mod theme;
pub mod value;
pub mod view;
pub mod yaml;
