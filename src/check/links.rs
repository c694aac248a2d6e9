//! What bodies link to and show: is it there, may it be linked, does it say what it is.

use super::bodies;
use crate::diagnostic::{Diagnostic, FileId, Place, catalog};
use crate::document::Body;
use crate::markdown::{self, LinkKind};
use crate::plan::{Page, Plan, RESULT_ANCHOR, Target};
use crate::site::Site;
use crate::source::Sources;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};

/// Links and images of every body.
pub fn links(site: &Site, plan: &Plan, sources: &Sources) -> Vec<Diagnostic> {
    // What is not published yet is checked too, before its day comes.
    let all: Vec<&Body> = bodies(site).into_iter().chain(site.hidden.values()).collect();
    all.par_iter().flat_map_iter(|body| body_links(body, site, plan, sources)).collect()
}

/// Files that nobody links to, and files that take long to fetch.
pub fn attachments(site: &Site, sources: &Sources) -> Vec<Diagnostic> {
    let folder = |file: FileId| sources.path(file).rsplit_once('/').map_or("", |(folder, _)| folder);
    // A document that cannot be read may link to what lies beside it.
    let faulty: HashSet<&str> = site.unjoined.iter().map(|file| folder(*file)).collect();
    let unlinked = site.unlinked.iter().filter(|file| {
        // Files at the top are for machines: a proof for a search engine, say.
        folder(**file) != "content"
            && !folder(**file).starts_with("content/assets")
            && !folder(**file).contains(".md")
            && !faulty.contains(folder(**file))
    });
    let copied: HashSet<FileId> = site.attachments.iter().map(|attachment| attachment.file).collect();
    let most = site.config.checks.options.largest_attachment();
    let large = site.attachments.iter().filter(|attachment| attachment.size > most);
    unlinked
        .map(|file| catalog::unused_attachment(Place::start(*file), copied.contains(file)))
        .chain(large.map(|it| catalog::large_attachment(Place::start(it.file), it.size, most)))
        .collect()
}

fn body_links(body: &Body, site: &Site, plan: &Plan, sources: &Sources) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    // Headings are read again only where a link asks for one, once for each page.
    let mut known_anchors: HashMap<Option<Page>, Vec<String>> = HashMap::new();
    for link in body.links.iter() {
        let place = Place::new(body.file, link.at);
        if link.kind == LinkKind::Image && link.text.trim().is_empty() {
            out.push(catalog::missing_alt(place, &link.target));
        }
        match Scheme::of(&link.target) {
            Scheme::Outside if link.kind == LinkKind::Link => continue,
            Scheme::Outside | Scheme::Unsafe => {
                // An image from elsewhere would make the reader's browser ask a stranger.
                out.push(catalog::unsafe_link(place, &link.target));
                continue;
            }
            Scheme::Inside => {}
        }
        let (path, fragment) = split_fragment(&link.target);
        let fragment = fragment.filter(|fragment| !fragment.is_empty()).and_then(crate::plan::decode);
        if path.is_empty() {
            let known = known_anchors.entry(None).or_insert_with(|| headings(body, "", sources));
            if let Some(fragment) = fragment.filter(|fragment| !known.contains(fragment)) {
                out.push(catalog::broken_anchor(place, &fragment, known.iter().map(String::as_str)));
            }
            continue;
        }
        match plan.resolve(site, sources, body.file, path) {
            Target::None if may_be_unread(path, site, sources) => {}
            Target::None => {
                out.push(catalog::broken_link(place, &link.target, near(path, body.file, sources).as_deref()))
            }
            // What is hidden may point to what is hidden; both come out later.
            Target::Hidden if site.hidden.contains_key(&body.file) => {}
            Target::Hidden => out.push(catalog::link_to_unpublished(place, &link.target)),
            Target::Attachment(_) | Target::Faulty => {}
            Target::Page(page, _) => {
                let Some(fragment) = fragment else { continue };
                let known = known_anchors.entry(Some(page)).or_insert_with(|| anchors(site, page, sources));
                if !known.contains(&fragment) {
                    out.push(catalog::broken_anchor(place, &fragment, known.iter().map(String::as_str)));
                }
            }
        }
    }
    out
}

/// Whether a site path such as `/2016/planning/` may be a page of a document that could not be read or joined.
fn may_be_unread(path: &str, site: &Site, sources: &Sources) -> bool {
    let Some(path) = path.strip_prefix('/') else { return false };
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != "index.html").collect();
    let is_named = |part: &&str, key: &str| part.trim_end_matches(".html").trim_end_matches(".large") == key;
    site.unjoined.iter().any(|file| {
        let file = sources.path(*file);
        let folders: Vec<&str> = file.split('/').skip(1).collect();
        match folders[..] {
            // Pages of departments and pillars also stand in each year.
            ["pages" | "departments" | "pillars", name] => {
                parts.iter().any(|part| is_named(part, name.trim_end_matches(".md")))
            }
            [year, department, _] => match parts[..] {
                [first] => is_named(&first, year),
                [first, second, ..] => {
                    first == year
                        && (is_named(&second, department) || second == "pillars" || is_named(&second, "results"))
                }
                [] => false,
            },
            _ => false,
        }
    })
}

/// Where a link may lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Inside the site: a path or a fragment.
    Inside,
    /// http, https, mailto, tel.
    Outside,
    /// Anything else.
    Unsafe,
}

impl Scheme {
    /// The scheme of a link's target, told as a browser would (case and control characters ignored).
    pub fn of(target: &str) -> Self {
        let clean: String = target
            .chars()
            .filter(|c| !c.is_control() && !c.is_whitespace())
            .take(32)
            .collect::<String>()
            .to_lowercase();
        if clean.starts_with("//") || clean.contains('\\') {
            return Self::Unsafe;
        }
        match clean.split_once(':') {
            Some(("http" | "https" | "mailto" | "tel", _)) => Self::Outside,
            Some((before, _)) if !before.contains(['/', '#', '?', '.']) => Self::Unsafe,
            _ => Self::Inside,
        }
    }
}

/// A link's path and its fragment; a query has no meaning on a static site and is dropped.
pub fn split_fragment(target: &str) -> (&str, Option<&str>) {
    let (path, fragment) = target.split_once('#').map_or((target, None), |(path, part)| (path, Some(part)));
    (path.split('?').next().unwrap_or(path), fragment)
}

/// Ids of the headings of a body.
fn headings(body: &Body, prefix: &str, sources: &Sources) -> Vec<String> {
    let Ok(bytes) = sources.bytes(body.file) else { return Vec::new() };
    let text = std::str::from_utf8(&bytes).ok().and_then(|text| text.get(body.offset as usize..)).unwrap_or_default();
    markdown::facts(text, 0).headings.into_iter().map(|heading| format!("{prefix}{}", heading.id)).collect()
}

/// Ids a link may point to on a page: the headings of its bodies, and the parts the program names.
fn anchors(site: &Site, page: Page, sources: &Sources) -> Vec<String> {
    let mut anchors = Vec::new();
    let mut add = |body: &Body, prefix: &str| anchors.extend(headings(body, prefix, sources));
    match page {
        Page::Goal(id) => {
            let goal = site.goal(id);
            add(&goal.body, "");
            if let Some(outcome) = &goal.outcome {
                add(&outcome.body, "result-");
            }
            for (date, report) in &goal.progress {
                add(&report.body, &format!("progress-{date}-"));
            }
            anchors.push(RESULT_ANCHOR.into());
        }
        Page::DepartmentYear(year, department) => {
            if let Some(prose) = site.statements.get(&(year, department)) {
                add(&prose.body, "");
            }
            anchors.extend(site.department_goals(year, department).iter().map(|goal| format!("goal-{}", goal.slug)));
            anchors.extend(site.pillars.iter().map(|pillar| format!("pillar-{}", pillar.key)));
        }
        Page::Year(year) => drop(site.forewords.get(&year).map(|prose| add(&prose.body, ""))),
        Page::Home => drop(site.home.as_ref().map(|prose| add(&prose.body, ""))),
        Page::Text(id) => add(&site.text(id).prose.body, ""),
        Page::Department(id) => add(&site.department(id).matter.body, ""),
        Page::Pillar(id) => add(&site.pillar(id).matter.body, ""),
        _ => {}
    }
    anchors
}

/// A file of the same folder with a similar name.
fn near(path: &str, from: FileId, sources: &Sources) -> Option<String> {
    let folder = sources.path(from).rsplit_once('/').map_or("", |(folder, _)| folder);
    let folder = format!("{folder}/");
    // Only that folder: looking through every file for every broken link took most of a check with many of them.
    let names = sources.under(&folder).filter_map(|(_, file)| file.path.strip_prefix(&*folder));
    catalog::nearest(path, names.filter(|name| !name.contains('/'))).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_told_as_a_browser_would() {
        for target in ["https://example.jp/", "HTTP://x", "mailto:a@example.jp", "tel:0566-95-0003"] {
            assert_eq!(Scheme::of(target), Scheme::Outside, "{target}");
        }
        for target in [
            "javascript:alert(1)",
            "JaVa\tScript:x",
            " data:text/html,x",
            "//evil.example",
            "file:///etc",
            "\\\\srv\\x",
        ] {
            assert_eq!(Scheme::of(target), Scheme::Unsafe, "{target}");
        }
        for target in ["../2015/x/1-01.md", "/policy/", "#見出し", "plan.png", "a/b:c.md"] {
            assert_eq!(Scheme::of(target), Scheme::Inside, "{target}");
        }
    }
}
