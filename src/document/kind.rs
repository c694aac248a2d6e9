//! What a file of `content/` is, told by its path alone.

use super::copies::is_leftover;
use crate::value::calendar::{Date, FiscalYear, parse_date};
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
    /// What a program or a person left beside the file that is meant: `1-01.md.bak`. It is never published.
    Leftover,
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
        if parts.iter().any(|part| is_leftover(part)) {
            return Some(Kind::Leftover);
        }
        // What would be another path on another system, or no path at all.
        let is_other = |part: &&&str| {
            is_reserved(part)
                || part.ends_with(['.', ' '])
                || part.contains(|c: char| c.is_control() || "\\:*?\"<>|".contains(c))
        };
        if let Some(part) = parts.iter().find(is_other) {
            return Some(Kind::BadName((*part).into()));
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

/// Names that Windows keeps for devices, with any ending and blanks before it: nobody there could copy the site. It takes
/// the small raised digits for digits as well (Microsoft, Naming Files, Paths, and Namespaces).
pub fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end_matches(' ');
    if !(3..=7).contains(&stem.len()) {
        return false;
    }
    let lower = stem.to_ascii_lowercase();
    let is_number = |text: &str| matches!(text.as_bytes(), [b'1'..=b'9']) || matches!(text, "¹" | "²" | "³");
    let numbered = |device: &str| lower.strip_prefix(device).is_some_and(is_number);
    let is_device = matches!(lower.as_str(), "con" | "prn" | "aux" | "nul" | "conin$" | "conout$");
    is_device || numbered("com") || numbered("lpt")
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
