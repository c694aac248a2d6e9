//! Rules beyond what a single key can tell: over the texts of a file, over the whole record, and over what bodies link
//! to. One small function per rule.

mod addresses;
mod attachment_findings;
mod attachments;
mod changes;
mod contact;
mod contrast;
mod days;
mod figures;
mod goal;
mod links;
mod record;

use crate::diagnostic::{Diagnostic, Rule};
use crate::document::{self, Kind};
use crate::source::Sources;
use crate::text::place::Place;
pub use addresses::{collisions, copied_documents};
pub use attachment_findings::huge_picture;
pub use attachments::attachments;
pub use changes::changes;
pub use contrast::contrast;
pub use days::distant_dates;
pub use links::links;
pub use record::{dates, record};

/// A site without a single document: a folder that was moved or a drive that is gone must not replace what is published.
pub fn presence(sources: &Sources) -> Option<Diagnostic> {
    let is_document =
        |path: &str| document::kind(path).is_some_and(|kind| !matches!(kind, Kind::Attachment(_) | Kind::Leftover));
    let has_documents = sources.under("content/").any(|(_, file)| is_document(&file.path));
    // Without site.yaml, it is no site at all, and that is told.
    let settings = sources.find("site.yaml").filter(|_| !has_documents)?;
    Some(no_content(Place::start(settings)))
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
