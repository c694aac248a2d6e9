//! A goal and its result: the rows, the page, the line in a list.

use super::Views;
use crate::document::{self, Actual, Publication, Target};
use crate::plan::Page;
use crate::site::{self, DepartmentId, GoalId, PillarId};
use crate::text::language::Language;
use crate::value::calendar::FiscalYear;
use crate::value::choice::{Direction, Unmeasured, Untargeted};
use crate::value::figure::Figure;
use crate::view::{self, Shared};
use anyhow::Result;

impl<'p> Views<'p> {
    pub(crate) fn number(&self, goal: &site::Goal) -> String {
        match &self.site.pillar(goal.pillar).number {
            None => goal.number.to_string(),
            Some(pillar) => format!("{pillar}-{}", goal.number),
        }
    }

    pub(crate) fn level(&self, year: FiscalYear, index: usize) -> Option<Shared<view::Level>> {
        self.year_words(year)?.levels.get(index).cloned()
    }

    pub(super) fn pillar(&self, id: PillarId, year: Option<FiscalYear>, goals: usize) -> view::Pillar {
        let pillar = self.site.pillar(id);
        let page = match year {
            Some(year) => Page::PillarYear(year, id),
            None => Page::Pillar(id),
        };
        let matter = &pillar.matter;
        let depth = self.site.pillar_depth(id);
        view::Pillar {
            key: pillar.key.to_string(),
            number: pillar.number.as_deref().map(str::to_owned),
            tier: self.tier(depth).to_owned(),
            depth,
            name: matter.name.to_string(),
            short: matter.short.as_deref().unwrap_or(&matter.name).to_owned(),
            href: self.href(page),
            goals,
        }
    }

    /// What the pillars of a tier are called; 0 is the top.
    pub(crate) fn tier(&self, depth: usize) -> &str {
        self.site.config.tiers.get(depth).map_or_else(|| self.words.get("pillar"), AsRef::as_ref)
    }

    /// Pillars right below one, in a year or at all; `None` is the top. With how many goals, where there is a year.
    pub(super) fn pillars_under(&self, id: Option<PillarId>, year: Option<FiscalYear>) -> Vec<view::Pillar> {
        let goals = |id: PillarId| year.map_or(0, |year| self.site.pillar_goals(year, id).len());
        let below = self.site.pillars_under(id).filter(|id| year.is_none() || goals(*id) > 0);
        below.map(|id| self.pillar(id, year, goals(id))).collect()
    }

    pub(super) fn row(&self, id: GoalId) -> view::GoalRow {
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
        let make = || {
            let goal = self.site.goal(id);
            Shared::new(self.actions(goal, goal.outcome.as_deref()))
        };
        self.common.map_or_else(make, |common| common.actions(id, make))
    }

    /// The rows of a goal, with what became of them.
    pub(crate) fn actions(&self, goal: &site::Goal, outcome: Option<&site::Outcome>) -> Vec<view::Action> {
        goal.actions
            .iter()
            .enumerate()
            .map(|(index, action)| {
                let result = outcome.and_then(|outcome| outcome.actions.get(index));
                let level = outcome.and_then(|outcome| outcome.action_levels.get(index).copied().flatten());
                let measured = result.map_or(&[][..], |result| &result.measured);
                let criterion = action.criterion.as_deref();
                let indicators = self.indicators(&action.indicators, measured, criterion);
                let indicators: Vec<_> = indicators.into_iter().map(Shared::new).collect();
                view::Action {
                    text: action.text.to_string(),
                    sections: action.sections.iter().map(|section| section.value.to_string()).collect(),
                    criterion: action.criterion.as_deref().map(str::to_owned),
                    indicator: if let [only] = &indicators[..] { Some(only.clone()) } else { None },
                    has_target: indicators.iter().any(|it| it.target.is_some() || it.target_state.is_some()),
                    has_actual: indicators.iter().any(|it| it.actual.is_some() || it.actual_state.is_some()),
                    indicators,
                    extras: self.extras(goal.year, &action.extras),
                    result: result.and_then(|result| result.result.as_deref()).map(str::to_owned),
                    level: level.and_then(|index| self.level(goal.year, index)),
                }
            })
            .collect()
    }

    /// A goal as it stands in its department's year: rows and what its bodies say, without history.
    pub(super) fn goal(&self, id: GoalId, html: String, outcome_html: String) -> view::Goal {
        let goal = self.site.goal(id);
        let outcome = goal.outcome.as_deref();
        view::Goal {
            number: self.number(goal),
            anchor: format!("goal-{}", goal.slug),
            title: goal.title.to_string(),
            title_with_ruby: goal.title_with_ruby.as_ref().unwrap_or(&goal.title).to_string(),
            href: self.href(Page::Goal(id)),
            pillar: self.pillar(goal.pillar, Some(goal.year), 0),
            above: self.above(goal.pillar, goal.year),
            department: self.link(
                &*self.site.department(goal.department).matter.name,
                Page::DepartmentYear(goal.year, goal.department),
            ),
            year: self.year_label(goal.year, true).to_owned(),
            sample: goal.publication.sample,
            draft: self.is_draft(&goal.publication),
            level: outcome.and_then(|outcome| self.level(goal.year, outcome.level?)),
            has_action_levels: outcome.is_some_and(|outcome| outcome.action_levels.iter().any(Option::is_some)),
            actions: self.shared_actions(id),
            indicators: self.own_indicators(goal, outcome),
            extras: self.extras(goal.year, &goal.extras),
            html,
            outcome: outcome.map(|outcome| self.outcome(goal, outcome, outcome_html)),
            pending: self.pending(goal.year),
            progress: Vec::new(),
            ended: ended(goal),
            thread: Vec::new(),
            today: Vec::new(),
        }
    }

    fn outcome(&self, goal: &site::Goal, outcome: &site::Outcome, html: String) -> view::Outcome {
        view::Outcome {
            level: outcome.level.and_then(|index| self.level(goal.year, index)),
            reason: outcome.reason.as_deref().map(str::to_owned),
            extras: self.extras(goal.year, &outcome.extras),
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

    pub(super) fn goal_page(&self, id: GoalId) -> Result<view::Goal> {
        let goal = self.site.goal(id);
        let html = self.html(&goal.body, 3, "")?;
        let outcome_html = match &goal.outcome {
            Some(outcome) => self.html(&outcome.body, 3, "result-")?,
            None => String::new(),
        };
        let mut view = self.goal(id, html, outcome_html);
        for (date, outcome) in &goal.progress {
            let prefix = format!("progress-{date}-");
            let rows = goal.actions.iter().zip(&outcome.actions).map(|(action, row)| self.progress_action(action, row));
            let actions = rows.collect();
            let indicators = self.progress_indicators(goal, outcome);
            view.progress.push(view::Progress {
                date: self.date(*date),
                actions,
                indicators,
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
                        ended: ended(member),
                    }
                })
                .collect();
        }
        view.today = self.today(goal.department);
        Ok(view)
    }

    /// A row of a report during the year.
    pub(crate) fn progress_action(
        &self,
        action: &document::Action,
        row: &document::ActionOutcome,
    ) -> view::ProgressAction {
        let mut indicators = self.indicators(&action.indicators, &row.measured, None);
        let only = if indicators.len() == 1 { indicators.pop() } else { None };
        indicators.retain(|it| it.actual.is_some() || it.actual_state.is_some());
        let (actual, actual_state, unit) = only.map(|it| (it.actual, it.actual_state, it.unit)).unwrap_or_default();
        let result = row.result.as_deref().map(str::to_owned);
        view::ProgressAction { text: action.text.to_string(), result, actual, actual_state, unit, indicators }
    }

    /// Pillars above one, from the top.
    pub(super) fn above(&self, id: PillarId, year: FiscalYear) -> Vec<view::Pillar> {
        let path = self.site.pillar_path(id);
        path[..path.len() - 1].iter().map(|id| self.pillar(*id, Some(year), 0)).collect()
    }

    pub(super) fn today(&self, id: DepartmentId) -> Vec<view::Link> {
        self.site.current_successors(id).into_iter().map(|id| self.department_link(id)).collect()
    }
}

pub(super) fn figures_view(figures: site::Figures) -> view::Figures {
    view::Figures { met: figures.met, missed: figures.missed, total: figures.met + figures.missed }
}

impl Views<'_> {
    /// A figure as it is shown: with the digits as written; in English with commas between thousands.
    pub(crate) fn figure(&self, figure: &Figure, unit: Option<&str>) -> String {
        match self.site.config.language {
            Language::Japanese => figure.to_string(),
            Language::English => figure.grouped(unit.is_some_and(|unit| !unit.is_empty())),
        }
    }

    /// A unit as it stands behind a figure: 「10回」, "10 trees", "10%".
    pub(crate) fn unit(&self, unit: Option<&str>) -> String {
        match unit {
            Some(unit) if unit.starts_with(char::is_alphanumeric) => format!("{}{unit}", self.words.get("before_unit")),
            unit => unit.unwrap_or_default().to_owned(),
        }
    }

    /// The goal's own indicators with their values.
    pub(crate) fn own_indicators(&self, goal: &site::Goal, outcome: Option<&site::Outcome>) -> Vec<view::Indicator> {
        self.indicators(&goal.indicators, outcome.map_or(&[][..], |outcome| &outcome.measured), None)
    }

    /// Those of them that a report during the year has a value of.
    pub(crate) fn progress_indicators(&self, goal: &site::Goal, report: &site::Outcome) -> Vec<view::Indicator> {
        let mut indicators = self.own_indicators(goal, Some(report));
        indicators.retain(|it| it.actual.is_some() || it.actual_state.is_some());
        indicators
    }

    /// Indicators with their values.
    fn indicators(
        &self,
        indicators: &[document::Indicator],
        measured: &[document::Measured],
        criterion: Option<&str>,
    ) -> Vec<view::Indicator> {
        let all = document::measures(indicators, measured);
        all.map(|(indicator, measured)| self.indicator_view(indicator, measured, criterion)).collect()
    }

    pub(super) fn indicator_view(
        &self,
        indicator: &document::Indicator,
        measured: Option<&document::Measured>,
        criterion: Option<&str>,
    ) -> view::Indicator {
        let actual = measured.and_then(|measured| measured.figure());
        let unit = indicator.unit.as_deref();
        let show = |figure: &Figure| self.figure(figure, unit);
        let shown = |target: &Target| match target {
            Target::Figure(figure) => Some(show(figure)),
            Target::Range(from, to) => Some(self.words.fill("range", &[("a", &show(from)), ("b", &show(to))])),
            Target::None(_) => None,
        };
        let is_stated = |criterion: &str, target: &Figure| {
            criterion.contains(target.as_str()) || criterion.contains(&*show(target))
        };
        let target = indicator.target();
        let state = match target {
            Some(Target::None(Untargeted::Undecided)) => Some("target_undecided"),
            Some(Target::None(Untargeted::None)) => Some("target_none"),
            _ => None,
        };
        view::Indicator {
            name: self.indicator_name(indicator),
            unit: self.unit(unit),
            baseline: indicator.baseline.as_ref().map(show),
            target: target.and_then(shown),
            target_state: state.map(|word| self.words.get(word).to_owned()),
            first_target: indicator.revised_target.as_ref().and(indicator.target.as_ref().and_then(shown)),
            actual: actual.map(show),
            actual_state: measured.and_then(|measured| self.actual_state(measured)),
            note: measured.and_then(|measured| measured.note.as_deref()).map(str::to_owned),
            stated: criterion.zip(target).is_some_and(|(criterion, target)| {
                target.figures().next().is_some() && target.figures().all(|figure| is_stated(criterion, figure))
            }),
            down: indicator.direction == Direction::Down,
            met: actual.and_then(|actual| indicator.is_met(actual)),
            bar: bar(indicator, actual),
        }
    }

    /// The name of an indicator, with its kind before it.
    fn indicator_name(&self, indicator: &document::Indicator) -> Option<String> {
        let name = indicator.name.as_deref();
        let kind = indicator.kind.as_ref().and_then(|kind| self.site.config.indicator_kind(&kind.value));
        match (kind, name) {
            (Some(kind), Some(name)) => Some(self.words.fill("kind_and_name", &[("a", &kind.label), ("b", name)])),
            (Some(kind), None) => Some(kind.label.to_string()),
            (None, name) => name.map(str::to_owned),
        }
    }

    fn actual_state(&self, measured: &document::Measured) -> Option<String> {
        match (measured.actual.as_ref()?, measured.expected) {
            (Actual::None(Unmeasured::Pending), Some(date)) => {
                Some(self.words.fill("actual_expected", &[("a", &self.date(date))]))
            }
            (Actual::None(Unmeasured::Pending), None) => Some(self.words.get("actual_pending").to_owned()),
            (Actual::None(Unmeasured::NotMeasured), _) => Some(self.words.get("actual_not_measured").to_owned()),
            (Actual::Figure(_), _) => None,
        }
    }
}

/// Positions for a bar that starts at zero; none where a value is negative, for which a bar from zero would mislead.
fn bar(indicator: &document::Indicator, actual: Option<&Figure>) -> Option<view::Bar> {
    let actual = actual?.approximate();
    let mut targets = indicator.target()?.figures().map(Figure::approximate);
    let (target, target_to) = (targets.next()?, targets.next());
    let baseline = indicator.baseline.as_ref().map(Figure::approximate);
    let all = || [Some(actual), Some(target), target_to, baseline].into_iter().flatten();
    let (longest, shortest) = (all().fold(0.0, f64::max), all().fold(0.0, f64::min));
    if longest <= 0.0 || shortest < 0.0 {
        return None;
    }
    let position = |value: f64| (value / longest * 100.0).round() as u8;
    let (target_to, baseline) = (target_to.map(position), baseline.map(position));
    Some(view::Bar { actual: position(actual), target: position(target), target_to, baseline })
}

/// Why a goal is the last of its history.
fn ended(goal: &site::Goal) -> Option<String> {
    goal.ended.as_ref().map(|text| text.value.to_string())
}
