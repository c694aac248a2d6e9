//! Which booklets there are, where each one is, and of which page.

use super::{Page, address};
use crate::plan;
use crate::site::{DepartmentId, GoalId, PillarId, Site};
use crate::value::booklet::{Kind, Paper, Part, Size};
use crate::value::calendar::FiscalYear;

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
    let stem = address::stem(site, page(booklet));
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

/// The booklet of a site at a path under `public/`.
pub fn find(site: &Site, path: &str) -> Option<Booklet> {
    let stem = path.strip_suffix(".pdf")?;
    // The size is the last part of the name; which part of it belongs to the page, only the page can tell.
    let stems = [Some(stem), stem.rsplit_once('-').map(|it| it.0), stem.rsplit_once("-large").map(|it| it.0)];
    stems.into_iter().flatten().find_map(|stem| {
        let address = stem.strip_suffix("booklet").filter(|it| it.ends_with('/')).unwrap_or(stem);
        let (plan::Target::Page(page, _), _) = address::lookup(site, address)? else { return None };
        of_page(site, page).into_iter().find(|booklet| self::path(site, booklet) == path)
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

/// The booklets of a page, smallest letters first.
pub fn of_page(site: &Site, page: Page) -> Vec<Booklet> {
    let settings = &site.config.pdf;
    let (kind, year, subject, part) = match page {
        Page::Year(year) => (Kind::Year, year, Subject::Year(year), Part::Both),
        Page::Results(year) => (Kind::Results, year, Subject::Year(year), Part::Results),
        Page::DepartmentYear(year, id) => (Kind::Department, year, Subject::Department(year, id), Part::Both),
        Page::PillarYear(year, id) => (Kind::Pillar, year, Subject::Pillar(year, id), Part::Both),
        Page::Goal(id) => (Kind::Goal, site.goal(id).year, Subject::Goal(id), Part::Both),
        _ => return Vec::new(),
    };
    if cfg!(not(feature = "pdf"))
        || !settings.kinds.contains(&kind)
        || settings.years.is_some_and(|years| !years.contains(year))
    {
        return Vec::new();
    }
    settings.sizes.iter().map(|size| Booklet { subject, part, size: *size, paper: settings.paper }).collect()
}
