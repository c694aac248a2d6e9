//! The list that is published with the site: every file with its size and SHA-256, and one digest of the whole.
//!
//! The same files and facts give the same bytes on every machine: no times, no host names, sorted paths. The digest
//! depends on the files alone; `sha256sum` can make it again from lines of `sha256  size  path`.

use super::content::{self, Hash, read_list};
use super::trouble::{Trouble, TroubleKind};
use crate::beneath::Beneath;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;

/// The name of the manifest inside the output folder.
pub const MANIFEST: &str = "kohyo-manifest.json";

/// The folder that kohyo keeps *inside* an output folder that cannot be exchanged (a mount point, for example).
pub const INNER_FOLDER: &str = ".kohyo";

const FORMAT: &str = "kohyo-manifest/1";

/// What the manifest says about the build besides its files. Nothing that differs between machines belongs here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManifestFacts {
    /// The version of kohyo.
    pub kohyo: String,
    /// The date the site shows the state of, `2026-11-23`.
    pub as_of: String,
    /// The theme, with its version where it has one.
    pub theme: String,
    /// Anything else a reader may want to know, in a fixed order.
    pub others: BTreeMap<String, String>,
}

/// The day whose state a published site shows, as its manifest says; `None` where there is none. Reads only what stands
/// before the list of files, which may be long.
pub fn as_of(folder: &Path) -> Option<String> {
    #[derive(Deserialize)]
    struct Day {
        as_of: String,
    }
    let mut head = Vec::new();
    let folder = std::fs::canonicalize(folder).ok()?;
    let beneath = Beneath::open(&folder).ok()?;
    content::open_beneath(&beneath, &folder.join(MANIFEST)).ok()?.take(64 * 1024).read_to_end(&mut head).ok()?;
    let head = String::from_utf8_lossy(&head);
    let (facts, _) = head.split_once("\"files\"")?;
    let facts = format!("{}}}", facts.trim_end().trim_end_matches(','));
    serde_json::from_str::<Day>(&facts).ok().map(|it| it.as_of)
}

/// One file of the manifest.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestFile {
    /// Relative to the output folder, parts separated by `/`.
    pub path: Box<str>,
    /// Bytes.
    pub size: u64,
    /// The hash of the content.
    pub sha256: Hash,
}

/// A manifest as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// What it says about the build.
    pub facts: ManifestFacts,
    /// The digest it states; [`digest`] says whether that is true.
    pub digest: Hash,
    /// How many files it states to list.
    pub count: u64,
    /// The size of all of them, as it states.
    pub bytes: u64,
    /// Sorted by path.
    pub files: Vec<ManifestFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    format: String,
    kohyo: String,
    as_of: String,
    theme: String,
    #[serde(default)]
    others: BTreeMap<String, String>,
    count: u64,
    bytes: u64,
    digest: Hash,
    files: Vec<ManifestFile>,
}

impl Manifest {
    /// Reads the bytes of a manifest; `None` where a build, `verify` and `clean` would refuse them.
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        Self::parse(bytes).ok()
    }

    /// The manifest in a folder, and the hash of its bytes; `None` if there is none.
    pub(super) fn read(beneath: &Beneath, folder: &Path) -> Result<Option<(Self, Hash)>, Trouble> {
        let at = folder.join(MANIFEST);
        let Some(bytes) = read_list(beneath, &at)? else { return Ok(None) };
        let manifest = Self::parse(&bytes).map_err(|fault| fault.at(&at))?;
        Ok(Some((manifest, Hash::of(&bytes))))
    }

    /// Reads a manifest.
    ///
    /// Paths are checked as strictly as those of a build: `clean` removes what a manifest names, so a manifest from
    /// elsewhere must not be able to name anything outside its folder.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Fault> {
        let wire: Wire = match serde_json::from_slice(bytes) {
            Ok(wire) => wire,
            // Another format has other fields, so its name is asked first.
            Err(error) => match serde_json::from_slice::<Head>(bytes) {
                Ok(Head { format }) if format != FORMAT => return Err(Fault::OtherFormat(format)),
                _ => return Err(Fault::Damaged(error.to_string())),
            },
        };
        let Wire { format, kohyo, as_of, theme, others, count, bytes, digest, files } = wire;
        if format != FORMAT {
            return Err(Fault::OtherFormat(format));
        }
        if !files.is_sorted_by(|a, b| a.path < b.path) {
            return Err(Fault::Damaged("paths are not sorted".into()));
        }
        if let Some(file) = files.iter().find(|it| check_path(&it.path).is_err()) {
            return Err(Fault::Damaged(format!("path {:?}", file.path)));
        }
        Ok(Self { facts: ManifestFacts { kohyo, as_of, theme, others }, digest, count, bytes, files })
    }
}

#[derive(Deserialize)]
struct Head {
    format: String,
}

/// Why a manifest cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is of another kohyo.
    OtherFormat(String),
    /// Technical, for whoever looks into the file.
    Damaged(String),
}

impl Fault {
    fn at(&self, manifest: &Path) -> Trouble {
        let shown = manifest.display();
        match self {
            Self::OtherFormat(format) => Trouble::new(
                TroubleKind::DamagedManifest,
                format!(
                    "公開ファイルの一覧が、別の版の kohyo のものです({format})。その kohyo か、新しい kohyo を使ってください: {shown}"
                ),
                format!(
                    "the list of published files is of another version of kohyo ({format}); use that one, or a newer one: {shown}"
                ),
            ),
            Self::Damaged(reason) => Trouble::new(
                TroubleKind::DamagedManifest,
                format!("公開ファイルの一覧が壊れています: {shown} ({reason})"),
                format!("the list of published files is damaged: {shown} ({reason})"),
            ),
        }
    }
}

/// The digest of the whole: SHA-256 over one line `sha256  size  path` for each file, sorted by path.
pub fn digest<'a>(files: impl Iterator<Item = (&'a str, u64, Hash)>) -> Hash {
    let mut whole = Sha256::new();
    let mut line = Vec::new();
    for (path, size, sha256) in files {
        line.clear();
        line.extend(sha256.hex());
        push_number(&mut line, b"  ", size);
        line.extend(b"  ");
        line.extend(path.as_bytes());
        line.push(b'\n');
        whole.update(&line);
    }
    Hash(whole.finalize().into())
}

/// The bytes of a manifest, and the digest in it. `files` must be sorted by path.
pub(super) fn render<'a, I>(facts: &ManifestFacts, files: I) -> (Vec<u8>, Hash)
where
    I: Iterator<Item = (&'a str, u64, Hash)> + Clone,
{
    let digest = digest(files.clone());
    let (count, bytes) = files.clone().fold((0_u64, 0), |(count, bytes), (_, size, _)| (count + 1, bytes + size));
    let mut out = Vec::with_capacity(1024 + usize::try_from(count).unwrap_or(0) * 160);
    let line = |out: &mut Vec<u8>, key: &str, value: String| {
        out.extend(format!("  \"{key}\": {value},\n").into_bytes());
    };
    out.extend(b"{\n");
    line(&mut out, "format", json(FORMAT));
    line(&mut out, "kohyo", json(&facts.kohyo));
    line(&mut out, "as_of", json(&facts.as_of));
    line(&mut out, "theme", json(&facts.theme));
    if !facts.others.is_empty() {
        let pairs: Vec<_> = facts.others.iter().map(|(key, value)| format!("{}: {}", json(key), json(value))).collect();
        line(&mut out, "others", format!("{{ {} }}", pairs.join(", ")));
    }
    line(&mut out, "count", count.to_string());
    line(&mut out, "bytes", bytes.to_string());
    line(&mut out, "digest", json(&digest.to_string()));
    out.extend(b"  \"files\": [");
    let mut separator: &[u8] = b"\n";
    for (path, size, sha256) in files {
        out.extend(separator);
        out.extend(b"    {\"sha256\": \"");
        out.extend(sha256.hex());
        push_number(&mut out, b"\", \"size\": ", size);
        out.extend(b", \"path\": ");
        push_json(&mut out, path);
        out.push(b'}');
        separator = b",\n";
    }
    out.extend(b"\n  ]\n}\n");
    (out, digest)
}

fn push_number(out: &mut Vec<u8>, before: &[u8], number: u64) {
    out.extend(before);
    // Writing to a Vec cannot fail.
    let _ = write!(out, "{number}");
}

/// Nearly every path is made of characters that need no escaping; these take a fifth of the time.
fn push_json(out: &mut Vec<u8>, text: &str) {
    if text.bytes().all(|it| matches!(it, b' '..=b'~') && it != b'"' && it != b'\\') {
        out.push(b'"');
        out.extend(text.as_bytes());
        out.push(b'"');
    } else {
        out.extend(json(text).into_bytes());
    }
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Whether a path may be published: relative, `/`-separated, without `.` and `..`, and not one of kohyo's own names.
///
/// Backslashes and control characters are refused as well: the first are separators on some machines, the second
/// break lists of one path per line.
pub(super) fn check_path(path: &str) -> Result<(), Trouble> {
    let bad = |ja: &str, en: &str| {
        Err(Trouble::new(
            TroubleKind::BadPath,
            format!("公開できないパスです({ja}): {path:?}"),
            format!("this path cannot be published ({en}): {path:?}"),
        ))
    };
    if path.chars().any(|it| it.is_control() || it == '\\') {
        return bad("使えない文字があります", "a character is not allowed");
    }
    if path.split('/').any(|part| matches!(part, "" | "." | "..")) || Path::new(path).is_absolute() {
        return bad("出力先の中を指していません", "it does not stay inside the output folder");
    }
    let first = path.split('/').next().unwrap_or(path);
    if first.eq_ignore_ascii_case(INNER_FOLDER) || path.eq_ignore_ascii_case(MANIFEST) {
        return bad("kohyo が使う名前です", "kohyo uses this name itself");
    }
    Ok(())
}
