//! The one join: documents to a [`Site`], every name resolved or reported.
//!
//! A document that cannot be joined is reported and left out, but its name is remembered, so that one mistake does not
//! raise ten phantom ones.

use super::order::natural;
use super::tiers;
use super::{Attachment, Department, DepartmentId, Goal, GoalId, Outcome, Pillar, PillarId, Site, TextPage, findings};
use crate::config::Config;
use crate::diagnostic::{Checked, Diagnostic};
use crate::document::{Actual, Document, GoalMatter, GoalName, Indicator, Kind, Measured, OutcomeMatter, Prose};
use crate::text::nearest;
use crate::text::place::{FileId, Place};
use crate::text::span::{Span, Spanned};
use crate::value::calendar::{Date, FiscalYear};
use crate::value::choice::Unmeasured;
use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Everything that was read, before it is joined.
#[derive(Debug, Default)]
pub struct Documents<'r> {
    /// Parsed documents, in order of path. Those who read them keep them; a site only shares what they hold.
    pub documents: Vec<&'r Document>,
    /// Those of them in which something is excused.
    pub with_exceptions: Vec<&'r Document>,
    /// Files to copy.
    pub attachments: Vec<Attachment>,
    /// Documents that exist but could not be read: what refers to them is not at fault.
    pub unread: Vec<(Kind, FileId)>,
}

/// Joins documents into a site, which [`Site::published`] makes ready. What names mean is found out here; what a goal and
/// its result say about each other is checked later, because no page waits for that.
pub fn assemble(input: Documents<'_>, config: Arc<Config>) -> Checked<Site> {
    let mut out = Vec::new();
    let mut site = Site { config, attachments: input.attachments, ..Site::default() };
    let mut goals: Vec<(&GoalName, &Arc<GoalMatter>)> = Vec::with_capacity(input.documents.len());
    let mut outcomes: Vec<Account<'_>> = Vec::with_capacity(input.documents.len() / 2);
    let mut statements: Vec<(FiscalYear, &str, &Arc<Prose>)> = Vec::new();
    for document in input.documents {
        match document {
            Document::Goal(name, matter) => goals.push((name, matter)),
            Document::Outcome(name, date, matter) => {
                // In order of path, a goal stands right before its own results: no name begins with another and a dot.
                let goal = goals.last().filter(|(last, _)| last.is(name)).map(|_| goals.len() - 1);
                outcomes.push(Account { name, date: *date, matter, goal });
            }
            Document::Pillar(key, matter) => {
                site.pillars.push(Pillar { key: key.clone(), matter: matter.clone(), under: None, number: None });
            }
            Document::Department(key, matter) => site.departments.push(Department {
                key: key.clone(),
                matter: matter.clone(),
                successors: Vec::new(),
                predecessors: Vec::new(),
            }),
            Document::Prose(Kind::Home, prose) => site.home = Some(prose.clone()),
            Document::Prose(Kind::Year(year), prose) => drop(site.forewords.insert(*year, prose.clone())),
            Document::Prose(Kind::DepartmentYear(year, key), prose) => statements.push((*year, key, prose)),
            Document::Prose(Kind::Page(slug), prose) => {
                site.texts.push(TextPage { slug: slug.clone(), prose: prose.clone() });
            }
            Document::Prose(..) => {}
        }
    }
    site.pillars.sort_by(|a, b| (a.matter.number, &a.key).cmp(&(b.matter.number, &b.key)));
    tiers::arrange(&mut site, &input.unread, &mut out);
    site.departments.sort_by(|a, b| (a.matter.order, &a.key).cmp(&(b.matter.order, &b.key)));
    site.texts.sort_by(|a, b| (a.prose.order, &a.slug).cmp(&(b.prose.order, &b.slug)));
    site.attachments.sort_by(|a, b| a.path.cmp(&b.path));
    resolve_successors(&mut site, &input.unread, &mut out);
    let mut ledger = Ledger::new(&site, &input.unread);
    site.unjoined.extend(input.unread.iter().map(|(_, file)| *file));
    site.unread_results.extend(input.unread.iter().filter_map(|(kind, _)| match kind {
        Kind::Outcome(name) => Some(name.clone()),
        _ => None,
    }));
    for (year, key, prose) in statements {
        if let Some(department) = ledger.department(&site, year, key, prose.body.file, &mut out) {
            site.statements.insert((year, department), prose.clone());
        }
    }
    let joined: Vec<Joined> = goals
        .iter()
        .enumerate()
        .filter_map(|(document, (name, matter))| {
            let joined = ledger.goal(&site, document, name, matter, &mut out);
            if joined.is_none() {
                site.unjoined.insert(matter.body.file);
            }
            joined
        })
        .collect();
    // Where each document's goal stands.
    let mut places: Vec<Option<u32>> = vec![None; goals.len()];
    site.goals = sorted(joined, &goals)
        .into_iter()
        .enumerate()
        .map(|(index, it)| {
            places[it.document] = Some(index as u32);
            let (name, matter) = goals[it.document];
            Goal {
                year: it.year,
                department: it.department,
                pillar: it.pillar,
                slug: name.slug.clone(),
                number: 0,
                continues: Vec::new(),
                outcome: None,
                progress: Vec::new(),
                matter: matter.clone(),
            }
        })
        .collect();
    // Both are asked only where a name is written out, or where something is wrong.
    let names = LazyCell::new(|| Names::new(&goals, &input.unread));
    let by_name = LazyCell::new(|| {
        let name = |index: usize| (goals[index].0.year, &*goals[index].0.department, &*goals[index].0.slug);
        let placed = places.iter().enumerate().filter_map(|(index, place)| Some((name(index), (*place)?)));
        placed.collect::<HashMap<(FiscalYear, &str, &str), u32>>()
    });
    let find = |year: FiscalYear, department: &str, slug: &str| by_name.get(&(year, department, slug)).copied();
    for (place, (name, matter)) in places.iter().zip(&goals) {
        let Some(place) = place else { continue };
        for written in &matter.continues {
            if let Some(earlier) = continued(name.year, written, matter.body.file, &find, &names, &mut out) {
                site.goals[*place as usize].continues.push(Spanned::new(earlier, written.at));
            }
        }
    }
    attach(&mut site, outcomes, &places, &find, &names, &mut out);
    Checked::new(site, out)
}

/// Puts every result and report where its goal is; one without a goal is told, unless its goal could not be joined.
fn attach(
    site: &mut Site,
    outcomes: Vec<Account<'_>>,
    places: &[Option<u32>],
    find: &impl Fn(FiscalYear, &str, &str) -> Option<u32>,
    names: &Names<'_>,
    out: &mut Vec<Diagnostic>,
) {
    for Account { name, date, matter, goal } in outcomes {
        let place = match goal {
            Some(goal) => places[goal],
            None => find(name.year, &name.department, &name.slug),
        };
        match place {
            Some(place) => {
                let year = site.goals[place as usize].year;
                let outcome = outcome(site, year, matter, out);
                let goal = &mut site.goals[place as usize];
                match date {
                    None => goal.outcome = Some(Box::new(outcome)),
                    Some(date) => {
                        goal.progress.push((date, outcome));
                        goal.progress.sort_by_key(|(date, _)| *date);
                        goal.progress.shrink_to_fit();
                    }
                }
            }
            None if goal.is_some() || names.contains(name) => drop(site.unjoined.insert(matter.body.file)),
            None => {
                site.unjoined.insert(matter.body.file);
                let beside: Vec<&str> = names.beside(name.year, &name.department).map(|other| &*other.slug).collect();
                let elsewhere = names.in_another_year(name);
                let place = Place::start(matter.body.file);
                out.push(findings::orphan_result(place, &name.slug, elsewhere.as_deref(), beside));
            }
        }
    }
}

/// A result, or a report during the year, before it is joined to its goal.
struct Account<'r> {
    name: &'r GoalName,
    date: Option<Date>,
    matter: &'r Arc<OutcomeMatter>,
    /// Position of the goal's document, where it is the one right before.
    goal: Option<usize>,
}

/// A goal whose names are resolved.
struct Joined {
    year: FiscalYear,
    department: DepartmentId,
    pillar: PillarId,
    order: i64,
    /// Position of its document.
    document: usize,
}

/// By year, department, pillar, order and name.
fn sorted(mut joined: Vec<Joined>, goals: &[(&GoalName, &Arc<GoalMatter>)]) -> Vec<Joined> {
    let place = |it: &Joined| (it.year, it.department, it.pillar, it.order);
    joined.sort_by(|a, b| {
        let slug = |it: &Joined| &*goals[it.document].0.slug;
        place(a).cmp(&place(b)).then_with(|| natural(slug(a), slug(b))).then_with(|| slug(a).cmp(slug(b)))
    });
    joined
}

/// The names of all goals there are, sorted, also of those that could not be read or joined.
struct Names<'r>(Vec<&'r GoalName>);

impl<'r> Names<'r> {
    fn new(goals: &[(&'r GoalName, &Arc<GoalMatter>)], unread: &'r [(Kind, FileId)]) -> Self {
        let unread = unread.iter().filter_map(|(kind, _)| match kind {
            Kind::Goal(name) => Some(name),
            _ => None,
        });
        let mut names: Vec<&GoalName> = unread.chain(goals.iter().map(|(name, _)| *name)).collect();
        // They come in order of path, which is nearly this order.
        names.sort();
        Self(names)
    }

    fn contains(&self, name: &GoalName) -> bool {
        self.0.binary_search(&name).is_ok()
    }

    /// The folder of the year before or after, where that has a goal of the same name.
    fn in_another_year(&self, name: &GoalName) -> Option<String> {
        let years = [name.year.previous(), name.year.next()];
        let found = years.into_iter().find(|year| self.contains(&GoalName { year: *year, ..name.clone() }))?;
        Some(format!("content/{found}/{}", name.department))
    }

    /// Goals of the same year and department, at most so many that searching among them stays cheap.
    fn beside(&self, year: FiscalYear, department: &str) -> impl Iterator<Item = &'r GoalName> {
        let first = self.0.partition_point(|other| (other.year, &*other.department) < (year, department));
        self.0[first..].iter().copied().take_while(move |it| it.year == year && *it.department == *department).take(200)
    }
}

fn resolve_successors(site: &mut Site, unread: &[(Kind, FileId)], out: &mut Vec<Diagnostic>) {
    let keys: Vec<Box<str>> = site.departments.iter().map(|department| department.key.clone()).collect();
    let mut links = Vec::new();
    for (from, department) in site.departments.iter().enumerate() {
        for successor in &department.matter.becomes {
            let place = Place::new(department.matter.body.file, successor.at);
            match keys.iter().position(|key| *key == successor.value) {
                Some(to) if to != from => links.push((from, to)),
                Some(_) => out.push(findings::successor_loop(place, &department.matter.name)),
                // It is there, and what is wrong with it was told.
                None if unread.iter().any(|(kind, _)| *kind == Kind::Department(successor.value.clone())) => {}
                None => out.push(findings::unknown_successor(place, &successor.value, keys.iter().map(|key| &**key))),
            }
        }
    }
    for (from, to) in links {
        site.departments[from].successors.push(DepartmentId(to as u32));
        site.departments[to].predecessors.push(DepartmentId(from as u32));
    }
    for from in 0..site.departments.len() {
        if reaches(site, from) {
            let department = &site.departments[from];
            let at = department.matter.becomes.first().map_or(Span::default(), |first| first.at);
            out.push(findings::successor_loop(Place::new(department.matter.body.file, at), &department.matter.name));
        }
    }
}

/// Whether following successors from a department comes back to it.
fn reaches(site: &Site, from: usize) -> bool {
    let (mut seen, mut open) = (HashSet::new(), site.departments[from].successors.clone());
    while let Some(at) = open.pop() {
        if at.index() == from {
            return true;
        }
        if seen.insert(at) {
            open.extend(&site.departments[at.index()].successors);
        }
    }
    false
}

/// Lookups by the names that authors write, and a memory of what was reported.
struct Ledger {
    departments: HashMap<Box<str>, DepartmentId>,
    pillars: HashMap<Box<str>, Vec<PillarId>>,
    unread_departments: HashSet<Box<str>>,
    has_unread_pillars: bool,
    sections: Vec<HashSet<Box<str>>>,
    reported: HashSet<(FiscalYear, Box<str>)>,
    /// What the folder that was asked for last is: documents come folder by folder.
    last: Option<(FiscalYear, Arc<str>, Option<DepartmentId>)>,
}

impl Ledger {
    fn new(site: &Site, unread: &[(Kind, FileId)]) -> Self {
        let departments =
            site.departments.iter().enumerate().map(|(i, it)| (it.key.clone(), DepartmentId(i as u32))).collect();
        // Numbers and names come again when a city renews its pillars; the year tells which one is meant.
        let mut pillars: HashMap<Box<str>, Vec<PillarId>> = HashMap::new();
        for (index, pillar) in site.pillars.iter().enumerate() {
            let id = PillarId(index as u32);
            let number = pillar.number.clone().unwrap_or_else(|| pillar.matter.number.to_string().into());
            for name in [&*pillar.key, &number, &pillar.matter.name] {
                pillars.entry(name.into()).or_default().push(id);
            }
        }
        let unread_departments = unread.iter().filter_map(|(kind, _)| match kind {
            Kind::Department(key) => Some(key.clone()),
            _ => None,
        });
        let unread_departments = unread_departments.collect();
        let has_unread_pillars = unread.iter().any(|(kind, _)| matches!(kind, Kind::Pillar(_)));
        let names = |department: &Department| department.matter.sections.iter().map(|it| it.name.clone()).collect();
        let sections = site.departments.iter().map(names).collect();
        Self {
            departments,
            pillars,
            unread_departments,
            has_unread_pillars,
            sections,
            reported: HashSet::new(),
            last: None,
        }
    }

    /// The department of a folder. A folder that names none is reported once, at the first document in it.
    fn department(
        &mut self,
        site: &Site,
        year: FiscalYear,
        key: &str,
        file: FileId,
        out: &mut Vec<Diagnostic>,
    ) -> Option<DepartmentId> {
        let found = self.departments.get(key).copied();
        let exists = found.is_none_or(|id| site.department(id).matter.years.is_none_or(|years| years.contains(year)));
        if found.is_none() && self.unread_departments.contains(key) {
            return None;
        }
        if (found.is_none() || !exists) && self.reported.insert((year, key.into())) {
            out.push(match found {
                None => {
                    let known: Vec<&str> = site.departments.iter().map(|department| &*department.key).collect();
                    findings::unknown_department(Place::start(file), key, known)
                }
                Some(id) => {
                    let matter = &site.department(id).matter;
                    let ledger = Place::new(matter.body.file, matter.years_at);
                    let successors = site.current_successors(id);
                    let successors: Vec<(&str, &str)> = successors
                        .iter()
                        .map(|id| (&*site.department(*id).key, &*site.department(*id).matter.name))
                        .collect();
                    findings::department_years(Place::start(file), &matter.name, year, &successors, ledger)
                }
            });
        }
        found.filter(|_| exists)
    }

    fn goal(
        &mut self,
        site: &Site,
        document: usize,
        name: &GoalName,
        matter: &GoalMatter,
        out: &mut Vec<Diagnostic>,
    ) -> Option<Joined> {
        let file = matter.body.file;
        let department = match &self.last {
            Some((year, key, found)) if *year == name.year && same(key, &name.department) => *found,
            _ => {
                let found = self.department(site, name.year, &name.department, file, out);
                self.last = Some((name.year, name.department.clone(), found));
                found
            }
        };
        let pillar = matter.pillar.as_ref().and_then(|written| self.pillar(site, name.year, written, file, out));
        if let Some(department) = department {
            let known = &self.sections[department.index()];
            if !known.is_empty() {
                for section in matter.actions.iter().flat_map(|action| &action.sections) {
                    if !known.contains(&section.value) {
                        let place = Place::new(file, section.at);
                        let ledger = &site.department(department).matter;
                        let names: Vec<&str> = ledger.sections.iter().map(|section| &*section.name).collect();
                        out.push(findings::unknown_section(place, &section.value, &ledger.name, names));
                    }
                }
            }
        }
        let order = matter.order.unwrap_or(i64::MAX);
        Some(Joined { year: name.year, department: department?, pillar: pillar?, order, document })
    }

    fn pillar(
        &self,
        site: &Site,
        year: FiscalYear,
        written: &Spanned<Box<str>>,
        file: FileId,
        out: &mut Vec<Diagnostic>,
    ) -> Option<PillarId> {
        let place = Place::new(file, written.at);
        let holds = |id: &&PillarId| site.pillar(**id).matter.years.is_none_or(|years| years.contains(year));
        let named = self.pillars.get(&written.value).map_or(&[][..], Vec::as_slice);
        let Some(&id) = named.iter().find(holds).or(named.first()) else {
            if self.has_unread_pillars {
                return None;
            }
            let matters = || site.pillars.iter().map(|pillar| &pillar.matter);
            let numbers = site.pillars.iter().filter_map(|pillar| pillar.number.as_deref());
            let keys = site.pillars.iter().map(|pillar| &*pillar.key);
            let names = matters().map(|matter| &*matter.name);
            let known: Vec<&str> = names.chain(keys).chain(numbers).collect();
            let of_year = || matters().filter(|matter| matter.years.is_none_or(|years| years.contains(year)));
            let of_short = of_year().find(|matter| matter.short.as_ref() == Some(&written.value));
            out.push(findings::unknown_pillar(
                place,
                &written.value,
                known,
                of_year().map(|matter| &*matter.name),
                of_short.map(|matter| &*matter.name),
            ));
            return None;
        };
        let pillar = site.pillar(id);
        if pillar.matter.years.is_some_and(|years| !years.contains(year)) {
            let ledger = Place::start(pillar.matter.body.file);
            out.push(findings::pillar_years(place, &pillar.matter.name, year, ledger));
        }
        Some(id)
    }
}

/// Resolves `continues: 2025/planning-finance/1-02` of a goal of `year`.
fn continued(
    year: FiscalYear,
    written: &Spanned<Box<str>>,
    file: FileId,
    find: &impl Fn(FiscalYear, &str, &str) -> Option<u32>,
    names: &Names<'_>,
    out: &mut Vec<Diagnostic>,
) -> Option<GoalId> {
    let place = Place::new(file, written.at);
    let path = written.value.trim_start_matches('/').trim_end_matches(".md");
    let mut parts = path.strip_prefix("content/").unwrap_or(path).split('/');
    let named = (parts.next().and_then(FiscalYear::parse), parts.next(), parts.next(), parts.next());
    let (Some(earlier), Some(department), Some(slug), None) = named else {
        out.push(findings::unknown_goal(place, &written.value, None));
        return None;
    };
    match find(earlier, department, slug) {
        Some(_) if earlier >= year => {
            out.push(findings::thread_order(place, &written.value));
            None
        }
        Some(index) => Some(GoalId(index)),
        // It exists but could not be joined; that was reported where it is.
        None if names.contains(&GoalName { year: earlier, department: department.into(), slug: slug.into() }) => None,
        None => {
            let near: Vec<String> = names.beside(earlier, department).map(GoalName::to_string).collect();
            let near: Vec<&str> = near.iter().map(String::as_str).collect();
            let near = nearest::nearest(&written.value, near.iter().copied());
            out.push(findings::unknown_goal(place, &written.value, near));
            None
        }
    }
}

/// Whether two texts are the same; most of those that are asked about are one.
fn same(a: &Arc<str>, b: &Arc<str>) -> bool {
    Arc::ptr_eq(a, b) || a == b
}

fn outcome(site: &Site, year: FiscalYear, matter: &Arc<OutcomeMatter>, out: &mut Vec<Diagnostic>) -> Outcome {
    let file = matter.body.file;
    let levels = site.config.levels(year);
    let mut level = |written: &Option<Spanned<Box<str>>>| -> Option<usize> {
        let written = written.as_ref()?;
        let found = levels.iter().position(|it| it.key == written.value || it.label == written.value);
        if found.is_none() {
            let known: Vec<&str> = levels.iter().flat_map(|level| [&*level.label, &*level.key]).collect();
            let labels = levels.iter().map(|level| &*level.label);
            out.push(findings::unknown_level(Place::new(file, written.at), &written.value, known, labels));
        }
        found
    };
    let own = level(&matter.evaluation);
    let action_levels: Vec<Option<usize>> = match matter.actions.iter().any(|action| action.evaluation.is_some()) {
        true => matter.actions.iter().map(|action| level(&action.evaluation)).collect(),
        false => Vec::new(),
    };
    let has_levels = action_levels.iter().any(Option::is_some);
    Outcome { level: own, action_levels: if has_levels { action_levels } else { Vec::new() }, matter: matter.clone() }
}

impl Outcome {
    /// The rules that hold between a goal and its result: with the checks of the record, and before it is left out.
    pub(crate) fn check(&self, goal: &Goal, site: &Site, out: &mut Vec<Diagnostic>) {
        let (file, goal_file) = (self.body.file, goal.body.file);
        if self.actions.len() != goal.actions.len() {
            out.push(findings::count_mismatch(
                Place::new(file, self.actions_at),
                self.actions.len(),
                Place::new(goal_file, goal.actions_at),
                goal.actions.len(),
            ));
        }
        self.pair(&goal.indicators, &self.measured, Place::new(goal_file, goal.title_at), out);
        for (action, result) in goal.actions.iter().zip(&self.actions) {
            self.pair(&action.indicators, &result.measured, Place::new(goal_file, action.at), out);
        }
        let levels = self.level.iter().chain(self.action_levels.iter().flatten());
        let needs = levels.filter_map(|index| site.level(goal.year, *index)).find(|level| level.needs_reason);
        if let (Some(level), None) = (needs, &self.reason) {
            let at = self.evaluation.as_ref().map_or(self.actions_at, |evaluation| evaluation.at);
            out.push(findings::missing_reason(Place::new(file, at), &level.label));
        }
    }

    /// Values and what they are values of: each belongs to one indicator that has a target.
    fn pair(&self, indicators: &[Indicator], measured: &[Measured], goal: Place, out: &mut Vec<Diagnostic>) {
        let file = self.body.file;
        let is_only = indicators.len() == 1;
        for (index, value) in measured.iter().enumerate() {
            let place = Place::new(file, value.name.as_ref().map_or(value.at, |name| name.at));
            let Some(indicator) = indicators.iter().find(|indicator| value.is_of(indicator, is_only)) else {
                if indicators.is_empty() {
                    let is_told = value.actual.is_none();
                    out.extend((!is_told).then(|| findings::actual_without_target(Place::new(file, value.at), goal)));
                    continue;
                }
                let known = || indicators.iter().filter_map(|it| it.name.as_deref().or(it.key.as_deref()));
                let name = value.name.as_ref().map(|name| &*name.value);
                out.push(findings::unknown_indicator(place, name, known(), goal));
                continue;
            };
            if let Some(first) = measured[..index].iter().find(|other| other.is_of(indicator, is_only)) {
                let name = indicator.known_as().unwrap_or_default();
                out.push(findings::measured_twice(place, name, Place::new(file, first.at)));
            } else if value.figure().is_some() && indicator.target().is_none() {
                out.push(findings::actual_without_target(Place::new(file, value.at), goal));
            }
            let is_unmeasured = value.actual == Some(Actual::None(Unmeasured::NotMeasured));
            if is_unmeasured && value.note.is_none() && self.reason.is_none() {
                out.push(findings::unmeasured_without_reason(Place::new(file, value.actual_at)));
            }
        }
    }
}
