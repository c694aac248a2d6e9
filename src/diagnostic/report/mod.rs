//! Findings for programs: JSON, GitHub's workflow commands, SARIF.
//!
//! Complete, in canonical order, and the same for the same findings: what people are shown may be capped, this never is.
//! The shapes are public; JSON's is described in `docs/findings.schema.json`.

mod github;
mod json;
mod sarif;

use super::{Diagnostic, Language, Place, show};
use crate::source::Sources;
use crate::span::Lines;
use rayon::prelude::*;
use std::collections::HashMap;

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

/// Findings as text for programs. The human format is not made here.
pub fn text(findings: &[Diagnostic], sources: &Sources, format: Format, context: &Context) -> String {
    let spots = Spots::of(findings, sources);
    match format {
        Format::Human => show::human(findings, sources, show::Style { color: false, language: context.language }),
        Format::Json => json::text(findings, &spots, context),
        Format::Github => github::text(findings, &spots, context),
        Format::Sarif => sarif::text(findings, &spots, context),
    }
}

/// A place as programs count it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Spot {
    /// Path from the site's root.
    path: String,
    /// Line and column of the first character, from 1; columns count characters.
    start: (usize, usize),
    /// Line and column after the last character.
    end: (usize, usize),
    /// The text in between.
    text: String,
    /// The whole first line.
    line: String,
}

/// Every place that findings name.
struct Spots(HashMap<Place, Spot>);

impl Spots {
    /// Looks places up file by file, each file read once.
    fn of(findings: &[Diagnostic], sources: &Sources) -> Self {
        let mut places: Vec<Place> = findings.iter().flat_map(Diagnostic::places).collect();
        places.sort_unstable();
        places.dedup();
        let groups: Vec<&[Place]> = places.chunk_by(|a, b| a.file == b.file).collect();
        let found = groups.par_iter().flat_map_iter(|group| {
            let text = sources.text_lossy(group[0].file);
            let lines = Lines::new(&text);
            group.iter().map(|place| (*place, spot(*place, &text, &lines, sources))).collect::<Vec<_>>()
        });
        Self(found.collect())
    }

    fn get(&self, place: Place) -> &Spot {
        static NOWHERE: Spot =
            Spot { path: String::new(), start: (1, 1), end: (1, 1), text: String::new(), line: String::new() };
        self.0.get(&place).unwrap_or(&NOWHERE)
    }
}

fn spot(place: Place, text: &str, lines: &Lines<'_>, sources: &Sources) -> Spot {
    let numbers = |offset: u32| {
        let at = lines.place(offset as usize);
        (at.line, at.column)
    };
    let path = match sources.path(place.file) {
        "" => "site.yaml",
        path => path,
    };
    let start = numbers(place.span.start);
    // The whole file, which in another encoding has another length than the text that is shown of it.
    let is_whole = place.span.start == 0 && u64::from(place.span.end) == sources.size(place.file);
    let end = if is_whole { text.len() } else { place.span.end as usize };
    Spot {
        path: path.to_owned(),
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
    fn words(&self, language: Language) -> String {
        let message = self.message.get(language).to_owned();
        match &self.help {
            Some(help) => message + "\n" + help.get(language),
            None => message,
        }
    }
}

/// Whether the finding is about the file as a whole and not about a line of it.
fn is_about_file(place: Place) -> bool {
    place.span.end == 0
}
