//! Findings for programs: JSON, GitHub's workflow commands, SARIF.
//!
//! Complete, in canonical order, and the same for the same findings: what people are shown may be capped, this never is.
//! The shapes are public; JSON's is described in `docs/findings.schema.json`.

pub mod explain;
mod github;
pub mod human;
mod json;
mod sarif;

use crate::diagnostic::Diagnostic;
use crate::source::Sources;
use crate::text::language::Language;
use crate::text::place::Place;
use crate::text::span::Lines;
use rayon::prelude::*;
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
    findings: &[Diagnostic],
    sources: &Sources,
    between: &str,
    out: &mut dyn FnMut(&str),
    make: impl Fn(&[Diagnostic], &Spots, &mut String) + Sync,
) {
    let files: Vec<&[Diagnostic]> = findings.chunk_by(|a, b| a.place.file == b.place.file).collect();
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

/// A place as programs count it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Spot {
    /// Path from the site's root.
    path: Arc<str>,
    /// Line and column of the first character, from 1; columns count characters.
    start: (usize, usize),
    /// Line and column after the last character.
    end: (usize, usize),
    /// The text in between.
    text: String,
    /// The whole first line.
    line: String,
}

/// Every place that some findings name, in order.
struct Spots(Vec<(Place, Spot)>);

impl Spots {
    /// Looks places up file by file, each file read once.
    fn of(findings: &[Diagnostic], sources: &Sources) -> Self {
        let mut places: Vec<Place> = findings.iter().flat_map(Diagnostic::places).collect();
        places.sort_unstable();
        places.dedup();
        let mut spots = Vec::with_capacity(places.len());
        for places in places.chunk_by(|a, b| a.file == b.file) {
            let text = sources.text_lossy(places[0].file);
            let lines = Lines::new(&text);
            let path: Arc<str> = match sources.path(places[0].file) {
                "" => "site.yaml",
                path => path,
            }
            .into();
            spots.extend(places.iter().map(|place| (*place, spot(*place, &path, &text, &lines, sources))));
        }
        Self(spots)
    }

    /// A place that one of the findings names.
    fn get(&self, place: Place) -> &Spot {
        let found = self.0.binary_search_by_key(&place, |(place, _)| *place);
        &self.0[found.expect("every place that findings name was looked up")].1
    }
}

fn spot(place: Place, path: &Arc<str>, text: &str, lines: &Lines<'_>, sources: &Sources) -> Spot {
    let numbers = |offset: u32| {
        let at = lines.place(offset as usize);
        (at.line, at.column)
    };
    let start = numbers(place.span.start);
    // The whole file, which in another encoding has another length than the text that is shown of it.
    let may_be_whole = place.span.start == 0 && place.span.end as usize >= text.len();
    let is_whole = may_be_whole && sources.size(place.file).is_ok_and(|size| u64::from(place.span.end) == size);
    let end = if is_whole { text.len() } else { place.span.end as usize };
    Spot {
        path: path.clone(),
        start,
        end: numbers(end as u32),
        text: place.span.slice(text).to_owned(),
        line: lines.line(start.0).0.to_owned(),
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
