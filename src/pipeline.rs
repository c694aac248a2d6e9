//! The stages in order, on one screen, and nothing else: sources to a [`Prepared`] site, and that to every file.

use crate::config::Config;
use crate::diagnostic::policy::{self, Asked, Exception, Levels};
use crate::diagnostic::{Checked, Diagnostic, Group, Rule};
use crate::plan::{self, Plan, Route};
use crate::reading::Reading;
use crate::site::published_figures::Published;
use crate::site::{self, Documents, Site};
use crate::source::Sources;
use crate::theme::Theme;
use crate::value::calendar::Date;
use crate::{check, print, render};
use std::sync::Arc;

/// What the user chose.
#[derive(Clone, Debug)]
pub struct Options {
    /// The day for which the site is built: what is published later is in no output.
    pub as_of: Date,
    /// The day of the run: nothing can have been changed after it.
    pub today: Date,
    /// Drafts and what is published later are shown, and marked.
    pub drafts: bool,
    /// Replaces `base_url` of `site.yaml`.
    pub base_url: Option<String>,
    /// How bad findings are, for this run.
    pub asked: Asked,
    /// What was published last: figures that changed since then need a correction.
    pub published: Option<Arc<Published>>,
}

/// A site, joined and planned: everything that `render` needs.
#[derive(Debug)]
pub struct Prepared {
    /// The files.
    pub sources: Arc<Sources>,
    /// The record, as it may be seen.
    pub site: Site,
    /// Its pages.
    pub plan: Plan,
    /// Its look.
    pub theme: Arc<Theme>,
    /// What the user chose.
    pub options: Options,
    /// Frames shared by all pages.
    pub globals: render::Global,
    /// What is known of its booklets.
    pub booklets: print::Known,
    /// What was found in single files.
    found: Vec<Arc<[Diagnostic]>>,
    /// What was found while joining them.
    joined: Vec<Diagnostic>,
    /// What is excused.
    exceptions: Vec<Exception>,
}

/// Reads and joins everything, and finds everything that is wrong. Findings are in canonical order.
pub fn prepare(sources: Arc<Sources>, options: Options) -> Checked<Prepared> {
    let prepared = join(sources, options, &mut Reading::default());
    let findings = examine(&prepared);
    Checked::new(prepared, findings)
}

/// The first half: all that pages are made of. What has been read before is not read again, so a preview can answer
/// before the second half has run.
pub fn join(sources: Arc<Sources>, options: Options, reading: &mut Reading) -> Prepared {
    let mut joined = Vec::new();
    let (config, found_in_config) = reading.config(&sources, &options);
    let (theme, found_in_theme) = reading.theme(&sources, &config);
    let (documents, mut found) = reading.documents(&sources, &config);
    let exceptions = exceptions(&config, &documents);
    found.extend(found_in_config.into_iter().chain(found_in_theme));
    let record = site::assemble(documents, config).report(&mut joined);
    joined.extend(check::dates(&record, options.as_of.max(options.today)));
    let mut site = record.published(options.as_of, options.drafts).report(&mut joined);
    plan::drop_unpublished_attachments(&mut site, &sources);
    let plan = plan::plan(&site);
    let globals = render::globals(&site, &theme);
    let booklets = print::Known::default();
    Prepared { sources, site, plan, theme, options, globals, booklets, found, joined, exceptions }
}

/// What is excused, on the whole site and in single documents.
fn exceptions(config: &Config, documents: &Documents<'_>) -> Vec<Exception> {
    let own = documents.with_exceptions.iter().flat_map(|document| document.body().exceptions.iter());
    config.checks.exceptions.iter().chain(own).cloned().collect()
}

/// The second half: everything that is wrong, in canonical order, as bad as it is on this site.
pub fn examine(prepared: &Prepared) -> Vec<Diagnostic> {
    let Prepared { site, plan, sources, .. } = prepared;
    let mut out: Vec<Diagnostic> = prepared.found.iter().flat_map(|found| found.iter().cloned()).collect();
    out.extend(prepared.joined.iter().cloned());
    out.extend(check::presence(sources));
    out.extend(check::record(site, sources, prepared.options.as_of));
    if let Some(published) = &prepared.options.published {
        out.extend(check::changes(site, sources, published));
    }
    out.extend(check::contrast(&prepared.theme, sources));
    out.extend(check::collisions(site, plan));
    out.extend(check::links(site, plan, sources));
    out.extend(check::attachments(site, sources));
    out.extend(print::check(prepared));
    policy::once_for_each_character(&mut out, sources);
    if site.config.is_partial {
        // Nobody knows which levels, columns and exceptions the city has: what other files say is not judged by them.
        let settings = sources.find("site.yaml");
        let stands_alone =
            |it: &Diagnostic| it.rule.group() == Group::Form && it.rule.is_firm() && it.rule != Rule::UnknownKey;
        out.retain(|finding| Some(finding.place.file) == settings || stands_alone(finding));
    }
    let levels = Levels::new(site.config.checks.levels.clone(), prepared.options.asked.clone());
    let mut out = policy::apply(out, &levels, &prepared.exceptions, sources);
    if site.config.is_partial {
        // What they excuse was not judged.
        out.retain(|finding| finding.rule != Rule::UnusedException);
    }
    out
}

impl Prepared {
    /// Renders one page of each kind in each edition: the theme's templates can only be judged by using them.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn try_templates(&self) -> anyhow::Result<Vec<Diagnostic>> {
        let mut seen = std::collections::HashSet::new();
        let mut findings = Vec::new();
        for route in self.routes() {
            let Route::Page(page, edition) = route else { continue };
            if seen.insert((std::mem::discriminant(&page), edition)) {
                match render::render(self, route) {
                    Err(render::Failure::Finding(finding)) => findings.push(*finding),
                    Err(render::Failure::Trouble(error)) => return Err(error),
                    Ok(_) => {}
                }
            }
        }
        Ok(findings)
    }

    /// Every file of the site.
    pub fn routes(&self) -> Vec<Route> {
        let assets = (0..self.theme.assets.len()).map(|index| Route::Asset(index as u32));
        self.plan.routes(&self.site).chain(assets).collect()
    }
}
