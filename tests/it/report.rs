//! What programs read of findings: JSON and SARIF against their schemas, GitHub's commands, and what people are shown.

use crate::support;

use kohyo::diagnostic::{Checked, Diagnostic, Rule};
use kohyo::report::{self, Context, Format, explain, human, readable};
use kohyo::source::Sources;
use kohyo::text::language::Language;
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use support::{CITY, city_with, files, prepare};

fn found(sources: Sources) -> (Sources, Vec<Diagnostic>) {
    let again: Vec<(String, Vec<u8>)> = sources
        .iter()
        .map(|(file, it)| (it.path.to_string(), sources.bytes(file).expect("readable").into_owned()))
        .collect();
    let Checked { diagnostics, .. } = prepare(sources);
    (Sources::from_memory(again), diagnostics)
}

fn context(language: Language) -> Context {
    Context { language, site: "見本 市/".into() }
}

fn json(more: &str, format: Format) -> Value {
    let (sources, findings) = found(city_with(more));
    assert!(!findings.is_empty());
    serde_json::from_str(&report::text(&findings, &sources, format, &context(Language::Japanese))).expect("JSON")
}

/// Findings with everything a finding can have: a fix, a guess, a related place, a whole file, another line end.
const MISTAKES: &str = "-- content/2026/planning/1-02.md --
---
title: 見学会を開く
pillar: trast
updated: 令和8年6月25日
actions: []
---
-- content/2026/planning/1-03 案.md --
---
---
-- content/2025/planning/1-01.result.md --
---
evaluation: on-plan
actions: []
---
";

/// The schema that OASIS publishes, out of a package that cargo fetched for this.
fn sarif_schema() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").expect("serde-sarif in Cargo.lock");
    let manifest = Path::new(package["manifest_path"].as_str().expect("a path"));
    let text = std::fs::read_to_string(manifest.with_file_name("src").join("schema.json")).expect("the schema");
    let mut schema: Value = serde_json::from_str(&text).expect("JSON");
    // Two patterns as published have a stray bracket, which not every engine takes for a character.
    for path in
        ["/definitions/run/properties/language/pattern", "/definitions/toolComponent/properties/language/pattern"]
    {
        let pattern = schema.pointer_mut(path).expect("a pattern");
        *pattern = pattern.as_str().expect("text").replace("}]?$", "}$").into();
    }
    assert_eq!(schema["title"], "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema");
    schema
}

fn validator(schema: &Value) -> jsonschema::Validator {
    jsonschema::options().should_validate_formats(true).build(schema).expect("a schema")
}

#[track_caller]
fn assert_valid(schema: &jsonschema::Validator, value: &Value) {
    let errors: Vec<String> =
        schema.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

#[test]
fn sarif_is_valid_by_its_schema() {
    let schema = validator(&sarif_schema());
    assert_valid(&schema, &json(MISTAKES, Format::Sarif));
    // Every rule, with its long text and its examples.
    for rule in Rule::ALL {
        for (_, example) in explain::page(*rule).examples("Wrong") {
            let (sources, findings) = found(city_with(example));
            let text = report::text(&findings, &sources, Format::Sarif, &context(Language::English));
            assert_valid(&schema, &serde_json::from_str(&text).expect("JSON"));
        }
    }
    let none = report::text(&[], &city_with(""), Format::Sarif, &Context::default());
    assert_valid(&schema, &serde_json::from_str(&none).expect("JSON"));
}

#[test]
fn the_schema_refuses_what_is_no_sarif() {
    let schema = validator(&sarif_schema());
    let good = json(MISTAKES, Format::Sarif);
    let result = "/runs/0/results/0";
    for (path, wrong) in [
        ("/version", Value::from("2.0.0")),
        ("/runs/0/columnKind", Value::from("characters")),
        (&format!("{result}/level"), Value::from("fatal")),
        (&format!("{result}/locations/0/physicalLocation/region/startLine"), Value::from(0)),
        (&format!("{result}/message"), Value::from("a string")),
        ("/runs/0/tool/driver/name", Value::Null),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(path).unwrap_or_else(|| panic!("{path} is there")) = wrong;
        assert!(!schema.is_valid(&bad), "{path}");
    }
}

#[test]
fn sarif_says_where_in_the_unit_it_declares() {
    let log = json(MISTAKES, Format::Sarif);
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let results = run["results"].as_array().expect("results");
    let of = |rule: &str| results.iter().find(|result| result["ruleId"] == rule).expect("a result");
    let date = of("bad-date");
    let place = &date["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "%E8%A6%8B%E6%9C%AC%20%E5%B8%82/content/2026/planning/1-02.md");
    assert_eq!(place["region"]["startLine"], 4);
    assert_eq!(place["region"]["startColumn"], 10);
    assert_eq!(place["region"]["endColumn"], 19);
    assert_eq!(place["region"]["snippet"]["text"], "令和8年6月25日");
    let change = &date["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(change["insertedContent"]["text"], "2026-06-25");
    assert_eq!(change["deletedRegion"]["startColumn"], 10);
    assert_eq!(of("count-mismatch")["relatedLocations"][0]["physicalLocation"]["region"]["startLine"], 6);
    assert!(of("bad-name")["locations"][0]["physicalLocation"].get("region").is_none());
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(rules[index]["help"]["text"].as_str().is_some_and(|text| text.contains("なぜ")));
    }
}

#[test]
fn a_result_stays_the_same_when_lines_above_it_come_and_go() {
    let prints = |more: &str| {
        let log = json(more, Format::Sarif);
        let results = log["runs"][0]["results"].as_array().expect("results").clone();
        results.iter().map(|result| result["partialFingerprints"]["kohyoFinding/v1"].clone()).collect::<Vec<_>>()
    };
    let body = |before: &str| {
        format!(
            "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会\npillar: trust\nactions: []\n---\n{before}[a](a.md)\n[a](a.md)\n"
        )
    };
    let here = prints(&body(""));
    assert_eq!(here, prints(&body("新しい段落\n\n")));
    assert_ne!(here[0], here[1], "two like results are two");
}

#[test]
fn json_is_as_described() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/findings.schema.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(path).expect("the schema")).expect("JSON");
    let schema = validator(&schema);
    let report = json(MISTAKES, Format::Json);
    assert_valid(&schema, &report);
    for path in ["/findings/0/severity", "/findings/0/start/line", "/summary/errors", "/version"] {
        let mut bad = report.clone();
        *bad.pointer_mut(path).expect("there") = Value::from("x");
        assert!(!schema.is_valid(&bad), "{path}");
    }
    let findings = report["findings"].as_array().expect("findings");
    let date = findings.iter().find(|finding| finding["rule"] == "bad-date").expect("a finding");
    assert_eq!(date["file"], "content/2026/planning/1-02.md");
    assert_eq!(date["start"], serde_json::json!({ "line": 4, "column": 10, "offset": 53 }));
    assert_eq!(date["text"], "令和8年6月25日");
    assert_eq!(date["fix"]["safe"], true);
    assert_eq!(date["fix"]["replacement"], "2026-06-25");
    let pillar = findings.iter().find(|finding| finding["rule"] == "unknown-pillar").expect("a finding");
    assert_eq!(pillar["fix"]["safe"], false);
    assert_eq!(report["summary"]["fixable"], 1);
}

#[test]
fn github_shows_findings_beside_the_lines() {
    let (sources, findings) = found(city_with(MISTAKES));
    let text = report::text(&findings, &sources, Format::Github, &context(Language::Japanese));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), findings.len(), "one line each");
    assert!(lines.iter().all(|line| line.starts_with("::error title=")), "{text}");
    assert!(
        text.contains(
            "::error title=bad-date,file=見本 市/content/2026/planning/1-02.md,line=4,col=10,endLine=4,endColumn=19::「令和8年6月25日」は日付として読めません。%0A2026-06-25 と書きます。\n"
        ),
        "{text}"
    );
    assert!(text.contains("file=見本 市/content/2026/planning/1-03 案.md::"), "a whole file has no line: {text}");
}

const PLAIN: human::Style = human::Style { color: false, language: Language::Japanese };

fn human(more: &str) -> String {
    let (sources, findings) = found(city_with(more));
    human::human(&findings, &sources, PLAIN)
}

#[test]
fn people_read_file_by_file_what_to_write_and_once_why() {
    let goal = |name: &str| {
        format!(
            "-- content/2026/planning/{name}.md --\n---\ntitle: 見学会 {name}\npillar: trust\nupdated: R8.6.25\nactions: []\n---\n"
        )
    };
    assert_eq!(
        human(&(goal("1-02") + &goal("1-03"))),
        "■ content/2026/planning/1-02.md（エラー1件）

エラー[bad-date]: 「R8.6.25」は日付として読めません。
  --> content/2026/planning/1-02.md:4:10
   4 | updated: R8.6.25
     |          ^^^^^^^
  = 直し方: 2026-06-25 と書きます。（--fix で直せます）
   4 + updated: 2026-06-25
  = 理由: 日付が正しくないと、更新日や公表日を示せません。

■ content/2026/planning/1-03.md（エラー1件）

エラー[bad-date]: 「R8.6.25」は日付として読めません。
  --> content/2026/planning/1-03.md:4:10
   4 | updated: R8.6.25
     |          ^^^^^^^
  = 直し方: 2026-06-25 と書きます。（--fix で直せます）
   4 + updated: 2026-06-25

"
    );
}

#[test]
fn many_findings_are_shown_by_what_matters() {
    let page = |n: usize, more: &str| {
        format!(
            "-- content/2026/planning/1-{n}.md --\n---\ntitle: 見学会 {n}\npillar: trust\nactions: []\n---\n面積は{n}㎡、㈱見本とﾊﾟｿｺﾝ。広さは{n}㎡。{more}\n"
        )
    };
    let more: String = (10..40).map(|n| page(n, if n == 30 { "[x](y.md)" } else { "" })).collect();
    let (sources, findings) = found(city_with(&more));
    let text = readable::readable(&findings, &sources, PLAIN);
    assert!(
        text.starts_with(
            "【エラー1件（1ファイル）】直すまで公開できません。

■ content/2026/planning/1-30.md（エラー1件、警告1件、ヒント3件）

エラー[broken-link]: リンク先「y.md」がありません。
"
        ),
        "{text}"
    );
    let rest = &text[text.find("【警告").expect("warnings")..];
    assert_eq!(
        rest,
        "【警告30件（30ファイル）】公開できますが、読む人がつまずきます。

警告[half-width-kana]: 30件（30ファイル）。うち30件は --fix で直せます。
  = 理由: 半角のかなは、検索で見つからず、データを使うときに化けることがあります。

警告[half-width-kana]: 「ﾊﾟｿｺﾝ」は半角のかなです。
  --> content/2026/planning/1-10.md:6:12
   6 | 面積は10㎡、㈱見本とﾊﾟｿｺﾝ。広さは10㎡。
     |                     ^^^^^
  = 直し方: 「パソコン」と書きます。（--fix で直せます）
   6 + 面積は10㎡、㈱見本とパソコン。広さは10㎡。

警告[half-width-kana]: 「ﾊﾟｿｺﾝ」は半角のかなです。
  --> content/2026/planning/1-11.md:6:12
   6 | 面積は11㎡、㈱見本とﾊﾟｿｺﾝ。広さは11㎡。
     |                     ^^^^^
  = 直し方: 「パソコン」と書きます。（--fix で直せます）
   6 + 面積は11㎡、㈱見本とパソコン。広さは11㎡。

  content/2026/planning/1-12.md:6:12 「ﾊﾟｿｺﾝ」は半角のかなです。
  content/2026/planning/1-13.md:6:12 「ﾊﾟｿｺﾝ」は半角のかなです。
  content/2026/planning/1-14.md:6:12 「ﾊﾟｿｺﾝ」は半角のかなです。
  ほか 25件

【ヒント90件（30ファイル）】よりよくするための提案です。

ヒント[platform-character]: 90件（30ファイル）。うち90件は --fix で直せます。
  = 理由: 1字に詰めた記号は、機種や読み上げによって、違う読み方になったり飛ばされたりします。
  content/2026/planning/1-10.md:6:6 「㎡」は、機種に依存する文字です。（2か所）
  content/2026/planning/1-10.md:6:8 「㈱」は、機種に依存する文字です。
  content/2026/planning/1-11.md:6:6 「㎡」は、機種に依存する文字です。（2か所）
  ほか 85件

多いので、一部だけを示しました。すべて見るには --all を付けます。kohyo check --report 指摘.txt は、すべてをファイルに書きます。

"
    );
    // The same character in one file is one finding, with every place; programs get each of them.
    let all = human::human(&findings, &sources, PLAIN);
    assert_eq!(all.matches("「㎡」は、機種に依存する文字です。（2か所）\n").count(), 30);
    assert!(all.contains("  = ほかの場所: 6:23\n"), "{all}");
    assert!(all.starts_with("■ content/2026/planning/1-30.md"), "files with errors first");
    let json: Value =
        serde_json::from_str(&report::text(&findings, &sources, Format::Json, &context(Language::Japanese)))
            .expect("JSON");
    assert_eq!(json["findings"].as_array().expect("findings").len(), 121);
    // In English, too.
    let style = human::Style { color: false, language: Language::English };
    let text = readable::readable(&findings, &sources, style);
    assert!(text.contains("hint[platform-character]: 90 in 30 files; --fix mends 90\n"), "{text}");
}

#[test]
fn however_many_errors_there_are_the_first_are_whole_and_the_rest_counted() {
    let page = |n: usize| {
        format!(
            "-- content/2026/planning/1-{n}.md --\n---\ntitle: 見学会 {n}\npillar: trust\nupdated: R8.6.25\nactions: []\n---\n[x](y{n}.md)\n"
        )
    };
    let more: String = (100..1100).map(page).collect();
    let (sources, findings) = found(city_with(&more));
    let text = readable::readable(&findings, &sources, PLAIN);
    assert!(text.lines().count() < 1100, "{}", text.lines().count());
    assert!(text.contains("\nbad-date: ほか ") && text.contains("\nbroken-link: ほか "), "{text}");
    assert_eq!(human::human(&findings, &sources, PLAIN).matches("エラー[bad-date]").count(), 1000);
}

#[test]
fn every_format_lists_a_thousand_of_a_rule_and_file_and_says_how_many_more() {
    let page = |name: &str, count: usize| {
        format!("-- content/pages/{name}.md --\n---\ntitle: 見本\nmenu: false\n---\n{}\n", "「市".repeat(count))
    };
    let (sources, findings) = found(city_with(&(page("a", 3500) + &page("b", 1000) + &page("c", 1001))));
    let of_rule = findings.iter().filter(|finding| finding.rule == Rule::UnclosedBracket).count();
    assert_eq!(of_rule, 5501, "nothing is lost before it is shown");
    let text = |format| report::text(&findings, &sources, format, &context(Language::Japanese));

    let report: Value = serde_json::from_str(&text(Format::Json)).expect("JSON");
    let listed = |path: &str| {
        let all = report["findings"].as_array().expect("findings");
        all.iter().filter(|it| it["file"] == path && it["rule"] == "unclosed-bracket").count()
    };
    assert_eq!(["a", "b", "c"].map(|name| listed(&format!("content/pages/{name}.md"))), [1000; 3]);
    assert_eq!(report["rules"]["unclosed-bracket"]["findings"], 5501);
    assert_eq!(
        report["more"],
        serde_json::json!([
            { "rule": "unclosed-bracket", "file": "content/pages/a.md", "findings": 2500 },
            { "rule": "unclosed-bracket", "file": "content/pages/c.md", "findings": 1 },
        ])
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/findings.schema.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(path).expect("the schema")).expect("JSON");
    assert_valid(&validator(&schema), &report);

    let sarif: Value = serde_json::from_str(&text(Format::Sarif)).expect("JSON");
    assert_valid(&validator(&sarif_schema()), &sarif);
    let notes = sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().expect("notifications");
    assert_eq!(notes.len(), 2);
    assert_eq!(notes[0]["message"]["text"], "この文書には、同じ規則の指摘がほかに2,500件あります。");
    assert_eq!(sarif["runs"][0]["results"].as_array().expect("results").len(), findings.len() - 2501);

    let github = text(Format::Github);
    assert!(github.contains(
        "::notice title=unclosed-bracket,file=見本 市/content/pages/a.md::この文書には、同じ規則の指摘がほかに2,500件あります。\n"
    ));
    assert_eq!(github.lines().count(), findings.len() - 2501 + 2);

    let shown = human::human(&findings, &sources, PLAIN);
    assert_eq!(shown.matches("[unclosed-bracket]: 「「」が、この段落の中で閉じていません。（1,000か所）").count(), 3);
    assert!(shown.contains("\nunclosed-bracket: ほか 2,501件\n"), "{}", &shown[shown.len() - 300..]);
    assert!(!text(Format::Json).contains("\"more\":[]") && !json(MISTAKES, Format::Json)["more"].is_array());
}

#[test]
fn a_report_is_no_longer_than_what_it_reports_on_times_a_constant() {
    // One line of a megabyte, and findings all along it, some about a stretch of a hundred kilobytes.
    let line = format!("「市{}", "民とともに進める目標の".repeat(10)).repeat(3000) + &"２".repeat(40_000) + "1\n";
    let (sources, findings) =
        found(city_with(&format!("-- content/pages/a.md --\n---\ntitle: 見本\nmenu: false\n---\n{line}")));
    for format in [Format::Human, Format::Json, Format::Github, Format::Sarif] {
        let text = report::text(&findings, &sources, format, &context(Language::Japanese));
        assert!(text.len() < 3 * line.len(), "{format:?}: {} of {}", text.len(), line.len());
    }
}

/// The excerpt of the finding on a line of a body.
fn excerpt(line: &str) -> (String, String) {
    let text = human(&format!(
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会\npillar: trust\nactions: []\n---\n{line}\n"
    ));
    // The line may break other rules as well: this is about the link.
    let finding = text.lines().skip_while(|line| !line.contains("[broken-link]"));
    let mut lines = finding.skip_while(|line| !line.starts_with("   6 | "));
    (lines.next().unwrap_or_default()[7..].to_owned(), lines.next().unwrap_or_default()[7..].to_owned())
}

/// What stands above the mark, by columns.
fn above((line, mark): &(String, String)) -> String {
    let width = |c: char| unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
    let (from, to) = (mark.find('^').expect("a mark"), mark.rfind('^').expect("a mark") + 1);
    let mut column = 0;
    line.chars()
        .filter(|c| {
            let at = column;
            column += width(*c);
            (from..to).contains(&at)
        })
        .collect()
}

#[test]
fn the_mark_stands_under_the_right_characters() {
    for before in ["", "令和8年の", "ｶﾞ半角と全角：", "か\u{3099}結合文字 e\u{301} ", "表\tタブの後 ", "𠮟る・髙橋・😀 "]
    {
        assert_eq!(above(&excerpt(&format!("{before}[前](計画.md)を見直す"))), "計画.md", "{before:?}");
    }
    for long in ["長い文です。".repeat(40), "word ".repeat(100), "か\u{3099}".repeat(200)] {
        let shown = excerpt(&format!("{long}[前](計画.md){long}"));
        assert_eq!(above(&shown), "計画.md", "{long:?}");
        assert!(shown.0.starts_with('…') && shown.0.ends_with('…'), "{}", shown.0);
        assert!(unicode_width::UnicodeWidthStr::width(shown.0.as_str()) <= 102, "{}", shown.0);
    }
    let endless = format!("[前]({}.md)", "計画".repeat(200));
    assert!(unicode_width::UnicodeWidthStr::width(excerpt(&endless).0.as_str()) <= 102);
}

#[test]
fn what_is_in_a_file_cannot_write_to_the_terminal() {
    let text = human(
        "-- content/2026/planning/1-02.md --\n---\ntitle: 見学会\npillar: \"tr\u{1b}[31mst\u{202e}\"\nactions: []\n---\n",
    );
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
}

#[test]
fn nothing_depends_on_the_order_of_files() {
    let mut all = files(CITY);
    all.extend(files(MISTAKES));
    let forwards = found(Sources::from_memory(all.clone()));
    let backwards = found(Sources::from_memory(all.into_iter().rev()));
    for format in [Format::Json, Format::Sarif, Format::Github, Format::Human] {
        let text = |it: &(Sources, Vec<Diagnostic>)| report::text(&it.1, &it.0, format, &Context::default());
        assert_eq!(text(&forwards), text(&backwards));
    }
}
