//! Work grows with the text and no faster: ten times the text is at most twelve times the instructions.
//!
//! Counted, not timed, so the answer does not depend on what else the machine does: this program runs itself under
//! callgrind, which says how many instructions each piece of work took. What the same work costs without the shape is
//! taken off, so that it hides nothing. Of documents a piece is what becomes of one file (fields, rules, page, booklet, every
//! report), of sites all that is found, every report and one page of each kind.
//!
//! `KOHYO_SCALING=1 cargo test --test it scaling:: -- --nocapture` adds those that take long, sites and themes, and says every
//! figure; a larger number makes all texts so many times as long, which also finds what is quadratic with a small factor.
//! `KOHYO_SHAPE=links` takes those whose name has the word.

mod shapes;

use crate::fuzzed::targets::WORDS;
use crate::support::{CITY, TODAY, files};
use kohyo::config::{self, Config};
use kohyo::diagnostic::Diagnostic;
use kohyo::diagnostic::policy::{self, Levels};
use kohyo::document;
use kohyo::markdown::{self, Edition, LinkKind, Resolved, tree};
use kohyo::pipeline;
use kohyo::plan::Route;
use kohyo::prepared::Options;
use kohyo::proofread;
use kohyo::reading::Reading;
use kohyo::report::human::Style;
use kohyo::report::readable::readable;
use kohyo::report::{self, Context, Format};
use kohyo::source::Sources;
use shapes::{DEAR_DOCUMENTS, DOCUMENTS, Files, SETTINGS, SITES, Shape, THEMES};
use std::collections::{BTreeMap, HashSet};
use std::hint::black_box;
use std::mem::discriminant;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

/// More than this many times the work for ten times the text is no growth with the text.
const MOST: f64 = 12.0;

/// What has been read before and stays, and which work is done.
struct Bench {
    config: Config,
    /// Remembers the theme of the small city, whose compiling would hide all else.
    reading: Reading,
    /// The small city alone: its files keep their ids when others come.
    city: Sources,
}

impl Bench {
    fn new() -> Self {
        let mut bench = Self { config: Config::default(), reading: Reading::default(), city: city(Vec::new()) };
        let sources = city(Vec::new()).following(&bench.city);
        let settings = sources.find("site.yaml").expect("settings");
        bench.config = config::parse(settings, &sources.bytes(settings).expect("readable")).value;
        bench.site(&Arc::new(sources));
        // Once with a finding: what the reports make ready when they are first asked is nobody's.
        bench.document(&Sources::from_memory((DOCUMENTS[0].files)(1)));
        bench
    }

    /// What becomes of one document.
    fn document(&self, sources: &Sources) {
        let (id, file) = sources.iter().next().expect("a document");
        let bytes = sources.bytes(id).expect("readable");
        let kind = document::kind(&file.path).expect("a document");
        let mut found = document::parse(id, kind, &bytes, &self.config.columns);
        let parsed = &found.value;
        found.diagnostics.extend(proofread::file(id, parsed.text, &parsed.reading, &self.config));
        let exceptions = parsed.document.as_ref().map(|it| it.body().exceptions.to_vec()).unwrap_or_default();
        policy::once_for_each_character(&mut found.diagnostics, sources);
        reports(&policy::apply(found.diagnostics, &Levels::default(), &exceptions, sources), sources);
        let text = std::str::from_utf8(&bytes).expect("text");
        let body = text.splitn(3, "---\n").nth(2).unwrap_or_default();
        for edition in [Edition::Screen, Edition::Large] {
            let options = markdown::Options { heading_base: 2, id_prefix: "", edition, words: &WORDS };
            black_box(markdown::render(body, &options, &|_, _: LinkKind| Resolved::Nothing));
        }
        black_box(markdown::plain_text(body));
        let options = tree::Options { notes_before: 0, words: &WORDS };
        black_box(tree::tree(body, &options, &|_, _| tree::Destination::Text));
    }

    /// What becomes of settings.
    fn settings(&self, sources: &Sources) {
        let (id, _) = sources.iter().next().expect("settings");
        let bytes = sources.bytes(id).expect("readable");
        let mut found = config::parse(id, &bytes);
        found.diagnostics.extend(proofread::settings(id, &bytes, &found.value));
        reports(
            &policy::apply(found.diagnostics, &Levels::default(), &found.value.checks.exceptions, sources),
            sources,
        );
    }

    /// What becomes of a site.
    fn site(&mut self, sources: &Arc<Sources>) {
        let options = Options {
            as_of: TODAY,
            today: TODAY,
            drafts: false,
            base_url: None,
            asked: Default::default(),
            published: None,
        };
        let output = pipeline::join(sources.clone(), options, &mut self.reading);
        reports(&pipeline::examine(&output), sources);
        let mut seen = HashSet::new();
        for route in output.routes() {
            let is_new = match route {
                Route::Page(page, edition) => seen.insert((discriminant(&page), edition)),
                _ => true,
            };
            if is_new {
                let _ = black_box(output.render(route));
            }
        }
    }
}

/// The findings in every format, and what would mend them.
fn reports(findings: &[Diagnostic], sources: &Sources) {
    for format in [Format::Human, Format::Json, Format::Github, Format::Sarif] {
        black_box(report::text(findings, sources, format, &Context::default()));
    }
    black_box(readable(findings, sources, Style::default()));
    for change in kohyo::fix::plan(findings) {
        let bytes = sources.bytes(change.file).expect("readable");
        black_box(change.apply(&bytes).map(|after| kohyo::fix::diff(&bytes, &after)));
    }
}

/// The small city with such files.
fn city(more: Files) -> Sources {
    let mut all: BTreeMap<String, Vec<u8>> = files(CITY);
    all.extend(more.into_iter().map(|(path, text)| (path, text.into_bytes())));
    Sources::from_memory(all)
}

/// A piece of work on a shape of some length. Callgrind knows this function by its name, and counts at its end.
#[inline(never)]
fn measured_piece_of_work(bench: &mut Bench, kind: Kind, sources: &Arc<Sources>) {
    match kind {
        Kind::Document => bench.document(sources),
        Kind::Settings => bench.settings(sources),
        Kind::Site => bench.site(sources),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Document,
    Settings,
    Site,
}

/// The shapes that are asked for, with how each is worked on.
fn shapes(asked: Option<&str>) -> Vec<(Kind, &'static Shape)> {
    let mut all: Vec<(Kind, &'static [Shape])> = vec![(Kind::Document, DOCUMENTS), (Kind::Settings, SETTINGS)];
    if asked.is_some() {
        all.extend([(Kind::Document, DEAR_DOCUMENTS), (Kind::Site, SITES), (Kind::Site, THEMES)]);
    }
    let only = std::env::var("KOHYO_SHAPE").unwrap_or_default();
    let all = all.into_iter().flat_map(|(kind, shapes)| shapes.iter().map(move |shape| (kind, shape)));
    all.filter(|(_, shape)| shape.name.contains(&only)).collect()
}

/// Does the work of every shape in three lengths: none, some, ten times as much.
fn work(factor: usize, asked: Option<&str>) {
    let mut bench = Bench::new();
    // The first count has all that came before in it.
    let first = Arc::new(Sources::from_memory((DOCUMENTS[0].files)(1)));
    measured_piece_of_work(&mut bench, Kind::Document, &first);
    for (kind, shape) in shapes(asked) {
        for length in [0, shape.size * factor, shape.size * factor * 10] {
            let files = (shape.files)(length);
            let is_own = files.iter().any(|(path, _)| !path.starts_with("content/"));
            let sources = Arc::new(match kind {
                Kind::Site => city(files).following(&bench.city),
                _ => Sources::from_memory(files),
            });
            if is_own && kind == Kind::Site {
                bench.reading = Reading::default();
            }
            for (file, it) in sources.iter() {
                if it.path.starts_with("content/") {
                    bench.reading.forget(file);
                }
            }
            measured_piece_of_work(&mut bench, kind, &sources);
        }
    }
}

/// The instructions of every piece of work, in order.
fn counted(folder: &Path) -> Vec<u64> {
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet", "--dump-line=no", "--dump-after=*measured_piece_of_work*"])
        .arg(format!("--callgrind-out-file={}", folder.join("counts").display()))
        .arg(std::env::current_exe().expect("this program"))
        .args(["--exact", "scaling::ten_times_the_text_is_at_most_twelve_times_the_work", "--nocapture"])
        .env("KOHYO_COUNTED", "1")
        .env("RAYON_NUM_THREADS", "1")
        .output()
        .expect("valgrind, which counts instructions: apt-get install valgrind");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    (1..)
        .map_while(|part| std::fs::read_to_string(folder.join(format!("counts.{part}"))).ok())
        .filter(|dump| dump.contains("--dump-after"))
        .map(|dump| {
            let summary = dump.lines().find_map(|line| line.strip_prefix("summary: "));
            summary.and_then(|count| count.trim().parse().ok()).expect("a count")
        })
        .collect()
}

#[test]
fn ten_times_the_text_is_at_most_twelve_times_the_work() {
    let asked = std::env::var("KOHYO_SCALING").ok();
    let factor: usize = asked.as_deref().map_or(1, |factor| factor.parse().expect("a number"));
    if std::env::var_os("KOHYO_COUNTED").is_some() {
        // On the one thread of the pool, so that none waits for another while instructions are counted.
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
        return pool.install(|| work(factor, asked.as_deref()));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let counts = counted(folder.path());
    let counts = counts.get(1..).unwrap_or_default();
    let shapes = shapes(asked.as_deref());
    assert_eq!(counts.len(), 3 * shapes.len(), "pieces of work that were counted");
    let mut wrong = Vec::new();
    for ((_, shape), counts) in shapes.iter().zip(counts.chunks(3)) {
        let [short, long] = [1, 2].map(|index| counts[index].saturating_sub(counts[0]));
        let ratio = long as f64 / short.max(1) as f64;
        let line = format!("{:44} {:>13} {:>14} {:>14}  {ratio:.1}", shape.name, counts[0], short, long);
        if asked.is_some() {
            println!("{line}");
        }
        if ratio > MOST {
            wrong.push(line);
        }
    }
    assert!(wrong.is_empty(), "shape, work without it, on some of it, on ten times as much:\n{}", wrong.join("\n"));
}
