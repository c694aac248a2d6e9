//! Findings for people's eyes: file:line:column, the source line, a mark under the right characters.

use super::{Diagnostic, FileId, Language, Place, Severity};
use crate::source::Sources;
use crate::span::{Lines, display_width};
use std::collections::HashMap;
use std::fmt::Write;

/// How many findings there are of each severity, and in how many files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Findings that stop publishing.
    pub errors: usize,
    /// Findings a reader will stumble over.
    pub warnings: usize,
    /// Suggestions.
    pub hints: usize,
    /// Files with at least one finding.
    pub files: usize,
}

impl Tally {
    /// Counts findings in canonical order.
    pub fn of(findings: &[Diagnostic]) -> Self {
        let mut tally = Self::default();
        let mut last = None;
        for finding in findings {
            match finding.severity {
                Severity::Error => tally.errors += 1,
                Severity::Warning => tally.warnings += 1,
                Severity::Hint => tally.hints += 1,
            }
            if last != Some(finding.place.file) {
                tally.files += 1;
                last = Some(finding.place.file);
            }
        }
        tally
    }

    /// One line: `エラー2件、警告1件（2ファイル）`.
    pub fn line(&self, language: Language) -> String {
        let part = |n: usize, ja: &str, en: &str| match (n, language) {
            (0, _) => None,
            (n, Language::Japanese) => Some(format!("{ja}{n}件")),
            (1, Language::English) => Some(format!("1 {en}")),
            (n, Language::English) => Some(format!("{n} {en}s")),
        };
        let parts: Vec<String> = [
            part(self.errors, "エラー", "error"),
            part(self.warnings, "警告", "warning"),
            part(self.hints, "ヒント", "hint"),
        ]
        .into_iter()
        .flatten()
        .collect();
        match language {
            Language::Japanese if parts.is_empty() => "指摘はありません".into(),
            Language::English if parts.is_empty() => "no findings".into(),
            Language::Japanese => format!("{}（{}ファイル）", parts.join("、"), self.files),
            Language::English => {
                format!("{} in {} {}", parts.join(", "), self.files, if self.files == 1 { "file" } else { "files" })
            }
        }
    }
}

/// What the terminal can show, and in which language.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// ANSI colours.
    pub color: bool,
    /// Language of messages.
    pub language: Language,
}

/// Every finding as text, one after the other.
pub fn human(findings: &[Diagnostic], sources: &Sources, style: Style) -> String {
    let mut texts = Texts::new(sources);
    let mut out = String::new();
    for finding in findings {
        one(&mut out, finding, &mut texts, style);
        out.push('\n');
    }
    out
}

/// Texts of the files that findings point into, read once each.
struct Texts<'s> {
    sources: &'s Sources,
    read: HashMap<FileId, String>,
}

impl<'s> Texts<'s> {
    fn new(sources: &'s Sources) -> Self {
        Self { sources, read: HashMap::new() }
    }

    fn get(&mut self, file: FileId) -> &str {
        self.read.entry(file).or_insert_with(|| self.sources.text_lossy(file))
    }
}

fn one(out: &mut String, finding: &Diagnostic, texts: &mut Texts<'_>, style: Style) {
    let paint = |code: &str, text: &str| {
        if style.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    };
    let color = match finding.severity {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
        Severity::Hint => "1;36",
    };
    let label = format!("{}[{}]", finding.severity.label().get(style.language), finding.rule.name());
    // Writing to a String cannot fail.
    let printable = |text: &str| text.replace(|c: char| c.is_control(), " ");
    let message = printable(finding.message.get(style.language));
    let _ = writeln!(out, "{}: {}", paint(color, &label), paint("1", &message));
    excerpt(out, finding.place, texts, &paint, color, None);
    for (place, message) in &finding.related {
        excerpt(out, *place, texts, &paint, "1;34", Some(message.get(style.language)));
    }
    let (help, why) = match style.language {
        Language::Japanese => ("直し方", "理由"),
        Language::English => ("help", "why"),
    };
    if let Some(message) = &finding.help {
        let _ = writeln!(out, "  = {help}: {}", printable(message.get(style.language)));
    }
    let _ = writeln!(out, "  = {why}: {}", finding.rule.why().get(style.language));
}

/// The place, its line, and the mark under it. Control characters are shown as spaces so that a file cannot write to
/// the terminal.
fn excerpt(
    out: &mut String,
    place: Place,
    texts: &mut Texts<'_>,
    paint: &dyn Fn(&str, &str) -> String,
    color: &str,
    note: Option<&str>,
) {
    let path = match texts.sources.path(place.file) {
        // The one file whose absence can be a finding.
        "" => "site.yaml".to_owned(),
        path => path.replace(|c: char| c.is_control(), " "),
    };
    let text = texts.get(place.file);
    let lines = Lines::new(text);
    let at = lines.place(place.span.start as usize);
    let arrow = if note.is_some() { ":::" } else { "-->" };
    let _ = writeln!(out, "  {arrow} {path}:{}:{}", at.line, at.column);
    let (line, line_start) = lines.line(at.line);
    let clean = |part: &str| -> String {
        part.chars()
            .flat_map(|c| {
                if c == '\t' {
                    [' '; 4].to_vec()
                } else if c.is_control() {
                    vec![' ']
                } else {
                    vec![c]
                }
            })
            .collect()
    };
    if line.trim().is_empty() && place.span.start == place.span.end {
        if let Some(note) = note {
            let _ = writeln!(out, "      {note}");
        }
        return;
    }
    // Long lines are cut around the mark, at character boundaries.
    let start = (place.span.start as usize).saturating_sub(line_start).min(line.len());
    let end = (place.span.end as usize).saturating_sub(line_start).clamp(start, line.len());
    let (Some(before), Some(marked), Some(after)) = (line.get(..start), line.get(start..end), line.get(end..)) else {
        return;
    };
    let skip = before.chars().count().saturating_sub(60);
    let cut: String = before.chars().skip(skip).collect();
    let before = clean(&format!("{}{cut}", if skip > 0 { "…" } else { "" }));
    let marked = clean(&marked.chars().take(80).collect::<String>());
    let after = clean(&after.chars().take(40).collect::<String>());
    let number = at.line.to_string();
    let _ = writeln!(out, "{} | {before}{marked}{after}", format_args!("{number:>4}"));
    let carets = "^".repeat(display_width(&marked).max(1));
    let _ = writeln!(
        out,
        "     | {}{}{}",
        " ".repeat(display_width(&before)),
        paint(color, &carets),
        note.map(|note| format!(" {note}")).unwrap_or_default()
    );
}
