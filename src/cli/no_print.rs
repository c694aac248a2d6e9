//! `kohyo print` in a program without booklets.

use super::PrintArguments;
use crate::text::language::Language;
use anyhow::Result;
use std::process::ExitCode;

/// Without the feature: how to get it. Nothing else of the program differs.
pub(super) fn print(_: &PrintArguments, language: Language) -> Result<ExitCode> {
    anyhow::bail!(super::say::pick(
        language,
        "この kohyo は、冊子を作る機能を入れずに作られています。このリポジトリーで `cargo install --path .` を実行して入れ直してください（`--no-default-features` を付けない）。それまでは、「大きな文字」のページをブラウザーから印刷できます。",
        "this kohyo was built without booklets; install it again with `cargo install --path .` in its repository, without `--no-default-features`. Until then the pages in large type can be printed from a browser."
    ))
}
