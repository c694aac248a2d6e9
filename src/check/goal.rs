//! What a goal and its result say about each other. Points to both places, and never decides which is right.

use super::figures::{self, Stated};
use crate::config::Role;
use crate::diagnostic::{Diagnostic, catalog};
use crate::document::{Action, ActionOutcome, Correction, Direction, Indicator};
use crate::site::{Goal, Outcome, Site};
use crate::source::Sources;
use crate::text::place::{FileId, Place};
use crate::text::span::Span;
use crate::value::calendar::FiscalYear;
use crate::value::figure::Figure;
use std::cmp::Ordering;

/// Everything that does not fit in a goal and its result.
pub(super) fn goal(site: &Site, goal: &Goal, sources: &Sources) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    goal.outcomes().for_each(|outcome| outcome.check(goal, site, &mut out));
    let goal_file = goal.body.file;
    for action in &goal.actions {
        criterion_and_target(goal_file, action, sources, &mut out);
        if let Some(indicator) = &action.indicator {
            let figure = indicator.target().map(|target| (target, indicator.target_at));
            out.extend(figure.and_then(|(target, at)| impossible(indicator, target, Place::new(goal_file, at))));
        }
    }
    let Some(outcome) = &goal.outcome else { return out };
    let file = outcome.body.file;
    out.extend(outcome.corrections.iter().filter_map(|correction| incomplete(file, correction)));
    // With different counts nobody knows which result belongs to which action; that is told already.
    if goal.actions.len() != outcome.actions.len() {
        return out;
    }
    let earlier = goal.continues.and_then(|id| site.goal(id).outcome.as_deref());
    for (index, (action, result)) in goal.actions.iter().zip(&outcome.actions).enumerate() {
        if let Some(finding) = copied(goal, action, result, file, earlier) {
            // What a copied text says was never about the result.
            out.push(finding);
        } else {
            result_and_actual(file, action, result, sources, &mut out);
            let level = outcome.action_levels.get(index).copied().flatten().or(outcome.level);
            let role = level.and_then(|level| site.level(goal.year, level)).map(|level| level.color);
            unmet(goal, outcome, action, result, role, sources, &mut out);
        }
        if let (Some(indicator), Some(actual)) = (&action.indicator, &result.actual) {
            out.extend(impossible(indicator, actual, Place::new(file, result.actual_at)));
        }
    }
    missing_actuals(site, goal, outcome, &mut out);
    out.extend(unevaluated(site, goal, outcome));
    evaluations(site, goal, outcome, &mut out);
    out
}

/// A result without any level, of a year that has levels.
fn unevaluated(site: &Site, goal: &Goal, outcome: &Outcome) -> Option<Diagnostic> {
    let levels = site.config.levels(goal.year);
    // A level that is written but unknown is told already.
    let is_evaluated = outcome.evaluation.is_some() || outcome.actions.iter().any(|it| it.evaluation.is_some());
    let labels = || levels.iter().map(|level| &*level.label);
    let is_silent = !levels.is_empty() && !is_evaluated;
    is_silent.then(|| catalog::missing_evaluation(Place::start(outcome.body.file), labels()))
}

/// The words of a span, where they stand in the file; the whole span where they are written otherwise.
fn locate(sources: &Sources, file: FileId, within: Span, words: &str) -> Place {
    let text = sources.text_lossy(file);
    let found =
        within.slice(&text).find(words).map(|at| Span::new(at, at + words.len()).shifted(within.start as usize));
    Place::new(file, found.unwrap_or(within))
}

/// 「開催 3回」 with a target of 2.
fn criterion_and_target(file: FileId, action: &Action, sources: &Sources, out: &mut Vec<Diagnostic>) {
    let (Some(criterion), Some(indicator)) = (&action.criterion, &action.indicator) else { return };
    let (Some(target), Some(unit)) = (&indicator.target, &indicator.unit) else { return };
    let stated = figures::stated(criterion, unit);
    let same = |figure: &Figure| {
        [indicator.target(), Some(target), indicator.baseline.as_ref()]
            .into_iter()
            .flatten()
            .any(|known| known.compare(figure).is_eq())
    };
    if let Some(first) = disagreeing(&stated, same) {
        let place = locate(sources, file, action.criterion_at, &criterion[first.at.clone()]);
        let other = Place::new(file, indicator.target_at);
        out.push(catalog::figure_mismatch(place, &criterion[first.at.clone()], &format!("{target}{unit}"), other));
    }
}

/// 「2回開いた」 with an actual value of 3.
fn result_and_actual(
    file: FileId,
    action: &Action,
    result: &ActionOutcome,
    sources: &Sources,
    out: &mut Vec<Diagnostic>,
) {
    let (Some(text), Some(actual)) = (&result.result, &result.actual) else { return };
    let Some(unit) = action.indicator.as_ref().and_then(|indicator| indicator.unit.as_ref()) else { return };
    let stated = figures::stated(text, unit);
    if let Some(first) = disagreeing(&stated, |figure| figure.compare(actual).is_eq()) {
        let place = locate(sources, file, result.result_at, &text[first.at.clone()]);
        let other = Place::new(file, result.actual_at);
        out.push(catalog::figure_mismatch(place, &text[first.at.clone()], &format!("{actual}{unit}"), other));
    }
}

/// The first figure, where neither one of them nor their sum is what it should be.
fn disagreeing(stated: &[Stated], same: impl Fn(&Figure) -> bool) -> Option<&Stated> {
    let first = stated.first()?;
    let fits = stated.iter().any(|stated| same(&stated.figure)) || figures::sum(stated).is_some_and(|sum| same(&sum));
    (!fits).then_some(first)
}

/// 「3回」 promised and 「2回」 done, and nobody says why.
fn unmet(
    goal: &Goal,
    outcome: &Outcome,
    action: &Action,
    result: &ActionOutcome,
    role: Option<Role>,
    sources: &Sources,
    out: &mut Vec<Diagnostic>,
) {
    let says_so = matches!(role, Some(Role::Warning | Role::Danger | Role::Neutral));
    if says_so || outcome.reason.is_some() || !outcome.body.is_empty {
        return;
    }
    // Where both are figures, the page compares them itself.
    let is_measured = action.indicator.as_ref().is_some_and(|it| it.target.is_some()) && result.actual.is_some();
    let (Some(criterion), Some(text)) = (&action.criterion, &result.result) else { return };
    if is_measured {
        return;
    }
    for counter in figures::COUNTERS.iter().filter(|counter| figures::names(criterion, counter)) {
        let (promised, done) = (figures::stated(criterion, counter), figures::stated(text, counter));
        let ([promised], Some(first)) = (&promised[..], done.first()) else { continue };
        let worse = if promised.is_most { Ordering::Greater } else { Ordering::Less };
        let all = done.iter().all(|done| done.figure.compare(&promised.figure) == worse);
        let sum = figures::sum(&done).is_none_or(|sum| sum.compare(&promised.figure) == worse);
        if all && sum {
            let place = locate(sources, outcome.body.file, result.result_at, &text[first.at.clone()]);
            let other = locate(sources, goal.body.file, action.criterion_at, &criterion[promised.at.clone()]);
            let (done, promised) = (&text[first.at.clone()], &criterion[promised.at.clone()]);
            out.push(catalog::unmet_criterion(place, done, promised, other));
            return;
        }
    }
}

/// A result that repeats the goal, its criterion, or last year's result, word for word.
fn copied(
    goal: &Goal,
    action: &Action,
    result: &ActionOutcome,
    file: FileId,
    earlier: Option<&Outcome>,
) -> Option<Diagnostic> {
    let text = plain(result.result.as_deref()?);
    // A few words may well be the same.
    if text.chars().count() < 10 {
        return None;
    }
    let is_same = |other: &str| plain(other) == text;
    let place = Place::new(file, result.result_at);
    let goal_place = |at: Span| Place::new(goal.body.file, at);
    if is_same(&action.text) {
        return Some(catalog::copied_result(place, "取組内容", "the action", goal_place(action.at)));
    }
    if action.criterion.as_deref().is_some_and(is_same) {
        return Some(catalog::copied_result(place, "目標達成基準", "the criterion", goal_place(action.criterion_at)));
    }
    if is_same(&goal.title) {
        return Some(catalog::copied_result(place, "組織目標", "the goal", goal_place(goal.title_at)));
    }
    let earlier = earlier?;
    let same = earlier.actions.iter().find(|other| other.result.as_deref().is_some_and(is_same))?;
    Some(catalog::copied_result(
        place,
        "前の年度の実績",
        "an earlier year's result",
        Place::new(earlier.body.file, same.result_at),
    ))
}

/// Words without blanks and full stops.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '。' | '.')).collect()
}

/// A figure that cannot be: more than all of something, or less than none.
fn impossible(indicator: &Indicator, figure: &Figure, place: Place) -> Option<Diagnostic> {
    let unit = indicator.unit.as_deref()?;
    let name = || indicator.name.as_deref().unwrap_or("");
    let is_rate = matches!(unit, "%" | "％" | "パーセント");
    // What is written tells more cheaply than the words which figures need no look.
    if is_rate && figure.compare(&Figure::parse("100")?).is_gt() && figures::is_share(name()) {
        return Some(catalog::impossible_share(place, figure.as_str(), name()));
    }
    if figure.as_str().starts_with('-') && figure.compare(&Figure::parse("0")?).is_lt() {
        let is_count = figures::COUNTERS.contains(&unit) || (is_rate && figures::is_share(name()));
        if is_count && !figures::may_be_negative(name()) {
            return Some(catalog::negative_count(place, figure.as_str(), unit));
        }
    }
    None
}

/// A target without the value that it is compared with.
fn missing_actuals(site: &Site, goal: &Goal, outcome: &Outcome, out: &mut Vec<Diagnostic>) {
    let is_neutral = |level: Option<usize>| {
        level.and_then(|level| site.level(goal.year, level)).is_some_and(|level| level.color == Role::Neutral)
    };
    // What cannot be assessed, or has its reason told, needs no value.
    if outcome.reason.is_some() || is_neutral(outcome.level) {
        return;
    }
    for (index, (action, result)) in goal.actions.iter().zip(&outcome.actions).enumerate() {
        let Some(indicator) = action.indicator.as_ref().filter(|indicator| indicator.target().is_some()) else {
            continue;
        };
        // A value that is no number was told where it is.
        let is_missing = result.actual.is_none() && result.actual_at == Span::default();
        if is_missing && !is_neutral(outcome.action_levels.get(index).copied().flatten()) {
            let at = if result.result_at == Span::default() { result.at } else { result.result_at };
            let target = Place::new(goal.body.file, indicator.target_at);
            out.push(catalog::missing_actual(Place::new(outcome.body.file, at), target));
        }
    }
}

/// 計画以上 although the figures fell short, and the reverse. The role of a level's colour says what it means.
fn evaluations(site: &Site, goal: &Goal, outcome: &Outcome, out: &mut Vec<Diagnostic>) {
    let file = outcome.body.file;
    let mut all: Vec<Ordering> = Vec::new();
    for (index, (action, result)) in goal.actions.iter().zip(&outcome.actions).enumerate() {
        let Some(indicator) = &action.indicator else { continue };
        let Some((actual, target)) = result.actual.as_ref().zip(indicator.target()) else { continue };
        let order = match indicator.direction {
            Direction::Up => actual.compare(target),
            Direction::Down => target.compare(actual),
        };
        all.push(order);
        let level = outcome.action_levels.get(index).copied().flatten();
        if let (Some(level), Some(written)) = (level, &result.evaluation) {
            let places = (Place::new(file, written.at), Place::new(file, result.actual_at));
            out.extend(contradiction(site, goal.year, level, &[order], places));
        }
    }
    // The whole is judged by its figures only where every action has one.
    let is_whole = all.len() == goal.actions.len() && !all.is_empty();
    if let (Some(level), Some(written), true) = (outcome.level, &outcome.evaluation, is_whole) {
        let figures =
            outcome.actions.iter().find(|result| result.actual.is_some()).map_or(outcome.actions_at, |it| it.actual_at);
        let places = (Place::new(file, written.at), Place::new(file, figures));
        out.extend(contradiction(site, goal.year, level, &all, places));
    }
}

fn contradiction(
    site: &Site,
    year: FiscalYear,
    level: usize,
    figures: &[Ordering],
    (place, figure): (Place, Place),
) -> Option<Diagnostic> {
    let level = site.level(year, level)?;
    let missed = figures.iter().all(|order| order.is_lt());
    let met = figures.iter().all(|order| order.is_ge());
    match level.color {
        Role::Success | Role::Info if missed && !level.needs_reason => {
            Some(catalog::evaluation_mismatch(place, &level.label, false, figure))
        }
        Role::Warning | Role::Danger if met => Some(catalog::evaluation_mismatch(place, &level.label, true, figure)),
        _ => None,
    }
}

/// A correction that does not say what changed, or why.
fn incomplete(file: FileId, correction: &Correction) -> Option<Diagnostic> {
    let place = Place::new(file, correction.at);
    if correction.was.is_some() && correction.was == correction.now {
        return Some(catalog::empty_correction(place));
    }
    let missing: Vec<(&str, &str)> = [
        (correction.was.is_none(), ("was", "訂正前")),
        (correction.now.is_none(), ("now", "訂正後")),
        (correction.why.is_none(), ("why", "理由")),
    ]
    .into_iter()
    .filter_map(|(is_missing, key)| is_missing.then_some(key))
    .collect();
    (!missing.is_empty()).then(|| catalog::incomplete_correction(place, &missing))
}
