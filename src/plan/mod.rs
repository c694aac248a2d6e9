//! Which pages there are, where each one is, and what a link means. Addresses and collisions are decided here only.

mod address;
mod attachments;
pub mod booklets;

use crate::document::{self, Kind};
use crate::site::{DepartmentId, GoalId, PillarId, Site, TextId};
use crate::source::Sources;
use crate::text::address::{decode_name, join};
use crate::text::place::FileId;
use crate::value::calendar::FiscalYear;
use crate::value::edition::Edition;
pub use address::href;
pub use address::{address, lookup, push_stem, source, stem};
pub use attachments::drop_unpublished_attachments;
use booklets::Booklet;
use std::borrow::Cow;
use std::sync::OnceLock;

/// A page of the site, in whatever edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Page {
    /// `index.html`
    Home,
    /// `2026/index.html`: the year and its goals.
    Year(FiscalYear),
    /// `2026/results.html`
    Results(FiscalYear),
    /// `2026/planning-finance/index.html`
    DepartmentYear(FiscalYear, DepartmentId),
    /// `2026/pillars/trust.html`
    PillarYear(FiscalYear, PillarId),
    /// `2026/planning-finance/1-01.html`
    Goal(GoalId),
    /// `departments/index.html`
    Departments,
    /// `departments/planning-finance.html`: across the years.
    Department(DepartmentId),
    /// `pillars/index.html`
    Pillars,
    /// `pillars/trust.html`: across the years.
    Pillar(PillarId),
    /// `policy.html`
    Text(TextId),
    /// `sitemap.html`
    Sitemap,
    /// `404.html`
    NotFound,
}

/// One file of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Route {
    /// A page in an edition.
    Page(Page, Edition),
    /// A booklet.
    Booklet(Booklet),
    /// `sitemap.xml`
    SitemapXml,
    /// `robots.txt`
    Robots,
    /// A file of the theme, by its index there.
    Asset(u32),
    /// A file of `content/` that is copied, by its index in [`Site::attachments`].
    Attachment(u32),
}

impl Route {
    /// The page, where it is one.
    pub fn page(self) -> Option<Page> {
        match self {
            Self::Page(page, _) => Some(page),
            _ => None,
        }
    }
}

/// What a link inside the site means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A page, or a part of it that the program itself names.
    Page(Page, Option<&'static str>),
    /// An attachment.
    Attachment(u32),
    /// A document or an attachment that is not published yet.
    Hidden,
    /// A document with a mistake of its own, reported where it is.
    Faulty,
    /// Nothing.
    None,
}

/// Every page, and what each document became.
#[derive(Debug, Default)]
pub struct Plan {
    /// Pages in order of address.
    pub pages: Vec<Page>,
    /// In order of file; put together when the first link to a document is followed.
    targets: OnceLock<Box<[(FileId, Target)]>>,
}

/// Fragment of a goal's page at which its result starts.
pub const RESULT_ANCHOR: &str = "result";

/// Plans every page of a published site.
pub fn plan(site: &Site) -> Plan {
    let mut pages = vec![Page::Home, Page::Departments, Page::Pillars, Page::Sitemap, Page::NotFound];
    pages.extend((0..site.departments.len()).map(|index| Page::Department(DepartmentId(index as u32))));
    pages.extend((0..site.pillars.len()).map(|index| Page::Pillar(PillarId(index as u32))));
    pages.extend((0..site.texts.len()).map(|index| Page::Text(TextId(index as u32))));
    for (year, record) in &site.years {
        pages.push(Page::Year(*year));
        if record.results > 0 {
            pages.push(Page::Results(*year));
        }
        pages.extend(record.departments.iter().map(|(department, _)| Page::DepartmentYear(*year, *department)));
        pages.extend(record.pillars.iter().map(|(pillar, _)| Page::PillarYear(*year, *pillar)));
        pages.extend(record.goals.clone().map(|index| Page::Goal(GoalId(index as u32))));
    }
    // Departments whose only trace in a year is the head's statement still get their page.
    for (year, department) in site.statements.keys() {
        if site.years.contains_key(year) && site.department_goals(*year, *department).is_empty() {
            pages.push(Page::DepartmentYear(*year, *department));
        }
    }
    Plan { pages, targets: OnceLock::new() }
}

/// What each file of the project became.
fn targets(site: &Site) -> Box<[(FileId, Target)]> {
    let attachments = site.attachments.len() + site.withheld.len();
    let mut targets = Vec::with_capacity(site.goals.len() * 2 + attachments + 100);
    let mut set = |file: FileId, target: Target| targets.push((file, target));
    for file in &site.unjoined {
        set(*file, Target::Faulty);
    }
    for file in site.hidden.keys().chain(site.withheld.iter().map(|attachment| &attachment.file)) {
        set(*file, Target::Hidden);
    }
    for (index, goal) in site.goals.iter().enumerate() {
        let page = Page::Goal(GoalId(index as u32));
        set(goal.body.file, Target::Page(page, None));
        if let Some(outcome) = &goal.outcome {
            set(outcome.body.file, Target::Page(page, Some(RESULT_ANCHOR)));
        }
        for (_, report) in &goal.progress {
            set(report.body.file, Target::Page(page, Some("progress")));
        }
    }
    for (index, department) in site.departments.iter().enumerate() {
        set(department.matter.body.file, Target::Page(Page::Department(DepartmentId(index as u32)), None));
    }
    for (index, pillar) in site.pillars.iter().enumerate() {
        set(pillar.matter.body.file, Target::Page(Page::Pillar(PillarId(index as u32)), None));
    }
    for (index, text) in site.texts.iter().enumerate() {
        set(text.prose.body.file, Target::Page(Page::Text(TextId(index as u32)), None));
    }
    for (year, prose) in site.forewords.iter().filter(|(year, _)| site.years.contains_key(year)) {
        set(prose.body.file, Target::Page(Page::Year(*year), None));
    }
    for ((year, department), prose) in site.statements.iter().filter(|((year, _), _)| site.years.contains_key(year)) {
        set(prose.body.file, Target::Page(Page::DepartmentYear(*year, *department), None));
    }
    if let Some(home) = &site.home {
        set(home.body.file, Target::Page(Page::Home, None));
    }
    for (index, attachment) in site.attachments.iter().enumerate() {
        set(attachment.file, Target::Attachment(index as u32));
    }
    // What was said last counts; most come nearly in order already.
    targets.reverse();
    targets.sort_by_key(|(file, _)| *file);
    targets.dedup_by_key(|(file, _)| *file);
    targets.into_boxed_slice()
}

impl Plan {
    /// What a document became.
    pub fn target_of(&self, site: &Site, file: FileId) -> Target {
        let targets = self.targets.get_or_init(|| targets(site));
        let found = targets.binary_search_by_key(&file, |(file, _)| *file);
        found.map_or(Target::None, |index| targets[index].1)
    }

    /// Every file of the site that is made from content: pages in both editions, then the rest.
    pub fn routes<'p>(&'p self, site: &'p Site) -> impl Iterator<Item = Route> + 'p {
        let pages = self.pages.iter().flat_map(|page| {
            let editions: &[Edition] = match page {
                // A server shows it for any address, so it has one form.
                Page::NotFound => &[Edition::Screen],
                _ => &[Edition::Screen, Edition::Large],
            };
            editions.iter().map(|edition| Route::Page(*page, *edition))
        });
        let attachments = (0..site.attachments.len()).map(|index| Route::Attachment(index as u32));
        // First, because they take longest and pages that link to them say how large they are.
        let booklets = self.pages.iter().flat_map(|page| booklets::of_page(site, *page)).map(Route::Booklet);
        booklets.chain(pages).chain([Route::SitemapXml, Route::Robots]).chain(attachments)
    }

    /// What a link in the document `from` means: `../2015/x/1-01.md`, `plan.png`, `/2026/planning-finance/`.
    /// `path` comes without its fragment.
    pub fn resolve(&self, site: &Site, sources: &Sources, from: FileId, path: &str) -> Target {
        let path = decode_name(path);
        if let Some(absolute) = path.strip_prefix('/') {
            return lookup(site, absolute).map_or(Target::None, |(target, _)| target);
        }
        let Some(joined) = join(sources.path(from), &path) else { return Target::None };
        match sources.find(&joined) {
            Some(file) => self.target_of(site, file),
            None => Target::None,
        }
    }

    /// The name of a heading on the page, for a link that names it as its own document does: a result and a report
    /// stand on the goal's page, where their headings have a word before their names. `path` is as in [`Self::resolve`].
    pub fn heading_on_page<'f>(sources: &Sources, from: FileId, path: &str, heading: &'f str) -> Cow<'f, str> {
        // A document's own names are those of its file; an address names what the page has.
        let file = join(sources.path(from), &decode_name(path)).filter(|_| !path.starts_with('/'));
        let before = match file.and_then(|file| document::kind(&file)) {
            Some(Kind::Outcome(_)) => format!("{RESULT_ANCHOR}-"),
            Some(Kind::Progress(_, date)) => format!("progress-{date}-"),
            _ => return Cow::Borrowed(heading),
        };
        // No heading's own name begins so.
        match heading.is_empty() || heading == RESULT_ANCHOR || heading.starts_with(&before) {
            true => Cow::Borrowed(heading),
            false => Cow::Owned(before + heading),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::address::{decode, encode};

    #[test]
    fn paths_are_joined_inside_the_site() {
        assert_eq!(join("content/2016/a/1-01.md", "../../2015/b/1-02.md").as_deref(), Some("content/2015/b/1-02.md"));
        assert_eq!(join("content/index.md", "./plan.png").as_deref(), Some("content/plan.png"));
        assert_eq!(join("content/index.md", "../../../etc/passwd"), None);
    }

    #[test]
    fn addresses_are_encoded_and_decoded() {
        assert_eq!(encode("2026/総務/1-01.html"), "2026/%E7%B7%8F%E5%8B%99/1-01.html");
        assert_eq!(decode(&encode("a b/総務?#")).as_deref(), Some("a b/総務?#"));
        assert_eq!(decode("%zz"), None);
        assert_eq!(decode("%ff"), None);
        for (written, name) in [
            ("100%達成.pdf", "100%達成.pdf"),
            ("100%%20a.pdf", "100% a.pdf"),
            ("a%20b%.pdf", "a b%.pdf"),
            ("%ff", "%ff"),
        ] {
            assert_eq!(decode_name(written), name);
        }
    }
}
