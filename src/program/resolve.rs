//! The templates of a page to one program: blocks in their places, includes written out, names as slots, fields as
//! positions.
//!
//! Scopes are Tera's. A name is looked for in loops from the innermost outwards, then among what the template set, then
//! in the template that includes it, and last among the values of the page. What a loop's body sets is gone in its next
//! round; what an include sets is gone after it. A name that only some branches set has no one meaning afterwards, so
//! naming it then is beyond this.
//!
//! What is beyond this is noted with its place, and the rest is read all the same: people hear of all reasons at once.

use super::tree::{Block, Expr, Filter, For, Kind, Operator, Part, Template};
use super::{
    At, Beyond, Binding, Comparison, Compiled, Library, Names, OfLoop, Program, Reason, Spot, Step, Value, Why,
};
use crate::markdown::value::Form;
use crate::view::reflect::Type;
use std::collections::BTreeMap;

/// Where the values of a page lie before its templates set anything.
pub(super) const OWN: usize = 0;
pub(super) const FRAME: usize = 1;
pub(super) const SITE: usize = 2;
const FIRST_FREE: usize = 3;

/// Includes inside one another.
const DEEPEST: usize = 16;

pub(super) fn resolve(library: &Library, template: &str, names: Names) -> Compiled {
    let mut resolver = Resolver {
        library,
        names,
        blocks: BTreeMap::new(),
        open: Vec::new(),
        name: "",
        template: None,
        scopes: vec![Scope::default()],
        includes: Vec::new(),
        slots: FIRST_FREE,
        reasons: BTreeMap::new(),
    };
    let steps = resolver.page(template);
    let program = steps.ok().map(|steps| Program { steps, slots: resolver.slots });
    Compiled { program, reasons: resolver.reasons }
}

/// What a name means.
#[derive(Clone, Copy)]
enum Meaning {
    This(Binding),
    /// It depends on the page.
    Varies,
    /// Something beyond this, which is noted already.
    Lost,
}

#[derive(Clone, Default)]
struct Scope {
    names: BTreeMap<String, Meaning>,
}

struct Resolver<'l> {
    library: &'l Library<'l>,
    names: Names,
    /// What fills a block, and the template it stands in: of the page's own template first.
    blocks: BTreeMap<&'l str, (&'l str, &'l Template, &'l Block)>,
    /// Blocks that are being read.
    open: Vec<&'l str>,
    /// The template that is being read.
    name: &'l str,
    template: Option<&'l Template>,
    scopes: Vec<Scope>,
    /// Templates that are being read because others include them.
    includes: Vec<&'l str>,
    slots: usize,
    reasons: BTreeMap<Spot, Reason>,
}

impl<'l> Resolver<'l> {
    /// Notes why the page is beyond this.
    fn beyond<T>(&mut self, at: &At, why: Why) -> Result<T, Beyond> {
        let reason = Reason { at: at.clone(), why };
        self.reasons.entry((self.name.to_owned(), at.start)).or_insert(reason);
        Err(Beyond)
    }

    fn written<T>(&mut self, at: &At, what: impl Into<String>) -> Result<T, Beyond> {
        self.beyond(at, Why::Written(what.into()))
    }

    fn used<T>(&mut self, at: &At) -> Result<T, Beyond> {
        let what = self.library.snippet(self.name, at);
        self.beyond(at, Why::Used(what))
    }

    /// Another template, called at some bytes of this one.
    fn find(&mut self, name: &str, at: &At) -> Result<(&'l str, &'l Template), Beyond> {
        let Some((name, source)) = self.library.find(name) else { return self.used(at) };
        match &source.tree {
            Ok(template) => Ok((name, template)),
            Err(unread) => {
                let at = unread.0..unread.0 + 1;
                let why = Why::Used(self.library.snippet(name, &at));
                self.reasons.insert((name.to_owned(), at.start), Reason { at, why });
                Err(Beyond)
            }
        }
    }

    fn page(&mut self, template: &str) -> Result<Vec<Step>, Beyond> {
        let (mut name, mut found) = self.find(template, &(0..0))?;
        let mut ancestors = 0;
        loop {
            for block in &found.blocks {
                self.blocks.entry(&block.name).or_insert((name, found, block));
            }
            let Some(parent) = &found.extends else { break };
            self.name = name;
            ancestors += 1;
            if ancestors > DEEPEST {
                return self.used(&(0..0));
            }
            (name, found) = self.find(parent, &(0..0))?;
        }
        (self.name, self.template) = (name, Some(found));
        let mut steps = Vec::new();
        self.parts(&found.parts, &mut steps)?;
        Ok(steps)
    }

    /// Goes on behind what is beyond this.
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
                let meaning = value.as_ref().map_or(Meaning::Lost, |(_, of)| Meaning::This((self.slots, *of)));
                self.bind(name, meaning);
                self.slots += 1;
                let (value, _) = value?;
                steps.push(Step::Set(self.slots - 1, value));
            }
            Part::If(branches, rest) => self.branches(branches, rest, steps)?,
            Part::For(each) => self.each(each, steps)?,
            Part::Block(index) => self.block(*index, steps)?,
            Part::Include(name, at) => self.include(name, at, steps)?,
            Part::SetGlobal(name, value, at) => {
                let _ = self.value(value);
                self.bind(name, Meaning::Lost);
                return self.written(at, "set_global");
            }
            Part::SetBlock { name, filters, parts, at, .. } => {
                let _ = self.parts(parts, &mut Vec::new());
                self.arguments(filters);
                self.bind(name, Meaning::Lost);
                return self.written(at, format!("{{% set {name} %}}…{{% endset %}}"));
            }
            Part::FilterSection { filters, parts, at } => {
                let _ = self.parts(parts, &mut Vec::new());
                self.arguments(filters);
                return self.written(at, "{% filter … %}");
            }
            Part::Jump(word, at) => return self.written(at, *word),
        }
        Ok(())
    }

    fn branches(
        &mut self,
        branches: &'l [(Expr, Vec<Part>)],
        rest: &'l [Part],
        steps: &mut Vec<Step>,
    ) -> Result<(), Beyond> {
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
        Ok(())
    }

    fn each(&mut self, each: &'l For, steps: &mut Vec<Step>) -> Result<(), Beyond> {
        let (list, backwards) = match &each.list.kind {
            Kind::Filter(of, filter) if filter.name == "reverse" && filter.arguments.is_empty() => (&**of, true),
            _ => (&each.list, false),
        };
        let (list, item) = match self.value(list) {
            Ok((value, Type::List(of))) => (Ok(value), Some(*of)),
            Ok(_) => (self.used(&each.list.at), None),
            Err(Beyond) => (Err(Beyond), None),
        };
        let mut result = Ok(());
        if each.key.is_some() {
            result = self.written(&each.at, "for …, … in");
        }
        let slot = self.slots;
        self.slots += 1;
        self.scopes.push(Scope::default());
        if let Some(name) = &each.key {
            self.bind(name, Meaning::Lost);
        }
        self.bind(&each.name, item.map_or(Meaning::Lost, |item| Meaning::This((slot, item))));
        let mut body = Vec::new();
        result = self.parts(&each.parts, &mut body).and(result);
        self.scopes.pop();
        if let Some((parts, at)) = &each.otherwise {
            let _ = self.parts(parts, &mut Vec::new());
            result = self.written(at, "for … else");
        }
        result?;
        steps.push(Step::For { slot, list: list?, backwards, body });
        Ok(())
    }

    fn block(&mut self, index: usize, steps: &mut Vec<Step>) -> Result<(), Beyond> {
        let own = self.template.and_then(|template| template.blocks.get(index)).ok_or(Beyond)?;
        let (name, template, block) = *self.blocks.get(own.name.as_str()).ok_or(Beyond)?;
        // Blocks of two templates may stand in each other.
        if self.open.contains(&own.name.as_str()) {
            return self.used(&(0..0));
        }
        self.open.push(&own.name);
        let outer = (self.name, self.template);
        (self.name, self.template) = (name, Some(template));
        let result = self.parts(&block.parts, steps);
        (self.name, self.template) = outer;
        self.open.pop();
        result
    }

    fn include(&mut self, name: &str, at: &At, steps: &mut Vec<Step>) -> Result<(), Beyond> {
        let outer = (self.name, self.template);
        let (name, template) = self.find(name, at)?;
        let is_deep = self.includes.contains(&name) || self.includes.len() >= DEEPEST;
        if template.extends.is_some() || !template.blocks.is_empty() || is_deep {
            return self.written(at, format!("include \"{name}\""));
        }
        self.includes.push(name);
        (self.name, self.template) = (name, Some(template));
        self.scopes.push(Scope::default());
        let result = self.parts(&template.parts, steps);
        self.scopes.pop();
        (self.name, self.template) = outer;
        self.includes.pop();
        result
    }

    /// Gives a name a meaning where Tera would: in the innermost loop of the template, else in the template.
    fn bind(&mut self, name: &str, meaning: Meaning) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.names.insert(name.to_owned(), meaning);
        }
    }

    /// After branches: a name that is not the same in all of them is unknown.
    fn forget_what_differs(&mut self, after: &[Vec<Scope>]) {
        for (index, scope) in self.scopes.iter_mut().enumerate() {
            for (name, meaning) in after.iter().filter_map(|scopes| scopes.get(index)).flat_map(|scope| &scope.names) {
                let known = scope.names.get(name).copied();
                let differs = match (known, *meaning) {
                    (Some(Meaning::This((known, _))), Meaning::This((slot, _))) if known == slot => continue,
                    (Some(Meaning::Lost), _) | (_, Meaning::Lost) => Meaning::Lost,
                    _ => Meaning::Varies,
                };
                scope.names.insert(name.clone(), differs);
            }
        }
    }

    fn write(&mut self, expr: &'l Expr, steps: &mut Vec<Step>) -> Result<(), Beyond> {
        if let Kind::Filter(of, filter) = &expr.kind
            && filter.name == "value"
        {
            return self.write_value(expr, of, filter, steps);
        }
        let (inner, is_safe) = match &expr.kind {
            Kind::Filter(of, filter) if filter.name == "safe" && filter.arguments.is_empty() => (&**of, true),
            _ => (expr, false),
        };
        let (value, of) = self.value(inner)?;
        if !is_writable(of) {
            return self.used(&expr.at);
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
                let (slot, of) = self.look_up(name, &expr.at)?;
                Ok((Value::Slot(slot), of))
            }
            Kind::Loop(of_loop) => {
                let is_truth = matches!(of_loop, OfLoop::First | OfLoop::Last);
                Ok((Value::Loop(*of_loop), if is_truth { Type::Truth } else { Type::Number }))
            }
            Kind::Field(of, field, at) => self.field(expr, of, field, at),
            Kind::Item(of, index) => {
                let (of, index) = (self.value(of), self.value(index));
                let ((value, of), (index, index_type)) = (of?, index?);
                match (of, index_type) {
                    (Type::List(item), Type::Number) => Ok((Value::Item(value.into(), index.into()), *item)),
                    (Type::Table, Type::Text) => Ok((Value::Item(value.into(), index.into()), Type::Text)),
                    _ => self.used(&expr.at),
                }
            }
            Kind::Filter(of, filter) => self.filter(expr, of, filter),
            Kind::Both(Operator::Join, one, other) => {
                let (one, other) = (self.value(one), self.value(other));
                let (one, other) = (one?, other?);
                match (one.1, other.1) {
                    (Type::Text | Type::Number, Type::Text | Type::Number) => {
                        Ok((Value::Join(one.0.into(), other.0.into()), Type::Text))
                    }
                    _ => self.used(&expr.at),
                }
            }
            Kind::Both(Operator::Compare(comparison), one, other) => {
                let (one, other) = (self.value(one), self.value(other));
                let (one, other) = (one?, other?);
                match (one.1, other.1, comparison) {
                    (Type::Number, Type::Number, _)
                    | (Type::Text, Type::Text, Comparison::Equal | Comparison::Unequal) => {
                        Ok((Value::Compare(*comparison, one.0.into(), other.0.into()), Type::Truth))
                    }
                    _ => self.used(&expr.at),
                }
            }
            Kind::Both(Operator::Or | Operator::And, ..) | Kind::Not(_) => {
                let _ = self.condition(expr);
                self.used(&expr.at)
            }
            _ => self.other(expr),
        }
    }

    /// What the core does not have.
    fn other(&mut self, expr: &'l Expr) -> Result<(Value, Type), Beyond> {
        let what = match &expr.kind {
            Kind::Perhaps(of) => {
                let _ = self.value(of);
                "?.".into()
            }
            Kind::Minus(of) => {
                let _ = self.value(of);
                "-".into()
            }
            Kind::Both(operator, one, other) => {
                let _ = (self.value(one), self.value(other));
                match operator {
                    Operator::Count(sign) => *sign,
                    _ => "in",
                }
                .into()
            }
            Kind::Test(of, test) => {
                let _ = self.value(of);
                self.arguments(std::slice::from_ref(test));
                format!("is {}", test.name)
            }
            Kind::Call(call) => {
                self.arguments(std::slice::from_ref(call));
                format!("{}()", call.name)
            }
            Kind::Component(called) => {
                for attribute in &called.attributes {
                    let _ = self.value(attribute.value());
                }
                let _ = called.body.as_ref().map(|body| self.parts(body, &mut Vec::new()));
                format!("<{}>", called.name)
            }
            Kind::Ternary(parts) => {
                let [condition, one, other] = &**parts;
                let _ = (self.condition(condition), self.value(one), self.value(other));
                "… if … else …".into()
            }
            _ => self.library.snippet(self.name, &expr.at),
        };
        let at = match &expr.kind {
            Kind::Test(_, test) => &test.at,
            _ => &expr.at,
        };
        self.written(at, what)
    }

    fn arguments(&mut self, filters: &'l [Filter]) {
        for (_, argument) in filters.iter().flat_map(|filter| &filter.arguments) {
            let _ = self.value(argument);
        }
    }

    fn look_up(&mut self, name: &str, at: &At) -> Result<Binding, Beyond> {
        match self.scopes.iter().rev().find_map(|scope| scope.names.get(name).copied()) {
            // Tera's own names mean what they mean.
            _ if name.starts_with("__tera_") => return self.used(at),
            Some(Meaning::This(binding)) => return Ok(binding),
            Some(Meaning::Varies) => return self.used(at),
            Some(Meaning::Lost) => return Err(Beyond),
            None => {}
        }
        match (name, self.names.own) {
            ("page", _) => Ok((FRAME, Type::Struct(self.names.frame))),
            ("site", _) => Ok((SITE, Type::Struct(self.names.site))),
            (name, Some((own, shape))) if name == own => Ok((OWN, Type::Struct(shape))),
            _ => self.used(at),
        }
    }

    fn field(&mut self, expr: &'l Expr, of: &'l Expr, field: &str, at: &At) -> Result<(Value, Type), Beyond> {
        let is_word = matches!(&of.kind, Kind::Name(name) if name == "w");
        if is_word && self.scopes.iter().all(|scope| !scope.names.contains_key("w")) {
            return match self.library.words.all().get(field) {
                Some(word) => Ok((Value::Text(word.as_str().into()), Type::Text)),
                None => self.missing(expr, at),
            };
        }
        let (value, of) = self.value(of)?;
        // A field of nothing is for Tera to judge when it comes to that; see `run`.
        let shape = match of {
            Type::Struct(shape) => shape,
            Type::Optional(Type::Struct(shape)) => *shape,
            _ => return self.missing(expr, at),
        };
        let Some((position, of)) = shape.find(field) else { return self.missing(expr, at) };
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

    /// `{{ action.text | value(part="lead", tag="span") }}`: lines, lists and ruby of a text of front matter.
    fn write_value(
        &mut self,
        expr: &'l Expr,
        of: &'l Expr,
        filter: &'l Filter,
        steps: &mut Vec<Step>,
    ) -> Result<(), Beyond> {
        let value = self.value(of);
        let mut form = Form::default();
        for (name, argument) in &filter.arguments {
            let known = match &argument.kind {
                Kind::Text(text) => form.set(name, text),
                _ => {
                    // What it names is a path like any other.
                    let _ = self.value(argument);
                    false
                }
            };
            if !known {
                return self.used(&expr.at);
            }
        }
        match value? {
            (value, Type::Text | Type::Optional(Type::Text)) => steps.push(Step::WriteValue(value, form)),
            _ => return self.used(&expr.at),
        }
        Ok(())
    }

    /// A field that is not there. It stands where the fields note it, which say more: see `fields`.
    fn missing<T>(&mut self, expr: &'l Expr, at: &At) -> Result<T, Beyond> {
        let what = self.library.snippet(self.name, &(expr.at.start..at.end));
        self.beyond(at, Why::Used(what))
    }

    fn filter(&mut self, expr: &'l Expr, of: &'l Expr, filter: &'l Filter) -> Result<(Value, Type), Beyond> {
        let value = self.value(of);
        let arguments: Vec<_> =
            filter.arguments.iter().map(|(name, argument)| (name.as_str(), self.value(argument))).collect();
        if !["length", "fill", "split", "safe", "reverse"].contains(&filter.name.as_str()) {
            return self.written(&filter.at, format!("| {}", filter.name));
        }
        let (value, of) = value?;
        match (filter.name.as_str(), of) {
            ("length", Type::List(_)) if arguments.is_empty() => Ok((Value::Length(value.into()), Type::Number)),
            ("fill", Type::Text) => {
                let (mut count, mut named) = (None, Vec::new());
                for (name, argument) in arguments {
                    let (value, of) = argument?;
                    match (name, of) {
                        ("n", Type::Number) => count = Some(Box::new(value)),
                        ("a", Type::Text | Type::Optional(Type::Text)) => named.push(("a", value)),
                        ("b", Type::Text | Type::Optional(Type::Text)) => named.push(("b", value)),
                        ("c", Type::Text | Type::Optional(Type::Text)) => named.push(("c", value)),
                        _ => return self.used(&expr.at),
                    }
                }
                Ok((Value::Fill(value.into(), count, named), Type::Text))
            }
            ("split", Type::Text) => match filter.arguments.as_slice() {
                [(name, Expr { kind: Kind::Text(pattern), .. })] if name == "pat" && !pattern.is_empty() => {
                    Ok((Value::Split(value.into(), pattern.as_str().into()), Type::List(&Type::Text)))
                }
                _ => self.used(&expr.at),
            },
            _ => self.used(&expr.at),
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
