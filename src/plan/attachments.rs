//! Which attachments are published: those that a published document shows, and those of no document at all.

use crate::document::Body;
use crate::document::copies::{is_version_of, original};
use crate::site::Site;
use crate::source::Sources;
use crate::text::address::{decode_name, join};
use crate::text::place::FileId;
use std::collections::HashSet;
use unicode_normalization::UnicodeNormalization;

/// Drops attachments that only unpublished documents show, and those in the folder of goals that no document shows: a
/// plan that lies beside a goal must not come out before it. What is no such folder is told by its name, so that one
/// called `R8` or `drafts` is taken for the goals' own.
///
/// Elsewhere files are published without a link, but not what was not meant: what stands in a note, a comment or a
/// definition that no page shows, copies by their names, and what is called like something that waits for its day.
pub fn drop_unpublished_attachments(site: &mut Site, sources: &Sources) {
    if site.attachments.is_empty() {
        return;
    }
    // macOS writes names in parts; links have them as people type them.
    let name = |path: &str| path.rsplit('/').next().map(|name| name.nfc().collect::<String>());
    let names: HashSet<String> =
        site.attachments.iter().filter_map(|attachment| name(sources.path(attachment.file))).collect();
    let bodies = crate::site::bodies(site);
    let hidden = shown_files(site.hidden.values().map(|body| (body.file, links(body, true))), &names, sources);
    let visible = shown_files(bodies.iter().map(|body| (body.file, links(body, true))), &names, sources);
    let all = bodies.iter().copied().chain(site.hidden.values());
    let unshown = all.map(|body| (body.file, links(body, false).chain(body.mentions.iter().map(String::as_str))));
    let unshown = shown_files(unshown, &names, sources);
    let shown = |file: FileId| visible.contains(&file) || hidden.contains(&file);
    site.unlinked = site.attachments.iter().map(|attachment| attachment.file).filter(|file| !shown(*file)).collect();
    // What waits for its day, by folder and by name without ending.
    let waiting: HashSet<&str> = site.hidden.keys().chain(&hidden).map(|file| folder(sources.path(*file))).collect();
    let waits = |path: &str| -> bool {
        let is_hidden =
            |file: &FileId| site.hidden.contains_key(file) || hidden.contains(file) && !visible.contains(file);
        let mut beside = sources.under(folder(path)).filter(|(file, _)| is_hidden(file));
        waiting.contains(folder(path)) && beside.any(|(_, it)| is_version_of(stem(path), stem(&it.path)))
    };
    let is_copy = |path: &str| path.split('/').any(|part| original(part).is_some());
    let (published, withheld) = std::mem::take(&mut site.attachments).into_iter().partition(|attachment| {
        let (file, path) = (attachment.file, sources.path(attachment.file));
        let is_kept_back = || hidden.contains(&file) || unshown.contains(&file) || is_copy(path) || waits(path);
        visible.contains(&file) || (is_public_place(path) && !is_kept_back())
    });
    (site.attachments, site.withheld) = (published, withheld);
}

/// The targets of a body's links: of those that a page shows, or of those that none does.
fn links(body: &Body, is_shown: bool) -> impl Iterator<Item = &str> {
    body.links.iter().filter(move |link| link.is_shown == is_shown).map(|link| &*link.target)
}

/// The folder of a path, with its `/`.
fn folder(path: &str) -> &str {
    path.rfind('/').map_or("", |slash| &path[..=slash])
}

/// The name of a path without its ending: all that follows the first dot, so that a result has that of its goal.
fn stem(path: &str) -> &str {
    let name = &path[folder(path).len()..];
    name.split('.').next().unwrap_or(name)
}

/// Whether a file lies where files are published without a link: for machines at the top, beside free pages and the
/// ledgers, none of which belongs to a year. (Nor does `assets/`, whose files are refused.)
fn is_public_place(path: &str) -> bool {
    let Some(path) = path.strip_prefix("content/") else { return false };
    let folder = path.split_once('/').map(|(folder, _)| folder);
    folder.is_none_or(|folder| matches!(folder, "pages" | "departments" | "pillars" | "assets"))
}

/// The files of these names to which targets in documents lead.
fn shown_files<'b>(
    documents: impl Iterator<Item = (FileId, impl Iterator<Item = &'b str>)>,
    names: &HashSet<String>,
    sources: &Sources,
) -> HashSet<FileId> {
    let mut files = HashSet::new();
    for (document, targets) in documents {
        for target in targets {
            let (path, _) = crate::text::address::split_fragment(target);
            let path = decode_name(path);
            // Most links lead to pages, and most sites have few attachments: the name alone tells nearly always.
            let named = |name: &str| match name.is_ascii() {
                true => names.contains(name),
                false => names.contains(&name.nfc().collect::<String>()),
            };
            if !path.rsplit('/').next().is_some_and(named) {
                continue;
            }
            match path.strip_prefix('/') {
                // What lies in `pages/` is published at the top.
                Some(absolute) => files.extend(
                    [format!("content/{absolute}"), format!("content/pages/{absolute}")]
                        .iter()
                        .filter_map(|path| sources.find(path)),
                ),
                None => files.extend(join(sources.path(document), &path).and_then(|joined| sources.find(&joined))),
            }
        }
    }
    files
}
