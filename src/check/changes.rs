//! What was published and is different now: figures that changed in silence, goals that are gone.

use crate::diagnostic::{Diagnostic, Rule};
use crate::document::{Indicator, Measured, measures};
use crate::site::published_figures::{Published, PublishedGoal, PublishedIndicator};
use crate::site::{Goal, Site};
use crate::source::Sources;
use crate::text::language::counted;
use crate::text::place::{FileId, Place};
use crate::text::span::Span;
use std::collections::BTreeMap;

/// Compares a record with what was published last.
pub fn changes(site: &Site, sources: &Sources, published: &Published) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut left = published.goals.clone();
    for goal in &site.goals {
        if let Some(before) = left.remove(&site.name(goal).to_string()) {
            changed(site, goal, &before, &mut out);
        }
    }
    let year_of = |name: &String| name.split('/').next().unwrap_or("").to_owned();
    // Each with its document, where that may not be seen any more.
    let mut gone: BTreeMap<String, Vec<(&String, Option<FileId>)>> = BTreeMap::new();
    for name in left.keys() {
        let hidden = match sources.find(&format!("content/{name}.md")) {
            Some(file) if site.hidden.contains_key(&file) => Some(file),
            // It has a mistake of its own.
            Some(_) => continue,
            None => None,
        };
        gone.entry(year_of(name)).or_default().push((name, hidden));
    }
    for (year, goals) in gone {
        let beside = sources.under(&format!("content/{year}/")).next().map(|(file, _)| file);
        let Some(beside) = beside.or(sources.find("site.yaml")) else { continue };
        if goals.len() == published.goals.keys().filter(|name| year_of(name) == year).count() {
            let hidden = goals.iter().find_map(|(_, hidden)| *hidden);
            let place = Place::start(hidden.unwrap_or(beside));
            out.push(vanished_year(place, &year, goals.len(), hidden.is_some()));
            continue;
        }
        for (name, hidden) in goals {
            out.push(vanished_goal(Place::start(hidden.unwrap_or(beside)), name, hidden.is_some()));
        }
    }
    out
}

/// What is another now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Changed {
    Target,
    Actual,
    Level,
}

/// One finding for each figure that is another now, unless a correction says so.
fn changed(site: &Site, goal: &Goal, before: &PublishedGoal, out: &mut Vec<Diagnostic>) {
    let now = PublishedGoal::of(site, goal);
    if now == *before || now.corrections > before.corrections {
        return;
    }
    let goal_file = goal.body.file;
    // Pages name a level by its label; one that the scale has no more has none.
    let levels = site.config.levels(goal.year);
    let label = |key: &str| levels.iter().find(|level| *level.key == *key).map_or(key, |level| &level.label).to_owned();
    let mut note = |was: &Option<String>, is: &Option<String>, place: Place, what: Changed| {
        // A figure that is new is no change; one that is gone is.
        if let Some(was) = was
            && Some(was) != is.as_ref()
        {
            let shown = |written: &String| if what == Changed::Level { label(written) } else { written.clone() };
            let is = is.as_ref().map(shown);
            out.push(changed_figure(place, &shown(was), is.as_deref(), what == Changed::Target));
        }
    };
    if before.actions.len() != now.actions.len() {
        let place = Place::new(goal_file, goal.actions_at);
        out.push(changed_actions(place, before.actions.len(), now.actions.len()));
        return;
    }
    for (index, (was, is)) in before.actions.iter().zip(&now.actions).enumerate() {
        let Some(action) = goal.actions.get(index) else { continue };
        let result = goal.outcome.as_deref().and_then(|outcome| Some((outcome, outcome.actions.get(index)?)));
        let measured = result.map_or(&[][..], |(_, result)| &result.measured);
        let rows = (&action.indicators[..], measured, action.at, result.map(|(it, result)| (it.body.file, result.at)));
        of_indicators(goal_file, (&was.all(), &is.all()), rows, &mut note);
        let Some((outcome, result)) = result else { continue };
        let at = result.evaluation.as_ref().map_or(result.at, |written| written.at);
        note(&was.level, &is.level, Place::new(outcome.body.file, at), Changed::Level);
    }
    let measured = goal.outcome.as_deref().map_or(&[][..], |outcome| &outcome.measured);
    let result = goal.outcome.as_deref().map(|outcome| (outcome.body.file, outcome.actions_at));
    let own = (&goal.indicators[..], measured, goal.title_at, result);
    of_indicators(goal_file, (&before.indicators, &now.indicators), own, &mut note);
    if let Some(outcome) = &goal.outcome {
        let at = outcome.evaluation.as_ref().map_or(outcome.actions_at, |written| written.at);
        note(&before.level, &now.level, Place::new(outcome.body.file, at), Changed::Level);
    }
}

/// Indicators with their values, where they stand together, and where their result does.
type Rows<'a> = (&'a [Indicator], &'a [Measured], Span, Option<(FileId, Span)>);

/// What changed of indicators: the same one is known by its name, or by being the only one or the first.
fn of_indicators(
    goal_file: FileId,
    (before, now): (&[PublishedIndicator], &[PublishedIndicator]),
    (indicators, measured, at, result): Rows<'_>,
    note: &mut impl FnMut(&Option<String>, &Option<String>, Place, Changed),
) {
    for was in before {
        let is_it = |is: &PublishedIndicator| was.name.is_none() || is.name.is_none() || is.name == was.name;
        let index = now.iter().position(is_it);
        let nothing = PublishedIndicator::default();
        let is = index.map_or(&nothing, |index| &now[index]);
        let found = index.and_then(|index| measures(indicators, measured).nth(index));
        let target_at = found.map(|(it, _)| it.target_at).filter(|at| *at != Span::default());
        let place = Place::new(goal_file, target_at.unwrap_or(at));
        note(&was.target, &is.target, place, Changed::Target);
        note(&was.revised_target, &is.revised_target, place, Changed::Target);
        let Some((file, result_at)) = result else { continue };
        let written = found.and_then(|(_, measured)| measured).map(|measured| measured.actual_at);
        let at = written.filter(|at| *at != Span::default()).unwrap_or(result_at);
        note(&was.actual, &is.actual, Place::new(file, at), Changed::Actual);
    }
}

/// A figure that is another than the one that was published.
pub fn changed_figure(place: Place, was: &str, now: Option<&str>, is_target: bool) -> Diagnostic {
    let finding = match now {
        Some(now) => Diagnostic::new(
            Rule::ChangedFigure,
            place,
            format!("公表した「{was}」が、訂正のないまま「{now}」に変わっています。"),
            format!("`{was}` was published and is `{now}` now, without a correction"),
        ),
        None => Diagnostic::new(
            Rule::ChangedFigure,
            place,
            format!("公表した「{was}」が、訂正のないまま消えています。"),
            format!("`{was}` was published and is gone now, without a correction"),
        ),
    };
    match is_target {
        true => finding.help(
            "年度の途中で目標を改めたのなら、target は元のまま、revised_target（修正目標値）に書きます。誤りを直したのなら、実績の corrections（訂正）に書きます。",
            "if the target was revised, leave `target` and write `revised_target`; if it was wrong, write a correction into the result",
        ),
        false => finding.help(
            "corrections（訂正）に、訂正前、訂正後、理由を書きます。",
            "write into `corrections` what was published, what is right, and why",
        ),
    }
}

/// Another number of actions than was published.
pub fn changed_actions(place: Place, was: usize, now: usize) -> Diagnostic {
    Diagnostic::new(
        Rule::ChangedFigure,
        place,
        format!("公表した取組は{was}件でしたが、訂正のないまま{now}件になっています。"),
        format!("actions published: {was}; actions now: {now}, without a correction"),
    )
    .help(
        "取組を増減したのなら、実績の corrections（訂正）に書きます。",
        "write into `corrections` of the result what changed and why",
    )
}

/// A goal that was published and is not any more.
pub fn vanished_goal(place: Place, name: &str, is_hidden: bool) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::VanishedGoal,
        place,
        format!("公表した目標 {name} が、公開するものからなくなります。"),
        format!("the goal {name} was published and would be gone"),
    );
    match is_hidden {
        true => finding.help(
            "公表した後の目標は、下書きや先の公表日に戻しません。",
            "do not make a published goal a draft again, nor publish it later",
        ),
        false => finding.help(
            format!(
                "content/{name}.md を戻します。ファイル名を変えたのなら、元の名前にします。名前はページの住所です。"
            ),
            format!("bring back content/{name}.md; a renamed file gets another address"),
        ),
    }
}

/// All goals of a year were published and are not any more.
pub fn vanished_year(place: Place, year: &str, goals: usize, is_hidden: bool) -> Diagnostic {
    let (ja, en) = match is_hidden {
        true => (
            "公表した後の目標は、下書きや先の公表日に戻しません。".to_owned(),
            "do not make published goals drafts again, nor publish them later".to_owned(),
        ),
        false => (
            format!("フォルダー content/{year}/ とファイルを、元の名前で元の場所に戻します。"),
            format!("bring back the folder content/{year}/ and its files under their names"),
        ),
    };
    Diagnostic::new(
        Rule::VanishedYear,
        place,
        format!("{year}年度の、公表した目標{goals}件が、すべて公開するものからなくなります。"),
        format!("what was published of {year} would be gone: {}", counted(goals, "goal")),
    )
    .help(
        format!("{ja}本当になくすのなら、今回だけ --allow vanished-year を付けます。"),
        format!("{en}; if they are meant to go, use --allow vanished-year this once"),
    )
}
