//! Rules beyond what a single key can tell: over the texts of a file, over the whole record, and over what bodies link
//! to. One small function per rule.

mod addresses;
mod attachments;
mod changes;
mod contact;
mod contrast;
mod figures;
mod goal;
mod habits;
mod links;
mod page;
mod record;
mod table;
mod text;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Rule};
use crate::document::{self, Kind, Reading};
use crate::source::Sources;
use crate::text::place::{FileId, Place};
pub use addresses::collisions;
pub use attachments::attachments;
pub use changes::changes;
pub use contrast::contrast;
pub use links::links;
pub use record::{dates, record};

/// A site without a single document: a folder that was moved or a drive that is gone must not replace what is published.
pub fn presence(sources: &Sources) -> Option<Diagnostic> {
    let is_document = |path: &str| document::kind(path).is_some_and(|kind| !matches!(kind, Kind::Attachment(_)));
    let has_documents = sources.under("content/").any(|(_, file)| is_document(&file.path));
    // Without site.yaml, it is no site at all, and that is told.
    let settings = sources.find("site.yaml").filter(|_| !has_documents)?;
    Some(no_content(Place::start(settings)))
}

/// What readers will read of `site.yaml` itself. Settings that could not be read whole may have excused it.
pub fn settings(file: FileId, bytes: &[u8], config: &Config) -> Vec<Diagnostic> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Vec::new() };
    if config.is_partial {
        return Vec::new();
    }
    let reading = Reading { values: config.texts.clone(), ..Reading::default() };
    text::texts(file, text, &reading, config.language, &config.checks.options)
}

/// Rules that need one file and the site's settings only: a preview runs them for the files that changed.
pub fn file(file: FileId, text: &str, reading: &Reading, config: &Config) -> Vec<Diagnostic> {
    let mut out = text::texts(file, text, reading, config.language, &config.checks.options);
    out.extend(page::structure(file, text, reading));
    out.extend(table::broken(file, text, &reading.facts.texts));
    out.extend(habits::literal(file, text, &reading.facts.texts));
    out
}

/// Not a single document.
pub fn no_content(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::Unreadable,
        place,
        "content フォルダーに、文書が1つもありません。",
        "there is no document in the folder `content`",
    )
    .help(
        "フォルダーを移したり、ネットワークドライブが切れたりしていないかを確かめます。新しいサイトなら、まず content/index.md を置きます。",
        "check that the folder was not moved and its drive is there; a new site starts with content/index.md",
    )
}
