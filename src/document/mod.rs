//! One file of `content/`: what its place in the tree makes it, its front matter, and what its body links to.
//!
//! Total: a document never fails to parse, it finds. Knows nothing about other documents; names that point to others
//! (pillars, goals, levels) stay text with a place until [`crate::site`] resolves them.

pub mod findings;
pub mod keys;

use crate::config::{Column, ColumnOn, Contact, checks, contact, contact_fields};
use crate::diagnostic::policy::Exception;
use crate::diagnostic::{Checked, Rule};
use crate::markdown;
use crate::text::place::FileId;
use crate::text::span::{Span, Spanned};
use crate::value::calendar::{Date, FiscalYear, Years, parse_date};
use crate::value::figure::Figure;
use crate::yaml::{self, Fields, Key, Node, Scribe, Value};
use std::borrow::Cow;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// What a file is, told by its path alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `content/index.md`
    Home,
    /// `content/pages/<slug>.md`
    Page(Box<str>),
    /// `content/pillars/<key>.md`
    Pillar(Box<str>),
    /// `content/departments/<key>.md`
    Department(Box<str>),
    /// `content/<year>/index.md`
    Year(FiscalYear),
    /// `content/<year>/<department>/index.md`
    DepartmentYear(FiscalYear, Box<str>),
    /// `content/<year>/<department>/<slug>.md`
    Goal(GoalName),
    /// `content/<year>/<department>/<slug>.result.md`
    Outcome(GoalName),
    /// `content/<year>/<department>/<slug>.progress-<date>.md`
    Progress(GoalName, Date),
    /// Any other file: copied next to the pages of its folder, to this path under `public/`.
    Attachment(Box<str>),
    /// A document in no known place.
    Misplaced,
    /// A document whose name cannot be part of an address.
    BadName(Box<str>),
}

/// The permanent name of a goal: where its document is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GoalName {
    /// Fiscal year.
    pub year: FiscalYear,
    /// Key of the department.
    pub department: Arc<str>,
    /// File name without its ending.
    pub slug: Arc<str>,
}

impl GoalName {
    /// Whether it is this name. Documents that belong together share the texts of their names.
    pub fn is(&self, other: &Self) -> bool {
        let same = |a: &Arc<str>, b: &Arc<str>| Arc::ptr_eq(a, b) || a == b;
        self.year == other.year && same(&self.department, &other.department) && same(&self.slug, &other.slug)
    }
}

impl std::fmt::Display for GoalName {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}/{}/{}", self.year, self.department, self.slug)
    }
}

/// Tells what the file at `path` (from the site's root) is; `None` for files outside `content/`.
pub fn kind(path: &str) -> Option<Kind> {
    let path = path.strip_prefix("content/")?;
    // macOS writes か and its mark as two characters; an address has one.
    let composed: Cow<'_, str> = match unicode_normalization::is_nfc_quick(path.chars()) {
        unicode_normalization::IsNormalized::Yes => path.into(),
        _ => path.nfc().collect::<String>().into(),
    };
    let path = &*composed;
    let parts: Vec<&str> = path.split('/').collect();
    if let Some(wrong) = parts.last().filter(|name| document_name(name).is_some()) {
        return Some(Kind::BadName((*wrong).into()));
    }
    let Some(name) = parts.last().and_then(|last| last.strip_suffix(".md")) else {
        let public = match parts.first() {
            Some(&"pages") => parts[1..].join("/"),
            _ => path.to_owned(),
        };
        // What would be another path on another system, or no path at all.
        let is_reserved = parts.iter().any(|part| is_reserved(part));
        if is_reserved || public.contains(|c: char| c.is_control() || "\\:*?\"<>|".contains(c)) {
            return Some(Kind::BadName(parts.last().copied().unwrap_or_default().into()));
        }
        return Some(Kind::Attachment(public.into()));
    };
    let key = |text: &str| -> Result<Box<str>, Kind> {
        if is_slug(text) { Ok(text.into()) } else { Err(Kind::BadName(text.into())) }
    };
    let found = match parts[..] {
        ["index.md"] => Ok(Kind::Home),
        ["pages", _] => key(name).map(Kind::Page),
        ["pillars", _] => key(name).map(Kind::Pillar),
        ["departments", _] => key(name).map(Kind::Department),
        [year, file] => match FiscalYear::parse(year) {
            Some(year) if file == "index.md" => Ok(Kind::Year(year)),
            _ => Ok(Kind::Misplaced),
        },
        [year, department, _] => match FiscalYear::parse(year) {
            Some(year) => in_department(year, department, name),
            None => Ok(Kind::Misplaced),
        },
        _ => Ok(Kind::Misplaced),
    };
    Some(found.unwrap_or_else(|bad| bad))
}

fn in_department(year: FiscalYear, department: &str, name: &str) -> Result<Kind, Kind> {
    // `2026/pillars/` and `2026/results.html` are the program's own.
    if !is_slug(department) || matches!(department, "pillars" | "results") {
        return Err(Kind::BadName(department.into()));
    }
    if name == "index" {
        return Ok(Kind::DepartmentYear(year, department.into()));
    }
    let (slug, suffix) = name.split_once('.').map_or((name, None), |(slug, suffix)| (slug, Some(suffix)));
    if !is_slug(slug) {
        return Err(Kind::BadName(name.into()));
    }
    let goal = GoalName { year, department: department.into(), slug: slug.into() };
    match suffix {
        None => Ok(Kind::Goal(goal)),
        Some("result") => Ok(Kind::Outcome(goal)),
        Some(suffix) => match suffix.strip_prefix("progress-").and_then(parse_date) {
            Some(date) => Ok(Kind::Progress(goal, date)),
            None => Err(Kind::BadName(name.into())),
        },
    }
}

/// Whether a name can be one part of an address: letters, digits, `-` and `_`, at most 80 characters.
pub fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.chars().count() <= 80
        && !text.starts_with('-')
        && text.chars().all(|c| (c.is_alphanumeric() && !matches!(c, '！'..='～')) || matches!(c, '-' | '_'))
        && !is_reserved(text)
}

/// Names that Windows keeps for devices, with any ending: nobody there could copy the site.
pub fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    if !(3..=4).contains(&stem.len()) || !stem.is_ascii() {
        return false;
    }
    let lower = stem.to_ascii_lowercase();
    let numbered = |device: &str| lower.strip_prefix(device).is_some_and(|n| matches!(n.as_bytes(), [b'1'..=b'9']));
    matches!(lower.as_str(), "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

/// The name of a document, where the ending of a file name was meant as `.md`: `1-01.md.txt`, `1-01.MD`.
pub fn document_name(name: &str) -> Option<String> {
    if name.strip_suffix(".md").is_some_and(|stem| !stem.ends_with(".md")) {
        return None;
    }
    let narrow: String = name.nfkc().collect();
    let lower = narrow.to_ascii_lowercase();
    let wrong = [".md.txt", ".md.md", ".markdown", ".mdx", ".md.doc", ".md.docx", ".md"];
    let stem = wrong.iter().find_map(|ending| lower.strip_suffix(ending))?;
    let right = format!("{}.md", &narrow[..stem.len()]);
    // Only the ending is judged here.
    (!name.ends_with(".md") || lower.ends_with(".md.md")).then_some(right)
}

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

/// Number of a pillar that has none: after all others.
pub const UNNUMBERED: i64 = 999;

/// Values of the city's own columns, by index of the column.
pub type Extras = Box<[(u16, Vec<Box<str>>)]>;

/// Front matter and body of a pillar.
#[derive(Clone, Debug)]
pub struct PillarMatter {
    /// 1, 2, 3 …
    pub number: i64,
    /// Official name.
    pub name: Box<str>,
    /// Where it is written.
    pub name_at: Span,
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
    /// Where it is written.
    pub title_at: Span,
    /// Key or number of its pillar.
    pub pillar: Option<Spanned<Box<str>>>,
    /// 取組
    pub actions: Box<[Action]>,
    /// Where `actions` is written.
    pub actions_at: Span,
    /// The goal of an earlier year that it continues.
    pub continues: Option<Spanned<Box<str>>>,
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
    pub indicator: Option<Box<Indicator>>,
    /// Values of the city's own columns.
    pub extras: Extras,
    /// Where it is written.
    pub at: Span,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    #[default]
    Up,
    /// Less is better.
    Down,
}

/// A measured criterion.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// What is measured.
    pub name: Option<Box<str>>,
    /// In which unit.
    pub unit: Option<Box<str>>,
    /// Which way is better.
    pub direction: Direction,
    /// Where it started.
    pub baseline: Option<Figure>,
    /// What was promised.
    pub target: Option<Figure>,
    /// What was promised later in the year.
    pub revised_target: Option<Figure>,
    /// Where the target that counts is written.
    pub target_at: Span,
}

impl Indicator {
    /// The target that counts: the revised one where there is one.
    pub fn target(&self) -> Option<&Figure> {
        self.revised_target.as_ref().or(self.target.as_ref())
    }

    /// Whether `actual` reaches the target; `None` without a target.
    pub fn is_met(&self, actual: &Figure) -> Option<bool> {
        let order = actual.compare(self.target()?);
        Some(match self.direction {
            Direction::Up => order.is_ge(),
            Direction::Down => order.is_le(),
        })
    }
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
    /// Why a target was missed or cannot be assessed.
    pub reason: Option<Box<str>>,
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
    /// 実績値
    pub actual: Option<Figure>,
    /// Where it is written, also when it is no figure.
    pub actual_at: Span,
    /// Key of the level, where rows are evaluated one by one.
    pub evaluation: Option<Spanned<Box<str>>>,
    /// Where it is written.
    pub at: Span,
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

/// Front matter and body of a text: the YAML with its offset, and the offset of the body.
struct Split<'t> {
    yaml: Option<(&'t str, usize)>,
    body: usize,
}

/// What a fence looks like when it was typed by hand: `----`, `ーーー`, `－－－`, `———`, indented or with a blank inside.
fn is_almost_fence(line: &str) -> bool {
    let line = line.trim();
    let dash = |c: char| matches!(c, '-' | 'ー' | '－' | '—' | '―' | '–' | '‐' | '−' | '─' | '━' | 'ｰ');
    let dashes = line.chars().filter(|c| dash(*c)).count();
    // Word makes one long dash of `---`.
    (dashes >= 2 || matches!(line, "—" | "―")) && line.chars().all(|c| dash(c) || c.is_whitespace())
}

/// A line that is an item of front matter: `title: …`, `  - text: …`, `組織目標：…`, `- …`.
fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let line = line.strip_prefix("- ").unwrap_or(line);
    let Some((key, _)) = line.split_once([':', '：']) else { return false };
    !key.is_empty() && key.chars().count() <= 24 && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '・'))
}

fn split<'t>(text: &'t str, needed: bool, scribe: &mut Scribe) -> Split<'t> {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let first = text[start..].lines().next().unwrap_or("");
    if first.trim_end() != "---" {
        almost_opened(text, start, needed, scribe);
        return Split { yaml: None, body: start };
    }
    let yaml_start = text[start..].find('\n').map_or(text.len(), |newline| start + newline + 1);
    let mut at = yaml_start;
    for line in text[yaml_start..].split_inclusive('\n') {
        if line.trim_end() == "---" {
            return Split { yaml: Some((&text[yaml_start..at], yaml_start)), body: at + line.len() };
        }
        at += line.len();
    }
    not_closed(text, start, yaml_start, scribe);
    Split { yaml: None, body: text.len() }
}

/// The file does not start with `---`, but something like it is there: one finding, at that line.
fn almost_opened(text: &str, start: usize, needed: bool, scribe: &mut Scribe) {
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let content = line.trim();
        let inner = Span::new(at + (line.len() - line.trim_start().len()), at + line.trim_end().len());
        at += line.len();
        if content.is_empty() {
            continue;
        }
        if content.starts_with("```") && text[at..].lines().find(|line| !line.trim().is_empty()) == Some("---") {
            scribe.note(findings::fenced_as_code(scribe.place(inner), content));
        } else if content == "---" {
            // Blank lines or an indentation before the fence. A lone rule in a prose page is none of our business.
            let rest = &text[at..];
            if rest.lines().next().is_some_and(is_item) {
                scribe.note(findings::late_fence(scribe.place(inner), Span::new(start, inner.end as usize)));
            }
        } else if is_almost_fence(content) && text[at..].lines().next().is_some_and(is_item) {
            scribe.note(findings::almost_fence(scribe.place(inner), content));
            // Whoever typed one like this most likely typed the other one so, too.
            let items = text[at..].split_inclusive('\n').take_while(|line| line.trim() != "---");
            let mut start = at;
            for line in items {
                if is_almost_fence(line) {
                    let place = scribe.place(Span::new(start, start + line.trim_end().len()));
                    scribe.note(findings::almost_fence(place, line.trim()));
                    break;
                }
                start += line.len();
            }
        } else if needed
            && is_item(content)
            && text[at..].lines().take(200).any(|line| line.trim() == "---" || is_almost_fence(line))
        {
            scribe
                .note(findings::no_opening_fence(scribe.place(Span::new(inner.start as usize, inner.start as usize))));
        }
        return;
    }
}

/// The opening `---` has no partner: the finding points at what was meant as one, else at where it belongs.
fn not_closed(text: &str, start: usize, yaml_start: usize, scribe: &mut Scribe) {
    let mut at = yaml_start;
    let mut last_item = Span::new(start, start + 3);
    let (mut in_items, mut after_blank) = (true, false);
    for line in text[yaml_start..].split_inclusive('\n') {
        let trimmed = Span::new(at + (line.len() - line.trim_start().len()), at + line.trim_end().len());
        at += line.len();
        if is_almost_fence(line) {
            scribe.note(findings::almost_fence(scribe.place(trimmed), line.trim()));
            return;
        }
        let content = line.trim_end();
        // Behind a blank line, `## 背景` is a heading and `- 会場` a list of the body.
        let goes_on = content.starts_with([' ', '\t', '\u{3000}']) || (!after_blank && content.starts_with(['-', '#']));
        in_items &= content.is_empty() || goes_on || is_item(content);
        if in_items && !content.is_empty() && !content.starts_with('#') {
            last_item = trimmed;
        }
        after_blank = content.is_empty();
    }
    scribe.note(findings::unclosed_front_matter(scribe.place(last_item), last_item.start as usize > start));
}

/// Another document's settings in the body, where two were pasted into one file: a line `---`, then an item that only
/// settings have, and a closing `---`.
fn second_document(text: &str, body: usize, scribe: &mut Scribe) {
    let names = [keys::TITLE, keys::PILLAR, keys::EVALUATION, keys::ACTIONS];
    let is_own = |line: &&str| {
        let key = line.split([':', '：']).next().unwrap_or("").trim_end();
        is_item(line) && names.iter().any(|name| name.en == key || name.ja == key)
    };
    let (mut at, mut in_code) = (body, false);
    for line in text[body..].split_inclusive('\n') {
        let (start, content) = (at, line.trim_end());
        at += line.len();
        in_code ^= content.trim_start().starts_with("```");
        if content != "---" || in_code {
            continue;
        }
        let mut rest = text[at..].lines();
        if let Some(item) = rest.next().filter(is_own)
            && rest.any(|line| line.trim_end() == "---")
        {
            scribe.note(findings::second_front_matter(scribe.place(Span::new(start, start + 3)), item.trim_end()));
            return;
        }
    }
}

/// What a file gave.
#[derive(Debug, Default)]
pub struct Parsed<'b> {
    /// The file as text; empty where it is none.
    pub text: &'b str,
    /// The document, where it could be read.
    pub document: Option<Document>,
    /// What its readers will read, for the checks of a single file.
    pub reading: Reading,
}

/// The parts of a file that readers of the site will read. Spans are bytes of the file.
#[derive(Debug, Default)]
pub struct Reading {
    /// Texts of the front matter, as written.
    pub values: Vec<Span>,
    /// The body, without its links.
    pub facts: markdown::Facts,
    /// The links of the body.
    pub links: Arc<[markdown::Link]>,
}

/// Parses the document at `path`. No document for what is none (an attachment, a misplaced file).
pub fn parse<'b>(file: FileId, kind: Kind, bytes: &'b [u8], columns: &[Column]) -> Checked<Parsed<'b>> {
    let mut scribe = Scribe::new(file);
    let text = match yaml::utf8(bytes, &mut scribe) {
        Some(text) => text,
        None => return Checked::new(Parsed::default(), scribe.findings),
    };
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        scribe.note(findings::empty_file(scribe.place(Span::default())));
        return Checked::new(Parsed::default(), scribe.findings);
    }
    let needed = !matches!(kind, Kind::Home | Kind::Year(_) | Kind::DepartmentYear(..));
    let parts = split(text, needed, &mut scribe);
    if parts.yaml.is_none() && (needed || !scribe.findings.is_empty()) {
        // What was meant as a fence has been told.
        if scribe.findings.is_empty() {
            scribe.note(findings::no_front_matter(scribe.place(Span::new(0, 0))));
        }
        return Checked::new(Parsed::default(), scribe.findings);
    }
    let (yaml_text, yaml_offset) = parts.yaml.unwrap_or(("", 0));
    let found_before = scribe.findings.len();
    let parsed = yaml::parse(yaml_text, yaml_offset, &mut scribe);
    if parsed.is_none() && scribe.findings.len() > found_before {
        return Checked::new(Parsed::default(), scribe.findings);
    }
    let at = Span::new(yaml_offset, yaml_offset + yaml_text.trim_end().len());
    let node = parsed.unwrap_or(Node { value: Value::Null, at });
    if needed {
        second_document(text, parts.body, &mut scribe);
    }
    let (mut body, facts) = body(file, text, parts.body);
    let links = body.links.clone();
    body.links = links_inside(links.clone());
    let document = Fields::open(&node, &mut scribe).and_then(|mut fields| {
        let mut exceptions = checks::exceptions(&mut fields, checks::In::Document, &mut scribe);
        exceptions.extend(checks::comments(text, yaml_offset..parts.body, &mut scribe));
        body.exceptions = exceptions.into();
        let reader = Reader { fields, columns };
        match kind {
            Kind::Goal(name) => Some(Document::Goal(name, reader.goal(body, &mut scribe)?.into())),
            Kind::Outcome(name) => Some(Document::Outcome(name, None, reader.outcome(body, &mut scribe).into())),
            Kind::Progress(name, date) => {
                Some(Document::Outcome(name, Some(date), reader.outcome(body, &mut scribe).into()))
            }
            Kind::Pillar(key) => Some(Document::Pillar(key, reader.pillar(body, &mut scribe)?.into())),
            Kind::Department(key) => Some(Document::Department(key, reader.department(body, &mut scribe)?.into())),
            kind => {
                let titled = matches!(kind, Kind::Page(_));
                Some(Document::Prose(kind, reader.prose(titled, body, &mut scribe).into()))
            }
        }
    });
    let reading = Reading { values: scribe.read, facts, links };
    if scribe.is_partial {
        // Nothing may follow from what could not be read: for all other documents it is there, and unread. Its texts
        // are checked unless it excuses some of them, in words that may be among what is broken.
        let excuses = [checks::EXCEPTIONS.en, checks::EXCEPTIONS.ja, "kohyo"].iter().any(|word| text.contains(word));
        let reading = if excuses { Reading::default() } else { reading };
        scribe.findings.retain(|finding| !excuses || finding.rule != Rule::LostText);
        return Checked::new(Parsed { text, document: None, reading }, scribe.findings);
    }
    Checked::new(Parsed { text, document, reading }, scribe.findings)
}

/// Without links to other sites: once their texts are checked with the file, nothing asks for them, and on a large site
/// they would be megabytes.
fn links_inside(links: Arc<[markdown::Link]>) -> Arc<[markdown::Link]> {
    let leads_away = |link: &markdown::Link| {
        let scheme = ["https://", "http://"].into_iter().any(|scheme| link.target.starts_with(scheme));
        // With a backslash it is something else to a browser, and a finding.
        link.kind == markdown::LinkKind::Link && scheme && !link.target.contains('\\')
    };
    match links.iter().any(leads_away) {
        true => links.iter().filter(|link| !leads_away(link)).cloned().collect(),
        false => links,
    }
}

/// A body, and what checks of its file need to know about it. The text is not kept.
fn body(file: FileId, text: &str, offset: usize) -> (Body, markdown::Facts) {
    let body = &text[offset..];
    let is_empty = body.trim().is_empty();
    let mut facts = if is_empty { markdown::Facts::default() } else { markdown::facts(body, offset) };
    let links: Arc<[markdown::Link]> = std::mem::take(&mut facts.links).into();
    (
        Body { file, offset: offset as u32, is_empty, hash: hash(text.as_bytes()), links, exceptions: Box::default() },
        facts,
    )
}

/// Hash of a document's bytes, to notice that it changed while the site was being built.
pub fn hash(bytes: &[u8]) -> u64 {
    xxhash_rust::xxh3::xxh3_64(bytes)
}

struct Reader<'n, 't, 'c> {
    fields: Fields<'n, 't>,
    columns: &'c [Column],
}

impl Reader<'_, '_, '_> {
    fn publication(&mut self, scribe: &mut Scribe) -> Publication {
        // Whoever left it open has not decided to publish now.
        for (key, ja, en) in [(keys::PUBLISH_AT, "2026-06-25", "2026-06-25"), (keys::DRAFT, "はい", "yes")] {
            if let Some(at) = self.fields.blank(key) {
                scribe.note(findings::undecided(scribe.place(at), key, ja, en));
            }
        }
        let publish_at = self.fields.date(keys::PUBLISH_AT, scribe);
        Publication {
            publish_at: publish_at.map(|date| date.value),
            publish_at_at: publish_at.map(|date| date.at).unwrap_or_default(),
            draft: self.fields.flag(keys::DRAFT, scribe),
            ..self.always_public(scribe)
        }
    }

    /// The dates of a document that is always public: the ledgers.
    fn always_public(&mut self, scribe: &mut Scribe) -> Publication {
        let updated = self.fields.date(keys::UPDATED, scribe);
        Publication {
            updated: updated.map(|date| date.value),
            updated_at: updated.map(|date| date.at).unwrap_or_default(),
            sample: self.fields.flag(keys::SAMPLE, scribe),
            ..Publication::default()
        }
    }

    fn prose(mut self, titled: bool, body: Body, scribe: &mut Scribe) -> Prose {
        let title = match titled {
            true => self.fields.required_prose(keys::PAGE_TITLE, scribe),
            false => self.fields.prose(keys::PAGE_TITLE, scribe),
        };
        let prose = Prose {
            title: title.map(|text| text.value),
            description: self.fields.prose(keys::DESCRIPTION, scribe).map(|text| text.value),
            page_id: self.fields.shown(keys::PAGE_ID, scribe).map(|text| text.value),
            head: self.fields.prose(keys::HEAD, scribe).map(|text| text.value),
            menu: self.fields.flag(keys::MENU, scribe),
            order: self.order(scribe).unwrap_or(1000),
            publication: self.publication(scribe),
            body,
        };
        self.fields.finish(&[], scribe);
        prose
    }

    fn order(&mut self, scribe: &mut Scribe) -> Option<i64> {
        self.fields.number(keys::ORDER, 0..=100_000, scribe)
    }

    fn pillar(mut self, body: Body, scribe: &mut Scribe) -> Option<PillarMatter> {
        let name = self.fields.required_prose(keys::NAME, scribe);
        let number = self.fields.number(keys::NUMBER, 0..=998, scribe).unwrap_or(UNNUMBERED);
        let short = self.fields.prose(keys::SHORT, scribe).map(|text| text.value);
        let years = self.fields.years(keys::YEARS, scribe);
        let publication = self.always_public(scribe);
        self.fields.finish(&[], scribe);
        let name = name?;
        Some(PillarMatter { number, name_at: name.at, name: name.value, short, years, publication, body })
    }

    fn department(mut self, body: Body, scribe: &mut Scribe) -> Option<DepartmentMatter> {
        let name = self.fields.required_prose(keys::NAME, scribe);
        let reading = self.fields.shown(keys::READING, scribe).map(|text| text.value);
        let order = self.order(scribe).unwrap_or(1000);
        let years_at = self.fields.at_of(keys::YEARS);
        let years = self.fields.years(keys::YEARS, scribe);
        let becomes = self.fields.texts(keys::BECOMES, scribe);
        let sections = match self.fields.take(keys::SECTIONS, scribe).map(|node| &node.value) {
            Some(Value::List(items)) => items.iter().filter_map(|item| section(item, scribe)).collect(),
            Some(Value::Text(text)) => {
                vec![Section { name: (&**text).into(), at: Span::default(), contact: Contact::default() }]
            }
            _ => Vec::new(),
        };
        let contact = self.fields.take(keys::CONTACT, scribe).map(|node| contact(node, scribe)).unwrap_or_default();
        let publication = self.always_public(scribe);
        self.fields.finish(&[], scribe);
        let name = name?;
        Some(DepartmentMatter {
            name_at: name.at,
            name: name.value,
            reading,
            order,
            years,
            years_at,
            becomes,
            sections,
            contact,
            publication,
            body,
        })
    }

    fn goal(mut self, body: Body, scribe: &mut Scribe) -> Option<GoalMatter> {
        let title = self.fields.required_prose(keys::TITLE, scribe);
        let pillar = self.fields.required_text(keys::PILLAR, scribe);
        let columns = self.columns;
        let (nodes, actions_at) = list(&mut self.fields, keys::ACTIONS, scribe);
        let actions = nodes.iter().filter_map(|node| action(node, columns, scribe)).collect();
        let continues = self.fields.text(keys::CONTINUES, scribe);
        let order = self.order(scribe);
        let publication = self.publication(scribe);
        let (extras, names) = extras(&mut self.fields, columns, ColumnOn::Goal, scribe);
        self.fields.finish(&names, scribe);
        // A goal without a readable title still exists: its result is no orphan and links to it are not broken.
        let title = title.unwrap_or_else(|| Spanned::new("?".into(), Span::default()));
        let (title, title_at) = (title.value, title.at);
        Some(GoalMatter { title, title_at, pillar, actions, actions_at, continues, order, extras, publication, body })
    }

    fn outcome(mut self, body: Body, scribe: &mut Scribe) -> OutcomeMatter {
        let evaluation = self.fields.text(keys::EVALUATION, scribe);
        let (nodes, actions_at) = list(&mut self.fields, keys::ACTIONS, scribe);
        let actions: Box<[_]> = nodes.iter().filter_map(|node| action_outcome(node, scribe)).collect();
        let reason = self.fields.prose(keys::REASON, scribe).map(|text| text.value);
        let (nodes, _) = list(&mut self.fields, keys::CORRECTIONS, scribe);
        let corrections = nodes.iter().filter_map(|node| correction(node, scribe)).collect();
        let publication = self.publication(scribe);
        self.fields.finish(&[], scribe);
        let says_nothing = |it: &ActionOutcome| it.result.is_none() && it.actual.is_none();
        // Where something else is wrong, that may be why.
        if body.is_empty && !actions.is_empty() && actions.iter().all(says_nothing) && scribe.findings.is_empty() {
            scribe.note(findings::empty_results(scribe.place(actions_at)));
        }
        OutcomeMatter { evaluation, actions, actions_at, reason, corrections, publication, body }
    }
}

/// The items of a list field, and where the list is written (the start of the front matter when it is absent).
fn list<'n, 't>(fields: &mut Fields<'n, 't>, key: Key, scribe: &mut Scribe) -> (&'n [Node<'t>], Span) {
    let start = fields.at().start as usize;
    match fields.take(key, scribe) {
        None => (&[], Span::new(start, start)),
        Some(node) => match &node.value {
            Value::List(items) => (items, items.first().map_or(node.at, |first| first.at)),
            Value::Null | Value::Broken(_) => (&[], node.at),
            _ => {
                scribe.note(yaml::no_list(node, key, scribe));
                (&[], node.at)
            }
        },
    }
}

fn section(node: &Node<'_>, scribe: &mut Scribe) -> Option<Section> {
    if let Value::Map(_) = node.value {
        let mut fields = Fields::open(node, scribe)?;
        let name = fields.required_prose(keys::NAME, scribe);
        let contact = contact_fields(&mut fields, scribe);
        fields.finish(&[], scribe);
        let name = name?;
        return Some(Section { at: name.at, name: name.value, contact });
    }
    let name = yaml::shown(node, scribe)?;
    Some(Section { at: name.at, name: name.value, contact: Contact::default() })
}

/// Values of the city's columns, and the names under which they may be written.
fn extras<'c>(
    fields: &mut Fields<'_, '_>,
    columns: &'c [Column],
    on: ColumnOn,
    scribe: &mut Scribe,
) -> (Extras, Vec<&'c str>) {
    let mut values = Vec::new();
    let mut names = Vec::new();
    for (index, column) in columns.iter().enumerate().filter(|(_, column)| column.on == on) {
        names.extend([&*column.key, &*column.label]);
        let Some(node) = fields.take_named([&column.key, &column.label]) else { continue };
        let texts: Vec<Box<str>> = yaml::all_shown(node, scribe).into_iter().map(|text| text.value).collect();
        if !texts.is_empty() {
            values.push((index as u16, texts));
        }
    }
    (values.into(), names)
}

fn action(node: &Node<'_>, columns: &[Column], scribe: &mut Scribe) -> Option<Action> {
    let mut fields = Fields::open(node, scribe)?;
    let text = fields.required_prose(keys::TEXT, scribe);
    let sections = fields.texts(keys::SECTIONS, scribe).into();
    let (criterion, criterion_at) = apart(fields.prose(keys::CRITERION, scribe));
    let indicator = fields.take(keys::INDICATOR, scribe).and_then(|node| indicator(node, scribe)).map(Box::new);
    let (extras, names) = extras(&mut fields, columns, ColumnOn::Action, scribe);
    fields.finish(&names, scribe);
    // An action that cannot be read still counts, so that its result is not reported as one too many.
    let text = text.map_or_else(|| "?".into(), |text| text.value);
    Some(Action { text, sections, criterion, criterion_at, indicator, extras, at: node.at })
}

fn indicator(node: &Node<'_>, scribe: &mut Scribe) -> Option<Indicator> {
    let mut fields = Fields::open(node, scribe)?;
    let directions = [("up", "増やす", Direction::Up), ("down", "減らす", Direction::Down)];
    let mut indicator = Indicator {
        name: fields.prose(keys::NAME, scribe).map(|text| text.value),
        unit: fields.prose(keys::UNIT, scribe).map(|text| text.value),
        direction: fields.choice(keys::DIRECTION, &directions, scribe).unwrap_or_default(),
        baseline: None,
        target: None,
        revised_target: None,
        target_at: Span::default(),
    };
    let unit = indicator.unit.as_deref();
    indicator.baseline = fields.figure(keys::BASELINE, unit, scribe).map(|figure| figure.value);
    let (target, target_at) = apart(fields.figure(keys::TARGET, unit, scribe));
    let (revised_target, revised_at) = apart(fields.figure(keys::REVISED_TARGET, unit, scribe));
    indicator.target_at = if revised_target.is_some() { revised_at } else { target_at };
    (indicator.target, indicator.revised_target) = (target, revised_target);
    fields.finish(&[], scribe);
    Some(indicator)
}

fn action_outcome(node: &Node<'_>, scribe: &mut Scribe) -> Option<ActionOutcome> {
    let mut fields = Fields::open(node, scribe)?;
    let (result, result_at) = apart(fields.prose(keys::RESULT, scribe));
    let found_before = scribe.findings.len();
    let (actual, mut actual_at) = apart(fields.figure(keys::ACTUAL, None, scribe));
    if let Some(finding) = scribe.findings.get(found_before) {
        actual_at = finding.place.span;
    }
    let outcome = ActionOutcome {
        result,
        result_at,
        actual,
        actual_at,
        evaluation: fields.text(keys::EVALUATION, scribe),
        at: node.at,
    };
    fields.finish(&[], scribe);
    Some(outcome)
}

fn correction(node: &Node<'_>, scribe: &mut Scribe) -> Option<Correction> {
    let mut fields = Fields::open(node, scribe)?;
    let found_before = scribe.findings.len();
    let date = fields.date(keys::DATE, scribe);
    // A date that was written but is wrong has been reported already.
    if date.is_none() && scribe.findings.len() == found_before {
        fields.missing(keys::DATE);
    }
    let item = fields.prose(keys::ITEM, scribe).map(|text| text.value);
    let was = fields.shown(keys::WAS, scribe).map(|text| text.value);
    let now = fields.shown(keys::NOW, scribe).map(|text| text.value);
    let why = fields.prose(keys::WHY, scribe).map(|text| text.value);
    fields.finish(&[], scribe);
    let date = date?;
    Some(Correction { date: date.value, date_at: date.at, item, was, now, why, at: node.at })
}

/// A value, and where it is written.
fn apart<T>(written: Option<Spanned<T>>) -> (Option<T>, Span) {
    written.map_or((None, Span::default()), |written| (Some(written.value), written.at))
}
