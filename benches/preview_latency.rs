//! From saving a file to its new page, through the real program over real sockets.
//!
//! ```text
//! cargo bench --bench preview_latency                        1,000 and 10,000 goals, 60 saves of every kind
//! cargo bench --bench preview_latency -- [GOALS] [SAVES]          one size
//! cargo bench --bench preview_latency -- booklets [GOALS] [SAVES] with PDF booklets of every year, department and goal
//! cargo bench --bench preview_latency -- browser [GOALS] [SAVES]  until a real Chromium has painted it
//! cargo bench --bench preview_latency -- peers [GOALS] [SAVES]    beside the servers of other generators
//! cargo bench --bench preview_latency -- peer-corpus DIR [GOALS]  writes their sites, for trying things by hand
//! cargo bench --bench preview_latency -- soak GOALS SECONDS       two editors who save without rest
//! ```
//!
//! A client subscribes to a page as a browser does. A save is a write in place or a new file moved over the old one; the
//! clock starts before it and stops when the whole new page has been read. Memory is the most the program ever held.
//!
//! `browser` stops the clock when the browser says that it has painted the new text, and looks that it is in the window;
//! the next save comes when the page listens for it. It takes the Chromium that is installed, or the one that `CHROMIUM`
//! names. `peers` asks every server for the page without rest, ours too, because the others have no other way to tell when
//! it is there; `HUGO` and `ZOLA` name their programs. What is not installed is said, not left out in silence. At the end
//! of `soak`, every page is compared with a clean build.

#![allow(clippy::disallowed_methods, reason = "tests and benchmarks look at files and clocks")]
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "support/corpus.rs"]
mod corpus;

#[path = "../tests/it/support/browser.rs"]
mod browser;

#[path = "../tests/it/support/dice.rs"]
mod dice;
#[path = "../tests/it/support/soak.rs"]
mod soak;

#[path = "support/chromium.rs"]
mod chromium;

#[path = "support/peers.rs"]
mod peers;

use browser::{Tab, get};
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    let number = |index: usize, usual: usize| arguments.get(index).map_or(usual, |text| text.parse().unwrap());
    match arguments.first().map(String::as_str) {
        Some("peer-corpus") => {
            peers::PEERS.iter().for_each(|peer| peer.write_into(Path::new(&arguments[1]), number(2, 1000)))
        }
        Some("booklets") => with_booklets(number(1, 10_000), number(2, 60)),
        Some("browser") => in_browser(number(1, 10_000), number(2, 60)),
        Some("peers") => match arguments.len() {
            1 => [1000, 10_000].into_iter().for_each(|goals| beside_peers(goals, 10)),
            _ => beside_peers(number(1, 1000), number(2, 10)),
        },
        Some("soak") => soak(number(1, 10_000), Duration::from_secs(number(2, 600) as u64)),
        Some(_) => measure(number(0, 1000), number(1, 60)),
        None => [1000, 10_000].into_iter().for_each(|goals| measure(goals, 60)),
    }
}

/// A site on disk, and the program that shows it.
struct Shown {
    folder: tempfile::TempDir,
    program: Child,
    address: SocketAddr,
}

impl Shown {
    fn start(goals: usize) -> Self {
        Self::start_with(goals, "")
    }

    /// A site with more in its settings.
    fn start_with(goals: usize, settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in corpus::files(goals) {
            let at = folder.path().join(&path);
            fs::create_dir_all(at.parent().unwrap()).unwrap();
            let more = if path == "site.yaml" { settings } else { "" };
            fs::write(at, text + more).unwrap();
        }
        let begun = Instant::now();
        let mut program = Command::new(env!("CARGO_BIN_EXE_kohyo"))
            .args(["serve", "--port", "0", "--as-of", "2026-04-01", "--lang", "en", "--site"])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut lines = BufReader::new(program.stdout.take().unwrap());
        lines.read_line(&mut said).unwrap();
        let address: SocketAddr = said.split("http://").nth(1).unwrap().trim().trim_end_matches('/').parse().unwrap();
        assert_eq!(get(address, "/").status, 200);
        println!("{goals} goals: start to first page {}", shown(begun.elapsed()));
        // What it says further must not fill the pipe.
        std::thread::spawn(move || lines.lines().for_each(drop));
        Self { folder, program, address }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// The most memory the program held so far, in MB.
    fn memory(&self) -> f64 {
        self.memory_of("VmHWM")
    }

    /// What it holds now, in MB.
    fn memory_now(&self) -> f64 {
        self.memory_of("VmRSS")
    }

    fn memory_of(&self, name: &str) -> f64 {
        memory_of(self.program.id(), name)
    }
}

/// A line of what the system knows of a process, in MB.
fn memory_of(process: u32, name: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kib.map_or(f64::NAN, |kib| kib / 1000.0 * 1.024)
}

impl Drop for Shown {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

fn shown(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn measure(goals: usize, saves: usize) {
    let site = Shown::start(goals);
    let (document, page) = a_goal(&site);
    report("body, written in place", saves, |number| {
        edit(&site, &document, number, &page, |text, mark| format!("{text}\n{mark}\n"), write)
    });
    report("body, moved over the old file", saves, |number| {
        edit(&site, &document, number, &page, |text, mark| format!("{text}\n{mark}\n"), replace)
    });
    report("title", saves, |number| {
        edit(
            &site,
            &document,
            number,
            &page,
            |text, mark| text.replacen("title: ", &format!("title: {mark} "), 1),
            write,
        )
    });
    let (folder, _) = document.rsplit_once('/').unwrap();
    let (page_folder, _) = page.rsplit_once('/').unwrap();
    let mut tab = Tab::open(site.address, &format!("{page_folder}/index.html"));
    report("new file", saves, |number| {
        let begun = Instant::now();
        let text = fs::read_to_string(site.path(&document)).unwrap();
        write(&site.path(&format!("{folder}/new-{number}.md")), &text);
        tab.until(|_| get(site.address, &format!("{page_folder}/new-{number}.html")).status == 200);
        begun.elapsed()
    });
    report("deleted file", saves, |number| {
        let begun = Instant::now();
        fs::remove_file(site.path(&format!("{folder}/new-{number}.md"))).unwrap();
        tab.until(|_| get(site.address, &format!("{page_folder}/new-{number}.html")).status == 404);
        begun.elapsed()
    });
    let tabs: Vec<Tab> = (0..10).map(|_| Tab::open(site.address, &page)).collect();
    report("body, ten open pages", saves, |number| {
        edit(&site, &document, number, &page, |text, mark| format!("{text}\n{mark}\n"), write)
    });
    drop(tabs);
    println!("  peak memory {:.0} MB", site.memory());
}

/// Saves on a site whose pages have booklets: no answer waits for one, and the page is told when it is set.
fn with_booklets(goals: usize, saves: usize) {
    let site = Shown::start_with(goals, "pdf: { pages: [year, department, goal], sizes: [12, 22] }\n");
    let (document, page) = a_goal(&site);
    let (folder, _) = page.rsplit_once('/').unwrap();
    let (year, _) = folder.rsplit_once('/').unwrap();
    for open in [page.clone(), format!("{folder}/index.html"), format!("{year}/index.html")] {
        let mut tab = Tab::open(site.address, &open);
        report(&format!("body, {open} open"), saves, |number| {
            let mark = format!("印{number}印");
            let text = fs::read_to_string(site.path(&document)).unwrap();
            let begun = Instant::now();
            write(&site.path(&document), &format!("{text}\n{mark}\n"));
            tab.until(|_| get(site.address, &page).text().contains(&mark));
            let took = begun.elapsed();
            write(&site.path(&document), &text);
            tab.until(|_| !get(site.address, &page).text().contains(&mark));
            took
        });
        let begun = Instant::now();
        // Not before the site has rested; then the booklets of the page, one after the other.
        tab.until(|_| get(site.address, &open).text().contains("ページ、"));
        println!("    its booklets are told after {}", shown(begun.elapsed()));
    }
    println!("  peak memory {:.0} MB", site.memory());
}

/// From a save to the moment at which a browser that shows the page has painted it again.
fn in_browser(goals: usize, saves: usize) {
    let Some(mut browser) = chromium::Chromium::start() else {
        println!("Chromium is not installed: nothing was measured");
        return;
    };
    println!("{}", browser.version());
    let site = Shown::start(goals);
    let (document, page) = a_goal(&site);
    browser.open(site.address, &page);
    browser.until_listening(str::is_empty);
    let path = site.path(&document);
    let original = fs::read_to_string(&path).unwrap();
    // What the browser takes for itself, however soon it is told.
    report("the same page, loaded again", saves, |_| {
        let begun = Instant::now();
        browser.reload();
        let took = begun.elapsed();
        browser.until_listening(str::is_empty);
        took
    });
    // What is written must be in the window, or the browser has little to paint.
    write(&path, &format!("{original}\n印0印\n"));
    browser.until_listening(|shown| shown == "印0印");
    browser.scroll_to("印0印");
    write(&path, &original);
    browser.until_listening(str::is_empty);
    for (what, save) in
        [("body, written in place", write as fn(&Path, &str)), ("body, moved over the old file", replace)]
    {
        let mut exchanged = 0;
        report(what, saves, |number| {
            let mark = format!("印{number}印");
            // Frames come sixty times a second; people save at any moment between two of them.
            std::thread::sleep(Duration::from_micros(number as u64 * 7_919 % 16_667));
            let begun = Instant::now();
            save(&path, &format!("{original}\n{mark}\n"));
            let way = browser.until_shown(|shown| shown == mark);
            let took = begun.elapsed();
            exchanged += usize::from(way == chromium::Way::Exchanged);
            browser.until_listening(|shown| shown == mark);
            save(&path, &original);
            browser.until_listening(str::is_empty);
            took
        });
        println!("    exchanged in place: {exchanged} of {saves}");
    }
}

/// The same saves, seen by asking for the page without rest.
fn beside_peers(goals: usize, saves: usize) {
    let site = Shown::start(goals);
    let (document, page) = a_goal(&site);
    let path = site.path(&document);
    let original = fs::read_to_string(&path).unwrap();
    let until = |holds: &dyn Fn(&str) -> bool| {
        while !holds(&get(site.address, &page).text()) {
            std::thread::sleep(Duration::from_millis(2));
        }
    };
    report("kohyo serve", saves, |number| {
        let mark = format!("印{number}印");
        let begun = Instant::now();
        write(&path, &format!("{original}\n{mark}\n"));
        until(&|text| text.contains(&mark));
        let took = begun.elapsed();
        write(&path, &original);
        until(&|text| !text.contains(&mark));
        took
    });
    println!("  peak memory {:.0} MB", site.memory());
    drop(site);
    for peer in peers::PEERS {
        let Some(version) = peer.version() else {
            println!("  {:<32} not installed: not measured", peer.name);
            continue;
        };
        let mut served = peer.start(goals);
        println!("  {} ({version}): start to first page {}", peer.name, shown(served.first_page));
        report(peer.name, saves, |number| served.save(number));
        println!("  peak memory {:.0} MB", served.memory());
    }
}

/// Two editors at work for a time; then every page must be what a clean build makes, and the memory what it was.
fn soak(goals: usize, longest: Duration) {
    let site = Shown::start(goals);
    let folders = ["2021/schools", "2023/welfare"];
    let root = site.folder.path();
    // The first part fills what is remembered; from then on memory must stay where it is.
    const PARTS: u32 = 10;
    let mut held = Vec::new();
    for part in 1..=PARTS {
        let work = soak::two_editors(root, site.address, folders, usize::MAX, longest / PARTS);
        let after = site.memory_now();
        held.push(after);
        println!(
            "  {:>4.0} s: {:>5} saves, each seen, the slowest after {:>9}; memory {after:.1} MB, {:.1} MB at most so far",
            (longest * part / PARTS).as_secs_f64(),
            work.saves,
            shown(work.longest),
            site.memory()
        );
    }
    let options = kohyo::prepared::Options {
        as_of: kohyo::value::calendar::Date::constant(2026, 4, 1),
        today: kohyo::value::calendar::Date::constant(2026, 4, 1),
        drafts: true,
        base_url: None,
        asked: Default::default(),
        published: None,
    };
    let sources = kohyo::source::Sources::read(root).unwrap();
    let built = kohyo::pipeline::prepare(std::sync::Arc::new(sources), options).value;
    let mut compared = 0;
    for route in built.routes() {
        let Ok(kohyo::output::Content::Bytes(bytes)) = built.render(route) else { continue };
        let path = built.path(route);
        soak::is_as_built(site.address, &[(path, bytes)].into());
        compared += 1;
    }
    println!("  {compared} files compared with a clean build: none differs");
    // One reading differs from the next by ten megabytes, with what is under way; so averages are compared.
    let mean = |parts: &[f64]| parts.iter().sum::<f64>() / parts.len() as f64;
    let (before, after) = (mean(&held[1..5]), mean(&held[6..]));
    println!("  memory on average {before:.1} MB in parts 2 to 5, {after:.1} MB in parts 7 to 10");
    assert!(after < before * 1.1, "memory grew from {before:.1} to {after:.1} MB");
}

/// A goal document with its page.
fn a_goal(site: &Shown) -> (String, String) {
    let folder = "content/2021/schools";
    let mut names: Vec<String> = fs::read_dir(site.path(folder))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.contains(".result") && !name.starts_with("index"))
        .collect();
    names.sort();
    let name = &names[names.len() / 2];
    let page = format!("/2021/schools/{}.html", name.trim_end_matches(".md"));
    (format!("{folder}/{name}"), page)
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
}

fn replace(path: &Path, text: &str) {
    let new = path.with_extension("md.new~");
    fs::write(&new, text).unwrap();
    fs::rename(new, path).unwrap();
}

/// Saves one edit and waits for it: the time until the whole new page was read.
fn edit(
    site: &Shown,
    document: &str,
    number: usize,
    page: &str,
    change: impl Fn(&str, &str) -> String,
    save: impl Fn(&Path, &str),
) -> Duration {
    let path = site.path(document);
    let original = fs::read_to_string(&path).unwrap();
    let mark = format!("印{number}印");
    let mut tab = Tab::open(site.address, page);
    let begun = Instant::now();
    save(&path, &change(&original, &mark));
    tab.until(|_| get(site.address, page).text().contains(&mark));
    let took = begun.elapsed();
    // Back to what it was, so that every save is the same.
    save(&path, &original);
    tab.until(|_| !get(site.address, page).text().contains(&mark));
    took
}

fn report(what: &str, saves: usize, mut save: impl FnMut(usize) -> Duration) {
    let mut times: Vec<Duration> = (0..saves).map(&mut save).collect();
    times.sort();
    let at = |part: f64| shown(times[((times.len() - 1) as f64 * part).round() as usize]);
    println!("  {what:<32} p50 {:>9}  p90 {:>9}  most {:>9}", at(0.5), at(0.9), at(1.0));
}
