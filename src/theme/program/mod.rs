//! Templates compiled for one kind of page: names become positions, inheritance and includes are gone, and what a page
//! costs is what it says.
//!
//! Themes are written in Tera's language and Tera loads all of them. Most pages need only its plain core: texts, paths,
//! conditions, loops, `set`, includes, blocks and the words of the city. Such a page is compiled, which has two uses.
//! Every path in it is held against the contract ([`crate::view`]) when the theme is loaded, also in branches that no
//! page takes this year; and making it costs no map of names and no lookup. A page that uses anything beyond is made by
//! Tera as before ([`Beyond`]); so is a single page on which something unforeseen turns up ([`Unclear`]). Both ways give
//! the same bytes; tests hold one against the other.
//!
//! Flow: [`parse`] a template, [`resolve`] all templates of a page into one [`Program`], [`run`] it.

mod parse;
mod resolve;
mod run;
#[cfg(test)]
mod tests;

use crate::text::words::Words;
use crate::view::reflect::{Shape, Struct, Type};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Tera has to make the page: its templates use more than the core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Beyond;

/// Tera has to make this page: on it, something came up that only Tera should judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unclear;

/// Where templates name fields: the template, as it was loaded, and the byte at which the name begins.
pub(super) type Spot = (String, usize);

/// The fields that a page's templates name.
#[derive(Debug, Default)]
pub(super) struct Fields {
    /// Those that are there.
    pub(super) met: BTreeSet<Spot>,
    /// Those that are not.
    pub(super) missing: BTreeMap<Spot, NoField>,
}

/// A path that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NoField {
    /// The field.
    pub(super) name: String,
    /// What there is.
    pub(super) known: Vec<String>,
    /// Whether it is a word of the interface.
    pub(super) is_word: bool,
}

impl Fields {
    /// Takes in those of another page.
    pub(super) fn extend(&mut self, other: Self) {
        self.met.extend(other.met);
        self.missing.extend(other.missing);
    }

    /// Those that are nowhere: what one page lacks, another that shares the template may have, and the template may ask
    /// which of the two it is on.
    pub(super) fn nowhere(self) -> impl Iterator<Item = (Spot, NoField)> {
        let met = self.met;
        self.missing.into_iter().filter(move |(spot, _)| !met.contains(spot))
    }
}

/// The values that a page's templates may name.
#[derive(Clone, Copy)]
pub(super) struct Names {
    /// Name and shape of what the page shows; the frame and the site are always there.
    pub(super) own: Option<(&'static str, &'static Shape)>,
    pub(super) frame: &'static Shape,
    pub(super) site: &'static Shape,
}

/// The values themselves.
pub(super) struct Values<'v> {
    pub(super) own: Option<&'v dyn Struct>,
    pub(super) frame: &'v dyn Struct,
    pub(super) site: &'v dyn Struct,
}

/// A page's templates, compiled.
#[derive(Debug)]
pub(super) struct Program {
    steps: Vec<Step>,
    slots: usize,
}

/// All templates of a theme, parsed once each.
pub(super) struct Library<'t> {
    templates: BTreeMap<&'t str, Result<parse::Template, Beyond>>,
    /// The layers, upper ones first.
    layers: &'t [&'t str],
    words: &'t Words,
}

#[derive(Debug)]
enum Step {
    Text(Box<str>),
    /// Escaped.
    Write(Value),
    /// As it is.
    WriteSafe(Value),
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

impl<'t> Library<'t> {
    /// Parses templates, given by name (`default/screen/goal.html`) and text.
    pub(super) fn new(templates: &'t [(String, String)], layers: &'t [&'t str], words: &'t Words) -> Self {
        let templates = templates.iter().map(|(name, text)| (name.as_str(), parse::parse(text))).collect();
        Self { templates, layers, words }
    }

    /// Compiles a page's templates, and says which fields they name; where one is not there, or something is beyond the
    /// core, there is no program.
    pub(super) fn compile(&self, template: &str, names: Names) -> (Result<Program, Beyond>, Fields) {
        resolve::resolve(self, template, names)
    }

    /// A template by the name other templates call it, of the uppermost layer that has it.
    fn find(&self, name: &str) -> Result<(&'t str, &parse::Template), Beyond> {
        let exact = self.templates.get_key_value(name);
        let found = exact.or_else(|| {
            self.layers.iter().find_map(|layer| self.templates.get_key_value(format!("{layer}/{name}").as_str()))
        });
        let (name, template) = found.ok_or(Beyond)?;
        template.as_ref().map(|template| (*name, template)).map_err(|beyond| *beyond)
    }
}

/// A slot and what is in it.
type Binding = (usize, Type);

/// Bytes of something in a loaded template.
type At = Range<usize>;
