//! `calendar: { time_zone: … }`: where the site's day begins.

use crate::diagnostic::suggest::suggest_among;
use crate::diagnostic::{Diagnostic, Rule};
use crate::fields::calendar;
use crate::text::language::Language;
use crate::text::place::Place;
use crate::value::zone::{self, TimeZone};
use crate::yaml::{Fields, Scribe};

/// The zone that a site has when it names none: Japan's for a Japanese one, the machine's own for others.
pub(super) fn usual(language: Language) -> Option<TimeZone> {
    match language {
        Language::Japanese => Some(zone::japan()),
        Language::English => None,
    }
}

/// The zone that is named, if there is one of that name.
pub(super) fn time_zone(fields: &mut Fields<'_, '_>, scribe: &mut Scribe) -> Option<TimeZone> {
    let name = fields.word(&calendar::TIME_ZONE, scribe)?;
    let found = zone::named(&name.value);
    if found.is_none() {
        scribe.note(unknown_zone(scribe.place(name.at), &name.value));
    }
    found
}

/// No time zone has this name.
fn unknown_zone(place: Place, name: &str) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BadValue,
        place,
        format!("「{name}」というタイムゾーンはありません。"),
        format!("there is no time zone called `{name}`"),
    );
    let names = zone::names();
    if let Some(meant) = zone::by_city(name, &names) {
        let finding =
            finding.help(format!("「{meant}」と書きます。"), format!("write `{meant}`, its name in the IANA database"));
        return finding.guess(place, meant);
    }
    let listed = ["Asia/Tokyo", "America/New_York", "America/Chicago", "America/Los_Angeles", "Europe/London", "UTC"];
    suggest_among(finding, name, names.iter().map(String::as_str), listed)
}
