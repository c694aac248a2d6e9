//! `kohyo licences`: what others made and the program carries, with their licences in full.

use super::say;
use anyhow::Result;
use std::process::ExitCode;

/// `docs/third-party.txt` as `build.rs` packed it; `tests/it/supply.rs` holds it against the packages.
static THIRD_PARTY: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/third-party.lz4"));

/// Prints the texts, so that whoever hands on the program alone hands on what its authors ask for.
pub(super) fn licences() -> Result<ExitCode> {
    let text = lz4_flex::block::decompress_size_prepended(THIRD_PARTY)?;
    say::text(&String::from_utf8(text)?)?;
    Ok(ExitCode::SUCCESS)
}
