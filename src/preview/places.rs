//! Which documents stand behind a page, and which page a document is for.

use crate::document::{self, Kind};
use crate::plan::{self, Page, Route, Target, booklets};
use crate::prepared::Prepared;
use crate::text::address;
use crate::text::place::FileId;
use crate::value::edition::Edition;
use std::collections::BTreeSet;

/// What an address under the site's top means.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// A file of the site.
    Route(Route),
    /// It is there, under another name: `/2026` is `/2026/`.
    Elsewhere(String),
    /// A document is there, but no page could be made of it.
    Faulty(FileId),
    /// Nothing.
    Missing,
}

/// Finds what is at a decoded address without its first `/`.
pub fn find(prepared: &Prepared, address: &str) -> Found {
    let page = plan::lookup(&prepared.site, address).and_then(|(target, edition)| match target {
        Target::Page(page, _) => Some((page, edition)),
        _ => None,
    });
    if let Some((page, edition)) = page {
        let edition = if page == Page::NotFound { Edition::Screen } else { edition };
        let path = plan::address(&prepared.site, page, edition);
        let short = path.strip_suffix("index.html").filter(|short| short.is_empty() || short.ends_with('/'));
        return match path == address || short == Some(address) {
            true => Found::Route(Route::Page(page, edition)),
            // Relative links only work from the page's own address.
            false => Found::Elsewhere(short.map(str::to_owned).unwrap_or(path)),
        };
    }
    if let Some(booklet) = booklets::find(&prepared.site, address) {
        return Found::Route(Route::Booklet(booklet));
    }
    let is_other = |route: &Route| !matches!(route, Route::Page(..) | Route::Booklet(_));
    let mut others = prepared.routes().into_iter().filter(is_other);
    if let Some(route) = others.find(|route| prepared.path(*route) == address) {
        return Found::Route(route);
    }
    let written = sources_of_address(address).iter().find_map(|path| prepared.sources.find(path));
    // What is not published yet is no fault: on that day there is nothing here.
    let faulty = written.filter(|file| prepared.plan.target_of(&prepared.site, *file) != Target::Hidden);
    faulty.map_or(Found::Missing, Found::Faulty)
}

/// Documents from which the page at an address would be made, by path.
fn sources_of_address(address: &str) -> Vec<String> {
    let stem = address.strip_suffix(".large.html").or(address.strip_suffix(".html")).unwrap_or(address);
    let stem = stem.trim_end_matches('/');
    let stem = stem.strip_suffix("/index").unwrap_or(stem);
    match stem.split('/').count() {
        1 if matches!(stem, "" | "index") => vec!["content/index.md".into()],
        1 => vec![format!("content/pages/{stem}.md"), format!("content/{stem}/index.md")],
        2 => vec![format!("content/{stem}.md"), format!("content/{stem}/index.md")],
        _ => vec![format!("content/{stem}.md")],
    }
}

/// The address of the page that a document is or would be part of; `None` for what has none, such as a template.
pub fn address_of(prepared: &Prepared, file: FileId) -> Option<String> {
    match prepared.plan.target_of(&prepared.site, file) {
        Target::Page(page, part) => {
            let path = address::encode(&plan::address(&prepared.site, page, Edition::Screen));
            return Some(part.map_or(path.clone(), |part| format!("{path}#{part}")));
        }
        Target::Attachment(_) => return None,
        Target::Hidden | Target::Faulty | Target::None => {}
    }
    let path = match document::kind(prepared.sources.path(file))? {
        Kind::Home => "index.html".into(),
        Kind::Page(slug) => format!("{slug}.html"),
        Kind::Pillar(key) => format!("pillars/{key}.html"),
        Kind::Department(key) => format!("departments/{key}.html"),
        Kind::Year(year) => format!("{year}/index.html"),
        Kind::DepartmentYear(year, key) => format!("{year}/{key}/index.html"),
        Kind::Goal(name) | Kind::Outcome(name) | Kind::Progress(name, _) => format!("{name}.html"),
        Kind::Attachment(_) | Kind::Leftover | Kind::Misplaced | Kind::BadName(_) => return None,
    };
    Some(address::encode(&path))
}

/// The documents that are shown on a page: its own first, then those it lists.
pub fn documents_of(prepared: &Prepared, page: Page) -> Vec<FileId> {
    let site = &prepared.site;
    let mut files: Vec<FileId> = plan::source(site, page).into_iter().collect();
    let goals: Vec<&crate::site::Goal> = match page {
        Page::Goal(id) => vec![site.goal(id)],
        Page::DepartmentYear(year, department) => {
            // With those that could not be read: this is where they are missed.
            let folder = format!("content/{year}/{}/", site.department(department).key);
            files.extend(prepared.sources.under(&folder).map(|(file, _)| file));
            Vec::new()
        }
        Page::PillarYear(year, pillar) => site.pillar_goals(year, pillar).iter().map(|id| site.goal(*id)).collect(),
        Page::Results(year) => site.years.get(&year).map_or(Vec::new(), |record| {
            let goals = &site.goals[record.goals.clone()];
            goals.iter().filter(|goal| goal.outcome.is_some()).collect()
        }),
        Page::Home => {
            files.extend(prepared.sources.find("site.yaml"));
            Vec::new()
        }
        Page::Departments => {
            files.extend(prepared.sources.under("content/departments/").map(|(file, _)| file));
            Vec::new()
        }
        Page::Pillars => {
            files.extend(prepared.sources.under("content/pillars/").map(|(file, _)| file));
            Vec::new()
        }
        _ => Vec::new(),
    };
    for goal in goals {
        files.push(goal.body.file);
        files.extend(goal.outcome.iter().map(|outcome| outcome.body.file));
        files.extend(goal.progress.iter().map(|(_, report)| report.body.file));
        // A result that could not be read is not joined, but it stands beside its goal.
        let stem = prepared.sources.path(goal.body.file).trim_end_matches("md").to_owned();
        files.extend(prepared.sources.under(&stem).map(|(file, _)| file));
    }
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(*file));
    files
}
