//! SARIF 2.1.0 (OASIS), which code hosts, editors and viewers read.
//!
//! Columns count characters, and the log says so (`columnKind`). Paths are relative to where the program was started,
//! percent-encoded. A result carries a fingerprint of its rule, its file and the text of its line, so that it stays the
//! same result when lines above it come and go.

use super::super::{Diagnostic, Language, Place, Rule, Safety, Severity, explain};
use super::{Context, Spot, Spots, is_about_file};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// The whole log.
pub(super) fn text(findings: &[Diagnostic], spots: &Spots, context: &Context) -> String {
    let mut rules: BTreeMap<Rule, usize> = findings.iter().map(|finding| (finding.rule, 0)).collect();
    rules.values_mut().enumerate().for_each(|(index, number)| *number = index);
    let mut repeats: HashMap<String, usize> = HashMap::new();
    let results: Vec<Value> = findings
        .iter()
        .map(|finding| {
            let spot = spots.get(finding.place);
            let same = format!("{}\0{}\0{}\0{}", finding.rule.name(), spot.path, spot.text, spot.line);
            let repeat = repeats.entry(same.clone()).or_default();
            *repeat += 1;
            let fingerprint = format!("{:016x}:{repeat}", xxhash_rust::xxh3::xxh3_64(same.as_bytes()));
            result(finding, rules[&finding.rule], &fingerprint, spots, context)
        })
        .collect();
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
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver },
            "language": context.language.tag(),
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_string_pretty(&log).unwrap_or_default() + "\n"
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
