//! Pages of one year: its goals, its results, a department's and a pillar's share of them.

use super::Views;
use super::goal::figures_view;
use crate::plan::Page;
use crate::site::{self, DepartmentId, GoalId, PillarId};
use crate::value::calendar::FiscalYear;
use crate::{config, document, view};
use anyhow::Result;

impl<'p> Views<'p> {
    pub(super) fn year(&self, year: FiscalYear) -> Result<view::Year> {
        let site = self.site;
        let (range, goals) = self.year_goals(year);
        let html = match site.forewords.get(&year) {
            Some(prose) => self.html(&prose.body, 2, "")?,
            None => String::new(),
        };
        let record = &site.years[&year];
        // Those of the top tier, with all that is below them.
        let top = || record.pillars.iter().filter(|(id, _)| site.pillar(*id).under.is_none());
        let columns: Vec<PillarId> = top().map(|(id, _)| *id).collect();
        let matrix_columns = columns.iter().map(|id| {
            let pillar = self.pillar(*id, Some(year), 0);
            let number = pillar.number.map(|number| format!("{number} ")).unwrap_or_default();
            view::MatrixColumn { title: number + &pillar.short, full: pillar.name, href: Some(pillar.href) }
        });
        let matrix_columns = matrix_columns.collect();
        let rows = record.departments.iter().map(|(id, range)| {
            let link = self.link(&*site.department(*id).matter.name, Page::DepartmentYear(year, *id));
            let cells = columns.iter().map(|pillar| {
                let goals = || site.goals[range.clone()].iter().filter(|goal| site.top_pillar(goal.pillar) == *pillar);
                let anchor = |goal: &site::Goal| format!("{}#pillar-{}", link.href, site.pillar(goal.pillar).key);
                view::MatrixCell { count: goals().count(), href: goals().next().map(anchor) }
            });
            let cells = cells.collect();
            view::MatrixRow { link, cells, total: range.len() }
        });
        let rows = rows.collect();
        let results = (record.results > 0).then(|| self.link(self.year_label(year, false), Page::Results(year)));
        let previous = site.years.range(..year).next_back().filter(|(_, record)| record.results > 0);
        Ok(view::Year {
            label: self.year_within(year).to_owned(),
            html,
            matrix: view::Matrix {
                columns: matrix_columns,
                tier: self.tier(0).to_owned(),
                rows,
                totals: top().map(|(_, goals)| goals.len()).collect(),
                total: goals.len(),
            },
            pillars: self.pillars_under(None, Some(year)),
            groups: self.groups(range.map(|index| GoalId(index as u32)), year, false),
            results,
            previous_results: previous.map(|(year, _)| self.link(self.year_label(*year, false), Page::Results(*year))),
            years: self.year_links(|year| Some(Page::Year(year))),
            goals: goals.len(),
            pending: self.pending(year),
            totals: self.totals(year, goals.iter()),
        })
    }

    pub(super) fn results(&self, year: FiscalYear) -> view::Results {
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
                tier: String::new(),
                rows: rows.collect(),
                total: totals.iter().sum(),
                totals,
            }
        });
        let missed = range.clone().zip(goals).filter(|(_, goal)| self.fell_short(goal)).map(|(index, goal)| {
            let outcome = goal.outcome.as_deref();
            let measures = outcome.into_iter().flat_map(|outcome| goal.measures(outcome));
            let missed = measures.filter(|measure| measure.is_met() == Some(false));
            let indicators = missed.map(|it| self.indicator_view(it.indicator, it.measured, None));
            view::Missed {
                goal: self.row(GoalId(index as u32)),
                department: self
                    .link(&*site.department(goal.department).matter.name, Page::DepartmentYear(year, goal.department)),
                indicators: indicators.collect(),
                reason: outcome.and_then(|outcome| outcome.reason.as_deref()).map(str::to_owned),
            }
        });
        view::Results {
            label: self.year_within(year).to_owned(),
            year: self.link(self.year_label(year, false), Page::Year(year)),
            goals: goals.len(),
            results: record.results,
            levels,
            figures: figures_view(sum(goals)),
            matrix,
            missed: missed.collect(),
            judged: goals.iter().filter(|goal| goal.outcome.is_some()).all(|goal| self.is_judged(goal)),
            groups: self.groups(range.clone().map(|index| GoalId(index as u32)), year, true),
            years: self.year_links(|year| (site.years[&year].results > 0).then_some(Page::Results(year))),
        }
    }

    pub(super) fn department_year(&self, year: FiscalYear, id: DepartmentId) -> Result<view::DepartmentYear> {
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
        let actions = || goals.iter().flat_map(|goal| &goal.actions);
        let promises = |action: &document::Action| {
            action.criterion.is_some() || action.indicators.iter().any(|it| it.target().is_some())
        };
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
            has_sections: actions().any(|action| !action.sections.is_empty()),
            has_criteria: actions().any(promises),
            pending: self.pending(year),
            today: self.today(id),
            totals: self.totals(year, goals.iter()),
            departments: departments
                .map(|(other, _)| self.link(&*site.department(*other).matter.name, Page::DepartmentYear(year, *other)))
                .collect(),
        })
    }

    pub(super) fn pillar_year(&self, year: FiscalYear, id: PillarId) -> view::PillarYear {
        let goals = self.site.pillar_goals(year, id);
        let record = &self.site.years[&year];
        let above = self.site.pillar(id).under;
        let beside = record.pillars.iter().filter(|(other, _)| self.site.pillar(*other).under == above);
        let pillars = beside.map(|(other, _)| {
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
            totals: self.totals(year, goals.iter().map(|id| self.site.goal(*id))),
            pillars: pillars.collect(),
            below: self.pillars_under(Some(id), Some(year)),
        }
    }

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

    pub(super) fn year_goals(&self, year: FiscalYear) -> (std::ops::Range<usize>, &'p [site::Goal]) {
        let range = self.site.years.get(&year).map_or(0..0, |record| record.goals.clone());
        (range.clone(), &self.site.goals[range])
    }

    fn year_links(&self, page: impl Fn(FiscalYear) -> Option<Page>) -> Vec<view::Link> {
        let years = self.site.years.keys().rev();
        years.filter_map(|year| Some(self.link(self.year_label(*year, false), page(*year)?))).collect()
    }

    /// Whether a goal's result could have stayed below its promise, and be seen to: by a figure with a target, or on a
    /// scale on which some level has to be explained.
    fn is_judged(&self, goal: &site::Goal) -> bool {
        let figures = goal.figures();
        let Some(outcome) = goal.outcome.as_deref() else { return false };
        let has_level = outcome.level.is_some() || outcome.action_levels.iter().any(Option::is_some);
        figures.met + figures.missed > 0
            || (has_level && self.site.config.levels(goal.year).iter().any(|level| level.needs_reason))
    }

    /// Whether a goal's result stays below its promise: a level that must be explained, or a figure below its target.
    pub(super) fn fell_short(&self, goal: &site::Goal) -> bool {
        let needs = |index: usize| self.site.level(goal.year, index).is_some_and(|level| level.needs_reason);
        let Some(outcome) = &goal.outcome else { return false };
        goal.figures().missed > 0
            || outcome.level.iter().chain(outcome.action_levels.iter().flatten()).any(|i| needs(*i))
    }
}

pub(super) fn sum(goals: &[site::Goal]) -> site::Figures {
    let mut figures = site::Figures::default();
    for goal in goals {
        figures += goal.figures();
    }
    figures
}
