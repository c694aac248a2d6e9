//! Workflow commands (`::error file=…,line=…::message`), which GitHub shows beside the lines of a change.
//!
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>; what has to be escaped is in the
//! runner's toolkit (`@actions/core`, command.ts).

use super::{Context, Spots, each, is_about_file, listed};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Sources;
use crate::text::visible;
use std::fmt::Write;

/// One command for each finding, and one for those of a file that are not listed.
pub(super) fn write(findings: &[Diagnostic], sources: &Sources, context: &Context, out: &mut dyn FnMut(&str)) {
    let (shown, more) = listed(findings);
    each(&shown, sources, "", out, |findings, spots, out| commands(findings, spots, context, out));
    for more in more {
        let (title, file) = (more.rule.name(), format!("{}{}", context.site, sources.path(more.file)));
        let words = message(&more.words(context.language));
        out(&format!("::notice title={},file={}::{words}\n", property(title), property(&file)));
    }
}

fn commands(findings: &[&Diagnostic], spots: &Spots, context: &Context, out: &mut String) {
    for finding in findings {
        let spot = spots.get(finding.place);
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "notice",
        };
        let file = format!("{}{}", context.site, spot.path);
        let _ = write!(out, "::{command} title={},file={}", property(finding.rule.name()), property(&file));
        if !is_about_file(finding.place) {
            let _ = write!(out, ",line={},col={}", spot.start.0, spot.start.1);
            // A column of the end is only understood on the line of the start.
            if spot.end.0 == spot.start.0 && spot.end.1 > spot.start.1 {
                let _ = write!(out, ",endLine={},endColumn={}", spot.end.0, spot.end.1);
            }
        }
        let _ = writeln!(out, "::{}", message(&finding.words(context.language).to_string()));
    }
}

fn message(text: &str) -> String {
    // Line breaks have an escape of their own; a log is a terminal to somebody.
    let lines: Vec<_> = text.split('\n').map(|line| visible::line(line.trim_end_matches('\r'))).collect();
    lines.join("\n").replace('%', "%25").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_an_author_writes_ends_a_command() {
        assert_eq!(message("100%\r\n::error::x"), "100%25%0A::error::x");
        assert_eq!(message("a\u{1b}[2Kb\rc"), "a\\u{1b}[2Kb\\u{d}c");
        assert_eq!(property("a,b:c%\n"), "a%2Cb%3Ac%25%0A");
    }
}
