//! `kohyo build`.

use super::BuildArguments;
use super::published::{self, Counts};
use super::read::{published, published_day, read};
use super::say::{self, Shown, has_errors, notes, pick};
use crate::diagnostic::{self, Checked, Diagnostic};
use crate::output::{Content, Output};
use crate::pipeline;
use crate::plan::Route;
use crate::prepared::Options;
use crate::publish::{self, ManifestFacts, Origin, Publisher, Whole};
use crate::render::{self, Failure, Keys};
use crate::report::human::Tally;
use crate::site::Attachment;
use crate::site::published_figures::{self, Published};
use crate::source::Sources;
use crate::text::language::Language;
use crate::text::place::FileId;
use crate::value::booklet::Facts;
use crate::value::calendar::Date;
use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rayon::prelude::*;
use std::hash::Hash;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use xxhash_rust::xxh3::Xxh3;

/// How long each stage took.
struct Timings {
    started: Instant,
    last: Instant,
    stages: Vec<(&'static str, &'static str, Duration)>,
}

impl Timings {
    fn start() -> Self {
        let now = Instant::now();
        Self { started: now, last: now, stages: Vec::new() }
    }

    fn stage(&mut self, ja: &'static str, en: &'static str) {
        let now = Instant::now();
        self.stages.push((ja, en, now - self.last));
        self.last = now;
    }

    fn show(&self, language: Language) {
        for (ja, en, took) in &self.stages {
            let unit = pick(language, "秒", "s");
            say::aside(&format!("{:>8.3} {unit}  {}", took.as_secs_f64(), pick(language, ja, en)));
        }
    }
}

/// `kohyo build`: check everything, then write the site; with errors nothing is published.
pub(super) fn build(arguments: &BuildArguments, language: Language) -> Result<ExitCode> {
    let mut timings = Timings::start();
    let out = arguments.out.clone().unwrap_or_else(|| arguments.site.site.join("public"));
    let generation = publish::generation(&out);
    let sources = read(&arguments.site.site, language)?;
    timings.stage("一覧", "list files");
    let options = arguments.site.options(&sources);
    let as_of = options.as_of;
    if arguments.site.drafts && arguments.out.is_none() {
        bail!(pick(
            language,
            "--drafts のサイトには下書きと公表前の文書が入ります。公開するフォルダーに作らないよう、--out で別のフォルダーを指定します（例 --drafts --out preview）。",
            "a site with --drafts holds drafts and what is published later; name a folder for it with --out, so that it is not the published one (--drafts --out preview)"
        ));
    }
    if let Some(day) = published_day(&out).filter(|day| *day > as_of && !arguments.rollback) {
        bail!(later_is_published(&out, day, as_of, language));
    }
    let publish_options = publish::Options {
        site: Some(arguments.site.site.clone()),
        adopt: arguments.adopt,
        durable: arguments.durable,
        ..Default::default()
    };
    let program = program();
    let key = whole_key(&sources, &options, program);
    timings.stage("変更を探す", "look for changes");
    if let Some((published, whole)) = publish::renew(&out, &publish_options, key)? {
        timings.stage("公開済みの確認", "look at what is published");
        notes(&published.notes, language);
        if arguments.timings {
            timings.show(language);
        }
        let counts = Counts::parse(&whole.note);
        let took = timings.started.elapsed();
        published::summary(&counts, &published, &[], arguments.verbose, took, &out, language)?;
        return Ok(ExitCode::SUCCESS);
    }
    let options = Options { published: published(&out, as_of), ..options };
    let Checked { value: output, mut diagnostics } = pipeline::prepare(sources.clone(), options);
    timings.stage("読み取りと確認", "read and check");
    if has_errors(&diagnostics) {
        return refuse(&diagnostics, &sources, arguments.site.shown(), language);
    }
    let mut publisher = publish::begin(&out, &publish_options)?;
    notes(&publisher.take_notes(), language);
    if publish::generation(&out) != generation {
        // It may have read what was saved after this build had read its files.
        drop(publisher);
        say::note(pick(
            language,
            "その間に別のビルドが公開したので、読み直します。",
            "another build has published meanwhile; reading again",
        ));
        return build(arguments, language);
    }
    let found = write_all(&output, program, &publisher, language)?;
    publisher.write(published_figures::FIGURES, &Published::of(&output.site).json())?;
    timings.stage("ページの作成", "make pages");
    if !found.is_empty() {
        diagnostics.extend(found);
        diagnostic::sort(&mut diagnostics);
        return refuse(&diagnostics, &sources, arguments.site.shown(), language);
    }
    let facts = ManifestFacts {
        kohyo: env!("CARGO_PKG_VERSION").into(),
        as_of: as_of.to_string(),
        theme: output.site.config.theme.value.to_string(),
        ..Default::default()
    };
    let counts = Counts::of(&output);
    // Findings must be shown by every build, so a site with findings is read every time.
    let key = if diagnostics.is_empty() { key } else { 0 };
    publisher.remember_whole(Whole { key, note: counts.line() });
    let published = publisher.publish(&facts)?;
    timings.stage("公開", "publish");
    say::findings(&diagnostics, &sources, arguments.site.shown(), language);
    notes(&published.notes, language);
    if arguments.timings {
        timings.show(language);
    }
    let took = timings.started.elapsed();
    published::summary(&counts, &published, &diagnostics, arguments.verbose, took, &out, language)?;
    // A large site takes longer to take apart than to write; the system does it at once.
    std::mem::forget(output);
    Ok(ExitCode::SUCCESS)
}

/// Why a site is not replaced by one of an earlier day.
fn later_is_published(out: &Path, day: Date, as_of: Date, language: Language) -> String {
    let out = out.display();
    match language {
        Language::Japanese => format!(
            "{out} には {day} の時点のサイトがあります。{as_of} の時点で作ると、その間に公表したものが消えます。ほかのフォルダーに作るなら --out で指定し、本当に戻すなら --rollback を付けます。"
        ),
        Language::English => format!(
            "{out} holds the site as of {day}; as of {as_of}, what was published in between would be gone. Name another folder with --out, or add --rollback to go back"
        ),
    }
}

/// Names this very program: another one, also of the same version, may make other pages of the same site.
fn program() -> u64 {
    let mut name = Xxh3::new();
    env!("CARGO_PKG_VERSION").hash(&mut name);
    let file = std::env::current_exe().and_then(std::fs::metadata);
    if let Ok(file) = file {
        (file.len(), file.modified().ok()).hash(&mut name);
    }
    name.digest()
}

/// Changes with everything that a build depends on; 0 where that cannot be known without reading.
fn whole_key(sources: &Sources, options: &Options, program: u64) -> u128 {
    let Some(look) = sources.look(SystemTime::now()) else { return 0 };
    let mut key = Xxh3::new();
    (look, program, format!("{options:?}")).hash(&mut key);
    key.digest128()
}

fn refuse(findings: &[Diagnostic], sources: &Sources, shown: Shown, language: Language) -> Result<ExitCode> {
    say::findings(findings, sources, shown, language);
    let tally = Tally::of(findings);
    let (tally, fixable) = (tally.line(language), tally.fixable(language));
    say::line(&match language {
        Language::Japanese => format!("{tally}。何も公開していません。"),
        Language::English => format!("{tally}; nothing was published"),
    })?;
    fixable.iter().try_for_each(|sentence| say::line(sentence))?;
    Ok(ExitCode::from(1))
}

/// Makes every file and hands it to the publisher at once; nothing large is kept.
fn write_all(output: &Output, program: u64, publisher: &Publisher, language: Language) -> Result<Vec<Diagnostic>> {
    let routes = output.routes();
    let keys = Keys::new(output, program);
    let progress = Progress::new(routes.len(), language);
    let findings: Mutex<Vec<Diagnostic>> = Mutex::default();
    let make = |group: &&[Route]| -> Result<()> {
        let mut missing = Vec::with_capacity(group.len());
        for route in *group {
            let key = keys.of(*route).unwrap_or(0);
            match publisher.keep(&output.path(*route), key)? {
                Some(kept) => {
                    if let Route::Booklet(booklet) = route {
                        output.remember(*booklet, Facts { pages: kept.fact as usize, bytes: kept.size });
                    }
                    progress.step();
                }
                None => missing.push((*route, key)),
            }
        }
        let wanted: Vec<Route> = missing.iter().map(|(route, _)| *route).collect();
        for ((route, key), made) in missing.into_iter().zip(output.render_together(&wanted)) {
            let path = output.path(route);
            match made {
                Ok(Content::Bytes(bytes)) => {
                    let fact = match route {
                        Route::Booklet(booklet) => output.facts(&booklet).map_or(0, |it| it.pages as u32),
                        _ => 0,
                    };
                    publisher.write_from(&path, Origin { key, fact }, &bytes)?;
                }
                Ok(Content::File(file)) => {
                    let checked = match route {
                        Route::Attachment(index) => output.site.attachments.get(index as usize),
                        _ => None,
                    };
                    write_file(output, publisher, &path, file, checked)?;
                }
                Err(Failure::Finding(finding)) => {
                    findings.lock().unwrap_or_else(PoisonError::into_inner).push(*finding);
                }
                Err(Failure::Trouble(error)) => return Err(error),
            }
            progress.step();
        }
        Ok(())
    };
    // The editions of a page stand side by side, and are made together.
    let groups: Vec<&[Route]> =
        routes.chunk_by(|one, other| one.page().is_some() && one.page() == other.page()).collect();
    // Booklets first: they take longest, and pages tell how many pages they have.
    let (booklets, others): (Vec<&[Route]>, Vec<&[Route]>) =
        groups.into_iter().partition(|group| matches!(group, [Route::Booklet(_), ..]));
    booklets.par_iter().with_max_len(1).try_for_each(make)?;
    others.par_iter().with_min_len(4).try_for_each(make)?;
    progress.bar.finish_and_clear();
    Ok(findings.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Copies a file of the site, or an attachment if it is what was checked.
fn write_file(
    output: &Output,
    publisher: &Publisher,
    path: &str,
    file: FileId,
    checked: Option<&Attachment>,
) -> Result<()> {
    match output.sources.open(file)? {
        Some(from) => {
            let name = output.sources.path(file);
            publisher.copy(path, &from.file, Path::new(name))?;
            // Afterwards: its time of change only goes forward, so nothing else was read in between either.
            match checked.is_some_and(|attachment| attachment.look != from.look()) {
                true => Err(render::changed(name)),
                false => Ok(()),
            }
        }
        None => publisher.write(path, &output.sources.bytes(file)?),
    }
}

/// A bar with counts, at a terminal, once a build has taken a second.
struct Progress {
    bar: ProgressBar,
    started: Instant,
    is_shown: AtomicBool,
}

impl Progress {
    fn new(length: usize, language: Language) -> Self {
        let bar = ProgressBar::with_draw_target(Some(length as u64), ProgressDrawTarget::hidden());
        let template = match language {
            Language::Japanese => "{bar:30} {pos}/{len}ファイル",
            Language::English => "{bar:30} {pos}/{len} files",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, started: Instant::now(), is_shown: AtomicBool::new(false) }
    }

    fn step(&self) {
        self.bar.inc(1);
        let is_long = self.started.elapsed() > Duration::from_secs(1);
        if is_long && !self.is_shown.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(5));
        }
    }
}
