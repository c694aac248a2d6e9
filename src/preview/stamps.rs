//! What the file system says about every file, to find what no event told.

use crate::source::{self, Door, File, Look, Sources};
use std::cell::LazyCell;
use std::collections::HashMap;
use std::hash::Hash;
use std::path::Path;
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;

/// The stamps of all files at the last look, as numbers, in the order in which the system listed them.
#[derive(Debug, Default)]
pub struct Stamps(Vec<(Arc<str>, u64)>);

impl Stamps {
    /// Looks at every file; says which ones came, went, or have another stamp than last time.
    pub fn sweep(&mut self, root: &Path) -> Vec<Arc<str>> {
        let door = Door::of(root).ok();
        let before = std::mem::take(&mut self.0);
        let mut is_there = vec![false; before.len()];
        let mut suspects = Vec::new();
        let mut now = Vec::with_capacity(before.len());
        // Nearly always the next one is the one that was next last time.
        let mut next = 0;
        let places = LazyCell::new(|| {
            before.iter().enumerate().map(|(place, (path, _))| (&**path, place)).collect::<HashMap<&str, usize>>()
        });
        let mut see = |file: File| {
            let stamp = number(door.as_ref().and_then(|door| door.look(&file.path)));
            let is_next = before.get(next).is_some_and(|(path, _)| *path == file.path);
            let place = if is_next { Some(next) } else { places.get(&*file.path).copied() };
            let path = match place {
                Some(place) => {
                    next = place + 1;
                    is_there[place] = true;
                    before[place].0.clone()
                }
                None => file.path,
            };
            if place.is_none_or(|place| before[place].1 != stamp) {
                suspects.push(path.clone());
            }
            now.push((path, stamp));
        };
        if let Some(door) = &door {
            source::TOPS.iter().for_each(|top| source::each(door, top, &mut see));
        }
        let gone = before.iter().zip(is_there).filter(|(_, is_there)| !is_there);
        suspects.extend(gone.map(|((path, _), _)| path.clone()));
        self.0 = now;
        suspects
    }

    /// Takes the texts of paths that others have already.
    pub fn share(&mut self, sources: &Sources) {
        for (path, _) in &mut self.0 {
            if let Some((_, known)) = sources.listed(path) {
                *path = known.path.clone();
            }
        }
    }
}

/// A look as a number. Two that differ are as good as never the same number.
fn number(stamp: Option<Look>) -> u64 {
    let mut hash = Xxh3::new();
    stamp.hash(&mut hash);
    hash.digest()
}
