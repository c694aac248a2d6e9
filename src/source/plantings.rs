//! Links, hard links of others, pipes and sockets planted anywhere in a project: nothing from outside comes in.
//!
//! `KOHYO_PLANTINGS=100000 cargo test --lib plantings` plants as many as one likes; some hundred otherwise.

use super::{Sources, Why};
use proptest::test_runner::{Config, TestRng};
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// What must not be seen: more bytes than any file of the site has, so that a size tells too.
const SECRET: &str = "secret-outside-the-site ";

/// Somebody else, where the tests may give files away.
const OTHER: u32 = 4321;

fn below(rng: &mut TestRng, end: usize) -> usize {
    use proptest::prelude::Rng;
    (rng.next_u64() % end as u64) as usize
}

struct Bench {
    folder: tempfile::TempDir,
    is_root: bool,
}

const FOLDERS: [&str; 7] = [
    "content",
    "content/2026/planning",
    "content/pages",
    "content/departments",
    "fonts",
    "themes",
    "themes/own/assets",
];
const NAMES: [&str; 9] =
    ["a.md", "b.pdf", "photo.png", "note.txt", "font.otf", "theme.yaml", "deep", "総務.md", "site.css"];

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let is_root = rustix::process::geteuid().is_root();
        let bench = Self { folder, is_root };
        fs::create_dir_all(bench.outside().join("deep/deeper")).unwrap();
        for name in NAMES {
            for below in ["", "deep", "deep/deeper"] {
                let path = bench.outside().join(below).join(name);
                if !path.exists() {
                    fs::write(path, SECRET.repeat(99)).unwrap();
                }
            }
        }
        bench
    }

    fn outside(&self) -> PathBuf {
        self.folder.path().join("outside")
    }

    fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    /// A new site, with what belongs to it beside its folders too: hidden files and what was published.
    fn lay(&self, rng: &mut TestRng) {
        let _ = fs::remove_dir_all(self.site());
        for folder in FOLDERS.into_iter().chain(["public", ".git", "content/.hidden"]) {
            fs::create_dir_all(self.site().join(folder)).unwrap();
            if self.is_root && below(rng, 3) == 0 {
                let _ = std::os::unix::fs::chown(self.site().join(folder), Some(OTHER), None);
            }
        }
        fs::write(self.site().join("site.yaml"), "title: x\n").unwrap();
        for name in ["content/2026/planning/1-01.md", "content/pages/own.txt", "themes/own/theme.yaml"] {
            fs::write(self.site().join(name), "own").unwrap();
        }
        for hidden in ["public/index.html", ".git/config", "content/.hidden/a.md"] {
            fs::write(self.site().join(hidden), SECRET.repeat(99)).unwrap();
        }
    }

    /// Puts one thing that does not belong there somewhere; says what.
    fn plant(&self, rng: &mut TestRng) -> String {
        let place = match below(rng, 12) {
            0 => ["site.yaml", "content", "themes", "fonts", "themes/own", "content/2026"][below(rng, 6)].to_owned(),
            _ => format!("{}/{}", FOLDERS[below(rng, FOLDERS.len())], NAMES[below(rng, NAMES.len())]),
        };
        let at = self.site().join(&place);
        let up = "../".repeat(place.matches('/').count());
        let secret = match below(rng, 6) {
            0 => self.outside(),
            1 => self.outside().join("deep"),
            _ => self.outside().join(["", "deep", "deep/deeper"][below(rng, 3)]).join(NAMES[below(rng, NAMES.len())]),
        };
        let relative = format!("{up}../{}", secret.strip_prefix(self.folder.path()).unwrap().display());
        let target = match below(rng, 14) {
            0 | 1 => secret.clone(),
            2 | 3 => relative.into(),
            // Out and in again, and by the system's own names.
            4 => format!("{up}../site/../outside/a.md").into(),
            5 => format!("/proc/self/root{}", secret.display()).into(),
            6 => format!("{up}content/pages/link").into(),
            7 => format!("{up}content/.hidden/a.md").into(),
            8 => format!("{up}.git/config").into(),
            9 => format!("{up}public/index.html").into(),
            10 => format!("{up}content/pages/own.txt").into(),
            11 => ".".into(),
            12 => place.rsplit('/').next().unwrap_or("").to_owned().into(),
            _ => PathBuf::from("/dev/zero"),
        };
        let link_in_pages = self.site().join("content/pages/link");
        let _ = symlink(&secret, link_in_pages);
        let remove = |at: &Path| {
            let _ = fs::remove_file(at);
            let _ = fs::remove_dir_all(at);
        };
        let kind = below(rng, 10);
        remove(&at);
        let Some(folder) = at.parent().filter(|folder| folder.exists()) else { return String::new() };
        // One that has another name in the site already keeps its owner.
        let may_be_shared = self.is_root && fs::metadata(&secret).is_ok_and(|it| it.is_file() && it.nlink() == 1);
        match kind {
            0 | 1 if may_be_shared => {
                // Another's than the folder's: a hard link needs no right to read what it names.
                let is_others = fs::metadata(folder).is_ok_and(|it| it.uid() == OTHER);
                let _ = std::os::unix::fs::chown(&secret, Some(if is_others { 0 } else { OTHER }), None);
                let _ = fs::hard_link(&secret, &at);
            }
            2 => drop(rustix::fs::mknodat(rustix::fs::CWD, &at, rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0)),
            3 => drop(UnixListener::bind(&at)),
            _ => {
                let _ = symlink(&target, &at);
                if self.is_root && below(rng, 3) == 0 {
                    let _ = std::os::unix::fs::lchown(&at, Some(OTHER), None);
                }
            }
        }
        format!("{kind}: {place} -> {}", target.display())
    }

    /// Everything that can be read of the site.
    #[track_caller]
    fn read(&self, what: &str) {
        let Ok(sources) = Sources::read(&self.site()) else { return };
        for (id, file) in sources.iter() {
            let bytes = [sources.bytes(id), sources.whole(id)];
            for bytes in bytes.into_iter().flatten() {
                assert!(!String::from_utf8_lossy(&bytes).contains("secret"), "{what}: {}", file.path);
            }
            assert!(sources.size(id).map_or(true, |size| size < SECRET.len() as u64), "{what}: size of {}", file.path);
            assert_eq!(sources.image_size(id), None, "{what}: {}", file.path);
            if let Ok(Some(mut opened)) = sources.open(id) {
                let text = std::io::read_to_string(&mut opened.file).unwrap();
                assert!(!text.contains("secret"), "{what}: {}", file.path);
            }
            // What cannot be read is listed as such, but for what only opening it shows.
            if let Err(error) = sources.open(id) {
                assert_eq!(file.trouble.as_ref().unwrap_or(&Why::Shared), &error.why, "{what}: {}", file.path);
            }
            if let Some(why) = &file.trouble {
                assert!(!matches!(why, Why::Other(_)), "{what}: {} {why:?}", file.path);
                assert!(!why.to_string().contains("outside"), "{what}: {why:?}");
            }
            assert!(!file.path.contains("deeper"), "{what}: {} was listed", file.path);
        }
        sources.look(std::time::SystemTime::now());
    }
}

#[test]
fn nothing_from_outside_comes_in() {
    let plantings: usize = std::env::var("KOHYO_PLANTINGS").map_or(150, |it| it.parse().expect("a number"));
    let mut rng = TestRng::deterministic_rng(Config::default().rng_algorithm);
    let bench = Bench::new();
    let mut done = 0;
    while done < plantings {
        bench.lay(&mut rng);
        let count = 1 + below(&mut rng, 3);
        let what: Vec<String> = (0..count).map(|_| bench.plant(&mut rng)).collect();
        bench.read(&what.join(", "));
        done += count;
    }
}

#[test]
fn a_link_to_a_file_of_the_site_works_and_any_other_is_told() {
    let bench = Bench::new();
    bench.lay(&mut TestRng::deterministic_rng(Config::default().rng_algorithm));
    let absolute = bench.site().join("content/pages/own.txt");
    let links = [
        ("content/2026/planning/right.txt", "../../pages/own.txt", None),
        ("content/pages/twice.txt", "link.txt", None),
        ("content/pages/link.txt", "own.txt", None),
        ("content/2026/planning/twice.txt", "right.txt", Some(Why::Outside)),
        ("content/2026/planning/absolute.txt", absolute.to_str().unwrap(), Some(Why::Outside)),
        ("content/2026/planning/folder", "../../pages", Some(Why::Outside)),
        ("content/2026/planning/through.txt", "folder/own.txt", Some(Why::Outside)),
        ("content/2026/planning/hidden.md", "../../.hidden/a.md", Some(Why::Outside)),
        ("content/2026/planning/published.html", "../../../public/index.html", Some(Why::Outside)),
        ("content/2026/planning/gone.md", "nowhere.md", Some(Why::Gone)),
        ("content/2026/planning/round.md", "round.md", Some(Why::Loop)),
        ("content/2026/planning/above.md", "../../../../outside/a.md", Some(Why::Outside)),
        // What would be seen before its day, or by another rule than its own.
        ("content/pages/early.txt", "../2026/planning/1-01.md", Some(Why::Outside)),
        ("content/pages/early.pdf", "../2026/planning/plan.pdf", Some(Why::Outside)),
        ("content/pages/settings.txt", "../../site.yaml", Some(Why::Outside)),
        ("content/2027/planning/1-01.md", "../../2026/planning/1-01.md", None),
    ];
    fs::create_dir_all(bench.site().join("content/2027/planning")).unwrap();
    for (link, target, _) in &links {
        symlink(target, bench.site().join(link)).unwrap();
    }
    let sources = Sources::read(&bench.site()).unwrap();
    for (link, _, why) in &links {
        let (id, file) = sources.listed(link).unwrap();
        assert_eq!((&file.trouble, sources.bytes(id).is_ok()), (why, why.is_none()), "{link}");
    }
    assert!(sources.listed("content/2026/planning/folder/own.txt").is_none());
}

/// Somebody exchanges a folder and a file for links again and again while the site is read.
#[test]
fn nothing_comes_in_between_a_look_and_a_read() {
    let bench = Bench::new();
    bench.lay(&mut TestRng::deterministic_rng(Config::default().rng_algorithm));
    let planning = bench.site().join("content/2026/planning");
    fs::write(planning.join("a.md"), "own").unwrap();
    let (aside, link, file_link) =
        (bench.site().join("aside"), bench.site().join("link"), bench.site().join("file-link"));
    symlink(bench.outside(), &link).unwrap();
    symlink(bench.outside().join("a.md"), &file_link).unwrap();
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let swap = |one: &Path, other: &Path| {
                let flags = rustix::fs::RenameFlags::EXCHANGE;
                let _ = rustix::fs::renameat_with(rustix::fs::CWD, one, rustix::fs::CWD, other, flags);
            };
            fs::write(&aside, "own").unwrap();
            while !is_over.load(Ordering::Relaxed) {
                swap(&planning, &link);
                swap(&planning, &link);
                swap(&planning.join("a.md"), &file_link);
                swap(&planning.join("a.md"), &file_link);
            }
        });
        let sources = Sources::read(&bench.site()).unwrap();
        let check = || {
            for (id, file) in sources.iter() {
                assert!(sources.bytes(id).map_or(true, |bytes| !bytes.starts_with(b"secret")), "{}", file.path);
                assert!(sources.size(id).map_or(true, |size| size < SECRET.len() as u64), "{}", file.path);
            }
        };
        let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (0..500).for_each(|_| check())));
        is_over.store(true, Ordering::Relaxed);
        if let Err(panic) = checked {
            std::panic::resume_unwind(panic);
        }
    });
}
