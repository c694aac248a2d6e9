//! The model as templates see it: `Site` and `Page` to the structs of [`crate::view`].

use super::{Common, Failure, canonical, with_body};
use crate::calendar::{Date, FiscalYear};
use crate::check::{Scheme, split_fragment};
use crate::config::{self, ColumnKind, Config};
use crate::diagnostic::{FileId, Language};
use crate::document::{self, Body, Direction, Publication};
use crate::markdown::{self, Form, LinkKind, Resolved};
use crate::pipeline::Prepared;
use crate::plan::{self, Edition, Page, Target};
use crate::site::{self, DepartmentId, GoalId, PillarId, Site, TextId};
use crate::theme::Theme;
use crate::view::{self, Shared};
use crate::words::Words;
use anyhow::Result;
use serde::Serialize;
use tera::{Context, Value};

/// Values that every page shows, made once.
#[derive(Debug)]
pub struct Global {
    years: Vec<YearWords>,
    words: Value,
    /// For each edition, and each depth below the top: the menus of pages that are in no menu, which are nearly all.
    menus: [[Menus; 4]; 2],
    contact: Shared<view::Contact>,
    /// For each department: its own contact, then those of its sections.
    contacts: Vec<Vec<Shared<view::Contact>>>,
}

/// What pages say of a year.
#[derive(Debug)]
struct YearWords {
    year: FiscalYear,
    short: String,
    long: String,
    /// Its scale.
    levels: Vec<Shared<view::Level>>,
}

/// Main navigation, and links at the foot.
type Menus = (Shared<Vec<view::Link>>, Shared<Vec<view::Link>>);

/// Puts into the theme what is the same on every page.
pub fn dress(theme: &mut Theme, config: &Config) {
    let view = view::Site {
        title: config.title.to_string(),
        organization: config.organization.name.to_string(),
        language: config.language.tag(),
        notice: config.notice.as_deref().map(str::to_owned),
        feedback_url: config.feedback_url.as_deref().map(str::to_owned),
        assets: theme.asset_versions(),
    };
    theme.set_global("site", &view);
}

/// What pages show of the site as a whole.
pub fn globals(site: &Site, theme: &Theme) -> Global {
    let calendar = &site.config.calendar;
    let years = site.years.keys().map(|year| YearWords {
        year: *year,
        short: calendar.short_label(*year),
        long: calendar.label(*year),
        levels: site.config.levels(*year).iter().map(|level| Shared::new(&level_view(level))).collect(),
    });
    let menus = |edition| {
        ["", "../", "../../", "../../../"].map(|root| {
            let link = |title: &str, page| view::Link {
                title: title.to_owned(),
                href: href(site, root, edition, page),
                current: false,
            };
            (Shared::new(&navigation(site, &theme.words, link)), Shared::new(&footer(site, &theme.words, link)))
        })
    };
    let contacts = site.departments.iter().enumerate().map(|(index, department)| {
        let id = DepartmentId(index as u32);
        let sections = department.matter.sections.iter().map(|section| Some(&*section.name));
        [None].into_iter().chain(sections).map(|section| contact_view(site, &site.contact(id, section))).collect()
    });
    Global {
        years: years.collect(),
        words: Value::from_serializable(theme.words.all()),
        menus: [menus(Edition::Screen), menus(Edition::Large)],
        contact: contact_view(site, &site.config.contact),
        contacts: contacts.collect(),
    }
}

/// The address of a page, seen from a page whose way to the top is `root`.
fn href(site: &Site, root: &str, edition: Edition, page: Page) -> String {
    let mut href = String::with_capacity(64);
    href.push_str(root);
    plan::push_stem(site, page, &mut href);
    if !plan::is_plain(&href[root.len()..]) {
        let encoded = plan::encode(&href[root.len()..]);
        href.truncate(root.len());
        href.push_str(&encoded);
    }
    href.push_str(edition.suffix());
    href
}

fn navigation(site: &Site, words: &Words, link: impl Fn(&str, Page) -> view::Link) -> Vec<view::Link> {
    let year = site.latest_year().map(|year| link(words.get("nav_years"), Page::Year(year)));
    let lists = [("nav_departments", Page::Departments), ("nav_pillars", Page::Pillars)];
    let lists = lists.into_iter().map(|(word, page)| link(words.get(word), page));
    year.into_iter().chain(lists).chain(text_links(site, true, &link)).collect()
}

fn footer(site: &Site, words: &Words, link: impl Fn(&str, Page) -> view::Link) -> Vec<view::Link> {
    let sitemap = link(words.get("sitemap"), Page::Sitemap);
    [sitemap].into_iter().chain(text_links(site, false, &link)).collect()
}

fn text_links(site: &Site, menu: bool, link: impl Fn(&str, Page) -> view::Link) -> Vec<view::Link> {
    let texts = site.texts.iter().enumerate().filter(|(_, text)| text.prose.menu == menu);
    let title = |text: &site::TextPage| text.prose.title.as_deref().unwrap_or_default().to_owned();
    texts.map(|(index, text)| link(&title(text), Page::Text(TextId(index as u32)))).collect()
}

fn contact_view(site: &Site, contact: &config::Contact) -> Shared<view::Contact> {
    let own = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
    Shared::new(&view::Contact {
        office: own(&contact.office).unwrap_or_else(|| site.config.organization.name.to_string()),
        postal_code: own(&contact.postal_code),
        address: own(&contact.address),
        telephone_href: contact.telephone.as_deref().and_then(telephone_href),
        telephone: own(&contact.telephone),
        fax: own(&contact.fax),
        email: own(&contact.email),
        form_url: own(&contact.form_url),
    })
}

/// The template and the values for a page.
pub(super) fn context(
    prepared: &Prepared,
    page: Page,
    edition: Edition,
    common: Option<&Common>,
) -> Result<(&'static str, Context), Failure> {
    let views = Views::new(prepared, page, edition, common);
    let mut context = Context::new();
    context.insert_value("w", prepared.globals.words.clone());
    let kind = match page {
        Page::Home => {
            context.insert("home", &views.home()?);
            "home"
        }
        Page::Year(year) => {
            context.insert("year", &views.year(year)?);
            "year"
        }
        Page::Results(year) => {
            context.insert("results", &views.results(year));
            "results"
        }
        Page::DepartmentYear(year, department) => {
            context.insert("department_year", &views.department_year(year, department)?);
            "department-year"
        }
        Page::PillarYear(year, pillar) => {
            context.insert("pillar_year", &views.pillar_year(year, pillar));
            "pillar-year"
        }
        Page::Goal(id) => {
            context.insert("goal", &views.goal_page(id)?);
            "goal"
        }
        Page::Departments => {
            context.insert("departments", &views.departments());
            "departments"
        }
        Page::Department(id) => {
            context.insert("department", &views.department(id)?);
            "department"
        }
        Page::Pillars => {
            let pillars = views.site.pillars.iter().enumerate().map(|(i, _)| views.pillar(PillarId(i as u32), None, 0));
            context.insert("pillars", &view::Pillars { pillars: pillars.collect() });
            "pillars"
        }
        Page::Pillar(id) => {
            context.insert("pillar", &views.pillar_page(id)?);
            "pillar"
        }
        Page::Text(id) => {
            context.insert("text", &view::Text { html: views.html(&views.site.text(id).prose.body, 2, "")? });
            "text"
        }
        Page::Sitemap => {
            context.insert("sitemap", &views.sitemap());
            "sitemap"
        }
        Page::NotFound => "404",
    };
    let frame = views.frame(kind);
    #[cfg(feature = "pdf")]
    let frame = view::Frame { pdfs: crate::print::facts(prepared, page)?, ..frame };
    context.insert("page", &frame);
    Ok((kind, context))
}

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

/// Goals up to this number are listed one by one on the list of all pages; larger sites list departments there.
const LISTED_GOALS: usize = 1000;

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
            _ => plan::root(&stem).to_owned(),
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

    fn year_words(&self, year: FiscalYear) -> Option<&'p YearWords> {
        self.prepared.globals.years.iter().find(|words| words.year == year)
    }

    pub(crate) fn date(&self, date: Date) -> String {
        self.site.config.calendar.date(date)
    }

    // ---- Frame ----------------------------------------------------------------------------------------------------

    fn frame(&self, kind: &'static str) -> view::Frame {
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
            screen_href: plan::encode(file) + Edition::Screen.suffix(),
            large_href: has_large.then(|| plan::encode(file) + Edition::Large.suffix()),
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
            Page::Year(year) => self.words.fill("year_heading", &[("a", self.year_label(year, true))]),
            Page::Results(year) => self.words.fill("results_heading", &[("a", self.year_label(year, true))]),
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
            }
            Page::Goal(id) => {
                let goal = self.site.goal(id);
                crumbs.push(year(goal.year));
                let name = &*self.site.department(goal.department).matter.name;
                crumbs.push(self.link(name, Page::DepartmentYear(goal.year, goal.department)));
            }
            Page::Department(_) => crumbs.push(self.link(self.words.get("departments"), Page::Departments)),
            Page::Pillar(_) => crumbs.push(self.link(self.words.get("pillars"), Page::Pillars)),
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

    /// The addresses in it are those of the screen edition, for both.
    fn shared_json_ld(&self, base: &str, crumbs: &[view::Link]) -> Shared<String> {
        let make = || Shared::new(&self.json_ld(base, crumbs));
        self.common.map_or_else(make, |common| common.json_ld(make))
    }

    fn json_ld(&self, base: &str, crumbs: &[view::Link]) -> String {
        let pages: Vec<Page> = match self.page {
            Page::Home => Vec::new(),
            Page::Results(of) | Page::DepartmentYear(of, _) => vec![Page::Home, Page::Year(of), self.page],
            Page::PillarYear(of, _) => vec![Page::Home, Page::Year(of), Page::Pillars, self.page],
            Page::Goal(id) => {
                let goal = self.site.goal(id);
                let department = Page::DepartmentYear(goal.year, goal.department);
                vec![Page::Home, Page::Year(goal.year), department, self.page]
            }
            Page::Department(_) => vec![Page::Home, Page::Departments, self.page],
            Page::Pillar(_) => vec![Page::Home, Page::Pillars, self.page],
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
        (Shared::new(&navigation(self.site, self.words, link)), Shared::new(&footer(self.site, self.words, link)))
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

    // ---- Bodies ---------------------------------------------------------------------------------------------------

    fn html(&self, body: &Body, heading_base: u8, id_prefix: &str) -> Result<String> {
        if body.is_empty {
            return Ok(String::new());
        }
        let form = (body.file, heading_base, id_prefix.to_owned());
        if let Some(html) = self.common.and_then(|common| common.take_body(&form)) {
            return Ok(html);
        }
        let words = markdown::Words {
            footnotes: self.words.get("footnotes"),
            footnote: self.words.get("footnote"),
            back: self.words.get("footnote_back"),
            external: self.words.get("external"),
            table: self.words.get("table"),
            done: self.words.get("task_done"),
            todo: self.words.get("task_open"),
            alerts: [
                self.words.get("alert_note"),
                self.words.get("alert_tip"),
                self.words.get("alert_important"),
                self.words.get("alert_warning"),
                self.words.get("alert_caution"),
            ],
        };
        let options = |edition| markdown::Options { heading_base, id_prefix, edition, words: &words };
        let (screen, large) = (options(markdown::Edition::Screen), options(markdown::Edition::Large));
        let for_screen = |target: &str, kind| self.resolve(Edition::Screen, body.file, target, kind);
        let for_large = |target: &str, kind| self.resolve(Edition::Large, body.file, target, kind);
        let screen = Form { options: &screen, resolve: &for_screen };
        let large = Form { options: &large, resolve: &for_large };
        let (own, other) = match self.edition {
            Edition::Screen => (screen, large),
            Edition::Large => (large, screen),
        };
        with_body(self.prepared, body, |text| match self.common {
            Some(common) => {
                let [own, other] = markdown::render_forms(text, [own, other]);
                common.put_body(form, other.into_string());
                own.into_string()
            }
            None => markdown::render(text, own.options, own.resolve).into_string(),
        })
    }

    fn resolve(&self, edition: Edition, from: FileId, target: &str, kind: LinkKind) -> Resolved {
        match Scheme::of(target) {
            Scheme::Outside if kind == LinkKind::Link => {
                let external = target.to_ascii_lowercase().starts_with("http");
                return Resolved::Href { href: target.to_owned(), external, attachment: None };
            }
            Scheme::Inside => {}
            _ => return Resolved::Nothing,
        }
        let (path, fragment) = split_fragment(target);
        let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
        if path.is_empty() {
            return Resolved::Href { href: fragment, external: false, attachment: None };
        }
        match self.prepared.plan.resolve(self.site, &self.prepared.sources, from, path) {
            Target::Page(page, anchor) => {
                let fragment = match anchor {
                    Some(anchor) if fragment.is_empty() => format!("#{anchor}"),
                    _ => fragment,
                };
                Resolved::Href { href: self.href_in(edition, page) + &fragment, external: false, attachment: None }
            }
            Target::Attachment(index) => {
                let attachment = &self.site.attachments[index as usize];
                let href = format!("{}{}", self.root, plan::encode(&attachment.path));
                match kind {
                    LinkKind::Image => Resolved::Image { src: href, width: None, height: None },
                    LinkKind::Link => {
                        Resolved::Href { href, external: false, attachment: Some(self.attachment_note(attachment)) }
                    }
                }
            }
            Target::Hidden | Target::Faulty | Target::None => Resolved::Nothing,
        }
    }

    /// （PDF形式、24キロバイト）: what a reader wants to know before following the link.
    pub(crate) fn attachment_note(&self, attachment: &site::Attachment) -> String {
        let ending = attachment.path.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
        let kind = match ending.as_str() {
            "xlsx" | "xls" => "Excel".to_owned(),
            "docx" | "doc" => "Word".to_owned(),
            other => other.to_uppercase(),
        };
        let size = size_text(self.words, attachment.size);
        self.words.fill("attachment", &[("a", &kind), ("b", &size)])
    }

    // ---- Goals ----------------------------------------------------------------------------------------------------

    pub(crate) fn number(&self, goal: &site::Goal) -> String {
        let pillar = &self.site.pillar(goal.pillar).matter;
        if pillar.number == document::UNNUMBERED {
            goal.number.to_string()
        } else {
            format!("{}-{}", pillar.number, goal.number)
        }
    }

    pub(crate) fn level(&self, year: FiscalYear, index: usize) -> Option<Shared<view::Level>> {
        self.year_words(year)?.levels.get(index).cloned()
    }

    fn pillar(&self, id: PillarId, year: Option<FiscalYear>, goals: usize) -> view::Pillar {
        let pillar = self.site.pillar(id);
        let page = match year {
            Some(year) => Page::PillarYear(year, id),
            None => Page::Pillar(id),
        };
        let matter = &pillar.matter;
        view::Pillar {
            key: pillar.key.to_string(),
            number: (matter.number != document::UNNUMBERED).then_some(matter.number),
            name: matter.name.to_string(),
            short: matter.short.as_deref().unwrap_or(&matter.name).to_owned(),
            href: self.href(page),
            goals,
        }
    }

    fn row(&self, id: GoalId) -> view::GoalRow {
        let goal = self.site.goal(id);
        view::GoalRow {
            number: self.number(goal),
            title: goal.title.to_string(),
            href: self.href(Page::Goal(id)),
            level: goal.outcome.as_ref().and_then(|outcome| self.level(goal.year, outcome.level?)),
            figures: figures_view(goal.figures()),
            has_result: goal.outcome.is_some(),
            sample: goal.publication.sample,
            draft: self.is_draft(&goal.publication),
        }
    }

    pub(crate) fn is_draft(&self, publication: &Publication) -> bool {
        self.prepared.options.drafts && !publication.is_visible(self.prepared.options.as_of, false)
    }

    pub(crate) fn extras(&self, year: FiscalYear, values: &[(u16, Vec<Box<str>>)]) -> Vec<view::Extra> {
        let extra = |(index, values): &(u16, Vec<Box<str>>)| {
            let column = self.site.config.columns.get(*index as usize)?;
            if column.years.is_some_and(|years| !years.contains(year)) {
                return None;
            }
            let article = |value: &str| match column.kind {
                ColumnKind::Articles if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                    self.words.fill("article", &[("a", value)])
                }
                _ => value.to_owned(),
            };
            let values: Vec<String> = values.iter().map(|value| article(value)).collect();
            Some(view::Extra { label: column.label.to_string(), value: values.join(self.words.get("list_separator")) })
        };
        values.iter().filter_map(extra).collect()
    }

    /// What to say where a result will stand.
    pub(crate) fn pending(&self, year: FiscalYear) -> String {
        let config = &self.site.config;
        if let Some(month) = config.results_month {
            let (date, text) = config.calendar.expected(year, month);
            if date >= self.prepared.options.as_of.first_of_month() {
                return self.words.fill("results_expected", &[("a", &text)]);
            }
        }
        self.words.get("results_not_yet").to_owned()
    }

    fn shared_actions(&self, id: GoalId) -> Shared<Vec<view::Action>> {
        let make = || Shared::new(&self.actions(self.site.goal(id)));
        self.common.map_or_else(make, |common| common.actions(id, make))
    }

    pub(crate) fn actions(&self, goal: &site::Goal) -> Vec<view::Action> {
        let outcome = goal.outcome.as_deref();
        goal.actions
            .iter()
            .enumerate()
            .map(|(index, action)| {
                let result = outcome.and_then(|outcome| outcome.actions.get(index));
                let level = outcome.and_then(|outcome| outcome.action_levels.get(index).copied().flatten());
                let actual = result.and_then(|result| result.actual.as_ref());
                view::Action {
                    text: action.text.to_string(),
                    sections: action.sections.iter().map(|section| section.value.to_string()).collect(),
                    criterion: action.criterion.as_deref().map(str::to_owned),
                    indicator: action
                        .indicator
                        .as_deref()
                        .map(|indicator| indicator_view(indicator, actual, action.criterion.as_deref())),
                    extras: self.extras(goal.year, &action.extras),
                    result: result.and_then(|result| result.result.as_deref()).map(str::to_owned),
                    level: level.and_then(|index| self.level(goal.year, index)),
                }
            })
            .collect()
    }

    /// A goal as it stands in its department's year: rows and what its bodies say, without history.
    fn goal(&self, id: GoalId, html: String, outcome_html: String) -> view::Goal {
        let goal = self.site.goal(id);
        let outcome = goal.outcome.as_deref();
        view::Goal {
            number: self.number(goal),
            anchor: format!("goal-{}", goal.slug),
            title: goal.title.to_string(),
            href: self.href(Page::Goal(id)),
            pillar: self.pillar(goal.pillar, Some(goal.year), 0),
            department: self.link(
                &*self.site.department(goal.department).matter.name,
                Page::DepartmentYear(goal.year, goal.department),
            ),
            year: self.year_label(goal.year, true).to_owned(),
            sample: goal.publication.sample,
            draft: self.is_draft(&goal.publication),
            level: outcome.and_then(|outcome| self.level(goal.year, outcome.level?)),
            has_action_levels: outcome.is_some_and(|outcome| !outcome.action_levels.is_empty()),
            actions: self.shared_actions(id),
            extras: self.extras(goal.year, &goal.extras),
            html,
            outcome: outcome.map(|outcome| self.outcome(goal, outcome, outcome_html)),
            pending: self.pending(goal.year),
            progress: Vec::new(),
            thread: Vec::new(),
            today: Vec::new(),
        }
    }

    fn outcome(&self, goal: &site::Goal, outcome: &site::Outcome, html: String) -> view::Outcome {
        view::Outcome {
            level: outcome.level.and_then(|index| self.level(goal.year, index)),
            reason: outcome.reason.as_deref().map(str::to_owned),
            html,
            corrections: outcome.corrections.iter().map(|correction| self.correction(correction)).collect(),
            updated: outcome.publication.updated.map(|date| self.date(date)),
            sample: outcome.publication.sample,
            draft: self.is_draft(&outcome.publication),
        }
    }

    pub(crate) fn correction(&self, correction: &document::Correction) -> view::Correction {
        let own = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
        view::Correction {
            date: self.date(correction.date),
            item: own(&correction.item),
            was: own(&correction.was),
            now: own(&correction.now),
            why: own(&correction.why),
        }
    }

    fn goal_page(&self, id: GoalId) -> Result<view::Goal> {
        let goal = self.site.goal(id);
        let html = self.html(&goal.body, 3, "")?;
        let outcome_html = match &goal.outcome {
            Some(outcome) => self.html(&outcome.body, 3, "result-")?,
            None => String::new(),
        };
        let mut view = self.goal(id, html, outcome_html);
        for (date, outcome) in &goal.progress {
            let prefix = format!("progress-{date}-");
            let rows = goal.actions.iter().zip(&outcome.actions).map(|(action, row)| view::ProgressAction {
                text: action.text.to_string(),
                result: row.result.as_deref().map(str::to_owned),
                actual: row.actual.as_ref().map(ToString::to_string),
                unit: action.indicator.as_ref().and_then(|it| it.unit.as_deref()).unwrap_or_default().to_owned(),
            });
            let actions = rows.collect();
            view.progress.push(view::Progress {
                date: self.date(*date),
                actions,
                html: self.html(&outcome.body, 4, &prefix)?,
            });
        }
        if let Some(thread) = self.site.threads.get(&id) {
            view.thread = thread
                .iter()
                .map(|other| {
                    let member = self.site.goal(*other);
                    view::ThreadRow {
                        year: self.year_label(member.year, false).to_owned(),
                        department: self.site.department(member.department).matter.name.to_string(),
                        goal: self.row(*other),
                        current: *other == id,
                    }
                })
                .collect();
        }
        view.today = self.today(goal.department);
        Ok(view)
    }

    fn today(&self, id: DepartmentId) -> Vec<view::Link> {
        self.site.current_successors(id).into_iter().map(|id| self.department_link(id)).collect()
    }

    // ---- Lists ----------------------------------------------------------------------------------------------------

    pub(crate) fn level_counts<'g>(
        &self,
        year: FiscalYear,
        goals: impl Iterator<Item = &'g site::Goal>,
    ) -> Vec<view::LevelCount> {
        let levels = self.site.config.levels(year);
        let mut counts = vec![0; levels.len()];
        for index in goals.filter_map(|goal| goal.outcome.as_ref()?.level) {
            counts[index] += 1;
        }
        if counts.iter().sum::<usize>() == 0 {
            return Vec::new();
        }
        let levels = self.year_words(year).map_or(&[][..], |words| &words.levels);
        levels.iter().cloned().zip(counts).map(|(level, count)| view::LevelCount { level, count }).collect()
    }

    fn groups(
        &self,
        goals: impl Iterator<Item = GoalId>,
        year: FiscalYear,
        only_results: bool,
    ) -> Vec<view::GoalGroup> {
        let mut groups: Vec<(DepartmentId, view::GoalGroup)> = Vec::new();
        for id in goals {
            let goal = self.site.goal(id);
            if only_results && goal.outcome.is_none() {
                continue;
            }
            if groups.last().is_none_or(|(department, _)| *department != goal.department) {
                let name = &*self.site.department(goal.department).matter.name;
                let link = self.link(name, Page::DepartmentYear(year, goal.department));
                groups.push((goal.department, view::GoalGroup { link, goals: Vec::new() }));
            }
            let row = self.row(id);
            if let Some((_, group)) = groups.last_mut() {
                group.goals.push(row);
            }
        }
        groups.into_iter().map(|(_, group)| group).collect()
    }

    fn year_goals(&self, year: FiscalYear) -> (std::ops::Range<usize>, &'p [site::Goal]) {
        let range = self.site.years.get(&year).map_or(0..0, |record| record.goals.clone());
        (range.clone(), &self.site.goals[range])
    }

    fn year_links(&self, page: impl Fn(FiscalYear) -> Option<Page>) -> Vec<view::Link> {
        let years = self.site.years.keys().rev();
        years.filter_map(|year| Some(self.link(self.year_label(*year, false), page(*year)?))).collect()
    }

    fn year_row(&self, year: FiscalYear, page: Page, goals: usize, results: usize) -> view::YearRow {
        view::YearRow {
            link: self.link(self.year_label(year, true), page),
            results_href: None,
            goals,
            results,
            department: None,
        }
    }

    fn home(&self) -> Result<view::Home> {
        let site = self.site;
        let html = match &site.home {
            Some(prose) => self.html(&prose.body, 2, "")?,
            None => String::new(),
        };
        let goals = site.latest_year().map(|year| {
            let record = &site.years[&year];
            view::GoalsPanel {
                year: self.link(self.year_label(year, false), Page::Year(year)),
                departments: record.departments.len(),
                goals: record.goals.len(),
                pillars: record.pillars.iter().map(|(id, goals)| self.pillar(*id, Some(year), goals.len())).collect(),
            }
        });
        let results = site.latest_results().map(|year| {
            let (_, goals) = self.year_goals(year);
            let with_results = || goals.iter().filter(|goal| goal.outcome.is_some());
            let mut departments: Vec<DepartmentId> = with_results().map(|goal| goal.department).collect();
            departments.dedup();
            view::ResultsPanel {
                year: self.link(self.year_label(year, false), Page::Results(year)),
                departments: departments.len(),
                results: with_results().count(),
                levels: self.level_counts(year, goals.iter()),
                figures: figures_view(sum(goals)),
                missed: goals.iter().filter(|goal| self.fell_short(goal)).count(),
            }
        });
        let years = site.years.iter().rev().map(|(year, record)| {
            let has_results = record.results > 0;
            view::YearRow {
                results_href: has_results.then(|| self.href(Page::Results(*year))),
                ..self.year_row(*year, Page::Year(*year), record.goals.len(), record.results)
            }
        });
        Ok(view::Home {
            html,
            goals,
            results,
            pillars: (0..site.pillars.len()).map(|index| self.pillar(PillarId(index as u32), None, 0)).collect(),
            departments: self.current_departments(),
            years: years.collect(),
            updates: self.updates(),
        })
    }

    /// Departments with goals in the latest year, or those that have not ended.
    fn current_departments(&self) -> Vec<view::Link> {
        let latest = self.site.latest_year();
        let ids = (0..self.site.departments.len()).map(|index| DepartmentId(index as u32));
        let current = ids.filter(|id| {
            let years = self.site.department(*id).matter.years;
            years.is_none_or(|years| latest.is_none_or(|latest| years.contains(latest)))
        });
        current.map(|id| self.department_link(id)).collect()
    }

    fn updates(&self) -> Vec<view::Update> {
        const SHOWN: usize = 6;
        let mut updates: Vec<(Date, view::Update)> = Vec::new();
        for (year, record) in self.site.years.iter().rev() {
            let goals = &self.site.goals[record.goals.clone()];
            let label = self.year_label(*year, false);
            // The day most of them came out is the day of publication; later days are single changes.
            if let Some(date) = most_common(goals.iter().filter_map(|goal| goal.publication.updated)) {
                let title = self.words.fill("update_goals", &[("a", label)]);
                let link = self.link(title, Page::Year(*year));
                updates.push((date, view::Update { date: self.date(date), link, kind: "goals" }));
            }
            let outcomes = || goals.iter().filter_map(|goal| goal.outcome.as_deref());
            if let Some(date) = most_common(outcomes().filter_map(|outcome| outcome.publication.updated)) {
                let title = self.words.fill("update_results", &[("a", label)]);
                let link = self.link(title, Page::Results(*year));
                updates.push((date, view::Update { date: self.date(date), link, kind: "results" }));
            }
            for (index, goal) in record.goals.clone().zip(goals) {
                for correction in goal.outcome.iter().flat_map(|outcome| &outcome.corrections) {
                    let title = self.words.fill("update_correction", &[("a", label), ("b", &goal.title)]);
                    let link = self.link(title, Page::Goal(GoalId(index as u32)));
                    let date = correction.date;
                    updates.push((date, view::Update { date: self.date(date), link, kind: "correction" }));
                }
            }
        }
        updates.sort_by_key(|(date, _)| std::cmp::Reverse(*date));
        updates.into_iter().take(SHOWN).map(|(_, update)| update).collect()
    }

    /// Whether a goal's result stays below its promise: a level that must be explained, or a figure below its target.
    fn fell_short(&self, goal: &site::Goal) -> bool {
        let needs = |index: usize| self.site.level(goal.year, index).is_some_and(|level| level.needs_reason);
        let Some(outcome) = &goal.outcome else { return false };
        goal.figures().missed > 0
            || outcome.level.iter().chain(outcome.action_levels.iter().flatten()).any(|i| needs(*i))
    }

    fn year(&self, year: FiscalYear) -> Result<view::Year> {
        let site = self.site;
        let (range, goals) = self.year_goals(year);
        let html = match site.forewords.get(&year) {
            Some(prose) => self.html(&prose.body, 2, "")?,
            None => String::new(),
        };
        let record = &site.years[&year];
        let columns: Vec<PillarId> = record.pillars.iter().map(|(id, _)| *id).collect();
        let matrix_columns = columns.iter().map(|id| {
            let pillar = self.pillar(*id, Some(year), 0);
            let number = pillar.number.map(|number| format!("{number} ")).unwrap_or_default();
            view::MatrixColumn { title: number + &pillar.short, full: pillar.name, href: Some(pillar.href) }
        });
        let matrix_columns = matrix_columns.collect();
        let rows = record.departments.iter().map(|(id, range)| {
            let link = self.link(&*site.department(*id).matter.name, Page::DepartmentYear(year, *id));
            let cells = columns.iter().map(|pillar| {
                let count = site.goals[range.clone()].iter().filter(|goal| goal.pillar == *pillar).count();
                let anchor = || format!("{}#pillar-{}", link.href, site.pillar(*pillar).key);
                view::MatrixCell { count, href: (count > 0).then(anchor) }
            });
            let cells = cells.collect();
            view::MatrixRow { link, cells, total: range.len() }
        });
        let rows = rows.collect();
        let results = (record.results > 0).then(|| self.link(self.year_label(year, false), Page::Results(year)));
        let previous = site.years.range(..year).next_back().filter(|(_, record)| record.results > 0);
        Ok(view::Year {
            label: self.year_label(year, true).to_owned(),
            html,
            matrix: view::Matrix {
                columns: matrix_columns,
                rows,
                totals: record.pillars.iter().map(|(_, goals)| goals.len()).collect(),
                total: goals.len(),
            },
            pillars: record.pillars.iter().map(|(id, goals)| self.pillar(*id, Some(year), goals.len())).collect(),
            groups: self.groups(range.map(|index| GoalId(index as u32)), year, false),
            results,
            previous_results: previous.map(|(year, _)| self.link(self.year_label(*year, false), Page::Results(*year))),
            years: self.year_links(|year| Some(Page::Year(year))),
            goals: goals.len(),
            pending: self.pending(year),
        })
    }

    fn results(&self, year: FiscalYear) -> view::Results {
        let site = self.site;
        let (range, goals) = self.year_goals(year);
        let record = &site.years[&year];
        let levels = self.level_counts(year, goals.iter());
        let matrix = (!levels.is_empty()).then(|| {
            let rows = record.departments.iter().map(|(id, range)| {
                let link = self.link(&*site.department(*id).matter.name, Page::DepartmentYear(year, *id));
                let counts = (0..levels.len()).map(|level| {
                    let has = |goal: &&site::Goal| goal.outcome.as_ref().and_then(|it| it.level) == Some(level);
                    view::MatrixCell { count: site.goals[range.clone()].iter().filter(has).count(), href: None }
                });
                let cells: Vec<view::MatrixCell> = counts.collect();
                view::MatrixRow { link, total: cells.iter().map(|cell| cell.count).sum(), cells }
            });
            let column = |level: &config::Level| view::MatrixColumn {
                title: level.label.to_string(),
                full: level.label.to_string(),
                href: None,
            };
            let totals: Vec<usize> = levels.iter().map(|level| level.count).collect();
            view::Matrix {
                columns: site.config.levels(year).iter().map(column).collect(),
                rows: rows.collect(),
                total: totals.iter().sum(),
                totals,
            }
        });
        let missed = range.clone().zip(goals).filter(|(_, goal)| self.fell_short(goal)).map(|(index, goal)| {
            let outcome = goal.outcome.as_deref();
            let indicators = goal.actions.iter().enumerate().filter_map(|(index, action)| {
                let actual = outcome?.actions.get(index)?.actual.as_ref();
                let view = indicator_view(action.indicator.as_deref()?, actual, None);
                (view.met == Some(false)).then_some(view)
            });
            view::Missed {
                goal: self.row(GoalId(index as u32)),
                department: self
                    .link(&*site.department(goal.department).matter.name, Page::DepartmentYear(year, goal.department)),
                indicators: indicators.collect(),
                reason: outcome.and_then(|outcome| outcome.reason.as_deref()).map(str::to_owned),
            }
        });
        view::Results {
            label: self.year_label(year, true).to_owned(),
            year: self.link(self.year_label(year, false), Page::Year(year)),
            goals: goals.len(),
            results: record.results,
            levels,
            figures: figures_view(sum(goals)),
            matrix,
            missed: missed.collect(),
            groups: self.groups(range.clone().map(|index| GoalId(index as u32)), year, true),
            years: self.year_links(|year| (site.years[&year].results > 0).then_some(Page::Results(year))),
        }
    }

    fn department_year(&self, year: FiscalYear, id: DepartmentId) -> Result<view::DepartmentYear> {
        let site = self.site;
        let statement = site.statements.get(&(year, id));
        let html = match statement {
            Some(prose) => self.html(&prose.body, 3, "")?,
            None => String::new(),
        };
        let record = site.years.get(&year);
        let range = record.and_then(|record| record.departments.iter().find(|(other, _)| *other == id));
        let range = range.map_or(0..0, |(_, range)| range.clone());
        let goals = &site.goals[range.clone()];
        let mut groups: Vec<view::PillarGroup> = Vec::new();
        let mut last = None;
        for (index, goal) in range.zip(goals) {
            if last != Some(goal.pillar) {
                last = Some(goal.pillar);
                let count = goals.iter().filter(|other| other.pillar == goal.pillar).count();
                groups.push(view::PillarGroup {
                    pillar: self.pillar(goal.pillar, Some(year), count),
                    goals: Vec::with_capacity(count),
                });
            }
            // A goal in prose has no rows; its text is what stands in the table's place.
            let (mut html, mut outcome_html) = (String::new(), String::new());
            if goal.actions.is_empty() {
                html = self.html(&goal.body, 5, &format!("goal-{}-", goal.slug))?;
                if let Some(outcome) = &goal.outcome {
                    outcome_html = self.html(&outcome.body, 5, &format!("goal-{}-result-", goal.slug))?;
                }
            }
            let view = self.goal(GoalId(index as u32), html, outcome_html);
            if let Some(group) = groups.last_mut() {
                group.goals.push(view);
            }
        }
        let levels = self.level_counts(year, goals.iter());
        let has_levels = goals
            .iter()
            .filter_map(|goal| goal.outcome.as_deref())
            .any(|outcome| outcome.level.is_some() || outcome.action_levels.iter().any(Option::is_some));
        let departments = record.map_or(&[][..], |record| &record.departments).iter();
        let name = &*site.department(id).matter.name;
        Ok(view::DepartmentYear {
            label: self.year_label(year, true).to_owned(),
            name: name.to_owned(),
            department: self.department_link(id),
            year: self.link(self.year_label(year, false), Page::Year(year)),
            head: statement.and_then(|prose| prose.head.as_deref()).map(str::to_owned),
            html,
            groups,
            goals: goals.len(),
            results: goals.iter().filter(|goal| goal.outcome.is_some()).count(),
            levels,
            figures: figures_view(sum(goals)),
            has_results: goals.iter().any(|goal| goal.outcome.is_some()),
            has_levels,
            pending: self.pending(year),
            today: self.today(id),
            departments: departments
                .map(|(other, _)| self.link(&*site.department(*other).matter.name, Page::DepartmentYear(year, *other)))
                .collect(),
        })
    }

    fn pillar_year(&self, year: FiscalYear, id: PillarId) -> view::PillarYear {
        let goals = self.site.pillar_goals(year, id);
        let record = &self.site.years[&year];
        let pillars = record.pillars.iter().map(|(other, _)| {
            let pillar = self.pillar(*other, Some(year), 0);
            let number = pillar.number.map(|number| format!("{number} ")).unwrap_or_default();
            view::Link { title: number + &pillar.short, href: pillar.href, current: *other == id }
        });
        view::PillarYear {
            label: self.year_label(year, true).to_owned(),
            pillar: self.pillar(id, None, goals.len()),
            year: self.link(self.year_label(year, false), Page::Year(year)),
            groups: self.groups(goals.iter().copied(), year, false),
            goals: goals.len(),
            pillars: pillars.collect(),
        }
    }

    fn department(&self, id: DepartmentId) -> Result<view::Department> {
        let site = self.site;
        let department = site.department(id);
        let matter = &department.matter;
        let links = |ids: &[DepartmentId]| ids.iter().map(|id| self.department_link(*id)).collect();
        let family: Vec<DepartmentId> = site.all_predecessors(id).into_iter().chain([id]).collect();
        let mut years = Vec::new();
        for year in site.years.keys().rev() {
            for member in &family {
                let goals = site.department_goals(*year, *member);
                if goals.is_empty() {
                    continue;
                }
                let results = goals.iter().filter(|goal| goal.outcome.is_some()).count();
                let row = self.year_row(*year, Page::DepartmentYear(*year, *member), goals.len(), results);
                let name = (*member != id).then(|| site.department(*member).matter.name.to_string());
                years.push(view::YearRow { department: name, ..row });
            }
        }
        Ok(view::Department {
            name: matter.name.to_string(),
            reading: matter.reading.as_deref().map(str::to_owned),
            existed: self.existed(id),
            html: self.html(&matter.body, 2, "")?,
            sections: matter.sections.iter().map(|section| section.name.to_string()).collect(),
            predecessors: links(&department.predecessors),
            successors: links(&department.successors),
            today: self.today(id),
            years,
        })
    }

    /// From when to when a department existed; nothing for one that is still there since before the record.
    fn existed(&self, id: DepartmentId) -> Option<String> {
        let years = self.site.department(id).matter.years?;
        let calendar = &self.site.config.calendar;
        let (from, to) = (calendar.short_label(years.from), years.to.map(|to| calendar.short_label(to)));
        Some(match to {
            Some(to) if to == from => from,
            Some(to) => self.words.fill("from_to", &[("a", &from), ("b", &to)]),
            None => self.words.fill("since", &[("a", &from)]),
        })
    }

    fn pillar_page(&self, id: PillarId) -> Result<view::PillarPage> {
        let site = self.site;
        let mut years = Vec::new();
        for year in site.years.keys().rev() {
            let goals = site.pillar_goals(*year, id);
            if !goals.is_empty() {
                let results = goals.iter().filter(|id| site.goal(**id).outcome.is_some()).count();
                years.push(self.year_row(*year, Page::PillarYear(*year, id), goals.len(), results));
            }
        }
        let pillars = (0..site.pillars.len()).map(|index| {
            let pillar = self.pillar(PillarId(index as u32), None, 0);
            let number = pillar.number.map(|number| format!("{number} ")).unwrap_or_default();
            view::Link { title: number + &pillar.short, href: pillar.href, current: index == id.0 as usize }
        });
        Ok(view::PillarPage {
            pillar: self.pillar(id, None, 0),
            html: self.html(&site.pillar(id).matter.body, 2, "")?,
            years,
            pillars: pillars.collect(),
        })
    }

    fn departments(&self) -> view::Departments {
        let current = self.current_departments();
        let ids = (0..self.site.departments.len()).map(|index| DepartmentId(index as u32));
        let latest = self.site.latest_year();
        let has_begun = |id: &DepartmentId| {
            let years = self.site.department(*id).matter.years;
            years.is_none_or(|years| latest.is_none_or(|latest| years.from <= latest))
        };
        let former = ids
            .filter(has_begun)
            .map(|id| view::Former { link: self.department_link(id), existed: self.existed(id), today: self.today(id) })
            .filter(|former| current.iter().all(|link| link.href != former.link.href));
        view::Departments { former: former.collect(), current }
    }

    fn sitemap(&self) -> view::Sitemap {
        let site = self.site;
        let texts = site.texts.iter().enumerate().map(|(index, text)| {
            self.link(text.prose.title.as_deref().unwrap_or_default(), Page::Text(TextId(index as u32)))
        });
        let years = site.years.iter().rev().map(|(year, record)| {
            let departments = record.departments.iter().map(|(id, range)| {
                let link = self.link(&*site.department(*id).matter.name, Page::DepartmentYear(*year, *id));
                let listed = site.goals.len() <= LISTED_GOALS;
                let goals = range.clone().filter(|_| listed).map(|index| self.row(GoalId(index as u32)));
                view::GoalGroup { link, goals: goals.collect() }
            });
            let departments = departments.collect();
            let pillars = record.pillars.iter().map(|(id, _)| {
                let pillar = self.pillar(*id, Some(*year), 0);
                view::Link { title: pillar.name, href: pillar.href, current: false }
            });
            let pillars = pillars.collect();
            let results = (record.results > 0).then(|| {
                self.link(
                    self.words.fill("results_heading", &[("a", self.year_label(*year, false))]),
                    Page::Results(*year),
                )
            });
            let heading = self.words.fill("year_heading", &[("a", self.year_label(*year, false))]);
            view::SitemapYear { year: self.link(heading, Page::Year(*year)), results, pillars, departments }
        });
        let years = years.collect();
        let departments = (0..site.departments.len()).map(|index| self.department_link(DepartmentId(index as u32)));
        let pillars = (0..site.pillars.len()).map(|index| {
            let pillar = self.pillar(PillarId(index as u32), None, 0);
            view::Link { title: pillar.name, href: pillar.href, current: false }
        });
        view::Sitemap { texts: texts.collect(), departments: departments.collect(), pillars: pillars.collect(), years }
    }
}

/// The number a telephone dials: what follows it, such as an extension, is for people.
fn telephone_href(text: &str) -> Option<String> {
    let mut digits = String::new();
    for c in text.chars() {
        match c {
            '0'..='9' | '+' => digits.push(c),
            '０'..='９' => digits.push(char::from(b'0' + (c as u32 - '０' as u32) as u8)),
            '-' | '‐' | '－' | ' ' | '\u{3000}' | '(' | ')' | '.' => {}
            _ if digits.is_empty() => {}
            _ => break,
        }
    }
    (digits.len() >= 3).then(|| format!("tel:{digits}"))
}

/// 24キロバイト
pub(crate) fn size_text(words: &Words, bytes: u64) -> String {
    match bytes {
        bytes if bytes >= 1024 * 1024 => {
            let tenths = bytes * 10 / (1024 * 1024);
            words.fill("megabytes", &[("a", &format!("{}.{}", tenths / 10, tenths % 10))])
        }
        bytes => words.fill("kilobytes", &[("a", &bytes.div_ceil(1024).to_string())]),
    }
}

fn base_path(base_url: Option<&str>) -> String {
    let path = base_url.and_then(|url| url.split_once("://")).and_then(|(_, rest)| rest.split_once('/'));
    path.map_or_else(|| "/".to_owned(), |(_, path)| format!("/{path}"))
}

fn most_common(dates: impl Iterator<Item = Date>) -> Option<Date> {
    let mut counts = std::collections::BTreeMap::new();
    for date in dates {
        *counts.entry(date).or_insert(0_usize) += 1;
    }
    counts.into_iter().max_by_key(|(date, count)| (*count, *date)).map(|(date, _)| date)
}

pub(crate) fn sum(goals: &[site::Goal]) -> site::Figures {
    let mut figures = site::Figures::default();
    for goal in goals {
        figures += goal.figures();
    }
    figures
}

fn figures_view(figures: site::Figures) -> view::Figures {
    view::Figures { met: figures.met, missed: figures.missed, total: figures.met + figures.missed }
}

fn level_view(level: &config::Level) -> view::Level {
    view::Level { label: level.label.to_string(), shape: level.shape.name(), color: level.color.name() }
}

fn indicator_view(
    indicator: &document::Indicator,
    actual: Option<&crate::figure::Figure>,
    criterion: Option<&str>,
) -> view::Indicator {
    let own = |figure: &Option<crate::figure::Figure>| figure.as_ref().map(ToString::to_string);
    view::Indicator {
        name: indicator.name.as_deref().map(str::to_owned),
        unit: indicator.unit.as_deref().unwrap_or_default().to_owned(),
        baseline: own(&indicator.baseline),
        target: indicator.target().map(ToString::to_string),
        first_target: indicator.revised_target.as_ref().and(own(&indicator.target)),
        actual: actual.map(ToString::to_string),
        stated: criterion
            .zip(indicator.target())
            .is_some_and(|(criterion, target)| criterion.contains(target.as_str())),
        down: indicator.direction == Direction::Down,
        met: actual.and_then(|actual| indicator.is_met(actual)),
        bar: bar(indicator, actual),
    }
}

/// Positions for a bar that starts at zero; none where a value is negative, for which a bar from zero would mislead.
fn bar(indicator: &document::Indicator, actual: Option<&crate::figure::Figure>) -> Option<view::Bar> {
    let (actual, target) = (actual?.approximate(), indicator.target()?.approximate());
    let baseline = indicator.baseline.as_ref().map(crate::figure::Figure::approximate);
    let longest = [Some(actual), Some(target), baseline].into_iter().flatten().fold(0.0, f64::max);
    let shortest = [Some(actual), Some(target), baseline].into_iter().flatten().fold(0.0, f64::min);
    if longest <= 0.0 || shortest < 0.0 {
        return None;
    }
    let position = |value: f64| (value / longest * 100.0).round() as u8;
    Some(view::Bar { actual: position(actual), target: position(target), baseline: baseline.map(position) })
}

impl Prepared {
    /// The language of the site.
    pub fn language(&self) -> Language {
        self.site.config.language
    }
}
