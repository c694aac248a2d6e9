//! The templates of a page to one program: blocks in their places, includes written out, names as slots, fields as
//! positions.
//!
//! Scopes are Tera's. A name is looked for in loops from the innermost outwards, then among what the template set, then
//! in the template that includes it, and last among the values of the page. What a loop's body sets is gone in its next
//! round; what an include sets is gone after it. A name that only some branches set has no one meaning afterwards, so
//! naming it then is beyond this.

use super::parse::{Expr, Kind, Operator, Part, Template};
use super::{At, Beyond, Binding, Comparison, Fields, Library, Names, NoField, OfLoop, Program, Step, Value};
use crate::view::reflect::Type;
use std::collections::BTreeMap;

/// Where the values of a page lie before its templates set anything.
pub(super) const OWN: usize = 0;
pub(super) const FRAME: usize = 1;
pub(super) const SITE: usize = 2;
const FIRST_FREE: usize = 3;

/// Includes inside one another.
const DEEPEST: usize = 16;

pub(super) fn resolve(library: &Library, template: &str, names: Names) -> (Result<Program, Beyond>, Fields) {
    let mut resolver = Resolver {
        library,
        names,
        blocks: BTreeMap::new(),
        template: "",
        scopes: vec![Scope::default()],
        includes: 0,
        slots: FIRST_FREE,
        fields: Fields::default(),
    };
    let steps = resolver.page(template);
    (steps.map(|steps| Program { steps, slots: resolver.slots }), resolver.fields)
}

#[derive(Clone, Default)]
struct Scope {
    /// `None` where it depends on the page what the name means.
    names: BTreeMap<String, Option<Binding>>,
    is_loop: bool,
}

struct Resolver<'l> {
    library: &'l Library<'l>,
    names: Names,
    /// What fills a block, and the template it stands in: of the page's own template first.
    blocks: BTreeMap<&'l str, (&'l str, &'l [Part])>,
    /// The template that is being read.
    template: &'l str,
    scopes: Vec<Scope>,
    includes: usize,
    slots: usize,
    fields: Fields,
}

impl<'l> Resolver<'l> {
    fn page(&mut self, template: &str) -> Result<Vec<Step>, Beyond> {
        let library = self.library;
        let (mut name, mut found) = library.find(template)?;
        let mut ancestors = 0;
        while let Some(parent) = &found.extends {
            self.collect_blocks(name, found)?;
            (name, found) = library.find(parent)?;
            ancestors += 1;
            if ancestors > DEEPEST {
                return Err(Beyond);
            }
        }
        self.template = name;
        let mut steps = Vec::new();
        self.parts(&found.parts, &mut steps)?;
        Ok(steps)
    }

    /// A template that extends another says nothing outside its blocks.
    fn collect_blocks(&mut self, name: &'l str, template: &'l Template) -> Result<(), Beyond> {
        for part in &template.parts {
            match part {
                Part::Text(text) if text.trim().is_empty() => {}
                Part::Block(block, parts) => {
                    self.blocks.entry(block).or_insert((name, parts));
                }
                _ => return Err(Beyond),
            }
        }
        Ok(())
    }

    /// Goes on behind what is beyond this, so that all fields are looked at.
    fn parts(&mut self, parts: &'l [Part], steps: &mut Vec<Step>) -> Result<(), Beyond> {
        let mut result = Ok(());
        for part in parts {
            result = self.part(part, steps).and(result);
        }
        result
    }

    fn part(&mut self, part: &'l Part, steps: &mut Vec<Step>) -> Result<(), Beyond> {
        match part {
            Part::Text(text) => push_text(steps, text),
            Part::Write(expr) => self.write(expr, steps)?,
            Part::Set(name, expr) => {
                let value = self.value(expr);
                // Also where it is not known what it holds, it is no longer what it was.
                let binding = value.as_ref().ok().map(|(_, of)| (self.slots, *of));
                self.bind(name, binding);
                self.slots += 1;
                let (value, _) = value?;
                steps.push(Step::Set(self.slots - 1, value));
            }
            Part::If(branches, rest) => {
                let mut resolved = Vec::with_capacity(branches.len());
                let before = self.scopes.clone();
                let mut after = Vec::with_capacity(branches.len() + 1);
                let mut result = Ok(());
                for (condition, parts) in branches {
                    let mut body = Vec::new();
                    let condition = self.condition(condition);
                    let parts = self.parts(parts, &mut body);
                    after.push(std::mem::replace(&mut self.scopes, before.clone()));
                    match (condition, parts) {
                        (Ok(condition), Ok(())) => resolved.push((condition, body)),
                        _ => result = Err(Beyond),
                    }
                }
                let mut otherwise = Vec::new();
                result = self.parts(rest, &mut otherwise).and(result);
                after.push(std::mem::replace(&mut self.scopes, before));
                self.forget_what_differs(&after);
                result?;
                steps.push(Step::If(resolved, otherwise));
            }
            Part::For(name, list, parts) => {
                let (list, backwards) = match &list.kind {
                    Kind::Filter(of, filter, arguments) if filter == "reverse" && arguments.is_empty() => (&**of, true),
                    _ => (list, false),
                };
                let (list, item) = match self.value(list) {
                    Ok((value, Type::List(of))) => (Ok(value), Some(*of)),
                    _ => (Err(Beyond), None),
                };
                let slot = self.slots;
                self.slots += 1;
                self.scopes.push(Scope { is_loop: true, ..Scope::default() });
                self.bind(name, item.map(|item| (slot, item)));
                let mut body = Vec::new();
                let result = self.parts(parts, &mut body);
                self.scopes.pop();
                result?;
                steps.push(Step::For { slot, list: list?, backwards, body });
            }
            Part::Block(name, own) => {
                let (template, parts) = match self.blocks.get(name.as_str()) {
                    Some((template, parts)) => (*template, *parts),
                    None => (self.template, own.as_slice()),
                };
                if self.scopes.iter().any(|scope| scope.is_loop) {
                    return Err(Beyond);
                }
                let outer = std::mem::replace(&mut self.template, template);
                let result = self.parts(parts, steps);
                self.template = outer;
                result?;
            }
            Part::Include(name) => {
                let (name, template) = self.library.find(name)?;
                let has_blocks = template.parts.iter().any(|part| matches!(part, Part::Block(..)));
                if template.extends.is_some() || has_blocks || self.includes >= DEEPEST {
                    return Err(Beyond);
                }
                self.includes += 1;
                let outer = std::mem::replace(&mut self.template, name);
                self.scopes.push(Scope::default());
                let result = self.parts(&template.parts, steps);
                self.scopes.pop();
                self.template = outer;
                self.includes -= 1;
                result?;
            }
        }
        Ok(())
    }

    /// Gives a name a meaning where Tera would: in the innermost loop of the template, else in the template.
    fn bind(&mut self, name: &str, binding: Option<Binding>) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.names.insert(name.to_owned(), binding);
        }
    }

    /// After branches: a name that is not the same in all of them is unknown.
    fn forget_what_differs(&mut self, after: &[Vec<Scope>]) {
        for (index, scope) in self.scopes.iter_mut().enumerate() {
            for (name, binding) in after.iter().filter_map(|scopes| scopes.get(index)).flat_map(|scope| &scope.names) {
                let slot = |binding: &Option<Binding>| binding.map(|(slot, _)| slot);
                let is_same = scope.names.get(name).is_some_and(|known| slot(known) == slot(binding));
                if !is_same {
                    scope.names.insert(name.clone(), None);
                }
            }
        }
    }

    fn write(&mut self, expr: &'l Expr, steps: &mut Vec<Step>) -> Result<(), Beyond> {
        let (expr, is_safe) = match &expr.kind {
            Kind::Filter(of, filter, arguments) if filter == "safe" && arguments.is_empty() => (&**of, true),
            _ => (expr, false),
        };
        let (value, of) = self.value(expr)?;
        if !is_writable(of) {
            return Err(Beyond);
        }
        match value {
            Value::Text(text) if is_safe => push_text(steps, &text),
            Value::Text(text) => push_text(steps, crate::text::html::Html::text(&text).as_str()),
            value if is_safe => steps.push(Step::WriteSafe(value)),
            value => steps.push(Step::Write(value)),
        }
        Ok(())
    }

    /// A condition: what `and`, `or` and `not` give is used for nothing else.
    fn condition(&mut self, expr: &'l Expr) -> Result<Value, Beyond> {
        match &expr.kind {
            Kind::Not(inner) => Ok(Value::Not(self.condition(inner)?.into())),
            Kind::Both(operator @ (Operator::And | Operator::Or), one, other) => {
                let (one, other) = (self.condition(one), self.condition(other));
                let (one, other) = (one?.into(), other?.into());
                Ok(if *operator == Operator::And { Value::And(one, other) } else { Value::Or(one, other) })
            }
            _ => Ok(self.value(expr)?.0),
        }
    }

    fn value(&mut self, expr: &'l Expr) -> Result<(Value, Type), Beyond> {
        match &expr.kind {
            Kind::Text(text) => Ok((Value::Text(text.as_str().into()), Type::Text)),
            Kind::Number(number) => Ok((Value::Number(*number), Type::Number)),
            Kind::Name(name) => {
                let (slot, of) = self.look_up(name)?;
                Ok((Value::Slot(slot), of))
            }
            Kind::Field(of, field, at) => self.field(of, field, at),
            Kind::Item(of, index) => {
                let (value, of) = self.value(of)?;
                let (index, index_type) = self.value(index)?;
                match (of, index_type) {
                    (Type::List(item), Type::Number) => Ok((Value::Item(value.into(), index.into()), *item)),
                    (Type::Table, Type::Text) => Ok((Value::Item(value.into(), index.into()), Type::Text)),
                    _ => Err(Beyond),
                }
            }
            Kind::Filter(of, filter, arguments) => self.filter(of, filter, arguments),
            Kind::Both(Operator::Join, one, other) => {
                let (one, other) = (self.value(one)?, self.value(other)?);
                match (one.1, other.1) {
                    (Type::Text | Type::Number, Type::Text | Type::Number) => {
                        Ok((Value::Join(one.0.into(), other.0.into()), Type::Text))
                    }
                    _ => Err(Beyond),
                }
            }
            Kind::Both(Operator::Compare(comparison), one, other) => {
                let (one, other) = (self.value(one)?, self.value(other)?);
                match (one.1, other.1, comparison) {
                    (Type::Number, Type::Number, _)
                    | (Type::Text, Type::Text, Comparison::Equal | Comparison::Unequal) => {
                        Ok((Value::Compare(*comparison, one.0.into(), other.0.into()), Type::Truth))
                    }
                    _ => Err(Beyond),
                }
            }
            Kind::Both(Operator::Or | Operator::And, ..) | Kind::Not(_) => Err(Beyond),
        }
    }

    fn look_up(&self, name: &str) -> Result<Binding, Beyond> {
        if let Some(binding) = self.scopes.iter().rev().find_map(|scope| scope.names.get(name)) {
            return binding.ok_or(Beyond);
        }
        match (name, self.names.own) {
            ("page", _) => Ok((FRAME, Type::Struct(self.names.frame))),
            ("site", _) => Ok((SITE, Type::Struct(self.names.site))),
            (name, Some((own, shape))) if name == own => Ok((OWN, Type::Struct(shape))),
            _ => Err(Beyond),
        }
    }

    fn field(&mut self, of: &'l Expr, field: &'l str, at: &At) -> Result<(Value, Type), Beyond> {
        match &of.kind {
            Kind::Name(name) if name == "loop" => {
                let of_loop = match field {
                    "index" => OfLoop::Index,
                    "index0" => OfLoop::Index0,
                    "first" => OfLoop::First,
                    "last" => OfLoop::Last,
                    "length" => OfLoop::Length,
                    _ => return Err(Beyond),
                };
                let truth = matches!(of_loop, OfLoop::First | OfLoop::Last);
                // A loop around an include is none of the include's.
                if !self.scopes.last().is_some_and(|scope| scope.is_loop) {
                    return Err(Beyond);
                }
                return Ok((Value::Loop(of_loop), if truth { Type::Truth } else { Type::Number }));
            }
            Kind::Name(name) if name == "w" && self.scopes.iter().all(|scope| !scope.names.contains_key("w")) => {
                let words = self.library.words.all();
                let Some(word) = words.get(field) else {
                    let spot = (self.template.to_owned(), at.start);
                    let known = words.keys().cloned().collect();
                    self.fields.missing.insert(spot, NoField { name: field.to_owned(), known, is_word: true });
                    return Err(Beyond);
                };
                return Ok((Value::Text(word.as_str().into()), Type::Text));
            }
            _ => {}
        }
        let (value, of) = self.value(of)?;
        // A field of nothing is for Tera to judge when it comes to that; see `run`.
        let shape = match of {
            Type::Struct(shape) => shape,
            Type::Optional(Type::Struct(shape)) => *shape,
            _ => return Err(Beyond),
        };
        let spot = (self.template.to_owned(), at.start);
        let Some((position, of)) = shape.find(field) else {
            let known = shape.fields.iter().map(|field| field.name.to_owned()).collect();
            self.fields.missing.insert(spot, NoField { name: field.to_owned(), known, is_word: false });
            return Err(Beyond);
        };
        self.fields.met.insert(spot);
        let value = match value {
            Value::Slot(slot) => Value::Path(slot, vec![position]),
            Value::Path(slot, mut path) => {
                path.push(position);
                Value::Path(slot, path)
            }
            value => Value::Field(value.into(), position),
        };
        Ok((value, of))
    }

    fn filter(&mut self, of: &'l Expr, filter: &str, arguments: &'l [(String, Expr)]) -> Result<(Value, Type), Beyond> {
        let (value, of) = self.value(of)?;
        match (filter, of) {
            ("length", Type::List(_)) if arguments.is_empty() => Ok((Value::Length(value.into()), Type::Number)),
            ("fill", Type::Text) => {
                let (mut count, mut named) = (None, Vec::new());
                for (name, argument) in arguments {
                    let (value, of) = self.value(argument)?;
                    match (name.as_str(), of) {
                        ("n", Type::Number) => count = Some(Box::new(value)),
                        ("a", Type::Text | Type::Optional(Type::Text)) => named.push(("a", value)),
                        ("b", Type::Text | Type::Optional(Type::Text)) => named.push(("b", value)),
                        ("c", Type::Text | Type::Optional(Type::Text)) => named.push(("c", value)),
                        _ => return Err(Beyond),
                    }
                }
                Ok((Value::Fill(value.into(), count, named), Type::Text))
            }
            ("split", Type::Text) => match arguments {
                [(name, Expr { kind: Kind::Text(pattern), .. })] if name == "pat" && !pattern.is_empty() => {
                    Ok((Value::Split(value.into(), pattern.as_str().into()), Type::List(&Type::Text)))
                }
                _ => Err(Beyond),
            },
            _ => Err(Beyond),
        }
    }
}

fn is_writable(of: Type) -> bool {
    matches!(of, Type::Text | Type::Number | Type::Truth | Type::Optional(Type::Text | Type::Number | Type::Truth))
}

/// Texts next to one another are one.
fn push_text(steps: &mut Vec<Step>, text: &str) {
    match steps.last_mut() {
        Some(Step::Text(before)) => {
            let mut whole = std::mem::take(before).into_string();
            whole.push_str(text);
            *before = whole.into();
        }
        _ if text.is_empty() => {}
        _ => steps.push(Step::Text(text.into())),
    }
}
