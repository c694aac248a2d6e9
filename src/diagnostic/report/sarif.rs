//! SARIF 2.1.0 (OASIS), which code hosts, editors and viewers read.
//!
//! Columns count characters, and the log says so (`columnKind`). Paths are relative to where the program was started,
//! percent-encoded. A result carries a fingerprint of its rule, its file and the text of its line, so that it stays the
//! same result when lines above it come and go.

use super::super::{Diagnostic, Language, Place, Rule, Safety, Severity, explain};
use super::{Context, Spot, Spots, is_about_file};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// The whole log. Results are made and written one by one: of ten thousand findings, a tree of the whole log would be
/// half a gigabyte.
pub(super) fn text(findings: &[Diagnostic], spots: &Spots, context: &Context) -> String {
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
    let run = Run {
        column_kind: "unicodeCodePoints",
        language: context.language.tag(),
        results: Results { findings, rules, spots, context },
        tool: json!({ "driver": driver }),
    };
    let log = Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", runs: [run], version: "2.1.0" };
    serde_json::to_string_pretty(&log).unwrap_or_default() + "\n"
}

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    runs: [Run<'a>; 1],
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    column_kind: &'static str,
    language: &'static str,
    results: Results<'a>,
    tool: Value,
}

/// The findings, as results when they are written.
struct Results<'a> {
    findings: &'a [Diagnostic],
    rules: BTreeMap<Rule, usize>,
    spots: &'a Spots,
    context: &'a Context,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut repeats: HashMap<u64, usize> = HashMap::new();
        serializer.collect_seq(self.findings.iter().map(|finding| {
            let spot = self.spots.get(finding.place);
            let same = format!("{}\0{}\0{}\0{}", finding.rule.name(), spot.path, spot.text, spot.line);
            let same = xxhash_rust::xxh3::xxh3_64(same.as_bytes());
            let repeat = repeats.entry(same).or_default();
            *repeat += 1;
            let fingerprint = format!("{same:016x}:{repeat}");
            result(finding, self.rules[&finding.rule], &fingerprint, self.spots, self.context)
        }))
    }
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

fn result(finding: &Diagnostic, rule_index: usize, fingerprint: &str, spots: &Spots, context: &Context) -> Value {
    let mut result = json!({
        "ruleId": finding.rule.name(),
        "ruleIndex": rule_index,
        "level": level(finding.severity),
        "message": { "text": finding.words(context.language) },
        "locations": [{ "physicalLocation": location(finding.place, spots, context) }],
        "partialFingerprints": { "kohyoFinding/v1": fingerprint },
    });
    if !finding.related.is_empty() {
        let related = finding.related.iter().enumerate().map(|(index, (place, message))| {
            json!({
                "id": index,
                "message": { "text": message.get(context.language) },
                "physicalLocation": location(*place, spots, context),
            })
        });
        result["relatedLocations"] = related.collect();
    }
    if let Some(fix) = &finding.fix {
        let description = match (fix.safety, context.language) {
            (Safety::Safe, Language::Japanese) => "kohyo check --fix が行う修正",
            (Safety::Safe, Language::English) => "what `kohyo check --fix` does",
            (Safety::Guess, Language::Japanese) => "推測。正しいかどうかを確かめてください",
            (Safety::Guess, Language::English) => "a guess: judge whether it is right",
        };
        let spot = spots.get(fix.place);
        result["fixes"] = json!([{
            "description": { "text": description },
            "artifactChanges": [{
                "artifactLocation": artifact(spot, context),
                "replacements": [{ "deletedRegion": region(spot), "insertedContent": { "text": fix.text } }],
            }],
        }]);
    }
    result
}

fn location(place: Place, spots: &Spots, context: &Context) -> Value {
    let spot = spots.get(place);
    let mut location = json!({ "artifactLocation": artifact(spot, context) });
    if !is_about_file(place) {
        location["region"] = region(spot);
        location["region"]["snippet"] = json!({ "text": spot.text });
    }
    location
}

fn artifact(spot: &Spot, context: &Context) -> Value {
    let path = format!("{}{}", context.site, spot.path);
    match path.starts_with('/') {
        true => json!({ "uri": format!("file://{}", uri(&path)) }),
        false => json!({ "uri": uri(&path), "uriBaseId": "%SRCROOT%" }),
    }
}

fn region(spot: &Spot) -> Value {
    json!({
        "startLine": spot.start.0,
        "startColumn": spot.start.1,
        "endLine": spot.end.0,
        "endColumn": spot.end.1,
    })
}

/// A path as a relative URI reference: everything but unreserved characters and `/` is percent-encoded (RFC 3986).
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
