//! Rules beyond what a single key can tell: over the whole record, and over what bodies link to. One small function
//! per rule.

mod links;
mod record;

pub use links::{Scheme, links, split_fragment};
pub use record::record;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, FileId};
use crate::document::{Body, Reading};
use crate::site::Site;

/// Every body that is published.
pub fn bodies(site: &Site) -> Vec<&Body> {
    let mut bodies: Vec<&Body> = Vec::with_capacity(site.goals.len() * 2);
    for goal in &site.goals {
        bodies.push(&goal.body);
        bodies.extend(goal.outcome.iter().map(|outcome| &outcome.body));
        bodies.extend(goal.progress.iter().map(|(_, outcome)| &outcome.body));
    }
    bodies.extend(site.departments.iter().map(|department| &department.matter.body));
    bodies.extend(site.pillars.iter().map(|pillar| &pillar.matter.body));
    let prose = site.texts.iter().map(|text| &text.prose).chain(site.home.iter());
    bodies.extend(prose.chain(site.forewords.values()).chain(site.statements.values()).map(|prose| &prose.body));
    bodies
}

/// Rules that need one file and the site's settings only.
pub fn file(_file: FileId, _bytes: &[u8], _reading: &Reading, _config: &Config) -> Vec<Diagnostic> {
    Vec::new()
}
