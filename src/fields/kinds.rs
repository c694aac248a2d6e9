//! What the value of a field is: a type for each, so that a field is read as what it is.

use super::{Form, Key, Map, Names, What};
use std::fmt::Debug;

/// A type of values.
pub trait Kind: Sync + Debug + 'static {
    /// The same as a value.
    fn what(&self) -> What;
}

/// A text that pages show.
#[derive(Debug)]
pub struct Text {
    /// Where.
    pub form: Form,
    /// Whether readers of the site read it as a sentence, so that it is checked as one.
    pub is_read: bool,
}

impl Text {
    /// A text that readers of the site read.
    pub const fn read(form: Form) -> Self {
        Self { form, is_read: true }
    }

    /// A text that pages show and nobody reads as a sentence.
    pub const fn shown(form: Form) -> Self {
        Self { form, is_read: false }
    }
}

impl Kind for Text {
    fn what(&self) -> What {
        What::Text(self.form)
    }
}

/// A word that pages show, as a number to call.
#[derive(Debug)]
pub struct Shown(pub Names);

impl Kind for Shown {
    fn what(&self) -> What {
        What::Word(self.0)
    }
}

/// A list of names that pages show; a single one is a list of one.
#[derive(Debug)]
pub struct Texts(pub Names);

impl Kind for Texts {
    fn what(&self) -> What {
        What::List(What::Word(self.0).into(), true)
    }
}

/// A word that names something.
#[derive(Debug)]
pub struct Word(pub Names);

impl Kind for Word {
    fn what(&self) -> What {
        What::Word(self.0)
    }
}

/// A list of words; a single one is a list of one.
#[derive(Debug)]
pub struct Words(pub Names);

impl Kind for Words {
    fn what(&self) -> What {
        What::List(What::Word(self.0).into(), true)
    }
}

/// A day.
#[derive(Debug)]
pub struct Day;

impl Kind for Day {
    fn what(&self) -> What {
        What::Day
    }
}

/// A decimal figure.
#[derive(Debug)]
pub struct Decimal;

impl Kind for Decimal {
    fn what(&self) -> What {
        What::Figure
    }
}

/// A decimal figure, or what stands in its place: one of several words, or a map of fields of its own.
#[derive(Debug)]
pub struct FigureOr<T: 'static> {
    /// The words, each in English and Japanese, with what it means.
    pub words: &'static [(&'static str, &'static str, T)],
    /// The map.
    pub map: Option<&'static Map>,
}

impl<T: Copy + Sync + Debug + 'static> Kind for FigureOr<T> {
    fn what(&self) -> What {
        let words = (!self.words.is_empty()).then(|| What::Choice(keys(self.words)));
        What::Either([What::Figure].into_iter().chain(words).chain(self.map.map(What::Map)).collect())
    }
}

/// A whole number, from … to.
#[derive(Debug)]
pub struct Range(pub i64, pub i64);

impl Kind for Range {
    fn what(&self) -> What {
        What::Whole(self.0, self.1)
    }
}

/// Yes or no; absent is no.
#[derive(Debug)]
pub struct Flag;

impl Flag {
    /// As it is written.
    pub const CHOICES: &'static [(&'static str, &'static str, bool)] =
        &[("true", "はい", true), ("false", "いいえ", false), ("yes", "はい", true), ("no", "いいえ", false)];
}

impl Kind for Flag {
    fn what(&self) -> What {
        What::Flag
    }
}

/// The years in which something holds.
#[derive(Debug)]
pub struct YearRange;

impl Kind for YearRange {
    fn what(&self) -> What {
        What::Years
    }
}

/// One of several words, each in English and Japanese, with what it means.
#[derive(Debug)]
pub struct Choice<T: 'static>(pub &'static [(&'static str, &'static str, T)]);

fn keys<T>(choices: &'static [(&'static str, &'static str, T)]) -> Vec<Key> {
    choices.iter().map(|(en, ja, _)| Key { en, ja, also: None }).collect()
}

impl<T: Copy + Sync + Debug + 'static> Kind for Choice<T> {
    fn what(&self) -> What {
        What::Choice(keys(self.0))
    }
}

/// Several of them; a single one is a list of one.
#[derive(Debug)]
pub struct Choices<T: 'static>(pub &'static [(&'static str, &'static str, T)]);

impl<T: Copy + Sync + Debug + 'static> Kind for Choices<T> {
    fn what(&self) -> What {
        What::List(What::Choice(keys(self.0)).into(), true)
    }
}

/// A map of fields of its own.
#[derive(Debug)]
pub struct Nested(pub &'static Map);

impl Kind for Nested {
    fn what(&self) -> What {
        What::Map(self.0)
    }
}

/// A list of maps.
#[derive(Debug)]
pub struct Many(pub &'static [&'static Map]);

impl Kind for Many {
    fn what(&self) -> What {
        match self.0 {
            [one] => What::List(What::Map(one).into(), false),
            several => What::List(What::Either(several.iter().map(|map| What::Map(map)).collect()).into(), false),
        }
    }
}

/// A list of maps; a single one is a list of one.
#[derive(Debug)]
pub struct OneOrMany(pub &'static Map);

impl Kind for OneOrMany {
    fn what(&self) -> What {
        What::List(What::Map(self.0).into(), true)
    }
}

/// A list of names, or of maps where a name has more to it; a single name is a list of one.
#[derive(Debug)]
pub struct NamesOrMaps(pub &'static Map);

impl Kind for NamesOrMaps {
    fn what(&self) -> What {
        What::List(What::Either(vec![What::Text(Form::Name), What::Map(self.0)]).into(), true)
    }
}

/// A name, or a map where it has several forms.
#[derive(Debug)]
pub struct NameOrMap(pub &'static Map);

impl Kind for NameOrMap {
    fn what(&self) -> What {
        What::Either(vec![What::Text(Form::Name), What::Map(self.0)])
    }
}

/// Rules and groups of rules, each with its level or with a map of its own.
#[derive(Debug)]
pub struct Rules;

impl Kind for Rules {
    fn what(&self) -> What {
        What::Rules
    }
}

/// Any words, each with what is written instead.
#[derive(Debug)]
pub struct Pairs;

impl Kind for Pairs {
    fn what(&self) -> What {
        What::Pairs
    }
}
