//! The fields as JSON Schema 2020-12, for editors that complete and check while one types.
//!
//! It is made from the one table of fields, with what the city's own site offers as choices. It says what a schema can
//! say: kinds of values, which keys there are and which are needed. What follows from other files is `kohyo check`'s.

use crate::config::{Column, checks};
use crate::diagnostic::policy::Selector;
use crate::fields::{self, Described, Flag, Key, Map, Names, Needed, What, check, maps_of};
use crate::site::Site;
use crate::value::choice::{ColumnKind, ColumnOn};
use serde_json::{Map as Object, Value, json};

/// The version of JSON Schema.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Kinds of files that have a schema: how each is called, and its fields.
pub const KINDS: [(&str, &Map); 8] = [
    ("site", &fields::settings::MAP),
    ("goal", &fields::goal::MAP),
    ("result", &fields::result::MAP),
    ("progress", &fields::progress::MAP),
    ("department", &fields::department::MAP),
    ("pillar", &fields::pillar::MAP),
    ("page", &fields::page::MAP),
    ("foreword", &fields::foreword::MAP),
];

/// What a city's own site offers where a document names something.
#[derive(Debug, Default)]
pub struct Offered {
    columns: Vec<Column>,
    levels: Vec<Box<str>>,
    pillars: Vec<Value>,
    pillar_files: Vec<Box<str>>,
    indicator_kinds: Vec<Box<str>>,
    departments: Vec<Box<str>>,
    sections: Vec<Box<str>>,
}

impl Offered {
    /// What this site offers.
    pub fn of(site: &Site) -> Self {
        let levels = site.config.scales.iter().flat_map(|scale| &scale.levels);
        let sections = site.departments.iter().flat_map(|department| &department.matter.sections);
        let mut pillars = Vec::new();
        for pillar in &site.pillars {
            pillars.extend([json!(pillar.key), json!(pillar.matter.name)]);
            if let Some(number) = &pillar.number {
                pillars.extend(number.parse::<i64>().ok().map(|number| json!(number)));
                pillars.push(json!(number));
            }
        }
        Self {
            columns: site.config.columns.clone(),
            levels: once(levels.flat_map(|level| [level.key.clone(), level.label.clone()])),
            pillars: unique(pillars),
            pillar_files: once(site.pillars.iter().map(|pillar| pillar.key.clone())),
            indicator_kinds: once(
                site.config.indicator_kinds.iter().flat_map(|kind| [kind.key.clone(), kind.label.clone()]),
            ),
            departments: once(site.departments.iter().map(|department| department.key.clone())),
            sections: once(sections.map(|section| section.name.clone())),
        }
    }
}

fn once(names: impl Iterator<Item = Box<str>>) -> Vec<Box<str>> {
    let mut out: Vec<Box<str>> = Vec::new();
    for name in names {
        if !out.contains(&name) {
            out.push(name);
        }
    }
    out
}

fn unique(values: Vec<Value>) -> Vec<Value> {
    let mut out: Vec<Value> = Vec::new();
    for value in values {
        if !out.contains(&value) {
            out.push(value);
        }
    }
    out
}

/// The schema of a kind of file; `None` is all kinds, one below the other in `$defs`.
pub fn schema(kind: Option<(&str, &'static Map)>, offered: &Offered) -> Value {
    let roots: Vec<&'static Map> = match kind {
        Some((_, map)) => vec![map],
        None => KINDS.iter().map(|(_, map)| *map).collect(),
    };
    let checks = Selector::names().filter_map(Selector::parse).map(checks::map);
    let needs_checks = roots.iter().any(|map| map.fields().any(|field| matches!(field.what(), What::Rules)));
    let mut maps = maps_of(&roots);
    maps.extend(maps_of(&checks.collect::<Vec<_>>()).into_iter().filter(|_| needs_checks));
    let defs: Object<String, Value> = maps.iter().map(|map| (map.name.to_owned(), object(map, offered))).collect();
    let mut out = json!({ "$schema": DIALECT, "$defs": defs });
    if let Some((_, map)) = kind {
        out["title"] = json!(format!("kohyo: {} / {}", map.title.ja, map.title.en));
        out["$ref"] = reference(map);
    }
    out
}

fn reference(map: &Map) -> Value {
    json!(format!("#/$defs/{}", map.name))
}

/// A map of fields: each under either of its names and not under both, and no others.
fn object(map: &'static Map, offered: &Offered) -> Value {
    let mut properties = Object::new();
    let mut rules = Vec::new();
    for field in map.fields() {
        let Key { en, ja, also } = field.key();
        let value = value(field, offered);
        for name in field.key().names() {
            properties.insert(name.into(), value.clone());
        }
        if field.needed() == Needed::Always {
            rules.push(json!({ "anyOf": [{ "required": [en] }, { "required": [ja] }] }));
        }
        if en != ja {
            rules.push(json!({ "not": { "required": [en, ja] } }));
        }
        if let Some(also) = also {
            rules.extend([en, ja].map(|name| json!({ "not": { "required": [name, also] } })));
        }
    }
    for column in offered.columns.iter().filter(|column| is_of(column.on, map)) {
        let mut value = of_column(column);
        value["description"] = json!(column.label);
        properties.insert(column.key.to_string(), value.clone());
        properties.insert(column.label.to_string(), value);
    }
    let mut out = json!({
        "title": format!("{} / {}", map.title.ja, map.title.en),
        "type": if map.fields().any(|field| field.needed() == Needed::Always) { json!("object") } else { json!(["object", "null"]) },
        "properties": properties,
        "additionalProperties": false,
    });
    if !rules.is_empty() {
        out["allOf"] = json!(rules);
    }
    out
}

/// The value of a column of the city's own.
fn of_column(column: &Column) -> Value {
    let offered = Offered::default();
    let nothing = json!({ "type": "null" });
    match column.kind {
        ColumnKind::Text | ColumnKind::Articles => {
            json!({ "anyOf": [scalar(), { "type": "array", "items": scalar() }, nothing] })
        }
        ColumnKind::Amount | ColumnKind::Number => {
            let figure = of(&What::Figure, &offered);
            let Key { en, ja, .. } = fields::column::TOTAL.key;
            let names = column.parts.iter().map(|part| &**part).chain([en, ja]);
            let parts: Object<String, Value> = names.map(|name| (name.to_owned(), figure.clone())).collect();
            let parts = json!({ "type": "object", "properties": parts, "additionalProperties": false });
            json!({ "anyOf": [figure, parts, nothing] })
        }
        ColumnKind::Choice => json!({ "anyOf": [one_of(&column.choices), nothing] }),
        ColumnKind::Flag => json!({ "anyOf": [of(&What::Flag, &offered), nothing] }),
        ColumnKind::Date => json!({ "anyOf": [of(&What::Day, &offered), nothing] }),
        ColumnKind::Link => json!({ "anyOf": [word(Names::Address, &offered), nothing] }),
    }
}

fn is_of(on: ColumnOn, map: &'static Map) -> bool {
    match on {
        ColumnOn::Goal => std::ptr::eq(map, &fields::goal::MAP),
        ColumnOn::Action => std::ptr::eq(map, &fields::action::MAP),
        ColumnOn::Result => std::ptr::eq(map, &fields::result::MAP),
    }
}

/// The value of a field, with what people are told of it.
fn value(field: &'static dyn Described, offered: &Offered) -> Value {
    let mut value = of(&field.what(), offered);
    if field.needed() == Needed::Never {
        value = json!({ "anyOf": [value, { "type": "null" }] });
    }
    let help = field.help();
    value["description"] = json!(format!("{} / {}", help.ja, help.en));
    value["$comment"] = json!(format!("since {}", field.since()));
    value
}

/// Text, as YAML hands it to a schema: what looks like a number or a truth is one there.
fn scalar() -> Value {
    json!({ "type": ["string", "number", "boolean"] })
}

/// Text with something in it.
fn filled() -> Value {
    json!({ "type": ["string", "number", "boolean"], "pattern": "\\S" })
}

fn pattern(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern })
}

fn one_of(choices: &[impl serde::Serialize]) -> Value {
    if choices.is_empty() { filled() } else { json!({ "enum": choices }) }
}

fn of(what: &What, offered: &Offered) -> Value {
    match what {
        What::Text(_) => filled(),
        What::Word(names) => word(*names, offered),
        What::Day => pattern("^(18(6[89]|[789]\\d)|19\\d\\d|2\\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$"),
        What::Figure => json!({ "anyOf": [{ "type": "number" }, pattern("^-?\\d+(\\.\\d+)?$")] }),
        What::Whole(from, to) => json!({ "anyOf": [
            { "type": "integer", "minimum": from, "maximum": to },
            pattern("^\\d+$"),
        ] }),
        What::Flag => {
            let words: Vec<Value> = Flag::CHOICES
                .iter()
                .flat_map(|(en, ja, _)| [json!(en), json!(ja)])
                .chain([json!(true), json!(false)])
                .collect();
            one_of(&unique(words))
        }
        What::Years => {
            let year =
                json!({ "anyOf": [{ "type": "integer", "minimum": 1868, "maximum": 2999 }, pattern("^\\d{4}$")] });
            json!({ "anyOf": [year, { "type": "array", "items": year, "minItems": 1, "maxItems": 2 }] })
        }
        What::Choice(words) => {
            let numbers = words.iter().filter_map(|key| key.en.parse::<i64>().ok()).map(|number| json!(number));
            let words = words.iter().flat_map(|key| [json!(key.en), json!(key.ja)]);
            one_of(&unique(words.chain(numbers).collect()))
        }
        What::Map(map) => json!({ "$ref": reference(map) }),
        What::List(item, may_stand_alone) => {
            let item = of(item, offered);
            let list = json!({ "type": "array", "items": item });
            if *may_stand_alone { json!({ "anyOf": [list, item] }) } else { list }
        }
        What::Either(all) => json!({ "anyOf": all.iter().map(|what| of(what, offered)).collect::<Vec<_>>() }),
        What::Rules => rules(),
        What::Pairs => json!({ "type": "object", "additionalProperties": { "anyOf": [scalar(), { "type": "null" }] } }),
    }
}

fn word(names: Names, offered: &Offered) -> Value {
    match names {
        Names::Pillar => one_of(&offered.pillars),
        Names::PillarFile => one_of(&offered.pillar_files),
        Names::Level => one_of(&offered.levels),
        Names::IndicatorKind => one_of(&offered.indicator_kinds),
        Names::Department => one_of(&offered.departments),
        Names::Section if offered.sections.is_empty() => filled(),
        // A section that no ledger has is a warning: the others are offered, and none is refused.
        Names::Section => json!({ "anyOf": [one_of(&offered.sections), filled()] }),
        Names::Goal => pattern("^\\d{4}/[^/]+/[^/]+$"),
        Names::Address | Names::Folder => pattern("^https?://[^/]"),
        Names::Mail => pattern("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$"),
        Names::Code => {
            json!({ "anyOf": [pattern("^\\d{5,6}$"), { "type": "integer", "minimum": 10_000, "maximum": 999_999 }] })
        }
        Names::Rule => {
            let is_firm = |name: &&str| matches!(Selector::parse(name), Some(Selector::Rule(rule)) if rule.is_firm());
            one_of(&Selector::names().filter(|name| !is_firm(name)).collect::<Vec<_>>())
        }
        Names::Indicator
        | Names::Telephone
        | Names::PostalCode
        | Names::Theme
        | Names::Zone
        | Names::Paths
        | Names::Path
        | Names::Ending
        | Names::Font
        | Names::Key
        | Names::Text
        | Names::Reason => filled(),
    }
}

/// `checks`: a level, or a map, for each rule and group.
fn rules() -> Value {
    let levels = of(&check::LEVEL.what(), &Offered::default());
    let of_rule = |name: &'static str| {
        let selector = Selector::parse(name)?;
        let is_firm = matches!(selector, Selector::Rule(rule) if rule.is_firm());
        let level = if is_firm { json!({ "enum": ["error", "エラー"] }) } else { levels.clone() };
        Some((name.to_owned(), json!({ "anyOf": [level, { "$ref": reference(checks::map(selector)) }] })))
    };
    let properties: Object<String, Value> = Selector::names().filter_map(of_rule).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}
