//! How fast booklets are made: a year of 100 goals and one goal, at every size.
//!
//! ```text
//! cargo bench --bench print                   one process, warm: seconds, pages and bytes of each booklet
//! cargo bench --bench print -- goal 22        one booklet in a fresh process, for its memory
//! cargo bench --bench print -- year 22
//! ```
//!
//! The made-up city has 1,000 goals in ten years. "cold" is the first booklet of a process: it sets the press up. Each
//! is made from a site prepared anew, so that nothing finished lies on the shelf. `--profile dev` gives upper bounds
//! without the long compilation.

#![allow(clippy::disallowed_methods, reason = "tests and benchmarks look at files and clocks")]
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "support/corpus.rs"]
mod corpus;

use kohyo::output::Output;
use kohyo::pipeline;
use kohyo::plan::booklets::{Booklet, Subject};
use kohyo::prepared::Options;
use kohyo::site::GoalId;
use kohyo::source::Sources;
use kohyo::value::booklet::{Paper, Part, Size};
use kohyo::value::calendar::{Date, FiscalYear};
use std::sync::Arc;
use std::time::Instant;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    let text: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let sources = Arc::new(Sources::from_memory(corpus::files(1000)));
    match text[..] {
        [kind, points] => {
            make(&site(&sources), kind, points.parse().unwrap(), "cold");
        }
        _ => {
            for kind in ["goal", "year"] {
                for points in [12, 18, 22, 26] {
                    let site = site(&sources);
                    make(&site, kind, points, "cold");
                    // Another year, another goal: only the press is warm.
                    make(&site, kind, points, "warm");
                }
            }
        }
    }
    println!("peak memory of the process: {} MB", peak() / 1024);
}

fn site(sources: &Arc<Sources>) -> Output {
    let options = Options {
        as_of: Date::constant(2026, 11, 23),
        today: Date::constant(2026, 11, 23),
        drafts: false,
        base_url: None,
        asked: Default::default(),
        published: Default::default(),
    };
    pipeline::prepare(sources.clone(), options).value
}

fn make(site: &Output, kind: &str, points: u8, state: &str) {
    let year = FiscalYear::parse(if state == "cold" { "2023" } else { "2024" }).unwrap();
    let record = &site.site.years[&year];
    let subject = match kind {
        "goal" => Subject::Goal(GoalId(record.goals.start as u32 + 7)),
        _ => Subject::Year(year),
    };
    let booklet = Booklet { subject, part: Part::Both, size: Size::new(points).unwrap(), paper: Paper::A4 };
    let (wall, used) = (Instant::now(), cpu());
    let pdf = site.booklet(&booklet).unwrap_or_else(|fault| panic!("{fault:?}"));
    println!(
        "{kind} of {:3} goals  {points} pt  {state}  wall {:6.3} s  cpu {:5.2} s  {:4} pages  {:5} KB",
        if kind == "goal" { 1 } else { record.goals.len() },
        wall.elapsed().as_secs_f64(),
        cpu() - used,
        pdf.pages,
        pdf.bytes.len() / 1024
    );
}

/// CPU seconds of this process so far; a hundredth is the finest the system tells.
fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = text.rsplit(')').next().unwrap().split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}

/// Kilobytes.
fn peak() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
