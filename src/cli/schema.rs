//! `kohyo schema`.

use super::read::read;
use super::{SchemaArguments, say};
use crate::diagnostic::policy::Asked;
use crate::pipeline;
use crate::prepared::Options;
use crate::reading::Reading;
use crate::schema::{KINDS, Offered, schema as of};
use crate::text::language::Language;
use crate::text::nearest::nearest;
use anyhow::{Result, bail};
use std::process::ExitCode;

/// `kohyo schema [KIND]`: the fields of a kind of file as JSON Schema, with what the site offers as choices.
pub(super) fn schema(arguments: &SchemaArguments, language: Language) -> Result<ExitCode> {
    let kind = match arguments.kind.as_deref() {
        None => None,
        Some(asked) => match KINDS.into_iter().find(|(name, _)| *name == asked) {
            Some(kind) => Some(kind),
            None => bail!(unknown(asked, language)),
        },
    };
    let sources = read(&arguments.site, language)?;
    let offered = match sources.find("site.yaml") {
        Some(_) => {
            let today = say::today(Reading::default().time_zone(&sources, None).as_ref());
            let (as_of, asked) = (today, Asked::default());
            let options = Options { as_of, today, drafts: true, base_url: None, published: None, asked };
            Offered::of(&pipeline::join(sources, options, &mut Reading::default()).site)
        }
        None => Offered::default(),
    };
    say::text(&format!("{:#}\n", of(kind, &offered)))?;
    Ok(ExitCode::SUCCESS)
}

fn unknown(asked: &str, language: Language) -> String {
    let names = KINDS.map(|(name, _)| name);
    let known = match language {
        Language::Japanese => names.join("、"),
        Language::English => names.join(", "),
    };
    match (nearest(asked, names), language) {
        (Some(near), Language::Japanese) => {
            format!("「{asked}」という種類はありません。「{near}」のことですか（{known}）。")
        }
        (Some(near), Language::English) => {
            format!("there is no kind `{asked}`; did you mean `{near}`? (kinds: {known})")
        }
        (None, Language::Japanese) => format!("「{asked}」という種類はありません（{known}）。"),
        (None, Language::English) => format!("there is no kind `{asked}`; kinds: {known}"),
    }
}
