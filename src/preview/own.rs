//! What is the preview's own on every page: its addresses, its script, who may open files.

use super::Editor;
use crate::text::html::Html;
use crate::text::language::Language;
use crate::value::calendar::Date;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::PathBuf;
use std::sync::OnceLock;

/// Where the preview's own addresses start, behind the base.
pub(super) const OWN: &str = "_preview/";

pub(super) const SCRIPT: &str = include_str!("assets/preview.js");
pub(super) const STYLE: &str = include_str!("assets/preview.css");

/// What everything needs that the preview adds to a site.
#[derive(Clone, Debug)]
pub struct Own {
    /// The language of the preview's own words.
    pub language: Language,
    /// What opens files.
    pub editor: Editor,
    /// Where the site is on disk.
    pub root: PathBuf,
    /// What a form must carry.
    pub token: String,
    /// Where every address of the preview starts: `/`, or `/SECRET/` for a preview that is private.
    pub base: String,
}

impl Own {
    /// The address under which the pages of a view are.
    pub fn root_of(&self, view: View) -> String {
        match view {
            View::Now => self.base.clone(),
            View::On(date) => format!("{}{OWN}on/{date}/", self.base),
        }
    }

    /// An address of the preview's own.
    pub fn address(&self, name: &str) -> String {
        format!("{}{OWN}{name}", self.base)
    }
}

/// What nobody can guess: 128 bits of the system's randomness, as maps use it, in letters of an address.
pub fn secret() -> String {
    let part = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", part(), part())
}

/// As what the site is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// With drafts and what is published later.
    Now,
    /// As citizens see it on a day.
    On(Date),
}

/// A mark of the preview's own script and styles.
pub fn own_mark() -> &'static str {
    static MARK: OnceLock<String> = OnceLock::new();
    MARK.get_or_init(|| format!("{:016x}", crate::document::hash([SCRIPT, STYLE].concat().as_bytes())))
}

/// The start of a page of the preview's own, up to its body.
pub fn own_head(title: &str, language: Language) -> Html {
    let mut html = Html::new();
    html.push_markup("<!doctype html>\n<html");
    html.push_attribute("lang", language.tag());
    html.push_markup("><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>");
    html.push_text(title);
    html.push_markup("</title>");
    html
}
