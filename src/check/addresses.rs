//! Two files of a site in one place: on a disk without capitals, in letters that look alike, as a file and a folder.

use crate::diagnostic::{Diagnostic, Rule};
use crate::document::copies::original;
use crate::document::findings::copied_document;
use crate::document::{self, is_slug};
use crate::plan::{Plan, address, booklets, source};
use crate::site::Site;
use crate::source::{File, Sources};
use crate::text::place::{FileId, Place};
use crate::value::edition::Edition;
use std::collections::HashMap;

/// Two pages want one address.
pub fn duplicate_path(place: Place, path: &str, other: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::DuplicatePath,
        place,
        format!("ページの住所「{path}」が、ほかのページと重なります。"),
        format!("the address `{path}` is also another page's"),
    )
    .help("どちらかのファイル名を変えます。", "rename one of the files")
    .also(other, "もう一方はここ", "the other is here")
}

/// A name that is a file's and a folder's.
pub fn file_and_folder(place: Place, path: &str, other: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::DuplicatePath,
        place,
        format!("「{path}」が、ファイルとフォルダーの両方の名前になります。"),
        format!("`{path}` would be a file and a folder"),
    )
    .help("フォルダーかファイルの名前を変えます。", "rename the folder or the file")
    .also(other, "もう一方はここ", "the other is here")
}

/// Bytes of the longest name that disks take.
const LONGEST: usize = 255;

/// The part of an address that is too long for a disk, and the bytes that it has; a page is there in large type too.
fn too_long(path: &str) -> Option<(&str, usize)> {
    let more = Edition::Large.suffix().len() - Edition::Screen.suffix().len();
    // Nearly no address comes near.
    if path.len() + more <= LONGEST {
        return None;
    }
    let bytes = |part: &str| part.len() + if part.ends_with(Edition::Screen.suffix()) { more } else { 0 };
    path.split('/').map(|part| (part, bytes(part))).find(|(_, bytes)| *bytes > LONGEST)
}

/// A page whose name no disk takes.
pub fn long_name(place: Place, name: &str, bytes: usize) -> Diagnostic {
    let over = (bytes - LONGEST).div_ceil(name.chars().next().map_or(1, char::len_utf8));
    Diagnostic::new(
        Rule::BadName,
        place,
        format!("名前が長すぎて、ページのファイルを作れません（「{name}」、大きな文字版は{bytes}バイト。{LONGEST}バイトまで）。"),
        format!("the name is too long for a file ({bytes} bytes for `{name}` in large type; at most {LONGEST})"),
    )
    .help(
        format!("ファイルの名前を、少なくとも{over}字縮めます。漢字とかなは1字が3バイト、「𠮷」のような字は4バイトです。"),
        format!("shorten it by {over} characters at least; kanji and kana have three bytes each, some four"),
    )
}

/// A file that would replace one the program makes.
pub fn reserved_path(place: Place, path: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::DuplicatePath,
        place,
        format!("「{path}」は kohyo が作るファイルの名前です。"),
        format!("`{path}` is the name of a file that kohyo makes"),
    )
    .help("ファイル名を変えます。", "rename the file")
}

/// Documents that are called like a copy of the one beside them: `1-01のコピー.md`, `next-DESKTOP-1A2B3C4.md`.
pub fn copied_documents(sources: &Sources) -> Vec<Diagnostic> {
    // A name that only says that something is older may be meant.
    let is_sure =
        |name: &str| name.contains("コピー") || ["copy", "-desktop-", "-laptop-"].iter().any(|it| name.contains(it));
    let copy = |(file, it): (FileId, &File)| {
        let (folder, name) = it.path.rsplit_once('/')?;
        let name = name.strip_suffix(".md").filter(|name| name.len() > 5 && is_slug(name))?;
        let lower = name.to_lowercase();
        let original = original(&format!("{lower}.md")).filter(|_| is_sure(&lower))?;
        let beside = sources.under(&it.path[..=folder.len()]);
        let (other, other_path) = beside.map(|(other, it)| (other, &*it.path)).find(|(_, path)| {
            path.len() == folder.len() + 1 + original.len() && path.to_lowercase().ends_with(&original)
        })?;
        Some(copied_document(Place::start(file), &it.path, Place::start(other), other_path))
    };
    sources.under("content/").filter_map(copy).collect()
}

/// Two files of one address, and files that are folders to others; also where only the letter case differs, which many
/// servers and USB sticks ignore.
pub fn collisions(site: &Site, plan: &Plan) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let mut seen: HashMap<u64, (String, Option<FileId>)> = HashMap::with_capacity(plan.pages.len());
    let addresses = plan.pages.iter().map(|page| (address(site, *page, Edition::Screen), source(site, *page)));
    for attachment in &site.attachments {
        if let Some(name) = own_name(&attachment.path) {
            findings.push(reserved_path(Place::start(attachment.file), name));
        }
    }
    let attachments = site.attachments.iter().map(|it| (it.path.to_string(), Some(it.file)));
    let booklets = plan.pages.iter().flat_map(|page| {
        let booklets = booklets::of_page(site, *page);
        booklets.into_iter().map(|booklet| (booklets::path(site, &booklet), source(site, *page)))
    });
    // Pages alone are never folders to each other: their names end in `.html`, and those of their folders have no dot.
    let mut folders: HashMap<u64, Option<FileId>> = HashMap::new();
    let has_attachments = !site.attachments.is_empty();
    for (path, file) in addresses.chain(booklets).chain(attachments) {
        if let (Some(file), Some((name, bytes))) = (file, too_long(&path)) {
            findings.push(long_name(Place::start(file), name, bytes));
        }
        if has_attachments {
            folders.extend(above(&path).map(|folder| (key_of(folder), file)));
        }
        // Where the screen editions do not collide, the large ones do not either.
        let key = key_of(&path);
        // Only documents can be renamed; where both are the program's own, there is no collision.
        let keep = if file.is_some() { path } else { String::new() };
        if let Some((_, first)) = seen.insert(key, (keep.clone(), file)) {
            let (Some(here), there) = (file.or(first), first.or(file)) else { continue };
            let other = there.filter(|there| *there != here).unwrap_or(here);
            findings.push(duplicate_path(Place::start(here), &keep, Place::start(other)));
        }
    }
    for attachment in &site.attachments {
        let here = attachment.file;
        let mut found = |path: &str, other: Option<FileId>| {
            let other = other.unwrap_or(here);
            findings.push(file_and_folder(Place::start(here), path, Place::start(other)));
        };
        if let Some((folder, (_, file))) = above(&attachment.path).find_map(|it| Some((it, seen.get(&key_of(it))?))) {
            found(folder, *file);
        }
        if let Some(inside) = folders.get(&key_of(&attachment.path)) {
            found(&attachment.path, *inside);
        }
    }
    findings
}

/// The name of the program's own at which a path begins; as a folder, such a name is in the way as well.
pub(super) fn own_name(path: &str) -> Option<&str> {
    let own = [
        "robots.txt",
        "sitemap.xml",
        "assets",
        crate::publish::MANIFEST,
        crate::site::published_figures::FIGURES,
        crate::publish::INNER_FOLDER,
    ];
    let first = path.split('/').next().unwrap_or_default();
    own.contains(&first.to_lowercase().as_str()).then_some(first)
}

/// Names an address, without what many servers ignore and what the editions of a page differ in.
fn key_of(path: &str) -> u64 {
    document::hash(path.to_lowercase().replace(".large.html", ".html").as_bytes())
}

/// The folders above a path.
fn above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}
