//! `kohyo check`.

use super::build::{has_errors, published, read};
use super::{CheckArguments, fix, say};
use crate::diagnostic::{self, Diagnostic};
use crate::output::Output;
use crate::plan::Route;
use crate::plan::booklets::Booklet;
use crate::prepared;
use crate::reading::Reading;
use crate::render::Failure;
use crate::report::human::Tally;
use crate::report::{self, Context, Format};
use crate::text::language::Language;
use crate::text::place::FileId;
use crate::{document, pipeline};
use anyhow::Result;
use rayon::prelude::*;
use std::process::ExitCode;
use std::time::Instant;

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
            _ => self.reading.hash(file),
        }
    }
}

/// `kohyo check`: all findings; nothing is written, unless `--fix` asks for it.
pub(super) fn check(arguments: &CheckArguments, language: Language) -> Result<ExitCode> {
    let started = Instant::now();
    let mut examined = examine(arguments, language)?;
    let mut seconds = started.elapsed().as_secs_f64();
    if arguments.fix && fix::fix(arguments, &examined, language)? {
        let started = Instant::now();
        examined = examine(arguments, language)?;
        seconds = started.elapsed().as_secs_f64();
    }
    let Examined { output, findings, .. } = examined;
    let tally = Tally::of(&findings);
    if arguments.format == Format::Human {
        say::findings(&findings, &output.sources, arguments.site.shown(), language);
        let files = output.sources.iter().filter(|(_, file)| file.path.ends_with(".md")).count();
        say::line(&match language {
            Language::Japanese => format!("{files}件の文書を確かめました: {}。{seconds:.2}秒", tally.line(language)),
            Language::English => format!("{files} documents checked: {}; {seconds:.2} s", tally.line(language)),
        })?;
        tally.fixable(language).iter().try_for_each(|sentence| say::line(sentence))?;
    } else {
        let mut written = Ok(());
        let context = Context { language, site: arguments.site.prefix() };
        report::write(&findings, &output.sources, arguments.format, &context, &mut |part| {
            if written.is_ok() {
                written = say::text(part);
            }
        });
        written?;
    }
    let unset = if arguments.booklets { 0 } else { booklets(&output).len() };
    if unset > 0 && arguments.format == Format::Human {
        say::note(&match language {
            Language::Japanese => {
                format!("印刷用PDF（{unset}件）は、作って確かめてはいません。--booklets を付けると、それも確かめます。")
            }
            Language::English => format!("{unset} PDF booklets were not set; --booklets sets and checks them, too"),
        });
    }
    // A large site takes longer to take apart than to check; the system does it at once.
    std::mem::forget(output);
    Ok(ExitCode::from(u8::from(tally.errors > 0)))
}

/// Everything that is wrong with a site.
pub(super) fn examine(arguments: &CheckArguments, language: Language) -> Result<Examined> {
    let sources = read(&arguments.site, language)?;
    let site_file = sources.find("site.yaml").and_then(|file| Some((file, document::hash(&sources.bytes(file).ok()?))));
    let mut reading = Reading::default();
    let out = arguments.out.clone().unwrap_or_else(|| arguments.site.site.join("public"));
    let options = arguments.site.options();
    let options = prepared::Options { published: published(&out, options.as_of), ..options };
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
fn booklets(output: &Output) -> Vec<Booklet> {
    let of_route = |route| match route {
        Route::Booklet(booklet) => Some(booklet),
        _ => None,
    };
    output.routes().into_iter().filter_map(of_route).collect()
}
