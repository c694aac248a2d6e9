//! Files beside the documents: is each of them shown, can it be sent, and is it what a record may hand out.

use super::addresses::own_name;
use super::attachment_findings::{
    active_document, active_picture, false_ending, hidden_data, host_file, huge_picture, large_attachment, photo_place,
    unknown_attachment, unneeded_allowance, unused_attachment,
};
use crate::attachment::hidden::Hidden;
use crate::attachment::{self, Facts, Kind, Seen, host};
use crate::diagnostic::Diagnostic;
use crate::document::findings::unreadable;
use crate::site::{Attachment, Site};
use crate::source::{Sources, Why};
use crate::text::place::{FileId, Place};
use crate::value::picture::is_huge;
use rayon::prelude::*;
use std::collections::HashSet;

/// Files that nobody links to, files that take long to fetch, and what is wrong with those that are or will be published.
pub fn attachments(site: &Site, sources: &Sources) -> Vec<Diagnostic> {
    let folder = |file: FileId| sources.path(file).rsplit_once('/').map_or("", |(folder, _)| folder);
    // A document that cannot be read may link to what lies beside it.
    let faulty: HashSet<&str> = site.unjoined.iter().map(|file| folder(*file)).collect();
    let unlinked = site.unlinked.iter().filter(|file| {
        // Files at the top are for machines: a proof for a search engine, say.
        folder(**file) != "content"
            && !folder(**file).starts_with("content/assets")
            && !folder(**file).contains(".md")
            && !faulty.contains(folder(**file))
    });
    let copied: HashSet<FileId> = site.attachments.iter().map(|attachment| attachment.file).collect();
    let most = site.config.checks.options.largest_attachment();
    let large = site.attachments.iter().filter(|attachment| attachment.size > most);
    let mut found: Vec<Diagnostic> = unlinked
        .map(|file| unused_attachment(Place::start(*file), copied.contains(file)))
        .chain(large.map(|it| large_attachment(Place::start(it.file), it.size, most)))
        .collect();
    // What waits for its day will be published; what nobody links to, in a folder of goals, never is.
    let unlinked: HashSet<FileId> = site.unlinked.iter().copied().collect();
    let waiting = site.withheld.iter().filter(|attachment| !unlinked.contains(&attachment.file));
    let all: Vec<&Attachment> = site.attachments.iter().chain(waiting).collect();
    let of_each: Vec<Vec<Diagnostic>> = all.par_iter().map(|attachment| of_one(attachment, site, sources)).collect();
    found.extend(of_each.into_iter().flatten());
    found.extend(unneeded(site, sources));
    found
}

/// What is wrong with one file.
fn of_one(attachment: &Attachment, site: &Site, sources: &Sources) -> Vec<Diagnostic> {
    let (place, path) = (Place::start(attachment.file), sources.path(attachment.file));
    let allowed = &site.config.attachments;
    let is_allowed = allowed.has_file(path);
    if host::is_for_the_host(&attachment.path) && !is_allowed {
        return vec![host_file(place, path)];
    }
    let Some(kind) = Kind::of(&attachment.path) else {
        let ending = attachment::kind::ending(&attachment.path);
        // A name that is the program's own is told as that.
        let is_allowed = is_allowed || allowed.has_ending(&ending) || own_name(&attachment.path).is_some();
        return if is_allowed { Vec::new() } else { vec![unknown_attachment(place, path, &ending)] };
    };
    if let Some((width, height)) = picture_size(&attachment.path, attachment.file, sources)
        && is_huge(width, height)
    {
        return vec![huge_picture(place, width, height)];
    }
    match facts(attachment, kind, sources) {
        Ok(Facts { other: Some(content), .. }) => vec![false_ending(place, path, *content)],
        Ok(facts) => of_facts(attachment.file, facts),
        Err(why) => vec![unreadable(place, why)],
    }
}

/// Width and height in pixels of what browsers and booklets show as a picture of pixels, as its first bytes tell it.
fn picture_size(path: &str, file: FileId, sources: &Sources) -> Option<(u32, u32)> {
    let ending = path.rsplit_once('.')?.1.to_ascii_lowercase();
    if !["png", "jpg", "jpeg", "gif", "webp"].contains(&ending.as_str()) {
        return None;
    }
    sources.image_size(file)
}

/// What is to be said of a file that is what its ending says.
fn of_facts(file: FileId, facts: &Facts) -> Vec<Diagnostic> {
    let place = Place::start(file);
    let mut found: Vec<Diagnostic> = facts.faults.iter().map(|fault| active_picture(file, fault)).collect();
    let Seen { actions, hidden } = &facts.seen;
    if !actions.is_empty() {
        found.push(active_document(place, actions));
    }
    if hidden.contains(&Hidden::Place) {
        found.push(photo_place(place, facts.is_mendable));
    }
    let others: Vec<Hidden> = hidden.iter().copied().filter(|hidden| *hidden != Hidden::Place).collect();
    if !others.is_empty() {
        found.push(hidden_data(place, &others, facts.is_mendable));
    }
    found
}

/// What is in a file: looked at once, also where it is joined into many sites one after the other.
fn facts<'a>(attachment: &'a Attachment, kind: Kind, sources: &Sources) -> &'a Result<Facts, Why> {
    attachment.facts.get_or_init(|| {
        let file = attachment.file;
        let start = || sources.start(file, attachment::START);
        let facts = if kind.is_told_by_its_start() {
            start().map(|start| attachment::look(kind, &start))
        } else if attachment.size > attachment::LARGEST {
            start().map(|start| attachment::look_at_start(kind, &start))
        } else {
            sources.whole(file).map(|bytes| attachment::look(kind, &bytes))
        };
        facts.map_err(|error| error.why)
    })
}

/// What `site.yaml` allows and nothing needs: it would let the next such file through unseen.
fn unneeded(site: &Site, sources: &Sources) -> Vec<Diagnostic> {
    let allowed = &site.config.attachments;
    let Some(settings) = sources.find("site.yaml") else { return Vec::new() };
    let all = || site.attachments.iter().chain(&site.withheld);
    let is_needed =
        |attachment: &Attachment| Kind::of(&attachment.path).is_none() || host::is_for_the_host(&attachment.path);
    let endings = allowed.endings.iter().filter(|ending| {
        let is_it = |it: &Attachment| attachment::kind::ending(&it.path) == *ending.value && is_needed(it);
        !all().any(is_it)
    });
    let files = allowed.files.iter().filter(|file| {
        let is_it = |it: &Attachment| sources.path(it.file).strip_prefix("content/") == Some(&*file.value);
        !all().any(|it| is_it(it) && is_needed(it))
    });
    endings.chain(files).map(|it| unneeded_allowance(Place::new(settings, it.at), &it.value)).collect()
}
