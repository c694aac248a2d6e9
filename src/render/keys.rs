//! What every file of the site is made from, as one number. While the number stays the same, so do the bytes, and a
//! build need not make the file again.
//!
//! Coarse on purpose: what nearly every page shows (settings, theme, words, departments, pillars, the list of pages) is
//! one number, the *frame*, and a change there makes every page anew. Goals, results and reports, which are nearly all
//! documents, count only for the pages that show them. A number that changes too often costs time; one that changes too
//! seldom would be a wrong page. So whoever lets a page show something new adds it here; `tests/it/rebuild.rs` holds
//! "same number, same bytes" against random edits.

use crate::document::Body;
use crate::markdown::LinkKind;
use crate::plan::booklets::{self, Booklet, Subject};
use crate::plan::{self, Page, Route, Target};
use crate::prepared::Prepared;
use crate::site::{Goal, GoalId};
use crate::text::address::{Scheme, split_fragment};
use crate::theme::FontFile;
use crate::value::booklet::Part;
use crate::value::calendar::FiscalYear;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::hash::Hash;
use xxhash_rust::xxh3::Xxh3;

/// Numbers of one prepared site.
pub struct Keys<'p> {
    prepared: &'p Prepared,
    frame: u128,
    /// For each goal, everything that any page shows of it.
    goals: Vec<u128>,
    years: BTreeMap<FiscalYear, u128>,
    all_goals: u128,
    /// The letters of booklets; 0 where none are made.
    fonts: u128,
}

/// A number made of parts.
#[derive(Default)]
struct Mix(Xxh3);

impl Mix {
    fn add(&mut self, part: impl Hash) -> &mut Self {
        part.hash(&mut self.0);
        self
    }

    fn all(&mut self, parts: impl IntoIterator<Item = impl Hash>) -> &mut Self {
        parts.into_iter().for_each(|part| part.hash(&mut self.0));
        self
    }

    fn end(&self) -> u128 {
        self.0.digest128()
    }
}

impl<'p> Keys<'p> {
    /// `program` names the program itself: another one may make other pages of the same site.
    pub fn new(prepared: &'p Prepared, program: u64) -> Self {
        let site = &prepared.site;
        let goals: Vec<u128> = site.goals.par_iter().map(|goal| goal_key(prepared, goal)).collect();
        let years = site.years.iter().map(|(year, record)| (*year, mixed(&goals[record.goals.clone()]))).collect();
        let fonts = if site.config.pdf.kinds.is_empty() { 0 } else { fonts(prepared) };
        Self { prepared, frame: frame(prepared, program), all_goals: mixed(&goals[..]), goals, years, fonts }
    }

    /// The number for a file of the site; `None` where only its bytes tell.
    pub fn of(&self, route: Route) -> Option<u128> {
        let site = &self.prepared.site;
        let mut mix = Mix::default();
        match route {
            Route::Page(page, _) => {
                // A page says how many pages its booklets have.
                let booklets = booklets::of_page(site, page);
                booklets.iter().for_each(|booklet| self.booklet(booklet, &mut mix));
                self.page(page, &mut mix)
            }
            Route::Booklet(booklet) => {
                self.booklet(&booklet, &mut mix);
                &mut mix
            }
            Route::SitemapXml => mix.add(self.frame).add(self.all_goals),
            Route::Robots => mix.add(self.frame),
            Route::Asset(_) | Route::Attachment(_) => return None,
        };
        Some(mix.end())
    }

    fn page<'m>(&self, page: Page, mix: &'m mut Mix) -> &'m mut Mix {
        let site = &self.prepared.site;
        mix.add(self.frame);
        let body = |body: &Body| body_key(self.prepared, body);
        match page {
            Page::Goal(id) => self.goal(id, mix),
            Page::Year(year) => {
                let foreword = site.forewords.get(&year).map(|prose| body(&prose.body));
                mix.add(foreword).add(self.years.get(&year))
            }
            Page::Results(year) => mix.add(self.years.get(&year)),
            Page::DepartmentYear(year, id) => {
                let statement = site.statements.get(&(year, id)).map(|prose| body(&prose.body));
                let departments = site.years.get(&year).map_or(&[][..], |record| &record.departments);
                let range = departments.iter().find(|(other, _)| *other == id).map(|(_, range)| range.clone());
                mix.add(statement).add(range.map(|range| &self.goals[range]))
            }
            Page::PillarYear(year, pillar) => {
                mix.all(site.pillar_goals(year, pillar).iter().map(|id| self.goals[id.0 as usize]))
            }
            Page::Home => mix.add(site.home.as_ref().map(|prose| body(&prose.body))).add(self.all_goals),
            Page::Department(id) => mix.add(body(&site.department(id).matter.body)).add(self.all_goals),
            Page::Pillar(id) => mix.add(body(&site.pillar(id).matter.body)).add(self.all_goals),
            Page::Text(id) => mix.add(body(&site.text(id).prose.body)),
            Page::Departments | Page::Pillars | Page::Sitemap => mix.add(self.all_goals),
            Page::NotFound => mix,
        }
    }

    /// A booklet shows its goals in full, what heads and forewords say, and the images of all of them.
    fn booklet(&self, booklet: &Booklet, mix: &mut Mix) {
        let site = &self.prepared.site;
        mix.add("booklet").add(booklet.part).add(booklet.size).add(booklet.paper).add(self.fonts);
        self.page(booklets::page(booklet), mix);
        let mut bodies: Vec<&Body> = Vec::new();
        match booklet.subject {
            Subject::Year(year) => {
                bodies.extend(site.forewords.get(&year).map(|prose| &prose.body));
                bodies.extend(site.statements.iter().filter(|((of, _), _)| *of == year).map(|(_, prose)| &prose.body));
            }
            Subject::Department(year, id) => bodies.extend(site.statements.get(&(year, id)).map(|prose| &prose.body)),
            Subject::Pillar(_, id) => bodies.push(&site.pillar(id).matter.body),
            Subject::Goal(_) => {}
        }
        for id in booklets::goals(site, booklet.subject, Part::Both) {
            self.goal(id, mix);
            let goal = site.goal(id);
            bodies.push(&goal.body);
            bodies.extend(goal.outcome.as_ref().map(|outcome| &outcome.body));
            bodies.extend(goal.progress.iter().map(|(_, report)| &report.body));
        }
        for body in bodies {
            mix.add(body_key(self.prepared, body));
            for link in body.links.iter().filter(|link| link.kind == LinkKind::Image) {
                let (path, _) = split_fragment(&link.target);
                if let Target::Attachment(index) =
                    self.prepared.plan.resolve(site, &self.prepared.sources, body.file, path)
                {
                    let image = self.prepared.sources.whole(site.attachments[index as usize].file);
                    mix.add(image.map(|bytes| xxhash_rust::xxh3::xxh3_128(&bytes)).unwrap_or_default());
                }
            }
        }
    }

    /// A goal's page shows the goal, its thread, and the names of the goals before and after it.
    fn goal<'m>(&self, id: GoalId, mix: &'m mut Mix) -> &'m mut Mix {
        let site = &self.prepared.site;
        let goal = site.goal(id);
        mix.add(self.goals[id.0 as usize]);
        for near in [(id.0 as usize).checked_sub(1), Some(id.0 as usize + 1)] {
            let near = near.and_then(|index| Some((index, site.goals.get(index)?)));
            let near = near.filter(|(_, near)| near.year == goal.year && near.department == goal.department);
            mix.add(near.map(|(_, near)| (&near.title, &near.slug)));
        }
        let thread = site.threads.get(&id).map_or(&[][..], |thread| thread);
        mix.all(thread.iter().map(|id| self.goals[id.0 as usize]))
    }
}

/// What booklets are set in, from files of the project; what is in the program goes with the program.
fn fonts(prepared: &Prepared) -> u128 {
    let mut mix = Mix::default();
    for (name, font) in &prepared.theme.fonts {
        mix.add(name);
        if let FontFile::File(file) = font {
            let bytes = prepared.sources.whole(*file);
            mix.add(bytes.map(|bytes| xxhash_rust::xxh3::xxh3_128(&bytes)).unwrap_or_default());
        }
    }
    mix.end()
}

fn mixed(part: impl Hash) -> u128 {
    Mix::default().add(part).end()
}

/// What nearly every page shows.
fn frame(prepared: &Prepared, program: u64) -> u128 {
    let Prepared { site, plan, theme, options, .. } = prepared;
    let mut mix = Mix::default();
    mix.add(program).add(theme.digest).add(format!("{:?}", site.config));
    // Pages say in which month results are expected; which documents are drafts is only told where drafts are shown.
    let day = if options.drafts { options.as_of } else { options.as_of.first_of_month() };
    mix.add(options.drafts).add(day.to_string());
    for page in plan.pages.iter().filter(|page| !matches!(page, Page::Goal(_))) {
        mix.add(plan::stem(site, *page));
    }
    for (year, record) in &site.years {
        mix.add((year, record.results > 0));
        mix.add(record.departments.iter().map(|(id, _)| &*site.department(*id).key).collect::<Vec<_>>());
        mix.add(record.pillars.iter().map(|(id, _)| &*site.pillar(*id).key).collect::<Vec<_>>());
    }
    mix.all(site.departments.iter().map(|department| (&department.key, department.matter.body.hash)));
    mix.all(site.pillars.iter().map(|pillar| (&pillar.key, pillar.matter.body.hash)));
    mix.all(site.texts.iter().map(|text| (&text.slug, text.prose.body.hash)));
    mix.end()
}

/// Everything that any page shows of a goal.
fn goal_key(prepared: &Prepared, goal: &Goal) -> u128 {
    let site = &prepared.site;
    let mut mix = Mix::default();
    mix.add((goal.year, &site.department(goal.department).key, &goal.slug));
    mix.add((&site.pillar(goal.pillar).key, goal.number));
    mix.add(body_key(prepared, &goal.body));
    mix.add(goal.outcome.as_ref().map(|outcome| body_key(prepared, &outcome.body)));
    mix.all(goal.progress.iter().map(|(date, report)| (date.to_string(), body_key(prepared, &report.body))));
    mix.end()
}

/// A document: its whole text, and what its links lead to.
fn body_key(prepared: &Prepared, body: &Body) -> u128 {
    let Prepared { site, plan, sources, .. } = prepared;
    let mut mix = Mix::default();
    mix.add(body.hash);
    for link in body.links.iter() {
        let (path, _) = split_fragment(&link.target);
        if path.is_empty() || !matches!(Scheme::of(&link.target), Scheme::Inside) {
            continue;
        }
        match plan.resolve(site, sources, body.file, path) {
            Target::Page(page, part) => mix.add((plan::stem(site, page), part)),
            Target::Attachment(index) => {
                let attachment = &site.attachments[index as usize];
                let size = matches!(link.kind, LinkKind::Image).then(|| sources.image_size(attachment.file));
                mix.add((&attachment.path, attachment.size, size))
            }
            Target::Hidden | Target::Faulty | Target::None => mix.add("nothing"),
        };
    }
    mix.end()
}
