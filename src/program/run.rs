//! A program and the values of a page to bytes.

use super::resolve::{FRAME, OWN, SITE};
use super::{Comparison, MOST_BYTES, MOST_ROUNDS, OfLoop, Program, Step, Unclear, Value, Values};
use crate::markdown::value;
use crate::text::html;
use crate::text::words;
use crate::view::reflect::Ref;
use std::borrow::Cow;
use std::rc::Rc;

impl Program {
    /// Makes a page.
    ///
    /// # Errors
    /// When Tera has to make this page; `out` then holds a part of it.
    pub(crate) fn run(&self, values: &Values<'_>, out: &mut Vec<u8>) -> Result<(), Unclear> {
        let mut slots = vec![Ref::Nothing; self.slots];
        if let Some(own) = values.own {
            slots[OWN] = Ref::Struct(own);
        }
        slots[FRAME] = Ref::Struct(values.frame);
        slots[SITE] = Ref::Struct(values.site);
        Run { slots, rounds: Vec::new(), counted: 0, out }.steps(&self.steps)
    }
}

/// Where a loop is.
#[derive(Clone, Copy)]
struct Round {
    index: usize,
    of: usize,
}

struct Run<'v, 'o> {
    slots: Vec<Ref<'v>>,
    rounds: Vec<Round>,
    /// Rounds of all loops so far.
    counted: u64,
    out: &'o mut Vec<u8>,
}

impl<'v> Run<'v, '_> {
    fn steps(&mut self, steps: &'v [Step]) -> Result<(), Unclear> {
        for step in steps {
            match step {
                Step::Text(text) => self.out.extend_from_slice(text.as_bytes()),
                Step::Write(value) => {
                    let value = self.value(value)?;
                    let out = &mut *self.out;
                    shown(&value, |text| html::escape(text, |part| out.extend_from_slice(part.as_bytes())))?;
                }
                Step::WriteSafe(value) => {
                    let value = self.value(value)?;
                    shown(&value, |text| self.out.extend_from_slice(text.as_bytes()))?;
                }
                Step::WriteValue(value, form) => {
                    let (value, out) = (self.value(value)?, &mut *self.out);
                    shown(&value, |text| value::html(text, *form, |part| out.extend_from_slice(part.as_bytes())))?;
                }
                Step::Set(slot, value) => self.slots[*slot] = self.value(value)?,
                Step::If(branches, otherwise) => {
                    let mut taken = otherwise;
                    for (condition, body) in branches {
                        if self.is_true(condition)? {
                            taken = body;
                            break;
                        }
                    }
                    self.steps(taken)?;
                }
                Step::For { slot, list, backwards, body } => self.each(*slot, list, *backwards, body)?,
            }
        }
        Ok(())
    }

    fn each(&mut self, slot: usize, list: &'v Value, backwards: bool, body: &'v [Step]) -> Result<(), Unclear> {
        let list = self.value(list)?;
        let of = count(&list)?;
        self.counted += of as u64;
        // What is too much is nothing for Tera either, which then says where.
        if self.counted > MOST_ROUNDS {
            return Err(Unclear);
        }
        for index in 0..of {
            if self.out.len() > MOST_BYTES {
                return Err(Unclear);
            }
            self.slots[slot] = item(&list, if backwards { of - 1 - index } else { index })?;
            self.rounds.push(Round { index, of });
            self.steps(body)?;
            self.rounds.pop();
        }
        Ok(())
    }

    fn value(&self, value: &'v Value) -> Result<Ref<'v>, Unclear> {
        Ok(match value {
            Value::Slot(slot) => self.slots[*slot].clone(),
            Value::Text(text) => Ref::Text(text),
            Value::Number(number) => Ref::Number(*number),
            Value::Path(slot, path) => {
                let mut value = None;
                for position in path {
                    value = match value.as_ref().unwrap_or(&self.slots[*slot]) {
                        Ref::Struct(of) => Some(of.field(*position)),
                        _ => return Err(Unclear),
                    };
                }
                value.ok_or(Unclear)?
            }
            Value::Field(of, position) => match self.value(of)? {
                Ref::Struct(of) => of.field(*position),
                _ => return Err(Unclear),
            },
            Value::Item(of, index) => match (self.value(of)?, self.value(index)?) {
                (Ref::Table(table), Ref::Text(key)) => table.get(key).map(|text| Ref::Text(text)).ok_or(Unclear)?,
                (list, Ref::Number(index)) => item(&list, usize::try_from(index).map_err(|_| Unclear)?)?,
                _ => return Err(Unclear),
            },
            Value::Loop(part) => {
                let Round { index, of } = *self.rounds.last().ok_or(Unclear)?;
                match part {
                    OfLoop::Index => number(index + 1),
                    OfLoop::Index0 => number(index),
                    OfLoop::Length => number(of),
                    OfLoop::First => Ref::Truth(index == 0),
                    OfLoop::Last => Ref::Truth(index + 1 == of),
                }
            }
            Value::Length(of) => number(count(&self.value(of)?)?),
            Value::Fill(word, count, named) => self.filled(word, count.as_deref(), named)?,
            Value::Split(of, pattern) => {
                let of = self.value(of)?;
                Ref::Parts(text(&of)?.split(&**pattern).map(Rc::from).collect())
            }
            Value::Join(one, other) => {
                let mut joined = String::new();
                for value in [one, other] {
                    shown(&self.value(value)?, |text| joined.push_str(text))?;
                }
                // Twice as long with each line of a template.
                if joined.len() > MOST_BYTES {
                    return Err(Unclear);
                }
                Ref::Made(joined.into())
            }
            Value::Compare(..) | Value::And(..) | Value::Or(..) | Value::Not(_) => Ref::Truth(self.is_true(value)?),
        })
    }

    fn filled(
        &self,
        word: &'v Value,
        count: Option<&'v Value>,
        named: &'v [(&'static str, Value)],
    ) -> Result<Ref<'v>, Unclear> {
        let word = self.value(word)?;
        let count = match count.map(|count| self.value(count)).transpose()? {
            None => None,
            Some(Ref::Number(count)) => Some(usize::try_from(count).map_err(|_| Unclear)?),
            Some(_) => return Err(Unclear),
        };
        let named = named.iter().map(|(name, value)| Ok((*name, self.value(value)?)));
        let named = named.collect::<Result<Vec<(&str, Ref<'_>)>, Unclear>>()?;
        let named = named.iter().map(|(name, value)| Ok((*name, text(value)?)));
        let named = named.collect::<Result<Vec<(&str, &str)>, Unclear>>()?;
        Ok(Ref::Made(words::fill(text(&word)?, count, &named).into()))
    }

    fn is_true(&self, value: &'v Value) -> Result<bool, Unclear> {
        Ok(match value {
            Value::And(one, other) => self.is_true(one)? && self.is_true(other)?,
            Value::Or(one, other) => self.is_true(one)? || self.is_true(other)?,
            Value::Not(inner) => !self.is_true(inner)?,
            Value::Compare(comparison, one, other) => {
                let (one, other) = (self.value(one)?, self.value(other)?);
                let order = match (&one, &other) {
                    (Ref::Number(one), Ref::Number(other)) => one.cmp(other),
                    _ => text(&one)?.cmp(text(&other)?),
                };
                match comparison {
                    Comparison::Equal => order.is_eq(),
                    Comparison::Unequal => order.is_ne(),
                    Comparison::Less => order.is_lt(),
                    Comparison::LessOrEqual => order.is_le(),
                    Comparison::More => order.is_gt(),
                    Comparison::MoreOrEqual => order.is_ge(),
                }
            }
            value => match self.value(value)? {
                Ref::Nothing => false,
                Ref::Truth(truth) => truth,
                Ref::Number(number) => number != 0,
                Ref::Text(text) => !text.is_empty(),
                Ref::Made(text) => !text.is_empty(),
                Ref::Parts(parts) => !parts.is_empty(),
                Ref::List(list) => list.count() > 0,
                Ref::Struct(_) => true,
                Ref::Table(table) => !table.is_empty(),
            },
        })
    }
}

fn number(number: usize) -> Ref<'static> {
    i64::try_from(number).map_or(Ref::Nothing, Ref::Number)
}

fn text<'r>(value: &'r Ref<'_>) -> Result<&'r str, Unclear> {
    match value {
        Ref::Text(text) => Ok(text),
        Ref::Made(text) => Ok(text),
        _ => Err(Unclear),
    }
}

fn count(list: &Ref<'_>) -> Result<usize, Unclear> {
    match list {
        Ref::List(list) => Ok(list.count()),
        Ref::Parts(parts) => Ok(parts.len()),
        _ => Err(Unclear),
    }
}

fn item<'v>(list: &Ref<'v>, index: usize) -> Result<Ref<'v>, Unclear> {
    match list {
        Ref::List(list) => list.item(index).ok_or(Unclear),
        Ref::Parts(parts) => parts.get(index).map(|part| Ref::Made(part.clone())).ok_or(Unclear),
        _ => Err(Unclear),
    }
}

/// Hands out what a value looks like on a page.
fn shown(value: &Ref<'_>, put: impl FnOnce(&str)) -> Result<(), Unclear> {
    let text = match value {
        Ref::Nothing => Cow::Borrowed(""),
        Ref::Truth(true) => Cow::Borrowed("true"),
        Ref::Truth(false) => Cow::Borrowed("false"),
        Ref::Number(number) => Cow::Owned(number.to_string()),
        Ref::Text(text) => Cow::Borrowed(*text),
        Ref::Made(text) => Cow::Borrowed(&**text),
        Ref::Parts(_) | Ref::List(_) | Ref::Struct(_) | Ref::Table(_) => return Err(Unclear),
    };
    put(&text);
    Ok(())
}
