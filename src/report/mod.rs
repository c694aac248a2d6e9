//! Findings for programs: JSON, GitHub's workflow commands, SARIF.
//!
//! In canonical order, and the same for the same findings. Of one rule, at most [`MOST_OF_A_FILE`] findings of a file are
//! listed; of the others every format says how many there are. A text is cut before it is copied. So a report is no
//! longer than what it reports on, whatever that is. The shapes are public; JSON's is in `docs/findings.schema.json`.

pub mod explain;
mod github;
pub mod human;
mod json;
pub mod readable;
mod same;
mod sarif;

use crate::diagnostic::{Diagnostic, Rule};
use crate::source::Sources;
use crate::text::language::Language;
use crate::text::place::{FileId, Place};
use crate::text::span::{Lines, Span};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Human,
    /// JSON of our own shape.
    Json,
    /// Workflow commands, which GitHub shows beside the lines of a change.
    Github,
    /// SARIF 2.1.0, which many tools read.
    Sarif,
}

impl Format {
    /// Every format by the name under which it is asked for.
    pub const NAMES: [(&'static str, Format); 4] =
        [("human", Format::Human), ("json", Format::Json), ("github", Format::Github), ("sarif", Format::Sarif)];
}

/// What a report says besides the findings.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Language of messages.
    pub language: Language,
    /// Path from where the program was started to the site, with `/` at the end; empty when that is the same.
    pub site: String,
}

/// Findings as text for programs.
pub fn text(findings: &[Diagnostic], sources: &Sources, format: Format, context: &Context) -> String {
    let mut out = String::new();
    write(findings, sources, format, context, &mut |part| out.push_str(part));
    out
}

/// The same text piece by piece, in order: of a large site with a finding in every document, the whole would be a third
/// of what a check has in memory. The findings are in canonical order.
pub fn write(findings: &[Diagnostic], sources: &Sources, format: Format, context: &Context, out: &mut dyn FnMut(&str)) {
    match format {
        Format::Human => {
            out(&human::human(findings, sources, human::Style { color: false, language: context.language }))
        }
        Format::Json => json::write(findings, sources, context, out),
        Format::Github => github::write(findings, sources, context, out),
        Format::Sarif => sarif::write(findings, sources, context, out),
    }
}

/// How many findings of one rule in one file are listed. Who has a thousand has made one mistake a thousand times, or a
/// program has; more would bury all others, and fill what reads them (code hosts take some thousands of a run).
pub const MOST_OF_A_FILE: usize = 1000;

/// Findings of one rule in one file that are not listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct More {
    /// The file.
    pub file: FileId,
    /// The rule.
    pub rule: Rule,
    /// How many there are besides those that are listed.
    pub count: usize,
}

/// The findings that are listed, and how many more there are. They are in canonical order.
pub fn listed<'f>(findings: impl IntoIterator<Item = &'f Diagnostic>) -> (Vec<&'f Diagnostic>, Vec<More>) {
    let mut shown: Vec<&Diagnostic> = Vec::new();
    let mut counts: BTreeMap<(FileId, Rule), usize> = BTreeMap::new();
    for finding in findings {
        let count = counts.entry((finding.place.file, finding.rule)).or_default();
        *count += 1;
        if *count <= MOST_OF_A_FILE {
            shown.push(finding);
        }
    }
    let more = |((file, rule), count): ((FileId, Rule), usize)| {
        (count > MOST_OF_A_FILE).then(|| More { file, rule, count: count - MOST_OF_A_FILE })
    };
    (shown, counts.into_iter().filter_map(more).collect())
}

impl More {
    /// How many more there are, as a sentence.
    fn words(&self, language: Language) -> String {
        let count = human::grouped(self.count);
        match language {
            Language::Japanese => format!("この文書には、同じ規則の指摘がほかに{count}件あります。"),
            Language::English => format!("more findings of this rule in this file: {count}"),
        }
    }
}

/// How many files' findings one thread makes into text at a time, and how many such pieces there are before they are
/// handed over.
const FILES: usize = 32;
const PIECES: usize = 16;

/// Between two findings in a list of JSON: each has a line of its own, which is half as much as with indentation and
/// still compares line by line.
const COMMA: &str = ",\n";

/// Makes the findings of each file into text, on all threads. `make` writes `between` before every finding; the first of
/// all is handed over without.
fn each(
    findings: &[&Diagnostic],
    sources: &Sources,
    between: &str,
    out: &mut dyn FnMut(&str),
    make: impl Fn(&[&Diagnostic], &Spots, &mut String) + Sync,
) {
    let files: Vec<&[&Diagnostic]> = findings.chunk_by(|a, b| a.place.file == b.place.file).collect();
    let mut before = between;
    for files in files.chunks(FILES * PIECES) {
        let pieces = files.par_chunks(FILES).map(|files| {
            let mut text = String::new();
            for findings in files {
                make(findings, &Spots::of(findings, sources), &mut text);
            }
            text
        });
        for piece in pieces.collect::<Vec<String>>() {
            out(piece.strip_prefix(before).unwrap_or(&piece));
            before = "";
        }
    }
}

/// Adds a value as JSON on one line.
fn push_json(out: &mut String, value: &impl serde::Serialize) {
    // Strings and numbers only: nothing that could fail.
    out.push_str(&serde_json::to_string(value).unwrap_or_default());
}

/// How many bytes of a text at a place are repeated, and of the line around it on either side. What is longer is marked
/// under its first words by people's editors; a paragraph in each of its findings would make a report quadratic.
const LONGEST_TEXT: usize = 2000;

/// A text that is not longer than what is repeated, with an ellipsis where it is cut.
fn cut(text: &str) -> Cow<'_, str> {
    match text.len() <= LONGEST_TEXT {
        true => Cow::Borrowed(text),
        false => Cow::Owned(format!("{}…", &text[..text.floor_char_boundary(LONGEST_TEXT)])),
    }
}

/// A place as programs count it.
struct Spot {
    /// Path from the site's root.
    path: Arc<str>,
    /// Line and column of the first character, from 1; columns count characters.
    start: (usize, usize),
    /// Line and column after the last character.
    end: (usize, usize),
    /// The whole file.
    lines: Arc<Lines<'static>>,
    /// The bytes in between.
    text: Span,
    /// The first line, as far as it is near.
    line: Span,
}

impl Spot {
    /// The text in between, or its start.
    fn text(&self) -> Cow<'_, str> {
        cut(self.text.slice(self.lines.text()))
    }

    /// The first line, as far as it is near.
    fn line(&self) -> &str {
        self.line.slice(self.lines.text())
    }
}

/// Every place that some findings name, in order.
struct Spots(Vec<(Place, Spot)>);

impl Spots {
    /// Looks places up file by file, each file read once.
    fn of(findings: &[&Diagnostic], sources: &Sources) -> Self {
        let mut places: Vec<Place> = findings.iter().flat_map(|finding| finding.places()).collect();
        places.sort_unstable();
        places.dedup();
        let mut spots = Vec::with_capacity(places.len());
        for places in places.chunk_by(|a, b| a.file == b.file) {
            let lines = Arc::new(Lines::new(sources.text_lossy(places[0].file)));
            let path: Arc<str> = match sources.path(places[0].file) {
                "" => "site.yaml",
                path => path,
            }
            .into();
            spots.extend(places.iter().map(|place| (*place, spot(*place, &path, &lines, sources))));
        }
        Self(spots)
    }

    /// A place that one of the findings names.
    fn get(&self, place: Place) -> &Spot {
        let found = self.0.binary_search_by_key(&place, |(place, _)| *place);
        &self.0[found.expect("every place that findings name was looked up")].1
    }
}

fn spot(place: Place, path: &Arc<str>, lines: &Arc<Lines<'static>>, sources: &Sources) -> Spot {
    let numbers = |offset: u32| {
        let at = lines.place(offset as usize);
        (at.line, at.column)
    };
    let text = lines.text();
    let start = numbers(place.span.start);
    // The whole file, which in another encoding has another length than the text that is shown of it.
    let may_be_whole = place.span.start == 0 && place.span.end as usize >= text.len();
    let is_whole = may_be_whole && sources.size(place.file).is_ok_and(|size| u64::from(place.span.end) == size);
    let end = if is_whole { text.len() } else { place.span.end as usize };
    let (line, line_start) = lines.line(start.0);
    let from = (place.span.start as usize).saturating_sub(line_start).min(line.len());
    let near = Span::new(
        line.floor_char_boundary(from.saturating_sub(LONGEST_TEXT)),
        line.ceil_char_boundary((from + LONGEST_TEXT).min(line.len())),
    );
    Spot {
        path: path.clone(),
        start,
        end: numbers(end as u32),
        lines: lines.clone(),
        text: place.span,
        line: near.shifted(line_start),
    }
}

impl Diagnostic {
    /// Every place that the finding names: its own, the related ones, the one of its fix.
    fn places(&self) -> impl Iterator<Item = Place> {
        let related = self.related.iter().map(|(place, _)| *place);
        std::iter::once(self.place).chain(related).chain(self.fix.iter().map(|fix| fix.place))
    }

    /// Message and help as one text.
    fn words(&self, language: Language) -> Words<'_> {
        Words { finding: self, language }
    }
}

/// Message and help of a finding as one text, put together where it is written.
struct Words<'f> {
    finding: &'f Diagnostic,
    language: Language,
}

impl fmt::Display for Words<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.finding.message.get(self.language))?;
        match &self.finding.help {
            Some(help) => write!(out, "\n{}", help.get(self.language)),
            None => Ok(()),
        }
    }
}

/// Whether the finding is about the file as a whole and not about a line of it.
fn is_about_file(place: Place) -> bool {
    place.span.end == 0
}
