//! Whatever somebody plants in and beside the output, between two builds or in the middle of one: nothing outside changes,
//! and nothing of it gets in.
//!
//! `KOHYO_PLANTINGS=50000 cargo test --lib publish::tests::planted -- --nocapture` is the long version, with two plantings
//! or more in each folder; 200 folders are the short one.

use super::*;
use dice::Dice;
use planting::World;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

#[path = "../../../tests/it/support/dice.rs"]
mod dice;
#[path = "../../../tests/it/support/planting.rs"]
mod planting;

const WITHIN: [&str; 3] = ["public", ".public", "public.before"];
const OWN: [&str; 4] = [".public.kohyo", "public.before-kohyo", ".public.0123456789abcdef.kohyo", ".public.kohyo"];
const NAMES: [&str; 22] = [
    "lock",
    "back",
    "aside",
    "live.records",
    "back.records",
    "back.seen",
    "back.made",
    "pending",
    "manifest.new",
    "live.new",
    "back.new",
    "back.half",
    "pending.new",
    "probe",
    MANIFEST,
    ".kohyo",
    ".kohyo-new",
    "2026",
    "1.html",
    "new.html",
    "index.html",
    "robots.txt",
];

/// Version `version` of a small site: pages that stay, change, come and go.
fn pages(version: u64) -> Vec<(String, String)> {
    let mut pages = vec![
        ("index.html".into(), format!("home {version}")),
        ("2026/1.html".into(), format!("one {}", version / 2)),
        ("2026/plan/a/b.html".into(), "same".into()),
        ("style.css".into(), "b{}".into()),
    ];
    if version.is_multiple_of(2) {
        pages.push(("2026/old.html".into(), "old".into()));
        pages.push(("new.html".into(), format!("new {version}")));
    } else {
        pages.push(("2025/x/1.html".into(), "earlier".into()));
    }
    pages
}

struct Round {
    bench: Bench,
    world: World,
    dice: Dice,
    version: u64,
    may_share: bool,
}

impl Round {
    fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mut bench = Bench::new();
        bench.folder = match Path::new("/dev/shm") {
            memory if memory.is_dir() => tempfile::tempdir_in(memory).unwrap(),
            _ => bench.folder,
        };
        bench.options.patience = Duration::ZERO;
        let may_share = dice.below(8) > 0;
        bench.abilities.hard_links = may_share;
        bench.abilities.exchange = dice.below(8) > 0;
        let root = bench.root().join("site");
        fs::create_dir(&root).unwrap();
        let world = World::new(&root, &bench.root().join("outside"));
        Self { bench, world, dice, version: 0, may_share }
    }

    fn out(&self) -> PathBuf {
        self.bench.root().join("site/public")
    }

    fn plant(&mut self) {
        self.world.plant(&mut self.dice, &WITHIN, &OWN, &NAMES, self.may_share);
    }

    /// A build that may be disturbed, and may end before it publishes. That it is refused is no fault.
    fn build(&mut self, is_disturbed: bool, is_killed: bool) -> anyhow::Result<()> {
        let mut publisher = begin_with(&self.out(), &self.bench.options, self.bench.abilities)?;
        let pages = pages(self.version);
        let (first, last) = pages.split_at(pages.len() / 2);
        for (path, text) in first {
            publisher.write_from(path, Origin { key: 7, fact: 0 }, text.as_bytes())?;
        }
        if is_disturbed {
            self.plant();
        }
        for (path, text) in last {
            if publisher.keep(path, 7)?.is_none() {
                publisher.write_from(path, Origin { key: 7, fact: 0 }, text.as_bytes())?;
            }
        }
        publisher.remember_whole(Whole { key: u128::from(self.version) + 1, note: "a note".into() });
        if is_killed {
            return Ok(());
        }
        let published = publisher.publish(&facts())?;
        assert!(!published.foreign.iter().any(|it| it.contains("secret-name")), "{:?}", self.world.log);
        Ok(())
    }

    fn act(&mut self) {
        let action = self.dice.below(12);
        self.world.log.push(format!("action {action}"));
        let done = match action {
            0..=2 => {
                self.version += 1;
                self.build(false, false)
            }
            3 => self.build(false, false),
            4 => {
                self.version += 1;
                self.build(false, true)
            }
            5..=6 => {
                self.version += 1;
                self.build(true, false)
            }
            7 => self.build(true, true),
            8 => renew(&self.out(), &self.bench.options, u128::from(self.version) + 1).map(drop),
            9 => verify(&self.out()).map(|found| {
                assert!(!found.foreign.iter().any(|it| it.contains("secret-name")), "{:?}", self.world.log);
            }),
            10 => clean::clean_with(&self.out(), Duration::ZERO).map(drop),
            _ => {
                self.bench.options.adopt = true;
                let built = self.build(false, false);
                self.bench.options.adopt = false;
                built
            }
        };
        if let Err(error) = done {
            self.world.log.push(error.to_string());
        }
    }
}

#[test]
fn nothing_outside_changes_and_nothing_of_it_gets_in() {
    let folders: u64 = std::env::var("KOHYO_PLANTINGS").map_or(200, |it| it.parse().expect("a number"));
    let first: u64 = std::env::var("KOHYO_PLANTINGS_FROM").map_or(0, |it| it.parse().expect("a number"));
    let (planted, published) = (first..first + folders)
        .into_par_iter()
        .map(|seed| {
            let mut round = Round::new(seed);
            for _ in 0..round.dice.below(4) {
                round.version += 1;
                // An earlier round of the same folder, in which nothing is planted yet.
                round.build(false, false).unwrap();
            }
            for _ in 0..=round.dice.below(3) {
                round.plant();
            }
            for _ in 0..=round.dice.below(4) {
                round.act();
                round.world.check();
            }
            (round.world.planted, u64::from(round.out().join(MANIFEST).exists()))
        })
        .reduce(|| (0, 0), |one, other| (one.0 + other.0, one.1 + other.1));
    eprintln!("{planted} things planted in and beside {folders} outputs, {published} of them with a site at the end");
    // Most are of no consequence to the site: a property that holds because nothing is ever built would be none.
    assert!(published * 2 > folders && planted > folders, "{planted} planted, {published} of {folders}");
}
