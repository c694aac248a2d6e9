//! `kohyo explain`.

use super::say;
use crate::diagnostic::Rule;
use crate::report::explain as pages;
use crate::text::language::Language;
use anyhow::{Result, bail};
use std::process::ExitCode;

/// `kohyo explain [RULE]`: the page of a rule, or the list of all.
pub(super) fn explain(name: Option<&str>, language: Language) -> Result<ExitCode> {
    let Some(name) = name else {
        say::text(&pages::list(language))?;
        return Ok(ExitCode::SUCCESS);
    };
    // As it is copied from a finding: `エラー[bad-date]`.
    let name = name.split_once('[').map_or(name, |(_, rest)| rest.trim_end_matches(']'));
    if let Some(rule) = Rule::parse(name) {
        say::text(&pages::text(rule, language))?;
        return Ok(ExitCode::SUCCESS);
    }
    match (pages::nearest(name), language) {
        (Some(near), Language::Japanese) => {
            bail!("「{name}」という規則はありません。「{}」のことですか。", near.name())
        }
        (Some(near), Language::English) => bail!("there is no rule called `{name}`; did you mean `{}`?", near.name()),
        (None, Language::Japanese) => bail!("「{name}」という規則はありません。kohyo explain で一覧が出ます。"),
        (None, Language::English) => bail!("there is no rule called `{name}`; `kohyo explain` lists all"),
    }
}
