//! The home page: this year's goals, the last results, what is new.

use super::Views;
use super::goal::figures_view;
use super::years::sum;
use crate::plan::Page;
use crate::site::{DepartmentId, GoalId};
use crate::value::calendar::Date;
use crate::view;
use anyhow::Result;
use std::collections::BTreeMap;

impl<'p> Views<'p> {
    pub(super) fn home(&self) -> Result<view::Home> {
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
                pillars: self.pillars_under(None, Some(year)),
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
            pillars: self.pillars_under(None, None),
            departments: self.current_departments(),
            years: years.collect(),
            updates: self.updates(),
        })
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
}

fn most_common(dates: impl Iterator<Item = Date>) -> Option<Date> {
    let mut counts = BTreeMap::new();
    for date in dates {
        *counts.entry(date).or_insert(0_usize) += 1;
    }
    counts.into_iter().max_by_key(|(date, count)| (*count, *date)).map(|(date, _)| date)
}
