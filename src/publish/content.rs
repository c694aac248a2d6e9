//! What is to be published: bytes in memory or a file elsewhere, and the two hashes of it.

use super::trouble::{AtPath, Trouble, TroubleKind};
use crate::beneath::Beneath;
use serde::{Deserialize, Deserializer};
use sha2::{Digest, Sha256};
use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::Path;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// Attachments pass through a buffer of this size, so a large PDF costs no memory.
const BUFFER: usize = 128 * 1024;

/// A SHA-256, shown as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// The hash of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// From 64 hexadecimal digits; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.as_bytes();
        if text.len() != 64 {
            return None;
        }
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|it| u8::try_from(it).ok());
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(text.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(hash))
    }

    /// The 64 hexadecimal digits, as ASCII.
    pub(super) fn hex(&self) -> [u8; 64] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut hex = [0; 64];
        for (pair, byte) in hex.chunks_exact_mut(2).zip(self.0) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        hex
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.hex().iter().try_for_each(|&digit| fmt::Write::write_char(f, char::from(digit)))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a SHA-256 in hexadecimal"))
    }
}

/// Everything that is known about some content without keeping it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) size: u64,
    pub(super) sha256: Hash,
    /// XXH3: ten times faster than SHA-256. Only compared with the same path of an earlier build, at the same size.
    pub(super) fingerprint: u64,
}

/// What goes into one output file.
#[derive(Clone, Copy)]
pub(super) enum Content<'a> {
    Bytes(&'a [u8]),
    /// A file that is open already, and what to call it; read from its beginning each time.
    Opened(&'a File, &'a Path),
}

impl Content<'_> {
    /// Size and fingerprint.
    pub(super) fn look(&self) -> Result<(u64, u64), Trouble> {
        match self {
            Self::Bytes(bytes) => Ok((bytes.len() as u64, xxh3_64(bytes))),
            Self::Opened(file, path) => fingerprint(file, path),
        }
    }

    pub(super) fn sha256(&self) -> Result<Hash, Trouble> {
        match self {
            Self::Bytes(bytes) => Ok(Hash::of(bytes)),
            Self::Opened(file, path) => Ok(pour_identified(file, path, |_| Ok(()))?.sha256),
        }
    }

    /// Writes the content and says what was written. A file that changes meanwhile is recorded as it was written, not
    /// as it was looked at before.
    pub(super) fn write_to(&self, file: &mut File, at: &Path) -> Result<Identity, Trouble> {
        match self {
            Self::Bytes(bytes) => {
                file.write_all(bytes).writing(at)?;
                Ok(Identity { size: bytes.len() as u64, sha256: Hash::of(bytes), fingerprint: xxh3_64(bytes) })
            }
            Self::Opened(from, path) => pour_identified(from, path, |part| file.write_all(part).writing(at)),
        }
    }
}

/// Reads a file once for its size and both hashes.
pub(super) fn identify(beneath: &Beneath, path: &Path) -> Result<Identity, Trouble> {
    pour_identified(&open_beneath(beneath, path)?, path, |_| Ok(()))
}

/// Opens a plain file of a published folder or of kohyo's own; a link is none.
pub(super) fn open_beneath(beneath: &Beneath, path: &Path) -> Result<File, Trouble> {
    beneath.open_plain(path).reading(path)?.ok_or_else(|| not_plain(path))
}

/// Reads one of kohyo's own lists, of any size that makes sense; `None` if it is not there.
pub(super) fn read_list(beneath: &Beneath, path: &Path) -> Result<Option<Vec<u8>>, Trouble> {
    /// A site of a million files needs a sixth of this.
    const MOST: u64 = 1 << 30;
    let file = match open_beneath(beneath, path) {
        Err(trouble) if trouble.io_error().is_some_and(|it| it.kind() == ErrorKind::NotFound) => return Ok(None),
        opened => opened?,
    };
    let mut bytes = Vec::new();
    file.take(MOST + 1).read_to_end(&mut bytes).reading(path)?;
    match bytes.len() as u64 > MOST {
        true => Err(not_plain(path)),
        false => Ok(Some(bytes)),
    }
}

/// A file of a published site, if it is there and a plain one.
pub fn published_file(folder: &Path, name: &str) -> Option<Vec<u8>> {
    let folder = std::fs::canonicalize(folder).ok()?;
    let beneath = Beneath::open(&folder).ok()?;
    read_list(&beneath, &folder.join(name)).ok().flatten()
}

/// As [`read_list`], for lists that only save time: what cannot be read is empty.
pub(super) fn read_memory(beneath: &Beneath, path: &Path) -> String {
    let bytes = read_list(beneath, path).ok().flatten().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

fn not_plain(path: &Path) -> Trouble {
    let shown = path.display();
    Trouble::new(
        TroubleKind::NotAFile,
        format!(
            "普通のファイルではないので(名前付きパイプ、デバイス、フォルダー、大きすぎるファイルなど)、読みませんでした。移動してください: {shown}"
        ),
        format!(
            "not a plain file (a pipe, a device, a folder, or one that is too large), so it was not read; move it away: {shown}"
        ),
    )
}

fn fingerprint(file: &File, path: &Path) -> Result<(u64, u64), Trouble> {
    let mut hasher = Xxh3::new();
    let size = pour(file, path, |part| {
        hasher.update(part);
        Ok(())
    })?;
    Ok((size, hasher.digest()))
}

fn pour_identified(
    file: &File,
    path: &Path,
    mut into: impl FnMut(&[u8]) -> Result<(), Trouble>,
) -> Result<Identity, Trouble> {
    let (mut sha256, mut fingerprint) = (Sha256::new(), Xxh3::new());
    let size = pour(file, path, |part| {
        sha256.update(part);
        fingerprint.update(part);
        into(part)
    })?;
    Ok(Identity { size, sha256: Hash(sha256.finalize().into()), fingerprint: fingerprint.digest() })
}

fn pour(mut file: &File, path: &Path, mut into: impl FnMut(&[u8]) -> Result<(), Trouble>) -> Result<u64, Trouble> {
    file.rewind().reading(path)?;
    let mut buffer = vec![0; BUFFER];
    let mut size = 0;
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(size),
            Ok(count) => {
                size += count as u64;
                into(&buffer[..count])?;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error).reading(path),
        }
    }
}
