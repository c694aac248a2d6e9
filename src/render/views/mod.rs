//! The model as templates see it: `Site` and `Page` to the structs of [`crate::view`].

mod body;
mod columns;
mod frame;
mod goal;
mod home;
mod lists;
mod years;

use super::{Common, Failure};
use crate::plan::{self, Page, href};
use crate::prepared::Prepared;
use crate::prepared::global::YearWords;
use crate::site::{DepartmentId, PillarId, Site};
use crate::text::address;
use crate::text::words::Words;
use crate::value::calendar::{Date, FiscalYear};
use crate::value::edition::Edition;
use crate::view;
use crate::view::reflect::Struct;
use anyhow::Result;
pub(crate) use body::size_text;
use frame::base_path;
pub(crate) use frame::updated;

/// A page as its template sees it.
pub(crate) fn page(
    prepared: &Prepared,
    page: Page,
    edition: Edition,
    common: Option<&Common>,
) -> Result<view::Page, Failure> {
    let views = Views::new(prepared, page, edition, common);
    let own: Option<Box<dyn Struct>> = match page {
        Page::Home => Some(Box::new(views.home()?)),
        Page::Year(year) => Some(Box::new(views.year(year)?)),
        Page::Results(year) => Some(Box::new(views.results(year))),
        Page::DepartmentYear(year, department) => Some(Box::new(views.department_year(year, department)?)),
        Page::PillarYear(year, pillar) => Some(Box::new(views.pillar_year(year, pillar))),
        Page::Goal(id) => Some(Box::new(views.goal_page(id)?)),
        Page::Departments => Some(Box::new(views.departments())),
        Page::Department(id) => Some(Box::new(views.department(id)?)),
        Page::Pillars => {
            let pillars = views.site.pillars.iter().enumerate().map(|(i, _)| views.pillar(PillarId(i as u32), None, 0));
            let tree = views.site.pillars.iter().any(|pillar| pillar.under.is_some());
            Some(Box::new(view::Pillars { pillars: pillars.collect(), tree }))
        }
        Page::Pillar(id) => Some(Box::new(views.pillar_page(id)?)),
        Page::Text(id) => Some(Box::new(view::Text { html: views.html(&views.site.text(id).prose.body, 2, "")? })),
        Page::Sitemap => Some(Box::new(views.sitemap())),
        Page::NotFound => None,
    };
    let kind = kind(page);
    let frame = views.frame(kind);
    Ok(view::Page { kind, own, frame })
}

/// The kind of a page, as [`view::KINDS`] has it.
fn kind(page: Page) -> &'static str {
    match page {
        Page::Home => "home",
        Page::Year(_) => "year",
        Page::Results(_) => "results",
        Page::DepartmentYear(..) => "department-year",
        Page::PillarYear(..) => "pillar-year",
        Page::Goal(_) => "goal",
        Page::Departments => "departments",
        Page::Department(_) => "department",
        Page::Pillars => "pillars",
        Page::Pillar(_) => "pillar",
        Page::Text(_) => "text",
        Page::Sitemap => "sitemap",
        Page::NotFound => "404",
    }
}

pub(crate) struct Views<'p> {
    prepared: &'p Prepared,
    pub(crate) site: &'p Site,
    pub(crate) words: &'p Words,
    page: Page,
    edition: Edition,
    stem: String,
    root: String,
    /// What it has in common with the other edition, where both are made together.
    common: Option<&'p Common>,
}

impl<'p> Views<'p> {
    pub(crate) fn new(prepared: &'p Prepared, page: Page, edition: Edition, common: Option<&'p Common>) -> Self {
        let site = &prepared.site;
        let stem = plan::stem(site, page);
        // A server shows 404.html at any address, so its links start from the top of the host.
        let root = match page {
            Page::NotFound => base_path(site.config.base_url.as_deref()),
            _ => address::root(&stem).to_owned(),
        };
        Self { prepared, site, words: &prepared.theme.words, page, edition, stem, root, common }
    }

    // ---- Links ----------------------------------------------------------------------------------------------------

    fn href(&self, page: Page) -> String {
        self.href_in(self.edition, page)
    }

    fn href_in(&self, edition: Edition, page: Page) -> String {
        href(self.site, &self.root, edition, page)
    }

    fn link(&self, title: impl Into<String>, page: Page) -> view::Link {
        view::Link { title: title.into(), href: self.href(page), current: page == self.page }
    }

    fn department_link(&self, id: DepartmentId) -> view::Link {
        self.link(&*self.site.department(id).matter.name, Page::Department(id))
    }

    pub(crate) fn year_label(&self, year: FiscalYear, full: bool) -> &'p str {
        self.year_words(year).map_or("", |words| if full { &words.long } else { &words.short })
    }

    /// A year's full name inside a sentence.
    fn year_within(&self, year: FiscalYear) -> &'p str {
        self.year_words(year).map_or("", |words| &words.within)
    }

    fn year_words(&self, year: FiscalYear) -> Option<&'p YearWords> {
        self.prepared.globals.years.iter().find(|words| words.year == year)
    }

    pub(crate) fn date(&self, date: Date) -> String {
        self.site.config.calendar.date(date)
    }
}
