//! Text and places in it: no knowledge of what a text is about.

pub mod address;
pub mod encoding;
pub mod guard;
pub mod hidden;
pub mod html;
pub mod language;
pub mod memo;
pub mod nearest;
pub mod place;
pub mod signs;
pub mod size;
pub mod span;
pub mod terms;
pub mod visible;
pub mod words;
