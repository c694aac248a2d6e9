//! The stages in order, on one screen, and nothing else: sources to a [`Prepared`] site with its [`Output`], and to
//! everything that is wrong with it.

use crate::config::Config;
use crate::diagnostic::policy::{self, Exception, Levels};
use crate::diagnostic::{Checked, Diagnostic, Group, Rule};
use crate::output::Output;
use crate::prepared::{Early, Options, Prepared, global};
use crate::reading::Reading;
use crate::site::{self, Documents};
use crate::source::Sources;
use crate::{check, plan};
use std::sync::Arc;

/// Reads and joins everything, and finds everything that is wrong. Findings are in canonical order.
pub fn prepare(sources: Arc<Sources>, options: Options) -> Checked<Output> {
    let output = join(sources, options, &mut Reading::default());
    let findings = examine(&output);
    Checked::new(output, findings)
}

/// The first half: all that pages are made of. What has been read before is not read again, so a preview can answer
/// before the second half has run.
pub fn join(sources: Arc<Sources>, options: Options, reading: &mut Reading) -> Output {
    let mut joined = Vec::new();
    let (config, found_in_config) = reading.config(&sources, options.base_url.as_deref());
    let (theme, shelf, found_in_theme) = reading.theme(&sources, &config);
    let (documents, mut files) = reading.documents(&sources, &config);
    let exceptions = exceptions(&config, &documents);
    files.extend(found_in_config.into_iter().chain(found_in_theme));
    let record = site::assemble(documents, config).report(&mut joined);
    joined.extend(check::dates(&record, options.as_of.max(options.today)));
    joined.extend(check::distant_dates(&record, options.as_of.max(options.today)));
    let mut site = record.published(options.as_of, options.drafts).report(&mut joined);
    plan::drop_unpublished_attachments(&mut site, &sources);
    let plan = plan::plan(&site);
    let globals = global::globals(&site, &theme);
    let early = Early { files, joined, exceptions };
    Output::new(Prepared { sources, site, plan, theme, options, globals, early }, shelf)
}

/// What is excused, on the whole site and in single documents.
fn exceptions(config: &Config, documents: &Documents<'_>) -> Vec<Exception> {
    let own = documents.with_exceptions.iter().flat_map(|document| document.body().exceptions.iter());
    config.checks.exceptions.iter().chain(own).cloned().collect()
}

/// The second half: everything that is wrong, in canonical order, as bad as it is on this site.
pub fn examine(output: &Output) -> Vec<Diagnostic> {
    let Prepared { site, sources, options, early, .. } = &**output;
    // Letters are looked at in every text, and that takes as long as half of all the rest.
    let (mut out, booklets) = rayon::join(|| found(output), || output.check_booklets());
    out.extend(booklets);
    policy::once_for_each_character(&mut out, sources);
    if site.config.is_partial {
        // Nobody knows which levels, columns and exceptions the city has: what other files say is not judged by them.
        let settings = sources.find("site.yaml");
        let stands_alone =
            |it: &Diagnostic| it.rule.group() == Group::Form && it.rule.is_firm() && it.rule != Rule::UnknownKey;
        out.retain(|finding| Some(finding.place.file) == settings || stands_alone(finding));
    }
    let levels = Levels::new(site.config.checks.levels.clone(), options.asked.clone());
    let mut out = policy::apply(out, &levels, &early.exceptions, sources);
    if site.config.is_partial {
        // What they excuse was not judged.
        out.retain(|finding| finding.rule != Rule::UnusedException);
    }
    out
}

/// Everything that was found while the site was made, and what rules over the whole find.
fn found(output: &Output) -> Vec<Diagnostic> {
    let Prepared { site, plan, theme, sources, options, early, .. } = &**output;
    let mut out: Vec<Diagnostic> = early.files.iter().flat_map(|found| found.iter().cloned()).collect();
    out.extend(early.joined.iter().cloned());
    out.extend(check::presence(sources));
    out.extend(check::record(site, sources, options.as_of));
    if let Some(published) = &options.published {
        out.extend(check::changes(site, sources, published));
    }
    out.extend(check::contrast(theme, sources));
    out.extend(check::collisions(site, plan));
    out.extend(check::copied_documents(sources));
    out.extend(check::links(site, plan, sources));
    out.extend(check::attachments(site, sources));
    out
}
