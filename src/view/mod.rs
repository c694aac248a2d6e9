//! What templates see: the theme contract. Small, borrowed where it can be, in the city's words.
//!
//! The model stays free to change; these structs do not without a new contract version. Every `href` is relative to the
//! page it stands on, every date and year is already text, every `html` is safe. `docs/themes.md` lists them.

mod names;
pub mod reflect;

use reflect::{Ref, Reflect, Shape, Struct, Type};
use serde::Serialize;
use std::sync::Arc;

/// The version of this contract; a theme names the one it was made for in `theme.yaml`.
pub const CONTRACT: u32 = 1;

/// A page as its template sees it.
pub struct Page {
    /// Kind of page, and name of its template: one of [`KINDS`].
    pub kind: &'static str,
    /// What it shows, under the name that [`KINDS`] gives it.
    pub own: Option<Box<dyn Struct>>,
    /// What stands around that.
    pub frame: Frame,
}

/// Kinds of pages; for each the name in templates, and the shape, of what it shows.
pub const KINDS: [(&str, Option<(&str, &Shape)>); 13] = [
    ("404", None),
    ("department", Some(("department", Department::SHAPE))),
    ("department-year", Some(("department_year", DepartmentYear::SHAPE))),
    ("departments", Some(("departments", Departments::SHAPE))),
    ("goal", Some(("goal", Goal::SHAPE))),
    ("home", Some(("home", Home::SHAPE))),
    ("pillar", Some(("pillar", PillarPage::SHAPE))),
    ("pillar-year", Some(("pillar_year", PillarYear::SHAPE))),
    ("pillars", Some(("pillars", Pillars::SHAPE))),
    ("results", Some(("results", Results::SHAPE))),
    ("sitemap", Some(("sitemap", Sitemap::SHAPE))),
    ("text", Some(("text", Text::SHAPE))),
    ("year", Some(("year", Year::SHAPE))),
];

/// A value that many pages show, made once. In templates it is what `T` is.
#[derive(Debug)]
pub struct Shared<T>(Arc<T>);

impl<T> Shared<T> {
    /// Shares a value.
    pub fn new(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T> std::ops::Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Serialize> Serialize for Shared<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<T: Reflect> Reflect for Shared<T> {
    const TYPE: Type = T::TYPE;
    fn reflect(&self) -> Ref<'_> {
        self.0.reflect()
    }
}

/// A link: text and where it leads.
#[derive(Clone, Debug, Serialize)]
pub struct Link {
    /// Text of the link.
    pub title: String,
    /// Where it leads, relative to this page.
    pub href: String,
    /// Whether it leads to this page.
    pub current: bool,
}

/// A link to a booklet.
#[derive(Clone, Debug, Serialize)]
pub struct Pdf {
    /// Text of the link, with the number of pages and the size.
    pub title: String,
    /// Where it leads, relative to this page.
    pub href: String,
    /// Whether it is in large type.
    pub large: bool,
}

/// The frame of a page: everything that is not its content. Name in templates: `page`.
#[derive(Debug, Serialize)]
pub struct Frame {
    /// Kind of page: `home`, `year`, `results`, `department-year`, …
    pub kind: &'static str,
    /// `screen` or `large`.
    pub edition: &'static str,
    /// For `<title>`: unique on the site.
    pub title: String,
    /// For `<h1>`.
    pub heading: String,
    /// ページID: short and permanent.
    pub page_id: String,
    /// Full address, where `base_url` is known.
    pub canonical: Option<String>,
    /// A sentence for search engines.
    pub description: Option<String>,
    /// Date of the last change.
    pub updated: Option<String>,
    /// The same date for machines.
    pub updated_iso: Option<String>,
    /// From this page to the top of the site: `../../`, or nothing.
    pub root: String,
    /// This page in the screen edition.
    pub screen_href: String,
    /// This page in the large edition; `None` where there is none.
    pub large_href: Option<String>,
    /// This page as booklets, smallest letters first.
    pub pdfs: Vec<Pdf>,
    /// From the home page down to here; the last one is this page.
    pub breadcrumbs: Vec<Link>,
    /// Main navigation.
    pub nav: Shared<Vec<Link>>,
    /// Links at the foot.
    pub footer: Shared<Vec<Link>>,
    /// The same page a year earlier, or the previous goal.
    pub previous: Option<Link>,
    /// The same page a year later, or the next goal.
    pub next: Option<Link>,
    /// Whom to ask.
    pub contact: Shared<Contact>,
    /// 見本
    pub sample: bool,
    /// A draft or not yet published; only in builds with drafts and in previews.
    pub draft: bool,
    /// Breadcrumbs as JSON-LD, safe inside `<script>`.
    pub json_ld: Option<Shared<String>>,
}

/// What is the same on every page. Name in templates: `site`.
#[derive(Debug, Serialize)]
pub struct Site {
    /// Title of the site.
    pub title: String,
    /// Name of the city.
    pub organization: String,
    /// Language tag.
    pub language: &'static str,
    /// Shown on every page.
    pub notice: Option<String>,
    /// Where citizens say whether a page was clear.
    pub feedback_url: Option<String>,
    /// Version marks of the theme's files by name, for `href="…?v={{ site.assets["site.css"] }}"`.
    pub assets: std::collections::BTreeMap<String, String>,
}

/// Whom to ask.
#[derive(Clone, Debug, Default, Serialize)]
#[allow(missing_docs)]
pub struct Contact {
    /// The office; the city where none is named.
    pub office: String,
    pub postal_code: Option<String>,
    pub address: Option<String>,
    pub telephone: Option<String>,
    /// The number in it, as written; an extension or the like is for people.
    pub telephone_number: Option<String>,
    /// What is written after the number.
    pub telephone_note: Option<String>,
    /// The number for `tel:`.
    pub telephone_href: Option<String>,
    pub fax: Option<String>,
    pub email: Option<String>,
    pub form_url: Option<String>,
    /// Whether the office took over from the page's department, which ended.
    pub successor: bool,
}

/// A level of evaluation: word and shape, never colour alone.
#[derive(Clone, Debug, Serialize)]
pub struct Level {
    /// 計画通り
    pub label: String,
    /// `circle`, `triangle`, …
    pub shape: &'static str,
    /// `success`, `info`, `warning`, `danger`, `neutral`
    pub color: &'static str,
}

/// A pillar, as it is referred to.
#[derive(Clone, Debug, Serialize)]
pub struct Pillar {
    /// Key, for anchors.
    pub key: String,
    /// `1`, or `1-2` below another; `None` where the city does not number them.
    pub number: Option<String>,
    /// What its tier is called: 柱, 政策, 施策.
    pub tier: String,
    /// How many pillars are above it.
    pub depth: usize,
    /// Official name.
    pub name: String,
    /// A word for narrow places; the name where there is none.
    pub short: String,
    /// Where it leads.
    pub href: String,
    /// How many goals, where that is told.
    pub goals: usize,
}

/// A goal in a list.
#[derive(Clone, Debug, Serialize)]
pub struct GoalRow {
    /// `1-2`: pillar and position.
    pub number: String,
    /// 組織目標
    pub title: String,
    /// Its page.
    pub href: String,
    /// Its level, where it has one.
    pub level: Option<Shared<Level>>,
    /// Numeric targets reached and missed.
    pub figures: Figures,
    /// Whether it has a result.
    pub has_result: bool,
    /// 見本
    pub sample: bool,
    /// Not published yet.
    pub draft: bool,
}

/// Numeric targets reached and missed.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[allow(missing_docs)]
pub struct Figures {
    pub met: usize,
    pub missed: usize,
    pub total: usize,
}

/// A heading with goals below it.
#[derive(Debug, Serialize)]
pub struct GoalGroup {
    /// What the heading says and where it leads.
    pub link: Link,
    /// Goals in order.
    pub goals: Vec<GoalRow>,
}

/// A goal in full: on its own page, and in its department's year. Name in templates: `goal`.
#[derive(Debug, Serialize)]
pub struct Goal {
    /// `1-2`
    pub number: String,
    /// Anchor in its department's year: `goal-1-02`.
    pub anchor: String,
    /// 組織目標
    pub title: String,
    /// The same for a heading, with its ruby; for the filter `value`.
    pub title_with_ruby: String,
    /// Its page.
    pub href: String,
    /// Its pillar.
    pub pillar: Pillar,
    /// Pillars above that, from the top.
    pub above: Vec<Pillar>,
    /// Its department's year.
    pub department: Link,
    /// Its fiscal year, in full.
    pub year: String,
    /// 見本
    pub sample: bool,
    /// Not published yet.
    pub draft: bool,
    /// Level of the whole goal.
    pub level: Option<Shared<Level>>,
    /// Whether any action has a level of its own.
    pub has_action_levels: bool,
    /// Rows.
    pub actions: Shared<Vec<Action>>,
    /// What the goal as a whole is measured by.
    pub indicators: Vec<Indicator>,
    /// The city's own columns.
    pub extras: Vec<Extra>,
    /// Why this goal.
    pub html: String,
    /// What became of it.
    pub outcome: Option<Outcome>,
    /// What to say while there is no result.
    pub pending: String,
    /// Reports during the year.
    pub progress: Vec<Progress>,
    /// Why no goal of a later year continues it.
    pub ended: Option<String>,
    /// この目標のあゆみ: one line per year; empty when it stands alone.
    pub thread: Vec<ThreadRow>,
    /// Departments responsible today, when that is another one.
    pub today: Vec<Link>,
}

/// 取組
#[derive(Debug, Serialize)]
pub struct Action {
    /// 取組内容
    pub text: String,
    /// 課等
    pub sections: Vec<String>,
    /// 目標達成基準
    pub criterion: Option<String>,
    /// 指標, where there is exactly one.
    pub indicator: Option<Shared<Indicator>>,
    /// 指標, all of them.
    pub indicators: Vec<Shared<Indicator>>,
    /// Whether any of them has a target, or says that there is none.
    pub has_target: bool,
    /// Whether any of them has an actual value, or says why there is none.
    pub has_actual: bool,
    /// The city's own columns.
    pub extras: Vec<Extra>,
    /// 実績・成果
    pub result: Option<String>,
    /// Level of this row.
    pub level: Option<Shared<Level>>,
}

/// A value of the city's own column.
#[derive(Debug, Serialize)]
pub struct Extra {
    /// Name of the column.
    pub label: String,
    /// Value; for the filter `value`.
    pub value: String,
    /// Where it leads, where it is the address of a page.
    pub href: Option<String>,
}

/// 指標: digits as the department wrote them.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Indicator {
    pub name: Option<String>,
    pub unit: String,
    pub baseline: Option<String>,
    /// The target that counts: the revised one where there is one.
    pub target: Option<String>,
    /// What is said where there is no target to reach: that it is undecided, or only watched.
    pub target_state: Option<String>,
    /// What was promised first, where it was revised.
    pub first_target: Option<String>,
    pub actual: Option<String>,
    /// What is said where there is no actual value yet, or none at all.
    pub actual_state: Option<String>,
    /// What is to be said about the actual value.
    pub note: Option<String>,
    /// The criterion names the target already, so that it need not be said twice.
    pub stated: bool,
    /// Less is better.
    pub down: bool,
    /// Whether the actual value reaches the target.
    pub met: Option<bool>,
    /// For drawing: 0 to 100 along the bar.
    pub bar: Option<Bar>,
}

/// Positions along a bar, 0 to 100.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Bar {
    pub actual: u8,
    pub target: u8,
    /// The end of the target, where it is a range.
    pub target_to: Option<u8>,
    pub baseline: Option<u8>,
}

/// 実績
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// Level.
    pub level: Option<Shared<Level>>,
    /// Why a target was missed or cannot be assessed.
    pub reason: Option<String>,
    /// The city's own columns of results.
    pub extras: Vec<Extra>,
    /// The account.
    pub html: String,
    /// 訂正
    pub corrections: Vec<Correction>,
    /// Date of the last change.
    pub updated: Option<String>,
    /// 見本
    pub sample: bool,
    /// Not published yet.
    pub draft: bool,
}

/// 訂正
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct Correction {
    pub date: String,
    pub item: Option<String>,
    pub was: Option<String>,
    pub now: Option<String>,
    pub why: Option<String>,
}

/// A report during the year.
#[derive(Debug, Serialize)]
pub struct Progress {
    /// As of when.
    pub date: String,
    /// Rows, in the order of the actions.
    pub actions: Vec<ProgressAction>,
    /// Values of the goal's own indicators.
    pub indicators: Vec<Indicator>,
    /// The account.
    pub html: String,
}

/// One row of a report during the year.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct ProgressAction {
    pub text: String,
    pub result: Option<String>,
    /// The value, where there is one indicator.
    pub actual: Option<String>,
    /// What is said where it is not there yet, or was not measured.
    pub actual_state: Option<String>,
    pub unit: String,
    /// The values, where there are several.
    pub indicators: Vec<Indicator>,
}

/// One year in the history of a goal.
#[derive(Debug, Serialize)]
pub struct ThreadRow {
    /// Fiscal year, short.
    pub year: String,
    /// Name of the department that year.
    pub department: String,
    /// The goal of that year.
    pub goal: GoalRow,
    /// Whether it is this page's.
    pub current: bool,
    /// Why its history ended with it.
    pub ended: Option<String>,
}

/// The home page. Name in templates: `home`.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Home {
    pub html: String,
    pub goals: Option<GoalsPanel>,
    pub results: Option<ResultsPanel>,
    pub pillars: Vec<Pillar>,
    pub departments: Vec<Link>,
    pub years: Vec<YearRow>,
    pub updates: Vec<Update>,
}

/// This year's goals at a glance.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct GoalsPanel {
    pub year: Link,
    pub departments: usize,
    pub goals: usize,
    pub pillars: Vec<Pillar>,
}

/// Last year's results at a glance.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct ResultsPanel {
    pub year: Link,
    pub departments: usize,
    pub results: usize,
    pub levels: Vec<LevelCount>,
    pub figures: Figures,
    /// How many goals fell short.
    pub missed: usize,
}

/// How many goals have a level.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct LevelCount {
    pub level: Shared<Level>,
    pub count: usize,
}

/// A year in a list of years.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct YearRow {
    pub link: Link,
    /// The results of that year, where there are any.
    pub results_href: Option<String>,
    pub goals: usize,
    pub results: usize,
    /// Name of the department then, on a department's page.
    pub department: Option<String>,
}

/// Something that changed.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Update {
    pub date: String,
    pub link: Link,
    /// `goals`, `results` or `correction`
    pub kind: &'static str,
}

/// Counts of goals by department and pillar, or by department and level.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Matrix {
    pub columns: Vec<MatrixColumn>,
    /// What the pillars of the columns are called.
    pub tier: String,
    pub rows: Vec<MatrixRow>,
    /// Sums of the columns, then of everything.
    pub totals: Vec<usize>,
    pub total: usize,
}

/// Head of a column.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct MatrixColumn {
    pub title: String,
    pub full: String,
    pub href: Option<String>,
}

/// A department's counts.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct MatrixRow {
    pub link: Link,
    pub cells: Vec<MatrixCell>,
    pub total: usize,
}

/// One count.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct MatrixCell {
    pub count: usize,
    pub href: Option<String>,
}

/// A year and its goals. Name in templates: `year`.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Year {
    pub label: String,
    pub html: String,
    pub matrix: Matrix,
    pub pillars: Vec<Pillar>,
    pub groups: Vec<GoalGroup>,
    /// This year's results, where there are any.
    pub results: Option<Link>,
    /// The results published together with these goals.
    pub previous_results: Option<Link>,
    pub years: Vec<Link>,
    pub goals: usize,
    pub pending: String,
    /// Sums of the city's own columns.
    pub totals: Vec<Extra>,
}

/// A year's results. Name in templates: `results`.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Results {
    pub label: String,
    pub year: Link,
    pub goals: usize,
    pub results: usize,
    pub levels: Vec<LevelCount>,
    pub figures: Figures,
    /// Counts by department and level; `None` without a scale.
    pub matrix: Option<Matrix>,
    /// Goals that fell short, with their reason.
    pub missed: Vec<Missed>,
    /// Whether each result was held against a target or a scale with a level that needs a reason. Only then it can be said
    /// that nothing fell short.
    pub judged: bool,
    pub groups: Vec<GoalGroup>,
    pub years: Vec<Link>,
}

/// A goal that fell short.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Missed {
    pub goal: GoalRow,
    pub department: Link,
    /// Numeric targets missed.
    pub indicators: Vec<Indicator>,
    pub reason: Option<String>,
}

/// A department's year. Name in templates: `department_year`.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct DepartmentYear {
    pub label: String,
    pub name: String,
    pub department: Link,
    pub year: Link,
    /// The head's statement.
    pub head: Option<String>,
    pub html: String,
    pub groups: Vec<PillarGroup>,
    pub goals: usize,
    pub results: usize,
    pub levels: Vec<LevelCount>,
    pub figures: Figures,
    /// Whether any goal of the year has a result.
    pub has_results: bool,
    /// Whether a column for levels is needed.
    pub has_levels: bool,
    /// Whether any action of the year names a section.
    pub has_sections: bool,
    /// Whether any action of the year says what will count as done: in words, or by a target.
    pub has_criteria: bool,
    pub pending: String,
    pub today: Vec<Link>,
    /// The other departments of the year.
    pub departments: Vec<Link>,
    /// Sums of the city's own columns.
    pub totals: Vec<Extra>,
}

/// A pillar with its goals in full.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct PillarGroup {
    pub pillar: Pillar,
    pub goals: Vec<Goal>,
}

/// A pillar's year. Name in templates: `pillar_year`.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct PillarYear {
    pub label: String,
    pub pillar: Pillar,
    pub year: Link,
    pub groups: Vec<GoalGroup>,
    pub goals: usize,
    pub pillars: Vec<Link>,
    /// Sums of the city's own columns.
    pub totals: Vec<Extra>,
    /// Pillars right below it.
    pub below: Vec<Pillar>,
}

/// A department across the years. Name in templates: `department`.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Department {
    pub name: String,
    pub reading: Option<String>,
    /// `2013年度から2015年度まで`
    pub existed: Option<String>,
    pub html: String,
    pub sections: Vec<String>,
    pub predecessors: Vec<Link>,
    pub successors: Vec<Link>,
    pub today: Vec<Link>,
    pub years: Vec<YearRow>,
    /// Whether there is a result in any year.
    pub has_results: bool,
}

/// A pillar across the years. Name in templates: `pillar`.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct PillarPage {
    pub pillar: Pillar,
    pub html: String,
    pub years: Vec<YearRow>,
    /// Whether there is a result in any year.
    pub has_results: bool,
    pub pillars: Vec<Link>,
    /// Pillars right below it.
    pub below: Vec<Pillar>,
}

/// All departments. Name in templates: `departments`.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Departments {
    pub current: Vec<Link>,
    /// Ended departments with what they became.
    pub former: Vec<Former>,
}

/// A department that ended.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Former {
    pub link: Link,
    pub existed: Option<String>,
    pub today: Vec<Link>,
}

/// All pillars. Name in templates: `pillars`.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Pillars {
    /// All of them; those below another right behind it.
    pub pillars: Vec<Pillar>,
    /// Whether any is below another.
    pub tree: bool,
}

/// A free page. Name in templates: `text`.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Text {
    pub html: String,
}

/// List of all pages. Name in templates: `sitemap`.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Sitemap {
    pub texts: Vec<Link>,
    pub departments: Vec<Link>,
    pub pillars: Vec<Link>,
    pub years: Vec<SitemapYear>,
}

/// A year in the list of all pages.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct SitemapYear {
    pub year: Link,
    pub results: Option<Link>,
    pub pillars: Vec<Link>,
    /// Departments; their goals only on sites small enough for one readable list.
    pub departments: Vec<GoalGroup>,
}
