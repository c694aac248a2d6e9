//! From a folder to a site and what is wrong with it.

use super::CheckArguments;
use super::say::has_errors;
use crate::diagnostic::{self, Diagnostic};
use crate::output::Output;
use crate::plan::Route;
use crate::plan::booklets::Booklet;
use crate::reading::Reading;
use crate::render::Failure;
use crate::site::published_figures::{self, Published};
use crate::source::Sources;
use crate::text::language::Language;
use crate::text::place::FileId;
use crate::value::calendar::{Date, parse_date};
use crate::{document, pipeline, prepared, publish};
use anyhow::{Result, bail};
use rayon::prelude::*;
use std::path::Path;
use std::sync::Arc;

pub(super) fn read(folder: &Path, language: Language) -> Result<Arc<Sources>> {
    if !folder.is_dir() {
        let (is_there, site) = (folder.exists(), folder.display());
        bail!(match language {
            Language::Japanese if is_there => {
                format!("フォルダーではありません。--site で、site.yaml のあるフォルダーを指定します: {site}")
            }
            Language::Japanese => format!("サイトのフォルダーがありません: {site}"),
            Language::English if is_there =>
                format!("this is no folder; name the one where site.yaml is with --site: {site}"),
            Language::English => format!("there is no such site folder: {site}"),
        });
    }
    Ok(Arc::new(Sources::read(folder)?))
}

/// The day whose state the site shows that was published there; `None` where there is none.
pub(super) fn published_day(out: &Path) -> Option<Date> {
    parse_date(&publish::as_of(out)?)
}

/// The figures of the site that was published there; `None` where there is none. What could be seen on an earlier day
/// says nothing about what was published since.
pub(super) fn published(out: &Path, as_of: Date) -> Option<Arc<Published>> {
    if published_day(out).is_some_and(|day| day > as_of) {
        return None;
    }
    Published::parse(&publish::published_file(out, published_figures::FIGURES)?).map(Arc::new)
}

/// A site, and everything that is wrong with it.
pub(super) struct Examined {
    pub(super) output: Output,
    pub(super) findings: Vec<Diagnostic>,
    reading: Reading,
    site_file: Option<(FileId, u64)>,
}

impl Examined {
    /// Hash of the bytes of a file as they were when it was checked.
    pub(super) fn hash(&self, file: FileId) -> Option<u64> {
        match self.site_file {
            Some((site_file, hash)) if site_file == file => Some(hash),
            _ => self.reading.hash(file).or_else(|| self.hash_of_attachment(file)),
        }
    }
}

impl Examined {
    fn hash_of_attachment(&self, file: FileId) -> Option<u64> {
        let site = &self.output.site;
        let attachment = site.attachments.iter().chain(&site.withheld).find(|attachment| attachment.file == file)?;
        attachment.facts.get()?.as_ref().ok().map(|facts| facts.hash)
    }
}

/// Everything that is wrong with a site.
pub(super) fn examine(arguments: &CheckArguments, language: Language) -> Result<Examined> {
    let sources = read(&arguments.site.site, language)?;
    let site_file = sources.find("site.yaml").and_then(|file| Some((file, document::hash(&sources.bytes(file).ok()?))));
    let mut reading = Reading::default();
    let options = options(arguments, &sources);
    let output = pipeline::join(sources, options, &mut reading);
    let mut findings = pipeline::examine(&output);
    if !has_errors(&findings) {
        findings.extend(output.try_templates()?);
        if arguments.booklets {
            findings.extend(set_booklets(&output)?);
        }
        diagnostic::sort(&mut findings);
    }
    Ok(Examined { output, findings, reading, site_file })
}

/// What is wrong with what files say, whatever templates and booklets make of it.
pub(super) fn findings(arguments: &CheckArguments, sources: Arc<Sources>) -> Vec<Diagnostic> {
    let options = options(arguments, &sources);
    pipeline::examine(&pipeline::join(sources, options, &mut Reading::default()))
}

fn options(arguments: &CheckArguments, sources: &Sources) -> prepared::Options {
    let out = arguments.out.clone().unwrap_or_else(|| arguments.site.site.join("public"));
    let options = arguments.site.options(sources);
    prepared::Options { published: published(&out, options.as_of), ..options }
}

/// What stops `build` from setting its booklets.
fn set_booklets(output: &Output) -> Result<Vec<Diagnostic>> {
    let set = |booklet: &Booklet| match output.booklet(booklet) {
        Ok(_) => Ok(None),
        Err(Failure::Finding(finding)) => Ok(Some(*finding)),
        Err(Failure::Trouble(error)) => Err(error),
    };
    let found: Result<Vec<Option<Diagnostic>>> = booklets(output).par_iter().with_max_len(1).map(set).collect();
    Ok(found?.into_iter().flatten().collect())
}

/// The booklets that `build` makes.
pub(super) fn booklets(output: &Output) -> Vec<Booklet> {
    let of_route = |route| match route {
        Route::Booklet(booklet) => Some(booklet),
        _ => None,
    };
    output.routes().into_iter().filter_map(of_route).collect()
}
