//! Files beside the documents: is each of them shown, can it be sent.

use crate::diagnostic::{Diagnostic, Rule};
use crate::site::Site;
use crate::source::Sources;
use crate::text::place::{FileId, Place};
use crate::text::size::file_size;
use std::collections::HashSet;

/// Files that nobody links to, and files that take long to fetch.
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
    unlinked
        .map(|file| unused_attachment(Place::start(*file), copied.contains(file)))
        .chain(large.map(|it| large_attachment(Place::start(it.file), it.size, most)))
        .collect()
}

/// An attachment no document shows.
pub fn unused_attachment(place: Place, is_published: bool) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::UnusedAttachment,
        place,
        match is_published {
            true => "どの文書からもリンクされていませんが、公開されます。",
            false => "どの文書からもリンクされていないため、公開されません。",
        },
        match is_published {
            true => "no document links to this file, but it is published",
            false => "no document links to this file, so it is not published",
        },
    );
    finding.help(
        "文書からリンクするか、要らなければ content の外に移します。",
        "link to it from a document, or move it out of content if it is not needed",
    )
}

/// A file that takes long to fetch.
pub fn large_attachment(place: Place, size: u64, most: u64) -> Diagnostic {
    let (size_ja, size_en) = file_size(size);
    let (most_ja, most_en) = file_size(most);
    Diagnostic::new(
        Rule::LargeAttachment,
        place,
        format!("添付のファイルが大きすぎます（{size_ja}。{most_ja}まで）。"),
        format!("this attachment is very large ({size_en}; at most {most_en})"),
    )
    .help(
        "画像の解像度を下げるか、分けます。内容は、できるだけページの文章と表にします。",
        "lower the resolution of its images or split it; better, put its content on the page",
    )
}
