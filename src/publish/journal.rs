//! Which files of `back` builds have put there since it was last public.
//!
//! A build that is killed leaves pages in `back` that no record knows. Without this list they could not be told from
//! what a person put there, and nothing of a person's is ever deleted.

use super::place::Place;
use super::trouble::{AtPath, Trouble};
use super::{content, tree};
use crate::beneath::Access;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;

const FIRST_WORD: &str = "kohyo-made/1";

/// The list, open for the build that holds the lock.
#[derive(Debug)]
pub(super) struct Journal {
    /// `None`: the folder was made by a build and has never been public, so all of it is kohyo's.
    file: Option<File>,
}

/// What builds have put into `back`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Made {
    /// Nothing is noted about this folder.
    Unknown,
    /// All of it.
    Everything,
    /// These paths.
    Some(BTreeSet<String>),
}

impl Journal {
    /// Begins the list of a folder that this build has just made.
    pub(super) fn of_new_folder(place: &Place) -> Result<Self, Trouble> {
        begin(place, "all", &BTreeSet::new())?;
        Ok(Self { file: None })
    }

    /// Begins the list of a folder that was there, and that has nothing in it now that a build has put there.
    pub(super) fn anew(place: &Place) -> Result<Self, Trouble> {
        Ok(Self { file: Some(begin(place, "some", &BTreeSet::new())?) })
    }

    /// Goes on with the list of a folder that was there, or begins it if it is not of this very folder. The list is made
    /// anew each time: nobody else has a name of a file that this build has made itself.
    pub(super) fn of_old_folder(place: &Place) -> Result<Self, Trouble> {
        let earlier = match made(place) {
            Made::Everything => return Ok(Self { file: None }),
            Made::Some(paths) => paths,
            Made::Unknown => BTreeSet::new(),
        };
        Ok(Self { file: Some(begin(place, "some", &earlier)?) })
    }

    /// Notes that a file is about to be put under this path. From any thread: one line is written by one call.
    pub(super) fn note(&self, path: &str, place: &Place) -> Result<(), Trouble> {
        match &self.file {
            Some(file) => (&*file).write_all(format!("{path}\n").as_bytes()).writing(&place.made()),
            None => Ok(()),
        }
    }
}

/// A new list, which is open for more.
fn begin(place: &Place, which: &str, paths: &BTreeSet<String>) -> Result<File, Trouble> {
    let at = place.made();
    let mut text = format!("{FIRST_WORD} {} {which}\n", tree::folder_id(&place.beneath, &place.back()));
    // A kill can cut the last line short; the next one must not become a part of it.
    paths.iter().for_each(|path| text.extend([path, "\n"]));
    let mut opened = None;
    let written = place.beneath.replace(&at, &place.private, Access::Owner, |mut file| {
        file.write_all(text.as_bytes())?;
        opened = Some(file.try_clone()?);
        Ok(())
    });
    written.and_then(|()| opened.ok_or_else(|| std::io::ErrorKind::NotFound.into())).writing(&at)
}

/// Reads the list, if it is of the folder that is `back` now.
pub(super) fn made(place: &Place) -> Made {
    let text = content::read_memory(&place.beneath, &place.made());
    let (head, paths) = text.split_once('\n').unwrap_or_default();
    let folder = tree::folder_id(&place.beneath, &place.back());
    if head == format!("{FIRST_WORD} {folder} all") {
        return Made::Everything;
    }
    match head == format!("{FIRST_WORD} {folder} some") {
        true => Made::Some(paths.lines().map(Into::into).collect()),
        false => Made::Unknown,
    }
}
