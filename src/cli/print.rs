//! `kohyo print`: booklets on the spot, with the number of sheets to put into the printer.

use super::say;
use crate::beneath::{Access, Beneath};
use crate::cli::PrintArguments;
use crate::cli::read::read;
use crate::cli::say::has_errors;
use crate::diagnostic::{self, Checked};
use crate::output::Output;
use crate::pipeline;
use crate::plan::booklets::{self, Booklet, Subject};
use crate::plan::{self, Target};
use crate::prepared::Prepared;
use crate::publish::give_alike_if_there;
use crate::render::Failure;
use crate::render::views::size_text;
use crate::report::human::Tally;
use crate::site::{DepartmentId, PillarId, Site};
use crate::text::language::{Language, counted};
use crate::text::nearest;
use crate::value::booklet::{self, Part, Size};
use anyhow::{Context as _, Result};
use rayon::prelude::*;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What became of one booklet.
struct Made {
    pages: usize,
    bytes: Option<u64>,
    name: String,
}

pub(super) fn print(arguments: &PrintArguments, language: Language) -> Result<ExitCode> {
    let sources = read(&arguments.site.site, language)?;
    let options = arguments.site.options(&sources);
    let Checked { value: output, mut diagnostics } = pipeline::prepare(sources.clone(), options);
    let refuse = |diagnostics: &[diagnostic::Diagnostic]| {
        say::findings(diagnostics, &sources, arguments.site.shown(), language);
        let tally = Tally::of(diagnostics).line(language);
        say::line(&match language {
            Language::Japanese => format!("{tally}。何も作っていません。"),
            Language::English => format!("{tally}; nothing was made"),
        })?;
        Ok(ExitCode::from(1))
    };
    if has_errors(&diagnostics) {
        return refuse(&diagnostics);
    }
    let booklets = booklets(arguments, &output, language)?;
    let subjects: Vec<Subject> = booklets.iter().map(|booklet| booklet.subject).collect();
    let found = output.check_subjects(&subjects);
    if has_errors(&found) {
        diagnostics.extend(found);
        diagnostic::sort(&mut diagnostics);
        return refuse(&diagnostics);
    }
    let out = arguments.out.clone().unwrap_or_else(|| arguments.site.site.join("print"));
    let folder = if arguments.estimate { None } else { Some(Folder::open(arguments, language)?) };
    let make = |booklet: &Booklet| make(&output, booklet, folder.as_ref());
    let made: Vec<Result<Made, Failure>> = booklets.par_iter().map(make).collect();
    let mut lines = Vec::new();
    let mut faults = Vec::new();
    for (booklet, made) in booklets.iter().zip(made) {
        match made {
            Ok(made) => lines.push(line(&output, booklet, &made, &out, language)),
            Err(Failure::Finding(finding)) => faults.push(*finding),
            Err(Failure::Trouble(error)) => return Err(error),
        }
    }
    if !faults.is_empty() {
        diagnostics.extend(faults);
        diagnostic::sort(&mut diagnostics);
        return refuse(&diagnostics);
    }
    say::findings(&diagnostics, &sources, arguments.site.shown(), language);
    lines.iter().try_for_each(|line| say::line(line))?;
    Ok(ExitCode::SUCCESS)
}

/// Sets a booklet and puts it into the folder; without one it is only counted.
fn make(output: &Output, booklet: &Booklet, folder: Option<&Folder>) -> Result<Made, Failure> {
    let mut name = booklets::path(&output.site, booklet).replace('/', "-");
    if booklet.paper != output.site.config.pdf.paper {
        name = name.replace(".pdf", &format!("-{}.pdf", booklet.paper.name().to_lowercase()));
    }
    let Some(folder) = folder else {
        return Ok(Made { pages: output.count_pages(booklet)?, bytes: None, name });
    };
    let pdf = output.booklet(booklet)?;
    folder.write(&name, &pdf.bytes)?;
    Ok(Made { pages: pdf.pages, bytes: Some(pdf.bytes.len() as u64), name })
}

/// Where booklets go.
struct Folder {
    at: PathBuf,
    beneath: Beneath,
}

impl Folder {
    /// The folder that the user has named, wherever their path leads; else the site's own, which is no link to another
    /// place: who may write in a site must not be able to send booklets over somebody's files.
    fn open(arguments: &PrintArguments, language: Language) -> Result<Self> {
        if let Some(out) = &arguments.out {
            if out.exists() && !out.is_dir() {
                let out = out.display();
                anyhow::bail!(match language {
                    Language::Japanese =>
                        format!("書き出す先がフォルダーではありません。--out で、別のフォルダーを指定します: {out}"),
                    Language::English => format!("this is no folder; name another one with --out: {out}"),
                });
            }
            std::fs::create_dir_all(out).with_context(|| out.display().to_string())?;
            return Self::of(out);
        }
        let Self { at: site, beneath } = Self::of(&arguments.site.site)?;
        let at = site.join("print");
        beneath.create_folders(&at).with_context(|| {
            let at = at.display();
            match language {
                Language::Japanese => format!(
                    "冊子を置くフォルダーが作れません（同じ名前のファイルやリンクがあるなら、移すか、--out で別の場所を指定します）: {at}"
                ),
                Language::English => format!(
                    "the folder for booklets cannot be made (if a file or a link has its name, move it, or name another place with --out): {at}"
                ),
            }
        })?;
        Ok(Self { at, beneath })
    }

    fn of(path: &Path) -> Result<Self> {
        let at = std::fs::canonicalize(path).with_context(|| path.display().to_string())?;
        let beneath = Beneath::open(&at).with_context(|| path.display().to_string())?;
        Ok(Self { at, beneath })
    }

    /// Writes a file whole or not at all: a printer that is just reading the old one finishes it.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.at.join(name);
        let written = self.beneath.replace(&path, &self.at, Access::Usual, |mut file| {
            give_alike_if_there(&self.beneath, file, &path);
            file.write_all(bytes)
        });
        written.with_context(|| path.display().to_string())
    }
}

fn line(prepared: &Prepared, booklet: &Booklet, made: &Made, out: &Path, language: Language) -> String {
    let Made { pages, bytes, name } = made;
    let (sheets, points, paper) = (booklet::sheets(*pages), booklet.size.points(), booklet.paper.name());
    let what = match bytes {
        Some(bytes) => {
            let size = size_text(&prepared.theme.words, *bytes);
            let path = out.join(name);
            match language {
                Language::Japanese => format!("{}（{size}）: ", path.display()),
                Language::English => format!("{} ({size}): ", path.display()),
            }
        }
        None => format!("{name}: "),
    };
    what + &match language {
        Language::Japanese => format!("{points}ポイント、{paper}、{pages}ページ、両面{sheets}枚"),
        Language::English => {
            let (pages, sheets) = (counted(*pages, "page"), counted(sheets, "sheet"));
            format!("{points} point, {paper}, {pages}, {sheets} printed on both sides")
        }
    }
}

/// What the user asked for, as booklets.
fn booklets(arguments: &PrintArguments, prepared: &Prepared, language: Language) -> Result<Vec<Booklet>> {
    let site = &prepared.site;
    let size = arguments.large.unwrap_or(Size::NORMAL);
    let paper = arguments.paper.unwrap_or(site.config.pdf.paper);
    let part = arguments.part.unwrap_or(Part::Both);
    let booklet = |subject, part| Booklet { subject, part, size, paper };
    let Some(latest) = site.latest_year() else {
        anyhow::bail!(say::pick(language, "公表された目標がありません。", "no goals have been published"));
    };
    if let Some(path) = &arguments.goal {
        return Ok(vec![booklet(Subject::Goal(goal(prepared, path, language)?), Part::Both)]);
    }
    let year = arguments.year.unwrap_or(latest);
    let years: Vec<String> = site.years.keys().map(ToString::to_string).collect();
    if !site.years.contains_key(&year) {
        return Err(unknown("年度", "year", &year.to_string(), years.iter().map(String::as_str), language));
    }
    if let Some(key) = &arguments.department {
        let id = department(site, key, language)?;
        let known = site.years[&year].departments.iter().map(|(id, _)| &*site.department(*id).key);
        let has_statement = site.statements.contains_key(&(year, id));
        if site.department_goals(year, id).is_empty() && !has_statement {
            return Err(unknown(&format!("{year}の部局"), &format!("department of {year}"), key, known, language));
        }
        return Ok(vec![booklet(Subject::Department(year, id), part)]);
    }
    if let Some(key) = &arguments.pillar {
        let id = pillar(site, key, language)?;
        let known = site.years[&year].pillars.iter().map(|(id, _)| &*site.pillar(*id).key);
        if site.pillar_goals(year, id).is_empty() {
            return Err(unknown(&format!("{year}の柱"), &format!("pillar of {year}"), key, known, language));
        }
        return Ok(vec![booklet(Subject::Pillar(year, id), part)]);
    }
    if part == Part::Results && arguments.year.is_none() {
        let year = site.latest_results();
        let year = year.context(say::pick(language, "公表された実績がありません。", "no results are published"))?;
        return Ok(vec![booklet(Subject::Year(year), part)]);
    }
    if part == Part::Results && site.years[&year].results == 0 {
        let text = match language {
            Language::Japanese => format!("{year} の実績は、まだ公表されていません。"),
            Language::English => format!("the results of {year} have not been published"),
        };
        anyhow::bail!(text);
    }
    let mut booklets = vec![booklet(Subject::Year(year), part)];
    // The published pair: this year's goals and last year's results.
    if let (None, None, Some(results)) = (arguments.year, arguments.part, site.latest_results())
        && results != year
    {
        booklets.push(booklet(Subject::Year(results), Part::Results));
    }
    Ok(booklets)
}

fn goal(prepared: &Prepared, path: &str, language: Language) -> Result<crate::site::GoalId> {
    let site = &prepared.site;
    let short = path.trim_start_matches("./").trim_start_matches("content/");
    let short = [".md", ".html", ".result"].iter().fold(short, |name, end| name.strip_suffix(end).unwrap_or(name));
    match plan::lookup(site, short) {
        Some((Target::Page(plan::Page::Goal(id), _), _)) => Ok(id),
        _ => {
            let names: Vec<String> = site.goals.iter().map(|goal| site.name(goal).to_string()).collect();
            Err(unknown("目標", "goal", short, names.iter().map(String::as_str), language))
        }
    }
}

fn department(site: &Site, key: &str, language: Language) -> Result<DepartmentId> {
    let by_name = || site.departments.iter().position(|it| *it.matter.name == *key);
    let found = site.find_department(key).or_else(|| by_name().map(|index| DepartmentId(index as u32)));
    found.ok_or_else(|| unknown("部局", "department", key, site.departments.iter().map(|it| &*it.key), language))
}

fn pillar(site: &Site, key: &str, language: Language) -> Result<PillarId> {
    let mut all = (0..site.pillars.len()).map(|index| PillarId(index as u32));
    let is_it =
        |id: &PillarId| *site.pillar(*id).matter.name == *key || site.pillar(*id).number.as_deref() == Some(key);
    let found = site.find_pillar(key).or_else(|| all.find(is_it));
    found.ok_or_else(|| unknown("柱", "pillar", key, site.pillars.iter().map(|it| &*it.key), language))
}

fn unknown<'k>(
    ja: &str,
    en: &str,
    given: &str,
    known: impl Iterator<Item = &'k str> + Clone,
    language: Language,
) -> anyhow::Error {
    let near = nearest::nearest(given, known.clone());
    let list: Vec<&str> = known.take(12).collect();
    anyhow::anyhow!(match (language, near) {
        (Language::Japanese, Some(near)) => format!("{ja}「{given}」はありません。「{near}」のことですか。"),
        (Language::English, Some(near)) => format!("there is no {en} `{given}`; did you mean `{near}`?"),
        (Language::Japanese, None) => format!("{ja}「{given}」はありません。使えるもの: {}", list.join("、")),
        (Language::English, None) => format!("there is no {en} `{given}`; known: {}", list.join(", ")),
    })
}
