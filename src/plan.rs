//! Which pages there are, where each one is, and what a link means. Addresses and collisions are decided here only.

use crate::document;
use crate::print::Booklet;
use crate::site::{DepartmentId, GoalId, PillarId, Site, TextId};
use crate::source::Sources;
use crate::text::address::{decode, join};
use crate::text::place::FileId;
use crate::value::calendar::FiscalYear;
use crate::value::edition::Edition;
use std::collections::HashSet;
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization;

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

/// Drops attachments that only unpublished documents show, and those in the folder of goals that no document shows: a
/// plan that lies beside a goal must not come out before it. What is no such folder is told by its name, so that one
/// called `R8` or `drafts` is taken for the goals' own.
pub fn drop_unpublished_attachments(site: &mut Site, sources: &Sources) {
    if site.attachments.is_empty() {
        return;
    }
    // macOS writes names in parts; links have them as people type them.
    let name = |path: &str| path.rsplit('/').next().map(|name| name.nfc().collect::<String>());
    let names: HashSet<String> =
        site.attachments.iter().filter_map(|attachment| name(sources.path(attachment.file))).collect();
    let hidden: HashSet<FileId> = shown_files(site.hidden.values(), &names, sources);
    let visible: HashSet<FileId> = shown_files(crate::check::bodies(site).into_iter(), &names, sources);
    let shown = |file: FileId| visible.contains(&file) || hidden.contains(&file);
    site.unlinked = site.attachments.iter().map(|attachment| attachment.file).filter(|file| !shown(*file)).collect();
    let (published, withheld) = std::mem::take(&mut site.attachments).into_iter().partition(|attachment| {
        let file = attachment.file;
        visible.contains(&file) || (is_public_place(sources.path(file)) && !hidden.contains(&file))
    });
    (site.attachments, site.withheld) = (published, withheld);
}

/// Whether a file lies where files are published without a link: for machines at the top, beside free pages and the
/// ledgers, none of which belongs to a year. (Nor does `assets/`, whose files are refused.)
fn is_public_place(path: &str) -> bool {
    let Some(path) = path.strip_prefix("content/") else { return false };
    let folder = path.split_once('/').map(|(folder, _)| folder);
    folder.is_none_or(|folder| matches!(folder, "pages" | "departments" | "pillars" | "assets"))
}

/// The files of these names that bodies link to or show.
fn shown_files<'b>(
    bodies: impl Iterator<Item = &'b document::Body>,
    names: &HashSet<String>,
    sources: &Sources,
) -> HashSet<FileId> {
    let mut files = HashSet::new();
    for body in bodies {
        for link in body.links.iter() {
            let (path, _) = crate::check::split_fragment(&link.target);
            let Some(path) = decode(path) else { continue };
            // Most links lead to pages, and most sites have few attachments: the name alone tells nearly always.
            let named = |name: &str| match name.is_ascii() {
                true => names.contains(name),
                false => names.contains(&name.nfc().collect::<String>()),
            };
            if !path.rsplit('/').next().is_some_and(named) {
                continue;
            }
            match path.strip_prefix('/') {
                // What lies in `pages/` is published at the top.
                Some(absolute) => files.extend(
                    [format!("content/{absolute}"), format!("content/pages/{absolute}")]
                        .iter()
                        .filter_map(|path| sources.find(path)),
                ),
                None => files.extend(join(sources.path(body.file), &path).and_then(|joined| sources.find(&joined))),
            }
        }
    }
    files
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

/// The document a page is made from, where there is one.
pub fn source(site: &Site, page: Page) -> Option<FileId> {
    match page {
        Page::Home => site.home.as_ref().map(|prose| prose.body.file),
        Page::Year(year) => site.forewords.get(&year).map(|prose| prose.body.file),
        Page::DepartmentYear(year, department) => site.statements.get(&(year, department)).map(|it| it.body.file),
        Page::Goal(id) => Some(site.goal(id).body.file),
        Page::Department(id) => Some(site.department(id).matter.body.file),
        Page::Pillar(id) => Some(site.pillar(id).matter.body.file),
        Page::Text(id) => Some(site.text(id).prose.body.file),
        _ => None,
    }
}

/// The address of a page without the ending of its edition: `2026/planning-finance/1-01`.
pub fn stem(site: &Site, page: Page) -> String {
    let mut out = String::with_capacity(40);
    push_stem(site, page, &mut out);
    out
}

/// Appends the address of a page without its ending. Every link on every page passes here.
pub fn push_stem(site: &Site, page: Page, out: &mut String) {
    let in_year = match page {
        Page::Year(year) | Page::Results(year) | Page::DepartmentYear(year, _) | Page::PillarYear(year, _) => {
            Some(year)
        }
        Page::Goal(id) => Some(site.goal(id).year),
        _ => None,
    };
    if let Some(year) = in_year {
        year.push_digits(out);
    }
    let mut push = |parts: &[&str]| parts.iter().for_each(|part| out.push_str(part));
    match page {
        Page::Home => push(&["index"]),
        Page::Year(_) => push(&["/index"]),
        Page::Results(_) => push(&["/results"]),
        Page::DepartmentYear(_, id) => push(&["/", &site.department(id).key, "/index"]),
        Page::PillarYear(_, id) => push(&["/pillars/", &site.pillar(id).key]),
        Page::Goal(id) => {
            let goal = site.goal(id);
            push(&["/", &site.department(goal.department).key, "/", &goal.slug]);
        }
        Page::Departments => push(&["departments/index"]),
        Page::Department(id) => push(&["departments/", &site.department(id).key]),
        Page::Pillars => push(&["pillars/index"]),
        Page::Pillar(id) => push(&["pillars/", &site.pillar(id).key]),
        Page::Text(id) => push(&[&site.text(id).slug]),
        Page::Sitemap => push(&["sitemap"]),
        Page::NotFound => push(&["404"]),
    }
}

/// The path of a page under `public/`.
pub fn address(site: &Site, page: Page, edition: Edition) -> String {
    stem(site, page) + edition.suffix()
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
        let booklets = self.pages.iter().flat_map(|page| site.config.pdf.of_page(site, *page)).map(Route::Booklet);
        booklets.chain(pages).chain([Route::SitemapXml, Route::Robots]).chain(attachments)
    }

    /// What a link in the document `from` means: `../2015/x/1-01.md`, `plan.png`, `/2026/planning-finance/`.
    /// `path` comes without its fragment.
    pub fn resolve(&self, site: &Site, sources: &Sources, from: FileId, path: &str) -> Target {
        let Some(path) = decode(path) else { return Target::None };
        if let Some(absolute) = path.strip_prefix('/') {
            return lookup(site, absolute).map_or(Target::None, |(target, _)| target);
        }
        let Some(joined) = join(sources.path(from), &path) else { return Target::None };
        match sources.find(&joined) {
            Some(file) => self.target_of(site, file),
            None => Target::None,
        }
    }
}

/// The page or attachment at an address under the site's top, with or without `.html`; used for links by site path and
/// for requests to the preview.
pub fn lookup(site: &Site, address: &str) -> Option<(Target, Edition)> {
    if let Ok(index) = site.attachments.binary_search_by(|it| (*it.path).cmp(address)) {
        return Some((Target::Attachment(index as u32), Edition::Screen));
    }
    let (stem, edition) = match address.strip_suffix(".large.html") {
        Some(stem) => (stem, Edition::Large),
        None => (address.strip_suffix(".html").unwrap_or(address), Edition::Screen),
    };
    let stem = stem.trim_end_matches('/');
    let parts: Vec<&str> = match stem {
        "" => Vec::new(),
        stem => stem.split('/').collect(),
    };
    let parts = match parts[..] {
        [ref folder @ .., "index"] => folder,
        ref all => all,
    };
    let page = match *parts {
        [] => Page::Home,
        ["departments"] => Page::Departments,
        ["pillars"] => Page::Pillars,
        ["sitemap"] => Page::Sitemap,
        ["404"] => Page::NotFound,
        ["departments", key] => Page::Department(site.find_department(key)?),
        ["pillars", key] => Page::Pillar(site.find_pillar(key)?),
        [first] => match FiscalYear::parse(first) {
            Some(year) if site.years.contains_key(&year) => Page::Year(year),
            _ => Page::Text(TextId(site.texts.iter().position(|text| *text.slug == *first)? as u32)),
        },
        [year, "results"] => {
            let year = FiscalYear::parse(year)?;
            (site.years.get(&year)?.results > 0).then_some(Page::Results(year))?
        }
        [year, "pillars", key] => {
            let (year, pillar) = (FiscalYear::parse(year)?, site.find_pillar(key)?);
            (!site.pillar_goals(year, pillar).is_empty()).then_some(Page::PillarYear(year, pillar))?
        }
        [year, department] => {
            let (year, department) = (FiscalYear::parse(year)?, site.find_department(department)?);
            let exists = !site.department_goals(year, department).is_empty()
                || (site.years.contains_key(&year) && site.statements.contains_key(&(year, department)));
            exists.then_some(Page::DepartmentYear(year, department))?
        }
        [year, department, slug] => {
            let (year, department) = (FiscalYear::parse(year)?, site.find_department(department)?);
            Page::Goal(site.find_goal(year, department, slug)?)
        }
        _ => return None,
    };
    Some((Target::Page(page, None), edition))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::address::encode;

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
    }
}
