//! Real processes, real kills: whatever happens to a build, every visitor sees one published site.
//!
//! `KOHYO_FAULT_RUNS=500 cargo test --release --test it publish_faults::` is the long version; 40 kills are the short one.
//! `KOHYO_FAULT_DIR` chooses the disk; without it memory is used where there is `/dev/shm`, as most disks are busy enough.
//!
//! What is held, for every observation of a visitor:
//! - by path (from disk, and through a plain static server): a page that every version has is found, is byte for byte
//!   that page of one version, and for one visitor versions never go back;
//! - even while the switch is happening a page is always there;
//! - through a folder that was opened once: all pages are of one version, and exactly those of it, unless a further build
//!   began in the meantime or the folder was exchanged (then it becomes the new site, or is being reused, and the
//!   observation is not counted);
//! - a version whose build was killed before its exchange is never seen, not even later.

#![allow(clippy::unwrap_used)]

use crate::support::dice::Dice;
use kohyo::publish::{ManifestFacts, Options, Trouble, TroubleKind, begin, verify};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

const PAGES: u64 = 2_000;
const BUSY: i32 = 3;

/// Every page has its version's mark; some change with every version, others every 3rd or 10th.
fn mark(version: u64, page: u64) -> u64 {
    version / [1, 3, 10][(page % 3) as usize]
}

fn path(page: u64) -> String {
    format!("{}/department-{:02}/{page}.html", 2017 + page % 10, page % 24)
}

fn content(mark: u64, page: u64) -> String {
    // A different length and a different text for each, made quickly: 1.5 to 6 KB.
    let hash = (mark << 20 | page).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    format!("{mark} {page}\n{}", format!("<p>{hash:016x} {mark}</p>\n").repeat(50 + (hash >> 40) as usize % 150))
}

/// Pages that only some versions have, so that builds remove and add names, too.
fn is_there(version: u64, page: u64) -> bool {
    page % 20 != 19 || version % 3 == page % 3
}

/// From here on every version has all its pages in a folder of its own, so that the one before it goes as a whole.
const MOVING: u64 = 1_000_000;

fn place(version: u64, page: u64) -> String {
    if version < MOVING { path(page) } else { format!("{version}/{page}.html") }
}

/// The child process: builds one version. A test only in name; it does nothing without its environment.
#[test]
fn child() {
    let Ok(order) = std::env::var("KOHYO_FAULT_CHILD") else { return };
    let (version, out) = order.split_once(' ').unwrap();
    match build(Path::new(out), version.parse().unwrap(), &Options::default()) {
        Ok(()) => std::process::exit(0),
        Err(error) => {
            eprintln!("{error:?}");
            let is_busy = error.downcast_ref::<Trouble>().is_some_and(|it| it.kind == TroubleKind::Busy);
            std::process::exit(if is_busy { BUSY } else { 4 });
        }
    }
}

fn build(out: &Path, version: u64, options: &Options) -> anyhow::Result<()> {
    let publisher = begin(out, options)?;
    say("begun");
    (0..PAGES)
        .into_par_iter()
        .filter(|page| is_there(version, *page))
        .try_for_each(|page| publisher.write(&place(version, page), content(mark(version, page), page).as_bytes()))?;
    say("publishing");
    publisher.publish(&ManifestFacts { kohyo: "test".into(), as_of: version.to_string(), ..Default::default() })?;
    say("published");
    Ok(())
}

/// To the parent process; nobody listens in the parent itself.
fn say(word: &str) {
    println!("\n{word}");
    let _ = std::io::stdout().flush();
}

/// A build in its own process.
struct Builder {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Builder {
    fn start(out: &Path, version: u64) -> Self {
        // The program that runs, by no name: cargo may put a newer one in its place while the long version takes minutes.
        let own = Path::new("/proc/self/exe");
        let own = if own.exists() { own.to_path_buf() } else { std::env::current_exe().unwrap() };
        let mut child = Command::new(own)
            .args(["--exact", "publish_faults::child", "--nocapture", "--test-threads=1"])
            .env("KOHYO_FAULT_CHILD", format!("{version} {}", out.display()))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, out }
    }

    /// Waits until the child says this word, or ends.
    fn wait_for(&mut self, word: &str) {
        let mut line = String::new();
        while self.out.read_line(&mut line).unwrap() > 0 && line.trim() != word {
            line.clear();
        }
    }

    /// The exit code, and what was said on the way.
    fn finish(self) -> (Option<i32>, String) {
        let output = self.child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// What the parent knows, for the visitors to check against.
struct World {
    out: PathBuf,
    /// The version that is surely live, or was.
    floor: AtomicU64,
    /// The newest version whose build was started.
    ceiling: AtomicU64,
    /// A build has written its pages, so the switch is near.
    is_switching: AtomicBool,
    is_over: AtomicBool,
    seen: Mutex<BTreeSet<u64>>,
}

impl World {
    /// Checks one page and gives the version's mark in it.
    fn check(&self, page: u64, text: &str, floor: u64, who: &str) -> u64 {
        let found: u64 =
            text.split(' ').next().unwrap().parse().unwrap_or_else(|_| panic!("{who}: torn {page}: {text:?}"));
        assert_eq!(text, content(found, page), "{who}: page {page} is not whole");
        let ceiling = self.ceiling.load(Ordering::SeqCst);
        let (least, most) = (mark(floor, page), mark(ceiling, page));
        assert!((least..=most).contains(&found), "{who}: page {page} has mark {found}, not {least}..={most}");
        if page.is_multiple_of(3) {
            self.seen.lock().unwrap().insert(found);
        }
        found
    }
}

/// Visits pages in a scattered order until the world is over; `read` gives a page, or none. Gives how many it saw.
fn visit(world: &World, who: &str, mut read: impl FnMut(u64) -> Option<String>) -> u64 {
    let (mut count, mut last) = (0, vec![0; PAGES as usize]);
    let mut newest = 0;
    while !world.is_over.load(Ordering::SeqCst) {
        let page = count * 7_919 % PAGES;
        count += 1;
        // A visitor, not a load test: the builds need the processor as well.
        std::thread::sleep(Duration::from_micros(100));
        if page % 20 == 19 {
            continue;
        }
        let floor = world.floor.load(Ordering::SeqCst);
        let text = read(page).unwrap_or_else(|| panic!("{who}: page {page} is missing"));
        let found = world.check(page, &text, floor, who);
        assert!(found >= last[page as usize], "{who}: page {page} went back to {found}");
        last[page as usize] = found;
        if page.is_multiple_of(3) {
            assert!(found >= newest, "{who}: version {found} was seen after {newest}");
            newest = found;
        }
    }
    count
}

/// Looks up one page as fast as it can while a switch is near, so that even an instant without a site is noticed.
fn stare(world: &World) -> u64 {
    let (mut count, page) = (0, world.out.join(path(0)));
    while !world.is_over.load(Ordering::SeqCst) {
        if world.is_switching.load(Ordering::SeqCst) {
            count += 1;
            assert!(fs::exists(&page).unwrap(), "staring: the page was not there for an instant");
        } else {
            std::thread::sleep(Duration::from_micros(100));
        }
    }
    count
}

/// Opens the folder once and looks at a sample of pages in it, again and again. Gives how many folders counted, and how
/// many did not because another build began.
fn visit_open_folders(world: &World) -> (u64, u64) {
    use rustix::fs::{Mode, OFlags, openat};
    let (mut counted, mut overtaken, mut round) = (0, 0, 0);
    while !world.is_over.load(Ordering::SeqCst) {
        round += 1;
        std::thread::sleep(Duration::from_micros(500));
        let begun = world.ceiling.load(Ordering::SeqCst);
        let folder = File::open(&world.out).expect("the folder is always there");
        let read = |page: u64| -> Result<Option<String>, rustix::io::Errno> {
            match openat(&folder, path(page), OFlags::RDONLY, Mode::empty()) {
                Ok(file) => {
                    let mut text = String::new();
                    File::from(file).read_to_string(&mut text).unwrap();
                    Ok(Some(text))
                }
                Err(rustix::io::Errno::NOENT) => Ok(None),
                Err(error) => Err(error),
            }
        };
        let pages: Vec<u64> = (0..40).map(|step| (round * 131 + step * 53) % PAGES).collect();
        let first = read(0).unwrap();
        let texts: Vec<_> = pages.iter().map(|page| read(*page).unwrap()).collect();
        let is_live = fs::metadata(&world.out).unwrap().ino() == folder.metadata().unwrap().ino();
        if world.ceiling.load(Ordering::SeqCst) != begun || !is_live {
            overtaken += 1;
            continue;
        }
        counted += 1;
        let version = first.expect("page 0 is always there").split(' ').next().unwrap().parse().unwrap();
        for (page, text) in pages.into_iter().zip(texts) {
            let expected = is_there(version, page).then(|| content(mark(version, page), page));
            let head = |text: &Option<String>| text.as_ref().and_then(|it| it.lines().next().map(String::from));
            assert!(
                text == expected,
                "open folder: page {page} is not of version {version} (begun {begun}): {:?}, not {:?}",
                head(&text),
                head(&expected)
            );
        }
    }
    (counted, overtaken)
}

/// The plainest static server: one file per request. It runs until the test process ends.
fn serve(root: PathBuf) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let request: Vec<_> =
                BufReader::new(&stream).lines().map_while(Result::ok).take_while(|it| !it.is_empty()).collect();
            let path = request[0].split(' ').nth(1).unwrap().trim_start_matches('/');
            let _ = match fs::read(root.join(path)) {
                Ok(body) => stream.write_all(b"HTTP/1.0 200 OK\r\n\r\n").and_then(|()| stream.write_all(&body)),
                Err(_) => stream.write_all(b"HTTP/1.0 404 Not Found\r\n\r\n"),
            };
        }
    });
    port
}

fn a_folder() -> tempfile::TempDir {
    let memory = Some(PathBuf::from("/dev/shm")).filter(|it| it.is_dir());
    let disk = std::env::var_os("KOHYO_FAULT_DIR").map(PathBuf::from).or(memory).unwrap_or_else(std::env::temp_dir);
    tempfile::tempdir_in(disk).unwrap()
}

fn request(port: u16, page: u64) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(stream, "GET /{} HTTP/1.0\r\n\r\n", path(page)).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text.strip_prefix("HTTP/1.0 200 OK\r\n\r\n").map(Into::into)
}

/// Nothing is missing, nothing is changed, and there is nothing that no version lists.
fn assert_as_published(out: &Path) {
    let found = verify(out).unwrap();
    let few = |paths: &[String]| format!("{}: {:?}", paths.len(), paths.iter().take(5).collect::<Vec<_>>());
    let (missing, changed, foreign) = (few(&found.missing), few(&found.changed), few(&found.foreign));
    assert!(found.is_as_published(), "missing {missing}, changed {changed}, foreign {foreign}");
}

fn live_version(out: &Path) -> u64 {
    let text = fs::read_to_string(out.join(path(0))).unwrap();
    text.split(' ').next().unwrap().parse().unwrap()
}

/// Ends the visitors also when the test fails, so that its message is seen.
struct End<'a>(&'a World);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.is_over.store(true, Ordering::SeqCst);
    }
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table of cases, and one story")]
fn killed_builds_are_never_seen() {
    let runs: u64 = std::env::var("KOHYO_FAULT_RUNS").map_or(40, |it| it.parse().expect("a number"));
    let mut folder = a_folder();
    // What a rare failure leaves is needed to explain it.
    folder.disable_cleanup(true);
    eprintln!("in {}, which is kept if this fails", folder.path().display());
    let world = World {
        out: folder.path().join("public"),
        floor: AtomicU64::new(1),
        ceiling: AtomicU64::new(1),
        is_switching: AtomicBool::new(false),
        is_over: AtomicBool::new(false),
        seen: Mutex::default(),
    };
    assert_eq!(Builder::start(&world.out, 1).finish().0, Some(0));
    // How long the two parts of a build take, as the last whole one showed.
    let (mut writing, mut publishing) = (Duration::from_millis(200), Duration::from_millis(20));
    let port = serve(world.out.clone());
    let mut dice = Dice::new(1);
    let (mut kills, mut whole, mut version) = (0, 0, 1);
    let (mut dead, mut killed_after_switch) = (BTreeSet::new(), 0);

    std::thread::scope(|scope| {
        let world = &world;
        let end = End(world);
        let by_path =
            scope.spawn(|| visit(world, "by path", |page| fs::read_to_string(world.out.join(path(page))).ok()));
        let by_server = scope.spawn(|| visit(world, "by server", |page| request(port, page)));
        let by_folder = scope.spawn(|| visit_open_folders(world));
        let staring = scope.spawn(|| stare(world));

        while kills < runs {
            world.is_switching.store(false, Ordering::SeqCst);
            let visitors =
                [by_path.is_finished(), by_server.is_finished(), by_folder.is_finished(), staring.is_finished()];
            assert_eq!(visitors, [false; 4], "a visitor failed");
            let before = live_version(&world.out);
            version += 1;
            world.ceiling.store(version, Ordering::SeqCst);
            let mut builder = Builder::start(&world.out, version);
            let mut sleep_within = |duration: Duration| {
                let micros = u64::try_from(duration.as_micros()).unwrap();
                std::thread::sleep(Duration::from_micros(dice.below((micros * 11 / 10) as usize) as u64));
            };
            // A quarter while pages are written, a half after the last page (most of these late), a quarter not at all.
            match version % 4 {
                0 => sleep_within(writing),
                1 => {
                    builder.wait_for("publishing");
                    world.is_switching.store(true, Ordering::SeqCst);
                    sleep_within(publishing);
                }
                2 => {
                    builder.wait_for("publishing");
                    world.is_switching.store(true, Ordering::SeqCst);
                    std::thread::sleep(publishing / 2);
                    sleep_within(publishing);
                }
                _ => {
                    let begun = Instant::now();
                    builder.wait_for("publishing");
                    world.is_switching.store(true, Ordering::SeqCst);
                    writing = begun.elapsed();
                    builder.wait_for("published");
                    publishing = begun.elapsed() - writing;
                    let (code, said) = builder.finish();
                    assert_eq!(code, Some(0), "a build after a kill failed: {said}");
                    assert_eq!(live_version(&world.out), version);
                    world.floor.store(version, Ordering::SeqCst);
                    assert_as_published(&world.out);
                    whole += 1;
                    continue;
                }
            }
            let _ = builder.child.kill();
            let status = builder.child.wait().unwrap();
            let was_killed = status.signal() == Some(9);
            kills += u64::from(was_killed);
            assert!(was_killed || status.success(), "a build after a kill failed: {status}");
            let live = live_version(&world.out);
            assert!(live == version || (was_killed && live == before), "version {live} after {before} and {version}");
            if live == version {
                world.floor.store(version, Ordering::SeqCst);
                killed_after_switch += u64::from(was_killed);
            } else {
                dead.insert(version);
            }
            assert_as_published(&world.out);
        }
        drop(end);
        let (by_path, by_server) = (by_path.join().unwrap(), by_server.join().unwrap());
        let (by_folder, stared) = (by_folder.join().unwrap(), staring.join().unwrap());
        eprintln!(
            "{kills} kills ({} before the switch, {killed_after_switch} after), {whole} whole builds; pages seen: {by_path} by path, \
             {by_server} by server, {stared} while switching; {} open folders ({} more were overtaken by the next build); mixed 0, missing 0",
            dead.len(),
            by_folder.0,
            by_folder.1
        );
        assert!(by_path > runs && by_server > runs && stared > runs && by_folder.0 > 0 && !dead.is_empty());
    });

    let seen = world.seen.into_inner().unwrap();
    assert!(seen.len() > 1);
    assert_eq!(seen.intersection(&dead).count(), 0, "versions were seen that were never published");
    // After all this, the folder is what a first build makes.
    build(&world.out, version, &Options::default()).unwrap();
    let fresh = folder.path().join("fresh");
    build(&fresh, version, &Options::default()).unwrap();
    // Nor was a page ever taken for something that a person had put there.
    let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [".fresh.kohyo", ".public.kohyo", "fresh", "public"]);
    let (old, new) = (verify(&world.out).unwrap(), verify(&fresh).unwrap());
    assert!(old.is_as_published());
    assert_eq!(old, new);
    folder.disable_cleanup(false);
}

#[test]
fn two_builds_at_once_take_turns() {
    let folder = a_folder();
    let out = folder.path().join("public");
    for round in 0..5 {
        let children: Vec<_> = (1..=3).map(|it| Builder::start(&out, round * 10 + it)).collect();
        let ended: Vec<_> = children.into_iter().map(Builder::finish).collect();
        assert!(ended.iter().all(|(code, _)| matches!(code, Some(0 | BUSY))), "{ended:?}");
        assert!(ended.iter().any(|(code, _)| *code == Some(0)));
        let live = live_version(&out);
        let (code, _) = &ended[usize::try_from(live - round * 10 - 1).unwrap()];
        assert_eq!(*code, Some(0));
        assert!(verify(&out).unwrap().is_whole());
        for page in 0..PAGES {
            let expected = is_there(live, page).then(|| content(mark(live, page), page));
            assert_eq!(fs::read_to_string(out.join(path(page))).ok(), expected);
        }
    }
}

/// While a folder that is no longer public is emptied for the next site, a kill leaves some of its pages and perhaps no
/// list of them. They must not be taken for what a person put there, which would be brought back to the public.
#[test]
fn a_kill_while_old_pages_are_removed_brings_none_of_them_back() {
    let rounds: u64 = std::env::var("KOHYO_FAULT_RUNS").map_or(40, |it| it.parse().expect("a number")) / 2;
    let mut folder = a_folder();
    folder.disable_cleanup(true);
    let (out, private) = (folder.path().join("public"), folder.path().join(".public.kohyo"));
    let mut dice = Dice::new(2);
    let mut version = MOVING;
    let mut next = || {
        version += 1;
        version
    };
    let mut publishing = Duration::from_millis(20);
    for _ in 0..rounds {
        build(&out, next(), &Options::default()).unwrap();
        // As a kill right behind the switch leaves it: nothing but the manifest tells what the site is made of.
        for records in ["live.records", "back.records"] {
            let _ = fs::remove_file(private.join(records));
        }
        build(&out, next(), &Options::default()).unwrap();
        let mut builder = Builder::start(&out, next());
        builder.wait_for("publishing");
        std::thread::sleep(Duration::from_micros(dice.below(publishing.as_micros() as usize) as u64));
        let _ = builder.child.kill();
        builder.child.wait().unwrap();
        assert_as_published(&out);
        let mut builder = Builder::start(&out, next());
        builder.wait_for("publishing");
        let begun = Instant::now();
        builder.wait_for("published");
        publishing = begun.elapsed();
        let (code, said) = builder.finish();
        assert_eq!(code, Some(0), "{said}");
        assert_as_published(&out);
        let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, [".public.kohyo", "public"]);
    }
    folder.disable_cleanup(false);
}
