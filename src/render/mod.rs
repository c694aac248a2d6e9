//! Pages and lists of pages to bytes.

mod keys;
#[cfg(feature = "minify")]
mod minify;
pub(crate) mod views;

use crate::diagnostic::Diagnostic;
use crate::document::Body;
use crate::plan::{self, Page};
use crate::prepared::Prepared;
use crate::site::GoalId;
use crate::source::Unreadable;
use crate::text::address;
use crate::text::html::escape_into;
use crate::text::place::FileId;
use crate::value::edition::Edition;
use crate::view::{self, Shared};
use anyhow::{Context as _, Result};
pub use keys::Keys;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

/// Why a page could not be made.
#[derive(Debug)]
pub enum Failure {
    /// The theme is at fault.
    Finding(Box<Diagnostic>),
    /// The machine is at fault, or a file changed while the site was being built.
    Trouble(anyhow::Error),
}

impl From<Box<Diagnostic>> for Failure {
    fn from(finding: Box<Diagnostic>) -> Self {
        Self::Finding(finding)
    }
}

impl From<Unreadable> for Failure {
    fn from(error: Unreadable) -> Self {
        Self::Trouble(error.into())
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Trouble(error)
    }
}

/// Makes a page; `pdfs` are the links to its booklets.
///
/// # Errors
/// See [`Failure`].
pub fn page(
    prepared: &Prepared,
    page: Page,
    edition: Edition,
    pdfs: Vec<view::Pdf>,
    common: Option<&Common>,
) -> Result<Vec<u8>, Failure> {
    let mut view = views::page(prepared, page, edition, common)?;
    view.frame.pdfs = pdfs;
    let mut bytes = Vec::with_capacity(16 * 1024);
    prepared.theme.render(edition, &view, &mut bytes)?;
    // Without the feature the setting is an error, and nothing is published.
    #[cfg(feature = "minify")]
    if prepared.site.config.minify {
        bytes = minify::minified(bytes);
    }
    Ok(bytes)
}

/// Pages that search engines should know, screen edition only. Without `base_url` there are no full addresses to list.
pub(crate) fn sitemap_xml(prepared: &Prepared) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    if let Some(base) = &prepared.site.config.base_url {
        for page in prepared.plan.pages.iter().filter(|page| **page != Page::NotFound) {
            xml.push_str("<url><loc>");
            escape_into(&canonical(prepared, base, *page), &mut xml);
            xml.push_str("</loc>");
            if let Some(date) = views::updated(&prepared.site, *page) {
                xml.push_str(&format!("<lastmod>{date}</lastmod>"));
            }
            xml.push_str("</url>\n");
        }
    }
    xml.push_str("</urlset>\n");
    xml
}

pub(crate) fn robots(prepared: &Prepared) -> String {
    match &prepared.site.config.base_url {
        Some(base) => format!("User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n"),
        None => "User-agent: *\nAllow: /\n".into(),
    }
}

/// Full address of a page; folders without their `index.html`.
pub(crate) fn canonical(prepared: &Prepared, base: &str, page: Page) -> String {
    let address = plan::address(&prepared.site, page, Edition::Screen);
    let short = match address.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => &address,
    };
    format!("{base}{}", address::encode(short))
}

/// What the editions of a page have in common, made for the first and taken by the others.
#[derive(Default)]
pub struct Common {
    /// Bodies in the form of the other edition, made when they were parsed for the first.
    bodies: RefCell<Vec<(BodyForm, String)>>,
    /// Rows of goals.
    actions: RefCell<HashMap<GoalId, Actions>>,
    /// Breadcrumbs for search engines.
    json_ld: OnceCell<Shared<String>>,
}

/// Which body, the level of its headings, and what its ids begin with.
type BodyForm = (FileId, u8, String);

/// The rows of a goal: no links, so they are the same everywhere.
type Actions = Shared<Vec<view::Action>>;

impl Common {
    fn take_body(&self, form: &BodyForm) -> Option<String> {
        let mut bodies = self.bodies.borrow_mut();
        let found = bodies.iter().position(|(other, _)| other == form)?;
        Some(bodies.swap_remove(found).1)
    }

    fn put_body(&self, form: BodyForm, html: String) {
        self.bodies.borrow_mut().push((form, html));
    }

    fn json_ld(&self, make: impl FnOnce() -> Shared<String>) -> Shared<String> {
        self.json_ld.get_or_init(make).clone()
    }

    fn actions(&self, goal: GoalId, make: impl FnOnce() -> Actions) -> Actions {
        self.actions.borrow_mut().entry(goal).or_insert_with(make).clone()
    }
}

/// The trouble that a file is not what was checked any more.
pub fn changed(path: &str) -> anyhow::Error {
    anyhow::anyhow!(
        "{path}: changed while the site was being built; build again (作成中に変更されました。もう一度実行してください)"
    )
}

/// Reads a document's body again and makes something of it: documents are not kept in memory.
///
/// # Errors
/// When it cannot be read, or is not what was checked.
pub(crate) fn with_body<R>(prepared: &Prepared, body: &Body, make: impl FnOnce(&str) -> R) -> Result<R> {
    let path = prepared.sources.path(body.file);
    let bytes = prepared.sources.bytes(body.file)?;
    if crate::document::hash(&bytes) != body.hash {
        return Err(changed(path));
    }
    let text = bytes.get(body.offset as usize..).unwrap_or_default();
    // Many bytes at a time: Japanese text takes the standard library far longer.
    Ok(make(simdutf8::basic::from_utf8(text).with_context(|| path.to_owned())?))
}
