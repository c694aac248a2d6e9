//! Whole rounds of the program in a site beside which somebody plants links, pipes, and files and folders of other users:
//! whatever is run and killed there, nothing outside changes and nothing of it gets in.
//!
//! `KOHYO_PLANTED_ROUNDS=3000 cargo test --test it planted::` is the long version; 8 rounds are the short one.

#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use crate::support;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use support::dice::Dice;
use support::planting::World;
use support::{CITY, files};

const WITHIN: [&str; 3] = ["public", ".public", "print"];
const OWN: [&str; 4] = [".public.kohyo", "public.before-kohyo", "print", ".public.0123456789abcdef.kohyo"];
const NAMES: [&str; 16] = [
    "lock",
    "back",
    "aside",
    "live.records",
    "back.records",
    "back.seen",
    "back.made",
    "manifest.new",
    "live.new",
    "back.half",
    "kohyo-manifest.json",
    "2026",
    "2026-booklet.pdf",
    "2026-planning-1-01.pdf",
    "index.html",
    "robots.txt",
];

struct Round {
    folder: tempfile::TempDir,
    world: World,
    dice: Dice,
}

impl Round {
    fn new(seed: u64) -> Self {
        let folder = match Path::new("/dev/shm") {
            memory if memory.is_dir() => tempfile::tempdir_in(memory).unwrap(),
            _ => tempfile::tempdir().unwrap(),
        };
        let site = folder.path().join("site");
        for (path, bytes) in files(CITY) {
            let at = site.join(path);
            fs::create_dir_all(at.parent().unwrap()).unwrap();
            fs::write(at, bytes).unwrap();
        }
        let world = World::new(&site, &folder.path().join("outside"));
        Self { folder, world, dice: Dice::new(seed) }
    }

    fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kohyo"));
        command.args(arguments).current_dir(self.site()).env_clear().env("LANG", "en_US.UTF-8").stdin(Stdio::null());
        command
    }

    fn run(&mut self, arguments: &[&str]) {
        let output = self.command(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        self.world.log.push(format!("{arguments:?}: {:?} {said}", output.status.code()));
        // 0 done, 1 findings, 2 trouble: being refused is no fault, a panic is.
        assert!(matches!(output.status.code(), Some(0..=2)), "{:?}", self.world.log);
    }

    /// One more line in a goal, so that a page changes.
    fn write(&mut self) {
        let at = self.site().join("content/2026/planning/1-01.md");
        let mut file = fs::File::options().append(true).open(at).unwrap();
        writeln!(file, "\n更新{}。", self.dice.below(1000)).unwrap();
    }

    fn build_and_kill(&mut self) {
        let mut command = self.command(&["build", "--as-of", "2026-11-23"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(self.dice.below(150) as u64));
        let _ = child.kill();
        self.world.log.push(format!("killed: {:?}", child.wait().unwrap()));
    }

    fn act(&mut self, with_print: bool) {
        match self.dice.below(9) {
            0..=1 => {
                self.write();
                self.run(&["build", "--as-of", "2026-11-23"]);
            }
            2 => self.run(&["build", "--as-of", "2026-11-23"]),
            3..=4 => {
                self.write();
                self.build_and_kill();
                self.run(&["build", "--as-of", "2026-11-23"]);
            }
            5 if with_print => self.run(&["print", "--as-of", "2026-11-23", "--goal", "2026/planning/1-01"]),
            5 | 6 => self.run(&["verify"]),
            7 => self.run(&["clean"]),
            _ => self.run(&["check", "--fix", "--yes"]),
        }
        self.world.check();
    }
}

#[test]
fn nothing_outside_changes_whatever_is_run() {
    let rounds: u64 = std::env::var("KOHYO_PLANTED_ROUNDS").map_or(8, |it| it.parse().expect("a number"));
    let first: u64 = std::env::var("KOHYO_PLANTED_FROM").map_or(0, |it| it.parse().expect("a number"));
    let run = |seed| {
        let mut round = Round::new(seed);
        round.run(&["build", "--as-of", "2026-11-23"]);
        if round.dice.below(2) == 0 {
            round.write();
            round.run(&["build", "--as-of", "2026-11-23"]);
        }
        for _ in 0..=round.dice.below(3) {
            round.world.plant(&mut round.dice, &WITHIN, &OWN, &NAMES, true);
        }
        for _ in 0..=round.dice.below(3) {
            round.act(cfg!(feature = "pdf") && seed % 8 == 0);
        }
        // A booklet goes to its folder also when that is what was planted.
        if cfg!(feature = "pdf") && seed % 8 == 0 {
            round.run(&["print", "--as-of", "2026-11-23", "--goal", "2026/planning/1-01"]);
            round.world.check();
        }
        round.world.planted
    };
    let planted: u64 = (first..first + rounds).into_par_iter().map(run).sum();
    eprintln!("{planted} things planted in {rounds} sites");
    assert!(planted > 0);
}

/// The names under which booklets were half written were once foretold by the number of the process.
#[cfg(feature = "pdf")]
#[test]
fn a_booklet_is_never_written_over_what_a_link_leads_to() {
    use std::os::unix::fs::symlink;
    let mut round = Round::new(0);
    let victim = round.folder.path().join("outside/index.html");
    let print = round.site().join("print");
    fs::create_dir(&print).unwrap();
    symlink(&victim, print.join("2026-planning-1-01.pdf")).unwrap();
    round.run(&["print", "--as-of", "2026-11-23", "--goal", "2026/planning/1-01"]);
    round.world.check();
    let made = fs::read_dir(&print).unwrap().map(|it| it.unwrap());
    let made: Vec<_> = made.filter(|it| it.file_type().unwrap().is_file()).collect();
    assert_eq!(made.len(), 1, "{:?}", round.world.log);
    assert!(fs::read(made[0].path()).unwrap().starts_with(b"%PDF"));
    // The folder itself as a link: the site does not decide where booklets go outside of it, the user may.
    fs::remove_dir_all(&print).unwrap();
    symlink(round.folder.path().join("outside"), &print).unwrap();
    round.run(&["print", "--as-of", "2026-11-23", "--goal", "2026/planning/1-01"]);
    round.world.check();
    let asked = round.folder.path().join("asked");
    fs::create_dir(&asked).unwrap();
    fs::remove_file(&print).unwrap();
    symlink(&asked, &print).unwrap();
    round.run(&["print", "--as-of", "2026-11-23", "--goal", "2026/planning/1-01", "--out", "print"]);
    assert_eq!(fs::read_dir(&asked).unwrap().count(), 1, "{:?}", round.world.log);
}

/// What was withdrawn is gone from every folder of kohyo's when the build has ended, and nobody but its owner could look.
#[test]
fn withdrawn_text_is_nowhere_beside_the_site() {
    use std::os::unix::fs::PermissionsExt;
    const NAME: &str = "取り下げた人の名前";
    let mut round = Round::new(0);
    let goal = round.site().join("content/2026/planning/1-01.md");
    let text = fs::read_to_string(&goal).unwrap();
    let build = ["build", "--as-of", "2026-11-23", "--out", "www/goals"];
    let holds = |at: &Path| {
        let mut found = Vec::new();
        let mut folders = vec![at.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                match entry.file_type().unwrap().is_dir() {
                    true => folders.push(entry.path()),
                    false if String::from_utf8_lossy(&fs::read(entry.path()).unwrap()).contains(NAME) => {
                        found.push(entry.path());
                    }
                    false => {}
                }
            }
        }
        found
    };
    let www = round.site().join("www");
    for how in ["built", "killed", "refused and taken back"] {
        fs::write(&goal, format!("{text}\n{NAME}\n")).unwrap();
        match how {
            // It is prepared and never published.
            "refused and taken back" => {
                let publisher = kohyo::publish::begin(&www.join("goals"), &Default::default()).unwrap();
                publisher.write("2026/planning/9-99.html", NAME.as_bytes()).unwrap();
            }
            _ => round.run(&build),
        }
        assert!(!holds(&www).is_empty(), "{how}: {:?}", round.world.log);
        fs::write(&goal, &text).unwrap();
        if how == "killed" {
            let mut child = round.command(&build).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(30));
            let _ = child.kill();
            child.wait().unwrap();
        }
        round.run(&build);
        assert_eq!(holds(&www), Vec::<PathBuf>::new(), "{how}: {:?}", round.world.log);
        let own = www.join(".goals.kohyo");
        assert_eq!(fs::metadata(own).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
