//! A site that is read, joined and planned: everything that its pages and booklets are made of.

pub mod global;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::policy::{Asked, Exception};
use crate::plan::{self, Plan, Route, booklets};
use crate::site::Site;
use crate::site::published_figures::Published;
use crate::source::Sources;
use crate::text::language::Language;
use crate::theme::Theme;
use crate::value::calendar::Date;
use global::Global;
use std::sync::Arc;

/// What the user chose.
#[derive(Clone, Debug)]
pub struct Options {
    /// The day for which the site is built: what is published later is in no output.
    pub as_of: Date,
    /// The day of the run: nothing can have been changed after it.
    pub today: Date,
    /// Drafts and what is published later are shown, and marked.
    pub drafts: bool,
    /// Replaces `base_url` of `site.yaml`.
    pub base_url: Option<String>,
    /// How bad findings are, for this run.
    pub asked: Asked,
    /// What was published last: figures that changed since then need a correction.
    pub published: Option<Arc<Published>>,
}

/// A site, joined and planned: everything that `render` needs.
#[derive(Debug)]
pub struct Prepared {
    /// The files.
    pub sources: Arc<Sources>,
    /// The record, as it may be seen.
    pub site: Site,
    /// Its pages.
    pub plan: Plan,
    /// Its look.
    pub theme: Arc<Theme>,
    /// What the user chose.
    pub options: Options,
    /// What all pages show.
    pub globals: Global,
    /// What was found on the way here.
    pub early: Early,
}

/// What was found while a site was read and joined; what its pages and the whole record say is examined later.
#[derive(Debug)]
pub struct Early {
    /// In single files.
    pub files: Vec<Arc<[Diagnostic]>>,
    /// While joining them.
    pub joined: Vec<Diagnostic>,
    /// What is excused, on the whole site and in single documents.
    pub exceptions: Vec<Exception>,
}

impl Prepared {
    /// Every file of the site.
    pub fn routes(&self) -> Vec<Route> {
        let assets = (0..self.theme.assets.len()).map(|index| Route::Asset(index as u32));
        self.plan.routes(&self.site).chain(assets).collect()
    }

    /// The path of a route under `public/`.
    pub fn path(&self, route: Route) -> String {
        match route {
            Route::Page(page, edition) => plan::address(&self.site, page, edition),
            Route::Booklet(booklet) => booklets::path(&self.site, &booklet),
            Route::SitemapXml => "sitemap.xml".into(),
            Route::Robots => "robots.txt".into(),
            Route::Asset(index) => self.theme.assets[index as usize].path.clone(),
            Route::Attachment(index) => self.site.attachments[index as usize].path.to_string(),
        }
    }

    /// The language of the site.
    pub fn language(&self) -> Language {
        self.site.config.language
    }
}
