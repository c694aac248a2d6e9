//! How fast kohyo is: `cargo bench --bench speed` for the parts, `-- whole DIR` for the program.
//!
//! ```text
//! cargo bench --bench speed                                    parse, Markdown, pages of 1,000 goals, in memory
//! cargo bench --bench speed -- again [GOALS] [RUNS]            what a preview does after one save, in memory
//! cargo bench --bench speed -- corpus DIR GOALS                writes the made-up city, for trying things by hand
//! cargo bench --bench speed -- check DIR [GOALS] [RUNS]        a mistake in every document, beside none at all
//! cargo bench --bench speed -- whole DIR [SITE|GOALS] [RUNS]   clean, unchanged, one changed; beside the floor
//! ```
//!
//! DIR should be empty and on the disk that is meant (`/dev/shm/x` is memory). Every build goes into a folder of its
//! own and nothing is deleted in between: on some file systems, creating files soon after deleting many costs ten times
//! as much, and that would be measured instead. The floor is the very same files written again from memory by plain
//! system calls right after each build. CPU seconds are those of the child process.

#![allow(clippy::disallowed_methods, reason = "tests and benchmarks look at files and clocks")]
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "support/corpus.rs"]
mod corpus;

use kohyo::markdown;
use kohyo::pipeline;
use kohyo::prepared::Options;
use kohyo::reading::Reading;
use kohyo::source::Sources;
use kohyo::value::calendar::Date;
use rayon::prelude::*;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    let text: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match text[..] {
        ["again", ref more @ ..] => again(more),
        ["corpus", dir, goals] => write_site(Path::new(dir), goals.parse().unwrap()),
        ["check", dir, ref more @ ..] => check(Path::new(dir), more),
        ["whole", dir, ref more @ ..] => whole(Path::new(dir), more),
        _ => parts(),
    }
}

fn write_site(dir: &Path, goals: usize) {
    for (path, text) in corpus::files(goals) {
        let at = dir.join(path);
        std::fs::create_dir_all(at.parent().unwrap()).unwrap();
        std::fs::write(at, text).unwrap();
    }
}

/// The same document with a mistake: a date in another form, a broken link or a misspelt key, in turn.
fn with_mistake(index: usize, text: &str) -> String {
    let kind = index % 3;
    match text.split_once("\nupdated: ") {
        Some((before, after)) if kind == 0 => format!("{before}\nupdated: 令和8年6月25日\n{}", rest(after)),
        Some((before, after)) if kind == 1 => format!("{before}\nupdatd: {after}"),
        _ => format!("{text}\n[前の計画](ない{index}.md)\n"),
    }
}

fn rest(text: &str) -> &str {
    text.split_once('\n').map_or("", |(_, rest)| rest)
}

/// How much longer a check takes when every document has a mistake and every finding is shown.
fn check(dir: &Path, more: &[&str]) {
    let goals = more.first().map_or(10_000, |goals| goals.parse().unwrap());
    let runs: usize = more.get(1).map_or(5, |runs| runs.parse().unwrap());
    write_site(&dir.join("right"), goals);
    for (index, (path, text)) in corpus::files(goals).into_iter().enumerate() {
        let at = dir.join("wrong").join(&path);
        std::fs::create_dir_all(at.parent().unwrap()).unwrap();
        std::fs::write(at, if path.ends_with(".md") { with_mistake(index, &text) } else { text }).unwrap();
    }
    let cases = [("right", "human"), ("wrong", "human"), ("wrong", "json"), ("wrong", "github"), ("wrong", "sarif")];
    let mut rows: Vec<Vec<Used>> = vec![Vec::new(); cases.len()];
    for run_number in 0..=runs {
        for ((site, format), row) in cases.iter().zip(&mut rows) {
            let shown = std::fs::File::create(dir.join(format!("{site}-{format}.txt"))).unwrap();
            let mut command = Command::new(env!("CARGO_BIN_EXE_kohyo"));
            command.args(["check", "--as-of", "2026-04-01", "--format", format, "--site"]).arg(dir.join(site));
            command.stdout(shown.try_clone().unwrap()).stderr(shown);
            let used = run_to(&mut command, if *site == "wrong" { 1 } else { 0 });
            // The first run warms the caches.
            if run_number > 0 {
                row.push(used);
            }
        }
    }
    let clean = median(rows[0].iter().map(|it| it.cpu)).0;
    println!("{goals} goals; medians of {runs} (smallest, largest)");
    println!("| documents | output | wall s | CPU s | CPU / clean check | peak MB | output MB |");
    println!("|---|---|---:|---:|---:|---:|---:|");
    for ((site, format), row) in cases.iter().zip(rows) {
        let (wall, least, most) = median(row.iter().map(|it| it.wall));
        let (cpu, ..) = median(row.iter().map(|it| it.cpu));
        let (peak, ..) = median(row.iter().map(|it| it.peak));
        let size = std::fs::metadata(dir.join(format!("{site}-{format}.txt"))).unwrap().len() as f64 / 1e6;
        println!(
            "| {site} | {format} | {wall:.2} ({least:.2}–{most:.2}) | {cpu:.2} | {:.2} | {peak:.0} | {size:.1} |",
            cpu / clean
        );
    }
}

// ---- Parts --------------------------------------------------------------------------------------------------------

fn options() -> Options {
    Options {
        as_of: Date::constant(2026, 4, 1),
        today: Date::constant(2026, 4, 1),
        drafts: false,
        base_url: None,
        asked: Default::default(),
        published: None,
    }
}

/// Times one thread, best of some runs: the run that others disturbed least.
fn timed(name: &str, units: usize, unit: &str, mut work: impl FnMut()) {
    let best = (0..7)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed().as_secs_f64()
        })
        .fold(f64::MAX, f64::min);
    println!("{name:36} {:9.2} ms   {:8.2} µs per {unit}", best * 1e3, best * 1e6 / units as f64);
}

fn parts() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let files = corpus::files(1000);
    let documents = files.iter().filter(|(path, _)| path.ends_with(".md")).count();
    let bodies: Vec<String> =
        files.iter().filter(|(path, _)| path.ends_with(".md")).map(|(_, text)| body(text)).collect();
    let sources = Arc::new(Sources::from_memory(files));
    println!("1,000 goals, {documents} documents, one thread, best of 7");

    timed("front matter, join, checks", documents, "document", || {
        pool.install(|| drop(black_box(pipeline::prepare(sources.clone(), options()))));
    });
    timed("Markdown: links and headings", documents, "document", || {
        bodies.iter().for_each(|body| drop(black_box(markdown::facts(body, 0))));
    });
    let words = markdown::Words {
        footnotes: "脚注",
        footnote: "脚注{n}",
        back: "本文へ戻る",
        external: "外部サイト",
        table: "表",
        colon: "：",
        done: "済み",
        todo: "未了",
        alerts: ["注記", "助言", "重要", "警告", "注意"],
    };
    for edition in [markdown::Edition::Screen, markdown::Edition::Large] {
        let options = markdown::Options { heading_base: 3, id_prefix: "", edition, words: &words };
        let resolve =
            |target: &str, _| markdown::Resolved::Href { href: target.to_owned(), external: false, attachment: None };
        timed(&format!("Markdown to HTML, {edition:?}"), documents, "document", || {
            bodies.iter().for_each(|body| drop(black_box(markdown::render(body, &options, &resolve))));
        });
    }
    let prepared = pipeline::prepare(sources, options()).value;
    let routes = prepared.routes();
    timed("pages, both editions", routes.len(), "file", || {
        for route in &routes {
            black_box(prepared.render(*route).is_ok());
        }
    });
}

/// What joining costs when all but one document has been read before, and letting go of the site before.
fn again(more: &[&str]) {
    let goals = more.first().map_or(10_000, |goals| goals.parse().unwrap());
    let runs: usize = more.get(1).map_or(200, |runs| runs.parse().unwrap());
    let sources = Arc::new(Sources::from_memory(corpus::files(goals)));
    let options = || Options { drafts: true, ..options() };
    let mut reading = Reading::default();
    let mut site = pipeline::join(sources.clone(), options(), &mut reading);
    let documents: Vec<_> = sources.under("content/2021/").map(|(file, _)| file).collect();
    let (mut joins, mut drops, mut examined) = (Vec::new(), Vec::new(), Vec::new());
    for run_number in 0..runs {
        reading.forget(documents[run_number * 7919 % documents.len()]);
        let begun = Instant::now();
        let next = pipeline::join(sources.clone(), options(), &mut reading);
        joins.push(begun.elapsed().as_secs_f64());
        let begun = Instant::now();
        drop(std::mem::replace(&mut site, next));
        drops.push(begun.elapsed().as_secs_f64());
        if run_number % 10 == 0 {
            let begun = Instant::now();
            black_box(pipeline::examine(&site));
            examined.push(begun.elapsed().as_secs_f64());
        }
    }
    println!("{goals} goals, {runs} times");
    for (what, mut times) in [("join", joins), ("let go", drops), ("examine", examined)] {
        times.sort_by(f64::total_cmp);
        let at = |part: f64| times[((times.len() - 1) as f64 * part).round() as usize] * 1e3;
        println!("{what:12} least {:6.2} ms   p50 {:6.2} ms   p90 {:6.2} ms", at(0.0), at(0.5), at(0.9));
    }
}

/// A document without its front matter.
fn body(text: &str) -> String {
    text.strip_prefix("---\n").and_then(|text| text.split_once("\n---\n")).map_or(text, |(_, body)| body).to_owned()
}

// ---- The program --------------------------------------------------------------------------------------------------

/// What a child process used.
#[derive(Clone, Copy, Default)]
struct Used {
    wall: f64,
    cpu: f64,
    /// MB
    peak: f64,
}

/// Seconds of plain writing, on one thread and on two.
type Floors = [f64; 2];

fn whole(dir: &Path, more: &[&str]) {
    let site = match more.first() {
        Some(path) if path.parse::<usize>().is_err() => PathBuf::from(path),
        goals => {
            let site = dir.join("site");
            write_site(&site, goals.map_or(10_000, |goals| goals.parse().unwrap()));
            site
        }
    };
    let runs: usize = more.get(1).map_or(5, |runs| runs.parse().unwrap());
    let mut rows: Vec<(&str, Vec<Used>, Vec<Floors>)> =
        ["clean", "nothing changed", "one goal changed"].map(|name| (name, Vec::new(), Vec::new())).into();
    let mut files = (0, 0.0);
    for run in 0..=runs {
        // Files that were saved in the last three seconds are read again, to be sure.
        std::thread::sleep(std::time::Duration::from_secs(4));
        let out = dir.join(format!("run-{run}/public"));
        let clean = build(&site, &out);
        let content = read_all(&out);
        files = (content.len(), content.iter().map(|(_, bytes)| bytes.len() as f64).sum::<f64>() / 1e6);
        let floor =
            [1, 2].map(|threads| write_floor(&content, threads, &dir.join(format!("run-{run}/floor-{threads}"))));
        drop(content);
        let unchanged = build(&site, &out);
        let goal = touch_a_goal(&site);
        let one = build(&site, &out);
        std::fs::write(&goal.0, &goal.1).unwrap();
        // The first run warms the caches.
        if run > 0 {
            for ((_, used, floors), now) in rows.iter_mut().zip([clean, unchanged, one]) {
                used.push(now);
                floors.push(floor);
            }
        }
    }
    println!("{} files, {:.0} MB; medians of {runs} (smallest, largest)", files.0, files.1);
    println!("The floor is plain writing of the same files from memory, on one thread and on two.");
    println!("| what | wall s | CPU s | CPU ms per file | peak MB | floor, wall s | wall / floor |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    for (name, used, floors) in rows {
        let (wall, least, most) = median(used.iter().map(|it| it.wall));
        let (cpu, ..) = median(used.iter().map(|it| it.cpu));
        let (peak, ..) = median(used.iter().map(|it| it.peak));
        let [one, two] = [0, 1].map(|threads| {
            let (floor, ..) = median(floors.iter().map(|floor| floor[threads]));
            let (ratio, ..) = median(used.iter().zip(&floors).map(|(used, floor)| used.wall / floor[threads]));
            (floor, ratio)
        });
        println!(
            "| {name} | {wall:.2} ({least:.2}–{most:.2}) | {cpu:.2} | {:.3} | {peak:.0} | {:.2}, {:.2} | {:.1}, {:.1} |",
            cpu * 1e3 / files.0 as f64,
            one.0,
            two.0,
            one.1,
            two.1,
        );
    }
}

fn median(values: impl Iterator<Item = f64>) -> (f64, f64, f64) {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    (values[values.len() / 2], values[0], values[values.len() - 1])
}

fn build(site: &Path, out: &Path) -> Used {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kohyo"));
    command.args(["build", "--as-of", "2026-04-01", "--site"]).arg(site).arg("--out").arg(out);
    run(command.stdout(Stdio::null()).stderr(Stdio::null()))
}

/// Runs a command and says what it used. It must succeed.
fn run(command: &mut Command) -> Used {
    run_to(command, 0)
}

/// Runs a command and says what it used. It must end with this code.
fn run_to(command: &mut Command, code: i32) -> Used {
    let before = children();
    let begun = Instant::now();
    let mut child = command.spawn().unwrap();
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    // The peak is known only while the process lives, so it is asked for until there is no more answer.
    let watch = std::thread::spawn(move || {
        let mut peak = 0.0_f64;
        while let Some(now) = peak_of(&status) {
            peak = peak.max(now);
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        peak
    });
    let ended = child.wait().unwrap();
    let wall = begun.elapsed().as_secs_f64();
    assert_eq!(ended.code(), Some(code), "{command:?}: {ended}");
    Used { wall, cpu: children() - before, peak: watch.join().unwrap() }
}

fn peak_of(status: &Path) -> Option<f64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find(|line| line.starts_with("VmHWM"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1e3)
}

/// CPU seconds of all children that have ended.
fn children() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = text.rsplit(')').next().unwrap().split_whitespace().collect();
    (fields[13].parse::<f64>().unwrap() + fields[14].parse::<f64>().unwrap()) / 100.0
}

fn read_all(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            match entry.file_type().unwrap().is_dir() {
                true => open.push(entry.path()),
                false => files.push((
                    entry.path().strip_prefix(root).unwrap().to_path_buf(),
                    std::fs::read(entry.path()).unwrap(),
                )),
            }
        }
    }
    files.sort();
    files
}

/// Writes the files as fast as plain system calls can, on as many threads as kohyo has.
fn write_floor(files: &[(PathBuf, Vec<u8>)], threads: usize, to: &Path) -> f64 {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let begun = Instant::now();
    let mut last = PathBuf::new();
    for (path, _) in files {
        if path.parent() != Some(last.as_path()) {
            last = path.parent().unwrap().to_path_buf();
            std::fs::create_dir_all(to.join(&last)).unwrap();
        }
    }
    pool.install(|| files.par_iter().for_each(|(path, bytes)| std::fs::write(to.join(path), bytes).unwrap()));
    begun.elapsed().as_secs_f64()
}

/// Changes the title of one goal; gives back its path and its text, to be put back.
fn touch_a_goal(site: &Path) -> (PathBuf, String) {
    let mut years: Vec<_> = std::fs::read_dir(site.join("content")).unwrap().map(|it| it.unwrap().path()).collect();
    years.sort();
    let year = years.iter().find(|it| it.file_name().unwrap().to_string_lossy().starts_with("20")).unwrap();
    let mut goals: Vec<PathBuf> = read_all(year).into_iter().map(|(path, _)| year.join(path)).collect();
    goals.retain(|path| path.to_string_lossy().ends_with("1.md"));
    let goal = goals.swap_remove(goals.len() / 2);
    let text = std::fs::read_to_string(&goal).unwrap();
    std::fs::write(&goal, text.replacen("title: ", "title: 改", 1).replacen("改\"", "\"改", 1)).unwrap();
    (goal, text)
}
