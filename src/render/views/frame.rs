//! What stands around every page's own content: titles, breadcrumbs, menus, neighbours, contact.

use super::Views;
use crate::document::Publication;
use crate::plan::Page;
use crate::prepared::global::{Menus, footer, navigation};
use crate::render::canonical;
use crate::site::{self, DepartmentId, GoalId, PillarId, Site};
use crate::text::address;
use crate::value::calendar::{Date, FiscalYear};
use crate::value::edition::Edition;
use crate::view::{self, Shared};
use serde::Serialize;

/// When a page last changed: its own document's date, or the latest of what it lists.
pub(crate) fn updated(site: &Site, page: Page) -> Option<Date> {
    let latest = |goals: &[site::Goal]| goals.iter().filter_map(goal_updated).max();
    match page {
        Page::Goal(id) => goal_updated(site.goal(id)),
        Page::Text(id) => site.text(id).prose.publication.updated,
        Page::Department(id) => site.department(id).matter.publication.updated,
        Page::Pillar(id) => site.pillar(id).matter.publication.updated,
        Page::DepartmentYear(year, department) => {
            let statement = site.statements.get(&(year, department)).and_then(|prose| prose.publication.updated);
            latest(site.department_goals(year, department)).max(statement)
        }
        Page::PillarYear(year, pillar) => {
            site.pillar_goals(year, pillar).iter().filter_map(|id| goal_updated(site.goal(*id))).max()
        }
        Page::Year(year) => {
            let goals = site.years.get(&year).map_or(&[][..], |record| &site.goals[record.goals.clone()]);
            let goals = goals.iter().filter_map(|goal| goal.publication.updated).max();
            goals.max(site.forewords.get(&year).and_then(|prose| prose.publication.updated))
        }
        Page::Results(year) => {
            let goals = site.years.get(&year).map_or(&[][..], |record| &site.goals[record.goals.clone()]);
            goals.iter().filter_map(|goal| outcome_updated(goal.outcome.as_deref()?)).max()
        }
        Page::Home | Page::Sitemap => {
            let years = site.years.keys().rev().take(2);
            years.flat_map(|year| [updated(site, Page::Year(*year)), updated(site, Page::Results(*year))]).max()?
        }
        Page::Departments | Page::Pillars | Page::NotFound => None,
    }
}

fn outcome_updated(outcome: &site::Outcome) -> Option<Date> {
    outcome.corrections.iter().map(|correction| Some(correction.date)).chain([outcome.publication.updated]).max()?
}

fn goal_updated(goal: &site::Goal) -> Option<Date> {
    goal.publication.updated.max(goal.outcome.as_deref().and_then(outcome_updated))
}

/// Breadcrumbs as search engines read them (<https://schema.org/BreadcrumbList>).
#[derive(Serialize)]
struct Crumbs<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "itemListElement")]
    items: Vec<Crumb<'a>>,
}

#[derive(Serialize)]
struct Crumb<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    item: String,
    name: &'a str,
    position: usize,
}

impl<'p> Views<'p> {
    pub(super) fn frame(&self, kind: &'static str) -> view::Frame {
        let site = self.site;
        let heading = self.heading();
        let crumbs = self.breadcrumbs(&heading);
        // Titles are unique: a goal's page says of which year and department, a list says of what.
        let context: Vec<&str> = crumbs.iter().rev().skip(1).map(|link| link.title.as_str()).collect();
        let mut title = match self.page {
            Page::Home => site.config.title.to_string(),
            _ => {
                let mut parts = vec![heading.as_str()];
                parts.extend(context.iter().copied().filter(|part| *part != self.words.get("home")));
                parts.push(&site.config.title);
                parts.join(self.words.get("title_separator"))
            }
        };
        if self.edition == Edition::Large {
            title = self.words.fill("large_title", &[("a", &title)]);
        }
        let updated = updated(site, self.page);
        let base = site.config.base_url.as_deref().filter(|_| self.page != Page::NotFound);
        let publication = self.publication();
        let has_large = self.page != Page::NotFound;
        let file = self.stem.rsplit('/').next().unwrap_or_default();
        let (previous, next) = self.neighbours();
        let (nav, footer) = self.menus();
        view::Frame {
            kind,
            edition: self.edition.name(),
            title,
            page_id: self.page_id(),
            canonical: base.map(|base| canonical(self.prepared, base, self.page)),
            description: self.description(),
            updated: updated.map(|date| self.date(date)),
            updated_iso: updated.map(|date| date.to_string()),
            root: self.root.clone(),
            screen_href: address::encode(file) + Edition::Screen.suffix(),
            large_href: has_large.then(|| address::encode(file) + Edition::Large.suffix()),
            pdfs: Vec::new(),
            json_ld: base.map(|base| self.shared_json_ld(base, &crumbs)),
            breadcrumbs: crumbs,
            nav,
            footer,
            previous,
            next,
            contact: self.contact(),
            sample: publication.sample,
            draft: !publication.is_visible(self.prepared.options.as_of, false),
            heading,
        }
    }

    fn heading(&self) -> String {
        let site = self.site;
        match self.page {
            Page::Home => site.config.title.to_string(),
            Page::Year(year) => self.words.fill("year_heading", &[("a", self.year_within(year))]),
            Page::Results(year) => self.words.fill("results_heading", &[("a", self.year_within(year))]),
            Page::DepartmentYear(_, id) | Page::Department(id) => site.department(id).matter.name.to_string(),
            Page::PillarYear(_, id) | Page::Pillar(id) => site.pillar(id).matter.name.to_string(),
            Page::Goal(id) => site.goal(id).title.to_string(),
            Page::Departments => self.words.get("departments").into(),
            Page::Pillars => self.words.get("pillars").into(),
            Page::Text(id) => site.text(id).prose.title.as_deref().unwrap_or_default().to_owned(),
            Page::Sitemap => self.words.get("sitemap").into(),
            Page::NotFound => self.words.get("not_found").into(),
        }
    }

    fn breadcrumbs(&self, heading: &str) -> Vec<view::Link> {
        let year = |year: FiscalYear| self.link(self.year_label(year, false), Page::Year(year));
        let mut crumbs = vec![self.link(self.words.get("home"), Page::Home)];
        match self.page {
            Page::Home => return Vec::new(),
            Page::Year(_) => {}
            Page::Results(of) | Page::DepartmentYear(of, _) => crumbs.push(year(of)),
            Page::PillarYear(of, _) => {
                crumbs.push(year(of));
                crumbs.push(self.link(self.words.get("pillars"), Page::Pillars));
                crumbs.extend(self.above_here().into_iter().map(|(name, page)| self.link(name, page)));
            }
            Page::Goal(id) => {
                let goal = self.site.goal(id);
                crumbs.push(year(goal.year));
                let name = &*self.site.department(goal.department).matter.name;
                crumbs.push(self.link(name, Page::DepartmentYear(goal.year, goal.department)));
            }
            Page::Department(_) => crumbs.push(self.link(self.words.get("departments"), Page::Departments)),
            Page::Pillar(_) => {
                crumbs.push(self.link(self.words.get("pillars"), Page::Pillars));
                crumbs.extend(self.above_here().into_iter().map(|(name, page)| self.link(name, page)));
            }
            Page::Departments | Page::Pillars | Page::Text(_) | Page::Sitemap | Page::NotFound => {}
        }
        let here = match self.page {
            Page::Goal(id) => self.words.fill("goal_number", &[("a", &self.number(self.site.goal(id)))]),
            Page::Year(of) => self.year_label(of, false).to_owned(),
            Page::Results(_) => self.words.get("results").to_owned(),
            _ => heading.to_owned(),
        };
        crumbs.push(self.link(here, self.page));
        crumbs
    }

    /// Pillars above the page's own, from the top.
    fn above_here(&self) -> Vec<(&str, Page)> {
        let (id, year) = match self.page {
            Page::Pillar(id) => (id, None),
            Page::PillarYear(year, id) => (id, Some(year)),
            _ => return Vec::new(),
        };
        let path = self.site.pillar_path(id);
        let page = |id: &PillarId| year.map_or(Page::Pillar(*id), |year| Page::PillarYear(year, *id));
        path[..path.len() - 1].iter().map(|id| (&*self.site.pillar(*id).matter.name, page(id))).collect()
    }

    /// The addresses in it are those of the screen edition, for both.
    fn shared_json_ld(&self, base: &str, crumbs: &[view::Link]) -> Shared<String> {
        let make = || Shared::new(self.json_ld(base, crumbs));
        self.common.map_or_else(make, |common| common.json_ld(make))
    }

    fn json_ld(&self, base: &str, crumbs: &[view::Link]) -> String {
        let pages: Vec<Page> = match self.page {
            Page::Home => Vec::new(),
            Page::Results(of) | Page::DepartmentYear(of, _) => vec![Page::Home, Page::Year(of), self.page],
            Page::PillarYear(of, _) => {
                let above = self.above_here().into_iter().map(|(_, page)| page);
                [Page::Home, Page::Year(of), Page::Pillars].into_iter().chain(above).chain([self.page]).collect()
            }
            Page::Goal(id) => {
                let goal = self.site.goal(id);
                let department = Page::DepartmentYear(goal.year, goal.department);
                vec![Page::Home, Page::Year(goal.year), department, self.page]
            }
            Page::Department(_) => vec![Page::Home, Page::Departments, self.page],
            Page::Pillar(_) => {
                let above = self.above_here().into_iter().map(|(_, page)| page);
                [Page::Home, Page::Pillars].into_iter().chain(above).chain([self.page]).collect()
            }
            _ => vec![Page::Home, self.page],
        };
        let items = pages.iter().zip(crumbs).enumerate().map(|(index, (page, link))| Crumb {
            kind: "ListItem",
            item: canonical(self.prepared, base, *page),
            name: &link.title,
            position: index + 1,
        });
        let json = match self.page {
            Page::Home => serde_json::json!({ "@context": "https://schema.org", "@type": "WebSite",
                "name": &*self.site.config.title, "url": base,
                "publisher": { "@type": "GovernmentOrganization", "name": &*self.site.config.organization.name } })
            .to_string(),
            _ => {
                let list = Crumbs { context: "https://schema.org", kind: "BreadcrumbList", items: items.collect() };
                serde_json::to_string(&list).unwrap_or_default()
            }
        };
        // Inside <script>, `<` could end the element.
        if json.contains('<') { json.replace('<', "\\u003c") } else { json }
    }

    fn menus(&self) -> Menus {
        let is_in_a_menu = match self.page {
            Page::Year(_) | Page::Results(_) | Page::Departments | Page::Pillars | Page::Text(_) | Page::Sitemap => {
                true
            }
            // Its way to the top is its own.
            Page::NotFound => true,
            _ => false,
        };
        if !is_in_a_menu {
            let edition = match self.edition {
                Edition::Screen => 0,
                Edition::Large => 1,
            };
            return self.prepared.globals.menus[edition][self.root.len() / "../".len()].clone();
        }
        let link = |title: &str, page| {
            let mut link = self.link(title, page);
            // All years are behind the link to the latest one.
            link.current |= matches!((page, self.page), (Page::Year(_), Page::Year(_) | Page::Results(_)));
            link
        };
        (Shared::new(navigation(self.site, self.words, link)), Shared::new(footer(self.site, self.words, link)))
    }

    /// The same thing a year earlier and a year later; for a goal, the goals before and after it.
    fn neighbours(&self) -> (Option<view::Link>, Option<view::Link>) {
        let site = self.site;
        let around = |year: FiscalYear, page: &dyn Fn(FiscalYear) -> Option<Page>| {
            let link = |(of, page): (FiscalYear, Page)| self.link(self.year_label(of, false), page);
            let before = site.years.range(..year).rev().find_map(|(of, _)| page(*of).map(|page| (*of, page)));
            let after = site.years.range(year.next()..).find_map(|(of, _)| page(*of).map(|page| (*of, page)));
            (before.map(link), after.map(link))
        };
        match self.page {
            Page::Year(year) => around(year, &|of| Some(Page::Year(of))),
            Page::Results(year) => around(year, &|of| (site.years.get(&of)?.results > 0).then_some(Page::Results(of))),
            Page::DepartmentYear(year, id) => {
                let family: Vec<DepartmentId> =
                    site.all_predecessors(id).into_iter().chain([id]).chain(site.current_successors(id)).collect();
                let has = |of: FiscalYear, id: DepartmentId| !site.department_goals(of, id).is_empty();
                let pick = |of: FiscalYear| {
                    let found = family.iter().rev().copied().find(|other| *other == id && has(of, *other));
                    let found = found.or_else(|| family.iter().copied().find(|other| has(of, *other)))?;
                    Some(Page::DepartmentYear(of, found))
                };
                around(year, &pick)
            }
            Page::PillarYear(year, pillar) => {
                around(year, &|of| (!site.pillar_goals(of, pillar).is_empty()).then_some(Page::PillarYear(of, pillar)))
            }
            Page::Goal(GoalId(index)) => {
                let goal = &site.goals[index as usize];
                let near = |other: Option<u32>| {
                    let other = other?;
                    let neighbour = site.goals.get(other as usize)?;
                    let same = neighbour.year == goal.year && neighbour.department == goal.department;
                    same.then(|| self.link(&*neighbour.title, Page::Goal(GoalId(other))))
                };
                (near(index.checked_sub(1)), near(Some(index + 1)))
            }
            _ => (None, None),
        }
    }

    pub(crate) fn page_id(&self) -> String {
        if let Page::Text(id) = self.page
            && let Some(own) = &self.site.text(id).prose.page_id
        {
            return own.to_string();
        }
        match self.page {
            Page::Home => "home".into(),
            _ => self.stem.trim_end_matches("/index").replace('/', "-"),
        }
    }

    fn publication(&self) -> Publication {
        let site = self.site;
        match self.page {
            Page::Goal(id) => site.goal(id).publication,
            Page::Text(id) => site.text(id).prose.publication,
            Page::DepartmentYear(year, id) => Publication {
                sample: site.department_goals(year, id).iter().any(|goal| goal.publication.sample),
                ..Publication::default()
            },
            _ => Publication::default(),
        }
    }

    fn description(&self) -> Option<String> {
        let site = self.site;
        match self.page {
            Page::Home => site.config.description.as_deref().map(str::to_owned),
            Page::Text(id) => site.text(id).prose.description.as_deref().map(str::to_owned),
            Page::Goal(id) => {
                let goal = site.goal(id);
                let name = &*site.department(goal.department).matter.name;
                let values = [("a", self.year_label(goal.year, false)), ("b", name), ("c", &*goal.title)];
                Some(self.words.fill("goal_description", &values))
            }
            Page::DepartmentYear(year, id) => {
                let values = [("a", self.year_label(year, false)), ("b", &*site.department(id).matter.name)];
                Some(self.words.fill("department_year_description", &values))
            }
            _ => None,
        }
    }

    pub(crate) fn contact(&self) -> Shared<view::Contact> {
        let globals = &self.prepared.globals;
        let of = |id: DepartmentId, section: usize| globals.contacts[id.0 as usize][section].clone();
        match self.page {
            Page::Goal(id) => {
                let goal = self.site.goal(id);
                let lead = goal.actions.first().and_then(|action| action.sections.first());
                let sections = &self.site.department(goal.department).matter.sections;
                let section = lead.and_then(|lead| sections.iter().position(|section| *section.name == *lead.value));
                of(goal.department, section.map_or(0, |index| index + 1))
            }
            Page::DepartmentYear(_, id) | Page::Department(id) => of(id, 0),
            _ => globals.contact.clone(),
        }
    }
}

pub(super) fn base_path(base_url: Option<&str>) -> String {
    let path = base_url.and_then(|url| url.split_once("://")).and_then(|(_, rest)| rest.split_once('/'));
    path.map_or_else(|| "/".to_owned(), |(_, path)| format!("/{path}"))
}
