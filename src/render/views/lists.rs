//! Pages across the years: departments, pillars, and the list of all pages.

use super::Views;
use crate::plan::Page;
use crate::site::{DepartmentId, GoalId, PillarId, TextId};
use crate::value::calendar::FiscalYear;
use crate::view;
use anyhow::Result;

/// Goals up to this number are listed one by one on the list of all pages; larger sites list departments there.
const LISTED_GOALS: usize = 1000;

impl<'p> Views<'p> {
    pub(super) fn departments(&self) -> view::Departments {
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

    pub(super) fn department(&self, id: DepartmentId) -> Result<view::Department> {
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
            has_results: years.iter().any(|row| row.results > 0),
            years,
        })
    }

    pub(super) fn pillar_page(&self, id: PillarId) -> Result<view::PillarPage> {
        let site = self.site;
        let mut years = Vec::new();
        for year in site.years.keys().rev() {
            let goals = site.pillar_goals(*year, id);
            if !goals.is_empty() {
                let results = goals.iter().filter(|id| site.goal(**id).outcome.is_some()).count();
                years.push(self.year_row(*year, Page::PillarYear(*year, id), goals.len(), results));
            }
        }
        let pillars = site.pillars_under(site.pillar(id).under).map(|other| {
            let pillar = self.pillar(other, None, 0);
            let number = pillar.number.map(|number| format!("{number} ")).unwrap_or_default();
            view::Link { title: number + &pillar.short, href: pillar.href, current: other == id }
        });
        Ok(view::PillarPage {
            pillar: self.pillar(id, None, 0),
            html: self.html(&site.pillar(id).matter.body, 2, "")?,
            has_results: years.iter().any(|row| row.results > 0),
            years,
            pillars: pillars.collect(),
            below: self.pillars_under(Some(id), None),
        })
    }

    pub(super) fn sitemap(&self) -> view::Sitemap {
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

    /// Departments with goals in the latest year, or those that have not ended.
    pub(super) fn current_departments(&self) -> Vec<view::Link> {
        let latest = self.site.latest_year();
        let ids = (0..self.site.departments.len()).map(|index| DepartmentId(index as u32));
        let current = ids.filter(|id| {
            let years = self.site.department(*id).matter.years;
            years.is_none_or(|years| latest.is_none_or(|latest| years.contains(latest)))
        });
        current.map(|id| self.department_link(id)).collect()
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

    pub(super) fn year_row(&self, year: FiscalYear, page: Page, goals: usize, results: usize) -> view::YearRow {
        view::YearRow {
            link: self.link(self.year_label(year, true), page),
            results_href: None,
            goals,
            results,
            department: None,
        }
    }
}
