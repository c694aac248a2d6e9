//! What a screen reader says of a link inside a booklet: where it leads, in words, and not on which page.
//!
//! The typesetter's own words are "page 123", which tells nobody what is there. They would also make every text with a
//! note wait until it is known where the notes stand, and be set again then.

use super::phrase;
use typst::Library;
use typst::diag::SourceResult;
use typst::ecow::EcoString;
use typst::engine::Engine;
use typst::foundations::{Content, NativeElement as _, Packed, Selector, StyleChain, Target};
use typst::introspection::QueryFirstIntrospection;
use typst::model::{Destination, HeadingElem, LinkElem, LinkMarker};
use typst::syntax::Span;

/// Makes links of a document say where they lead.
pub fn describe(library: &mut Library) {
    library.rules.replace(Target::Paged, link);
}

/// As the typesetter does it, but for the description.
fn link(link: &Packed<LinkElem>, engine: &mut Engine<'_>, styles: StyleChain<'_>) -> SourceResult<Content> {
    let span = link.span();
    let destination = link.dest.resolve_early(engine, span)?;
    let description = match description(link, &destination, engine) {
        Some(description) => description,
        None => destination.alt_text(engine, styles, span)?,
    };
    let marker = LinkMarker::new(link.body.clone(), Some(description)).pack().spanned(span);
    Ok(marker.set(LinkElem::current, Some(destination)))
}

/// The heading that a link leads to, or what the link itself says; nothing for a link that leads out.
fn description(link: &LinkElem, destination: &Destination, engine: &mut Engine<'_>) -> Option<EcoString> {
    let Destination::Location(location) = destination else { return None };
    let there = engine.introspect(QueryFirstIntrospection(Selector::Location(*location), Span::detached()));
    let heading = there.as_ref().and_then(|there| there.to_packed::<HeadingElem>());
    let text = heading.map_or(&link.body, |heading| &heading.body).plain_text();
    let text: EcoString = text.trim().chars().filter(|c| *c != phrase::JOINER).collect();
    Some(text).filter(|text| !text.is_empty())
}
