//! Days that are far from the fiscal year of which a document speaks: most often the day of the document from which it
//! was copied, or a slip in the year. Days that have not come are in [`super::record`].

use crate::diagnostic::{Diagnostic, Rule};
use crate::document::{Body, Publication};
use crate::fields::{public, updated};
use crate::site::Site;
use crate::text::place::Place;
use crate::value::calendar::{Calendar, Date, FiscalYear};
use jiff::{Span, ToSpan};

/// Before this day nothing was published on a website: the first one is of 1990.
const FIRST_WEBSITE: Date = Date::constant(1990, 1, 1);

/// Nobody sets goals for a year so far ahead; a slip of one digit is at least as far.
const YEARS_AHEAD: i32 = 5;

/// Days of documents that lie long before their year, and days of publication after it that are still to come.
pub fn distant_dates(site: &Site, today: Date) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let calendar = &site.config.calendar;
    let mut last_year = None;
    for goal in &site.goals {
        // Goals are sorted by year: one finding for the folder.
        if i32::from(goal.year.number()) > i32::from(today.year()) + YEARS_AHEAD
            && last_year.replace(goal.year) != Some(goal.year)
        {
            out.push(distant_year(Place::start(goal.body.file), goal.year));
        }
        let of_goal = Days::of_goals(calendar, goal.year);
        of_goal.look(&goal.publication, &goal.body, today, &mut out);
        for (index, outcome) in goal.outcomes().enumerate() {
            let is_result = goal.outcome.is_some() && index == 0;
            let days =
                if is_result { Days::of_results(calendar, goal.year) } else { Days::of_reports(calendar, goal.year) };
            days.look(&outcome.publication, &outcome.body, today, &mut out);
            let early = outcome.corrections.iter().filter(|it| it.date < calendar.first_day(goal.year));
            out.extend(early.map(|it| {
                distant_date(Place::new(outcome.body.file, it.date_at), Day::Correction, it.date, goal.year)
            }));
        }
        for (date, report) in &goal.progress {
            let is_outside =
                *date < calendar.first_day(goal.year) || *date > after(calendar.last_day(goal.year), 1.year());
            if is_outside {
                out.push(distant_date(Place::start(report.body.file), Day::Report, *date, goal.year));
            }
        }
    }
    for (year, prose) in &site.forewords {
        Days::of_goals(calendar, *year).look(&prose.publication, &prose.body, today, &mut out);
    }
    for ((year, _), prose) in &site.statements {
        Days::of_goals(calendar, *year).look(&prose.publication, &prose.body, today, &mut out);
    }
    let prose = site.texts.iter().map(|text| &text.prose).chain(&site.home);
    let ledgers = site.departments.iter().map(|it| (&it.matter.publication, &it.matter.body));
    let ledgers = ledgers.chain(site.pillars.iter().map(|it| (&it.matter.publication, &it.matter.body)));
    for (publication, body) in prose.map(|prose| (&prose.publication, &prose.body)).chain(ledgers) {
        for (day, date, at) in written(publication).filter(|(_, date, _)| *date < FIRST_WEBSITE) {
            out.push(ancient_date(Place::new(body.file, at), day, date));
        }
    }
    out
}

/// The days that a document says, and where.
fn written(publication: &Publication) -> impl Iterator<Item = (Day, Date, crate::text::span::Span)> {
    let publish_at = publication.publish_at.map(|date| (Day::Publication, date, publication.publish_at_at));
    let updated = publication.updated.map(|date| (Day::Update, date, publication.updated_at));
    publish_at.into_iter().chain(updated)
}

fn before(date: Date, span: Span) -> Date {
    date.checked_sub(span).unwrap_or(date)
}

fn after(date: Date, span: Span) -> Date {
    date.checked_add(span).unwrap_or(date)
}

/// Between which days a document of a year is published and changed for the first time.
struct Days {
    year: FiscalYear,
    published_from: Date,
    updated_from: Date,
    /// A day of publication that is later and has not come is a slip.
    published_to: Date,
}

impl Days {
    /// Goals come with the budget at the earliest, some weeks before their year; they are written some months before.
    fn of_goals(calendar: &Calendar, year: FiscalYear) -> Self {
        let (first, last) = (calendar.first_day(year), calendar.last_day(year));
        Self {
            year,
            published_from: before(first, 3.months()),
            updated_from: before(first, 6.months()),
            published_to: last,
        }
    }

    /// Results come when the year is all but over.
    fn of_results(calendar: &Calendar, year: FiscalYear) -> Self {
        let (first, last) = (calendar.first_day(year), calendar.last_day(year));
        Self {
            year,
            published_from: before(last, 3.months()),
            updated_from: first,
            published_to: after(last, 2.years()),
        }
    }

    /// A report is of the year.
    fn of_reports(calendar: &Calendar, year: FiscalYear) -> Self {
        let (first, last) = (calendar.first_day(year), calendar.last_day(year));
        Self { year, published_from: first, updated_from: first, published_to: after(last, 1.year()) }
    }

    fn look(&self, publication: &Publication, body: &Body, today: Date, out: &mut Vec<Diagnostic>) {
        for (day, date, at) in written(publication) {
            let is_early = match day {
                Day::Publication => date < self.published_from,
                _ => date < self.updated_from,
            };
            // What is years ahead is told already.
            let is_late =
                day == Day::Publication && date > self.published_to && date > today && date.year() <= today.year() + 5;
            if is_early || is_late {
                out.push(distant_date(Place::new(body.file, at), day, date, self.year));
            }
        }
    }
}

/// What a day is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    /// `publish_at`
    Publication,
    /// `updated`
    Update,
    /// The date of a correction.
    Correction,
    /// The date in the name of a report.
    Report,
}

impl Day {
    fn label(self) -> (&'static str, &'static str) {
        match self {
            Self::Publication => (public::PUBLISH_AT.key.ja, "the day of publication"),
            Self::Update => (updated::UPDATED.key.ja, "the date of the update"),
            Self::Correction => ("訂正の日付", "the date of the correction"),
            Self::Report => ("報告の日付", "the date of the report"),
        }
    }
}

/// A day that is far from the year of its document, which is the year of its folder.
pub fn distant_date(place: Place, day: Day, date: Date, year: FiscalYear) -> Diagnostic {
    let (ja, en) = day.label();
    Diagnostic::new(
        Rule::DistantDate,
        place,
        format!("{ja}の {date} が、この文書の年度（{year} のフォルダー）から離れています。"),
        format!("{en}, {date}, is far from the year of this document (the folder {year})"),
    )
    .help(
        "前の年度の文書から写した日付が残っていないか、年を書き誤っていないかを確かめます。",
        "check the year; it may be left over from the document that this one was copied from",
    )
}

/// A folder of a year that is far ahead.
pub fn distant_year(place: Place, year: FiscalYear) -> Diagnostic {
    Diagnostic::new(
        Rule::DistantDate,
        place,
        format!("フォルダー {year} の年度は、何年も先です。"),
        format!("the year of the folder {year} is years ahead"),
    )
    .help("フォルダーの名前の年を確かめます。", "check the year in the name of the folder")
}

/// A day before there were websites.
pub fn ancient_date(place: Place, day: Day, date: Date) -> Diagnostic {
    let (ja, en) = day.label();
    Diagnostic::new(
        Rule::DistantDate,
        place,
        format!("{ja}の {date} には、まだウェブサイトがありませんでした。"),
        format!("{en}, {date}, is before there were websites"),
    )
    .help("年を確かめます。", "check the year")
}
