//! Values of the city's own columns, and their sums.

use super::Views;
use crate::config::Column;
use crate::document::Extra;
use crate::site;
use crate::value::calendar::FiscalYear;
use crate::value::choice::{ColumnKind, ColumnOn};
use crate::value::figure::Figure;
use crate::view;

impl Views<'_> {
    /// Values of the columns that hold in a year, as they are shown.
    pub(crate) fn extras(&self, year: FiscalYear, values: &[(u16, Extra)]) -> Vec<view::Extra> {
        let extra = |(index, value): &(u16, Extra)| {
            let column = self.column(*index, year)?;
            let href = match value {
                Extra::Link(address) => Some(address.to_string()),
                _ => None,
            };
            Some(view::Extra { label: column.label.to_string(), value: self.extra(column, value), href })
        };
        values.iter().filter_map(extra).collect()
    }

    fn column(&self, index: u16, year: FiscalYear) -> Option<&Column> {
        let column = self.site.config.columns.get(usize::from(index))?;
        column.years.is_none_or(|years| years.contains(year)).then_some(column)
    }

    fn extra(&self, column: &Column, value: &Extra) -> String {
        match value {
            Extra::Texts(texts) => {
                let article = |text: &str| match column.kind {
                    ColumnKind::Articles if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                        self.words.fill("article", &[("a", text)])
                    }
                    _ => text.to_owned(),
                };
                let texts: Vec<String> = texts.iter().map(|text| article(text)).collect();
                texts.join(self.words.get("list_separator"))
            }
            Extra::Figure(total, parts) => {
                let parts = parts.iter().filter_map(|(index, part)| {
                    let name = column.parts.get(usize::from(*index))?;
                    Some((&**name, part))
                });
                self.with_parts(column, &self.counted(column, total), parts)
            }
            Extra::Flag(is_so) => self.words.get(if *is_so { "flag_yes" } else { "flag_no" }).to_owned(),
            Extra::Day(date) => self.date(*date),
            Extra::Link(address) => address.to_string(),
        }
    }

    /// A figure with its unit and, as amounts are written, commas between thousands.
    fn counted(&self, column: &Column, figure: &Figure) -> String {
        format!("{}{}", figure.grouped(true), self.unit(column.unit.as_deref()))
    }

    /// A figure, and below it its parts, one a line.
    fn with_parts<'f>(
        &self,
        column: &Column,
        first: &str,
        parts: impl Iterator<Item = (&'f str, &'f Figure)>,
    ) -> String {
        let line = |(name, part): (&str, &Figure)| {
            self.words.fill("part_of_amount", &[("a", name), ("b", &self.counted(column, part))])
        };
        std::iter::once(first.to_owned()).chain(parts.map(line)).collect::<Vec<_>>().join("\n")
    }

    /// The sums of the columns that are added up, over goals of a year. It is said of how many goals each is the sum, where
    /// it is not of all.
    pub(crate) fn totals<'g>(
        &self,
        year: FiscalYear,
        goals: impl Iterator<Item = &'g site::Goal> + Clone,
    ) -> Vec<view::Extra> {
        let columns = self.site.config.columns.iter().enumerate().filter(|(_, column)| column.total);
        columns.filter_map(|(index, _)| self.total(index as u16, year, goals.clone())).collect()
    }

    fn total<'g>(
        &self,
        index: u16,
        year: FiscalYear,
        goals: impl Iterator<Item = &'g site::Goal> + Clone,
    ) -> Option<view::Extra> {
        let column = self.column(index, year)?;
        let of_goal = |goal: &'g site::Goal| figures_of(goal, index, column.on);
        let all: Vec<(&Figure, &[(u16, Figure)])> = goals.clone().flat_map(of_goal).collect();
        let sum = Figure::sum(all.iter().map(|(total, _)| *total))?;
        let stated = goals.clone().filter(|goal| !figures_of(goal, index, column.on).is_empty()).count();
        let mut first = self.counted(column, &sum);
        if stated < goals.count() {
            let filled = self.words.get("total_of_some");
            first = crate::text::words::fill(filled, Some(stated), &[("a", &first)]);
        }
        // Where some have no parts, the sums of the parts would be too small.
        let has_parts = all.iter().all(|(_, parts)| !parts.is_empty());
        let part = |at: usize| {
            let of_part = all.iter().flat_map(|(_, parts)| parts.iter()).filter(|(other, _)| usize::from(*other) == at);
            Figure::sum(of_part.map(|(_, part)| part).collect::<Vec<_>>().into_iter())
        };
        let sums: Vec<(&str, Figure)> = match has_parts {
            true => column.parts.iter().enumerate().filter_map(|(at, name)| Some((&**name, part(at)?))).collect(),
            false => Vec::new(),
        };
        let value = self.with_parts(column, &first, sums.iter().map(|(name, sum)| (*name, sum)));
        Some(view::Extra { label: column.label.to_string(), value, href: None })
    }
}

/// The figures of a column in a goal: of the goal, of its actions, of its result.
fn figures_of(goal: &site::Goal, index: u16, on: ColumnOn) -> Vec<(&Figure, &[(u16, Figure)])> {
    let all: Vec<&[(u16, Extra)]> = match on {
        ColumnOn::Goal => vec![&goal.extras],
        ColumnOn::Action => goal.actions.iter().map(|action| &*action.extras).collect(),
        ColumnOn::Result => goal.outcome.iter().map(|outcome| &*outcome.extras).collect(),
    };
    let all = all.into_iter().flatten();
    all.filter_map(|(other, value)| match value {
        Extra::Figure(total, parts) if *other == index => Some((total, &**parts)),
        _ => None,
    })
    .collect()
}
