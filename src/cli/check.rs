//! `kohyo check`.

use super::read::{Examined, booklets, examine};
use super::report_file::ReportFile;
use super::{CheckArguments, fix, say};
use crate::report::human::Tally;
use crate::report::{self, Context, Format};
use crate::text::language::{Language, counted};
use crate::text::visible;
use anyhow::Result;
use std::process::ExitCode;
use std::time::Instant;

/// `kohyo check`: all findings; nothing is written, unless `--fix` asks for it.
pub(super) fn check(arguments: &CheckArguments, language: Language) -> Result<ExitCode> {
    let report_file = ReportFile::asked(arguments, language)?;
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
    let files = output.sources.iter().filter(|(_, file)| file.path.ends_with(".md")).count();
    let checked = match language {
        Language::Japanese => format!("{files}件の文書を確かめました: {}。", tally.line(language)),
        Language::English => format!("{} checked: {}", counted(files, "document"), tally.line(language)),
    };
    if let Some(file) = &report_file {
        let summary: Vec<String> = std::iter::once(checked.clone()).chain(tally.fixable(language)).collect();
        file.write(&findings, &output.sources, &summary, language)?;
    }
    if arguments.format == Format::Human {
        say::findings(&findings, &output.sources, arguments.site.shown(), language);
        say::line(&match language {
            Language::Japanese => format!("{checked}{seconds:.2}秒"),
            Language::English => format!("{checked}; {seconds:.2} s"),
        })?;
        tally.fixable(language).iter().try_for_each(|sentence| say::line(sentence))?;
        if let Some(file) = &report_file {
            let path = file.path().display();
            say::line(&match language {
                Language::Japanese => format!("すべての指摘を書きました: {path}"),
                Language::English => format!("all findings were written to {path}"),
            })?;
        }
    } else {
        let mut written = Ok(());
        let context = Context { language, site: arguments.site.prefix() };
        report::write(&findings, &output.sources, arguments.format, &context, &mut |part| {
            if written.is_ok() {
                written = match arguments.format {
                    Format::Json | Format::Sarif => say::text(&visible::json(part)),
                    Format::Human | Format::Github => say::text(part),
                };
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
            Language::English => format!("PDF booklets not set: {unset}; --booklets sets and checks them, too"),
        });
    }
    // A large site takes longer to take apart than to check; the system does it at once.
    std::mem::forget(output);
    Ok(ExitCode::from(u8::from(tally.errors > 0)))
}
