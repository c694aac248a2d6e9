//! Findings for people's eyes: file:line:column, the source line, a mark under the right characters. Files with errors
//! first, and what is to be said of one word at many places of a file once.

use super::same::{Same, same};
use super::{MOST_OF_A_FILE, listed};
use crate::diagnostic::{Diagnostic, Fix, Rule, Severity};
use crate::source::Sources;
use crate::text::language::Language;
use crate::text::place::{FileId, Place};
use crate::text::span::{Lines, display_width};
use crate::text::visible;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use unicode_width::UnicodeWidthChar;

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
    /// Findings that the program can mend.
    pub fixable: usize,
}

impl Tally {
    /// Counts findings in canonical order.
    pub fn of(findings: &[Diagnostic]) -> Self {
        Self::count(findings)
    }

    pub(super) fn count<'d>(findings: impl IntoIterator<Item = &'d Diagnostic>) -> Self {
        let mut tally = Self::default();
        let mut last = None;
        for finding in findings {
            match finding.severity {
                Severity::Error => tally.errors += 1,
                Severity::Warning => tally.warnings += 1,
                Severity::Hint => tally.hints += 1,
            }
            tally.fixable += usize::from(finding.safe_fix().is_some());
            if last != Some(finding.place.file) {
                tally.files += 1;
                last = Some(finding.place.file);
            }
        }
        tally
    }

    /// How many of each severity: `エラー2件、警告1件`.
    fn counts(&self, language: Language) -> String {
        let part = |n: usize, ja: &str, en: &str| match (n, language) {
            (0, _) => None,
            (n, Language::Japanese) => Some(format!("{ja}{}件", grouped(n))),
            (1, Language::English) => Some(format!("1 {en}")),
            (n, Language::English) => Some(format!("{} {en}s", grouped(n))),
        };
        let parts = [
            part(self.errors, "エラー", "error"),
            part(self.warnings, "警告", "warning"),
            part(self.hints, "ヒント", "hint"),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        parts.join(match language {
            Language::Japanese => "、",
            Language::English => ", ",
        })
    }

    /// One line: `エラー2件、警告1件（2ファイル）`.
    pub fn line(&self, language: Language) -> String {
        let counts = self.counts(language);
        let files = grouped(self.files);
        match language {
            Language::Japanese if counts.is_empty() => "指摘はありません".into(),
            Language::English if counts.is_empty() => "no findings".into(),
            Language::Japanese => format!("{counts}（{files}ファイル）"),
            Language::English => format!("{counts} in {files} {}", if self.files == 1 { "file" } else { "files" }),
        }
    }

    /// How many of them the program can mend, as a sentence; `None` when it can mend none.
    pub fn fixable(&self, language: Language) -> Option<String> {
        match (self.fixable, language) {
            (0, _) => None,
            (n, Language::Japanese) => Some(format!("うち{}件は kohyo check --fix で直せます。", grouped(n))),
            (n, Language::English) => Some(format!("{} of them can be mended by `kohyo check --fix`", grouped(n))),
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

impl Style {
    pub(super) fn paint(self, code: &str, text: &str) -> String {
        if self.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    pub(super) fn severity(severity: Severity) -> &'static str {
        match severity {
            Severity::Error => "1;31",
            Severity::Warning => "1;33",
            Severity::Hint => "1;36",
        }
    }
}

/// Every finding as text, file by file, those with errors first; of one rule in one file no more than [`MOST_OF_A_FILE`],
/// and how many there are.
pub fn human(findings: &[Diagnostic], sources: &Sources, style: Style) -> String {
    let (shown, more) = listed(findings);
    let mut files: Vec<&[&Diagnostic]> = shown.chunk_by(|a, b| a.place.file == b.place.file).collect();
    let has_files = files.len() > 1;
    let is_error = |finding: &&Diagnostic| finding.severity == Severity::Error;
    files.sort_by_key(|of_file| !of_file.iter().any(is_error));
    // Only at the first finding of a rule it is said why it matters.
    let mut told: BTreeSet<Rule> = BTreeSet::new();
    let files = files.into_iter().map(|of_file| {
        let is_new = |finding: &&Diagnostic| told.insert(finding.rule);
        (of_file, of_file.iter().copied().filter(is_new).map(|finding| finding.place).collect::<Vec<Place>>())
    });
    let files: Vec<(&[&Diagnostic], Vec<Place>)> = files.collect();
    let texts: Vec<String> = files
        .par_iter()
        .map(|(of_file, new)| {
            let mut out = String::new();
            let mut texts = Texts::new(sources);
            let file = of_file[0].place.file;
            if has_files {
                let all = findings.partition_point(|finding| finding.place.file < file);
                let own = findings[all..].iter().take_while(|finding| finding.place.file == file);
                header(&mut out, file, Tally::count(own), sources, style);
            }
            let text = sources.text_lossy(file);
            let mut told: BTreeSet<Rule> = BTreeSet::new();
            for same in same(of_file, &text) {
                let rule = same.finding.rule;
                let says_why = new.contains(&same.finding.place) && told.insert(rule);
                one(&mut out, &same, says_why, Places::All, &mut texts, style);
                out.push('\n');
            }
            out
        })
        .collect();
    let mut out = texts.concat();
    let mut hidden: BTreeMap<Rule, usize> = BTreeMap::new();
    more.iter().for_each(|more| *hidden.entry(more.rule).or_default() += more.count);
    for (rule, more) in &hidden {
        let _ = match style.language {
            Language::Japanese => writeln!(out, "{}: ほか {}件", rule.name(), grouped(*more)),
            Language::English => writeln!(out, "{}: and {} more", rule.name(), grouped(*more)),
        };
    }
    if !hidden.is_empty() {
        let limit = grouped(MOST_OF_A_FILE);
        let _ = match style.language {
            Language::Japanese => writeln!(out, "1つの文書の1つの規則について、{limit}件まで示しています。\n"),
            Language::English => writeln!(out, "at most {limit} of a rule are shown of each file\n"),
        };
    }
    out
}

/// A number with a separator every three digits.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The file, and how much was found in it.
pub(super) fn header(out: &mut String, file: FileId, tally: Tally, sources: &Sources, style: Style) {
    let counts = tally.counts(style.language);
    let text = match style.language {
        Language::Japanese => format!("■ {}（{counts}）", path(sources, file)),
        Language::English => format!("== {} ({counts})", path(sources, file)),
    };
    let _ = writeln!(out, "{}\n", style.paint("1", &text));
}

/// The path of a file as it is named in findings.
pub(super) fn path(sources: &Sources, file: FileId) -> String {
    match sources.path(file) {
        // The one file whose absence can be a finding.
        "" => "site.yaml".to_owned(),
        path => visible::line(path).into_owned(),
    }
}

/// The files that findings of one file point into, each read, and its lines counted, once.
pub(super) struct Texts<'s> {
    sources: &'s Sources,
    read: BTreeMap<FileId, Lines<'static>>,
    size: usize,
}

/// How many bytes of files are kept: a finding in `site.yaml` may point into every document of a large site.
const KEPT: usize = 16 << 20;

impl<'s> Texts<'s> {
    pub(super) fn new(sources: &'s Sources) -> Self {
        Self { sources, read: BTreeMap::new(), size: 0 }
    }

    pub(super) fn get(&mut self, file: FileId) -> &Lines<'static> {
        if self.size > KEPT && !self.read.contains_key(&file) {
            self.read.clear();
            self.size = 0;
        }
        self.read.entry(file).or_insert_with(|| {
            let lines = Lines::new(self.sources.text_lossy(file));
            self.size += lines.text().len();
            lines
        })
    }
}

/// How many of the places are named at which the same is found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Places {
    /// All.
    All,
    /// Some, and how many more there are.
    Some,
}

/// How many places are named on one line.
const PLACES_OF_A_LINE: usize = 12;

/// At how many places the same is found, where it is more than one.
pub(super) fn at_places(same: &Same<'_>, language: Language) -> String {
    match (same.count(), language) {
        (1, _) => String::new(),
        (count, Language::Japanese) => format!("（{}か所）", grouped(count)),
        (count, Language::English) => format!(" ({} places)", grouped(count)),
    }
}

/// One finding with its line, the mark under it, and what to write.
pub(super) fn one(
    out: &mut String,
    same: &Same<'_>,
    says_why: bool,
    places: Places,
    texts: &mut Texts<'_>,
    style: Style,
) {
    let finding = same.finding;
    let color = Style::severity(finding.severity);
    let label = format!("{}[{}]", finding.severity.label().get(style.language), finding.rule.name());
    // Writing to a String cannot fail.
    let message = visible::line(finding.message.get(style.language));
    let count = at_places(same, style.language);
    let _ = writeln!(out, "{}: {}{count}", style.paint(color, &label), style.paint("1", &message));
    excerpt(out, finding.place, texts, style, color, None);
    for (place, message) in &finding.related {
        excerpt(out, *place, texts, style, "1;34", Some(message.get(style.language)));
    }
    let (help, why, fixable) = match style.language {
        Language::Japanese => ("直し方", "理由", "（--fix で直せます）"),
        Language::English => ("help", "why", " (--fix does it)"),
    };
    if let Some(message) = &finding.help {
        let fixable = if finding.safe_fix().is_some() { fixable } else { "" };
        let _ = writeln!(out, "  = {help}: {}{fixable}", visible::line(message.get(style.language)));
    }
    if let Some(fix) = finding.text_fix() {
        mended(out, fix, texts, style);
    }
    others(out, same, places, texts, style);
    if says_why {
        let _ = writeln!(out, "  = {why}: {}", finding.rule.why().get(style.language));
    }
}

/// Line and column of the other places where the same is found.
fn others(out: &mut String, same: &Same<'_>, places: Places, texts: &mut Texts<'_>, style: Style) {
    let lines = texts.get(same.finding.place.file);
    let mut numbers: Vec<String> = Vec::with_capacity(same.others.len());
    for place in &same.others {
        let at = lines.place(place.span.start as usize);
        numbers.push(format!("{}:{}", at.line, at.column));
    }
    let most = if places == Places::All { numbers.len() } else { PLACES_OF_A_LINE };
    let more = numbers.len().saturating_sub(most);
    for (index, line) in numbers[..numbers.len() - more].chunks(PLACES_OF_A_LINE).enumerate() {
        let (head, joined) = match style.language {
            Language::Japanese => (if index == 0 { "  = ほかの場所: " } else { "    " }, line.join("、")),
            Language::English => (if index == 0 { "  = also at: " } else { "    " }, line.join(", ")),
        };
        let rest = match (more, style.language) {
            (0, _) => String::new(),
            (more, Language::Japanese) => format!("、ほか{}か所", grouped(more)),
            (more, Language::English) => format!(", and {} more", grouped(more)),
        };
        let _ = writeln!(out, "{head}{joined}{rest}");
    }
}

/// The most columns of a line of text that are shown.
const WIDEST: usize = 100;

/// How many bytes of a line are looked at on either side: more than what fits, whatever its characters are.
const NEAR: usize = 400;

/// A line cut to what fits, around the part that is marked: what stands before it, it, and what follows. Cut first and
/// then made fit to be seen, so that a line of a million characters costs no more than what is shown of it.
fn window(before: &str, marked: &str, after: &str) -> (String, String, String) {
    let is_far = before.len() > NEAR;

    let (is_long, goes_on) = (marked.len() > NEAR, after.len() > NEAR);
    let [marked, after] = [marked, after].map(|text| visible::columns(&text[..text.floor_char_boundary(NEAR)]));
    let before = visible::columns(&before[before.ceil_char_boundary(before.len().saturating_sub(NEAR))..]);
    let room = |used: usize| WIDEST.saturating_sub(used);
    let is_cut = is_far || is_long || goes_on;
    if !is_cut && display_width(&before) + display_width(&marked) + display_width(&after) <= WIDEST {
        return (before, marked, after);
    }
    let marked = first_columns(&marked, WIDEST * 6 / 10, is_long);
    let before = last_columns(&before, room(display_width(&marked)) / 2, is_far);
    let after = first_columns(&after, room(display_width(&before) + display_width(&marked)), goes_on);
    (before, marked, after)
}

/// The start of a text, with an ellipsis where it is or was cut.
pub(super) fn first_columns(text: &str, most: usize, was_cut: bool) -> String {
    if !was_cut && display_width(text) <= most {
        return text.to_owned();
    }
    let mut width = 0;
    let kept = text.chars().take_while(|c| {
        width += c.width().unwrap_or(0);
        width < most
    });
    kept.chain(['…']).collect()
}

/// The end of a text, with an ellipsis where it is or was cut.
fn last_columns(text: &str, most: usize, was_cut: bool) -> String {
    if !was_cut && display_width(text) <= most {
        return text.to_owned();
    }
    let mut width = 0;
    let kept = text.char_indices().rev().take_while(|(_, c)| {
        width += c.width().unwrap_or(0);
        width < most
    });
    let start = kept.last().map_or(text.len(), |(at, _)| at);
    // A combining mark alone would sit on the ellipsis.
    format!("…{}", text[start..].trim_start_matches(|c: char| c.width() == Some(0)))
}

/// The place, its line, and the mark under it.
fn excerpt(out: &mut String, place: Place, texts: &mut Texts<'_>, style: Style, color: &str, note: Option<&str>) {
    let path = path(texts.sources, place.file);
    let lines = texts.get(place.file);
    let at = lines.place(place.span.start as usize);
    let arrow = if note.is_some() { ":::" } else { "-->" };
    let (line, line_start) = lines.line(at.line);
    // A finding about the file itself has no line to show, only a note to give.
    let is_whole_file = place.span.end == 0 || (place.span.start == place.span.end && line.trim().is_empty());
    let note = note.map(|note| format!(" {}", visible::line(note))).unwrap_or_default();
    let beside = if is_whole_file { note.as_str() } else { "" };
    let _ = writeln!(out, "  {arrow} {path}:{}:{}{beside}", at.line, at.column);
    if is_whole_file {
        return;
    }
    let start = (place.span.start as usize).saturating_sub(line_start).min(line.len());
    let end = (place.span.end as usize).saturating_sub(line_start).clamp(start, line.len());
    let (Some(before), Some(marked), Some(after)) = (line.get(..start), line.get(start..end), line.get(end..)) else {
        return;
    };
    let (before, marked, after) = window(before, marked, after);
    let _ = writeln!(out, "{:>4} | {}", at.line, format!("{before}{marked}{after}").trim_end());
    let carets = "^".repeat(display_width(&marked).max(1));
    let _ = writeln!(out, "     | {}{}{note}", " ".repeat(display_width(&before)), style.paint(color, &carets));
}

/// The line as it would be.
fn mended(out: &mut String, fix: &Fix, texts: &mut Texts<'_>, style: Style) {
    let lines = texts.get(fix.place.file);
    let at = lines.place(fix.place.span.start as usize);
    let (line, line_start) = lines.line(at.line);
    let [start, end] = [fix.place.span.start, fix.place.span.end].map(|at| (at as usize).saturating_sub(line_start));
    let (Some(before), Some(after)) = (line.get(..start), line.get(end..)) else { return };
    if fix.text.contains('\n') {
        return;
    }
    let (before, marked, after) = window(before, &fix.text, after);
    let _ = writeln!(out, "{:>4} + {before}{}{after}", at.line, style.paint("1;32", &marked));
}
