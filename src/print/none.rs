//! A program without booklets: none is planned, none is made.

use super::Pdf;
use crate::diagnostic::Diagnostic;
use crate::plan::booklets::{Booklet, Subject};
use crate::prepared::Prepared;
use crate::render::Failure;
use std::sync::Arc;

/// Where no booklets stand.
#[derive(Debug, Default)]
pub struct Shelf;

impl Shelf {
    /// Trouble.
    ///
    /// # Errors
    /// Always.
    pub fn pdf(&self, _: &Prepared, _: &Booklet) -> Result<Arc<Pdf>, Failure> {
        Err(anyhow::anyhow!("no booklets in this program").into())
    }

    /// Trouble.
    ///
    /// # Errors
    /// Always.
    pub fn pages(&self, _: &Prepared, _: &Booklet) -> Result<usize, Failure> {
        Err(anyhow::anyhow!("no booklets in this program").into())
    }
}

/// Nothing.
pub fn check(_: &Prepared, _: &Shelf) -> Vec<Diagnostic> {
    Vec::new()
}

/// Nothing.
pub fn check_subjects(_: &Prepared, _: &Shelf, _: &[Subject]) -> Vec<Diagnostic> {
    Vec::new()
}
