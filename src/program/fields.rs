//! Every path of a page's templates, held against the contract: in every branch, in blocks that another template fills,
//! and whatever else the templates use.
//!
//! A value here is all that it may be ([`May`]): a struct of the contract, a list of some, a text. Scopes are Tera's, as
//! in [`super::resolve`], which says what they are; here also `set_global`, components with what each call gives them, and
//! all other ways in which Tera gives a name a meaning. Where branches differ a value may be what any of them made it. A
//! field that nothing of this has is missing. Where a value may be anything (what a function gives, a key that only a page
//! knows), a field of it is undecided: it is never an error, and people can be told.

use super::may::{May, What};
use super::tree::{Called, Component, Comprehension, Entry, Expr, Filter, For, Kind, Operator, Part, Template};
use super::{At, Library, Names, Spot};
use std::collections::{BTreeMap, BTreeSet};

/// The fields that a page's templates name.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    /// Those that are there.
    pub(crate) met: BTreeSet<Spot>,
    /// Those that are not.
    pub(crate) missing: BTreeMap<Spot, NoField>,
    /// Those of which nobody can say before a page is made, as they are written.
    pub(crate) undecided: BTreeMap<Spot, String>,
}

/// A path that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoField {
    /// The field.
    pub(crate) name: String,
    /// What there is.
    pub(crate) known: Vec<String>,
    /// Whether it is a word of the interface.
    pub(crate) is_word: bool,
}

impl Fields {
    /// Takes in those of another page.
    pub(crate) fn extend(&mut self, other: Self) {
        self.met.extend(other.met);
        self.missing.extend(other.missing);
        self.undecided.extend(other.undecided);
    }

    /// Leaves those that are nowhere: what one page lacks, another that shares the template may have, and the template
    /// may ask which of the two it is on. What is certain for one page is not undecided.
    pub(crate) fn settle(&mut self) {
        let (met, missing) = (&self.met, &mut self.missing);
        missing.retain(|spot, _| !met.contains(spot));
        self.undecided.retain(|spot, _| !met.contains(spot) && !missing.contains_key(spot));
    }
}

/// How much is read for one page, in parts and expressions; templates that people write are far below it.
const MOST: usize = 1 << 20;

pub(super) fn fields(library: &Library, template: &str, names: Names) -> Fields {
    let mut site = Scope::default();
    site.names.insert("w", May::one(What::Words));
    site.names.insert("site", May::one(What::Struct(names.site)));
    site.names.insert("page", May::one(What::Struct(names.frame)));
    site.names.extend(names.own.map(|(name, shape)| (name, May::one(What::Struct(shape)))));
    let mut reader = Reader {
        library,
        fields: Fields::default(),
        notes: Notes::All,
        chain: Vec::new(),
        blocks: Vec::new(),
        place: Place::default(),
        includes: Vec::new(),
        scopes: vec![site, Scope::default()],
        callers: Vec::new(),
        calls: Vec::new(),
        globals: Vec::new(),
        left: MOST,
    };
    reader.page(template);
    reader.fields
}

#[derive(Clone, Debug, Default)]
struct Scope<'l> {
    names: BTreeMap<&'l str, May<'l>>,
    is_loop: bool,
}

/// What is noted of what is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Notes {
    None,
    /// In a block that another template fills: nothing of it need ever be decided.
    Certain,
    All,
}

/// The template that is being read.
#[derive(Clone, Copy, Debug, Default)]
struct Place<'l> {
    name: &'l str,
    template: Option<&'l Template>,
}

struct Reader<'l> {
    library: &'l Library<'l>,
    fields: Fields,
    notes: Notes,
    /// The template that is made, and those it extends, in this order.
    chain: Vec<Place<'l>>,
    /// The block that is being read, after those around it: its name, and whose it is in the chain.
    blocks: Vec<(&'l str, usize)>,
    place: Place<'l>,
    /// Those that are being read because others include them.
    includes: Vec<&'l str>,
    scopes: Vec<Scope<'l>>,
    /// The scopes of those that called the component that is being read.
    callers: Vec<Vec<Scope<'l>>>,
    /// Components that are being read.
    calls: Vec<&'l Component>,
    /// What `set_global` has set so far.
    globals: Vec<(&'l str, May<'l>)>,
    /// How much may still be read.
    left: usize,
}

impl<'l> Reader<'l> {
    fn find(&self, name: &str) -> Option<Place<'l>> {
        let (name, source) = self.library.find(name)?;
        Some(Place { name, template: source.tree.as_ref().ok() })
    }

    /// A template and those it extends.
    fn chain(&self, first: Place<'l>) -> Vec<Place<'l>> {
        let mut chain = vec![first];
        let mut last = first;
        while let Some(parent) = last.template.and_then(|template| template.extends.as_ref()) {
            match self.find(parent) {
                Some(place) if chain.iter().all(|known| known.name != place.name) => last = place,
                _ => break,
            }
            chain.push(last);
        }
        chain
    }

    fn page(&mut self, template: &str) {
        let Some(first) = self.find(template) else { return };
        self.chain = self.chain(first);
        self.place = *self.chain.last().unwrap_or(&first);
        if let Some(template) = self.place.template {
            self.parts(&template.parts);
        }
    }

    /// Whether there is still something to be read; else, what stands at some bytes is not looked into.
    fn goes_on(&mut self, at: &At) -> bool {
        if self.left == 0 {
            self.undecided(at, at);
        }
        self.left > 0
    }

    fn parts(&mut self, parts: &'l [Part]) {
        for part in parts {
            self.left = self.left.saturating_sub(1);
            self.part(part);
        }
    }

    fn part(&mut self, part: &'l Part) {
        match part {
            Part::Text(_) | Part::Jump(..) => {}
            Part::Write(expr) => drop(self.value(expr)),
            Part::Set(name, expr) => {
                let value = self.value(expr);
                self.set(name, value);
            }
            Part::SetGlobal(name, expr, _) => {
                let value = self.value(expr);
                self.set_global(name, value);
            }
            Part::SetBlock { name, is_global, filters, parts, .. } => {
                self.parts(parts);
                let made = May::one(What::Made);
                let value = filters.iter().fold(made, |value, filter| self.filtered(value, filter));
                if *is_global { self.set_global(name, value) } else { self.set(name, value) }
            }
            Part::FilterSection { filters, parts, .. } => {
                self.parts(parts);
                filters.iter().fold(May::one(What::Made), |value, filter| self.filtered(value, filter));
            }
            Part::If(branches, rest) => {
                let before = self.scopes.clone();
                let mut after = Vec::with_capacity(branches.len() + 1);
                for (condition, parts) in branches {
                    self.value(condition);
                    self.parts(parts);
                    after.push(std::mem::replace(&mut self.scopes, before.clone()));
                }
                self.parts(rest);
                after.push(std::mem::replace(&mut self.scopes, before));
                self.join(&after);
            }
            Part::For(each) => self.each(each),
            Part::Block(index) => self.block_at(*index),
            Part::Include(name, at) => self.include(name, at),
        }
    }

    fn include(&mut self, name: &str, at: &At) {
        let Some(place) = self.find(name) else { return };
        if self.includes.contains(&place.name) || !self.goes_on(at) {
            return;
        }
        let chain = self.chain(place);
        let outer = (std::mem::replace(&mut self.chain, chain), std::mem::take(&mut self.blocks), self.place);
        self.place = place;
        self.includes.push(place.name);
        self.scopes.push(Scope::default());
        if let Some(template) = place.template {
            self.parts(&template.parts);
        }
        self.scopes.pop();
        self.includes.pop();
        (self.chain, self.blocks, self.place) = outer;
    }

    /// After branches: a name means what any of them made it.
    fn join(&mut self, after: &[Vec<Scope<'l>>]) {
        // The first one holds what was there from the start.
        for index in 1..self.scopes.len() {
            let of_index = after.iter().filter_map(|scopes| scopes.get(index));
            let names: BTreeSet<&str> = of_index.flat_map(|scope| scope.names.keys().copied()).collect();
            for name in names {
                let each = after.iter().map(|scopes| look_up(&scopes[..=index], name).cloned().unwrap_or_default());
                let all = each.fold(May::default(), May::or);
                self.scopes[index].names.insert(name, all);
            }
        }
    }

    /// In the innermost loop of the template, else in the template.
    fn set(&mut self, name: &'l str, value: May<'l>) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.names.insert(name, value);
        }
    }

    /// In the template.
    fn set_global(&mut self, name: &'l str, value: May<'l>) {
        self.globals.push((name, value.clone()));
        if let Some(scope) = self.scopes.iter_mut().rev().find(|scope| !scope.is_loop) {
            scope.names.insert(name, value);
        }
    }

    fn each(&mut self, each: &'l For) {
        let items = self.value(&each.list).items();
        // What one round sets for the whole template, the next one finds: so it is first read without a note, with these
        // names meaning anything, to see what they may be.
        let before = self.scopes.clone();
        let sets = |reader: &mut Self, value: &dyn Fn(&str) -> May<'l>| {
            if let Some(scope) = reader.scopes.iter_mut().rev().find(|scope| !scope.is_loop) {
                scope.names.extend(each.globals.iter().map(|name| (name.as_str(), value(name))));
            }
        };
        let mut rounds: Vec<(&str, May)> = Vec::new();
        if !each.globals.is_empty() {
            let (notes, from) = (std::mem::replace(&mut self.notes, Notes::None), self.globals.len());
            sets(self, &|_| May::one(What::Unknown));
            self.round(each, items.clone());
            self.notes = notes;
            rounds = self.globals.drain(from..).collect();
        }
        let any_round = |name: &str| {
            let first = look_up(&before, name).cloned().unwrap_or_default();
            rounds.iter().filter(|(known, _)| *known == name).fold(first, |all, (_, value)| all.or(value.clone()))
        };
        self.scopes.clone_from(&before);
        sets(self, &any_round);
        self.round(each, items);
        sets(self, &any_round);
        if let Some((parts, _)) = &each.otherwise {
            let before = self.scopes.clone();
            self.parts(parts);
            let after = [std::mem::replace(&mut self.scopes, before.clone()), before];
            self.join(&after);
        }
    }

    fn round(&mut self, each: &'l For, items: May<'l>) {
        let mut scope = Scope { is_loop: true, ..Scope::default() };
        scope.names.extend(each.key.as_ref().map(|key| (key.as_str(), May::one(What::Made))));
        scope.names.insert(&each.name, items);
        self.scopes.push(scope);
        self.parts(&each.parts);
        self.scopes.pop();
    }

    /// What fills a block here, and what else would.
    fn block_at(&mut self, index: usize) {
        let Some(own) = self.place.template.and_then(|template| template.blocks.get(index)) else { return };
        let before = self.scopes.clone();
        let filling = self.block_after(&own.name, 0);
        if let Some(filling) = filling {
            self.block(&own.name, filling);
        }
        let after = std::mem::replace(&mut self.scopes, before.clone());
        // A template may be written for others to fill its blocks, and still has to be right where they do not.
        let notes = self.notes;
        self.notes = notes.min(Notes::Certain);
        let mut from = filling.map_or(0, |filling| filling + 1);
        while let Some(other) = self.block_after(&own.name, from) {
            self.block(&own.name, other);
            self.scopes.clone_from(&before);
            from = other + 1;
        }
        self.notes = notes;
        self.scopes = after;
    }

    /// Who fills a block, from some template of the chain on.
    fn block_after(&self, name: &str, from: usize) -> Option<usize> {
        let has = |place: &Place| {
            place.template.is_some_and(|template| template.blocks.iter().any(|block| block.name == name))
        };
        (from..self.chain.len()).find(|index| has(&self.chain[*index]))
    }

    fn block(&mut self, name: &'l str, index: usize) {
        let place = self.chain[index];
        let block = place.template.and_then(|template| template.blocks.iter().find(|block| block.name == name));
        // Blocks of two templates may stand in each other, which no page survives.
        let Some(block) = block.filter(|_| self.left > 0 && !self.blocks.contains(&(name, index))) else { return };
        self.blocks.push((name, index));
        let outer = std::mem::replace(&mut self.place, place);
        self.parts(&block.parts);
        self.place = outer;
        self.blocks.pop();
    }

    fn value(&mut self, expr: &'l Expr) -> May<'l> {
        self.left = self.left.saturating_sub(1);
        match &expr.kind {
            Kind::Text(_) | Kind::Number(_) | Kind::Constant | Kind::Loop(_) => May::one(What::Made),
            Kind::Name(name) if name.starts_with("__tera_") => May::one(What::Unknown),
            Kind::Name(name) => look_up(&self.scopes, name).cloned().unwrap_or_default(),
            Kind::Field(of, name, at) => {
                let value = self.value(of);
                let value = self.field(value, name, at, &expr.at);
                self.lengthen(of, expr);
                value
            }
            Kind::Item(of, index) => self.item(of, index, expr),
            Kind::Perhaps(of) => self.value(of),
            Kind::Filter(of, filter) => {
                let value = self.value(of);
                self.filtered(value, filter)
            }
            Kind::Slice(of, bounds) => {
                bounds.iter().for_each(|bound| drop(self.value(bound)));
                self.value(of)
            }
            Kind::Both(Operator::And | Operator::Or, one, other) => self.value(one).or(self.value(other)),
            Kind::Both(_, one, other) => {
                self.value(one);
                self.value(other);
                May::one(What::Made)
            }
            Kind::Not(of) | Kind::Minus(of) => {
                self.value(of);
                May::one(What::Made)
            }
            Kind::Test(of, test) => {
                self.value(of);
                self.arguments(test);
                May::one(What::Made)
            }
            Kind::Call(call) => self.call(call),
            Kind::Component(called) => {
                self.component(called, &expr.at);
                May::one(What::Made)
            }
            Kind::Ternary(parts) => {
                let [condition, one, other] = &**parts;
                self.value(condition);
                self.value(one).or(self.value(other))
            }
            Kind::List(entries) => May::one(What::List(self.list(entries))),
            Kind::Map(entries) => self.map(entries),
            Kind::Comprehension(of) => self.comprehension(of),
        }
    }

    fn arguments(&mut self, filter: &'l Filter) {
        for (_, argument) in &filter.arguments {
            self.value(argument);
        }
    }

    /// What entries of a list may be.
    fn list(&mut self, entries: &'l [Entry]) -> May<'l> {
        entries.iter().fold(May::default(), |all, entry| {
            let value = self.value(entry.value());
            all.or(if matches!(entry, Entry::Spread(_)) { value.items() } else { value })
        })
    }

    fn map(&mut self, entries: &'l [Entry]) -> May<'l> {
        let mut map = BTreeMap::new();
        let mut is_known = true;
        for entry in entries {
            let value = self.value(entry.value());
            match (entry, value) {
                (Entry::Named(name, _), value) => drop(map.insert(name.as_str(), value)),
                (_, value) => match value.0.as_slice() {
                    [What::Map(other)] => map.extend(other.clone()),
                    _ => is_known = false,
                },
            }
        }
        May::one(if is_known { What::Map(map) } else { What::Unknown })
    }

    fn comprehension(&mut self, of: &'l Comprehension) -> May<'l> {
        let items = self.value(&of.list).items();
        let mut scope = Scope { is_loop: true, ..Scope::default() };
        scope.names.extend(of.key.as_ref().map(|key| (key.as_str(), May::one(What::Made))));
        scope.names.insert(&of.name, items);
        self.scopes.push(scope);
        if let Some(condition) = &of.condition {
            self.value(condition);
        }
        let value = self.value(&of.value);
        self.scopes.pop();
        May::one(What::List(value))
    }

    /// `a.b`, of which `b` stands at `at`, and all of it, and no more, at `path`.
    fn field(&mut self, value: May<'l>, name: &str, at: &At, path: &At) -> May<'l> {
        let mut found = May::default();
        let (mut is_met, mut is_own, mut is_open, mut is_spent) = (false, false, false, false);
        let mut lacks: Option<NoField> = None;
        let mut lack = |known: &mut dyn Iterator<Item = &str>, is_word: bool| {
            let lacks = lacks.get_or_insert_with(|| NoField { name: name.to_owned(), known: Vec::new(), is_word });
            lacks.known.extend(known.map(str::to_owned));
        };
        for what in value.0 {
            match what {
                What::Unknown => is_open = true,
                What::Spent => is_spent = true,
                What::Made => {}
                What::Plain | What::List(_) => lack(&mut std::iter::empty(), false),
                What::Table => {
                    is_open = true;
                    found = found.or(May::one(What::Made));
                }
                What::Words if self.library.words.all().contains_key(name) => {
                    is_met = true;
                    found = found.or(May::one(What::Made));
                }
                What::Words => lack(&mut self.library.words.all().keys().map(String::as_str), true),
                What::Struct(shape) => match shape.find(name) {
                    Some((_, of)) => {
                        is_met = true;
                        found = found.or(May::of(of));
                    }
                    None => lack(&mut shape.fields.iter().map(|field| field.name), false),
                },
                What::Map(map) => match map.get(name) {
                    Some(value) => {
                        is_own = true;
                        found = found.or(value.clone());
                    }
                    None => is_open = true,
                },
            }
        }
        if is_met && self.notes > Notes::None {
            self.fields.met.insert((self.place.name.to_owned(), at.start));
        }
        if is_met || is_own {
            let rest = [(is_open, What::Unknown), (is_spent, What::Spent)];
            return rest.into_iter().filter(|(is, _)| *is).fold(found, |all, (_, what)| all.or(May::one(what)));
        }
        match lacks.filter(|_| !is_open) {
            _ if is_spent => {}
            None => self.undecided(at, path),
            Some(lacks) if self.notes > Notes::None => {
                self.fields.missing.insert((self.place.name.to_owned(), at.start), lacks);
            }
            Some(_) => {}
        }
        found.or(May::one(What::Spent))
    }

    /// Where the start of a path is undecided, all of the path is what people look for.
    fn lengthen(&mut self, of: &Expr, whole: &Expr) {
        if self.notes == Notes::All
            && let Kind::Field(_, _, at) = &of.kind
            && let Some(written) = self.fields.undecided.get_mut(&(self.place.name.to_owned(), at.start))
        {
            *written = self.library.snippet(self.place.name, &whole.at);
        }
    }

    /// Notes that nobody can say whether what stands at `at` is there; it is written as in `path`.
    fn undecided(&mut self, at: &At, path: &At) {
        if self.notes == Notes::All {
            let spot = (self.place.name.to_owned(), at.start);
            let written = self.library.snippet(self.place.name, path);
            self.fields.undecided.insert(spot, written);
        }
    }

    fn item(&mut self, of: &'l Expr, index: &'l Expr, expr: &'l Expr) -> May<'l> {
        let value = self.value(of);
        self.value(index);
        if let Kind::Text(name) = &index.kind {
            let is_struct = |what: &What| matches!(what, What::Struct(_) | What::Words | What::Map(_) | What::Unknown);
            if value.0.iter().any(is_struct) {
                // The name stands behind its quotation mark.
                return self.field(value, name, &(index.at.start + 1..index.at.end.saturating_sub(1)), &expr.at);
            }
        }
        let mut is_undecided = false;
        let found = value.0.into_iter().fold(May::default(), |all, what| {
            all.or(match what {
                What::List(of) => of,
                What::Plain | What::Made | What::Table => May::one(What::Made),
                What::Unknown | What::Spent => May::one(what),
                What::Struct(_) | What::Words => {
                    is_undecided = true;
                    May::one(What::Spent)
                }
                What::Map(map) => map.into_values().fold(May::one(What::Unknown), May::or),
            })
        });
        if is_undecided {
            self.undecided(&index.at, &expr.at);
        }
        found
    }

    /// What a filter makes of a value.
    fn filtered(&mut self, value: May<'l>, filter: &'l Filter) -> May<'l> {
        let mut given = May::default();
        for (name, argument) in &filter.arguments {
            let argument = self.value(argument);
            if name == "value" {
                given = argument;
            }
        }
        match filter.name.as_str() {
            "safe" => value,
            "default" => value.or(given),
            "reverse" => value.0.into_iter().fold(May::default(), |all, what| {
                all.or(May::one(if what == What::Plain { What::Made } else { what }))
            }),
            "sort" | "unique" => {
                let items = value.items();
                self.attribute(&items, filter);
                May::one(What::List(items))
            }
            "first" | "last" | "nth" => value.items(),
            "keys" | "split" => May::one(What::List(May::one(What::Made))),
            "group_by" => {
                let items = value.items();
                self.attribute(&items, filter);
                May::one(What::Unknown)
            }
            "values" | "pairs" | "get" => May::one(What::Unknown),
            _ => May::one(What::Made),
        }
    }

    /// `attribute="level.label"`: a path in quotes.
    fn attribute(&mut self, items: &May<'l>, filter: &'l Filter) {
        let attribute = filter.arguments.iter().find(|(name, _)| name == "attribute");
        let Some((_, Expr { kind: Kind::Text(path), at })) = attribute else { return };
        let mut value = items.clone();
        // Not where something in it is escaped, or an item is meant.
        let is_plain = at.len() == path.len() + 2 && path.split('.').all(|name| name.parse::<usize>().is_err());
        if !is_plain {
            return;
        }
        let mut start = at.start + 1;
        for name in path.split('.') {
            value = self.field(value, name, &(start..start + name.len()), at);
            start += name.len() + 1;
        }
    }

    fn call(&mut self, call: &'l Filter) -> May<'l> {
        self.arguments(call);
        match call.name.as_str() {
            "super" => {
                if let Some((name, index)) = self.blocks.last().copied()
                    && let Some(next) = self.block_after(name, index + 1)
                {
                    self.block(name, next);
                }
                May::one(What::Made)
            }
            "range" => May::one(What::List(May::one(What::Made))),
            _ => May::one(What::Unknown),
        }
    }

    fn component(&mut self, called: &'l Called, at: &At) {
        let mut given: BTreeMap<&str, May> = BTreeMap::new();
        let mut is_open = false;
        for entry in &called.attributes {
            let value = self.value(entry.value());
            match entry {
                Entry::Named(name, _) => drop(given.insert(name, value)),
                _ => is_open = true,
            }
        }
        if let Some(body) = &called.body {
            self.parts(body);
        }
        let Some((place, component)) = self.find_component(&called.name) else { return };
        if self.calls.iter().any(|known| std::ptr::eq(*known, component)) || !self.goes_on(at) {
            return;
        }
        let mut scope = Scope::default();
        for parameter in &component.parameters {
            let name = parameter.name.as_str();
            let value = match given.remove(name) {
                Some(value) => value,
                None if is_open => May::one(What::Unknown),
                None if parameter.is_implicit && self.implicit(name).is_some() => {
                    self.implicit(name).unwrap_or_default()
                }
                None => match &parameter.default {
                    Some(Expr { kind: Kind::List(_) | Kind::Map(_), .. }) => May::one(What::Unknown),
                    Some(Expr { kind: Kind::Constant, .. }) | None => May::default(),
                    Some(_) => May::one(What::Made),
                },
            };
            scope.names.insert(name, value);
        }
        if let Some(rest) = &component.rest {
            scope.names.insert(rest, May::one(if is_open { What::Unknown } else { What::Map(given) }));
        }
        scope.names.insert("body", May::one(What::Made));
        let outer = (std::mem::take(&mut self.chain), std::mem::take(&mut self.blocks), self.place);
        self.place = place;
        self.callers.push(std::mem::replace(&mut self.scopes, vec![scope, Scope::default()]));
        self.calls.push(component);
        self.parts(&component.parts);
        self.calls.pop();
        self.scopes = self.callers.pop().unwrap_or_default();
        (self.chain, self.blocks, self.place) = outer;
    }

    /// A component by its name, of the uppermost layer that has it.
    fn find_component(&self, name: &str) -> Option<(Place<'l>, &'l Component)> {
        let layer = |name: &str| self.library.layers.iter().position(|layer| name.split('/').next() == Some(*layer));
        let all = self.library.templates.iter().filter_map(|(place, source)| {
            let template = source.tree.as_ref().ok()?;
            let component = template.components.iter().find(|component| component.name == name)?;
            Some((Place { name: place, template: Some(template) }, component))
        });
        all.min_by_key(|(place, _)| layer(place.name))
    }

    /// What a name means here, or else to whoever called the component.
    fn implicit(&self, name: &str) -> Option<May<'l>> {
        let all = std::iter::once(&self.scopes).chain(self.callers.iter().rev());
        all.filter_map(|scopes| look_up(scopes, name)).find(|value| !value.0.is_empty()).cloned()
    }
}

/// What a name means.
fn look_up<'s, 'l>(scopes: &'s [Scope<'l>], name: &str) -> Option<&'s May<'l>> {
    scopes.iter().rev().find_map(|scope| scope.names.get(name))
}
