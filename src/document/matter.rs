//! What documents say, as values: each kind of document with its fields.

use super::kind::{GoalName, Kind};
use crate::config::Contact;
use crate::diagnostic::policy::Exception;
use crate::markdown;
use crate::markdown::value;
use crate::text::place::FileId;
use crate::text::span::{Span, Spanned};
use crate::value::calendar::{Date, Years};
use crate::value::choice::{Direction, Unmeasured, Untargeted};
use crate::value::figure::Figure;
use std::cmp::Ordering;
use std::sync::Arc;

/// The body of a document: where it is, and what it points to. The text itself is read again when it is rendered.
#[derive(Clone, Debug)]
pub struct Body {
    /// The file.
    pub file: FileId,
    /// Where the body starts, in bytes of the file.
    pub offset: u32,
    /// Whether there is anything in it.
    pub is_empty: bool,
    /// Hash of the whole text, to notice a file that changes between reading and rendering.
    pub hash: u64,
    /// Links inside the site, and images.
    pub links: Arc<[markdown::Link]>,
    /// Targets of what no page shows as a link: in comments, in code, in definitions that are not used.
    pub mentions: Box<[String]>,
    /// What is excused in this document, in its settings or in comments.
    pub exceptions: Box<[Exception]>,
}

/// A document, parsed. A copy of it is cheap: a preview joins the same documents again after every change.
#[derive(Clone, Debug)]
pub enum Document {
    /// A page of prose: the home page's introduction, a free page, a foreword.
    Prose(Kind, Arc<Prose>),
    /// A pillar.
    Pillar(Box<str>, Arc<PillarMatter>),
    /// A department.
    Department(Box<str>, Arc<DepartmentMatter>),
    /// A goal.
    Goal(GoalName, Arc<GoalMatter>),
    /// A result, or a report during the year when there is a date.
    Outcome(GoalName, Option<Date>, Arc<OutcomeMatter>),
}

impl Document {
    /// Its text.
    pub fn body(&self) -> &Body {
        match self {
            Self::Prose(_, prose) => &prose.body,
            Self::Pillar(_, matter) => &matter.body,
            Self::Department(_, matter) => &matter.body,
            Self::Goal(_, matter) => &matter.body,
            Self::Outcome(_, _, matter) => &matter.body,
        }
    }
}

/// When and how a document may be seen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Publication {
    /// Shown on the page.
    pub updated: Option<Date>,
    /// Where it is written.
    pub updated_at: Span,
    /// In no output before this day.
    pub publish_at: Option<Date>,
    /// Where it is written.
    pub publish_at_at: Span,
    /// In no output at all.
    pub draft: bool,
    /// 見本: not a real record.
    pub sample: bool,
}

impl Publication {
    /// Whether it may be seen on a day.
    pub fn is_visible(&self, as_of: Date, drafts: bool) -> bool {
        drafts || (!self.draft && self.publish_at.is_none_or(|date| date <= as_of))
    }
}

/// Front matter and body of a page of prose.
#[derive(Clone, Debug)]
pub struct Prose {
    /// Title; required on free pages only.
    pub title: Option<Box<str>>,
    /// A sentence for search engines.
    pub description: Option<Box<str>>,
    /// Short permanent number, where the city has its own.
    pub page_id: Option<Box<str>>,
    /// Role of the head who speaks.
    pub head: Option<Box<str>>,
    /// Whether the header links to it.
    pub menu: bool,
    /// Position among free pages.
    pub order: i64,
    /// When it may be seen.
    pub publication: Publication,
    /// The text.
    pub body: Body,
}

/// Values of the city's own columns, by index of the column.
pub type Extras = Box<[(u16, Extra)]>;

/// A value of a column of the city's own.
#[derive(Clone, Debug, PartialEq)]
pub enum Extra {
    /// Texts, articles, a chosen word.
    Texts(Vec<Box<str>>),
    /// A figure, and its parts by their index in the column: as written, and exact.
    Figure(Figure, Box<[(u16, Figure)]>),
    /// Yes or no.
    Flag(bool),
    /// A day.
    Day(Date),
    /// An address of the web.
    Link(Box<str>),
}

/// Front matter and body of a pillar.
#[derive(Clone, Debug)]
pub struct PillarMatter {
    /// 1, 2, 3 …
    pub number: i64,
    /// Official name.
    pub name: Box<str>,
    /// Where it is written.
    pub name_at: Span,
    /// Key of the pillar right above it.
    pub under: Option<Spanned<Box<str>>>,
    /// A word for narrow places.
    pub short: Option<Box<str>>,
    /// When it holds; `None` is always.
    pub years: Option<Years>,
    /// When it may be seen.
    pub publication: Publication,
    /// The text.
    pub body: Body,
}

/// Front matter and body of a department.
#[derive(Clone, Debug)]
pub struct DepartmentMatter {
    /// Name.
    pub name: Box<str>,
    /// Where it is written.
    pub name_at: Span,
    /// かな
    pub reading: Option<Box<str>>,
    /// Position in lists.
    pub order: i64,
    /// When it existed.
    pub years: Option<Years>,
    /// Where `years` is written.
    pub years_at: Span,
    /// Keys of the departments that took over.
    pub becomes: Vec<Spanned<Box<str>>>,
    /// Its sections; empty when the city keeps no ledger of them.
    pub sections: Vec<Section>,
    /// Whom to ask.
    pub contact: Contact,
    /// When it may be seen.
    pub publication: Publication,
    /// The text.
    pub body: Body,
}

/// A section of a department.
#[derive(Clone, Debug)]
pub struct Section {
    /// Name.
    pub name: Box<str>,
    /// Where it is written.
    pub at: Span,
    /// Whom to ask.
    pub contact: Contact,
}

/// Front matter and body of a goal.
#[derive(Clone, Debug)]
pub struct GoalMatter {
    /// 組織目標
    pub title: Box<str>,
    /// The same as written, where it has ruby.
    pub title_with_ruby: Option<Box<str>>,
    /// Where it is written.
    pub title_at: Span,
    /// Key or number of its pillar.
    pub pillar: Option<Spanned<Box<str>>>,
    /// 取組
    pub actions: Box<[Action]>,
    /// Where `actions` is written.
    pub actions_at: Span,
    /// What the goal as a whole is measured by.
    pub indicators: Box<[Indicator]>,
    /// The goals of earlier years that it continues.
    pub continues: Box<[Spanned<Box<str>>]>,
    /// Why no goal of a later year continues it, and where that is written.
    pub ended: Option<Spanned<Box<str>>>,
    /// Position among the goals of its pillar.
    pub order: Option<i64>,
    /// Values of the city's own columns.
    pub extras: Extras,
    /// When it may be seen.
    pub publication: Publication,
    /// Why this goal.
    pub body: Body,
}

/// One row of a goal.
#[derive(Clone, Debug)]
pub struct Action {
    /// 取組内容
    pub text: Box<str>,
    /// 課等, lead first.
    pub sections: Box<[Spanned<Box<str>>]>,
    /// 目標達成基準
    pub criterion: Option<Box<str>>,
    /// Where it is written.
    pub criterion_at: Span,
    /// 指標
    pub indicators: Box<[Indicator]>,
    /// Values of the city's own columns.
    pub extras: Extras,
    /// Where it is written.
    pub at: Span,
}

/// A measured criterion.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// What is measured.
    pub name: Option<Box<str>>,
    /// A name that stays from year to year.
    pub key: Option<Box<str>>,
    /// 活動指標, 成果指標 …, as `site.yaml` calls it.
    pub kind: Option<Spanned<Box<str>>>,
    /// In which unit.
    pub unit: Option<Box<str>>,
    /// Which way is better.
    pub direction: Direction,
    /// Where it started.
    pub baseline: Option<Figure>,
    /// What was promised.
    pub target: Option<Target>,
    /// What was promised later in the year.
    pub revised_target: Option<Target>,
    /// Where the target that counts is written.
    pub target_at: Span,
    /// Where it is written.
    pub at: Span,
}

impl Indicator {
    /// Whether results call it so: by its key or its name.
    pub fn is_called(&self, name: &str) -> bool {
        let is_name = |own: &str| own == name || value::plain(own) == value::plain(name);
        self.key.as_deref() == Some(name) || self.name.as_deref().is_some_and(is_name)
    }

    /// The name by which it is known from year to year; the only one of its kind needs none.
    pub fn known_as(&self) -> Option<&str> {
        self.key.as_deref().or(self.name.as_deref())
    }

    /// Where the target that counts is written, or the indicator where it has none.
    pub fn place(&self) -> Span {
        if self.target_at == Span::default() { self.at } else { self.target_at }
    }

    /// The target that counts: the revised one where there is one.
    pub fn target(&self) -> Option<&Target> {
        self.revised_target.as_ref().or(self.target.as_ref())
    }

    /// Whether there is a figure to reach.
    pub fn is_judged(&self) -> bool {
        self.target().is_some_and(|target| target.figures().next().is_some())
    }

    /// Whether `actual` reaches the target; `None` without a target.
    pub fn is_met(&self, actual: &Figure) -> Option<bool> {
        Some(self.compare(actual)?.is_ge())
    }

    /// How `actual` stands to the target: less is worse than promised. `None` without a target.
    pub fn compare(&self, actual: &Figure) -> Option<Ordering> {
        let order = match self.target()? {
            Target::Figure(target) => actual.compare(target),
            // Inside is met, on both sides it is missed.
            Target::Range(from, to) if actual.compare(from).is_ge() && actual.compare(to).is_le() => {
                return Some(Ordering::Equal);
            }
            Target::Range(..) => return Some(Ordering::Less),
            Target::None(_) => return None,
        };
        Some(match self.direction {
            Direction::Up => order,
            Direction::Down => order.reverse(),
        })
    }
}

/// What is promised of an indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// This figure or better.
    Figure(Figure),
    /// Anything from … to.
    Range(Figure, Figure),
    /// Nothing yet, or nothing at all: there is nothing to reach.
    None(Untargeted),
}

impl Target {
    /// The figures in it.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        let (first, second) = match self {
            Self::Figure(figure) => (Some(figure), None),
            Self::Range(from, to) => (Some(from), Some(to)),
            Self::None(_) => (None, None),
        };
        first.into_iter().chain(second)
    }

    /// The figure, where it is one.
    pub fn figure(&self) -> Option<&Figure> {
        match self {
            Self::Figure(figure) => Some(figure),
            _ => None,
        }
    }
}

/// What became of an indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actual {
    /// It was measured.
    Figure(Figure),
    /// It will be, or it was not.
    None(Unmeasured),
}

/// Front matter and body of a result or of a report during the year.
#[derive(Clone, Debug)]
pub struct OutcomeMatter {
    /// Key of the level.
    pub evaluation: Option<Spanned<Box<str>>>,
    /// One for each action of the goal.
    pub actions: Box<[ActionOutcome]>,
    /// Where `actions` is written.
    pub actions_at: Span,
    /// The values of the goal's own indicators.
    pub measured: Box<[Measured]>,
    /// Why a target was missed or cannot be assessed.
    pub reason: Option<Box<str>>,
    /// Values of the city's own columns.
    pub extras: Extras,
    /// 訂正
    pub corrections: Box<[Correction]>,
    /// When it may be seen.
    pub publication: Publication,
    /// The account.
    pub body: Body,
}

/// What became of one action.
#[derive(Clone, Debug)]
pub struct ActionOutcome {
    /// 実績・成果
    pub result: Option<Box<str>>,
    /// Where it is written.
    pub result_at: Span,
    /// The values of its indicators.
    pub measured: Box<[Measured]>,
    /// Key of the level, where rows are evaluated one by one.
    pub evaluation: Option<Spanned<Box<str>>>,
    /// Where it is written.
    pub at: Span,
}

/// The value of an indicator.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Which indicator; the only one needs no name.
    pub name: Option<Spanned<Box<str>>>,
    /// 実績値
    pub actual: Option<Actual>,
    /// Where it is written, also when it is no figure.
    pub actual_at: Span,
    /// When a value that is not there yet is expected.
    pub expected: Option<Date>,
    /// What is to be said about it.
    pub note: Option<Box<str>>,
    /// Where all of it is written.
    pub at: Span,
}

impl Measured {
    /// The value, where it was measured.
    pub fn figure(&self) -> Option<&Figure> {
        match self.actual.as_ref()? {
            Actual::Figure(figure) => Some(figure),
            Actual::None(_) => None,
        }
    }

    /// Whether it is the value of an indicator, which may be the only one there is.
    pub fn is_of(&self, indicator: &Indicator, is_only: bool) -> bool {
        self.name.as_ref().map_or(is_only, |name| indicator.is_called(&name.value))
    }
}

/// Each indicator with its value.
pub fn measures<'a>(
    indicators: &'a [Indicator],
    measured: &'a [Measured],
) -> impl Iterator<Item = (&'a Indicator, Option<&'a Measured>)> {
    let is_only = indicators.len() == 1;
    indicators.iter().map(move |indicator| (indicator, measured.iter().find(|it| it.is_of(indicator, is_only))))
}

/// 訂正: what was published wrongly, and what is right.
#[derive(Clone, Debug)]
pub struct Correction {
    /// When it was corrected.
    pub date: Date,
    /// Where that is written.
    pub date_at: Span,
    /// Which item.
    pub item: Option<Box<str>>,
    /// What was published.
    pub was: Option<Box<str>>,
    /// What is right.
    pub now: Option<Box<str>>,
    /// Why.
    pub why: Option<Box<str>>,
    /// Where the correction is written.
    pub at: Span,
}
