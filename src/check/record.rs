//! Rules over the whole record: years, ledgers, threads. One small function per rule; what a goal and its result say
//! about each other is in [`super::goal`].

use super::contact::contacts;
use super::goal;
use crate::diagnostic::{Diagnostic, Rule};
use crate::document::{DepartmentMatter, PillarMatter, Publication};
use crate::site::{DepartmentId, Goal, GoalId, Site};
use crate::source::Sources;
use crate::text::language::counted;
use crate::text::place::{FileId, Place};
use crate::text::span::Span;
use crate::value::calendar::{Date, FiscalYear, Years};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// Rules that need the record, and the texts it was read from for exact places.
pub fn record(site: &Site, sources: &Sources, as_of: Date) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    missing_results(site, &mut out);
    overdue_results(site, as_of, &mut out);
    ambiguous_names(site, &mut out);
    successors(site, &mut out);
    duplicate_titles(site, &mut out);
    shared_origins(site, &mut out);
    ended_goals(site, &mut out);
    contacts(site, sources, &mut out);
    let goals = site.goals.par_iter().with_min_len(64);
    out.par_extend(goals.flat_map_iter(|goal| goal::goal(site, goal, sources)));
    out
}

/// Once some results of a year are out, a goal without one looks hidden.
fn missing_results(site: &Site, out: &mut Vec<Diagnostic>) {
    for (year, record) in site.years.iter().filter(|(_, record)| record.results > 0) {
        let is_open = |goal: &&Goal| goal.outcome.is_none() && !site.unread_results.contains(&site.name(goal));
        for goal in site.goals[record.goals.clone()].iter().filter(is_open) {
            out.push(missing_result(
                Place::start(goal.body.file),
                &goal.title,
                site.config.calendar.name_number(*year),
            ));
        }
    }
}

/// A year that ended, whose results were announced for a month that is over, and none is there: one finding for the year.
fn overdue_results(site: &Site, as_of: Date, out: &mut Vec<Diagnostic>) {
    let Some(month) = site.config.results_month else { return };
    for (year, record) in site.years.iter().filter(|(_, record)| record.results == 0) {
        let (expected, label) = site.config.calendar.expected(*year, month);
        if expected.last_of_month() < as_of {
            let first = site.goals[record.goals.clone()].first().map(|goal| goal.body.file);
            let at = site.forewords.get(year).map(|prose| prose.body.file).or(first);
            let named = site.config.calendar.name_number(*year);
            out.extend(at.map(|file| late_results(Place::start(file), named, &label, record.goals.len())));
        }
    }
}

/// Dates that have not come on a day: what pages would say was changed tomorrow, and documents that nobody will see for
/// years. Also of documents that may not be seen yet, by the day on which they may.
pub fn dates(site: &Site, today: Date) -> Vec<Diagnostic> {
    /// Nobody plans so far ahead; a slip of one digit is at least as far.
    const YEARS_AHEAD: i16 = 5;
    let mut out = Vec::new();
    let mut look = |publication: &Publication, file: FileId| {
        let day = publication.publish_at.map_or(today, |date| date.max(today));
        if let Some(date) = publication.updated.filter(|date| *date > day) {
            out.push(future_update(Place::new(file, publication.updated_at), date, day));
        }
        if let Some(date) = publication.publish_at.filter(|date| date.year() > today.year() + YEARS_AHEAD) {
            out.push(far_publication(Place::new(file, publication.publish_at_at), date));
        }
        day
    };
    let mut corrections = Vec::new();
    for goal in &site.goals {
        look(&goal.publication, goal.body.file);
        for outcome in goal.outcomes() {
            let file = outcome.body.file;
            let day = look(&outcome.publication, file);
            let later = outcome.corrections.iter().filter(|correction| correction.date > day);
            corrections.extend(later.map(|it| future_correction(Place::new(file, it.date_at), it.date, day)));
        }
    }
    let prose = site.texts.iter().map(|text| &text.prose).chain(&site.home);
    let prose = prose.chain(site.forewords.values()).chain(site.statements.values());
    for prose in prose {
        look(&prose.publication, prose.body.file);
    }
    for DepartmentMatter { publication, body, .. } in site.departments.iter().map(|department| &*department.matter) {
        look(publication, body.file);
    }
    for PillarMatter { publication, body, .. } in site.pillars.iter().map(|pillar| &*pillar.matter) {
        look(publication, body.file);
    }
    out.extend(corrections);
    out
}

/// Whether two ranges of years share a year.
fn overlap(a: Option<Years>, b: Option<Years>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return true };
    a.to.is_none_or(|to| b.from <= to) && b.to.is_none_or(|to| a.from <= to)
}

/// Two of the ledger under one name in one year: what is written for one of them may mean the other.
fn ambiguous_names(site: &Site, out: &mut Vec<Diagnostic>) {
    type Named<'s> = (&'s str, Option<Years>, Place);
    let twice = |all: Vec<Named<'_>>, out: &mut Vec<Diagnostic>| {
        let mut seen: BTreeMap<String, Vec<(Option<Years>, Place)>> = BTreeMap::new();
        for (name, years, place) in all {
            let same = seen.entry(name.to_owned()).or_default();
            if let Some((_, first)) = same.iter().find(|(other, _)| overlap(*other, years)) {
                out.push(ambiguous_name(place, name, *first));
            }
            same.push((years, place));
        }
    };
    let departments = site.departments.iter().map(|department| {
        let matter = &department.matter;
        (&*matter.name, matter.years, Place::new(matter.body.file, matter.name_at))
    });
    twice(departments.collect(), out);
    let pillar = |pillar: &crate::site::Pillar| {
        (pillar.matter.years, Place::new(pillar.matter.body.file, pillar.matter.name_at))
    };
    let names = site.pillars.iter().map(|it| (&*it.matter.name, pillar(it).0, pillar(it).1));
    twice(names.collect(), out);
    let numbers = site
        .pillars
        .iter()
        // Where one belongs is told already, and its number hangs on that.
        .filter(|pillar| pillar.matter.under.is_some() == pillar.under.is_some())
        .filter_map(|it| Some((it.number.as_deref()?, pillar(it).0, pillar(it).1)));
    twice(numbers.collect(), out);
    for department in &site.departments {
        let file = department.matter.body.file;
        let sections = department.matter.sections.iter().map(|it| (&*it.name, None, Place::new(file, it.at)));
        twice(sections.collect(), out);
    }
}

/// A department that ended: its work goes on somewhere, at once.
fn successors(site: &Site, out: &mut Vec<Diagnostic>) {
    let Some(latest) = site.latest_year() else { return };
    for department in &site.departments {
        let matter = &department.matter;
        let Some(last) = matter.years.and_then(|years| years.to) else { continue };
        let file = matter.body.file;
        // A name that was read but not found is told already.
        if matter.becomes.is_empty() && last < latest {
            out.push(missing_successor(Place::new(file, matter.name_at), &matter.name, last));
        }
        for (written, id) in matter.becomes.iter().zip(&department.successors) {
            let successor = &site.department(*id).matter;
            let exists = successor.years.is_none_or(|years| years.contains(last.next()));
            if department.successors.len() == matter.becomes.len() && !exists && last < latest {
                let ledger = Place::new(successor.body.file, successor.name_at);
                out.push(successor_gap(Place::new(file, written.at), &successor.name, last.next(), ledger));
            }
        }
    }
}

/// Two goals of a department's year under one title cannot be told apart in lists.
fn duplicate_titles(site: &Site, out: &mut Vec<Diagnostic>) {
    for record in site.years.values() {
        for (_, range) in &record.departments {
            let mut seen: HashMap<&str, (FileId, Span)> = HashMap::new();
            for goal in &site.goals[range.clone()] {
                // An unreadable title was told where it is.
                if &*goal.title == "?" {
                    continue;
                }
                if let Some((file, at)) = seen.insert(&goal.title, (goal.body.file, goal.title_at)) {
                    let first = Place::new(file, at);
                    out.push(duplicate_title(Place::new(goal.body.file, goal.title_at), &goal.title, first));
                }
            }
        }
    }
}

/// Two goals of one year and department that continue the same goal: the history branches.
fn shared_origins(site: &Site, out: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<(GoalId, DepartmentId), (FiscalYear, Place)> = HashMap::new();
    for goal in &site.goals {
        for origin in &goal.continues {
            let place = Place::new(goal.body.file, origin.at);
            // A split of a department sends its goals to several; within one, it is more often a slip.
            match seen.get(&(origin.value, goal.department)) {
                Some((year, first)) if first.file == place.file && *year == goal.year => {
                    // Two that may not be seen yet can lead to one that may.
                    let written = |at: Span| goal.matter.continues.iter().find(|it| it.at == at).map(|it| &it.value);
                    if first.span != origin.at && written(first.span) == written(origin.at) {
                        out.push(repeated_origin(place, &site.goal(origin.value).title, *first));
                    }
                }
                Some((year, first)) if *year == goal.year => {
                    out.push(shared_origin(place, &site.goal(origin.value).title, *first));
                }
                Some(_) => {}
                None => drop(seen.insert((origin.value, goal.department), (goal.year, place))),
            }
        }
    }
}

/// A year's results are out, but this goal has none. The year is the one by which it is named.
pub fn missing_result(place: Place, title: &str, year: u16) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingResult,
        place,
        format!("{year}年度の実績が公表されていますが、「{title}」の実績がありません。"),
        format!("results of {year} are published, but `{title}` has none"),
    )
}

/// A page would say that it was changed on a day that has not come.
pub fn future_update(place: Place, date: Date, day: Date) -> Diagnostic {
    Diagnostic::new(
        Rule::FutureDate,
        place,
        format!("更新日の {date} は、公表する日（{day}）より後です。"),
        format!("the date of the update, {date}, is after the day of publication, {day}"),
    )
    .help("更新した日を確かめます。", "check the date")
}

/// A correction of a day that has not come.
pub fn future_correction(place: Place, date: Date, day: Date) -> Diagnostic {
    Diagnostic::new(
        Rule::FutureDate,
        place,
        format!("訂正の日付の {date} は、公表する日（{day}）より後です。訂正は、もうページに出ます。"),
        format!(
            "the date of the correction, {date}, is after the day of publication, {day}; it is on the page already"
        ),
    )
    .help("訂正した日を確かめます。", "check the date")
}

/// A document that nobody will see for years.
pub fn far_publication(place: Place, date: Date) -> Diagnostic {
    Diagnostic::new(
        Rule::FutureDate,
        place,
        format!("公表日の {date} は、何年も先です。その日まで、この文書はどこにも出ません。"),
        format!("the day of publication, {date}, is years ahead; until then the document is nowhere"),
    )
    .help("年を確かめます。", "check the year")
}

/// A year that ended without any result, after the month in which they were expected. The year is the one by which it is
/// named.
pub fn late_results(place: Place, year: u16, expected: &str, goals: usize) -> Diagnostic {
    Diagnostic::new(
        Rule::LateResults,
        place,
        format!("{year}年度の実績がまだありません（目標{goals}件。{expected}に公表する予定でした）。"),
        format!("there are no results of {year} yet ({}; expected in {expected})", counted(goals, "goal")),
    )
    .help(
        "実績のファイル（名前.result.md）を目標の隣に置くか、site.yaml の calendar の results（実績の公表月）を直します。",
        "put the results beside the goals, or mend `results` of `calendar` in site.yaml",
    )
}

/// Two of the ledger under one name.
pub fn ambiguous_name(place: Place, name: &str, first: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::AmbiguousName,
        place,
        format!("「{name}」は、同じ年度にもう1つあります。"),
        format!("`{name}` is there twice in the same year"),
    )
    .help("名前か番号を変えるか、years（年度）を分けます。", "change the name or number, or keep their `years` apart")
    .also(first, "1つ目はここ", "the first is here")
}

/// A department that ended and whose work goes on nowhere.
pub fn missing_successor(place: Place, name: &str, last: FiscalYear) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingSuccessor,
        place,
        format!("{name}は{last}年度で終わりましたが、引き継ぎ先がありません。"),
        format!("{name} ended with {last}, but nobody took over"),
    )
    .help(
        "becomes（引き継ぎ先）に、仕事を引き継いだ部局のファイル名を書きます。仕事もなくなったのなら、理由を添えて例外にします。",
        "write into `becomes` who took over; if the work ended as well, excuse it with a reason",
    )
}

/// The successor did not exist when the department ended.
pub fn successor_gap(place: Place, name: &str, year: FiscalYear, ledger: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingSuccessor,
        place,
        format!("引き継ぎ先の{name}は、{year}年度にはありません。"),
        format!("{name} took over, but did not exist in {year}"),
    )
    .help("どちらかの years（年度）か、引き継ぎ先を直します。", "mend the `years` of one of them, or the successor")
    .also(ledger, "引き継ぎ先はここ", "the successor is here")
}

/// Two goals of a department's year under one title.
/// Goals that continue one that is said to have ended.
fn ended_goals(site: &Site, out: &mut Vec<Diagnostic>) {
    for goal in &site.goals {
        for origin in &goal.continues {
            let earlier = site.goal(origin.value);
            if let Some(ended) = &earlier.ended {
                let place = Place::new(goal.body.file, origin.at);
                out.push(ended_goal(place, &earlier.title, Place::new(earlier.body.file, ended.at)));
            }
        }
    }
}

/// A goal that continues one that ended.
pub fn ended_goal(place: Place, title: &str, ended: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::EndedGoal,
        place,
        format!("「{title}」は、終わったと書かれています。"),
        format!("`{title}` is said to have ended"),
    )
    .help(
        "続いているなら、もとの目標の ended（終了理由）を消します。別の目標なら、continues（継続元）を消します。",
        "if it goes on, take `ended` out of the earlier goal; if this is another goal, take out `continues`",
    )
    .also(ended, "終わる理由はここ", "why it ended is here")
}

pub fn duplicate_title(place: Place, title: &str, first: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::DuplicateTitle,
        place,
        format!("「{title}」という目標が、同じ部局の同じ年度にもう1つあります。"),
        format!("another goal of this department and year is called `{title}`"),
    )
    .help(
        "違いの分かる題名にします。同じ目標なら、1つの目標の取組として書きます。",
        "give them titles that tell them apart; if it is one goal, write actions of one goal",
    )
    .also(first, "1つ目はここ", "the first is here")
}

/// A goal that names one that it continues twice.
pub fn repeated_origin(place: Place, title: &str, first: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::SharedOrigin,
        place,
        format!("「{title}」が、continues（継続元）に2回書かれています。"),
        format!("`continues` names `{title}` twice"),
    )
    .help(
        "片方を消すか、引き継ぐほかの目標の名前にします。",
        "take one of them out, or name the other goal that is continued",
    )
    .also(first, "1つ目はここ", "the first is here")
}

/// Two goals that continue the same one.
pub fn shared_origin(place: Place, title: &str, first: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::SharedOrigin,
        place,
        format!("「{title}」を引き継ぐ目標が、もう1つあります。"),
        format!("another goal continues `{title}` as well"),
    )
    .help(
        "目標を2つに分けたのなら、このままでかまいません。写し間違いなら、continues（継続元）を直します。",
        "fine if the goal was split in two; otherwise mend `continues`",
    )
    .also(first, "もう1つはここ", "the other is here")
}
