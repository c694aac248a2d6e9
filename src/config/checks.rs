//! `checks` and `exceptions`: how bad findings are on this site, what single rules are told, and what is excused.
//!
//! A rule's own options stand beside its level: a field of [`RuleOptions`], and an arm of [`options`].

use crate::diagnostic::policy::{Exception, Level, Scope, Selector};
use crate::diagnostic::{Diagnostic, Group, Rule, Severity};
use crate::fields::{
    Map, check, check_japanese, check_sentence, check_size, check_words, exception, excused, file_exception, settings,
};
use crate::text::nearest::nearest;
use crate::text::place::Place;
use crate::text::span::Span;
use crate::yaml::{self, Fields, Node, Scribe, Value};
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::BTreeMap;

/// What `site.yaml` says about the checks.
#[derive(Clone, Debug, Default)]
pub struct Checks {
    /// How bad findings are.
    pub levels: BTreeMap<Selector, Level>,
    /// What single rules are told.
    pub options: RuleOptions,
    /// What is excused on the whole site or in some of its files.
    pub exceptions: Vec<Exception>,
}

/// What rules are told beyond their level.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuleOptions {
    /// Proper names: what stands in them is written as they are. (`japanese`)
    pub names: Vec<Box<str>>,
    /// Words the city does not use, and what it writes instead. (`avoided-word`)
    pub words: Option<Words>,
    /// Characters of the longest sentence. (`long-sentence`)
    pub sentence: Option<usize>,
    /// Bytes of the largest attachment. (`large-attachment`)
    pub attachment: Option<u64>,
}

impl RuleOptions {
    /// Characters of the longest sentence that is not pointed out. Guides for plain Japanese ask for 50 to 60; what is
    /// twice that has nearly always more than one thought in it.
    pub fn longest_sentence(&self) -> usize {
        self.sentence.unwrap_or(120)
    }

    /// Bytes of the largest attachment that is not pointed out.
    pub fn largest_attachment(&self) -> u64 {
        self.attachment.unwrap_or(10 * 1024 * 1024)
    }
}

/// Words the city does not use, each with what it writes instead, and the means to find all of them in one pass.
#[derive(Clone, Debug)]
pub struct Words {
    pairs: Vec<(Box<str>, Box<str>)>,
    searcher: AhoCorasick,
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        self.pairs == other.pairs
    }
}

impl Words {
    /// `None` without words.
    pub fn new(pairs: Vec<(Box<str>, Box<str>)>) -> Option<Self> {
        let words = pairs.iter().map(|(word, _)| word.as_bytes());
        let searcher = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words).ok()?;
        (!pairs.is_empty()).then_some(Self { pairs, searcher })
    }

    /// A word and what is written instead; empty when the city only says that it does not use it.
    pub fn pair(&self, index: usize) -> (&str, &str) {
        self.pairs.get(index).map_or(("", ""), |(word, instead)| (word, instead))
    }

    /// Where words stand in a text: index, start, end. A word inside what would be written instead is right.
    pub fn matches<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, usize, usize)> + 't {
        let found = self.searcher.find_iter(text).map(|found| (found.pattern().as_usize(), found.start(), found.end()));
        found.filter(move |(index, start, _)| {
            let (word, instead) = self.pair(*index);
            let inner = instead.find(word);
            !inner.is_some_and(|inner| {
                start.checked_sub(inner).and_then(|from| text.get(from..)).is_some_and(|rest| rest.starts_with(instead))
            })
        })
    }
}

/// The fields of what a rule or a group of rules is told.
pub fn map(selector: Selector) -> &'static Map {
    match selector {
        Selector::Rule(Rule::AvoidedWord) => &check_words::MAP,
        Selector::Rule(Rule::LongSentence) => &check_sentence::MAP,
        Selector::Rule(Rule::LargeAttachment) => &check_size::MAP,
        Selector::Group(Group::Japanese) => &check_japanese::MAP,
        Selector::Rule(_) | Selector::Group(_) => &check::MAP,
    }
}

/// Reads the options of one rule or group out of `{ level: …, … }`.
fn options(selector: Selector, fields: &mut Fields<'_, '_>, options: &mut RuleOptions, scribe: &mut Scribe) {
    match selector {
        Selector::Rule(Rule::AvoidedWord) => {
            let node = fields.take(&check_words::WORDS, scribe);
            options.words = node.and_then(|node| Words::new(words(node, scribe)));
        }
        Selector::Rule(Rule::LongSentence) => {
            options.sentence = fields.number(&check_sentence::MOST, scribe).map(|most| most as usize);
        }
        Selector::Rule(Rule::LargeAttachment) => {
            let most = fields.figure(&check_size::MOST, None, scribe);
            options.attachment = most.map(|most| (most.value.approximate().max(0.0) * 1_048_576.0) as u64);
        }
        Selector::Group(Group::Japanese) => {
            options.names = fields.words(&check_japanese::NAMES, scribe).into_iter().map(|it| it.value).collect();
        }
        Selector::Rule(_) | Selector::Group(_) => {}
    }
}

/// `{ 父兄: 保護者 }`
fn words(node: &Node<'_>, scribe: &mut Scribe) -> Vec<(Box<str>, Box<str>)> {
    let mut pairs = Vec::new();
    for (word, instead) in yaml::entries(node, scribe) {
        let Some(word) = yaml::text(word, scribe) else { continue };
        pairs.push((word.value, yaml::text(instead, scribe).map_or_else(|| "".into(), |text| text.value)));
    }
    pairs
}

/// Reads `checks`: a level, or a level and options, for each rule or group.
pub fn checks(node: &Node<'_>, checks: &mut Checks, scribe: &mut Scribe) {
    for (name, node) in yaml::entries(node, scribe) {
        let place = scribe.place(name.at);
        let text = match &name.value {
            Value::Text(text) => text,
            _ => "",
        };
        let Some(selector) = Selector::parse(text) else {
            scribe.note(unknown_rule(place, text));
            continue;
        };
        let level = match &node.value {
            Value::Map(_) => {
                let Some(mut fields) = Fields::open(node, map(selector), scribe) else { continue };
                let level = fields.choice(&check::LEVEL, scribe);
                options(selector, &mut fields, &mut checks.options, scribe);
                fields.finish(&[], scribe);
                level
            }
            _ => yaml::text(node, scribe).and_then(|text| yaml::choose(&text, check::LEVEL.kind.0, scribe)),
        };
        let Some(level) = level else { continue };
        match selector {
            Selector::Rule(rule) if rule.is_firm() && level != Level::Shown(Severity::Error) => {
                scribe.note(firm_rule(place, rule));
            }
            _ => drop(checks.levels.insert(selector, level)),
        }
    }
}

/// Where a list of exceptions stands.
#[derive(Clone, Copy, Debug)]
pub enum In {
    /// In `site.yaml`: an exception may name files.
    Site,
    /// In a document: it holds there.
    Document,
}

/// Takes `exceptions` out of a map.
pub fn exceptions(fields: &mut Fields<'_, '_>, stands: In, scribe: &mut Scribe) -> Vec<Exception> {
    let field = match stands {
        In::Site => &settings::EXCEPTIONS,
        In::Document => &excused::EXCEPTIONS,
    };
    let nodes = fields.list(field, scribe).unwrap_or_default();
    nodes.iter().filter_map(|node| exception(node, stands, scribe)).collect()
}

fn exception(node: &Node<'_>, stands: In, scribe: &mut Scribe) -> Option<Exception> {
    let map = match stands {
        In::Site => &file_exception::MAP,
        In::Document => &exception::MAP,
    };
    let mut fields = Fields::open(node, map, scribe)?;
    let rule = fields.word(&exception::RULE, scribe);
    let scope = match stands {
        In::Document => Scope::File(scribe.file),
        In::Site => fields.word(&file_exception::FILE, scribe).map_or(Scope::Site, |text| Scope::Paths(text.value)),
    };
    let text = fields.word(&exception::TEXT, scribe).map(|text| text.value);
    let reason = fields.word(&exception::REASON, scribe);
    fields.finish(&[], scribe);
    let rule = rule?;
    let place = scribe.place(rule.at);
    let rules = excusable(&rule.value, place.span, scribe)?;
    Some(Exception { rules, scope, text, reason: reason?.value, place })
}

/// The rule or group that an exception names, unless it does not exist or cannot be excused.
fn excusable(name: &str, at: Span, scribe: &mut Scribe) -> Option<Selector> {
    let place = scribe.place(at);
    match Selector::parse(name) {
        None => scribe.note(unknown_rule(place, name)),
        Some(Selector::Rule(rule)) if rule.is_firm() => scribe.note(firm_rule(place, rule)),
        Some(selector) => return Some(selector),
    }
    None
}

/// Exceptions in comments: `<!-- kohyo: allow broken-link: why -->` in a body, `# kohyo: allow bad-code: why` in
/// settings. Each holds for its own line or, alone on a line, for the next one with text.
pub fn comments(text: &str, yaml: std::ops::Range<usize>, scribe: &mut Scribe) -> Vec<Exception> {
    let mut out = Vec::new();
    // Almost every document ends here.
    if !text.contains("kohyo") {
        return out;
    }
    let file = scribe.file;
    let on = |lines: Span| move |exception| Exception { scope: Scope::Lines(file, lines), ..exception };
    let mut waiting: Vec<Exception> = Vec::new();
    let mut fence: Option<&str> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let lines = Span::new(start, start + line.len());
        let in_yaml = yaml.contains(&start);
        let trimmed = line.trim();
        match fence {
            _ if in_yaml => {}
            Some(mark) if trimmed.starts_with(mark) => fence = None,
            None => fence = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark)),
            _ => {}
        }
        let comment = if fence.is_some() { None } else { comment(line, in_yaml) };
        if let Some((at, words)) = comment {
            let is_alone = line[..at].trim().is_empty() && (in_yaml || trimmed.ends_with("-->"));
            let span = |part: &str| {
                let from = part.as_ptr() as usize - text.as_ptr() as usize;
                Span::new(from, from + part.len())
            };
            let exception = directive(words, &span, scribe);
            if is_alone { waiting.extend(exception) } else { out.extend(exception.map(on(lines))) }
        } else if !trimmed.is_empty() {
            out.extend(waiting.drain(..).map(on(lines)));
        }
        start += line.len();
    }
    // Nothing follows: such an exception covers nothing, and is reported as unused.
    out.extend(waiting.into_iter().map(on(Span::new(text.len(), text.len()))));
    out
}

/// The comment of a line that speaks to this program: where it starts, and its words after `kohyo:`.
fn comment(line: &str, in_yaml: bool) -> Option<(usize, &str)> {
    let (open, close) = if in_yaml { ("#", "\n") } else { ("<!--", "-->") };
    line.match_indices(open).find_map(|(at, _)| {
        let words = line[at + open.len()..].split(close).next()?.trim();
        let words = words.strip_prefix("kohyo")?.trim_start().strip_prefix([':', '：'])?;
        Some((at, words.trim()))
    })
}

/// `allow RULE: why`, `例外 RULE: 理由`.
fn directive(words: &str, span: &dyn Fn(&str) -> Span, scribe: &mut Scribe) -> Option<Exception> {
    let Some(rest) = ["allow", excused::EXCEPTIONS.key.ja].iter().find_map(|word| words.strip_prefix(word)) else {
        scribe.note(unknown_comment(scribe.place(span(words))));
        return None;
    };
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '：'));
    let name_end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(rest.len());
    let (name, reason) = rest.split_at(name_end);
    let reason = reason.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '：'));
    let at = span(if name.is_empty() { words } else { name });
    let rules = excusable(name, at, scribe)?;
    if reason.is_empty() {
        scribe.note(exception_without_reason(scribe.place(at)));
        return None;
    }
    Some(Exception {
        rules,
        scope: Scope::File(scribe.file),
        text: None,
        reason: reason.into(),
        place: scribe.place(at),
    })
}

/// A level or an exception names no rule.
pub fn unknown_rule(place: Place, name: &str) -> Diagnostic {
    let finding = Diagnostic::new(
        Rule::BadException,
        place,
        format!("「{name}」という規則はありません。"),
        format!("there is no rule called `{name}`"),
    );
    match nearest(name, Selector::names()) {
        Some(near) => {
            finding.help(format!("「{near}」のことですか。"), format!("did you mean `{near}`?")).guess(place, near)
        }
        None => finding.help(
            "規則の名前は、指摘の [ ] の中にあります。一覧は kohyo explain で出ます。",
            "the name of a rule is in the brackets of its findings; `kohyo explain` lists all",
        ),
    }
}

/// A level or an exception tries to make a firm rule milder.
pub fn firm_rule(place: Place, rule: Rule) -> Diagnostic {
    Diagnostic::new(
        Rule::BadException,
        place,
        format!("「{}」は、弱めることも、例外にすることもできません。", rule.name()),
        format!("`{}` cannot be turned off, made milder or excused", rule.name()),
    )
    .help(
        format!("{}この指定を消して、誤りの方を直します。", rule.why().ja),
        format!("{} Remove this, and mend the mistake itself.", rule.why().en),
    )
}

/// An exception in a comment without a reason.
pub fn exception_without_reason(place: Place) -> Diagnostic {
    Diagnostic::new(Rule::BadException, place, "この例外には理由がありません。", "this exception gives no reason").help(
        "規則の名前の後に「: 」と理由を書きます（例 kohyo: 例外 broken-link: 7月に公開するページのため）。",
        "write `: ` and the reason after the rule (kohyo: allow broken-link: the page goes online in July)",
    )
}

/// A comment that speaks to this program, but is not understood.
pub fn unknown_comment(place: Place) -> Diagnostic {
    Diagnostic::new(
        Rule::BadException,
        place,
        "「kohyo:」で始まる説明ですが、意味が分かりません。",
        "a comment that starts with `kohyo:` but is not understood",
    )
    .help("例外なら「kohyo: 例外 規則の名前: 理由」と書きます。", "an exception is `kohyo: allow RULE: reason`")
}
