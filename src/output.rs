//! A prepared site with what can be made of it: any route to bytes, the same for `build`, `serve` and tests.
//!
//! The site itself is a value. What takes long and is made once stands here beside it: finished booklets, and what is
//! known of them. A page never waits for a booklet: its links say of one what is known when the page is made.

use crate::diagnostic::Diagnostic;
use crate::document::findings::broke_the_program;
use crate::plan;
use crate::plan::booklets::{self, Booklet, Subject};
use crate::plan::{Page, Route};
use crate::prepared::Prepared;
use crate::print::{self, Pdf, Shelf};
use crate::render::{self, Common, Failure};
use crate::text::address::encode;
use crate::text::guard::guarded;
use crate::text::place::{FileId, Place};
use crate::text::words::fill;
use crate::value::booklet::Facts;
use crate::view;
use std::collections::{BTreeMap, HashSet};
use std::mem::discriminant;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

/// A prepared site with what can be made of it. Whoever reads the site reads it through this.
#[derive(Debug)]
pub struct Output {
    prepared: Prepared,
    shelf: Arc<Shelf>,
    known: Known,
}

/// What a route gives.
pub enum Content {
    /// The bytes.
    Bytes(Vec<u8>),
    /// A file that is copied as it is.
    File(FileId),
}

/// What is known of a site's booklets without making them again: made by this build, or kept from the last one. `None`
/// where one cannot be set.
#[derive(Debug, Default)]
struct Known(Mutex<BTreeMap<Booklet, Option<Facts>>>);

impl Known {
    fn get(&self, booklet: &Booklet) -> Option<Option<Facts>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(booklet).copied()
    }

    fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn tell(&self, booklet: Booklet, facts: Option<Facts>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(booklet, facts);
    }
}

impl Deref for Output {
    type Target = Prepared;

    fn deref(&self) -> &Prepared {
        &self.prepared
    }
}

impl Output {
    /// A site whose booklets stand on `shelf`; sites of one theme can share one.
    pub fn new(prepared: Prepared, shelf: Arc<Shelf>) -> Self {
        Self { prepared, shelf, known: Known::default() }
    }

    /// Makes one file of the site.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn render(&self, route: Route) -> Result<Content, Failure> {
        self.render_with(route, None)
    }

    /// Makes several files, best the two editions of one page: what they have in common is then made once.
    pub fn render_together(&self, routes: &[Route]) -> Vec<Result<Content, Failure>> {
        let common = Common::default();
        let common = (routes.len() > 1).then_some(&common);
        routes.iter().map(|route| self.render_with(*route, common)).collect()
    }

    fn render_with(&self, route: Route, common: Option<&Common>) -> Result<Content, Failure> {
        Ok(Content::Bytes(match route {
            Route::Page(page, edition) => guarded(|| render::page(self, page, edition, self.links(page), common))
                .unwrap_or_else(|said| {
                    let file = plan::source(&self.site, page).or_else(|| self.sources.find("site.yaml"));
                    let place = Place::start(file.unwrap_or(FileId::NONE));
                    Err(Failure::Finding(Box::new(broke_the_program(place, &said))))
                })?,
            Route::Booklet(booklet) => self.booklet(&booklet)?.bytes.clone(),
            Route::SitemapXml => render::sitemap_xml(self).into_bytes(),
            Route::Robots => render::robots(self).into_bytes(),
            Route::Asset(index) => self.theme.assets[index as usize].bytes.to_vec(),
            Route::Attachment(index) => return Ok(Content::File(self.site.attachments[index as usize].file)),
        }))
    }

    /// Renders one page of each kind in each edition: the theme's templates can only be judged by using them.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn try_templates(&self) -> anyhow::Result<Vec<Diagnostic>> {
        let mut seen = HashSet::new();
        let mut findings = Vec::new();
        for route in self.routes() {
            let Route::Page(page, edition) = route else { continue };
            if seen.insert((discriminant(&page), edition)) {
                match self.render(route) {
                    Err(Failure::Finding(finding)) => findings.push(*finding),
                    Err(Failure::Trouble(error)) => return Err(error),
                    Ok(_) => {}
                }
            }
        }
        Ok(findings)
    }

    // ---- Booklets -------------------------------------------------------------------------------------------------

    /// What stands in the way of the booklets that `build` makes, as far as it is seen without setting one: letters that
    /// no font has, fonts that are none.
    pub fn check_booklets(&self) -> Vec<Diagnostic> {
        print::check(self, &self.shelf)
    }

    /// The same for booklets about certain subjects.
    pub fn check_subjects(&self, subjects: &[Subject]) -> Vec<Diagnostic> {
        print::check_subjects(self, &self.shelf, subjects)
    }

    /// A booklet as PDF, set now if it is not there yet.
    ///
    /// # Errors
    /// A finding where the theme or an image is at fault, trouble where a document cannot be read.
    pub fn booklet(&self, booklet: &Booklet) -> Result<Arc<Pdf>, Failure> {
        let made = self.shelf.pdf(self, booklet);
        match &made {
            Ok(pdf) => self.remember(*booklet, pdf.facts()),
            Err(Failure::Finding(_)) => self.give_up(*booklet),
            Err(Failure::Trouble(_)) => {}
        }
        made
    }

    /// How many pages a booklet will have, without making the file.
    ///
    /// # Errors
    /// As for [`Output::booklet`].
    pub fn count_pages(&self, booklet: &Booklet) -> Result<usize, Failure> {
        self.shelf.pages(self, booklet)
    }

    /// What is known of a booklet.
    pub fn facts(&self, booklet: &Booklet) -> Option<Facts> {
        self.known.get(booklet).flatten()
    }

    /// Whether a booklet has been set, or cannot be.
    pub fn is_tried(&self, booklet: &Booklet) -> bool {
        self.known.get(booklet).is_some()
    }

    /// Of how many booklets something is known. It only grows, and with it what links say.
    pub fn count_known(&self) -> usize {
        self.known.count()
    }

    /// Remembers what a booklet is like. It is the same whoever says it: the booklet depends on the site alone.
    pub fn remember(&self, booklet: Booklet, facts: Facts) {
        self.known.tell(booklet, Some(facts));
    }

    /// Remembers that a booklet cannot be set.
    pub fn give_up(&self, booklet: Booklet) {
        self.known.tell(booklet, None);
    }

    /// The booklets of a page of which nothing is known yet.
    pub fn unknown_booklets(&self, page: Page) -> Vec<Booklet> {
        let mut found = booklets::of_page(&self.site, page);
        found.retain(|booklet| !self.is_tried(booklet));
        found
    }

    /// Links to a page's booklets, with what a reader wants to know before following them, as far as it is known.
    fn links(&self, of: Page) -> Vec<view::Pdf> {
        let words = &self.theme.words;
        let link = |booklet: &Booklet| {
            let path = booklets::path(&self.site, booklet);
            let file = path.rsplit('/').next().unwrap_or(&path);
            let points = booklet.size.points().to_string();
            let large = booklet.size.is_large();
            let title = match self.facts(booklet) {
                Some(Facts { pages, bytes }) => {
                    let (count, size) = (pages.to_string(), render::views::size_text(words, bytes));
                    let word = words.get(if large { "pdf_large" } else { "pdf" });
                    fill(word, Some(pages), &[("a", &count), ("b", &size), ("c", &points)])
                }
                None => {
                    let word = words.get(if large { "pdf_large_unset" } else { "pdf_unset" });
                    fill(word, None, &[("c", &points)])
                }
            };
            view::Pdf { title, href: encode(file), large }
        };
        booklets::of_page(&self.site, of).iter().map(link).collect()
    }
}
