//! Templates compiled for one kind of page: names become positions, inheritance and includes are gone, and what a page
//! costs is what it says.
//!
//! Themes are written in Tera's language and Tera loads all of them. Most pages need only its plain core: texts, paths,
//! conditions, loops, `set`, includes, blocks and the words of the city. Such a page is compiled: making it costs no map
//! of names and no lookup. A page that uses anything beyond is made by Tera ([`Beyond`], with the [`Reason`]s); so is a
//! single page on which something unforeseen turns up ([`Unclear`]). Both ways give the same bytes; tests hold one against
//! the other.
//!
//! Either way every path is held against the contract ([`crate::view`]) when the theme is loaded, also in branches that
//! no page takes this year ([`Fields`]).
//!
//! Flow: [`pieces`] and [`parse`] make a [`tree`] of a template, [`resolve`] all templates of a page into one [`Program`],
//! [`run`] it; [`fields`] holds the same trees against the contract.

mod fields;
mod loops;
mod may;
pub(crate) mod parse;
mod pieces;
mod resolve;
mod run;
mod tree;

use crate::markdown::value::Form;
use crate::text::words::Words;
use crate::view::reflect::{Shape, Struct, Type};
pub(crate) use loops::{Loop, loops};
use std::collections::BTreeMap;
use std::ops::Range;

/// Tera has to make the page: its templates use more than the core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Beyond;

/// Tera has to make this page: on it, something came up that only Tera should judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unclear;

/// How many rounds of loops, and how many bytes, one page may have. The list of a record of ten thousand goals takes some ten
/// thousand rounds and 3 MB; what takes two hundred times that is no page.
pub(crate) const MOST_ROUNDS: u64 = 2_000_000;
pub(crate) const MOST_BYTES: usize = 32 << 20;

/// Where templates name fields: the template, as it was loaded, and the byte at which the name begins.
pub(crate) type Spot = (String, usize);

/// Why a page is not compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// It is written in a way that the core does not have, such as `| upper`.
    Written(String),
    /// What is written is of the core, and not what it is used for.
    Used(String),
}

/// Why, and the bytes of what is the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reason {
    pub(crate) at: At,
    pub(crate) why: Why,
}

/// What came of compiling a page's templates.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// Not there when Tera has to make the page.
    pub(crate) program: Option<Program>,
    /// Why.
    pub(crate) reasons: BTreeMap<Spot, Reason>,
}

pub(crate) use fields::Fields;

/// The values that a page's templates may name.
#[derive(Clone, Copy)]
pub(crate) struct Names {
    /// Name and shape of what the page shows; the frame and the site are always there.
    pub(crate) own: Option<(&'static str, &'static Shape)>,
    pub(crate) frame: &'static Shape,
    pub(crate) site: &'static Shape,
}

/// The values themselves.
pub(crate) struct Values<'v> {
    pub(crate) own: Option<&'v dyn Struct>,
    pub(crate) frame: &'v dyn Struct,
    pub(crate) site: &'v dyn Struct,
}

/// A page's templates, compiled.
#[derive(Debug)]
pub(crate) struct Program {
    steps: Vec<Step>,
    slots: usize,
}

/// All templates of a theme, parsed once each.
pub(crate) struct Library<'t> {
    templates: BTreeMap<&'t str, Source<'t>>,
    /// The layers, upper ones first.
    layers: &'t [&'t str],
    words: &'t Words,
}

struct Source<'t> {
    text: &'t str,
    tree: Result<tree::Template, pieces::Unread>,
}

#[derive(Debug)]
enum Step {
    Text(Box<str>),
    /// Escaped.
    Write(Value),
    /// As it is.
    WriteSafe(Value),
    /// With the lines, lists and ruby of a text of front matter.
    WriteValue(Value, Form),
    Set(usize, Value),
    If(Vec<(Value, Vec<Step>)>, Vec<Step>),
    For {
        slot: usize,
        list: Value,
        backwards: bool,
        body: Vec<Step>,
    },
}

/// How to get at a value.
#[derive(Debug)]
enum Value {
    Slot(usize),
    Text(Box<str>),
    Number(i64),
    /// A field of a field … of what is in a slot, by their positions.
    Path(usize, Vec<usize>),
    Field(Box<Value>, usize),
    Item(Box<Value>, Box<Value>),
    /// Something of the innermost loop.
    Loop(OfLoop),
    Length(Box<Value>),
    /// A word with its placeholders filled: the word, a count, the others by name.
    Fill(Box<Value>, Option<Box<Value>>, Vec<(&'static str, Value)>),
    Split(Box<Value>, Box<str>),
    Join(Box<Value>, Box<Value>),
    Compare(Comparison, Box<Value>, Box<Value>),
    And(Box<Value>, Box<Value>),
    Or(Box<Value>, Box<Value>),
    Not(Box<Value>),
}

#[derive(Clone, Copy, Debug)]
enum OfLoop {
    Index,
    Index0,
    First,
    Last,
    Length,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
}

impl OfLoop {
    /// By its name in templates.
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "index" => Self::Index,
            "index0" => Self::Index0,
            "first" => Self::First,
            "last" => Self::Last,
            "length" => Self::Length,
            _ => return None,
        })
    }
}

impl<'t> Library<'t> {
    /// Parses templates, given by name (`default/screen/goal.html`) and text.
    pub(crate) fn new(templates: &'t [(String, String)], layers: &'t [&'t str], words: &'t Words) -> Self {
        let source = |(name, text): &'t (String, String)| (name.as_str(), Source { text, tree: parse::parse(text) });
        Self { templates: templates.iter().map(source).collect(), layers, words }
    }

    /// Compiles a page's templates; nothing comes of one that is not there.
    pub(crate) fn compile(&self, template: &str, names: Names) -> Option<Compiled> {
        self.find(template).map(|_| resolve::resolve(self, template, names))
    }

    /// The fields that a page's templates name, whatever else they use.
    pub(crate) fn fields(&self, template: &str, names: Names) -> Fields {
        fields::fields(self, template, names)
    }

    /// A template by the name other templates call it, of the uppermost layer that has it.
    fn find(&self, name: &str) -> Option<(&'t str, &Source<'t>)> {
        let exact = self.templates.get_key_value(name);
        let found = exact.or_else(|| {
            self.layers.iter().find_map(|layer| self.templates.get_key_value(format!("{layer}/{name}").as_str()))
        });
        found.map(|(name, source)| (*name, source))
    }

    /// What stands at some bytes of a template, for people: one line, not too long.
    fn snippet(&self, template: &str, at: &At) -> String {
        const LONGEST: usize = 40;
        let text = self.templates.get(template).and_then(|source| source.text.get(at.clone())).unwrap_or("");
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &line[..end]),
            None => line,
        }
    }
}

/// A slot and what is in it.
type Binding = (usize, Type);

/// Bytes of something in a loaded template.
type At = Range<usize>;
