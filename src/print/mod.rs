//! Booklets: the record as PDF, in normal and in large type.
//!
//! A booklet is a function of the same [`Prepared`] site that pages are made from: what is not published is not in it.
//! [`data`] tells what a booklet says, as plain values; the theme's `print/*.typ` tell how it looks; [`press`] sets the
//! one with the other, without files, network or clock. Text of an author is data, never source.
//!
//! This file knows which booklets there are, how they are called, and nothing of typesetting: it is there also where
//! the program was built without the feature `pdf`.

mod findings;
#[cfg(feature = "pdf")]
pub mod gather;
#[cfg(feature = "pdf")]
mod glyphs;
#[cfg(feature = "pdf")]
mod lines;
#[cfg(feature = "pdf")]
mod links;
#[cfg(feature = "pdf")]
mod pack;
#[cfg(feature = "pdf")]
mod phrase;
#[cfg(feature = "pdf")]
mod press;
#[cfg(feature = "pdf")]
mod shelf;
#[cfg(feature = "pdf")]
mod slices;
#[cfg(feature = "pdf")]
pub mod view;

use crate::diagnostic::Diagnostic;
use crate::pipeline::Prepared;
use crate::plan::booklets::Booklet;
use crate::value::booklet::{Facts, Settings};
#[cfg(feature = "pdf")]
pub use press::{Pdf, Press};
#[cfg(feature = "pdf")]
pub use shelf::{Shelf, check_subjects, facts};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What stands in the way of the booklets that `build` makes: letters that no font has, fonts that are none.
pub fn check(prepared: &Prepared) -> Vec<Diagnostic> {
    #[cfg(feature = "pdf")]
    if !prepared.site.config.pdf.kinds.is_empty() {
        return shelf::check(prepared);
    }
    let _ = prepared;
    Vec::new()
}

/// What is known of a site's booklets without making them again: made by this build, or kept from the last one.
#[derive(Debug, Default)]
pub struct Known(Mutex<BTreeMap<Booklet, Facts>>);

impl Known {
    /// What is known of a booklet.
    pub fn get(&self, booklet: &Booklet) -> Option<Facts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(booklet).copied()
    }

    /// Of how many booklets something is known.
    pub fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Remembers what a booklet is like. It is the same whoever says it: the booklet depends on the site alone.
    pub fn tell(&self, booklet: Booklet, facts: Facts) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(booklet, facts);
    }
}

impl Settings {}

#[cfg(test)]
mod tests {
    use crate::value::booklet::Size;
    use crate::value::booklet::sheets;

    #[test]
    fn sizes_and_sheets() {
        assert_eq!(Size::new(22), Some(Size::LARGE));
        assert_eq!(Size::new(13), None);
        assert!(Size::new(16).is_some_and(Size::is_large) && !Size::new(14).is_some_and(Size::is_large));
        assert_eq!((sheets(0), sheets(1), sheets(92), sheets(93)), (0, 1, 46, 47));
    }
}
