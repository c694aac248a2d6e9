//! SARIF 2.1.0 (OASIS), which code hosts, editors and viewers read.
//!
//! Columns count characters, and the log says so (`columnKind`). Paths are relative to where the program was started,
//! percent-encoded. A result carries a fingerprint of its rule, its file and the text of its line, so that it stays the
//! same result when lines above it come and go.

use super::{COMMA, Context, More, Spot, Spots, Words, each, explain, is_about_file, listed, push_json};
use crate::diagnostic::{Diagnostic, Rule, Safety, Severity};
use crate::source::Sources;
use crate::text::language::Language;
use crate::text::place::Place;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// The whole log. Results are made and written one by one: of ten thousand findings, a tree of the whole log would be
/// half a gigabyte.
pub(super) fn write(findings: &[Diagnostic], sources: &Sources, context: &Context, out: &mut dyn FnMut(&str)) {
    let mut rules: BTreeMap<Rule, usize> = findings.iter().map(|finding| (finding.rule, 0)).collect();
    rules.values_mut().enumerate().for_each(|(index, number)| *number = index);
    let mut driver = json!({
        "name": "kohyo",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "language": context.language.tag(),
        "rules": rules.keys().map(|rule| descriptor(*rule, context.language)).collect::<Vec<_>>(),
    });
    if let Some(address) = address() {
        driver["informationUri"] = address.into();
    }
    let (shown, more) = listed(findings);
    let mut run = json!({
        "columnKind": "unicodeCodePoints",
        "language": context.language.tag(),
        "tool": { "driver": driver },
    });
    if !more.is_empty() {
        let notes: Vec<Value> = more.iter().map(|more| notification(more, sources, context)).collect();
        run["invocations"] = json!([{ "executionSuccessful": true, "toolExecutionNotifications": notes }]);
    }
    // Strings and numbers only: nothing that could fail.
    let head = serde_json::to_string_pretty(&run).unwrap_or_default();
    out("{\n\"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n\"version\": \"2.1.0\",\n\"runs\": [");
    out(head.strip_suffix("\n}").unwrap_or(&head));
    out(",\n  \"results\": [\n");
    each(&shown, sources, COMMA, out, |findings, spots, out| results(findings, &rules, spots, context, out));
    out("\n  ]\n}]\n}\n");
}

/// The findings of one file as results.
fn results(
    findings: &[&Diagnostic],
    rules: &BTreeMap<Rule, usize>,
    spots: &Spots,
    context: &Context,
    out: &mut String,
) {
    let mut repeats: HashMap<u64, usize> = HashMap::new();
    for finding in findings {
        let spot = spots.get(finding.place);
        let same = format!("{}\0{}\0{}\0{}", finding.rule.name(), spot.path, spot.text(), spot.line());
        let same = xxhash_rust::xxh3::xxh3_64(same.as_bytes());
        // The file is among what is the same, so counting within it is enough.
        let repeat = repeats.entry(same).or_default();
        *repeat += 1;
        let fingerprint = format!("{same:016x}:{repeat}");
        out.push_str(COMMA);
        push_json(out, &result(finding, rules[&finding.rule], fingerprint, spots, context));
    }
}

/// That there are findings which are not listed, where viewers show what a tool has to say of a run.
fn notification(more: &More, sources: &Sources, context: &Context) -> Value {
    let uri = Uri { site: &context.site, path: sources.path(more.file) };
    json!({
        "level": "warning",
        "message": { "text": more.words(context.language) },
        "associatedRule": { "id": more.rule.name() },
        "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri.to_string() } } }],
    })
}

/// Where the project lives, when the package says so.
fn address() -> Option<&'static str> {
    Some(env!("CARGO_PKG_REPOSITORY")).filter(|address| !address.is_empty())
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}

fn descriptor(rule: Rule, language: Language) -> Value {
    let mut descriptor = json!({
        "id": rule.name(),
        "shortDescription": { "text": explain::title(rule).get(language) },
        "fullDescription": { "text": rule.why().get(language) },
        "help": { "text": explain::text(rule, language), "markdown": explain::source(rule) },
        "defaultConfiguration": { "level": level(rule.severity()) },
        "properties": { "tags": [rule.group().name()] },
    });
    if let Some(address) = address() {
        descriptor["helpUri"] = format!("{address}/blob/main/docs/rules/{}.md", rule.name()).into();
    }
    descriptor
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'f> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text<Shown<Words<'f>>>,
    locations: [Located<'f>; 1],
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related<'f>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixes: Option<[Fix<'f>; 1]>,
}

#[derive(Serialize)]
struct Text<T> {
    text: T,
}

#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "kohyoFinding/v1")]
    finding: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Located<'f> {
    physical_location: Location<'f>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Related<'f> {
    id: usize,
    message: Text<&'f str>,
    physical_location: Location<'f>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'f> {
    artifact_location: Artifact<'f>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region<'f>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact<'f> {
    uri: Shown<Uri<'f>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region<'f> {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Text<Cow<'f, str>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix<'f> {
    description: Text<&'static str>,
    artifact_changes: [Change<'f>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'f> {
    artifact_location: Artifact<'f>,
    replacements: [Replacement<'f>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'f> {
    deleted_region: Region<'f>,
    inserted_content: Text<&'f str>,
}

/// What is put together only while it is written.
struct Shown<T>(T);

impl<T: fmt::Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

fn result<'f>(
    finding: &'f Diagnostic,
    rule_index: usize,
    fingerprint: String,
    spots: &'f Spots,
    context: &'f Context,
) -> Finding<'f> {
    let related = finding.related.iter().enumerate().map(|(id, (place, message))| Related {
        id,
        message: Text { text: message.get(context.language) },
        physical_location: location(*place, spots, context),
    });
    Finding {
        rule_id: finding.rule.name(),
        rule_index,
        level: level(finding.severity),
        message: Text { text: Shown(finding.words(context.language)) },
        locations: [Located { physical_location: location(finding.place, spots, context) }],
        partial_fingerprints: Fingerprints { finding: fingerprint },
        related_locations: related.collect(),
        fixes: finding.text_fix().map(|fix| {
            let spot = spots.get(fix.place);
            [Fix {
                description: Text {
                    text: match (fix.safety, context.language) {
                        (Safety::Safe, Language::Japanese) => "kohyo check --fix が行う修正",
                        (Safety::Safe, Language::English) => "what `kohyo check --fix` does",
                        (Safety::Guess, Language::Japanese) => "推測。正しいかどうかを確かめてください",
                        (Safety::Guess, Language::English) => "a guess: judge whether it is right",
                    },
                },
                artifact_changes: [Change {
                    artifact_location: artifact(spot, context),
                    replacements: [Replacement {
                        deleted_region: region(spot),
                        inserted_content: Text { text: &fix.text },
                    }],
                }],
            }]
        }),
    }
}

fn location<'f>(place: Place, spots: &'f Spots, context: &'f Context) -> Location<'f> {
    let spot = spots.get(place);
    let marked = || Region { snippet: Some(Text { text: spot.text() }), ..region(spot) };
    Location { artifact_location: artifact(spot, context), region: (!is_about_file(place)).then(marked) }
}

fn artifact<'f>(spot: &'f Spot, context: &'f Context) -> Artifact<'f> {
    let uri = Uri { site: &context.site, path: &spot.path };
    let uri_base_id = (!uri.is_absolute()).then_some("%SRCROOT%");
    Artifact { uri: Shown(uri), uri_base_id }
}

fn region(spot: &Spot) -> Region<'_> {
    Region {
        start_line: spot.start.0,
        start_column: spot.start.1,
        end_line: spot.end.0,
        end_column: spot.end.1,
        snippet: None,
    }
}

/// A path as a URI reference: everything but unreserved characters and `/` is percent-encoded (RFC 3986).
struct Uri<'f> {
    site: &'f str,
    path: &'f str,
}

impl Uri<'_> {
    fn is_absolute(&self) -> bool {
        self.site.starts_with('/') || (self.site.is_empty() && self.path.starts_with('/'))
    }
}

impl fmt::Display for Uri<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_absolute() {
            out.write_str("file://")?;
        }
        [self.site, self.path].into_iter().try_for_each(|part| encode(part, out))
    }
}

fn encode(mut path: &str, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/');
    while let Some(at) = path.bytes().position(|byte| !is_plain(byte)) {
        // What is not plain may be one of several bytes of a letter, which all go.
        let letter = path[at..].chars().next().map_or(1, char::len_utf8);
        out.write_str(&path[..at])?;
        path[at..at + letter].bytes().try_for_each(|byte| write!(out, "%{byte:02X}"))?;
        path = &path[at + letter..];
    }
    out.write_str(path)
}
