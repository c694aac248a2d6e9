//! What there is below a folder of the project. No link is followed into a folder, and nothing is dropped in silence but
//! what is hidden.

use super::door::{Door, Entry};
use super::names::is_visible;
use super::{File, Why, relative};
use crate::beneath::Kind;
use std::path::Path;

/// What there is at a path under the root, and below it; nothing where there is nothing. In no particular order.
pub fn list(door: &Door, at: &str) -> Vec<File> {
    let mut files = Vec::new();
    each(door, at, &mut |file| files.push(file));
    files
}

/// The same, file by file.
pub fn each(door: &Door, at: &str, see: &mut dyn FnMut(File)) {
    if relative(Path::new(""), Path::new(at)).is_none() {
        return;
    }
    let Some(kind) = door.kind(at) else { return };
    let mut folders = Vec::new();
    one(door, at.to_owned(), kind, &mut folders, see);
    while let Some(folder) = folders.pop() {
        // A folder called `x.md` is a mistake someone must hear about; other folders are just folders.
        if folder.ends_with(".md") {
            see(File { path: folder.as_str().into(), trouble: Some(Why::Folder) });
        }
        let entries = match door.entries(&folder) {
            // It has just gone.
            Err(Why::Gone) => continue,
            Err(why) => {
                see(File { path: folder.into(), trouble: Some(why) });
                continue;
            }
            Ok(entries) => entries,
        };
        for Entry { name, kind } in entries {
            match name {
                Ok(name) if !is_visible(&name) => {}
                Ok(name) => one(door, format!("{folder}/{name}"), kind, &mut folders, see),
                Err((shown, _)) if !is_visible(&shown) => {}
                // A name from an old archive, say.
                Err((shown, meant)) => {
                    see(File { path: format!("{folder}/{shown}").into(), trouble: Some(Why::NotUtf8(meant)) });
                }
            }
        }
    }
}

fn one(door: &Door, path: String, kind: Kind, folders: &mut Vec<String>, see: &mut dyn FnMut(File)) {
    let trouble = match kind {
        Kind::Folder => return folders.push(path),
        Kind::File => None,
        Kind::Link => door.open(&path).err(),
        Kind::Other => Some(Why::Special),
    };
    see(File { path: path.into(), trouble });
}
