//! Booklets: the record as PDF, in normal and in large type.
//!
//! A booklet is a function of the same [`Prepared`] site that pages are made from: what is not published is not in it.
//! [`data`] tells what a booklet says, as plain values; the theme's `print/*.typ` tell how it looks; [`press`] sets the
//! one with the other, without files, network or clock. Text of an author is data, never source.
//!
//! This file knows which booklets there are, how they are called, and nothing of typesetting: it is there also where
//! the program was built without the feature `pdf`.

#[cfg(feature = "pdf")]
pub mod data;
mod findings;
#[cfg(feature = "pdf")]
mod glyphs;
#[cfg(feature = "pdf")]
mod lines;
#[cfg(feature = "pdf")]
mod links;
#[cfg(feature = "pdf")]
mod pack;
#[cfg(feature = "pdf")]
mod phrase;
#[cfg(feature = "pdf")]
mod press;
#[cfg(feature = "pdf")]
mod shelf;
#[cfg(feature = "pdf")]
mod slices;
#[cfg(feature = "pdf")]
pub mod view;

use crate::diagnostic::Diagnostic;
use crate::pipeline::Prepared;
use crate::plan::{self, Page};
use crate::site::{DepartmentId, GoalId, PillarId, Site};
use crate::value::booklet::{Facts, Kind, Paper, Part, Settings, Size};
use crate::value::calendar::FiscalYear;
#[cfg(feature = "pdf")]
pub use press::{Pdf, Press};
#[cfg(feature = "pdf")]
pub use shelf::{Shelf, check_subjects, facts};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What a booklet is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A whole year.
    Year(FiscalYear),
    /// A department's year.
    Department(FiscalYear, DepartmentId),
    /// A pillar's year.
    Pillar(FiscalYear, PillarId),
    /// One goal.
    Goal(GoalId),
}

/// One booklet: what it is about, and how it is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Booklet {
    /// What it is about.
    pub subject: Subject,
    /// What it tells.
    pub part: Part,
    /// Size of the letters.
    pub size: Size,
    /// Paper.
    pub paper: Paper,
}

/// The page that says on screen what a booklet says on paper.
pub fn page(booklet: &Booklet) -> Page {
    match (booklet.subject, booklet.part) {
        (Subject::Year(year), Part::Results) => Page::Results(year),
        (Subject::Year(year), _) => Page::Year(year),
        (Subject::Department(year, id), _) => Page::DepartmentYear(year, id),
        (Subject::Pillar(year, id), _) => Page::PillarYear(year, id),
        (Subject::Goal(id), _) => Page::Goal(id),
    }
}

/// The path of a booklet under `public/`: beside its page and called like it (`1-01.html`, `1-01.pdf`), or `booklet`
/// where the page is a folder's `index.html`. 22 points add `-large`, other sizes say the size.
pub fn path(site: &Site, booklet: &Booklet) -> String {
    let stem = plan::stem(site, page(booklet));
    let stem = match stem.strip_suffix("index") {
        Some(folder) => format!("{folder}booklet"),
        None => stem,
    };
    let part = match (booklet.subject, booklet.part) {
        // The results of a year have a page of their own, and a goal is told whole or not at all.
        (Subject::Year(_), Part::Results) | (Subject::Goal(_), _) | (_, Part::Both) => "",
        (_, Part::Goals) => "-goals",
        (_, Part::Results) => "-results",
    };
    let size = match booklet.size {
        Size::NORMAL => String::new(),
        Size::LARGE => "-large".to_owned(),
        size if size.is_large() => format!("-large-{}", size.points()),
        size => format!("-{}", size.points()),
    };
    format!("{stem}{part}{size}.pdf")
}

/// What stands in the way of the booklets that `build` makes: letters that no font has, fonts that are none.
pub fn check(prepared: &Prepared) -> Vec<Diagnostic> {
    #[cfg(feature = "pdf")]
    if !prepared.site.config.pdf.kinds.is_empty() {
        return shelf::check(prepared);
    }
    let _ = prepared;
    Vec::new()
}

/// The booklet of a site at a path under `public/`.
pub fn find(site: &Site, path: &str) -> Option<Booklet> {
    let stem = path.strip_suffix(".pdf")?;
    // The size is the last part of the name; which part of it belongs to the page, only the page can tell.
    let stems = [Some(stem), stem.rsplit_once('-').map(|it| it.0), stem.rsplit_once("-large").map(|it| it.0)];
    stems.into_iter().flatten().find_map(|stem| {
        let address = stem.strip_suffix("booklet").filter(|it| it.ends_with('/')).unwrap_or(stem);
        let (plan::Target::Page(page, _), _) = plan::lookup(site, address)? else { return None };
        site.config.pdf.of_page(site, page).into_iter().find(|booklet| self::path(site, booklet) == path)
    })
}

/// The goals of a booklet, in its order.
pub fn goals(site: &Site, subject: Subject, part: Part) -> Vec<GoalId> {
    let all: Vec<GoalId> = match subject {
        Subject::Year(year) => site
            .years
            .get(&year)
            .map_or(0..0, |record| record.goals.clone())
            .map(|index| GoalId(index as u32))
            .collect(),
        Subject::Department(year, id) => department_goals(site, year, id),
        Subject::Pillar(year, id) => site.pillar_goals(year, id).to_vec(),
        Subject::Goal(id) => vec![id],
    };
    let keep = |id: &GoalId| part != Part::Results || site.goal(*id).outcome.is_some();
    all.into_iter().filter(keep).collect()
}

fn department_goals(site: &Site, year: FiscalYear, id: DepartmentId) -> Vec<GoalId> {
    let record = site.years.get(&year);
    let range = record.and_then(|record| record.departments.iter().find(|(other, _)| *other == id));
    range.map_or(0..0, |(_, range)| range.clone()).map(|index| GoalId(index as u32)).collect()
}

/// What is known of a site's booklets without making them again: made by this build, or kept from the last one.
#[derive(Debug, Default)]
pub struct Known(Mutex<BTreeMap<Booklet, Facts>>);

impl Known {
    /// What is known of a booklet.
    pub fn get(&self, booklet: &Booklet) -> Option<Facts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(booklet).copied()
    }

    /// Of how many booklets something is known.
    pub fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Remembers what a booklet is like. It is the same whoever says it: the booklet depends on the site alone.
    pub fn tell(&self, booklet: Booklet, facts: Facts) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(booklet, facts);
    }
}

impl Settings {
    /// The booklets of a page, smallest letters first.
    pub fn of_page(&self, site: &Site, page: Page) -> Vec<Booklet> {
        let (kind, year, subject, part) = match page {
            Page::Year(year) => (Kind::Year, year, Subject::Year(year), Part::Both),
            Page::Results(year) => (Kind::Results, year, Subject::Year(year), Part::Results),
            Page::DepartmentYear(year, id) => (Kind::Department, year, Subject::Department(year, id), Part::Both),
            Page::PillarYear(year, id) => (Kind::Pillar, year, Subject::Pillar(year, id), Part::Both),
            Page::Goal(id) => (Kind::Goal, site.goal(id).year, Subject::Goal(id), Part::Both),
            _ => return Vec::new(),
        };
        if cfg!(not(feature = "pdf"))
            || !self.kinds.contains(&kind)
            || self.years.is_some_and(|years| !years.contains(year))
        {
            return Vec::new();
        }
        self.sizes.iter().map(|size| Booklet { subject, part, size: *size, paper: self.paper }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::booklet::sheets;

    #[test]
    fn sizes_and_sheets() {
        assert_eq!(Size::new(22), Some(Size::LARGE));
        assert_eq!(Size::new(13), None);
        assert!(Size::new(16).is_some_and(Size::is_large) && !Size::new(14).is_some_and(Size::is_large));
        assert_eq!((sheets(0), sheets(1), sheets(92), sheets(93)), (0, 1, 46, 47));
    }
}
