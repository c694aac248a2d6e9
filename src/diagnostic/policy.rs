//! How bad a finding is on this site, and which findings are excused: the one place where that is decided.
//!
//! Rules have a severity of their own. A site changes it in `checks` of `site.yaml`, a person for one run with `--deny`
//! and `--allow`; the narrower word wins (a rule before its group), the command line wins over the site. Firm rules
//! cannot be made milder. An exception excuses findings of one rule in some place, and must say why; one that excuses
//! nothing is itself a finding.

use super::{Diagnostic, Group, Rule, Severity, sort};
use crate::source::Sources;
use crate::text::place::{FileId, Place};
use crate::text::span::Span;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One rule, or all rules of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Selector {
    /// One rule.
    Rule(Rule),
    /// All rules of a group.
    Group(Group),
}

impl Selector {
    /// The rule or group of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Rule::parse(name).map(Self::Rule).or_else(|| Group::parse(name).map(Self::Group))
    }

    /// Every name that can be written.
    pub fn names() -> impl Iterator<Item = &'static str> + Clone {
        Rule::ALL.iter().map(|rule| rule.name()).chain(Group::ALL.iter().map(|group| group.name()))
    }

    fn covers(self, rule: Rule) -> bool {
        match self {
            Self::Rule(own) => own == rule,
            Self::Group(group) => group == rule.group(),
        }
    }
}

/// What becomes of findings of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// They are shown with this severity.
    Shown(Severity),
    /// They are not shown.
    Off,
}

/// What the person at the terminal asked for, for one run.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Rules whose findings are errors.
    pub deny: Vec<Selector>,
    /// Rules whose findings are not shown.
    pub allow: Vec<Selector>,
    /// Every warning is an error.
    pub deny_warnings: bool,
}

/// How bad findings are on this site, in this run.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    site: BTreeMap<Selector, Level>,
    asked: Asked,
}

impl Levels {
    /// The site's levels, and what was asked for this run.
    pub fn new(site: BTreeMap<Selector, Level>, asked: Asked) -> Self {
        Self { site, asked }
    }

    /// What becomes of findings of a rule.
    pub fn of(&self, rule: Rule) -> Level {
        let own = Level::Shown(rule.severity());
        if rule.is_firm() {
            return own;
        }
        let (one, group) = (Selector::Rule(rule), Selector::Group(rule.group()));
        for selector in [one, group] {
            // Of two contradicting wishes the stricter one is kept.
            if self.asked.deny.contains(&selector) {
                return Level::Shown(Severity::Error);
            }
            if self.asked.allow.contains(&selector) {
                return Level::Off;
            }
        }
        match self.site.get(&one).or_else(|| self.site.get(&group)).copied().unwrap_or(own) {
            Level::Shown(Severity::Warning) if self.asked.deny_warnings => Level::Shown(Severity::Error),
            level => level,
        }
    }

    /// Whether findings of a rule are not shown at all, so that they need not be looked for.
    pub fn is_off(&self, rule: Rule) -> bool {
        self.of(rule) == Level::Off
    }
}

/// Findings of one rule that are excused, with a reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Exception {
    /// Which rule.
    pub rules: Selector,
    /// Where it holds.
    pub scope: Scope,
    /// Only findings in or under this text.
    pub text: Option<Box<str>>,
    /// Why.
    pub reason: Box<str>,
    /// Where it is written.
    pub place: Place,
}

/// Where an exception holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Scope {
    /// Everywhere.
    Site,
    /// In files whose path fits the pattern; `*` stands for anything, a folder for all that is in it.
    Paths(Box<str>),
    /// In one file.
    File(FileId),
    /// For findings that start in these bytes of a file.
    Lines(FileId, Span),
}

/// Whether a path fits a pattern: `*` stands for any text, a pattern that ends in `/` for everything below.
fn fits(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim_start_matches("./");
    if pattern.ends_with('/') && !pattern.contains('*') {
        return path.starts_with(pattern);
    }
    match pattern.split_once('*') {
        None => pattern == path,
        Some((before, after)) => match path.strip_prefix(before) {
            None => false,
            Some(rest) => {
                after.trim_start_matches('*').is_empty()
                    || rest.char_indices().any(|(at, _)| fits(after.trim_start_matches('*'), &rest[at..]))
            }
        },
    }
}

/// Drops what says less of the same character: where a booklet's fonts are known not to have it, that is told once, and
/// that some font may not have it is nothing more.
pub fn once_for_each_character(findings: &mut Vec<Diagnostic>, sources: &Sources) {
    let mut missing: BTreeMap<FileId, BTreeSet<char>> = BTreeMap::new();
    // Findings come file by file.
    let mut last: Option<(FileId, String)> = None;
    let mut characters = |Place { file, span }: Place| -> Vec<char> {
        let (_, text) = match last.take().filter(|(of, _)| *of == file) {
            Some(known) => last.insert(known),
            None => last.insert((file, sources.text_lossy(file))),
        };
        span.slice(text).chars().collect()
    };
    for finding in findings.iter().filter(|finding| finding.rule == Rule::MissingGlyph) {
        missing.entry(finding.place.file).or_default().extend(characters(finding.place));
    }
    if missing.is_empty() {
        return;
    }
    let joins = |c: char| matches!(c, '\u{FE0F}' | '\u{200D}');
    findings.retain(|finding| {
        let told = missing.get(&finding.place.file).filter(|_| finding.rule == Rule::UnprintableCharacter);
        !told.is_some_and(|told| characters(finding.place).iter().all(|c| joins(*c) || told.contains(c)))
    });
}

/// Gives every finding its severity, drops those that are excused or not shown, and reports exceptions that excuse
/// nothing. The result is in canonical order.
pub fn apply(
    findings: Vec<Diagnostic>,
    levels: &Levels,
    exceptions: &[Exception],
    sources: &Sources,
) -> Vec<Diagnostic> {
    let mut excuses = Excuses::new(exceptions, sources);
    // A file that could not be read to its end raises no findings further on; its exceptions only seem unused.
    let faulty: BTreeSet<FileId> =
        findings.iter().filter(|finding| finding.rule.is_firm()).map(|finding| finding.place.file).collect();
    let mut out: Vec<Diagnostic> = Vec::with_capacity(findings.len());
    for mut finding in findings {
        if !finding.rule.is_firm() && excuses.cover(&finding) {
            continue;
        }
        if let Level::Shown(severity) = levels.of(finding.rule) {
            finding.severity = severity;
            out.push(finding);
        }
    }
    if let Level::Shown(severity) = levels.of(Rule::UnusedException) {
        for (exception, used) in exceptions.iter().zip(&excuses.used) {
            let is_off = match exception.rules {
                Selector::Rule(rule) => levels.is_off(rule),
                Selector::Group(_) => false,
            };
            let may_be_hidden = match exception.scope {
                Scope::Site | Scope::Paths(_) => !faulty.is_empty(),
                Scope::File(file) | Scope::Lines(file, _) => faulty.contains(&file),
            };
            if !used && !is_off && !may_be_hidden {
                let mut finding = unused_exception(exception.place);
                finding.severity = severity;
                out.push(finding);
            }
        }
    }
    sort(&mut out);
    out
}

/// Exceptions, and which of them have excused something.
struct Excuses<'e> {
    exceptions: &'e [Exception],
    used: Vec<bool>,
    /// Exceptions that hold in more than one file.
    wide: Vec<usize>,
    /// Exceptions of single files.
    of_file: HashMap<FileId, Vec<usize>>,
    sources: &'e Sources,
    /// What holds for each rule in the file that was asked for last: findings come file by file.
    here: Option<(FileId, BTreeMap<Rule, Here>)>,
    /// The text of that file.
    text: Option<(FileId, String)>,
}

/// The exceptions that may hold for a rule in a file.
#[derive(Default)]
struct Here {
    /// Those of the whole file.
    whole: Vec<usize>,
    /// Those of some lines, by their start, each with the last end of all up to it.
    lines: Vec<(Span, u32, usize)>,
}

impl Here {
    /// Those that hold for a finding that starts at a byte.
    fn at(&self, start: u32) -> impl Iterator<Item = usize> + '_ {
        let begun = self.lines.partition_point(|(lines, ..)| lines.start <= start);
        let near = self.lines[..begun].iter().rev().take_while(move |(_, last_end, _)| start < *last_end);
        let near = near.filter(move |(lines, ..)| start < lines.end);
        self.whole.iter().copied().chain(near.map(|(.., index)| *index))
    }
}

impl<'e> Excuses<'e> {
    fn new(exceptions: &'e [Exception], sources: &'e Sources) -> Self {
        let mut wide = Vec::new();
        let mut of_file: HashMap<FileId, Vec<usize>> = HashMap::new();
        for (index, exception) in exceptions.iter().enumerate() {
            match exception.scope {
                Scope::Site | Scope::Paths(_) => wide.push(index),
                Scope::File(file) | Scope::Lines(file, _) => of_file.entry(file).or_default().push(index),
            }
        }
        Self { exceptions, used: vec![false; exceptions.len()], wide, of_file, sources, here: None, text: None }
    }

    /// What may hold for a rule in a file.
    fn here(&self, file: FileId, rule: Rule) -> Here {
        let mut here = Here::default();
        let own = self.of_file.get(&file).map_or(&[][..], Vec::as_slice);
        for index in self.wide.iter().chain(own).copied() {
            let exception = &self.exceptions[index];
            match &exception.scope {
                _ if !exception.rules.covers(rule) => {}
                Scope::Paths(pattern) if !fits(pattern, self.sources.path(file)) => {}
                Scope::Lines(_, lines) => here.lines.push((*lines, 0, index)),
                Scope::Site | Scope::File(_) | Scope::Paths(_) => here.whole.push(index),
            }
        }
        here.lines.sort();
        let mut last_end = 0;
        for (lines, end, _) in &mut here.lines {
            last_end = last_end.max(lines.end);
            *end = last_end;
        }
        here
    }

    /// Whether a finding is excused. Every exception that covers it counts as used.
    fn cover(&mut self, finding: &Diagnostic) -> bool {
        if self.exceptions.is_empty() {
            return false;
        }
        let file = finding.place.file;
        let (_, mut rules) = self.here.take().filter(|(of, _)| *of == file).unwrap_or((file, BTreeMap::new()));
        let here = rules.entry(finding.rule).or_insert_with(|| self.here(file, finding.rule));
        let mut covered = false;
        for index in here.at(finding.place.span.start) {
            let text = &self.exceptions[index].text;
            if text.as_deref().is_none_or(|text| self.is_in(finding.place, text)) {
                self.used[index] = true;
                covered = true;
            }
        }
        self.here = Some((file, rules));
        covered
    }

    /// Whether a place lies in, or contains, a text.
    fn is_in(&mut self, place: Place, wanted: &str) -> bool {
        if self.text.as_ref().is_none_or(|(file, _)| *file != place.file) {
            self.text = Some((place.file, self.sources.text_lossy(place.file)));
        }
        let Some((_, text)) = &self.text else { return false };
        let (start, end) = (place.span.start as usize, place.span.end as usize);
        if place.span.slice(text).contains(wanted) {
            return true;
        }
        let from = text.floor_char_boundary(start.saturating_sub(wanted.len()));
        // Where it stands around the place; not anywhere behind it, to the end of the file.
        let to = text.ceil_char_boundary(start + wanted.len()).max(from);
        text[from..to].match_indices(wanted).any(|(at, _)| from + at <= start && end <= from + at + wanted.len())
    }
}

/// An exception that excuses nothing.
pub fn unused_exception(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::UnusedException,
        place,
        "この例外が見逃している指摘は、1つもありません。",
        "this exception excuses nothing",
    )
    .help(
        "誤りが直っているなら、この例外を消します。まだあるなら、規則の名前、場所、文字を確かめます。",
        "if the mistake is mended, remove the exception; if not, check its rule, file and text",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_stand_for_paths() {
        for (pattern, path, expected) in [
            ("content/2016/", "content/2016/x/1.md", true),
            ("content/2016/", "content/20160/x.md", false),
            ("content/*/planning/*", "content/2016/planning/1-01.md", true),
            ("content/*.result.md", "content/2016/planning/1-01.result.md", true),
            ("content/*.result.md", "content/2016/planning/1-01.md", false),
            ("content/index.md", "content/index.md", true),
            ("content", "content/index.md", false),
        ] {
            assert_eq!(fits(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn the_narrower_word_wins_and_the_command_line_wins_over_the_site() {
        let rule = |rule| Selector::Rule(rule);
        let page = Selector::Group(Group::Page);
        let level = |site: &[(Selector, Level)], asked: Asked| {
            Levels::new(site.iter().copied().collect(), asked).of(Rule::BrokenLink)
        };
        let (error, warning) = (Level::Shown(Severity::Error), Level::Shown(Severity::Warning));
        let asked = |deny: &[Selector], allow: &[Selector]| Asked {
            deny: deny.into(),
            allow: allow.into(),
            deny_warnings: false,
        };
        let site = [(page, Level::Off), (rule(Rule::BrokenLink), warning)];
        assert_eq!(level(&[], Asked::default()), error);
        assert_eq!(level(&site[..1], Asked::default()), Level::Off);
        assert_eq!(level(&site, Asked::default()), warning);
        assert_eq!(level(&site, Asked { deny_warnings: true, ..Asked::default() }), error);
        assert_eq!(level(&site, asked(&[], &[page])), Level::Off);
        assert_eq!(level(&site, asked(&[rule(Rule::BrokenLink)], &[page])), error);
        assert_eq!(level(&site, asked(&[page], &[page])), error);
    }

    #[test]
    fn firm_rules_stay_errors() {
        let all: Vec<Selector> = Rule::ALL.iter().map(|rule| Selector::Rule(*rule)).collect();
        let levels = Levels::new(
            all.iter().map(|selector| (*selector, Level::Off)).collect(),
            Asked { allow: all, ..Asked::default() },
        );
        for rule in Rule::ALL {
            let expected = if rule.is_firm() { Level::Shown(Severity::Error) } else { Level::Off };
            assert_eq!(levels.of(*rule), expected, "{}", rule.name());
        }
    }
}
