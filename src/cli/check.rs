//! `kohyo check`.

use super::build::{has_errors, read};
use super::{CheckArguments, say};
use crate::diagnostic::report::{self, Context, Format};
use crate::diagnostic::show::Tally;
use crate::diagnostic::{self, Checked, Diagnostic, Language};
use crate::pipeline::{self, Prepared};
use anyhow::Result;
use std::process::ExitCode;
use std::time::Instant;

/// `kohyo check`: all findings, nothing written.
pub(super) fn check(arguments: &CheckArguments, language: Language) -> Result<ExitCode> {
    let started = Instant::now();
    let (prepared, findings) = examine(arguments)?;
    let tally = Tally::of(&findings);
    if arguments.format == Format::Human {
        say::findings(&findings, &prepared.sources, arguments.site.shown(), language);
        let took = started.elapsed().as_secs_f64();
        let files = prepared.sources.iter().filter(|(_, file)| file.path.ends_with(".md")).count();
        say::line(&match language {
            Language::Japanese => format!("{files}件の文書を確かめました: {}。{took:.2}秒", tally.line(language)),
            Language::English => format!("{files} documents checked: {}; {took:.2} s", tally.line(language)),
        });
        tally.fixable(language).iter().for_each(|sentence| say::line(sentence));
    } else {
        let context = Context { language, site: arguments.site.prefix() };
        say::text(&report::text(&findings, &prepared.sources, arguments.format, &context));
    }
    // A large site takes longer to take apart than to check; the system does it at once.
    std::mem::forget(prepared);
    Ok(ExitCode::from(u8::from(tally.errors > 0)))
}

/// Everything that is wrong with a site.
fn examine(arguments: &CheckArguments) -> Result<(Prepared, Vec<Diagnostic>)> {
    let sources = read(&arguments.site)?;
    let Checked { value: prepared, mut diagnostics } = pipeline::prepare(sources, arguments.site.options());
    if !has_errors(&diagnostics) {
        diagnostics.extend(prepared.try_templates()?);
        diagnostic::sort(&mut diagnostics);
    }
    Ok((prepared, diagnostics))
}
