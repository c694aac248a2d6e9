//! One build at a time per output folder. The kernel frees the lock of a process that died.

use super::trouble::{AtPath, Trouble, TroubleKind};
use crate::text::language::Message;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// The name of the file that is locked.
pub(super) const NAME: &str = "lock";

/// Held for as long as the value lives.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
    /// Said when the file system knows no locks.
    pub(super) note: Option<Message>,
}

impl Lock {
    /// Takes the lock `folder/lock`, trying again for `patience`.
    ///
    /// Errors: [`TroubleKind::Busy`], naming the process that holds it.
    pub(super) fn take(folder: &Path, patience: Duration) -> Result<Self, Trouble> {
        let path = folder.join(NAME);
        let begun = Instant::now();
        loop {
            fs::create_dir_all(folder).writing(folder)?;
            let mut file = match open(&path) {
                // `clean` may remove the folder between the two calls.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                opened => opened.writing(&path)?,
            };
            match file.try_lock() {
                // `clean` removes the file while it holds the lock: a lock on a name that is gone protects nothing.
                Ok(()) if !still_named(&file, &path) => continue,
                Ok(()) => {
                    // Only for the message of whoever finds the folder busy.
                    let _ = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
                    return Ok(Self { _file: file, note: None });
                }
                Err(TryLockError::WouldBlock) if begun.elapsed() >= patience => {
                    let mut holder = String::new();
                    let _ = file.read_to_string(&mut holder);
                    return Err(busy(folder, holder.trim()));
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(20)),
                Err(TryLockError::Error(error)) => {
                    return Ok(Self { _file: file, note: Some(no_locks(&path, &error)) });
                }
            }
        }
    }
}

/// Opens the lock, or makes it. Never what a link of this name leads to: the number of this process is written into it.
fn open(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
    options.open(path)
}

#[cfg(unix)]
fn still_named(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(held), Ok(named)) => (held.dev(), held.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn still_named(_file: &File, path: &Path) -> bool {
    path.exists()
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
