//! All that a value in a template may be, as far as its fields go.

use crate::view::reflect::{Shape, Type};
use std::collections::BTreeMap;

/// What a value may be, as far as its fields go.
#[derive(Clone, Debug)]
pub(super) enum What<'l> {
    /// Anything.
    Unknown,
    /// What comes of a field that is missing or undecided, of which enough is said.
    Spent,
    /// Something of the contract without fields.
    Plain,
    /// Something that the template makes, without fields.
    Made,
    Struct(&'static Shape),
    List(May<'l>),
    /// Texts by names that are known only when a site is made.
    Table,
    /// The words of the interface.
    Words,
    /// A map that the template makes.
    Map(BTreeMap<&'l str, May<'l>>),
}

impl PartialEq for What<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Struct(one), Self::Struct(other)) => std::ptr::eq(*one, *other),
            (Self::List(one), Self::List(other)) => one == other,
            (Self::Map(one), Self::Map(other)) => one == other,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

impl PartialEq for May<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.0.iter().all(|what| other.0.contains(what))
    }
}

/// All that a value may be; nothing at all where it is never defined.
#[derive(Clone, Debug, Default)]
pub(super) struct May<'l>(pub(super) Vec<What<'l>>);

impl<'l> May<'l> {
    pub(super) fn one(what: What<'l>) -> Self {
        Self(vec![what])
    }

    pub(super) fn of(of: Type) -> Self {
        Self::one(match of {
            Type::Text | Type::Number | Type::Truth => What::Plain,
            Type::Optional(of) => return Self::of(*of),
            Type::List(of) => What::List(Self::of(*of)),
            Type::Struct(shape) => What::Struct(shape),
            Type::Table => What::Table,
        })
    }

    /// Also what another may be.
    pub(super) fn or(mut self, other: Self) -> Self {
        for what in other.0 {
            if !self.0.contains(&what) {
                self.0.push(what);
            }
        }
        self
    }

    /// What a loop over it gives.
    pub(super) fn items(self) -> Self {
        self.0.into_iter().fold(Self::default(), |all, what| {
            all.or(match what {
                What::List(of) => of,
                What::Plain | What::Made | What::Table => Self::one(What::Made),
                What::Spent => Self::one(What::Spent),
                What::Unknown | What::Struct(_) | What::Words | What::Map(_) => Self::one(What::Unknown),
            })
        })
    }
}
