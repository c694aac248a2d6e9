//! What the theme's `print/*.typ` see, as JSON in `/data.json`: the contract of printed booklets.
//!
//! Everything is text, a number or a list of such; where the same thing stands on pages it has the form of
//! [`crate::view`]. `docs/themes.md` lists it.

use crate::markdown::tree::Block;
use crate::view;
use serde::Serialize;
use std::collections::BTreeMap;

/// A booklet. Field names are what templates write after `data.`.
#[derive(Debug, Serialize)]
pub struct Booklet {
    /// `year`, `results`, `department`, `pillar` or `goal`.
    pub kind: &'static str,
    /// Title of the document: unique among the site's booklets.
    pub title: String,
    /// The large line of the cover.
    pub heading: String,
    /// What stands above it: the year.
    pub eyebrow: String,
    /// Title of the site.
    pub site: String,
    /// Who publishes.
    pub organization: String,
    /// Language tag.
    pub language: &'static str,
    /// Size of the letters in points.
    pub size: u8,
    /// Whether it is large type: cards in place of tables.
    pub large: bool,
    /// Paper.
    pub paper: Paper,
    /// Families of letters, the first one first.
    pub fonts: Vec<String>,
    /// Day of the last change, for the document's metadata.
    pub date: Day,
    /// The same day as text.
    pub updated: Option<String>,
    /// ページID of the page.
    pub page_id: String,
    /// Full address of the page, where `base_url` is known.
    pub address: Option<String>,
    /// File with the address as a QR code.
    pub qr: Option<&'static str>,
    /// Notice of the site.
    pub notice: Option<String>,
    /// 見本
    pub sample: bool,
    /// In it is something that is not published yet.
    pub draft: bool,
    /// Cover and contents; a single goal has none.
    pub bound: bool,
    /// Level of a goal's heading: 1 to 3.
    pub goal_level: u8,
    /// Foreword of a year, description of a pillar.
    pub preface: Vec<Block>,
    /// A sentence about what is inside.
    pub lede: String,
    /// Counts per level.
    pub levels: Vec<view::LevelCount>,
    /// A sentence about numeric targets.
    pub figures: Option<String>,
    /// Sums of the city's own columns.
    pub totals: Vec<view::Extra>,
    /// Chapters.
    pub parts: Vec<Part>,
    /// Notes of all texts, in order of their numbers.
    pub notes: Vec<Vec<Block>>,
    /// Corrections of everything inside.
    pub corrections: Vec<Corrected>,
    /// Whom to ask.
    pub contact: view::Shared<view::Contact>,
    /// What values say that are more than one line of letters.
    pub values: Vec<Said>,
    /// Words of the interface.
    pub words: BTreeMap<String, String>,
    /// Headings with their phrases joined: headings themselves stay plain, because they go into bookmarks.
    pub joined: BTreeMap<String, String>,
}

/// Paper, in millimetres.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Paper {
    pub name: &'static str,
    pub width: f32,
    pub height: f32,
}

/// A day.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Day {
    pub year: i16,
    pub month: i8,
    pub day: i8,
}

/// A chapter: a department or, in a department's booklet, a pillar. The only one of a single goal has no title.
#[derive(Debug, Default, Serialize)]
pub struct Part {
    /// Title.
    pub title: Option<String>,
    /// Where its title stands on a page's head.
    pub running: String,
    /// 部局から, 部長から
    pub statement_title: Option<String>,
    /// Statement of the head.
    pub statement: Vec<Block>,
    /// Departments responsible today, when those are others.
    pub today: Option<String>,
    /// Goals, under a heading or without.
    pub groups: Vec<Group>,
}

/// Goals under one heading.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Group {
    pub title: Option<String>,
    pub goals: Vec<Goal>,
}

/// A goal in full.
#[derive(Debug, Serialize)]
pub struct Goal {
    /// `1-2`
    pub number: String,
    /// 組織目標
    pub title: String,
    /// The line of its heading: 目標1-2 …
    pub heading: String,
    /// Its department.
    pub department: String,
    /// Its pillar with its number.
    pub pillar: String,
    /// Its year.
    pub year: String,
    /// 見本
    pub sample: bool,
    /// Not published yet.
    pub draft: bool,
    /// Level of the whole goal.
    pub level: Option<view::Shared<view::Level>>,
    /// Whether any action has a level of its own.
    pub has_action_levels: bool,
    /// Whether results are told.
    pub has_result: bool,
    /// Marks of a result that differ from the goal's.
    pub result_sample: bool,
    /// The same for a result that is not published yet.
    pub result_draft: bool,
    /// Whether there is a column for results: they are there, or it is said when they will be.
    pub tells_results: bool,
    /// What to say while there is no result.
    pub pending: String,
    /// Rows.
    pub actions: Vec<view::Action>,
    /// What the goal as a whole is measured by.
    pub indicators: Vec<view::Indicator>,
    /// The city's own columns.
    pub extras: Vec<view::Extra>,
    /// Why this goal; or the goal itself where it has no rows.
    pub why: Vec<Block>,
    /// The account of the result.
    pub account: Vec<Block>,
    /// Why a target was missed or cannot be assessed.
    pub reason: Option<String>,
    /// The city's own columns of results.
    pub result_extras: Vec<view::Extra>,
    /// Why no goal of a later year continues it.
    pub ended: Option<String>,
    /// Reports during the year.
    pub progress: Vec<Progress>,
    /// 訂正
    pub corrections: Vec<view::Correction>,
    /// この目標のあゆみ, latest first.
    pub thread: Vec<Step>,
    /// Departments responsible today, when those are others.
    pub today: Option<String>,
    /// Address of its page as text; in a booklet of many goals only.
    pub page_id: String,
}

/// A report during the year.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Progress {
    pub date: String,
    pub actions: Vec<view::ProgressAction>,
    pub indicators: Vec<view::Indicator>,
    pub text: Vec<Block>,
}

/// One year in the history of a goal.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Step {
    pub year: String,
    pub department: String,
    pub goal: String,
    pub level: Option<view::Shared<view::Level>>,
    pub current: bool,
    pub ended: Option<String>,
}

/// A correction in the list at the end.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Corrected {
    pub goal: String,
    pub department: String,
    pub correction: view::Correction,
}

/// A value of more than one line of letters.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Said {
    /// What stands under `text`, `criterion` and the like.
    pub text: String,
    /// Its lines, lists and readings.
    pub blocks: Vec<Block>,
}
