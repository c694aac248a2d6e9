//! Many findings for one person: what stops publishing first and whole, then what readers stumble over, with some
//! examples of each rule, and of suggestions how many there are and where the first ones stand.
//!
//! Bounded, whatever is found: nobody reads ten thousand lines, and the errors among them would be missed.

use super::human::{self, Places, Style, Tally, Texts, grouped, header, path};
use super::listed;
use super::same::{Same, same};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::source::Sources;
use crate::text::language::Language;
use crate::text::visible;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// As many findings as a person goes through one by one: they are shown as they are.
const FEW: usize = 50;

/// How many lines errors take before the others get one line each, and then none; and how many warnings take.
const LINES_OF_ERRORS: usize = 800;
const LINES_OF_MORE_ERRORS: usize = 1000;
const LINES_OF_WARNINGS: usize = 500;

/// How many findings of a rule are shown whole among the warnings, and how many of any rule by their place.
const EXAMPLES: usize = 2;
const PLACES: usize = 3;

/// The most columns of a message beside its place.
const WIDEST_MESSAGE: usize = 72;

/// Findings as a person can read them: all of them where there are few.
pub fn readable(findings: &[Diagnostic], sources: &Sources, style: Style) -> String {
    let shown = listed(findings).0;
    let files: Vec<&[&Diagnostic]> = shown.chunk_by(|a, b| a.place.file == b.place.file).collect();
    let of_files = files.par_iter().map(|of_file| same(of_file, &sources.text_lossy(of_file[0].place.file)));
    let of_files: Vec<Vec<Same<'_>>> = of_files.collect();
    if of_files.iter().map(Vec::len).sum::<usize>() <= FEW {
        return human::human(findings, sources, style);
    }
    let mut page = Page { out: String::new(), counted: 0, lines: 0, sources, style, texts: Texts::new(sources) };
    page.errors(findings, &of_files);
    for severity in [Severity::Warning, Severity::Hint] {
        page.rules(severity, findings, &of_files);
    }
    page.out.push_str(match style.language {
        Language::Japanese => {
            "多いので、一部だけを示しました。すべて見るには --all を付けます。kohyo check --report 指摘.txt は、すべてをファイルに書きます。\n\n"
        }
        Language::English => {
            "these are some of many; --all shows all, and `kohyo check --report findings.txt` writes all into a file\n\n"
        }
    });
    page.out
}

/// What is written so far.
struct Page<'s> {
    out: String,
    /// How many lines there are in how many bytes of it.
    lines: usize,
    counted: usize,
    sources: &'s Sources,
    style: Style,
    texts: Texts<'s>,
}

impl Page<'_> {
    fn lines(&mut self) -> usize {
        self.lines += self.out[self.counted..].matches('\n').count();
        self.counted = self.out.len();
        self.lines
    }

    fn title(&mut self, severity: Severity, findings: &[Diagnostic]) {
        let tally = Tally::count(findings.iter().filter(|finding| finding.severity == severity));
        let line = tally.line(self.style.language);
        let text = match (self.style.language, severity) {
            (Language::Japanese, Severity::Error) => format!("【{line}】直すまで公開できません。"),
            (Language::Japanese, Severity::Warning) => format!("【{line}】公開できますが、読む人がつまずきます。"),
            (Language::Japanese, Severity::Hint) => format!("【{line}】よりよくするための提案です。"),
            (Language::English, Severity::Error) => format!("[{line}] nothing is published until they are mended"),
            (Language::English, Severity::Warning) => format!("[{line}] published, but readers will stumble"),
            (Language::English, Severity::Hint) => format!("[{line}] suggestions"),
        };
        let _ = writeln!(self.out, "{}\n", self.style.paint("1", &text));
    }

    /// One finding with all that is known of it.
    fn whole(&mut self, same: &Same<'_>, says_why: bool) {
        human::one(&mut self.out, same, says_why, Places::Some, &mut self.texts, self.style);
        self.out.push('\n');
    }

    /// One finding on one line.
    fn brief(&mut self, same: &Same<'_>) {
        let place = same.finding.place;
        let at = self.texts.get(place.file).place(place.span.start as usize);
        let message = visible::line(same.finding.message.get(self.style.language));
        let message = human::first_columns(&message, WIDEST_MESSAGE, false);
        let count = human::at_places(same, self.style.language);
        let path = path(self.sources, place.file);
        let _ = writeln!(self.out, "  {path}:{}:{} {message}{count}", at.line, at.column);
    }

    /// Every error, file by file: whole while there is room, then on one line, then only counted.
    fn errors(&mut self, findings: &[Diagnostic], of_files: &[Vec<Same<'_>>]) {
        let is_error = |same: &&Same<'_>| same.finding.severity == Severity::Error;
        let mut told: BTreeSet<Rule> = BTreeSet::new();
        let mut rest: BTreeMap<Rule, usize> = BTreeMap::new();
        for of_file in of_files.iter().filter(|of_file| of_file.iter().any(|same| is_error(&same))) {
            if self.out.is_empty() {
                self.title(Severity::Error, findings);
            }
            let file = of_file[0].finding.place.file;
            if self.lines() < LINES_OF_ERRORS {
                let from = findings.partition_point(|finding| finding.place.file < file);
                let own = findings[from..].iter().take_while(|finding| finding.place.file == file);
                header(&mut self.out, file, Tally::count(own), self.sources, self.style);
            }
            for same in of_file.iter().filter(is_error) {
                match self.lines() {
                    0..LINES_OF_ERRORS => self.whole(same, told.insert(same.finding.rule)),
                    LINES_OF_ERRORS..LINES_OF_MORE_ERRORS => self.brief(same),
                    _ => *rest.entry(same.finding.rule).or_default() += same.count(),
                }
            }
        }
        for (rule, count) in &rest {
            let _ = match self.style.language {
                Language::Japanese => writeln!(self.out, "{}: ほか {}件", rule.name(), grouped(*count)),
                Language::English => writeln!(self.out, "{}: and {} more", rule.name(), grouped(*count)),
            };
        }
        if !rest.is_empty() {
            self.out.push('\n');
        }
    }

    /// What is not so bad, rule by rule: how much there is of it, and examples.
    fn rules(&mut self, severity: Severity, findings: &[Diagnostic], of_files: &[Vec<Same<'_>>]) {
        let mut of_rules: BTreeMap<Rule, Vec<&Same<'_>>> = BTreeMap::new();
        for same in of_files.iter().flatten().filter(|same| same.finding.severity == severity) {
            of_rules.entry(same.finding.rule).or_default().push(same);
        }
        if of_rules.is_empty() {
            return;
        }
        self.title(severity, findings);
        let start = self.lines();
        for (rule, all) in of_rules {
            // Examples that say something else show more than the first ones, which are often of one file.
            let mut messages = BTreeSet::new();
            let (new, known): (Vec<&Same<'_>>, Vec<&Same<'_>>) =
                all.into_iter().partition(|same| messages.insert(&same.finding.message));
            let mut examples = new.into_iter().chain(known);
            let of_rule = || findings.iter().filter(|it| it.rule == rule && it.severity == severity);
            self.heading(rule, severity, Tally::count(of_rule()));
            let has_room = severity == Severity::Warning && self.lines() - start < LINES_OF_WARNINGS;
            let mut shown = 0;
            if has_room {
                self.out.push('\n');
                for same in examples.by_ref().take(EXAMPLES) {
                    self.whole(same, false);
                    shown += same.count();
                }
            }
            for same in examples.take(PLACES) {
                self.brief(same);
                shown += same.count();
            }
            let more = of_rule().count() - shown;
            let _ = match self.style.language {
                _ if more == 0 => Ok(()),
                Language::Japanese => writeln!(self.out, "  ほか {}件", grouped(more)),
                Language::English => writeln!(self.out, "  and {} more", grouped(more)),
            };
            self.out.push('\n');
        }
    }

    /// The rule, how much there is of it, and why it matters.
    fn heading(&mut self, rule: Rule, severity: Severity, tally: Tally) {
        let language = self.style.language;
        let label = format!("{}[{}]", severity.label().get(language), rule.name());
        let count = tally.errors + tally.warnings + tally.hints;
        let (count, files, fixable) = (grouped(count), grouped(tally.files), grouped(tally.fixable));
        let (counts, why) = match language {
            Language::Japanese if tally.fixable > 0 => {
                (format!("{count}件（{files}ファイル）。うち{fixable}件は --fix で直せます。"), "理由")
            }
            Language::Japanese => (format!("{count}件（{files}ファイル）。"), "理由"),
            Language::English => {
                let files = if tally.files == 1 { "1 file".to_owned() } else { format!("{files} files") };
                let mended = if tally.fixable > 0 { format!("; --fix mends {fixable}") } else { String::new() };
                (format!("{count} in {files}{mended}"), "why")
            }
        };
        let painted = self.style.paint(Style::severity(severity), &label);
        let _ = writeln!(self.out, "{painted}: {}", self.style.paint("1", &counts));
        let _ = writeln!(self.out, "  = {why}: {}", rule.why().get(language));
    }
}
