//! The one table of fields: it is what is read, what the docs list and what `kohyo schema` says.
//!
//! `SNAPSHOTS=overwrite cargo test --test it fields::` writes the lists of docs/content.md anew.

use crate::rules::{check, same_as_file, site};
use crate::support;

use kohyo::config;
use kohyo::diagnostic::Rule;
use kohyo::document::{self, GoalName, Kind};
use kohyo::fields::{DOCUMENTS, Form, Key, Map, Names, SITE, THEME, What, maps_of, tell};
use kohyo::pipeline;
use kohyo::prepared::Options;
use kohyo::report::explain;
use kohyo::schema::{self, KINDS, Offered};
use kohyo::site::Site;
use kohyo::source::Sources;
use kohyo::text::place::FileId;
use kohyo::value::calendar::{Date, FiscalYear};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use support::TODAY;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn maps() -> Vec<&'static Map> {
    let checks = kohyo::diagnostic::policy::Selector::names().filter_map(kohyo::diagnostic::policy::Selector::parse);
    let checks: Vec<&'static Map> = checks.map(config::checks::map).collect();
    let roots: Vec<&'static Map> = [DOCUMENTS, SITE, THEME, &checks].into_iter().flatten().copied().collect();
    let mut maps = maps_of(&roots);
    let parts: Vec<&'static Map> = maps.iter().flat_map(|map| map.parts).copied().collect();
    for part in parts {
        if !maps.iter().any(|map| map.name == part.name) {
            maps.push(part);
        }
    }
    maps
}

#[test]
fn a_map_has_each_name_once_and_each_map_one_name() {
    let mut names = BTreeSet::new();
    for map in maps() {
        assert!(names.insert(map.name), "two maps are called {}", map.name);
        let mut keys = BTreeSet::new();
        for Key { en, ja, also } in map.keys() {
            assert!(
                keys.insert(en) && (en == ja || keys.insert(ja)) && also.is_none_or(|name| keys.insert(name)),
                "{}: {en} or {ja} twice",
                map.name
            );
        }
        for field in map.own {
            let help = field.help();
            assert!(!help.ja.is_empty() && !help.en.is_empty(), "{}: {}", map.name, field.key().en);
        }
    }
}

/// What a field may hold, as a line of YAML: each key of each map, so that what is not read is found.
fn value(what: &What, japanese: bool) -> String {
    let name = |key: Key| if japanese { key.ja } else { key.en };
    match what {
        What::Text(Form::Name | Form::Line | Form::Lines | Form::Summary) => "企画課".into(),
        What::Word(Names::Address | Names::Folder) => "https://www.example.lg.jp/goals/".into(),
        What::Word(Names::Telephone | Names::PostalCode) => "000-0000".into(),
        What::Word(Names::Mail) => "kikaku@example.lg.jp".into(),
        What::Word(Names::Code) => "\"232106\"".into(),
        What::Word(Names::Zone) => "Asia/Tokyo".into(),
        What::Word(Names::Rule) => "long-sentence".into(),
        What::Word(_) => "2025/planning/1-01".into(),
        What::Day => "2026-06-25".into(),
        What::Figure => "12.5".into(),
        What::Whole(_, to) => to.to_string(),
        What::Flag => if japanese { "いいえ" } else { "false" }.into(),
        What::Years => "[2026, 2027]".into(),
        What::Choice(words) => words.iter().map(|key| name(*key)).next_back().unwrap_or_default().into(),
        // Which settings a column has hangs on its type.
        What::Map(map) if map.name == "column" => {
            let of = |kind: &str, others: &[&str]| filled(map, japanese, Some(kind), others);
            format!("{}, {}", of("amount", &["choices"]), of("choice", &["unit", "total", "parts"]))
        }
        What::Map(map) => filled(map, japanese, None, &[]),
        What::List(item, _) => match &**item {
            What::Either(all) => {
                format!("[{}]", all.iter().map(|what| value(what, japanese)).collect::<Vec<_>>().join(", "))
            }
            item => format!("[{}]", value(item, japanese)),
        },
        // The last one may hold fields of its own.
        What::Either(all) => all.last().map(|what| value(what, japanese)).unwrap_or_default(),
        What::Rules => {
            "{ avoided-word: { level: warning, words: { 父兄: 保護者 } }, japanese: { level: hint, names: [㈱] }, \
                       long-sentence: { most: 80 }, large-attachment: { most: 5 }, page: warning }"
                .into()
        }
        What::Pairs => "{ 父兄: 保護者 }".into(),
    }
}

/// A map with all fields but `without`; its type is `kind`, where it has one.
fn filled(map: &Map, japanese: bool, kind: Option<&str>, without: &[&str]) -> String {
    let name = |key: Key| if japanese { key.ja } else { key.en };
    let value = |what: &What, key: Key| match kind {
        Some(kind) if key.en == "type" => kind.to_owned(),
        _ => value(what, japanese),
    };
    let all: Vec<String> = map
        .fields()
        .filter(|field| !without.contains(&field.key().en))
        .map(|field| format!("{}: {}", name(field.key()), value(&field.what(), field.key())))
        .collect();
    format!("{{ {} }}", all.join(", "))
}

/// A file of its kind with every field that it can have.
fn whole(map: &Map, japanese: bool) -> String {
    let name = |key: Key| if japanese { key.ja } else { key.en };
    map.fields().map(|field| format!("{}: {}\n", name(field.key()), value(&field.what(), japanese))).collect()
}

fn kind_of(name: &str) -> Kind {
    let goal = GoalName {
        year: FiscalYear::parse("2026").expect("a year"),
        department: "planning".into(),
        slug: "1-01".into(),
    };
    match name {
        "goal" => Kind::Goal(goal),
        "result" => Kind::Outcome(goal),
        "progress" => Kind::Progress(goal, Date::constant(2026, 9, 30)),
        "department" => Kind::Department("planning".into()),
        "pillar" => Kind::Pillar("trust".into()),
        "page" => Kind::Page("guide".into()),
        _ => Kind::Home,
    }
}

#[test]
fn every_field_is_read_under_both_names() {
    for japanese in [false, true] {
        for (name, map) in KINDS {
            let text = whole(map, japanese);
            let findings = match name {
                "site" => config::parse(FileId(0), text.as_bytes()).diagnostics,
                _ => {
                    document::parse(FileId(0), kind_of(name), format!("---\n{text}---\n本文\n").as_bytes(), &[])
                        .diagnostics
                }
            };
            // What another program lacks (booklets, smaller pages) is no field that is not read.
            let findings: Vec<_> = findings.iter().filter(|it| it.rule != Rule::MissingFeature).collect();
            assert!(findings.is_empty(), "{name}: {findings:#?}\n{text}");
            if name != "site" {
                let schema = validator(name, &Offered::default());
                let value: Value = serde_yaml::from_str(&text).expect("YAML");
                assert_eq!(errors(&schema, &value), [""; 0], "{name}\n{text}");
            }
        }
    }
}

// ---- The docs ----------------------------------------------------------------------------------------------------------

const BEGIN: &str = "<!-- fields: ";
const END: &str = "<!-- end of fields -->";

#[test]
fn the_docs_list_every_field() {
    let path = root().join("docs/content.md");
    let text = fs::read_to_string(&path).expect("the docs");
    let (mut out, mut rest, mut listed) = (String::new(), &*text, BTreeSet::new());
    while let Some(at) = rest.find(BEGIN) {
        let names_end = at + rest[at..].find(" -->").expect("an end of the names");
        let end = at + rest[at..].find(END).expect("an end of the list");
        let names: Vec<&str> = rest[at + BEGIN.len()..names_end].split(' ').collect();
        let all = maps();
        let asked: Vec<&'static Map> =
            names.iter().map(|name| *all.iter().find(|map| map.name == *name).expect("a map")).collect();
        listed.extend(names);
        out += &format!("{} -->\n\n{}\n{END}", &rest[..names_end], tell::list(&asked));
        rest = &rest[end + END.len()..];
    }
    out += rest;
    same_as_file(&path, &out);
    let missing: Vec<&str> =
        maps().iter().filter(|map| !map.own.is_empty() && !listed.contains(map.name)).map(|map| map.name).collect();
    // One key each, which their section tells; the keys of theme.yaml are in docs/themes.md.
    assert_eq!(missing, ["foreword", "theme", "excused"]);
}

/// Files of the program.
fn sources() -> Vec<(String, String)> {
    let (mut found, mut folders) = (Vec::new(), vec![root().join("src")]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path: PathBuf = entry.expect("an entry").path();
            match path.extension() {
                None if path.is_dir() => folders.push(path),
                Some(ending) if ending == "rs" => {
                    let name = path.strip_prefix(root()).expect("below the root").to_string_lossy().into_owned();
                    found.push((name, fs::read_to_string(&path).expect("a text")));
                }
                _ => {}
            }
        }
    }
    found
}

#[test]
fn no_other_file_names_keys() {
    // English names are words of other things too; a Japanese name that is a text of its own is a key.
    let keys: BTreeSet<&str> =
        maps_of(DOCUMENTS).iter().chain(&maps_of(SITE)).flat_map(|map| map.keys()).map(|it| it.ja).collect();
    let long: BTreeSet<&str> =
        maps_of(DOCUMENTS).iter().chain(&maps_of(SITE)).flat_map(|map| map.keys()).map(|it| it.en).collect();
    let long: BTreeSet<&str> = long.into_iter().filter(|key| key.contains('_')).collect();
    // Lists of words that people write in texts, of names of files, commands and rules.
    let of_words = [
        "src/check/figures.rs",
        "src/cli/mistyped.rs",
        "src/diagnostic/rule.rs",
        "src/document/copies.rs",
        "src/proofread/text/japanese.rs",
        "src/proofread/text/spread.rs",
    ];
    // What people choose among, and what pages are called.
    let choices = ["年度", "目標", "取組", "柱", "部局", "実績", "なし", "文字", "警告", "理由", "日付"];
    let mut second = Vec::new();
    for (path, text) in sources() {
        if path.starts_with("src/fields/") || of_words.contains(&&*path) {
            continue;
        }
        let own = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        for (number, line) in own.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            let texts = line.split('"').skip(1).step_by(2);
            // Data of booklets have names of their own.
            let is_key = |text: &str| long.contains(text) && !path.starts_with("src/print/");
            let named = texts.filter(|text| (keys.contains(text) && !choices.contains(text)) || is_key(text));
            second.extend(named.map(|text| format!("{path}:{}: {text}", number + 1)));
        }
    }
    assert_eq!(second, [""; 0], "a key stands once, in src/fields");
}

// ---- The schema --------------------------------------------------------------------------------------------------------

fn validator(kind: &str, offered: &Offered) -> jsonschema::Validator {
    let kind = KINDS.into_iter().find(|(name, _)| *name == kind).expect("a kind");
    jsonschema::draft202012::options().build(&schema::schema(Some(kind), offered)).expect("a schema")
}

fn errors(schema: &jsonschema::Validator, value: &Value) -> Vec<String> {
    schema.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn every_schema_is_one() {
    let meta = jsonschema::draft202012::meta::validator();
    let own = offered(&support::own_site());
    for offered in [&Offered::default(), &own] {
        for kind in KINDS.into_iter().map(Some).chain([None]) {
            let schema = schema::schema(kind, offered);
            let errors: Vec<String> = meta.iter_errors(&schema).map(|error| error.to_string()).collect();
            assert_eq!(errors, [""; 0]);
        }
    }
}

fn offered(sources: &Sources) -> Offered {
    Offered::of(&record(sources))
}

fn record(sources: &Sources) -> Site {
    let files =
        sources.iter().map(|(id, file)| (file.path.to_string(), sources.whole(id).expect("readable").into_owned()));
    let options = Options {
        as_of: TODAY,
        today: TODAY,
        drafts: true,
        base_url: None,
        asked: Default::default(),
        published: None,
    };
    let files: BTreeMap<String, Vec<u8>> = files.collect();
    pipeline::prepare(Arc::new(Sources::from_memory(files)), options).value.site.clone()
}

/// What the schemas say of the files of a site: `path: what is wrong`.
pub fn judged(sources: &Sources) -> Vec<String> {
    let offered = offered(sources);
    let schemas: BTreeMap<&str, jsonschema::Validator> =
        KINDS.into_iter().map(|(name, _)| (name, validator(name, &offered))).collect();
    let mut wrong = Vec::new();
    for (id, file) in sources.iter() {
        let kind = match document::kind(&file.path) {
            _ if &*file.path == "site.yaml" => "site",
            Some(Kind::Goal(_)) => "goal",
            Some(Kind::Outcome(_)) => "result",
            Some(Kind::Progress(..)) => "progress",
            Some(Kind::Department(_)) => "department",
            Some(Kind::Pillar(_)) => "pillar",
            Some(Kind::Page(_)) => "page",
            Some(Kind::Home | Kind::Year(_) | Kind::DepartmentYear(..)) => "foreword",
            _ => continue,
        };
        let bytes = sources.whole(id).expect("readable");
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let yaml = match kind {
            "site" => &*text,
            _ => text.strip_prefix("---\n").and_then(|rest| rest.split("\n---").next()).unwrap_or("{}"),
        };
        match serde_yaml::from_str::<Value>(yaml) {
            Ok(value) => {
                wrong.extend(errors(&schemas[kind], &value).into_iter().map(|it| format!("{}: {it}", file.path)))
            }
            Err(error) => wrong.push(format!("{}: {error}", file.path)),
        }
    }
    wrong
}

#[test]
fn every_document_of_the_samples_agrees_with_its_schema() {
    assert_eq!(judged(&support::own_site()), [""; 0]);
    for name in ["scale", "english", "one", "nasty"] {
        let folder = root().join("tests/browser/sites").join(name);
        assert_eq!(judged(&Sources::read(&folder).expect("a site")), [""; 0], "{name}");
    }
}

#[test]
fn schemas_refuse_what_is_wrong_in_one_file_and_nothing_else() {
    // What a schema can say: which keys there are, which are needed, what kind of value each has, what the site has of it.
    const SAID: [Rule; 9] = [
        Rule::UnknownKey,
        Rule::MissingField,
        Rule::WrongType,
        Rule::BadDate,
        Rule::BadFigure,
        Rule::BadValue,
        Rule::DuplicateKey,
        Rule::UnknownPillar,
        Rule::UnknownLevel,
    ];
    let mut failures = Vec::new();
    for rule in Rule::ALL.iter().copied() {
        let page = explain::page(rule);
        let examples = ["Wrong", "Right"]
            .into_iter()
            .flat_map(|section| page.examples(section).into_iter().map(move |it| (section, it)));
        for (section, (words, example)) in examples {
            let files = site(words, example);
            let (_, findings) = check(&files);
            let wrong = judged(&Sources::from_memory(files));
            // A file that could not be read as settings says nothing, and no schema is asked.
            // Which numbers can be called is not said.
            let is_said = SAID.contains(&rule) && section == "Wrong" && !example.contains("telephone: 0277-76-000O");
            let can_say = findings.iter().all(|it| !SAID.contains(&it.rule));
            match (is_said, wrong.is_empty()) {
                (true, true) => failures.push(format!("{}: nothing is refused\n{example}", rule.name())),
                (false, false) if can_say && section == "Right" => {
                    failures.push(format!("{}, right: {wrong:?}\n{example}", rule.name()));
                }
                _ => {}
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
