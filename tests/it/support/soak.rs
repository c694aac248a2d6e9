//! Two editors at work: saves of every kind, as fast as they are seen, and nothing stale at the end of any of them.

use super::browser::{Tab, get, without_additions};
use super::dice::Dice;
use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How many saves there were in this process: every new name is another one, also when editors come back.
static SAVES: AtomicUsize = AtomicUsize::new(0);

/// What two editors did.
#[derive(Debug, Default)]
pub struct Work {
    /// Saves that were seen.
    pub saves: usize,
    /// The longest time from a save to its page.
    pub longest: Duration,
}

/// One editor, who works in the folder of one department.
pub struct Editor<'e> {
    pub root: &'e Path,
    pub address: SocketAddr,
    /// `2021/schools`
    pub folder: &'e str,
    pub dice: Dice,
    number: usize,
    tab: Tab,
}

impl<'e> Editor<'e> {
    pub fn new(root: &'e Path, address: SocketAddr, folder: &'e str, seed: u64) -> Self {
        let tab = Tab::open(address, &format!("/{folder}/index.html"));
        Self { root, address, folder, dice: Dice::new(seed), number: 0, tab }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.join("content").join(self.folder).join(name)
    }

    fn page(&self, slug: &str) -> String {
        format!("/{}/{slug}.html", self.folder)
    }

    fn goals(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("")).expect("the folder");
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut slugs: Vec<String> = names
            .filter_map(|name| name.strip_suffix(".md").map(str::to_owned))
            .filter(|slug| !slug.contains('.') && slug != "index")
            .collect();
        slugs.sort();
        slugs
    }

    /// Saves something, and waits until it is seen.
    pub fn work(&mut self) -> Duration {
        self.number = SAVES.fetch_add(1, Ordering::Relaxed);
        let mark = format!("印{}の{}印", self.folder.replace('/', ""), self.number);
        let goals = self.goals();
        let slug = goals[self.dice.below(goals.len())].clone();
        let file = self.path(&format!("{slug}.md"));
        let text = fs::read_to_string(&file).expect("a goal");
        let begun = Instant::now();
        match self.dice.below(8) {
            // Two lines at the end, in place or by a new file moved over the old one.
            kind @ (0..=2) => {
                let kept: Vec<&str> = text.lines().filter(|line| !line.contains('印')).collect();
                let next = format!("{}\n{mark}\n", kept.join("\n"));
                match kind {
                    0 => fs::write(&file, next).expect("written"),
                    _ => {
                        let new = file.with_extension("md.swp~");
                        fs::write(&new, next).expect("written");
                        fs::rename(new, &file).expect("moved");
                    }
                }
                let page = self.page(&slug);
                self.tab.until(|_| get(self.address, &page).text().contains(&mark));
            }
            // A new goal.
            3 => {
                fs::write(self.path(&format!("new-{}.md", self.number)), text).expect("written");
                let page = self.page(&format!("new-{}", self.number));
                self.tab.until(|_| get(self.address, &page).status == 200);
            }
            // A goal gets another name; its result stays behind and is a finding, or goes with it.
            4 => {
                let next = format!("moved-{}", self.number);
                fs::rename(&file, self.path(&format!("{next}.md"))).expect("moved");
                let result = self.path(&format!("{slug}.result.md"));
                if result.exists() {
                    fs::rename(result, self.path(&format!("{next}.result.md"))).expect("moved");
                }
                let (old, new) = (self.page(&slug), self.page(&next));
                self.tab.until(|_| get(self.address, &new).status == 200 && get(self.address, &old).status == 404);
            }
            // A goal goes, while there are others.
            5 if goals.len() > 2 => {
                let _ = fs::remove_file(self.path(&format!("{slug}.result.md")));
                fs::remove_file(&file).expect("removed");
                let page = self.page(&slug);
                self.tab.until(|_| get(self.address, &page).status == 404);
            }
            // Broken, and mended.
            6 => {
                fs::write(&file, text.replacen("title:", "title: [", 1)).expect("written");
                let page = self.page(&slug);
                self.tab.until(|_| get(self.address, &page).status == 422);
                fs::write(&file, &text).expect("written");
                self.tab.until(|_| get(self.address, &page).status == 200);
            }
            // The whole folder under another name, and back.
            _ => {
                let aside = self.root.join(format!("aside-{}", self.folder.replace('/', "-")));
                fs::rename(self.path(""), &aside).expect("moved");
                let page = self.page(&slug);
                self.tab.until(|_| get(self.address, &page).status == 404);
                fs::rename(&aside, self.path("")).expect("moved back");
                self.tab.until(|_| get(self.address, &page).status == 200);
            }
        }
        begun.elapsed()
    }
}

/// Two editors work until the time is over or so many saves are done by each.
pub fn two_editors(root: &Path, address: SocketAddr, folders: [&str; 2], most: usize, longest: Duration) -> Work {
    let begun = Instant::now();
    let first_seed = SAVES.load(Ordering::Relaxed) as u64 + 1;
    let done: Vec<Work> = std::thread::scope(|scope| {
        let editors: Vec<_> = folders
            .into_iter()
            .enumerate()
            .map(|(index, folder)| {
                scope.spawn(move || {
                    let mut editor = Editor::new(root, address, folder, first_seed + index as u64);
                    let mut work = Work::default();
                    while work.saves < most && begun.elapsed() < longest {
                        work.longest = work.longest.max(editor.work());
                        work.saves += 1;
                    }
                    work
                })
            })
            .collect();
        editors.into_iter().map(|editor| editor.join().expect("an editor who saw every save")).collect()
    });
    Work {
        saves: done.iter().map(|work| work.saves).sum(),
        longest: done.iter().map(|work| work.longest).max().unwrap_or_default(),
    }
}

/// Compares pages of the preview with those of a clean build.
#[track_caller]
pub fn is_as_built(address: SocketAddr, built: &BTreeMap<String, Vec<u8>>) {
    for (path, bytes) in built {
        let shown = get(address, &format!("/{}", kohyo::text::address::encode(path)));
        let shown = if path.ends_with(".html") { without_additions(&shown.body) } else { shown.body };
        assert!(shown == *bytes, "{path} is not as a clean build makes it");
    }
}
