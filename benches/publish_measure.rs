//! Cold publish, rebuilds and the floor: `measure DIR FILES BYTES {floor|kohyo}`; DIR must be fresh.

#![allow(clippy::disallowed_methods, reason = "tests and benchmarks look at files and clocks")]
#![allow(clippy::unwrap_used)]

use kohyo::publish::{ManifestFacts, Options, begin};
use rayon::prelude::*;
use std::path::Path;
use std::time::Instant;

fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = text.rsplit(')').next().unwrap().split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}
fn peak() -> String {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    text.lines().find(|it| it.starts_with("VmHWM")).unwrap().split_whitespace().nth(1).unwrap().into()
}
fn timed(name: &str, work: impl FnOnce()) {
    let (wall, used) = (Instant::now(), cpu());
    work();
    println!("{name:22} wall {:.3} s  cpu {:.2} s  peak {} kB", wall.elapsed().as_secs_f64(), cpu() - used, peak());
}
fn path(i: usize) -> String {
    format!("20{:02}/department-{:02}/{}-{:05}.html", i % 10, (i / 10) % 24, i % 7, i)
}
fn body(i: usize, size: usize, mark: usize) -> Vec<u8> {
    let mut body = format!("<!doctype html>{i} {mark}\n").into_bytes();
    while body.len() < size {
        body.extend_from_slice(format!("<p>{}</p>", body.len() * (i + 1)).as_bytes());
    }
    body
}
fn build(out: &Path, pages: &[Vec<u8>], durable: bool) {
    let p = begin(out, &Options { durable, ..Options::default() }).unwrap();
    pages.par_iter().enumerate().for_each(|(i, body)| p.write(&path(i), body).unwrap());
    let done = p.publish(&ManifestFacts::default()).unwrap();
    println!("   {:?} new {} changed {} unchanged {}", done.method, done.new.len(), done.changed.len(), done.unchanged);
}
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let (dir, files, size) =
        (Path::new(&args[1]), args[2].parse::<usize>().unwrap(), args[3].parse::<usize>().unwrap());
    let mut pages: Vec<_> = (0..files).into_par_iter().map(|i| body(i, size, 0)).collect();
    if args[4] == "floor" {
        for i in 0..240 * 10 {
            std::fs::create_dir_all(dir.join(path(i)).parent().unwrap()).unwrap();
        }
        timed("floor", || {
            pages.par_iter().enumerate().for_each(|(i, body)| std::fs::write(dir.join(path(i)), body).unwrap())
        });
        return;
    }
    let out = dir.join("public");
    timed("cold", || build(&out, &pages, false));
    timed("unchanged", || build(&out, &pages, false));
    pages[7] = body(7, size, 1);
    timed("one changed (relinks)", || build(&out, &pages, false));
    pages[8] = body(8, size, 1);
    timed("one changed", || build(&out, &pages, false));
    pages[9] = body(9, size, 1);
    timed("one changed", || build(&out, &pages, false));
    timed("unchanged", || build(&out, &pages, false));
    for i in 0..20 {
        pages[100 + i] = body(i, size, 2);
    }
    timed("20 changed", || build(&out, &pages, false));
    timed("verify", || assert!(kohyo::publish::verify(&out).unwrap().is_whole()));
    std::fs::remove_file(dir.join(".public.kohyo/live.records")).unwrap();
    timed("records lost", || build(&out, &pages, false));
    for page in &mut pages {
        page.push(b'x');
    }
    timed("all changed", || build(&out, &pages, false));
}
