//! Findings about what an author wrote, as plain values: a rule, a place, what is wrong, what to write instead.
//!
//! A stage never stops at a finding: it hands the value it could make and everything it found ([`Checked`]).
//! A finding is worded beside the rule that raises it, in one constructor, and shown by [`crate::report`] only. Severity
//! is the [`Rule`]'s, changed in [`policy`] only.

pub mod policy;
mod rule;
pub mod suggest;

use crate::text::language::Message;
use crate::text::place::Place;
use rayon::iter::{FromParallelIterator, IntoParallelIterator, ParallelIterator};
pub use rule::{Group, Rule, Severity};

/// Whether a change may be made without asking what was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Safety {
    /// The only thing that can have been meant: `kohyo check --fix` makes it.
    Safe,
    /// A guess for people to judge; never made by the program.
    Guess,
}

/// What a fix changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// Some bytes of a text become others.
    Text,
    /// A picture loses what it says beside what it shows.
    Picture,
}

/// A change of bytes that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fix {
    /// What is replaced.
    pub place: Place,
    /// With what; nothing where the fix is no change of a text.
    pub text: String,
    /// What kind of change it is.
    pub change: ChangeKind,
    /// Whether it may be made without asking what was meant.
    pub safety: Safety,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule is broken; it knows why it matters.
    pub rule: Rule,
    /// How bad it is: the rule's word, until [`policy::apply`] has given the site's.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What is wrong, naming the offending text.
    pub message: Message,
    /// What to write instead, where it is known.
    pub help: Option<Message>,
    /// Other places that belong to it.
    pub related: Vec<(Place, Message)>,
    /// The change that mends it, where one is known.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A finding of `rule` at `place`.
    pub fn new(rule: Rule, place: Place, ja: impl Into<String>, en: impl Into<String>) -> Self {
        let severity = rule.severity();
        Self { rule, severity, place, message: Message::new(ja, en), help: None, related: Vec::new(), fix: None }
    }

    /// Adds what to write instead.
    pub fn help(mut self, ja: impl Into<String>, en: impl Into<String>) -> Self {
        self.help = Some(Message::new(ja, en));
        self
    }

    /// Adds another place that belongs to the finding.
    pub fn also(mut self, place: Place, ja: impl Into<String>, en: impl Into<String>) -> Self {
        self.related.push((place, Message::new(ja, en)));
        self
    }

    /// Adds the one safe change: replace the bytes of `place` by `text`. Only where nothing else can be meant.
    pub fn fix(mut self, place: Place, text: impl Into<String>) -> Self {
        self.fix = Some(Fix { place, text: text.into(), change: ChangeKind::Text, safety: Safety::Safe });
        self
    }

    /// Adds a change that people have to judge first.
    pub fn guess(mut self, place: Place, text: impl Into<String>) -> Self {
        self.fix = Some(Fix { place, text: text.into(), change: ChangeKind::Text, safety: Safety::Guess });
        self
    }

    /// Adds the one safe change of a picture: it loses what it says beside what it shows.
    pub fn strip(mut self, place: Place) -> Self {
        self.fix = Some(Fix { place, text: String::new(), change: ChangeKind::Picture, safety: Safety::Safe });
        self
    }

    /// The change, where it replaces a text by another that can be shown.
    pub fn text_fix(&self) -> Option<&Fix> {
        self.fix.as_ref().filter(|fix| fix.change == ChangeKind::Text)
    }

    /// The change that `kohyo check --fix` makes.
    pub fn safe_fix(&self) -> Option<&Fix> {
        self.fix.as_ref().filter(|fix| fix.safety == Safety::Safe)
    }

    fn order(&self) -> (Place, Rule, &Message) {
        (self.place, self.rule, &self.message)
    }
}

/// Puts findings into the canonical order (file, place, rule) and drops repetitions.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| a.order().cmp(&b.order()));
    diagnostics.dedup_by(|a, b| a.order() == b.order());
}

/// A value and everything that was found while making it.
#[derive(Clone, Debug, Default)]
pub struct Checked<T> {
    /// The value: as much of it as could be made.
    pub value: T,
    /// What was found, in no particular order.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Checked<T> {
    /// A value with its findings.
    pub fn new(value: T, diagnostics: Vec<Diagnostic>) -> Self {
        Self { value, diagnostics }
    }

    /// Keeps the value, hands over the findings.
    pub fn report(self, out: &mut Vec<Diagnostic>) -> T {
        out.extend(self.diagnostics);
        self.value
    }

    /// The same findings with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Checked<U> {
        Checked { value: change(self.value), diagnostics: self.diagnostics }
    }
}

impl<T: Send> FromParallelIterator<Checked<T>> for Checked<Vec<T>> {
    /// Collects values in input order and keeps every finding of every item.
    fn from_par_iter<I: IntoParallelIterator<Item = Checked<T>>>(items: I) -> Self {
        let items: Vec<Checked<T>> = items.into_par_iter().collect();
        let mut all = Checked::new(Vec::with_capacity(items.len()), Vec::new());
        for item in items {
            all.diagnostics.extend(item.diagnostics);
            all.value.push(item.value);
        }
        all
    }
}
