//! From the last page to the switch: makes `back` the whole new site, and remembers it for the next build.

use super::content::{Hash, identify};
use super::follow::{self, As};
use super::journal::Journal;
use super::late::{self, Known};
use super::manifest::MANIFEST;
use super::next::{Entry, Next, State};
use super::place::{Place, Way};
use super::records::{self, Record, Stamp, Whole, look};
use super::survey::{self, Foreign, Survey};
use super::swap::{self, Swapped};
use super::trouble::{AtPath, Trouble, TroubleKind};
use super::{Method, Published, Publisher, attributes, flush, notes, own, per_file, spelling, tree};
use crate::beneath::{Access, Beneath};
use crate::text::language::Message;
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, IntoParallelRefMutIterator, ParallelIterator};
use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

impl Publisher {
    /// Everything that is known when the last page has arrived.
    pub(super) fn settle(&mut self) -> Result<Next, Trouble> {
        let (kept, stale) = self.live.settle();
        let mut files = std::mem::take(self.arrived.get_mut().unwrap_or_else(PoisonError::into_inner));
        self.has_news |= !files.is_empty();
        files.extend(kept.into_iter().map(|record| Entry { record, state: State::Kept }));
        self.edited_stale =
            stale.par_iter().filter(|it| self.live.is_edited(it)).map(|it| it.path.to_string()).collect();
        let stale = stale.into_iter().map(|it| it.path).collect();
        Next::new(files, stale, std::mem::take(&mut self.live.pending))
    }

    pub(super) fn refuse_incomplete(&self) -> Result<(), Trouble> {
        match self.is_incomplete.load(Ordering::Relaxed) {
            false => Ok(()),
            true => Err(Trouble::new(
                TroubleKind::Incomplete,
                "書き込めなかったファイルがあるので、公開しませんでした。",
                "a file could not be written, so the site was not published",
            )),
        }
    }

    pub(super) fn survey(&self, next: &Next) -> Result<Survey, Trouble> {
        match self.live.exists {
            true => survey::survey(&self.place.beneath, &self.place.live, next),
            false => Ok(Survey::default()),
        }
    }

    /// Refuses, or with `adopt` allows, that pages take the place of foreign files. Those that do are given back, and are
    /// no longer in the survey. A foreign file with the very content of the page is no collision.
    pub(super) fn resolve_collisions(&self, next: &Next, survey: &mut Survey) -> Result<Vec<PathBuf>, Trouble> {
        let (mut collisions, mut foreign) = (Vec::new(), Vec::new());
        for it in std::mem::take(&mut survey.foreign) {
            match in_the_way(&it, next) {
                Some(index) if self.is_same_content(&it, &next.files[index]) => {}
                Some(_) => collisions.push(it.path),
                None => foreign.push(it),
            }
        }
        survey.foreign = foreign;
        let can_keep_them = self.place.way == Way::Whole && survey.fixed.is_empty();
        match collisions.is_empty() || (self.options.adopt && can_keep_them) {
            true => Ok(collisions),
            false => Err(self.refuse_collisions(&collisions)),
        }
    }

    fn refuse_collisions(&self, collisions: &[PathBuf]) -> Trouble {
        let (named, count, live) = (notes::named(collisions), collisions.len(), self.place.live.display());
        let (ja, en) = match self.options.adopt {
            false => (
                "移動するか、--adopt を付けてください(元のファイルは残します)",
                "move them away, or add --adopt (they are kept)",
            ),
            true => (
                "この出力先では元のファイルを残せないので、先に移動してください",
                "they cannot be kept in this kind of folder, so move them away first",
            ),
        };
        Trouble::new(
            TroubleKind::Collision,
            format!(
                "kohyo が作ったものではないファイルが、ページと同じ名前で置かれています({count} 件): {named}({live})。{ja}。"
            ),
            format!("files that kohyo did not make have the names of pages ({count}): {named} (in {live}); {en}"),
        )
    }

    fn is_same_content(&self, foreign: &Foreign, entry: &Entry) -> bool {
        let is_same_path = foreign.path.to_str().is_some_and(|it| it == &*entry.record.path);
        let at = self.place.live.join(&foreign.path);
        is_same_path
            && matches!(look(&self.place.beneath, &at), Ok(Some((size, _))) if size == entry.record.identity.size)
            && identify(&self.place.beneath, &at).is_ok_and(|it| it.sha256 == entry.record.identity.sha256)
    }

    /// Makes the new site public in the best way that the disk allows.
    pub(super) fn switch(
        &mut self,
        next: &mut Next,
        survey: &Survey,
        collisions: &[PathBuf],
        manifest: &[u8],
    ) -> Result<Method, Trouble> {
        if self.place.way == Way::Whole && survey.fixed.is_empty() {
            self.complete_back(next, survey)?;
            self.write_manifest(manifest)?;
            let (beneath, live) = (&self.place.beneath, &self.place.live);
            survey.save(beneath, &self.place.seen(), &tree::folder_id(beneath, live))?;
            self.flush(&self.place.back())?;
            self.is_switching.store(true, Ordering::Relaxed);
            self.lock.hold(&self.place, &self.place.back());
            let swapped = swap::swap(&self.place, self.live.exists, self.abilities.exchange)?;
            let method = match swapped {
                Swapped::First => Some(Method::FirstRename),
                Swapped::Exchanged => Some(Method::Exchange),
                Swapped::TwoRenames => {
                    self.notes.push(notes::no_exchange(&self.place.live));
                    Some(Method::TwoRenames)
                }
                // File by file, the foreign ones would be lost.
                Swapped::Refused(_) if !collisions.is_empty() => return Err(self.refuse_collisions(collisions)),
                Swapped::Refused(error) => {
                    self.is_switching.store(false, Ordering::Relaxed);
                    self.notes.push(notes::held(&self.place.live, &error));
                    None
                }
            };
            if let Some(method) = method {
                self.flush_names()?;
                // The site that was live is in `back` now, with whatever came into it after the survey.
                let _ = self.place.beneath.remove_file(&self.place.pending());
                let _ = self.place.beneath.rename(&self.place.live_records(), &self.place.back_records());
                self.place.beneath.forget();
                self.notes.extend(late::receive(&self.place)?);
                if method != Method::FirstRename {
                    self.follow(next, collisions)?;
                }
                return Ok(method);
            }
        } else {
            self.notes.extend(self.place.note.clone());
            if !survey.fixed.is_empty() {
                self.notes.push(notes::fixed_inside(&self.place.live, &survey.fixed));
            }
            self.write_manifest(manifest)?;
            self.flush(&self.place.back())?;
        }
        let may_replace = self.abilities.may_replace;
        per_file::look_ahead(&self.place, next, may_replace, self.options.patience)?;
        self.is_switching.store(true, Ordering::Relaxed);
        per_file::install(&self.place, next, self.options.patience)?;
        self.flush(&self.place.live)?;
        // The renames changed the files' stamps.
        next.files
            .par_iter_mut()
            .filter(|it| it.is_in_back())
            .try_for_each(|it| restamp(&self.place.beneath, &self.place.live, &mut it.record))?;
        Ok(Method::PerFile)
    }

    /// Takes what is no longer public out of the folder that was live.
    fn follow(&mut self, next: &mut Next, collisions: &[PathBuf]) -> Result<(), Trouble> {
        let how = if collisions.is_empty() { As::NewSite } else { As::Kept };
        let may_link = self.may_link();
        self.notes.extend(follow::follow(&self.place, next, &self.edited_stale, how, may_link));
        if next.stale.is_empty() && !next.files.iter().any(|it| matches!(it.state, State::Changed | State::Edited)) {
            // Nothing was withdrawn.
        } else if let others @ [_, ..] = &*own::of_others(&self.place) {
            self.notes.push(notes::others(others));
        }
        if how == As::Kept || !may_link {
            return Ok(());
        }
        // One more name changes the stamp.
        let (beneath, live) = (&self.place.beneath, &self.place.live);
        let linked = next.files.par_iter_mut().filter(|it| it.is_in_back());
        linked.try_for_each(|it| restamp(beneath, live, &mut it.record))
    }

    /// Whether files can have two names here; tried once.
    fn may_link(&self) -> bool {
        *self
            .has_links
            .get_or_init(|| self.abilities.hard_links && tree::has_hard_links(&self.place.beneath, &self.place.private))
    }

    /// `back` has the new files already. Adds a name for every unchanged and every foreign file of the live folder, and
    /// removes everything else.
    fn complete_back(&mut self, next: &mut Next, survey: &Survey) -> Result<(), Trouble> {
        let (beneath, live, back) = (&*self.place.beneath, &self.place.live, &self.place.back());
        if !self.live.exists && self.back_is_fresh {
            return Ok(());
        }
        let may_link = self.may_link();
        if !may_link {
            self.notes.push(notes::no_hard_links(live));
        }

        let mut is_there = vec![false; next.files.len()];
        let mut foreign = by_path(survey);
        if !self.back_is_fresh {
            // What came into an older folder may have got that one's spelling.
            let new = next.files.iter().filter(|it| it.state == State::New).map(Entry::path);
            spelling::put_right(beneath, back, new);
        }
        let known = LazyCell::new(|| Known::read(&self.place));
        let mut strangers = Vec::new();
        let pruned = tree::prune(beneath, back, |path, inode| {
            if let Some(index) = tree::relative(back, path).and_then(|it| next.find(&it)) {
                let Entry { record, .. } = &next.files[index];
                is_there[index] = next.files[index].is_in_back()
                    || (inode == record.stamp.inode && inode != 0)
                    || (!may_link && self.is_left_over(record));
                return is_there[index];
            }
            let path = path.strip_prefix(back).unwrap_or(path);
            // The list of what is there: as long as there is no newer one, a build after a kill needs it.
            if path == Path::new(MANIFEST) {
                return true;
            }
            if foreign.get(path).is_some_and(|it| it.inode == inode && inode != 0) {
                return foreign.remove(path).is_some();
            }
            let is_stranger = known.is_stranger(path, inode);
            if is_stranger {
                strangers.push(Foreign { path: path.into(), inode, is_folder: false });
            }
            is_stranger
        });
        drop(known);
        match pruned {
            Err(trouble) if trouble.kind == TroubleKind::NotPermitted => {
                self.notes.push(start_anew(&self.place, next)?);
                is_there.fill(false);
                strangers.clear();
                foreign = by_path(survey);
            }
            pruned => pruned?,
        }
        // They came while this build was running, and become public with the folder they are in, if they can stay there.
        let (taken, free): (Vec<_>, Vec<_>) = strangers.into_iter().partition(|it| {
            let is_free = beneath.look(&live.join(&it.path)).is_err_and(|it| it.kind() == ErrorKind::NotFound);
            !is_free || in_the_way(it, next).is_some()
        });
        let paths = |those: Vec<Foreign>| those.into_iter().map(|it| it.path).collect::<Vec<_>>();
        self.notes.extend(late::put_beside(&self.place, back, &paths(taken))?);
        if !free.is_empty() {
            self.notes.push(notes::brought(live, &paths(free)));
        }

        next.files
            .par_iter_mut()
            .zip(is_there)
            .filter(|(it, is_there)| !it.is_in_back() && (!is_there || !may_link))
            .try_for_each(|(it, is_there)| {
            let path = it.path();
            if !is_there {
                tree::link_or_copy(beneath, &live.join(path), &back.join(path), may_link)?;
            }
            // One more name changes the stamp, and a copy has its own.
            restamp(beneath, back, &mut it.record)
        })?;

        for folder in survey.foreign.iter().filter(|it| it.is_folder) {
            let to = back.join(&folder.path);
            beneath.create_folders(&to).writing(&to)?;
        }
        foreign.keys().try_for_each(|path| tree::carry(beneath, &live.join(path), &back.join(path), may_link))?;
        let changed = self.keep_attributes(survey);
        if !changed.is_empty() {
            self.notes.push(notes::attributes_lost(&self.place.live, &changed));
        }
        Ok(())
    }

    /// Gives every folder of `back` what an administrator gave its like in the live folder. What could not be kept and
    /// may be missed is given back: whose a folder of pages is does not matter as long as it can be read.
    fn keep_attributes(&self, survey: &Survey) -> Vec<PathBuf> {
        let (live, back) = (&self.place.live, &self.place.back());
        let foreign: HashSet<&Path> = survey.foreign.iter().map(|it| &*it.path).collect();
        let folders = [Path::new("")].into_iter().chain(survey.folders());
        let lost = folders.filter(|folder| {
            let lost = attributes::make_alike(&self.place.beneath, &back.join(folder), &live.join(folder));
            lost.access || (lost.owner && foreign.contains(folder))
        });
        lost.map(Path::to_path_buf).collect()
    }

    /// Whether the file of this record is in `back` with its content, as an earlier build noted.
    fn is_left_over(&self, record: &Record) -> bool {
        let at = self.place.back().join(&*record.path);
        self.leftover(&record.path).is_some_and(|it| {
            it.identity.sha256 == record.identity.sha256
                && matches!(look(&self.place.beneath, &at), Ok(Some(found)) if found == (it.identity.size, it.stamp))
        })
    }

    fn write_manifest(&self, manifest: &[u8]) -> Result<(), Trouble> {
        let (beneath, at) = (&self.place.beneath, self.place.back().join(MANIFEST));
        let write = |mut file: &File| {
            attributes::give_alike_if_there(beneath, file, &self.place.live.join(MANIFEST));
            file.write_all(manifest)
        };
        beneath.replace(&at, &self.place.private, Access::Usual, write).writing(&at)
    }

    /// With `durable`: everything written so far is on the disk.
    fn flush(&self, folder: &Path) -> Result<(), Trouble> {
        match self.options.durable {
            true => (self.abilities.flush)(&self.place.beneath, folder).writing(folder),
            false => Ok(()),
        }
    }

    /// Where nothing changed: what an earlier build may have left unfinished is done now. With `durable` the site, which
    /// may have been published without, is made safe.
    pub(super) fn finish_untouched(&self) -> Result<(), Trouble> {
        follow::follow_later(&self.place)?;
        self.flush(&self.place.live)?;
        self.flush_names()
    }

    /// With `durable`: the new names are on the disk.
    fn flush_names(&self) -> Result<(), Trouble> {
        if !self.options.durable {
            return Ok(());
        }
        let parent = self.place.live.parent().filter(|_| self.place.way == Way::Whole).into_iter();
        let folders = parent.chain([self.place.private.as_path()]);
        folders.into_iter().try_for_each(|it| flush::folder(&self.place.beneath, it).writing(it))
    }

    /// Notes the new site for the next build. The site is public by now, so trouble here only costs the next build time.
    pub(super) fn remember(&mut self, method: Method, next: &Next, manifest: Hash) {
        self.is_published = true;
        let live_records = self.place.live_records();
        if self.place.way == Way::PerFile || method == Method::PerFile {
            self.clear_back();
        }
        if method == Method::Untouched && !self.has_news {
            return;
        }
        let beneath = &self.place.beneath;
        let written =
            records::write(beneath, &live_records, manifest, &self.whole, next.files.iter().map(|it| &it.record));
        if let Err(trouble) = written {
            let _ = beneath.remove_file(&live_records);
            self.notes.push(notes::no_memory(&trouble));
        }
    }

    pub(super) fn clear_back(&self) {
        let _ = late::clear(&self.place);
        let _ = self.place.beneath.remove_file(&self.place.back_records());
    }

    /// Notes the files in `back` of a build that is not published, so that the next one need not write them again.
    pub(super) fn remember_leftovers(&mut self) {
        let arrived = std::mem::take(self.arrived.get_mut().unwrap_or_else(PoisonError::into_inner));
        let mut leftovers: Vec<_> = arrived.into_iter().filter(Entry::is_in_back).map(|it| it.record).collect();
        if leftovers.is_empty() {
            return;
        }
        // Later records of the same path are older ones, and lose.
        let earlier = self.leftovers.take().unwrap_or_default();
        leftovers.extend(earlier);
        leftovers.sort_by(|a, b| a.path.cmp(&b.path));
        leftovers.dedup_by(|b, a| a.path == b.path);
        let _ = records::write(
            &self.place.beneath,
            &self.place.back_records(),
            Hash([0; 32]),
            &Whole::default(),
            leftovers.iter(),
        );
    }

    pub(super) fn report(mut self, method: Method, next: Next, survey: Survey, digest: Hash) -> Published {
        let (to_all, closed) = self.live.take_closed();
        if !closed.is_empty() {
            self.notes.push(notes::closed(&self.place.live, to_all, &closed));
        }
        let foreign = survey.foreign.into_iter().map(|it| it.path.to_string_lossy().into_owned());
        let mut published = Published {
            method,
            new: Vec::new(),
            changed: Vec::new(),
            removed: next.stale.into_iter().map(Into::into).collect(),
            edited: std::mem::take(&mut self.edited_stale),
            unchanged: 0,
            foreign: foreign.collect(),
            files: next.files.len(),
            bytes: next.files.iter().map(|it| it.record.identity.size).sum(),
            digest,
            notes: std::mem::take(&mut self.notes),
        };
        for Entry { record, state } in next.files {
            match state {
                State::New => published.new.push(record.path.into()),
                State::Changed => published.changed.push(record.path.into()),
                State::Edited => {
                    published.edited.push(record.path.to_string());
                    published.changed.push(record.path.into());
                }
                State::Kept => published.unchanged += 1,
            }
        }
        published.foreign.sort_unstable();
        published.edited.sort_unstable();
        published
    }
}

/// Something in `back` can never be removed (it is immutable, or another user's): the folder is kept as it is under
/// another name, and what this build has prepared in it gets a name in a new one.
fn start_anew(place: &Place, next: &Next) -> Result<Message, Trouble> {
    let (beneath, back, aside) = (&place.beneath, place.back(), swap::free_name(place));
    let said = swap::keep_beside(place, &back)?;
    beneath.create_folder(&back, Access::Usual).writing(&back)?;
    Journal::of_new_folder(place)?;
    let prepared = next.files.iter().filter(|it| it.is_in_back()).map(Entry::path);
    prepared.into_iter().try_for_each(|path| tree::link_or_copy(beneath, &aside.join(path), &back.join(path), true))?;
    Ok(said)
}

/// The foreign files, by their paths relative to the live folder.
fn by_path(survey: &Survey) -> HashMap<&Path, &Foreign> {
    survey.foreign.iter().filter(|it| !it.is_folder).map(|it| (&*it.path, it)).collect()
}

/// The output that cannot be where it must because of a foreign file or folder.
fn in_the_way(foreign: &Foreign, next: &Next) -> Option<usize> {
    let path = tree::slashed(foreign.path.to_str()?);
    // A page has this very name, or the name of a folder above it, or (if it is a file) needs it to be a folder.
    let above = || path.match_indices('/').find_map(|(end, _)| next.find(&path[..end]));
    let below = || if foreign.is_folder { None } else { next.find_below(&path) };
    next.find(&path).or_else(above).or_else(below)
}

fn restamp(beneath: &Beneath, root: &Path, record: &mut Record) -> Result<(), Trouble> {
    record.stamp = look(beneath, &root.join(&*record.path))?.map_or(Stamp::UNKNOWN, |(_, stamp)| stamp);
    Ok(())
}
