//! The one table of fields: every key of every kind of document and of `site.yaml`, once.
//!
//! What is read, what is said of slips, the lists of keys in `docs/content.md`, the JSON Schema, and forms are made from
//! it. A field is typed by what its value is, so that it cannot be read as anything else. A field stands in a [`Map`]; maps
//! stand in fields of other maps, and those of [`DOCUMENTS`] and [`SITE`] are whole files.

mod documents;
mod kinds;
mod site;
pub mod tell;

pub use documents::{
    DOCUMENTS, action, action_result, contact, correction, department, exception, excused, foreword, goal, indicator,
    indicator_range, measured, outcome, page, pillar, progress, prose, public, result, section, updated,
};
pub use kinds::{
    Choice, Choices, Day, Decimal, FigureOr, Flag, Kind, Many, NameOrMap, NamesOrMaps, Nested, OneOrMany, Pairs, Range,
    Rules, Shown, Text, Texts, Word, Words, YearRange,
};
pub use site::{
    SITE, THEME, attachments, calendar, check, check_japanese, check_sentence, check_size, check_words, column,
    file_exception, forms, indicator_kind, level, organization, pdf, pillars, scale, settings, terms, theme,
};
use std::fmt::Debug;

/// The name of a field: one in English, one in Japanese; both mean the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The name in English.
    pub en: &'static str,
    /// The name in Japanese.
    pub ja: &'static str,
    /// Another name in English: that of several, where one is the usual.
    pub also: Option<&'static str>,
}

impl Key {
    /// Whether it is written so.
    pub fn is_called(&self, name: &str) -> bool {
        self.en == name || self.ja == name || self.also == Some(name)
    }

    /// All its names.
    pub fn names(self) -> impl Iterator<Item = &'static str> + Clone {
        [self.en, self.ja].into_iter().chain(self.also)
    }
}

/// Words for people, in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// In Japanese.
    pub ja: &'static str,
    /// In English.
    pub en: &'static str,
}

/// When a field must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// In every map of its kind.
    Always,
    /// Nowhere.
    Never,
    /// Nowhere, but where it is, something is written: whoever left it open has not decided.
    Filled,
}

/// Where pages show a value, and so what it can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A name, in lists, links and titles of windows: one line of letters.
    Name,
    /// A sentence for search engines: letters. Nobody sees its lines.
    Summary,
    /// One line, with ruby where it is a heading.
    Line,
    /// Lines, simple lists and ruby.
    Lines,
}

/// What a word names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// A pillar: its key, number or name.
    Pillar,
    /// A pillar: its key.
    PillarFile,
    /// A level of the scale: its key or label.
    Level,
    /// A department: its key.
    Department,
    /// A section: its name.
    Section,
    /// A goal: `2025/planning/1-01`.
    Goal,
    /// An indicator of the goal: its key or its name.
    Indicator,
    /// A kind of indicators: its key or label.
    IndicatorKind,
    /// A theme.
    Theme,
    /// An address of the web.
    Address,
    /// The address of a folder of the web.
    Folder,
    /// A mail address.
    Mail,
    /// A number to call, with what people write around it.
    Telephone,
    /// A postal code.
    PostalCode,
    /// 全国地方公共団体コード
    Code,
    /// A time zone of the IANA database.
    Zone,
    /// A rule or a group of rules.
    Rule,
    /// Paths of files; `*` stands for anything.
    Paths,
    /// A path in `content/`.
    Path,
    /// The ending of a file's name.
    Ending,
    /// A file in `fonts/`.
    Font,
    /// What is written in other files of the site.
    Key,
    /// Part of a text.
    Text,
    /// Why.
    Reason,
}

/// One key of a map, and all that is said about it anywhere.
#[derive(Debug)]
pub struct Field<K: 'static> {
    /// How it is written.
    pub key: Key,
    /// What its value is.
    pub kind: K,
    /// When it must be there.
    pub needed: Needed,
    /// What it means.
    pub help: Said,
    /// The version of kohyo that first read it.
    pub since: &'static str,
}

/// What can be said of a field whatever its value is.
pub trait Described: Sync + Debug {
    /// How it is written.
    fn key(&self) -> Key;
    /// When it must be there.
    fn needed(&self) -> Needed;
    /// What it means.
    fn help(&self) -> Said;
    /// The version of kohyo that first read it.
    fn since(&self) -> &'static str;
    /// What its value is.
    fn what(&self) -> What;
}

impl<K: Kind> Described for Field<K> {
    fn key(&self) -> Key {
        self.key
    }

    fn needed(&self) -> Needed {
        self.needed
    }

    fn help(&self) -> Said {
        self.help
    }

    fn since(&self) -> &'static str {
        self.since
    }

    fn what(&self) -> What {
        self.kind.what()
    }
}

/// What a value can be, as a value itself: for lists, forms and schemas.
#[derive(Clone, Debug)]
pub enum What {
    /// A text that pages show.
    Text(Form),
    /// A word that names something.
    Word(Names),
    /// A day of the calendar.
    Day,
    /// A decimal figure, shown as written.
    Figure,
    /// A whole number, from … to.
    Whole(i64, i64),
    /// Yes or no.
    Flag,
    /// The years in which something holds.
    Years,
    /// One of these words.
    Choice(Vec<Key>),
    /// Entries of their own.
    Map(&'static Map),
    /// Several; one alone may stand without the marks of a list where the second is true.
    List(Box<What>, bool),
    /// One of several.
    Either(Vec<What>),
    /// Rules and groups of rules with their levels.
    Rules,
    /// Any words, each with what is written instead.
    Pairs,
}

/// A map of fields: a file, or a part of one.
#[derive(Debug)]
pub struct Map {
    /// Its name in the table, unique: what a list of its keys is found by.
    pub name: &'static str,
    /// What it is.
    pub title: Said,
    /// Where its keys belong, said to whoever writes one elsewhere.
    pub home: Said,
    /// Its own fields.
    pub own: &'static [&'static dyn Described],
    /// Maps whose fields stand in it beside its own.
    pub parts: &'static [&'static Map],
}

impl Map {
    /// All its fields.
    pub fn fields(&self) -> impl Iterator<Item = &'static dyn Described> + Clone + use<> {
        let parts = self.parts.iter().flat_map(|part| part.own.iter().copied());
        self.own.iter().copied().chain(parts)
    }

    /// All its keys.
    pub fn keys(&self) -> impl Iterator<Item = Key> + Clone + use<> {
        self.fields().map(Described::key)
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&'static dyn Described> {
        self.fields().find(|field| field.key().is_called(name))
    }
}

/// This map and all maps in its fields, each once.
pub fn maps_of(roots: &[&'static Map]) -> Vec<&'static Map> {
    let mut found: Vec<&'static Map> = Vec::new();
    let mut open: Vec<&'static Map> = roots.iter().rev().copied().collect();
    while let Some(map) = open.pop() {
        if found.iter().any(|known| same(known, map)) {
            continue;
        }
        found.push(map);
        let inner: Vec<&'static Map> = map.fields().flat_map(|field| maps_in(field.what())).collect();
        open.extend(inner.into_iter().rev());
    }
    found
}

fn maps_in(what: What) -> Vec<&'static Map> {
    match what {
        What::Map(map) => vec![map],
        What::List(item, _) => maps_in(*item),
        What::Either(all) => all.into_iter().flat_map(maps_in).collect(),
        _ => Vec::new(),
    }
}

/// All keys of a kind of file: what is said of a slip is said in its words.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary(pub &'static [&'static Map]);

impl Vocabulary {
    /// Of files whose keys are anything.
    pub const ANY: Self = Self(&[]);

    fn called<'a>(self, name: &'a str) -> impl Iterator<Item = (&'static Map, &'static dyn Described)> + use<'a> {
        maps_of(self.0).into_iter().filter_map(move |map| Some((map, map.field(name)?)))
    }

    /// Whether any map of such a file has this key.
    pub fn knows(self, name: &str) -> bool {
        self.called(name).next().is_some()
    }

    /// Whether its value is a sentence or a name wherever it stands: there, all that is written is text.
    pub fn is_text(self, name: &str) -> bool {
        let mut all = self.called(name).peekable();
        all.peek().is_some() && all.all(|(_, field)| matches!(field.what(), What::Text(_)))
    }

    /// Where a key of this name belongs that is none of `map`: in the same kind of file if there, else in others.
    pub fn homes(self, name: &str, map: &'static Map) -> Vec<&'static Map> {
        // Whoever writes `reason` into a goal does not think of exceptions.
        let is_it = |it: &&'static Map| it.field(name).is_some() && !same(it, map) && !same(it, &exception::MAP);
        let near: Vec<&'static Map> = self.beside(map).into_iter().filter(is_it).collect();
        if near.is_empty() { self.called(name).map(|(map, _)| map).collect() } else { near }
    }

    /// Whether both maps stand in one kind of file.
    pub fn is_in_one_file(self, one: &'static Map, other: &'static Map) -> bool {
        self.beside(other).iter().any(|map| same(map, one))
    }

    /// All maps of the kinds of files that have this one.
    fn beside(self, map: &'static Map) -> Vec<&'static Map> {
        let files = self.0.iter().copied().filter(|file| maps_of(&[*file]).iter().any(|it| same(it, map)));
        maps_of(&files.collect::<Vec<_>>())
    }
}

fn same(one: &'static Map, other: &'static Map) -> bool {
    std::ptr::eq(one, other)
}

/// Another name of a field, where it has one.
const fn also(names: &[&'static str]) -> Option<&'static str> {
    match names {
        [name, ..] => Some(name),
        [] => None,
    }
}

/// Defines a map: its module, with a constant for each field, and `MAP`.
macro_rules! map {
    (
        $(#[$doc:meta])*
        mod $module:ident = $name:literal, $ja:literal, $en:literal; $(parts $($part:expr),+;)?
        home $home_ja:literal, $home_en:literal;
        $($field:ident: $kind:ty = $value:expr, $key_en:literal $(| $also:literal)? / $key_ja:literal, $needed:ident, $help_ja:literal, $help_en:literal;)*
    ) => {
        $(#[$doc])*
        pub mod $module {
            #[allow(unused_imports, reason = "each map names the kinds of its own fields")]
            use super::*;

            $(
                #[doc = $help_en]
                pub static $field: Field<$kind> = Field {
                    key: Key { en: $key_en, ja: $key_ja, also: $crate::fields::also(&[$($also)?]) },
                    kind: $value,
                    needed: Needed::$needed,
                    help: Said { ja: $help_ja, en: $help_en },
                    since: "0.1",
                };
            )*

            #[doc = $en]
            pub static MAP: Map = Map {
                name: $name,
                title: Said { ja: $ja, en: $en },
                home: Said { ja: $home_ja, en: $home_en },
                own: &[$(&$field),*],
                parts: &[$($(&$part),+)?],
            };
        }
    };
}
use map;
