//! Which attachments are published: those that a published document shows, and those of no document at all.

use crate::document;
use crate::site::Site;
use crate::source::Sources;
use crate::text::address::{decode, join};
use crate::text::place::FileId;
use std::collections::HashSet;
use unicode_normalization::UnicodeNormalization;

/// Drops attachments that only unpublished documents show, and those in the folder of goals that no document shows: a
/// plan that lies beside a goal must not come out before it. What is no such folder is told by its name, so that one
/// called `R8` or `drafts` is taken for the goals' own.
pub fn drop_unpublished_attachments(site: &mut Site, sources: &Sources) {
    if site.attachments.is_empty() {
        return;
    }
    // macOS writes names in parts; links have them as people type them.
    let name = |path: &str| path.rsplit('/').next().map(|name| name.nfc().collect::<String>());
    let names: HashSet<String> =
        site.attachments.iter().filter_map(|attachment| name(sources.path(attachment.file))).collect();
    let hidden: HashSet<FileId> = shown_files(site.hidden.values(), &names, sources);
    let visible: HashSet<FileId> = shown_files(crate::site::bodies(site).into_iter(), &names, sources);
    let shown = |file: FileId| visible.contains(&file) || hidden.contains(&file);
    site.unlinked = site.attachments.iter().map(|attachment| attachment.file).filter(|file| !shown(*file)).collect();
    let (published, withheld) = std::mem::take(&mut site.attachments).into_iter().partition(|attachment| {
        let file = attachment.file;
        visible.contains(&file) || (is_public_place(sources.path(file)) && !hidden.contains(&file))
    });
    (site.attachments, site.withheld) = (published, withheld);
}

/// Whether a file lies where files are published without a link: for machines at the top, beside free pages and the
/// ledgers, none of which belongs to a year. (Nor does `assets/`, whose files are refused.)
fn is_public_place(path: &str) -> bool {
    let Some(path) = path.strip_prefix("content/") else { return false };
    let folder = path.split_once('/').map(|(folder, _)| folder);
    folder.is_none_or(|folder| matches!(folder, "pages" | "departments" | "pillars" | "assets"))
}

/// The files of these names that bodies link to or show.
fn shown_files<'b>(
    bodies: impl Iterator<Item = &'b document::Body>,
    names: &HashSet<String>,
    sources: &Sources,
) -> HashSet<FileId> {
    let mut files = HashSet::new();
    for body in bodies {
        for link in body.links.iter() {
            let (path, _) = crate::text::address::split_fragment(&link.target);
            let Some(path) = decode(path) else { continue };
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
                None => files.extend(join(sources.path(body.file), &path).and_then(|joined| sources.find(&joined))),
            }
        }
    }
    files
}
