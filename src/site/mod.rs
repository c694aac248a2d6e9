//! The model: a city's years, departments, pillars, goals and results, joined and resolved.
//!
//! Names are resolved to ids once, in [`assemble`]; after that a lookup cannot miss. A [`Site`] that left
//! [`Site::published`] holds only what may be seen: what is not published yet cannot leak into any output because no
//! output ever sees it (product promise 5).

mod assemble;
mod findings;
mod order;
pub mod published_figures;
mod tiers;

use crate::attachment::Facts;
use crate::config::{Config, Contact, Level};
use crate::diagnostic::{Checked, Diagnostic};
use crate::document::{
    Body, DepartmentMatter, GoalMatter, GoalName, Indicator, Measured, OutcomeMatter, PillarMatter, Prose, Publication,
    measures,
};
use crate::source::{Look, Why};
use crate::text::place::FileId;
use crate::text::span::Spanned;
use crate::value::calendar::{Date, FiscalYear};
pub use assemble::{Documents, assemble};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, Range};
use std::sync::{Arc, OnceLock};

macro_rules! ids {
    ($($name:ident $doc:literal)*) => { $(
        #[doc = $doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
        impl $name { fn index(self) -> usize { self.0 as usize } }
    )* };
}

ids! {
    DepartmentId "A department of the ledger."
    PillarId "A pillar."
    GoalId "A goal."
    TextId "A free page."
}

/// A department of the ledger.
#[derive(Clone, Debug)]
pub struct Department {
    /// Part of its addresses.
    pub key: Box<str>,
    /// What the ledger says.
    pub matter: Arc<DepartmentMatter>,
    /// Departments that took over.
    pub successors: Vec<DepartmentId>,
    /// Departments it took over from.
    pub predecessors: Vec<DepartmentId>,
}

/// A pillar.
#[derive(Clone, Debug)]
pub struct Pillar {
    /// Part of its addresses.
    pub key: Box<str>,
    /// What its document says.
    pub matter: Arc<PillarMatter>,
    /// The pillar right above it.
    pub under: Option<PillarId>,
    /// Its number as it is shown: `2`, or `1-2` below pillar 1; `None` where it has none.
    pub number: Option<Box<str>>,
}

/// A goal, with its result where there is one. What its document says (title, actions, body …) is read through it.
#[derive(Clone, Debug)]
pub struct Goal {
    /// Fiscal year.
    pub year: FiscalYear,
    /// Whose promise it is.
    pub department: DepartmentId,
    /// Under which pillar.
    pub pillar: PillarId,
    /// File name; the last part of its address.
    pub slug: Arc<str>,
    /// Position among the goals of its department, year and pillar, from 1: the ①②③ of the printed booklets.
    pub number: u32,
    /// The goals of earlier years that it continues, and where that is written.
    pub continues: Vec<Spanned<GoalId>>,
    /// What became of it.
    pub outcome: Option<Box<Outcome>>,
    /// Reports during the year, oldest first.
    pub progress: Vec<(Date, Outcome)>,
    /// What its document says.
    pub matter: Arc<GoalMatter>,
}

impl Deref for Goal {
    type Target = GoalMatter;

    fn deref(&self) -> &GoalMatter {
        &self.matter
    }
}

/// 実績・成果: what became of a goal. What its document says is read through it; actions are in the order of the goal's
/// actions.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Index of the level in the year's scale.
    pub level: Option<usize>,
    /// Levels of single actions, where rows are evaluated one by one.
    pub action_levels: Vec<Option<usize>>,
    /// What its document says.
    pub matter: Arc<OutcomeMatter>,
}

impl Deref for Outcome {
    type Target = OutcomeMatter;

    fn deref(&self) -> &OutcomeMatter {
        &self.matter
    }
}

impl Goal {
    /// Its result and its reports during the year.
    pub fn outcomes(&self) -> impl Iterator<Item = &Outcome> {
        self.outcome.as_deref().into_iter().chain(self.progress.iter().map(|(_, report)| report))
    }

    /// Every indicator with its value in an outcome: the goal's own, and then those of each row that has a result.
    pub fn measures<'g>(&'g self, outcome: &'g Outcome) -> impl Iterator<Item = Measure<'g>> {
        let own =
            measures(&self.indicators, &outcome.measured).map(|(indicator, measured)| (None, indicator, measured));
        let rows = self.actions.iter().zip(&outcome.actions).enumerate();
        let of_rows = rows.flat_map(|(index, (action, result))| {
            let all = measures(&action.indicators, &result.measured);
            all.map(move |(indicator, measured)| (Some(index), indicator, measured))
        });
        own.chain(of_rows).map(|(row, indicator, measured)| Measure { row, indicator, measured })
    }

    /// Indicators with a target and an actual value: how many, and how many of them reached it.
    pub fn figures(&self) -> Figures {
        let mut figures = Figures::default();
        let Some(outcome) = &self.outcome else { return figures };
        for measure in self.measures(outcome) {
            match measure.is_met() {
                Some(true) => figures.met += 1,
                Some(false) => figures.missed += 1,
                None => {}
            }
        }
        figures
    }
}

/// An indicator with its value.
#[derive(Clone, Copy, Debug)]
pub struct Measure<'g> {
    /// The row that it measures; `None` is the goal as a whole.
    pub row: Option<usize>,
    /// What is measured.
    pub indicator: &'g Indicator,
    /// What was measured.
    pub measured: Option<&'g Measured>,
}

impl Measure<'_> {
    /// Whether the value reaches the target; `None` where one of them is missing.
    pub fn is_met(&self) -> Option<bool> {
        self.indicator.is_met(self.measured?.figure()?)
    }
}

/// How many numeric targets were reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Reached.
    pub met: usize,
    /// Not reached.
    pub missed: usize,
}

impl std::ops::AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.met += other.met;
        self.missed += other.missed;
    }
}

/// A free page.
#[derive(Clone, Debug)]
pub struct TextPage {
    /// Its address.
    pub slug: Box<str>,
    /// What it says.
    pub prose: Arc<Prose>,
}

/// A file that is copied as it is.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Path under `public/`.
    pub path: Box<str>,
    /// The file.
    pub file: FileId,
    /// Size in bytes.
    pub size: u64,
    /// How it looked before anybody read it; nothing in memory. What looks otherwise was not checked.
    pub look: Option<Look>,
    /// What is in it, once somebody has looked: a preview that joins the same files again finds it here.
    pub facts: Arc<OnceLock<Result<Facts, Why>>>,
}

/// One fiscal year: where its goals are.
#[derive(Clone, Debug, Default)]
pub struct Year {
    /// Its goals, as a range of [`Site::goals`].
    pub goals: Range<usize>,
    /// Departments with goals that year, in order, with the range of their goals.
    pub departments: Vec<(DepartmentId, Range<usize>)>,
    /// Pillars with goals that year, in order, with their goals.
    pub pillars: Vec<(PillarId, Vec<GoalId>)>,
    /// How many goals have a result.
    pub results: usize,
}

/// A city's record.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// `site.yaml`
    pub config: Arc<Config>,
    /// Sorted by order, then key.
    pub departments: Vec<Department>,
    /// Sorted by number, then key; those below another right behind it.
    pub pillars: Vec<Pillar>,
    /// Sorted by year, department, pillar, order and name, so that every group is a range.
    pub goals: Vec<Goal>,
    /// Sorted by order, then slug.
    pub texts: Vec<TextPage>,
    /// The home page's introduction.
    pub home: Option<Arc<Prose>>,
    /// Forewords of years.
    pub forewords: BTreeMap<FiscalYear, Arc<Prose>>,
    /// Statements of heads.
    pub statements: BTreeMap<(FiscalYear, DepartmentId), Arc<Prose>>,
    /// Files to copy, sorted by path.
    pub attachments: Vec<Attachment>,
    /// Files of `content/` that are not copied yet, because what shows them is not published.
    pub withheld: Vec<Attachment>,
    /// Files of `content/` that no document links to, whether they are copied or not.
    pub unlinked: Vec<FileId>,
    /// Years that have goals.
    pub years: BTreeMap<FiscalYear, Year>,
    /// For each goal that continues another or is continued, the goals of its thread, oldest first.
    pub threads: BTreeMap<GoalId, Arc<[GoalId]>>,
    /// Documents that exist but may not be seen yet: a link to them is a different mistake than one to nothing.
    pub hidden: BTreeMap<FileId, Body>,
    /// Documents that exist but could not be read or joined; a link to them is not a mistake of its own.
    pub unjoined: BTreeSet<FileId>,
    /// Goals whose result is there but could not be read: they are not goals without a result.
    pub unread_results: BTreeSet<GoalName>,
}

/// Whom to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Responsible {
    /// How the office is reached, under its own name; the city's contact may have none.
    pub contact: Contact,
    /// Whether the office took over from a department that ended.
    pub is_successor: bool,
}

impl Site {
    /// The department.
    pub fn department(&self, id: DepartmentId) -> &Department {
        &self.departments[id.index()]
    }

    /// The pillar.
    pub fn pillar(&self, id: PillarId) -> &Pillar {
        &self.pillars[id.index()]
    }

    /// The pillar and those above it, from the top.
    pub fn pillar_path(&self, id: PillarId) -> Vec<PillarId> {
        let mut path: Vec<PillarId> = std::iter::successors(Some(id), |id| self.pillar(*id).under).collect();
        path.reverse();
        path
    }

    /// How many pillars are above it.
    pub fn pillar_depth(&self, id: PillarId) -> usize {
        std::iter::successors(self.pillar(id).under, |id| self.pillar(*id).under).count()
    }

    /// The pillar of the top tier that it belongs to.
    pub fn top_pillar(&self, id: PillarId) -> PillarId {
        std::iter::successors(Some(id), |id| self.pillar(*id).under).last().unwrap_or(id)
    }

    /// Pillars right below it, in order.
    pub fn pillars_under(&self, id: Option<PillarId>) -> impl Iterator<Item = PillarId> {
        let below = move |(_, pillar): &(usize, &Pillar)| pillar.under == id;
        self.pillars.iter().enumerate().filter(below).map(|(index, _)| PillarId(index as u32))
    }

    /// The goal.
    pub fn goal(&self, id: GoalId) -> &Goal {
        &self.goals[id.index()]
    }

    /// The free page.
    pub fn text(&self, id: TextId) -> &TextPage {
        &self.texts[id.index()]
    }

    /// The department with this key.
    pub fn find_department(&self, key: &str) -> Option<DepartmentId> {
        self.departments.iter().position(|department| *department.key == *key).map(|index| DepartmentId(index as u32))
    }

    /// The pillar with this key.
    pub fn find_pillar(&self, key: &str) -> Option<PillarId> {
        self.pillars.iter().position(|pillar| *pillar.key == *key).map(|index| PillarId(index as u32))
    }

    /// The goal with this name.
    pub fn find_goal(&self, year: FiscalYear, department: DepartmentId, slug: &str) -> Option<GoalId> {
        let year = self.years.get(&year)?;
        let (_, range) = year.departments.iter().find(|(id, _)| *id == department)?;
        let found = self.goals[range.clone()].iter().position(|goal| *goal.slug == *slug)?;
        Some(GoalId((range.start + found) as u32))
    }

    /// The permanent name of a goal.
    pub fn name(&self, goal: &Goal) -> GoalName {
        let department = (*self.department(goal.department).key).into();
        GoalName { year: goal.year, department, slug: goal.slug.clone() }
    }

    /// Goals of a department in a year, in order.
    pub fn department_goals(&self, year: FiscalYear, department: DepartmentId) -> &[Goal] {
        let found = self.years.get(&year).and_then(|year| year.departments.iter().find(|(id, _)| *id == department));
        found.map_or(&[], |(_, range)| &self.goals[range.clone()])
    }

    /// Goals of a pillar and of those below it in a year, in order of their departments.
    pub fn pillar_goals(&self, year: FiscalYear, pillar: PillarId) -> &[GoalId] {
        let found = self.years.get(&year).and_then(|year| year.pillars.iter().find(|(id, _)| *id == pillar));
        found.map_or(&[], |(_, goals)| goals)
    }

    /// The level of a goal's result.
    pub fn level(&self, year: FiscalYear, index: usize) -> Option<&Level> {
        self.config.levels(year).get(index)
    }

    /// The latest year with goals.
    pub fn latest_year(&self) -> Option<FiscalYear> {
        self.years.keys().next_back().copied()
    }

    /// The latest year with results.
    pub fn latest_results(&self) -> Option<FiscalYear> {
        self.years.iter().rev().find(|(_, year)| year.results > 0).map(|(year, _)| *year)
    }

    /// Whom to ask about a department's work, and then about that of each of its sections: the nearest office that says
    /// how it is reached, or the city. A way to one office is never shown under the name of another; only an address may
    /// be that of the office above, as offices share houses.
    pub fn contacts(&self, id: DepartmentId) -> Vec<Responsible> {
        // What has ended answers no more.
        let successors: Vec<_> = self.current_successors(id).into_iter().map(|successor| (successor, true)).collect();
        let sections = self.department(id).matter.sections.iter().map(|section| Some(&*section.name));
        let responsible = |section: Option<&str>| {
            let candidates = successors.iter().copied().chain([(id, false)]);
            let mut offices = candidates.map(|(id, is_successor)| (self.offices(id, section), is_successor));
            let (offices, is_successor) = offices.find(|(offices, _)| !offices.is_empty()).unwrap_or_default();
            let upwards = || offices.iter().chain([&self.config.contact]);
            let mut contact = upwards().next().cloned().unwrap_or_default();
            if contact.address.is_none()
                && contact.postal_code.is_none()
                && let Some(house) = upwards().find(|office| office.address.is_some())
            {
                (contact.address, contact.postal_code) = (house.address.clone(), house.postal_code.clone());
            }
            Responsible { contact, is_successor }
        };
        [None].into_iter().chain(sections).map(responsible).collect()
    }

    /// A section and its department, as far as they say how they are reached.
    fn offices(&self, id: DepartmentId, section: Option<&str>) -> Vec<Contact> {
        let matter = &self.department(id).matter;
        let section = section.and_then(|name| matter.sections.iter().find(|section| *section.name == *name));
        let section = section.map(|section| section.contact.named(&section.name));
        section.into_iter().chain([matter.contact.named(&matter.name)]).filter(Contact::is_reachable).collect()
    }

    /// The departments responsible today for what was this department's: follows `becomes` to its ends.
    pub fn current_successors(&self, id: DepartmentId) -> Vec<DepartmentId> {
        let (mut ends, mut seen, mut open) = (BTreeSet::new(), BTreeSet::new(), vec![id]);
        while let Some(at) = open.pop() {
            if !seen.insert(at) {
                continue;
            }
            match &self.department(at).successors[..] {
                [] if at != id => drop(ends.insert(at)),
                next => open.extend(next),
            }
        }
        ends.into_iter().collect()
    }

    /// Every department from which this one's work came, in order.
    pub fn all_predecessors(&self, id: DepartmentId) -> Vec<DepartmentId> {
        let (mut seen, mut open) = (BTreeSet::new(), vec![id]);
        while let Some(at) = open.pop() {
            for previous in &self.department(at).predecessors {
                if *previous != id && seen.insert(*previous) {
                    open.push(*previous);
                }
            }
        }
        seen.into_iter().collect()
    }

    /// The record as it may be seen on a day: everything else is gone, and remembered only as "hidden". What the goals
    /// and results that go say about each other is checked before they do.
    pub fn published(mut self, as_of: Date, drafts: bool) -> Checked<Site> {
        let mut out = Vec::new();
        // With drafts there is nothing that may not be seen.
        if !drafts {
            self.leave_out(as_of, &mut out);
        }
        self.index();
        // Forewords come out with the goals of their year, not before.
        let (years, hidden) = (&self.years, &mut self.hidden);
        let mut with_goals = |year: FiscalYear, prose: &Prose| {
            let kept = years.contains_key(&year);
            if !kept {
                hidden.insert(prose.body.file, prose.body.clone());
            }
            kept
        };
        self.forewords.retain(|year, prose| with_goals(*year, prose));
        self.statements.retain(|(year, _), prose| with_goals(*year, prose));
        Checked::new(self, out)
    }

    /// How many documents may not be seen on a day, although they are still here.
    pub fn unpublished(&self, as_of: Date) -> usize {
        let is_hidden = |publication: &Publication| !publication.is_visible(as_of, false);
        let of_goals = self.goals.iter().map(|goal| {
            let of_goal = is_hidden(&goal.publication);
            let outcomes = goal.outcomes().filter(|outcome| of_goal || is_hidden(&outcome.publication));
            usize::from(of_goal) + outcomes.count()
        });
        let prose = self.texts.iter().map(|text| &text.prose).chain(&self.home);
        let prose = prose.chain(self.forewords.values()).chain(self.statements.values());
        of_goals.sum::<usize>() + prose.filter(|prose| is_hidden(&prose.publication)).count()
    }

    /// Drops what may not be seen on a day.
    fn leave_out(&mut self, as_of: Date, out: &mut Vec<Diagnostic>) {
        for goal in &self.goals {
            let is_visible = |publication: &Publication| publication.is_visible(as_of, false);
            for outcome in goal.outcomes() {
                if !is_visible(&goal.publication) || !is_visible(&outcome.publication) {
                    outcome.check(goal, self, out);
                }
            }
        }
        let mut hidden = std::mem::take(&mut self.hidden);
        let visible = |publication: &Publication, body: &Body, hidden: &mut BTreeMap<FileId, Body>| {
            let visible = publication.is_visible(as_of, false);
            if !visible {
                hidden.insert(body.file, body.clone());
            }
            visible
        };
        let mut new_ids = Vec::with_capacity(self.goals.len());
        let mut next = 0;
        for goal in &mut self.goals {
            let shown = visible(&goal.publication, &goal.body, &mut hidden);
            new_ids.push(shown.then_some(GoalId(next)));
            next += u32::from(shown);
            // What belongs to a hidden goal is hidden with it.
            let mut keep = |outcome: &Outcome| {
                let kept = shown && outcome.publication.is_visible(as_of, false);
                if !kept {
                    hidden.insert(outcome.body.file, outcome.body.clone());
                }
                kept
            };
            if goal.outcome.as_ref().is_some_and(|outcome| !keep(outcome)) {
                goal.outcome = None;
            }
            goal.progress.retain(|(_, outcome)| keep(outcome));
        }
        // A goal that continues a hidden one continues what that one continues.
        let continues: Vec<Vec<Spanned<GoalId>>> =
            self.goals.iter_mut().map(|goal| std::mem::take(&mut goal.continues)).collect();
        for (goal, written) in self.goals.iter_mut().zip(&continues) {
            goal.continues = visible_ancestors(written, &continues, &new_ids);
        }
        let mut keep = new_ids.iter().map(Option::is_some);
        self.goals.retain(|_| keep.next().unwrap_or(true));
        let mut shown = |prose: &Prose| visible(&prose.publication, &prose.body, &mut hidden);
        self.texts.retain(|text| shown(&text.prose));
        self.forewords.retain(|_, prose| shown(prose));
        self.statements.retain(|_, prose| shown(prose));
        self.home = self.home.take().filter(|prose| shown(prose));
        self.hidden = hidden;
    }

    /// Computes everything that follows from the sorted goals: numbers, years, threads.
    fn index(&mut self) {
        let mut start = 0;
        while start < self.goals.len() {
            let (year, department) = (self.goals[start].year, self.goals[start].department);
            let same = |goal: &Goal| goal.year == year && goal.department == department;
            let end = start + self.goals[start..].iter().take_while(|goal| same(goal)).count();
            let mut last = None;
            for goal in &mut self.goals[start..end] {
                goal.number = match last {
                    Some((pillar, number)) if pillar == goal.pillar => number + 1,
                    _ => 1,
                };
                last = Some((goal.pillar, goal.number));
            }
            let record = self.years.entry(year).or_insert_with(|| Year { goals: start..start, ..Year::default() });
            record.goals.end = end;
            record.departments.push((department, start..end));
            start = end;
        }
        for record in self.years.values_mut() {
            let mut pillars: BTreeMap<PillarId, Vec<GoalId>> = BTreeMap::new();
            for index in record.goals.clone() {
                let mut pillar = Some(self.goals[index].pillar);
                while let Some(id) = pillar {
                    pillars.entry(id).or_default().push(GoalId(index as u32));
                    pillar = self.pillars[id.index()].under;
                }
                record.results += usize::from(self.goals[index].outcome.is_some());
            }
            record.pillars = pillars.into_iter().collect();
        }
        self.threads = threads(&self.goals);
    }
}

/// The nearest goals that may be seen, of those that one continues.
fn visible_ancestors(
    written: &[Spanned<GoalId>],
    continues: &[Vec<Spanned<GoalId>>],
    new_ids: &[Option<GoalId>],
) -> Vec<Spanned<GoalId>> {
    let mut found: Vec<Spanned<GoalId>> = Vec::new();
    for start in written {
        let (mut seen, mut open) = (BTreeSet::new(), vec![start.value]);
        // Earlier years only, so this ends; see `assemble`.
        while let Some(id) = open.pop() {
            match new_ids[id.index()] {
                Some(new) => found.push(Spanned::new(new, start.at)),
                None => {
                    let before = continues[id.index()].iter().rev().map(|it| it.value);
                    open.extend(before.filter(|id| seen.insert(*id)));
                }
            }
        }
    }
    found
}

/// Connected goals, as one list for each goal in it. Most goals of a large site stand in some thread, so lists are
/// shared.
fn threads(goals: &[Goal]) -> BTreeMap<GoalId, Arc<[GoalId]>> {
    // Goals are sorted by year and continue earlier ones, so the first of a thread is its root.
    let mut roots: Vec<u32> = (0..goals.len() as u32).collect();
    let find = |roots: &mut [u32], mut at: u32| {
        while roots[at as usize] != at {
            // The way becomes shorter for whoever comes next.
            roots[at as usize] = roots[roots[at as usize] as usize];
            at = roots[at as usize];
        }
        at
    };
    for (index, goal) in goals.iter().enumerate() {
        for earlier in &goal.continues {
            let (one, other) = (find(&mut roots, index as u32), find(&mut roots, earlier.value.0));
            roots[one.max(other) as usize] = one.min(other);
        }
    }
    let mut members: BTreeMap<u32, Vec<GoalId>> = BTreeMap::new();
    for index in 0..goals.len() as u32 {
        let root = find(&mut roots, index);
        if root != index {
            members.entry(root).or_insert_with(|| vec![GoalId(root)]).push(GoalId(index));
        }
    }
    let mut threads = BTreeMap::new();
    for list in members.into_values() {
        let shared: Arc<[GoalId]> = list.into();
        for goal in shared.iter() {
            threads.insert(*goal, shared.clone());
        }
    }
    threads
}

/// Every body that is published.
pub fn bodies(site: &Site) -> Vec<&Body> {
    let mut bodies: Vec<&Body> = Vec::with_capacity(site.goals.len() * 2);
    for goal in &site.goals {
        bodies.push(&goal.body);
        bodies.extend(goal.outcome.iter().map(|outcome| &outcome.body));
        bodies.extend(goal.progress.iter().map(|(_, outcome)| &outcome.body));
    }
    bodies.extend(site.departments.iter().map(|department| &department.matter.body));
    bodies.extend(site.pillars.iter().map(|pillar| &pillar.matter.body));
    let prose = site.texts.iter().map(|text| &text.prose).chain(site.home.iter());
    bodies.extend(prose.chain(site.forewords.values()).chain(site.statements.values()).map(|prose| &prose.body));
    bodies
}
