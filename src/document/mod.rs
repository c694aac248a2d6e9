//! One file of `content/`: what its place in the tree makes it, its front matter, and what its body links to.
//!
//! Total: a document never fails to parse, it finds. Knows nothing about other documents; names that point to others
//! (pillars, goals, levels) stay text with a place until [`crate::site`] resolves them.

pub mod copies;
pub mod extras;
mod fence;
pub mod findings;
mod kind;
mod matter;
mod read;

use crate::config::{Column, checks};
use crate::diagnostic::{Checked, Rule};
use crate::fields::{self, DOCUMENTS, Key, Vocabulary};
use crate::markdown;
use crate::text::place::FileId;
use crate::text::span::Span;
use crate::yaml::{self, Fields, Node, Scribe, Value};
use fence::{second_document, split};
pub use kind::{GoalName, Kind, is_slug, kind};
pub use matter::{
    Action, ActionOutcome, Actual, Body, Correction, DepartmentMatter, Document, Extra, GoalMatter, Indicator,
    Measured, OutcomeMatter, PillarMatter, Prose, Publication, Target, measures,
};
use read::Reader;
use std::sync::Arc;

/// Number of a pillar that has none: after all others.
pub const UNNUMBERED: i64 = 999;

/// What a file gave.
#[derive(Debug, Default)]
pub struct Parsed<'b> {
    /// The file as text; empty where it is none.
    pub text: &'b str,
    /// The document, where it could be read.
    pub document: Option<Document>,
    /// What its readers will read, for the checks of a single file.
    pub reading: Reading,
}

/// The parts of a file that readers of the site will read. Spans are bytes of the file.
#[derive(Debug, Default)]
pub struct Reading {
    /// Texts of the front matter, as written.
    pub values: Vec<Span>,
    /// Values with signs that may mean more than they are.
    pub signs: Vec<yaml::Shown>,
    /// The body, without its links.
    pub facts: markdown::Facts,
    /// The links of the body.
    pub links: Arc<[markdown::Link]>,
}

/// Parses the document at `path`. No document for what is none (an attachment, a misplaced file).
pub fn parse<'b>(file: FileId, kind: Kind, bytes: &'b [u8], columns: &[Column]) -> Checked<Parsed<'b>> {
    let mut scribe = Scribe::new(file, Vocabulary(DOCUMENTS));
    let text = match yaml::utf8(bytes, &mut scribe) {
        Some(text) => text,
        None => return Checked::new(Parsed::default(), scribe.findings),
    };
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        scribe.note(findings::empty_file(scribe.place(Span::default())));
        return Checked::new(Parsed::default(), scribe.findings);
    }
    let needed = !matches!(kind, Kind::Home | Kind::Year(_) | Kind::DepartmentYear(..));
    let parts = split(text, needed, &mut scribe);
    if parts.yaml.is_none() && (needed || !scribe.findings.is_empty()) {
        // What was meant as a fence has been told.
        if scribe.findings.is_empty() {
            scribe.note(findings::no_front_matter(scribe.place(Span::new(0, 0))));
        }
        return Checked::new(Parsed::default(), scribe.findings);
    }
    let (yaml_text, yaml_offset) = parts.yaml.unwrap_or(("", 0));
    let found_before = scribe.findings.len();
    let parsed = yaml::parse(yaml_text, yaml_offset, &mut scribe);
    if parsed.is_none() && scribe.findings.len() > found_before {
        return Checked::new(Parsed::default(), scribe.findings);
    }
    let at = Span::new(yaml_offset, yaml_offset + yaml_text.trim_end().len());
    let node = parsed.unwrap_or(Node { value: Value::Null, at });
    if needed {
        second_document(text, parts.body, &mut scribe);
    }
    let (mut body, facts) = body(file, text, parts.body);
    let links = body.links.clone();
    body.links = links_inside(links.clone());
    let document = Fields::open(&node, map(&kind), &mut scribe).and_then(|mut fields| {
        let mut exceptions = checks::exceptions(&mut fields, checks::In::Document, &mut scribe);
        exceptions.extend(checks::comments(text, yaml_offset..parts.body, &mut scribe));
        body.exceptions = exceptions.into();
        let reader = Reader { fields, columns };
        match kind {
            Kind::Goal(name) => Some(Document::Goal(name, reader.goal(body, &mut scribe)?.into())),
            Kind::Outcome(name) => Some(Document::Outcome(name, None, reader.outcome(true, body, &mut scribe).into())),
            Kind::Progress(name, date) => {
                Some(Document::Outcome(name, Some(date), reader.outcome(false, body, &mut scribe).into()))
            }
            Kind::Pillar(key) => Some(Document::Pillar(key, reader.pillar(body, &mut scribe)?.into())),
            Kind::Department(key) => Some(Document::Department(key, reader.department(body, &mut scribe)?.into())),
            kind => {
                let titled = matches!(kind, Kind::Page(_));
                Some(Document::Prose(kind, reader.prose(titled, body, &mut scribe).into()))
            }
        }
    });
    let reading = Reading { values: scribe.read, signs: scribe.signs, facts, links };
    if scribe.is_partial {
        // Nothing may follow from what could not be read: for all other documents it is there, and unread. Its texts
        // are checked unless it excuses some of them, in words that may be among what is broken.
        let Key { en, ja, .. } = fields::excused::EXCEPTIONS.key;
        let excuses = [en, ja, "kohyo"].iter().any(|word| text.contains(word));
        let reading = if excuses { Reading::default() } else { reading };
        scribe.findings.retain(|finding| !excuses || finding.rule != Rule::LostText);
        return Checked::new(Parsed { text, document: None, reading }, scribe.findings);
    }
    Checked::new(Parsed { text, document, reading }, scribe.findings)
}

/// The fields of a kind of document.
fn map(kind: &Kind) -> &'static fields::Map {
    match kind {
        Kind::Goal(_) => &fields::goal::MAP,
        Kind::Outcome(_) => &fields::result::MAP,
        Kind::Progress(..) => &fields::progress::MAP,
        Kind::Pillar(_) => &fields::pillar::MAP,
        Kind::Department(_) => &fields::department::MAP,
        Kind::Page(_) => &fields::page::MAP,
        _ => &fields::foreword::MAP,
    }
}

/// Without links to other sites: once their texts are checked with the file, nothing asks for them, and on a large site
/// they would be megabytes.
fn links_inside(links: Arc<[markdown::Link]>) -> Arc<[markdown::Link]> {
    let leads_away = |link: &markdown::Link| {
        let scheme = ["https://", "http://"].into_iter().any(|scheme| link.target.starts_with(scheme));
        // With a backslash it is something else to a browser, and a finding.
        link.kind == markdown::LinkKind::Link && scheme && !link.target.contains('\\')
    };
    match links.iter().any(leads_away) {
        true => links.iter().filter(|link| !leads_away(link)).cloned().collect(),
        false => links,
    }
}

/// A body, and what checks of its file need to know about it. The text is not kept.
fn body(file: FileId, text: &str, offset: usize) -> (Body, markdown::Facts) {
    let body = &text[offset..];
    let is_empty = body.trim().is_empty();
    let mut facts = if is_empty { markdown::Facts::default() } else { markdown::facts(body, offset) };
    let links: Arc<[markdown::Link]> = std::mem::take(&mut facts.links).into();
    let (hash, mentions) = (hash(text.as_bytes()), std::mem::take(&mut facts.mentions).into());
    (Body { file, offset: offset as u32, is_empty, hash, links, mentions, exceptions: Box::default() }, facts)
}

/// Hash of a document's bytes, to notice that it changed while the site was being built.
pub fn hash(bytes: &[u8]) -> u64 {
    xxhash_rust::xxh3::xxh3_64(bytes)
}
