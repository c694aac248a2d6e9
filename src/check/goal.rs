//! What a goal and its result say about each other. Points to both places, and never decides which is right.

use super::figures::{self, Stated};
use crate::diagnostic::suggest::{quoted_list, suggest_among};
use crate::diagnostic::{Diagnostic, Rule};
use crate::document::{Action, ActionOutcome, Correction, Indicator, Measured, Target, measures};
use crate::fields::{self, Key, correction};
use crate::site::{Goal, Measure, Outcome, Site};
use crate::source::Sources;
use crate::text::place::{FileId, Place};
use crate::text::span::Span;
use crate::value::calendar::FiscalYear;
use crate::value::choice::Role;
use crate::value::figure::Figure;
use std::cmp::Ordering;

/// Everything that does not fit in a goal and its result.
pub(super) fn goal(site: &Site, goal: &Goal, sources: &Sources) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    goal.outcomes().for_each(|outcome| outcome.check(goal, site, &mut out));
    let goal_file = goal.body.file;
    for action in &goal.actions {
        criterion_and_target(goal_file, action, sources, &mut out);
    }
    let indicators = goal.indicators.iter().chain(goal.actions.iter().flat_map(|action| &action.indicators));
    for indicator in indicators {
        out.extend(unknown_kind(site, goal_file, indicator));
        let place = Place::new(goal_file, indicator.target_at);
        let figures = indicator.target().into_iter().flat_map(|target| target.figures());
        out.extend(figures.filter_map(|figure| impossible(indicator, figure, place)).next());
    }
    let Some(outcome) = &goal.outcome else { return out };
    let file = outcome.body.file;
    out.extend(outcome.corrections.iter().filter_map(|correction| incomplete(file, correction)));
    // With different counts nobody knows which result belongs to which action; that is told already.
    if goal.actions.len() != outcome.actions.len() {
        return out;
    }
    let earlier: Vec<&Outcome> =
        goal.continues.iter().filter_map(|id| site.goal(id.value).outcome.as_deref()).collect();
    for (index, (action, result)) in goal.actions.iter().zip(&outcome.actions).enumerate() {
        if let Some(finding) = copied(goal, action, result, file, &earlier) {
            // What a copied text says was never about the result.
            out.push(finding);
        } else {
            result_and_actual(file, action, result, sources, &mut out);
            let level = outcome.action_levels.get(index).copied().flatten().or(outcome.level);
            let role = level.and_then(|level| site.level(goal.year, level)).map(|level| level.color);
            unmet(goal, outcome, action, result, role, sources, &mut out);
        }
    }
    for Measure { indicator, measured, .. } in goal.measures(outcome) {
        let actual = measured.and_then(|measured| Some((measured.figure()?, measured.actual_at)));
        out.extend(actual.and_then(|(actual, at)| impossible(indicator, actual, Place::new(file, at))));
    }
    missing_actuals(site, goal, outcome, &mut out);
    out.extend(unevaluated(site, goal, outcome));
    evaluations(site, goal, outcome, &mut out);
    out
}

/// A kind that `site.yaml` does not have.
fn unknown_kind(site: &Site, file: FileId, indicator: &Indicator) -> Option<Diagnostic> {
    let kind = indicator.kind.as_ref()?;
    if site.config.is_partial || site.config.indicator_kind(&kind.value).is_some() {
        return None;
    }
    let kinds = || site.config.indicator_kinds.iter();
    let known: Vec<&str> = kinds().flat_map(|kind| [&*kind.label, &*kind.key]).collect();
    Some(no_such_kind(Place::new(file, kind.at), &kind.value, known, kinds().map(|kind| &*kind.label)))
}

/// A result without any level, of a year that has levels.
fn unevaluated(site: &Site, goal: &Goal, outcome: &Outcome) -> Option<Diagnostic> {
    let levels = site.config.levels(goal.year);
    // A level that is written but unknown is told already.
    let is_evaluated = outcome.evaluation.is_some() || outcome.actions.iter().any(|it| it.evaluation.is_some());
    let labels = || levels.iter().map(|level| &*level.label);
    let is_silent = !levels.is_empty() && !is_evaluated;
    is_silent.then(|| missing_evaluation(Place::start(outcome.body.file), labels()))
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
    let Some(criterion) = &action.criterion else { return };
    for (indicator, target, unit) in each_unit(action, |indicator| indicator.target.as_ref()?.figure()) {
        let stated = figures::stated(criterion, unit);
        let alike = || action.indicators.iter().filter(|other| other.unit == indicator.unit);
        let known = || {
            alike().flat_map(|it| {
                let targets = [it.target(), it.target.as_ref()].into_iter().flatten().flat_map(Target::figures);
                targets.chain(&it.baseline)
            })
        };
        let reduces = || {
            figures::is_reduction(criterion) || alike().filter_map(|it| it.name.as_deref()).any(figures::is_reduction)
        };
        let same =
            |stated: &Stated| known().any(|known| stated.covers(known) || (stated.is_negative_of(known) && reduces()));
        let is_sum = |sum: &Figure| known().any(|known| known.compare(sum).is_eq());
        if let Some(first) = disagreeing(&stated, same, is_sum) {
            let place = locate(sources, file, action.criterion_at, &criterion[first.at.clone()]);
            let other = Place::new(file, indicator.target_at);
            out.push(figure_mismatch(place, &criterion[first.at.clone()], &format!("{target}{unit}"), other));
        }
    }
}

/// The first indicator of each unit that has a figure. In words, figures of one unit cannot be told apart.
fn each_unit<'a, T>(
    action: &'a Action,
    figure: impl Fn(&'a Indicator) -> Option<T>,
) -> impl Iterator<Item = (&'a Indicator, T, &'a str)> {
    let all = action.indicators.iter().filter_map(move |it| Some((it, figure(it)?, it.unit.as_deref()?)));
    let mut told: Vec<&str> = Vec::new();
    all.filter(move |(.., unit)| {
        let is_first = !told.contains(unit);
        told.push(unit);
        is_first
    })
}

/// 「2回開いた」 with an actual value of 3.
fn result_and_actual(
    file: FileId,
    action: &Action,
    result: &ActionOutcome,
    sources: &Sources,
    out: &mut Vec<Diagnostic>,
) {
    let Some(text) = &result.result else { return };
    let measures: Vec<_> = measures(&action.indicators, &result.measured).collect();
    let value = |of: &Indicator| {
        let (_, measured) = measures.iter().find(|(indicator, _)| std::ptr::eq(*indicator, of))?;
        measured.and_then(|measured| Some((measured.figure()?, measured.actual_at)))
    };
    for (indicator, (actual, actual_at), unit) in each_unit(action, value) {
        let stated = figures::stated(text, unit);
        let alike = || action.indicators.iter().filter(|other| other.unit == indicator.unit);
        let known = || alike().filter_map(|other| Some(value(other)?.0));
        let reduces = || alike().filter_map(|it| it.name.as_deref()).any(figures::is_reduction);
        let same =
            |stated: &Stated| known().any(|known| stated.covers(known) || (stated.is_negative_of(known) && reduces()));
        if let Some(first) = disagreeing(&stated, same, |sum| known().any(|known| sum.compare(known).is_eq())) {
            let place = locate(sources, file, result.result_at, &text[first.at.clone()]);
            let other = Place::new(file, actual_at);
            out.push(figure_mismatch(place, &text[first.at.clone()], &format!("{actual}{unit}"), other));
        }
    }
}

/// The first figure, where neither one of them nor their sum is what it should be.
fn disagreeing(stated: &[Stated], same: impl Fn(&Stated) -> bool, is_sum: impl Fn(&Figure) -> bool) -> Option<&Stated> {
    let first = stated.first()?;
    let fits = stated.iter().any(same) || figures::sum(stated).is_some_and(|sum| is_sum(&sum));
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
    let compares = |(indicator, measured): (&Indicator, Option<&Measured>)| {
        indicator.is_judged() && measured.is_some_and(|measured| measured.figure().is_some())
    };
    let is_measured = measures(&action.indicators, &result.measured).any(compares);
    let (Some(criterion), Some(text)) = (&action.criterion, &result.result) else { return };
    if is_measured {
        return;
    }
    for counter in figures::COUNTERS.iter().filter(|counter| figures::names(criterion, counter)) {
        let (promised, done) = (figures::stated(criterion, counter), figures::stated(text, counter));
        let ([promised], Some(first)) = (&promised[..], done.first()) else { continue };
        // Whether a range was kept is for people to say.
        if promised.to.is_some() || done.iter().any(|done| done.to.is_some()) {
            continue;
        }
        let worse = if promised.is_most { Ordering::Greater } else { Ordering::Less };
        let all = done.iter().all(|done| done.figure.compare(&promised.figure) == worse);
        let sum = figures::sum(&done).is_none_or(|sum| sum.compare(&promised.figure) == worse);
        if all && sum {
            let place = locate(sources, outcome.body.file, result.result_at, &text[first.at.clone()]);
            let other = locate(sources, goal.body.file, action.criterion_at, &criterion[promised.at.clone()]);
            let (done, promised) = (&text[first.at.clone()], &criterion[promised.at.clone()]);
            out.push(unmet_criterion(place, done, promised, other));
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
    earlier: &[&Outcome],
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
        return Some(copied_result(place, fields::action::TEXT.key.ja, "the action", goal_place(action.at)));
    }
    if action.criterion.as_deref().is_some_and(is_same) {
        return Some(copied_result(
            place,
            fields::action::CRITERION.key.ja,
            "the criterion",
            goal_place(action.criterion_at),
        ));
    }
    if is_same(&goal.title) {
        return Some(copied_result(place, fields::goal::TITLE.key.ja, "the goal", goal_place(goal.title_at)));
    }
    let (earlier, same) = earlier.iter().find_map(|earlier| {
        let same = earlier.actions.iter().find(|other| other.result.as_deref().is_some_and(is_same))?;
        Some((earlier, same))
    })?;
    Some(copied_result(
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

/// A figure that cannot be: less than none; and one that seldom is: more than all of something.
fn impossible(indicator: &Indicator, figure: &Figure, place: Place) -> Option<Diagnostic> {
    let unit = indicator.unit.as_deref()?;
    let name = || indicator.name.as_deref().unwrap_or("");
    let is_rate = figures::is_percent(unit);
    // What is written tells more cheaply than the words which figures need no look.
    if is_rate && figure.compare(&Figure::parse("100")?).is_gt() && figures::is_share(name()) {
        return Some(over_hundred(place, figure.as_str(), name()));
    }
    if figure.as_str().starts_with('-') && figure.compare(&Figure::parse("0")?).is_lt() {
        let is_count = figures::COUNTERS.contains(&unit) || (is_rate && figures::is_share(name()));
        if is_count && !figures::may_be_negative(name()) {
            return Some(negative_count(place, figure.as_str(), unit));
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
    for Measure { row, indicator, measured } in goal.measures(outcome) {
        // A value that is no number was told where it is.
        let is_missing = measured.is_none_or(|it| it.actual.is_none() && it.actual_at == Span::default());
        let level = row.and_then(|row| outcome.action_levels.get(row).copied().flatten());
        if !indicator.is_judged() || !is_missing || is_neutral(level) {
            continue;
        }
        let result = row.and_then(|row| outcome.actions.get(row));
        let at = match (measured, result) {
            (Some(measured), _) => measured.at,
            (None, Some(result)) if result.result_at == Span::default() => result.at,
            (None, Some(result)) => result.result_at,
            (None, None) => outcome.actions_at,
        };
        let (indicators, values) = match (row.and_then(|row| goal.actions.get(row)), result) {
            (Some(action), Some(result)) => (&action.indicators, &result.measured),
            _ => (&goal.indicators, &outcome.measured),
        };
        let is_only = indicators.len() == 1;
        // It may be the value of which nobody knows what it is; that is told already.
        if !values.iter().all(|value| indicators.iter().any(|indicator| value.is_of(indicator, is_only))) {
            continue;
        }
        let name = indicator.known_as().filter(|_| row.is_none() || !is_only);
        let target = Place::new(goal.body.file, indicator.target_at);
        out.push(missing_actual(Place::new(outcome.body.file, at), target, name));
    }
}

/// 計画以上 although the figures fell short, and the reverse. The role of a level's colour says what it means.
fn evaluations(site: &Site, goal: &Goal, outcome: &Outcome, out: &mut Vec<Diagnostic>) {
    let file = outcome.body.file;
    let compared = |measure: Measure<'_>| {
        let measured = measure.measured?;
        Some((measure.row, measure.indicator.compare(measured.figure()?)?, measured.actual_at))
    };
    let all: Vec<(Option<usize>, Ordering, Span)> = goal.measures(outcome).filter_map(compared).collect();
    for (index, result) in outcome.actions.iter().enumerate() {
        let of_row = || all.iter().filter(|(row, ..)| *row == Some(index));
        let orders: Vec<Ordering> = of_row().map(|(_, order, _)| *order).collect();
        let level = outcome.action_levels.get(index).copied().flatten();
        if let (Some(level), Some(written), Some((.., at))) = (level, &result.evaluation, of_row().next()) {
            let places = (Place::new(file, written.at), Place::new(file, *at));
            out.extend(contradiction(site, goal.year, level, &orders, places));
        }
    }
    // The whole is judged by its figures only where it has some of its own, or every action has one.
    let has = |row: Option<usize>| all.iter().any(|(other, ..)| *other == row);
    let is_whole = has(None) || (!goal.actions.is_empty() && (0..goal.actions.len()).all(|index| has(Some(index))));
    if let (Some(level), Some(written), true) = (outcome.level, &outcome.evaluation, is_whole) {
        let figures = all.first().map_or(outcome.actions_at, |(.., at)| *at);
        let orders: Vec<Ordering> = all.iter().map(|(_, order, _)| *order).collect();
        let places = (Place::new(file, written.at), Place::new(file, figures));
        out.extend(contradiction(site, goal.year, level, &orders, places));
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
            Some(evaluation_mismatch(place, &level.label, false, figure))
        }
        Role::Warning | Role::Danger if met => Some(evaluation_mismatch(place, &level.label, true, figure)),
        _ => None,
    }
}

/// A correction that does not say what changed, or why.
fn incomplete(file: FileId, correction: &Correction) -> Option<Diagnostic> {
    let place = Place::new(file, correction.at);
    if correction.was.is_some() && correction.was == correction.now {
        return Some(empty_correction(place));
    }
    let missing: Vec<Key> = [
        (correction.was.is_none(), correction::WAS.key),
        (correction.now.is_none(), correction::NOW.key),
        (correction.why.is_none(), correction::WHY.key),
    ]
    .into_iter()
    .filter_map(|(is_missing, key)| is_missing.then_some(key))
    .collect();
    (!missing.is_empty()).then(|| incomplete_correction(place, &missing))
}

/// A kind of indicators that is none of the site's.
pub fn no_such_kind<'a>(
    place: Place,
    name: &str,
    known: Vec<&'a str>,
    labels: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BadValue,
        place,
        format!("site.yaml に、指標の種別「{name}」はありません。"),
        format!("`site.yaml` has no kind of indicators called `{name}`"),
    );
    if known.is_empty() {
        return finding.help(
            format!("site.yaml の indicator_kinds（指標の種別）に、{name}を加えます。"),
            format!("add `{name}` to `indicator_kinds` of `site.yaml`"),
        );
    }
    suggest_among(finding, name, known, labels)
}

/// Words and figure that say different things.
pub fn figure_mismatch(place: Place, said: &str, figure: &str, other: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::FigureMismatch,
        place,
        format!("文には「{said}」、数値には「{figure}」とあります。"),
        format!("the text says `{said}`, the figure is `{figure}`"),
    )
    .help("どちらが正しいかを確かめて、そろえます。", "find out which is right, and make them agree")
    .also(other, "数値はここ", "the figure is here")
}

/// Less done than promised, without a word about it.
pub fn unmet_criterion(place: Place, done: &str, promised: &str, other: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::UnmetCriterion,
        place,
        format!("基準は「{promised}」、実績は「{done}」です。"),
        format!("`{promised}` was promised, `{done}` was done"),
    )
    .help(
        "届かなかったのなら、reason（理由）か本文に、わけを書きます。書き間違いなら直します。",
        "if it fell short, say why in `reason` or in the text; if it is a slip, mend it",
    )
    .also(other, "基準はここ", "the criterion is here")
}

/// A result that repeats other words.
pub fn copied_result(place: Place, whose_ja: &str, whose_en: &str, other: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::CopiedResult,
        place,
        format!("実績が、{whose_ja}と同じ文です。"),
        format!("the result repeats {whose_en} word for word"),
    )
    .help(
        "行ったことと、どうなったかを書きます（例 3回開き、全条文を点検した）。",
        "say what was done and what came of it, such as: met three times and reviewed every article",
    )
    .also(other, "同じ文はここ", "the same words are here")
}

/// More than all of something.
pub fn over_hundred(place: Place, figure: &str, name: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::OverHundred,
        place,
        format!("{name}が{figure}パーセントです。"),
        format!("{name} is {figure} %"),
    )
    .help(
        "小数点と桁を確かめます。分母より多くなることがある率（接種率や収納率など）なら、そのままで正しい値です。",
        "check the decimal point; where there can be more than were counted on (vaccinations, fees of earlier years), it is right as it is",
    )
}

/// Less than none.
pub fn negative_count(place: Place, figure: &str, unit: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::ImpossibleFigure,
        place,
        format!("{figure}{unit}です。数えたものは0より少なくなりません。"),
        format!("{figure} {unit}: what is counted is never less than 0"),
    )
    .help(
        "数値を直します。増減なら、指標の名前に「増減」と書きます。",
        "mend the figure; if it is a difference, say so in the name of the indicator",
    )
}

/// A target without its actual value.
/// `name` tells which indicator, where the result has several.
pub fn missing_actual(place: Place, target: Place, name: Option<&str>) -> Diagnostic {
    let finding = match name {
        Some(name) => Diagnostic::new(
            Rule::MissingActual,
            place,
            format!("指標「{name}」の実績値がありません。"),
            format!("the indicator `{name}` has no actual value"),
        )
        .help(
            format!(
                "indicators（指標）に「- {{ name: {name}, actual: … }}」を足します。測れなかったのなら、reason（理由）にわけを書きます。"
            ),
            format!(
                "add `- {{ name: {name}, actual: … }}` to `indicators`; if it could not be measured, say why in `reason`"
            ),
        ),
        None => {
            Diagnostic::new(Rule::MissingActual, place, "目標値に対する実績値がありません。", "the target has no actual value")
                .help(
                    "actual（実績値）に数を書きます。測れなかったのなら、reason（理由）にわけを書きます。",
                    "write the figure into `actual`; if it could not be measured, say why in `reason`",
                )
        }
    };
    finding.also(target, "目標値はここ", "the target is here")
}

/// A result that says no level although there are some.
pub fn missing_evaluation<'a>(place: Place, levels: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let (ja, en) = quoted_list(levels, 8);
    Diagnostic::new(Rule::MissingEvaluation, place, "この実績には評価がありません。", "this result has no evaluation")
        .help(
            format!("evaluation（評価）に、段階のどれかを書きます（{ja}）。"),
            format!("write one of the levels into `evaluation`: {en}"),
        )
}

/// A level that does not fit the figures.
pub fn evaluation_mismatch(place: Place, level: &str, is_met: bool, figure: Place) -> Diagnostic {
    let finding = match is_met {
        false => Diagnostic::new(
            Rule::EvaluationMismatch,
            place,
            format!("評価は「{level}」ですが、実績値は目標値に届いていません。"),
            format!("the level is `{level}`, but the figures fell short of their targets"),
        ),
        true => Diagnostic::new(
            Rule::EvaluationMismatch,
            place,
            format!("評価は「{level}」ですが、実績値は目標値に届いています。"),
            format!("the level is `{level}`, but the figures reached their targets"),
        ),
    };
    finding
        .help(
            "数値か評価を確かめます。少ないほどよい指標なら、direction: down（方向: 減らす）と書きます。",
            "check the figures and the level; where less is better, write `direction: down`",
        )
        .also(figure, "実績値はここ", "the actual value is here")
}

/// A correction that leaves something open.
pub fn incomplete_correction(place: Place, missing: &[Key]) -> Diagnostic {
    let ja: Vec<String> = missing.iter().map(|Key { en, ja, .. }| format!("{en}（{ja}）")).collect();
    let en: Vec<String> = missing.iter().map(|key| format!("`{}`", key.en)).collect();
    Diagnostic::new(
        Rule::IncompleteCorrection,
        place,
        format!("訂正に、{}がありません。", ja.join("、")),
        format!("the correction lacks {}", en.join(", ")),
    )
    .help(
        "公表していたもの、正しいもの、訂正した理由を書きます。",
        "say what was published, what is right, and why it was corrected",
    )
}

/// A correction of something to itself.
pub fn empty_correction(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::IncompleteCorrection,
        place,
        "訂正前と訂正後が同じです。",
        "what was published and what is right are the same here",
    )
    .help("was（訂正前）に、公表していた値を書きます。", "write into `was` what was published")
}
