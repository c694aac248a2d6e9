//! Rules over the whole record: years, ledgers, threads. One small function per rule; what a goal and its result say
//! about each other is in [`super::goal`].

use super::goal;
use crate::config::Contact;
use crate::diagnostic::{Diagnostic, catalog};
use crate::document::{DepartmentMatter, PillarMatter, Publication};
use crate::site::{DepartmentId, Goal, GoalId, Site};
use crate::source::Sources;
use crate::text::language::Language;
use crate::text::place::{FileId, Place};
use crate::text::span::Span;
use crate::value::calendar::{Date, Years};
use crate::value::telephone::{Telephone, postal_code};
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
            out.push(catalog::missing_result(Place::start(goal.body.file), &goal.title, *year));
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
            out.extend(at.map(|file| catalog::late_results(Place::start(file), *year, &label, record.goals.len())));
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
            out.push(catalog::future_update(Place::new(file, publication.updated_at), date, day));
        }
        if let Some(date) = publication.publish_at.filter(|date| date.year() > today.year() + YEARS_AHEAD) {
            out.push(catalog::far_publication(Place::new(file, publication.publish_at_at), date));
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
            corrections.extend(later.map(|it| catalog::future_correction(Place::new(file, it.date_at), it.date, day)));
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
                out.push(catalog::ambiguous_name(place, name, *first));
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
    let numbers: Vec<String> = site.pillars.iter().map(|it| it.matter.number.to_string()).collect();
    let numbered = site.pillars.iter().zip(&numbers).filter(|(it, _)| it.matter.number != crate::document::UNNUMBERED);
    twice(numbered.map(|(it, number)| (number.as_str(), pillar(it).0, pillar(it).1)).collect(), out);
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
            out.push(catalog::missing_successor(Place::new(file, matter.name_at), &matter.name, last));
        }
        for (written, id) in matter.becomes.iter().zip(&department.successors) {
            let successor = &site.department(*id).matter;
            let exists = successor.years.is_none_or(|years| years.contains(last.next()));
            if department.successors.len() == matter.becomes.len() && !exists && last < latest {
                let ledger = Place::new(successor.body.file, successor.name_at);
                out.push(catalog::successor_gap(Place::new(file, written.at), &successor.name, last.next(), ledger));
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
                    out.push(catalog::duplicate_title(Place::new(goal.body.file, goal.title_at), &goal.title, first));
                }
            }
        }
    }
}

/// Two goals of one year and department that continue the same goal: the history branches.
fn shared_origins(site: &Site, out: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<(GoalId, DepartmentId), &Goal> = HashMap::new();
    for goal in &site.goals {
        let Some(origin) = goal.continues else { continue };
        // A split of a department sends its goals to several; within one, it is more often a slip.
        match seen.get(&(origin, goal.department)) {
            Some(first) if first.year == goal.year => {
                let place = |goal: &Goal| {
                    let at = goal.matter.continues.as_ref().map_or(goal.title_at, |written| written.at);
                    Place::new(goal.body.file, at)
                };
                out.push(catalog::shared_origin(place(goal), &site.goal(origin).title, place(first)));
            }
            Some(_) => {}
            None => drop(seen.insert((origin, goal.department), goal)),
        }
    }
}

/// Numbers that nobody can call, and postal codes that are none. A site in another language may be of another country.
fn contacts(site: &Site, sources: &Sources, out: &mut Vec<Diagnostic>) {
    if site.config.language != Language::Japanese {
        return;
    }
    if let Some(settings) = sources.find("site.yaml") {
        contact(settings, &site.config.contact, out);
    }
    for department in &site.departments {
        let matter = &department.matter;
        let sections = matter.sections.iter().map(|section| &section.contact);
        sections.chain([&matter.contact]).for_each(|it| contact(matter.body.file, it, out));
    }
}

fn contact(file: FileId, contact: &Contact, out: &mut Vec<Diagnostic>) {
    for written in [&contact.telephone, &contact.fax].into_iter().flatten() {
        // Words without a digit, such as 未定, promise no number.
        let Some(found) = Telephone::find(&written.value) else { continue };
        let letter = found.letter();
        if letter.is_some() || !found.is_japanese() {
            out.push(catalog::bad_telephone(Place::new(file, written.at), &written.value, letter));
        }
    }
    if let Some(written) = &contact.postal_code
        && postal_code(&written.value).is_none()
    {
        out.push(catalog::bad_postal_code(Place::new(file, written.at), &written.value));
    }
}
