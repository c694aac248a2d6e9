//! JSON of our own shape, described in `docs/findings.schema.json`. Fields are added, never renamed or removed, while
//! `version` stays the same.

use super::human::Tally;
use super::{COMMA, Context, More, Spot, Spots, each, listed, push_json};
use crate::diagnostic::{Diagnostic, Rule, Safety};
use crate::source::Sources;
use crate::text::language::Message;
use crate::text::place::Place;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What stands before the findings.
#[derive(Serialize)]
struct Report<'f> {
    version: u32,
    kohyo: &'static str,
    language: &'static str,
    site: &'f str,
    summary: Summary,
    rules: BTreeMap<&'static str, RuleFacts>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    more: Vec<Unlisted<'f>>,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    hints: usize,
    files: usize,
    fixable: usize,
}

#[derive(Serialize)]
struct RuleFacts {
    group: &'static str,
    title: String,
    why: String,
    findings: usize,
}

#[derive(Serialize)]
struct Unlisted<'f> {
    rule: &'static str,
    file: &'f str,
    findings: usize,
}

#[derive(Serialize)]
struct Finding<'f> {
    rule: &'static str,
    severity: &'static str,
    #[serde(flatten)]
    at: At<'f>,
    text: Cow<'f, str>,
    message: &'f str,
    help: Option<&'f str>,
    related: Vec<Related<'f>>,
    fix: Option<Fix<'f>>,
}

#[derive(Serialize)]
struct At<'f> {
    file: &'f str,
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
    offset: u32,
}

#[derive(Serialize)]
struct Related<'f> {
    #[serde(flatten)]
    at: At<'f>,
    message: &'f str,
}

#[derive(Serialize)]
struct Fix<'f> {
    safe: bool,
    #[serde(flatten)]
    at: At<'f>,
    replacement: &'f str,
}

fn at<'f>(place: Place, spot: &'f Spot) -> At<'f> {
    let position = |(line, column), offset| Position { line, column, offset };
    At { file: &spot.path, start: position(spot.start, place.span.start), end: position(spot.end, place.span.end) }
}

/// The whole report.
pub(super) fn write(findings: &[Diagnostic], sources: &Sources, context: &Context, out: &mut dyn FnMut(&str)) {
    let say = |message: &Message| message.get(context.language).to_owned();
    let mut rules: BTreeMap<&'static str, RuleFacts> = BTreeMap::new();
    for finding in findings {
        let rule: Rule = finding.rule;
        let facts = rules.entry(rule.name()).or_insert_with(|| RuleFacts {
            group: rule.group().name(),
            title: say(&super::explain::title(rule)),
            why: say(&rule.why()),
            findings: 0,
        });
        facts.findings += 1;
    }
    let tally = Tally::of(findings);
    let (shown, more) = listed(findings);
    let report = Report {
        version: 1,
        kohyo: env!("CARGO_PKG_VERSION"),
        language: context.language.tag(),
        site: &context.site,
        summary: Summary {
            errors: tally.errors,
            warnings: tally.warnings,
            hints: tally.hints,
            files: tally.files,
            fixable: tally.fixable,
        },
        rules,
        more: more.iter().map(|more| unlisted(more, sources)).collect(),
    };
    // Strings and numbers only: nothing that could fail.
    let head = serde_json::to_string_pretty(&report).unwrap_or_default();
    out(head.strip_suffix("\n}").unwrap_or(&head));
    out(",\n  \"findings\": [\n");
    each(&shown, sources, COMMA, out, |findings, spots, out| {
        for finding in findings {
            out.push_str(COMMA);
            push_json(out, &one(finding, spots, context));
        }
    });
    out("\n  ]\n}\n");
}

fn unlisted<'f>(more: &More, sources: &'f Sources) -> Unlisted<'f> {
    Unlisted { rule: more.rule.name(), file: sources.path(more.file), findings: more.count }
}

fn one<'f>(finding: &'f Diagnostic, spots: &'f Spots, context: &Context) -> Finding<'f> {
    let spot = spots.get(finding.place);
    Finding {
        rule: finding.rule.name(),
        severity: finding.severity.name(),
        at: at(finding.place, spot),
        text: spot.text(),
        message: finding.message.get(context.language),
        help: finding.help.as_ref().map(|help| help.get(context.language)),
        related: finding
            .related
            .iter()
            .map(|(place, message)| Related {
                at: at(*place, spots.get(*place)),
                message: message.get(context.language),
            })
            .collect(),
        fix: finding.text_fix().map(|fix| Fix {
            safe: fix.safety == Safety::Safe,
            at: at(fix.place, spots.get(fix.place)),
            replacement: &fix.text,
        }),
    }
}
