//! Rules over the whole record. One small function per rule.

use crate::diagnostic::{Diagnostic, Place, catalog};
use crate::site::{Goal, Site};

/// Rules that need the record only.
pub fn record(site: &Site) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    missing_results(site, &mut out);
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
