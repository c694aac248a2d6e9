//! What a booklet says: the published [`Site`] to the values of [`super::view`].
//!
//! Knows no fonts, no pages and no measures. Everything the page of the same name shows is here, in the same words.

use super::pictures;
use super::view::{Booklet, Corrected, Day, Goal, Group, Paper, Part as Chapter, Progress, Step};
use crate::document::Body;
use crate::markdown::tree::{self, Block, Destination};
use crate::markdown::{self, LinkKind};
use crate::plan::booklets::{Subject, goals};
use crate::plan::{Page, Target};
use crate::prepared::Prepared;
use crate::render::views::{self, Views};
use crate::site::{self, DepartmentId, GoalId, PillarId, Site};
use crate::text::address::{Scheme, split_fragment};
use crate::text::place::FileId;
use crate::value::booklet::Part;
use crate::value::calendar::{Date, FiscalYear};
use crate::value::edition::Edition;
use anyhow::Result;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// A booklet's values, and the images that it shows, by the name they have in it.
pub struct Matter {
    /// The values.
    pub booklet: Booklet,
    /// Files of `content/`, in the order in which they are shown.
    pub images: Vec<(String, FileId)>,
    /// Every document whose text is inside.
    pub documents: Vec<FileId>,
}

/// Where the QR code is, in the booklet's own files.
pub const QR: &str = "/qr.svg";

/// Gathers what a booklet says. Fonts and joined headings are left for the press.
///
/// # Errors
/// When a document cannot be read, or changed since it was checked.
pub fn gather(prepared: &Prepared, wanted: &crate::plan::booklets::Booklet) -> Result<Matter> {
    let page = crate::plan::booklets::page(wanted);
    let views = Views::new(prepared, page, Edition::Large, None);
    let site = &prepared.site;
    let has_result = |id: &GoalId| site.goal(*id).outcome.is_some();
    let is_one_goal = matches!(wanted.subject, Subject::Goal(_));
    let has_results = is_one_goal || goals(site, wanted.subject, wanted.part).iter().any(has_result);
    let reader = Reader { prepared, site, views, part: wanted.part, has_results, state: RefCell::default() };
    reader.booklet(wanted, page)
}

struct Reader<'p> {
    prepared: &'p Prepared,
    site: &'p Site,
    views: Views<'p>,
    part: Part,
    /// Whether there is any result to tell of. Where there is none, one sentence says so, and no column stays empty.
    has_results: bool,
    state: RefCell<State>,
}

/// What bodies leave behind while they are read.
#[derive(Default)]
struct State {
    notes: Vec<Vec<Block>>,
    images: Vec<(String, FileId)>,
    documents: Vec<FileId>,
}

/// How a booklet is called, on its cover and in the list of open files.
struct Head {
    kind: &'static str,
    heading: String,
    eyebrow: String,
    title: String,
    /// The level of the headings of its goals.
    goal_level: u8,
}

impl Reader<'_> {
    fn booklet(self, wanted: &crate::plan::booklets::Booklet, page: Page) -> Result<Matter> {
        let (site, words) = (self.site, self.views.words);
        let config = &site.config;
        let year = self.year(wanted.subject);
        let goals = goals(site, wanted.subject, wanted.part);
        let members: Vec<&site::Goal> = goals.iter().map(|id| site.goal(*id)).collect();
        let Head { kind, heading, eyebrow, title, goal_level } = self.head(wanted, year, &members);
        let preface = match wanted.subject {
            Subject::Year(year) if wanted.part != Part::Results => {
                site.forewords.get(&year).map_or(Ok(Vec::new()), |prose| self.text(&prose.body))?
            }
            Subject::Pillar(_, id) => self.text(&site.pillar(id).matter.body)?,
            _ => Vec::new(),
        };
        let parts = self.chapters(wanted.subject, &goals)?;
        let updated = self.updated(wanted, page);
        let day = updated.unwrap_or_else(|| config.calendar.first_day(year));
        let shows_results = wanted.part != Part::Goals;
        let levels = match (shows_results, members.len()) {
            (true, 2..) => self.views.level_counts(year, members.iter().copied()),
            _ => Vec::new(),
        };
        let figures = (shows_results && members.len() > 1).then(|| self.figures(&members)).flatten();
        let address = config.base_url.as_deref().map(|base| crate::render::canonical(self.prepared, base, page));
        let mut departments: Vec<DepartmentId> = members.iter().map(|goal| goal.department).collect();
        departments.sort_unstable();
        departments.dedup();
        let mut lede = match wanted.subject {
            Subject::Goal(_) => String::new(),
            Subject::Department(..) => words.count("print_lede_one", members.len()),
            _ => {
                let counted = words.count("n_departments", departments.len());
                let values = [("a", &*departments.len().to_string()), ("b", &*counted)];
                crate::text::words::fill(words.get("print_lede"), Some(members.len()), &values)
            }
        };
        if shows_results && !self.has_results {
            lede += words.get("sentence_gap");
            lede += &self.views.pending(year);
        }
        let is_draft = |goal: &&site::Goal| self.views.is_draft(&goal.publication) || self.draft_outcome(goal);
        let state = self.state.take();
        let mut booklet = Booklet {
            kind,
            title,
            heading,
            eyebrow,
            site: config.title.to_string(),
            organization: config.organization.name.to_string(),
            language: config.language.tag(),
            size: wanted.size.points(),
            large: wanted.size.is_large(),
            paper: Paper {
                name: wanted.paper.name(),
                width: wanted.paper.millimetres().0,
                height: wanted.paper.millimetres().1,
            },
            fonts: Vec::new(),
            date: Day { year: day.year(), month: day.month(), day: day.day() },
            updated: updated.map(|date| self.views.date(date)),
            page_id: self.views.page_id(),
            qr: address.as_ref().map(|_| QR),
            address,
            notice: config.notice.as_deref().map(str::to_owned),
            sample: members.iter().any(|goal| goal.publication.sample),
            draft: members.iter().any(is_draft),
            bound: !matches!(wanted.subject, Subject::Goal(_)),
            goal_level,
            preface,
            lede,
            levels,
            figures,
            totals: if members.len() > 1 { self.views.totals(year, members.iter().copied()) } else { Vec::new() },
            corrections: if shows_results { self.corrections(&members) } else { Vec::new() },
            parts,
            notes: state.notes,
            contact: self.views.contact(),
            values: Vec::new(),
            words: words.all().clone(),
            joined: BTreeMap::new(),
        };
        booklet.values = super::values::of(&booklet);
        let mut documents = state.documents;
        documents.sort_unstable();
        documents.dedup();
        Ok(Matter { booklet, images: state.images, documents })
    }

    /// How a booklet is called.
    fn head(&self, wanted: &crate::plan::booklets::Booklet, year: FiscalYear, members: &[&site::Goal]) -> Head {
        let (site, words) = (self.site, self.views.words);
        let (kind, heading, eyebrow, goal_level) = match wanted.subject {
            Subject::Year(_) => {
                let (kind, word) = match wanted.part {
                    Part::Goals => ("year", "print_goals"),
                    Part::Results => ("results", "print_results"),
                    Part::Both if members.iter().any(|goal| goal.outcome.is_some()) => ("year", "print_both"),
                    Part::Both => ("year", "print_goals"),
                };
                (kind, words.get(word).to_owned(), self.views.year_label(year, true).to_owned(), 3)
            }
            Subject::Department(_, id) => {
                let name = &*site.department(id).matter.name;
                ("department", name.to_owned(), self.views.year_label(year, true).to_owned(), 2)
            }
            Subject::Pillar(_, id) => ("pillar", self.pillar_name(id), self.views.year_label(year, true).to_owned(), 2),
            Subject::Goal(id) => {
                let goal = site.goal(id);
                let name = &*site.department(goal.department).matter.name;
                let values = [("a", self.views.year_label(year, true)), ("b", name), ("c", &*self.views.number(goal))];
                ("goal", goal.title.to_string(), words.fill("goal_eyebrow", &values), 1)
            }
        };
        let told = words.get(match (wanted.part, wanted.subject) {
            (Part::Goals, Subject::Department(..) | Subject::Pillar(..)) => "print_goals",
            (Part::Results, Subject::Department(..) | Subject::Pillar(..)) => "print_results",
            _ => "",
        });
        let mut title: Vec<&str> = match wanted.subject {
            Subject::Goal(_) => vec![&heading, &eyebrow],
            _ => vec![&eyebrow, &heading],
        };
        title.extend([told, &*site.config.title].iter().filter(|part| !part.is_empty()));
        let mut title = title.join(words.get("title_separator"));
        if wanted.size.is_large() {
            title = words.fill("print_large_title", &[("a", &title), ("b", &wanted.size.points().to_string())]);
        }
        Head { kind, heading, eyebrow, title, goal_level }
    }

    fn year(&self, subject: Subject) -> FiscalYear {
        match subject {
            Subject::Year(year) | Subject::Department(year, _) | Subject::Pillar(year, _) => year,
            Subject::Goal(id) => self.site.goal(id).year,
        }
    }

    /// The latest change of anything inside.
    fn updated(&self, wanted: &crate::plan::booklets::Booklet, page: Page) -> Option<Date> {
        match (wanted.subject, wanted.part) {
            // The page of a year tells its goals only; the booklet tells their results too.
            (Subject::Year(year), Part::Both) => {
                let results = views::updated(self.site, Page::Results(year));
                views::updated(self.site, page).max(results)
            }
            _ => views::updated(self.site, page),
        }
    }

    fn figures(&self, members: &[&site::Goal]) -> Option<String> {
        let mut sum = site::Figures::default();
        for goal in members {
            sum += goal.figures();
        }
        let total = (sum.met + sum.missed).to_string();
        let (met, missed) = (sum.met.to_string(), sum.missed.to_string());
        let words = self.views.words;
        match (sum.met + sum.missed, sum.missed) {
            (0, _) => None,
            (count, 0) => Some(crate::text::words::fill(words.get("figures_all_met"), Some(count), &[("a", &total)])),
            _ => Some(words.fill("figures_text", &[("a", &total), ("b", &met), ("c", &missed)])),
        }
    }

    fn pillar_name(&self, id: PillarId) -> String {
        let pillar = self.site.pillar(id);
        let name = &*pillar.matter.name;
        let Some(number) = &pillar.number else { return name.to_owned() };
        if self.site.config.tiers.is_empty() {
            return self.views.words.fill("print_pillar", &[("a", number), ("b", name)]);
        }
        let tier = self.views.tier(self.site.pillar_depth(id));
        self.views.words.fill("print_tier", &[("a", tier), ("b", number), ("c", name)])
    }

    // ---- Chapters -------------------------------------------------------------------------------------------------

    fn chapters(&self, subject: Subject, goals: &[GoalId]) -> Result<Vec<Chapter>> {
        let site = self.site;
        match subject {
            Subject::Goal(id) => {
                let goals = vec![self.goal(id)?];
                Ok(vec![Chapter { groups: vec![Group { title: None, goals }], ..Chapter::default() }])
            }
            Subject::Department(year, id) => {
                let mut chapters = Vec::new();
                let statement = self.statement(year, id)?;
                let today = self.today(id);
                if !statement.statement.is_empty() || today.is_some() {
                    let title = Some(self.views.words.get("print_opening").to_owned());
                    let running = site.department(id).matter.name.to_string();
                    chapters.push(Chapter { title, running, today, ..statement });
                }
                for goals in goals.chunk_by(|a, b| site.goal(*a).pillar == site.goal(*b).pillar) {
                    chapters.push(Chapter {
                        title: Some(self.pillar_name(site.goal(goals[0]).pillar)),
                        running: site.department(id).matter.name.to_string(),
                        groups: vec![self.group(None, goals)?],
                        ..Chapter::default()
                    });
                }
                Ok(chapters)
            }
            Subject::Pillar(..) => {
                let chunks = goals.chunk_by(|a, b| site.goal(*a).department == site.goal(*b).department);
                chunks
                    .map(|goals| {
                        let id = site.goal(goals[0]).department;
                        let name = site.department(id).matter.name.to_string();
                        let groups = vec![self.group(None, goals)?];
                        Ok(Chapter { running: name.clone(), title: Some(name), groups, ..Chapter::default() })
                    })
                    .collect()
            }
            Subject::Year(year) => {
                let mut departments: Vec<DepartmentId> = goals.iter().map(|id| site.goal(*id).department).collect();
                let with_statement = site.statements.keys().filter(|(of, _)| *of == year && self.part != Part::Results);
                departments.extend(with_statement.map(|(_, id)| *id));
                departments.sort_unstable();
                departments.dedup();
                departments.into_iter().map(|id| self.department_chapter(year, id, goals)).collect()
            }
        }
    }

    fn department_chapter(&self, year: FiscalYear, id: DepartmentId, goals: &[GoalId]) -> Result<Chapter> {
        let site = self.site;
        let name = site.department(id).matter.name.to_string();
        let own: Vec<GoalId> = goals.iter().copied().filter(|goal| site.goal(*goal).department == id).collect();
        let by_pillar = own.chunk_by(|a, b| site.goal(*a).pillar == site.goal(*b).pillar);
        let groups = by_pillar
            .map(|goals| self.group(Some(self.pillar_name(site.goal(goals[0]).pillar)), goals))
            .collect::<Result<Vec<_>>>()?;
        let statement = self.statement(year, id)?;
        Ok(Chapter { title: Some(name.clone()), running: name, today: self.today(id), groups, ..statement })
    }

    fn statement(&self, year: FiscalYear, id: DepartmentId) -> Result<Chapter> {
        let Some(prose) = self.site.statements.get(&(year, id)).filter(|_| self.part != Part::Results) else {
            return Ok(Chapter::default());
        };
        let words = self.views.words;
        let title = match prose.head.as_deref() {
            Some(head) => words.fill("head", &[("a", head)]),
            None => words.get("statement").to_owned(),
        };
        Ok(Chapter { statement_title: Some(title), statement: self.text(&prose.body)?, ..Chapter::default() })
    }

    fn today(&self, id: DepartmentId) -> Option<String> {
        let names: Vec<&str> = self
            .site
            .current_successors(id)
            .into_iter()
            .map(|id| {
                let department = self.site.department(id);
                self.state.borrow_mut().documents.push(department.matter.body.file);
                &*department.matter.name
            })
            .collect();
        (!names.is_empty()).then(|| names.join(self.views.words.get("list_separator")))
    }

    fn group(&self, title: Option<String>, goals: &[GoalId]) -> Result<Group> {
        let goals = goals.iter().map(|id| self.goal(*id)).collect::<Result<Vec<_>>>()?;
        Ok(Group { title, goals })
    }

    fn draft_outcome(&self, goal: &site::Goal) -> bool {
        goal.outcome.as_ref().is_some_and(|outcome| self.views.is_draft(&outcome.publication))
    }

    fn goal(&self, id: GoalId) -> Result<Goal> {
        let (site, views) = (self.site, &self.views);
        let goal = site.goal(id);
        let (tells_goals, tells_results) = (self.part != Part::Results, self.part != Part::Goals);
        let outcome = goal.outcome.as_deref().filter(|_| tells_results);
        {
            let mut state = self.state.borrow_mut();
            let department = site.department(goal.department).matter.body.file;
            state.documents.extend([goal.body.file, department, site.pillar(goal.pillar).matter.body.file]);
            state.documents.extend(outcome.map(|outcome| outcome.body.file));
        }
        let actions = views.actions(goal, outcome);
        let number = views.number(goal);
        let name = |id: DepartmentId| site.department(id).matter.name.to_string();
        let mut progress = Vec::new();
        for (date, report) in goal.progress.iter().filter(|_| tells_results) {
            self.state.borrow_mut().documents.push(report.body.file);
            let rows = goal.actions.iter().zip(&report.actions);
            let rows = rows.map(|(action, row)| views.progress_action(action, row));
            progress.push(Progress {
                date: views.date(*date),
                actions: rows.collect(),
                indicators: views.progress_indicators(goal, report),
                text: self.text(&report.body)?,
            });
        }
        let thread = site.threads.get(&id).map_or(&[][..], |thread| thread);
        let step = |other: &GoalId| {
            let member = site.goal(*other);
            self.state.borrow_mut().documents.push(member.body.file);
            let level = member.outcome.as_ref().filter(|_| tells_results).and_then(|it| it.level);
            Step {
                year: views.year_label(member.year, false).to_owned(),
                department: name(member.department),
                goal: format!("{} {}", views.number(member), member.title),
                level: level.and_then(|index| views.level(member.year, index)),
                current: *other == id,
                ended: member.ended.as_ref().filter(|_| *other != id).map(|text| text.value.to_string()),
            }
        };
        Ok(Goal {
            heading: views.words.fill("table_caption", &[("a", &number), ("b", &goal.title)]),
            number,
            title: goal.title.to_string(),
            department: name(goal.department),
            pillar: self.pillar_name(goal.pillar),
            year: views.year_label(goal.year, true).to_owned(),
            sample: goal.publication.sample,
            draft: views.is_draft(&goal.publication),
            level: outcome.and_then(|outcome| views.level(goal.year, outcome.level?)),
            has_action_levels: outcome.is_some_and(|outcome| outcome.action_levels.iter().any(Option::is_some)),
            has_result: outcome.is_some(),
            result_sample: outcome.is_some_and(|it| it.publication.sample) && !goal.publication.sample,
            result_draft: outcome.is_some_and(|it| views.is_draft(&it.publication))
                && !views.is_draft(&goal.publication),
            tells_results: tells_results && self.has_results,
            pending: views.pending(goal.year),
            actions,
            indicators: views.own_indicators(goal, outcome),
            extras: views.extras(goal.year, &goal.extras),
            why: if tells_goals || goal.actions.is_empty() { self.text(&goal.body)? } else { Vec::new() },
            account: outcome.map_or(Ok(Vec::new()), |outcome| self.text(&outcome.body))?,
            reason: outcome.and_then(|outcome| outcome.reason.as_deref()).map(str::to_owned),
            result_extras: outcome.map_or(Vec::new(), |outcome| views.extras(goal.year, &outcome.extras)),
            ended: goal.ended.as_ref().map(|text| text.value.to_string()),
            progress,
            corrections: outcome
                .map_or(Vec::new(), |it| it.corrections.iter().map(|it| views.correction(it)).collect()),
            thread: thread.iter().rev().map(step).collect(),
            today: self.today(goal.department),
            page_id: super_page_id(site, goal),
        })
    }

    fn corrections(&self, members: &[&site::Goal]) -> Vec<Corrected> {
        let mut all = Vec::new();
        for goal in members {
            for correction in goal.outcome.iter().flat_map(|outcome| &outcome.corrections) {
                let number = self.views.number(goal);
                let corrected = Corrected {
                    goal: self.views.words.fill("table_caption", &[("a", &number), ("b", &goal.title)]),
                    department: self.site.department(goal.department).matter.name.to_string(),
                    correction: self.views.correction(correction),
                };
                all.push((correction.date, corrected));
            }
        }
        // Latest first; within a day in the order of the goals.
        all.sort_by_key(|(date, _)| std::cmp::Reverse(*date));
        all.into_iter().map(|(_, corrected)| corrected).collect()
    }

    // ---- Bodies ---------------------------------------------------------------------------------------------------

    fn text(&self, body: &Body) -> Result<Vec<Block>> {
        self.state.borrow_mut().documents.push(body.file);
        if body.is_empty {
            return Ok(Vec::new());
        }
        let words = self.views.words;
        let words = markdown::Words {
            footnotes: words.get("footnotes"),
            footnote: words.get("footnote"),
            back: words.get("footnote_back"),
            external: words.get("external"),
            table: words.get("table"),
            colon: words.get("colon"),
            done: words.get("task_done"),
            todo: words.get("task_open"),
            alerts: [
                words.get("alert_note"),
                words.get("alert_tip"),
                words.get("alert_important"),
                words.get("alert_warning"),
                words.get("alert_caution"),
            ],
        };
        let options = tree::Options { notes_before: self.state.borrow().notes.len(), words: &words };
        let resolve = |target: &str, kind: LinkKind| self.resolve(body.file, target, kind);
        let made = crate::render::with_body(self.prepared, body, |text| tree::tree(text, &options, &resolve));
        let (blocks, notes) = made?;
        self.state.borrow_mut().notes.extend(notes);
        Ok(blocks)
    }

    fn resolve(&self, from: FileId, target: &str, kind: LinkKind) -> Destination {
        match Scheme::of(target) {
            Scheme::Outside if kind == LinkKind::Link => {
                let shown = target.strip_prefix("mailto:").or(target.strip_prefix("tel:")).unwrap_or(target);
                return Destination::Link { href: Some(target.to_owned()), shown: Some(shown.to_owned()) };
            }
            Scheme::Inside => {}
            _ => return Destination::Text,
        }
        let (path, _) = split_fragment(target);
        if path.is_empty() {
            return Destination::Text;
        }
        let base = self.site.config.base_url.as_deref();
        match self.prepared.plan.resolve(self.site, &self.prepared.sources, from, path) {
            Target::Page(page, _) => {
                let href = base.map(|base| crate::render::canonical(self.prepared, base, page));
                let id = Views::new(self.prepared, page, Edition::Screen, None).page_id();
                let shown = format!("{} {id}", self.views.words.get("page_id"));
                Destination::Link { href, shown: Some(shown) }
            }
            Target::Attachment(index) => {
                let attachment = &self.site.attachments[index as usize];
                if kind == LinkKind::Image {
                    return self.image(&attachment.path, attachment.file);
                }
                let href = base.map(|base| format!("{base}{}", crate::text::address::encode(&attachment.path)));
                Destination::Link { shown: href.clone(), href }
            }
            Target::Hidden | Target::Faulty | Target::None => Destination::Text,
        }
    }

    /// An image in the booklet's own files; formats that the press does not know are told by their alternative.
    fn image(&self, path: &str, file: FileId) -> Destination {
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
        if !pictures::is_set(path) {
            return Destination::Text;
        }
        let mut state = self.state.borrow_mut();
        if let Some((name, _)) = state.images.iter().find(|(_, known)| *known == file) {
            return Destination::Image(name.clone());
        }
        let name = format!("/images/{}.{ending}", state.images.len() + 1);
        state.images.push((name.clone(), file));
        Destination::Image(name)
    }
}

fn super_page_id(site: &Site, goal: &site::Goal) -> String {
    format!("{}-{}-{}", goal.year, site.department(goal.department).key, goal.slug)
}
