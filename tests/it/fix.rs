//! `kohyo check --fix`: what it changes, what it leaves, and that it asks.

use crate::support;

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use support::{CITY, files};

struct Site(tempfile::TempDir);

impl Site {
    fn new(path: &str, bytes: &[u8]) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let mut all = files(CITY);
        all.insert(path.into(), bytes.into());
        for (path, bytes) in all {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, bytes).expect("a file");
        }
        Self(dir)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn read(&self, path: &str) -> String {
        String::from_utf8(fs::read(self.path(path)).expect("readable")).expect("UTF-8")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kohyo"));
        command.args(arguments).current_dir(self.0.path()).env_clear().env("LANG", "ja_JP.UTF-8").stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("kohyo runs")
    }

    /// Runs at a terminal at which someone types `answer`.
    fn answer(&self, arguments: &[&str], answer: &str) -> Output {
        let terminal =
            rustix::pty::openpt(rustix::pty::OpenptFlags::RDWR | rustix::pty::OpenptFlags::NOCTTY).expect("a terminal");
        rustix::pty::grantpt(&terminal).expect("granted");
        rustix::pty::unlockpt(&terminal).expect("unlocked");
        let name = rustix::pty::ptsname(&terminal, Vec::new()).expect("a name").into_string().expect("UTF-8");
        let stdin = fs::OpenOptions::new().read(true).write(true).open(name).expect("the other end");
        let mut person = fs::File::from(terminal);
        person.write_all(answer.as_bytes()).expect("typed");
        let output = self.command(arguments).stdin(stdin).output().expect("kohyo runs");
        drop(person);
        output
    }
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const GOAL: &str = "content/2026/planning/1-02.md";
const WRONG: &str = "\u{feff}---\r\n# 直すところ\r\ntitle: 見学会   # 仮\r\npillar: trust\r\nupdated: 令和8年6月25日  # 決定\r\nactions:\r\n  - { text: 開く, indicator: { unit: 人, target: １，２００ } }\r\n---\r\n本文\r\n[前](ない.md)\r\n";

fn mended() -> String {
    WRONG.replace("令和8年6月25日", "2026-06-25").replace("１，２００", "1200")
}

#[test]
fn only_the_bytes_concerned_change() {
    let site = Site::new(GOAL, WRONG.as_bytes());
    fs::set_permissions(site.path(GOAL), fs::Permissions::from_mode(0o640)).expect("permissions");
    let output = site.run(&["check", "--fix", "--yes"]);
    assert_eq!(site.read(GOAL), mended());
    assert_eq!(fs::metadata(site.path(GOAL)).expect("there").permissions().mode() & 0o777, 0o640);
    let text = out(&output);
    assert!(
        text.starts_with(
            "content/2026/planning/1-02.md
   5 - updated: 令和8年6月25日  # 決定
   5 + updated: 2026-06-25  # 決定
   7 -   - { text: 開く, indicator: { unit: 人, target: １，２００ } }
   7 +   - { text: 開く, indicator: { unit: 人, target: 1200 } }

2件（1ファイル）を直しました。
"
        ),
        "{text}"
    );
    // What remains is said, and counts.
    assert!(err(&output).contains("broken-link"), "{}", err(&output));
    assert!(!err(&output).contains("bad-date"), "{}", err(&output));
    assert_eq!(output.status.code(), Some(1));
    let again = site.run(&["check", "--fix", "--yes"]);
    assert!(out(&again).starts_with("--fix で直せる指摘はありません。\n"), "{}", out(&again));
}

#[test]
fn nothing_changes_without_a_yes() {
    let site = Site::new(GOAL, WRONG.as_bytes());
    let output = site.run(&["check", "--fix"]);
    assert!(err(&output).contains("何も変えていません。たずねずに直すには --yes を付けます。"), "{}", err(&output));
    assert!(out(&output).contains("   5 + updated: 2026-06-25"), "the change is shown: {}", out(&output));
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(site.read(GOAL), WRONG);
    for no in ["n\n", "\n", "いいえ\n"] {
        let output = site.answer(&["check", "--fix"], no);
        assert!(err(&output).contains("2件（1ファイル）を直しますか。[y/N]"), "{}", err(&output));
        assert_eq!(site.read(GOAL), WRONG, "{no:?}");
    }
    let output = site.answer(&["check", "--fix"], "はい\n");
    assert!(out(&output).contains("2件（1ファイル）を直しました。"), "{}", out(&output));
    assert_eq!(site.read(GOAL), mended());
}

#[test]
fn guesses_are_never_made() {
    let text = "---\ntitle: 見学会\npillar: trast\nupdated: 2026年6月25日ごろ\nactions: [{ text: 開く, sections: [企画化], indicator: { target: ▲5 } }]\n---\n";
    let site = Site::new(GOAL, text.as_bytes());
    let output = site.run(&["check", "--fix", "--yes"]);
    assert!(out(&output).starts_with("--fix で直せる指摘はありません。"), "{}", out(&output));
    assert_eq!(site.read(GOAL), text);
}

#[test]
fn a_slip_is_not_mended_into_a_second_mistake() {
    // `title` is there already, and of two slips for one key only one can be it.
    let text =
        "---\ntitle: 見学会\ntitel: 説明会\npillar: trust\nupdatd: 2026-06-25\nupdatet: 2026-06-26\nactions: []\n---\n";
    let site = Site::new(GOAL, text.as_bytes());
    site.run(&["check", "--fix", "--yes"]);
    let mended = site.read(GOAL);
    assert!(mended.contains("titel: 説明会"), "{mended}");
    assert_eq!(mended.matches("updated:").count(), 1, "{mended}");
}

#[test]
fn only_what_can_be_nothing_but_text_is_put_in_quotes() {
    let goal = |title: &str, action: &str| {
        format!("---\ntitle: {title}\npillar: trust\nactions:\n  - text: 会場を選ぶ\n    {action}\n---\n")
    };
    for (action, mended) in [
        ("criterion: 基準: 3か所", Some("criterion: \"基準: 3か所\"")),
        ("指標: ｛ name: 回数、 unit: 回 ｝", None),
        ("指標: ｛ 回数: 3 ｝", None),
        ("indicator: 名称: 更新した看板", None),
        ("indicator: 看板の数: 3", None),
        ("criterion: unit: 回", None),
        ("pillar: trust: 1", None),
    ] {
        let site = Site::new(GOAL, goal("見学会を開く", action).as_bytes());
        let output = site.run(&["check", "--fix", "--yes"]);
        assert_eq!(site.read(GOAL), goal("見学会を開く", mended.unwrap_or(action)), "{action}: {}", out(&output));
        assert_eq!(output.status.code(), Some(i32::from(mended.is_none())), "{action}: {}", out(&output));
    }
}

#[test]
fn one_blank_stands_for_all_behind_a_colon() {
    for blanks in ["", " ", "  ", "　", " 　"] {
        for colon in ["：", ":"] {
            if colon == ":" && blanks.starts_with(' ') {
                continue;
            }
            let goal = format!("---\ntitle{colon}{blanks}見学会を開く\npillar: trust\nactions: []\n---\n");
            let site = Site::new(GOAL, goal.as_bytes());
            let output = site.run(&["check", "--fix", "--yes"]);
            let mended = "---\ntitle: 見学会を開く\npillar: trust\nactions: []\n---\n";
            assert_eq!(site.read(GOAL), mended, "{colon}{blanks}: {}", out(&output));
        }
    }
}

#[test]
fn another_encoding_becomes_utf_8_and_what_it_hid_is_mended_at_once() {
    let text = "---\r\ntitle: 見学会を開く\r\npillar: trust\r\nactions: []\r\n---\r\n㈱青葉の①案\r\n";
    let (bytes, ..) = encoding_rs::SHIFT_JIS.encode(text);
    let site = Site::new(GOAL, &bytes);
    let output = site.run(&["check", "--fix", "--yes"]);
    assert!(out(&output).contains("文字コードを UTF-8 に変えます"), "{}", out(&output));
    assert!(out(&output).contains("   6 - ㈱青葉の①案\n   6 + （株）青葉の(1)案\n"), "{}", out(&output));
    assert_eq!(site.read(GOAL), text.replace("㈱青葉の①案", "（株）青葉の(1)案"));
}

#[test]
fn a_heading_to_which_links_lead_keeps_its_address() {
    let goal = |heading: &str, area: &str| {
        format!("---\ntitle: 見学会\npillar: trust\nactions: []\n---\n## {heading}\n\n[日](#日-時)と面積{area}。\n")
    };
    let site = Site::new(GOAL, goal("日　時", "5㎡").as_bytes());
    let output = site.run(&["check", "--fix", "--yes"]);
    assert_eq!(site.read(GOAL), goal("日　時", "5平方メートル"));
    assert_eq!(output.status.code(), Some(0), "no link was broken: {}", err(&output));
    let again = site.run(&["check", "--fix", "--yes"]);
    assert!(out(&again).starts_with("--fix で直せる指摘はありません。\n"), "{}", out(&again));
    // Where nothing leads to it, a heading is mended like any other text.
    let site = Site::new(GOAL, goal("日　時", "5㎡").replace("](#日-時)", "](1-01.md)").as_bytes());
    site.run(&["check", "--fix", "--yes"]);
    assert!(site.read(GOAL).contains("## 日時\n"), "{}", site.read(GOAL));
}

#[test]
fn a_linked_file_stays_a_link() {
    let site = Site::new("content/elsewhere.txt", WRONG.as_bytes());
    std::os::unix::fs::symlink("../../elsewhere.txt", site.path(GOAL)).expect("a link");
    site.run(&["check", "--fix", "--yes"]);
    assert!(fs::symlink_metadata(site.path(GOAL)).expect("there").is_symlink());
    assert_eq!(site.read("content/elsewhere.txt"), mended());
}

#[test]
fn a_file_outside_the_site_is_not_mended_wherever_a_link_leads() {
    let outside = tempfile::tempdir().expect("a temporary folder");
    let victim = outside.path().join("elsewhere.md");
    fs::write(&victim, WRONG).expect("written");
    let site = Site::new(GOAL, WRONG.as_bytes());
    fs::remove_file(site.path(GOAL)).expect("removed");
    std::os::unix::fs::symlink(&victim, site.path(GOAL)).expect("a link");
    site.run(&["check", "--fix", "--yes"]);
    assert_eq!(fs::read_to_string(&victim).expect("readable"), WRONG);
    assert_eq!(fs::read_dir(outside.path()).expect("readable").count(), 1);
    // A second name of a file elsewhere: what is mended is the site's, the other keeps its text.
    fs::remove_file(site.path(GOAL)).expect("removed");
    if fs::hard_link(&victim, site.path(GOAL)).is_ok() {
        site.run(&["check", "--fix", "--yes"]);
        assert_eq!(fs::read_to_string(&victim).expect("readable"), WRONG);
    }
}

#[test]
fn owner_group_permissions_and_access_list_stay() {
    use rustix::fs::{XattrFlags, getxattr, removexattr, setxattr};
    use std::os::unix::fs::{MetadataExt, chown};
    const LIST: &str = "system.posix_acl_access";
    // Version 2: owner rw, user 2003 rw, group r, mask rw, others nothing.
    let list: Vec<u8> = [(1, 6, u32::MAX), (2, 6, 2003), (4, 4, u32::MAX), (16, 6, u32::MAX), (32, 0, u32::MAX)]
        .iter()
        .fold(2_u32.to_le_bytes().to_vec(), |bytes, &(tag, may, id): &(u16, u16, u32)| {
            [&bytes[..], &tag.to_le_bytes(), &may.to_le_bytes(), &id.to_le_bytes()].concat()
        });
    let site = Site::new(GOAL, WRONG.as_bytes());
    let has_list = setxattr(site.path(GOAL), LIST, &list, XattrFlags::empty()).is_ok();
    let access = || {
        let found = fs::metadata(site.path(GOAL)).expect("there");
        let mut list = [0; 256];
        let length = getxattr(site.path(GOAL), LIST, &mut list[..]).unwrap_or(0);
        (found.uid(), found.gid(), found.mode(), list[..length].to_vec())
    };
    let before = access();
    assert_eq!(before.3.is_empty(), !has_list);
    site.run(&["check", "--fix", "--yes"]);
    assert_eq!((access(), site.read(GOAL)), (before, mended()));
    if !rustix::process::geteuid().is_root() {
        // Nobody else may give a file to another user.
        return;
    }
    // Somebody of the same group mends the file of another.
    let _ = removexattr(site.path(GOAL), LIST);
    fs::write(site.path(GOAL), WRONG).expect("written");
    fs::set_permissions(site.0.path(), fs::Permissions::from_mode(0o755)).expect("open");
    for at in [site.path(GOAL), site.path(GOAL).parent().expect("a folder").to_path_buf()] {
        chown(&at, Some(2001), Some(2000)).expect("given");
        let mode = fs::metadata(&at).expect("there").mode() | 0o060;
        fs::set_permissions(&at, fs::Permissions::from_mode(mode | if at.is_dir() { 0o070 } else { 0 })).expect("set");
    }
    let before = access();
    let output = Command::new("setpriv")
        .args(["--reuid=2002", "--regid=2002", "--groups=2000", env!("CARGO_BIN_EXE_kohyo")])
        .args(["check", "--fix", "--yes"])
        .current_dir(site.0.path())
        .output()
        .expect("setpriv runs");
    assert_eq!((access(), site.read(GOAL)), (before, mended()), "{}", err(&output));
    let folder = site.path(GOAL).parent().expect("a folder").to_path_buf();
    let names = fs::read_dir(folder).expect("readable").map(|it| it.expect("a name").file_name());
    assert_eq!(names.filter(|it| it.to_string_lossy().starts_with('.')).count(), 0, "nothing is left beside it");
}

#[test]
fn settings_are_mended_too() {
    let text = "titel: 青葉市\norganization: { name: 青葉市 }\n";
    let site = Site::new("site.yaml", text.as_bytes());
    let output = site.run(&["check", "--fix", "--yes"]);
    assert!(out(&output).contains("   1 + title: 青葉市"), "{}", out(&output));
    assert_eq!(site.read("site.yaml"), text.replace("titel", "title"));
}

/// Everything a site consists of, to see that nothing else was touched.
fn tree(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found: Vec<(PathBuf, Vec<u8>)> = walkdir::WalkDir::new(root)
        .into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| (entry.path().to_path_buf(), fs::read(entry.path()).expect("readable")))
        .collect();
    found.sort();
    found
}

#[test]
fn other_files_are_not_touched() {
    let site = Site::new(GOAL, WRONG.as_bytes());
    let before = tree(site.0.path());
    site.run(&["check", "--fix", "--yes"]);
    let after = tree(site.0.path());
    assert_eq!(before.len(), after.len());
    let changed: Vec<_> = before.iter().zip(&after).filter(|(a, b)| a != b).map(|(a, _)| a.0.clone()).collect();
    assert_eq!(changed, [site.path(GOAL)]);
}

#[test]
fn a_photo_loses_what_it_tells_and_nothing_that_it_shows() {
    let path = "content/2026/planning/会場.jpg";
    let [plain, told] = support::photos();
    let site = Site::new(path, &told);
    let goal = "---\ntitle: 見学会\npillar: trust\nactions: []\n---\n![玄関に15人が集まった](会場.jpg)\n";
    fs::write(site.path(GOAL), goal).expect("written");
    let output = site.run(&["check"]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    assert!(err(&output).contains("photo-place") && err(&output).contains("hidden-data"), "{}", err(&output));
    assert!(!err(&output).contains("Aoba 12 Pro"), "what it tells is not repeated: {}", err(&output));
    let output = site.run(&["check", "--fix", "--yes"]);
    let said = format!("{path}\n     - 撮影した場所\n     - 撮影した機種\n\n1件（1ファイル）を直しました。\n");
    assert!(out(&output).starts_with(&said), "{}", out(&output));
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let mended = fs::read(site.path(path)).expect("readable");
    // Which way up it is stays; behind that, every byte.
    let after = mended.strip_prefix(&plain[..20]).expect("the head").strip_prefix(b"\xFF\xE1").expect("notes");
    assert!(after.ends_with(&plain[20..]) && after.len() - (plain.len() - 20) < 40, "{after:?}");
    let is_in = |word: &[u8]| mended.windows(word.len()).any(|window| window == word);
    assert!(is_in(b"\x01\x12\0\x03\0\0\0\x01\0\x06") && !is_in(b"Aoba"), "{mended:?}");
}

#[test]
fn an_svg_loses_a_doctype_that_defines_nothing() {
    let path = "content/pages/図.svg";
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n";
    let doctype =
        "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">";
    let site = Site::new(path, format!("{doctype}{svg}").as_bytes());
    site.run(&["check", "--fix", "--yes"]);
    assert_eq!(site.read(path), svg);
}
