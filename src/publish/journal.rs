//! Which files of `back` builds have put there since it was last public.
//!
//! A build that is killed leaves pages in `back` that no record knows. Without this list they could not be told from
//! what a person put there, and nothing of a person's is ever deleted.

use super::place::Place;
use super::trouble::{AtPath, Trouble};
use super::{content, tree};
use std::collections::BTreeSet;
use std::fs::{self, File};
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
        let at = place.made();
        fs::write(&at, format!("{FIRST_WORD} {} all\n", tree::folder_id(&place.back()))).writing(&at)?;
        Ok(Self { file: None })
    }

    /// Goes on with the list of a folder that was there, or begins it if it is not of this very folder.
    pub(super) fn of_old_folder(place: &Place) -> Result<Self, Trouble> {
        let at = place.made();
        match made(place) {
            Made::Everything => return Ok(Self { file: None }),
            Made::Some(_) => {}
            Made::Unknown => {
                fs::write(&at, format!("{FIRST_WORD} {} some\n", tree::folder_id(&place.back()))).writing(&at)?;
            }
        }
        let mut file = File::options().append(true).open(&at).writing(&at)?;
        // A kill can cut the last line short; the next one must not become a part of it.
        file.write_all(b"\n").writing(&at)?;
        Ok(Self { file: Some(file) })
    }

    /// Notes that a file is about to be put under this path. From any thread: one line is written by one call.
    pub(super) fn note(&self, path: &str, place: &Place) -> Result<(), Trouble> {
        match &self.file {
            Some(file) => (&*file).write_all(format!("{path}\n").as_bytes()).writing(&place.made()),
            None => Ok(()),
        }
    }
}

/// Reads the list, if it is of the folder that is `back` now.
pub(super) fn made(place: &Place) -> Made {
    let text = content::read_memory(&place.made());
    let (head, paths) = text.split_once('\n').unwrap_or_default();
    let folder = tree::folder_id(&place.back());
    if head == format!("{FIRST_WORD} {folder} all") {
        return Made::Everything;
    }
    match head == format!("{FIRST_WORD} {folder} some") {
        true => Made::Some(paths.lines().map(Into::into).collect()),
        false => Made::Unknown,
    }
}
