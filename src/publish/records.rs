//! What the builder remembers about files it wrote: identity, how the file looked in the folder (its stamp), and what
//! it was made from (its origin).
//!
//! Records only save reading: a file whose stamp is not the remembered one is read and hashed. So a lost, old or torn
//! record file costs time, never correctness, and nobody's edit is missed because a clock or a copy tool kept the
//! modification time: the stamp includes the inode number and the kernel's own change time, which no tool can set.
//! After a restart of the machine no stamp is believed: a power cut can leave a file whose look is newer than its bytes.

use super::content::{self, Hash, Identity, read_list};
use super::manifest::check_path;
use super::trouble::{AtPath, Trouble};
use crate::beneath::{Access, Beneath, Kind, Seen};
use std::fs::{self, Metadata};
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

/// How a file looks from outside, cheap to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) inode: u64,
    /// Nanoseconds since 1970.
    pub(super) modified: i64,
    /// Nanoseconds since 1970; the inode's change time.
    pub(super) changed: i64,
}

impl Stamp {
    /// The stamp of a file that nobody has looked at; equal to no real one, as no file has inode 0.
    pub(super) const UNKNOWN: Self = Self { inode: 0, modified: 0, changed: 0 };

    #[cfg(unix)]
    pub(super) fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self {
            inode: metadata.ino(),
            modified: metadata.mtime().wrapping_mul(1_000_000_000).wrapping_add(metadata.mtime_nsec()),
            changed: metadata.ctime().wrapping_mul(1_000_000_000).wrapping_add(metadata.ctime_nsec()),
        }
    }

    // Without inode numbers nothing is remembered: every file is compared by reading it.
    #[cfg(not(unix))]
    pub(super) fn of(_metadata: &Metadata) -> Self {
        Self::UNKNOWN
    }

    fn seen(it: &Seen) -> Self {
        match it.inode() {
            0 => Self::UNKNOWN,
            inode => Self { inode, modified: it.modified(), changed: it.changed() },
        }
    }

    /// The stamp as it may be remembered at a time `now` (nanoseconds since 1970, by the clock of the disk): on disks whose
    /// clock has whole or even seconds, a file that was just written looks the same after the next edit. Such a stamp is
    /// not believed: the next build reads the file, once.
    fn settled(self, now: i64) -> Self {
        const SECOND: i64 = 1_000_000_000;
        let is_coarse = self.changed % SECOND == 0;
        if is_coarse && self.changed > now - 2 * SECOND { Self::UNKNOWN } else { self }
    }

    pub(super) fn is_known(self) -> bool {
        self != Self::UNKNOWN
    }
}

/// Who may read a file besides its owner: the permissions of its group and of all others. All of them where a disk has none.
pub(super) type Readers = u32;
pub(super) const GROUP: Readers = 0o040;
pub(super) const OTHERS: Readers = 0o004;

#[cfg(unix)]
pub(super) fn readers(metadata: &Metadata) -> Readers {
    std::os::unix::fs::MetadataExt::mode(metadata) & (GROUP | OTHERS)
}

#[cfg(not(unix))]
pub(super) fn readers(_metadata: &Metadata) -> Readers {
    GROUP | OTHERS
}

/// Who besides its owner may enter a folder.
#[cfg(unix)]
pub(super) fn guests(beneath: &Beneath, root: &Path) -> Readers {
    // The permission to enter is two bits below the one to read.
    beneath.look(root).map_or(0, |it| (it.mode() << 2) & (GROUP | OTHERS))
}

#[cfg(not(unix))]
pub(super) fn guests(_beneath: &Beneath, _root: &Path) -> Readers {
    0
}

/// Size and stamp of a plain file; `None` where there is no file, or something else than a plain file.
/// What is behind a link is not there.
pub(super) fn look(beneath: &Beneath, path: &Path) -> Result<Option<(u64, Stamp)>, Trouble> {
    Ok(look_closely(beneath, path)?.map(|(size, stamp, _)| (size, stamp)))
}

/// As [`look`], with who may read the file.
pub(super) fn look_closely(beneath: &Beneath, path: &Path) -> Result<Option<(u64, Stamp, Readers)>, Trouble> {
    use std::io::ErrorKind as E;
    match beneath.look(path) {
        Ok(seen) if seen.kind() == Kind::File => {
            #[cfg(unix)]
            let readers = seen.mode() & (GROUP | OTHERS);
            #[cfg(not(unix))]
            let readers = GROUP | OTHERS;
            Ok(Some((seen.size(), Stamp::seen(&seen), readers)))
        }
        Ok(_) => Ok(None),
        Err(error) if matches!(error.kind(), E::NotFound | E::NotADirectory) => Ok(None),
        Err(error) => Err(error).reading(path),
    }
}

/// What a file was made from, in the words of whoever made it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// A number that changes with everything the file was made from: the same number, the same bytes. 0 is "not known".
    pub key: u128,
    /// A small fact about the file that others show and that is not seen from outside, such as a count of pages.
    pub fact: u32,
}

/// What a whole site was made from, in the words of whoever made it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whole {
    /// A number that changes with everything the site was made from. 0 is "not known".
    pub key: u128,
    /// One line that the builder wants to find again.
    pub note: String,
}

/// One file of a generation of the site.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) path: Box<str>,
    pub(super) identity: Identity,
    pub(super) stamp: Stamp,
    pub(super) origin: Origin,
}

/// What is remembered of a generation of the site.
#[derive(Debug)]
pub(super) struct Memory {
    /// Hash of the manifest that the records belong to.
    pub(super) manifest: Hash,
    pub(super) whole: Whole,
    /// Sorted by path.
    pub(super) records: Vec<Record>,
}

/// Finds a path among records that are sorted by path.
pub(super) fn find(records: &[Record], path: &str) -> Option<usize> {
    records.binary_search_by(|it| (*it.path).cmp(path)).ok()
}

const FIRST_WORD: &str = "kohyo-records/2";

/// Names the time since the machine was started; the same word always where the system does not say.
fn boot() -> String {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    if id.trim().is_empty() { "unknown".into() } else { id.trim().into() }
}

/// Reads records in the order they were written. Anything unexpected is `None`: it is only a memory.
pub(super) fn read(beneath: &Beneath, path: &Path) -> Option<Memory> {
    of_text(&String::from_utf8(read_list(beneath, path).ok()??).ok()?)
}

/// The paths that records name, as they would be followed; `None` where records are not believed.
pub fn recorded_paths(text: &str) -> Option<Vec<Box<str>>> {
    of_text(text).map(|memory| memory.records.into_iter().map(|record| record.path).collect())
}

fn of_text(text: &str) -> Option<Memory> {
    let (head, lines) = text.split_once('\n')?;
    let Head { manifest, whole, count, is_of_this_boot } = parse_head(head)?;
    let mut records = Vec::with_capacity(count.min(lines.len()));
    for line in lines.lines() {
        let record = parse(line)?;
        records.push(if is_of_this_boot { record } else { Record { stamp: Stamp::UNKNOWN, ..record } });
    }
    // Paths from here are joined to folders in which files are removed.
    let sorted = records.is_sorted_by(|a, b| a.path < b.path) && records.iter().all(|it| check_path(&it.path).is_ok());
    (records.len() == count && sorted).then_some(Memory { manifest, whole, records })
}

/// What the whole site was made from, without reading more than the first line.
pub(super) fn read_whole(beneath: &Beneath, path: &Path) -> Option<Whole> {
    let mut head = String::new();
    BufReader::new(content::open_beneath(beneath, path).ok()?).take(64 * 1024).read_line(&mut head).ok()?;
    let head = parse_head(head.trim_end_matches('\n'))?;
    head.is_of_this_boot.then_some(head.whole)
}

struct Head {
    manifest: Hash,
    whole: Whole,
    count: usize,
    is_of_this_boot: bool,
}

fn parse_head(head: &str) -> Option<Head> {
    let mut words = head.splitn(6, ' ');
    if words.next()? != FIRST_WORD {
        return None;
    }
    let manifest = Hash::parse(words.next()?)?;
    let is_of_this_boot = words.next()? == boot();
    let count = words.next()?.parse().ok()?;
    let key = u128::from_str_radix(words.next()?, 16).ok()?;
    let whole = Whole { key, note: words.next()?.to_owned() };
    Some(Head { manifest, whole, count, is_of_this_boot })
}

fn parse(line: &str) -> Option<Record> {
    let mut words = line.splitn(9, ' ');
    let stamp = Stamp {
        inode: words.next()?.parse().ok()?,
        modified: words.next()?.parse().ok()?,
        changed: words.next()?.parse().ok()?,
    };
    let fingerprint = u64::from_str_radix(words.next()?, 16).ok()?;
    let origin = Origin { key: u128::from_str_radix(words.next()?, 16).ok()?, fact: words.next()?.parse().ok()? };
    let sha256 = Hash::parse(words.next()?)?;
    let size = words.next()?.parse().ok()?;
    let path = words.next()?.into();
    Some(Record { path, identity: Identity { size, sha256, fingerprint }, stamp, origin })
}

/// Writes records, sorted by path, into a new file that takes the name at the end.
pub(super) fn write<'a>(
    beneath: &Beneath,
    path: &Path,
    manifest: Hash,
    whole: &Whole,
    records: impl ExactSizeIterator<Item = &'a Record>,
) -> Result<(), Trouble> {
    let folder = path.parent().unwrap_or(path);
    let written = beneath.replace(path, folder, Access::Owner, |file| {
        let now = Stamp::of(&file.metadata()?).modified;
        let mut out = BufWriter::with_capacity(1 << 16, file);
        let Whole { key, note } = whole;
        writeln!(out, "{FIRST_WORD} {manifest} {} {} {key:x} {}", boot(), records.len(), note.replace('\n', " "))?;
        for Record { path, identity, stamp, origin } in records {
            let Identity { size, sha256, fingerprint } = identity;
            let Origin { key, fact } = origin;
            let stamp = stamp.settled(now);
            write!(out, "{} {} {} {fingerprint:x} {key:x} {fact} ", stamp.inode, stamp.modified, stamp.changed)?;
            out.write_all(&sha256.hex())?;
            writeln!(out, " {size} {path}")?;
        }
        out.flush()
    });
    written.writing(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_young_stamp_of_a_coarse_clock_is_not_believed() {
        let of = |changed| Stamp { inode: 1, modified: 5, changed };
        let now = 100_500_000_000;
        for young in [99_000_000_000, 100_000_000_000, 102_000_000_000] {
            assert_eq!(of(young).settled(now), Stamp::UNKNOWN, "{young}");
        }
        for believed in [98_000_000_000, 100_000_000_001, 100_499_999_999] {
            assert_eq!(of(believed).settled(now), of(believed), "{believed}");
        }
    }
}
