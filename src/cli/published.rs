//! What is said about a folder that is public: the end of `kohyo build`, `kohyo verify`, `kohyo clean`.

use super::say::{self, notes, pick};
use crate::diagnostic::Diagnostic;
use crate::prepared::Prepared;
use crate::publish::{self, Hash, Method, Published, Verification};
use crate::report::human::Tally;
use crate::text::language::{Language, counted};
use anyhow::Result;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

/// How many paths a sentence names.
const NAMED: usize = 10;

/// What a build has changed, and the one line that says what is public now.
pub(super) fn summary(
    counts: &Counts,
    published: &Published,
    findings: &[Diagnostic],
    verbose: bool,
    took: Duration,
    out: &Path,
    language: Language,
) -> Result<()> {
    if verbose {
        let lists = [("+", &published.new), ("~", &published.changed), ("-", &published.removed)];
        for (mark, path) in lists.iter().flat_map(|(mark, paths)| paths.iter().map(move |path| (mark, path))) {
            say::line(&format!("{mark} {path}"))?;
        }
    }
    by_hand(published, verbose, language)?;
    say::line(&last_line(counts, published, findings, took, out, language))?;
    match verbose {
        true => {
            say::line(&format!("{}: {}", pick(language, "全体のダイジェスト", "digest of the whole"), published.digest))
        }
        false => Ok(()),
    }
}

/// What people did in the folder: a correction by hand does not last, and what was put there is public, unseen by checks.
fn by_hand(published: &Published, verbose: bool, language: Language) -> Result<()> {
    let edited: Vec<&str> = published.edited.iter().map(String::as_str).collect();
    let foreign = outermost_last(&published.foreign);
    let (count, named) = (edited.len(), listed(&edited, verbose, language));
    if count > 0 {
        say::line(&match language {
            Language::Japanese => {
                format!("公開フォルダーで手で変えられていた{count}件は、作ったとおりにしました: {named}")
            }
            Language::English => {
                format!("changed by hand and now as built again ({}): {named}", counted(count, "file"))
            }
        })?;
    }
    let (count, named) = (foreign.len(), listed(&foreign, verbose, language));
    if count > 0 {
        say::line(&match language {
            Language::Japanese => format!("kohyo が作っていないものが{count}件あり、そのまま公開されています: {named}"),
            Language::English => format!("not made by kohyo, and public as they are ({count}): {named}"),
        })?;
    }
    Ok(())
}

/// Files, and folders with nothing in them, of a sorted list that names every folder as well.
fn outermost_last(paths: &[String]) -> Vec<&str> {
    let is_parent = |path: &str| {
        let inside = format!("{path}/");
        let next = paths.get(paths.partition_point(|it| *it < inside));
        next.is_some_and(|it| it.starts_with(&inside))
    };
    paths.iter().map(String::as_str).filter(|path| !is_parent(path)).collect()
}

fn listed(paths: &[&str], all: bool, language: Language) -> String {
    let most = if all { paths.len() } else { NAMED };
    let named = paths.iter().take(most).copied().collect::<Vec<_>>().join(pick(language, "、", ", "));
    match paths.len() > most {
        true => named + pick(language, "、…（すべては --verbose で）", ", … (all with --verbose)"),
        false => named,
    }
}

fn last_line(
    counts: &Counts,
    published: &Published,
    findings: &[Diagnostic],
    took: Duration,
    out: &Path,
    language: Language,
) -> String {
    let Counts { years, goals, results, pages, unpublished } = counts;
    let (new, changed, removed) = (published.new.len(), published.changed.len(), published.removed.len());
    let tally = Tally::of(findings);
    let (seconds, out, files) = (took.as_secs_f64(), out.display(), published.files);
    match language {
        Language::Japanese => {
            let change = match published.method {
                Method::Untouched => "変更なし".to_owned(),
                _ if new + changed + removed == 0 => "日付などの記録だけ変更".to_owned(),
                _ => format!("新規{new}・変更{changed}・削除{removed}"),
            };
            let found = if tally.files == 0 { String::new() } else { format!("、{}", tally.line(language)) };
            let done = match (published.method, unpublished) {
                (Method::Untouched, _) => "は、もう最新です",
                (_, 0) => "に公開しました",
                _ => "に作りました",
            };
            let hidden = match unpublished {
                0 => String::new(),
                n => format!("。下書きと公表前の{n}件を含みます"),
            };
            format!(
                "{out} {done}: {years}年度、目標{goals}件、実績{results}件、{pages}ページ（画面版と大きな文字版、全{files}ファイル: {change}）{found}{hidden}。{seconds:.2}秒"
            )
        }
        Language::English => {
            let change = match published.method {
                Method::Untouched => "nothing changed".to_owned(),
                _ if new + changed + removed == 0 => "only the record of the date or the like changed".to_owned(),
                _ => format!("{new} new, {changed} changed, {removed} removed"),
            };
            let found = if tally.files == 0 { String::new() } else { format!("; {}", tally.line(language)) };
            let (verb, hidden) = match unpublished {
                0 => ("published to", String::new()),
                n => ("written to", format!("; drafts and documents of a later day among them: {n}")),
            };
            let parts = [(*years, "year"), (*goals, "goal"), (*results, "result"), (*pages, "page")];
            let parts = parts.map(|(count, noun)| counted(count, noun)).join(", ");
            let files = counted(files, "file");
            format!("{verb} {out}: {parts} in two editions ({files}: {change}){found}{hidden}; {seconds:.2} s")
        }
    }
}

/// `kohyo verify`: whether a published copy is complete and untouched, with nothing else in it.
pub(super) fn verify(dir: &Path, expected: Option<Hash>, language: Language) -> Result<ExitCode> {
    let found = publish::verify(dir)?;
    for (ja, en, paths) in [
        ("ありません", "missing", &found.missing),
        ("内容が違います", "changed", &found.changed),
        ("一覧にありません", "not in the list", &found.foreign),
    ] {
        for path in paths {
            say::line(&format!("{path}: {}", pick(language, ja, en)))?;
        }
    }
    if !found.digest_is_stated {
        say::line(pick(
            language,
            "公開ファイルの一覧（kohyo-manifest.json）が書き換えられています。",
            "the list of published files (kohyo-manifest.json) has been edited",
        ))?;
    }
    let is_expected = expected.is_none_or(|it| it == found.digest);
    if !is_expected {
        let digest = found.digest;
        say::line(&match language {
            Language::Japanese => {
                format!(
                    "ダイジェストが、指定したものと違います。別の日に公開したものか、一覧ごと書き換えられたものです: {digest}"
                )
            }
            Language::English => {
                format!(
                    "the digest is another: this was published at another time, or edited together with its list: {digest}"
                )
            }
        })?;
    }
    say::line(&verdict(&found, is_expected, language))?;
    Ok(ExitCode::from(u8::from(!(found.is_as_published() && is_expected))))
}

fn verdict(found: &Verification, is_expected: bool, language: Language) -> String {
    let Verification { facts, digest, files, foreign, .. } = found;
    let (as_of, kohyo, theme, more) = (&facts.as_of, &facts.kohyo, &facts.theme, foreign.len());
    match (found.is_whole() && is_expected, more, language) {
        (true, 0, Language::Japanese) => format!(
            "{files}ファイルすべてが公開時のままで、余分なものはありません（{as_of} 時点、テーマ {theme}、kohyo {kohyo}）。全体のダイジェスト: {digest}"
        ),
        (true, 0, Language::English) => format!(
            "every file is as published ({files} in all), and there is nothing else (as of {as_of}, theme {theme}, kohyo {kohyo}); digest of the whole: {digest}"
        ),
        (true, _, Language::Japanese) => format!(
            "公開した{files}ファイルはそのままですが、余分なものが{more}件あります。全体のダイジェスト: {digest}"
        ),
        (true, _, Language::English) => {
            format!(
                "every published file is as it was ({files} in all), but there is more ({more}); digest of the whole: {digest}"
            )
        }
        (false, _, Language::Japanese) => "公開時のままではありません。".into(),
        (false, _, Language::English) => "this is not what was published".into(),
    }
}

/// `kohyo clean`: removes what kohyo made, and nothing else.
pub(super) fn clean(out: &Path, language: Language) -> Result<ExitCode> {
    let cleaned = publish::clean(out)?;
    for path in &cleaned.kept {
        say::line(&format!("{path}: {}", pick(language, "残しました", "kept")))?;
    }
    notes(&cleaned.notes, language);
    notes(&cleaned.failed, language);
    let (removed, failed) = (cleaned.removed, cleaned.failed.len());
    say::line(&match (language, failed) {
        (Language::Japanese, 0) => format!("{removed}ファイルを消しました。"),
        (Language::Japanese, _) => {
            format!("{removed}ファイルを消しました。消せなかったファイルが{failed}件あります。")
        }
        (Language::English, 0) => format!("{} removed", counted(removed, "file")),
        (Language::English, _) => format!("{} removed, {failed} could not be", counted(removed, "file")),
    })?;
    if failed == 0 && !cleaned.kept.is_empty() {
        say::line(pick(
            language,
            "残したものがあるので、次にこのフォルダーに作るときは --adopt が要ります。",
            "as something was kept, the next build into this folder needs --adopt",
        ))?;
    }
    Ok(ExitCode::from(if failed == 0 { 0 } else { 2 }))
}

/// What the last line of a build counts.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) years: usize,
    pub(super) goals: usize,
    pub(super) results: usize,
    pub(super) pages: usize,
    /// Documents that are shown although their day has not come.
    pub(super) unpublished: usize,
}

impl Counts {
    pub(super) fn of(prepared: &Prepared) -> Self {
        let site = &prepared.site;
        let results = site.years.values().map(|year| year.results).sum();
        Self {
            years: site.years.len(),
            goals: site.goals.len(),
            results,
            pages: prepared.plan.pages.len(),
            unpublished: site.unpublished(prepared.options.as_of),
        }
    }

    /// As a line that [`Counts::parse`] reads.
    pub(super) fn line(&self) -> String {
        format!("{} {} {} {} {}", self.years, self.goals, self.results, self.pages, self.unpublished)
    }

    pub(super) fn parse(line: &str) -> Self {
        let mut numbers = line.split(' ').map(|number| number.parse().unwrap_or_default());
        let mut next = || numbers.next().unwrap_or_default();
        Self { years: next(), goals: next(), results: next(), pages: next(), unpublished: next() }
    }
}
