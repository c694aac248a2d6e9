//! One build at a time per output folder. The kernel frees the lock of a process that died.

use super::own;
use super::place::Place;
use super::trouble::{AtPath, Trouble, TroubleKind};
use crate::beneath::{Access, Beneath};
use crate::text::language::Message;
use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// Held for as long as the value lives.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
    /// The live folder, and the one that takes its place: another user's build has a lock of its own, and meets this one
    /// here.
    folders: Vec<File>,
    /// What the user should know: how kohyo's own folder was found, and whether the file system knows locks.
    pub(super) notes: Vec<Message>,
}

impl Lock {
    /// Makes kohyo's own folder and takes the lock in it, trying again for `patience`.
    ///
    /// Errors: [`TroubleKind::Busy`], naming the process that holds it.
    pub(super) fn take(place: &Place, patience: Duration) -> Result<Self, Trouble> {
        let (beneath, path) = (&place.beneath, place.lock());
        let begun = Instant::now();
        let mut notes = Vec::new();
        loop {
            notes.extend(own::make(place)?);
            notes.extend(own::clear_lock(place)?);
            let mut file = match open(beneath, &path) {
                // `clean` may remove the folder between the two calls, or another build make the file.
                Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::AlreadyExists) => continue,
                opened => opened.writing(&path)?,
            };
            match file.try_lock() {
                // `clean` removes the file while it holds the lock: a lock on a name that is gone protects nothing.
                Ok(()) if !still_named(beneath, &file, &path) => continue,
                Ok(()) => {
                    // Only for the message of whoever finds the folder busy.
                    let _ = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
                    let folders = live(place, begun, patience)?.into_iter().collect();
                    return Ok(Self { _file: file, folders, notes });
                }
                Err(TryLockError::WouldBlock) if begun.elapsed() >= patience => {
                    let mut holder = String::new();
                    let _ = file.read_to_string(&mut holder);
                    return Err(busy(&place.private, holder.trim()));
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(20)),
                Err(TryLockError::Error(error)) => {
                    notes.push(no_locks(&path, &error));
                    return Ok(Self { _file: file, folders: Vec::new(), notes });
                }
            }
        }
    }

    /// Holds the folder that is about to become the live one as well.
    pub(super) fn hold(&mut self, place: &Place, folder: &Path) {
        if let Ok(folder) = place.beneath.open_folder(folder)
            && folder.try_lock().is_ok()
        {
            self.folders.push(folder);
        }
    }
}

/// The live folder, locked: builds of other users have their own locks in folders of their own. Anybody who may read a
/// folder can lock it, so that counts only where there is such a build.
fn live(place: &Place, begun: Instant, patience: Duration) -> Result<Option<File>, Trouble> {
    loop {
        let Ok(folder) = place.beneath.open_folder(&place.live) else { return Ok(None) };
        match folder.try_lock() {
            Ok(()) if !still_named(&place.beneath, &folder, &place.live) => {}
            Ok(()) => return Ok(Some(folder)),
            Err(TryLockError::WouldBlock) if own::of_others(place).is_empty() => return Ok(None),
            Err(TryLockError::WouldBlock) if begun.elapsed() >= patience => return Err(busy(&place.live, "")),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(20)),
            Err(TryLockError::Error(_)) => return Ok(None),
        }
    }
}

/// Opens the lock, or makes it. Never what a link of this name leads to: the number of this process is written into it.
fn open(beneath: &Beneath, path: &Path) -> std::io::Result<File> {
    match beneath.open_to_write(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => beneath.create_new(path, Access::Owner),
        opened => opened,
    }
}

#[cfg(unix)]
fn still_named(beneath: &Beneath, file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), beneath.look(path)) {
        (Ok(held), Ok(named)) => (Some(held.dev()), held.ino()) == (named.device(), named.inode()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn still_named(beneath: &Beneath, _file: &File, path: &Path) -> bool {
    beneath.exists(path)
}

fn busy(folder: &Path, holder: &str) -> Trouble {
    let folder = folder.display();
    let (ja, en) = match holder {
        "" => (String::new(), String::new()),
        id => (format!("(プロセス {id})"), format!(" (process {id})")),
    };
    Trouble::new(
        TroubleKind::Busy,
        format!(
            "別の kohyo{ja} が同じ出力先に書き込んでいます。終わってからもう一度実行してください。そのプロセスが止まったままなら、終わらせてください(作業中のフォルダー: {folder})"
        ),
        format!(
            "another kohyo{en} is writing to the same output folder; run again when it has finished, or end it if it hangs (its folder: {folder})"
        ),
    )
}

fn no_locks(path: &Path, error: &std::io::Error) -> Message {
    let path = path.display();
    Message::new(
        format!("このディスクでは排他ロックが使えません({error})。同時に二つのビルドを実行しないでください: {path}"),
        format!("this disk knows no locks ({error}); do not run two builds at once: {path}"),
    )
}
