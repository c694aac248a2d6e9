//! Booklets: the record as PDF, in normal and in large type.
//!
//! A booklet is a function of the same [`crate::prepared`] site that pages are made from: what is not published is not in it.
//! [`gather`] tells what a booklet says, as plain values; the theme's `print/*.typ` tell how it looks; [`press`] sets the
//! one with the other, without files, network or clock. Text of an author is data, never source.
//!
//! Which booklets there are and how they are called is planned ([`crate::plan::booklets`]). A program without the feature
//! `pdf` sets none.

#[cfg(feature = "pdf")]
mod findings;
#[cfg(feature = "pdf")]
pub mod gather;
#[cfg(feature = "pdf")]
mod glyphs;
#[cfg(feature = "pdf")]
mod guard;
#[cfg(feature = "pdf")]
mod lines;
#[cfg(feature = "pdf")]
mod links;
#[cfg(feature = "pdf")]
mod marks;
#[cfg(not(feature = "pdf"))]
mod none;
#[cfg(feature = "pdf")]
mod pack;
#[cfg(feature = "pdf")]
mod phrase;
#[cfg(feature = "pdf")]
mod pictures;
#[cfg(feature = "pdf")]
mod press;
#[cfg(feature = "pdf")]
mod readable;
#[cfg(feature = "pdf")]
mod rounds;
#[cfg(feature = "pdf")]
mod shelf;
#[cfg(feature = "pdf")]
mod signs;
#[cfg(feature = "pdf")]
mod slices;
#[cfg(feature = "pdf")]
mod values;
#[cfg(feature = "pdf")]
pub mod view;
#[cfg(feature = "pdf")]
mod words;

use crate::value::booklet::Facts;
#[cfg(not(feature = "pdf"))]
pub use none::{Shelf, check, check_subjects};
#[cfg(feature = "pdf")]
pub use press::Press;
#[cfg(feature = "pdf")]
pub use shelf::{Shelf, check, check_subjects};

/// A finished booklet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
}

impl Pdf {
    /// What a link to it tells.
    pub fn facts(&self) -> Facts {
        Facts { pages: self.pages, bytes: self.bytes.len() as u64 }
    }
}
