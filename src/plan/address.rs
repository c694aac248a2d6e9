//! Where each page is, and which page is at an address.

use super::{Page, Target};
use crate::site::{Site, TextId};
use crate::text::address;
use crate::text::place::FileId;
use crate::value::calendar::FiscalYear;
use crate::value::edition::Edition;

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

/// The address of a page, seen from a page whose way to the top is `root`.
pub fn href(site: &Site, root: &str, edition: Edition, page: Page) -> String {
    let mut href = String::with_capacity(64);
    href.push_str(root);
    push_stem(site, page, &mut href);
    if !address::is_plain(&href[root.len()..]) {
        let encoded = address::encode(&href[root.len()..]);
        href.truncate(root.len());
        href.push_str(&encoded);
    }
    href.push_str(edition.suffix());
    href
}
