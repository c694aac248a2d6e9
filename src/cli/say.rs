//! What the program says to the person at the terminal, and what it asks the environment.

use crate::diagnostic::{Diagnostic, Severity};
use crate::publish;
use crate::report::{human, readable};
use crate::source::Sources;
use crate::text::language::{self, Language};
use crate::text::visible;
use crate::value::calendar::Date;
use crate::value::zone::{self, TimeZone, Timestamp};
use anyhow::{Context as _, Result};
use std::io::{ErrorKind, IsTerminal, Write};

/// The language of messages: the first of `LC_ALL`, `LC_MESSAGES`, `LANG` that is set; Japanese where none says
/// anything, because that is who this program is for.
pub fn language_of_environment() -> Language {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok());
    match set.into_iter().find(|value| !value.is_empty()) {
        Some(value) if value.starts_with("C.") || value == "C" || value == "POSIX" => Language::Japanese,
        Some(value) => Language::parse(&value).unwrap_or(Language::English),
        None => Language::Japanese,
    }
}

/// Today in a zone, in that of this machine without one: the only look at a clock in the program besides progress and
/// timings.
pub fn today(zone: Option<&TimeZone>) -> Date {
    zone::day(Timestamp::now(), zone.unwrap_or(&TimeZone::system()))
}

/// One of two sentences.
pub fn pick<'s>(language: Language, ja: &'s str, en: &'s str) -> &'s str {
    match language {
        Language::Japanese => ja,
        Language::English => en,
    }
}

/// Colours only for people at a terminal who did not ask for none (<https://no-color.org>).
pub fn style(language: Language) -> human::Style {
    let color = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    human::Style { color, language }
}

/// How many findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// All.
    All,
    /// As many as a person reads.
    Readable,
}

/// Shows findings on stderr.
pub fn findings(findings: &[Diagnostic], sources: &Sources, shown: Shown, language: Language) {
    if findings.is_empty() {
        return;
    }
    let text = match shown {
        Shown::Readable => readable::readable(findings, sources, style(language)),
        Shown::All => human::human(findings, sources, style(language)),
    };
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Says what went wrong with the machine.
pub fn trouble(error: &anyhow::Error, language: Language) {
    note(&match error.downcast_ref::<publish::Trouble>() {
        Some(trouble) => trouble.message.get(language).to_owned(),
        None => format!("{error:#}"),
    });
}

/// A remark of the program on stderr.
pub fn note(text: &str) {
    aside(&format!("kohyo: {text}"));
}

/// A remark of several lines on stderr, each made visible.
pub fn lines(text: &str) {
    for (index, line) in text.lines().enumerate() {
        if index == 0 { note(line) } else { aside(line) }
    }
}

/// A line on stderr: one line, whatever names or texts are in it. Nobody can be told that it could not be written, and
/// the work goes on.
pub fn aside(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", visible::line(text));
}

/// A line to stdout: one line, whatever names or texts are in it.
///
/// Errors: as [`text`].
pub fn line(line: &str) -> Result<()> {
    text(&format!("{}\n", visible::line(line)))
}

/// The same, in a colour of a terminal (an SGR code).
///
/// Errors: as [`text`].
pub fn colored(code: &str, line: &str) -> Result<()> {
    text(&format!("\u{1b}[{code}m{}\u{1b}[0m\n", visible::line(line)))
}

/// Text of several lines to stdout, of which every part has been made visible where it was put together. What others read
/// must not be cut short unnoticed, so it is on its way at the end.
///
/// Errors: stdout cannot be written, such as on a full disk. A pipe whose reader has seen enough is no trouble.
pub fn text(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("stdout"),
        _ => Ok(()),
    }
}

/// Whether anything stops publishing.
pub(super) fn has_errors(findings: &[Diagnostic]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// What the user should know besides.
pub(super) fn notes(notes: &[language::Message], language: Language) {
    notes.iter().for_each(|it| note(it.get(language)));
}
